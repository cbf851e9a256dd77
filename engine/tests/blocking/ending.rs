//! How a handle ends: asked or unasked, dropped or withdrawn.

use std::time::Duration;

use mapi_session::protocol::Rule;
use mapi_session::{
    LogoffError, LogoffFlags, LogoffRefusal, MapiCode, Patience, UserAnswer, Withdrawal,
};

use crate::stage::{
    StageClock, elsewhere, environment, furnished, is_empty, mapi, mapi_with_user, process, settle,
    user,
};

#[test]
fn a_declined_logoff_gives_the_session_back() {
    let (environment, _steps) = environment();
    let (mapi, user) = mapi_with_user(&environment);
    let session = mapi.logon().profile("Work").shared().call().expect("Work is open");
    let (id, handle) = (session.id(), session.handle());

    let logoff = elsewhere(move || session.logoff(LogoffFlags::UI));
    let question = user.sees_confirmation().answer(UserAnswer::Cancelled);

    let refused = logoff.returns().expect_err("the user declined");
    assert_eq!(question.handle, handle);
    assert_eq!(refused.error.code(), Some(MapiCode::MAPI_E_USER_CANCEL));
    assert_eq!((refused.session.id(), refused.session.is_shared()), (id, true));

    let logoff = elsewhere(move || refused.session.logoff(LogoffFlags::UI));
    user.sees_confirmation().answer(UserAnswer::Given(()));
    logoff.returns().expect("the user agreed");
    settle(&environment);
    assert_eq!(environment.state().sessions().count(), 0);
}

#[test]
fn without_a_user_a_logoff_goes_through_unasked() {
    let (environment, mut steps) = environment();
    let mapi = mapi(&environment);
    let session = mapi.logon().profile("Work").call().expect("Work is open");

    session.logoff(LogoffFlags::UI).expect("there is nobody to ask");

    steps.until(Rule::LogOffUnasked);
}

#[test]
fn a_confirmation_is_withdrawn_at_its_deadline_and_nothing_changes() {
    let clock = StageClock::new();
    let (environment, _steps) =
        furnished(mapi_session::Environment::builder().clock(clock.clone()));
    let (mapi, user) = mapi_with_user(&environment);
    let session = mapi.logon().profile("Work").shared().call().expect("Work is open");

    let logoff = elsewhere(move || session.logoff(LogoffFlags::UI));
    let asked = user.sees_confirmation();
    clock.advance(Duration::from_secs(5 * 60));

    let refused = logoff.returns().expect_err("the user did not answer");
    assert_eq!(refused.error, LogoffError::Refused(LogoffRefusal::Cancelled));
    assert!(refused.session.is_shared());
    asked.question.origin.withdrawn.wait();
}

#[test]
fn the_first_answer_decides_for_all_who_confirm_the_same_handle() {
    let (environment, _steps) = environment();
    let (ui, user) = user();
    let process = process(&environment, ui);
    let handle = process.logon_ex(0, Some("Work"), None, 0).expect("Work is open").handle;
    let log_off = || {
        let process = process.clone();
        elsewhere(move || process.logoff(handle, 0, LogoffFlags::UI.bits()))
    };
    let one = log_off();
    let asked_by_one = user.sees_confirmation();
    let other = log_off();
    let asked_by_other = user.sees_confirmation();

    asked_by_other.answer(UserAnswer::Given(()));

    other.returns().expect("the user agreed");
    let refused = one.returns().expect_err("the handle is gone");
    assert_eq!(refused.code(), Some(MapiCode::MAPI_E_INVALID_OBJECT));
    asked_by_one.question.origin.withdrawn.wait();
}

#[test]
fn a_logoff_can_be_withdrawn_while_it_asks() {
    let (environment, _steps) = environment();
    let (ui, user) = user();
    let process = process(&environment, ui);
    let handle = process.logon_ex(0, Some("Work"), None, 0).expect("Work is open").handle;
    let withdrawal = Withdrawal::new();
    let patience = Patience { withdrawal: Some(withdrawal.clone()), ..Patience::endless() };

    let logoff = elsewhere({
        let process = process.with_patience(patience);
        move || process.logoff(handle, 0, LogoffFlags::UI.bits())
    });
    let asked = user.sees_confirmation();
    withdrawal.withdraw();

    assert_eq!(logoff.returns(), Err(LogoffError::Withdrawn));
    asked.question.origin.withdrawn.wait();
    process.logoff(handle, 0, 0).expect("the handle is as live as before");
}

#[test]
fn a_dropped_session_is_logged_off_without_a_question() {
    let (environment, mut steps) = environment();
    let (mapi, user) = mapi_with_user(&environment);
    let session = mapi.logon().profile("Work").call().expect("Work is open");

    drop(session);

    steps.until(Rule::ReleaseLive);
    settle(&environment);
    assert_eq!(environment.state().sessions().count(), 0);
    assert!(user.sees_nothing());
}

#[test]
fn a_session_outlives_the_value_that_it_came_from() {
    let (environment, mut steps) = environment();
    let mapi = mapi(&environment);
    let session = mapi.logon().profile("Work").shared().call().expect("Work is open");

    drop(mapi);
    assert!(session.is_shared());
    let clone = session.mapi().clone();
    drop(session);
    clone.logon().profile("Work").call().expect("the process is still initialised");
    drop(clone);

    settle(&environment);
    assert!(is_empty(&environment));
    assert!(!steps.rules().contains(&Rule::CrashClient), "every initialisation was balanced");
}
