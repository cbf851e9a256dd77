//! Open calls that want a provider that somebody is at: whose turn it is, and what they find then.

use crate::world::*;
use mapi_session_core::*;

scenarios![
    two_who_want_one_store_have_one_series,
    a_waiting_open_starts_a_store_that_failed,
    a_waiting_open_finds_its_service_disabled,
    the_least_handle_has_its_turn_first,
    a_lesser_handle_that_comes_late_goes_before,
    nobody_goes_on_before_his_turn,
    a_waiting_open_that_ends_lets_the_next_have_its_turn,
    an_open_from_inside_another_does_not_wait,
    an_open_waits_until_a_store_has_been_shut_down,
    an_open_waits_for_a_late_attempt,
    a_crash_gives_the_next_his_turn,
    a_crash_of_both_tells_neither,
];

const FIRST: Attempt = Attempt::First;
const ALLOWED: Prompts = Prompts::Allowed;

/// Three handles on a session whose one store failed, and may be tried again.
fn three_sharers(world: &mut World) {
    for client in [ANN, BOB, EVE] {
        world.initialize(client);
    }
    world.log_on_with(1, ANN, SHARED, &one_store(), &[(0, SKIP_ME)]);
    world.log_on(2, BOB, JOIN);
    world.log_on(3, EVE, JOIN);
}

fn open(number: u64, client: ClientId, of: u64) -> Event {
    open_store(number, client, handle(of), 0)
}

fn two_who_want_one_store_have_one_series(world: &mut World) {
    three_sharers(world);
    let _ = world.step(open(11, ANN, 1));
    assert_eq!(world.fires(Rule::WaitForProvider, open(12, BOB, 2)), []);
    let effects = world.fires(Rule::StartProvider, provider_answered(1, 0, OK));
    assert_eq!(effects, [opened(11, Ok(Opened::Store)), go_on(12)]);
    let effects = world.fires(Rule::FindStoreRunning, continued(12));
    assert_eq!(effects, [opened(12, Ok(Opened::Store))]);
    assert_eq!((world.stores(1).len(), world.stores(2).len()), (1, 1));
}

fn a_waiting_open_starts_a_store_that_failed(world: &mut World) {
    three_sharers(world);
    let _ = world.step(open(11, ANN, 1));
    let _ = world.step(open(12, BOB, 2));
    let effects = world.fires(Rule::SkipProvider, provider_answered(1, 0, SKIP_ME));
    assert_eq!(effects, [opened(11, Err(OpenError::ProviderFailed)), go_on(12)]);
    let effects = world.fires(Rule::StartStoreAfterWait, continued(12));
    assert_eq!(effects, [attempt(12, session(1), 0, FIRST, ALLOWED)]);
    world.changes_nothing(Rule::IgnoreStale, continued(12), &[]);
}

fn a_waiting_open_finds_its_service_disabled(world: &mut World) {
    three_sharers(world);
    let _ = world.step(open(11, ANN, 1));
    let _ = world.step(open(12, BOB, 2));
    let _ = world.step(open(13, EVE, 3));
    let effects = world.step(provider_answered(1, 0, ProviderResult::WrongVersion)).effects;
    assert_eq!(effects[2..], [go_on(12)]);
    let failed = |number| opened(number, Err(OpenError::ServiceDisabled));
    let effects = world.fires(Rule::FindServiceDisabled, continued(12));
    assert_eq!(effects, [failed(12), go_on(13)]);
    assert_eq!(world.fires(Rule::FindServiceDisabled, continued(13)), [failed(13)]);
}

fn the_least_handle_has_its_turn_first(world: &mut World) {
    three_sharers(world);
    let _ = world.step(open(11, BOB, 2));
    let _ = world.step(open(12, EVE, 3));
    let _ = world.step(open(13, ANN, 1));
    let effects = world.step(provider_answered(1, 0, SKIP_ME)).effects;
    assert_eq!(effects[1..], [go_on(13)]);
    world.changes_nothing(Rule::IgnoreStale, continued(12), &[]);
    world.fires(Rule::StartStoreAfterWait, continued(13));
    let effects = world.step(provider_answered(1, 0, SKIP_ME)).effects;
    assert_eq!(effects[1..], [go_on(12)]);
}

fn a_lesser_handle_that_comes_late_goes_before(world: &mut World) {
    three_sharers(world);
    let _ = world.step(open(11, ANN, 1));
    let _ = world.step(open(12, EVE, 3));
    let effects = world.step(provider_answered(1, 0, SKIP_ME)).effects;
    assert_eq!(effects[1..], [go_on(12)]);
    let effects = world.fires(Rule::WaitForProvider, open(13, BOB, 2));
    assert_eq!(effects, [go_on(13)], "who waits for a turn waits, and has the lesser handle");
    world.changes_nothing(Rule::IgnoreStale, continued(12), &[]);
    world.fires(Rule::StartStoreAfterWait, continued(13));
    let effects = world.fires(Rule::StartProvider, provider_answered(1, 0, OK));
    assert_eq!(effects, [opened(13, Ok(Opened::Store)), go_on(12)]);
}

