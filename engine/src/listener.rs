//! Who listens to a session: the sinks of each handle, and what waits for them.
//!
//! The protocol counts what is queued for a handle (D-31); a [`Listener`] knows for whom. It is
//! changed under the lock of the shell, in the steps that queue, hand over and end; [`notify`]
//! calls sinks on a thread of its own per handle, without any lock. Sinks are released there or
//! on a thread made for it, never under the lock.

use std::collections::{BTreeMap, VecDeque};
use std::num::NonZeroU64;

use mapi_session_core::{Answer, ClientId, Effect, Event, HandleId, HandleStatus, Notification};

use crate::advise::{AdviseSink, ConnectionId};
use crate::order::Order;
use crate::roster::run_foreign;
use crate::shell::{Shell, State};
use crate::sync::{Arc, Mutex, lock};

/// The listeners of an environment.
#[derive(Default)]
pub(crate) struct Listeners {
    by_handle: BTreeMap<HandleId, Listener>,
    /// How many connections there have been.
    connections: u64,
}

/// Sinks that hear the same.
type Audience = Arc<[Arc<dyn AdviseSink>]>;

/// The sinks of a handle, and what waits for them.
#[derive(Default)]
pub(crate) struct Listener {
    sinks: BTreeMap<ConnectionId, Arc<dyn AdviseSink>>,
    /// The same, for what is queued from now on.
    audience: Audience,
    /// As the protocol has it: a count for each kind of notification and each audience.
    queue: VecDeque<Queued>,
    progress: Progress,
}

struct Queued {
    notification: Notification,
    audience: Audience,
    count: u64,
}

/// How far the thread is that calls the sinks.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Progress {
    /// There is none.
    #[default]
    Idle,
    /// It is ready for a notification.
    Ready,
    /// It has one to hand over.
    Handing,
}

/// Calls the sinks of a handle, until nothing is queued for it. This is foreign code.
pub(crate) fn notify(shell: &Arc<Shell>, handle: HandleId) {
    while let Some((notification, audience)) = shell.next_notification(handle) {
        shell.feed(Event::NotificationDue { handle, notification });
        for sink in &*audience {
            // Nothing reaches a sink once its handle is logged off (`LGF-16`).
            if !shell.may_notify(handle) {
                break;
            }
            run_foreign(|| sink.on_notify(notification));
        }
        run_foreign(|| drop(audience));
    }
}

impl Shell {
    /// What is next for the sinks of a handle; if nothing is, the thread that asks is done.
    fn next_notification(&self, handle: HandleId) -> Option<(Notification, Audience)> {
        self.lock().listeners.next(handle)
    }

    fn may_notify(&self, handle: HandleId) -> bool {
        let state = self.lock();
        let listener = state.listeners.by_handle.get(&handle);
        listener.is_some_and(|it| it.progress == Progress::Handing)
    }

    /// There is no thread to call the sinks of a handle on: what is queued for them is handed over
    /// together with the next notification.
    pub(crate) fn stop_notifying(&self, handle: HandleId) {
        if let Some(listener) = self.lock().listeners.by_handle.get_mut(&handle) {
            listener.progress = Progress::Idle;
        }
    }
}

impl Listeners {
    /// Whether nobody listens, and nothing waits for anybody.
    #[cfg(test)]
    pub(crate) fn is_empty(&self) -> bool {
        self.by_handle.is_empty()
    }

    /// Adds a sink.
    pub(crate) fn connect(&mut self, handle: HandleId, sink: Arc<dyn AdviseSink>) -> ConnectionId {
        let number = NonZeroU64::MIN.saturating_add(self.connections);
        self.connections += 1;
        let connection = ConnectionId(number);
        let listener = self.by_handle.entry(handle).or_default();
        listener.sinks.insert(connection, sink);
        listener.gather();
        connection
    }

    /// Queues a notification; says whether a thread is needed to hand it over.
    pub(crate) fn queue(&mut self, handle: HandleId, notification: Notification) -> Option<Order> {
        let listener = self.by_handle.get_mut(&handle);
        let listener = listener.expect("the protocol queues for handles that listen");
        let same = listener.queue.iter_mut().find(|it| {
            it.notification == notification && Arc::ptr_eq(&it.audience, &listener.audience)
        });
        match same {
            Some(queued) => queued.count += 1,
            None => {
                let audience = Arc::clone(&listener.audience);
                listener.queue.push_back(Queued { notification, audience, count: 1 });
            }
        }
        match listener.progress {
            Progress::Idle => {
                listener.progress = Progress::Ready;
                Some(Order::Notify(handle))
            }
            Progress::Ready | Progress::Handing => None,
        }
    }

    /// Lets the thread that is ready for a notification hand it over.
    pub(crate) fn hand(&mut self, handle: HandleId) {
        let listener = self.by_handle.get_mut(&handle);
        listener.expect("only a listener says that it is ready").progress = Progress::Handing;
    }

