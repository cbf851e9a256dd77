//! Stores and the address book, once they are open.

use mapi_session::protocol::Rule;
use mapi_session::scripted::ScriptedLogon;
use mapi_session::{
    Environment, LogoffFlags, MapiCode, NoUi, OpenError, OpenFlags, OpenRefusal, ProviderId,
    ProviderState, Session, StoreLogoffError, StoreLogoffRefusal, UseError, UseRefusal,
};

use crate::cast::{Cast, disabled, down, failed, off, playing, skip, state};
use crate::stage::{Steps, mapi, process, settle};

/// A shared session on `Mail`, whose one service has an address book and two stores.
fn log_on(cast: &Cast) -> (Session, Steps, Environment) {
    let service = cast.service().address_book("Staff").store("Mailbox").store("Public");
    let (environment, steps) = playing(Environment::builder(), vec![("Exchange", service)]);
    let session = mapi(&environment).logon().profile("Mail").shared().call();
    (session.expect("a session survives whatever its providers do"), steps, environment)
}

fn store(session: &Session, name: &str) -> ProviderId {
    session.find_store(name).expect("the service lists it")
}

fn refusal(error: &UseError) -> UseRefusal {
    let UseError::Refused { refusal, .. } = error else { panic!("{error}") };
    *refusal
}

#[test]
fn a_store_is_used_by_what_its_provider_made_of_it() {
    let cast = Cast::new();
    let (session, _steps, _environment) = log_on(&cast);
    cast.heard();

    let mailbox = session.open_store(store(&session, "Mailbox")).call().expect("it runs");

    let part =
        mailbox.with(|logon| logon.downcast_ref::<ScriptedLogon>().map(|it| it.part().clone()));
    let part = part.expect("its service is enabled").expect("it is a scripted one");
    assert_eq!((part.session, &*part.provider), (session.id(), "Mailbox"));
    assert_eq!(cast.heard(), [], "a store that runs is not logged on again");
}

#[test]
fn the_address_book_says_what_it_lacks() {
    let cast = Cast::new();
    cast.on_logon("Staff", skip);
    cast.on_logon("Staff", skip);
    let (session, _steps, _environment) = log_on(&cast);

    let book = session.open_address_book().call().expect("it always opens");
    assert_eq!(book.code(), MapiCode::MAPI_W_ERRORS_RETURNED);
    let [missing] = book.missing() else { panic!("{:?}", book.missing()) };
    assert_eq!(
        missing.to_string(),
        "service \"Exchange\", provider \"Staff\": first logon to open it: \
         MAPI_E_FAILONEPROVIDER (0x8004011D): credentials: wrong password"
    );
    let [staff] = book.providers() else { panic!("{book:?}") };
    let refused = book.with(*staff, |_| ()).expect_err("it does not run");
    assert_eq!(refused.code(), Some(MapiCode::MAPI_E_UNKNOWN_ENTRYID));
    assert!(refused.to_string().contains("wrong password"), "{refused}");

    let book = session.open_address_book().call().expect("it always opens");
    assert_eq!((book.code(), book.missing()), (MapiCode::S_OK, &[][..]));
    book.with(*staff, |logon| assert!(logon.downcast_ref::<ScriptedLogon>().is_some()))
        .expect("it runs by now");
}

#[test]
fn a_provider_of_a_disabled_service_is_not_touched() {
    let cast = Cast::new();
    cast.on_logon("Public", skip);
    let (session, mut steps, _environment) = log_on(&cast);
    let mailbox = session.open_store(store(&session, "Mailbox")).call().expect("it runs");
    let book = session.open_address_book().call().expect("it always opens");
    mailbox.with(|_| ()).expect("its service is enabled");

    // One who opens another store takes the service from all.
    cast.on_logon("Public", || failed(MapiCode::MAPI_E_NETWORK_ERROR));
    session.open_store(store(&session, "Public")).call().expect_err("the server is away");

    assert_eq!(disabled(&session, "Exchange"), Some(MapiCode::MAPI_E_NETWORK_ERROR));
    let refused = mailbox.with(|_| panic!("it is touched")).expect_err("its service is disabled");
    assert_eq!(refusal(&refused), UseRefusal::StoreUnavailable);
    assert_eq!(refused.code(), Some(MapiCode::MAPI_E_LOGON_FAILED));
    let blamed = refused.trouble().map(|trouble| trouble.provider.clone());
    assert_eq!(blamed.as_deref(), Some("Public"));
    let refused = book.with(book.providers()[0], |_| panic!("it is touched"));
    assert_eq!(refusal(&refused.expect_err("as above")), UseRefusal::EntryUnavailable);
    assert_eq!(state(&session, "Mailbox"), ProviderState::Quiesced);
    steps.until(Rule::RefuseStoreUse);
    steps.until(Rule::RefuseEntryUse);
}

#[test]
fn children_are_invalid_once_the_session_is_logged_off() {
    let cast = Cast::new();
    let (session, _steps, environment) = log_on(&cast);
    let other = mapi(&environment).logon().join_existing().call().expect("it joins");
    let _still_initialised = session.mapi().clone();
    let mailbox = session.open_store(store(&session, "Mailbox")).call().expect("it runs");
    let book = session.open_address_book().call().expect("it always opens");

    session.logoff(LogoffFlags::empty()).expect("nobody is asked");

    let invalid = Some(MapiCode::MAPI_E_INVALID_OBJECT);
    assert_eq!(mailbox.with(|_| ()).expect_err("it is gone").code(), invalid);
    let refused = book.with(book.providers()[0], |_| ());
    assert_eq!(refused.expect_err("it is gone").code(), invalid);
    assert_eq!(mailbox.log_off().expect_err("it is gone").code(), invalid);
    assert_eq!(state(&other, "Mailbox"), ProviderState::Ready { warning: None });
}

