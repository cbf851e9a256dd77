//! A scope: a bounded world to check, read from `specs/scopes/NAME.toml`.
//!
//! A scope is data. Its bounds cut calls, never results: a call that would go beyond a bound is
//! not offered. Start at [`Scope`]; [`Scope::parse`] is in [`mod@parse`].

mod edits;
mod file;
pub mod flag;
pub mod parse;
pub mod resource;
mod start;

pub use edits::{Edit, EditCall, FastPolicy, NewName, SourceName};
pub use parse::ScopeError;

use crate::{
    Action, ChooserAnswer, Client, Contents, EditId, InitArgument, Label, Origin, Pending, Profile,
    Profiles, Provider, ProviderResult, RequestId, Service, Session, Slot, State, Vote,
    state::HANDLES,
};

/// A bounded world.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    /// Its name, that of its file.
    pub name: String,
    /// What only it reaches.
    pub purpose: String,
    /// How many clients make calls, from A on.
    pub clients: u8,
    /// How many `MAPIInitialize` a client may have unbalanced.
    pub initializations: u8,
    /// How many handles a client may have unreleased, logons under way included.
    pub handles_per_client: u8,
    /// How many calls a client may have under way.
    pub calls_in_progress: u8,
    /// How many sessions may not have ended, those of logons under way included.
    pub sessions: u8,
    /// The subsystem's own limit of sessions, a rule of the protocol (D-12).
    pub session_limit: Option<u8>,
    /// Which calls and events may occur, beside logons and their answers.
    pub calls: Calls,
    /// What may be passed to `MAPIInitialize`.
    pub initialize: Vec<InitArgument>,
    /// The profiles that there are at the start.
    pub profiles: Vec<ProfileSpec>,
    /// How many profiles there may be, those included that are gone and still held; one more is
    /// not made.
    pub profiles_at_once: u8,
    /// The names that a profile can come to bear: first those of the profiles at the start.
    pub labels: Vec<String>,
    /// What may be asked for in the administration of profiles.
    pub edits: Vec<Edit>,
    /// When a fast shutdown is allowed, a setting of the environment (D-19).
    pub fast_shutdown: FastPolicy,
    /// What a provider may answer when it is asked about a fast shutdown.
    pub votes: Vec<Vote>,
    /// What a logon may ask for.
    pub requests: Vec<Request>,
    /// What the user may answer in the chooser.
    pub chooser: Vec<ChooserAnswer>,
    /// How many critical notifications, and how many extended ones, may be queued for a handle; a
    /// call that could lead beyond is not offered.
    pub notifications: u8,
    /// What a provider may answer to an attempt.
    pub results: Vec<ProviderResult>,
    /// Where a run may begin.
    pub starts: Vec<Start>,
    /// What the deep tier makes of it.
    pub deep: Option<Deep>,
}

/// The bounds of a scope in the deep tier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deep {
    /// How many clients make calls.
    pub clients: u8,
    /// How many handles a client may have unreleased, logons under way included.
    pub handles_per_client: u8,
    /// How many calls a client may have under way.
    pub calls_in_progress: u8,
    /// How many sessions may not have ended, those of logons under way included.
    pub sessions: u8,
    /// Whether lock-step has room for it too.
    pub lockstep: bool,
}

/// Where a run may begin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Start {
    /// The default profile.
    pub default: Option<Profile>,
    /// What has happened before, from a world where nothing had.
    pub history: Vec<Action>,
    /// Where that has led.
    pub state: State,
}

/// Which calls and events may occur, beside logons and their answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "a set, read from a list of names")]
pub struct Calls {
    /// `MAPIInitialize`.
    pub initialize: bool,
    /// `MAPIUninitialize`.
    pub uninitialize: bool,
    /// `IMAPISession::Logoff` without flags, and with one that has no meaning.
    pub logoff: bool,
    /// `IMAPISession::Logoff` with `MAPI_LOGOFF_UI`.
    pub confirmed_logoff: bool,
    /// `Release`.
    pub release: bool,
    /// Logons from inside a prompt or provider call.
    pub nested: bool,
    /// The death of a client.
    pub crash: bool,
    /// Callers that give a call up.
    pub withdrawal: bool,
    /// Deadlines on every call.
    pub deadline: bool,
    /// Answers that nobody waits for.
    pub stray: bool,
    /// `IMAPISession::OpenMsgStore` and `OpenAddressBook`.
    pub open: bool,
    /// Calls of what has been opened.
    pub r#use: bool,
    /// `IMsgStore::StoreLogoff`.
    pub store_logoff: bool,
    /// What needs the transports of a session.
    pub demand: bool,
    /// `IMAPISession::Logoff` with `MAPI_LOGOFF_SHARED`.
    pub shared_logoff: bool,
    /// `IMAPISession::SetDefaultStore`.
    pub set_default_store: bool,
    /// `IMAPISession::Advise` and `Unadvise`.
    pub advise: bool,
    /// Notifications that are handed over.
    pub deliver: bool,
    /// `IMAPISession::AdminServices`.
    pub admin_services: bool,
    /// The three methods of `IMAPIClientShutdown`, and the end of a process that has gone by them.
    pub fast_shutdown: bool,
}

