//! What is true of orders to the outside, of their answers, and of calls that end without one.

use crate::{
    Action, Call, Code, Dialogs, Name, Observation, Permission, Phase, Stage, State, flag,
    properties::{Transition, is_service, wants},
};

/// Whether somebody waits for what the action brings.
fn is_awaited(it: &Transition<'_>) -> bool {
    let stage = it.logon().map(|logon| logon.stage);
    let phase = it.action.call().and_then(|name| it.before.session(name)).map(|it| it.phase);
    match it.action {
        Action::Continue { call } => match stage {
            Some(Stage::Wait) => it.before.mutex.is_none() && it.before.queue.first() == Some(call),
            Some(
                Stage::Decide | Stage::Pick | Stage::Credentials | Stage::Build | Stage::Done(_),
            ) => true,
            Some(_) | None => false,
        },
        Action::LookedUp { .. } => stage == Some(Stage::LookUp),
        Action::Choose { .. } => stage == Some(Stage::AskProfile),
        Action::Checked { .. } => stage == Some(Stage::Check),
        Action::EnterPassword { .. } => stage == Some(Stage::AskPassword),
        Action::Timeout { .. } => stage == Some(Stage::Wait),
        Action::Deadline { .. } | Action::Withdraw { .. } | Action::Confirm { .. } => {
            it.action.call().is_some_and(|call| match (it.before.call(call), it.action) {
                (Some(Call::Logon(_)), Action::Confirm { .. }) => false,
                (Some(_), _) => true,
                (None, _) => false,
            })
        }
        Action::ProvidersStarted { .. } => {
            matches!(phase, Some(Phase::Building | Phase::Abandoned))
        }
        Action::ProvidersStopped { .. } => phase == Some(Phase::Draining),
        Action::Initialize { .. }
        | Action::Uninitialize { .. }
        | Action::Logon { .. }
        | Action::Logoff { .. }
        | Action::Release { .. }
        | Action::Crash { .. } => true,
    }
}

pub(super) fn stray_answers_do_nothing(it: &Transition<'_>) -> bool {
    is_awaited(it) || it.is_unnoticed()
}

/// A refusal in the step of the call itself; one that a call has waited for ends that call.
pub(super) fn refusals_change_nothing(it: &Transition<'_>) -> bool {
    let refused =
        it.step.seen.answers().any(|(_, call, code, _)| call.is_none() && code != Code::Ok);
    !refused || (it.before == it.after() && it.step.seen.len() == 1)
}

pub(super) fn withdrawals_leave_nothing(it: &Transition<'_>) -> bool {
    let Action::Withdraw { call } = it.action else { return true };
    if it.before.call(call).is_none() {
        return true;
    }
    let expected = |name: Name| {
        it.before.session(name).map(|session| match session.phase {
            Phase::Building if name == call => Phase::Abandoned,
            phase if it.before.members(name).eq([call]) && phase.is_active() => Phase::Draining,
            phase => phase,
        })
    };
    let others = |state: &State| -> Vec<Call> {
        state.calls.iter().filter(|it| it.name() != call).copied().collect()
    };
    let is_logon = it.before.logon(call).is_some();
    it.after().call(call).is_none()
        && it.after().mutex != Some(call)
        && it.after().queue.iter().all(|name| *name != call)
        && (!is_logon || it.after().handle(call).is_none())
        && others(it.before) == others(it.after())
        && it.before.sessions.len() == it.after().sessions.len()
        && it.after().sessions.iter().all(|now| Some(now.phase) == expected(now.name))
}

pub(super) fn deadlines_act_by_stage(it: &Transition<'_>) -> bool {
    let Action::Deadline { call } = it.action else { return true };
    let is_next = it.before.mutex.is_none() && it.before.queue.first() == Some(call);
    let expected = match it.before.call(call) {
        None => return true,
        Some(Call::Logoff { handle, .. }) => {
            let told = it.step.seen.answers().map(|(_, call, code, _)| (call, code));
            return it.after().call(call).is_none()
                && it.before.handle(*handle) == it.after().handle(*handle)
                && told.eq([(Some(call), Code::UserCancel)]);
        }
        Some(Call::Logon(logon)) => match logon.stage {
            Stage::Wait if !is_next => Stage::Done(Code::Timeout),
            Stage::AskProfile | Stage::AskPassword => Stage::Done(Code::UserCancel),
            stage => stage,
        },
    };
    it.logon_after().is_some_and(|now| now.stage == expected)
}

pub(super) fn calls_are_answered_once(it: &Transition<'_>) -> bool {
    let answers =
        |name: Name| it.step.seen.answers().filter(|(_, call, ..)| *call == Some(name)).count();
    let is_dropped = |name: Name| match it.action {
        Action::Withdraw { call } => call == name,
        _ => it.ends_client() && name.client() == it.action.client(),
    };
    let ended = it.before.calls.iter().map(Call::name).all(|name| {
        let ends = it.after().call(name).is_none();
        answers(name) == usize::from(ends && !is_dropped(name))
    });
    let settled = it.step.seen.answers().all(|(_, call, code, logon)| {
        match call.and_then(|call| it.before.logon(call)) {
            Some(before) => {
                before.stage == Stage::Done(code) && logon.is_some() == (code == Code::Ok)
            }
            None => logon.is_none(),
        }
    });
    let is_due = matches!(it.action, Action::Continue { .. })
        && matches!(it.logon().map(|logon| logon.stage), Some(Stage::Done(_)));
    ended && settled && (!is_due || it.logon_after().is_none())
}

