//! Model, core and engine, each asked the same: which profile does this logon use?

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use mapi_session::{
    ChooseProfile, Environment, NewProfile, ProfileChosen, SecretString, UserAnswer,
};
use mapi_session_core::{
    Answer, CallId, ChooserAnswer, ClientId, Effect, Event, InitRequest, Limits, LogonRequest,
    LookUp, Password, Profile, ProfileKey, Protection, Services, Sessions, Visibility,
};
use mapi_session_model::{
    self as model, Action, Client, Code, InitArgument, Observation, Protocol, RequestId, Scope,
    Stage, State, flag,
};

use crate::profile_choice::{Combination, Default, LogonUi, Name, Outcome, UseDefault};

/// The profile that a live name means, and the one that is the default if there is one.
const NAMED: &str = "Home";
const DEFAULT: &str = "Work";

/// Which dialogs a logon asks for, and who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asks {
    ForNone,
    ForAll,
    ForThePasswordOnly,
    /// For all, with `MAPI_NT_SERVICE`.
    AsAService,
    /// For all, from a process that was initialised with `MAPI_NT_SERVICE`.
    InAService,
}

impl Asks {
    pub(crate) const ALL: [Self; 5] =
        [Self::ForNone, Self::ForAll, Self::ForThePasswordOnly, Self::AsAService, Self::InAService];

    /// What that is to the table: whether the logon may show the chooser.
    pub(crate) const fn logon_ui(self) -> LogonUi {
        match self {
            Self::ForAll => LogonUi::Yes,
            Self::ForNone | Self::ForThePasswordOnly | Self::AsAService | Self::InAService => {
                LogonUi::No
            }
        }
    }

    const fn flags(self) -> u32 {
        match self {
            Self::ForNone => 0,
            Self::ForAll | Self::InAService => flag::LOGON_UI,
            Self::ForThePasswordOnly => flag::PASSWORD_UI,
            Self::AsAService => flag::LOGON_UI | flag::NT_SERVICE,
        }
    }

    /// What the process passes to `MAPIInitialize`.
    const fn init_flags(self) -> u32 {
        match self {
            Self::InAService => flag::NT_SERVICE,
            Self::ForNone | Self::ForAll | Self::ForThePasswordOnly | Self::AsAService => 0,
        }
    }
}

const fn flags(it: Combination, asks: Asks) -> u32 {
    match it.use_default {
        UseDefault::Yes => asks.flags() | flag::USE_DEFAULT,
        UseDefault::No => asks.flags(),
    }
}

/// Ways to write a name of this kind.
fn spellings(name: Name) -> Vec<Option<String>> {
    let written: &[Option<&str>] = match name {
        Name::Live => &[Some(NAMED)],
        Name::Absent => &[Some("Nobody")],
        Name::Malformed => &[Some(" Home"), Some("Home "), Some("Ho/me"), Some(" ")],
        Name::None => &[None, Some("")],
    };
    let too_long = (name == Name::Malformed).then(|| Some("x".repeat(65)));
    written.iter().map(|name| name.map(String::from)).chain(too_long).collect()
}

/// What the world saw: how often the chooser opened (it was cancelled), and what came of it.
fn outcome(asked: usize, result: Result<&str, &str>) -> Result<Outcome, String> {
    match (asked, result) {
        (1, Err("MAPI_E_USER_CANCEL")) => Ok(Outcome::Ask),
        (0, Ok(NAMED)) => Ok(Outcome::UseTheName),
        (0, Ok(DEFAULT)) => Ok(Outcome::UseTheDefault),
        (0, Err("MAPI_E_LOGON_FAILED")) => Ok(Outcome::LogonFailed),
        (asked, result) => Err(format!("{result:?} after asking {asked} times")),
    }
}

