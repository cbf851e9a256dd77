//! Where locks and threads come from, so that a test can put others in their place.

pub(crate) use std::sync::atomic::{AtomicU64, Ordering};
pub(crate) use std::sync::mpsc::Sender;
pub(crate) use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
pub(crate) use std::thread::Thread;

/// Takes a lock under which nothing foreign runs and nothing is left half done.
///
/// Such data are whole even if a thread died with the lock in hand.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The thread that asks.
pub(crate) fn current_thread() -> Thread {
    std::thread::current()
}

/// Sleeps until somebody unparks this thread, or for no reason.
pub(crate) fn park() {
    std::thread::park();
}

/// Runs something on a thread made for it; says whether there was one to be had.
#[must_use = "what has no thread does not run"]
pub(crate) fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> bool {
    std::thread::Builder::new().name(name.to_owned()).spawn(work).is_ok()
}
