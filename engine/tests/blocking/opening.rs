//! Open calls that take time: those who wait, those who give up, those who come at the same time.

use std::time::Duration;

use mapi_session::protocol::Rule;
use mapi_session::scripted::ScriptedService;
use mapi_session::{
    Attempt, EntryFlags, Environment, MapiCode, NoUi, OpenError, OpenFlags, OpenRefusal, Opened,
    Patience, Prompts, ProviderId, ProviderState, RetryChoice, Session, UserAnswer, Withdrawal,
};

use crate::cast::{
    Cast, Logon, Told, disabled, down, failed, gate, off, on, playing, skip, state, unconfigured,
};
use crate::stage::{
    Elsewhere, StageClock, Steps, elsewhere, mapi, mapi_with_user, process, settle,
};

/// A shared session on `Mail`, whose one service has a store that was skipped, and one that runs.
fn log_on(cast: &Cast, service: ScriptedService) -> (Session, Steps, Environment, StageClock) {
    cast.on_logon("Mailbox", skip);
    let clock = StageClock::new();
    let builder = Environment::builder().clock(clock.clone());
    let (environment, steps) = playing(builder, vec![("Exchange", service)]);
    let session = mapi(&environment).logon().profile("Mail").shared().call();
    let session = session.expect("a session survives whatever its providers do");
    cast.heard();
    (session, steps, environment, clock)
}

fn two_stores(cast: &Cast) -> ScriptedService {
    cast.service().store("Mailbox").store("Public")
}

fn mailbox(session: &Session) -> ProviderId {
    session.find_store("Mailbox").expect("the service lists it")
}

fn refusal(error: &OpenError) -> OpenRefusal {
    let OpenError::Refused { refusal, .. } = error else { panic!("{error}") };
    *refusal
}

/// Opens the mailbox on a handle of its own, without a deadline.
fn open_elsewhere(
    environment: &Environment,
    store: ProviderId,
) -> Elsewhere<Result<(), OpenError>> {
    let process = process(environment, NoUi);
    elsewhere(move || {
        let handle = process.logon_ex(0, None, None, 0).expect("it joins").handle;
        process.open_msg_store(handle, 0, store, 0)
    })
}

#[test]
fn a_store_that_was_skipped_is_tried_again_when_it_is_opened() {
    let cast = Cast::new();
    let (session, _steps, _environment, _clock) = log_on(&cast, two_stores(&cast));
    cast.on_logon("Mailbox", skip);

    let refused = session.open_store(mailbox(&session)).call().expect_err("skipped again");
    assert_eq!(refusal(&refused), OpenRefusal::ProviderFailed);
    assert_eq!(disabled(&session, "Exchange"), None);
    let report = session.report();
    let failures = report.provider(mailbox(&session)).expect("it is listed").failures;
    assert_eq!(failures.len(), 1, "each series of attempts has a record of its own");
    let opened = session.open_store(mailbox(&session)).call().expect("the password is right now");

    opened.with(|_| ()).expect("it runs");
    assert_eq!(state(&session, "Mailbox"), ProviderState::Ready { warning: None });
}

#[test]
fn who_opens_with_dialogs_is_asked_and_may_correct() {
    let cast = Cast::new();
    cast.on_logon("Mailbox", skip);
    let service = two_stores(&cast).with_entry();
    let (environment, _steps) = playing(Environment::builder(), vec![("Exchange", service)]);
    let (mapi, user) = mapi_with_user(&environment);
    let session = mapi.logon().profile("Mail").call().expect("a session survives it");
    cast.heard();
    cast.on_logon("Mailbox", || failed(MapiCode::MAPI_E_LOGON_FAILED));

    let opening = elsewhere(move || {
        let opened = session.open_store(mailbox(&session)).interactive().call().map(drop);
        (session, opened)
    });
    user.sees_trouble().answer(UserAnswer::Given(RetryChoice::Correct));

    let (session, opened) = opening.returns();
    opened.expect("it was corrected");
    let flags = EntryFlags::UI_ALLOWED | EntryFlags::LOGON_FAILED;
    let told = |attempt| Told::LogOn("Mailbox".to_owned(), session.id(), attempt, Prompts::Allowed);
    let configured = Told::Configure("Exchange".to_owned(), flags);
    assert_eq!(cast.heard()[..3], [told(Attempt::First), configured, told(Attempt::Second)]);
}

