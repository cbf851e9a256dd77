//! Who listens in a replay, what is queued for them, and what they hear.
//!
//! The engine hands notifications over of itself, one after the other for each handle; each is held
//! before it is, as every step, until the trace says that its time has come. Every sink that
//! listened when a notification was queued hears it then, once, and nobody hears anything else.

use std::{num::NonZeroU64, sync::Arc};

use mapi_session::{
    AdviseError, AdviseSink, ConnectionId, HandleId, Notification, Process, UnadviseError,
    protocol::Answer,
};
use mapi_session_core::{Event, HandleStatus, Sessions};
use mapi_session_model::Name;

use super::{
    Reason,
    produce::{number, ticket},
    replay::{Replay, Trouble},
    stage::{Returned, Scene, Stage},
};

/// A sink that takes down what it hears.
pub(super) struct Sink {
    stage: Arc<Stage>,
    /// No other sink has it.
    number: u64,
}

/// A sink that listens.
pub(super) struct Connected {
    handle: HandleId,
    connection: ConnectionId,
    sink: u64,
}

/// What a sink has heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Heard {
    sink: u64,
    notification: Notification,
}

/// What is queued for a handle, and for which sinks.
pub(super) struct Queued {
    handle: HandleId,
    notification: Notification,
    sinks: Vec<u64>,
}

impl Sink {
    pub(super) fn new(stage: &Arc<Stage>) -> Self {
        let number = stage.look(Scene::ticket);
        Self { stage: Arc::clone(stage), number }
    }

    /// Lets itself listen.
    pub(super) fn advise(self, process: &Process, handle: HandleId) -> Returned {
        let (stage, sink) = (Arc::clone(&self.stage), self.number);
        let result = match process.advise(handle, Arc::new(self)) {
            Ok(connection) => {
                stage.look(|it| it.connections.push(Connected { handle, connection, sink }));
                Ok(())
            }
            Err(AdviseError::Refused(refusal)) => Err(refusal),
            Err(AdviseError::Withdrawn) => return Returned::Unanswered,
        };
        Returned::Answered(Answer::Advised(result), None)
    }
}

impl AdviseSink for Sink {
    fn on_notify(&self, notification: Notification) {
        let sink = self.number;
        self.stage.look(|scene| scene.heard.push(Heard { sink, notification }));
    }
}

impl Stage {
    /// Ends a connection on this thread.
    pub(super) fn unadvise(
        &self,
        process: &Process,
        handle: HandleId,
        connection: ConnectionId,
    ) -> Returned {
        let result = match process.unadvise(handle, connection) {
            Ok(()) => Ok(()),
            Err(UnadviseError::Refused(refusal)) => Err(refusal),
            Err(UnadviseError::Withdrawn) => return Returned::Unanswered,
        };
        if result.is_ok() {
            self.look(|scene| scene.connections.retain(|it| it.connection != connection));
        }
        Returned::Answered(Answer::Unadvised(result), None)
    }
}

impl Scene {
    fn connections_of(&self, handle: HandleId) -> impl Iterator<Item = &Connected> {
        self.connections.iter().filter(move |it| it.handle == handle)
    }

    /// The last connection of a handle; if it has none, one that was never given.
    pub(super) fn last_connection(&self, handle: HandleId) -> ConnectionId {
        let last = self.connections_of(handle).last();
        last.map_or(ConnectionId(NonZeroU64::MAX), |it| it.connection)
    }
}

