//! What is true of the notifications of sessions (D-31).

use crate::{
    Action, Call, Code, Handle, Inbox, LogoffArgument, LogoffScope, Name, Notification,
    Observation, Phase, State, properties::Transition,
};

fn inbox(state: &State, handle: Name) -> Inbox {
    state.handle(handle).and_then(Handle::inbox).unwrap_or_default()
}

/// The handles for which a notification of this kind is queued in the step, in no order.
fn queued(it: &Transition<'_>, notification: Notification) -> Vec<Name> {
    let seen = it.step.seen.iter().filter_map(|seen| match *seen {
        Observation::QueueNotification { handle, notification: its } if its == notification => {
            Some(handle)
        }
        _ => None,
    });
    let mut handles: Vec<_> = seen.collect();
    handles.sort_unstable();
    handles
}

/// The handles that leave in the step, and the sessions that they leave.
fn leaving(it: &Transition<'_>) -> Vec<(Name, Name)> {
    let live = it.before.handles().filter_map(|(name, handle)| Some((name, handle.session()?)));
    live.filter(|(name, _)| it.after().session_of(*name).is_none()).collect()
}

/// The handles that stay in a session and have registered.
fn listeners(it: &Transition<'_>, session: Name) -> Vec<Name> {
    let stays = |handle: &Name| it.after().session_of(*handle) == Some(session);
    let members = it.before.members(session).filter(stays);
    members.filter(|handle| inbox(it.before, *handle).has_sink()).collect()
}

/// The handle that the step logs off for all, and its session, if it does that in a shared one.
fn asked_to_leave(it: &Transition<'_>) -> Option<(Name, Name)> {
    let (handle, scope) = match it.action {
        Action::Logoff {
            handle, with: LogoffArgument::Shared | LogoffArgument::SharedUi, ..
        } => (handle, LogoffScope::Shared),
        Action::Confirm { call, .. } => match it.before.call(call) {
            Some(Call::Logoff { handle, scope, .. }) => (*handle, *scope),
            Some(Call::Logon(_) | Call::Open(_) | Call::Query(_)) | None => return None,
        },
        _ => return None,
    };
    let session = it.before.session_of(handle)?;
    let is_shared = it.before.session(session).is_some_and(|its| its.phase.is_shared());
    let answers = |code| {
        it.step
            .seen
            .answers()
            .any(|(_, call, its, _)| its == code && (call.is_none() || call == it.action.call()))
    };
    (scope == LogoffScope::Shared && is_shared && answers(Code::Ok)).then_some((handle, session))
}

/// Everybody who stays and has registered hears of each handle that leaves, and of nothing else.
pub(super) fn leaving_is_news(it: &Transition<'_>) -> bool {
    let left = leaving(it).into_iter();
    let mut expected: Vec<_> = left.flat_map(|(_, session)| listeners(it, session)).collect();
    expected.sort_unstable();
    queued(it, Notification::Extended) == expected
}

/// Everybody else who has registered is asked to leave by a logoff for all of a shared session, and
/// by nothing else.
pub(super) fn only_shared_logoffs_ask(it: &Transition<'_>) -> bool {
    let asked = asked_to_leave(it).into_iter().flat_map(|(caller, session)| {
        listeners(it, session).into_iter().filter(move |handle| *handle != caller)
    });
    queued(it, Notification::Critical) == asked.collect::<Vec<_>>()
}

/// Who logs off is not told of it, neither by the one notification nor by the other.
pub(super) fn nobody_hears_of_its_own_logoff(it: &Transition<'_>) -> bool {
    let own = match it.action {
        Action::Logoff { handle, .. } | Action::Release { handle, .. } => Some(handle),
        Action::Confirm { call, .. } => match it.before.call(call) {
            Some(Call::Logoff { handle, .. }) => Some(*handle),
            Some(Call::Logon(_) | Call::Open(_) | Call::Query(_)) | None => None,
        },
        _ => None,
    };
    let hears =
        |notification| queued(it, notification).into_iter().any(|handle| Some(handle) == own);
    !hears(Notification::Critical) && !hears(Notification::Extended)
}

