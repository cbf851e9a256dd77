//! Sessions: built, shared, joined, left, ended.

use crate::world::*;
use mapi_session_core::*;

scenarios![
    a_new_session_starts_its_providers_and_opens,
    a_later_logon_joins_the_shared_session,
    a_join_needs_no_password_and_ignores_the_name,
    a_session_that_was_not_offered_is_not_joined,
    what_counts_is_what_the_creator_allowed,
    a_logon_that_wants_its_own_session_gets_it,
    the_oldest_shared_session_is_joined_until_it_is_gone,
    a_join_or_fail_logon_fails_without_a_shared_session,
    sharers_may_differ_in_mail,
    the_session_outlives_its_creators_handle,
    a_session_over_the_limit_is_refused,
    a_join_does_not_count_against_the_limit,
    a_session_ends_when_it_is_closed,
    an_answer_about_a_session_comes_once,
];

fn phase(world: &World, session: SessionId) -> Option<Phase> {
    world.sessions.sessions().find(|(id, _)| *id == session).map(|(_, view)| view.phase)
}

fn a_new_session_starts_its_providers_and_opens(world: &mut World) {
    world.initialize(ANN);
    world.start_logon(1, ANN, PRIVATE);
    assert_eq!(phase(world, session(1)), Some(Phase::Building));
    world.changes_nothing(Rule::IgnoreStale, Event::Continued { call: call(1) }, &[]);
    let up = provider_answered(1, 0, ProviderResult::LoggedOn);
    assert_eq!(world.fires(Rule::StartProvider, up), [go_on(1)]);
    let go_on_event = Event::Continued { call: call(1) };
    assert_eq!(world.fires(Rule::OpenSession, go_on_event), [go_on(1)]);
    assert_eq!(phase(world, session(1)), Some(Phase::Individual));
    let (_, unanswered) = world.sessions.handles().next().expect("a handle is made");
    assert!(matches!(unanswered.status, HandleStatus::Unanswered(_)));

    let logon = Logon { handle: handle(1), session: session(1), profile: OPEN.key };
    let effects = world.fires(Rule::AnswerLogon, Event::Continued { call: call(1) });
    assert_eq!(effects, [logged_on(1, Ok(logon))]);
    let (_, answered) = world.sessions.handles().next().expect("the handle is kept");
    let seat = Seat { session: session(1), mail: Mail::NotWanted, host: Host::Application };
    assert_eq!((answered.client, answered.status), (ANN, HandleStatus::Live(seat)));
}

fn a_later_logon_joins_the_shared_session(world: &mut World) {
    world.initialize(ANN);
    world.initialize(BOB);
    world.log_on(1, ANN, SHARED);
    let joined = world.log_on(2, BOB, JOIN);
    let expected = Logon { handle: handle(2), session: session(1), profile: OPEN.key };
    assert_eq!(joined, expected);
    let two = 2.try_into().expect("two is not zero");
    assert_eq!(phase(world, session(1)), Some(Phase::Shared { handles: two }));
}

fn a_join_needs_no_password_and_ignores_the_name(world: &mut World) {
    world.initialize(ANN);
    world.log_on(1, ANN, SHARED);
    for (number, name) in [(2, "Another"), (3, "*malformed*")] {
        let event = logon(number, ANN, Some(name), Password::Given, LogonFlags::LOGON_UI);
        let _ = world.step(event);
        let effects = world.run(number);
        let logon = Logon { handle: handle(number), session: session(1), profile: OPEN.key };
        assert_eq!(effects, [logged_on(number, Ok(logon))]);
    }
}

fn a_session_that_was_not_offered_is_not_joined(world: &mut World) {
    world.initialize(ANN);
    world.log_on(1, ANN, LogonFlags::USE_DEFAULT);
    assert_eq!(world.sessions.join_target(), None);
    assert_eq!(world.log_on(2, ANN, SHARED).session, session(2));
    assert_eq!(world.live_sessions(), [session(1), session(2)]);
}

fn what_counts_is_what_the_creator_allowed(world: &mut World) {
    world.initialize(ANN);
    world.log_on(1, ANN, SHARED);
    world.log_on(2, ANN, JOIN);
    assert_eq!(world.log_on(3, ANN, JOIN).session, session(1));
}

fn a_logon_that_wants_its_own_session_gets_it(world: &mut World) {
    world.initialize(ANN);
    world.log_on(1, ANN, SHARED);
    assert_eq!(world.log_on(2, ANN, PRIVATE).session, session(2));
    assert_eq!(phase(world, session(2)), Some(Phase::Individual));
}

