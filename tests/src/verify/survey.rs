//! One walk through a sound scope that looks for all faults at once.
//!
//! A faulty model is the sound one up to the first step that differs, so the shortest trace to
//! that step, and the property that is false of it, can be found without walking every faulty model
//! by itself. What is false only later needs a search of its own; `hunt` does those.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use mapi_session_model::{
    Action, Fault, Protocol, Row, Rule, State, Step,
    properties::{INVARIANTS, STEPS, Transition},
    rule::TABLE,
};
use stateright_exact::{Checks, Edge, Goal, Trace, Verdict, Why, explore};

use super::{
    search::start_of,
    work::{Work, follow},
};
use crate::scopes::Located;

/// What a walk found of one fault.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The fault.
    pub fault: Fault,
    /// Whether any step follows another rule, or differs.
    pub shows: bool,
    /// The shortest trace to a step that differs.
    pub parts: Option<Way>,
    /// The shortest trace to a step that differs and of which a property is false.
    pub caught: Option<Caught>,
}

/// How to get to a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// The start of the scope, by place.
    pub start: usize,
    /// What happens.
    pub actions: Vec<Action>,
}

/// A property that is false of a faulty step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caught {
    /// Every property that is false of it, by name; those of states first.
    pub properties: Vec<&'static str>,
    /// How to get there.
    pub way: Way,
}

impl Seen {
    /// Whether no shorter trace can lead to a violation: the very first difference is one.
    pub fn is_caught_at_once(&self) -> bool {
        match (&self.parts, &self.caught) {
            (Some(parts), Some(caught)) => caught.way.actions.len() <= parts.actions.len(),
            (None, _) | (_, None) => false,
        }
    }
}

/// Walks a sound scope and looks for these faults.
///
/// # Errors
///
/// Why the walk did not come to its end.
pub fn survey(work: &Work, located: &Located, faults: &[Fault]) -> Result<Vec<Seen>, Why> {
    let world = Protocol::sound(located.scope.clone());
    let shows: Vec<_> = faults.iter().map(|_| Arc::new(AtomicBool::new(false))).collect();
    let mut checks = Checks::new();
    for (fault, shows) in faults.iter().zip(&shows) {
        let (differs, also_differs) = (Differs::new(&world, *fault), Differs::new(&world, *fault));
        let shows = Arc::clone(shows);
        let events = || differs_at(*fault).map(|rule| rule as usize);
        checks = checks
            .step_at("it does not part", events(), move |_, edge| !differs.parts(edge, &shows))
            .step_at("it is not caught", events(), move |_, edge| !also_differs.is_caught(edge));
    }
    // The walk is not judged by what it is for; a goal makes its verdict one of completeness.
    checks = checks.goal(Goal::state("it begins", |_, _| true));
    let bar =
        work.output.bar(format!("faults in {}", world.scope.name), work.pinned_states(located));
    let report = explore(&world, &checks, &work.limits, &mut follow(&bar));
    bar.finish_and_clear();
    if let Verdict::Inconclusive(why) = report.verdict {
        return Err(why);
    }
    if report.properties.iter().any(|it| it.outcome.is_undecided()) {
        return Err(Why::Unfinished(format!("after {} states", report.counts.states)));
    }
    let found = report.properties.chunks(2).zip(faults.iter().zip(shows));
    Ok(found
        .map(|(found, (fault, shows))| Seen {
            fault: *fault,
            shows: shows.load(Ordering::Relaxed),
            parts: found[0].outcome.trace().map(|trace| way(&world, trace)),
            caught: found
                .get(1)
                .and_then(|it| it.outcome.trace())
                .map(|trace| caught(&world, *fault, trace)),
        })
        .collect())
}

fn way(world: &Protocol, trace: &Trace<Protocol>) -> Way {
    Way { start: start_of(&world.scope, trace), actions: trace.actions().copied().collect() }
}

/// Which properties are false of the last step of a sound trace, if that step is faulty.
fn caught(world: &Protocol, fault: Fault, trace: &Trace<Protocol>) -> Caught {
    let way = way(world, trace);
    let before = match trace.steps.len().checked_sub(2) {
        Some(place) => &trace.steps[place].1,
        None => &trace.init,
    };
    let faulty = Protocol { scope: world.scope.clone(), fault: Some(fault) };
    let properties = match way.actions.last() {
        Some(action) => {
            let step = faulty.next(before, *action);
            false_of(&faulty, before, *action, &step).collect()
        }
        None => Vec::new(),
    };
    Caught { properties, way }
}

/// The properties that are false of a step, those of states first, as searches report them.
fn false_of<'a>(
    world: &'a Protocol,
    before: &'a State,
    action: Action,
    step: &'a Step,
) -> impl Iterator<Item = &'static str> + 'a {
    let transition = Transition { scope: &world.scope, before, action, step };
    let states = INVARIANTS.iter().filter(|it| !(it.holds)(world, &step.after));
    let steps = STEPS.iter().filter(move |it| !(it.holds)(&transition));
    states.map(|it| it.name).chain(steps.map(|it| it.name))
}

/// The rules that the steps follow of which the faulty model may make something else.
fn differs_at(fault: Fault) -> impl Iterator<Item = Rule> {
    let broken = fault.rule();
    let has_rule = |rows: &&[Row]| rows.iter().any(|row| row.rule == broken);
    let rows = TABLE.iter().map(|(_, rows)| *rows).find(has_rule).unwrap_or_default();
    rows.iter().map(|row| row.rule).filter(move |rule| match fault {
        Fault::Never(_) | Fault::Forgets(..) | Fault::Answers(..) | Fault::Overlooks(_) => {
            *rule == broken
        }
        // A rule that applies more often takes steps from those below it in its list.
        Fault::Without(..) => *rule > broken,
    })
}

/// Compares sound steps with those of one fault.
struct Differs {
    faulty: Protocol,
}

impl Differs {
    fn new(world: &Protocol, fault: Fault) -> Self {
        Self { faulty: Protocol { scope: world.scope.clone(), fault: Some(fault) } }
    }

    /// What the faulty model does instead.
    fn instead(&self, edge: &Edge<'_, Protocol>) -> Step {
        self.faulty.next(edge.before, *edge.action)
    }

    /// Whether state or observations differ; whether another rule is followed is noted.
    fn parts(&self, edge: &Edge<'_, Protocol>, shows: &AtomicBool) -> bool {
        let step = self.instead(edge);
        if step != *edge.seen {
            shows.store(true, Ordering::Relaxed);
        }
        step.after != edge.seen.after || step.seen != edge.seen.seen
    }

    fn is_caught(&self, edge: &Edge<'_, Protocol>) -> bool {
        let step = self.instead(edge);
        step != *edge.seen
            && false_of(&self.faulty, edge.before, *edge.action, &step).next().is_some()
    }
}
