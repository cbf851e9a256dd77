//! Worlds with interchangeable clients or profiles.

use mapi_session_model::Scope;

/// Three clients and two profiles that nothing tells apart, and everything that can happen to them
/// but opens. Of the requests that name a profile there is one for each.
pub(crate) const THREE: &str = r#"purpose = "three clients, two profiles, everything but opens"
clients = 3
initializations = 2
handles_per_client = 2
calls_in_progress = 1
sessions = 3
session_limit = 2
notifications = 1
calls = [
    "initialize", "uninitialize", "logoff", "confirmed_logoff", "shared_logoff", "release",
    "nested", "crash", "withdrawal", "deadline", "stray", "use", "store_logoff", "demand",
    "set_default_store", "advise", "deliver",
]
results = ["ok", "fail_one_provider", "unconfigured", "logon_failed"]
initialize = ["application", "service"]

[[profile]]
name = "Work"
password = true
services = [
    { name = "MSEMS", providers = ["address_book", "store", "transport"], entry = true },
    { name = "CONTAB", providers = ["address_book"] },
]

[[profile]]
name = "Home"
password = true
services = [
    { name = "MSUPST MS", providers = ["address_book", "store", "transport"], entry = true },
    { name = "SMTP", providers = ["address_book"] },
]

[[request]]
name = "share Home"
flags = ["ALLOW_OTHERS", "LOGON_UI"]
profile = "Home"
password = "right"

[[request]]
name = "choose, not for long"
flags = ["LOGON_UI", "TIMEOUT_SHORT", "ALLOW_OTHERS"]
profile = "none"
password = "none"

[[request]]
name = "share Work"
flags = ["ALLOW_OTHERS", "LOGON_UI"]
profile = "Work"
password = "right"

[[request]]
name = "Work alone, prompt"
flags = ["NEW_SESSION", "PASSWORD_UI", "NO_MAIL"]
profile = "Work"
password = "wrong"

[[request]]
name = "Home alone, prompt"
flags = ["NEW_SESSION", "PASSWORD_UI", "NO_MAIL"]
profile = "Home"
password = "wrong"

[[request]]
name = "the default, each service configured first, by a service"
flags = ["USE_DEFAULT", "SERVICE_UI_ALWAYS", "NT_SERVICE"]
profile = "none"
password = "right"

[[chooser]]
answer = "Home"
password = "right"

[[chooser]]
answer = "Work"
password = "right"

[[chooser]]
answer = "cancel"

[[start]]
default = "Work"
initialized = ["A", "B"]
standing = [{ client = "B", request = "share Home" }]

[[start]]
default = "none"
initialized = ["A", "B", "C"]
"#;

/// The same with two clients that have two threads each.
pub(crate) fn pair() -> Scope {
    let two = THREE.replace("clients = 3", "clients = 2").replace("progress = 1", "progress = 2");
    world(&two.replace("[\"A\", \"B\", \"C\"]", "[\"A\", \"B\"]"))
}

/// Two clients, each with requests of its own that are the same for both; opens, in which clients
/// are not interchangeable, but profiles are.
pub(crate) const OPENS: &str = r#"purpose = "two clients that open, two profiles"
clients = 2
handles_per_client = 2
calls_in_progress = 2
sessions = 2
calls = [
    "open", "use", "store_logoff", "logoff", "confirmed_logoff", "shared_logoff", "release",
    "nested", "crash", "withdrawal", "deadline", "stray", "demand", "set_default_store",
]
results = ["ok", "fail_one_provider", "logon_failed"]

[[profile]]
name = "Work"
services = [{ name = "MSEMS", providers = ["address_book", "store"], entry = true }]

[[profile]]
name = "Home"
services = [{ name = "MSEMS", providers = ["address_book", "store"], entry = true }]

[[request]]
name = "share Work"
flags = ["ALLOW_OTHERS"]
profile = "Work"
password = "none"

[[request]]
name = "share Home"
flags = ["ALLOW_OTHERS"]
profile = "Home"
password = "none"

