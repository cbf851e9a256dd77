//! Using what a handle has opened, and logging a store off singly.

use crate::world::*;
use mapi_session_core::*;

scenarios![
    nothing_is_used_before_initialisation,
    objects_are_the_handles_own,
    what_runs_is_used,
    transports_that_do_not_run_are_not_used,
    a_store_that_was_taken_away_is_not_used,
    a_book_serves_the_providers_that_run,
    a_disabled_service_is_not_reached,
    the_last_user_logs_a_store_off,
    a_store_is_left_to_its_other_users,
    a_store_that_does_not_run_is_left,
    a_store_may_be_disabled_while_it_logs_off,
    objects_go_with_their_handle,
];

fn logoff_answer(number: u64, result: Result<(), StoreLogoffError>) -> Effect {
    Effect::Answer { call: call(number), answer: Answer::StoreLoggedOff(result) }
}

/// Ann and Bob share a session in which everything runs; Ann has the mailbox open.
fn one_open_store(world: &mut World) {
    world.initialize(ANN);
    world.initialize(BOB);
    world.log_on_to(1, ANN, SHARED, &exchange());
    world.log_on(2, BOB, JOIN);
    let _ = world.step(open_store(3, ANN, handle(1), MAILBOX));
}

#[track_caller]
fn is_refused(world: &mut World, rule: Rule, client: ClientId, of: HandleId, errors: Errors) {
    let (use_error, logoff_error, code) = errors;
    assert_eq!((use_error.code(), logoff_error.code()), (code, code));
    let event = used(30, client, of, MAILBOX);
    world.changes_nothing(rule, event, &[use_answer(30, Err(use_error))]);
    let event = store_logoff(30, client, of, MAILBOX);
    world.changes_nothing(rule, event, &[logoff_answer(30, Err(logoff_error))]);
}

type Errors = (UseError, StoreLogoffError, MapiCode);
const BAD_HANDLE: Errors =
    (UseError::InvalidHandle, StoreLogoffError::InvalidHandle, MapiCode::MAPI_E_INVALID_OBJECT);
const UNOPENED: Errors =
    (UseError::NotOpen, StoreLogoffError::NotOpen, MapiCode::MAPI_E_INVALID_OBJECT);

fn nothing_is_used_before_initialisation(world: &mut World) {
    let (use_error, logoff_error) = (UseError::NotInitialized, StoreLogoffError::NotInitialized);
    let errors = (use_error, logoff_error, MapiCode::MAPI_E_NOT_INITIALIZED);
    is_refused(world, Rule::RefuseUninitialized, ANN, handle(1), errors);
}

fn objects_are_the_handles_own(world: &mut World) {
    one_open_store(world);
    is_refused(world, Rule::RefuseHandle, BOB, handle(1), BAD_HANDLE);
    is_refused(world, Rule::RefuseHandle, ANN, handle(9), BAD_HANDLE);
    is_refused(world, Rule::RefuseUnopened, BOB, handle(2), UNOPENED);
}

fn what_runs_is_used(world: &mut World) {
    one_open_store(world);
    let (session, provider) = (session(1), ProviderId(MAILBOX));
    let effects = [Effect::UseProvider { session, provider }, use_answer(4, Ok(()))];
    world.changes_nothing(Rule::UseProvider, used(4, ANN, handle(1), MAILBOX), &effects);
}

fn transports_that_do_not_run_are_not_used(world: &mut World) {
    one_open_store(world);
    let _ = world.step(open_book(4, ANN, handle(1)));
    for provider in [FILE, 2, 4, u16::MAX] {
        let refused = [use_answer(5, Err(UseError::NotOpen))];
        let event = used(5, ANN, handle(1), provider);
        world.changes_nothing(Rule::RefuseUnopened, event, &refused);
    }
}

/// Everything of the mailbox's service is quiesced, for Bob opened another store of it in vain.
fn disable_by_an_open(world: &mut World) {
    let stores: &[_] = &[ProviderKind::AddressBook, ProviderKind::Store, ProviderKind::Store];
    world.initialize(ANN);
    world.initialize(BOB);
    let profile = services(&[(EntryFunction::Absent, stores)]);
    world.log_on_with(1, ANN, SHARED, &profile, &[(0, OK), (1, OK), (2, SKIP_ME)]);
    world.log_on(2, BOB, JOIN);
    let _ = world.step(open_store(3, ANN, handle(1), 1));
    let _ = world.step(open_book(3, ANN, handle(1)));
    let _ = world.step(open_store(3, BOB, handle(2), 2));
    let _ = world.step(provider_answered(1, 2, ProviderResult::WrongVersion));
}

fn a_store_that_was_taken_away_is_not_used(world: &mut World) {
    disable_by_an_open(world);
    let error = UseError::StoreUnavailable;
    assert_eq!(error.code(), MapiCode::MAPI_E_LOGON_FAILED);
    let refused = [use_answer(4, Err(error))];
    world.changes_nothing(Rule::RefuseStoreUse, used(4, ANN, handle(1), 1), &refused);
}

