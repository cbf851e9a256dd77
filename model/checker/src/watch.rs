//! Holds every step and every new state of the main search against what is checked.

use rustc_hash::FxHashMap;

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
    open_steps: OnEdges,
    open_state_goals: Vec<usize>,
    open_step_goals: OnEdges,
}

/// What is looked for on edges: on all of them, or on those of an event alone.
#[derive(Default)]
struct OnEdges {
    any: Vec<usize>,
    by_event: FxHashMap<usize, Vec<usize>>,
}

impl OnEdges {
    fn add_to(&mut self, event: usize, number: usize) {
        self.by_event.entry(event).or_default().push(number);
    }

    /// Asks for everything that is looked for on an edge whether to go on with it.
    #[inline]
    fn retain(&mut self, event: Option<usize>, mut goes_on: impl FnMut(usize) -> bool) {
        self.any.retain(|&number| goes_on(number));
        if let Some(numbers) = event.and_then(|event| self.by_event.get_mut(&event)) {
            numbers.retain(|&number| goes_on(number));
        }
    }
}

impl<'a, M: Observed> Watch<'a, M> {
    pub(crate) fn new(model: &'a M, checks: &'a Checks<M>) -> Self {
        let mut watch = Self {
            model,
            checks,
            invariants: vec![None; checks.invariants.len()],
            steps: vec![None; checks.steps.len()],
            goals: vec![Finding::Open; checks.goals.len()],
            open_invariants: (0..checks.invariants.len()).collect(),
            open_steps: OnEdges::default(),
            open_state_goals: Vec::new(),
            open_step_goals: OnEdges::default(),
        };
        for (number, step) in checks.steps.iter().enumerate() {
            match &step.events {
                None => watch.open_steps.any.push(number),
                Some(events) => {
                    events.iter().for_each(|event| watch.open_steps.add_to(*event, number));
                }
            }
        }
        for (number, goal) in checks.goals.iter().enumerate() {
            match goal.reached {
                Reached::State(_) => watch.open_state_goals.push(number),
                Reached::Step(_) => watch.open_step_goals.any.push(number),
                Reached::Event(event) => watch.open_step_goals.add_to(event, number),
            }
        }
        watch
    }

    /// Looks at an edge; whether it violates a property that no edge before it did.
    #[inline]
    pub(crate) fn edge(&mut self, edge: &Edge<'_, M>, from: u32, ordinal: u32) -> bool {
        let Self { model, checks, steps, goals, open_steps, open_step_goals, .. } = self;
        let (spot, event) = (Spot::Edge { from, ordinal }, M::event(edge.seen));
        let mut is_violated = false;
        open_steps.retain(event, |step| {
            // A property of several events waits under each of them.
            if steps[step].is_none() && !(checks.steps[step].holds)(model, edge) {
                steps[step] = Some(spot);
                is_violated = true;
            }
            steps[step].is_none()
        });
        open_step_goals.retain(event, |goal| {
            goals[goal] = match &checks.goals[goal].reached {
                // As long as no monitor has left 0, every state is reached with 0 remembered.
                Reached::Step(advance) => match advance(model, 0, edge) {
                    Monitor::At(0) => return true,
                    Monitor::At(_) => Finding::Remembers,
                    Monitor::Reached => Finding::Seen(spot),
                },
                Reached::Event(_) => Finding::Seen(spot),
                Reached::State(_) => return false,
            };
            false
        });
        is_violated
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
