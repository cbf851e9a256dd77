//! Which actions a scope offers in a state, legal and illegal.
//!
//! A client that has as many calls under way as the scope allows makes no further one, but from
//! inside a prompt or a provider.
//!
//! A call, or the end of one, that could have more notifications queued for a handle than the scope
//! allows is not offered either: the notifications have to be handed over first.
//!
//! Illegal calls are part of the alphabet: they get their code and change nothing. An answer that
//! nobody waits for is offered for every call under way, every session, and one name a client that
//! nobody bears (a call never made, answered before, or that of a client that died).

use crate::{
    Action, Call, Client, Entry, EntryResult, Fast, FastStep, Handle, InitArgument, LogoffAnswer,
    LogoffArgument, Name, Notification, OpenArgument, OpenTarget, PasswordAnswer, Phase, Provider,
    RetryAnswer, Scope, SeriesStage, Service, ServiceChange, Stage, State, Status, flag,
};

/// Everything that may happen next.
pub(crate) fn actions(scope: &Scope, state: &State, actions: &mut Vec<Action>) {
    for client in scope.callers() {
        let is_dead = state.clients[client.index()].fast == Fast::Done;
        if scope.calls.crash || is_dead {
            actions.push(Action::Crash { client });
        }
        if scope.has_room_for_call(state, client) {
            initialization(scope, state, client, actions);
            logons(scope, state, client, None, actions);
            handles(scope, state, client, actions);
            opens(scope, state, client, None, actions);
            edits(scope, state, client, actions);
            shutdowns(scope, state, client, actions);
        }
        for call in state.calls_of(client).filter(|it| scope.calls.nested && is_outside(it)) {
            logons(scope, state, client, Some(call.name()), actions);
            opens(scope, state, client, Some(call.name()), actions);
        }
    }
    for call in state.calls.iter() {
        answers(scope, state, call.name(), actions);
    }
    for session in state.sessions.iter() {
        providers(scope, state, session.name, actions);
    }
    for (handle, _) in state.handles() {
        deliveries(scope, state, handle, actions);
    }
    if scope.calls.stray {
        for name in scope.callers().filter_map(|client| state.free_name(client)) {
            answers(scope, state, name, actions);
            providers(scope, state, name, actions);
            deliveries(scope, state, name, actions);
        }
    }
    if state.handles().filter_map(|(_, handle)| handle.inbox()).any(|inbox| inbox.has_sink()) {
        actions.retain(|action| has_room_for_notifications(scope, state, *action));
    }
}

/// Whether no handle has more notifications queued than the scope allows, should this happen.
fn has_room_for_notifications(scope: &Scope, state: &State, action: Action) -> bool {
    if !may_end_handles(action) {
        return true;
    }
    let after = crate::protocol::sound_step(scope, state, action).after;
    let mut inboxes = after.handles().filter_map(|(_, handle)| handle.inbox());
    inboxes.all(|inbox| {
        [Notification::Critical, Notification::Extended]
            .into_iter()
            .all(|notification| inbox.count(notification) <= scope.notifications)
    })
}

/// Whether this may log handles off, of which others hear.
const fn may_end_handles(action: Action) -> bool {
    match action {
        Action::Uninitialize { .. }
        | Action::Logoff { .. }
        | Action::Release { .. }
        | Action::Crash { .. }
        | Action::Withdraw { .. }
        | Action::Confirm { .. }
        | Action::FastShutdown { .. } => true,
        Action::Initialize { .. }
        | Action::Logon { .. }
        | Action::Deadline { .. }
        | Action::Timeout { .. }
        | Action::Continue { .. }
        | Action::LookedUp { .. }
        | Action::Choose { .. }
        | Action::Checked { .. }
        | Action::EnterPassword { .. }
        | Action::ServicesRead { .. }
        | Action::EntryReturned { .. }
        | Action::RetryAnswered { .. }
        | Action::ProviderAnswered { .. }
        | Action::ProviderLoggedOff { .. }
        | Action::ProviderShutDown { .. }
        | Action::SessionClosed { .. }
        | Action::Open { .. }
        | Action::Use { .. }
        | Action::StoreLogoff { .. }
        | Action::Demand { .. }
        | Action::TransportConfigured { .. }
        | Action::SetDefaultStore { .. }
        | Action::Advise { .. }
        | Action::Unadvise { .. }
        | Action::Deliver { .. }
        | Action::Administer { .. }
        | Action::AdminServices { .. }
        | Action::Voted { .. } => false,
    }
}

