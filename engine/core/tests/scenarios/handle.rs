//! Logoff and release.

use crate::world::*;
use mapi_session_core::*;

scenarios![
    the_last_logoff_ends_the_session,
    a_sharers_logoff_leaves_the_others_alone,
    a_second_logoff_is_refused,
    a_handle_is_released_once,
    releasing_a_live_handle_logs_it_off,
    a_handle_never_issued_is_refused,
    a_handle_of_another_client_is_refused,
    a_handle_is_refused_until_its_logon_has_been_answered,
    a_bad_handle_is_told_before_bad_flags,
    logoff_flags_that_make_no_sense_are_refused,
    the_user_may_confirm_the_logoff,
    the_user_may_decline_the_logoff,
    a_question_that_cannot_be_shown_counts_as_not_asked,
    a_service_is_not_asked_to_confirm,
    a_deadline_closes_the_question,
    a_logoff_ends_others_that_wait_on_the_handle,
    a_release_ends_the_logoffs_that_wait_on_the_handle,
    the_first_answer_decides,
];

const ASK: Confirmation = Confirmation::Ask;
const SKIP: Confirmation = Confirmation::Skip;

fn answered(number: u64, answer: LogoffAnswer) -> Event {
    Event::LogoffAnswered { call: call(number), answer }
}

fn one_handle(world: &mut World) {
    world.initialize(ANN);
    world.log_on(1, ANN, PRIVATE);
}

fn status(world: &World, handle: HandleId) -> Option<HandleStatus> {
    world.sessions.handles().find(|(id, _)| *id == handle).map(|(_, view)| view.status)
}

fn the_last_logoff_ends_the_session(world: &mut World) {
    one_handle(world);
    let effects = world.fires(Rule::LogOff, logoff(2, ANN, handle(1), SKIP));
    assert_eq!(effects, [close(1), logged_off(2, Ok(()))]);
    assert_eq!(status(world, handle(1)), Some(HandleStatus::LoggedOff));
}

fn a_sharers_logoff_leaves_the_others_alone(world: &mut World) {
    world.initialize(ANN);
    world.log_on(1, ANN, SHARED);
    world.log_on(2, ANN, JOIN);
    let before = status(world, handle(2));
    let effects = world.fires(Rule::LogOff, logoff(3, ANN, handle(1), SKIP));
    assert_eq!(effects, [logged_off(3, Ok(()))]);
    assert_eq!(status(world, handle(2)), before);
    let effects = world.fires(Rule::LogOff, logoff(3, ANN, handle(2), SKIP));
    assert_eq!(effects, [close(1), logged_off(3, Ok(()))]);
}

#[track_caller]
fn logoff_is_refused(world: &mut World, client: ClientId, handle: HandleId) {
    let error = LogoffError::InvalidHandle;
    assert_eq!(error.code(), MapiCode::MAPI_E_INVALID_OBJECT);
    for confirmation in [ASK, SKIP] {
        let event = logoff(30, client, handle, confirmation);
        world.changes_nothing(Rule::RefuseHandle, event, &[logged_off(30, Err(error))]);
    }
}

#[track_caller]
fn release_is_refused(world: &mut World, client: ClientId, handle: HandleId) {
    let error = ReleaseError::InvalidHandle;
    assert_eq!(error.code(), MapiCode::MAPI_E_INVALID_OBJECT);
    let event = release(30, client, handle);
    world.changes_nothing(Rule::RefuseHandle, event, &[released(30, Err(error))]);
}

fn a_second_logoff_is_refused(world: &mut World) {
    one_handle(world);
    let _ = world.step(logoff(2, ANN, handle(1), SKIP));
    logoff_is_refused(world, ANN, handle(1));
}

fn a_handle_is_released_once(world: &mut World) {
    one_handle(world);
    let _ = world.step(logoff(2, ANN, handle(1), SKIP));
    let effects = world.fires(Rule::ReleaseLoggedOff, release(3, ANN, handle(1)));
    assert_eq!(effects, [released(3, Ok(()))]);
    release_is_refused(world, ANN, handle(1));
    logoff_is_refused(world, ANN, handle(1));
}

fn releasing_a_live_handle_logs_it_off(world: &mut World) {
    one_handle(world);
    let effects = world.fires(Rule::ReleaseLive, release(2, ANN, handle(1)));
    assert_eq!(effects, [close(1), released(2, Ok(()))]);
    assert_eq!(world.sessions.handles().count(), 0);
}

fn a_handle_never_issued_is_refused(world: &mut World) {
    one_handle(world);
    logoff_is_refused(world, ANN, handle(9));
    release_is_refused(world, ANN, handle(9));
}

fn a_handle_of_another_client_is_refused(world: &mut World) {
    one_handle(world);
    world.initialize(EVE);
    logoff_is_refused(world, EVE, handle(1));
    release_is_refused(world, EVE, handle(1));
}

fn a_handle_is_refused_until_its_logon_has_been_answered(world: &mut World) {
    world.initialize(ANN);
    world.start_logon(1, ANN, PRIVATE);
    logoff_is_refused(world, ANN, handle(1));
    let _ = world.step(provider_answered(1, 0, ProviderResult::LoggedOn));
    let _ = world.step(Event::Continued { call: call(1) });
    logoff_is_refused(world, ANN, handle(1));
    release_is_refused(world, ANN, handle(1));
    let _ = world.run(1);
    world.fires(Rule::LogOff, logoff(2, ANN, handle(1), SKIP));
}

