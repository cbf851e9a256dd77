//! What must be true of the spooler, of what sessions take where nothing is named, and of the
//! notifications that wait.

use alloc::collections::{BTreeMap, BTreeSet};

use crate::flags::ResourceFlags;
use crate::id::{HandleId, ProviderId, SessionId};
use crate::request::Mail;
use crate::services::{EntryFunction, ProviderKind, ProviderSpec};
use crate::sessions::session::Session;
use crate::sessions::{Handle, Item, Sessions};
use crate::view::{
    HandleStatus, Inbox, Phase, ProviderStatus, Spooler, TransportSeries, TransportStage,
};

impl Sessions {
    /// The spooler serves a session exactly while a live handle of it is capable of mail
    /// (`NML-04`), and starts its transports only while it is open.
    pub(super) fn check_spooler(&self) {
        let mut capable: BTreeMap<SessionId, usize> = BTreeMap::new();
        for (_, handle) in self.handles() {
            match handle.status {
                HandleStatus::Live(seat) | HandleStatus::Unanswered(seat) => match seat.mail {
                    Mail::Wanted => *capable.entry(seat.session).or_default() += 1,
                    Mail::NotWanted => {}
                },
                HandleStatus::LoggedOff => {}
            }
        }
        for (id, session) in self.sessions.iter() {
            let expected = capable.remove(&id).unwrap_or_default();
            assert_eq!(session.mail_handles, expected, "handles of {id} that are capable of mail");
            let attached = session.spooler() == Spooler::Attached;
            assert!(session.is_active() || !attached, "{id}, {:?}, has a spooler", session.phase);
            check_transport(id, session);
        }
        assert!(capable.is_empty(), "mail for sessions that have ended: {capable:?}");
    }

    /// What an open session takes by default has run since it was chosen (`DST-02`, `IDN-01`); one
    /// that is not open yet has chosen nothing, and one that ends has let go of it.
    pub(super) fn check_defaults(&self) {
        for (id, session) in self.sessions.iter() {
            let chosen = (session.default_store, session.identity);
            match session.phase {
                Phase::Building | Phase::Draining => {
                    assert_eq!(chosen, (None, None), "{id} has nothing to choose for");
                }
                Phase::Individual | Phase::Shared { .. } | Phase::Closing { .. } => {
                    for provider in [session.default_store, session.identity].iter().flatten() {
                        let status = session.status(*provider);
                        let ran = matches!(
                            status,
                            Some(ProviderStatus::Running | ProviderStatus::Quiesced)
                        );
                        assert!(ran, "{id} relies on {provider}, which is {status:?}");
                    }
                }
            }
            let spec = |provider: ProviderId| session.services.provider(provider).map(|(_, it)| it);
            if let Some(store) = session.default_store {
                let fit = spec(store).is_some_and(ProviderSpec::is_fit_as_default);
                assert!(fit, "{store} of {id} is the default store");
            }
            if let Some(identity) = session.identity {
                let is_named =
                    spec(identity).is_some_and(|it| it.plays(ResourceFlags::PRIMARY_IDENTITY));
                assert!(is_named, "{identity} of {id} is the identity");
            }
        }
    }

    /// Those who listen are live handles, found by session, and only a session that closes has asked
    /// anybody to log off (`LGF-04`).
    pub(super) fn check_inboxes(&self) {
        let mut live_handles = BTreeSet::new();
        for (&call, belonging) in &self.belongings {
            let Item::Handle(Handle::Live(live)) = &belonging.item else { continue };
            let session = live.seat.session;
            live_handles.insert((session, HandleId(call)));
            let phase = self.sessions.get(session).map(|session| session.phase);
            match phase {
                Some(Phase::Closing { .. }) => {}
                Some(Phase::Individual) => {
                    let Inbox { critical, extended, table: _ } = live.inbox;
                    assert_eq!((critical, extended), (0, 0), "handle {call} is alone on {session}");
                }
                Some(Phase::Shared { .. }) => {
                    assert_eq!(live.inbox.critical, 0, "handle {call} is to leave {session}");
                }
                Some(Phase::Building | Phase::Draining) | None => {
                    panic!("handle {call} is live on {session}, which is {phase:?}")
                }
            }
        }
        let deaf = self.listeners.difference(&live_handles).collect::<BTreeSet<_>>();
        assert!(deaf.is_empty(), "who listens is live on that session, and not {deaf:?}");
    }
}

/// What the spooler has under way is a transport that has not been tried before (`ORD-07`), in a
/// session that is open.
fn check_transport(id: SessionId, session: &Session) {
    let Some(TransportSeries { provider, stage }) = session.transport else { return };
    assert!(session.is_active(), "{provider} of {id} is started: {:?}", session.phase);
    let kind = session.services.provider(provider).map(|(_, spec)| spec.kind);
    assert_eq!(kind, Some(ProviderKind::Transport), "{provider} of {id} is started");
    let status = session.status(provider);
    assert_eq!(status, Some(ProviderStatus::NotStarted), "{provider} of {id} is started");
    if stage == TransportStage::Entry {
        let entry = session.entry_of(provider);
        assert_eq!(entry, EntryFunction::Present, "{provider} of {id} is configured");
    }
}
