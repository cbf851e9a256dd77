//! What a provider's result leads to: the table of failures, row by row, for a logon and for an
//! open call.

use crate::world::*;
use mapi_session_core::*;

scenarios![
    every_row_of_the_table_holds_at_logon,
    every_row_of_the_table_holds_for_an_open_call,
    an_unconfigured_provider_has_its_service_configured_once,
    an_unconfigured_provider_without_entry_function_is_tried_twice,
    the_user_retries,
    the_user_corrects,
    the_user_cannot_correct_a_service_without_entry_function,
    the_user_gives_up,
    a_question_that_cannot_be_shown_counts_as_not_permitted,
    the_second_failure_quiesces_what_runs,
    an_answer_about_another_provider_changes_nothing,
];

const UI: LogonFlags = PRIVATE.union(LogonFlags::LOGON_UI);

/// A row of the table `FLR-07`: with dialogs or without, with an entry function or without, what
/// the result of an attempt leads to, and by which rule.
struct Row {
    attempt: Attempt,
    result: ProviderResult,
    dialogs: Prompts,
    entry: EntryFunction,
    rule: Rule,
    next: Next,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    Running,
    Failed,
    Disabled,
    Entry,
    Prompt,
    Second,
}

fn table() -> Vec<Row> {
    let mut rows = Vec::new();
    for dialogs in [Prompts::Forbidden, Prompts::Allowed] {
        for entry in [EntryFunction::Absent, EntryFunction::Present] {
            for attempt in [Attempt::First, Attempt::Second] {
                for result in results() {
                    let (rule, next) = look_up_row(attempt, result, dialogs, entry);
                    rows.push(Row { attempt, result, dialogs, entry, rule, next });
                }
            }
        }
    }
    rows
}

fn results() -> impl Iterator<Item = ProviderResult> {
    let errors = [
        MapiCode::MAPI_E_USER_CANCEL,
        MapiCode::MAPI_E_SESSION_LIMIT,
        MapiCode::MAPI_E_LOGON_FAILED,
        MapiCode::MAPI_E_UNKNOWN_CPID,
        MapiCode::MAPI_E_UNKNOWN_LCID,
    ];
    let named = [OK, ProviderResult::LoggedOnWithErrors, SKIP_ME, UNCONFIGURED];
    let others = errors.map(ProviderResult::Failed);
    named.into_iter().chain([ProviderResult::WrongVersion]).chain(others)
}

fn look_up_row(
    attempt: Attempt,
    result: ProviderResult,
    dialogs: Prompts,
    entry: EntryFunction,
) -> (Rule, Next) {
    use ProviderResult as It;
    match (attempt, result, dialogs, entry) {
        (Attempt::First, It::LoggedOn, _, _) => (Rule::StartProvider, Next::Running),
        (Attempt::Second, It::LoggedOn, _, _) => (Rule::StartRetriedProvider, Next::Running),
        (_, It::LoggedOnWithErrors, _, _) => (Rule::StartProviderWithErrors, Next::Running),
        (_, It::FailOneProvider, _, _) => (Rule::SkipProvider, Next::Failed),
        (_, It::WrongVersion, _, _) => (Rule::DisableWrongVersion, Next::Disabled),
        (Attempt::First, It::Unconfigured, _, EntryFunction::Present) => {
            (Rule::ConfigureService, Next::Entry)
        }
        (Attempt::First, It::Unconfigured, _, EntryFunction::Absent) => {
            (Rule::RetryUnconfigured, Next::Second)
        }
        (Attempt::Second, It::Unconfigured, _, _) => (Rule::DisableUnconfigured, Next::Disabled),
        (Attempt::First, It::Failed(_), Prompts::Allowed, _) => (Rule::AskToRetry, Next::Prompt),
        (Attempt::First, It::Failed(_), Prompts::Forbidden, _) => {
            (Rule::DisableUnasked, Next::Disabled)
        }
        (Attempt::Second, It::Failed(_), _, _) => (Rule::DisableAfterSecondFailure, Next::Disabled),
    }
}

