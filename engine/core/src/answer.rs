//! What callers are told.

use crate::code::MapiCode;
use crate::error::{
    AdminError, AdviseError, DoFastShutdownError, InitError, LogoffError, LogonError,
    NotifyProcessShutdownError, OpenError, QueryFastShutdownError, ReleaseError, ServiceAdminError,
    SetDefaultStoreError, StoreLogoffError, UnadviseError, UseError,
};
use crate::id::{HandleId, ProfileKey, SessionId};

/// What a call returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Answer {
    /// From `MAPIInitialize`.
    Initialized(Result<(), InitError>),
    /// From `MAPIUninitialize`, which has nothing to say.
    Uninitialized,
    /// From `MAPILogonEx`.
    LoggedOn(Result<Logon, LogonError>),
    /// From `IMAPISession::Logoff`.
    LoggedOff(Result<(), LogoffError>),
    /// From `IUnknown::Release`.
    Released(Result<(), ReleaseError>),
    /// From `IMAPISession::OpenMsgStore` and `IMAPISession::OpenAddressBook`.
    Opened(Result<Opened, OpenError>),
    /// To whoever wants to use an object.
    Used(Result<(), UseError>),
    /// From `IMsgStore::StoreLogoff`.
    StoreLoggedOff(Result<(), StoreLogoffError>),
    /// From `IMAPISession::SetDefaultStore`.
    DefaultStoreSet(Result<(), SetDefaultStoreError>),
    /// From `IMAPISession::Advise`.
    Advised(Result<(), AdviseError>),
    /// From `IMAPISession::Unadvise`.
    Unadvised(Result<(), UnadviseError>),
    /// From `IMAPIClientShutdown::QueryFastShutdown`.
    FastShutdownQueried(Result<(), QueryFastShutdownError>),
    /// From `IMAPIClientShutdown::NotifyProcessShutdown`.
    ProcessShutdownNotified(Result<(), NotifyProcessShutdownError>),
    /// From `IMAPIClientShutdown::DoFastShutdown`.
    FastShutdownDone(Result<(), DoFastShutdownError>),
    /// From the calls of `IProfAdmin` that edit profiles.
    Administered(Result<(), AdminError>),
    /// From the calls of `IMsgServiceAdmin` that edit the profile of a session.
    ServicesAdministered(Result<(), ServiceAdminError>),
}

impl Answer {
    /// The code that a C caller gets.
    pub const fn code(&self) -> MapiCode {
        match self {
            Self::Initialized(Err(error)) => error.code(),
            Self::LoggedOn(Err(error)) => error.code(),
            Self::LoggedOff(Err(error)) => error.code(),
            Self::Released(Err(error)) => error.code(),
            Self::Opened(Err(error)) => error.code(),
            Self::Used(Err(error)) => error.code(),
            Self::StoreLoggedOff(Err(error)) => error.code(),
            Self::DefaultStoreSet(Err(error)) => error.code(),
            Self::Advised(Err(error)) => error.code(),
            Self::Unadvised(Err(error)) => error.code(),
            Self::FastShutdownQueried(Err(error)) => error.code(),
            Self::ProcessShutdownNotified(Err(error)) => error.code(),
            Self::FastShutdownDone(Err(error)) => error.code(),
            Self::Administered(Err(error)) => error.code(),
            Self::ServicesAdministered(Err(error)) => error.code(),
            Self::Opened(Ok(Opened::PartOfAddressBook)) => MapiCode::MAPI_W_ERRORS_RETURNED,
            Self::Opened(Ok(Opened::Store | Opened::WholeAddressBook))
            | Self::Used(Ok(()))
            | Self::StoreLoggedOff(Ok(()))
            | Self::DefaultStoreSet(Ok(()))
            | Self::Advised(Ok(()))
            | Self::Unadvised(Ok(()))
            | Self::FastShutdownQueried(Ok(()))
            | Self::ProcessShutdownNotified(Ok(()))
            | Self::FastShutdownDone(Ok(()))
            | Self::Administered(Ok(()))
            | Self::ServicesAdministered(Ok(()))
            | Self::Initialized(Ok(()))
            | Self::Uninitialized
            | Self::LoggedOn(Ok(_))
            | Self::LoggedOff(Ok(()))
            | Self::Released(Ok(())) => MapiCode::S_OK,
        }
    }
}

/// A logon that succeeded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Logon {
    /// The caller's own handle (`SHR-13`).
    pub handle: HandleId,
    /// The session that the caller is now in.
    pub session: SessionId,
    /// The profile that the session uses, for life (`PRF-01`).
    pub profile: ProfileKey,
}

/// What an open call opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Opened {
    /// The store.
    Store,
    /// The address book, with all its providers.
    WholeAddressBook,
    /// The address book, which lacks a provider or more (`PLG-10`).
    PartOfAddressBook,
}
