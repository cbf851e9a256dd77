//! Why a call failed: refused with a code of MAPI's, or given up without one.

use thiserror::Error;

use mapi_session_core as core;
use mapi_session_core::{MapiCode, NameError};

use crate::failure::{EntryError, Trouble};
use crate::service::MOST_SERVICES;
use crate::session::Session;

/// Why a logon did not succeed.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq, Hash)]
pub enum LogonError {
    /// It was refused.
    #[error(transparent)]
    Refused(#[from] core::LogonError),
    /// Its caller gave it up, or its client is gone: there is no answer (`CAN-01`, `LGF-13`).
    #[error("logon was withdrawn")]
    Withdrawn,
}

impl LogonError {
    /// The code that `MAPILogonEx` returns; a call that was given up has none.
    pub const fn code(&self) -> Option<MapiCode> {
        match self {
            Self::Refused(refusal) => Some(refusal.code()),
            Self::Withdrawn => None,
        }
    }
}

/// Why a logoff did not succeed.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq, Hash)]
pub enum LogoffError {
    /// It was refused; the handle is what it was.
    #[error(transparent)]
    Refused(#[from] core::LogoffError),
    /// Its caller gave it up, or its client is gone: there is no answer (`CAN-01`, `LGF-13`).
    #[error("logoff was withdrawn")]
    Withdrawn,
}

impl LogoffError {
    /// The code that `IMAPISession::Logoff` returns; a call that was given up has none.
    pub const fn code(&self) -> Option<MapiCode> {
        match self {
            Self::Refused(refusal) => Some(refusal.code()),
            Self::Withdrawn => None,
        }
    }
}

/// A logoff that did not succeed, and the session, which is as good as before (`LGF-10`).
///
/// To drop it is to log off without asking.
#[derive(Debug, Error)]
#[error("session is still logged on")]
pub struct RefusedLogoff {
    /// The session that goes on.
    pub session: Box<Session>,
    /// Why.
    #[source]
    pub error: LogoffError,
}

/// Why a store, or the address book, was not opened.
#[derive(Clone, Debug, Error, PartialEq, Eq, Hash)]
pub enum OpenError {
    /// It was refused, or failed; nothing was opened.
    #[error("{}: {refusal}{}", refusal.code(), because(.trouble))]
    Refused {
        /// Why.
        refusal: core::OpenError,
        /// Which provider is to blame, if one is.
        trouble: Option<Box<Trouble>>,
    },
    /// Its caller gave it up, or its client is gone: there is no answer (`CAN-01`, `LGF-13`).
    #[error("open call was withdrawn")]
    Withdrawn,
}

impl OpenError {
    /// The code that the open call returns; one that was given up has none.
    pub const fn code(&self) -> Option<MapiCode> {
        match self {
            Self::Refused { refusal, .. } => Some(refusal.code()),
            Self::Withdrawn => None,
        }
    }

    /// Which provider is to blame, if one is.
    pub fn trouble(&self) -> Option<&Trouble> {
        match self {
            Self::Refused { trouble, .. } => trouble.as_deref(),
            Self::Withdrawn => None,
        }
    }
}

/// Why a provider was not used. It has not been called.
#[derive(Clone, Debug, Error, PartialEq, Eq, Hash)]
pub enum UseError {
    /// It was refused.
    #[error("{}: {refusal}{}", refusal.code(), because(.trouble))]
    Refused {
        /// Why.
        refusal: core::UseError,
        /// Which provider is to blame, if one is.
        trouble: Option<Box<Trouble>>,
    },
    /// Its client is gone: there is no answer (`LGF-13`).
    #[error("use was withdrawn")]
    Withdrawn,
}

impl UseError {
    /// The code for the refusal; without an answer there is none.
    pub const fn code(&self) -> Option<MapiCode> {
        match self {
            Self::Refused { refusal, .. } => Some(refusal.code()),
            Self::Withdrawn => None,
        }
    }

