//! Where walks are taken: five clients, four profiles with services of every make; requests, and
//! what providers may answer, are drawn at random.

use mapi_session_model::{
    FastPolicy, Label, NameArgument, Password, ProviderResult, Request, Scope, flag,
};
use proptest::{
    collection::vec,
    option,
    prelude::{Just, Strategy, any, prop_oneof},
    sample::{select, subsequence},
};

/// All but most requests.
const WORLD: &str = r#"
purpose = "More than any scope can walk exhaustively."
clients = 5
initializations = 2
handles_per_client = 3
calls_in_progress = 1
sessions = 4
notifications = 2
calls = [
    "initialize", "uninitialize", "logoff", "confirmed_logoff", "release", "nested", "crash",
    "withdrawal", "deadline", "stray", "open", "use", "store_logoff", "demand", "shared_logoff",
    "set_default_store", "advise", "deliver", "admin_services", "fast_shutdown",
]
results = ["ok"] # and others, drawn with the requests
initialize = ["application", "service", "undefined_flag", "wrong_version"]
request = [
    { name = "share Home", flags = ["ALLOW_OTHERS"], profile = "Home", password = "none" },
    { name = "join", flags = ["ALLOW_OTHERS"], profile = "none", password = "none" },
]
chooser = [
    { answer = "Home" },
    { answer = "Home", password = "right" },
    { answer = "Home", password = "none" },
    { answer = "Work" },
    { answer = "Work", password = "right" },
    { answer = "Safe", password = "wrong" },
    { answer = "Safe", password = "none" },
    { answer = "Tool" },
    { answer = "absent" },
    { answer = "cancel" },
    { answer = "unavailable" },
]

admin = [
    { name = "create New", call = "create", to = "New" },
    { name = "create Tool", call = "create", to = "Tool", app = true },
    { name = "create an improper name", call = "create", to = "malformed" },
    { name = "copy Home", call = "copy", profile = "Home", to = "New" },
    { name = "copy Safe", call = "copy", profile = "Safe", to = "Old" },
    { name = "copy Tool", call = "copy", profile = "Tool", to = "Work", app = true },
    { name = "copy Tool unseen", call = "copy", profile = "Tool", to = "Old" },
    { name = "copy nothing", call = "copy", profile = "absent", to = "Old" },
    { name = "delete Work", call = "delete", profile = "Work" },
    { name = "delete Safe", call = "delete", profile = "Safe" },
    { name = "delete Home", call = "delete", profile = "Home" },
    { name = "delete New", call = "delete", profile = "New" },
    { name = "delete Tool", call = "delete", profile = "Tool", app = true },
    { name = "rename Work", call = "rename", profile = "Work", to = "Old" },
    { name = "rename Home", call = "rename", profile = "Home", to = "New" },
    { name = "rename New", call = "rename", profile = "New", to = "Home" },
    { name = "Home keeps its name", call = "rename", profile = "Home", to = "Home" },
    { name = "Home is the default", call = "set_default", profile = "Home" },
    { name = "New is the default", call = "set_default", profile = "New" },
    { name = "Tool is the default", call = "set_default", profile = "Tool", app = true },
    { name = "no default", call = "set_default", profile = "none" },
]

[[start]]
default = "none"

[[start]]
default = "Home"

[[start]]
default = "Work"

[[start]]
default = "Home"
initialized = ["A", "B", "C", "D", "E"]
standing = [
    { client = "A", request = "share Home" },
    { client = "B", request = "join" },
    { client = "C", request = "join" },
]

[[start]]
default = "Home"
initialized = ["A", "B", "C", "D", "E"]
standing = [
    { client = "A", request = "share Home", results = [
        "fail_one_provider", "fail_one_provider", "fail_one_provider", "fail_one_provider",
        "fail_one_provider",
    ] },
    { client = "B", request = "join" },
    { client = "C", request = "join" },
]

[[start]]
default = "Home"
initialized = ["A", "B", "C", "D", "E"]
standing = [
    { client = "A", request = "share Home", results = ["ok", "fail_one_provider"] },
    { client = "B", request = "join" },
    { client = "C", request = "join" },
]

[[profile]]
name = "Work"
password = true
services = [
    { name = "MSEMS", providers = [
        { kind = "address_book", flags = ["PRIMARY_IDENTITY"] },
        { kind = "store", flags = ["SECONDARY_STORE"] },
        { kind = "transport", flags = ["XP_PREFER_LAST"] },
    ], entry = true },
    { name = "CONTAB", providers = ["address_book", "transport"], entry = true },
    { name = "MSUPST MS", providers = ["store"], entry = true },
]

[[profile]]
name = "Safe"
password = true
services = [
    { name = "MSUPST MS", providers = ["store"], entry = false },
    { name = "CONTAB", providers = ["address_book"], entry = false },
    { name = "EMABLT", providers = [], entry = true },
]
present = 2

[[profile]]
name = "Home"
services = [
    { name = "MSUPST MS", providers = [
        { kind = "store", flags = ["PRIMARY_STORE", "NO_DEFAULT_STORE"] },
        { kind = "store", flags = ["PRIMARY_STORE", "PRIMARY_IDENTITY"] },
    ], entry = true },
    { name = "EMABLT", providers = ["address_book", "address_book"], entry = true },
    { name = "MSEMS", providers = ["store", "transport"], entry = false },
    { name = "SMTP", providers = ["transport"], entry = true },
]

[[profile]]
name = "Tool"
app = true
services = []
"#;

/// How many requests a world has, beside those that starts need.
const REQUESTS: usize = 16;

