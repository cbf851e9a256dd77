//! How a logon starts the providers of its session: which, in what order, and what they may show.

use crate::world::*;
use mapi_session_core::*;

scenarios![
    address_books_start_before_stores_and_transports_not_at_all,
    a_disabled_service_is_not_tried_again,
    a_session_without_providers_opens_at_once,
    providers_are_told_what_they_may_show,
    services_show_themselves_before_any_logs_on,
    services_without_entry_function_have_nothing_to_show,
    a_windows_services_logon_shows_no_service,
    a_deadline_skips_a_service_that_shows_itself,
    a_deadline_disables_the_service_of_a_provider_that_does_not_answer,
    a_deadline_does_not_wait_for_the_entry_function,
    a_deadline_gives_the_retry_up,
    a_logon_succeeds_though_every_service_is_disabled,
    the_next_session_tries_again,
];

const NO_DIALOGS: Prompts = Prompts::Forbidden;
const UI: LogonFlags = PRIVATE.union(LogonFlags::LOGON_UI);
const ALWAYS: LogonFlags = LogonFlags::SERVICE_UI_ALWAYS;

fn show(number: u64, service: u16, allowed: Prompts) -> Effect {
    let entry = Entry::Show(ServiceId(service));
    let dialogs = EntryDialogs { allowed, always: ServiceUi::Always };
    Effect::CallEntry { call: call(number), session: session(number), entry, dialogs }
}

fn shown(number: u64, service: u16) -> Event {
    entry_returned(number, Entry::Show(ServiceId(service)))
}

fn first(number: u64, provider: u16, dialogs: Prompts) -> Effect {
    attempt(number, session(number), provider, Attempt::First, dialogs)
}

fn second(number: u64, provider: u16, dialogs: Prompts) -> Effect {
    attempt(number, session(number), provider, Attempt::Second, dialogs)
}

fn address_books_start_before_stores_and_transports_not_at_all(world: &mut World) {
    use ProviderKind::{AddressBook, Store, Transport};
    let profile = services(&[
        (EntryFunction::Absent, &[Transport, Store, AddressBook]),
        (EntryFunction::Absent, &[]),
        (EntryFunction::Absent, &[Store, AddressBook]),
    ]);
    world.initialize(ANN);
    world.reach_services(1, ANN, PRIVATE);
    let mut effects = world.fires(Rule::BuildSession, services_read(1, &profile));
    for provider in [2, 4, 1, 3] {
        assert_eq!(effects, [first(1, provider, NO_DIALOGS)]);
        effects = world.fires(Rule::StartProvider, provider_answered(1, provider, OK));
    }
    assert_eq!(effects, [go_on(1)]);
    world.fires(Rule::OpenSession, continued(1));
    let running = ProviderStatus::Running;
    let transport = ProviderStatus::NotStarted;
    assert_eq!(world.providers(1), [transport, running, running, running, running]);
}

fn a_disabled_service_is_not_tried_again(world: &mut World) {
    world.initialize(ANN);
    world.reach_services(1, ANN, PRIVATE);
    let _ = world.step(services_read(1, &exchange()));
    let effects = world.fires(Rule::DisableUnasked, provider_answered(1, BOOK, ERROR));
    assert_eq!(effects, [disabled(1, 0, BOOK), first(1, FILE, NO_DIALOGS)]);
    assert_eq!(world.services(1), [ServiceStatus::Disabled, ServiceStatus::Enabled]);
    let not_started = ProviderStatus::NotStarted;
    let statuses = [ProviderStatus::Failed, not_started, not_started, not_started];
    assert_eq!(world.providers(1), statuses);
}

fn a_session_without_providers_opens_at_once(world: &mut World) {
    world.initialize(ANN);
    for (number, profile) in [
        (1, Services::none()),
        (2, services(&[(EntryFunction::Present, &[ProviderKind::Transport])])),
    ] {
        world.reach_services(number, ANN, PRIVATE);
        let read = services_read(number, &profile);
        assert_eq!(world.fires(Rule::BuildSessionWithoutProviders, read), [go_on(number)]);
        world.changes_nothing(Rule::IgnoreStale, services_read(number, &profile), &[]);
        world.fires(Rule::OpenSession, continued(number));
        let _ = world.step(continued(number));
    }
}

