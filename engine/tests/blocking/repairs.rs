//! What the user and the entry function can do for a provider that failed.

use mapi_session::protocol::Rule;
use mapi_session::scripted::ScriptedService;
use mapi_session::{
    AskRetry, Attempt, Correction, EntryError, EntryFlags, Environment, FailedPhase, MapiCode,
    Missing, Prompts, ProviderState, RetryChoice, Session, UserAnswer,
};

use crate::cast::{Cast, Told, disabled, failed, playing, state, unconfigured};
use crate::stage::{Elsewhere, Steps, User, elsewhere, mapi, mapi_with_user};

fn begin(service: ScriptedService) -> (Elsewhere<Session>, User, Steps) {
    let (environment, steps) = playing(Environment::builder(), vec![("Exchange", service)]);
    let (mapi, user) = mapi_with_user(&environment);
    let logon = elsewhere(move || {
        mapi.logon().profile("Mail").interactive().call().expect("a session survives it all")
    });
    (logon, user, steps)
}

/// Has the mailbox fail, and the user answer; what the user was asked.
fn answer(service: ScriptedService, answer: UserAnswer<RetryChoice>) -> (Session, AskRetry, Steps) {
    let (logon, user, steps) = begin(service);
    let question = user.sees_trouble().answer(answer);
    let session = logon.returns();
    assert!(user.sees_nothing(), "the user is asked once");
    (session, question, steps)
}

fn dialogs(provider: &str, session: &Session, attempt: Attempt) -> Told {
    Told::LogOn(provider.to_owned(), session.id(), attempt, Prompts::Allowed)
}

fn failing(cast: &Cast) -> ScriptedService {
    cast.on_logon("Mailbox", || failed(MapiCode::MAPI_E_LOGON_FAILED));
    cast.service().store("Mailbox").store("Public")
}

#[test]
fn a_server_that_comes_back_is_found_at_the_second_try() {
    let cast = Cast::new();

    let (session, question, mut steps) =
        answer(failing(&cast), UserAnswer::Given(RetryChoice::Retry));

    assert_eq!(question.correction, Correction::Impossible);
    let trouble = question.trouble;
    assert_eq!((&*trouble.service, &*trouble.provider), ("Exchange", "Mailbox"));
    assert_eq!(trouble.failure.phase, FailedPhase::Logon(Attempt::First));
    assert_eq!(trouble.failure.code, MapiCode::MAPI_E_LOGON_FAILED);
    assert_eq!(trouble.failure.cause.to_string(), "server unavailable: mail.example.org");
    assert_eq!(
        cast.heard(),
        [
            dialogs("Mailbox", &session, Attempt::First),
            dialogs("Mailbox", &session, Attempt::Second),
            dialogs("Public", &session, Attempt::First),
        ]
    );
    assert!(session.report().is_clean(), "{}", session.report());
    steps.until(Rule::RetryProvider);
}

#[test]
fn a_wrong_password_is_corrected_before_the_second_try() {
    let cast = Cast::new();

    let (session, question, mut steps) =
        answer(failing(&cast).with_entry(), UserAnswer::Given(RetryChoice::Correct));

    assert_eq!(question.correction, Correction::Possible);
    let flags = EntryFlags::UI_ALLOWED | EntryFlags::LOGON_FAILED;
    assert_eq!(
        cast.heard(),
        [
            dialogs("Mailbox", &session, Attempt::First),
            Told::Configure("Exchange".to_owned(), flags),
            dialogs("Mailbox", &session, Attempt::Second),
            dialogs("Public", &session, Attempt::First),
        ]
    );
    assert!(session.report().is_clean(), "{}", session.report());
    steps.until(Rule::CorrectService);
}

#[test]
fn whoever_gives_up_goes_on_without_the_service() {
    for (given, rule) in [
        (UserAnswer::Given(RetryChoice::GiveUp), Rule::DisableGivenUp),
        (UserAnswer::Cancelled, Rule::DisableGivenUp),
        (UserAnswer::Unavailable, Rule::DisableForLackOfPrompt),
        (UserAnswer::Given(RetryChoice::Correct), Rule::DisableUncorrectable),
    ] {
        let cast = Cast::new();

        let (session, _question, mut steps) = answer(failing(&cast), given);

        assert_eq!(cast.heard(), [dialogs("Mailbox", &session, Attempt::First)], "{given:?}");
        assert_eq!(disabled(&session, "Exchange"), Some(MapiCode::MAPI_E_LOGON_FAILED));
        steps.until(rule);
    }
}

#[test]
fn a_second_failure_is_not_asked_about() {
    let cast = Cast::new();
    let service = failing(&cast);
    cast.on_logon("Mailbox", || failed(MapiCode::MAPI_E_NETWORK_ERROR));

    let (session, _question, mut steps) = answer(service, UserAnswer::Given(RetryChoice::Retry));

    assert_eq!(disabled(&session, "Exchange"), Some(MapiCode::MAPI_E_NETWORK_ERROR));
    let report = session.report();
    let mailbox = session.find_store("Mailbox").and_then(|it| report.provider(it));
    let failures = mailbox.expect("the service lists it").failures;
    let codes: Vec<_> = failures.iter().map(|failure| failure.code).collect();
    assert_eq!(codes, [MapiCode::MAPI_E_LOGON_FAILED, MapiCode::MAPI_E_NETWORK_ERROR]);
    steps.until(Rule::DisableAfterSecondFailure);
}

#[test]
fn what_the_entry_function_says_is_reported_and_changes_nothing() {
    let cast = Cast::new();
    cast.on_logon("Mailbox", unconfigured);
    cast.on_logon("Mailbox", unconfigured);
    cast.on_entry("Exchange", || Err(EntryError::Unconfigured(Missing("server name".into()))));
    let service = cast.service().store("Mailbox").with_entry();

    let (logon, user, _steps) = begin(service);
    let session = logon.returns();

    assert!(user.sees_nothing(), "configuration is the service's own affair");
    let report = session.report();
    let mailbox = session.find_store("Mailbox").and_then(|it| report.provider(it));
    let phases: Vec<_> = mailbox.expect("it is there").failures.iter().map(|it| it.phase).collect();
    let (first, second) = (FailedPhase::Logon(Attempt::First), FailedPhase::Logon(Attempt::Second));
    assert_eq!(phases, [first, FailedPhase::Entry, second]);
}

#[test]
fn every_service_shows_itself_before_any_logs_on() {
    let cast = Cast::new();
    cast.on_entry("Exchange", || Err(EntryError::Cancelled));
    let (environment, mut steps) = playing(
        Environment::builder(),
        vec![
            ("Exchange", cast.service().store("Mailbox").with_entry()),
            ("Plain", cast.service().store("Folder")),
            ("Contacts", cast.service().address_book("Friends").with_entry()),
        ],
    );

    let mapi = mapi(&environment);
    let session = mapi.logon().profile("Mail").service_ui_always().call().expect("it is a session");

    let show = |service: &str| Told::Configure(service.to_owned(), EntryFlags::UI_ALWAYS);
    assert_eq!(cast.heard()[..2], [show("Exchange"), show("Contacts")]);
    assert!(session.report().is_clean(), "a cancel changes nothing: {}", session.report());
    assert_eq!(state(&session, "Mailbox"), ProviderState::Ready { warning: None });
    let report = session.report();
    let exchange = report.services().next().expect("the profile lists it");
    let shown = exchange.shown.expect("it was cancelled");
    assert_eq!(shown.code, MapiCode::MAPI_E_USER_CANCEL);
    steps.until(Rule::ShowNextService);
}
