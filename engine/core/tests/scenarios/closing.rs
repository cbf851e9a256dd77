//! Asking everyone on a shared session to log off.

use crate::world::*;
use mapi_session_core::*;

scenarios![
    everyone_who_listens_is_asked_to_log_off,
    nobody_joins_a_session_that_closes,
    a_second_shared_session_is_built_while_the_first_closes,
    nobody_has_to_follow,
    a_session_that_closes_keeps_what_comes_up_late,
    a_session_that_closes_can_be_closed_again,
    on_an_individual_session_the_flag_does_nothing,
    the_last_sharer_closes_the_session_for_good,
    a_confirmed_logoff_closes_the_session_when_it_is_confirmed,
    a_logoff_that_cannot_be_confirmed_closes_the_session,
    a_declined_logoff_closes_nothing,
    a_confirmation_counts_for_a_session_as_it_is_then,
    a_windows_service_closes_the_session_unasked,
    a_logon_in_the_queue_does_not_join_what_closes_meanwhile,
];

const SKIP: Confirmation = Confirmation::Skip;
const ASK: Confirmation = Confirmation::Ask;
const CRITICAL: Notification = Notification::CriticalError;
const EXTENDED: Notification = Notification::Extended;

/// Ann, Bob and Eve share a session; Bob does not listen.
fn three_share(world: &mut World) {
    for (number, client) in [(1, ANN), (2, BOB), (3, EVE)] {
        world.initialize(client);
        world.log_on(number, client, SHARED);
    }
    let _ = world.step(advise(9, ANN, handle(1)));
    let _ = world.step(advise(9, EVE, handle(3)));
}

fn handles(count: usize) -> std::num::NonZeroUsize {
    count.try_into().expect("a session has handles")
}

fn closing(count: usize) -> Phase {
    Phase::Closing { handles: handles(count) }
}

fn everyone_who_listens_is_asked_to_log_off(world: &mut World) {
    three_share(world);
    let effects = world.fires(Rule::LogOffShared, logoff_all(4, BOB, handle(2), SKIP));
    let told = [queue(1, EXTENDED), queue(3, EXTENDED), queue(1, CRITICAL), queue(3, CRITICAL)];
    assert_eq!(effects, [&told[..], &[logged_off(4, Ok(()))]].concat());
    let inbox = Inbox { critical: 1, extended: 1, table: false };
    assert_eq!((world.handle(1).inbox, world.handle(3).inbox), (inbox, inbox));
    assert_eq!(world.handle(2).inbox, Inbox::default());
    assert_eq!(world.session(1).phase, closing(2));
}

fn nobody_joins_a_session_that_closes(world: &mut World) {
    three_share(world);
    assert_eq!(world.sessions.join_target(), Some(session(1)));
    let _ = world.step(logoff_all(4, BOB, handle(2), SKIP));
    assert_eq!(world.sessions.join_target(), None);
    let _ = world.call_logon(5, BOB, JOIN);
    let _ = world.step(continued(5));
    world.fires(Rule::FindNoneToJoin, continued(5));
}

fn a_second_shared_session_is_built_while_the_first_closes(world: &mut World) {
    three_share(world);
    let _ = world.step(logoff_all(4, BOB, handle(2), SKIP));
    assert_eq!(world.log_on(5, BOB, SHARED).session, session(5));
    assert_eq!(world.log_on(6, BOB, JOIN).session, session(5));
    assert_eq!(world.session(1).phase, closing(2), "the first has its members still");
}

fn nobody_has_to_follow(world: &mut World) {
    world.initialize(ANN);
    world.initialize(BOB);
    world.log_on_to(1, ANN, SHARED, &one_store());
    world.log_on(2, BOB, JOIN);
    let _ = world.step(logoff_all(4, ANN, handle(1), SKIP));
    world.fires(Rule::OpenRunningStore, open_store(5, BOB, handle(2), 0));
    world.fires(Rule::UseProvider, used(5, BOB, handle(2), 0));
    let effects = world.fires(Rule::LogOff, logoff(5, BOB, handle(2), SKIP));
    assert_eq!(effects, [log_off_provider(1, 0), logged_off(5, Ok(()))]);
    assert_eq!(world.session(1).phase, Phase::Draining);
}

fn a_session_that_closes_keeps_what_comes_up_late(world: &mut World) {
    world.initialize(ANN);
    world.initialize(BOB);
    world.log_on_with(1, ANN, SHARED_MAIL, &one_store(), &[(0, SKIP_ME)]);
    world.log_on(2, BOB, JOIN_MAIL);
    let _ = world.step(open_store(4, BOB, handle(2), 0));
    world.fires(Rule::WithdrawOpenAmidAttempt, withdrawn(4));
    let _ = world.step(logoff_all(4, ANN, handle(1), SKIP));
    assert_eq!(world.session(1).spooler, Spooler::Attached);
    assert_eq!(world.fires(Rule::KeepLateProvider, provider_answered(1, 0, OK)), []);
}

