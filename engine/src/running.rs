//! What runs for a session: the providers of its profile's services, started and stopped once.
//!
//! Starting and stopping are orders of their own and may overlap: a client that crashes has its
//! session stopped while providers still start. Who is up is therefore kept here, and nobody stays
//! up when it is over (`CAN-03`).

use std::panic::{AssertUnwindSafe, catch_unwind};

use mapi_session_core::{Event, ProviderDialogs, SessionId};

use crate::inside;
use crate::profiles::ProfileSnapshot;
use crate::provider::{ProviderLogon, ServiceProvider};
use crate::shell::Shell;
use crate::sync::{Arc, Mutex, lock, spawn};

pub(crate) struct Running {
    session: SessionId,
    pub(crate) profile: Arc<ProfileSnapshot>,
    providers: Vec<(String, Arc<dyn ServiceProvider>)>,
    dialogs: ProviderDialogs,
    ui_param: u64,
    progress: Mutex<Progress>,
}

enum Progress {
    /// So many of the providers have logged on, and none has shut down.
    Up(usize),
    /// All that were up are shut down, or being shut down.
    Stopped,
}

impl Running {
    pub(crate) fn new(
        session: SessionId,
        profile: Arc<ProfileSnapshot>,
        providers: Vec<(String, Arc<dyn ServiceProvider>)>,
        dialogs: ProviderDialogs,
        ui_param: u64,
    ) -> Self {
        let progress = Mutex::new(Progress::Up(0));
        Self { session, profile, providers, dialogs, ui_param, progress }
    }

    /// Starts the providers on a thread of their own and reports when they are up.
    pub(crate) fn start(self: Arc<Self>, shell: &Arc<Shell>) {
        let work = {
            let (running, shell) = (Arc::clone(&self), Arc::clone(shell));
            move || running.log_on(&shell)
        };
        if !spawn("mapi-start", work) {
            self.log_on(shell);
        }
    }

    /// Stops the providers on a thread of their own and reports when they are down.
    pub(crate) fn stop(self: Arc<Self>, shell: &Arc<Shell>) {
        let work = {
            let (running, shell) = (Arc::clone(&self), Arc::clone(shell));
            move || running.shut_down(&shell)
        };
        if !spawn("mapi-stop", work) {
            self.shut_down(shell);
        }
    }

    fn log_on(&self, shell: &Arc<Shell>) {
        for (service, provider) in &self.providers {
            if let Progress::Stopped = *lock(&self.progress) {
                break;
            }
            let logon = ProviderLogon {
                session: self.session,
                profile: &self.profile.name,
                service,
                dialogs: self.dialogs,
                ui_param: self.ui_param,
            };
            run_foreign(|| {
                inside::run(shell.identity(), self.session.0, || provider.logon(&logon))
            });
            let comes_too_late = match &mut *lock(&self.progress) {
                Progress::Up(count) => {
                    *count += 1;
                    false
                }
                Progress::Stopped => true,
            };
            if comes_too_late {
                run_foreign(|| provider.shutdown(self.session));
                break;
            }
        }
        shell.feed(Event::ProvidersStarted { session: self.session });
    }

    fn shut_down(&self, shell: &Arc<Shell>) {
        let before = std::mem::replace(&mut *lock(&self.progress), Progress::Stopped);
        let up = match before {
            Progress::Up(count) => count,
            Progress::Stopped => 0,
        };
        for (_, provider) in self.providers[..up].iter().rev() {
            run_foreign(|| provider.shutdown(self.session));
        }
        shell.feed(Event::ProvidersStopped { session: self.session });
        shell.forget_session(self.session);
    }
}

/// Runs code of a provider, which cannot fail yet: a panic counts as done.
fn run_foreign(provider: impl FnOnce()) {
    let _ = catch_unwind(AssertUnwindSafe(provider));
}
