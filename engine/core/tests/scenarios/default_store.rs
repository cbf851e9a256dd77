//! What a session takes where nothing is named: its default store, and who its user is.

use crate::world::*;
use mapi_session_core::*;

scenarios![
    the_first_store_for_it_is_the_default,
    the_primary_store_is_taken_if_it_runs,
    the_secondary_store_stands_in_for_it,
    a_store_that_does_not_run_is_not_the_default,
    a_store_that_never_is_the_default_is_passed_over,
    nothing_is_chosen_before_the_session_opens,
    the_first_provider_that_names_the_user_is_the_identity,
    a_provider_that_does_not_run_names_nobody,
    the_default_store_can_be_changed,
    a_session_can_do_without_a_default_store,
    the_same_default_store_again_is_no_change,
    those_who_listen_are_told_of_a_change_once,
    what_cannot_be_the_default_is_refused,
    the_default_store_is_set_on_a_live_handle_alone,
    a_store_that_is_logged_off_is_no_default_any_more,
    a_quiesced_store_stays_the_default,
];

const DEFAULT: ResourceFlags = ResourceFlags::DEFAULT_STORE;
const NEVER: ResourceFlags = ResourceFlags::NO_DEFAULT_STORE;
const PRIMARY: ResourceFlags = ResourceFlags::PRIMARY_STORE;
const SECONDARY: ResourceFlags = ResourceFlags::SECONDARY_STORE;
const IDENTITY: ResourceFlags = ResourceFlags::PRIMARY_IDENTITY;

/// A session of Ann's on stores that play these parts and come up, or do not.
fn stores(world: &mut World, parts: &[(ResourceFlags, ProviderResult)]) {
    let spec = |&(flags, _): &(_, _)| ProviderSpec::new(ProviderKind::Store).with_flags(flags);
    let service = (EntryFunction::Absent, parts.iter().map(spec).collect());
    let results: Vec<_> = (0..).zip(parts.iter().map(|&(_, result)| result)).collect();
    world.initialize(ANN);
    world.log_on_with(1, ANN, SHARED, &services_of(vec![service]), &results);
}

#[track_caller]
fn default_is(world: &World, store: Option<u16>) {
    assert_eq!(world.session(1).default_store, store.map(ProviderId));
}

fn answer(number: u64, result: Result<(), SetDefaultStoreError>) -> Effect {
    Effect::Answer { call: call(number), answer: Answer::DefaultStoreSet(result) }
}

fn the_first_store_for_it_is_the_default(world: &mut World) {
    stores(world, &[(IDENTITY, OK), (DEFAULT, OK), (DEFAULT, OK)]);
    default_is(world, Some(1));
}

fn the_primary_store_is_taken_if_it_runs(world: &mut World) {
    stores(world, &[(DEFAULT, OK), (SECONDARY, OK), (PRIMARY, OK), (PRIMARY, OK)]);
    default_is(world, Some(2));
}

fn the_secondary_store_stands_in_for_it(world: &mut World) {
    stores(world, &[(PRIMARY, SKIP_ME), (DEFAULT, OK), (SECONDARY, OK)]);
    default_is(world, Some(2));
}

fn a_store_that_does_not_run_is_not_the_default(world: &mut World) {
    stores(world, &[(DEFAULT, SKIP_ME), (IDENTITY, OK)]);
    default_is(world, None);
}

fn a_store_that_never_is_the_default_is_passed_over(world: &mut World) {
    stores(world, &[(PRIMARY | NEVER, OK), (SECONDARY | NEVER, OK), (DEFAULT | NEVER, OK)]);
    default_is(world, None);
}

fn nothing_is_chosen_before_the_session_opens(world: &mut World) {
    world.initialize(ANN);
    world.reach_services(1, ANN, PRIVATE);
    let _ = world.step(services_read(1, &one_store()));
    let _ = world.step(provider_answered(1, 0, OK));
    assert_eq!(world.providers(1), [ProviderStatus::Running]);
    default_is(world, None);
    world.fires(Rule::OpenSession, continued(1));
    default_is(world, Some(0));
}

/// A book, a store and a transport of which each names the user.
fn everybody_names_the_user(world: &mut World, book: ProviderResult) {
    use ProviderKind::{AddressBook, Store, Transport};
    let spec = |kind| ProviderSpec::new(kind).with_flags(IDENTITY);
    let specs = [Transport, Store, AddressBook].map(spec).to_vec();
    world.initialize(ANN);
    let services = services_of(vec![(EntryFunction::Absent, specs)]);
    world.log_on_with(1, ANN, PRIVATE, &services, &[(2, book), (1, OK)]);
}

fn the_first_provider_that_names_the_user_is_the_identity(world: &mut World) {
    everybody_names_the_user(world, OK);
    assert_eq!(world.session(1).identity, Some(ProviderId(1)));
    default_is(world, None);
}

fn a_provider_that_does_not_run_names_nobody(world: &mut World) {
    stores(world, &[(IDENTITY, SKIP_ME), (DEFAULT, OK)]);
    assert_eq!(world.session(1).identity, None);
}

fn the_default_store_can_be_changed(world: &mut World) {
    stores(world, &[(DEFAULT, OK), (IDENTITY, OK)]);
    let event = set_default_store(2, ANN, handle(1), Some(1));
    assert_eq!(world.fires(Rule::SetDefaultStore, event), [answer(2, Ok(()))]);
    default_is(world, Some(1));
}

fn a_session_can_do_without_a_default_store(world: &mut World) {
    stores(world, &[(DEFAULT, OK)]);
    let event = set_default_store(2, ANN, handle(1), None);
    assert_eq!(world.fires(Rule::ClearDefaultStore, event), [answer(2, Ok(()))]);
    default_is(world, None);
}