fn a_session_that_closes_can_be_closed_again(world: &mut World) {
    three_share(world);
    let _ = world.step(logoff_all(4, BOB, handle(2), SKIP));
    let effects = world.fires(Rule::LogOffShared, logoff_all(4, ANN, handle(1), SKIP));
    assert_eq!(effects, [queue(3, EXTENDED), queue(3, CRITICAL), logged_off(4, Ok(()))]);
    assert_eq!(world.handle(3).inbox, Inbox { critical: 2, extended: 2, table: false });
    assert_eq!(world.session(1).phase, closing(1));
}

fn on_an_individual_session_the_flag_does_nothing(world: &mut World) {
    world.initialize(ANN);
    world.log_on(1, ANN, PRIVATE);
    let effects = world.fires(Rule::LogOff, logoff_all(4, ANN, handle(1), SKIP));
    assert_eq!(effects, [close(1), logged_off(4, Ok(()))]);
}

fn the_last_sharer_closes_the_session_for_good(world: &mut World) {
    world.initialize(ANN);
    world.log_on(1, ANN, SHARED_MAIL);
    let effects = world.fires(Rule::LogOffShared, logoff_all(4, ANN, handle(1), SKIP));
    assert_eq!(effects, [detach(1), close(1), logged_off(4, Ok(()))]);
    assert_eq!(world.session(1).phase, Phase::Draining);
    assert_eq!(world.sessions.join_target(), None);
}

/// Bob is asked whether he wants to log off, and everyone with him.
fn ask(world: &mut World) {
    three_share(world);
    world.fires(Rule::AskToConfirmLogoff, logoff_all(4, BOB, handle(2), ASK));
    let scope = LogoffScope::Shared;
    let stage = CallStage::ConfirmingLogoff { handle: handle(2), scope };
    assert_eq!(world.call(4), Some(CallView { client: BOB, stage }));
    assert_eq!(world.session(1).phase, Phase::Shared { handles: handles(3) });
}

fn answered(answer: LogoffAnswer) -> Event {
    Event::LogoffAnswered { call: call(4), answer }
}

fn a_confirmed_logoff_closes_the_session_when_it_is_confirmed(world: &mut World) {
    ask(world);
    let yes = answered(LogoffAnswer::Confirmed);
    let effects = world.fires(Rule::LogOffSharedConfirmed, yes);
    let told = [queue(1, EXTENDED), queue(3, EXTENDED), queue(1, CRITICAL), queue(3, CRITICAL)];
    assert_eq!(effects, [&told[..], &[logged_off(4, Ok(()))]].concat());
    assert_eq!(world.session(1).phase, closing(2));
}

fn a_logoff_that_cannot_be_confirmed_closes_the_session(world: &mut World) {
    ask(world);
    world.fires(Rule::LogOffSharedUnasked, answered(LogoffAnswer::Unavailable));
    assert_eq!(world.session(1).phase, closing(2));
}

fn a_declined_logoff_closes_nothing(world: &mut World) {
    ask(world);
    let effects = world.fires(Rule::DeclineLogoff, answered(LogoffAnswer::Declined));
    assert_eq!(effects, [logged_off(4, Err(LogoffError::Cancelled))]);
    assert_eq!(world.session(1).phase, Phase::Shared { handles: handles(3) });
    assert_eq!(world.handle(1).inbox, Inbox::default());
}

fn a_confirmation_counts_for_a_session_as_it_is_then(world: &mut World) {
    ask(world);
    let _ = world.step(logoff_all(5, ANN, handle(1), SKIP));
    assert_eq!(world.session(1).phase, closing(2));
    let yes = answered(LogoffAnswer::Confirmed);
    let effects = world.fires(Rule::LogOffSharedConfirmed, yes);
    assert_eq!(effects, [queue(3, EXTENDED), queue(3, CRITICAL), logged_off(4, Ok(()))]);
}

fn a_windows_service_closes_the_session_unasked(world: &mut World) {
    world.initialize_as(ANN, Host::WindowsService);
    world.initialize(BOB);
    world.log_on(1, ANN, SHARED);
    world.log_on(2, BOB, JOIN);
    world.fires(Rule::LogOffShared, logoff_all(4, ANN, handle(1), ASK));
    assert_eq!(world.session(1).phase, closing(1));
}

fn a_logon_in_the_queue_does_not_join_what_closes_meanwhile(world: &mut World) {
    three_share(world);
    let _ = world.call_logon(5, BOB, JOIN);
    let _ = world.step(continued(5));
    let _ = world.step(logoff_all(4, BOB, handle(2), SKIP));
    world.fires(Rule::FindNoneToJoin, continued(5));
}
