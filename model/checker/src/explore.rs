//! The exact search: breadth first, level by level, every state kept.
//!
//! Start at [`explore`]; [`explore_representatives`] is the same walk over one state of all that
//! are alike. The states are in the arena, the properties in the watch; what is left here is the
//! walk itself and what follows from it.

use std::any::Any;
use std::convert::identity;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};

use indexmap::IndexSet;
use rustc_hash::FxBuildHasher;

use crate::arena::{Arena, Met, Way};
use crate::checks::Reached;
use crate::hunt::hunt;
use crate::limits::Budget;
use crate::report::{Asked, conclude};
use crate::rest::first_trap;
use crate::retrace::{Claim, Retraced};
use crate::symmetry::EachForItself;
use crate::watch::{Finding, Spot, Watch};
use crate::{
    Checks, Counts, Edge, Goal, Invariant, Kind, Limits, Name, Observed, Outcome, Progress,
    PropertyReport, Report, Rest, StepProperty, Stop, Symmetric, Symmetry, Trace, Why,
};

/// Explores every reachable state, and checks every state and every step.
///
/// The report is the same on every run, but for the times, and unless the limit met is one of
/// time. `progress` is told now and then how far the walk has come, from the thread that called.
///
/// A panic of the model or of a property is caught, and makes the run inconclusive.
pub fn explore<M: Observed>(
    model: &M,
    checks: &Checks<M>,
    limits: &Limits,
    progress: &mut dyn FnMut(Progress),
) -> Report<M> {
    run(Search::new(model, checks, limits, &EachForItself), progress)
}

/// Explores one state of all that are alike, and checks it and its steps for all of them.
///
/// What is counted are representatives and their steps; the depth is that of the whole. A trace is
/// a behaviour of the model all the same, and a shortest one: it begins in an initial state, every
/// step of it has been executed, and what it ends in shows what it is to show.
///
/// That every state can reach rest is not decided in this way: a run that asks for it is
/// inconclusive.
pub fn explore_representatives<M: Symmetric>(
    model: &M,
    checks: &Checks<M>,
    limits: &Limits,
    progress: &mut dyn FnMut(Progress),
) -> Report<M> {
    let symmetry = model.symmetry();
    let mut search = Search::new(model, checks, limits, &symmetry);
    search.refused = checks.rest.is_some().then_some(Why::RestUpToSymmetry);
    run(search, progress)
}

fn run<M: Observed, S: Symmetry<M>>(
    mut search: Search<'_, M, S>,
    progress: &mut dyn FnMut(Progress),
) -> Report<M> {
    let halted = match caught(|| search.walk(progress)) {
        Ok(walked) => walked.break_value(),
        Err(panicked) => Some(Halt::Obstacle(panicked)),
    };
    let mut obstacle = match &halted {
        Some(Halt::Obstacle(why)) => Some(why.clone()),
        Some(Halt::Violation) | None => search.hole(),
    };
    let is_complete = halted.is_none() && obstacle.is_none();
    if is_complete {
        obstacle = caught(|| search.hunt()).and_then(identity).err();
    }

    let mut properties = Vec::new();
    for (name, kind, question) in search.questions() {
        let outcome = caught(|| search.answer(&question, is_complete)).and_then(identity);
        let outcome = outcome.unwrap_or_else(|why| {
            obstacle.get_or_insert(why);
            Outcome::Undecided
        });
        properties.push(PropertyReport { name, kind, outcome });
    }
    if properties.iter().any(|property| property.outcome.is_undecided()) {
        obstacle.get_or_insert_with(|| Why::Unfinished("a property is undecided".to_owned()));
    }
    let is_violated = properties.iter().any(|property| property.outcome.is_violation());
    Report {
        verdict: conclude(is_violated, obstacle, Asked::of(&properties)),
        counts: Counts { states: search.states.len() as u64, ..search.counts },
        init_states: search.init_states.len() as u64,
        ignored: search.ignored,
        cut_edges: search.cut_edges,
        properties,
        peak_frontier: search.peak_frontier,
        bytes: search.bytes(),
        elapsed: search.budget.elapsed(),
        cut_states: search.cut_states.into_iter().collect(),
    }
}

