//! The production engine goes through traces of the model: real threads, step by step.
//!
//! The random test prints the seed of what fails, and the seed is enough.

#[path = "engine_replay/failing.rs"]
mod failing;
#[path = "engine_replay/story.rs"]
mod story;
#[path = "engine_replay/telling.rs"]
mod telling;

use std::collections::{BTreeMap, BTreeSet};

use mapi_session_core::Rule;
use mapi_session_model::Protocol;
use mapi_session_tests::engine_replay::{Reason, random_actions, replay_on_engine};

use story::scope;

/// How many random traces are replayed in each of the scopes.
const WALKS: u64 = 50;

#[test]
fn the_engine_goes_through_random_traces() {
    let mut rules: BTreeSet<Rule> = BTreeSet::new();
    for name in ["alone", "again", "crash", "flags", "sharing"] {
        let world = Protocol::sound(scope(name));
        let mut skipped: BTreeMap<Reason, usize> = BTreeMap::new();
        let (mut replayed, mut late) = (0, 0);
        for seed in 0..WALKS {
            let steps = 30 + (seed % 31) as usize;
            let (start, actions) = random_actions(&world, seed, steps);
            let replay = replay_on_engine(&world.scope, start, &actions)
                .unwrap_or_else(|failure| panic!("{name}, seed {seed}, {failure}"));
            replayed += replay.taken.len();
            late += replay.late;
            for (reason, count) in replay.skipped_by_reason() {
                *skipped.entry(reason).or_default() += count;
            }
            rules.extend(replay.taken);
        }
        let skips: usize = skipped.values().sum();
        println!("{name}, seeds 0 to {}: {replayed} steps, {late} came late", WALKS - 1);
        println!("  {skips} skipped: {skipped:?}");
        assert!(skips * 10 < replayed, "too much is skipped in {name}");
    }
    let missed: BTreeSet<Rule> = Rule::ALL.iter().copied().collect();
    let missed: Vec<_> = missed.difference(&rules).collect();
    println!("{} of {} rules followed; not {missed:?}", rules.len(), Rule::ALL.len());
    assert!(rules.len() * 10 > Rule::ALL.len() * 8, "few rules are followed");
}