fn providers_are_told_what_they_may_show(world: &mut World) {
    world.initialize(ANN);
    world.initialize_as(BOB, Host::WindowsService);
    for (number, client, flags, dialogs) in [
        (1, ANN, PRIVATE, NO_DIALOGS),
        (2, ANN, PRIVATE | LogonFlags::PASSWORD_UI, NO_DIALOGS),
        (3, ANN, UI, Prompts::Allowed),
        (4, ANN, UI | LogonFlags::NT_SERVICE, NO_DIALOGS),
        (5, BOB, UI, NO_DIALOGS),
    ] {
        world.reach_services(number, client, flags);
        let effects = world.fires(Rule::BuildSession, services_read(number, &one_store()));
        assert_eq!(effects, [first(number, 0, dialogs)], "{flags:?}");
        let _ = world.step(withdrawn(number));
    }
}

fn services_show_themselves_before_any_logs_on(world: &mut World) {
    let (present, absent) = (EntryFunction::Present, EntryFunction::Absent);
    let store: &[ProviderKind] = &[ProviderKind::Store];
    let profile = services(&[(absent, store), (present, store), (absent, &[]), (present, &[])]);
    world.initialize(ANN);
    for (number, flags, dialogs) in
        [(1, PRIVATE | ALWAYS, NO_DIALOGS), (2, UI | ALWAYS, Prompts::Allowed)]
    {
        world.reach_services(number, ANN, flags);
        let effects = world.fires(Rule::BuildSessionShowing, services_read(number, &profile));
        assert_eq!(effects, [show(number, 1, dialogs)]);
        world.changes_nothing(Rule::IgnoreStale, shown(number, 3), &[]);
        world.changes_nothing(Rule::IgnoreStale, repaired(number, 1), &[]);
        let effects = world.fires(Rule::ShowNextService, shown(number, 1));
        assert_eq!(effects, [show(number, 3, dialogs)]);
        world.changes_nothing(Rule::IgnoreStale, shown(number, 1), &[]);
        let effects = world.fires(Rule::StartAfterShow, shown(number, 3));
        assert_eq!(effects, [first(number, 0, dialogs)]);
        let _ = world.step(withdrawn(number));
    }
}

fn services_without_entry_function_have_nothing_to_show(world: &mut World) {
    world.initialize(ANN);
    world.reach_services(1, ANN, PRIVATE | ALWAYS);
    let effects = world.fires(Rule::BuildSession, services_read(1, &one_store()));
    assert_eq!(effects, [first(1, 0, NO_DIALOGS)]);
}

fn a_windows_services_logon_shows_no_service(world: &mut World) {
    world.initialize_as(BOB, Host::WindowsService);
    world.reach_services(1, BOB, UI | ALWAYS);
    let effects = world.fires(Rule::BuildSession, services_read(1, &exchange()));
    assert_eq!(effects, [first(1, BOOK, NO_DIALOGS)]);
    let effects = world.fires(Rule::ConfigureService, provider_answered(1, BOOK, UNCONFIGURED));
    let dialogs = EntryDialogs { allowed: NO_DIALOGS, always: ServiceUi::AsNeeded };
    let entry = Entry::Repair(ProviderId(BOOK));
    let configure = Effect::CallEntry { call: call(1), session: session(1), entry, dialogs };
    assert_eq!(effects, [configure]);
}

