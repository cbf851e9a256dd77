//! Questions to the user, each on a thread of its own.

use mapi_session_core::{
    ChooserAnswer, ChosenPassword, Event, LogoffAnswer, LookUp, Password, PasswordAnswer,
    ProfileName, RetryAnswer,
};
use secrecy::SecretString;

use crate::foreign;
use crate::inside::{self, Behalf};
use crate::mailbox::{Mailbox, Picked};
use crate::profiles::given;
use crate::shell::Shell;
use crate::sync::{Arc, spawn};
use crate::ui::{
    AskPassword, AskRetry, ChooseProfile, ConfirmLogoff, LogonUi, ProfileChosen, RetryChoice,
    UserAnswer,
};
use crate::withdrawal::Withdrawn;

/// A question that is to be put.
#[derive(Clone)]
pub(crate) struct Prompt {
    pub(crate) shell: Arc<Shell>,
    pub(crate) ui: Arc<dyn LogonUi>,
    pub(crate) mailbox: Arc<Mailbox>,
    pub(crate) dialog: Dialog,
    pub(crate) withdrawn: Withdrawn,
}

#[derive(Clone)]
pub(crate) enum Dialog {
    Chooser(ChooseProfile),
    Password(AskPassword),
    Confirmation(ConfirmLogoff),
    Retry(AskRetry),
}

impl Prompt {
    /// Puts the question and reports the answer; the caller's thread goes on waiting meanwhile.
    pub(crate) fn put(self) {
        let spare = self.clone();
        if !spawn("mapi-prompt", move || self.run()) {
            // Without a thread there is no dialog.
            Self { ui: Arc::new(crate::ui::NoUi), ..spare }.run();
        }
    }

    fn run(self) {
        let call = self.mailbox.call;
        let event = match &self.dialog {
            Dialog::Chooser(question) => {
                let answer = self.ask(|ui| ui.choose_profile(question));
                Event::ProfileChosen { call, answer: self.pick(answer) }
            }
            Dialog::Password(question) => {
                let answer = match self.ask(|ui| ui.password(question)) {
                    UserAnswer::Given(password) => self.check(&password),
                    UserAnswer::Cancelled => PasswordAnswer::Cancelled,
                    UserAnswer::Unavailable => PasswordAnswer::Unavailable,
                };
                Event::PasswordEntered { call, answer }
            }
            Dialog::Confirmation(question) => {
                let answer = match self.ask(|ui| ui.confirm_logoff(question)) {
                    UserAnswer::Given(()) => LogoffAnswer::Confirmed,
                    UserAnswer::Cancelled => LogoffAnswer::Declined,
                    UserAnswer::Unavailable => LogoffAnswer::Unavailable,
                };
                Event::LogoffAnswered { call, answer }
            }
            Dialog::Retry(question) => {
                let answer = match self.ask(|ui| ui.retry(question)) {
                    UserAnswer::Given(RetryChoice::Retry) => RetryAnswer::Retry,
                    UserAnswer::Given(RetryChoice::Correct) => RetryAnswer::Correct,
                    UserAnswer::Given(RetryChoice::GiveUp) | UserAnswer::Cancelled => {
                        RetryAnswer::GiveUp
                    }
                    UserAnswer::Unavailable => RetryAnswer::Unavailable,
                };
                Event::RetryAnswered { call, provider: question.trouble.id, answer }
            }
        };
        self.shell.feed(event);
    }

    /// Calls the user interface; one that panics is none (`CAN-04`).
    fn ask<T>(&self, put: impl FnOnce(&dyn LogonUi) -> UserAnswer<T>) -> UserAnswer<T> {
        let environment = self.shell.identity();
        let put = || inside::run(environment, Behalf::Call(self.mailbox.call), || put(&*self.ui));
        let answer = foreign::call(put);
        self.withdrawn.raise();
        answer.unwrap_or(UserAnswer::Unavailable)
    }

    /// Finds the profile that the user picked, and leaves it where the caller finds it.
    fn pick(&self, answer: UserAnswer<ProfileChosen>) -> ChooserAnswer {
        let ProfileChosen { name, password } = match answer {
            UserAnswer::Given(chosen) => chosen,
            UserAnswer::Cancelled => return ChooserAnswer::Cancelled,
            UserAnswer::Unavailable => return ChooserAnswer::Unavailable,
        };
        let typed = password.is_some();
        let password = given(password);
        let replaced = match (typed, &password) {
            (false, _) => ChosenPassword::Unchanged,
            (true, Some(_)) => ChosenPassword::Replaced(Password::Given),
            (true, None) => ChosenPassword::Replaced(Password::NotGiven),
        };
        let name = ProfileName::parse(&name).ok();
        let found = name.and_then(|name| self.shell.settings.profiles.look_up(&LookUp::Name(name)));
        let described = found.as_ref().map(|profile| profile.described());
        if let Some(profile) = found {
            self.mailbox.pick(Picked { profile, password });
        }
        ChooserAnswer::Picked { profile: described, password: replaced }
    }

    /// Compares what the user typed with the password of the profile.
    fn check(&self, password: &SecretString) -> PasswordAnswer {
        let picked = self.mailbox.picked();
        match picked.is_some_and(|it| it.profile.is_opened_by(Some(password))) {
            true => PasswordAnswer::Right,
            false => PasswordAnswer::Wrong,
        }
    }
}
