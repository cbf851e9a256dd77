//! Whatever happens, in whatever order: the core neither breaks nor forgets nor keeps too much.
//!
//! A history (`happenings`) mixes events out of the blue with answers to what the core has ordered,
//! so that it gets far enough to matter. `world` lives through it, and checks after every step that
//! nothing was changed that should not be; `accounts` sees that what is out is what the core waits
//! for, `leave` that fast shutdowns come when they may, and end what they should.

mod accounts;
mod edits;
mod happenings;
mod leave;
mod world;

use happenings::{answers_out_of_the_blue, calls_of_clients, history, shared_history};
use mapi_session_core::*;
use proptest::prelude::*;
use world::World;

proptest! {
    #[test]
    fn crashes_leave_nothing_behind((limits, history) in history()) {
        let mut world = World::after(limits, history);
        for client in 0..5 {
            world.take(Event::ClientCrashed { client: ClientId(client) });
        }
        world.come_to_rest();
        prop_assert_eq!(world.sessions, Sessions::new(limits));
    }

    #[test]
    fn balanced_calls_leave_nothing_behind((limits, history) in history()) {
        let mut world = World::after(limits, history);
        let initialized: Vec<_> = world.sessions.clients().collect();
        for (client, view) in initialized {
            for _ in 0..view.count.get() {
                world.take(Event::UninitializeCalled { call: CallId(99), client });
            }
        }
        world.bury_the_dead();
        world.come_to_rest();
        prop_assert_eq!(world.sessions, Sessions::new(limits));
    }

    #[test]
    fn sharers_leave_nothing_behind((services, results, history) in shared_history()) {
        let mut world = World::shared(&services, &results);
        for happening in history {
            world.happen(happening);
        }
        world.come_to_rest();
        for client in 0..5 {
            let (call, client) = (CallId(99), ClientId(client));
            world.take(Event::UninitializeCalled { call, client });
        }
        world.bury_the_dead();
        world.come_to_rest();
        prop_assert_eq!(world.sessions, Sessions::new(Limits::default()));
    }

    #[test]
    fn events_alone_do_no_harm(
        events in proptest::collection::vec(
            prop_oneof![calls_of_clients(), answers_out_of_the_blue()],
            0..200,
        )
    ) {
        let mut world = World::new(Limits::default());
        for event in events {
            world.take(event);
        }
    }
}
