//! The production engine goes through traces of the model: real threads, step by step.
//!
//! The random test prints the seed of what fails; what is walked before it is the same every time.

#[path = "engine_replay/failing.rs"]
mod failing;
#[path = "engine_replay/farewell.rs"]
mod farewell;
#[path = "engine_replay/services.rs"]
mod services;
#[path = "engine_replay/sessions.rs"]
mod sessions;
#[path = "engine_replay/story.rs"]
mod story;
#[path = "engine_replay/telling.rs"]
mod telling;

use std::collections::{BTreeMap, BTreeSet};

use mapi_session_core::Rule;
use mapi_session_model::{Protocol, Scope};
use mapi_session_tests::{
    engine_replay::{Reason, random_actions, replay_on_engine},
    scopes::Specs,
};

/// How many random traces are replayed in each of the standard scopes; in the wide ones many
/// times as many.
const WALKS: u64 = 50;

#[test]
fn the_engine_goes_through_random_traces() {
    let mut rules = BTreeSet::new();
    for scope in scopes() {
        let name = scope.name.clone();
        let world = Protocol::sound(scope);
        let mut skipped: BTreeMap<Reason, usize> = BTreeMap::new();
        let (mut replayed, mut late) = (0, 0);
        let walks = match name.as_str() {
            "wide" => 10 * WALKS,
            "farewell" => 4 * WALKS,
            _ => WALKS,
        };
        // A change of one scope does not change what is walked in another.
        let mut taken = BTreeMap::new();
        for seed in 0..walks {
            let steps = 30 + (seed % if name == "wide" { 91 } else { 31 }) as usize;
            let (start, actions) = random_actions(&world, seed, steps, &mut taken);
            let replay = replay_on_engine(&world.scope, start, &actions)
                .unwrap_or_else(|failure| panic!("{name}, seed {seed}, {failure}"));
            replayed += replay.taken.len();
            late += replay.late;
            for (reason, count) in replay.skipped_by_reason() {
                *skipped.entry(reason).or_default() += count;
            }
            rules.extend(replay.taken);
        }
        let skips: usize = skipped.values().sum();
        println!("{name}, seeds 0 to {}: {replayed} steps, {late} came late", walks - 1);
        println!("  {skips} skipped: {skipped:?}");
        assert!(skips * 10 < replayed, "too much is skipped in {name}");
    }
    rules.extend(TOLD);
    let missed: Vec<_> = Rule::ALL.iter().filter(|it| !rules.contains(it)).collect();
    let expected: Vec<_> = OUT_OF_REACH.iter().map(|(rule, _)| rule).collect();
    assert_eq!(missed, expected);
}

/// What chance seldom brings together: it is told in stories.
const TOLD: [Rule; 13] = [
    Rule::RefuseDeadClient,
    Rule::RefuseTransportUse,
    Rule::CloseRetryPromptAtDeadline,
    Rule::WithdrawOpenAmidPrompt,
    Rule::FindServiceDisabled,
    Rule::FindBookInPart,
    Rule::LeaveStoppedStore,
    Rule::TakeBackOfDisabledService,
    Rule::FailDespiteEntry,
    Rule::FailDespiteAnswer,
    Rule::FindBookWhole,
    Rule::WaitForNextOfBook,
    Rule::RefuseStoreUse,
];

/// The rules that no trace of the model makes an engine follow, and why.
const OUT_OF_REACH: [(Rule, &str); 3] = [
    (Rule::IgnoreReusedId, "the engine gives no number twice"),
    (Rule::KeepTurn, "a thread whose turn has come goes on before its time is up"),
    (Rule::IgnoreDeadline, "the engine measures no time where nobody is waited for"),
];

/// Every standard scope, and two that have more than any of them.
fn scopes() -> Vec<Scope> {
    let specs = Specs::find().expect("the workspace has specs/");
    let standard = specs.all().expect("they are well formed").into_iter().map(|it| it.scope);
    let wide = [("wide", WIDE), ("farewell", FAREWELL)];
    let wide =
        wide.map(|(name, text)| Scope::parse(name, text).unwrap_or_else(|error| panic!("{error}")));
    standard.chain(wide).collect()
}

