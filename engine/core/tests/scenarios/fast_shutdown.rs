//! A client shuts down fast: what ends at once, what goes on, and that it is heard no more.

use crate::world::*;
use mapi_session_core::*;

scenarios![
    a_client_without_leave_does_not_go,
    a_session_that_is_left_empty_ends_at_once,
    the_spooler_is_not_taken_from_a_session_that_ends,
    the_notice_is_not_needed,
    sessions_end_in_the_order_of_their_creation,
    a_shared_session_goes_on,
    what_is_out_in_a_session_that_ends_is_forgotten,
    disabled_services_are_not_told,
    calls_under_way_are_dropped_unanswered,
    an_open_call_that_waited_for_it_has_its_turn,
    the_next_logon_has_the_mutex,
    a_handle_that_was_not_answered_goes_too,
    a_handle_that_was_logged_off_goes_too,
    a_profile_that_others_use_is_not_settled,
    a_dead_client_is_heard_no_more,
    a_dead_client_that_is_gone_is_forgotten,
];

/// The transport of [`exchange`].
const TRANSPORT: u16 = 2;

fn client_is_dead(world: &World, client: ClientId) -> bool {
    world.sessions.dead_clients().any(|dead| dead == client)
}

fn a_client_without_leave_does_not_go(world: &mut World) {
    world.initialize(ANN);
    world.log_on_to(1, ANN, PRIVATE, &one_store());
    let refused = [done(2, Err(DoFastShutdownError::NotAllowed))];
    world.changes_nothing(Rule::RefuseFastShutdown, shut_down_fast(2, ANN, handle(1)), &refused);
}

fn a_session_that_is_left_empty_ends_at_once(world: &mut World) {
    world.initialize(ANN);
    world.log_on_to(1, ANN, PRIVATE_MAIL, &exchange());
    let _ = world.step(demanded(1));
    let _ = world.step(provider_answered(1, TRANSPORT, OK));
    world.obtain_leave(2, ANN, handle(1));
    let _ = world.step(notify(3, ANN, handle(1)));
    let effects = world.fires(Rule::ShutDownFast, shut_down_fast(4, ANN, handle(1)));
    let told = [TRANSPORT, BOOK, MAILBOX, FILE].map(|provider| order_to_end(1, provider));
    let ended = [end_session(1), settle(OPEN), done(4, Ok(()))];
    assert_eq!(effects, [told.as_slice(), &ended].concat(), "and nobody is logged off");
    assert_eq!(world.live_sessions(), []);
    assert_eq!(world.sessions.handles().count(), 0);
    assert!(!world.sessions.is_in_use(OPEN.key));
    assert!(client_is_dead(world, ANN));
    world.changes_nothing(Rule::IgnoreStale, closed(1), &[]);
}

fn the_spooler_is_not_taken_from_a_session_that_ends(world: &mut World) {
    world.initialize(ANN);
    world.initialize(BOB);
    world.log_on(1, ANN, SHARED_MAIL);
    world.log_on(2, ANN, JOIN);
    world.log_on(3, BOB, PRIVATE_MAIL);
    let _ = world.step(logoff_all(4, ANN, handle(2), Confirmation::Skip));
    world.log_on(5, BOB, SHARED);
    world.log_on(6, ANN, JOIN_MAIL);
    world.obtain_leave(7, ANN, handle(1));
    let effects = world.fires(Rule::ShutDownFast, shut_down_fast(8, ANN, handle(1)));
    assert_eq!(effects, [detach(5), end_session(1), done(8, Ok(()))], "one goes on");

    world.empty();
    world.initialize(ANN);
    world.log_on(1, ANN, SHARED_MAIL);
    world.log_on(2, ANN, JOIN);
    world.obtain_leave(3, ANN, handle(1));
    let effects = world.fires(Rule::ShutDownFast, shut_down_fast(4, ANN, handle(1)));
    assert_eq!(effects, [end_session(1), settle(OPEN), done(4, Ok(()))]);
}

