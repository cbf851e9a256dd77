//! How open calls and building logons end before their time, and how a session winds down.

use crate::world::*;
use mapi_session_core::*;

scenarios![
    providers_stop_address_books_first,
    quiesced_providers_are_stopped_too,
    a_store_that_is_logging_off_is_waited_for,
    a_late_success_is_taken_back_beside_the_others,
    a_session_waits_for_a_late_failure,
    a_late_failure_while_the_session_goes_on_is_noted,
    a_logon_withdrawn_amid_an_attempt_takes_it_back_later,
    a_logon_withdrawn_amid_an_entry_call_or_a_prompt_leaves_nothing,
    a_logon_withdrawn_just_before_its_session_opens,
    a_crash_amid_a_logon_drops_its_attempt,
    a_logoff_ends_the_open_call_of_its_handle,
    a_logoff_takes_the_retry_prompt_down,
    the_last_logoff_leaves_an_attempt_to_come_back,
    a_deadline_ends_an_open_call_wherever_it_is,
    a_deadline_opens_the_book_as_far_as_it_is,
    a_withdrawn_open_call_ends_unanswered_wherever_it_is,
    a_crash_amid_an_open_call_takes_it_along,
    an_uninitialisation_amid_an_open_call_is_like_a_crash,
];

const UI: LogonFlags = PRIVATE.union(LogonFlags::LOGON_UI);

/// A private session in which the mailbox failed, and may be tried again.
fn mailbox_failed(world: &mut World) {
    world.initialize(ANN);
    let results = [(BOOK, OK), (MAILBOX, SKIP_ME), (FILE, OK)];
    world.log_on_with(1, ANN, UI, &exchange(), &results);
}

/// Where an open call may be with its provider, and how it gets there.
fn stages() -> [(SeriesStage, Vec<Event>); 3] {
    [
        (SeriesStage::Attempt(Attempt::First), vec![]),
        (SeriesStage::Entry, vec![provider_answered(1, MAILBOX, UNCONFIGURED)]),
        (SeriesStage::Prompt, vec![provider_answered(1, MAILBOX, ERROR)]),
    ]
}

/// An open call of Ann's in that stage.
fn open_in(world: &mut World, events: Vec<Event>) {
    world.empty();
    mailbox_failed(world);
    let _ = world.step(open_store(2, ANN, handle(1), MAILBOX));
    for event in events {
        let _ = world.step(event);
    }
}

fn mailbox(world: &World) -> ProviderStatus {
    world.providers(1)[usize::from(MAILBOX)]
}

/// What remains of the mailbox when an open call leaves it in a stage.
fn left_in(stage: SeriesStage) -> ProviderStatus {
    match stage {
        SeriesStage::Attempt(_) => ProviderStatus::Late,
        SeriesStage::Entry | SeriesStage::Prompt => ProviderStatus::Failed,
    }
}

/// The prompt that is taken down in a stage, and what follows.
fn effects_in(stage: SeriesStage, rest: &[Effect]) -> Vec<Effect> {
    let prompt = (stage == SeriesStage::Prompt).then(|| withdraw_prompt(2));
    prompt.into_iter().chain(rest.iter().cloned()).collect()
}

fn providers_stop_address_books_first(world: &mut World) {
    use ProviderKind::{AddressBook, Store};
    let absent = EntryFunction::Absent;
    let profile = services(&[(absent, &[Store, AddressBook]), (absent, &[AddressBook, Store])]);
    world.initialize(ANN);
    world.log_on_to(1, ANN, PRIVATE, &profile);
    let mut effects = world.fires(Rule::ReleaseLive, release(2, ANN, handle(1)));
    assert_eq!(effects.pop(), Some(released(2, Ok(()))));
    for provider in [1, 2, 0] {
        assert_eq!(effects, [log_off_provider(1, provider)]);
        world.changes_nothing(Rule::IgnoreStale, closed(1), &[]);
        let again = provider_shut_down(1, provider);
        world.changes_nothing(Rule::IgnoreStale, again.clone(), &[]);
        let logged_off = provider_logged_off(1, provider);
        effects = world.fires(Rule::ShutDownProvider, logged_off.clone());
        assert_eq!(effects, [shut_down_provider(1, provider)]);
        world.changes_nothing(Rule::IgnoreStale, logged_off, &[]);
        effects = world.fires(Rule::StopNextProvider, again);
    }
    assert_eq!(effects, [log_off_provider(1, 3)]);
    let _ = world.step(provider_logged_off(1, 3));
    assert_eq!(world.fires(Rule::StopLastProvider, provider_shut_down(1, 3)), [close(1)]);
    assert_eq!(world.providers(1), [ProviderStatus::Failed; 4]);
    world.fires(Rule::EndLastSessionOnProfile, closed(1));
}

