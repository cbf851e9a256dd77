//! Where the core stands elsewhere than the model after a step.

use mapi_session_core as core;
use mapi_session_model as model;

use core::{CallStage, HandleStatus, ProviderStatus, ServiceStatus, Sessions, Stage as CoreStage};
use model::{
    Call, Client, Code, Fast, Handle, Holder, Host, Inbox, LogoffScope, Notification, Objects,
    OpenTarget, Permission, Phase, Protection, Provider, RowState, SeriesStage, Session, Spooler,
    Stage, State, Status, StatusRow, TransportSeries, TransportStage, flag,
};

use super::{
    Beside, Projection, call_id, client_id,
    effects::{attempt_of, code, permission},
    given, handle_id, known, name, profile_key, provider, provider_id, service, session_id,
};

impl Projection<'_> {
    /// Where the core, or the profile store beside it, stands elsewhere than the model.
    pub fn compare_states(&self, state: &State, beside: &Beside) -> Result<(), String> {
        let sessions = &beside.core;
        let clients = Client::ALL.into_iter().filter_map(|client| {
            let it = state.clients[client.index()];
            let host = match it.host {
                Host::Application => core::Host::Application,
                Host::Service => core::Host::WindowsService,
            };
            let standing = way_out(state, client);
            (it.count > 0).then_some((client_id(client), u64::from(it.count), host, standing))
        });
        let core_clients =
            sessions.clients().map(|(id, it)| (id, it.count.get(), it.host, Some(it.standing)));
        same("clients", clients, core_clients)?;
        let is_dead = |it: &Client| state.clients[it.index()].fast == Fast::Done;
        let dead = Client::ALL.into_iter().filter(is_dead).map(client_id);
        same("dead clients", dead, sessions.dead_clients())?;
        self.compare_profiles(state, beside)?;
        same("mutex", state.mutex.map(call_id), sessions.mutex())?;
        same("queue", state.queue.iter().map(|it| call_id(*it)), sessions.queue())?;
        let target = state.join_target().map(|it| session_id(it.name));
        same("join target", target, sessions.join_target())?;
        self.compare_sessions(state, sessions)?;
        let handles = state.handles().map(|(name, handle)| {
            let replied = state.has_replied(name);
            (handle_id(name), client_id(name.client()), handle, replied, queued(handle))
        });
        let core_handles = sessions.handles().map(|(id, it)| {
            let (handle, replied) = handle(&it);
            let core::Inbox { critical, extended, table } = it.inbox;
            (id, it.client, handle, replied, [critical, extended, table.into()])
        });
        same("handles", handles, core_handles)?;
        self.compare_tables(state, sessions)?;
        let calls = state.calls.iter().map(|call| stage_in_model(state, call));
        let core_calls = sessions.calls().map(|(id, it)| (id, it.client, stage_in_core(&it.stage)));
        same("calls", calls, core_calls)?;
        self.compare_requests(state, sessions)
    }

    /// Sessions with their snapshots, what has become of services and providers, and, of shared
    /// ones, how many handles they have.
    fn compare_sessions(&self, state: &State, sessions: &Sessions) -> Result<(), String> {
        let alive = state.sessions.iter().map(|it| {
            let handles = it.phase.is_shared().then(|| state.members(it.name).count());
            (session_id(it.name), profile_key(it.profile), it.phase, handles)
        });
        let core_alive = sessions.sessions().map(|(id, it)| {
            let (phase, handles) = phase(it.phase);
            (id, it.profile, phase, handles)
        });
        same("sessions", alive, core_alive)?;
        for (session, (_, view)) in state.sessions.iter().zip(sessions.sessions()) {
            let compared = self.compare_session(session, view);
            compared.map_err(|what| format!("session {}: {what}", session.name))?;
        }
        Ok(())
    }

    fn compare_session(
        &self,
        session: &Session,
        view: core::SessionView<'_>,
    ) -> Result<(), String> {
        let snapshot = self.scope.snapshot_of(session);
        same("snapshot", [self.found(session.contents)], [view.services])?;
        let services = snapshot.services();
        let statuses = services.map(|(service, _)| match session.disabled.has(service) {
            true => ServiceStatus::Disabled,
            false => ServiceStatus::Enabled,
        });
        same("services", statuses, view.service_statuses.iter().copied())?;
        let providers = snapshot.providers().map(|(it, _)| session.providers.get(it));
        let core_providers = view.provider_statuses.iter().map(|it| status(*it));
        same("providers", providers, core_providers)?;
        same("spooler", [session.spooler], [spooler(view.spooler)])?;
        same("transports", [session.transport], [view.transport.map(transport)])?;
        let default_store = view.default_store.map(|it| known(provider(it)));
        same("default store", [session.default_store], [default_store])?;
        let identity = view.identity.map(|it| known(provider(it)));
        same("identity", [session.identity], [identity])
    }

    /// What each handle sees in the status table; there is nothing to see for those that are not
    /// live, nor for those whose logon has not been answered.
    fn compare_tables(&self, state: &State, sessions: &Sessions) -> Result<(), String> {
        for (handle, _) in state.handles() {
            let table = state.view(self.scope, handle);
            let rows = sessions.status_rows(handle_id(handle));
            let core_table = rows.map(|rows| rows.map(row).collect::<Vec<_>>());
            same("status table", [table], [core_table])
                .map_err(|what| format!("handle {handle}: {what}"))?;
        }
        Ok(())
    }

    /// What a logon still asks for, as far as it can still matter, is what was asked for.
    fn compare_requests(&self, state: &State, sessions: &Sessions) -> Result<(), String> {
        for (id, view) in sessions.calls() {
            let request = match view.stage {
                CallStage::Waiting { request } | CallStage::Holding { request, .. } => request,
                CallStage::TimedOut
                | CallStage::ConfirmingLogoff { .. }
                | CallStage::Opening { .. }
                | CallStage::QueryingFastShutdown { .. } => continue,
            };
            let Some(logon) = state.logon(name(id)?) else { continue };
            let is_service = state.clients[logon.name.client().index()].host == Host::Service
                || self.scope.request(logon.request).flags & flag::NT_SERVICE != 0;
            let Ok(asked) = &self.requests[logon.request.index()] else {
                return Err(format!("the core carries out a request that is none: {request:?}"));
            };
            let mut expected = asked.clone();
            if is_service {
                expected.dialogs = core::LogonDialogs::None;
                expected.service_ui = core::ServiceUi::AsNeeded;
                expected.mail = core::Mail::NotWanted;
                expected.host = core::Host::WindowsService;
            }
            if *request != expected {
                return Err(format!("request of {id:?}: {expected:?} asked, {request:?} kept"));
            }
        }
        Ok(())
    }
}

