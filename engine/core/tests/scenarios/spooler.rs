//! The spooler comes with the first handle that is capable of mail and goes with the last.

use crate::world::*;
use mapi_session_core::*;

scenarios![
    a_logon_with_mail_brings_the_spooler,
    a_logon_without_mail_keeps_the_spooler_out,
    a_service_that_forgets_to_refuse_mail_has_none,
    mail_is_a_matter_of_the_single_handle,
    the_spooler_goes_in_the_step_in_which_the_session_ends,
    a_crash_takes_the_spooler_away,
    a_withdrawn_join_takes_the_spooler_away,
    an_uninitialisation_takes_the_spooler_away,
    a_demand_where_there_is_nothing_to_start_changes_nothing,
    a_demand_before_the_session_opens_changes_nothing,
    one_demand_brings_all_transports_up_in_their_order,
    a_demand_while_the_spooler_is_busy_changes_nothing,
    without_mail_a_series_goes_on_and_nothing_follows,
    a_new_demand_goes_on_where_the_spooler_left,
];

fn spooler(world: &World) -> Spooler {
    world.session(1).spooler
}

fn a_logon_with_mail_brings_the_spooler(world: &mut World) {
    world.initialize(ANN);
    world.reach_services(1, ANN, PRIVATE_MAIL);
    let _ = world.step(services_read(1, &Services::none()));
    assert_eq!(spooler(world), Spooler::Detached);
    assert_eq!(world.fires(Rule::OpenSession, continued(1)), [attach(1), go_on(1)]);
    assert_eq!(spooler(world), Spooler::Attached);
}

fn a_logon_without_mail_keeps_the_spooler_out(world: &mut World) {
    world.initialize(ANN);
    world.reach_services(1, ANN, PRIVATE);
    let _ = world.step(services_read(1, &exchange()));
    for provider in [BOOK, MAILBOX, FILE] {
        let _ = world.step(provider_answered(1, provider, OK));
    }
    assert_eq!(world.fires(Rule::OpenSession, continued(1)), [go_on(1)]);
    assert_eq!(spooler(world), Spooler::Detached);
    world.changes_nothing(Rule::IgnoreDemand, demanded(1), &[]);
}

fn a_service_that_forgets_to_refuse_mail_has_none(world: &mut World) {
    world.initialize_as(ANN, Host::WindowsService);
    world.initialize(BOB);
    world.log_on_to(1, ANN, SHARED_MAIL, &exchange());
    world.log_on(2, BOB, JOIN_MAIL | LogonFlags::NT_SERVICE);
    assert_eq!(spooler(world), Spooler::Detached);
    world.changes_nothing(Rule::IgnoreDemand, demanded(1), &[]);
}

fn mail_is_a_matter_of_the_single_handle(world: &mut World) {
    world.initialize(ANN);
    world.initialize(BOB);
    world.log_on(1, ANN, SHARED);
    let _ = world.call_logon(2, BOB, JOIN_MAIL);
    let _ = world.step(continued(2));
    assert_eq!(world.fires(Rule::JoinShared, continued(2)), [attach(1), go_on(2)]);
    let _ = world.run(2);
    let _ = world.call_logon(3, BOB, JOIN_MAIL);
    let _ = world.step(continued(3));
    assert_eq!(world.fires(Rule::JoinShared, continued(3)), [go_on(3)], "it is there");
    let _ = world.run(3);
    let effects = world.fires(Rule::ReleaseLive, release(4, BOB, handle(2)));
    assert_eq!(effects, [released(4, Ok(()))], "the other still has mail");
    let effects = world.fires(Rule::ReleaseLive, release(4, BOB, handle(3)));
    assert_eq!(effects, [detach(1), released(4, Ok(()))]);
    assert_eq!(spooler(world), Spooler::Detached);
    let effects = world.fires(Rule::LogOff, logoff(4, ANN, handle(1), Confirmation::Skip));
    assert_eq!(effects, [close(1), logged_off(4, Ok(()))]);
}

fn the_spooler_goes_in_the_step_in_which_the_session_ends(world: &mut World) {
    world.initialize(ANN);
    world.log_on_to(1, ANN, PRIVATE_MAIL, &one_store());
    let effects = world.fires(Rule::LogOff, logoff(2, ANN, handle(1), Confirmation::Skip));
    assert_eq!(effects, [detach(1), log_off_provider(1, 0), logged_off(2, Ok(()))]);
    assert_eq!(spooler(world), Spooler::Detached);
}

fn a_crash_takes_the_spooler_away(world: &mut World) {
    world.initialize(ANN);
    world.initialize(BOB);
    world.log_on(1, ANN, SHARED);
    world.log_on(2, BOB, JOIN_MAIL);
    world.log_on(3, BOB, JOIN_MAIL);
    assert_eq!(world.fires(Rule::CrashClient, crashed(BOB)), [detach(1)]);
}

