//! Everything the protocol can tell apart, flat and small (protocol state of 5.2).
//!
//! Equal situations are equal states: calls stand in order of their names, waiting ones also in
//! order of arrival, sessions in order of creation, and what no longer matters is not kept.

mod list;
mod providers;

use serde::{Deserialize, Serialize};

pub use list::List;
pub use providers::{Objects, Services, Status, Statuses};

use crate::{
    Client, Code, Name, OpenTarget, Password, Permission, Profile, Provider, RequestId, Service,
};

/// Calls under way that a state has room for.
pub(crate) const CALLS: usize = 5;
/// Handles not yet released that a state has room for.
pub(crate) const HANDLES: usize = 8;
/// Sessions not yet ended that a state has room for.
pub(crate) const SESSIONS: usize = 5;

/// Everything the protocol can tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct State {
    /// What each client has told `MAPIInitialize`.
    pub clients: [Initialized; Client::ALL.len()],
    /// The default profile.
    pub default: Option<Profile>,
    /// The logon that holds the mutex.
    pub mutex: Option<Name>,
    /// The logons that wait for the mutex, in order of arrival.
    pub queue: List<Name, CALLS>,
    /// The calls under way, in order of their names.
    pub calls: List<Call, CALLS>,
    /// The handles not yet released, in order of their names.
    pub handles: List<Held, HANDLES>,
    /// The sessions not yet ended, oldest first.
    pub sessions: List<Session, SESSIONS>,
}

/// A client's standing with `MAPIInitialize`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Initialized {
    /// Calls of `MAPIInitialize` not yet balanced (INI-02).
    pub count: u8,
    /// What the first of them said.
    pub host: Host,
}

/// Where a client runs (INI-06).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Host {
    /// In an ordinary application.
    #[default]
    Application,
    /// In a Windows service.
    Service,
}

/// A call that waits for its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Call {
    /// `MAPILogonEx`.
    Logon(Logon),
    /// `IMAPISession::Logoff`, while the user is asked.
    Logoff {
        /// Its name.
        name: Name,
        /// The handle that is to be logged off.
        handle: Name,
    },
    /// `IMAPISession::OpenMsgStore` or `OpenAddressBook`.
    Open(Open),
}

/// An open call under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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

/// A series of attempts that a call under way makes on one provider of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Series {
    /// The logon or open call.
    pub call: Name,
    /// The session.
    pub session: Name,
    /// The provider.
    pub provider: Provider,
    /// How far it is.
    pub stage: SeriesStage,
}

/// A logon under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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
    /// The credentials are about to be judged, and need no check for it.
    Credentials,
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

/// A session handle not yet released, with its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Held {
    /// Its name.
    pub name: Name,
    /// What can be done with it.
    pub handle: Handle,
}

/// A session handle not yet released.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Handle {
    /// It may be used, once its logon has replied.
    Live {
        /// The session it stands for.
        session: Name,
        /// What its logon asked for.
        holder: Holder,
        /// What has been opened through it.
        objects: Objects,
    },
    /// Only `Release` is left.
    LoggedOff,
}

/// What a handle's logon asked for, as far as it stays with the handle (D-14).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Holder {
    /// Mail, through the spooler.
    Mail,
    /// `MAPI_NO_MAIL`.
    NoMail,
    /// A Windows service: no mail and no dialogs.
    Service,
}

/// A session not yet ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Session {
    /// The logon that made it.
    pub name: Name,
    /// The profile, fixed when it was built (PRF-01, ADM-19).
    pub profile: Profile,
    /// Where it is in its life.
    pub phase: Phase,
    /// The services that failed for good (FLR-02).
    pub disabled: Services,
    /// Where each of its providers stands.
    pub providers: Statuses,
}

/// Where a session is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Phase {
    /// Its providers are being logged on, and its logon waits for them.
    Building,
    /// In use by one handle.
    Individual,
    /// In use, and open to others.
    Shared,
    /// Nobody uses it any more; its providers are stopped one after the other.
    Draining,
}

