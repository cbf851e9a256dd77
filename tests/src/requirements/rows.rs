//! The rows of the tables in `specs/rules`.

use std::{collections::BTreeSet, fmt};

use thiserror::Error;

use super::citations::ids;

/// The first row of every table.
const HEADER: [&str; 5] = ["id", "strength", "requirement", "source", "status"];

/// Who may want a requirement: documentation, headers, older material, a resolution.
const STRENGTHS: [&str; 4] = ["D", "H", "L", "R"];

/// The parts of the protocol that a requirement may wait for.
const SUBJECTS: [&str; 9] = [
    "administration",
    "engine",
    "fast shutdown",
    "liveness",
    "notifications",
    "services",
    "shared logoff",
    "status",
    "transports",
];

/// One row: what must hold is for people, and nothing is kept of it but what it cites.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement {
    /// `GROUP-NN`.
    pub id: String,
    /// The group.
    pub group: String,
    /// The number in the group.
    pub number: u32,
    /// Whether it is carried out.
    pub status: Status,
    /// The other requirements, and the decisions, that what must hold and its source name.
    pub cites: BTreeSet<String>,
    /// Its file and line.
    pub place: String,
}

/// What becomes of a requirement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// Model and core carry it out.
    Modelled,
    /// The engine carries it out by itself: no state of the protocol changes by it.
    Engine,
    /// It waits for a part of the protocol.
    Later(&'static str),
    /// It stays out, for a reason that is in the table.
    Unmodelled,
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Modelled => f.write_str("modelled"),
            Self::Engine => f.write_str("engine"),
            Self::Later(subject) => write!(f, "later: {subject}"),
            Self::Unmodelled => f.write_str("UNMODELLED"),
        }
    }
}

impl Status {
    fn parse(text: &str) -> Result<Self, String> {
        match (text, text.split_once(": ")) {
            ("modelled", _) => Ok(Self::Modelled),
            ("engine", _) => Ok(Self::Engine),
            (_, Some(("later", subject))) => {
                let known = SUBJECTS.iter().find(|it| **it == subject).copied();
                let expected =
                    || format!("later for {subject:?}; expected {}", SUBJECTS.join(", "));
                known.map(Self::Later).ok_or_else(expected)
            }
            (_, Some(("UNMODELLED", reason))) if !reason.trim().is_empty() => Ok(Self::Unmodelled),
            (_, Some(_) | None) => Err(format!(
                "status {text:?}; expected `modelled`, `engine`, `later: SUBJECT` or \
                 `UNMODELLED: REASON`"
            )),
        }
    }
}

/// A row that nobody understands.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{place}: {what}")]
pub struct RowError {
    /// Its file and line.
    pub place: String,
    /// What is wrong, and what was expected.
    pub what: String,
}

/// Reads the one table of a file: the requirements of a group.
///
/// # Errors
///
/// The first row that is malformed, or that there is no table.
pub fn read(file: &str, group: &str, text: &str) -> Result<Vec<Requirement>, RowError> {
    let lines = (1..).zip(text.lines()).filter(|(_, line)| line.trim_start().starts_with('|'));
    let mut rows = lines.map(|(line, text)| (format!("{file}:{line}"), cells(text)));
    let error = |place: String, what: String| Err(RowError { place, what });
    let nothing = || (file.to_owned(), Vec::new());
    let (place, header) = rows.next().unwrap_or_else(nothing);
    if header != HEADER {
        return error(place, format!("expected a table with the columns {}", HEADER.join(", ")));
    }
    let (place, rule) = rows.next().unwrap_or_else(nothing);
    if rule.len() != HEADER.len() || !rule.iter().all(|it| it.bytes().all(|it| it == b'-')) {
        return error(place, "expected the line below the header".into());
    }
    let mut requirements = Vec::new();
    for (place, cells) in rows {
        let [id, strength, requirement, source, status] = cells[..] else {
            return error(place, format!("{} columns; expected {}", cells.len(), HEADER.len()));
        };
        let number = id.strip_prefix(group).and_then(|it| it.strip_prefix('-'));
        let number = number.filter(|it| it.len() == 2 && it.bytes().all(|it| it.is_ascii_digit()));
        let Some(number) = number.and_then(|it| it.parse().ok()).filter(|it| *it > 0) else {
            return error(place, format!("id {id:?}; expected {group}- and two digits"));
        };
        if !STRENGTHS.contains(&strength) {
            let expected = STRENGTHS.join(", ");
            return error(place, format!("strength {strength:?}; expected one of {expected}"));
        }
        if requirement.is_empty() || source.is_empty() {
            return error(place, format!("{id} has no requirement, or no source"));
        }
        match Status::parse(status) {
            Ok(status) => requirements.push(Requirement {
                id: id.to_owned(),
                group: group.to_owned(),
                number,
                status,
                cites: ids(requirement).chain(ids(source)).map(str::to_owned).collect(),
                place,
            }),
            Err(what) => return error(place, format!("{id}: {what}")),
        }
    }
    match requirements.is_empty() {
        true => error(file.to_owned(), format!("no requirement {group}-01")),
        false => Ok(requirements),
    }
}

/// What stands between the bars of a line, if it begins and ends with one.
fn cells(line: &str) -> Vec<&str> {
    let inner = line.trim().strip_prefix('|').and_then(|it| it.strip_suffix('|'));
    inner.map(|it| it.split('|').map(str::trim).collect()).unwrap_or_default()
}
