//! The core, told what to answer to each attempt, prompt and entry call of a series.

use std::collections::VecDeque;

use mapi_session_core::{
    self as core, CallId, ClientId, Correction, Effect, Event, HandleId, InitRequest, Limits,
    LogonFlags, LogonRequest, MapiCode, OpenRequest, OpenTarget, Password, Profile, ProfileKey,
    Prompts, Protection, ProviderId, ProviderKind, ProviderResult, ProviderSpec, ProviderStatus,
    RetryAnswer, Service, ServiceStatus, ServiceUi, Services, SessionId, Sessions, Visibility,
};

use crate::{
    provider_results::{Attempt, Dialogs, EntryFunction, LogonResult, Returned, UserSays},
    provider_results_series::{Case, End, Host, Kind, Occasion, Said, Script, Story},
};

const CLIENT: ClientId = ClientId(1);

/// The one provider.
const IT: ProviderId = ProviderId(0);

/// The one profile.
const WORK: Profile =
    Profile { key: ProfileKey(1), protection: Protection::Open, visibility: Visibility::Ordinary };

/// The flag that keeps a provider from showing dialogs, in every kind of open.
const NO_DIALOG: u32 = 0x1;

/// More steps than a call has.
const MANY: usize = 50;

/// What the core does.
pub(crate) fn in_the_core(case: &Case) -> Result<Story, String> {
    let mut play = Play::new(case);
    if case.occasion == Occasion::Logon {
        play.script.follow(&case.script);
        let (_, code) = play.log_on()?;
        return play.end(code);
    }
    if case.occasion == Occasion::Demand {
        let handle = play.leave_alone()?;
        play.script.follow(&case.script);
        play.go_on(Event::SpoolerDemanded { session: SessionId(handle.0) })?;
        let code = play.use_it(handle)?;
        return play.end(code);
    }
    let (target, is_logged_off) = match case.kind {
        Kind::AddressBook => (OpenTarget::AddressBook, false),
        Kind::Store | Kind::Transport => {
            (OpenTarget::Store(IT), case.occasion == Occasion::OpenLoggedOff)
        }
    };
    let result = if is_logged_off { LogonResult::Ok } else { LogonResult::FailOneProvider };
    play.script.follow(&[Said::Provider(result)]);
    let (handle, code) = play.log_on()?;
    succeeded("the logon", code)?;
    if is_logged_off {
        succeeded("the first open", play.open(handle, target, NO_DIALOG)?)?;
        let store_logoff =
            |call| Event::StoreLogoffCalled { call, client: CLIENT, handle, provider: IT };
        succeeded("the store logoff", play.call(store_logoff)?)?;
    }
    play.script.follow(&case.script);
    let code = play.open(
        handle,
        target,
        match case.caller.wishes {
            Dialogs::Permitted => 0,
            Dialogs::Forbidden => NO_DIALOG,
        },
    )?;
    play.end(code)
}

/// Whether a demand in the session of a Windows service leaves its transport alone.
pub(crate) fn a_transport_is_left_alone_by_the_core(case: &Case) -> Result<(), String> {
    let mut play = Play::new(case);
    let handle = play.leave_alone()?;
    let before = play.sessions.clone();
    play.go_on(Event::SpoolerDemanded { session: SessionId(handle.0) })?;
    let code = play.use_it(handle)?;
    match (play.sessions == before, play.script.has_seen_nothing(), code.name()) {
        (true, true, Some("MAPI_E_INVALID_OBJECT")) => Ok(()),
        found => Err(format!("{found:?}")),
    }
}

fn succeeded(what: &str, code: MapiCode) -> Result<(), String> {
    match code == MapiCode::S_OK {
        true => Ok(()),
        false => Err(format!("{what}: {code}")),
    }
}

struct Play<'a> {
    case: &'a Case,
    sessions: Sessions,
    calls: u64,
    script: Script,
}

impl<'a> Play<'a> {
    fn new(case: &'a Case) -> Self {
        let sessions = Sessions::new(Limits::default());
        Self { case, sessions, calls: 0, script: Script::default() }
    }

    /// Initialises and logs on.
    fn log_on(&mut self) -> Result<(HandleId, MapiCode), String> {
        let flags = match self.case.caller.host {
            Host::ServiceByProcess => core::InitFlags::NT_SERVICE.bits(),
            Host::Application | Host::ServiceByLogon => 0,
        };
        let request = InitRequest::parse(0, flags);
        let initialized =
            self.call(|call| Event::InitializeCalled { call, client: CLIENT, request })?;
        succeeded("MAPIInitialize", initialized)?;
        let dialogs = match (self.case.occasion, self.case.caller.wishes) {
            (Occasion::Logon | Occasion::Demand, Dialogs::Permitted) => LogonFlags::LOGON_UI,
            (Occasion::Logon | Occasion::Demand, Dialogs::Forbidden)
            | (Occasion::OpenFailed | Occasion::OpenLoggedOff, _) => LogonFlags::empty(),
        };
        let service = match self.case.caller.host {
            Host::ServiceByLogon => LogonFlags::NT_SERVICE,
            Host::Application | Host::ServiceByProcess => LogonFlags::empty(),
        };
        let flags = (dialogs | service).bits();
        let request = LogonRequest::parse(Some("Work"), Password::NotGiven, flags);
        let handle = HandleId(CallId(self.calls + 1));
        let log_on = |call| Event::LogonCalled { call, client: CLIENT, inside: None, request };
        Ok((handle, self.call(log_on)?))
    }

