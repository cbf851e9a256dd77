//! What can be wrong with the file of a trace.

use std::fmt;

use mapi_session_model::VERSION;
use thiserror::Error;

use super::{ReplayFailure, itf::FORMAT_VERSION};

/// The largest file that is read, in bytes.
pub const MAX_BYTES: usize = 4 << 20;
/// The longest trace that is read, in steps.
pub const MAX_STEPS: usize = 10_000;

/// A trace that cannot be read. Lines and columns are counted from 1.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum TraceError {
    /// It is not JSON, or not of the shape of a trace.
    #[error("{file}:{line}:{column}: {what}")]
    Malformed {
        /// The file, as it was called.
        file: String,
        /// The line.
        line: usize,
        /// The column.
        column: usize,
        /// What is wrong, and what was expected.
        what: String,
    },
    /// The file is too large.
    #[error("{file}: {bytes} bytes; at most {MAX_BYTES} are read")]
    TooLarge {
        /// The file, as it was called.
        file: String,
        /// Its size.
        bytes: usize,
    },
    /// The trace is too long.
    #[error("{file}:{line}: {steps} actions; at most {MAX_STEPS} are replayed")]
    TooLong {
        /// The file, as it was called.
        file: String,
        /// The line.
        line: usize,
        /// How many actions there are.
        steps: usize,
    },
    /// It is written in another version of the format.
    #[error("{file}:{line}: version {found} of the format; expected {FORMAT_VERSION}")]
    WrongVersion {
        /// The file, as it was called.
        file: String,
        /// The line.
        line: usize,
        /// The version of the file.
        found: u64,
    },
    /// It names something that there is not.
    #[error("{file}:{line}: unknown {what} `{name}`; expected {expected}")]
    Unknown {
        /// The file, as it was called.
        file: String,
        /// The line.
        line: usize,
        /// What is named.
        what: Named,
        /// The name.
        name: String,
        /// What would be known.
        expected: String,
    },
    /// The actions cannot happen on the model.
    #[error("{file}:{line}: {failure}{}", remark(.recorded_by))]
    DoesNotFit {
        /// The file, as it was called.
        file: String,
        /// The line.
        line: usize,
        /// What cannot happen.
        failure: ReplayFailure,
        /// The version of the model that recorded it.
        recorded_by: String,
    },
    /// A state is not what the actions lead to.
    #[error("{file}:{line}: {difference}{}", remark(.recorded_by))]
    DoesNotFollow {
        /// The file, as it was called.
        file: String,
        /// The line.
        line: usize,
        /// What is not so.
        difference: Box<Difference>,
        /// The version of the model that recorded it.
        recorded_by: String,
    },
}

/// A variable that is not what the actions lead to.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("state {state}: {variable} is {found}; the actions lead to {expected}")]
pub struct Difference {
    /// The index of the state, from 0.
    pub state: usize,
    /// The variable, or `#meta`.
    pub variable: String,
    /// Its value in the file.
    pub found: String,
    /// Its value on the model.
    pub expected: String,
}

/// Things that a trace refers to by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Named {
    /// A scope.
    Scope,
    /// A deliberate fault.
    Fault,
    /// A goal, or a property that can be violated.
    Property,
    /// A kind of action.
    Action,
    /// A request of the scope.
    Request,
    /// A profile of the scope.
    Profile,
    /// A call of profile administration of the scope.
    Edit,
    /// A rule of the model.
    Rule,
}

impl fmt::Display for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Scope => "scope",
            Self::Fault => "fault",
            Self::Property => "property",
            Self::Action => "action",
            Self::Request => "request",
            Self::Profile => "profile",
            Self::Edit => "call of administration",
            Self::Rule => "rule",
        })
    }
}

fn remark(version: &str) -> String {
    match version == VERSION {
        true => String::new(),
        false => format!("\n(recorded on version {version} of the model; this is {VERSION})"),
    }
}
