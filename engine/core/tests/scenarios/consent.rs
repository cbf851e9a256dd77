//! Whether a client may shut down fast: who is asked and told, in which order, and what it takes.

use crate::world::*;
use mapi_session_core::*;

scenarios![
    nobody_who_does_not_know_a_handle_asks_or_tells_or_goes,
    without_running_providers_a_fast_shutdown_is_allowed_unasked,
    providers_are_asked_in_the_order_of_shutdown,
    sessions_are_asked_in_the_order_of_their_creation,
    only_the_sessions_of_the_client_are_asked,
    a_provider_that_does_not_run_is_not_asked,
    one_objection_is_enough,
    a_provider_that_cannot_be_asked_has_no_objection,
    where_all_must_consent_silence_is_a_refusal,
    where_nobody_may_shut_down_fast_nobody_is_asked,
    a_client_asks_once_at_a_time,
    two_clients_ask_beside_each_other,
    a_provider_is_waited_for_whatever_becomes_of_it,
    what_begins_to_run_meanwhile_is_asked_in_its_turn,
    a_session_that_opens_meanwhile_is_asked_too,
    sessions_that_are_joined_meanwhile_are_asked_in_their_turn,
    a_vote_that_nobody_waits_for_changes_nothing,
    providers_are_told_once,
    who_may_not_shut_down_fast_tells_nobody,
];

/// The transport of [`exchange`].
const TRANSPORT: u16 = 2;

/// A session with every provider of [`exchange`] running, its transport included.
fn log_on_with_mail(world: &mut World, number: u64, client: ClientId, flags: LogonFlags) {
    world.log_on_to(number, client, flags, &exchange());
    world.fires(Rule::StartTransports, demanded(number));
    let _ = world.step(provider_answered(number, TRANSPORT, OK));
    assert_eq!(world.providers(number), [ProviderStatus::Running; 4]);
}

fn nobody_who_does_not_know_a_handle_asks_or_tells_or_goes(world: &mut World) {
    let rule = Rule::RefuseUninitialized;
    let error = QueryFastShutdownError::NotInitialized;
    world.changes_nothing(rule, query(8, ANN, handle(1)), &[queried(8, Err(error))]);
    assert_eq!(error.code(), MapiCode::MAPI_E_NOT_INITIALIZED);
    let error = NotifyProcessShutdownError::NotInitialized;
    world.changes_nothing(rule, notify(8, ANN, handle(1)), &[notified(8, Err(error))]);
    let error = DoFastShutdownError::NotInitialized;
    world.changes_nothing(rule, shut_down_fast(8, ANN, handle(1)), &[done(8, Err(error))]);

    world.initialize(ANN);
    world.initialize(BOB);
    world.log_on(1, ANN, SHARED);
    world.log_on(2, ANN, JOIN);
    let _ = world.step(logoff(3, ANN, handle(2), Confirmation::Skip));
    let rule = Rule::RefuseHandle;
    for (client, number) in [(ANN, 2), (ANN, 7), (BOB, 1)] {
        let error = QueryFastShutdownError::InvalidHandle;
        let event = query(8, client, handle(number));
        world.changes_nothing(rule, event, &[queried(8, Err(error))]);
        assert_eq!(error.code(), MapiCode::MAPI_E_INVALID_OBJECT);
        let error = NotifyProcessShutdownError::InvalidHandle;
        let event = notify(8, client, handle(number));
        world.changes_nothing(rule, event, &[notified(8, Err(error))]);
        let error = DoFastShutdownError::InvalidHandle;
        let event = shut_down_fast(8, client, handle(number));
        world.changes_nothing(rule, event, &[done(8, Err(error))]);
    }
    world.obtain_leave(8, ANN, handle(1));
    let refused = [queried(9, Err(QueryFastShutdownError::InvalidHandle))];
    world.changes_nothing(rule, query(9, ANN, handle(2)), &refused);
}

fn without_running_providers_a_fast_shutdown_is_allowed_unasked(world: &mut World) {
    world.initialize(ANN);
    world.log_on(1, ANN, PRIVATE);
    let effects = world.fires(Rule::AllowFastShutdownUnasked, query(2, ANN, handle(1)));
    assert_eq!(effects, [queried(2, Ok(()))]);
    assert_eq!(world.standing(ANN), Standing::Asked);
}

