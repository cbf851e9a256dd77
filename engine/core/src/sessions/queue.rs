//! Waiting for the mutex: one logon has it, the others stand in line (`MTX-01`, `MTX-03`).

use alloc::collections::BTreeSet;

use super::holder::Holder;
use super::{Belonging, Call, Handle, Item, LiveHandle, Sessions};
use crate::answer::{Answer, Logon};
use crate::effect::{Effect, Step};
use crate::error::LogonError;
use crate::id::{CallId, ClientId};
use crate::request::{LogonRequest, Wait};
use crate::rule::Rule;
use crate::view::{ClientView, Inbox, Stage};

impl Sessions {
    pub(super) fn logon_called(
        &mut self,
        call: CallId,
        client: ClientId,
        inside: Option<CallId>,
        request: Result<LogonRequest, LogonError>,
    ) -> Step {
        let Some(&ClientView { host, .. }) = self.clients.get(&client) else {
            let error = LogonError::NotInitialized;
            return Step::new(Rule::RefuseUninitialized, [refused(call, error)]);
        };
        let taken_back = self.take_standing_back(client);
        let request = request.map(|request| request.made_by(host));
        self.enter_queue(call, client, inside, request).preceded_by(taken_back)
    }

    fn enter_queue(
        &mut self,
        call: CallId,
        client: ClientId,
        inside: Option<CallId>,
        request: Result<LogonRequest, LogonError>,
    ) -> Step {
        let request = match request {
            Ok(request) => request,
            Err(error) => return Step::new(Rule::RefuseLogonArguments, [refused(call, error)]),
        };
        if inside.is_some() && inside == self.mutex() {
            return Step::new(Rule::RefuseNestedLogon, [refused(call, LogonError::Nested)]);
        }
        let at_once = self.mutex.is_none() && self.queue.is_empty();
        let step = match request.wait {
            Wait::Short if !at_once => {
                Step::new(Rule::QueueImpatientLogon, [Effect::StartTimer { call }])
            }
            Wait::Short | Wait::Unbounded => Step::quiet(Rule::QueueLogon),
        };
        self.add(call, client, Item::Call(Call::Waiting(request)));
        self.queue.push_back(call);
        step
    }

    pub(super) fn short_wait_ended(&mut self, call: CallId) -> Step {
        match self.belongings.get(&call).map(|belonging| &belonging.item) {
            Some(Item::Call(Call::Waiting(request))) if request.wait == Wait::Short => {
                self.end_wait(call, Rule::EndShortWait)
            }
            Some(Item::Call(_) | Item::Handle(_)) | None => Step::quiet(Rule::IgnoreStale),
        }
    }

    pub(super) fn deadline_passed(&mut self, call: CallId) -> Step {
        match self.belongings.get(&call).map(|belonging| &belonging.item) {
            Some(Item::Call(Call::Waiting(_))) => self.end_wait(call, Rule::EndWaitAtDeadline),
            Some(Item::Call(Call::Holding)) => {
                let holder = self.mutex.as_mut().expect("a call that holds the mutex is at it");
                holder.deadline_passed(&mut self.sessions)
            }
            Some(Item::Call(Call::TimedOut)) => Step::quiet(Rule::IgnoreDeadline),
            Some(&Item::Call(Call::ConfirmingLogoff { handle, .. })) => {
                self.close_confirmation(call, handle)
            }
            Some(&Item::Call(Call::Opening(opening))) => self.open_too_long(call, opening),
            Some(Item::Call(Call::Querying(_))) => self.query_too_long(call),
            Some(Item::Handle(_)) | None => Step::quiet(Rule::IgnoreStale),
        }
    }

    /// Takes a logon out of the queue and has it answered, unless its turn has come.
    fn end_wait(&mut self, call: CallId, rule: Rule) -> Step {
        if self.next_to_acquire() == Some(call) {
            return Step::quiet(Rule::KeepTurn);
        }
        self.leave_queue(call);
        self.replace(call, Item::Call(Call::TimedOut));
        Step::new(rule, [Effect::Continue { call }])
    }

