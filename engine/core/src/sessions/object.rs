//! What handles have opened: used as long as the provider behind it runs, and logged off singly if
//! it is a store.

use alloc::vec;

use super::{Handle, LiveHandle, Sessions};
use crate::answer::Answer;
use crate::effect::{Effect, Notification, Step};
use crate::error::{StoreLogoffError, UseError};
use crate::id::{CallId, ClientId, HandleId, ProviderId};
use crate::rule::Rule;
use crate::services::ProviderKind;
use crate::view::{Child, ProviderStatus, Seat};

impl Sessions {
    pub(super) fn use_called(
        &mut self,
        call: CallId,
        client: ClientId,
        handle: HandleId,
        provider: ProviderId,
    ) -> Step {
        let answer = |result| Effect::Answer { call, answer: Answer::Used(result) };
        let refuse = |rule, error| Step::new(rule, [answer(Err(error))]);
        if !self.clients.contains_key(&client) {
            return refuse(Rule::RefuseUninitialized, UseError::NotInitialized);
        }
        let Some(Handle::Live(live)) = self.handle_of(client, handle) else {
            return refuse(Rule::RefuseHandle, UseError::InvalidHandle);
        };
        let Seat { session, mail, .. } = live.seat;
        let has_book = live.children.contains(&Child::AddressBook);
        let has_store = live.children.contains(&Child::Store(provider));
        let used = self.sessions.session(session);
        let kind = used.services.provider(provider).map(|(_, spec)| spec.kind);
        let unavailable = match kind {
            Some(ProviderKind::Store) if has_store => {
                (Rule::RefuseStoreUse, UseError::StoreUnavailable)
            }
            Some(ProviderKind::AddressBook) if has_book => {
                (Rule::RefuseEntryUse, UseError::EntryUnavailable)
            }
            // Nobody opens a transport: whoever sees it can use it (NML-02).
            Some(ProviderKind::Transport)
                if used.row_state(provider, ProviderKind::Transport, mail).is_some() =>
            {
                (Rule::RefuseTransportUse, UseError::TransportUnavailable)
            }
            Some(ProviderKind::Store | ProviderKind::AddressBook | ProviderKind::Transport)
            | None => return refuse(Rule::RefuseUnopened, UseError::NotOpen),
        };
        // Of a disabled service nothing runs (FLR-02, D-11).
        if !used.is_running(provider) {
            let (rule, error) = unavailable;
            return refuse(rule, error);
        }
        Step::new(Rule::UseProvider, [Effect::UseProvider { session, provider }, answer(Ok(()))])
    }

    pub(super) fn store_logoff_called(
        &mut self,
        call: CallId,
        client: ClientId,
        handle: HandleId,
        provider: ProviderId,
    ) -> Step {
        let answer = |result| Effect::Answer { call, answer: Answer::StoreLoggedOff(result) };
        let refuse = |rule, error| Step::new(rule, [answer(Err(error))]);
        if !self.clients.contains_key(&client) {
            return refuse(Rule::RefuseUninitialized, StoreLogoffError::NotInitialized);
        }
        let Some(Handle::Live(live)) = self.handle_of(client, handle) else {
            return refuse(Rule::RefuseHandle, StoreLogoffError::InvalidHandle);
        };
        let session = live.seat.session;
        if !live.children.remove(&Child::Store(provider)) {
            return refuse(Rule::RefuseUnopened, StoreLogoffError::NotOpen);
        }
        self.claims.close_store(session, provider, handle);
        let left = self.sessions.session(session);
        if left.status(provider) != Some(ProviderStatus::Running) {
            return Step::new(Rule::LeaveStoppedStore, [answer(Ok(()))]);
        }
        if self.claims.is_store_open(session, provider) {
            return Step::new(Rule::LeaveStoreToOthers, [answer(Ok(()))]);
        }
        let mut effects = vec![left.log_off(session, provider)];
        let rule = if left.forget_defaults(provider) {
            self.tell(session, Notification::TableModified, &mut effects);
            Rule::LogOffDefaultStore
        } else {
            Rule::LogOffStore
        };
        effects.push(answer(Ok(())));
        Step { rule, effects }
    }
}

impl LiveHandle {
    /// Whether an open call of this handle is under way.
    pub(super) fn is_opening(&self) -> bool {
        match self.children.first() {
            Some(Child::Open(_)) => true,
            Some(Child::Confirmation(_) | Child::AddressBook | Child::Store(_)) | None => false,
        }
    }
}
