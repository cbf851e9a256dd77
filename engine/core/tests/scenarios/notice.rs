//! What the owner of a handle hears of its session, and when.

use crate::world::*;
use mapi_session_core::*;

scenarios![
    a_handle_listens_or_does_not,
    listening_is_for_live_handles_of_their_clients,
    a_logoff_is_told_to_all_others_that_listen,
    a_release_is_told_once,
    each_handle_that_leaves_in_a_crash_is_told,
    an_uninitialisation_is_told,
    a_withdrawn_join_is_told,
    another_session_is_not_told,
    an_event_is_handed_over_once,
    what_is_queued_is_handed_over_after_unadvise,
    nothing_is_queued_for_a_handle_that_leaves,
    a_join_tells_nobody,
];

const EXTENDED: Notification = Notification::Extended;

fn due(number: u64, notification: Notification) -> Event {
    Event::NotificationDue { handle: handle(number), notification }
}

/// Ann has two handles on a session, and Bob one; all listen.
fn three_listen(world: &mut World) {
    world.initialize(ANN);
    world.initialize(BOB);
    world.log_on(1, ANN, SHARED);
    world.log_on(2, BOB, JOIN);
    world.log_on(3, ANN, JOIN);
    for (client, number) in [(ANN, 1), (BOB, 2), (ANN, 3)] {
        let _ = world.step(advise(9, client, handle(number)));
    }
}

fn advised(number: u64, result: Result<(), AdviseError>) -> Effect {
    Effect::Answer { call: call(number), answer: Answer::Advised(result) }
}

fn unadvised(number: u64, result: Result<(), UnadviseError>) -> Effect {
    Effect::Answer { call: call(number), answer: Answer::Unadvised(result) }
}

fn a_handle_listens_or_does_not(world: &mut World) {
    world.initialize(ANN);
    world.log_on(1, ANN, PRIVATE);
    assert!(!world.handle(1).sink);
    let event = unadvise(2, ANN, handle(1));
    world.changes_nothing(Rule::UnadviseAgain, event, &[unadvised(2, Ok(()))]);
    let event = advise(2, ANN, handle(1));
    assert_eq!(world.fires(Rule::Advise, event.clone()), [advised(2, Ok(()))]);
    assert!(world.handle(1).sink);
    world.changes_nothing(Rule::AdviseAgain, event, &[advised(2, Ok(()))]);
    let effects = world.fires(Rule::Unadvise, unadvise(2, ANN, handle(1)));
    assert_eq!(effects, [unadvised(2, Ok(()))]);
    assert!(!world.handle(1).sink);
}

fn listening_is_for_live_handles_of_their_clients(world: &mut World) {
    let errors = (AdviseError::NotInitialized, UnadviseError::NotInitialized);
    let code = MapiCode::MAPI_E_NOT_INITIALIZED;
    assert_eq!((errors.0.code(), errors.1.code()), (code, code));
    let rule = Rule::RefuseUninitialized;
    world.changes_nothing(rule, advise(2, ANN, handle(1)), &[advised(2, Err(errors.0))]);
    world.changes_nothing(rule, unadvise(2, ANN, handle(1)), &[unadvised(2, Err(errors.1))]);

    world.initialize(ANN);
    world.initialize(BOB);
    world.log_on(1, ANN, PRIVATE);
    let errors = (AdviseError::InvalidHandle, UnadviseError::InvalidHandle);
    let code = MapiCode::MAPI_E_INVALID_OBJECT;
    assert_eq!((errors.0.code(), errors.1.code()), (code, code));
    let _ = world.call_logon(4, ANN, PRIVATE);
    for (client, number) in [(BOB, 1), (ANN, 4), (ANN, 9)] {
        let (on, off) = (advise(2, client, handle(number)), unadvise(2, client, handle(number)));
        world.changes_nothing(Rule::RefuseHandle, on, &[advised(2, Err(errors.0))]);
        world.changes_nothing(Rule::RefuseHandle, off, &[unadvised(2, Err(errors.1))]);
    }
}

fn a_logoff_is_told_to_all_others_that_listen(world: &mut World) {
    three_listen(world);
    let _ = world.step(unadvise(9, ANN, handle(3)));
    let effects = world.fires(Rule::LogOff, logoff(4, BOB, handle(2), Confirmation::Skip));
    assert_eq!(effects, [queue(1, EXTENDED), logged_off(4, Ok(()))]);
    let inbox = Inbox { critical: 0, extended: 1, table: false };
    assert_eq!((world.handle(1).inbox, world.handle(3).inbox), (inbox, Inbox::default()));
}

