//! Profiles that are deleted, renamed and edited while sessions use them.

use mapi_session::protocol::{Event, Rule, Services};
use mapi_session::{
    AdminError, AppProfiles, Environment, LogoffFlags, LogonError, LogonRefusal, Mapi, MapiCode,
    NewProfile, ProfileChosen, ProfileKey, SecretString, Session, UserAnswer,
};

use crate::cast::{Cast, Told, down, gate, off, on, playing};
use crate::hold::Hold;
use crate::stage::{elsewhere, environment, furnished, mapi, mapi_with_user, settle};

fn names(environment: &Environment) -> Vec<String> {
    let names = environment.profiles().names(AppProfiles::Listed);
    names.into_iter().map(|name| name.to_string()).collect()
}

fn own(mapi: &Mapi, profile: &str) -> Session {
    mapi.logon().profile(profile).individual().call().expect("it is open")
}

fn key(session: &Session) -> ProfileKey {
    session.profile_snapshot().key
}

const GONE: LogonError = LogonError::Refused(LogonRefusal::ProfileGone);

/// `ADM-10`, `ADM-11`, `ADM-13`, `D-17`.
#[test]
fn a_profile_deleted_under_a_session_lives_on_beside_a_new_one_of_its_name() {
    let (environment, _steps) = environment();
    let mapi = mapi(&environment);
    let admin = mapi.profile_admin();
    let old = mapi.logon().profile("Work").shared().call().expect("Work is open");

    admin.delete("Work").expect("it is there");

    assert_eq!(names(&environment), ["Safe"]);
    assert_eq!(admin.delete("Work"), Err(AdminError::ProfileNotFound), "nobody finds it");
    let refused = mapi.logon().profile("Work").individual().call().expect_err("nor logs on to it");
    assert_eq!(refused.code(), Some(MapiCode::MAPI_E_LOGON_FAILED));
    let joined = mapi.logon().join_existing().call().expect("its session can be joined");
    let created = admin.create(NewProfile::new("Work").service("Fax")).expect("the name is free");
    let new = own(&mapi, "Work");
    assert_eq!(key(&joined), key(&old));
    assert_eq!(key(&new), created.key);
    assert_ne!(key(&new), key(&old));
    let marked = key(&old);
    assert!(environment.state().is_in_use(marked));

    drop((old, joined));
    settle(&environment);
    assert_eq!(names(&environment), ["Safe", "Work"]);
    assert!(!environment.state().is_in_use(marked));
    assert_eq!(own(&mapi, "Work").profile_snapshot().services, ["Fax"]);
}

/// `ADM-10`, `ADM-12`: once, after the last session and its providers, each service.
#[test]
fn the_services_of_a_deleted_profile_are_told_after_its_last_session() {
    let cast = Cast::new();
    let services = vec![
        ("A", cast.service().store("Box").with_entry()),
        ("B", cast.service().with_entry()),
        ("C", cast.service()),
    ];
    let (environment, _steps) = playing(Environment::builder(), services);
    let mapi = mapi(&environment);
    let (one, two) = (own(&mapi, "Mail"), own(&mapi, "Mail"));
    let (first, second) = (one.id(), two.id());
    assert_eq!(cast.heard(), [on("Box", first), on("Box", second)]);

    mapi.profile_admin().delete("Mail").expect("it is there");
    drop(one);
    settle(&environment);
    assert_eq!(cast.heard(), [off("Box", first), down("Box", first)]);
    drop(two);
    settle(&environment);

    let told = |service: &str| Told::Delete(service.to_owned());
    assert_eq!(cast.heard(), [off("Box", second), down("Box", second), told("A"), told("B")]);
}

/// `ADM-12`, `SVC-05`: the caller waits for them, and nobody sees the profile meanwhile.
#[test]
fn the_services_of_a_profile_that_nobody_uses_are_told_before_its_deletion_returns() {
    let cast = Cast::new();
    let services = vec![("A", cast.service().with_entry()), ("B", cast.service().with_entry())];
    let (environment, _steps) = playing(Environment::builder(), services);
    let mapi = mapi(&environment);
    let (open, closed) = gate();
    cast.on_delete("A", move || closed.pass());

    let deleted = elsewhere(move || mapi.profile_admin().delete("Mail"));

    assert_eq!(cast.hears(), Told::Delete("A".to_owned()));
    assert!(!deleted.has_returned());
    assert_eq!(names(&environment), ["Safe", "Work"]);
    drop(open);
    assert_eq!(deleted.returns(), Ok(()));
    assert_eq!(cast.heard(), [Told::Delete("B".to_owned())]);
}

