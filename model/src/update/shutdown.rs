//! What updates do about fast shutdown: queries, consents, and the end of a client (D-19).

use super::Change;
use crate::{
    Call, Code, Fast, Initialized, Observation, Query,
    situation::{running, to_ask},
};

impl Change<'_> {
    pub(super) fn set_fast(&mut self, fast: Fast) {
        self.standing().fast = fast;
    }

    /// A consent does not stand any longer, and a query comes to none.
    pub(super) fn take_standing_back(&mut self) {
        self.standing().fast = match self.standing().fast {
            Fast::None | Fast::Asked | Fast::Notified => Fast::None,
            Fast::Done => Fast::Done,
        };
        self.end_query();
    }

    /// A query of the client comes to no consent.
    pub(super) fn end_query(&mut self) {
        let query = self.before.state.query_of(self.before.client());
        if let Some(Query { name, .. }) = query {
            self.after.calls.retain(|call| call.name() != *name);
            self.answer(Some(*name), Some(Code::NoSupport), None);
        }
    }

    pub(super) fn add_query(&mut self) {
        let (Some(name), Some((session, provider))) = (self.new_name(), self.before.next_to_ask())
        else {
            return;
        };
        let query = Query { name, session, provider };
        self.after.calls.insert_by_key(Call::Query(query), Call::name);
        self.see(Observation::AskFastShutdown { call: name, session, provider });
    }

    pub(super) fn move_query(&mut self) {
        let Some((session, provider)) = self.before.next_to_ask() else { return };
        let Some(name) = self.before.call() else { return };
        let query = self.after.calls.iter_mut().find_map(|call| match call {
            Call::Query(query) => Some(query).filter(|query| query.name == name),
            Call::Logon(_) | Call::Logoff { .. } | Call::Open(_) => None,
        });
        if let Some(query) = query {
            (query.session, query.provider) = (session, provider);
            self.see(Observation::AskFastShutdown { call: name, session, provider });
        }
    }

    pub(super) fn notify_providers(&mut self) {
        let before = self.before;
        for (session, provider) in to_ask(before.scope, before.state, before.client()) {
            self.see(Observation::NotifyFastShutdown { session, provider });
        }
    }

    /// Sessions that nobody is left in end at once, whatever their providers are at (FSD-09).
    pub(super) fn end_empty(&mut self) {
        for name in self.empty() {
            let Some(session) = self.after.session(name).copied() else { continue };
            for provider in running(self.before.scope, &session) {
                self.see(Observation::DoFastShutdown { session: name, provider });
            }
            self.after.sessions.retain(|its| its.name != name);
            self.see(Observation::EndSession { session: name });
        }
    }

    pub(super) fn mark_dead(&mut self) {
        *self.standing() = Initialized { fast: Fast::Done, ..Initialized::default() };
    }
}