/// What the model lets happen.
pub(crate) fn in_the_model(it: Combination, asks: Asks) -> Result<Outcome, String> {
    let world = Protocol::sound(scope(it, asks));
    let (client, with) = match asks {
        Asks::InAService => (Client::A, InitArgument::Service),
        Asks::ForNone | Asks::ForAll | Asks::ForThePasswordOnly | Asks::AsAService => {
            (Client::A, InitArgument::Application)
        }
    };
    let mut state = world.next(&world.scope.starts[0].state, Action::Initialize { client, with });
    let call = state.after.free_name(client).ok_or("no name for the call")?;
    let mut action = Action::Logon { client, request: RequestId::from(0), inside: None };
    let mut asked = 0;
    loop {
        state = world.next(&state.after, action);
        let asks = |it: &&Observation| matches!(it, Observation::AskProfile { .. });
        asked += state.seen.iter().filter(asks).count();
        if let Some((_, _, code, logon)) = state.seen.answers().next() {
            let profile = logon.and_then(|logon| logon.profile);
            return match (code, profile) {
                (Code::Ok, Some(profile)) => {
                    outcome(asked, Ok(&world.scope.profiles[profile.index()].name))
                }
                (code, _) => outcome(asked, Err(code.name())),
            };
        }
        action = answer(&state.after, call)?;
    }
}

/// What comes next for a logon whose user cancels the chooser.
fn answer(state: &State, call: model::Name) -> Result<Action, String> {
    let logon = state.logon(call).ok_or("the logon has gone without an answer")?;
    Ok(match logon.stage {
        Stage::LookUp => Action::LookedUp { call },
        Stage::AskProfile => Action::Choose { call, answer: model::ChooserAnswer::Cancel },
        Stage::Build => Action::ServicesRead { call },
        Stage::Wait
        | Stage::Decide
        | Stage::Pick
        | Stage::Credentials(_)
        | Stage::Finish
        | Stage::Done(_) => Action::Continue { call },
        Stage::Check | Stage::AskPassword => return Err("an open profile wants a password".into()),
        Stage::Show(_) | Stage::Series(..) => return Err("a profile without services".into()),
    })
}

fn scope(it: Combination, asks: Asks) -> Scope {
    let names = flag::NAMES.iter().filter(|(_, bit)| flags(it, asks) & bit != 0);
    let flags: Vec<_> = names.map(|(name, _)| *name).collect();
    let name = match it.name {
        Name::Live => NAMED,
        Name::Absent => "absent",
        Name::Malformed => "malformed",
        Name::None => "none",
    };
    let default = match it.default {
        Default::Exists => DEFAULT,
        Default::None => "none",
    };
    let text = format!(
        r#"
        purpose = "One logon."
        clients = 1
        handles_per_client = 1
        calls_in_progress = 1
        sessions = 1
        calls = []
        profile = [
            {{ name = "{NAMED}", services = [] }},
            {{ name = "{DEFAULT}", services = [] }},
        ]
        request = [
            {{ name = "log on", flags = {flags:?}, profile = "{name}", password = "none" }},
        ]
        start = [{{ default = "{default}" }}]
        "#
    );
    Scope::parse("one logon", &text).expect("the text is a scope")
}

/// A core to which a client has said that it is there, and the logon that it calls then.
fn log_on_to_core(it: Combination, asks: Asks, name: Option<&str>) -> (Sessions, Event) {
    let (client, call, inside) = (ClientId(1), CallId(1), None);
    let mut sessions = Sessions::new(Limits::default());
    let request = InitRequest::parse(0, asks.init_flags());
    let _initialized = sessions.step(Event::InitializeCalled { call, client, request });
    let request = LogonRequest::parse(name, Password::NotGiven, flags(it, asks));
    (sessions, Event::LogonCalled { call, client, inside, request })
}

