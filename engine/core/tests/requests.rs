//! What the parsers make of flag words and names: every word, every undefined bit.

use std::cmp::Ordering;

use mapi_session_core::*;

/// The flags of `MAPILogonEx`, by the values that the headers give them.
const LOGON_BITS: [u32; 15] = [
    0x1,
    0x2,
    0x4,
    0x8,
    0x10,
    0x20,
    0x40,
    0x1000,
    0x2000,
    0x8000,
    0x1_0000,
    0x2_0000,
    0x10_0000,
    0x20_0000,
    0x8000_0000,
];

/// Every word that the defined flags can make.
fn logon_words() -> impl Iterator<Item = u32> {
    (0..1_u32 << LOGON_BITS.len()).map(|choice| {
        let chosen = |(place, bit): (usize, &u32)| if choice >> place & 1 == 1 { *bit } else { 0 };
        LOGON_BITS.iter().enumerate().map(chosen).sum()
    })
}

fn pick<T>(condition: bool, then: T, otherwise: T) -> T {
    if condition { then } else { otherwise }
}

#[test]
fn every_word_of_logon_flags_means_what_its_bits_mean() {
    let mut words = 0;
    for word in logon_words() {
        words += 1;
        let has = |bit| word & bit != 0;
        let parsed = LogonRequest::parse(None, Password::Given, word);
        if has(0x1) && has(0x2_0000) {
            assert_eq!(parsed, Err(LogonError::TwoDialogs), "{word:#x}");
            continue;
        }
        let allow_others = has(0x8);
        let expected = LogonRequest {
            sharing: pick(
                has(0x2),
                Sharing::OpenNew { allow_others },
                Sharing::JoinOrOpen { allow_others },
            ),
            profile: pick(has(0x40), ProfileChoice::Default, ProfileChoice::Unnamed),
            password: Password::Given,
            dialogs: pick(
                has(0x1),
                LogonDialogs::All,
                pick(has(0x2_0000), LogonDialogs::PasswordOnly, LogonDialogs::None),
            ),
            service_ui: pick(has(0x2000), ServiceUi::Always, ServiceUi::AsNeeded),
            mail: pick(has(0x8000), Mail::NotWanted, Mail::Wanted),
            host: pick(has(0x1_0000), Host::WindowsService, Host::Application),
            app_profiles: pick(has(0x4), AppProfiles::Listed, AppProfiles::Hidden),
            wait: pick(has(0x10_0000), Wait::Short, Wait::Unbounded),
        };
        assert_eq!(parsed, Ok(expected), "{word:#x}");
    }
    assert_eq!(words, 32_768);
}

#[test]
fn every_undefined_logon_flag_is_refused_and_named() {
    let defined: u32 = LOGON_BITS.iter().sum();
    let undefined: Vec<u32> =
        (0..32).map(|place| 1 << place).filter(|bit| defined & bit == 0).collect();
    assert_eq!(undefined.len(), 17);
    for bits in undefined.iter().copied().chain([!defined]) {
        for word in [bits, bits | defined, bits | 0x1] {
            let parsed = LogonRequest::parse(None, Password::NotGiven, word);
            assert_eq!(parsed, Err(LogonError::UnknownFlags { bits }), "{word:#x}");
        }
    }
}

#[test]
fn a_name_counts_before_the_default_and_an_empty_one_does_not() {
    let profile = |name, flags| {
        LogonRequest::parse(name, Password::NotGiven, flags).map(|request| request.profile)
    };
    let work = ProfileName::parse("Work").map(ProfileChoice::Named);
    assert_eq!(profile(Some("Work"), 0x40).ok(), work.ok());
    let malformed = ProfileChoice::Malformed(NameError::BadCharacter { found: '*' });
    assert_eq!(profile(Some("*"), 0x40), Ok(malformed));
    for nothing in [None, Some("")] {
        assert_eq!(profile(nothing, 0x40), Ok(ProfileChoice::Default));
        assert_eq!(profile(nothing, 0), Ok(ProfileChoice::Unnamed));
    }
}

