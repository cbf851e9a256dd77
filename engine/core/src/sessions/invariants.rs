//! What must be true of the state after every step: clients, calls, mutex, handles and sessions
//! here, services and providers in `providers`, spooler, defaults and inboxes in `spooler`, fast
//! shutdown and the use of profiles in `departure`.

mod departure;
mod providers;
mod spooler;

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use super::{Call, Handle, Item, Sessions};
use crate::id::{CallId, SessionId};
use crate::request::{Host, LogonDialogs, LogonRequest, Mail, ServiceUi};
use crate::view::{Child, HandleStatus, Phase, Series, SeriesStage, Stage};

impl Sessions {
    /// Asserts everything that must be true of the whole state.
    ///
    /// It walks all there is, so [`step`](Self::step) does not call it: a step asserts what it
    /// touches. Walks over small states, and tests, call it after every step.
    ///
    /// # Panics
    ///
    /// If the mutex, the queue, the calls, the handles and the sessions contradict each other: that
    /// is a bug of this crate, whatever the events were.
    pub fn check_invariants(&self) {
        self.assert_invariants();
        self.check_ownership();
        self.check_queue_and_mutex();
        self.check_dialogs();
        self.check_handles();
        self.check_sessions();
        self.check_providers();
        self.check_spooler();
        self.check_defaults();
        self.check_inboxes();
        self.check_fast_shutdown();
        self.check_profiles();
    }

    /// What can be said without a look at anything in particular.
    pub(super) fn assert_invariants(&self) {
        let (belongings, owned) = (self.belongings.len(), self.owners.len());
        assert_eq!(belongings, owned, "what clients have, and its index by client");
        let queued = self.queue.len();
        let holding = usize::from(self.mutex.is_some());
        assert!(queued + holding <= belongings, "{queued} queued of {belongings} belongings");
        let listening = self.listeners.len();
        assert!(listening <= belongings, "{listening} listen, of {belongings} belongings");
        assert!(belongings == 0 || !self.clients.is_empty(), "{belongings} belongings of nobody");
    }

    /// Whatever exists is an initialised client's (`INI-01`), and each client knows its own.
    fn check_ownership(&self) {
        for (&call, belonging) in &self.belongings {
            let client = belonging.client;
            assert!(self.clients.contains_key(&client), "{call} is of {client}, which is gone");
            assert!(self.owners.contains(&(client, call)), "{client} does not know {call}");
        }
    }

    /// One logon has the mutex (`MTX-01`), and those that wait are those in the queue (`MTX-03`).
    fn check_queue_and_mutex(&self) {
        let mut holding = Vec::new();
        let mut waiting = BTreeSet::new();
        for (&call, belonging) in &self.belongings {
            match &belonging.item {
                Item::Call(Call::Holding) => holding.push(call),
                Item::Call(Call::Waiting(_)) => {
                    waiting.insert(call);
                }
                Item::Call(
                    Call::TimedOut
                    | Call::ConfirmingLogoff { .. }
                    | Call::Opening(_)
                    | Call::Querying(_),
                )
                | Item::Handle(_) => {}
            }
        }
        assert_eq!(holding, Vec::from_iter(self.mutex()), "who holds the mutex");
        assert_eq!(waiting, self.queue.iter().copied().collect(), "who waits in the queue");
        assert_eq!(waiting.len(), self.queue.len(), "a logon waits twice in {:?}", self.queue);
    }

    /// No dialog is up that was not permitted (`UIX-01`), nor any of a service's (`UIX-09`).
    fn check_dialogs(&self) {
        for (&call, belonging) in &self.belongings {
            let host = self.clients[&belonging.client].host;
            match &belonging.item {
                Item::Call(Call::Waiting(request)) => check_request(request, host),
                Item::Call(Call::ConfirmingLogoff { .. }) => {
                    assert_eq!(host, Host::Application, "{call} asks a service to confirm");
                }
                Item::Call(
                    Call::Holding | Call::TimedOut | Call::Opening(_) | Call::Querying(_),
                )
                | Item::Handle(_) => {}
            }
        }
        let Some(holder) = &self.mutex else { return };
        check_request(&holder.request, self.clients[&self.belongings[&holder.call].client].host);
        let needed = match holder.stage {
            Stage::AskProfile | Stage::Series(Series { stage: SeriesStage::Prompt, .. }) => {
                LogonDialogs::All
            }
            Stage::AskPassword { .. } => LogonDialogs::PasswordOnly,
            Stage::Decide
            | Stage::Pick
            | Stage::Credentials { .. }
            | Stage::Build { .. }
            | Stage::Show(_)
            | Stage::Series(Series {
                stage: SeriesStage::Attempt(_) | SeriesStage::Entry, ..
            })
            | Stage::Finish
            | Stage::Done(_) => return,
        };
        assert_eq!(holder.request.dialogs, needed, "{} shows {:?}", holder.call, holder.stage);
    }

