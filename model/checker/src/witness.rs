//! The other checker: stateright's own, refused wherever it would pass though incomplete.
//!
//! Start at [`stateright_check`]; [`compare`] holds its counts against those of
//! [`explore`](crate::explore).

use std::hash::Hash;
use std::num::NonZeroUsize;
use std::thread::{JoinHandle, sleep};
use std::time::Duration;

use stateright::{Checker, Expectation, Model, Path};
use thiserror::Error;

use crate::explore::{caught, message};
use crate::limits::Budget;
use crate::report::{Asked, conclude};
use crate::watched::{ALL_HOLD, Watched};
use crate::{Limits, Report, Trace, Verdict, Why};

/// The order in which stateright walks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Order {
    /// Breadth first, without symmetry.
    BreadthFirst,
    /// Depth first, without symmetry; needs less memory.
    DepthFirst,
}

/// What stateright found.
pub struct StaterightReport<M: Model> {
    /// The verdict, by the same rules as that of [`explore`](crate::explore).
    pub verdict: Verdict,
    /// Distinct states, by stateright's fingerprints.
    pub states: u64,
    /// The steps that stateright generated.
    pub edges: u64,
    /// Distinct initial states, within the boundary.
    pub init_states: u64,
    /// The steps of the longest path walked.
    pub depth: u64,
    /// What was met of the properties, in the order the model gives them.
    pub discoveries: Vec<Discovery<M>>,
    /// A way, hardly ever a shortest one, to some state in which an `always` property is false.
    pub counterexample: Option<Trace<M>>,
    /// How long it took.
    pub elapsed: Duration,
}

/// A property that was met: an `always` that is false, or a `sometimes` that is true.
pub struct Discovery<M: Model> {
    /// The property.
    pub name: &'static str,
    /// What was expected of it.
    pub expectation: Expectation,
    /// The state in which it was met first; with several threads, any.
    pub state: M::State,
}

/// Checks the model's own properties with stateright, to the end.
///
/// stateright's own limits are not used: they end a run that then passes. The walk is watched and
/// stopped from outside instead, and every way of not reaching the end is a reason to be
/// inconclusive: a limit, a cut by the boundary, a panic, a thread that is not joined, a state that
/// was found and not expanded. `limits.bytes` and `limits.stop` mean nothing here.
///
/// stateright counts as generated the initial states and every step that stays within the
/// boundary, steps to the same state included; [`StaterightReport::edges`] leaves the initial
/// states out, and so is what [`Counts::edges`](crate::Counts::edges) is.
pub fn stateright_check<M>(
    model: &M,
    order: Order,
    limits: &Limits,
    threads: NonZeroUsize,
) -> StaterightReport<M>
where
    M: Model<State: Clone + Eq + Hash + Send + Sync, Action: Clone + PartialEq>
        + Clone
        + Send
        + Sync
        + 'static,
{
    let budget = Budget::start(limits);
    let run = caught(|| {
        let watched = Watched::new(model.clone(), limits);
        if let Some(why) = budget.too_late() {
            watched.halt(why);
        }
        let builder = watched.checker().threads(threads.get());
        match order {
            Order::BreadthFirst => finish(builder.spawn_bfs(), &budget, threads),
            Order::DepthFirst => finish(builder.spawn_dfs(), &budget, threads),
        }
    });
    run.unwrap_or_else(|panicked| StaterightReport {
        verdict: Verdict::Inconclusive(panicked),
        states: 0,
        edges: 0,
        init_states: 0,
        depth: 0,
        discoveries: Vec::new(),
        counterexample: None,
        elapsed: budget.elapsed(),
    })
}

