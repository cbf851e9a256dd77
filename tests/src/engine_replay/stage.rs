//! Where every thread of the engine is held until its step has come.
//!
//! Threads come here in three ways: on their way to a step ([`Pace`]), asleep by the clock
//! ([`Clock`]), and as foreign code that was called ([`Stage::visit`]: a dialog, a provider). The
//! replay looks on ([`Stage::wait`]) and lets one go at a time. What becomes of a call is left here
//! too. Of the model nothing is known here but what providers and entry functions are to answer.

use std::{
    collections::VecDeque,
    fmt::Write as _,
    sync::mpsc::Receiver,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread::{self, Thread, ThreadId},
    time::{Duration, Instant},
};

use mapi_session::{
    Attempt, CallId, Clock, Correction, EntryDialogs, HandleId, Pace, ProfileChosen, ProfileName,
    Prompts, ProviderId, RetryChoice, SecretString, SessionId, StatusTable, StatusTableError,
    StepRecord, Withdrawn,
    protocol::{Answer, Entry, Event, FastShutdown},
    scripted::Part,
};
use mapi_session_model::{EntryResult, ProviderResult, Vote};

use super::{
    sinks::{Connected, Heard},
    subject::begins,
};

/// How long the replay waits for a thread; only a broken engine takes so long.
const FOREVER: Duration = Duration::from_secs(60);

/// Where the threads are held.
pub(super) struct Stage {
    scene: Mutex<Scene>,
    changed: Condvar,
    /// When all clocks begin.
    beginning: Instant,
}

/// Who stands where.
#[derive(Default)]
pub(super) struct Scene {
    /// Nobody is held any more.
    is_open: bool,
    /// How many threads were ever held, or ever called foreign code.
    count: u64,
    /// Events that wait to be fed.
    pub(super) held: Vec<Held>,
    /// Foreign code that is running.
    pub(super) visits: Vec<Visit>,
    sleepers: Vec<Sleeper>,
    /// What time it is for those threads for which time has passed.
    times: Vec<(ThreadId, Instant)>,
    /// Every call, and the thread that makes it.
    callers: Vec<(CallId, ThreadId)>,
    /// What calls have returned.
    returned: Vec<(CallId, Returned)>,
    /// Threads of the replay's own that have not ended.
    running: Vec<ThreadId>,
    /// Steps that the engine has taken and the replay has not looked at.
    pub(super) records: VecDeque<StepRecord>,
    /// No further step can come: the engine is gone.
    pub(super) is_over: bool,
    /// How many threads have ever fallen asleep.
    pub(super) slept: u64,
    /// The providers that have logged on, each time.
    pub(super) logged_on: Vec<Part>,
    /// The providers that were told to log off, each time.
    pub(super) logged_off: Vec<Part>,
    /// The providers that were told to shut down, each time.
    pub(super) shut_down: Vec<Part>,
    /// The providers that have heard of a fast shutdown, and the replay has not looked at.
    pub(super) told: VecDeque<(FastShutdown, Part)>,
    /// The sessions that have ended at once: nobody is to log off from them.
    pub(super) ended: Vec<SessionId>,
    /// The sinks that listen, in the order in which they came.
    pub(super) connections: Vec<Connected>,
    /// What sinks have heard and the replay has not looked at.
    pub(super) heard: Vec<Heard>,
    /// What those have got that asked for a status table, and the replay has not looked at.
    pub(super) tables: Vec<(ThreadId, Result<StatusTable, StatusTableError>)>,
}

/// A thread on its way to a step.
pub(super) struct Held {
    pub(super) ticket: u64,
    pub(super) thread: ThreadId,
    pub(super) event: Event,
}

/// A thread in foreign code.
pub(super) struct Visit {
    pub(super) ticket: u64,
    pub(super) thread: ThreadId,
    /// The call for which it runs; of providers and entry functions nobody tells them. None if it
    /// runs for the spooler.
    pub(super) call: Option<CallId>,
    pub(super) asked: Asked,
    pub(super) order: Option<Order>,
    /// It is an attempt that has died with its client.
    pub(super) is_dropped: bool,
    /// It makes a call of its own.
    pub(super) is_busy: bool,
}