    /// Which provider is to blame, if one is.
    pub fn trouble(&self) -> Option<&Trouble> {
        match self {
            Self::Refused { trouble, .. } => trouble.as_deref(),
            Self::Withdrawn => None,
        }
    }
}

fn because(trouble: &Option<Box<Trouble>>) -> String {
    trouble.as_ref().map(|trouble| format!(": {trouble}")).unwrap_or_default()
}

/// Why a store was not logged off.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq, Hash)]
pub enum StoreLogoffError {
    /// It was refused: there is nothing to log off.
    #[error(transparent)]
    Refused(#[from] core::StoreLogoffError),
    /// Its client is gone: there is no answer (`LGF-13`).
    #[error("logoff of the store was withdrawn")]
    Withdrawn,
}

impl StoreLogoffError {
    /// The code that `IMsgStore::StoreLogoff` returns; without an answer there is none.
    pub const fn code(&self) -> Option<MapiCode> {
        match self {
            Self::Refused(refusal) => Some(refusal.code()),
            Self::Withdrawn => None,
        }
    }
}

/// Why a handle is of no use, where nothing else can go wrong.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq, Hash)]
pub enum HandleError {
    /// The client has not initialised MAPI (`INI-01`).
    #[error("client has not initialised")]
    NotInitialized,
    /// The handle is not a live one of this client (`LGF-03`, `THR-03`).
    #[error("handle is not a live one of this client")]
    InvalidHandle,
}

impl HandleError {
    /// The code for the refusal.
    pub const fn code(&self) -> MapiCode {
        match self {
            Self::NotInitialized => MapiCode::MAPI_E_NOT_INITIALIZED,
            Self::InvalidHandle => MapiCode::MAPI_E_INVALID_OBJECT,
        }
    }
}

/// Why there is no status table to be read.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq, Hash)]
pub enum StatusTableError {
    /// It was refused.
    #[error(transparent)]
    Refused(#[from] HandleError),
    /// The spooler took longer to start transports than the caller would wait (`CAN-02`).
    #[error("transports took too long to start")]
    TimedOut,
    /// The handle was logged off, or released, meanwhile (`LGF-18`).
    #[error("handle was logged off meanwhile")]
    LoggedOff,
    /// Its caller gave it up, or its client is gone: there is no answer (`CAN-01`, `LGF-13`).
    #[error("call for the status table was withdrawn")]
    Withdrawn,
}

impl StatusTableError {
    /// The code that `IMAPISession::GetStatusTable` returns; a call that was given up has none.
    pub const fn code(&self) -> Option<MapiCode> {
        Some(match self {
            Self::Refused(refusal) => refusal.code(),
            Self::TimedOut => MapiCode::MAPI_E_TIMEOUT,
            Self::LoggedOff => MapiCode::MAPI_E_INVALID_OBJECT,
            Self::Withdrawn => return None,
        })
    }
}

/// Why the default store is what it was.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq, Hash)]
pub enum SetDefaultStoreError {
    /// It was refused.
    #[error(transparent)]
    Refused(#[from] core::SetDefaultStoreError),
    /// Its client is gone: there is no answer (`LGF-13`).
    #[error("choice of the default store was withdrawn")]
    Withdrawn,
}

impl SetDefaultStoreError {
    /// The code that `IMAPISession::SetDefaultStore` returns; without an answer there is none.
    pub const fn code(&self) -> Option<MapiCode> {
        match self {
            Self::Refused(refusal) => Some(refusal.code()),
            Self::Withdrawn => None,
        }
    }
}

/// Why a sink does not listen.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq, Hash)]
pub enum AdviseError {
    /// It was refused.
    #[error(transparent)]
    Refused(#[from] core::AdviseError),
    /// Its client is gone: there is no answer (`LGF-13`).
    #[error("registration of a sink was withdrawn")]
    Withdrawn,
}

impl AdviseError {
    /// The code that `IMAPISession::Advise` returns; without an answer there is none.
    pub const fn code(&self) -> Option<MapiCode> {
        match self {
            Self::Refused(refusal) => Some(refusal.code()),
            Self::Withdrawn => None,
        }
    }
}

/// Why there was no connection to be ended.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq, Hash)]
pub enum UnadviseError {
    /// It was refused: the connection ended with its handle.
    #[error(transparent)]
    Refused(#[from] core::UnadviseError),
    /// Its client is gone: there is no answer (`LGF-13`).
    #[error("end of a connection was withdrawn")]
    Withdrawn,
}

impl UnadviseError {
    /// The code that `IMAPISession::Unadvise` returns; without an answer there is none.
    pub const fn code(&self) -> Option<MapiCode> {
        match self {
            Self::Refused(refusal) => Some(refusal.code()),
            Self::Withdrawn => None,
        }
    }
}

/// Why a service was not configured, though somebody asked for it.
#[derive(Clone, Debug, Error, PartialEq, Eq, Hash)]
pub enum ConfigureError {
    /// The client has not initialised MAPI (`INI-01`).
    #[error("client has not initialised")]
    NotInitialized,
    /// The handle is not a live one of this client (`LGF-03`, `THR-03`).
    #[error("handle is not a live one of this client")]
    InvalidHandle,
    /// The profile is gone meanwhile, which no session kept (`ADM-18`).
    #[error("profile is gone meanwhile")]
    ProfileGone,
    /// The profile lists no such service.
    #[error("there is no such service")]
    NoSuchService,
    /// The service has no entry function (`SVC-07`, `SVC-12`), or nobody has registered it.
    #[error("service has no entry function")]
    NoEntryFunction,
    /// The entry function said so, or could not be called.
    #[error(transparent)]
    Entry(#[from] EntryError),
    /// The entry function took longer than the caller would wait; what it returns is lost.
    #[error("entry function took too long")]
    TimedOut,
    /// The handle was logged off, or released, meanwhile (`LGF-18`).
    #[error("handle was logged off meanwhile")]
    LoggedOff,
    /// Its caller gave it up, or its client is gone: there is no answer (`CAN-01`, `LGF-13`).
    #[error("configuration was withdrawn")]
    Withdrawn,
}

impl ConfigureError {
    /// The code that `IMsgServiceAdmin::ConfigureMsgService` returns; a call that was given up has
    /// none.
    pub const fn code(&self) -> Option<MapiCode> {
        Some(match self {
            Self::NotInitialized | Self::NoEntryFunction => MapiCode::MAPI_E_NOT_INITIALIZED,
            Self::InvalidHandle | Self::LoggedOff => MapiCode::MAPI_E_INVALID_OBJECT,
            Self::ProfileGone => MapiCode::MAPI_E_LOGON_FAILED,
            Self::NoSuchService => MapiCode::MAPI_E_NOT_FOUND,
            // It is passed on as it is (`SVC-07`).
            Self::Entry(error) => error.code(),
            Self::TimedOut => MapiCode::MAPI_E_TIMEOUT,
            Self::Withdrawn => return None,
        })
    }
}

/// Why a store was not furnished with a profile.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq, Hash)]
pub enum CreateProfileError {
    /// No profile can bear the name (`ADM-24`).
    #[error("malformed name: {0}")]
    MalformedName(#[from] NameError),
    /// A profile bears the name, written like this or otherwise (`ADM-01`, `ADM-24`).
    #[error("a profile of this name exists")]
    NameTaken,
    /// It lists more than [`MOST_SERVICES`] services.
    #[error("profile lists {count} services; at most {MOST_SERVICES} are allowed")]
    TooManyServices {
        /// How many.
        count: usize,
    },
}

impl CreateProfileError {
    /// The code that `IProfAdmin::CreateProfile` returns for this refusal.
    pub const fn code(&self) -> MapiCode {
        match self {
            Self::MalformedName(_) | Self::TooManyServices { .. } => {
                MapiCode::MAPI_E_INVALID_PARAMETER
            }
            Self::NameTaken => MapiCode::MAPI_E_NO_ACCESS,
        }
    }
}

/// Why the default profile is what it was.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq, Hash)]
pub enum SetDefaultError {
    /// No profile bears the name (`ADM-15`).
    #[error("no profile of this name exists")]
    NotFound,
    /// An app profile is never the default (`ADM-15`).
    #[error("an app profile cannot be the default")]
    AppProfile,
}

impl SetDefaultError {
    /// The code that `IProfAdmin::SetDefaultProfile` returns for this refusal.
    pub const fn code(&self) -> MapiCode {
        match self {
            Self::NotFound => MapiCode::MAPI_E_NOT_FOUND,
            Self::AppProfile => MapiCode::MAPI_E_CALL_FAILED,
        }
    }
}