/// The notifications that may be handed over to this handle.
fn deliveries(scope: &Scope, state: &State, handle: Name, actions: &mut Vec<Action>) {
    if !scope.calls.deliver {
        return;
    }
    let inbox = state.handle(handle).and_then(Handle::inbox).unwrap_or_default();
    let offered = Notification::ALL.into_iter();
    let offered =
        offered.filter(|notification| scope.calls.stray || inbox.count(*notification) > 0);
    actions.extend(offered.map(|notification| Action::Deliver { handle, notification }));
}

fn initialization(scope: &Scope, state: &State, client: Client, actions: &mut Vec<Action>) {
    let count = state.clients[client.index()].count;
    if scope.calls.initialize {
        for with in &scope.initialize {
            let is_refused = match with {
                InitArgument::Application | InitArgument::Service => false,
                InitArgument::UndefinedFlag | InitArgument::WrongVersion => true,
            };
            if is_refused || count < scope.initializations {
                actions.push(Action::Initialize { client, with: *with });
            }
        }
    }
    if scope.calls.uninitialize {
        actions.push(Action::Uninitialize { client });
    }
}

/// Logons, from outside, or from inside a prompt or provider call of the client's own.
fn logons(
    scope: &Scope,
    state: &State,
    client: Client,
    inside: Option<Name>,
    actions: &mut Vec<Action>,
) {
    let has_room = scope.has_room_for_logon(state, client);
    for request in scope.requests_of(client) {
        let action = Action::Logon { client, request, inside };
        if has_room || crate::protocol::answers_at_once(scope, state, action) {
            actions.push(action);
        }
    }
}

/// Whether the client's own code runs for this call, in a prompt or a provider.
fn is_outside(call: &Call) -> bool {
    match call {
        Call::Logoff { .. } | Call::Query(_) => true,
        Call::Open(open) => open.stage.is_some(),
        Call::Logon(logon) => match logon.stage {
            Stage::AskProfile | Stage::AskPassword | Stage::Show(_) | Stage::Series(..) => true,
            Stage::Wait
            | Stage::Decide
            | Stage::Pick
            | Stage::LookUp
            | Stage::Credentials(_)
            | Stage::Check
            | Stage::Build
            | Stage::Finish
            | Stage::Done(_) => false,
        },
    }
}

/// Calls on handles: on every handle there is, whoever owns it, and on one that was never issued.
fn handles(scope: &Scope, state: &State, client: Client, actions: &mut Vec<Action>) {
    for handle in handles_of(state, client) {
        if scope.calls.logoff {
            for with in [LogoffArgument::Plain, LogoffArgument::UndefinedFlag] {
                actions.push(Action::Logoff { client, handle, with });
            }
        }
        if scope.calls.confirmed_logoff {
            actions.push(Action::Logoff { client, handle, with: LogoffArgument::Ui });
        }
        if scope.calls.shared_logoff {
            actions.push(Action::Logoff { client, handle, with: LogoffArgument::Shared });
        }
        if scope.calls.shared_logoff && scope.calls.confirmed_logoff {
            actions.push(Action::Logoff { client, handle, with: LogoffArgument::SharedUi });
        }
        if scope.calls.release {
            actions.push(Action::Release { client, handle });
        }
        for provider in session_providers(scope, state, state.session_of(handle)) {
            if scope.calls.r#use {
                actions.push(Action::Use { client, handle, provider });
            }
            if scope.calls.store_logoff {
                actions.push(Action::StoreLogoff { client, handle, provider });
            }
            if scope.calls.set_default_store {
                actions.push(Action::SetDefaultStore { client, handle, store: Some(provider) });
            }
        }
        if scope.calls.set_default_store {
            actions.push(Action::SetDefaultStore { client, handle, store: None });
        }
        if scope.calls.advise {
            actions.push(Action::Advise { client, handle });
            actions.push(Action::Unadvise { client, handle });
        }
    }
}

/// Open calls, from outside, or from inside a prompt or provider of the client's own.
fn opens(
    scope: &Scope,
    state: &State,
    client: Client,
    inside: Option<Name>,
    actions: &mut Vec<Action>,
) {
    if !scope.calls.open {
        return;
    }
    let has_room = scope.has_room_for_call(state, client);
    for handle in handles_of(state, client) {
        let stores = session_providers(scope, state, state.session_of(handle));
        let stores = stores.into_iter().map(OpenTarget::Store);
        for target in stores.chain([OpenTarget::Book]) {
            for with in [OpenArgument::Dialogs, OpenArgument::NoDialog] {
                let action = Action::Open { client, handle, target, with, inside };
                if has_room || crate::protocol::answers_at_once(scope, state, action) {
                    actions.push(action);
                }
            }
        }
        let (target, with) = (OpenTarget::Book, OpenArgument::UndefinedFlag);
        actions.push(Action::Open { client, handle, target, with, inside });
    }
}

