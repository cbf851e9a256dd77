//! Services that are configured because somebody asks for it (`SVC-07`, `UIX-09`).

use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use mapi_session::scripted::{Script, ScriptedService};
use mapi_session::{
    Cause, ConfigureError, EntryContext, EntryDialogs, EntryError, EntryFlags, EntryReason,
    Environment, LogonError, LogonFlags, LogonRefusal, Mapi, MapiCode, Missing, NoUi, Patience,
    Process, Prompts, ServiceId, ServiceUi, Session, Withdrawal,
};

use crate::cast::{Cast, Told, failed, gate, list, playing};
use crate::stage::{StageClock, Steps, elsewhere, furnished, is_empty, mapi, process, settle};

const EXCHANGE: ServiceId = ServiceId(0);
const MINUTE: Duration = Duration::from_secs(60);

const NO_DIALOGS: EntryDialogs =
    EntryDialogs { allowed: Prompts::Forbidden, always: ServiceUi::AsNeeded };

/// An environment whose profile `Mail` lists `Exchange`, which has an entry function, and
/// `Archives`, which has none.
fn stage(cast: &Cast) -> (Environment, Steps, StageClock) {
    let clock = StageClock::new();
    let services = vec![
        ("Exchange", cast.service().store("Mailbox").with_entry()),
        ("Archives", cast.service().store("Archive")),
    ];
    let (environment, steps) = playing(Environment::builder().clock(clock.clone()), services);
    (environment, steps, clock)
}

fn log_on(environment: &Environment) -> Session {
    mapi(environment).logon().profile("Mail").shared().call().expect("a session survives it all")
}

fn told(flags: EntryFlags) -> Told {
    Told::Configure("Exchange".to_owned(), flags)
}

/// Has the entry function hang once, until what comes back is used or dropped.
fn hang(cast: &Cast) -> Sender<()> {
    let (open, closed) = gate();
    cast.on_entry("Exchange", move || {
        closed.pass();
        Err(EntryError::Cancelled)
    });
    open
}

#[test]
fn what_the_entry_function_returns_is_passed_on() {
    let cause = || Cause::CorruptData("index of names".into());
    let lacking = || Missing("server name".into());
    let cast = Cast::new();
    let (environment, _steps, _clock) = stage(&cast);
    let session = log_on(&environment);
    let exchange = session.find_service("Exchange").expect("the profile lists it");

    for (returned, code) in [
        (Err(EntryError::Unconfigured(lacking())), Some(MapiCode::MAPI_E_UNCONFIGURED)),
        (Err(EntryError::Cancelled), Some(MapiCode::MAPI_E_USER_CANCEL)),
        (
            Err(EntryError::Failed(MapiCode::MAPI_E_EXTENDED_ERROR, cause())),
            Some(MapiCode::MAPI_E_EXTENDED_ERROR),
        ),
        (Err(EntryError::Failed(MapiCode(0x8004_0999), cause())), Some(MapiCode(0x8004_0999))),
        (
            Err(EntryError::Failed(MapiCode::MAPI_W_ERRORS_RETURNED, cause())),
            Some(MapiCode::MAPI_E_CALL_FAILED),
        ),
        (Ok(()), None),
    ] {
        let line = returned.clone();
        cast.on_entry("Exchange", || line);

        let result = session.configure_service(exchange).call();

        assert_eq!(result, returned.map_err(ConfigureError::Entry));
        assert_eq!(result.err().and_then(|error| error.code()), code);
    }
}

#[test]
fn a_service_without_an_entry_function_cannot_be_configured() {
    let cast = Cast::new();
    let (environment, _steps, _clock) = stage(&cast);
    let session = log_on(&environment);
    let archives = session.find_service("Archives").expect("the profile lists it");

    let refused = session.configure_service(archives).call().expect_err("it has none");

    assert_eq!(refused, ConfigureError::NoEntryFunction);
    assert_eq!(refused.code(), Some(MapiCode(0x8004_0605)));
}

