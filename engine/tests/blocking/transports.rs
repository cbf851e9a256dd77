//! Transports: who makes them start, in which order, and what they are told
//! (`ORD-03` to `ORD-07`, `NML-01` to `NML-08`).

use std::sync::mpsc::{Receiver, Sender, channel};

use mapi_session::protocol::{Effect, Rule};
use mapi_session::scripted::ScriptedLogon;
use mapi_session::{
    Attempt, EntryFlags, Environment, Host, InitFlags, LoggedOn, LogonFlags, Mapi, MapiCode,
    MessageService, NoUi, Prompts, Provider, ProviderError, ProviderLogon, ProviderState,
    ResourceFlags, Session, StoreLogon, StoreProvider, TransportFlags, TransportLogon,
    TransportProvider, UseError, UseRefusal,
};

use crate::cast::{
    Cast, Told, disabled, down, failed, list, off, on, playing, skip, state, unconfigured,
};
use crate::stage::{Steps, expect, furnished, mapi, process, settle};

/// An environment whose profile `Mail` has a store and three transports in two services; the first
/// transport wants to be the last.
fn stage(cast: &Cast) -> (Environment, Steps) {
    let exchange = cast.service().transport("Slow").resource_flags(ResourceFlags::XP_PREFER_LAST);
    let exchange = exchange.store("Mailbox").transport("Exchange").with_entry();
    let services = vec![("Exchange", exchange), ("Internet", cast.service().transport("Smtp"))];
    playing(Environment::builder(), services)
}

fn log_on(environment: &Environment) -> Session {
    mapi(environment).logon().profile("Mail").shared().call().expect("it is a session")
}

/// Whether the spooler attached itself or detached itself, in order.
fn attachments(steps: &mut Steps) -> Vec<bool> {
    let effects = steps.all().iter().flat_map(|record| &record.effects);
    let is_attachment = |effect: &&Effect| matches!(effect, Effect::AttachSpooler { .. });
    let is_detachment = |effect: &&Effect| matches!(effect, Effect::DetachSpooler { .. });
    let either = effects.filter(|it| is_attachment(it) || is_detachment(it));
    either.map(|it| is_attachment(&it)).collect()
}

/// `ORD-03`, `ORD-06`, `ORD-07`, `ORD-08`.
#[test]
fn a_demand_starts_all_transports_in_their_order_and_waits_for_none() {
    let cast = Cast::new();
    let (environment, mut steps) = stage(&cast);
    let session = log_on(&environment);
    let id = session.id();
    assert_eq!(cast.heard(), [on("Mailbox", id)], "a logon starts no transport");

    session.start_transports();

    let started = [cast.hears(), cast.hears(), cast.hears()];
    assert_eq!(started, [on("Exchange", id), on("Smtp", id), on("Slow", id)]);
    session.status_table().expect("nothing hangs");
    session.start_transports();
    steps.until(Rule::IgnoreDemand);
    assert_eq!(cast.heard(), [], "they run already");
    drop(session);
    settle(&environment);
    let ended = ["Slow", "Exchange", "Smtp", "Mailbox"].map(|it| [off(it, id), down(it, id)]);
    assert_eq!(cast.heard(), ended.concat(), "each stops once, transports before stores");
}

/// `ORD-05`.
#[test]
fn a_transport_is_told_to_show_nothing_and_to_move_nothing_yet() {
    let flags = told_to_a_transport(|mapi| {
        mapi.logon().profile("Mail").interactive().ui_param(7).call().expect("it logs on")
    });
    let ordered = TransportFlags::NO_DIALOG | TransportFlags::NO_INBOUND;
    assert_eq!(flags, (ordered | TransportFlags::NO_OUTBOUND, 0x19, 0, false, Host::Application));
}

/// What a transport is told: flags, the same in bits, `ulUIParam`, whether there is a deadline.
type Heard = (TransportFlags, u32, u64, bool, Host);

fn told_to_a_transport(log_on: impl FnOnce(&Mapi) -> Session) -> Heard {
    struct Curious(Sender<Heard>);
    impl TransportProvider for Curious {
        fn log_on(
            &self,
            logon: &ProviderLogon<'_>,
        ) -> Result<LoggedOn<dyn TransportLogon>, ProviderError> {
            let (flags, has_deadline) = (logon.transport_flags(), logon.time_left.is_some());
            let told = (flags, flags.bits(), logon.ui_param, has_deadline, logon.host);
            self.0.send(told).expect("the test waits for it");
            Ok(LoggedOn::new(Box::new(Nothing)))
        }
    }
    struct Nothing;
    impl TransportLogon for Nothing {}
    struct Service(Sender<Heard>);
    impl MessageService for Service {
        fn providers(&self) -> Vec<Provider> {
            let tell = self.0.clone();
            vec![Provider::transport("Outbox", move || Curious(tell.clone()))]
        }
    }
    let (tell, told) = channel();
    let (environment, _steps) =
        furnished(Environment::builder().service("Curiosity", Service(tell)));
    list(&environment, "Mail", vec!["Curiosity".to_owned()]);
    let session = log_on(&mapi(&environment));
    session.start_transports();
    expect(&told, "logon of the transport")
}