impl State {
    /// Nobody is there, nothing runs.
    pub const fn new(default: Option<Profile>) -> Self {
        Self {
            clients: [Initialized { count: 0, host: Host::Application }; Client::ALL.len()],
            default,
            mutex: None,
            queue: List::EMPTY,
            calls: List::EMPTY,
            handles: List::EMPTY,
            sessions: List::EMPTY,
        }
    }

    /// Whether everything is over: all clients gone, no session, no mutex, nothing under way.
    pub fn is_at_rest(&self) -> bool {
        *self == Self::new(self.default)
    }

    /// The call of this name, if it is under way.
    pub fn call(&self, name: Name) -> Option<&Call> {
        self.calls.iter().find(|call| call.name() == name)
    }

    /// The logon of this name, if it is under way.
    pub fn logon(&self, name: Name) -> Option<&Logon> {
        match self.call(name) {
            Some(Call::Logon(logon)) => Some(logon),
            Some(Call::Logoff { .. } | Call::Open(_)) | None => None,
        }
    }

    /// The logon of this name, to be changed.
    pub fn logon_mut(&mut self, name: Name) -> Option<&mut Logon> {
        self.calls.iter_mut().find_map(|call| match call {
            Call::Logon(logon) if logon.name == name => Some(logon),
            Call::Logon(_) | Call::Logoff { .. } | Call::Open(_) => None,
        })
    }

    /// The calls that a client has under way.
    pub fn calls_of(&self, client: Client) -> impl Iterator<Item = &Call> {
        self.calls.iter().filter(move |call| call.name().client() == client)
    }

    /// The open call of this name, if it is under way.
    pub fn open(&self, name: Name) -> Option<&Open> {
        match self.call(name) {
            Some(Call::Open(open)) => Some(open),
            Some(Call::Logoff { .. } | Call::Logon(_)) | None => None,
        }
    }

    /// The open calls under way.
    pub fn opens(&self) -> impl Iterator<Item = &Open> {
        self.calls.iter().filter_map(|call| match call {
            Call::Open(open) => Some(open),
            Call::Logoff { .. } | Call::Logon(_) => None,
        })
    }

    /// The open call of this name, to be changed.
    pub fn open_mut(&mut self, name: Name) -> Option<&mut Open> {
        self.calls.iter_mut().find_map(|call| match call {
            Call::Open(open) if open.name == name => Some(open),
            Call::Logon(_) | Call::Logoff { .. } | Call::Open(_) => None,
        })
    }

    /// The handle of this name, if it is not released.
    pub fn handle(&self, name: Name) -> Option<Handle> {
        self.handles.iter().find(|held| held.name == name).map(|held| held.handle)
    }

    /// Makes a handle, changes it, or forgets it.
    pub fn set_handle(&mut self, name: Name, handle: Option<Handle>) {
        self.handles.retain(|held| held.name != name);
        if let Some(handle) = handle {
            self.handles.insert_by_key(Held { name, handle }, |held| held.name);
        }
    }

