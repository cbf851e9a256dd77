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
use crate::desk::Desk;
use crate::failure::{FailedPhase, Trouble};
use crate::fast_shutdown::{Farewell, Word};
use crate::inside::Behalf;
use crate::mailbox::{About, Awaited, Letter, Mailbox, Question};
use crate::order::{Ask, CallEntry, LogOn, Order, Purpose};
use crate::process::RawLogon;
use crate::roster::{Loan, Roster};
use crate::shell::State;
use crate::sync::Arc;
use crate::visit::Erasure;

/// What the effects of a step come to, besides letters.
#[derive(Default)]
struct Out {
    orders: Vec<Order>,
    loan: Option<Loan>,
    farewell: Farewell,
}

impl State {
    /// Puts effects where they belong; orders come back, to be carried out when the lock is open.
    pub(crate) fn hand_over(&mut self, effects: Vec<Effect>, desk: &mut Desk<'_>) -> Vec<Order> {
        let mut out = Out::default();
        for effect in effects {
            self.put(effect, desk, &mut out);
        }
        let settled = desk.settled.drain(..).map(Erasure);
        out.orders.extend(settled.inspect(|_| self.erasures += 1).map(Order::Erase));
        out.orders
    }

    fn put(&mut self, effect: Effect, desk: &mut Desk<'_>, out: &mut Out) {
        match effect {
            Effect::Continue { call } => self.post(call, Letter::Continue),
            Effect::StartTimer { call } => self.post(call, Letter::StartTimer),
            Effect::LookUpProfile { call, by } => self.post(call, Letter::LookUp(by)),
            Effect::CheckPassword { call, source, .. } => {
                self.post(call, Letter::CheckPassword(source));
            }
            Effect::ReadServices { call, .. } => self.post(call, Letter::ReadServices),
            Effect::AskForProfile { call, app_profiles } => {
                self.ask(call, Question::Profile(app_profiles))
            }
            Effect::AskForPassword { call, .. } => self.ask(call, Question::Password),
            Effect::ConfirmLogoff { call, handle } => self.ask(call, Question::Logoff(handle)),
            Effect::AskRetry { call, session, provider, correction } => {
                self.ask_retry(call, session, provider, correction);
            }
            Effect::WithdrawPrompt { call } => self.mailbox(call).withdraw_question(),
            Effect::LogOnProvider { call, session, provider, attempt, dialogs } => {
                out.orders.push(self.log_on(call, session, provider, attempt, dialogs));
            }
            Effect::LogOnTransport { session, provider, attempt } => {
                out.orders.push(self.log_on_transport(session, provider, attempt));
            }
            Effect::ConfigureTransport { session, provider } => {
                out.orders.push(self.configure_transport(session, provider));
            }
            // Whom the spooler serves is for watchers to see; it is told of each transport.
            Effect::AttachSpooler { .. } | Effect::DetachSpooler { .. } => {}
            Effect::QueueNotification { handle, notification } => {
                out.orders.extend(self.listeners.queue(handle, notification));
            }
            Effect::HandNotification { handle, .. } => self.listeners.hand(handle),
            Effect::DropAttempt { session, provider } => self.drop_attempt(session, provider),
            Effect::CallEntry { call, session, entry, dialogs } => {
                out.orders.push(self.call_entry(call, session, entry, dialogs));
            }
            Effect::ReportDisabled { session, service, after } => {
                self.roster(session).disable(service, after);
            }
            Effect::LogOffProvider { session, provider } => {
                out.orders.push(self.log_off(session, provider));
            }
            Effect::ShutDownProvider { session, provider } => {
                out.orders.push(Order::ShutDown(self.roster(session), provider));
            }
            Effect::CloseSession { session } => out.orders.push(Order::Close(self.roster(session))),
            Effect::UseProvider { session, provider } => self.lend(session, provider, out),
            Effect::AskFastShutdown { call, session, provider } => {
                out.orders.push(self.ask_provider(call, session, provider));
            }
            Effect::NotifyFastShutdown { session, provider } => {
                self.tell(session, provider, Word::Notify, out);
            }
            Effect::DoFastShutdown { session, provider } => {
                self.tell(session, provider, Word::Do, out)
            }
            Effect::EndSession { session } => self.end_session(session, out),
            Effect::CreateProfile { .. } => desk.create(),
            Effect::CopyProfile { source, .. } => desk.copy(source),
            Effect::RemoveProfile { profile } => desk.remove(profile),
            Effect::MarkProfile { profile } => desk.mark(profile),
            Effect::RenameProfile { profile, .. } => desk.rename(profile),
            Effect::DeferRename { profile, .. } => desk.defer_rename(profile),
            Effect::TakeBackRename { profile } => desk.take_back_rename(profile),
            Effect::SetDefaultProfile { profile } => desk.set_default(profile),
            Effect::SettleProfile { profile } => desk.settle(profile),
            Effect::AddService { profile, .. } => desk.add_service(profile),
            Effect::DeleteService { profile, .. } => desk.delete_service(profile),
            Effect::Answer { call, answer } => self.answer(call, answer, desk, out),
        }
    }

