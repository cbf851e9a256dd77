//! What the search needs of a model beyond stateright's own trait: steps that can be seen.

use std::fmt::Debug;
use std::hash::Hash;

use stateright::{Model, Property};

/// A model whose steps can be seen from outside.
///
/// A step yields, besides the next state, what an onlooker notices of it: the answer of a call, a
/// message sent. Edge properties and goals may speak of it (see [`Edge`](crate::Edge)).
///
/// An action that is refused should be a step back to the same state, with the refusal as its
/// observation. `None` means that the action has no answer at all; such actions are counted as
/// ignored and are otherwise invisible.
///
/// [`Model::next_state`] should be this function without the observation. Every trace that is
/// reported has been executed by both, and a run in which they part is inconclusive.
pub trait Observed:
    Model<State: Clone + Eq + Hash, Action: Clone + PartialEq + Debug> + Sized
{
    /// What is seen of one step.
    type Observation;

    /// Executes one action: the next state, and what is seen of the step.
    fn observe(
        &self,
        state: &Self::State,
        action: Self::Action,
    ) -> Option<(Self::State, Self::Observation)>;

    /// Which event a step is, for a model that numbers its events from 0 on: goals of an event
    /// ([`Goal::event`](crate::Goal::event)) cost nothing on the steps of all others.
    fn event(_seen: &Self::Observation) -> Option<usize> {
        None
    }
}

/// A model of which only the states are seen: makes any stateright model an [`Observed`] one.
///
/// Its properties are given in [`Checks`](crate::Checks); those of the model within are read by
/// [`Checks::from_silent`](crate::Checks::from_silent).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Silent<M>(pub M);

impl<M: Model> Model for Silent<M> {
    type State = M::State;
    type Action = M::Action;

    fn init_states(&self) -> Vec<Self::State> {
        self.0.init_states()
    }

    fn actions(&self, state: &Self::State, actions: &mut Vec<Self::Action>) {
        self.0.actions(state, actions);
    }

    fn next_state(&self, state: &Self::State, action: Self::Action) -> Option<Self::State> {
        self.0.next_state(state, action)
    }

    /// None: a property of stateright is a plain function of its own model.
    fn properties(&self) -> Vec<Property<Self>> {
        Vec::new()
    }

    fn within_boundary(&self, state: &Self::State) -> bool {
        self.0.within_boundary(state)
    }
}

impl<M> Observed for Silent<M>
where
    M: Model<State: Clone + Eq + Hash, Action: Clone + PartialEq + Debug>,
{
    type Observation = ();

    fn observe(
        &self,
        state: &Self::State,
        action: Self::Action,
    ) -> Option<(Self::State, Self::Observation)> {
        self.0.next_state(state, action).map(|next| (next, ()))
    }
}
