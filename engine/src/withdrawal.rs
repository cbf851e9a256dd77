//! Giving up what one has asked for: a caller its call, the protocol a question to the user.
//!
//! [`Withdrawal`] is in the hand of whoever may give a call up, [`Withdrawn`] in the hand of
//! whoever is asked a question.

use std::fmt;

use mapi_session_core::{CallId, Event};

use crate::errand::{Ending, Errand};
use crate::shell::Shell;
use crate::sync::{Arc, Condvar, Mutex, PoisonError, lock};

/// The means to give a call up from another thread (`CAN-01`).
///
/// Clones are one and the same. It stays withdrawn for ever, and may serve several calls.
#[derive(Clone, Default)]
pub struct Withdrawal(Arc<Mutex<Calls>>);

#[derive(Default)]
struct Calls {
    withdrawn: bool,
    under_way: Vec<(Arc<Shell>, CallId)>,
    errands: Vec<Arc<Errand>>,
}

impl Withdrawal {
    /// A withdrawal that has not happened.
    pub fn new() -> Self {
        Self::default()
    }

    /// Gives the calls up: each returns on its own thread, without an answer, unless it has one.
    ///
    /// A call that is made afterwards is given up at once. Waits for nobody, and does nothing the
    /// second time.
    pub fn withdraw(&self) {
        let (under_way, errands) = {
            let mut calls = lock(&self.0);
            calls.withdrawn = true;
            (std::mem::take(&mut calls.under_way), std::mem::take(&mut calls.errands))
        };
        for errand in errands {
            errand.end(Ending::Withdrawn);
        }
        for (shell, call) in under_way {
            withdraw(&shell, call);
        }
    }

    /// Whether it has happened.
    pub fn is_withdrawn(&self) -> bool {
        lock(&self.0).withdrawn
    }

    /// Puts a call into this hand, for as long as the result lives.
    pub(crate) fn hold(&self, shell: &Arc<Shell>, call: CallId) -> Held {
        let mut calls = lock(&self.0);
        if calls.withdrawn {
            drop(calls);
            withdraw(shell, call);
        } else {
            calls.under_way.push((Arc::clone(shell), call));
        }
        Held { withdrawal: self.clone(), environment: shell.identity(), call }
    }

    /// Puts an errand into this hand, until it is forgotten.
    pub(crate) fn hold_errand(&self, errand: &Arc<Errand>) {
        let mut calls = lock(&self.0);
        if calls.withdrawn {
            errand.end(Ending::Withdrawn);
        } else {
            calls.errands.push(Arc::clone(errand));
        }
    }

    pub(crate) fn forget_errand(&self, errand: &Arc<Errand>) {
        lock(&self.0).errands.retain(|it| !Arc::ptr_eq(it, errand));
    }
}

impl fmt::Debug for Withdrawal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Withdrawal").field(&self.is_withdrawn()).finish()
    }
}

fn withdraw(shell: &Arc<Shell>, call: CallId) {
    shell.feed(Event::CallWithdrawn { call });
    shell.drop_lost_calls();
}

/// The call can be given up as long as this lives.
pub(crate) struct Held {
    withdrawal: Withdrawal,
    environment: usize,
    call: CallId,
}

impl Drop for Held {
    fn drop(&mut self) {
        let mut calls = lock(&self.withdrawal.0);
        calls
            .under_way
            .retain(|(shell, call)| (shell.identity(), *call) != (self.environment, self.call));
    }
}

/// Whether anybody still waits for the answer to a question.
///
/// It is raised when the question is withdrawn (a deadline passed, the caller gave up or is gone,
/// another call settled the matter) and when it has been answered: from then on a dialog has no
/// purpose, and what it answers changes nothing (`CAN-03`).
#[derive(Clone, Default)]
pub struct Withdrawn(Arc<Flag>);

#[derive(Default)]
struct Flag {
    is_raised: Mutex<bool>,
    raised: Condvar,
}

impl Withdrawn {
    /// Whether nobody waits any more; does not block.
    pub fn is_withdrawn(&self) -> bool {
        *lock(&self.0.is_raised)
    }

    /// Blocks until nobody waits any more.
    pub fn wait(&self) {
        let mut is_raised = lock(&self.0.is_raised);
        while !*is_raised {
            is_raised = self.0.raised.wait(is_raised).unwrap_or_else(PoisonError::into_inner);
        }
    }

    pub(crate) fn raise(&self) {
        *lock(&self.0.is_raised) = true;
        self.0.raised.notify_all();
    }
}

impl fmt::Debug for Withdrawn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Withdrawn").field(&self.is_withdrawn()).finish()
    }
}
