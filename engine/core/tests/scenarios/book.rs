//! Opening the address book: each of its providers that does not run is tried, one after the other.

use crate::world::*;
use mapi_session_core::*;

scenarios![
    a_book_whose_providers_run_is_whole,
    a_book_without_providers_is_whole,
    a_book_lacks_what_is_disabled,
    each_missing_provider_is_tried_once,
    a_book_ends_whole_if_all_come_up,
    a_provider_that_fails_for_good_takes_the_rest_of_its_service_along,
    a_book_waits_for_others_in_passing,
    a_book_finds_what_others_have_started,
    a_book_that_has_waited_goes_on_to_the_next,
    a_book_that_has_waited_waits_for_the_next,
    a_book_that_has_waited_finds_nothing_left_to_try,
];

const FIRST: Attempt = Attempt::First;
const ALLOWED: Prompts = Prompts::Allowed;

/// Three address books, two of them of one service, none of which runs; two sharers.
fn three_books(world: &mut World) {
    let book = ProviderKind::AddressBook;
    let profile = services(&[
        (EntryFunction::Absent, &[book, ProviderKind::Store, book]),
        (EntryFunction::Absent, &[book]),
    ]);
    world.initialize(ANN);
    world.initialize(BOB);
    let results = [(0, SKIP_ME), (2, SKIP_ME), (3, SKIP_ME), (1, OK)];
    world.log_on_with(1, ANN, SHARED, &profile, &results);
    world.log_on(2, BOB, JOIN);
}

fn first(number: u64, provider: u16) -> Effect {
    attempt(number, session(1), provider, FIRST, ALLOWED)
}

const WHOLE: Opened = Opened::WholeAddressBook;
const PART: Opened = Opened::PartOfAddressBook;

fn a_book_whose_providers_run_is_whole(world: &mut World) {
    world.initialize(ANN);
    world.log_on_to(1, ANN, PRIVATE, &exchange());
    let done = [opened(2, Ok(WHOLE))];
    assert_eq!(world.fires(Rule::OpenWholeBook, open_book(2, ANN, handle(1))), done);
    assert!(world.has_book(1));
    world.changes_nothing(Rule::OpenWholeBook, open_book(2, ANN, handle(1)), &done);
}

fn a_book_without_providers_is_whole(world: &mut World) {
    world.initialize(ANN);
    world.log_on(1, ANN, PRIVATE);
    let effects = world.fires(Rule::OpenWholeBook, open_book(2, ANN, handle(1)));
    assert_eq!(effects, [opened(2, Ok(WHOLE))]);
}

fn a_book_lacks_what_is_disabled(world: &mut World) {
    world.initialize(ANN);
    world.log_on_with(1, ANN, PRIVATE, &exchange(), &[(BOOK, ERROR), (FILE, OK)]);
    let effects = world.fires(Rule::OpenPartOfBook, open_book(2, ANN, handle(1)));
    assert_eq!(effects, [opened(2, Ok(PART))]);
    assert_eq!(Answer::Opened(Ok(PART)).code(), MapiCode::MAPI_W_ERRORS_RETURNED);
    assert!(world.has_book(1), "it is usable all the same");
}

fn each_missing_provider_is_tried_once(world: &mut World) {
    three_books(world);
    assert_eq!(world.fires(Rule::StartForBook, open_book(11, ANN, handle(1))), [first(11, 0)]);
    let effects = world.fires(Rule::SkipProvider, provider_answered(1, 0, SKIP_ME));
    assert_eq!(effects, [first(11, 2)]);
    let effects = world.fires(Rule::StartProvider, provider_answered(1, 2, OK));
    assert_eq!(effects, [first(11, 3)]);
    let effects = world.fires(Rule::SkipProvider, provider_answered(1, 3, SKIP_ME));
    assert_eq!(effects, [opened(11, Ok(PART))]);
}

fn a_book_ends_whole_if_all_come_up(world: &mut World) {
    three_books(world);
    let _ = world.step(open_book(11, ANN, handle(1)));
    for provider in [0, 2] {
        let _ = world.step(provider_answered(1, provider, OK));
    }
    let effects = world.fires(Rule::StartProvider, provider_answered(1, 3, OK));
    assert_eq!(effects, [opened(11, Ok(WHOLE))]);
    assert!(world.has_book(1) && !world.has_book(2));
}

