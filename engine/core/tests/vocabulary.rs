//! The tables of codes and rules, and what errors say.

use std::collections::BTreeSet;

use mapi_session_core::*;

#[test]
fn a_code_is_printed_by_name_and_value() {
    assert_eq!(MapiCode::MAPI_E_TIMEOUT.to_string(), "MAPI_E_TIMEOUT (0x80040401)");
    assert_eq!(format!("{:?}", MapiCode::S_OK), "S_OK (0x00000000)");
    assert_eq!(MapiCode(0x8004_9999).to_string(), "0x80049999");
}

#[test]
fn no_two_codes_share_a_name_or_a_value() {
    let names: BTreeSet<_> = MapiCode::ALL.iter().map(|code| code.name()).collect();
    let values: BTreeSet<_> = MapiCode::ALL.iter().collect();
    assert_eq!((names.len(), values.len()), (MapiCode::ALL.len(), MapiCode::ALL.len()));
}

#[test]
fn the_severity_bit_says_whether_a_call_succeeded() {
    for code in MapiCode::ALL {
        let name = code.name().unwrap_or_default();
        assert_eq!(code.is_success(), !name.starts_with("MAPI_E_"), "{code}");
    }
}

#[test]
fn an_answer_has_the_code_of_its_error() {
    for (answer, code) in [
        (Answer::Uninitialized, MapiCode::S_OK),
        (Answer::Initialized(Ok(())), MapiCode::S_OK),
        (Answer::LoggedOn(Err(LogonError::TimedOut)), MapiCode::MAPI_E_TIMEOUT),
        (Answer::LoggedOff(Err(LogoffError::Cancelled)), MapiCode::MAPI_E_USER_CANCEL),
        (Answer::Released(Err(ReleaseError::NotInitialized)), MapiCode::MAPI_E_NOT_INITIALIZED),
        (Answer::Opened(Ok(Opened::Store)), MapiCode::S_OK),
        (Answer::Opened(Ok(Opened::WholeAddressBook)), MapiCode::S_OK),
        (Answer::Opened(Ok(Opened::PartOfAddressBook)), MapiCode::MAPI_W_ERRORS_RETURNED),
        (Answer::Opened(Err(OpenError::OpenInProgress)), MapiCode::MAPI_E_BUSY),
        (Answer::Used(Ok(())), MapiCode::S_OK),
        (Answer::Used(Err(UseError::EntryUnavailable)), MapiCode::MAPI_E_UNKNOWN_ENTRYID),
        (Answer::StoreLoggedOff(Ok(())), MapiCode::S_OK),
        (Answer::DefaultStoreSet(Ok(())), MapiCode::S_OK),
        (Answer::DefaultStoreSet(Err(SetDefaultStoreError::Unfit)), MapiCode::MAPI_E_NO_ACCESS),
        (Answer::Advised(Ok(())), MapiCode::S_OK),
        (Answer::Advised(Err(AdviseError::InvalidHandle)), MapiCode::MAPI_E_INVALID_OBJECT),
        (Answer::Unadvised(Ok(())), MapiCode::S_OK),
        (Answer::Unadvised(Err(UnadviseError::NotInitialized)), MapiCode::MAPI_E_NOT_INITIALIZED),
        (Answer::StoreLoggedOff(Err(StoreLogoffError::NotOpen)), MapiCode::MAPI_E_INVALID_OBJECT),
    ] {
        assert_eq!(answer.code(), code);
    }
}

#[test]
fn an_answer_about_shutdown_or_profiles_has_the_code_of_its_error() {
    let silent = QueryFastShutdownError::ProviderSilent;
    let invalid = NotifyProcessShutdownError::InvalidHandle;
    for (answer, code) in [
        (Answer::FastShutdownQueried(Ok(())), MapiCode::S_OK),
        (Answer::FastShutdownQueried(Err(silent)), MapiCode::MAPI_E_NO_SUPPORT),
        (Answer::ProcessShutdownNotified(Ok(())), MapiCode::S_OK),
        (Answer::ProcessShutdownNotified(Err(invalid)), MapiCode::MAPI_E_INVALID_OBJECT),
        (Answer::FastShutdownDone(Ok(())), MapiCode::S_OK),
        (
            Answer::FastShutdownDone(Err(DoFastShutdownError::NotAllowed)),
            MapiCode::MAPI_E_NO_SUPPORT,
        ),
        (Answer::Administered(Ok(())), MapiCode::S_OK),
        (Answer::Administered(Err(AdminError::NameTaken)), MapiCode::MAPI_E_NO_ACCESS),
        (Answer::ServicesAdministered(Ok(())), MapiCode::S_OK),
        (
            Answer::ServicesAdministered(Err(ServiceAdminError::ServiceNotFound)),
            MapiCode::MAPI_E_NOT_FOUND,
        ),
        (Answer::Initialized(Err(InitError::ShutDown)), MapiCode::MAPI_E_NOT_INITIALIZED),
        (Answer::LoggedOn(Err(LogonError::ProfileGone)), MapiCode::MAPI_E_LOGON_FAILED),
    ] {
        assert_eq!(answer.code(), code);
    }
}

