//! The core, lived through.

use std::collections::BTreeSet;

use mapi_session_core::*;

use crate::accounts::{Accounts, due};
use crate::happenings::{HandleUse, Happening, Loss, Outcome};
use crate::leave::Leave;

/// The core, and what it has asked for.
pub(crate) struct World {
    pub(crate) sessions: Sessions,
    orders: Vec<Effect>,
    calls: BTreeSet<CallId>,
    accounts: Accounts,
    leave: Leave,
}

impl World {
    pub(crate) fn new(limits: Limits) -> Self {
        Self {
            sessions: Sessions::new(limits),
            orders: Vec::new(),
            calls: BTreeSet::new(),
            accounts: Accounts::default(),
            leave: Leave::default(),
        }
    }

    /// A world in which everybody has initialised, and then this happened.
    pub(crate) fn after(limits: Limits, history: Vec<Happening>) -> Self {
        let mut world = Self::new(limits);
        for client in (0..5).map(ClientId) {
            let request = InitRequest::parse(0, 0);
            world.take(Event::InitializeCalled { call: CallId(99), client, request });
        }
        for happening in history {
            world.happen(happening);
        }
        world
    }

    /// A world in which five clients share a session, and then this happened.
    pub(crate) fn shared(services: &Services, results: &[ProviderResult]) -> Self {
        let mut world = Self::after(Limits::default(), Vec::new());
        for client in 0..5 {
            let (call, inside) = (CallId(20 + u64::from(client)), None);
            let mut flags = LogonFlags::USE_DEFAULT | LogonFlags::ALLOW_OTHERS;
            flags.set(LogonFlags::NO_MAIL, client % 2 == 0);
            let request = LogonRequest::parse(None, Password::NotGiven, flags.bits());
            let client = ClientId(client);
            world.take(Event::LogonCalled { call, client, inside, request });
            let mut results = results.iter().cycle();
            while let Some(order) = world.orders.pop() {
                let mut outcome = Outcome::favourable();
                outcome.found = Some(Profile {
                    key: ProfileKey(0),
                    protection: Protection::Open,
                    visibility: Visibility::Ordinary,
                });
                outcome.services = Some(services.clone());
                outcome.result = results.next().copied().unwrap_or(outcome.result);
                world.carry_out(&order, &outcome);
            }
        }
        world
    }

    pub(crate) fn happen(&mut self, happening: Happening) {
        match happening {
            Happening::Event(event) => self.take(event),
            Happening::UseHandle { which, call, usage } => {
                let handles: Vec<_> = self.sessions.handles().collect();
                if handles.is_empty() {
                    return;
                }
                let (handle, HandleView { client, .. }) = handles[which.index(handles.len())];
                self.take(call_on(handle, client, call, usage));
            }
            Happening::Demand { which } => {
                let sessions: Vec<_> = self.sessions.sessions().map(|(id, _)| id).collect();
                if !sessions.is_empty() {
                    let session = sessions[which.index(sessions.len())];
                    self.take(Event::SpoolerDemanded { session });
                }
            }
            Happening::LoseHope { which, loss } => {
                let calls: Vec<_> = self.sessions.calls().map(|(call, _)| call).collect();
                if calls.is_empty() {
                    return;
                }
                let call = calls[which.index(calls.len())];
                self.take(match loss {
                    Loss::Withdrawal => Event::CallWithdrawn { call },
                    Loss::Deadline => Event::DeadlinePassed { call },
                });
            }
            Happening::Obey { order, outcome } if !self.orders.is_empty() => {
                let order = self.orders.swap_remove(order.index(self.orders.len()));
                self.carry_out(&order, &outcome);
            }
            Happening::Obey { .. } => {}
        }
    }

    fn carry_out(&mut self, order: &Effect, outcome: &Outcome) {
        let event = match *order {
            Effect::Continue { call } => Event::Continued { call },
            Effect::StartTimer { call } => Event::ShortWaitEnded { call },
            Effect::LookUpProfile { call, .. } => {
                Event::ProfileLookedUp { call, found: outcome.found }
            }
            Effect::AskForProfile { call, .. } => {
                Event::ProfileChosen { call, answer: outcome.chooser }
            }
            Effect::CheckPassword { call, .. } => {
                Event::PasswordChecked { call, verdict: outcome.verdict }
            }
            Effect::AskForPassword { call, .. } => {
                Event::PasswordEntered { call, answer: outcome.password }
            }
            Effect::ConfirmLogoff { call, .. } => {
                Event::LogoffAnswered { call, answer: outcome.logoff }
            }
            Effect::ReadServices { call, .. } => {
                Event::ServicesRead { call, services: outcome.services.clone() }
            }
            Effect::LogOnProvider { session, provider, .. }
            | Effect::LogOnTransport { session, provider, .. } => {
                Event::ProviderAnswered { session, provider, result: outcome.result }
            }
            Effect::CallEntry { call, entry, .. } => Event::EntryReturned { call, entry },
            Effect::AskRetry { call, provider, .. } => {
                Event::RetryAnswered { call, provider, answer: outcome.retry }
            }
            Effect::LogOffProvider { session, provider } => {
                Event::ProviderLoggedOff { session, provider }
            }
            Effect::ShutDownProvider { session, provider } => {
                Event::ProviderShutDown { session, provider }
            }
            Effect::CloseSession { session } => Event::SessionClosed { session },
            Effect::AskFastShutdown { call, .. } => Event::Voted { call, vote: outcome.vote },
            Effect::ConfigureTransport { session, provider } => {
                Event::TransportConfigured { session, provider }
            }
            Effect::QueueNotification { handle, notification } => {
                Event::NotificationDue { handle, notification }
            }
            Effect::WithdrawPrompt { .. }
            | Effect::DropAttempt { .. }
            | Effect::ReportDisabled { .. }
            | Effect::UseProvider { .. }
            | Effect::AttachSpooler { .. }
            | Effect::DetachSpooler { .. }
            | Effect::HandNotification { .. }
            | Effect::NotifyFastShutdown { .. }
            | Effect::DoFastShutdown { .. }
            | Effect::EndSession { .. }
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
            | Effect::Answer { .. } => return,
        };
        self.take(event);
    }

