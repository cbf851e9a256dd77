//! Lock-step: the product of model and core, explored exhaustively.
//!
//! Every action that the scope offers, legal or not, is applied to both. Answers, orders and the
//! projected state must be equal; a refusal must leave the core as it was, bit for bit; every step
//! is run twice to show that it is deterministic. Beside the core stands a profile store, which
//! says what the core asks, does what it orders, and must have the model's profiles after every
//! step. The product keeps the core's own state, so a core that remembers more than the model is
//! found out. All that it may remember beyond is why a logon is about to be refused, where the
//! model knows the code only: this is the product's surplus over the model. A divergence is
//! reported by the shortest trace. Start at [`lockstep`].

use std::{
    collections::BTreeSet,
    hash::{Hash, Hasher},
    panic::{AssertUnwindSafe, catch_unwind},
    time::{Duration, Instant},
};

use indexmap::{IndexMap, IndexSet};
use mapi_session_core::{CallStage, LogonError, Rule, Sessions, Stage};
use mapi_session_model::{Action, Fault, Protocol, Scope, Start, State, Step};
use rustc_hash::FxBuildHasher;
use stateright::Model;
use stateright_exact::{Limits, Progress, Why};

use crate::projection::{Beside, Projection};

/// What a walk found.
#[derive(Clone, Debug)]
pub struct LockstepReport {
    /// Whether the two agree.
    pub verdict: LockstepVerdict,
    /// States of the product.
    pub states: u64,
    /// Those of them that the model cannot tell from another: they differ in the reason of a
    /// refusal that is about to be given.
    pub surplus: u64,
    /// Actions applied to both.
    pub edges: u64,
    /// Those of them that change nothing.
    pub refused: u64,
    /// How long it took.
    pub elapsed: Duration,
    /// About how much memory it took, in bytes.
    pub bytes: u64,
    /// The rules that the core followed.
    pub rules: BTreeSet<Rule>,
}

/// Whether model and core agree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LockstepVerdict {
    /// In every state of the product.
    Agrees,
    /// Not after this trace.
    Diverges(Divergence),
    /// The walk did not come to its end.
    Inconclusive(Why),
}

/// Where model and core part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Divergence {
    /// The start of the scope, by place.
    pub start: usize,
    /// What happened, the last action being the one after which they differ.
    pub actions: Vec<Action>,
    /// How they differ.
    pub what: String,
}

/// Walks the product of the model, with a fault or sound, and the core.
pub fn lockstep(
    scope: &Scope,
    fault: Option<Fault>,
    limits: &Limits,
    progress: &mut dyn FnMut(Progress),
) -> LockstepReport {
    let started = Instant::now();
    let world = Protocol { scope: scope.clone(), fault };
    let mut walk = Walk::new(&world);
    let verdict = catch_unwind(AssertUnwindSafe(|| walk.run(limits, started, progress)));
    let verdict = match verdict {
        Ok(Ok(())) => LockstepVerdict::Agrees,
        Ok(Err(Stopped::Diverged(divergence))) => LockstepVerdict::Diverges(divergence),
        Ok(Err(Stopped::OutOf(why))) => LockstepVerdict::Inconclusive(why),
        Err(panic) => LockstepVerdict::Inconclusive(Why::Panicked(message(&*panic))),
    };
    LockstepReport {
        verdict,
        states: walk.nodes.len() as u64,
        surplus: walk.surplus(),
        edges: walk.edges,
        refused: walk.refused,
        elapsed: started.elapsed(),
        bytes: walk.bytes(),
        rules: walk.rules,
    }
}

/// Runs these actions on the sound model and the core together.
///
/// # Errors
///
/// The first step after which they differ.
pub fn replay_on_core(scope: &Scope, start: usize, actions: &[Action]) -> Result<(), Divergence> {
    let world = Protocol::sound(scope.clone());
    let mut pair = Pair::new(&world, start)?;
    for (place, action) in actions.iter().enumerate() {
        let diverges = |what| Divergence { start, actions: actions[..=place].to_vec(), what };
        pair.step(*action).map_err(diverges)?;
    }
    Ok(())
}

/// Model and core side by side, to be taken through one world step by step.
pub struct Pair<'a> {
    world: &'a Protocol,
    projection: Projection<'a>,
    state: State,
    beside: Beside,
}

