//! The model, told what to answer to each attempt, prompt and entry call of a series.

use std::collections::VecDeque;

use mapi_session_model::{
    Action, Client, Code, EntryResult, InitArgument, Name, Observation, OpenArgument, OpenTarget,
    Permission, Protocol, Provider, ProviderResult, RequestId, RetryAnswer, Scope, SeriesStage,
    Service, State, Status,
};

use crate::{
    provider_results::{Attempt, Dialogs, EntryFunction, LogonResult, Returned, UserSays},
    provider_results_series::{Case, End, Host, Kind, Occasion, Said, Script, Story},
};

/// The one provider, and its service.
const IT: Provider = Provider::ALL[0];
const ITS_SERVICE: Service = Service::ALL[0];

/// More steps than a call has.
const MANY: usize = 50;

/// What the model lets happen.
pub(crate) fn in_the_model(case: &Case) -> Result<Story, String> {
    let mut play = Play::new(case);
    let with = match case.caller.host {
        Host::Application | Host::ServiceByLogon => InitArgument::Application,
        Host::ServiceByProcess => InitArgument::Service,
    };
    play.call(Action::Initialize { client: Client::A, with })?;
    let handle = play.state.free_name(Client::A).ok_or("no name for the logon")?;
    let log_on = Action::Logon { client: Client::A, request: RequestId::from(0), inside: None };
    if case.occasion == Occasion::Logon {
        play.script.follow(&case.script);
        let code = play.call(log_on)?;
        return play.end(handle, code);
    }
    if case.occasion == Occasion::Demand {
        play.leave_alone(handle, log_on)?;
        play.script.follow(&case.script);
        let demand = Action::Demand { session: handle };
        play.go_on(demand, None)?;
        let code = play.call(Action::Use { client: Client::A, handle, provider: IT })?;
        return play.end(handle, code);
    }
    let (target, is_logged_off) = match case.kind {
        Kind::AddressBook => (OpenTarget::Book, false),
        Kind::Store | Kind::Transport => {
            (OpenTarget::Store(IT), case.occasion == Occasion::OpenLoggedOff)
        }
    };
    let result = if is_logged_off { LogonResult::Ok } else { LogonResult::FailOneProvider };
    play.script.follow(&[Said::Provider(result)]);
    play.succeed(log_on)?;
    let client = Client::A;
    let open = |with| Action::Open { client, handle, target, with, inside: None };
    if is_logged_off {
        play.succeed(open(OpenArgument::NoDialog))?;
        play.succeed(Action::StoreLogoff { client, handle, provider: IT })?;
    }
    play.script.follow(&case.script);
    let code = play.call(open(match case.caller.wishes {
        Dialogs::Permitted => OpenArgument::Dialogs,
        Dialogs::Forbidden => OpenArgument::NoDialog,
    }))?;
    play.end(handle, code)
}

/// Whether a demand in the session of a Windows service leaves its transport alone.
pub(crate) fn a_transport_is_left_alone_by_the_model(case: &Case) -> Result<(), String> {
    let mut play = Play::new(case);
    let client = Client::A;
    let with = match case.caller.host {
        Host::Application | Host::ServiceByLogon => InitArgument::Application,
        Host::ServiceByProcess => InitArgument::Service,
    };
    play.succeed(Action::Initialize { client, with })?;
    let handle = play.state.free_name(client).ok_or("no name for the logon")?;
    let log_on = Action::Logon { client, request: RequestId::from(0), inside: None };
    play.leave_alone(handle, log_on)?;
    let step = play.world.next(&play.state, Action::Demand { session: handle });
    let code = play.call(Action::Use { client, handle, provider: IT })?;
    match (step.after == play.state && step.seen.is_empty(), code) {
        (true, Code::InvalidObject) => Ok(()),
        found => Err(format!("{found:?}")),
    }
}

struct Play {
    world: Protocol,
    state: State,
    script: Script,
}

impl Play {
    fn new(case: &Case) -> Self {
        let world = Protocol::sound(scope(case));
        let state = world.scope.starts[0].state;
        Self { world, state, script: Script::default() }
    }

    /// A call that is expected to succeed, with everything that has to be answered for it.
    fn succeed(&mut self, action: Action) -> Result<(), String> {
        let code = self.call(action)?;
        if code == Code::Ok { Ok(()) } else { Err(format!("{action:?}: {code:?}")) }
    }

    /// A logon on a profile with nothing but a transport, which it leaves alone, as does an open.
    fn leave_alone(&mut self, handle: Name, log_on: Action) -> Result<(), String> {
        self.succeed(log_on)?;
        let (target, with) = (OpenTarget::Store(IT), OpenArgument::Dialogs);
        let open = Action::Open { client: Client::A, handle, target, with, inside: None };
        match (self.call(open)?, self.status(handle)?, self.script.has_seen_nothing()) {
            (Code::NotFound, (Status::NotStarted, false), true) => Ok(()),
            found => Err(format!("{found:?}")),
        }
    }

