//! What may happen, and how likely it is.

use mapi_session_core::*;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::edits::{
    calls_of_departure_and_administration, fast_shutdown, policy, service_admin_request, vote,
};

/// What happens next.
#[derive(Clone, Debug)]
pub(crate) enum Happening {
    /// This, whether or not anybody waits for it.
    Event(Event),
    /// The owner of a handle calls on it.
    UseHandle { which: Index, call: CallId, usage: HandleUse },
    /// Something needs the transports of a session.
    Demand { which: Index },
    /// The caller of a call under way has waited for long enough.
    LoseHope { which: Index, loss: Loss },
    /// One of the orders that are out is carried out.
    Obey { order: Index, outcome: Outcome },
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Loss {
    Withdrawal,
    Deadline,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum HandleUse {
    Logoff(LogoffRequest),
    Release,
    Open { request: Result<OpenRequest, OpenError>, inside: Option<CallId> },
    Use(ProviderId),
    StoreLogoff(ProviderId),
    SetDefaultStore(Option<ProviderId>),
    Advise,
    Unadvise,
    FastShutdown(FastShutdown),
    EditServices(ServiceAdminRequest),
}

/// How an order comes out, for each kind.
#[derive(Clone, Debug)]
pub(crate) struct Outcome {
    pub(crate) found: Option<Profile>,
    pub(crate) verdict: Verdict,
    pub(crate) chooser: ChooserAnswer,
    pub(crate) password: PasswordAnswer,
    pub(crate) logoff: LogoffAnswer,
    pub(crate) services: Option<Services>,
    pub(crate) result: ProviderResult,
    pub(crate) retry: RetryAnswer,
    pub(crate) vote: Vote,
}

impl Outcome {
    /// The one that keeps nobody waiting.
    pub(crate) fn favourable() -> Self {
        Self {
            found: None,
            verdict: Verdict::Right,
            chooser: ChooserAnswer::Cancelled,
            password: PasswordAnswer::Right,
            logoff: LogoffAnswer::Confirmed,
            services: Some(Services::none()),
            result: ProviderResult::LoggedOn,
            retry: RetryAnswer::GiveUp,
            vote: Vote::Consents,
        }
    }
}

pub(crate) fn client() -> impl Strategy<Value = ClientId> {
    (0..5_u32).prop_map(ClientId)
}

pub(crate) fn call() -> impl Strategy<Value = CallId> {
    (0..12_u64).prop_map(CallId)
}

fn password() -> impl Strategy<Value = Password> {
    prop_oneof![Just(Password::NotGiven), Just(Password::Given)]
}

fn profile() -> impl Strategy<Value = Profile> {
    let protection = prop_oneof![Just(Protection::Open), Just(Protection::Protected)];
    let visibility = prop_oneof![4 => Just(Visibility::Ordinary), 1 => Just(Visibility::App)];
    (0..3_u128, protection, visibility).prop_map(|(key, protection, visibility)| Profile {
        key: ProfileKey(key),
        protection,
        visibility,
    })
}

pub(crate) fn found() -> impl Strategy<Value = Option<Profile>> {
    proptest::option::weighted(0.8, profile())
}

fn verdict() -> impl Strategy<Value = Verdict> {
    prop_oneof![
        4 => Just(Verdict::Right),
        4 => Just(Verdict::Wrong),
        1 => Just(Verdict::ProfileGone),
    ]
}

fn chooser_answer() -> impl Strategy<Value = ChooserAnswer> {
    let typed =
        prop_oneof![Just(ChosenPassword::Unchanged), password().prop_map(ChosenPassword::Replaced)];
    prop_oneof![
        6 => (found(), typed)
            .prop_map(|(profile, password)| ChooserAnswer::Picked { profile, password }),
        1 => Just(ChooserAnswer::Cancelled),
        1 => Just(ChooserAnswer::Unavailable),
    ]
}

fn password_answer() -> impl Strategy<Value = PasswordAnswer> {
    prop_oneof![
        3 => Just(PasswordAnswer::Right),
        1 => Just(PasswordAnswer::Wrong),
        1 => Just(PasswordAnswer::Cancelled),
        1 => Just(PasswordAnswer::Unavailable),
    ]
}

fn logoff_answer() -> impl Strategy<Value = LogoffAnswer> {
    prop_oneof![
        Just(LogoffAnswer::Confirmed),
        Just(LogoffAnswer::Declined),
        Just(LogoffAnswer::Unavailable)
    ]
}

fn logon_request() -> impl Strategy<Value = Result<LogonRequest, LogonError>> {
    let name = prop_oneof![
        4 => Just(None),
        3 => Just(Some("Work")),
        1 => Just(Some("*malformed*"))
    ];
    let defined = any::<u32>().prop_map(LogonFlags::from_bits_truncate);
    let only_one_dialog = defined.prop_map(|flags| flags - LogonFlags::PASSWORD_UI);
    let flags = prop_oneof![
        1 => any::<u32>(),
        4 => only_one_dialog.prop_map(|flags| (flags - LogonFlags::NT_SERVICE).bits()),
        2 => Just((LogonFlags::PASSWORD_UI | LogonFlags::USE_DEFAULT).bits()),
        2 => Just((LogonFlags::USE_DEFAULT | LogonFlags::ALLOW_OTHERS).bits()),
        1 => Just((LogonFlags::USE_DEFAULT | LogonFlags::NO_MAIL).bits()),
    ];
    (name, password(), flags)
        .prop_map(|(name, password, flags)| LogonRequest::parse(name, password, flags))
}

fn services() -> impl Strategy<Value = Services> {
    use ProviderKind::{AddressBook, Store, Transport};
    let kind = select(vec![AddressBook, Store, Transport]);
    let provider = (kind, resource_flags()).prop_map(|(kind, flags)| match flags {
        Some(flags) => ProviderSpec::new(kind).with_flags(flags),
        None => ProviderSpec::new(kind),
    });
    let entry = select(vec![EntryFunction::Present, EntryFunction::Absent]);
    let service = (entry, proptest::collection::vec(provider, 0..4))
        .prop_map(|(entry, providers)| Service { entry, providers });
    prop_oneof![
        1 => Just(Services::none()),
        8 => proptest::collection::vec(service, 1..4)
            .prop_map(|services| Services::new(services).expect("there are few providers")),
    ]
}

/// The services of a profile, unless it is gone.
fn services_or_none() -> impl Strategy<Value = Option<Services>> {
    proptest::option::weighted(0.95, services())
}

fn resource_flags() -> impl Strategy<Value = Option<ResourceFlags>> {
    proptest::option::of(any::<u32>().prop_map(ResourceFlags::from_bits_truncate))
}

fn session_event() -> impl Strategy<Value = Notification> {
    use Notification::{CriticalError, Extended, TableModified};
    select(vec![CriticalError, Extended, TableModified])
}

fn logoff_request() -> impl Strategy<Value = LogoffRequest> {
    let confirmation = select(vec![Confirmation::Ask, Confirmation::Ask, Confirmation::Skip]);
    let scope = select(vec![LogoffScope::Own, LogoffScope::Own, LogoffScope::Shared]);
    (confirmation, scope).prop_map(|(confirmation, scope)| LogoffRequest { confirmation, scope })
}

fn default_store() -> impl Strategy<Value = Option<ProviderId>> {
    proptest::option::weighted(0.8, provider())
}

fn provider() -> impl Strategy<Value = ProviderId> {
    (0..8_u16).prop_map(ProviderId)
}

fn provider_result() -> impl Strategy<Value = ProviderResult> {
    prop_oneof![
        6 => Just(ProviderResult::LoggedOn),
        1 => Just(ProviderResult::LoggedOnWithErrors),
        2 => Just(ProviderResult::FailOneProvider),
        2 => Just(ProviderResult::Unconfigured),
        1 => Just(ProviderResult::WrongVersion),
        2 => Just(ProviderResult::Failed(MapiCode::MAPI_E_LOGON_FAILED)),
    ]
}

fn retry_answer() -> impl Strategy<Value = RetryAnswer> {
    use RetryAnswer::{Correct, GiveUp, Retry, Unavailable};
    select(vec![Retry, Retry, Correct, GiveUp, Unavailable])
}

fn entry() -> impl Strategy<Value = Entry> {
    prop_oneof![
        (0..4_u16).prop_map(|service| Entry::Show(ServiceId(service))),
        provider().prop_map(Entry::Repair),
    ]
}

fn open_request() -> impl Strategy<Value = Result<OpenRequest, OpenError>> {
    let target = prop_oneof![
        2 => provider().prop_map(OpenTarget::Store),
        1 => Just(OpenTarget::AddressBook),
    ];
    (target, select(vec![0, 0, 0, 1, 0x4000]))
        .prop_map(|(target, flags)| OpenRequest::parse(target, flags))
}

fn inside() -> impl Strategy<Value = Option<CallId>> {
    proptest::option::weighted(0.1, call())
}

pub(crate) fn calls_of_clients() -> impl Strategy<Value = Event> {
    let host = prop_oneof![
        6 => Just(InitRequest::parse(0, 0)),
        1 => Just(InitRequest::parse(0, 0x0001_0000)),
        1 => Just(InitRequest::parse(1, 0)),
    ];
    let handle = || call().prop_map(HandleId);
    let logoff = (0..5_u32).prop_map(LogoffRequest::parse);
    prop_oneof![
        3 => (call(), client(), host)
            .prop_map(|(call, client, request)| Event::InitializeCalled { call, client, request }),
        1 => (call(), client())
            .prop_map(|(call, client)| Event::UninitializeCalled { call, client }),
        8 => (call(), client(), inside(), logon_request()).prop_map(
            |(call, client, inside, request)| Event::LogonCalled { call, client, inside, request }
        ),
        2 => (call(), client(), handle(), logoff).prop_map(
            |(call, client, handle, request)| Event::LogoffCalled { call, client, handle, request }
        ),
        1 => (call(), client(), handle())
            .prop_map(|(call, client, handle)| Event::ReleaseCalled { call, client, handle }),
        1 => (call(), client(), handle(), inside(), open_request()).prop_map(
            |(call, client, handle, inside, request)| {
                Event::OpenCalled { call, client, handle, inside, request }
            }
        ),
        1 => (call(), client(), handle(), provider()).prop_map(
            |(call, client, handle, provider)| Event::UseCalled { call, client, handle, provider }
        ),
        1 => (call(), client(), handle(), provider()).prop_map(
            |(call, client, handle, provider)| {
                Event::StoreLogoffCalled { call, client, handle, provider }
            }
        ),
        1 => calls_about_events_and_stores(),
        1 => calls_of_departure_and_administration(),
    ]
}

fn calls_about_events_and_stores() -> impl Strategy<Value = Event> {
    let handle = || call().prop_map(HandleId);
    prop_oneof![
        (call(), client(), handle(), default_store()).prop_map(|(call, client, handle, store)| {
            Event::SetDefaultStoreCalled { call, client, handle, store }
        }),
        (call(), client(), handle()).prop_map(|(call, client, handle)| Event::AdviseCalled {
            call,
            client,
            handle
        }),
        (call(), client(), handle()).prop_map(|(call, client, handle)| Event::UnadviseCalled {
            call,
            client,
            handle
        }),
    ]
}

pub(crate) fn answers_out_of_the_blue() -> impl Strategy<Value = Event> {
    prop_oneof![answers_to_calls(), answers_about_sessions()]
}

fn answers_to_calls() -> impl Strategy<Value = Event> {
    prop_oneof![
        client().prop_map(|client| Event::ClientCrashed { client }),
        call().prop_map(|call| Event::CallWithdrawn { call }),
        call().prop_map(|call| Event::DeadlinePassed { call }),
        call().prop_map(|call| Event::ShortWaitEnded { call }),
        call().prop_map(|call| Event::Continued { call }),
        (call(), found()).prop_map(|(call, found)| Event::ProfileLookedUp { call, found }),
        (call(), chooser_answer()).prop_map(|(call, answer)| Event::ProfileChosen { call, answer }),
        (call(), verdict()).prop_map(|(call, verdict)| Event::PasswordChecked { call, verdict }),
        (call(), password_answer())
            .prop_map(|(call, answer)| Event::PasswordEntered { call, answer }),
        (call(), logoff_answer()).prop_map(|(call, answer)| Event::LogoffAnswered { call, answer }),
    ]
}

fn answers_about_sessions() -> impl Strategy<Value = Event> {
    let session = || call().prop_map(SessionId);
    prop_oneof![
        (call(), services_or_none())
            .prop_map(|(call, services)| Event::ServicesRead { call, services }),
        (call(), vote()).prop_map(|(call, vote)| Event::Voted { call, vote }),
        (call(), entry()).prop_map(|(call, entry)| Event::EntryReturned { call, entry }),
        (call(), provider(), retry_answer()).prop_map(|(call, provider, answer)| {
            Event::RetryAnswered { call, provider, answer }
        }),
        (session(), provider(), provider_result()).prop_map(|(session, provider, result)| {
            Event::ProviderAnswered { session, provider, result }
        }),
        (session(), provider())
            .prop_map(|(session, provider)| Event::ProviderLoggedOff { session, provider }),
        (session(), provider())
            .prop_map(|(session, provider)| Event::ProviderShutDown { session, provider }),
        session().prop_map(|session| Event::SessionClosed { session }),
        session().prop_map(|session| Event::SpoolerDemanded { session }),
        (session(), provider())
            .prop_map(|(session, provider)| Event::TransportConfigured { session, provider }),
        (call().prop_map(HandleId), session_event())
            .prop_map(|(handle, notification)| Event::NotificationDue { handle, notification }),
    ]
}

fn outcome() -> impl Strategy<Value = Outcome> {
    let of_profile = (found(), verdict(), chooser_answer(), password_answer());
    let of_services = (services_or_none(), provider_result(), retry_answer());
    (of_profile, of_services, logoff_answer(), vote()).prop_map(
        |((found, verdict, chooser, password), (services, result, retry), logoff, vote)| Outcome {
            found,
            verdict,
            chooser,
            password,
            logoff,
            services,
            result,
            retry,
            vote,
        },
    )
}

fn handle_use() -> impl Strategy<Value = HandleUse> {
    prop_oneof![
        5 => logoff_request().prop_map(HandleUse::Logoff),
        1 => Just(HandleUse::Release),
        4 => default_store().prop_map(HandleUse::SetDefaultStore),
        4 => Just(HandleUse::Advise),
        2 => Just(HandleUse::Unadvise),
        16 => (open_request(), inside())
            .prop_map(|(request, inside)| HandleUse::Open { request, inside }),
        4 => provider().prop_map(HandleUse::Use),
        6 => provider().prop_map(HandleUse::StoreLogoff),
        8 => fast_shutdown().prop_map(HandleUse::FastShutdown),
        1 => service_admin_request().prop_map(HandleUse::EditServices),
    ]
}

fn happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        8 => calls_of_clients().prop_map(Happening::Event),
        1 => answers_out_of_the_blue().prop_map(Happening::Event),
        12 => (any::<Index>(), call(), handle_use())
            .prop_map(|(which, call, usage)| Happening::UseHandle { which, call, usage }),
        3 => any::<Index>().prop_map(|which| Happening::Demand { which }),
        1 => (any::<Index>(), select(vec![Loss::Withdrawal, Loss::Deadline]))
            .prop_map(|(which, loss)| Happening::LoseHope { which, loss }),
        32 => (any::<Index>(), outcome())
            .prop_map(|(order, outcome)| Happening::Obey { order, outcome }),
    ]
}

