//! Providers and entry functions that panic, wherever they are called.

use std::panic::panic_any;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use mapi_session::protocol::Rule;
use mapi_session::{
    Environment, FailedPhase, LoggedOn, MapiCode, MessageService, Provider, ProviderError,
    ProviderLogon, ProviderState, Session, StoreLogon, StoreProvider, UserAnswer,
};

use crate::cast::{Cast, Told, disabled, down, list, off, on, playing, skip, state, unconfigured};
use crate::stage::{elsewhere, furnished, is_empty, mapi, settle};

/// What the one provider of a session's first service broke down with.
fn failure(session: &Session) -> (FailedPhase, MapiCode, String) {
    let report = session.report();
    let service = report.services().next().expect("the profile lists it");
    let ProviderState::Failed(failure) = service.providers[0].state else { panic!("{report}") };
    (failure.phase, failure.code, failure.cause.to_string())
}

#[test]
fn a_panicking_logon_counts_as_failed_and_the_others_go_on() {
    let cast = Cast::new();
    cast.on_logon("Mailbox", || panic!("the provider breaks down, as it should"));
    let services = vec![
        ("Exchange", cast.service().store("Mailbox")),
        ("Archives", cast.service().store("Archive")),
    ];
    let (environment, _steps) = playing(Environment::builder(), services);

    let session = mapi(&environment).logon().profile("Mail").call().expect("it is a session");

    let (phase, code, cause) = failure(&session);
    assert_eq!(phase, FailedPhase::Logon(mapi_session::Attempt::First));
    assert_eq!((code, &*cause), (MapiCode::MAPI_E_CALL_FAILED, "it panicked"));
    assert_eq!(disabled(&session, "Exchange"), Some(code));
    assert_eq!(state(&session, "Archive"), ProviderState::Ready { warning: None });
    let id = session.id();
    drop(session);
    settle(&environment);
    let told = cast.heard();
    assert!(!told.contains(&off("Mailbox", id)), "what never ran is not logged off: {told:?}");
}

#[test]
fn a_provider_that_panics_while_it_is_loaded_cannot_be_loaded() {
    struct Broken;
    impl MessageService for Broken {
        fn providers(&self) -> Vec<Provider> {
            struct Never;
            impl StoreProvider for Never {
                fn log_on(
                    &self,
                    _: &ProviderLogon<'_>,
                ) -> Result<LoggedOn<dyn StoreLogon>, ProviderError> {
                    panic!("there is none to be called")
                }
            }
            let load = || -> Never { panic!("it cannot be loaded, as it should") };
            vec![Provider::store("Box", load)]
        }
    }
    let (environment, mut steps) = furnished(Environment::builder().service("Broken", Broken));
    list(&environment, "Mail", vec!["Broken".to_owned()]);

    let session = mapi(&environment).logon().profile("Mail").call().expect("it is a session");

    let (phase, code, _) = failure(&session);
    assert_eq!((phase, code), (FailedPhase::Load, MapiCode::MAPI_E_CALL_FAILED));
    steps.until(Rule::DisableWrongVersion);
}

#[test]
fn a_panicking_entry_function_has_returned() {
    let cast = Cast::new();
    cast.on_logon("Mailbox", unconfigured);
    cast.on_entry("Exchange", || panic!("the entry function breaks down, as it should"));
    let service = cast.service().store("Mailbox").with_entry();
    let (environment, mut steps) = playing(Environment::builder(), vec![("Exchange", service)]);

    let session = mapi(&environment).logon().profile("Mail").call().expect("it is a session");

    assert_eq!(state(&session, "Mailbox"), ProviderState::Ready { warning: None });
    let report = session.report();
    let failures = report.services().next().expect("it is listed").providers[0].failures;
    assert_eq!(failures[1].phase, FailedPhase::Entry);
    assert_eq!(failures[1].code, MapiCode::MAPI_E_CALL_FAILED);
    steps.until(Rule::RetryConfigured);
}

#[test]
fn a_panicking_logoff_and_a_panicking_shutdown_count_as_done() {
    let cast = Cast::new();
    cast.on_log_off("Mailbox", || panic!("the logoff breaks down, as it should"));
    cast.on_shut_down("Mailbox", || panic!("the shutdown breaks down, as it should"));
    let service = cast.service().store("Mailbox").store("Public");
    let (environment, _steps) = playing(Environment::builder(), vec![("Exchange", service)]);
    let mapi = mapi(&environment);

    let session = mapi.logon().profile("Mail").call().expect("it is a session");
    let id = session.id();
    drop((session, mapi));
    settle(&environment);

    assert!(is_empty(&environment), "{:?}", environment.state());
    let ended = ["Mailbox", "Public"].map(|it| [off(it, id), down(it, id)]).concat();
    assert_eq!(cast.heard()[2..], ended);
}

