//! Simple MAPI, as its callers meet it: who joins whom (`SMP-01`, `SMP-02`), what is asked
//! (`SMP-03`), and what ends (`SMP-04`).
//!
//! What it hands on, and which code it makes of each answer, is a table of `specs/tables`, which
//! `tests/tables.rs` walks.

use std::time::Duration;

use mapi_session::protocol::Rule;
use mapi_session::{
    LogonError, LogonFlags, LogonRefusal, Mapi, Patience, ProfileChosen, SimpleCode, SimpleFlags,
    SimpleLogoffError, SimpleLogonError, SimpleMapi, SimpleSession, UserAnswer, Withdrawal,
};

use crate::stage::{
    StageClock, elsewhere, environment, furnished, is_empty, mapi, mapi_with_user, settle, user,
};

/// A logon without a window.
fn log_on(
    simple: &SimpleMapi,
    name: Option<&str>,
    password: Option<&str>,
    flags: SimpleFlags,
) -> Result<SimpleSession, SimpleLogonError> {
    simple.logon(0, name, password, flags, 0)
}

fn is_there_a_session(simple: &SimpleMapi) -> Result<SimpleSession, SimpleLogonError> {
    log_on(simple, None, None, SimpleFlags::empty())
}

fn code(result: Result<SimpleSession, SimpleLogonError>) -> SimpleCode {
    result.expect_err("it is refused").code().expect("it is answered")
}

#[test]
fn a_simple_logon_joins_a_shared_session_whoever_opened_it() {
    let (environment, _steps) = environment();
    let outlook = mapi(&environment);
    let shared = outlook.logon().profile("Work").shared().call().expect("Work is open");
    let simple = SimpleMapi::new(&mapi(&environment));

    let joined = log_on(&simple, Some("Safe"), Some("wrong"), SimpleFlags::empty());

    joined.expect("who joins needs no profile");
    assert_eq!(environment.state().sessions().count(), 1);
    assert_eq!(environment.state().handles().count(), 2);
    assert_eq!(shared.profile().as_str(), "Work");
}

#[test]
fn a_simple_logon_opens_a_session_that_others_can_join() {
    let (environment, _steps) = environment();
    let simple = SimpleMapi::new(&mapi(&environment));

    log_on(&simple, Some("Work"), None, SimpleFlags::empty()).expect("Work is open");

    let joined = mapi(&environment).logon().join_existing().call().expect("it is shared");
    assert_eq!(joined.profile().as_str(), "Work");
}

#[test]
fn a_new_session_of_simple_mapi_is_shared_too_and_joins_nothing() {
    let (environment, _steps) = environment();
    let simple = SimpleMapi::new(&mapi(&environment));
    let first = log_on(&simple, Some("Work"), None, SimpleFlags::empty()).expect("Work is open");

    let second = log_on(&simple, Some("Safe"), Some("tulip"), SimpleFlags::NEW_SESSION);

    second.expect("the password is right");
    assert_eq!(environment.state().sessions().count(), 2);
    simple.logoff(first, 0, 0).expect("it is live");
    let joined = mapi(&environment).logon().join_existing().call().expect("one is left");
    assert_eq!(joined.profile().as_str(), "Safe");
}

#[test]
fn a_simple_logon_without_arguments_tells_whether_there_is_a_session() {
    let (environment, _steps) = environment();
    let (mapi, user) = mapi_with_user(&environment);
    let simple = SimpleMapi::new(&mapi);

    assert_eq!(code(is_there_a_session(&simple)), SimpleCode::MAPI_E_LOGIN_FAILURE);
    let individual = mapi.logon().profile("Work").individual().call().expect("Work is open");
    assert_eq!(code(is_there_a_session(&simple)), SimpleCode::MAPI_E_LOGIN_FAILURE);
    let shared = mapi.logon().profile("Work").shared().call().expect("Work is open");
    let joined = is_there_a_session(&simple).expect("there is one");

    drop((individual, shared));
    let again = is_there_a_session(&simple).expect("it lives on for who has joined");
    assert_ne!(again, joined);
    assert!(user.sees_nothing());
}

#[test]
fn the_default_profile_is_not_for_simple_mapi() {
    let (environment, _steps) = environment();
    let (mapi, user) = mapi_with_user(&environment);
    let simple = SimpleMapi::new(&mapi);

    let logon = elsewhere(move || log_on(&simple, None, None, SimpleFlags::LOGON_UI));
    user.sees_chooser().answer(UserAnswer::Given(ProfileChosen::named("Work")));

    logon.returns().expect("Work is open");
}

#[test]
fn who_cancels_a_simple_logon_gets_the_code_for_that() {
    let (environment, _steps) = environment();
    let (mapi, user) = mapi_with_user(&environment);
    let simple = SimpleMapi::new(&mapi);
    let flags = [(None, SimpleFlags::LOGON_UI), (Some("Safe"), SimpleFlags::PASSWORD_UI)];

    let logons = elsewhere(move || flags.map(|(name, flags)| log_on(&simple, name, None, flags)));
    user.sees_chooser().answer(UserAnswer::Cancelled);
    user.sees_password_prompt().answer(UserAnswer::Cancelled);

    assert_eq!(logons.returns().map(code), [SimpleCode::MAPI_E_USER_ABORT; 2]);
}