fn a_release_is_told_once(world: &mut World) {
    three_listen(world);
    let effects = world.fires(Rule::ReleaseLive, release(4, ANN, handle(1)));
    assert_eq!(effects, [queue(2, EXTENDED), queue(3, EXTENDED), released(4, Ok(()))]);
    let _ = world.step(logoff(4, ANN, handle(3), Confirmation::Skip));
    let effects = world.fires(Rule::ReleaseLoggedOff, release(4, ANN, handle(3)));
    assert_eq!(effects, [released(4, Ok(()))]);
    assert_eq!(world.handle(2).inbox.extended, 2);
}

fn each_handle_that_leaves_in_a_crash_is_told(world: &mut World) {
    three_listen(world);
    let effects = world.fires(Rule::CrashClient, crashed(ANN));
    assert_eq!(effects, [queue(2, EXTENDED), queue(2, EXTENDED)]);
    assert_eq!(world.handle(2).inbox.extended, 2);
}

fn an_uninitialisation_is_told(world: &mut World) {
    three_listen(world);
    let effects = world.uninitialize(Rule::UninitializeLast, BOB);
    assert_eq!(effects, [queue(1, EXTENDED), queue(3, EXTENDED)]);
}

fn a_withdrawn_join_is_told(world: &mut World) {
    three_listen(world);
    let _ = world.call_logon(4, ANN, JOIN);
    let _ = world.step(continued(4));
    world.fires(Rule::JoinShared, continued(4));
    let effects = world.fires(Rule::WithdrawSettledLogon, withdrawn(4));
    assert_eq!(effects, [queue(1, EXTENDED), queue(2, EXTENDED), queue(3, EXTENDED)]);
}

fn another_session_is_not_told(world: &mut World) {
    three_listen(world);
    world.log_on(5, BOB, PRIVATE);
    let _ = world.step(advise(9, BOB, handle(5)));
    let effects = world.fires(Rule::CrashClient, crashed(ANN));
    assert_eq!(effects, [queue(2, EXTENDED), queue(2, EXTENDED)]);
    assert_eq!(world.handle(5).inbox, Inbox::default());
}

fn an_event_is_handed_over_once(world: &mut World) {
    three_listen(world);
    world.changes_nothing(Rule::IgnoreStale, due(1, EXTENDED), &[]);
    let _ = world.step(crashed(BOB));
    world.changes_nothing(Rule::IgnoreStale, due(1, Notification::CriticalError), &[]);
    world.changes_nothing(Rule::IgnoreStale, due(9, EXTENDED), &[]);
    let hand = Effect::HandNotification { handle: handle(1), notification: EXTENDED };
    assert_eq!(world.fires(Rule::HandNotification, due(1, EXTENDED)), [hand]);
    world.changes_nothing(Rule::IgnoreStale, due(1, EXTENDED), &[]);
    assert_eq!(world.handle(3).inbox.extended, 1, "to each its own");
}

fn what_is_queued_is_handed_over_after_unadvise(world: &mut World) {
    three_listen(world);
    let _ = world.step(crashed(BOB));
    let _ = world.step(unadvise(9, ANN, handle(1)));
    let hand = Effect::HandNotification { handle: handle(1), notification: EXTENDED };
    assert_eq!(world.fires(Rule::HandNotification, due(1, EXTENDED)), [hand]);
}

fn nothing_is_queued_for_a_handle_that_leaves(world: &mut World) {
    three_listen(world);
    let _ = world.step(crashed(BOB));
    let effects = world.fires(Rule::LogOff, logoff(4, ANN, handle(1), Confirmation::Skip));
    assert_eq!(effects, [queue(3, EXTENDED), logged_off(4, Ok(()))]);
    let left = world.handle(1);
    assert_eq!((left.sink, left.inbox), (false, Inbox::default()));
    world.changes_nothing(Rule::IgnoreStale, due(1, EXTENDED), &[]);
    let effects = world.fires(Rule::LogOff, logoff(4, ANN, handle(3), Confirmation::Skip));
    assert_eq!(effects, [close(1), logged_off(4, Ok(()))]);
}

fn a_join_tells_nobody(world: &mut World) {
    three_listen(world);
    world.log_on(5, BOB, JOIN);
    let empty = (Inbox::default(), Inbox::default());
    assert_eq!((world.handle(1).inbox, world.handle(2).inbox), empty);
}
