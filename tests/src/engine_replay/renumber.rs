//! The engine's numbers and the names of the model: what is which.
//!
//! The engine numbers calls as they come and never gives a number twice; the model names them as
//! sparingly as it can. [`Numbers`] knows which call bears a name now, or bore it last, and puts
//! what the engine says into the numbers that stand for names.

use std::collections::BTreeMap;
use std::fmt::Debug;

use mapi_session_core::{
    AdminRequest, Answer, CallId, CallStage, ChooserAnswer, ClientId, ClientView, Effect, Event,
    HandleId, HandleStatus, HandleView, Logon, Profile, ProfileKey, Seat, SessionId, SessionView,
    Sessions, Stage, Standing,
};
use mapi_session_model::{Client, Name};

/// Which call of the engine bears which name.
#[derive(Default)]
pub(super) struct Numbers {
    clients: BTreeMap<ClientId, ClientId>,
    /// The places of profiles in the model, as keys, by their keys in the engine.
    profiles: BTreeMap<ProfileKey, ProfileKey>,
    names: BTreeMap<CallId, CallId>,
    numbers: BTreeMap<CallId, CallId>,
}

/// Numbers that the engine never gives: handles that were never issued.
const NEVER_ISSUED: u64 = 1_000_000;

impl Numbers {
    /// A client of the engine is this one of the model.
    pub(super) fn bind_client(&mut self, client: ClientId, name: ClientId) {
        self.clients.insert(client, name);
    }

    /// A call of the engine bears this name from now on, and no other does.
    pub(super) fn bind(&mut self, number: CallId, name: CallId) {
        if let Some(last) = self.numbers.insert(name, number) {
            self.names.remove(&last);
        }
        self.names.insert(number, name);
    }

    /// Who bears a name now, or did last.
    pub(super) fn bearer(&self, name: CallId) -> Option<CallId> {
        self.numbers.get(&name).copied()
    }

    /// The same; for a name that nobody ever bore, a number that nobody has.
    pub(super) fn bearer_or_nobody(&mut self, name: CallId) -> CallId {
        self.bearer(name).unwrap_or_else(|| {
            let nobody = CallId(NEVER_ISSUED + name.0);
            self.bind(nobody, name);
            nobody
        })
    }

    /// Which call of the engine is which, for people.
    pub(super) fn legend(&self) -> impl Iterator<Item = String> {
        let all = || Client::ALL.into_iter().flat_map(Name::of);
        self.names.iter().filter_map(move |(number, name)| {
            let bears = all().find(|it| u64::from(it.number()) == name.0)?;
            Some(format!("the engine's {number} is {bears}, which the core knows as {name}"))
        })
    }

    /// A profile that is there from the start has the same key on both sides.
    pub(super) fn bind_listed_profile(&mut self) {
        let key = ProfileKey(self.profiles.len() as u128 + 1);
        self.profiles.insert(key, key);
    }

    /// The next profile that the engine makes has this place in the model.
    pub(super) fn bind_new_profile(&mut self, place: ProfileKey) {
        self.profiles.insert(ProfileKey(self.profiles.len() as u128 + 1), place);
    }

    /// The place of a profile of the engine's.
    pub(super) fn profile(&self, key: ProfileKey) -> Result<ProfileKey, String> {
        self.profiles.get(&key).copied().ok_or_else(|| format!("{key:?} is of no profile"))
    }

    fn found(&self, found: &mut Option<Profile>) -> Result<(), String> {
        if let Some(profile) = found {
            profile.key = self.profile(profile.key)?;
        }
        Ok(())
    }

    fn client(&self, client: ClientId) -> Result<ClientId, String> {
        self.clients.get(&client).copied().ok_or_else(|| format!("{client} is not known"))
    }

    fn call(&self, number: CallId) -> Result<CallId, String> {
        self.names.get(&number).copied().ok_or_else(|| format!("{number} bears no name"))
    }

    fn handle(&self, handle: HandleId) -> Result<HandleId, String> {
        self.call(handle.0).map(HandleId)
    }

    fn session(&self, session: SessionId) -> Result<SessionId, String> {
        self.call(session.0).map(SessionId)
    }

