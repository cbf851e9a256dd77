//! Why a client may not shut down fast.

use thiserror::Error;

use crate::code::MapiCode;

/// Why `IMAPIClientShutdown::QueryFastShutdown` was refused.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq, Hash)]
pub enum QueryFastShutdownError {
    /// The client has not initialised MAPI (`INI-01`).
    #[error("client has not initialised")]
    NotInitialized,
    /// The handle is not a live one of this client (`LGF-03`, `THR-03`).
    #[error("handle is not a live one of this client")]
    InvalidHandle,
    /// The environment allows nobody to shut down fast (`FSD-05`).
    #[error("nobody may shut down fast")]
    Forbidden,
    /// Another such call of the client is under way.
    #[error("client asks already")]
    QueryInProgress,
    /// A provider cannot bear it (`FSD-03`).
    #[error("a provider objects")]
    ProviderObjects,
    /// A provider cannot be asked, and all must consent (`FSD-04`).
    #[error("a provider cannot be asked")]
    ProviderSilent,
    /// The providers took longer than the caller would wait (`CAN-02`).
    #[error("providers took too long")]
    TimedOut,
    /// The client did something else meanwhile that takes back what it asks for (D-19).
    #[error("client went on with something else")]
    TakenBack,
    /// A handle of the client was logged off, or released, meanwhile.
    #[error("a handle of the client was logged off meanwhile")]
    LoggedOff,
}

impl QueryFastShutdownError {
    /// The code for this refusal.
    pub const fn code(&self) -> MapiCode {
        match self {
            Self::NotInitialized => MapiCode::MAPI_E_NOT_INITIALIZED,
            Self::InvalidHandle => MapiCode::MAPI_E_INVALID_OBJECT,
            Self::Forbidden
            | Self::QueryInProgress
            | Self::ProviderObjects
            | Self::ProviderSilent
            | Self::TimedOut
            | Self::TakenBack
            | Self::LoggedOff => MapiCode::MAPI_E_NO_SUPPORT,
        }
    }
}

/// Why `IMAPIClientShutdown::NotifyProcessShutdown` was refused.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq, Hash)]
pub enum NotifyProcessShutdownError {
    /// The client has not initialised MAPI (`INI-01`).
    #[error("client has not initialised")]
    NotInitialized,
    /// The handle is not a live one of this client (`LGF-03`, `THR-03`).
    #[error("handle is not a live one of this client")]
    InvalidHandle,
}

impl NotifyProcessShutdownError {
    /// The code for this refusal.
    pub const fn code(&self) -> MapiCode {
        match self {
            Self::NotInitialized => MapiCode::MAPI_E_NOT_INITIALIZED,
            Self::InvalidHandle => MapiCode::MAPI_E_INVALID_OBJECT,
        }
    }
}

/// Why `IMAPIClientShutdown::DoFastShutdown` was refused.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq, Hash)]
pub enum DoFastShutdownError {
    /// The client has not initialised MAPI (`INI-01`).
    #[error("client has not initialised")]
    NotInitialized,
    /// The handle is not a live one of this client (`LGF-03`, `THR-03`).
    #[error("handle is not a live one of this client")]
    InvalidHandle,
    /// The client has not asked, or what it was told does not stand any more (`FSD-08`).
    #[error("client has no leave to shut down fast")]
    NotAllowed,
}

impl DoFastShutdownError {
    /// The code for this refusal.
    pub const fn code(&self) -> MapiCode {
        match self {
            Self::NotInitialized => MapiCode::MAPI_E_NOT_INITIALIZED,
            Self::InvalidHandle => MapiCode::MAPI_E_INVALID_OBJECT,
            Self::NotAllowed => MapiCode::MAPI_E_NO_SUPPORT,
        }
    }
}
