//! Providers and entry functions that hang, and answer late or never.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use mapi_session::protocol::Rule;
use mapi_session::{
    Cause, Environment, FailedPhase, LoggedOn, LogoffFlags, LogonError, MapiCode, MessageService,
    NoUi, Provider, ProviderError, ProviderLogon, ProviderState, Session, StoreLogon,
    StoreProvider, Withdrawal,
};

use crate::cast::{
    Cast, Gate, Told, disabled, down, failed, gate, list, off, on, playing, skip, state,
    unconfigured,
};
use crate::stage::{
    Elsewhere, StageClock, Steps, elsewhere, expect, is_empty, mapi, process, settle,
};

const MINUTE: Duration = Duration::from_secs(60);

/// An environment with a clock of the stage; `Mail` lists `Exchange` and `Archives`.
fn stage(cast: &Cast, has_entry: bool) -> (Environment, Steps, StageClock) {
    let clock = StageClock::new();
    let exchange = cast.service().store("Mailbox").store("Public");
    let exchange = if has_entry { exchange.with_entry() } else { exchange };
    let archives = cast.service().store("Archive");
    let builder = Environment::builder().clock(clock.clone());
    let services = vec![("Exchange", exchange), ("Archives", archives)];
    let (environment, steps) = playing(builder, services);
    (environment, steps, clock)
}

fn log_on(environment: &Environment) -> Elsewhere<Session> {
    let mapi = mapi(environment);
    elsewhere(move || {
        mapi.logon().profile("Mail").individual().call().expect("a session survives it")
    })
}

fn hang(cast: &Cast, provider: &str, then: fn() -> crate::cast::Logon) -> Sender<()> {
    let (open, closed) = gate();
    cast.on_logon(provider, move || {
        closed.pass();
        then()
    });
    open
}

#[test]
fn a_hanging_provider_costs_its_service_and_nobody_else_anything() {
    let cast = Cast::new();
    let (environment, mut steps, clock) = stage(&cast, false);
    let open = hang(&cast, "Mailbox", || Ok(None));

    let logon = log_on(&environment);
    let Told::LogOn(_, id, ..) = cast.hears() else { panic!("it starts before it stops") };
    clock.await_sleepers(1);
    clock.advance(MINUTE);

    let session = logon.returns();
    steps.until(Rule::DisableAtDeadline);
    assert_eq!(disabled(&session, "Exchange"), Some(MapiCode::MAPI_E_TIMEOUT));
    assert_eq!(state(&session, "Mailbox"), ProviderState::LoggingOn);
    assert_eq!(state(&session, "Archive"), ProviderState::Ready { warning: None });
    assert_eq!(cast.heard(), [on("Archive", id)], "Public is not started any more");
    log_on(&environment).returns().logoff(LogoffFlags::empty()).expect("the next is not held up");

    open.send(()).expect("it still hangs");
    steps.until(Rule::TakeBackLateOfDisabledService);
    drop(session);
    settle(&environment);
    let told = cast.heard();
    let taken_back = [off("Mailbox", id), down("Mailbox", id)];
    assert!(taken_back.iter().all(|it| told.iter().filter(|told| *told == it).count() == 1));
}

#[test]
fn the_bit_exact_logon_sets_no_deadline_and_can_be_withdrawn() {
    let cast = Cast::new();
    let (environment, mut steps, clock) = stage(&cast, false);
    let open = hang(&cast, "Mailbox", || Ok(None));
    let withdrawal = Withdrawal::new();
    let process = process(&environment, NoUi);
    let logon = elsewhere({
        let patience = mapi_session::Patience {
            withdrawal: Some(withdrawal.clone()),
            ..mapi_session::Patience::endless()
        };
        let process = process.with_patience(patience);
        move || process.logon_ex(0, Some("Mail"), None, 0)
    });
    let Told::LogOn(_, id, ..) = cast.hears() else { panic!("it starts before it stops") };
    clock.advance(100 * MINUTE);
    assert!(!logon.has_returned());

    withdrawal.withdraw();

    assert_eq!(logon.returns().expect_err("it was withdrawn"), LogonError::Withdrawn);
    steps.until(Rule::WithdrawStartingLogon);
    log_on(&environment).returns().logoff(LogoffFlags::empty()).expect("the mutex is free");
    steps.until(Rule::EndSession);
    // Only now it answers: its session has waited for it, to take it back.
    cast.heard();
    open.send(()).expect("it still hangs");
    assert_eq!([cast.hears(), cast.hears()], [off("Mailbox", id), down("Mailbox", id)]);
    settle(&environment);
    assert_eq!(environment.state().sessions().count(), 0);
}

