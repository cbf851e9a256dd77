//! `specs/tables/simple_mapi.md`: what Simple MAPI makes of its arguments and of the answer.
//!
//! [`Tables::read`] reads the three tables; [`Tables::outcome`] and [`Tables::answer`] find the one
//! row that a case matches. The walk on the engine is next door, in `simple_mapi_walk.rs`.

use mapi_session::{LogonFlags, MapiCode, SimpleCode, SimpleFlags};

use crate::table::{
    Row, TableError, is_decision, is_requirement, is_source, rows, section, values,
};

pub(crate) const FILE: &str = "specs/tables/simple_mapi.md";
pub(crate) const TEXT: &str = include_str!("../../specs/tables/simple_mapi.md");

/// What a flag becomes; the row without a flag is for every call.
#[derive(Clone, Debug)]
pub(crate) struct Flag {
    pub(crate) row: String,
    pub(crate) flag: SimpleFlags,
    pub(crate) becomes: LogonFlags,
}

/// An argument of one of the two calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Argument {
    UndefinedFlags,
    LogonReserved,
    Name,
    Password,
    LogoffFlags,
    LogoffReserved,
    Session,
}

/// What is passed for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Given {
    /// NULL.
    None,
    /// A number, or so many characters.
    Amount(u32),
    Session(Session),
}

/// What number is passed for a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Session {
    Live,
    Ended,
    Foreign,
    Zero,
}

/// What becomes of an argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    HandedOn,
    Dropped,
    Answered(SimpleCode),
}

#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) row: String,
    pub(crate) argument: Argument,
    /// From what to what.
    values: (Given, Given),
    pub(crate) outcome: Outcome,
}

/// Why a code was answered that has several reasons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cause {
    SessionLimit,
    Other,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answered {
    Success,
    With(MapiCode),
    Other,
}

/// Which call meets an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MetBy {
    Both,
    Logon,
    Logoff,
    Neither,
}

#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) row: String,
    answered: Answered,
    cause: Option<Cause>,
    pub(crate) becomes: SimpleCode,
    pub(crate) met_by: MetBy,
}

/// The three tables.
#[derive(Clone, Debug)]
pub(crate) struct Tables {
    pub(crate) flags: Vec<Flag>,
    pub(crate) arguments: Vec<Line>,
    pub(crate) answers: Vec<Answer>,
}

impl Argument {
    const WORDS: [(&'static str, Self); 7] = [
        ("MAPILogon undefined flags", Self::UndefinedFlags),
        ("MAPILogon reserved", Self::LogonReserved),
        ("MAPILogon name", Self::Name),
        ("MAPILogon password", Self::Password),
        ("MAPILogoff flags", Self::LogoffFlags),
        ("MAPILogoff reserved", Self::LogoffReserved),
        ("MAPILogoff session", Self::Session),
    ];
    pub(crate) const ALL: [Self; 7] = values(Self::WORDS);

    /// Everything that can be passed, as far as a row could tell it from anything else.
    pub(crate) fn values(self) -> Vec<Given> {
        let amounts = (0..1_000).chain([u32::MAX]).map(Given::Amount);
        match self {
            Self::UndefinedFlags
            | Self::LogonReserved
            | Self::LogoffFlags
            | Self::LogoffReserved => amounts.collect(),
            Self::Name | Self::Password => [Given::None].into_iter().chain(amounts).collect(),
            Self::Session => Session::ALL.map(Given::Session).into(),
        }
    }
}

impl Session {
    const WORDS: [(&'static str, Self); 4] = [
        ("live", Self::Live),
        ("ended", Self::Ended),
        ("foreign", Self::Foreign),
        ("zero", Self::Zero),
    ];
    pub(crate) const ALL: [Self; 4] = values(Self::WORDS);
}

impl Tables {
    /// Reads the file.
    pub(crate) fn read(text: &str) -> Result<Self, TableError> {
        let flags = section(text, "## What a flag becomes");
        let arguments = section(text, "## What an argument becomes");
        let answers = section(text, "## What an answer becomes");
        let of_flags = ["row", "flag", "value", "MAPILogonEx", "source"];
        let of_arguments = ["row", "call", "argument", "value", "outcome", "source"];
        let of_answers = ["row", "answer", "cause", "Simple MAPI", "value", "met by", "source"];
        Ok(Self {
            flags: rows(FILE, &flags, of_flags)?.iter().map(flag).collect::<Result<_, _>>()?,
            arguments: rows(FILE, &arguments, of_arguments)?
                .iter()
                .map(line)
                .collect::<Result<_, _>>()?,
            answers: rows(FILE, &answers, of_answers)?
                .iter()
                .map(answer)
                .collect::<Result<_, _>>()?,
        })
    }

    /// The names of all rows, in order.
    pub(crate) fn rows(&self) -> Vec<&str> {
        let flags = self.flags.iter().map(|it| it.row.as_str());
        let arguments = self.arguments.iter().map(|it| it.row.as_str());
        let answers = self.answers.iter().map(|it| it.row.as_str());
        flags.chain(arguments).chain(answers).collect()
    }

    /// What MAPILogonEx is told for a word of flags that are defined.
    pub(crate) fn becomes(&self, word: SimpleFlags) -> LogonFlags {
        let rows = self.flags.iter().filter(|it| word.contains(it.flag));
        rows.fold(LogonFlags::empty(), |sum, it| sum | it.becomes)
    }

    /// The one row for what is passed as an argument.
    pub(crate) fn line(&self, argument: Argument, given: Given) -> Result<&Line, String> {
        let matches = self.arguments.iter().filter(|it| it.matches(argument, given));
        let matches: Vec<_> = matches.collect();
        match matches[..] {
            [line] => Ok(line),
            _ => Err(format!("{argument:?} {given:?} matches {} rows", matches.len())),
        }
    }