/// A profile of the scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileSpec {
    /// Its name.
    pub name: String,
    /// Whether it carries a password (D-01).
    pub password: bool,
    /// Whether it is an app profile, hidden from the chooser without `MAPI_APP_PROFILE`.
    pub app: bool,
    /// The message services that it can have, in order.
    pub services: Vec<ServiceSpec>,
    /// The providers of all these services, in order.
    pub providers: Vec<ProviderSpec>,
    /// How many of the services it has at the start, from the first on.
    pub present: u8,
}

/// What is in a profile, as it is now or as a session has found it.
#[derive(Clone, Copy, Debug)]
pub struct Snapshot<'a> {
    /// What the scope says of it.
    pub spec: &'a ProfileSpec,
    /// How many of the services are there, from the first on.
    services: u8,
}

/// A message service of a profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceSpec {
    /// Its name, as in `mapisvc.inf`.
    pub name: String,
    /// Whether it has an entry function (SVC-12).
    pub entry: bool,
}

/// A provider of a profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProviderSpec {
    /// Its service.
    pub service: Service,
    /// What it provides.
    pub kind: ProviderKind,
    /// Its flags, of those in [`resource`].
    pub flags: u32,
}

impl ProviderSpec {
    /// Whether it has one of these flags.
    pub const fn has(self, flags: u32) -> bool {
        self.flags & flags != 0
    }

    /// Whether it can be the default store while it runs (DST-02).
    pub fn is_fit(self) -> bool {
        self.kind == ProviderKind::Store && !self.has(resource::NO_DEFAULT_STORE)
    }
}

impl ProviderKind {
    /// The flags of a provider of which the profile says nothing.
    pub const fn default_flags(self) -> u32 {
        match self {
            Self::Store => resource::DEFAULT_STORE,
            Self::AddressBook | Self::Transport => 0,
        }
    }
}

/// What a provider provides; in the order in which providers are logged on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProviderKind {
    /// An address book.
    AddressBook,
    /// A message store.
    Store,
    /// A transport.
    Transport,
}

impl<'a> Snapshot<'a> {
    /// The services that are there, with their places.
    pub fn services(self) -> impl Iterator<Item = (Service, &'a ServiceSpec)> {
        Service::ALL.into_iter().zip(&self.spec.services).take(self.services.into())
    }

    /// The providers of these services, with their places.
    pub fn providers(self) -> impl Iterator<Item = (Provider, ProviderSpec)> + 'a {
        let all = Provider::ALL.into_iter().zip(self.spec.providers.iter().copied());
        all.filter(move |(_, spec)| spec.service.index() < self.services.into())
    }

    /// The provider at this place.
    pub fn provider(self, provider: Provider) -> Option<ProviderSpec> {
        let spec = self.spec.providers.get(provider.index()).copied();
        spec.filter(|spec| spec.service.index() < self.services.into())
    }

    /// Whether the service at this place is there and has an entry function.
    pub fn has_entry(self, service: Service) -> bool {
        self.services().any(|(its, spec)| its == service && spec.entry)
    }
}

/// What a logon asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// What traces call it.
    pub name: String,
    /// The flags of `MAPILogonEx`.
    pub flags: u32,
    /// The profile name passed.
    pub profile: NameArgument,
    /// The password passed.
    pub password: Password,
    /// Who may ask for it; everybody, if nobody is named.
    pub by: Vec<Client>,
}

/// The profile name that a logon passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NameArgument {
    /// `NULL` or the empty string (PRF-03).
    None,
    /// A well-formed name that no profile ever bears.
    Absent,
    /// A name that no profile can bear (PRF-09).
    Malformed,
    /// A name that a profile can come to bear.
    Of(Label),
}

/// A password, as far as the protocol tells passwords apart (CAN-05).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Password {
    /// None, or the empty string.
    None,
    /// The one of any profile that has one.
    Right,
    /// Another one.
    Wrong,
}

