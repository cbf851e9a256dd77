//! A model given as a list of edges.

use stateright::Model;
use stateright_exact::{Checks, Goal, Observed};

/// States are numbers; every edge is an action.
#[derive(Clone, Debug, Default)]
pub(crate) struct Graph {
    pub(crate) init: Vec<u16>,
    pub(crate) edges: Vec<Go>,
    /// The states outside the boundary.
    pub(crate) outside: Vec<u16>,
}

/// Goes from a state to another, or asks in vain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Go {
    pub(crate) from: u16,
    pub(crate) to: Option<u16>,
    pub(crate) label: char,
}

impl Graph {
    /// From these edges, each with its label, starting at 0.
    pub(crate) fn new(edges: &[(u16, char, u16)]) -> Self {
        let edges = edges.iter().map(|&(from, label, to)| Go { from, to: Some(to), label });
        Self { init: vec![0], edges: edges.collect(), outside: Vec::new() }
    }

    /// A line from 0 to this state.
    pub(crate) fn line(last: u16) -> Self {
        Self::new(&(0..last).map(|from| (from, 'a', from + 1)).collect::<Vec<_>>())
    }

    /// Checks that pass on every graph: to be completed by the one a test is about.
    pub(crate) fn checks() -> Checks<Self> {
        Checks::new()
            .invariant("true everywhere", |_, _| true)
            .goal(Goal::state("some state", |_, _| true))
    }
}

impl Model for Graph {
    type State = u16;
    type Action = Go;

    fn init_states(&self) -> Vec<u16> {
        self.init.clone()
    }

    fn actions(&self, state: &u16, actions: &mut Vec<Go>) {
        actions.extend(self.edges.iter().filter(|go| go.from == *state));
    }

    fn next_state(&self, _: &u16, action: Go) -> Option<u16> {
        action.to
    }

    fn within_boundary(&self, state: &u16) -> bool {
        !self.outside.contains(state)
    }
}

impl Observed for Graph {
    type Observation = char;

    fn observe(&self, state: &u16, action: Go) -> Option<(u16, char)> {
        self.next_state(state, action).map(|next| (next, action.label))
    }

    fn event(label: &char) -> Option<usize> {
        (*label != 's').then_some(*label as usize)
    }
}
