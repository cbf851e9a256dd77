//! The words in which scenarios are told: clients, profiles, what happens, what is wanted done.

use mapi_session_core::*;

pub(crate) const ANN: ClientId = ClientId(1);
pub(crate) const BOB: ClientId = ClientId(2);
pub(crate) const EVE: ClientId = ClientId(3);

pub(crate) const OPEN: Profile =
    Profile { key: ProfileKey(10), protection: Protection::Open, visibility: Visibility::Ordinary };
pub(crate) const PROTECTED: Profile =
    Profile { key: ProfileKey(11), protection: Protection::Protected, ..OPEN };
pub(crate) const APP: Profile =
    Profile { key: ProfileKey(12), visibility: Visibility::App, ..OPEN };

/// A logon that builds a session for its client alone. Who tells of other things than mail does
/// without it.
pub(crate) const PRIVATE: LogonFlags =
    LogonFlags::NEW_SESSION.union(LogonFlags::USE_DEFAULT).union(LogonFlags::NO_MAIL);
/// A logon that builds a session for everybody, unless there is one.
pub(crate) const SHARED: LogonFlags =
    LogonFlags::USE_DEFAULT.union(LogonFlags::ALLOW_OTHERS).union(LogonFlags::NO_MAIL);
/// A logon that joins a session, or finds no profile.
pub(crate) const JOIN: LogonFlags = LogonFlags::NO_MAIL;

/// As [`PRIVATE`], [`SHARED`] and [`JOIN`], with mail.
pub(crate) const PRIVATE_MAIL: LogonFlags = PRIVATE.difference(LogonFlags::NO_MAIL);
pub(crate) const SHARED_MAIL: LogonFlags = SHARED.difference(LogonFlags::NO_MAIL);
pub(crate) const JOIN_MAIL: LogonFlags = LogonFlags::empty();

pub(crate) const fn call(number: u64) -> CallId {
    CallId(number)
}

pub(crate) const fn handle(number: u64) -> HandleId {
    HandleId(CallId(number))
}

pub(crate) const fn session(number: u64) -> SessionId {
    SessionId(CallId(number))
}

pub(crate) fn go_on(number: u64) -> Effect {
    Effect::Continue { call: call(number) }
}

pub(crate) fn withdraw_prompt(number: u64) -> Effect {
    Effect::WithdrawPrompt { call: call(number) }
}

/// What a session without providers orders when its last handle goes.
pub(crate) fn close(number: u64) -> Effect {
    Effect::CloseSession { session: session(number) }
}

pub(crate) fn closed(number: u64) -> Event {
    Event::SessionClosed { session: session(number) }
}

pub(crate) fn services_read(number: u64, services: &Services) -> Event {
    Event::ServicesRead { call: call(number), services: Some(services.clone()) }
}

pub(crate) fn provider_answered(number: u64, provider: u16, result: ProviderResult) -> Event {
    Event::ProviderAnswered { session: session(number), provider: ProviderId(provider), result }
}

pub(crate) fn provider_logged_off(number: u64, provider: u16) -> Event {
    Event::ProviderLoggedOff { session: session(number), provider: ProviderId(provider) }
}

pub(crate) fn provider_shut_down(number: u64, provider: u16) -> Event {
    Event::ProviderShutDown { session: session(number), provider: ProviderId(provider) }
}

pub(crate) fn entry_returned(number: u64, entry: Entry) -> Event {
    Event::EntryReturned { call: call(number), entry }
}

pub(crate) fn repaired(number: u64, provider: u16) -> Event {
    entry_returned(number, Entry::Repair(ProviderId(provider)))
}

pub(crate) fn retry_answered(number: u64, provider: u16, answer: RetryAnswer) -> Event {
    Event::RetryAnswered { call: call(number), provider: ProviderId(provider), answer }
}

pub(crate) fn deadline(number: u64) -> Event {
    Event::DeadlinePassed { call: call(number) }
}

pub(crate) fn withdrawn(number: u64) -> Event {
    Event::CallWithdrawn { call: call(number) }
}

pub(crate) fn continued(number: u64) -> Event {
    Event::Continued { call: call(number) }
}

pub(crate) fn crashed(client: ClientId) -> Event {
    Event::ClientCrashed { client }
}

/// The order to a provider of a session to log on, on behalf of a call.
pub(crate) fn attempt(
    number: u64,
    session: SessionId,
    provider: u16,
    attempt: Attempt,
    dialogs: Prompts,
) -> Effect {
    let provider = ProviderId(provider);
    Effect::LogOnProvider { call: call(number), session, provider, attempt, dialogs }
}

pub(crate) fn log_off_provider(number: u64, provider: u16) -> Effect {
    Effect::LogOffProvider { session: session(number), provider: ProviderId(provider) }
}

pub(crate) fn shut_down_provider(number: u64, provider: u16) -> Effect {
    Effect::ShutDownProvider { session: session(number), provider: ProviderId(provider) }
}

pub(crate) fn attach(number: u64) -> Effect {
    Effect::AttachSpooler { session: session(number) }
}

