//! What comes of a transport that the spooler starts: the table of all providers, and nobody asked.

use crate::world::*;
use mapi_session_core::*;

scenarios![
    a_transport_that_gives_up_is_not_tried_again,
    a_transport_is_configured_and_tried_again,
    a_transport_is_tried_again_without_an_entry_function,
    nobody_is_asked_about_a_transport,
    a_transport_that_fails_takes_its_service_from_everybody,
    a_transport_of_another_version_quiesces_its_siblings,
    a_transport_that_fails_twice_disables_its_service,
    a_transport_of_a_disabled_service_is_not_tried,
    a_transport_is_taken_back_if_its_service_was_disabled,
    a_transport_fails_quietly_if_its_service_was_disabled,
    a_configuration_is_in_vain_if_the_service_was_disabled,
    a_configuration_that_nobody_waits_for_is_ignored,
    an_answer_about_a_transport_comes_once,
    a_session_that_ends_waits_for_the_attempt_of_its_spooler,
    a_crash_does_not_drop_the_attempt_of_the_spooler,
    a_session_that_ends_does_not_wait_for_a_configuration,
    a_running_transport_stops_first,
    a_transport_is_used_by_those_with_mail,
    a_transport_that_was_taken_away_is_not_used,
];

const POST: u16 = 2;

/// Ann has no mail and Bob has; they share a session in which the mailbox did not come up, and the
/// spooler has begun with the transport of its service.
fn demand(world: &mut World) {
    demand_on(world, &exchange());
}

fn demand_on(world: &mut World, services: &Services) {
    world.initialize(ANN);
    world.initialize(BOB);
    let results = [(BOOK, OK), (MAILBOX, SKIP_ME), (FILE, OK)];
    world.log_on_with(1, ANN, SHARED, services, &results);
    world.log_on(2, BOB, JOIN_MAIL);
    let effects = world.fires(Rule::StartTransports, demanded(1));
    assert_eq!(effects, [log_on_transport(1, POST, Attempt::First)]);
}

/// As [`exchange`], without an entry function and with another transport in a service of its own.
fn two_posts() -> Services {
    use ProviderKind::{AddressBook, Store, Transport};
    let absent = EntryFunction::Absent;
    services(&[
        (absent, &[AddressBook, Store, Transport]),
        (absent, &[Store]),
        (absent, &[Transport]),
    ])
}

/// Ann's open call disables the service of the mailbox.
fn disable(world: &mut World) {
    let _ = world.step(open_store(5, ANN, handle(1), MAILBOX));
    let version = provider_answered(1, MAILBOX, ProviderResult::WrongVersion);
    world.fires(Rule::DisableWrongVersion, version);
    assert_eq!(world.services(1)[0], ServiceStatus::Disabled);
}

#[track_caller]
fn status(world: &World, provider: u16) -> ProviderStatus {
    world.providers(1)[usize::from(provider)]
}

fn a_transport_that_gives_up_is_not_tried_again(world: &mut World) {
    demand_on(world, &two_posts());
    let effects = world.fires(Rule::SkipProvider, provider_answered(1, POST, SKIP_ME));
    assert_eq!(effects, [log_on_transport(1, 4, Attempt::First)]);
    let with_errors = provider_answered(1, 4, ProviderResult::LoggedOnWithErrors);
    assert_eq!(world.fires(Rule::StartProviderWithErrors, with_errors), []);
    assert_eq!(world.services(1), [ServiceStatus::Enabled; 3]);
    assert_eq!(status(world, POST), ProviderStatus::Failed);
    world.changes_nothing(Rule::IgnoreDemand, demanded(1), &[]);
}

fn a_transport_is_configured_and_tried_again(world: &mut World) {
    demand(world);
    let effects = world.fires(Rule::ConfigureService, provider_answered(1, POST, UNCONFIGURED));
    assert_eq!(effects, [configure_transport(1, POST)]);
    let entry = TransportSeries { provider: ProviderId(POST), stage: TransportStage::Entry };
    assert_eq!(world.session(1).transport, Some(entry));
    world.changes_nothing(Rule::IgnoreStale, repaired(1, POST), &[]);
    let effects = world.fires(Rule::RetryConfigured, transport_configured(1, POST));
    assert_eq!(effects, [log_on_transport(1, POST, Attempt::Second)]);
    assert_eq!(world.fires(Rule::StartRetriedProvider, provider_answered(1, POST, OK)), []);
}

