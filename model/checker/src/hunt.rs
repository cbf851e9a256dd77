//! The search for goals whose monitors remember: by levels, over states with what is remembered.

use crate::arena::{Arena, Way};
use crate::checks::OnMemory;
use crate::limits::Budget;
use crate::{Edge, Monitor, Observed, Symmetry, Why};

/// A state as one monitor comes to it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Visit {
    monitor: usize,
    state: u32,
    memory: u8,
}

/// Finds, for every monitor, a shortest way to its goal, if there is one.
///
/// All states have been met before, and have their numbers; so has the root of a way. The monitors
/// are led side by side, so that a state that several of them come to at the same distance is
/// expanded once.
pub(crate) fn hunt<M: Observed, S: Symmetry<M>>(
    model: &M,
    symmetry: &S,
    monitors: &[&OnMemory<M>],
    states: &Arena<M::State>,
    init_states: u32,
    budget: &Budget,
) -> Result<Vec<Option<Way>>, Why> {
    let mut ways: Vec<Option<Way>> = monitors.iter().map(|_| None).collect();
    let mut visits = Arena::new();
    for state in 0..init_states {
        for monitor in 0..monitors.len() {
            visits.insert_root(Visit { monitor, state, memory: 0 });
        }
    }
    let mut offered = Vec::new();
    let mut turn = 0;
    let mut met_before = 0;
    while met_before < visits.len() {
        let new = met_before..visits.len();
        met_before = new.end;
        let mut level: Vec<(u32, u32)> = (0..)
            .take(new.end)
            .skip(new.start)
            .filter(|&at| ways[visits.get(at).monitor].is_none())
            .map(|at| (visits.get(at).state, at))
            .collect();
        level.sort_unstable();
        for group in level.chunk_by(|(state, _), (other, _)| state == other) {
            budget.check(turn, || states.bytes() + visits.bytes())?;
            turn += 1;
            let before = states.get(group[0].0);
            offered.clear();
            model.actions(before, &mut offered);
            for (ordinal, action) in (0..).zip(&offered) {
                let Some((after, seen)) = model.observe(before, action.clone()) else { continue };
                let stand_in = symmetry.representative(after.clone());
                let Some(to) = states.number_of(&stand_in) else {
                    let lost = format!("{action:?} now leads to a state that was not met before");
                    return Err(Why::NotRepeatable(lost));
                };
                let edge = Edge { before, action, seen: &seen, after: &after };
                for &(_, at) in group {
                    let Visit { monitor, memory, .. } = *visits.get(at);
                    if ways[monitor].is_some() {
                        continue;
                    }
                    match monitors[monitor](model, memory, &edge) {
                        Monitor::At(memory) => {
                            visits.insert(Visit { monitor, state: to, memory }, at, ordinal);
                        }
                        Monitor::Reached => {
                            let mut way = visits.way_to(at);
                            way.root = visits.get(way.root).state;
                            way.ordinals.push(ordinal);
                            ways[monitor] = Some(way);
                        }
                    }
                }
            }
        }
    }
    Ok(ways)
}
