//! What must be possible: one goal for every rule, every outcome class, and every `RCH` of
//! `specs/`; and where every state must be able to get back to.
//!
//! A goal that is a history and not a single step has a monitor: what it remembers is said beside
//! it. It never is which one of those that are interchangeable, as they may change places before
//! the next step (`symmetry`).

use stateright_exact::{Edge, Goal, Monitor, Rest};

#[expect(clippy::wildcard_enum_match_arm, reason = "a monitor is silent about other steps")]
mod administration;
mod field;
#[expect(clippy::wildcard_enum_match_arm, reason = "a monitor is silent about other steps")]
mod services;
mod sessions;

use super::{Name, wants};
use crate::{
    Action, ChooserAnswer, Code, Fast, Initialized, NameArgument, Password, Phase, Protocol, Rule,
    Scope, Stage, State, flag,
};

/// A goal, by name.
pub struct Target {
    /// Its name: an id and what it says.
    pub name: Name,
    reached: Reached,
}

type OnEdge = fn(&Protocol, &Edge<'_, Protocol>) -> bool;
type OnMemory = fn(&Protocol, u8, &Edge<'_, Protocol>) -> Monitor;

enum Reached {
    Rule(Rule),
    State(fn(&Protocol, &State) -> bool),
    Step(OnEdge),
    History(OnMemory),
}

impl Target {
    /// Its id: the part of its name before the colon.
    pub fn id(&self) -> &str {
        self.name.split(':').next().unwrap_or(&self.name)
    }

    /// Whether a run that begins in this state is there at once.
    pub fn is_reached_at(&self, world: &Protocol, start: &State) -> bool {
        match self.reached {
            Reached::State(is_goal) => is_goal(world, start),
            Reached::Rule(_) | Reached::Step(_) | Reached::History(_) => false,
        }
    }

    /// Where a run is after a step, given what its monitor remembers; at first that is 0.
    pub fn advance(&self, world: &Protocol, memory: u8, edge: &Edge<'_, Protocol>) -> Monitor {
        let is_reached = match self.reached {
            Reached::Rule(rule) => edge.seen.rule == rule,
            Reached::State(is_goal) => is_goal(world, edge.after),
            Reached::Step(is_goal) => is_goal(world, edge),
            Reached::History(advance) => return advance(world, memory, edge),
        };
        if is_reached { Monitor::Reached } else { Monitor::At(0) }
    }

    pub(super) fn into_goal(self) -> Goal<Protocol> {
        match self.reached {
            Reached::State(is_goal) => Goal::state(self.name, is_goal),
            Reached::Rule(rule) => Goal::event(self.name, rule as usize),
            Reached::Step(_) | Reached::History(_) => {
                Goal::monitored(self.name.clone(), move |world: &Protocol, memory, edge| {
                    self.advance(world, memory, edge)
                })
            }
        }
    }
}

/// Every goal: those of `specs/` first, then one for every rule.
pub fn goals() -> Vec<Target> {
    let named = NAMED.iter().map(|(name, reached)| Target {
        name: (*name).into(),
        reached: match reached {
            Reached::Rule(rule) => Reached::Rule(*rule),
            Reached::State(is_goal) => Reached::State(*is_goal),
            Reached::Step(is_goal) => Reached::Step(*is_goal),
            Reached::History(advance) => Reached::History(*advance),
        },
    });
    let rules = Rule::ALL.iter().map(|rule| Target {
        name: format!("{rule:?}:{}", rule.sentence()).into(),
        reached: match *rule == Rule::PassDeadlineOfWholeBook {
            true => Reached::Step(services::deadline_passes_behind_others),
            false => Reached::Rule(*rule),
        },
    });
    named.chain(rules).collect()
}

const NAMED: &[(&str, Reached)] = &[
    ("RCH-01: a logon joins though it named another profile", Reached::Step(joins_another_profile)),
    ("RCH-02: a shared and an individual session on one profile", Reached::State(side_by_side)),
    (
        "RCH-03: a session in use has one service disabled and another one running whole",
        Reached::State(services::half_is_disabled),
    ),
    (
        "RCH-04: a provider that failed alone beside running siblings is opened later",
        Reached::History(services::failed_alone_is_opened),
    ),
    (
        "RCH-05: an unconfigured provider is configured and logged on",
        Reached::History(services::is_configured),
    ),
    (
        "RCH-06a: a provider fails, is tried again and logged on",
        Reached::History(services::is_retried),
    ),
    (
        "RCH-06b: a provider fails, is put right and logged on",
        Reached::History(services::is_corrected),
    ),
    (
        "RCH-06c: a provider fails, is tried again and its service disabled",
        Reached::History(services::is_retried_in_vain),
    ),
    ("RCH-07: a short wait ends while a chooser is open", Reached::Step(times_out_behind_chooser)),
    ("RCH-08a: the chooser is cancelled", Reached::Step(|_, it| cancels(it, Stage::AskProfile))),
    (
        "RCH-08b: the password prompt is cancelled",
        Reached::Step(|_, it| cancels(it, Stage::AskPassword)),
    ),
    (
        "RCH-09: a logon fails for want of a default profile, and succeeds when there is one",
        Reached::History(administration::default_comes_later),
    ),
    ("RCH-10: the creator has left, a joiner stays and logs off", Reached::History(creator_leaves)),
    (
        "RCH-17: a second individual logon meets a session limit, and its session goes on without",
        Reached::History(services::limit_costs_a_service),
    ),
    ("RCH-19: a logoff is declined and the session goes on", Reached::History(declines_and_stays)),
    (
        "RCH-20: every service is disabled, and the session is there",
        Reached::State(services::all_are_disabled),
    ),
    ("RCH-21a: a logon returns S_OK, having joined", Reached::Step(|_, it| succeeds(it, false))),
    ("RCH-21b: a logon returns S_OK on a new session", Reached::Step(|_, it| succeeds(it, true))),
    (
        "RCH-21c: a logon returns MAPI_E_NOT_INITIALIZED",
        Reached::Step(|_, it| logon_returns(it, &[Code::NotInitialized])),
    ),
    (
        "RCH-21d: a logon is a bad call",
        Reached::Step(|_, it| logon_returns(it, &[Code::UnknownFlags, Code::InvalidParameter])),
    ),
    (
        "RCH-21e: a logon returns MAPI_E_TIMEOUT",
        Reached::Step(|_, it| logon_returns(it, &[Code::Timeout])),
    ),
    (
        "RCH-21f: a logon returns MAPI_E_USER_CANCEL",
        Reached::Step(|_, it| logon_returns(it, &[Code::UserCancel])),
    ),
    (
        "RCH-21g: a logon returns MAPI_E_LOGON_FAILED",
        Reached::Step(|_, it| logon_returns(it, &[Code::LogonFailed])),
    ),
    (
        "RCH-23: a service is disabled while an attempt is out, whose success is taken back",
        Reached::History(services::is_taken_back),
    ),
    (
        "FLR-19: a wrong password is corrected at the second try",
        Reached::History(services::password_is_corrected),
    ),
    (
        "FLR-01: a server comes back between two tries",
        Reached::History(services::server_comes_back),
    ),
    (
        "D-09: one sharer's failing open takes the service from all",
        Reached::History(services::open_takes_service_from_all),
    ),
    (
        "RCH-11: after a logoff for all a logon opens a second session beside the closed one",
        Reached::Step(sessions::opens_beside_a_closed_one),
    ),
    (
        "RCH-12: one with mail joins one without: the spooler comes, their views differ, it goes",
        Reached::History(sessions::mail_comes_and_goes),
    ),
    (
        "RCH-13: a marked profile goes with its last session, and another bears its name",
        Reached::Step(administration::namesake_is_there),
    ),
    (
        "RCH-14: a rename that was put off is carried out when the last session ends",
        Reached::Step(administration::rename_is_applied),
    ),
    (
        "RCH-15: a temporary profile is made, used, deleted and gone after the logoff",
        Reached::History(administration::lives_and_goes),
    ),
    ("RCH-18a: a provider objects to a fast shutdown", Reached::Rule(Rule::RefuseByVeto)),
    (
        "RCH-18b: a fast shutdown is allowed with a provider that cannot be asked",
        Reached::Step(administration::silence_is_consent),
    ),
    (
        "RCH-18c: a fast shutdown is refused for a provider that cannot be asked",
        Reached::Rule(Rule::RefuseBySilence),
    ),
    (
        "RCH-22: the right password does not open a profile whose place another has taken",
        Reached::History(administration::namesake_is_no_substitute),
    ),
    (
        "RCH-16: a transport takes its service from a session in which it was running",
        Reached::Step(sessions::transport_takes_service),
    ),
    (
        "ORD-07: a transport that prefers to be the last comes after a later one",
        Reached::Step(sessions::last_is_tried_last),
    ),
    (
        "DST-04: a secondary store stands in for the primary one",
        Reached::Step(sessions::secondary_stands_in),
    ),
    (
        "LGF-15: a notification is handed over after the registration ended",
        Reached::Step(sessions::comes_late),
    ),
    ("RCH-24: a password from the chooser opens a session", Reached::History(chooser_password)),
    (
        "FLD-01: a logon waits behind an open chooser and is freed when that is cancelled",
        Reached::History(field::waits_behind_chooser),
    ),
    (
        "FLD-02: a service that forgot MAPI_NO_MAIL has no transport started",
        Reached::History(sessions::service_forgot_no_mail),
    ),
    (
        "FLD-03: a balanced round of logon and logoff leaves nothing behind",
        Reached::Step(field::round_is_balanced),
    ),
    ("FLD-04: a logon joins at the session limit", Reached::Step(field::joins_at_the_limit)),
    (
        "FLD-05: of two shared sessions the first ends and the second is joined",
        Reached::History(field::second_takes_over),
    ),
];

fn joins_another_profile(world: &Protocol, it: &Edge<'_, Protocol>) -> bool {
    let Some(logon) = it.action.call().and_then(|call| it.before.logon(call)) else { return false };
    let NameArgument::Of(named) = world.scope.request(logon.request).profile else { return false };
    it.seen.rule == Rule::Join
        && it.before.profiles.named(named).is_some_and(|named| {
            it.before.join_target().is_some_and(|target| target.profile != named)
        })
}

fn side_by_side(_: &Protocol, state: &State) -> bool {
    let on = |phase: Phase| state.sessions.iter().filter(move |it| it.phase == phase);
    on(Phase::Shared)
        .any(|shared| on(Phase::Individual).any(|individual| individual.profile == shared.profile))
}

fn times_out_behind_chooser(_: &Protocol, it: &Edge<'_, Protocol>) -> bool {
    let holder = it.before.mutex.and_then(|holder| it.before.logon(holder));
    it.seen.rule == Rule::TimeOut && holder.is_some_and(|it| it.stage == Stage::AskProfile)
}

fn cancels(it: &Edge<'_, Protocol>, stage: Stage) -> bool {
    let is_there = |logon: Option<&crate::Logon>, stage| logon.is_some_and(|it| it.stage == stage);
    let call = it.action.call();
    is_there(call.and_then(|call| it.before.logon(call)), stage)
        && is_there(call.and_then(|call| it.after.logon(call)), Stage::Done(Code::UserCancel))
}

fn succeeds(it: &Edge<'_, Protocol>, on_new: bool) -> bool {
    it.seen.seen.answers().any(|(_, call, _, logon)| {
        logon.is_some_and(|logon| (Some(logon.session) == call) == on_new)
    })
}

/// A logon that is refused in its call, or one that was under way.
fn logon_returns(it: &Edge<'_, Protocol>, codes: &[Code]) -> bool {
    it.seen.seen.answers().any(|(_, call, code, _)| {
        let is_logon = match call {
            Some(call) => it.before.logon(call).is_some(),
            None => matches!(it.action, Action::Logon { .. }),
        };
        is_logon && codes.contains(&code)
    })
}

/// Phases: 0 before the creator of a joined session logs off, 1 while the joiners go on.
fn creator_leaves(_: &Protocol, memory: u8, it: &Edge<'_, Protocol>) -> Monitor {
    let is_orphan = |state: &State| {
        state.sessions.iter().any(|session| {
            session.phase == Phase::Shared
                && !state.members(session.name).any(|it| it == session.name)
        })
    };
    match memory {
        0 if is_orphan(it.after) => Monitor::At(1),
        1 if !is_orphan(it.after) => Monitor::At(0),
        1 if it.seen.rule == Rule::Join => Monitor::Reached,
        memory => Monitor::At(memory),
    }
}

/// Phases: 0 before a logoff is declined, 1 while the session stays in use.
fn declines_and_stays(_: &Protocol, memory: u8, it: &Edge<'_, Protocol>) -> Monitor {
    let in_use = |state: &State| state.sessions.iter().any(|session| session.phase.is_active());
    match memory {
        0 if it.seen.rule == Rule::DeclineLogoff && in_use(it.after) => Monitor::At(1),
        1 if !in_use(it.after) => Monitor::At(0),
        1 if it.seen.rule == Rule::LogOff => Monitor::Reached,
        memory => Monitor::At(memory),
    }
}

/// Phases: 0 before a logon without password is given the right one in the chooser, 1 while that
/// logon holds the mutex.
fn chooser_password(world: &Protocol, memory: u8, it: &Edge<'_, Protocol>) -> Monitor {
    let is_given = matches!(
        it.action,
        Action::Choose { answer: ChooserAnswer::Pick { password: Some(Password::Right), .. }, .. }
    );
    let logon = it.before.mutex.and_then(|holder| it.before.logon(holder));
    let brought_none = logon.is_some_and(|logon| {
        world.scope.request(logon.request).password == Password::None
            && wants(&world.scope, logon, flag::LOGON_UI)
    });
    match memory {
        0 if is_given && it.seen.rule == Rule::UseChosenProfile && brought_none => Monitor::At(1),
        1 if it.after.mutex != it.before.mutex => match it.seen.seen.answers().next() {
            Some((.., Code::Ok, Some(_))) => Monitor::Reached,
            Some(_) | None => Monitor::At(0),
        },
        memory => Monitor::At(memory),
    }
}

/// Every state can reach rest. Where the scope lets clients leave, that is: nobody is there, but
/// for processes that have gone by a fast shutdown and have yet to end, and nothing runs. Nothing
/// violent may be needed for it: no crash, no withdrawal, no deadline.
pub(super) fn rest(scope: &Scope) -> Rest<Protocol> {
    let calls = scope.calls;
    let can_leave = calls.uninitialize && (calls.logoff || calls.release);
    let is_rest = move |_: &Protocol, state: &State| {
        let is_idle = state.calls.is_empty() && state.mutex.is_none() && state.queue.is_empty();
        match can_leave {
            true => without_the_dead(state).is_at_rest(),
            false => is_idle,
        }
    };
    Rest::new("REST: every state can reach rest", is_rest)
        .by(|_: &Protocol, action: &Action| !is_violent(*action))
}

/// The same state as if every dead process had ended.
fn without_the_dead(state: &State) -> State {
    let mut state = *state;
    for client in state.clients.iter_mut().filter(|client| client.fast == Fast::Done) {
        *client = Initialized::default();
    }
    state
}

const fn is_violent(action: Action) -> bool {
    matches!(
        action,
        Action::Crash { .. }
            | Action::Withdraw { .. }
            | Action::Deadline { .. }
            | Action::Timeout { .. }
    )
}
