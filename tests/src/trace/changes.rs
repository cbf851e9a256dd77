//! What a step changes inside, in sentences: who is there, mutex and queue, handles and what is
//! open through them, sessions and their providers, the spooler, and the events that wait.
//!
//! How far a logon is, is told only where its answer is settled: else the rule of the step says it.

use mapi_session_model::{
    Call, Client, Contents, Fast, Handle, LogoffScope, Logon, Name, Notification, Objects, Pending,
    Phase, Profile, Provider, ProviderKind, Scope, SeriesStage, Service, Session, Spooler, Stage,
    State, Status, TransportSeries,
};

/// What is different afterwards.
pub(super) fn changes(scope: &Scope, before: &State, after: &State) -> Vec<String> {
    let mut told = Vec::new();
    clients(before, after, &mut told);
    profiles(scope, before, after, &mut told);
    mutex(before, after, &mut told);
    sessions(scope, before, after, &mut told);
    handles(scope, before, after, &mut told);
    for call in calls_unlike(before, after) {
        match call {
            Call::Logon(Logon { name, stage: Stage::Done(code), .. }) => {
                told.push(format!("{name} is to return {}", code.name()));
            }
            Call::Logon(_) | Call::Logoff { .. } | Call::Open(_) | Call::Query(_) => {}
        }
    }
    told
}

/// The calls under way that are not so in the other state.
fn calls_unlike<'a>(other: &'a State, state: &'a State) -> impl Iterator<Item = &'a Call> {
    state.calls.iter().filter(|call| other.call(call.name()) != Some(*call))
}

/// How far each call is that is not so far in the other state, unless its answer is settled.
pub(super) fn standing_unlike(scope: &Scope, other: &State, state: &State) -> Vec<String> {
    calls_unlike(other, state)
        .filter_map(|call| match call {
            Call::Logon(logon) => {
                let on = |it| format!(", on {}", scope.describe_profile(it));
                let profile = logon.profile.map(on);
                let stage = describe_stage(scope, state, logon)?;
                Some(format!("{} {stage}{}", logon.name, profile.unwrap_or_default()))
            }
            Call::Logoff { name, handle, scope } => {
                let whose = match scope {
                    LogoffScope::Own => "the logoff",
                    LogoffScope::Shared => "the logoff of all, first",
                };
                Some(format!("{name} waits for the user to confirm {whose} of handle {handle}"))
            }
            Call::Open(open) => {
                let session = state.session_of(open.handle).and_then(|it| state.session(it));
                let on = describe_provider(scope, session.map(|it| it.contents), open.at);
                Some(match open.stage {
                    Some(stage) => format!("{} {} {on}", open.name, describe_series(stage)),
                    None => format!("{} waits for others to be done with {on}", open.name),
                })
            }
            Call::Query(query) => {
                let contents = state.session(query.session).map(|it| it.contents);
                let asked = describe_provider(scope, contents, query.provider);
                Some(format!("{} waits for the vote of {asked}", query.name))
            }
        })
        .collect()
}

fn describe_stage(scope: &Scope, state: &State, logon: &Logon) -> Option<String> {
    // The session that it builds bears its name.
    let contents = state.session(logon.name).map(|it| it.contents);
    let plain = match logon.stage {
        Stage::Wait => "waits for the mutex",
        Stage::Decide => "is about to join or not",
        Stage::Pick => "is about to choose a profile",
        Stage::LookUp => "waits for the profile store",
        Stage::AskProfile => "waits for the user to choose a profile",
        Stage::Credentials(_) => "is about to be judged by its credentials",
        Stage::Check => "waits for the check of its password",
        Stage::AskPassword => "waits for the user to give a password",
        Stage::Build => "waits for the profile to say which services there are",
        Stage::Show(service) => {
            let service = describe_service(scope, contents, service);
            return Some(format!("waits for {service} to show its configuration"));
        }
        Stage::Series(provider, stage) => {
            let provider = describe_provider(scope, contents, provider);
            return Some(format!("{} {provider}", describe_series(stage)));
        }
        Stage::Finish => "is about to hand over its session",
        Stage::Done(_) => return None,
    };
    Some(plain.to_owned())
}

