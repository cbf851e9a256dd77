//! Where what the core orders and answers in a step differs from what the model lets the world see.

use mapi_session_core as core;
use mapi_session_model as model;

use core::Effect;
use model::{
    Action, Call, Code, Observation, Permission, Profile, Provider, SeriesStage, Stage, State,
    Step, flag,
};

use super::{
    PASSING, Projection, administration::changed_service, call_id, name, notification_in_model,
    profile_key, provider, service,
};

impl Projection<'_> {
    /// Where what the core orders differs from what the model lets the world see.
    pub fn compare_effects(
        &self,
        before: &State,
        action: Action,
        step: &Step,
        effects: &[Effect],
    ) -> Result<(), String> {
        let mut expected: Vec<Observation> = step.seen.iter().copied().collect();
        let mut due: Vec<model::Name> = newly_due(before, &step.after).collect();
        for effect in effects {
            if let Effect::Continue { call } = effect {
                let place = due.iter().position(|name| call_id(*name) == *call);
                let Some(place) = place else {
                    return Err(format!("the core goes on with call {call:?}, which is not due"));
                };
                due.swap_remove(place);
                continue;
            }
            let seen = self.observation(before, action, step, effect)?;
            let Some(place) = expected.iter().position(|it| *it == seen) else {
                let said = self.scope.describe_observation(&seen);
                return Err(format!("only the core: {said} ({effect:?})"));
            };
            expected.remove(place);
        }
        if let Some(missing) = expected.first() {
            return Err(format!("only the model: {}", self.scope.describe_observation(missing)));
        }
        match due.first() {
            Some(name) => Err(format!("the core does not go on with {name}, which is due")),
            None => Ok(()),
        }
    }

    /// What an effect of the core is in the model's words.
    fn observation(
        &self,
        before: &State,
        action: Action,
        step: &Step,
        effect: &Effect,
    ) -> Result<Observation, String> {
        use Observation as Seen;
        Ok(match *effect {
            Effect::Continue { .. } => return Err("not an order to the outside".into()),
            Effect::StartTimer { call } => Seen::StartTimer { call: name(call)? },
            Effect::LookUpProfile { call, ref by } => self.look_up_of(before, call, by)?,
            Effect::AskForProfile { call, app_profiles } => {
                self.chooser_of(before, call, app_profiles)?
            }
            Effect::CheckPassword { call, profile, source } => {
                self.check_of(action, call, profile, source)?
            }
            Effect::AskForPassword { call, profile } => {
                Seen::AskPassword { call: name(call)?, profile: place(profile)? }
            }
            Effect::ConfirmLogoff { call, handle } => {
                Seen::AskLogoff { call: name(call)?, handle: name(handle.0)? }
            }
            Effect::WithdrawPrompt { call } => Seen::WithdrawPrompt { call: name(call)? },
            Effect::ReadServices { call, profile } => {
                Seen::ReadServices { call: name(call)?, profile: place(profile)? }
            }
            Effect::LogOnProvider { call, session, provider: on, attempt, dialogs } => {
                let (call, session, provider) = (name(call)?, name(session.0)?, provider(on)?);
                let (attempt, dialogs) = (attempt_of(attempt), permission(dialogs));
                Seen::LogOnProvider { call, session, provider, attempt, dialogs }
            }
            Effect::CallEntry { call, session, entry, dialogs } => {
                let (call, session, entry) = (name(call)?, name(session.0)?, entry_of(entry)?);
                Seen::CallEntry { call, session, entry, dialogs: entry_dialogs(dialogs) }
            }
            Effect::AskRetry { call, session, provider: on, correction } => {
                let (call, session, provider) = (name(call)?, name(session.0)?, provider(on)?);
                let correction = Permission::from(correction == core::Correction::Possible);
                Seen::AskRetry { call, session, provider, correction }
            }
            Effect::AskFastShutdown { call, session, provider: of } => {
                let (call, session) = (name(call)?, name(session.0)?);
                Seen::AskFastShutdown { call, session, provider: provider(of)? }
            }
            Effect::DropAttempt { .. }
            | Effect::ReportDisabled { .. }
            | Effect::LogOffProvider { .. }
            | Effect::ShutDownProvider { .. }
            | Effect::CloseSession { .. }
            | Effect::UseProvider { .. }
            | Effect::LogOnTransport { .. }
            | Effect::ConfigureTransport { .. }
            | Effect::AttachSpooler { .. }
            | Effect::DetachSpooler { .. }
            | Effect::QueueNotification { .. }
            | Effect::HandNotification { .. }
            | Effect::NotifyFastShutdown { .. }
            | Effect::DoFastShutdown { .. }
            | Effect::EndSession { .. } => order_to_session(effect)?,
            Effect::CreateProfile { .. }
            | Effect::CopyProfile { .. }
            | Effect::RemoveProfile { .. }
            | Effect::MarkProfile { .. }
            | Effect::RenameProfile { .. }
            | Effect::DeferRename { .. }
            | Effect::TakeBackRename { .. }
            | Effect::SetDefaultProfile { .. }
            | Effect::SettleProfile { .. }
            | Effect::AddService { .. }
            | Effect::DeleteService { .. } => edit_seen(action, step, effect)?,
            Effect::Answer { call, ref answer } => self.answer(action, call, answer)?,
        })
    }

    /// What the logon of this call asks for.
    fn request(&self, before: &State, call: core::CallId) -> Result<&model::Request, String> {
        let logon = before.logon(name(call)?).ok_or("an order for no logon")?;
        Ok(self.scope.request(logon.request))
    }

    fn look_up_of(
        &self,
        before: &State,
        call: core::CallId,
        by: &core::LookUp,
    ) -> Result<Observation, String> {
        let logon = before.logon(name(call)?).ok_or("an order for no logon")?;
        let expected = self.names[logon.request.index()].as_deref();
        let asked = match by {
            core::LookUp::Name(name) => Some(name.as_str()),
            core::LookUp::Default => None,
        };
        match asked == expected {
            true => Ok(Observation::LookUp { call: name(call)? }),
            false => Err(format!("the core looks for {asked:?} instead of {expected:?}")),
        }
    }

    fn chooser_of(
        &self,
        before: &State,
        call: core::CallId,
        app_profiles: core::AppProfiles,
    ) -> Result<Observation, String> {
        let wants = self.request(before, call)?.flags & flag::APP_PROFILE != 0;
        match wants == (app_profiles == core::AppProfiles::Listed) {
            true => Ok(Observation::AskProfile { call: name(call)? }),
            false => Err(format!("the core's chooser lists app profiles: {app_profiles:?}")),
        }
    }

    fn check_of(
        &self,
        action: Action,
        call: core::CallId,
        profile: core::ProfileKey,
        source: core::PasswordSource,
    ) -> Result<Observation, String> {
        let typed = matches!(
            action,
            Action::Choose { answer: model::ChooserAnswer::Pick { password: Some(_), .. }, .. }
        );
        if typed != (source == core::PasswordSource::Chooser) {
            return Err(format!("the core checks the password of the {source:?}"));
        }
        Ok(Observation::CheckPassword { call: name(call)?, profile: place(profile)? })
    }

    fn answer(
        &self,
        action: Action,
        call: core::CallId,
        answer: &core::Answer,
    ) -> Result<Observation, String> {
        let call = match call == PASSING {
            true => None,
            false => Some(name(call)?),
        };
        let logon = match answer {
            core::Answer::LoggedOn(Ok(logon)) => {
                if Some(name(logon.handle.0)?) != call {
                    return Err(format!("the core gives out handle {:?}", logon.handle));
                }
                let (session, profile) = (name(logon.session.0)?, place(logon.profile)?);
                Some(model::LoggedOn { session, profile: Some(profile) })
            }
            core::Answer::LoggedOn(Err(_))
            | core::Answer::Initialized(_)
            | core::Answer::Uninitialized
            | core::Answer::LoggedOff(_)
            | core::Answer::Released(_)
            | core::Answer::Opened(_)
            | core::Answer::Used(_)
            | core::Answer::StoreLoggedOff(_)
            | core::Answer::DefaultStoreSet(_)
            | core::Answer::Advised(_)
            | core::Answer::Unadvised(_)
            | core::Answer::FastShutdownQueried(_)
            | core::Answer::ProcessShutdownNotified(_)
            | core::Answer::FastShutdownDone(_)
            | core::Answer::Administered(_)
            | core::Answer::ServicesAdministered(_) => None,
        };
        let client = call.map_or(action.client(), model::Name::client);
        Ok(Observation::Answer { client, call, code: code(answer.code())?, logon })
    }
}