fn profile(entry: EntryFunction) -> Services {
    services(&[(entry, &[ProviderKind::Store])])
}

/// Brings a series to its second attempt, as fast as there is a way.
fn reach_attempt(world: &mut World, number: u64, session: u64, row: &Row) {
    if row.attempt == Attempt::First {
        return;
    }
    let _ = world.step(provider_answered(session, 0, UNCONFIGURED));
    if row.entry == EntryFunction::Present {
        let _ = world.step(repaired(number, 0));
    }
}

/// What the table orders next on behalf of a call, before what the end of a series brings.
fn orders(number: u64, session_number: u64, row: &Row) -> Vec<Effect> {
    let (call, session, provider) = (call(number), session(session_number), ProviderId(0));
    match row.next {
        Next::Running | Next::Failed => vec![],
        Next::Disabled => vec![disabled(session_number, 0, 0)],
        Next::Entry => {
            let dialogs = EntryDialogs { allowed: row.dialogs, always: ServiceUi::AsNeeded };
            vec![Effect::CallEntry { call, session, entry: Entry::Repair(provider), dialogs }]
        }
        Next::Prompt => {
            let correction = match row.entry {
                EntryFunction::Present => Correction::Possible,
                EntryFunction::Absent => Correction::Impossible,
            };
            vec![Effect::AskRetry { call, session, provider, correction }]
        }
        Next::Second => vec![attempt(number, session, 0, Attempt::Second, row.dialogs)],
    }
}

fn every_row_of_the_table_holds_at_logon(world: &mut World) {
    world.initialize(ANN);
    let rows = table();
    assert_eq!(rows.len(), 80);
    for row in rows {
        let flags = if row.dialogs == Prompts::Allowed { UI } else { PRIVATE };
        world.reach_services(1, ANN, flags);
        let _ = world.step(services_read(1, &profile(row.entry)));
        reach_attempt(world, 1, 1, &row);
        let effects = world.fires(row.rule, provider_answered(1, 0, row.result));
        let mut expected = orders(1, 1, &row);
        match row.next {
            Next::Running | Next::Failed | Next::Disabled => expected.push(go_on(1)),
            Next::Entry | Next::Prompt | Next::Second => {}
        }
        assert_eq!(effects, expected, "{:?} at {:?}", row.result, row.attempt);
        check_statuses(world, 1, row.next);
        end(world, 1);
    }
}

fn every_row_of_the_table_holds_for_an_open_call(world: &mut World) {
    world.initialize(ANN);
    for row in table() {
        world.log_on_with(1, ANN, UI, &profile(row.entry), &[(0, SKIP_ME)]);
        let target = OpenTarget::Store(ProviderId(0));
        let request = Ok(OpenRequest { target, dialogs: row.dialogs });
        let (call, client, handle) = (call(2), ANN, handle(1));
        let event = Event::OpenCalled { call, client, handle, inside: None, request };
        let effects = world.fires(Rule::StartForStore, event);
        assert_eq!(effects, [attempt(2, session(1), 0, Attempt::First, row.dialogs)]);
        reach_attempt(world, 2, 1, &row);
        let effects = world.fires(row.rule, provider_answered(1, 0, row.result));
        let mut expected = orders(2, 1, &row);
        match row.next {
            Next::Running => expected.push(opened(2, Ok(Opened::Store))),
            Next::Failed => expected.push(opened(2, Err(OpenError::ProviderFailed))),
            Next::Disabled => expected.push(opened(2, Err(OpenError::ServiceDisabled))),
            Next::Entry | Next::Prompt | Next::Second => {}
        }
        assert_eq!(effects, expected, "{:?} at {:?}", row.result, row.attempt);
        check_statuses(world, 1, row.next);
        end(world, 1);
    }
}

