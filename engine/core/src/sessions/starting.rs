//! The logon that holds the mutex, from the services of its profile to the session that opens.
//!
//! In order of life: [`services_read`](Holder::services_read), services show themselves where the
//! caller wants it, each provider has its series ([`advance`](Holder::advance)),
//! [`open`](Holder::open).

use alloc::vec::Vec;

use super::holder::Holder;
use super::live::LiveSessions;
use super::series::{AttemptOut, Caller, End, Next, Verdict};
use super::{Limits, Sessions};
use crate::effect::{Attempt, Effect, Entry, EntryDialogs, Step};
use crate::error::LogonError;
use crate::event::{ProviderResult, RetryAnswer};
use crate::id::{CallId, ProviderId, ServiceId, SessionId};
use crate::request::{LogonDialogs, LogonRequest, Prompts, ServiceUi};
use crate::rule::Rule;
use crate::services::Services;
use crate::view::{Series, SeriesStage, Stage};

impl Sessions {
    pub(super) fn services_read(&mut self, call: CallId, services: Option<Services>) -> Step {
        match self.mutex.as_mut().filter(|holder| holder.call == call) {
            Some(holder) => holder.services_read(services, &mut self.sessions, self.limits),
            None => Step::quiet(Rule::IgnoreStale),
        }
    }
}

// The session, and the services that show themselves.
impl Holder {
    fn services_read(
        &mut self,
        services: Option<Services>,
        sessions: &mut LiveSessions,
        limits: Limits,
    ) -> Step {
        let Stage::Build { profile } = self.stage else {
            return Step::quiet(Rule::IgnoreStale);
        };
        let Some(services) = services else {
            return self.refuse(Rule::RefuseBuildOnGoneProfile, LogonError::ProfileGone);
        };
        let full = |limit| usize::try_from(limit).is_ok_and(|limit| sessions.len() >= limit);
        if limits.sessions.is_some_and(full) {
            return self.refuse(Rule::RefuseSessionOverLimit, LogonError::SessionLimitReached);
        }
        let built = sessions.build(self.session(), profile, services);
        let show = match self.request.service_ui {
            ServiceUi::Always => built.next_to_show(0),
            ServiceUi::AsNeeded => None,
        };
        if let Some(service) = show {
            return Step::new(Rule::BuildSessionShowing, [self.show(service)]);
        }
        let rule = match built.next_to_start() {
            Some(_) => Rule::BuildSession,
            None => Rule::BuildSessionWithoutProviders,
        };
        Step::new(rule, [self.start_next(sessions)])
    }

    fn show(&mut self, service: ServiceId) -> Effect {
        self.stage = Stage::Show(service);
        let Caller { call, session, dialogs } = self.caller();
        Effect::CallEntry { call, session, entry: Entry::Show(service), dialogs }
    }

    /// Goes on when a service has shown itself, or was waited for for long enough.
    fn leave_show(&mut self, service: ServiceId, sessions: &mut LiveSessions) -> (Rule, Effect) {
        let after = usize::from(service.0) + 1;
        match sessions.session(self.session()).next_to_show(after) {
            Some(service) => (Rule::ShowNextService, self.show(service)),
            None => (Rule::StartAfterShow, self.start_next(sessions)),
        }
    }
}

// The providers, one after the other.
impl Holder {
    /// Begins with the next provider; if each has had its turn, all that is left is to open.
    fn start_next(&mut self, sessions: &mut LiveSessions) -> Effect {
        let building = sessions.session(self.session());
        let Some(provider) = building.next_to_start() else {
            self.stage = Stage::Finish;
            return Effect::Continue { call: self.call };
        };
        let series = Series { provider, stage: SeriesStage::Attempt(Attempt::First) };
        self.stage = Stage::Series(series);
        building.order(self.caller(), series)
    }

    /// The attempt of this logon that is out on a provider.
    pub(super) fn attempt_on(&self, provider: ProviderId) -> Option<Attempt> {
        match self.stage {
            Stage::Series(Series { provider: started, stage: SeriesStage::Attempt(attempt) })
                if started == provider =>
            {
                Some(attempt)
            }
            Stage::Decide
            | Stage::Pick
            | Stage::AskProfile
            | Stage::Credentials { .. }
            | Stage::AskPassword { .. }
            | Stage::Build { .. }
            | Stage::Show(_)
            | Stage::Series(_)
            | Stage::Finish
            | Stage::Done(_) => None,
        }
    }

    pub(super) fn provider_answered(
        &mut self,
        provider: ProviderId,
        attempt: Attempt,
        result: ProviderResult,
        sessions: &mut LiveSessions,
    ) -> Step {
        let building = sessions.session(self.session());
        let verdict = building.judge_result(provider, attempt, result, self.prompts());
        self.advance(provider, verdict, sessions)
    }