#[test]
fn the_policies_of_fast_shutdown_have_the_documented_numbers() {
    use FastShutdownPolicy::{AllowIfAllConsent, AllowUnlessRefused, Refuse};
    let policies = [Some(AllowUnlessRefused), Some(AllowIfAllConsent), Some(Refuse), None];
    assert_eq!([0, 1, 2, 3].map(FastShutdownPolicy::from_number), policies);
    assert_eq!(Limits::default().fast_shutdown, AllowUnlessRefused);
}

#[test]
fn an_error_says_what_is_wrong_with_which_value() {
    let error = LogonError::MalformedName(NameError::TooLong { chars: 65 });
    let words = "malformed name: profile name has 65 characters; at most 64 are allowed";
    assert_eq!(error.to_string(), words);
    let error = LogonError::UnknownFlags { bits: 0x400 };
    assert_eq!(error.to_string(), "logon flags 0x00000400 are undefined");
    let error = TooManyProviders { services: 1, providers: 70_000 };
    let words = "profile has 1 services and 70000 providers; at most 65536 of each are allowed";
    assert_eq!(error.to_string(), words);
}

#[test]
fn providers_are_numbered_through_the_services_of_a_profile() {
    use ProviderKind::{AddressBook, Store, Transport};
    let service = |kinds: Vec<ProviderKind>| Service {
        entry: EntryFunction::Absent,
        providers: kinds.into_iter().map(ProviderSpec::new).collect(),
    };
    let services =
        vec![service(vec![Store, AddressBook]), service(vec![]), service(vec![Transport])];
    let services = Services::new(services).expect("there are few");
    let numbered: Vec<_> = services.providers().collect();
    let expected = [
        (ProviderId(0), ServiceId(0), ProviderSpec::new(Store)),
        (ProviderId(1), ServiceId(0), ProviderSpec::new(AddressBook)),
        (ProviderId(2), ServiceId(2), ProviderSpec::new(Transport)),
    ];
    assert_eq!(numbered, expected);
    assert_eq!(
        services.provider(ProviderId(2)),
        Some((ServiceId(2), ProviderSpec::new(Transport)))
    );
    assert_eq!(services.provider(ProviderId(3)), None);
    assert_eq!(services.services().map(|(id, _)| id.0).collect::<Vec<_>>(), [0, 1, 2]);
    assert_eq!(services.service(ServiceId(1)).map(|it| it.providers.len()), Some(0));
    assert_eq!(Services::none().services().count() + Services::none().providers().count(), 0);
}

#[test]
fn there_are_as_many_providers_as_can_be_numbered() {
    let service = |count| {
        let providers = vec![ProviderSpec::new(ProviderKind::Store); count];
        Service { entry: EntryFunction::Absent, providers }
    };
    let most = Services::new(vec![service(Services::MAX - 1), service(1)]).expect("all fit");
    assert_eq!(most.providers().last().map(|(id, _, _)| id), Some(ProviderId(u16::MAX)));
    let error = TooManyProviders { services: 2, providers: Services::MAX + 1 };
    assert_eq!(Services::new(vec![service(Services::MAX), service(1)]), Err(error));
    let error = TooManyProviders { services: Services::MAX + 1, providers: 0 };
    assert_eq!(Services::new(vec![service(0); Services::MAX + 1]), Err(error));
}

#[test]
fn a_rule_has_a_name_a_sentence_and_requirements() {
    for rule in Rule::ALL {
        assert_eq!(rule.to_string(), format!("{rule:?}"));
        let sentence = rule.meaning();
        assert!(sentence.ends_with('.') && sentence.trim() == sentence, "{rule}: {sentence:?}");
        for id in rule.requirements() {
            let (family, number) = id.split_once('-').expect("an id is a family and a number");
            assert!(family.len() == 3 && family.chars().all(|it| it.is_ascii_uppercase()), "{id}");
            assert!(number.len() == 2 && number.chars().all(|it| it.is_ascii_digit()), "{id}");
        }
        let distinct: BTreeSet<_> = rule.requirements().iter().collect();
        assert_eq!(distinct.len(), rule.requirements().len(), "{rule} cites a requirement twice");
    }
}
