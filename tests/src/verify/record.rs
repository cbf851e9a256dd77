//! `verify record`: the shortest trace to a goal, or to the violation of a property.

use mapi_session_model::{
    Fault, Protocol,
    properties::{self, INVARIANTS, STEPS},
};
use serde_json::Value;
use stateright_exact::{Checks, Limits, Stop, Trace, Verdict, explore};

use super::{
    finding::Wrong,
    headline,
    search::start_of,
    work::{Unusable, Work, follow, write_file},
};
use crate::{
    scopes::Located,
    trace::{self, Kind, Recorded},
};

/// What a trace is to show.
struct Wanted {
    /// The property, by name.
    name: String,
    kind: Kind,
}

/// Records a trace, and writes it to a file or says it.
///
/// # Errors
///
/// If there is no such property or scope, or no such trace.
pub fn record(
    work: &Work,
    property: &str,
    scope: Option<&str>,
    fault: Option<Fault>,
) -> Result<u8, Unusable> {
    let wanted = find(work, property)?;
    let id = headline::id(&wanted.name);
    let (scope, fault) = match wanted.kind {
        Kind::Goal => {
            let nearest = work.pins.coverage.nearest(id).map(|(scope, _)| scope.to_owned());
            (scope.map(str::to_owned).or(nearest), fault)
        }
        Kind::Counterexample | Kind::Lasso | Kind::Divergence => {
            let pinned = soonest(work, id, fault);
            let in_pinned = pinned.as_ref().map(|(_, scope)| scope.clone());
            let fault = fault.or(pinned.map(|(fault, _)| fault));
            (scope.map(str::to_owned).or(in_pinned), fault)
        }
    };
    if fault.is_none() && wanted.kind != Kind::Goal {
        let what = format!("nothing is known to violate {id}; name a --fault that does");
        return Err(Unusable::Nothing(what));
    }
    let Some(scope) = scope else {
        let what = format!("it is not known which scope shows {id}; name one with --scope");
        return Err(Unusable::Nothing(what));
    };
    let located = work.specs.load(&scope)?;
    let recorded = match shortest(work, &located, &wanted, fault)? {
        Ok(recorded) => recorded,
        Err(why) => {
            work.output.complain(&format!("{scope}: {why}"));
            return Ok(Wrong::Inconclusive.code());
        }
    };
    let text = text(&recorded, &located)?;
    match &work.out {
        Some(file) => {
            write_file(file, &text)?;
            let steps = recorded.actions.len();
            work.output.say(format!("{}: {steps} steps", file.display()));
        }
        None => work.output.say(text.trim_end()),
    }
    let value: Value = serde_json::from_str(&text).unwrap_or_default();
    work.output.object(&value);
    Ok(0)
}

/// The trace as a file has it.
///
/// # Errors
///
/// If it does not happen after all.
pub fn text(recorded: &Recorded, located: &Located) -> Result<String, Unusable> {
    recorded.to_itf(&located.scope).map_err(|failure| Unusable::Nothing(failure.to_string()))
}

/// The goal or property that bears this id.
fn find(work: &Work, id: &str) -> Result<Wanted, Unusable> {
    let bears = |name: &str| headline::id(name) == id || name == id;
    if let Some(goal) = properties::goals().into_iter().find(|it| bears(&it.name)) {
        return Ok(Wanted { name: goal.name.into_owned(), kind: Kind::Goal });
    }
    let names = INVARIANTS.iter().map(|it| it.name).chain(STEPS.iter().map(|it| it.name));
    let mut names = names.map(str::to_owned).chain(rest_name(work));
    match names.find(|name| bears(name)) {
        Some(name) => Ok(Wanted { name, kind: Kind::Counterexample }),
        None => Err(Unusable::UnknownProperty { id: id.to_owned() }),
    }
}

/// What rest is called; it is the same in every scope.
fn rest_name(work: &Work) -> Option<String> {
    let name = work.specs.names().ok()?.into_iter().next()?;
    let located = work.specs.load(&name).ok()?;
    properties::checks(&located.scope, |_| false).rest.map(|rest| rest.name.into_owned())
}