/// `ADM-14`, `D-17`.
#[test]
fn a_profile_in_use_is_renamed_after_its_last_session() {
    let (environment, _steps) = environment();
    let mapi = mapi(&environment);
    let admin = mapi.profile_admin();
    let session = own(&mapi, "Work");

    admin.rename("Work", "Archive").expect("the name is free");
    assert_eq!(names(&environment), ["Safe", "Work"]);
    assert_eq!(
        admin.create(NewProfile::new("archive")).map(drop).map_err(|it| it.code()),
        Err(MapiCode::MAPI_E_NO_ACCESS),
        "it is reserved"
    );
    let furnished = environment.profiles().create(NewProfile::new("Archive"));
    assert_eq!(furnished.map_err(|it| it.code()), Err(MapiCode::MAPI_E_NO_ACCESS));
    assert_eq!(admin.rename("Work", "ARCHIVE"), Err(AdminError::NameTaken), "for itself too");
    let refused = mapi.logon().profile("Archive").individual().call().expect_err("not yet");
    assert_eq!(refused, LogonError::Refused(LogonRefusal::ProfileNotFound));
    admin.rename("Work", "Attic").expect("the last accepted one counts");
    admin.create(NewProfile::new("Archive")).expect("which frees the other name");
    let again = own(&mapi, "Work");

    drop(session);
    settle(&environment);
    assert_eq!(names(&environment), ["Archive", "Safe", "Work"], "it is still in use");
    assert_eq!(again.profile().as_str(), "Work");
    let key = key(&again);
    drop(again);
    settle(&environment);

    assert_eq!(names(&environment), ["Archive", "Attic", "Safe"]);
    assert_eq!(self::key(&own(&mapi, "Attic")), key);
    let default = mapi.logon().default_profile().individual().call().expect("it is marked still");
    assert_eq!(default.profile().as_str(), "Attic");
}

/// `ADM-14`, `D-17`.
#[test]
fn a_rename_to_the_present_name_and_a_deletion_take_one_back() {
    let (environment, _steps) = environment();
    let mapi = mapi(&environment);
    let admin = mapi.profile_admin();
    let session = own(&mapi, "Work");
    admin.rename("Work", "Archive").expect("the name is free");
    admin.copy("Work", "Twin").expect("a copy is made without it");

    admin.rename("Work", "WORK").expect("that is its name");
    admin.create(NewProfile::new("Archive")).expect("nobody is to have it");
    drop(session);
    settle(&environment);
    assert_eq!(names(&environment), ["Archive", "Safe", "Twin", "Work"]);

    let session = own(&mapi, "Work");
    admin.rename("Work", "Attic").expect("the name is free");
    admin.delete("Work").expect("it is there");
    admin.create(NewProfile::new("Attic")).expect("nobody is to have it");
    drop(session);
    settle(&environment);
    assert_eq!(names(&environment), ["Archive", "Attic", "Safe", "Twin"]);
}

/// `ADM-11`: log on, then delete at once.
#[test]
fn a_temporary_profile_serves_one_session_and_is_gone() {
    let cast = Cast::new();
    let services = vec![("A", cast.service().store("Box").with_entry().single_copy())];
    let (environment, _steps) = playing(Environment::builder(), services);
    let mapi = mapi(&environment);
    let admin = mapi.profile_admin();
    admin.create(NewProfile::new("Once").service("A")).expect("the name is free");
    let session = own(&mapi, "Once");
    admin.delete("Once").expect("it is there");
    cast.heard();

    let store = session.find_store("Box").expect("it is listed");
    session.open_store(store).call().expect("it runs").with(|_| ()).expect("it can be used");
    let table = session.admin_services().table().expect("its services are there still");
    assert_eq!(table.len(), 1);
    let id = session.id();
    session.logoff(LogoffFlags::empty()).expect("nobody is asked");
    settle(&environment);

    assert_eq!(cast.heard(), [off("Box", id), down("Box", id), Told::Delete("A".to_owned())]);
    assert_eq!(names(&environment), ["Mail", "Safe", "Work"]);
    assert_eq!(
        admin.admin_services("Once").map(drop).map_err(|it| it.code()),
        Err(MapiCode::MAPI_E_LOGON_FAILED)
    );
}