#[test]
fn an_entry_function_for_the_spooler_may_show_nothing() {
    let cast = Cast::new();
    cast.on_logon("Exchange", unconfigured);
    let (environment, mut steps) = stage(&cast);
    let mapi = mapi(&environment);
    let session = mapi.logon().profile("Mail").interactive().call().expect("it is a session");
    cast.heard();

    session.status_table().expect("nothing hangs");

    let id = session.id();
    let configured = Told::Configure("Exchange".to_owned(), EntryFlags::LOGON_FAILED);
    let second = Told::LogOn("Exchange".to_owned(), id, Attempt::Second, Prompts::Forbidden);
    let told = [on("Exchange", id), configured, second, on("Smtp", id), on("Slow", id)];
    assert_eq!(cast.heard(), told);
    steps.until(Rule::RetryConfigured);
    assert_eq!(state(&session, "Exchange"), ProviderState::Ready { warning: None });
}

#[test]
fn a_transport_that_fails_takes_its_service_along_and_no_other_transport() {
    let cast = Cast::new();
    cast.on_logon("Exchange", || failed(MapiCode::MAPI_E_NETWORK_ERROR));
    let (environment, _steps) = stage(&cast);
    let session = log_on(&environment);
    let mailbox = session.find_store("Mailbox").expect("it is listed");
    let mailbox = session.open_store(mailbox).call().expect("it runs");

    session.status_table().expect("nothing hangs");

    assert_eq!(disabled(&session, "Exchange"), Some(MapiCode::MAPI_E_NETWORK_ERROR));
    assert!(session.report().to_string().contains("first logon for the spooler"));
    assert_eq!(state(&session, "Slow"), ProviderState::NotStarted, "nor is it ever tried");
    assert_eq!(state(&session, "Smtp"), ProviderState::Ready { warning: None });
    let refused = mailbox.with(|_| ()).expect_err("its service is disabled");
    assert_eq!(refused.code(), Some(MapiCode::MAPI_E_LOGON_FAILED));
}

#[test]
fn a_transport_is_used_through_a_session_with_mail() {
    let cast = Cast::new();
    cast.on_logon("Slow", || failed(MapiCode::MAPI_E_NETWORK_ERROR));
    let (environment, _steps) = stage(&cast);
    let (with_mail, without) = (log_on(&environment), {
        mapi(&environment).logon().join_existing().no_mail().call().expect("it joins")
    });
    let transport = |name| with_mail.find_transport(name).expect("it is listed");
    let refused = |result: Result<_, UseError>| match result.expect_err("it is refused") {
        UseError::Refused { refusal, trouble } => (refusal, trouble.is_some()),
        UseError::Withdrawn => panic!("nobody withdrew it"),
    };
    let name = |logon: &dyn TransportLogon| {
        logon.downcast_ref::<ScriptedLogon>().map(|it| it.part().provider.clone())
    };

    let store = with_mail.find_store("Mailbox").expect("it is listed");
    let _open = with_mail.open_store(store).call().expect("it runs");
    assert_eq!(refused(with_mail.with_transport(store, name)), (UseRefusal::NotOpen, false));
    let early = with_mail.with_transport(transport("Smtp"), name);
    assert_eq!(refused(early), (UseRefusal::NotOpen, false));
    with_mail.status_table().expect("nothing hangs");

    let used = with_mail.with_transport(transport("Smtp"), name).expect("it runs");
    assert_eq!(used.as_deref(), Some("Smtp"));
    let quiesced = with_mail.with_transport(transport("Exchange"), name);
    assert_eq!(refused(quiesced), (UseRefusal::TransportUnavailable, true));
    let unseen = without.with_transport(transport("Smtp"), name);
    assert_eq!(refused(unseen), (UseRefusal::NotOpen, false));
}

#[test]
fn without_mail_a_demand_comes_to_nothing() {
    let cast = Cast::new();
    let (environment, mut steps) = stage(&cast);
    let with_mail = log_on(&environment);
    let without = mapi(&environment).logon().join_existing().no_mail().call();
    let without = without.expect("it joins");
    cast.heard();

    without.start_transports();
    without.status_table().expect("there is nothing to wait for");

    let rules = steps.rules();
    assert!(!rules.contains(&Rule::StartTransports) && !rules.contains(&Rule::IgnoreDemand));
    assert_eq!(cast.heard(), []);
    drop(with_mail);
}

/// `NML-03`, `NML-04`.
#[test]
fn the_spooler_is_there_while_anybody_has_mail() {
    let cast = Cast::new();
    let (environment, mut steps) = stage(&cast);
    let mapi = mapi(&environment);
    let quiet = mapi.logon().profile("Mail").shared().no_mail().call().expect("it is a session");
    assert_eq!(attachments(&mut steps), []);

    let one = log_on(&environment);
    let other = log_on(&environment);
    assert_eq!(attachments(&mut steps), [true]);
    drop(one);
    assert_eq!(attachments(&mut steps), [true]);
    drop(other);
    assert_eq!(attachments(&mut steps), [true, false]);
    assert!(quiet.report().is_clean(), "{}", quiet.report());
}

