//! What a run found: a verdict, the counts, and for every property its outcome.
//!
//! Start at [`Report`] and [`Verdict`].

use std::fmt;
use std::time::Duration;

use stateright::Model;
use thiserror::Error;

use crate::{Name, Trace};

/// What an exploration found.
pub struct Report<M: Model> {
    /// The verdict.
    pub verdict: Verdict,
    /// The size of what was explored, as pinned by baselines.
    pub counts: Counts,
    /// Distinct initial states, within the boundary.
    pub init_states: u64,
    /// Actions that were offered but had no answer (`None`).
    pub ignored: u64,
    /// Steps that led out of the boundary; they are not among `counts.edges`.
    pub cut_edges: u64,
    /// The distinct states outside the boundary that were met, in order.
    pub cut_states: Vec<M::State>,
    /// Every property in the order given: invariants, steps, goals, rest.
    pub properties: Vec<PropertyReport<M>>,
    /// The most states found in one level.
    pub peak_frontier: u64,
    /// The memory used at the end, without what the states themselves keep on the heap.
    pub bytes: u64,
    /// How long it took.
    pub elapsed: Duration,
}

impl<M: Model> Report<M> {
    /// The report on the property of this name.
    pub fn property(&self, name: &str) -> Option<&PropertyReport<M>> {
        self.properties.iter().find(|property| property.name == name)
    }

    /// The properties that are violated, unreached goals among them.
    pub fn violations(&self) -> impl Iterator<Item = &PropertyReport<M>> {
        self.properties.iter().filter(|property| property.outcome.is_violation())
    }
}

impl<M: Model> fmt::Display for Report<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.verdict, self.counts)
    }
}

/// The size of a state space.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Counts {
    /// Distinct reachable states.
    pub states: u64,
    /// Actions offered in those states and answered, steps to the same state included.
    pub edges: u64,
    /// The edges that lead to the state they start from.
    pub self_loops: u64,
    /// The steps of the longest shortest trace; 0 if there are only initial states.
    pub depth: u64,
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { states, edges, self_loops, depth } = self;
        write!(f, "{states} states, {edges} edges, {self_loops} of them self-loops, depth {depth}")
    }
}

/// How a run ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Everything was explored, and every property holds.
    Holds,
    /// At least one property is violated.
    Violated,
    /// No property is known to be violated, and yet the run proves nothing.
    Inconclusive(Why),
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Holds => f.write_str("holds"),
            Self::Violated => f.write_str("violated"),
            Self::Inconclusive(why) => write!(f, "inconclusive ({why})"),
        }
    }
}

/// Why a run proves nothing.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Why {
    /// Code of the model or of a property panicked.
    #[error("the model panicked: {0}")]
    Panicked(String),
    /// A step did not lead to the same state when it was executed again.
    #[error("the model is not repeatable: {0}")]
    NotRepeatable(String),
    /// The model has no initial state within its boundary.
    #[error("there is no initial state")]
    NoInitialState,
    /// There are more states than the limit allows.
    #[error("there are more than {0} states")]
    StateLimit(u64),
    /// Some state is more steps away than the limit allows.
    #[error("some state is more than {0} steps away")]
    DepthLimit(u64),
    /// The memory limit is used up.
    #[error("more than {0} bytes are needed")]
    MemoryLimit(u64),
    /// The time limit is used up.
    #[error("the time is up")]
    TimeLimit,
    /// So many distinct states were met outside the boundary, and not explored.
    #[error("the boundary cuts off {0} states")]
    BoundaryCut(u64),
    /// Whether every state can reach rest was asked of a run that explores representatives.
    #[error("whether every state can reach rest is decided only without symmetry")]
    RestUpToSymmetry,
    /// A thread did not finish, or not every state was expanded.
    #[error("the walk did not finish: {0}")]
    Unfinished(String),
    /// Nothing is checked.
    #[error("there are no properties")]
    NoProperties,
    /// Only goals are checked: no behaviour, however wrong, would be a violation.
    #[error("there is no invariant and no edge property")]
    NoInvariant,
    /// Only invariants are checked: a model that does nothing would pass.
    #[error("there is no goal")]
    NoGoal,
    /// A property is `eventually`, which stateright does not decide.
    #[error("{0:?} is an `eventually` property, which misses cycles")]
    Eventually(&'static str),
}

