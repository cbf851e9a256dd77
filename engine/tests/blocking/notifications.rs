//! What sinks hear of a session, and who hears nothing (`NTF-01`, `NTF-02`, `NTF-03`, `NTF-07`,
//! `NTF-08`, D-15).

use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};

use mapi_session::protocol::{Effect, Event, Rule};
use mapi_session::{
    AdviseRefusal, AdviseSink, Environment, LogoffFlags, LogonFlags, Mapi, MapiCode, NoUi,
    Notification, Process, Session, UnadviseRefusal,
};

use crate::cast::{Cast, playing};
use crate::hold::Hold;
use crate::stage::{Steps, environment, expect, furnished, mapi, process, settle};

/// A sink that says what it hears, and what it says.
pub(crate) fn ear() -> (impl AdviseSink + 'static, Receiver<Notification>) {
    let (tell, told) = channel();
    let sink = move |notification| {
        // The test may have heard enough.
        let _ = tell.send(notification);
    };
    (sink, told)
}

/// Sessions on the same shared session.
fn sharers<const N: usize>(mapi: &Mapi) -> [Session; N] {
    std::array::from_fn(|_| mapi.logon().profile("Work").shared().call().expect("Work is open"))
}

fn hears(ear: &Receiver<Notification>) -> Notification {
    expect(ear, "notification")
}

/// What was queued for anybody so far.
fn queued(steps: &mut Steps) -> Vec<Notification> {
    let effects = steps.all().iter().flat_map(|record| &record.effects);
    let queued = effects.filter_map(|effect| {
        let Effect::QueueNotification { notification, .. } = effect else { return None };
        Some(*notification)
    });
    queued.collect()
}

/// Waits until all threads have ended, and says what was heard that nobody took.
fn at_the_end(ear: &Receiver<Notification>, steps: Steps, environment: Environment) -> usize {
    steps.until_the_end_of(environment);
    ear.try_iter().count()
}

/// `LGF-08`, `NTF-03`, `NTF-08`.
#[test]
fn the_others_hear_that_a_handle_is_gone_and_the_leaver_does_not() {
    let (environment, steps) = environment();
    let mapi = mapi(&environment);
    let [leaver, first, second] = sharers(&mapi);
    let ((own, own_told), (one, one_told), (two, two_told)) = (ear(), ear(), ear());
    let connections = [
        leaver.advise(own).expect("it is logged on"),
        first.advise(one).expect("it is logged on"),
        second.advise(two).expect("it is logged on"),
    ];

    leaver.logoff(LogoffFlags::empty()).expect("nobody is asked");

    assert_eq!(hears(&one_told), Notification::Extended);
    assert_eq!(hears(&two_told), Notification::Extended);
    drop((first, second, mapi));
    settle(&environment);
    drop(connections);
    assert_eq!(at_the_end(&own_told, steps, environment), 0);
}

/// `LGF-04`, `LGF-05`, `LGF-07`, `LGF-12`, `NTF-02`.
#[test]
fn everyone_is_asked_to_log_off_and_nobody_has_to() {
    let (environment, mut steps) = environment();
    let mapi = mapi(&environment);
    let [leaver, stayer] = sharers(&mapi);
    let (sink, told) = ear();
    let _connection = stayer.advise(sink).expect("it is logged on");

    leaver.logoff(LogoffFlags::SHARED).expect("every sharer may");

    let mut heard = [hears(&told), hears(&told)];
    heard.sort();
    assert_eq!(heard, [Notification::CriticalError, Notification::Extended]);
    steps.until(Rule::LogOffShared);
    assert!(!stayer.is_shared(), "nobody joins it any more");
    let fresh = mapi.logon().profile("Work").shared().call().expect("Work is open");
    assert_ne!(fresh.id(), stayer.id());
    stayer.open_address_book().call().expect("the old session goes on");
}

/// `LGF-04`.
#[test]
fn a_request_to_log_off_means_nothing_on_an_individual_session() {
    let (environment, mut steps) = environment();
    let session = mapi(&environment).logon().profile("Work").individual().call();
    let session = session.expect("Work is open");

    session.logoff(LogoffFlags::SHARED).expect("it is a logoff like any other");

    steps.until(Rule::LogOff);
    settle(&environment);
    assert_eq!(queued(&mut steps), []);
}

/// `DST-06`, `NTF-07`.
#[test]
fn a_change_of_the_default_store_is_heard_by_all_and_by_who_made_it() {
    let cast = Cast::new();
    let service = cast.service().store("Mailbox").store("Public");
    let (environment, _steps) = playing(Environment::builder(), vec![("Exchange", service)]);
    let mapi = mapi(&environment);
    let log_on = || mapi.logon().profile("Mail").shared().call().expect("it is a session");
    let (caller, other) = (log_on(), log_on());
    let ((one, one_told), (two, two_told)) = (ear(), ear());
    let _connections =
        [caller.advise(one).expect("it is logged on"), other.advise(two).expect("it is logged on")];

    caller.set_default_store(caller.find_store("Public")).expect("it runs");

    assert_eq!(hears(&one_told), Notification::TableModified);
    assert_eq!(hears(&two_told), Notification::TableModified);
}

