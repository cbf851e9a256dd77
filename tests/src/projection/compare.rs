//! Where model and core differ after a step: in what they order and answer, and in where they stand.

use mapi_session_core as core;
use mapi_session_model as model;

use core::{CallStage, Effect, HandleStatus, Sessions, Stage as CoreStage};
use model::{
    Action, Call, Client, Code, Handle, Holder, Host, Observation, Permission, Phase, Profile,
    Stage, State, Step, flag,
};

use super::{
    PASSING, Projection, call_id, client_id, given, handle_id, name, name_of, profile_key,
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
            let seen = self.observation(before, action, effect)?;
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
        effect: &Effect,
    ) -> Result<Observation, String> {
        let request = |call| {
            let logon = before.logon(name(call)?).ok_or("an order for no logon")?;
            Ok::<_, String>((logon, self.scope.request(logon.request)))
        };
        Ok(match effect {
            Effect::Continue { .. } => return Err("not an order to the outside".into()),
            Effect::StartTimer { call } => Observation::StartTimer { call: name(*call)? },
            Effect::LookUpProfile { call, by } => {
                let expected = name_of(self.scope, request(*call)?.1.profile);
                let asked = match by {
                    core::LookUp::Name(name) => Some(name.as_str()),
                    core::LookUp::Default => None,
                };
                if asked != expected {
                    return Err(format!("the core looks for {asked:?} instead of {expected:?}"));
                }
                Observation::LookUp { call: name(*call)? }
            }
            Effect::AskForProfile { call, app_profiles } => {
                let wants = request(*call)?.1.flags & flag::APP_PROFILE != 0;
                if wants != (*app_profiles == core::AppProfiles::Listed) {
                    return Err(format!("the core's chooser lists app profiles: {app_profiles:?}"));
                }
                Observation::AskProfile { call: name(*call)? }
            }
            Effect::CheckPassword { call, profile, source } => {
                let typed = matches!(
                    action,
                    Action::Choose {
                        answer: model::ChooserAnswer::Pick { password: Some(_), .. },
                        ..
                    }
                );
                if typed != (*source == core::PasswordSource::Chooser) {
                    return Err(format!("the core checks the password of the {source:?}"));
                }
                Observation::CheckPassword { call: name(*call)?, profile: self.profile(*profile)? }
            }
            Effect::AskForPassword { call, profile } => {
                Observation::AskPassword { call: name(*call)?, profile: self.profile(*profile)? }
            }
            Effect::ConfirmLogoff { call, handle } => {
                Observation::AskLogoff { call: name(*call)?, handle: name(handle.0)? }
            }
            Effect::WithdrawPrompt { call } => Observation::WithdrawPrompt { call: name(*call)? },
            Effect::StartProviders { session, profile, dialogs } => {
                let profile = self.profile(*profile)?;
                Observation::StartProviders {
                    session: name(session.0)?,
                    profile,
                    services: self.scope.profile(profile).services,
                    dialogs: permitted(*dialogs),
                }
            }
            Effect::StopProviders { session } => {
                Observation::StopProviders { session: name(session.0)? }
            }
            Effect::Answer { call, answer } => self.answer(action, *call, answer)?,
        })
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
                let (session, profile) = (name(logon.session.0)?, self.profile(logon.profile)?);
                Some(model::LoggedOn { session, profile: Some(profile) })
            }
            core::Answer::LoggedOn(Err(_))
            | core::Answer::Initialized(_)
            | core::Answer::Uninitialized
            | core::Answer::LoggedOff(_)
            | core::Answer::Released(_) => None,
        };
        let client = call.map_or(action.client(), model::Name::client);
        Ok(Observation::Answer { client, call, code: code(answer.code())?, logon })
    }

    fn profile(&self, key: core::ProfileKey) -> Result<Profile, String> {
        let mut known = Profile::ALL.into_iter().take(self.scope.profiles.len());
        known.find(|it| profile_key(*it) == key).ok_or_else(|| format!("no profile {key:?}"))
    }

    /// Where the core stands elsewhere than the model.
    pub fn compare_states(&self, state: &State, sessions: &Sessions) -> Result<(), String> {
        let clients = Client::ALL.into_iter().filter_map(|client| {
            let it = state.clients[client.index()];
            let host = match it.host {
                Host::Application => core::Host::Application,
                Host::Service => core::Host::WindowsService,
            };
            (it.count > 0).then_some((client_id(client), u64::from(it.count), host))
        });
        let core_clients = sessions.clients().map(|(id, it)| (id, it.count.get(), it.host));
        same("clients", clients, core_clients)?;
        same("mutex", state.mutex.map(call_id), sessions.mutex())?;
        same("queue", state.queue.iter().map(|it| call_id(*it)), sessions.queue())?;
        let target = state.join_target().map(|it| core::SessionId(call_id(it.name)));
        same("join target", target, sessions.join_target())?;
        let alive = state
            .sessions
            .iter()
            .map(|it| (core::SessionId(call_id(it.name)), profile_key(it.profile), it.phase));
        let core_alive = sessions.sessions().map(|(id, it)| (id, it.profile, phase(it.phase)));
        same("sessions", alive, core_alive)?;
        let handles = state.handles().map(|(name, handle)| {
            (handle_id(name), client_id(name.client()), handle, state.has_replied(name))
        });
        let core_handles = sessions.handles().map(|(id, it)| {
            let (handle, replied) = handle(it.status);
            (id, it.client, handle, replied)
        });
        same("handles", handles, core_handles)?;
        let calls = state.calls.iter().map(|call| self.stage_in_model(state, call));
        let core_calls = sessions.calls().map(|(id, it)| (id, it.client, stage_in_core(&it.stage)));
        same("calls", calls, core_calls)?;
        self.compare_requests(state, sessions)
    }

    fn stage_in_model(
        &self,
        state: &State,
        call: &Call,
    ) -> (core::CallId, core::ClientId, Standing) {
        let standing = match call {
            Call::Logoff { handle, .. } => Standing::Confirming(handle_id(*handle)),
            Call::Logon(logon) => Standing::Logon {
                stage: logon.stage,
                profile: match logon.stage {
                    // Before it is chosen there is none; later the session knows it.
                    Stage::Credentials | Stage::Check | Stage::AskPassword | Stage::Build => {
                        logon.profile.map(profile_key)
                    }
                    Stage::Done(Code::Ok) => {
                        let session = state.handle(logon.name).and_then(Handle::session);
                        let session = session.and_then(|session| state.session(session));
                        session.map(|session| profile_key(session.profile))
                    }
                    Stage::Wait
                    | Stage::Decide
                    | Stage::Pick
                    | Stage::LookUp
                    | Stage::AskProfile
                    | Stage::Start
                    | Stage::Done(_) => None,
                },
                password: matches!(logon.stage, Stage::Credentials | Stage::Check)
                    .then(|| given(logon.password)),
            },
        };
        (call_id(call.name()), client_id(call.name().client()), standing)
    }

    /// What a logon still asks for, as far as it can still matter, is what was asked for.
    fn compare_requests(&self, state: &State, sessions: &Sessions) -> Result<(), String> {
        for (id, view) in sessions.calls() {
            let request = match view.stage {
                CallStage::Waiting { request } | CallStage::Holding { request, .. } => request,
                CallStage::TimedOut | CallStage::ConfirmingLogoff { .. } => continue,
            };
            let Some(logon) = state.logon(name(id)?) else { continue };
            let is_service = state.clients[logon.name.client().index()].host == Host::Service
                || self.scope.request(logon.request).flags & flag::NT_SERVICE != 0;
            let Ok(asked) = &self.requests[logon.request.index()] else {
                return Err(format!("the core carries out a request that is none: {request:?}"));
            };
            let mut expected = asked.clone();
            if is_service {
                expected.dialogs = core::LogonDialogs::None;
                expected.service_ui = core::ServiceUi::AsNeeded;
                expected.mail = core::Mail::NotWanted;
                expected.host = core::Host::WindowsService;
            }
            if *request != expected {
                return Err(format!("request of {id:?}: {expected:?} asked, {request:?} kept"));
            }
        }
        Ok(())
    }
}