#[test]
fn what_answers_after_its_session_has_ended_is_taken_back_once() {
    let cast = Cast::new();
    let (environment, mut steps, _clock) = stage(&cast, false);
    let open = hang(&cast, "Public", || Ok(None));
    let victim = process(&environment, NoUi);
    let logon = elsewhere({
        let victim = victim.clone();
        move || victim.logon_ex(0, Some("Mail"), None, 0)
    });
    let Told::LogOn(_, id, ..) = cast.hears() else { panic!("it starts before it stops") };
    assert_eq!(cast.hears(), on("Public", id));

    victim.crash();

    assert_eq!(logon.returns().expect_err("its process is gone"), LogonError::Withdrawn);
    settle(&environment);
    assert!(is_empty(&environment), "the end of the session does not wait for what hangs");
    assert_eq!(cast.heard(), [off("Mailbox", id), down("Mailbox", id)]);
    open.send(()).expect("it still hangs");
    assert_eq!([cast.hears(), cast.hears()], [off("Public", id), down("Public", id)]);
    assert!(!steps.heard_a_provider_in_vain(), "nobody hears of it");
    drop((victim, environment));
    assert_eq!(cast.heard(), []);
}

#[test]
fn a_late_failure_changes_nothing_but_the_report() {
    let cast = Cast::new();
    let (environment, mut steps, clock) = stage(&cast, false);
    let open = hang(&cast, "Archive", || failed(MapiCode::MAPI_E_NETWORK_ERROR));
    let logon = log_on(&environment);
    while !matches!(cast.hears(), Told::LogOn(provider, ..) if provider == "Archive") {}
    clock.await_sleepers(1);
    clock.advance(MINUTE);
    let session = logon.returns();

    open.send(()).expect("it still hangs");
    steps.until(Rule::FailLateProvider);

    assert_eq!(disabled(&session, "Archives"), Some(MapiCode::MAPI_E_TIMEOUT));
    let ProviderState::Failed(failure) = state(&session, "Archive") else {
        panic!("{}", session.report());
    };
    assert_eq!(failure.code, MapiCode::MAPI_E_NETWORK_ERROR);
}

#[test]
fn a_hanging_entry_function_is_taken_as_returned() {
    let cast = Cast::new();
    let (environment, mut steps, clock) = stage(&cast, true);
    cast.on_logon("Mailbox", unconfigured);
    let (open, closed) = gate();
    cast.on_entry("Exchange", move || {
        closed.pass();
        Ok(())
    });

    let logon = log_on(&environment);
    steps.until(Rule::ConfigureService);
    while !matches!(cast.hears(), Told::Configure(..)) {}
    clock.await_sleepers(1);
    clock.advance(MINUTE);

    let session = logon.returns();
    steps.until(Rule::RetryAtDeadline);
    assert_eq!(state(&session, "Mailbox"), ProviderState::Ready { warning: None });
    let report = session.report();
    let failures = report.services().next().expect("it is listed").providers[0].failures.to_vec();
    assert_eq!(failures[1].phase, FailedPhase::Entry);
    assert_eq!(failures[1].code, MapiCode::MAPI_E_TIMEOUT);
    open.send(()).expect("it still hangs");
    steps.until(Rule::IgnoreStale);
    assert_eq!(session.report(), report);
}

#[test]
fn a_hanging_configuration_dialog_is_passed_over() {
    let cast = Cast::new();
    let (environment, mut steps, clock) = stage(&cast, true);
    let (_open, closed) = gate();
    cast.on_entry("Exchange", move || {
        closed.pass();
        Ok(())
    });
    let mapi = mapi(&environment);

    let logon = elsewhere(move || mapi.logon().profile("Mail").service_ui_always().call());
    cast.hears();
    clock.await_sleepers(1);
    clock.advance(MINUTE);

    let session = logon.returns().expect("it is a session");
    assert!(session.report().is_clean(), "{}", session.report());
    steps.until(Rule::SkipShowAtDeadline);
}

#[test]
fn a_hanging_logoff_keeps_only_its_own_session_from_ending() {
    for on_shutdown in [false, true] {
        let cast = Cast::new();
        let (environment, mut steps, _clock) = stage(&cast, false);
        let (open, closed) = gate();
        hang_at_the_end(&cast, on_shutdown, closed);
        let stuck = log_on(&environment).returns();
        let (stuck_id, other) = (stuck.id(), log_on(&environment).returns());

        stuck.logoff(LogoffFlags::empty()).expect("a logoff does not wait for providers");
        let waited_for =
            if on_shutdown { down("Mailbox", stuck_id) } else { off("Mailbox", stuck_id) };
        while cast.hears() != waited_for {}
        other.logoff(LogoffFlags::empty()).expect("nobody is asked");

        steps.until(Rule::EndSession);
        let left: Vec<_> = environment.state().sessions().map(|(id, _)| id).collect();
        assert_eq!(left, [stuck_id]);
        log_on(&environment).returns();
        open.send(()).expect("it still hangs");
        settle(&environment);
    }
}

