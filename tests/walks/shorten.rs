//! Leaves out of a story what it does not need, until each single step is needed.
//!
//! It works on what happened, not on the choices that led there: a choice left out would change
//! what all later ones mean.
//!
//! A step is told by what it is about: the call, handle or session that an earlier step began.
//! Without that step it makes no sense and goes too; what others began keeps its steps even if it
//! bears another name now.

use std::collections::BTreeMap;

use mapi_session_model::{Action, Fault, Name, Protocol, Request, flag};

use crate::{
    walk::{offered, retrace},
    world::{Plan, request},
};

/// A step, and the earlier one that began what it is about, if any did.
#[derive(Clone, Copy)]
struct Told {
    place: usize,
    action: Action,
    began: Option<usize>,
}

/// The steps and flags without which nothing would go wrong.
pub(crate) fn shorten(
    plan: &Plan,
    fault: Option<Fault>,
    actions: &[Action],
) -> (Plan, Vec<Action>) {
    let actions = fewer_steps(plan, fault, actions);
    let plan = fewer_flags(plan, fault, &actions);
    (plan, actions)
}

fn fewer_steps(plan: &Plan, fault: Option<Fault>, actions: &[Action]) -> Vec<Action> {
    let world = Protocol { scope: plan.scope.clone(), fault };
    let mut told = relate(&world, plan.start, actions);
    loop {
        let before = told.len();
        for place in (0..before).rev() {
            let others = told.iter().take(place).chain(told.iter().skip(place + 1));
            let (fewer, actions) = retold(&world, plan.start, others.copied());
            if retrace(plan, fault, &actions).1.is_err() {
                told = fewer;
            }
        }
        // What went may have been what something else was needed for.
        if told.len() == before {
            let (_, actions) = retold(&world, plan.start, told.into_iter());
            return retrace(plan, fault, &actions).0;
        }
    }
}

fn fewer_flags(plan: &Plan, fault: Option<Fault>, actions: &[Action]) -> Plan {
    let mut plan = plan.clone();
    for place in 0..plan.scope.requests.len() {
        for (_, bit) in flag::NAMES {
            let mut simpler = plan.clone();
            let Request { flags, profile, password, .. } = simpler.scope.requests[place];
            simpler.scope.requests[place] = request(flags & !bit, profile, password);
            if flags & bit != 0 && retrace(&simpler, fault, actions).1.is_err() {
                plan = simpler;
            }
        }
    }
    plan
}

/// What each action is about.
fn relate(world: &Protocol, start: usize, actions: &[Action]) -> Vec<Told> {
    let mut state = world.scope.starts[start].state;
    let mut began = BTreeMap::new();
    let mut told = Vec::new();
    for (place, action) in actions.iter().enumerate() {
        let about = name(*action).and_then(|name| began.get(&name).copied());
        told.push(Told { place, action: *action, began: about });
        let new = state.free_name(action.client());
        state = world.next(&state, *action).after;
        if let Some(new) = new.filter(|new| state.is_taken(*new)) {
            began.insert(new, place);
        }
    }
    told
}

/// Those of the steps that can be taken when only these are, and what they are then: things may
/// bear other names.
fn retold(
    world: &Protocol,
    start: usize,
    told: impl Iterator<Item = Told>,
) -> (Vec<Told>, Vec<Action>) {
    let mut state = world.scope.starts[start].state;
    let mut names = BTreeMap::new();
    let (mut kept, mut actions) = (Vec::new(), Vec::new());
    for it in told {
        let action = match it.began.map(|place| names.get(&place)) {
            Some(None) => continue,
            Some(Some(name)) => renamed(it.action, *name),
            None => it.action,
        };
        if !offered(world, &state).contains(&action) {
            continue;
        }
        let new = state.free_name(action.client());
        state = world.next(&state, action).after;
        if let Some(new) = new.filter(|new| state.is_taken(*new)) {
            names.insert(it.place, new);
        }
        kept.push(it);
        actions.push(action);
    }
    (kept, actions)
}

/// What an action is about.
const fn name(action: Action) -> Option<Name> {
    match action {
        Action::Logoff { handle, .. } | Action::Release { handle, .. } => Some(handle),
        Action::Logon { inside, .. } => inside,
        Action::Initialize { .. }
        | Action::Uninitialize { .. }
        | Action::Crash { .. }
        | Action::Withdraw { .. }
        | Action::Deadline { .. }
        | Action::Timeout { .. }
        | Action::Continue { .. }
        | Action::LookedUp { .. }
        | Action::Choose { .. }
        | Action::Checked { .. }
        | Action::EnterPassword { .. }
        | Action::Confirm { .. }
        | Action::ProvidersStarted { .. }
        | Action::ProvidersStopped { .. } => action.call(),
    }
}

/// The same about something else.
const fn renamed(action: Action, call: Name) -> Action {
    match action {
        Action::Logoff { client, with, .. } => Action::Logoff { client, handle: call, with },
        Action::Release { client, .. } => Action::Release { client, handle: call },
        Action::Logon { client, request, .. } => {
            Action::Logon { client, request, inside: Some(call) }
        }
        Action::Withdraw { .. } => Action::Withdraw { call },
        Action::Deadline { .. } => Action::Deadline { call },
        Action::Timeout { .. } => Action::Timeout { call },
        Action::Continue { .. } => Action::Continue { call },
        Action::LookedUp { .. } => Action::LookedUp { call },
        Action::Choose { answer, .. } => Action::Choose { call, answer },
        Action::Checked { .. } => Action::Checked { call },
        Action::EnterPassword { answer, .. } => Action::EnterPassword { call, answer },
        Action::Confirm { answer, .. } => Action::Confirm { call, answer },
        Action::ProvidersStarted { .. } => Action::ProvidersStarted { session: call },
        Action::ProvidersStopped { .. } => Action::ProvidersStopped { session: call },
        Action::Initialize { .. } | Action::Uninitialize { .. } | Action::Crash { .. } => action,
    }
}
