//! What is true of orders to the outside, of their answers, and of calls that end without one.

use super::shutdown;
use crate::{
    Action, Call, Code, Entry, EntryDialogs, Fast, Handle, Name, Observation, Permission, Phase,
    Series, SeriesStage, Stage, State, Status, flag,
    properties::{Transition, is_service, wants},
};

/// Whether a call goes on by itself.
fn is_turn(it: &Transition<'_>, call: Name) -> bool {
    match it.before.logon(call).map(|logon| logon.stage) {
        Some(Stage::Wait) => it.before.mutex.is_none() && it.before.queue.first() == Some(call),
        Some(
            Stage::Decide | Stage::Pick | Stage::Credentials(_) | Stage::Finish | Stage::Done(_),
        ) => true,
        Some(_) => false,
        None => it.before.open(call).is_some_and(|open| it.before.is_due(open)),
    }
}

/// Whether somebody waits for what the action brings.
fn is_awaited(it: &Transition<'_>) -> bool {
    let stage = it.logon().map(|logon| logon.stage);
    let series = |stage| {
        let waits = |series: Series| Some(series.stage) == stage;
        it.action.call().and_then(|call| it.before.series_of(call)).filter(|it| waits(*it))
    };
    match it.action {
        Action::Continue { call } => is_turn(it, call),
        Action::LookedUp { .. } => stage == Some(Stage::LookUp),
        Action::Choose { .. } => stage == Some(Stage::AskProfile),
        Action::Checked { .. } => stage == Some(Stage::Check),
        Action::EnterPassword { .. } => stage == Some(Stage::AskPassword),
        Action::Timeout { .. } => stage == Some(Stage::Wait),
        Action::Voted { call, .. } => it.before.query(call).is_some(),
        Action::Deadline { call } | Action::Withdraw { call } => it.before.call(call).is_some(),
        Action::Confirm { call, .. } => {
            matches!(it.before.call(call), Some(Call::Logoff { .. }))
        }
        Action::ServicesRead { .. } => stage == Some(Stage::Build),
        Action::EntryReturned { entry: Entry::Show(service), .. } => {
            stage == Some(Stage::Show(service))
        }
        Action::EntryReturned { entry: Entry::Repair(provider), .. } => {
            series(Some(SeriesStage::Entry)).is_some_and(|series| series.provider == provider)
        }
        Action::RetryAnswered { provider, .. } => {
            series(Some(SeriesStage::Inform)).is_some_and(|series| series.provider == provider)
        }
        Action::ProviderAnswered { session, provider, .. } => {
            let series = it.before.series_on(session, provider);
            it.before.status(session, provider) == Some(Status::Late)
                || series.is_some_and(|series| series.stage.is_attempt())
        }
        Action::ProviderLoggedOff { session, provider } => {
            it.before.status(session, provider) == Some(Status::LoggingOff)
        }
        Action::ProviderShutDown { session, provider } => {
            it.before.status(session, provider) == Some(Status::ShuttingDown)
        }
        Action::TransportConfigured { session, provider, .. } => {
            let series = it.before.series_on(session, provider);
            series.is_some_and(|it| it.call.is_none() && it.stage == SeriesStage::Entry)
        }
        Action::Deliver { handle, notification } => {
            let inbox = it.before.handle(handle).and_then(Handle::inbox);
            inbox.is_some_and(|inbox| inbox.count(notification) > 0)
        }
        Action::SessionClosed { session } => it.before.session(session).is_some_and(|session| {
            session.phase == Phase::Draining && session.providers.are_over()
        }),
        Action::Initialize { .. }
        | Action::Uninitialize { .. }
        | Action::Logon { .. }
        | Action::Logoff { .. }
        | Action::Release { .. }
        | Action::Crash { .. }
        | Action::Open { .. }
        | Action::Use { .. }
        | Action::StoreLogoff { .. }
        | Action::Demand { .. }
        | Action::SetDefaultStore { .. }
        | Action::Advise { .. }
        | Action::Unadvise { .. }
        | Action::Administer { .. }
        | Action::AdminServices { .. }
        | Action::FastShutdown { .. } => true,
    }
}

pub(super) fn stray_answers_do_nothing(it: &Transition<'_>) -> bool {
    is_awaited(it) || it.is_unnoticed()
}

/// A refusal in the step of the call itself, but for a consent to a fast shutdown, which the call
/// takes back (D-19); one that a call has waited for ends that call.
pub(super) fn refusals_change_nothing(it: &Transition<'_>) -> bool {
    let refused =
        it.step.seen.answers().any(|(_, call, code, _)| call.is_none() && !code.is_success());
    let query = it.before.query_of(it.action.client()).filter(|_| shutdown::takes_back(it));
    let mut expected = *it.before;
    if shutdown::takes_back(it) {
        expected.clients[it.action.client().index()].fast = Fast::None;
        expected.calls.retain(|call| Some(call.name()) != query.map(|query| query.name));
    }
    let told = 1 + usize::from(query.is_some());
    !refused || (expected == *it.after() && it.step.seen.len() == told)
}

