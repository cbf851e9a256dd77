//! What a step changes inside, in sentences: who is there, mutex and queue, handles, sessions.
//!
//! How far a logon is, is told only where its answer is settled: else the rule of the step says it.

use mapi_session_model::{Call, Client, Handle, Logon, Phase, Scope, Session, Stage, State};

/// What is different afterwards.
pub(super) fn changes(scope: &Scope, before: &State, after: &State) -> Vec<String> {
    let mut told = Vec::new();
    clients(before, after, &mut told);
    mutex(before, after, &mut told);
    sessions(scope, before, after, &mut told);
    handles(before, after, &mut told);
    for call in calls_unlike(before, after) {
        match call {
            Call::Logon(Logon { name, stage: Stage::Done(code), .. }) => {
                told.push(format!("{name} is to return {}", code.name()));
            }
            Call::Logon(_) | Call::Logoff { .. } => {}
        }
    }
    told
}

/// The calls under way that are not so in the other state.
fn calls_unlike<'a>(other: &'a State, state: &'a State) -> impl Iterator<Item = &'a Call> {
    state.calls.iter().filter(|call| other.call(call.name()) != Some(*call))
}

/// How far each call is that is not so far in the other state, unless its answer is settled.
pub(super) fn standing_unlike(scope: &Scope, other: &State, state: &State) -> Vec<String> {
    calls_unlike(other, state)
        .filter_map(|call| match call {
            Call::Logon(logon) => {
                let profile = logon.profile.map(|it| format!(", on {}", scope.profile(it).name));
                let stage = describe_stage(logon.stage)?;
                Some(format!("{} {stage}{}", logon.name, profile.unwrap_or_default()))
            }
            Call::Logoff { name, handle } => {
                Some(format!("{name} waits for the user to confirm the logoff of handle {handle}"))
            }
        })
        .collect()
}

const fn describe_stage(stage: Stage) -> Option<&'static str> {
    Some(match stage {
        Stage::Wait => "waits for the mutex",
        Stage::Decide => "is about to join or not",
        Stage::Pick => "is about to choose a profile",
        Stage::LookUp => "waits for the profile store",
        Stage::AskProfile => "waits for the user to choose a profile",
        Stage::Credentials => "is about to be judged by its credentials",
        Stage::Check => "waits for the check of its password",
        Stage::AskPassword => "waits for the user to give a password",
        Stage::Build => "is about to build its session",
        Stage::Start => "waits for the providers of its session",
        Stage::Done(_) => return None,
    })
}

fn clients(before: &State, after: &State, told: &mut Vec<String>) {
    for client in Client::ALL {
        let count = |state: &State| state.clients[client.index()].count;
        match (count(before), count(after)) {
            (was, is) if was == is => {}
            (0, 1) => told.push(format!("{client} is initialised")),
            (_, 0) => told.push(format!("{client} is not initialised any more")),
            (_, is) => told.push(format!("{client} is initialised {is} times")),
        }
    }
}

fn mutex(before: &State, after: &State, told: &mut Vec<String>) {
    let waits = |state: &State, name| state.queue.iter().any(|it| *it == name);
    for name in after.queue.iter().filter(|name| !waits(before, **name)) {
        told.push(format!("{name} waits for the mutex"));
    }
    for name in before.queue.iter().filter(|name| !waits(after, **name)) {
        if after.mutex != Some(*name) {
            told.push(format!("{name} no longer waits for the mutex"));
        }
    }
    match (before.mutex, after.mutex) {
        (was, is) if was == is => {}
        (None, None) => {}
        (None, Some(is)) => told.push(format!("{is} takes the mutex")),
        (Some(was), None) => told.push(format!("{was} gives the mutex back")),
        (Some(was), Some(is)) => told.push(format!("the mutex passes from {was} to {is}")),
    }
}

fn sessions(scope: &Scope, before: &State, after: &State, told: &mut Vec<String>) {
    for session in before.sessions.iter().filter(|it| after.session(it.name).is_none()) {
        told.push(format!("session {} has ended", session.name));
    }
    for session in after.sessions.iter() {
        let was = before.session(session.name);
        if was.map(|it| (it.phase, it.profile)) != Some((session.phase, session.profile)) {
            told.push(describe_session(scope, session));
        }
    }
}

/// A session and how it is.
pub(super) fn describe_session(scope: &Scope, session: &Session) -> String {
    let phase = match session.phase {
        Phase::Building => "is being built",
        Phase::Individual => "is in use, by one client alone",
        Phase::Shared => "is in use, and open to others",
        Phase::Abandoned => "is given up while its providers start",
        Phase::Draining => "is draining",
    };
    format!("session {} on {} {phase}", session.name, scope.profile(session.profile).name)
}

fn handles(before: &State, after: &State, told: &mut Vec<String>) {
    for (name, _) in before.handles().filter(|(name, _)| after.handle(*name).is_none()) {
        told.push(format!("handle {name} is released"));
    }
    for (name, handle) in after.handles() {
        let is_new = before.handle(name).and_then(Handle::session) != handle.session()
            || before.handle(name).is_none();
        match handle {
            Handle::Live { session, .. } if is_new => {
                told.push(format!("handle {name} is made, on session {session}"));
            }
            Handle::LoggedOff if is_new => told.push(format!("handle {name} is logged off")),
            Handle::Live { .. } | Handle::LoggedOff => {}
        }
    }
}
