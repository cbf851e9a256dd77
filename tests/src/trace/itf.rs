//! Traces as text: the Informal Trace Format (Apalache's ADR-015).
//!
//! `#meta` holds what a trace is; its `actions` alone decide a replay. The variables of the states
//! are derived from them, for people and for tools that read ITF: [`states`] makes them, and the
//! reader holds them against what is written. Start at [`Recorded::to_itf`].

use mapi_session_model::{
    Action, Call, ChooserAnswer, Client, Fast, Handle, Holder, Host, Inbox, LogoffScope, Logon,
    Name, Notification, Objects, Open, Opens, Password, Permission, Phase, Profile, Protocol,
    Provider, ProviderKind, Query, Scope, SeriesStage, Service, Session, Spooler, Stage, State,
    Status, TransportSeries, VERSION,
};
use serde_json::{Value, json};

use super::{Recorded, ReplayFailure, Replayed, replay};

/// The version of what stands in `#meta`.
pub(super) const FORMAT_VERSION: u64 = 1;

/// The variables of a state, in the order in which they are written.
pub(super) const VARIABLES: [&str; 10] = [
    ACTION_TAKEN,
    "mbt::nondetPicks",
    "clients",
    "profiles",
    "default",
    "mutex",
    "queue",
    "calls",
    "handles",
    "sessions",
];
/// The variable that names the rule of the step that led to a state.
pub(super) const ACTION_TAKEN: &str = "mbt::actionTaken";

/// The values of a state, beside [`VARIABLES`].
pub(super) type Values = [Value; VARIABLES.len()];

impl Recorded {
    /// Writes it as ITF.
    ///
    /// # Errors
    ///
    /// If it does not begin or go on as the scope allows.
    pub fn to_itf(&self, scope: &Scope) -> Result<String, ReplayFailure> {
        let world = self.world(scope);
        let run = replay::walk(&world, self.start, &self.actions)?;
        let actions = self.actions.iter().map(|action| write_action(scope, *action)).collect();
        let meta = [
            ("format", Some(json!("ITF"))),
            ("format_version", Some(json!(FORMAT_VERSION))),
            ("model_version", Some(json!(VERSION))),
            ("scope", Some(json!(self.scope))),
            ("start", Some(json!(self.start))),
            ("fault", self.fault.map(|fault| json!(fault.to_string()))),
            ("kind", Some(json!(self.kind))),
            ("property", Some(json!(self.property))),
            ("ends", Some(json!(self.ends))),
            ("parts_at", self.parts_at.map(|step| json!(step))),
            ("actions", Some(Value::Array(actions))),
        ];
        let meta = meta.into_iter().filter_map(|(key, value)| Some((key, value?)));
        let states = states(&world, &run).into_iter().enumerate().map(|(index, values)| {
            let index = ("#meta", json!({ "index": index }));
            block(std::iter::once(index).chain(VARIABLES.into_iter().zip(values)), 4)
        });
        let states: Vec<_> = states.collect();
        let last = match self.loops_at(&run) {
            Some(index) => format!("],\n  \"loop\": {index}\n"),
            None => "]\n".into(),
        };
        Ok(format!(
            "{{\n  \"#meta\": {},\n  \"params\": [],\n  \"vars\": {},\n  \"states\": [\n    {}\n  \
             {last}}}\n",
            block(meta, 2),
            json!(VARIABLES),
            states.join(",\n    "),
        ))
    }

    /// Where a lasso goes on from its end.
    pub(super) fn loops_at(&self, run: &Replayed) -> Option<usize> {
        match self.kind {
            super::Kind::Lasso => replay::loops_at(run),
            super::Kind::Goal | super::Kind::Counterexample | super::Kind::Divergence => None,
        }
    }
}