    /// One event, and all that must hold of the step.
    pub(crate) fn take(&mut self, event: Event) {
        let before = self.sessions.clone();
        let mut twin = before.clone();
        let step = self.sessions.step(event.clone());
        assert_eq!((twin.step(event.clone()), &twin), (step.clone(), &self.sessions));
        self.sessions.check_invariants();
        let unchanged = self.sessions == before;
        if !may_change_nothing(step.rule) {
            let expected = changes_nothing(step.rule) && !takes_leave_back(&event, &step, &before);
            assert_eq!(unchanged, expected, "{} on {event:?}", step.rule);
        }

        self.account_for_calls(&event, &step);
        self.account_for_turns(&before, &event, &step);
        self.accounts.balance(&event, &step, &self.sessions);
        self.leave.follow(&event, &step, &before, &self.sessions);
        self.orders.extend(step.effects);
    }

    /// A call is answered once, or dropped by those who may.
    fn account_for_calls(&mut self, event: &Event, step: &Step) {
        if let Some(call) = begins(event)
            && step.rule != Rule::IgnoreReusedId
        {
            self.calls.insert(call);
        }
        for effect in &step.effects {
            if let Effect::Answer { call, .. } = effect {
                assert!(self.calls.remove(call), "{call} is answered, which nobody made");
            }
        }
        let under_way = self.sessions.calls().map(|(call, _)| call).collect();
        let dropped = self.calls.difference(&under_way).count();
        assert!(dropped == 0 || drops_calls(step.rule), "{dropped} unanswered by {}", step.rule);
        self.calls = under_way;
    }

    /// An open call that waits is told to go on when its turn comes, and only then.
    fn account_for_turns(&self, before: &Sessions, event: &Event, step: &Step) {
        let is_opening = |call: CallId| {
            let view = self.sessions.calls().find(|(id, _)| *id == call).map(|(_, view)| view);
            view.is_some_and(|view| matches!(view.stage, CallStage::Opening { .. }))
        };
        let mut told = Vec::new();
        for effect in &step.effects {
            if let Effect::Continue { call } = *effect
                && is_opening(call)
            {
                told.push(call);
            }
        }
        told.sort_unstable();
        let due_before = due(before);
        let expected: Vec<CallId> =
            due(&self.sessions).into_iter().filter(|call| !due_before.contains(call)).collect();
        assert_eq!(told, expected, "whose turn it is after {event:?}: {step:?}");
    }

    /// Takes note that clients are gone that have shut down fast.
    pub(crate) fn bury_the_dead(&mut self) {
        let dead: Vec<_> = self.sessions.dead_clients().collect();
        for client in dead {
            self.take(Event::ClientCrashed { client });
        }
    }

    /// Carries out what is ordered until nothing is.
    pub(crate) fn come_to_rest(&mut self) {
        let outcome = Outcome::favourable();
        while let Some(order) = self.orders.pop() {
            self.carry_out(&order, &outcome);
        }
    }
}

fn call_on(handle: HandleId, client: ClientId, call: CallId, usage: HandleUse) -> Event {
    match usage {
        HandleUse::Logoff(request) => {
            Event::LogoffCalled { call, client, handle, request: Ok(request) }
        }
        HandleUse::Release => Event::ReleaseCalled { call, client, handle },
        HandleUse::Open { request, inside } => {
            Event::OpenCalled { call, client, handle, inside, request }
        }
        HandleUse::Use(provider) => Event::UseCalled { call, client, handle, provider },
        HandleUse::StoreLogoff(provider) => {
            Event::StoreLogoffCalled { call, client, handle, provider }
        }
        HandleUse::SetDefaultStore(store) => {
            Event::SetDefaultStoreCalled { call, client, handle, store }
        }
        HandleUse::Advise => Event::AdviseCalled { call, client, handle },
        HandleUse::Unadvise => Event::UnadviseCalled { call, client, handle },
        HandleUse::FastShutdown(request) => {
            Event::FastShutdownCalled { call, client, handle, request }
        }
        HandleUse::EditServices(request) => {
            Event::ServiceAdminCalled { call, client, handle, request }
        }
    }
}