fn the_notice_is_not_needed(world: &mut World) {
    world.initialize(ANN);
    world.log_on_to(1, ANN, PRIVATE, &one_store());
    world.obtain_leave(2, ANN, handle(1));
    let effects = world.fires(Rule::ShutDownFast, shut_down_fast(3, ANN, handle(1)));
    let expected = [order_to_end(1, 0), end_session(1), settle(OPEN), done(3, Ok(()))];
    assert_eq!(effects, expected);
}

fn sessions_end_in_the_order_of_their_creation(world: &mut World) {
    world.initialize(ANN);
    for number in [7, 3, 5] {
        world.log_on_to(number, ANN, PRIVATE, &one_store());
    }
    assert_eq!(world.sessions.users(OPEN.key), 3);
    world.obtain_leave(1, ANN, handle(3));
    let effects = world.fires(Rule::ShutDownFast, shut_down_fast(2, ANN, handle(3)));
    let mut expected = Vec::new();
    for number in [7, 3, 5] {
        expected.extend([order_to_end(number, 0), end_session(number)]);
    }
    expected.extend([settle(OPEN), done(2, Ok(()))]);
    assert_eq!(effects, expected, "the profile is settled once, with its last session");
}

fn a_shared_session_goes_on(world: &mut World) {
    world.initialize(ANN);
    world.initialize(BOB);
    world.log_on_to(1, ANN, SHARED_MAIL, &one_store());
    world.log_on(2, ANN, JOIN);
    world.log_on(3, BOB, JOIN);
    let _ = world.step(advise(4, BOB, handle(3)));
    let _ = world.step(advise(4, ANN, handle(2)));
    let before = world.session(1).provider_statuses.to_vec();
    world.obtain_leave(5, ANN, handle(1));
    let effects = world.fires(Rule::ShutDownFast, shut_down_fast(6, ANN, handle(1)));
    let told = queue(3, Notification::Extended);
    assert_eq!(effects, [detach(1), told.clone(), told, done(6, Ok(()))], "one for each handle");
    assert_eq!(world.session(1).provider_statuses, before);
    assert_eq!(world.sessions.users(OPEN.key), 1);
    assert_eq!(world.sessions.join_target(), Some(session(1)));
    world.fires(Rule::OpenRunningStore, open_store(7, BOB, handle(3), 0));
}

fn what_is_out_in_a_session_that_ends_is_forgotten(world: &mut World) {
    world.initialize(ANN);
    world.log_on_to(1, ANN, PRIVATE_MAIL, &exchange());
    let _ = world.step(open_store(2, ANN, handle(1), FILE));
    let _ = world.step(store_logoff(2, ANN, handle(1), FILE));
    let _ = world.step(provider_logged_off(1, FILE));
    let _ = world.step(provider_shut_down(1, FILE));
    let _ = world.step(open_store(2, ANN, handle(1), FILE));
    let _ = world.step(withdrawn(2));
    let _ = world.step(demanded(1));
    let _ = world.step(open_store(2, ANN, handle(1), MAILBOX));
    let _ = world.step(store_logoff(2, ANN, handle(1), MAILBOX));
    let statuses = [
        ProviderStatus::Running,
        ProviderStatus::LoggingOff,
        ProviderStatus::NotStarted,
        ProviderStatus::Late,
    ];
    assert_eq!(world.providers(1), statuses);
    world.obtain_leave(3, ANN, handle(1));
    let effects = world.fires(Rule::ShutDownFast, shut_down_fast(4, ANN, handle(1)));
    let ended = [order_to_end(1, BOOK), end_session(1), settle(OPEN), done(4, Ok(()))];
    assert_eq!(effects, ended);
    for event in [
        provider_answered(1, TRANSPORT, OK),
        provider_answered(1, FILE, OK),
        provider_logged_off(1, MAILBOX),
        provider_shut_down(1, MAILBOX),
        transport_configured(1, TRANSPORT),
    ] {
        world.changes_nothing(Rule::IgnoreStale, event, &[]);
    }
}

