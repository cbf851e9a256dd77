//! Code of others, called so that its panics stay its own.

use std::mem::forget;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Foreign code has panicked; the hook for panics knows more.
pub(crate) struct Panicked;

/// Calls foreign code.
///
/// It is taken to be safe to unwind from: no lock of ours is held meanwhile, and what it can reach
/// of ours it cannot change, so that whatever it leaves half done is its own.
pub(crate) fn call<T>(foreign: impl FnOnce() -> T) -> Result<T, Panicked> {
    catch_unwind(AssertUnwindSafe(foreign)).map_err(|payload| {
        // To drop it is foreign code as well, which could panic in turn.
        forget(payload);
        Panicked
    })
}
