//! What is true of the default store and of the identity of a session (D-32).

use crate::{
    Action, Code, Name, Phase, Provider, ProviderSpec, Session, State, Status,
    properties::Transition, resource,
};

/// The first provider of a session that runs and has this flag, in the order of the profile.
fn first(
    it: &Transition<'_>,
    session: &Session,
    is_one: impl Fn(ProviderSpec) -> bool,
) -> Option<Provider> {
    let mut providers = it.scope.snapshot_of(session).providers();
    let runs = |provider| session.providers.get(provider) == Status::Running;
    let found = providers.find(|(provider, spec)| is_one(*spec) && runs(*provider));
    found.map(|(provider, _)| provider)
}

/// The session that a logon hands over in the step, as it was before.
fn finished<'a>(it: &Transition<'a>) -> Option<&'a Session> {
    let before = it.before.sessions.iter().find(|its| its.phase == Phase::Building)?;
    let after = it.after().session(before.name)?;
    after.phase.is_active().then_some(before)
}

/// The default store is chosen as a session is handed over: primary, else secondary, else the first
/// that may be.
pub(super) fn first_default_is_chosen(it: &Transition<'_>) -> bool {
    let Some(session) = finished(it) else { return true };
    let fit = |flag| first(it, session, |spec| spec.is_fit() && spec.has(flag));
    let expected = fit(resource::PRIMARY_STORE)
        .or_else(|| fit(resource::SECONDARY_STORE))
        .or_else(|| fit(resource::DEFAULT_STORE));
    it.after().session(session.name).is_some_and(|its| its.default_store == expected)
}

/// The identity is chosen as a session is handed over.
pub(super) fn identity_is_chosen(it: &Transition<'_>) -> bool {
    let Some(session) = finished(it) else { return true };
    let expected = first(it, session, |spec| spec.has(resource::PRIMARY_IDENTITY));
    it.after().session(session.name).is_some_and(|its| its.identity == expected)
}

fn default_store(state: &State, session: Name) -> Option<Provider> {
    state.session(session)?.default_store
}

/// A default store is set if it is none, or a store that runs and is fit.
pub(super) fn default_is_set(it: &Transition<'_>) -> bool {
    let Action::SetDefaultStore { client, handle, store } = it.action else { return true };
    let serves = it.before.clients[client.index()].count > 0
        && handle.client() == client
        && it.before.has_replied(handle);
    let Some(session) = it.before.session_of(handle).filter(|_| serves) else { return true };
    let may_be = |store: Provider| {
        let runs = it.before.status(session, store) == Some(Status::Running);
        runs && it.spec(session, store).is_some_and(ProviderSpec::is_fit)
    };
    let is_allowed = store.is_none_or(may_be);
    let (code, expected) = match is_allowed {
        true => (Code::Ok, store),
        false => (Code::NoAccess, default_store(it.before, session)),
    };
    default_store(it.after(), session) == expected
        && it.step.seen.answers().map(|(_, call, code, _)| (call, code)).eq([(None, code)])
}

/// What a provider is to its session it stays until its store is logged off, or another one is set,
/// or the session begins to drain.
pub(super) fn roles_are_kept(it: &Transition<'_>) -> bool {
    it.before.sessions.iter().filter(|its| its.phase != Phase::Building).all(|before| {
        let Some(after) = it.after().session(before.name) else { return true };
        if after.phase == Phase::Draining {
            return (after.default_store, after.identity) == (None, None);
        }
        let goes = |role: &Provider| {
            let is_told = |status| status == Status::LoggingOff;
            !is_told(before.providers.get(*role))
                && is_told(after.providers.get(*role))
                && matches!(it.action, Action::StoreLogoff { .. })
        };
        let is_set = matches!(it.action, Action::SetDefaultStore { handle, .. }
            if it.before.session_of(handle) == Some(before.name));
        let kept = |role: Option<Provider>| role.filter(|role| !goes(role));
        after.identity == kept(before.identity)
            && (is_set || after.default_store == kept(before.default_store))
    })
}
