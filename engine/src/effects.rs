//! Where each effect of a step goes: to the call that it is about, into a roster, or out as an
//! order.
//!
//! All of it happens under the lock of the shell, right after the step.

use mapi_session_core::{
    Answer, Attempt, CallId, CallStage, Correction, Effect, Entry, EntryDialogs, Event, HandleId,
    HandleStatus, Host, OpenError, Opened, Prompts, ProviderId, Seat, ServiceUi, SessionId,
    UseError,
};

use crate::advise::ConnectionId;
use crate::failure::{FailedPhase, Trouble};
use crate::inside::Behalf;
use crate::mailbox::{About, Awaited, Letter, Mailbox, Question};
use crate::order::{CallEntry, LogOn, Order, Purpose};
use crate::process::RawLogon;
use crate::roster::{Loan, Roster};
use crate::shell::State;
use crate::sync::Arc;

impl State {
    /// Puts effects where they belong; orders come back, to be carried out when the lock is open.
    pub(crate) fn hand_over(&mut self, effects: Vec<Effect>) -> Vec<Order> {
        let mut orders = Vec::new();
        let mut loan = None;
        for effect in effects {
            match effect {
                Effect::Continue { call } => self.post(call, Letter::Continue),
                Effect::StartTimer { call } => self.post(call, Letter::StartTimer),
                Effect::LookUpProfile { call, by } => self.post(call, Letter::LookUp(by)),
                Effect::CheckPassword { call, profile: _, source } => {
                    self.post(call, Letter::CheckPassword(source));
                }
                Effect::ReadServices { call, profile: _ } => self.post(call, Letter::ReadServices),
                Effect::AskForProfile { call, app_profiles } => {
                    self.mailbox(call).post_question(Question::Profile(app_profiles));
                }
                Effect::AskForPassword { call, profile: _ } => {
                    self.mailbox(call).post_question(Question::Password);
                }
                Effect::ConfirmLogoff { call, handle } => {
                    self.mailbox(call).post_question(Question::Logoff(handle));
                }
                Effect::AskRetry { call, session, provider, correction } => {
                    self.ask_retry(call, session, provider, correction);
                }
                Effect::WithdrawPrompt { call } => self.mailbox(call).withdraw_question(),
                Effect::LogOnProvider { call, session, provider, attempt, dialogs } => {
                    orders.push(self.log_on(call, session, provider, attempt, dialogs));
                }
                Effect::LogOnTransport { session, provider, attempt } => {
                    orders.push(self.log_on_transport(session, provider, attempt));
                }
                Effect::ConfigureTransport { session, provider } => {
                    orders.push(self.configure_transport(session, provider));
                }
                // Whom the spooler serves is for watchers to see; it is told of each transport.
                Effect::AttachSpooler { session: _ } | Effect::DetachSpooler { session: _ } => {}
                Effect::QueueNotification { handle, notification } => {
                    orders.extend(self.listeners.queue(handle, notification));
                }
                Effect::HandNotification { handle, notification: _ } => self.listeners.hand(handle),
                Effect::DropAttempt { session, provider } => {
                    self.roster(session).forget_attempt(provider);
                }
                Effect::CallEntry { call, session, entry, dialogs } => {
                    orders.push(self.call_entry(call, session, entry, dialogs));
                }
                Effect::ReportDisabled { session, service, after } => {
                    self.roster(session).disable(service, after);
                }
                Effect::LogOffProvider { session, provider } => {
                    let roster = self.roster(session);
                    roster.note_log_off(provider);
                    orders.push(Order::LogOff(roster, provider));
                }
                Effect::ShutDownProvider { session, provider } => {
                    orders.push(Order::ShutDown(self.roster(session), provider));
                }
                Effect::CloseSession { session } => {
                    orders.push(Order::Close(self.roster(session)));
                }
                Effect::UseProvider { session, provider } => {
                    loan = Some(self.roster(session).lend(provider));
                }
                Effect::Answer { call, answer } => self.answer(call, answer, loan.take()),
            }
        }
        orders
    }

    fn post(&self, call: CallId, letter: Letter) {
        self.mailbox(call).post(letter);
    }

    fn mailbox(&self, call: CallId) -> &Mailbox {
        self.mailboxes.get(&call).expect("a call that is told something has not returned")
    }

