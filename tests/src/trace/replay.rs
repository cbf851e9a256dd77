//! Runs a trace on the model and asserts how it ends.
//!
//! Start at [`replay_on_model`]; [`record`] is the same with the end written down.

use std::{
    fmt::Write as _,
    mem::discriminant,
    panic::{AssertUnwindSafe, catch_unwind},
};

use mapi_session_model::{
    Action, Fault, Protocol, Scope, State, Step,
    properties::{self, INVARIANTS, STEPS, Transition},
    scope::Start,
};
use stateright::Model;
use stateright_exact::{Checks, Edge, Limits, Monitor, Rest, explore};
use thiserror::Error;

use super::{AGREEMENT, Kind, Recorded, story};

/// A trace that has been run on the model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replayed {
    /// The state in which it begins.
    pub start: State,
    /// What has happened since, and what came of it.
    pub steps: Vec<Taken>,
}

/// One step of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    /// What happens.
    pub action: Action,
    /// What comes of it.
    pub step: Step,
}

/// Where the sound protocol does something else than the faulty one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Parting {
    /// The step, from 1.
    pub(super) at: usize,
    /// What the sound protocol does.
    pub(super) instead: Step,
}

/// A trace that does not fit the model. Steps are numbered from 1, 0 is the start.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ReplayFailure {
    /// The scope has no such start.
    #[error("start {start} does not exist; the scope has {available}, numbered from 0")]
    NoSuchStart {
        /// The start asked for.
        start: usize,
        /// How many there are.
        available: usize,
    },
    /// The action cannot happen in this state.
    #[error("step {step} cannot happen: {action}\npossible instead:{}", listed(.possible))]
    NotOffered {
        /// The step.
        step: usize,
        /// What was to happen.
        action: String,
        /// What can happen.
        possible: Vec<String>,
    },
    /// The model panics.
    #[error("the model panics at step {step}: {action}")]
    Panics {
        /// The step.
        step: usize,
        /// What happens.
        action: String,
    },
    /// The model has no such property.
    #[error("no {kind} is known by the name `{property}`")]
    UnknownProperty {
        /// What the trace is.
        kind: Kind,
        /// What it is said to show.
        property: String,
    },
    /// It does not end as it should.
    #[error("the last step, {steps}, does not show `{property}`, nor does one before")]
    NotShown {
        /// What it is said to show.
        property: String,
        /// How many steps there are.
        steps: usize,
    },
    /// It should have ended before.
    #[error("step {step} shows `{property}` already; the trace goes on to step {steps}")]
    ShownEarly {
        /// What it is said to show.
        property: String,
        /// The step that does.
        step: usize,
        /// How many steps there are.
        steps: usize,
    },
    /// The sound protocol does not part from it where it should.
    #[error(
        "the sound protocol parts at {}, not at {}", step_or_never(.found), step_or_never(.expected)
    )]
    PartsElsewhere {
        /// Where it should.
        expected: Option<usize>,
        /// Where it does.
        found: Option<usize>,
    },
}

impl ReplayFailure {
    /// The step that cannot happen.
    pub(super) const fn step(&self) -> Option<usize> {
        match self {
            Self::NotOffered { step, .. } | Self::Panics { step, .. } => Some(*step),
            Self::NoSuchStart { .. }
            | Self::UnknownProperty { .. }
            | Self::NotShown { .. }
            | Self::ShownEarly { .. }
            | Self::PartsElsewhere { .. } => None,
        }
    }
}

/// Runs a trace and writes down what it shows.
///
/// # Errors
///
/// If it does not show it, by its last step and not before.
pub fn record(
    scope: &Scope,
    start: usize,
    actions: Vec<Action>,
    kind: Kind,
    property: &str,
    fault: Option<Fault>,
) -> Result<Recorded, ReplayFailure> {
    let property = property.to_owned();
    let (scope_name, ends) = (scope.name.clone(), String::new());
    let mut recorded =
        Recorded { scope: scope_name, start, fault, kind, property, ends, parts_at: None, actions };
    let world = recorded.world(scope);
    let run = walk(&world, start, &recorded.actions)?;
    assert_end(&world, &run, &recorded)?;
    recorded.parts_at = parting(&world, &run).map(|it| it.at);
    recorded.ends = story::end(&world, &run, &recorded);
    Ok(recorded)
}

