//! One scope, explored: by our own search, or by stateright's.
//!
//! Start at [`own`]; [`up_to_symmetry`] explores one state of all that are alike. What is wrong is
//! judged here and not by the search, because goals are demanded of standard scopes only, and of
//! them those that are pinned.

use std::{collections::BTreeMap, num::NonZeroUsize};

use mapi_session_model::{Fault, Protocol, Scope, State, Symmetry, properties};
use stateright_exact::{
    Checks, Counts, Kind, Limits, Order, Outcome, PropertyReport, Report, StaterightReport, Stop,
    Trace, Verdict, Why, explore, explore_representatives, stateright_check,
};

use super::{
    cli::Tier,
    finding::{Finding, Wrong},
    headline,
    lives::{Lookout, Moves},
    output::{peak_memory, rate},
    pins::Pins,
    told,
    verdict::{PropertyKind, PropertyOutcome, PropertyResult, ScopeResult},
    work::{Unusable, Work, follow},
};
use crate::scopes::{Located, Origin};

/// What our own search found.
pub struct Searched {
    /// The report itself, with every trace.
    pub report: Report<Protocol>,
    /// The same as data.
    pub result: ScopeResult,
    /// The moves seen in lives, if it was the sound model of a standard scope.
    pub moves: Moves,
    /// What is wrong.
    pub findings: Vec<Finding>,
}

impl Searched {
    /// The goals reached, with the lengths of their shortest traces.
    pub fn goals(&self) -> BTreeMap<String, u64> {
        let goals = self.report.properties.iter().filter(|it| it.kind == Kind::Goal);
        goals
            .filter_map(|it| {
                let length = it.outcome.trace()?.len() as u64;
                Some((headline::id(&it.name).to_owned(), length))
            })
            .collect()
    }
}

/// Explores a scope exactly.
///
/// Sound, it is explored to the end, with every property and every goal. With a fault, it is
/// explored up to the first violation, with the goals that the sound scope is pinned to reach.
pub fn own(work: &Work, located: &Located, fault: Option<Fault>) -> Searched {
    let world = Protocol { scope: located.scope.clone(), fault };
    let (mut checks, limits) = asked(work, located, fault);
    let lookout = Lookout::default();
    match (fault, located.origin, work.tier) {
        (None, Origin::Standard, Tier::Default) => checks = lookout.watch(checks),
        (None | Some(_), Origin::Standard | Origin::Own, Tier::Default | Tier::Deep) => {}
    }
    let name = &world.scope.name;
    let bar = work.output.bar(format!("search {name}"), work.pinned_states(located));
    let mut report = explore(&world, &checks, &limits, &mut follow(&bar));
    bar.finish_and_clear();
    let moves = lookout.come_down(&mut report);
    let result = result_of(&work.pins, &world, &report);
    judged(work, located, fault, Searched { report, result, moves, findings: Vec::new() })
}

/// Explores one state of all that are alike, and otherwise does as [`own`]; but that every state
/// can reach rest is not asked. Depth and goals are those of the whole, and held against its pins.
///
/// # Errors
///
/// If no two clients, profiles or names of the scope are interchangeable.
pub fn up_to_symmetry(
    work: &Work,
    located: &Located,
    fault: Option<Fault>,
) -> Result<Searched, Unusable> {
    let world = Protocol { scope: located.scope.clone(), fault };
    let name = &world.scope.name;
    let symmetry = Symmetry::of(&world.scope);
    if symmetry.is_trivial() {
        let what = format!(
            "{name}: no two clients, profiles or names are interchangeable, so --symmetry would \
             save nothing: requests tell them apart, or what profiles have, or an order does, as \
             that in which open calls wait (D-26)"
        );
        return Err(Unusable::Nothing(what));
    }
    let (mut checks, limits) = asked(work, located, fault);
    checks.rest = None;
    let bar = work.output.bar(format!("search {name} up to symmetry"), None);
    let report = explore_representatives(&world, &checks, &limits, &mut follow(&bar));
    bar.finish_and_clear();
    let mut result = result_of(&work.pins, &world, &report);
    result.checker = "own, up to symmetry";
    result.permutations = symmetry.permutations().len() as u64;
    let searched = Searched { report, result, moves: Moves::new(), findings: Vec::new() };
    Ok(judged(work, located, fault, searched))
}

