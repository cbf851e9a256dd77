//! Everything the protocol can tell apart, flat and small (protocol state of 5.2).
//!
//! Equal situations are equal states: calls stand in order of their names, waiting ones also in
//! order of arrival, sessions in order of creation, and what no longer matters is not kept.

mod calls;
mod handles;
mod list;
mod profiles;
mod providers;
mod sessions;
mod view;

pub use calls::{
    Call, LogoffScope, Logon, Open, Opens, Protection, Query, Series, SeriesStage, Stage,
};
pub use handles::{Handle, Held, Holder, Inbox};
pub use list::List;
pub use profiles::{Contents, Origin, Pending, Profiles, Slot};
pub use providers::{Objects, Services, Status, Statuses};
pub use sessions::{Phase, Session, Spooler, TransportSeries, TransportStage};
pub use view::{RowState, StatusRow};

use crate::{Client, Name, Profile, Provider};

/// Calls under way that a state has room for.
pub(crate) const CALLS: usize = 5;
/// Handles not yet released that a state has room for.
pub(crate) const HANDLES: usize = 7;
/// Sessions not yet ended that a state has room for.
pub(crate) const SESSIONS: usize = 4;

/// Everything the protocol can tell apart.
///
/// The order of states means nothing, but that it is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct State {
    /// What each client has told `MAPIInitialize`.
    pub clients: [Initialized; Client::ALL.len()],
    /// The profiles that there are.
    pub profiles: Profiles,
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

/// A client's standing with `MAPIInitialize`, and with fast shutdown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Initialized {
    /// Calls of `MAPIInitialize` not yet balanced (INI-02).
    pub count: u8,
    /// What the first of them said.
    pub host: Host,
    /// How far it is with a fast shutdown.
    pub fast: Fast,
}

/// How far a client is with a fast shutdown (FSD-01).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Fast {
    /// No consent stands.
    #[default]
    None,
    /// `QueryFastShutdown` has said `S_OK`, and that still stands (D-19).
    Asked,
    /// The providers have been told, too.
    Notified,
    /// It is dead: nothing but the end of its process is to come (FSD-06).
    Done,
}

/// Where a client runs (INI-06).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Host {
    /// In an ordinary application.
    #[default]
    Application,
    /// In a Windows service.
    Service,
}

impl State {
    /// Nobody is there, nothing runs; these profiles there are.
    pub const fn new(profiles: Profiles, default: Option<Profile>) -> Self {
        let stranger = Initialized { count: 0, host: Host::Application, fast: Fast::None };
        Self {
            clients: [stranger; Client::ALL.len()],
            profiles,
            default,
            mutex: None,
            queue: List::EMPTY,
            calls: List::EMPTY,
            handles: List::EMPTY,
            sessions: List::EMPTY,
        }
    }

    /// Whether everything is over: all clients gone and dead processes ended, no session, no mutex,
    /// nothing under way, and nothing put off. The profiles may be what they are.
    pub fn is_at_rest(&self) -> bool {
        *self == Self::new(self.profiles, self.default)
            && self.profiles.iter().all(|(_, slot)| slot.pending == Pending::Nothing)
    }

    /// The sessions that use a profile, oldest first (ADM-10).
    pub fn users(&self, profile: Profile) -> impl Iterator<Item = &Session> {
        self.sessions.iter().filter(move |session| session.profile == profile)
    }

    /// Whether a logon under way holds a profile, or a session uses it, be it there or not.
    pub fn is_held(&self, profile: Profile) -> bool {
        let logons = self.calls.iter().filter_map(|call| self.logon(call.name()));
        self.users(profile).next().is_some()
            || logons.into_iter().any(|logon| logon.profile == Some(profile))
    }

    /// The place that the next profile takes: the least without one that nobody holds.
    pub fn free_place(&self) -> Option<Profile> {
        let is_free = |it: &Profile| self.profiles.get(*it).is_none() && !self.is_held(*it);
        Profile::ALL.into_iter().find(is_free)
    }

    /// The call of this name, if it is under way.
    pub fn call(&self, name: Name) -> Option<&Call> {
        self.calls.iter().find(|call| call.name() == name)
    }

    /// The logon of this name, if it is under way.
    pub fn logon(&self, name: Name) -> Option<&Logon> {
        match self.call(name) {
            Some(Call::Logon(logon)) => Some(logon),
            Some(Call::Logoff { .. } | Call::Open(_) | Call::Query(_)) | None => None,
        }
    }

