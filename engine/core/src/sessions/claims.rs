//! Who is at which provider: open calls that start one or wait for one, handles that have a store
//! open.
//!
//! All of it could be read off the open calls and the handles; here it is found by provider.

use alloc::collections::{BTreeMap, BTreeSet};

use crate::id::{CallId, HandleId, ProviderId, SessionId};

const FIRST_PROVIDER: ProviderId = ProviderId(u16::MIN);
const LAST_PROVIDER: ProviderId = ProviderId(u16::MAX);
const FIRST_HANDLE: HandleId = HandleId(CallId(u64::MIN));
const LAST_HANDLE: HandleId = HandleId(CallId(u64::MAX));

/// Open calls and open stores, by provider.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Claims {
    /// The open call whose series a provider is in. There is room for one (`FLR-07`).
    pub(super) series: BTreeMap<(SessionId, ProviderId), CallId>,
    /// The open calls that wait for a provider, in the order in which they will have it.
    pub(super) waiting: BTreeMap<(SessionId, ProviderId, HandleId), CallId>,
    /// The stores that are open, and for which handles.
    pub(super) stores: BTreeSet<(SessionId, ProviderId, HandleId)>,
}

impl Claims {
    pub(super) const fn new() -> Self {
        Self { series: BTreeMap::new(), waiting: BTreeMap::new(), stores: BTreeSet::new() }
    }

    pub(super) fn begin_series(&mut self, session: SessionId, provider: ProviderId, call: CallId) {
        let replaced = self.series.insert((session, provider), call);
        assert!(replaced.is_none(), "{call} begins with {provider}, as {replaced:?} has");
    }

    pub(super) fn end_series(&mut self, session: SessionId, provider: ProviderId) {
        let ended = self.series.remove(&(session, provider));
        assert!(ended.is_some(), "nobody was at {provider} of {session}");
    }

    /// The open call whose series a provider is in.
    pub(super) fn series(&self, session: SessionId, provider: ProviderId) -> Option<CallId> {
        self.series.get(&(session, provider)).copied()
    }

    pub(super) fn wait(
        &mut self,
        session: SessionId,
        provider: ProviderId,
        handle: HandleId,
        call: CallId,
    ) {
        let replaced = self.waiting.insert((session, provider, handle), call);
        assert!(replaced.is_none(), "{handle} waits for {provider} twice");
    }

    pub(super) fn stop_waiting(
        &mut self,
        session: SessionId,
        provider: ProviderId,
        handle: HandleId,
    ) {
        let waited = self.waiting.remove(&(session, provider, handle));
        assert!(waited.is_some(), "{handle} did not wait for {provider}");
    }

    /// Whether no open call waits for anything.
    pub(super) fn nobody_waits(&self) -> bool {
        self.waiting.is_empty()
    }

    /// The open call that will have the provider next: that of the least handle.
    pub(super) fn first_waiting(&self, session: SessionId, provider: ProviderId) -> Option<CallId> {
        let all = (session, provider, FIRST_HANDLE)..=(session, provider, LAST_HANDLE);
        self.waiting.range(all).map(|(_, &call)| call).next()
    }

    /// Of each provider that is waited for, the open call that will have it next.
    pub(super) fn all_first_waiting(
        &self,
        session: SessionId,
    ) -> impl Iterator<Item = (ProviderId, CallId)> {
        let all = (session, FIRST_PROVIDER, FIRST_HANDLE)..=(session, LAST_PROVIDER, LAST_HANDLE);
        let mut last = None;
        self.waiting.range(all).filter_map(move |(&(_, provider, _), &call)| {
            let first = last != Some(provider);
            last = Some(provider);
            first.then_some((provider, call))
        })
    }

    pub(super) fn open_store(
        &mut self,
        session: SessionId,
        provider: ProviderId,
        handle: HandleId,
    ) {
        self.stores.insert((session, provider, handle));
    }

    pub(super) fn close_store(
        &mut self,
        session: SessionId,
        provider: ProviderId,
        handle: HandleId,
    ) {
        let was_open = self.stores.remove(&(session, provider, handle));
        assert!(was_open, "{handle} did not have {provider} open");
    }

    /// Whether any handle has the store open.
    pub(super) fn is_store_open(&self, session: SessionId, provider: ProviderId) -> bool {
        let all = (session, provider, FIRST_HANDLE)..=(session, provider, LAST_HANDLE);
        self.stores.range(all).next().is_some()
    }
}
