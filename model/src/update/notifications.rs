//! What updates do about notifications, and about the roles that providers have in a session.

use super::Change;
use crate::{
    Action, Handle, Inbox, Name, Notification, Observation, ProviderSpec, Status, resource,
};

impl Change<'_> {
    /// Changes what a live handle is to hear of its session.
    fn change_inbox(&mut self, handle: Name, change: impl Fn(Inbox) -> Inbox) {
        if let Some(Handle::Live { inbox, .. }) = self.after.handle_mut(handle) {
            *inbox = change(*inbox);
        }
    }

    pub(super) fn set_sink(&mut self, registered: bool) {
        if let Some(handle) = self.before.handle_name() {
            self.change_inbox(handle, |inbox| inbox.with_sink(registered));
        }
    }

    /// Queues a notification for the handles of a session that have registered.
    fn queue(&mut self, session: Name, notification: Notification) {
        for handle in self.after.members(session).collect::<Vec<_>>() {
            let inbox = self.after.handle(handle).and_then(Handle::inbox).unwrap_or_default();
            let is_queued = notification == Notification::Table && inbox.count(notification) > 0;
            if inbox.has_sink() && !is_queued {
                self.change_inbox(handle, |inbox| inbox.with(notification));
                self.see(Observation::QueueNotification { handle, notification });
            }
        }
    }

    /// Each handle that has left is news for those that stay (NTF-03, NTF-08).
    pub(super) fn tell_of_leaving(&mut self) {
        let before = self.before.state.handles();
        let live: Vec<_> = before.filter_map(|(it, was)| Some((it, was.session()?))).collect();
        for (handle, session) in live {
            if self.after.session_of(handle).is_none() {
                self.queue(session, Notification::Extended);
            }
        }
    }

    pub(super) fn ask_others_to_leave(&mut self) {
        if let Some(session) = self.before.logged_off_session() {
            self.queue(session, Notification::Critical);
        }
    }

    pub(super) fn tell_of_default(&mut self) {
        if let Some(session) = self.before.session_name() {
            self.queue(session, Notification::Table);
        }
    }

    pub(super) fn hand_notification(&mut self) {
        let Action::Deliver { handle, notification } = self.before.action else { return };
        self.change_inbox(handle, |inbox| inbox.without(notification));
        self.see(Observation::HandNotification { handle, notification });
    }

    /// The first store that runs and is fit: a primary one, else a secondary, else any that may be
    /// the default (DST-01, DST-04).
    pub(super) fn choose_default_store(&mut self) {
        let ranks = [resource::PRIMARY_STORE, resource::SECONDARY_STORE, resource::DEFAULT_STORE];
        let store = ranks
            .into_iter()
            .find_map(|flag| self.first_running(|spec| spec.is_fit() && spec.has(flag)));
        let session = self.before.call().and_then(|name| self.after.session_mut(name));
        if let Some(session) = session {
            session.default_store = store;
        }
    }

    pub(super) fn choose_identity(&mut self) {
        let identity = self.first_running(|spec| spec.has(resource::PRIMARY_IDENTITY));
        let session = self.before.call().and_then(|name| self.after.session_mut(name));
        if let Some(session) = session {
            session.identity = identity;
        }
    }

    /// The first provider of this kind that runs in the session of the logon.
    fn first_running(&self, is_one: impl Fn(ProviderSpec) -> bool) -> Option<crate::Provider> {
        let its = self.before.session()?;
        let mut providers = self.before.scope.snapshot_of(its).providers();
        let found = providers.find(|(provider, spec)| {
            is_one(*spec) && its.providers.get(*provider) == Status::Running
        });
        Some(found?.0)
    }

    pub(super) fn set_default_store(&mut self) {
        let Action::SetDefaultStore { store, .. } = self.before.action else { return };
        let session = self.before.session_name().and_then(|name| self.after.session_mut(name));
        if let Some(session) = session {
            session.default_store = store;
        }
    }

    /// A store that goes takes what it was to the session along (D-32).
    pub(super) fn take_roles(&mut self) {
        let Some((session, provider)) = self.place() else { return };
        if let Some(session) = self.after.session_mut(session) {
            session.default_store = session.default_store.filter(|store| *store != provider);
            session.identity = session.identity.filter(|its| *its != provider);
        }
    }
}
