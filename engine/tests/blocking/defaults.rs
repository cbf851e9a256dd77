//! The default store, and who the user is (`DST-01` to `DST-09`, `IDN-01` to `IDN-06`, D-32).

use mapi_session::protocol::Rule;
use mapi_session::scripted::ScriptedService;
use mapi_session::{
    Environment, Identity, LogonFlags, MapiCode, NoUi, PrimaryIdentity, ProviderId, ProviderRow,
    ResourceFlags, Session, SetDefaultStoreError, SetDefaultStoreRefusal,
};

use crate::cast::{Cast, playing, skip};
use crate::stage::{Steps, mapi, process};

fn log_on(service: ScriptedService) -> (Session, Steps, Environment) {
    let (environment, steps) = playing(Environment::builder(), vec![("Exchange", service)]);
    let session = mapi(&environment).logon().profile("Mail").shared().call();
    (session.expect("it is a session"), steps, environment)
}

/// The names of the stores that are the default one.
fn defaults(session: &Session) -> Vec<String> {
    let stores = session.stores().into_iter();
    stores.filter(|store| store.is_default).map(|store| store.name).collect()
}

/// `DST-01`, `DST-02`, `DST-04`, `DST-09`.
#[test]
fn the_first_store_is_the_default_one_unless_another_is_marked() {
    let none = ResourceFlags::NO_DEFAULT_STORE;
    let primary = ResourceFlags::PRIMARY_STORE;
    let secondary = ResourceFlags::SECONDARY_STORE;
    let cases = [
        (None, None, None, Some("One")),
        (Some(none | primary), None, None, Some("Two")),
        (None, Some(secondary), None, Some("Two")),
        (None, Some(secondary), Some(primary), Some("Three")),
        (Some(ResourceFlags::empty()), Some(none), Some(none), None),
    ];
    for (one, two, three, expected) in cases {
        let cast = Cast::new();
        let marked = |service: ScriptedService, flags: Option<ResourceFlags>| match flags {
            None => service,
            Some(flags) => service.resource_flags(flags),
        };
        let service = marked(cast.service().store("One"), one);
        let service = marked(marked(service.store("Two"), two).store("Three"), three);

        let (session, _steps, _environment) = log_on(service);

        assert_eq!(session.default_store(), expected.and_then(|it| session.find_store(it)));
        assert_eq!(defaults(&session), Vec::from_iter(expected));
    }
}

#[test]
fn a_store_that_does_not_run_is_not_taken() {
    let cast = Cast::new();
    cast.on_logon("One", skip);
    let primary = ResourceFlags::PRIMARY_STORE;
    let service = cast.service().store("One").resource_flags(primary).store("Two");

    let (session, _steps, _environment) = log_on(service);

    assert_eq!(defaults(&session), ["Two"]);
}

/// `DST-05`, `DST-07`.
#[test]
fn a_choice_holds_for_everybody_in_the_session_and_for_no_other() {
    let cast = Cast::new();
    let (session, mut steps, environment) = log_on(cast.service().store("One").store("Two"));
    let mapi = mapi(&environment);
    let joined = mapi.logon().join_existing().call().expect("it joins");
    let two = session.find_store("Two");

    joined.set_default_store(two).expect("it runs");
    steps.until(Rule::SetDefaultStore);

    assert_eq!((session.default_store(), joined.default_store()), (two, two));
    let other = mapi.logon().profile("Mail").individual().call().expect("it is a session");
    assert_eq!(defaults(&other), ["One"], "the profile is what it was");
    session.set_default_store(None).expect("there may be none");
    assert_eq!(joined.default_store(), None);
    assert_eq!(defaults(&joined), Vec::<String>::new());
}