fn a_bad_handle_is_told_before_bad_flags(world: &mut World) {
    one_handle(world);
    let request = LogoffRequest::parse(0x80);
    let event = Event::LogoffCalled { call: call(2), client: ANN, handle: handle(9), request };
    let refused = [logged_off(2, Err(LogoffError::InvalidHandle))];
    world.changes_nothing(Rule::RefuseHandle, event, &refused);
}

fn logoff_flags_that_make_no_sense_are_refused(world: &mut World) {
    one_handle(world);
    let error = LogoffError::UnknownFlags { bits: 0x80 };
    let request = LogoffRequest::parse(0x83);
    assert_eq!((request, error.code()), (Err(error), MapiCode::MAPI_E_UNKNOWN_FLAGS));
    let event = Event::LogoffCalled { call: call(2), client: ANN, handle: handle(1), request };
    let refused = [logged_off(2, Err(error))];
    world.changes_nothing(Rule::RefuseLogoffArguments, event, &refused);
}

fn the_user_may_confirm_the_logoff(world: &mut World) {
    one_handle(world);
    let effects = world.fires(Rule::AskToConfirmLogoff, logoff(2, ANN, handle(1), ASK));
    assert_eq!(effects, [Effect::ConfirmLogoff { call: call(2), handle: handle(1) }]);
    let asking = CallStage::ConfirmingLogoff { handle: handle(1), scope: LogoffScope::Own };
    assert_eq!(world.call(2), Some(CallView { client: ANN, stage: asking }));
    world.changes_nothing(Rule::IgnoreStale, Event::Continued { call: call(2) }, &[]);
    let yes = answered(2, LogoffAnswer::Confirmed);
    let effects = world.fires(Rule::LogOffConfirmed, yes.clone());
    assert_eq!(effects, [close(1), logged_off(2, Ok(()))]);
    world.changes_nothing(Rule::IgnoreStale, yes, &[]);
}

fn the_user_may_decline_the_logoff(world: &mut World) {
    one_handle(world);
    let before = world.sessions.clone();
    let _ = world.step(logoff(2, ANN, handle(1), ASK));
    let effects = world.fires(Rule::DeclineLogoff, answered(2, LogoffAnswer::Declined));
    let error = LogoffError::Cancelled;
    assert_eq!(error.code(), MapiCode::MAPI_E_USER_CANCEL);
    assert_eq!(effects, [logged_off(2, Err(error))]);
    assert_eq!(world.sessions, before);
}

fn a_question_that_cannot_be_shown_counts_as_not_asked(world: &mut World) {
    one_handle(world);
    let _ = world.step(logoff(2, ANN, handle(1), ASK));
    let effects = world.fires(Rule::LogOffUnasked, answered(2, LogoffAnswer::Unavailable));
    assert_eq!(effects, [close(1), logged_off(2, Ok(()))]);
}

fn a_service_is_not_asked_to_confirm(world: &mut World) {
    world.initialize(ANN);
    world.log_on(1, ANN, PRIVATE | LogonFlags::NT_SERVICE);
    world.initialize_as(BOB, Host::WindowsService);
    world.log_on(2, BOB, PRIVATE);
    world.fires(Rule::LogOff, logoff(3, ANN, handle(1), ASK));
    world.fires(Rule::LogOff, logoff(3, BOB, handle(2), ASK));
}

fn a_deadline_closes_the_question(world: &mut World) {
    one_handle(world);
    let before = world.sessions.clone();
    let _ = world.step(logoff(2, ANN, handle(1), ASK));
    let passed = Event::DeadlinePassed { call: call(2) };
    let effects = world.fires(Rule::CloseConfirmationAtDeadline, passed.clone());
    assert_eq!(effects, [withdraw_prompt(2), logged_off(2, Err(LogoffError::Cancelled))]);
    assert_eq!(world.sessions, before);
    world.changes_nothing(Rule::IgnoreStale, passed, &[]);
}

fn a_logoff_ends_others_that_wait_on_the_handle(world: &mut World) {
    one_handle(world);
    let _ = world.step(logoff(2, ANN, handle(1), ASK));
    let effects = world.fires(Rule::LogOff, logoff(3, ANN, handle(1), SKIP));
    let ended = logged_off(2, Err(LogoffError::InvalidHandle));
    assert_eq!(effects, [withdraw_prompt(2), ended, close(1), logged_off(3, Ok(()))]);
    world.changes_nothing(Rule::IgnoreStale, answered(2, LogoffAnswer::Declined), &[]);
}

fn a_release_ends_the_logoffs_that_wait_on_the_handle(world: &mut World) {
    one_handle(world);
    let _ = world.step(logoff(2, ANN, handle(1), ASK));
    let effects = world.fires(Rule::ReleaseLive, release(3, ANN, handle(1)));
    let ended = logged_off(2, Err(LogoffError::InvalidHandle));
    assert_eq!(effects, [withdraw_prompt(2), ended, close(1), released(3, Ok(()))]);
    assert_eq!(world.sessions.calls().count(), 0);
}

fn the_first_answer_decides(world: &mut World) {
    one_handle(world);
    for number in [2, 3, 4] {
        let _ = world.step(logoff(number, ANN, handle(1), ASK));
    }
    let effects = world.fires(Rule::DeclineLogoff, answered(3, LogoffAnswer::Declined));
    assert_eq!(effects, [logged_off(3, Err(LogoffError::Cancelled))]);
    let effects = world.fires(Rule::LogOffConfirmed, answered(4, LogoffAnswer::Confirmed));
    let ended = logged_off(2, Err(LogoffError::InvalidHandle));
    assert_eq!(effects, [withdraw_prompt(2), ended, close(1), logged_off(4, Ok(()))]);
}
