//! A look at the state, which nothing can change through it.

use alloc::collections::BTreeSet;

use super::open::Opening;
use super::{Belonging, Call, Handle, Item, Sessions};
use crate::id::{CallId, ClientId, HandleId, SessionId};
use crate::view::{
    CallStage, CallView, Child, ClientView, HandleStatus, HandleView, Objects, SessionView, Stage,
};

/// What a handle has that is not live.
static NOTHING: BTreeSet<Child> = BTreeSet::new();

impl Sessions {
    /// The clients that have initialised.
    pub fn clients(&self) -> impl Iterator<Item = (ClientId, ClientView)> {
        self.clients.iter().map(|(&client, &view)| (client, view))
    }

    /// The calls that have not been answered.
    pub fn calls(&self) -> impl Iterator<Item = (CallId, CallView<'_>)> {
        self.belongings.iter().filter_map(|(&call, belonging)| {
            let stage = match &belonging.item {
                Item::Call(Call::Waiting(request)) => CallStage::Waiting { request },
                Item::Call(Call::Holding) => {
                    let holder = self.mutex.as_ref()?;
                    CallStage::Holding { request: &holder.request, stage: holder.stage }
                }
                Item::Call(Call::TimedOut) => CallStage::TimedOut,
                Item::Call(Call::ConfirmingLogoff { handle }) => {
                    CallStage::ConfirmingLogoff { handle: *handle }
                }
                &Item::Call(Call::Opening(opening)) => {
                    let Opening { session: _, handle, target, dialogs, at, series } = opening;
                    CallStage::Opening { handle, target, dialogs, at, series }
                }
                Item::Handle(_) => return None,
            };
            Some((call, CallView { client: belonging.client, stage }))
        })
    }

    /// The logons that wait for the mutex, in order of arrival.
    pub fn queue(&self) -> impl Iterator<Item = CallId> {
        self.queue.iter().copied()
    }

    /// The logon that holds the mutex.
    pub fn mutex(&self) -> Option<CallId> {
        self.mutex.as_ref().map(|holder| holder.call)
    }

    /// The handles that have not been released, the one of a logon about to be answered included.
    pub fn handles(&self) -> impl Iterator<Item = (HandleId, HandleView<'_>)> {
        self.belongings.iter().filter_map(|(&call, belonging)| {
            self.view_as_handle(belonging).map(|view| (HandleId(call), view))
        })
    }

    /// One handle, if there is one of this number that has not been released.
    pub fn handle(&self, handle: HandleId) -> Option<HandleView<'_>> {
        self.view_as_handle(self.belongings.get(&handle.0)?)
    }

    fn view_as_handle<'a>(&'a self, belonging: &'a Belonging) -> Option<HandleView<'a>> {
        let (status, children) = match &belonging.item {
            Item::Handle(Handle::Live(live)) => (HandleStatus::Live(live.seat), &live.children),
            Item::Handle(Handle::LoggedOff) => (HandleStatus::LoggedOff, &NOTHING),
            Item::Call(Call::Holding) => {
                let holder = self.mutex.as_ref()?;
                let Stage::Done(Ok(logon)) = holder.stage else { return None };
                (HandleStatus::Unanswered(holder.seat(logon.session)), &NOTHING)
            }
            Item::Call(
                Call::Waiting(_)
                | Call::TimedOut
                | Call::ConfirmingLogoff { .. }
                | Call::Opening(_),
            ) => return None,
        };
        Some(HandleView { client: belonging.client, status, objects: Objects(children) })
    }

    /// The sessions that have not ended, oldest first.
    pub fn sessions(&self) -> impl Iterator<Item = (SessionId, SessionView<'_>)> {
        self.sessions.iter().map(|(id, session)| (id, session.view()))
    }

    /// The session that the next logon joins if it may share: the oldest that can be joined.
    pub fn join_target(&self) -> Option<SessionId> {
        self.sessions.join_target()
    }
}