    fn next(&mut self, handle: HandleId) -> Option<(Notification, Audience)> {
        let listener = self.by_handle.get_mut(&handle)?;
        listener.progress = Progress::Ready;
        let Some(first) = listener.queue.front_mut() else {
            listener.progress = Progress::Idle;
            return None;
        };
        first.count -= 1;
        let (notification, audience) = (first.notification, Arc::clone(&first.audience));
        if first.count == 0 {
            listener.queue.pop_front();
        }
        Some((notification, audience))
    }
}

impl Listener {
    /// Who hears what is queued from now on; who heard it before comes back.
    fn gather(&mut self) -> Audience {
        let audience = self.sinks.values().map(Arc::clone).collect();
        std::mem::replace(&mut self.audience, audience)
    }
}

impl State {
    /// Removes a sink, which is released with the result; the last one of a handle takes the
    /// protocol's leave, any other's goes unnoticed.
    pub(crate) fn disconnect(
        &mut self,
        client: ClientId,
        handle: HandleId,
        connection: ConnectionId,
    ) -> Disconnected {
        let is_own = self.live_seat(client, handle).is_ok();
        let listener = self.listeners.by_handle.get_mut(&handle).filter(|_| is_own);
        let Some(listener) = listener else { return Disconnected::Last(None) };
        let removed = listener.sinks.remove(&connection);
        let left = Left { sink: removed, audience: listener.gather() };
        if listener.sinks.is_empty() {
            Disconnected::Last(Some(left))
        } else {
            Disconnected::OneOfSeveral(left)
        }
    }

    /// Ends the listeners whose handles ended in a step, if handles can have ended in it.
    pub(crate) fn end_listeners(&mut self) -> Option<Order> {
        let listening = &mut self.listeners.by_handle;
        let is_live = |handle: &HandleId| {
            self.core.handle(*handle).is_some_and(|view| match view.status {
                HandleStatus::Live(_) => true,
                HandleStatus::Unanswered(_) | HandleStatus::LoggedOff => false,
            })
        };
        let ended: Vec<_> = listening.keys().filter(|it| !is_live(it)).copied().collect();
        let left: Vec<_> = ended.iter().filter_map(|handle| listening.remove(handle)).collect();
        (!left.is_empty()).then(|| Order::Forget(Leftovers(Arc::new(Mutex::new(left)))))
    }
}

/// Whether what a step answers may be the end of handles. A crash is too, and answers nobody.
pub(crate) fn end_handles(effects: &[Effect]) -> bool {
    effects.iter().any(|effect| {
        let Effect::Answer { answer, .. } = effect else { return false };
        matches!(
            answer,
            Answer::LoggedOff(Ok(()))
                | Answer::Released(Ok(()))
                | Answer::Uninitialized
                | Answer::FastShutdownDone(Ok(()))
        )
    })
}

/// What became of a connection that was to end.
pub(crate) enum Disconnected {
    /// The handle has no sink now; perhaps it had none.
    Last(Option<Left>),
    OneOfSeveral(Left),
}

/// A sink that was removed, to be released where foreign code may run.
pub(crate) struct Left {
    sink: Option<Arc<dyn AdviseSink>>,
    audience: Audience,
}

impl Left {
    /// Releases the sink, unless somebody is in it. This is foreign code, the release of the
    /// audience too: others in it may have ended their connections meanwhile.
    pub(crate) fn release(self) {
        let Self { sink, audience } = self;
        run_foreign(|| drop(audience));
        run_foreign(|| drop(sink));
    }
}

/// Listeners whose handles have ended, to be released where foreign code may run.
#[derive(Clone)]
pub(crate) struct Leftovers(Arc<Mutex<Vec<Listener>>>);

impl Leftovers {
    /// Releases them. This is foreign code.
    pub(crate) fn release(&self) {
        let listeners = std::mem::take(&mut *lock(&self.0));
        for listener in listeners {
            let Listener { sinks, audience, queue, progress: _ } = listener;
            run_foreign(|| drop((audience, queue)));
            // Each by itself, so that one that panics leaves none behind.
            sinks.into_values().for_each(|sink| run_foreign(|| drop(sink)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A sink whose end is a breakdown.
    struct Brittle;
    impl AdviseSink for Brittle {
        fn on_notify(&self, _: Notification) {}
    }
    impl Drop for Brittle {
        fn drop(&mut self) {
            panic!("it breaks down at its end");
        }
    }

    #[test]
    fn whoever_releases_the_last_of_an_audience_is_spared_its_breakdown() {
        let last: Arc<dyn AdviseSink> = Arc::new(Brittle);
        let left = Left { sink: None, audience: Arc::from([last]) };

        left.release();
    }
}
