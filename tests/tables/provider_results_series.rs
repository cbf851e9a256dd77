//! What a series comes to by the tables of `provider_results.md`.
//!
//! [`tellings`] follows the tables wherever answers can lead: each telling is what has to be
//! answered, in order, and what then has to be seen. Model, core and engine are asked to tell the
//! same story ([`Story`]) when they are given these answers.

use std::collections::VecDeque;

use crate::provider_results::{
    Answer, Attempt, Dialogs, EntryFunction, LogonResult, Outcome, Pattern, Reply, Return,
    Returned, Tables, UserSays, the_row,
};

/// The provider that the series is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    AddressBook,
    Store,
    Transport,
}

/// What makes the series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Occasion {
    /// A logon that opens a session.
    Logon,
    /// An open of what failed at the logon.
    OpenFailed,
    /// An open of what ran and was logged off alone.
    OpenLoggedOff,
    /// A demand for transports, which a logon and an open leave alone (ORD-03).
    Demand,
}

/// Who calls, and which dialogs it asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Caller {
    pub(crate) host: Host,
    pub(crate) wishes: Dialogs,
}

/// What the caller is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Host {
    Application,
    /// A logon with `MAPI_NT_SERVICE`.
    ServiceByLogon,
    /// A process that was initialised with `MAPI_NT_SERVICE`.
    ServiceByProcess,
}

/// One series to be gone through.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) kind: Kind,
    pub(crate) occasion: Occasion,
    pub(crate) caller: Caller,
    pub(crate) entry: EntryFunction,
    pub(crate) script: Vec<Said>,
}

/// What somebody outside answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Said {
    Provider(LogonResult),
    User(UserSays),
    EntryFunction(Returned),
}

/// What somebody outside sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Seen {
    /// The provider is logged on.
    Attempt(Attempt, Dialogs),
    /// The entry function is called to repair.
    Entry(Dialogs),
    /// The retry prompt is shown; the user may correct if there is an entry function.
    Ask(EntryFunction),
    /// It is reported that the service is disabled.
    Disabled,
}

/// How the provider ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    Running,
    Failed,
    Disabled,
}

/// What is seen of a series, how it ends, and what the call returns; a use of the provider, after a
/// demand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Story {
    pub(crate) seen: Vec<Seen>,
    pub(crate) end: End,
    pub(crate) code: &'static str,
}

/// A combination that a series went through, and the row of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Met {
    Answer(<Answer as Pattern>::Combination),
    Reply(<Reply as Pattern>::Combination),
    Return(<Return as Pattern>::Combination),
}

/// A path through the tables.
#[derive(Clone, Debug)]
pub(crate) struct Telling {
    pub(crate) script: Vec<Said>,
    pub(crate) seen: Vec<Seen>,
    pub(crate) end: End,
    pub(crate) met: Vec<(Met, String)>,
}

impl Kind {
    pub(crate) const ALL: [Self; 3] = [Self::AddressBook, Self::Store, Self::Transport];

    /// What makes series on such a provider.
    pub(crate) const fn occasions(self) -> &'static [Occasion] {
        match self {
            Self::AddressBook => &[Occasion::Logon, Occasion::OpenFailed],
            Self::Store => &[Occasion::Logon, Occasion::OpenFailed, Occasion::OpenLoggedOff],
            Self::Transport => &[Occasion::Demand],
        }
    }
}

