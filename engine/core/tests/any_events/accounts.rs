//! What is out: orders and prompts by what the core has said, against what it says it waits for.

use std::collections::BTreeSet;

use mapi_session_core::*;

/// Orders and prompts that are out, as whoever carries them out knows them.
#[derive(Default)]
pub(crate) struct Accounts {
    attempts: BTreeSet<(SessionId, ProviderId)>,
    logoffs: BTreeSet<(SessionId, ProviderId)>,
    shutdowns: BTreeSet<(SessionId, ProviderId)>,
    ends: BTreeSet<SessionId>,
    prompts: BTreeSet<CallId>,
    entries: BTreeSet<(CallId, Entry)>,
}

impl Accounts {
    /// Takes note of an event that was waited for.
    fn strike_out(&mut self, event: &Event) {
        match *event {
            Event::ProviderAnswered { session, provider, .. } => {
                assert!(self.attempts.remove(&(session, provider)), "no attempt: {event:?}");
            }
            Event::ProviderLoggedOff { session, provider } => {
                assert!(self.logoffs.remove(&(session, provider)), "no order: {event:?}");
            }
            Event::ProviderShutDown { session, provider } => {
                assert!(self.shutdowns.remove(&(session, provider)), "no order: {event:?}");
            }
            Event::SessionClosed { session } => {
                assert!(self.ends.remove(&session), "no order: {event:?}");
            }
            Event::ProfileChosen { call, .. }
            | Event::PasswordEntered { call, .. }
            | Event::LogoffAnswered { call, .. }
            | Event::RetryAnswered { call, .. } => {
                assert!(self.prompts.remove(&call), "no prompt: {event:?}");
            }
            Event::EntryReturned { call, entry } => {
                assert!(self.entries.remove(&(call, entry)), "no entry call: {event:?}");
            }
            Event::InitializeCalled { .. }
            | Event::UninitializeCalled { .. }
            | Event::LogonCalled { .. }
            | Event::LogoffCalled { .. }
            | Event::ReleaseCalled { .. }
            | Event::OpenCalled { .. }
            | Event::UseCalled { .. }
            | Event::StoreLogoffCalled { .. }
            | Event::ClientCrashed { .. }
            | Event::CallWithdrawn { .. }
            | Event::DeadlinePassed { .. }
            | Event::ShortWaitEnded { .. }
            | Event::Continued { .. }
            | Event::ProfileLookedUp { .. }
            | Event::PasswordChecked { .. }
            | Event::ServicesRead { .. } => {}
        }
    }

    /// Takes note of what a step orders: nothing is ordered twice, or withdrawn that is not out.
    fn enter(&mut self, effects: &[Effect]) {
        for effect in effects {
            let new = match *effect {
                Effect::LogOnProvider { session, provider, .. } => {
                    self.attempts.insert((session, provider))
                }
                Effect::DropAttempt { session, provider } => {
                    self.attempts.remove(&(session, provider))
                }
                Effect::LogOffProvider { session, provider } => {
                    self.logoffs.insert((session, provider))
                }
                Effect::ShutDownProvider { session, provider } => {
                    self.shutdowns.insert((session, provider))
                }
                Effect::CloseSession { session } => self.ends.insert(session),
                Effect::AskForProfile { call, .. }
                | Effect::AskForPassword { call, .. }
                | Effect::ConfirmLogoff { call, .. }
                | Effect::AskRetry { call, .. } => self.prompts.insert(call),
                Effect::WithdrawPrompt { call } => self.prompts.remove(&call),
                Effect::CallEntry { call, entry, .. } => self.entries.insert((call, entry)),
                Effect::Continue { .. }
                | Effect::StartTimer { .. }
                | Effect::LookUpProfile { .. }
                | Effect::CheckPassword { .. }
                | Effect::ReadServices { .. }
                | Effect::ReportDisabled { .. }
                | Effect::UseProvider { .. }
                | Effect::Answer { .. } => true,
            };
            assert!(new, "{effect:?} makes no sense among {effects:?}");
        }
    }

    /// One step: what it took, what it ordered, and that both sides agree on what is out.
    pub(crate) fn balance(&mut self, event: &Event, step: &Step, sessions: &Sessions) {
        if step.rule != Rule::IgnoreStale {
            self.strike_out(event);
        }
        self.enter(&step.effects);
        let expected = Self::of(sessions);
        assert_eq!(self.attempts, expected.attempts, "attempts after {event:?}: {step:?}");
        assert_eq!(self.logoffs, expected.logoffs, "logoffs after {event:?}: {step:?}");
        assert_eq!(self.shutdowns, expected.shutdowns, "shutdowns after {event:?}: {step:?}");
        assert_eq!(self.ends, expected.ends, "ends after {event:?}: {step:?}");
        assert_eq!(self.prompts, expected.prompts, "prompts after {event:?}: {step:?}");
        // An entry call cannot be taken back: its return is ignored.
        self.entries.retain(|it| expected.entries.contains(it));
        assert_eq!(self.entries, expected.entries, "entry calls after {event:?}: {step:?}");
    }

