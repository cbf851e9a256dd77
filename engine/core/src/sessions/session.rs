//! One session: its services and providers, what comes next of them, and how it winds down.

use alloc::boxed::Box;
use alloc::vec;
use alloc::vec::Vec;

use crate::effect::Effect;
use crate::id::{ProfileKey, ProviderId, ServiceId, SessionId};
use crate::services::{EntryFunction, ProviderKind, ProviderSpec, Services};
use crate::view::{Phase, ProviderStatus, ServiceStatus, SessionView, TransportSeries};

/// A session that has not ended.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Session {
    pub(super) profile: ProfileKey,
    pub(super) phase: Phase,
    /// The services of the profile as they were when the session was built.
    pub(super) services: Services,
    service_statuses: Box<[ServiceStatus]>,
    provider_statuses: Box<[ProviderStatus]>,
    /// How many live handles are capable of mail (`NML-04`).
    pub(super) mail_handles: usize,
    /// What the spooler has under way.
    pub(super) transport: Option<TransportSeries>,
    /// The store that is taken where none is named, if the session has been opened (`DST-09`).
    pub(super) default_store: Option<ProviderId>,
    /// The provider that says who the user is, if the session has been opened (`IDN-01`).
    pub(super) identity: Option<ProviderId>,
}

impl Session {
    /// A session of which nothing has been started (`FLR-17`).
    pub(super) fn new(profile: ProfileKey, services: Services) -> Self {
        Self {
            profile,
            phase: Phase::Building,
            service_statuses: vec![ServiceStatus::Enabled; services.service_count()].into(),
            provider_statuses: vec![ProviderStatus::NotStarted; services.provider_count()].into(),
            services,
            mail_handles: 0,
            transport: None,
            default_store: None,
            identity: None,
        }
    }

    /// Whether it has handles, and takes what comes up late.
    pub(super) const fn is_active(&self) -> bool {
        match self.phase {
            Phase::Individual | Phase::Shared { .. } | Phase::Closing { .. } => true,
            Phase::Building | Phase::Draining => false,
        }
    }

    pub(super) fn view(&self) -> SessionView<'_> {
        SessionView {
            profile: self.profile,
            phase: self.phase,
            services: &self.services,
            service_statuses: &self.service_statuses,
            provider_statuses: &self.provider_statuses,
            spooler: self.spooler(),
            transport: self.transport,
            default_store: self.default_store,
            identity: self.identity,
        }
    }
}

// What providers and services are, and how they stand.
impl Session {
    /// How a provider stands, if the session has it.
    pub(super) fn status(&self, provider: ProviderId) -> Option<ProviderStatus> {
        self.provider_statuses.get(usize::from(provider.0)).copied()
    }

    pub(super) fn set(&mut self, provider: ProviderId, status: ProviderStatus) {
        self.provider_statuses[usize::from(provider.0)] = status;
    }

    pub(super) fn is_running(&self, provider: ProviderId) -> bool {
        self.status(provider) == Some(ProviderStatus::Running)
    }

    /// The service of a provider that the session has.
    pub(super) fn service_of(&self, provider: ProviderId) -> ServiceId {
        let (service, _) = self.services.provider(provider).expect("the session has the provider");
        service
    }

    pub(super) fn service_status(&self, service: ServiceId) -> ServiceStatus {
        self.service_statuses[usize::from(service.0)]
    }

    /// Whether the service of a provider can be used.
    pub(super) fn service_status_of(&self, provider: ProviderId) -> ServiceStatus {
        self.service_status(self.service_of(provider))
    }

    /// Whether the service of a provider can configure itself.
    pub(super) fn entry_of(&self, provider: ProviderId) -> EntryFunction {
        let service = self.services.service(self.service_of(provider));
        service.expect("a provider is of a service of its session").entry
    }
}

// What comes next.
impl Session {
    /// The first service with an entry function, from this place on (`UIX-04`).
    pub(super) fn next_to_show(&self, from: usize) -> Option<ServiceId> {
        let mut services = self.services.services().skip(from);
        let (service, _) = services.find(|(_, it)| it.entry == EntryFunction::Present)?;
        Some(service)
    }

    /// The provider that a logon starts next: address books before stores, in the order of the
    /// profile (`ORD-01`, `ORD-02`, `ORD-08`).
    pub(super) fn next_to_start(&self) -> Option<ProviderId> {
        let startable = |&(provider, service, spec): &(_, _, ProviderSpec)| {
            self.service_status(service) == ServiceStatus::Enabled
                && self.status(provider) == Some(ProviderStatus::NotStarted)
                && matches!(spec.kind, ProviderKind::AddressBook | ProviderKind::Store)
        };
        let startable = self.services.providers().filter(startable);
        let (provider, _, _) =
            startable.min_by_key(|&(provider, _, spec)| (spec.kind, provider))?;
        Some(provider)
    }

