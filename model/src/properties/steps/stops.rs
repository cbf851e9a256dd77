//! What is true of providers that log off and shut down, and of sessions that end.

use crate::{
    Action, Name, Observation, Phase, Provider, ProviderKind, Session, State, Status,
    properties::Transition,
};

/// Where the providers of sessions stand before and after, as far as that changes.
fn moves<'a>(
    it: &'a Transition<'_>,
) -> impl Iterator<Item = (Name, Provider, Status, Status)> + 'a {
    it.before.sessions.iter().flat_map(move |before| {
        Provider::ALL.into_iter().filter_map(move |provider| {
            let after = it.after().session(before.name)?;
            let (was, is) = (before.providers.get(provider), after.providers.get(provider));
            (was != is).then_some((before.name, provider, was, is))
        })
    })
}

/// Whether a fast shutdown ends a session at once: the last handles on it are those of the client
/// that goes (FSD-09).
pub(super) fn is_cut(it: &Transition<'_>, session: Name) -> bool {
    let client = it.action.client();
    let is_active = it.before.session(session).is_some_and(|its| its.phase.is_active());
    it.shuts_down() && is_active && it.before.members(session).all(|it| it.client() == client)
}

/// A provider goes from one place to another only on these ways; every way from being logged on
/// leads over one logoff and one shutdown, each ordered once.
pub(super) fn successes_are_balanced(it: &Transition<'_>) -> bool {
    let on_the_way = moves(it).all(|(_, _, was, is)| match was {
        Status::NotStarted | Status::Failed => match is {
            Status::Running | Status::Failed | Status::Late | Status::LoggingOff => true,
            Status::NotStarted | Status::Quiesced | Status::ShuttingDown => false,
        },
        Status::Late => matches!(is, Status::Running | Status::Failed | Status::LoggingOff),
        Status::Running => matches!(is, Status::Quiesced | Status::LoggingOff),
        Status::Quiesced => is == Status::LoggingOff,
        Status::LoggingOff => is == Status::ShuttingDown,
        Status::ShuttingDown => matches!(is, Status::NotStarted | Status::Failed),
    });
    let ordered = |state: Status| {
        let mut places: Vec<_> =
            moves(it).filter(|(.., is)| *is == state).map(|(at, by, ..)| (at, by)).collect();
        places.sort_unstable();
        places
    };
    let seen = |of: fn(&Observation) -> Option<(Name, Provider)>| {
        let mut places: Vec<_> = it.step.seen.iter().filter_map(of).collect();
        places.sort_unstable();
        places
    };
    let logs_off = |seen: &Observation| match *seen {
        Observation::LogOffProvider { session, provider } => Some((session, provider)),
        _ => None,
    };
    let shuts_down = |seen: &Observation| match *seen {
        Observation::ShutDownProvider { session, provider } => Some((session, provider)),
        _ => None,
    };
    let nothing_is_left = it
        .before
        .sessions
        .iter()
        .filter(|session| it.after().session(session.name).is_none())
        .all(|session| session.providers.are_over() || is_cut(it, session.name));
    on_the_way
        && nothing_is_left
        && seen(logs_off) == ordered(Status::LoggingOff)
        && seen(shuts_down) == ordered(Status::ShuttingDown)
}

/// Which class stops when (PSD-11).
const fn class(kind: ProviderKind) -> u8 {
    match kind {
        ProviderKind::Transport => 0,
        ProviderKind::AddressBook => 1,
        ProviderKind::Store => 2,
    }
}

/// A provider that was up is told to log off in a draining session only if none of an earlier
/// class is up, and none other is being stopped.
pub(super) fn classes_stop_in_order(it: &Transition<'_>) -> bool {
    moves(it).filter(|(_, _, was, is)| was.is_up() && *is == Status::LoggingOff).all(
        |(name, provider, ..)| {
            let Some(session) = it.after().session(name) else { return false };
            if session.phase != Phase::Draining {
                return true;
            }
            let profile = it.scope.snapshot_of(session);
            let place = |provider| profile.provider(provider).map(|spec| class(spec.kind));
            profile.providers().filter(|(other, _)| *other != provider).all(|(other, _)| {
                let status = session.providers.get(other);
                let is_earlier = (place(other), other) < (place(provider), provider);
                !(status.is_stopping() || status.is_up() && is_earlier)
            })
        },
    )
}

fn is_over(session: Option<&Session>) -> bool {
    session.is_some_and(|it| it.phase == Phase::Draining && it.providers.are_over())
}

/// The order to close a session goes out as soon as nothing of it runs any more; when it is
/// carried out, the session has ended.
pub(super) fn closing_is_last(it: &Transition<'_>) -> bool {
    let becomes_over =
        |name: &Name| is_over(it.after().session(*name)) && !is_over(it.before.session(*name));
    let names =
        |state: &State| state.sessions.iter().map(|session| session.name).collect::<Vec<_>>();
    let mut expected: Vec<_> = names(it.after()).into_iter().filter(becomes_over).collect();
    let mut seen: Vec<_> = it
        .step
        .seen
        .iter()
        .filter_map(|seen| match *seen {
            Observation::CloseSession { session } => Some(session),
            _ => None,
        })
        .collect();
    expected.sort_unstable();
    seen.sort_unstable();
    let ended = names(it.before).into_iter();
    let ended = ended.filter(|name| it.after().session(*name).is_none() && !is_cut(it, *name));
    let closed = match it.action {
        Action::SessionClosed { session } if is_over(it.before.session(session)) => Some(session),
        _ => None,
    };
    expected == seen && ended.eq(closed)
}

/// What a provider is after its shutdown: as if never tried where it may be tried, else failed.
pub(super) fn shut_down_providers_are_off(it: &Transition<'_>) -> bool {
    let Action::ProviderShutDown { session, provider } = it.action else { return true };
    if it.before.status(session, provider) != Some(Status::ShuttingDown) {
        return true;
    }
    let (Some(its), Some(spec)) = (it.before.session(session), it.spec(session, provider)) else {
        return false;
    };
    let expected = match its.phase.is_active() && !its.disabled.has(spec.service) {
        true => Status::NotStarted,
        false => Status::Failed,
    };
    it.after().status(session, provider) == Some(expected)
}

/// Attempts of a client that dies are dropped, and nobody else's; what it had under way failed.
pub(super) fn attempts_die_with_their_client(it: &Transition<'_>) -> bool {
    let dies = |call: Option<Name>| {
        it.ends_client() && call.is_some_and(|call| call.client() == it.action.client())
    };
    let mut expected: Vec<_> = it
        .before
        .series()
        .filter(|series| dies(series.call) && series.stage.is_attempt())
        .map(|series| (series.session, series.provider))
        .collect();
    let mut seen: Vec<_> = it
        .step
        .seen
        .iter()
        .filter_map(|seen| match *seen {
            Observation::DropAttempt { session, provider } => Some((session, provider)),
            _ => None,
        })
        .collect();
    expected.sort_unstable();
    seen.sort_unstable();
    let failed = it.before.series().filter(|series| dies(series.call)).all(|series| {
        let status = it.after().status(series.session, series.provider);
        status == Some(Status::Failed) || status.is_none() && is_cut(it, series.session)
    });
    expected == seen && failed
}