/// How far a call is, in words that both sides can be put into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    Logon {
        stage: Stage,
        profile: Option<core::ProfileKey>,
        password: Option<core::Password>,
    },
    Confirming(core::HandleId, LogoffScope),
    Opening {
        handle: core::HandleId,
        book: bool,
        dialogs: Permission,
        at: core::ProviderId,
        series: Option<SeriesStage>,
    },
    Asking(core::SessionId, core::ProviderId),
}

/// How far a client is with a fast shutdown; nowhere a dead one.
fn way_out(state: &State, client: Client) -> Option<core::Standing> {
    Some(match state.clients[client.index()].fast {
        Fast::None => match state.query_of(client) {
            Some(query) => core::Standing::Asking(call_id(query.name)),
            None => core::Standing::Unasked,
        },
        Fast::Asked => core::Standing::Asked,
        Fast::Notified => core::Standing::Notified,
        Fast::Done => return None,
    })
}

fn stage_in_model(state: &State, call: &Call) -> (core::CallId, core::ClientId, Standing) {
    let standing = match call {
        Call::Logoff { handle, scope, .. } => Standing::Confirming(handle_id(*handle), *scope),
        Call::Open(open) => Standing::Opening {
            handle: handle_id(open.handle),
            book: open.target() == OpenTarget::Book,
            dialogs: open.dialogs,
            at: provider_id(open.at),
            series: open.stage,
        },
        Call::Query(query) => {
            Standing::Asking(session_id(query.session), provider_id(query.provider))
        }
        Call::Logon(logon) => Standing::Logon {
            stage: logon.stage,
            profile: match logon.stage {
                // Before it is chosen there is none; later the session knows it.
                Stage::Credentials(_) | Stage::Check | Stage::AskPassword | Stage::Build => {
                    logon.profile.map(profile_key)
                }
                Stage::Done(Code::Ok) => {
                    let session = state.session_of(logon.name);
                    let session = session.and_then(|session| state.session(session));
                    session.map(|session| profile_key(session.profile))
                }
                Stage::Wait
                | Stage::Decide
                | Stage::Pick
                | Stage::LookUp
                | Stage::AskProfile
                | Stage::Show(_)
                | Stage::Series(..)
                | Stage::Finish
                | Stage::Done(_) => None,
            },
            password: matches!(logon.stage, Stage::Credentials(_) | Stage::Check)
                .then(|| given(logon.password)),
        },
    };
    (call_id(call.name()), client_id(call.name().client()), standing)
}

