//! Transports that hang, break down or call back: who waits for the spooler, and who does not
//! (`STS-10`, `CAN-01`, `CAN-02`, `CAN-03`, `LGF-18`, D-30).

use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use mapi_session::protocol::Rule;
use mapi_session::{
    EntryError, Environment, HandleId, LogoffFlags, LogonFlags, MapiCode, NoUi, Patience, Process,
    ProviderState, Session, StatusCode, StatusTableError, Withdrawal,
};

use crate::cast::{Cast, Told, disabled, down, gate, off, playing, state, unconfigured};
use crate::stage::{StageClock, Steps, elsewhere, expect, is_empty, mapi, process, settle};

const MINUTE: Duration = Duration::from_secs(60);

/// An environment with a clock of the stage; `Mail` lists a store and two transports.
fn stage(cast: &Cast) -> (Environment, Steps, StageClock) {
    let clock = StageClock::new();
    let exchange = cast.service().store("Mailbox").transport("Exchange").with_entry();
    let services = vec![("Exchange", exchange), ("Internet", cast.service().transport("Smtp"))];
    let (environment, steps) = playing(Environment::builder().clock(clock.clone()), services);
    (environment, steps, clock)
}

fn log_on(environment: &Environment) -> Session {
    mapi(environment).logon().profile("Mail").shared().call().expect("it is a session")
}

fn hang(cast: &Cast) -> Sender<()> {
    let (open, closed) = gate();
    cast.on_logon("Exchange", move || {
        closed.pass();
        Ok(None)
    });
    open
}

fn await_start(cast: &Cast) {
    while !matches!(cast.hears(), Told::LogOn(provider, ..) if provider == "Exchange") {}
}

#[test]
fn the_status_table_waits_for_a_hanging_transport_no_longer_than_its_deadline() {
    let cast = Cast::new();
    let (environment, mut steps, clock) = stage(&cast);
    let open = hang(&cast);
    let session = Arc::new(log_on(&environment));

    let table = elsewhere({
        let session = Arc::clone(&session);
        move || session.status_table()
    });
    await_start(&cast);
    clock.await_sleepers(1);
    clock.advance(MINUTE - Duration::from_secs(1));
    clock.await_sleepers(1);
    assert!(!table.has_returned());
    clock.advance(Duration::from_secs(1));

    let refused = table.returns().expect_err("it hangs");
    assert_eq!(refused, StatusTableError::TimedOut);
    assert_eq!(refused.code(), Some(MapiCode::MAPI_E_TIMEOUT));
    assert_eq!(state(&session, "Exchange"), ProviderState::LoggingOn);
    let quiet = mapi(&environment).logon().join_existing().no_mail().call().expect("it joins");
    quiet.status_table().expect("it sees no transport, and waits for none");
    open.send(()).expect("it still hangs");
    steps.until(Rule::StartProvider);
    let table = session.status_table().expect("nothing hangs any more");
    let smtp = session.find_transport("Smtp").expect("it is listed");
    assert_eq!(table.provider(smtp).expect("it runs").status, StatusCode::AVAILABLE);
}

#[test]
fn everybody_gets_the_table_when_the_spooler_is_done() {
    let cast = Cast::new();
    let (environment, mut steps, _clock) = stage(&cast);
    let open = hang(&cast);
    let tables: Vec<_> = (0..3)
        .map(|_| {
            let session = log_on(&environment);
            elsewhere(move || session.status_table())
        })
        .collect();
    await_start(&cast);
    steps.until(Rule::IgnoreDemand);
    steps.until(Rule::IgnoreDemand);
    assert!(tables.iter().all(|table| !table.has_returned()));

    open.send(()).expect("it hangs");

    for table in tables {
        assert_eq!(table.returns().expect("it is done").rows().len(), 5);
    }
    assert_eq!(cast.heard().iter().filter(|it| matches!(it, Told::LogOn(..))).count(), 1);
}

