//! A look at the state, which nothing can change through it.

use alloc::collections::BTreeSet;

use super::fast_shutdown::Query;
use super::open::Opening;
use super::session::Session;
use super::{Belonging, Call, Handle, Item, LiveHandle, Sessions};
use crate::id::{CallId, ClientId, HandleId, ProfileKey, ProviderId, SessionId};
use crate::request::Mail;
use crate::services::ProviderKind;
use crate::view::{
    CallStage, CallView, Child, ClientView, HandleStatus, HandleView, Inbox, Objects,
    ProviderStatus, RowState, SessionView, Spooler, Stage, StatusRow,
};

/// What a handle has that is not live.
static NOTHING: BTreeSet<Child> = BTreeSet::new();

impl Sessions {
    /// The clients that have initialised.
    pub fn clients(&self) -> impl Iterator<Item = (ClientId, ClientView)> {
        self.clients.iter().map(|(&client, &view)| (client, view))
    }

    /// The clients that have shut down fast and are not gone yet: no call of theirs is heard
    /// (`FSD-06`).
    pub fn dead_clients(&self) -> impl Iterator<Item = ClientId> {
        self.dead.iter().copied()
    }

    /// One client, if it has initialised.
    pub fn client(&self, client: ClientId) -> Option<ClientView> {
        self.clients.get(&client).copied()
    }

    /// The calls that have not been answered.
    pub fn calls(&self) -> impl Iterator<Item = (CallId, CallView<'_>)> {
        self.belongings
            .iter()
            .filter_map(|(&call, belonging)| self.view_as_call(belonging).map(|view| (call, view)))
    }