pub(crate) fn detach(number: u64) -> Effect {
    Effect::DetachSpooler { session: session(number) }
}

pub(crate) fn demanded(number: u64) -> Event {
    Event::SpoolerDemanded { session: session(number) }
}

pub(crate) fn transport_configured(number: u64, provider: u16) -> Event {
    Event::TransportConfigured { session: session(number), provider: ProviderId(provider) }
}

pub(crate) fn log_on_transport(number: u64, provider: u16, attempt: Attempt) -> Effect {
    let (session, provider) = (session(number), ProviderId(provider));
    Effect::LogOnTransport { session, provider, attempt }
}

pub(crate) fn configure_transport(number: u64, provider: u16) -> Effect {
    Effect::ConfigureTransport { session: session(number), provider: ProviderId(provider) }
}

pub(crate) fn advise(number: u64, client: ClientId, handle: HandleId) -> Event {
    Event::AdviseCalled { call: call(number), client, handle }
}

pub(crate) fn unadvise(number: u64, client: ClientId, handle: HandleId) -> Event {
    Event::UnadviseCalled { call: call(number), client, handle }
}

pub(crate) fn queue(number: u64, notification: Notification) -> Effect {
    Effect::QueueNotification { handle: handle(number), notification }
}

pub(crate) fn set_default_store(
    number: u64,
    client: ClientId,
    handle: HandleId,
    store: Option<u16>,
) -> Event {
    let (call, store) = (call(number), store.map(ProviderId));
    Event::SetDefaultStoreCalled { call, client, handle, store }
}

pub(crate) fn used(number: u64, client: ClientId, of: HandleId, provider: u16) -> Event {
    let (call, provider) = (call(number), ProviderId(provider));
    Event::UseCalled { call, client, handle: of, provider }
}

pub(crate) fn use_answer(number: u64, result: Result<(), UseError>) -> Effect {
    Effect::Answer { call: call(number), answer: Answer::Used(result) }
}

pub(crate) fn drop_attempt(number: u64, provider: u16) -> Effect {
    Effect::DropAttempt { session: session(number), provider: ProviderId(provider) }
}

pub(crate) fn disabled(number: u64, service: u16, after: u16) -> Effect {
    let (service, after) = (ServiceId(service), ProviderId(after));
    Effect::ReportDisabled { session: session(number), service, after }
}

pub(crate) fn open_store(number: u64, client: ClientId, handle: HandleId, store: u16) -> Event {
    let request = OpenRequest::parse(OpenTarget::Store(ProviderId(store)), 0);
    Event::OpenCalled { call: call(number), client, handle, inside: None, request }
}

pub(crate) fn open_book(number: u64, client: ClientId, handle: HandleId) -> Event {
    let request = OpenRequest::parse(OpenTarget::AddressBook, 0);
    Event::OpenCalled { call: call(number), client, handle, inside: None, request }
}

pub(crate) fn store_logoff(number: u64, client: ClientId, handle: HandleId, store: u16) -> Event {
    let (call, provider) = (call(number), ProviderId(store));
    Event::StoreLogoffCalled { call, client, handle, provider }
}

pub(crate) fn opened(number: u64, result: Result<Opened, OpenError>) -> Effect {
    Effect::Answer { call: call(number), answer: Answer::Opened(result) }
}

/// A profile with one store.
pub(crate) fn one_store() -> Services {
    services(&[(EntryFunction::Absent, &[ProviderKind::Store])])
}

/// The address book of [`exchange`].
pub(crate) const BOOK: u16 = 0;
/// The store of [`exchange`] whose service has the address book too.
pub(crate) const MAILBOX: u16 = 1;
/// The store of [`exchange`] whose service has nothing else, and no entry function.
pub(crate) const FILE: u16 = 3;

/// A profile with a service of all kinds, and one that is a store alone.
pub(crate) fn exchange() -> Services {
    services(&[
        (
            EntryFunction::Present,
            &[ProviderKind::AddressBook, ProviderKind::Store, ProviderKind::Transport],
        ),
        (EntryFunction::Absent, &[ProviderKind::Store]),
    ])
}

pub(crate) fn services(services: &[(EntryFunction, &[ProviderKind])]) -> Services {
    let spec = |kind: &ProviderKind| ProviderSpec::new(*kind);
    let service = |&(entry, kinds): &(EntryFunction, &[ProviderKind])| {
        (entry, kinds.iter().map(spec).collect())
    };
    services_of(services.iter().map(service).collect())
}

/// A profile whose providers play parts of their own.
pub(crate) fn services_of(services: Vec<(EntryFunction, Vec<ProviderSpec>)>) -> Services {
    let service = |(entry, providers)| Service { entry, providers };
    Services::new(services.into_iter().map(service).collect()).expect("there are few providers")
}

pub(crate) const OK: ProviderResult = ProviderResult::LoggedOn;
pub(crate) const SKIP_ME: ProviderResult = ProviderResult::FailOneProvider;
pub(crate) const UNCONFIGURED: ProviderResult = ProviderResult::Unconfigured;
pub(crate) const ERROR: ProviderResult = ProviderResult::Failed(MapiCode::MAPI_E_LOGON_FAILED);

