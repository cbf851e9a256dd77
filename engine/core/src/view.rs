//! What can be seen of [`Sessions`](crate::Sessions) from outside: everything that decides what it
//! does next.

use alloc::collections::BTreeSet;
use core::fmt;
use core::hash::{Hash, Hasher};
use core::num::{NonZeroU64, NonZeroUsize};

use crate::answer::Logon;
use crate::effect::Attempt;
use crate::error::LogonError;
use crate::event::Protection;
use crate::id::{CallId, ClientId, HandleId, ProfileKey, ProviderId, ServiceId, SessionId};
use crate::request::{Host, LogoffScope, LogonRequest, Mail, OpenTarget, Password, Prompts};
use crate::services::Services;

/// A client that has initialised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ClientView {
    /// How many initialisations lack their uninitialisation (`INI-02`).
    pub count: NonZeroU64,
    /// What the first of them said the client is, whatever later ones say (`INI-03`, `INI-06`).
    pub host: Host,
    /// How far it has come on the way to a fast shutdown.
    pub standing: Standing,
}

/// How far a client has come on the way to a fast shutdown (`FSD-01`).
///
/// What it does next with profiles, providers or logons takes it back to the start (D-19).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// It has not asked, or may not.
    Unasked,
    /// It is asking: the call is under way.
    Asking(CallId),
    /// It has asked, and may.
    Asked,
    /// It may, and the providers have been told that it will.
    Notified,
}

/// A call that has not been answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CallView<'a> {
    /// The caller.
    pub client: ClientId,
    /// How far the call has come.
    pub stage: CallStage<'a>,
}

/// How far a call has come.
///
/// A logon's request is what is left of it when its client is taken into account: a Windows
/// service's has no dialogs and no mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CallStage<'a> {
    /// A logon in the queue for the mutex.
    Waiting {
        /// What it asks for.
        request: &'a LogonRequest,
    },
    /// The one logon that holds the mutex.
    Holding {
        /// What it asks for.
        request: &'a LogonRequest,
        /// What it is at.
        stage: Stage,
    },
    /// A logon that gave up waiting, about to be answered.
    TimedOut,
    /// A logoff that waits for the user.
    ConfirmingLogoff {
        /// The handle to be logged off.
        handle: HandleId,
        /// Who is to log off, once the user agrees.
        scope: LogoffScope,
    },
    /// A call that opens a store, or the address book.
    Opening {
        /// The handle it was called on.
        handle: HandleId,
        /// What it opens.
        target: OpenTarget,
        /// What may be shown on its behalf; nothing on a Windows service's (`UIX-09`).
        dialogs: Prompts,
        /// The provider that it is at.
        at: ProviderId,
        /// How far it has come with that provider; `None` while it waits for others.
        series: Option<SeriesStage>,
    },
    /// A call that asks whether the client may shut down fast.
    QueryingFastShutdown {
        /// The session whose provider is being asked.
        session: SessionId,
        /// The provider.
        provider: ProviderId,
    },
}

/// What the logon that holds the mutex is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    /// About to look for a session to join.
    Decide,
    /// Choosing its profile: asking the profile store, if there is anything to ask it.
    Pick,
    /// Showing the chooser.
    AskProfile,
    /// Passing the gate of the profile's password: asking the store, if there is anything to check.
    Credentials {
        /// The profile.
        profile: ProfileKey,
        /// Whether it carries a password.
        protection: Protection,
        /// Whether the call or the chooser supplied one.
        password: Password,
    },
    /// Showing the prompt for the password.
    AskPassword {
        /// The profile.
        profile: ProfileKey,
    },
    /// About to build its session: asking the profile store for the services.
    Build {
        /// The profile.
        profile: ProfileKey,
    },
    /// Showing the configuration of a service of its session, which bears the logon's own number.
    Show(ServiceId),
    /// Starting a provider of its session.
    Series(Series),
    /// About to open its session, every provider having had its turn.
    Finish,
    /// About to be answered; a handle is live by then.
    Done(Result<Logon, LogonError>),
}

/// What one call does to start one provider, from the first attempt to the last word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Series {
    /// The provider.
    pub provider: ProviderId,
    /// How far it has come.
    pub stage: SeriesStage,
}

/// How far a call has come with a provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SeriesStage {
    /// The provider is logging on.
    Attempt(Attempt),
    /// The entry function of its service is at work; the second attempt follows.
    Entry,
    /// The user is asked whether to try again.
    Prompt,
}

/// A handle that has not been released.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct HandleView<'a> {
    /// Its owner.
    pub client: ClientId,
    /// What can be done with it.
    pub status: HandleStatus,
    /// What it has opened; nothing unless it is live.
    pub objects: Objects<'a>,
    /// Whether somebody listens: notifications are queued for it; nobody does unless it is live.
    pub sink: bool,
    /// The notifications that wait for its sinks; none unless it is live.
    pub inbox: Inbox,
}

/// The notifications that wait for the sinks of a handle.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Inbox {
    /// How many requests to log off.
    pub critical: u32,
    /// How many notices that another handle is gone.
    pub extended: u32,
    /// Whether there is news of the default store; one notice stands for all of it.
    pub table: bool,
}

/// What a handle has opened and not logged off again.
#[derive(Clone, Copy)]
pub struct Objects<'a>(pub(crate) &'a BTreeSet<Child>);

