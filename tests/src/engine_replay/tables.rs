//! What handles see of their sessions: the engine's status tables, held against the model's.
//!
//! Who asks for a table makes a demand. After each step every handle is asked for its table by
//! which the demand would change nothing: those without mail, and those with no transport left to
//! start. A demand of the trace is made by asking for the table, or just for the transports; whoever
//! has asked for the table gets it when the spooler has nothing under way any more, or nothing at
//! all if the handle goes before.

use std::{
    sync::Arc,
    thread::{self, ThreadId},
};

use mapi_session::{
    HandleId, Identity, PrimaryIdentity, Process, ProviderId, ProviderRow, ResourceFlags,
    ResourceType, RowOwner, SessionId, StatusCode, StatusTable, StatusTableError,
};
use mapi_session_core::Rule;
use mapi_session_model::{
    Action, Handle, Holder, Name, Provider, ProviderKind, RowState, Session, State, StatusRow,
};

use super::{
    Reason,
    replay::{Replay, Trouble},
};

/// Somebody who has asked for a status table.
pub(super) struct Asking {
    thread: ThreadId,
    handle: Name,
    session: Name,
}

/// The row that the provider in this place makes when it logs on: every second makes one.
pub(super) fn row_of(provider: ProviderId) -> Option<ProviderRow> {
    let row = ProviderRow::new(format!("row of {}", provider.0));
    let who = || Identity {
        display_name: format!("user of {}", provider.0),
        entry_id: Vec::new(),
        search_key: Vec::new(),
    };
    match (provider.0.is_multiple_of(2), says_who(provider)) {
        (false, _) => None,
        (true, false) => Some(row),
        (true, true) => Some(row.identity(who())),
    }
}

/// Whether its row says who the user is, as every second of them does.
const fn says_who(provider: ProviderId) -> bool {
    provider.0.is_multiple_of(4)
}

/// A row, as far as it follows from the model.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Row {
    resource: ResourceType,
    provider: Option<ProviderId>,
    status: StatusCode,
    /// Of the flags that one row at most has: those of the default store and of the identity.
    flags: ResourceFlags,
}