    /// Who serves a session. The first who asks is in a step of the logon that builds it.
    fn roster(&mut self, session: SessionId) -> Arc<Roster> {
        if let Some(roster) = self.rosters.get(&session) {
            return Arc::clone(roster);
        }
        let mailbox = self.mailbox(session.0);
        let picked = mailbox.picked().expect("a logon has a profile before it has a session");
        let plan = mailbox.plan().expect("the services are read before there is a session");
        let roster = Arc::new(Roster::new(session, Arc::clone(&picked.profile.snapshot), plan));
        self.rosters.insert(session, Arc::clone(&roster));
        roster
    }

    fn log_on(
        &mut self,
        call: CallId,
        session: SessionId,
        provider: ProviderId,
        attempt: Attempt,
        dialogs: Prompts,
    ) -> Order {
        let roster = self.roster(session);
        let phase = match call == session.0 {
            true => FailedPhase::Logon(attempt),
            false => FailedPhase::Open(attempt),
        };
        let ticket = roster.send(provider, attempt, phase);
        let (behalf, host) = (Behalf::Call(call), self.host(call));
        let mailbox = self.mailbox(call);
        mailbox.post(Letter::Await(Awaited::Provider));
        let (ui_param, time_left) = (mailbox.ui_param, mailbox.provider_wait);
        Order::LogOn(LogOn {
            roster,
            provider,
            ticket,
            behalf,
            host,
            attempt,
            phase,
            dialogs,
            ui_param,
            time_left,
        })
    }

    /// What kind of program waits for a call that has the attention of a provider.
    fn host(&self, call: CallId) -> Host {
        let view = self.core.call(call).expect("it is under way");
        match view.stage {
            CallStage::Waiting { request } | CallStage::Holding { request, .. } => request.host,
            CallStage::Opening { handle, .. } | CallStage::ConfirmingLogoff { handle, .. } => {
                self.seat(handle).expect("a call goes with its handle").host
            }
            CallStage::TimedOut => unreachable!("who gave up waiting has no provider start"),
        }
    }

    /// The spooler shows no dialog, and nobody's deadline bounds it (`ORD-05`, D-30).
    fn log_on_transport(
        &mut self,
        session: SessionId,
        provider: ProviderId,
        attempt: Attempt,
    ) -> Order {
        let roster = self.roster(session);
        let phase = FailedPhase::Transport(attempt);
        let ticket = roster.send(provider, attempt, phase);
        Order::LogOn(LogOn {
            roster,
            provider,
            ticket,
            behalf: Behalf::Spooler(session),
            host: Host::Application,
            attempt,
            phase,
            dialogs: Prompts::Forbidden,
            ui_param: 0,
            time_left: None,
        })
    }

    fn configure_transport(&mut self, session: SessionId, provider: ProviderId) -> Order {
        let roster = self.roster(session);
        let (ticket, failure) = roster.send_entry(provider);
        Order::CallEntry(CallEntry {
            roster,
            purpose: Purpose::Repair(provider, ticket, failure),
            behalf: Behalf::Spooler(session),
            returned: Event::TransportConfigured { session, provider },
            dialogs: EntryDialogs { allowed: Prompts::Forbidden, always: ServiceUi::AsNeeded },
            ui_param: 0,
        })
    }

    fn call_entry(
        &mut self,
        call: CallId,
        session: SessionId,
        entry: Entry,
        dialogs: EntryDialogs,
    ) -> Order {
        let roster = self.roster(session);
        let purpose = match entry {
            Entry::Show(service) => Purpose::Show(service),
            Entry::Repair(provider) => {
                let (ticket, failure) = roster.send_entry(provider);
                Purpose::Repair(provider, ticket, failure)
            }
        };
        let mailbox = self.mailbox(call);
        mailbox.post(Letter::Await(Awaited::Entry));
        let ui_param = mailbox.ui_param;
        let (behalf, returned) = (Behalf::Call(call), Event::EntryReturned { call, entry });
        Order::CallEntry(CallEntry { roster, purpose, behalf, returned, dialogs, ui_param })
    }