/// What an order about a session, or about one of its handles, is in the model's words.
fn order_to_session(effect: &Effect) -> Result<Observation, String> {
    use Observation as Seen;
    Ok(match *effect {
        Effect::DropAttempt { session, provider: of } => {
            Seen::DropAttempt { session: name(session.0)?, provider: provider(of)? }
        }
        Effect::ReportDisabled { session, service: what, after } => {
            let (session, service) = (name(session.0)?, service(what)?);
            Seen::ReportDisabled { session, service, after: provider(after)? }
        }
        Effect::LogOffProvider { session, provider: of } => {
            Seen::LogOffProvider { session: name(session.0)?, provider: provider(of)? }
        }
        Effect::ShutDownProvider { session, provider: of } => {
            Seen::ShutDownProvider { session: name(session.0)?, provider: provider(of)? }
        }
        Effect::CloseSession { session } => Seen::CloseSession { session: name(session.0)? },
        Effect::UseProvider { session, provider: of } => {
            Seen::UseProvider { session: name(session.0)?, provider: provider(of)? }
        }
        Effect::LogOnTransport { session, provider: on, attempt } => {
            let (session, provider) = (name(session.0)?, provider(on)?);
            Seen::LogOnTransport { session, provider, attempt: attempt_of(attempt) }
        }
        Effect::ConfigureTransport { session, provider: of } => {
            Seen::ConfigureTransport { session: name(session.0)?, provider: provider(of)? }
        }
        Effect::AttachSpooler { session } => Seen::AttachSpooler { session: name(session.0)? },
        Effect::DetachSpooler { session } => Seen::DetachSpooler { session: name(session.0)? },
        Effect::QueueNotification { handle, notification } => Seen::QueueNotification {
            handle: name(handle.0)?,
            notification: notification_in_model(notification),
        },
        Effect::HandNotification { handle, notification } => Seen::HandNotification {
            handle: name(handle.0)?,
            notification: notification_in_model(notification),
        },
        Effect::NotifyFastShutdown { session, provider: of } => {
            Seen::NotifyFastShutdown { session: name(session.0)?, provider: provider(of)? }
        }
        Effect::DoFastShutdown { session, provider: of } => {
            Seen::DoFastShutdown { session: name(session.0)?, provider: provider(of)? }
        }
        Effect::EndSession { session } => Seen::EndSession { session: name(session.0)? },
        Effect::Continue { .. }
        | Effect::StartTimer { .. }
        | Effect::LookUpProfile { .. }
        | Effect::AskForProfile { .. }
        | Effect::CheckPassword { .. }
        | Effect::AskForPassword { .. }
        | Effect::ConfirmLogoff { .. }
        | Effect::WithdrawPrompt { .. }
        | Effect::ReadServices { .. }
        | Effect::LogOnProvider { .. }
        | Effect::CallEntry { .. }
        | Effect::AskRetry { .. }
        | Effect::AskFastShutdown { .. }
        | Effect::CreateProfile { .. }
        | Effect::CopyProfile { .. }
        | Effect::RemoveProfile { .. }
        | Effect::MarkProfile { .. }
        | Effect::RenameProfile { .. }
        | Effect::DeferRename { .. }
        | Effect::TakeBackRename { .. }
        | Effect::SetDefaultProfile { .. }
        | Effect::SettleProfile { .. }
        | Effect::AddService { .. }
        | Effect::DeleteService { .. }
        | Effect::Answer { .. } => return Err(format!("no order about a session: {effect:?}")),
    })
}

