//! Traces told for a stranger, one numbered line a step.

use std::fmt::{self, Write as _};

use mapi_session_model::{
    Action, Client, NameArgument, Password, Protocol, Request, RequestId, Scope, State, Step, flag,
};

use super::{
    Kind, Recorded, ReplayFailure, Replayed,
    changes::{changes, describe_session, standing_unlike},
    replay::{self, Parting},
};

/// Tells a trace: under each step what the world sees (`>`) and what changes inside (`-`), and how
/// it ends. A faulty one says where the sound protocol would have done something else, what, and
/// where the calls would stand (`=`) that stand elsewhere now.
///
/// # Errors
///
/// The first step that cannot happen.
pub fn story(scope: &Scope, recorded: &Recorded) -> Result<String, ReplayFailure> {
    let world = recorded.world(scope);
    let run = replay::walk(&world, recorded.start, &recorded.actions)?;
    let mut text = String::new();
    // Writing to a string does not fail.
    let _ = tell(&mut text, &world, recorded, &run);
    Ok(text)
}

fn tell(text: &mut String, world: &Protocol, recorded: &Recorded, run: &Replayed) -> fmt::Result {
    let scope = &world.scope;
    let Recorded { kind, property, scope: name, .. } = recorded;
    let fault = recorded.fault.map(|fault| format!(", with the fault {fault}"));
    writeln!(text, "{property}")?;
    let fault = fault.unwrap_or_default();
    writeln!(text, "A {kind} of {} steps in the scope {name}{fault}.", run.steps.len())?;
    writeln!(text, "\nAt first {}.\n", describe_start(scope, &run.start))?;
    let parting = replay::parting(world, run);
    for (place, taken) in run.steps.iter().enumerate() {
        let sentence = scope.describe(taken.action);
        writeln!(text, "{:>3}. {sentence} [{:?}]", place + 1, taken.step.rule)?;
        tell_outcome(text, scope, run.before(place), &taken.step)?;
        if let Some(Parting { instead, .. }) = parting.filter(|it| it.at == place + 1) {
            writeln!(text, "   * Here the sound protocol parts. It would have done this instead:")?;
            let sentence = instead.rule.sentence().trim();
            writeln!(text, "     {sentence} [{:?}]", instead.rule)?;
            tell_outcome(text, scope, run.before(place), &instead)?;
            for standing in standing_unlike(scope, &taken.step.after, &instead.after) {
                writeln!(text, "       = {standing}")?;
            }
        }
    }
    writeln!(text, "\nThe end: {}.", recorded.ends)?;
    tell_requests(text, scope, &recorded.actions)
}

fn tell_outcome(text: &mut String, scope: &Scope, before: &State, step: &Step) -> fmt::Result {
    for seen in step.seen.iter() {
        writeln!(text, "       > {}", scope.describe_observation(seen))?;
    }
    for change in changes(scope, before, &step.after) {
        writeln!(text, "       - {change}")?;
    }
    Ok(())
}

/// Who and what is there.
fn describe_start(scope: &Scope, start: &State) -> String {
    let present = Client::ALL.into_iter().filter(|it| start.clients[it.index()].count > 0);
    let present: Vec<_> = present.map(|client| client.to_string()).collect();
    let clients = match present.as_slice() {
        [] => "nobody is initialised".into(),
        [one] => format!("{one} is initialised"),
        [most @ .., last] => format!("{} and {last} are initialised", most.join(", ")),
    };
    let default = start.default.map_or_else(
        || "there is no default profile".into(),
        |default| format!("the default profile is {}", scope.describe_profile(default)),
    );
    let sessions = start.sessions.iter().map(|session| describe_session(scope, session));
    [clients, default].into_iter().chain(sessions).collect::<Vec<_>>().join("; ")
}

/// What the requests ask for that occur.
fn tell_requests(text: &mut String, scope: &Scope, actions: &[Action]) -> fmt::Result {
    let mut requests: Vec<RequestId> = actions.iter().filter_map(request_of).collect();
    requests.sort_unstable();
    requests.dedup();
    if !requests.is_empty() {
        writeln!(text, "\nWhat the logons ask for:")?;
    }
    for request in requests.into_iter().map(|request| scope.request(request)) {
        writeln!(text, "  {}: {}", request.name, describe_request(scope, request))?;
    }
    Ok(())
}

fn request_of(action: &Action) -> Option<RequestId> {
    let Action::Logon { request, .. } = action else { return None };
    Some(*request)
}

fn describe_request(scope: &Scope, request: &Request) -> String {
    let known = flag::NAMES.iter().filter(|(_, bit)| request.flags & bit != 0);
    let mut flags: Vec<_> = known.map(|(name, _)| format!("MAPI_{name}")).collect();
    if request.flags & !flag::DEFINED != 0 {
        flags.push("an undefined flag".into());
    }
    let flags = if flags.is_empty() { "no flag".into() } else { flags.join(" | ") };
    let name = match request.profile {
        NameArgument::None => "no profile name".into(),
        NameArgument::Absent => "the name of no profile".into(),
        NameArgument::Malformed => "a malformed profile name".into(),
        NameArgument::Of(name) => format!("the profile {}", scope.label(name)),
    };
    let password = match request.password {
        Password::None => "no password",
        Password::Right => "the right password",
        Password::Wrong => "a wrong password",
    };
    format!("{flags}; {name}, {password}")
}

/// How a trace ends, in words.
pub(super) fn end(world: &Protocol, run: &Replayed, recorded: &Recorded) -> String {
    let Some(last) = run.steps.last() else { return "the start shows it already".into() };
    let sentence = world.scope.describe(last.action);
    let seen: Vec<_> = last
        .step
        .seen
        .iter()
        .map(|seen| format!("; {}", world.scope.describe_observation(seen)))
        .collect();
    let what = format!("{sentence} [{:?}]{}", last.step.rule, seen.concat());
    let steps = run.steps.len();
    match recorded.kind {
        Kind::Goal => format!("step {steps} reaches the goal: {what}"),
        Kind::Counterexample => format!("step {steps} violates the property: {what}"),
        Kind::Lasso => {
            let back = replay::loops_at(run).unwrap_or(steps);
            format!("after step {steps} everything is as after step {back}: {what}")
        }
        Kind::Divergence => format!("model and core differ after step {steps}: {what}"),
    }
}