fn quiesced_providers_are_stopped_too(world: &mut World) {
    world.initialize(ANN);
    let error = ProviderResult::WrongVersion;
    let results = [(BOOK, OK), (MAILBOX, error), (FILE, SKIP_ME)];
    world.log_on_with(1, ANN, PRIVATE, &exchange(), &results);
    let effects = world.step(release(2, ANN, handle(1))).effects;
    assert_eq!(effects[0], log_off_provider(1, BOOK));
    let _ = world.step(provider_logged_off(1, BOOK));
    assert_eq!(world.fires(Rule::StopLastProvider, provider_shut_down(1, BOOK)), [close(1)]);
}

fn a_store_that_is_logging_off_is_waited_for(world: &mut World) {
    world.initialize(ANN);
    world.log_on_to(1, ANN, PRIVATE, &exchange());
    let _ = world.step(open_store(2, ANN, handle(1), FILE));
    let _ = world.step(store_logoff(2, ANN, handle(1), FILE));
    let effects = world.step(release(2, ANN, handle(1))).effects;
    assert_eq!(effects, [released(2, Ok(()))]);
    let _ = world.step(provider_logged_off(1, FILE));
    let effects = world.fires(Rule::StopNextProvider, provider_shut_down(1, FILE));
    assert_eq!(effects, [log_off_provider(1, BOOK)]);
}

fn a_late_success_is_taken_back_beside_the_others(world: &mut World) {
    open_in(world, vec![]);
    let effects = world.step(release(3, ANN, handle(1))).effects;
    let ended = opened(2, Err(OpenError::LoggedOff));
    assert_eq!(effects, [ended, log_off_provider(1, BOOK), released(3, Ok(()))]);
    let effects = world.fires(Rule::TakeBackLateOfLostSession, provider_answered(1, MAILBOX, OK));
    assert_eq!(effects, [log_off_provider(1, MAILBOX)]);
    let _ = world.step(provider_logged_off(1, BOOK));
    let _ = world.step(provider_logged_off(1, MAILBOX));
    assert_eq!(world.fires(Rule::StopBesideOthers, provider_shut_down(1, BOOK)), []);
    let effects = world.fires(Rule::StopNextProvider, provider_shut_down(1, MAILBOX));
    assert_eq!(effects, [log_off_provider(1, FILE)]);
}

fn a_session_waits_for_a_late_failure(world: &mut World) {
    open_in(world, vec![]);
    let _ = world.step(release(3, ANN, handle(1)));
    for provider in [BOOK, FILE] {
        let _ = world.step(provider_logged_off(1, provider));
        let _ = world.step(provider_shut_down(1, provider));
    }
    world.changes_nothing(Rule::IgnoreStale, closed(1), &[]);
    let failed = provider_answered(1, MAILBOX, UNCONFIGURED);
    assert_eq!(world.fires(Rule::FailLastLateProvider, failed), [close(1)]);
}

fn a_late_failure_while_the_session_goes_on_is_noted(world: &mut World) {
    for result in [ERROR, UNCONFIGURED, SKIP_ME, ProviderResult::WrongVersion] {
        open_in(world, vec![]);
        let _ = world.step(withdrawn(2));
        let answered = provider_answered(1, MAILBOX, result);
        assert_eq!(world.fires(Rule::FailLateProvider, answered), []);
        assert_eq!(mailbox(world), ProviderStatus::Failed);
        assert_eq!(world.services(1)[0], ServiceStatus::Enabled, "nothing is disabled for it");
    }
}

fn a_logon_withdrawn_amid_an_attempt_takes_it_back_later(world: &mut World) {
    world.initialize(ANN);
    world.start_logon(1, ANN, SHARED);
    assert_eq!(world.fires(Rule::WithdrawStartingLogon, withdrawn(1)), []);
    assert_eq!(world.sessions.mutex(), None);
    world.changes_nothing(Rule::IgnoreStale, closed(1), &[]);
    assert_eq!(world.fires(Rule::CrashClient, crashed(ANN)), [], "it is out all the same");
    let up = provider_answered(1, 0, ProviderResult::LoggedOnWithErrors);
    let effects = world.fires(Rule::TakeBackLateOfLostSession, up.clone());
    assert_eq!(effects, [log_off_provider(1, 0)]);
    world.changes_nothing(Rule::IgnoreStale, up, &[]);
    let _ = world.step(provider_logged_off(1, 0));
    assert_eq!(world.fires(Rule::StopLastProvider, provider_shut_down(1, 0)), [close(1)]);
    world.fires(Rule::EndLastSessionOnProfile, closed(1));
    assert_eq!(world.sessions, Sessions::new(Limits::default()));
}

