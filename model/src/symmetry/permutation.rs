//! One permutation, and what it makes of everything that names a client, a profile or a request.
//!
//! A client moves with its names: what was called `A2` is called `B2`. What stands in order of
//! names is put in order again; what stands in order of time stays.

use crate::{
    Action, Call, ChooserAnswer, Client, Contents, EditId, Handle, Held, Initialized, Label, List,
    Logon, Name, NameArgument, NewName, Open, Origin, Pending, Profile, Profiles, Query, RequestId,
    Session, Slot, SourceName, State,
};

/// An exchange of interchangeable clients and profiles, and of the requests and the calls of
/// profile administration that name them.
///
/// Only [`Symmetry::of`](crate::Symmetry::of) makes one, from a scope; it means nothing in another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permutation {
    exchange: Exchange,
    requests: Vec<RequestId>,
    edits: Vec<EditId>,
}

/// Who and what is in whose place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Exchange {
    pub(super) clients: [Client; Client::ALL.len()],
    pub(super) labels: [Label; Label::ALL.len()],
    /// Of what the scope lists, as of the places where that is at the start: a profile moves with
    /// its place.
    pub(super) profiles: [Profile; Profile::ALL.len()],
}

impl Exchange {
    /// Everybody stays.
    pub(super) const NONE: Self =
        Self { clients: Client::ALL, labels: Label::ALL, profiles: Profile::ALL };

    pub(super) const fn client(&self, client: Client) -> Client {
        self.clients[client.index()]
    }

    pub(super) const fn label(&self, label: Label) -> Label {
        self.labels[label.index()]
    }

    /// The name that a logon passes, moved along.
    pub(super) const fn argument(&self, name: NameArgument) -> NameArgument {
        match name {
            NameArgument::Of(label) => NameArgument::Of(self.label(label)),
            NameArgument::None | NameArgument::Absent | NameArgument::Malformed => name,
        }
    }

    /// The name of a profile that there ought to be, moved along.
    pub(super) const fn source(&self, name: SourceName) -> SourceName {
        match name {
            SourceName::Of(label) => SourceName::Of(self.label(label)),
            SourceName::Absent | SourceName::Malformed => name,
        }
    }

    /// The name that a profile is to be given, moved along.
    pub(super) const fn new_name(&self, name: NewName) -> NewName {
        match name {
            NewName::Of(label) => NewName::Of(self.label(label)),
            NewName::Malformed => name,
        }
    }

    /// The answer with another name in the place of the one that it picks.
    pub(super) fn chosen(&self, answer: ChooserAnswer) -> ChooserAnswer {
        match answer {
            ChooserAnswer::Pick { profile, password } => {
                let profile = profile.map(|it| self.label(it));
                ChooserAnswer::Pick { profile, password }
            }
            ChooserAnswer::Cancel | ChooserAnswer::Unavailable => answer,
        }
    }
}

impl Permutation {
    pub(super) const fn new(
        exchange: Exchange,
        requests: Vec<RequestId>,
        edits: Vec<EditId>,
    ) -> Self {
        Self { exchange, requests, edits }
    }

    /// Who is in the place of a client.
    pub const fn client(&self, client: Client) -> Client {
        self.exchange.client(client)
    }

    /// What is in the place of a profile.
    pub const fn profile(&self, profile: Profile) -> Profile {
        self.exchange.profiles[profile.index()]
    }

    /// What a profile is called in the place of a name.
    pub const fn label(&self, label: Label) -> Label {
        self.exchange.label(label)
    }

    /// What is asked for in the place of a request.
    pub fn request(&self, request: RequestId) -> RequestId {
        self.requests[request.index()]
    }

    /// What is asked for in the place of a call of profile administration.
    pub fn edit(&self, edit: EditId) -> EditId {
        self.edits[edit.index()]
    }

    /// The name with another client in the place of its own.
    pub const fn name(&self, name: Name) -> Name {
        Name::new(self.client(name.client()), name.index())
    }

    /// The state with everybody in another's place.
    pub fn state(&self, state: &State) -> State {
        let State { clients, profiles, default, mutex, queue, calls, handles, sessions } = state;
        let mut moved = State {
            clients: *clients,
            profiles: self.profiles(profiles),
            default: default.map(|it| self.profile(it)),
            mutex: mutex.map(|it| self.name(it)),
            queue: List::EMPTY,
            calls: List::EMPTY,
            handles: List::EMPTY,
            sessions: List::EMPTY,
        };
        for (client, standing) in Client::ALL.into_iter().zip(clients) {
            let Initialized { count, host, fast } = *standing;
            moved.clients[self.client(client).index()] = Initialized { count, host, fast };
        }
        for name in queue.iter() {
            moved.queue.push(self.name(*name));
        }
        for call in calls.iter() {
            moved.calls.insert_by_key(self.call(*call), Call::name);
        }
        for held in handles.iter() {
            moved.handles.insert_by_key(self.held(*held), |it| it.name);
        }
        for session in sessions.iter() {
            moved.sessions.push(self.session(*session));
        }
        moved
    }

