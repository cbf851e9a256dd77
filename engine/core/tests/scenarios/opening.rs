//! Opening a store or the address book: what is refused, what is there at once, what takes a
//! series of the call's own.

use crate::world::*;
use mapi_session_core::*;

scenarios![
    nothing_is_opened_before_initialisation,
    a_bad_handle_is_told_before_bad_flags,
    flags_that_make_no_sense_are_told_before_an_unknown_store,
    what_is_no_store_cannot_be_opened,
    a_handle_opens_one_thing_at_a_time,
    an_unknown_store_is_told_before_a_second_open,
    a_store_that_runs_is_opened_as_it_is,
    a_store_of_a_disabled_service_is_not_opened,
    a_store_that_failed_is_tried_again,
    a_store_that_fails_again_can_be_tried_again,
    an_open_call_asks_and_configures_like_a_logon,
    one_sharers_failing_open_takes_the_service_from_all,
    a_service_may_be_disabled_while_another_attempt_is_out,
    a_service_may_be_disabled_while_a_late_attempt_is_out,
    a_windows_services_open_shows_nothing,
    an_open_call_is_seen_as_it_goes,
    an_answer_for_an_open_call_that_is_over_changes_nothing,
];

const FIRST: Attempt = Attempt::First;
const SECOND: Attempt = Attempt::Second;
const ALLOWED: Prompts = Prompts::Allowed;

/// Ann and Bob share a session in which both stores failed, and may be tried again.
fn two_sharers(world: &mut World) {
    world.initialize(ANN);
    world.initialize(BOB);
    let results = [(BOOK, OK), (MAILBOX, SKIP_ME), (FILE, SKIP_ME)];
    world.log_on_with(1, ANN, SHARED, &exchange(), &results);
    world.log_on(2, BOB, JOIN);
}

fn refused(world: &mut World, rule: Rule, event: Event, error: OpenError, code: MapiCode) {
    assert_eq!(error.code(), code);
    let Event::OpenCalled { call, .. } = event else { panic!("{event:?} is no open call") };
    let answer = Answer::Opened(Err(error));
    world.changes_nothing(rule, event, &[Effect::Answer { call, answer }]);
}

fn nothing_is_opened_before_initialisation(world: &mut World) {
    let (rule, error) = (Rule::RefuseUninitialized, OpenError::NotInitialized);
    let code = MapiCode::MAPI_E_NOT_INITIALIZED;
    refused(world, rule, open_store(1, ANN, handle(7), 99), error, code);
    refused(world, rule, open_book(1, ANN, handle(7)), error, code);
}

fn with_flags(number: u64, handle: HandleId, target: OpenTarget, flags: u32) -> Event {
    let request = OpenRequest::parse(target, flags);
    Event::OpenCalled { call: call(number), client: ANN, handle, inside: None, request }
}

fn a_bad_handle_is_told_before_bad_flags(world: &mut World) {
    world.initialize(ANN);
    world.initialize(BOB);
    world.log_on(1, BOB, PRIVATE);
    world.log_on(2, ANN, PRIVATE);
    let _ = world.step(logoff(3, ANN, handle(2), Confirmation::Skip));
    world.start_logon(4, ANN, PRIVATE);
    let code = MapiCode::MAPI_E_INVALID_OBJECT;
    for number in [1, 2, 4, 9] {
        let event = with_flags(20, handle(number), OpenTarget::AddressBook, 0x8000);
        refused(world, Rule::RefuseHandle, event, OpenError::InvalidHandle, code);
    }
}

fn flags_that_make_no_sense_are_told_before_an_unknown_store(world: &mut World) {
    two_sharers(world);
    let code = MapiCode::MAPI_E_UNKNOWN_FLAGS;
    let (store, book) = (OpenTarget::Store(ProviderId(99)), OpenTarget::AddressBook);
    for (target, flags, bits) in [(store, 0x202, 0x202), (store, 0x1bf, 2), (book, 0x4, 0x4)] {
        let event = with_flags(3, handle(1), target, flags);
        refused(world, Rule::RefuseOpenArguments, event, OpenError::UnknownFlags { bits }, code);
    }
}

