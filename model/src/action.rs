//! What the world can do next, legal or not.
//!
//! Every choice is in the action: which client, which request, what the user answered. Orders of
//! the subsystem are not actions but [observations](crate::Observation); the actions here that
//! name a call or a session bring the answers (D-21).

use serde::{Deserialize, Serialize};

use crate::{Client, Name, Password, Profile, RequestId};

/// What the world can do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// A client calls `MAPIInitialize` (A1).
    Initialize {
        /// The caller.
        client: Client,
        /// What it passes.
        with: InitArgument,
    },
    /// A client calls `MAPIUninitialize` (A2).
    Uninitialize {
        /// The caller.
        client: Client,
    },
    /// A client calls `MAPILogonEx` (A3).
    Logon {
        /// The caller.
        client: Client,
        /// What it asks for.
        request: RequestId,
        /// The call from inside whose prompt or provider call it does so, if any.
        inside: Option<Name>,
    },
    /// A client calls `IMAPISession::Logoff` (A20).
    Logoff {
        /// The caller.
        client: Client,
        /// The handle, its own or not.
        handle: Name,
        /// What it passes.
        with: LogoffArgument,
    },
    /// A client calls `Release` on a handle (A21).
    Release {
        /// The caller.
        client: Client,
        /// The handle, its own or not.
        handle: Name,
    },
    /// A client process dies (A22).
    Crash {
        /// Who.
        client: Client,
    },
    /// A caller gives its call up (A39).
    Withdraw {
        /// The call.
        call: Name,
    },
    /// The deadline that the caller set passes (A37).
    Deadline {
        /// The call.
        call: Name,
    },
    /// The few seconds of `MAPI_TIMEOUT_SHORT` are over (A5).
    Timeout {
        /// The call.
        call: Name,
    },
    /// The subsystem goes on with a call by itself (A4, A6, A7, A9, A11, A18).
    Continue {
        /// The call.
        call: Name,
    },
    /// The profile store says what it found (A7).
    LookedUp {
        /// The call.
        call: Name,
    },
    /// The user answers the profile chooser (A8).
    Choose {
        /// The call.
        call: Name,
        /// The answer.
        answer: ChooserAnswer,
    },
    /// The profile store says whether the password is right (A9).
    Checked {
        /// The call.
        call: Name,
    },
    /// The user answers the password prompt (A10).
    EnterPassword {
        /// The call.
        call: Name,
        /// The answer.
        answer: PasswordAnswer,
    },
    /// The user answers the confirmation of a logoff (A20).
    Confirm {
        /// The logoff.
        call: Name,
        /// The answer.
        answer: LogoffAnswer,
    },
    /// The providers of a session are logged on (A13, all at once and always with success).
    ProvidersStarted {
        /// The session.
        session: Name,
    },
    /// The providers of a session are shut down (A23, all at once).
    ProvidersStopped {
        /// The session.
        session: Name,
    },
}

impl Action {
    /// The call or session that it is about, under way or not.
    pub const fn call(self) -> Option<Name> {
        match self {
            Self::Withdraw { call }
            | Self::Deadline { call }
            | Self::Timeout { call }
            | Self::Continue { call }
            | Self::LookedUp { call }
            | Self::Choose { call, .. }
            | Self::Checked { call }
            | Self::EnterPassword { call, .. }
            | Self::Confirm { call, .. } => Some(call),
            Self::ProvidersStarted { session } | Self::ProvidersStopped { session } => {
                Some(session)
            }
            Self::Initialize { .. }
            | Self::Uninitialize { .. }
            | Self::Logon { .. }
            | Self::Logoff { .. }
            | Self::Release { .. }
            | Self::Crash { .. } => None,
        }
    }

    /// Who does it, or for whom it is done.
    pub const fn client(self) -> Client {
        match self {
            Self::Initialize { client, .. }
            | Self::Uninitialize { client }
            | Self::Logon { client, .. }
            | Self::Logoff { client, .. }
            | Self::Release { client, .. }
            | Self::Crash { client } => client,
            Self::Withdraw { call }
            | Self::Deadline { call }
            | Self::Timeout { call }
            | Self::Continue { call }
            | Self::LookedUp { call }
            | Self::Choose { call, .. }
            | Self::Checked { call }
            | Self::EnterPassword { call, .. }
            | Self::Confirm { call, .. } => call.client(),
            Self::ProvidersStarted { session } | Self::ProvidersStopped { session } => {
                session.client()
            }
        }
    }
}

/// What is passed to `MAPIInitialize`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InitArgument {
    /// Nothing that matters here.
    Application,
    /// `MAPI_NT_SERVICE`.
    Service,
    /// A flag bit that has no meaning.
    UndefinedFlag,
    /// A structure version other than `MAPI_INIT_VERSION`.
    WrongVersion,
}

/// What is passed to `IMAPISession::Logoff`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogoffArgument {
    /// No flag.
    Plain,
    /// `MAPI_LOGOFF_UI`: the user may be asked.
    Ui,
    /// A flag bit that has no meaning.
    UndefinedFlag,
}

/// What the user did in the profile chooser.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChooserAnswer {
    /// Gave a profile's name, and perhaps a password.
    Pick {
        /// The profile; none if no profile bears the name.
        profile: Option<Profile>,
        /// The password that replaces the call's; none if the field was left alone.
        password: Option<Password>,
    },
    /// Closed the dialog.
    Cancel,
    /// There is no user to ask.
    Unavailable,
}

/// What the user did in the password prompt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PasswordAnswer {
    /// Gave the right password.
    Right,
    /// Gave a wrong one.
    Wrong,
    /// Closed the dialog.
    Cancel,
    /// There is no user to ask.
    Unavailable,
}

/// What the user did when asked whether to log off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogoffAnswer {
    /// Agreed.
    Confirm,
    /// Refused.
    Decline,
    /// There is no user to ask.
    Unavailable,
}