impl Replay<'_> {
    /// Ends all connections of a handle but one. The model knows of the last one alone, and so does
    /// the core: no step is taken for the others.
    pub(super) fn end_spare_connections(&self, handle: Name) -> Result<(), Trouble> {
        let process = &self.troupe.processes[handle.client().index()];
        let Some(handle) = self.numbers.bearer(number(handle)).map(HandleId) else { return Ok(()) };
        if !is_live(&self.shadow, handle) {
            return Ok(());
        }
        let spare: Vec<ConnectionId> = self.stage.look(|scene| {
            let all: Vec<_> = scene.connections_of(handle).map(|it| it.connection).collect();
            all.split_last().map(|(_, spare)| spare.to_vec()).unwrap_or_default()
        });
        for connection in spare {
            let (stage, process) = (Arc::clone(&self.stage), process.clone());
            let thread =
                self.stage.spawn(move || drop(stage.unadvise(&process, handle, connection)));
            let ticket = self.held("one of several connections to end", |scene| {
                scene.held.iter().find(|held| held.thread == thread).map(|held| held.ticket)
            })?;
            self.stage.look(|scene| scene.held.retain(|held| held.ticket != ticket));
            let ended = |scene: &mut Scene| {
                scene.connections.iter().all(|it| it.connection != connection).then_some(())
            };
            self.stage.wait("a connection to have ended", ended).map_err(Trouble::stuck)?;
        }
        Ok(())
    }

    /// A notification that waits for a handle is handed over, if it is the next one.
    pub(super) fn deliver(&self, handle: Name, expected: &Event) -> Result<u64, Trouble> {
        let handle = self.bearer(handle, Reason::NobodyAnswers)?;
        let held = self.stage.look(|scene| {
            let is_next = ticket(scene, handle, expected);
            is_next.ok_or_else(|| scene.held.iter().any(|it| is_due(&it.event, HandleId(handle))))
        });
        held.map_err(|another| {
            Trouble::Cannot(if another { Reason::OutOfTurn } else { Reason::NobodyAnswers })
        })
    }

    /// A notification was queued: those who listen now are to hear it, and somebody is about to tell
    /// them.
    pub(super) fn is_queued(
        &mut self,
        handle: HandleId,
        notification: Notification,
    ) -> Result<(), Trouble> {
        let sinks = self.stage.look(|it| it.connections_of(handle).map(|it| it.sink).collect());
        self.queued.push(Queued { handle, notification, sinks });
        self.reports(|event| is_due(event, handle))
    }

    /// A notification was handed over: those hear it that listened when it was queued.
    pub(super) fn is_heard(
        &mut self,
        handle: HandleId,
        notification: Notification,
    ) -> Result<(), Trouble> {
        let is_it = |it: &Queued| it.handle == handle && it.notification == notification;
        let place = self.queued.iter().position(is_it);
        let place = place.ok_or_else(|| Trouble::differs("what was not queued is handed over"))?;
        let sinks = self.queued.remove(place).sinks;
        let expected: Vec<_> = sinks.into_iter().map(|sink| Heard { sink, notification }).collect();
        let heard = self.stage.wait("sinks to hear what is handed over", |scene| {
            (scene.heard.len() >= expected.len()).then(|| std::mem::take(&mut scene.heard))
        });
        match heard.map_err(Trouble::stuck)? {
            heard if heard == expected => Ok(()),
            heard => Err(Trouble::differs(format!("{heard:?}, and should have been {expected:?}"))),
        }
    }

    /// Nobody hears anything else, and whoever has to tell more is about to.
    pub(super) fn all_is_quiet(&mut self, after: &Sessions) -> Result<(), Trouble> {
        self.queued.retain(|it| is_live(after, it.handle));
        for handle in self.queued.iter().map(|it| it.handle) {
            self.reports(|event| is_due(event, handle))?;
        }
        let heard = self.stage.look(|scene| std::mem::take(&mut scene.heard));
        match heard.is_empty() {
            true => Ok(()),
            false => Err(Trouble::differs(format!("{heard:?}, which nobody was to hear"))),
        }
    }
}

fn is_due(event: &Event, of: HandleId) -> bool {
    matches!(event, Event::NotificationDue { handle, notification: _ } if *handle == of)
}

fn is_live(core: &Sessions, handle: HandleId) -> bool {
    core.handle(handle).is_some_and(|it| matches!(it.status, HandleStatus::Live(_)))
}

/// Whether such a notification waits for a handle.
pub(super) fn waits(core: &Sessions, handle: HandleId, notification: Notification) -> bool {
    core.handle(handle).is_some_and(|view| match notification {
        Notification::CriticalError => view.inbox.critical > 0,
        Notification::Extended => view.inbox.extended > 0,
        Notification::TableModified => view.inbox.table,
    })
}
