//! Traces of the model, replayed on the production engine: real environment, real threads.
//!
//! Every call is made on a thread of its own, and every thread is held before each of its steps
//! until the trace says that the step has come (`stage.rs`). Users, providers and clocks are
//! scripted (`script.rs`); everything else is the engine's own: profile store, passwords,
//! mailboxes, prompts. An action of the model becomes the one event that the engine feeds its core
//! of itself (`produce.rs`). After each step, what the engine fed, which rule its core followed,
//! what it ordered, where it stands, and what calls returned to their callers are held against the
//! model and against a core in the model's words (`replay.rs`, `settle.rs`); so are what sinks hear
//! (`sinks.rs`) and what handles see of their sessions (`tables.rs`).
//!
//! Start at [`replay_on_engine`]; [`random_actions`] makes traces for it.

mod administration;
mod players;
mod produce;
mod renumber;
mod replay;
mod script;
mod settle;
mod shown;
mod sinks;
mod stage;
mod subject;
mod tables;
mod walk;

use std::{collections::BTreeMap, fmt};

use mapi_session_core::Rule;
use mapi_session_model::{Action, Protocol, Scope};
use thiserror::Error;

pub use walk::random_actions;

/// A trace that the engine went through as the model does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EngineReplay {
    /// The rules that the engine's core followed, one for each step that was not skipped.
    pub taken: Vec<Rule>,
    /// The steps that the engine cannot be brought to take, and that would change nothing.
    pub skipped: Vec<Skipped>,
    /// How many answers came too late, beyond the trace, and changed nothing.
    pub late: usize,
}

/// A step that was not replayed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// The step, from 1.
    pub step: usize,
    /// What was to happen.
    pub action: Action,
    /// Why it cannot.
    pub reason: Reason,
}

/// Why an engine cannot be brought to take a step, which would change nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// An answer to something that was not ordered, or was answered before: no thread brings it.
    NobodyAnswers,
    /// A deadline where the engine sets none.
    NoDeadline,
    /// A short wait that nobody waits.
    NoShortWait,
    /// A wait is over whose turn has come: the thread is on its way to say that it goes on.
    TurnHasCome,
    /// A withdrawal of a call that is not under way: it does not reach the protocol.
    NotUnderWay,
    /// A call from inside a prompt or provider that does not run.
    NotInside,
    /// A call from inside, or an answer, of foreign code that itself waits for its own call.
    InsideBusy,
    /// A demand on a session that never was.
    NobodyDemands,
    /// A notification is handed over before one that was queued earlier for the same handle.
    OutOfTurn,
}

/// Where the engine does not go the model's way, or cannot be brought to.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{at}: {action}\n{cause}\nthe engine, then:{}", listed(.threads))]
pub struct EngineFailure {
    /// At which step.
    pub at: Place,
    /// What happens there, in a sentence.
    pub action: String,
    /// What is wrong.
    pub cause: Cause,
    /// What every thread is held at.
    pub threads: Vec<String>,
}

/// A place in a replay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// A step of what has happened before the scope's start, from 1.
    History(usize),
    /// A step of the trace, from 1.
    Step(usize),
    /// When everything is over: late answers come, clients die, threads end.
    Afterwards,
}

/// What is wrong with the engine.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Cause {
    /// It does something else.
    #[error("{0}")]
    Differs(String),
    /// A step that changes something cannot be brought about.
    #[error("the engine cannot be brought to it, and it changes something: {0}")]
    Impossible(Reason),
    /// It does not do what it should.
    #[error("{0}")]
    Stuck(String),
}

/// Runs these actions on the engine, from a start of the scope, its history first.
///
/// # Errors
///
/// The first step at which the engine is not where the model is, or cannot be brought to be.
pub fn replay_on_engine(
    scope: &Scope,
    start: usize,
    actions: &[Action],
) -> Result<EngineReplay, EngineFailure> {
    replay_against(&Protocol::sound(scope.clone()), start, actions)
}

/// As [`replay_on_engine`], against the model as it is here, sound or with a fault.
///
/// # Errors
///
/// As there.
///
/// # Panics
///
/// If the scope has no such start.
pub fn replay_against(
    world: &Protocol,
    start: usize,
    actions: &[Action],
) -> Result<EngineReplay, EngineFailure> {
    replay::replay(world, &world.scope.starts[start], actions)
}

impl EngineReplay {
    /// How many steps were skipped, by reason.
    pub fn skipped_by_reason(&self) -> BTreeMap<Reason, usize> {
        let mut counts = BTreeMap::new();
        for skipped in &self.skipped {
            *counts.entry(skipped.reason).or_default() += 1;
        }
        counts
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NobodyAnswers => "no thread brings such an answer",
            Self::NoDeadline => "the engine sets no deadline here",
            Self::NoShortWait => "the engine measures no short wait here",
            Self::TurnHasCome => "its thread is on its way to go on",
            Self::NotUnderWay => "a call that is not under way is not withdrawn",
            Self::NotInside => "no such foreign code runs",
            Self::InsideBusy => "the foreign code waits for a call of its own",
            Self::NobodyDemands => "there is no session that could need transports",
            Self::OutOfTurn => "another notification of the handle is handed over first",
        })
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::History(step) => write!(f, "step {step} of the history"),
            Self::Step(step) => write!(f, "step {step}"),
            Self::Afterwards => f.write_str("afterwards"),
        }
    }
}

fn listed(lines: &[String]) -> String {
    lines.iter().map(|line| format!("\n  {line}")).collect()
}