/// An object with a line for every entry.
fn block<'a>(entries: impl Iterator<Item = (&'a str, Value)>, indent: usize) -> String {
    let entry = |(key, value)| {
        let start = format!("{}: ", json!(key));
        let value = layout(&value, indent + 2, start.len());
        format!("{:indent$}  {start}{value}", "")
    };
    let entries: Vec<_> = entries.map(entry).collect();
    format!("{{\n{}\n{:indent$}}}", entries.join(",\n"), "")
}

/// A value in one line if it fits, else with a line for every element.
fn layout(value: &Value, indent: usize, used: usize) -> String {
    let line = value.to_string();
    match value {
        Value::Array(elements) if indent + used + line.len() > 100 => {
            let elements: Vec<_> = elements
                .iter()
                .map(|it| format!("{:indent$}  {}", "", layout(it, indent + 2, 0)))
                .collect();
            format!("[\n{}\n{:indent$}]", elements.join(",\n"), "")
        }
        Value::Array(_)
        | Value::Object(_)
        | Value::String(_)
        | Value::Number(_)
        | Value::Bool(_)
        | Value::Null => line,
    }
}

/// An action by the names of its scope: a request and a profile stand by name, not by place.
pub(super) fn write_action(scope: &Scope, action: Action) -> Value {
    let mut value = json!(action);
    if let Action::Logon { request, .. } = action {
        value["logon"]["request"] = json!(scope.request(request).name);
    }
    if let Action::Choose { answer: ChooserAnswer::Pick { profile, .. }, .. } = action {
        let name = profile.map_or("absent", |name| scope.label(name));
        value["choose"]["answer"]["pick"]["profile"] = json!(name);
    }
    if let Action::Administer { edit, .. } = action {
        value["administer"]["edit"] = json!(scope.edit(edit).name);
    }
    value
}

/// The values of every state of a run, the start first.
pub(super) fn states(world: &Protocol, run: &Replayed) -> Vec<Values> {
    let scope = &world.scope;
    let first = values(scope, "init", json!({}), &run.start);
    let steps = run.steps.iter().map(|taken| {
        let rule = format!("{:?}", taken.step.rule);
        values(scope, &rule, picks(scope, taken.action), &taken.step.after)
    });
    std::iter::once(first).chain(steps).collect()
}

fn values(scope: &Scope, rule: &str, picks: Value, state: &State) -> Values {
    let queue: Vec<_> = state.queue.iter().map(Name::to_string).collect();
    let calls: Vec<_> = state.calls.iter().map(|call| write_call(scope, call)).collect();
    let handles: Vec<_> = state
        .handles()
        .map(|(name, handle)| json!([name.to_string(), write_handle(handle)]))
        .collect();
    let sessions: Vec<_> = state.sessions.iter().map(|it| write_session(scope, it)).collect();
    [
        json!(rule),
        picks,
        write_clients(scope, state),
        write_profiles(scope, state),
        json!(profile_name(scope, state.default)),
        json!(state.mutex.map_or_else(|| "none".into(), |holder| holder.to_string())),
        json!(queue),
        json!(calls),
        json!({ "#map": handles }),
        json!(sessions),
    ]
}

/// What the action is and all that was chosen with it.
fn picks(scope: &Scope, action: Action) -> Value {
    let mut record = json!({});
    if let Value::Object(tagged) = write_action(scope, action) {
        for (tag, fields) in tagged {
            record = without_null(fields);
            record["action"] = json!(tag);
        }
    }
    record
}

/// ITF has no `null`.
fn without_null(value: Value) -> Value {
    match value {
        Value::Null => json!("none"),
        Value::Object(fields) => fields.into_iter().map(|(k, v)| (k, without_null(v))).collect(),
        Value::Array(_) | Value::String(_) | Value::Number(_) | Value::Bool(_) => value,
    }
}

