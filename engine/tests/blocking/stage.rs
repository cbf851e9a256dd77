//! What the tests play: time, the user, providers; and what they watch.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Condvar, Mutex, Once};
use std::thread::Thread;
use std::time::{Duration, Instant};

use mapi_session::protocol::{Effect, Event, Rule};
use mapi_session::{
    AskPassword, ChooseProfile, Clock, ConfirmLogoff, Environment, EnvironmentBuilder, LogonUi,
    Mapi, NewProfile, Process, ProfileChosen, ProviderLogon, SecretString, ServiceProvider,
    SessionId, StepRecord, UserAnswer,
};

/// How long a test waits for what must come; only a broken one waits that long.
const FOREVER: Duration = Duration::from_secs(60);

static ARMED: Once = Once::new();

/// Ends the tests, loudly, should one of them hang where it does not wait by a channel.
fn arm_the_watchdog() {
    std::thread::spawn(|| {
        let (_kept, never) = channel::<()>();
        let _ = never.recv_timeout(FOREVER * 5);
        eprintln!("a test hangs");
        std::process::abort();
    });
}

/// Takes what must come.
pub(crate) fn expect<T>(channel: &Receiver<T>, what: &str) -> T {
    channel.recv_timeout(FOREVER).unwrap_or_else(|error| panic!("no {what}: {error}"))
}

/// A call on a thread of its own.
pub(crate) struct Elsewhere<T>(Receiver<T>);

pub(crate) fn elsewhere<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Elsewhere<T> {
    let (done, result) = channel();
    std::thread::spawn(move || {
        let _ = done.send(work());
    });
    Elsewhere(result)
}

impl<T> Elsewhere<T> {
    /// What it returns.
    pub(crate) fn returns(self) -> T {
        expect(&self.0, "return from a call")
    }

    pub(crate) fn has_returned(&self) -> bool {
        !matches!(self.0.try_recv(), Err(std::sync::mpsc::TryRecvError::Empty))
    }
}

/// An environment that records its steps, with the two profiles that most tests need: `Work`, which
/// is open and the default, and `Safe`, whose password is `tulip`.
pub(crate) fn environment() -> (Environment, Steps) {
    furnished(Environment::builder())
}

pub(crate) fn furnished(builder: EnvironmentBuilder) -> (Environment, Steps) {
    ARMED.call_once(arm_the_watchdog);
    let (recorder, records) = channel();
    let environment = builder.record_to(recorder).build();
    let profiles = environment.profiles();
    profiles.create(NewProfile::new("Work")).expect("the store is empty");
    profiles.create(NewProfile::new("Safe").password("tulip")).expect("only Work is there");
    profiles.set_default(Some("Work")).expect("Work is there");
    (environment, Steps { records, seen: Vec::new() })
}

/// A process without a user.
pub(crate) fn mapi(environment: &Environment) -> Mapi {
    Mapi::builder().environment(environment).build()
}

/// A process whose user is played by the test.
pub(crate) fn mapi_with_user(environment: &Environment) -> (Mapi, User) {
    let (ui, user) = user();
    (Mapi::builder().environment(environment).ui(ui).build(), user)
}

/// A process that has initialised, call by call.
pub(crate) fn process(environment: &Environment, ui: impl LogonUi + 'static) -> Process {
    let process = environment.process(ui);
    process.initialize(0, 0).expect("the arguments make sense");
    process
}

/// The steps of an environment, as they are committed.
pub(crate) struct Steps {
    records: Receiver<StepRecord>,
    pub(crate) seen: Vec<StepRecord>,
}

impl Steps {
    /// Waits for a step by this rule.
    pub(crate) fn until(&mut self, rule: Rule) -> StepRecord {
        loop {
            let record = expect(&self.records, rule.name());
            self.seen.push(record.clone());
            if record.rule == rule {
                return record;
            }
        }
    }

    /// All steps so far.
    pub(crate) fn all(&mut self) -> &[StepRecord] {
        self.seen.extend(self.records.try_iter());
        &self.seen
    }

