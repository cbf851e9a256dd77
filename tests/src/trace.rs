//! Traces: recorded behaviours that can be replayed, told and drawn.
//!
//! A [`Recorded`] is a list of actions in a scope and says what it shows; the actions alone decide
//! what happens. Start at [`record`], which makes one only if it shows what it is said to show, and
//! [`replay_on_model`], which holds one against the model again. Files are in ITF
//! ([`Recorded::to_itf`], [`Recorded::from_itf`]). For people there is [`story()`], [`draw`] and
//! [`svg()`]. The engine is not known here.

mod changes;
mod diagram;
mod error;
mod itf;
mod read;
mod replay;
mod story;
mod svg;

use std::fmt;

use mapi_session_model::{Action, Fault, Protocol, Scope};
use serde::{Deserialize, Serialize};

pub use diagram::draw;
pub use error::{Difference, MAX_BYTES, MAX_STEPS, Named, TraceError};
pub use replay::{ReplayFailure, Replayed, Taken, record, replay_on_model};
pub use story::story;
pub use svg::svg;

/// A behaviour that can be replayed, and what it shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// The name of its scope.
    pub scope: String,
    /// Where it begins, by the index of the scope's start.
    pub start: usize,
    /// What is broken on purpose, if anything.
    pub fault: Option<Fault>,
    /// What it is.
    pub kind: Kind,
    /// The goal that it reaches or the property that it violates, by its name in the model.
    pub property: String,
    /// How it ends, in words for people.
    pub ends: String,
    /// The step, from 1, at which the sound protocol parts from the faulty one, if it does.
    pub parts_at: Option<usize>,
    /// What happens, in order.
    pub actions: Vec<Action>,
}

/// What a trace shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A goal is reached by the last step.
    Goal,
    /// A property is violated by the last step.
    Counterexample,
    /// The last state is one that was there before: it can go on like this for ever.
    Lasso,
    /// Model and core, or core and engine, differ at the last step.
    Divergence,
}

/// What a trace of the kind [`Kind::Divergence`] gives for its property.
pub const AGREEMENT: &str = "D-21: model and core take the same steps";

impl Recorded {
    /// The protocol that it runs on.
    pub fn world(&self, scope: &Scope) -> Protocol {
        Protocol { scope: scope.clone(), fault: self.fault }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Goal => "goal",
            Self::Counterexample => "counterexample",
            Self::Lasso => "lasso",
            Self::Divergence => "divergence",
        })
    }
}