/// Calls of profile administration, and changes to the services of a session's profile.
///
/// A profile that there is no room for is not made.
fn edits(scope: &Scope, state: &State, client: Client, actions: &mut Vec<Action>) {
    let has_room = scope.has_room_for_profile(state);
    for edit in scope.edits_of(client) {
        let action = Action::Administer { client, edit };
        if has_room || !crate::protocol::makes_profile(scope, state, action) {
            actions.push(action);
        }
    }
    if !scope.calls.admin_services {
        return;
    }
    for handle in handles_of(state, client) {
        let session = state.session_of(handle).and_then(|session| state.session(session));
        let slot = session.and_then(|its| state.profiles.get(its.profile));
        let there = slot.map_or(0, |slot| usize::from(slot.contents.services()));
        let adds = Service::ALL.into_iter().take(there + 1).map(ServiceChange::Add);
        let deletes = Service::ALL.into_iter().skip(there.saturating_sub(1)).take(2);
        for change in adds.chain(deletes.map(ServiceChange::Delete)) {
            actions.push(Action::AdminServices { client, handle, change });
        }
    }
}

/// The steps of a fast shutdown.
fn shutdowns(scope: &Scope, state: &State, client: Client, actions: &mut Vec<Action>) {
    if scope.calls.fast_shutdown {
        for handle in handles_of(state, client) {
            let steps = FastStep::ALL.into_iter();
            actions.extend(steps.map(|step| Action::FastShutdown { client, handle, step }));
        }
    }
}

/// Every handle there is, whoever owns it, and one that was never issued.
fn handles_of(state: &State, client: Client) -> impl Iterator<Item = Name> + '_ {
    state.handles().map(|(name, _)| name).chain(state.free_name(client))
}

/// The providers of a session; of one that is not there, a single one, for calls that go astray.
fn session_providers(scope: &Scope, state: &State, session: Option<Name>) -> Vec<Provider> {
    let session = session.and_then(|session| state.session(session));
    match session {
        Some(session) => scope.snapshot_of(session).providers().map(|(it, _)| it).collect(),
        None => vec![Provider::N0],
    }
}

/// What may be answered to this call, and what would be if it waited for that.
fn answers(scope: &Scope, state: &State, call: Name, actions: &mut Vec<Action>) {
    let stage = state.logon(call).map(|logon| logon.stage);
    let is_logoff = matches!(state.call(call), Some(Call::Logoff { .. }));
    let stray = scope.calls.stray;
    let mut offer = |wanted: bool, action| {
        if wanted || stray {
            actions.push(action);
        }
    };
    offer(goes_on_alone(state, call), Action::Continue { call });
    offer(stage == Some(Stage::LookUp), Action::LookedUp { call });
    offer(stage == Some(Stage::Check), Action::Checked { call });
    offer(stage == Some(Stage::Wait) && is_short(scope, state, call), Action::Timeout { call });
    for answer in &scope.chooser {
        offer(stage == Some(Stage::AskProfile), Action::Choose { call, answer: *answer });
    }
    for answer in ENTERED {
        offer(stage == Some(Stage::AskPassword), Action::EnterPassword { call, answer });
    }
    for answer in CONFIRMED {
        offer(is_logoff, Action::Confirm { call, answer });
    }
    offer(stage == Some(Stage::Build), Action::ServicesRead { call });
    let is_query = state.query(call).is_some();
    if scope.calls.fast_shutdown {
        for vote in &scope.votes {
            offer(is_query, Action::Voted { call, vote: *vote });
        }
    }
    let waits = stage.is_some() || is_logoff || is_query || state.open(call).is_some();
    if scope.calls.deadline {
        offer(waits, Action::Deadline { call });
    }
    if scope.calls.withdrawal {
        offer(waits, Action::Withdraw { call });
    }
    entries(scope, state, call, actions);
}

