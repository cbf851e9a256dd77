//! What runs for a session: in which order it starts and stops, and what it is told.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use mapi_session::protocol::Event;
use mapi_session::{
    Attempt, Cause, Environment, FailedPhase, LoggedOn, LogoffFlags, MapiCode, MessageService,
    Prompts, Provider, ProviderError, ProviderLogon, ProviderState, ServiceState, SpiVersion,
    StoreLogon, StoreProvider,
};

use crate::cast::{Cast, disabled, down, list, off, on, playing, state};
use crate::hold::Hold;
use crate::stage::{environment, furnished, is_empty, mapi, settle};

#[test]
fn address_books_start_before_stores_and_stop_before_them() {
    let cast = Cast::new();
    let exchange = cast.service().store("Mailbox").transport("Outbox").address_book("Staff");
    let contacts = cast.service().store("Folder").address_book("Friends");
    let (environment, _steps) =
        playing(Environment::builder(), vec![("Exchange", exchange), ("Contacts", contacts)]);
    let mapi = mapi(&environment);

    let session = mapi.logon().profile("Mail").shared().call().expect("all providers start");
    let id = session.id();
    let joined = mapi.logon().join_existing().call().expect("it joins");
    let started = [on("Staff", id), on("Friends", id), on("Mailbox", id), on("Folder", id)];
    assert_eq!(cast.heard(), started, "a transport waits until it is needed");
    assert!(session.report().is_clean());
    assert_eq!(state(&session, "Outbox"), ProviderState::NotStarted);
    drop(session);
    joined.logoff(LogoffFlags::empty()).expect("nobody is asked");

    settle(&environment);
    let stopped = ["Staff", "Friends", "Mailbox", "Folder"].map(|it| [off(it, id), down(it, id)]);
    assert_eq!(cast.heard(), stopped.concat());
}

#[test]
fn a_logon_says_what_became_of_each_service() {
    let cast = Cast::new();
    let exchange = cast.service().address_book("Staff").store("Mailbox");
    let archive = cast.service().store("Archive");
    cast.on_logon("Staff", || Ok(Some(Cause::CorruptData("index of names".into()))));
    cast.on_logon("Archive", || {
        Err(ProviderError::Failed(
            MapiCode::MAPI_E_DISK_ERROR,
            Cause::InvalidPath("/mnt/archive.pst".into()),
        ))
    });
    let (environment, _steps) =
        playing(Environment::builder(), vec![("Exchange", exchange), ("Archives", archive)]);
    let mapi = mapi(&environment);

    let session = mapi.logon().profile("Mail").shared().call().expect("it is a session");
    let report = session.report();
    assert_eq!(
        report.to_string(),
        "service \"Exchange\"\n  \
           provider \"Staff\": ready, with errors: corrupt data: index of names\n  \
           provider \"Mailbox\": ready\n\
         service \"Archives\", disabled after provider \"Archive\": first logon: \
         MAPI_E_DISK_ERROR (0x80040116): invalid path: /mnt/archive.pst\n  \
           provider \"Archive\": failed: first logon: \
         MAPI_E_DISK_ERROR (0x80040116): invalid path: /mnt/archive.pst\n"
    );
    assert!(!report.is_clean());
    let process = crate::stage::process(&environment, mapi_session::NoUi);
    let raw = process.logon_ex(0, None, None, 0).expect("it joins");
    assert_eq!(raw.report, report, "whoever joins is told the same");
}

#[test]
fn a_profile_without_services_has_a_clean_report() {
    let (environment, _steps) = environment();
    let session = mapi(&environment).logon().profile("Work").call().expect("Work is open");

    assert!(session.report().is_clean());
    assert_eq!(session.report().services().count(), 0);
    assert_eq!(session.stores(), []);
}

/// `PLG-01`.
#[test]
fn a_provider_is_told_for_whom_and_how_it_is_to_log_on() {
    struct Curious(Arc<Mutex<Vec<String>>>);
    impl StoreProvider for Curious {
        fn log_on(
            &self,
            logon: &ProviderLogon<'_>,
        ) -> Result<LoggedOn<dyn StoreLogon>, ProviderError> {
            assert_eq!((logon.attempt, logon.dialogs), (Attempt::First, Prompts::Allowed));
            let ProviderLogon { profile, service, provider, ui_param, time_left, .. } = logon;
            let told = format!("{} {service} {provider} {ui_param} {time_left:?}", profile.name);
            self.0.lock().expect("nobody panics with it").push(told);
            Ok(LoggedOn::new(Box::new(Nothing)))
        }
    }
    struct Nothing;
    impl StoreLogon for Nothing {}
    struct Service(Arc<Mutex<Vec<String>>>);
    impl MessageService for Service {
        fn providers(&self) -> Vec<Provider> {
            let told = Arc::clone(&self.0);
            vec![Provider::store("Box", move || Curious(Arc::clone(&told)))]
        }
    }
    let told = Arc::new(Mutex::default());
    let service = Service(Arc::clone(&told));
    let (environment, _steps) = furnished(Environment::builder().service("Curiosity", service));
    list(&environment, "Mail", vec!["Curiosity".to_owned()]);

    let mapi = mapi(&environment);
    let session =
        mapi.logon().profile("Mail").ui_param(7).interactive().call().expect("it logs on");

    assert!(session.report().is_clean(), "{}", session.report());
    assert_eq!(*told.lock().expect("nobody panics with it"), ["Mail Curiosity Box 7 Some(60s)"]);
}