#[test]
fn several_changes_are_one_notification_while_it_waits() {
    let cast = Cast::new();
    let hold = Hold::new();
    let service = cast.service().store("Mailbox").store("Public");
    let builder = Environment::builder().pace(hold.clone());
    let (environment, steps) = playing(builder, vec![("Exchange", service)]);
    let mapi = mapi(&environment);
    let session = mapi.logon().profile("Mail").call().expect("it is a session");
    let (sink, told) = ear();
    let connection = session.advise(sink).expect("it is logged on");
    let leash = hold.back(|event| matches!(event, Event::NotificationDue { .. }));

    session.set_default_store(session.find_store("Public")).expect("it runs");
    leash.is_taut();
    session.set_default_store(None).expect("there may be none");
    leash.let_go();

    assert_eq!(hears(&told), Notification::TableModified);
    drop((connection, session, mapi));
    assert_eq!(at_the_end(&told, steps, environment), 0);
}

/// `LGF-13`, `NTF-03`.
#[test]
fn a_crash_is_heard_once_for_each_handle_that_left() {
    let (environment, steps) = environment();
    let mapi = mapi(&environment);
    let [stayer] = sharers(&mapi);
    let victim = process(&environment, NoUi);
    for _ in 0..3 {
        victim.logon_ex(0, None, None, 0).expect("it joins");
    }
    let (sink, told) = ear();
    let connection = stayer.advise(sink).expect("it is logged on");

    victim.crash();

    assert_eq!([hears(&told), hears(&told), hears(&told)], [Notification::Extended; 3]);
    drop((connection, stayer, victim, mapi));
    assert_eq!(at_the_end(&told, steps, environment), 0);
}

/// `NTF-09`.
#[test]
fn sinks_of_a_handle_have_a_number_each_and_end_one_by_one() {
    let (environment, mut steps) = environment();
    let mapi = mapi(&environment);
    let [session, leaver, other] = sharers(&mapi);
    let ((one, one_told), (two, two_told)) = (ear(), ear());
    let first = session.advise(one).expect("it is logged on");
    let second = session.advise(two).expect("it is logged on");
    assert_ne!(first.id(), second.id());

    first.unadvise();
    drop(leaver);
    assert_eq!(hears(&two_told), Notification::Extended);
    assert!(!steps.rules().contains(&Rule::Unadvise), "one of them is left");
    drop(second);
    steps.until(Rule::Unadvise);
    let before = queued(&mut steps).len();
    drop(other);

    assert_eq!(queued(&mut steps).len(), before, "nobody listens");
    drop((session, mapi));
    assert_eq!(at_the_end(&one_told, steps, environment), 0);
}

#[test]
fn who_ends_a_connection_still_gets_what_was_queued_and_nothing_later() {
    let hold = Hold::new();
    let (environment, steps) = furnished(Environment::builder().pace(hold.clone()));
    let mapi = mapi(&environment);
    let [session, leaver, next, other] = sharers(&mapi);
    let ((one, one_told), (two, two_told)) = (ear(), ear());
    let early = session.advise(one).expect("it is logged on");
    let leash = hold.back(|event| matches!(event, Event::NotificationDue { .. }));
    drop(leaver);
    leash.is_taut();
    drop(next);

    early.unadvise();
    let late = session.advise(two).expect("it is logged on");
    drop(other);
    leash.let_go();

    assert_eq!([hears(&one_told), hears(&one_told)], [Notification::Extended; 2]);
    assert_eq!(hears(&two_told), Notification::Extended);
    drop((late, session, mapi));
    steps.until_the_end_of(environment);
    assert_eq!((one_told.try_iter().count(), two_told.try_iter().count()), (0, 0));
}

fn shared(process: &Process) -> mapi_session::RawLogon {
    let flags = LogonFlags::ALLOW_OTHERS.bits();
    process.logon_ex(0, Some("Work"), None, flags).expect("Work is open")
}

#[test]
fn only_the_owner_of_a_live_handle_can_listen_and_stop_listening() {
    let (environment, _steps) = environment();
    let (owner, thief) = (process(&environment, NoUi), process(&environment, NoUi));
    let stranger = environment.process(NoUi);
    let (handle, other) = (shared(&owner).handle, shared(&owner).handle);
    let sink = || Arc::new(|_: Notification| {});
    let (own, told) = ear();
    let connection = owner.advise(handle, Arc::new(own)).expect("it is live");

    let refused = thief.advise(handle, sink()).expect_err("it is another's");
    assert_eq!(refused, AdviseRefusal::InvalidHandle.into());
    assert_eq!(refused.code(), Some(MapiCode::MAPI_E_INVALID_OBJECT));
    let refused = stranger.advise(handle, sink()).expect_err("it has not initialised");
    assert_eq!(refused.code(), Some(MapiCode::MAPI_E_NOT_INITIALIZED));
    let refused = thief.unadvise(handle, connection).expect_err("it is another's");
    assert_eq!(refused, UnadviseRefusal::InvalidHandle.into());
    let refused = stranger.unadvise(handle, connection).expect_err("it has not initialised");
    assert_eq!(refused.code(), Some(MapiCode::MAPI_E_NOT_INITIALIZED));
    owner.unadvise(other, connection).expect("it is none of that handle");

    owner.logoff(other, 0, 0).expect("it is live");
    assert_eq!(hears(&told), Notification::Extended, "the sink still listens");
    owner.unadvise(handle, connection).expect("it is live");
    owner.unadvise(handle, connection).expect("it has ended before");
    owner.logoff(handle, 0, 0).expect("it is live");
    let refused = owner.unadvise(handle, connection).expect_err("it is logged off");
    assert_eq!(refused.code(), Some(MapiCode::MAPI_E_INVALID_OBJECT));
}