    fn profiles(&self, profiles: &Profiles) -> Profiles {
        let mut moved = Profiles::default();
        for (profile, slot) in profiles.iter() {
            let Slot { contents, name, pending } = *slot;
            let pending = match pending {
                Pending::Rename(name) => Pending::Rename(self.label(name)),
                Pending::Nothing | Pending::Removal => pending,
            };
            let (contents, name) = (self.contents(contents), self.label(name));
            moved.set(self.profile(profile), Some(Slot { contents, name, pending }));
        }
        moved
    }

    fn contents(&self, contents: Contents) -> Contents {
        match contents.origin() {
            Origin::Listed(place) => {
                let place = self.profile(Profile::ALL[place]).index();
                Contents::listed(place, contents.services())
            }
            Origin::Made { app: _ } => contents,
        }
    }

    fn call(&self, call: Call) -> Call {
        match call {
            Call::Logon(Logon { name, request, password, profile, stage }) => Call::Logon(Logon {
                name: self.name(name),
                request: self.request(request),
                password,
                profile: profile.map(|it| self.profile(it)),
                stage,
            }),
            Call::Logoff { name, handle, scope } => {
                Call::Logoff { name: self.name(name), handle: self.name(handle), scope }
            }
            Call::Open(Open { name, handle, opens, dialogs, at, stage }) => Call::Open(Open {
                name: self.name(name),
                handle: self.name(handle),
                opens,
                dialogs,
                at,
                stage,
            }),
            Call::Query(Query { name, session, provider }) => {
                Call::Query(Query { name: self.name(name), session: self.name(session), provider })
            }
        }
    }

    fn held(&self, held: Held) -> Held {
        let Held { name, handle } = held;
        let handle = match handle {
            Handle::Live { session, holder, objects, inbox } => {
                Handle::Live { session: self.name(session), holder, objects, inbox }
            }
            Handle::LoggedOff => Handle::LoggedOff,
        };
        Held { name: self.name(name), handle }
    }

    fn session(&self, session: Session) -> Session {
        let Session {
            name,
            profile,
            contents,
            phase,
            disabled,
            providers,
            spooler,
            transport,
            default_store,
            identity,
        } = session;
        Session {
            name: self.name(name),
            profile: self.profile(profile),
            contents: self.contents(contents),
            phase,
            disabled,
            providers,
            spooler,
            transport,
            default_store,
            identity,
        }
    }

    /// The action with everybody in another's place.
    ///
    /// Every field is named, those that name nobody too: a new one must be decided here.
    pub fn action(&self, action: Action) -> Action {
        let mut moved = action;
        match &mut moved {
            Action::Initialize { client, with: _ }
            | Action::Uninitialize { client }
            | Action::Crash { client } => *client = self.client(*client),
            Action::Logoff { client, handle, with: _ }
            | Action::Release { client, handle }
            | Action::Use { client, handle, provider: _ }
            | Action::StoreLogoff { client, handle, provider: _ }
            | Action::SetDefaultStore { client, handle, store: _ }
            | Action::Advise { client, handle }
            | Action::Unadvise { client, handle }
            | Action::AdminServices { client, handle, change: _ }
            | Action::FastShutdown { client, handle, step: _ } => {
                (*client, *handle) = (self.client(*client), self.name(*handle));
            }
            Action::Logon { client, request, inside } => {
                (*client, *request) = (self.client(*client), self.request(*request));
                *inside = inside.map(|it| self.name(it));
            }
            Action::Open { client, handle, target: _, with: _, inside } => {
                (*client, *handle) = (self.client(*client), self.name(*handle));
                *inside = inside.map(|it| self.name(it));
            }
            Action::Administer { client, edit } => {
                (*client, *edit) = (self.client(*client), self.edit(*edit));
            }
            Action::Choose { call, answer } => {
                (*call, *answer) = (self.name(*call), self.exchange.chosen(*answer));
            }
            Action::Withdraw { call: name }
            | Action::Deadline { call: name }
            | Action::Timeout { call: name }
            | Action::Continue { call: name }
            | Action::LookedUp { call: name }
            | Action::Checked { call: name }
            | Action::EnterPassword { call: name, answer: _ }
            | Action::Confirm { call: name, answer: _ }
            | Action::ServicesRead { call: name }
            | Action::EntryReturned { call: name, entry: _, result: _ }
            | Action::RetryAnswered { call: name, provider: _, answer: _ }
            | Action::Voted { call: name, vote: _ }
            | Action::ProviderAnswered { session: name, provider: _, result: _ }
            | Action::ProviderLoggedOff { session: name, provider: _ }
            | Action::ProviderShutDown { session: name, provider: _ }
            | Action::SessionClosed { session: name }
            | Action::Demand { session: name }
            | Action::TransportConfigured { session: name, provider: _, result: _ }
            | Action::Deliver { handle: name, notification: _ } => *name = self.name(*name),
        }
        moved
    }
}