    /// One call, if there is one of this number that has not been answered.
    pub fn call(&self, call: CallId) -> Option<CallView<'_>> {
        self.view_as_call(self.belongings.get(&call)?)
    }

    fn view_as_call<'a>(&'a self, belonging: &'a Belonging) -> Option<CallView<'a>> {
        let stage = match &belonging.item {
            Item::Call(Call::Waiting(request)) => CallStage::Waiting { request },
            Item::Call(Call::Holding) => {
                let holder = self.mutex.as_ref()?;
                CallStage::Holding { request: &holder.request, stage: holder.stage }
            }
            Item::Call(Call::TimedOut) => CallStage::TimedOut,
            &Item::Call(Call::ConfirmingLogoff { handle, scope }) => {
                CallStage::ConfirmingLogoff { handle, scope }
            }
            &Item::Call(Call::Opening(opening)) => {
                let Opening { session: _, handle, target, dialogs, at, series } = opening;
                CallStage::Opening { handle, target, dialogs, at, series }
            }
            &Item::Call(Call::Querying(Query { session, provider, rest: _ })) => {
                CallStage::QueryingFastShutdown { session, provider }
            }
            Item::Handle(_) => return None,
        };
        Some(CallView { client: belonging.client, stage })
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
            let handle = HandleId(call);
            self.view_as_handle(handle, belonging).map(|view| (handle, view))
        })
    }

    /// One handle, if there is one of this number that has not been released.
    pub fn handle(&self, handle: HandleId) -> Option<HandleView<'_>> {
        self.view_as_handle(handle, self.belongings.get(&handle.0)?)
    }

    fn view_as_handle<'a>(
        &'a self,
        handle: HandleId,
        belonging: &'a Belonging,
    ) -> Option<HandleView<'a>> {
        let gone = |status| (status, &NOTHING, false, Inbox::default());
        let (status, children, sink, inbox) = match &belonging.item {
            Item::Handle(Handle::Live(live)) => {
                let listens = self.listeners.contains(&(live.seat.session, handle));
                (HandleStatus::Live(live.seat), &live.children, listens, live.inbox)
            }
            Item::Handle(Handle::LoggedOff) => gone(HandleStatus::LoggedOff),
            Item::Call(Call::Holding) => {
                let holder = self.mutex.as_ref()?;
                let Stage::Done(Ok(logon)) = holder.stage else { return None };
                gone(HandleStatus::Unanswered(holder.seat(logon.session)))
            }
            Item::Call(
                Call::Waiting(_)
                | Call::TimedOut
                | Call::ConfirmingLogoff { .. }
                | Call::Opening(_)
                | Call::Querying(_),
            ) => return None,
        };
        let (client, objects) = (belonging.client, Objects(children));
        Some(HandleView { client, status, objects, sink, inbox })
    }

    /// The sessions that have not ended, oldest first.
    pub fn sessions(&self) -> impl Iterator<Item = (SessionId, SessionView<'_>)> {
        self.sessions.iter().map(|(id, session)| (id, session.view()))
    }

    /// One session, if there is one of this number that has not ended.
    pub fn session(&self, session: SessionId) -> Option<SessionView<'_>> {
        self.sessions.get(session).map(Session::view)
    }

    /// How many sessions that have not ended use a profile.
    pub fn users(&self, profile: ProfileKey) -> usize {
        self.sessions.users(profile)
    }

    /// Whether a session that has not ended uses a profile: edits of it have to wait then
    /// (`ADM-10`, `ADM-14`).
    pub fn is_in_use(&self, profile: ProfileKey) -> bool {
        self.users(profile) > 0
    }

    /// The profile of the session that a live handle is on.
    pub fn profile_of(&self, handle: HandleId) -> Option<ProfileKey> {
        match self.handle(handle)?.status {
            HandleStatus::Live(seat) | HandleStatus::Unanswered(seat) => {
                Some(self.session(seat.session)?.profile)
            }
            HandleStatus::LoggedOff => None,
        }
    }

    /// The session that the next logon joins if it may share: the oldest that can be joined.
    pub fn join_target(&self) -> Option<SessionId> {
        self.sessions.join_target()
    }

    /// The status table as a handle sees it (`STS-01`, `STS-11`, `STS-13`); only a live one that
    /// its client knows of sees any.
    pub fn status_rows(&self, handle: HandleId) -> Option<impl Iterator<Item = StatusRow>> {
        let Item::Handle(Handle::Live(LiveHandle { seat, .. })) =
            self.belongings.get(&handle.0)?.item
        else {
            return None;
        };
        let session = self.sessions.get(seat.session)?;
        let spooler = match (seat.mail, session.spooler()) {
            (Mail::Wanted, Spooler::Attached) => RowState::Available,
            (Mail::Wanted, Spooler::Detached) | (Mail::NotWanted, _) => RowState::Failure,
        };
        let first = [StatusRow::Subsystem, StatusRow::Spooler(spooler), StatusRow::AddressBook];
        let providers = session.services.providers().filter_map(move |(provider, _, spec)| {
            let state = session.row_state(provider, spec.kind, seat.mail)?;
            Some(StatusRow::Provider(provider, state))
        });
        Some(first.into_iter().chain(providers))
    }
}

impl Session {
    /// What the row of a provider says to a handle, if there is one and the handle sees it: the row
    /// goes when the provider logs off (`STS-12`), and transports are for those alone that are
    /// capable of mail (`NML-02`).
    pub(super) fn row_state(
        &self,
        provider: ProviderId,
        kind: ProviderKind,
        mail: Mail,
    ) -> Option<RowState> {
        match (kind, mail) {
            (ProviderKind::Transport, Mail::NotWanted) => return None,
            (ProviderKind::Transport, Mail::Wanted)
            | (ProviderKind::AddressBook | ProviderKind::Store, _) => {}
        }
        match self.status(provider)? {
            ProviderStatus::Running => Some(RowState::Available),
            ProviderStatus::Quiesced => Some(RowState::Failure),
            ProviderStatus::NotStarted
            | ProviderStatus::Failed
            | ProviderStatus::Late
            | ProviderStatus::LoggingOff
            | ProviderStatus::ShuttingDown => None,
        }
    }
}
