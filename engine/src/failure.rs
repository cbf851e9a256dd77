//! What goes wrong with providers and entry functions: in codes, and in words that help.
//!
//! [`ProviderError`] and [`EntryError`] are what foreign code says; [`Failure`] is what a session
//! remembers of it, and [`Trouble`] says whose it is.

use std::borrow::Cow;
use std::fmt;

use mapi_session_core::{Attempt, MapiCode, ProviderId, ProviderKind, ProviderResult};
use thiserror::Error;

/// The version of the provider interface: one word, as MAPI has it (`PLG-03`).
#[doc(alias = "CURRENT_SPI_VERSION")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SpiVersion(pub u32);

impl SpiVersion {
    /// The version that sessions speak.
    pub const CURRENT: Self = Self(0x0001_0010);

    /// The major version: the top eight bits.
    pub const fn major(self) -> u32 {
        self.0 >> 24
    }

    /// The minor version: the eight bits below.
    pub const fn minor(self) -> u32 {
        self.0 >> 16 & 0xFF
    }

    /// The update: the low sixteen bits.
    pub const fn update(self) -> u32 {
        self.0 & 0xFFFF
    }
}

impl fmt::Display for SpiVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major(), self.minor(), self.update())
    }
}

/// Why a provider did not log on, by what is done next (`FLR-07`).
#[derive(Clone, Debug, Error, PartialEq, Eq, Hash)]
pub enum ProviderError {
    /// The session goes on without this provider, and its service stays (`FLR-04`). It is tried
    /// again when it is opened: right for what only the user could supply (`FLR-13`).
    #[doc(alias = "MAPI_E_FAILONEPROVIDER")]
    #[error("provider cannot log on, its service can go on without it: {0}")]
    SkipProvider(Cause),
    /// The entry function of the service is called, then the provider is tried once more
    /// (`FLR-05`).
    #[doc(alias = "MAPI_E_UNCONFIGURED")]
    #[error("provider lacks configuration: {0}")]
    ConfigureAndRetry(Missing),
    /// The provider is never tried again, and its service is disabled (`FLR-12`).
    #[doc(alias = "MAPI_E_VERSION")]
    #[error("provider speaks version {0} of the interface")]
    WrongVersion(SpiVersion),
    /// The user may correct it, once; otherwise the service is disabled (`FLR-01`, `FLR-06`).
    ///
    /// A cancel by the user is one of these, `MAPI_E_USER_CANCEL` (`FLR-08`). A code that belongs
    /// to another variant counts as that one; a code that is no error counts as
    /// `MAPI_E_CALL_FAILED`.
    #[error("provider failed with {0}: {1}")]
    Failed(MapiCode, Cause),
}

impl ProviderError {
    /// The code that a provider written in C would return.
    pub const fn code(&self) -> MapiCode {
        match self {
            Self::SkipProvider(_) => MapiCode::MAPI_E_FAILONEPROVIDER,
            Self::ConfigureAndRetry(_) => MapiCode::MAPI_E_UNCONFIGURED,
            Self::WrongVersion(_) => MapiCode::MAPI_E_VERSION,
            Self::Failed(code, _) if code.is_success() => MapiCode::MAPI_E_CALL_FAILED,
            Self::Failed(code, _) => *code,
        }
    }

    /// What the protocol is told.
    pub(crate) const fn result(&self) -> ProviderResult {
        match self.code() {
            MapiCode::MAPI_E_FAILONEPROVIDER => ProviderResult::FailOneProvider,
            MapiCode::MAPI_E_UNCONFIGURED => ProviderResult::Unconfigured,
            MapiCode::MAPI_E_VERSION => ProviderResult::WrongVersion,
            code => ProviderResult::Failed(code),
        }
    }

    pub(crate) fn into_cause(self) -> Cause {
        match self {
            Self::SkipProvider(cause) | Self::Failed(_, cause) => cause,
            Self::ConfigureAndRetry(Missing(what)) => Cause::Other(what),
            Self::WrongVersion(version) => {
                Cause::IncompatibleVersion(format!("provider interface {version}").into())
            }
        }
    }
}

