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
    ] {
        assert_eq!(answer.code(), code);
    }
}

#[test]
fn an_error_says_what_is_wrong_with_which_value() {
    let error = LogonError::MalformedName(NameError::TooLong { chars: 65 });
    let words = "malformed name: profile name has 65 characters; at most 64 are allowed";
    assert_eq!(error.to_string(), words);
    let error = LogonError::UnknownFlags { bits: 0x400 };
    assert_eq!(error.to_string(), "logon flags 0x00000400 are undefined");
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