#[test]
fn a_logoff_does_not_wait_for_a_hanging_transport_and_its_success_is_taken_back() {
    let cast = Cast::new();
    let (environment, mut steps, _clock) = stage(&cast);
    let open = hang(&cast);
    let (stuck, id) = {
        let session = mapi(&environment).logon().profile("Mail").individual().call();
        let session = session.expect("it is a session");
        let id = session.id();
        (session, id)
    };
    stuck.start_transports();
    await_start(&cast);

    stuck.logoff(LogoffFlags::empty()).expect("it waits for nobody");
    steps.until(Rule::LogOff);
    log_on(&environment).logoff(LogoffFlags::empty()).expect("others are not held up");
    steps.until(Rule::EndSession);
    cast.heard();
    open.send(()).expect("it still hangs");

    settle(&environment);
    steps.until(Rule::TakeBackLateOfLostSession);
    // Its store is stopped meanwhile: what is late has not been running.
    let mut told = cast.heard();
    told.retain(|it| *it != off("Mailbox", id) && *it != down("Mailbox", id));
    let taken_back = [off("Exchange", id), down("Exchange", id)];
    assert_eq!(told, taken_back, "nobody is started for a session that is over");
}

#[test]
fn a_hanging_entry_function_of_a_transport_keeps_no_session_from_ending() {
    let cast = Cast::new();
    cast.on_logon("Exchange", unconfigured);
    let (_open, closed) = gate();
    cast.on_entry("Exchange", move || {
        closed.pass();
        Err(EntryError::Cancelled)
    });
    let (environment, mut steps, _clock) = stage(&cast);
    let session = log_on(&environment);
    session.start_transports();
    steps.until(Rule::ConfigureService);
    while !matches!(cast.hears(), Told::Configure(..)) {}

    session.logoff(LogoffFlags::empty()).expect("it waits for nobody");

    settle(&environment);
    assert!(is_empty(&environment), "{:?}", environment.state());
}

#[test]
fn a_panicking_transport_has_failed_and_the_others_go_on() {
    let cast = Cast::new();
    cast.on_logon("Exchange", || panic!("the transport breaks down, as it should"));
    let (environment, _steps, _clock) = stage(&cast);
    let session = log_on(&environment);

    let table = session.status_table().expect("it does not hang");

    assert_eq!(disabled(&session, "Exchange"), Some(MapiCode::MAPI_E_CALL_FAILED));
    let transport = |name| session.find_transport(name).expect("it is listed");
    assert!(table.provider(transport("Exchange")).is_none(), "it never ran");
    assert!(table.provider(transport("Smtp")).is_some());
    drop(session);
    settle(&environment);
    let told = cast.heard();
    let ends = told.iter().filter(|it| matches!(it, Told::LogOff(name, _) if name == "Exchange"));
    assert_eq!(ends.count(), 0, "what never ran is not logged off: {told:?}");
}

/// A handle whose process waits for its status table elsewhere, while a transport hangs.
struct Waiting {
    process: Process,
    handle: HandleId,
    table: crate::stage::Elsewhere<Result<mapi_session::StatusTable, StatusTableError>>,
    withdrawal: Withdrawal,
    open: Sender<()>,
    environment: Environment,
}

fn waiting(cast: &Cast) -> Waiting {
    let (environment, _steps, _clock) = stage(cast);
    let open = hang(cast);
    let (process, withdrawal) = (process(&environment, NoUi), Withdrawal::new());
    let flags = LogonFlags::ALLOW_OTHERS.bits();
    let handle = process.logon_ex(0, Some("Mail"), None, flags).expect("it is open").handle;
    let patience = Patience { withdrawal: Some(withdrawal.clone()), ..Patience::endless() };
    let table = {
        let process = process.with_patience(patience);
        elsewhere(move || process.status_table(handle))
    };
    await_start(cast);
    Waiting { process, handle, table, withdrawal, open, environment }
}

#[test]
fn a_wait_for_the_table_ends_with_its_handle() {
    let cast = Cast::new();
    let waiting = waiting(&cast);

    waiting.process.logoff(waiting.handle, 0, 0).expect("it waits for nobody");

    let refused = waiting.table.returns().expect_err("the handle is gone");
    assert_eq!(refused, StatusTableError::LoggedOff);
    assert_eq!(refused.code(), Some(MapiCode::MAPI_E_INVALID_OBJECT));
    drop(waiting.open);
    settle(&waiting.environment);
}