#[test]
fn the_window_of_a_simple_logon_is_that_of_its_dialogs() {
    let (environment, _steps) = environment();
    let (mapi, user) = mapi_with_user(&environment);
    let simple = SimpleMapi::new(&mapi);

    let logon =
        elsewhere(move || simple.logon(77, Some("Safe"), None, SimpleFlags::PASSWORD_UI, 0));
    let asked = user.sees_password_prompt().answer(UserAnswer::Given("tulip".into()));

    assert_eq!(asked.origin.ui_param, 77);
    logon.returns().expect("the password is right");
}

#[test]
fn a_password_opens_a_profile_for_simple_mapi_if_it_is_the_right_one() {
    let (environment, _steps) = environment();
    let (mapi, user) = mapi_with_user(&environment);
    let simple = SimpleMapi::new(&mapi);
    let safe = |password| log_on(&simple, Some("Safe"), password, SimpleFlags::empty());

    assert_eq!(code(safe(None)), SimpleCode::MAPI_E_LOGIN_FAILURE);
    assert_eq!(code(safe(Some("rose"))), SimpleCode::MAPI_E_LOGIN_FAILURE);
    assert!(user.sees_nothing());
    safe(Some("tulip")).expect("the password is right");
}

#[test]
fn a_bad_name_is_refused_by_simple_mapi_without_a_dialog() {
    let (environment, _steps) = environment();
    let (mapi, user) = mapi_with_user(&environment);
    let simple = SimpleMapi::new(&mapi);

    for name in ["Nobody".to_owned(), "a".repeat(65), "a".repeat(256)] {
        let refused = log_on(&simple, Some(&name), None, SimpleFlags::LOGON_UI);
        assert_eq!(code(refused), SimpleCode::MAPI_E_LOGIN_FAILURE);
    }
    let refused = log_on(&simple, Some(&"a".repeat(257)), None, SimpleFlags::LOGON_UI);
    assert_eq!(refused, Err(SimpleLogonError::NameTooLong { chars: 257 }));
    assert!(user.sees_nothing());
}

#[test]
fn one_session_too_many_has_a_code_of_its_own() {
    let (environment, _steps) = furnished(mapi_session::Environment::builder().session_limit(1));
    let simple = SimpleMapi::new(&mapi(&environment));
    let first = log_on(&simple, Some("Work"), None, SimpleFlags::empty()).expect("there is room");

    let refused = log_on(&simple, Some("Work"), None, SimpleFlags::NEW_SESSION);
    let joined = is_there_a_session(&simple).expect("a join makes no session");
    for session in [joined, first] {
        simple.logoff(session, 0, 0).expect("it is live");
    }
    settle(&environment);

    assert_eq!(code(refused), SimpleCode::MAPI_E_TOO_MANY_SESSIONS);
    log_on(&simple, Some("Work"), None, SimpleFlags::NEW_SESSION).expect("there is room again");
}

#[test]
fn two_dialogs_are_one_too_many_for_simple_mapi() {
    let (environment, _steps) = environment();
    let simple = SimpleMapi::new(&mapi(&environment));

    let both = SimpleFlags::LOGON_UI | SimpleFlags::PASSWORD_UI;
    let refused = log_on(&simple, Some("Work"), None, both).expect_err("one of them");

    let refusal = LogonError::Refused(LogonRefusal::TwoDialogs);
    assert_eq!(refused, SimpleLogonError::Logon(refusal));
    assert_eq!(refused.code(), Some(SimpleCode::MAPI_E_FAILURE));
}

#[test]
fn a_session_is_logged_off_once_by_who_logged_on() {
    let (environment, _steps) = environment();
    let mapi = mapi(&environment);
    let (simple, stranger) = (SimpleMapi::new(&mapi), SimpleMapi::new(&mapi));
    let session = log_on(&simple, Some("Work"), None, SimpleFlags::empty()).expect("Work is open");
    let extended = mapi.logon_ex(0, None, None, LogonFlags::EXTENDED).expect("it joins");
    let unknown = |session| Err(SimpleLogoffError::UnknownSession { session });

    assert_eq!(stranger.logoff(session, 0, 0), unknown(session));
    let foreign = SimpleSession(extended.handle().0.0);
    assert_eq!(simple.logoff(foreign, 0, 0), unknown(foreign));
    assert_eq!(simple.logoff(SimpleSession(0), 0, 0), unknown(SimpleSession(0)));
    assert_eq!(simple.clone().logoff(session, 0, 0), Ok(()));

    let twice = simple.logoff(session, 0, 0);
    assert_eq!(twice, unknown(session));
    let code = twice.expect_err("it is gone").code();
    assert_eq!(code, Some(SimpleCode::MAPI_E_INVALID_SESSION));
    assert!(extended.is_shared(), "the session lives on for who shares it");
}

