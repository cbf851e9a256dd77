//! Who serves a session: a post for each provider, with what is known of it.
//!
//! Posts hold what the protocol has no use for: the provider and logon objects, which attempt is
//! out, what failed and why. They are changed under the lock of the shell, so that they are never
//! ahead of the protocol nor behind it; foreign code is called elsewhere, without any lock.

use mapi_session_core::{Attempt, ProviderId, ProviderKind, ServiceId, SessionId};

use crate::failure::{Cause, FailedPhase, Failure, Trouble};
use crate::foreign;
use crate::loaded::{Arrival, LogonObject, ProviderObject};
use crate::profiles::ProfileSnapshot;
use crate::report::{ProviderRecord, ProviderState, Report, ServiceRecord};
use crate::service::{Plan, PlannedProvider};
use crate::status::ProviderRow;
use crate::sync::{Arc, Condvar, Mutex, PoisonError, lock};

pub(crate) struct Roster {
    pub(crate) session: SessionId,
    pub(crate) profile: Arc<ProfileSnapshot>,
    pub(crate) plan: Arc<Plan>,
    posts: Mutex<Posts>,
    /// Somebody has stopped using a provider.
    freed: Condvar,
}

struct Posts {
    providers: Box<[Post]>,
    services: Box<[ServiceRecord]>,
    /// Provider objects that threads were in whom nobody waits for any more.
    abandoned: Vec<ProviderObject>,
    tickets: u64,
    end: End,
}

/// What is done with a success that nobody waits for.
#[derive(Clone, Copy, Default)]
enum End {
    /// It is taken back.
    #[default]
    Orderly,
    /// It is dropped: a fast shutdown has ended the session as it was (`FSD-09`).
    Fast,
}

/// Tells an order from others for the same provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ticket(u64);

#[derive(Default)]
struct Post {
    standing: Standing,
    provider: Option<ProviderObject>,
    logon: Option<LogonObject>,
    /// The attempt that is out.
    attempt: Option<(Ticket, FailedPhase)>,
    /// The entry call for this provider that is out.
    entry: Option<Ticket>,
    /// How many use the logon object at this moment.
    uses: usize,
    /// What went wrong since the last first attempt, in order.
    failures: Vec<Failure>,
    /// With what it is logged on nevertheless.
    warning: Option<Cause>,
    /// What it shows in the status table, if it wants to.
    row: Option<Box<ProviderRow>>,
}

#[derive(Clone, Copy, Default)]
enum Standing {
    #[default]
    NotStarted,
    Failed,
    Running,
    /// It is being logged off or shut down.
    Ending,
}

/// What came of an attempt.
pub(crate) struct Outcome {
    /// None if it could not be loaded.
    pub(crate) provider: Option<ProviderObject>,
    pub(crate) result: Result<Arrival, Failure>,
}

impl Roster {
    pub(crate) fn new(session: SessionId, profile: Arc<ProfileSnapshot>, plan: Arc<Plan>) -> Self {
        let posts = Posts {
            providers: plan.providers().map(|_| Post::default()).collect(),
            services: plan.services().map(|_| ServiceRecord::default()).collect(),
            abandoned: Vec::new(),
            tickets: 0,
            end: End::Orderly,
        };
        Self { session, profile, plan, posts: Mutex::new(posts), freed: Condvar::new() }
    }

    /// An attempt goes out; a first one begins a new record.
    pub(crate) fn send(
        &self,
        provider: ProviderId,
        attempt: Attempt,
        phase: FailedPhase,
    ) -> Ticket {
        let mut posts = lock(&self.posts);
        let ticket = posts.ticket();
        let post = posts.post(provider);
        let entry = post.entry.take();
        match attempt {
            Attempt::First => post.failures.clear(),
            Attempt::Second if entry.is_some() => {
                post.failures.push(Failure::no_answer(FailedPhase::Entry));
            }
            Attempt::Second => {}
        }
        post.attempt = Some((ticket, phase));
        ticket
    }

    /// The provider object, if it was loaded before.
    pub(crate) fn loaded(&self, provider: ProviderId) -> Option<ProviderObject> {
        lock(&self.posts).post(provider).provider.clone()
    }

    /// Whether this attempt is still waited for.
    pub(crate) fn awaits(&self, provider: ProviderId, ticket: Ticket) -> bool {
        let mut posts = lock(&self.posts);
        posts.post(provider).attempt.is_some_and(|(out, _)| out == ticket)
    }

    /// An attempt is over; what came of it comes back if nobody waits for it.
    pub(crate) fn take_in(
        &self,
        provider: ProviderId,
        ticket: Ticket,
        outcome: Outcome,
    ) -> Result<(), Outcome> {
        let mut posts = lock(&self.posts);
        let post = posts.post(provider);
        if post.attempt.is_none_or(|(out, _)| out != ticket) {
            return Err(outcome);
        }
        post.attempt = None;
        if outcome.provider.is_some() {
            post.provider = outcome.provider;
        }
        match outcome.result {
            Ok(Arrival { object, warning, row }) => {
                post.logon = Some(object);
                post.warning = warning;
                post.row = row;
                post.standing = Standing::Running;
            }
            Err(failure) => {
                post.failures.push(failure);
                post.standing = Standing::Failed;
            }
        }
        Ok(())
    }

