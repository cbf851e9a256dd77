//! The state of the protocol, and the one way to change it.
//!
//! [`Sessions::step`] deals events out; what they do stands in one file a stage of life:
//! `client` (from initialisation to crash or withdrawal), `queue` (waiting for the mutex), `holder`
//! and `starting` (the logon that has it), `live` (all sessions), `session` (one, its services and
//! providers), `spooler` (how it brings up transports), `handle` (logoff and release), `open`,
//! `object` and `default_store` (what is done with a handle), `notice` (what its owner hears),
//! `fast_shutdown` (how clients go in a hurry), `administration` (edits of profiles).
//! What a provider's answer means stands in `series`, whom it concerns in `provider`, and whose
//! turn it is with a provider in `turns`. `claims` finds calls by provider, `inspect` shows the
//! state, `invariants` says what must be true of it.

mod administration;
mod claims;
mod client;
mod default_store;
mod fast_shutdown;
mod handle;
mod holder;
mod inspect;
mod invariants;
mod live;
mod notice;
mod object;
mod open;
mod provider;
mod queue;
mod series;
mod session;
mod spooler;
mod starting;
mod turns;

use alloc::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::effect::{Effect, Step};
use crate::event::Event;
use crate::id::{CallId, ClientId, HandleId, SessionId};
use crate::request::{LogoffScope, LogonRequest};
use crate::rule::Rule;
use crate::shutdown::FastShutdownPolicy;
use crate::view::{Child, ClientView, Inbox, Seat};

use claims::Claims;
use fast_shutdown::Query;
use holder::Holder;
use live::LiveSessions;
use open::Opening;

/// What the subsystem may be bound to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Limits {
    /// How many sessions may exist that have not ended; a join never counts.
    pub sessions: Option<u32>,
    /// What it takes for a client to be allowed to shut down fast (D-19).
    pub fast_shutdown: FastShutdownPolicy,
}

/// Every client, call, handle and session of one user's environment.
///
/// Two values are equal exactly if they behave alike for ever: nothing is remembered that no longer
/// matters. A clone is independent.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Sessions {
    limits: Limits,
    clients: BTreeMap<ClientId, ClientView>,
    /// Those that have shut down fast, and are not gone yet (`FSD-06`).
    dead: BTreeSet<ClientId>,
    /// What clients have: a call until it is answered, then the handle that it made, if any.
    belongings: BTreeMap<CallId, Belonging>,
    /// The same by client, so that a client's own are found without a look at the others'.
    owners: BTreeSet<(ClientId, CallId)>,
    /// The logons that wait for the mutex, in order of arrival (`MTX-03`).
    queue: VecDeque<CallId>,
    /// The logon that holds the mutex, if one does: there is room for one (`MTX-01`).
    mutex: Option<Holder>,
    sessions: LiveSessions,
    claims: Claims,
    /// The live handles that listen for notifications, by session.
    listeners: BTreeSet<(SessionId, HandleId)>,
}

/// A call or a handle, and whose it is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Belonging {
    client: ClientId,
    item: Item,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Item {
    Call(Call),
    Handle(Handle),
}

/// A call that has not been answered.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Call {
    /// A logon in the queue.
    Waiting(LogonRequest),
    /// The logon whose particulars are at the mutex.
    Holding,
    /// A logon that gave up waiting.
    TimedOut,
    /// A logoff that waits for the user.
    ConfirmingLogoff { handle: HandleId, scope: LogoffScope },
    /// A call that opens a store, or the address book.
    Opening(Opening),
    /// A call that asks whether its client may shut down fast.
    Querying(Query),
}

/// A handle whose logon has been answered.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Handle {
    Live(LiveHandle),
    LoggedOff,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct LiveHandle {
    seat: Seat,
    /// What goes when the handle goes: calls on it that wait, and what it has opened.
    children: BTreeSet<Child>,
    /// The notifications that wait to be handed over, also when nobody listens any more.
    inbox: Inbox,
}

impl Sessions {
    /// An environment in which nothing has happened yet.
    pub const fn new(limits: Limits) -> Self {
        Self {
            limits,
            clients: BTreeMap::new(),
            dead: BTreeSet::new(),
            belongings: BTreeMap::new(),
            owners: BTreeSet::new(),
            queue: VecDeque::new(),
            mutex: None,
            sessions: LiveSessions::new(),
            claims: Claims::new(),
            listeners: BTreeSet::new(),
        }
    }

    /// Takes one event and says what to do about it.
    ///
    /// Any event may come at any time. One that is refused, or that nobody waits for, changes
    /// nothing but its answer. Numbers of new calls must not be in use (see [`CallId`]); a call
    /// under a number in use is not even answered.
    pub fn step(&mut self, event: Event) -> Step {
        let next_before = self.next_to_acquire();
        let turns = self.turns_at_stake(&event);
        let mut step = if event.new_call().is_some_and(|call| self.is_taken_number(call)) {
            Step::quiet(Rule::IgnoreReusedId)
        } else {
            self.apply(event)
        };
        // Whatever made it somebody's turn, here they are told: the next logon (MTX-03) ...
        if let Some(call) = self.next_to_acquire()
            && next_before != Some(call)
        {
            step.effects.push(Effect::Continue { call });
        }
        // ... and the next open calls, each with its provider (FLR-07).
        for (session, due_before) in turns {
            let due = self.due(session).filter(|call| !due_before.contains(call));
            step.effects.extend(due.map(|call| Effect::Continue { call }));
        }
        self.assert_invariants();
        step
    }

