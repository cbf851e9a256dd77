//! A model under the eyes of a watcher, for stateright to walk: it counts and can be stopped.

use std::hash::Hash;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use indexmap::IndexSet;
use rustc_hash::FxBuildHasher;
use stateright::{Expectation, Model, Property};

use crate::{Discovery, Limits, Why};

/// The property of the watched model that is false where an `always` of the model is met false.
pub(crate) const ALL_HOLD: &str = "no `always` property of the model is found false here";

/// The model, and what has been noted of the walk.
pub(crate) struct Watched<M: Model> {
    model: M,
    properties: Vec<Property<M>>,
    /// Where each property was met first: an `always` false, a `sometimes` true.
    met: Vec<OnceLock<M::State>>,
    most_states: Option<u64>,
    expanded: AtomicU64,
    /// False once the walk has ended.
    is_walking: AtomicBool,
    halted: OnceLock<Why>,
    cut: Mutex<IndexSet<M::State, FxBuildHasher>>,
}

impl<M: Model> Watched<M> {
    pub(crate) fn new(model: M, limits: &Limits) -> Self {
        let properties = model.properties();
        Self {
            model,
            met: properties.iter().map(|_| OnceLock::new()).collect(),
            properties,
            most_states: limits.states,
            expanded: AtomicU64::new(0),
            is_walking: AtomicBool::new(true),
            halted: OnceLock::new(),
            cut: Mutex::default(),
        }
    }

    /// Lets the walk run dry: from now on no state offers an action.
    pub(crate) fn halt(&self, why: Why) {
        // Only the first reason counts.
        let _ = self.halted.set(why);
    }

    /// The walk has ended; what follows is replay, and is not counted.
    pub(crate) fn end_walk(&self) {
        self.is_walking.store(false, Ordering::SeqCst);
    }

    /// Why the walk was halted, if it was.
    pub(crate) fn halted(&self) -> Option<Why> {
        self.halted.get().cloned()
    }

    /// How many states were expanded.
    pub(crate) fn expanded(&self) -> u64 {
        self.expanded.load(Ordering::SeqCst)
    }

    /// How many distinct states were met outside the boundary.
    pub(crate) fn cut(&self) -> u64 {
        self.cut_states().len() as u64
    }

    fn cut_states(&self) -> MutexGuard<'_, IndexSet<M::State, FxBuildHasher>> {
        // A set of states stays one whatever thread panicked.
        self.cut.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The properties of the model, and where each was met.
    pub(crate) fn findings(&self) -> impl Iterator<Item = (&Property<M>, Option<&M::State>)> {
        self.properties.iter().zip(self.met.iter().map(OnceLock::get))
    }
}

impl<M: Model<State: Clone>> Watched<M> {
    /// What was met of the properties, in the order the model gives them.
    pub(crate) fn discoveries(&self) -> Vec<Discovery<M>> {
        let met = self.findings().filter_map(|(property, state)| Some((property, state?.clone())));
        met.map(|(property, state)| Discovery {
            name: property.name,
            expectation: property.expectation.clone(),
            state,
        })
        .collect()
    }

    /// Notes what this state shows; whether it shows no `always` false for the first time.
    fn look(&self, state: &M::State) -> bool {
        let mut all_hold = true;
        for (property, met) in self.properties.iter().zip(&self.met) {
            let shows = |expected: bool| {
                met.get().is_none()
                    && (property.condition)(&self.model, state) == expected
                    && met.set(state.clone()).is_ok()
            };
            match property.expectation {
                Expectation::Always => all_hold &= !shows(false),
                Expectation::Sometimes => {
                    shows(true);
                }
                Expectation::Eventually => {}
            }
        }
        all_hold
    }
}

impl<M: Model<State: Clone + Eq + Hash>> Model for Watched<M> {
    type State = M::State;
    type Action = M::Action;

    /// Distinct ones: stateright would expand equal ones each.
    fn init_states(&self) -> Vec<M::State> {
        let states = self.model.init_states();
        let within = states.into_iter().filter(|state| self.within_boundary(state));
        within.collect::<IndexSet<M::State, FxBuildHasher>>().into_iter().collect()
    }

    fn actions(&self, state: &M::State, actions: &mut Vec<M::Action>) {
        if self.is_walking.load(Ordering::Relaxed) {
            let expanded = self.expanded.fetch_add(1, Ordering::Relaxed) + 1;
            if let Some(most) = self.most_states
                && expanded > most
            {
                self.halt(Why::StateLimit(most));
            }
            if self.halted.get().is_some() {
                return;
            }
        }
        self.model.actions(state, actions);
    }

    fn next_state(&self, state: &M::State, action: M::Action) -> Option<M::State> {
        self.model.next_state(state, action)
    }

    /// One that is always true, so that the walk goes on whatever is found, and one that looks.
    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always("every state is walked", |_, _| true),
            Property::always(ALL_HOLD, Self::look),
        ]
    }

    fn within_boundary(&self, state: &M::State) -> bool {
        let is_within = self.model.within_boundary(state);
        if !is_within {
            self.cut_states().insert(state.clone());
        }
        is_within
    }
}
