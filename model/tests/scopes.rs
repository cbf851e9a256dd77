//! Scopes are read whole or refused with the line and what was expected.

use mapi_session_model::{Label, NameArgument, Provider, Scope, Status, flag, resource};
use proptest::prelude::*;

const GOOD: &str = r#"purpose = "a small world"
clients = 1
handles_per_client = 1
calls_in_progress = 1
sessions = 1
calls = ["logoff"]

[[profile]]
name = "Work"
password = true
services = [{ name = "MSEMS", providers = ["store"], entry = true }]

[[request]]
name = "by name"
flags = ["NEW_SESSION", "LOGON_UI"]
profile = "Work"
password = "right"

[[chooser]]
answer = "cancel"

[[start]]
default = "Work"
initialized = ["A"]
"#;

fn refusal(find: &str, replace: &str) -> String {
    assert_eq!(GOOD.matches(find).count(), 1, "{find:?} must stand once");
    match Scope::parse("worlds/small.toml", &GOOD.replace(find, replace)) {
        Ok(scope) => panic!("read after all: {scope:?}"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn a_scope_is_named_after_its_file_and_keeps_what_it_says() {
    let scope = Scope::parse("worlds/small.toml", GOOD).expect("it is well-formed");
    assert_eq!(scope.name, "small");
    assert_eq!(scope.requests[0].flags, flag::NEW_SESSION | flag::LOGON_UI);
    assert_eq!(scope.starts.len(), 1);
    assert_eq!(scope.starts[0].history.len(), 1);
}

#[test]
fn what_is_wrong_about_administration_is_named_with_its_line() {
    for (find, replace, expected) in [
        (
            "sessions = 1",
            "sessions = 1\nfast_shutdown = 3",
            "worlds/small.toml:6: fast_shutdown = 3; expected the policy 0, 1 or 2",
        ),
        (
            "sessions = 1",
            "sessions = 1\nvotes = []",
            "worlds/small.toml:6: expected at least one vote",
        ),
        (
            "sessions = 1",
            "sessions = 1\nprofiles = 5",
            "worlds/small.toml:6: profiles = 5; at most 4 fit in a state",
        ),
        (
            "password = true",
            "password = true\npresent = 2",
            "worlds/small.toml:11: present = 2; the profile lists 1 services",
        ),
        (
            "[[start]]",
            "[[admin]]\nname = \"a\"\ncall = \"delete\"\nprofile = \"Home\"\n\n[[start]]",
            "worlds/small.toml:25: unknown profile `Home`; expected one of Work",
        ),
        (
            "[[start]]",
            "[[admin]]\nname = \"a\"\ncall = \"create\"\n\n[[start]]",
            "worlds/small.toml:22: expected the name that it gives: `to`",
        ),
        (
            "[[start]]",
            "[[admin]]\nname = \"a\"\ncall = \"create\"\nto = \"absent\"\n\n[[start]]",
            "worlds/small.toml:25: `absent` cannot be the name of a profile",
        ),
        (
            "[[start]]",
            "[[admin]]\nname = \"a\"\ncall = \"delete\"\nprofile = \"Work\"\nto = \"Home\"\n\n[[start]]",
            "worlds/small.toml:26: this call gives no name: no `to`",
        ),
    ] {
        let said = refusal(find, replace);
        assert!(said.contains(expected), "{replace}: {said:?} does not say {expected:?}");
    }
}

#[test]
fn what_is_wrong_is_named_with_its_line() {
    for (find, replace, expected) in [
        (
            "clients = 1",
            "clients = 6",
            "worlds/small.toml:2: clients = 6; at most 5 fit in a state",
        ),
        ("clients = 1", "clients = 0", "worlds/small.toml:2: clients = 0; expected at least 1"),
        ("sessions = 1", "sessions = 7", "worlds/small.toml:5: sessions = 7; at most 4 fit"),
        ("\"logoff\"", "\"log off\"", "worlds/small.toml:6: unknown call `log off`; expected"),
        (
            "[\"store\"]",
            "[\"store\", \"store\", \"store\", \"store\", \"store\", \"store\", \"store\", \"store\"]",
            "worlds/small.toml:8: 1 services with 8 providers; at most 4 with 7 fit in a state",
        ),
        ("[\"store\"]", "[\"hook\"]", "worlds/small.toml:11: unknown variant `hook`"),
        (
            "sessions = 1",
            "sessions = 1\nnotifications = 3",
            "worlds/small.toml:6: notifications = 3; at most 2 can be counted",
        ),
        (
            "[\"store\"]",
            "[{ kind = \"store\", flags = [\"PRIMARY\"] }]",
            "worlds/small.toml:11: unknown flag `PRIMARY`; expected one of DEFAULT_STORE",
        ),
        ("[\"store\"]", "[{ kind = \"store\" }]", "worlds/small.toml:11: missing field `flags`"),
        (
            "sessions = 1",
            "sessions = 1\nresults = []",
            "worlds/small.toml:6: expected at least one result",
        ),
        (
            "[[start]]",
            "[deep]\nsessions = 1\n\n[[start]]",
            "worlds/small.toml:22: expected a bound that is raised",
        ),
        (
            "[[start]]",
            "[deep]\nclients = 5\ncalls_in_progress = 2\n\n[[start]]",
            "worlds/small.toml:24: calls_in_progress = 2; at most 1 fit in a state",
        ),
        ("name = \"Work\"", "name = \"none\"", "worlds/small.toml:8: `none` cannot be the name"),
        ("NEW_SESSION", "NEW_SESION", "worlds/small.toml:15: unknown flag `NEW_SESION`; expected"),
        (
            "profile = \"Work\"",
            "profile = \"Home\"",
            "worlds/small.toml:16: unknown profile `Home`",
        ),
        ("\"right\"", "\"maybe\"", "worlds/small.toml:17: unknown variant `maybe`"),
        ("\"cancel\"", "\"Home\"", "worlds/small.toml:20: unknown profile `Home`; expected one of"),
        ("default = \"Work\"", "default = \"Home\"", "worlds/small.toml:23: unknown profile"),
        ("purpose", "reason", "worlds/small.toml:1: unknown field `reason`"),
        ("[[start]]", "[[begin]]", "unknown field `begin`"),
    ] {
        let said = refusal(find, replace);
        assert!(said.contains(expected), "{replace}: {said:?} does not say {expected:?}");
    }
}

#[test]
fn the_flags_of_a_provider_replace_the_usual_ones() {
    let flagged = "[\"store\", { kind = \"store\", flags = [\"SECONDARY_STORE\", \"PRIMARY_IDENTITY\"] }, \
                   \"transport\"]";
    let text = GOOD.replace("[\"store\"]", flagged);
    let scope = Scope::parse("small.toml", &text).expect("it is well-formed");
    let flags: Vec<_> = scope.profiles[0].providers.iter().map(|it| it.flags).collect();
    let both = resource::SECONDARY_STORE | resource::PRIMARY_IDENTITY;
    assert_eq!(flags, [resource::DEFAULT_STORE, both, 0]);
}

#[test]
fn a_name_that_a_call_gives_can_be_asked_for() {
    let text = GOOD.replace(
        "[[start]]",
        "[[admin]]\nname = \"new\"\ncall = \"create\"\nto = \"Temp\"\n\n[[start]]",
    );
    let text = text.replace("profile = \"Work\"", "profile = \"Temp\"");
    let scope = Scope::parse("small.toml", &text).expect("it is well-formed");
    assert_eq!(scope.labels, ["Work", "Temp"]);
    assert_eq!(scope.requests[0].profile, NameArgument::Of(Label::L1));
}

#[test]
fn the_deep_tier_raises_what_the_file_says_and_nothing_else() {
    let text = format!("{GOOD}\n[deep]\nhandles_per_client = 2\nlockstep = false\n");
    let scope = Scope::parse("small.toml", &text).expect("it is well-formed");
    let deep = scope.deepened().expect("it is in the deep tier");
    assert_eq!((scope.handles_per_client, deep.handles_per_client), (1, 2));
    assert_eq!(Scope { handles_per_client: 1, deep: scope.deep, ..deep }, scope);
    assert_eq!(scope.deep.map(|deep| deep.lockstep), Some(false));
}

#[test]
fn a_standing_logon_has_gone_through_the_results_that_are_given() {
    let stands = "initialized = [\"A\"]\nstanding = [{ client = \"A\", request = \"by name\", \
                  results = [\"unconfigured\", \"fail_one_provider\"] }]";
    let text = GOOD.replace("initialized = [\"A\"]", stands);
    let scope = Scope::parse("small.toml", &text).expect("nobody is asked");
    let session = scope.starts[0].state.sessions.first().expect("it is logged on");
    assert_eq!(session.providers.get(Provider::N0), Status::Failed);
}

#[test]
fn a_world_without_start_or_request_is_refused() {
    let said = refusal("[[start]]\ndefault = \"Work\"\ninitialized = [\"A\"]\n", "start = []");
    assert!(said.contains("start"), "{said}");
}

#[test]
fn a_standing_logon_that_would_ask_somebody_is_refused() {
    let asks = "initialized = [\"A\"]\nstanding = [{ client = \"A\", request = \"by name\" }]";
    let text = GOOD.replace("initialized = [\"A\"]", asks).replace(
        "profile = \"Work\"\npassword = \"right\"",
        "profile = \"none\"\npassword = \"none\"",
    );
    let said = Scope::parse("small.toml", &text).expect_err("the chooser would open").to_string();
    assert!(said.contains("does not succeed without a user"), "{said}");
}

#[test]
fn too_many_requests_and_too_large_a_file_are_refused() {
    let flags = ["LOGON_UI"; 17].map(|flag| format!("\"{flag}\"")).join(", ");
    let many = format!(
        "[combinations]\nflags = [{flags}]\nprofiles = [\"none\"]\npasswords = [\"none\"]\n\n[[start]]"
    );
    let said = refusal("[[start]]", &many);
    assert!(said.contains("131073 requests; at most 65535 fit"), "{said}");
    let long = format!("{GOOD}# {}", "x".repeat(1 << 20));
    let said = Scope::parse("small.toml", &long).expect_err("it is too large").to_string();
    assert!(said.contains("at most 1048576 are read"), "{said}");
}

proptest! {
    /// Whatever the file holds, reading it ends in a scope or an error.
    #[test]
    fn no_edit_of_a_scope_panics(place in 0..GOOD.len(), cut in 0_usize..20, text in "[ -~\n]{0,12}") {
        let end = (place + cut).min(GOOD.len());
        let edited = format!("{}{text}{}", &GOOD[..place], &GOOD[end..]);
        match Scope::parse("edited.toml", &edited) {
            Ok(scope) => prop_assert!(!scope.starts.is_empty()),
            Err(error) => prop_assert!(error.line >= 1),
        }
    }
}