/// What is known of one property.
pub struct PropertyReport<M: Model> {
    /// Its name.
    pub name: Name,
    /// Its kind.
    pub kind: Kind,
    /// What became of it.
    pub outcome: Outcome<M>,
}

/// The kinds of properties.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// True in every state.
    Invariant,
    /// True of every step.
    Step,
    /// Can be reached.
    Goal,
    /// Can be reached from every state.
    Rest,
}

/// What became of a property.
pub enum Outcome<M: Model> {
    /// An invariant, edge property or rest: true everywhere.
    Holds,
    /// An invariant, edge property or rest: false at the end of this trace, a shortest one.
    Violated {
        /// Ends in the state, or with the step, that shows it.
        trace: Trace<M>,
    },
    /// A goal: reached at the end of this trace, a shortest one.
    Reached {
        /// Ends in the state, or with the step, that shows it.
        trace: Trace<M>,
    },
    /// A goal: everything was explored, and it was not reached.
    Unreached,
    /// The run ended before this was known.
    Undecided,
}

impl<M: Model> Outcome<M> {
    /// Whether this makes the verdict [`Verdict::Violated`].
    pub const fn is_violation(&self) -> bool {
        match self {
            Self::Violated { .. } | Self::Unreached => true,
            Self::Holds | Self::Reached { .. } | Self::Undecided => false,
        }
    }

    /// Whether the run ended before this was known.
    pub const fn is_undecided(&self) -> bool {
        match self {
            Self::Undecided => true,
            Self::Holds | Self::Violated { .. } | Self::Reached { .. } | Self::Unreached => false,
        }
    }

    /// The trace that shows it, if one does.
    pub const fn trace(&self) -> Option<&Trace<M>> {
        match self {
            Self::Violated { trace } | Self::Reached { trace } => Some(trace),
            Self::Holds | Self::Unreached | Self::Undecided => None,
        }
    }
}

/// How far an exploration has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The states found so far.
    pub states: u64,
    /// The states found but not expanded yet.
    pub waiting: u64,
    /// The edges walked so far.
    pub edges: u64,
    /// The level being expanded.
    pub depth: u64,
    /// The time taken so far.
    pub elapsed: Duration,
}

/// How many properties of each sort were asked for.
#[derive(Clone, Copy)]
pub(crate) struct Asked {
    /// Violated by a model that does too much: invariants and edge properties.
    pub(crate) safety: usize,
    /// Violated by a model that does too little.
    pub(crate) goals: usize,
    /// Of any kind.
    pub(crate) all: usize,
}

impl Asked {
    pub(crate) fn of<M: Model>(properties: &[PropertyReport<M>]) -> Self {
        let mut asked = Self { safety: 0, goals: 0, all: properties.len() };
        for property in properties {
            match property.kind {
                Kind::Invariant | Kind::Step => asked.safety += 1,
                Kind::Goal => asked.goals += 1,
                Kind::Rest => {}
            }
        }
        asked
    }
}

/// The verdict, by the rules that both checkers share.
///
/// A violation stands whatever cut the run short, since its trace has been executed. Otherwise a
/// run holds only if nothing was in its way and there was something to find.
pub(crate) fn conclude(is_violated: bool, obstacle: Option<Why>, asked: Asked) -> Verdict {
    if is_violated {
        return Verdict::Violated;
    }
    let why = match (obstacle, asked) {
        (Some(why), _) => why,
        (None, Asked { all: 0, .. }) => Why::NoProperties,
        (None, Asked { safety: 0, .. }) => Why::NoInvariant,
        (None, Asked { goals: 0, .. }) => Why::NoGoal,
        (None, Asked { .. }) => return Verdict::Holds,
    };
    Verdict::Inconclusive(why)
}