fn a_book_serves_the_providers_that_run(world: &mut World) {
    let book = ProviderKind::AddressBook;
    let absent = EntryFunction::Absent;
    world.initialize(ANN);
    let profile = services(&[(absent, &[book]), (absent, &[book])]);
    world.log_on_with(1, ANN, PRIVATE, &profile, &[(0, OK), (1, ERROR)]);
    let unopened = [use_answer(4, Err(UseError::NotOpen))];
    world.changes_nothing(Rule::RefuseUnopened, used(4, ANN, handle(1), 0), &unopened);
    let _ = world.step(open_book(3, ANN, handle(1)));
    let error = UseError::EntryUnavailable;
    assert_eq!(error.code(), MapiCode::MAPI_E_UNKNOWN_ENTRYID);
    let refused = [use_answer(4, Err(error))];
    world.changes_nothing(Rule::RefuseEntryUse, used(4, ANN, handle(1), 1), &refused);
    world.fires(Rule::UseProvider, used(4, ANN, handle(1), 0));
}

fn a_disabled_service_is_not_reached(world: &mut World) {
    disable_by_an_open(world);
    for (rule, provider) in [(Rule::RefuseStoreUse, 1), (Rule::RefuseEntryUse, 0)] {
        let effects = world.fires(rule, used(4, ANN, handle(1), provider));
        let reached = effects.iter().any(|it| matches!(it, Effect::UseProvider { .. }));
        assert!(!reached, "{effects:?}");
    }
}

fn the_last_user_logs_a_store_off(world: &mut World) {
    one_open_store(world);
    let _ = world.step(set_default_store(4, ANN, handle(1), None));
    let effects = world.fires(Rule::LogOffStore, store_logoff(4, ANN, handle(1), MAILBOX));
    assert_eq!(effects, [log_off_provider(1, MAILBOX), logoff_answer(4, Ok(()))]);
    assert_eq!(world.stores(1), []);
    is_refused(world, Rule::RefuseUnopened, ANN, handle(1), UNOPENED);
    let effects = world.fires(Rule::ShutDownProvider, provider_logged_off(1, MAILBOX));
    assert_eq!(effects, [shut_down_provider(1, MAILBOX)]);
    assert_eq!(world.fires(Rule::FreeStore, provider_shut_down(1, MAILBOX)), []);
    assert_eq!(world.providers(1)[1], ProviderStatus::NotStarted);
    world.fires(Rule::StartForStore, open_store(5, ANN, handle(1), MAILBOX));
}

fn a_store_is_left_to_its_other_users(world: &mut World) {
    one_open_store(world);
    let _ = world.step(open_store(4, BOB, handle(2), MAILBOX));
    let event = store_logoff(5, ANN, handle(1), MAILBOX);
    assert_eq!(world.fires(Rule::LeaveStoreToOthers, event), [logoff_answer(5, Ok(()))]);
    assert_eq!(world.providers(1)[1], ProviderStatus::Running);
    world.fires(Rule::UseProvider, used(6, BOB, handle(2), MAILBOX));
    world.fires(Rule::LogOffDefaultStore, store_logoff(7, BOB, handle(2), MAILBOX));
}

fn a_store_that_does_not_run_is_left(world: &mut World) {
    disable_by_an_open(world);
    let event = store_logoff(4, ANN, handle(1), 1);
    assert_eq!(world.fires(Rule::LeaveStoppedStore, event), [logoff_answer(4, Ok(()))]);
    assert_eq!(world.providers(1)[1], ProviderStatus::Quiesced, "it is stopped at the end");
}

fn a_store_may_be_disabled_while_it_logs_off(world: &mut World) {
    let stores: &[_] = &[ProviderKind::Store, ProviderKind::Store];
    world.initialize(ANN);
    let profile = services(&[(EntryFunction::Absent, stores)]);
    world.log_on_with(1, ANN, PRIVATE, &profile, &[(0, OK), (1, SKIP_ME)]);
    let _ = world.step(open_store(3, ANN, handle(1), 0));
    let _ = world.step(store_logoff(3, ANN, handle(1), 0));
    let _ = world.step(open_store(3, ANN, handle(1), 1));
    let _ = world.step(provider_answered(1, 1, ProviderResult::WrongVersion));
    assert_eq!(world.providers(1), [ProviderStatus::LoggingOff, ProviderStatus::Failed]);
    let _ = world.step(provider_logged_off(1, 0));
    world.fires(Rule::FinishTakingBack, provider_shut_down(1, 0));
    assert_eq!(world.providers(1), [ProviderStatus::Failed; 2]);
}

fn objects_go_with_their_handle(world: &mut World) {
    one_open_store(world);
    let _ = world.step(open_book(4, ANN, handle(1)));
    let _ = world.step(logoff(4, ANN, handle(1), Confirmation::Skip));
    assert_eq!((world.stores(1), world.has_book(1)), (vec![], false));
    is_refused(world, Rule::RefuseHandle, ANN, handle(1), BAD_HANDLE);
    let _ = world.step(open_store(4, BOB, handle(2), MAILBOX));
    world.fires(Rule::LogOffDefaultStore, store_logoff(4, BOB, handle(2), MAILBOX));
}
