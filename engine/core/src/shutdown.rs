//! What fast shutdown is told in: its calls, what providers say to it, what the environment allows.
//!
//! A client that is about to end asks whether it may do so in a hurry, says that it will, and does
//! (`FSD-01`). How that comes about stands in `sessions/fast_shutdown`.

/// A call of `IMAPIClientShutdown`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FastShutdown {
    /// `QueryFastShutdown`: whether the providers of the client's sessions can bear it.
    Query,
    /// `NotifyProcessShutdown`: they are told that it is about to come.
    Notify,
    /// `DoFastShutdown`: it comes; the client makes no call any more (`FSD-06`).
    Do,
}

/// What a provider says when it is asked for its consent (`FSD-02`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Vote {
    /// It can bear it.
    Consents,
    /// It cannot.
    Objects,
    /// It does not have `IMAPIProviderShutdown`, so it cannot be asked.
    NoInterface,
}

/// What it takes for a client to be allowed to shut down fast (D-19).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FastShutdownPolicy {
    /// No provider objects; one that cannot be asked does not (`FSD-03`).
    #[default]
    AllowUnlessRefused,
    /// Every provider consents, and so can be asked (`FSD-04`).
    AllowIfAllConsent,
    /// Nothing is enough, and nobody is asked (`FSD-05`).
    Refuse,
}

impl FastShutdownPolicy {
    /// What the documented option of this number means, if there is one.
    pub const fn from_number(number: u32) -> Option<Self> {
        match number {
            0 => Some(Self::AllowUnlessRefused),
            1 => Some(Self::AllowIfAllConsent),
            2 => Some(Self::Refuse),
            _ => None,
        }
    }
}