/// How many steps a walk has.
pub(crate) const STEPS: usize = 200;

/// A world, and the choices made in it.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) choices: Vec<u16>,
    pub(crate) start: usize,
    pub(crate) beginning: Beginning,
    pub(crate) scope: Scope,
}

/// Who is there when a walk begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Beginning {
    Nobody,
    /// Every client, initialised once.
    Everybody,
}

/// Any plan. Half of them leave profiles alone, and nobody goes in haste: so more else happens.
pub(crate) fn plans() -> impl Strategy<Value = Plan> {
    let choices = vec(any::<u16>(), STEPS);
    let world = Scope::parse("walk", WORLD).unwrap_or_else(|error| panic!("{error}"));
    let starts = 0..world.starts.len();
    let beginnings = prop_oneof![1 => Just(Beginning::Nobody), 3 => Just(Beginning::Everybody)];
    let policies = select(vec![
        FastPolicy::AllowUnlessRefused,
        FastPolicy::AllowUnlessRefused,
        FastPolicy::AllowIfAllConsent,
        FastPolicy::Refuse,
    ]);
    let bounds = (2..=3_u8, 1..=2_u8, option::of(2..=4_u8));
    let novelties = (policies, any::<bool>());
    let asked = (vec(requests(), REQUESTS), results(), novelties);
    (choices, (starts, beginnings), bounds, asked).prop_map(
        move |(choices, (start, beginning), (handles, calls, limit), (requests, results, last))| {
            let requests = [world.requests.clone(), requests].concat();
            let mut scope = Scope { requests, results, ..world.clone() };
            scope.handles_per_client = handles;
            scope.calls_in_progress = calls;
            scope.session_limit = limit;
            let (policy, is_settled) = last;
            scope.fast_shutdown = policy;
            if is_settled {
                scope.edits.clear();
                scope.calls.admin_services = false;
                scope.calls.fast_shutdown = false;
            }
            Plan { choices, start, beginning, scope }
        },
    )
}

/// What providers may answer: success, and a few or all of the others.
fn results() -> impl Strategy<Value = Vec<ProviderResult>> {
    let others = ProviderResult::ALL.into_iter().filter(|it| *it != ProviderResult::Ok);
    let others: Vec<_> = others.collect();
    let all = others.len();
    let some = prop_oneof![
        1 => Just(Vec::new()),
        6 => subsequence(others.clone(), 1..=2),
        1 => subsequence(others, 3..=all),
    ];
    some.prop_map(|others| [vec![ProviderResult::Ok], others].concat())
}

/// Any request: every set of flags with every name and every password. Sets that are refused at
/// once, or for every question, come up less often than by chance.
fn requests() -> impl Strategy<Value = Request> {
    const UI: (&str, u32) = ("LOGON_UI", flag::LOGON_UI);
    const PASSWORD: (&str, u32) = ("PASSWORD_UI", flag::PASSWORD_UI);
    const SERVICE: (&str, u32) = ("NT_SERVICE", flag::NT_SERVICE);
    const UNDEFINED: (&str, u32) = ("undefined", flag::UNDEFINED);
    let dialogs = prop_oneof![
        2 => Just(vec![]),
        3 => Just(vec![UI]),
        3 => Just(vec![PASSWORD]),
        1 => Just(vec![UI, PASSWORD]),
    ];
    let odd = prop_oneof![
        12 => Just(vec![]),
        3 => Just(vec![SERVICE]),
        1 => Just(vec![UNDEFINED]),
    ];
    let others = flag::NAMES.into_iter().filter(|flag| ![UI, PASSWORD, SERVICE].contains(flag));
    let others: Vec<_> = others.collect();
    let flags = (subsequence(others.clone(), 0..=others.len()), dialogs, odd)
        .prop_map(|(others, dialogs, odd)| [others, dialogs, odd].concat());
    let names = select(vec![
        NameArgument::None,
        NameArgument::Of(Label::L2),
        NameArgument::Of(Label::L0),
        NameArgument::Of(Label::L1),
        NameArgument::Of(Label::L3),
        NameArgument::Of(Label::L4),
        NameArgument::Absent,
        NameArgument::Malformed,
    ]);
    let names = prop_oneof![Just(NameArgument::None), names];
    let passwords = select(vec![Password::None, Password::Right, Password::Wrong]);
    (flags, names, passwords).prop_map(|(flags, profile, password)| {
        request(flags.iter().map(|(_, bit)| bit).sum(), profile, password)
    })
}

/// The names that profiles have at the start, and can come to have.
const NAMES: [&str; 8] = ["Work", "Safe", "Home", "Tool", "New", "Old", "", ""];

/// A request, named for what it asks for.
pub(crate) fn request(flags: u32, profile: NameArgument, password: Password) -> Request {
    let name = match profile {
        NameArgument::None => "no name",
        NameArgument::Absent => "an absent name",
        NameArgument::Malformed => "a malformed name",
        NameArgument::Of(label) => NAMES[label.index()],
    };
    let password_is = match password {
        Password::None => "no password",
        Password::Right => "the right password",
        Password::Wrong => "a wrong password",
    };
    let undefined = [("an undefined flag", flag::UNDEFINED)];
    let set = flag::NAMES.into_iter().chain(undefined).filter(|(_, bit)| flags & bit != 0);
    let words: Vec<_> = set.map(|(name, _)| name).collect();
    let words = if words.is_empty() { "no flags".into() } else { words.join("|") };
    let name = format!("{name}, {password_is}, {words}");
    Request { name, flags, profile, password, by: Vec::new() }
}
