//! The record of steps, and the hand on the pace.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use mapi_session::protocol::{Event, Rule};
use mapi_session::{CallId, Environment, LogonFlags, MapiCode, NoUi, Patience, UserAnswer};

use crate::hold::Hold;
use crate::stage::{
    StageClock, elsewhere, environment, furnished, is_logon_of, mapi, mapi_with_user, process, user,
};

#[test]
fn the_record_is_complete_in_order_and_without_secrets() {
    let (environment, mut steps) = environment();
    let (mapi, user) = mapi_with_user(&environment);

    mapi.logon().profile("Safe").password("tulip").call().expect("it is right");
    let logon = elsewhere(move || mapi.logon().profile("Safe").ask_for_password().call());
    user.sees_password_prompt().answer(UserAnswer::Given("tulip".into()));
    logon.returns().expect("the user knows it");

    let steps = steps.all();
    let numbers: Vec<u64> = steps.iter().map(|record| record.number).collect();
    let expected: Vec<u64> = (1..=numbers.len() as u64).collect();
    assert_eq!(numbers, expected);
    assert!(!format!("{steps:?} {environment:?}").contains("tulip"));
}

#[test]
fn a_record_replays_on_the_core() {
    let (environment, mut steps) = environment();
    let mapi = mapi(&environment);
    drop(mapi.logon().profile("Work").shared().call().expect("Work is open"));
    drop(mapi);
    crate::stage::settle(&environment);

    let mut core = mapi_session::protocol::Sessions::new(mapi_session::protocol::Limits::default());
    for record in steps.all() {
        let step = core.step(record.event.clone());
        assert_eq!((step.rule, &step.effects), (record.rule, &record.effects));
    }
    assert_eq!(core, environment.state());
}

#[test]
fn a_logon_that_is_held_back_is_overtaken() {
    let hold = Hold::new();
    let (environment, mut steps) = furnished(Environment::builder().pace(hold.clone()));
    let (slow, quick) = (process(&environment, NoUi), process(&environment, NoUi));
    let leash = hold.back({
        let slow = slow.clone();
        move |event| is_logon_of(event, &slow)
    });
    let flags = LogonFlags::ALLOW_OTHERS.bits();

    let late = elsewhere(move || slow.logon_ex(0, Some("Safe"), Some("tulip"), flags));
    leash.is_taut();
    let first = quick.logon_ex(0, Some("Work"), None, flags).expect("Work is open");
    leash.let_go();

    let late = late.returns().expect("it joins");
    assert_eq!(late.session, first.session);
    steps.until(Rule::JoinShared);
}

#[test]
fn a_crash_falls_between_two_steps_of_a_logon() {
    let hold = Hold::new();
    let (environment, mut steps) = furnished(Environment::builder().pace(hold.clone()));
    let victim = process(&environment, NoUi);
    let leash = hold.back(|event| matches!(event, Event::ProfileLookedUp { .. }));

    let logon = elsewhere({
        let victim = victim.clone();
        move || victim.logon_ex(0, Some("Work"), None, 0)
    });
    leash.is_taut();
    victim.crash();
    steps.until(Rule::CrashClient);
    leash.let_go();

    logon.returns().expect_err("its process is gone");
    steps.until(Rule::IgnoreStale);
}

#[test]
fn a_deadline_that_passes_when_the_turn_has_come_is_too_late() {
    let (hold, clock) = (Hold::new(), StageClock::new());
    let (environment, mut steps) =
        furnished(Environment::builder().pace(hold.clone()).clock(clock.clone()));
    let (ui, user) = user();
    let (first, second) = (process(&environment, ui), process(&environment, NoUi));
    let prompting = elsewhere(move || first.logon_ex(0, None, None, LogonFlags::LOGON_UI.bits()));
    let asked = user.sees_chooser();
    steps.until(Rule::AskForProfile);
    let leash = hold.back(|event| matches!(event, Event::DeadlinePassed { .. }));

    let patience = Patience { turn: Some(Duration::from_secs(1)), ..Patience::endless() };
    let waiting = {
        let second = second.with_patience(patience);
        elsewhere(move || second.logon_ex(0, Some("Work"), None, 0))
    };
    steps.until(Rule::QueueLogon);
    clock.advance(Duration::from_secs(1));
    leash.is_taut();
    asked.answer(UserAnswer::Cancelled);
    let refused = prompting.returns().expect_err("it was cancelled");
    assert_eq!(refused.code(), Some(MapiCode::MAPI_E_USER_CANCEL));
    leash.let_go();

    waiting.returns().expect("its turn had come");
    steps.until(Rule::KeepTurn);
}

#[test]
fn settling_waits_for_sessions_to_end_but_not_for_ever() {
    let (hold, clock) = (Hold::new(), StageClock::new());
    let (environment, _steps) =
        furnished(Environment::builder().pace(hold.clone()).clock(clock.clone()));
    let mapi = mapi(&environment);
    let leash = hold.back(|event| matches!(event, Event::SessionClosed { .. }));
    let settle = || {
        let environment = environment.clone();
        elsewhere(move || environment.settle(Duration::from_secs(10)))
    };
    let session = mapi.logon().profile("Work").call().expect("Work is open");
    assert!(settle().returns(), "a session in use is none to wait for");

    drop(session);
    leash.is_taut();
    let in_vain = settle();
    clock.await_sleepers(1);
    clock.advance(Duration::from_secs(10));
    assert!(!in_vain.returns());
    let in_time = settle();
    clock.await_sleepers(1);
    leash.let_go();
    assert!(in_time.returns());
}

#[test]
fn the_last_handle_goes_while_another_logon_is_about_to_join() {
    let hold = Hold::new();
    let (environment, mut steps) = furnished(Environment::builder().pace(hold.clone()));
    let (mapi_one, mapi_two) = (mapi(&environment), mapi(&environment));
    let session = mapi_one.logon().profile("Work").shared().call().expect("Work is open");
    steps.until(Rule::AnswerLogon);
    let acquired = Arc::new(Mutex::new(None::<CallId>));
    // The second report of going on is the one that looks for a session to join.
    let leash = hold.back(move |event| {
        let Event::Continued { call } = event else { return false };
        let mut acquired = acquired.lock().expect("nobody panics with it");
        acquired.replace(*call) == Some(*call)
    });

    let joining = elsewhere(move || mapi_two.logon().profile("Safe").password("tulip").call());
    leash.is_taut();
    let gone = session.id();
    drop(session);
    leash.let_go();

    let opened = joining.returns().expect("the password is right");
    assert_ne!(opened.id(), gone);
    assert_eq!(opened.profile().as_str(), "Safe");
}