#[test]
fn two_who_want_one_provider_start_it_once() {
    let cast = Cast::new();
    let (session, mut steps, environment, _clock) = log_on(&cast, two_stores(&cast));
    let (open, closed) = gate();
    cast.on_logon("Mailbox", move || {
        closed.pass();
        Ok(None)
    });

    let first = open_elsewhere(&environment, mailbox(&session));
    assert_eq!(cast.hears(), on_allowed("Mailbox", &session));
    let second = open_elsewhere(&environment, mailbox(&session));
    steps.until(Rule::WaitForProvider);
    open.send(()).expect("it is waited for");

    first.returns().expect("it starts");
    second.returns().expect("it runs");
    assert_eq!(cast.heard(), []);
    steps.until(Rule::FindStoreRunning);
}

fn on_allowed(provider: &str, session: &Session) -> Told {
    Told::LogOn(provider.to_owned(), session.id(), Attempt::First, Prompts::Allowed)
}

#[test]
fn whoever_waited_tries_for_himself_if_the_other_fails() {
    let cast = Cast::new();
    let (session, mut steps, environment, _clock) = log_on(&cast, two_stores(&cast));
    let (open, closed) = gate();
    cast.on_logon("Mailbox", move || {
        closed.pass();
        skip()
    });

    let first = open_elsewhere(&environment, mailbox(&session));
    cast.hears();
    let second = open_elsewhere(&environment, mailbox(&session));
    steps.until(Rule::WaitForProvider);
    open.send(()).expect("it is waited for");

    assert_eq!(refusal(&first.returns().expect_err("skipped")), OpenRefusal::ProviderFailed);
    second.returns().expect("the second attempt is a good one");
    steps.until(Rule::StartStoreAfterWait);
}

#[test]
fn one_handle_has_one_open_call_at_a_time() {
    let cast = Cast::new();
    let (session, _steps, environment, _clock) = log_on(&cast, two_stores(&cast));
    let (open, closed) = gate();
    cast.on_logon("Mailbox", move || {
        closed.pass();
        Ok(None)
    });
    let process = process(&environment, NoUi);
    let handle = process.logon_ex(0, None, None, 0).expect("it joins").handle;
    let store = mailbox(&session);
    let first = elsewhere({
        let process = process.clone();
        move || process.open_msg_store(handle, 0, store, 0)
    });
    cast.hears();

    let refused = process.open_address_book(handle, 0, 0).expect_err("one is under way");

    assert_eq!(refused.code(), Some(MapiCode::MAPI_E_BUSY));
    open.send(()).expect("it is waited for");
    first.returns().expect("it is not disturbed");
}

#[test]
fn a_deadline_ends_the_open_call_and_a_late_success_is_kept() {
    let cast = Cast::new();
    let (session, mut steps, _environment, clock) = log_on(&cast, two_stores(&cast));
    let (open, closed) = gate();
    cast.on_logon("Mailbox", move || {
        closed.pass();
        Ok(None)
    });

    let opening = elsewhere(move || {
        let opened = session.open_store(mailbox(&session)).call().map(drop);
        (session, opened)
    });
    cast.hears();
    clock.await_sleepers(1);
    clock.advance(Duration::from_secs(60));

    let (session, opened) = opening.returns();
    let refused = opened.expect_err("a minute is over");
    assert_eq!(refusal(&refused), OpenRefusal::TimedOut);
    let failure = &refused.trouble().expect("the provider is to blame").failure;
    assert_eq!(failure.code, MapiCode::MAPI_E_TIMEOUT);
    assert_eq!(disabled(&session, "Exchange"), None);
    assert_eq!(state(&session, "Mailbox"), ProviderState::LoggingOn);
    open.send(()).expect("it is still at it");
    steps.until(Rule::KeepLateProvider);
    session.open_store(mailbox(&session)).call().expect("it runs");
}

