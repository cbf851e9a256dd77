//! The core behind its lock, and the way its effects take.
//!
//! [`Shell::feed`] is the one place where events enter. Under the lock the core takes its step, the
//! step is recorded, and its effects are put where they belong: into the mailbox of a call, or on
//! the list of orders that the feeding thread carries out once the lock is open. What an effect
//! means is decided elsewhere.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use mapi_session_core::{
    Answer, CallId, ClientId, Effect, Event, Phase, ProviderDialogs, SessionId, Sessions, Step,
};

use crate::clock::Clock;
use crate::mailbox::{Letter, Mailbox, Question};
use crate::process::RawLogon;
use crate::profiles::Profiles;
use crate::provider::ServiceProvider;
use crate::running::Running;
use crate::sync::{
    Arc, AtomicU64, Mutex, MutexGuard, Ordering, Sender, Thread, current_thread, lock,
};
use crate::watch::{Pace, StepRecord};

/// What an environment is made of, and stays.
pub(crate) struct Settings {
    pub(crate) profiles: Profiles,
    pub(crate) services: BTreeMap<String, Arc<dyn ServiceProvider>>,
    pub(crate) clock: Arc<dyn Clock>,
    /// How long a logon with `MAPI_TIMEOUT_SHORT` waits (`MTX-02`).
    pub(crate) short_wait: Duration,
    pub(crate) pace: Option<Arc<dyn Pace>>,
    pub(crate) recorder: Option<Sender<StepRecord>>,
}

pub(crate) struct Shell {
    pub(crate) settings: Settings,
    calls: AtomicU64,
    state: Mutex<State>,
}

struct State {
    core: Sessions,
    steps: u64,
    /// The calls that wait for something, in the core and at the other end of a mailbox.
    mailboxes: BTreeMap<CallId, Arc<Mailbox>>,
    /// What runs for the sessions that have not ended.
    running: BTreeMap<SessionId, Arc<Running>>,
    clients: BTreeSet<ClientId>,
    youngest_client: ClientId,
    /// Who waits for sessions to end.
    settling: Vec<Thread>,
}

/// What the thread that fed an event does when the lock is open.
enum Order {
    Start(Arc<Running>),
    Stop(Arc<Running>),
}

impl Shell {
    pub(crate) fn new(settings: Settings, core: Sessions) -> Self {
        let state = State {
            core,
            steps: 0,
            mailboxes: BTreeMap::new(),
            running: BTreeMap::new(),
            clients: BTreeSet::new(),
            youngest_client: ClientId(0),
            settling: Vec::new(),
        };
        Self { settings, calls: AtomicU64::new(0), state: Mutex::new(state) }
    }

    /// What tells this environment from others.
    pub(crate) fn identity(self: &Arc<Self>) -> usize {
        Arc::as_ptr(self).addr()
    }

    /// A number that no call has had.
    pub(crate) fn new_call(&self) -> CallId {
        CallId(self.calls.fetch_add(1, Ordering::Relaxed) + 1)
    }

    /// A number that no process has now.
    pub(crate) fn new_client(&self) -> ClientId {
        let mut state = self.lock();
        loop {
            state.youngest_client = ClientId(state.youngest_client.0.wrapping_add(1));
            let client = state.youngest_client;
            if state.clients.insert(client) {
                return client;
            }
        }
    }

    pub(crate) fn forget_client(&self, client: ClientId) {
        self.lock().clients.remove(&client);
    }

    /// Begins a call: the event says that it was made, the mailbox hears what comes of it.
    pub(crate) fn begin(self: &Arc<Self>, mailbox: &Arc<Mailbox>, event: Event) {
        self.take_step(event, Some(mailbox));
    }

    /// Reports what happened.
    pub(crate) fn feed(self: &Arc<Self>, event: Event) {
        self.take_step(event, None);
    }

    fn take_step(self: &Arc<Self>, event: Event, begun: Option<&Arc<Mailbox>>) {
        if let Some(pace) = &self.settings.pace {
            pace.before(&event);
        }
        let mut state = self.lock();
        if let Some(mailbox) = begun {
            state.mailboxes.insert(mailbox.call, Arc::clone(mailbox));
        }
        let record = self.settings.recorder.as_ref().map(|recorder| (recorder, event.clone()));
        let Step { rule, effects } = state.core.step(event);
        state.steps += 1;
        if let Some((recorder, event)) = record {
            let (number, effects) = (state.steps, effects.clone());
            // A recorder that has gone away is no reason to stop.
            let _ = recorder.send(StepRecord { number, event, rule, effects });
        }
        let mut orders = Vec::new();
        for effect in effects {
            orders.extend(state.put(effect, &self.settings));
        }
        drop(state);
        for order in orders {
            match order {
                Order::Start(running) => running.start(self),
                Order::Stop(running) => running.stop(self),
            }
        }
    }