/// What a change of profiles is in the model's words.
fn edit_seen(action: Action, step: &Step, effect: &Effect) -> Result<Observation, String> {
    use Observation as Seen;
    let is_passing = |call: core::CallId| match call == PASSING {
        true => Ok(()),
        false => Err(format!("{call:?} is not the call that changes a profile")),
    };
    // Whoever keeps the profiles says where a new one goes.
    let made = |copied: Option<Profile>| {
        let is_it = |seen: &&Observation| match (seen, copied) {
            (Seen::CreateProfile { .. }, None) => true,
            (Seen::CopyProfile { source, .. }, Some(copied)) => *source == copied,
            (_, _) => false,
        };
        let made = step.seen.iter().find(is_it);
        made.copied().ok_or_else(|| format!("only the core: {effect:?}"))
    };
    Ok(match *effect {
        Effect::CreateProfile { call } => is_passing(call).and(made(None))?,
        Effect::CopyProfile { call, source } => is_passing(call).and(made(Some(place(source)?)))?,
        Effect::RemoveProfile { profile } => Seen::RemoveProfile { profile: place(profile)? },
        Effect::MarkProfile { profile } => Seen::MarkProfile { profile: place(profile)? },
        Effect::RenameProfile { call, profile } => {
            is_passing(call)?;
            Seen::RenameProfile { profile: place(profile)? }
        }
        Effect::DeferRename { call, profile } => {
            is_passing(call)?;
            Seen::DeferRename { profile: place(profile)? }
        }
        Effect::TakeBackRename { profile } => Seen::TakeBackRename { profile: place(profile)? },
        Effect::SetDefaultProfile { profile } => {
            Seen::SetDefaultProfile { profile: profile.map(place).transpose()? }
        }
        Effect::SettleProfile { profile } => Seen::SettleProfile { profile: place(profile)? },
        Effect::AddService { call, profile } => {
            is_passing(call)?;
            Seen::AddService { profile: place(profile)?, service: changed_service(action)? }
        }
        Effect::DeleteService { call, profile } => {
            is_passing(call)?;
            Seen::DeleteService { profile: place(profile)?, service: changed_service(action)? }
        }
        Effect::Continue { .. }
        | Effect::StartTimer { .. }
        | Effect::LookUpProfile { .. }
        | Effect::AskForProfile { .. }
        | Effect::CheckPassword { .. }
        | Effect::AskForPassword { .. }
        | Effect::ConfirmLogoff { .. }
        | Effect::WithdrawPrompt { .. }
        | Effect::ReadServices { .. }
        | Effect::LogOnProvider { .. }
        | Effect::DropAttempt { .. }
        | Effect::CallEntry { .. }
        | Effect::AskRetry { .. }
        | Effect::ReportDisabled { .. }
        | Effect::LogOffProvider { .. }
        | Effect::ShutDownProvider { .. }
        | Effect::CloseSession { .. }
        | Effect::UseProvider { .. }
        | Effect::LogOnTransport { .. }
        | Effect::ConfigureTransport { .. }
        | Effect::AttachSpooler { .. }
        | Effect::DetachSpooler { .. }
        | Effect::QueueNotification { .. }
        | Effect::HandNotification { .. }
        | Effect::AskFastShutdown { .. }
        | Effect::NotifyFastShutdown { .. }
        | Effect::DoFastShutdown { .. }
        | Effect::EndSession { .. }
        | Effect::Answer { .. } => return Err(format!("no change of a profile: {effect:?}")),
    })
}

