//! For whom foreign code runs on a thread, so that what is called from there can say so.
//!
//! A logon made from inside a call's effect tells the protocol (`MTX-07`), and who asks for the
//! status table from inside what the spooler does must not wait for the spooler. Only threads that
//! run foreign code for somebody are inside; of a thread that such code makes of its own it is not
//! known.

use std::cell::Cell;

use mapi_session_core::{CallId, SessionId};

/// On whose behalf foreign code runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Behalf {
    Call(CallId),
    /// The spooler's, for a session.
    Spooler(SessionId),
}

/// Whose a thread's work is, and in which environment; others have the same numbers.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Place {
    environment: usize,
    behalf: Behalf,
}

thread_local! {
    static PLACE: Cell<Option<Place>> = const { Cell::new(None) };
}

/// Runs foreign code on somebody's behalf.
pub(crate) fn run<T>(environment: usize, behalf: Behalf, foreign: impl FnOnce() -> T) -> T {
    /// Puts back what was there, also if the foreign code panics.
    struct Leave(Option<Place>);
    impl Drop for Leave {
        fn drop(&mut self) {
            PLACE.set(self.0);
        }
    }

    let _leave = Leave(PLACE.replace(Some(Place { environment, behalf })));
    foreign()
}

/// On whose behalf the thread is at work in this environment.
pub(crate) fn on_whose_behalf(environment: usize) -> Option<Behalf> {
    PLACE.get().filter(|place| place.environment == environment).map(|place| place.behalf)
}

/// The call of this environment inside whose effect the thread is.
pub(crate) fn which_call(environment: usize) -> Option<CallId> {
    match on_whose_behalf(environment)? {
        Behalf::Call(call) => Some(call),
        Behalf::Spooler(_) => None,
    }
}