/// What the foreign code was called for.
#[derive(Clone, Debug)]
pub(super) enum Asked {
    Chooser { call: CallId, profiles: Vec<ProfileName>, withdrawn: Withdrawn },
    Password { call: CallId, profile: ProfileName, withdrawn: Withdrawn },
    Logoff { call: CallId, handle: HandleId, withdrawn: Withdrawn },
    Retry { call: CallId, provider: ProviderId, correction: Correction, withdrawn: Withdrawn },
    Provider { session: SessionId, provider: ProviderId, attempt: Attempt, dialogs: Prompts },
    Entry { session: SessionId, entry: Entry, dialogs: EntryDialogs },
    Vote { session: SessionId, provider: ProviderId },
}

/// What the foreign code is to do.
pub(super) enum Order {
    /// Make a call.
    Call(Box<dyn FnOnce() -> Returned + Send>),
    /// Return.
    Return(Reply),
}

/// How the foreign code returns.
#[derive(Clone)]
pub(super) enum Reply {
    Picked(ProfileChosen),
    Password(SecretString),
    Chosen(RetryChoice),
    LoggedOn(ProviderResult),
    Configured(EntryResult),
    Vote(Vote),
    /// Yes.
    Agreed,
    Cancelled,
    Unavailable,
}

/// What a call returned to its caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Returned {
    /// An answer; the name is that of the profile, if it is a successful logon's.
    Answered(Answer, Option<ProfileName>),
    Unanswered,
    Panicked,
}

struct Sleeper {
    /// Which of all sleeps it is.
    number: u64,
    thread: Thread,
    until: Instant,
}

impl Stage {
    pub(super) fn new() -> Arc<Self> {
        let (scene, changed) = (Mutex::default(), Condvar::new());
        Arc::new(Self { scene, changed, beginning: Instant::now() })
    }

    fn lock(&self) -> MutexGuard<'_, Scene> {
        self.scene.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks at the scene, perhaps to change it.
    pub(super) fn look<T>(&self, look: impl FnOnce(&mut Scene) -> T) -> T {
        let seen = look(&mut self.lock());
        self.changed.notify_all();
        seen
    }

    /// Looks until there is what is looked for.
    pub(super) fn wait<T>(
        &self,
        what: &str,
        mut look: impl FnMut(&mut Scene) -> Option<T>,
    ) -> Result<T, String> {
        let mut scene = self.lock();
        loop {
            if let Some(found) = look(&mut scene) {
                self.changed.notify_all();
                return Ok(found);
            }
            if let Some((call, _)) = scene.returned.iter().find(|it| it.1 == Returned::Panicked) {
                return Err(format!("{call} panicked; waited for {what}"));
            }
            let woken = self.changed.wait_timeout(scene, FOREVER);
            let (woken, waited) = woken.unwrap_or_else(PoisonError::into_inner);
            if waited.timed_out() {
                return Err(format!("waited in vain for {what}"));
            }
            scene = woken;
        }
    }

    /// Takes down the engine's steps as they come, until it is gone.
    pub(super) fn take_down(self: &Arc<Self>, records: Receiver<StepRecord>) {
        let stage = Arc::clone(self);
        thread::spawn(move || {
            for record in records {
                stage.look(|scene| scene.records.push_back(record));
            }
            stage.look(|scene| scene.is_over = true);
        });
    }

    /// Lets everybody go, now and for ever.
    pub(super) fn open(&self) {
        self.look(|scene| {
            scene.is_open = true;
            scene.held.clear();
        });
    }

