//! The tables of `specs/tables`, read row by row and walked on model, core and engine.
//!
//! A table says what must come out; nothing here says it a second time. A row that one of the three
//! does not honour fails, and so does a cell that nobody understands.

#[path = "tables/flags.rs"]
mod flags;
#[path = "tables/profile_choice.rs"]
mod profile_choice;
#[path = "tables/provider_results.rs"]
mod provider_results;
#[path = "tables/provider_results_core.rs"]
mod provider_results_core;
#[path = "tables/provider_results_engine.rs"]
mod provider_results_engine;
#[path = "tables/provider_results_model.rs"]
mod provider_results_model;
#[path = "tables/provider_results_series.rs"]
mod provider_results_series;
#[path = "tables/provider_results_walk.rs"]
mod provider_results_walk;
#[path = "tables/simple_mapi.rs"]
mod simple_mapi;
#[path = "tables/simple_mapi_walk.rs"]
mod simple_mapi_walk;
#[path = "tables/table.rs"]
mod table;
#[path = "tables/undeciding.rs"]
mod undeciding;
#[path = "tables/witnesses.rs"]
mod witnesses;

use flags::{Flag, opposites, predict};
use mapi_session::{Environment, NewProfile, NoUi};
use mapi_session_core::{LogonError, LogonFlags, LogonRequest, MapiCode, Password};
use mapi_session_model::flag;
use profile_choice::{Choice, Combination, LogonUi, Outcome, the_row};
use undeciding::{is_the_same_to_the_model, steps_of_the_engine};
use witnesses::{Asks, in_the_core, in_the_engine, in_the_model};

fn choices() -> Vec<Choice> {
    profile_choice::read(profile_choice::TEXT).unwrap_or_else(|error| panic!("{error}"))
}

fn flags() -> Vec<Flag> {
    flags::read(flags::TEXT).unwrap_or_else(|error| panic!("{error}"))
}

/// What a name, if any, and a password, if any, may be.
const ARGUMENTS: [(Option<&str>, Password); 6] = [
    (None, Password::NotGiven),
    (None, Password::Given),
    (Some("Work"), Password::NotGiven),
    (Some("Work"), Password::Given),
    (Some(" Work"), Password::NotGiven),
    (Some(" Work"), Password::Given),
];

#[test]
fn every_combination_matches_one_row_and_every_row_is_matched() {
    let table = choices();
    let mut met: Vec<&str> = Vec::new();
    for it in Combination::all() {
        let row = the_row(&table, it).unwrap_or_else(|error| panic!("{error}"));
        met.push(&row.row);
    }
    assert_eq!(met.len(), 32);
    for row in &table {
        let same = table.iter().filter(|it| it.row == row.row).count();
        assert_eq!((met.contains(&row.row.as_str()), same), (true, 1), "row {}", row.row);
    }
}

#[test]
fn model_core_and_engine_choose_the_profile_that_the_table_says() {
    let table = choices();
    let mut asked = 0;
    for it in Combination::all() {
        for asks in Asks::ALL.into_iter().filter(|asks| asks.logon_ui() == it.logon_ui) {
            let row = the_row(&table, it).unwrap_or_else(|error| panic!("{error}"));
            let expected = Ok(row.outcome);
            let says = format!("row {}: {it:?}, the logon asks {asks:?}", row.row);
            assert_eq!(in_the_model(it, asks), expected, "{says}: the model");
            for outcome in in_the_core(it, asks) {
                assert_eq!(outcome, expected, "{says}: the core");
            }
            for outcome in in_the_engine(it, asks) {
                assert_eq!(outcome, expected, "{says}: the engine");
            }
            if row.outcome == Outcome::Ask {
                assert_eq!((it.logon_ui, asks), (LogonUi::Yes, Asks::ForAll), "{says}");
                asked += 1;
            }
        }
    }
    assert_eq!(asked, 3, "combinations in which the chooser opens");
}

#[test]
fn a_flag_has_the_same_name_and_value_everywhere() {
    let table = flags();
    let in_table: Vec<_> = table.iter().map(|flag| (flag.name.as_str(), flag.value)).collect();
    assert_eq!(in_table, flag::NAMES, "the model's");
    let in_core: Vec<_> =
        LogonFlags::all().iter_names().map(|(name, it)| (name, it.bits())).collect();
    assert_eq!(in_table, in_core, "the core's");
}

