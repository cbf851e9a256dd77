//! All sessions: built, opened, joined, left by their handles one by one, closed.

use alloc::boxed::Box;
use core::num::NonZeroUsize;

use super::Sessions;
use super::session::Session;
use crate::effect::{Effect, Step};
use crate::id::{ProfileKey, SessionId};
use crate::lineup::Lineup;
use crate::request::Sharing;
use crate::rule::Rule;
use crate::services::Services;
use crate::view::Phase;

/// Every session that has not ended, oldest first.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct LiveSessions {
    /// Each on its own, so that the map wastes no room on its free places.
    all: Lineup<SessionId, Box<Session>>,
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

    pub(super) fn iter(&self) -> impl Iterator<Item = (SessionId, &Session)> {
        self.all.iter().map(|(id, session)| (id, &**session))
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

    pub(super) fn build(
        &mut self,
        session: SessionId,
        profile: ProfileKey,
        services: Services,
    ) -> &mut Session {
        self.all.push(session, Box::new(Session::new(profile, services)));
        self.session(session)
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
            Phase::Building | Phase::Draining => {
                panic!("{session} had a live handle while it was {:?}", left.phase)
            }
        }
        self.drain(session)
    }

    /// Ends the life of a session for its clients, and orders what is to be done first.
    pub(super) fn drain(&mut self, session: SessionId) -> Option<Effect> {
        let drained = self.session(session);
        drained.phase = Phase::Draining;
        drained.wind_down(session)
    }

    pub(super) fn get(&self, session: SessionId) -> Option<&Session> {
        self.all.get(session).map(|found| &**found)
    }

    pub(super) fn get_mut(&mut self, session: SessionId) -> Option<&mut Session> {
        self.all.get_mut(session).map(|found| &mut **found)
    }

    /// A session that has not ended, because something of it is under way.
    pub(super) fn session(&mut self, session: SessionId) -> &mut Session {
        self.all.get_mut(session).expect("a session does not end before those that name it")
    }
}

impl Sessions {
    pub(super) fn session_closed(&mut self, session: SessionId) -> Step {
        if !self.sessions.get(session).is_some_and(Session::is_wound_down) {
            return Step::quiet(Rule::IgnoreStale);
        }
        self.sessions.all.remove(session);
        Step::quiet(Rule::EndSession)
    }
}
