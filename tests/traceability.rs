//! Every requirement is carried out, planned, or left out for a reason; every citation is of one.
//!
//! The tables of `specs/rules` and the sources are read as they are. What may be wrong with them is
//! tried on made-up ones first, so that silence means something.

use std::collections::BTreeSet;

use mapi_session_tests::{
    requirements::{
        Traceability,
        citations::Citations,
        covered::{Column, Covered, Shown, holes, table},
        rows::{self, Requirement, RowError},
    },
    scopes::Specs,
    verify::{bless::Files, ids, pins::Pins},
};

fn specs() -> Specs {
    Specs::find().unwrap_or_else(|error| panic!("{error}"))
}

fn traceability() -> Traceability {
    Traceability::read(&specs()).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn every_requirement_is_accounted_for_and_every_citation_is_of_one() {
    let traceability = traceability();
    let gaps = traceability.gaps();
    assert!(gaps.is_empty(), "{} gaps:\n{}", gaps.len(), gaps.join("\n"));
    // There was something to look at.
    assert!(traceability.requirements.len() > 300 && traceability.decisions.len() > 20);
}

#[test]
fn the_recorded_coverage_of_ids_is_up_to_date() {
    let covered = ids::covered(&specs(), &Files::new());
    let covered = covered.unwrap_or_else(|error| panic!("{error}"));
    let recorded = ids::recorded(&specs()).unwrap_or_else(|error| panic!("{error}"));
    let stale = ids::stale(&recorded, &table(&covered));
    let advice = "`cargo verify bless` rewrites it";
    assert!(stale.is_empty(), "{}\nIt is out of date: {advice}", stale.join("\n"));
}

#[test]
fn no_cell_of_the_coverage_is_empty_without_a_reason() {
    let covered = ids::covered(&specs(), &Files::new());
    let covered = covered.unwrap_or_else(|error| panic!("{error}"));
    let pins = Pins::load(&specs()).unwrap_or_else(|error| panic!("{error}"));
    let (holes, needless) = holes(&covered, pins.uncovered.cells());
    assert!(holes.is_empty() && needless.is_empty(), "{holes:#?}\n{needless:#?}");
}

/// A made-up table of a group.
fn read(group: &str, rows: &[&str]) -> Result<Vec<Requirement>, RowError> {
    let header = "Words.\n\n| id | strength | requirement | source | status |\n|-|-|-|-|-|\n";
    rows::read("made-up.md", group, &format!("{header}{}\n", rows.join("\n")))
}

fn citing(file: &str, text: &str) -> Citations {
    let mut citations = Citations::default();
    citations.add(file, text);
    citations
}

#[test]
fn a_malformed_row_is_refused_with_its_line() {
    let good = "| XY-01 | D | It holds. | a.md | modelled |";
    let places = read("XY", &[good]).map(|rows| rows[0].place.clone());
    assert_eq!(places, Ok("made-up.md:5".into()));
    for (row, said) in [
        (good.replace(" D |", ""), "4 columns; expected 5"),
        (good.replace("a.md |", "a.md | b.md |"), "6 columns; expected 5"),
        (good.trim_end_matches('|').to_owned(), "0 columns; expected 5"),
        (good.replace("-01", ""), "id \"XY\"; expected XY- and two digits"),
        (good.replace("01", "1"), "id \"XY-1\"; expected XY- and two digits"),
        (good.replace("01", "00"), "id \"XY-00\"; expected XY- and two digits"),
        (good.replace("XY", "XZ"), "id \"XZ-01\"; expected XY- and two digits"),
        (good.replace(" D ", " E "), "strength \"E\"; expected one of D, H, L, R"),
        (good.replace("a.md", ""), "XY-01 has no requirement, or no source"),
        (good.replace("modelled", "done"), "XY-01: status \"done\"; expected `modelled`, "),
        (good.replace("modelled", "later"), "XY-01: status \"later\"; expected `modelled`, "),
        (good.replace("modelled", "later: soon"), "XY-01: later for \"soon\"; expected admin"),
        (good.replace("modelled", "UNMODELLED"), "XY-01: status \"UNMODELLED\"; expected"),
        (good.replace("modelled", "UNMODELLED: "), "XY-01: status \"UNMODELLED:\"; expected"),
    ] {
        let RowError { place, what } = read("XY", &[good, &row]).expect_err("it is malformed");
        assert_eq!(place, "made-up.md:6");
        assert!(what.starts_with(said), "{what:?}, not {said:?}");
    }
    assert!(read("XY", &[]).is_err(), "a table without rows");
    assert!(rows::read("made-up.md", "XY", "no table").is_err());
}

/// Three requirements and one decision, and every citation that they need.
fn sound() -> Traceability {
    let rows = [
        "| SHR-01 | R | It holds. | D-01 | modelled |",
        "| SHR-02 | R | It will. | D-01 | later: engine |",
        "| SHR-03 | R | It never will. | D-01 | UNMODELLED: it cannot |",
        "| SHR-04 | R | It holds outside. | D-01 | engine |",
    ];
    Traceability {
        requirements: read("SHR", &rows).expect("the rows are well formed"),
        decisions: [("D-01".to_owned(), BTreeSet::new())].into(),
        model: citing("model.rs", "SHR-01"),
        engine: citing("core.rs", "SHR-01, SHR-02, SHR-04"),
        tests: citing("test.rs", "D-01, SHR-04, SHR-99"),
        ..Traceability::default()
    }
}

#[test]
fn each_kind_of_gap_is_found() {
    assert_eq!(sound().gaps(), Vec::<String>::new());
    let gap = |change: fn(&mut Traceability)| {
        let mut broken = sound();
        change(&mut broken);
        broken.gaps().join("; ")
    };
    for (gap, said) in [
        (
            gap(|it| it.model = Citations::default()),
            "made-up.md:5: SHR-01 is modelled, but model/src does not cite it",
        ),
        (
            gap(|it| it.engine = citing("core.rs", "SHR-04")),
            "made-up.md:5: SHR-01 is modelled, but neither engine/core/src nor engine/src cites it",
        ),
        (
            gap(|it| it.engine = citing("core.rs", "SHR-01")),
            "made-up.md:8: SHR-04 is engine, but neither engine/core/src nor engine/src cites it",
        ),
        (
            gap(|it| it.tests = Citations::default()),
            "made-up.md:8: SHR-04 is engine, but no test cites it",
        ),
        (gap(|it| it.model.add("a.rs", "\n(SHR-99)")), "a.rs:2: nothing in specs/ is SHR-99"),
        (gap(|it| it.engine.add("a.rs", "D-02")), "a.rs:1: nothing in specs/ is D-02"),
        (gap(|it| it.tests.add("a.rs", "MTX-01")), "a.rs:1: nothing in specs/ is MTX-01"),
        (gap(|it| it.decisions.clear()), "test.rs:1: nothing in specs/ is D-01"),
        (
            gap(|it| it.requirements.push(it.requirements[0].clone())),
            "made-up.md:5: SHR-01 stands at made-up.md:5 already",
        ),
        (gap(|it| drop(it.requirements.remove(1))), "made-up.md:7: SHR-02 is missing before it"),
        (
            gap(|it| it.requirements[0].group = "INV".into()),
            "made-up.md:5: SHR-01 is modelled, but no property or goal has it",
        ),
    ] {
        assert!(gap.contains(said), "{gap:?}, not {said:?}");
    }
}

/// The cells of [`sound`] that are empty, with these traces.
fn empty(traceability: &Traceability, traces: &[Shown]) -> Vec<(String, Column)> {
    let covered = traceability.covered(traces);
    let cells = covered.iter().flat_map(|it| it.empty().map(|column| (it.id.clone(), column)));
    cells.collect()
}

fn shown(ids: &[&str], rules: &[&str]) -> Shown {
    let owned = |names: &[&str]| names.iter().map(|it| (*it).to_owned()).collect();
    Shown { ids: owned(ids), rules: owned(rules) }
}

/// The line of an id.
fn line(covered: &[Covered], id: &str) -> String {
    let line = covered.iter().find(|it| it.id == id).expect("every id has a line");
    line.to_string().replace('\t', " | ")
}

#[test]
fn a_rule_or_a_property_and_a_trace_of_it_cover_a_requirement() {
    // The rules of SHR-01 are those of the model, whatever is made up here.
    assert_eq!(empty(&sound(), &[shown(&[], &["Join", "Reply"])]), []);
    let traces = Column::Traces;
    assert_eq!(empty(&sound(), &[]), [("SHR-01".to_owned(), traces)]);
    assert_eq!(empty(&sound(), &[shown(&["RCH-01"], &["Crash"])]), [("SHR-01".to_owned(), traces)]);
    let mut watched = sound();
    let goal = "| RCH-01 | R | It can be. | SHR-01 | modelled |";
    watched.requirements.extend(read("RCH", &[goal]).expect("the row is well formed"));
    watched.properties.insert("RCH-01".to_owned());
    assert_eq!(empty(&watched, &[shown(&["RCH-01"], &["Crash"])]), []);
    let covered = watched.covered(&[shown(&["RCH-01"], &["Crash"])]);
    let of_requirement = line(&covered, "SHR-01");
    let expected = "SHR-01 | modelled | Join DoNotJoin | RCH-01 | ";
    assert!(of_requirement.starts_with(expected), "{of_requirement}");
    assert!(of_requirement.ends_with(" | 1 | - | 1"), "{of_requirement}");
    let of_goal = line(&covered, "RCH-01");
    assert_eq!(of_goal, "RCH-01 | modelled | - | RCH-01 | - | - | - | 1");
    let of_decision = line(&covered, "D-01");
    let expected = "D-01 | decided | - | SHR-01 SHR-02 SHR-03 SHR-04 | - | - | 1 | -";
    assert_eq!(of_decision, expected);
}

#[test]
fn an_empty_cell_without_a_reason_and_a_reason_without_an_empty_cell_are_found() {
    let mut bare = sound();
    // No rule and no property stands for this one, and nothing rests on that decision.
    bare.requirements[0].id = "SHR-99".to_owned();
    bare.decisions.insert("D-99".to_owned(), BTreeSet::new());
    let covered = bare.covered(&[]);
    let (found, needless) = holes(&covered, [].into_iter());
    assert_eq!(
        found,
        [
            "D-99 has nothing for `rests_on_it`, and no reason is listed",
            "SHR-99 has nothing for `rules`, and no reason is listed",
            "SHR-99 has nothing for `traces`, and no reason is listed",
        ]
    );
    assert!(needless.is_empty());
    assert!(line(&covered, "SHR-99").starts_with("SHR-99 | modelled | uncovered | - | "));
    assert!(line(&covered, "SHR-99").ends_with(" | uncovered"));
    assert_eq!(line(&covered, "D-99"), "D-99 | decided | - | uncovered | - | - | - | -");
    let excused = [
        ("D-99", Column::RestsOnIt),
        ("SHR-99", Column::Rules),
        ("SHR-99", Column::Traces),
        ("SHR-02", Column::Traces),
        ("MTX-99", Column::Rules),
    ];
    let (found, needless) = holes(&covered, excused.into_iter());
    assert!(found.is_empty(), "{found:?}");
    assert_eq!(
        needless,
        [
            "MTX-99 needs no reason to have nothing for `rules`",
            "SHR-02 needs no reason to have nothing for `traces`",
        ]
    );
}

#[test]
fn a_trace_says_what_it_shows_and_by_which_rules() {
    let text = r##"{
        "#meta": { "property": "RCH-06a: a provider fails (INV-01)", "kind": "goal" },
        "states": [{ "mutex": "none" }, { "mbt::actionTaken": "Join" }]
    }"##;
    let read = Shown::read("made-up", text).expect("it is a trace");
    assert_eq!(read, shown(&["RCH-06"], &["", "Join"]));
    let error = Shown::read("made-up", "{}").expect_err("it is none");
    assert!(error.to_string().starts_with("made-up: "), "{error}");
}
