//! Goals that come from the field: `specs/rules/FLD.md` says where each was seen.
//!
//! What a monitor remembers is how far the story is; it is said beside each.

use stateright_exact::{Edge, Monitor};

use crate::{Code, Phase, Protocol, Rule, State, flag, properties::wants};

/// Remembers 1 from when a chooser is cancelled behind which another logon waits, until the next
/// logon after it is answered.
pub(super) fn waits_behind_chooser(_: &Protocol, memory: u8, it: &Edge<'_, Protocol>) -> Monitor {
    match memory {
        0 if it.seen.rule == Rule::CancelChooser && !it.before.queue.is_empty() => Monitor::At(1),
        1 => match it.seen.seen.answers().next() {
            Some((.., Code::Ok, Some(_))) => Monitor::Reached,
            Some((_, _, Code::UserCancel, _)) | None => Monitor::At(1),
            Some(_) => Monitor::At(0),
        },
        memory => Monitor::At(memory),
    }
}

/// A session ends, and nothing is under way any more that anybody began.
pub(super) fn round_is_balanced(_: &Protocol, it: &Edge<'_, Protocol>) -> bool {
    let State { calls, handles, sessions, .. } = it.after;
    it.seen.rule == Rule::EndSession
        && calls.is_empty()
        && handles.is_empty()
        && sessions.is_empty()
}

/// A logon joins while a further session would be refused.
pub(super) fn joins_at_the_limit(world: &Protocol, it: &Edge<'_, Protocol>) -> bool {
    let limit = world.scope.session_limit.map(usize::from);
    it.seen.rule == Rule::Join && limit.is_some_and(|limit| it.before.sessions.len() >= limit)
}

/// Remembers 1 from when a logon that insists on a session of its own opens a second one to others,
/// 2 from when only that can be joined, until somebody does.
pub(super) fn second_takes_over(world: &Protocol, memory: u8, it: &Edge<'_, Protocol>) -> Monitor {
    let shared = || it.after.sessions.iter().filter(|its| its.phase == Phase::Shared);
    let logon = it.action.call().and_then(|call| it.before.logon(call));
    let insists = logon.is_some_and(|logon| wants(&world.scope, logon, flag::NEW_SESSION));
    match (memory, shared().count()) {
        (0, 2) if it.seen.rule == Rule::FinishLogon && insists => Monitor::At(1),
        (1, 2) => Monitor::At(1),
        (1, 1) if it.after.sessions.first().is_some_and(|oldest| oldest.phase == Phase::Shared) => {
            Monitor::At(0)
        }
        (1, 1) => Monitor::At(2),
        (2, 1) if it.seen.rule == Rule::Join => Monitor::Reached,
        (2, 1) => Monitor::At(2),
        (_, _) => Monitor::At(0),
    }
}