    /// A logon on a profile with nothing but a transport, which it leaves alone, as does an open.
    fn leave_alone(&mut self) -> Result<HandleId, String> {
        let (handle, code) = self.log_on()?;
        succeeded("the logon", code)?;
        let code = self.open(handle, OpenTarget::Store(IT), 0)?;
        let untouched = (ProviderStatus::NotStarted, ServiceStatus::Enabled);
        match (code.name(), self.status()? == untouched, self.script.has_seen_nothing()) {
            (Some("MAPI_E_NOT_FOUND"), true, true) => Ok(handle),
            found => Err(format!("{found:?}")),
        }
    }

    fn use_it(&mut self, handle: HandleId) -> Result<MapiCode, String> {
        let client = CLIENT;
        self.call(|call| Event::UseCalled { call, client, handle, provider: IT })
    }

    fn open(
        &mut self,
        handle: HandleId,
        target: OpenTarget,
        flags: u32,
    ) -> Result<MapiCode, String> {
        let request = OpenRequest::parse(target, flags);
        let (client, inside) = (CLIENT, None);
        self.call(|call| Event::OpenCalled { call, client, handle, inside, request })
    }

    /// A call, and everything that has to be answered for it and after it.
    fn call(&mut self, event: impl FnOnce(CallId) -> Event) -> Result<MapiCode, String> {
        self.calls += 1;
        self.go_on(event(CallId(self.calls)))?.ok_or_else(|| "no answer".into())
    }

    /// Something happens, and everything that has to be answered for it and after it; the answer of
    /// the call that it is, if it is one.
    fn go_on(&mut self, event: Event) -> Result<Option<MapiCode>, String> {
        let mut events = VecDeque::from([event]);
        let mut answered = None;
        for _ in 0..MANY {
            let Some(event) = events.pop_front() else { return Ok(answered) };
            let step = self.sessions.step(event);
            for effect in &step.effects {
                if let Effect::Answer { answer, .. } = effect {
                    answered = Some(answer.code());
                }
                events.extend(self.reply(effect)?);
            }
        }
        Err("no end".into())
    }

    /// What comes back for an order; the rest is only seen.
    fn reply(&mut self, effect: &Effect) -> Result<Option<Event>, String> {
        Ok(match *effect {
            Effect::Continue { call } => Some(Event::Continued { call }),
            Effect::LookUpProfile { call, .. } => {
                Some(Event::ProfileLookedUp { call, found: Some(WORK) })
            }
            Effect::ReadServices { call, .. } => {
                Some(Event::ServicesRead { call, services: Some(services(self.case)) })
            }
            Effect::LogOnProvider { session, provider, attempt, dialogs, .. } => {
                let result = self.attempt(attempt, permitted(dialogs))?;
                Some(Event::ProviderAnswered { session, provider, result })
            }
            Effect::LogOnTransport { session, provider, attempt } => {
                let result = self.attempt(attempt, Dialogs::Forbidden)?;
                Some(Event::ProviderAnswered { session, provider, result })
            }
            Effect::CallEntry { call, entry, dialogs, .. } => {
                Some(self.call_entry(call, entry, dialogs)?)
            }
            Effect::ConfigureTransport { session, provider } => {
                match returns(self.script.entry(Dialogs::Forbidden)?) {
                    true => Some(Event::TransportConfigured { session, provider }),
                    false => return Err("the spooler has no deadline".into()),
                }
            }
            Effect::AskRetry { call, provider, correction, .. } => {
                Some(self.ask(call, provider, correction)?)
            }
            Effect::ReportDisabled { after, .. } => {
                self.disable(after)?;
                None
            }
            Effect::LogOffProvider { session, provider } => {
                Some(Event::ProviderLoggedOff { session, provider })
            }
            Effect::ShutDownProvider { session, provider } => {
                Some(Event::ProviderShutDown { session, provider })
            }
            Effect::Answer { .. }
            | Effect::WithdrawPrompt { .. }
            | Effect::AttachSpooler { .. }
            | Effect::UseProvider { .. } => None,
            Effect::StartTimer { .. }
            | Effect::AskForProfile { .. }
            | Effect::CheckPassword { .. }
            | Effect::AskForPassword { .. }
            | Effect::ConfirmLogoff { .. }
            | Effect::DropAttempt { .. }
            | Effect::CloseSession { .. }
            | Effect::DetachSpooler { .. }
            | Effect::AskFastShutdown { .. }
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
            | Effect::QueueNotification { .. }
            | Effect::HandNotification { .. } => return Err(format!("{effect:?}")),
        })
    }

