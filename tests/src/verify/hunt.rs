//! `verify faults`: which property notices each fault first, and where the core parts from it.
//!
//! Scopes are gone through from the smallest up. In each a [survey](super::survey) deals with all
//! faults at once; what is noticed only some steps after it shows is searched for by itself, and
//! what is noticed nowhere here goes on to the next scope. Start at [`hunt`].

use std::num::NonZeroUsize;

use mapi_session_model::{Fault, Protocol};
use stateright_exact::Kind;

use super::{
    finding::{Finding, Wrong},
    headline,
    parting::{Parting, parts_from_core},
    pins::Pins,
    pool::side_by_side,
    search::{self, Searched, start_of},
    survey::{Seen, Way, survey},
    verdict::{FaultResult, Noticed, Parts},
    walk,
    work::Work,
};
use crate::scopes::Located;

/// What was found of all faults.
#[derive(Debug, Default)]
pub struct Hunted {
    /// Every fault, in the order of the table of rules.
    pub faults: Vec<FaultResult>,
    /// Of every property, the shortest trace on which it is the first, or among the first, to be
    /// false, with its fault and scope.
    pub counterexamples: Vec<Counterexample>,
    /// What is wrong.
    pub findings: Vec<Finding>,
}

/// A trace on which a property is false.
#[derive(Clone, Debug)]
pub struct Counterexample {
    /// The property, by name.
    pub property: String,
    /// The fault.
    pub fault: Fault,
    /// The scope.
    pub scope: String,
    /// How to get there.
    pub way: Way,
}

/// A fault on its way through the scopes.
struct Quarry {
    fault: Fault,
    noticed: Option<Noticed>,
    parts: Option<Parts>,
}

/// Looks for every fault in these scopes, one after the other.
pub fn hunt(work: &Work, scopes: &[Located], threads: NonZeroUsize) -> Hunted {
    let mut hunted = Hunted::default();
    let mut quarries: Vec<_> = Fault::all()
        .into_iter()
        .map(|fault| Quarry { fault, noticed: None, parts: None })
        .collect();
    for located in scopes {
        let open = quarries.iter_mut().filter(|it| it.noticed.is_none() || it.parts.is_none());
        let open: Vec<_> = open.collect();
        if !open.is_empty() {
            go_through(work, located, threads, open, &mut hunted);
        }
    }
    hunted.faults = quarries.into_iter().map(|it| result_of(&work.pins, it)).collect();
    hunted
}

/// Looks for these faults in one scope.
fn go_through(
    work: &Work,
    located: &Located,
    threads: NonZeroUsize,
    mut open: Vec<&mut Quarry>,
    hunted: &mut Hunted,
) {
    let scope = &located.scope.name;
    let faults: Vec<_> = open.iter().map(|it| it.fault).collect();
    let seen = match survey(work, located, &faults) {
        Ok(seen) => seen,
        Err(why) => {
            let what = format!("{scope}, looking for faults: {why}");
            return hunted.findings.push(Finding::new(Wrong::Inconclusive, what));
        }
    };
    for (quarry, seen) in open.iter_mut().zip(&seen) {
        part(work, located, quarry, seen, hunted);
        if quarry.noticed.is_none() && seen.is_caught_at_once() {
            catch(scope, quarry, seen, hunted);
        }
    }
    let late = open.into_iter().zip(seen);
    let late: Vec<_> =
        late.filter(|(quarry, seen)| quarry.noticed.is_none() && seen.shows).collect();
    let (mut late, seen): (Vec<_>, Vec<_>) = late.into_iter().unzip();
    let searched = side_by_side(seen, threads, |seen| match &seen.parts {
        Some(_) => summary(located, search::own(work, located, Some(seen.fault))),
        // Only the rule that is followed differs, and only goals ask for it.
        None => summary(located, search::goals_only(work, located, seen.fault)),
    });
    for (quarry, searched) in late.iter_mut().zip(searched) {
        match searched {
            Ok(Late::Noticed { noticed, ways }) => {
                quarry.noticed = Some(noticed);
                for (property, way) in ways {
                    keep_of(hunted, property, quarry.fault, scope, way);
                }
            }
            Ok(Late::Unnoticed) => {}
            Ok(Late::Unknown(findings)) => hunted.findings.extend(findings),
            Err(panic) => hunted.findings.push(Finding::new(
                Wrong::Inconclusive,
                format!("{scope}, looking for {}: {panic}", quarry.fault),
            )),
        }
    }
}

