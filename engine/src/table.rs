//! What a session shows of itself, and what makes its transports start.
//!
//! Apart from the choice of a default store these are no calls of the protocol's: who asks for the
//! status table makes a demand on the spooler, waits, and reads what there is. `status.rs` has what
//! is read.

use mapi_session_core as core;
use mapi_session_core::{
    Answer, Event, HandleId, Mail, ProviderId, ProviderKind, ResourceFlags, RowState, Seat,
    SessionView,
};

use crate::call::{Luggage, Returned};
use crate::errand::{self, Awaited, Bound, Ending, Errand};
use crate::error::{HandleError, SetDefaultStoreError, StatusTableError};
use crate::inside::{self, Behalf};
use crate::process::Process;
use crate::roster::Roster;
use crate::service::PlannedProvider;
use crate::shell::State;
use crate::status::{
    PrimaryIdentity, ProviderRow, ResourceMethods, ResourceType, RowOwner, StatusCode, StatusRow,
    StatusTable,
};
use crate::sync::Arc;

impl Process {
    /// Has the spooler start the transports of a handle's session, and waits for none (`ORD-06`).
    ///
    /// Through a handle without mail nothing happens (`NML-01`).
    #[doc(alias = "IMAPIStatus::FlushQueues")]
    pub fn start_transports(&self, handle: HandleId) -> Result<(), HandleError> {
        let shell = self.shell();
        let seat = shell.look(self.id(), handle, |_, seat| seat)?;
        if is_capable_of_mail(seat) {
            shell.demand(seat.session, None);
        }
        Ok(())
    }

    /// The status table as the handle sees it now, once the spooler has nothing under way to start
    /// transports (`STS-10`). Three rows are always there, one each (`INV-24`).
    ///
    /// Asking makes the spooler start them (`ORD-06`). Through a handle without mail none are seen
    /// nor waited for (`STS-11`, `INV-23`); nor are they by what the spooler itself has called,
    /// which would wait for itself.
    #[doc(alias = "IMAPISession::GetStatusTable")]
    pub fn status_table(&self, handle: HandleId) -> Result<StatusTable, StatusTableError> {
        let (client, shell) = (self.id(), self.shell());
        let seat = shell.look(client, handle, |_, seat| seat)?;
        let session = seat.session;
        let behalf = inside::on_whose_behalf(shell.identity());
        if is_capable_of_mail(seat) && behalf != Some(Behalf::Spooler(session)) {
            let errand = Errand::new(Bound::Handle(client, handle), Awaited::Spooler(session));
            let patience = self.patience();
            let withdrawal = patience.withdrawal.as_ref();
            let demand = || shell.demand(session, Some(&errand));
            match errand::run(shell, &errand, withdrawal, patience.transports, demand) {
                Ending::Done => {}
                Ending::TimedOut => return Err(StatusTableError::TimedOut),
                Ending::LoggedOff => return Err(StatusTableError::LoggedOff),
                Ending::Withdrawn => return Err(StatusTableError::Withdrawn),
            }
        }
        let rows = shell.look(client, handle, |state, seat| state.status_rows(handle, seat))?;
        Ok(StatusTable { rows })
    }

    /// Who the user of a handle's session is (`IDN-05`). Nothing is started to find that out.
    #[doc(alias = "IMAPISession::QueryIdentity")]
    pub fn query_identity(&self, handle: HandleId) -> Result<PrimaryIdentity, HandleError> {
        self.shell().look(self.id(), handle, |state, seat| {
            let rows = state.status_rows(handle, seat);
            let flagged = ResourceFlags::PRIMARY_IDENTITY;
            let (first, others): (Vec<_>, Vec<_>) =
                rows.into_iter().partition(|row| row.flags.contains(flagged));
            let mut known = first.into_iter().chain(others).filter_map(|row| match row.owner {
                RowOwner::Mapi => None,
                RowOwner::Provider { id, .. } => row.identity.map(|identity| (identity, id)),
            });
            match known.next() {
                Some((identity, provider)) => PrimaryIdentity::Known { identity, provider },
                None => PrimaryIdentity::Unknown,
            }
        })
    }

