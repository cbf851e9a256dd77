//! `specs/tables/provider_results.md`: FLR-07, as three tables that decide a series together.
//!
//! [`Tables::read`] reads them, [`the_row`] finds the one row that a combination matches. What the
//! rows come to when a series runs through them is next door, in `provider_results_series.rs`.

use std::fmt;

use crate::table::{Row, TableError, is_requirement, rows, section, values};

pub(crate) const FILE: &str = "specs/tables/provider_results.md";
pub(crate) const TEXT: &str = include_str!("../../specs/tables/provider_results.md");

/// Which attempt of a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Attempt {
    First,
    Second,
}

/// What the logon of a provider returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LogonResult {
    Ok,
    Warning,
    FailOneProvider,
    Unconfigured,
    UserCancel,
    SessionLimit,
    LogonFailed,
    UnknownCpid,
    UnknownLcid,
    Version,
}

/// Whether the call permits dialogs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialogs {
    Permitted,
    Forbidden,
}

/// Whether the service has an entry function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EntryFunction {
    Present,
    Absent,
}

/// What becomes of the retry prompt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UserSays {
    Retry,
    Correct,
    GiveUp,
    Cancelled,
    Unavailable,
    /// Nothing, before the logon's deadline.
    Deadline,
}

/// What becomes of an entry call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Returned {
    Ok,
    Unconfigured,
    UserCancel,
    /// Nothing, before the logon's deadline.
    Deadline,
}

/// What comes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Running,
    Failed,
    Disabled,
    Ask,
    SecondAttempt,
    EntryThenSecondAttempt,
}

impl Attempt {
    pub(crate) const ALL: [Self; 2] = [Self::First, Self::Second];
}

impl LogonResult {
    const WORDS: [(&'static str, Self); 10] = [
        ("ok", Self::Ok),
        ("warning", Self::Warning),
        ("fail_one_provider", Self::FailOneProvider),
        ("unconfigured", Self::Unconfigured),
        ("user_cancel", Self::UserCancel),
        ("session_limit", Self::SessionLimit),
        ("logon_failed", Self::LogonFailed),
        ("unknown_cpid", Self::UnknownCpid),
        ("unknown_lcid", Self::UnknownLcid),
        ("version", Self::Version),
    ];
    pub(crate) const ALL: [Self; 10] = values(Self::WORDS);
}

impl Dialogs {
    pub(crate) const ALL: [Self; 2] = [Self::Permitted, Self::Forbidden];
}

impl EntryFunction {
    pub(crate) const ALL: [Self; 2] = [Self::Present, Self::Absent];
}

impl UserSays {
    const WORDS: [(&'static str, Self); 6] = [
        ("retry", Self::Retry),
        ("correct", Self::Correct),
        ("give_up", Self::GiveUp),
        ("cancelled", Self::Cancelled),
        ("unavailable", Self::Unavailable),
        ("deadline", Self::Deadline),
    ];
    pub(crate) const ALL: [Self; 6] = values(Self::WORDS);
}

impl Returned {
    const WORDS: [(&'static str, Self); 4] = [
        ("ok", Self::Ok),
        ("unconfigured", Self::Unconfigured),
        ("user_cancel", Self::UserCancel),
        ("deadline", Self::Deadline),
    ];
    pub(crate) const ALL: [Self; 4] = values(Self::WORDS);
}

/// A row of one of the tables: what it is for, and what comes of that.
#[derive(Clone, Debug)]
pub(crate) struct Line<P> {
    pub(crate) row: String,
    pattern: P,
    pub(crate) outcome: Outcome,
}

/// What a row is for; a column that does not matter is `None`.
pub(crate) trait Pattern {
    /// A combination of values, one a column.
    type Combination: Copy + fmt::Debug;

    fn matches(&self, it: Self::Combination) -> bool;
}

#[derive(Clone, Debug)]
pub(crate) struct Answer {
    attempt: Option<Attempt>,
    result: LogonResult,
    dialogs: Option<Dialogs>,
    entry: Option<EntryFunction>,
}

#[derive(Clone, Debug)]
pub(crate) struct Reply {
    answer: UserSays,
    entry: Option<EntryFunction>,
}

#[derive(Clone, Debug)]
pub(crate) struct Return(Returned);

impl Pattern for Answer {
    type Combination = (Attempt, LogonResult, Dialogs, EntryFunction);

    fn matches(&self, (attempt, result, dialogs, entry): Self::Combination) -> bool {
        self.attempt.is_none_or(|it| it == attempt)
            && self.result == result
            && self.dialogs.is_none_or(|it| it == dialogs)
            && self.entry.is_none_or(|it| it == entry)
    }
}

impl Pattern for Reply {
    type Combination = (UserSays, EntryFunction);