/// Where the faulty model parts from the sound one, the sound core must part from it too.
///
/// It does so at the same step, unless the model tells apart what is the same to the core; then
/// the two are walked in lock-step.
fn part(work: &Work, located: &Located, quarry: &mut Quarry, seen: &Seen, hunted: &mut Hunted) {
    let Some(way) = seen.parts.as_ref().filter(|_| quarry.parts.is_none()) else { return };
    let scope = &located.scope.name;
    let world = Protocol { scope: located.scope.clone(), fault: Some(quarry.fault) };
    let length = match parts_from_core(&world, way) {
        Parting::AtLastStep => way.actions.len() as u64,
        Parting::Elsewhere => {
            let (result, findings) = walk::walk(work, located, Some(quarry.fault));
            let unknown = findings.into_iter().filter(|it| it.wrong == Wrong::Inconclusive);
            hunted.findings.extend(unknown);
            match result.diverges_after {
                Some(length) => length,
                None => return,
            }
        }
    };
    quarry.parts = Some(Parts { scope: scope.clone(), length });
}

/// The fault is noticed at the very step that shows it.
fn catch(scope: &str, quarry: &mut Quarry, seen: &Seen, hunted: &mut Hunted) {
    let Some(caught) = &seen.caught else { return };
    let Some(first) = caught.properties.first() else { return };
    quarry.noticed = Some(Noticed {
        property: headline::id(first).to_owned(),
        scope: scope.to_owned(),
        length: Some(caught.way.actions.len() as u64),
    });
    for property in &caught.properties {
        keep_of(hunted, (*property).to_owned(), quarry.fault, scope, caught.way.clone());
    }
}

/// Keeps a counterexample if it is the shortest of its property.
pub fn keep(kept: &mut Vec<Counterexample>, found: Counterexample) {
    match kept.iter_mut().find(|it| it.property == found.property) {
        Some(known) if known.way.actions.len() <= found.way.actions.len() => {}
        Some(known) => *known = found,
        None => kept.push(found),
    }
}

fn keep_of(hunted: &mut Hunted, property: String, fault: Fault, scope: &str, way: Way) {
    let scope = scope.to_owned();
    keep(&mut hunted.counterexamples, Counterexample { property, fault, scope, way });
}

/// What a search for one fault found.
enum Late {
    Noticed { noticed: Noticed, ways: Vec<(String, Way)> },
    Unnoticed,
    Unknown(Vec<Finding>),
}

fn summary(located: &Located, searched: Searched) -> Late {
    let Searched { report, result, moves: _, findings } = searched;
    let inconclusive: Vec<_> =
        findings.into_iter().filter(|it| it.wrong == Wrong::Inconclusive).collect();
    if !inconclusive.is_empty() {
        return Late::Unknown(inconclusive);
    }
    // What is violated comes before what is merely not reached.
    let mut violated: Vec<_> = report.violations().collect();
    violated.sort_by_key(|it| it.kind == Kind::Goal);
    let Some(first) = violated.first() else { return Late::Unnoticed };
    let ways = violated.iter().filter_map(|it| {
        let trace = it.outcome.trace()?;
        let actions = trace.actions().copied().collect();
        let start = start_of(&located.scope, trace);
        Some((it.name.to_string(), Way { start, actions }))
    });
    let noticed = Noticed {
        property: headline::id(&first.name).to_owned(),
        scope: result.scope.clone(),
        length: first.outcome.trace().map(|it| it.len() as u64),
    };
    Late::Noticed { noticed, ways: ways.collect() }
}

