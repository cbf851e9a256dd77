//! How far a run may go. A run that meets a limit is inconclusive, never green.

use std::time::{Duration, Instant};

use crate::Why;
use crate::arena::MOST_NODES;

/// How far a run may go; by default to the end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// The most states to keep.
    pub states: Option<u64>,
    /// The most steps from an initial state.
    pub depth: Option<u64>,
    /// The most memory to use, by the run's own estimate.
    pub bytes: Option<u64>,
    /// The longest time to take.
    pub time: Option<Duration>,
    /// Whether to go on after a violation.
    pub stop: Stop,
}

/// When a run ends before everything is explored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stop {
    /// Not before: every property gets its own shortest trace.
    #[default]
    Never,
    /// At the first violation, in the order of the search.
    ///
    /// Levels are walked in order, the states of a level in the order they were found, the actions
    /// of a state in the order the model offers them. So the first violation is a shortest one, and
    /// the same on every run. The step that shows it is judged by all properties before the run
    /// ends. Unreached goals and states that cannot reach rest are known only at the end of a
    /// complete walk, and do not stop it.
    AtFirstViolation,
}

/// The limits of a run under way.
pub(crate) struct Budget {
    started: Instant,
    limits: Limits,
}

impl Budget {
    pub(crate) fn start(limits: &Limits) -> Self {
        Self { started: Instant::now(), limits: *limits }
    }

    pub(crate) fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    pub(crate) fn stop(&self) -> Stop {
        self.limits.stop
    }

    /// Whether there is no room for this many states.
    pub(crate) fn too_many_states(&self, states: u64) -> Option<Why> {
        let most = self.limits.states.map_or(MOST_NODES, |most| most.min(MOST_NODES));
        (states > most).then_some(Why::StateLimit(most))
    }

    /// Whether a state this many steps away is too far.
    pub(crate) fn too_deep(&self, depth: u64) -> Option<Why> {
        let most = self.limits.depth?;
        (depth > most).then_some(Why::DepthLimit(most))
    }

    /// Looks at the clock.
    pub(crate) fn too_late(&self) -> Option<Why> {
        let most = self.limits.time?;
        (self.elapsed() >= most).then_some(Why::TimeLimit)
    }

    /// Looks at clock and memory, now and then: at every 64th turn.
    pub(crate) fn check(&self, turn: u64, bytes: impl FnOnce() -> u64) -> Result<(), Why> {
        if !turn.is_multiple_of(64) {
            return Ok(());
        }
        if let Some(most) = self.limits.bytes
            && bytes() > most
        {
            return Err(Why::MemoryLimit(most));
        }
        self.too_late().map_or(Ok(()), Err)
    }
}
