//! A call under way, on its caller's own thread.
//!
//! [`Call::run`] begins the call, then does what the mailbox says until it says to return. In
//! between the thread sleeps, until a letter comes or a moment passes. It decides nothing: a moment
//! that passes is an event like any other.

use std::time::{Duration, Instant};

use mapi_session_core::{Answer, CallId, Event, PasswordSource, Verdict};
use secrecy::SecretString;

use crate::clock::Clock;
use crate::mailbox::{Letter, Mailbox, Picked, Question};
use crate::process::{Client, RawLogon};
use crate::profiles::StoredProfile;
use crate::prompt::{Dialog, Prompt};
use crate::sync::{Arc, park};
use crate::ui::{AskPassword, ChooseProfile, ChooserReason, ConfirmLogoff, Origin, PasswordReason};
use crate::withdrawal::{Withdrawal, Withdrawn};

/// How long a caller waits, and how it gives up before.
///
/// Without a deadline a wait takes as long as it takes (`MTX-03`), unless `MAPI_TIMEOUT_SHORT` ends
/// it.
#[derive(Clone, Debug, Default)]
pub struct Patience {
    /// How long a logon waits for others that came earlier; then it answers `MAPI_E_TIMEOUT`.
    pub turn: Option<Duration>,
    /// How long each question to the user stays open; then the call answers `MAPI_E_USER_CANCEL`
    /// (`CAN-02`).
    pub prompt: Option<Duration>,
    /// By which means the call can be given up from another thread (`CAN-01`).
    pub withdrawal: Option<Withdrawal>,
}

impl Patience {
    /// Waits for ever, as MAPI does.
    pub const fn endless() -> Self {
        Self { turn: None, prompt: None, withdrawal: None }
    }

    /// Waits three minutes for its turn and five for the user.
    pub const fn usual() -> Self {
        Self {
            turn: Some(Duration::from_secs(3 * 60)),
            prompt: Some(Duration::from_secs(5 * 60)),
            withdrawal: None,
        }
    }
}

/// What a call brings along besides its event.
pub(crate) struct Luggage {
    pub(crate) ui_param: u64,
    pub(crate) password: Option<SecretString>,
    pub(crate) reason: ChooserReason,
}

impl Luggage {
    pub(crate) const fn none() -> Self {
        Self { ui_param: 0, password: None, reason: ChooserReason::NoneNamed }
    }
}

/// What a call returns.
pub(crate) enum Returned {
    LoggedOn(RawLogon),
    Answer(Answer),
    /// Nothing: it was withdrawn, or its client is gone.
    Unanswered,
}

pub(crate) struct Call<'a> {
    client: &'a Client,
    patience: &'a Patience,
    luggage: Luggage,
    mailbox: Arc<Mailbox>,
    /// Why the user would be asked for a password.
    password_reason: PasswordReason,
    /// When the few seconds are over that the call waits for its turn.
    short_wait: Option<Instant>,
    /// When the caller's deadline passes for what it waits for now.
    deadline: Option<Instant>,
}

impl<'a> Call<'a> {
    /// Makes a call and returns when it does.
    pub(crate) fn run(
        client: &'a Client,
        patience: &'a Patience,
        luggage: Luggage,
        event: impl FnOnce(CallId) -> Event,
    ) -> Returned {
        let call = client.shell.new_call();
        let mailbox = Arc::new(Mailbox::new(call, luggage.ui_param));
        let mut call = Self {
            client,
            patience,
            luggage,
            mailbox,
            password_reason: PasswordReason::Missing,
            short_wait: None,
            deadline: None,
        };
        call.deadline = call.moment(patience.turn);
        client.shell.begin(&call.mailbox, event(call.mailbox.call));
        let held = patience.withdrawal.as_ref();
        let _held = held.map(|withdrawal| withdrawal.hold(&client.shell, call.mailbox.call));
        let returned = loop {
            match call.mailbox.take() {
                Some(Letter::LoggedOn(logon)) => break Returned::LoggedOn(logon),
                Some(Letter::Answer(answer)) => break Returned::Answer(answer),
                Some(Letter::Dropped) => break Returned::Unanswered,
                Some(Letter::StartTimer) => {
                    call.short_wait = call.moment(Some(client.shell.settings.short_wait));
                }
                Some(Letter::Continue) => call.report(|call| Event::Continued { call }),
                Some(Letter::LookUp(by)) => {
                    let found = client.shell.settings.profiles.look_up(&by);
                    let described = found.as_ref().map(|profile| profile.described());
                    call.take_profile(found);
                    call.report(|call| Event::ProfileLookedUp { call, found: described });
                }
                Some(Letter::CheckPassword(source)) => {
                    let verdict = call.check_password(source);
                    call.report(|call| Event::PasswordChecked { call, verdict });
                }
                Some(Letter::Ask(question, withdrawn)) => call.ask(question, withdrawn),
                None => call.wait(),
            }
        };
        call.mailbox.forget();
        returned
    }