fn providers_are_asked_in_the_order_of_shutdown(world: &mut World) {
    world.initialize(ANN);
    log_on_with_mail(world, 1, ANN, PRIVATE_MAIL);
    let effects = world.fires(Rule::AskFirstProvider, query(2, ANN, handle(1)));
    assert_eq!(effects, [ask(2, 1, TRANSPORT)]);
    let stage =
        CallStage::QueryingFastShutdown { session: session(1), provider: ProviderId(TRANSPORT) };
    assert_eq!(world.call(2), Some(CallView { client: ANN, stage }));
    assert_eq!(world.standing(ANN), Standing::Asking(call(2)));
    for provider in [BOOK, MAILBOX, FILE] {
        let effects = world.fires(Rule::AskNextProvider, voted(2, Vote::Consents));
        assert_eq!(effects, [ask(2, 1, provider)]);
    }
    let effects = world.fires(Rule::AllowFastShutdown, voted(2, Vote::Consents));
    assert_eq!(effects, [queried(2, Ok(()))]);
    assert_eq!(world.standing(ANN), Standing::Asked);
    assert_eq!(world.call(2), None);
}

fn sessions_are_asked_in_the_order_of_their_creation(world: &mut World) {
    world.initialize(ANN);
    for number in [9, 5, 7] {
        world.log_on_to(number, ANN, PRIVATE, &one_store());
    }
    assert_eq!(world.fires(Rule::AskFirstProvider, query(1, ANN, handle(5))), [ask(1, 9, 0)]);
    for number in [5, 7] {
        let effects = world.fires(Rule::AskNextProvider, voted(1, Vote::Consents));
        assert_eq!(effects, [ask(1, number, 0)]);
    }
    world.fires(Rule::AllowFastShutdown, voted(1, Vote::Consents));
    let effects = world.fires(Rule::NotifyProviders, notify(2, ANN, handle(7)));
    assert_eq!(effects, [notice(9, 0), notice(5, 0), notice(7, 0), notified(2, Ok(()))]);
}

fn only_the_sessions_of_the_client_are_asked(world: &mut World) {
    world.initialize(ANN);
    world.initialize(BOB);
    world.log_on_to(1, ANN, SHARED, &one_store());
    world.log_on_to(2, BOB, PRIVATE, &one_store());
    for number in [3, 4] {
        world.log_on(number, BOB, JOIN);
    }
    world.log_on_to(5, ANN, PRIVATE, &one_store());
    let effects = world.fires(Rule::AskFirstProvider, query(6, BOB, handle(2)));
    assert_eq!(effects, [ask(6, 1, 0)], "a session with two handles is asked once");
    assert_eq!(world.fires(Rule::AskNextProvider, voted(6, Vote::Consents)), [ask(6, 2, 0)]);
    world.fires(Rule::AllowFastShutdown, voted(6, Vote::Consents));
    let effects = world.fires(Rule::NotifyProviders, notify(7, BOB, handle(4)));
    assert_eq!(effects, [notice(1, 0), notice(2, 0), notified(7, Ok(()))]);
}

fn a_provider_that_does_not_run_is_not_asked(world: &mut World) {
    world.initialize(ANN);
    let results = [(BOOK, OK), (MAILBOX, ERROR), (FILE, SKIP_ME)];
    world.log_on_with(1, ANN, PRIVATE, &exchange(), &results);
    assert_eq!(world.providers(1)[usize::from(BOOK)], ProviderStatus::Quiesced);
    world.fires(Rule::AllowFastShutdownUnasked, query(2, ANN, handle(1)));
    let effects = world.fires(Rule::NotifyProviders, notify(3, ANN, handle(1)));
    assert_eq!(effects, [notified(3, Ok(()))]);
}

fn one_objection_is_enough(world: &mut World) {
    for policy in [FastShutdownPolicy::AllowUnlessRefused, FastShutdownPolicy::AllowIfAllConsent] {
        world.govern(policy);
        world.initialize(ANN);
        world.log_on_to(1, ANN, PRIVATE, &exchange());
        let _ = world.step(query(2, ANN, handle(1)));
        let effects = world.fires(Rule::RefuseForObjection, voted(2, Vote::Objects));
        let error = QueryFastShutdownError::ProviderObjects;
        assert_eq!(effects, [queried(2, Err(error))]);
        assert_eq!(error.code(), MapiCode::MAPI_E_NO_SUPPORT);
        assert_eq!(world.standing(ANN), Standing::Unasked);
        let refused = [done(3, Err(DoFastShutdownError::NotAllowed))];
        world.changes_nothing(
            Rule::RefuseFastShutdown,
            shut_down_fast(3, ANN, handle(1)),
            &refused,
        );
    }
}

fn a_provider_that_cannot_be_asked_has_no_objection(world: &mut World) {
    world.initialize(ANN);
    world.log_on_to(1, ANN, PRIVATE, &exchange());
    let _ = world.step(query(2, ANN, handle(1)));
    world.fires(Rule::AskNextProvider, voted(2, Vote::NoInterface));
    world.fires(Rule::AskNextProvider, voted(2, Vote::Consents));
    let effects = world.fires(Rule::AllowFastShutdown, voted(2, Vote::NoInterface));
    assert_eq!(effects, [queried(2, Ok(()))]);
}

