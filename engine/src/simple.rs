//! Simple MAPI, the older interface to the same sessions: a flag word and codes of its own.
//!
//! [`SimpleMapi`] makes a call of `MAPILogonEx` of each `MAPILogon`, and a code of Simple MAPI of
//! what comes back, as `specs/tables/simple_mapi.md` says row by row. What a logon does with
//! sessions, profiles and dialogs is none of its business. Start with [`SimpleMapi::logon`].

use std::collections::BTreeMap;
use std::fmt;

use bitflags::bitflags;
use mapi_session_core::{LogoffFlags, LogonError as LogonRefusal, LogonFlags, MapiCode};
use thiserror::Error;

use crate::call::Patience;
use crate::error::{LogoffError, LogonError};
use crate::mapi::Mapi;
use crate::session::Session;
use crate::sync::{Arc, Mutex, lock};

bitflags! {
    /// The flags of `MAPILogon`. Each has the value of its namesake of `MAPILogonEx`.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub struct SimpleFlags: u32 {
        /// `MAPI_LOGON_UI`: the user may be asked for what the logon lacks.
        const LOGON_UI = LogonFlags::LOGON_UI.bits();
        /// `MAPI_NEW_SESSION`: open a session, whatever could be joined.
        const NEW_SESSION = LogonFlags::NEW_SESSION.bits();
        /// `MAPI_EXTENDED`: set or not, every logon is one by `MAPILogonEx`.
        const EXTENDED = LogonFlags::EXTENDED.bits();
        /// `MAPI_FORCE_DOWNLOAD`: fetch mail first; no matter of the session protocol.
        const FORCE_DOWNLOAD = LogonFlags::FORCE_DOWNLOAD.bits();
        /// `MAPI_PASSWORD_UI`: the user may be asked for the profile's password, nothing else; not
        /// together with `LOGON_UI` (`SMP-03`).
        const PASSWORD_UI = LogonFlags::PASSWORD_UI.bits();
    }
}

impl SimpleFlags {
    /// The flags of `MAPILogonEx` that stand for these: whatever is opened is shared (`SMP-02`).
    pub const fn logon_flags(self) -> Result<LogonFlags, SimpleLogonError> {
        let unknown = self.difference(Self::all());
        if !unknown.is_empty() {
            return Err(SimpleLogonError::UnknownFlags { bits: unknown.bits() });
        }
        let always = LogonFlags::ALLOW_OTHERS.union(LogonFlags::EXTENDED);
        Ok(LogonFlags::from_bits_retain(self.bits()).union(always))
    }
}

/// What `MAPILogon` yields, an `LHANDLE`: a number for [`SimpleMapi::logoff`], never zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SimpleSession(pub u64);

/// Simple MAPI for one process.
///
/// Clones are one and the same. Methods may be called from any thread, several at a time; each
/// blocks its thread until the call returns. The process stays initialised as long as there is one
/// of them or a session of theirs; when the last clone is dropped, its sessions are logged off
/// without a question.
///
/// ```
/// use mapi_session::{Mapi, NewProfile, SimpleFlags, SimpleMapi};
///
/// let mapi = Mapi::builder().build();
/// mapi.profiles().create(NewProfile::new("Work"))?;
/// let simple = SimpleMapi::new(&mapi);
///
/// let is_there_a_session = || simple.logon(0, None, None, SimpleFlags::empty(), 0);
/// let none = is_there_a_session().expect_err("nobody has logged on");
/// assert_eq!(none.to_string(), "no profile was named and none may be asked for");
///
/// let session = simple.logon(0, Some("Work"), None, SimpleFlags::empty(), 0)?;
/// let joined = is_there_a_session()?; // a handle of its own, to be logged off too
/// assert_ne!(joined, session);
///
/// simple.logoff(joined, 0, 0)?;
/// simple.logoff(session, 0, 0)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct SimpleMapi {
    mapi: Mapi,
    sessions: Arc<Mutex<BTreeMap<SimpleSession, Session>>>,
}

impl SimpleMapi {
    /// How many characters a name may have here. A profile's has
    /// [fewer](crate::ProfileName::MAX_CHARS): a longer one is that of no profile.
    pub const MOST_NAME_CHARS: usize = 256;

    /// How many characters a password may have here.
    pub const MOST_PASSWORD_CHARS: usize = 256;

    /// Simple MAPI for this process. It knows the sessions of its own logons and no others.
    pub fn new(mapi: &Mapi) -> Self {
        Self { mapi: mapi.clone(), sessions: Arc::default() }
    }

