//! Who plays in a replay: processes whose users and providers do as they are told.

use std::{
    sync::{Arc, mpsc::channel},
    time::Duration,
};

use mapi_session::{
    AskPassword, AskRetry, Cause, ChooseProfile, ConfirmLogoff, ConnectionId, EntryContext,
    EntryError, EntryReason, Environment, HandleId, InitFlags, LogoffError, LogonError, LogonUi,
    MapiCode, Missing, NewProfile, OpenError, OpenFlags, Opened, Patience, Process, ProfileChosen,
    ProviderError, ProviderId, ProviderKind, ProviderLogon, ProviderRow, ResourceFlags,
    RetryChoice, SecretString, ServiceId, SetDefaultStoreError, SpiVersion, StoreLogoffError,
    UseError, UserAnswer,
    protocol::{Answer, Entry, LogoffFlags, Logon},
    scripted::{Part, Script, ScriptedService},
};
use mapi_session_model::{
    self as model, Action, Client, EntryResult, InitArgument, LogoffArgument, NameArgument,
    OpenArgument, OpenTarget, Password, Profile, ProviderResult, Scope, flag,
};

use super::{
    sinks::Sink,
    stage::{Asked, Holding, Reply, Returned, Stage, StageClock},
    tables::row_of,
};

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
        for profile in &scope.profiles {
            for (name, service) in services(profile, stage) {
                builder = builder.service(name, service);
            }
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
            for (name, _) in services(profile, stage) {
                new = new.service(name);
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

/// The services of a profile. What is called foreign code knows itself by name only, so names say
/// the places of services and providers in the profile.
fn services(
    profile: &model::ProfileSpec,
    stage: &Arc<Stage>,
) -> impl Iterator<Item = (String, ScriptedService)> {
    let script: Arc<dyn Script> = Arc::new(Player(Arc::clone(stage)));
    let services = model::Service::ALL.into_iter().zip(&profile.services);
    services.map(move |(place, spec)| {
        let providers = profile.providers().filter(|(_, it)| it.service == place);
        let mut service = ScriptedService::new(Arc::clone(&script));
        for (provider, spec) in providers {
            let kind = match spec.kind {
                model::ProviderKind::AddressBook => ProviderKind::AddressBook,
                model::ProviderKind::Store => ProviderKind::Store,
                model::ProviderKind::Transport => ProviderKind::Transport,
            };
            let parts = ResourceFlags::from_bits_retain(spec.flags);
            service = service
                .provider(kind, format!("provider {}", provider.index()))
                .resource_flags(parts);
        }
        let name = format!("{} of {}, service {}", spec.name, profile.name, place.index());
        (name, if spec.entry { service.with_entry() } else { service })
    })
}

/// The place that a name ends with.
fn place(name: &str) -> u16 {
    let place = name.rsplit(' ').next().and_then(|it| it.parse().ok());
    place.expect("the replay names everything by its place")
}

const fn number(provider: model::Provider) -> ProviderId {
    ProviderId(provider.index() as u16)
}

/// A call, with everything that it passes.
pub(super) enum Request {
    Initialize { version: u32, flags: u32 },
    Uninitialize,
    Logon { name: Option<String>, password: Option<&'static str>, flags: u32 },
    Logoff { handle: HandleId, flags: u32 },
    Release { handle: HandleId },
    OpenStore { handle: HandleId, store: ProviderId, flags: u32 },
    OpenBook { handle: HandleId, flags: u32 },
    Use { handle: HandleId, provider: ProviderId },
    StoreLogoff { handle: HandleId, store: ProviderId },
    SetDefaultStore { handle: HandleId, store: Option<ProviderId> },
    Advise { handle: HandleId, sink: Sink },
    Unadvise { handle: HandleId, connection: ConnectionId, stage: Arc<Stage> },
}

impl Request {
    /// What a call of the model passes; none if the action is no call of a client.
    pub(super) fn of(
        scope: &Scope,
        stage: &Arc<Stage>,
        action: Action,
        mut handle_of: impl FnMut(mapi_session_model::Name) -> HandleId,
    ) -> Option<Self> {
        Some(match action {
            Action::Initialize { with, .. } => Self::initialize(with),
            Action::Uninitialize { .. } => Self::Uninitialize,
            Action::Logon { request, .. } => Self::logon(scope, scope.request(request)),
            Action::Logoff { handle, with, .. } => {
                let flags = match with {
                    LogoffArgument::Plain => 0,
                    LogoffArgument::Ui => LogoffFlags::UI.bits(),
                    LogoffArgument::Shared => LogoffFlags::SHARED.bits(),
                    LogoffArgument::SharedUi => LogoffFlags::all().bits(),
                    LogoffArgument::UndefinedFlag => 0x10,
                };
                Self::Logoff { handle: handle_of(handle), flags }
            }
            Action::Release { handle, .. } => Self::Release { handle: handle_of(handle) },
            Action::Open { handle, target, with, .. } => {
                let (handle, flags) = (handle_of(handle), open_flags(with));
                match target {
                    OpenTarget::Store(provider) => {
                        Self::OpenStore { handle, store: number(provider), flags }
                    }
                    OpenTarget::Book => Self::OpenBook { handle, flags },
                }
            }
            Action::Use { handle, provider, .. } => {
                Self::Use { handle: handle_of(handle), provider: number(provider) }
            }
            Action::StoreLogoff { handle, provider, .. } => {
                Self::StoreLogoff { handle: handle_of(handle), store: number(provider) }
            }
            Action::SetDefaultStore { handle, store, .. } => {
                Self::SetDefaultStore { handle: handle_of(handle), store: store.map(number) }
            }
            Action::Advise { handle, .. } => {
                Self::Advise { handle: handle_of(handle), sink: Sink::new(stage) }
            }
            Action::Unadvise { handle, .. } => {
                let (handle, stage) = (handle_of(handle), Arc::clone(stage));
                let connection = stage.look(|scene| scene.last_connection(handle));
                Self::Unadvise { handle, connection, stage }
            }
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
            | Action::ServicesRead { .. }
            | Action::EntryReturned { .. }
            | Action::RetryAnswered { .. }
            | Action::ProviderAnswered { .. }
            | Action::ProviderLoggedOff { .. }
            | Action::ProviderShutDown { .. }
            | Action::Demand { .. }
            | Action::TransportConfigured { .. }
            | Action::Deliver { .. }
            | Action::SessionClosed { .. } => return None,
        })
    }

    const fn initialize(with: InitArgument) -> Self {
        let (version, flags) = match with {
            InitArgument::Application => (0, 0),
            InitArgument::Service => (0, InitFlags::NT_SERVICE.bits()),
            InitArgument::UndefinedFlag => (0, 0x4),
            InitArgument::WrongVersion => (1, 0),
        };
        Self::Initialize { version, flags }
    }

    fn logon(scope: &Scope, request: &model::Request) -> Self {
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
        // It is a demand of the shell's own, after the answer: no step that a trace has.
        let flags = request.flags & !flag::FORCE_DOWNLOAD;
        Self::Logon { name, password, flags }
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
            Self::OpenStore { handle, store, flags } => {
                match process.open_msg_store(handle, 0, store, flags) {
                    Ok(()) => answered(Answer::Opened(Ok(Opened::Store))),
                    Err(OpenError::Refused { refusal, .. }) => {
                        answered(Answer::Opened(Err(refusal)))
                    }
                    Err(OpenError::Withdrawn) => Returned::Unanswered,
                }
            }
            Self::OpenBook { handle, flags } => match process.open_address_book(handle, 0, flags) {
                Ok(book) => answered(Answer::Opened(Ok(book.opened))),
                Err(OpenError::Refused { refusal, .. }) => answered(Answer::Opened(Err(refusal))),
                Err(OpenError::Withdrawn) => Returned::Unanswered,
            },
            Self::Use { handle, provider } => {
                match process.use_provider(handle, provider, |_| ()) {
                    Ok(()) => answered(Answer::Used(Ok(()))),
                    Err(UseError::Refused { refusal, .. }) => answered(Answer::Used(Err(refusal))),
                    Err(UseError::Withdrawn) => Returned::Unanswered,
                }
            }
            Self::StoreLogoff { handle, store } => match process.store_logoff(handle, store) {
                Ok(()) => answered(Answer::StoreLoggedOff(Ok(()))),
                Err(StoreLogoffError::Refused(refusal)) => {
                    answered(Answer::StoreLoggedOff(Err(refusal)))
                }
                Err(StoreLogoffError::Withdrawn) => Returned::Unanswered,
            },
            Self::SetDefaultStore { handle, store } => {
                match process.set_default_store(handle, store) {
                    Ok(()) => answered(Answer::DefaultStoreSet(Ok(()))),
                    Err(SetDefaultStoreError::Refused(refusal)) => {
                        answered(Answer::DefaultStoreSet(Err(refusal)))
                    }
                    Err(SetDefaultStoreError::Withdrawn) => Returned::Unanswered,
                }
            }
            Self::Advise { handle, sink } => sink.advise(process, handle),
            Self::Unadvise { handle, connection, stage } => {
                stage.unadvise(process, handle, connection)
            }
        }
    }
}

const fn open_flags(with: OpenArgument) -> u32 {
    match with {
        OpenArgument::Dialogs => 0,
        OpenArgument::NoDialog => OpenFlags::NO_DIALOG.bits(),
        OpenArgument::UndefinedFlag => 0x40,
    }
}

/// Deadlines for everything, of which the replay chooses the first to pass for a logon in the
/// queue: its own, or the end of the short wait.
pub(super) fn patience(deadline_first: bool) -> Patience {
    let turn = if deadline_first { SHORT / 2 } else { SHORT * 2 };
    let (prompt, provider, entry) = (Some(SHORT), Some(SHORT), Some(SHORT));
    Patience { turn: Some(turn), prompt, provider, entry, ..Patience::endless() }
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
            Reply::Password(_)
            | Reply::Chosen(_)
            | Reply::LoggedOn(_)
            | Reply::Configured(_)
            | Reply::Agreed
            | Reply::Unavailable => UserAnswer::Unavailable,
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
            Reply::Picked(_)
            | Reply::Chosen(_)
            | Reply::LoggedOn(_)
            | Reply::Configured(_)
            | Reply::Agreed
            | Reply::Unavailable => UserAnswer::Unavailable,
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
            Reply::Picked(_)
            | Reply::Password(_)
            | Reply::Chosen(_)
            | Reply::LoggedOn(_)
            | Reply::Configured(_)
            | Reply::Unavailable => UserAnswer::Unavailable,
        }
    }

    fn retry(&self, question: &AskRetry) -> UserAnswer<RetryChoice> {
        let reply = self.0.visit(Asked::Retry {
            call: question.origin.call,
            provider: question.trouble.id,
            correction: question.correction,
            withdrawn: question.origin.withdrawn.clone(),
        });
        match reply {
            Reply::Chosen(choice) => UserAnswer::Given(choice),
            Reply::Cancelled => UserAnswer::Cancelled,
            Reply::Picked(_)
            | Reply::Password(_)
            | Reply::LoggedOn(_)
            | Reply::Configured(_)
            | Reply::Agreed
            | Reply::Unavailable => UserAnswer::Unavailable,
        }
    }
}

