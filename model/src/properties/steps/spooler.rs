//! What is true of the spooler and of the transports that it has log on (D-30).

use crate::{
    Action, Observation, Phase, Provider, ProviderKind, SeriesStage, Session, Status,
    TransportSeries, TransportStage,
    properties::{Transition, wants_mail},
    resource,
};

/// The spooler is told of a session when the first in it wants mail, and when nobody does any more.
pub(super) fn spooler_is_told(it: &Transition<'_>) -> bool {
    let mut expected = Vec::new();
    for session in it.after().sessions.iter().map(|session| session.name) {
        match (wants_mail(it.before, session), wants_mail(it.after(), session)) {
            (false, true) => expected.push(Observation::AttachSpooler { session }),
            (true, false) => expected.push(Observation::DetachSpooler { session }),
            (true, true) | (false, false) => {}
        }
    }
    let seen = it.step.seen.iter().filter(|seen| {
        matches!(seen, Observation::AttachSpooler { .. } | Observation::DetachSpooler { .. })
    });
    seen.copied().eq(expected)
}

/// The first attempt on a transport goes out only while somebody wants mail.
pub(super) fn transports_are_for_mail(it: &Transition<'_>) -> bool {
    it.step.seen.iter().all(|seen| match *seen {
        Observation::LogOnTransport { session, attempt: SeriesStage::First, .. } => {
            wants_mail(it.before, session)
        }
        _ => true,
    })
}

/// The transport that is next, by where the providers of a session stand.
fn next(it: &Transition<'_>, its: &Session) -> Option<Provider> {
    let profile = it.scope.snapshot_of(its);
    let is_left = |provider: &Provider| {
        let spec = profile.provider(*provider);
        spec.is_some_and(|spec| {
            spec.kind == ProviderKind::Transport
                && its.providers.get(*provider) == Status::NotStarted
                && !its.disabled.has(spec.service)
        })
    };
    let prefers_last = |provider: &Provider| {
        profile.provider(*provider).is_some_and(|spec| spec.has(resource::XP_PREFER_LAST))
    };
    let left: Vec<_> = Provider::ALL.into_iter().filter(is_left).collect();
    left.iter().copied().find(|it| !prefers_last(it)).or_else(|| left.first().copied())
}

/// A demand has the spooler try the transports one after the other, each once, in their order; it
/// is heard where somebody wants mail and the spooler has nothing else under way.
pub(super) fn transports_come_up_in_order(it: &Transition<'_>) -> bool {
    it.after().sessions.iter().all(|after| {
        let Some(before) = it.before.session(after.name) else { return after.transport.is_none() };
        let first = |session| {
            let provider = next(it, session)?;
            Some(TransportSeries { provider, stage: TransportStage::First })
        };
        let wants_mail = wants_mail(it.after(), after.name);
        let is_demanded = matches!(it.action, Action::Demand { session } if session == after.name);
        let is_at = |series: TransportSeries| {
            after.transport.is_some_and(|now| now.provider == series.provider)
        };
        match before.transport {
            None if is_demanded && wants_mail => after.transport == first(before),
            None => after.transport.is_none(),
            Some(series) if is_at(series) => true,
            Some(_) => after.transport == first(after).filter(|_| wants_mail),
        }
    })
}

/// What the spooler has under way ends as its session begins to drain: its attempt is late, and
/// nobody waits for an entry function (CAN-03).
pub(super) fn draining_ends_the_series(it: &Transition<'_>) -> bool {
    it.before.sessions.iter().all(|before| {
        let (Some(series), Some(after)) = (before.transport, it.after().session(before.name))
        else {
            return true;
        };
        let expected = match series.stage {
            TransportStage::First | TransportStage::Second => Status::Late,
            TransportStage::Entry => Status::Failed,
        };
        after.phase != Phase::Draining
            || after.transport.is_none() && after.providers.get(series.provider) == expected
    })
}
