//! Providers, entry functions and users' dialogs that call back into the engine.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

use mapi_session::protocol::Rule;
use mapi_session::{
    CallId, Environment, HandleId, LogonError, LogonFlags, LogonRefusal, MapiCode, NoUi, OpenError,
    OpenFlags, OpenRefusal, Process, ProviderId, ProviderState, Session,
};

use crate::cast::{Cast, gate, playing, skip, state, unconfigured};
use crate::stage::{Steps, elsewhere, expect, mapi, process, settle};

const MAILBOX: ProviderId = ProviderId(0);
const PUBLIC: ProviderId = ProviderId(1);

/// A shared session on `Mail`, with a handle on it for foreign code to call on.
struct Stage {
    session: Session,
    process: Process,
    handle: HandleId,
    steps: Steps,
    environment: Environment,
}

fn stage(cast: &Cast) -> Stage {
    cast.on_logon("Mailbox", skip);
    cast.on_logon("Public", skip);
    let service = cast.service().store("Mailbox").store("Public").with_entry();
    let (environment, steps) = playing(Environment::builder(), vec![("Exchange", service)]);
    let logon = mapi(&environment).logon().profile("Mail").shared().call();
    let session = logon.expect("a session survives it");
    let process = process(&environment, NoUi);
    let handle = process.logon_ex(0, None, None, 0).expect("it joins").handle;
    cast.heard();
    Stage { session, process, handle, steps, environment }
}

fn open(process: &Process, handle: HandleId, store: ProviderId) -> Result<(), OpenError> {
    process.open_msg_store(handle, 0, store, OpenFlags::NO_DIALOG.bits())
}

fn refused(result: &Result<(), OpenError>) -> Option<OpenRefusal> {
    match result {
        Err(OpenError::Refused { refusal, .. }) => Some(*refusal),
        Err(OpenError::Withdrawn) | Ok(()) => None,
    }
}

/// Where the process is put that foreign code is to call.
type Slot = Arc<Mutex<Option<Process>>>;

fn slot() -> (Slot, Slot) {
    let slot = Slot::default();
    (Arc::clone(&slot), slot)
}

#[test]
fn a_logon_from_inside_a_provider_is_refused_at_once() {
    let cast = Cast::new();
    let (inner, outer) = slot();
    let (tell, told) = channel();
    cast.on_logon("Mailbox", move || {
        let process = inner.lock().expect("nobody panics with it").take();
        let process = process.expect("it was set before the logon");
        let nested = process.logon_ex(0, Some("Work"), None, 0).map(drop);
        tell.send(nested).expect("the test waits for it");
        Ok(None)
    });
    let service = cast.service().store("Mailbox");
    let (environment, _steps) = playing(Environment::builder(), vec![("Exchange", service)]);
    *outer.lock().expect("nobody panics with it") = Some(process(&environment, NoUi));

    let session = mapi(&environment).logon().profile("Mail").call().expect("it goes through");

    let nested = expect(&told, "result of the nested logon");
    assert_eq!(nested, Err(LogonError::Refused(LogonRefusal::Nested)));
    assert!(session.report().is_clean(), "{}", session.report());
}

#[test]
fn a_logon_from_inside_an_entry_function_is_refused_at_once() {
    let cast = Cast::new();
    let (inner, outer) = slot();
    let (tell, told) = channel();
    cast.on_entry("Exchange", move || {
        let process = inner.lock().expect("nobody panics with it").take();
        let process = process.expect("it was set before the logon");
        let flags = LogonFlags::NEW_SESSION.bits();
        tell.send(process.logon_ex(0, Some("Work"), None, flags).map(drop)).expect("waited for");
        Ok(())
    });
    let service = cast.service().store("Mailbox").with_entry();
    let (environment, _steps) = playing(Environment::builder(), vec![("Exchange", service)]);
    *outer.lock().expect("nobody panics with it") = Some(process(&environment, NoUi));

    let logon = mapi(&environment).logon().profile("Mail").service_ui_always().call();

    logon.expect("the outer logon goes through");
    let nested = expect(&told, "result of the nested logon");
    assert_eq!(nested, Err(LogonError::Refused(LogonRefusal::Nested)));
}

