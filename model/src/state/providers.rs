//! What a session knows of its services and providers, and a handle of what was opened through it.

use crate::{OpenTarget, Provider, Service};

/// A set of message services of a profile, by their place in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Services(pub u8);

/// What has been opened through a handle: stores by provider, and the address book.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Objects(u8);

/// Where a provider of a session stands.
///
/// While a call under way has an attempt out on it, it stands where it stood before: that the
/// attempt is out is said by the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// No attempt on it has ended, or its store was logged off again.
    NotStarted,
    /// It is logged on.
    Running,
    /// It is not logged on, and will not be before somebody opens it.
    Failed,
    /// It is logged on, but its service is disabled: it only waits for the end (D-11).
    Quiesced,
    /// An attempt is out whose caller is gone (CAN-03).
    Late,
    /// It is told to log off.
    LoggingOff,
    /// It is told to shut down.
    ShuttingDown,
}

/// Where each provider of a session stands, three bits a provider.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Statuses([u8; 3]);

impl Services {
    /// Whether this service is among them.
    pub const fn has(self, service: Service) -> bool {
        self.0 >> service.index() & 1 == 1
    }

    /// Adds a service.
    pub const fn add(&mut self, service: Service) {
        self.0 |= 1 << service.index();
    }
}

impl Objects {
    const BOOK: u8 = 1 << Provider::ALL.len();

    /// Whether the store of this provider is open.
    pub const fn has_store(self, provider: Provider) -> bool {
        self.0 >> provider.index() & 1 == 1
    }

    /// Whether the address book is open.
    pub const fn has_book(self) -> bool {
        self.0 & Self::BOOK != 0
    }

    /// The same with one thing more.
    #[must_use]
    pub const fn with(self, target: OpenTarget) -> Self {
        match target {
            OpenTarget::Store(provider) => Self(self.0 | 1 << provider.index()),
            OpenTarget::Book => Self(self.0 | Self::BOOK),
        }
    }

    /// The same without the store of this provider.
    #[must_use]
    pub const fn without(self, provider: Provider) -> Self {
        Self(self.0 & !(1 << provider.index()))
    }
}

impl Statuses {
    const BITS: usize = 3;

    /// Where a provider stands.
    pub fn get(self, provider: Provider) -> Status {
        Status::ALL[self.bits() >> (Self::BITS * provider.index()) & 7]
    }

    /// Puts a provider elsewhere.
    pub fn set(&mut self, provider: Provider, status: Status) {
        let shift = Self::BITS * provider.index();
        let bits = self.bits() & !(7 << shift) | (status as usize) << shift;
        self.0 = [bits as u8, (bits >> 8) as u8, (bits >> 16) as u8];
    }

    /// Whether nothing is logged on, being stopped, or out.
    pub fn are_over(self) -> bool {
        Provider::ALL.into_iter().all(|provider| match self.get(provider) {
            Status::NotStarted | Status::Failed => true,
            Status::Running
            | Status::Quiesced
            | Status::Late
            | Status::LoggingOff
            | Status::ShuttingDown => false,
        })
    }

    /// Whether some provider is being stopped.
    pub fn are_stopping(self) -> bool {
        Provider::ALL.into_iter().any(|provider| self.get(provider).is_stopping())
    }

    const fn bits(self) -> usize {
        let [low, middle, high] = self.0;
        low as usize | (middle as usize) << 8 | (high as usize) << 16
    }
}

impl Status {
    /// Every status; the last stands for the one number of three bits that means nothing.
    const ALL: [Self; 8] = [
        Self::NotStarted,
        Self::Running,
        Self::Failed,
        Self::Quiesced,
        Self::Late,
        Self::LoggingOff,
        Self::ShuttingDown,
        Self::ShuttingDown,
    ];

    /// Whether the provider is logged on, and nobody has told it to log off.
    pub const fn is_up(self) -> bool {
        match self {
            Self::Running | Self::Quiesced => true,
            Self::NotStarted
            | Self::Failed
            | Self::Late
            | Self::LoggingOff
            | Self::ShuttingDown => false,
        }
    }

    /// Whether the provider has been told to log off or to shut down.
    pub const fn is_stopping(self) -> bool {
        match self {
            Self::LoggingOff | Self::ShuttingDown => true,
            Self::NotStarted | Self::Running | Self::Failed | Self::Quiesced | Self::Late => false,
        }
    }
}