/// The order that a stage gives when it is entered.
fn order(state: &State, call: Name) -> Option<Observation> {
    let logon = state.logon(call)?;
    match logon.stage {
        Stage::LookUp => Some(Observation::LookUp { call }),
        Stage::AskProfile => Some(Observation::AskProfile { call }),
        Stage::Check => Some(Observation::CheckPassword { call, profile: logon.profile? }),
        Stage::AskPassword => Some(Observation::AskPassword { call, profile: logon.profile? }),
        Stage::Wait
        | Stage::Decide
        | Stage::Pick
        | Stage::Credentials
        | Stage::Build
        | Stage::Start
        | Stage::Done(_) => None,
    }
}

pub(super) fn orders_go_out_on_entry(it: &Transition<'_>) -> bool {
    let calls = it.after().calls.iter();
    let expected = calls.filter_map(|call| match call {
        Call::Logon(logon) => {
            let is_new = it.before.logon(logon.name).is_none_or(|it| it.stage != logon.stage);
            order(it.after(), logon.name).filter(|_| is_new)
        }
        Call::Logoff { name, handle } => {
            let is_new = it.before.call(*name).is_none();
            is_new.then_some(Observation::AskLogoff { call: *name, handle: *handle })
        }
    });
    let seen = it.step.seen.iter().copied().filter(|seen| {
        matches!(
            seen,
            Observation::LookUp { .. }
                | Observation::AskProfile { .. }
                | Observation::CheckPassword { .. }
                | Observation::AskPassword { .. }
                | Observation::AskLogoff { .. }
        )
    });
    let checks_something = it.after().calls.iter().all(|call| match call {
        Call::Logon(logon) if logon.stage == Stage::Check => {
            logon.password != crate::Password::None
        }
        Call::Logon(_) | Call::Logoff { .. } => true,
    });
    seen.eq(expected) && checks_something
}

pub(super) fn stops_go_out_on_draining(it: &Transition<'_>) -> bool {
    let phase = |state: &State, name| state.session(name).map(|it| it.phase);
    let mut expected: Vec<Name> = it
        .after()
        .sessions
        .iter()
        .map(|session| session.name)
        .filter(|name| phase(it.after(), *name) == Some(Phase::Draining))
        .filter(|name| phase(it.before, *name) != Some(Phase::Draining))
        .collect();
    let mut seen: Vec<Name> = it
        .step
        .seen
        .iter()
        .filter_map(|seen| {
            let Observation::StopProviders { session } = seen else { return None };
            Some(*session)
        })
        .collect();
    expected.sort_unstable();
    seen.sort_unstable();
    let ended = it.before.sessions.iter().filter(|it_| it.after().session(it_.name).is_none());
    let taken_back = match it.action {
        Action::ProvidersStarted { session } => {
            phase(it.before, session) != Some(Phase::Abandoned)
                || phase(it.after(), session) == Some(Phase::Draining)
        }
        _ => true,
    };
    let is_over = |session| {
        it.action == Action::ProvidersStopped { session }
            && phase(it.before, session) == Some(Phase::Draining)
    };
    seen == expected && taken_back && ended.into_iter().all(|session| is_over(session.name))
}

/// The start of a session is ordered as it is built, with the dialogs that its logon permits.
pub(super) fn providers_know_their_dialogs(it: &Transition<'_>) -> bool {
    let expected = it.new_sessions().filter_map(|session| {
        let logon = it.before.logon(session.name)?;
        let is_service = is_service(it.scope, it.before, logon);
        let may = |flag| Permission::from(wants(it.scope, logon, flag) && !is_service);
        let dialogs =
            Dialogs { providers: may(flag::LOGON_UI), services: may(flag::SERVICE_UI_ALWAYS) };
        Some((session.name, session.profile, dialogs))
    });
    let seen = it.step.seen.iter().filter_map(|seen| {
        let Observation::StartProviders { session, profile, dialogs, .. } = *seen else {
            return None;
        };
        Some((session, profile, dialogs))
    });
    seen.eq(expected)
}

pub(super) fn prompts_close(it: &Transition<'_>) -> bool {
    let is_open = |state: &State, call: &Call| match call {
        Call::Logoff { name, .. } => state.call(*name).is_some(),
        Call::Logon(logon) => state.logon(logon.name).is_some_and(|now| {
            now.stage == logon.stage && matches!(now.stage, Stage::AskProfile | Stage::AskPassword)
        }),
    };
    let is_answered = |name| match it.action {
        Action::Choose { call, .. }
        | Action::EnterPassword { call, .. }
        | Action::Confirm { call, .. } => call == name,
        _ => false,
    };
    let open = it.before.calls.iter().filter(|call| is_open(it.before, call));
    let closed = open.filter(|call| !is_open(it.after(), call) && !is_answered(call.name()));
    let mut expected: Vec<Name> = closed.map(Call::name).collect();
    let mut seen: Vec<Name> = it
        .step
        .seen
        .iter()
        .filter_map(|seen| {
            let Observation::WithdrawPrompt { call } = seen else { return None };
            Some(*call)
        })
        .collect();
    expected.sort_unstable();
    seen.sort_unstable();
    seen == expected
}