    /// The logon of this name, to be changed.
    pub fn logon_mut(&mut self, name: Name) -> Option<&mut Logon> {
        self.calls.iter_mut().find_map(|call| match call {
            Call::Logon(logon) if logon.name == name => Some(logon),
            Call::Logon(_) | Call::Logoff { .. } | Call::Open(_) | Call::Query(_) => None,
        })
    }

    /// The query of a client about a fast shutdown, if one is under way.
    pub fn query_of(&self, client: Client) -> Option<&Query> {
        self.calls_of(client).find_map(|call| match call {
            Call::Query(query) => Some(query),
            Call::Logon(_) | Call::Logoff { .. } | Call::Open(_) => None,
        })
    }

    /// The query of this name, if it is under way.
    pub fn query(&self, name: Name) -> Option<&Query> {
        self.query_of(name.client()).filter(|query| query.name == name)
    }

    /// The calls that a client has under way.
    pub fn calls_of(&self, client: Client) -> impl Iterator<Item = &Call> {
        self.calls.iter().filter(move |call| call.name().client() == client)
    }

    /// The open call of this name, if it is under way.
    pub fn open(&self, name: Name) -> Option<&Open> {
        match self.call(name) {
            Some(Call::Open(open)) => Some(open),
            Some(Call::Logoff { .. } | Call::Logon(_) | Call::Query(_)) | None => None,
        }
    }

    /// The open calls under way.
    pub fn opens(&self) -> impl Iterator<Item = &Open> {
        self.calls.iter().filter_map(|call| match call {
            Call::Open(open) => Some(open),
            Call::Logoff { .. } | Call::Logon(_) | Call::Query(_) => None,
        })
    }

    /// The open call of this name, to be changed.
    pub fn open_mut(&mut self, name: Name) -> Option<&mut Open> {
        self.calls.iter_mut().find_map(|call| match call {
            Call::Open(open) if open.name == name => Some(open),
            Call::Logon(_) | Call::Logoff { .. } | Call::Open(_) | Call::Query(_) => None,
        })
    }

    /// The handle of this name, if it is not released.
    pub fn handle(&self, name: Name) -> Option<Handle> {
        self.handles.iter().find(|held| held.name == name).map(|held| held.handle)
    }

    /// The handle of this name, to be changed.
    pub fn handle_mut(&mut self, name: Name) -> Option<&mut Handle> {
        self.handles.iter_mut().find(|held| held.name == name).map(|held| &mut held.handle)
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

    /// The series under way: those of calls, then those of the spooler.
    pub fn series(&self) -> impl Iterator<Item = Series> + '_ {
        let calls = self.calls.iter().filter_map(|call| self.made_by(call));
        let spooler = self.sessions.iter().filter_map(|its| {
            let TransportSeries { provider, stage } = its.transport?;
            Some(Series { call: None, session: its.name, provider, stage: stage.into() })
        });
        calls.chain(spooler)
    }

    /// The series that a call makes.
    fn made_by(&self, call: &Call) -> Option<Series> {
        match *call {
            Call::Logon(Logon { name, stage: Stage::Series(provider, stage), .. }) => {
                Some(Series { call: Some(name), session: name, provider, stage })
            }
            Call::Open(Open { name, handle, at, stage: Some(stage), .. }) => Some(Series {
                call: Some(name),
                session: self.session_of(handle)?,
                provider: at,
                stage,
            }),
            Call::Logon(_) | Call::Logoff { .. } | Call::Open(_) | Call::Query(_) => None,
        }
    }

    /// The series of a call.
    pub fn series_of(&self, call: Name) -> Option<Series> {
        self.made_by(self.call(call)?)
    }

    /// The series that the maker of this one makes now.
    pub fn series_by_same(&self, series: Series) -> Option<Series> {
        self.series().find(|it| (it.call, it.session) == (series.call, series.session))
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

    /// Whether some live handle of a session is capable of mail (NML-04).
    pub fn wants_mail(&self, session: Name) -> bool {
        self.handles().any(|(_, handle)| match handle {
            Handle::Live { session: its, holder, .. } => its == session && holder == Holder::Mail,
            Handle::LoggedOff => false,
        })
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

// Millions of states are kept at a time; more than this, and the largest scopes would not fit. Of
// it the profiles take 12 bytes, and the standing of clients with fast shutdown 5.
const _: () = assert!(size_of::<State>() <= 160, "a state must stay small");
