//! Fast shutdown: who is asked, who may object, and what is left when it has come.

use std::time::Duration;

use mapi_session::protocol::Rule;
use mapi_session::{
    Connection, DoFastShutdownError, Environment, FastShutdownPolicy, LogoffFlags, Mapi, MapiCode,
    NewProfile, NoUi, Notification, NotifyProcessShutdownError, QueryFastShutdownError,
    QueryFastShutdownRefusal, Session, SessionId, Vote,
};

use crate::cast::{Cast, Told, gate, off, on, playing};
use crate::stage::{StageClock, Steps, elsewhere, expect, is_empty, mapi, process, settle};

pub(crate) fn vote(provider: &str, session: SessionId) -> Told {
    Told::Vote(provider.to_owned(), session)
}

fn notice(provider: &str, session: SessionId) -> Told {
    Told::Notice(provider.to_owned(), session)
}

fn fast_end(provider: &str, session: SessionId) -> Told {
    Told::FastEnd(provider.to_owned(), session)
}

/// A profile with a store, an address book and a transport, in the wrong order.
pub(crate) fn office(cast: &Cast, policy: FastShutdownPolicy) -> (Environment, Steps) {
    let builder = Environment::builder().fast_shutdown(policy);
    let services = vec![
        ("A", cast.service().store("Box").transport("Line").with_entry()),
        ("B", cast.service().address_book("Book")),
    ];
    playing(builder, services)
}

/// A session in which all providers run.
pub(crate) fn busy(mapi: &Mapi) -> Session {
    let session = mapi.logon().profile("Mail").individual().call().expect("it is open");
    session.status_table().expect("nothing hangs");
    session
}

pub(crate) fn refusal(result: Result<(), QueryFastShutdownError>) -> QueryFastShutdownRefusal {
    match result {
        Err(QueryFastShutdownError::Refused(refusal)) => refusal,
        Ok(()) | Err(QueryFastShutdownError::Withdrawn) => panic!("{result:?}"),
    }
}

/// `FSD-01`, `FSD-02`, `FSD-07`, `FSD-09`.
#[test]
fn providers_are_asked_then_told_then_left_alone_session_by_session() {
    let cast = Cast::new();
    let (environment, _steps) = office(&cast, FastShutdownPolicy::AllowUnlessRefused);
    let mapi = mapi(&environment);
    let (one, two) = (busy(&mapi), busy(&mapi));
    let (first, second) = (one.id(), two.id());
    cast.heard();

    let leave = one.query_fast_shutdown().expect("nobody objects");
    let order = ["Line", "Book", "Box"];
    let all = |told: fn(&str, SessionId) -> Told| -> Vec<Told> {
        [first, second].iter().flat_map(|it| order.map(|name| told(name, *it))).collect()
    };
    assert_eq!(cast.heard(), all(vote));
    leave.notify().expect("it may");
    assert_eq!(cast.heard(), all(notice));
    leave.carry_out().expect("it may");
    assert_eq!(cast.heard(), all(fast_end));

    assert_eq!(environment.state().sessions().count(), 0);
    assert_eq!(environment.state().handles().count(), 0);
    drop((one, two, mapi));
    settle(&environment);
    assert_eq!(cast.heard(), [], "nobody is logged off or shut down");
    assert!(is_empty(&environment));
}

/// `FSD-06`: a newcomer tries everything once more.
#[test]
fn a_process_that_has_shut_down_makes_no_call_any_more() {
    let cast = Cast::new();
    let (environment, _steps) = office(&cast, FastShutdownPolicy::AllowUnlessRefused);
    let mapi = mapi(&environment);
    let session = busy(&mapi);
    let inbox = session.find_store("Box").expect("it is listed");
    let store = session.open_store(inbox).call().expect("it runs");
    let connection = session.advise(|_: Notification| {}).expect("it is logged on");

    session.query_fast_shutdown().expect("nobody objects").carry_out().expect("it may");

    let over = MapiCode::MAPI_E_NOT_INITIALIZED;
    let again = mapi.clone();
    for mapi in [&mapi, &again] {
        let refused = mapi.logon().profile("Mail").call().expect_err("it is over");
        assert_eq!(refused.code(), Some(over));
        let refused = mapi.profile_admin().delete("Mail").expect_err("it is over");
        assert_eq!(refused.code(), over);
        let refused = mapi.profile_admin().create(NewProfile::new("New")).expect_err("it is over");
        assert_eq!(refused.code(), over);
        assert_eq!(mapi.profile_admin().table().map_err(|it| it.code()), Err(over));
    }
    let refused = session.open_store(inbox).call().expect_err("it is over");
    assert_eq!(refused.code(), Some(over));
    assert_eq!(store.with(|_| ()).map_err(|it| it.code()), Err(Some(over)));
    assert_eq!(session.status_table().map_err(|it| it.code()), Err(Some(over)));
    assert_eq!(session.query_fast_shutdown().map(drop).map_err(|it| it.code()), Err(Some(over)));
    let refused = session.admin_services().add("A").expect_err("it is over");
    assert_eq!(refused.code(), Some(over));
    assert_eq!((session.default_store(), session.is_shared()), (None, false));
    connection.unadvise();
    drop(store);
    let refused = session.logoff(LogoffFlags::empty()).expect_err("it is over");
    assert_eq!(refused.error.code(), Some(over));
    drop(refused);
    drop((mapi, again));
    assert!(is_empty(&environment));
}