/// `ADM-13`, `PRF-11`: the key counts, not the name.
#[test]
fn the_right_password_does_not_open_a_profile_of_the_same_name() {
    let (environment, mut steps) = environment();
    let (asking, user) = mapi_with_user(&environment);
    let mapi = mapi(&environment);
    let admin = mapi.profile_admin();
    let logon = elsewhere(move || asking.logon().profile("Safe").ask_for_password().call());
    let prompt = user.sees_password_prompt();

    admin.delete("Safe").expect("nobody uses it yet");
    admin.create(NewProfile::new("Safe").password("tulip")).expect("the name is free");
    prompt.answer(UserAnswer::Given(SecretString::from("tulip")));

    let refused = logon.returns().expect_err("its profile is gone");
    assert_eq!(refused, GONE);
    assert_eq!(refused.code(), Some(MapiCode::MAPI_E_LOGON_FAILED));
    steps.until(Rule::RefuseBuildOnGoneProfile);
}

/// `ADM-11`: found while unmarked, marked before the session is built.
#[test]
fn a_profile_marked_under_a_logon_is_not_built_on() {
    let (environment, _steps) = environment();
    let (asking, user) = mapi_with_user(&environment);
    let mapi = mapi(&environment);
    let using = mapi.logon().profile("Safe").password("tulip").individual().call().expect("right");
    let logon =
        elsewhere(move || asking.logon().profile("Safe").individual().ask_for_password().call());
    let prompt = user.sees_password_prompt();

    mapi.profile_admin().delete("Safe").expect("it is marked");
    prompt.answer(UserAnswer::Given(SecretString::from("tulip")));

    assert_eq!(logon.returns().map(drop), Err(GONE));
    assert_eq!(using.profile().as_str(), "Safe");
}

#[test]
fn a_wrong_password_of_a_profile_that_is_gone_is_not_called_wrong() {
    let hold = Hold::new();
    let checked = hold.back(|event| matches!(event, Event::PasswordChecked { .. }));
    let (environment, mut steps) = furnished(Environment::builder().pace(hold));
    let (one, two) = (mapi(&environment), mapi(&environment));
    let logon = elsewhere(move || one.logon().profile("Safe").password("wrong").call());
    checked.is_taut();

    two.profile_admin().delete("Safe").expect("nobody uses it");
    checked.let_go();

    assert_eq!(logon.returns().map(drop), Err(GONE));
    steps.until(Rule::RefuseCheckOfGoneProfile);
}

/// `PRF-11`: the chooser's answer is a name, which counts when it is given.
#[test]
fn the_chooser_picks_whoever_bears_the_name_by_then() {
    let (environment, _steps) = environment();
    let (asking, user) = mapi_with_user(&environment);
    let mapi = mapi(&environment);
    let admin = mapi.profile_admin();
    let logon = elsewhere(move || asking.logon().ask_for_profile().call());
    let chooser = user.sees_chooser();
    assert_eq!(chooser.question.profiles.len(), 2);

    admin.delete("Work").expect("nobody uses it");
    let created = admin.create(NewProfile::new("Work")).expect("the name is free");
    chooser.answer(UserAnswer::Given(ProfileChosen::named("work")));

    assert_eq!(key(&logon.returns().expect("it is open")), created.key);
}

/// What the step is told of the services is what they are in that step (`ADM-19`).
#[test]
fn a_session_has_the_services_of_the_moment_it_is_built() {
    let hold = Hold::new();
    let built = hold.back(|event| matches!(event, Event::ServicesRead { .. }));
    let fax = Cast::new().service().store("Inbox");
    let (environment, mut steps) = furnished(Environment::builder().service("Fax", fax).pace(hold));
    let (one, two) = (mapi(&environment), mapi(&environment));
    let logon = elsewhere(move || one.logon().profile("Work").call());
    built.is_taut();

    let admin = two.profile_admin().admin_services("Work").expect("it is there");
    admin.add("Fax").expect("the environment has it");
    built.let_go();

    let session = logon.returns().expect("it is open");
    assert_eq!(session.profile_snapshot().services, ["Fax"]);
    assert!(session.find_store("Inbox").is_some());
    let read = steps.all().iter().find_map(|record| {
        let Event::ServicesRead { services, .. } = &record.event else { return None };
        Some(services.clone())
    });
    let none = Services::new(vec![]).expect("it is not too many");
    assert_ne!(read.flatten(), Some(none));
}

