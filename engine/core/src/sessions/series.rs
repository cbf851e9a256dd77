//! What one caller does to start one provider, by the table `FLR-07` (D-09).
//!
//! A logon, an open call and the spooler follow the same table. [`judge_result`], [`judge_entry`]
//! and [`judge_answer`] read it; nothing else decides what an answer means for a provider. What an
//! end of the series means for the caller stands in `starting`, `open` and `spooler`.

use alloc::vec::Vec;

use super::session::Session;
use crate::effect::{Attempt, Correction, Effect, Entry, EntryDialogs};
use crate::event::{ProviderResult, RetryAnswer};
use crate::id::{CallId, ProviderId, SessionId};
use crate::request::Prompts;
use crate::rule::Rule;
use crate::services::EntryFunction;
use crate::view::{ProviderStatus, Series, SeriesStage, ServiceStatus};

/// On whose behalf a series runs.
#[derive(Clone, Copy)]
pub(super) struct Caller {
    pub(super) call: CallId,
    pub(super) session: SessionId,
    pub(super) dialogs: EntryDialogs,
}

/// What an answer means, and by which rule.
pub(super) struct Verdict {
    pub(super) rule: Rule,
    pub(super) next: Next,
}

/// What follows in a series.
pub(super) enum Next {
    /// It goes on with this.
    GoOn(SeriesStage),
    /// It is over.
    End(End),
}

/// What a series leaves behind.
pub(super) enum End {
    /// The provider is logged on.
    Running,
    /// The provider is not logged on; its service stays as it is.
    Failed,
    /// The provider is logged on, which nobody wants any more.
    TakenBack,
    /// The provider failed for good, and its service with it.
    Disabled,
    /// The same, though the provider has not answered yet.
    DisabledLate,
}

/// What becomes of an attempt that is out when its caller is gone.
#[derive(Clone, Copy)]
pub(super) enum AttemptOut {
    /// It is still carried out, and its result reported.
    ComesBack,
    /// It dies with the client on whose behalf it was ordered.
    DiesWithClient,
}

impl Session {
    /// What the result of an attempt means.
    pub(super) fn judge_result(
        &self,
        provider: ProviderId,
        attempt: Attempt,
        result: ProviderResult,
        dialogs: Prompts,
    ) -> Verdict {
        match self.service_status_of(provider) {
            ServiceStatus::Enabled => match attempt {
                Attempt::First => judge_first(result, self.entry_of(provider), dialogs),
                Attempt::Second => judge_second(result),
            },
            ServiceStatus::Disabled => match result {
                ProviderResult::LoggedOn | ProviderResult::LoggedOnWithErrors => {
                    end(Rule::TakeBackOfDisabledService, End::TakenBack)
                }
                ProviderResult::FailOneProvider
                | ProviderResult::Unconfigured
                | ProviderResult::WrongVersion
                | ProviderResult::Failed(_) => end(Rule::FailInDisabledService, End::Failed),
            },
        }
    }

    /// What the return of an entry function means that was to repair a service.
    pub(super) fn judge_entry(&self, provider: ProviderId) -> Verdict {
        match self.service_status_of(provider) {
            ServiceStatus::Enabled => {
                go_on(Rule::RetryConfigured, SeriesStage::Attempt(Attempt::Second))
            }
            ServiceStatus::Disabled => end(Rule::FailDespiteEntry, End::Failed),
        }
    }

    /// What the answer to the question means whether to try again (`FLR-19`).
    pub(super) fn judge_answer(&self, provider: ProviderId, answer: RetryAnswer) -> Verdict {
        match self.service_status_of(provider) {
            ServiceStatus::Enabled => {}
            ServiceStatus::Disabled => return end(Rule::FailDespiteAnswer, End::Failed),
        }
        match (answer, self.entry_of(provider)) {
            (RetryAnswer::Retry, _) => {
                go_on(Rule::RetryProvider, SeriesStage::Attempt(Attempt::Second))
            }
            (RetryAnswer::Correct, EntryFunction::Present) => {
                go_on(Rule::CorrectService, SeriesStage::Entry)
            }
            (RetryAnswer::Correct, EntryFunction::Absent) => {
                end(Rule::DisableUncorrectable, End::Disabled)
            }
            (RetryAnswer::GiveUp, _) => end(Rule::DisableGivenUp, End::Disabled),
            (RetryAnswer::Unavailable, _) => end(Rule::DisableForLackOfPrompt, End::Disabled),
        }
    }