impl<'a> Pair<'a> {
    /// The two at a start of the scope, having gone through its history together, without fault.
    ///
    /// # Errors
    ///
    /// If they differ already there.
    pub fn new(world: &'a Protocol, start: usize) -> Result<Self, Divergence> {
        let sound = Protocol::sound(world.scope.clone());
        let projection = Projection::new(&world.scope);
        let Start { default, history, .. } = &world.scope.starts[start];
        let mut state = State::new(world.scope.profiles_at_start(), *default);
        let mut beside = projection.beside(*default);
        for action in history {
            let before = beside.clone();
            let (step, _) = together(&sound, &projection, &state, &before, &mut beside, *action)
                .map_err(|what| Divergence { start, actions: Vec::new(), what })?;
            state = step.after;
        }
        Ok(Self { world, projection, state, beside })
    }

    /// Where the model is.
    pub const fn state(&self) -> &State {
        &self.state
    }

    /// A core to which nothing has happened.
    pub fn fresh(&self) -> Sessions {
        self.projection.core()
    }

    /// Where the core is.
    pub const fn core(&self) -> &Sessions {
        &self.beside.core
    }

    /// One action on both: the model's step and the core's rule.
    ///
    /// # Errors
    ///
    /// How the two differ. Further steps are of no use then.
    pub fn step(&mut self, action: Action) -> Result<(Step, Rule), String> {
        let (projection, before) = (&self.projection, self.beside.clone());
        let moved = &mut self.beside;
        let taken = together(self.world, projection, &self.state, &before, moved, action)?;
        self.state = taken.0.after;
        Ok(taken)
    }
}

/// One action on both, `beside` being the core before, with its profile store, and `moved` the
/// same, to be moved on; the model's step and the core's rule, or how the two differ. If nothing
/// changes, `moved` is as it was.
fn together(
    world: &Protocol,
    projection: &Projection<'_>,
    state: &State,
    beside: &Beside,
    moved: &mut Beside,
    action: Action,
) -> Result<(Step, Rule), String> {
    let step = world.next(state, action);
    let event = projection.event(state, action, &step, beside);
    let said = moved.core.step(event.clone());
    projection.compare_effects(state, action, &step, &said.effects)?;
    projection.carry_out(action, &step, &said.effects, moved)?;
    if step.after == *state {
        let again = moved.core.step(event);
        return match *moved == *beside {
            true if again == said => Ok((step, said.rule)),
            true => Err(format!("{:?} says something else the second time", said.rule)),
            false => Err(format!("only the core changes, by {:?}", said.rule)),
        };
    }
    projection.compare_states(&step.after, moved)?;
    let mut again = beside.core.clone();
    match again.step(event) == said && again == moved.core {
        true => Ok((step, said.rule)),
        false => Err(format!("{:?} does something else the second time", said.rule)),
    }
}

/// Why a walk ended early.
enum Stopped {
    Diverged(Divergence),
    OutOf(Why),
}

/// What tells states of the product apart: the model's state, and the core's reason if it is about
/// to refuse a logon. That nothing else does is checked.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Node {
    state: State,
    reason: Option<LogonError>,
}

impl Node {
    fn new(state: State, core: &Sessions) -> Self {
        let holder = core.mutex().and_then(|holder| core.calls().find(|(call, _)| *call == holder));
        let reason = match holder.map(|(_, view)| view.stage) {
            Some(CallStage::Holding { stage: Stage::Done(Err(reason)), .. }) => Some(reason),
            Some(_) | None => None,
        };
        Self { state, reason }
    }
}

struct Walk<'a> {
    world: &'a Protocol,
    projection: Projection<'a>,
    /// The core in each node, as the bytes that its `Hash` feeds: its whole state, in little room.
    nodes: IndexMap<Node, Box<[u8]>, FxBuildHasher>,
    /// The model's states among the nodes in which a refusal is about to be given.
    refusing: IndexSet<State, FxBuildHasher>,
    /// For each node where it was reached from, and by which action; its start for the first ones.
    reached: Vec<Reached>,
    core_bytes: u64,
    edges: u64,
    refused: u64,
    rules: BTreeSet<Rule>,
}

#[derive(Clone, Copy)]
enum Reached {
    Start(usize),
    From(u32, Action),
}

impl<'a> Walk<'a> {
    fn new(world: &'a Protocol) -> Self {
        Self {
            world,
            projection: Projection::new(&world.scope),
            nodes: IndexMap::default(),
            refusing: IndexSet::default(),
            reached: Vec::new(),
            core_bytes: 0,
            edges: 0,
            refused: 0,
            rules: BTreeSet::new(),
        }
    }