/// How many states are expanded between two reports of progress, within a level.
const PROGRESS_EVERY: usize = 1 << 16;

/// Runs foreign code; a panic of it becomes a reason.
pub(crate) fn caught<T>(run: impl FnOnce() -> T) -> Result<T, Why> {
    // What a panic leaves half done is only counted or reported as undecided afterwards.
    catch_unwind(AssertUnwindSafe(run)).map_err(|panic| Why::Panicked(message(&*panic)))
}

/// What a panic says.
pub(crate) fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("without a message").to_owned()
}

/// Why a walk ends early.
enum Halt {
    /// At the first violation, as was asked.
    Violation,
    /// At a limit, or in a panic.
    Obstacle(Why),
}

/// One property, and what the main search found of it.
enum Question<'a, M: Observed> {
    /// An invariant, and where it is violated, if anywhere.
    Invariant(&'a Invariant<M>, Option<Spot>),
    /// A property of steps, and where it is violated, if anywhere.
    Step(&'a StepProperty<M>, Option<Spot>),
    /// A goal.
    Goal(&'a Goal<M>, Finding),
    /// Rest.
    Rest(&'a Rest<M>),
}

struct Search<'a, M: Observed, S> {
    model: &'a M,
    symmetry: &'a S,
    checks: &'a Checks<M>,
    budget: Budget,
    /// Why nothing is walked at all.
    refused: Option<Why>,
    states: Arena<M::State>,
    watch: Watch<'a, M>,
    counts: Counts,
    /// Initial states have the first numbers; they are kept as the model has them.
    init_states: Vec<M::State>,
    ignored: u64,
    cut_edges: u64,
    cut_states: IndexSet<M::State, FxBuildHasher>,
    /// The edges that may be used to get to rest; empty if rest is not asked for.
    edges_to_rest: Vec<(u32, u32)>,
    peak_frontier: u64,
}

impl<'a, M: Observed, S: Symmetry<M>> Search<'a, M, S> {
    fn new(model: &'a M, checks: &'a Checks<M>, limits: &Limits, symmetry: &'a S) -> Self {
        Self {
            model,
            symmetry,
            checks,
            budget: Budget::start(limits),
            refused: None,
            states: Arena::new(),
            watch: Watch::new(model, checks),
            counts: Counts::default(),
            init_states: Vec::new(),
            ignored: 0,
            cut_edges: 0,
            cut_states: IndexSet::default(),
            edges_to_rest: Vec::new(),
            peak_frontier: 0,
        }
    }

    /// Walks level by level until nothing new is met.
    fn walk(&mut self, progress: &mut dyn FnMut(Progress)) -> ControlFlow<Halt> {
        if let Some(why) = self.refused.take() {
            return ControlFlow::Break(Halt::Obstacle(why));
        }
        self.enter()?;
        let mut offered = Vec::new();
        let mut level = 0..self.states.len();
        while !level.is_empty() {
            self.peak_frontier = self.peak_frontier.max(level.len() as u64);
            for number in level.clone() {
                if number == level.start || number % PROGRESS_EVERY == 0 {
                    progress(self.progress(number));
                }
                if let Err(why) = self.budget.check(number as u64, || self.bytes()) {
                    return ControlFlow::Break(Halt::Obstacle(why));
                }
                self.expand(number as u32, &mut offered)?;
            }
            level = level.end..self.states.len();
            self.counts.depth += u64::from(!level.is_empty());
        }
        ControlFlow::Continue(())
    }

    /// Takes up the initial states.
    fn enter(&mut self) -> ControlFlow<Halt> {
        for state in self.model.init_states() {
            if !self.model.within_boundary(&state) {
                self.cut_states.insert(state);
                continue;
            }
            match self.states.insert_root(self.symmetry.representative(state.clone())) {
                Met::Before(_) => {}
                Met::Now(number) => {
                    self.init_states.push(state);
                    let is_violated = self.arrive(number, 0)?;
                    self.judge(is_violated)?;
                }
            }
        }
        ControlFlow::Continue(())
    }

    /// Takes every step that a state offers.
    fn expand(&mut self, number: u32, offered: &mut Vec<M::Action>) -> ControlFlow<Halt> {
        // The arena moves while it grows, so the state is copied: once a state, never once an edge.
        let before = self.states.get(number).clone();
        offered.clear();
        self.model.actions(&before, offered);
        for (ordinal, action) in (0..).zip(offered.iter()) {
            match self.model.observe(&before, action.clone()) {
                None => self.ignored += 1,
                Some((after, seen)) => self.step(number, ordinal, &before, action, &seen, after)?,
            }
        }
        ControlFlow::Continue(())
    }

    #[inline]
    fn step(
        &mut self,
        from: u32,
        ordinal: u32,
        before: &M::State,
        action: &M::Action,
        seen: &M::Observation,
        after: M::State,
    ) -> ControlFlow<Halt> {
        let is_self_loop = after == *before;
        if !is_self_loop && !self.model.within_boundary(&after) {
            self.cut_edges += 1;
            self.cut_states.insert(after);
            return ControlFlow::Continue(());
        }
        self.counts.edges += 1;
        let edge = Edge { before, action, seen, after: &after };
        let mut is_violated = self.watch.edge(&edge, from, ordinal);
        if is_self_loop {
            self.counts.self_loops += 1;
        } else {
            let after = self.symmetry.representative(after);
            let to = match self.states.insert(after, from, ordinal) {
                Met::Before(to) => to,
                Met::Now(to) => {
                    is_violated |= self.arrive(to, self.counts.depth + 1)?;
                    to
                }
            };
            if let Some(rest) = &self.checks.rest
                && (rest.allowed)(self.model, action)
            {
                self.edges_to_rest.push((from, to));
            }
        }
        self.judge(is_violated)
    }

    /// Looks at a state that was not met before; whether it violates an invariant.
    fn arrive(&mut self, number: u32, depth: u64) -> ControlFlow<Halt, bool> {
        let no_room = self.budget.too_many_states(self.states.len() as u64);
        if let Some(why) = no_room.or_else(|| self.budget.too_deep(depth)) {
            self.states.pop();
            return ControlFlow::Break(Halt::Obstacle(why));
        }
        ControlFlow::Continue(self.watch.state(self.states.get(number), number))
    }

    fn judge(&self, is_violated: bool) -> ControlFlow<Halt> {
        match self.budget.stop() {
            Stop::AtFirstViolation if is_violated => ControlFlow::Break(Halt::Violation),
            Stop::AtFirstViolation | Stop::Never => ControlFlow::Continue(()),
        }
    }

    fn progress(&self, expanded: usize) -> Progress {
        Progress {
            states: self.states.len() as u64,
            waiting: (self.states.len() - expanded) as u64,
            edges: self.counts.edges,
            depth: self.counts.depth,
            elapsed: self.budget.elapsed(),
        }
    }

    fn bytes(&self) -> u64 {
        let edges = self.edges_to_rest.capacity() * size_of::<(u32, u32)>();
        let cut = self.cut_states.capacity() * size_of::<M::State>();
        self.states.bytes() + (edges + cut) as u64
    }

    /// Decides the goals that the states alone do not.
    fn hunt(&mut self) -> Result<(), Why> {
        let goals = self.checks.goals.iter().zip(&mut self.watch.goals);
        let (monitors, findings): (Vec<_>, Vec<_>) = goals
            .filter_map(|(goal, finding)| match (&goal.reached, &*finding) {
                (Reached::Step(monitor), Finding::Remembers) => Some((monitor, finding)),
                (Reached::Step(_) | Reached::State(_) | Reached::Event(_), _) => None,
            })
            .unzip();
        let (states, roots) = (&self.states, self.init_states.len() as u32);
        let ways = hunt(self.model, self.symmetry, &monitors, states, roots, &self.budget)?;
        for (finding, way) in findings.into_iter().zip(ways) {
            *finding = way.map_or(Finding::Open, Finding::Hunted);
        }
        Ok(())
    }

    /// What makes a walk to the end incomplete all the same.
    fn hole(&self) -> Option<Why> {
        if self.init_states.is_empty() {
            return Some(Why::NoInitialState);
        }
        let cut = self.cut_states.len() as u64;
        (cut > 0).then_some(Why::BoundaryCut(cut))
    }

    /// Every property in the order given.
    fn questions(&self) -> Vec<(Name, Kind, Question<'a, M>)> {
        let Checks { invariants, steps, goals, rest } = self.checks;
        let invariants = invariants
            .iter()
            .zip(&self.watch.invariants)
            .map(|(it, spot)| (it.name.clone(), Kind::Invariant, Question::Invariant(it, *spot)));
        let steps = steps
            .iter()
            .zip(&self.watch.steps)
            .map(|(it, spot)| (it.name.clone(), Kind::Step, Question::Step(it, *spot)));
        let goals = goals
            .iter()
            .zip(&self.watch.goals)
            .map(|(it, found)| (it.name.clone(), Kind::Goal, Question::Goal(it, found.clone())));
        let rest = rest.iter().map(|it| (it.name.clone(), Kind::Rest, Question::Rest(it)));
        invariants.chain(steps).chain(goals).chain(rest).collect()
    }

    fn answer(&self, question: &Question<'_, M>, is_complete: bool) -> Result<Outcome<M>, Why> {
        let outcome = match question {
            Question::Invariant(it, Some(spot)) => {
                Outcome::Violated { trace: self.trace(*spot, Claim::Violates(it))? }
            }
            Question::Step(it, Some(spot)) => {
                Outcome::Violated { trace: self.trace(*spot, Claim::Breaks(it))? }
            }
            Question::Goal(it, Finding::Seen(spot)) => {
                Outcome::Reached { trace: self.trace(*spot, Claim::Reaches(it))? }
            }
            Question::Goal(it, Finding::Hunted(way)) => {
                Outcome::Reached { trace: self.retrace(way)?.ending(Claim::Reaches(it))? }
            }
            Question::Goal(_, Finding::Remembers) => Outcome::Undecided,
            Question::Invariant(_, None)
            | Question::Step(_, None)
            | Question::Goal(_, Finding::Open)
            | Question::Rest(_)
                if !is_complete =>
            {
                Outcome::Undecided
            }
            Question::Invariant(_, None) | Question::Step(_, None) => Outcome::Holds,
            Question::Goal(_, Finding::Open) => Outcome::Unreached,
            Question::Rest(rest) => {
                let is_rest = |state| (rest.is_rest)(self.model, self.states.get(state));
                match first_trap(self.states.len(), &self.edges_to_rest, is_rest) {
                    Some(trap) => Outcome::Violated { trace: self.way_to(trap)?.trace },
                    None => Outcome::Holds,
                }
            }
        };
        Ok(outcome)
    }

    /// A shortest trace to where something was seen first, which it still shows.
    fn trace(&self, spot: Spot, claim: Claim<'_, M>) -> Result<Trace<M>, Why> {
        match spot {
            Spot::State(number) => self.way_to(number)?.ending(claim),
            Spot::Edge { from, ordinal } => {
                let mut retraced = self.way_to(from)?;
                retraced.take(ordinal)?;
                retraced.ending(claim)
            }
        }
    }

    fn way_to(&self, number: u32) -> Result<Retraced<'_, M, S>, Why> {
        let retraced = self.retrace(&self.states.way_to(number))?;
        if retraced.stand_in == *self.states.get(number) {
            return Ok(retraced);
        }
        Err(Why::NotRepeatable("the same actions now lead to another state".to_owned()))
    }

    fn retrace(&self, way: &Way) -> Result<Retraced<'_, M, S>, Why> {
        let Self { model, symmetry, states, init_states, .. } = self;
        let (stand_in, init) = (states.get(way.root), &init_states[way.root as usize]);
        let mut retraced = Retraced::start(*model, *symmetry, stand_in, init);
        way.ordinals.iter().try_for_each(|&ordinal| retraced.take(ordinal))?;
        Ok(retraced)
    }
}