fn disabled_services_are_not_told(world: &mut World) {
    world.initialize(ANN);
    let results = [(BOOK, OK), (MAILBOX, ERROR), (FILE, OK)];
    world.log_on_with(1, ANN, PRIVATE, &exchange(), &results);
    world.obtain_leave(2, ANN, handle(1));
    let effects = world.fires(Rule::ShutDownFast, shut_down_fast(3, ANN, handle(1)));
    let expected = [order_to_end(1, FILE), end_session(1), settle(OPEN), done(3, Ok(()))];
    assert_eq!(effects, expected);
}

fn calls_under_way_are_dropped_unanswered(world: &mut World) {
    world.initialize(ANN);
    world.initialize(BOB);
    let services = one_store();
    world.log_on_with(1, ANN, SHARED, &services, &[(0, SKIP_ME)]);
    world.log_on(2, BOB, JOIN);
    world.log_on_to(3, ANN, PRIVATE, &Services::none());
    let _ = world.step(open_store(4, ANN, handle(1), 0));
    let _ = world.step(logoff(5, ANN, handle(3), Confirmation::Ask));
    world.start_logon(6, ANN, PRIVATE);
    world.obtain_leave(7, ANN, handle(1));
    let effects = world.fires(Rule::ShutDownFast, shut_down_fast(8, ANN, handle(1)));
    let expected = [
        drop_attempt(1, 0),
        withdraw_prompt(5),
        drop_attempt(6, 0),
        close(6),
        end_session(3),
        done(8, Ok(())),
    ];
    assert_eq!(effects, expected, "a session that was being built drains, as by a crash");
    assert_eq!(world.live_sessions(), [session(1), session(6)]);
    assert_eq!(world.providers(1), [ProviderStatus::Failed]);
    assert_eq!(world.sessions.calls().count(), 0);
    assert_eq!(world.sessions.mutex(), None);
    world.fires(Rule::EndSession, closed(6));
}

fn an_open_call_that_waited_for_it_has_its_turn(world: &mut World) {
    world.initialize(ANN);
    world.initialize(BOB);
    world.log_on_with(1, ANN, SHARED, &one_store(), &[(0, SKIP_ME)]);
    world.log_on(2, BOB, JOIN);
    let _ = world.step(open_store(3, ANN, handle(1), 0));
    world.fires(Rule::WaitForProvider, open_store(4, BOB, handle(2), 0));
    world.obtain_leave(5, ANN, handle(1));
    let effects = world.fires(Rule::ShutDownFast, shut_down_fast(6, ANN, handle(1)));
    assert_eq!(effects, [drop_attempt(1, 0), done(6, Ok(())), go_on(4)]);
    world.fires(Rule::StartStoreAfterWait, continued(4));
}

fn the_next_logon_has_the_mutex(world: &mut World) {
    world.initialize(ANN);
    world.initialize(BOB);
    world.log_on(1, ANN, PRIVATE);
    let _ = world.call_logon(2, ANN, PRIVATE);
    let _ = world.run(2);
    let _ = world.call_logon(3, ANN, PRIVATE);
    let _ = world.call_logon(4, BOB, PRIVATE);
    world.obtain_leave(5, ANN, handle(1));
    let effects = world.fires(Rule::ShutDownFast, shut_down_fast(6, ANN, handle(1)));
    assert_eq!(effects, [end_session(1), settle(OPEN), done(6, Ok(())), go_on(4)]);
    world.fires(Rule::AcquireMutex, continued(4));
}

fn a_handle_that_was_not_answered_goes_too(world: &mut World) {
    world.initialize(ANN);
    world.log_on(1, ANN, PRIVATE);
    world.start_logon(2, ANN, SHARED_MAIL);
    let _ = world.step(provider_answered(2, 0, OK));
    assert_eq!(world.fires(Rule::OpenSession, continued(2)), [attach(2), go_on(2)]);
    world.obtain_leave(3, ANN, handle(1));
    let effects = world.fires(Rule::ShutDownFast, shut_down_fast(4, ANN, handle(1)));
    let (first, second) = (end_session(1), end_session(2));
    let expected = [first, order_to_end(2, 0), second, settle(OPEN), done(4, Ok(()))];
    assert_eq!(effects, expected);
    assert_eq!((world.live_sessions(), world.sessions.join_target()), (vec![], None));
}