    fn apply(&mut self, event: Event) -> Step {
        match event {
            Event::InitializeCalled { call, client, request } => {
                self.initialize_called(call, client, request)
            }
            Event::UninitializeCalled { call, client } => self.uninitialize_called(call, client),
            Event::LogonCalled { call, client, inside, request } => {
                self.logon_called(call, client, inside, request)
            }
            Event::LogoffCalled { call, client, handle, request } => {
                self.logoff_called(call, client, handle, request)
            }
            Event::ReleaseCalled { call, client, handle } => {
                self.release_called(call, client, handle)
            }
            Event::ClientCrashed { client } => self.client_crashed(client),
            Event::CallWithdrawn { call } => self.call_withdrawn(call),
            Event::DeadlinePassed { call } => self.deadline_passed(call),
            Event::ShortWaitEnded { call } => self.short_wait_ended(call),
            Event::Continued { call } => self.continued(call),
            Event::ProfileLookedUp { call, found } => self.profile_looked_up(call, found),
            Event::ProfileChosen { call, answer } => self.profile_chosen(call, answer),
            Event::PasswordChecked { call, verdict } => self.password_checked(call, verdict),
            Event::PasswordEntered { call, answer } => self.password_entered(call, answer),
            Event::LogoffAnswered { call, answer } => self.logoff_answered(call, answer),
            Event::ServicesRead { call, services } => self.services_read(call, services),
            Event::EntryReturned { call, entry } => self.entry_returned(call, entry),
            Event::RetryAnswered { call, provider, answer } => {
                self.retry_answered(call, provider, answer)
            }
            Event::ProviderAnswered { session, provider, result } => {
                self.provider_answered(session, provider, result)
            }
            Event::ProviderLoggedOff { session, provider } => self.logged_off(session, provider),
            Event::ProviderShutDown { session, provider } => self.shut_down(session, provider),
            Event::SessionClosed { session } => self.session_closed(session),
            Event::OpenCalled { call, client, handle, inside, request } => {
                self.open_called(call, client, handle, inside, request)
            }
            Event::UseCalled { call, client, handle, provider } => {
                self.use_called(call, client, handle, provider)
            }
            Event::StoreLogoffCalled { call, client, handle, provider } => {
                self.store_logoff_called(call, client, handle, provider)
            }
            Event::SetDefaultStoreCalled { call, client, handle, store } => {
                self.set_default_store_called(call, client, handle, store)
            }
            Event::AdviseCalled { call, client, handle } => {
                self.advise_called(call, client, handle)
            }
            Event::UnadviseCalled { call, client, handle } => {
                self.unadvise_called(call, client, handle)
            }
            Event::NotificationDue { handle, notification } => {
                self.notification_due(handle, notification)
            }
            Event::FastShutdownCalled { call, client, handle, request } => {
                self.fast_shutdown_called(call, client, handle, request)
            }
            Event::Voted { call, vote } => self.voted(call, vote),
            Event::AdminCalled { call, client, request } => self.administer(call, client, request),
            Event::ServiceAdminCalled { call, client, handle, request } => {
                self.administer_services(call, client, handle, request)
            }
            Event::SpoolerDemanded { session } => self.spooler_demanded(session),
            Event::TransportConfigured { session, provider } => {
                self.transport_configured(session, provider)
            }
        }
    }

    /// Hands an answer to the logon that holds the mutex, if it is for that one.
    fn answered(&mut self, call: CallId, take: impl FnOnce(&mut Holder) -> Step) -> Step {
        match self.mutex.as_mut().filter(|holder| holder.call == call) {
            Some(holder) => take(holder),
            None => Step::quiet(Rule::IgnoreStale),
        }
    }

    /// Whether a call in progress, an unreleased handle or a session bears the number.
    fn is_taken_number(&self, call: CallId) -> bool {
        self.belongings.contains_key(&call) || self.sessions.contains(SessionId(call))
    }

    fn add(&mut self, call: CallId, client: ClientId, item: Item) {
        let replaced = self.belongings.insert(call, Belonging { client, item });
        assert!(replaced.is_none(), "{call} begins, which was {replaced:?}");
        self.owners.insert((client, call));
    }

    fn remove(&mut self, call: CallId) -> Item {
        let Belonging { client, item } =
            self.belongings.remove(&call).expect("only what a client has is taken from it");
        let owned = self.owners.remove(&(client, call));
        assert!(owned, "{call} was of {client}, which did not know");
        item
    }
}