impl Caller {
    /// Every caller there is.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        let hosts = [Host::Application, Host::ServiceByLogon, Host::ServiceByProcess];
        hosts.into_iter().flat_map(|host| Dialogs::ALL.map(|wishes| Self { host, wishes }))
    }

    /// What that is to the tables: a Windows service is never asked (UIX-08), nor is anybody for
    /// the spooler (ORD-05).
    pub(crate) const fn dialogs(self, occasion: Occasion) -> Dialogs {
        match (occasion, self.host) {
            (
                Occasion::Logon | Occasion::OpenFailed | Occasion::OpenLoggedOff,
                Host::Application,
            ) => self.wishes,
            (_, Host::ServiceByLogon | Host::ServiceByProcess) | (Occasion::Demand, _) => {
                Dialogs::Forbidden
            }
        }
    }

    /// Whether the spooler serves it: it does not serve Windows services (NML-05).
    pub(crate) const fn has_mail(self) -> bool {
        match self.host {
            Host::Application => true,
            Host::ServiceByLogon | Host::ServiceByProcess => false,
        }
    }
}

impl Case {
    /// What has to be seen if the answers are those of this telling.
    pub(crate) fn story(&self, telling: &Telling) -> Story {
        let code = match (self.occasion, self.kind, telling.end) {
            (Occasion::Logon, Kind::AddressBook | Kind::Store | Kind::Transport, _)
            | (
                Occasion::OpenFailed | Occasion::OpenLoggedOff | Occasion::Demand,
                _,
                End::Running,
            ) => "S_OK",
            // What a use returns: nobody waits for what comes of a demand.
            (Occasion::Demand, _, End::Failed | End::Disabled) => "MAPI_E_INVALID_OBJECT",
            (
                Occasion::OpenFailed | Occasion::OpenLoggedOff,
                Kind::AddressBook,
                End::Failed | End::Disabled,
            ) => "MAPI_W_ERRORS_RETURNED",
            (
                Occasion::OpenFailed | Occasion::OpenLoggedOff,
                Kind::Store | Kind::Transport,
                End::Failed | End::Disabled,
            ) => "MAPI_E_LOGON_FAILED",
        };
        Story { seen: telling.seen.clone(), end: telling.end, code }
    }
}

/// What is still to be answered, and what was seen so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Script {
    said: VecDeque<Said>,
    seen: Vec<Seen>,
}

impl Script {
    /// Forgets what was seen, and goes on with these answers.
    pub(crate) fn follow(&mut self, said: &[Said]) {
        *self = Self { said: said.iter().copied().collect(), seen: Vec::new() };
    }

    pub(crate) fn attempt(
        &mut self,
        attempt: Attempt,
        dialogs: Dialogs,
    ) -> Result<LogonResult, String> {
        self.seen.push(Seen::Attempt(attempt, dialogs));
        match self.said.pop_front() {
            Some(Said::Provider(result)) => Ok(result),
            other => Err(format!("an attempt, but the script has {other:?}")),
        }
    }

    pub(crate) fn entry(&mut self, dialogs: Dialogs) -> Result<Returned, String> {
        self.seen.push(Seen::Entry(dialogs));
        match self.said.pop_front() {
            Some(Said::EntryFunction(returned)) => Ok(returned),
            other => Err(format!("an entry call, but the script has {other:?}")),
        }
    }

    pub(crate) fn ask(&mut self, entry: EntryFunction) -> Result<UserSays, String> {
        self.seen.push(Seen::Ask(entry));
        match self.said.pop_front() {
            Some(Said::User(answer)) => Ok(answer),
            other => Err(format!("a question, but the script has {other:?}")),
        }
    }

    pub(crate) fn disabled(&mut self) {
        self.seen.push(Seen::Disabled);
    }

    pub(crate) fn has_seen_nothing(&self) -> bool {
        self.seen.is_empty()
    }

    /// The story that was told; whoever has something to say must have been heard.
    pub(crate) fn end(self, end: End, code: &'static str) -> Result<Story, String> {
        match self.said.front() {
            None => Ok(Story { seen: self.seen, end, code }),
            Some(said) => Err(format!("nobody hears {said:?}")),
        }
    }
}