fn a_logon_withdrawn_amid_an_entry_call_or_a_prompt_leaves_nothing(world: &mut World) {
    world.initialize(ANN);
    for (result, prompt) in [(ERROR, Some(withdraw_prompt(1))), (UNCONFIGURED, None)] {
        world.reach_services(1, ANN, UI);
        let _ = world.step(services_read(1, &exchange()));
        let _ = world.step(provider_answered(1, BOOK, OK));
        let _ = world.step(provider_answered(1, MAILBOX, result));
        let effects = world.fires(Rule::WithdrawBuildingLogon, withdrawn(1));
        let stop = log_off_provider(1, BOOK);
        assert_eq!(effects, Vec::from_iter(prompt.into_iter().chain([stop])));
        assert_eq!(mailbox(world), ProviderStatus::Failed);
        let _ = world.step(provider_logged_off(1, BOOK));
        let _ = world.step(provider_shut_down(1, BOOK));
        world.fires(Rule::EndLastSessionOnProfile, closed(1));
    }
    world.reach_services(1, ANN, UI | LogonFlags::SERVICE_UI_ALWAYS);
    let _ = world.step(services_read(1, &exchange()));
    assert_eq!(world.fires(Rule::WithdrawBuildingLogon, withdrawn(1)), [close(1)]);
    let returned = entry_returned(1, Entry::Show(ServiceId(0)));
    world.changes_nothing(Rule::IgnoreStale, returned, &[]);
}

fn a_logon_withdrawn_just_before_its_session_opens(world: &mut World) {
    world.initialize(ANN);
    world.start_logon(1, ANN, SHARED);
    let _ = world.step(provider_answered(1, 0, OK));
    let effects = world.fires(Rule::WithdrawBuildingLogon, withdrawn(1));
    assert_eq!(effects, [log_off_provider(1, 0)]);
}

fn a_crash_amid_a_logon_drops_its_attempt(world: &mut World) {
    world.initialize(ANN);
    world.reach_services(1, ANN, UI);
    let _ = world.step(services_read(1, &exchange()));
    let _ = world.step(provider_answered(1, BOOK, OK));
    let effects = world.fires(Rule::CrashClient, crashed(ANN));
    assert_eq!(effects, [drop_attempt(1, MAILBOX), log_off_provider(1, BOOK)]);
    assert_eq!(mailbox(world), ProviderStatus::Failed);
    world.changes_nothing(Rule::IgnoreStale, provider_answered(1, MAILBOX, OK), &[]);
}

fn a_logoff_ends_the_open_call_of_its_handle(world: &mut World) {
    world.initialize(BOB);
    for (stage, events) in stages() {
        open_in(world, events);
        let _ = world.step(logoff(4, ANN, handle(1), Confirmation::Ask));
        let effects = world.fires(Rule::LogOff, logoff(3, ANN, handle(1), Confirmation::Skip));
        let error = OpenError::LoggedOff;
        assert_eq!(error.code(), MapiCode::MAPI_E_INVALID_OBJECT);
        let expected = effects_in(
            stage,
            &[
                opened(2, Err(error)),
                withdraw_prompt(4),
                logged_off(4, Err(LogoffError::InvalidHandle)),
                log_off_provider(1, BOOK),
                logged_off(3, Ok(())),
            ],
        );
        assert_eq!(effects, expected);
        assert_eq!(mailbox(world), left_in(stage));
    }
}

fn a_logoff_takes_the_retry_prompt_down(world: &mut World) {
    open_in(world, vec![provider_answered(1, MAILBOX, ERROR)]);
    let effects = world.step(release(3, ANN, handle(1))).effects;
    assert_eq!(effects[0], withdraw_prompt(2));
    let answer = retry_answered(2, MAILBOX, RetryAnswer::GiveUp);
    world.changes_nothing(Rule::IgnoreStale, answer, &[]);
}