    /// Tells calls that the core no longer knows that they have no answer to wait for.
    ///
    /// That is all the core says of a call that was withdrawn, or whose client is gone.
    pub(crate) fn drop_lost_calls(&self) {
        let mut state = self.lock();
        let State { core, mailboxes, .. } = &mut *state;
        if mailboxes.is_empty() {
            return;
        }
        let known: BTreeSet<CallId> = core.calls().map(|(call, _)| call).collect();
        mailboxes.retain(|call, mailbox| {
            let is_known = known.contains(call);
            if !is_known {
                mailbox.post(Letter::Dropped);
            }
            is_known
        });
    }

    /// Forgets what ran for a session that has ended.
    pub(crate) fn forget_session(&self, session: SessionId) {
        let mut state = self.lock();
        state.running.remove(&session);
        for thread in state.settling.drain(..) {
            thread.unpark();
        }
    }

    /// Whether no session waits to end; if one does, the thread is woken when one has ended.
    pub(crate) fn is_settled(&self) -> bool {
        let mut state = self.lock();
        let ending = state.core.sessions().any(|(_, session)| match session.phase {
            Phase::Abandoned | Phase::Draining => true,
            Phase::Building | Phase::Individual | Phase::Shared { .. } => false,
        });
        if ending {
            state.settling.push(current_thread());
        }
        !ending
    }

    pub(crate) fn phase(&self, session: SessionId) -> Option<Phase> {
        let state = self.lock();
        let mut sessions = state.core.sessions();
        sessions.find(|(id, _)| *id == session).map(|(_, view)| view.phase)
    }

    pub(crate) fn core(&self) -> Sessions {
        self.lock().core.clone()
    }

    /// Whether a step panicked, which only a bug can bring about. Nothing can be done after that.
    pub(crate) fn is_broken(&self) -> bool {
        self.state.is_poisoned()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        assert!(!self.is_broken(), "an earlier step of the core panicked");
        lock(&self.state)
    }
}

impl State {
    /// Puts an effect where it belongs; what the feeding thread is to do itself comes back.
    fn put(&mut self, effect: Effect, settings: &Settings) -> Option<Order> {
        match effect {
            Effect::Continue { call } => self.post(call, Letter::Continue),
            Effect::StartTimer { call } => self.post(call, Letter::StartTimer),
            Effect::LookUpProfile { call, by } => self.post(call, Letter::LookUp(by)),
            Effect::CheckPassword { call, profile: _, source } => {
                self.post(call, Letter::CheckPassword(source));
            }
            Effect::AskForProfile { call, app_profiles } => {
                self.mailbox(call).post_question(Question::Profile(app_profiles));
            }
            Effect::AskForPassword { call, profile: _ } => {
                self.mailbox(call).post_question(Question::Password);
            }
            Effect::ConfirmLogoff { call, handle } => {
                self.mailbox(call).post_question(Question::Logoff(handle));
            }
            Effect::WithdrawPrompt { call } => self.mailbox(call).withdraw_question(),
            Effect::StartProviders { session, profile: _, dialogs } => {
                return Some(Order::Start(self.build(session, dialogs, settings)));
            }
            Effect::StopProviders { session } => {
                return Some(Order::Stop(Arc::clone(self.running(session))));
            }
            Effect::Answer { call, answer } => self.answer(call, answer),
        }
        None
    }

    fn post(&self, call: CallId, letter: Letter) {
        self.mailbox(call).post(letter);
    }

    fn mailbox(&self, call: CallId) -> &Mailbox {
        self.mailboxes.get(&call).expect("a call that is told something has not returned")
    }

    fn running(&self, session: SessionId) -> &Arc<Running> {
        self.running.get(&session).expect("a session that is spoken of has not ended")
    }

    fn build(
        &mut self,
        session: SessionId,
        dialogs: ProviderDialogs,
        settings: &Settings,
    ) -> Arc<Running> {
        let mailbox = self.mailbox(session.0);
        let picked = mailbox.picked().expect("a logon has a profile before it has a session");
        let profile = Arc::clone(&picked.profile.snapshot);
        let services = profile.services.iter();
        let providers = services
            .filter_map(|name| Some((name.clone(), Arc::clone(settings.services.get(name)?))))
            .collect();
        let running = Running::new(session, profile, providers, dialogs, mailbox.ui_param);
        let running = Arc::new(running);
        self.running.insert(session, Arc::clone(&running));
        running
    }

    fn answer(&mut self, call: CallId, answer: Answer) {
        let letter = match answer {
            Answer::LoggedOn(Ok(logon)) => {
                let profile = Arc::clone(&self.running(logon.session).profile);
                Letter::LoggedOn(RawLogon { handle: logon.handle, session: logon.session, profile })
            }
            Answer::LoggedOn(Err(_))
            | Answer::Initialized(_)
            | Answer::Uninitialized
            | Answer::LoggedOff(_)
            | Answer::Released(_) => Letter::Answer(answer),
        };
        self.post(call, letter);
        self.mailboxes.remove(&call);
    }
}
