//! Each way in which a file can be wrong, and what is said about it.

use mapi_session_model::VERSION;
use mapi_session_tests::trace::{MAX_BYTES, MAX_STEPS};
use serde_json::{Value, json};

use crate::{counterexample, read, scope};

/// The counterexample with one piece of its text replaced, and what is said about that.
fn complaint(find: &str, replace: &str) -> String {
    let text = counterexample().to_itf(&scope()).expect("the counterexample can happen");
    assert!(text.contains(find), "there is no {find} in:\n{text}");
    match read(&text.replacen(find, replace, 1)) {
        Err(error) => error.to_string(),
        Ok(_) => panic!("{replace} is accepted"),
    }
}

#[test]
fn malformed_json_is_refused_with_its_place() {
    assert_eq!(
        complaint("\"format_version\": 1,", "\"format_version\": 1;"),
        "t.itf.json:4:24: expected `,` or `}`"
    );
}

#[test]
fn a_wrong_shape_is_refused_with_its_place() {
    assert_eq!(
        complaint("\"start\": 0", "\"start\": \"first\""),
        "t.itf.json:7:20: invalid type: string \"first\", expected usize"
    );
    let error = complaint("  \"params\": [],\n", "");
    assert!(error.ends_with(": missing field `params`"), "{error}");
}

#[test]
fn another_format_is_refused() {
    assert_eq!(
        complaint("\"format\": \"ITF\"", "\"format\": \"TLC\""),
        "t.itf.json:3:15: found \"TLC\"; expected \"ITF\""
    );
}

#[test]
fn another_version_of_the_format_is_refused() {
    assert_eq!(
        complaint("\"format_version\": 1", "\"format_version\": 2"),
        "t.itf.json:4: version 2 of the format; expected 1"
    );
}

#[test]
fn a_large_file_is_refused_unread() {
    let error = read(&" ".repeat(MAX_BYTES + 1)).expect_err("it is too large");
    assert_eq!(error.to_string(), "t.itf.json: 4194305 bytes; at most 4194304 are read");
}

#[test]
fn a_long_trace_is_refused() {
    let text = counterexample().to_itf(&scope()).expect("the counterexample can happen");
    let mut document: Value = serde_json::from_str(&text).expect("it is JSON");
    document["#meta"]["actions"] = Value::Array(vec![json!(0); MAX_STEPS + 1]);
    let error = read(&document.to_string()).expect_err("it is too long");
    assert_eq!(error.to_string(), "t.itf.json:1: 10001 actions; at most 10000 are replayed");
}

#[test]
fn an_unknown_scope_is_refused() {
    assert_eq!(
        complaint("\"scope\": \"every\"", "\"scope\": \"nowhere\""),
        "t.itf.json:6: unknown scope `nowhere`; expected the scope every"
    );
}

#[test]
fn an_unknown_fault_is_refused() {
    assert_eq!(
        complaint("Join-without-MayJoin", "Join-without-Thinking"),
        "t.itf.json:8: unknown fault `Join-without-Thinking`; expected a fault as `verify faults` \
         lists them, such as Join-never"
    );
}

#[test]
fn an_unknown_property_is_refused() {
    assert_eq!(
        complaint("INV-03: a logon with", "INV-03: a logoff with"),
        "t.itf.json:10: unknown property `INV-03: a logoff with NEW_SESSION never joins`; expected \
         a property of the model for a counterexample"
    );
}

#[test]
fn an_unknown_request_is_refused() {
    assert_eq!(
        complaint("\"request\":\"Home, alone\"", "\"request\":\"Home, together\""),
        "t.itf.json:22: unknown request `Home, together`; expected one of `share the default`, \
         `Home, alone`, `choose <& prompt>; #1`, `Work, wrong password`"
    );
}

#[test]
fn a_request_by_number_is_refused() {
    let error = complaint("\"request\":\"Home, alone\"", "\"request\":7");
    assert!(error.starts_with("t.itf.json:22:7: found 7 in "), "{error}");
    assert!(error.ends_with("expected a name"), "{error}");
}