#[test]
fn a_service_that_the_profile_does_not_list_is_not_found() {
    let cast = Cast::new();
    let (environment, _steps, _clock) = stage(&cast);
    let session = log_on(&environment);

    assert_eq!(session.find_service("Contacts"), None);
    let refused = session.configure_service(ServiceId(2)).call().expect_err("there are two");

    assert_eq!(refused, ConfigureError::NoSuchService);
    assert_eq!(refused.code(), Some(MapiCode::MAPI_E_NOT_FOUND));
}

#[test]
fn the_caller_chooses_which_dialogs_may_be_shown() {
    let cast = Cast::new();
    let (environment, _steps, _clock) = stage(&cast);
    let session = log_on(&environment);
    cast.heard();
    let configure = || session.configure_service(EXCHANGE);

    configure().call().expect("it is configured");
    configure().interactive().call().expect("it is configured");
    configure().service_ui_always().call().expect("it is configured");
    configure().interactive().service_ui_always().call().expect("it is configured");

    let (none, allowed, always) =
        (EntryFlags::empty(), EntryFlags::UI_ALLOWED, EntryFlags::UI_ALWAYS);
    assert_eq!(cast.heard(), [none, allowed, always, allowed | always].map(told));
}

#[test]
fn a_windows_service_is_granted_no_dialog() {
    let cast = Cast::new();
    let (environment, _steps, _clock) = stage(&cast);
    let mapi = Mapi::builder().environment(&environment).windows_service().build();
    let session = mapi.logon().profile("Mail").individual().call().expect("it is a session");
    let _shared = log_on(&environment);
    let joined = process(&environment, NoUi);
    let flags = LogonFlags::NT_SERVICE.bits();
    let handle = joined.logon_ex(0, None, None, flags).expect("it joins").handle;
    cast.heard();

    let builder = session.configure_service(EXCHANGE).interactive().service_ui_always();
    builder.call().expect("it is configured");
    let all = EntryDialogs { allowed: Prompts::Allowed, always: ServiceUi::Always };
    joined.configure_service(handle, 0, EXCHANGE, all).expect("it is configured");

    assert_eq!(cast.heard(), [told(EntryFlags::empty()), told(EntryFlags::empty())]);
}

#[test]
fn an_entry_function_is_told_that_it_was_asked_for() {
    struct Curious(Arc<Mutex<Vec<String>>>);
    impl Script for Curious {
        fn configure(&self, context: &EntryContext<'_>) -> Result<(), EntryError> {
            let EntryContext { profile, service, reason, ui_param, .. } = context;
            assert_eq!(*reason, EntryReason::Requested);
            let session = context.session.expect("it is asked for through a session");
            let told = format!("{session} {} {service} {ui_param}", profile.name);
            self.0.lock().expect("nobody panics with it").push(told);
            Ok(())
        }
    }
    let told = Arc::new(Mutex::default());
    let service = ScriptedService::new(Arc::new(Curious(Arc::clone(&told)))).with_entry();
    let (environment, _steps) = playing(Environment::builder(), vec![("Exchange", service)]);
    let logon = mapi(&environment).logon().profile("Mail").ui_param(7).call();
    let session = logon.expect("it is a session");

    session.configure_service(EXCHANGE).call().expect("it is configured");
    session.configure_service(EXCHANGE).ui_param(8).call().expect("it is configured");

    let expected = [7, 8].map(|param| format!("{} Mail Exchange {param}", session.id()));
    assert_eq!(*told.lock().expect("nobody panics with it"), expected);
}

#[test]
fn a_panic_counts_as_a_failure_of_the_entry_function() {
    let cast = Cast::new();
    let (environment, _steps, _clock) = stage(&cast);
    let session = log_on(&environment);
    cast.on_entry("Exchange", || panic!("the entry function breaks down, as it should"));

    let broken = session.configure_service(EXCHANGE).call().expect_err("it broke down");

    assert_eq!(broken.code(), Some(MapiCode::MAPI_E_CALL_FAILED));
    session.configure_service(EXCHANGE).call().expect("the next call is not harmed");
}

