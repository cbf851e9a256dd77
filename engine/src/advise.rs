//! Notifications: who listens to a session, and how that ends.
//!
//! [`AdviseSink`] is what listens, [`Connection`] what a session gives for it. `listener.rs` calls
//! the sinks.

use std::fmt;
use std::num::NonZeroU64;

use mapi_session_core::{Answer, Event, HandleId, Notification};

use crate::call::{Luggage, Returned};
use crate::error::{AdviseError, UnadviseError};
use crate::mailbox::About;
use crate::process::Process;
use crate::session::Session;
use crate::sync::Arc;

/// Somebody who listens to what a session says unasked (`NTF-01`).
///
/// - **What comes:** that somebody asks everyone to log off, that another handle is gone, and that
///   the default store is another one. Nobody hears of what the own handle did to itself
///   (`NTF-08`).
/// - **By which thread:** one made for the handle and its sinks, no caller's own. No lock of this
///   library is held. The sinks of one handle are called one after the other, those of different
///   handles at a time.
/// - **When:** during the call that caused it or at any time later (`NTF-05`). Who ends its
///   connection still gets what was queued before; once the handle is logged off a sink is called
///   no more, but one that is being called goes on to its end (`LGF-15`, `LGF-16`).
/// - **Whether it may block:** yes; what comes later for the same handle waits, and nothing else.
/// - **Calling back:** every call may be made from inside, the logoff of the very session and the
///   end of the very connection among them.
/// - **Breaking down:** a panic counts as done.
///
/// A sink that owns the session it listens to keeps it from being dropped, and so logged on.
#[doc(alias = "IMAPIAdviseSink")]
pub trait AdviseSink: Send + Sync {
    /// Something has happened.
    #[doc(alias = "IMAPIAdviseSink::OnNotify")]
    fn on_notify(&self, notification: Notification);
}

impl<F: Fn(Notification) + Send + Sync> AdviseSink for F {
    fn on_notify(&self, notification: Notification) {
        self(notification);
    }
}

/// Names one registration of a sink. It is never zero (`NTF-09`), and no other has the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnectionId(pub NonZeroU64);

/// A sink that listens to a session. To drop it is to end that.
#[must_use = "a connection that is dropped has ended"]
pub struct Connection {
    process: Process,
    handle: HandleId,
    id: ConnectionId,
}

impl Connection {
    /// Its number.
    pub fn id(&self) -> ConnectionId {
        self.id
    }

    /// Ends it, and releases the sink as soon as nobody is in it and nothing is queued for it
    /// (`NTF-06`). Waits for nobody.
    ///
    /// With the logoff of its handle a connection has ended by itself.
    #[doc(alias = "IMAPISession::Unadvise")]
    pub fn unadvise(self) {
        drop(self);
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if !self.process.shell().is_broken() {
            // Refused if the handle is logged off, and then so is whoever listened.
            let _ = self.process.unadvise(self.handle, self.id);
        }
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection").field("id", &self.id).finish_non_exhaustive()
    }
}

impl Session {
    /// Lets a sink listen to the session, until the connection is dropped or the session logged
    /// off.
    #[doc(alias = "IMAPISession::Advise")]
    pub fn advise(&self, sink: impl AdviseSink + 'static) -> Result<Connection, AdviseError> {
        let process = self.mapi().process().clone();
        let handle = self.handle();
        let id = process.advise(handle, Arc::new(sink))?;
        Ok(Connection { process, handle, id })
    }
}

impl Process {
    /// Lets a sink listen to the session of a handle (`NTF-01`).
    #[doc(alias = "IMAPISession::Advise")]
    pub fn advise(
        &self,
        handle: HandleId,
        sink: Arc<dyn AdviseSink>,
    ) -> Result<ConnectionId, AdviseError> {
        let client = self.id();
        let luggage = Luggage { sink: Some(sink), ..Luggage::about(About::Sink(handle)) };
        match self.call(luggage, |call| Event::AdviseCalled { call, client, handle }) {
            Returned::Advised(connection) => Ok(connection),
            Returned::Answer(Answer::Advised(Err(refusal))) => Err(refusal.into()),
            Returned::Unanswered => Err(AdviseError::Withdrawn),
            returned @ (Returned::LoggedOn(_)
            | Returned::Opened(_)
            | Returned::Used(_)
            | Returned::Answer(_)) => returned.misfit("IMAPISession::Advise"),
        }
    }

    /// Ends a connection; one that is not there has ended before. The protocol hears of the last
    /// one of a handle.
    #[doc(alias = "IMAPISession::Unadvise")]
    pub fn unadvise(
        &self,
        handle: HandleId,
        connection: ConnectionId,
    ) -> Result<(), UnadviseError> {
        let client = self.id();
        let luggage = Luggage::about(About::Connection { client, handle, connection });
        match self.call(luggage, |call| Event::UnadviseCalled { call, client, handle }) {
            Returned::Answer(Answer::Unadvised(result)) => Ok(result?),
            Returned::Unanswered => Err(UnadviseError::Withdrawn),
            returned @ (Returned::LoggedOn(_)
            | Returned::Opened(_)
            | Returned::Used(_)
            | Returned::Advised(_)
            | Returned::Answer(_)) => returned.misfit("IMAPISession::Unadvise"),
        }
    }
}
