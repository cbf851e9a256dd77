//! The message services of a profile, as a session finds them when it is built.
//!
//! Start with [`Services`]: the snapshot that a session keeps for life, whatever becomes of the
//! profile. Services and providers are named by their places in it.

use alloc::sync::Arc;
use alloc::vec::Vec;

use thiserror::Error;

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
    /// What its providers are, in the order of the profile.
    pub providers: Vec<ProviderKind>,
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
    providers: Vec<(ServiceId, ProviderKind)>,
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
            providers.extend(service.providers.iter().map(|&kind| (id, kind)));
        }
        Ok(Self(Arc::new(Listing { services, providers })))
    }

    /// A profile without services: a session on it has no provider.
    pub fn none() -> Self {
        Self(Arc::new(Listing { services: Vec::new(), providers: Vec::new() }))
    }

    /// Every service, in the order of the profile.
    pub fn services(&self) -> impl Iterator<Item = (ServiceId, &Service)> {
        (0..=u16::MAX).map(ServiceId).zip(&self.0.services)
    }

    /// Every provider, in the order of the profile.
    pub fn providers(&self) -> impl Iterator<Item = (ProviderId, ServiceId, ProviderKind)> {
        (0..=u16::MAX)
            .zip(&self.0.providers)
            .map(|(place, &(service, kind))| (ProviderId(place), service, kind))
    }

    /// One service, if there is one in this place.
    pub fn service(&self, service: ServiceId) -> Option<&Service> {
        self.0.services.get(usize::from(service.0))
    }

    /// The service and the kind of one provider, if there is one in this place.
    pub fn provider(&self, provider: ProviderId) -> Option<(ServiceId, ProviderKind)> {
        self.0.providers.get(usize::from(provider.0)).copied()
    }

    pub(crate) fn service_count(&self) -> usize {
        self.0.services.len()
    }

    pub(crate) fn provider_count(&self) -> usize {
        self.0.providers.len()
    }
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