[[start]]
default = "none"
initialized = ["A", "B"]
standing = [
    { client = "A", request = "share Work", results = ["ok", "fail_one_provider"] },
    { client = "B", request = "share Home" },
]
"#;

/// Small enough to be explored with and without symmetry, once for every fault tried: three
/// clients, of whom A has requests of its own, and two profiles that are alike, each the default in
/// one of the starts.
pub(crate) const SMALL: &str = r#"purpose = "three clients and two profiles, hardly any calls"
clients = 3
handles_per_client = 1
calls_in_progress = 1
sessions = 2
calls = ["release"]

[[profile]]
name = "Work"
services = []

[[profile]]
name = "Home"
services = []

[[request]]
name = "share Work"
flags = ["ALLOW_OTHERS", "TIMEOUT_SHORT"]
profile = "Work"
password = "none"

[[request]]
name = "share Home"
flags = ["ALLOW_OTHERS", "TIMEOUT_SHORT"]
profile = "Home"
password = "none"

[[request]]
name = "choose alone"
flags = ["LOGON_UI", "NEW_SESSION"]
profile = "none"
password = "none"
by = ["A"]

[[request]]
name = "the default"
flags = ["USE_DEFAULT"]
profile = "none"
password = "none"
by = ["A"]

[[chooser]]
answer = "Home"

[[chooser]]
answer = "Work"

[[chooser]]
answer = "cancel"

[[start]]
default = "Work"
initialized = ["A", "B", "C"]

[[start]]
default = "Home"
initialized = ["A", "B", "C"]
"#;

/// The standard scope of all calls, but that both clients may make the same ones, without opens.
pub(crate) fn all_calls() -> Scope {
    let all = include_str!("../../../specs/scopes/all_calls.toml");
    standard(&changed(all, &[("\nby = [\"A\"]", ""), ("\nby = [\"B\"]", ""), ("\"open\", ", "")]))
}

/// The standard scope of all calls, but that nothing tells its profiles apart.
pub(crate) fn all_calls_twice() -> Scope {
    let all = include_str!("../../../specs/scopes/all_calls.toml");
    let request = "[[request]]\nname = \"share Home\"\nflags = [\"ALLOW_OTHERS\"]\n\
                   profile = \"Home\"\npassword = \"none\"\nby = [\"A\"]\n\n";
    let delete = "name = \"delete Home\"\ncall = \"delete\"\nprofile = \"Home\"\n\n\
                  [[admin]]\nname = \"delete Work\"\ncall = \"delete\"\n";
    standard(&changed(
        all,
        &[
            ("services = []", "services = [{ name = \"MSUPST MS\", providers = [\"store\"] }]"),
            ("[[chooser]]", &format!("{request}[[chooser]]\nanswer = \"Home\"\n\n[[chooser]]")),
            ("name = \"rename Work\"\ncall = \"rename\"\n", delete),
            ("to = \"Temp\"\nby = [\"A\"]\n", ""),
        ],
    ))
}

/// The standard scope of fast shutdowns, but that both clients may make the same calls.
pub(crate) fn shutdown() -> Scope {
    let text = include_str!("../../../specs/scopes/shutdown.toml");
    standard(&changed(text, &[("\nby = [\"A\"]", ""), ("\nby = [\"C\"]", "")]))
}

/// A text with something else in the place of what is there.
fn changed(text: &str, changes: &[(&str, &str)]) -> String {
    changes.iter().fold(text.to_owned(), |text, (find, replace)| {
        assert!(text.contains(find), "{find:?} must be there");
        text.replace(find, replace)
    })
}

pub(crate) fn world(text: &str) -> Scope {
    Scope::parse("worlds/alike.toml", text).expect("the world is well-formed")
}

/// A standard scope, by its file.
pub(crate) fn standard(text: &str) -> Scope {
    Scope::parse("standard.toml", text).expect("standard scopes are well-formed")
}
