//! Stories of services: providers that fail, hang, answer late, are opened, used and stopped.

use mapi_session_core::Rule;
use mapi_session_model::{
    Action,
    Client::{A, B},
    Entry, EntryResult, LogoffArgument, Name, OpenArgument, OpenTarget, Provider, ProviderResult,
    RetryAnswer, Service,
};

use crate::story::Story;

/// The store without an entry function, the store of the other service, and its address book.
const LONELY: Provider = Provider::N0;
const STORE: Provider = Provider::N1;
const BOOK: Provider = Provider::N2;
/// Another address book, of a service of its own.
const CONTACTS: Provider = Provider::N4;

fn opens(story: &mut Story, handle: Name, target: OpenTarget) -> Name {
    let client = handle.client();
    let call = story.free_name(client);
    let (with, inside) = (OpenArgument::Dialogs, None);
    story.does(Action::Open { client, handle, target, with, inside });
    call
}

#[test]
fn each_service_is_shown_and_every_provider_has_its_turn() {
    let mut story = Story::new();
    let call = story.calls(A, "share Home, dialogs permitted");
    story.goes_on(call);
    let (entry, result) = (Entry::Show(Service::S1), EntryResult::Unconfigured);
    story.does(Action::EntryReturned { call, entry, result });
    story.answers(call, BOOK, ProviderResult::Unconfigured);
    let (entry, result) = (Entry::Repair(BOOK), EntryResult::Ok);
    story.does(Action::EntryReturned { call, entry, result });
    story.answers(call, BOOK, ProviderResult::Ok);
    story.answers(call, CONTACTS, ProviderResult::Ok);
    story.answers(call, LONELY, ProviderResult::LogonFailed);
    let answer = RetryAnswer::Retry;
    story.does(Action::RetryAnswered { call, provider: LONELY, answer });
    story.answers(call, LONELY, ProviderResult::FailOneProvider);
    story.answers(call, STORE, ProviderResult::Version);
    story.goes_on(call);
    story.does(Action::Crash { client: A });
    story.session_ends(call);

    story.is_replayed_by(&[
        Rule::BuildSessionShowing,
        Rule::StartAfterShow,
        Rule::ConfigureService,
        Rule::RetryConfigured,
        Rule::StartRetriedProvider,
        Rule::AskToRetry,
        Rule::RetryProvider,
        Rule::SkipProvider,
        Rule::DisableWrongVersion,
        Rule::OpenSession,
        Rule::CrashClient,
        Rule::ShutDownProvider,
        Rule::EndLastSessionOnProfile,
    ]);
}

#[test]
fn a_provider_that_hangs_is_left_and_taken_back_when_it_answers() {
    let mut story = Story::new();
    let call = story.calls(A, "share Home");
    story.goes_on(call);
    story.does(Action::Deadline { call });
    story.providers_start(call);
    story.answers(call, BOOK, ProviderResult::Ok);
    story.does(Action::ProviderLoggedOff { session: call, provider: BOOK });
    story.does(Action::ProviderShutDown { session: call, provider: BOOK });

    let replay = story.is_replayed_by(&[
        Rule::DisableAtDeadline,
        Rule::OpenSession,
        Rule::TakeBackLateOfDisabledService,
        Rule::FinishTakingBack,
    ]);
    assert!(replay.skipped.is_empty());
}

#[test]
fn providers_of_a_withdrawn_logon_are_taken_back_and_those_of_a_dead_client_are_not_heard() {
    let mut story = Story::new();
    let withdrawn = story.calls(A, "Home alone");
    story.goes_on(withdrawn);
    story.does(Action::Withdraw { call: withdrawn });
    story.answers(withdrawn, BOOK, ProviderResult::Ok);
    story.session_ends(withdrawn);
    let dies = story.calls(A, "Home alone");
    story.goes_on(dies);
    story.does(Action::Crash { client: A });
    story.answers(dies, BOOK, ProviderResult::Ok);
    story.session_ends(dies);

    let replay = story.is_replayed_by(&[
        Rule::WithdrawStartingLogon,
        Rule::TakeBackLateOfLostSession,
        Rule::EndLastSessionOnProfile,
        Rule::CrashClient,
        Rule::EndLastSessionOnProfile,
    ]);
    assert_eq!(replay.skipped.len(), 1, "nobody hears the attempt that died");
}