fn stage_in_core(stage: &CallStage<'_>) -> Standing {
    let at = |stage| Standing::Logon { stage, profile: None, password: None };
    match stage {
        CallStage::Waiting { .. } => at(Stage::Wait),
        CallStage::TimedOut => at(Stage::Done(Code::Timeout)),
        CallStage::ConfirmingLogoff { handle, scope } => {
            Standing::Confirming(*handle, logoff_scope(*scope))
        }
        CallStage::Opening { handle, target, dialogs, at, series } => Standing::Opening {
            handle: *handle,
            book: match target {
                core::OpenTarget::Store(_) => false,
                core::OpenTarget::AddressBook => true,
            },
            dialogs: permission(*dialogs),
            at: *at,
            series: series.map(series_stage),
        },
        CallStage::QueryingFastShutdown { session, provider } => {
            Standing::Asking(*session, *provider)
        }
        CallStage::Holding { request, stage } => held(request, *stage),
    }
}

fn held(request: &core::LogonRequest, stage: CoreStage) -> Standing {
    let at = |stage| Standing::Logon { stage, profile: None, password: None };
    let on = |stage, profile| Standing::Logon { stage, profile: Some(profile), password: None };
    match stage {
        CoreStage::Decide => at(Stage::Decide),
        CoreStage::Pick => at(match request.profile {
            core::ProfileChoice::Named(_) | core::ProfileChoice::Default => Stage::LookUp,
            core::ProfileChoice::Malformed(_) | core::ProfileChoice::Unnamed => Stage::Pick,
        }),
        CoreStage::AskProfile => at(Stage::AskProfile),
        CoreStage::Credentials { profile, protection, password } => Standing::Logon {
            stage: match (protection, password) {
                (core::Protection::Protected, core::Password::Given) => Stage::Check,
                (core::Protection::Protected, core::Password::NotGiven) => {
                    Stage::Credentials(Protection::Protected)
                }
                (core::Protection::Open, core::Password::Given | core::Password::NotGiven) => {
                    Stage::Credentials(Protection::Open)
                }
            },
            profile: Some(profile),
            password: Some(password),
        },
        CoreStage::AskPassword { profile } => on(Stage::AskPassword, profile),
        CoreStage::Build { profile } => on(Stage::Build, profile),
        CoreStage::Show(of) => at(Stage::Show(known(service(of)))),
        CoreStage::Series(core::Series { provider: of, stage }) => {
            at(Stage::Series(known(provider(of)), series_stage(stage)))
        }
        CoreStage::Finish => at(Stage::Finish),
        CoreStage::Done(Ok(logon)) => on(Stage::Done(Code::Ok), logon.profile),
        CoreStage::Done(Err(error)) => match code(error.code()) {
            Ok(code) => at(Stage::Done(code)),
            Err(_) => at(Stage::Done(Code::Ok)),
        },
    }
}

const fn series_stage(stage: core::SeriesStage) -> SeriesStage {
    match stage {
        core::SeriesStage::Attempt(attempt) => attempt_of(attempt),
        core::SeriesStage::Entry => SeriesStage::Entry,
        core::SeriesStage::Prompt => SeriesStage::Inform,
    }
}

const fn status(status: ProviderStatus) -> Status {
    match status {
        ProviderStatus::NotStarted => Status::NotStarted,
        ProviderStatus::Running => Status::Running,
        ProviderStatus::Failed => Status::Failed,
        ProviderStatus::Quiesced => Status::Quiesced,
        ProviderStatus::Late => Status::Late,
        ProviderStatus::LoggingOff => Status::LoggingOff,
        ProviderStatus::ShuttingDown => Status::ShuttingDown,
    }
}