#[test]
fn an_open_call_has_a_deadline_for_all_of_it() {
    let cast = Cast::new();
    let service = two_stores(&cast).with_entry();
    let (session, mut steps, _environment, clock) = log_on(&cast, service);
    let (_open, closed) = gate();
    cast.on_logon("Mailbox", unconfigured);
    cast.on_entry("Exchange", move || {
        closed.pass();
        Ok(())
    });

    let opening = elsewhere(move || {
        let open = session.open_store(mailbox(&session)).timeout(Duration::from_secs(5));
        let opened = open.call().map(drop);
        (session, opened)
    });
    steps.until(Rule::ConfigureService);
    clock.await_sleepers(1);
    clock.advance(Duration::from_secs(5));

    let (_session, opened) = opening.returns();
    assert_eq!(refusal(&opened.expect_err("five seconds are over")), OpenRefusal::TimedOut);
    steps.until(Rule::LeaveEntryAtDeadline);
}

#[test]
fn a_retry_prompt_is_withdrawn_at_its_deadline() {
    let cast = Cast::new();
    cast.on_logon("Mailbox", skip);
    let clock = StageClock::new();
    let builder = Environment::builder().clock(clock.clone());
    let (environment, mut steps) = playing(builder, vec![("Exchange", two_stores(&cast))]);
    let (mapi, user) = mapi_with_user(&environment);
    let session = mapi.logon().profile("Mail").call().expect("a session survives it");
    cast.on_logon("Mailbox", || failed(MapiCode::MAPI_E_LOGON_FAILED));

    let opening =
        elsewhere(move || session.open_store(mailbox(&session)).interactive().call().map(drop));
    let asked = user.sees_trouble();
    clock.await_sleepers(1);
    clock.advance(Duration::from_secs(5 * 60));

    opening.returns().expect_err("nobody answered");
    asked.question.origin.withdrawn.wait();
    steps.until(Rule::CloseRetryPromptAtDeadline);
}

#[test]
fn an_open_call_can_be_withdrawn_while_its_provider_logs_on() {
    let cast = Cast::new();
    let (session, mut steps, environment, _clock) = log_on(&cast, two_stores(&cast));
    let (open, closed) = gate();
    cast.on_logon("Mailbox", move || {
        closed.pass();
        Ok(None)
    });
    let withdrawal = Withdrawal::new();
    let opening = elsewhere({
        let withdrawal = withdrawal.clone();
        move || {
            let opened = session.open_store(mailbox(&session)).withdraw_with(&withdrawal).call();
            (opened.map(drop), session)
        }
    });
    let told = cast.hears();

    withdrawal.withdraw();

    let (opened, session) = opening.returns();
    assert_eq!(opened, Err(OpenError::Withdrawn));
    steps.until(Rule::WithdrawOpenAmidAttempt);
    assert_eq!(told, on("Mailbox", session.id()));
    // The session goes, and with it the place for the answer.
    let id = session.id();
    drop(session);
    open.send(()).expect("it is still at it");
    settle(&environment);
    let told = cast.heard();
    let taken_back = [off("Mailbox", id), down("Mailbox", id)];
    assert!(taken_back.iter().all(|it| told.iter().filter(|told| *told == it).count() == 1));
    steps.until(Rule::TakeBackLateOfLostSession);
}