    /// The default store of a handle's session, if there is one (`DST-01`).
    pub fn default_store(&self, handle: HandleId) -> Result<Option<ProviderId>, HandleError> {
        let look = |state: &State, seat: Seat| state.session(seat).default_store;
        self.shell().look(self.id(), handle, look)
    }

    /// Makes a store the default one of a handle's session, or none (`DST-01`, `DST-05`).
    #[doc(alias = "IMAPISession::SetDefaultStore")]
    pub fn set_default_store(
        &self,
        handle: HandleId,
        store: Option<ProviderId>,
    ) -> Result<(), SetDefaultStoreError> {
        let client = self.id();
        let returned = self.call(Luggage::none(), |call| Event::SetDefaultStoreCalled {
            call,
            client,
            handle,
            store,
        });
        match returned {
            Returned::Answer(Answer::DefaultStoreSet(result)) => Ok(result?),
            Returned::Unanswered => Err(SetDefaultStoreError::Withdrawn),
            returned @ (Returned::LoggedOn(_)
            | Returned::Opened(_)
            | Returned::Used(_)
            | Returned::Advised(_)
            | Returned::Answer(_)) => returned.misfit("IMAPISession::SetDefaultStore"),
        }
    }
}

fn is_capable_of_mail(seat: Seat) -> bool {
    match seat.mail {
        Mail::Wanted => true,
        Mail::NotWanted => false,
    }
}

impl State {
    fn session(&self, seat: Seat) -> SessionView<'_> {
        self.core.session(seat.session).expect("a session with a live handle has not ended")
    }

    fn status_rows(&self, handle: HandleId, seat: Seat) -> Vec<StatusRow> {
        let (session, roster) = (self.session(seat), self.roster_at(seat));
        let rows = self.core.status_rows(handle).expect("a live handle sees a status table");
        rows.filter_map(|row| match row {
            core::StatusRow::Subsystem => {
                let name = roster.profile.name.as_str();
                Some(own(ResourceType::Subsystem, name, RowState::Available))
            }
            core::StatusRow::Spooler(state) => {
                let row = own(ResourceType::Spooler, "Spooler", state);
                // It can flush as well (`STS-07`).
                Some(StatusRow { methods: row.methods | ResourceMethods::FLUSH_QUEUES, ..row })
            }
            core::StatusRow::AddressBook => {
                Some(own(ResourceType::AddressBook, "Address Book", RowState::Available))
            }
            core::StatusRow::Provider(id, state) => provided(session, roster, id, state),
        })
        .collect()
    }
}

/// A row of MAPI's own, which can be asked to look after itself and for nothing else (`STS-07`).
fn own(resource: ResourceType, name: &str, state: RowState) -> StatusRow {
    StatusRow {
        resource,
        display_name: name.to_owned(),
        owner: RowOwner::Mapi,
        status: status(state),
        methods: ResourceMethods::VALIDATE_STATE,
        flags: ResourceFlags::empty(),
        identity: None,
    }
}

/// The row of a provider: a transport has one, others only if they made it (`STS-02`).
fn provided(
    session: SessionView<'_>,
    roster: &Arc<Roster>,
    id: ProviderId,
    state: RowState,
) -> Option<StatusRow> {
    let PlannedProvider { spec, name, .. } = roster.plan.provider(id);
    let (resource, bare) = match spec.kind {
        ProviderKind::AddressBook => (ResourceType::AddressBookProvider, None),
        ProviderKind::Store => (ResourceType::StoreProvider, None),
        ProviderKind::Transport => (ResourceType::TransportProvider, Some(name)),
    };
    let made = roster.row(id).or_else(|| bare.map(ProviderRow::new))?;
    // Only one row says so at a time, whatever profiles say (`DST-09`, `IDN-01`).
    let mut flags = spec.flags;
    flags.set(ResourceFlags::DEFAULT_STORE, session.default_store == Some(id));
    flags.set(ResourceFlags::PRIMARY_IDENTITY, session.identity == Some(id));
    Some(StatusRow {
        resource,
        display_name: made.display_name,
        owner: RowOwner::Provider { id, name: name.clone() },
        status: status(state),
        methods: made.methods,
        flags,
        identity: made.identity,
    })
}

const fn status(state: RowState) -> StatusCode {
    match state {
        RowState::Available => StatusCode::AVAILABLE,
        RowState::Failure => StatusCode::FAILURE,
    }
}
