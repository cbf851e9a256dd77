//! Why a call was refused: one type a call, one code a variant.
//!
//! Only refusals are errors. The messages are for logs; callers in C get the `code`, which may be
//! one that the documentation of the call does not list (`ERR-02`).

mod administration;
mod shutdown;

use thiserror::Error;

use crate::code::MapiCode;
use crate::name::NameError;

pub use administration::{AdminError, ServiceAdminError};
pub use shutdown::{DoFastShutdownError, NotifyProcessShutdownError, QueryFastShutdownError};

/// Why `MAPIInitialize` was refused.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq, Hash)]
pub enum InitError {
    /// The argument block is of another version than 0.
    #[error("initialisation block has version {version}")]
    WrongVersion {
        /// The version it says it has.
        version: u32,
    },
    /// The client has shut down fast, and makes no call any more (`FSD-06`).
    #[error("client has shut down")]
    ShutDown,
    /// Flags were set that have no meaning.
    #[error("initialisation flags 0x{bits:08X} are undefined")]
    UnknownFlags {
        /// The undefined ones.
        bits: u32,
    },
}

impl InitError {
    /// The code that `MAPIInitialize` returns for this refusal.
    pub const fn code(&self) -> MapiCode {
        match self {
            Self::ShutDown => MapiCode::MAPI_E_NOT_INITIALIZED,
            Self::WrongVersion { .. } => MapiCode::MAPI_E_INVALID_PARAMETER,
            Self::UnknownFlags { .. } => MapiCode::MAPI_E_UNKNOWN_FLAGS,
        }
    }
}

/// Why `MAPILogonEx` was refused.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq, Hash)]
pub enum LogonError {
    /// The client has not initialised MAPI (`INI-01`).
    #[error("client has not initialised")]
    NotInitialized,
    /// Flags were set that have no meaning.
    #[error("logon flags 0x{bits:08X} are undefined")]
    UnknownFlags {
        /// The undefined ones.
        bits: u32,
    },
    /// `MAPI_LOGON_UI` and `MAPI_PASSWORD_UI` exclude each other (`UIX-02`).
    #[error("two kinds of logon dialog were asked for")]
    TwoDialogs,
    /// The call came from inside the logon that holds the mutex (`MTX-07`).
    #[error("logon was called from inside the logon in progress")]
    Nested,
    /// No profile was named, nor may one be asked for (`PRF-05`).
    #[error("no profile was named and none may be asked for")]
    NoProfile,
    /// No profile can bear the name (`PRF-15`).
    #[error("malformed name: {0}")]
    MalformedName(NameError),
    /// No live profile bears the name, or the one picked is gone (`PRF-11`).
    #[error("profile does not exist")]
    ProfileNotFound,
    /// The default was asked for, there is none, nor may the user be asked (`PRF-08`).
    #[error("there is no default profile and none may be asked for")]
    NoDefaultProfile,
    /// An app profile was picked, which the caller did not ask to see (`PRF-10`).
    #[error("profile is hidden from this caller")]
    AppProfileHidden,
    /// The profile's password is another, or missing (`CRD-02`).
    #[error("password does not open the profile")]
    WrongPassword,
    /// The profile has no password, and one was given (`CRD-04`).
    #[error("profile takes no password")]
    UnneededPassword,
    /// The profile went while the logon was at it (`ADM-11`, `PRF-11`).
    #[error("profile is gone meanwhile")]
    ProfileGone,
    /// There are as many sessions as the subsystem takes.
    #[error("limit of sessions is reached")]
    SessionLimitReached,
    /// Other logons took longer than the caller would wait (`MTX-02`).
    #[error("other logons took too long")]
    TimedOut,
    /// The user cancelled, or did not answer in time (`PRF-13`, `CRD-05`).
    #[error("user cancelled the logon")]
    Cancelled,
}

impl LogonError {
    /// The code that `MAPILogonEx` returns for this refusal.
    pub const fn code(&self) -> MapiCode {
        match self {
            Self::NotInitialized => MapiCode::MAPI_E_NOT_INITIALIZED,
            Self::UnknownFlags { .. } => MapiCode::MAPI_E_UNKNOWN_FLAGS,
            Self::TwoDialogs => MapiCode::MAPI_E_INVALID_PARAMETER,
            Self::Nested
            | Self::NoProfile
            | Self::MalformedName(_)
            | Self::ProfileNotFound
            | Self::NoDefaultProfile
            | Self::AppProfileHidden
            | Self::WrongPassword
            | Self::UnneededPassword
            | Self::ProfileGone
            | Self::SessionLimitReached => MapiCode::MAPI_E_LOGON_FAILED,
            Self::TimedOut => MapiCode::MAPI_E_TIMEOUT,
            Self::Cancelled => MapiCode::MAPI_E_USER_CANCEL,
        }
    }
}

