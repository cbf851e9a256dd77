//! A message service configured because somebody asked for it.
//!
//! [`configure`] sends an [`Errand`] out: the entry function runs on a thread made for it, and the
//! caller sleeps until that has returned, or until the wait is over for another reason. To the
//! protocol this is no call: the core is asked whether the handle is live, and takes no step.

use std::time::{Duration, Instant};

use mapi_session_core::{
    ClientId, EntryDialogs, HandleId, HandleStatus, Host, MapiCode, Prompts, Seat, ServiceId,
    ServiceUi,
};

use crate::call::Patience;
use crate::clock::Clock;
use crate::error::ConfigureError;
use crate::failure::{Cause, EntryError};
use crate::inside;
use crate::order::call_entry;
use crate::process::Client;
use crate::roster::Roster;
use crate::service::{EntryContext, EntryReason, ServiceEntry};
use crate::session::Session;
use crate::shell::{Shell, State};
use crate::sync::{Arc, Mutex, Thread, current_thread, lock, park, spawn};
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

/// A caller that waits for an entry function, and how that wait ends.
pub(crate) struct Errand {
    client: ClientId,
    handle: HandleId,
    service: ServiceId,
    caller: Thread,
    ending: Mutex<Option<Result<(), ConfigureError>>>,
}

/// What an errand needs, and has only if it may be sent.
pub(crate) struct Provisions {
    host: Host,
    roster: Arc<Roster>,
    entry: Arc<dyn ServiceEntry>,
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
    let (shell, withdrawal) = (&client.shell, patience.withdrawal.as_ref());
    let (client, caller, ending) = (client.id, current_thread(), Mutex::default());
    let errand = Arc::new(Errand { client, handle, service, caller, ending });
    let provisions = shell.begin_errand(&errand)?;
    if let Some(withdrawal) = withdrawal {
        withdrawal.hold_errand(&errand);
    }
    let clock = &*shell.settings.clock;
    let deadline = patience.entry.and_then(|wait| clock.now().checked_add(wait));
    errand.send(shell, provisions, dialogs, ui_param);
    let ending = errand.wait(clock, deadline);
    shell.forget_errand(&errand);
    if let Some(withdrawal) = withdrawal {
        withdrawal.forget_errand(&errand);
    }
    ending
}

impl Errand {
    /// Has the entry function called on a thread made for it, unless nobody waits for it already.
    fn send(
        self: &Arc<Self>,
        shell: &Arc<Shell>,
        provisions: Provisions,
        dialogs: EntryDialogs,
        ui_param: u64,
    ) {
        if lock(&self.ending).is_some() {
            return;
        }
        let (errand, shell) = (Arc::clone(self), Arc::clone(shell));
        // What waits for the outermost call waits for all that the function calls (`MTX-07`).
        let inside = inside::which_call(shell.identity()).unwrap_or_else(|| shell.new_call());
        let work = move || {
            let Provisions { host, roster, entry } = provisions;
            let context = EntryContext {
                session: roster.session,
                profile: &roster.profile,
                service: &roster.plan.service(errand.service).name,
                reason: EntryReason::Requested,
                dialogs: match host {
                    Host::Application => dialogs,
                    // It is never shown anything (`UIX-09`).
                    Host::WindowsService => NO_DIALOGS,
                },
                ui_param,
            };
            let returned = call_entry(&*entry, &context, shell.identity(), inside);
            errand.end(returned.map_err(ConfigureError::Entry));
        };
        if !spawn("mapi-entry", work) {
            let cause = Cause::Other("there is no thread for it".into());
            let error = EntryError::Failed(MapiCode::MAPI_E_NOT_ENOUGH_RESOURCES, cause);
            self.end(Err(ConfigureError::Entry(error)));
        }
    }

    /// Ends the wait. Only the first ending counts (`CAN-03`).
    pub(crate) fn end(&self, ending: Result<(), ConfigureError>) {
        lock(&self.ending).get_or_insert(ending);
        self.caller.unpark();
    }

    fn wait(&self, clock: &dyn Clock, deadline: Option<Instant>) -> Result<(), ConfigureError> {
        loop {
            if let Some(ending) = lock(&self.ending).clone() {
                return ending;
            }
            match deadline {
                None => park(),
                Some(deadline) if clock.now() < deadline => clock.park_until(deadline),
                Some(_) => self.end(Err(ConfigureError::TimedOut)),
            }
        }
    }
}

impl State {
    /// Enters an errand, if its handle is live and there is an entry function to be called.
    pub(crate) fn begin_errand(
        &mut self,
        errand: &Arc<Errand>,
    ) -> Result<Provisions, ConfigureError> {
        if !self.is_initialized(errand.client) {
            return Err(ConfigureError::NotInitialized);
        }
        let Seat { session, host, .. } = self.seat(errand).ok_or(ConfigureError::InvalidHandle)?;
        let roster = self.rosters.get(&session);
        let roster = Arc::clone(roster.expect("a session with a live handle has a roster"));
        let planned = roster.plan.find_service(errand.service);
        let entry = planned.ok_or(ConfigureError::NoSuchService)?.entry.clone();
        let entry = entry.ok_or(ConfigureError::NoEntryFunction)?;
        self.errands.push(Arc::clone(errand));
        Ok(Provisions { host, roster, entry })
    }

    /// Ends the errands whose handles have ended (`LGF-13`, `LGF-18`).
    pub(crate) fn end_errands(&mut self) {
        for errand in std::mem::take(&mut self.errands) {
            if self.seat(&errand).is_some() {
                self.errands.push(errand);
            } else if self.is_initialized(errand.client) {
                errand.end(Err(ConfigureError::LoggedOff));
            } else {
                errand.end(Err(ConfigureError::Withdrawn));
            }
        }
    }

    fn is_initialized(&self, client: ClientId) -> bool {
        self.core.clients().any(|(id, _)| id == client)
    }

    /// The place of an errand's handle, as long as that is a live one of its client (`THR-03`).
    fn seat(&self, errand: &Errand) -> Option<Seat> {
        let view = self.core.handle(errand.handle)?;
        match view.status {
            HandleStatus::Live(seat) if view.client == errand.client => Some(seat),
            HandleStatus::Live(_) | HandleStatus::Unanswered(_) | HandleStatus::LoggedOff => None,
        }
    }
}
