//! What the world can do next, legal or not.
//!
//! Every choice is in the action: which client, which request, what the user answered. Orders of
//! the subsystem are not actions but [observations](crate::Observation); the actions here that
//! name a call or a session bring the answers (D-21).

use serde::{Deserialize, Serialize};

use crate::{Client, Name, Password, Profile, Provider, RequestId, Service};

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
    /// The subsystem goes on with a call by itself (A4, A6, A7, A9, A17, A18, A19).
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
    /// The profile store says which services the profile has (A11).
    ServicesRead {
        /// The logon.
        call: Name,
    },
    /// The entry function of a service returns (A12, A14).
    EntryReturned {
        /// The call for which it was called.
        call: Name,
        /// Why it was called.
        entry: Entry,
        /// What it returns, which decides nothing.
        result: EntryResult,
    },
    /// The user answers whether to try a provider again (A15).
    RetryAnswered {
        /// The call for which the user was asked.
        call: Name,
        /// The provider.
        provider: Provider,
        /// The answer.
        answer: RetryAnswer,
    },
    /// A provider answers an attempt to log on (A13, A36).
    ProviderAnswered {
        /// The session.
        session: Name,
        /// The provider.
        provider: Provider,
        /// The answer.
        result: ProviderResult,
    },
    /// A provider has logged off (A23, A35, A36).
    ProviderLoggedOff {
        /// The session.
        session: Name,
        /// The provider.
        provider: Provider,
    },
    /// A provider has shut down (A23, A35, A36).
    ProviderShutDown {
        /// The session.
        session: Name,
        /// The provider.
        provider: Provider,
    },
    /// What was kept for a session is cleared away (A24).
    SessionClosed {
        /// The session.
        session: Name,
    },
    /// A client calls `IMAPISession::OpenMsgStore` or `OpenAddressBook` (A19a, A19b).
    Open {
        /// The caller.
        client: Client,
        /// The handle, its own or not.
        handle: Name,
        /// What it wants.
        target: OpenTarget,
        /// What it passes.
        with: OpenArgument,
        /// The call from inside whose prompt, provider call or entry call it does so, if any.
        inside: Option<Name>,
    },
    /// A client calls something of a provider that it has opened (A38).
    Use {
        /// The caller.
        client: Client,
        /// The handle, its own or not.
        handle: Name,
        /// The provider.
        provider: Provider,
    },
    /// A client calls `IMsgStore::StoreLogoff` (A35).
    StoreLogoff {
        /// The caller.
        client: Client,
        /// The handle, its own or not.
        handle: Name,
        /// The provider of the store.
        provider: Provider,
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
            | Self::Confirm { call, .. }
            | Self::ServicesRead { call }
            | Self::EntryReturned { call, .. }
            | Self::RetryAnswered { call, .. } => Some(call),
            Self::ProviderAnswered { session, .. }
            | Self::ProviderLoggedOff { session, .. }
            | Self::ProviderShutDown { session, .. }
            | Self::SessionClosed { session } => Some(session),
            Self::Initialize { .. }
            | Self::Uninitialize { .. }
            | Self::Logon { .. }
            | Self::Logoff { .. }
            | Self::Release { .. }
            | Self::Crash { .. }
            | Self::Open { .. }
            | Self::Use { .. }
            | Self::StoreLogoff { .. } => None,
        }
    }

    /// The call from inside which it is made, if any.
    pub const fn inside(self) -> Option<Name> {
        if let Self::Logon { inside, .. } | Self::Open { inside, .. } = self {
            inside
        } else {
            None
        }
    }

    /// The handle that it is a call on.
    pub const fn handle(self) -> Option<Name> {
        if let Self::Logoff { handle, .. }
        | Self::Release { handle, .. }
        | Self::Open { handle, .. }
        | Self::Use { handle, .. }
        | Self::StoreLogoff { handle, .. } = self
        {
            Some(handle)
        } else {
            None
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
            | Self::Crash { client }
            | Self::Open { client, .. }
            | Self::Use { client, .. }
            | Self::StoreLogoff { client, .. } => client,
            Self::Withdraw { call }
            | Self::Deadline { call }
            | Self::Timeout { call }
            | Self::Continue { call }
            | Self::LookedUp { call }
            | Self::Choose { call, .. }
            | Self::Checked { call }
            | Self::EnterPassword { call, .. }
            | Self::Confirm { call, .. }
            | Self::ServicesRead { call }
            | Self::EntryReturned { call, .. }
            | Self::RetryAnswered { call, .. } => call.client(),
            Self::ProviderAnswered { session, .. }
            | Self::ProviderLoggedOff { session, .. }
            | Self::ProviderShutDown { session, .. }
            | Self::SessionClosed { session } => session.client(),
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

/// What an open call wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OpenTarget {
    /// The store of this provider, which may be none of a store.
    Store(Provider),
    /// The address book.
    Book,
}

/// What is passed to an open call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OpenArgument {
    /// No flag: dialogs are permitted.
    Dialogs,
    /// `MDB_NO_DIALOG` or `AB_NO_DIALOG`.
    NoDialog,
    /// A flag bit that has no meaning.
    UndefinedFlag,
}

/// Why an entry function is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Entry {
    /// `MAPI_SERVICE_UI_ALWAYS`: the service shows its configuration (UIX-04).
    Show(Service),
    /// This provider of the service failed to log on (SVC-11).
    Repair(Provider),
}

/// What an entry function returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryResult {
    /// `S_OK`
    Ok,
    /// `MAPI_E_UNCONFIGURED`
    Unconfigured,
    /// `MAPI_E_USER_CANCEL`
    UserCancel,
}

impl EntryResult {
    /// Every result.
    pub const ALL: [Self; 3] = [Self::Ok, Self::Unconfigured, Self::UserCancel];
}

/// What the user answers when a provider has failed (FLR-19).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RetryAnswer {
    /// Try again.
    Retry,
    /// Put right what is wrong, then try again.
    Correct,
    /// Do without the service.
    GiveUp,
    /// There is no user to ask.
    Unavailable,
}

impl RetryAnswer {
    /// Every answer.
    pub const ALL: [Self; 4] = [Self::Retry, Self::Correct, Self::GiveUp, Self::Unavailable];
}

/// What a provider answers to an attempt to log on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProviderResult {
    /// `S_OK`
    Ok,
    /// `MAPI_W_ERRORS_RETURNED` (FLR-11)
    Warning,
    /// `MAPI_E_FAILONEPROVIDER` (FLR-04)
    FailOneProvider,
    /// `MAPI_E_UNCONFIGURED` (FLR-05)
    Unconfigured,
    /// `MAPI_E_USER_CANCEL` (FLR-08)
    UserCancel,
    /// `MAPI_E_SESSION_LIMIT` (FLR-09)
    SessionLimit,
    /// `MAPI_E_LOGON_FAILED`, standing for every code that no other one names (FLR-06)
    LogonFailed,
    /// `MAPI_E_UNKNOWN_CPID` (FLR-10)
    UnknownCpid,
    /// `MAPI_E_UNKNOWN_LCID` (FLR-10)
    UnknownLcid,
    /// `MAPI_E_VERSION`, or it could not be loaded at all (FLR-12)
    Version,
}

impl ProviderResult {
    /// Every result.
    pub const ALL: [Self; 10] = [
        Self::Ok,
        Self::Warning,
        Self::FailOneProvider,
        Self::Unconfigured,
        Self::UserCancel,
        Self::SessionLimit,
        Self::LogonFailed,
        Self::UnknownCpid,
        Self::UnknownLcid,
        Self::Version,
    ];
}
