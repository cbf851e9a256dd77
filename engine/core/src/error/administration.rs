//! Why an edit of profiles, or of their services, was refused.

use thiserror::Error;

use crate::code::MapiCode;
use crate::name::NameError;

/// Why a call of `IProfAdmin` was refused.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq, Hash)]
pub enum AdminError {
    /// The client has not initialised MAPI (`INI-01`).
    #[error("client has not initialised")]
    NotInitialized,
    /// No profile can bear the name (`ADM-24`).
    #[error("malformed name: {0}")]
    MalformedName(NameError),
    /// No profile bears the name, or the one that does is about to go (`ADM-11`).
    #[error("profile does not exist")]
    ProfileNotFound,
    /// It is an app profile, and the caller did not ask to see those (`ADM-02`, `ADM-03`).
    #[error("profile is hidden from this caller")]
    AppProfileHidden,
    /// An app profile is never the default (`ADM-15`).
    #[error("an app profile cannot be the default")]
    AppProfileAsDefault,
    /// Another profile bears the new name, or is to have it (`ADM-01`, `ADM-24`).
    #[error("another profile bears the name, or is to have it")]
    NameTaken,
}

impl AdminError {
    /// The code for this refusal.
    pub const fn code(&self) -> MapiCode {
        match self {
            Self::NotInitialized => MapiCode::MAPI_E_NOT_INITIALIZED,
            Self::MalformedName(_) => MapiCode::MAPI_E_INVALID_PARAMETER,
            Self::ProfileNotFound => MapiCode::MAPI_E_NOT_FOUND,
            Self::AppProfileHidden | Self::NameTaken => MapiCode::MAPI_E_NO_ACCESS,
            Self::AppProfileAsDefault => MapiCode::MAPI_E_CALL_FAILED,
        }
    }
}

/// Why a call of `IMsgServiceAdmin` was refused.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq, Hash)]
pub enum ServiceAdminError {
    /// The client has not initialised MAPI (`INI-01`).
    #[error("client has not initialised")]
    NotInitialized,
    /// The handle is not a live one of this client (`LGF-03`, `THR-03`).
    #[error("handle is not a live one of this client")]
    InvalidHandle,
    /// Nobody knows the service that is to be added, or the profile does not have the one to go.
    #[error("there is no such service")]
    ServiceNotFound,
    /// The profile has the service, and may have it only once (`ADM-23`).
    #[error("profile has the service already")]
    SecondCopy,
}

impl ServiceAdminError {
    /// The code for this refusal.
    pub const fn code(&self) -> MapiCode {
        match self {
            Self::NotInitialized => MapiCode::MAPI_E_NOT_INITIALIZED,
            Self::InvalidHandle => MapiCode::MAPI_E_INVALID_OBJECT,
            Self::ServiceNotFound => MapiCode::MAPI_E_NOT_FOUND,
            Self::SecondCopy => MapiCode::MAPI_E_NO_ACCESS,
        }
    }
}