    fn ask_retry(
        &mut self,
        call: CallId,
        session: SessionId,
        provider: ProviderId,
        correction: Correction,
    ) {
        let trouble = self.roster(session).trouble(provider);
        let trouble = trouble.expect("the user is asked after a failure");
        self.mailbox(call).post_question(Question::Retry(trouble, correction));
    }

    fn answer(&mut self, call: CallId, answer: Answer, loan: Option<Loan>) {
        let letter = match answer {
            Answer::LoggedOn(Ok(logon)) => {
                let roster = self.roster(logon.session);
                let profile = Arc::clone(&roster.profile);
                let (handle, session) = (logon.handle, logon.session);
                Letter::LoggedOn(RawLogon { handle, session, profile, report: roster.report() })
            }
            Answer::Opened(Ok(opened)) => Letter::Opened(Ok((opened, self.missing(call, opened)))),
            Answer::Opened(Err(refusal)) => {
                let trouble = match refusal {
                    OpenError::ServiceDisabled
                    | OpenError::ProviderFailed
                    | OpenError::TimedOut => self.trouble(call),
                    OpenError::NotInitialized
                    | OpenError::InvalidHandle
                    | OpenError::UnknownFlags { .. }
                    | OpenError::NoSuchStore
                    | OpenError::OpenInProgress
                    | OpenError::WouldWaitForItself
                    | OpenError::LoggedOff => None,
                };
                Letter::Opened(Err((refusal, trouble)))
            }
            Answer::Used(Ok(())) => {
                Letter::Used(Ok(loan.expect("who may use a provider is lent it before")))
            }
            Answer::Used(Err(refusal)) => {
                let trouble = match refusal {
                    UseError::StoreUnavailable
                    | UseError::TransportUnavailable
                    | UseError::EntryUnavailable => self.trouble(call),
                    UseError::NotInitialized | UseError::InvalidHandle | UseError::NotOpen => None,
                };
                Letter::Used(Err((refusal, trouble)))
            }
            Answer::Advised(Ok(())) => Letter::Advised(self.connect(call)),
            Answer::Advised(Err(_))
            | Answer::LoggedOn(Err(_))
            | Answer::Initialized(_)
            | Answer::Uninitialized
            | Answer::LoggedOff(_)
            | Answer::Released(_)
            | Answer::StoreLoggedOff(_)
            | Answer::DefaultStoreSet(_)
            | Answer::Unadvised(_) => Letter::Answer(answer),
        };
        self.post(call, letter);
        self.mailboxes.remove(&call);
    }

    /// Lets the sink listen that a call brought along.
    fn connect(&mut self, call: CallId) -> ConnectionId {
        let mailbox = self.mailbox(call);
        let About::Sink(handle) = mailbox.about else {
            panic!("{call} was answered as if it brought a sink")
        };
        let sink = mailbox.take_sink().expect("a call is answered once");
        self.listeners.connect(handle, sink)
    }

    /// Who is to blame that a call on a provider came to nothing.
    fn trouble(&self, call: CallId) -> Option<Trouble> {
        match self.mailbox(call).about {
            About::Provider(handle, provider) => self.roster_of(handle)?.trouble(provider),
            About::AddressBook(_) | About::Nothing | About::Sink(_) | About::Connection { .. } => {
                None
            }
        }
    }

    /// What an address book lacks.
    fn missing(&self, call: CallId, opened: Opened) -> Vec<Trouble> {
        match (opened, self.mailbox(call).about) {
            (Opened::PartOfAddressBook, About::AddressBook(handle)) => {
                self.roster_of(handle).map(|roster| roster.missing_books()).unwrap_or_default()
            }
            (
                Opened::PartOfAddressBook,
                About::Provider(..) | About::Nothing | About::Sink(_) | About::Connection { .. },
            )
            | (Opened::Store | Opened::WholeAddressBook, _) => Vec::new(),
        }
    }

    fn roster_of(&self, handle: HandleId) -> Option<&Arc<Roster>> {
        self.rosters.get(&self.seat(handle)?.session)
    }

    fn seat(&self, handle: HandleId) -> Option<Seat> {
        match self.core.handle(handle)?.status {
            HandleStatus::Live(seat) | HandleStatus::Unanswered(seat) => Some(seat),
            HandleStatus::LoggedOff => None,
        }
    }
}