#[test]
fn each_flag_says_what_its_row_says_and_nothing_else() {
    for Flag { name: flag, value, says } in flags() {
        for (name, password) in ARGUMENTS {
            let parse = |flags| LogonRequest::parse(name, password, flags).expect("one flag");
            let (set, clear) = (parse(value), parse(0));
            let (mut as_set, mut as_clear) = (clear.clone(), set.clone());
            if let Some(says) = says {
                says.when_set.apply(&mut as_set);
                says.when_clear.apply(&mut as_clear);
            }
            assert_eq!(set, as_set, "{flag} set, name {name:?}");
            assert_eq!(clear, as_clear, "{flag} clear, name {name:?}");
        }
    }
}

#[test]
fn every_word_of_flags_becomes_what_the_rows_say() {
    let table = flags();
    let word = |set: u32| {
        let flags = table.iter().enumerate().filter(|(place, _)| set >> place & 1 == 1);
        flags.map(|(_, flag)| flag.value).sum::<u32>()
    };
    let mut refused = 0;
    for word in (0..1 << table.len()).map(word) {
        for (name, password) in ARGUMENTS {
            let parsed = LogonRequest::parse(name, password, word);
            let parsed = parsed.map_err(|error| error.code());
            refused += u32::from(parsed == Err(MapiCode::MAPI_E_INVALID_PARAMETER));
            // Where the rows left something open, the opposites would differ in it.
            for blank in opposites(name, password) {
                let predicted = predict(&table, blank, word);
                assert_eq!(parsed, predicted, "0x{word:08X}, name {name:?}");
            }
        }
    }
    assert_eq!(refused, 8192 * ARGUMENTS.len() as u32, "words with both dialogs");
}

#[test]
fn every_undefined_bit_is_refused_alone_and_among_all_others() {
    let table = flags();
    let defined = table.iter().map(|flag| flag.value).sum::<u32>();
    let undefined: Vec<u32> =
        (0..32).map(|place| 1 << place).filter(|bit| defined & bit == 0).collect();
    assert_eq!(undefined.len(), 17);
    for bit in undefined {
        for word in [bit, bit | defined, u32::MAX] {
            let refusal = LogonRequest::parse(None, Password::NotGiven, word);
            let bits = word & !defined;
            assert_eq!(refusal, Err(LogonError::UnknownFlags { bits }), "0x{word:08X}");
            let predicted = predict(&table, opposites(None, Password::NotGiven)[0].clone(), word);
            assert_eq!(refusal.map_err(|error| error.code()), predicted, "0x{word:08X}");
        }
        refused_by_the_engine(bit, MapiCode::MAPI_E_UNKNOWN_FLAGS);
        refused_by_the_engine(bit | defined, MapiCode::MAPI_E_UNKNOWN_FLAGS);
    }
    let dialogs = flag::LOGON_UI | flag::PASSWORD_UI;
    refused_by_the_engine(dialogs, MapiCode::MAPI_E_INVALID_PARAMETER);
}

/// A logon that would have succeeded but for these flags gets this code, and nothing changes.
fn refused_by_the_engine(flags: u32, code: MapiCode) {
    let environment = Environment::default();
    environment.profiles().create(NewProfile::new("Work")).expect("the store is empty");
    let process = environment.process(NoUi);
    process.initialize(0, 0).expect("the arguments make sense");
    let standing = process.logon_ex(0, Some("Work"), None, flag::ALLOW_OTHERS);
    standing.expect("nothing is in the way");
    let before = environment.state();
    let refusal = process.logon_ex(0, Some("Work"), None, flags).expect_err("refused");
    assert_eq!(refusal.code(), Some(code), "0x{flags:08X}");
    assert!(environment.state() == before, "0x{flags:08X} changed something");
}

#[test]
fn a_flag_changes_what_the_model_does_exactly_if_it_decides() {
    for Flag { name, value, says } in flags() {
        assert_eq!(is_the_same_to_the_model(value), says.is_none(), "{name}");
    }
}

