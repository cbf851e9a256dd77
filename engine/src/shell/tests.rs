//! What is left in the shell of an environment when everybody has gone.

use super::*;
use crate::environment::Environment;
use crate::error::LogonError;
use crate::mapi::Mapi;
use crate::profiles::NewProfile;
use crate::scripted::{Script, ScriptedService};
use mapi_session_core::{LogoffFlags, Notification};

struct Willing;
impl Script for Willing {}

/// One logon and what belongs to it, balanced.
fn round(mapi: &Mapi, number: usize) -> Result<(), LogonError> {
    let logon = mapi.logon().profile("Mail");
    let session = match number % 3 {
        0 => logon.individual().call()?,
        1 => logon.shared().force_download().call()?,
        _ => logon.shared().no_mail().call()?,
    };
    let connection = session.advise(|_: Notification| {}).expect("it is logged on");
    let store = session.default_store().map(|it| session.open_store(it).call());
    if number.is_multiple_of(2) {
        session.status_table().expect("nothing hangs");
        session.set_default_store(None).expect("there may be none");
    }
    drop((store, number.is_multiple_of(4).then_some(connection)));
    let flags = if number.is_multiple_of(5) { LogoffFlags::SHARED } else { LogoffFlags::empty() };
    session.logoff(flags).expect("nobody is asked");
    Ok(())
}

#[test]
fn a_wait_that_is_over_is_forgotten_while_its_handle_lives() {
    let service = ScriptedService::new(Arc::new(Willing)).transport("Smtp").with_entry();
    let environment = Environment::builder().service("Mail", service).build();
    let profile = NewProfile::new("Mail").service("Mail");
    environment.profiles().create(profile).expect("the store is empty");
    let mapi = Mapi::builder().environment(&environment).build();
    let session = mapi.logon().profile("Mail").call().expect("it is a session");
    let service = session.find_service("Mail").expect("it is listed");

    session.configure_service(service).call().expect("it does what it should");
    session.status_table().expect("nothing hangs");

    assert_eq!(environment.shell().lock().errands.len(), 0);
}

#[test]
fn what_a_process_had_is_forgotten_when_it_shuts_down_fast() {
    let service = ScriptedService::new(Arc::new(Willing)).store("Box").with_entry();
    let environment = Environment::builder().service("Mail", service).build();
    let profile = NewProfile::new("Mail").service("Mail");
    environment.profiles().create(profile).expect("the store is empty");
    let mapi = Mapi::builder().environment(&environment).build();
    let session = mapi.logon().profile("Mail").call().expect("it is a session");
    let _connection = session.advise(|_: Notification| {}).expect("it is logged on");
    mapi.profile_admin().delete("Mail").expect("it is there");

    let leave = session.query_fast_shutdown().expect("nobody objects");
    leave.carry_out().expect("it may");
    assert!(environment.settle(Duration::from_secs(60)), "the profile does not go");

    let state = environment.shell().lock();
    assert!(state.listeners.is_empty(), "somebody listens to nobody");
    let left = (state.mailboxes.len(), state.rosters.len(), state.errands.len(), state.erasures);
    assert_eq!(left, (0, 0, 0, 0), "mailboxes, rosters, errands, erasures");
    drop(state);
}

/// `FLD-03`.
#[test]
fn six_thousand_balanced_rounds_leave_nothing_behind() {
    let service = ScriptedService::new(Arc::new(Willing)).store("Box").transport("Smtp");
    let environment = Environment::builder().service("Mail", service).build();
    let profile = NewProfile::new("Mail").service("Mail");
    environment.profiles().create(profile).expect("the store is empty");
    let threads: Vec<_> = (0..4)
        .map(|_| {
            let mapi = Mapi::builder().environment(&environment).build();
            std::thread::spawn(move || (0..1_500).try_for_each(|it| round(&mapi, it)))
        })
        .collect();
    for thread in threads {
        assert_eq!(thread.join().expect("no round panics"), Ok(()));
    }
    assert!(environment.settle(Duration::from_secs(60)), "{:?}", environment.state());

    let shell = environment.shell();
    // A thread that still has the shell may be about to tidy up after itself.
    let ended = (0..100_000_000_u32).find(|_| {
        std::thread::yield_now();
        Arc::strong_count(shell) == 1
    });
    assert!(ended.is_some(), "threads do not end");
    let state = shell.lock();
    assert_eq!(state.core, Sessions::new(mapi_session_core::Limits::default()));
    let left = (state.mailboxes.len(), state.rosters.len(), state.errands.len());
    assert_eq!(left, (0, 0, 0), "mailboxes, rosters, errands");
    assert!(state.listeners.is_empty(), "somebody listens to nobody");
    assert_eq!((state.settling.len(), state.clients.len()), (0, 0));
    assert!(lock(&shell.plans).values().all(|plan| plan.strong_count() == 0));
}