/// `FSD-06`: until the process itself is gone.
#[test]
fn only_the_end_of_the_process_makes_its_number_as_new() {
    let cast = Cast::new();
    let (environment, mut steps) = office(&cast, FastShutdownPolicy::AllowUnlessRefused);
    let process = process(&environment, NoUi);
    let handle = process.logon_ex(0, Some("Mail"), None, 0x22).expect("Mail is open").handle;
    process.query_fast_shutdown(handle).expect("nobody objects");
    process.do_fast_shutdown(handle).expect("it may");

    let refused = process.initialize(0, 0).expect_err("it is over");
    assert_eq!(refused.code(), MapiCode::MAPI_E_NOT_INITIALIZED);
    process.uninitialize();
    assert!(process.initialize(0, 0).is_err(), "that was no balance");
    assert_eq!(
        process.release(handle).map_err(|it| it.code()),
        Err(MapiCode::MAPI_E_NOT_INITIALIZED)
    );
    assert_eq!(
        process.notify_process_shutdown(handle),
        Err(NotifyProcessShutdownError::NotInitialized)
    );
    assert_eq!(process.do_fast_shutdown(handle), Err(DoFastShutdownError::NotInitialized));
    process.crash();
    steps.until(Rule::ForgetDeadClient);
    assert_eq!(process.initialize(0, 0), Ok(()));
}

/// `FSD-03`, `FSD-04`, `FSD-05`.
#[test]
fn the_policy_says_what_a_provider_without_the_interface_counts_as() {
    let cases = [
        (FastShutdownPolicy::AllowUnlessRefused, None),
        (FastShutdownPolicy::AllowIfAllConsent, Some(QueryFastShutdownRefusal::ProviderSilent)),
        (FastShutdownPolicy::Refuse, Some(QueryFastShutdownRefusal::Forbidden)),
    ];
    for (policy, expected) in cases {
        let cast = Cast::new();
        let (environment, _steps) = office(&cast, policy);
        let mapi = mapi(&environment);
        let session = busy(&mapi);
        cast.heard();
        cast.on_vote("Line", || Vote::Consents);
        cast.on_vote("Book", || Vote::NoInterface);

        let result = session.query_fast_shutdown().map(drop);

        let asked = cast.heard().len();
        match expected {
            None => assert_eq!((result, asked), (Ok(()), 3)),
            Some(expected) => {
                let refused = refusal(result);
                assert_eq!((refused, refused.code()), (expected, MapiCode::MAPI_E_NO_SUPPORT));
                assert_eq!(asked, if policy == FastShutdownPolicy::Refuse { 0 } else { 2 });
            }
        }
    }
}

/// `FSD-04`, `FSD-01`.
#[test]
fn where_all_must_consent_it_is_enough_that_all_do() {
    let cast = Cast::new();
    let (environment, _steps) = office(&cast, FastShutdownPolicy::AllowIfAllConsent);
    let mapi = mapi(&environment);
    let session = busy(&mapi);
    for provider in ["Line", "Book", "Box"] {
        cast.on_vote(provider, || Vote::Consents);
    }
    session.query_fast_shutdown().expect("all consent").carry_out().expect("it may");
    assert_eq!(environment.state().sessions().count(), 0);
}