impl Scope {
    /// What is in a profile with these contents.
    pub fn snapshot(&self, contents: Contents) -> Snapshot<'_> {
        let spec = match contents.origin() {
            Origin::Listed(place) => &self.profiles[place],
            Origin::Made { app } => &MADE[usize::from(app)],
        };
        Snapshot { spec, services: contents.services() }
    }

    /// What is in a session's profile, as the session has found it.
    pub fn snapshot_of(&self, session: &Session) -> Snapshot<'_> {
        self.snapshot(session.contents)
    }

    /// What is in a profile now, if it is there.
    pub fn stored(&self, state: &State, profile: Profile) -> Option<Snapshot<'_>> {
        Some(self.snapshot(state.profiles.get(profile)?.contents))
    }

    /// The name at this place.
    pub fn label(&self, label: Label) -> &str {
        &self.labels[label.index()]
    }

    /// The call of profile administration at this place.
    pub fn edit(&self, edit: EditId) -> &Edit {
        &self.edits[edit.index()]
    }

    /// The call of profile administration that bears this name.
    pub fn edit_named(&self, name: &str) -> Option<EditId> {
        let place = self.edits.iter().position(|edit| edit.name == name)?;
        u8::try_from(place).ok().map(EditId)
    }

    /// The calls of profile administration that a client may make, by place.
    pub fn edits_of(&self, client: Client) -> impl Iterator<Item = EditId> {
        let mine = (0_u8..)
            .zip(&self.edits)
            .filter(move |(_, edit)| edit.by.is_empty() || edit.by.contains(&client));
        mine.map(|(place, _)| EditId(place))
    }

    /// The profiles as they are at the start.
    pub fn profiles_at_start(&self) -> Profiles {
        let mut profiles = Profiles::default();
        let places = Profile::ALL.into_iter().zip(Label::ALL);
        for (place, ((profile, name), spec)) in places.zip(&self.profiles).enumerate() {
            let contents = Contents::listed(place, spec.present);
            profiles.set(profile, Some(Slot { contents, name, pending: Pending::Nothing }));
        }
        profiles
    }

    /// The request at this place.
    pub fn request(&self, request: RequestId) -> &Request {
        &self.requests[request.index()]
    }

    /// The profile that bears this name at the start.
    pub fn profile_named(&self, name: &str) -> Option<Profile> {
        Profile::ALL.into_iter().zip(&self.profiles).find(|(_, it)| it.name == name).map(|it| it.0)
    }

    /// The name that is written so, if a profile can come to bear it.
    pub fn label_named(&self, name: &str) -> Option<Label> {
        Label::ALL.into_iter().zip(&self.labels).find(|(_, it)| *it == name).map(|it| it.0)
    }

    /// The request that bears this name.
    pub fn request_named(&self, name: &str) -> Option<RequestId> {
        let place = self.requests.iter().position(|request| request.name == name)?;
        u16::try_from(place).ok().map(RequestId::from)
    }

    /// The scope as the deep tier checks it, if it does.
    pub fn deepened(&self) -> Option<Self> {
        let deep = self.deep?;
        Some(Self {
            clients: deep.clients,
            handles_per_client: deep.handles_per_client,
            calls_in_progress: deep.calls_in_progress,
            sessions: deep.sessions,
            deep: None,
            ..self.clone()
        })
    }

    /// The clients that make calls.
    pub fn callers(&self) -> impl Iterator<Item = Client> {
        Client::ALL.into_iter().take(self.clients.into())
    }

    /// The requests that a client may make, by place.
    pub fn requests_of(&self, client: Client) -> impl Iterator<Item = RequestId> {
        let mine = self
            .requests
            .iter()
            .enumerate()
            .filter(move |(_, request)| request.by.is_empty() || request.by.contains(&client));
        mine.map(|(place, _)| RequestId::from(place as u16))
    }

    /// Whether a further logon of this client stays within the bounds.
    pub(crate) fn has_room_for_logon(&self, state: &State, client: Client) -> bool {
        let logons = |of: Option<Client>| {
            let calls = state.calls.iter().map(|call| call.name());
            let names = calls.filter(|name| state.logon(*name).is_some());
            names.filter(|name| of.is_none_or(|client| name.client() == client)).count()
        };
        let finished = |of: Option<Client>| {
            let names = state.handles().map(|(name, _)| name);
            let replied = names.filter(|name| state.has_replied(*name));
            replied.filter(|name| of.is_none_or(|client| name.client() == client)).count()
        };
        let may_build = state
            .calls
            .iter()
            .filter(|it| state.logon(it.name()).is_some() && state.session(it.name()).is_none());
        self.has_room_for_call(state, client)
            && logons(Some(client)) + finished(Some(client)) < self.handles_per_client.into()
            && logons(None) + finished(None) < HANDLES
            && state.sessions.len() + may_build.count() < self.sessions.into()
    }

    /// Whether a further profile stays within the bounds.
    pub(crate) fn has_room_for_profile(&self, state: &State) -> bool {
        state.free_place().is_some_and(|place| place.index() < self.profiles_at_once.into())
    }

    /// Whether a further call of this client stays within the bounds.
    pub(crate) fn has_room_for_call(&self, state: &State, client: Client) -> bool {
        state.calls_of(client).count() < self.calls_in_progress.into()
            && state.free_name(client).is_some()
    }
}

/// A profile that was made: an ordinary one, and an app profile.
static MADE: [ProfileSpec; 2] = [made(false), made(true)];

const fn made(app: bool) -> ProfileSpec {
    ProfileSpec {
        name: String::new(),
        password: false,
        app,
        services: Vec::new(),
        providers: Vec::new(),
        present: 0,
    }
}