    pub(crate) fn rules(&mut self) -> Vec<Rule> {
        self.all().iter().map(|record| record.rule).collect()
    }

    /// How many sessions were given order to start, and to stop.
    pub(crate) fn starts_and_stops(&mut self) -> (usize, usize) {
        let effects = || self.seen.iter().flat_map(|record| &record.effects);
        let starts = effects().filter(|it| matches!(it, Effect::StartProviders { .. })).count();
        let stops = effects().filter(|it| matches!(it, Effect::StopProviders { .. })).count();
        (starts, stops)
    }
}

/// A clock that stands still until the test moves it.
#[derive(Clone)]
pub(crate) struct StageClock(Arc<(Mutex<Hands>, Condvar)>);

struct Hands {
    now: Instant,
    sleepers: Vec<Thread>,
}

impl StageClock {
    pub(crate) fn new() -> Self {
        let hands = Hands { now: Instant::now(), sleepers: Vec::new() };
        Self(Arc::new((Mutex::new(hands), Condvar::new())))
    }

    /// Waits until so many threads sleep by this clock.
    pub(crate) fn await_sleepers(&self, count: usize) {
        let (hands, changed) = &*self.0;
        let hands = hands.lock().expect("no test panics with the clock in hand");
        let enough = |hands: &mut Hands| hands.sleepers.len() < count;
        let (hands, waited) = changed.wait_timeout_while(hands, FOREVER, enough).expect("as above");
        assert!(!waited.timed_out(), "{} sleepers, not {count}", hands.sleepers.len());
    }

    pub(crate) fn advance(&self, by: Duration) {
        let mut hands = self.0.0.lock().expect("no test panics with the clock in hand");
        hands.now += by;
        for sleeper in &hands.sleepers {
            sleeper.unpark();
        }
    }
}

impl Clock for StageClock {
    fn now(&self) -> Instant {
        self.0.0.lock().expect("no test panics with the clock in hand").now
    }

    fn park_until(&self, moment: Instant) {
        let (hands, changed) = &*self.0;
        let me = std::thread::current();
        {
            let mut hands = hands.lock().expect("no test panics with the clock in hand");
            if hands.now >= moment {
                return;
            }
            hands.sleepers.push(me.clone());
            changed.notify_all();
        }
        std::thread::park();
        let mut hands = hands.lock().expect("no test panics with the clock in hand");
        hands.sleepers.retain(|sleeper| sleeper.id() != me.id());
    }
}

/// A question as it reaches the user, and the way to answer it.
pub(crate) struct Asked<Question, Answer> {
    pub(crate) question: Question,
    answer: Sender<UserAnswer<Answer>>,
}

impl<Question, Answer> Asked<Question, Answer> {
    pub(crate) fn answer(self, answer: UserAnswer<Answer>) -> Question {
        self.answer.send(answer).expect("the dialog is open");
        self.question
    }
}

/// A user who sits before the dialogs of one process.
pub(crate) struct User {
    choosers: Receiver<Asked<ChooseProfile, ProfileChosen>>,
    passwords: Receiver<Asked<AskPassword, SecretString>>,
    logoffs: Receiver<Asked<ConfirmLogoff, ()>>,
}

impl User {
    pub(crate) fn sees_chooser(&self) -> Asked<ChooseProfile, ProfileChosen> {
        expect(&self.choosers, "chooser")
    }

    pub(crate) fn sees_password_prompt(&self) -> Asked<AskPassword, SecretString> {
        expect(&self.passwords, "password prompt")
    }

    pub(crate) fn sees_confirmation(&self) -> Asked<ConfirmLogoff, ()> {
        expect(&self.logoffs, "confirmation of a logoff")
    }

    pub(crate) fn sees_nothing(&self) -> bool {
        self.choosers.try_recv().is_err()
            && self.passwords.try_recv().is_err()
            && self.logoffs.try_recv().is_err()
    }
}