/// Here profiles come and go under logons, and clients go in haste.
const FAREWELL: &str = r#"
purpose = "Two clients that log on to profiles that others delete, and are gone in a hurry."
clients = 2
initializations = 1
handles_per_client = 2
calls_in_progress = 2
sessions = 3
profiles = 3
notifications = 2
calls = [
    "initialize", "uninitialize", "logoff", "release", "crash", "withdrawal", "deadline", "open",
    "use", "demand", "fast_shutdown", "admin_services",
]
initialize = ["application"]
results = ["ok", "fail_one_provider"]
admin = [
    { name = "delete Work", call = "delete", profile = "Work" },
    { name = "delete Home", call = "delete", profile = "Home" },
    { name = "Work is Home", call = "copy", profile = "Home", to = "Work" },
    { name = "Home is Work", call = "copy", profile = "Work", to = "Home" },
    { name = "rename Home", call = "rename", profile = "Home", to = "Cabin" },
    { name = "rename Cabin", call = "rename", profile = "Cabin", to = "Home" },
    { name = "create Home", call = "create", to = "Home" },
    { name = "Work is the default", call = "set_default", profile = "Work" },
]
request = [
    { name = "Work", profile = "Work", password = "right" },
    { name = "share Home", flags = ["ALLOW_OTHERS"], profile = "Home", password = "none" },
    { name = "the default", flags = ["USE_DEFAULT"], profile = "none", password = "right" },
]

[[start]]
default = "Home"
initialized = ["A", "B"]

[[start]]
default = "Work"
initialized = ["A", "B"]
standing = [{ client = "A", request = "share Home" }, { client = "B", request = "share Home" }]

[[profile]]
name = "Work"
password = true
services = [{ name = "MSUPST MS", providers = ["store"] }]

[[profile]]
name = "Home"
services = [
    { name = "MSEMS", providers = ["store", "transport"], entry = true },
    { name = "CONTAB", providers = ["address_book"] },
]
present = 1
"#;

/// What is rare in every standard scope is frequent here.
const WIDE: &str = r#"
purpose = "Three sharers of providers of every kind, and whatever can come between them."
clients = 3
initializations = 2
handles_per_client = 2
calls_in_progress = 1
sessions = 4
session_limit = 3
notifications = 2
calls = [
    "initialize", "uninitialize", "logoff", "confirmed_logoff", "release", "nested", "crash",
    "withdrawal", "deadline", "stray", "open", "use", "store_logoff", "demand", "shared_logoff",
    "set_default_store", "advise", "deliver",
]
initialize = ["application", "service", "undefined_flag", "wrong_version"]
results = ["ok", "fail_one_provider", "unconfigured", "logon_failed"]
chooser = [
    { answer = "Home" },
    { answer = "Tool" },
    { answer = "absent" },
    { answer = "cancel" },
    { answer = "unavailable" },
]

[[start]]
default = "Home"
initialized = ["A", "B", "C"]

[[start]]
default = "none"
initialized = ["A", "B", "C"]

[[start]]
default = "Home"
initialized = ["A", "B", "C"]
standing = [
    { client = "A", request = "share Home", results = [
        "fail_one_provider", "fail_one_provider", "fail_one_provider", "fail_one_provider",
    ] },
    { client = "B", request = "share Home" },
    { client = "C", request = "share Home" },
]

[[profile]]
name = "Home"
services = [
    { name = "MSEMS", providers = [
        "store",
        { kind = "address_book", flags = ["PRIMARY_IDENTITY"] },
        { kind = "transport", flags = ["XP_PREFER_LAST"] },
        { kind = "store", flags = ["NO_DEFAULT_STORE"] },
    ], entry = true },
    { name = "CONTAB", providers = ["address_book", "transport"], entry = false },
]

[[profile]]
name = "Tool"
app = true
services = []

[[request]]
name = "share Home"
flags = ["ALLOW_OTHERS"]
profile = "Home"
password = "none"

[[request]]
name = "share, with every dialog"
flags = ["ALLOW_OTHERS", "LOGON_UI", "SERVICE_UI_ALWAYS"]
profile = "Home"
password = "none"

[[request]]
name = "alone, with every dialog"
flags = ["NEW_SESSION", "LOGON_UI", "SERVICE_UI_ALWAYS", "USE_DEFAULT"]
profile = "none"
password = "none"

[[request]]
name = "join as a service, not for long"
flags = ["TIMEOUT_SHORT", "NT_SERVICE"]
profile = "Home"
password = "none"
"#;
