//! Providers that are asked about a fast shutdown, and do not simply say what they think of it.

use std::time::Duration;

use mapi_session::protocol::Rule;
use mapi_session::{
    Environment, HandleId, NoUi, Patience, Process, QueryFastShutdownError,
    QueryFastShutdownRefusal, Vote, Withdrawal,
};

use crate::cast::{Cast, Told, gate, playing};
use crate::fast_shutdown::{busy, office, refusal, vote};
use crate::stage::{StageClock, elsewhere, mapi, process};

/// `CAN-04`.
#[test]
fn a_provider_that_breaks_down_over_the_question_objects() {
    let cast = Cast::new();
    let (environment, _steps) = office(&cast, mapi_session::FastShutdownPolicy::default());
    let mapi = mapi(&environment);
    let session = busy(&mapi);
    cast.on_vote("Line", || panic!("as written"));

    let refused = refusal(session.query_fast_shutdown().map(drop));

    assert_eq!(refused, QueryFastShutdownRefusal::ProviderObjects);
}

/// `CAN-02`, `CAN-03`.
#[test]
fn a_provider_that_hangs_over_the_question_is_waited_for_no_longer_than_that() {
    let cast = Cast::new();
    let clock = StageClock::new();
    let builder = Environment::builder().clock(clock.clone());
    let services = vec![("A", cast.service().address_book("Book").store("Box"))];
    let (environment, mut steps) = playing(builder, services);
    let mapi = mapi(&environment);
    let logon = mapi.logon().profile("Mail").provider_timeout(Duration::from_secs(9));
    let session = logon.call().expect("it is open");
    let id = session.id();
    cast.heard();
    let (late, closed) = gate();
    cast.on_vote("Book", move || {
        closed.pass();
        Vote::Consents
    });

    let query = elsewhere(move || (session.query_fast_shutdown().map(drop), session));
    assert_eq!(cast.hears(), vote("Book", id));
    clock.await_sleepers(1);
    clock.advance(Duration::from_secs(9));
    let (result, session) = query.returns();
    assert_eq!(refusal(result), QueryFastShutdownRefusal::TimedOut);

    drop(late);
    steps.until(Rule::IgnoreStale);
    assert_eq!(cast.heard(), [], "the next one is not asked");
    session.query_fast_shutdown().expect("nobody objects now").carry_out().expect("it may");
}

/// What a query under way is ended by (`LGF-13`, `CAN-01`, `D-19`).
#[test]
fn a_query_ends_with_whatever_overtakes_it() {
    let cast = Cast::new();
    let (environment, _steps) = office(&cast, mapi_session::FastShutdownPolicy::default());
    let withdrawal = Withdrawal::new();
    let process = process(&environment, NoUi);
    let patience = Patience { withdrawal: Some(withdrawal.clone()), ..Patience::endless() };
    let patient = process.with_patience(patience);
    let logon = || process.logon_ex(0, Some("Mail"), None, 0x22).expect("Mail is open").handle;
    let ask = |by: &Process, handle: HandleId| {
        cast.heard();
        let (open, closed) = gate();
        cast.on_vote("Book", move || {
            closed.pass();
            Vote::Consents
        });
        let by = by.clone();
        let asked = elsewhere(move || by.query_fast_shutdown(handle));
        while !matches!(cast.hears(), Told::Vote(..)) {}
        (asked, open)
    };

    let handle = logon();
    let (first, open) = ask(&process, handle);
    let second = refusal(process.query_fast_shutdown(handle));
    assert_eq!(second, QueryFastShutdownRefusal::QueryInProgress);
    assert!(!first.has_returned());
    drop(open);
    assert_eq!(first.returns(), Ok(()));

    let (taken_back, _open) = ask(&process, handle);
    let other = logon();
    assert_eq!(refusal(taken_back.returns()), QueryFastShutdownRefusal::TakenBack);
    let (left, _open) = ask(&process, handle);
    process.release(other).expect("it is live");
    assert_eq!(refusal(left.returns()), QueryFastShutdownRefusal::LoggedOff);
    let (given_up, _open) = ask(&patient, handle);
    withdrawal.withdraw();
    assert_eq!(given_up.returns(), Err(QueryFastShutdownError::Withdrawn));
    let (crashed, _open) = ask(&process, handle);
    process.crash();
    let crashed = crashed.returns().expect_err("its client is gone");
    assert_eq!((crashed.code(), crashed), (None, QueryFastShutdownError::Withdrawn));
}

/// The callback can do what any other can; a query that it overtakes is over (`D-19`).
#[test]
fn a_provider_that_calls_back_over_the_question_takes_it_back() {
    let cast = Cast::new();
    let (environment, _steps) = office(&cast, mapi_session::FastShutdownPolicy::default());
    let process = process(&environment, NoUi);
    let handle = process.logon_ex(0, Some("Mail"), None, 0x22).expect("Mail is open").handle;
    let inner = process.clone();
    cast.on_vote("Book", move || {
        inner.delete_profile("Nobody", mapi_session::AppProfiles::Hidden).expect_err("none");
        Vote::Consents
    });

    let refused = refusal(process.query_fast_shutdown(handle));

    assert_eq!(refused, QueryFastShutdownRefusal::TakenBack);
}