/// A user interface that asks a [`User`].
pub(crate) struct Dialogs {
    choosers: Sender<Asked<ChooseProfile, ProfileChosen>>,
    passwords: Sender<Asked<AskPassword, SecretString>>,
    logoffs: Sender<Asked<ConfirmLogoff, ()>>,
}

pub(crate) fn user() -> (Dialogs, User) {
    let (choosers, choosers_seen) = channel();
    let (passwords, passwords_seen) = channel();
    let (logoffs, logoffs_seen) = channel();
    let user = User { choosers: choosers_seen, passwords: passwords_seen, logoffs: logoffs_seen };
    (Dialogs { choosers, passwords, logoffs }, user)
}

/// Shows a question and blocks until the user answers it, or has gone away.
fn show<Question: Clone, Answer>(
    screen: &Sender<Asked<Question, Answer>>,
    question: &Question,
) -> UserAnswer<Answer> {
    let (answer, answered) = channel();
    let asked = Asked { question: question.clone(), answer };
    match screen.send(asked) {
        Ok(()) => answered.recv().unwrap_or(UserAnswer::Unavailable),
        Err(_) => UserAnswer::Unavailable,
    }
}

impl LogonUi for Dialogs {
    fn choose_profile(&self, question: &ChooseProfile) -> UserAnswer<ProfileChosen> {
        show(&self.choosers, question)
    }

    fn password(&self, question: &AskPassword) -> UserAnswer<SecretString> {
        show(&self.passwords, question)
    }

    fn confirm_logoff(&self, question: &ConfirmLogoff) -> UserAnswer<()> {
        show(&self.logoffs, question)
    }
}

/// What a provider was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    LogOn { service: String, session: SessionId },
    ShutDown { service: String, session: SessionId },
}

/// A service that says what it is told, and logs on when it is let.
pub(crate) struct Service {
    pub(crate) name: &'static str,
    told: Sender<Told>,
    gate: Gate,
}

/// When a provider's logon returns.
pub(crate) enum Gate {
    Open,
    /// Once for each message.
    Closed(Mutex<Receiver<()>>),
    Panics,
}

pub(crate) fn service(name: &'static str, told: &Sender<Told>) -> Service {
    Service { name, told: told.clone(), gate: Gate::Open }
}

impl Service {
    /// Logs on once for each message.
    pub(crate) fn gated(self) -> (Self, Sender<()>) {
        let (open, gate) = channel();
        (Self { gate: Gate::Closed(Mutex::new(gate)), ..self }, open)
    }

    pub(crate) fn panicking(self) -> Self {
        Self { gate: Gate::Panics, ..self }
    }
}

impl ServiceProvider for Service {
    fn logon(&self, logon: &ProviderLogon<'_>) {
        let (service, session) = (logon.service.to_owned(), logon.session);
        assert_eq!(service, self.name, "the wrong service is told");
        let _ = self.told.send(Told::LogOn { service, session });
        match &self.gate {
            Gate::Open => {}
            Gate::Closed(gate) => {
                // A gate that nobody can open any more is open.
                let _ = gate.lock().expect("one at a time").recv();
            }
            Gate::Panics => panic!("the provider of {} breaks down, as it should", self.name),
        }
    }

    fn shutdown(&self, session: SessionId) {
        let _ = self.told.send(Told::ShutDown { service: self.name.to_owned(), session });
    }
}

/// Whether nothing is left in an environment: no client, no call, no handle, no session.
pub(crate) fn is_empty(environment: &Environment) -> bool {
    let state = environment.state();
    state.clients().next().is_none()
        && state.calls().next().is_none()
        && state.handles().next().is_none()
        && state.sessions().next().is_none()
        && state.queue().next().is_none()
        && state.mutex().is_none()
}

/// Waits until all that is over has ended.
pub(crate) fn settle(environment: &Environment) {
    assert!(environment.settle(FOREVER), "sessions do not end: {:?}", environment.state());
}

/// The call that an event is about, if it is one of a logon.
pub(crate) fn is_logon_of(event: &Event, process: &Process) -> bool {
    matches!(event, Event::LogonCalled { client, .. } if *client == process.id())
}
