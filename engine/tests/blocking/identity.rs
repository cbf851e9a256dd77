//! Which service says who the user is, and how that is chosen.

use mapi_session::{
    Environment, Identity, Mapi, MapiCode, MsgServiceAdmin, PrimaryIdentity, ProviderRow,
    ResourceFlags, ServiceUid, SetPrimaryIdentityError,
};

use crate::cast::{Cast, playing};
use crate::stage::mapi;

/// Two services that can say who the user is, and one that cannot.
fn known(cast: &Cast) -> Environment {
    let who = |name: &str| Identity {
        display_name: name.to_owned(),
        entry_id: name.into(),
        search_key: name.into(),
    };
    for name in ["Ann", "Bob"] {
        cast.on_status(name, ProviderRow::new(name).identity(who(name)));
    }
    let flagged = ResourceFlags::PRIMARY_IDENTITY;
    let services = vec![
        ("Plain", cast.service().store("Box")),
        ("A", cast.service().store("Ann").resource_flags(flagged)),
        ("B", cast.service().address_book("Bob").resource_flags(flagged)),
    ];
    playing(Environment::builder(), services).0
}

/// Who the flagged row of a new session's status table is of.
fn flagged(mapi: &Mapi) -> Option<String> {
    let session = mapi.logon().profile("Mail").individual().call().expect("it is open");
    let table = session.status_table().expect("nothing hangs");
    let flagged = ResourceFlags::PRIMARY_IDENTITY;
    let row = table.rows().iter().find(|row| row.flags.contains(flagged));
    row.map(|row| row.display_name.clone())
}

fn uid(admin: &MsgServiceAdmin<'_>, name: &str) -> ServiceUid {
    let table = admin.table().expect("the profile is there");
    table.iter().find(|service| service.name == name).expect("it is listed").uid
}

/// Which service the table of services marks.
fn marked(admin: &MsgServiceAdmin<'_>) -> Vec<String> {
    let table = admin.table().expect("the profile is there").into_iter();
    table.filter(|service| service.is_primary_identity).map(|service| service.name).collect()
}

/// `IDN-02`, `IDN-04`.
#[test]
fn the_primary_identity_is_the_first_that_can_say_until_one_is_chosen() {
    let cast = Cast::new();
    let environment = known(&cast);
    let mapi = mapi(&environment);
    let session = mapi.logon().profile("Mail").individual().call().expect("it is open");
    let admin = session.admin_services();
    assert_eq!(marked(&admin), ["A"]);
    let before = session.identity();

    admin.set_primary_identity(Some(uid(&admin, "B"))).expect("it can say");
    assert_eq!((marked(&admin), flagged(&mapi).as_deref()), (vec!["B".to_owned()], Some("Bob")));
    admin.set_primary_identity(None).expect("there may be none");
    assert_eq!((marked(&admin), flagged(&mapi)), (vec![], None));
    admin.set_primary_identity(Some(uid(&admin, "A"))).expect("what can say can say again");
    assert_eq!((marked(&admin), flagged(&mapi).as_deref()), (vec!["A".to_owned()], Some("Ann")));

    assert_eq!(session.identity(), before, "ADM-19");
    assert!(matches!(before, PrimaryIdentity::Known { .. }));
}

/// `IDN-03`.
#[test]
fn when_the_chosen_service_is_deleted_the_next_that_can_takes_over() {
    let cast = Cast::new();
    let environment = known(&cast);
    let mapi = mapi(&environment);
    let admin = mapi.profile_admin().admin_services("Mail").expect("it is there");
    admin.set_primary_identity(Some(uid(&admin, "B"))).expect("it can say");

    admin.delete(uid(&admin, "B")).expect("it is listed");
    assert_eq!((marked(&admin), flagged(&mapi).as_deref()), (vec!["A".to_owned()], Some("Ann")));
    admin.delete(uid(&admin, "A")).expect("it is listed");
    assert_eq!((marked(&admin), flagged(&mapi)), (vec![], None));
}

/// `IDN-04`, `IDN-07`.
#[test]
fn a_service_that_cannot_say_is_not_chosen() {
    let cast = Cast::new();
    let environment = known(&cast);
    let mapi = mapi(&environment);
    let admin = mapi.profile_admin().admin_services("Mail").expect("it is there");

    let plain = admin.set_primary_identity(Some(uid(&admin, "Plain"))).expect_err("it cannot say");
    assert_eq!(plain, SetPrimaryIdentityError::NoPrimaryIdentity);
    assert_eq!(plain.code(), MapiCode::MAPI_E_NO_ACCESS);
    let absent = admin.set_primary_identity(Some(ServiceUid(0))).expect_err("it is not listed");
    assert_eq!(absent.code(), MapiCode::MAPI_E_NOT_FOUND);
    assert_eq!(marked(&admin), ["A"]);
}