fn a_transport_is_tried_again_without_an_entry_function(world: &mut World) {
    demand_on(world, &two_posts());
    let effects = world.fires(Rule::RetryUnconfigured, provider_answered(1, POST, UNCONFIGURED));
    assert_eq!(effects, [log_on_transport(1, POST, Attempt::Second)]);
    let event = provider_answered(1, POST, UNCONFIGURED);
    let effects = world.fires(Rule::DisableUnconfigured, event);
    assert_eq!(effects, [disabled(1, 0, POST), log_on_transport(1, 4, Attempt::First)]);
}

fn nobody_is_asked_about_a_transport(world: &mut World) {
    demand(world);
    let effects = world.fires(Rule::DisableUnasked, provider_answered(1, POST, ERROR));
    assert_eq!(effects, [disabled(1, 0, POST)]);
}

fn a_transport_that_fails_takes_its_service_from_everybody(world: &mut World) {
    demand(world);
    let _ = world.step(provider_answered(1, POST, ERROR));
    assert_eq!(status(world, BOOK), ProviderStatus::Quiesced);
    assert_eq!(status(world, FILE), ProviderStatus::Running);
    assert_eq!(world.services(1), [ServiceStatus::Disabled, ServiceStatus::Enabled]);
}

fn a_transport_of_another_version_quiesces_its_siblings(world: &mut World) {
    let posts: &[_] = &[ProviderKind::Transport, ProviderKind::Transport];
    world.initialize(ANN);
    world.log_on_to(1, ANN, PRIVATE_MAIL, &services(&[(EntryFunction::Present, posts)]));
    let _ = world.step(demanded(1));
    let _ = world.step(provider_answered(1, 0, OK));
    let version = provider_answered(1, 1, ProviderResult::WrongVersion);
    assert_eq!(world.fires(Rule::DisableWrongVersion, version), [disabled(1, 0, 1)]);
    assert_eq!(world.providers(1), [ProviderStatus::Quiesced, ProviderStatus::Failed]);
}

fn a_transport_that_fails_twice_disables_its_service(world: &mut World) {
    demand(world);
    let _ = world.step(provider_answered(1, POST, UNCONFIGURED));
    let _ = world.step(transport_configured(1, POST));
    let effects = world.fires(Rule::DisableAfterSecondFailure, provider_answered(1, POST, ERROR));
    assert_eq!(effects, [disabled(1, 0, POST)]);
}

fn a_transport_of_a_disabled_service_is_not_tried(world: &mut World) {
    world.initialize(ANN);
    let results = [(BOOK, ProviderResult::WrongVersion), (FILE, OK)];
    world.log_on_with(1, ANN, PRIVATE_MAIL, &two_posts(), &results);
    let effects = world.fires(Rule::StartTransports, demanded(1));
    assert_eq!(effects, [log_on_transport(1, 4, Attempt::First)]);
}

fn a_transport_is_taken_back_if_its_service_was_disabled(world: &mut World) {
    demand_on(world, &two_posts());
    disable(world);
    let effects = world.fires(Rule::TakeBackOfDisabledService, provider_answered(1, POST, OK));
    assert_eq!(effects, [log_off_provider(1, POST), log_on_transport(1, 4, Attempt::First)]);
    let _ = world.step(provider_logged_off(1, POST));
    world.fires(Rule::FinishTakingBack, provider_shut_down(1, POST));
    assert_eq!(status(world, POST), ProviderStatus::Failed);
}

fn a_transport_fails_quietly_if_its_service_was_disabled(world: &mut World) {
    demand(world);
    disable(world);
    let event = provider_answered(1, POST, UNCONFIGURED);
    assert_eq!(world.fires(Rule::FailInDisabledService, event), []);
    assert_eq!(status(world, POST), ProviderStatus::Failed);
}

fn a_configuration_is_in_vain_if_the_service_was_disabled(world: &mut World) {
    demand(world);
    let _ = world.step(provider_answered(1, POST, UNCONFIGURED));
    disable(world);
    assert_eq!(world.fires(Rule::FailDespiteEntry, transport_configured(1, POST)), []);
    assert_eq!(status(world, POST), ProviderStatus::Failed);
}

fn a_configuration_that_nobody_waits_for_is_ignored(world: &mut World) {
    world.changes_nothing(Rule::IgnoreStale, transport_configured(1, POST), &[]);
    demand(world);
    world.changes_nothing(Rule::IgnoreStale, transport_configured(1, POST), &[]);
    let _ = world.step(provider_answered(1, POST, UNCONFIGURED));
    world.changes_nothing(Rule::IgnoreStale, transport_configured(1, BOOK), &[]);
    let _ = world.step(transport_configured(1, POST));
    world.changes_nothing(Rule::IgnoreStale, transport_configured(1, POST), &[]);
}

