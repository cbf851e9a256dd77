//! Who plays in a replay: processes whose users and providers do as they are told.

use std::{
    sync::{Arc, mpsc::channel},
    time::Duration,
};

use mapi_session::{
    AskPassword, ChooseProfile, ConfirmLogoff, Environment, HandleId, InitFlags, LogoffError,
    LogonError, LogonUi, NewProfile, Patience, Process, ProfileChosen, ProviderLogon, SecretString,
    ServiceProvider, SessionId, UserAnswer,
    protocol::{Answer, LogoffFlags, Logon},
};
use mapi_session_model::{
    Action, Client, InitArgument, LogoffArgument, NameArgument, Password, Profile, Scope,
};

use super::stage::{Asked, Holding, Reply, Returned, Stage, StageClock};

/// The password of every profile that has one.
pub(super) const RIGHT: &str = "tulip";
/// A password that no profile has.
pub(super) const WRONG: &str = "rose";
/// A name that a profile could have, and none has.
pub(super) const ABSENT: &str = "Nobody by this name";
/// A name that no profile can have.
const MALFORMED: &str = " outer space ";

/// How long a short wait is, by the clock of the stage.
const SHORT: Duration = Duration::from_secs(3);

/// The environment of a scope, in which every thread is held.
pub(super) struct Troupe {
    pub(super) environment: Environment,
    /// One for each client that a state has room for.
    pub(super) processes: Vec<Process>,
}

impl Troupe {
    pub(super) fn new(scope: &Scope, default: Option<Profile>, stage: &Arc<Stage>) -> Self {
        let (recorder, records) = channel();
        let mut builder = Environment::builder()
            .record_to(recorder)
            .pace(Holding(Arc::clone(stage)))
            .clock(StageClock(Arc::clone(stage)))
            .short_wait(SHORT);
        if let Some(limit) = scope.session_limit {
            builder = builder.session_limit(limit.into());
        }
        let most = scope.profiles.iter().map(|it| services(it.services.0)).max().unwrap_or(1);
        for place in 0..most {
            builder = builder.service(service(place), Player(Arc::clone(stage)));
        }
        let environment = builder.build();
        for profile in &scope.profiles {
            let mut new = NewProfile::new(&profile.name);
            if profile.password {
                new = new.password(RIGHT);
            }
            if profile.app {
                new = new.app_profile();
            }
            for place in 0..services(profile.services.0) {
                new = new.service(service(place));
            }
            let created = environment.profiles().create(new);
            created.expect("a scope's profiles have proper names, each its own");
        }
        let default = default.map(|profile| scope.profile(profile).name.as_str());
        let set = environment.profiles().set_default(default);
        set.expect("a scope's default is one of its profiles, and no app profile");
        let processes =
            Client::ALL.iter().map(|_| environment.process(Player(Arc::clone(stage)))).collect();
        stage.take_down(records);
        Self { environment, processes }
    }
}

/// How many services a profile has here: its own, and at least the one that the replay directs.
const fn services(set: u8) -> u32 {
    match set.count_ones() {
        0 => 1,
        count => count,
    }
}

fn service(place: u32) -> String {
    format!("service {place}")
}

/// A call, with everything that it passes.
pub(super) enum Request {
    Initialize { version: u32, flags: u32 },
    Uninitialize,
    Logon { name: Option<String>, password: Option<&'static str>, flags: u32 },
    Logoff { handle: HandleId, flags: u32 },
    Release { handle: HandleId },
}

impl Request {
    /// What a call of the model passes; none if the action is no call of a client.
    pub(super) fn of(
        scope: &Scope,
        action: Action,
        mut handle_of: impl FnMut(mapi_session_model::Name) -> HandleId,
    ) -> Option<Self> {
        Some(match action {
            Action::Initialize { with, .. } => match with {
                InitArgument::Application => Self::Initialize { version: 0, flags: 0 },
                InitArgument::Service => {
                    Self::Initialize { version: 0, flags: InitFlags::NT_SERVICE.bits() }
                }
                InitArgument::UndefinedFlag => Self::Initialize { version: 0, flags: 0x4 },
                InitArgument::WrongVersion => Self::Initialize { version: 1, flags: 0 },
            },
            Action::Uninitialize { .. } => Self::Uninitialize,
            Action::Logon { request, .. } => {
                let request = scope.request(request);
                let name = match request.profile {
                    NameArgument::None => None,
                    NameArgument::Absent => Some(ABSENT.to_owned()),
                    NameArgument::Malformed => Some(MALFORMED.to_owned()),
                    NameArgument::Of(profile) => Some(scope.profile(profile).name.clone()),
                };
                let password = match request.password {
                    Password::None => None,
                    Password::Right => Some(RIGHT),
                    Password::Wrong => Some(WRONG),
                };
                Self::Logon { name, password, flags: request.flags }
            }
            Action::Logoff { handle, with, .. } => {
                let flags = match with {
                    LogoffArgument::Plain => 0,
                    LogoffArgument::Ui => LogoffFlags::UI.bits(),
                    LogoffArgument::UndefinedFlag => 0x10,
                };
                Self::Logoff { handle: handle_of(handle), flags }
            }
            Action::Release { handle, .. } => Self::Release { handle: handle_of(handle) },
            Action::Crash { .. }
            | Action::Withdraw { .. }
            | Action::Deadline { .. }
            | Action::Timeout { .. }
            | Action::Continue { .. }
            | Action::LookedUp { .. }
            | Action::Choose { .. }
            | Action::Checked { .. }
            | Action::EnterPassword { .. }
            | Action::Confirm { .. }
            | Action::ProvidersStarted { .. }
            | Action::ProvidersStopped { .. } => return None,
        })
    }

