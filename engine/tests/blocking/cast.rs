//! The providers and entry functions that the tests play.
//!
//! Each says what it is told ([`Cast::hears`]) and then does the next thing that was written for it
//! ([`Cast::on_logon`] and its like), or else what it should.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

use mapi_session::scripted::{Part, Script, ScriptedService};
use mapi_session::{
    Attempt, Cause, EntryContext, EntryError, EntryFlags, Environment, EnvironmentBuilder,
    MapiCode, Missing, NewProfile, Prompts, ProviderError, ProviderLogon, ProviderRow,
    ProviderState, Session, SessionId, Vote,
};

use crate::stage::{Steps, expect, furnished};

/// What a provider or an entry function is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    LogOn(String, SessionId, Attempt, Prompts),
    Configure(String, EntryFlags),
    Create(String, EntryFlags),
    Delete(String),
    Vote(String, SessionId),
    Notice(String, SessionId),
    FastEnd(String, SessionId),
    LogOff(String, SessionId),
    ShutDown(String, SessionId),
}

pub(crate) type Logon = Result<Option<Cause>, ProviderError>;
/// What is to be done, next first, by the name of who does it.
type Lines<T> = Mutex<BTreeMap<String, VecDeque<Box<dyn FnOnce() -> T + Send>>>>;

/// Plays all providers and entry functions of an environment.
pub(crate) struct Cast {
    told: Receiver<Told>,
    script: Arc<Player>,
}

struct Player {
    tell: Sender<Told>,
    successes: AtomicUsize,
    logons: Lines<Logon>,
    entries: Lines<Result<(), EntryError>>,
    creations: Lines<Result<(), EntryError>>,
    deletions: Lines<()>,
    votes: Lines<Vote>,
    fast_ends: Lines<()>,
    logoffs: Lines<()>,
    shutdowns: Lines<()>,
    rows: Mutex<BTreeMap<String, ProviderRow>>,
}

/// What a provider waits for until the test says so.
pub(crate) struct Gate(Receiver<()>);

pub(crate) fn gate() -> (Sender<()>, Gate) {
    let (open, gate) = channel();
    (open, Gate(gate))
}

impl Gate {
    /// Blocks. A gate that nobody can open any more is open.
    pub(crate) fn pass(&self) {
        let _ = self.0.recv();
    }
}

impl Cast {
    pub(crate) fn new() -> Self {
        let (tell, told) = channel();
        let script = Player {
            tell,
            successes: AtomicUsize::new(0),
            logons: Mutex::default(),
            entries: Mutex::default(),
            creations: Mutex::default(),
            deletions: Mutex::default(),
            votes: Mutex::default(),
            fast_ends: Mutex::default(),
            logoffs: Mutex::default(),
            shutdowns: Mutex::default(),
            rows: Mutex::default(),
        };
        Self { told, script: Arc::new(script) }
    }

    /// A service played by this cast.
    pub(crate) fn service(&self) -> ScriptedService {
        ScriptedService::new(Arc::clone(&self.script) as Arc<dyn Script>)
    }

    /// What a provider of this name does when it is next to log on.
    pub(crate) fn on_logon(&self, provider: &str, line: impl FnOnce() -> Logon + Send + 'static) {
        add(&self.script.logons, provider, line);
    }

    /// What the entry function of a service of this name does next.
    pub(crate) fn on_entry(
        &self,
        service: &str,
        line: impl FnOnce() -> Result<(), EntryError> + Send + 'static,
    ) {
        add(&self.script.entries, service, line);
    }

    /// What the entry function does when a service of this name is next added.
    pub(crate) fn on_create(
        &self,
        service: &str,
        line: impl FnOnce() -> Result<(), EntryError> + Send + 'static,
    ) {
        add(&self.script.creations, service, line);
    }

    /// What it does when one is next deleted.
    pub(crate) fn on_delete(&self, service: &str, line: impl FnOnce() + Send + 'static) {
        add(&self.script.deletions, service, line);
    }

    /// What a provider of this name says when it is next asked about a fast shutdown.
    pub(crate) fn on_vote(&self, provider: &str, line: impl FnOnce() -> Vote + Send + 'static) {
        add(&self.script.votes, provider, line);
    }

    pub(crate) fn on_fast_end(&self, provider: &str, line: impl FnOnce() + Send + 'static) {
        add(&self.script.fast_ends, provider, line);
    }

    pub(crate) fn on_log_off(&self, provider: &str, line: impl FnOnce() + Send + 'static) {
        add(&self.script.logoffs, provider, line);
    }

    pub(crate) fn on_shut_down(&self, provider: &str, line: impl FnOnce() + Send + 'static) {
        add(&self.script.shutdowns, provider, line);
    }

    /// Which row of the status table a provider of this name makes when it logs on.
    pub(crate) fn on_status(&self, provider: &str, row: ProviderRow) {
        let mut rows = self.script.rows.lock().expect("nobody panics with it");
        rows.insert(provider.to_owned(), row);
    }

    /// How many logons have succeeded.
    pub(crate) fn successes(&self) -> usize {
        self.script.successes.load(Ordering::SeqCst)
    }

    /// The next thing that anybody is told.
    pub(crate) fn hears(&self) -> Told {
        expect(&self.told, "call of a provider or entry function")
    }

    /// Everything that was told and not looked at.
    pub(crate) fn heard(&self) -> Vec<Told> {
        self.told.try_iter().collect()
    }
}