#[test]
fn a_panic_when_provider_and_logon_objects_are_dropped_harms_nobody() {
    struct Brittle(Arc<AtomicUsize>);
    impl Drop for Brittle {
        fn drop(&mut self) {
            self.0.fetch_add(1, Ordering::SeqCst);
            panic!("it breaks when it is dropped, as it should");
        }
    }
    struct Provides(
        #[expect(dead_code, reason = "it only has to be dropped")] Brittle,
        Arc<AtomicUsize>,
    );
    impl StoreProvider for Provides {
        fn log_on(&self, _: &ProviderLogon<'_>) -> Result<LoggedOn<dyn StoreLogon>, ProviderError> {
            Ok(LoggedOn::new(Box::new(Runs(Brittle(Arc::clone(&self.1))))))
        }
    }
    struct Runs(#[expect(dead_code, reason = "it only has to be dropped")] Brittle);
    impl StoreLogon for Runs {}
    struct Service(Arc<AtomicUsize>);
    impl MessageService for Service {
        fn providers(&self) -> Vec<Provider> {
            let count = Arc::clone(&self.0);
            let load = move || Provides(Brittle(Arc::clone(&count)), Arc::clone(&count));
            vec![Provider::store("Box", load)]
        }
    }
    let dropped = Arc::new(AtomicUsize::new(0));
    let service = Service(Arc::clone(&dropped));
    let (environment, _steps) = furnished(Environment::builder().service("Brittle", service));
    list(&environment, "Mail", vec!["Brittle".to_owned()]);
    let mapi = mapi(&environment);

    let session = mapi.logon().profile("Mail").call().expect("it is a session");
    let store = session.open_store(session.find_store("Box").expect("it is listed"));
    store.call().expect("it runs").with(|_| ()).expect("it is open");
    drop((session, mapi));
    settle(&environment);

    assert!(is_empty(&environment), "{:?}", environment.state());
    assert_eq!(dropped.load(Ordering::SeqCst), 2);
}

#[test]
fn a_panic_whose_message_breaks_in_turn_is_a_panic_like_any_other() {
    struct Brittle;
    impl Drop for Brittle {
        fn drop(&mut self) {
            panic!("it breaks when it is dropped, as it should");
        }
    }
    let cast = Cast::new();
    cast.on_logon("Mailbox", || panic_any(Brittle));
    let services = vec![("Exchange", cast.service().store("Mailbox"))];
    let (environment, _steps) = playing(Environment::builder(), services);

    let session = mapi(&environment).logon().profile("Mail").call().expect("it is a session");

    let told = (MapiCode::MAPI_E_CALL_FAILED, "it panicked".to_owned());
    let (_, code, cause) = failure(&session);
    assert_eq!((code, cause), told);
}

#[test]
fn a_panic_while_a_store_is_used_is_the_users_own() {
    let cast = Cast::new();
    let service = cast.service().store("Mailbox");
    let (environment, _steps) = playing(Environment::builder(), vec![("Exchange", service)]);
    let session = mapi(&environment).logon().profile("Mail").call().expect("it is a session");
    let mailbox = session.find_store("Mailbox").expect("it is listed");
    let store = session.open_store(mailbox).call().expect("it runs");

    let used = elsewhere(move || {
        let use_it = || store.with(|_| -> () { panic!("the user breaks down, as it should") });
        let used = std::panic::catch_unwind(std::panic::AssertUnwindSafe(use_it));
        (used.is_err(), store.with(|_| ()).is_ok())
    });

    assert_eq!(used.returns(), (true, true));
    drop(session);
    settle(&environment);
}

#[test]
fn a_user_interface_that_panics_over_a_failure_is_none() {
    struct Broken;
    impl mapi_session::LogonUi for Broken {
        fn retry(&self, _: &mapi_session::AskRetry) -> UserAnswer<mapi_session::RetryChoice> {
            panic!("the question breaks down, as it should")
        }
    }
    let cast = Cast::new();
    cast.on_logon("Mailbox", || panic!("the provider breaks down, as it should"));
    let service = cast.service().store("Mailbox");
    let (environment, mut steps) = playing(Environment::builder(), vec![("Exchange", service)]);
    let mapi = mapi_session::Mapi::builder().environment(&environment).ui(Broken).build();

    let session = mapi.logon().profile("Mail").interactive().call().expect("it is a session");

    assert_eq!(disabled(&session, "Exchange"), Some(MapiCode::MAPI_E_CALL_FAILED));
    steps.until(Rule::DisableForLackOfPrompt);
}

#[test]
fn a_provider_that_panics_when_it_is_opened_fails_that_open_call() {
    let cast = Cast::new();
    cast.on_logon("Mailbox", skip);
    cast.on_logon("Mailbox", || panic!("the provider breaks down, as it should"));
    let services = vec![
        ("Exchange", cast.service().store("Mailbox")),
        ("Archives", cast.service().store("Archive")),
    ];
    let (environment, _steps) = playing(Environment::builder(), services);
    let session = mapi(&environment).logon().profile("Mail").call().expect("it is a session");
    let mailbox = session.find_store("Mailbox").expect("it is listed");

    let refused = session.open_store(mailbox).call().expect_err("it panics");

    let trouble = refused.trouble().expect("the provider is to blame");
    assert_eq!(trouble.failure.code, MapiCode::MAPI_E_CALL_FAILED);
    assert_eq!(trouble.failure.phase, FailedPhase::Open(mapi_session::Attempt::First));
    let archive = session.find_store("Archive").expect("it is listed");
    session.open_store(archive).call().expect("it has nothing to do with that");
    let told: Vec<Told> = cast.heard();
    assert_eq!(told.iter().filter(|it| **it == on("Mailbox", session.id())).count(), 2);
}
