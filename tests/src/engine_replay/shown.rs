//! What users are shown, what foreign code is called for, and what providers hear of fast
//! shutdowns.

use mapi_session::{AppProfiles, CallId, ProviderId, SessionId};
use mapi_session_core::{Effect, Event, FastShutdown};

use super::{
    players::place,
    replay::{Replay, Trouble},
    stage::Asked,
};

impl Replay<'_> {
    /// A fast shutdown goes on.
    pub(super) fn shuts_down(&self, effect: &Effect) -> Result<(), Trouble> {
        if let Effect::NotifyFastShutdown { session, provider } = *effect {
            return self.hears_of_shutdown(FastShutdown::Notify, session, provider);
        }
        if let Effect::DoFastShutdown { session, provider } = *effect {
            return self.hears_of_shutdown(FastShutdown::Do, session, provider);
        }
        if let Effect::EndSession { session } = *effect {
            self.ends_at_once(session);
        }
        Ok(())
    }

    /// A provider is told of a fast shutdown, the next of all that are.
    fn hears_of_shutdown(
        &self,
        what: FastShutdown,
        session: SessionId,
        provider: ProviderId,
    ) -> Result<(), Trouble> {
        let told = self
            .stage
            .wait("a provider to hear of a fast shutdown", |scene| scene.told.pop_front());
        let (heard, part) = told.map_err(Trouble::stuck)?;
        match (heard, part.session, ProviderId(place(&part.provider))) == (what, session, provider)
        {
            true => Ok(()),
            false => {
                let what = format!("{part:?} hears {heard:?}; {provider} of {session}, {what:?}");
                Err(Trouble::differs(what))
            }
        }
    }

    /// A session ends with whatever its providers are at: no attempt is waited for any more.
    fn ends_at_once(&self, ended: SessionId) {
        self.stage.look(|scene| {
            scene.ended.push(ended);
            for visit in &mut scene.visits {
                visit.is_dropped |= visit.asked.session() == Some(ended);
            }
        });
    }

    /// Whether the user is shown what there is: the profiles to choose from, or the one whose
    /// password is asked for.
    pub(super) fn check_question(&self, call: CallId, effect: &Effect) -> Result<(), Trouble> {
        let asked = self.stage.look(|scene| {
            let visit = scene.visits.iter().find(|it| it.call == Some(call));
            visit.map(|visit| visit.asked.clone())
        });
        let (shown, expected) = match (asked, effect) {
            (Some(Asked::Password { profile, .. }), Effect::AskForPassword { profile: of, .. }) => {
                // It is shown by the name under which it was found, which may not be its name now.
                let (of, shown) = (self.numbers.profile(*of), profile.to_string());
                let borne = (of.map_err(Trouble::differs)?, shown.clone());
                let expected = self.borne.contains(&borne).then(|| shown.clone());
                (vec![shown], expected.into_iter().collect())
            }
            (Some(Asked::Chooser { profiles, .. }), Effect::AskForProfile { app_profiles, .. }) => {
                let all = *app_profiles == AppProfiles::Listed;
                let rows = self.mirror.store.listed().into_iter();
                let mut shown: Vec<_> = rows.filter(|row| all || !row.2).map(|row| row.1).collect();
                shown.sort_unstable_by_key(|name| name.to_lowercase());
                (profiles.iter().map(ToString::to_string).collect(), shown)
            }
            (Some(Asked::Logoff { handle, .. }), Effect::ConfirmLogoff { handle: of, .. }) => {
                (vec![handle.to_string()], vec![of.to_string()])
            }
            (_, _) => return Ok(()),
        };
        match shown == expected {
            true => Ok(()),
            false => Err(Trouble::differs(format!("shows {shown:?}, not {expected:?}"))),
        }
    }

    /// The name of a profile of the engine's, if it is there.
    pub(super) fn name_of(
        &self,
        profile: mapi_session::ProfileKey,
    ) -> Result<Option<String>, Trouble> {
        let profile = self.numbers.profile(profile).map_err(Trouble::differs)?;
        Ok(self.mirror.store.name(profile).map(str::to_owned))
    }
}

/// Whether an event says that this was done.
pub(super) fn reports_on(event: &Event, effect: &Effect) -> bool {
    match (event, effect) {
        (Event::Continued { call }, Effect::Continue { call: of })
        | (Event::ProfileLookedUp { call, .. }, Effect::LookUpProfile { call: of, .. })
        | (Event::PasswordChecked { call, .. }, Effect::CheckPassword { call: of, .. })
        | (Event::ServicesRead { call, .. }, Effect::ReadServices { call: of, .. }) => call == of,
        (
            Event::ProviderLoggedOff { session, provider },
            Effect::LogOffProvider { session: of, provider: who },
        )
        | (
            Event::ProviderShutDown { session, provider },
            Effect::ShutDownProvider { session: of, provider: who },
        ) => (session, provider) == (of, who),
        (Event::SessionClosed { session }, Effect::CloseSession { session: of }) => session == of,
        (_, _) => false,
    }
}

/// Whether two questions ask the same; a sign of withdrawal is no part of it.
pub(super) fn same_question(one: &Asked, other: &Asked) -> bool {
    match (one, other) {
        (
            Asked::Retry { call, provider, correction, withdrawn: _ },
            Asked::Retry { call: of, provider: about, correction: how, withdrawn: _ },
        ) => (call, provider, correction) == (of, about, how),
        (
            Asked::Provider { session, provider, attempt, dialogs },
            Asked::Provider { session: of, provider: who, attempt: which, dialogs: how },
        ) => (session, provider, attempt, dialogs) == (of, who, which, how),
        (
            Asked::Entry { session, entry, dialogs },
            Asked::Entry { session: of, entry: why, dialogs: how },
        ) => (session, entry, dialogs) == (of, why, how),
        (Asked::Vote { session, provider }, Asked::Vote { session: of, provider: who }) => {
            (session, provider) == (of, who)
        }
        (_, _) => false,
    }
}