/// What is asked of a scope, and how far to go for it.
fn asked(work: &Work, located: &Located, fault: Option<Fault>) -> (Checks<Protocol>, Limits) {
    let checks = properties::checks(&located.scope, |goal| {
        fault.is_none() || is_demanded(&work.pins, located, goal.id())
    });
    let stop = if fault.is_some() { Stop::AtFirstViolation } else { Stop::Never };
    (checks, Limits { stop, ..work.limits })
}

/// The same with what is wrong in it.
fn judged(
    work: &Work,
    located: &Located,
    fault: Option<Fault>,
    mut searched: Searched,
) -> Searched {
    let scope = &located.scope;
    searched.findings.extend(violations(&scope.name, &searched.result));
    if let Some(why) = obstacle(&searched.report, fault) {
        let what = format!("{}: {why}", scope.name);
        searched.findings.push(Finding::new(Wrong::Inconclusive, what));
    }
    match (fault, located.origin) {
        (None, Origin::Standard) => held_against_pins(work, searched),
        (Some(fault), Origin::Standard | Origin::Own) => noticed(&work.pins, fault, searched),
        (None, Origin::Own) => searched,
    }
}

/// Explores a scope with a fault that changes nothing but which rules are followed: only goals can
/// notice it.
pub fn goals_only(work: &Work, located: &Located, fault: Fault) -> Searched {
    let world = Protocol { scope: located.scope.clone(), fault: Some(fault) };
    let mut checks =
        properties::checks(&world.scope, |goal| is_demanded(&work.pins, located, goal.id()));
    (checks.invariants, checks.steps, checks.rest) = (Vec::new(), Vec::new(), None);
    let bar = work.output.bar(format!("goals {}", world.scope.name), work.pinned_states(located));
    let report = explore(&world, &checks, &work.limits, &mut follow(&bar));
    bar.finish_and_clear();
    let result = result_of(&work.pins, &world, &report);
    let findings = match &report.verdict {
        Verdict::Holds
        | Verdict::Violated
        | Verdict::Inconclusive(Why::NoInvariant | Why::NoGoal | Why::NoProperties) => Vec::new(),
        Verdict::Inconclusive(why) => {
            vec![Finding::new(Wrong::Inconclusive, format!("{}: {why}", world.scope.name))]
        }
    };
    Searched { report, result, moves: Moves::new(), findings }
}

/// Whether a scope is pinned to reach a goal.
fn is_demanded(pins: &Pins, located: &Located, goal: &str) -> bool {
    match located.origin {
        Origin::Standard => {
            pins.coverage.of(&located.scope.name).is_some_and(|goals| goals.contains_key(goal))
        }
        Origin::Own => false,
    }
}

/// What kept the search from its end; a violation may hide it.
fn obstacle(report: &Report<Protocol>, fault: Option<Fault>) -> Option<String> {
    let is_undecided = report.properties.iter().any(|it| it.outcome.is_undecided());
    match &report.verdict {
        // Without goals a scope can be explored all the same: it is the fault that is looked for.
        Verdict::Inconclusive(Why::NoGoal) if fault.is_some() => None,
        Verdict::Inconclusive(why) => Some(why.to_string()),
        Verdict::Violated if fault.is_none() && is_undecided => {
            Some("the search did not come to its end".to_owned())
        }
        Verdict::Violated | Verdict::Holds => None,
    }
}

/// What must not happen and does. Goals are judged elsewhere.
fn violations(scope: &str, result: &ScopeResult) -> Vec<Finding> {
    let violated = result.properties.iter().filter(|it| it.result == PropertyOutcome::Violated);
    violated
        .map(|it| {
            let wrong = match it.kind {
                PropertyKind::Rest => Wrong::Liveness,
                PropertyKind::Invariant | PropertyKind::Step | PropertyKind::Goal => Wrong::Safety,
            };
            let steps = it.length.unwrap_or_default();
            Finding::new(wrong, format!("{scope}: {} (after {steps} steps)", it.name))
        })
        .collect()
}

