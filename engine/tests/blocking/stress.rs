//! Many threads at once.

use mapi_session::protocol::{Limits, ProviderStatus, Rule, ServiceStatus, SessionView, Sessions};
use mapi_session::{
    Cause, Environment, LogoffFlags, MapiCode, NewProfile, NoUi, ProviderError, ProviderState,
    Report, ServiceState,
};

use crate::cast::{Cast, Told, playing};
use crate::stage::{elsewhere, environment, is_empty, mapi, process, settle};

#[test]
fn eight_busy_threads_leave_nothing_behind() {
    let (environment, mut steps) = environment();
    environment.profiles().create(NewProfile::new("Spare")).expect("the name is free");

    let threads: Vec<_> = (0..8)
        .map(|thread| {
            let mapi = mapi(&environment);
            elsewhere(move || {
                for round in 0..200 {
                    let session = match (thread + round) % 4 {
                        0 => mapi.logon().profile("Spare").individual().call(),
                        1 => mapi.logon().profile("Safe").password("tulip").shared().call(),
                        _ => mapi.logon().default_profile().shared().no_mail().call(),
                    };
                    let session = session.expect("nothing stands in its way");
                    if round % 2 == 0 {
                        session.logoff(LogoffFlags::empty()).expect("nobody is asked");
                    }
                }
            })
        })
        .collect();
    for thread in threads {
        thread.returns();
    }

    settle(&environment);
    assert!(is_empty(&environment), "{:?}", environment.state());
    let rules = steps.rules();
    assert_eq!(rules.iter().filter(|&&rule| rule == Rule::AnswerLogon).count(), 1_600);
    let built = rules.iter().filter(|&&rule| rule == Rule::BuildSessionWithoutProviders).count();
    let ends = [Rule::EndSession, Rule::EndLastSessionOnProfile];
    let ended = rules.iter().filter(|&rule| ends.contains(rule)).count();
    assert_eq!(built, ended);
}

/// What the mailbox does at its so many-th logon.
fn capricious(count: u32) -> crate::cast::Logon {
    match count % 5 {
        0 => Ok(None),
        1 => Err(ProviderError::SkipProvider(Cause::Other("not now".into()))),
        2 => crate::cast::unconfigured(),
        3 => Ok(Some(Cause::Other("slowly".into()))),
        _ => crate::cast::failed(MapiCode::MAPI_E_NETWORK_ERROR),
    }
}

#[test]
fn whatever_logs_on_amid_opens_uses_and_crashes_logs_off_and_shuts_down_once() {
    let cast = Cast::new();
    for count in 0..3_000 {
        cast.on_logon("Mailbox", move || capricious(count));
    }
    let exchange = cast.service().address_book("Staff").store("Mailbox").with_entry();
    let services = vec![("Exchange", exchange), ("Archives", cast.service().store("Archive"))];
    let (environment, mut steps) = playing(Environment::builder(), services);

    let threads: Vec<_> = (0..4)
        .map(|thread| {
            let environment = environment.clone();
            elsewhere(move || {
                for round in 0..60 {
                    match (thread + round) % 3 {
                        0 => open_and_use(&environment),
                        1 => crash_amid_an_open_call(&environment),
                        _ => drop(mapi(&environment).logon().profile("Mail").individual().call()),
                    }
                }
            })
        })
        .collect();
    for thread in threads {
        thread.returns();
    }
    settle(&environment);

    assert!(is_empty(&environment), "{:?}", environment.state());
    replay(&mut steps, &environment);
    // When its threads have ended, also those that nobody waited for have been taken back.
    steps.until_the_end_of(environment);
    let told = cast.heard();
    let logoffs = told.iter().filter(|it| matches!(it, Told::LogOff(..))).count();
    let shutdowns = told.iter().filter(|it| matches!(it, Told::ShutDown(..))).count();
    assert_eq!((logoffs, shutdowns), (cast.successes(), cast.successes()));
}

fn open_and_use(environment: &Environment) {
    let mapi = mapi(environment);
    let session = mapi.logon().profile("Mail").shared().call().expect("it is a session");
    let mailbox = session.find_store("Mailbox").expect("it is listed");
    let used = session.open_store(mailbox).call().map(|store| store.with(|_| ()));
    // Others may have lost the service for all meanwhile; then it is refused.
    drop(used);
    session.open_address_book().call().expect("it always opens");
    session.logoff(LogoffFlags::empty()).expect("nobody is asked");
}

fn crash_amid_an_open_call(environment: &Environment) {
    let victim = process(environment, NoUi);
    let flags = mapi_session::LogonFlags::ALLOW_OTHERS.bits();
    let logon = victim.logon_ex(0, Some("Mail"), None, flags).expect("it is a session");
    let mailbox = mapi_session::ProviderId(1);
    let opening = elsewhere({
        let victim = victim.clone();
        move || drop(victim.open_msg_store(logon.handle, 0, mailbox, 0))
    });
    victim.crash();
    opening.returns();
}

fn replay(steps: &mut crate::stage::Steps, environment: &Environment) {
    let mut core = Sessions::new(Limits::default());
    for record in steps.all() {
        let step = core.step(record.event.clone());
        assert_eq!((step.rule, &step.effects), (record.rule, &record.effects));
    }
    assert_eq!(core, environment.state());
}

#[test]
fn reports_say_what_the_protocol_knows() {
    for count in 0..25 {
        let cast = Cast::new();
        for step in 0..4 {
            cast.on_logon("Mailbox", move || capricious(count + step * (count / 5)));
        }
        let exchange = cast.service().address_book("Staff").store("Mailbox").store("Public");
        let archives = cast.service().store("Archive").transport("Outbox");
        let services = vec![("Exchange", exchange), ("Archives", archives)];
        let (environment, mut steps) = playing(Environment::builder(), services);
        let session = mapi(&environment).logon().profile("Mail").call().expect("it is a session");
        for _ in 0..2 {
            let mailbox = session.find_store("Mailbox").expect("it is listed");
            let store = session.open_store(mailbox).call();
            let state = environment.state();
            let (_, view) = state.sessions().next().expect("there is one");
            assert_agrees(&session.report(), view);
            if let Ok(store) = store {
                drop(store);
                steps.until(Rule::FreeStore);
                let report = session.report();
                let mailbox = report.provider(mailbox).expect("it is listed");
                assert_eq!(mailbox.state, &ProviderState::NotStarted);
            }
        }
    }
}

fn assert_agrees(report: &Report, view: SessionView<'_>) {
    for (service, status) in report.services().zip(view.service_statuses) {
        let is_disabled = matches!(service.state, ServiceState::Disabled { .. });
        assert_eq!(is_disabled, *status == ServiceStatus::Disabled, "{report}");
    }
    let reports = report.services().flat_map(|service| service.providers);
    for (provider, status) in reports.zip(view.provider_statuses) {
        let agrees = match provider.state {
            ProviderState::NotStarted => *status == ProviderStatus::NotStarted,
            ProviderState::LoggingOn => *status == ProviderStatus::Late,
            ProviderState::Ready { .. } => *status == ProviderStatus::Running,
            ProviderState::Failed(_) => *status == ProviderStatus::Failed,
            ProviderState::Quiesced => *status == ProviderStatus::Quiesced,
            ProviderState::Ending => {
                matches!(status, ProviderStatus::LoggingOff | ProviderStatus::ShuttingDown)
            }
        };
        assert!(agrees, "{status:?} is not what this says:\n{report}");
    }
}