pub(crate) fn logged_on(number: u64, result: Result<Logon, LogonError>) -> Effect {
    Effect::Answer { call: call(number), answer: Answer::LoggedOn(result) }
}

pub(crate) fn logged_off(number: u64, result: Result<(), LogoffError>) -> Effect {
    Effect::Answer { call: call(number), answer: Answer::LoggedOff(result) }
}

pub(crate) fn released(number: u64, result: Result<(), ReleaseError>) -> Effect {
    Effect::Answer { call: call(number), answer: Answer::Released(result) }
}

pub(crate) fn logon(
    number: u64,
    client: ClientId,
    name: Option<&str>,
    password: Password,
    flags: LogonFlags,
) -> Event {
    let request = LogonRequest::parse(name, password, flags.bits());
    Event::LogonCalled { call: call(number), client, inside: None, request }
}

pub(crate) fn look_up(number: u64, found: Option<Profile>) -> Event {
    Event::ProfileLookedUp { call: call(number), found }
}

pub(crate) fn logoff(
    number: u64,
    client: ClientId,
    handle: HandleId,
    confirmation: Confirmation,
) -> Event {
    let request = Ok(LogoffRequest { confirmation, scope: LogoffScope::Own });
    Event::LogoffCalled { call: call(number), client, handle, request }
}

/// A logoff that asks everyone to follow.
pub(crate) fn logoff_all(
    number: u64,
    client: ClientId,
    handle: HandleId,
    confirmation: Confirmation,
) -> Event {
    let request = Ok(LogoffRequest { confirmation, scope: LogoffScope::Shared });
    Event::LogoffCalled { call: call(number), client, handle, request }
}

pub(crate) fn release(number: u64, client: ClientId, handle: HandleId) -> Event {
    Event::ReleaseCalled { call: call(number), client, handle }
}

pub(crate) fn fast_shutdown(
    number: u64,
    client: ClientId,
    handle: HandleId,
    request: FastShutdown,
) -> Event {
    Event::FastShutdownCalled { call: call(number), client, handle, request }
}

pub(crate) fn query(number: u64, client: ClientId, handle: HandleId) -> Event {
    fast_shutdown(number, client, handle, FastShutdown::Query)
}

pub(crate) fn notify(number: u64, client: ClientId, handle: HandleId) -> Event {
    fast_shutdown(number, client, handle, FastShutdown::Notify)
}

pub(crate) fn shut_down_fast(number: u64, client: ClientId, handle: HandleId) -> Event {
    fast_shutdown(number, client, handle, FastShutdown::Do)
}

pub(crate) fn voted(number: u64, vote: Vote) -> Event {
    Event::Voted { call: call(number), vote }
}

/// The question to a provider of a session, on behalf of a call.
pub(crate) fn ask(number: u64, of: u64, provider: u16) -> Effect {
    let (session, provider) = (session(of), ProviderId(provider));
    Effect::AskFastShutdown { call: call(number), session, provider }
}

pub(crate) fn notice(of: u64, provider: u16) -> Effect {
    Effect::NotifyFastShutdown { session: session(of), provider: ProviderId(provider) }
}

pub(crate) fn order_to_end(of: u64, provider: u16) -> Effect {
    Effect::DoFastShutdown { session: session(of), provider: ProviderId(provider) }
}

pub(crate) fn end_session(number: u64) -> Effect {
    Effect::EndSession { session: session(number) }
}

pub(crate) fn queried(number: u64, result: Result<(), QueryFastShutdownError>) -> Effect {
    Effect::Answer { call: call(number), answer: Answer::FastShutdownQueried(result) }
}

pub(crate) fn notified(number: u64, result: Result<(), NotifyProcessShutdownError>) -> Effect {
    Effect::Answer { call: call(number), answer: Answer::ProcessShutdownNotified(result) }
}

pub(crate) fn done(number: u64, result: Result<(), DoFastShutdownError>) -> Effect {
    Effect::Answer { call: call(number), answer: Answer::FastShutdownDone(result) }
}

pub(crate) fn admin(number: u64, client: ClientId, request: AdminRequest) -> Event {
    Event::AdminCalled { call: call(number), client, request: Ok(request) }
}

pub(crate) fn administered(number: u64, result: Result<(), AdminError>) -> Effect {
    Effect::Answer { call: call(number), answer: Answer::Administered(result) }
}

pub(crate) fn service_admin(
    number: u64,
    client: ClientId,
    handle: HandleId,
    request: ServiceAdminRequest,
) -> Event {
    Event::ServiceAdminCalled { call: call(number), client, handle, request }
}

pub(crate) fn services_administered(number: u64, result: Result<(), ServiceAdminError>) -> Effect {
    Effect::Answer { call: call(number), answer: Answer::ServicesAdministered(result) }
}

/// What the profile store is told when the last session on a profile has ended.
pub(crate) fn settle(profile: Profile) -> Effect {
    Effect::SettleProfile { profile: profile.key }
}
