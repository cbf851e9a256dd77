//! All sessions: built, opened, joined, left by their handles one by one, closed.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::num::NonZeroUsize;

use super::Sessions;
use super::session::Session;
use crate::effect::{Effect, Step};
use crate::id::{ProfileKey, SessionId};
use crate::lineup::Lineup;
use crate::request::{Mail, Sharing};
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
    /// How many of them use a profile; an edit of it may have to wait for them (`ADM-10`).
    users: BTreeMap<ProfileKey, NonZeroUsize>,
}

/// How a session ends that has lost its last handle.
#[derive(Clone, Copy)]
pub(super) enum Ending {
    /// Its providers are stopped, one after the other (`LGF-11`).
    InOrder,
    /// At once, in the same step: that is the caller's to do (`FSD-09`).
    AtOnce,
}

/// Where a new live handle has its place, and what its coming demands.
pub(super) struct Seating {
    pub(super) session: SessionId,
    pub(super) profile: ProfileKey,
    /// The first handle that is capable of mail brings the spooler.
    pub(super) attach: Option<Effect>,
}

impl LiveSessions {
    pub(super) const fn new() -> Self {
        Self { all: Lineup::new(), joinable: Lineup::new(), users: BTreeMap::new() }
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

    /// When a session came to be: those that came later have greater numbers.
    pub(super) fn arrival(&self, session: SessionId) -> u64 {
        self.all.number(session).expect("a session does not end before those that name it")
    }

    /// How many sessions use a profile.
    pub(super) fn users(&self, profile: ProfileKey) -> usize {
        self.users.get(&profile).map_or(0, |users| users.get())
    }

    /// The profiles that sessions use, and how many of them each.
    pub(super) fn used(&self) -> impl Iterator<Item = (ProfileKey, usize)> {
        self.users.iter().map(|(&profile, users)| (profile, users.get()))
    }

    /// Adds a handle to the join target, if there is one.
    pub(super) fn join(&mut self, mail: Mail) -> Option<Seating> {
        let session = self.join_target()?;
        let target = self.session(session);
        let Phase::Shared { handles } = &mut target.phase else {
            panic!("{session} can be joined, but is {:?}", target.phase);
        };
        *handles = handles.saturating_add(1);
        let attach = target.gain_handle(session, mail);
        Some(Seating { session, profile: target.profile, attach })
    }

    pub(super) fn build(
        &mut self,
        session: SessionId,
        profile: ProfileKey,
        services: Services,
    ) -> &mut Session {
        self.all.push(session, Box::new(Session::new(profile, services)));
        let one_more = |users: &mut NonZeroUsize| *users = users.saturating_add(1);
        self.users.entry(profile).and_modify(one_more).or_insert(NonZeroUsize::MIN);
        self.session(session)
    }

    /// Opens a session that was being built, to its first handle.
    pub(super) fn open(&mut self, session: SessionId, sharing: Sharing, mail: Mail) -> Seating {
        let phase = if sharing.allows_others() {
            self.joinable.push(session, ());
            Phase::Shared { handles: NonZeroUsize::MIN }
        } else {
            Phase::Individual
        };
        let opened = self.session(session);
        assert_eq!(opened.phase, Phase::Building, "{session} opens twice");
        opened.phase = phase;
        opened.choose_defaults();
        let attach = opened.gain_handle(session, mail);
        Seating { session, profile: opened.profile, attach }
    }

    /// Closes a session to later logons, because everyone on it is asked to log off (`LGF-07`).
    /// Says whether it is one that others could join at all.
    pub(super) fn close(&mut self, session: SessionId) -> bool {
        let closed = self.session(session);
        match closed.phase {
            Phase::Shared { handles } => {
                closed.phase = Phase::Closing { handles };
                self.joinable.remove(session);
                true
            }
            Phase::Closing { .. } => true,
            Phase::Individual | Phase::Building | Phase::Draining => false,
        }
    }

    /// Takes a live handle from a session, and orders what its end demands if it was the last.
    pub(super) fn leave(
        &mut self,
        session: SessionId,
        mail: Mail,
        ending: Ending,
        effects: &mut Vec<Effect>,
    ) {
        let left = self.session(session);
        effects.extend(left.lose_handle(session, mail));
        let fewer = |handles: NonZeroUsize| NonZeroUsize::new(handles.get() - 1);
        let rest = match left.phase {
            Phase::Individual => None,
            Phase::Shared { handles } => fewer(handles).map(|handles| Phase::Shared { handles }),
            Phase::Closing { handles } => fewer(handles).map(|handles| Phase::Closing { handles }),
            Phase::Building | Phase::Draining => {
                panic!("{session} had a live handle while it was {:?}", left.phase)
            }
        };
        match rest {
            Some(phase) => left.phase = phase,
            None => {
                self.joinable.remove(session);
                match ending {
                    Ending::InOrder => self.drain(session, effects),
                    Ending::AtOnce => self.session(session).phase = Phase::Draining,
                }
            }
        }
    }

    /// Ends the life of a session for its clients, and orders what is to be done first.
    pub(super) fn drain(&mut self, session: SessionId, effects: &mut Vec<Effect>) {
        let drained = self.session(session);
        drained.phase = Phase::Draining;
        (drained.default_store, drained.identity) = (None, None);
        drained.abandon_transport();
        effects.extend(drained.wind_down(session));
    }

    /// Forgets a session, and has its profile settled if it was the last on it (`ADM-10`,
    /// `ADM-14`).
    pub(super) fn end(&mut self, session: SessionId) -> Option<Effect> {
        let ended = self.all.remove(session).expect("a session ends once");
        let profile = ended.profile;
        let users = self.users.get_mut(&profile).expect("a session uses its profile");
        match NonZeroUsize::new(users.get() - 1) {
            Some(rest) => {
                *users = rest;
                None
            }
            None => {
                self.users.remove(&profile);
                Some(Effect::SettleProfile { profile })
            }
        }
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
        match self.sessions.end(session) {
            None => Step::quiet(Rule::EndSession),
            Some(settle) => Step::new(Rule::EndLastSessionOnProfile, [settle]),
        }
    }
}
