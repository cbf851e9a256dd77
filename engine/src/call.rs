//! A call under way, on its caller's own thread.
//!
//! [`Call::run`] begins the call, then does what the mailbox says until it says to return. In
//! between the thread sleeps, until a letter comes or a moment passes. It decides nothing: a moment
//! that passes is an event like any other.

use std::time::{Duration, Instant};

use mapi_session_core::{
    Answer, CallId, Event, LookUp, OpenError, Opened, PasswordSource, UseError, Verdict,
};
use secrecy::SecretString;

use crate::advise::{AdviseSink, ConnectionId};
use crate::clock::Clock;
use crate::failure::Trouble;
use crate::mailbox::{About, Awaited, Letter, Mailbox, Picked, Question};
use crate::process::{Client, RawLogon};
use crate::prompt::{Dialog, Prompt};
use crate::roster::Loan;
use crate::sync::{Arc, park};
use crate::ui::{
    AskPassword, AskRetry, ChooseProfile, ChooserReason, ConfirmLogoff, Origin, PasswordReason,
};
use crate::withdrawal::{Withdrawal, Withdrawn};

/// How long a caller waits, and how it gives up before.
///
/// Without a deadline a wait takes as long as it takes (`MTX-03`), unless `MAPI_TIMEOUT_SHORT` ends
/// it. What a deadline does when it passes depends on the call (`CAN-02`): an open call is over
/// with what it has, whatever it waited for.
#[derive(Clone, Debug, Default)]
pub struct Patience {
    /// How long a logon waits for others that came earlier, and an open call for others that start
    /// the same provider. The logon then answers `MAPI_E_TIMEOUT`.
    pub turn: Option<Duration>,
    /// How long each question to the user stays open. A logon then answers `MAPI_E_USER_CANCEL`,
    /// except where the question was whether to try a provider again: the user has given up.
    pub prompt: Option<Duration>,
    /// How long each attempt of a provider to log on may take. A logon then goes on without its
    /// service. As long is waited for what each provider says to a fast shutdown, and for each to
    /// be told of it.
    pub provider: Option<Duration>,
    /// How long each call of an entry function may take. A logon then goes on as if it had
    /// returned, and so does who deletes; who asked for the configuration, or added a service, gets
    /// `MAPI_E_TIMEOUT`.
    pub entry: Option<Duration>,
    /// How long an open call may take from beginning to end.
    pub open: Option<Duration>,
    /// How long who asks for the status table waits for the spooler to start transports. The call
    /// then answers `MAPI_E_TIMEOUT`.
    pub transports: Option<Duration>,
    /// By which means the call can be given up from another thread (`CAN-01`).
    pub withdrawal: Option<Withdrawal>,
}

impl Patience {
    /// Waits for ever, as MAPI does.
    pub const fn endless() -> Self {
        Self {
            turn: None,
            prompt: None,
            provider: None,
            entry: None,
            open: None,
            transports: None,
            withdrawal: None,
        }
    }

    /// Waits three minutes for its turn, five for the user, and one for each provider, each entry
    /// function and the spooler.
    pub const fn usual() -> Self {
        Self {
            turn: Some(Duration::from_secs(3 * 60)),
            prompt: Some(Duration::from_secs(5 * 60)),
            provider: Some(Duration::from_secs(60)),
            entry: Some(Duration::from_secs(60)),
            open: None,
            transports: Some(Duration::from_secs(60)),
            withdrawal: None,
        }
    }
}

/// What a call brings along besides its event.
pub(crate) struct Luggage {
    pub(crate) ui_param: u64,
    pub(crate) password: Option<SecretString>,
    pub(crate) reason: ChooserReason,
    pub(crate) about: About,
    pub(crate) sink: Option<Arc<dyn AdviseSink>>,
}

impl Luggage {
    pub(crate) const fn none() -> Self {
        Self {
            ui_param: 0,
            password: None,
            reason: ChooserReason::NoneNamed,
            about: About::Nothing,
            sink: None,
        }
    }

    pub(crate) fn about(about: About) -> Self {
        Self { about, ..Self::none() }
    }
}

/// What a call returns.
pub(crate) enum Returned {
    LoggedOn(RawLogon),
    Opened(Result<(Opened, Vec<Trouble>), (OpenError, Option<Trouble>)>),
    Used(Result<Loan, (UseError, Option<Trouble>)>),
    Advised(ConnectionId),
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
    /// When it passes for all of the call.
    end: Option<Instant>,
}

impl<'a> Call<'a> {
    /// Makes a call and returns when it does.
    pub(crate) fn run(
        client: &'a Client,
        patience: &'a Patience,
        mut luggage: Luggage,
        event: impl FnOnce(CallId) -> Event,
    ) -> Returned {
        let call = client.shell.new_call();
        let (ui_param, about, sink) = (luggage.ui_param, luggage.about, luggage.sink.take());
        let mailbox = Arc::new(Mailbox::new(call, ui_param, patience.provider, about, sink));
        let mut call = Self {
            client,
            patience,
            luggage,
            mailbox,
            password_reason: PasswordReason::Missing,
            short_wait: None,
            deadline: None,
            end: None,
        };
        call.deadline = call.moment(patience.turn);
        call.end = call.moment(patience.open.filter(|_| call.is_open_call()));
        client.shell.begin(&call.mailbox, event(call.mailbox.call));
        let held = patience.withdrawal.as_ref();
        let _held = held.map(|withdrawal| withdrawal.hold(&client.shell, call.mailbox.call));
        let returned = loop {
            match call.mailbox.take() {
                Some(Letter::LoggedOn(logon)) => break Returned::LoggedOn(logon),
                Some(Letter::Opened(result)) => break Returned::Opened(result),
                Some(Letter::Used(result)) => break Returned::Used(result),
                Some(Letter::Advised(connection)) => break Returned::Advised(connection),
                Some(Letter::Answer(answer)) => break Returned::Answer(answer),
                Some(Letter::Farewell(answer, farewell)) => {
                    farewell.carry_out(&client.shell, patience);
                    break Returned::Answer(answer);
                }
                Some(Letter::Dropped) => break Returned::Unanswered,
                Some(Letter::StartTimer) => {
                    call.short_wait = call.moment(Some(client.shell.settings.short_wait));
                }
                Some(Letter::Continue) => call.report(|call| Event::Continued { call }),
                Some(Letter::LookUp(by)) => call.look_up(&by),
                Some(Letter::CheckPassword(source)) => call.check_password(source),
                Some(Letter::ReadServices) => call.read_services(),
                Some(Letter::Await(awaited)) => call.await_somebody(awaited),
                Some(Letter::Ask(question, withdrawn)) => call.ask(question, withdrawn),
                None => call.wait(),
            }
        };
        call.mailbox.forget();
        returned
    }