impl Script for Player {
    fn log_on(&self, logon: &ProviderLogon<'_>) -> Result<Option<Cause>, ProviderError> {
        let reply = self.0.visit(Asked::Provider {
            session: logon.session,
            provider: ProviderId(place(logon.provider)),
            attempt: logon.attempt,
            dialogs: logon.dialogs,
        });
        let Reply::LoggedOn(result) = reply else {
            panic!("a provider is told how to answer");
        };
        let answer = answer(result);
        if answer.is_ok() {
            self.0.look(|scene| scene.logged_on.push(Part::of(logon)));
        }
        answer
    }

    fn status_row(&self, part: &Part) -> Option<ProviderRow> {
        row_of(ProviderId(place(&part.provider)))
    }

    fn configure(&self, context: &EntryContext<'_>) -> Result<(), EntryError> {
        let entry = match context.reason {
            EntryReason::Shown => Entry::Show(ServiceId(place(context.service))),
            EntryReason::LogonFailed { provider, .. } => Entry::Repair(ProviderId(place(provider))),
            EntryReason::Requested => panic!("no step of the protocol asks for this"),
        };
        let (session, dialogs) = (context.session, context.dialogs);
        match self.0.visit(Asked::Entry { session, entry, dialogs }) {
            Reply::Configured(EntryResult::Ok) => Ok(()),
            Reply::Configured(EntryResult::Unconfigured) => {
                Err(EntryError::Unconfigured(Missing("a server".into())))
            }
            Reply::Configured(EntryResult::UserCancel) => Err(EntryError::Cancelled),
            Reply::Picked(_)
            | Reply::Password(_)
            | Reply::Chosen(_)
            | Reply::LoggedOn(_)
            | Reply::Agreed
            | Reply::Cancelled
            | Reply::Unavailable => panic!("an entry function is told how to return"),
        }
    }

