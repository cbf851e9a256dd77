//! Opening a store or the address book: at once, after a series of the call's own, or after a wait
//! for others that are at the same provider.
//!
//! Start with [`open_called`](Sessions::open_called). A call that waits is told to go on when it is
//! its turn (see `turns`), and looks afresh at what there is to be done.

use alloc::vec::Vec;

use super::series::{AttemptOut, Caller, Next, Verdict};
use super::session::Session;
use super::{Belonging, Call, Handle, Item, Sessions};
use crate::answer::{Answer, Opened};
use crate::effect::{Attempt, Effect, EntryDialogs, Step};
use crate::error::OpenError;
use crate::id::{CallId, ClientId, HandleId, ProviderId, SessionId};
use crate::request::{Host, OpenRequest, OpenTarget, Prompts, ServiceUi};
use crate::rule::Rule;
use crate::services::{ProviderKind, ProviderSpec};
use crate::view::{Child, Seat, Series, SeriesStage, ServiceStatus};

/// An open call that has not been answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Opening {
    pub(super) session: SessionId,
    pub(super) handle: HandleId,
    pub(super) target: OpenTarget,
    pub(super) dialogs: Prompts,
    /// The provider that it starts, or waits for.
    pub(super) at: ProviderId,
    /// How far it has come with that one; it waits for others if it has not begun.
    pub(super) series: Option<SeriesStage>,
}

/// What an open call finds when it looks for something to do.
enum Finding {
    /// Nothing: this is what it answers.
    Answer(Result<Opened, OpenError>),
    /// A provider to be started.
    Provider(ProviderId),
}

/// What an open call does next.
enum Pursuit {
    Answered(Result<Opened, OpenError>),
    Waits,
    Begins,
}

impl Session {
    /// What there is to be done for a target, from this provider on.
    fn look(&self, target: OpenTarget, from: usize) -> Finding {
        match target {
            OpenTarget::Store(store) => match self.service_status_of(store) {
                ServiceStatus::Disabled => Finding::Answer(Err(OpenError::ServiceDisabled)),
                ServiceStatus::Enabled if self.is_running(store) => {
                    Finding::Answer(Ok(Opened::Store))
                }
                ServiceStatus::Enabled => Finding::Provider(store),
            },
            OpenTarget::AddressBook => match self.next_of_book(from) {
                Some(provider) => Finding::Provider(provider),
                None => Finding::Answer(Ok(self.book())),
            },
        }
    }

    fn book(&self) -> Opened {
        if self.is_book_whole() { Opened::WholeAddressBook } else { Opened::PartOfAddressBook }
    }
}

// The call, and its turn.
impl Sessions {
    pub(super) fn open_called(
        &mut self,
        call: CallId,
        client: ClientId,
        handle: HandleId,
        inside: Option<CallId>,
        request: Result<OpenRequest, OpenError>,
    ) -> Step {
        let refuse = |(rule, error)| Step::new(rule, [opened(call, Err(error))]);
        if !self.clients.contains_key(&client) {
            return refuse((Rule::RefuseUninitialized, OpenError::NotInitialized));
        }
        let Some(Handle::Live(live)) = self.handle_of(client, handle) else {
            return refuse((Rule::RefuseHandle, OpenError::InvalidHandle));
        };
        let (seat, busy) = (live.seat, live.is_opening());
        // A query that ends with this call is still one that it was made from inside.
        let inside = inside.filter(|inside| self.is_under_way(*inside));
        let taken_back = self.take_standing_back(client);
        let step = match self.check_open(seat, busy, request) {
            Ok(request) => self.open(call, client, (handle, seat.session), inside, request),
            Err(refusal) => refuse(refusal),
        };
        step.preceded_by(taken_back)
    }

    fn open(
        &mut self,
        call: CallId,
        client: ClientId,
        (handle, session): (HandleId, SessionId),
        inside: Option<CallId>,
        request: OpenRequest,
    ) -> Step {
        let OpenRequest { target, dialogs } = request;
        let at = match self.sessions.session(session).look(target, 0) {
            Finding::Answer(result) => {
                self.keep(session, handle, target, result);
                return Step::new(rule_at_once(result), [opened(call, result)]);
            }
            Finding::Provider(provider) => provider,
        };
        let wait = self.is_taken(session, at);
        if wait && inside.is_some() {
            let error = OpenError::WouldWaitForItself;
            return Step::new(Rule::RefuseOpenFromInside, [opened(call, Err(error))]);
        }
        let mut opening = Opening { session, handle, target, dialogs, at, series: None };
        let mut effects = Vec::new();
        let rule = if wait {
            self.claims.wait(session, at, handle, call);
            Rule::WaitForProvider
        } else {
            effects.push(self.begin_series(call, &mut opening));
            match target {
                OpenTarget::Store(_) => Rule::StartForStore,
                OpenTarget::AddressBook => Rule::StartForBook,
            }
        };
        self.add(call, client, Item::Call(Call::Opening(opening)));
        let live = self.live_handle(handle).expect("a call on a handle does not end it");
        live.children.insert(Child::Open(call));
        Step { rule, effects }
    }

