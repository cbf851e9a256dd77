//! Goals about services and providers.
//!
//! What a monitor remembers is how far the story is; it is said beside each.

use stateright_exact::{Edge, Monitor};

use crate::{
    Action, Phase, Protocol, ProviderKind, ProviderResult, Rule, Series, SeriesStage, Service,
    Session, State, Status,
};

/// Whether it is an open call that makes this series.
fn is_opened(it: &Edge<'_, Protocol>, series: Series) -> bool {
    series.call.is_some_and(|call| it.before.open(call).is_some())
}

fn is_disabled(session: &Session, service: Service) -> bool {
    session.disabled.has(service)
}

/// Whether every provider of a service that is started with a session runs.
fn runs_whole(world: &Protocol, session: &Session, service: Service) -> bool {
    let providers = world.scope.snapshot_of(session).providers();
    let mut started = providers
        .filter(|(_, spec)| spec.service == service && spec.kind != ProviderKind::Transport)
        .map(|(provider, _)| session.providers.get(provider) == Status::Running)
        .peekable();
    started.peek().is_some() && started.all(|runs| runs)
}

fn services(world: &Protocol, session: &Session) -> impl Iterator<Item = Service> {
    world.scope.snapshot_of(session).services().map(|(service, _)| service)
}

pub(super) fn half_is_disabled(world: &Protocol, state: &State) -> bool {
    state.sessions.iter().filter(|session| session.phase.is_active()).any(|session| {
        services(world, session).any(|it| is_disabled(session, it))
            && services(world, session).any(|it| runs_whole(world, session, it))
    })
}

pub(super) fn all_are_disabled(world: &Protocol, state: &State) -> bool {
    state.sessions.iter().filter(|session| session.phase.is_active()).any(|session| {
        services(world, session).next().is_some()
            && services(world, session).all(|service| is_disabled(session, service))
    })
}

/// Remembers 1 from when a provider fails alone until its session ends.
pub(super) fn failed_alone_is_opened(
    world: &Protocol,
    memory: u8,
    it: &Edge<'_, Protocol>,
) -> Monitor {
    let opens = || {
        let Action::ProviderAnswered { session, provider, .. } = *it.action else { return false };
        let series = it.before.series_on(session, provider);
        let is_open = series.is_some_and(|series| is_opened(it, series));
        let Some(its) = it.before.session(session) else { return false };
        let profile = world.scope.snapshot_of(its);
        let service = profile.provider(provider).map(|spec| spec.service);
        let mut siblings = profile
            .providers()
            .filter(|(other, spec)| *other != provider && Some(spec.service) == service);
        is_open
            && its.providers.get(provider) == Status::Failed
            && siblings.any(|(sibling, _)| its.providers.get(sibling) == Status::Running)
    };
    match (memory, it.seen.rule) {
        (0, Rule::SkipProvider) => Monitor::At(1),
        (1, Rule::EndSession) => Monitor::At(0),
        (1, Rule::StartProvider) if opens() => Monitor::Reached,
        (memory, _) => Monitor::At(memory),
    }
}

/// How a story of one series goes on: its next rule, what breaks it off, or anything else.
fn story(memory: u8, it: &Edge<'_, Protocol>, chapters: &[Rule]) -> Monitor {
    let rule = it.seen.rule;
    let is_next = chapters.get(usize::from(memory)) == Some(&rule);
    let is_last = usize::from(memory) + 1 == chapters.len();
    // Any other end or turn of a series breaks the story off: it may be another series.
    let breaks_off = matches!(
        rule,
        Rule::StartProvider
            | Rule::SkipProvider
            | Rule::ConfigureService
            | Rule::RetryUnconfigured
            | Rule::DisableUnloadable
            | Rule::InformUser
            | Rule::DisableUnasked
            | Rule::DisableService
            | Rule::CrashClient
            | Rule::WithdrawLogon
            | Rule::WithdrawOpen
    );
    match (is_next, is_last, breaks_off) {
        (true, true, _) => Monitor::Reached,
        (true, false, _) => Monitor::At(memory + 1),
        (false, _, true) => Monitor::At(0),
        (false, _, false) => Monitor::At(memory),
    }
}

/// Remembers how much of the story is told.
pub(super) fn is_configured(_: &Protocol, memory: u8, it: &Edge<'_, Protocol>) -> Monitor {
    story(memory, it, &[Rule::ConfigureService, Rule::RetryConfigured, Rule::StartProvider])
}

/// Remembers how much of the story is told.
pub(super) fn is_retried(_: &Protocol, memory: u8, it: &Edge<'_, Protocol>) -> Monitor {
    story(memory, it, &[Rule::InformUser, Rule::RetryProvider, Rule::StartProvider])
}

/// Remembers how much of the story is told.
pub(super) fn is_corrected(_: &Protocol, memory: u8, it: &Edge<'_, Protocol>) -> Monitor {
    let chapters =
        [Rule::InformUser, Rule::CorrectService, Rule::RetryConfigured, Rule::StartProvider];
    story(memory, it, &chapters)
}

