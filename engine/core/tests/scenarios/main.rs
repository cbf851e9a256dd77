//! What the protocol does, told as scenarios, by stage of life.
//!
//! Each scenario is a true sentence. `world` tells the core what happened and checks it after every
//! step; the last test sees that the scenarios reach every rule.

mod words;
mod world;

/// Lists the scenarios of a file: each is a test, and counts for the coverage of the rules.
macro_rules! scenarios {
    ($($name:ident),+ $(,)?) => {
        pub(crate) const ALL: &[fn(&mut crate::world::World)] = &[$($name),+];

        mod truths {
            $(
                #[test]
                fn $name() {
                    super::$name(&mut crate::world::World::default());
                }
            )+
        }
    };
}

mod administration;
mod book;
mod client;
mod closing;
mod consent;
mod credentials;
mod default_store;
mod ending;
mod failure;
mod fast_shutdown;
mod handle;
mod late;
mod lost_leave;
mod notice;
mod object;
mod opening;
mod profile;
mod queue;
mod session;
mod spooler;
mod starting;
mod table;
mod transport;
mod waiting;

use std::collections::BTreeSet;

use mapi_session_core::Rule;
use world::World;

#[test]
fn the_scenarios_reach_every_rule() {
    let files = [
        administration::ALL,
        book::ALL,
        client::ALL,
        closing::ALL,
        consent::ALL,
        credentials::ALL,
        default_store::ALL,
        ending::ALL,
        failure::ALL,
        fast_shutdown::ALL,
        handle::ALL,
        late::ALL,
        lost_leave::ALL,
        notice::ALL,
        object::ALL,
        opening::ALL,
        profile::ALL,
        queue::ALL,
        session::ALL,
        spooler::ALL,
        starting::ALL,
        table::ALL,
        transport::ALL,
        waiting::ALL,
    ];
    let mut reached = BTreeSet::new();
    for scenario in files.concat() {
        let mut world = World::default();
        scenario(&mut world);
        reached.extend(world.rules);
    }
    let unreached: Vec<_> = Rule::ALL.iter().filter(|rule| !reached.contains(rule)).collect();
    assert!(unreached.is_empty(), "no scenario reaches {unreached:?}");
}
