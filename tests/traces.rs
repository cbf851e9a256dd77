//! Every committed trace is replayed on the model, on the core and on the real engine.
//!
//! A goal's trace ends at its goal. A counterexample is replayed twice: with its fault to the
//! violation, and without it up to the step at which the sound protocol parts from the faulty one;
//! model, core and engine take that step alike. Both ends are asserted on the model.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use mapi_session_model::{
    Protocol, Rule,
    properties::{INVARIANTS, STEPS, goals},
};
use mapi_session_tests::{
    engine_replay::replay_on_engine,
    lockstep::replay_on_core,
    scopes::Specs,
    trace::{Kind, Recorded, replay_on_model, svg},
    verify::{headline, pins::Pins, replay::FOLDERS},
};

#[test]
fn every_goal_is_reached_on_model_core_and_engine() {
    let mut reached = BTreeSet::new();
    for (file, recorded) in committed("traces") {
        assert_eq!(recorded.kind, Kind::Goal, "{file}");
        replay(&file, &recorded, recorded.actions.len());
        reached.insert(recorded.property);
    }
    let expected: BTreeSet<String> = goals().into_iter().map(|it| it.name.into_owned()).collect();
    assert_eq!(reached, expected, "one trace for every goal");
    assert!(expected.len() > Rule::ALL.len());
}

#[test]
fn every_property_is_violated_by_its_fault_and_kept_without_it() {
    let mut violated = BTreeSet::new();
    let [_, folders @ ..] = FOLDERS;
    for (file, recorded) in folders.into_iter().flat_map(committed) {
        assert_eq!(recorded.kind, Kind::Counterexample, "{file}");
        assert!(recorded.fault.is_some(), "{file} names no fault");
        // What leads into a trap may be sound to its end: only what would come then is missing.
        let leads_into_a_trap = recorded.property.starts_with("REST");
        assert_eq!(recorded.parts_at.is_none(), leads_into_a_trap, "{file} names no parting");
        replay(&file, &recorded, recorded.parts_at.unwrap_or(recorded.actions.len()));
        violated.insert(recorded.property);
    }
    let names = INVARIANTS.iter().map(|it| it.name).chain(STEPS.iter().map(|it| it.name));
    let listed = Pins::load(&specs()).expect("what is pinned is well formed").unviolated;
    let missing = names.filter(|name| !violated.contains(*name));
    let missing: Vec<&str> =
        missing.filter(|name| listed.get(headline::id(name)).is_none()).collect();
    assert!(missing.is_empty(), "no counterexample of {missing:?}");
}

#[test]
fn the_picture_of_the_readme_is_that_of_its_trace() {
    let mut traces = committed("traces").into_iter().map(|(_, recorded)| recorded);
    let recorded = traces.find(|it| it.property.starts_with("RCH-07")).expect("it is committed");
    let scope = specs().load(&recorded.scope).expect("its scope was loaded before").scope;
    let start = scope.starts[recorded.start].state;
    let drawn = svg(&Protocol::sound(scope), &start, &recorded.actions);
    let file = specs().folder().join("traces/RCH-07.svg");
    assert_eq!(fs::read_to_string(file).expect("the picture is committed"), drawn);
}

/// On the model to the end that the trace names; on core and engine the first `steps` of it.
fn replay(file: &str, recorded: &Recorded, steps: usize) {
    let scope = specs().load(&recorded.scope).expect("its scope was loaded before").scope;
    replay_on_model(&scope, recorded).unwrap_or_else(|it| panic!("{file} on the model: {it}"));
    let (start, actions) = (recorded.start, &recorded.actions[..steps]);
    if let Err(divergence) = replay_on_core(&scope, start, actions) {
        panic!("{file} on the core: {divergence:?}");
    }
    let engine = replay_on_engine(&scope, start, actions);
    let engine = engine.unwrap_or_else(|it| panic!("{file} on the engine: {it}"));
    let all = scope.starts[start].history.len() + steps;
    assert_eq!(engine.taken.len() + engine.skipped.len(), all, "{file} on the engine");
}

fn committed(folder: &str) -> Vec<(String, Recorded)> {
    let folder = specs().folder().join(folder);
    // Further counterexamples have folders of their own, where there are any.
    let entries = folder.is_dir().then(|| fs::read_dir(folder).expect("it can be read"));
    let paths =
        entries.into_iter().flatten().map(|entry| entry.expect("the folder is readable").path());
    let mut files: Vec<PathBuf> = paths.filter(|path| is_trace(path)).collect();
    files.sort();
    files.into_iter().map(|path| (path.display().to_string(), read(&path))).collect()
}

fn is_trace(path: &Path) -> bool {
    path.to_string_lossy().ends_with(".itf.json")
}

fn read(path: &Path) -> Recorded {
    let file = path.display().to_string();
    let text = fs::read_to_string(path).expect("the trace is readable");
    let scope = |name: &str| specs().load(name).map(|it| it.scope).map_err(|it| it.to_string());
    Recorded::from_itf(&file, &text, scope).unwrap_or_else(|error| panic!("{error}"))
}

fn specs() -> Specs {
    Specs::find().expect("the workspace has its specs")
}
