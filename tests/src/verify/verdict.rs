//! What was found, as data: `verdict.json` is this, and tables, JUnit and summary are made of it.

use serde::Serialize;

use super::finding::{Finding, exit_code};

/// Everything that one command found.
#[derive(Debug, Serialize)]
pub struct Verdict {
    /// The version of this format.
    pub format: u32,
    /// The program, with its version.
    pub program: &'static str,
    /// What was asked for.
    pub command: String,
    /// The exit code.
    pub exit_code: u8,
    /// What is wrong, the most important first.
    pub findings: Vec<Finding>,
    /// The invariants that stand first; nothing unless everything was looked at.
    pub headlines: Vec<Headline>,
    /// Every scope explored.
    pub scopes: Vec<ScopeResult>,
    /// Every walk of model and core.
    pub lockstep: Vec<LockstepResult>,
    /// Every fault.
    pub faults: Vec<FaultResult>,
    /// Every committed trace replayed.
    pub traces: Vec<TraceResult>,
    /// How long it took.
    pub seconds: f64,
    /// The most memory that the process used, where the system tells.
    pub peak_memory: Option<u64>,
}

impl Verdict {
    /// Nothing found yet.
    pub fn new(command: impl Into<String>) -> Self {
        Self {
            format: 1,
            program: concat!("mapi-session ", env!("CARGO_PKG_VERSION")),
            command: command.into(),
            exit_code: 0,
            findings: Vec::new(),
            headlines: Vec::new(),
            scopes: Vec::new(),
            lockstep: Vec::new(),
            faults: Vec::new(),
            traces: Vec::new(),
            seconds: 0.0,
            peak_memory: None,
        }
    }

    /// Nothing more is to come: puts the findings in order.
    pub fn close(&mut self, seconds: f64, peak_memory: Option<u64>) {
        self.findings.sort_by_key(|finding| finding.wrong);
        self.exit_code = exit_code(&self.findings);
        self.seconds = seconds;
        self.peak_memory = peak_memory;
    }
}

/// What was found of an invariant that stands first.
#[derive(Clone, Debug, Serialize)]
pub struct Headline {
    /// Id and sentence.
    pub name: String,
    /// Whether it holds in every scope.
    pub holds: bool,
    /// How many states or steps it was held against, in all scopes together.
    pub checked_on: u64,
    /// The faults that break it: in the hunt, or by a committed trace.
    pub broken_by: Vec<String>,
}

/// One scope, explored.
#[derive(Clone, Debug, Serialize)]
pub struct ScopeResult {
    /// Its name.
    pub scope: String,
    /// What only it reaches.
    pub purpose: String,
    /// What was broken on purpose.
    pub fault: Option<String>,
    /// Which search: `own`, `own, up to symmetry` or `stateright`.
    pub checker: &'static str,
    /// How many permutations of clients, profiles and names make states alike, of which one is
    /// explored for all; 1 without symmetry.
    pub permutations: u64,
    /// Holds, violated or inconclusive, and why.
    pub verdict: String,
    /// Distinct states.
    pub states: u64,
    /// Steps, those that change nothing included.
    pub edges: u64,
    /// Steps that change nothing.
    pub self_loops: Option<u64>,
    /// The steps of the longest shortest trace.
    pub depth: u64,
    /// How long it took.
    pub seconds: f64,
    /// States in a second.
    pub states_per_second: u64,
    /// Steps in a second.
    pub edges_per_second: u64,
    /// The memory of the search, by its own estimate.
    pub bytes: Option<u64>,
    /// The most memory of the process when the search was over.
    pub peak_memory: Option<u64>,
    /// Every property.
    pub properties: Vec<PropertyResult>,
}

/// What became of one property in one scope.
#[derive(Clone, Debug, Serialize)]
pub struct PropertyResult {
    /// Its id.
    pub id: String,
    /// Id and sentence.
    pub name: String,
    /// Which kind.
    pub kind: PropertyKind,
    /// What became of it.
    pub result: PropertyOutcome,
    /// How many states or steps it was held against.
    pub checked_on: u64,
    /// The steps of the shortest trace that shows it.
    pub length: Option<u64>,
    /// What ought to be known about the result.
    pub note: Option<String>,
    /// The trace, if the property is violated.
    pub counterexample: Option<Told>,
}

/// The kinds of properties.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PropertyKind {
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PropertyOutcome {
    /// True everywhere.
    Holds,
    /// False somewhere.
    Violated,
    /// A goal: reached.
    Reached,
    /// A goal: not reached.
    Unreached,
    /// The run ended before this was known.
    Undecided,
}

/// A trace for people.
#[derive(Clone, Debug, Serialize)]
pub struct Told {
    /// As a story, a line a step.
    pub story: String,
    /// As a Mermaid sequence diagram.
    pub diagram: String,
}

/// Model and core, walked through one scope.
#[derive(Clone, Debug, Serialize)]
pub struct LockstepResult {
    /// The scope.
    pub scope: String,
    /// What was broken in the model on purpose.
    pub fault: Option<String>,
    /// Agrees, diverges or inconclusive, and why.
    pub verdict: String,
    /// States of the product.
    pub states: u64,
    /// Steps of the product, legal or not.
    pub edges: u64,
    /// Steps that change nothing.
    pub refused: u64,
    /// How long it took.
    pub seconds: f64,
    /// Steps in a second.
    pub edges_per_second: u64,
    /// The memory of the walk, by its own estimate.
    pub bytes: u64,
    /// Rules of the core that were followed.
    pub core_rules: Vec<String>,
    /// The steps of the shortest trace after which they differ.
    pub diverges_after: Option<u64>,
    /// The shortest trace after which they differ, and how.
    pub divergence: Option<Told>,
}

/// What notices one fault.
#[derive(Clone, Debug, Serialize)]
pub struct FaultResult {
    /// The rule that is broken.
    pub rule: String,
    /// The fault.
    pub fault: String,
    /// The property that notices it first, and where.
    pub noticed: Option<Noticed>,
    /// Where the faulty model parts from the sound core.
    pub parts: Option<Parts>,
    /// Why nothing notices it, as listed.
    pub unobservable: Option<String>,
}

/// Which property notices a fault first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Noticed {
    /// Its id.
    pub property: String,
    /// The scope, the smallest in which it is noticed.
    pub scope: String,
    /// The steps of the shortest trace; none for a goal that is not reached.
    pub length: Option<u64>,
}

/// Where a faulty model parts from the sound core.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Parts {
    /// The scope, the smallest in which they part.
    pub scope: String,
    /// The steps of the shortest trace.
    pub length: u64,
}

/// A committed trace, replayed.
#[derive(Clone, Debug, Serialize)]
pub struct TraceResult {
    /// The file, from `specs/` on.
    pub file: String,
    /// The property that it shows.
    pub property: String,
    /// Its scope.
    pub scope: String,
    /// The number of its steps.
    pub steps: u64,
    /// What it was replayed on.
    pub on: Vec<&'static str>,
    /// What does not fit.
    pub failure: Option<String>,
}