fn write_clients(scope: &Scope, state: &State) -> Value {
    let is_there = |client: Client| {
        scope.starts.iter().any(|start| start.state.clients[client.index()].count > 0)
    };
    let callers: Vec<_> = scope.callers().collect();
    let known = Client::ALL.into_iter().filter(|it| callers.contains(it) || is_there(*it));
    let record = known.map(|client| {
        let standing = state.clients[client.index()];
        let host = match standing.host {
            Host::Application => "application",
            Host::Service => "service",
        };
        let fast = match standing.fast {
            Fast::None => "none",
            Fast::Asked => "asked",
            Fast::Notified => "notified",
            Fast::Done => "done",
        };
        let count = integer(standing.count);
        (client.to_string(), json!({ "count": count, "fast": fast, "host": host }))
    });
    Value::Object(record.collect())
}

/// The profiles that there are, by their places.
fn write_profiles(scope: &Scope, state: &State) -> Value {
    let profiles = state.profiles.iter().map(|(profile, slot)| {
        let snapshot = scope.snapshot(slot.contents);
        let services: Vec<_> = snapshot.services().map(|(_, it)| &it.name).collect();
        let new_name = slot.new_name().map_or("none", |name| scope.label(name));
        let value = json!({
            "app": snapshot.spec.app,
            "marked": slot.is_marked(),
            "name": scope.label(slot.name),
            "new_name": new_name,
            "password": snapshot.spec.password,
            "services": services,
        });
        json!([profile, value])
    });
    json!({ "#map": profiles.collect::<Vec<_>>() })
}

fn write_call(scope: &Scope, call: &Call) -> Value {
    let (tag, value) = match call {
        Call::Logon(logon) => ("Logon", write_logon(scope, logon)),
        Call::Logoff { name, handle, scope } => {
            let scope = match scope {
                LogoffScope::Own => "own",
                LogoffScope::Shared => "shared",
            };
            let (name, handle) = (name.to_string(), handle.to_string());
            ("Logoff", json!({ "handle": handle, "name": name, "scope": scope }))
        }
        Call::Open(open) => ("Open", write_open(open)),
        Call::Query(Query { name, session, provider }) => {
            let (name, session) = (name.to_string(), session.to_string());
            ("Query", json!({ "name": name, "session": session, "provider": provider }))
        }
    };
    json!({ "tag": tag, "value": value })
}

fn write_logon(scope: &Scope, logon: &Logon) -> Value {
    let password = match logon.password {
        Password::None => "none",
        Password::Right => "right",
        Password::Wrong => "wrong",
    };
    let (stage, code, at) = match logon.stage {
        Stage::Wait => ("wait", None, None),
        Stage::Decide => ("decide", None, None),
        Stage::Pick => ("pick", None, None),
        Stage::LookUp => ("look_up", None, None),
        Stage::AskProfile => ("ask_profile", None, None),
        Stage::Credentials(_) => ("credentials", None, None),
        Stage::Check => ("check", None, None),
        Stage::AskPassword => ("ask_password", None, None),
        Stage::Build => ("build", None, None),
        Stage::Show(service) => ("show", None, Some(json!(service))),
        Stage::Series(provider, stage) => (series_stage(stage), None, Some(json!(provider))),
        Stage::Finish => ("finish", None, None),
        Stage::Done(code) => ("done", Some(code.name()), None),
    };
    json!({
        "name": logon.name.to_string(),
        "request": scope.request(logon.request).name,
        "password": password,
        "profile": profile_name(scope, logon.profile),
        "stage": stage,
        "at": at.unwrap_or_else(|| json!("none")),
        "code": code.unwrap_or("none"),
    })
}

fn write_open(open: &Open) -> Value {
    let opens = match open.opens {
        Opens::Store => "store",
        Opens::Book => "book",
    };
    let dialogs = match open.dialogs {
        Permission::Granted => "granted",
        Permission::Denied => "denied",
    };
    json!({
        "name": open.name.to_string(),
        "handle": open.handle.to_string(),
        "opens": opens,
        "dialogs": dialogs,
        "at": open.at,
        "stage": open.stage.map_or("wait", series_stage),
    })
}

