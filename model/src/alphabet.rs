//! Which actions a scope offers in a state, legal and illegal.
//!
//! A client that has as many calls under way as the scope allows makes no further one, but from
//! inside a prompt or a provider.
//!
//! Illegal calls are part of the alphabet: they get their code and change nothing. An answer that
//! nobody waits for is offered for every call under way, every session, and one name a client that
//! nobody bears (a call never made, answered before, or that of a client that died).

use crate::{
    Action, Call, Client, InitArgument, LogoffAnswer, LogoffArgument, Name, PasswordAnswer, Phase,
    Scope, Stage, State, flag,
};

/// Everything that may happen next.
pub(crate) fn actions(scope: &Scope, state: &State, actions: &mut Vec<Action>) {
    for client in scope.callers() {
        if scope.calls.crash {
            actions.push(Action::Crash { client });
        }
        if scope.has_room_for_call(state, client) {
            initialization(scope, state, client, actions);
            logons(scope, state, client, None, actions);
            handles(scope, state, client, actions);
        }
        for call in state.calls_of(client).filter(|it| scope.calls.nested && is_outside(it)) {
            logons(scope, state, client, Some(call.name()), actions);
        }
    }
    for call in state.calls.iter() {
        answers(scope, state, call.name(), actions);
    }
    for session in state.sessions.iter().filter(|it| state.call(it.name).is_none()) {
        providers(scope, state, session.name, actions);
    }
    if scope.calls.stray {
        for name in scope.callers().filter_map(|client| state.free_name(client)) {
            answers(scope, state, name, actions);
        }
    }
}

fn initialization(scope: &Scope, state: &State, client: Client, actions: &mut Vec<Action>) {
    let count = state.clients[client.index()].count;
    if scope.calls.initialize {
        for with in &scope.initialize {
            let is_refused = match with {
                InitArgument::Application | InitArgument::Service => false,
                InitArgument::UndefinedFlag | InitArgument::WrongVersion => true,
            };
            if is_refused || count < scope.initializations {
                actions.push(Action::Initialize { client, with: *with });
            }
        }
    }
    if scope.calls.uninitialize {
        actions.push(Action::Uninitialize { client });
    }
}

/// Logons, from outside, or from inside a prompt or provider call of the client's own.
fn logons(
    scope: &Scope,
    state: &State,
    client: Client,
    inside: Option<Name>,
    actions: &mut Vec<Action>,
) {
    let has_room = scope.has_room_for_logon(state, client);
    for request in scope.requests_of(client) {
        let action = Action::Logon { client, request, inside };
        if has_room || crate::protocol::answers_at_once(scope, state, action) {
            actions.push(action);
        }
    }
}

/// Whether the client's own code runs for this call, in a prompt or a provider.
fn is_outside(call: &Call) -> bool {
    match call {
        Call::Logoff { .. } => true,
        Call::Logon(logon) => match logon.stage {
            Stage::AskProfile | Stage::AskPassword | Stage::Start => true,
            Stage::Wait
            | Stage::Decide
            | Stage::Pick
            | Stage::LookUp
            | Stage::Credentials
            | Stage::Check
            | Stage::Build
            | Stage::Done(_) => false,
        },
    }
}

/// Calls on handles: on every handle there is, whoever owns it, and on one that was never issued.
fn handles(scope: &Scope, state: &State, client: Client, actions: &mut Vec<Action>) {
    let known = state.handles().map(|(name, _)| name);
    for handle in known.chain(state.free_name(client)) {
        if scope.calls.logoff {
            for with in [LogoffArgument::Plain, LogoffArgument::UndefinedFlag] {
                actions.push(Action::Logoff { client, handle, with });
            }
        }
        if scope.calls.confirmed_logoff {
            actions.push(Action::Logoff { client, handle, with: LogoffArgument::Ui });
        }
        if scope.calls.release {
            actions.push(Action::Release { client, handle });
        }
    }
}

/// What may be answered to this call, and what would be if it waited for that.
fn answers(scope: &Scope, state: &State, call: Name, actions: &mut Vec<Action>) {
    let stage = state.logon(call).map(|logon| logon.stage);
    let is_logoff = matches!(state.call(call), Some(Call::Logoff { .. }));
    let stray = scope.calls.stray;
    let mut offer = |wanted: bool, action| {
        if wanted || stray {
            actions.push(action);
        }
    };
    offer(goes_on_alone(state, call), Action::Continue { call });
    offer(stage == Some(Stage::LookUp), Action::LookedUp { call });
    offer(stage == Some(Stage::Check), Action::Checked { call });
    offer(stage == Some(Stage::Wait) && is_short(scope, state, call), Action::Timeout { call });
    for answer in &scope.chooser {
        offer(stage == Some(Stage::AskProfile), Action::Choose { call, answer: *answer });
    }
    for answer in ENTERED {
        offer(stage == Some(Stage::AskPassword), Action::EnterPassword { call, answer });
    }
    for answer in CONFIRMED {
        offer(is_logoff, Action::Confirm { call, answer });
    }
    if scope.calls.deadline {
        offer(stage.is_some() || is_logoff, Action::Deadline { call });
    }
    if scope.calls.withdrawal {
        offer(stage.is_some() || is_logoff, Action::Withdraw { call });
    }
    providers(scope, state, call, actions);
}

/// What the providers of this session may report.
fn providers(scope: &Scope, state: &State, session: Name, actions: &mut Vec<Action>) {
    let phase = state.session(session).map(|session| session.phase);
    if scope.calls.stray || matches!(phase, Some(Phase::Building | Phase::Abandoned)) {
        actions.push(Action::ProvidersStarted { session });
    }
    if scope.calls.stray || phase == Some(Phase::Draining) {
        actions.push(Action::ProvidersStopped { session });
    }
}

/// Whether the subsystem would go on with this call by itself.
fn goes_on_alone(state: &State, call: Name) -> bool {
    match state.logon(call).map(|logon| logon.stage) {
        Some(Stage::Wait) => state.mutex.is_none() && state.queue.first() == Some(call),
        Some(Stage::Decide | Stage::Pick | Stage::Credentials | Stage::Build | Stage::Done(_)) => {
            true
        }
        Some(
            Stage::LookUp | Stage::AskProfile | Stage::Check | Stage::AskPassword | Stage::Start,
        )
        | None => false,
    }
}

fn is_short(scope: &Scope, state: &State, call: Name) -> bool {
    state.logon(call).is_some_and(|it| scope.request(it.request).flags & flag::TIMEOUT_SHORT != 0)
}

const ENTERED: [PasswordAnswer; 4] = [
    PasswordAnswer::Right,
    PasswordAnswer::Wrong,
    PasswordAnswer::Cancel,
    PasswordAnswer::Unavailable,
];
const CONFIRMED: [LogoffAnswer; 3] =
    [LogoffAnswer::Confirm, LogoffAnswer::Decline, LogoffAnswer::Unavailable];
