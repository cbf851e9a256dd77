//! Providers that cannot log on while nobody may be asked, and what becomes of their services
//! (`FLR-07`).

use mapi_session::protocol::Rule;
use mapi_session::scripted::ScriptedService;
use mapi_session::{
    Cause, Environment, FailedPhase, MapiCode, ProviderError, ProviderState, Session, SpiVersion,
};

use crate::cast::{
    Cast, Logon, Told, again, disabled, down, failed, off, on, playing, skip, state, unconfigured,
};
use crate::stage::{Steps, mapi, settle};

/// A session on `Mail`, which lists `Exchange` with two stores and `Contacts` with an address book.
fn log_on(cast: &Cast, exchange: ScriptedService) -> (Session, Steps, Environment) {
    let contacts = cast.service().address_book("Friends");
    let (environment, steps) =
        playing(Environment::builder(), vec![("Exchange", exchange), ("Contacts", contacts)]);
    let logon = mapi(&environment).logon().profile("Mail").call();
    (logon.expect("a session survives whatever its providers do"), steps, environment)
}

fn two_stores(cast: &Cast) -> ScriptedService {
    cast.service().store("Mailbox").store("Public")
}

#[test]
fn one_provider_is_skipped_and_its_service_stays() {
    let cast = Cast::new();
    cast.on_logon("Mailbox", skip);

    let (session, mut steps, _environment) = log_on(&cast, two_stores(&cast));

    let id = session.id();
    assert_eq!(cast.heard(), [on("Friends", id), on("Mailbox", id), on("Public", id)]);
    assert_eq!(disabled(&session, "Exchange"), None);
    let ProviderState::Failed(failure) = state(&session, "Mailbox") else {
        panic!("{}", session.report());
    };
    assert_eq!(failure.code, MapiCode::MAPI_E_FAILONEPROVIDER);
    assert_eq!(failure.cause, Cause::Credentials("wrong password".into()));
    assert_eq!(state(&session, "Public"), ProviderState::Ready { warning: None });
    steps.until(Rule::SkipProvider);
}

#[test]
fn any_other_failure_disables_the_whole_service_at_once() {
    for code in [
        MapiCode::MAPI_E_LOGON_FAILED,
        MapiCode::MAPI_E_USER_CANCEL,
        MapiCode::MAPI_E_SESSION_LIMIT,
        MapiCode::MAPI_E_UNKNOWN_CPID,
        MapiCode::MAPI_E_UNKNOWN_LCID,
        MapiCode(0x8004_0999),
    ] {
        let cast = Cast::new();
        cast.on_logon("Mailbox", move || failed(code));

        let (session, mut steps, _environment) = log_on(&cast, two_stores(&cast));

        let id = session.id();
        assert_eq!(cast.heard(), [on("Friends", id), on("Mailbox", id)], "{code}");
        assert_eq!(disabled(&session, "Exchange"), Some(code));
        assert_eq!(disabled(&session, "Contacts"), None);
        assert_eq!(state(&session, "Public"), ProviderState::NotStarted);
        steps.until(Rule::DisableUnasked);
    }
}

#[test]
fn what_ran_in_a_disabled_service_is_not_used_and_still_shut_down() {
    let cast = Cast::new();
    cast.on_logon("Public", || failed(MapiCode::MAPI_E_NETWORK_ERROR));

    let (session, _steps, environment) = log_on(&cast, two_stores(&cast));

    assert_eq!(state(&session, "Mailbox"), ProviderState::Quiesced);
    let mailbox = session.find_store("Mailbox").expect("the service lists it");
    let refused = session.open_store(mailbox).call().expect_err("its service is disabled");
    assert_eq!(refused.code(), Some(MapiCode::MAPI_E_LOGON_FAILED));
    let trouble = refused.trouble().expect("a provider is to blame");
    assert_eq!((&*trouble.service, &*trouble.provider), ("Exchange", "Public"));
    let id = session.id();
    cast.heard();
    drop(session);
    settle(&environment);
    assert_eq!(
        cast.heard(),
        [off("Friends", id), down("Friends", id), off("Mailbox", id), down("Mailbox", id)]
    );
}

