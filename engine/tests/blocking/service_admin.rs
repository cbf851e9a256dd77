//! Services added to profiles, deleted from them, copied and configured.

use std::time::Duration;

use mapi_session::{
    AddServiceError, ConfigureError, Copies, CopyServiceError, DeleteServiceError, EntryCallError,
    EntryDialogs, EntryError, EntryFlags, EntryReason, Environment, HandleId, Mapi, MapiCode,
    Missing, MsgServiceAdmin, NewProfile, NoUi, ProfileKey, Prompts, ServiceAdminRefusal,
    ServiceTableError, ServiceUi, ServiceUid, ServicesOf, Session, Withdrawal,
};

use crate::cast::{Cast, Told, gate, playing};
use crate::stage::{StageClock, elsewhere, mapi, process, settle};

fn names(admin: &MsgServiceAdmin<'_>) -> Vec<String> {
    let table = admin.table().expect("the profile is there");
    table.into_iter().map(|service| service.name).collect()
}

fn own(mapi: &Mapi, profile: &str) -> Session {
    mapi.logon().profile(profile).individual().call().expect("it is open")
}

/// An environment with a profile `Mail` that lists `Box`, and two more services: `Fax`, and `Book`,
/// which there can be one of.
fn office(cast: &Cast) -> Environment {
    let builder = Environment::builder()
        .service("Fax", cast.service().transport("Line").with_entry())
        .service("Book", cast.service().address_book("People").with_entry().single_copy());
    playing(builder, vec![("Box", cast.service().store("Inbox"))]).0
}

/// `ADM-19`, `ADM-17`.
#[test]
fn what_is_changed_through_a_session_shows_in_the_next_one() {
    let cast = Cast::new();
    let environment = office(&cast);
    let mapi = mapi(&environment);
    let session = own(&mapi, "Mail");
    let admin = session.admin_services();
    let before = admin.table().expect("the profile is there");
    let box_ = before[0].uid;

    let fax = admin.add("Fax").expect("the environment has it");
    admin.delete(box_).expect("it is listed");

    assert_eq!(before.len(), 1, "a table does not change");
    assert_eq!(names(&admin), ["Fax"]);
    assert_eq!(admin.table().expect("as before")[0].uid, fax);
    assert_eq!(session.profile_snapshot().services, ["Box"]);
    let inbox = session.find_store("Inbox").expect("it is listed");
    session.open_store(inbox).call().expect("it runs");
    assert_eq!(own(&mapi, "Mail").profile_snapshot().services, ["Fax"]);
}

/// `ADM-18`: no session, no provider.
#[test]
fn services_are_administered_without_a_session_by_the_same_rules() {
    let cast = Cast::new();
    let environment = office(&cast);
    let mapi = mapi(&environment);
    let admin = mapi.profile_admin().admin_services("mail").expect("it is there");

    let fax = admin.add("Fax").expect("the environment has it");
    admin.add("Fax").expect("there may be many");
    admin.add("Book").expect("the environment has it");
    let second = admin.add("Book").expect_err("there may be one");
    assert_eq!(second, AddServiceError::Refused(ServiceAdminRefusal::SecondCopy));
    assert_eq!(second.code(), Some(MapiCode::MAPI_E_NO_ACCESS));
    let unknown = admin.add("Telex").expect_err("nobody knows it");
    assert_eq!(unknown.code(), Some(MapiCode::MAPI_E_NOT_FOUND));
    admin.delete(fax).expect("it is listed");
    let gone = admin.delete(fax).expect_err("it is not listed any more");
    assert_eq!(gone, DeleteServiceError::Refused(ServiceAdminRefusal::ServiceNotFound));
    assert_eq!(gone.code(), MapiCode::MAPI_E_NOT_FOUND);

    assert_eq!(names(&admin), ["Box", "Fax", "Book"]);
    let table = admin.table().expect("the profile is there");
    let copies: Vec<_> = table.iter().map(|service| service.copies).collect();
    assert_eq!(copies, [Copies::Many, Copies::Many, Copies::Single]);
    assert_eq!(environment.state().sessions().count(), 0);
    let told = |service: &str| Told::Create(service.to_owned(), EntryFlags::empty());
    let heard = [told("Fax"), told("Fax"), told("Book"), Told::Delete("Fax".to_owned())];
    assert_eq!(cast.heard(), heard);
}

