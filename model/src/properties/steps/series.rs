//! What is true of services and of the series of attempts on their providers.

use super::spooler;
use crate::{
    Action, Code, Entry, Name, Observation, Open, Permission, Phase, Provider, ProviderKind,
    ProviderResult, RetryAnswer, Series, SeriesStage, Service, Services, Stage, State, Status,
    flag,
    properties::{Transition, is_service, wants},
};

/// Stated on what providers see, and by the state after the step: who is disabled in this very
/// step is not called in it any more.
pub(super) fn no_use_of_disabled_services(it: &Transition<'_>) -> bool {
    it.step.seen.iter().all(|seen| {
        let (Observation::LogOnProvider { session, provider, .. }
        | Observation::UseProvider { session, provider }
        | Observation::LogOnTransport { session, provider, .. }
        | Observation::ConfigureTransport { session, provider }
        | Observation::CallEntry { session, entry: Entry::Repair(provider), .. }) = *seen
        else {
            return true;
        };
        let service = it.spec(session, provider).map(|spec| spec.service);
        let disabled = |state: &State| {
            let session = state.session(session);
            session.zip(service).is_some_and(|(session, service)| session.disabled.has(service))
        };
        !disabled(it.before) && !disabled(it.after())
    })
}

/// What becomes of a series in a step that is about it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// It goes on here.
    At(SeriesStage),
    /// It is over, and its provider stands here.
    Over(Status),
    /// It is over, and its service is disabled; its provider stands here.
    Disables(Status),
}

/// The table of FLR-07, for the series that the action is about, if it is about one.
fn outcome(it: &Transition<'_>) -> Option<(Series, Outcome)> {
    let series = concerned(it)?;
    let session = it.before.session(series.session)?;
    let service = it.spec(series.session, series.provider)?.service;
    let is_disabled = session.disabled.has(service);
    let has_entry = it.has_entry(series.session, series.provider);
    let outcome = match (it.action, series.stage) {
        (Action::ProviderAnswered { result, .. }, SeriesStage::First | SeriesStage::Second) => {
            answered(series.stage, result, is_disabled, has_entry, may_ask(it, series))
        }
        (Action::EntryReturned { entry, .. }, SeriesStage::Entry) => {
            if entry != Entry::Repair(series.provider) {
                return None;
            }
            configured(is_disabled)
        }
        (Action::TransportConfigured { .. }, SeriesStage::Entry) => configured(is_disabled),
        (Action::RetryAnswered { provider, answer, .. }, SeriesStage::Inform) => {
            if provider != series.provider {
                return None;
            }
            match answer {
                _ if is_disabled => Outcome::Over(Status::Failed),
                RetryAnswer::Retry => Outcome::At(SeriesStage::Second),
                RetryAnswer::Correct if has_entry => Outcome::At(SeriesStage::Entry),
                RetryAnswer::Correct | RetryAnswer::GiveUp | RetryAnswer::Unavailable => {
                    Outcome::Disables(Status::Failed)
                }
            }
        }
        (Action::Deadline { call }, stage) if it.before.logon(call).is_some() => match stage {
            SeriesStage::First | SeriesStage::Second => Outcome::Disables(Status::Late),
            SeriesStage::Entry => Outcome::At(SeriesStage::Second),
            SeriesStage::Inform => Outcome::Disables(Status::Failed),
        },
        (Action::Deadline { .. } | Action::Withdraw { .. }, stage) => {
            Outcome::Over(if stage.is_attempt() { Status::Late } else { Status::Failed })
        }
        _ => return None,
    };
    Some((series, outcome))
}

/// Whatever an entry function returns, the second attempt follows, unless the service is disabled.
const fn configured(is_disabled: bool) -> Outcome {
    match is_disabled {
        true => Outcome::Over(Status::Failed),
        false => Outcome::At(SeriesStage::Second),
    }
}

fn answered(
    attempt: SeriesStage,
    result: ProviderResult,
    is_disabled: bool,
    has_entry: bool,
    may_ask: bool,
) -> Outcome {
    let is_first = attempt == SeriesStage::First;
    match result {
        ProviderResult::Ok | ProviderResult::Warning if is_disabled => {
            Outcome::Over(Status::LoggingOff)
        }
        _ if is_disabled => Outcome::Over(Status::Failed),
        ProviderResult::Ok | ProviderResult::Warning => Outcome::Over(Status::Running),
        ProviderResult::FailOneProvider => Outcome::Over(Status::Failed),
        ProviderResult::Unconfigured if is_first && has_entry => Outcome::At(SeriesStage::Entry),
        ProviderResult::Unconfigured if is_first => Outcome::At(SeriesStage::Second),
        ProviderResult::UserCancel
        | ProviderResult::SessionLimit
        | ProviderResult::LogonFailed
        | ProviderResult::UnknownCpid
        | ProviderResult::UnknownLcid
            if is_first && may_ask =>
        {
            Outcome::At(SeriesStage::Inform)
        }
        _ => Outcome::Disables(Status::Failed),
    }
}

