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
use serde_json::json;

use crate::{
    walk::{offered, retrace},
    world::{Plan, request},
};

/// A step, and the earlier ones that began what it is about.
#[derive(Clone)]
struct Told {
    place: usize,
    action: Action,
    began: Vec<Began>,
}

/// What the action calls something, and the step that began it.
#[derive(Clone, Copy)]
struct Began {
    field: &'static str,
    place: usize,
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
            let (fewer, actions) = retold(&world, plan.start, others.cloned());
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
    // What has happened before the start would be something else with other flags.
    let history = &plan.scope.starts[plan.start].history;
    let is_fixed = |place| {
        let asks = |action: &Action| {
            let Action::Logon { request, .. } = action else { return false };
            request.index() == place
        };
        history.iter().any(asks)
    };
    let free: Vec<usize> = (0..plan.scope.requests.len()).filter(|it| !is_fixed(*it)).collect();
    for place in free {
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
        let about = names(*action).filter_map(|(field, name)| {
            let place = *began.get(&name)?;
            Some(Began { field, place })
        });
        told.push(Told { place, action: *action, began: about.collect() });
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
        let new_names = it.began.iter().map(|it| Some((it.field, *names.get(&it.place)?)));
        let Some(new_names) = new_names.collect::<Option<Vec<_>>>() else { continue };
        let action = renamed(it.action, &new_names);
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

/// What an action is about, by the fields in which it says so.
fn names(action: Action) -> impl Iterator<Item = (&'static str, Name)> {
    let fields = [
        ("call", action.call()),
        ("session", action.call()),
        ("handle", action.handle()),
        ("inside", action.inside()),
    ];
    fields.into_iter().filter_map(|(field, name)| Some((field, name?)))
}

/// The same about something else. An action as data has the fields that it has.
fn renamed(action: Action, names: &[(&str, Name)]) -> Action {
    let mut data = json!(action);
    let fields = data.as_object_mut().and_then(|data| data.values_mut().next());
    if let Some(fields) = fields {
        for (field, name) in names {
            if let Some(place) = fields.get_mut(*field) {
                *place = json!(name);
            }
        }
    }
    serde_json::from_value(data).expect("it is the action that it was, about something else")
}