    /// Nobody waits for the attempt that is out, whatever comes of it.
    ///
    /// The provider object is left to the thread that is in it; the next attempt loads another.
    pub(crate) fn forget_attempt(&self, provider: ProviderId) {
        let mut posts = lock(&self.posts);
        let abandoned = posts.post(provider).provider.take();
        posts.abandoned.extend(abandoned);
        let post = posts.post(provider);
        if let Some((_, phase)) = post.attempt.take() {
            post.failures.push(Failure::abandoned(phase));
            post.standing = Standing::Failed;
        }
    }

    /// An entry call for a provider goes out.
    pub(crate) fn send_entry(&self, provider: ProviderId) -> (Ticket, Failure) {
        let mut posts = lock(&self.posts);
        let ticket = posts.ticket();
        let post = posts.post(provider);
        post.entry = Some(ticket);
        let failure = post.failures.last().cloned();
        (ticket, failure.expect("what has not failed needs no repair"))
    }

    /// An entry call for a provider is over.
    pub(crate) fn take_in_entry(&self, provider: ProviderId, ticket: Ticket, it: Option<Failure>) {
        let mut posts = lock(&self.posts);
        let post = posts.post(provider);
        if post.entry == Some(ticket) {
            post.entry = None;
            post.failures.extend(it);
        }
    }

    /// The configuration of a service was shown, or could not be.
    pub(crate) fn note_shown(&self, service: ServiceId, failure: Option<Failure>) {
        lock(&self.posts).services[usize::from(service.0)].shown = failure;
    }

    /// A service is disabled; what its provider did last is why.
    pub(crate) fn disable(&self, service: ServiceId, after: ProviderId) {
        let mut posts = lock(&self.posts);
        let post = posts.post(after);
        if let Some((_, phase)) = post.attempt {
            post.failures.push(Failure::no_answer(phase));
        }
        let failure = post.failures.last().cloned();
        let failure = failure.expect("a service is disabled after a failure");
        posts.services[usize::from(service.0)].disabled = Some((after, failure));
    }

    /// Why a provider cannot be used: its service is disabled, it has not answered, it failed.
    pub(crate) fn trouble(&self, provider: ProviderId) -> Option<Trouble> {
        let service = self.plan.provider(provider).service;
        let posts = lock(&self.posts);
        let post = &posts.providers[usize::from(provider.0)];
        let (whose, failure) =
            match (&posts.services[usize::from(service.0)].disabled, post.attempt) {
                (Some((after, failure)), _) => (*after, failure.clone()),
                (None, Some((_, phase))) => (provider, Failure::no_answer(phase)),
                (None, None) => (provider, post.failures.last()?.clone()),
            };
        Some(Trouble::new(self.plan.describe(whose), failure))
    }

    /// Why address books do not run, each that does not.
    pub(crate) fn missing_books(&self) -> Vec<Trouble> {
        let books = self.plan.providers().filter(|(_, planned)| match planned.spec.kind {
            ProviderKind::AddressBook => true,
            ProviderKind::Store | ProviderKind::Transport => false,
        });
        let missing = books.filter(|(id, planned)| !self.is_ready(*id, planned.service));
        missing.filter_map(|(id, _)| self.trouble(id)).collect()
    }

    fn is_ready(&self, provider: ProviderId, service: ServiceId) -> bool {
        let posts = lock(&self.posts);
        let service = &posts.services[usize::from(service.0)];
        match posts.providers[usize::from(provider.0)].state(service) {
            ProviderState::Ready { .. } => true,
            ProviderState::NotStarted
            | ProviderState::LoggingOn
            | ProviderState::Failed(_)
            | ProviderState::Quiesced
            | ProviderState::Ending => false,
        }
    }

    /// Says how everybody stands.
    pub(crate) fn report(&self) -> Report {
        let posts = lock(&self.posts);
        let of = |(id, planned): (ProviderId, &PlannedProvider)| {
            let post = &posts.providers[usize::from(id.0)];
            let service = &posts.services[usize::from(planned.service.0)];
            let failures = post.failures.iter().cloned().collect();
            ProviderRecord { state: post.state(service), failures }
        };
        let providers = self.plan.providers().map(of).collect();
        Report::new(self.session, Arc::clone(&self.plan), posts.services.clone(), providers)
    }

    /// A provider gets the order to log off.
    pub(crate) fn note_log_off(&self, provider: ProviderId) {
        lock(&self.posts).post(provider).standing = Standing::Ending;
    }

    /// A provider is shut down.
    pub(crate) fn note_shut_down(&self, provider: ProviderId) {
        lock(&self.posts).post(provider).standing = Standing::NotStarted;
    }

    /// What a provider shows in the status table, if it has said anything about that.
    pub(crate) fn row(&self, provider: ProviderId) -> Option<ProviderRow> {
        lock(&self.posts).post(provider).row.as_deref().cloned()
    }