/// Runs a trace on the model, with its fault if it has one, and asserts how it ends.
///
/// A goal is reached, or a property violated, by the last step and not before; a lasso closes; and
/// without the fault the run is the same up to the step that the trace names.
///
/// # Errors
///
/// The first step that cannot happen, or what else is not as the trace says.
pub fn replay_on_model(scope: &Scope, recorded: &Recorded) -> Result<Replayed, ReplayFailure> {
    let world = recorded.world(scope);
    let run = walk(&world, recorded.start, &recorded.actions)?;
    assert_end(&world, &run, recorded)?;
    assert_parting(&world, &run, recorded)?;
    Ok(run)
}

impl Replayed {
    /// The state before the step of this place, counted from 0.
    pub fn before(&self, place: usize) -> &State {
        match place.checked_sub(1).and_then(|place| self.steps.get(place)) {
            Some(taken) => &taken.step.after,
            None => &self.start,
        }
    }

    /// Every state, the start first.
    pub fn states(&self) -> impl DoubleEndedIterator<Item = &State> {
        std::iter::once(&self.start).chain(self.steps.iter().map(|taken| &taken.step.after))
    }
}

/// Runs the actions, each of which must be offered.
pub(super) fn walk(
    world: &Protocol,
    start: usize,
    actions: &[Action],
) -> Result<Replayed, ReplayFailure> {
    let starts = &world.scope.starts;
    let no_start = ReplayFailure::NoSuchStart { start, available: starts.len() };
    let start = starts.get(start).ok_or(no_start)?.state;
    let (run, end) = walk_from(world, start, actions);
    end.map(|()| run)
}

/// Runs the actions as far as they are offered.
pub(super) fn walk_from(
    world: &Protocol,
    start: State,
    actions: &[Action],
) -> (Replayed, Result<(), ReplayFailure>) {
    let mut run = Replayed { start, steps: Vec::with_capacity(actions.len()) };
    for (place, action) in actions.iter().enumerate() {
        match take(world, run.before(place), place + 1, *action) {
            Ok(step) => run.steps.push(Taken { action: *action, step }),
            Err(failure) => return (run, Err(failure)),
        }
    }
    (run, Ok(()))
}

fn take(
    world: &Protocol,
    state: &State,
    step: usize,
    action: Action,
) -> Result<Step, ReplayFailure> {
    // A fault may bring the model into a state that it has no room for.
    let stepped = catch_unwind(AssertUnwindSafe(|| {
        let mut offered = Vec::new();
        world.actions(state, &mut offered);
        match offered.contains(&action) {
            true => Ok(world.next(state, action)),
            false => Err(offered),
        }
    }));
    let described = || world.scope.describe(action);
    match stepped {
        Ok(Ok(taken)) => Ok(taken),
        Ok(Err(offered)) => {
            let possible = possible(&world.scope, action, &offered);
            Err(ReplayFailure::NotOffered { step, action: described(), possible })
        }
        Err(_) => Err(ReplayFailure::Panics { step, action: described() }),
    }
}

/// A few actions of every kind, those of the same client and the same kind first.
fn possible(scope: &Scope, wanted: Action, offered: &[Action]) -> Vec<String> {
    let mut offered = offered.to_vec();
    offered.sort_by_key(|it| {
        (it.client() != wanted.client(), discriminant(it) != discriminant(&wanted))
    });
    let mut few: Vec<Action> = Vec::new();
    for action in &offered {
        let alike = few.iter().filter(|it| discriminant(*it) == discriminant(action)).count();
        if alike < MOST_ALIKE {
            few.push(*action);
        }
    }
    let mut lines: Vec<_> = few.iter().map(|action| scope.describe(*action)).collect();
    match offered.len() - few.len() {
        0 => {}
        more => lines.push(format!("and {more} more of the same kinds")),
    }
    lines
}

/// How many actions of one kind are listed.
const MOST_ALIKE: usize = 3;

fn assert_end(world: &Protocol, run: &Replayed, recorded: &Recorded) -> Result<(), ReplayFailure> {
    let property = recorded.property.clone();
    if !is_known(&world.scope, recorded.kind, &property) {
        return Err(ReplayFailure::UnknownProperty { kind: recorded.kind, property });
    }
    let steps = run.steps.len();
    let shown = match recorded.kind {
        Kind::Goal => reached(world, run, &property),
        Kind::Counterexample => violated(world, run, &property),
        Kind::Lasso => loops_at(run).map(|_| steps),
        // What model and core, or core and engine, do is not known here.
        Kind::Divergence => Some(steps),
    };
    match shown {
        Some(step) if step == steps => Ok(()),
        Some(step) => Err(ReplayFailure::ShownEarly { property, step, steps }),
        None => Err(ReplayFailure::NotShown { property, steps }),
    }
}