/// The one provider, and its service, as a row of the table leaves them.
#[track_caller]
fn check_statuses(world: &World, number: u64, next: Next) {
    let service = match next {
        Next::Disabled => ServiceStatus::Disabled,
        Next::Running | Next::Failed | Next::Entry | Next::Prompt | Next::Second => {
            ServiceStatus::Enabled
        }
    };
    assert_eq!(world.services(number), [service]);
    match next {
        Next::Running => assert_eq!(world.providers(number), [ProviderStatus::Running]),
        Next::Failed | Next::Disabled => {
            assert_eq!(world.providers(number), [ProviderStatus::Failed]);
        }
        Next::Entry | Next::Prompt | Next::Second => {
            let unchanged = [ProviderStatus::NotStarted, ProviderStatus::Failed];
            assert!(unchanged.contains(&world.providers(number)[0]));
        }
    }
}

/// Starts afresh, in the same world.
fn end(world: &mut World, number: u64) {
    let _ = world.step(crashed(ANN));
    let _ = world.step(provider_logged_off(number, 0));
    let _ = world.step(provider_shut_down(number, 0));
    world.fires(Rule::EndLastSessionOnProfile, closed(number));
    world.initialize(ANN);
}

/// A logon whose first provider, the address book, failed for the first time.
fn failed_once(world: &mut World, flags: LogonFlags, result: ProviderResult) -> Step {
    world.initialize(ANN);
    world.reach_services(1, ANN, flags);
    let _ = world.step(services_read(1, &exchange()));
    world.step(provider_answered(1, BOOK, result))
}

fn second(dialogs: Prompts) -> Effect {
    attempt(1, session(1), BOOK, Attempt::Second, dialogs)
}

fn an_unconfigured_provider_has_its_service_configured_once(world: &mut World) {
    world.initialize(ANN);
    world.reach_services(1, ANN, PRIVATE | LogonFlags::SERVICE_UI_ALWAYS);
    let _ = world.step(services_read(1, &exchange()));
    let _ = world.step(entry_returned(1, Entry::Show(ServiceId(0))));
    let unconfigured = provider_answered(1, BOOK, UNCONFIGURED);
    let effects = world.fires(Rule::ConfigureService, unconfigured.clone());
    let dialogs = EntryDialogs { allowed: Prompts::Forbidden, always: ServiceUi::Always };
    let entry = Entry::Repair(ProviderId(BOOK));
    let configure = Effect::CallEntry { call: call(1), session: session(1), entry, dialogs };
    assert_eq!(effects, [configure], "what the logon wants shown always is shown now too");
    world.changes_nothing(Rule::IgnoreStale, provider_answered(1, BOOK, OK), &[]);
    let effects = world.fires(Rule::RetryConfigured, repaired(1, BOOK));
    assert_eq!(effects, [second(Prompts::Forbidden)]);
    world.changes_nothing(Rule::IgnoreStale, repaired(1, BOOK), &[]);
    world.fires(Rule::DisableUnconfigured, unconfigured);
}

fn an_unconfigured_provider_without_entry_function_is_tried_twice(world: &mut World) {
    world.initialize(ANN);
    world.start_logon(1, ANN, PRIVATE);
    let again = provider_answered(1, 0, UNCONFIGURED);
    let effects = world.fires(Rule::RetryUnconfigured, again.clone());
    assert_eq!(effects, [attempt(1, session(1), 0, Attempt::Second, Prompts::Forbidden)]);
    let effects = world.fires(Rule::DisableUnconfigured, again);
    assert_eq!(effects, [disabled(1, 0, 0), go_on(1)]);
}

fn the_user_retries(world: &mut World) {
    assert_eq!(failed_once(world, UI, ERROR).rule, Rule::AskToRetry);
    let retry = retry_answered(1, BOOK, RetryAnswer::Retry);
    let effects = world.fires(Rule::RetryProvider, retry.clone());
    assert_eq!(effects, [second(Prompts::Allowed)]);
    world.changes_nothing(Rule::IgnoreStale, retry, &[]);
    let effects = world.fires(Rule::StartRetriedProvider, provider_answered(1, BOOK, OK));
    let next = attempt(1, session(1), MAILBOX, Attempt::First, Prompts::Allowed);
    assert_eq!(effects, [next]);
}