    /// Lends the logon object of a provider that runs.
    pub(crate) fn lend(self: &Arc<Self>, provider: ProviderId) -> Loan {
        let mut posts = lock(&self.posts);
        let post = posts.post(provider);
        post.uses += 1;
        let object = post.logon.clone().expect("a provider that is used runs");
        Loan { roster: Arc::clone(self), provider, object: Some(object) }
    }

    /// Logs a provider off once nobody uses it. This is foreign code.
    pub(crate) fn log_off(&self, provider: ProviderId) {
        let mut posts = lock(&self.posts);
        while posts.post(provider).uses > 0 {
            posts = self.freed.wait(posts).unwrap_or_else(PoisonError::into_inner);
        }
        let logon = posts.post(provider).logon.take();
        drop(posts);
        if let Some(logon) = logon {
            log_off(logon);
        }
    }

    /// Shuts a provider down. This is foreign code.
    pub(crate) fn shut_down(&self, provider: ProviderId) {
        let provider = lock(&self.posts).post(provider).provider.take();
        if let Some(provider) = provider {
            shut_down(provider);
        }
    }

    /// Drops the providers that were loaded and never ran. This is foreign code.
    pub(crate) fn clear(&self) {
        let mut left = lock(&self.posts).take_providers();
        while let Some(provider) = left.pop() {
            run_foreign(|| drop(provider));
        }
    }

    /// The session has ended as it is: whatever is out is waited for by nobody.
    pub(crate) fn note_fast_end(&self) {
        let mut posts = lock(&self.posts);
        posts.end = End::Fast;
        posts.providers.iter_mut().for_each(|post| post.attempt = None);
    }

    /// Drops what is left after a fast end, without logging anything off (`FSD-09`). This is
    /// foreign code.
    pub(crate) fn discard(&self) {
        let logons: Vec<_> = {
            let mut posts = lock(&self.posts);
            posts.providers.iter_mut().filter_map(|post| post.logon.take()).collect()
        };
        logons.into_iter().for_each(|logon| run_foreign(|| drop(logon)));
        self.clear();
    }

    /// Gets rid of a success that nobody waits for (`CAN-03`). This is foreign code.
    pub(crate) fn dispose_of(&self, outcome: Outcome) {
        let end = lock(&self.posts).end;
        match end {
            End::Orderly => outcome.take_back(),
            End::Fast => run_foreign(|| drop(outcome)),
        }
    }
}

impl Post {
    fn state(&self, service: &ServiceRecord) -> ProviderState {
        if self.attempt.is_some() {
            return ProviderState::LoggingOn;
        }
        match (self.standing, self.failures.last()) {
            (Standing::Failed, Some(failure)) => ProviderState::Failed(failure.clone()),
            (Standing::NotStarted, _) | (Standing::Failed, None) => ProviderState::NotStarted,
            (Standing::Running, _) if service.disabled.is_some() => ProviderState::Quiesced,
            (Standing::Running, _) => ProviderState::Ready { warning: self.warning.clone() },
            (Standing::Ending, _) => ProviderState::Ending,
        }
    }
}

impl Posts {
    fn ticket(&mut self) -> Ticket {
        self.tickets += 1;
        Ticket(self.tickets)
    }

    fn post(&mut self, provider: ProviderId) -> &mut Post {
        &mut self.providers[usize::from(provider.0)]
    }

    fn take_providers(&mut self) -> Vec<ProviderObject> {
        let mut taken = std::mem::take(&mut self.abandoned);
        taken.extend(self.providers.iter_mut().filter_map(|post| post.provider.take()));
        taken
    }
}

impl Outcome {
    /// Undoes a success. This is foreign code.
    fn take_back(self) {
        let Self { provider, result } = self;
        match (provider, result) {
            (Some(provider), Ok(Arrival { object, .. })) => {
                log_off(object);
                shut_down(provider);
            }
            (provider, result) => run_foreign(|| drop((provider, result))),
        }
    }
}

/// A logon object in use.
pub(crate) struct Loan {
    roster: Arc<Roster>,
    provider: ProviderId,
    object: Option<LogonObject>,
}

impl Loan {
    pub(crate) fn object(&self) -> &LogonObject {
        self.object.as_ref().expect("it is given back in the end")
    }
}

impl Drop for Loan {
    fn drop(&mut self) {
        // First the object, so that the last one is the post's.
        self.object = None;
        lock(&self.roster.posts).post(self.provider).uses -= 1;
        self.roster.freed.notify_all();
    }
}

fn log_off(logon: LogonObject) {
    run_foreign(|| logon.log_off());
    run_foreign(|| drop(logon));
}

fn shut_down(provider: ProviderObject) {
    run_foreign(|| provider.shut_down());
    run_foreign(|| drop(provider));
}

/// Runs foreign code that has nothing to say: a panic counts as done.
pub(crate) fn run_foreign(foreign: impl FnOnce()) {
    // Nobody waits to be told.
    let _ = foreign::call(foreign);
}
