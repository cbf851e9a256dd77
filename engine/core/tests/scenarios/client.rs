//! Initialisation, and how clients go.

use crate::world::*;
use mapi_session_core::*;

scenarios![
    nothing_works_before_initialisation,
    initialisations_are_counted,
    an_initialisation_that_makes_no_sense_does_not_count,
    only_the_first_initialisation_says_what_the_client_is,
    uninitialising_too_often_does_nothing,
    the_last_uninitialisation_ends_what_the_client_had,
    uninitialising_amid_calls_drops_them,
    a_crash_takes_calls_and_handles_along,
    a_crash_of_a_stranger_changes_nothing,
    a_crash_lets_the_next_logon_have_the_mutex,
    a_crash_reaches_a_handle_that_was_not_yet_answered,
    a_crash_takes_prompts_down,
    a_number_in_use_cannot_be_given_again,
];

fn nothing_works_before_initialisation(world: &mut World) {
    let rule = Rule::RefuseUninitialized;
    let event = logon(1, ANN, None, Password::NotGiven, LogonFlags::all());
    world.changes_nothing(rule, event, &[logged_on(1, Err(LogonError::NotInitialized))]);
    let event = logoff(1, ANN, handle(7), Confirmation::Skip);
    world.changes_nothing(rule, event, &[logged_off(1, Err(LogoffError::NotInitialized))]);
    let event = release(1, ANN, handle(7));
    world.changes_nothing(rule, event, &[released(1, Err(ReleaseError::NotInitialized))]);
}

fn initialisations_are_counted(world: &mut World) {
    world.initialize(ANN);
    let (call, request) = (world.spare_call(), InitRequest::parse(0, 0));
    let effects =
        world.fires(Rule::InitializeAgain, Event::InitializeCalled { call, client: ANN, request });
    assert_eq!(effects, [Effect::Answer { call, answer: Answer::Initialized(Ok(())) }]);
    let (_, view) = world.sessions.clients().next().expect("the client is known");
    assert_eq!(view.count.get(), 2);

    world.log_on(1, ANN, PRIVATE);
    assert_eq!(world.uninitialize(Rule::Uninitialize, ANN), []);
    assert_eq!(world.sessions.handles().count(), 1, "the client is still initialised");
}

fn an_initialisation_that_makes_no_sense_does_not_count(world: &mut World) {
    for (request, code) in [
        (InitRequest::parse(1, 0), MapiCode::MAPI_E_INVALID_PARAMETER),
        (InitRequest::parse(0, 0x4000_0000), MapiCode::MAPI_E_UNKNOWN_FLAGS),
    ] {
        let error = request.expect_err("the arguments make no sense");
        let answer = Answer::Initialized(Err(error));
        assert_eq!(answer.code(), code);
        let event = Event::InitializeCalled { call: call(1), client: ANN, request };
        let effects = [Effect::Answer { call: call(1), answer }];
        world.changes_nothing(Rule::RefuseInitialize, event, &effects);
    }
}

fn only_the_first_initialisation_says_what_the_client_is(world: &mut World) {
    world.initialize_as(ANN, Host::WindowsService);
    world.initialize_as(ANN, Host::Application);
    let (_, view) = world.sessions.clients().next().expect("the client is known");
    assert_eq!(view.host, Host::WindowsService);
}

fn uninitialising_too_often_does_nothing(world: &mut World) {
    let event = Event::UninitializeCalled { call: call(1), client: ANN };
    let effects = [Effect::Answer { call: call(1), answer: Answer::Uninitialized }];
    world.changes_nothing(Rule::UninitializeTooOften, event, &effects);
}

fn the_last_uninitialisation_ends_what_the_client_had(world: &mut World) {
    world.initialize(ANN);
    world.log_on(1, ANN, PRIVATE);
    world.log_on(2, ANN, PRIVATE);
    let _ = world.step(logoff(3, ANN, handle(1), Confirmation::Skip));
    assert_eq!(world.uninitialize(Rule::UninitializeLast, ANN), [close(2)]);
    assert_eq!(world.sessions.handles().count(), 0);
    assert_eq!(world.sessions.clients().count(), 0);
}

fn uninitialising_amid_calls_drops_them(world: &mut World) {
    world.initialize(ANN);
    world.log_on(1, ANN, PRIVATE);
    let _ = world.call_logon(2, ANN, PRIVATE);
    assert_eq!(world.uninitialize(Rule::UninitializeAmidCalls, ANN), [close(1)]);
    assert_eq!(world.sessions.calls().count(), 0);
    assert_eq!(world.sessions.queue().count(), 0);
}

