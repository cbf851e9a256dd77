//! How the core's words map to the model's: the only place that speaks both languages.
//!
//! [`Projection::event`] turns an action of the model into an event of the core, playing the user
//! and the providers with the scope's data; what the profile store says is read from the one beside
//! the core, in `store`, which does what the core orders ([`Projection::carry_out`], in
//! `administration`). Names are written in another case than profiles bear them at the start.
//! [`Projection::compare_effects`], in `effects`, and [`Projection::compare_states`], in `states`,
//! say where the two disagree afterwards. Ids map one to one: the name of a call is its number in
//! the core, so nothing has to be remembered between steps.

// By path, because the harness of the core's mutants includes this file by path too.
#[path = "projection/administration.rs"]
mod administration;
#[path = "projection/effects.rs"]
mod effects;
#[path = "projection/ids.rs"]
mod ids;
#[path = "projection/states.rs"]
mod states;
#[path = "projection/store.rs"]
mod store;

use mapi_session_core as core;
use mapi_session_model as model;

use core::{Event, MapiCode, Sessions};
use model::{
    Action, Client, Contents, NameArgument, Origin, Password, Profile, Provider, Scope, State, Step,
};

use administration::{admin_services, fast_shutdown, policy, voted};
pub use administration::{written_new_name, written_source};
use ids::{
    call_id, client_id, handle_id, name, profile_key, provider, provider_id, service, service_id,
    session_id,
};
pub use store::Store;

/// What the two languages have to say to each other in one scope.
pub struct Projection<'a> {
    scope: &'a Scope,
    /// The arguments of each request, as the core's parser reads them.
    requests: Vec<Result<core::LogonRequest, core::LogonError>>,
    /// The name that each request passes.
    names: Vec<Option<String>>,
    /// The services of each profile, as a session takes them over, by how many there are.
    services: Vec<Vec<core::Services>>,
    /// Those of a profile that is made: none.
    none: core::Services,
}

/// A core, and the profile store beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Beside {
    /// The core.
    pub core: Sessions,
    /// What there is of profiles.
    pub store: Store,
}

/// The number of a call that is answered in its own step; no name has it.
const PASSING: core::CallId = core::CallId(1000);

impl<'a> Projection<'a> {
    /// A projection for this scope.
    pub fn new(scope: &'a Scope) -> Self {
        let name = |request: &model::Request| written_argument(scope, request.profile);
        let names: Vec<_> = scope.requests.iter().map(name).collect();
        let parse = |(request, name): (&model::Request, &Option<String>)| {
            let password = given(request.password);
            core::LogonRequest::parse(name.as_deref(), password, request.flags)
        };
        let requests = scope.requests.iter().zip(&names).map(parse).collect();
        let services = |spec: &model::ProfileSpec| {
            let listed = listed(spec);
            (0..=listed.len()).map(|count| snapshot(&listed[..count])).collect()
        };
        let services = scope.profiles.iter().map(services).collect();
        Self { scope, requests, names, services, none: core::Services::none() }
    }

    /// A core to which nothing has happened.
    pub fn core(&self) -> Sessions {
        let sessions = self.scope.session_limit.map(u32::from);
        let fast_shutdown = policy(self.scope.fast_shutdown);
        Sessions::new(core::Limits { sessions, fast_shutdown })
    }

    /// The same, and the profiles of the scope with this default.
    pub fn beside(&self, default: Option<Profile>) -> Beside {
        Beside { core: self.core(), store: self.store(default) }
    }