fn an_answer_about_a_transport_comes_once(world: &mut World) {
    demand(world);
    world.changes_nothing(Rule::IgnoreStale, provider_answered(1, BOOK, OK), &[]);
    let _ = world.step(provider_answered(1, POST, UNCONFIGURED));
    world.changes_nothing(Rule::IgnoreStale, provider_answered(1, POST, OK), &[]);
    let _ = world.step(transport_configured(1, POST));
    let _ = world.step(provider_answered(1, POST, OK));
    world.changes_nothing(Rule::IgnoreStale, provider_answered(1, POST, ERROR), &[]);
}

/// The last handle goes; whatever was up is stopped in its order.
fn end_all_but_the_spooler(world: &mut World) {
    let _ = world.step(logoff(6, ANN, handle(1), Confirmation::Skip));
    let effects = world.fires(Rule::LogOff, logoff(6, BOB, handle(2), Confirmation::Skip));
    assert_eq!(effects, [detach(1), log_off_provider(1, BOOK), logged_off(6, Ok(()))]);
    let _ = world.step(provider_logged_off(1, BOOK));
    let _ = world.step(provider_shut_down(1, BOOK));
    let _ = world.step(provider_logged_off(1, FILE));
}

fn a_session_that_ends_waits_for_the_attempt_of_its_spooler(world: &mut World) {
    demand(world);
    end_all_but_the_spooler(world);
    assert_eq!(status(world, POST), ProviderStatus::Late);
    assert_eq!(world.fires(Rule::StopBesideOthers, provider_shut_down(1, FILE)), []);
    let effects = world.fires(Rule::TakeBackLateOfLostSession, provider_answered(1, POST, OK));
    assert_eq!(effects, [log_off_provider(1, POST)]);
    let _ = world.step(provider_logged_off(1, POST));
    assert_eq!(world.fires(Rule::StopLastProvider, provider_shut_down(1, POST)), [close(1)]);
}

fn a_crash_does_not_drop_the_attempt_of_the_spooler(world: &mut World) {
    demand(world);
    assert_eq!(world.fires(Rule::CrashClient, crashed(ANN)), []);
    assert_eq!(status(world, POST), ProviderStatus::NotStarted, "nothing happens to it");
    let effects = world.fires(Rule::CrashClient, crashed(BOB));
    assert_eq!(effects, [detach(1), log_off_provider(1, BOOK)]);
    assert_eq!(status(world, POST), ProviderStatus::Late);
    assert_eq!(world.session(1).transport, None);
}

fn a_session_that_ends_does_not_wait_for_a_configuration(world: &mut World) {
    demand(world);
    let _ = world.step(provider_answered(1, POST, UNCONFIGURED));
    end_all_but_the_spooler(world);
    assert_eq!(status(world, POST), ProviderStatus::Failed);
    world.changes_nothing(Rule::IgnoreStale, transport_configured(1, POST), &[]);
    assert_eq!(world.fires(Rule::StopLastProvider, provider_shut_down(1, FILE)), [close(1)]);
}

fn a_running_transport_stops_first(world: &mut World) {
    demand(world);
    let _ = world.step(provider_answered(1, POST, OK));
    let _ = world.step(crashed(BOB));
    let effects = world.fires(Rule::CrashClient, crashed(ANN));
    assert_eq!(effects, [log_off_provider(1, POST)]);
}

fn a_transport_is_used_by_those_with_mail(world: &mut World) {
    demand(world);
    let unopened = [use_answer(7, Err(UseError::NotOpen))];
    world.changes_nothing(Rule::RefuseUnopened, used(7, BOB, handle(2), POST), &unopened);
    let _ = world.step(provider_answered(1, POST, OK));
    world.changes_nothing(Rule::RefuseUnopened, used(7, ANN, handle(1), POST), &unopened);
    let (session, provider) = (session(1), ProviderId(POST));
    let effects = [Effect::UseProvider { session, provider }, use_answer(7, Ok(()))];
    world.changes_nothing(Rule::UseProvider, used(7, BOB, handle(2), POST), &effects);
}

fn a_transport_that_was_taken_away_is_not_used(world: &mut World) {
    demand(world);
    let _ = world.step(provider_answered(1, POST, OK));
    disable(world);
    let error = UseError::TransportUnavailable;
    assert_eq!(error.code(), MapiCode::MAPI_E_LOGON_FAILED);
    let event = used(7, BOB, handle(2), POST);
    world.changes_nothing(Rule::RefuseTransportUse, event, &[use_answer(7, Err(error))]);
    let unopened = [use_answer(7, Err(UseError::NotOpen))];
    world.changes_nothing(Rule::RefuseUnopened, used(7, ANN, handle(1), POST), &unopened);
}