fn the_last_logoff_leaves_an_attempt_to_come_back(world: &mut World) {
    world.initialize(ANN);
    world.initialize(BOB);
    world.log_on_with(1, ANN, SHARED, &one_store(), &[(0, SKIP_ME)]);
    world.log_on(2, BOB, JOIN);
    let _ = world.step(open_store(3, ANN, handle(1), 0));
    let _ = world.step(open_store(4, BOB, handle(2), 0));
    let effects = world.step(release(5, BOB, handle(2))).effects;
    assert_eq!(effects, [opened(4, Err(OpenError::LoggedOff)), released(5, Ok(()))]);
    let effects = world.step(release(5, ANN, handle(1))).effects;
    assert_eq!(effects, [opened(3, Err(OpenError::LoggedOff)), released(5, Ok(()))]);
    assert_eq!(world.providers(1), [ProviderStatus::Late]);
    world.fires(Rule::FailLastLateProvider, provider_answered(1, 0, ERROR));
}

fn a_deadline_ends_an_open_call_wherever_it_is(world: &mut World) {
    for (stage, events) in stages() {
        open_in(world, events);
        let rule = match stage {
            SeriesStage::Attempt(_) => Rule::LeaveAttemptAtDeadline,
            SeriesStage::Entry => Rule::LeaveEntryAtDeadline,
            SeriesStage::Prompt => Rule::CloseRetryPromptAtDeadline,
        };
        let error = OpenError::TimedOut;
        assert_eq!(error.code(), MapiCode::MAPI_E_LOGON_FAILED);
        let expected = effects_in(stage, &[opened(2, Err(error))]);
        assert_eq!(world.fires(rule, deadline(2)), expected);
        assert_eq!(mailbox(world), left_in(stage));
        assert_eq!(world.services(1)[0], ServiceStatus::Enabled);
        world.changes_nothing(Rule::IgnoreStale, deadline(2), &[]);
    }
}

fn a_deadline_opens_the_book_as_far_as_it_is(world: &mut World) {
    let books: &[_] = &[ProviderKind::AddressBook];
    world.initialize(ANN);
    world.initialize(BOB);
    let profile = services(&[(EntryFunction::Absent, books)]);
    world.log_on_with(1, ANN, SHARED, &profile, &[(0, SKIP_ME)]);
    world.log_on(2, BOB, JOIN);
    let _ = world.step(open_book(3, ANN, handle(1)));
    let _ = world.step(open_book(4, BOB, handle(2)));
    let effects = world.fires(Rule::LeaveAttemptAtDeadline, deadline(3));
    assert_eq!(effects, [opened(3, Ok(Opened::PartOfAddressBook))]);
    assert!(world.has_book(1));
    let _ = world.step(provider_answered(1, 0, OK));
    let effects = world.fires(Rule::EndOpenWaitAtDeadline, deadline(4));
    assert_eq!(effects, [opened(4, Ok(Opened::WholeAddressBook))]);
}

fn a_withdrawn_open_call_ends_unanswered_wherever_it_is(world: &mut World) {
    for (stage, events) in stages() {
        open_in(world, events);
        let rule = match stage {
            SeriesStage::Attempt(_) => Rule::WithdrawOpenAmidAttempt,
            SeriesStage::Entry => Rule::WithdrawOpenAmidEntry,
            SeriesStage::Prompt => Rule::WithdrawOpenAmidPrompt,
        };
        assert_eq!(world.fires(rule, withdrawn(2)), effects_in(stage, &[]));
        assert_eq!(mailbox(world), left_in(stage));
        let again = open_store(3, ANN, handle(1), MAILBOX);
        let next = match stage {
            SeriesStage::Attempt(_) => Rule::WaitForProvider,
            SeriesStage::Entry | SeriesStage::Prompt => Rule::StartForStore,
        };
        world.fires(next, again);
    }
}

fn a_crash_amid_an_open_call_takes_it_along(world: &mut World) {
    for (stage, events) in stages() {
        open_in(world, events);
        let effects = world.fires(Rule::CrashClient, crashed(ANN));
        let ended = match stage {
            SeriesStage::Attempt(_) => Some(drop_attempt(1, MAILBOX)),
            SeriesStage::Entry => None,
            SeriesStage::Prompt => Some(withdraw_prompt(2)),
        };
        let expected = ended.into_iter().chain([log_off_provider(1, BOOK)]);
        assert_eq!(effects, Vec::from_iter(expected));
        assert_eq!(mailbox(world), ProviderStatus::Failed);
        world.changes_nothing(Rule::IgnoreStale, provider_answered(1, MAILBOX, OK), &[]);
        world.changes_nothing(Rule::IgnoreStale, repaired(2, MAILBOX), &[]);
    }
}

fn an_uninitialisation_amid_an_open_call_is_like_a_crash(world: &mut World) {
    open_in(world, vec![]);
    let effects = world.uninitialize(Rule::UninitializeAmidCalls, ANN);
    assert_eq!(effects, [drop_attempt(1, MAILBOX), log_off_provider(1, BOOK)]);
}