/// `PLG-02`.
#[test]
fn each_session_and_each_entry_of_a_profile_has_a_provider_object_of_its_own() {
    struct Counted(Arc<AtomicUsize>);
    impl StoreProvider for Counted {
        fn log_on(&self, _: &ProviderLogon<'_>) -> Result<LoggedOn<dyn StoreLogon>, ProviderError> {
            Ok(LoggedOn::new(Box::new(Nothing)))
        }
    }
    impl Drop for Counted {
        fn drop(&mut self) {
            self.0.fetch_sub(1, Ordering::SeqCst);
        }
    }
    struct Nothing;
    impl StoreLogon for Nothing {}
    struct Service(Arc<AtomicUsize>);
    impl MessageService for Service {
        fn providers(&self) -> Vec<Provider> {
            let count = Arc::clone(&self.0);
            vec![Provider::store("Box", move || {
                count.fetch_add(1, Ordering::SeqCst);
                Counted(Arc::clone(&count))
            })]
        }
    }
    let count = Arc::new(AtomicUsize::new(0));
    let service = Service(Arc::clone(&count));
    let (environment, _steps) = furnished(Environment::builder().service("Counted", service));
    list(&environment, "Mail", vec!["Counted".to_owned(); 2]);
    let mapi = mapi(&environment);
    assert_eq!(count.load(Ordering::SeqCst), 0, "nothing is loaded before it is needed");

    let one = mapi.logon().profile("Mail").individual().call().expect("it logs on");
    let other = mapi.logon().profile("Mail").individual().call().expect("it logs on");
    assert_eq!(count.load(Ordering::SeqCst), 4);
    drop(one);
    settle(&environment);
    assert_eq!(count.load(Ordering::SeqCst), 2);
    drop(other);
    settle(&environment);
    assert_eq!(count.load(Ordering::SeqCst), 0);
}

#[test]
fn a_provider_object_that_never_logged_on_is_dropped_with_its_session_and_not_shut_down() {
    struct Refusing(Arc<AtomicUsize>);
    impl StoreProvider for Refusing {
        fn log_on(&self, _: &ProviderLogon<'_>) -> Result<LoggedOn<dyn StoreLogon>, ProviderError> {
            Err(ProviderError::SkipProvider(Cause::Other("never".into())))
        }
        fn shut_down(&self) {
            panic!("it has not logged on");
        }
    }
    impl Drop for Refusing {
        fn drop(&mut self) {
            self.0.fetch_sub(1, Ordering::SeqCst);
        }
    }
    struct Service(Arc<AtomicUsize>);
    impl MessageService for Service {
        fn providers(&self) -> Vec<Provider> {
            let count = Arc::clone(&self.0);
            vec![Provider::store("Box", move || {
                count.fetch_add(1, Ordering::SeqCst);
                Refusing(Arc::clone(&count))
            })]
        }
    }
    let count = Arc::new(AtomicUsize::new(0));
    let service = Service(Arc::clone(&count));
    let (hold, builder) = (Hold::new(), Environment::builder().service("Refusing", service));
    let (environment, _steps) = furnished(builder.pace(hold.clone()));
    list(&environment, "Mail", vec!["Refusing".to_owned()]);
    let leash = hold.back(|event| matches!(event, Event::SessionClosed { .. }));

    let session = mapi(&environment).logon().profile("Mail").call().expect("it is a session");
    assert_eq!(count.load(Ordering::SeqCst), 1);
    drop(session);

    leash.is_taut();
    assert_eq!(count.load(Ordering::SeqCst), 0, "before the session has ended");
    leash.let_go();
    settle(&environment);
}