#[test]
fn an_open_call_from_inside_that_would_wait_for_itself_is_refused() {
    let cast = Cast::new();
    let mut stage = stage(&cast);
    let (tell, told) = channel();
    cast.on_logon("Mailbox", {
        let (process, handle) = (stage.process.clone(), stage.handle);
        move || {
            tell.send(open(&process, handle, MAILBOX)).expect("the test waits for it");
            Ok(None)
        }
    });

    let opened = stage.session.open_store(MAILBOX).call();

    let inside = expect(&told, "result of the open call from inside");
    assert_eq!(refused(&inside), Some(OpenRefusal::WouldWaitForItself));
    assert_eq!(inside.expect_err("refused").code(), Some(MapiCode::MAPI_E_BUSY));
    opened.expect("the outer one goes through").with(|_| ()).expect("it runs");
    stage.steps.until(Rule::RefuseOpenFromInside);
}

#[test]
fn other_calls_from_inside_work() {
    let cast = Cast::new();
    let stage = stage(&cast);
    let (tell, told) = channel();
    cast.on_logon("Mailbox", {
        let (process, handle) = (stage.process.clone(), stage.handle);
        let environment = stage.environment.clone();
        move || {
            // Nobody is at the other store, and nobody waits for it.
            let opened = open(&process, handle, PUBLIC);
            let used = process.use_provider(handle, PUBLIC, |_| ()).is_ok();
            let closed = process.store_logoff(handle, PUBLIC).is_ok();
            // A logon is none of a logon's business if it is made from inside an open call.
            let logon = process.logon_ex(0, Some("Work"), None, LogonFlags::NEW_SESSION.bits());
            let counted = environment.state().sessions().count();
            tell.send((opened, used, closed, logon.is_ok(), counted)).expect("waited for");
            Ok(None)
        }
    });

    stage.session.open_store(MAILBOX).call().expect("it goes through");

    assert_eq!(expect(&told, "results from inside"), (Ok(()), true, true, true, 2));
}

#[test]
fn a_provider_may_log_off_the_very_handle_that_opens_it() {
    let cast = Cast::new();
    let stage = stage(&cast);
    let (tell, told) = channel();
    cast.on_logon("Mailbox", {
        let (process, handle) = (stage.process.clone(), stage.handle);
        move || {
            tell.send(process.logoff(handle, 0, 0)).expect("the test waits for it");
            Ok(None)
        }
    });

    let opened = open(&stage.process, stage.handle, MAILBOX);

    assert_eq!(refused(&opened), Some(OpenRefusal::LoggedOff));
    assert_eq!(expect(&told, "result of the logoff"), Ok(()));
    let mut steps = stage.steps;
    steps.until(Rule::KeepLateProvider);
    assert_eq!(state(&stage.session, "Mailbox"), ProviderState::Ready { warning: None });
}

#[test]
fn a_provider_that_is_asked_to_log_off_may_call_back() {
    let cast = Cast::new();
    let stage = stage(&cast);
    stage.session.open_store(MAILBOX).call().expect("it starts").log_off().expect("it is open");
    let mut steps = stage.steps;
    steps.until(Rule::FreeStore);
    let (tell, told) = channel();
    cast.on_log_off("Mailbox", {
        let (process, handle) = (stage.process.clone(), stage.handle);
        let other = HandleId(CallId(u64::MAX));
        move || {
            let opened = open(&process, handle, PUBLIC);
            let invalid = process.logoff(other, 0, 0).expect_err("there is no such handle");
            tell.send((opened, invalid.code())).expect("the test waits for it");
        }
    });

    stage.session.open_store(MAILBOX).call().expect("it starts").log_off().expect("it is open");

    let invalid = Some(MapiCode::MAPI_E_INVALID_OBJECT);
    assert_eq!(expect(&told, "results from inside"), (Ok(()), invalid));
    steps.until(Rule::FreeStore);
    drop(stage.session);
    stage.process.crash();
    settle(&stage.environment);
}

#[test]
fn an_open_call_from_a_thread_that_a_provider_makes_waits_like_any_other() {
    let cast = Cast::new();
    let stage = stage(&cast);
    let (tell, told): (Sender<_>, Receiver<_>) = channel();
    let (let_go, held) = gate();
    cast.on_logon("Mailbox", {
        let (process, handle) = (stage.process.clone(), stage.handle);
        move || {
            std::thread::spawn(move || tell.send(open(&process, handle, MAILBOX)));
            held.pass();
            unconfigured()
        }
    });
    let session = stage.session;
    let opening = elsewhere(move || {
        let opened = session.open_store(MAILBOX).call().map(drop);
        (session, opened)
    });

    let mut steps = stage.steps;
    steps.until(Rule::WaitForProvider);
    let_go.send(()).expect("it is waited for");

    let (_session, opened) = opening.returns();
    opened.expect("the second attempt is a good one");
    expect(&told, "result of the open call from the thread").expect("it runs by then");
}