fn add<T>(lines: &Lines<T>, who: &str, line: impl FnOnce() -> T + Send + 'static) {
    let mut lines = lines.lock().expect("nobody panics with it");
    lines.entry(who.to_owned()).or_default().push_back(Box::new(line));
}

impl Player {
    /// Says what somebody is told, then does what was written for that, if anything was.
    ///
    /// The line is taken first, so that who comes later gets a later one.
    fn play<T>(&self, lines: &Lines<T>, who: &str, told: Told, otherwise: T) -> T {
        let line = {
            let mut lines = lines.lock().expect("nobody panics with it");
            lines.get_mut(who).and_then(VecDeque::pop_front)
        };
        let _ = self.tell.send(told);
        match line {
            Some(line) => line(),
            None => otherwise,
        }
    }
}

impl Script for Player {
    fn log_on(&self, logon: &ProviderLogon<'_>) -> Logon {
        let name = logon.provider.to_owned();
        let told = Told::LogOn(name, logon.session, logon.attempt, logon.dialogs);
        let logged_on = self.play(&self.logons, logon.provider, told, Ok(None));
        if logged_on.is_ok() {
            self.successes.fetch_add(1, Ordering::SeqCst);
        }
        logged_on
    }

    fn status_row(&self, part: &Part) -> Option<ProviderRow> {
        let rows = self.rows.lock().expect("nobody panics with it");
        rows.get(&part.provider).cloned()
    }

    fn configure(&self, context: &EntryContext<'_>) -> Result<(), EntryError> {
        let told = Told::Configure(context.service.to_owned(), context.flags());
        self.play(&self.entries, context.service, told, Ok(()))
    }

    fn create(&self, context: &EntryContext<'_>) -> Result<(), EntryError> {
        let told = Told::Create(context.service.to_owned(), context.flags());
        self.play(&self.creations, context.service, told, Ok(()))
    }

    fn delete(&self, context: &EntryContext<'_>) {
        let told = Told::Delete(context.service.to_owned());
        self.play(&self.deletions, context.service, told, ());
    }

    fn query_fast_shutdown(&self, part: &Part) -> Vote {
        let told = Told::Vote(part.provider.clone(), part.session);
        self.play(&self.votes, &part.provider, told, Vote::NoInterface)
    }

    fn notify_process_shutdown(&self, part: &Part) {
        let _ = self.tell.send(Told::Notice(part.provider.clone(), part.session));
    }

    fn do_fast_shutdown(&self, part: &Part) {
        let told = Told::FastEnd(part.provider.clone(), part.session);
        self.play(&self.fast_ends, &part.provider, told, ());
    }

    fn log_off(&self, part: &Part) {
        let told = Told::LogOff(part.provider.clone(), part.session);
        self.play(&self.logoffs, &part.provider, told, ());
    }

    fn shut_down(&self, part: &Part) {
        let told = Told::ShutDown(part.provider.clone(), part.session);
        self.play(&self.shutdowns, &part.provider, told, ());
    }
}

/// An environment with a profile `Mail` that lists these services.
pub(crate) fn playing(
    builder: EnvironmentBuilder,
    services: Vec<(&str, ScriptedService)>,
) -> (Environment, Steps) {
    let names: Vec<_> = services.iter().map(|(name, _)| (*name).to_owned()).collect();
    let builder = services
        .into_iter()
        .fold(builder, |builder, (name, service)| builder.service(name, service));
    let (environment, steps) = furnished(builder);
    list(&environment, "Mail", names);
    (environment, steps)
}

/// Adds a profile that lists these services.
pub(crate) fn list(environment: &Environment, profile: &str, services: Vec<String>) {
    let profile = services.into_iter().fold(NewProfile::new(profile), NewProfile::service);
    environment.profiles().create(profile).expect("the name is free");
}

pub(crate) fn on(provider: &str, session: SessionId) -> Told {
    Told::LogOn(provider.to_owned(), session, Attempt::First, Prompts::Forbidden)
}

pub(crate) fn again(provider: &str, session: SessionId) -> Told {
    Told::LogOn(provider.to_owned(), session, Attempt::Second, Prompts::Forbidden)
}

pub(crate) fn off(provider: &str, session: SessionId) -> Told {
    Told::LogOff(provider.to_owned(), session)
}

pub(crate) fn down(provider: &str, session: SessionId) -> Told {
    Told::ShutDown(provider.to_owned(), session)
}

pub(crate) fn skip() -> Logon {
    Err(ProviderError::SkipProvider(Cause::Credentials("wrong password".into())))
}

pub(crate) fn unconfigured() -> Logon {
    Err(ProviderError::ConfigureAndRetry(Missing("server name".into())))
}

pub(crate) fn failed(code: MapiCode) -> Logon {
    Err(ProviderError::Failed(code, Cause::ServerUnavailable("mail.example.org".into())))
}

/// How a provider stands, by its name.
pub(crate) fn state(session: &Session, provider: &str) -> ProviderState {
    let report = session.report();
    let state = report
        .services()
        .flat_map(|service| service.providers)
        .find(|it| it.name == provider)
        .map(|it| it.state.clone());
    state.unwrap_or_else(|| panic!("no {provider} in {report}"))
}

/// The code of the failure after which the service of this name is disabled; none if it is not.
pub(crate) fn disabled(session: &Session, service: &str) -> Option<MapiCode> {
    let report = session.report();
    let found = report.services().find(|it| it.name == service).expect("the profile lists it");
    match found.state {
        mapi_session::ServiceState::Enabled => None,
        mapi_session::ServiceState::Disabled { after } => Some(after.failure.code),
    }
}