    fn run(
        &mut self,
        limits: &Limits,
        started: Instant,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<(), Stopped> {
        let mut frontier = Vec::new();
        for start in 0..self.world.scope.starts.len() {
            let Pair { state, beside, .. } =
                Pair::new(self.world, start).map_err(Stopped::Diverged)?;
            let diverges =
                |what| Stopped::Diverged(Divergence { start, actions: Vec::new(), what });
            self.add(state, beside, Reached::Start(start), &mut frontier).map_err(diverges)?;
        }
        let mut depth = 0;
        while !frontier.is_empty() {
            progress(Progress {
                states: self.nodes.len() as u64,
                waiting: frontier.len() as u64,
                edges: self.edges,
                depth,
                elapsed: started.elapsed(),
            });
            let mut next = Vec::new();
            for (place, beside) in frontier {
                self.expand(place, &beside, &mut next)?;
                self.within(limits, started)?;
            }
            frontier = next;
            depth += 1;
        }
        Ok(())
    }

    /// Applies every action to one node.
    fn expand(
        &mut self,
        place: u32,
        beside: &Beside,
        next: &mut Vec<(u32, Beside)>,
    ) -> Result<(), Stopped> {
        let (Node { state, .. }, _) =
            self.nodes.get_index(place as usize).expect("a node was added");
        let state = *state;
        let mut actions = Vec::new();
        self.world.actions(&state, &mut actions);
        let mut moved = beside.clone();
        for action in actions {
            self.edges += 1;
            let taken = together(self.world, &self.projection, &state, beside, &mut moved, action);
            let went = taken.and_then(|(step, rule)| {
                self.rules.insert(rule);
                if step.after == state {
                    self.refused += 1;
                    return Ok(());
                }
                let moved = std::mem::replace(&mut moved, beside.clone());
                self.add(step.after, moved, Reached::From(place, action), next)
            });
            if let Err(what) = went {
                let (start, mut actions) = self.trace(place);
                actions.push(action);
                return Err(Stopped::Diverged(Divergence { start, actions, what }));
            }
        }
        Ok(())
    }

    /// Adds the two as a node if they are new.
    fn add(
        &mut self,
        state: State,
        beside: Beside,
        reached: Reached,
        frontier: &mut Vec<(u32, Beside)>,
    ) -> Result<(), String> {
        let core = &beside.core;
        let mut bytes = Bytes(Vec::with_capacity(512));
        core.hash(&mut bytes);
        let node = Node::new(state, core);
        if let Some(known) = self.nodes.get(&node) {
            return match **known == *bytes.0 {
                true => Ok(()),
                false => Err("the core remembers what the model does not".into()),
            };
        }
        core.check_invariants();
        self.core_bytes += bytes.0.len() as u64;
        if node.reason.is_some() {
            self.refusing.insert(state);
        }
        let (place, _) = self.nodes.insert_full(node, bytes.0.into());
        self.reached.push(reached);
        frontier.push((place as u32, beside));
        Ok(())
    }

    /// How a node was reached.
    fn trace(&self, place: u32) -> (usize, Vec<Action>) {
        let (mut place, mut actions) = (place, Vec::new());
        loop {
            match self.reached[place as usize] {
                Reached::Start(start) => {
                    actions.reverse();
                    return (start, actions);
                }
                Reached::From(parent, action) => {
                    actions.push(action);
                    place = parent;
                }
            }
        }
    }

    fn surplus(&self) -> u64 {
        let refusing = self.nodes.keys().filter(|node| node.reason.is_some()).count();
        (refusing - self.refusing.len()) as u64
    }

    fn bytes(&self) -> u64 {
        let node = size_of::<Node>() + size_of::<Reached>() + 3 * size_of::<u64>();
        (self.nodes.len() * node) as u64 + self.core_bytes
    }

    fn within(&self, limits: &Limits, started: Instant) -> Result<(), Stopped> {
        let states = self.nodes.len() as u64;
        let most_bytes = limits.bytes.filter(|most| self.bytes() > *most);
        let why = match (limits.states, most_bytes, limits.time) {
            (Some(most), _, _) if states > most => Why::StateLimit(most),
            (_, Some(most), _) => Why::MemoryLimit(most),
            (_, _, Some(most)) if started.elapsed() >= most => Why::TimeLimit,
            _ => return Ok(()),
        };
        Err(Stopped::OutOf(why))
    }
}

/// Takes down what a value's `Hash` feeds to a hasher.
struct Bytes(Vec<u8>);

impl Hasher for Bytes {
    fn write(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    fn finish(&self) -> u64 {
        0
    }
}

fn message(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default()
}
