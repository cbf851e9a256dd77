//! How actions and observations read: one sentence each, so that a trace reads as a story.

use crate::{
    Action, ChooserAnswer, Client, Code, InitArgument, LoggedOn, LogoffAnswer, LogoffArgument,
    Name, Observation, Password, PasswordAnswer, Scope,
};

#[expect(clippy::wildcard_enum_match_arm, reason = "it is handed one kind of observation")]
mod administration;
mod services;
#[expect(clippy::wildcard_enum_match_arm, reason = "it is handed one kind of observation")]
mod sessions;
#[expect(clippy::wildcard_enum_match_arm, reason = "it is handed one kind of observation")]
mod shutdown;

impl Scope {
    /// What an action is, in a sentence.
    pub fn describe(&self, action: Action) -> String {
        match action {
            Action::Initialize { client, with } => describe_initialize(client, with),
            Action::Uninitialize { client } => format!("{client} calls MAPIUninitialize"),
            Action::Logon { client, request, inside } => {
                let request = &self.request(request).name;
                let inside = inside.map(|call| format!(" from inside {call}")).unwrap_or_default();
                format!("{client} calls MAPILogonEx{inside}: {request}")
            }
            Action::Logoff { client, handle, with } => describe_logoff(client, handle, with),
            Action::Release { client, handle } => format!("{client} releases handle {handle}"),
            Action::Crash { client } => format!("{client} dies"),
            Action::Withdraw { call } => format!("the caller gives {call} up"),
            Action::Deadline { call } => format!("the deadline of {call} passes"),
            Action::Timeout { call } => format!("the short wait of {call} is over"),
            Action::Continue { call } => format!("{call} goes on"),
            Action::LookedUp { call } => format!("the profile store answers {call}"),
            Action::Choose { call, answer } => self.describe_choice(call, answer),
            Action::Checked { call } => format!("the profile store has checked {call}'s password"),
            Action::EnterPassword { call, answer } => describe_password(call, answer),
            Action::Confirm { call, answer } => describe_confirmation(call, answer),
            Action::ServicesRead { call } => format!("the profile store tells {call} its services"),
            Action::EntryReturned { call, entry, result } => services::entry(call, entry, result),
            Action::RetryAnswered { call, provider, answer } => {
                services::retry(call, provider, answer)
            }
            Action::ProviderAnswered { session, provider, result } => {
                services::result(session, provider, result)
            }
            Action::ProviderLoggedOff { session, provider } => {
                format!("{} of session {session} has logged off", services::number(provider))
            }
            Action::ProviderShutDown { session, provider } => {
                format!("{} of session {session} has shut down", services::number(provider))
            }
            Action::SessionClosed { session } => format!("session {session} is cleared away"),
            Action::Open { client, handle, target, with, inside } => {
                services::open(client, handle, target, with, inside)
            }
            Action::Use { client, handle, provider } => {
                format!("{client} uses {} through handle {handle}", services::number(provider))
            }
            Action::StoreLogoff { client, handle, provider } => {
                let provider = services::number(provider);
                format!("{client} logs the store of {provider} off on handle {handle}")
            }
            Action::Demand { session } => {
                format!("something needs the transports of session {session}")
            }
            Action::TransportConfigured { session, provider, result } => {
                sessions::configured(session, provider, result)
            }
            Action::SetDefaultStore { client, handle, store } => {
                sessions::set_default(client, handle, store)
            }
            Action::Advise { client, handle } => sessions::advise(client, handle),
            Action::Unadvise { client, handle } => sessions::unadvise(client, handle),
            Action::Deliver { handle, notification } => sessions::deliver(handle, notification),
            Action::Administer { client, edit } => self.describe_edit(client, edit),
            Action::AdminServices { client, handle, change } => {
                administration::change(client, handle, change)
            }
            Action::FastShutdown { client, handle, step } => shutdown::step(client, handle, step),
            Action::Voted { call, vote } => shutdown::vote(call, vote),
        }
    }

    fn describe_choice(&self, call: Name, answer: ChooserAnswer) -> String {
        match answer {
            ChooserAnswer::Pick { profile, password } => {
                let profile = profile.map_or("no known profile", |name| self.label(name));
                let password = match password {
                    None => "",
                    Some(Password::None) => " and empties the password",
                    Some(Password::Right) => " and gives the right password",
                    Some(Password::Wrong) => " and gives a wrong password",
                };
                format!("the user chooses {profile} for {call}{password}")
            }
            ChooserAnswer::Cancel => format!("the user closes the chooser of {call}"),
            ChooserAnswer::Unavailable => {
                format!("there is no user to choose a profile for {call}")
            }
        }
    }

    fn describe_answer(
        &self,
        client: Client,
        call: Option<Name>,
        code: Code,
        logon: Option<LoggedOn>,
    ) -> String {
        let call = call.map_or_else(|| format!("{client}'s call"), |call| call.to_string());
        let logon = logon.map(|it| {
            let profile = it.profile.map_or("no profile".into(), |it| self.describe_profile(it));
            format!(" in session {} on {profile}", it.session)
        });
        format!("{call} returns {}{}", code.name(), logon.unwrap_or_default())
    }

