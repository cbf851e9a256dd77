//! Logons that wait for their turn, and those who give up.

use std::time::Duration;

use mapi_session::protocol::{Event, Rule};
use mapi_session::{
    LogonError, LogonFlags, LogonRefusal, Mapi, MapiCode, NoUi, ProfileChosen, UserAnswer,
    Withdrawal,
};

use crate::stage::{
    StageClock, Steps, elsewhere, environment, furnished, is_empty, mapi, mapi_with_user, process,
    user,
};

fn with_clock() -> (mapi_session::Environment, Steps, StageClock) {
    let clock = StageClock::new();
    let (environment, steps) = furnished(mapi_session::Environment::builder().clock(clock.clone()));
    (environment, steps, clock)
}

/// A logon without a deadline that sits in the chooser, and its user.
fn log_on_endlessly(
    mapi: &Mapi,
) -> crate::stage::Elsewhere<Result<mapi_session::Session, LogonError>> {
    let mapi = mapi.clone();
    elsewhere(move || mapi.logon_ex(0, None, None, LogonFlags::LOGON_UI))
}

#[test]
fn a_short_wait_ends_after_three_seconds() {
    let (environment, mut steps, clock) = with_clock();
    let (first, user) = mapi_with_user(&environment);
    let second = mapi(&environment);
    let prompting = log_on_endlessly(&first);
    let asked = user.sees_chooser();

    let impatient =
        elsewhere(move || second.logon_ex(0, Some("Work"), None, LogonFlags::TIMEOUT_SHORT));
    steps.until(Rule::QueueImpatientLogon);
    clock.await_sleepers(1);
    clock.advance(Duration::from_millis(2_999));
    clock.await_sleepers(1);
    assert!(!impatient.has_returned());
    clock.advance(Duration::from_millis(1));

    let error = impatient.returns().expect_err("three seconds are over");
    assert_eq!(error.code(), Some(MapiCode::MAPI_E_TIMEOUT));
    asked.answer(UserAnswer::Given(ProfileChosen::named("Work")));
    prompting.returns().expect("the one who prompts is not disturbed");
}

#[test]
fn a_deadline_ends_the_wait_for_the_turn() {
    let (environment, mut steps, clock) = with_clock();
    let (first, user) = mapi_with_user(&environment);
    let second = mapi(&environment);
    let _prompting = log_on_endlessly(&first);
    let _asked = user.sees_chooser();

    let waiting =
        elsewhere(move || second.logon().profile("Work").timeout(Duration::from_secs(60)).call());
    steps.until(Rule::QueueLogon);
    clock.await_sleepers(1);
    clock.advance(Duration::from_secs(60));

    let error = waiting.returns().expect_err("a minute is over");
    assert_eq!(error, LogonError::Refused(LogonRefusal::TimedOut));
}

#[test]
fn a_logon_that_gets_its_turn_is_not_timed_out_later() {
    let (environment, mut steps, clock) = with_clock();
    let (first, user) = mapi_with_user(&environment);
    let (second, second_user) = mapi_with_user(&environment);
    let prompting = log_on_endlessly(&first);
    let asked = user.sees_chooser();
    let flags = LogonFlags::TIMEOUT_SHORT | LogonFlags::LOGON_UI;
    let impatient = elsewhere(move || second.logon_ex(0, None, None, flags));
    steps.until(Rule::QueueImpatientLogon);
    clock.await_sleepers(1);

    asked.answer(UserAnswer::Cancelled);
    prompting.returns().expect_err("it was cancelled");
    let asked = second_user.sees_chooser();
    clock.advance(Duration::from_secs(3_600));
    asked.answer(UserAnswer::Given(ProfileChosen::named("Work")));

    impatient.returns().expect("its turn had come in time");
}

#[test]
fn a_logon_can_be_withdrawn_while_it_waits() {
    let (environment, mut steps) = environment();
    let (first, user) = mapi_with_user(&environment);
    let second = mapi(&environment);
    let prompting = log_on_endlessly(&first);
    let asked = user.sees_chooser();
    let withdrawal = Withdrawal::new();

    let waiting = elsewhere({
        let withdrawal = withdrawal.clone();
        move || second.logon().profile("Work").withdraw_with(&withdrawal).call()
    });
    steps.until(Rule::QueueLogon);
    steps.until(Rule::QueueLogon);
    withdrawal.withdraw();

    assert_eq!(waiting.returns().expect_err("it was withdrawn"), LogonError::Withdrawn);
    assert_eq!(environment.state().queue().count(), 0);
    asked.answer(UserAnswer::Given(ProfileChosen::named("Work")));
    prompting.returns().expect("the one who prompts is not disturbed");
}

#[test]
fn who_comes_first_is_served_first() {
    let (environment, mut steps) = environment();
    let (first, user) = mapi_with_user(&environment);
    let prompting = log_on_endlessly(&first);
    let asked = user.sees_chooser();
    steps.until(Rule::QueueLogon);

    let waiting: Vec<_> = (0..5)
        .map(|_| {
            let mapi = mapi(&environment);
            let waiting = elsewhere(move || mapi.logon().profile("Work").call().map(drop));
            let Event::LogonCalled { call, .. } = steps.until(Rule::QueueLogon).event else {
                panic!("only logons queue");
            };
            (call, waiting)
        })
        .collect();
    asked.answer(UserAnswer::Cancelled);
    prompting.returns().expect_err("it was cancelled");

    for (arrived, logon) in waiting {
        logon.returns().expect("Work is open");
        let Event::Continued { call } = steps.until(Rule::AcquireMutex).event else {
            panic!("the mutex is acquired when a logon goes on");
        };
        assert_eq!(call, arrived);
    }
}

#[test]
fn a_process_that_crashes_while_it_prompts_frees_the_mutex() {
    let (environment, mut steps) = environment();
    let (ui, user) = user();
    let victim = process(&environment, ui);
    let second = mapi(&environment);
    let prompting = elsewhere({
        let victim = victim.clone();
        move || victim.logon_ex(0, None, None, LogonFlags::LOGON_UI.bits())
    });
    let asked = user.sees_chooser();
    steps.until(Rule::AskForProfile);
    let waiting = elsewhere(move || second.logon().profile("Work").call());
    steps.until(Rule::QueueLogon);

    victim.crash();

    waiting.returns().expect("the mutex is free");
    assert_eq!(prompting.returns().expect_err("its process is gone"), LogonError::Withdrawn);
    asked.question.origin.withdrawn.wait();
    asked.answer(UserAnswer::Given(ProfileChosen::named("Work")));
    steps.until(Rule::IgnoreStale);
}

#[test]
fn a_process_that_is_dropped_out_of_balance_leaves_nothing() {
    let (environment, mut steps) = environment();
    let victim = process(&environment, NoUi);
    victim.initialize(0, 0).expect("it counts two");
    victim.logon_ex(0, Some("Work"), None, 0).expect("Work is open");

    drop(victim);

    steps.until(Rule::CrashClient);
    crate::stage::settle(&environment);
    assert!(is_empty(&environment));
}