    /// Reports what happened to the call. Whatever it waited for, it has got.
    fn report(&mut self, event: impl FnOnce(CallId) -> Event) {
        self.short_wait = None;
        self.deadline = None;
        self.client.shell.feed(event(self.mailbox.call));
    }

    fn take_profile(&self, found: Option<Arc<StoredProfile>>) {
        if let Some(profile) = found {
            self.mailbox.pick(Picked { profile, password: None });
        }
    }

    fn check_password(&mut self, source: PasswordSource) -> Verdict {
        self.password_reason = PasswordReason::Wrong;
        let Some(picked) = self.mailbox.picked() else { return Verdict::Wrong };
        picked.profile.check(match source {
            PasswordSource::Call => self.luggage.password.as_ref(),
            PasswordSource::Chooser => picked.password.as_ref(),
        })
    }

    /// Has the user asked, if anybody still wants to know.
    fn ask(&mut self, question: Question, withdrawn: Withdrawn) {
        if withdrawn.is_withdrawn() {
            return;
        }
        self.short_wait = None;
        self.deadline = self.moment(self.patience.prompt);
        let origin = Origin {
            client: self.client.id,
            call: self.mailbox.call,
            ui_param: self.luggage.ui_param,
            time_left: self.patience.prompt,
            withdrawn: withdrawn.clone(),
        };
        let dialog = match question {
            Question::Profile(app_profiles) => Dialog::Chooser(ChooseProfile {
                origin,
                reason: self.luggage.reason,
                profiles: self.client.shell.settings.profiles.names(app_profiles),
            }),
            Question::Password => {
                let picked = self.mailbox.picked();
                let picked = picked.expect("a password is asked for a profile that was picked");
                let profile = picked.profile.snapshot.name.clone();
                Dialog::Password(AskPassword { origin, reason: self.password_reason, profile })
            }
            Question::Logoff(handle) => Dialog::Confirmation(ConfirmLogoff { origin, handle }),
        };
        let shell = Arc::clone(&self.client.shell);
        let ui = Arc::clone(&self.client.ui);
        let mailbox = Arc::clone(&self.mailbox);
        Prompt { shell, ui, mailbox, dialog, withdrawn }.put();
    }

    /// Sleeps until there may be something to do, or reports that a wait is over.
    fn wait(&mut self) {
        let Some(next) = self.short_wait.into_iter().chain(self.deadline).min() else {
            return park();
        };
        let clock = &self.client.shell.settings.clock;
        if clock.now() < next {
            return clock.park_until(next);
        }
        let call = self.mailbox.call;
        if self.short_wait == Some(next) {
            self.short_wait = None;
            self.client.shell.feed(Event::ShortWaitEnded { call });
        } else {
            self.deadline = None;
            self.client.shell.feed(Event::DeadlinePassed { call });
        }
    }

    /// The moment at which a wait that begins now is over; one that is too far off never comes.
    fn moment(&self, wait: Option<Duration>) -> Option<Instant> {
        let clock: &dyn Clock = &*self.client.shell.settings.clock;
        wait.and_then(|wait| clock.now().checked_add(wait))
    }
}