fn hang_at_the_end(cast: &Cast, on_shutdown: bool, closed: Gate) {
    if on_shutdown {
        cast.on_shut_down("Mailbox", move || closed.pass());
    } else {
        cast.on_log_off("Mailbox", move || closed.pass());
    }
}

#[test]
fn a_store_is_not_logged_off_under_the_hands_of_those_who_use_it() {
    let cast = Cast::new();
    let (environment, mut steps, _clock) = stage(&cast, false);
    let session = log_on(&environment).returns();
    let id = session.id();
    let mailbox = session.find_store("Mailbox").expect("it is listed");
    let store = session.open_store(mailbox).call().expect("it runs");
    let (open, closed) = gate();
    let (tell, told) = channel();
    let using = elsewhere(move || {
        store.with(|_| {
            tell.send(()).expect("the test waits for it");
            closed.pass();
        })
    });
    expect(&told, "use of the store");
    cast.heard();

    session.logoff(LogoffFlags::empty()).expect("nobody is asked");
    steps.until(Rule::LogOff);
    // In the time that another session needs for all its life.
    log_on(&environment).returns().logoff(LogoffFlags::empty()).expect("nobody is asked");
    steps.until(Rule::EndSession);
    assert!(!cast.heard().contains(&off("Mailbox", id)), "it is in use");
    open.send(()).expect("it is in use");

    using.returns().expect("a use that has begun goes on to its end");
    settle(&environment);
    assert!(cast.heard().contains(&off("Mailbox", id)));
}

#[test]
fn a_provider_that_hangs_when_opened_holds_up_no_logon_and_no_other_open_call() {
    let cast = Cast::new();
    let (environment, _steps, _clock) = stage(&cast, false);
    cast.on_logon("Mailbox", skip);
    let session = {
        let mapi = mapi(&environment);
        mapi.logon().profile("Mail").shared().call().expect("it is a session")
    };
    let open = hang(&cast, "Mailbox", || Ok(None));
    let (mailbox, archive) =
        (session.find_store("Mailbox").expect("listed"), session.find_store("Archive"));
    let process = process(&environment, NoUi);
    let handle = process.logon_ex(0, None, None, 0).expect("it joins").handle;
    cast.heard();
    let hanging = elsewhere(move || process.open_msg_store(handle, 0, mailbox, 0));
    cast.hears();

    log_on(&environment).returns();
    let other = session.open_store(archive.expect("listed")).call();
    other.expect("it has nothing to do with that").with(|_| ()).expect("it runs");

    open.send(()).expect("it still hangs");
    hanging.returns().expect("it came after all");
}

#[test]
fn after_a_crash_the_next_attempt_has_a_provider_object_of_its_own() {
    struct Stubborn(usize, Arc<Mutex<Option<Gate>>>, Sender<usize>);
    impl StoreProvider for Stubborn {
        fn log_on(&self, _: &ProviderLogon<'_>) -> Result<LoggedOn<dyn StoreLogon>, ProviderError> {
            let gate = self.1.lock().expect("nobody panics with it").take();
            self.2.send(self.0).expect("the test waits for it");
            if let Some(gate) = gate {
                gate.pass();
            }
            Err(ProviderError::SkipProvider(Cause::Other("not now".into())))
        }
    }
    struct Service(Arc<Mutex<Option<Gate>>>, Sender<usize>);
    impl MessageService for Service {
        fn providers(&self) -> Vec<Provider> {
            let (gate, told) = (Arc::clone(&self.0), self.1.clone());
            let count = AtomicUsize::new(0);
            vec![Provider::store("Box", move || {
                let number = count.fetch_add(1, Ordering::SeqCst);
                Stubborn(number, Arc::clone(&gate), told.clone())
            })]
        }
    }
    let ((tell, told), slot) = (channel(), Arc::new(Mutex::new(None)));
    let builder = Environment::builder().service("Stubborn", Service(Arc::clone(&slot), tell));
    let (environment, _steps) = crate::stage::furnished(builder);
    list(&environment, "Mail", vec!["Stubborn".to_owned()]);
    let session = mapi(&environment).logon().profile("Mail").shared().call();
    let session = session.expect("a session survives it");
    assert_eq!(expect(&told, "logon"), 0);
    let store = session.find_store("Box").expect("it is listed");
    session.open_store(store).call().expect_err("not now");
    assert_eq!(expect(&told, "logon"), 0, "who failed is tried again");
    let (_open, closed) = gate();
    *slot.lock().expect("nobody panics with it") = Some(closed);
    let victim = process(&environment, NoUi);
    let handle = victim.logon_ex(0, None, None, 0).expect("it joins").handle;
    let opening = elsewhere({
        let victim = victim.clone();
        move || victim.open_msg_store(handle, 0, store, 0)
    });
    assert_eq!(expect(&told, "logon"), 0);

    victim.crash();

    opening.returns().expect_err("its process is gone");
    session.open_store(store).call().expect_err("not now");
    assert_eq!(expect(&told, "logon"), 1, "somebody is still in the other");
}