/// Something that goes when its handle goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Child {
    /// The open call that is under way. There is one at most.
    Open(CallId),
    /// A logoff that waits for the user.
    Confirmation(CallId),
    /// The address book.
    AddressBook,
    /// A store.
    Store(ProviderId),
}

impl<'a> Objects<'a> {
    /// Whether the address book is open.
    pub fn has_address_book(self) -> bool {
        self.0.contains(&Child::AddressBook)
    }

    /// The stores that are open, in the order of the profile.
    pub fn stores(self) -> impl Iterator<Item = ProviderId> + 'a {
        self.0.iter().filter_map(|child| match child {
            Child::Store(provider) => Some(*provider),
            Child::Open(_) | Child::Confirmation(_) | Child::AddressBook => None,
        })
    }
}

impl PartialEq for Objects<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.has_address_book() == other.has_address_book() && self.stores().eq(other.stores())
    }
}

impl Eq for Objects<'_> {}

impl Hash for Objects<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.has_address_book().hash(state);
        self.stores().for_each(|store| store.hash(state));
    }
}

impl fmt::Debug for Objects<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let book = self.has_address_book().then_some(Child::AddressBook);
        f.debug_set().entries(book).entries(self.stores().map(Child::Store)).finish()
    }
}

/// What can be done with a handle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HandleStatus {
    /// Nothing yet, though it keeps its session open: its logon has not been answered.
    Unanswered(Seat),
    /// Every call.
    Live(Seat),
    /// Nothing but to release it (`LGF-01`).
    LoggedOff,
}

/// The place that a live handle has in a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Seat {
    /// The session.
    pub session: SessionId,
    /// Whether the handle takes part in mail delivery; others in the session may differ (`SHR-11`).
    pub mail: Mail,
    /// Whether its owner is a Windows service, which is never asked anything.
    pub host: Host,
}

/// A session that has not ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SessionView<'a> {
    /// The profile that it uses, for life (`PRF-01`).
    pub profile: ProfileKey,
    /// Where in its life it is.
    pub phase: Phase,
    /// The services of the profile as they were when it was built.
    pub services: &'a Services,
    /// What each service may still do, in their order.
    pub service_statuses: &'a [ServiceStatus],
    /// How each provider stands, in their order.
    pub provider_statuses: &'a [ProviderStatus],
    /// Whether the spooler serves it.
    pub spooler: Spooler,
    /// What the spooler has under way to start a transport.
    pub transport: Option<TransportSeries>,
    /// The store that is taken where none is named (`DST-09`).
    pub default_store: Option<ProviderId>,
    /// The provider that says who the user is (`IDN-01`).
    pub identity: Option<ProviderId>,
}

/// Whether the spooler serves a session: it does while a live handle is capable of mail (`NML-04`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Spooler {
    /// It does.
    Attached,
    /// It does not.
    Detached,
}

/// What the spooler does to start one transport, from the first attempt to the last word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TransportSeries {
    /// The transport.
    pub provider: ProviderId,
    /// How far it has come.
    pub stage: TransportStage,
}

/// How far the spooler has come with a transport: as others do, but it asks nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TransportStage {
    /// The transport is logging on.
    Attempt(Attempt),
    /// The entry function of its service is at work; the second attempt follows.
    Entry,
}

/// A row of the status table, as one handle sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StatusRow {
    /// MAPI itself.
    Subsystem,
    /// The spooler.
    Spooler(RowState),
    /// The address book as a whole.
    AddressBook,
    /// A provider. Whether an address book or a store has made a row is not known here.
    Provider(ProviderId, RowState),
}

/// What a row of the status table says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RowState {
    /// `STATUS_AVAILABLE`: it can be used.
    Available,
    /// `STATUS_FAILURE`: it cannot.
    Failure,
}

/// Where in its life a session is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Phase {
    /// Its logon holds the mutex and starts the providers; nobody can join (`SHR-15`).
    Building,
    /// Open to the one handle that its logon made, never to another (`SHR-14`).
    Individual,
    /// Open, and later logons may join (`SHR-04`).
    Shared {
        /// How many live handles it has.
        handles: NonZeroUsize,
    },
    /// As shared, but somebody has asked everyone to log off: nobody joins any more (`LGF-07`).
    Closing {
        /// How many live handles it has.
        handles: NonZeroUsize,
    },
    /// Without handles; its providers are being stopped (`LGF-11`).
    Draining,
}

/// What a message service may still do in its session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ServiceStatus {
    /// All it can.
    Enabled,
    /// Nothing, to the end of the session (`FLR-02`, `FLR-17`).
    Disabled,
}

/// How a provider stands in its session.
///
/// While an attempt of a caller that waits for it is out, the status stays what it was: the stage
/// of the call says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ProviderStatus {
    /// Never started, or logged off singly: it can be.
    NotStarted,
    /// Logged on.
    Running,
    /// Not logged on, and no logon will try it again; an open call may.
    Failed,
    /// Logged on, but its service is disabled: nothing of it is used any more.
    Quiesced,
    /// An attempt is out whose caller is gone (`CAN-03`).
    Late,
    /// The order to log off is out.
    LoggingOff,
    /// The order to shut down is out.
    ShuttingDown,
}
