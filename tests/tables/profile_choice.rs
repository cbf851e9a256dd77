//! `specs/tables/profile_choice.md`: every combination on model, core and engine.

use crate::table::{Row, TableError, is_requirement, rows};

pub(crate) const FILE: &str = "specs/tables/profile_choice.md";
pub(crate) const TEXT: &str = include_str!("../../specs/tables/profile_choice.md");

/// What decides which profile a logon uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Combination {
    pub(crate) name: Name,
    pub(crate) use_default: UseDefault,
    pub(crate) default: Default,
    pub(crate) logon_ui: LogonUi,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Name {
    Live,
    Absent,
    Malformed,
    None,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UseDefault {
    Yes,
    No,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Default {
    Exists,
    None,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LogonUi {
    Yes,
    No,
}

/// What comes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    UseTheName,
    UseTheDefault,
    Ask,
    LogonFailed,
}

/// One row; a column that does not matter is `None`.
#[derive(Clone, Debug)]
pub(crate) struct Choice {
    pub(crate) row: String,
    name: Option<Name>,
    use_default: Option<UseDefault>,
    default: Option<Default>,
    logon_ui: Option<LogonUi>,
    pub(crate) outcome: Outcome,
}

impl Combination {
    /// All there are.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        let names = [Name::Live, Name::Absent, Name::Malformed, Name::None];
        names.into_iter().flat_map(|name| {
            [UseDefault::Yes, UseDefault::No].into_iter().flat_map(move |use_default| {
                [Default::Exists, Default::None].into_iter().flat_map(move |default| {
                    [LogonUi::Yes, LogonUi::No].map(|logon_ui| Self {
                        name,
                        use_default,
                        default,
                        logon_ui,
                    })
                })
            })
        })
    }
}

/// The table.
pub(crate) fn read(text: &str) -> Result<Vec<Choice>, TableError> {
    let columns = ["row", "name", "USE_DEFAULT", "default", "LOGON_UI", "outcome", "rule"];
    rows(FILE, text, columns)?.iter().map(choice).collect()
}

fn choice(row: &Row<'_, 7>) -> Result<Choice, TableError> {
    let [label, .., rule] = row.cells;
    if !is_requirement(rule) {
        return row.error(format!("no requirement `{rule}`"));
    }
    Ok(Choice {
        row: label.into(),
        name: row.word(
            1,
            &[
                ("live", Some(Name::Live)),
                ("absent", Some(Name::Absent)),
                ("malformed", Some(Name::Malformed)),
                ("none", Some(Name::None)),
                ("*", None),
            ],
        )?,
        use_default: row.word(
            2,
            &[("yes", Some(UseDefault::Yes)), ("no", Some(UseDefault::No)), ("*", None)],
        )?,
        default: row.word(
            3,
            &[("exists", Some(Default::Exists)), ("none", Some(Default::None)), ("*", None)],
        )?,
        logon_ui: row
            .word(4, &[("yes", Some(LogonUi::Yes)), ("no", Some(LogonUi::No)), ("*", None)])?,
        outcome: row.word(
            5,
            &[
                ("use the name", Outcome::UseTheName),
                ("use the default", Outcome::UseTheDefault),
                ("ask", Outcome::Ask),
                ("MAPI_E_LOGON_FAILED", Outcome::LogonFailed),
            ],
        )?,
    })
}

impl Choice {
    fn matches(&self, it: Combination) -> bool {
        self.name.is_none_or(|name| name == it.name)
            && self.use_default.is_none_or(|use_default| use_default == it.use_default)
            && self.default.is_none_or(|default| default == it.default)
            && self.logon_ui.is_none_or(|logon_ui| logon_ui == it.logon_ui)
    }
}

/// The one row that a combination matches.
pub(crate) fn the_row(table: &[Choice], it: Combination) -> Result<&Choice, String> {
    let matching: Vec<_> = table.iter().filter(|row| row.matches(it)).collect();
    match matching[..] {
        [row] => Ok(row),
        _ => {
            let rows: Vec<_> = matching.iter().map(|row| row.row.as_str()).collect();
            Err(format!("{FILE}: {it:?} matches {} rows: {}", rows.len(), rows.join(", ")))
        }
    }
}