fn the_same_default_store_again_is_no_change(world: &mut World) {
    stores(world, &[(DEFAULT, OK)]);
    let _ = world.step(advise(2, ANN, handle(1)));
    let event = set_default_store(2, ANN, handle(1), Some(0));
    world.changes_nothing(Rule::KeepDefaultStore, event, &[answer(2, Ok(()))]);
    let _ = world.step(set_default_store(2, ANN, handle(1), None));
    let event = set_default_store(2, ANN, handle(1), None);
    world.changes_nothing(Rule::KeepDefaultStore, event, &[answer(2, Ok(()))]);
}

fn those_who_listen_are_told_of_a_change_once(world: &mut World) {
    stores(world, &[(DEFAULT, OK)]);
    world.initialize(BOB);
    for number in [2, 3] {
        world.log_on(number, BOB, JOIN);
    }
    let _ = world.step(advise(4, ANN, handle(1)));
    let _ = world.step(advise(4, BOB, handle(3)));
    let news = |number| queue(number, Notification::TableModified);
    let effects = world.step(set_default_store(4, ANN, handle(1), None)).effects;
    assert_eq!(effects, [news(1), news(3), answer(4, Ok(()))], "the caller is told too");
    let due =
        Event::NotificationDue { handle: handle(3), notification: Notification::TableModified };
    world.fires(Rule::HandNotification, due.clone());
    let effects = world.step(set_default_store(4, ANN, handle(1), Some(0))).effects;
    assert_eq!(effects, [news(3), answer(4, Ok(()))], "one is pending still");
    assert!(world.handle(1).inbox.table && world.handle(3).inbox.table);
    world.fires(Rule::HandNotification, due.clone());
    world.changes_nothing(Rule::IgnoreStale, due, &[]);
}

fn what_cannot_be_the_default_is_refused(world: &mut World) {
    world.initialize(ANN);
    let store = ProviderSpec::new(ProviderKind::Store);
    let specs = vec![
        store,
        ProviderSpec::new(ProviderKind::AddressBook),
        store.with_flags(NEVER),
        store,
        ProviderSpec::new(ProviderKind::Transport),
    ];
    let services = services_of(vec![(EntryFunction::Absent, specs)]);
    let results = [(1, OK), (0, OK), (2, OK), (3, SKIP_ME)];
    world.log_on_with(1, ANN, PRIVATE, &services, &results);
    let error = SetDefaultStoreError::Unfit;
    assert_eq!(error.code(), MapiCode::MAPI_E_NO_ACCESS);
    for store in [1, 2, 3, 4, 5, u16::MAX] {
        let event = set_default_store(2, ANN, handle(1), Some(store));
        world.changes_nothing(Rule::RefuseUnfitStore, event, &[answer(2, Err(error))]);
    }
}

fn the_default_store_is_set_on_a_live_handle_alone(world: &mut World) {
    let error = SetDefaultStoreError::NotInitialized;
    assert_eq!(error.code(), MapiCode::MAPI_E_NOT_INITIALIZED);
    let event = set_default_store(2, ANN, handle(1), None);
    world.changes_nothing(Rule::RefuseUninitialized, event, &[answer(2, Err(error))]);
    stores(world, &[(DEFAULT, OK)]);
    world.initialize(BOB);
    let error = SetDefaultStoreError::InvalidHandle;
    assert_eq!(error.code(), MapiCode::MAPI_E_INVALID_OBJECT);
    for (client, handle) in [(BOB, handle(1)), (ANN, handle(9))] {
        let event = set_default_store(2, client, handle, None);
        world.changes_nothing(Rule::RefuseHandle, event, &[answer(2, Err(error))]);
    }
    let _ = world.step(logoff(2, ANN, handle(1), Confirmation::Skip));
    let event = set_default_store(2, ANN, handle(1), None);
    world.changes_nothing(Rule::RefuseHandle, event, &[answer(2, Err(error))]);
}

fn a_store_that_is_logged_off_is_no_default_any_more(world: &mut World) {
    stores(world, &[(DEFAULT, OK), (IDENTITY, OK)]);
    assert_eq!(world.session(1).identity, Some(ProviderId(1)));
    for store in [0, 1] {
        let _ = world.step(open_store(2, ANN, handle(1), store));
    }
    let _ = world.step(advise(2, ANN, handle(1)));
    let left =
        |number| Effect::Answer { call: call(number), answer: Answer::StoreLoggedOff(Ok(())) };
    let effects = world.fires(Rule::LogOffStore, store_logoff(2, ANN, handle(1), 1));
    assert_eq!(effects, [log_off_provider(1, 1), left(2)]);
    assert_eq!(world.session(1).identity, None);
    default_is(world, Some(0));
    let effects = world.fires(Rule::LogOffDefaultStore, store_logoff(2, ANN, handle(1), 0));
    let news = queue(1, Notification::TableModified);
    assert_eq!(effects, [log_off_provider(1, 0), news, left(2)]);
    default_is(world, None);
}

fn a_quiesced_store_stays_the_default(world: &mut World) {
    stores(world, &[(DEFAULT, OK), (DEFAULT, SKIP_ME)]);
    let _ = world.step(open_store(2, ANN, handle(1), 1));
    let _ = world.step(provider_answered(1, 1, ProviderResult::WrongVersion));
    assert_eq!(world.providers(1)[0], ProviderStatus::Quiesced);
    default_is(world, Some(0));
    let event = set_default_store(2, ANN, handle(1), Some(0));
    let refused = [answer(2, Err(SetDefaultStoreError::Unfit))];
    world.changes_nothing(Rule::RefuseUnfitStore, event, &refused);
}