#[test]
fn a_logoff_ends_the_open_call_of_its_handle() {
    let cast = Cast::new();
    let (session, _steps, environment, _clock) = log_on(&cast, two_stores(&cast));
    let (open, closed) = gate();
    cast.on_logon("Mailbox", move || {
        closed.pass();
        Ok(None)
    });
    let process = process(&environment, NoUi);
    let handle = process.logon_ex(0, None, None, 0).expect("it joins").handle;
    let store = mailbox(&session);
    let opening = elsewhere({
        let process = process.clone();
        move || process.open_msg_store(handle, 0, store, OpenFlags::NO_DIALOG.bits())
    });
    cast.hears();

    process.logoff(handle, 0, 0).expect("it is live");

    let refused = opening.returns().expect_err("its handle is gone");
    assert_eq!(refusal(&refused), OpenRefusal::LoggedOff);
    assert_eq!(refused.code(), Some(MapiCode::MAPI_E_INVALID_OBJECT));
    open.send(()).expect("it is still at it");
}

#[test]
fn a_crash_forgets_the_attempt_and_its_success_is_taken_back() {
    let cast = Cast::new();
    let (session, mut steps, environment, _clock) = log_on(&cast, two_stores(&cast));
    let (open, closed) = gate();
    cast.on_logon("Mailbox", move || -> Logon {
        closed.pass();
        Ok(None)
    });
    let victim = process(&environment, NoUi);
    let handle = victim.logon_ex(0, None, None, 0).expect("it joins").handle;
    let store = mailbox(&session);
    let opening = elsewhere({
        let victim = victim.clone();
        move || victim.open_msg_store(handle, 0, store, OpenFlags::NO_DIALOG.bits())
    });
    assert_eq!(cast.hears(), on("Mailbox", session.id()));

    victim.crash();

    assert_eq!(opening.returns(), Err(OpenError::Withdrawn));
    steps.until(Rule::CrashClient);
    // Another may try at once, and gets a provider object of his own.
    session.open_store(store).call().expect("it runs for whoever lives").with(|_| ()).expect("ok");
    let id = session.id();
    assert_eq!(cast.hears(), on("Mailbox", id));
    let ours = [off("Mailbox", id), down("Mailbox", id)];
    assert_eq!([cast.hears(), cast.hears()], ours, "the value was dropped");
    open.send(()).expect("it is still at it");
    assert_eq!([cast.hears(), cast.hears()], ours, "and the dead one's is taken back");
    drop(session);
    settle(&environment);
    assert!(!steps.heard_a_provider_in_vain(), "nobody hears of the dead one's success");
}

#[test]
fn a_book_that_waits_for_one_provider_after_another_does_not_wait_for_ever() {
    let cast = Cast::new();
    cast.on_logon("Staff", skip);
    cast.on_logon("Friends", skip);
    let clock = StageClock::new();
    let builder = Environment::builder().clock(clock.clone());
    let service = cast.service().address_book("Staff").address_book("Friends");
    let (environment, mut steps) = playing(builder, vec![("Contacts", service)]);
    let _session = mapi(&environment).logon().profile("Mail").shared().call().expect("it is one");
    cast.heard();
    let ((open, closed), (open_next, closed_next)) = (gate(), gate());
    for (provider, closed) in [("Staff", closed), ("Friends", closed_next)] {
        cast.on_logon(provider, move || {
            closed.pass();
            Ok(None)
        });
    }
    let open_book = |patience: Patience| {
        let process = process(&environment, NoUi).with_patience(patience);
        elsewhere(move || {
            let handle = process.logon_ex(0, None, None, 0).expect("it joins").handle;
            process.open_address_book(handle, 0, OpenFlags::NO_DIALOG.bits())
        })
    };

    let first = open_book(Patience::endless());
    cast.hears();
    let turn = Some(Duration::from_secs(10));
    let second = open_book(Patience { turn, ..Patience::endless() });
    steps.until(Rule::WaitForProvider);
    open.send(()).expect("it is waited for");
    steps.until(Rule::WaitForNextOfBook);
    clock.await_sleepers(1);
    clock.advance(Duration::from_secs(10));

    let book = second.returns().expect("a book opens with what there is");
    assert_eq!(book.opened, Opened::PartOfAddressBook);
    open_next.send(()).expect("it is waited for");
    let book = first.returns().expect("it is not disturbed");
    assert_eq!(book.opened, Opened::WholeAddressBook);
}
