//! How the core's words map to the model's: the only place that speaks both languages.
//!
//! [`Projection::event`] turns an action of the model into an event of the core, playing the
//! profile store and the user with the scope's data. [`Projection::compare_effects`] and
//! [`Projection::compare_states`], in `compare`, say where the two disagree afterwards. Ids map one
//! to one: the name of a call is its number in the core, so nothing has to be remembered between
//! steps.

// By path, because the harness of the core's mutants includes this file by path too.
#[path = "projection/compare.rs"]
mod compare;

use mapi_session_core as core;
use mapi_session_model as model;

use core::{Event, Sessions};
use model::{Action, Client, NameArgument, Password, Profile, Scope, State, Step};

/// What the two languages have to say to each other in one scope.
pub struct Projection<'a> {
    scope: &'a Scope,
    /// The arguments of each request, as the core's parser reads them.
    requests: Vec<Result<core::LogonRequest, core::LogonError>>,
}

/// The number of a call that is answered in its own step; no name has it.
const PASSING: core::CallId = core::CallId(1000);

impl<'a> Projection<'a> {
    /// A projection for this scope.
    pub fn new(scope: &'a Scope) -> Self {
        let parse = |request: &model::Request| {
            core::LogonRequest::parse(
                name_of(scope, request.profile),
                given(request.password),
                request.flags,
            )
        };
        Self { scope, requests: scope.requests.iter().map(parse).collect() }
    }

    /// A core to which nothing has happened.
    pub fn core(&self) -> Sessions {
        let sessions = self.scope.session_limit.map(u32::from);
        Sessions::new(core::Limits { sessions })
    }

    /// What `action` is for the core. A call that the model lets wait gets the model's name.
    pub fn event(&self, before: &State, action: Action, step: &Step) -> Event {
        match action {
            Action::Initialize { client, with } => initialize(client, with),
            Action::Uninitialize { client } => {
                Event::UninitializeCalled { call: PASSING, client: client_id(client) }
            }
            Action::Logon { client, request, inside } => Event::LogonCalled {
                call: new_call(before, action, step),
                client: client_id(client),
                inside: inside.map(call_id),
                request: self.requests[request.index()].clone(),
            },
            Action::Logoff { client, handle, with } => Event::LogoffCalled {
                call: new_call(before, action, step),
                client: client_id(client),
                handle: handle_id(handle),
                request: core::LogoffRequest::parse(match with {
                    model::LogoffArgument::Plain => 0,
                    model::LogoffArgument::Ui => core::LogoffFlags::UI.bits(),
                    model::LogoffArgument::UndefinedFlag => 0x10,
                }),
            },
            Action::Release { client, handle } => Event::ReleaseCalled {
                call: PASSING,
                client: client_id(client),
                handle: handle_id(handle),
            },
            Action::Crash { client } => Event::ClientCrashed { client: client_id(client) },
            Action::Withdraw { call } => Event::CallWithdrawn { call: call_id(call) },
            Action::Deadline { call } => Event::DeadlinePassed { call: call_id(call) },
            Action::Timeout { call } => Event::ShortWaitEnded { call: call_id(call) },
            Action::Continue { call } => Event::Continued { call: call_id(call) },
            Action::LookedUp { call } => Event::ProfileLookedUp {
                call: call_id(call),
                found: self.look_up(before, call).map(|profile| self.record(profile)),
            },
            Action::Choose { call, answer } => {
                Event::ProfileChosen { call: call_id(call), answer: self.choice(answer) }
            }
            Action::Checked { call } => Event::PasswordChecked {
                call: call_id(call),
                verdict: match before.logon(call).map(|logon| logon.password) {
                    Some(Password::Right) => core::Verdict::Right,
                    Some(Password::Wrong | Password::None) | None => core::Verdict::Wrong,
                },
            },
            Action::EnterPassword { call, answer } => Event::PasswordEntered {
                call: call_id(call),
                answer: match answer {
                    model::PasswordAnswer::Right => core::PasswordAnswer::Right,
                    model::PasswordAnswer::Wrong => core::PasswordAnswer::Wrong,
                    model::PasswordAnswer::Cancel => core::PasswordAnswer::Cancelled,
                    model::PasswordAnswer::Unavailable => core::PasswordAnswer::Unavailable,
                },
            },
            Action::Confirm { call, answer } => Event::LogoffAnswered {
                call: call_id(call),
                answer: match answer {
                    model::LogoffAnswer::Confirm => core::LogoffAnswer::Confirmed,
                    model::LogoffAnswer::Decline => core::LogoffAnswer::Declined,
                    model::LogoffAnswer::Unavailable => core::LogoffAnswer::Unavailable,
                },
            },
            Action::ProvidersStarted { session } => {
                Event::ProvidersStarted { session: core::SessionId(call_id(session)) }
            }
            Action::ProvidersStopped { session } => {
                Event::ProvidersStopped { session: core::SessionId(call_id(session)) }
            }
        }
    }

