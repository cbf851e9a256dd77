//! A hand on the pace: single events are held back until the test lets them go.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

use mapi_session::Pace;
use mapi_session::protocol::Event;

use crate::stage::expect;

/// Holds back the events that a test wants to be late.
#[derive(Clone)]
pub(crate) struct Hold(Arc<Mutex<Vec<Held>>>);

struct Held {
    which: Box<dyn Fn(&Event) -> bool + Send>,
    reached: Sender<()>,
    released: Receiver<()>,
}

/// Both ends of a hold: it says when the event is there, and lets it go.
pub(crate) struct Leash {
    reached: Receiver<()>,
    release: Sender<()>,
}

impl Hold {
    pub(crate) fn new() -> Self {
        Self(Arc::default())
    }

    /// Holds the first event of that kind.
    pub(crate) fn back(&self, which: impl Fn(&Event) -> bool + Send + 'static) -> Leash {
        let (reached, is_reached) = channel();
        let (release, released) = channel();
        let held = Held { which: Box::new(which), reached, released };
        self.0.lock().expect("nobody panics with it").push(held);
        Leash { reached: is_reached, release }
    }
}

impl Pace for Hold {
    fn before(&self, event: &Event) {
        let held = {
            let mut holds = self.0.lock().expect("nobody panics with it");
            let place = holds.iter().position(|held| (held.which)(event));
            place.map(|place| holds.remove(place))
        };
        if let Some(held) = held {
            let _ = held.reached.send(());
            let _ = held.released.recv();
        }
    }
}

impl Leash {
    pub(crate) fn is_taut(&self) {
        expect(&self.reached, "event to be held back");
    }

    pub(crate) fn let_go(self) {
        self.release.send(()).expect("the event is held");
    }
}