/// The series that the action is about.
fn concerned(it: &Transition<'_>) -> Option<Series> {
    match it.action {
        Action::ProviderAnswered { session, provider, .. } => {
            it.before.series_on(session, provider)
        }
        Action::TransportConfigured { session, provider, .. } => {
            it.before.series_on(session, provider).filter(|series| series.call.is_none())
        }
        Action::EntryReturned { call, .. }
        | Action::RetryAnswered { call, .. }
        | Action::Deadline { call }
        | Action::Withdraw { call } => it.before.series_of(call),
        _ => None,
    }
}

/// Nobody is asked on behalf of the spooler.
fn may_ask(it: &Transition<'_>, series: Series) -> bool {
    let Some(call) = series.call else { return false };
    match it.before.open(call) {
        Some(Open { dialogs, .. }) => *dialogs == Permission::Granted,
        None => it.before.logon(call).is_some_and(|logon| {
            wants(it.scope, logon, flag::LOGON_UI) && !is_service(it.scope, it.before, logon)
        }),
    }
}

pub(super) fn second_attempts_are_the_last(it: &Transition<'_>) -> bool {
    it.before.series().filter(|series| series.stage == SeriesStage::Second).all(|series| {
        let now = it.after().series_by_same(series);
        now.is_none_or(|now| now.provider != series.provider || now == series)
            && !it.step.seen.iter().any(|seen| match *seen {
                Observation::LogOnProvider { call, provider, .. } => {
                    Some(call) == series.call && provider == series.provider
                }
                Observation::LogOnTransport { session, provider, .. } => {
                    (session, provider) == (series.session, series.provider)
                }
                _ => false,
            })
    })
}

pub(super) fn failing_alone_disables_nothing(it: &Transition<'_>) -> bool {
    let result = ProviderResult::FailOneProvider;
    let Action::ProviderAnswered { session, result: answered, .. } = it.action else {
        return true;
    };
    answered != result || disabled(it.before, session) == disabled(it.after(), session)
}

fn disabled(state: &State, session: Name) -> Services {
    state.session(session).map(|session| session.disabled).unwrap_or_default()
}

/// A service is disabled exactly where the table says so, that is reported, and it stays so.
pub(super) fn the_table_disables(it: &Transition<'_>) -> bool {
    let expected = outcome(it).and_then(|(series, outcome)| match outcome {
        Outcome::Disables(_) => {
            let service = it.spec(series.session, series.provider)?.service;
            Some((series.session, service, series.provider))
        }
        Outcome::At(_) | Outcome::Over(_) => None,
    });
    let is_expected = |session: Name, service: Service| {
        expected.is_some_and(|(its, disabled, _)| (its, disabled) == (session, service))
    };
    let reported = it.step.seen.iter().filter_map(|seen| match *seen {
        Observation::ReportDisabled { session, service, after } => Some((session, service, after)),
        _ => None,
    });
    let as_expected = it.after().sessions.iter().all(|session| {
        Service::ALL.into_iter().all(|service| {
            let was = disabled(it.before, session.name).has(service);
            session.disabled.has(service) == (was || is_expected(session.name, service))
        })
    });
    as_expected && reported.eq(expected)
}

/// The provider that answers, its siblings, and nobody else.
pub(super) fn other_services_are_left_alone(it: &Transition<'_>) -> bool {
    let (session, provider) = match (it.action, concerned(it)) {
        (Action::Withdraw { .. }, _) | (_, None) => return true,
        (_, Some(series)) => (series.session, series.provider),
    };
    let service = it.spec(session, provider).map(|spec| spec.service);
    it.before.sessions.iter().all(|before| {
        let Some(after) = it.after().session(before.name) else { return before.name == session };
        it.scope.snapshot_of(before).providers().all(|(provider, spec)| {
            let is_own = before.name == session && Some(spec.service) == service;
            is_own || before.providers.get(provider) == after.providers.get(provider)
        })
    })
}

/// A logon tries no store while an address book of an enabled service has not been tried.
pub(super) fn address_books_come_first(it: &Transition<'_>) -> bool {
    it.step.seen.iter().all(|seen| {
        let Observation::LogOnProvider { call, session, provider, .. } = *seen else { return true };
        let is_store = it.spec(session, provider).map(|it| it.kind) == Some(ProviderKind::Store);
        if !is_store || it.after().logon(call).is_none() {
            return true;
        }
        let Some((its, profile)) = it.after().session(session).zip(it.profile_of(session)) else {
            return false;
        };
        let mut books = profile.providers().filter(|(_, it)| it.kind == ProviderKind::AddressBook);
        books.all(|(book, spec)| {
            its.disabled.has(spec.service) || its.providers.get(book) != Status::NotStarted
        })
    })
}

