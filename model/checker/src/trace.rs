//! Traces: how a state is reached, step by step, and how to get there again.

use std::fmt;

use stateright::Model;
use thiserror::Error;

/// How a state is reached: an initial state, then actions with the states they lead to.
pub struct Trace<M: Model> {
    /// Where it starts.
    pub init: M::State,
    /// What is done, and where it leads.
    pub steps: Vec<(M::Action, M::State)>,
}

impl<M: Model> Trace<M> {
    /// The number of steps.
    pub const fn len(&self) -> usize {
        self.steps.len()
    }

    /// Whether it ends where it starts, without a step.
    pub const fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// The state it ends in.
    pub fn last_state(&self) -> &M::State {
        self.steps.last().map_or(&self.init, |(_, state)| state)
    }

    /// The actions, in order.
    pub fn actions(&self) -> impl Iterator<Item = &M::Action> {
        self.steps.iter().map(|(action, _)| action)
    }
}

impl<M: Model<State: Clone, Action: Clone>> Clone for Trace<M> {
    fn clone(&self) -> Self {
        Self { init: self.init.clone(), steps: self.steps.clone() }
    }
}

impl<M: Model<State: PartialEq, Action: PartialEq>> PartialEq for Trace<M> {
    fn eq(&self, other: &Self) -> bool {
        self.init == other.init && self.steps == other.steps
    }
}

impl<M: Model<State: Eq, Action: Eq>> Eq for Trace<M> {}

impl<M: Model<State: fmt::Debug, Action: fmt::Debug>> fmt::Debug for Trace<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { init, steps } = self;
        f.debug_struct("Trace").field("init", init).field("steps", steps).finish()
    }
}

/// Tells the actions, one a line, numbered from 1.
impl<M: Model<Action: fmt::Debug>> fmt::Display for Trace<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, action) in (1..).zip(self.actions()) {
            writeln!(f, "{number:>4}. {action:?}")?;
        }
        Ok(())
    }
}

/// Executes a list of actions from the initial state of this index.
///
/// # Errors
///
/// Says which step cannot be taken and what could be done instead.
pub fn replay<M>(model: &M, init: usize, actions: &[M::Action]) -> Result<Trace<M>, ReplayError>
where
    M: Model<State: Clone, Action: Clone + PartialEq + fmt::Debug>,
{
    let mut init_states = model.init_states();
    let available = init_states.len();
    if init >= available {
        return Err(ReplayError::NoSuchInitialState { init, available });
    }
    let init = init_states.swap_remove(init);
    let mut state = init.clone();
    let mut steps = Vec::with_capacity(actions.len());
    let mut offered = Vec::new();
    for (step, action) in (1..).zip(actions) {
        offered.clear();
        model.actions(&state, &mut offered);
        let next = if offered.contains(action) {
            model.next_state(&state, action.clone())
        } else {
            let offered = offered.iter().map(|action| format!("{action:?}")).collect();
            return Err(ReplayError::NotOffered { step, action: format!("{action:?}"), offered });
        };
        state = match next {
            Some(next) => next,
            None => return Err(ReplayError::Ignored { step, action: format!("{action:?}") }),
        };
        steps.push((action.clone(), state.clone()));
    }
    Ok(Trace { init, steps })
}

/// Why a list of actions cannot be executed. Steps are numbered from 1.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ReplayError {
    /// The model has no initial state of this index.
    #[error("no initial state {init}: the model has {available}, numbered from 0")]
    NoSuchInitialState {
        /// The index asked for.
        init: usize,
        /// How many there are.
        available: usize,
    },
    /// The model does not offer the action in this state.
    #[error("step {step}: {action} is not possible here; possible: {}", listed(.offered))]
    NotOffered {
        /// The step.
        step: usize,
        /// The action.
        action: String,
        /// What is possible instead.
        offered: Vec<String>,
    },
    /// The model offers the action and then does not answer it.
    #[error("step {step}: {action} is offered but has no next state")]
    Ignored {
        /// The step.
        step: usize,
        /// The action.
        action: String,
    },
}

fn listed(offered: &[String]) -> String {
    if offered.is_empty() { "nothing".to_owned() } else { offered.join(", ") }
}