/// A logoff for all closes the session for as long as it is in use, and a closed one gets no
/// further handle.
pub(super) fn closed_sessions_get_no_handle(it: &Transition<'_>) -> bool {
    it.after().sessions.iter().all(|after| {
        let was = it.before.session(after.name).map(|its| its.phase);
        let is_closed = was == Some(Phase::Closing)
            || asked_to_leave(it).is_some_and(|(_, session)| session == after.name);
        let is_member = |handle: Name| it.before.session_of(handle) == Some(after.name);
        let is_entered = it.after().members(after.name).any(|handle| !is_member(handle));
        let stays_closed = matches!(after.phase, Phase::Closing | Phase::Draining);
        match is_closed {
            true => stays_closed && !is_entered,
            false => after.phase != Phase::Closing,
        }
    })
}

/// A change of the default store is queued once for each handle that has registered and has heard
/// of none since it was last handed over.
pub(super) fn new_defaults_are_news(it: &Transition<'_>) -> bool {
    let mut expected = Vec::new();
    for before in it.before.sessions.iter().filter(|its| its.phase.is_active()) {
        let after = it.after().session(before.name);
        if after.is_some_and(|after| after.default_store != before.default_store) {
            expected.extend(listeners(it, before.name));
        }
    }
    expected.retain(|handle| inbox(it.before, *handle).count(Notification::Table) == 0);
    expected.sort_unstable();
    queued(it, Notification::Table) == expected
}

/// Whoever has left hears no more: nothing is queued for it, and nothing is handed to it.
pub(super) fn who_has_left_hears_nothing(it: &Transition<'_>) -> bool {
    it.step.seen.iter().all(|seen| match *seen {
        Observation::QueueNotification { handle, .. } => it.after().session_of(handle).is_some(),
        Observation::HandNotification { handle, .. } => it.before.session_of(handle).is_some(),
        _ => true,
    })
}

/// What is queued is handed over, once, and nothing else is.
pub(super) fn inboxes_are_balanced(it: &Transition<'_>) -> bool {
    let handed: Vec<_> = it
        .step
        .seen
        .iter()
        .filter_map(|seen| match *seen {
            Observation::HandNotification { handle, notification } => Some((handle, notification)),
            _ => None,
        })
        .collect();
    let due = match it.action {
        Action::Deliver { handle, notification }
            if inbox(it.before, handle).count(notification) > 0 =>
        {
            Some((handle, notification))
        }
        _ => None,
    };
    let is_balanced = |handle: Name| {
        Notification::ALL.into_iter().all(|notification| {
            let is_it = |its: &&(Name, Notification)| **its == (handle, notification);
            let gone = handed.iter().filter(is_it).count();
            let new = queued(it, notification).into_iter().filter(|name| *name == handle).count();
            let was = usize::from(inbox(it.before, handle).count(notification));
            was + new == usize::from(inbox(it.after(), handle).count(notification)) + gone
        })
    };
    let live = it.after().handles().filter(|(_, handle)| handle.session().is_some());
    handed.iter().copied().eq(due) && live.map(|(name, _)| name).all(is_balanced)
}

/// A handle is registered from an `Advise` that succeeds to an `Unadvise`, and both do succeed.
pub(super) fn registrations_last(it: &Transition<'_>) -> bool {
    let wanted = match it.action {
        Action::Advise { client, handle } => Some((client, handle, true)),
        Action::Unadvise { client, handle } => Some((client, handle, false)),
        _ => None,
    };
    let wanted = wanted.filter(|(client, handle, _)| {
        it.before.clients[client.index()].count > 0
            && handle.client() == *client
            && it.before.has_replied(*handle)
            && it.before.session_of(*handle).is_some()
    });
    let told = it.step.seen.answers().map(|(_, call, code, _)| (call, code));
    let succeeds = wanted.is_none() || told.eq([(None, Code::Ok)]);
    let mut live = it.after().handles().filter(|(_, handle)| handle.session().is_some());
    succeeds
        && live.all(|(name, _)| {
            let was = inbox(it.before, name).has_sink();
            let expected = match wanted {
                Some((_, handle, registered)) if handle == name => registered,
                Some(_) | None => was,
            };
            inbox(it.after(), name).has_sink() == expected
        })
}