#[test]
fn one_waits_for_the_store_that_another_opens_and_both_use_it() {
    let mut story = Story::new();
    let call = story.calls(A, "share Home");
    story.goes_on(call);
    story.answers(call, BOOK, ProviderResult::Ok);
    story.answers(call, CONTACTS, ProviderResult::Ok);
    story.answers(call, LONELY, ProviderResult::Ok);
    story.answers(call, STORE, ProviderResult::FailOneProvider);
    story.goes_on(call);
    let joins = story.calls(B, "share the default");
    story.goes_on(joins);
    opens(&mut story, call, OpenTarget::Store(STORE));
    let waits = opens(&mut story, joins, OpenTarget::Store(STORE));
    story.answers(call, STORE, ProviderResult::Ok);
    story.does(Action::Continue { call: waits });
    for (client, handle) in [(A, call), (B, joins)] {
        story.does(Action::Use { client, handle, provider: STORE });
        story.does(Action::StoreLogoff { client, handle, provider: STORE });
        story.does(Action::Use { client, handle, provider: STORE });
    }
    story.does(Action::ProviderLoggedOff { session: call, provider: STORE });
    story.does(Action::ProviderShutDown { session: call, provider: STORE });

    let replay = story.is_replayed_by(&[
        Rule::JoinShared,
        Rule::StartForStore,
        Rule::WaitForProvider,
        Rule::StartProvider,
        Rule::FindStoreRunning,
        Rule::UseProvider,
        Rule::LeaveStoreToOthers,
        Rule::RefuseUnopened,
        Rule::UseProvider,
        Rule::LogOffStore,
        Rule::RefuseUnopened,
        Rule::ShutDownProvider,
        Rule::FreeStore,
    ]);
    assert!(replay.skipped.is_empty());
}

#[test]
fn an_open_call_ends_with_its_handle_and_a_late_store_is_kept() {
    let mut story = Story::new();
    let call = story.calls(A, "share Home");
    story.goes_on(call);
    story.answers(call, BOOK, ProviderResult::Ok);
    story.answers(call, CONTACTS, ProviderResult::Ok);
    story.answers(call, LONELY, ProviderResult::FailOneProvider);
    story.answers(call, STORE, ProviderResult::Ok);
    story.goes_on(call);
    let joins = story.calls(B, "share the default");
    story.goes_on(joins);
    opens(&mut story, joins, OpenTarget::Store(LONELY));
    story.does(Action::Logoff { client: B, handle: joins, with: LogoffArgument::Plain });
    let waits = opens(&mut story, call, OpenTarget::Store(LONELY));
    story.answers(call, LONELY, ProviderResult::Ok);
    story.does(Action::Continue { call: waits });

    story.is_replayed_by(&[
        Rule::StartForStore,
        Rule::LogOff,
        Rule::WaitForProvider,
        Rule::KeepLateProvider,
        Rule::FindStoreRunning,
    ]);
}

#[test]
fn an_open_call_from_inside_a_provider_does_not_wait_for_it() {
    let mut story = Story::new();
    let call = story.calls(A, "share Home");
    story.goes_on(call);
    story.answers(call, BOOK, ProviderResult::Ok);
    story.answers(call, CONTACTS, ProviderResult::Ok);
    story.answers(call, LONELY, ProviderResult::Ok);
    story.answers(call, STORE, ProviderResult::FailOneProvider);
    story.goes_on(call);
    let outer = opens(&mut story, call, OpenTarget::Store(STORE));
    let joins = story.calls(B, "share the default");
    story.goes_on(joins);
    let (target, with) = (OpenTarget::Store(STORE), OpenArgument::NoDialog);
    let (client, handle, inside) = (B, joins, Some(outer));
    story.does(Action::Open { client, handle, target, with, inside });
    story.answers(call, STORE, ProviderResult::LogonFailed);

    story.is_replayed_by(&[Rule::StartForStore, Rule::RefuseOpenFromInside, Rule::AskToRetry]);
}

/// A and B share a session in which every provider has been skipped.
fn two_share_with_nothing_running(story: &mut Story) -> (Name, Name) {
    let call = story.calls(A, "share Home");
    story.goes_on(call);
    for provider in [BOOK, CONTACTS, LONELY, STORE] {
        story.answers(call, provider, ProviderResult::FailOneProvider);
    }
    story.goes_on(call);
    let joins = story.calls(B, "share the default");
    story.goes_on(joins);
    (call, joins)
}