fn what_is_no_store_cannot_be_opened(world: &mut World) {
    two_sharers(world);
    let (rule, error) = (Rule::RefuseUnknownStore, OpenError::NoSuchStore);
    for provider in [BOOK, 2, 4, u16::MAX] {
        let event = open_store(3, ANN, handle(1), provider);
        refused(world, rule, event, error, MapiCode::MAPI_E_NOT_FOUND);
    }
}

fn a_handle_opens_one_thing_at_a_time(world: &mut World) {
    two_sharers(world);
    let _ = world.step(open_store(3, ANN, handle(1), MAILBOX));
    let (rule, error) = (Rule::RefuseSecondOpen, OpenError::OpenInProgress);
    for event in [open_store(4, ANN, handle(1), FILE), open_book(4, ANN, handle(1))] {
        refused(world, rule, event, error, MapiCode::MAPI_E_BUSY);
    }
    world.fires(Rule::StartForStore, open_store(4, BOB, handle(2), FILE));
}

fn an_unknown_store_is_told_before_a_second_open(world: &mut World) {
    two_sharers(world);
    let _ = world.step(open_store(3, ANN, handle(1), MAILBOX));
    let (rule, error) = (Rule::RefuseUnknownStore, OpenError::NoSuchStore);
    let event = open_store(4, ANN, handle(1), BOOK);
    refused(world, rule, event, error, MapiCode::MAPI_E_NOT_FOUND);
}

fn a_store_that_runs_is_opened_as_it_is(world: &mut World) {
    world.initialize(ANN);
    world.log_on_to(1, ANN, PRIVATE, &exchange());
    let done = [opened(3, Ok(Opened::Store))];
    let event = open_store(3, ANN, handle(1), MAILBOX);
    assert_eq!(world.fires(Rule::OpenRunningStore, event.clone()), done);
    assert_eq!(world.stores(1), [ProviderId(MAILBOX)]);
    world.changes_nothing(Rule::OpenRunningStore, event, &done);
    let _ = world.step(open_store(4, ANN, handle(1), FILE));
    assert_eq!(world.stores(1), [ProviderId(MAILBOX), ProviderId(FILE)]);
}

fn a_store_of_a_disabled_service_is_not_opened(world: &mut World) {
    world.initialize(ANN);
    world.log_on_with(1, ANN, PRIVATE, &exchange(), &[(BOOK, ERROR), (FILE, OK)]);
    let (rule, error) = (Rule::RefuseStoreOfDisabledService, OpenError::ServiceDisabled);
    let event = open_store(3, ANN, handle(1), MAILBOX);
    refused(world, rule, event, error, MapiCode::MAPI_E_LOGON_FAILED);
}

fn a_store_that_failed_is_tried_again(world: &mut World) {
    two_sharers(world);
    let effects = world.fires(Rule::StartForStore, open_store(3, BOB, handle(2), MAILBOX));
    assert_eq!(effects, [attempt(3, session(1), MAILBOX, FIRST, ALLOWED)]);
    assert_eq!(world.providers(1)[1], ProviderStatus::Failed, "the call says that it is out");
    let effects = world.fires(Rule::StartProvider, provider_answered(1, MAILBOX, OK));
    assert_eq!(effects, [opened(3, Ok(Opened::Store))]);
    assert_eq!(world.providers(1)[1], ProviderStatus::Running);
    assert_eq!((world.stores(2), world.stores(1)), (vec![ProviderId(MAILBOX)], vec![]));
}

fn a_store_that_fails_again_can_be_tried_again(world: &mut World) {
    two_sharers(world);
    for _ in 0..3 {
        let _ = world.step(open_store(3, ANN, handle(1), MAILBOX));
        let effects = world.fires(Rule::SkipProvider, provider_answered(1, MAILBOX, SKIP_ME));
        let error = OpenError::ProviderFailed;
        assert_eq!(error.code(), MapiCode::MAPI_E_LOGON_FAILED);
        assert_eq!(effects, [opened(3, Err(error))]);
        assert_eq!(world.stores(1), []);
    }
}

