//! The status table, row by row (`STS-01` to `STS-13`).

use mapi_session::{
    Environment, Identity, MapiCode, ProviderRow, ResourceFlags, ResourceMethods, ResourceType,
    RowOwner, Session, StatusCode, StatusTable,
};

use crate::cast::{Cast, failed, playing, skip};
use crate::stage::{Steps, environment, mapi};

/// An environment whose profile `Mail` has two of each kind; the first of each makes a row.
fn stage(cast: &Cast) -> (Environment, Steps) {
    let settings = ResourceMethods::SETTINGS_DIALOG | ResourceMethods::CHANGE_PASSWORD;
    for name in ["Staff", "Mailbox", "Smtp"] {
        let row = ProviderRow::new(format!("{name} of Jane")).methods(settings);
        cast.on_status(name, row);
    }
    let exchange = cast.service().address_book("Staff").store("Mailbox").transport("Smtp");
    let archive = cast.service().address_book("Friends").store("Archive").transport("Fax");
    playing(Environment::builder(), vec![("Exchange", exchange), ("Home", archive)])
}

fn log_on(environment: &Environment) -> Session {
    mapi(environment).logon().profile("Mail").shared().call().expect("it is a session")
}

/// What the rows are about and by which names, in order.
fn names(table: &StatusTable) -> Vec<(u32, &str)> {
    table.rows().iter().map(|row| (row.resource.number(), &*row.display_name)).collect()
}

/// `STS-01`, `STS-05`, `STS-07`.
#[test]
fn mapi_has_three_rows_of_its_own_and_nothing_else_in_an_empty_profile() {
    let (environment, _steps) = environment();
    let session = mapi(&environment).logon().profile("Work").call().expect("Work is open");

    let table = session.status_table().expect("there is nothing to wait for");

    assert_eq!(names(&table), [(39, "Work"), (37, "Spooler"), (34, "Address Book")]);
    for row in table.rows() {
        assert_eq!((&row.owner, row.status), (&RowOwner::Mapi, StatusCode::AVAILABLE), "{row:?}");
        assert!(row.methods.contains(ResourceMethods::VALIDATE_STATE), "{row:?}");
    }
    let methods = |resource| table.find(resource).expect("it is MAPI's own").methods.bits();
    let own = [ResourceType::Subsystem, ResourceType::Spooler, ResourceType::AddressBook];
    assert_eq!(own.map(methods), [0x1, 0x9, 0x1]);
    assert!(table.find(ResourceType::TransportProvider).is_none());
}

/// `STS-02`, `STS-04`.
#[test]
fn a_transport_has_a_row_and_others_if_they_make_one() {
    let cast = Cast::new();
    let (environment, _steps) = stage(&cast);

    let table = log_on(&environment).status_table().expect("nothing hangs");

    let (own, providers) = table.rows().split_at(3);
    assert_eq!(own[0].display_name, "Mail");
    let rows: Vec<_> = providers
        .iter()
        .map(|row| {
            let RowOwner::Provider { name, .. } = &row.owner else { panic!("{row:?}") };
            (row.resource.number(), &*row.display_name, &**name, row.methods.bits())
        })
        .collect();
    let expected = [
        (35, "Staff of Jane", "Staff", 0x6),
        (33, "Mailbox of Jane", "Mailbox", 0x6),
        (36, "Smtp of Jane", "Smtp", 0x6),
        (36, "Fax", "Fax", 0),
    ];
    assert_eq!(rows, expected);
    assert!(providers.iter().all(|row| row.status == StatusCode::AVAILABLE));
}