/// `ADM-23`, `SVC-05`: through a session.
#[test]
fn a_service_that_is_unknown_absent_or_there_already_is_refused() {
    let cast = Cast::new();
    let environment = office(&cast);
    let mapi = mapi(&environment);
    let session = own(&mapi, "Mail");
    let admin = session.admin_services();
    admin.add("Book").expect("the environment has it");
    cast.heard();

    let second = admin.add("Book").expect_err("there may be one");
    assert_eq!(second, AddServiceError::Refused(ServiceAdminRefusal::SecondCopy));
    let unknown = admin.add("Telex").expect_err("nobody knows it");
    assert_eq!(unknown, AddServiceError::Refused(ServiceAdminRefusal::ServiceNotFound));
    let absent = admin.delete(ServiceUid(0)).expect_err("there is no such number");
    assert_eq!(absent.code(), MapiCode::MAPI_E_NOT_FOUND);
    assert_eq!(names(&admin), ["Box", "Book"]);
    assert_eq!(cast.heard(), [], "who is not added or deleted is told nothing");
}

/// `ADM-20`: results are then the sessions' own affair.
#[test]
fn a_profile_in_use_can_lose_all_its_services() {
    let cast = Cast::new();
    let environment = office(&cast);
    let mapi = mapi(&environment);
    let session = own(&mapi, "Mail");
    let admin = session.admin_services();
    let table = admin.table().expect("the profile is there");

    table.iter().for_each(|service| admin.delete(service.uid).expect("it is listed"));

    assert_eq!(names(&admin), Vec::<String>::new());
    assert_eq!(own(&mapi, "Mail").stores(), []);
    assert_eq!(session.stores().len(), 1);
}

/// `SVC-02`, `SVC-04`, `SVC-09`.
#[test]
fn what_an_entry_function_says_of_a_service_that_was_added_is_passed_on() {
    let cast = Cast::new();
    let environment = office(&cast);
    let mapi = mapi(&environment);
    let session = own(&mapi, "Mail");
    cast.heard();
    let lacking = || EntryError::Unconfigured(Missing("a number".into()));
    cast.on_create("Fax", move || Err(lacking()));

    let admin = session.admin_services();
    let said = admin.add("Fax").expect_err("it lacks something");

    assert_eq!(cast.heard(), [Told::Create("Fax".to_owned(), EntryFlags::empty())]);
    let AddServiceError::Entry { service, error } = &said else { panic!("{said}") };
    assert_eq!(*error, EntryCallError::Entry(lacking()));
    assert_eq!(said.code(), Some(MapiCode::MAPI_E_UNCONFIGURED));
    assert_eq!(admin.table().expect("as before")[1].uid, *service, "it is in the profile");

    let loud = session.admin_services().interactive().service_ui_always();
    loud.add("Fax").expect("this one lacks nothing");
    let flags = EntryFlags::UI_ALLOWED | EntryFlags::UI_ALWAYS;
    assert_eq!(cast.heard(), [Told::Create("Fax".to_owned(), flags)]);
    cast.on_create("Fax", || panic!("as written"));
    let broken = admin.add("Fax").expect_err("it breaks down");
    assert_eq!(broken.code(), Some(MapiCode::MAPI_E_CALL_FAILED));
}

/// `SVC-07`: also of one that was added after the session began, which its snapshot lacks.
#[test]
fn a_service_that_was_added_silently_can_be_configured() {
    let cast = Cast::new();
    let environment = office(&cast);
    let mapi = mapi(&environment);
    let session = own(&mapi, "Mail");
    let admin = session.admin_services();
    let (fax, box_) = (admin.add("Fax").expect("known"), admin.table().expect("there")[0].uid);
    cast.heard();
    cast.on_entry("Fax", || Err(EntryError::Cancelled));

    let said = session.admin_services().interactive().configure(fax).expect_err("as written");
    assert_eq!(said.code(), Some(MapiCode::MAPI_E_USER_CANCEL));
    assert_eq!(cast.heard(), [Told::Configure("Fax".to_owned(), EntryFlags::UI_ALLOWED)]);
    assert_eq!(admin.configure(fax), Ok(()));
    let none = admin.configure(box_).expect_err("it has no entry function");
    assert_eq!(none, ConfigureError::NoEntryFunction);
    assert_eq!(none.code(), Some(MapiCode::MAPI_E_NOT_INITIALIZED));
    assert_eq!(admin.configure(ServiceUid(0)), Err(ConfigureError::NoSuchService));
    let alone = mapi.profile_admin().admin_services("Mail").expect("it is there");
    assert_eq!(alone.configure(fax), Ok(()));
}

