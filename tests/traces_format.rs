//! Traces as files, stories and pictures: what is written is read again, and what is wrong is said.
//!
//! The scope is a small one in which every kind of action can occur. Random tests print what failed
//! and keep no files; the seed they print is enough.

#[path = "traces_format/errors.rs"]
mod errors;
#[path = "traces_format/pictures.rs"]
mod pictures;
#[path = "traces_format/replays.rs"]
mod replays;
#[path = "traces_format/round_trips.rs"]
mod round_trips;

use mapi_session_model::{Action, Fault, Protocol, Scope, State};
use mapi_session_tests::trace::{Kind, Recorded, TraceError, record};
use stateright::Model;

const SCOPE: &str = r#"
purpose = "Every kind of action."
clients = 2
handles_per_client = 1
calls_in_progress = 2
sessions = 2
calls = [
    "initialize", "uninitialize", "logoff", "confirmed_logoff", "release", "nested", "crash",
    "withdrawal", "deadline", "stray",
]
initialize = ["application", "service", "undefined_flag", "wrong_version"]

[[profile]]
name = "Work"
password = true
services = []

[[profile]]
name = "Home"
services = []

[[request]]
name = "share the default"
flags = ["USE_DEFAULT", "ALLOW_OTHERS"]
profile = "none"
password = "none"

[[request]]
name = "Home, alone"
flags = ["NEW_SESSION"]
profile = "Home"
password = "none"

[[request]]
name = "choose <& prompt>; #1"
flags = ["LOGON_UI", "TIMEOUT_SHORT"]
profile = "none"
password = "none"

[[request]]
name = "Work, wrong password"
flags = ["PASSWORD_UI"]
profile = "Work"
password = "wrong"

[[chooser]]
answer = "Work"
password = "right"

[[chooser]]
answer = "absent"

[[chooser]]
answer = "cancel"

[[start]]
default = "Home"
initialized = ["A", "B"]
"#;

fn scope() -> Scope {
    Scope::parse("every.toml", SCOPE).expect("the scope of this test is well formed")
}

/// The same with services, and with calls on what they provide.
fn scope_with_services() -> Scope {
    let services = r#"services = [
    { name = "MSEMS", providers = ["store", "address_book", "transport"], entry = true },
    { name = "CONTAB", providers = ["address_book"], entry = false },
]"#;
    let calls = r#""stray", "open", "use", "store_logoff""#;
    let results = "results = [\"ok\", \"unconfigured\", \"logon_failed\"]\n\n[[profile]]";
    let text = SCOPE.replace("services = []", services).replace("\"stray\"", calls);
    let text = text.replacen("[[profile]]", results, 1);
    Scope::parse("services.toml", &text).expect("the scope of this test is well formed")
}

fn find_scope(name: &str) -> Result<Scope, String> {
    match name {
        "every" => Ok(scope()),
        "services" => Ok(scope_with_services()),
        _ => Err("the scope every".into()),
    }
}

fn read(text: &str) -> Result<Recorded, TraceError> {
    Recorded::from_itf("t.itf.json", text, find_scope)
}

/// Everything that may happen in a state.
fn offered(world: &Protocol, state: &State) -> Vec<Action> {
    let mut actions = Vec::new();
    world.actions(state, &mut actions);
    actions
}

/// The actions that these sentences tell, one after the other.
fn told(world: &Protocol, sentences: &[&str]) -> Vec<Action> {
    let mut state = world.scope.starts[0].state;
    let mut actions = Vec::new();
    for sentence in sentences {
        let mut possible = offered(world, &state).into_iter();
        let action = possible.find(|action| world.scope.describe(*action) == **sentence);
        let action = action.unwrap_or_else(|| panic!("not possible: {sentence}"));
        state = world.next(&state, action).after;
        actions.push(action);
    }
    actions
}

fn fault(name: &str) -> Fault {
    Fault::parse(name).expect("the fault is in the table of rules")
}

const SHARED_LOGON: [&str; 7] = [
    "A calls MAPILogonEx: share the default",
    "A1 goes on",
    "A1 goes on",
    "the profile store answers A1",
    "A1 goes on",
    "the profile store tells A1 its services",
    "A1 goes on",
];
const INV_03: &str = "INV-03: a logon with NEW_SESSION never joins";
const BROKEN: &str = "Join-without-MayJoin";

/// A logon that asked for a session of its own joins that of somebody else.
fn counterexample() -> Recorded {
    let scope = scope();
    let world = Protocol { scope: scope.clone(), fault: Some(fault(BROKEN)) };
    let rest = ["A1 goes on", "B calls MAPILogonEx: Home, alone", "B1 goes on", "B1 goes on"];
    let actions = told(&world, &[&SHARED_LOGON[..], &rest].concat());
    record(&scope, 0, actions, Kind::Counterexample, INV_03, world.fault)
        .expect("the fault breaks the property in the last step")
}