    /// The order that a series gives when it enters a stage.
    pub(super) fn order(&self, caller: Caller, series: Series) -> Effect {
        let Caller { call, session, dialogs } = caller;
        let Series { provider, stage } = series;
        match stage {
            SeriesStage::Attempt(attempt) => {
                Effect::LogOnProvider { call, session, provider, attempt, dialogs: dialogs.allowed }
            }
            SeriesStage::Entry => {
                Effect::CallEntry { call, session, entry: Entry::Repair(provider), dialogs }
            }
            SeriesStage::Prompt => {
                let correction = match self.entry_of(provider) {
                    EntryFunction::Present => Correction::Possible,
                    EntryFunction::Absent => Correction::Impossible,
                };
                Effect::AskRetry { call, session, provider, correction }
            }
        }
    }

    /// Leaves the provider as a series leaves it.
    pub(super) fn conclude(
        &mut self,
        session: SessionId,
        provider: ProviderId,
        end: End,
    ) -> Option<Effect> {
        match end {
            End::Running => self.set(provider, ProviderStatus::Running),
            End::Failed => self.set(provider, ProviderStatus::Failed),
            End::TakenBack => return Some(self.log_off(session, provider)),
            End::Disabled => return Some(self.disable(session, provider, ProviderStatus::Failed)),
            End::DisabledLate => {
                return Some(self.disable(session, provider, ProviderStatus::Late));
            }
        }
        None
    }

    /// Leaves the provider as a series leaves it whose caller is gone: nothing is disabled for it
    /// (`CAN-03`).
    pub(super) fn abandon(
        &mut self,
        caller: (SessionId, CallId),
        series: Series,
        attempt: AttemptOut,
        effects: &mut Vec<Effect>,
    ) {
        let (session, call) = caller;
        let Series { provider, stage } = series;
        let status = match (stage, attempt) {
            (SeriesStage::Attempt(_), AttemptOut::ComesBack) => ProviderStatus::Late,
            (SeriesStage::Attempt(_), AttemptOut::DiesWithClient) => {
                effects.push(Effect::DropAttempt { session, provider });
                ProviderStatus::Failed
            }
            (SeriesStage::Entry, AttemptOut::ComesBack | AttemptOut::DiesWithClient) => {
                ProviderStatus::Failed
            }
            (SeriesStage::Prompt, AttemptOut::ComesBack | AttemptOut::DiesWithClient) => {
                effects.push(Effect::WithdrawPrompt { call });
                ProviderStatus::Failed
            }
        };
        self.set(provider, status);
    }
}

fn judge_first(result: ProviderResult, entry: EntryFunction, dialogs: Prompts) -> Verdict {
    match (result, entry, dialogs) {
        (ProviderResult::LoggedOn, _, _) => end(Rule::StartProvider, End::Running),
        (ProviderResult::LoggedOnWithErrors, _, _) => {
            end(Rule::StartProviderWithErrors, End::Running)
        }
        (ProviderResult::FailOneProvider, _, _) => end(Rule::SkipProvider, End::Failed),
        (ProviderResult::Unconfigured, EntryFunction::Present, _) => {
            go_on(Rule::ConfigureService, SeriesStage::Entry)
        }
        (ProviderResult::Unconfigured, EntryFunction::Absent, _) => {
            go_on(Rule::RetryUnconfigured, SeriesStage::Attempt(Attempt::Second))
        }
        (ProviderResult::WrongVersion, _, _) => end(Rule::DisableWrongVersion, End::Disabled),
        (ProviderResult::Failed(_), _, Prompts::Allowed) => {
            go_on(Rule::AskToRetry, SeriesStage::Prompt)
        }
        (ProviderResult::Failed(_), _, Prompts::Forbidden) => {
            end(Rule::DisableUnasked, End::Disabled)
        }
    }
}

const fn judge_second(result: ProviderResult) -> Verdict {
    match result {
        ProviderResult::LoggedOn => end(Rule::StartRetriedProvider, End::Running),
        ProviderResult::LoggedOnWithErrors => end(Rule::StartProviderWithErrors, End::Running),
        ProviderResult::FailOneProvider => end(Rule::SkipProvider, End::Failed),
        ProviderResult::Unconfigured => end(Rule::DisableUnconfigured, End::Disabled),
        ProviderResult::WrongVersion => end(Rule::DisableWrongVersion, End::Disabled),
        ProviderResult::Failed(_) => end(Rule::DisableAfterSecondFailure, End::Disabled),
    }
}

const fn go_on(rule: Rule, stage: SeriesStage) -> Verdict {
    Verdict { rule, next: Next::GoOn(stage) }
}

const fn end(rule: Rule, end: End) -> Verdict {
    Verdict { rule, next: Next::End(end) }
}
