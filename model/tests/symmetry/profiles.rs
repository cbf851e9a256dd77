//! Worlds in which profiles are administered and clients go by a fast shutdown.

/// Two clients that delete profiles, choose the default one, change services and go by a fast
/// shutdown; two profiles that are alike, as no call gives a name.
pub(crate) const DELETING: &str = r#"purpose = "two clients that administer two profiles and go fast"
clients = 2
handles_per_client = 2
calls_in_progress = 2
sessions = 2
notifications = 1
calls = [
    "fast_shutdown", "admin_services", "release", "logoff", "crash", "uninitialize", "nested",
    "deadline", "withdrawal", "stray", "advise", "deliver", "demand",
]
results = ["ok", "logon_failed"]

[[profile]]
name = "Work"
services = [
    { name = "MSEMS", providers = ["store", "transport"] },
    { name = "CONTAB", providers = ["address_book"], entry = true },
]
present = 1

[[profile]]
name = "Home"
services = [
    { name = "MSUPST MS", providers = ["store", "transport"] },
    { name = "SMTP", providers = ["address_book"], entry = true },
]
present = 1

[[request]]
name = "share Home"
flags = ["ALLOW_OTHERS"]
profile = "Home"
password = "none"

[[request]]
name = "share Work"
flags = ["ALLOW_OTHERS"]
profile = "Work"
password = "none"

[[request]]
name = "choose alone"
flags = ["NEW_SESSION", "LOGON_UI"]
profile = "none"
password = "none"

[[request]]
name = "the default"
flags = ["USE_DEFAULT"]
profile = "none"
password = "none"

[[chooser]]
answer = "Work"

[[chooser]]
answer = "Home"

[[admin]]
name = "delete Home"
call = "delete"
profile = "Home"

[[admin]]
name = "Work is the default"
call = "set_default"
profile = "Work"

[[admin]]
name = "delete Work"
call = "delete"
profile = "Work"

[[admin]]
name = "no default"
call = "set_default"
profile = "none"

[[admin]]
name = "Home is the default"
call = "set_default"
profile = "Home"

[[start]]
default = "Work"
initialized = ["A", "B"]
standing = [{ client = "A", request = "share Work" }]

[[start]]
default = "none"
initialized = ["A", "B"]
standing = [{ client = "A", request = "share Home" }, { client = "B", request = "share Home" }]
"#;

/// Two clients that make, copy, rename and delete profiles under two names that are alike. The
/// profiles listed are not: they have places.
pub(crate) const NAMING: &str = r#"purpose = "two clients and two names that profiles are given"
clients = 2
handles_per_client = 2
calls_in_progress = 1
sessions = 2
profiles = 4
calls = ["fast_shutdown", "admin_services", "release", "crash", "uninitialize", "deadline"]

[[profile]]
name = "Work"
services = [{ name = "MSEMS", providers = ["store"] }]

[[profile]]
name = "Home"
services = [{ name = "MSEMS", providers = ["store"] }]

[[request]]
name = "share Temp"
flags = ["ALLOW_OTHERS"]
profile = "Temp"
password = "none"

[[request]]
name = "share Work"
flags = ["ALLOW_OTHERS"]
profile = "Work"
password = "none"

[[request]]
name = "share Other"
flags = ["ALLOW_OTHERS"]
profile = "Other"
password = "none"

[[request]]
name = "choose alone"
flags = ["NEW_SESSION", "LOGON_UI"]
profile = "none"
password = "none"

[[chooser]]
answer = "Other"

[[chooser]]
answer = "Home"

[[chooser]]
answer = "Temp"

[[admin]]
name = "rename Work to Temp"
call = "rename"
profile = "Work"
to = "Temp"

[[admin]]
name = "rename Temp to Other"
call = "rename"
profile = "Temp"
to = "Other"

[[admin]]
name = "rename Other to Temp"
call = "rename"
profile = "Other"
to = "Temp"

[[admin]]
name = "rename Work to Other"
call = "rename"
profile = "Work"
to = "Other"

[[admin]]
name = "create Other"
call = "create"
to = "Other"

[[admin]]
name = "create Temp"
call = "create"
to = "Temp"

[[admin]]
name = "copy Temp to Work"
call = "copy"
profile = "Temp"
to = "Work"

[[admin]]
name = "copy Other to Work"
call = "copy"
profile = "Other"
to = "Work"

[[admin]]
name = "delete Other"
call = "delete"
profile = "Other"

[[admin]]
name = "delete Temp"
call = "delete"
profile = "Temp"

[[admin]]
name = "delete Work"
call = "delete"
profile = "Work"

[[admin]]
name = "delete Home"
call = "delete"
profile = "Home"

[[start]]
default = "Home"
initialized = ["A", "B"]
standing = [{ client = "A", request = "share Work" }]

[[start]]
default = "none"
initialized = ["A", "B"]
"#;

/// Small enough to be explored with and without symmetry: two clients that go by a fast shutdown or
/// remove a profile that they use, of two that are alike.
pub(crate) const SMALL_DELETING: &str = r#"purpose = "two clients, two profiles that are deleted"
clients = 2
handles_per_client = 1
calls_in_progress = 1
sessions = 2
calls = ["fast_shutdown", "release"]

[[profile]]
name = "Work"
services = [{ name = "MSEMS", providers = ["store"] }]

[[profile]]
name = "Home"
services = [{ name = "MSUPST MS", providers = ["store"] }]

[[request]]
name = "Home"
profile = "Home"
password = "none"
flags = ["ALLOW_OTHERS"]

[[request]]
name = "Work"
profile = "Work"
password = "none"
flags = ["ALLOW_OTHERS"]

[[admin]]
name = "delete Home"
call = "delete"
profile = "Home"

[[admin]]
name = "delete Work"
call = "delete"
profile = "Work"

[[admin]]
name = "Work is the default"
call = "set_default"
profile = "Work"

[[admin]]
name = "Home is the default"
call = "set_default"
profile = "Home"

[[start]]
default = "none"
initialized = ["A", "B"]
"#;

/// As small: two clients that give a profile one of two names, once nobody uses it.
pub(crate) const SMALL_NAMING: &str = r#"purpose = "two clients, two names that a profile is given"
clients = 2
handles_per_client = 1
calls_in_progress = 1
sessions = 2
calls = ["fast_shutdown", "release", "admin_services"]
profiles = 3

[[profile]]
name = "Work"
services = [{ name = "CONTAB", providers = [] }]

[[request]]
name = "Temp"
profile = "Temp"
password = "none"
flags = ["ALLOW_OTHERS"]

[[request]]
name = "Other"
profile = "Other"
password = "none"
flags = ["ALLOW_OTHERS"]

[[admin]]
name = "create Temp"
call = "create"
to = "Temp"

[[admin]]
name = "create Other"
call = "create"
to = "Other"

[[admin]]
name = "rename Temp"
call = "rename"
profile = "Temp"
to = "Other"

[[admin]]
name = "rename Other"
call = "rename"
profile = "Other"
to = "Temp"

[[start]]
default = "none"
initialized = ["A", "B"]
"#;