#[test]
fn a_service_that_nobody_registered_is_disabled_and_the_others_go_on() {
    let cast = Cast::new();
    let (environment, _steps) =
        playing(Environment::builder(), vec![("Exchange", cast.service().store("Mailbox"))]);
    list(&environment, "More", vec!["Unknown".to_owned(), "Exchange".to_owned()]);

    let session = mapi(&environment).logon().profile("More").call().expect("it is a session");

    assert_eq!(disabled(&session, "Unknown"), Some(MapiCode::MAPI_E_NOT_FOUND));
    assert_eq!(disabled(&session, "Exchange"), None);
    let missing = session.find_store("Unknown").expect("it counts as a store");
    let refused = session.open_store(missing).call().expect_err("there is nothing to open");
    assert_eq!(
        refused.to_string(),
        "MAPI_E_LOGON_FAILED (0x80040111): service of the store is disabled: service \"Unknown\", \
         provider \"Unknown\": load: MAPI_E_NOT_FOUND (0x8004010F): \
         no service of this name is registered"
    );
}

/// `PLG-03`.
#[test]
fn a_provider_of_a_newer_major_version_is_not_even_loaded() {
    struct Newer;
    impl MessageService for Newer {
        fn providers(&self) -> Vec<Provider> {
            struct Never;
            impl StoreProvider for Never {
                fn log_on(
                    &self,
                    _: &ProviderLogon<'_>,
                ) -> Result<LoggedOn<dyn StoreLogon>, ProviderError> {
                    panic!("it is never called")
                }
            }
            let load = || -> Never { panic!("it is never loaded") };
            vec![Provider::store("Future", load).version(SpiVersion(0x0100_0000))]
        }
    }
    let (environment, mut steps) = furnished(Environment::builder().service("Next", Newer));
    list(&environment, "Mail", vec!["Next".to_owned()]);

    let session = mapi(&environment).logon().profile("Mail").call().expect("it is a session");

    let report = session.report();
    let service = report.services().next().expect("the profile lists it");
    let ServiceState::Disabled { after } = service.state else { panic!("{report}") };
    assert_eq!(after.failure.phase, FailedPhase::Load);
    assert_eq!(after.failure.code, MapiCode::MAPI_E_VERSION);
    let cause = Cause::IncompatibleVersion("provider interface 1.0.0".into());
    assert_eq!(after.failure.cause, cause);
    steps.until(mapi_session::protocol::Rule::DisableWrongVersion);
}

#[test]
fn a_newer_minor_version_is_understood() {
    struct Newer(Cast);
    impl MessageService for Newer {
        fn providers(&self) -> Vec<Provider> {
            let providers = self.0.service().store("Mailbox").providers();
            providers.into_iter().map(|it| it.version(SpiVersion(0x00FF_FFFF))).collect()
        }
    }
    let service = Newer(Cast::new());
    let (environment, _steps) = furnished(Environment::builder().service("Newer", service));
    list(&environment, "Mail", vec!["Newer".to_owned()]);

    let session = mapi(&environment).logon().profile("Mail").call().expect("it is a session");

    assert!(session.report().is_clean(), "{}", session.report());
}

#[test]
fn a_service_with_too_many_providers_cannot_be_loaded() {
    let cast = Cast::new();
    let many = (0..=mapi_session::MOST_PROVIDERS)
        .fold(cast.service(), |service, place| service.store(place.to_string()));
    let (environment, _steps) = playing(Environment::builder(), vec![("Many", many)]);

    let session = mapi(&environment).logon().profile("Mail").call().expect("it is a session");

    assert_eq!(disabled(&session, "Many"), Some(MapiCode::MAPI_E_NOT_FOUND));
    assert_eq!(cast.heard(), []);
}

#[test]
fn a_profile_with_too_many_services_is_refused() {
    let (environment, _steps) = environment();
    let services = vec!["Mail".to_owned(); mapi_session::MOST_SERVICES + 1];
    let profile = services
        .into_iter()
        .fold(mapi_session::NewProfile::new("Huge"), mapi_session::NewProfile::service);

    let refused = environment.profiles().create(profile).expect_err("it lists too many");

    assert_eq!(refused.code(), MapiCode::MAPI_E_INVALID_PARAMETER);
}

#[test]
fn a_session_with_providers_leaves_nothing_behind() {
    let cast = Cast::new();
    let service = cast.service().address_book("Staff").store("Mailbox").with_entry();
    let (environment, _steps) = playing(Environment::builder(), vec![("Exchange", service)]);
    let mapi = mapi(&environment);

    for _ in 0..3 {
        mapi.logon().profile("Mail").call().expect("it logs on");
    }
    drop(mapi);

    settle(&environment);
    assert!(is_empty(&environment), "{:?}", environment.state());
    assert_eq!(cast.heard().len(), 3 * 6, "each logs on, logs off and shuts down once");
}