#[test]
fn a_wait_for_the_table_can_be_withdrawn() {
    let cast = Cast::new();
    let waiting = waiting(&cast);

    waiting.withdrawal.withdraw();

    let refused = waiting.table.returns().expect_err("it was withdrawn");
    assert_eq!((refused, refused.code()), (StatusTableError::Withdrawn, None));
    waiting.process.logoff(waiting.handle, 0, 0).expect("the handle is as live as before");
}

#[test]
fn a_wait_for_the_table_ends_with_its_process() {
    let cast = Cast::new();
    let waiting = waiting(&cast);

    waiting.process.crash();

    assert_eq!(waiting.table.returns(), Err(StatusTableError::Withdrawn));
}

#[test]
fn without_a_deadline_the_table_takes_as_long_as_it_takes() {
    let cast = Cast::new();
    let waiting = waiting(&cast);
    assert!(!waiting.table.has_returned());

    waiting.open.send(()).expect("it hangs");

    assert_eq!(waiting.table.returns().expect("it is done").rows().len(), 5);
}

#[test]
fn only_the_owner_of_a_live_handle_sees_a_table_or_makes_a_demand() {
    let cast = Cast::new();
    let (environment, _steps, _clock) = stage(&cast);
    let (owner, thief) = (process(&environment, NoUi), process(&environment, NoUi));
    let stranger = environment.process(NoUi);
    let handle = owner.logon_ex(0, Some("Mail"), None, 0).expect("it is open").handle;
    let code = |process: &Process| {
        let refused = process.status_table(handle).expect_err("it is not for everybody");
        let demand = process.start_transports(handle).expect_err("nor is that").code();
        let store = process.default_store(handle).expect_err("nor is that").code();
        let user = process.query_identity(handle).expect_err("nor is that").code();
        assert_eq!([refused.code(), Some(store), Some(user)], [Some(demand); 3]);
        demand
    };

    assert_eq!(code(&thief), MapiCode::MAPI_E_INVALID_OBJECT);
    assert_eq!(code(&stranger), MapiCode::MAPI_E_NOT_INITIALIZED);
    owner.logoff(handle, 0, 0).expect("it is live");
    assert_eq!(code(&owner), MapiCode::MAPI_E_INVALID_OBJECT);
}

#[test]
fn a_transport_that_asks_for_the_table_while_it_logs_on_does_not_wait_for_itself() {
    let cast = Cast::new();
    let (environment, _steps, _clock) = stage(&cast);
    let slot = Arc::new(Mutex::new(None::<(Process, HandleId)>));
    let (tell, told) = channel();
    cast.on_logon("Exchange", {
        let slot = Arc::clone(&slot);
        move || {
            let slot = slot.lock().expect("nobody panics with it").take();
            let (process, handle) = slot.expect("it was set before the demand");
            let rows = process.status_table(handle).map(|table| table.rows().len());
            // Nor does a logon from here count as one from inside another.
            let logon = process.logon_ex(0, Some("Work"), None, LogonFlags::NEW_SESSION.bits());
            tell.send((rows, logon.is_ok())).expect("the test waits for it");
            Ok(None)
        }
    });
    let process = process(&environment, NoUi);
    let handle = process.logon_ex(0, Some("Mail"), None, 0).expect("it is open").handle;
    *slot.lock().expect("nobody panics with it") = Some((process.clone(), handle));

    let table = elsewhere(move || process.status_table(handle));

    assert_eq!(expect(&told, "results from inside"), (Ok(3), true));
    assert_eq!(table.returns().expect("nothing hangs").rows().len(), 5);
}

#[test]
fn a_late_transport_is_reported_as_it_answers() {
    let cast = Cast::new();
    let (environment, mut steps, _clock) = stage(&cast);
    let open = hang(&cast);
    let session = log_on(&environment);
    session.start_transports();
    await_start(&cast);
    assert_eq!(state(&session, "Exchange"), ProviderState::LoggingOn);
    assert_eq!(state(&session, "Smtp"), ProviderState::NotStarted, "one after the other");

    open.send(()).expect("it hangs");

    steps.until(Rule::StartProvider);
    session.status_table().expect("nothing hangs any more");
    assert!(session.report().is_clean(), "{}", session.report());
}
