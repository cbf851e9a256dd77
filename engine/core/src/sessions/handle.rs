//! Handles: logged off once, released once, usable by their owner alone.

use alloc::vec::Vec;

use super::open::opened;
use super::series::AttemptOut;
use super::{Belonging, Call, Handle, Item, LiveHandle, Sessions};
use crate::effect::{Answer, Effect, Step};
use crate::error::{LogoffError, OpenError, ReleaseError};
use crate::event::LogoffAnswer;
use crate::id::{CallId, ClientId, HandleId};
use crate::request::{Confirmation, Host, LogoffRequest};
use crate::rule::Rule;
use crate::view::{Child, Seat};

impl Sessions {
    pub(super) fn logoff_called(
        &mut self,
        call: CallId,
        client: ClientId,
        handle: HandleId,
        request: Result<LogoffRequest, LogoffError>,
    ) -> Step {
        let refuse = |rule, error| Step::new(rule, [logged_off(call, Err(error))]);
        if !self.clients.contains_key(&client) {
            return refuse(Rule::RefuseUninitialized, LogoffError::NotInitialized);
        }
        let Some(Handle::Live(live)) = self.handle_of(client, handle) else {
            return refuse(Rule::RefuseHandle, LogoffError::InvalidHandle);
        };
        let LogoffRequest { confirmation } = match request {
            Ok(request) => request,
            Err(error) => return refuse(Rule::RefuseLogoffArguments, error),
        };
        match (confirmation, live.seat.host) {
            (Confirmation::Ask, Host::Application) => {
                live.children.insert(Child::Confirmation(call));
                self.add(call, client, Item::Call(Call::ConfirmingLogoff { handle }));
                Step::new(Rule::AskToConfirmLogoff, [Effect::ConfirmLogoff { call, handle }])
            }
            (Confirmation::Ask, Host::WindowsService)
            | (Confirmation::Skip, Host::Application | Host::WindowsService) => {
                self.log_off(call, handle, Rule::LogOff)
            }
        }
    }

    pub(super) fn logoff_answered(&mut self, call: CallId, answer: LogoffAnswer) -> Step {
        let Some(&Belonging { item: Item::Call(Call::ConfirmingLogoff { handle }), .. }) =
            self.belongings.get(&call)
        else {
            return Step::quiet(Rule::IgnoreStale);
        };
        self.stop_confirming(call, handle);
        match answer {
            LogoffAnswer::Confirmed => self.log_off(call, handle, Rule::LogOffConfirmed),
            LogoffAnswer::Unavailable => self.log_off(call, handle, Rule::LogOffUnasked),
            LogoffAnswer::Declined => {
                Step::new(Rule::DeclineLogoff, [logged_off(call, Err(LogoffError::Cancelled))])
            }
        }
    }

    pub(super) fn close_confirmation(&mut self, call: CallId, handle: HandleId) -> Step {
        self.stop_confirming(call, handle);
        Step::new(
            Rule::CloseConfirmationAtDeadline,
            [Effect::WithdrawPrompt { call }, logged_off(call, Err(LogoffError::Cancelled))],
        )
    }

    pub(super) fn release_called(
        &mut self,
        call: CallId,
        client: ClientId,
        handle: HandleId,
    ) -> Step {
        let answer = |result| Effect::Answer { call, answer: Answer::Released(result) };
        if !self.clients.contains_key(&client) {
            let error = ReleaseError::NotInitialized;
            return Step::new(Rule::RefuseUninitialized, [answer(Err(error))]);
        }
        let Some(released) = self.handle_of(client, handle) else {
            return Step::new(Rule::RefuseHandle, [answer(Err(ReleaseError::InvalidHandle))]);
        };
        let (rule, mut effects) = match core::mem::replace(released, Handle::LoggedOff) {
            Handle::Live(live) => (Rule::ReleaseLive, self.vacate(handle, live)),
            Handle::LoggedOff => (Rule::ReleaseLoggedOff, Vec::new()),
        };
        self.remove(handle.0);
        effects.push(answer(Ok(())));
        Step { rule, effects }
    }

    /// Logs a live handle off and answers the call that asked for it.
    fn log_off(&mut self, call: CallId, handle: HandleId, rule: Rule) -> Step {
        let (_, place) =
            self.handle_mut(handle).expect("a handle is not released before its logoff");
        let Handle::Live(live) = core::mem::replace(place, Handle::LoggedOff) else {
            panic!("{handle} is logged off twice");
        };
        let mut effects = self.vacate(handle, live);
        effects.push(logged_off(call, Ok(())));
        Step { rule, effects }
    }

    /// Gives up what a live handle had: what it had opened, the calls on it that still wait, which
    /// answer at once (`LGF-18`), and its place in the session.
    pub(super) fn vacate(&mut self, handle: HandleId, live: LiveHandle) -> Vec<Effect> {
        let LiveHandle { seat: Seat { session, .. }, children } = live;
        let mut effects = Vec::new();
        for child in children {
            match child {
                Child::Open(call) => {
                    let opening = self.opening(call).expect("a handle knows its open call");
                    self.remove(call);
                    self.abandon_open(call, opening, AttemptOut::ComesBack, &mut effects);
                    effects.push(opened(call, Err(OpenError::LoggedOff)));
                }
                Child::Confirmation(call) => {
                    self.remove(call);
                    effects.push(Effect::WithdrawPrompt { call });
                    effects.push(logged_off(call, Err(LogoffError::InvalidHandle)));
                }
                Child::AddressBook => {}
                Child::Store(store) => self.claims.close_store(session, store, handle),
            }
        }
        effects.extend(self.sessions.leave(session));
        effects
    }

    fn stop_confirming(&mut self, call: CallId, handle: HandleId) {
        self.remove(call);
        self.forget_child(handle, Child::Confirmation(call));
    }

    /// Takes from a live handle what is no longer its.
    pub(super) fn forget_child(&mut self, handle: HandleId, child: Child) {
        let live = self.live_handle(handle).expect("nothing of a handle outlives it");
        let known = live.children.remove(&child);
        assert!(known, "{handle} did not know of {child:?}");
    }

    /// The handle, if it is this client's and its logon has been answered (`THR-03`).
    pub(super) fn handle_of(&mut self, client: ClientId, handle: HandleId) -> Option<&mut Handle> {
        let (owner, handle) = self.handle_mut(handle)?;
        (owner == client).then_some(handle)
    }

    pub(super) fn live_handle(&mut self, handle: HandleId) -> Option<&mut LiveHandle> {
        match self.handle_mut(handle)? {
            (_, Handle::Live(live)) => Some(live),
            (_, Handle::LoggedOff) => None,
        }
    }

    fn handle_mut(&mut self, handle: HandleId) -> Option<(ClientId, &mut Handle)> {
        let Belonging { client, item } = self.belongings.get_mut(&handle.0)?;
        match item {
            Item::Handle(handle) => Some((*client, handle)),
            Item::Call(_) => None,
        }
    }
}

const fn logged_off(call: CallId, result: Result<(), LogoffError>) -> Effect {
    Effect::Answer { call, answer: Answer::LoggedOff(result) }
}