#[test]
fn a_hanging_entry_function_is_waited_for_no_longer_than_the_caller_said() {
    for set in [None, Some(2 * MINUTE)] {
        let cast = Cast::new();
        let (environment, _steps, clock) = stage(&cast);
        let session = Arc::new(log_on(&environment));
        let open = hang(&cast);
        cast.heard();
        let configuring = elsewhere({
            let session = Arc::clone(&session);
            move || {
                let builder = session.configure_service(EXCHANGE);
                set.into_iter().fold(builder, |it, wait| it.entry_timeout(wait)).call()
            }
        });
        cast.hears();
        let wait = set.unwrap_or(MINUTE);
        clock.await_sleepers(1);
        clock.advance(wait - Duration::from_secs(1));
        clock.await_sleepers(1);
        assert!(!configuring.has_returned());

        clock.advance(Duration::from_secs(1));

        let refused = configuring.returns().expect_err("it hangs");
        assert_eq!(refused, ConfigureError::TimedOut);
        assert_eq!(refused.code(), Some(MapiCode::MAPI_E_TIMEOUT));
        let report = session.report().to_string();
        session.configure_service(EXCHANGE).call().expect("the next call is not held up");
        open.send(()).expect("it still hangs");
        session.configure_service(EXCHANGE).call().expect("what comes late is nobody's");
        assert_eq!(session.report().to_string(), report);
    }
}

#[test]
fn nothing_of_the_session_changes_and_the_protocol_takes_no_step() {
    let cast = Cast::new();
    cast.on_logon("Mailbox", || failed(MapiCode::MAPI_E_NETWORK_ERROR));
    let (environment, mut steps, _clock) = stage(&cast);
    let session = log_on(&environment);
    let (report, state) = (session.report(), environment.state());
    let count = steps.all().len();
    assert!(!report.is_clean(), "the service is disabled, and can be configured nevertheless");

    session.configure_service(EXCHANGE).call().expect("it is configured");
    cast.on_entry("Exchange", || Err(EntryError::Cancelled));
    session.configure_service(EXCHANGE).call().expect_err("the user cancelled");

    assert_eq!(session.report(), report);
    assert_eq!((environment.state(), steps.all().len()), (state, count));
}

#[test]
fn only_the_owner_of_a_live_handle_can_ask_for_it() {
    let cast = Cast::new();
    let (environment, _steps, _clock) = stage(&cast);
    let (owner, thief) = (process(&environment, NoUi), process(&environment, NoUi));
    let handle = owner.logon_ex(0, Some("Mail"), None, 0).expect("it is a session").handle;
    cast.heard();
    let refusal = |process: &Process| {
        let refused = process.configure_service(handle, 0, EXCHANGE, NO_DIALOGS);
        refused.expect_err("the handle is not a live one of its own").code()
    };
    let invalid = Some(MapiCode::MAPI_E_INVALID_OBJECT);

    assert_eq!(refusal(&thief), invalid);
    owner.configure_service(handle, 0, EXCHANGE, NO_DIALOGS).expect("it is as live as before");
    assert_eq!(cast.heard(), [told(EntryFlags::empty())]);
    owner.logoff(handle, 0, 0).expect("it is live");
    assert_eq!(refusal(&owner), invalid);
    owner.crash();
    assert_eq!(refusal(&owner), Some(MapiCode::MAPI_E_NOT_INITIALIZED));
    owner.initialize(0, 0).expect("it may start anew");
    assert_eq!(refusal(&owner), invalid);
    settle(&environment);
    assert!(!cast.heard().iter().any(|it| matches!(it, Told::Configure(..))));
}