#[test]
fn what_one_opens_fails_when_another_has_its_service_disabled() {
    for (result, rule) in [
        (None, Rule::TakeBackOfDisabledService),
        (Some(ProviderResult::Unconfigured), Rule::FailDespiteEntry),
        (Some(ProviderResult::LogonFailed), Rule::FailDespiteAnswer),
    ] {
        let mut story = Story::new();
        let (call, joins) = two_share_with_nothing_running(&mut story);
        let opens_store = opens(&mut story, call, OpenTarget::Store(STORE));
        if let Some(result) = result {
            story.answers(call, STORE, result);
        }
        opens(&mut story, joins, OpenTarget::Book);
        story.answers(call, BOOK, ProviderResult::Version);
        let (call, provider, session) = (opens_store, STORE, call);
        story.does(match result {
            None => Action::ProviderAnswered { session, provider, result: ProviderResult::Ok },
            Some(ProviderResult::Unconfigured) => {
                let (entry, result) = (Entry::Repair(STORE), EntryResult::Ok);
                Action::EntryReturned { call, entry, result }
            }
            Some(_) => Action::RetryAnswered { call, provider, answer: RetryAnswer::Retry },
        });

        let replay = story.is_replayed_by(&[Rule::DisableWrongVersion, rule]);
        assert!(replay.skipped.is_empty());
    }
}

#[test]
fn a_store_is_not_used_once_its_service_is_disabled() {
    let mut story = Story::new();
    let (handle, joins) = two_share_with_nothing_running(&mut story);
    opens(&mut story, handle, OpenTarget::Store(STORE));
    story.answers(handle, STORE, ProviderResult::Ok);
    story.does(Action::Use { client: A, handle, provider: STORE });
    opens(&mut story, joins, OpenTarget::Book);
    story.answers(handle, BOOK, ProviderResult::Version);
    story.does(Action::Use { client: A, handle, provider: STORE });
    story.does(Action::StoreLogoff { client: A, handle, provider: STORE });

    story.is_replayed_by(&[
        Rule::UseProvider,
        Rule::DisableWrongVersion,
        Rule::RefuseStoreUse,
        Rule::LeaveStoppedStore,
    ]);
}

#[test]
fn one_that_opens_the_address_book_waits_for_each_provider_that_another_is_at() {
    let mut story = Story::new();
    let (session, joins) = two_share_with_nothing_running(&mut story);
    opens(&mut story, joins, OpenTarget::Book);
    let waits = opens(&mut story, session, OpenTarget::Book);
    story.answers(session, BOOK, ProviderResult::Ok);
    story.does(Action::Continue { call: waits });
    story.answers(session, CONTACTS, ProviderResult::Ok);
    story.does(Action::Continue { call: waits });

    story.is_replayed_by(&[
        Rule::StartForBook,
        Rule::WaitForProvider,
        Rule::WaitForNextOfBook,
        Rule::FindBookWhole,
    ]);
}

#[test]
fn who_waits_for_a_service_that_is_disabled_meanwhile_goes_without_it() {
    let mut story = Story::new();
    let (session, joins) = two_share_with_nothing_running(&mut story);
    opens(&mut story, session, OpenTarget::Store(STORE));
    let waits = opens(&mut story, joins, OpenTarget::Store(STORE));
    story.answers(session, STORE, ProviderResult::Version);
    story.does(Action::Continue { call: waits });
    story.is_replayed_by(&[Rule::WaitForProvider, Rule::FindServiceDisabled]);

    let mut story = Story::new();
    let (session, joins) = two_share_with_nothing_running(&mut story);
    opens(&mut story, session, OpenTarget::Book);
    let waits = opens(&mut story, joins, OpenTarget::Book);
    story.answers(session, BOOK, ProviderResult::Version);
    story.does(Action::Continue { call: waits });
    story.answers(session, CONTACTS, ProviderResult::Ok);
    story.does(Action::Continue { call: waits });
    story.is_replayed_by(&[Rule::WaitForNextOfBook, Rule::FindBookInPart]);
}

#[test]
fn the_deadline_of_an_open_call_passes_while_the_user_is_asked() {
    let mut story = Story::new();
    let (session, _) = two_share_with_nothing_running(&mut story);
    let call = opens(&mut story, session, OpenTarget::Store(STORE));
    story.answers(session, STORE, ProviderResult::UserCancel);
    story.does(Action::Deadline { call });

    let replay = story.is_replayed_by(&[Rule::AskToRetry, Rule::CloseRetryPromptAtDeadline]);
    assert_eq!(replay.late, 1, "the user answers at last");
}

#[test]
fn an_open_call_is_given_up_while_the_user_is_asked_and_the_store_can_be_opened_again() {
    let mut story = Story::new();
    let (session, _) = two_share_with_nothing_running(&mut story);
    let call = opens(&mut story, session, OpenTarget::Store(STORE));
    story.answers(session, STORE, ProviderResult::UserCancel);
    story.does(Action::Withdraw { call });
    opens(&mut story, session, OpenTarget::Store(STORE));
    story.answers(session, STORE, ProviderResult::Warning);

    story.is_replayed_by(&[
        Rule::AskToRetry,
        Rule::WithdrawOpenAmidPrompt,
        Rule::StartForStore,
        Rule::StartProviderWithErrors,
    ]);
}