#[test]
fn an_unconfigured_provider_is_configured_and_tried_once_more() {
    let cast = Cast::new();
    cast.on_logon("Mailbox", unconfigured);

    let (session, mut steps, _environment) = log_on(&cast, two_stores(&cast).with_entry());

    let id = session.id();
    let failed = mapi_session::EntryFlags::LOGON_FAILED;
    assert_eq!(
        cast.heard(),
        [
            on("Friends", id),
            on("Mailbox", id),
            Told::Configure("Exchange".to_owned(), failed),
            again("Mailbox", id),
            on("Public", id),
        ]
    );
    let report = session.report();
    assert_eq!(state(&session, "Mailbox"), ProviderState::Ready { warning: None });
    let mailbox = session.find_store("Mailbox").and_then(|it| report.provider(it));
    let failures = mailbox.expect("the service lists it").failures;
    assert_eq!(failures.len(), 1, "what failed at first is not forgotten: {failures:?}");
    steps.until(Rule::ConfigureService);
}

#[test]
fn without_an_entry_function_it_is_tried_once_more_as_it_is() {
    let cast = Cast::new();
    cast.on_logon("Mailbox", unconfigured);

    let (session, mut steps, _environment) = log_on(&cast, two_stores(&cast));

    let id = session.id();
    let told = [on("Friends", id), on("Mailbox", id), again("Mailbox", id), on("Public", id)];
    assert_eq!(cast.heard(), told);
    assert_eq!(disabled(&session, "Exchange"), None);
    steps.until(Rule::RetryUnconfigured);
}

#[test]
fn the_second_failure_disables_the_service_whatever_it_is() {
    let second: [(fn() -> Logon, MapiCode); 2] = [
        (unconfigured, MapiCode::MAPI_E_UNCONFIGURED),
        (|| failed(MapiCode::MAPI_E_NETWORK_ERROR), MapiCode::MAPI_E_NETWORK_ERROR),
    ];
    for (line, code) in second {
        let cast = Cast::new();
        cast.on_logon("Mailbox", unconfigured);
        cast.on_logon("Mailbox", line);

        let (session, _steps, _environment) = log_on(&cast, two_stores(&cast).with_entry());

        assert_eq!(disabled(&session, "Exchange"), Some(code));
        let ProviderState::Failed(failure) = state(&session, "Mailbox") else {
            panic!("{}", session.report());
        };
        assert_eq!(failure.phase, FailedPhase::Logon(mapi_session::Attempt::Second));
        assert_eq!(state(&session, "Public"), ProviderState::NotStarted);
    }
}

#[test]
fn a_provider_that_finds_its_version_wrong_is_not_tried_again() {
    let cast = Cast::new();
    cast.on_logon("Mailbox", || Err(ProviderError::WrongVersion(SpiVersion(0x0001_0000))));

    let (session, mut steps, _environment) = log_on(&cast, two_stores(&cast).with_entry());

    let id = session.id();
    assert_eq!(cast.heard(), [on("Friends", id), on("Mailbox", id)]);
    assert_eq!(disabled(&session, "Exchange"), Some(MapiCode::MAPI_E_VERSION));
    steps.until(Rule::DisableWrongVersion);
}

#[test]
fn a_code_that_belongs_to_another_variant_counts_as_that_one() {
    let cast = Cast::new();
    cast.on_logon("Mailbox", || failed(MapiCode::MAPI_E_FAILONEPROVIDER));
    cast.on_logon("Public", || failed(MapiCode::MAPI_W_ERRORS_RETURNED));

    let (session, mut steps, _environment) = log_on(&cast, two_stores(&cast));

    steps.until(Rule::SkipProvider);
    let code = disabled(&session, "Exchange");
    assert_eq!(code, Some(MapiCode::MAPI_E_CALL_FAILED), "an error is no success");
}

#[test]
fn the_next_session_tries_a_disabled_service_again() {
    let cast = Cast::new();
    cast.on_logon("Mailbox", || failed(MapiCode::MAPI_E_NETWORK_ERROR));
    let (session, _steps, environment) = log_on(&cast, two_stores(&cast));
    assert_eq!(disabled(&session, "Exchange"), Some(MapiCode::MAPI_E_NETWORK_ERROR));

    let next = mapi(&environment).logon().profile("Mail").individual().call();

    assert!(next.expect("it is a session").report().is_clean());
}