/// What entry functions may return to this call, and what the user may answer about a retry.
fn entries(scope: &Scope, state: &State, call: Name, actions: &mut Vec<Action>) {
    let series = state.series_of(call);
    let shown = match state.logon(call).map(|logon| logon.stage) {
        Some(Stage::Show(service)) => Some(Entry::Show(service)),
        Some(_) | None => None,
    };
    let repaired = series.filter(|series| series.stage == SeriesStage::Entry);
    let awaited = shown.or(repaired.map(|series| Entry::Repair(series.provider)));
    let asked = series.filter(|series| series.stage == SeriesStage::Inform);
    if let Some(entry) = awaited {
        let results = EntryResult::ALL.into_iter();
        actions.extend(results.map(|result| Action::EntryReturned { call, entry, result }));
    }
    if let Some(series) = asked {
        let provider = series.provider;
        let answers = RetryAnswer::ALL.into_iter();
        actions.extend(answers.map(|answer| Action::RetryAnswered { call, provider, answer }));
    }
    if !scope.calls.stray {
        return;
    }
    let result = EntryResult::Ok;
    let session = series.map_or(call, |series| series.session);
    for provider in session_providers(scope, state, Some(session)) {
        let entry = Entry::Repair(provider);
        if awaited != Some(entry) {
            actions.push(Action::EntryReturned { call, entry, result });
        }
        if asked.is_none_or(|series| series.provider != provider) {
            for answer in [RetryAnswer::Retry, RetryAnswer::Correct] {
                actions.push(Action::RetryAnswered { call, provider, answer });
            }
        }
    }
    for entry in [Service::S0, Service::S1].map(Entry::Show) {
        if awaited != Some(entry) {
            actions.push(Action::EntryReturned { call, entry, result });
        }
    }
}

/// What may need the transports of this session, and what its providers may report.
fn providers(scope: &Scope, state: &State, session: Name, actions: &mut Vec<Action>) {
    let stray = scope.calls.stray;
    if scope.calls.demand {
        actions.push(Action::Demand { session });
    }
    for provider in session_providers(scope, state, Some(session)) {
        let status = state.status(session, provider);
        let series = state.series_on(session, provider);
        let is_out = series.is_some_and(|series| series.stage.is_attempt());
        if stray || is_out || status == Some(Status::Late) {
            let results = scope.results.iter().copied();
            let answered = |result| Action::ProviderAnswered { session, provider, result };
            actions.extend(results.map(answered));
        }
        if scope.calls.demand {
            let waits =
                series.is_some_and(|it| it.call.is_none() && it.stage == SeriesStage::Entry);
            let results = EntryResult::ALL.into_iter();
            let results = results.filter(|it| waits || stray && *it == EntryResult::Ok);
            let returned = |result| Action::TransportConfigured { session, provider, result };
            actions.extend(results.map(returned));
        }
        if stray || status == Some(Status::LoggingOff) {
            actions.push(Action::ProviderLoggedOff { session, provider });
        }
        if stray || status == Some(Status::ShuttingDown) {
            actions.push(Action::ProviderShutDown { session, provider });
        }
    }
    let is_over = state
        .session(session)
        .is_some_and(|session| session.phase == Phase::Draining && session.providers.are_over());
    if stray || is_over {
        actions.push(Action::SessionClosed { session });
    }
}

/// Whether the subsystem would go on with this call by itself.
fn goes_on_alone(state: &State, call: Name) -> bool {
    if let Some(open) = state.open(call) {
        return state.is_due(open);
    }
    match state.logon(call).map(|logon| logon.stage) {
        Some(Stage::Wait) => state.mutex.is_none() && state.queue.first() == Some(call),
        Some(
            Stage::Decide | Stage::Pick | Stage::Credentials(_) | Stage::Finish | Stage::Done(_),
        ) => true,
        Some(
            Stage::LookUp
            | Stage::AskProfile
            | Stage::Check
            | Stage::AskPassword
            | Stage::Build
            | Stage::Show(_)
            | Stage::Series(..),
        )
        | None => false,
    }
}

fn is_short(scope: &Scope, state: &State, call: Name) -> bool {
    state.logon(call).is_some_and(|it| scope.request(it.request).flags & flag::TIMEOUT_SHORT != 0)
}

const ENTERED: [PasswordAnswer; 4] = [
    PasswordAnswer::Right,
    PasswordAnswer::Wrong,
    PasswordAnswer::Cancel,
    PasswordAnswer::Unavailable,
];
const CONFIRMED: [LogoffAnswer; 3] =
    [LogoffAnswer::Confirm, LogoffAnswer::Decline, LogoffAnswer::Unavailable];
