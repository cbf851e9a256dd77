//! Every requirement is carried out, planned, or left out for a reason; every citation is of one.
//!
//! The tables of `specs/rules` and the sources are read as they are. What may be wrong with them is
//! tried on made-up ones first, so that silence means something.

use std::fs;

use mapi_session_tests::{
    requirements::{
        REQUIREMENTS, Traceability,
        citations::Citations,
        rows::{self, Requirement, RowError},
    },
    scopes::Specs,
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
fn the_recorded_coverage_of_requirements_is_up_to_date() {
    let file = specs().folder().join(REQUIREMENTS);
    let Ok(recorded) = fs::read_to_string(&file) else { return };
    let coverage = traceability().coverage();
    let advice = "`cargo verify bless` rewrites it";
    assert_eq!(recorded, coverage, "{} is out of date: {advice}", file.display());
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
        decisions: ["D-01".to_owned()].into(),
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
