//! What the tests play: time and the user; and what they watch. Providers are in `cast.rs`.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Condvar, Mutex, Once};
use std::thread::Thread;
use std::time::{Duration, Instant};

use mapi_session::protocol::{Event, Rule};
use mapi_session::{
    AskPassword, AskRetry, ChooseProfile, Clock, ConfirmLogoff, Environment, EnvironmentBuilder,
    LogonUi, Mapi, NewProfile, Process, ProfileChosen, RetryChoice, SecretString, StepRecord,
    UserAnswer,
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

    /// Waits until every thread of the environment has ended; nobody else may have it.
    pub(crate) fn until_the_end_of(self, environment: Environment) {
        drop(environment);
        while let Ok(record) = self.records.recv_timeout(FOREVER) {
            drop(record);
        }
        let left = self.records.try_recv();
        assert_eq!(left, Err(std::sync::mpsc::TryRecvError::Disconnected), "threads do not end");
    }

    /// All steps so far.
    pub(crate) fn all(&mut self) -> &[StepRecord] {
        self.seen.extend(self.records.try_iter());
        &self.seen
    }

    /// Whether a provider answered, and nobody was waiting.
    pub(crate) fn heard_a_provider_in_vain(&mut self) -> bool {
        self.all().iter().any(|record| {
            let is_answer = matches!(record.event, Event::ProviderAnswered { .. });
            is_answer && record.rule == Rule::IgnoreStale
        })
    }

    pub(crate) fn rules(&mut self) -> Vec<Rule> {
        self.all().iter().map(|record| record.rule).collect()
    }
}

/// A clock that stands still until the test moves it.
#[derive(Clone)]
pub(crate) struct StageClock(Arc<(Mutex<Hands>, Condvar)>);

struct Hands {
    now: Instant,
    sleepers: Vec<(u64, Thread)>,
    /// How often anybody fell asleep.
    naps: u64,
}

impl StageClock {
    pub(crate) fn new() -> Self {
        let hands = Hands { now: Instant::now(), sleepers: Vec::new(), naps: 0 };
        Self(Arc::new((Mutex::new(hands), Condvar::new())))
    }

    /// Waits until so many threads sleep by this clock, who know all that they were told before.
    ///
    /// Who is woken looks round once more before going back to sleep. The second time everybody
    /// has done that since the beginning.
    pub(crate) fn await_sleepers(&self, count: usize) {
        let (hands, changed) = &*self.0;
        for _ in 0..2 {
            let hands = hands.lock().expect("no test panics with the clock in hand");
            let from = hands.naps;
            hands.wake_all();
            let fresh = |hands: &Hands| hands.sleepers.iter().filter(|it| it.0 >= from).count();
            let too_few = |hands: &mut Hands| fresh(hands) < count;
            let (hands, waited) =
                changed.wait_timeout_while(hands, FOREVER, too_few).expect("as above");
            assert!(!waited.timed_out(), "{} sleepers, not {count}", fresh(&hands));
        }
    }

    pub(crate) fn advance(&self, by: Duration) {
        let mut hands = self.0.0.lock().expect("no test panics with the clock in hand");
        hands.now += by;
        hands.wake_all();
    }
}

impl Hands {
    fn wake_all(&self) {
        for (_, sleeper) in &self.sleepers {
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
            let nap = hands.naps;
            hands.naps += 1;
            hands.sleepers.push((nap, me.clone()));
            changed.notify_all();
        }
        std::thread::park();
        let mut hands = hands.lock().expect("no test panics with the clock in hand");
        hands.sleepers.retain(|(_, sleeper)| sleeper.id() != me.id());
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
    retries: Receiver<Asked<AskRetry, RetryChoice>>,
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

    pub(crate) fn sees_trouble(&self) -> Asked<AskRetry, RetryChoice> {
        expect(&self.retries, "question whether to try again")
    }

    pub(crate) fn sees_nothing(&self) -> bool {
        self.choosers.try_recv().is_err()
            && self.passwords.try_recv().is_err()
            && self.logoffs.try_recv().is_err()
            && self.retries.try_recv().is_err()
    }
}

/// A user interface that asks a [`User`].
pub(crate) struct Dialogs {
    choosers: Sender<Asked<ChooseProfile, ProfileChosen>>,
    passwords: Sender<Asked<AskPassword, SecretString>>,
    logoffs: Sender<Asked<ConfirmLogoff, ()>>,
    retries: Sender<Asked<AskRetry, RetryChoice>>,
}

pub(crate) fn user() -> (Dialogs, User) {
    let (choosers, choosers_seen) = channel();
    let (passwords, passwords_seen) = channel();
    let (logoffs, logoffs_seen) = channel();
    let (retries, retries_seen) = channel();
    let user = User {
        choosers: choosers_seen,
        passwords: passwords_seen,
        logoffs: logoffs_seen,
        retries: retries_seen,
    };
    (Dialogs { choosers, passwords, logoffs, retries }, user)
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

    fn retry(&self, question: &AskRetry) -> UserAnswer<RetryChoice> {
        show(&self.retries, question)
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