fn begins(event: &Event) -> Option<CallId> {
    if let Event::InitializeCalled { call, .. }
    | Event::UninitializeCalled { call, .. }
    | Event::LogonCalled { call, .. }
    | Event::LogoffCalled { call, .. }
    | Event::ReleaseCalled { call, .. }
    | Event::OpenCalled { call, .. }
    | Event::UseCalled { call, .. }
    | Event::StoreLogoffCalled { call, .. }
    | Event::SetDefaultStoreCalled { call, .. }
    | Event::AdviseCalled { call, .. }
    | Event::UnadviseCalled { call, .. }
    | Event::FastShutdownCalled { call, .. }
    | Event::AdminCalled { call, .. }
    | Event::ServiceAdminCalled { call, .. } = event
    {
        Some(*call)
    } else {
        None
    }
}

fn changes_nothing(rule: Rule) -> bool {
    matches!(
        rule,
        Rule::IgnoreReusedId
            | Rule::IgnoreStale
            | Rule::IgnoreDeadline
            | Rule::KeepTurn
            | Rule::RefuseUninitialized
            | Rule::RefuseInitialize
            | Rule::UninitializeTooOften
            | Rule::RefuseLogonArguments
            | Rule::RefuseNestedLogon
            | Rule::RefuseHandle
            | Rule::RefuseLogoffArguments
            | Rule::RefuseOpenArguments
            | Rule::RefuseUnknownStore
            | Rule::RefuseSecondOpen
            | Rule::RefuseOpenFromInside
            | Rule::RefuseStoreOfDisabledService
            | Rule::UseProvider
            | Rule::RefuseUnopened
            | Rule::RefuseStoreUse
            | Rule::RefuseEntryUse
            | Rule::RefuseTransportUse
            | Rule::RefuseUnfitStore
            | Rule::KeepDefaultStore
            | Rule::AdviseAgain
            | Rule::UnadviseAgain
            | Rule::IgnoreDemand
            | Rule::RefuseDeadClient
            | Rule::RefuseQueryByPolicy
            | Rule::RefuseSecondQuery
            | Rule::NotifyNobody
            | Rule::RefuseFastShutdown
            | Rule::RefuseMalformedProfileName
            | Rule::RefuseAbsentProfile
            | Rule::RefuseHiddenSource
            | Rule::RefuseAppProfileAsDefault
            | Rule::RefuseTakenName
            | Rule::CreateProfile
            | Rule::CopyProfile
            | Rule::RemoveProfile
            | Rule::MarkProfile
            | Rule::RenameProfile
            | Rule::DeferRename
            | Rule::TakeBackRename
            | Rule::SetDefaultProfile
            | Rule::ClearDefaultProfile
            | Rule::AddService
            | Rule::DeleteService
            | Rule::RefuseUnknownService
            | Rule::RefuseSecondCopy
            | Rule::RefuseAbsentService
    )
}

/// Whether a call costs its client the leave to shut down fast, or the question for it.
fn takes_leave_back(event: &Event, step: &Step, before: &Sessions) -> bool {
    if matches!(step.rule, Rule::IgnoreReusedId | Rule::RefuseHandle | Rule::RefuseUninitialized) {
        return false;
    }
    if let Event::LogonCalled { client, .. }
    | Event::OpenCalled { client, .. }
    | Event::AdminCalled { client, .. }
    | Event::ServiceAdminCalled { client, .. } = event
    {
        let view = before.clients().find(|(id, _)| id == client).map(|(_, view)| view);
        view.is_some_and(|view| view.standing != Standing::Unasked)
    } else {
        false
    }
}

/// What is opened may be open already, and who is allowed to go may have been so before.
fn may_change_nothing(rule: Rule) -> bool {
    matches!(
        rule,
        Rule::OpenRunningStore
            | Rule::OpenWholeBook
            | Rule::OpenPartOfBook
            | Rule::AllowFastShutdownUnasked
    )
}

fn drops_calls(rule: Rule) -> bool {
    matches!(
        rule,
        Rule::CrashClient
            | Rule::UninitializeAmidCalls
            | Rule::WithdrawLogon
            | Rule::WithdrawSettledLogon
            | Rule::WithdrawStartingLogon
            | Rule::WithdrawBuildingLogon
            | Rule::WithdrawLogoff
            | Rule::WithdrawWaitingOpen
            | Rule::WithdrawOpenAmidAttempt
            | Rule::WithdrawOpenAmidEntry
            | Rule::WithdrawOpenAmidPrompt
            | Rule::WithdrawQuery
            | Rule::ShutDownFast
    )
}