    fn matches(&self, (answer, entry): Self::Combination) -> bool {
        self.answer == answer && self.entry.is_none_or(|it| it == entry)
    }
}

impl Pattern for Return {
    type Combination = Returned;

    fn matches(&self, returned: Returned) -> bool {
        self.0 == returned
    }
}

/// The three tables.
#[derive(Clone, Debug)]
pub(crate) struct Tables {
    pub(crate) answers: Vec<Line<Answer>>,
    pub(crate) replies: Vec<Line<Reply>>,
    pub(crate) returns: Vec<Line<Return>>,
}

impl Tables {
    /// Reads the file.
    pub(crate) fn read(text: &str) -> Result<Self, TableError> {
        let (answers, replies, returns) = (
            section(text, "## What a provider answers"),
            section(text, "## What the user answers"),
            section(text, "## What the entry function returns"),
        );
        let (of_answers, of_replies, of_returns) = (
            ["row", "attempt", "result", "dialogs", "entry function", "outcome", "rule"],
            ["row", "answer", "entry function", "outcome", "rule"],
            ["row", "return", "outcome", "rule"],
        );
        Ok(Self {
            answers: rows(FILE, &answers, of_answers)?
                .iter()
                .map(answer)
                .collect::<Result<_, _>>()?,
            replies: rows(FILE, &replies, of_replies)?
                .iter()
                .map(reply)
                .collect::<Result<_, _>>()?,
            returns: rows(FILE, &returns, of_returns)?
                .iter()
                .map(back)
                .collect::<Result<_, _>>()?,
        })
    }

    /// The names of all rows, in order.
    pub(crate) fn rows(&self) -> Vec<&str> {
        let answers = self.answers.iter().map(|line| line.row.as_str());
        let replies = self.replies.iter().map(|line| line.row.as_str());
        let returns = self.returns.iter().map(|line| line.row.as_str());
        answers.chain(replies).chain(returns).collect()
    }
}

fn answer(row: &Row<'_, 7>) -> Result<Line<Answer>, TableError> {
    line(row, 5, 6, |row| {
        let attempts = [("1", Some(Attempt::First)), ("2", Some(Attempt::Second)), ("*", None)];
        let dialogs =
            [("yes", Some(Dialogs::Permitted)), ("no", Some(Dialogs::Forbidden)), ("*", None)];
        Ok(Answer {
            attempt: row.word(1, &attempts)?,
            result: row.word(2, &LogonResult::WORDS)?,
            dialogs: row.word(3, &dialogs)?,
            entry: entry(row, 4)?,
        })
    })
}

fn reply(row: &Row<'_, 5>) -> Result<Line<Reply>, TableError> {
    line(row, 3, 4, |row| {
        Ok(Reply { answer: row.word(1, &UserSays::WORDS)?, entry: entry(row, 2)? })
    })
}

fn back(row: &Row<'_, 4>) -> Result<Line<Return>, TableError> {
    line(row, 2, 3, |row| Ok(Return(row.word(1, &Returned::WORDS)?)))
}

fn entry<const N: usize>(
    row: &Row<'_, N>,
    place: usize,
) -> Result<Option<EntryFunction>, TableError> {
    let present = [("yes", Some(EntryFunction::Present)), ("no", Some(EntryFunction::Absent))];
    row.word(place, &[present[0], present[1], ("*", None)])
}

/// A row whose pattern is read by `pattern`, its outcome and its rule being in these places.
fn line<P, const N: usize>(
    row: &Row<'_, N>,
    outcome: usize,
    rule: usize,
    pattern: impl Fn(&Row<'_, N>) -> Result<P, TableError>,
) -> Result<Line<P>, TableError> {
    let rule = row.cells[rule];
    if !is_requirement(rule) {
        return row.error(format!("no requirement `{rule}`"));
    }
    let outcomes = [
        ("running", Outcome::Running),
        ("failed", Outcome::Failed),
        ("disabled", Outcome::Disabled),
        ("ask", Outcome::Ask),
        ("second attempt", Outcome::SecondAttempt),
        ("entry then second attempt", Outcome::EntryThenSecondAttempt),
    ];
    Ok(Line {
        row: row.cells[0].into(),
        pattern: pattern(row)?,
        outcome: row.word(outcome, &outcomes)?,
    })
}

/// The one row that a combination matches.
pub(crate) fn the_row<P: Pattern>(
    table: &[Line<P>],
    it: P::Combination,
) -> Result<&Line<P>, String> {
    let matching: Vec<_> = table.iter().filter(|line| line.pattern.matches(it)).collect();
    match matching[..] {
        [line] => Ok(line),
        _ => {
            let rows: Vec<_> = matching.iter().map(|line| line.row.as_str()).collect();
            Err(format!("{FILE}: {it:?} matches {} rows: {}", rows.len(), rows.join(", ")))
        }
    }
}
