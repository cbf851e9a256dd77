//! Sinks that misbehave, and sinks whose handle ends: who is harmed, and who is not
//! (`NTF-05`, `NTF-06`, `LGF-15`, `LGF-16`).

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

use mapi_session::protocol::{Event, Rule};
use mapi_session::{
    AdviseSink, Connection, Environment, HandleId, LogoffFlags, LogonFlags, NoUi, Notification,
    Process, Session,
};

use crate::cast::{Gate, gate};
use crate::hold::Hold;
use crate::notifications::ear;
use crate::stage::{Steps, environment, expect, furnished, is_empty, mapi, process, settle};

/// A sink that says what it hears, then waits at a gate.
struct Stubborn {
    tell: Sender<Notification>,
    gate: Mutex<Option<Gate>>,
    released: Sender<()>,
}

/// What a test has of a stubborn sink.
struct Ends {
    told: Receiver<Notification>,
    open: Sender<()>,
    released: Receiver<()>,
}

fn stubborn() -> (Stubborn, Ends) {
    let ((tell, told), (open, closed), (release, released)) = (channel(), gate(), channel());
    let sink = Stubborn { tell, gate: Mutex::new(Some(closed)), released: release };
    (sink, Ends { told, open, released })
}

impl AdviseSink for Stubborn {
    fn on_notify(&self, notification: Notification) {
        let gate = self.gate.lock().expect("nobody panics with it").take();
        let _ = self.tell.send(notification);
        if let Some(gate) = gate {
            gate.pass();
        }
    }
}

impl Drop for Stubborn {
    fn drop(&mut self) {
        let _ = self.released.send(());
    }
}

fn log_on(environment: &Environment) -> Session {
    mapi(environment).logon().profile("Work").shared().call().expect("Work is open")
}

fn advise(session: &Session, sink: impl AdviseSink + 'static) -> Connection {
    session.advise(sink).expect("it is logged on")
}

fn hears(ear: &Receiver<Notification>) {
    assert_eq!(expect(ear, "notification"), Notification::Extended);
}

#[test]
fn a_hanging_sink_keeps_notifications_from_its_own_handle_alone() {
    let (environment, steps) = environment();
    let (stuck, other) = (log_on(&environment), log_on(&environment));
    let (sink, ends) = stubborn();
    let (ear, told) = ear();
    let connections = (advise(&stuck, sink), advise(&other, ear));

    for _ in 0..3 {
        drop(log_on(&environment));
        hears(&told);
    }
    hears(&ends.told);
    assert_eq!(ends.told.try_iter().count(), 0, "it is still in the first");
    stuck.logoff(LogoffFlags::empty()).expect("a logoff waits for no sink");
    hears(&told);
    other.logoff(LogoffFlags::empty()).expect("nobody is asked");

    settle(&environment);
    drop(connections);
    assert!(is_empty(&environment), "{:?}", environment.state());
    ends.open.send(()).expect("it still hangs");
    steps.until_the_end_of(environment);
    assert_eq!(ends.told.try_iter().count(), 0, "its handle is gone");
    expect(&ends.released, "release of the sink");
}

#[test]
fn a_sink_that_hung_gets_what_came_meanwhile() {
    let (environment, _steps) = environment();
    let session = log_on(&environment);
    let (sink, ends) = stubborn();
    let _connection = advise(&session, sink);
    drop(log_on(&environment));
    hears(&ends.told);

    drop((log_on(&environment), log_on(&environment)));
    ends.open.send(()).expect("it hangs");

    hears(&ends.told);
    hears(&ends.told);
}

#[test]
fn a_panicking_sink_is_called_again_and_so_are_the_others() {
    let (environment, steps) = environment();
    let (tell, told) = channel();
    let session = log_on(&environment);
    let brittle = move |notification| {
        tell.send(notification).expect("the test waits for it");
        panic!("the sink breaks down, as it should");
    };
    let (ear, heard) = ear();
    let connections = (advise(&session, brittle), advise(&session, ear));

    for _ in 0..2 {
        drop(log_on(&environment));
        hears(&told);
        hears(&heard);
    }
    drop((connections, session));
    steps.until_the_end_of(environment);
}

#[test]
fn a_sink_that_panics_when_it_is_released_harms_nobody() {
    struct Brittle;
    impl AdviseSink for Brittle {
        fn on_notify(&self, _: Notification) {}
    }
    impl Drop for Brittle {
        fn drop(&mut self) {
            panic!("it breaks when it is dropped, as it should");
        }
    }
    let (environment, steps) = environment();
    let (session, other) = (log_on(&environment), log_on(&environment));

    advise(&session, Brittle).unadvise();
    let connections = [advise(&session, Brittle), advise(&other, Brittle)];
    drop((session, other));

    settle(&environment);
    drop(connections);
    assert!(is_empty(&environment), "{:?}", environment.state());
    steps.until_the_end_of(environment);
}

#[test]
fn a_sink_is_not_released_while_it_runs_and_nobody_waits_for_that() {
    let (environment, _steps) = environment();
    let session = log_on(&environment);
    let (sink, ends) = stubborn();
    let connection = advise(&session, sink);
    drop(log_on(&environment));
    hears(&ends.told);

    drop(connection);
    assert!(ends.released.try_recv().is_err(), "somebody is in it");
    ends.open.send(()).expect("it is called");

    expect(&ends.released, "release of the sink");
    session.logoff(LogoffFlags::empty()).expect("nobody is asked");
}

