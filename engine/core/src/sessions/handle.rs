//! Handles: logged off once, released once, usable by their owner alone.

use alloc::vec::Vec;

use super::live::Ending;
use super::open::opened;
use super::series::AttemptOut;
use super::{Belonging, Call, Handle, Item, LiveHandle, Sessions};
use crate::answer::Answer;
use crate::effect::{Effect, Notification, Step};
use crate::error::{LogoffError, OpenError, ReleaseError};
use crate::event::LogoffAnswer;
use crate::id::{CallId, ClientId, HandleId};
use crate::request::{Confirmation, Host, LogoffRequest, LogoffScope};
use crate::rule::Rule;
use crate::view::{Child, Seat};

/// What the user has said to a logoff.
#[derive(Clone, Copy)]
enum Consent {
    /// Nothing: the user was not to be asked.
    Unneeded,
    /// Yes.
    Given,
    /// Nothing: the user could not be asked (`CAN-04`).
    Presumed,
}

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
        let LogoffRequest { confirmation, scope } = match request {
            Ok(request) => request,
            Err(error) => return refuse(Rule::RefuseLogoffArguments, error),
        };
        match (confirmation, live.seat.host) {
            (Confirmation::Ask, Host::Application) => {
                live.children.insert(Child::Confirmation(call));
                self.add(call, client, Item::Call(Call::ConfirmingLogoff { handle, scope }));
                Step::new(Rule::AskToConfirmLogoff, [Effect::ConfirmLogoff { call, handle }])
            }
            (Confirmation::Ask, Host::WindowsService)
            | (Confirmation::Skip, Host::Application | Host::WindowsService) => {
                self.log_off(call, handle, scope, Consent::Unneeded)
            }
        }
    }

    pub(super) fn logoff_answered(&mut self, call: CallId, answer: LogoffAnswer) -> Step {
        let Some(&Belonging { item: Item::Call(Call::ConfirmingLogoff { handle, scope }), .. }) =
            self.belongings.get(&call)
        else {
            return Step::quiet(Rule::IgnoreStale);
        };
        self.stop_confirming(call, handle);
        match answer {
            LogoffAnswer::Confirmed => self.log_off(call, handle, scope, Consent::Given),
            LogoffAnswer::Unavailable => self.log_off(call, handle, scope, Consent::Presumed),
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
        let was = core::mem::replace(released, Handle::LoggedOff);
        let mut effects = Vec::from_iter(self.end_query_without_handle(client));
        let rule = match was {
            Handle::Live(live) => {
                let session = live.seat.session;
                self.vacate(handle, live, Ending::InOrder, &mut effects);
                self.tell(session, Notification::Extended, &mut effects);
                Rule::ReleaseLive
            }
            Handle::LoggedOff => Rule::ReleaseLoggedOff,
        };
        self.remove(handle.0);
        effects.push(answer(Ok(())));
        Step { rule, effects }
    }

    /// Logs a live handle off, tells those who stay (`NTF-03`), and answers the call that asked for
    /// it. If it asks everyone to go, they are told that too (`NTF-02`).
    fn log_off(
        &mut self,
        call: CallId,
        handle: HandleId,
        scope: LogoffScope,
        consent: Consent,
    ) -> Step {
        let (client, place) =
            self.handle_mut(handle).expect("a handle is logged off, then released");
        let Handle::Live(live) = core::mem::replace(place, Handle::LoggedOff) else {
            panic!("{handle} is logged off twice");
        };
        let session = live.seat.session;
        let everyone = match scope {
            LogoffScope::Own => false,
            LogoffScope::Shared => self.sessions.close(session),
        };
        let mut effects = Vec::from_iter(self.end_query_without_handle(client));
        self.vacate(handle, live, Ending::InOrder, &mut effects);
        self.tell(session, Notification::Extended, &mut effects);
        if everyone {
            self.tell(session, Notification::CriticalError, &mut effects);
        }
        effects.push(logged_off(call, Ok(())));
        let rule = match (consent, everyone) {
            (Consent::Unneeded, false) => Rule::LogOff,
            (Consent::Unneeded, true) => Rule::LogOffShared,
            (Consent::Given, false) => Rule::LogOffConfirmed,
            (Consent::Given, true) => Rule::LogOffSharedConfirmed,
            (Consent::Presumed, false) => Rule::LogOffUnasked,
            (Consent::Presumed, true) => Rule::LogOffSharedUnasked,
        };
        Step { rule, effects }
    }

    /// Gives up what a live handle had: what it had opened, the calls on it that still wait, which
    /// answer at once (`LGF-18`), and its place in the session. Others are told by the caller, when
    /// all have left that leave in this step.
    pub(super) fn vacate(
        &mut self,
        handle: HandleId,
        live: LiveHandle,
        ending: Ending,
        effects: &mut Vec<Effect>,
    ) {
        let LiveHandle { seat: Seat { session, mail, .. }, children, .. } = live;
        self.stop_listening(session, handle);
        for child in children {
            match child {
                Child::Open(call) => {
                    let opening = self.opening(call).expect("a handle knows its open call");
                    self.remove(call);
                    self.abandon_open(call, opening, AttemptOut::ComesBack, effects);
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
        self.sessions.leave(session, mail, ending, effects);
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