/// Why `IMAPISession::Logoff` was refused.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq, Hash)]
pub enum LogoffError {
    /// The client has not initialised MAPI (`INI-01`).
    #[error("client has not initialised")]
    NotInitialized,
    /// The handle is not a live one of this client (`LGF-03`, `THR-03`).
    #[error("handle is not a live one of this client")]
    InvalidHandle,
    /// Flags were set that have no meaning.
    #[error("logoff flags 0x{bits:08X} are undefined")]
    UnknownFlags {
        /// The undefined ones.
        bits: u32,
    },
    /// The user declined, or did not answer in time; the handle stays live (`LGF-10`).
    #[error("user declined the logoff")]
    Cancelled,
}

impl LogoffError {
    /// The code that `IMAPISession::Logoff` returns for this refusal.
    pub const fn code(&self) -> MapiCode {
        match self {
            Self::NotInitialized => MapiCode::MAPI_E_NOT_INITIALIZED,
            Self::InvalidHandle => MapiCode::MAPI_E_INVALID_OBJECT,
            Self::UnknownFlags { .. } => MapiCode::MAPI_E_UNKNOWN_FLAGS,
            Self::Cancelled => MapiCode::MAPI_E_USER_CANCEL,
        }
    }
}

/// Why `IUnknown::Release` of a session handle was refused.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq, Hash)]
pub enum ReleaseError {
    /// The client has not initialised MAPI (`INI-01`).
    #[error("client has not initialised")]
    NotInitialized,
    /// The handle is not one of this client, or was released before (`THR-03`).
    #[error("handle is not one of this client")]
    InvalidHandle,
}

impl ReleaseError {
    /// The code for this refusal.
    pub const fn code(&self) -> MapiCode {
        match self {
            Self::NotInitialized => MapiCode::MAPI_E_NOT_INITIALIZED,
            Self::InvalidHandle => MapiCode::MAPI_E_INVALID_OBJECT,
        }
    }
}

/// Why `IMAPISession::OpenMsgStore` or `IMAPISession::OpenAddressBook` was refused, or failed.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq, Hash)]
pub enum OpenError {
    /// The client has not initialised MAPI (`INI-01`).
    #[error("client has not initialised")]
    NotInitialized,
    /// The handle is not a live one of this client (`LGF-03`, `THR-03`).
    #[error("handle is not a live one of this client")]
    InvalidHandle,
    /// Flags were set that have no meaning.
    #[error("flags 0x{bits:08X} of the open call are undefined")]
    UnknownFlags {
        /// The undefined ones.
        bits: u32,
    },
    /// The session has no such provider, or it is not a store.
    #[error("there is no such store")]
    NoSuchStore,
    /// The handle has another open call under way.
    #[error("another open call of the handle is in progress")]
    OpenInProgress,
    /// The call came from inside another, and would wait for a provider that somebody is at.
    #[error("open was called from inside a call that it may have to wait for")]
    WouldWaitForItself,
    /// The store's service is disabled for the session (`FLR-02`).
    #[error("service of the store is disabled")]
    ServiceDisabled,
    /// The store could not log on; its service stays (`FLR-04`).
    #[error("store could not log on")]
    ProviderFailed,
    /// The store took longer than the caller would wait (`CAN-02`).
    #[error("store took too long to open")]
    TimedOut,
    /// The handle was logged off, or released, meanwhile (`LGF-18`).
    #[error("handle was logged off meanwhile")]
    LoggedOff,
}

impl OpenError {
    /// The code that the open call returns for this refusal.
    pub const fn code(&self) -> MapiCode {
        match self {
            Self::NotInitialized => MapiCode::MAPI_E_NOT_INITIALIZED,
            Self::InvalidHandle | Self::LoggedOff => MapiCode::MAPI_E_INVALID_OBJECT,
            Self::UnknownFlags { .. } => MapiCode::MAPI_E_UNKNOWN_FLAGS,
            Self::NoSuchStore => MapiCode::MAPI_E_NOT_FOUND,
            Self::OpenInProgress | Self::WouldWaitForItself => MapiCode::MAPI_E_BUSY,
            Self::ServiceDisabled | Self::ProviderFailed | Self::TimedOut => {
                MapiCode::MAPI_E_LOGON_FAILED
            }
        }
    }
}