/// The fault that shows a property violated, and the scope: the chosen one, or the one that the
/// property is pinned to notice soonest.
fn soonest(work: &Work, id: &str, fault: Option<Fault>) -> Option<(Fault, String)> {
    let pins = work.pins.faults.iter().filter_map(|pin| {
        let noticed = pin.noticed.as_ref()?;
        let known = Fault::parse(&pin.fault)?;
        let is_meant = match fault {
            Some(fault) => known == fault,
            None => noticed.property == id,
        };
        is_meant.then(|| (noticed.length, known, noticed.scope.clone()))
    });
    let chosen = work.pins.chosen.get(id).filter(|it| fault.is_none_or(|fault| fault == it.fault));
    chosen.map(|it| (it.fault, it.scope.clone())).or_else(|| {
        let pinned = pins.min_by_key(|(length, ..)| length.unwrap_or(u64::MAX));
        pinned.map(|(_, fault, scope)| (fault, scope))
    })
}

/// The shortest trace on which a property is violated by a fault.
///
/// # Errors
///
/// If there is none, or it is not known.
pub fn counterexample(
    work: &Work,
    located: &Located,
    property: &str,
    fault: Fault,
) -> Result<Recorded, Unusable> {
    let wanted = Wanted { name: property.to_owned(), kind: Kind::Counterexample };
    let recorded = shortest(work, located, &wanted, Some(fault))?;
    recorded.map_err(|why| Unusable::Nothing(format!("{property}: {why}")))
}

/// Where the counterexample of a property is committed, from `specs/` on.
pub fn counterexample_file(id: &str) -> String {
    format!("traces/counterexamples/{id}.itf.json")
}

/// Where another counterexample of a property is committed, from `specs/` on.
pub fn breaker_file(id: &str, fault: Fault) -> String {
    format!("traces/counterexamples/{id}/{fault}.itf.json")
}

/// The shortest trace in one scope; or why it is not known.
fn shortest(
    work: &Work,
    located: &Located,
    wanted: &Wanted,
    fault: Option<Fault>,
) -> Result<Result<Recorded, String>, Unusable> {
    let world = Protocol { scope: located.scope.clone(), fault };
    let checks = only(&world, &wanted.name);
    let limits = Limits { stop: Stop::AtFirstViolation, ..work.limits };
    let bar = work.output.bar(format!("search {}", world.scope.name), work.pinned_states(located));
    let report = explore(&world, &checks, &limits, &mut follow(&bar));
    bar.finish_and_clear();
    let outcome = report.property(&wanted.name).map(|it| &it.outcome);
    if let Some(trace) = outcome.and_then(|it| it.trace()) {
        return made(&world, trace, wanted).map(Ok);
    }
    match (&report.verdict, outcome.is_some_and(|it| it.is_undecided())) {
        (Verdict::Inconclusive(why), true) => Ok(Err(why.to_string())),
        (Verdict::Inconclusive(_) | Verdict::Holds | Verdict::Violated, _) => {
            let fault = fault.map(|it| format!(" with {it}")).unwrap_or_default();
            let scope = &world.scope.name;
            let what = format!("{scope}{fault}: no trace shows {}", wanted.name);
            Err(Unusable::Nothing(what))
        }
    }
}

/// The checks of one property alone.
fn only(world: &Protocol, name: &str) -> Checks<Protocol> {
    let mut checks = properties::checks(&world.scope, |goal| goal.name == name);
    checks.invariants.retain(|it| it.name == name);
    checks.steps.retain(|it| it.name == name);
    checks.rest = checks.rest.filter(|it| it.name == name);
    checks
}

fn made(world: &Protocol, trace: &Trace<Protocol>, wanted: &Wanted) -> Result<Recorded, Unusable> {
    let actions = trace.actions().copied().collect();
    let start = start_of(&world.scope, trace);
    trace::record(&world.scope, start, actions, wanted.kind, &wanted.name, world.fault)
        .map_err(|failure| Unusable::Nothing(failure.to_string()))
}
