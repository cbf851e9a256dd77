//! What can be seen of [`Sessions`](crate::Sessions) from outside: everything that decides what it
//! does next.

use core::num::{NonZeroU64, NonZeroUsize};

use crate::effect::Logon;
use crate::error::LogonError;
use crate::event::Protection;
use crate::id::{ClientId, HandleId, ProfileKey, SessionId};
use crate::request::{Host, LogonRequest, Mail, Password};

/// A client that has initialised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ClientView {
    /// How many initialisations lack their uninitialisation (`INI-02`).
    pub count: NonZeroU64,
    /// What the first of them said the client is, whatever later ones say (`INI-03`, `INI-06`).
    pub host: Host,
}

/// A call that has not been answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CallView<'a> {
    /// The caller.
    pub client: ClientId,
    /// How far the call has come.
    pub stage: CallStage<'a>,
}

/// How far a call has come.
///
/// A logon's request is what is left of it when its client is taken into account: a Windows
/// service's has no dialogs and no mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CallStage<'a> {
    /// A logon in the queue for the mutex.
    Waiting {
        /// What it asks for.
        request: &'a LogonRequest,
    },
    /// The one logon that holds the mutex.
    Holding {
        /// What it asks for.
        request: &'a LogonRequest,
        /// What it is at.
        stage: Stage,
    },
    /// A logon that gave up waiting, about to be answered.
    TimedOut,
    /// A logoff that waits for the user.
    ConfirmingLogoff {
        /// The handle to be logged off.
        handle: HandleId,
    },
}

/// What the logon that holds the mutex is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    /// About to look for a session to join.
    Decide,
    /// Choosing its profile: asking the profile store, if there is anything to ask it.
    Pick,
    /// Showing the chooser.
    AskProfile,
    /// Passing the gate of the profile's password: asking the store, if there is anything to check.
    Credentials {
        /// The profile.
        profile: ProfileKey,
        /// Whether it carries a password.
        protection: Protection,
        /// Whether the call or the chooser supplied one.
        password: Password,
    },
    /// Showing the prompt for the password.
    AskPassword {
        /// The profile.
        profile: ProfileKey,
    },
    /// About to build its session.
    Build {
        /// The profile.
        profile: ProfileKey,
    },
    /// Waiting for the providers of its session, which bears the logon's own number.
    Start,
    /// About to be answered; a handle is live by then.
    Done(Result<Logon, LogonError>),
}

/// A handle that has not been released.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct HandleView {
    /// Its owner.
    pub client: ClientId,
    /// What can be done with it.
    pub status: HandleStatus,
}

/// What can be done with a handle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HandleStatus {
    /// Nothing yet, though it keeps its session open: its logon has not been answered.
    Unanswered(Seat),
    /// Every call.
    Live(Seat),
    /// Nothing but to release it (`LGF-01`).
    LoggedOff,
}

/// The place that a live handle has in a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Seat {
    /// The session.
    pub session: SessionId,
    /// Whether the handle takes part in mail delivery; others in the session may differ (`SHR-11`).
    pub mail: Mail,
    /// Whether its owner is a Windows service, which is never asked anything.
    pub host: Host,
}

/// A session that has not ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SessionView {
    /// The profile that it uses, for life (`PRF-01`).
    pub profile: ProfileKey,
    /// Where in its life it is.
    pub phase: Phase,
}

/// Where in its life a session is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Phase {
    /// Its logon holds the mutex and waits for the providers; nobody can join (`SHR-15`).
    Building,
    /// Open to the one handle that its logon made, never to another (`SHR-14`).
    Individual,
    /// Open, and later logons may join (`SHR-04`).
    Shared {
        /// How many live handles it has.
        handles: NonZeroUsize,
    },
    /// Given up while its providers were starting; they are stopped once they are up (`CAN-03`).
    Abandoned,
    /// Without handles; its providers are being stopped (`LGF-11`).
    Draining,
}
