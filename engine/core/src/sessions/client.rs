//! Clients, from their first initialisation to their last; and what becomes of calls and handles
//! that nobody wants any more, because they are withdrawn or their client is gone.

use alloc::collections::btree_map::Entry;
use alloc::vec::Vec;
use core::num::NonZeroU64;

use super::live::Ending;
use super::series::AttemptOut;
use super::{Belonging, Call, Handle, Item, Sessions};
use crate::answer::Answer;
use crate::effect::{Effect, Notification, Step};
use crate::error::InitError;
use crate::id::{CallId, ClientId, HandleId, SessionId};
use crate::request::InitRequest;
use crate::rule::Rule;
use crate::view::{Child, ClientView, Seat, Series, SeriesStage, Stage, Standing};

impl Sessions {
    pub(super) fn initialize_called(
        &mut self,
        call: CallId,
        client: ClientId,
        request: Result<InitRequest, InitError>,
    ) -> Step {
        let answer = |result| Effect::Answer { call, answer: Answer::Initialized(result) };
        if self.dead.contains(&client) {
            return Step::new(Rule::RefuseDeadClient, [answer(Err(InitError::ShutDown))]);
        }
        let InitRequest { host } = match request {
            Ok(request) => request,
            Err(error) => return Step::new(Rule::RefuseInitialize, [answer(Err(error))]),
        };
        let rule = match self.clients.entry(client) {
            Entry::Vacant(vacant) => {
                let standing = Standing::Unasked;
                vacant.insert(ClientView { count: NonZeroU64::MIN, host, standing });
                Rule::Initialize
            }
            Entry::Occupied(mut known) => {
                let count = &mut known.get_mut().count;
                *count = count.saturating_add(1);
                Rule::InitializeAgain
            }
        };
        Step::new(rule, [answer(Ok(()))])
    }

    pub(super) fn uninitialize_called(&mut self, call: CallId, client: ClientId) -> Step {
        let answer = Effect::Answer { call, answer: Answer::Uninitialized };
        let Some(known) = self.clients.get_mut(&client) else {
            return Step::new(Rule::UninitializeTooOften, [answer]);
        };
        if let Some(rest) = NonZeroU64::new(known.count.get() - 1) {
            known.count = rest;
            return Step::new(Rule::Uninitialize, [answer]);
        }
        let Farewell { dropped_calls, mut effects } = self.forget_client(client, Departure::Crash);
        effects.push(answer);
        let rule =
            if dropped_calls == 0 { Rule::UninitializeLast } else { Rule::UninitializeAmidCalls };
        Step { rule, effects }
    }

    pub(super) fn client_crashed(&mut self, client: ClientId) -> Step {
        if self.dead.remove(&client) {
            return Step::quiet(Rule::ForgetDeadClient);
        }
        if !self.clients.contains_key(&client) {
            return Step::quiet(Rule::IgnoreStale);
        }
        let Farewell { dropped_calls: _, effects } = self.forget_client(client, Departure::Crash);
        Step { rule: Rule::CrashClient, effects }
    }

    pub(super) fn call_withdrawn(&mut self, call: CallId) -> Step {
        let rule = match self.belongings.get(&call).map(|belonging| &belonging.item) {
            Some(Item::Call(Call::Holding)) => self.withdrawal_of_holder(),
            Some(Item::Call(Call::Waiting(_) | Call::TimedOut)) => Rule::WithdrawLogon,
            Some(Item::Call(Call::ConfirmingLogoff { .. })) => Rule::WithdrawLogoff,
            Some(Item::Call(Call::Opening(opening))) => opening.withdrawal(),
            Some(Item::Call(Call::Querying(_))) => return self.withdraw_query(call),
            Some(Item::Handle(_)) | None => return Step::quiet(Rule::IgnoreStale),
        };
        let Item::Call(dropped) = self.remove(call) else {
            panic!("{call} became a handle while it was withdrawn");
        };
        let mut effects = Vec::new();
        if let Some(session) = self.drop_call(call, dropped, Departure::Withdrawal, &mut effects) {
            self.tell(session, Notification::Extended, &mut effects);
        }
        Step { rule, effects }
    }