#[test]
fn an_unknown_profile_is_refused() {
    let choice =
        r#"{"choose":{"call":"A1","answer":{"pick":{"profile":"Garden","password":null}}}}"#;
    assert_eq!(
        complaint(r#"{"continue":{"call":"A1"}}"#, choice),
        "t.itf.json:15: unknown profile `Garden`; expected one of `Work`, `Home`, `absent`"
    );
}

#[test]
fn an_unknown_action_is_refused() {
    let error = complaint("{\"looked_up\":", "{\"looked_down\":");
    let start = "t.itf.json:17: unknown action `looked_down`; expected one of `initialize`, ";
    assert!(error.starts_with(start), "{error}");
}

#[test]
fn an_unknown_rule_is_refused() {
    assert_eq!(
        complaint("\"QueueLogon\"", "\"JumpTheQueue\""),
        "t.itf.json:45: unknown rule `JumpTheQueue`; expected \"QueueLogon\""
    );
}

#[test]
fn a_field_that_an_action_does_not_have_is_refused() {
    let error = complaint("{\"looked_up\":{", "{\"looked_up\":{\"found\":true,");
    assert!(error.contains("expected {\"looked_up\":{\"call\":\"A1\"}}"), "{error}");
}

#[test]
fn a_state_that_the_actions_do_not_lead_to_is_refused() {
    assert_eq!(
        complaint("\"mutex\": \"A1\"", "\"mutex\": \"B1\""),
        "t.itf.json:65: state 2: mutex is \"B1\"; the actions lead to \"A1\""
    );
    let error = complaint("\"mutex\": \"A1\"", "\"mutant\": \"A1\"");
    assert!(error.contains("state 2: mutex is missing; the actions lead to \"A1\""), "{error}");
}

#[test]
fn a_missing_state_is_refused() {
    let text = counterexample().to_itf(&scope()).expect("the counterexample can happen");
    let mut document: Value = serde_json::from_str(&text).expect("it is JSON");
    document["states"].as_array_mut().expect("it is a list").pop();
    let error = read(&document.to_string()).expect_err("a state is missing").to_string();
    assert!(error.ends_with(": 11 states; expected 12, one more than actions"), "{error}");
}

#[test]
fn other_variables_than_those_of_the_model_are_refused() {
    let error = complaint("\"vars\": [", "\"vars\": [\"weather\",");
    assert!(error.contains("found [\"weather\",\"mbt::actionTaken\","), "{error}");
    let error = complaint("\"params\": []", "\"params\": [\"weather\"]");
    assert!(error.ends_with(": found [\"weather\"]; expected []"), "{error}");
    let error = complaint("\"queue\": []", "\"queue\": [], \"weather\": \"fine\"");
    assert!(error.contains("state 0: weather is \"fine\"; the actions lead to no such variable"));
}

#[test]
fn an_unknown_start_is_refused() {
    assert_eq!(
        complaint("\"start\": 0", "\"start\": 3"),
        "t.itf.json:7: start 3 does not exist; the scope has 1, numbered from 0"
    );
}

#[test]
fn a_loop_is_refused_where_nothing_loops() {
    let error = complaint("\"states\": [", "\"loop\": 1, \"states\": [");
    assert!(error.ends_with(": expected no `loop`"), "{error}");
}

#[test]
fn the_first_step_that_cannot_happen_is_named_with_what_could() {
    let error = complaint("{\"looked_up\":{\"call\":\"A1\"}}", "{\"checked\":{\"call\":\"B3\"}}");
    let start = "t.itf.json:17: step 4 cannot happen: the profile store has checked B3's password\n\
                 possible instead:\n  - the profile store has checked B1's password\n";
    assert!(error.starts_with(start), "{error}");
    assert!(error.contains("\n  - the profile store answers A1\n"), "{error}");
    assert!(error.contains(" more of the same kinds"), "{error}");
}

#[test]
fn a_misfit_says_if_another_model_has_recorded_it() {
    let text = counterexample().to_itf(&scope()).expect("the counterexample can happen");
    let old =
        text.replace(&format!("\"model_version\": \"{VERSION}\""), "\"model_version\": \"0.0.1\"");
    assert_eq!(read(&old), Ok(counterexample()));
    let error =
        read(&old.replace("\"mutex\": \"A1\"", "\"mutex\": \"B1\"")).expect_err("B1 is wrong");
    let end = format!("\n(recorded on version 0.0.1 of the model; this is {VERSION})");
    assert!(error.to_string().ends_with(&end), "{error}");
}

#[test]
fn another_place_of_parting_is_refused() {
    assert_eq!(
        complaint("\"parts_at\": 11", "\"parts_at\": 10"),
        "t.itf.json:12: the sound protocol parts at step 11, not at step 10"
    );
    assert_eq!(
        complaint("    \"parts_at\": 11,\n", ""),
        "t.itf.json:8: the sound protocol parts at step 11, not at no step"
    );
}