/// Why the use of an object was refused.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq, Hash)]
pub enum UseError {
    /// The client has not initialised MAPI (`INI-01`).
    #[error("client has not initialised")]
    NotInitialized,
    /// The handle is not a live one of this client (`LGF-03`, `THR-03`).
    #[error("handle is not a live one of this client")]
    InvalidHandle,
    /// The handle has not opened it, or has logged it off; or it is a transport that the handle
    /// does not see.
    #[error("handle has not opened this")]
    NotOpen,
    /// The store does not run, or its service is disabled (`FLR-02`).
    #[error("store is not available")]
    StoreUnavailable,
    /// The transport's service is disabled (`FLR-02`).
    #[error("transport is not available")]
    TransportUnavailable,
    /// The address book provider does not run, or its service is disabled (`FLR-02`).
    #[error("no available provider owns the entry")]
    EntryUnavailable,
}

impl UseError {
    /// The code for this refusal.
    pub const fn code(&self) -> MapiCode {
        match self {
            Self::NotInitialized => MapiCode::MAPI_E_NOT_INITIALIZED,
            Self::InvalidHandle | Self::NotOpen => MapiCode::MAPI_E_INVALID_OBJECT,
            Self::StoreUnavailable | Self::TransportUnavailable => MapiCode::MAPI_E_LOGON_FAILED,
            Self::EntryUnavailable => MapiCode::MAPI_E_UNKNOWN_ENTRYID,
        }
    }
}

/// Why `IMsgStore::StoreLogoff` was refused.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq, Hash)]
pub enum StoreLogoffError {
    /// The client has not initialised MAPI (`INI-01`).
    #[error("client has not initialised")]
    NotInitialized,
    /// The handle is not a live one of this client (`LGF-03`, `THR-03`).
    #[error("handle is not a live one of this client")]
    InvalidHandle,
    /// The handle has not opened the store, or has logged it off.
    #[error("handle has not opened this store")]
    NotOpen,
}

impl StoreLogoffError {
    /// The code that `IMsgStore::StoreLogoff` returns for this refusal.
    pub const fn code(&self) -> MapiCode {
        match self {
            Self::NotInitialized => MapiCode::MAPI_E_NOT_INITIALIZED,
            Self::InvalidHandle | Self::NotOpen => MapiCode::MAPI_E_INVALID_OBJECT,
        }
    }
}

/// Why `IMAPISession::SetDefaultStore` was refused.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq, Hash)]
pub enum SetDefaultStoreError {
    /// The client has not initialised MAPI (`INI-01`).
    #[error("client has not initialised")]
    NotInitialized,
    /// The handle is not a live one of this client (`LGF-03`, `THR-03`).
    #[error("handle is not a live one of this client")]
    InvalidHandle,
    /// It is no store, does not run, or never is the default (`DST-02`).
    #[error("provider cannot be the default store")]
    Unfit,
}

impl SetDefaultStoreError {
    /// The code that `IMAPISession::SetDefaultStore` returns for this refusal.
    pub const fn code(&self) -> MapiCode {
        match self {
            Self::NotInitialized => MapiCode::MAPI_E_NOT_INITIALIZED,
            Self::InvalidHandle => MapiCode::MAPI_E_INVALID_OBJECT,
            Self::Unfit => MapiCode::MAPI_E_NO_ACCESS,
        }
    }
}

/// Why `IMAPISession::Advise` was refused.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq, Hash)]
pub enum AdviseError {
    /// The client has not initialised MAPI (`INI-01`).
    #[error("client has not initialised")]
    NotInitialized,
    /// The handle is not a live one of this client (`LGF-03`, `THR-03`).
    #[error("handle is not a live one of this client")]
    InvalidHandle,
}

impl AdviseError {
    /// The code that `IMAPISession::Advise` returns for this refusal.
    pub const fn code(&self) -> MapiCode {
        match self {
            Self::NotInitialized => MapiCode::MAPI_E_NOT_INITIALIZED,
            Self::InvalidHandle => MapiCode::MAPI_E_INVALID_OBJECT,
        }
    }
}

/// Why `IMAPISession::Unadvise` was refused.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq, Hash)]
pub enum UnadviseError {
    /// The client has not initialised MAPI (`INI-01`).
    #[error("client has not initialised")]
    NotInitialized,
    /// The handle is not a live one of this client (`LGF-03`, `THR-03`).
    #[error("handle is not a live one of this client")]
    InvalidHandle,
}

impl UnadviseError {
    /// The code that `IMAPISession::Unadvise` returns for this refusal.
    pub const fn code(&self) -> MapiCode {
        match self {
            Self::NotInitialized => MapiCode::MAPI_E_NOT_INITIALIZED,
            Self::InvalidHandle => MapiCode::MAPI_E_INVALID_OBJECT,
        }
    }
}