fn where_all_must_consent_silence_is_a_refusal(world: &mut World) {
    world.govern(FastShutdownPolicy::AllowIfAllConsent);
    world.initialize(ANN);
    world.log_on_to(1, ANN, PRIVATE, &exchange());
    world.obtain_leave(2, ANN, handle(1));
    let _ = world.step(query(3, ANN, handle(1)));
    let effects = world.fires(Rule::RefuseForSilence, voted(3, Vote::NoInterface));
    assert_eq!(effects, [queried(3, Err(QueryFastShutdownError::ProviderSilent))]);
    assert_eq!(world.standing(ANN), Standing::Unasked, "what it was told before is over");
}

fn where_nobody_may_shut_down_fast_nobody_is_asked(world: &mut World) {
    world.govern(FastShutdownPolicy::Refuse);
    world.initialize(ANN);
    world.log_on_to(1, ANN, PRIVATE, &one_store());
    let error = QueryFastShutdownError::Forbidden;
    let refused = [queried(2, Err(error))];
    world.changes_nothing(Rule::RefuseQueryByPolicy, query(2, ANN, handle(1)), &refused);
    assert_eq!(error.code(), MapiCode::MAPI_E_NO_SUPPORT);
    let event = notify(2, ANN, handle(1));
    world.changes_nothing(Rule::NotifyNobody, event, &[notified(2, Ok(()))]);
    let error = DoFastShutdownError::NotAllowed;
    let event = shut_down_fast(2, ANN, handle(1));
    world.changes_nothing(Rule::RefuseFastShutdown, event, &[done(2, Err(error))]);
    assert_eq!(error.code(), MapiCode::MAPI_E_NO_SUPPORT);
}

fn a_client_asks_once_at_a_time(world: &mut World) {
    world.initialize(ANN);
    world.log_on_to(1, ANN, PRIVATE, &one_store());
    world.log_on_to(2, ANN, PRIVATE, &one_store());
    let _ = world.step(query(3, ANN, handle(1)));
    let refused = [queried(4, Err(QueryFastShutdownError::QueryInProgress))];
    world.changes_nothing(Rule::RefuseSecondQuery, query(4, ANN, handle(2)), &refused);
    let event = notify(4, ANN, handle(2));
    world.changes_nothing(Rule::NotifyNobody, event, &[notified(4, Ok(()))]);
    let refused = [done(4, Err(DoFastShutdownError::NotAllowed))];
    world.changes_nothing(Rule::RefuseFastShutdown, shut_down_fast(4, ANN, handle(2)), &refused);
    world.fires(Rule::AskNextProvider, voted(3, Vote::Consents));
    world.fires(Rule::AllowFastShutdown, voted(3, Vote::Consents));
}

fn two_clients_ask_beside_each_other(world: &mut World) {
    world.initialize(ANN);
    world.initialize(BOB);
    world.log_on_to(1, ANN, SHARED, &one_store());
    world.log_on(2, BOB, JOIN);
    let _ = world.step(query(3, ANN, handle(1)));
    assert_eq!(world.fires(Rule::AskFirstProvider, query(4, BOB, handle(2))), [ask(4, 1, 0)]);
    world.fires(Rule::RefuseForObjection, voted(4, Vote::Objects));
    world.fires(Rule::AllowFastShutdown, voted(3, Vote::Consents));
    assert_eq!((world.standing(ANN), world.standing(BOB)), (Standing::Asked, Standing::Unasked));
}

fn a_provider_is_waited_for_whatever_becomes_of_it(world: &mut World) {
    world.initialize(ANN);
    world.initialize(BOB);
    world.log_on_to(1, ANN, SHARED, &exchange());
    world.log_on(2, BOB, JOIN_MAIL);
    let _ = world.step(query(3, ANN, handle(1)));
    let _ = world.step(voted(3, Vote::Consents));
    // The mailbox is asked when the service goes that it is of.
    world.fires(Rule::StartTransports, demanded(1));
    world.fires(Rule::DisableUnasked, provider_answered(1, TRANSPORT, ERROR));
    assert_eq!(world.providers(1)[usize::from(MAILBOX)], ProviderStatus::Quiesced);
    assert_eq!(world.fires(Rule::AskNextProvider, voted(3, Vote::Consents)), [ask(3, 1, FILE)]);

    let _ = world.step(open_store(4, BOB, handle(2), FILE));
    world.fires(Rule::LogOffStore, store_logoff(5, BOB, handle(2), FILE));
    world.fires(Rule::AllowFastShutdown, voted(3, Vote::Consents));
}