#[test]
fn every_word_of_logoff_flags_is_told_apart() {
    for (flags, confirmation, scope) in [
        (0, Confirmation::Skip, LogoffScope::Own),
        (1, Confirmation::Skip, LogoffScope::Shared),
        (2, Confirmation::Ask, LogoffScope::Own),
        (3, Confirmation::Ask, LogoffScope::Shared),
    ] {
        assert_eq!(LogoffRequest::parse(flags), Ok(LogoffRequest { confirmation, scope }));
    }
    for bits in (2..32).map(|place| 1 << place) {
        assert_eq!(LogoffRequest::parse(bits | 3), Err(LogoffError::UnknownFlags { bits }));
    }
}

#[test]
fn every_word_of_open_flags_means_what_its_bits_mean() {
    let (store, book) = (OpenTarget::Store(ProviderId(3)), OpenTarget::AddressBook);
    for (target, defined) in [(store, 0x1bd), (book, 0x1)] {
        for word in 0..0x400_u32 {
            let undefined = word & !defined;
            let expected = if undefined == 0 {
                let dialogs = pick(word & 1 == 1, Prompts::Forbidden, Prompts::Allowed);
                Ok(OpenRequest { target, dialogs })
            } else {
                Err(OpenError::UnknownFlags { bits: undefined })
            };
            assert_eq!(OpenRequest::parse(target, word), expected, "{word:#x}");
        }
        for bits in (10..32).map(|place| 1 << place) {
            let parsed = OpenRequest::parse(target, bits | 1);
            assert_eq!(parsed, Err(OpenError::UnknownFlags { bits }));
        }
    }
}

#[test]
fn an_initialisation_is_checked_version_first() {
    let host = |version, flags| InitRequest::parse(version, flags).map(|request| request.host);
    assert_eq!(host(0, 0x9), Ok(Host::Application));
    assert_eq!(host(0, 0x1_0009), Ok(Host::WindowsService));
    assert_eq!(host(0, 0x4000_0001), Err(InitError::UnknownFlags { bits: 0x4000_0000 }));
    assert_eq!(host(2, 0x4000_0000), Err(InitError::WrongVersion { version: 2 }));
}

#[test]
fn a_name_is_kept_whole_or_refused() {
    let longest = "x".repeat(64);
    for text in ["a", "Work", "my work_2", "École 1", "Łódź", "日本語", longest.as_str()] {
        let name = ProfileName::parse(text).expect("the name is well-formed");
        assert_eq!((name.as_str(), name.to_string().as_str()), (text, text));
    }
    for (text, error) in [
        ("", NameError::Empty),
        (&"é".repeat(65), NameError::TooLong { chars: 65 }),
        (" a", NameError::OuterSpace),
        ("a ", NameError::OuterSpace),
        (" ", NameError::OuterSpace),
        ("a\tb", NameError::BadCharacter { found: '\t' }),
        ("a-b", NameError::BadCharacter { found: '-' }),
        ("a\\b", NameError::BadCharacter { found: '\\' }),
        ("a\u{a0}b", NameError::BadCharacter { found: '\u{a0}' }),
    ] {
        assert_eq!(ProfileName::parse(text), Err(error), "{text:?}");
    }
}

#[test]
fn names_are_compared_without_regard_to_case() {
    let name = |text| ProfileName::parse(text).expect("the name is well-formed");
    let compare = |one, other| name(one).compare(&name(other));
    assert_eq!(compare("École", "éCOLE"), Ordering::Equal);
    assert_eq!(compare("Σίσυφος", "ΣΊΣΥΦΟΣ"), Ordering::Equal);
    assert_eq!(compare("a", "B"), Ordering::Less);
    assert_eq!(compare("a", "a b"), Ordering::Less);
    assert_ne!(compare("Straße", "Strasse"), Ordering::Equal);
    assert_ne!(name("Work"), name("work"), "spelled differently");
}