    /// The refusals of an open call on a live handle, in their order; and what it asks for if there
    /// is none.
    fn check_open(
        &mut self,
        seat: Seat,
        busy: bool,
        request: Result<OpenRequest, OpenError>,
    ) -> Result<OpenRequest, (Rule, OpenError)> {
        let OpenRequest { target, dialogs } =
            request.map_err(|error| (Rule::RefuseOpenArguments, error))?;
        if let OpenTarget::Store(store) = target {
            let provider = self.sessions.session(seat.session).services.provider(store);
            let Some((_, ProviderSpec { kind: ProviderKind::Store, .. })) = provider else {
                return Err((Rule::RefuseUnknownStore, OpenError::NoSuchStore));
            };
        }
        if busy {
            return Err((Rule::RefuseSecondOpen, OpenError::OpenInProgress));
        }
        let dialogs = match seat.host {
            Host::Application => dialogs,
            Host::WindowsService => Prompts::Forbidden,
        };
        Ok(OpenRequest { target, dialogs })
    }

    /// Lets an open call go on that has waited, if it is its turn.
    pub(super) fn open_continued(&mut self, call: CallId, opening: Opening) -> Step {
        let Opening { session, handle, target, at, series, .. } = opening;
        if series.is_some() || self.next_to_have(session, at) != Some(call) {
            return Step::quiet(Rule::IgnoreStale);
        }
        self.claims.stop_waiting(session, at, handle);
        let finding = self.sessions.session(session).look(target, usize::from(at.0));
        let (pursuit, effect) = self.pursue(call, opening, finding);
        let rule = match (pursuit, target) {
            (Pursuit::Answered(result), _) => rule_after_wait(result),
            (Pursuit::Waits, _) => Rule::WaitForNextOfBook,
            (Pursuit::Begins, OpenTarget::Store(_)) => Rule::StartStoreAfterWait,
            (Pursuit::Begins, OpenTarget::AddressBook) => Rule::StartBookAfterWait,
        };
        Step { rule, effects: Vec::from_iter(effect) }
    }
}

// The series of an open call, and its end.
impl Sessions {
    fn begin_series(&mut self, call: CallId, opening: &mut Opening) -> Effect {
        let Opening { session, at, .. } = *opening;
        let stage = SeriesStage::Attempt(Attempt::First);
        opening.series = Some(stage);
        self.claims.begin_series(session, at, call);
        let series = Series { provider: at, stage };
        self.sessions.session(session).order(opening.caller(call), series)
    }

    /// Goes on as the table says: with the series, or with what its end means for the call.
    pub(super) fn advance_open(
        &mut self,
        call: CallId,
        mut opening: Opening,
        verdict: Verdict,
    ) -> Step {
        let Opening { session, at, .. } = opening;
        let opened_in = self.sessions.session(session);
        let mut effects = Vec::new();
        match verdict.next {
            Next::GoOn(stage) => {
                opening.series = Some(stage);
                effects.push(opened_in.order(opening.caller(call), Series { provider: at, stage }));
                self.update(call, opening);
            }
            Next::End(end) => {
                effects.extend(opened_in.conclude(session, at, end));
                self.claims.end_series(session, at);
                effects.extend(self.leave_series(call, opening));
            }
        }
        Step { rule: verdict.rule, effects }
    }

    /// What an open call does when its series is over.
    fn leave_series(&mut self, call: CallId, opening: Opening) -> Option<Effect> {
        let Opening { session, target, at, .. } = opening;
        let left = self.sessions.session(session);
        let finding = match target {
            OpenTarget::Store(store) if left.is_running(store) => {
                Finding::Answer(Ok(Opened::Store))
            }
            OpenTarget::Store(store) => Finding::Answer(Err(match left.service_status_of(store) {
                ServiceStatus::Enabled => OpenError::ProviderFailed,
                ServiceStatus::Disabled => OpenError::ServiceDisabled,
            })),
            OpenTarget::AddressBook => left.look(target, usize::from(at.0) + 1),
        };
        let (_, effect) = self.pursue(call, opening, finding);
        effect
    }

    /// Does what an open call has found to be done, now that it is at no provider.
    fn pursue(
        &mut self,
        call: CallId,
        opening: Opening,
        finding: Finding,
    ) -> (Pursuit, Option<Effect>) {
        let Opening { session, handle, at, .. } = opening;
        match finding {
            Finding::Answer(result) => {
                let answer = self.finish_open(call, opening, result);
                (Pursuit::Answered(result), Some(answer))
            }
            // Where it has waited for its turn, nobody else's wait counts.
            Finding::Provider(next) if next != at && self.is_taken(session, next) => {
                self.claims.wait(session, next, handle, call);
                self.update(call, Opening { at: next, series: None, ..opening });
                (Pursuit::Waits, None)
            }
            Finding::Provider(next) => {
                let mut opening = Opening { at: next, ..opening };
                let order = self.begin_series(call, &mut opening);
                self.update(call, opening);
                (Pursuit::Begins, Some(order))
            }
        }
    }

