//! Two ways to watch an environment at work: a record of its steps, and a hand on its pace.
//!
//! Neither costs anything where it is not used, and neither hears a secret: events and effects have
//! none (`CAN-05`).

use mapi_session_core::{Effect, Event, Rule};

/// One step of the protocol, as it was committed.
///
/// Records go to the channel given to
/// [`EnvironmentBuilder::record_to`](crate::EnvironmentBuilder::record_to), in the order of the
/// steps.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct StepRecord {
    /// Which step it was: the first is 1, and none is left out.
    pub number: u64,
    /// What happened.
    pub event: Event,
    /// Why what was done was done.
    pub rule: Rule,
    /// What was ordered.
    pub effects: Vec<Effect>,
}

/// Decides when the next step may be taken, so that a test can make threads meet in a given order.
///
/// An implementation lets all events pass at once, except for those that it holds back by blocking.
pub trait Pace: Send + Sync {
    /// Returns when the event may be fed to the protocol.
    ///
    /// It is called before every event, without any lock, on the thread that is about to feed it:
    /// the caller's own for a call, for what it demands of the spooler, and for what its call is
    /// told of continuing, of the profile store, of passwords that came with it, of timers,
    /// deadlines and withdrawal; a thread of its own for the answers of users, providers and entry
    /// functions, for the end of a session, and for each handle whose sinks are ready for a
    /// notification. Whatever needs no step goes on meanwhile.
    ///
    /// An event that says how the profile store stands says what was so when this is called; the
    /// step hears what is so when this has returned.
    ///
    /// Three kinds of event may be dropped after this, without a step. Two if they were overtaken:
    /// the answer of a provider whose attempt is [dropped](Effect::DropAttempt), and a deadline
    /// when the call waits for something else by now. And the end of a connection whose handle has
    /// another one.
    fn before(&self, event: &Event);
}
