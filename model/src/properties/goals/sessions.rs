//! Goals about the spooler, the roles of providers, logoffs for all, and notifications.
//!
//! What a monitor remembers is how far the story is; it is said beside each.

use stateright_exact::{Edge, Monitor};

use crate::{
    Action, Handle, Holder, Name, Observation, Phase, Protocol, Provider, ProviderKind, Rule,
    SeriesStage, Session, Spooler, State, Status, flag, properties::wants, resource,
};

/// The holders of a session's live handles, with their names.
fn holders(state: &State, session: Name) -> impl Iterator<Item = (Name, Holder)> + '_ {
    state.handles().filter_map(move |(name, handle)| match handle {
        Handle::Live { session: its, holder, .. } if its == session => Some((name, holder)),
        Handle::Live { .. } | Handle::LoggedOff => None,
    })
}

/// A logon that may join opens a session to others while one that is closed has members.
pub(super) fn opens_beside_a_closed_one(world: &Protocol, it: &Edge<'_, Protocol>) -> bool {
    let call = it.action.call();
    let may_join = call
        .and_then(|call| it.before.logon(call))
        .is_some_and(|logon| !wants(&world.scope, logon, flag::NEW_SESSION));
    let made = call.and_then(|call| it.after.session(call));
    it.seen.rule == Rule::FinishLogon
        && may_join
        && made.is_some_and(|made| made.phase == Phase::Shared)
        && it.after.sessions.iter().any(|other| other.phase == Phase::Closing)
}

/// Remembers 1 from when the creator without mail and a joiner with mail see different tables,
/// until the spooler is detached and the creator is still there.
pub(super) fn mail_comes_and_goes(
    world: &Protocol,
    memory: u8,
    it: &Edge<'_, Protocol>,
) -> Monitor {
    let view = |state: &State, handle| state.view(&world.scope, handle);
    let is_mixed = |state: &State, session: &Session| {
        let mut joiners = holders(state, session.name).filter(|(name, _)| *name != session.name);
        session.spooler == Spooler::Attached
            && holders(state, session.name).any(|it| it == (session.name, Holder::NoMail))
            && joiners.any(|(joiner, holder)| {
                holder == Holder::Mail
                    && view(state, joiner).is_some()
                    && view(state, joiner) != view(state, session.name)
            })
    };
    let is_over = |session: &Session| {
        session.spooler == Spooler::Detached
            && session.phase.is_active()
            && it.before.session(session.name).is_some_and(|before| is_mixed(it.before, before))
    };
    match memory {
        1 if it.after.sessions.iter().any(is_over) => Monitor::Reached,
        _ if it.after.sessions.iter().any(|session| is_mixed(it.after, session)) => Monitor::At(1),
        _ => Monitor::At(0),
    }
}

/// An attempt of the spooler takes a service from a session in which an address book or a store of
/// it was running.
pub(super) fn transport_takes_service(world: &Protocol, it: &Edge<'_, Protocol>) -> bool {
    let Action::ProviderAnswered { session, provider, .. } = *it.action else { return false };
    let series = it.before.series_on(session, provider);
    let Some(its) = it.before.session(session) else { return false };
    let mut providers = world.scope.snapshot_of(its).providers();
    series.is_some_and(|series| series.call.is_none())
        && providers.any(|(other, spec)| {
            spec.kind != ProviderKind::Transport
                && its.providers.get(other) == Status::Running
                && it.after.status(session, other) == Some(Status::Quiesced)
        })
}

/// Remembers 1 from when a Windows service that did not say `MAPI_NO_MAIL` is alone in a session
/// until the session is somebody else's too.
pub(super) fn service_forgot_no_mail(
    world: &Protocol,
    memory: u8,
    it: &Edge<'_, Protocol>,
) -> Monitor {
    let forgot = |session: &Session| {
        let logon = it.before.logon(session.name);
        logon.is_some_and(|logon| !wants(&world.scope, logon, flag::NO_MAIL))
    };
    let is_alone = |session: &Session| {
        let mut holders = holders(it.after, session.name);
        holders.next().is_some_and(|(_, it)| it == Holder::Service) && holders.next().is_none()
    };
    let in_vain = |session: &Session| {
        matches!(*it.action, Action::Demand { session: its } if its == session.name)
            && session.transport.is_none()
    };
    let alone = || it.after.sessions.iter().filter(|its| its.phase.is_active() && is_alone(its));
    match memory {
        0 if it.seen.rule == Rule::FinishLogon && alone().any(forgot) => Monitor::At(1),
        1 if alone().any(in_vain) => Monitor::Reached,
        1 if alone().next().is_none() => Monitor::At(0),
        memory => Monitor::At(memory),
    }
}

/// A transport that prefers to be the last is tried after one that comes later in the profile.
pub(super) fn last_is_tried_last(world: &Protocol, it: &Edge<'_, Protocol>) -> bool {
    it.seen.seen.iter().any(|seen| {
        let Observation::LogOnTransport { session, provider, attempt } = *seen else {
            return false;
        };
        let Some(its) = it.after.session(session) else { return false };
        let profile = world.scope.snapshot_of(its);
        let prefers = profile.provider(provider);
        let mut later = profile
            .providers()
            .filter(|(other, spec)| *other > provider && spec.kind == ProviderKind::Transport);
        attempt == SeriesStage::First
            && prefers.is_some_and(|spec| spec.has(resource::XP_PREFER_LAST))
            && later.any(|(other, _)| its.providers.get(other) == Status::Running)
    })
}

/// A session begins with a secondary store as its default, its primary one not being there.
pub(super) fn secondary_stands_in(world: &Protocol, it: &Edge<'_, Protocol>) -> bool {
    let made = it.action.call().and_then(|call| it.after.session(call));
    let Some(made) = made.filter(|_| it.seen.rule == Rule::FinishLogon) else { return false };
    let profile = world.scope.snapshot_of(made);
    let has = |provider: Provider, flag| profile.provider(provider).is_some_and(|it| it.has(flag));
    made.default_store.is_some_and(|store| has(store, resource::SECONDARY_STORE))
        && profile.providers().any(|(provider, _)| has(provider, resource::PRIMARY_STORE))
}

/// A notification is handed over to a client that wants none any more.
pub(super) fn comes_late(_: &Protocol, it: &Edge<'_, Protocol>) -> bool {
    let Action::Deliver { handle, .. } = *it.action else { return false };
    let inbox = it.before.handle(handle).and_then(Handle::inbox);
    it.seen.rule == Rule::HandNotification && inbox.is_some_and(|inbox| !inbox.has_sink())
}