/// What a provider lacks before it can log on, in words for the user.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Missing(pub Cow<'static, str>);

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why something failed, in words for the user: the path, the server, the reason.
///
/// It is shown, kept in reports and written to logs: no secret belongs here (`CAN-05`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Cause {
    /// There is no such file or folder, or it cannot be opened.
    InvalidPath(Cow<'static, str>),
    /// Two parts do not understand each other.
    IncompatibleVersion(Cow<'static, str>),
    /// The server does not answer.
    ServerUnavailable(Cow<'static, str>),
    /// What was read makes no sense.
    CorruptData(Cow<'static, str>),
    /// A name or password is wrong or missing.
    Credentials(Cow<'static, str>),
    /// Something else.
    Other(Cow<'static, str>),
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, what) = match self {
            Self::InvalidPath(what) => ("invalid path", what),
            Self::IncompatibleVersion(what) => ("incompatible version", what),
            Self::ServerUnavailable(what) => ("server unavailable", what),
            Self::CorruptData(what) => ("corrupt data", what),
            Self::Credentials(what) => ("credentials", what),
            Self::Other(what) if what.is_empty() => ("no reason given", what),
            Self::Other(what) => return f.write_str(what),
        };
        f.write_str(kind)?;
        if what.is_empty() { Ok(()) } else { write!(f, ": {what}") }
    }
}

/// Why an entry function did not configure its service.
///
/// At a logon and at an open this is only reported: the provider is tried once more whatever the
/// entry function says (`FLR-05`). Who asked for the configuration is told (`SVC-07`).
#[derive(Clone, Debug, Error, PartialEq, Eq, Hash)]
pub enum EntryError {
    /// The user closed the dialog.
    #[doc(alias = "MAPI_E_USER_CANCEL")]
    #[error("the user cancelled")]
    Cancelled,
    /// Something is missing, and no dialog may be shown or the user did not supply it.
    #[doc(alias = "MAPI_E_UNCONFIGURED")]
    #[error("configuration is lacking: {0}")]
    Unconfigured(Missing),
    /// Something else; a code that is no error counts as `MAPI_E_CALL_FAILED`.
    #[error("entry function failed with {0}: {1}")]
    Failed(MapiCode, Cause),
}

impl EntryError {
    /// The code that an entry function written in C would return.
    pub const fn code(&self) -> MapiCode {
        match self {
            Self::Cancelled => MapiCode::MAPI_E_USER_CANCEL,
            Self::Unconfigured(_) => MapiCode::MAPI_E_UNCONFIGURED,
            Self::Failed(code, _) if code.is_success() => MapiCode::MAPI_E_CALL_FAILED,
            Self::Failed(code, _) => *code,
        }
    }

    /// It broke down.
    pub(crate) fn panic() -> Self {
        Self::Failed(MapiCode::MAPI_E_CALL_FAILED, Cause::Other("it panicked".into()))
    }

    pub(crate) fn into_cause(self) -> Cause {
        match self {
            Self::Cancelled => Cause::Other("the user cancelled".into()),
            Self::Unconfigured(Missing(what)) => Cause::Other(what),
            Self::Failed(_, cause) => cause,
        }
    }
}

/// One thing that went wrong with a provider, or with the entry function of its service.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Failure {
    /// What was being done.
    pub phase: FailedPhase,
    /// The code that came back, or that stands for no answer at all.
    pub code: MapiCode,
    /// Why.
    pub cause: Cause,
}

/// What was being done when it failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FailedPhase {
    /// The provider was loaded (`PLG-01`); it is not tried a second time.
    Load,
    /// The provider logged on, as the session was built.
    Logon(Attempt),
    /// The provider logged on, for somebody who opened it.
    Open(Attempt),
    /// The transport logged on, for the spooler (`ORD-04`).
    Transport(Attempt),
    /// The entry function of the service was called.
    Entry,
}

impl Failure {
    pub(crate) fn new(phase: FailedPhase, code: MapiCode, cause: Cause) -> Self {
        Self { phase, code, cause }
    }

    /// Nothing came back in time.
    pub(crate) fn no_answer(phase: FailedPhase) -> Self {
        Self::new(phase, MapiCode::MAPI_E_TIMEOUT, Cause::Other("no answer in time".into()))
    }

    /// Whoever it was done for is gone.
    pub(crate) fn abandoned(phase: FailedPhase) -> Self {
        Self::new(phase, MapiCode::MAPI_E_CALL_FAILED, Cause::Other("its caller is gone".into()))
    }

    /// Foreign code broke down.
    pub(crate) fn panic(phase: FailedPhase) -> Self {
        Self::new(phase, MapiCode::MAPI_E_CALL_FAILED, Cause::Other("it panicked".into()))
    }
}

impl fmt::Display for FailedPhase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Load => "load",
            Self::Logon(Attempt::First) => "first logon",
            Self::Logon(Attempt::Second) => "second logon",
            Self::Open(Attempt::First) => "first logon to open it",
            Self::Open(Attempt::Second) => "second logon to open it",
            Self::Transport(Attempt::First) => "first logon for the spooler",
            Self::Transport(Attempt::Second) => "second logon for the spooler",
            Self::Entry => "entry function",
        })
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}", self.phase, self.code, self.cause)
    }
}

/// A failure, and whose it is.
#[derive(Clone, Debug, Error, PartialEq, Eq, Hash)]
#[error("service {service:?}, provider {provider:?}: {failure}")]
#[non_exhaustive]
pub struct Trouble {
    /// The service, by the name under which the profile lists it.
    pub service: String,
    /// The provider's place in the profile.
    pub id: ProviderId,
    /// What the provider is.
    pub kind: ProviderKind,
    /// The provider's name.
    pub provider: String,
    /// What went wrong.
    pub failure: Failure,
}

impl Trouble {
    pub(crate) fn new(listed: (&str, ProviderId, ProviderKind, &str), failure: Failure) -> Self {
        let (service, id, kind, provider) = listed;
        Self { service: service.to_owned(), id, kind, provider: provider.to_owned(), failure }
    }
}