/// What sharers of a session do: they want the same providers, and not for long.
fn sharing() -> impl Strategy<Value = Happening> {
    let loss = select(vec![Loss::Withdrawal, Loss::Deadline]);
    let few_stores = || (0..4_u16).prop_map(ProviderId);
    let target = prop_oneof![
        2 => few_stores().prop_map(OpenTarget::Store),
        1 => Just(OpenTarget::AddressBook),
    ];
    let dialogs = select(vec![Prompts::Allowed, Prompts::Allowed, Prompts::Forbidden]);
    let request = (target, dialogs).prop_map(|(target, dialogs)| OpenRequest { target, dialogs });
    let usage = prop_oneof![
        20 => (request, inside())
            .prop_map(|(request, inside)| HandleUse::Open { request: Ok(request), inside }),
        4 => few_stores().prop_map(HandleUse::StoreLogoff),
        3 => few_stores().prop_map(HandleUse::Use),
        1 => logoff_request().prop_map(HandleUse::Logoff),
        2 => proptest::option::of(few_stores()).prop_map(HandleUse::SetDefaultStore),
        2 => Just(HandleUse::Advise),
        1 => Just(HandleUse::Unadvise),
        6 => fast_shutdown().prop_map(HandleUse::FastShutdown),
    ];
    prop_oneof![
        1 => client().prop_map(|client| Happening::Event(Event::ClientCrashed { client })),
        4 => answers_about_sessions().prop_map(Happening::Event),
        60 => (any::<Index>(), call(), usage)
            .prop_map(|(which, call, usage)| Happening::UseHandle { which, call, usage }),
        8 => any::<Index>().prop_map(|which| Happening::Demand { which }),
        12 => (any::<Index>(), loss)
            .prop_map(|(which, loss)| Happening::LoseHope { which, loss }),
        60 => (any::<Index>(), outcome())
            .prop_map(|(order, outcome)| Happening::Obey { order, outcome }),
    ]
}

/// A profile, how its providers answer the logon, and what the sharers do then.
pub(crate) fn shared_history()
-> impl Strategy<Value = (Services, Vec<ProviderResult>, Vec<Happening>)> {
    let result = prop_oneof![
        3 => Just(ProviderResult::FailOneProvider),
        1 => Just(ProviderResult::LoggedOn),
    ];
    let results = proptest::collection::vec(result, 1..6);
    (services(), results, proptest::collection::vec(sharing(), 0..300))
}

pub(crate) fn history() -> impl Strategy<Value = (Limits, Vec<Happening>)> {
    let limits = (proptest::option::weighted(0.3, 0..4_u32), policy())
        .prop_map(|(sessions, fast_shutdown)| Limits { sessions, fast_shutdown });
    (limits, proptest::collection::vec(happening(), 0..300))
}
