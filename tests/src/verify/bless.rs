//! `verify bless`: rewrites what is recorded in `specs/`, if nothing but the records is wrong.
//!
//! Everything is found out first and written last, so a run that fails at anything leaves every
//! file as it was. Start at [`bless`].

use std::{collections::BTreeMap, fs};

use mapi_session_model::{Fault, Protocol, properties};
use serde::Serialize;
use stateright_exact::{Baselines, Trace};

use super::{
    breakers::{self, FAR, sweep},
    finding::{Finding, Wrong},
    headline,
    hunt::{self, Counterexample, Hunted},
    ids,
    output::peak_memory,
    pins::{
        BASELINES, COVERAGE, Choice, Coverage, FAULTS, FaultPins, LOCKSTEP, Pins, Product, Products,
    },
    pool::side_by_side,
    record::{self, breaker_file, counterexample_file, text},
    search::{Searched, start_of},
    survey::Way,
    tables,
    transitions::{TRANSITIONS, moves, transitions},
    verdict::{LockstepResult, Verdict},
    whole,
    work::{Unusable, Work, write_file},
};
use crate::{
    scopes::{Located, ScopesError},
    trace::{self, Kind},
};

/// Files by their name, from `specs/` on.
pub type Files = BTreeMap<String, String>;

/// What programs are told.
#[derive(Serialize)]
struct Blessed<'a> {
    exit_code: u8,
    changed: &'a [Change],
    findings: &'a [Finding],
}

/// A file that is not as it was.
#[derive(Serialize)]
struct Change {
    file: String,
    /// Lines, those that are gone with `-` and new ones with `+` in front.
    difference: Vec<String>,
}

/// Rewrites what is recorded, if everything else holds.
///
/// # Errors
///
/// If a scope cannot be read or a file cannot be written.
pub fn bless(mut work: Work) -> Result<u8, Unusable> {
    let scopes = work.scopes_by_size()?;
    let (searched, found) = whole::scopes_only(&work, &scopes);
    let mut wrong = failures(&found.findings);
    if !wrong.is_empty() {
        return refuse(&work, wrong);
    }
    work.pins = fresh(&work.pins, &searched, &found);
    let scopes = work.scopes_by_size()?;
    let hunted = hunt::hunt(&work, &scopes, work.threads);
    work.pins.faults = FaultPins::of(&hunted.faults);
    wrong.extend(hunt::judge(&work.pins, &hunted.faults));
    wrong.extend(hunted.findings.iter().cloned());
    let counterexamples = every_property(&work, &scopes, &hunted, &mut wrong);
    if !wrong.is_empty() {
        work.output.say(tables::faults(&hunted.faults));
        return refuse(&work, wrong);
    }
    let breakers = breakers::breakers(&work, &scopes, &counterexamples);
    let mut files = pinned(&work.pins);
    files.insert(TRANSITIONS.to_owned(), transitions(&moves(&searched)));
    files.extend(goals(&work, &scopes, &searched)?);
    files.extend(shown(&scopes, &counterexamples)?);
    for it in &breakers {
        let text = counterexample(&scopes, it)?;
        files.insert(breaker_file(headline::id(&it.property), it.fault), text);
    }
    let coverage = ids::both(&work.specs, &work.pins.coverage.to_string(), &files)?;
    files.insert(COVERAGE.to_owned(), coverage);
    write(&work, &files)
}

/// What is wrong beside the records.
pub fn failures(findings: &[Finding]) -> Vec<Finding> {
    findings.iter().filter(|it| it.wrong != Wrong::Drift).cloned().collect()
}

/// Says what is wrong, and that nothing was written.
pub fn refuse(work: &Work, mut findings: Vec<Finding>) -> Result<u8, Unusable> {
    findings.sort_by_key(|it| it.wrong);
    let exit_code = super::finding::exit_code(&findings);
    work.output.object(&Blessed { exit_code, changed: &[], findings: &findings });
    for finding in &findings {
        work.output.say(format!("{}: {}", finding.wrong.sentence(), finding.what));
    }
    work.output.say(format!("nothing was written; exit code {exit_code}"));
    Ok(exit_code)
}

/// What is pinned from now on of sizes and goals.
fn fresh(pins: &Pins, searched: &[Searched], found: &Verdict) -> Pins {
    let mut coverage = Coverage::new();
    for it in searched {
        coverage.insert(&it.result.scope, it.goals());
    }
    let (baselines, products) = sizes(searched, &found.lockstep);
    Pins { baselines, coverage, products, ..pins.clone() }
}