/// `NML-07`.
#[test]
fn mail_is_fetched_at_once_where_the_logon_wants_that() {
    let cast = Cast::new();
    let (environment, _steps) = stage(&cast);
    let mapi = mapi(&environment);

    let session = mapi.logon().profile("Mail").force_download().call().expect("it is a session");

    let started = [cast.hears(), cast.hears(), cast.hears(), cast.hears()];
    let id = session.id();
    assert_eq!(started, [on("Mailbox", id), on("Exchange", id), on("Smtp", id), on("Slow", id)]);
    session.status_table().expect("nothing hangs");
    cast.heard();
    let flags = LogonFlags::NEW_SESSION | LogonFlags::FORCE_DOWNLOAD;
    let raw = mapi.logon_ex(0, Some("Mail"), None, flags).expect("it is a session");
    let started = [cast.hears(), cast.hears()];
    assert_eq!(started, [on("Mailbox", raw.id()), on("Exchange", raw.id())]);
}

#[test]
fn without_mail_none_is_fetched_whatever_the_logon_wants() {
    let cast = Cast::new();
    let (environment, mut steps) = stage(&cast);
    let mapi = mapi(&environment);

    let session = mapi.logon().profile("Mail").no_mail().force_download().call();

    let id = session.expect("it is a session").id();
    settle(&environment);
    assert_eq!(cast.heard(), [on("Mailbox", id), off("Mailbox", id), down("Mailbox", id)]);
    assert!(!steps.rules().contains(&Rule::StartTransports));
}

/// `NML-05`, D-14.
#[test]
fn a_service_that_forgot_to_go_without_mail_has_none_all_the_same() {
    let cast = Cast::new();
    let (environment, mut steps) = stage(&cast);
    let forgetful = environment.process(NoUi);
    forgetful.initialize(0, InitFlags::NT_SERVICE.bits()).expect("the arguments make sense");
    let download = LogonFlags::FORCE_DOWNLOAD.bits();
    let by_init = forgetful.logon_ex(0, Some("Mail"), None, download).expect("it is a session");
    let application = process(&environment, NoUi);
    let flags = LogonFlags::NT_SERVICE.bits() | download;
    let by_logon = application.logon_ex(0, Some("Mail"), None, flags).expect("it is a session");

    for (process, logon) in [(forgetful, by_init), (application, by_logon)] {
        process.start_transports(logon.handle).expect("it is live");
        let table = process.status_table(logon.handle).expect("there is nothing to wait for");
        assert_eq!(table.rows().len(), 3, "no transport is seen: {table:?}");
        let used = process.use_provider(logon.handle, mapi_session::ProviderId(2), |_| ());
        assert_eq!(used.expect_err("none runs").code(), Some(MapiCode::MAPI_E_INVALID_OBJECT));
    }
    assert_eq!(attachments(&mut steps), []);
    assert!(!steps.rules().contains(&Rule::StartTransports));
}

/// What a store is told of the program that it logs on for.
struct Curious(Sender<Host>);

impl StoreProvider for Curious {
    fn log_on(&self, it: &ProviderLogon<'_>) -> Result<LoggedOn<dyn StoreLogon>, ProviderError> {
        self.0.send(it.host).expect("the test waits for it");
        skip().map(|_| LoggedOn::<dyn StoreLogon>::new(Box::new(Nothing)))
    }
}

struct Nothing;
impl StoreLogon for Nothing {}

struct Curiosity(Sender<Host>);

impl MessageService for Curiosity {
    fn providers(&self) -> Vec<Provider> {
        let tell = self.0.clone();
        vec![Provider::store("Box", move || Curious(tell.clone()))]
    }
}

/// `NML-08`.
#[test]
fn a_provider_can_see_that_it_serves_a_windows_service() {
    let (tell, told): (_, Receiver<Host>) = channel();
    let (environment, _steps) =
        furnished(Environment::builder().service("Curiosity", Curiosity(tell)));
    list(&environment, "Mail", vec!["Curiosity".to_owned()]);
    let next = || expect(&told, "logon of the store");
    let service = Mapi::builder().environment(&environment).windows_service().build();

    let session = service.logon().profile("Mail").shared().call().expect("it is a session");
    assert_eq!(next(), Host::WindowsService, "at a logon");
    let store = session.find_store("Box").expect("it is listed");
    session.open_store(store).call().expect_err("not now");
    assert_eq!(next(), Host::WindowsService, "at an open call");
    let joined = mapi(&environment).logon().join_existing().call().expect("it joins");
    joined.open_store(store).call().expect_err("not now");
    assert_eq!(next(), Host::Application, "each opens for itself");
}
