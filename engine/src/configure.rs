//! A message service of a session configured because somebody asked for it.

use std::time::Duration;

use mapi_session_core::{EntryDialogs, HandleId, Host, Prompts, Seat, ServiceId, ServiceUi};

use crate::admin_error::EntryCallError;
use crate::call::Patience;
use crate::errand::{Awaited, Bound, Errand};
use crate::error::{ConfigureError, HandleError};
use crate::process::Client;
use crate::session::Session;
use crate::sync::Arc;
use crate::visit::{self, NO_DIALOGS, Purpose, Visit};
use crate::withdrawal::Withdrawal;

/// A service to be configured; [`call`](Self::call) has its entry function called.
///
/// Unless told otherwise no dialog is shown.
#[derive(Debug)]
#[must_use = "nothing is configured before `call`"]
pub struct ConfigureBuilder<'a> {
    session: &'a Session,
    service: ServiceId,
    dialogs: EntryDialogs,
    ui_param: u64,
    patience: Patience,
}

impl<'a> ConfigureBuilder<'a> {
    pub(crate) fn new(session: &'a Session, service: ServiceId) -> Self {
        Self {
            session,
            service,
            dialogs: NO_DIALOGS,
            ui_param: session.ui_param(),
            patience: session.patience().clone(),
        }
    }

    /// Lets the user be asked for what is lacking (`UIX-07`).
    #[doc(alias = "SERVICE_UI_ALLOWED")]
    pub fn interactive(mut self) -> Self {
        self.dialogs.allowed = Prompts::Allowed;
        self
    }

    /// Has the configuration shown, whether anything is lacking or not (`UIX-07`).
    #[doc(alias = "SERVICE_UI_ALWAYS")]
    pub fn service_ui_always(mut self) -> Self {
        self.dialogs.always = ServiceUi::Always;
        self
    }

    /// Passes this on to whoever shows a dialog.
    pub fn ui_param(mut self, ui_param: u64) -> Self {
        self.ui_param = ui_param;
        self
    }

    /// Waits at most that long for the entry function.
    pub fn entry_timeout(mut self, wait: Duration) -> Self {
        self.patience.entry = Some(wait);
        self
    }

    /// Can be given up by these means (`CAN-01`).
    pub fn withdraw_with(mut self, withdrawal: &Withdrawal) -> Self {
        self.patience.withdrawal = Some(withdrawal.clone());
        self
    }

    /// Has the entry function called, and passes on what it returns (`SVC-07`). Blocks until then,
    /// or until the wait is over; what the function returns later changes nothing.
    ///
    /// A provider that failed is not tried again for that; to open it is to try it.
    #[doc(alias = "IMsgServiceAdmin::ConfigureMsgService")]
    pub fn call(self) -> Result<(), ConfigureError> {
        let Self { session, service, dialogs, ui_param, patience } = self;
        let process = session.mapi().process().with_patience(patience);
        process.configure_service(session.handle(), ui_param, service, dialogs)
    }
}

/// Has the entry function of a service of a session called, and waits for it on this thread.
pub(crate) fn configure(
    client: &Client,
    patience: &Patience,
    handle: HandleId,
    ui_param: u64,
    service: ServiceId,
    dialogs: EntryDialogs,
) -> Result<(), ConfigureError> {
    let shell = &client.shell;
    let (Seat { host, .. }, roster) =
        shell.look(client.id, handle, |state, seat| (seat, Arc::clone(state.roster_at(seat))))?;
    let planned = roster.plan.find_service(service).ok_or(ConfigureError::NoSuchService)?;
    let visit = Visit {
        entry: planned.entry.clone().ok_or(ConfigureError::NoEntryFunction)?,
        purpose: Purpose::Configure,
        session: Some(roster.session),
        profile: Arc::clone(&roster.profile),
        service: planned.name.clone(),
        dialogs: permitted(host, dialogs),
        ui_param,
    };
    let errand = Errand::new(Bound::Handle(client.id, handle), Awaited::Somebody);
    Ok(visit::pay(shell, patience, &errand, visit)?)
}

/// What a program of this kind may have shown: a Windows service nothing (`UIX-09`).
pub(crate) fn permitted(host: Host, dialogs: EntryDialogs) -> EntryDialogs {
    match host {
        Host::Application => dialogs,
        Host::WindowsService => NO_DIALOGS,
    }
}

impl From<EntryCallError> for ConfigureError {
    fn from(error: EntryCallError) -> Self {
        match error {
            EntryCallError::Entry(error) => Self::Entry(error),
            EntryCallError::TimedOut => Self::TimedOut,
            EntryCallError::LoggedOff => Self::LoggedOff,
            EntryCallError::Withdrawn => Self::Withdrawn,
        }
    }
}

impl From<HandleError> for ConfigureError {
    fn from(error: HandleError) -> Self {
        match error {
            HandleError::NotInitialized => Self::NotInitialized,
            HandleError::InvalidHandle => Self::InvalidHandle,
        }
    }
}
