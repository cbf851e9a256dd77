//! Callers that wait for something that is no call of the protocol's.
//!
//! An [`Errand`] is entered under the lock of the shell, which tells it when that ends on which it
//! was sent: its handle, or its client (`LGF-13`, `LGF-18`). Its caller sleeps until that, or until
//! the wait is over otherwise; only the first ending counts (`CAN-03`).

use std::time::{Duration, Instant};

use mapi_session_core::{ClientId, HandleId, HandleStatus, Seat, SessionId};

use crate::error::HandleError;
use crate::roster::Roster;
use crate::shell::{Shell, State};
use crate::sync::{Arc, Mutex, Thread, current_thread, lock, park};
use crate::withdrawal::Withdrawal;

/// A caller that waits, and how that wait ends.
pub(crate) struct Errand {
    bound: Bound,
    awaited: Awaited,
    caller: Thread,
    ending: Mutex<Option<Ending>>,
}

/// With what a wait ends, if with nothing else.
#[derive(Clone, Copy)]
pub(crate) enum Bound {
    /// With a handle of this client.
    Handle(ClientId, HandleId),
    /// When the client is initialised no longer.
    Client(ClientId),
    Nothing,
}

/// What is waited for.
#[derive(Clone, Copy)]
pub(crate) enum Awaited {
    /// Somebody who ends the errand.
    Somebody,
    /// That the spooler has nothing under way for a session.
    Spooler(SessionId),
}

/// How a wait ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// What was waited for has come.
    Done,
    TimedOut,
    LoggedOff,
    Withdrawn,
}

impl Errand {
    /// An errand of the current thread.
    pub(crate) fn new(bound: Bound, awaited: Awaited) -> Arc<Self> {
        let (caller, ending) = (current_thread(), Mutex::default());
        Arc::new(Self { bound, awaited, caller, ending })
    }

    /// Ends the wait.
    pub(crate) fn end(&self, ending: Ending) {
        lock(&self.ending).get_or_insert(ending);
        self.caller.unpark();
    }

    pub(crate) fn is_over(&self) -> bool {
        lock(&self.ending).is_some()
    }

    /// Sleeps until the wait is over, no longer than that.
    fn wait(&self, shell: &Shell, deadline: Option<Instant>) -> Ending {
        let clock = &*shell.settings.clock;
        loop {
            if let Some(ending) = *lock(&self.ending) {
                return ending;
            }
            match deadline {
                None => park(),
                Some(deadline) if clock.now() < deadline => clock.park_until(deadline),
                Some(_) => self.end(Ending::TimedOut),
            }
        }
    }
}

/// Runs an errand on this thread: sends it, and waits until it is over.
///
/// The sending is left out if the errand has been withdrawn by then.
pub(crate) fn run(
    shell: &Arc<Shell>,
    errand: &Arc<Errand>,
    withdrawal: Option<&Withdrawal>,
    patience: Option<Duration>,
    send: impl FnOnce(),
) -> Ending {
    if let Some(withdrawal) = withdrawal {
        withdrawal.hold_errand(errand);
    }
    let deadline = patience.and_then(|wait| shell.settings.clock.now().checked_add(wait));
    if !errand.is_over() {
        send();
    }
    let ending = errand.wait(shell, deadline);
    shell.forget_errand(errand);
    if let Some(withdrawal) = withdrawal {
        withdrawal.forget_errand(errand);
    }
    ending
}

impl State {
    /// Ends the errands whose handles have ended, and those that have got what they wait for.
    pub(crate) fn end_errands(&mut self) {
        for errand in std::mem::take(&mut self.errands) {
            let ending = match self.is_good(errand.bound) {
                Ok(()) if self.is_there(errand.awaited) => Ending::Done,
                Ok(()) => {
                    self.errands.push(errand);
                    continue;
                }
                Err(HandleError::InvalidHandle) => Ending::LoggedOff,
                Err(HandleError::NotInitialized) => Ending::Withdrawn,
            };
            errand.end(ending);
        }
    }

    fn is_good(&self, bound: Bound) -> Result<(), HandleError> {
        match bound {
            Bound::Handle(client, handle) => self.live_seat(client, handle).map(drop),
            Bound::Client(client) => match self.core.client(client) {
                Some(_) => Ok(()),
                None => Err(HandleError::NotInitialized),
            },
            Bound::Nothing => Ok(()),
        }
    }

    fn is_there(&self, awaited: Awaited) -> bool {
        match awaited {
            Awaited::Somebody => false,
            Awaited::Spooler(session) => {
                self.core.session(session).is_none_or(|view| view.transport.is_none())
            }
        }
    }

    /// The place of a handle, as long as that is a live one of this client (`THR-03`).
    pub(crate) fn live_seat(
        &self,
        client: ClientId,
        handle: HandleId,
    ) -> Result<Seat, HandleError> {
        if self.core.client(client).is_none() {
            return Err(HandleError::NotInitialized);
        }
        let view = self.core.handle(handle).ok_or(HandleError::InvalidHandle)?;
        match view.status {
            HandleStatus::Live(seat) if view.client == client => Ok(seat),
            HandleStatus::Live(_) | HandleStatus::Unanswered(_) | HandleStatus::LoggedOff => {
                Err(HandleError::InvalidHandle)
            }
        }
    }

    /// Who serves the session of a live handle.
    pub(crate) fn roster_at(&self, seat: Seat) -> &Arc<Roster> {
        self.rosters.get(&seat.session).expect("a session with a live handle has a roster")
    }
}
