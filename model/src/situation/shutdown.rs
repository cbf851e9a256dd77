//! Who is to be asked about a fast shutdown, and in which order (FSD-02).

use super::Situation;
use crate::{
    Action, Client, FastStep, Name, Provider, ProviderKind, Query, Scope, Session, State, Status,
    Vote,
};

/// A provider's place in the order of fast shutdown: transports, address books, stores.
const fn class(kind: ProviderKind) -> u8 {
    match kind {
        ProviderKind::Transport => 0,
        ProviderKind::AddressBook => 1,
        ProviderKind::Store => 2,
    }
}

impl<'a> Situation<'a> {
    /// Which step of a fast shutdown is called.
    pub(crate) fn fast_step(&self) -> Option<FastStep> {
        let Action::FastShutdown { step, .. } = self.action else { return None };
        Some(step)
    }

    /// The query that the action is about, if it is under way.
    pub(crate) fn query(&self) -> Option<&'a Query> {
        self.state.query(self.call()?)
    }

    /// What a provider answers about a fast shutdown.
    pub(crate) fn vote(&self) -> Option<Vote> {
        let Action::Voted { vote, .. } = self.action else { return None };
        Some(vote)
    }

    /// Who is to be asked next: after the provider that was asked, or first of all.
    pub(crate) fn next_to_ask(&self) -> Option<(Name, Provider)> {
        let all = to_ask(self.scope, self.state, self.client());
        let Some(query) = self.query() else { return all.first().copied() };
        let place = |(session, provider)| place(self.scope, self.state, session, provider);
        let asked = place((query.session, query.provider));
        all.into_iter().find(|next| place(*next) > asked)
    }
}

/// A provider's place among all that may be asked.
fn place(
    scope: &Scope,
    state: &State,
    session: Name,
    provider: Provider,
) -> Option<(usize, u8, Provider)> {
    let age = state.sessions.iter().position(|its| its.name == session)?;
    let spec = scope.snapshot_of(state.session(session)?).provider(provider)?;
    Some((age, class(spec.kind), provider))
}

/// The providers that run for a client: those of every session in which it has a live handle that
/// it has been told of, in order.
pub(crate) fn to_ask(scope: &Scope, state: &State, client: Client) -> Vec<(Name, Provider)> {
    let is_member = |session: &&Session| {
        let mut members = state.members(session.name);
        members.any(|handle| handle.client() == client && state.has_replied(handle))
    };
    let sessions = state.sessions.iter().filter(is_member);
    sessions.flat_map(|its| running(scope, its).into_iter().map(|it| (its.name, it))).collect()
}

/// The providers of a session that run, in order.
pub(crate) fn running(scope: &Scope, session: &Session) -> Vec<Provider> {
    let providers = scope.snapshot_of(session).providers();
    let mut running: Vec<_> = providers
        .filter(|(provider, _)| session.providers.get(*provider) == Status::Running)
        .map(|(provider, spec)| (class(spec.kind), provider))
        .collect();
    running.sort_unstable();
    running.into_iter().map(|(_, provider)| provider).collect()
}
