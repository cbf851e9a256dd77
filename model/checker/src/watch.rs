//! Holds every step and every new state of the main search against what is checked.

use crate::arena::Way;
use crate::checks::Reached;
use crate::{Checks, Edge, Monitor, Observed};

/// Where something was seen first.
#[derive(Clone, Copy)]
pub(crate) enum Spot {
    /// In a state.
    State(u32),
    /// On the edge that this action of a state starts.
    Edge { from: u32, ordinal: u32 },
}

/// What is known of a goal.
#[derive(Clone)]
pub(crate) enum Finding {
    /// Not reached.
    Open,
    /// Reached.
    Seen(Spot),
    /// Its monitor has left 0, so the states alone do not decide it: that is left to a hunt.
    Remembers,
    /// Reached, as the hunt has found out.
    Hunted(Way),
}

/// What has been seen so far, and what is still looked for.
pub(crate) struct Watch<'a, M: Observed> {
    model: &'a M,
    checks: &'a Checks<M>,
    /// Where each invariant is violated first, if anywhere.
    pub(crate) invariants: Vec<Option<Spot>>,
    /// Where each edge property is violated first, if anywhere.
    pub(crate) steps: Vec<Option<Spot>>,
    pub(crate) goals: Vec<Finding>,
    open_invariants: Vec<usize>,
    open_steps: Vec<usize>,
    open_state_goals: Vec<usize>,
    open_step_goals: Vec<usize>,
}

impl<'a, M: Observed> Watch<'a, M> {
    pub(crate) fn new(model: &'a M, checks: &'a Checks<M>) -> Self {
        let (open_state_goals, open_step_goals) =
            (0..checks.goals.len()).partition(|&goal| match checks.goals[goal].reached {
                Reached::State(_) => true,
                Reached::Step(_) => false,
            });
        Self {
            model,
            checks,
            invariants: vec![None; checks.invariants.len()],
            steps: vec![None; checks.steps.len()],
            goals: vec![Finding::Open; checks.goals.len()],
            open_invariants: (0..checks.invariants.len()).collect(),
            open_steps: (0..checks.steps.len()).collect(),
            open_state_goals,
            open_step_goals,
        }
    }

    /// Looks at an edge; whether it violates a property that no edge before it did.
    #[inline]
    pub(crate) fn edge(&mut self, edge: &Edge<'_, M>, from: u32, ordinal: u32) -> bool {
        let Self { model, checks, steps, goals, open_steps, open_step_goals, .. } = self;
        let spot = Spot::Edge { from, ordinal };
        let open_before = open_steps.len();
        open_steps.retain(|&step| {
            let holds = (checks.steps[step].holds)(model, edge);
            if !holds {
                steps[step] = Some(spot);
            }
            holds
        });
        open_step_goals.retain(|&goal| {
            // As long as no monitor has left 0, every state is reached with 0 remembered.
            let Reached::Step(advance) = &checks.goals[goal].reached else { return false };
            goals[goal] = match advance(model, 0, edge) {
                Monitor::At(0) => return true,
                Monitor::At(_) => Finding::Remembers,
                Monitor::Reached => Finding::Seen(spot),
            };
            false
        });
        open_steps.len() < open_before
    }

    /// Looks at a new state; whether it violates a property that no state before it did.
    pub(crate) fn state(&mut self, state: &M::State, number: u32) -> bool {
        let Self { model, checks, invariants, goals, open_invariants, open_state_goals, .. } = self;
        let spot = Spot::State(number);
        let open_before = open_invariants.len();
        open_invariants.retain(|&invariant| {
            let holds = (checks.invariants[invariant].holds)(model, state);
            if !holds {
                invariants[invariant] = Some(spot);
            }
            holds
        });
        open_state_goals.retain(|&goal| {
            let Reached::State(is_goal) = &checks.goals[goal].reached else { return false };
            let is_reached = is_goal(model, state);
            if is_reached {
                goals[goal] = Finding::Seen(spot);
            }
            !is_reached
        });
        open_invariants.len() < open_before
    }
}