    /// The code that the topmost row has for these arguments, and nothing where all are handed on.
    pub(crate) fn answered(&self, given: &[(Argument, Given)]) -> Option<SimpleCode> {
        let of_these =
            |it: &&Line| given.iter().any(|(argument, it_is)| it.matches(*argument, *it_is));
        self.arguments.iter().filter(of_these).find_map(|it| match it.outcome {
            Outcome::Answered(code) => Some(code),
            Outcome::HandedOn | Outcome::Dropped => None,
        })
    }

    /// The one row for an answer: its own, or else that of all which have none.
    pub(crate) fn answer(&self, code: MapiCode, cause: Cause) -> Result<&Answer, String> {
        let of = |answered| self.answers.iter().filter(move |it| it.answered == answered);
        let own = if code.is_success() { Answered::Success } else { Answered::With(code) };
        let answered = if of(own).next().is_some() { own } else { Answered::Other };
        let matches = of(answered).filter(|it| it.cause.is_none_or(|it| it == cause));
        let matches: Vec<_> = matches.collect();
        match matches[..] {
            [answer] => Ok(answer),
            _ => Err(format!("{code}, {cause:?}, matches {} rows", matches.len())),
        }
    }
}

impl Line {
    fn matches(&self, argument: Argument, given: Given) -> bool {
        let is_within = match (self.values, given) {
            ((Given::Amount(from), Given::Amount(to)), Given::Amount(it)) => {
                (from..=to).contains(&it)
            }
            ((only, _), _) => only == given,
        };
        self.argument == argument && is_within
    }
}

fn flag(row: &Row<'_, 5>) -> Result<Flag, TableError> {
    let [label, name, value, becomes, _] = row.cells;
    grounded(row, 4)?;
    let flag = match name {
        "–" => SimpleFlags::empty(),
        name => match SimpleFlags::from_name(name) {
            Some(flag) => flag,
            None => return row.error(format!("no flag `{name}`")),
        },
    };
    if value != format!("0x{:08X}", flag.bits()) {
        return row.error(format!("`{name}` is 0x{:08X}", flag.bits()));
    }
    let mut sum = LogonFlags::empty();
    for name in becomes.split(", ") {
        match LogonFlags::from_name(name) {
            Some(flag) => sum |= flag,
            None => return row.error(format!("no flag `{name}` of MAPILogonEx")),
        }
    }
    Ok(Flag { row: label.into(), flag, becomes: sum })
}

fn line(row: &Row<'_, 6>) -> Result<Line, TableError> {
    let [label, call, argument, value, outcome, _] = row.cells;
    grounded(row, 5)?;
    let words = format!("{call} {argument}");
    let Some(argument) = Argument::WORDS.iter().find(|(known, _)| *known == words) else {
        return row.error(format!("no argument `{words}`"));
    };
    let amount = |text: &str| text.parse().ok().map(Given::Amount);
    let session = Session::WORDS.iter().find(|(known, _)| *known == value);
    let only = match (value, session) {
        ("none", _) => Some(Given::None),
        (_, Some((_, session))) => Some(Given::Session(*session)),
        (_, None) => amount(value),
    };
    let values = only.map(|only| (only, only));
    let values = values.or_else(|| {
        let range = value
            .split_once(" to ")
            .or_else(|| value.strip_suffix(" or more").map(|from| (from, "4294967295")));
        range.and_then(|(from, to)| Some((amount(from)?, amount(to)?)))
    });
    let Some(values) = values else { return row.error(format!("no value `{value}`")) };
    let outcome = match outcome {
        "handed on" => Outcome::HandedOn,
        "dropped" => Outcome::Dropped,
        name => Outcome::Answered(simple_code(row, name)?),
    };
    Ok(Line { row: label.into(), argument: argument.1, values, outcome })
}

fn answer(row: &Row<'_, 7>) -> Result<Answer, TableError> {
    let [label, code, _, name, value, ..] = row.cells;
    grounded(row, 6)?;
    let answered = match code {
        "success" => Answered::Success,
        "other" => Answered::Other,
        name => match MapiCode::ALL.iter().find(|it| it.name() == Some(name)) {
            Some(code) => Answered::With(*code),
            None => return row.error(format!("no answer `{name}`")),
        },
    };
    let causes =
        [("*", None), ("session limit", Some(Cause::SessionLimit)), ("other", Some(Cause::Other))];
    let becomes = simple_code(row, name)?;
    if value != becomes.0.to_string() {
        return row.error(format!("`{name}` is {}", becomes.0));
    }
    Ok(Answer {
        row: label.into(),
        answered,
        cause: row.word(2, &causes)?,
        becomes,
        met_by: row.word(
            5,
            &[
                ("both", MetBy::Both),
                ("MAPILogon", MetBy::Logon),
                ("MAPILogoff", MetBy::Logoff),
                ("neither", MetBy::Neither),
            ],
        )?,
    })
}

fn simple_code<const N: usize>(row: &Row<'_, N>, name: &str) -> Result<SimpleCode, TableError> {
    match (0..32).map(SimpleCode).find(|code| code.name() == Some(name)) {
        Some(code) => Ok(code),
        None => row.error(format!("no code `{name}` of Simple MAPI")),
    }
}

/// A row rests on a requirement, a decision, or a page.
fn grounded<const N: usize>(row: &Row<'_, N>, place: usize) -> Result<(), TableError> {
    match row.cells[place] {
        it if is_requirement(it) || is_decision(it) || is_source(it) => Ok(()),
        it => row.error(format!("no source `{it}`")),
    }
}
