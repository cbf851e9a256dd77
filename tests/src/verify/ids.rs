//! The second table of `coverage.txt`: what covers each requirement and each decision.
//!
//! `bless` writes it, with the traces that it is about to write; whether a cell is empty without a
//! reason is judged by the whole verdict only, on what is recorded. Start at [`judge`].

use std::{collections::BTreeSet, fs, io::ErrorKind};

use super::{
    bless::Files,
    finding::{Finding, Wrong},
    pins::{COVERAGE, UNCOVERED},
    replay::{self, ENDING},
    work::{Unusable, Work},
};
use crate::{
    requirements::{
        Traceability,
        covered::{Covered, Shown, holes, table},
    },
    scopes::Specs,
};

/// What is wrong with the coverage of ids. A folder of scopes that has no requirements has none.
///
/// # Errors
///
/// If requirements, sources, traces or the recorded table cannot be read.
pub fn judge(work: &Work) -> Result<Vec<Finding>, Unusable> {
    if !work.specs.folder().join("rules").is_dir() {
        return Ok(Vec::new());
    }
    let lines = covered(&work.specs, &Files::new())?;
    let (holes, needless) = holes(&lines, work.pins.uncovered.cells());
    let holes = holes.into_iter().map(|it| Finding::new(Wrong::Coverage, it));
    let drifted = needless.into_iter().map(|it| format!("{UNCOVERED}: {it}"));
    let drifted = drifted.chain(stale(&recorded(&work.specs)?, &table(&lines)));
    Ok(holes.chain(drifted.map(|it| Finding::new(Wrong::Drift, it))).collect())
}

/// Both tables of `coverage.txt`: the first as it is given, then what covers each id once these
/// files are written.
///
/// # Errors
///
/// If requirements, sources or traces cannot be read.
pub fn both(specs: &Specs, first: &str, files: &Files) -> Result<String, Unusable> {
    Ok(format!("{first}\n{}", table(&covered(specs, files)?)))
}

/// What covers each id, by the committed traces and those of these files.
///
/// # Errors
///
/// If requirements, sources or traces cannot be read.
pub fn covered(specs: &Specs, files: &Files) -> Result<Vec<Covered>, Unusable> {
    let mut traces = Files::new();
    for file in replay::committed_files(specs)? {
        let unreadable = |source| Unusable::Unreadable { file: file.clone(), source };
        let name = file.strip_prefix(specs.folder()).unwrap_or(&file).display().to_string();
        traces.insert(name, fs::read_to_string(&file).map_err(unreadable)?);
    }
    let new = files.iter().filter(|(name, _)| name.ends_with(ENDING));
    traces.extend(new.map(|(name, text)| (name.clone(), text.clone())));
    let shown: Result<Vec<_>, _> =
        traces.iter().map(|(name, text)| Shown::read(name, text)).collect();
    Ok(Traceability::read(specs)?.covered(&shown?))
}

/// The table that is recorded; empty if none is.
///
/// # Errors
///
/// If the file cannot be read.
pub fn recorded(specs: &Specs) -> Result<String, Unusable> {
    let file = specs.folder().join(COVERAGE);
    match fs::read_to_string(&file) {
        Ok(text) => Ok(text.split_once("\n\n").map_or_else(String::new, |it| it.1.to_owned())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(String::new()),
        Err(source) => Err(Unusable::Unreadable { file, source }),
    }
}

/// Every line that is recorded and is no longer so, and every one that is so and not recorded.
pub fn stale(recorded: &str, now: &str) -> Vec<String> {
    let (old, new): (BTreeSet<_>, BTreeSet<_>) =
        (recorded.lines().collect(), now.lines().collect());
    let gone = old.difference(&new).map(|it| format!("{COVERAGE}: no longer so: {it:?}"));
    let missing = new.difference(&old).map(|it| format!("{COVERAGE}: is not recorded: {it:?}"));
    gone.chain(missing).collect()
}