    fn disable(&mut self, after: ProviderId) -> Result<(), String> {
        if after != IT {
            return Err(format!("disabled after {after:?}"));
        }
        self.script.disabled();
        Ok(())
    }

    fn call_entry(
        &mut self,
        call: CallId,
        entry: core::Entry,
        dialogs: core::EntryDialogs,
    ) -> Result<Event, String> {
        if dialogs.always == ServiceUi::Always {
            return Err("the entry function is told to show its dialog always".into());
        }
        Ok(match returns(self.script.entry(permitted(dialogs.allowed))?) {
            true => Event::EntryReturned { call, entry },
            false => Event::DeadlinePassed { call },
        })
    }

    fn attempt(
        &mut self,
        attempt: core::Attempt,
        dialogs: Dialogs,
    ) -> Result<ProviderResult, String> {
        let attempt = match attempt {
            core::Attempt::First => Attempt::First,
            core::Attempt::Second => Attempt::Second,
        };
        Ok(provider_result(self.script.attempt(attempt, dialogs)?))
    }

    fn ask(
        &mut self,
        call: CallId,
        provider: ProviderId,
        correction: Correction,
    ) -> Result<Event, String> {
        let answer = self.script.ask(match correction {
            Correction::Possible => EntryFunction::Present,
            Correction::Impossible => EntryFunction::Absent,
        })?;
        let answers = |answer| Event::RetryAnswered { call, provider, answer };
        Ok(match answer {
            UserSays::Retry => answers(RetryAnswer::Retry),
            UserSays::Correct => answers(RetryAnswer::Correct),
            UserSays::GiveUp | UserSays::Cancelled => answers(RetryAnswer::GiveUp),
            UserSays::Unavailable => answers(RetryAnswer::Unavailable),
            UserSays::Deadline => Event::DeadlinePassed { call },
        })
    }

    /// What has become of the provider, and of its service.
    fn status(&self) -> Result<(ProviderStatus, ServiceStatus), String> {
        let (_, session) = self.sessions.sessions().next().ok_or("the session has gone")?;
        Ok((session.provider_statuses[0], session.service_statuses[0]))
    }

    fn end(self, code: MapiCode) -> Result<Story, String> {
        let end = match self.status()? {
            (ProviderStatus::Running, ServiceStatus::Enabled) => End::Running,
            (ProviderStatus::Failed, ServiceStatus::Enabled) => End::Failed,
            (ProviderStatus::Failed, ServiceStatus::Disabled) => End::Disabled,
            other => return Err(format!("{other:?}")),
        };
        self.script.end(end, code.name().unwrap_or_default())
    }
}

const fn permitted(prompts: Prompts) -> Dialogs {
    match prompts {
        Prompts::Allowed => Dialogs::Permitted,
        Prompts::Forbidden => Dialogs::Forbidden,
    }
}

/// Whether an entry function returns; with what, the core does not want to know.
const fn returns(returned: Returned) -> bool {
    match returned {
        Returned::Ok | Returned::Unconfigured | Returned::UserCancel => true,
        Returned::Deadline => false,
    }
}

const fn provider_result(result: LogonResult) -> ProviderResult {
    match result {
        LogonResult::Ok => ProviderResult::LoggedOn,
        LogonResult::Warning => ProviderResult::LoggedOnWithErrors,
        LogonResult::FailOneProvider => ProviderResult::FailOneProvider,
        LogonResult::Unconfigured => ProviderResult::Unconfigured,
        LogonResult::UserCancel => ProviderResult::Failed(MapiCode::MAPI_E_USER_CANCEL),
        LogonResult::SessionLimit => ProviderResult::Failed(MapiCode::MAPI_E_SESSION_LIMIT),
        LogonResult::LogonFailed => ProviderResult::Failed(MapiCode::MAPI_E_LOGON_FAILED),
        LogonResult::UnknownCpid => ProviderResult::Failed(MapiCode::MAPI_E_UNKNOWN_CPID),
        LogonResult::UnknownLcid => ProviderResult::Failed(MapiCode::MAPI_E_UNKNOWN_LCID),
        LogonResult::Version => ProviderResult::WrongVersion,
    }
}

fn services(case: &Case) -> Services {
    let kind = match case.kind {
        Kind::AddressBook => ProviderKind::AddressBook,
        Kind::Store => ProviderKind::Store,
        Kind::Transport => ProviderKind::Transport,
    };
    let entry = match case.entry {
        EntryFunction::Present => core::EntryFunction::Present,
        EntryFunction::Absent => core::EntryFunction::Absent,
    };
    let providers = vec![ProviderSpec::new(kind)];
    Services::new(vec![Service { entry, providers }]).expect("one is not too many")
}