/// `SVC-08`, `ADM-23`.
#[test]
fn a_copied_service_is_told_nothing() {
    let cast = Cast::new();
    let environment = office(&cast);
    let mapi = mapi(&environment);
    let profiles = mapi.profile_admin();
    profiles.create(NewProfile::new("Other").service("Telex")).expect("the name is free");
    let session = own(&mapi, "Mail");
    let (from, to) = (session.admin_services(), profiles.admin_services("Other").expect("there"));
    let (fax, book) = (from.add("Fax").expect("known"), from.add("Book").expect("known"));
    cast.heard();

    let copy = from.copy(fax, &to).expect("there is room");
    from.copy(book, &to).expect("there is none yet");
    from.copy(fax, &from).expect("there may be many");
    let telex = to.table().expect("it is there")[0].uid;
    to.copy(telex, &from).expect("nobody has to know it");
    let second = from.copy(book, &to).expect_err("there may be one");
    assert_eq!(second, CopyServiceError::Refused(ServiceAdminRefusal::SecondCopy));
    assert_eq!(second.code(), MapiCode::MAPI_E_NO_ACCESS);
    let second = from.copy(book, &from).expect_err("there may be one");
    assert_eq!(second.code(), MapiCode::MAPI_E_NO_ACCESS);
    let absent = from.copy(ServiceUid(0), &to).expect_err("it is not listed");
    assert_eq!(absent.code(), MapiCode::MAPI_E_NOT_FOUND);

    assert_eq!(names(&from), ["Box", "Fax", "Book", "Fax", "Telex"]);
    assert_eq!(names(&to), ["Telex", "Fax", "Book"]);
    assert_eq!(to.table().expect("it is there")[1].uid, copy);
    assert_eq!(cast.heard(), []);
}

/// `INI-01`, `THR-03`, `LGF-03`.
#[test]
fn whoever_has_no_live_handle_administers_no_services() {
    let cast = Cast::new();
    let environment = office(&cast);
    let (owner, other) = (process(&environment, NoUi), process(&environment, NoUi));
    let logon = owner.logon_ex(0, Some("Mail"), None, 0x22).expect("Mail is open");
    let of = ServicesOf::Session(logon.handle);
    let dialogs = EntryDialogs { allowed: Prompts::Allowed, always: ServiceUi::AsNeeded };
    let uid = owner.msg_service_table(of).expect("it is live")[0].uid;
    let object = MapiCode::MAPI_E_INVALID_OBJECT;

    let nobodys = ServicesOf::Session(HandleId(mapi_session::CallId(u64::MAX)));
    for of in [of, nobodys] {
        let refused = other.create_msg_service(of, "Fax", 0, dialogs).expect_err("not its own");
        assert_eq!(refused.code(), Some(object));
        let refused = other.delete_msg_service(of, uid).expect_err("not its own");
        assert_eq!(refused.code(), object);
        let refused = other.copy_msg_service(of, uid, of).expect_err("not its own");
        assert_eq!(refused.code(), object);
        let refused = other.configure_msg_service(of, uid, 0, dialogs).expect_err("not its own");
        assert_eq!(refused.code(), Some(object));
        assert_eq!(other.msg_service_table(of).map_err(|it| it.code()), Err(object));
        let refused = other.set_primary_identity(of, None).expect_err("not its own");
        assert_eq!(refused.code(), object);
    }
    let refused = owner.copy_msg_service(of, uid, nobodys).expect_err("there is no such place");
    assert_eq!(refused.code(), object);

    let key = logon.profile.key;
    owner.uninitialize();
    let nobody = MapiCode::MAPI_E_NOT_INITIALIZED;
    for of in [of, ServicesOf::Profile(key)] {
        let refused = owner.create_msg_service(of, "Fax", 0, dialogs).expect_err("over");
        assert_eq!(refused.code(), Some(nobody));
        let refused = owner.delete_msg_service(of, uid).expect_err("over");
        assert_eq!(refused.code(), nobody);
        let refused = owner.copy_msg_service(of, uid, of).expect_err("over");
        assert_eq!(refused.code(), nobody);
        let refused = owner.configure_msg_service(of, uid, 0, dialogs).expect_err("over");
        assert_eq!(refused.code(), Some(nobody));
        assert_eq!(owner.msg_service_table(of).map_err(|it| it.code()), Err(nobody));
        let refused = owner.set_primary_identity(of, None).expect_err("over");
        assert_eq!(refused.code(), nobody);
    }
}