fn a_handle_that_was_logged_off_goes_too(world: &mut World) {
    world.initialize(ANN);
    world.log_on(1, ANN, PRIVATE);
    world.log_on_to(2, ANN, PRIVATE, &one_store());
    let _ = world.step(logoff(3, ANN, handle(2), Confirmation::Skip));
    world.obtain_leave(4, ANN, handle(1));
    let effects = world.fires(Rule::ShutDownFast, shut_down_fast(5, ANN, handle(1)));
    assert_eq!(effects, [end_session(1), done(5, Ok(()))], "the other session still drains");
    assert_eq!(world.sessions.handles().count(), 0);
    let _ = world.step(provider_logged_off(2, 0));
    assert_eq!(world.fires(Rule::StopLastProvider, provider_shut_down(2, 0)), [close(2)]);
    assert_eq!(world.fires(Rule::EndLastSessionOnProfile, closed(2)), [settle(OPEN)]);
}

fn a_profile_that_others_use_is_not_settled(world: &mut World) {
    world.initialize(ANN);
    world.initialize(BOB);
    world.log_on(1, ANN, PRIVATE);
    world.log_on(2, BOB, PRIVATE);
    world.obtain_leave(3, ANN, handle(1));
    let effects = world.fires(Rule::ShutDownFast, shut_down_fast(4, ANN, handle(1)));
    assert_eq!(effects, [end_session(1), done(4, Ok(()))]);
    assert!(world.sessions.is_in_use(OPEN.key));
    let _ = world.step(release(5, BOB, handle(2)));
    assert_eq!(world.fires(Rule::EndLastSessionOnProfile, closed(2)), [settle(OPEN)]);
}

fn a_dead_client_is_heard_no_more(world: &mut World) {
    world.initialize(ANN);
    world.log_on(1, ANN, PRIVATE);
    world.obtain_leave(2, ANN, handle(1));
    let _ = world.step(shut_down_fast(2, ANN, handle(1)));

    let (number, client) = (call(2), ANN);
    for request in [InitRequest::parse(0, 0), InitRequest::parse(1, 0)] {
        let answer = Answer::Initialized(Err(InitError::ShutDown));
        assert_eq!(answer.code(), MapiCode::MAPI_E_NOT_INITIALIZED);
        let event = Event::InitializeCalled { call: number, client, request };
        let refused = [Effect::Answer { call: number, answer }];
        world.changes_nothing(Rule::RefuseDeadClient, event, &refused);
    }
    let event = Event::UninitializeCalled { call: number, client };
    let returned = [Effect::Answer { call: number, answer: Answer::Uninitialized }];
    world.changes_nothing(Rule::UninitializeTooOften, event, &returned);
    let rule = Rule::RefuseUninitialized;
    let event = logon(2, ANN, None, Password::NotGiven, PRIVATE);
    world.changes_nothing(rule, event, &[logged_on(2, Err(LogonError::NotInitialized))]);
    let refused = [released(2, Err(ReleaseError::NotInitialized))];
    world.changes_nothing(rule, release(2, ANN, handle(1)), &refused);
    let refused = [queried(2, Err(QueryFastShutdownError::NotInitialized))];
    world.changes_nothing(rule, query(2, ANN, handle(1)), &refused);
    let refused = [administered(2, Err(AdminError::NotInitialized))];
    world.changes_nothing(rule, admin(2, ANN, AdminRequest::ClearDefault), &refused);
}

fn a_dead_client_that_is_gone_is_forgotten(world: &mut World) {
    world.initialize(ANN);
    world.log_on(1, ANN, PRIVATE);
    world.obtain_leave(2, ANN, handle(1));
    let _ = world.step(shut_down_fast(3, ANN, handle(1)));
    world.changes_nothing(Rule::IgnoreStale, crashed(BOB), &[]);
    assert_eq!(world.fires(Rule::ForgetDeadClient, crashed(ANN)), []);
    assert_eq!(world.sessions, Sessions::new(Limits::default()));
    world.changes_nothing(Rule::IgnoreStale, crashed(ANN), &[]);
    world.initialize(ANN);
    world.log_on(1, ANN, PRIVATE);
}