    fn log_off(&self, part: &Part) {
        self.0.look(|scene| scene.logged_off.push(part.clone()));
    }

    fn shut_down(&self, part: &Part) {
        self.0.look(|scene| scene.shut_down.push(part.clone()));
    }
}

/// What a provider says, in the engine's words.
fn answer(result: ProviderResult) -> Result<Option<Cause>, ProviderError> {
    let cause = || Cause::Other("the trace wants it so".into());
    let failed = |code| Err(ProviderError::Failed(code, cause()));
    match result {
        ProviderResult::Ok => Ok(None),
        ProviderResult::Warning => Ok(Some(cause())),
        ProviderResult::FailOneProvider => Err(ProviderError::SkipProvider(cause())),
        ProviderResult::Unconfigured => {
            Err(ProviderError::ConfigureAndRetry(Missing("a server".into())))
        }
        ProviderResult::UserCancel => failed(MapiCode::MAPI_E_USER_CANCEL),
        ProviderResult::SessionLimit => failed(MapiCode::MAPI_E_SESSION_LIMIT),
        ProviderResult::LogonFailed => failed(MapiCode::MAPI_E_LOGON_FAILED),
        ProviderResult::UnknownCpid => failed(MapiCode::MAPI_E_UNKNOWN_CPID),
        ProviderResult::UnknownLcid => failed(MapiCode::MAPI_E_UNKNOWN_LCID),
        ProviderResult::Version => Err(ProviderError::WrongVersion(SpiVersion(0x0200_0000))),
    }
}