/// `ADM-18`: what was got before is of no use when the profile is gone.
#[test]
fn the_services_of_a_profile_that_is_gone_cannot_be_administered() {
    let cast = Cast::new();
    let environment = office(&cast);
    let mapi = mapi(&environment);
    let profiles = mapi.profile_admin();
    let admin = profiles.admin_services("Mail").expect("it is there");
    let uid = admin.table().expect("it is there")[0].uid;
    let session = own(&mapi, "Mail");
    profiles.delete("Mail").expect("it is there");
    admin.add("Fax").expect("it is marked, and not gone");
    let other = profiles.admin_services("Work").expect("it is there");

    drop(session);
    settle(&environment);

    let gone = MapiCode::MAPI_E_LOGON_FAILED;
    assert_eq!(admin.table(), Err(ServiceTableError::ProfileGone));
    assert_eq!(admin.table().map_err(|it| it.code()), Err(gone));
    assert_eq!(admin.add("Fax").map_err(|it| it.code()), Err(Some(gone)));
    assert_eq!(admin.delete(uid).map_err(|it| it.code()), Err(gone));
    assert_eq!(admin.copy(uid, &other).map_err(|it| it.code()), Err(gone));
    let copied = other.add("Fax").and_then(|fax| {
        other.copy(fax, &admin).map_err(|error| match error {
            CopyServiceError::ProfileGone => AddServiceError::ProfileGone,
            CopyServiceError::Refused(_) | CopyServiceError::TooManyServices => panic!("{error}"),
        })
    });
    assert_eq!(copied, Err(AddServiceError::ProfileGone));
    assert_eq!(admin.configure(uid).map_err(|it| it.code()), Err(Some(gone)));
    assert_eq!(admin.set_primary_identity(None).map_err(|it| it.code()), Err(gone));
    let never = ServicesOf::Profile(ProfileKey(u128::MAX));
    let raw = process(&environment, NoUi);
    assert_eq!(raw.msg_service_table(never), Err(ServiceTableError::ProfileGone));
}

#[test]
fn a_profile_takes_no_more_services_than_it_can_list() {
    let cast = Cast::new();
    let environment = office(&cast);
    let mapi = mapi(&environment);
    let many = std::iter::repeat_n("Fax", mapi_session::MOST_SERVICES);
    let profile = many.fold(NewProfile::new("Many"), NewProfile::service);
    environment.profiles().create(profile).expect("it is just small enough");
    let session = own(&mapi, "Many");
    let alone = mapi.profile_admin().admin_services("Many").expect("it is there");

    for admin in [session.admin_services(), alone] {
        let full = admin.add("Box").expect_err("that is one too many");
        assert_eq!(full, AddServiceError::TooManyServices);
        assert_eq!(full.code(), Some(MapiCode::MAPI_E_INVALID_PARAMETER));
        let uid = admin.table().expect("it is there")[0].uid;
        let full = admin.copy(uid, &admin).expect_err("that is one too many");
        assert_eq!(full.code(), MapiCode::MAPI_E_INVALID_PARAMETER);
        assert_eq!(
            admin.add("Telex").map_err(|it| it.code()),
            Err(Some(MapiCode::MAPI_E_NOT_FOUND))
        );
    }
}

