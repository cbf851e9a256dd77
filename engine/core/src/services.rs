//! The message services of a profile, as a session finds them when it is built.
//!
//! Start with [`Services`]: the snapshot that a session keeps for life, whatever becomes of the
//! profile. Services and providers are named by their places in it.

use alloc::sync::Arc;
use alloc::vec::Vec;

use thiserror::Error;

use crate::flags::ResourceFlags;
use crate::id::{ProviderId, ServiceId};

/// What a provider provides. The order is that of a logon, transports apart (`ORD-01`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProviderKind {
    /// It finds people; address books start first.
    AddressBook,
    /// It keeps messages; stores start when the address books have.
    Store,
    /// It moves messages; a logon does not start it (`ORD-03`).
    Transport,
}

/// One provider of a message service, as the profile lists it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ProviderSpec {
    /// What it provides.
    pub kind: ProviderKind,
    /// Which part it plays.
    pub flags: ResourceFlags,
}

impl ProviderSpec {
    /// A provider that plays the part of most of its kind: a store may be the default one.
    pub const fn new(kind: ProviderKind) -> Self {
        let flags = match kind {
            ProviderKind::Store => ResourceFlags::DEFAULT_STORE,
            ProviderKind::AddressBook | ProviderKind::Transport => ResourceFlags::empty(),
        };
        Self { kind, flags }
    }

    /// The same provider with these flags instead.
    #[must_use]
    pub const fn with_flags(self, flags: ResourceFlags) -> Self {
        Self { flags, ..self }
    }

    /// Whether the profile says that it plays this part.
    pub(crate) const fn plays(self, part: ResourceFlags) -> bool {
        self.flags.contains(part)
    }

    /// Whether it can be the default store (`DST-02`).
    pub(crate) const fn is_fit_as_default(self) -> bool {
        match self.kind {
            ProviderKind::Store => !self.plays(ResourceFlags::NO_DEFAULT_STORE),
            ProviderKind::AddressBook | ProviderKind::Transport => false,
        }
    }
}

/// Whether a service can configure itself (`SVC-12`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EntryFunction {
    /// It has an entry function.
    Present,
    /// It has none.
    Absent,
}

/// One message service of a profile: providers that are configured, and disabled, together.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Service {
    /// Whether it can configure itself.
    pub entry: EntryFunction,
    /// Its providers, in the order of the profile.
    pub providers: Vec<ProviderSpec>,
}

/// The services of a profile, in its order, with their providers numbered through.
///
/// A clone is the same list, not a copy of it, so sessions on one profile can share it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Services(Arc<Listing>);

#[derive(Debug, PartialEq, Eq, Hash)]
struct Listing {
    services: Vec<Service>,
    /// Every provider of every service, in the order of the profile.
    providers: Vec<(ServiceId, ProviderSpec)>,
    /// The transports alone, in the order in which they start.
    transports: Vec<ProviderId>,
}

impl Services {
    /// How many services, and how many providers, a profile may have.
    pub const MAX: usize = 1 << u16::BITS;

    /// Numbers the services of a profile and their providers.
    pub fn new(services: Vec<Service>) -> Result<Self, TooManyProviders> {
        let count = services.iter().map(|service| service.providers.len()).sum();
        if services.len() > Self::MAX || count > Self::MAX {
            return Err(TooManyProviders { services: services.len(), providers: count });
        }
        let mut providers = Vec::with_capacity(count);
        for (id, service) in (0..=u16::MAX).map(ServiceId).zip(&services) {
            providers.extend(service.providers.iter().map(|&provider| (id, provider)));
        }
        let transports = transport_order(&providers);
        Ok(Self(Arc::new(Listing { services, providers, transports })))
    }

    /// A profile without services: a session on it has no provider.
    pub fn none() -> Self {
        Self(Arc::new(Listing {
            services: Vec::new(),
            providers: Vec::new(),
            transports: Vec::new(),
        }))
    }

    /// Every service, in the order of the profile.
    pub fn services(&self) -> impl Iterator<Item = (ServiceId, &Service)> {
        (0..=u16::MAX).map(ServiceId).zip(&self.0.services)
    }

    /// Every provider, in the order of the profile.
    pub fn providers(&self) -> impl Iterator<Item = (ProviderId, ServiceId, ProviderSpec)> {
        (0..=u16::MAX)
            .zip(&self.0.providers)
            .map(|(place, &(service, provider))| (ProviderId(place), service, provider))
    }

    /// One service, if there is one in this place.
    pub fn service(&self, service: ServiceId) -> Option<&Service> {
        self.0.services.get(usize::from(service.0))
    }

    /// The transports in the order in which they start: that of the profile, but those that prefer
    /// to be last after all others (`ORD-07`).
    pub fn transports(&self) -> impl Iterator<Item = ProviderId> {
        self.0.transports.iter().copied()
    }

    /// One provider and its service, if there is one in this place.
    pub fn provider(&self, provider: ProviderId) -> Option<(ServiceId, ProviderSpec)> {
        self.0.providers.get(usize::from(provider.0)).copied()
    }

    pub(crate) fn service_count(&self) -> usize {
        self.0.services.len()
    }

    pub(crate) fn provider_count(&self) -> usize {
        self.0.providers.len()
    }
}

fn transport_order(providers: &[(ServiceId, ProviderSpec)]) -> Vec<ProviderId> {
    let is_last = |provider: ProviderSpec| provider.plays(ResourceFlags::XP_PREFER_LAST);
    let mut order = Vec::new();
    for last in [false, true] {
        let all = (0..=u16::MAX).map(ProviderId).zip(providers);
        order.extend(all.filter_map(|(id, &(_, provider))| match provider.kind {
            ProviderKind::Transport if is_last(provider) == last => Some(id),
            ProviderKind::Transport | ProviderKind::AddressBook | ProviderKind::Store => None,
        }));
    }
    order
}

/// A profile has more services or providers than can be numbered.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq, Hash)]
#[error(
    "profile has {services} services and {providers} providers; at most {} of each are allowed",
    Services::MAX
)]
pub struct TooManyProviders {
    /// How many services it has.
    pub services: usize,
    /// How many providers they have together.
    pub providers: usize,
}