    /// Runs something on a thread of its own, and says on which.
    pub(super) fn spawn(self: &Arc<Self>, work: impl FnOnce() + Send + 'static) -> ThreadId {
        let stage = Arc::clone(self);
        let mut scene = self.lock();
        let thread = thread::spawn(move || {
            // A panic is told by the standard library; here the thread has ended, that is all.
            let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work));
            stage.look(|scene| scene.running.retain(|it| *it != thread::current().id()));
        });
        scene.running.push(thread.thread().id());
        thread.thread().id()
    }

    /// Makes a call on this thread and leaves what it returns.
    pub(super) fn make(&self, call: impl FnOnce() -> Returned) {
        let returned = std::panic::catch_unwind(std::panic::AssertUnwindSafe(call));
        let me = thread::current().id();
        self.look(|scene| {
            if let Some(call) = scene.call_of(me) {
                scene.returned.push((call, returned.unwrap_or(Returned::Panicked)));
            }
        });
    }

    /// Is foreign code: does what it is told until it is told to return.
    pub(super) fn visit(&self, asked: Asked) -> Reply {
        let (thread, idle) = (thread::current().id(), asked.idle_reply());
        let ticket = self.look(|scene| {
            let ticket = scene.ticket();
            let call = asked.call();
            let (order, is_busy, is_dropped) = (None, false, false);
            scene.visits.push(Visit { ticket, thread, call, asked, order, is_busy, is_dropped });
            ticket
        });
        let reply = loop {
            match self.next_order(ticket) {
                Some(Order::Call(call)) => {
                    self.make(call);
                    self.look(|scene| {
                        if let Some(visit) = scene.visit_mut(ticket) {
                            visit.is_busy = false;
                        }
                    });
                }
                Some(Order::Return(reply)) => break reply,
                None => break idle,
            }
        };
        self.look(|scene| scene.visits.retain(|visit| visit.ticket != ticket));
        reply
    }

    /// What the foreign code is to do next; nothing if nobody gives orders any more.
    fn next_order(&self, ticket: u64) -> Option<Order> {
        let mut scene = self.lock();
        loop {
            let order = scene.visit_mut(ticket).and_then(|visit| visit.order.take());
            if order.is_some() || scene.is_open {
                return order;
            }
            scene = self.changed.wait(scene).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Lets the time of a call pass until what it sleeps for.
    pub(super) fn pass_time(&self, call: CallId) -> Result<(), String> {
        self.wait(&format!("{call} to sleep by the clock"), |scene| {
            let thread = scene.thread_of(call);
            let sleeper = scene.sleepers.iter().find(|it| Some(it.thread.id()) == thread)?;
            let (thread, until) = (sleeper.thread.clone(), sleeper.until);
            scene.times.retain(|(it, _)| *it != thread.id());
            scene.times.push((thread.id(), until));
            thread.unpark();
            Some(())
        })
    }

    /// Where everybody is, for people.
    pub(super) fn describe(&self) -> Vec<String> {
        self.look(|scene| {
            let mut lines = Vec::new();
            for held in &scene.held {
                lines.push(format!("held before {:?}", held.event));
            }
            for visit in &scene.visits {
                let mut line = format!("in foreign code: {:?}", visit.asked);
                if visit.is_busy {
                    let _ = write!(line, ", busy with {:?}", scene.call_of(visit.thread));
                }
                lines.push(line);
            }
            for sleeper in &scene.sleepers {
                let call = scene.call_of(sleeper.thread.id());
                lines.push(format!("asleep by the clock: {call:?}"));
            }
            lines.push(format!("{} threads make calls", scene.running.len()));
            lines
        })
    }
}

impl Scene {
    /// A number that nothing else here has.
    pub(super) fn ticket(&mut self) -> u64 {
        self.count += 1;
        self.count
    }

    pub(super) fn visit_mut(&mut self, ticket: u64) -> Option<&mut Visit> {
        self.visits.iter_mut().find(|visit| visit.ticket == ticket)
    }

    /// The thread that makes or made this call.
    pub(super) fn thread_of(&self, call: CallId) -> Option<ThreadId> {
        self.callers.iter().find(|(it, _)| *it == call).map(|(_, thread)| *thread)
    }

    /// The last call that this thread made.
    pub(super) fn call_of(&self, thread: ThreadId) -> Option<CallId> {
        self.callers.iter().rev().find(|(_, it)| *it == thread).map(|(call, _)| *call)
    }

    /// Whether the call's thread sleeps by the clock, for this call, since so many have slept.
    pub(super) fn is_asleep(&self, call: CallId, since: u64) -> bool {
        let thread = self.thread_of(call);
        let mut sleepers = self.sleepers.iter();
        sleepers.any(|it| Some(it.thread.id()) == thread && it.number > since)
            && thread.and_then(|it| self.call_of(it)) == Some(call)
    }

    pub(super) fn returned(&self, call: CallId) -> Option<&Returned> {
        self.returned.iter().find(|(it, _)| *it == call).map(|(_, returned)| returned)
    }

    pub(super) fn has_ended(&self) -> bool {
        self.running.is_empty()
    }
}

impl Visit {
    /// Whether it is about this call or session, and this event reports what came of it.
    pub(super) fn answers(&self, subject: CallId, event: &Event) -> bool {
        let is_for = self.call == Some(subject);
        match (&self.asked, event) {
            (Asked::Chooser { .. }, Event::ProfileChosen { .. })
            | (Asked::Vote { .. }, Event::Voted { .. })
            | (Asked::Password { .. }, Event::PasswordEntered { .. })
            | (Asked::Logoff { .. }, Event::LogoffAnswered { .. }) => is_for,
            (Asked::Retry { provider, .. }, Event::RetryAnswered { provider: of, .. }) => {
                is_for && provider == of
            }
            (Asked::Entry { entry, .. }, Event::EntryReturned { entry: of, .. }) => {
                is_for && entry == of
            }
            (
                Asked::Entry { session, entry, .. },
                Event::TransportConfigured { provider: of, .. },
            ) => session.0 == subject && self.call.is_none() && *entry == Entry::Repair(*of),
            (
                Asked::Provider { session, provider, .. },
                Event::ProviderAnswered { provider: of, .. },
            ) => session.0 == subject && provider == of,
            (_, _) => false,
        }
    }
}

impl Asked {
    /// The call that it is for, as far as it was told.
    const fn call(&self) -> Option<CallId> {
        match self {
            Self::Chooser { call, .. }
            | Self::Password { call, .. }
            | Self::Logoff { call, .. }
            | Self::Retry { call, .. } => Some(*call),
            Self::Provider { .. } | Self::Entry { .. } | Self::Vote { .. } => None,
        }
    }

    /// The session of a provider that is to log on, or to vote.
    pub(super) const fn session(&self) -> Option<SessionId> {
        match self {
            Self::Provider { session, .. } | Self::Vote { session, .. } => Some(*session),
            Self::Chooser { .. }
            | Self::Password { .. }
            | Self::Logoff { .. }
            | Self::Retry { .. }
            | Self::Entry { .. } => None,
        }
    }

    /// The sign that nobody wants an answer any more.
    pub(super) const fn withdrawn(&self) -> Option<&Withdrawn> {
        match self {
            Self::Chooser { withdrawn, .. }
            | Self::Password { withdrawn, .. }
            | Self::Logoff { withdrawn, .. }
            | Self::Retry { withdrawn, .. } => Some(withdrawn),
            Self::Provider { .. } | Self::Entry { .. } | Self::Vote { .. } => None,
        }
    }

    /// How it returns if nobody cares how.
    pub(super) const fn idle_reply(&self) -> Reply {
        match self {
            Self::Chooser { .. }
            | Self::Password { .. }
            | Self::Logoff { .. }
            | Self::Retry { .. } => Reply::Unavailable,
            Self::Provider { .. } => Reply::LoggedOn(ProviderResult::Ok),
            Self::Entry { .. } => Reply::Configured(EntryResult::Ok),
            Self::Vote { .. } => Reply::Vote(Vote::Consents),
        }
    }
}

/// Holds every event until it is let go.
pub(super) struct Holding(pub(super) Arc<Stage>);

impl Pace for Holding {
    fn before(&self, event: &Event) {
        let thread = thread::current().id();
        let mut scene = self.0.lock();
        if let Some(call) = begins(event) {
            scene.callers.push((call, thread));
        }
        let ticket = scene.ticket();
        if !scene.is_open {
            scene.held.push(Held { ticket, thread, event: event.clone() });
        }
        self.0.changed.notify_all();
        while !scene.is_open && scene.held.iter().any(|held| held.ticket == ticket) {
            scene = self.0.changed.wait(scene).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// A clock that stands still, for each thread, until the replay lets its time pass.
pub(super) struct StageClock(pub(super) Arc<Stage>);

impl Clock for StageClock {
    fn now(&self) -> Instant {
        let me = thread::current().id();
        let scene = self.0.lock();
        let passed = scene.times.iter().find(|(thread, _)| *thread == me);
        passed.map_or(self.0.beginning, |(_, now)| *now)
    }

    fn park_until(&self, moment: Instant) {
        if self.now() >= moment {
            return;
        }
        let me = thread::current();
        self.0.look(|scene| {
            scene.slept += 1;
            let number = scene.slept;
            scene.sleepers.push(Sleeper { number, thread: me.clone(), until: moment });
        });
        thread::park();
        self.0.look(|scene| scene.sleepers.retain(|sleeper| sleeper.thread.id() != me.id()));
    }
}
