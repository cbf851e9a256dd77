//! The status table as each handle sees it, and views of a single handle or session.

use crate::world::*;
use mapi_session_core::*;

scenarios![
    a_client_with_mail_sees_transports_and_the_spooler,
    a_client_without_mail_sees_neither,
    a_provider_that_does_not_run_has_no_row,
    a_provider_that_was_taken_away_says_so,
    only_a_live_handle_sees_the_table,
    a_handle_and_a_session_are_found_by_their_numbers,
];

const UP: RowState = RowState::Available;
const DOWN: RowState = RowState::Failure;

fn row(provider: u16, state: RowState) -> StatusRow {
    StatusRow::Provider(ProviderId(provider), state)
}

fn rows(world: &World, number: u64) -> Option<Vec<StatusRow>> {
    world.sessions.status_rows(handle(number)).map(Iterator::collect)
}

/// Mapi's own rows, and then these.
fn table(spooler: RowState, rows: &[StatusRow]) -> Option<Vec<StatusRow>> {
    let own = [StatusRow::Subsystem, StatusRow::Spooler(spooler), StatusRow::AddressBook];
    Some([&own, rows].concat())
}

/// Ann without mail and Bob with it, on a session whose mailbox has not come up.
fn two_share(world: &mut World) {
    world.initialize(ANN);
    world.initialize(BOB);
    let results = [(BOOK, OK), (MAILBOX, SKIP_ME), (FILE, OK)];
    world.log_on_with(1, ANN, SHARED, &exchange(), &results);
    world.log_on(2, BOB, JOIN_MAIL);
}

fn a_client_with_mail_sees_transports_and_the_spooler(world: &mut World) {
    two_share(world);
    assert_eq!(rows(world, 2), table(UP, &[row(BOOK, UP), row(FILE, UP)]));
    let _ = world.step(demanded(1));
    assert_eq!(rows(world, 2), table(UP, &[row(BOOK, UP), row(FILE, UP)]), "it is not up yet");
    let _ = world.step(provider_answered(1, 2, OK));
    assert_eq!(rows(world, 2), table(UP, &[row(BOOK, UP), row(2, UP), row(FILE, UP)]));
}

fn a_client_without_mail_sees_neither(world: &mut World) {
    two_share(world);
    let _ = world.step(demanded(1));
    let _ = world.step(provider_answered(1, 2, OK));
    assert_eq!(rows(world, 1), table(DOWN, &[row(BOOK, UP), row(FILE, UP)]));
}

fn a_provider_that_does_not_run_has_no_row(world: &mut World) {
    world.initialize(ANN);
    let results = [(BOOK, ERROR), (FILE, OK)];
    world.log_on_with(1, ANN, PRIVATE, &exchange(), &results);
    assert_eq!(rows(world, 1), table(DOWN, &[row(FILE, UP)]));
    let _ = world.step(open_store(3, ANN, handle(1), FILE));
    let _ = world.step(store_logoff(3, ANN, handle(1), FILE));
    assert_eq!(rows(world, 1), table(DOWN, &[]));
}

fn a_provider_that_was_taken_away_says_so(world: &mut World) {
    two_share(world);
    let _ = world.step(demanded(1));
    let _ = world.step(provider_answered(1, 2, OK));
    let _ = world.step(open_store(3, ANN, handle(1), MAILBOX));
    let _ = world.step(provider_answered(1, MAILBOX, ProviderResult::WrongVersion));
    assert_eq!(rows(world, 1), table(DOWN, &[row(BOOK, DOWN), row(FILE, UP)]));
    assert_eq!(rows(world, 2), table(UP, &[row(BOOK, DOWN), row(2, DOWN), row(FILE, UP)]));
}

fn only_a_live_handle_sees_the_table(world: &mut World) {
    assert_eq!(rows(world, 1), None);
    world.initialize(ANN);
    world.reach_services(1, ANN, PRIVATE);
    let _ = world.step(services_read(1, &Services::none()));
    world.fires(Rule::OpenSession, continued(1));
    assert!(matches!(world.handle(1).status, HandleStatus::Unanswered(_)));
    assert_eq!(rows(world, 1), None);
    let _ = world.run(1);
    assert_eq!(rows(world, 1), table(DOWN, &[]));
    let _ = world.step(logoff(2, ANN, handle(1), Confirmation::Skip));
    assert_eq!(rows(world, 1), None);
}

fn a_handle_and_a_session_are_found_by_their_numbers(world: &mut World) {
    two_share(world);
    let _ = world.step(logoff(3, ANN, handle(1), Confirmation::Skip));
    let _ = world.call_logon(4, ANN, JOIN);
    let _ = world.step(continued(4));
    world.fires(Rule::JoinShared, continued(4));
    let handles: Vec<_> = world.sessions.handles().collect();
    assert_eq!(handles.len(), 3);
    for (id, view) in handles {
        assert_eq!(world.sessions.handle(id), Some(view));
    }
    for (id, view) in world.sessions.sessions() {
        assert_eq!(world.sessions.session(id), Some(view));
    }
    assert_eq!(world.sessions.handle(handle(9)), None);
    assert_eq!(world.sessions.session(session(2)), None);
}
