//! Traces for people, told and drawn.

use mapi_session_model::{Action, Protocol};
use stateright_exact::Trace;

use super::{search::start_of, verdict::Told};
use crate::trace::{self, Kind, Recorded, draw, story};

/// A violation, as a story and as a diagram.
pub fn violation(world: &Protocol, property: &str, trace: &Trace<Protocol>) -> Told {
    let actions = trace.actions().copied().collect();
    tell(world, start_of(&world.scope, trace), actions, Kind::Counterexample, property)
}

/// What happens, for people.
pub fn tell(
    world: &Protocol,
    start: usize,
    actions: Vec<Action>,
    kind: Kind,
    property: &str,
) -> Told {
    let plain = plain(world, &actions);
    match trace::record(&world.scope, start, actions, kind, property, world.fault) {
        Ok(recorded) => of(world, &recorded).unwrap_or(plain),
        // Told plainly it may still help whoever looks for the reason.
        Err(error) => Told { story: format!("{property}\n{}{error}\n", plain.story), ..plain },
    }
}

/// A recorded trace, as a story and as a diagram.
fn of(world: &Protocol, recorded: &Recorded) -> Option<Told> {
    let story = story(&world.scope, recorded).ok()?;
    let diagram = draw(&world.scope, recorded).ok()?;
    Some(Told { story, diagram })
}

/// The actions only, a line each.
fn plain(world: &Protocol, actions: &[Action]) -> Told {
    let lines = (1..).zip(actions);
    let lines = lines.map(|(step, it)| format!("{step:>4}. {}\n", world.scope.describe(*it)));
    Told { story: lines.collect(), diagram: "sequenceDiagram".to_owned() }
}