/// Counts and goals of a standard scope, compared with what is pinned.
fn held_against_pins(work: &Work, mut searched: Searched) -> Searched {
    let pins = &work.pins;
    let scope = &searched.result.scope;
    let inconclusive = searched.findings.iter().any(|it| it.wrong == Wrong::Inconclusive);
    if inconclusive {
        return searched;
    }
    let counts = searched.report.counts;
    // Up to symmetry fewer states are met; the longest way to one of them is as long.
    let is_as_pinned = |pinned: Counts| match searched.result.permutations {
        1 => pinned == counts,
        _ => pinned.depth == counts.depth,
    };
    let mut said = match pins.baselines.get(scope) {
        None => vec![format!("{scope}: its size is not pinned: {counts}")],
        Some(pinned) if !is_as_pinned(pinned) => {
            vec![format!("{scope}: found {counts}; pinned are {pinned}")]
        }
        Some(_) => Vec::new(),
    };
    match work.tier {
        Tier::Default => said.extend(pins.coverage.differences(scope, &searched.goals())),
        Tier::Deep => {}
    }
    let drift = said.into_iter().map(|what| Finding::new(Wrong::Drift, what));
    searched.findings.extend(drift);
    searched
}

/// Whether a fault is noticed at all: by a property, or by a goal that is not reached any more.
fn noticed(pins: &Pins, fault: Fault, mut searched: Searched) -> Searched {
    let scope = &searched.result.scope;
    let goals = searched.result.properties.iter();
    let missed: Vec<_> = goals
        .filter(|it| it.result == PropertyOutcome::Unreached)
        .map(|it| {
            let what = format!("{scope}: with {fault} no longer reached: {}", it.name);
            Finding::new(Wrong::Coverage, what)
        })
        .collect();
    searched.findings.extend(missed);
    if searched.findings.is_empty() && pins.unobservable.by_properties(fault).is_none() {
        let unasked = match searched.result.permutations {
            1 => "",
            _ => "; rest is not asked up to symmetry",
        };
        let what = format!("{scope}: nothing notices {fault} here{unasked}");
        searched.findings.push(Finding::new(Wrong::Unnoticed, what));
    }
    searched
}

fn result_of(pins: &Pins, world: &Protocol, report: &Report<Protocol>) -> ScopeResult {
    let seconds = report.elapsed.as_secs_f64();
    let counts = report.counts;
    let mut properties: Vec<_> =
        report.properties.iter().map(|it| property_of(pins, world, report, it)).collect();
    properties.sort_by_key(|it| headline::place(&it.id));
    ScopeResult {
        scope: world.scope.name.clone(),
        purpose: one_line(&world.scope.purpose),
        fault: world.fault.map(|it| it.to_string()),
        checker: "own",
        permutations: 1,
        verdict: word(report),
        states: counts.states,
        edges: counts.edges,
        self_loops: Some(counts.self_loops),
        depth: counts.depth,
        seconds,
        states_per_second: rate(counts.states, seconds),
        edges_per_second: rate(counts.edges, seconds),
        bytes: Some(report.bytes),
        peak_memory: peak_memory(),
        properties,
    }
}

/// The verdict without the goals, which are judged elsewhere.
fn word(report: &Report<Protocol>) -> String {
    let is_violated =
        |it: &&PropertyReport<Protocol>| matches!(it.outcome, Outcome::Violated { .. });
    match &report.verdict {
        Verdict::Inconclusive(Why::NoGoal | Why::NoInvariant) | Verdict::Holds => {
            "holds".to_owned()
        }
        Verdict::Inconclusive(_) => report.verdict.to_string(),
        Verdict::Violated => match report.properties.iter().find(is_violated) {
            Some(_) => "violated".to_owned(),
            None => "holds".to_owned(),
        },
    }
}

fn property_of(
    pins: &Pins,
    world: &Protocol,
    report: &Report<Protocol>,
    property: &PropertyReport<Protocol>,
) -> PropertyResult {
    let (kind, checked_on) = match property.kind {
        Kind::Invariant => (PropertyKind::Invariant, report.counts.states),
        Kind::Step => (PropertyKind::Step, report.counts.edges),
        Kind::Goal => (PropertyKind::Goal, report.counts.edges),
        Kind::Rest => (PropertyKind::Rest, report.counts.states),
    };
    let result = match &property.outcome {
        Outcome::Holds => PropertyOutcome::Holds,
        Outcome::Violated { .. } => PropertyOutcome::Violated,
        Outcome::Reached { .. } => PropertyOutcome::Reached,
        Outcome::Unreached => PropertyOutcome::Unreached,
        Outcome::Undecided => PropertyOutcome::Undecided,
    };
    let id = headline::id(&property.name);
    let counterexample = match &property.outcome {
        Outcome::Violated { trace } => Some(told::violation(world, &property.name, trace)),
        Outcome::Holds | Outcome::Reached { .. } | Outcome::Unreached | Outcome::Undecided => None,
    };
    PropertyResult {
        id: id.to_owned(),
        name: property.name.to_string(),
        kind,
        result,
        checked_on,
        length: property.outcome.trace().map(|it| it.len() as u64),
        note: pins.unviolated.get(id).map(str::to_owned),
        counterexample,
    }
}