/// `CAN-02`, `LGF-18`, `CAN-01`: the service is in the profile, whatever the wait comes to.
#[test]
fn who_adds_a_service_waits_no_longer_than_it_would() {
    let cast = Cast::new();
    let clock = StageClock::new();
    let builder = Environment::builder().clock(clock.clone());
    let fax = cast.service().with_entry();
    let (environment, _steps) = playing(builder.service("Fax", fax), vec![]);
    let mapi = mapi(&environment);
    let hang = || {
        let (open, closed) = gate();
        cast.on_create("Fax", move || {
            closed.pass();
            Ok(())
        });
        open
    };
    let error = |result: Result<ServiceUid, AddServiceError>| match result {
        Err(AddServiceError::Entry { error, .. }) => error,
        other => panic!("{other:?}"),
    };

    let (hung, inner) = (hang(), own(&mapi, "Work"));
    let wait = Duration::from_secs(9);
    let late = elsewhere(move || inner.admin_services().entry_timeout(wait).add("Fax"));
    clock.await_sleepers(1);
    clock.advance(wait);
    let timed_out = error(late.returns());
    assert_eq!(timed_out.code(), Some(MapiCode::MAPI_E_TIMEOUT));
    drop(hung);
    cast.hears();

    let (_hung, withdrawal) = (hang(), Withdrawal::new());
    let (inner, by) = (own(&mapi, "Work"), withdrawal.clone());
    let given_up = elsewhere(move || inner.admin_services().withdraw_with(&by).add("Fax"));
    cast.hears();
    withdrawal.withdraw();
    let given_up = error(given_up.returns());
    assert_eq!((given_up.code(), given_up), (None, EntryCallError::Withdrawn));

    let _hung = hang();
    let raw = process(&environment, NoUi);
    let handle = raw.logon_ex(0, Some("Work"), None, 0x22).expect("Work is open").handle;
    let (of, inner) = (ServicesOf::Session(handle), raw.clone());
    let dialogs = EntryDialogs { allowed: Prompts::Forbidden, always: ServiceUi::AsNeeded };
    let cut = elsewhere(move || inner.create_msg_service(of, "Fax", 0, dialogs));
    cast.hears();
    raw.release(handle).expect("it is live");
    assert_eq!(error(cut.returns()).code(), Some(MapiCode::MAPI_E_INVALID_OBJECT));

    let admin = mapi.profile_admin().admin_services("Work").expect("it is there");
    assert_eq!(names(&admin), ["Fax", "Fax", "Fax"]);
}

/// `SVC-05`: nobody sees it when it is told, and the caller waits for that.
#[test]
fn a_service_is_told_that_it_goes_before_its_deletion_returns() {
    let cast = Cast::new();
    let environment = office(&cast);
    let mapi = mapi(&environment);
    let session = own(&mapi, "Mail");
    let fax = session.admin_services().add("Fax").expect("known");
    cast.heard();
    let (open, closed) = gate();
    cast.on_delete("Fax", move || closed.pass());

    let deleted = elsewhere(move || session.admin_services().delete(fax));
    assert_eq!(cast.hears(), Told::Delete("Fax".to_owned()));
    assert!(!deleted.has_returned());
    assert_eq!(own(&mapi, "Mail").profile_snapshot().services, ["Box"]);
    drop(open);

    assert_eq!(deleted.returns(), Ok(()));
}

/// `UIX-09`.
#[test]
fn a_windows_service_has_no_dialog_shown_for_what_it_adds() {
    let cast = Cast::new();
    let environment = office(&cast);
    let mapi = Mapi::builder().environment(&environment).windows_service().build();

    let admin = mapi.profile_admin().admin_services("Mail").expect("it is there");
    let loud = admin.interactive().service_ui_always();
    let fax = loud.add("Fax").expect("known");
    loud.configure(fax).expect("it does what it should");
    mapi.profile_admin()
        .interactive()
        .create(NewProfile::new("New").service("Fax"))
        .expect("the name is free");

    let none = EntryFlags::empty();
    let create = || Told::Create("Fax".to_owned(), none);
    assert_eq!(cast.heard(), [create(), Told::Configure("Fax".to_owned(), none), create()]);
}

/// `SVC-02`.
#[test]
fn the_contexts_have_the_numbers_of_the_documentation() {
    assert_eq!(EntryReason::Created.number(), 2);
    assert_eq!(EntryReason::Requested.number(), 3);
    assert_eq!(EntryReason::Shown.number(), 3);
    assert_eq!(EntryReason::Deleted.number(), 4);
}