    fn ask(&self, call: CallId, question: Question) {
        self.mailbox(call).post_question(question);
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
            CallStage::TimedOut | CallStage::QueryingFastShutdown { .. } => {
                unreachable!("who gave up waiting, or asks for votes, has no provider start")
            }
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

    fn drop_attempt(&mut self, session: SessionId, provider: ProviderId) {
        self.roster(session).forget_attempt(provider);
    }

    fn lend(&mut self, session: SessionId, provider: ProviderId, out: &mut Out) {
        out.loan = Some(self.roster(session).lend(provider));
    }

    fn log_off(&mut self, session: SessionId, provider: ProviderId) -> Order {
        let roster = self.roster(session);
        roster.note_log_off(provider);
        Order::LogOff(roster, provider)
    }

    fn ask_provider(&mut self, call: CallId, session: SessionId, provider: ProviderId) -> Order {
        let roster = self.roster(session);
        self.post(call, Letter::Await(Awaited::Provider));
        let provider = roster.loaded(provider);
        Order::Ask(Ask { call, roster, provider })
    }

    /// Leaves it to the caller to tell a provider something about a fast shutdown.
    fn tell(&mut self, session: SessionId, provider: ProviderId, word: Word, out: &mut Out) {
        let loaded = self.roster(session).loaded(provider);
        out.farewell.words.extend(loaded.map(|provider| (provider, word)));
    }

    /// A session has ended as it is (`FSD-09`).
    fn end_session(&mut self, session: SessionId, out: &mut Out) {
        // Nobody serves one that has no provider and whose logon has not returned.
        if let Some(roster) = self.rosters.remove(&session) {
            roster.note_fast_end();
            out.farewell.ended.push(roster);
        }
        self.wake_settling();
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

    fn answer(&mut self, call: CallId, answer: Answer, desk: &mut Desk<'_>, out: &mut Out) {
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
                let loan = out.loan.take();
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
            Answer::ProcessShutdownNotified(_) | Answer::FastShutdownDone(_) => {
                let mut farewell = std::mem::take(&mut out.farewell);
                farewell.erasures.extend(desk.settled.drain(..).map(Erasure));
                self.erasures += farewell.erasures.len();
                Letter::Farewell(answer, farewell)
            }
            Answer::Advised(Err(_))
            | Answer::LoggedOn(Err(_))
            | Answer::Initialized(_)
            | Answer::Uninitialized
            | Answer::LoggedOff(_)
            | Answer::Released(_)
            | Answer::StoreLoggedOff(_)
            | Answer::DefaultStoreSet(_)
            | Answer::Unadvised(_)
            | Answer::FastShutdownQueried(_)
            | Answer::Administered(_)
            | Answer::ServicesAdministered(_) => Letter::Answer(answer),
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
