//! Open calls that wait for a provider: whose turn it is with it, and when they are told.
//!
//! A provider is had by one call at a time (`FLR-07`). It is the turn of the waiting call that has
//! the least handle, as soon as nobody is at the provider and no order to it is out.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use super::open::Opening;
use super::{Call, Handle, Item, LiveHandle, Sessions};
use crate::event::Event;
use crate::id::{CallId, HandleId, ProviderId, SessionId};
use crate::shutdown::FastShutdown;
use crate::view::ProviderStatus;

impl Sessions {
    /// The sessions in which an event can make it the turn of an open call, and whose turn it is.
    ///
    /// Where nobody waits there is no turn: who comes to wait has somebody before them.
    pub(super) fn turns_at_stake(&self, event: &Event) -> Vec<(SessionId, Vec<CallId>)> {
        if self.claims.nobody_waits() {
            return Vec::new();
        }
        let sessions = self.sessions_concerned(event);
        sessions.into_iter().map(|session| (session, self.due(session).collect())).collect()
    }

    /// The open calls in a session whose turn it is.
    pub(super) fn due(&self, session: SessionId) -> impl Iterator<Item = CallId> {
        self.claims
            .all_first_waiting(session)
            .filter(move |&(provider, _)| !self.is_busy(session, provider))
            .map(|(_, call)| call)
    }

    /// Whether an open call that is not there yet has to wait for the provider.
    pub(super) fn is_taken(&self, session: SessionId, provider: ProviderId) -> bool {
        self.is_busy(session, provider) || self.claims.first_waiting(session, provider).is_some()
    }

    /// Whether nobody can begin with the provider now.
    fn is_busy(&self, session: SessionId, provider: ProviderId) -> bool {
        let status = self.sessions.get(session).and_then(|session| session.status(provider));
        match status {
            Some(
                ProviderStatus::Late | ProviderStatus::LoggingOff | ProviderStatus::ShuttingDown,
            ) => true,
            Some(
                ProviderStatus::NotStarted
                | ProviderStatus::Running
                | ProviderStatus::Failed
                | ProviderStatus::Quiesced,
            )
            | None => self.claims.series(session, provider).is_some(),
        }
    }

    /// The open call whose turn it is with the provider.
    pub(super) fn next_to_have(&self, session: SessionId, provider: ProviderId) -> Option<CallId> {
        if self.is_busy(session, provider) {
            return None;
        }
        self.claims.first_waiting(session, provider)
    }

    /// The sessions in which an event can make it the turn of an open call.
    fn sessions_concerned(&self, event: &Event) -> Vec<SessionId> {
        let of_handle = |handle: HandleId| match self.belongings.get(&handle.0)?.item {
            Item::Handle(Handle::Live(LiveHandle { seat, .. })) => Some(seat.session),
            Item::Handle(Handle::LoggedOff) | Item::Call(_) => None,
        };
        let of_call = |call: CallId| match self.belongings.get(&call)?.item {
            Item::Call(Call::Opening(Opening { session, .. })) => Some(session),
            Item::Call(Call::ConfirmingLogoff { handle, .. }) => of_handle(handle),
            Item::Call(Call::Waiting(_) | Call::Holding | Call::TimedOut | Call::Querying(_))
            | Item::Handle(_) => None,
        };
        match *event {
            Event::LogoffCalled { handle, .. }
            | Event::ReleaseCalled { handle, .. }
            | Event::OpenCalled { handle, .. }
            | Event::StoreLogoffCalled { handle, .. } => Vec::from_iter(of_handle(handle)),
            Event::CallWithdrawn { call }
            | Event::DeadlinePassed { call }
            | Event::Continued { call }
            | Event::LogoffAnswered { call, .. }
            | Event::EntryReturned { call, .. }
            | Event::RetryAnswered { call, .. } => Vec::from_iter(of_call(call)),
            Event::ProviderAnswered { session, .. }
            | Event::ProviderLoggedOff { session, .. }
            | Event::ProviderShutDown { session, .. } => Vec::from([session]),
            Event::ClientCrashed { client }
            | Event::UninitializeCalled { client, .. }
            | Event::FastShutdownCalled { client, request: FastShutdown::Do, .. } => {
                let own = self.own(client).filter_map(|call| of_handle(HandleId(call)));
                let sessions: BTreeSet<SessionId> = own.collect();
                Vec::from_iter(sessions)
            }
            Event::InitializeCalled { .. }
            | Event::LogonCalled { .. }
            | Event::ShortWaitEnded { .. }
            | Event::ProfileLookedUp { .. }
            | Event::ProfileChosen { .. }
            | Event::PasswordChecked { .. }
            | Event::PasswordEntered { .. }
            | Event::ServicesRead { .. }
            | Event::SessionClosed { .. }
            | Event::UseCalled { .. }
            | Event::SetDefaultStoreCalled { .. }
            | Event::AdviseCalled { .. }
            | Event::UnadviseCalled { .. }
            | Event::NotificationDue { .. }
            | Event::SpoolerDemanded { .. }
            | Event::TransportConfigured { .. }
            | Event::FastShutdownCalled {
                request: FastShutdown::Query | FastShutdown::Notify,
                ..
            }
            | Event::Voted { .. }
            | Event::AdminCalled { .. }
            | Event::ServiceAdminCalled { .. } => Vec::new(),
        }
    }
}
