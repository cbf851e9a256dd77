//! Sessions, from the order to start their providers to the news that these are down.

use core::num::NonZeroUsize;

use super::Sessions;
use crate::effect::{Effect, Step};
use crate::id::{ProfileKey, SessionId};
use crate::lineup::Lineup;
use crate::request::Sharing;
use crate::rule::Rule;
use crate::view::{Phase, SessionView};

/// Every session that has not ended, oldest first.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct LiveSessions {
    all: Lineup<SessionId, SessionView>,
    /// Those that can be joined; the oldest is the one that is (`SHR-08`, `SHR-09`).
    joinable: Lineup<SessionId, ()>,
}

impl LiveSessions {
    pub(super) const fn new() -> Self {
        Self { all: Lineup::new(), joinable: Lineup::new() }
    }

    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    pub(super) fn contains(&self, session: SessionId) -> bool {
        self.all.contains(session)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (SessionId, &SessionView)> {
        self.all.iter()
    }

    pub(super) fn joinable(&self) -> impl Iterator<Item = SessionId> {
        self.joinable.iter().map(|(session, ())| session)
    }

    pub(super) fn join_target(&self) -> Option<SessionId> {
        self.joinable.oldest()
    }

    /// Adds a handle to the join target, if there is one.
    pub(super) fn join(&mut self) -> Option<(SessionId, ProfileKey)> {
        let session = self.join_target()?;
        let target = self.session(session);
        let Phase::Shared { handles } = &mut target.phase else {
            panic!("{session} can be joined, but is {:?}", target.phase);
        };
        *handles = handles.saturating_add(1);
        Some((session, target.profile))
    }

    pub(super) fn build(&mut self, session: SessionId, profile: ProfileKey) {
        self.all.push(session, SessionView { profile, phase: Phase::Building });
    }

    /// Opens a session that was being built, to its first handle.
    pub(super) fn open(&mut self, session: SessionId, sharing: Sharing) -> ProfileKey {
        let phase = if sharing.allows_others() {
            self.joinable.push(session, ());
            Phase::Shared { handles: NonZeroUsize::MIN }
        } else {
            Phase::Individual
        };
        let opened = self.session(session);
        assert_eq!(opened.phase, Phase::Building, "{session} opens twice");
        opened.phase = phase;
        opened.profile
    }

    /// Takes a live handle from a session, and orders what its end demands if it was the last.
    pub(super) fn leave(&mut self, session: SessionId) -> Option<Effect> {
        let left = self.session(session);
        match left.phase {
            Phase::Individual => {}
            Phase::Shared { handles } => match NonZeroUsize::new(handles.get() - 1) {
                Some(handles) => {
                    left.phase = Phase::Shared { handles };
                    return None;
                }
                None => {
                    self.joinable.remove(session);
                }
            },
            Phase::Building | Phase::Abandoned | Phase::Draining => {
                panic!("{session} had a live handle while it was {:?}", left.phase)
            }
        }
        Some(self.drain(session))
    }

    /// Gives up a session whose start order is still out.
    pub(super) fn abandon(&mut self, session: SessionId) {
        let abandoned = self.session(session);
        assert_eq!(abandoned.phase, Phase::Building, "{session} is given up too late");
        abandoned.phase = Phase::Abandoned;
    }

    pub(super) fn drain(&mut self, session: SessionId) -> Effect {
        self.session(session).phase = Phase::Draining;
        Effect::StopProviders { session }
    }

    fn session(&mut self, session: SessionId) -> &mut SessionView {
        self.all.get_mut(session).expect("a session does not end before those that name it")
    }
}

impl Sessions {
    pub(super) fn providers_started(&mut self, session: SessionId) -> Step {
        match self.sessions.all.get(session).map(|started| started.phase) {
            Some(Phase::Building) => {
                let holder = self.mutex.as_mut().filter(|holder| holder.call == session.0);
                let holder = holder.expect("the logon of a session being built holds the mutex");
                holder.open(&mut self.sessions)
            }
            Some(Phase::Abandoned) => {
                Step::new(Rule::TakeBackLateStart, [self.sessions.drain(session)])
            }
            Some(Phase::Individual | Phase::Shared { .. } | Phase::Draining) | None => {
                Step::quiet(Rule::IgnoreStale)
            }
        }
    }

    pub(super) fn providers_stopped(&mut self, session: SessionId) -> Step {
        match self.sessions.all.get(session).map(|stopped| stopped.phase) {
            Some(Phase::Draining) => {
                self.sessions.all.remove(session);
                Step::quiet(Rule::EndSession)
            }
            Some(Phase::Building | Phase::Individual | Phase::Shared { .. } | Phase::Abandoned)
            | None => Step::quiet(Rule::IgnoreStale),
        }
    }
}