    /// Answers an open call that is at no provider any more.
    fn finish_open(
        &mut self,
        call: CallId,
        opening: Opening,
        result: Result<Opened, OpenError>,
    ) -> Effect {
        let Opening { session, handle, target, .. } = opening;
        self.remove(call);
        self.forget_child(handle, Child::Open(call));
        self.keep(session, handle, target, result);
        opened(call, result)
    }

    /// Makes what was opened an object of the handle.
    fn keep(
        &mut self,
        session: SessionId,
        handle: HandleId,
        target: OpenTarget,
        result: Result<Opened, OpenError>,
    ) {
        if result.is_err() {
            return;
        }
        let child = match target {
            OpenTarget::Store(store) => {
                self.claims.open_store(session, store, handle);
                Child::Store(store)
            }
            OpenTarget::AddressBook => Child::AddressBook,
        };
        let live = self.live_handle(handle).expect("what is opened is opened on a live handle");
        live.children.insert(child);
    }

    /// Writes down how far an open call has come.
    fn update(&mut self, call: CallId, opening: Opening) {
        self.replace(call, Item::Call(Call::Opening(opening)));
    }
}

// What ends before its time.
impl Sessions {
    /// Ends what an open call is at, because nobody waits for it any more. The call itself is the
    /// caller's to answer, or to drop.
    pub(super) fn abandon_open(
        &mut self,
        call: CallId,
        opening: Opening,
        attempt: AttemptOut,
        effects: &mut Vec<Effect>,
    ) {
        let Opening { session, handle, at, .. } = opening;
        match opening.series {
            None => self.claims.stop_waiting(session, at, handle),
            Some(stage) => {
                self.claims.end_series(session, at);
                let series = Series { provider: at, stage };
                let left = self.sessions.session(session);
                left.abandon((session, call), series, attempt, effects);
            }
        }
    }

    /// Answers an open call that its caller waits for no longer.
    pub(super) fn open_too_long(&mut self, call: CallId, opening: Opening) -> Step {
        let rule = match opening.series {
            None => Rule::EndOpenWaitAtDeadline,
            Some(SeriesStage::Attempt(_)) => Rule::LeaveAttemptAtDeadline,
            Some(SeriesStage::Entry) => Rule::LeaveEntryAtDeadline,
            Some(SeriesStage::Prompt) => Rule::CloseRetryPromptAtDeadline,
        };
        let mut effects = Vec::new();
        self.abandon_open(call, opening, AttemptOut::ComesBack, &mut effects);
        let result = match opening.target {
            OpenTarget::Store(_) => Err(OpenError::TimedOut),
            OpenTarget::AddressBook => Ok(self.sessions.session(opening.session).book()),
        };
        effects.push(self.finish_open(call, opening, result));
        Step { rule, effects }
    }

    /// The open call of this number.
    pub(super) fn opening(&self, call: CallId) -> Option<Opening> {
        match self.belongings.get(&call)? {
            Belonging { item: Item::Call(Call::Opening(opening)), .. } => Some(*opening),
            Belonging { item: Item::Call(_) | Item::Handle(_), .. } => None,
        }
    }

    fn is_under_way(&self, call: CallId) -> bool {
        match self.belongings.get(&call) {
            Some(Belonging { item: Item::Call(_), .. }) => true,
            Some(Belonging { item: Item::Handle(_), .. }) | None => false,
        }
    }
}

impl Opening {
    /// An open call never has a service show itself unasked.
    pub(super) const fn caller(&self, call: CallId) -> Caller {
        let dialogs = EntryDialogs { allowed: self.dialogs, always: ServiceUi::AsNeeded };
        Caller { call, session: self.session, dialogs }
    }

    /// The rule by which it is withdrawn.
    pub(super) const fn withdrawal(&self) -> Rule {
        match self.series {
            None => Rule::WithdrawWaitingOpen,
            Some(SeriesStage::Attempt(_)) => Rule::WithdrawOpenAmidAttempt,
            Some(SeriesStage::Entry) => Rule::WithdrawOpenAmidEntry,
            Some(SeriesStage::Prompt) => Rule::WithdrawOpenAmidPrompt,
        }
    }
}

const fn rule_at_once(result: Result<Opened, OpenError>) -> Rule {
    match result {
        Ok(Opened::Store) => Rule::OpenRunningStore,
        Ok(Opened::WholeAddressBook) => Rule::OpenWholeBook,
        Ok(Opened::PartOfAddressBook) => Rule::OpenPartOfBook,
        Err(_) => Rule::RefuseStoreOfDisabledService,
    }
}

const fn rule_after_wait(result: Result<Opened, OpenError>) -> Rule {
    match result {
        Ok(Opened::Store) => Rule::FindStoreRunning,
        Ok(Opened::WholeAddressBook) => Rule::FindBookWhole,
        Ok(Opened::PartOfAddressBook) => Rule::FindBookInPart,
        Err(_) => Rule::FindServiceDisabled,
    }
}

pub(super) const fn opened(call: CallId, result: Result<Opened, OpenError>) -> Effect {
    Effect::Answer { call, answer: Answer::Opened(result) }
}