/// What the core does, in every spelling of the name.
pub(crate) fn in_the_core(it: Combination, asks: Asks) -> Vec<Result<Outcome, String>> {
    let attempt = |name: Option<String>| {
        let (mut sessions, mut event) = log_on_to_core(it, asks, name.as_deref());
        let mut asked = 0;
        loop {
            let step = sessions.step(event);
            // A session that is opened for mail is the spooler's as well.
            let attaches = |it: &&Effect| matches!(it, Effect::AttachSpooler { .. });
            let orders: Vec<_> = step.effects.iter().filter(|it| !attaches(it)).collect();
            let [effect] = orders[..] else {
                return Err(format!("not one order: {step:?}"));
            };
            event = match effect {
                Effect::Continue { call } => Event::Continued { call: *call },
                Effect::LookUpProfile { call, by } => {
                    Event::ProfileLookedUp { call: *call, found: look_up(it.default, by) }
                }
                Effect::AskForProfile { call, .. } => {
                    asked += 1;
                    Event::ProfileChosen { call: *call, answer: ChooserAnswer::Cancelled }
                }
                Effect::ReadServices { call, .. } => {
                    Event::ServicesRead { call: *call, services: Some(Services::none()) }
                }
                Effect::Answer { answer: Answer::LoggedOn(Ok(logon)), .. } => {
                    let profiles = [NAMED, DEFAULT].into_iter();
                    let profile = profiles.into_iter().find(|name| key(name) == logon.profile);
                    return outcome(asked, profile.ok_or("a profile that nobody found"));
                }
                Effect::Answer { answer, .. } => {
                    return outcome(asked, Err(answer.code().name().unwrap_or_default()));
                }
                Effect::StartTimer { .. }
                | Effect::CheckPassword { .. }
                | Effect::AskForPassword { .. }
                | Effect::ConfirmLogoff { .. }
                | Effect::WithdrawPrompt { .. }
                | Effect::LogOnProvider { .. }
                | Effect::DropAttempt { .. }
                | Effect::CallEntry { .. }
                | Effect::AskRetry { .. }
                | Effect::ReportDisabled { .. }
                | Effect::LogOffProvider { .. }
                | Effect::ShutDownProvider { .. }
                | Effect::CloseSession { .. }
                | Effect::LogOnTransport { .. }
                | Effect::ConfigureTransport { .. }
                | Effect::AttachSpooler { .. }
                | Effect::DetachSpooler { .. }
                | Effect::AskFastShutdown { .. }
                | Effect::NotifyFastShutdown { .. }
                | Effect::DoFastShutdown { .. }
                | Effect::EndSession { .. }
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
                | Effect::QueueNotification { .. }
                | Effect::HandNotification { .. }
                | Effect::UseProvider { .. } => return Err(format!("ordered: {effect:?}")),
            };
        }
    };
    spellings(it.name).into_iter().map(attempt).collect()
}

fn look_up(default: Default, by: &LookUp) -> Option<Profile> {
    let name = match (by, default) {
        (LookUp::Name(name), _) => (name.as_str() == NAMED).then_some(NAMED),
        (LookUp::Default, Default::Exists) => Some(DEFAULT),
        (LookUp::Default, Default::None) => None,
    };
    name.map(|name| Profile {
        key: key(name),
        protection: Protection::Open,
        visibility: Visibility::Ordinary,
    })
}

fn key(name: &str) -> ProfileKey {
    ProfileKey(if name == NAMED { 1 } else { 2 })
}

/// What the engine does, in every spelling of the name.
pub(crate) fn in_the_engine(it: Combination, asks: Asks) -> Vec<Result<Outcome, String>> {
    let attempt = |name: Option<String>| {
        let environment = Environment::default();
        for name in [NAMED, DEFAULT] {
            environment.profiles().create(NewProfile::new(name)).expect("the store is empty");
        }
        let default = (it.default == Default::Exists).then_some(DEFAULT);
        environment.profiles().set_default(default).expect("the profile is there");
        let user = Canceller::default();
        let process = environment.process(user.clone());
        process.initialize(0, asks.init_flags()).expect("the flags are defined");
        let logon = process.logon_ex(0, name.as_deref(), None, flags(it, asks));
        let asked = user.0.load(Ordering::SeqCst);
        match logon {
            Ok(logon) => outcome(asked, Ok(logon.profile.name.as_str())),
            Err(error) => {
                let code = error.code().and_then(mapi_session::MapiCode::name);
                outcome(asked, Err(code.unwrap_or_default()))
            }
        }
    };
    spellings(it.name).into_iter().map(attempt).collect()
}

/// A user who counts the dialogs and closes them.
#[derive(Clone, std::default::Default)]
struct Canceller(Arc<AtomicUsize>);

impl mapi_session::LogonUi for Canceller {
    fn choose_profile(&self, _: &ChooseProfile) -> UserAnswer<ProfileChosen> {
        self.0.fetch_add(1, Ordering::SeqCst);
        UserAnswer::Cancelled
    }

    fn password(&self, _: &mapi_session::AskPassword) -> UserAnswer<SecretString> {
        self.0.fetch_add(1, Ordering::SeqCst);
        UserAnswer::Cancelled
    }
}
