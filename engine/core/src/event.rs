//! What happened: calls of clients, and answers to orders.

use crate::error::{InitError, LogoffError, LogonError};
use crate::id::{CallId, ClientId, HandleId, ProfileKey, SessionId};
use crate::request::{InitRequest, LogoffRequest, LogonRequest, Password};

/// Something that happened outside.
///
/// Any event may come at any time: one that nobody waits for changes nothing (`CAN-03`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Event {
    /// A client called `MAPIInitialize`.
    InitializeCalled {
        /// The call to answer.
        call: CallId,
        /// The caller.
        client: ClientId,
        /// What it asks for, or why that makes no sense.
        request: Result<InitRequest, InitError>,
    },
    /// A client called `MAPIUninitialize`.
    UninitializeCalled {
        /// The call to answer.
        call: CallId,
        /// The caller.
        client: ClientId,
    },
    /// A client called `MAPILogonEx`.
    LogonCalled {
        /// The call to answer; it names the handle, and the session if one is built.
        call: CallId,
        /// The caller.
        client: ClientId,
        /// The call from whose provider call or prompt this one was made, if any (`MTX-07`).
        inside: Option<CallId>,
        /// What it asks for, or why that makes no sense.
        request: Result<LogonRequest, LogonError>,
    },
    /// A client called `IMAPISession::Logoff`.
    LogoffCalled {
        /// The call to answer.
        call: CallId,
        /// The caller.
        client: ClientId,
        /// The handle it called on.
        handle: HandleId,
        /// What it asks for, or why that makes no sense.
        request: Result<LogoffRequest, LogoffError>,
    },
    /// A client released a handle.
    ReleaseCalled {
        /// The call to answer.
        call: CallId,
        /// The caller.
        client: ClientId,
        /// The handle it released.
        handle: HandleId,
    },
    /// A client is gone, without a word.
    ClientCrashed {
        /// The client.
        client: ClientId,
    },
    /// A caller gave up its call and wants no answer.
    CallWithdrawn {
        /// The call.
        call: CallId,
    },
    /// The deadline that a caller set has passed.
    DeadlinePassed {
        /// The call.
        call: CallId,
    },
    /// The time ordered by [`StartTimer`](crate::Effect::StartTimer) is over.
    ShortWaitEnded {
        /// The call.
        call: CallId,
    },
    /// It is time to go on, as [`Continue`](crate::Effect::Continue) ordered.
    Continued {
        /// The call.
        call: CallId,
    },
    /// The profile store answered [`LookUpProfile`](crate::Effect::LookUpProfile).
    ProfileLookedUp {
        /// The call.
        call: CallId,
        /// The live profile, if there is one.
        found: Option<Profile>,
    },
    /// The chooser closed, or could not open.
    ProfileChosen {
        /// The call.
        call: CallId,
        /// What came of it.
        answer: ChooserAnswer,
    },
    /// The profile store answered [`CheckPassword`](crate::Effect::CheckPassword).
    PasswordChecked {
        /// The call.
        call: CallId,
        /// What it says.
        verdict: Verdict,
    },
    /// The prompt for a password closed, or could not open.
    PasswordEntered {
        /// The call.
        call: CallId,
        /// What came of it.
        answer: PasswordAnswer,
    },
    /// The question whether to log off was answered, or could not be asked.
    LogoffAnswered {
        /// The call.
        call: CallId,
        /// What came of it.
        answer: LogoffAnswer,
    },
    /// The providers of a session are up.
    ProvidersStarted {
        /// The session.
        session: SessionId,
    },
    /// The providers of a session are down.
    ProvidersStopped {
        /// The session.
        session: SessionId,
    },
}

impl Event {
    /// The call that begins with this event, if one does.
    pub(crate) const fn new_call(&self) -> Option<CallId> {
        match self {
            Self::InitializeCalled { call, .. }
            | Self::UninitializeCalled { call, .. }
            | Self::LogonCalled { call, .. }
            | Self::LogoffCalled { call, .. }
            | Self::ReleaseCalled { call, .. } => Some(*call),
            Self::ClientCrashed { .. }
            | Self::CallWithdrawn { .. }
            | Self::DeadlinePassed { .. }
            | Self::ShortWaitEnded { .. }
            | Self::Continued { .. }
            | Self::ProfileLookedUp { .. }
            | Self::ProfileChosen { .. }
            | Self::PasswordChecked { .. }
            | Self::PasswordEntered { .. }
            | Self::LogoffAnswered { .. }
            | Self::ProvidersStarted { .. }
            | Self::ProvidersStopped { .. } => None,
        }
    }
}

/// What the profile store says of a profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Profile {
    /// Which one it is.
    pub key: ProfileKey,
    /// Whether it carries a password.
    pub protection: Protection,
    /// Whether every chooser shows it.
    pub visibility: Visibility,
}

/// Whether a profile carries a password (`CRD-04`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Protection {
    /// It carries none.
    Open,
    /// It carries one.
    Protected,
}

/// Who sees a profile in the chooser (`PRF-10`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Visibility {
    /// Everybody.
    Ordinary,
    /// Callers that pass `MAPI_APP_PROFILE`.
    App,
}

/// What a password is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// It is the profile's.
    Right,
    /// It is another.
    Wrong,
}

/// How the chooser ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChooserAnswer {
    /// The user picked a profile.
    Picked {
        /// The profile, if it is still live (`PRF-11`).
        profile: Option<Profile>,
        /// What the user typed beside it.
        password: ChosenPassword,
    },
    /// The user cancelled (`PRF-13`).
    Cancelled,
    /// No dialog could be shown (`CAN-04`).
    Unavailable,
}

/// What the user typed into the chooser's password field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChosenPassword {
    /// Nothing was typed: the call's password counts.
    Unchanged,
    /// This one replaces the call's, be it empty (`CRD-05`).
    Replaced(Password),
}

/// How the prompt for the profile's password ended. What was typed has been checked by then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PasswordAnswer {
    /// The user knew it.
    Right,
    /// The user did not.
    Wrong,
    /// The user cancelled.
    Cancelled,
    /// No dialog could be shown (`CAN-04`).
    Unavailable,
}

/// How the question whether to log off ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LogoffAnswer {
    /// The user wants to log off.
    Confirmed,
    /// The user does not.
    Declined,
    /// No dialog could be shown (`CAN-04`).
    Unavailable,
}