    pub(super) fn entry_returned(&mut self, entry: Entry, sessions: &mut LiveSessions) -> Step {
        match entry {
            Entry::Show(service) if self.stage == Stage::Show(service) => {
                let (rule, next) = self.leave_show(service, sessions);
                Step::new(rule, [next])
            }
            Entry::Repair(provider) if self.is_at(provider, SeriesStage::Entry) => {
                let verdict = sessions.session(self.session()).judge_entry(provider);
                self.advance(provider, verdict, sessions)
            }
            Entry::Show(_) | Entry::Repair(_) => Step::quiet(Rule::IgnoreStale),
        }
    }

    pub(super) fn retry_answered(
        &mut self,
        provider: ProviderId,
        answer: RetryAnswer,
        sessions: &mut LiveSessions,
    ) -> Step {
        if !self.is_at(provider, SeriesStage::Prompt) {
            return Step::quiet(Rule::IgnoreStale);
        }
        let verdict = sessions.session(self.session()).judge_answer(provider, answer);
        self.advance(provider, verdict, sessions)
    }

    /// Goes on as the table says: with the series, or with the next provider.
    fn advance(
        &mut self,
        provider: ProviderId,
        verdict: Verdict,
        sessions: &mut LiveSessions,
    ) -> Step {
        let session = self.session();
        let building = sessions.session(session);
        let mut effects = Vec::new();
        match verdict.next {
            Next::GoOn(stage) => {
                let series = Series { provider, stage };
                self.stage = Stage::Series(series);
                effects.push(building.order(self.caller(), series));
            }
            Next::End(end) => {
                effects.extend(building.conclude(session, provider, end));
                effects.push(self.start_next(sessions));
            }
        }
        Step { rule: verdict.rule, effects }
    }

    /// Opens the session that this logon has built.
    pub(super) fn open(&mut self, sessions: &mut LiveSessions) -> Step {
        assert_eq!(self.stage, Stage::Finish, "{} opens what it does not build", self.call);
        let LogonRequest { sharing, mail, .. } = self.request;
        let seating = sessions.open(self.session(), sharing, mail);
        self.succeed(Rule::OpenSession, seating)
    }
}

// What ends before its time.
impl Holder {
    /// Goes on without a service that shows itself for too long.
    pub(super) fn show_too_long(
        &mut self,
        service: ServiceId,
        sessions: &mut LiveSessions,
    ) -> Step {
        let (_, next) = self.leave_show(service, sessions);
        Step::new(Rule::SkipShowAtDeadline, [next])
    }

    /// Goes on without a provider, an entry function or a user that takes too long.
    pub(super) fn series_too_long(&mut self, series: Series, sessions: &mut LiveSessions) -> Step {
        let Series { provider, stage } = series;
        let (rule, next) = match stage {
            SeriesStage::Attempt(_) => (Rule::DisableAtDeadline, Next::End(End::DisabledLate)),
            SeriesStage::Entry => {
                (Rule::RetryAtDeadline, Next::GoOn(SeriesStage::Attempt(Attempt::Second)))
            }
            SeriesStage::Prompt => (Rule::GiveUpAtDeadline, Next::End(End::Disabled)),
        };
        let mut step = self.advance(provider, Verdict { rule, next }, sessions);
        if stage == SeriesStage::Prompt {
            step.effects.insert(0, Effect::WithdrawPrompt { call: self.call });
        }
        step
    }

    /// Ends the session that was being built when its logon is dropped (`CAN-01`).
    pub(super) fn give_up_session(
        &self,
        series: Option<Series>,
        attempt: AttemptOut,
        sessions: &mut LiveSessions,
        effects: &mut Vec<Effect>,
    ) {
        let session = self.session();
        if let Some(series) = series {
            let building = sessions.session(session);
            building.abandon((session, self.call), series, attempt, effects);
        }
        sessions.drain(session, effects);
    }
}

impl Holder {
    /// The session that this logon builds, if it comes to that.
    fn session(&self) -> SessionId {
        SessionId(self.call)
    }

    fn is_at(&self, provider: ProviderId, stage: SeriesStage) -> bool {
        self.stage == Stage::Series(Series { provider, stage })
    }

    fn prompts(&self) -> Prompts {
        match self.request.dialogs {
            LogonDialogs::All => Prompts::Allowed,
            LogonDialogs::None | LogonDialogs::PasswordOnly => Prompts::Forbidden,
        }
    }

    fn caller(&self) -> Caller {
        let dialogs = EntryDialogs { allowed: self.prompts(), always: self.request.service_ui };
        Caller { call: self.call, session: self.session(), dialogs }
    }
}
