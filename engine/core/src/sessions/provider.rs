//! What providers, entry functions and the user say about a provider, and whom it concerns.
//!
//! A result belongs to the logon, the open call or the spooler whose series it is; if that is gone
//! it is late. A provider that was told to go answers twice: when it has logged off, and when it is
//! shut down.

use alloc::vec::Vec;

use super::Sessions;
use super::session::Session;
use crate::effect::{Effect, Entry, Step};
use crate::event::{ProviderResult, RetryAnswer};
use crate::id::{CallId, ProviderId, SessionId};
use crate::rule::Rule;
use crate::view::{Phase, ProviderStatus, SeriesStage, ServiceStatus};

impl Sessions {
    pub(super) fn provider_answered(
        &mut self,
        session: SessionId,
        provider: ProviderId,
        result: ProviderResult,
    ) -> Step {
        let Some(found) = self.sessions.get_mut(session) else {
            return Step::quiet(Rule::IgnoreStale);
        };
        if found.status(provider) == Some(ProviderStatus::Late) {
            return found.late_answer(session, provider, result);
        }
        if let Some(attempt) = found.spoolers_attempt_on(provider) {
            return found.transport_answered(session, provider, attempt, result);
        }
        if let Some(holder) = self.mutex.as_mut().filter(|holder| holder.call == session.0)
            && let Some(attempt) = holder.attempt_on(provider)
        {
            return holder.provider_answered(provider, attempt, result, &mut self.sessions);
        }
        let Some(call) = self.claims.series(session, provider) else {
            return Step::quiet(Rule::IgnoreStale);
        };
        let opening = self.opening(call).expect("a series on a provider is an open call's");
        let Some(SeriesStage::Attempt(attempt)) = opening.series else {
            return Step::quiet(Rule::IgnoreStale);
        };
        let opened_in = self.sessions.session(session);
        let verdict = opened_in.judge_result(provider, attempt, result, opening.dialogs);
        self.advance_open(call, opening, verdict)
    }

    pub(super) fn entry_returned(&mut self, call: CallId, entry: Entry) -> Step {
        let Some(opening) = self.opening(call) else {
            return match self.mutex.as_mut().filter(|holder| holder.call == call) {
                Some(holder) => holder.entry_returned(entry, &mut self.sessions),
                None => Step::quiet(Rule::IgnoreStale),
            };
        };
        let awaited = opening.series == Some(SeriesStage::Entry);
        if !awaited || entry != Entry::Repair(opening.at) {
            return Step::quiet(Rule::IgnoreStale);
        }
        let verdict = self.sessions.session(opening.session).judge_entry(opening.at);
        self.advance_open(call, opening, verdict)
    }

    pub(super) fn retry_answered(
        &mut self,
        call: CallId,
        provider: ProviderId,
        answer: RetryAnswer,
    ) -> Step {
        let Some(opening) = self.opening(call) else {
            return match self.mutex.as_mut().filter(|holder| holder.call == call) {
                Some(holder) => holder.retry_answered(provider, answer, &mut self.sessions),
                None => Step::quiet(Rule::IgnoreStale),
            };
        };
        if opening.series != Some(SeriesStage::Prompt) || provider != opening.at {
            return Step::quiet(Rule::IgnoreStale);
        }
        let verdict = self.sessions.session(opening.session).judge_answer(provider, answer);
        self.advance_open(call, opening, verdict)
    }

    pub(super) fn logged_off(&mut self, session: SessionId, provider: ProviderId) -> Step {
        match self.sessions.get_mut(session) {
            Some(found) if found.status(provider) == Some(ProviderStatus::LoggingOff) => {
                found.set(provider, ProviderStatus::ShuttingDown);
                let shut_down = Effect::ShutDownProvider { session, provider };
                Step::new(Rule::ShutDownProvider, [shut_down])
            }
            Some(_) | None => Step::quiet(Rule::IgnoreStale),
        }
    }

    pub(super) fn shut_down(&mut self, session: SessionId, provider: ProviderId) -> Step {
        match self.sessions.get_mut(session) {
            Some(found) if found.status(provider) == Some(ProviderStatus::ShuttingDown) => {
                found.finish_stopping(session, provider)
            }
            Some(_) | None => Step::quiet(Rule::IgnoreStale),
        }
    }
}

impl Session {
    /// What comes of an attempt whose caller is gone (`CAN-03`).
    fn late_answer(
        &mut self,
        session: SessionId,
        provider: ProviderId,
        result: ProviderResult,
    ) -> Step {
        match result {
            ProviderResult::LoggedOn | ProviderResult::LoggedOnWithErrors => {
                let rule = match (self.service_status_of(provider), self.is_active()) {
                    (ServiceStatus::Disabled, _) => Rule::TakeBackLateOfDisabledService,
                    (ServiceStatus::Enabled, false) => Rule::TakeBackLateOfLostSession,
                    (ServiceStatus::Enabled, true) => {
                        self.set(provider, ProviderStatus::Running);
                        return Step::quiet(Rule::KeepLateProvider);
                    }
                };
                Step::new(rule, [self.log_off(session, provider)])
            }
            ProviderResult::FailOneProvider
            | ProviderResult::Unconfigured
            | ProviderResult::WrongVersion
            | ProviderResult::Failed(_) => {
                self.set(provider, ProviderStatus::Failed);
                let next = self.wind_down(session);
                let rule = if self.is_wound_down() {
                    Rule::FailLastLateProvider
                } else {
                    Rule::FailLateProvider
                };
                Step { rule, effects: Vec::from_iter(next) }
            }
        }
    }

    /// What comes of a provider that has been shut down.
    fn finish_stopping(&mut self, session: SessionId, provider: ProviderId) -> Step {
        match (self.phase, self.service_status_of(provider)) {
            (
                Phase::Individual | Phase::Shared { .. } | Phase::Closing { .. },
                ServiceStatus::Enabled,
            ) => {
                self.set(provider, ProviderStatus::NotStarted);
                Step::quiet(Rule::FreeStore)
            }
            (
                Phase::Individual | Phase::Shared { .. } | Phase::Closing { .. },
                ServiceStatus::Disabled,
            )
            | (Phase::Building, _) => {
                self.set(provider, ProviderStatus::Failed);
                Step::quiet(Rule::FinishTakingBack)
            }
            (Phase::Draining, _) => {
                self.set(provider, ProviderStatus::Failed);
                let next = self.wind_down(session);
                let rule = match next {
                    None => Rule::StopBesideOthers,
                    Some(_) if self.is_wound_down() => Rule::StopLastProvider,
                    Some(_) => Rule::StopNextProvider,
                };
                Step { rule, effects: Vec::from_iter(next) }
            }
        }
    }
}