/// `FSD-03`, `FSD-08`.
#[test]
fn one_objection_is_enough_and_nothing_comes_of_what_follows() {
    let cast = Cast::new();
    let (environment, _steps) = office(&cast, FastShutdownPolicy::AllowUnlessRefused);
    let process = process(&environment, NoUi);
    let logon = process.logon_ex(0, Some("Mail"), None, 0x22).expect("Mail is open");
    let (handle, session) = (logon.handle, logon.session);
    cast.heard();
    cast.on_vote("Book", || Vote::Objects);

    let refused = refusal(process.query_fast_shutdown(handle));
    assert_eq!(refused, QueryFastShutdownRefusal::ProviderObjects);
    assert_eq!(refused.code(), MapiCode::MAPI_E_NO_SUPPORT);
    assert_eq!(cast.heard(), [vote("Book", session)], "and nobody after it is asked");
    assert_eq!(process.notify_process_shutdown(handle), Ok(()), "which is harmless");
    assert_eq!(process.do_fast_shutdown(handle), Err(DoFastShutdownError::NotAllowed));
    let code = DoFastShutdownError::NotAllowed.code();
    assert_eq!(code, MapiCode::MAPI_E_NO_SUPPORT);
    assert_eq!(cast.heard(), []);
    assert_eq!(process.release(handle), Ok(()), "the handle is what it was");
}

/// `FSD-01`, `D-19`: leave is taken back by what the process does next.
#[test]
fn leave_stands_until_the_process_goes_on_with_something_else() {
    let cast = Cast::new();
    let (environment, _steps) = office(&cast, FastShutdownPolicy::AllowUnlessRefused);
    let mapi = mapi(&environment);
    let session = busy(&mapi);
    let inbox = session.find_store("Box").expect("it is listed");
    let goes_on: [(&str, &dyn Fn()); 4] = [
        ("a logon", &|| drop(mapi.logon().profile("Nobody").call())),
        ("an open call", &|| drop(session.open_store(inbox).call())),
        ("administration of profiles", &|| {
            let _ = mapi.profile_admin().delete("Nobody");
        }),
        ("administration of services", &|| drop(session.admin_services().add("Telex"))),
    ];
    for (what, go_on) in goes_on {
        let leave = session.query_fast_shutdown().expect("nobody objects");
        go_on();
        cast.heard();
        leave.notify().expect("it succeeds in any case");
        assert_eq!(cast.heard(), [], "somebody is told after {what}");
        assert_eq!(leave.carry_out(), Err(DoFastShutdownError::NotAllowed), "{what}");
    }
    assert_eq!(session.query_fast_shutdown().expect("nobody objects").carry_out(), Ok(()));
}

/// `THR-03`, `INI-01`.
#[test]
fn only_who_has_a_live_handle_can_ask() {
    let cast = Cast::new();
    let (environment, _steps) = office(&cast, FastShutdownPolicy::Refuse);
    let (owner, other) = (process(&environment, NoUi), process(&environment, NoUi));
    let handle = owner.logon_ex(0, Some("Mail"), None, 0x22).expect("Mail is open").handle;

    let object = MapiCode::MAPI_E_INVALID_OBJECT;
    assert_eq!(refusal(other.query_fast_shutdown(handle)).code(), object);
    let notified = other.notify_process_shutdown(handle).expect_err("it is not its own");
    assert_eq!(notified.code(), object);
    let done = other.do_fast_shutdown(handle).expect_err("it is not its own");
    assert_eq!(done.code(), object);
    let nobody = environment.process(NoUi);
    let initialized = MapiCode::MAPI_E_NOT_INITIALIZED;
    assert_eq!(refusal(nobody.query_fast_shutdown(handle)).code(), initialized);
    assert_eq!(nobody.notify_process_shutdown(handle).map_err(|it| it.code()), Err(initialized));
    assert_eq!(nobody.do_fast_shutdown(handle).map_err(|it| it.code()), Err(initialized));
}

/// `FSD-09`, `NTF-03`: the others of a shared session hear of it, and nothing else happens to them.
#[test]
fn a_session_that_another_process_shares_goes_on() {
    let cast = Cast::new();
    let (environment, _steps) = office(&cast, FastShutdownPolicy::AllowUnlessRefused);
    let (one, two) = (mapi(&environment), mapi(&environment));
    let shared = one.logon().profile("Mail").shared().call().expect("it is open");
    let alone = one.logon().profile("Mail").individual().call().expect("it is open");
    let theirs = two.logon().join_existing().call().expect("it joins");
    let (ear, heard) = std::sync::mpsc::channel();
    let listen = move |notification: Notification| {
        let _ = ear.send(notification);
    };
    let _connection: Connection = theirs.advise(listen).expect("it is logged on");
    let (shared_id, alone_id) = (shared.id(), alone.id());
    cast.heard();

    let leave = alone.query_fast_shutdown().expect("nobody objects");
    let asked = [shared_id, alone_id].map(|it| ["Book", "Box"].map(|name| vote(name, it)));
    assert_eq!(cast.heard(), asked.concat());
    leave.carry_out().expect("it may");

    assert_eq!(cast.heard(), [fast_end("Book", alone_id), fast_end("Box", alone_id)]);
    assert_eq!(expect(&heard, "notification"), Notification::Extended);
    let inbox = theirs.find_store("Box").expect("it is listed");
    theirs.open_store(inbox).call().expect("it runs").with(|_| ()).expect("it can be used");
    assert!(theirs.is_shared());
    drop((shared, theirs));
    settle(&environment);
    assert_eq!(cast.hears(), off("Box", shared_id).clone());
}