/// Where in the scope's starts a trace begins.
pub fn start_of(scope: &Scope, trace: &Trace<Protocol>) -> usize {
    let mut starts = scope.starts.iter();
    starts.position(|it| it.state == trace.init).unwrap_or_default()
}

/// Explores a scope with stateright's own search: a second count of everything.
pub fn stateright(
    work: &Work,
    located: &Located,
    fault: Option<Fault>,
) -> (ScopeResult, Vec<Finding>) {
    let world = Protocol { scope: located.scope.clone(), fault };
    let scope = &located.scope.name;
    let bar = work.output.bar(format!("stateright {scope}"), None);
    // stateright knows no limit of memory; what it needs for a state is about this.
    let room = work.limits.bytes.map(|bytes| bytes / STATERIGHT_BYTES);
    let states = [work.limits.states, room].into_iter().flatten().min();
    let limits = Limits { states, ..work.limits };
    let report = stateright_check(&world, Order::BreadthFirst, &limits, NonZeroUsize::MIN);
    bar.finish_and_clear();
    let result = stateright_result(&work.pins, &world, &report);
    let mut findings = violations(scope, &result);
    match &report.verdict {
        // Goals are histories here, which stateright cannot express; the other search has them.
        Verdict::Inconclusive(Why::NoGoal) | Verdict::Holds | Verdict::Violated => {}
        Verdict::Inconclusive(why) => {
            let what = format!("{scope}, by stateright: {why}");
            findings.push(Finding::new(Wrong::Inconclusive, what));
        }
    }
    if let Some(fault) = fault
        && findings.is_empty()
        && work.pins.unobservable.by_properties(fault).is_none()
    {
        let what = format!("{scope}: no invariant notices {fault} here, by stateright");
        findings.push(Finding::new(Wrong::Unnoticed, what));
    }
    (result, findings)
}

/// A state in its queue, with fingerprint, parent and path.
const STATERIGHT_BYTES: u64 = size_of::<State>() as u64 + 160;

fn stateright_result(
    pins: &Pins,
    world: &Protocol,
    report: &StaterightReport<Protocol>,
) -> ScopeResult {
    let seconds = report.elapsed.as_secs_f64();
    let is_complete = match &report.verdict {
        Verdict::Holds | Verdict::Violated | Verdict::Inconclusive(Why::NoGoal) => true,
        Verdict::Inconclusive(_) => false,
    };
    let invariants = properties::INVARIANTS.iter().map(|invariant| {
        let is_violated = report.discoveries.iter().any(|it| it.name == invariant.name);
        let trace = report.counterexample.as_ref().filter(|_| is_violated);
        PropertyResult {
            id: invariant.id.to_owned(),
            name: invariant.name.to_owned(),
            kind: PropertyKind::Invariant,
            result: match (is_violated, is_complete) {
                (true, _) => PropertyOutcome::Violated,
                (false, true) => PropertyOutcome::Holds,
                (false, false) => PropertyOutcome::Undecided,
            },
            checked_on: report.states,
            length: trace.map(|it| it.len() as u64),
            note: pins.unviolated.get(invariant.id).map(str::to_owned),
            counterexample: trace.map(|it| told::violation(world, invariant.name, it)),
        }
    });
    ScopeResult {
        scope: world.scope.name.clone(),
        purpose: one_line(&world.scope.purpose),
        fault: world.fault.map(|it| it.to_string()),
        checker: "stateright",
        permutations: 1,
        verdict: match is_complete && report.verdict != Verdict::Violated {
            true => "holds".to_owned(),
            false => report.verdict.to_string(),
        },
        states: report.states,
        edges: report.edges,
        self_loops: None,
        depth: report.depth,
        seconds,
        states_per_second: rate(report.states, seconds),
        edges_per_second: rate(report.edges, seconds),
        bytes: None,
        peak_memory: peak_memory(),
        properties: invariants.collect(),
    }
}

/// A text of several lines in one.
pub fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