impl Replay<'_> {
    /// Somebody whose handle has mail asks for the transports, every second time for the table; if
    /// there is nobody, a provider does.
    pub(super) fn demand(&mut self, session: Name) -> Result<u64, Trouble> {
        let handle = self.seats(&self.state).find(|it| it.session == session && it.has_mail);
        let thread = match handle.map(|it| it.name) {
            Some(handle) if self.steps.is_multiple_of(2) => {
                let thread = self.ask(handle)?;
                self.waiting.push(Asking { thread, handle, session });
                thread
            }
            Some(handle) => {
                let (process, handle) = self.who_asks(handle)?;
                self.stage.spawn(move || {
                    let demanded = process.start_transports(handle);
                    demanded.expect("the handle is live and has mail");
                })
            }
            None => {
                let session = SessionId(self.bearer(session, Reason::NobodyDemands)?);
                let environment = self.troupe.environment.clone();
                self.stage.spawn(move || environment.start_transports(session))
            }
        };
        self.held_on(thread)
    }

    /// After a step: what can be seen is what the model has, and who waits for it gets it in time.
    pub(super) fn compare_tables(&mut self, after: &State) -> Result<(), Trouble> {
        for asking in std::mem::take(&mut self.waiting) {
            let session = after.session(asking.session);
            let is_live = after.session_of(asking.handle) == Some(asking.session);
            if is_live && session.is_some_and(|its| its.transport.is_some()) {
                self.waiting.push(asking);
                continue;
            }
            match (self.given_to(asking.thread)?, is_live) {
                (Ok(table), true) => self.compare(after, asking.handle, &table)?,
                (Err(StatusTableError::LoggedOff | StatusTableError::Withdrawn), false) => {}
                (other, _) => {
                    let handle = asking.handle;
                    return Err(Trouble::differs(format!("the table of {handle} is {other:?}")));
                }
            }
        }
        let early = self.stage.look(|scene| scene.tables.pop());
        if let Some((_, early)) = early {
            return Err(Trouble::differs(format!("nobody waits for the spooler: {early:?}")));
        }
        for Seat { name, session, has_mail } in self.seats(after).collect::<Vec<_>>() {
            self.compare_roles(after, name, session)?;
            let demand = Action::Demand { session };
            if !has_mail {
                let (process, handle) = self.who_asks(name)?;
                let table = process.status_table(handle);
                let table = table.map_err(|it| Trouble::differs(format!("of {name}: {it}")))?;
                self.compare(after, name, &table)?;
            } else if self.world.next(after, demand).after == *after
                && after.session(session).is_some_and(|its| its.transport.is_none())
            {
                let table = self.ask_in_vain(name)?;
                self.compare(after, name, &table)?;
            }
        }
        Ok(())
    }

    /// Asks for a table by which the demand that goes with it comes to nothing.
    fn ask_in_vain(&mut self, handle: Name) -> Result<StatusTable, Trouble> {
        let thread = self.ask(handle)?;
        let ticket = self.held_on(thread)?;
        let event = self.stage.look(|scene| {
            let held = scene.held.iter().find(|held| held.ticket == ticket);
            held.map(|held| held.event.clone())
        });
        let event = event.ok_or_else(|| Trouble::stuck("a demand was let go early".into()))?;
        let record = self.let_go(ticket, &event)?;
        if record.rule != Rule::IgnoreDemand || !record.effects.is_empty() {
            return Err(Trouble::differs(format!("nothing was to come of it: {record:?}")));
        }
        let given = self.given_to(thread)?;
        given.map_err(|error| Trouble::differs(format!("the table of {handle}: {error}")))
    }

    /// Asks for a table on a thread of its own.
    fn ask(&self, handle: Name) -> Result<ThreadId, Trouble> {
        let (process, handle) = self.who_asks(handle)?;
        let stage = Arc::clone(&self.stage);
        Ok(self.stage.spawn(move || {
            let table = process.status_table(handle);
            stage.look(|scene| scene.tables.push((thread::current().id(), table)));
        }))
    }

    /// The table that somebody gets who has asked for it.
    fn given_to(&self, thread: ThreadId) -> Result<Result<StatusTable, StatusTableError>, Trouble> {
        let given = self.stage.wait("a status table", |scene| {
            let place = scene.tables.iter().position(|(it, _)| *it == thread)?;
            Some(scene.tables.remove(place).1)
        });
        given.map_err(Trouble::stuck)
    }

    fn who_asks(&self, handle: Name) -> Result<(Process, HandleId), Trouble> {
        let process = self.troupe.processes[handle.client().index()].clone();
        Ok((process, HandleId(self.bearer(handle, Reason::NobodyDemands)?)))
    }

    fn held_on(&self, thread: ThreadId) -> Result<u64, Trouble> {
        self.held("a demand", |scene| {
            scene.held.iter().find(|held| held.thread == thread).map(|held| held.ticket)
        })
    }

    /// The live handles of which their clients know.
    fn seats<'s>(&self, state: &'s State) -> impl Iterator<Item = Seat> + 's {
        let answered = state.handles().filter(|(name, _)| state.has_replied(*name));
        answered.filter_map(|(name, handle)| match handle {
            Handle::Live { session, holder, .. } => {
                Some(Seat { name, session, has_mail: holder == Holder::Mail })
            }
            Handle::LoggedOff => None,
        })
    }

    /// A table is what the model says, and obeys what holds for every table.
    fn compare(&self, state: &State, handle: Name, table: &StatusTable) -> Result<(), Trouble> {
        let differs = |what: String| Trouble::differs(format!("the table of {handle}: {what}"));
        let seat = self.seats(state).find(|it| it.name == handle);
        let seat = seat.ok_or_else(|| differs("nobody sees it".into()))?;
        obeys(table, seat.has_mail).map_err(differs)?;
        let rows = state.view(&self.world.scope, handle);
        let session = state.session(seat.session);
        let (Some(rows), Some(session)) = (rows, session) else {
            return Err(differs("the model has none".into()));
        };
        let expected = rows.into_iter().filter_map(|row| self.expected(session, row));
        let (expected, found): (Vec<_>, Vec<_>) =
            (expected.collect(), table.rows().iter().map(found).collect());
        match expected == found {
            true => Ok(()),
            false => Err(differs(format!("expected {expected:?}, the engine shows {found:?}"))),
        }
    }

    /// A row of the model's as the engine has to show it; none if its provider has made none.
    fn expected(&self, session: &Session, row: StatusRow) -> Option<Row> {
        let own = |resource, status| {
            Some(Row { resource, provider: None, status, flags: ResourceFlags::empty() })
        };
        match row {
            StatusRow::Subsystem => own(ResourceType::Subsystem, StatusCode::AVAILABLE),
            StatusRow::Spooler(state) => own(ResourceType::Spooler, status(state)),
            StatusRow::AddressBook => own(ResourceType::AddressBook, StatusCode::AVAILABLE),
            StatusRow::Provider(of, state) => {
                let (resource, makes_row) = match self.kind(session, of)? {
                    ProviderKind::AddressBook => (ResourceType::AddressBookProvider, false),
                    ProviderKind::Store => (ResourceType::StoreProvider, false),
                    ProviderKind::Transport => (ResourceType::TransportProvider, true),
                };
                let provider = provider_id(of);
                let mut flags = ResourceFlags::empty();
                flags.set(ResourceFlags::DEFAULT_STORE, session.default_store == Some(of));
                flags.set(ResourceFlags::PRIMARY_IDENTITY, session.identity == Some(of));
                let is_there = makes_row || row_of(provider).is_some();
                let provider = Some(provider);
                is_there.then_some(Row { resource, provider, status: status(state), flags })
            }
        }
    }

    fn kind(&self, session: &Session, provider: Provider) -> Option<ProviderKind> {
        Some(self.world.scope.snapshot_of(session).provider(provider)?.kind)
    }

    /// What a session takes where nothing is named.
    fn compare_roles(&self, state: &State, name: Name, session: Name) -> Result<(), Trouble> {
        let differs = |what: String| Trouble::differs(format!("on handle {name}, {what}"));
        let Some(session) = state.session(session) else {
            return Err(differs("there is no session".into()));
        };
        let (process, handle) = self.who_asks(name)?;
        let (expected, found) =
            (session.default_store.map(provider_id), process.default_store(handle));
        if found != Ok(expected) {
            return Err(differs(format!("the default store is {found:?}, not {expected:?}")));
        }
        let rows = state.view(&self.world.scope, name).unwrap_or_default();
        let mut who = rows.into_iter().filter_map(|row| match row {
            StatusRow::Provider(of, _) => Some(of).filter(|it| says_who(provider_id(*it))),
            StatusRow::Subsystem | StatusRow::Spooler(_) | StatusRow::AddressBook => None,
        });
        let first = who.next();
        let chosen = session.identity.filter(|it| first == Some(*it) || who.any(|of| of == *it));
        let expected = chosen.or(first).map(provider_id);
        match (process.query_identity(handle), expected) {
            (Ok(PrimaryIdentity::Known { provider, .. }), Some(it)) if provider == it => Ok(()),
            (Ok(PrimaryIdentity::Unknown), None) => Ok(()),
            (found, _) => Err(differs(format!("the user is {found:?}, by {expected:?}"))),
        }
    }
}