fn a_withdrawn_join_takes_the_spooler_away(world: &mut World) {
    world.initialize(ANN);
    world.log_on(1, ANN, SHARED);
    let _ = world.call_logon(2, ANN, JOIN_MAIL);
    let _ = world.step(continued(2));
    world.fires(Rule::JoinShared, continued(2));
    assert_eq!(world.fires(Rule::WithdrawSettledLogon, withdrawn(2)), [detach(1)]);
}

fn an_uninitialisation_takes_the_spooler_away(world: &mut World) {
    world.initialize(ANN);
    world.log_on(1, ANN, PRIVATE_MAIL);
    assert_eq!(world.uninitialize(Rule::UninitializeLast, ANN), [detach(1), close(1)]);
}

fn a_demand_where_there_is_nothing_to_start_changes_nothing(world: &mut World) {
    world.changes_nothing(Rule::IgnoreDemand, demanded(1), &[]);
    world.initialize(ANN);
    world.log_on_to(1, ANN, PRIVATE_MAIL, &one_store());
    world.changes_nothing(Rule::IgnoreDemand, demanded(1), &[]);
    let _ = world.step(logoff(2, ANN, handle(1), Confirmation::Skip));
    world.changes_nothing(Rule::IgnoreDemand, demanded(1), &[]);
}

fn a_demand_before_the_session_opens_changes_nothing(world: &mut World) {
    world.initialize(ANN);
    world.reach_services(1, ANN, PRIVATE_MAIL);
    let _ = world.step(services_read(1, &exchange()));
    world.changes_nothing(Rule::IgnoreDemand, demanded(1), &[]);
}

/// Four transports: the second and the third of different services, the first of them at the end.
fn posts() -> Services {
    let post = ProviderSpec::new(ProviderKind::Transport);
    let last = post.with_flags(ResourceFlags::XP_PREFER_LAST);
    let store = ProviderSpec::new(ProviderKind::Store);
    let absent = EntryFunction::Absent;
    services_of(vec![(absent, vec![last, store, post]), (absent, vec![post]), (absent, vec![last])])
}

fn one_demand_brings_all_transports_up_in_their_order(world: &mut World) {
    let order: Vec<u16> = posts().transports().map(|it| it.0).collect();
    assert_eq!(order, [2, 3, 0, 4]);
    world.initialize(ANN);
    world.log_on_to(1, ANN, PRIVATE_MAIL, &posts());
    let effects = world.fires(Rule::StartTransports, demanded(1));
    assert_eq!(effects, [log_on_transport(1, 2, Attempt::First)]);
    let stage = TransportStage::Attempt(Attempt::First);
    let series = TransportSeries { provider: ProviderId(2), stage };
    assert_eq!(world.session(1).transport, Some(series));
    for (up, next) in [(2, 3), (3, 0), (0, 4)] {
        let effects = world.fires(Rule::StartProvider, provider_answered(1, up, OK));
        assert_eq!(effects, [log_on_transport(1, next, Attempt::First)]);
    }
    assert_eq!(world.fires(Rule::StartProvider, provider_answered(1, 4, OK)), []);
    assert_eq!(world.session(1).transport, None);
    assert_eq!(world.providers(1), [ProviderStatus::Running; 5]);
    world.changes_nothing(Rule::IgnoreDemand, demanded(1), &[]);
}

fn a_demand_while_the_spooler_is_busy_changes_nothing(world: &mut World) {
    world.initialize(ANN);
    world.log_on_to(1, ANN, PRIVATE_MAIL, &posts());
    let _ = world.step(demanded(1));
    world.changes_nothing(Rule::IgnoreDemand, demanded(1), &[]);
}

fn without_mail_a_series_goes_on_and_nothing_follows(world: &mut World) {
    world.initialize(ANN);
    world.initialize(BOB);
    world.log_on_to(1, ANN, SHARED, &posts());
    world.log_on(2, BOB, JOIN_MAIL);
    let _ = world.step(demanded(1));
    assert_eq!(world.fires(Rule::CrashClient, crashed(BOB)), [detach(1)]);
    let effects = world.fires(Rule::RetryUnconfigured, provider_answered(1, 2, UNCONFIGURED));
    assert_eq!(effects, [log_on_transport(1, 2, Attempt::Second)]);
    assert_eq!(world.fires(Rule::StartRetriedProvider, provider_answered(1, 2, OK)), []);
    assert_eq!(world.providers(1)[2], ProviderStatus::Running, "it stays, unused");
}

fn a_new_demand_goes_on_where_the_spooler_left(world: &mut World) {
    without_mail_a_series_goes_on_and_nothing_follows(world);
    world.log_on(3, ANN, JOIN_MAIL);
    let effects = world.fires(Rule::StartTransports, demanded(1));
    assert_eq!(effects, [log_on_transport(1, 3, Attempt::First)]);
}
