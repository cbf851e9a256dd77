//! Clients, from their first initialisation to their last; and what becomes of calls and handles
//! that nobody wants any more, because they are withdrawn or their client is gone.

use alloc::collections::btree_map::Entry;
use alloc::vec::Vec;
use core::num::NonZeroU64;

use super::{Call, Handle, Item, Sessions};
use crate::effect::{Answer, Effect, Step};
use crate::error::InitError;
use crate::id::{CallId, ClientId};
use crate::request::InitRequest;
use crate::rule::Rule;
use crate::view::ClientView;

/// What becomes of an order to start providers when its logon is dropped.
#[derive(Clone, Copy)]
pub(super) enum StartOrder {
    /// It is still carried out, and reported.
    ComesBack,
    /// It dies with the client on whose behalf it was given.
    DiesWithClient,
}

impl Sessions {
    pub(super) fn initialize_called(
        &mut self,
        call: CallId,
        client: ClientId,
        request: Result<InitRequest, InitError>,
    ) -> Step {
        let answer = |result| Effect::Answer { call, answer: Answer::Initialized(result) };
        let InitRequest { host } = match request {
            Ok(request) => request,
            Err(error) => return Step::new(Rule::RefuseInitialize, [answer(Err(error))]),
        };
        let rule = match self.clients.entry(client) {
            Entry::Vacant(vacant) => {
                vacant.insert(ClientView { count: NonZeroU64::MIN, host });
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
        let Farewell { dropped_calls, mut effects } = self.forget_client(client);
        effects.push(answer);
        let rule =
            if dropped_calls == 0 { Rule::UninitializeLast } else { Rule::UninitializeAmidCalls };
        Step { rule, effects }
    }

    pub(super) fn client_crashed(&mut self, client: ClientId) -> Step {
        if !self.clients.contains_key(&client) {
            return Step::quiet(Rule::IgnoreStale);
        }
        let Farewell { dropped_calls: _, effects } = self.forget_client(client);
        Step { rule: Rule::CrashClient, effects }
    }

    pub(super) fn call_withdrawn(&mut self, call: CallId) -> Step {
        let rule = match self.belongings.get(&call).map(|belonging| &belonging.item) {
            Some(Item::Call(Call::Holding)) if self.is_starting() => Rule::WithdrawStartingLogon,
            Some(Item::Call(Call::Waiting(_) | Call::Holding | Call::TimedOut)) => {
                Rule::WithdrawLogon
            }
            Some(Item::Call(Call::ConfirmingLogoff { .. })) => Rule::WithdrawLogoff,
            Some(Item::Handle(_)) | None => return Step::quiet(Rule::IgnoreStale),
        };
        let Item::Call(dropped) = self.remove(call) else {
            panic!("{call} became a handle while it was withdrawn");
        };
        let mut effects = Vec::new();
        self.drop_call(call, dropped, StartOrder::ComesBack, &mut effects);
        Step { rule, effects }
    }

    /// Drops everything that a client has: its calls go unanswered, its handles are logged off and
    /// released (`LGF-13`).
    fn forget_client(&mut self, client: ClientId) -> Farewell {
        self.clients.remove(&client);
        let first = (client, CallId(u64::MIN));
        let last = (client, CallId(u64::MAX));
        let own: Vec<CallId> = self.owners.range(first..=last).map(|&(_, call)| call).collect();
        let mut farewell = Farewell { dropped_calls: 0, effects: Vec::new() };
        let effects = &mut farewell.effects;
        for call in own {
            match self.remove(call) {
                Item::Call(dropped) => {
                    farewell.dropped_calls += 1;
                    self.drop_call(call, dropped, StartOrder::DiesWithClient, effects);
                }
                Item::Handle(Handle::Live(live)) => {
                    effects.extend(self.sessions.leave(live.seat.session));
                }
                Item::Handle(Handle::LoggedOff) => {}
            }
        }
        farewell
    }

    /// Undoes what a call has brought about, now that it belongs to nobody.
    fn drop_call(
        &mut self,
        call: CallId,
        dropped: Call,
        start: StartOrder,
        effects: &mut Vec<Effect>,
    ) {
        match dropped {
            Call::Waiting(_) => self.leave_queue(call),
            Call::Holding => {
                let holder = self.mutex.take().expect("a call that holds the mutex is at it");
                assert_eq!(holder.call, call, "another logon is at the mutex");
                effects.extend(holder.dropped(&mut self.sessions, start));
            }
            Call::TimedOut => {}
            Call::ConfirmingLogoff { handle } => {
                // The handle may have gone before, if all of its client goes.
                if let Some(live) = self.live_handle(handle) {
                    live.confirmations.remove(&call);
                }
                effects.push(Effect::WithdrawPrompt { call });
            }
        }
    }
}

/// What a client leaves behind.
struct Farewell {
    dropped_calls: usize,
    effects: Vec<Effect>,
}
