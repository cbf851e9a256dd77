//! How actions and observations read: one sentence each, so that a trace reads as a story.

use crate::{
    Action, ChooserAnswer, Dialogs, InitArgument, LogoffAnswer, LogoffArgument, Observation,
    Password, PasswordAnswer, Permission, Profile, Scope,
};

impl Scope {
    /// What an action is, in a sentence.
    pub fn describe(&self, action: Action) -> String {
        match action {
            Action::Initialize { client, with } => match with {
                InitArgument::Application => format!("{client} calls MAPIInitialize"),
                InitArgument::Service => {
                    format!("{client} calls MAPIInitialize as a Windows service")
                }
                InitArgument::UndefinedFlag => {
                    format!("{client} calls MAPIInitialize with an undefined flag")
                }
                InitArgument::WrongVersion => {
                    format!("{client} calls MAPIInitialize with a wrong version")
                }
            },
            Action::Uninitialize { client } => format!("{client} calls MAPIUninitialize"),
            Action::Logon { client, request, inside } => {
                let request = &self.request(request).name;
                let inside = inside.map(|call| format!(" from inside {call}")).unwrap_or_default();
                format!("{client} calls MAPILogonEx{inside}: {request}")
            }
            Action::Logoff { client, handle, with } => match with {
                LogoffArgument::Plain => format!("{client} calls Logoff on handle {handle}"),
                LogoffArgument::Ui => {
                    format!("{client} calls Logoff on handle {handle}, to be confirmed")
                }
                LogoffArgument::UndefinedFlag => {
                    format!("{client} calls Logoff on handle {handle} with an undefined flag")
                }
            },
            Action::Release { client, handle } => format!("{client} releases handle {handle}"),
            Action::Crash { client } => format!("{client} dies"),
            Action::Withdraw { call } => format!("the caller gives {call} up"),
            Action::Deadline { call } => format!("the deadline of {call} passes"),
            Action::Timeout { call } => format!("the short wait of {call} is over"),
            Action::Continue { call } => format!("{call} goes on"),
            Action::LookedUp { call } => format!("the profile store answers {call}"),
            Action::Choose { call, answer } => self.describe_choice(call, answer),
            Action::Checked { call } => format!("the profile store has checked {call}'s password"),
            Action::EnterPassword { call, answer } => match answer {
                PasswordAnswer::Right => format!("the user gives {call} the right password"),
                PasswordAnswer::Wrong => format!("the user gives {call} a wrong password"),
                PasswordAnswer::Cancel => format!("the user closes the password prompt of {call}"),
                PasswordAnswer::Unavailable => {
                    format!("there is no user to give {call} a password")
                }
            },
            Action::Confirm { call, answer } => match answer {
                LogoffAnswer::Confirm => format!("the user agrees to {call}"),
                LogoffAnswer::Decline => format!("the user declines {call}"),
                LogoffAnswer::Unavailable => format!("there is no user to confirm {call}"),
            },
            Action::ProvidersStarted { session } => {
                format!("the providers of session {session} are logged on")
            }
            Action::ProvidersStopped { session } => {
                format!("the providers of session {session} are shut down")
            }
        }
    }

    fn describe_choice(&self, call: crate::Name, answer: ChooserAnswer) -> String {
        match answer {
            ChooserAnswer::Pick { profile, password } => {
                let profile = self.describe_profile(profile);
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

    fn describe_profile(&self, profile: Option<Profile>) -> &str {
        profile.map_or("no known profile", |profile| &self.profile(profile).name)
    }

    /// What the world sees, in a sentence.
    pub fn describe_observation(&self, observation: &Observation) -> String {
        match *observation {
            Observation::Answer { client, call, code, logon } => {
                let call = call.map_or_else(|| format!("{client}'s call"), |call| call.to_string());
                let logon = logon.map(|it| {
                    let profile = self.describe_profile(it.profile);
                    format!(" in session {} on {profile}", it.session)
                });
                format!("{call} returns {}{}", code.name(), logon.unwrap_or_default())
            }
            Observation::StartTimer { call } => format!("{call} will not wait long"),
            Observation::LookUp { call } => format!("the profile store looks for {call}'s profile"),
            Observation::AskProfile { call } => format!("the chooser of {call} opens"),
            Observation::CheckPassword { call, profile } => format!(
                "the profile store checks {call}'s password for {}",
                self.describe_profile(Some(profile))
            ),
            Observation::AskPassword { call, profile } => format!(
                "the password prompt of {call} for {} opens",
                self.describe_profile(Some(profile))
            ),
            Observation::AskLogoff { call, handle } => {
                format!("the user is asked whether {call} may log off handle {handle}")
            }
            Observation::WithdrawPrompt { call } => format!("the prompt of {call} closes"),
            Observation::StartProviders { session, profile, services: _, dialogs } => format!(
                "the providers of session {session} on {} are to log on{}",
                self.describe_profile(Some(profile)),
                describe_dialogs(dialogs)
            ),
            Observation::StopProviders { session } => {
                format!("the providers of session {session} are to shut down")
            }
        }
    }
}

fn describe_dialogs(dialogs: Dialogs) -> &'static str {
    match (dialogs.providers, dialogs.services) {
        (Permission::Denied, Permission::Denied) => " without dialogs",
        (Permission::Granted, Permission::Denied) => ", dialogs permitted",
        (Permission::Denied, Permission::Granted) => ", every service showing its configuration",
        (Permission::Granted, Permission::Granted) => {
            ", dialogs permitted and every service showing its configuration"
        }
    }
}