#[test]
fn a_wait_ends_with_its_handle() {
    for (is_crash, expected) in
        [(false, ConfigureError::LoggedOff), (true, ConfigureError::Withdrawn)]
    {
        let cast = Cast::new();
        let (environment, _steps, _clock) = stage(&cast);
        let _open = hang(&cast);
        let process = process(&environment, NoUi);
        let handle = process.logon_ex(0, Some("Mail"), None, 0).expect("it is a session").handle;
        cast.heard();
        let configuring = elsewhere({
            let process = process.clone();
            move || process.configure_service(handle, 0, EXCHANGE, NO_DIALOGS)
        });
        cast.hears();

        if is_crash {
            process.crash();
        } else {
            process.logoff(handle, 0, 0).expect("a logoff does not wait for entry functions");
        }

        assert_eq!(configuring.returns(), Err(expected));
        process.uninitialize();
        settle(&environment);
        assert!(is_empty(&environment), "the end of the session does not wait for what hangs");
    }
}

#[test]
fn a_configuration_can_be_withdrawn() {
    let cast = Cast::new();
    let (environment, steps, _clock) = stage(&cast);
    let session = Arc::new(log_on(&environment));
    let open = hang(&cast);
    cast.heard();
    let withdrawal = Withdrawal::new();
    let configuring = elsewhere({
        let (session, withdrawal) = (Arc::clone(&session), withdrawal.clone());
        move || session.configure_service(EXCHANGE).withdraw_with(&withdrawal).call()
    });
    cast.hears();

    withdrawal.withdraw();

    let withdrawn = configuring.returns().expect_err("it was withdrawn");
    assert_eq!((&withdrawn, withdrawn.code()), (&ConfigureError::Withdrawn, None));
    let next = session.configure_service(EXCHANGE).withdraw_with(&withdrawal).call();
    assert_eq!(next, Err(ConfigureError::Withdrawn));
    drop((session, open));
    steps.until_the_end_of(environment);
    let is_begun = cast.heard().iter().any(|it| matches!(it, Told::Configure(..)));
    assert!(!is_begun, "what is withdrawn at once is not begun");
}

#[test]
fn a_logon_from_an_entry_function_asked_for_inside_a_logon_is_refused_at_once() {
    let cast = Cast::new();
    let (environment, _steps, _clock) = stage(&cast);
    let asking = process(&environment, NoUi);
    let handle = asking.logon_ex(0, Some("Mail"), None, 0).expect("it is a session").handle;
    let nested = Arc::new(Mutex::new(None));
    cast.on_entry("Exchange", {
        let (asking, nested) = (asking.clone(), Arc::clone(&nested));
        move || {
            let refused = asking.logon_ex(0, Some("Work"), None, 0).map(drop);
            *nested.lock().expect("nobody panics with it") = Some(refused);
            Ok(())
        }
    });
    cast.on_logon("Mailbox", move || {
        let asked = asking.configure_service(handle, 0, EXCHANGE, NO_DIALOGS);
        asked.expect("it is configured");
        Ok(None)
    });

    let session = mapi(&environment).logon().profile("Mail").individual().call();

    assert!(session.expect("it goes through").report().is_clean());
    let nested = nested.lock().expect("nobody panics with it").take();
    assert_eq!(nested, Some(Err(LogonError::Refused(LogonRefusal::Nested))));
}

#[test]
fn without_a_deadline_it_takes_as_long_as_it_takes() {
    let cast = Cast::new();
    let (environment, _steps, clock) = stage(&cast);
    let open = hang(&cast);
    let process = process(&environment, NoUi).with_patience(Patience::endless());
    let handle = process.logon_ex(0, Some("Mail"), None, 0).expect("it is a session").handle;
    cast.heard();
    let configuring = elsewhere(move || process.configure_service(handle, 0, EXCHANGE, NO_DIALOGS));
    cast.hears();
    clock.advance(100 * MINUTE);
    assert!(!configuring.has_returned());

    open.send(()).expect("it still hangs");

    let returned = configuring.returns();
    assert_eq!(returned, Err(ConfigureError::Entry(EntryError::Cancelled)));
}

#[test]
fn a_service_that_nobody_registered_has_no_entry_function() {
    let (environment, _steps) = furnished(Environment::builder());
    list(&environment, "Mail", vec!["Nowhere".to_owned()]);
    let session = log_on(&environment);

    let refused = session.configure_service(ServiceId(0)).call();

    assert_eq!(refused, Err(ConfigureError::NoEntryFunction));
}
