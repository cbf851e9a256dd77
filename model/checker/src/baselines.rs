//! Pinned sizes of state spaces, one line a scope, so that a change of the model is noticed.
//!
//! The text is tab separated, with a header line, sorted by scope. Reading and writing files is
//! left to the caller. Only what [`Baselines`] writes can be read: `parse(text)?.to_string()` is
//! `text`, and `parse(&baselines.to_string())?` is `baselines`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use thiserror::Error;

use crate::Counts;

const HEADER: &str = "scope\tstates\tedges\tself_loops\tdepth";

/// The pinned counts of every scope.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baselines(BTreeMap<String, Counts>);

impl Baselines {
    /// No scope yet.
    pub const fn new() -> Self {
        Self(BTreeMap::new())
    }

    /// Reads a text.
    ///
    /// # Errors
    ///
    /// Names the line, counted from 1, and what was expected there.
    pub fn parse(text: &str) -> Result<Self, BaselineError> {
        let mut lines = (1..).zip(text.split('\n')).peekable();
        if lines.next() != Some((1, HEADER)) {
            return Err(BaselineError::Header);
        }
        let mut baselines = Self::new();
        while let Some((line, row)) = lines.next() {
            if row.is_empty() && lines.peek().is_none() {
                return Ok(baselines);
            }
            let (scope, counts) = parse_row(line, row)?;
            if let Some((last, _)) = baselines.0.last_key_value()
                && last.as_str() >= scope
            {
                let (scope, last) = (scope.to_owned(), last.clone());
                return Err(BaselineError::Order { line, scope, last });
            }
            baselines.0.insert(scope.to_owned(), counts);
        }
        Err(BaselineError::NoFinalNewline)
    }

    /// Pins the counts of a scope; what was pinned before is returned.
    ///
    /// # Errors
    ///
    /// Refuses a name that is empty, or contains a tab or the end of a line.
    pub fn insert(&mut self, scope: &str, counts: Counts) -> Result<Option<Counts>, BaselineError> {
        if scope.is_empty() || scope.contains(['\t', '\n', '\r']) {
            return Err(BaselineError::Scope { scope: scope.to_owned() });
        }
        Ok(self.0.insert(scope.to_owned(), counts))
    }

    /// The counts of a scope.
    pub fn get(&self, scope: &str) -> Option<Counts> {
        self.0.get(scope).copied()
    }

    /// Every scope with its counts, sorted by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Counts)> {
        self.0.iter().map(|(scope, counts)| (scope.as_str(), *counts))
    }
}

/// Writes the text.
impl fmt::Display for Baselines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEADER}")?;
        for (scope, counts) in self.iter() {
            let Counts { states, edges, self_loops, depth } = counts;
            writeln!(f, "{scope}\t{states}\t{edges}\t{self_loops}\t{depth}")?;
        }
        Ok(())
    }
}

/// Says, a line each, which scopes are new, gone or of another size.
pub fn difference(old: &Baselines, new: &Baselines) -> Vec<String> {
    let scopes: BTreeSet<_> = old.0.keys().chain(new.0.keys()).collect();
    let said = scopes.into_iter().filter_map(|scope| match (old.get(scope), new.get(scope)) {
        (Some(before), Some(after)) if before != after => {
            Some(format!("{scope}: {before} -> {after}"))
        }
        (Some(_), Some(_)) | (None, None) => None,
        (None, Some(counts)) => Some(format!("{scope}: new, {counts}")),
        (Some(counts), None) => Some(format!("{scope}: gone, was {counts}")),
    });
    said.collect()
}

fn parse_row(line: usize, row: &str) -> Result<(&str, Counts), BaselineError> {
    let columns: Vec<_> = row.split('\t').collect();
    let &[scope, states, edges, self_loops, depth] = columns.as_slice() else {
        return Err(BaselineError::Columns { line, found: columns.len() });
    };
    if scope.is_empty() || scope.contains('\r') {
        return Err(BaselineError::Row { line, column: "scope", found: scope.to_owned() });
    }
    let number = |column, text: &str| {
        // A number is written in one way only: no sign, no leading zero.
        let number = text.parse::<u64>().ok().filter(|number| number.to_string() == text);
        number.ok_or_else(|| BaselineError::Row { line, column, found: text.to_owned() })
    };
    let counts = Counts {
        states: number("states", states)?,
        edges: number("edges", edges)?,
        self_loops: number("self_loops", self_loops)?,
        depth: number("depth", depth)?,
    };
    Ok((scope, counts))
}

/// Why a text is not one of baselines, or a name not that of a scope. Lines are counted from 1.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum BaselineError {
    /// The first line is not the header.
    #[error("line 1: expected the header {HEADER:?}")]
    Header,
    /// A line has another number of columns than the header.
    #[error("line {line}: expected 5 columns with a tab between them, found {found}")]
    Columns {
        /// The line.
        line: usize,
        /// How many columns it has.
        found: usize,
    },
    /// A column is not what its name says.
    #[error("line {line}: expected {} in column {column}, found {found:?}", meaning(.column))]
    Row {
        /// The line.
        line: usize,
        /// The column.
        column: &'static str,
        /// What it says.
        found: String,
    },
    /// The scopes are not sorted, or one occurs twice.
    #[error("line {line}: expected a scope sorted after {last:?}, found {scope:?}")]
    Order {
        /// The line.
        line: usize,
        /// Its scope.
        scope: String,
        /// The scope before it.
        last: String,
    },
    /// The text is cut off within a line.
    #[error("expected the last line to end with a newline")]
    NoFinalNewline,
    /// The name of a scope cannot be written.
    #[error("expected the name of a scope, without tab or end of line, found {scope:?}")]
    Scope {
        /// The name.
        scope: String,
    },
}

fn meaning(column: &str) -> &'static str {
    if column == "scope" { "the name of a scope" } else { "a number" }
}
