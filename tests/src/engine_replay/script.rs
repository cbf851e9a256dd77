//! Who plays in a replay: processes whose users and providers do as they are told.

use std::{
    sync::{Arc, mpsc::channel},
    time::Duration,
};

use mapi_session::{
    ConnectionId, Environment, FastShutdownPolicy, HandleId, InitFlags, LogoffError, LogonError,
    NewProfile, OpenError, OpenFlags, Opened, Patience, Process, ProviderId, ProviderKind,
    ResourceFlags, SetDefaultStoreError, StoreLogoffError, UseError,
    protocol::{Answer, FastShutdown, LogoffFlags, Logon},
    scripted::{Script, ScriptedService},
};
use mapi_session_model::{
    self as model, Action, Client, Contents, FastPolicy, InitArgument, LogoffArgument,
    OpenArgument, OpenTarget, Password, Profile, Scope, flag,
};

use super::{
    administration::{self, Edit},
    players::Player,
    sinks::Sink,
    stage::{Holding, Returned, Stage, StageClock},
};
use crate::projection::written_argument;

/// The password of every profile that has one.
pub(super) const RIGHT: &str = "tulip";
/// A password that no profile has.
pub(super) const WRONG: &str = "rose";

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
        builder = builder.fast_shutdown(match scope.fast_shutdown {
            FastPolicy::AllowUnlessRefused => FastShutdownPolicy::AllowUnlessRefused,
            FastPolicy::AllowIfAllConsent => FastShutdownPolicy::AllowIfAllConsent,
            FastPolicy::Refuse => FastShutdownPolicy::Refuse,
        });
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
            for (name, _) in services(profile, stage).take(profile.present.into()) {
                new = new.service(name);
            }
            let created = environment.profiles().create(new);
            created.expect("a scope's profiles have proper names, each its own");
        }
        let default = default.map(|profile| scope.profiles[profile.index()].name.as_str());
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
        let providers = model::Provider::ALL.into_iter().zip(&profile.providers);
        let providers = providers.filter(|(_, it)| it.service == place);
        let mut service = ScriptedService::new(Arc::clone(&script)).single_copy();
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
        let name = service_name(profile, spec, place);
        (name, if spec.entry { service.with_entry() } else { service })
    })
}

/// What a service of a profile is called, which a copy of the profile has too.
pub(super) fn service_name(
    profile: &model::ProfileSpec,
    spec: &model::ServiceSpec,
    place: model::Service,
) -> String {
    format!("{} of {}, service {}", spec.name, profile.name, place.index())
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
    Edit(Edit),
    ShutDown { handle: HandleId, request: FastShutdown },
}

impl Request {
    /// What a call of the model passes; none if the action is no call of a client.
    pub(super) fn of(
        scope: &Scope,
        stage: &Arc<Stage>,
        action: Action,
        contents: Option<Contents>,
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
            Action::Administer { edit, .. } => Self::Edit(Edit::of_profiles(scope, edit)),
            Action::AdminServices { handle, change, .. } => {
                Self::Edit(Edit::of_services(scope, handle_of(handle), contents, change))
            }
            Action::FastShutdown { handle, step, .. } => {
                Self::ShutDown { handle: handle_of(handle), request: administration::request(step) }
            }
            Action::Crash { .. }
            | Action::Voted { .. }
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
        let name = written_argument(scope, request.profile);
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
                log_on(process, name.as_deref(), password, flags)
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
            Self::Edit(edit) => edit.make(process),
            Self::ShutDown { handle, request } => {
                administration::shut_down(process, handle, request)
            }
            Self::Advise { handle, sink } => sink.advise(process, handle),
            Self::Unadvise { handle, connection, stage } => {
                stage.unadvise(process, handle, connection)
            }
        }
    }
}

fn log_on(
    process: &Process,
    name: Option<&str>,
    password: Option<&'static str>,
    flags: u32,
) -> Returned {
    match process.logon_ex(0, name, password, flags) {
        Ok(raw) => {
            let (handle, session) = (raw.handle, raw.session);
            let logon = Logon { handle, session, profile: raw.profile.key };
            let name = raw.profile.name.clone();
            Returned::Answered(Answer::LoggedOn(Ok(logon)), Some(name))
        }
        Err(LogonError::Refused(refusal)) => {
            Returned::Answered(Answer::LoggedOn(Err(refusal)), None)
        }
        Err(LogonError::Withdrawn) => Returned::Unanswered,
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
