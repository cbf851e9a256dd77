//! What a run checks: invariants, edge properties, goals, and that rest can always be reached.
//!
//! Start at [`Checks`]. Conditions are closures, so that they can be made from tables.

use std::borrow::Cow;
use std::fmt::Debug;
use std::hash::Hash;

use stateright::{Expectation, Model};
use thiserror::Error;

use crate::{Observed, Silent};

/// The name of a property; in a table of properties it starts with an id.
pub type Name = Cow<'static, str>;

type OnState<M> = Box<dyn Fn(&M, &<M as Model>::State) -> bool + Send + Sync>;
type OnAction<M> = Box<dyn Fn(&M, &<M as Model>::Action) -> bool + Send + Sync>;
type OnEdge<M> = Box<dyn Fn(&M, &Edge<'_, M>) -> bool + Send + Sync>;
pub(crate) type OnMemory<M> = Box<dyn Fn(&M, u8, &Edge<'_, M>) -> Monitor + Send + Sync>;

/// Everything that one run checks.
///
/// A run can hold only with at least one invariant or edge property and at least one goal: the
/// first can be violated by a model that does too much, the second by one that does too little.
pub struct Checks<M: Observed> {
    /// What is true in every reachable state.
    pub invariants: Vec<Invariant<M>>,
    /// What is true of every step.
    pub steps: Vec<StepProperty<M>>,
    /// What can be reached.
    pub goals: Vec<Goal<M>>,
    /// Where every state can get back to, if that is asked.
    pub rest: Option<Rest<M>>,
}

impl<M: Observed> Checks<M> {
    /// Nothing to check yet.
    pub const fn new() -> Self {
        Self { invariants: Vec::new(), steps: Vec::new(), goals: Vec::new(), rest: None }
    }

    /// Adds an invariant.
    #[must_use]
    pub fn invariant(
        mut self,
        name: impl Into<Name>,
        holds: impl Fn(&M, &M::State) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.invariants.push(Invariant::new(name, holds));
        self
    }

    /// Adds a property of every step.
    #[must_use]
    pub fn step(
        mut self,
        name: impl Into<Name>,
        holds: impl Fn(&M, &Edge<'_, M>) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.steps.push(StepProperty::new(name, holds));
        self
    }

    /// Adds a property of the steps that are one of these events, as [`Observed::event`] numbers
    /// them: the others are not held against it, and cost nothing.
    #[must_use]
    pub fn step_at(
        mut self,
        name: impl Into<Name>,
        events: impl IntoIterator<Item = usize>,
        holds: impl Fn(&M, &Edge<'_, M>) -> bool + Send + Sync + 'static,
    ) -> Self {
        let events = Some(events.into_iter().collect());
        self.steps.push(StepProperty { events, ..StepProperty::new(name, holds) });
        self
    }

    /// Adds a goal.
    #[must_use]
    pub fn goal(mut self, goal: Goal<M>) -> Self {
        self.goals.push(goal);
        self
    }

    /// Asks that every state can reach rest.
    #[must_use]
    pub fn rest(mut self, rest: Rest<M>) -> Self {
        self.rest = Some(rest);
        self
    }

    /// Reads the properties that the model gives to stateright.
    ///
    /// # Errors
    ///
    /// Refuses `eventually`: stateright's meaning of it misses cycles, and there is no other here.
    pub fn from_properties(model: &M) -> Result<Self, EventuallyRefused>
    where
        M: 'static,
    {
        let mut checks = Self::new();
        for property in model.properties() {
            let holds = property.condition;
            checks.read(property.name, &property.expectation, Box::new(holds))?;
        }
        Ok(checks)
    }

    fn read(
        &mut self,
        name: &'static str,
        expectation: &Expectation,
        holds: OnState<M>,
    ) -> Result<(), EventuallyRefused> {
        match expectation {
            Expectation::Always => self.invariants.push(Invariant { name: name.into(), holds }),
            Expectation::Sometimes => {
                self.goals.push(Goal { name: name.into(), reached: Reached::State(holds) });
            }
            Expectation::Eventually => return Err(EventuallyRefused { name }),
        }
        Ok(())
    }
}

impl<M> Checks<Silent<M>>
where
    M: Model<State: Clone + Eq + Hash, Action: Clone + PartialEq + Debug> + 'static,
{
    /// Reads the properties of the model within.
    ///
    /// # Errors
    ///
    /// Refuses `eventually`, as [`Checks::from_properties`] does.
    pub fn from_silent(model: &Silent<M>) -> Result<Self, EventuallyRefused> {
        let mut checks = Self::new();
        for property in model.0.properties() {
            let holds = property.condition;
            let of_inner = move |model: &Silent<M>, state: &M::State| holds(&model.0, state);
            checks.read(property.name, &property.expectation, Box::new(of_inner))?;
        }
        Ok(checks)
    }
}

impl<M: Observed> Default for Checks<M> {
    fn default() -> Self {
        Self::new()
    }
}

/// A model asks for `eventually`, which stateright cannot decide.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("{name:?} is an `eventually` property, which misses cycles: give a goal or `rest` instead")]
pub struct EventuallyRefused {
    /// The property.
    pub name: &'static str,
}

/// One step of the model.
pub struct Edge<'a, M: Observed> {
    /// Where it starts.
    pub before: &'a M::State,
    /// What is done.
    pub action: &'a M::Action,
    /// What is seen of it.
    pub seen: &'a M::Observation,
    /// Where it ends.
    pub after: &'a M::State,
}

/// Something that is true in every reachable state.
pub struct Invariant<M: Observed> {
    /// Its name.
    pub name: Name,
    pub(crate) holds: OnState<M>,
}

impl<M: Observed> Invariant<M> {
    /// An invariant, from what is true of a state.
    pub fn new(
        name: impl Into<Name>,
        holds: impl Fn(&M, &M::State) -> bool + Send + Sync + 'static,
    ) -> Self {
        Self { name: name.into(), holds: Box::new(holds) }
    }
}

/// Something that is true of every step.
pub struct StepProperty<M: Observed> {
    /// Its name.
    pub name: Name,
    pub(crate) holds: OnEdge<M>,
    /// The events that it looks at, if not at every step.
    pub(crate) events: Option<Vec<usize>>,
}

impl<M: Observed> StepProperty<M> {
    /// A property of steps, from what is true of an edge.
    pub fn new(
        name: impl Into<Name>,
        holds: impl Fn(&M, &Edge<'_, M>) -> bool + Send + Sync + 'static,
    ) -> Self {
        Self { name: name.into(), holds: Box::new(holds), events: None }
    }
}

/// Something that can be reached.
pub struct Goal<M: Observed> {
    /// Its name.
    pub name: Name,
    pub(crate) reached: Reached<M>,
}

/// How it is known that a goal is reached.
pub(crate) enum Reached<M: Observed> {
    /// By a state.
    State(OnState<M>),
    /// By a step, given what the monitor remembers of the steps before it.
    Step(OnMemory<M>),
    /// By a step that is this event.
    Event(usize),
}

impl<M: Observed> Goal<M> {
    /// A state of this kind can be reached; an initial state counts.
    pub fn state(
        name: impl Into<Name>,
        is_goal: impl Fn(&M, &M::State) -> bool + Send + Sync + 'static,
    ) -> Self {
        Self { name: name.into(), reached: Reached::State(Box::new(is_goal)) }
    }

    /// A step of this kind can be taken.
    pub fn step(
        name: impl Into<Name>,
        is_goal: impl Fn(&M, &Edge<'_, M>) -> bool + Send + Sync + 'static,
    ) -> Self {
        Self::monitored(
            name,
            move |model, _, edge| {
                if is_goal(model, edge) { Monitor::Reached } else { Monitor::At(0) }
            },
        )
    }

    /// A step can be taken that is this event, as [`Observed::event`] numbers them.
    pub fn event(name: impl Into<Name>, event: usize) -> Self {
        Self { name: name.into(), reached: Reached::Event(event) }
    }

    /// A sequence of steps can be taken that leads a monitor to [`Monitor::Reached`].
    ///
    /// The monitor starts at 0 and is told every step with what it returned last. It must be a
    /// pure function. Goals whose monitors leave 0 cost a second search after the main one, over
    /// states with what is remembered.
    pub fn monitored(
        name: impl Into<Name>,
        advance: impl Fn(&M, u8, &Edge<'_, M>) -> Monitor + Send + Sync + 'static,
    ) -> Self {
        Self { name: name.into(), reached: Reached::Step(Box::new(advance)) }
    }
}

/// Where the monitor of a goal is after a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Monitor {
    /// Not there yet; what it remembers.
    At(u8),
    /// The goal is reached.
    Reached,
}

/// Where every reachable state can get to.
pub struct Rest<M: Observed> {
    /// Its name.
    pub name: Name,
    pub(crate) is_rest: OnState<M>,
    pub(crate) allowed: OnAction<M>,
}

impl<M: Observed> Rest<M> {
    /// Every state can reach a state of this kind, by any steps.
    pub fn new(
        name: impl Into<Name>,
        is_rest: impl Fn(&M, &M::State) -> bool + Send + Sync + 'static,
    ) -> Self {
        Self { name: name.into(), is_rest: Box::new(is_rest), allowed: Box::new(|_, _| true) }
    }

    /// Only these actions may be used for getting there.
    ///
    /// Without a crash, say: a system that comes to rest only by crashing is stuck.
    #[must_use]
    pub fn by(mut self, allowed: impl Fn(&M, &M::Action) -> bool + Send + Sync + 'static) -> Self {
        self.allowed = Box::new(allowed);
        self
    }
}