fn an_open_call_asks_and_configures_like_a_logon(world: &mut World) {
    two_sharers(world);
    let _ = world.step(open_store(3, ANN, handle(1), MAILBOX));
    let (call, session, provider) = (call(3), session(1), ProviderId(MAILBOX));
    let effects = world.fires(Rule::AskToRetry, provider_answered(1, MAILBOX, ERROR));
    let correction = Correction::Possible;
    assert_eq!(effects, [Effect::AskRetry { call, session, provider, correction }]);
    for other in [retry_answered(3, FILE, RetryAnswer::Retry), repaired(3, MAILBOX)] {
        world.changes_nothing(Rule::IgnoreStale, other, &[]);
    }
    let correct = retry_answered(3, MAILBOX, RetryAnswer::Correct);
    let effects = world.fires(Rule::CorrectService, correct);
    let dialogs = EntryDialogs { allowed: ALLOWED, always: ServiceUi::AsNeeded };
    let entry = Entry::Repair(provider);
    assert_eq!(effects, [Effect::CallEntry { call, session, entry, dialogs }]);
    for other in [repaired(3, FILE), entry_returned(3, Entry::Show(ServiceId(0)))] {
        world.changes_nothing(Rule::IgnoreStale, other, &[]);
    }
    let effects = world.fires(Rule::RetryConfigured, repaired(3, MAILBOX));
    assert_eq!(effects, [attempt(3, session, MAILBOX, SECOND, ALLOWED)]);
    let effects = world.fires(Rule::StartRetriedProvider, provider_answered(1, MAILBOX, OK));
    assert_eq!(effects, [opened(3, Ok(Opened::Store))]);
}

fn one_sharers_failing_open_takes_the_service_from_all(world: &mut World) {
    two_sharers(world);
    world.fires(Rule::OpenWholeBook, open_book(3, BOB, handle(2)));
    let _ = world.step(open_store(3, ANN, handle(1), MAILBOX));
    let error = ProviderResult::WrongVersion;
    let effects = world.fires(Rule::DisableWrongVersion, provider_answered(1, MAILBOX, error));
    assert_eq!(effects, [disabled(1, 0, MAILBOX), opened(3, Err(OpenError::ServiceDisabled))]);
    assert_eq!(world.providers(1)[0], ProviderStatus::Quiesced);
    let event = Event::UseCalled {
        call: call(4),
        client: BOB,
        handle: handle(2),
        provider: ProviderId(BOOK),
    };
    let answer = Answer::Used(Err(UseError::EntryUnavailable));
    world.changes_nothing(Rule::RefuseEntryUse, event, &[Effect::Answer { call: call(4), answer }]);
}

/// Ann and Bob open two stores of one service, and Ann's disables it.
fn disabled_amid_an_open(world: &mut World, bob_comes_to: &[Event]) {
    let stores: &[_] = &[ProviderKind::Store, ProviderKind::Store];
    world.initialize(ANN);
    world.initialize(BOB);
    let profile = services(&[(EntryFunction::Present, stores)]);
    world.log_on_with(1, ANN, SHARED, &profile, &[(0, SKIP_ME), (1, SKIP_ME)]);
    world.log_on(2, BOB, JOIN);
    let _ = world.step(open_store(3, ANN, handle(1), 0));
    let _ = world.step(open_store(4, BOB, handle(2), 1));
    for event in bob_comes_to {
        let _ = world.step(event.clone());
    }
    let error = ProviderResult::WrongVersion;
    let effects = world.fires(Rule::DisableWrongVersion, provider_answered(1, 0, error));
    assert_eq!(effects, [disabled(1, 0, 0), opened(3, Err(OpenError::ServiceDisabled))]);
}