    fn withdrawal_of_holder(&self) -> Rule {
        let holder = self.mutex.as_ref().expect("a call that holds the mutex is at it");
        match holder.stage {
            Stage::Series(Series { stage: SeriesStage::Attempt(_), .. }) => {
                Rule::WithdrawStartingLogon
            }
            Stage::Series(Series { stage: SeriesStage::Entry | SeriesStage::Prompt, .. })
            | Stage::Show(_)
            | Stage::Finish => Rule::WithdrawBuildingLogon,
            Stage::Decide
            | Stage::Pick
            | Stage::AskProfile
            | Stage::Credentials { .. }
            | Stage::AskPassword { .. }
            | Stage::Build { .. }
            | Stage::Done(Err(_)) => Rule::WithdrawLogon,
            Stage::Done(Ok(_)) => Rule::WithdrawSettledLogon,
        }
    }

    /// Drops everything that a client has: its calls go unanswered, then its handles are logged off
    /// and released (`LGF-13`). Those who stay are told of each handle that was live (`NTF-03`).
    pub(super) fn forget_client(&mut self, client: ClientId, departure: Departure) -> Farewell {
        self.clients.remove(&client);
        let mut farewell = Farewell { dropped_calls: 0, effects: Vec::new() };
        let effects = &mut farewell.effects;
        let own: Vec<CallId> = self.own(client).collect();
        let is_call = |belonging: &Belonging| matches!(belonging.item, Item::Call(_));
        let (calls, handles): (Vec<_>, Vec<_>) =
            own.into_iter().partition(|call| self.belongings.get(call).is_some_and(is_call));
        farewell.dropped_calls = calls.len();
        let mut left = Vec::new();
        for call in calls {
            if let Item::Call(dropped) = self.remove(call) {
                left.extend(self.drop_call(call, dropped, departure, effects));
            }
        }
        for handle in handles {
            if let Item::Handle(Handle::Live(live)) = self.remove(handle) {
                left.push(live.seat.session);
                self.vacate(HandleId(handle), live, departure.ending(), effects);
            }
        }
        match departure.ending() {
            Ending::InOrder => {}
            Ending::AtOnce => self.end_at_once(&left, effects),
        }
        for session in left {
            self.tell(session, Notification::Extended, effects);
        }
        farewell
    }

    /// The numbers of the calls and handles that a client has.
    pub(super) fn own(&self, client: ClientId) -> impl Iterator<Item = CallId> {
        let first = (client, CallId(u64::MIN));
        let last = (client, CallId(u64::MAX));
        self.owners.range(first..=last).map(|&(_, call)| call)
    }

    /// Undoes what a call has brought about, now that it belongs to nobody. Says which session has
    /// lost a live handle by that, if one has.
    fn drop_call(
        &mut self,
        call: CallId,
        dropped: Call,
        departure: Departure,
        effects: &mut Vec<Effect>,
    ) -> Option<SessionId> {
        let attempt = departure.attempt();
        match dropped {
            Call::Waiting(_) => self.leave_queue(call),
            Call::Holding => {
                let holder = self.mutex.take().expect("a call that holds the mutex is at it");
                assert_eq!(holder.call, call, "another logon is at the mutex");
                let Seat { session, mail, .. } =
                    holder.dropped(&mut self.sessions, attempt, effects)?;
                self.sessions.leave(session, mail, departure.ending(), effects);
                return Some(session);
            }
            Call::TimedOut => {}
            Call::ConfirmingLogoff { handle, scope: _ } => {
                self.forget_child(handle, Child::Confirmation(call));
                effects.push(Effect::WithdrawPrompt { call });
            }
            Call::Opening(opening) => {
                self.forget_child(opening.handle, Child::Open(call));
                self.abandon_open(call, opening, attempt, effects);
            }
            // What it asks for goes with the client.
            Call::Querying(_) => {}
        }
        None
    }
}

/// What a client leaves behind.
pub(super) struct Farewell {
    dropped_calls: usize,
    pub(super) effects: Vec<Effect>,
}

/// Why a call goes unanswered.
#[derive(Clone, Copy)]
pub(super) enum Departure {
    /// Its caller does not want it any more (`CAN-01`).
    Withdrawal,
    /// Its client is gone, without a word or with its last one (`LGF-13`).
    Crash,
    /// Its client shuts down fast (`FSD-09`).
    FastShutdown,
}

impl Departure {
    const fn attempt(self) -> AttemptOut {
        match self {
            Self::Withdrawal => AttemptOut::ComesBack,
            Self::Crash | Self::FastShutdown => AttemptOut::DiesWithClient,
        }
    }

    const fn ending(self) -> Ending {
        match self {
            Self::Withdrawal | Self::Crash => Ending::InOrder,
            Self::FastShutdown => Ending::AtOnce,
        }
    }
}
