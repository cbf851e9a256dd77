//! Deliberate faults: rules broken on purpose, to show that a property would notice.
//!
//! Faults are data. They act between deciding and applying, and nothing else knows of them. There
//! is one for every rule, every condition of a guard, every update and every code of the table, and
//! one for every rule that disables a service and chooses the next provider.

use std::fmt;

use crate::{
    Code, Guard, Rule,
    rule::{Row, TABLE},
    update::Update,
};

/// A rule broken on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Fault {
    /// The rule never applies.
    Never(Rule),
    /// The rule applies without this condition.
    Without(Rule, Guard),
    /// The rule forgets this update.
    Forgets(Rule, Update),
    /// The rule gives this code instead of its own.
    Answers(Rule, Code),
    /// The rule disables a service, and yet has the logon, or the spooler, go on with a provider of
    /// it.
    Overlooks(Rule),
}

impl Fault {
    /// Every fault, in the order of the table.
    pub fn all() -> Vec<Self> {
        TABLE.iter().flat_map(|(_, rows)| *rows).flat_map(Self::of_row).collect()
    }

    fn of_row(row: &Row) -> Vec<Self> {
        // The last rule of a list is where everything ends that no other takes.
        let never = (!row.guard.is_empty()).then_some(Self::Never(row.rule));
        let without = row.guard.iter().map(|guard| Self::Without(row.rule, *guard));
        let forgets = row.updates.iter().map(|update| Self::Forgets(row.rule, *update));
        let answers = row.code.map(|code| Self::Answers(row.rule, other_code(code)));
        // The one condition on what is done that stands in no guard: the next provider to be
        // tried is one of an enabled service.
        let goes_on = [Update::Disable, Update::EndSeries];
        let chooses = goes_on.iter().all(|update| row.updates.contains(update));
        let overlooks = chooses.then_some(Self::Overlooks(row.rule));
        let faults = never.into_iter().chain(without).chain(forgets).chain(answers);
        faults.chain(overlooks).collect()
    }

    /// The fault that is written so, as by `Display`.
    pub fn parse(text: &str) -> Option<Self> {
        Self::all().into_iter().find(|fault| fault.to_string() == text)
    }

    /// The rule that it breaks.
    pub const fn rule(self) -> Rule {
        match self {
            Self::Never(rule)
            | Self::Without(rule, _)
            | Self::Forgets(rule, _)
            | Self::Answers(rule, _)
            | Self::Overlooks(rule) => rule,
        }
    }

    pub(crate) fn silences(self, rule: Rule) -> bool {
        self == Self::Never(rule)
    }

    pub(crate) fn waives(self, rule: Rule, guard: Guard) -> bool {
        self == Self::Without(rule, guard)
    }

    pub(crate) fn forgets(self, rule: Rule, update: Update) -> bool {
        self == Self::Forgets(rule, update)
    }

    pub(crate) fn replaces_code(self, rule: Rule) -> Option<Code> {
        match self {
            Self::Answers(broken, code) if broken == rule => Some(code),
            Self::Answers(..)
            | Self::Never(_)
            | Self::Without(..)
            | Self::Forgets(..)
            | Self::Overlooks(_) => None,
        }
    }

    pub(crate) fn overlooks_disabling(self, rule: Rule) -> bool {
        self == Self::Overlooks(rule)
    }
}

/// A refusal instead of success, success instead of a refusal.
const fn other_code(code: Code) -> Code {
    match code {
        Code::Ok | Code::ErrorsReturned => Code::LogonFailed,
        Code::NotInitialized
        | Code::InvalidParameter
        | Code::UnknownFlags
        | Code::InvalidObject
        | Code::Timeout
        | Code::UserCancel
        | Code::LogonFailed
        | Code::Busy
        | Code::NotFound
        | Code::UnknownEntryid
        | Code::NoAccess
        | Code::NoSupport
        | Code::CallFailed => Code::Ok,
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Never(rule) => write!(f, "{rule:?}-never"),
            Self::Without(rule, guard) => write!(f, "{rule:?}-without-{guard:?}"),
            Self::Forgets(rule, update) => write!(f, "{rule:?}-forgets-{update:?}"),
            Self::Answers(rule, code) => write!(f, "{rule:?}-answers-{}", code.name()),
            Self::Overlooks(rule) => write!(f, "{rule:?}-overlooks-disabled"),
        }
    }
}
