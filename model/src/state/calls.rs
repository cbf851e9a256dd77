//! Calls under way, and the series of attempts that they make on providers.

use serde::{Deserialize, Serialize};

use crate::{Code, Name, OpenTarget, Password, Permission, Profile, Provider, RequestId, Service};

/// A call that waits for its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Call {
    /// `MAPILogonEx`.
    Logon(Logon),
    /// `IMAPISession::Logoff`, while the user is asked.
    Logoff {
        /// Its name.
        name: Name,
        /// The handle that is to be logged off.
        handle: Name,
        /// Whether the others of the session are to log off too.
        scope: LogoffScope,
    },
    /// `IMAPISession::OpenMsgStore` or `OpenAddressBook`.
    Open(Open),
    /// `IMAPIClientShutdown::QueryFastShutdown`, while a provider is asked.
    Query(Query),
}

/// A query about a fast shutdown under way: one provider after the other is asked (FSD-02).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Query {
    /// Its name.
    pub name: Name,
    /// The session of the provider that is asked.
    pub session: Name,
    /// The provider that is asked.
    pub provider: Provider,
}

/// Who is to log off (LGF-04).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LogoffScope {
    /// The handle alone.
    Own,
    /// `MAPI_LOGOFF_SHARED`: the others of a session that is open to others, too.
    Shared,
}

/// An open call under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Open {
    /// Its name.
    pub name: Name,
    /// The handle that it was made on.
    pub handle: Name,
    /// Whether the address book is wanted, or the store that `at` names.
    pub opens: Opens,
    /// Whether its series may show dialogs.
    pub dialogs: Permission,
    /// The provider that it is at: the store, or one of the address book.
    pub at: Provider,
    /// How far its series on that provider is; without one it waits for others to end theirs.
    pub stage: Option<SeriesStage>,
}

/// What an open call is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Opens {
    /// One message store.
    Store,
    /// The address book: every address book provider, one after the other.
    Book,
}

/// How far a series of attempts on one provider is (FLR-07).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SeriesStage {
    /// The first attempt is out.
    First,
    /// The second attempt is out.
    Second,
    /// The entry function of the service is called to put things right.
    Entry,
    /// The user is asked whether to try again.
    Inform,
}

/// A series of attempts on one provider of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Series {
    /// The logon or open call that makes it; none if it is the spooler's.
    pub call: Option<Name>,
    /// The session.
    pub session: Name,
    /// The provider.
    pub provider: Provider,
    /// How far it is.
    pub stage: SeriesStage,
}

/// A logon under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Logon {
    /// Its name, and that of what it makes.
    pub name: Name,
    /// What was asked for.
    pub request: RequestId,
    /// The password supplied so far, by the call or in the chooser.
    pub password: Password,
    /// The profile chosen, or that of the session joined.
    pub profile: Option<Profile>,
    /// How far it is.
    pub stage: Stage,
}

/// How far a logon is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Stage {
    /// It waits for the mutex.
    Wait,
    /// It is about to join or not.
    Decide,
    /// It is about to choose a profile, and needs no look-up for it.
    Pick,
    /// The profile store looks for the name, or for the default.
    LookUp,
    /// The chooser is open.
    AskProfile,
    /// The credentials are about to be judged, and need no check for it; this is what the profile
    /// store said of the profile, which may be gone since.
    Credentials(Protection),
    /// The profile store checks the password.
    Check,
    /// The password prompt is open.
    AskPassword,
    /// The profile says which services the session is to have.
    Build,
    /// This service shows its configuration before anything is logged on (UIX-04).
    Show(Service),
    /// This provider of its session is being logged on.
    Series(Provider, SeriesStage),
    /// The session is about to be handed over.
    Finish,
    /// The answer stands, and is about to be given.
    Done(Code),
}

/// Whether a profile carries a password (D-01).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Protection {
    /// It carries none.
    Open,
    /// It carries one.
    Protected,
}

impl Call {
    /// Its name.
    pub const fn name(&self) -> Name {
        match self {
            Self::Logon(logon) => logon.name,
            Self::Logoff { name, .. } => *name,
            Self::Open(open) => open.name,
            Self::Query(query) => query.name,
        }
    }
}

impl SeriesStage {
    /// Whether an attempt is out.
    pub const fn is_attempt(self) -> bool {
        match self {
            Self::First | Self::Second => true,
            Self::Entry | Self::Inform => false,
        }
    }
}

impl Open {
    /// What it is for, as its caller said.
    pub const fn target(&self) -> OpenTarget {
        match self.opens {
            Opens::Store => OpenTarget::Store(self.at),
            Opens::Book => OpenTarget::Book,
        }
    }
}
