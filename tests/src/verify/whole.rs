//! `verify`: the whole verdict, and what `bless` writes from the same runs.
//!
//! Every scope is searched by both searches and walked in lock-step, side by side with the hunt for
//! faults; then the committed traces are replayed. Start at [`whole`].

use std::{collections::BTreeMap, num::NonZeroUsize};

use mapi_session_model::properties::{self, INVARIANTS, STEPS};
use stateright_exact::Counts;

use super::{
    cli::Tier,
    finding::{Finding, Wrong},
    headline,
    hunt::{self, Hunted},
    ids,
    pins::Pins,
    pool::side_by_side,
    replay,
    search::{self, Searched},
    transitions,
    verdict::{LockstepResult, ScopeResult, Verdict},
    walk,
    work::{Unusable, Work},
};
use crate::{scopes::Located, trace::Kind};

/// One piece of work.
pub enum Job<'a> {
    /// Our own search.
    Search(&'a Located),
    /// The other search.
    Stateright(&'a Located),
    /// Model and core.
    Lockstep(&'a Located),
    /// All faults.
    Hunt(&'a [Located]),
}

/// What came of it. Reports are large, and there are few of them.
enum Done {
    Search(Box<Searched>),
    Stateright(ScopeResult, Vec<Finding>),
    Lockstep(LockstepResult, Vec<Finding>),
    Hunt(Hunted),
}

/// The whole verdict on the standard scopes.
///
/// # Errors
///
/// If a scope or a committed trace cannot be read.
pub fn whole(work: &Work) -> Result<Verdict, Unusable> {
    let scopes = work.scopes_by_size()?;
    // The longest first, so that no thread is left with it at the end.
    let mut jobs = vec![Job::Hunt(&scopes)];
    jobs.extend(of_scopes(&scopes));
    let Gathered { searched, mut verdict, hunted } = gather(work, jobs);
    if let Some(hunted) = hunted {
        verdict.findings.extend(hunt::judge(&work.pins, &hunted.faults));
        verdict.findings.extend(hunted.findings);
        verdict.faults = hunted.faults;
    }
    verdict.findings.extend(forgotten(work, &searched));
    // Of what was cut short the moves are not all known.
    if verdict.findings.iter().all(|it| it.wrong != Wrong::Inconclusive) {
        verdict.findings.extend(transitions::stale(&work.specs, &transitions::moves(&searched))?);
    }
    verdict.findings.extend(ids::judge(work)?);
    let (traces, findings) = replay::committed(work)?;
    verdict.findings.extend(findings);
    verdict.findings.extend(unshown(&work.pins, &names(&scopes), &traces));
    verdict.headlines = headline::headlines(&verdict.scopes, &verdict.faults, &traces);
    verdict.findings.extend(headline::unbroken(&verdict.headlines));
    verdict.traces = traces.into_iter().map(|it| it.result).collect();
    Ok(verdict)
}

/// What the scopes alone say: both searches and lock-step, without faults and traces.
pub fn scopes_only(work: &Work, scopes: &[Located]) -> (Vec<Searched>, Verdict) {
    let Gathered { searched, verdict, hunted: _ } = gather(work, of_scopes(scopes));
    (searched, verdict)
}

fn of_scopes(scopes: &[Located]) -> Vec<Job<'_>> {
    let largest_first = scopes.iter().rev();
    largest_first.flat_map(|it| [Job::Stateright(it), Job::Lockstep(it), Job::Search(it)]).collect()
}

/// Everything that was carried out.
pub struct Gathered {
    /// Of our own searches everything.
    pub searched: Vec<Searched>,
    /// The rest.
    pub verdict: Verdict,
    hunted: Option<Hunted>,
}

/// Carries out all of it, side by side.
pub fn gather(work: &Work, jobs: Vec<Job<'_>>) -> Gathered {
    let mut verdict = Verdict::new("verify");
    let (mut searched, mut hunted) = (Vec::new(), None);
    for done in side_by_side(jobs, work.threads, |job| carry_out(work, &job)) {
        match done {
            Ok(Done::Search(it)) => {
                verdict.findings.extend(it.findings.clone());
                searched.push(*it);
            }
            Ok(Done::Stateright(result, findings)) => {
                verdict.findings.extend(findings);
                verdict.scopes.push(result);
            }
            Ok(Done::Lockstep(result, findings)) => {
                verdict.findings.extend(findings);
                verdict.lockstep.push(result);
            }
            Ok(Done::Hunt(found)) => hunted = Some(found),
            Err(panic) => verdict.findings.push(Finding::new(Wrong::Inconclusive, panic)),
        }
    }
    verdict.findings.extend(disagreements(&searched, &verdict.scopes));
    match work.tier {
        Tier::Default => verdict.findings.extend(unreached(&searched)),
        // Which goals a scope reaches is known from the default tier.
        Tier::Deep => {}
    }
    let own = searched.iter().map(|it| it.result.clone());
    verdict.scopes.splice(0..0, own);
    verdict.scopes.sort_by(|a, b| (a.checker, &a.scope).cmp(&(b.checker, &b.scope)));
    verdict.lockstep.sort_by(|a, b| a.scope.cmp(&b.scope));
    Gathered { searched, verdict, hunted }
}

fn carry_out(work: &Work, job: &Job<'_>) -> Done {
    match job {
        Job::Search(located) => Done::Search(Box::new(search::own(work, located, None))),
        Job::Stateright(located) => {
            let (result, findings) = search::stateright(work, located, None);
            Done::Stateright(result, findings)
        }
        Job::Lockstep(located) => {
            let (result, findings) = walk::walk(work, located, None);
            Done::Lockstep(result, findings)
        }
        // The other threads have enough to do beside it.
        Job::Hunt(scopes) => Done::Hunt(hunt::hunt(work, scopes, NonZeroUsize::MIN)),
    }
}

/// Two searches that count differently: one of them is wrong, so nothing is known.
fn disagreements(own: &[Searched], others: &[ScopeResult]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for searched in own {
        let Counts { states, edges, .. } = searched.report.counts;
        let scope = &searched.result.scope;
        for other in others.iter().filter(|it| it.scope == *scope) {
            if (states, edges) != (other.states, other.edges) {
                let what = format!(
                    "{scope}: {states} states and {edges} edges by our own search, \
                     {} and {} by stateright's",
                    other.states, other.edges
                );
                findings.push(Finding::new(Wrong::Inconclusive, what));
            }
        }
    }
    findings
}

/// Goals that no scope reaches.
fn unreached(searched: &[Searched]) -> Vec<Finding> {
    let reached: Vec<BTreeMap<_, _>> = searched.iter().map(Searched::goals).collect();
    properties::goals()
        .into_iter()
        .filter(|goal| !reached.iter().any(|goals| goals.contains_key(goal.id())))
        .map(|goal| Finding::new(Wrong::Coverage, format!("no scope reaches {}", goal.name)))
        .collect()
}

/// Scopes that are pinned and not there any more.
pub fn forgotten(work: &Work, searched: &[Searched]) -> Vec<Finding> {
    let is_there = |scope: &str| searched.iter().any(|it| it.result.scope == scope);
    let pinned = work.pins.baselines.iter().filter(|(scope, _)| !is_there(scope));
    pinned
        .map(|(scope, _)| {
            Finding::new(Wrong::Drift, format!("{scope} is pinned, but there is no such scope"))
        })
        .collect()
}

/// Every property that something could violate, by name.
pub fn names(scopes: &[Located]) -> Vec<String> {
    let names = INVARIANTS.iter().map(|it| it.name).chain(STEPS.iter().map(|it| it.name));
    let rest = scopes.first().and_then(|it| properties::checks(&it.scope, |_| false).rest);
    names.map(str::to_owned).chain(rest.map(|rest| rest.name.into_owned())).collect()
}

/// Properties for which no counterexample is committed, so that nobody has seen them fail, and
/// those for which one is though they are listed as ones that nothing violates.
fn unshown(pins: &Pins, names: &[String], traces: &[replay::Committed]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for name in names {
        let shows = |it: &replay::Committed| {
            it.result.property == *name && it.kind == Some(Kind::Counterexample)
        };
        match (traces.iter().any(shows), pins.unviolated.get(headline::id(name))) {
            (true, None) | (false, Some(_)) => {}
            (false, None) => {
                let what = format!("no counterexample shows {name}");
                findings.push(Finding::new(Wrong::Coverage, what));
            }
            (true, Some(_)) => findings.push(violated_after_all(name)),
        }
    }
    findings
}

/// A property is violated that is listed as one that nothing violates.
pub fn violated_after_all(name: &str) -> Finding {
    let what = format!("listed as violated by nothing, yet something does: {name}");
    Finding::new(Wrong::Drift, what)
}