    /// An event of the engine, in names.
    pub(super) fn event(&self, event: &Event) -> Result<Event, String> {
        let mut event = event.clone();
        match &mut event {
            Event::InitializeCalled { call, client, request: _ }
            | Event::UninitializeCalled { call, client } => {
                (*call, *client) = (self.call(*call)?, self.client(*client)?);
            }
            Event::LogonCalled { call, client, inside, request: _ } => {
                (*call, *client) = (self.call(*call)?, self.client(*client)?);
                *inside = inside.map(|call| self.call(call)).transpose()?;
            }
            Event::LogoffCalled { call, client, handle, request: _ }
            | Event::ReleaseCalled { call, client, handle }
            | Event::UseCalled { call, client, handle, provider: _ }
            | Event::StoreLogoffCalled { call, client, handle, provider: _ }
            | Event::SetDefaultStoreCalled { call, client, handle, store: _ }
            | Event::AdviseCalled { call, client, handle }
            | Event::UnadviseCalled { call, client, handle }
            | Event::FastShutdownCalled { call, client, handle, request: _ }
            | Event::ServiceAdminCalled { call, client, handle, request: _ } => {
                (*call, *client) = (self.call(*call)?, self.client(*client)?);
                *handle = self.handle(*handle)?;
            }
            Event::OpenCalled { call, client, handle, inside, request: _ } => {
                (*call, *client) = (self.call(*call)?, self.client(*client)?);
                *handle = self.handle(*handle)?;
                *inside = inside.map(|call| self.call(call)).transpose()?;
            }
            Event::AdminCalled { call, client, request } => {
                (*call, *client) = (self.call(*call)?, self.client(*client)?);
                if let Ok(request) = request {
                    self.request(request)?;
                }
            }
            Event::ProfileLookedUp { call, found } => {
                *call = self.call(*call)?;
                self.found(found)?;
            }
            Event::ProfileChosen { call, answer } => {
                *call = self.call(*call)?;
                match answer {
                    ChooserAnswer::Picked { profile, .. } => self.found(profile)?,
                    ChooserAnswer::Cancelled | ChooserAnswer::Unavailable => {}
                }
            }
            Event::ClientCrashed { client } => *client = self.client(*client)?,
            Event::CallWithdrawn { call }
            | Event::DeadlinePassed { call }
            | Event::ShortWaitEnded { call }
            | Event::Continued { call }
            | Event::Voted { call, .. }
            | Event::PasswordChecked { call, .. }
            | Event::PasswordEntered { call, .. }
            | Event::LogoffAnswered { call, .. }
            | Event::ServicesRead { call, .. }
            | Event::EntryReturned { call, .. }
            | Event::RetryAnswered { call, .. } => *call = self.call(*call)?,
            Event::ProviderAnswered { session, .. }
            | Event::ProviderLoggedOff { session, .. }
            | Event::ProviderShutDown { session, .. }
            | Event::SpoolerDemanded { session }
            | Event::TransportConfigured { session, .. }
            | Event::SessionClosed { session } => *session = self.session(*session)?,
            Event::NotificationDue { handle, notification: _ } => *handle = self.handle(*handle)?,
        }
        Ok(event)
    }

    /// Effects of the engine, in names.
    pub(super) fn effects(&self, effects: &[Effect]) -> Result<Vec<Effect>, String> {
        effects.iter().map(|effect| self.effect(effect)).collect()
    }