    /// What the world sees, in a sentence.
    pub fn describe_observation(&self, observation: &Observation) -> String {
        match *observation {
            Observation::Answer { client, call, code, logon } => {
                self.describe_answer(client, call, code, logon)
            }
            Observation::StartTimer { call } => format!("{call} will not wait long"),
            Observation::LookUp { call } => format!("the profile store looks for {call}'s profile"),
            Observation::AskProfile { call } => format!("the chooser of {call} opens"),
            Observation::CheckPassword { call, profile } => format!(
                "the profile store checks {call}'s password for {}",
                self.describe_profile(profile)
            ),
            Observation::AskPassword { call, profile } => format!(
                "the password prompt of {call} for {} opens",
                self.describe_profile(profile)
            ),
            Observation::AskLogoff { call, handle } => {
                format!("the user is asked whether {call} may log off handle {handle}")
            }
            Observation::WithdrawPrompt { call } => format!("the prompt of {call} closes"),
            Observation::ReadServices { call, profile } => {
                format!("{call} asks which services {} has", self.describe_profile(profile))
            }
            Observation::LogOnProvider { call, session, provider, attempt, dialogs } => {
                services::attempt(call, session, provider, attempt, dialogs)
            }
            Observation::DropAttempt { session, provider } => {
                format!("the attempt on {} of session {session} dies", services::number(provider))
            }
            Observation::CallEntry { call, entry, dialogs, .. } => {
                services::entry_call(call, entry, dialogs)
            }
            Observation::AskRetry { call, provider, correction, .. } => {
                services::question(call, provider, correction)
            }
            Observation::ReportDisabled { session, service, after } => format!(
                "{} of session {session} is disabled, after the failure of {}",
                services::place(service),
                services::number(after)
            ),
            Observation::LogOffProvider { session, provider } => {
                format!("{} of session {session} is to log off", services::number(provider))
            }
            Observation::ShutDownProvider { session, provider } => {
                format!("{} of session {session} is to shut down", services::number(provider))
            }
            Observation::CloseSession { session } => format!("session {session} is to be closed"),
            Observation::UseProvider { .. }
            | Observation::LogOnTransport { .. }
            | Observation::ConfigureTransport { .. }
            | Observation::AttachSpooler { .. }
            | Observation::DetachSpooler { .. }
            | Observation::QueueNotification { .. }
            | Observation::HandNotification { .. } => sessions::order(observation),
            Observation::AskFastShutdown { .. }
            | Observation::NotifyFastShutdown { .. }
            | Observation::DoFastShutdown { .. }
            | Observation::EndSession { .. } => shutdown::order(observation),
            Observation::CreateProfile { .. }
            | Observation::CopyProfile { .. }
            | Observation::RemoveProfile { .. }
            | Observation::MarkProfile { .. }
            | Observation::RenameProfile { .. }
            | Observation::DeferRename { .. }
            | Observation::TakeBackRename { .. }
            | Observation::SetDefaultProfile { .. }
            | Observation::SettleProfile { .. }
            | Observation::AddService { .. }
            | Observation::DeleteService { .. } => self.describe_store(observation),
        }
    }
}

fn describe_initialize(client: Client, with: InitArgument) -> String {
    let with = match with {
        InitArgument::Application => "",
        InitArgument::Service => " as a Windows service",
        InitArgument::UndefinedFlag => " with an undefined flag",
        InitArgument::WrongVersion => " with a wrong version",
    };
    format!("{client} calls MAPIInitialize{with}")
}

fn describe_password(call: Name, answer: PasswordAnswer) -> String {
    match answer {
        PasswordAnswer::Right => format!("the user gives {call} the right password"),
        PasswordAnswer::Wrong => format!("the user gives {call} a wrong password"),
        PasswordAnswer::Cancel => format!("the user closes the password prompt of {call}"),
        PasswordAnswer::Unavailable => format!("there is no user to give {call} a password"),
    }
}

fn describe_confirmation(call: Name, answer: LogoffAnswer) -> String {
    match answer {
        LogoffAnswer::Confirm => format!("the user agrees to {call}"),
        LogoffAnswer::Decline => format!("the user declines {call}"),
        LogoffAnswer::Unavailable => format!("there is no user to confirm {call}"),
    }
}

fn describe_logoff(client: Client, handle: Name, with: LogoffArgument) -> String {
    let with = match with {
        LogoffArgument::Plain => "",
        LogoffArgument::Ui => ", to be confirmed",
        LogoffArgument::Shared => " for all sharers",
        LogoffArgument::SharedUi => " for all sharers, to be confirmed",
        LogoffArgument::UndefinedFlag => " with an undefined flag",
    };
    format!("{client} calls Logoff on handle {handle}{with}")
}
