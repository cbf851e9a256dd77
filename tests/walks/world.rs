//! Where walks are taken: five clients, four profiles, and requests drawn at random.

use mapi_session_model::{NameArgument, Password, Profile, Request, Scope, flag};
use proptest::{
    collection::vec,
    option,
    prelude::{Just, Strategy, any, prop_oneof},
    sample::{select, subsequence},
};

/// All but the requests.
const WORLD: &str = r#"
purpose = "More than any scope can walk exhaustively."
clients = 5
initializations = 2
handles_per_client = 3
calls_in_progress = 1
sessions = 6
calls = [
    "initialize", "uninitialize", "logoff", "confirmed_logoff", "release", "nested", "crash",
    "withdrawal", "deadline", "stray",
]
initialize = ["application", "service", "undefined_flag", "wrong_version"]
profile = [
    { name = "Work", password = true, services = ["MSEMS"] },
    { name = "Safe", password = true, services = ["MSEMS", "CONTAB"] },
    { name = "Home", services = ["MSUPST MS"] },
    { name = "Tool", app = true, services = ["MSEMS"] },
]
request = [{ name = "to be replaced", profile = "none", password = "none" }]
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
start = [{ default = "none" }, { default = "Home" }, { default = "Work" }]
"#;

/// How many requests a world has.
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

/// Any plan.
pub(crate) fn plans() -> impl Strategy<Value = Plan> {
    let choices = vec(any::<u16>(), STEPS);
    let world = Scope::parse("walk", WORLD).unwrap_or_else(|error| panic!("{error}"));
    let starts = 0..world.starts.len();
    let beginnings = prop_oneof![1 => Just(Beginning::Nobody), 3 => Just(Beginning::Everybody)];
    let bounds = (2..=3_u8, 1..=2_u8, option::of(2..=5_u8));
    (choices, (starts, beginnings), bounds, vec(requests(), REQUESTS)).prop_map(
        move |(choices, (start, beginning), (handles, calls, limit), requests)| {
            let mut scope = Scope { requests, ..world.clone() };
            scope.handles_per_client = handles;
            scope.calls_in_progress = calls;
            scope.session_limit = limit;
            Plan { choices, start, beginning, scope }
        },
    )
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
        NameArgument::Of(Profile::P2),
        NameArgument::Of(Profile::P0),
        NameArgument::Of(Profile::P1),
        NameArgument::Of(Profile::P3),
        NameArgument::Absent,
        NameArgument::Malformed,
    ]);
    let names = prop_oneof![Just(NameArgument::None), names];
    let passwords = select(vec![Password::None, Password::Right, Password::Wrong]);
    (flags, names, passwords).prop_map(|(flags, profile, password)| {
        request(flags.iter().map(|(_, bit)| bit).sum(), profile, password)
    })
}

/// A request, named for what it asks for.
pub(crate) fn request(flags: u32, profile: NameArgument, password: Password) -> Request {
    let name = match profile {
        NameArgument::None => "no name",
        NameArgument::Absent => "an absent name",
        NameArgument::Malformed => "a malformed name",
        NameArgument::Of(Profile::P0) => "Work",
        NameArgument::Of(Profile::P1) => "Safe",
        NameArgument::Of(Profile::P2) => "Home",
        NameArgument::Of(Profile::P3) => "Tool",
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
