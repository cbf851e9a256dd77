//! Everything the protocol can tell apart, flat and small (protocol state of 5.2).
//!
//! Equal situations are equal states: calls stand in order of their names, waiting ones also in
//! order of arrival, sessions in order of creation, and what no longer matters is not kept.

use crate::{Client, Code, Name, Password, Profile, RequestId};

/// Calls under way that a state has room for.
pub(crate) const CALLS: usize = 6;
/// Sessions not yet ended that a state has room for.
pub(crate) const SESSIONS: usize = 6;

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
    /// The handles not yet released, by client and index of their name.
    pub handles: [[Option<Handle>; Name::PER_CLIENT]; Client::ALL.len()],
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
    /// The session is about to be built.
    Build,
    /// The providers of its session are starting.
    Start,
    /// The answer stands, and is about to be given.
    Done(Code),
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
    /// The services that failed for good (from FLR-02 on; nothing fails here yet).
    pub disabled: Services,
}

/// Where a session is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Phase {
    /// Its providers are starting and its logon waits for them.
    Building,
    /// In use by one handle.
    Individual,
    /// In use, and open to others.
    Shared,
    /// Its logon was given up while its providers were starting; they are stopped when they come up.
    Abandoned,
    /// Its providers are stopping.
    Draining,
}

/// A set of message services of a profile, by their place in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Services(pub u8);

impl State {
    /// Nobody is there, nothing runs.
    pub const fn new(default: Option<Profile>) -> Self {
        Self {
            clients: [Initialized { count: 0, host: Host::Application }; Client::ALL.len()],
            default,
            mutex: None,
            queue: List::EMPTY,
            calls: List::EMPTY,
            handles: [[None; Name::PER_CLIENT]; Client::ALL.len()],
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
            Some(Call::Logoff { .. }) | None => None,
        }
    }

    /// The logon of this name, to be changed.
    pub fn logon_mut(&mut self, name: Name) -> Option<&mut Logon> {
        self.calls.iter_mut().find_map(|call| match call {
            Call::Logon(logon) if logon.name == name => Some(logon),
            Call::Logon(_) | Call::Logoff { .. } => None,
        })
    }

    /// The calls that a client has under way.
    pub fn calls_of(&self, client: Client) -> impl Iterator<Item = &Call> {
        self.calls.iter().filter(move |call| call.name().client() == client)
    }

    /// The handle of this name, if it is not released.
    pub fn handle(&self, name: Name) -> Option<Handle> {
        self.handles[name.client().index()][name.index()]
    }

    /// The place of the handle of this name.
    pub fn handle_mut(&mut self, name: Name) -> &mut Option<Handle> {
        &mut self.handles[name.client().index()][name.index()]
    }

    /// The handles not yet released, with their names.
    pub fn handles(&self) -> impl Iterator<Item = (Name, Handle)> + '_ {
        Client::ALL
            .into_iter()
            .flat_map(Name::of)
            .filter_map(|name| Some((name, self.handle(name)?)))
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
            Self::Building | Self::Abandoned | Self::Draining => false,
        }
    }
}

/// A short list without heap; what is beyond its length is always empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct List<T, const N: usize>([Option<T>; N]);

impl<T: Copy, const N: usize> List<T, N> {
    /// No entry.
    pub const EMPTY: Self = Self([None; N]);

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.0.iter().flatten().count()
    }

    /// Whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.0[0].is_none()
    }

    /// The first entry.
    pub const fn first(&self) -> Option<T> {
        self.0[0]
    }

    /// The entries in order.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.0.iter().map_while(Option::as_ref)
    }

    /// The entries in order, to be changed.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.0.iter_mut().map_while(Option::as_mut)
    }

    /// Appends an entry.
    ///
    /// # Panics
    ///
    /// If the list is full: the scope offered a call that it had no room for.
    pub fn push(&mut self, entry: T) {
        let end = self.len();
        self.0[end] = Some(entry);
    }

    /// Puts an entry before the first one that is greater by `key`.
    ///
    /// # Panics
    ///
    /// As [`Self::push`].
    pub fn insert_by_key<K: Ord>(&mut self, entry: T, key: impl Fn(&T) -> K) {
        let place = self.iter().take_while(|it| key(it) < key(&entry)).count();
        self.push(entry);
        let end = self.len();
        self.0[place..end].rotate_right(1);
    }

    /// Keeps the entries that satisfy `keep`, in order.
    pub fn retain(&mut self, keep: impl Fn(&T) -> bool) {
        let mut kept = Self::EMPTY;
        for (place, entry) in kept.0.iter_mut().zip(self.iter().filter(|it| keep(it))) {
            *place = Some(*entry);
        }
        *self = kept;
    }
}

const _: () = assert!(size_of::<State>() <= 128, "a state must stay small (design figure)");
