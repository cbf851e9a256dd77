//! Which faults break a property: a short look into every faulty scope.
//!
//! [`sweep`] looks for violations that no hunt meets by the way; [`breakers`] for several faults
//! that break each of the invariants that stand first.

use mapi_session_model::{Fault, Protocol, properties};
use stateright_exact::{Limits, Stop, explore};

use super::{
    headline,
    hunt::Counterexample,
    pool::side_by_side,
    search::start_of,
    survey::Way,
    whole,
    work::{Work, follow},
};
use crate::scopes::Located;

/// How many states of a faulty scope are looked at for a property that no fault violates first;
/// some faults make a model that never ends.
pub const FAR: u64 = 5_000;

/// How many are looked at for further faults that break what stands first: each scope is gone
/// through once for every fault.
const NEAR: u64 = 1_000;

/// The violations of these properties by these faults, so many states into one scope.
pub fn sweep(
    work: &Work,
    located: &Located,
    faults: Vec<Fault>,
    names: &[String],
    states: u64,
) -> Vec<Counterexample> {
    let mut checks = properties::checks(&located.scope, |_| false);
    checks.invariants.retain(|it| names.iter().any(|name| it.name == *name));
    checks.steps.retain(|it| names.iter().any(|name| it.name == *name));
    checks.rest = None;
    let limits = Limits { stop: Stop::AtFirstViolation, states: Some(states), ..work.limits };
    let bar = work.output.bar(format!("counterexamples in {}", located.scope.name), None);
    let swept = side_by_side(faults, work.threads, |fault| {
        let world = Protocol { scope: located.scope.clone(), fault: Some(fault) };
        let report = explore(&world, &checks, &limits, &mut follow(&bar));
        let violated = report.properties.iter().filter_map(|it| {
            let trace = it.outcome.trace()?;
            let actions = trace.actions().copied().collect();
            let way = Way { start: start_of(&located.scope, trace), actions };
            let (property, scope) = (it.name.to_string(), located.scope.name.clone());
            Some(Counterexample { property, fault, scope, way })
        });
        violated.collect::<Vec<_>>()
    });
    bar.finish_and_clear();
    // A faulty model may panic; then it shows nothing.
    swept.into_iter().flatten().flatten().collect()
}

/// How many faults are shown to break an invariant that stands first, at most, beside the one whose
/// trace is told with those of the other properties.
const MOST: usize = 12;

/// Of every invariant that stands first, the shortest traces on which other faults break it than on
/// the one that is known.
pub fn breakers(work: &Work, scopes: &[Located], known: &[Counterexample]) -> Vec<Counterexample> {
    let names = whole::names(scopes).into_iter();
    let first = names.filter(|name| headline::FIRST.contains(&headline::id(name)));
    first.flat_map(|name| of_one(work, scopes, known, &name)).collect()
}

fn of_one(
    work: &Work,
    scopes: &[Located],
    known: &[Counterexample],
    name: &str,
) -> Vec<Counterexample> {
    let mut open = Fault::all();
    open.retain(|fault| known.iter().all(|it| it.property != name || it.fault != *fault));
    let mut found: Vec<Counterexample> = Vec::new();
    for located in scopes {
        if found.len() >= MOST {
            break;
        }
        found.extend(sweep(work, located, open.clone(), &[name.to_owned()], NEAR));
        open.retain(|fault| found.iter().all(|it| it.fault != *fault));
    }
    found.sort_by_key(|it| it.way.actions.len());
    found.truncate(MOST);
    found
}