#[test]
fn a_simple_logoff_that_is_refused_leaves_the_session() {
    let (environment, _steps) = environment();
    let simple = SimpleMapi::new(&mapi(&environment));
    let session = log_on(&simple, Some("Work"), None, SimpleFlags::empty()).expect("Work is open");

    assert_eq!(simple.logoff(session, 2, 0), Err(SimpleLogoffError::Flags { flags: 2 }));
    let reserved = SimpleLogoffError::Reserved { reserved: 1 };
    assert_eq!(simple.logoff(session, 0, 1), Err(reserved));

    assert_eq!(environment.state().sessions().count(), 1);
    assert_eq!(simple.logoff(session, 0, 0), Ok(()));
}

#[test]
fn nobody_is_asked_at_a_simple_logoff() {
    let (environment, mut steps) = environment();
    let (mapi, user) = mapi_with_user(&environment);
    let simple = SimpleMapi::new(&mapi);
    let session = log_on(&simple, Some("Work"), None, SimpleFlags::empty()).expect("Work is open");

    let logoff = elsewhere(move || simple.logoff(session, 0, 0));

    assert_eq!(logoff.returns(), Ok(()));
    assert!(user.sees_nothing());
    steps.until(Rule::LogOff);
}

#[test]
fn who_forgets_to_log_off_is_logged_off_with_the_last_clone() {
    let (environment, steps) = environment();
    let simple = SimpleMapi::new(&mapi(&environment));
    let clone = simple.clone();
    log_on(&simple, Some("Work"), None, SimpleFlags::empty()).expect("Work is open");

    drop(simple);
    is_there_a_session(&clone).expect("a clone is left");
    drop(clone);

    settle(&environment);
    assert!(is_empty(&environment));
    steps.until_the_end_of(environment);
}

#[test]
fn a_simple_logon_waits_no_longer_than_its_process_would() {
    let clock = StageClock::new();
    let builder = mapi_session::Environment::builder().clock(clock.clone());
    let (environment, mut steps) = furnished(builder);
    let (other, other_user) = mapi_with_user(&environment);
    let asking = elsewhere(move || other.logon().ask_for_profile().call());
    let asked = other_user.sees_chooser();
    let patience = Patience { turn: Some(Duration::from_secs(9)), ..Patience::endless() };
    let hasty = Mapi::builder().environment(&environment).patience(patience).build();
    let simple = SimpleMapi::new(&hasty);

    let logon = elsewhere(move || log_on(&simple, Some("Work"), None, SimpleFlags::empty()));
    steps.until(Rule::QueueLogon);
    clock.await_sleepers(2);
    clock.advance(Duration::from_secs(9));

    let late = logon.returns().expect_err("another logon asks its user");
    assert_eq!(late, SimpleLogonError::Logon(LogonError::Refused(LogonRefusal::TimedOut)));
    assert_eq!(late.code(), Some(SimpleCode::MAPI_E_FAILURE));
    asked.answer(UserAnswer::Cancelled);
    asking.returns().expect_err("its user cancels");
}

#[test]
fn a_withdrawn_simple_logon_has_no_code_and_sessions_stay() {
    let (environment, _steps) = environment();
    let (ui, user) = user();
    let withdrawal = Withdrawal::new();
    let patience = Patience { withdrawal: Some(withdrawal.clone()), ..Patience::endless() };
    let mapi = Mapi::builder().environment(&environment).ui(ui).patience(patience).build();
    let simple = SimpleMapi::new(&mapi);
    let session = log_on(&simple, Some("Work"), None, SimpleFlags::empty()).expect("Work is open");

    let flags = SimpleFlags::NEW_SESSION | SimpleFlags::LOGON_UI;
    let logon = elsewhere({
        let simple = simple.clone();
        move || log_on(&simple, None, None, flags)
    });
    user.sees_chooser();
    withdrawal.withdraw();

    let withdrawn = logon.returns().expect_err("it was withdrawn");
    assert_eq!(withdrawn, SimpleLogonError::Logon(LogonError::Withdrawn));
    assert_eq!(withdrawn.code(), None);
    assert_eq!(simple.logoff(session, 0, 0), Ok(()));
}

#[test]
fn many_threads_log_on_and_off_by_one_simple_mapi() {
    let (environment, _steps) = environment();
    let simple = SimpleMapi::new(&mapi(&environment));

    std::thread::scope(|threads| {
        for _ in 0..8 {
            threads.spawn(|| {
                for _ in 0..50 {
                    let flags = SimpleFlags::empty();
                    let session = log_on(&simple, Some("Work"), None, flags);
                    let session = session.expect("Work is open");
                    assert_eq!(simple.logoff(session, 0, 0), Ok(()));
                }
            });
        }
    });

    drop(simple);
    settle(&environment);
    assert!(is_empty(&environment));
}