    /// Makes the call on this thread.
    pub(super) fn make(self, process: &Process) -> Returned {
        let answered = |answer| Returned::Answered(answer, None);
        match self {
            Self::Initialize { version, flags } => {
                answered(Answer::Initialized(process.initialize(version, flags)))
            }
            Self::Uninitialize => {
                process.uninitialize();
                answered(Answer::Uninitialized)
            }
            Self::Logon { name, password, flags } => {
                match process.logon_ex(0, name.as_deref(), password, flags) {
                    Ok(raw) => {
                        let (handle, session) = (raw.handle, raw.session);
                        let logon = Logon { handle, session, profile: raw.profile.key };
                        let name = raw.profile.name.clone();
                        Returned::Answered(Answer::LoggedOn(Ok(logon)), Some(name))
                    }
                    Err(LogonError::Refused(refusal)) => answered(Answer::LoggedOn(Err(refusal))),
                    Err(LogonError::Withdrawn) => Returned::Unanswered,
                }
            }
            Self::Logoff { handle, flags } => match process.logoff(handle, 0, flags) {
                Ok(()) => answered(Answer::LoggedOff(Ok(()))),
                Err(LogoffError::Refused(refusal)) => answered(Answer::LoggedOff(Err(refusal))),
                Err(LogoffError::Withdrawn) => Returned::Unanswered,
            },
            Self::Release { handle } => answered(Answer::Released(process.release(handle))),
        }
    }
}

/// Deadlines for everything, of which the replay chooses the first to pass for a logon in the
/// queue: its own, or the end of the short wait.
pub(super) fn patience(deadline_first: bool) -> Patience {
    let turn = if deadline_first { SHORT / 2 } else { SHORT * 2 };
    Patience { turn: Some(turn), prompt: Some(SHORT), ..Patience::endless() }
}

/// A user, or a message service: does as it is told.
struct Player(Arc<Stage>);

impl LogonUi for Player {
    fn choose_profile(&self, question: &ChooseProfile) -> UserAnswer<ProfileChosen> {
        let reply = self.0.visit(Asked::Chooser {
            call: question.origin.call,
            profiles: question.profiles.clone(),
            withdrawn: question.origin.withdrawn.clone(),
        });
        match reply {
            Reply::Picked(chosen) => UserAnswer::Given(chosen),
            Reply::Cancelled => UserAnswer::Cancelled,
            Reply::Password(_) | Reply::Agreed | Reply::Unavailable => UserAnswer::Unavailable,
        }
    }

    fn password(&self, question: &AskPassword) -> UserAnswer<SecretString> {
        let reply = self.0.visit(Asked::Password {
            call: question.origin.call,
            profile: question.profile.clone(),
            withdrawn: question.origin.withdrawn.clone(),
        });
        match reply {
            Reply::Password(password) => UserAnswer::Given(password),
            Reply::Cancelled => UserAnswer::Cancelled,
            Reply::Picked(_) | Reply::Agreed | Reply::Unavailable => UserAnswer::Unavailable,
        }
    }

    fn confirm_logoff(&self, question: &ConfirmLogoff) -> UserAnswer<()> {
        let reply = self.0.visit(Asked::Logoff {
            call: question.origin.call,
            handle: question.handle,
            withdrawn: question.origin.withdrawn.clone(),
        });
        match reply {
            Reply::Agreed => UserAnswer::Given(()),
            Reply::Cancelled => UserAnswer::Cancelled,
            Reply::Picked(_) | Reply::Password(_) | Reply::Unavailable => UserAnswer::Unavailable,
        }
    }
}

impl ServiceProvider for Player {
    fn logon(&self, logon: &ProviderLogon<'_>) {
        let is_first = self.0.look(|scene| {
            let is_first = !scene.logged_on.contains(&logon.session);
            scene.logged_on.push(logon.session);
            is_first
        });
        // The first of a session's providers acts for all.
        if is_first {
            let profile = logon.profile.clone();
            let (session, dialogs) = (logon.session, logon.dialogs);
            let _ = self.0.visit(Asked::Provider { session, profile, dialogs });
        }
    }

    fn shutdown(&self, session: SessionId) {
        self.0.look(|scene| scene.shut_down.push(session));
    }
}