    /// Reports what happened to the call. Whatever it waited for, it has got.
    fn report(&mut self, event: impl FnOnce(CallId) -> Event) {
        self.forget_wait();
        self.client.shell.feed(event(self.mailbox.call));
    }

    fn forget_wait(&mut self) {
        self.short_wait = None;
        // An open call may have to wait for others once more.
        self.deadline = self.moment(self.patience.turn.filter(|_| self.is_open_call()));
    }

    const fn is_open_call(&self) -> bool {
        match self.luggage.about {
            About::Provider(..) | About::AddressBook(_) => true,
            About::Nothing | About::Sink(_) | About::Connection { .. } => false,
        }
    }

    /// Reads the services of the profile as they are now, in the step that takes note of them.
    fn read_services(&mut self) {
        self.forget_wait();
        let (shell, mailbox) = (&self.client.shell, &self.mailbox);
        let picked = mailbox.picked();
        let picked = picked.expect("services are those of a profile that was picked");
        let key = picked.profile.snapshot.key;
        shell.feed_from_the_store(|store| {
            let services = store.unmarked(key).map(|profile| {
                let plan = shell.plan(profile);
                let services = plan.services.clone();
                mailbox.build_on(Arc::clone(profile), plan);
                services
            });
            Event::ServicesRead { call: mailbox.call, services }
        });
    }

    fn await_somebody(&mut self, awaited: Awaited) {
        self.short_wait = None;
        self.deadline = self.moment(match awaited {
            Awaited::Provider => self.patience.provider,
            Awaited::Entry => self.patience.entry,
        });
    }

    /// Looks for a profile, as they are in the step that takes note of what is found.
    fn look_up(&mut self, by: &LookUp) {
        self.forget_wait();
        let (shell, mailbox) = (&self.client.shell, &self.mailbox);
        shell.feed_from_the_store(|store| {
            let found = store.look_up(by);
            if let Some(profile) = found {
                mailbox.pick(Picked { profile: Arc::clone(profile), password: None });
            }
            let found = found.map(|profile| profile.described());
            Event::ProfileLookedUp { call: mailbox.call, found }
        });
    }

    /// Compares the password supplied with the profile's; whether that is still there is looked at
    /// in the step that takes note of it.
    fn check_password(&mut self, source: PasswordSource) {
        self.password_reason = PasswordReason::Wrong;
        self.forget_wait();
        let (shell, mailbox) = (&self.client.shell, &self.mailbox);
        let picked = mailbox.picked();
        let Picked { profile, password } =
            picked.expect("the password is that of a profile that was picked");
        let given = match source {
            PasswordSource::Call => self.luggage.password.as_ref(),
            PasswordSource::Chooser => password.as_ref(),
        };
        let compared = match profile.is_opened_by(given) {
            true => Verdict::Right,
            false => Verdict::Wrong,
        };
        shell.feed_from_the_store(|store| {
            // One of the same name does not do (`ADM-13`).
            let verdict = match store.existing(profile.snapshot.key) {
                Some(_) => compared,
                None => Verdict::ProfileGone,
            };
            Event::PasswordChecked { call: mailbox.call, verdict }
        });
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
            Question::Retry(trouble, correction) => {
                Dialog::Retry(AskRetry { origin, trouble, correction })
            }
        };
        let shell = Arc::clone(&self.client.shell);
        let ui = Arc::clone(&self.client.ui);
        let mailbox = Arc::clone(&self.mailbox);
        Prompt { shell, ui, mailbox, dialog, withdrawn }.put();
    }

    /// Sleeps until there may be something to do, or reports that a wait is over.
    fn wait(&mut self) {
        let waits = self.short_wait.into_iter().chain(self.deadline).chain(self.end);
        let Some(next) = waits.min() else { return park() };
        let clock = &self.client.shell.settings.clock;
        if clock.now() < next {
            return clock.park_until(next);
        }
        let call = self.mailbox.call;
        if self.short_wait == Some(next) {
            self.short_wait = None;
            self.client.shell.feed(Event::ShortWaitEnded { call });
        } else if self.end == Some(next) {
            self.end = None;
            self.client.shell.feed(Event::DeadlinePassed { call });
        } else {
            self.deadline = None;
            self.client.shell.feed_deadline(&self.mailbox);
        }
    }

    /// The moment at which a wait that begins now is over; one that is too far off never comes.
    fn moment(&self, wait: Option<Duration>) -> Option<Instant> {
        let clock: &dyn Clock = &*self.client.shell.settings.clock;
        wait.and_then(|wait| clock.now().checked_add(wait))
    }
}