fn the_oldest_shared_session_is_joined_until_it_is_gone(world: &mut World) {
    world.initialize(ANN);
    let another = PRIVATE | LogonFlags::ALLOW_OTHERS;
    for number in [7, 5, 9] {
        world.log_on(number, ANN, another);
    }
    assert_eq!(world.live_sessions(), [session(7), session(5), session(9)]);
    assert_eq!(world.log_on(1, ANN, JOIN).session, session(7));
    let _ = world.step(release(20, ANN, handle(5)));
    for number in [7, 1] {
        assert_eq!(world.sessions.join_target(), Some(session(7)));
        let _ = world.step(release(20, ANN, handle(number)));
    }
    assert_eq!(world.log_on(2, ANN, JOIN).session, session(9));
}

fn a_join_or_fail_logon_fails_without_a_shared_session(world: &mut World) {
    world.initialize(ANN);
    let _ = world.call_logon(1, ANN, JOIN);
    assert_eq!(world.run(1), [logged_on(1, Err(LogonError::NoProfile))]);
    world.start_logon(2, ANN, SHARED);
    let _ = world.call_logon(3, ANN, JOIN);
    world.finish_logon(2);
    assert!(matches!(world.run(3)[..], [Effect::Answer { answer: Answer::LoggedOn(Ok(_)), .. }]));
}

fn sharers_may_differ_in_mail(world: &mut World) {
    world.initialize(ANN);
    world.initialize_as(BOB, Host::WindowsService);
    world.log_on(1, ANN, SHARED_MAIL);
    world.log_on(2, ANN, JOIN);
    world.log_on(3, BOB, JOIN_MAIL);
    let seat = |(_, view): (HandleId, HandleView<'_>)| match view.status {
        HandleStatus::Live(seat) | HandleStatus::Unanswered(seat) => Some((seat.mail, seat.host)),
        HandleStatus::LoggedOff => None,
    };
    let seats: Vec<_> = world.sessions.handles().filter_map(seat).collect();
    let expected = [
        (Mail::Wanted, Host::Application),
        (Mail::NotWanted, Host::Application),
        (Mail::NotWanted, Host::WindowsService),
    ];
    assert_eq!(seats, expected);
}

fn the_session_outlives_its_creators_handle(world: &mut World) {
    world.initialize(ANN);
    world.initialize(BOB);
    world.log_on(1, ANN, SHARED);
    world.log_on(2, BOB, JOIN);
    let effects = world.fires(Rule::CrashClient, Event::ClientCrashed { client: ANN });
    assert_eq!(effects, []);
    assert_eq!(world.log_on(3, BOB, JOIN).session, session(1));
}

fn a_session_over_the_limit_is_refused(world: &mut World) {
    world.limit(1);
    world.initialize(ANN);
    world.log_on(1, ANN, PRIVATE);
    let _ = world.step(release(2, ANN, handle(1)));
    let _ = world.call_logon(3, ANN, PRIVATE);
    let _ = world.run(3);
    let _ = world.step(look_up(3, Some(OPEN)));
    let _ = world.run(3);
    let full = services_read(3, &one_store());
    assert_eq!(world.fires(Rule::RefuseSessionOverLimit, full), [go_on(3)]);
    let error = LogonError::SessionLimitReached;
    assert_eq!(error.code(), MapiCode::MAPI_E_LOGON_FAILED);
    assert_eq!(world.run(3), [logged_on(3, Err(error))], "one that drains still counts");

    let _ = world.step(closed(1));
    world.log_on(4, ANN, PRIVATE);
}

fn a_join_does_not_count_against_the_limit(world: &mut World) {
    world.limit(1);
    world.initialize(ANN);
    world.log_on(1, ANN, SHARED);
    world.log_on(2, ANN, SHARED);
}

fn a_session_ends_when_it_is_closed(world: &mut World) {
    world.initialize(ANN);
    world.log_on(1, ANN, PRIVATE);
    let _ = world.step(logoff(2, ANN, handle(1), Confirmation::Skip));
    assert_eq!(phase(world, session(1)), Some(Phase::Draining));
    assert_eq!(world.fires(Rule::EndLastSessionOnProfile, closed(1)), [settle(OPEN)]);
    assert_eq!(world.live_sessions(), []);
}

fn an_answer_about_a_session_comes_once(world: &mut World) {
    world.initialize(ANN);
    world.log_on(1, ANN, SHARED);
    let again = services_read(1, &Services::none());
    world.changes_nothing(Rule::IgnoreStale, again.clone(), &[]);
    world.changes_nothing(Rule::IgnoreStale, closed(1), &[]);
    let _ = world.step(release(2, ANN, handle(1)));
    world.changes_nothing(Rule::IgnoreStale, again, &[]);
    world.fires(Rule::EndLastSessionOnProfile, closed(1));
    world.changes_nothing(Rule::IgnoreStale, closed(1), &[]);
}