    pub(super) fn continued(&mut self, call: CallId) -> Step {
        if self.next_to_acquire() == Some(call) {
            return self.acquire();
        }
        match self.belongings.get(&call).map(|belonging| &belonging.item) {
            Some(Item::Call(Call::Holding)) => self.holder_continued(),
            Some(Item::Call(Call::TimedOut)) => {
                self.remove(call);
                let answer = Answer::LoggedOn(Err(LogonError::TimedOut));
                Step::new(Rule::AnswerTimedOut, [Effect::Answer { call, answer }])
            }
            Some(&Item::Call(Call::Opening(opening))) => self.open_continued(call, opening),
            Some(Item::Call(
                Call::Waiting(_) | Call::ConfirmingLogoff { .. } | Call::Querying(_),
            ))
            | Some(Item::Handle(_))
            | None => Step::quiet(Rule::IgnoreStale),
        }
    }

    fn acquire(&mut self) -> Step {
        assert!(self.mutex.is_none(), "the mutex is taken from {:?}", self.mutex);
        let call = self.queue.pop_front().expect("a logon acquires at the head of the queue");
        let Item::Call(Call::Waiting(request)) = self.replace(call, Item::Call(Call::Holding))
        else {
            panic!("{call} was in the queue, but did not wait");
        };
        self.mutex = Some(Holder { call, request, stage: Stage::Decide });
        Step::new(Rule::AcquireMutex, [Effect::Continue { call }])
    }

    fn holder_continued(&mut self) -> Step {
        let holder = self.mutex.as_mut().expect("a call that holds the mutex is at it");
        match holder.stage {
            Stage::Decide => holder.decide(&mut self.sessions),
            Stage::Pick => holder.pick_unasked(),
            Stage::Credentials { .. } => holder.pass_unchecked(),
            Stage::Done(result) => self.answer_logon(result),
            Stage::Finish => holder.open(&mut self.sessions),
            Stage::AskProfile
            | Stage::AskPassword { .. }
            | Stage::Build { .. }
            | Stage::Show(_)
            | Stage::Series(_) => Step::quiet(Rule::IgnoreStale),
        }
    }

    /// Returns from the logon that holds the mutex; from here on its handle can be used (`THR-02`).
    fn answer_logon(&mut self, result: Result<Logon, LogonError>) -> Step {
        let holder = self.mutex.take().expect("a logon that is done holds the mutex");
        let call = holder.call;
        let call_was = match result {
            Ok(logon) => {
                let seat = holder.seat(logon.session);
                let live = LiveHandle { seat, children: BTreeSet::new(), inbox: Inbox::default() };
                let call_was = self.replace(call, Item::Handle(Handle::Live(live)));
                let client = self.belongings.get(&call).map(|belonging| belonging.client);
                self.ask_in_turn(client.expect("a handle is of a client"), logon.session);
                call_was
            }
            Err(_) => self.remove(call),
        };
        assert_eq!(call_was, Item::Call(Call::Holding), "{call} held the mutex unawares");
        Step::new(Rule::AnswerLogon, [Effect::Answer { call, answer: Answer::LoggedOn(result) }])
    }

    /// The one logon that can acquire: the head of the queue of a free mutex.
    pub(super) fn next_to_acquire(&self) -> Option<CallId> {
        match self.mutex {
            Some(_) => None,
            None => self.queue.front().copied(),
        }
    }

    pub(super) fn leave_queue(&mut self, call: CallId) {
        let place = self.queue.iter().position(|&waiting| waiting == call);
        self.queue.remove(place.expect("a logon that waits is in the queue"));
    }

    /// Makes something else of what a client has, and returns what it was.
    pub(super) fn replace(&mut self, call: CallId, item: Item) -> Item {
        let Belonging { client: _, item: place } =
            self.belongings.get_mut(&call).expect("only what a client has is made something else");
        core::mem::replace(place, item)
    }
}

const fn refused(call: CallId, error: LogonError) -> Effect {
    Effect::Answer { call, answer: Answer::LoggedOn(Err(error)) }
}