fn what_begins_to_run_meanwhile_is_asked_in_its_turn(world: &mut World) {
    world.initialize(ANN);
    world.initialize(BOB);
    let results = [(BOOK, OK), (MAILBOX, OK), (FILE, SKIP_ME)];
    world.log_on_with(1, ANN, SHARED, &exchange(), &results);
    world.log_on(2, BOB, JOIN_MAIL);
    let _ = world.step(query(3, ANN, handle(1)));
    let _ = world.step(demanded(1));
    let _ = world.step(provider_answered(1, TRANSPORT, OK));
    let _ = world.step(open_store(4, BOB, handle(2), FILE));
    let _ = world.step(provider_answered(1, FILE, OK));
    assert_eq!(world.providers(1), [ProviderStatus::Running; 4]);
    for provider in [MAILBOX, FILE] {
        let effects = world.fires(Rule::AskNextProvider, voted(3, Vote::Consents));
        assert_eq!(effects, [ask(3, 1, provider)]);
    }
    world.fires(Rule::AllowFastShutdown, voted(3, Vote::Consents)); // the transport came too late
}

fn a_session_that_opens_meanwhile_is_asked_too(world: &mut World) {
    world.initialize(ANN);
    world.log_on_to(5, ANN, PRIVATE, &one_store());
    world.start_logon(2, ANN, PRIVATE);
    let _ = world.step(query(3, ANN, handle(5)));
    let _ = world.step(provider_answered(2, 0, OK));
    world.fires(Rule::OpenSession, continued(2));
    let mut early = world.sessions.clone();
    let step = early.step(voted(3, Vote::Consents));
    assert_eq!(step.rule, Rule::AllowFastShutdown, "nobody knows of the handle yet");
    world.fires(Rule::AnswerLogon, continued(2));
    assert_eq!(world.fires(Rule::AskNextProvider, voted(3, Vote::Consents)), [ask(3, 2, 0)]);
}

fn sessions_that_are_joined_meanwhile_are_asked_in_their_turn(world: &mut World) {
    world.initialize(ANN);
    world.initialize(BOB);
    world.log_on_to(9, BOB, SHARED, &one_store());
    world.log_on_to(5, ANN, PRIVATE, &one_store());
    world.log_on_to(8, BOB, SHARED.union(LogonFlags::NEW_SESSION), &one_store());
    world.log_on_to(3, ANN, PRIVATE, &one_store());
    for number in [1, 2, 4] {
        let _ = world.call_logon(number, ANN, JOIN);
    }
    assert_eq!(world.fires(Rule::AskFirstProvider, query(6, ANN, handle(5))), [ask(6, 5, 0)]);
    let _ = world.run(1);
    let _ = world.step(logoff_all(7, BOB, handle(9), Confirmation::Skip));
    for number in [2, 4] {
        let _ = world.run(number);
    }
    for number in [8, 3] {
        let effects = world.fires(Rule::AskNextProvider, voted(6, Vote::Consents));
        assert_eq!(effects, [ask(6, number, 0)], "the oldest was joined too late, others in time");
    }
    world.fires(Rule::AllowFastShutdown, voted(6, Vote::Consents));
}

fn a_vote_that_nobody_waits_for_changes_nothing(world: &mut World) {
    world.initialize(ANN);
    world.log_on_to(1, ANN, PRIVATE, &one_store());
    let _ = world.call_logon(4, ANN, PRIVATE);
    for number in [1, 2, 4] {
        for vote in [Vote::Consents, Vote::Objects, Vote::NoInterface] {
            world.changes_nothing(Rule::IgnoreStale, voted(number, vote), &[]);
        }
    }
    let _ = world.step(query(2, ANN, handle(1)));
    for event in [continued(2), Event::ShortWaitEnded { call: call(2) }] {
        world.changes_nothing(Rule::IgnoreStale, event, &[]);
    }
}

fn providers_are_told_once(world: &mut World) {
    world.initialize(ANN);
    log_on_with_mail(world, 1, ANN, PRIVATE_MAIL);
    world.obtain_leave(2, ANN, handle(1));
    let effects = world.fires(Rule::NotifyProviders, notify(3, ANN, handle(1)));
    let told = [TRANSPORT, BOOK, MAILBOX, FILE].map(|provider| notice(1, provider));
    assert_eq!(effects, [told.as_slice(), &[notified(3, Ok(()))]].concat());
    assert_eq!(world.standing(ANN), Standing::Notified);
    let event = notify(4, ANN, handle(1));
    world.changes_nothing(Rule::NotifyNobody, event, &[notified(4, Ok(()))]);
}

fn who_may_not_shut_down_fast_tells_nobody(world: &mut World) {
    world.initialize(ANN);
    world.log_on_to(1, ANN, PRIVATE, &one_store());
    let event = notify(2, ANN, handle(1));
    world.changes_nothing(Rule::NotifyNobody, event, &[notified(2, Ok(()))]);
    assert_eq!(Answer::ProcessShutdownNotified(Ok(())).code(), MapiCode::S_OK);
}