/// How far a call is, in words that both sides can be put into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    Logon { stage: Stage, profile: Option<core::ProfileKey>, password: Option<core::Password> },
    Confirming(core::HandleId),
}

fn stage_in_core(stage: &CallStage<'_>) -> Standing {
    let at = |stage| Standing::Logon { stage, profile: None, password: None };
    let on = |stage, profile| Standing::Logon { stage, profile: Some(profile), password: None };
    match stage {
        CallStage::Waiting { .. } => at(Stage::Wait),
        CallStage::TimedOut => at(Stage::Done(Code::Timeout)),
        CallStage::ConfirmingLogoff { handle } => Standing::Confirming(*handle),
        CallStage::Holding { request, stage } => match *stage {
            CoreStage::Decide => at(Stage::Decide),
            CoreStage::Pick => at(match request.profile {
                core::ProfileChoice::Named(_) | core::ProfileChoice::Default => Stage::LookUp,
                core::ProfileChoice::Malformed(_) | core::ProfileChoice::Unnamed => Stage::Pick,
            }),
            CoreStage::AskProfile => at(Stage::AskProfile),
            CoreStage::Credentials { profile, protection, password } => Standing::Logon {
                stage: match (protection, password) {
                    (core::Protection::Protected, core::Password::Given) => Stage::Check,
                    (core::Protection::Open, _) | (_, core::Password::NotGiven) => {
                        Stage::Credentials
                    }
                },
                profile: Some(profile),
                password: Some(password),
            },
            CoreStage::AskPassword { profile } => on(Stage::AskPassword, profile),
            CoreStage::Build { profile } => on(Stage::Build, profile),
            CoreStage::Start => at(Stage::Start),
            CoreStage::Done(Ok(logon)) => on(Stage::Done(Code::Ok), logon.profile),
            CoreStage::Done(Err(error)) => match code(error.code()) {
                Ok(code) => at(Stage::Done(code)),
                Err(_) => at(Stage::Done(Code::Ok)),
            },
        },
    }
}

