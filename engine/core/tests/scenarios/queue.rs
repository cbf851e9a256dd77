//! Arguments of a logon, and the wait for the mutex.

use crate::world::*;
use mapi_session_core::*;

scenarios![
    undefined_flags_are_refused_before_two_dialogs,
    two_dialogs_are_refused,
    a_logon_from_inside_the_one_in_progress_is_refused,
    a_logon_from_inside_one_that_has_ended_is_not_nested,
    logons_are_served_in_order_of_arrival,
    a_short_wait_starts_a_timer_only_if_there_is_a_wait,
    a_short_wait_ends_in_a_timeout,
    a_timed_out_logon_leaves_no_trace,
    a_logon_whose_turn_has_come_does_not_time_out,
    a_timer_that_nobody_started_changes_nothing,
    a_deadline_ends_the_wait_in_the_queue,
    the_mutex_stays_held_while_a_dialog_is_open,
];

fn undefined_flags_are_refused_before_two_dialogs(world: &mut World) {
    world.initialize(ANN);
    let flags = LogonFlags::LOGON_UI | LogonFlags::PASSWORD_UI;
    let request = LogonRequest::parse(None, Password::NotGiven, flags.bits() | 0x0400);
    let error = LogonError::UnknownFlags { bits: 0x0400 };
    assert_eq!((&request, error.code()), (&Err(error), MapiCode::MAPI_E_UNKNOWN_FLAGS));
    let event = Event::LogonCalled { call: call(1), client: ANN, inside: None, request };
    world.changes_nothing(Rule::RefuseLogonArguments, event, &[logged_on(1, Err(error))]);
}

fn two_dialogs_are_refused(world: &mut World) {
    world.initialize(ANN);
    let flags = LogonFlags::LOGON_UI | LogonFlags::PASSWORD_UI;
    let event = logon(1, ANN, Some("Work"), Password::NotGiven, flags);
    let error = LogonError::TwoDialogs;
    assert_eq!(error.code(), MapiCode::MAPI_E_INVALID_PARAMETER);
    world.changes_nothing(Rule::RefuseLogonArguments, event, &[logged_on(1, Err(error))]);
}

fn a_logon_from_inside_the_one_in_progress_is_refused(world: &mut World) {
    world.initialize(ANN);
    world.initialize(BOB);
    world.start_logon(1, ANN, PRIVATE);
    let request = LogonRequest::parse(None, Password::NotGiven, 0);
    let inside = Some(call(1));
    let event = Event::LogonCalled { call: call(2), client: BOB, inside, request };
    let error = LogonError::Nested;
    assert_eq!(error.code(), MapiCode::MAPI_E_LOGON_FAILED);
    world.changes_nothing(Rule::RefuseNestedLogon, event, &[logged_on(2, Err(error))]);
}

fn a_logon_from_inside_one_that_has_ended_is_not_nested(world: &mut World) {
    world.initialize(ANN);
    world.log_on(1, ANN, PRIVATE);
    let request = LogonRequest::parse(None, Password::NotGiven, PRIVATE.bits());
    let inside = Some(call(1));
    let event = Event::LogonCalled { call: call(2), client: ANN, inside, request };
    assert_eq!(world.fires(Rule::QueueLogon, event), [go_on(2)]);
}

fn logons_are_served_in_order_of_arrival(world: &mut World) {
    for client in [ANN, BOB, EVE] {
        world.initialize(client);
    }
    let _ = world.call_logon(9, ANN, JOIN);
    let _ = world.call_logon(4, BOB, JOIN);
    let _ = world.call_logon(6, EVE, JOIN);
    assert_eq!(world.sessions.queue().collect::<Vec<_>>(), [call(9), call(4), call(6)]);
    let too_early = Event::Continued { call: call(4) };
    world.changes_nothing(Rule::IgnoreStale, too_early, &[]);

    let refused = Err(LogonError::NoProfile);
    assert_eq!(world.run(9), [logged_on(9, refused), go_on(4)]);
    assert_eq!(world.run(4), [logged_on(4, refused), go_on(6)]);
    assert_eq!(world.run(6), [logged_on(6, refused)]);
    assert_eq!(world.sessions.mutex(), None);
}

