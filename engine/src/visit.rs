//! Entry functions called because a caller asks for it, and waited for on the caller's thread.
//!
//! A [`Visit`] is one such call. [`pay`] sends an [`Errand`] out: the entry function runs on a
//! thread made for it, and the caller sleeps until that has returned, or until the wait is over for
//! another reason. To the protocol this is no call, and no step. An [`Erasure`] is what becomes of
//! a profile that went with its last session: nobody waits for that.

use mapi_session_core::{EntryDialogs, MapiCode, Prompts, ServiceUi, SessionId};

use crate::admin_error::EntryCallError;
use crate::call::Patience;
use crate::errand::{self, Ending, Errand};
use crate::failure::{Cause, EntryError};
use crate::foreign::{self, Panicked};
use crate::inside::{self, Behalf};
use crate::profiles::{ProfileSnapshot, ServiceUid};
use crate::service::{EntryContext, EntryReason, ServiceEntry};
use crate::shell::Shell;
use crate::store::StoredProfile;
use crate::sync::{Arc, Mutex, lock, spawn};

/// What may be shown unless the caller says otherwise, and always by a Windows service (`UIX-09`).
pub(crate) const NO_DIALOGS: EntryDialogs =
    EntryDialogs { allowed: Prompts::Forbidden, always: ServiceUi::AsNeeded };

/// An entry function to be called, and what it is told.
#[derive(Clone)]
pub(crate) struct Visit {
    pub(crate) entry: Arc<dyn ServiceEntry>,
    pub(crate) purpose: Purpose,
    pub(crate) session: Option<SessionId>,
    pub(crate) profile: Arc<ProfileSnapshot>,
    /// The name of the service.
    pub(crate) service: String,
    pub(crate) dialogs: EntryDialogs,
    pub(crate) ui_param: u64,
}

/// Why an entry function is visited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    Configure,
    Create,
    Delete,
}

/// Has an entry function called, and waits for it on this thread.
pub(crate) fn pay(
    shell: &Arc<Shell>,
    patience: &Patience,
    errand: &Arc<Errand>,
    visit: Visit,
) -> Result<(), EntryCallError> {
    let returned = Arc::new(Mutex::new(Ok(())));
    let (withdrawal, wait) = (patience.withdrawal.as_ref(), patience.entry);
    let ending = match visit.purpose {
        Purpose::Configure | Purpose::Create => {
            shell.begin_errand(errand);
            let send = || visit.send(shell, errand, &returned);
            errand::run(shell, errand, withdrawal, wait, send)
        }
        // The service goes, so it is told whether anybody waits or not (`SVC-05`).
        Purpose::Delete => {
            visit.send(shell, errand, &returned);
            shell.begin_errand(errand);
            errand::run(shell, errand, withdrawal, wait, || {})
        }
    };
    match ending {
        Ending::Done => Ok(lock(&returned).clone()?),
        Ending::TimedOut => Err(EntryCallError::TimedOut),
        Ending::LoggedOff => Err(EntryCallError::LoggedOff),
        Ending::Withdrawn => Err(EntryCallError::Withdrawn),
    }
}

impl Visit {
    /// The visit to a service as it is stored; none if it has no entry function (`SVC-12`).
    pub(crate) fn stored(
        shell: &Shell,
        profile: &StoredProfile,
        service: ServiceUid,
        purpose: Purpose,
    ) -> Option<Self> {
        let listed = profile.service(service)?;
        let registered = shell.settings.services.get(&listed.name)?;
        Some(Self {
            entry: registered.entry.clone()?,
            purpose,
            session: None,
            profile: Arc::clone(&profile.snapshot),
            service: listed.name.clone(),
            dialogs: NO_DIALOGS,
            ui_param: 0,
        })
    }

    /// Has the entry function called on a thread made for it.
    fn send(
        self,
        shell: &Arc<Shell>,
        errand: &Arc<Errand>,
        returned: &Arc<Mutex<Result<(), EntryError>>>,
    ) {
        let environment = shell.identity();
        // What waits for the outermost call waits for all that the function calls (`MTX-07`).
        let behalf =
            inside::on_whose_behalf(environment).unwrap_or_else(|| Behalf::Call(shell.new_call()));
        let work = {
            let (errand, returned) = (Arc::clone(errand), Arc::clone(returned));
            move || {
                let result = self.make(environment, behalf);
                *lock(&returned) = result;
                errand.end(Ending::Done);
            }
        };
        if !spawn("mapi-entry", work) {
            let cause = Cause::Other("there is no thread for it".into());
            let error = EntryError::Failed(MapiCode::MAPI_E_NOT_ENOUGH_RESOURCES, cause);
            *lock(returned) = Err(error);
            errand.end(Ending::Done);
        }
    }

    /// Calls the entry function. This is foreign code.
    fn make(&self, environment: usize, behalf: Behalf) -> Result<(), EntryError> {
        let context = EntryContext {
            session: self.session,
            profile: &self.profile,
            service: &self.service,
            reason: match self.purpose {
                Purpose::Configure => EntryReason::Requested,
                Purpose::Create => EntryReason::Created,
                Purpose::Delete => EntryReason::Deleted,
            },
            dialogs: self.dialogs,
            ui_param: self.ui_param,
        };
        let call = || match self.purpose {
            Purpose::Configure => self.entry.configure(&context),
            Purpose::Create => self.entry.create(&context),
            Purpose::Delete => {
                self.entry.delete(&context);
                Ok(())
            }
        };
        let returned = foreign::call(|| inside::run(environment, behalf, call));
        returned.unwrap_or_else(|Panicked| Err(EntryError::panic()))
    }
}

/// A marked profile whose last session has ended: its services are told before the last of it goes
/// (`ADM-12`).
#[derive(Clone)]
pub(crate) struct Erasure(pub(crate) Arc<StoredProfile>);

impl Erasure {
    /// Calls the entry functions, one after the other. This is foreign code.
    pub(crate) fn carry_out(self, shell: &Arc<Shell>) {
        let Self(profile) = self;
        let behalf = Behalf::Call(shell.new_call());
        for listed in &profile.content.services {
            if let Some(visit) = Visit::stored(shell, &profile, listed.uid, Purpose::Delete) {
                // It has nothing to say.
                let _ = visit.make(shell.identity(), behalf);
            }
        }
        shell.end_erasure();
    }
}
