//! Where time comes from: deadlines and short waits are measured by a [`Clock`].

use std::time::Instant;

/// The time, and waiting for it.
///
/// Both methods are called on the thread of whoever waits, and on no other: on the caller's own
/// thread while its call is under way. A clock may therefore keep a time of its own for each
/// thread. It is asked only if something is to be measured; a call without deadlines asks no clock.
pub trait Clock: Send + Sync {
    /// What time it is. Never earlier than what the same thread heard before; must not block.
    fn now(&self) -> Instant;

    /// Parks the calling thread until the moment, or until somebody unparks it.
    ///
    /// It may return early, for no reason, but not late; in between it must not swallow an
    /// [`unpark`](std::thread::Thread::unpark) without returning.
    fn park_until(&self, moment: Instant);
}

/// The clock of the machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Instant {
        Instant::now()
    }

    fn park_until(&self, moment: Instant) {
        std::thread::park_timeout(moment.saturating_duration_since(Instant::now()));
    }
}
