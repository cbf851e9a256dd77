//! What must be true of services and providers, and of the calls that start or wait for them.

use alloc::collections::{BTreeMap, BTreeSet};

use crate::id::{HandleId, ProviderId, SessionId};
use crate::request::{Host, OpenTarget, Prompts, ServiceUi};
use crate::services::{EntryFunction, ProviderKind};
use crate::sessions::open::Opening;
use crate::sessions::session::Session;
use crate::sessions::{Call, Handle, Item, LiveHandle, Sessions};
use crate::view::{Child, Phase, ProviderStatus, Series, SeriesStage, ServiceStatus, Stage};

impl Sessions {
    pub(super) fn check_providers(&self) {
        for (id, session) in self.sessions.iter() {
            check_statuses(id, session);
            check_winding_down(id, session);
        }
        self.check_starting_logon();
        self.check_opens();
        self.check_objects();
    }

    /// A logon starts what nobody has started, and shows services that have something to show.
    fn check_starting_logon(&self) {
        let Some(holder) = &self.mutex else { return };
        let call = holder.call;
        match holder.stage {
            Stage::Show(service) => {
                assert_eq!(holder.request.service_ui, ServiceUi::Always, "{call} shows {service}");
                let building = self.sessions.get(SessionId(call)).expect("it is being built");
                let entry = building.services.service(service).map(|service| service.entry);
                assert_eq!(entry, Some(EntryFunction::Present), "{call} shows {service}");
            }
            Stage::Series(Series { provider, stage }) => {
                let building = self.sessions.get(SessionId(call)).expect("it is being built");
                check_series(building, Series { provider, stage });
                let status = building.status(provider);
                assert_eq!(status, Some(ProviderStatus::NotStarted), "{call} starts {provider}");
                let service = building.service_status_of(provider);
                assert_eq!(service, ServiceStatus::Enabled, "{call} starts {provider}");
            }
            Stage::Decide
            | Stage::Pick
            | Stage::AskProfile
            | Stage::Credentials { .. }
            | Stage::AskPassword { .. }
            | Stage::Build { .. }
            | Stage::Finish
            | Stage::Done(_) => {}
        }
    }

    /// Open calls are at providers of their kind in sessions that are open, one at a time with each
    /// (`FLR-07`); those who look for them by provider find them all.
    fn check_opens(&self) {
        let mut series = BTreeMap::new();
        let mut waiting = BTreeMap::new();
        for (&call, belonging) in &self.belongings {
            let Item::Call(Call::Opening(opening)) = belonging.item else { continue };
            let Opening { session, handle, target, dialogs, at, series: stage } = opening;
            let opened_in = self.sessions.get(session).expect("an open call's session is open");
            assert!(opened_in.is_active(), "{call} opens in {session}: {:?}", opened_in.phase);
            let kind = opened_in.services.provider(at).map(|(_, spec)| spec.kind);
            match target {
                OpenTarget::Store(store) => {
                    assert_eq!((store, kind), (at, Some(ProviderKind::Store)), "{call} opens");
                }
                OpenTarget::AddressBook => {
                    assert_eq!(kind, Some(ProviderKind::AddressBook), "{call} opens the book");
                }
            }
            let LiveHandle { seat, .. } = self.live(handle);
            assert_eq!(seat.session, session, "{call} opens on {handle}");
            match (seat.host, stage, dialogs) {
                (Host::WindowsService, _, Prompts::Allowed) => panic!("{call} of a service asks"),
                (_, Some(SeriesStage::Prompt), Prompts::Forbidden) => panic!("{call} asks"),
                (Host::Application | Host::WindowsService, _, _) => {}
            }
            match stage {
                Some(stage) => {
                    check_series(opened_in, Series { provider: at, stage });
                    let other = series.insert((session, at), call);
                    assert_eq!(other, None, "{call} is at {at} of {session} too");
                }
                None => {
                    waiting.insert((session, at, handle), call);
                }
            }
        }
        assert_eq!(series, self.claims.series, "open calls that start a provider");
        assert_eq!(waiting, self.claims.waiting, "open calls that wait for a provider");
    }

    /// What handles have open are stores of their sessions, and those who look for them find them.
    fn check_objects(&self) {
        let mut stores = BTreeSet::new();
        for (&call, belonging) in &self.belongings {
            let Item::Handle(Handle::Live(live)) = &belonging.item else { continue };
            let session = live.seat.session;
            let used = self.sessions.get(session).expect("a live handle's session is open");
            for child in &live.children {
                let Child::Store(store) = *child else { continue };
                let kind = used.services.provider(store).map(|(_, spec)| spec.kind);
                assert_eq!(kind, Some(ProviderKind::Store), "{store} of {session} is open");
                stores.insert((session, store, HandleId(call)));
            }
        }
        assert_eq!(stores, self.claims.stores, "stores that are open, by session and handle");
    }

    fn live(&self, handle: HandleId) -> &LiveHandle {
        match self.belongings.get(&handle.0).map(|belonging| &belonging.item) {
            Some(Item::Handle(Handle::Live(live))) => live,
            other => panic!("{handle} is not live, but {other:?}"),
        }
    }
}

/// A provider in a series has not logged on; who is asked, and what is called, is there.
fn check_series(session: &Session, series: Series) {
    let Series { provider, stage } = series;
    match session.status(provider) {
        Some(ProviderStatus::NotStarted | ProviderStatus::Failed) => {}
        other => panic!("{provider} is being started, and {other:?}"),
    }
    if stage == SeriesStage::Entry {
        assert_eq!(session.entry_of(provider), EntryFunction::Present, "{provider} is repaired");
    }
}

/// Of a disabled service nothing runs, of an enabled one nothing is quiesced (`FLR-02`, D-11);
/// while the session is being built no transport is started (`ORD-03`, `ORD-04`).
fn check_statuses(id: SessionId, session: &Session) {
    for (provider, service, spec) in session.services.providers() {
        let status = session.status(provider).expect("every provider has a status");
        let misplaced = match session.service_status(service) {
            ServiceStatus::Enabled => ProviderStatus::Quiesced,
            ServiceStatus::Disabled => ProviderStatus::Running,
        };
        assert_ne!(status, misplaced, "{provider} of {id}");
        if spec.kind == ProviderKind::Transport && session.phase == Phase::Building {
            assert_eq!(status, ProviderStatus::NotStarted, "{provider} of {id} is a transport");
        }
    }
}

/// A session without handles always has the next order out, until it waits for its own end
/// (`PSD-11`).
fn check_winding_down(id: SessionId, session: &Session) {
    let mut logged_on: BTreeSet<ProviderId> = BTreeSet::new();
    let mut stopping = false;
    for (provider, _, _) in session.services.providers() {
        match session.status(provider) {
            Some(ProviderStatus::Running | ProviderStatus::Quiesced) => {
                logged_on.insert(provider);
            }
            Some(ProviderStatus::LoggingOff | ProviderStatus::ShuttingDown) => stopping = true,
            Some(ProviderStatus::NotStarted | ProviderStatus::Failed | ProviderStatus::Late)
            | None => {}
        }
    }
    match session.phase {
        Phase::Draining => {
            assert!(stopping || logged_on.is_empty(), "{id} forgets to stop {logged_on:?}");
        }
        Phase::Building | Phase::Individual | Phase::Shared { .. } | Phase::Closing { .. } => {}
    }
}