const fn describe_series(stage: SeriesStage) -> &'static str {
    match stage {
        SeriesStage::First => "waits for the first attempt on",
        SeriesStage::Second => "waits for the second attempt on",
        SeriesStage::Entry => "waits for the entry function to repair",
        SeriesStage::Inform => "waits for the user to say whether to try again",
    }
}

/// A provider: its place, what it provides, and of which service.
pub(super) fn describe_provider(
    scope: &Scope,
    contents: Option<Contents>,
    provider: Provider,
) -> String {
    let known = contents.and_then(|it| Some((it, scope.snapshot(it).provider(provider)?)));
    let Some((contents, spec)) = known else { return format!("{provider:?}") };
    let kind = match spec.kind {
        ProviderKind::AddressBook => "address book",
        ProviderKind::Store => "store",
        ProviderKind::Transport => "transport",
    };
    format!("{provider:?}, {kind} of {}", describe_service(scope, Some(contents), spec.service))
}

/// A service by its name.
pub(super) fn describe_service(
    scope: &Scope,
    contents: Option<Contents>,
    service: Service,
) -> String {
    let spec = contents.and_then(|it| scope.snapshot(it).spec.services.get(service.index()));
    spec.map_or_else(|| format!("{service:?}"), |spec| spec.name.clone())
}

fn clients(before: &State, after: &State, told: &mut Vec<String>) {
    for client in Client::ALL {
        let count = |state: &State| state.clients[client.index()].count;
        match (count(before), count(after)) {
            (was, is) if was == is => {}
            (0, 1) => told.push(format!("{client} is initialised")),
            (_, 0) => told.push(format!("{client} is not initialised any more")),
            (_, is) => told.push(format!("{client} is initialised {is} times")),
        }
        let fast = |state: &State| state.clients[client.index()].fast;
        match (fast(before), fast(after)) {
            (was, is) if was == is => {}
            (Fast::Done, Fast::None) => told.push(format!("the process of {client} has ended")),
            (_, Fast::None) => told.push(format!("{client} would have to ask once more")),
            (_, Fast::Asked) => told.push(format!("{client} may shut down fast")),
            (_, Fast::Notified) => {
                told.push(format!("{client} may shut down fast, as providers have been told"));
            }
            (_, Fast::Done) => told.push(format!("{client} makes no call any more")),
        }
    }
}

/// Profiles that come, go, change, or are to.
fn profiles(scope: &Scope, before: &State, after: &State, told: &mut Vec<String>) {
    for profile in Profile::ALL {
        let name = scope.describe_profile(profile);
        let (was, is) = (before.profiles.get(profile), after.profiles.get(profile));
        let is = match (was, is) {
            (was, is) if was == is => continue,
            (_, None) => {
                told.push(format!("{name} is gone"));
                continue;
            }
            (_, Some(is)) => is,
        };
        if was.map(|it| it.name) != Some(is.name) {
            told.push(format!("{name} bears the name {}", scope.label(is.name)));
        }
        if was.map(|it| it.contents) != Some(is.contents) {
            let services = scope.snapshot(is.contents).services();
            let services: Vec<_> = services.map(|(_, it)| it.name.as_str()).collect();
            told.push(match services.as_slice() {
                [] => format!("{name} has no services"),
                some => format!("{name} has the services {}", some.join(", ")),
            });
        }
        let pending = was.map_or(Pending::Nothing, |it| it.pending);
        match is.pending {
            same if same == pending => {}
            Pending::Nothing => told.push(format!("nothing is put off for {name} any more")),
            Pending::Removal => told.push(format!("{name} is to be removed")),
            Pending::Rename(new) => {
                told.push(format!("{name} is to bear the name {}", scope.label(new)));
            }
        }
    }
    match (before.default, after.default) {
        (was, is) if was == is => {}
        (_, Some(is)) => {
            told.push(format!("the default profile is {}", scope.describe_profile(is)));
        }
        (_, None) => told.push("there is no default profile any more".into()),
    }
}