pub(super) fn withdrawals_leave_nothing(it: &Transition<'_>) -> bool {
    let Action::Withdraw { call } = it.action else { return true };
    if it.before.call(call).is_none() {
        return true;
    }
    let expected = |name: Name| {
        it.before.session(name).map(|session| match session.phase {
            Phase::Building if name == call => Phase::Draining,
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
        // What becomes of an open call and of a series is said by their own properties.
        Some(Call::Open(_) | Call::Query(_)) => return it.after().call(call).is_none(),
        Some(Call::Logon(logon)) => match logon.stage {
            Stage::Wait if !is_next => Stage::Done(Code::Timeout),
            Stage::AskProfile | Stage::AskPassword => Stage::Done(Code::UserCancel),
            Stage::Show(_) | Stage::Series(..) => return it.logon_after() != it.logon(),
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
        Stage::Build => Some(Observation::ReadServices { call, profile: logon.profile? }),
        Stage::Wait
        | Stage::Decide
        | Stage::Pick
        | Stage::Credentials(_)
        | Stage::Show(_)
        | Stage::Series(..)
        | Stage::Finish
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
        Call::Logoff { name, handle, .. } => {
            let is_new = it.before.call(*name).is_none();
            is_new.then_some(Observation::AskLogoff { call: *name, handle: *handle })
        }
        Call::Open(_) | Call::Query(_) => None,
    });
    let seen = it.step.seen.iter().copied().filter(|seen| {
        matches!(
            seen,
            Observation::LookUp { .. }
                | Observation::AskProfile { .. }
                | Observation::CheckPassword { .. }
                | Observation::AskPassword { .. }
                | Observation::AskLogoff { .. }
                | Observation::ReadServices { .. }
        )
    });
    let checks_something = it.after().calls.iter().all(|call| match call {
        Call::Logon(logon) if logon.stage == Stage::Check => {
            logon.password != crate::Password::None
        }
        Call::Logon(_) | Call::Logoff { .. } | Call::Open(_) | Call::Query(_) => true,
    });
    seen.eq(expected) && checks_something
}

/// What a series orders when it enters a stage, with the dialogs that its caller permits.
fn series_order(it: &Transition<'_>, series: Series) -> Option<Observation> {
    let Series { call, session, provider, stage } = series;
    let Some(call) = call else { return spooler_order(series) };
    let logon = it.after().logon(call);
    let may = |flag| {
        let permits =
            |logon| wants(it.scope, logon, flag) && !is_service(it.scope, it.after(), logon);
        Permission::from(logon.is_some_and(permits))
    };
    let dialogs = match it.after().open(call) {
        Some(open) => open.dialogs,
        None => may(flag::LOGON_UI),
    };
    Some(match stage {
        SeriesStage::First | SeriesStage::Second => {
            Observation::LogOnProvider { call, session, provider, attempt: stage, dialogs }
        }
        SeriesStage::Entry => {
            let dialogs = EntryDialogs { allowed: dialogs, always: may(flag::SERVICE_UI_ALWAYS) };
            Observation::CallEntry { call, session, entry: Entry::Repair(provider), dialogs }
        }
        SeriesStage::Inform => {
            let correction = Permission::from(it.has_entry(session, provider));
            Observation::AskRetry { call, session, provider, correction }
        }
    })
}

/// What a series of the spooler orders: nothing that shows a dialog (D-30).
const fn spooler_order(series: Series) -> Option<Observation> {
    let Series { session, provider, stage, .. } = series;
    match stage {
        SeriesStage::First | SeriesStage::Second => {
            Some(Observation::LogOnTransport { session, provider, attempt: stage })
        }
        SeriesStage::Entry => Some(Observation::ConfigureTransport { session, provider }),
        SeriesStage::Inform => None,
    }
}

/// A series orders what its stage is about when it enters it, and only then; so does a service
/// that shows its configuration.
pub(super) fn series_orders_go_out(it: &Transition<'_>) -> bool {
    let is_new = |series: &Series| it.before.series_by_same(*series) != Some(*series);
    let entered = it.after().series().filter(is_new);
    let mut expected: Vec<_> = entered.filter_map(|series| series_order(it, series)).collect();
    for call in it.after().calls.iter().filter_map(|call| it.after().logon(call.name())) {
        let was = it.before.logon(call.name).map(|logon| logon.stage);
        if let (Stage::Show(service), true) = (call.stage, was != Some(call.stage)) {
            let may_ask =
                wants(it.scope, call, flag::LOGON_UI) && !is_service(it.scope, it.after(), call);
            let dialogs =
                EntryDialogs { allowed: Permission::from(may_ask), always: Permission::Granted };
            let (call, session, entry) = (call.name, call.name, Entry::Show(service));
            expected.push(Observation::CallEntry { call, session, entry, dialogs });
        }
    }
    let seen = it.step.seen.iter().filter(|seen| {
        matches!(
            seen,
            Observation::LogOnProvider { .. }
                | Observation::CallEntry { .. }
                | Observation::AskRetry { .. }
                | Observation::LogOnTransport { .. }
                | Observation::ConfigureTransport { .. }
        )
    });
    seen.copied().eq(expected)
}

pub(super) fn prompts_close(it: &Transition<'_>) -> bool {
    let is_open = |state: &State, call: &Call| match call {
        Call::Logoff { name, .. } => state.call(*name).is_some(),
        Call::Logon(logon) => state.logon(logon.name).is_some_and(|now| {
            let is_prompt = match now.stage {
                Stage::AskProfile | Stage::AskPassword => true,
                Stage::Series(_, stage) => stage == SeriesStage::Inform,
                _ => false,
            };
            now.stage == logon.stage && is_prompt
        }),
        Call::Open(open) => {
            open.stage == Some(SeriesStage::Inform) && state.open(open.name) == Some(open)
        }
        Call::Query(_) => false,
    };
    let is_answered = |name| match it.action {
        Action::Choose { call, .. }
        | Action::EnterPassword { call, .. }
        | Action::RetryAnswered { call, .. }
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