/// A live handle that its client knows of.
struct Seat {
    name: Name,
    session: Name,
    has_mail: bool,
}

/// What holds for every table (INV-23, INV-24).
fn obeys(table: &StatusTable, has_mail: bool) -> Result<(), String> {
    for own in [ResourceType::Subsystem, ResourceType::Spooler, ResourceType::AddressBook] {
        let rows = table.rows().iter().filter(|row| row.resource == own).count();
        if rows != 1 {
            return Err(format!("INV-24: it has {rows} rows of {own:?}"));
        }
    }
    let is_quiet = |row: &mapi_session::StatusRow| match row.resource {
        ResourceType::TransportProvider => false,
        ResourceType::Spooler => row.status == StatusCode::FAILURE,
        ResourceType::Subsystem
        | ResourceType::AddressBook
        | ResourceType::AddressBookProvider
        | ResourceType::StoreProvider => true,
    };
    match has_mail || table.rows().iter().all(is_quiet) {
        true => Ok(()),
        false => Err(format!("INV-23: nothing of mail is to be seen in {table:?}")),
    }
}

fn found(row: &mapi_session::StatusRow) -> Row {
    let single = ResourceFlags::DEFAULT_STORE | ResourceFlags::PRIMARY_IDENTITY;
    let provider = match &row.owner {
        RowOwner::Mapi => None,
        RowOwner::Provider { id, .. } => Some(*id),
    };
    Row { resource: row.resource, provider, status: row.status, flags: row.flags & single }
}

const fn status(state: RowState) -> StatusCode {
    match state {
        RowState::Available => StatusCode::AVAILABLE,
        RowState::Failure => StatusCode::FAILURE,
    }
}

const fn provider_id(provider: Provider) -> ProviderId {
    ProviderId(provider.index() as u16)
}