#[test]
fn a_flag_that_decides_nothing_changes_no_step_of_the_engine() {
    let table = flags();
    let without = steps_of_the_engine(0);
    assert!(without.steps.len() > 50, "{} steps say little", without.steps.len());
    assert_eq!(without.demands, 0, "nobody wants transports unasked");
    for Flag { name, value, .. } in table.iter().filter(|flag| flag.says.is_none()) {
        let with = steps_of_the_engine(*value);
        assert_eq!(with.steps, without.steps, "{name}");
        // A demand is the shell's own affair, after the answer (NML-07).
        assert_eq!(with.demands > 0, *value == flag::FORCE_DOWNLOAD, "{name}");
    }
    let refused = flag::FORCE_DOWNLOAD | flag::NO_MAIL;
    assert_eq!(steps_of_the_engine(refused).demands, 0, "without mail there is nothing to fetch");
    assert_ne!(steps_of_the_engine(flag::NO_MAIL).steps, without.steps, "NO_MAIL decides");
}

/// What is said of a table in which the first `find` is replaced.
fn complaint<T, E: std::fmt::Display>(
    read: impl Fn(&str) -> Result<T, E>,
    text: &str,
    (find, replace): (&str, &str),
) -> String {
    assert!(text.contains(find), "no `{find}` to be replaced");
    match read(&text.replacen(find, replace, 1)) {
        Ok(_) => format!("`{replace}` is accepted for `{find}`"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn a_choice_that_nobody_understands_is_refused_with_its_line() {
    for (change, said) in [
        (("| row | name", "| row | title"), "6: expected the columns row, name, USE_DEFAULT"),
        (("1a | live", "1a | alive"), "8: found `alive`, expected one of `live`, `absent`"),
        (("| none | yes | exists", "| none | ja | exists"), "11: found `ja`, expected one of"),
        (("yes | exists", "yes | some"), "11: found `some`, expected one of `exists`"),
        (("exists | * | use", "exists | maybe | use"), "11: found `maybe`, expected one of `yes`"),
        (("use the default", "take the default"), "11: found `take the default`, expected one of"),
        (("| PRF-11 |", "| PRF-99 |"), "9: no requirement `PRF-99`"),
        (("| PRF-11 |", "| |"), "9: no requirement ``"),
        (("| PRF-11 |", "|"), "9: expected 7 cells"),
        (("\n- **name**", "\n| a |\n- **name**"), "17: a second table"),
    ] {
        let complaint = complaint(profile_choice::read, profile_choice::TEXT, change);
        let expected = format!("{}:{said}", profile_choice::FILE);
        assert!(complaint.starts_with(&expected), "{complaint}\nshould begin: {expected}");
    }
}

#[test]
fn a_flag_that_nobody_understands_is_refused_with_its_line() {
    for (change, said) in [
        (("| decides |", "| counts |"), "7: expected the columns flag, value"),
        (("0x00000001", "0x1"), "9: expected one bit, as 0x and eight digits"),
        (("0x00000001", "0x00000003"), "9: expected one bit, as 0x and eight digits"),
        (("| dialogs | all", "| dialog | all"), "9: found `dialog`, expected one of `dialogs`"),
        (("| opens new |", "| opens |"), "10: found `opens`, expected one of `opens new`"),
        (("may join | yes", "may join | no"), "10: a flag that does not decide says nothing"),
        (("– | no", "– | yes"), "13: found `–`, expected one of `dialogs`"),
        (("mapilogonex.md |\n| NEW", "hearsay |\n| NEW"), "9: no source `hearsay`"),
        (("0x00000002", "0x00000001"), "10: a second row for this flag or bit"),
        (("| NEW_SESSION", "| LOGON_UI"), "10: a second row for this flag or bit"),
    ] {
        let complaint = complaint(flags::read, flags::TEXT, change);
        let expected = format!("{}:{said}", flags::FILE);
        assert!(complaint.starts_with(&expected), "{complaint}\nshould begin: {expected}");
    }
}

#[test]
fn a_table_with_a_gap_or_an_overlap_is_found_out() {
    let matches_one = |change: (&str, &str)| {
        let text = profile_choice::TEXT.replacen(change.0, change.1, 1);
        assert_ne!(text, profile_choice::TEXT);
        let table = profile_choice::read(&text).unwrap_or_else(|error| panic!("{error}"));
        Combination::all().all(|it| the_row(&table, it).is_ok())
    };
    assert!(!matches_one(("| 1b | absent", "| 1b | live")), "absent has no row, live has two");
    assert!(!matches_one(("| 2 | none | yes | exists", "| 2 | none | yes | *")), "2 and 3 overlap");
}