/// Remembers how much of the story is told.
pub(super) fn is_retried_in_vain(_: &Protocol, memory: u8, it: &Edge<'_, Protocol>) -> Monitor {
    story(memory, it, &[Rule::InformUser, Rule::RetryProvider, Rule::DisableService])
}

/// The story of a correction in which a store says that it could not log on.
pub(super) fn password_is_corrected(
    world: &Protocol,
    memory: u8,
    it: &Edge<'_, Protocol>,
) -> Monitor {
    let is_about_a_store = |provider| {
        let mutex = it.before.mutex.and_then(|holder| it.before.session(holder));
        let spec = mutex.and_then(|its| world.scope.snapshot_of(its).provider(provider));
        spec.is_some_and(|spec| spec.kind == ProviderKind::Store)
    };
    match *it.action {
        Action::ProviderAnswered { provider, result, .. }
            if memory == 0
                && !(result == ProviderResult::LogonFailed && is_about_a_store(provider)) =>
        {
            Monitor::At(0)
        }
        _ => is_corrected(world, memory, it),
    }
}

/// The story of a retry in which the provider of an open call says that it could not log on.
pub(super) fn server_comes_back(world: &Protocol, memory: u8, it: &Edge<'_, Protocol>) -> Monitor {
    match *it.action {
        Action::ProviderAnswered { session, provider, result }
            if memory == 0
                && !(result == ProviderResult::LogonFailed
                    && it
                        .before
                        .series_on(session, provider)
                        .is_some_and(|series| is_opened(it, series))) =>
        {
            Monitor::At(0)
        }
        _ => is_retried(world, memory, it),
    }
}

/// Remembers 1 from when a logon with a session in use meets `MAPI_E_SESSION_LIMIT` until it is
/// answered or gone.
pub(super) fn limit_costs_a_service(_: &Protocol, memory: u8, it: &Edge<'_, Protocol>) -> Monitor {
    let is_refused = matches!(
        *it.action,
        Action::ProviderAnswered { session, result: ProviderResult::SessionLimit, .. }
            if it.before.mutex == Some(session)
                && it.before.session(session).map(|it| it.disabled)
                    != it.after.session(session).map(|it| it.disabled)
    );
    let others_are_alone = it.before.sessions.iter().any(|it| it.phase == Phase::Individual);
    match memory {
        0 if is_refused && others_are_alone => Monitor::At(1),
        1 if it.after.mutex != it.before.mutex => Monitor::At(0),
        1 if it.seen.rule == Rule::FinishLogon => {
            let made = it.action.call().and_then(|call| it.after.session(call));
            match made.is_some_and(|made| made.phase == Phase::Individual) {
                true => Monitor::Reached,
                false => Monitor::At(0),
            }
        }
        memory => Monitor::At(memory),
    }
}

/// Remembers 1 from when a success comes too late for its service until a provider that was taken
/// back is down.
pub(super) fn is_taken_back(_: &Protocol, memory: u8, it: &Edge<'_, Protocol>) -> Monitor {
    match (memory, it.seen.rule) {
        (0, Rule::TakeBack) => Monitor::At(1),
        (1, Rule::EndTakenBack) => Monitor::Reached,
        (1, Rule::EndSession) => Monitor::At(0),
        (memory, _) => Monitor::At(memory),
    }
}

/// Remembers 1 from when an open call disables a service of a session that several handles share,
/// the store of one of them being open and running before.
pub(super) fn open_takes_service_from_all(
    _: &Protocol,
    memory: u8,
    it: &Edge<'_, Protocol>,
) -> Monitor {
    let takes = || {
        let Action::ProviderAnswered { session, provider, .. } = *it.action else { return false };
        let series = it.before.series_on(session, provider);
        let is_open = series
            .is_some_and(|series| series.stage != SeriesStage::Entry && is_opened(it, series));
        let quiesces = crate::Provider::ALL.into_iter().any(|other| {
            it.before.status(session, other) == Some(Status::Running)
                && it.after.status(session, other) == Some(Status::Quiesced)
        });
        is_open && quiesces && it.before.members(session).count() > 1
    };
    match (memory, it.seen.rule) {
        (0, Rule::DisableService | Rule::DisableUnasked | Rule::DisableUnloadable) if takes() => {
            Monitor::At(1)
        }
        (1, Rule::RefuseStoreUse) => Monitor::Reached,
        (1, Rule::EndSession) => Monitor::At(0),
        (memory, _) => Monitor::At(memory),
    }
}

/// A deadline and a turn that has come are a race, which a thread that goes on wins: what a call
/// gets at its deadline shows where its turn has not come, others being before it.
pub(super) fn deadline_passes_behind_others(_: &Protocol, it: &Edge<'_, Protocol>) -> bool {
    let open = it.action.call().and_then(|call| it.before.open(call));
    it.seen.rule == Rule::PassDeadlineOfWholeBook
        && open.is_some_and(|open| !it.before.is_due(open))
}
