//! Why profiles and their services are what they were, and why a fast shutdown does not come.

use thiserror::Error;

use mapi_session_core as core;
use mapi_session_core::{MapiCode, NameError};

use crate::error::HandleError;
use crate::failure::EntryError;
use crate::profiles::ServiceUid;
use crate::service::MOST_SERVICES;

/// Why a profile was not created.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq, Hash)]
pub enum NewProfileError {
    /// It was refused.
    #[error(transparent)]
    Refused(#[from] core::AdminError),
    /// It would list more than [`MOST_SERVICES`] services.
    #[error("profile lists {count} services; at most {MOST_SERVICES} are allowed")]
    TooManyServices {
        /// How many.
        count: usize,
    },
}

impl NewProfileError {
    /// The code that `IProfAdmin::CreateProfile` returns for this refusal.
    pub const fn code(&self) -> MapiCode {
        match self {
            Self::Refused(refusal) => refusal.code(),
            Self::TooManyServices { .. } => MapiCode::MAPI_E_INVALID_PARAMETER,
        }
    }
}

/// Why there is no table of profiles to be read.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq, Hash)]
pub enum ProfileTableError {
    /// The client has not initialised MAPI (`INI-01`).
    #[error("client has not initialised")]
    NotInitialized,
}

impl ProfileTableError {
    /// The code that `IProfAdmin::GetProfileTable` returns for this refusal.
    pub const fn code(&self) -> MapiCode {
        match self {
            Self::NotInitialized => MapiCode::MAPI_E_NOT_INITIALIZED,
        }
    }
}

/// Why the services of a profile cannot be administered.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq, Hash)]
pub enum AdminServicesError {
    /// The client has not initialised MAPI (`INI-01`).
    #[error("client has not initialised")]
    NotInitialized,
    /// No profile can bear the name (`ADM-24`).
    #[error("malformed name: {0}")]
    MalformedName(#[from] NameError),
    /// No profile bears the name, or the one that does is about to go (`ADM-18`).
    #[error("profile does not exist")]
    ProfileNotFound,
}

impl AdminServicesError {
    /// The code that `IProfAdmin::AdminServices` returns for this refusal.
    pub const fn code(&self) -> MapiCode {
        match self {
            Self::NotInitialized => MapiCode::MAPI_E_NOT_INITIALIZED,
            Self::MalformedName(_) => MapiCode::MAPI_E_INVALID_PARAMETER,
            Self::ProfileNotFound => MapiCode::MAPI_E_LOGON_FAILED,
        }
    }
}

/// Why there is no table of services to be read.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq, Hash)]
pub enum ServiceTableError {
    /// It was refused.
    #[error(transparent)]
    Refused(#[from] HandleError),
    /// The profile is gone meanwhile (`ADM-18`).
    #[error("profile is gone meanwhile")]
    ProfileGone,
}

impl ServiceTableError {
    /// The code that `IMsgServiceAdmin::GetMsgServiceTable` returns for this refusal.
    pub const fn code(&self) -> MapiCode {
        match self {
            Self::Refused(refusal) => refusal.code(),
            Self::ProfileGone => MapiCode::MAPI_E_LOGON_FAILED,
        }
    }
}

/// Why a service was not added to a profile; or was, and something is amiss with it.
#[derive(Clone, Debug, Error, PartialEq, Eq, Hash)]
pub enum AddServiceError {
    /// It was refused.
    #[error(transparent)]
    Refused(#[from] core::ServiceAdminError),
    /// The profile is gone meanwhile (`ADM-18`).
    #[error("profile is gone meanwhile")]
    ProfileGone,
    /// The profile lists [`MOST_SERVICES`] services already.
    #[error("profile lists {MOST_SERVICES} services already")]
    TooManyServices,
    /// The service is in the profile; its entry function says this of it (`SVC-09`).
    #[error("service is in the profile: {error}")]
    Entry {
        /// The service.
        service: ServiceUid,
        /// What its entry function says, or that it says nothing.
        #[source]
        error: EntryCallError,
    },
}

impl AddServiceError {
    /// The code that `IMsgServiceAdmin::CreateMsgService` returns; a call that was given up has
    /// none.
    pub const fn code(&self) -> Option<MapiCode> {
        match self {
            Self::Refused(refusal) => Some(refusal.code()),
            Self::ProfileGone => Some(MapiCode::MAPI_E_LOGON_FAILED),
            Self::TooManyServices => Some(MapiCode::MAPI_E_INVALID_PARAMETER),
            Self::Entry { service: _, error } => error.code(),
        }
    }
}

/// Why a service was not copied into a profile.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq, Hash)]
pub enum CopyServiceError {
    /// It was refused.
    #[error(transparent)]
    Refused(#[from] core::ServiceAdminError),
    /// A profile, the one with the service or that for the copy, is gone meanwhile (`ADM-18`).
    #[error("profile is gone meanwhile")]
    ProfileGone,
    /// The profile lists [`MOST_SERVICES`] services already.
    #[error("profile lists {MOST_SERVICES} services already")]
    TooManyServices,
}

impl CopyServiceError {
    /// The code that `IMsgServiceAdmin::CopyMsgService` returns for this refusal.
    pub const fn code(&self) -> MapiCode {
        match self {
            Self::Refused(refusal) => refusal.code(),
            Self::ProfileGone => MapiCode::MAPI_E_LOGON_FAILED,
            Self::TooManyServices => MapiCode::MAPI_E_INVALID_PARAMETER,
        }
    }
}

/// Why a service was not deleted from a profile.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq, Hash)]
pub enum DeleteServiceError {
    /// It was refused.
    #[error(transparent)]
    Refused(#[from] core::ServiceAdminError),
    /// The profile is gone meanwhile (`ADM-18`).
    #[error("profile is gone meanwhile")]
    ProfileGone,
}

impl DeleteServiceError {
    /// The code that `IMsgServiceAdmin::DeleteMsgService` returns for this refusal.
    pub const fn code(&self) -> MapiCode {
        match self {
            Self::Refused(refusal) => refusal.code(),
            Self::ProfileGone => MapiCode::MAPI_E_LOGON_FAILED,
        }
    }
}

/// Why the primary identity comes from where it came from.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq, Hash)]
pub enum SetPrimaryIdentityError {
    /// It was refused.
    #[error(transparent)]
    Refused(#[from] HandleError),
    /// The profile is gone meanwhile (`ADM-18`).
    #[error("profile is gone meanwhile")]
    ProfileGone,
    /// The profile lists no such service.
    #[error("there is no such service")]
    NoSuchService,
    /// No provider of the service can say who the user is (`IDN-04`, `IDN-07`).
    #[error("service cannot say who the user is")]
    NoPrimaryIdentity,
}

impl SetPrimaryIdentityError {
    /// The code that `IMsgServiceAdmin::SetPrimaryIdentity` returns for this refusal.
    pub const fn code(&self) -> MapiCode {
        match self {
            Self::Refused(refusal) => refusal.code(),
            Self::ProfileGone => MapiCode::MAPI_E_LOGON_FAILED,
            Self::NoSuchService => MapiCode::MAPI_E_NOT_FOUND,
            Self::NoPrimaryIdentity => MapiCode::MAPI_E_NO_ACCESS,
        }
    }
}

/// What came of the call of an entry function that somebody waited for, if it was not good.
#[derive(Clone, Debug, Error, PartialEq, Eq, Hash)]
pub enum EntryCallError {
    /// The entry function said so, or could not be called.
    #[error(transparent)]
    Entry(#[from] EntryError),
    /// It took longer than the caller would wait; what it returns is lost.
    #[error("entry function took too long")]
    TimedOut,
    /// The handle was logged off, or released, meanwhile (`LGF-18`).
    #[error("handle was logged off meanwhile")]
    LoggedOff,
    /// The caller gave up, or its client is gone: there is no answer (`CAN-01`, `LGF-13`).
    #[error("wait for the entry function was given up")]
    Withdrawn,
}

impl EntryCallError {
    /// The code that is passed on to the caller (`SVC-07`); one that gave up gets none.
    pub const fn code(&self) -> Option<MapiCode> {
        Some(match self {
            Self::Entry(error) => error.code(),
            Self::TimedOut => MapiCode::MAPI_E_TIMEOUT,
            Self::LoggedOff => MapiCode::MAPI_E_INVALID_OBJECT,
            Self::Withdrawn => return None,
        })
    }
}

/// Why a process may not shut down fast.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq, Hash)]
pub enum QueryFastShutdownError {
    /// It was refused.
    #[error(transparent)]
    Refused(#[from] core::QueryFastShutdownError),
    /// Its caller gave it up, or its client is gone: there is no answer (`CAN-01`, `LGF-13`).
    #[error("query for a fast shutdown was withdrawn")]
    Withdrawn,
}

impl QueryFastShutdownError {
    /// The code that `IMAPIClientShutdown::QueryFastShutdown` returns; a call that was given up has
    /// none.
    pub const fn code(&self) -> Option<MapiCode> {
        match self {
            Self::Refused(refusal) => Some(refusal.code()),
            Self::Withdrawn => None,
        }
    }
}