/// Every path through the tables for a series of such a call.
///
/// # Errors
///
/// A combination that does not match one row, or a row that leads to a third attempt.
pub(crate) fn tellings(
    tables: &Tables,
    occasion: Occasion,
    dialogs: Dialogs,
    entry: EntryFunction,
) -> Result<Vec<Telling>, String> {
    let mut paths = Paths { tables, occasion, dialogs, entry, ended: Vec::new() };
    let nothing =
        Telling { script: Vec::new(), seen: Vec::new(), end: End::Failed, met: Vec::new() };
    paths.attempt(&nothing, Attempt::First)?;
    Ok(paths.ended)
}

struct Paths<'a> {
    tables: &'a Tables,
    occasion: Occasion,
    dialogs: Dialogs,
    entry: EntryFunction,
    ended: Vec<Telling>,
}

impl Paths<'_> {
    fn attempt(&mut self, before: &Telling, attempt: Attempt) -> Result<(), String> {
        let before = before.seeing(Seen::Attempt(attempt, self.dialogs));
        for result in LogonResult::ALL {
            let it = (attempt, result, self.dialogs, self.entry);
            let line = the_row(&self.tables.answers, it)?;
            let so_far = before.hearing(Said::Provider(result), Met::Answer(it), &line.row);
            self.go_on(so_far, line.outcome, attempt)?;
        }
        Ok(())
    }

    fn ask(&mut self, before: &Telling, attempt: Attempt) -> Result<(), String> {
        let before = before.seeing(Seen::Ask(self.entry));
        for answer in UserSays::ALL {
            if answer == UserSays::Deadline && self.occasion != Occasion::Logon {
                continue;
            }
            let it = (answer, self.entry);
            let line = the_row(&self.tables.replies, it)?;
            let so_far = before.hearing(Said::User(answer), Met::Reply(it), &line.row);
            self.go_on(so_far, line.outcome, attempt)?;
        }
        Ok(())
    }

    fn call_entry(&mut self, before: &Telling, attempt: Attempt) -> Result<(), String> {
        let before = before.seeing(Seen::Entry(self.dialogs));
        for returned in Returned::ALL {
            if returned == Returned::Deadline && self.occasion != Occasion::Logon {
                continue;
            }
            let line = the_row(&self.tables.returns, returned)?;
            let said = Said::EntryFunction(returned);
            let so_far = before.hearing(said, Met::Return(returned), &line.row);
            self.go_on(so_far, line.outcome, attempt)?;
        }
        Ok(())
    }

    fn go_on(
        &mut self,
        mut so_far: Telling,
        outcome: Outcome,
        attempt: Attempt,
    ) -> Result<(), String> {
        match (outcome, attempt) {
            (Outcome::Running, _) => so_far.end = End::Running,
            (Outcome::Failed, _) => so_far.end = End::Failed,
            (Outcome::Disabled, _) => {
                so_far.seen.push(Seen::Disabled);
                so_far.end = End::Disabled;
            }
            (Outcome::Ask, Attempt::First) => return self.ask(&so_far, attempt),
            (Outcome::SecondAttempt, Attempt::First) => {
                return self.attempt(&so_far, Attempt::Second);
            }
            (Outcome::EntryThenSecondAttempt, Attempt::First) => {
                return self.call_entry(&so_far, attempt);
            }
            (
                Outcome::Ask | Outcome::SecondAttempt | Outcome::EntryThenSecondAttempt,
                Attempt::Second,
            ) => {
                let rows: Vec<_> = so_far.met.iter().map(|(_, row)| row.as_str()).collect();
                return Err(format!("rows {} lead to a third attempt", rows.join(", ")));
            }
        }
        self.ended.push(so_far);
        Ok(())
    }
}

impl Telling {
    fn seeing(&self, seen: Seen) -> Self {
        let mut after = self.clone();
        after.seen.push(seen);
        after
    }

    fn hearing(&self, said: Said, met: Met, row: &str) -> Self {
        let mut after = self.clone();
        after.script.push(said);
        after.met.push((met, row.to_owned()));
        after
    }
}