/// Where a session is, and how many handles it counts if it does.
const fn phase(phase: core::Phase) -> (Phase, Option<usize>) {
    match phase {
        core::Phase::Building => (Phase::Building, None),
        core::Phase::Individual => (Phase::Individual, None),
        core::Phase::Shared { handles } => (Phase::Shared, Some(handles.get())),
        core::Phase::Closing { handles } => (Phase::Closing, Some(handles.get())),
        core::Phase::Draining => (Phase::Draining, None),
    }
}

const fn spooler(spooler: core::Spooler) -> Spooler {
    match spooler {
        core::Spooler::Attached => Spooler::Attached,
        core::Spooler::Detached => Spooler::Detached,
    }
}

fn transport(series: core::TransportSeries) -> TransportSeries {
    TransportSeries {
        provider: known(provider(series.provider)),
        stage: match series.stage {
            core::TransportStage::Attempt(core::Attempt::First) => TransportStage::First,
            core::TransportStage::Attempt(core::Attempt::Second) => TransportStage::Second,
            core::TransportStage::Entry => TransportStage::Entry,
        },
    }
}

const fn logoff_scope(scope: core::LogoffScope) -> LogoffScope {
    match scope {
        core::LogoffScope::Own => LogoffScope::Own,
        core::LogoffScope::Shared => LogoffScope::Shared,
    }
}

fn row(row: core::StatusRow) -> StatusRow {
    let state = |state| match state {
        core::RowState::Available => RowState::Available,
        core::RowState::Failure => RowState::Failure,
    };
    match row {
        core::StatusRow::Subsystem => StatusRow::Subsystem,
        core::StatusRow::Spooler(says) => StatusRow::Spooler(state(says)),
        core::StatusRow::AddressBook => StatusRow::AddressBook,
        core::StatusRow::Provider(of, says) => {
            StatusRow::Provider(known(provider(of)), state(says))
        }
    }
}

/// A handle in the model's words, and whether its logon has been answered.
fn handle(view: &core::HandleView<'_>) -> (Handle, bool) {
    let live = |seat: core::Seat| Handle::Live {
        session: known(name(seat.session.0)),
        holder: match (seat.host, seat.mail) {
            (core::Host::WindowsService, _) => Holder::Service,
            (core::Host::Application, core::Mail::Wanted) => Holder::Mail,
            (core::Host::Application, core::Mail::NotWanted) => Holder::NoMail,
        },
        objects: objects_of(view.objects),
        inbox: inbox_of(view.sink, view.inbox),
    };
    match view.status {
        HandleStatus::Unanswered(seat) => (live(seat), false),
        HandleStatus::Live(seat) => (live(seat), true),
        HandleStatus::LoggedOff => (Handle::LoggedOff, true),
    }
}

/// What a handle is to hear, as far as the model has room for it.
fn inbox_of(sink: bool, inbox: core::Inbox) -> Inbox {
    let core::Inbox { critical, extended, table } = inbox;
    let counts = Notification::ALL.into_iter().zip([critical, extended, table.into()]);
    let events = counts.flat_map(|(event, count)| (0..count).map(move |_| event));
    events.fold(Inbox::default().with_sink(sink), Inbox::with)
}

/// How many events of each kind wait for a handle.
fn queued(handle: Handle) -> [u32; Notification::ALL.len()] {
    let inbox = handle.inbox().unwrap_or_default();
    Notification::ALL.map(|event| inbox.count(event).into())
}

fn objects_of(objects: core::Objects<'_>) -> Objects {
    let book = objects.has_address_book().then_some(OpenTarget::Book);
    let stores = objects.stores().map(|of| OpenTarget::Store(known::<Provider>(provider(of))));
    stores.chain(book).fold(Objects::default(), Objects::with)
}

fn same<T: PartialEq + std::fmt::Debug>(
    what: &str,
    model: impl IntoIterator<Item = T>,
    core: impl IntoIterator<Item = T>,
) -> Result<(), String> {
    let (mut model, mut core) = (model.into_iter(), core.into_iter());
    loop {
        match (model.next(), core.next()) {
            (None, None) => return Ok(()),
            (one, other) if one == other => {}
            (one, other) => {
                return Err(format!("{what}: the model has {one:?}, the core {other:?}"));
            }
        }
    }
}