/// `FSD-09`: whoever is slow to hear of it keeps neither the caller for ever nor the next one.
#[test]
fn a_provider_that_hangs_over_the_news_keeps_nobody_longer_than_that() {
    let cast = Cast::new();
    let clock = StageClock::new();
    let builder = Environment::builder().clock(clock.clone());
    let services = vec![("A", cast.service().address_book("Book").store("Box"))];
    let (environment, _steps) = playing(builder, services);
    let mapi = mapi(&environment);
    let logon = mapi.logon().profile("Mail").provider_timeout(Duration::from_secs(9));
    let session = logon.call().expect("it is open");
    let id = session.id();
    cast.heard();
    let (_hung, closed) = gate();
    cast.on_fast_end("Book", move || closed.pass());
    cast.on_fast_end("Box", || panic!("as written"));

    let done = elsewhere(move || session.query_fast_shutdown().expect("willing").carry_out());
    while cast.hears() != fast_end("Book", id) {}
    clock.await_sleepers(1);
    assert!(!done.has_returned());
    clock.advance(Duration::from_secs(9));

    assert_eq!(done.returns(), Ok(()));
    assert_eq!(cast.hears(), fast_end("Box", id));
}

/// `FSD-09`, `CAN-03`: what comes back late is dropped, and not logged off.
#[test]
fn an_attempt_that_succeeds_after_the_end_is_dropped() {
    let cast = Cast::new();
    let services = vec![("A", cast.service().store("Box").transport("Line"))];
    let (environment, steps) = playing(Environment::builder(), services);
    let mapi = mapi(&environment);
    let session = mapi.logon().profile("Mail").individual().call().expect("it is open");
    let id = session.id();
    let (open, closed) = gate();
    cast.on_logon("Line", move || {
        closed.pass();
        Ok(None)
    });
    session.start_transports();
    let mut told = Vec::new();
    while !told.contains(&on("Line", id)) {
        told.push(cast.hears());
    }

    session.query_fast_shutdown().expect("nobody objects").carry_out().expect("it may");
    assert_eq!(environment.state().sessions().count(), 0);
    drop(open);
    drop((session, mapi));
    steps.until_the_end_of(environment);

    assert_eq!(cast.heard(), [vote("Box", id), fast_end("Box", id)]);
}

/// `ADM-10`, `FSD-09`: the last user is gone with it.
#[test]
fn a_deleted_profile_goes_with_a_session_that_ends_fast() {
    let cast = Cast::new();
    let (environment, _steps) = office(&cast, FastShutdownPolicy::AllowUnlessRefused);
    let mapi = mapi(&environment);
    let session = mapi.logon().profile("Mail").individual().call().expect("it is open");
    let (id, key) = (session.id(), session.profile_snapshot().key);
    mapi.profile_admin().delete("Mail").expect("it is there");
    cast.heard();

    let leave = session.query_fast_shutdown().expect("nobody objects");
    cast.heard();
    leave.carry_out().expect("it may");
    settle(&environment);

    let told = [fast_end("Book", id), fast_end("Box", id), Told::Delete("A".to_owned())];
    assert_eq!(cast.heard(), told);
    assert!(!environment.state().is_in_use(key));
}

/// `FSD-09`, `LGF-13`: its calls under way end as after a crash.
#[test]
fn the_calls_of_a_process_that_shuts_down_return_without_an_answer() {
    let cast = Cast::new();
    let services = vec![("A", cast.service().store("Box").with_entry())];
    let (environment, _steps) = playing(Environment::builder(), services);
    let process = process(&environment, NoUi);
    let handle = process.logon_ex(0, Some("Mail"), None, 0x22).expect("Mail is open").handle;
    let (_hung, closed) = gate();
    cast.heard();
    cast.on_logon("Box", move || {
        closed.pass();
        Ok(None)
    });
    let inner = process.clone();
    let logon = elsewhere(move || inner.logon_ex(0, Some("Mail"), None, 0x22));
    while !matches!(cast.hears(), Told::LogOn(..)) {}

    process.query_fast_shutdown(handle).expect("the logon came before");
    process.do_fast_shutdown(handle).expect("it may");

    assert_eq!(logon.returns().map(drop), Err(mapi_session::LogonError::Withdrawn));
    assert_eq!(environment.state().mutex(), None);
}
