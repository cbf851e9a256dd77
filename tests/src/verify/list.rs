//! `verify list`: what there is.

use mapi_session_model::{
    Fault,
    properties::{INVARIANTS, STEPS, goals},
};
use serde::Serialize;

use super::{
    headline,
    output::grouped,
    pins::Pins,
    search::one_line,
    work::{Unusable, Work},
};

/// What there is.
#[derive(Debug, Serialize)]
struct List {
    scopes: Vec<Scope>,
    properties: Vec<String>,
    goals: Vec<String>,
    faults: usize,
}

#[derive(Debug, Serialize)]
struct Scope {
    name: String,
    purpose: String,
    states: Option<u64>,
}

/// Lists scopes, properties, goals, and how many faults there are.
///
/// # Errors
///
/// If a scope cannot be loaded.
pub fn list(work: &Work) -> Result<u8, Unusable> {
    let scopes = work.specs.all()?.into_iter().map(|it| Scope {
        states: work.pinned_states(&it),
        purpose: one_line(&it.scope.purpose),
        name: it.scope.name,
    });
    let invariants = INVARIANTS.iter().map(|it| it.name);
    let mut properties: Vec<_> = invariants.chain(STEPS.iter().map(|it| it.name)).collect();
    properties.sort_by_key(|name| headline::place(headline::id(name)));
    let mut properties: Vec<_> = properties.into_iter().map(str::to_owned).collect();
    properties.push("REST: every state can reach rest".to_owned());
    let list = List {
        scopes: scopes.collect(),
        properties,
        goals: goals().into_iter().map(|it| it.name.into_owned()).collect(),
        faults: Fault::all().len(),
    };
    work.output.object(&list);
    work.output.say(told(&work.pins, &list));
    Ok(0)
}

fn told(pins: &Pins, list: &List) -> String {
    let mut lines = vec!["Scopes (cargo verify check SCOPE):".to_owned()];
    for scope in &list.scopes {
        let states = scope.states.map(|it| format!(" ({} states)", grouped(it)));
        let states = states.unwrap_or_default();
        lines.push(format!("  {}{states}: {}", scope.name, scope.purpose));
    }
    lines.push("\nProperties, true in every state or of every step:".to_owned());
    for name in &list.properties {
        let note = pins.unviolated.get(headline::id(name));
        let note = note.map(|it| format!(" [{it}]")).unwrap_or_default();
        lines.push(format!("  {name}{note}"));
    }
    lines.push("\nGoals, each reached in some scope:".to_owned());
    lines.extend(list.goals.iter().map(|name| format!("  {name}")));
    lines.push(format!("\n{} faults (cargo verify faults lists them)", list.faults));
    lines.join("\n")
}
