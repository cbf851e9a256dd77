//! Profiles created, copied, deleted, renamed and made the default, and each refusal of that.

use mapi_session::{
    AdminError, AdminServicesError, AppProfiles, CreateProfileError, DefaultServices, Environment,
    LogonError, LogonRefusal, MOST_SERVICES, MapiCode, NewProfile, NewProfileError, NoUi,
    ProfileAdmin, ProfileTableError, Prompts, ServicesOf, Visibility,
};

use crate::cast::{Cast, Told, playing};
use crate::stage::{environment, furnished, mapi, process};

fn names(admin: &ProfileAdmin<'_>) -> Vec<String> {
    let table = admin.table().expect("the process has initialised");
    table.iter().map(|entry| entry.name.to_string()).collect()
}

fn default(admin: &ProfileAdmin<'_>) -> Option<String> {
    let table = admin.table().expect("the process has initialised");
    table.iter().find(|entry| entry.is_default).map(|entry| entry.name.to_string())
}

/// The code of a refusal.
fn code(result: Result<(), AdminError>) -> MapiCode {
    result.expect_err("it is refused").code()
}

/// `ADM-01`, `ADM-17`.
#[test]
fn a_profile_that_was_created_is_in_the_table_and_can_be_logged_on_to() {
    let (environment, _steps) = environment();
    let mapi = mapi(&environment);
    let admin = mapi.profile_admin();
    let before = admin.table().expect("the process has initialised");

    let created = admin.create(NewProfile::new("Zoo")).expect("the name is free");

    assert_eq!(before.len(), 2, "a table does not change");
    assert_eq!(names(&admin), ["Safe", "Work", "Zoo"]);
    let entry = admin.table().expect("as before").pop().expect("it is the last");
    assert_eq!((entry.key, entry.visibility), (created.key, Visibility::Ordinary));
    let session = mapi.logon().profile("zoo").call().expect("it is open");
    assert_eq!(session.profile_snapshot().key, created.key);
}

/// `ADM-01`, `ADM-24`, `D-18`.
#[test]
fn a_name_that_is_taken_or_malformed_is_refused() {
    let (environment, _steps) = environment();
    let mapi = mapi(&environment);
    let admin = mapi.profile_admin();

    let taken = admin.create(NewProfile::new("WORK")).expect_err("Work is there");
    assert_eq!(taken, NewProfileError::Refused(AdminError::NameTaken));
    assert_eq!(taken.code(), MapiCode::MAPI_E_NO_ACCESS);
    assert_eq!(code(admin.copy("Safe", "work")), MapiCode::MAPI_E_NO_ACCESS);
    assert_eq!(code(admin.copy("Work", "work")), MapiCode::MAPI_E_NO_ACCESS);
    assert_eq!(code(admin.rename("Safe", "work")), MapiCode::MAPI_E_NO_ACCESS);

    let furnished = environment.profiles().create(NewProfile::new("WORK"));
    assert_eq!(furnished, Err(CreateProfileError::NameTaken));

    let malformed = admin.create(NewProfile::new("a/b")).expect_err("a slash is no letter");
    assert_eq!(malformed.code(), MapiCode::MAPI_E_INVALID_PARAMETER);
    let parameter = MapiCode::MAPI_E_INVALID_PARAMETER;
    assert_eq!(code(admin.delete("")), parameter);
    assert_eq!(code(admin.copy("a/b", "Fine")), parameter);
    assert_eq!(code(admin.copy("Work", " Fine")), parameter);
    assert_eq!(code(admin.rename("Nobody", "a/b")), parameter, "before it is looked for");
    assert_eq!(code(admin.set_default(Some("a/b"))), parameter);
    assert_eq!(names(&admin), ["Safe", "Work"]);
}

/// `ADM-02`, `ADM-03`, `ADM-15`.
#[test]
fn a_profile_that_is_not_there_cannot_be_administered() {
    let (environment, _steps) = environment();
    let mapi = mapi(&environment);
    let admin = mapi.profile_admin();

    let absent = MapiCode::MAPI_E_NOT_FOUND;
    assert_eq!(code(admin.delete("Nobody")), absent);
    assert_eq!(code(admin.copy("Nobody", "Work")), absent, "before the new name is looked at");
    assert_eq!(code(admin.rename("Nobody", "Somebody")), absent);
    assert_eq!(code(admin.set_default(Some("Nobody"))), absent);
    assert_eq!(default(&admin).as_deref(), Some("Work"));
    let refused = admin.admin_services("Nobody").map(drop).expect_err("there is none");
    assert_eq!(refused, AdminServicesError::ProfileNotFound);
    assert_eq!(refused.code(), MapiCode::MAPI_E_LOGON_FAILED, "ADM-18");
    let malformed = admin.admin_services("a/b").map(drop).expect_err("nobody can bear it");
    assert_eq!(malformed.code(), MapiCode::MAPI_E_INVALID_PARAMETER);
}