fn mutex(before: &State, after: &State, told: &mut Vec<String>) {
    let waits = |state: &State, name| state.queue.iter().any(|it| *it == name);
    for name in after.queue.iter().filter(|name| !waits(before, **name)) {
        told.push(format!("{name} waits for the mutex"));
    }
    for name in before.queue.iter().filter(|name| !waits(after, **name)) {
        if after.mutex != Some(*name) {
            told.push(format!("{name} no longer waits for the mutex"));
        }
    }
    match (before.mutex, after.mutex) {
        (was, is) if was == is => {}
        (None, None) => {}
        (None, Some(is)) => told.push(format!("{is} takes the mutex")),
        (Some(was), None) => told.push(format!("{was} gives the mutex back")),
        (Some(was), Some(is)) => told.push(format!("the mutex passes from {was} to {is}")),
    }
}

fn sessions(scope: &Scope, before: &State, after: &State, told: &mut Vec<String>) {
    for session in before.sessions.iter().filter(|it| after.session(it.name).is_none()) {
        told.push(format!("session {} has ended", session.name));
    }
    for session in after.sessions.iter() {
        let was = before.session(session.name);
        if was.map(|it| (it.phase, it.profile)) != Some((session.phase, session.profile)) {
            told.push(describe_session(scope, session));
        }
        services(scope, was, session, told);
        spooler(scope, was, session, told);
        roles(scope, was, session, told);
    }
}

/// Whether the spooler serves the session, and what it has under way.
fn spooler(scope: &Scope, was: Option<&Session>, session: &Session, told: &mut Vec<String>) {
    let name = session.name;
    match (was.map_or(Spooler::Detached, |it| it.spooler), session.spooler) {
        (Spooler::Detached, Spooler::Attached) => {
            told.push(format!("the spooler serves session {name}"));
        }
        (Spooler::Attached, Spooler::Detached) => {
            told.push(format!("the spooler serves session {name} no more"));
        }
        (Spooler::Attached, Spooler::Attached) | (Spooler::Detached, Spooler::Detached) => {}
    }
    match (was.and_then(|it| it.transport), session.transport) {
        (was, is) if was == is => {}
        (_, Some(TransportSeries { provider, stage })) => {
            let on = describe_provider(scope, Some(session.contents), provider);
            let stage = describe_series(stage.into());
            told.push(format!("the spooler of session {name} {stage} {on}"));
        }
        (_, None) => told.push(format!("the spooler of session {name} has nothing under way")),
    }
}

/// Which providers stand for the session.
fn roles(scope: &Scope, was: Option<&Session>, session: &Session, told: &mut Vec<String>) {
    let name = session.name;
    let roles = [
        ("default store", was.and_then(|it| it.default_store), session.default_store),
        ("identity", was.and_then(|it| it.identity), session.identity),
    ];
    for (role, was, is) in roles.into_iter().filter(|(_, was, is)| was != is) {
        told.push(match is.or(was) {
            Some(provider) => {
                let provider = describe_provider(scope, Some(session.contents), provider);
                let verb = if is.is_some() { "is" } else { "was" };
                format!("{provider}, {verb} the {role} of session {name}")
            }
            None => continue,
        });
    }
}

/// Services that are disabled now, and providers that stand elsewhere.
fn services(scope: &Scope, was: Option<&Session>, session: &Session, told: &mut Vec<String>) {
    let (name, contents) = (session.name, Some(session.contents));
    let snapshot = scope.snapshot_of(session);
    for (service, _) in snapshot.services() {
        let was_disabled = was.is_some_and(|it| it.disabled.has(service));
        if session.disabled.has(service) && !was_disabled {
            let service = describe_service(scope, contents, service);
            told.push(format!("{service} is disabled in session {name}"));
        }
    }
    for (provider, _) in snapshot.providers() {
        let was = was.map_or(Status::NotStarted, |it| it.providers.get(provider));
        let is = session.providers.get(provider);
        if was != is {
            let provider = describe_provider(scope, contents, provider);
            told.push(format!("{provider}, {} in session {name}", describe_status(is)));
        }
    }
}

