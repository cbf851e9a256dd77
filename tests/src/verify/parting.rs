//! Holds the sound core against a faulty model along one trace.

use mapi_session_model::{Protocol, State};

use super::survey::Way;
use crate::projection::Projection;

/// Where a faulty model and the sound core part along a trace whose last step is faulty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parting {
    /// Where the faulty model parts from the sound one.
    AtLastStep,
    /// Before that, or not along this trace.
    Elsewhere,
}

/// Runs a faulty model and the sound core along a trace whose last step is faulty.
pub fn parts_from_core(world: &Protocol, way: &Way) -> Parting {
    let start = &world.scope.starts[way.start];
    let sound = Protocol::sound(world.scope.clone());
    let projection = Projection::new(&world.scope);
    let mut state = State::new(world.scope.profiles_at_start(), start.default);
    let mut beside = projection.beside(start.default);
    let history = start.history.iter().map(|action| (&sound, *action));
    let steps = history.chain(way.actions.iter().map(|action| (world, *action)));
    let last = start.history.len() + way.actions.len();
    for (number, (world, action)) in (1..).zip(steps) {
        let step = world.next(&state, action);
        let event = projection.event(&state, action, &step, &beside);
        let said = beside.core.step(event);
        let agreed = projection
            .compare_effects(&state, action, &step, &said.effects)
            .and_then(|()| projection.carry_out(action, &step, &said.effects, &mut beside))
            .and_then(|()| projection.compare_states(&step.after, &beside));
        let differs = agreed.is_err();
        match (differs, number == last) {
            (false, false) => state = step.after,
            (true, true) => return Parting::AtLastStep,
            (false, true) | (true, false) => return Parting::Elsewhere,
        }
    }
    Parting::Elsewhere
}