/// The sizes of scopes, and of the products of model and core.
pub fn sizes(searched: &[Searched], walked: &[LockstepResult]) -> (Baselines, Products) {
    let mut baselines = Baselines::new();
    for it in searched {
        // A name with a tab is the name of no file that git would keep; the table refuses it.
        let _ = baselines.insert(&it.result.scope, it.report.counts);
    }
    let mut products = Products::default();
    for LockstepResult { scope, states, edges, refused, .. } in walked {
        let (states, edges, refused) = (*states, *edges, *refused);
        products.insert(scope, Product { states, edges, refused });
    }
    (baselines, products)
}

fn pinned(pins: &Pins) -> Files {
    [
        (BASELINES.to_owned(), pins.baselines.to_string()),
        (LOCKSTEP.to_owned(), pins.products.to_string()),
        (FAULTS.to_owned(), pins.faults.to_string()),
    ]
    .into()
}

/// The goal whose trace is drawn for the README.
const PICTURED: &str = "RCH-07";

/// For every goal its shortest trace.
fn goals(work: &Work, scopes: &[Located], searched: &[Searched]) -> Result<Files, Unusable> {
    let mut files = Files::new();
    for goal in properties::goals() {
        let Some((scope, _)) = work.pins.coverage.nearest(goal.id()) else { continue };
        let located = located(scopes, scope)?;
        let found = searched.iter().find(|it| it.result.scope == scope);
        let property = found.and_then(|it| it.report.property(&goal.name));
        let Some(trace) = property.and_then(|it| it.outcome.trace()) else { continue };
        let way = way(located, trace);
        if goal.id() == PICTURED {
            let world = Protocol::sound(located.scope.clone());
            let picture = trace::svg(&world, &located.scope.starts[way.start].state, &way.actions);
            files.insert(format!("traces/{PICTURED}.svg"), picture);
        }
        let text = recorded(located, &way, Kind::Goal, &goal.name, None)?;
        files.insert(format!("traces/{}.itf.json", slug(&goal.name)), text);
    }
    Ok(files)
}

/// For every property its shortest counterexample.
fn shown(scopes: &[Located], counterexamples: &[Counterexample]) -> Result<Files, Unusable> {
    let mut files = Files::new();
    for it in counterexamples {
        let text = counterexample(scopes, it)?;
        files.insert(counterexample_file(headline::id(&it.property)), text);
    }
    Ok(files)
}

fn counterexample(scopes: &[Located], it: &Counterexample) -> Result<String, Unusable> {
    let Counterexample { property, fault, scope, way } = it;
    recorded(located(scopes, scope)?, way, Kind::Counterexample, property, Some(*fault))
}

fn located<'a>(scopes: &'a [Located], name: &str) -> Result<&'a Located, Unusable> {
    let known = || scopes.iter().map(|it| it.scope.name.clone()).collect();
    let found = scopes.iter().find(|it| it.scope.name == name);
    let unknown = || ScopesError::Unknown { name: name.to_owned(), known: known() };
    found.ok_or_else(unknown).map_err(Unusable::Scopes)
}

fn way(located: &Located, trace: &Trace<Protocol>) -> Way {
    let actions = trace.actions().copied().collect();
    Way { start: start_of(&located.scope, trace), actions }
}

fn recorded(
    located: &Located,
    way: &Way,
    kind: Kind,
    property: &str,
    fault: Option<Fault>,
) -> Result<String, Unusable> {
    let recorded =
        trace::record(&located.scope, way.start, way.actions.clone(), kind, property, fault)
            .map_err(|failure| Unusable::Nothing(format!("{property}: {failure}")))?;
    text(&recorded, located)
}

/// A name for a file: the words of a goal of `specs/`, or the name of a rule.
fn slug(name: &str) -> String {
    let is_named = name.starts_with("RCH-");
    let words = if is_named { name } else { headline::id(name) };
    let mut slug = String::new();
    for letter in words.chars() {
        match letter {
            letter if letter.is_ascii_uppercase() && !is_named => {
                if !slug.is_empty() {
                    slug.push('_');
                }
                slug.push(letter.to_ascii_lowercase());
            }
            letter if letter.is_ascii_alphanumeric() => slug.push(letter.to_ascii_lowercase()),
            _ if slug.ends_with('_') => {}
            _ => slug.push('_'),
        }
    }
    slug.trim_matches('_').to_owned()
}

