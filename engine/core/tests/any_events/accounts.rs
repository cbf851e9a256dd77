//! What is out: orders and prompts by what the core has said, against what it says it waits for.

use std::collections::{BTreeMap, BTreeSet};

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
    configurations: BTreeSet<(SessionId, ProviderId)>,
    spoolers: BTreeSet<SessionId>,
    inboxes: BTreeMap<(HandleId, Notification), u32>,
    votes: BTreeSet<CallId>,
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
            Event::TransportConfigured { session, provider } => {
                let out = self.configurations.remove(&(session, provider));
                assert!(out, "no configuration: {event:?}");
            }
            Event::Voted { call, .. } => {
                assert!(self.votes.remove(&call), "nobody was asked: {event:?}");
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
            | Event::SetDefaultStoreCalled { .. }
            | Event::AdviseCalled { .. }
            | Event::UnadviseCalled { .. }
            | Event::NotificationDue { .. }
            | Event::SpoolerDemanded { .. }
            | Event::FastShutdownCalled { .. }
            | Event::AdminCalled { .. }
            | Event::ServiceAdminCalled { .. }
            | Event::ServicesRead { .. } => {}
        }
    }

    /// Takes note of what a step orders: nothing is ordered twice, or withdrawn that is not out.
    fn enter(&mut self, effects: &[Effect]) {
        for effect in effects {
            let new = match *effect {
                Effect::LogOnProvider { session, provider, .. }
                | Effect::LogOnTransport { session, provider, .. } => {
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
                Effect::EndSession { session } => self.forget_session(session),
                Effect::AskFastShutdown { call, .. } => {
                    self.votes.insert(call);
                    true
                }
                Effect::AskForProfile { call, .. }
                | Effect::AskForPassword { call, .. }
                | Effect::ConfirmLogoff { call, .. }
                | Effect::AskRetry { call, .. } => self.prompts.insert(call),
                Effect::WithdrawPrompt { call } => self.prompts.remove(&call),
                Effect::CallEntry { call, entry, .. } => self.entries.insert((call, entry)),
                Effect::ConfigureTransport { session, provider } => {
                    self.configurations.insert((session, provider))
                }
                Effect::AttachSpooler { session } => self.spoolers.insert(session),
                Effect::DetachSpooler { session } => self.spoolers.remove(&session),
                Effect::QueueNotification { handle, notification } => {
                    self.queue_notification(handle, notification)
                }
                Effect::HandNotification { handle, notification } => {
                    self.hand_notification(handle, notification)
                }
                Effect::Continue { .. }
                | Effect::StartTimer { .. }
                | Effect::LookUpProfile { .. }
                | Effect::CheckPassword { .. }
                | Effect::ReadServices { .. }
                | Effect::ReportDisabled { .. }
                | Effect::UseProvider { .. }
                | Effect::NotifyFastShutdown { .. }
                | Effect::DoFastShutdown { .. }
                | Effect::CreateProfile { .. }
                | Effect::CopyProfile { .. }
                | Effect::RemoveProfile { .. }
                | Effect::MarkProfile { .. }
                | Effect::RenameProfile { .. }
                | Effect::DeferRename { .. }
                | Effect::TakeBackRename { .. }
                | Effect::SetDefaultProfile { .. }
                | Effect::SettleProfile { .. }
                | Effect::AddService { .. }
                | Effect::DeleteService { .. }
                | Effect::Answer { .. } => true,
            };
            assert!(new, "{effect:?} makes no sense among {effects:?}");
        }
    }

    /// A session ends at once: what is out there is waited for by nobody.
    fn forget_session(&mut self, session: SessionId) -> bool {
        let orders = [&mut self.attempts, &mut self.logoffs, &mut self.shutdowns];
        orders.into_iter().for_each(|orders| orders.retain(|&(of, _)| of != session));
        self.spoolers.remove(&session);
        !self.ends.contains(&session)
    }

    /// Puts an event into an inbox; there is room for one that the default store has changed.
    fn queue_notification(&mut self, handle: HandleId, event: Notification) -> bool {
        let pending = self.inboxes.entry((handle, event)).or_default();
        *pending += 1;
        *pending == 1 || event != Notification::TableModified
    }

    fn hand_notification(&mut self, handle: HandleId, event: Notification) -> bool {
        let Some(pending) = self.inboxes.get_mut(&(handle, event)) else { return false };
        *pending -= 1;
        if *pending == 0 {
            self.inboxes.remove(&(handle, event));
        }
        true
    }

    /// One step: what it took, what it ordered, and that both sides agree on what is out.
    pub(crate) fn balance(&mut self, event: &Event, step: &Step, sessions: &Sessions) {
        if step.rule != Rule::IgnoreStale {
            self.strike_out(event);
        }
        self.enter(&step.effects);
        check_notices(event, step, sessions);
        let expected = Self::of(sessions);
        assert_eq!(self.attempts, expected.attempts, "attempts after {event:?}: {step:?}");
        assert_eq!(self.logoffs, expected.logoffs, "logoffs after {event:?}: {step:?}");
        assert_eq!(self.shutdowns, expected.shutdowns, "shutdowns after {event:?}: {step:?}");
        assert_eq!(self.ends, expected.ends, "ends after {event:?}: {step:?}");
        assert_eq!(self.prompts, expected.prompts, "prompts after {event:?}: {step:?}");
        assert_eq!(self.spoolers, expected.spoolers, "spoolers after {event:?}: {step:?}");
        // What waits for a handle goes with the handle, without a word.
        let is_live = |handle| {
            let view = sessions.handle(handle);
            view.is_some_and(|view| matches!(view.status, HandleStatus::Live(_)))
        };
        self.inboxes.retain(|&(handle, _), _| is_live(handle));
        assert_eq!(self.inboxes, expected.inboxes, "inboxes after {event:?}: {step:?}");
        // An entry call cannot be taken back: its return is ignored.
        self.configurations.retain(|it| expected.configurations.contains(it));
        let expected_now = &expected.configurations;
        assert_eq!(&self.configurations, expected_now, "configurations after {event:?}: {step:?}");
        // Nor can a question to a provider.
        self.votes.retain(|it| expected.votes.contains(it));
        assert_eq!(self.votes, expected.votes, "votes after {event:?}: {step:?}");
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
            accounts.add_spooler(session, &view);
        }
        for (handle, view) in sessions.handles() {
            accounts.add_inbox(handle, view.inbox);
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
                CallStage::QueryingFastShutdown { .. } => {
                    accounts.votes.insert(call);
                }
                CallStage::Opening { series: None, .. }
                | CallStage::Waiting { .. }
                | CallStage::TimedOut => {}
            }
        }
        accounts
    }

    fn add_spooler(&mut self, session: SessionId, view: &SessionView<'_>) {
        match view.spooler {
            Spooler::Attached => {
                self.spoolers.insert(session);
            }
            Spooler::Detached => {}
        }
        let Some(TransportSeries { provider, stage }) = view.transport else { return };
        match stage {
            TransportStage::Attempt(_) => self.attempts.insert((session, provider)),
            TransportStage::Entry => self.configurations.insert((session, provider)),
        };
    }

    fn add_inbox(&mut self, handle: HandleId, inbox: Inbox) {
        let Inbox { critical, extended, table } = inbox;
        for (event, pending) in [
            (Notification::CriticalError, critical),
            (Notification::Extended, extended),
            (Notification::TableModified, u32::from(table)),
        ] {
            if pending > 0 {
                self.inboxes.insert((handle, event), pending);
            }
        }
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

/// Events go to live handles that listen, and never to the one that caused them by leaving.
fn check_notices(event: &Event, step: &Step, sessions: &Sessions) {
    for effect in &step.effects {
        let Effect::QueueNotification { handle, notification: notice } = *effect else { continue };
        let view = sessions.handle(handle).expect("events are queued for handles that are there");
        assert!(matches!(view.status, HandleStatus::Live(_)), "{handle} gets {notice:?}");
        assert!(view.sink, "{handle} does not listen and gets {notice:?}");
        if let Event::LogoffCalled { handle: leaving, .. }
        | Event::ReleaseCalled { handle: leaving, .. } = event
        {
            assert_ne!(*leaving, handle, "who leaves is told of it");
        }
    }
}