/// `CAN-04`, `ADM-12`: it is told, and whatever it does is its own affair.
#[test]
fn an_entry_function_that_panics_over_a_deletion_keeps_nobody() {
    let cast = Cast::new();
    let services = vec![("A", cast.service().with_entry()), ("B", cast.service().with_entry())];
    let (environment, _steps) = playing(Environment::builder(), services);
    let mapi = mapi(&environment);
    cast.on_delete("A", || panic!("as written"));
    cast.on_delete("B", || panic!("as written"));
    let session = own(&mapi, "Mail");

    mapi.profile_admin().delete("Mail").expect("it is there");
    drop(session);
    settle(&environment);
    let told = |service: &str| Told::Delete(service.to_owned());
    assert_eq!(cast.heard(), [told("A"), told("B")]);
}

/// `ADM-12`, `LGF-13`: who is gone does not wait, and no service is left untold.
#[test]
fn the_services_are_told_of_a_deletion_whose_caller_crashes() {
    let cast = Cast::new();
    let services = vec![("A", cast.service().with_entry()), ("B", cast.service().with_entry())];
    let (environment, _steps) = playing(Environment::builder(), services);
    let process = crate::stage::process(&environment, mapi_session::NoUi);
    let (_never, closed) = gate();
    cast.on_delete("A", move || closed.pass());
    let inner = process.clone();
    let deleted = elsewhere(move || inner.delete_profile("Mail", AppProfiles::Hidden));
    assert_eq!(cast.hears(), Told::Delete("A".to_owned()));

    process.crash();

    assert_eq!(deleted.returns(), Ok(()));
    assert_eq!(cast.hears(), Told::Delete("B".to_owned()));
}

/// No lock is held while anybody is asked: what a dialog creates can be picked in it.
#[test]
fn the_chooser_can_pick_a_profile_that_was_created_while_it_was_open() {
    let (environment, _steps) = environment();
    let (asking, user) = mapi_with_user(&environment);
    let logon = elsewhere(move || asking.logon().ask_for_profile().call());
    let chooser = user.sees_chooser();

    mapi(&environment).profile_admin().create(NewProfile::new("Fresh")).expect("the name is free");
    chooser.answer(UserAnswer::Given(ProfileChosen::named("Fresh")));

    assert_eq!(logon.returns().expect("it is open").profile().as_str(), "Fresh");
}

/// Providers and entry functions administer as anybody may, in the midst of a logon or of
/// administration.
#[test]
fn whoever_is_called_can_administer_the_profile_that_it_is_called_for() {
    let cast = Cast::new();
    let services = vec![("A", cast.service().store("Box").with_entry())];
    let (environment, _steps) = playing(Environment::builder(), services);
    let process = crate::stage::process(&environment, mapi_session::NoUi);
    let (on_logon, on_delete) = (process.clone(), process.clone());
    cast.on_logon("Box", move || {
        on_logon.delete_profile("Mail", AppProfiles::Hidden).expect("it is marked");
        Ok(None)
    });
    cast.on_delete("A", move || {
        let (none, quiet) =
            (mapi_session::DefaultServices::Without, mapi_session::Prompts::Forbidden);
        on_delete.create_profile(NewProfile::new("Mail"), none, quiet, 0).expect("it is free");
    });

    let logon = process.logon_ex(0, Some("Mail"), None, 0x22).expect("it was there");
    assert_eq!(names(&environment), ["Safe", "Work"]);
    process.release(logon.handle).expect("it is live");
    settle(&environment);

    assert_eq!(names(&environment), ["Mail", "Safe", "Work"]);
    let again = process.logon_ex(0, Some("Mail"), None, 0x22).expect("it is another");
    assert_ne!(again.profile.key, logon.profile.key);
}