fn a_short_wait_starts_a_timer_only_if_there_is_a_wait(world: &mut World) {
    world.initialize(ANN);
    let flags = LogonFlags::TIMEOUT_SHORT;
    let at_once = world.call_logon(1, ANN, flags);
    assert_eq!((at_once.rule, at_once.effects), (Rule::QueueLogon, vec![go_on(1)]));
    let behind = world.call_logon(2, ANN, flags);
    let timer = |number| vec![Effect::StartTimer { call: call(number) }];
    assert_eq!((behind.rule, behind.effects), (Rule::QueueImpatientLogon, timer(2)));
    let _ = world.step(Event::Continued { call: call(1) });
    let _ = world.step(Event::CallWithdrawn { call: call(2) });
    assert_eq!(world.call_logon(3, ANN, flags).effects, timer(3), "the mutex is held");
}

fn a_short_wait_ends_in_a_timeout(world: &mut World) {
    world.initialize(ANN);
    world.initialize(BOB);
    world.start_logon(1, ANN, PRIVATE);
    let _ = world.call_logon(2, BOB, LogonFlags::TIMEOUT_SHORT);
    let over = Event::ShortWaitEnded { call: call(2) };
    assert_eq!(world.fires(Rule::EndShortWait, over.clone()), [go_on(2)]);
    assert_eq!(world.sessions.queue().count(), 0);
    world.changes_nothing(Rule::IgnoreStale, over, &[]);
    world.changes_nothing(Rule::IgnoreDeadline, Event::DeadlinePassed { call: call(2) }, &[]);
    let error = LogonError::TimedOut;
    assert_eq!(error.code(), MapiCode::MAPI_E_TIMEOUT);
    let effects = world.fires(Rule::AnswerTimedOut, Event::Continued { call: call(2) });
    assert_eq!(effects, [logged_on(2, Err(error))]);
}

fn a_timed_out_logon_leaves_no_trace(world: &mut World) {
    world.initialize(ANN);
    world.initialize(BOB);
    world.start_logon(1, ANN, PRIVATE);
    let before = world.sessions.clone();
    let _ = world.call_logon(2, BOB, LogonFlags::TIMEOUT_SHORT | PRIVATE);
    let _ = world.step(Event::ShortWaitEnded { call: call(2) });
    let _ = world.run(2);
    assert_eq!(world.sessions, before);
}

fn a_logon_whose_turn_has_come_does_not_time_out(world: &mut World) {
    world.initialize(ANN);
    world.initialize(BOB);
    let _ = world.call_logon(1, ANN, JOIN);
    let _ = world.call_logon(2, BOB, LogonFlags::TIMEOUT_SHORT);
    let _ = world.run(1);
    let rule = Rule::KeepTurn;
    world.changes_nothing(rule, Event::ShortWaitEnded { call: call(2) }, &[]);
    world.changes_nothing(rule, Event::DeadlinePassed { call: call(2) }, &[]);
    world.fires(Rule::AcquireMutex, Event::Continued { call: call(2) });
    world.changes_nothing(Rule::IgnoreStale, Event::ShortWaitEnded { call: call(2) }, &[]);
}

fn a_timer_that_nobody_started_changes_nothing(world: &mut World) {
    world.initialize(ANN);
    let _ = world.call_logon(1, ANN, JOIN);
    let _ = world.call_logon(2, ANN, JOIN);
    for number in [2, 3] {
        let event = Event::ShortWaitEnded { call: call(number) };
        world.changes_nothing(Rule::IgnoreStale, event, &[]);
    }
}

fn a_deadline_ends_the_wait_in_the_queue(world: &mut World) {
    world.initialize(ANN);
    world.initialize(BOB);
    world.start_logon(1, ANN, PRIVATE);
    let _ = world.call_logon(2, BOB, PRIVATE);
    let passed = Event::DeadlinePassed { call: call(2) };
    assert_eq!(world.fires(Rule::EndWaitAtDeadline, passed), [go_on(2)]);
    assert_eq!(world.run(2), [logged_on(2, Err(LogonError::TimedOut))]);
}

fn the_mutex_stays_held_while_a_dialog_is_open(world: &mut World) {
    world.initialize(ANN);
    world.initialize(BOB);
    let _ = world.call_logon(1, ANN, LogonFlags::LOGON_UI);
    let _ = world.run(1);
    let _ = world.call_logon(2, BOB, PRIVATE);
    world.changes_nothing(Rule::IgnoreStale, Event::Continued { call: call(2) }, &[]);
    let answer = ChooserAnswer::Cancelled;
    let _ = world.step(Event::ProfileChosen { call: call(1), answer });
    assert_eq!(world.run(1), [logged_on(1, Err(LogonError::Cancelled)), go_on(2)]);
}