#[test]
fn a_sink_is_released_when_its_handle_ends_in_whatever_way() {
    let ways: [fn(&Process, HandleId); 4] = [
        |process, handle| process.logoff(handle, 0, 0).expect("it is live"),
        |process, handle| process.release(handle).expect("it is live"),
        |process, _| process.uninitialize(),
        |process, _| process.crash(),
    ];
    for end in ways {
        let (environment, _steps) = environment();
        let (process, handle) = member(&environment);
        let (sink, ends) = stubborn();
        process.advise(handle, Arc::new(sink)).expect("it is live");

        end(&process, handle);

        expect(&ends.released, "release of the sink");
    }
}

#[test]
fn a_sink_that_is_refused_is_released() {
    let (environment, _steps) = environment();
    let process = process(&environment, NoUi);
    let handle = process.logon_ex(0, Some("Work"), None, 0).expect("Work is open").handle;
    process.logoff(handle, 0, 0).expect("it is live");
    let (sink, ends) = stubborn();

    process.advise(handle, Arc::new(sink)).expect_err("it is logged off");

    expect(&ends.released, "release of the sink");
}

#[test]
fn what_was_queued_does_not_reach_a_sink_once_its_handle_is_logged_off() {
    let hold = Hold::new();
    let (environment, mut steps) = furnished(Environment::builder().pace(hold.clone()));
    let session = log_on(&environment);
    let (ear, told) = ear();
    let connection = advise(&session, ear);
    let leash = hold.back(|event| matches!(event, Event::NotificationDue { .. }));
    drop(log_on(&environment));
    leash.is_taut();

    session.logoff(LogoffFlags::empty()).expect("nobody is asked");
    leash.let_go();

    steps.until(Rule::IgnoreStale);
    drop(connection);
    steps.until_the_end_of(environment);
    assert_eq!(told.try_iter().count(), 0);
}

#[test]
fn after_a_logoff_the_sinks_are_spared_that_were_not_called_yet() {
    let (environment, steps) = environment();
    let session = log_on(&environment);
    let (sink, ends) = stubborn();
    let (ear, told) = ear();
    let connections = (advise(&session, sink), advise(&session, ear));
    drop(log_on(&environment));
    hears(&ends.told);

    session.logoff(LogoffFlags::empty()).expect("a logoff waits for no sink");
    ends.open.send(()).expect("the first one is called");

    drop(connections);
    steps.until_the_end_of(environment);
    assert_eq!(told.try_iter().count(), 0);
}

/// A handle on a shared session, for a sink to call on.
fn member(environment: &Environment) -> (Process, HandleId) {
    let process = process(environment, NoUi);
    let flags = LogonFlags::ALLOW_OTHERS.bits();
    let logon = process.logon_ex(0, Some("Work"), None, flags).expect("Work is open");
    (process, logon.handle)
}

#[test]
fn a_sink_may_log_its_own_handle_off() {
    let (environment, steps): (_, Steps) = environment();
    let (process, handle) = member(&environment);
    let (tell, told) = channel();
    let sink = {
        let process = process.clone();
        move |_| tell.send(process.logoff(handle, 0, 0)).expect("the test waits for it")
    };
    process.advise(handle, Arc::new(sink)).expect("it is live");

    drop(log_on(&environment));

    expect(&told, "result of the logoff").expect("it is live");
    settle(&environment);
    assert_eq!(environment.state().sessions().count(), 0);
    drop(process);
    steps.until_the_end_of(environment);
}

#[test]
fn a_sink_may_make_every_call_and_end_its_own_connection() {
    let (environment, _steps) = environment();
    let (process, handle) = member(&environment);
    let (tell, told) = channel();
    let own = Arc::new(Mutex::new(None));
    let sink = {
        let (process, own) = (process.clone(), Arc::clone(&own));
        move |_: Notification| {
            let logon = process.logon_ex(0, Some("Work"), None, LogonFlags::NEW_SESSION.bits());
            let table = process.status_table(handle).is_ok();
            let store = process.set_default_store(handle, None).is_ok();
            let book = process.open_address_book(handle, 0, 0).is_ok();
            let more = process.advise(handle, Arc::new(|_: Notification| {})).is_ok();
            let connection = own.lock().expect("nobody panics with it").take();
            let ended = connection.map(|it| process.unadvise(handle, it).is_ok());
            let _ = tell.send((logon.is_ok(), table, store, book, more, ended));
        }
    };
    let connection = process.advise(handle, Arc::new(sink)).expect("it is live");
    *own.lock().expect("nobody panics with it") = Some(connection);

    drop(log_on(&environment));

    let results = expect(&told, "results from inside");
    assert_eq!(results, (true, true, true, true, true, Some(true)));
    // It has ended: nothing more comes, and what it was told by is gone.
    drop(log_on(&environment));
    process.logoff(handle, 0, 0).expect("it is live");
    expect_end(&told);
}

/// Waits until whoever could say something more is gone.
fn expect_end<T: std::fmt::Debug>(told: &Receiver<T>) {
    let end = told.recv_timeout(std::time::Duration::from_secs(60));
    let gone = std::sync::mpsc::RecvTimeoutError::Disconnected;
    assert_eq!(end.expect_err("nothing more comes"), gone);
}
