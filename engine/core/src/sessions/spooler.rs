//! The spooler: whom it serves, and how it starts transports.
//!
//! It serves a session while a live handle of it is capable of mail (`NML-04`). One demand brings
//! up all transports that have not been tried, one after the other (`ORD-03`, D-30); each has a
//! series by the table that logons and open calls follow, but nobody is ever asked (`ORD-05`).

use super::Sessions;
use super::series::{Next, Verdict};
use super::session::Session;
use crate::effect::{Attempt, Effect, Step};
use crate::event::ProviderResult;
use crate::id::{ProviderId, SessionId};
use crate::request::{Mail, Prompts};
use crate::rule::Rule;
use crate::view::{
    ProviderStatus, SeriesStage, ServiceStatus, Spooler, TransportSeries, TransportStage,
};

impl Sessions {
    pub(super) fn spooler_demanded(&mut self, session: SessionId) -> Step {
        let served = self.sessions.get_mut(session);
        match served.and_then(|served| served.start_next_transport(session)) {
            Some(order) => Step::new(Rule::StartTransports, [order]),
            None => Step::quiet(Rule::IgnoreDemand),
        }
    }

    pub(super) fn transport_configured(
        &mut self,
        session: SessionId,
        provider: ProviderId,
    ) -> Step {
        let awaited = Some(TransportSeries { provider, stage: TransportStage::Entry });
        match self.sessions.get_mut(session) {
            Some(served) if served.transport == awaited => {
                let verdict = served.judge_entry(provider);
                served.advance_transport(session, provider, verdict)
            }
            Some(_) | None => Step::quiet(Rule::IgnoreStale),
        }
    }
}

// Whom it serves.
impl Session {
    /// Whether the spooler serves the session.
    pub(super) const fn spooler(&self) -> Spooler {
        if self.mail_handles > 0 { Spooler::Attached } else { Spooler::Detached }
    }

    /// Counts a new live handle in, if it is capable of mail.
    pub(super) fn gain_handle(&mut self, session: SessionId, mail: Mail) -> Option<Effect> {
        match mail {
            Mail::NotWanted => return None,
            Mail::Wanted => self.mail_handles = self.mail_handles.saturating_add(1),
        }
        (self.mail_handles == 1).then_some(Effect::AttachSpooler { session })
    }

    /// Counts a handle out that is live no longer, if it was capable of mail.
    pub(super) fn lose_handle(&mut self, session: SessionId, mail: Mail) -> Option<Effect> {
        match mail {
            Mail::NotWanted => return None,
            Mail::Wanted => self.mail_handles -= 1,
        }
        (self.mail_handles == 0).then_some(Effect::DetachSpooler { session })
    }
}

// The series on its transports.
impl Session {
    /// Begins with the next transport, unless the spooler is busy or does not serve the session.
    fn start_next_transport(&mut self, session: SessionId) -> Option<Effect> {
        match (self.spooler(), self.transport) {
            (Spooler::Attached, None) => {}
            (Spooler::Attached, Some(_)) | (Spooler::Detached, _) => return None,
        }
        let provider = self.next_transport()?;
        Some(self.enter(session, provider, TransportStage::Attempt(Attempt::First)))
    }

    /// The transport that the spooler starts next: the first that nobody has tried (`ORD-07`).
    fn next_transport(&self) -> Option<ProviderId> {
        self.services.transports().find(|&provider| {
            self.status(provider) == Some(ProviderStatus::NotStarted)
                && self.service_status_of(provider) == ServiceStatus::Enabled
        })
    }

    fn enter(&mut self, session: SessionId, provider: ProviderId, stage: TransportStage) -> Effect {
        self.transport = Some(TransportSeries { provider, stage });
        match stage {
            TransportStage::Attempt(attempt) => {
                Effect::LogOnTransport { session, provider, attempt }
            }
            TransportStage::Entry => Effect::ConfigureTransport { session, provider },
        }
    }

    /// The attempt of the spooler that is out on a provider.
    pub(super) fn spoolers_attempt_on(&self, provider: ProviderId) -> Option<Attempt> {
        match self.transport {
            Some(TransportSeries {
                provider: started,
                stage: TransportStage::Attempt(attempt),
            }) if started == provider => Some(attempt),
            Some(TransportSeries {
                stage: TransportStage::Attempt(_) | TransportStage::Entry,
                ..
            })
            | None => None,
        }
    }

    pub(super) fn transport_answered(
        &mut self,
        session: SessionId,
        provider: ProviderId,
        attempt: Attempt,
        result: ProviderResult,
    ) -> Step {
        let verdict = self.judge_result(provider, attempt, result, Prompts::Forbidden);
        self.advance_transport(session, provider, verdict)
    }

    /// Goes on as the table says: with the series, or with the next transport.
    fn advance_transport(
        &mut self,
        session: SessionId,
        provider: ProviderId,
        verdict: Verdict,
    ) -> Step {
        let mut step = Step::quiet(verdict.rule);
        match verdict.next {
            Next::GoOn(SeriesStage::Attempt(attempt)) => {
                let stage = TransportStage::Attempt(attempt);
                step.effects.push(self.enter(session, provider, stage));
            }
            Next::GoOn(SeriesStage::Entry) => {
                step.effects.push(self.enter(session, provider, TransportStage::Entry));
            }
            Next::GoOn(SeriesStage::Prompt) => {
                panic!("the spooler would ask the user about {provider} of {session}")
            }
            Next::End(end) => {
                self.transport = None;
                step.effects.extend(self.conclude(session, provider, end));
                step.effects.extend(self.start_next_transport(session));
            }
        }
        step
    }

    /// Ends what the spooler has under way, for a session that is over: what is out comes back late
    /// (`CAN-03`), whoever's crash it was that ended the session.
    pub(super) fn abandon_transport(&mut self) {
        let Some(TransportSeries { provider, stage }) = self.transport.take() else { return };
        let status = match stage {
            TransportStage::Attempt(_) => ProviderStatus::Late,
            TransportStage::Entry => ProviderStatus::Failed,
        };
        self.set(provider, status);
    }
}