/// A series goes on, ends, and leaves its provider where the table says.
pub(super) fn series_follow_the_table(it: &Transition<'_>) -> bool {
    let Some((series, outcome)) = outcome(it) else {
        return late_attempts_are_settled(it) && spooler::draining_ends_the_series(it);
    };
    let now = it.after().series_by_same(series).filter(|now| now.provider == series.provider);
    let status = it.after().status(series.session, series.provider);
    match outcome {
        Outcome::At(stage) => {
            now.is_some_and(|now| now.stage == stage)
                && status == it.before.status(series.session, series.provider)
        }
        Outcome::Over(expected) | Outcome::Disables(expected) => {
            // The session may have begun to drain, which lets what it had up log off.
            now.is_none() && status == Some(expected)
        }
    }
}

/// CAN-03: a late success is kept by an active session and an enabled service, else taken back.
fn late_attempts_are_settled(it: &Transition<'_>) -> bool {
    let Action::ProviderAnswered { session, provider, result } = it.action else { return true };
    if it.before.status(session, provider) != Some(Status::Late) {
        return true;
    }
    let (Some(its), Some(spec)) = (it.before.session(session), it.spec(session, provider)) else {
        return false;
    };
    let expected = match result {
        ProviderResult::Ok | ProviderResult::Warning => {
            match its.phase.is_active() && !its.disabled.has(spec.service) {
                true => Status::Running,
                false => Status::LoggingOff,
            }
        }
        _ => Status::Failed,
    };
    it.after().status(session, provider) == Some(expected)
}

/// The provider that a logon has to try next: the first that has not been, address books first.
fn next_provider(it: &Transition<'_>, session: Name) -> Option<Provider> {
    let its = it.after().session(session)?;
    let of = |kind| {
        let mut providers = it.scope.snapshot_of(its).providers();
        let found = providers.find(|(provider, spec)| {
            spec.kind == kind
                && !its.disabled.has(spec.service)
                && its.providers.get(*provider) == Status::NotStarted
        });
        found.map(|(provider, _)| provider)
    };
    of(ProviderKind::AddressBook).or_else(|| of(ProviderKind::Store))
}

/// A logon that comes to a provider, or past the last one, comes to the right one.
pub(super) fn logons_take_the_next_provider(it: &Transition<'_>) -> bool {
    it.after().calls.iter().filter_map(|call| it.after().logon(call.name())).all(|logon| {
        let was = it.before.logon(logon.name).map(|logon| logon.stage);
        if was == Some(logon.stage) {
            return true;
        }
        match (was, logon.stage) {
            (Some(Stage::Series(before, _)), Stage::Series(now, _)) if before == now => true,
            (_, Stage::Series(now, stage)) => {
                stage == SeriesStage::First && next_provider(it, logon.name) == Some(now)
            }
            (_, Stage::Finish) => next_provider(it, logon.name).is_none(),
            (Some(Stage::Finish), stage) => stage == Stage::Done(Code::Ok),
            (Some(Stage::Series(..) | Stage::Show(_)), Stage::Done(_)) => false,
            _ => true,
        }
    })
}

/// UIX-04: one after the other, all of them, before any provider is tried; only if asked for.
pub(super) fn every_service_shows_itself(it: &Transition<'_>) -> bool {
    let (Some(before), Some(after)) = (it.logon(), it.logon_after()) else { return true };
    let shown = match (before.stage, it.action) {
        (Stage::Build, Action::ServicesRead { .. }) => None,
        (Stage::Show(service), Action::EntryReturned { entry, .. }) => {
            if entry != Entry::Show(service) {
                return true;
            }
            Some(service)
        }
        (Stage::Show(service), Action::Deadline { .. }) => Some(service),
        _ => return true,
    };
    let Some(session) = it.after().session(after.name) else { return true };
    let wants_all = wants(it.scope, before, flag::SERVICE_UI_ALWAYS)
        && !is_service(it.scope, it.before, before);
    let profile = it.scope.snapshot_of(session);
    let mut left = Service::ALL.into_iter().filter(|service| Some(*service) > shown);
    match left.find(|service| wants_all && profile.has_entry(*service)) {
        Some(service) => after.stage == Stage::Show(service),
        None => !matches!(after.stage, Stage::Show(_)) && session.phase == Phase::Building,
    }
}