/// The place of a profile, there or gone.
fn place(key: core::ProfileKey) -> Result<Profile, String> {
    let place = Profile::ALL.into_iter().find(|it| profile_key(*it) == key);
    place.ok_or_else(|| format!("the core speaks of {key:?}, which nobody made"))
}

/// Where a call can go on by itself.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Due {
    Logon(Stage),
    Open(Provider),
}

/// The calls that can go on by themselves now and could not before, or not at that point.
fn newly_due<'a>(before: &'a State, after: &'a State) -> impl Iterator<Item = model::Name> + 'a {
    after
        .calls
        .iter()
        .filter(move |call| {
            let now = due(after, call.name());
            now.is_some() && now != due(before, call.name())
        })
        .map(Call::name)
}

fn due(state: &State, call: model::Name) -> Option<Due> {
    let logon = match state.call(call)? {
        Call::Logon(logon) => logon,
        Call::Open(open) => return state.is_due(open).then_some(Due::Open(open.at)),
        Call::Logoff { .. } | Call::Query(_) => return None,
    };
    match logon.stage {
        Stage::Wait => {
            let is_next = state.mutex.is_none() && state.queue.first() == Some(logon.name);
            is_next.then_some(Due::Logon(Stage::Wait))
        }
        stage @ (Stage::Decide
        | Stage::Pick
        | Stage::Credentials(_)
        | Stage::Finish
        | Stage::Done(_)) => Some(Due::Logon(stage)),
        Stage::LookUp
        | Stage::AskProfile
        | Stage::Check
        | Stage::AskPassword
        | Stage::Build
        | Stage::Show(_)
        | Stage::Series(..) => None,
    }
}

pub(super) const fn attempt_of(attempt: core::Attempt) -> SeriesStage {
    match attempt {
        core::Attempt::First => SeriesStage::First,
        core::Attempt::Second => SeriesStage::Second,
    }
}

pub(super) const fn permission(prompts: core::Prompts) -> Permission {
    match prompts {
        core::Prompts::Allowed => Permission::Granted,
        core::Prompts::Forbidden => Permission::Denied,
    }
}

fn entry_of(entry: core::Entry) -> Result<model::Entry, String> {
    Ok(match entry {
        core::Entry::Show(of) => model::Entry::Show(service(of)?),
        core::Entry::Repair(of) => model::Entry::Repair(provider(of)?),
    })
}

fn entry_dialogs(dialogs: core::EntryDialogs) -> model::EntryDialogs {
    model::EntryDialogs {
        allowed: permission(dialogs.allowed),
        always: Permission::from(dialogs.always == core::ServiceUi::Always),
    }
}

pub(super) fn code(code: core::MapiCode) -> Result<Code, String> {
    let known = Code::ALL.into_iter().find(|it| code.name() == Some(it.name()));
    known.ok_or_else(|| format!("the core answers {code}, which no rule gives"))
}