const fn series_stage(stage: SeriesStage) -> &'static str {
    match stage {
        SeriesStage::First => "first_attempt",
        SeriesStage::Second => "second_attempt",
        SeriesStage::Entry => "entry",
        SeriesStage::Inform => "inform",
    }
}

fn write_handle(handle: Handle) -> Value {
    match handle {
        Handle::Live { session, holder, objects, inbox } => {
            let holder = match holder {
                Holder::Mail => "mail",
                Holder::NoMail => "no_mail",
                Holder::Service => "service",
            };
            let value = json!({
                "holder": holder,
                "inbox": write_inbox(inbox),
                "objects": write_objects(objects),
                "session": session.to_string(),
                "sink": inbox.has_sink(),
            });
            json!({ "tag": "Live", "value": value })
        }
        Handle::LoggedOff => json!({ "tag": "LoggedOff", "value": { "#tup": [] } }),
    }
}

fn write_objects(objects: Objects) -> Value {
    let stores = Provider::ALL.into_iter().filter(|it| objects.has_store(*it));
    let book = objects.has_book().then(|| json!("book"));
    json!({ "#set": stores.map(|it| json!(it)).chain(book).collect::<Vec<_>>() })
}

fn write_inbox(inbox: Inbox) -> Value {
    let count = |event| integer(inbox.count(event));
    json!({
        "critical": count(Notification::Critical),
        "extended": count(Notification::Extended),
        "table": count(Notification::Table),
    })
}

fn write_session(scope: &Scope, session: &Session) -> Value {
    let phase = match session.phase {
        Phase::Building => "building",
        Phase::Individual => "individual",
        Phase::Shared => "shared",
        Phase::Closing => "closing",
        Phase::Draining => "draining",
    };
    let spooler = match session.spooler {
        Spooler::Attached => "attached",
        Spooler::Detached => "detached",
    };
    let at = |provider: Option<Provider>| provider.map_or_else(|| json!("none"), |it| json!(it));
    let stage = |series: TransportSeries| series_stage(series.stage.into());
    let snapshot = scope.snapshot_of(session);
    let disabled = Service::ALL.into_iter().filter(|it| session.disabled.has(*it));
    let providers: Vec<_> = snapshot
        .providers()
        .map(|(provider, spec)| {
            let kind = match spec.kind {
                ProviderKind::AddressBook => "address_book",
                ProviderKind::Store => "store",
                ProviderKind::Transport => "transport",
            };
            let value = json!({
                "kind": kind,
                "service": snapshot.spec.services[spec.service.index()].name,
                "status": status_name(session.providers.get(provider)),
            });
            json!([provider, value])
        })
        .collect();
    json!({
        "name": session.name.to_string(),
        "profile": scope.describe_profile(session.profile),
        "phase": phase,
        "disabled": { "#set": disabled.map(|it| json!(it)).collect::<Vec<_>>() },
        "providers": { "#map": providers },
        "spooler": spooler,
        "transport": {
            "at": at(session.transport.map(|series| series.provider)),
            "stage": session.transport.map_or("none", stage),
        },
        "default_store": at(session.default_store),
        "identity": at(session.identity),
    })
}

const fn status_name(status: Status) -> &'static str {
    match status {
        Status::NotStarted => "not_started",
        Status::Running => "running",
        Status::Failed => "failed",
        Status::Quiesced => "quiesced",
        Status::Late => "late",
        Status::LoggingOff => "logging_off",
        Status::ShuttingDown => "shutting_down",
    }
}

fn profile_name(scope: &Scope, profile: Option<Profile>) -> String {
    profile.map_or_else(|| "none".into(), |profile| scope.describe_profile(profile))
}

fn integer(value: u8) -> Value {
    json!({ "#bigint": value.to_string() })
}
