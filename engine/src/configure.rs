//! A message service configured because somebody asked for it.
//!
//! [`configure`] sends an [`Errand`] out: the entry function runs on a thread made for it, and the
//! caller sleeps until that has returned, or until the wait is over for another reason. To the
//! protocol this is no call: the core is asked whether the handle is live, and takes no step.

use std::time::Duration;

use mapi_session_core::{
    EntryDialogs, HandleId, Host, MapiCode, Prompts, Seat, ServiceId, ServiceUi,
};

use crate::call::Patience;
use crate::errand::{self, Awaited, Ending, Errand};
use crate::error::{ConfigureError, HandleError};
use crate::failure::{Cause, EntryError};
use crate::inside::{self, Behalf};
use crate::order::call_entry;
use crate::process::Client;
use crate::roster::Roster;
use crate::service::{EntryContext, EntryReason, ServiceEntry};
use crate::session::Session;
use crate::shell::Shell;
use crate::sync::{Arc, Mutex, lock, spawn};
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

/// What may be shown unless the caller says otherwise, and always by a Windows service.
const NO_DIALOGS: EntryDialogs =
    EntryDialogs { allowed: Prompts::Forbidden, always: ServiceUi::AsNeeded };

/// An entry function to be called, and where what it returns is put.
struct Visit {
    roster: Arc<Roster>,
    service: ServiceId,
    entry: Arc<dyn ServiceEntry>,
    dialogs: EntryDialogs,
    ui_param: u64,
    returned: Mutex<Result<(), EntryError>>,
}

/// Has the entry function of a service called, and waits for it on this thread.
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
    let entry = planned.entry.clone().ok_or(ConfigureError::NoEntryFunction)?;
    let dialogs = match host {
        Host::Application => dialogs,
        // It is never shown anything (`UIX-09`).
        Host::WindowsService => NO_DIALOGS,
    };
    let returned = Mutex::new(Ok(()));
    let visit = Arc::new(Visit { roster, service, entry, dialogs, ui_param, returned });
    let errand = Errand::new(client.id, handle, Awaited::Somebody);
    shell.begin_errand(&errand);
    let withdrawal = patience.withdrawal.as_ref();
    let ending = errand::run(shell, &errand, withdrawal, patience.entry, || {
        visit.send(shell, &errand);
    });
    match ending {
        Ending::Done => Ok(lock(&visit.returned).clone()?),
        Ending::TimedOut => Err(ConfigureError::TimedOut),
        Ending::LoggedOff => Err(ConfigureError::LoggedOff),
        Ending::Withdrawn => Err(ConfigureError::Withdrawn),
    }
}

impl Visit {
    /// Has the entry function called on a thread made for it.
    fn send(self: &Arc<Self>, shell: &Arc<Shell>, errand: &Arc<Errand>) {
        let environment = shell.identity();
        // What waits for the outermost call waits for all that the function calls (`MTX-07`).
        let behalf =
            inside::on_whose_behalf(environment).unwrap_or_else(|| Behalf::Call(shell.new_call()));
        let work = {
            let (visit, errand) = (Arc::clone(self), Arc::clone(errand));
            move || {
                let returned = visit.pay(environment, behalf);
                *lock(&visit.returned) = returned;
                errand.end(Ending::Done);
            }
        };
        if !spawn("mapi-entry", work) {
            let cause = Cause::Other("there is no thread for it".into());
            let error = EntryError::Failed(MapiCode::MAPI_E_NOT_ENOUGH_RESOURCES, cause);
            *lock(&self.returned) = Err(error);
            errand.end(Ending::Done);
        }
    }

    fn pay(&self, environment: usize, behalf: Behalf) -> Result<(), EntryError> {
        let context = EntryContext {
            session: self.roster.session,
            profile: &self.roster.profile,
            service: &self.roster.plan.service(self.service).name,
            reason: EntryReason::Requested,
            dialogs: self.dialogs,
            ui_param: self.ui_param,
        };
        call_entry(&*self.entry, &context, environment, behalf)
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