#[test]
fn only_a_store_that_runs_and_may_be_is_made_the_default_one() {
    let cast = Cast::new();
    cast.on_logon("Down", skip);
    let service = cast.service().store("One").store("Down").address_book("Staff").store("Never");
    let (session, _steps, environment) =
        log_on(service.resource_flags(ResourceFlags::NO_DEFAULT_STORE));
    let unfit = SetDefaultStoreError::Refused(SetDefaultStoreRefusal::Unfit);

    for store in [1, 2, 3, 4].map(|place| Some(ProviderId(place))) {
        assert_eq!(session.set_default_store(store), Err(unfit), "{store:?}");
    }

    assert_eq!(unfit.code(), Some(MapiCode::MAPI_E_NO_ACCESS));
    assert_eq!(defaults(&session), ["One"]);
    let (thief, stranger) = (process(&environment, NoUi), environment.process(NoUi));
    let code = |process: &mapi_session::Process| {
        let refused = process.set_default_store(session.handle(), None);
        refused.expect_err("it is another's").code().expect("it is answered")
    };
    assert_eq!(code(&thief), MapiCode::MAPI_E_INVALID_OBJECT);
    assert_eq!(code(&stranger), MapiCode::MAPI_E_NOT_INITIALIZED);
}

#[test]
fn a_store_that_is_logged_off_takes_its_role_with_it() {
    let cast = Cast::new();
    let (session, mut steps, _environment) = log_on(cast.service().store("One").store("Two"));
    let one = session.find_store("One").expect("it is listed");

    session.open_store(one).call().expect("it runs").log_off().expect("it is open");

    steps.until(Rule::LogOffDefaultStore);
    assert_eq!(session.default_store(), None, "nobody succeeds it");
}

fn person(name: &str) -> Identity {
    Identity {
        display_name: name.to_owned(),
        entry_id: name.bytes().rev().collect(),
        search_key: name.to_uppercase().into_bytes(),
    }
}

fn row(name: &str) -> ProviderRow {
    ProviderRow::new(name).identity(person(name))
}

/// `IDN-05`.
#[test]
fn the_user_is_who_the_provider_with_the_primary_identity_says() {
    let cast = Cast::new();
    cast.on_status("One", row("John"));
    cast.on_status("Two", row("Jane"));
    let primary = ResourceFlags::PRIMARY_IDENTITY;
    let service = cast.service().store("One").store("Two").resource_flags(primary);

    let (session, _steps, _environment) = log_on(service);

    let provider = session.find_store("Two").expect("it is listed");
    let known = PrimaryIdentity::Known { identity: person("Jane"), provider };
    assert_eq!((session.identity().code(), session.identity()), (MapiCode::S_OK, known));
}

#[test]
fn without_one_the_user_is_who_the_first_provider_says_that_says_anything() {
    let cast = Cast::new();
    cast.on_status("One", ProviderRow::new("of no use"));
    cast.on_status("Two", row("Jane"));
    cast.on_status("Three", row("John"));
    let service = cast.service().store("One").resource_flags(ResourceFlags::PRIMARY_IDENTITY);

    let (session, _steps, _environment) = log_on(service.store("Two").store("Three"));

    let provider = session.find_store("Two").expect("it is listed");
    let known = PrimaryIdentity::Known { identity: person("Jane"), provider };
    assert_eq!(session.identity(), known);
}

#[test]
fn a_user_of_whom_nobody_says_anything_is_unknown_and_nothing_starts_for_that() {
    let cast = Cast::new();
    cast.on_status("Smtp", row("Jane"));
    let (session, mut steps, environment) = log_on(cast.service().store("One").transport("Smtp"));

    assert_eq!(session.identity(), PrimaryIdentity::Unknown);
    assert_eq!(session.identity().code(), MapiCode::MAPI_W_NO_SERVICE);
    assert!(!steps.rules().contains(&Rule::StartTransports));

    // Once it runs the transport says something, to those who see it.
    session.status_table().expect("nothing hangs");
    let provider = session.find_transport("Smtp").expect("it is listed");
    let known = PrimaryIdentity::Known { identity: person("Jane"), provider };
    assert_eq!(session.identity(), known);
    let quiet = process(&environment, NoUi);
    let logon = quiet.logon_ex(0, None, None, LogonFlags::NO_MAIL.bits()).expect("it joins");
    assert_eq!(quiet.query_identity(logon.handle), Ok(PrimaryIdentity::Unknown));
}