    /// What `action` is for the core. A call that the model lets wait gets the model's name.
    pub fn event(&self, before: &State, action: Action, step: &Step, beside: &Beside) -> Event {
        let new = new_call(before, action, step);
        match action {
            Action::Initialize { client, with } => initialize(client, with),
            Action::Uninitialize { client } => {
                Event::UninitializeCalled { call: PASSING, client: client_id(client) }
            }
            Action::Logon { client, request, inside } => {
                let request = self.requests[request.index()].clone();
                let (client, inside) = (client_id(client), inside.map(call_id));
                Event::LogonCalled { call: new, client, inside, request }
            }
            Action::Crash { client } => Event::ClientCrashed { client: client_id(client) },
            Action::Withdraw { call } => Event::CallWithdrawn { call: call_id(call) },
            Action::Deadline { call } => Event::DeadlinePassed { call: call_id(call) },
            Action::Timeout { call } => Event::ShortWaitEnded { call: call_id(call) },
            Action::Continue { call } => Event::Continued { call: call_id(call) },
            Action::LookedUp { call } => self.look_up(before, call, &beside.store),
            Action::Choose { call, answer } => self.choose(call, answer, &beside.store),
            Action::Checked { call } => check(before, call, &beside.store),
            Action::EnterPassword { call, answer } => enter_password(call, answer),
            Action::Confirm { call, answer } => confirm(call, answer),
            Action::ServicesRead { call } => read_services(before, call, &beside.store),
            Action::EntryReturned { call, entry, result: _ } => {
                Event::EntryReturned { call: call_id(call), entry: entry_of(entry) }
            }
            Action::RetryAnswered { call, provider, answer } => {
                answer_retry(call, provider, answer)
            }
            Action::ProviderAnswered { session, provider, result } => {
                let (session, provider) = (session_id(session), provider_id(provider));
                Event::ProviderAnswered { session, provider, result: result_of(result) }
            }
            Action::ProviderLoggedOff { session, provider } => {
                let (session, provider) = (session_id(session), provider_id(provider));
                Event::ProviderLoggedOff { session, provider }
            }
            Action::ProviderShutDown { session, provider } => {
                let (session, provider) = (session_id(session), provider_id(provider));
                Event::ProviderShutDown { session, provider }
            }
            Action::SessionClosed { session } => {
                Event::SessionClosed { session: session_id(session) }
            }
            Action::Demand { session } => Event::SpoolerDemanded { session: session_id(session) },
            Action::TransportConfigured { session, provider, result: _ } => {
                let (session, provider) = (session_id(session), provider_id(provider));
                Event::TransportConfigured { session, provider }
            }
            Action::Deliver { handle, notification } => Event::NotificationDue {
                handle: handle_id(handle),
                notification: core_notification(notification),
            },
            Action::Administer { client, edit } => self.administer(client, edit, &beside.store),
            Action::AdminServices { client, handle, change } => {
                admin_services(client, handle, change, beside)
            }
            Action::Voted { call, vote } => voted(call, vote),
            Action::Logoff { .. }
            | Action::FastShutdown { .. }
            | Action::Release { .. }
            | Action::Open { .. }
            | Action::Use { .. }
            | Action::StoreLogoff { .. }
            | Action::SetDefaultStore { .. }
            | Action::Advise { .. }
            | Action::Unadvise { .. } => known(call_on_handle(action, new)),
        }
    }

    /// What the profile store finds for this call.
    fn look_up(&self, before: &State, call: model::Name, store: &Store) -> Event {
        let request = before.logon(call).map(|it| it.request.index());
        let found = match request.map(|it| (self.scope.requests[it].profile, &self.names[it])) {
            Some((NameArgument::None, _)) => store.default().and_then(|it| store.get(it)),
            Some((_, Some(name))) => store.named(name),
            Some((_, None)) | None => None,
        };
        Event::ProfileLookedUp { call: call_id(call), found: found.map(store::Stored::record) }
    }

    fn choose(&self, call: model::Name, answer: model::ChooserAnswer, store: &Store) -> Event {
        let found = |label| store.named(&written_name(self.scope, label));
        let answer = match answer {
            model::ChooserAnswer::Pick { profile, password } => core::ChooserAnswer::Picked {
                profile: profile.and_then(found).map(store::Stored::record),
                password: password.map_or(core::ChosenPassword::Unchanged, |password| {
                    core::ChosenPassword::Replaced(given(password))
                }),
            },
            model::ChooserAnswer::Cancel => core::ChooserAnswer::Cancelled,
            model::ChooserAnswer::Unavailable => core::ChooserAnswer::Unavailable,
        };
        Event::ProfileChosen { call: call_id(call), answer }
    }

    /// What a session with these contents has found in its profile.
    fn found(&self, contents: Contents) -> &core::Services {
        match contents.origin() {
            Origin::Listed(place) => &self.services[place][usize::from(contents.services())],
            Origin::Made { .. } => &self.none,
        }
    }
}

/// What the profile says of its services; an answer that nobody waits for says nothing.
fn read_services(before: &State, call: model::Name, store: &Store) -> Event {
    let services = match before.logon(call).and_then(|logon| logon.profile) {
        Some(profile) => store.services(profile_key(profile)),
        None => Some(core::Services::none()),
    };
    Event::ServicesRead { call: call_id(call), services }
}

fn snapshot(services: &[core::Service]) -> core::Services {
    core::Services::new(services.to_vec()).expect("a scope has few providers")
}

/// The services that a profile can have, in order.
fn listed(profile: &model::ProfileSpec) -> Vec<core::Service> {
    let services = model::Service::ALL.into_iter().zip(&profile.services);
    let services = services.map(|(place, service)| core::Service {
        entry: match service.entry {
            true => core::EntryFunction::Present,
            false => core::EntryFunction::Absent,
        },
        providers: profile
            .providers
            .iter()
            .filter(|provider| provider.service == place)
            .map(|provider| {
                core::ProviderSpec::new(kind(provider.kind)).with_flags(parts(provider.flags))
            })
            .collect(),
    });
    services.collect()
}