fn a_crash_takes_calls_and_handles_along(world: &mut World) {
    world.initialize(ANN);
    world.log_on(1, ANN, PRIVATE);
    world.start_logon(2, ANN, PRIVATE);
    let effects = world.fires(Rule::CrashClient, Event::ClientCrashed { client: ANN });
    let dropped = Effect::DropAttempt { session: session(2), provider: ProviderId(0) };
    assert_eq!(effects, [dropped, close(2), close(1)], "an attempt dies with its client");
    let late = provider_answered(2, 0, ProviderResult::LoggedOn);
    world.changes_nothing(Rule::IgnoreStale, late, &[]);
    assert_eq!(world.fires(Rule::EndSession, closed(1)), []);
    let last = world.fires(Rule::EndLastSessionOnProfile, closed(2));
    assert_eq!(last, [settle(OPEN)], "nobody uses the profile any more");
    assert_eq!(world.sessions, Sessions::new(Limits::default()));
}

fn a_crash_of_a_stranger_changes_nothing(world: &mut World) {
    world.changes_nothing(Rule::IgnoreStale, Event::ClientCrashed { client: EVE }, &[]);
}

fn a_crash_lets_the_next_logon_have_the_mutex(world: &mut World) {
    for client in [ANN, BOB, EVE] {
        world.initialize(client);
    }
    let _ = world.call_logon(1, ANN, PRIVATE);
    let _ = world.call_logon(2, BOB, PRIVATE);
    let _ = world.call_logon(3, EVE, PRIVATE);
    let head_gone = world.fires(Rule::CrashClient, Event::ClientCrashed { client: ANN });
    assert_eq!(head_gone, [go_on(2)]);
    let _ = world.run(2);
    let holder_gone = world.fires(Rule::CrashClient, Event::ClientCrashed { client: BOB });
    assert_eq!(holder_gone, [go_on(3)]);
    assert_eq!(world.fires(Rule::AcquireMutex, Event::Continued { call: call(3) }), [go_on(3)]);
}

fn a_crash_reaches_a_handle_that_was_not_yet_answered(world: &mut World) {
    world.initialize(ANN);
    world.reach_services(1, ANN, SHARED);
    let _ = world.step(services_read(1, &Services::none()));
    world.fires(Rule::OpenSession, Event::Continued { call: call(1) });
    let effects = world.fires(Rule::CrashClient, Event::ClientCrashed { client: ANN });
    assert_eq!(effects, [close(1)]);
    assert_eq!(world.sessions.join_target(), None);
}

fn a_crash_takes_prompts_down(world: &mut World) {
    world.initialize(ANN);
    world.log_on(5, ANN, PRIVATE);
    let _ = world.step(logoff(2, ANN, handle(5), Confirmation::Ask));
    let _ = world.step(logoff(6, ANN, handle(5), Confirmation::Ask));
    let _ = world.call_logon(7, ANN, LogonFlags::LOGON_UI);
    let _ = world.run(7);
    let effects = world.fires(Rule::CrashClient, Event::ClientCrashed { client: ANN });
    let down = [withdraw_prompt(2), withdraw_prompt(6), withdraw_prompt(7), close(5)];
    assert_eq!(effects, down, "and nobody is answered");
}

fn a_number_in_use_cannot_be_given_again(world: &mut World) {
    world.initialize(ANN);
    world.initialize(BOB);
    world.log_on(1, ANN, PRIVATE);
    let _ = world.call_logon(2, ANN, PRIVATE);
    let rule = Rule::IgnoreReusedId;
    for number in [1, 2] {
        let call = call(number);
        let again =
            Event::InitializeCalled { call, client: EVE, request: InitRequest::parse(0, 0) };
        world.changes_nothing(rule, again, &[]);
        world.changes_nothing(rule, Event::UninitializeCalled { call, client: ANN }, &[]);
        let again = logon(number, BOB, None, Password::NotGiven, PRIVATE);
        world.changes_nothing(rule, again, &[]);
        world.changes_nothing(rule, logoff(number, ANN, handle(1), Confirmation::Skip), &[]);
        world.changes_nothing(rule, release(number, ANN, handle(1)), &[]);
    }
    let _ = world.step(release(3, ANN, handle(1)));
    let draining = release(1, ANN, handle(1));
    world.changes_nothing(rule, draining, &[]);
    let _ = world.step(closed(1));
    world.fires(Rule::RefuseHandle, release(1, ANN, handle(1)));
}