/// Waits for every thread, then draws the conclusion.
fn finish<M>(
    mut checker: impl Checker<Watched<M>>,
    budget: &Budget,
    threads: NonZeroUsize,
) -> StaterightReport<M>
where
    M: Model<State: Clone + Eq + Hash + Send + Sync, Action: Clone + PartialEq>,
{
    let handles = checker.handles();
    let ran = handles.len();
    let mut nap = Duration::from_micros(50);
    while !handles.iter().all(JoinHandle::is_finished) {
        let steps = (checker.max_depth() as u64).saturating_sub(1);
        if let Some(why) = budget.too_late().or_else(|| budget.too_deep(steps)) {
            checker.model().halt(why);
        }
        sleep(nap);
        nap = (nap * 2).min(LONGEST_NAP);
    }
    let panics: Vec<_> = handles.into_iter().filter_map(|handle| handle.join().err()).collect();
    let watched = checker.model();
    watched.end_walk();

    let init_states = watched.init_states().len() as u64;
    let states = checker.unique_state_count() as u64;
    let depth = (checker.max_depth() as u64).saturating_sub(1);
    let expanded = watched.expanded();
    let is_done = checker.is_done();
    let end = End { ran, threads: threads.get(), expanded, states, is_done };
    let obstacle = panics
        .first()
        .map(|panic| Why::Panicked(message(&**panic)))
        .or_else(|| watched.halted())
        .or_else(|| budget.too_deep(depth))
        .or_else(|| (init_states == 0).then_some(Why::NoInitialState))
        .or_else(|| (watched.cut() > 0).then(|| Why::BoundaryCut(watched.cut())))
        .or_else(|| end.unfinished());
    StaterightReport {
        verdict: judge(watched, obstacle),
        states,
        edges: (checker.state_count() as u64).saturating_sub(init_states),
        init_states,
        depth,
        discoveries: watched.discoveries(),
        counterexample: checker.discovery(ALL_HOLD).and_then(traced),
        elapsed: budget.elapsed(),
    }
}

/// The longest that the end of a walk, or of its time, is noticed late.
const LONGEST_NAP: Duration = Duration::from_millis(10);

/// How a walk ended that nobody stopped.
struct End {
    ran: usize,
    threads: usize,
    expanded: u64,
    states: u64,
    is_done: bool,
}

impl End {
    /// What is missing. Nothing is known to bring this about; it must not pass should it happen.
    fn unfinished(&self) -> Option<Why> {
        let Self { ran, threads, expanded, states, is_done } = self;
        if ran == threads && expanded == states && *is_done {
            return None;
        }
        let walked = format!("{ran} of {threads} threads, {expanded} of {states} states");
        Some(Why::Unfinished(walked))
    }
}

/// The verdict on the model's properties, given what stood in the way of the walk.
fn judge<M: Model>(watched: &Watched<M>, obstacle: Option<Why>) -> Verdict {
    let mut asked = Asked { safety: 0, goals: 0, all: 0 };
    let mut is_violated = false;
    let mut obstacle = obstacle;
    let is_complete = obstacle.is_none();
    for (property, met) in watched.findings() {
        asked.all += 1;
        match property.expectation {
            Expectation::Always => {
                asked.safety += 1;
                is_violated |= met.is_some();
            }
            Expectation::Sometimes => {
                asked.goals += 1;
                is_violated |= is_complete && met.is_none();
            }
            Expectation::Eventually => {
                obstacle.get_or_insert(Why::Eventually(property.name));
            }
        }
    }
    conclude(is_violated, obstacle, asked)
}

fn traced<M>(path: Path<M::State, M::Action>) -> Option<Trace<M>>
where
    M: Model,
{
    let mut steps = path.into_vec().into_iter();
    let (init, mut action) = steps.next()?;
    let mut trace = Trace { init, steps: Vec::new() };
    for (state, next_action) in steps {
        trace.steps.push((action?, state));
        action = next_action;
    }
    Some(trace)
}

/// Holds the counts of both checkers against each other.
///
/// The models are the same, or one is the other made [`Silent`](crate::Silent).
///
/// # Errors
///
/// Says what differs.
pub fn compare<M, N>(own: &Report<M>, stateright: &StaterightReport<N>) -> Result<(), Disagreement>
where
    M: Model,
    N: Model<State = M::State>,
{
    let counts = own.counts;
    if counts.states != stateright.states {
        return Err(Disagreement::States { own: counts.states, stateright: stateright.states });
    }
    if counts.edges != stateright.edges {
        return Err(Disagreement::Edges { own: counts.edges, stateright: stateright.edges });
    }
    Ok(())
}

/// Two checkers disagree about a model: one of them is wrong, or the model is not deterministic.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum Disagreement {
    /// About the number of states.
    #[error("{own} states here, {stateright} by stateright")]
    States {
        /// Found by [`explore`](crate::explore).
        own: u64,
        /// Found by stateright.
        stateright: u64,
    },
    /// About the number of edges.
    #[error("{own} edges here, {stateright} by stateright")]
    Edges {
        /// Walked by [`explore`](crate::explore).
        own: u64,
        /// Generated by stateright.
        stateright: u64,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_walk_is_finished_when_all_threads_have_expanded_all_states() {
        let end = |ran, expanded, is_done| End { ran, threads: 2, expanded, states: 9, is_done };
        assert_eq!(end(2, 9, true).unfinished(), None);
        for missing in [end(1, 9, true), end(2, 8, true), end(2, 9, false)] {
            assert!(matches!(missing.unfinished(), Some(Why::Unfinished(_))));
        }
    }
}