    /// What the profile store finds for this call.
    fn look_up(&self, before: &State, call: model::Name) -> Option<Profile> {
        let logon = before.logon(call)?;
        match self.scope.request(logon.request).profile {
            NameArgument::Of(profile) => Some(profile),
            NameArgument::Absent | NameArgument::Malformed => None,
            NameArgument::None => before.default,
        }
    }

    /// What the profile store says of this profile.
    fn record(&self, profile: Profile) -> core::Profile {
        let spec = self.scope.profile(profile);
        core::Profile {
            key: profile_key(profile),
            protection: match spec.password {
                true => core::Protection::Protected,
                false => core::Protection::Open,
            },
            visibility: match spec.app {
                true => core::Visibility::App,
                false => core::Visibility::Ordinary,
            },
        }
    }

    fn choice(&self, answer: model::ChooserAnswer) -> core::ChooserAnswer {
        match answer {
            model::ChooserAnswer::Pick { profile, password } => core::ChooserAnswer::Picked {
                profile: profile.map(|profile| self.record(profile)),
                password: password.map_or(core::ChosenPassword::Unchanged, |password| {
                    core::ChosenPassword::Replaced(given(password))
                }),
            },
            model::ChooserAnswer::Cancel => core::ChooserAnswer::Cancelled,
            model::ChooserAnswer::Unavailable => core::ChooserAnswer::Unavailable,
        }
    }
}

fn initialize(client: Client, with: model::InitArgument) -> Event {
    let (version, flags) = match with {
        model::InitArgument::Application => (0, 0),
        model::InitArgument::Service => (0, core::InitFlags::NT_SERVICE.bits()),
        model::InitArgument::UndefinedFlag => (0, 0x4),
        model::InitArgument::WrongVersion => (1, 0),
    };
    let request = core::InitRequest::parse(version, flags);
    Event::InitializeCalled { call: PASSING, client: client_id(client), request }
}

/// The number of a new call: that of its name if the model lets it wait, else the passing one.
fn new_call(before: &State, action: Action, step: &Step) -> core::CallId {
    let name = before.free_name(action.client());
    name.filter(|name| step.after.call(*name).is_some()).map_or(PASSING, call_id)
}

fn client_id(client: Client) -> core::ClientId {
    core::ClientId(client.index() as u32)
}

fn call_id(name: model::Name) -> core::CallId {
    core::CallId(name.number().into())
}

fn handle_id(name: model::Name) -> core::HandleId {
    core::HandleId(call_id(name))
}

fn profile_key(profile: Profile) -> core::ProfileKey {
    core::ProfileKey(profile.index() as u128 + 1)
}

fn name(call: core::CallId) -> Result<model::Name, String> {
    let number = call.0.checked_sub(1).and_then(|number| usize::try_from(number).ok());
    let place = number.and_then(|it| {
        let client = Client::ALL.get(it / model::Name::PER_CLIENT)?;
        Some(model::Name::new(*client, it % model::Name::PER_CLIENT))
    });
    place.ok_or_else(|| format!("the core speaks of {call:?}, which nobody made"))
}

fn given(password: Password) -> core::Password {
    match password {
        Password::None => core::Password::NotGiven,
        Password::Right | Password::Wrong => core::Password::Given,
    }
}

fn name_of(scope: &Scope, name: NameArgument) -> Option<&str> {
    match name {
        NameArgument::None => None,
        NameArgument::Absent => Some("Nobody by this name"),
        NameArgument::Malformed => Some(" outer space "),
        NameArgument::Of(profile) => Some(&scope.profile(profile).name),
    }
}