    fn effect(&self, effect: &Effect) -> Result<Effect, String> {
        let mut effect = effect.clone();
        match &mut effect {
            Effect::Continue { call }
            | Effect::StartTimer { call }
            | Effect::LookUpProfile { call, .. }
            | Effect::AskForProfile { call, .. }
            | Effect::CreateProfile { call }
            | Effect::WithdrawPrompt { call } => *call = self.call(*call)?,
            Effect::CheckPassword { call, profile, source: _ }
            | Effect::AskForPassword { call, profile }
            | Effect::ReadServices { call, profile }
            | Effect::CopyProfile { call, source: profile }
            | Effect::RenameProfile { call, profile }
            | Effect::DeferRename { call, profile }
            | Effect::AddService { call, profile }
            | Effect::DeleteService { call, profile } => {
                (*call, *profile) = (self.call(*call)?, self.profile(*profile)?);
            }
            Effect::RemoveProfile { profile }
            | Effect::MarkProfile { profile }
            | Effect::TakeBackRename { profile }
            | Effect::SettleProfile { profile } => *profile = self.profile(*profile)?,
            Effect::SetDefaultProfile { profile } => {
                *profile = profile.map(|it| self.profile(it)).transpose()?;
            }
            Effect::ConfirmLogoff { call, handle } => {
                (*call, *handle) = (self.call(*call)?, self.handle(*handle)?);
            }
            Effect::LogOnProvider { call, session, .. }
            | Effect::CallEntry { call, session, .. }
            | Effect::AskFastShutdown { call, session, .. }
            | Effect::AskRetry { call, session, .. } => {
                (*call, *session) = (self.call(*call)?, self.session(*session)?);
            }
            Effect::DropAttempt { session, .. }
            | Effect::ReportDisabled { session, .. }
            | Effect::LogOffProvider { session, .. }
            | Effect::ShutDownProvider { session, .. }
            | Effect::CloseSession { session }
            | Effect::LogOnTransport { session, .. }
            | Effect::ConfigureTransport { session, .. }
            | Effect::AttachSpooler { session }
            | Effect::DetachSpooler { session }
            | Effect::NotifyFastShutdown { session, .. }
            | Effect::DoFastShutdown { session, .. }
            | Effect::EndSession { session }
            | Effect::UseProvider { session, .. } => *session = self.session(*session)?,
            Effect::QueueNotification { handle, notification: _ }
            | Effect::HandNotification { handle, notification: _ } => {
                *handle = self.handle(*handle)?;
            }
            Effect::Answer { call, answer } => {
                *call = self.call(*call)?;
                self.answer(answer)?;
            }
        }
        Ok(effect)
    }

    fn request(&self, request: &mut AdminRequest) -> Result<(), String> {
        match request {
            AdminRequest::Copy { source, .. }
            | AdminRequest::Delete { source }
            | AdminRequest::Rename { source, .. } => self.found(&mut source.found),
            AdminRequest::SetDefault { found } => self.found(found),
            AdminRequest::Create { .. } | AdminRequest::ClearDefault => Ok(()),
        }
    }

    fn answer(&self, answer: &mut Answer) -> Result<(), String> {
        match answer {
            Answer::LoggedOn(Ok(logon)) => *logon = self.logon(*logon)?,
            Answer::LoggedOn(Err(_))
            | Answer::Initialized(_)
            | Answer::Uninitialized
            | Answer::LoggedOff(_)
            | Answer::Released(_)
            | Answer::Opened(_)
            | Answer::Used(_)
            | Answer::StoreLoggedOff(_)
            | Answer::DefaultStoreSet(_)
            | Answer::Advised(_)
            | Answer::Unadvised(_)
            | Answer::FastShutdownQueried(_)
            | Answer::ProcessShutdownNotified(_)
            | Answer::FastShutdownDone(_)
            | Answer::Administered(_)
            | Answer::ServicesAdministered(_) => {}
        }
        Ok(())
    }

    fn logon(&self, logon: Logon) -> Result<Logon, String> {
        let Logon { handle, session, profile } = logon;
        let profile = self.profile(profile)?;
        Ok(Logon { handle: self.handle(handle)?, session: self.session(session)?, profile })
    }

    /// Where the engine's state is another than the mirror's, which is in names.
    pub(super) fn compare(&self, engine: &Sessions, mirror: &Sessions) -> Result<(), String> {
        let mut clients = Vec::new();
        for (client, view) in engine.clients() {
            let standing = match view.standing {
                Standing::Asking(call) => Standing::Asking(self.call(call)?),
                Standing::Unasked | Standing::Asked | Standing::Notified => view.standing,
            };
            clients.push((self.client(client)?, ClientView { standing, ..view }));
        }
        same("clients", &mut clients, mirror.clients(), |it| it.0)?;
        let mut dead = Vec::new();
        for client in engine.dead_clients() {
            dead.push(self.client(client)?);
        }
        same("dead clients", &mut dead, mirror.dead_clients(), |it| *it)?;
        let mut calls = Vec::new();
        for (call, view) in engine.calls() {
            let stage = self.stage(view.stage)?;
            calls.push((self.call(call)?, self.client(view.client)?, stage));
        }
        let mirror_calls = mirror.calls().map(|(call, view)| (call, view.client, view.stage));
        same("calls", &mut calls, mirror_calls, |it| it.0)?;
        let mut handles = Vec::new();
        for (handle, view) in engine.handles() {
            let (client, status) = (self.client(view.client)?, self.status(view.status)?);
            handles.push((self.handle(handle)?, HandleView { client, status, ..view }));
        }
        same("handles", &mut handles, mirror.handles(), |it| it.0)?;
        let mut sessions = Vec::new();
        for (session, view) in engine.sessions() {
            let profile = self.profile(view.profile)?;
            sessions.push((self.session(session)?, SessionView { profile, ..view }));
        }
        // What has an order of its own is not sorted.
        same("sessions", &mut sessions, mirror.sessions(), |_| ())?;
        let mut queue =
            engine.queue().map(|call| self.call(call)).collect::<Result<Vec<_>, _>>()?;
        same("queue", &mut queue, mirror.queue(), |_| ())?;
        let mut mutex = vec![engine.mutex().map(|call| self.call(call)).transpose()?];
        same("mutex", &mut mutex, [mirror.mutex()], |_| ())?;
        let mut target = vec![engine.join_target().map(|it| self.session(it)).transpose()?];
        same("join target", &mut target, [mirror.join_target()], |_| ())
    }

