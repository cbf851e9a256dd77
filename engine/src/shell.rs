//! The core behind its lock, and the way its effects take.
//!
//! [`Shell::feed`] is the one place where events enter. Under the lock the core takes its step, the
//! step is recorded, and its effects are put where they belong: into the mailbox of a call, into
//! the roster of a session, or on the list of orders for which the feeding thread starts others
//! once the lock is open. What an effect means is decided elsewhere. Steps that ask how the profile
//! store stands, or may change it, hold the store's lock around the shell's own.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::convert::Infallible;
use std::time::Duration;

use mapi_session_core::{
    Answer, CallId, ClientId, Event, HandleId, Phase, ProfileKey, Seat, SessionId, Sessions, Step,
};

use crate::clock::Clock;
use crate::desk::{Desk, Edit, Edited};
use crate::errand::Errand;
use crate::error::HandleError;
use crate::listener::{Disconnected, Left, Listeners, end_handles};
use crate::mailbox::{About, Letter, Mailbox};
use crate::order::{News, Order, Told};
use crate::profiles::Profiles;
use crate::report::Report;
use crate::roster::Roster;
use crate::service::{Plan, Registered};
use crate::store::{Store, StoredProfile};
use crate::sync::{
    Arc, AtomicU64, Mutex, MutexGuard, Ordering, Sender, Thread, Weak, current_thread, lock,
};
use crate::watch::{Pace, StepRecord};

/// What an environment is made of, and stays.
pub(crate) struct Settings {
    pub(crate) profiles: Profiles,
    pub(crate) services: BTreeMap<String, Arc<Registered>>,
    /// The services that a profile has which is created with the default ones (`ADM-01`).
    pub(crate) default_services: Vec<String>,
    pub(crate) clock: Arc<dyn Clock>,
    /// How long a logon with `MAPI_TIMEOUT_SHORT` waits (`MTX-02`).
    pub(crate) short_wait: Duration,
    pub(crate) pace: Option<Arc<dyn Pace>>,
    pub(crate) recorder: Option<Sender<StepRecord>>,
}

pub(crate) struct Shell {
    pub(crate) settings: Settings,
    calls: AtomicU64,
    /// What the services of the profiles in use come to.
    plans: Mutex<BTreeMap<ProfileKey, Weak<Plan>>>,
    state: Mutex<State>,
}

pub(crate) struct State {
    pub(crate) core: Sessions,
    steps: u64,
    /// The calls that wait for something, in the core and at the other end of a mailbox.
    pub(crate) mailboxes: BTreeMap<CallId, Arc<Mailbox>>,
    /// Who serves the sessions that have not ended.
    pub(crate) rosters: BTreeMap<SessionId, Arc<Roster>>,
    /// Who waits for what is no call of the core's.
    pub(crate) errands: Vec<Arc<Errand>>,
    /// Who listens to sessions.
    pub(crate) listeners: Listeners,
    clients: BTreeSet<ClientId>,
    youngest_client: ClientId,
    /// How many marked profiles are about to go, with their last sessions gone.
    pub(crate) erasures: usize,
    /// Who waits for sessions to end.
    settling: Vec<Thread>,
}

