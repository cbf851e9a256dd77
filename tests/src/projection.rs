//! How the core's words map to the model's: the only place that speaks both languages.
//!
//! [`Projection::event`] turns an action of the model into an event of the core, playing the
//! profile store, the user and the providers with the scope's data. [`Projection::compare_effects`],
//! in `effects`, and [`Projection::compare_states`], in `states`, say where the two disagree
//! afterwards. Ids map one to one: the name of a call is its number in the core, so nothing has to
//! be remembered between steps.

// By path, because the harness of the core's mutants includes this file by path too.
#[path = "projection/effects.rs"]
mod effects;
#[path = "projection/states.rs"]
mod states;

use mapi_session_core as core;
use mapi_session_model as model;

use core::{Event, MapiCode, Sessions};
use model::{Action, Client, NameArgument, Password, Profile, Provider, Scope, State, Step};

/// What the two languages have to say to each other in one scope.
pub struct Projection<'a> {
    scope: &'a Scope,
    /// The arguments of each request, as the core's parser reads them.
    requests: Vec<Result<core::LogonRequest, core::LogonError>>,
    /// The services of each profile, as a session takes them over.
    services: Vec<core::Services>,
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
        let requests = scope.requests.iter().map(parse).collect();
        Self { scope, requests, services: scope.profiles.iter().map(services).collect() }
    }

    /// A core to which nothing has happened.
    pub fn core(&self) -> Sessions {
        let sessions = self.scope.session_limit.map(u32::from);
        Sessions::new(core::Limits { sessions })
    }

    /// What `action` is for the core. A call that the model lets wait gets the model's name.
    pub fn event(&self, before: &State, action: Action, step: &Step) -> Event {
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
            Action::LookedUp { call } => self.look_up(before, call),
            Action::Choose { call, answer } => self.choose(call, answer),
            Action::Checked { call } => check(before, call),
            Action::EnterPassword { call, answer } => enter_password(call, answer),
            Action::Confirm { call, answer } => confirm(call, answer),
            Action::ServicesRead { call } => self.read_services(before, call),
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
            Action::Logoff { .. }
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
    fn look_up(&self, before: &State, call: model::Name) -> Event {
        let asked = before.logon(call).map(|it| self.scope.request(it.request).profile);
        let found = match asked {
            Some(NameArgument::Of(profile)) => Some(profile),
            Some(NameArgument::None) => before.default,
            Some(NameArgument::Absent | NameArgument::Malformed) | None => None,
        };
        let found = found.map(|profile| self.record(profile));
        Event::ProfileLookedUp { call: call_id(call), found }
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

    fn choose(&self, call: model::Name, answer: model::ChooserAnswer) -> Event {
        let answer = match answer {
            model::ChooserAnswer::Pick { profile, password } => core::ChooserAnswer::Picked {
                profile: profile.map(|profile| self.record(profile)),
                password: password.map_or(core::ChosenPassword::Unchanged, |password| {
                    core::ChosenPassword::Replaced(given(password))
                }),
            },
            model::ChooserAnswer::Cancel => core::ChooserAnswer::Cancelled,
            model::ChooserAnswer::Unavailable => core::ChooserAnswer::Unavailable,
        };
        Event::ProfileChosen { call: call_id(call), answer }
    }

    /// What the profile says of its services; an answer that nobody waits for says nothing.
    fn read_services(&self, before: &State, call: model::Name) -> Event {
        let profile = before.logon(call).and_then(|logon| logon.profile);
        let services = profile.map(|profile| self.services[profile.index()].clone());
        let services = services.unwrap_or_else(core::Services::none);
        Event::ServicesRead { call: call_id(call), services }
    }
}

/// What a session is told of the services of its profile.
fn services(profile: &model::ProfileSpec) -> core::Services {
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
    core::Services::new(services.collect()).expect("a scope has few providers")
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
        | Action::Deliver { .. } => return Err(format!("a call on no handle: {action:?}")),
    })
}

fn check(before: &State, call: model::Name) -> Event {
    let verdict = match before.logon(call).map(|logon| logon.password) {
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

fn client_id(client: Client) -> core::ClientId {
    core::ClientId(client.index() as u32)
}

fn call_id(name: model::Name) -> core::CallId {
    core::CallId(name.number().into())
}

fn handle_id(name: model::Name) -> core::HandleId {
    core::HandleId(call_id(name))
}

fn session_id(name: model::Name) -> core::SessionId {
    core::SessionId(call_id(name))
}

fn service_id(service: model::Service) -> core::ServiceId {
    core::ServiceId(service.index() as u16)
}

fn provider_id(provider: Provider) -> core::ProviderId {
    core::ProviderId(provider.index() as u16)
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

fn service(service: core::ServiceId) -> Result<model::Service, String> {
    let found = model::Service::ALL.into_iter().find(|it| service_id(*it) == service);
    found.ok_or_else(|| format!("the core speaks of {service:?}, which no profile has"))
}

fn provider(provider: core::ProviderId) -> Result<Provider, String> {
    let found = Provider::ALL.into_iter().find(|it| provider_id(*it) == provider);
    found.ok_or_else(|| format!("the core speaks of {provider:?}, which no profile has"))
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

fn name_of(scope: &Scope, name: NameArgument) -> Option<&str> {
    match name {
        NameArgument::None => None,
        NameArgument::Absent => Some("Nobody by this name"),
        NameArgument::Malformed => Some(" outer space "),
        NameArgument::Of(profile) => Some(&scope.profile(profile).name),
    }
}