fn the_user_corrects(world: &mut World) {
    let _ = failed_once(world, UI, ERROR);
    let correct = retry_answered(1, BOOK, RetryAnswer::Correct);
    let effects = world.fires(Rule::CorrectService, correct);
    let dialogs = EntryDialogs { allowed: Prompts::Allowed, always: ServiceUi::AsNeeded };
    let entry = Entry::Repair(ProviderId(BOOK));
    let configure = Effect::CallEntry { call: call(1), session: session(1), entry, dialogs };
    assert_eq!(effects, [configure]);
    world.fires(Rule::RetryConfigured, repaired(1, BOOK));
    let effects = world.fires(Rule::DisableAfterSecondFailure, provider_answered(1, BOOK, ERROR));
    assert_eq!(effects[0], disabled(1, 0, BOOK));
}

fn the_user_cannot_correct_a_service_without_entry_function(world: &mut World) {
    world.initialize(ANN);
    world.start_logon(1, ANN, UI);
    let _ = world.step(provider_answered(1, 0, ERROR));
    let correct = retry_answered(1, 0, RetryAnswer::Correct);
    let effects = world.fires(Rule::DisableUncorrectable, correct);
    assert_eq!(effects, [disabled(1, 0, 0), go_on(1)]);
}

fn the_user_gives_up(world: &mut World) {
    let _ = failed_once(world, UI, ERROR);
    let give_up = retry_answered(1, BOOK, RetryAnswer::GiveUp);
    let effects = world.fires(Rule::DisableGivenUp, give_up);
    let next = attempt(1, session(1), FILE, Attempt::First, Prompts::Allowed);
    assert_eq!(effects, [disabled(1, 0, BOOK), next]);
}

fn a_question_that_cannot_be_shown_counts_as_not_permitted(world: &mut World) {
    let _ = failed_once(world, UI, ERROR);
    let unavailable = retry_answered(1, BOOK, RetryAnswer::Unavailable);
    let effects = world.fires(Rule::DisableForLackOfPrompt, unavailable);
    assert_eq!(effects[0], disabled(1, 0, BOOK));
}

fn the_second_failure_quiesces_what_runs(world: &mut World) {
    world.initialize(ANN);
    let results = [(BOOK, OK), (MAILBOX, UNCONFIGURED)];
    world.reach_services(1, ANN, PRIVATE);
    let _ = world.step(services_read(1, &exchange()));
    for (provider, result) in results {
        let _ = world.step(provider_answered(1, provider, result));
    }
    let _ = world.step(repaired(1, MAILBOX));
    world.fires(Rule::DisableAfterSecondFailure, provider_answered(1, MAILBOX, ERROR));
    let (quiesced, failed) = (ProviderStatus::Quiesced, ProviderStatus::Failed);
    assert_eq!(world.providers(1)[..2], [quiesced, failed]);
}

fn an_answer_about_another_provider_changes_nothing(world: &mut World) {
    let _ = failed_once(world, UI, ERROR);
    for provider in [MAILBOX, FILE, 99] {
        let retry = retry_answered(1, provider, RetryAnswer::Retry);
        world.changes_nothing(Rule::IgnoreStale, retry, &[]);
        world.changes_nothing(Rule::IgnoreStale, repaired(1, provider), &[]);
        world.changes_nothing(Rule::IgnoreStale, provider_answered(1, provider, OK), &[]);
        world.changes_nothing(Rule::IgnoreStale, provider_logged_off(1, provider), &[]);
        world.changes_nothing(Rule::IgnoreStale, provider_shut_down(1, provider), &[]);
    }
}