/// `ADM-02`, `ADM-03`, `ADM-15`.
#[test]
fn an_app_profile_is_hidden_from_those_who_do_not_ask_and_never_the_default() {
    let (environment, _steps) = environment();
    let mapi = mapi(&environment);
    let admin = mapi.profile_admin();
    admin.create(NewProfile::new("Robot").app_profile()).expect("the name is free");

    assert_eq!(names(&admin), ["Safe", "Work"]);
    let hidden = MapiCode::MAPI_E_NO_ACCESS;
    assert_eq!(admin.delete("Robot"), Err(AdminError::AppProfileHidden));
    assert_eq!(code(admin.delete("Robot")), hidden);
    assert_eq!(admin.copy("Robot", "Work"), Err(AdminError::AppProfileHidden), "that comes first");
    assert_eq!(admin.copy("Robot", "Clone"), Err(AdminError::AppProfileHidden));
    assert_eq!(admin.rename("Robot", "Android"), Err(AdminError::AppProfileHidden));
    assert_eq!(code(admin.set_default(Some("Robot"))), MapiCode::MAPI_E_CALL_FAILED);

    let admin = admin.app_profiles();
    assert_eq!(names(&admin), ["Robot", "Safe", "Work"]);
    assert_eq!(code(admin.set_default(Some("Robot"))), MapiCode::MAPI_E_CALL_FAILED);
    assert_eq!(admin.copy("Robot", "Clone"), Ok(()));
    assert_eq!(admin.rename("Robot", "Android"), Ok(()));
    assert_eq!(admin.delete("Android"), Ok(()));
    assert_eq!(names(&admin), ["Clone", "Safe", "Work"]);
    assert_eq!(names(&mapi.profile_admin()), ["Safe", "Work"], "a copy stays an app profile");
}

/// `ADM-02`, `ADM-13`.
#[test]
fn a_copy_has_what_the_original_has_but_its_name_key_and_default_mark() {
    let (environment, _steps) = environment();
    let mapi = mapi(&environment);
    let admin = mapi.profile_admin();
    let profile = NewProfile::new("Mail").password("rose").service("Tape");
    let original = admin.create(profile).expect("the name is free").key;
    admin.set_default(Some("Mail")).expect("it is there");

    admin.copy("mail", "Mail 2").expect("the name is free");

    let logon = mapi.logon().profile("Mail 2").individual();
    let refused = logon.call().expect_err("a password is needed");
    assert_eq!(refused.code(), Some(MapiCode::MAPI_E_LOGON_FAILED));
    let session = mapi.logon().profile("Mail 2").password("rose").call().expect("it is right");
    assert_eq!(session.profile_snapshot().services, ["Tape"]);
    assert_ne!(session.profile_snapshot().key, original);
    assert_eq!(default(&admin).as_deref(), Some("Mail"));
}

/// `ADM-03`, `ADM-16`.
#[test]
fn with_the_default_profile_the_default_goes() {
    let (environment, _steps) = environment();
    let mapi = mapi(&environment);
    let admin = mapi.profile_admin();

    admin.delete("Work").expect("it is there");

    assert_eq!((names(&admin), default(&admin)), (vec!["Safe".to_owned()], None));
    let refused = mapi.logon().default_profile().call().expect_err("there is no default");
    assert_eq!(refused.code(), Some(MapiCode::MAPI_E_LOGON_FAILED));
    admin.create(NewProfile::new("Work")).expect("the name is free again");
    assert_eq!(default(&admin), None, "the mark was not the name's");
}

/// `ADM-15`, `ADM-16`.
#[test]
fn the_default_moves_and_sessions_stay() {
    let (environment, _steps) = environment();
    let mapi = mapi(&environment);
    let admin = mapi.profile_admin();
    let session = mapi.logon().default_profile().call().expect("Work is the default");

    admin.set_default(Some("safe")).expect("it is there");
    assert_eq!(default(&admin).as_deref(), Some("Safe"));
    admin.set_default(None).expect("there may be none");
    assert_eq!(default(&admin), None);

    assert_eq!(session.profile().as_str(), "Work");
}