fn a_service_may_be_disabled_while_another_attempt_is_out(world: &mut World) {
    let failed = [opened(4, Err(OpenError::ServiceDisabled))];
    disabled_amid_an_open(world, &[]);
    let effects = world.fires(Rule::TakeBackOfDisabledService, provider_answered(1, 1, OK));
    assert_eq!((&effects[..1], &effects[1..]), (&[log_off_provider(1, 1)][..], &failed[..]));
    assert_eq!(world.providers(1), [ProviderStatus::Failed, ProviderStatus::LoggingOff]);
    let _ = world.step(provider_logged_off(1, 1));
    let _ = world.step(provider_shut_down(1, 1));

    let repair = [provider_answered(1, 1, UNCONFIGURED)];
    let ask = [provider_answered(1, 1, ERROR)];
    let retry = |answer| retry_answered(4, 1, answer);
    for (rule, before, event) in [
        (Rule::FailInDisabledService, &[][..], provider_answered(1, 1, ERROR)),
        (Rule::FailInDisabledService, &[], provider_answered(1, 1, UNCONFIGURED)),
        (Rule::FailDespiteEntry, &repair, repaired(4, 1)),
        (Rule::FailDespiteAnswer, &ask, retry(RetryAnswer::Retry)),
        (Rule::FailDespiteAnswer, &ask, retry(RetryAnswer::Correct)),
        (Rule::FailDespiteAnswer, &ask, retry(RetryAnswer::GiveUp)),
        (Rule::FailDespiteAnswer, &ask, retry(RetryAnswer::Unavailable)),
    ] {
        world.empty();
        disabled_amid_an_open(world, before);
        assert_eq!(world.fires(rule, event), failed);
        assert_eq!(world.providers(1), [ProviderStatus::Failed; 2]);
    }
}

fn a_service_may_be_disabled_while_a_late_attempt_is_out(world: &mut World) {
    disabled_amid_an_open(world, &[withdrawn(4)]);
    let taken_back = provider_answered(1, 1, OK);
    let effects = world.fires(Rule::TakeBackLateOfDisabledService, taken_back);
    assert_eq!(effects, [log_off_provider(1, 1)]);
    let _ = world.step(provider_logged_off(1, 1));
    assert_eq!(world.fires(Rule::FinishTakingBack, provider_shut_down(1, 1)), []);
    assert_eq!(world.providers(1), [ProviderStatus::Failed; 2]);
}

fn a_windows_services_open_shows_nothing(world: &mut World) {
    world.initialize_as(BOB, Host::WindowsService);
    world.log_on_with(1, BOB, PRIVATE, &one_store(), &[(0, SKIP_ME)]);
    let effects = world.fires(Rule::StartForStore, open_store(2, BOB, handle(1), 0));
    assert_eq!(effects, [attempt(2, session(1), 0, FIRST, Prompts::Forbidden)]);
    world.fires(Rule::DisableUnasked, provider_answered(1, 0, ERROR));
}

fn an_open_call_is_seen_as_it_goes(world: &mut World) {
    two_sharers(world);
    let _ = world.step(open_store(3, ANN, handle(1), MAILBOX));
    let _ = world.step(open_store(4, BOB, handle(2), MAILBOX));
    let target = OpenTarget::Store(ProviderId(MAILBOX));
    for (number, owner, client, series) in
        [(3, handle(1), ANN, Some(SeriesStage::Attempt(FIRST))), (4, handle(2), BOB, None)]
    {
        let at = ProviderId(MAILBOX);
        let stage = CallStage::Opening { handle: owner, target, dialogs: ALLOWED, at, series };
        assert_eq!(world.call(number), Some(CallView { client, stage }));
    }
}

fn an_answer_for_an_open_call_that_is_over_changes_nothing(world: &mut World) {
    two_sharers(world);
    let _ = world.step(open_store(3, ANN, handle(1), MAILBOX));
    let answered = provider_answered(1, MAILBOX, OK);
    let _ = world.step(answered.clone());
    for event in [
        answered,
        repaired(3, MAILBOX),
        retry_answered(3, MAILBOX, RetryAnswer::Retry),
        continued(3),
        deadline(3),
        withdrawn(3),
    ] {
        world.changes_nothing(Rule::IgnoreStale, event, &[]);
    }
}
