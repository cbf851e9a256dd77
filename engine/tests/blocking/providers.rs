//! What runs for a session: started once, stopped once, and at nobody else's cost.

use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};

use mapi_session::protocol::Rule;
use mapi_session::{
    Environment, EnvironmentBuilder, LogoffFlags, LogonError, LogonRefusal, Mapi, NewProfile, NoUi,
    ProviderLogon, ServiceProvider, SessionId, Withdrawal,
};

use crate::stage::{
    Steps, Told, elsewhere, expect, furnished, is_empty, mapi, process, service, settle,
};

/// An environment with these services, and a profile `Full` that lists them.
fn with_services(builder: EnvironmentBuilder, services: &[&str]) -> (Environment, Steps) {
    let (environment, steps) = furnished(builder);
    let full = NewProfile::new("Full");
    let full = services.iter().fold(full, |profile, service| profile.service(*service));
    environment.profiles().create(full).expect("the name is free");
    (environment, steps)
}

fn on(service: &str, session: SessionId) -> Told {
    Told::LogOn { service: service.to_owned(), session }
}

fn off(service: &str, session: SessionId) -> Told {
    Told::ShutDown { service: service.to_owned(), session }
}

fn all(told: &Receiver<Told>) -> Vec<Told> {
    told.try_iter().collect()
}

#[test]
fn services_start_in_order_and_stop_in_the_opposite_order() {
    let (tell, told) = channel();
    let builder = Environment::builder()
        .service("Book", service("Book", &tell))
        .service("Store", service("Store", &tell));
    let (environment, mut steps) = with_services(builder, &["Store", "Unknown", "Book"]);
    let mapi = mapi(&environment);

    let session = mapi.logon().profile("Full").shared().call().expect("Full is open");
    let id = session.id();
    let joined = mapi.logon().join_existing().call().expect("it joins");
    assert_eq!(all(&told), [on("Store", id), on("Book", id)]);
    drop(session);
    joined.logoff(LogoffFlags::empty()).expect("nobody is asked");

    settle(&environment);
    assert_eq!(all(&told), [off("Book", id), off("Store", id)]);
    steps.until(Rule::EndSession);
    assert_eq!(steps.starts_and_stops(), (1, 1));
}

#[test]
fn a_provider_that_hangs_harms_its_own_logon_only() {
    let (tell, told) = channel();
    let (slow, open) = service("Slow", &tell).gated();
    let builder = Environment::builder().service("Slow", slow);
    let (environment, mut steps) = with_services(builder, &["Slow"]);
    let mapi = mapi(&environment);
    let before = mapi.logon().profile("Work").shared().call().expect("Work is open");
    let withdrawal = Withdrawal::new();

    let hanging = elsewhere({
        let (mapi, withdrawal) = (mapi.clone(), withdrawal.clone());
        move || mapi.logon().profile("Full").individual().withdraw_with(&withdrawal).call()
    });
    let Told::LogOn { session, .. } = expect(&told, "logon of the provider") else {
        panic!("it starts before it stops");
    };
    withdrawal.withdraw();

    assert_eq!(hanging.returns().expect_err("it was withdrawn"), LogonError::Withdrawn);
    steps.until(Rule::WithdrawStartingLogon);
    mapi.logon().join_existing().call().expect("the mutex is free");
    before.logoff(LogoffFlags::empty()).expect("others are not touched");
    // When the provider comes up after all, it is taken back.
    open.send(()).expect("it still hangs");
    assert_eq!(expect(&told, "end of the provider"), off("Slow", session));
    drop(mapi);
    settle(&environment);
    assert!(is_empty(&environment));
}

#[test]
fn a_provider_that_comes_up_after_a_crash_is_shut_down() {
    let (tell, told) = channel();
    let (slow, open) = service("Slow", &tell).gated();
    let builder = Environment::builder()
        .service("Fast", service("Fast", &tell))
        .service("Slow", slow)
        .service("Last", service("Last", &tell));
    let (environment, mut steps) = with_services(builder, &["Fast", "Slow", "Last"]);
    let victim = process(&environment, NoUi);
    let logon = elsewhere({
        let victim = victim.clone();
        move || victim.logon_ex(0, Some("Full"), None, 0)
    });
    let fast = expect(&told, "logon of the first provider");
    let Told::LogOn { session, .. } = fast else { panic!("it starts before it stops") };
    assert_eq!(expect(&told, "logon of the second provider"), on("Slow", session));

    victim.crash();

    assert_eq!(logon.returns().expect_err("its process is gone"), LogonError::Withdrawn);
    settle(&environment);
    assert!(is_empty(&environment), "the end of the session does not wait for what hangs");
    assert_eq!(all(&told), [off("Fast", session)]);
    open.send(()).expect("it still hangs");
    assert_eq!(expect(&told, "end of the second provider"), off("Slow", session));
    steps.until(Rule::EndSession);
    steps.until(Rule::IgnoreStale);
    assert_eq!(all(&told), [], "the third provider was never started");
}

#[test]
fn a_provider_that_panics_counts_as_started() {
    let (tell, told) = channel();
    let builder = Environment::builder().service("Bad", service("Bad", &tell).panicking());
    let (environment, _steps) = with_services(builder, &["Bad"]);
    let mapi = mapi(&environment);

    let session = mapi.logon().profile("Full").call().expect("providers cannot fail yet");
    let id = session.id();
    drop(session);

    settle(&environment);
    assert_eq!(all(&told), [on("Bad", id), off("Bad", id)]);
}

#[test]
fn a_logon_from_inside_a_provider_is_refused_at_once() {
    /// Logs on to another profile while it is started.
    struct Nesting(Arc<Mutex<Option<Mapi>>>, std::sync::mpsc::Sender<Result<(), LogonError>>);
    impl ServiceProvider for Nesting {
        fn logon(&self, _: &ProviderLogon<'_>) {
            let mapi = self.0.lock().expect("nobody panics with it").clone();
            let mapi = mapi.expect("it was set before the logon");
            let _ = self.1.send(mapi.logon().profile("Work").call().map(drop));
        }
    }
    let slot = Arc::new(Mutex::new(None));
    let (tell, told) = channel();
    let builder = Environment::builder().service("Nest", Nesting(Arc::clone(&slot), tell));
    let (environment, _steps) = with_services(builder, &["Nest"]);
    let mapi = mapi(&environment);
    *slot.lock().expect("nobody panics with it") = Some(mapi.clone());

    mapi.logon().profile("Full").call().expect("the outer logon goes through");

    let nested = expect(&told, "result of the nested logon");
    assert_eq!(nested, Err(LogonError::Refused(LogonRefusal::Nested)));
    slot.lock().expect("nobody panics with it").take();
}