    fn stage<'a>(&self, stage: CallStage<'a>) -> Result<CallStage<'a>, String> {
        Ok(match stage {
            CallStage::ConfirmingLogoff { handle, scope } => {
                CallStage::ConfirmingLogoff { handle: self.handle(handle)?, scope }
            }
            CallStage::Opening { handle, target, dialogs, at, series } => {
                CallStage::Opening { handle: self.handle(handle)?, target, dialogs, at, series }
            }
            CallStage::QueryingFastShutdown { session, provider } => {
                CallStage::QueryingFastShutdown { session: self.session(session)?, provider }
            }
            CallStage::Holding { request, stage } => {
                CallStage::Holding { request, stage: self.held(stage)? }
            }
            CallStage::Waiting { .. } | CallStage::TimedOut => stage,
        })
    }

    fn held(&self, stage: Stage) -> Result<Stage, String> {
        Ok(match stage {
            Stage::Credentials { profile, protection, password } => {
                Stage::Credentials { profile: self.profile(profile)?, protection, password }
            }
            Stage::AskPassword { profile } => {
                Stage::AskPassword { profile: self.profile(profile)? }
            }
            Stage::Build { profile } => Stage::Build { profile: self.profile(profile)? },
            Stage::Done(Ok(logon)) => Stage::Done(Ok(self.logon(logon)?)),
            Stage::Decide
            | Stage::Pick
            | Stage::AskProfile
            | Stage::Show(_)
            | Stage::Series(_)
            | Stage::Finish
            | Stage::Done(Err(_)) => stage,
        })
    }

    fn status(&self, status: HandleStatus) -> Result<HandleStatus, String> {
        let named =
            |seat: Seat| Ok::<_, String>(Seat { session: self.session(seat.session)?, ..seat });
        Ok(match status {
            HandleStatus::Unanswered(seat) => HandleStatus::Unanswered(named(seat)?),
            HandleStatus::Live(seat) => HandleStatus::Live(named(seat)?),
            HandleStatus::LoggedOff => HandleStatus::LoggedOff,
        })
    }
}

fn same<T: PartialEq + Debug, K: Ord>(
    what: &str,
    engine: &mut Vec<T>,
    mirror: impl IntoIterator<Item = T>,
    key: impl Fn(&T) -> K,
) -> Result<(), String> {
    engine.sort_by_key(key);
    let mirror: Vec<_> = mirror.into_iter().collect();
    match *engine == mirror {
        true => Ok(()),
        false => Err(format!("{what}: expected {mirror:?}, the engine has {engine:?}")),
    }
}

/// Whether two lists of effects are the same orders; which comes first is not said by names.
pub(super) fn same_effects(engine: &[Effect], expected: &[Effect]) -> Result<(), String> {
    let mut rest = expected.to_vec();
    for effect in engine {
        match rest.iter().position(|it| it == effect) {
            Some(place) => drop(rest.remove(place)),
            None => return Err(format!("expected {expected:?}, the engine orders {engine:?}")),
        }
    }
    match rest.is_empty() {
        true => Ok(()),
        false => Err(format!("expected {expected:?}, the engine orders {engine:?}")),
    }
}