    /// The handles not yet released, with their names.
    pub fn handles(&self) -> impl Iterator<Item = (Name, Handle)> + '_ {
        self.handles.iter().map(|held| (held.name, held.handle))
    }

    /// The session that a live handle stands for.
    pub fn session_of(&self, handle: Name) -> Option<Name> {
        self.handle(handle)?.session()
    }

    /// The series that calls under way make.
    pub fn series(&self) -> impl Iterator<Item = Series> + '_ {
        self.calls.iter().filter_map(|call| match call {
            Call::Logon(Logon { name, stage: Stage::Series(provider, stage), .. }) => {
                Some(Series { call: *name, session: *name, provider: *provider, stage: *stage })
            }
            Call::Open(Open { name, handle, at, stage: Some(stage), .. }) => Some(Series {
                call: *name,
                session: self.session_of(*handle)?,
                provider: *at,
                stage: *stage,
            }),
            Call::Logon(_) | Call::Logoff { .. } | Call::Open(_) => None,
        })
    }

    /// The series of a call.
    pub fn series_of(&self, call: Name) -> Option<Series> {
        self.series().find(|series| series.call == call)
    }

    /// The series on a provider of a session.
    pub fn series_on(&self, session: Name, provider: Provider) -> Option<Series> {
        self.series().find(|it| it.session == session && it.provider == provider)
    }

    /// Where a provider of a session stands.
    pub fn status(&self, session: Name, provider: Provider) -> Option<Status> {
        Some(self.session(session)?.providers.get(provider))
    }

    /// Whether something is under way on a provider that others wait for (D-26).
    pub fn is_busy(&self, session: Name, provider: Provider) -> bool {
        let in_hand = self.status(session, provider).is_some_and(|status| match status {
            Status::Late | Status::LoggingOff | Status::ShuttingDown => true,
            Status::NotStarted | Status::Running | Status::Failed | Status::Quiesced => false,
        });
        in_hand || self.series_on(session, provider).is_some()
    }

    /// The open calls that wait for a provider of a session.
    pub fn waiting(&self, session: Name, provider: Provider) -> impl Iterator<Item = &Open> {
        self.opens().filter(move |open| {
            open.stage.is_none()
                && open.at == provider
                && self.session_of(open.handle) == Some(session)
        })
    }

    /// Whether an open call would have to wait for a provider: others are at it, or wait for it.
    pub fn must_wait_for(&self, session: Name, provider: Provider) -> bool {
        self.is_busy(session, provider) || self.waiting(session, provider).next().is_some()
    }

    /// Whether a waiting open call may go on: its provider is free, and it is the first to wait
    /// for it in the order of handles (D-26).
    pub fn is_due(&self, open: &Open) -> bool {
        let Some(session) = self.session_of(open.handle) else { return false };
        open.stage.is_none()
            && !self.is_busy(session, open.at)
            && self.waiting(session, open.at).all(|other| open.handle <= other.handle)
    }

    /// Whether the logon that made this handle has been answered.
    pub fn has_replied(&self, handle: Name) -> bool {
        self.logon(handle).is_none()
    }

    /// The names of the live handles of a session.
    pub fn members(&self, session: Name) -> impl Iterator<Item = Name> + '_ {
        self.handles().filter(move |(_, it)| it.session() == Some(session)).map(|(name, _)| name)
    }

    /// The session of this name.
    pub fn session(&self, name: Name) -> Option<&Session> {
        self.sessions.iter().find(|session| session.name == name)
    }

    /// The session of this name, to be changed.
    pub fn session_mut(&mut self, name: Name) -> Option<&mut Session> {
        self.sessions.iter_mut().find(|session| session.name == name)
    }

    /// The session that a later logon joins: the oldest that is open to others (SHR-08, D-03).
    pub fn join_target(&self) -> Option<&Session> {
        self.sessions.iter().find(|session| session.phase == Phase::Shared)
    }

    /// Whether a call under way, a handle or a session bears this name.
    pub fn is_taken(&self, name: Name) -> bool {
        self.handle(name).is_some() || self.call(name).is_some() || self.session(name).is_some()
    }

    /// The name of a client's next call (D-22).
    pub fn free_name(&self, client: Client) -> Option<Name> {
        Name::of(client).find(|name| !self.is_taken(*name))
    }
}

impl Call {
    /// Its name.
    pub const fn name(&self) -> Name {
        match self {
            Self::Logon(logon) => logon.name,
            Self::Logoff { name, .. } => *name,
            Self::Open(open) => open.name,
        }
    }
}

impl Handle {
    /// The session of a live handle.
    pub const fn session(self) -> Option<Name> {
        match self {
            Self::Live { session, .. } => Some(session),
            Self::LoggedOff => None,
        }
    }
}

impl Phase {
    /// Whether the session can be used.
    pub const fn is_active(self) -> bool {
        match self {
            Self::Individual | Self::Shared => true,
            Self::Building | Self::Draining => false,
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

const _: () = assert!(size_of::<State>() <= 128, "a state must stay small (design figure)");