/// `ADM-14`.
#[test]
fn a_profile_that_nobody_uses_is_renamed_at_once() {
    let (environment, _steps) = environment();
    let mapi = mapi(&environment);
    let admin = mapi.profile_admin();

    admin.rename("Work", "Archive").expect("the name is free");

    assert_eq!(names(&admin), ["Archive", "Safe"]);
    assert_eq!(default(&admin).as_deref(), Some("Archive"), "the mark goes with the profile");
    let refused = mapi.logon().profile("Work").call().expect_err("nobody bears it");
    assert_eq!(refused, LogonError::Refused(LogonRefusal::ProfileNotFound));
    assert_eq!(admin.rename("Archive", "ARCHIVE"), Ok(()), "that is its name");
    assert_eq!(names(&admin), ["Archive", "Safe"], "which is kept as it was written");
}

/// `INI-01`.
#[test]
fn a_process_that_has_not_initialised_administers_nothing() {
    let (environment, _steps) = environment();
    let process = environment.process(NoUi);
    let hidden = AppProfiles::Hidden;

    let created = process.create_profile(
        NewProfile::new("a/b"),
        DefaultServices::Without,
        Prompts::Forbidden,
        0,
    );
    assert_eq!(created, Err(NewProfileError::Refused(AdminError::NotInitialized)));
    assert_eq!(process.copy_profile("Work", "Play", hidden), Err(AdminError::NotInitialized));
    assert_eq!(process.delete_profile("a/b", hidden), Err(AdminError::NotInitialized));
    assert_eq!(process.rename_profile("Work", "Play", hidden), Err(AdminError::NotInitialized));
    let refused = process.set_default_profile(None).expect_err("it has not initialised");
    assert_eq!(refused.code(), MapiCode::MAPI_E_NOT_INITIALIZED);
    let refused = process.profile_table(hidden).expect_err("it has not initialised");
    assert_eq!(refused, ProfileTableError::NotInitialized);
    assert_eq!(refused.code(), MapiCode::MAPI_E_NOT_INITIALIZED);
    let refused = process.admin_services("a/b").expect_err("it has not initialised");
    assert_eq!(refused.code(), MapiCode::MAPI_E_NOT_INITIALIZED);
    assert_eq!(environment.profiles().names(hidden).len(), 2);
}

#[test]
fn a_profile_with_too_many_services_is_refused() {
    let (environment, _steps) = environment();
    let many = || {
        let services = std::iter::repeat_n("Tape", MOST_SERVICES + 1);
        services.fold(NewProfile::new("Many"), NewProfile::service)
    };
    let mapi = mapi(&environment);

    let refused = mapi.profile_admin().create(many()).expect_err("that is one too many");
    assert_eq!(refused, NewProfileError::TooManyServices { count: MOST_SERVICES + 1 });
    assert_eq!(refused.code(), MapiCode::MAPI_E_INVALID_PARAMETER);
    let refused = environment.profiles().create(many()).expect_err("that is one too many");
    assert_eq!(refused, CreateProfileError::TooManyServices { count: MOST_SERVICES + 1 });
}

/// `ADM-01`, `SVC-02`, `SVC-09`: first they are there, then they are told, in their order.
#[test]
fn the_default_services_of_a_new_profile_are_told_one_after_the_other() {
    let cast = Cast::new();
    let builder = Environment::builder().default_service("B").default_service("A");
    let services = vec![
        ("A", cast.service().with_entry()),
        ("B", cast.service().with_entry()),
        ("C", cast.service().store("Box")),
    ];
    let (environment, _steps) = playing(builder, services);
    let process = process(&environment, NoUi);
    let inner = process.clone();
    cast.on_create("B", move || {
        let key = inner.admin_services("New").expect("the profile is there");
        let table = inner.msg_service_table(ServicesOf::Profile(key)).expect("as before");
        assert_eq!(table.len(), 3);
        Err(mapi_session::EntryError::Cancelled)
    });

    let profile = NewProfile::new("New").service("C");
    let created =
        process.create_profile(profile, DefaultServices::With, Prompts::Allowed, 7).expect("free");

    let allowed = mapi_session::EntryFlags::UI_ALLOWED;
    let told = [Told::Create("B".to_owned(), allowed), Told::Create("A".to_owned(), allowed)];
    assert_eq!(cast.heard(), told);
    let [(_, error)] = &created.amiss[..] else { panic!("one was cancelled: {created:?}") };
    assert_eq!(error.code(), Some(MapiCode::MAPI_E_USER_CANCEL));
}

/// `SVC-12`.
#[test]
fn a_default_service_that_nobody_knows_is_listed_all_the_same() {
    let (environment, _steps) = furnished(Environment::builder().default_service("Fax"));
    let mapi = mapi(&environment);

    let created = mapi.profile_admin().create_with_default_services(NewProfile::new("New"));

    assert_eq!(created.expect("the name is free").amiss, []);
    let session = mapi.logon().profile("New").call().expect("it is open");
    assert_eq!(session.profile_snapshot().services, ["Fax"]);
}