    /// Logs on, with the arguments of the C function, and the deadlines that the process was built
    /// with.
    ///
    /// It joins a shared session if there is one, and else opens one that is shared (`SMP-01`,
    /// `SMP-02`). Without name, password and `LOGON_UI` it tells whether there is one to join.
    /// Undefined flags pass through `SimpleFlags::from_bits_retain`, and are refused as in C.
    #[doc(alias = "MAPILogon")]
    pub fn logon(
        &self,
        ui_param: u64,
        name: Option<&str>,
        password: Option<&str>,
        flags: SimpleFlags,
        reserved: u32,
    ) -> Result<SimpleSession, SimpleLogonError> {
        let flags = flags.logon_flags()?;
        if reserved != 0 {
            return Err(SimpleLogonError::Reserved { reserved });
        }
        let chars = |text: Option<&str>| text.map_or(0, |text| text.chars().count());
        if chars(name) > Self::MOST_NAME_CHARS {
            return Err(SimpleLogonError::NameTooLong { chars: chars(name) });
        }
        if chars(password) > Self::MOST_PASSWORD_CHARS {
            return Err(SimpleLogonError::PasswordTooLong);
        }
        let process = self.mapi.process().with_patience(self.mapi.patience().clone());
        let raw = process.logon_ex(ui_param, name, password, flags.bits())?;
        // It is logged off and nothing else, which waits for nobody.
        let session = Session::new(self.mapi.clone(), raw, ui_param, Patience::endless());
        // Calls are counted from 1, and a handle is named by the logon that made it.
        let number = SimpleSession(session.handle().0.0);
        let before = lock(&self.sessions).insert(number, session);
        assert!(before.is_none(), "a handle that is not released was given again");
        Ok(number)
    }

    /// Logs a session off; its number is good for nothing from then on (`SMP-04`).
    ///
    /// Nobody is asked, so that there is no window to be named. If it is refused, the session
    /// stays.
    #[doc(alias = "MAPILogoff")]
    pub fn logoff(
        &self,
        session: SimpleSession,
        flags: u32,
        reserved: u32,
    ) -> Result<(), SimpleLogoffError> {
        if flags != 0 {
            return Err(SimpleLogoffError::Flags { flags });
        }
        if reserved != 0 {
            return Err(SimpleLogoffError::Reserved { reserved });
        }
        let handle = lock(&self.sessions).get(&session).map(Session::handle);
        let handle = handle.ok_or(SimpleLogoffError::UnknownSession { session })?;
        self.mapi.process().logoff(handle, 0, LogoffFlags::empty().bits())?;
        let gone = lock(&self.sessions).remove(&session);
        assert!(gone.is_some(), "a handle was logged off twice");
        Ok(())
    }
}