fn a_provider_that_fails_for_good_takes_the_rest_of_its_service_along(world: &mut World) {
    three_books(world);
    let _ = world.step(open_book(11, ANN, handle(1)));
    let effects = world.step(provider_answered(1, 0, ProviderResult::WrongVersion)).effects;
    assert_eq!(effects, [disabled(1, 0, 0), first(11, 3)]);
    assert_eq!(world.providers(1)[1], ProviderStatus::Quiesced);
    let effects = world.step(provider_answered(1, 3, OK)).effects;
    assert_eq!(effects, [opened(11, Ok(PART))]);
}

fn a_book_waits_for_others_in_passing(world: &mut World) {
    three_books(world);
    let _ = world.step(open_book(11, ANN, handle(1)));
    world.fires(Rule::WaitForProvider, open_book(12, BOB, handle(2)));
    let effects = world.fires(Rule::SkipProvider, provider_answered(1, 0, SKIP_ME));
    assert_eq!(effects, [first(11, 2), go_on(12)]);
    let effects = world.fires(Rule::StartBookAfterWait, continued(12));
    assert_eq!(effects, [first(12, 0)], "each call tries for itself what failed");
    let effects = world.fires(Rule::SkipProvider, provider_answered(1, 0, SKIP_ME));
    assert_eq!(effects, [], "Ann's is at the next");
    let CallStage::Opening { at, series, .. } = world.call(12).expect("Bob's call waits").stage
    else {
        panic!("Bob opens nothing");
    };
    assert_eq!((at, series), (ProviderId(2), None));
}

fn a_book_finds_what_others_have_started(world: &mut World) {
    three_books(world);
    let _ = world.step(open_book(11, BOB, handle(2)));
    let _ = world.step(provider_answered(1, 0, OK));
    let _ = world.step(provider_answered(1, 2, OK));
    world.fires(Rule::WaitForProvider, open_book(12, ANN, handle(1)));
    let effects = world.step(provider_answered(1, 3, OK)).effects;
    assert_eq!(effects, [opened(11, Ok(WHOLE)), go_on(12)]);
    let effects = world.fires(Rule::FindBookWhole, continued(12));
    assert_eq!(effects, [opened(12, Ok(WHOLE))]);
}

fn a_book_that_has_waited_goes_on_to_the_next(world: &mut World) {
    three_books(world);
    let _ = world.step(open_book(11, BOB, handle(2)));
    let _ = world.step(open_book(12, ANN, handle(1)));
    let _ = world.step(withdrawn(11));
    let effects = world.fires(Rule::KeepLateProvider, provider_answered(1, 0, OK));
    assert_eq!(effects, [go_on(12)]);
    assert_eq!(world.fires(Rule::StartBookAfterWait, continued(12)), [first(12, 2)]);
}

fn a_book_that_has_waited_waits_for_the_next(world: &mut World) {
    three_books(world);
    let _ = world.step(open_book(11, BOB, handle(2)));
    let _ = world.step(open_book(12, ANN, handle(1)));
    let effects = world.step(provider_answered(1, 0, OK)).effects;
    assert_eq!(effects, [first(11, 2), go_on(12)]);
    assert_eq!(world.fires(Rule::WaitForNextOfBook, continued(12)), []);
    let effects = world.step(provider_answered(1, 2, SKIP_ME)).effects;
    assert_eq!(effects, [first(11, 3), go_on(12)]);
    assert_eq!(world.fires(Rule::StartBookAfterWait, continued(12)), [first(12, 2)]);
}

fn a_book_that_has_waited_finds_nothing_left_to_try(world: &mut World) {
    three_books(world);
    let _ = world.step(open_book(11, BOB, handle(2)));
    for provider in [0, 2] {
        let _ = world.step(provider_answered(1, provider, OK));
    }
    let _ = world.step(open_book(12, ANN, handle(1)));
    let effects = world.step(provider_answered(1, 3, ProviderResult::WrongVersion)).effects;
    assert_eq!(effects, [disabled(1, 1, 3), opened(11, Ok(PART)), go_on(12)]);
    assert_eq!(world.fires(Rule::FindBookInPart, continued(12)), [opened(12, Ok(PART))]);
}