impl Shell {
    pub(crate) fn new(settings: Settings, core: Sessions) -> Self {
        let state = State {
            core,
            steps: 0,
            mailboxes: BTreeMap::new(),
            rosters: BTreeMap::new(),
            errands: Vec::new(),
            listeners: Listeners::default(),
            clients: BTreeSet::new(),
            youngest_client: ClientId(0),
            erasures: 0,
            settling: Vec::new(),
        };
        let (calls, plans) = (AtomicU64::new(0), Mutex::default());
        Self { settings, calls, plans, state: Mutex::new(state) }
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

    /// What the services of a profile come to here; sessions on the profile share it, until the
    /// profile changes.
    pub(crate) fn plan(&self, profile: &StoredProfile) -> Arc<Plan> {
        let key = profile.snapshot.key;
        let mut plans = lock(&self.plans);
        let known = plans.get(&key).and_then(Weak::upgrade);
        if let Some(plan) = known.filter(|plan| plan.is_for(profile)) {
            return plan;
        }
        let plan = Arc::new(Plan::new(profile, &self.settings.services));
        plans.retain(|_, plan| plan.strong_count() > 0);
        plans.insert(key, Arc::downgrade(&plan));
        plan
    }

    /// Begins a call: the event says that it was made, the mailbox hears what comes of it.
    pub(crate) fn begin(self: &Arc<Self>, mailbox: &Arc<Mailbox>, event: Event) {
        let mut left = None;
        let orders = self.take_step(event, |state| state.admit(mailbox, &mut left));
        if let Some(left) = left {
            left.release();
        }
        self.carry_out(orders);
    }

    /// Makes a call that asks how the profile store stands and may change it, all in one step: it
    /// is answered when this returns, unless it was not even made.
    pub(crate) fn begin_at_the_store<E>(
        self: &Arc<Self>,
        mailbox: &Arc<Mailbox>,
        ask: impl Fn(&Store, &State) -> Result<Event, E>,
        edit: Edit,
    ) -> Result<Edited, E> {
        let enter = |state: &mut State| state.admit(mailbox, &mut None);
        let (orders, edited) = self.take_step_at_the_store(ask, edit, enter)?;
        self.carry_out(orders);
        Ok(edited)
    }

    /// Reports how the profile store stands.
    pub(crate) fn feed_from_the_store(self: &Arc<Self>, ask: impl Fn(&Store) -> Event) {
        let ask = |store: &Store, _: &State| Ok::<_, Infallible>(ask(store));
        let Ok((orders, _)) = self.take_step_at_the_store(ask, Edit::Nothing, |_| true);
        self.carry_out(orders);
    }

    /// Reports what happened.
    pub(crate) fn feed(self: &Arc<Self>, event: Event) {
        let orders = self.take_step(event, |_| true);
        self.carry_out(orders);
    }

    /// Reports that a call's deadline has passed, unless it waits for something else by now.
    pub(crate) fn feed_deadline(self: &Arc<Self>, mailbox: &Mailbox) {
        let event = Event::DeadlinePassed { call: mailbox.call };
        let orders = self.take_step(event, |_| !mailbox.has_new_wait());
        self.carry_out(orders);
    }

    /// Reports that something needs the transports of a session; whoever waits for that is entered
    /// in the same step.
    pub(crate) fn demand(self: &Arc<Self>, session: SessionId, errand: Option<&Arc<Errand>>) {
        let orders = self.take_step(Event::SpoolerDemanded { session }, |state| {
            state.errands.extend(errand.map(Arc::clone));
            true
        });
        self.carry_out(orders);
    }

    /// Reports what came of an order.
    pub(crate) fn hear(self: &Arc<Self>, told: Told) {
        let orders = self.take_in(told);
        self.carry_out(orders);
    }

    fn take_in(self: &Arc<Self>, told: Told) -> Vec<Order> {
        let Told { event, roster, news } = told;
        let roster = &roster;
        let is_end = matches!(news, News::Closed);
        let mut unwanted = None;
        let orders = self.take_step(event, |_| {
            unwanted = news.enter(roster).err();
            unwanted.is_none()
        });
        if let Some(outcome) = unwanted {
            roster.dispose_of(outcome);
        }
        if is_end {
            self.forget_session(roster.session);
        }
        orders
    }

    fn carry_out(self: &Arc<Self>, orders: Vec<Order>) {
        let mut orders = VecDeque::from(orders);
        while let Some(order) = orders.pop_front() {
            if let Some(told) = order.carry_out(self) {
                orders.extend(self.take_in(told));
            }
        }
    }

    /// Lets the core take a step, unless it turns out under the lock that nobody is to hear of it.
    fn take_step(&self, event: Event, enter: impl FnOnce(&mut State) -> bool) -> Vec<Order> {
        if let Some(pace) = &self.settings.pace {
            pace.before(&event);
        }
        if !can_settle(&event) {
            return self.commit(&mut self.lock(), event, &mut Desk::away(), enter);
        }
        self.settings.profiles.change(|store| {
            self.commit(&mut self.lock(), event, &mut Desk::at(store, Edit::Nothing), enter)
        })
    }

    /// Lets the core take a step whose event says how the profile store stands.
    ///
    /// The store stays as it is until the step has been taken and what it orders has been done. The
    /// store's lock is taken first, then the shell's: here and in [`take_step`](Self::take_step),
    /// and nowhere else both. What runs under the shell's lock is the business of [`State`], which
    /// has no way to the store but the [`Desk`] it is handed, so nobody can take them the other way
    /// round.
    fn take_step_at_the_store<E>(
        &self,
        ask: impl Fn(&Store, &State) -> Result<Event, E>,
        edit: Edit,
        enter: impl FnOnce(&mut State) -> bool,
    ) -> Result<(Vec<Order>, Edited), E> {
        let profiles = &self.settings.profiles;
        if let Some(pace) = &self.settings.pace {
            // How the store stands is asked again when the event may be fed.
            let event = profiles.read(|store| ask(store, &self.lock()))?;
            pace.before(&event);
        }
        profiles.change(|store| {
            let mut state = self.lock();
            let event = ask(store, &state)?;
            let mut desk = Desk::at(store, edit);
            let orders = self.commit(&mut state, event, &mut desk, enter);
            Ok((orders, desk.edited))
        })
    }

    fn commit(
        &self,
        state: &mut State,
        event: Event,
        desk: &mut Desk<'_>,
        enter: impl FnOnce(&mut State) -> bool,
    ) -> Vec<Order> {
        if !enter(state) {
            return Vec::new();
        }
        let record = self.settings.recorder.as_ref().map(|recorder| (recorder, event.clone()));
        let is_crash = matches!(event, Event::ClientCrashed { .. });
        let Step { rule, effects } = state.core.step(event);
        let may_end_handles = is_crash || end_handles(&effects);
        state.steps += 1;
        state.end_errands();
        if let Some((recorder, event)) = record {
            let (number, effects) = (state.steps, effects.clone());
            // A recorder that has gone away is no reason to stop.
            let _ = recorder.send(StepRecord { number, event, rule, effects });
        }
        let mut orders = state.hand_over(effects, desk);
        if may_end_handles {
            orders.extend(state.end_listeners());
        }
        orders
    }

    /// Looks at the place of a handle, which is a live one of this client.
    pub(crate) fn look<T>(
        &self,
        client: ClientId,
        handle: HandleId,
        at: impl FnOnce(&State, Seat) -> T,
    ) -> Result<T, HandleError> {
        let state = self.lock();
        let seat = state.live_seat(client, handle)?;
        Ok(at(&state, seat))
    }

    /// Enters an errand, which is told from now on when its handle ends.
    pub(crate) fn begin_errand(&self, errand: &Arc<Errand>) {
        let mut state = self.lock();
        state.errands.push(Arc::clone(errand));
        state.end_errands();
    }

    pub(crate) fn forget_errand(&self, errand: &Arc<Errand>) {
        self.lock().errands.retain(|it| !Arc::ptr_eq(it, errand));
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

    /// Forgets who served a session that has ended.
    fn forget_session(&self, session: SessionId) {
        let mut state = self.lock();
        state.rosters.remove(&session);
        state.wake_settling();
    }

    /// A profile is gone, and its services know.
    pub(crate) fn end_erasure(&self) {
        let mut state = self.lock();
        state.erasures -= 1;
        state.wake_settling();
    }

    /// Whether no session waits to end, nor a profile to go with it; if one does, the thread is
    /// woken when one has ended.
    pub(crate) fn is_settled(&self) -> bool {
        let mut state = self.lock();
        let ending = state.core.sessions().any(|(_, session)| match session.phase {
            Phase::Draining => true,
            Phase::Building | Phase::Individual | Phase::Shared { .. } | Phase::Closing { .. } => {
                false
            }
        });
        let is_settled = !ending && state.erasures == 0;
        if !is_settled {
            state.settling.push(current_thread());
        }
        is_settled
    }

    pub(crate) fn phase(&self, session: SessionId) -> Option<Phase> {
        self.lock().core.session(session).map(|view| view.phase)
    }

    /// How those stand who serve a session.
    pub(crate) fn report(&self, session: SessionId) -> Option<Report> {
        self.lock().rosters.get(&session).map(|roster| roster.report())
    }

    pub(crate) fn core(&self) -> Sessions {
        self.lock().core.clone()
    }

    /// Whether a step panicked, which only a bug can bring about. Nothing can be done after that.
    pub(crate) fn is_broken(&self) -> bool {
        self.state.is_poisoned()
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        assert!(!self.is_broken(), "an earlier step of the core panicked");
        lock(&self.state)
    }
}

/// Whether the last session on a profile can end in a step with this event, so that it may have
/// orders for the profile store.
const fn can_settle(event: &Event) -> bool {
    matches!(event, Event::SessionClosed { .. } | Event::FastShutdownCalled { .. })
}

impl State {
    pub(crate) fn wake_settling(&mut self) {
        self.settling.drain(..).for_each(|thread| thread.unpark());
    }

    /// Lets a call in; says whether the core is to hear of it.
    ///
    /// A connection ends in the same step, if it is the last one of its handle. If it is not, there
    /// is no step.
    fn admit(&mut self, mailbox: &Arc<Mailbox>, left: &mut Option<Left>) -> bool {
        match mailbox.about {
            About::Nothing | About::Provider(..) | About::AddressBook(_) | About::Sink(_) => {}
            About::Connection { client, handle, connection } => {
                match self.disconnect(client, handle, connection) {
                    Disconnected::Last(last) => *left = last,
                    Disconnected::OneOfSeveral(one) => {
                        *left = Some(one);
                        mailbox.post(Letter::Answer(Answer::Unadvised(Ok(()))));
                        return false;
                    }
                }
            }
        }
        self.mailboxes.insert(mailbox.call, Arc::clone(mailbox));
        true
    }
}

#[cfg(test)]
mod tests;