fn a_deadline_skips_a_service_that_shows_itself(world: &mut World) {
    let (present, store): (_, &[_]) = (EntryFunction::Present, &[ProviderKind::Store]);
    let profile = services(&[(present, store), (present, store)]);
    world.initialize(ANN);
    world.reach_services(1, ANN, PRIVATE | ALWAYS);
    let _ = world.step(services_read(1, &profile));
    let effects = world.fires(Rule::SkipShowAtDeadline, deadline(1));
    assert_eq!(effects, [show(1, 1, NO_DIALOGS)]);
    world.changes_nothing(Rule::IgnoreStale, shown(1, 0), &[]);
    let effects = world.fires(Rule::SkipShowAtDeadline, deadline(1));
    assert_eq!(effects, [first(1, 0, NO_DIALOGS)]);
}

fn a_deadline_disables_the_service_of_a_provider_that_does_not_answer(world: &mut World) {
    world.initialize(ANN);
    world.reach_services(1, ANN, UI);
    let _ = world.step(services_read(1, &exchange()));
    let _ = world.step(provider_answered(1, BOOK, OK));
    let effects = world.fires(Rule::DisableAtDeadline, deadline(1));
    assert_eq!(effects, [disabled(1, 0, MAILBOX), first(1, FILE, Prompts::Allowed)]);
    let (quiesced, late) = (ProviderStatus::Quiesced, ProviderStatus::Late);
    let not_started = ProviderStatus::NotStarted;
    assert_eq!(world.providers(1), [quiesced, late, not_started, not_started]);

    let taken_back = world.step(provider_answered(1, MAILBOX, OK));
    assert_eq!(taken_back.rule, Rule::TakeBackLateOfDisabledService);
    assert_eq!(taken_back.effects, [log_off_provider(1, MAILBOX)]);
    let _ = world.step(provider_logged_off(1, MAILBOX));
    assert_eq!(world.fires(Rule::FinishTakingBack, provider_shut_down(1, MAILBOX)), []);
    assert_eq!(world.providers(1)[1], ProviderStatus::Failed);
}

fn a_deadline_does_not_wait_for_the_entry_function(world: &mut World) {
    world.initialize(ANN);
    world.reach_services(1, ANN, PRIVATE);
    let _ = world.step(services_read(1, &exchange()));
    let _ = world.step(provider_answered(1, BOOK, UNCONFIGURED));
    let effects = world.fires(Rule::RetryAtDeadline, deadline(1));
    assert_eq!(effects, [second(1, BOOK, NO_DIALOGS)]);
    world.changes_nothing(Rule::IgnoreStale, repaired(1, BOOK), &[]);
    let effects = world.fires(Rule::DisableAtDeadline, deadline(1));
    assert_eq!(effects, [disabled(1, 0, BOOK), first(1, FILE, NO_DIALOGS)]);
}

fn a_deadline_gives_the_retry_up(world: &mut World) {
    world.initialize(ANN);
    world.reach_services(1, ANN, UI);
    let _ = world.step(services_read(1, &one_store()));
    let _ = world.step(provider_answered(1, 0, ERROR));
    let effects = world.fires(Rule::GiveUpAtDeadline, deadline(1));
    assert_eq!(effects, [withdraw_prompt(1), disabled(1, 0, 0), go_on(1)]);
    world.changes_nothing(Rule::IgnoreStale, retry_answered(1, 0, RetryAnswer::Retry), &[]);
    world.changes_nothing(Rule::IgnoreDeadline, deadline(1), &[]);
}

fn a_logon_succeeds_though_every_service_is_disabled(world: &mut World) {
    world.initialize(ANN);
    let error = ProviderResult::WrongVersion;
    world.log_on_with(1, ANN, PRIVATE, &exchange(), &[(BOOK, error), (FILE, error)]);
    assert_eq!(world.services(1), [ServiceStatus::Disabled; 2]);
}

fn the_next_session_tries_again(world: &mut World) {
    world.initialize(ANN);
    world.log_on_with(1, ANN, PRIVATE, &one_store(), &[(0, ERROR)]);
    world.log_on_with(2, ANN, PRIVATE, &one_store(), &[(0, OK)]);
    assert_eq!(world.services(1), [ServiceStatus::Disabled]);
    assert_eq!(world.services(2), [ServiceStatus::Enabled]);
}