/// The result on one fault, with the reason if it is listed as one that nothing can notice.
fn result_of(pins: &Pins, quarry: Quarry) -> FaultResult {
    let Quarry { fault, noticed, parts } = quarry;
    FaultResult {
        rule: format!("{:?}", fault.rule()),
        fault: fault.to_string(),
        noticed,
        parts,
        unobservable: pins.unobservable.get(fault).map(|(_, reason)| reason.to_owned()),
    }
}

/// What is wrong with the results for all standard scopes: what is unnoticed though not listed,
/// noticed though listed, or not as pinned.
pub fn judge(pins: &Pins, faults: &[FaultResult]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut find = |wrong, what: String| findings.push(Finding::new(wrong, what));
    for (fault, it) in Fault::all().into_iter().zip(faults) {
        let unobservable = &pins.unobservable;
        match (&it.noticed, unobservable.by_properties(fault)) {
            (None, None) => find(Wrong::Unnoticed, format!("no property notices {fault}")),
            (Some(noticed), Some(_)) => find(
                Wrong::Drift,
                format!("{fault} is listed as unobservable, yet {} notices it", noticed.property),
            ),
            (None, Some(_)) | (Some(_), None) => {}
        }
        match (&it.parts, unobservable.by_core(fault)) {
            (None, None) => {
                find(Wrong::Unnoticed, format!("the core does what the model does with {fault}"));
            }
            (Some(parts), Some(_)) => find(
                Wrong::Drift,
                format!("{fault} is listed as unobservable, yet the core parts in {}", parts.scope),
            ),
            (None, Some(_)) | (Some(_), None) => {}
        }
        match pins.faults.get(&it.fault) {
            None => find(Wrong::Drift, format!("{fault} is not pinned")),
            Some(pin) if pin.noticed != it.noticed || pin.parts != it.parts => {
                let found = tell(it.noticed.as_ref(), it.parts.as_ref());
                let pinned = tell(pin.noticed.as_ref(), pin.parts.as_ref());
                find(Wrong::Drift, format!("{fault}: {found}; pinned is: {pinned}"));
            }
            Some(_) => {}
        }
    }
    let is_known = |fault: &str| faults.iter().any(|it| it.fault == fault);
    for pin in pins.faults.iter().filter(|pin| !is_known(&pin.fault)) {
        find(Wrong::Drift, format!("{} is pinned, but there is no such fault", pin.fault));
    }
    findings
}

/// What is wrong with the results for one scope: what is pinned to be noticed there, and is not.
pub fn judge_one(pins: &Pins, scope: &str, faults: &[FaultResult]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for it in faults {
        let pinned = pins.faults.get(&it.fault).and_then(|pin| pin.noticed.as_ref());
        let Some(pinned) = pinned.filter(|pinned| pinned.scope == scope) else { continue };
        let (fault, what) = (&it.fault, tell(it.noticed.as_ref(), None));
        match &it.noticed {
            None => findings.push(Finding::new(
                Wrong::Unnoticed,
                format!("{scope}: nothing notices {fault}; pinned is {}", pinned.property),
            )),
            Some(noticed) if noticed != pinned => {
                let expected = tell(Some(pinned), None);
                let what = format!("{fault}: {what}; pinned is: {expected}");
                findings.push(Finding::new(Wrong::Drift, what));
            }
            Some(_) => {}
        }
    }
    findings
}

fn tell(noticed: Option<&Noticed>, parts: Option<&Parts>) -> String {
    let noticed = noticed.map_or_else(
        || "unnoticed".to_owned(),
        |it| {
            let length = it.length.map(|it| format!(" after {it} steps")).unwrap_or_default();
            format!("noticed by {} in {}{length}", it.property, it.scope)
        },
    );
    let parts = parts.map(|it| format!(", parts in {} after {}", it.scope, it.length));
    noticed + &parts.unwrap_or_default()
}