fn nobody_goes_on_before_his_turn(world: &mut World) {
    three_sharers(world);
    let _ = world.step(open(11, ANN, 1));
    let _ = world.step(open(12, BOB, 2));
    for number in [11, 12] {
        world.changes_nothing(Rule::IgnoreStale, continued(number), &[]);
    }
    for event in [
        repaired(12, 0),
        retry_answered(12, 0, RetryAnswer::Retry),
        Event::LogoffAnswered { call: call(12), answer: LogoffAnswer::Confirmed },
    ] {
        world.changes_nothing(Rule::IgnoreStale, event, &[]);
    }
}

fn a_waiting_open_that_ends_lets_the_next_have_its_turn(world: &mut World) {
    three_sharers(world);
    let _ = world.step(open(11, ANN, 1));
    let _ = world.step(open(12, BOB, 2));
    let _ = world.step(open(13, EVE, 3));
    let effects = world.step(provider_answered(1, 0, SKIP_ME)).effects;
    assert_eq!(effects[1..], [go_on(12)]);
    assert_eq!(world.fires(Rule::WithdrawWaitingOpen, withdrawn(12)), [go_on(13)]);
    world.fires(Rule::StartStoreAfterWait, continued(13));
}

fn an_open_from_inside_another_does_not_wait(world: &mut World) {
    three_sharers(world);
    let _ = world.step(open(11, ANN, 1));
    let inside = |number, of: u64, inside| {
        let request = OpenRequest::parse(OpenTarget::Store(ProviderId(0)), 0);
        let client = ClientId(u32::try_from(of).expect("clients are few"));
        let (call, handle) = (call(number), handle(of));
        Event::OpenCalled { call, client, handle, inside: Some(inside), request }
    };
    let error = OpenError::WouldWaitForItself;
    assert_eq!(error.code(), MapiCode::MAPI_E_BUSY);
    let refused = [opened(12, Err(error))];
    let rule = Rule::RefuseOpenFromInside;
    world.changes_nothing(rule, inside(12, 2, call(11)), &refused);

    world.fires(Rule::WaitForProvider, inside(12, 2, call(99)));
    world.changes_nothing(rule, inside(13, 3, call(12)), &[opened(13, Err(error))]);
    let effects = world.step(provider_answered(1, 0, OK)).effects;
    assert_eq!(effects[1..], [go_on(12)]);
    let effects = world.fires(Rule::OpenRunningStore, inside(13, 3, call(12)));
    assert_eq!(effects, [opened(13, Ok(Opened::Store))], "there is nothing to wait for");
}

fn an_open_waits_until_a_store_has_been_shut_down(world: &mut World) {
    three_sharers(world);
    let _ = world.step(open(11, ANN, 1));
    let _ = world.step(provider_answered(1, 0, OK));
    let _ = world.step(store_logoff(12, ANN, handle(1), 0));
    assert_eq!(world.fires(Rule::WaitForProvider, open(13, BOB, 2)), []);
    assert_eq!(world.step(provider_logged_off(1, 0)).effects, [shut_down_provider(1, 0)]);
    assert_eq!(world.fires(Rule::FreeStore, provider_shut_down(1, 0)), [go_on(13)]);
    world.fires(Rule::StartStoreAfterWait, continued(13));
}

fn an_open_waits_for_a_late_attempt(world: &mut World) {
    three_sharers(world);
    let _ = world.step(open(11, ANN, 1));
    let _ = world.step(open(12, BOB, 2));
    assert_eq!(world.step(withdrawn(11)).effects, []);
    world.fires(Rule::WaitForProvider, open(13, EVE, 3));
    assert_eq!(world.fires(Rule::KeepLateProvider, provider_answered(1, 0, OK)), [go_on(12)]);
    let effects = world.fires(Rule::FindStoreRunning, continued(12));
    assert_eq!(effects, [opened(12, Ok(Opened::Store)), go_on(13)]);
}

fn a_crash_gives_the_next_his_turn(world: &mut World) {
    three_sharers(world);
    let _ = world.step(open(11, ANN, 1));
    let _ = world.step(open(12, BOB, 2));
    let effects = world.fires(Rule::CrashClient, crashed(ANN));
    assert_eq!(effects, [drop_attempt(1, 0), go_on(12)]);
    world.changes_nothing(Rule::IgnoreStale, provider_answered(1, 0, OK), &[]);
    world.fires(Rule::StartStoreAfterWait, continued(12));
}

fn a_crash_of_both_tells_neither(world: &mut World) {
    three_sharers(world);
    world.log_on(4, ANN, JOIN);
    let _ = world.step(open(11, ANN, 1));
    let _ = world.step(open(12, ANN, 4));
    let effects = world.fires(Rule::CrashClient, crashed(ANN));
    assert_eq!(effects, [drop_attempt(1, 0)]);
    let _ = world.step(open(13, BOB, 2));
    let _ = world.step(open(14, EVE, 3));
    let _ = world.step(crashed(EVE));
    let effects = world.step(provider_answered(1, 0, OK)).effects;
    assert_eq!(effects, [opened(13, Ok(Opened::Store))]);
}