/// `NML-02`, `STS-11`.
#[test]
fn without_mail_no_transport_is_seen_and_the_spooler_has_failed() {
    let cast = Cast::new();
    let (environment, _steps) = stage(&cast);
    let with_mail = log_on(&environment);
    let without = mapi(&environment).logon().join_existing().no_mail().call();
    let without = without.expect("it joins");
    with_mail.status_table().expect("nothing hangs");

    let table = without.status_table().expect("there is nothing to wait for");

    let own = [(39, "Mail"), (37, "Spooler"), (34, "Address Book")];
    assert_eq!(names(&table)[..3], own);
    assert_eq!(names(&table)[3..], [(35, "Staff of Jane"), (33, "Mailbox of Jane")]);
    let spooler = table.find(ResourceType::Spooler).expect("it is there all the same");
    assert_eq!((spooler.status, spooler.status.bits()), (StatusCode::FAILURE, 0x4));
    let table = with_mail.status_table().expect("nothing hangs");
    assert_eq!(table.rows().len(), 7, "the other sees what it saw");
    let spooler = table.find(ResourceType::Spooler).expect("it is there");
    assert_eq!((spooler.status, spooler.status.bits()), (StatusCode::AVAILABLE, 0x1));
}

/// `STS-06`, `STS-13`.
#[test]
fn what_ran_and_is_disabled_has_failed_and_what_never_ran_has_no_row() {
    let cast = Cast::new();
    cast.on_logon("Smtp", || failed(MapiCode::MAPI_E_NETWORK_ERROR));
    cast.on_logon("Fax", skip);
    let (environment, _steps) = stage(&cast);
    let session = log_on(&environment);

    let table = session.status_table().expect("nothing hangs");

    assert_eq!(names(&table)[3..], [(35, "Staff of Jane"), (33, "Mailbox of Jane")]);
    assert!(table.rows()[3..].iter().all(|row| row.status == StatusCode::FAILURE), "{table:?}");
}

/// `STS-12`, `PSD-03`.
#[test]
fn a_row_goes_when_its_provider_logs_off() {
    let cast = Cast::new();
    let (environment, _steps) = stage(&cast);
    let session = log_on(&environment);
    let mailbox = session.find_store("Mailbox").expect("it is listed");
    let store = session.open_store(mailbox).call().expect("it runs");
    assert!(session.status_table().expect("nothing hangs").provider(mailbox).is_some());

    store.log_off().expect("it is open");

    assert!(session.status_table().expect("nothing hangs").provider(mailbox).is_none());
}

#[test]
fn a_provider_that_starts_again_makes_its_row_anew() {
    let cast = Cast::new();
    let (environment, _steps) = stage(&cast);
    let session = log_on(&environment);
    let mailbox = session.find_store("Mailbox").expect("it is listed");
    drop(session.open_store(mailbox).call().expect("it runs"));
    let jane = Identity {
        display_name: "Jane Doe".to_owned(),
        entry_id: vec![1],
        search_key: b"SMTP:JANE@EXAMPLE.ORG".to_vec(),
    };
    cast.on_status("Mailbox", ProviderRow::new("Mailbox of John").identity(jane.clone()));

    let _store = session.open_store(mailbox).call().expect("it starts now");

    let table = session.status_table().expect("nothing hangs");
    let row = table.provider(mailbox).expect("it runs");
    assert_eq!((&*row.display_name, &row.identity), ("Mailbox of John", &Some(jane)));
}

#[test]
fn the_rows_say_which_part_a_provider_plays_as_of_now() {
    let cast = Cast::new();
    for name in ["One", "Two"] {
        cast.on_status(name, ProviderRow::new(name));
    }
    let both = ResourceFlags::DEFAULT_STORE | ResourceFlags::PRIMARY_IDENTITY;
    let service = cast.service().store("One").resource_flags(both);
    let service = service.store("Two").resource_flags(both | ResourceFlags::SECONDARY_STORE);
    let (environment, _steps) = playing(Environment::builder(), vec![("Exchange", service)]);
    let session = log_on(&environment);
    let flags = || {
        let table = session.status_table().expect("nothing hangs");
        [table.rows()[3].flags, table.rows()[4].flags]
    };
    let (identity, default) = (ResourceFlags::PRIMARY_IDENTITY, ResourceFlags::DEFAULT_STORE);
    let secondary = ResourceFlags::SECONDARY_STORE;

    assert_eq!(flags(), [identity, default | secondary], "one row has each, whatever is marked");
    session.set_default_store(session.find_store("One")).expect("it runs");
    assert_eq!(flags(), [identity | default, secondary]);
    session.set_default_store(None).expect("there may be none");
    assert_eq!(flags(), [identity, secondary]);
}
