//! Answers and deadlines that something else gets ahead of.

use std::time::Duration;

use mapi_session::protocol::{Event, Rule};
use mapi_session::{Environment, NoUi, OpenError, OpenFlags, Patience, ProviderId, ProviderState};

use crate::cast::{Cast, disabled, down, gate, off, on, playing, skip, state};
use crate::hold::Hold;
use crate::stage::{StageClock, elsewhere, mapi, process, settle};

const MAILBOX: ProviderId = ProviderId(0);

fn is_answer(event: &Event) -> bool {
    matches!(event, Event::ProviderAnswered { provider: MAILBOX, .. })
}

#[test]
fn an_answer_that_is_on_its_way_when_its_client_dies_is_not_taken_for_a_later_one() {
    let (cast, hold) = (Cast::new(), Hold::new());
    cast.on_logon("Mailbox", skip);
    let services = vec![("Exchange", cast.service().store("Mailbox"))];
    let (environment, mut steps) = playing(Environment::builder().pace(hold.clone()), services);
    let session = mapi(&environment).logon().profile("Mail").shared().call();
    let session = session.expect("a session survives it");
    let id = session.id();
    let victim = process(&environment, NoUi);
    let handle = victim.logon_ex(0, None, None, 0).expect("it joins").handle;
    cast.heard();

    // The dead one's success is held back; the next one's attempt is a failure.
    let leash = hold.back(is_answer);
    let opening = elsewhere({
        let victim = victim.clone();
        move || victim.open_msg_store(handle, 0, MAILBOX, OpenFlags::NO_DIALOG.bits())
    });
    leash.is_taut();
    victim.crash();
    assert_eq!(opening.returns(), Err(OpenError::Withdrawn));
    let (open, closed) = gate();
    cast.on_logon("Mailbox", move || {
        closed.pass();
        skip()
    });
    let second = elsewhere(move || {
        let opened = session.open_store(MAILBOX).call().map(drop);
        (session, opened)
    });
    assert_eq!([cast.hears(), cast.hears()], [on("Mailbox", id), on("Mailbox", id)]);
    leash.let_go();
    assert_eq!([cast.hears(), cast.hears()], [off("Mailbox", id), down("Mailbox", id)]);
    open.send(()).expect("it is waited for");

    let (session, opened) = second.returns();
    opened.expect_err("its own attempt was a failure");
    assert!(matches!(state(&session, "Mailbox"), ProviderState::Failed(_)));
    assert!(!steps.heard_a_provider_in_vain());
    drop(session);
    settle(&environment);
    assert_eq!(cast.heard(), []);
}

#[test]
fn a_deadline_that_passes_as_the_provider_answers_is_not_the_next_ones() {
    let (cast, hold, clock) = (Cast::new(), Hold::new(), StageClock::new());
    let (open, closed) = gate();
    cast.on_logon("Mailbox", move || {
        closed.pass();
        Ok(None)
    });
    let (open_next, closed_next) = gate();
    cast.on_logon("Archive", move || {
        closed_next.pass();
        Ok(None)
    });
    let services = vec![
        ("Exchange", cast.service().store("Mailbox")),
        ("Archives", cast.service().store("Archive")),
    ];
    let builder = Environment::builder().pace(hold.clone()).clock(clock.clone());
    let (environment, mut steps) = playing(builder, services);
    let mapi = mapi(&environment);
    let leash = hold.back(|event| matches!(event, Event::DeadlinePassed { .. }));

    let logon = elsewhere(move || mapi.logon().profile("Mail").call());
    cast.hears();
    clock.await_sleepers(1);
    clock.advance(Duration::from_secs(60));
    leash.is_taut();
    open.send(()).expect("it is waited for");
    cast.hears();
    leash.let_go();
    clock.await_sleepers(1);
    open_next.send(()).expect("it is waited for");

    let session = logon.returns().expect("it is a session");
    assert!(session.report().is_clean(), "{}", session.report());
    assert!(!steps.rules().contains(&Rule::DisableAtDeadline));
    assert_eq!(disabled(&session, "Archives"), None);
}

#[test]
fn a_deadline_for_a_whole_open_call_counts_whatever_it_waits_for() {
    let (cast, hold, clock) = (Cast::new(), Hold::new(), StageClock::new());
    cast.on_logon("Mailbox", skip);
    let services = vec![("Exchange", cast.service().store("Mailbox"))];
    let builder = Environment::builder().pace(hold.clone()).clock(clock.clone());
    let (environment, mut steps) = playing(builder, services);
    let process = process(&environment, NoUi);
    let handle = process.logon_ex(0, Some("Mail"), None, 0).expect("it is a session").handle;
    let (_open, closed) = gate();
    cast.on_logon("Mailbox", move || {
        closed.pass();
        Ok(None)
    });
    let patience = Patience { open: Some(Duration::from_secs(1)), ..Patience::endless() };
    let opening = {
        let process = process.with_patience(patience);
        elsewhere(move || process.open_msg_store(handle, 0, MAILBOX, 0))
    };
    steps.until(Rule::StartForStore);
    clock.await_sleepers(1);
    clock.advance(Duration::from_secs(1));

    opening.returns().expect_err("a second is over");
    steps.until(Rule::LeaveAttemptAtDeadline);
}
