//! Calls that make no sense, bit by bit, and the code that each gets.

use mapi_session::protocol::Rule;
use mapi_session::{
    HandleId, InitError, LogoffError, LogoffFlags, LogoffRefusal, LogonError, LogonFlags, MapiCode,
    NoUi, Process, ReleaseError,
};

use crate::stage::{elsewhere, environment, is_empty, process, settle, user};

fn logon_code(process: &Process, name: Option<&str>, flags: u32) -> MapiCode {
    let refused = process.logon_ex(0, name, None, flags).expect_err("it makes no sense");
    refused.code().expect("it is answered")
}

fn logoff_code(process: &Process, handle: HandleId, flags: u32) -> MapiCode {
    let refused = process.logoff(handle, 0, flags).expect_err("it makes no sense");
    refused.code().expect("it is answered")
}

#[test]
fn nothing_works_before_initialisation() {
    let (environment, _steps) = environment();
    let stranger = environment.process(NoUi);
    let handle = HandleId(mapi_session::CallId(1));

    assert_eq!(logon_code(&stranger, Some("Work"), 0), MapiCode::MAPI_E_NOT_INITIALIZED);
    assert_eq!(logoff_code(&stranger, handle, 0), MapiCode::MAPI_E_NOT_INITIALIZED);
    assert_eq!(stranger.release(handle), Err(ReleaseError::NotInitialized));
    stranger.uninitialize();
    assert!(is_empty(&environment));
}

#[test]
fn an_initialisation_of_another_version_does_not_count() {
    let (environment, _steps) = environment();
    let stranger = environment.process(NoUi);

    assert_eq!(stranger.initialize(1, 0), Err(InitError::WrongVersion { version: 1 }));
    assert_eq!(stranger.initialize(0, 0x10), Err(InitError::UnknownFlags { bits: 0x10 }));

    assert_eq!(logon_code(&stranger, Some("Work"), 0), MapiCode::MAPI_E_NOT_INITIALIZED);
}

#[test]
fn initialisations_are_counted() {
    let (environment, _steps) = environment();
    let process = process(&environment, NoUi);
    process.initialize(0, 0).expect("it counts two");
    let logon = process.logon_ex(0, Some("Work"), None, 0).expect("Work is open");

    process.uninitialize();
    process.logoff(logon.handle, 0, 0).expect("one is left");
    process.uninitialize();
    process.uninitialize();

    assert_eq!(logon_code(&process, Some("Work"), 0), MapiCode::MAPI_E_NOT_INITIALIZED);
}

#[test]
fn flags_that_make_no_sense_have_a_code_each() {
    let (environment, _steps) = environment();
    let process = process(&environment, NoUi);
    let both = (LogonFlags::LOGON_UI | LogonFlags::PASSWORD_UI).bits();
    let handle = process.logon_ex(0, Some("Work"), None, 0).expect("Work is open").handle;

    assert_eq!(logon_code(&process, Some("Work"), 0x80), MapiCode::MAPI_E_UNKNOWN_FLAGS);
    assert_eq!(logon_code(&process, Some("Work"), both), MapiCode::MAPI_E_INVALID_PARAMETER);
    assert_eq!(logoff_code(&process, handle, 0x80), MapiCode::MAPI_E_UNKNOWN_FLAGS);
    process.logoff(handle, 0, 0).expect("it is still live");
}

#[test]
fn a_second_logoff_is_refused_and_only_a_release_is_not() {
    let (environment, _steps) = environment();
    let process = process(&environment, NoUi);
    let handle = process.logon_ex(0, Some("Work"), None, 0).expect("Work is open").handle;
    process.logoff(handle, 0, 0).expect("it is live");

    assert_eq!(logoff_code(&process, handle, 0), MapiCode::MAPI_E_INVALID_OBJECT);
    process.release(handle).expect("it is the one thing that is left");
    assert_eq!(process.release(handle), Err(ReleaseError::InvalidHandle));
}

#[test]
fn a_foreign_handle_is_no_handle() {
    let (environment, _steps) = environment();
    let (owner, thief) = (process(&environment, NoUi), process(&environment, NoUi));
    let handle = owner.logon_ex(0, Some("Work"), None, 0).expect("Work is open").handle;

    assert_eq!(logoff_code(&thief, handle, 0), MapiCode::MAPI_E_INVALID_OBJECT);
    assert_eq!(thief.release(handle), Err(ReleaseError::InvalidHandle));

    owner.logoff(handle, 0, 0).expect("it is as live as before");
}

#[test]
fn the_last_uninitialisation_amid_calls_drops_them() {
    let (environment, mut steps) = environment();
    let (ui, user) = user();
    let process = process(&environment, ui);
    let handle = process.logon_ex(0, Some("Work"), None, 0).expect("Work is open").handle;
    let logging_on = elsewhere({
        let process = process.clone();
        move || process.logon_ex(0, None, None, LogonFlags::LOGON_UI.bits())
    });
    let chooser = user.sees_chooser();
    let logging_off = elsewhere({
        let process = process.clone();
        move || process.logoff(handle, 0, LogoffFlags::UI.bits())
    });
    let confirmation = user.sees_confirmation();

    process.uninitialize();

    assert_eq!(logging_on.returns().expect_err("it was dropped"), LogonError::Withdrawn);
    assert_eq!(logging_off.returns().expect_err("it was dropped"), LogoffError::Withdrawn);
    chooser.question.origin.withdrawn.wait();
    confirmation.question.origin.withdrawn.wait();
    steps.until(Rule::UninitializeAmidCalls);
    settle(&environment);
    assert!(is_empty(&environment));
}

#[test]
fn a_crashed_process_may_start_anew() {
    let (environment, _steps) = environment();
    let process = process(&environment, NoUi);
    let handle = process.logon_ex(0, Some("Work"), None, 0).expect("Work is open").handle;

    process.crash();

    assert_eq!(logoff_code(&process, handle, 0), MapiCode::MAPI_E_NOT_INITIALIZED);
    process.initialize(0, 0).expect("it may");
    assert_eq!(logoff_code(&process, handle, 0), MapiCode::MAPI_E_INVALID_OBJECT);
    let error = LogoffError::Refused(LogoffRefusal::InvalidHandle);
    assert_eq!(process.logoff(handle, 0, 0), Err(error));
    process.logon_ex(0, Some("Work"), None, 0).expect("Work is open");
}
