//! One user's environment: what its processes share.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::mpsc::Sender;
use std::time::Duration;

use mapi_session_core::{FastShutdownPolicy, Limits, SessionId, Sessions};

use crate::clock::{Clock, SystemClock};
use crate::process::Process;
use crate::profiles::Profiles;
use crate::report::Report;
use crate::service::{MessageService, Registered};
use crate::shell::{Settings, Shell};
use crate::sync::Arc;
use crate::ui::LogonUi;
use crate::watch::{Pace, StepRecord};

/// What the processes of one user share: profiles, message services, sessions, and the mutex that
/// lets one logon at a time through (`MTX-01`).
///
/// Clones are one and the same environment; two environments have nothing in common (`SHR-08`).
#[derive(Clone)]
pub struct Environment(Arc<Shell>);

impl Environment {
    /// An environment to be furnished.
    pub fn builder() -> EnvironmentBuilder {
        EnvironmentBuilder {
            limits: Limits::default(),
            settings: Settings {
                profiles: Profiles::new(),
                services: BTreeMap::new(),
                default_services: Vec::new(),
                clock: Arc::new(SystemClock),
                short_wait: Duration::from_secs(3),
                pace: None,
                recorder: None,
            },
        }
    }

    /// A new process with this user interface. It has not initialised.
    pub fn process(&self, ui: impl LogonUi + 'static) -> Process {
        Process::new(self, Arc::new(ui))
    }

    /// The profile store.
    pub fn profiles(&self) -> &Profiles {
        &self.0.settings.profiles
    }

    /// The state of the protocol as it is now: a copy, to look at.
    pub fn state(&self) -> Sessions {
        self.0.core()
    }

    /// What became of the services and providers of a session that has not ended.
    pub fn report(&self, session: SessionId) -> Option<Report> {
        self.0.report(session)
    }

    /// Has the spooler start the transports of a session because something in it needs them that is
    /// no client, such as a store with a message to send (`ORD-06`); waits for none.
    ///
    /// Nothing happens if nobody in the session is capable of mail (`NML-01`).
    #[doc(alias = "IMAPISupport::PrepareSubmit")]
    #[doc(alias = "IMAPISupport::SpoolerNotify")]
    pub fn start_transports(&self, session: SessionId) {
        self.0.demand(session, None);
    }

    /// Blocks until every session that nobody uses has ended, and every profile is gone that was to
    /// go with it; says whether that came in time.
    ///
    /// A logoff does not wait for providers to shut down. A program that is about to exit may.
    pub fn settle(&self, at_most: Duration) -> bool {
        let clock = &self.0.settings.clock;
        let end = clock.now().checked_add(at_most);
        while !self.0.is_settled() {
            match end {
                Some(end) if clock.now() >= end => return false,
                Some(end) => clock.park_until(end),
                None => crate::sync::park(),
            }
        }
        true
    }

    pub(crate) fn of(shell: &Arc<Shell>) -> Self {
        Self(Arc::clone(shell))
    }

    pub(crate) fn shell(&self) -> &Arc<Shell> {
        &self.0
    }
}

impl Default for Environment {
    /// An environment without profiles and services.
    fn default() -> Self {
        Self::builder().build()
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Environment").field("profiles", self.profiles()).finish_non_exhaustive()
    }
}

/// An environment to be furnished; [`build`](Self::build) ends it.
#[must_use]
pub struct EnvironmentBuilder {
    limits: Limits,
    settings: Settings,
}

impl EnvironmentBuilder {
    /// Uses a profile store that exists.
    pub fn profiles(mut self, profiles: &Profiles) -> Self {
        self.settings.profiles = profiles.clone();
        self
    }

    /// Registers a message service under the name by which profiles list it; the last of a name
    /// counts.
    pub fn service(mut self, name: impl Into<String>, service: impl MessageService) -> Self {
        self.settings.services.insert(name.into(), Arc::new(Registered::new(&service)));
        self
    }

    /// Names a service that a profile gets which is created with the default services (`ADM-01`);
    /// they come in the order in which they were named.
    pub fn default_service(mut self, name: impl Into<String>) -> Self {
        self.settings.default_services.push(name.into());
        self
    }

    /// Says when a process may shut down fast: unless a provider objects, if nothing else is said
    /// (`FSD-03`).
    pub fn fast_shutdown(mut self, policy: FastShutdownPolicy) -> Self {
        self.limits.fast_shutdown = policy;
        self
    }

    /// Takes the time from this clock instead of the machine's.
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.settings.clock = Arc::new(clock);
        self
    }

    /// Sets how long a logon with `MAPI_TIMEOUT_SHORT` waits for others: 3 seconds unless said
    /// otherwise (`MTX-02`).
    pub fn short_wait(mut self, wait: Duration) -> Self {
        self.settings.short_wait = wait;
        self
    }

    /// Refuses logons that would make more sessions than that; joining makes none.
    pub fn session_limit(mut self, sessions: u32) -> Self {
        self.limits.sessions = Some(sessions);
        self
    }

    /// Sends a record of every step to this channel, in order.
    pub fn record_to(mut self, recorder: Sender<StepRecord>) -> Self {
        self.settings.recorder = Some(recorder);
        self
    }

    /// Lets somebody decide when each step may be taken. For tests.
    pub fn pace(mut self, pace: impl Pace + 'static) -> Self {
        self.settings.pace = Some(Arc::new(pace));
        self
    }

    /// The environment.
    pub fn build(self) -> Environment {
        Environment(Arc::new(Shell::new(self.settings, Sessions::new(self.limits))))
    }
}