/// A counterexample of every property that can have one: what the hunt met by the way, and for the
/// others whatever fault violates them soonest.
fn every_property(
    work: &Work,
    scopes: &[Located],
    hunted: &Hunted,
    wrong: &mut Vec<Finding>,
) -> Vec<Counterexample> {
    let mut found = chosen(work, scopes, wrong);
    for it in &hunted.counterexamples {
        if work.pins.chosen.get(headline::id(&it.property)).is_none() {
            found.push(it.clone());
        }
    }
    let listed = |name: &str| work.pins.unviolated.get(headline::id(name)).is_some();
    let after_all = found.iter().filter(|it| listed(&it.property));
    wrong.extend(after_all.map(|it| whole::violated_after_all(&it.property)));
    let mut missing = whole::names(scopes);
    missing.retain(|name| !listed(name) && found.iter().all(|it| it.property != *name));
    for located in scopes {
        if missing.is_empty() {
            break;
        }
        for it in sweep(work, located, Fault::all(), &missing, FAR) {
            hunt::keep(&mut found, it);
        }
        missing.retain(|name| found.iter().all(|it| it.property != *name));
    }
    let useless = missing.into_iter().map(|name| {
        Finding::new(Wrong::Coverage, format!("no fault violates {name}: what is it good for?"))
    });
    wrong.extend(useless);
    found
}

/// The counterexamples that people chose.
fn chosen(work: &Work, scopes: &[Located], wrong: &mut Vec<Finding>) -> Vec<Counterexample> {
    let names = whole::names(scopes).into_iter();
    let choices = names.filter_map(|name| {
        let choice = work.pins.chosen.get(headline::id(&name))?;
        Some((name, choice))
    });
    let found = side_by_side(choices.collect(), work.threads, |(property, choice)| {
        let Choice { fault, scope, .. } = choice.clone();
        let recorded = record::counterexample(work, located(scopes, &scope)?, &property, fault)?;
        let way = Way { start: recorded.start, actions: recorded.actions };
        Ok(Counterexample { property, fault, scope, way })
    });
    let mut counterexamples = Vec::new();
    for found in found {
        match found.unwrap_or_else(|panic| Err(Unusable::Nothing(panic))) {
            Ok(it) => counterexamples.push(it),
            Err(error) => {
                let what = format!("a chosen counterexample is none: {error}");
                wrong.push(Finding::new(Wrong::Coverage, what));
            }
        }
    }
    counterexamples
}

/// Writes the files that differ, and says how.
pub fn write(work: &Work, files: &Files) -> Result<u8, Unusable> {
    let mut changes = Vec::new();
    for (name, new) in files {
        let old = fs::read_to_string(work.specs.folder().join(name)).unwrap_or_default();
        if old != *new {
            changes.push(Change { file: name.clone(), difference: difference(&old, new) });
        }
    }
    for change in &changes {
        write_file(&work.specs.folder().join(&change.file), &files[&change.file])?;
        work.output.say(&change.file);
        let is_long = change.difference.len() > SHOWN;
        for line in change.difference.iter().take(SHOWN) {
            work.output.say(format!("  {line}"));
        }
        if is_long {
            let more = change.difference.len() - SHOWN;
            work.output.say(format!("  … and {more} lines more"));
        }
    }
    work.output.object(&Blessed { exit_code: 0, changed: &changes, findings: &[] });
    let seconds = work.started.elapsed().as_secs_f64();
    let (changed, all) = (changes.len(), files.len());
    let memory = peak_memory().unwrap_or_default() >> 20;
    work.output.say(format!("{changed} of {all} files rewritten ({seconds:.1} s, {memory} MiB)"));
    Ok(0)
}

/// The lines of a difference that are shown for one file; a trace has hundreds.
const SHOWN: usize = 40;

/// Lines that are gone, then lines that are new. What is recorded is a table or a trace, where the
/// place of a line says little.
fn difference(old: &str, new: &str) -> Vec<String> {
    let count = |text: &str| {
        let mut lines: BTreeMap<String, usize> = BTreeMap::new();
        for line in text.lines() {
            *lines.entry(line.to_owned()).or_default() += 1;
        }
        lines
    };
    let only = |text: &str, mut others: BTreeMap<String, usize>, sign: char| {
        let is_new = |line: &&str| match others.get_mut(*line) {
            Some(count) if *count > 0 => {
                *count -= 1;
                false
            }
            Some(_) | None => true,
        };
        text.lines().filter(is_new).map(|line| format!("{sign} {line}")).collect::<Vec<_>>()
    };
    let mut lines = only(old, count(new), '-');
    lines.extend(only(new, count(old), '+'));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_says_what_is_gone_and_what_is_new() {
        assert_eq!(difference("a\nb\nb\n", "b\nc\n"), ["- a", "- b", "+ c"]);
        assert!(difference("a\n", "a\n").is_empty());
    }

    #[test]
    fn files_are_named_for_what_happens() {
        assert_eq!(slug("QueueLogon: A logon takes its place."), "queue_logon");
        assert_eq!(slug("RCH-08a: the chooser is cancelled"), "rch_08a_the_chooser_is_cancelled");
    }
}