const fn kind(kind: model::ProviderKind) -> core::ProviderKind {
    match kind {
        model::ProviderKind::AddressBook => core::ProviderKind::AddressBook,
        model::ProviderKind::Store => core::ProviderKind::Store,
        model::ProviderKind::Transport => core::ProviderKind::Transport,
    }
}

/// The parts that a provider plays, bit by bit as the headers have them.
fn parts(flags: u32) -> core::ResourceFlags {
    known(core::ResourceFlags::from_bits(flags).ok_or(format!("no resource flags: {flags:#x}")))
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

/// What a client calls on a handle, if that is what the action is.
fn call_on_handle(action: Action, new: core::CallId) -> Result<Event, String> {
    let handle = action.handle().map(handle_id).ok_or("a call on no handle")?;
    let (call, client) = (PASSING, client_id(action.client()));
    Ok(match action {
        Action::Logoff { with, .. } => {
            Event::LogoffCalled { call: new, client, handle, request: logoff(with) }
        }
        Action::Release { .. } => Event::ReleaseCalled { call, client, handle },
        Action::Open { target, with, inside, .. } => {
            let (inside, request) = (inside.map(call_id), open(target, with));
            Event::OpenCalled { call: new, client, handle, inside, request }
        }
        Action::Use { provider, .. } => {
            Event::UseCalled { call, client, handle, provider: provider_id(provider) }
        }
        Action::StoreLogoff { provider, .. } => {
            Event::StoreLogoffCalled { call, client, handle, provider: provider_id(provider) }
        }
        Action::SetDefaultStore { store, .. } => {
            Event::SetDefaultStoreCalled { call, client, handle, store: store.map(provider_id) }
        }
        Action::Advise { .. } => Event::AdviseCalled { call, client, handle },
        Action::Unadvise { .. } => Event::UnadviseCalled { call, client, handle },
        Action::FastShutdown { step, .. } => {
            let request = fast_shutdown(step);
            Event::FastShutdownCalled { call: new, client, handle, request }
        }
        Action::Initialize { .. }
        | Action::Uninitialize { .. }
        | Action::Logon { .. }
        | Action::Crash { .. }
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
        | Action::SessionClosed { .. }
        | Action::Demand { .. }
        | Action::TransportConfigured { .. }
        | Action::Administer { .. }
        | Action::AdminServices { .. }
        | Action::Voted { .. }
        | Action::Deliver { .. } => return Err(format!("a call on no handle: {action:?}")),
    })
}

/// What the profile store says of the password supplied so far.
fn check(before: &State, call: model::Name, store: &Store) -> Event {
    let logon = before.logon(call);
    let is_gone = |profile: Profile| store.get(profile_key(profile)).is_none();
    let verdict = match logon.map(|logon| logon.password) {
        _ if logon.and_then(|logon| logon.profile).is_some_and(is_gone) => {
            core::Verdict::ProfileGone
        }
        Some(Password::Right) => core::Verdict::Right,
        Some(Password::Wrong | Password::None) | None => core::Verdict::Wrong,
    };
    Event::PasswordChecked { call: call_id(call), verdict }
}

fn enter_password(call: model::Name, answer: model::PasswordAnswer) -> Event {
    let answer = match answer {
        model::PasswordAnswer::Right => core::PasswordAnswer::Right,
        model::PasswordAnswer::Wrong => core::PasswordAnswer::Wrong,
        model::PasswordAnswer::Cancel => core::PasswordAnswer::Cancelled,
        model::PasswordAnswer::Unavailable => core::PasswordAnswer::Unavailable,
    };
    Event::PasswordEntered { call: call_id(call), answer }
}

fn confirm(call: model::Name, answer: model::LogoffAnswer) -> Event {
    let answer = match answer {
        model::LogoffAnswer::Confirm => core::LogoffAnswer::Confirmed,
        model::LogoffAnswer::Decline => core::LogoffAnswer::Declined,
        model::LogoffAnswer::Unavailable => core::LogoffAnswer::Unavailable,
    };
    Event::LogoffAnswered { call: call_id(call), answer }
}

fn answer_retry(call: model::Name, provider: Provider, answer: model::RetryAnswer) -> Event {
    let answer = match answer {
        model::RetryAnswer::Retry => core::RetryAnswer::Retry,
        model::RetryAnswer::Correct => core::RetryAnswer::Correct,
        model::RetryAnswer::GiveUp => core::RetryAnswer::GiveUp,
        model::RetryAnswer::Unavailable => core::RetryAnswer::Unavailable,
    };
    Event::RetryAnswered { call: call_id(call), provider: provider_id(provider), answer }
}

fn logoff(with: model::LogoffArgument) -> Result<core::LogoffRequest, core::LogoffError> {
    core::LogoffRequest::parse(match with {
        model::LogoffArgument::Plain => 0,
        model::LogoffArgument::Ui => core::LogoffFlags::UI.bits(),
        model::LogoffArgument::Shared => core::LogoffFlags::SHARED.bits(),
        model::LogoffArgument::SharedUi => core::LogoffFlags::all().bits(),
        model::LogoffArgument::UndefinedFlag => 0x10,
    })
}

fn open(
    target: model::OpenTarget,
    with: model::OpenArgument,
) -> Result<core::OpenRequest, core::OpenError> {
    let flags = match with {
        model::OpenArgument::Dialogs => 0,
        model::OpenArgument::NoDialog => core::OpenFlags::NO_DIALOG.bits(),
        model::OpenArgument::UndefinedFlag => 0x40,
    };
    core::OpenRequest::parse(target_of(target), flags)
}

fn target_of(target: model::OpenTarget) -> core::OpenTarget {
    match target {
        model::OpenTarget::Store(provider) => core::OpenTarget::Store(provider_id(provider)),
        model::OpenTarget::Book => core::OpenTarget::AddressBook,
    }
}

fn entry_of(entry: model::Entry) -> core::Entry {
    match entry {
        model::Entry::Show(service) => core::Entry::Show(service_id(service)),
        model::Entry::Repair(provider) => core::Entry::Repair(provider_id(provider)),
    }
}

/// A result in the core's words, which are fewer: what comes of it decides (the FLR-07 table).
const fn result_of(result: model::ProviderResult) -> core::ProviderResult {
    use core::ProviderResult as It;
    match result {
        model::ProviderResult::Ok => It::LoggedOn,
        model::ProviderResult::Warning => It::LoggedOnWithErrors,
        model::ProviderResult::FailOneProvider => It::FailOneProvider,
        model::ProviderResult::Unconfigured => It::Unconfigured,
        model::ProviderResult::Version => It::WrongVersion,
        model::ProviderResult::UserCancel => It::Failed(MapiCode::MAPI_E_USER_CANCEL),
        model::ProviderResult::SessionLimit => It::Failed(MapiCode::MAPI_E_SESSION_LIMIT),
        model::ProviderResult::LogonFailed => It::Failed(MapiCode::MAPI_E_LOGON_FAILED),
        model::ProviderResult::UnknownCpid => It::Failed(MapiCode::MAPI_E_UNKNOWN_CPID),
        model::ProviderResult::UnknownLcid => It::Failed(MapiCode::MAPI_E_UNKNOWN_LCID),
    }
}

/// The number of a new call: that of its name if the model lets it wait, else the passing one.
fn new_call(before: &State, action: Action, step: &Step) -> core::CallId {
    let name = before.free_name(action.client());
    name.filter(|name| step.after.call(*name).is_some()).map_or(PASSING, call_id)
}

const fn core_notification(event: model::Notification) -> core::Notification {
    match event {
        model::Notification::Critical => core::Notification::CriticalError,
        model::Notification::Extended => core::Notification::Extended,
        model::Notification::Table => core::Notification::TableModified,
    }
}

const fn notification_in_model(event: core::Notification) -> model::Notification {
    match event {
        core::Notification::CriticalError => model::Notification::Critical,
        core::Notification::Extended => model::Notification::Extended,
        core::Notification::TableModified => model::Notification::Table,
    }
}

/// What the harness itself has named.
fn known<T>(found: Result<T, String>) -> T {
    found.unwrap_or_else(|what| panic!("{what}"))
}

fn given(password: Password) -> core::Password {
    match password {
        Password::None => core::Password::NotGiven,
        Password::Right | Password::Wrong => core::Password::Given,
    }
}

/// A name that nobody bears.
pub const ABSENT: &str = "Nobody by this name";

/// A name that nobody can bear.
const MALFORMED: &str = " outer space ";

/// A name as logons and users write it: in capital letters.
pub fn written_name(scope: &Scope, name: model::Label) -> String {
    scope.label(name).to_uppercase()
}

/// The name that a request passes.
pub fn written_argument(scope: &Scope, name: NameArgument) -> Option<String> {
    match name {
        NameArgument::None => None,
        NameArgument::Absent => Some(ABSENT.into()),
        NameArgument::Malformed => Some(MALFORMED.into()),
        NameArgument::Of(label) => Some(written_name(scope, label)),
    }
}
