//! The way to a state once more: from the ordinals that the search has kept to a trace.
//!
//! Both `observe` and `next_state` execute every step, and what the trace is to show is judged
//! again at its end: a trace that is reported can be replayed. The search has walked over
//! representatives; beside them goes the behaviour itself, from an initial state of the model on.

use std::iter;

use crate::checks::Reached;
use crate::{Edge, Goal, Invariant, Monitor, Observed, StepProperty, Symmetry, Trace, Why};

/// A trace under way, and the representative beside its last state.
pub(crate) struct Retraced<'a, M: Observed, S> {
    model: &'a M,
    symmetry: &'a S,
    /// What the search has met instead of the last state.
    pub(crate) stand_in: M::State,
    pub(crate) trace: Trace<M>,
    /// What is seen of its steps.
    seen: Vec<M::Observation>,
}

/// What a trace is to show at its end, and not before.
pub(crate) enum Claim<'a, M: Observed> {
    /// A state that violates this.
    Violates(&'a Invariant<M>),
    /// A step that violates this.
    Breaks(&'a StepProperty<M>),
    /// That this is reached.
    Reaches(&'a Goal<M>),
}

impl<'a, M: Observed, S: Symmetry<M>> Retraced<'a, M, S> {
    pub(crate) fn start(
        model: &'a M,
        symmetry: &'a S,
        stand_in: &M::State,
        init: &M::State,
    ) -> Self {
        let trace = Trace { init: init.clone(), steps: Vec::new() };
        Self { model, symmetry, stand_in: stand_in.clone(), trace, seen: Vec::new() }
    }

    /// Takes the action that is, for the last state, the one of this ordinal of its stand-in.
    pub(crate) fn take(&mut self, ordinal: u32) -> Result<(), Why> {
        let mut offered = Vec::new();
        self.model.actions(&self.stand_in, &mut offered);
        let Some(action) = offered.get(ordinal as usize).cloned() else {
            return Err(Why::NotRepeatable("a state offers less than before".to_owned()));
        };
        let before = self.trace.last_state();
        if *before == self.stand_in {
            let (after, seen) = self.execute(before, &action)?;
            self.stand_in = self.symmetry.representative(after.clone());
            self.seen.push(seen);
            self.trace.steps.push((action, after));
            return Ok(());
        }
        let images = self.symmetry.images(&self.stand_in, &action);
        let image = images.into_iter().find(|(state, _)| state == before);
        let Some((_, moved)) = image else {
            let lost = format!("what was met for a state before {action:?} is not like it");
            return Err(Why::NotRepeatable(lost));
        };
        offered.clear();
        self.model.actions(before, &mut offered);
        if !offered.contains(&moved) {
            let lost = format!("{moved:?} is not offered where {action:?} is");
            return Err(Why::NotRepeatable(lost));
        }
        let (after, seen) = self.execute(before, &moved)?;
        let stand_in = self.symmetry.representative(self.execute(&self.stand_in, &action)?.0);
        if self.symmetry.representative(after.clone()) != stand_in {
            let parts = format!("{moved:?} leads elsewhere than {action:?}");
            return Err(Why::NotRepeatable(parts));
        }
        self.stand_in = stand_in;
        self.seen.push(seen);
        self.trace.steps.push((moved, after));
        Ok(())
    }

    fn execute(
        &self,
        before: &M::State,
        action: &M::Action,
    ) -> Result<(M::State, M::Observation), Why> {
        let observed = self.model.observe(before, action.clone());
        match (observed, self.model.next_state(before, action.clone())) {
            (Some((after, seen)), Some(next)) if after == next => Ok((after, seen)),
            (Some(_), Some(_) | None) | (None, Some(_) | None) => {
                let parts = format!("observe and next_state part over {action:?}");
                Err(Why::NotRepeatable(parts))
            }
        }
    }

    /// The trace, if it shows this at its end.
    pub(crate) fn ending(self, claim: Claim<'_, M>) -> Result<Trace<M>, Why> {
        let name = match &claim {
            Claim::Violates(it) => &it.name,
            Claim::Breaks(it) => &it.name,
            Claim::Reaches(it) => &it.name,
        };
        let shows = match &claim {
            Claim::Violates(it) => !(it.holds)(self.model, self.trace.last_state()),
            Claim::Breaks(it) => {
                self.edges().last().is_some_and(|edge| !(it.holds)(self.model, &edge))
            }
            Claim::Reaches(it) => self.reaches(it),
        };
        match shows {
            true => Ok(self.trace),
            false => Err(Why::NotRepeatable(format!("a trace does not show {name:?} any more"))),
        }
    }

    fn edges(&self) -> impl Iterator<Item = Edge<'_, M>> {
        let Trace { init, steps } = &self.trace;
        let befores = iter::once(init).chain(steps.iter().map(|(_, after)| after));
        let steps = befores.zip(steps).zip(&self.seen);
        steps.map(|((before, (action, after)), seen)| Edge { before, action, seen, after })
    }

    fn reaches(&self, goal: &Goal<M>) -> bool {
        let advance = match &goal.reached {
            Reached::State(is_goal) => return is_goal(self.model, self.trace.last_state()),
            Reached::Event(event) => {
                let is_event = |it: Edge<'_, M>| M::event(it.seen) == Some(*event);
                return self
                    .edges()
                    .position(is_event)
                    .is_some_and(|at| at + 1 == self.trace.len());
            }
            Reached::Step(advance) => advance,
        };
        let mut memory = 0;
        for (place, edge) in (1..).zip(self.edges()) {
            match advance(self.model, memory, &edge) {
                Monitor::At(now) => memory = now,
                Monitor::Reached => return place == self.trace.len(),
            }
        }
        false
    }
}