    /// A call, and everything that has to be answered for it and after it.
    fn call(&mut self, action: Action) -> Result<Code, String> {
        let call = self.state.free_name(Client::A).ok_or("no name for the call")?;
        self.go_on(action, Some(call))?.ok_or_else(|| format!("{action:?} is not answered"))
    }

    /// Something happens, and everything that has to be answered for it and after it; the call that
    /// it is, if it is one, is gone on with until it is answered.
    fn go_on(&mut self, action: Action, call: Option<Name>) -> Result<Option<Code>, String> {
        let mut actions = VecDeque::from([action]);
        let mut answered = None;
        for _ in 0..MANY {
            let action = match (actions.pop_front(), answered, call) {
                (Some(action), _, _) => action,
                (None, None, Some(call)) => Action::Continue { call },
                (None, answered, _) => return Ok(answered),
            };
            let step = self.world.next(&self.state, action);
            if step.after == self.state && step.seen.is_empty() {
                return Err(format!("{action:?} leads nowhere"));
            }
            self.state = step.after;
            for it in step.seen.iter() {
                if let Observation::Answer { code, .. } = *it {
                    answered = Some(code);
                }
                actions.extend(self.reply(it)?);
            }
        }
        Err(format!("{action:?} has no end"))
    }

    /// What comes back for an order; the rest is only seen.
    fn reply(&mut self, it: &Observation) -> Result<Option<Action>, String> {
        Ok(match *it {
            Observation::LookUp { call } => Some(Action::LookedUp { call }),
            Observation::ReadServices { call, .. } => Some(Action::ServicesRead { call }),
            Observation::LogOnProvider { session, provider, attempt, dialogs, .. } => {
                let result = self.attempt(attempt, permitted(dialogs))?;
                Some(Action::ProviderAnswered { session, provider, result })
            }
            Observation::LogOnTransport { session, provider, attempt } => {
                let result = self.attempt(attempt, Dialogs::Forbidden)?;
                Some(Action::ProviderAnswered { session, provider, result })
            }
            Observation::CallEntry { call, entry, dialogs, .. } => {
                if dialogs.always == Permission::Granted {
                    return Err("the entry function is told to show its dialog always".into());
                }
                let returned = returned(self.script.entry(permitted(dialogs.allowed))?);
                Some(returned.map_or(Action::Deadline { call }, |result| Action::EntryReturned {
                    call,
                    entry,
                    result,
                }))
            }
            Observation::ConfigureTransport { session, provider } => {
                let result = returned(self.script.entry(Dialogs::Forbidden)?);
                let result = result.ok_or("the spooler has no deadline")?;
                Some(Action::TransportConfigured { session, provider, result })
            }
            Observation::AskRetry { call, provider, correction, .. } => {
                Some(self.ask(call, provider, correction)?)
            }
            Observation::ReportDisabled { after, .. } => {
                self.disable(after)?;
                None
            }
            Observation::LogOffProvider { session, provider } => {
                Some(Action::ProviderLoggedOff { session, provider })
            }
            Observation::ShutDownProvider { session, provider } => {
                Some(Action::ProviderShutDown { session, provider })
            }
            Observation::Answer { .. }
            | Observation::WithdrawPrompt { .. }
            | Observation::StartTimer { .. }
            | Observation::AttachSpooler { .. }
            | Observation::UseProvider { .. } => None,
            Observation::AskProfile { .. }
            | Observation::CheckPassword { .. }
            | Observation::AskPassword { .. }
            | Observation::AskLogoff { .. }
            | Observation::DropAttempt { .. }
            | Observation::CloseSession { .. }
            | Observation::DetachSpooler { .. }
            | Observation::AskFastShutdown { .. }
            | Observation::NotifyFastShutdown { .. }
            | Observation::DoFastShutdown { .. }
            | Observation::EndSession { .. }
            | Observation::CreateProfile { .. }
            | Observation::CopyProfile { .. }
            | Observation::RemoveProfile { .. }
            | Observation::MarkProfile { .. }
            | Observation::RenameProfile { .. }
            | Observation::DeferRename { .. }
            | Observation::TakeBackRename { .. }
            | Observation::SetDefaultProfile { .. }
            | Observation::SettleProfile { .. }
            | Observation::AddService { .. }
            | Observation::DeleteService { .. }
            | Observation::QueueNotification { .. }
            | Observation::HandNotification { .. } => return Err(format!("{it:?}")),
        })
    }

    fn disable(&mut self, after: Provider) -> Result<(), String> {
        if after != IT {
            return Err(format!("disabled after {after:?}"));
        }
        self.script.disabled();
        Ok(())
    }

