//! Sessions, and what the spooler has under way for them.

use crate::{Contents, Name, Profile, Provider, SeriesStage, Services, Statuses};

/// A session not yet ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Session {
    /// The logon that made it.
    pub name: Name,
    /// The profile, fixed when it was built (PRF-01, ADM-19).
    pub profile: Profile,
    /// What was in the profile then: the snapshot, which no edit changes (INV-34).
    pub contents: Contents,
    /// Where it is in its life.
    pub phase: Phase,
    /// The services that failed for good (FLR-02).
    pub disabled: Services,
    /// Where each of its providers stands.
    pub providers: Statuses,
    /// Whether the spooler knows of it (NML-04).
    pub spooler: Spooler,
    /// What the spooler has under way on one of its transports (D-30).
    pub transport: Option<TransportSeries>,
    /// The provider of the default store, while the session is in use (D-32).
    pub default_store: Option<Provider>,
    /// The provider that gives the session its identity, while it is in use (D-32).
    pub identity: Option<Provider>,
}

/// Where a session is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Phase {
    /// Its providers are being logged on, and its logon waits for them.
    Building,
    /// In use by one handle.
    Individual,
    /// In use, and open to others.
    Shared,
    /// In use, as its creator allowed others; but a sharer has asked everybody to log off, and
    /// nobody joins any more (LGF-07).
    Closing,
    /// Nobody uses it any more; its providers are stopped one after the other.
    Draining,
}

/// Whether the spooler knows of a session (NML-01, NML-04).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Spooler {
    /// It does not: nobody in the session wants mail.
    #[default]
    Detached,
    /// It does: some handle of the session is capable of mail.
    Attached,
}

/// A series of attempts that the spooler makes on a transport, on nobody's behalf (D-30).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TransportSeries {
    /// The transport.
    pub provider: Provider,
    /// How far it is.
    pub stage: TransportStage,
}

/// How far the spooler's series on a transport is: it never has a prompt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TransportStage {
    /// The first attempt is out.
    First,
    /// The second attempt is out.
    Second,
    /// The entry function of the service is called to put things right.
    Entry,
}

impl Phase {
    /// Whether the session can be used.
    pub const fn is_active(self) -> bool {
        match self {
            Self::Individual | Self::Shared | Self::Closing => true,
            Self::Building | Self::Draining => false,
        }
    }

    /// Whether its creator allowed others, and it is still in use.
    pub const fn is_shared(self) -> bool {
        match self {
            Self::Shared | Self::Closing => true,
            Self::Building | Self::Individual | Self::Draining => false,
        }
    }
}

impl From<TransportStage> for SeriesStage {
    fn from(stage: TransportStage) -> Self {
        match stage {
            TransportStage::First => Self::First,
            TransportStage::Second => Self::Second,
            TransportStage::Entry => Self::Entry,
        }
    }
}