/// The logons that can go on by themselves now and could not before, or not at that point.
fn newly_due<'a>(before: &'a State, after: &'a State) -> impl Iterator<Item = model::Name> + 'a {
    let due = |state: &State, call: &Call| -> Option<Stage> {
        let logon = state.logon(call.name())?;
        match logon.stage {
            Stage::Wait => (state.mutex.is_none() && state.queue.first() == Some(logon.name))
                .then_some(Stage::Wait),
            stage @ (Stage::Decide
            | Stage::Pick
            | Stage::Credentials
            | Stage::Build
            | Stage::Done(_)) => Some(stage),
            Stage::LookUp
            | Stage::AskProfile
            | Stage::Check
            | Stage::AskPassword
            | Stage::Start => None,
        }
    };
    after
        .calls
        .iter()
        .filter(move |call| {
            let now = due(after, call);
            now.is_some() && now != due(before, call)
        })
        .map(Call::name)
}

fn same<T: PartialEq + std::fmt::Debug>(
    what: &str,
    model: impl IntoIterator<Item = T>,
    core: impl IntoIterator<Item = T>,
) -> Result<(), String> {
    let (mut model, mut core) = (model.into_iter(), core.into_iter());
    loop {
        match (model.next(), core.next()) {
            (None, None) => return Ok(()),
            (one, other) if one == other => {}
            (one, other) => {
                return Err(format!("{what}: the model has {one:?}, the core {other:?}"));
            }
        }
    }
}

fn phase(phase: core::Phase) -> Phase {
    match phase {
        core::Phase::Building => Phase::Building,
        core::Phase::Individual => Phase::Individual,
        core::Phase::Shared { .. } => Phase::Shared,
        core::Phase::Abandoned => Phase::Abandoned,
        core::Phase::Draining => Phase::Draining,
    }
}

/// A handle in the model's words, and whether its logon has been answered.
fn handle(status: HandleStatus) -> (Handle, bool) {
    let live = |seat: core::Seat| Handle::Live {
        session: name(seat.session.0).expect("the harness names every session"),
        holder: match (seat.host, seat.mail) {
            (core::Host::WindowsService, _) => Holder::Service,
            (core::Host::Application, core::Mail::Wanted) => Holder::Mail,
            (core::Host::Application, core::Mail::NotWanted) => Holder::NoMail,
        },
    };
    match status {
        HandleStatus::Unanswered(seat) => (live(seat), false),
        HandleStatus::Live(seat) => (live(seat), true),
        HandleStatus::LoggedOff => (Handle::LoggedOff, true),
    }
}

fn permitted(dialogs: core::ProviderDialogs) -> model::Dialogs {
    model::Dialogs {
        providers: Permission::from(dialogs.prompts == core::ProviderPrompts::Allowed),
        services: Permission::from(dialogs.service_ui == core::ServiceUi::Always),
    }
}

fn code(code: core::MapiCode) -> Result<Code, String> {
    let known = Code::ALL.into_iter().find(|it| code.to_string().starts_with(it.name()));
    known.ok_or_else(|| format!("the core answers {code}, which no rule gives"))
}
