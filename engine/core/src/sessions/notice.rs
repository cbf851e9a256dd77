//! Notifications of a session: queued for the handles that listen, handed over when their sinks are
//! ready.
//!
//! A notification is queued for live handles alone, and goes with its handle (`LGF-16`). One that
//! is queued is handed over even if nobody is to be told any more, since sinks must bear that
//! (`LGF-15`).

use alloc::vec::Vec;

use super::{Belonging, Handle, Item, Sessions};
use crate::answer::Answer;
use crate::effect::{Effect, Notification, Step};
use crate::error::{AdviseError, UnadviseError};
use crate::id::{CallId, ClientId, HandleId, SessionId};
use crate::rule::Rule;
use crate::view::Inbox;

const FIRST_HANDLE: HandleId = HandleId(CallId(u64::MIN));
const LAST_HANDLE: HandleId = HandleId(CallId(u64::MAX));

impl Sessions {
    pub(super) fn advise_called(
        &mut self,
        call: CallId,
        client: ClientId,
        handle: HandleId,
    ) -> Step {
        let answer = |result| Effect::Answer { call, answer: Answer::Advised(result) };
        if !self.clients.contains_key(&client) {
            let error = AdviseError::NotInitialized;
            return Step::new(Rule::RefuseUninitialized, [answer(Err(error))]);
        }
        let Some(Handle::Live(live)) = self.handle_of(client, handle) else {
            return Step::new(Rule::RefuseHandle, [answer(Err(AdviseError::InvalidHandle))]);
        };
        let session = live.seat.session;
        let rule = match self.listeners.insert((session, handle)) {
            true => Rule::Advise,
            false => Rule::AdviseAgain,
        };
        Step::new(rule, [answer(Ok(()))])
    }

    pub(super) fn unadvise_called(
        &mut self,
        call: CallId,
        client: ClientId,
        handle: HandleId,
    ) -> Step {
        let answer = |result| Effect::Answer { call, answer: Answer::Unadvised(result) };
        if !self.clients.contains_key(&client) {
            let error = UnadviseError::NotInitialized;
            return Step::new(Rule::RefuseUninitialized, [answer(Err(error))]);
        }
        let Some(Handle::Live(live)) = self.handle_of(client, handle) else {
            return Step::new(Rule::RefuseHandle, [answer(Err(UnadviseError::InvalidHandle))]);
        };
        let session = live.seat.session;
        let rule = match self.listeners.remove(&(session, handle)) {
            true => Rule::Unadvise,
            false => Rule::UnadviseAgain,
        };
        Step::new(rule, [answer(Ok(()))])
    }

    pub(super) fn notification_due(
        &mut self,
        handle: HandleId,
        notification: Notification,
    ) -> Step {
        if self.live_handle(handle).is_some_and(|live| live.inbox.take(notification)) {
            Step::new(Rule::HandNotification, [Effect::HandNotification { handle, notification }])
        } else {
            Step::quiet(Rule::IgnoreStale)
        }
    }

    /// Queues a notification for every handle of a session that listens.
    pub(super) fn tell(
        &mut self,
        session: SessionId,
        notification: Notification,
        effects: &mut Vec<Effect>,
    ) {
        for &(_, handle) in self.listeners.range((session, FIRST_HANDLE)..=(session, LAST_HANDLE)) {
            let Some(Belonging { item: Item::Handle(Handle::Live(live)), .. }) =
                self.belongings.get_mut(&handle.0)
            else {
                panic!("{handle} listens, but is not live");
            };
            if live.inbox.put(notification) {
                effects.push(Effect::QueueNotification { handle, notification });
            }
        }
    }

    /// Forgets that a handle listens, which is live no longer.
    pub(super) fn stop_listening(&mut self, session: SessionId, handle: HandleId) {
        self.listeners.remove(&(session, handle));
    }
}

impl Inbox {
    /// Keeps a notification, unless one that is there stands for it.
    fn put(&mut self, notification: Notification) -> bool {
        match notification {
            Notification::CriticalError => self.critical = self.critical.saturating_add(1),
            Notification::Extended => self.extended = self.extended.saturating_add(1),
            Notification::TableModified => return !core::mem::replace(&mut self.table, true),
        }
        true
    }

    /// Takes a notification out, if it is there.
    fn take(&mut self, notification: Notification) -> bool {
        let count = match notification {
            Notification::CriticalError => &mut self.critical,
            Notification::Extended => &mut self.extended,
            Notification::TableModified => return core::mem::take(&mut self.table),
        };
        let rest = count.checked_sub(1);
        *count = rest.unwrap_or_default();
        rest.is_some()
    }
}
