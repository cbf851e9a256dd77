//! Model and core in lock-step, and what is wrong with the outcome.

use mapi_session_model::{Fault, Protocol};

use super::{
    finding::{Finding, Wrong},
    output::rate,
    pins::Product,
    told,
    verdict::LockstepResult,
    work::{Work, follow},
};
use crate::{
    lockstep::{Divergence, LockstepReport, LockstepVerdict, lockstep},
    scopes::{Located, Origin},
    trace::{AGREEMENT, Kind},
};

/// Walks the product of the sound core and the model, sound or with a fault.
pub fn walk(
    work: &Work,
    located: &Located,
    fault: Option<Fault>,
) -> (LockstepResult, Vec<Finding>) {
    let scope = &located.scope;
    let bar = work.output.bar(format!("lock-step {}", scope.name), work.pinned_states(located));
    let report = lockstep(scope, fault, &work.limits, &mut follow(&bar));
    bar.finish_and_clear();
    let mut findings = Vec::new();
    match (&report.verdict, fault) {
        (LockstepVerdict::Inconclusive(why), _) => {
            let what = format!("{}, model and core: {why}", scope.name);
            findings.push(Finding::new(Wrong::Inconclusive, what));
        }
        (LockstepVerdict::Diverges(divergence), _) => {
            findings.push(Finding::new(Wrong::Differs, sentence(&scope.name, divergence)));
        }
        (LockstepVerdict::Agrees, Some(fault)) => {
            if work.pins.unobservable.by_core(fault).is_none() {
                let what = format!("{}: the core does not part from {fault} here", scope.name);
                findings.push(Finding::new(Wrong::Unnoticed, what));
            }
        }
        (LockstepVerdict::Agrees, None) => findings.extend(drift(work, located, &report)),
    }
    (result_of(&Protocol { scope: scope.clone(), fault }, &report), findings)
}

/// The size of the product, compared with what is pinned.
fn drift(work: &Work, located: &Located, report: &LockstepReport) -> Option<Finding> {
    let scope = &located.scope.name;
    let found = product(report);
    let what = match (located.origin, work.pins.products.get(scope)) {
        (Origin::Own, _) => return None,
        (Origin::Standard, Some(pinned)) if pinned == found => return None,
        (Origin::Standard, Some(pinned)) => {
            format!("{scope}, model and core: found {found}; pinned are {pinned}")
        }
        (Origin::Standard, None) => {
            format!("{scope}, model and core: their size is not pinned: {found}")
        }
    };
    Some(Finding::new(Wrong::Drift, what))
}

/// The size of the product.
fn product(report: &LockstepReport) -> Product {
    Product { states: report.states, edges: report.edges, refused: report.refused }
}

fn sentence(scope: &str, divergence: &Divergence) -> String {
    let steps = divergence.actions.len();
    format!("{scope}: model and core differ after {steps} steps: {}", divergence.what)
}

fn result_of(world: &Protocol, report: &LockstepReport) -> LockstepResult {
    let seconds = report.elapsed.as_secs_f64();
    let divergence = match &report.verdict {
        LockstepVerdict::Diverges(divergence) => Some(divergence),
        LockstepVerdict::Agrees | LockstepVerdict::Inconclusive(_) => None,
    };
    LockstepResult {
        scope: world.scope.name.clone(),
        fault: world.fault.map(|it| it.to_string()),
        verdict: match &report.verdict {
            LockstepVerdict::Agrees => "agrees".to_owned(),
            LockstepVerdict::Diverges(it) => format!("diverges after {} steps", it.actions.len()),
            LockstepVerdict::Inconclusive(why) => format!("inconclusive ({why})"),
        },
        states: report.states,
        edges: report.edges,
        refused: report.refused,
        seconds,
        edges_per_second: rate(report.edges, seconds),
        bytes: report.bytes,
        core_rules: report.rules.iter().map(|rule| format!("{rule:?}")).collect(),
        diverges_after: divergence.map(|it| it.actions.len() as u64),
        divergence: divergence.map(|it| {
            let mut told =
                told::tell(world, it.start, it.actions.clone(), Kind::Divergence, AGREEMENT);
            told.story = format!("{}\nThen they differ: {}", told.story.trim_end(), it.what);
            told
        }),
    }
}