const fn describe_status(status: Status) -> &'static str {
    match status {
        Status::NotStarted => "is as if it had never been logged on",
        Status::Running => "is logged on",
        Status::Failed => "is not logged on",
        Status::Quiesced => "is logged on and not to be used any more",
        Status::Late => "has an attempt under way that nobody waits for",
        Status::LoggingOff => "is logging off",
        Status::ShuttingDown => "is shutting down",
    }
}

/// A session and how it is.
pub(super) fn describe_session(scope: &Scope, session: &Session) -> String {
    let phase = match session.phase {
        Phase::Building => "is being built",
        Phase::Individual => "is in use, by one client alone",
        Phase::Shared => "is in use, and open to others",
        Phase::Closing => "is in use, and no longer open to others",
        Phase::Draining => "is draining",
    };
    format!("session {} on {} {phase}", session.name, scope.describe_profile(session.profile))
}

fn handles(scope: &Scope, before: &State, after: &State, told: &mut Vec<String>) {
    for (name, _) in before.handles().filter(|(name, _)| after.handle(*name).is_none()) {
        told.push(format!("handle {name} is released"));
    }
    for (name, handle) in after.handles() {
        let is_new = before.handle(name).and_then(Handle::session) != handle.session()
            || before.handle(name).is_none();
        match handle {
            Handle::Live { session, .. } if is_new => {
                told.push(format!("handle {name} is made, on session {session}"));
            }
            Handle::LoggedOff if is_new => told.push(format!("handle {name} is logged off")),
            Handle::Live { .. } | Handle::LoggedOff => {}
        }
        objects(scope, name, before.handle(name), (after, handle), told);
        inbox(name, before.handle(name), handle, told);
    }
}

/// Whether somebody listens at a handle, and what waits for it.
fn inbox(name: Name, before: Option<Handle>, handle: Handle, told: &mut Vec<String>) {
    let Some(is) = handle.inbox() else { return };
    let was = before.and_then(Handle::inbox).unwrap_or_default();
    match (was.has_sink(), is.has_sink()) {
        (false, true) => told.push(format!("somebody listens at handle {name}")),
        (true, false) => told.push(format!("nobody listens at handle {name} any more")),
        (false, false) | (true, true) => {}
    }
    for event in Notification::ALL.into_iter().filter(|it| was.count(*it) != is.count(*it)) {
        let kind = match event {
            Notification::Critical => "critical",
            Notification::Extended => "extended",
            Notification::Table => "table",
        };
        told.push(match is.count(event) {
            0 => format!("no {kind} event waits for handle {name} any more"),
            1 => format!("a {kind} event waits for handle {name}"),
            count => format!("{count} {kind} events wait for handle {name}"),
        });
    }
}

/// What is open through a handle now, or not any more.
fn objects(
    scope: &Scope,
    name: Name,
    before: Option<Handle>,
    (after, handle): (&State, Handle),
    told: &mut Vec<String>,
) {
    let Handle::Live { session, objects, .. } = handle else { return };
    let was = match before {
        Some(Handle::Live { objects, .. }) => objects,
        Some(Handle::LoggedOff) | None => Objects::default(),
    };
    match (was.has_book(), objects.has_book()) {
        (false, true) => told.push(format!("the address book is open through handle {name}")),
        (true, false) => told.push(format!("handle {name} has lost the address book")),
        (false, false) | (true, true) => {}
    }
    let contents = after.session(session).map(|session| session.contents);
    for provider in Provider::ALL {
        let store = || describe_provider(scope, contents, provider);
        match (was.has_store(provider), objects.has_store(provider)) {
            (false, true) => told.push(format!("{}, is open through handle {name}", store())),
            (true, false) => told.push(format!("handle {name} has lost {}", store())),
            (false, false) | (true, true) => {}
        }
    }
}
