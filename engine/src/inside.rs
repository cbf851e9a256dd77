//! Inside which call's effect a thread is, so that a logon made from there can say so (`MTX-07`).
//!
//! Only threads that run foreign code for a call are inside it. Of a thread that such code makes of
//! its own it is not known.

use std::cell::Cell;

use mapi_session_core::CallId;

/// A call, and the environment that it belongs to; calls of another one have the same numbers.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Place {
    environment: usize,
    call: CallId,
}

thread_local! {
    static PLACE: Cell<Option<Place>> = const { Cell::new(None) };
}

/// Runs foreign code on behalf of a call.
pub(crate) fn run<T>(environment: usize, call: CallId, foreign: impl FnOnce() -> T) -> T {
    /// Puts back what was there, also if the foreign code panics.
    struct Leave(Option<Place>);
    impl Drop for Leave {
        fn drop(&mut self) {
            PLACE.set(self.0);
        }
    }

    let _leave = Leave(PLACE.replace(Some(Place { environment, call })));
    foreign()
}

/// The call of this environment inside whose effect the thread is.
pub(crate) fn which_call(environment: usize) -> Option<CallId> {
    PLACE.get().filter(|place| place.environment == environment).map(|place| place.call)
}