    /// A handle knows the calls that end with it, and they know the handle (`LGF-18`).
    fn check_handles(&self) {
        let mut known = BTreeSet::new();
        let mut waiting = BTreeSet::new();
        for (&call, belonging) in &self.belongings {
            let client = belonging.client;
            match &belonging.item {
                Item::Call(Call::ConfirmingLogoff { handle, scope: _ }) => {
                    waiting.insert((handle.0, Child::Confirmation(call), client));
                }
                Item::Call(Call::Opening(opening)) => {
                    waiting.insert((opening.handle.0, Child::Open(call), client));
                }
                Item::Handle(Handle::Live(live)) => {
                    let calls = live.children.iter().filter(|child| match child {
                        Child::Open(_) | Child::Confirmation(_) => true,
                        Child::AddressBook | Child::Store(_) => false,
                    });
                    known.extend(calls.map(|&child| (call, child, client)));
                    let opens = live.children.iter().filter(|it| matches!(it, Child::Open(_)));
                    assert!(opens.count() <= 1, "handle {call} opens twice: {live:?}");
                }
                Item::Call(
                    Call::Waiting(_) | Call::Holding | Call::TimedOut | Call::Querying(_),
                )
                | Item::Handle(Handle::LoggedOff) => {}
            }
        }
        assert_eq!(known, waiting, "calls that end with a handle, by handle, call and client");
    }

    /// Sessions are what their handles and the logon at the mutex make of them.
    fn check_sessions(&self) {
        let mut seats: BTreeMap<SessionId, usize> = BTreeMap::new();
        for (_, handle) in self.handles() {
            match handle.status {
                HandleStatus::Live(seat) | HandleStatus::Unanswered(seat) => {
                    *seats.entry(seat.session).or_default() += 1;
                }
                HandleStatus::LoggedOff => {}
            }
        }
        let mut building: Option<CallId> = None;
        let mut joinable = Vec::new();
        for (session, view) in self.sessions() {
            let seated = seats.remove(&session).unwrap_or_default();
            let expected = match view.phase {
                Phase::Building => {
                    building = Some(session.0);
                    0
                }
                Phase::Individual => 1, // SHR-14
                Phase::Shared { handles } => {
                    joinable.push(session);
                    handles.get()
                }
                Phase::Closing { handles } => handles.get(), // LGF-07
                Phase::Draining => 0,                        // LGF-11
            };
            assert_eq!(seated, expected, "live handles of {session}, which is {:?}", view.phase);
            let namesake = self.belongings.get(&session.0).map(|belonging| &belonging.item);
            match namesake {
                Some(Item::Call(Call::Holding) | Item::Handle(_)) | None => {}
                Some(Item::Call(other)) => panic!("{session} bears the number of {other:?}"),
            }
        }
        assert!(seats.is_empty(), "live handles of sessions that have ended: {seats:?}");
        assert_eq!(joinable, self.sessions.joinable().collect::<Vec<_>>(), "who can be joined");
        assert_eq!(building, self.building(), "who is being built, and whose logon builds");
    }

    /// The logon that builds a session.
    fn building(&self) -> Option<CallId> {
        let holder = self.mutex.as_ref()?;
        match holder.stage {
            Stage::Show(_) | Stage::Series(_) | Stage::Finish => Some(holder.call),
            Stage::Decide
            | Stage::Pick
            | Stage::AskProfile
            | Stage::Credentials { .. }
            | Stage::AskPassword { .. }
            | Stage::Build { .. }
            | Stage::Done(_) => None,
        }
    }
}

/// A Windows service's request permits nothing that would show a dialog (`UIX-09`).
fn check_request(request: &LogonRequest, client: Host) {
    match (client, request.host) {
        (Host::Application, Host::Application) => {}
        (Host::WindowsService, Host::Application) => panic!("a service passes for an application"),
        (Host::Application | Host::WindowsService, Host::WindowsService) => {
            assert_eq!(request.dialogs, LogonDialogs::None, "dialogs of a service");
            assert_eq!(request.service_ui, ServiceUi::AsNeeded, "dialogs of its services");
            assert_eq!(request.mail, Mail::NotWanted, "mail of a service");
        }
    }
}