    fn attempt(
        &mut self,
        attempt: SeriesStage,
        dialogs: Dialogs,
    ) -> Result<ProviderResult, String> {
        let attempt = match attempt {
            SeriesStage::First => Attempt::First,
            SeriesStage::Second => Attempt::Second,
            SeriesStage::Entry | SeriesStage::Inform => return Err(format!("{attempt:?}")),
        };
        Ok(provider_result(self.script.attempt(attempt, dialogs)?))
    }

    fn ask(
        &mut self,
        call: Name,
        provider: Provider,
        correction: Permission,
    ) -> Result<Action, String> {
        let answer = self.script.ask(match correction {
            Permission::Granted => EntryFunction::Present,
            Permission::Denied => EntryFunction::Absent,
        })?;
        let answers = |answer| Action::RetryAnswered { call, provider, answer };
        Ok(match answer {
            UserSays::Retry => answers(RetryAnswer::Retry),
            UserSays::Correct => answers(RetryAnswer::Correct),
            UserSays::GiveUp | UserSays::Cancelled => answers(RetryAnswer::GiveUp),
            UserSays::Unavailable => answers(RetryAnswer::Unavailable),
            UserSays::Deadline => Action::Deadline { call },
        })
    }

    /// What has become of the provider, and whether its service is disabled.
    fn status(&self, session: Name) -> Result<(Status, bool), String> {
        let session = self.state.session(session).ok_or("the session has gone")?;
        Ok((session.providers.get(IT), session.disabled.has(ITS_SERVICE)))
    }

    fn end(self, session: Name, code: Code) -> Result<Story, String> {
        let end = match self.status(session)? {
            (Status::Running, false) => End::Running,
            (Status::Failed, false) => End::Failed,
            (Status::Failed, true) => End::Disabled,
            other => return Err(format!("{other:?}")),
        };
        self.script.end(end, code.name())
    }
}

const fn permitted(permission: Permission) -> Dialogs {
    match permission {
        Permission::Granted => Dialogs::Permitted,
        Permission::Denied => Dialogs::Forbidden,
    }
}

/// What an entry function returns, if it does.
const fn returned(returned: Returned) -> Option<EntryResult> {
    match returned {
        Returned::Ok => Some(EntryResult::Ok),
        Returned::Unconfigured => Some(EntryResult::Unconfigured),
        Returned::UserCancel => Some(EntryResult::UserCancel),
        Returned::Deadline => None,
    }
}

const fn provider_result(result: LogonResult) -> ProviderResult {
    match result {
        LogonResult::Ok => ProviderResult::Ok,
        LogonResult::Warning => ProviderResult::Warning,
        LogonResult::FailOneProvider => ProviderResult::FailOneProvider,
        LogonResult::Unconfigured => ProviderResult::Unconfigured,
        LogonResult::UserCancel => ProviderResult::UserCancel,
        LogonResult::SessionLimit => ProviderResult::SessionLimit,
        LogonResult::LogonFailed => ProviderResult::LogonFailed,
        LogonResult::UnknownCpid => ProviderResult::UnknownCpid,
        LogonResult::UnknownLcid => ProviderResult::UnknownLcid,
        LogonResult::Version => ProviderResult::Version,
    }
}

fn scope(case: &Case) -> Scope {
    let kind = match case.kind {
        Kind::AddressBook => "address_book",
        Kind::Store => "store",
        Kind::Transport => "transport",
    };
    let entry = case.entry == EntryFunction::Present;
    let dialogs = match (case.occasion, case.caller.wishes) {
        (Occasion::Logon | Occasion::Demand, Dialogs::Permitted) => Some("LOGON_UI"),
        (Occasion::Logon | Occasion::Demand, Dialogs::Forbidden)
        | (Occasion::OpenFailed | Occasion::OpenLoggedOff, _) => None,
    };
    let service = match case.caller.host {
        Host::ServiceByLogon => Some("NT_SERVICE"),
        Host::Application | Host::ServiceByProcess => None,
    };
    let flags: Vec<_> = dialogs.into_iter().chain(service).collect();
    let text = format!(
        r#"
        purpose = "One provider."
        clients = 1
        handles_per_client = 1
        calls_in_progress = 1
        sessions = 1
        calls = ["open", "use", "store_logoff", "deadline", "demand"]
        results = ["ok", "warning", "fail_one_provider", "unconfigured", "user_cancel",
            "session_limit", "logon_failed", "unknown_cpid", "unknown_lcid", "version"]
        request = [
            {{ name = "log on", flags = {flags:?}, profile = "Work", password = "none" }},
        ]
        start = [{{ default = "none" }}]

        [[profile]]
        name = "Work"
        services = [{{ name = "MSEMS", providers = ["{kind}"], entry = {entry} }}]
        "#
    );
    Scope::parse("one provider", &text).expect("the text is a scope")
}