    /// What the core waits for.
    fn of(sessions: &Sessions) -> Self {
        let mut accounts = Self::default();
        for (session, view) in sessions.sessions() {
            let mut rest = view.phase == Phase::Draining;
            for ((provider, _, _), status) in view.services.providers().zip(view.provider_statuses)
            {
                let list = match status {
                    ProviderStatus::Late => &mut accounts.attempts,
                    ProviderStatus::LoggingOff => &mut accounts.logoffs,
                    ProviderStatus::ShuttingDown => &mut accounts.shutdowns,
                    ProviderStatus::NotStarted | ProviderStatus::Failed => continue,
                    ProviderStatus::Running | ProviderStatus::Quiesced => {
                        rest = false;
                        continue;
                    }
                };
                list.insert((session, provider));
                rest = false;
            }
            if rest {
                accounts.ends.insert(session);
            }
        }
        for (call, view) in sessions.calls() {
            match view.stage {
                CallStage::Holding { stage, .. } => {
                    accounts.add_logon(call, stage);
                }
                CallStage::ConfirmingLogoff { .. } => {
                    accounts.prompts.insert(call);
                }
                CallStage::Opening { handle, at, series: Some(stage), .. } => {
                    let session = session_of(sessions, handle);
                    accounts.add_series(call, session, Series { provider: at, stage });
                }
                CallStage::Opening { series: None, .. }
                | CallStage::Waiting { .. }
                | CallStage::TimedOut => {}
            }
        }
        accounts
    }

    fn add_logon(&mut self, call: CallId, stage: Stage) {
        match stage {
            Stage::AskProfile | Stage::AskPassword { .. } => {
                self.prompts.insert(call);
            }
            Stage::Show(service) => {
                self.entries.insert((call, Entry::Show(service)));
            }
            Stage::Series(series) => self.add_series(call, SessionId(call), series),
            Stage::Decide
            | Stage::Pick
            | Stage::Credentials { .. }
            | Stage::Build { .. }
            | Stage::Finish
            | Stage::Done(_) => {}
        }
    }

    fn add_series(&mut self, call: CallId, session: SessionId, series: Series) {
        let Series { provider, stage } = series;
        match stage {
            SeriesStage::Attempt(_) => {
                assert!(self.attempts.insert((session, provider)), "two at {provider}");
            }
            SeriesStage::Entry => {
                self.entries.insert((call, Entry::Repair(provider)));
            }
            SeriesStage::Prompt => {
                self.prompts.insert(call);
            }
        }
    }
}

/// The open calls whose turn it is: the provider they want is free, and no lesser handle of the
/// session waits for it.
pub(crate) fn due(sessions: &Sessions) -> BTreeSet<CallId> {
    let mut waiting = Vec::new();
    let mut busy = BTreeSet::new();
    for (call, view) in sessions.calls() {
        if let CallStage::Opening { handle, at, series, .. } = view.stage {
            let session = session_of(sessions, handle);
            match series {
                None => waiting.push((session, at, handle, call)),
                Some(_) => {
                    busy.insert((session, at));
                }
            }
        }
    }
    for (session, view) in sessions.sessions() {
        for ((provider, _, _), status) in view.services.providers().zip(view.provider_statuses) {
            if matches!(
                status,
                ProviderStatus::Late | ProviderStatus::LoggingOff | ProviderStatus::ShuttingDown
            ) {
                busy.insert((session, provider));
            }
        }
    }
    let is_due = |&&(session, at, handle, _): &&(SessionId, ProviderId, HandleId, CallId)| {
        let first = waiting
            .iter()
            .all(|&(other, its, lesser, _)| (other, its) != (session, at) || lesser >= handle);
        first && !busy.contains(&(session, at))
    };
    waiting.iter().filter(is_due).map(|&(_, _, _, call)| call).collect()
}

fn session_of(sessions: &Sessions, handle: HandleId) -> SessionId {
    match sessions.handles().find(|(id, _)| *id == handle).map(|(_, view)| view.status) {
        Some(HandleStatus::Live(seat)) => seat.session,
        other => panic!("{handle} has a call under way, and is {other:?}"),
    }
}
