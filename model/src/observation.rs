//! What the world can see of a step: answers of calls, and orders to the outside.

use serde::{Deserialize, Serialize};

use crate::{Client, List, Name, Profile, Services};

/// The code that a call returns (protocol 2.1, as far as sessions use it).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// `S_OK`
    Ok,
    /// `MAPI_E_NOT_INITIALIZED`
    NotInitialized,
    /// `MAPI_E_INVALID_PARAMETER`
    InvalidParameter,
    /// `MAPI_E_UNKNOWN_FLAGS`
    UnknownFlags,
    /// `MAPI_E_INVALID_OBJECT`
    InvalidObject,
    /// `MAPI_E_TIMEOUT`
    Timeout,
    /// `MAPI_E_USER_CANCEL`
    UserCancel,
    /// `MAPI_E_LOGON_FAILED`
    LogonFailed,
}

impl Code {
    /// Every code.
    pub const ALL: [Self; 8] = [
        Self::Ok,
        Self::NotInitialized,
        Self::InvalidParameter,
        Self::UnknownFlags,
        Self::InvalidObject,
        Self::Timeout,
        Self::UserCancel,
        Self::LogonFailed,
    ];

    /// Its name in MAPI's headers.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ok => "S_OK",
            Self::NotInitialized => "MAPI_E_NOT_INITIALIZED",
            Self::InvalidParameter => "MAPI_E_INVALID_PARAMETER",
            Self::UnknownFlags => "MAPI_E_UNKNOWN_FLAGS",
            Self::InvalidObject => "MAPI_E_INVALID_OBJECT",
            Self::Timeout => "MAPI_E_TIMEOUT",
            Self::UserCancel => "MAPI_E_USER_CANCEL",
            Self::LogonFailed => "MAPI_E_LOGON_FAILED",
        }
    }
}

/// One thing that the world sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Observation {
    /// A call returns.
    Answer {
        /// Whose call.
        client: Client,
        /// Which, if it had to wait; else it is the call that this step is about.
        call: Option<Name>,
        /// What it returns.
        code: Code,
        /// What a successful logon is told.
        logon: Option<LoggedOn>,
    },
    /// The clock is asked to say when the few seconds of `MAPI_TIMEOUT_SHORT` are over.
    StartTimer {
        /// For this logon.
        call: Name,
    },
    /// The profile store is asked for the profile that the call names, or for the default.
    LookUp {
        /// For this logon.
        call: Name,
    },
    /// The profile chooser opens.
    AskProfile {
        /// For this logon.
        call: Name,
    },
    /// The profile store is asked whether the password supplied is right.
    CheckPassword {
        /// For this logon.
        call: Name,
        /// The profile.
        profile: Profile,
    },
    /// The password prompt opens.
    AskPassword {
        /// For this logon.
        call: Name,
        /// The profile.
        profile: Profile,
    },
    /// The user is asked whether to log off.
    AskLogoff {
        /// For this logoff.
        call: Name,
        /// The handle.
        handle: Name,
    },
    /// A prompt closes unanswered.
    WithdrawPrompt {
        /// The call it was shown for.
        call: Name,
    },
    /// The providers of a session are told to log on.
    StartProviders {
        /// The session.
        session: Name,
        /// Its profile.
        profile: Profile,
        /// The services whose providers they are.
        services: Services,
        /// Which dialogs they may show.
        dialogs: Dialogs,
    },
    /// The providers of a session are told to log off and shut down.
    StopProviders {
        /// The session.
        session: Name,
    },
}

/// What a successful logon tells its caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LoggedOn {
    /// The session it is in now; its handle is named as the call.
    pub session: Name,
    /// The profile of that session.
    pub profile: Option<Profile>,
}

/// Which dialogs providers and services may show while they log on (UIX-08).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Dialogs {
    /// Whether providers may show any (no `NO_DIALOG` bit).
    pub providers: Permission,
    /// Whether every service shows its configuration (`SERVICE_UI_ALWAYS`).
    pub services: Permission,
}

/// Whether something is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Permission {
    /// It is.
    Granted,
    /// It is not.
    Denied,
}

impl From<bool> for Permission {
    fn from(granted: bool) -> Self {
        match granted {
            true => Self::Granted,
            false => Self::Denied,
        }
    }
}

/// What the world sees of one step, in order.
pub type Observations = List<Observation, 8>;

impl Observations {
    /// The answers among them.
    pub fn answers(&self) -> impl Iterator<Item = (Client, Option<Name>, Code, Option<LoggedOn>)> {
        self.iter().filter_map(|it| match *it {
            Observation::Answer { client, call, code, logon } => Some((client, call, code, logon)),
            Observation::StartTimer { .. }
            | Observation::LookUp { .. }
            | Observation::AskProfile { .. }
            | Observation::CheckPassword { .. }
            | Observation::AskPassword { .. }
            | Observation::AskLogoff { .. }
            | Observation::WithdrawPrompt { .. }
            | Observation::StartProviders { .. }
            | Observation::StopProviders { .. } => None,
        })
    }
}
