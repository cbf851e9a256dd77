//! A session, as the one who logged on to it has it.

use std::fmt;

use mapi_session_core::{HandleId, LogoffFlags, Phase, ProfileName, SessionId};

use crate::call::Patience;
use crate::error::RefusedLogoff;
use crate::mapi::Mapi;
use crate::process::RawLogon;
use crate::profiles::ProfileSnapshot;

/// A handle of one's own on a session, which others may share (`SHR-13`).
///
/// It keeps its process initialised. To drop it is to log off without asking the user (`LGF-13`).
#[doc(alias = "IMAPISession")]
pub struct Session {
    raw: RawLogon,
    ui_param: u64,
    patience: Patience,
    mapi: Mapi,
}

impl Session {
    pub(crate) fn new(mapi: Mapi, raw: RawLogon, ui_param: u64, patience: Patience) -> Self {
        Self { raw, ui_param, patience, mapi }
    }

    /// Which session it is; all who share it see the same.
    pub fn id(&self) -> SessionId {
        self.raw.session
    }

    /// Which handle it is; nobody else has the same.
    pub fn handle(&self) -> HandleId {
        self.raw.handle
    }

    /// The name of the profile that the session uses. One who joined may have asked for another.
    pub fn profile(&self) -> &ProfileName {
        &self.raw.profile.name
    }

    /// What the session knows of its profile: how it was when the session was built (`ADM-19`).
    pub fn profile_snapshot(&self) -> &ProfileSnapshot {
        &self.raw.profile
    }

    /// Whether later logons can join (`SHR-04`).
    pub fn is_shared(&self) -> bool {
        match self.mapi.process().shell().phase(self.raw.session) {
            Some(Phase::Shared { .. }) => true,
            Some(Phase::Building | Phase::Individual | Phase::Abandoned | Phase::Draining)
            | None => false,
        }
    }

    /// The process that logged on.
    pub fn mapi(&self) -> &Mapi {
        &self.mapi
    }

    /// Logs off; with [`LogoffFlags::UI`] the user is asked first, as long as the logon's deadline
    /// for questions allows (`LGF-09`).
    ///
    /// If that is refused, the session comes back with the error. Providers may be shutting down
    /// when the call has returned.
    #[doc(alias = "IMAPISession::Logoff")]
    pub fn logoff(self, flags: LogoffFlags) -> Result<(), RefusedLogoff> {
        let process = self.mapi.process().with_patience(self.patience.clone());
        match process.logoff(self.raw.handle, self.ui_param, flags.bits()) {
            Ok(()) => Ok(()),
            Err(error) => Err(RefusedLogoff { session: Box::new(self), error }),
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let process = self.mapi.process();
        if !process.shell().is_broken() {
            // Refused only if the process has crashed, and then there is nothing to release.
            let _ = process.release(self.raw.handle);
        }
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("id", &self.id())
            .field("handle", &self.handle())
            .field("profile", &self.profile().as_str())
            .finish_non_exhaustive()
    }
}
