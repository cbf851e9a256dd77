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

pub(crate) const PRIVATE: LogonFlags = LogonFlags::NEW_SESSION.union(LogonFlags::USE_DEFAULT);
pub(crate) const SHARED: LogonFlags = LogonFlags::USE_DEFAULT.union(LogonFlags::ALLOW_OTHERS);

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
    Event::ServicesRead { call: call(number), services: services.clone() }
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
    let service = |&(entry, providers): &(EntryFunction, &[ProviderKind])| Service {
        entry,
        providers: providers.to_vec(),
    };
    Services::new(services.iter().map(service).collect()).expect("there are few providers")
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
    let request = Ok(LogoffRequest { confirmation });
    Event::LogoffCalled { call: call(number), client, handle, request }
}

pub(crate) fn release(number: u64, client: ClientId, handle: HandleId) -> Event {
    Event::ReleaseCalled { call: call(number), client, handle }
}