    /// The provider that the opening of the address book starts next, from this place on: it is
    /// not running, and could be.
    pub(super) fn next_of_book(&self, from: usize) -> Option<ProviderId> {
        let (provider, _, _) =
            self.services.providers().skip(from).find(|&(provider, service, spec)| {
                spec.kind == ProviderKind::AddressBook
                    && self.service_status(service) == ServiceStatus::Enabled
                    && !self.is_running(provider)
            })?;
        Some(provider)
    }

    /// Whether every address book provider runs (`PLG-10`).
    pub(super) fn is_book_whole(&self) -> bool {
        self.services
            .providers()
            .filter(|&(_, _, spec)| spec.kind == ProviderKind::AddressBook)
            .all(|(provider, _, _)| self.is_running(provider))
    }
}

// How it winds down.
impl Session {
    /// Disables the service of a provider that failed for good, for the rest of the session
    /// (`FLR-02`, D-11): what runs of it is not used any more, the rest stands as it stood.
    pub(super) fn disable(
        &mut self,
        session: SessionId,
        after: ProviderId,
        failed: ProviderStatus,
    ) -> Effect {
        let service = self.service_of(after);
        let status = &mut self.service_statuses[usize::from(service.0)];
        assert_eq!(*status, ServiceStatus::Enabled, "{service} of {session} is disabled twice");
        *status = ServiceStatus::Disabled;
        for (provider, its_service, _) in self.services.providers() {
            let status = &mut self.provider_statuses[usize::from(provider.0)];
            if its_service == service && *status == ProviderStatus::Running {
                *status = ProviderStatus::Quiesced;
            }
        }
        self.set(after, failed);
        Effect::ReportDisabled { session, service, after }
    }

    /// Orders a provider that is logged on to log off.
    pub(super) fn log_off(&mut self, session: SessionId, provider: ProviderId) -> Effect {
        self.set(provider, ProviderStatus::LoggingOff);
        Effect::LogOffProvider { session, provider }
    }

    /// What a session orders next once it has no handles: the logoff of the next provider when
    /// none is being stopped, transports first, address books next, stores last (`PSD-11`,
    /// `PSD-12`); and its own end when there is nothing left to wait for.
    pub(super) fn wind_down(&mut self, session: SessionId) -> Option<Effect> {
        if self.phase != Phase::Draining {
            return None;
        }
        let has = |status| self.provider_statuses.contains(&status);
        if has(ProviderStatus::LoggingOff) || has(ProviderStatus::ShuttingDown) {
            return None;
        }
        let logged_on = self.services.providers().filter(|&(provider, _, _)| {
            matches!(
                self.status(provider),
                Some(ProviderStatus::Running | ProviderStatus::Quiesced)
            )
        });
        match logged_on.min_by_key(|&(provider, _, spec)| (place_in_shutdown(spec.kind), provider))
        {
            Some((provider, _, _)) => Some(self.log_off(session, provider)),
            None if has(ProviderStatus::Late) => None,
            None => Some(Effect::CloseSession { session }),
        }
    }

    /// Whether nothing keeps a session without handles from ending (`PSD-11`).
    pub(super) fn is_wound_down(&self) -> bool {
        self.phase == Phase::Draining
            && self.provider_statuses.iter().all(|status| match status {
                ProviderStatus::NotStarted | ProviderStatus::Failed => true,
                ProviderStatus::Running
                | ProviderStatus::Quiesced
                | ProviderStatus::Late
                | ProviderStatus::LoggingOff
                | ProviderStatus::ShuttingDown => false,
            })
    }
}

// Whom a fast shutdown concerns.
impl Session {
    /// The provider that is asked whether it can bear a fast shutdown after this one, or first.
    pub(super) fn next_to_ask(&self, after: Option<ProviderId>) -> Option<ProviderId> {
        let kind = |provider| self.services.provider(provider).map(|(_, spec)| spec.kind);
        let after = after.and_then(|after| Some((place_in_shutdown(kind(after)?), after)));
        let (_, next) = self.asked().filter(|&place| Some(place) > after).min()?;
        Some(next)
    }

    /// The providers that a fast shutdown concerns, in the order in which they are told.
    pub(super) fn in_order_of_shutdown(&self) -> Vec<ProviderId> {
        let mut places: Vec<_> = self.asked().collect();
        places.sort_unstable();
        places.into_iter().map(|(_, provider)| provider).collect()
    }

    /// Those that run: transports come first, address books next, stores last (`FSD-02`).
    fn asked(&self) -> impl Iterator<Item = (u8, ProviderId)> {
        let running = self.services.providers().filter(|&(id, _, _)| self.is_running(id));
        running.map(|(provider, _, spec)| (place_in_shutdown(spec.kind), provider))
    }
}

const fn place_in_shutdown(kind: ProviderKind) -> u8 {
    match kind {
        ProviderKind::Transport => 0,
        ProviderKind::AddressBook => 1,
        ProviderKind::Store => 2,
    }
}
