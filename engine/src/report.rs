//! What became of every service and provider of a session.

use std::fmt;

use mapi_session_core::{ProviderId, ProviderKind, ServiceId, SessionId};

use crate::failure::{Cause, Failure, Trouble};
use crate::service::Plan;
use crate::sync::Arc;

/// How the services and providers of a session stand, and what went wrong with them.
///
/// A logon that succeeded may have lost services on the way (`FLR-16`); this says which and why.
/// Printed, it has a line for each.
#[doc(alias = "MAPIERROR")]
#[doc(alias = "IMAPISession::GetLastError")]
#[derive(Clone)]
pub struct Report {
    session: SessionId,
    plan: Arc<Plan>,
    services: Box<[ServiceRecord]>,
    providers: Box<[ProviderRecord]>,
}

/// What is remembered of a service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ServiceRecord {
    /// Why its configuration could not be shown.
    pub(crate) shown: Option<Failure>,
    /// Why it is disabled.
    pub(crate) disabled: Option<(ProviderId, Failure)>,
}

/// What is remembered of a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ProviderRecord {
    pub(crate) state: ProviderState,
    pub(crate) failures: Box<[Failure]>,
}

/// A service in a report.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ServiceReport<'a> {
    /// Its place in the profile.
    pub id: ServiceId,
    /// The name under which the profile lists it.
    pub name: &'a str,
    /// Whether it can be used.
    pub state: ServiceState,
    /// Why its configuration could not be shown when the logon asked for that (`UIX-04`).
    pub shown: Option<&'a Failure>,
    /// Its providers, in their order.
    pub providers: Vec<ProviderReport<'a>>,
}

/// Whether a service can be used.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ServiceState {
    /// It can, as far as its providers run.
    Enabled,
    /// It cannot, to the end of the session (`FLR-02`, `FLR-17`). The next session tries again.
    Disabled {
        /// Which provider's failure that came after, and what it was.
        after: Box<Trouble>,
    },
}

/// A provider in a report.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ProviderReport<'a> {
    /// Its place in the profile.
    pub id: ProviderId,
    /// What it is.
    pub kind: ProviderKind,
    /// Its name.
    pub name: &'a str,
    /// How it stands.
    pub state: &'a ProviderState,
    /// What went wrong when it was last to be started, in order, its entry function's part
    /// included. One that was ready at the second attempt has what failed at the first here.
    pub failures: &'a [Failure],
}

/// How a provider stands.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ProviderState {
    /// It was not started, or has been logged off.
    NotStarted,
    /// It is being logged on: nothing came back yet, perhaps not in time.
    LoggingOn,
    /// It runs.
    Ready {
        /// What is amiss nevertheless (`FLR-11`).
        warning: Option<Cause>,
    },
    /// It does not run, because of this.
    Failed(Failure),
    /// It runs and is not used any more, because its service is disabled.
    Quiesced,
    /// It is being logged off or shut down.
    Ending,
}

impl Report {
    pub(crate) fn new(
        session: SessionId,
        plan: Arc<Plan>,
        services: Box<[ServiceRecord]>,
        providers: Box<[ProviderRecord]>,
    ) -> Self {
        Self { session, plan, services, providers }
    }

    /// The session that it is about.
    pub fn session(&self) -> SessionId {
        self.session
    }

    /// Every service, in the order of the profile.
    pub fn services(&self) -> impl Iterator<Item = ServiceReport<'_>> {
        self.plan.services().zip(&self.services).map(|((id, planned), record)| {
            let name = &planned.name;
            let state = match &record.disabled {
                None => ServiceState::Enabled,
                Some((after, failure)) => {
                    let trouble = Trouble::new(self.plan.describe(*after), failure.clone());
                    ServiceState::Disabled { after: Box::new(trouble) }
                }
            };
            let providers = self.providers().filter(|(service, _)| *service == id);
            let providers = providers.map(|(_, provider)| provider).collect();
            ServiceReport { id, name, state, shown: record.shown.as_ref(), providers }
        })
    }

    /// One provider.
    pub fn provider(&self, provider: ProviderId) -> Option<ProviderReport<'_>> {
        self.providers().map(|(_, report)| report).find(|report| report.id == provider)
    }

    /// Whether nothing went wrong: no service is disabled, and every provider that was started is
    /// ready, without a warning.
    pub fn is_clean(&self) -> bool {
        self.services.iter().all(|service| service.disabled.is_none())
            && self.providers.iter().all(|provider| match &provider.state {
                ProviderState::NotStarted
                | ProviderState::Ready { warning: None }
                | ProviderState::Ending => true,
                ProviderState::LoggingOn
                | ProviderState::Ready { warning: Some(_) }
                | ProviderState::Failed(_)
                | ProviderState::Quiesced => false,
            })
    }

    fn providers(&self) -> impl Iterator<Item = (ServiceId, ProviderReport<'_>)> {
        self.plan.providers().zip(&self.providers).map(|((id, planned), record)| {
            let ProviderRecord { state, failures } = record;
            let (kind, name) = (planned.spec.kind, &planned.name);
            (planned.service, ProviderReport { id, kind, name, state, failures })
        })
    }
}

impl PartialEq for Report {
    fn eq(&self, other: &Self) -> bool {
        self.session == other.session
            && self.services == other.services
            && self.providers == other.providers
    }
}

impl Eq for Report {}

impl fmt::Debug for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.services()).finish()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for service in self.services() {
            match &service.state {
                ServiceState::Enabled => writeln!(f, "service {:?}", service.name)?,
                ServiceState::Disabled { after } => writeln!(
                    f,
                    "service {:?}, disabled after provider {:?}: {}",
                    service.name, after.provider, after.failure
                )?,
            }
            if let Some(failure) = service.shown {
                writeln!(f, "  {failure}")?;
            }
            for provider in service.providers {
                writeln!(f, "  provider {:?}: {}", provider.name, provider.state)?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for ProviderState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotStarted => f.write_str("not started"),
            Self::LoggingOn => f.write_str("logging on"),
            Self::Ready { warning: None } => f.write_str("ready"),
            Self::Ready { warning: Some(cause) } => write!(f, "ready, with errors: {cause}"),
            Self::Failed(failure) => write!(f, "failed: {failure}"),
            Self::Quiesced => f.write_str("not used any more"),
            Self::Ending => f.write_str("ending"),
        }
    }
}
