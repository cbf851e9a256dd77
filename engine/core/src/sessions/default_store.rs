//! What a session takes where nothing is named: its default store, and who its user is.
//!
//! Both are chosen among the providers that run when the session opens. The default store can be
//! changed; both go with a store that is logged off singly.

use alloc::vec::Vec;

use super::session::Session;
use super::{Handle, Sessions};
use crate::answer::Answer;
use crate::effect::{Effect, Notification, Step};
use crate::error::SetDefaultStoreError;
use crate::flags::ResourceFlags;
use crate::id::{CallId, ClientId, HandleId, ProviderId};
use crate::rule::Rule;
use crate::services::ProviderSpec;

impl Sessions {
    pub(super) fn set_default_store_called(
        &mut self,
        call: CallId,
        client: ClientId,
        handle: HandleId,
        store: Option<ProviderId>,
    ) -> Step {
        let answer = |result| Effect::Answer { call, answer: Answer::DefaultStoreSet(result) };
        let refuse = |rule, error| Step::new(rule, [answer(Err(error))]);
        if !self.clients.contains_key(&client) {
            return refuse(Rule::RefuseUninitialized, SetDefaultStoreError::NotInitialized);
        }
        let Some(Handle::Live(live)) = self.handle_of(client, handle) else {
            return refuse(Rule::RefuseHandle, SetDefaultStoreError::InvalidHandle);
        };
        let session = live.seat.session;
        let changed = self.sessions.session(session);
        if store.is_some_and(|store| !changed.may_be_default(store)) {
            return refuse(Rule::RefuseUnfitStore, SetDefaultStoreError::Unfit);
        }
        if changed.default_store == store {
            return Step::new(Rule::KeepDefaultStore, [answer(Ok(()))]);
        }
        changed.default_store = store;
        let rule = match store {
            Some(_) => Rule::SetDefaultStore,
            None => Rule::ClearDefaultStore,
        };
        let mut effects = Vec::new();
        self.tell(session, Notification::TableModified, &mut effects);
        effects.push(answer(Ok(())));
        Step { rule, effects }
    }
}

impl Session {
    /// Chooses among what runs, when the session opens.
    pub(super) fn choose_defaults(&mut self) {
        let candidate =
            |part| self.first_running(|spec| spec.is_fit_as_default() && spec.plays(part));
        self.default_store = candidate(ResourceFlags::PRIMARY_STORE)
            .or_else(|| candidate(ResourceFlags::SECONDARY_STORE))
            .or_else(|| candidate(ResourceFlags::DEFAULT_STORE));
        self.identity = self.first_running(|spec| spec.plays(ResourceFlags::PRIMARY_IDENTITY));
    }

    /// Forgets a store that is logged off; says whether it was the default one.
    pub(super) fn forget_defaults(&mut self, store: ProviderId) -> bool {
        self.identity = self.identity.filter(|&identity| identity != store);
        let was_default = self.default_store == Some(store);
        if was_default {
            self.default_store = None;
        }
        was_default
    }

    fn first_running(&self, is_wanted: impl Fn(ProviderSpec) -> bool) -> Option<ProviderId> {
        let (provider, _, _) = self
            .services
            .providers()
            .find(|&(provider, _, spec)| is_wanted(spec) && self.is_running(provider))?;
        Some(provider)
    }

    fn may_be_default(&self, store: ProviderId) -> bool {
        let spec = self.services.provider(store).map(|(_, spec)| spec);
        spec.is_some_and(ProviderSpec::is_fit_as_default) && self.is_running(store)
    }
}