#[test]
fn a_store_that_is_logged_off_can_be_opened_anew() {
    let cast = Cast::new();
    let (session, mut steps, _environment) = log_on(&cast);
    let id = session.id();
    let mailbox = session.open_store(store(&session, "Mailbox")).call().expect("it runs");
    cast.heard();

    mailbox.log_off().expect("it is open");
    steps.until(Rule::FreeStore);
    assert_eq!(cast.heard(), [off("Mailbox", id), down("Mailbox", id)]);
    assert_eq!(state(&session, "Mailbox"), ProviderState::NotStarted);

    let again = session.open_store(store(&session, "Mailbox")).call().expect("it starts anew");
    again.with(|_| ()).expect("it runs");
    assert_eq!(cast.heard(), [crate::cast::on("Mailbox", id)]);
}

/// `PSD-06`.
#[test]
fn a_store_lives_as_long_as_anybody_has_it_open() {
    let cast = Cast::new();
    let (session, mut steps, environment) = log_on(&cast);
    let other = mapi(&environment).logon().join_existing().call().expect("it joins");
    let open = |session: &Session| session.open_store(store(session, "Mailbox")).call();
    let (one, same) = (open(&session).expect("it runs"), open(&session).expect("it runs"));
    let elsewhere = open(&other).expect("it runs");
    cast.heard();

    drop(one);
    same.with(|_| ()).expect("it is one object with the other");
    same.log_off().expect("it is open");
    steps.until(Rule::LeaveStoreToOthers);
    elsewhere.with(|_| ()).expect("the other session has it open");
    assert_eq!(cast.heard(), []);
    drop(elsewhere);

    steps.until(Rule::FreeStore);
    assert_eq!(cast.heard(), [off("Mailbox", session.id()), down("Mailbox", session.id())]);
}

#[test]
fn the_c_arguments_and_the_builder_open_the_same() {
    let cast = Cast::new();
    let (session, _steps, _environment) = log_on(&cast);
    let mailbox = store(&session, "Mailbox");

    let flags = OpenFlags::NO_DIALOG | OpenFlags::WRITE | OpenFlags::DEFERRED_ERRORS;
    let opened = session.open_msg_store(0, mailbox, flags).expect("it runs");
    opened.with(|_| ()).expect("it is open");
    let book = session.open_address_book_ex(0, OpenFlags::NO_DIALOG).expect("it always opens");
    assert_eq!(book.code(), MapiCode::S_OK);

    let undefined = OpenFlags::from_bits_retain(0x40);
    let refused = session.open_msg_store(0, mailbox, undefined).expect_err("0x40 means nothing");
    assert_eq!(refused.code(), Some(MapiCode::MAPI_E_UNKNOWN_FLAGS));
    let refused = session.open_address_book_ex(0, OpenFlags::WRITE).expect_err("it is for stores");
    assert_eq!(refused.code(), Some(MapiCode::MAPI_E_UNKNOWN_FLAGS));
}

#[test]
fn calls_on_what_is_not_there_have_a_code_each() {
    let cast = Cast::new();
    let (session, _steps, environment) = log_on(&cast);
    let book = session.open_address_book().call().expect("it always opens");
    for nothing in [book.providers()[0], ProviderId(9)] {
        let refused = session.open_store(nothing).call().expect_err("it is no store");
        let OpenError::Refused { refusal, trouble: None } = refused else { panic!("{refused}") };
        assert_eq!(refusal, OpenRefusal::NoSuchStore);
        assert_eq!(refusal.code(), MapiCode::MAPI_E_NOT_FOUND);
    }

    let process = process(&environment, NoUi);
    let (handle, mailbox) = (session.handle(), store(&session, "Mailbox"));
    let invalid = Some(MapiCode::MAPI_E_INVALID_OBJECT);
    let opened = process.open_msg_store(handle, 0, mailbox, 0);
    assert_eq!(opened.expect_err("the handle is another's").code(), invalid);
    let used = process.use_provider(handle, mailbox, |_| ());
    assert_eq!(used.expect_err("the handle is another's").code(), invalid);
    let own = process.logon_ex(0, None, None, 0).expect("it joins").handle;
    let used = process.use_provider(own, mailbox, |_| ());
    assert_eq!(refusal(&used.expect_err("it has not opened it")), UseRefusal::NotOpen);
    let logged_off = process.store_logoff(own, mailbox);
    let unopened = StoreLogoffError::Refused(StoreLogoffRefusal::NotOpen);
    assert_eq!(logged_off, Err(unopened));
    process.uninitialize();
    let late = process.open_address_book(own, 0, 0).expect_err("it is not initialised");
    assert_eq!(late.code(), Some(MapiCode::MAPI_E_NOT_INITIALIZED));
}

#[test]
fn the_end_of_a_session_ends_what_it_has_open() {
    let cast = Cast::new();
    let (session, _steps, environment) = log_on(&cast);
    let id = session.id();
    let mailbox = session.open_store(store(&session, "Mailbox")).call().expect("it runs");
    cast.heard();

    drop(session);
    settle(&environment);

    let ended = ["Staff", "Mailbox", "Public"].map(|it| [off(it, id), down(it, id)]).concat();
    assert_eq!(cast.heard(), ended, "each once");
    drop(mailbox);
    assert_eq!(cast.heard(), []);
}
