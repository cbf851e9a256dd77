//! What applications hold: MAPI, initialised.

use std::fmt;

use mapi_session_core::{Host, InitError, InitRequest, LogonFlags};

use crate::call::Patience;
use crate::environment::Environment;
use crate::error::LogonError;
use crate::logon::LogonChoice;
use crate::process::Process;
use crate::profiles::Profiles;
use crate::session::Session;
use crate::sync::Arc;
use crate::ui::{LogonUi, NoUi};

/// One process that has initialised MAPI.
///
/// Each clone counts one initialisation, and its drop takes it back (`INI-02`); a [`Session`] holds
/// a clone too. Calls on it are never out of balance, and may come from any thread.
#[doc(alias = "MAPIInitialize")]
#[doc(alias = "MAPIUninitialize")]
pub struct Mapi {
    process: Process,
    host: Host,
    patience: Patience,
}

impl Mapi {
    /// A process to be initialised.
    pub fn builder() -> MapiBuilder {
        MapiBuilder {
            environment: None,
            ui: Arc::new(NoUi),
            host: Host::Application,
            patience: Patience::usual(),
        }
    }

    /// A logon to be specified, with the deadlines that this value was built with.
    #[doc(alias = "MAPILogonEx")]
    pub fn logon(&self) -> LogonChoice<'_> {
        LogonChoice::new(self)
    }

    /// Logs on, with the very arguments of the C function, and without a deadline.
    ///
    /// Undefined flags pass through `LogonFlags::from_bits_retain`, and are refused as in C.
    #[doc(alias = "MAPILogonEx")]
    pub fn logon_ex(
        &self,
        ui_param: u64,
        name: Option<&str>,
        password: Option<&str>,
        flags: LogonFlags,
    ) -> Result<Session, LogonError> {
        let raw = self.process.logon_ex(ui_param, name, password, flags.bits())?;
        Ok(Session::new(self.clone(), raw, ui_param, Patience::endless()))
    }

    /// The profile store of the environment.
    pub fn profiles(&self) -> &Profiles {
        &self.process.shell().settings.profiles
    }

    /// The environment that the process is in.
    pub fn environment(&self) -> Environment {
        self.process.environment()
    }

    pub(crate) fn process(&self) -> &Process {
        &self.process
    }

    pub(crate) fn patience(&self) -> &Patience {
        &self.patience
    }

    fn initialized(process: Process, host: Host, patience: Patience) -> Self {
        match process.initialize_as(Ok(InitRequest { host })) {
            // What has shut down is not initialised any more, nor are its clones (`FSD-06`).
            Ok(()) | Err(InitError::ShutDown) => {}
            Err(error @ (InitError::WrongVersion { .. } | InitError::UnknownFlags { .. })) => {
                panic!("an initialisation that makes sense was refused: {error}")
            }
        }
        Self { process, host, patience }
    }
}

impl Clone for Mapi {
    fn clone(&self) -> Self {
        Self::initialized(self.process.clone(), self.host, self.patience.clone())
    }
}

impl Drop for Mapi {
    fn drop(&mut self) {
        if !self.process.shell().is_broken() {
            self.process.uninitialize();
        }
    }
}

impl fmt::Debug for Mapi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mapi").field("process", &self.process.id()).finish_non_exhaustive()
    }
}

/// A process to be initialised; [`build`](Self::build) ends it.
#[must_use]
pub struct MapiBuilder {
    environment: Option<Environment>,
    ui: Arc<dyn LogonUi>,
    host: Host,
    patience: Patience,
}

impl MapiBuilder {
    /// Puts the process into an environment; without it, it is alone in a new one.
    pub fn environment(mut self, environment: &Environment) -> Self {
        self.environment = Some(environment.clone());
        self
    }

    /// Brings a user interface along; without it, nobody can be asked.
    pub fn ui(mut self, ui: impl LogonUi + 'static) -> Self {
        self.ui = Arc::new(ui);
        self
    }

    /// Makes the process a Windows service: it never shows a dialog, and has no mail (`UIX-09`).
    #[doc(alias = "MAPI_NT_SERVICE")]
    pub fn windows_service(mut self) -> Self {
        self.host = Host::WindowsService;
        self
    }

    /// Sets the deadlines of logons that set none: [`Patience::usual`] unless said otherwise.
    pub fn patience(mut self, patience: Patience) -> Self {
        self.patience = patience;
        self
    }

    /// The process, initialised.
    #[doc(alias = "MAPIInitialize")]
    pub fn build(self) -> Mapi {
        let Self { environment, ui, host, patience } = self;
        let process = Process::new(&environment.unwrap_or_default(), ui);
        Mapi::initialized(process, host, patience)
    }
}