/// Whether a trace of this kind can be about a property of this name.
pub(super) fn is_known(scope: &Scope, kind: Kind, name: &str) -> bool {
    match kind {
        Kind::Goal => properties::goals().iter().any(|it| it.name == name),
        Kind::Counterexample => {
            INVARIANTS.iter().any(|it| it.name == name)
                || STEPS.iter().any(|it| it.name == name)
                || rest(scope).is_some_and(|it| it.name == name)
        }
        Kind::Lasso => name.starts_with("LIV-"),
        Kind::Divergence => name == AGREEMENT,
    }
}

fn rest(scope: &Scope) -> Option<Rest<Protocol>> {
    properties::checks(scope, |_| false).rest
}

/// The first step that reaches this goal.
fn reached(world: &Protocol, run: &Replayed, name: &str) -> Option<usize> {
    let target = properties::goals().into_iter().find(|it| it.name == name)?;
    if target.is_reached_at(world, &run.start) {
        return Some(0);
    }
    let mut memory = 0;
    for (place, taken) in run.steps.iter().enumerate() {
        let edge = Edge {
            before: run.before(place),
            action: &taken.action,
            seen: &taken.step,
            after: &taken.step.after,
        };
        match target.advance(world, memory, &edge) {
            Monitor::At(remembered) => memory = remembered,
            Monitor::Reached => return Some(place + 1),
        }
    }
    None
}

/// The first step that violates this property.
fn violated(world: &Protocol, run: &Replayed, name: &str) -> Option<usize> {
    if let Some(invariant) = INVARIANTS.iter().find(|it| it.name == name) {
        return run.states().position(|state| !(invariant.holds)(world, state));
    }
    if let Some(property) = STEPS.iter().find(|it| it.name == name) {
        let breaks = |(place, taken): (usize, &Taken)| {
            !(property.holds)(&Transition {
                scope: &world.scope,
                before: run.before(place),
                action: taken.action,
                step: &taken.step,
            })
        };
        return run.steps.iter().enumerate().position(breaks).map(|place| place + 1);
    }
    // Whoever cannot reach rest never can, so it is enough to go back until somebody could.
    let stuck = run.states().rev().take_while(|state| is_stuck(world, state)).count();
    (stuck > 0).then(|| run.steps.len() + 1 - stuck)
}

/// Whether rest cannot be reached from here.
fn is_stuck(world: &Protocol, state: &State) -> bool {
    let mut world = world.clone();
    let rest = rest(&world.scope);
    world.scope.starts = vec![Start { default: state.default, history: Vec::new(), state: *state }];
    let checks = Checks { rest, ..Checks::new() };
    let report = explore(&world, &checks, &Limits::default(), &mut |_| {});
    report.violations().any(|it| it.outcome.trace().is_some_and(|trace| trace.is_empty()))
}

/// The state, from 0, to which the last one goes back.
pub(super) fn loops_at(run: &Replayed) -> Option<usize> {
    let last = run.steps.last()?.step.after;
    run.states().take(run.steps.len()).position(|state| *state == last)
}

/// Where the sound protocol parts from the run of a faulty one.
pub(super) fn parting(world: &Protocol, run: &Replayed) -> Option<Parting> {
    world.fault?;
    let sound = Protocol::sound(world.scope.clone());
    run.steps.iter().enumerate().find_map(|(place, taken)| {
        let instead = sound.next(run.before(place), taken.action);
        let differs = instead.after != taken.step.after || instead.seen != taken.step.seen;
        differs.then_some(Parting { at: place + 1, instead })
    })
}

pub(super) fn assert_parting(
    world: &Protocol,
    run: &Replayed,
    recorded: &Recorded,
) -> Result<(), ReplayFailure> {
    let found = parting(world, run).map(|it| it.at);
    match found == recorded.parts_at {
        true => Ok(()),
        false => Err(ReplayFailure::PartsElsewhere { expected: recorded.parts_at, found }),
    }
}

fn listed(possible: &[String]) -> String {
    let mut lines = String::new();
    for line in possible {
        let _ = write!(lines, "\n  - {line}");
    }
    if possible.is_empty() { " nothing".into() } else { lines }
}

fn step_or_never(step: &Option<usize>) -> String {
    step.map_or_else(|| "no step".into(), |step| format!("step {step}"))
}