/// Why `MAPILogon` did not succeed.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq, Hash)]
pub enum SimpleLogonError {
    /// Flags were set that have no meaning.
    #[error("flags 0x{bits:08X} of Simple MAPI are undefined")]
    UnknownFlags {
        /// The undefined ones.
        bits: u32,
    },
    /// `ulReserved` must be zero.
    #[error("reserved argument is {reserved}, not 0")]
    Reserved {
        /// What it is.
        reserved: u32,
    },
    /// The name is too long to be looked at.
    #[error("name has {chars} characters; at most {} are allowed", SimpleMapi::MOST_NAME_CHARS)]
    NameTooLong {
        /// How long it is.
        chars: usize,
    },
    /// The password is too long to be looked at.
    #[error("password has more than {} characters", SimpleMapi::MOST_PASSWORD_CHARS)]
    PasswordTooLong,
    /// `MAPILogonEx` did not succeed.
    #[error(transparent)]
    Logon(#[from] LogonError),
}

impl SimpleLogonError {
    /// The code that `MAPILogon` returns; a call that was given up has none.
    pub const fn code(&self) -> Option<SimpleCode> {
        match self {
            Self::UnknownFlags { .. }
            | Self::Reserved { .. }
            | Self::NameTooLong { .. }
            | Self::PasswordTooLong => Some(SimpleCode::MAPI_E_FAILURE),
            // `MAPILogonEx` has no code for it.
            Self::Logon(LogonError::Refused(LogonRefusal::SessionLimitReached)) => {
                Some(SimpleCode::MAPI_E_TOO_MANY_SESSIONS)
            }
            Self::Logon(LogonError::Refused(refusal)) => Some(SimpleCode::of(refusal.code())),
            Self::Logon(LogonError::Withdrawn) => None,
        }
    }
}

/// Why `MAPILogoff` did not succeed.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq, Hash)]
pub enum SimpleLogoffError {
    /// `flFlags` must be zero.
    #[error("logoff flags are 0x{flags:08X}, not 0")]
    Flags {
        /// What they are.
        flags: u32,
    },
    /// `ulReserved` must be zero.
    #[error("reserved argument is {reserved}, not 0")]
    Reserved {
        /// What it is.
        reserved: u32,
    },
    /// The number is not that of a session of this Simple MAPI (`SMP-04`).
    #[error("there is no session {}", .session.0)]
    UnknownSession {
        /// The number.
        session: SimpleSession,
    },
    /// `IMAPISession::Logoff` did not succeed.
    #[error(transparent)]
    Logoff(#[from] LogoffError),
}

impl SimpleLogoffError {
    /// The code that `MAPILogoff` returns; a call that was given up has none.
    pub const fn code(&self) -> Option<SimpleCode> {
        match self {
            Self::Flags { .. } | Self::Reserved { .. } => Some(SimpleCode::MAPI_E_FAILURE),
            Self::UnknownSession { .. } => Some(SimpleCode::MAPI_E_INVALID_SESSION),
            Self::Logoff(LogoffError::Refused(refusal)) => Some(SimpleCode::of(refusal.code())),
            Self::Logoff(LogoffError::Withdrawn) => None,
        }
    }
}

/// A result code of Simple MAPI, as a C caller sees it.
///
/// Some names are those of a [`MapiCode`] of quite another value.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SimpleCode(pub u32);

impl SimpleCode {
    /// Done.
    pub const SUCCESS_SUCCESS: Self = Self(0);
    /// The user cancelled, or did not answer in time.
    pub const MAPI_E_USER_ABORT: Self = Self(1);
    /// Failed, for a reason that has no code here.
    pub const MAPI_E_FAILURE: Self = Self(2);
    /// The logon was refused.
    pub const MAPI_E_LOGIN_FAILURE: Self = Self(3);
    /// Memory ran out.
    pub const MAPI_E_INSUFFICIENT_MEMORY: Self = Self(5);
    /// There are as many sessions as the subsystem takes.
    pub const MAPI_E_TOO_MANY_SESSIONS: Self = Self(8);
    /// There is no such session.
    pub const MAPI_E_INVALID_SESSION: Self = Self(19);

    /// What Simple MAPI says for a code of `MAPILogonEx` or `IMAPISession::Logoff`.
    pub const fn of(code: MapiCode) -> Self {
        match code {
            code if code.is_success() => Self::SUCCESS_SUCCESS,
            MapiCode::MAPI_E_USER_CANCEL => Self::MAPI_E_USER_ABORT,
            MapiCode::MAPI_E_LOGON_FAILED => Self::MAPI_E_LOGIN_FAILURE,
            MapiCode::MAPI_E_NOT_ENOUGH_MEMORY => Self::MAPI_E_INSUFFICIENT_MEMORY,
            MapiCode::MAPI_E_INVALID_OBJECT => Self::MAPI_E_INVALID_SESSION,
            MapiCode(_) => Self::MAPI_E_FAILURE,
        }
    }

    /// The name that MAPI's headers give the code.
    pub const fn name(self) -> Option<&'static str> {
        Some(match self {
            Self::SUCCESS_SUCCESS => "SUCCESS_SUCCESS",
            Self::MAPI_E_USER_ABORT => "MAPI_E_USER_ABORT",
            Self::MAPI_E_FAILURE => "MAPI_E_FAILURE",
            Self::MAPI_E_LOGIN_FAILURE => "MAPI_E_LOGIN_FAILURE",
            Self::MAPI_E_INSUFFICIENT_MEMORY => "MAPI_E_INSUFFICIENT_MEMORY",
            Self::MAPI_E_TOO_MANY_SESSIONS => "MAPI_E_TOO_MANY_SESSIONS",
            Self::MAPI_E_INVALID_SESSION => "MAPI_E_INVALID_SESSION",
            Self(_) => return None,
        })
    }
}

impl fmt::Display for SimpleCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => write!(f, "{name} ({})", self.0),
            None => write!(f, "{}", self.0),
        }
    }
}

impl fmt::Debug for SimpleCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
