//! Stories and pictures of short traces: the lines that a reader needs are there.

use mapi_session_model::Protocol;
use mapi_session_tests::trace::{draw, story, svg};

use crate::{SHARED_LOGON, counterexample, scope, told};

/// Asserts that these lines occur, in this order.
fn assert_lines(text: &str, lines: &[&str]) {
    let mut rest = text.lines();
    for line in lines {
        assert!(rest.any(|it| it == *line), "missing or out of order: {line:?}\n{text}");
    }
}

#[test]
fn a_story_tells_what_is_done_what_is_seen_and_why() {
    let text = story(&scope(), &counterexample()).expect("it can happen");
    assert_lines(
        &text,
        &[
            "INV-03: a logon with NEW_SESSION never joins",
            "A counterexample of 11 steps in the scope every, with the fault Join-without-MayJoin.",
            "At first A and B are initialised; the default profile is Home.",
            "  1. A calls MAPILogonEx: share the default [QueueLogon]",
            "       - A1 waits for the mutex",
            "  2. A1 goes on [Acquire]",
            "       - A1 takes the mutex",
            "  3. A1 goes on [DoNotJoin]",
            "       > the profile store looks for A1's profile",
            "  5. A1 goes on [PassOpenProfile]",
            "  6. the profile store tells A1 its services [Build]",
            "       - session A1 on Home is being built",
            "  7. A1 goes on [FinishLogon]",
            "       - session A1 on Home is in use, and open to others",
            "       - handle A1 is made, on session A1",
            "  8. A1 goes on [Reply]",
            "       > A1 returns S_OK in session A1 on Home",
            "       - A1 gives the mutex back",
            " 11. B1 goes on [Join]",
            "       - handle B1 is made, on session A1",
        ],
    );
}

#[test]
fn a_story_says_what_the_sound_protocol_would_have_done() {
    let text = story(&scope(), &counterexample()).expect("it can happen");
    assert_lines(
        &text,
        &[
            " 11. B1 goes on [Join]",
            "   * Here the sound protocol parts. It would have done this instead:",
            concat!(
                "     A logon that may not join, or finds nothing to join, chooses a profile. ",
                "[DoNotJoin]",
            ),
            "       > the profile store looks for B1's profile",
            "       = B1 waits for the profile store",
            "The end: step 11 violates the property: B1 goes on [Join].",
            "What the logons ask for:",
            concat!(
                "  share the default: MAPI_ALLOW_OTHERS | MAPI_USE_DEFAULT; ",
                "no profile name, no password",
            ),
            "  Home, alone: MAPI_NEW_SESSION; the profile Home, no password",
        ],
    );
}

#[test]
fn a_drawing_is_a_sequence_diagram_of_those_who_take_part() {
    let text = draw(&scope(), &counterexample()).expect("it can happen");
    assert!(text.starts_with("sequenceDiagram\n    participant A as client A\n"), "{text}");
    assert!(!text.contains("participant User"), "{text}");
    assert_eq!(text.matches("participant MAPI").count(), 1, "{text}");
    assert_lines(
        &text,
        &[
            "    participant B as client B",
            "    participant MAPI as MAPI",
            "    participant Store as profile store",
            "    A->>MAPI: 1. MAPILogonEx: share the default",
            "    Note over MAPI: A1 waits for the mutex",
            "    MAPI->>MAPI: 2. A1 goes on",
            "    MAPI->>Store: the profile store looks for A1's profile",
            "    Store->>MAPI: 4. the profile store answers A1",
            "    Store->>MAPI: 6. the profile store tells A1 its services",
            "    MAPI-->>A: A1 returns S_OK in session A1 on Home",
            "    MAPI->>MAPI: 11. B1 goes on",
        ],
    );
    assert!(text.contains("Note over MAPI: Here the sound protocol parts:<br/>"), "{text}");
}

#[test]
fn a_drawing_keeps_names_from_being_read_as_mermaid() {
    let (scope, mut recorded) = (scope(), counterexample());
    let world = recorded.world(&scope);
    let prompts = ["A calls MAPILogonEx: choose <& prompt>; #1", "B dies"];
    recorded.actions = told(&world, &prompts);
    let text = draw(&scope, &recorded).expect("it can happen");
    assert_lines(
        &text,
        &[
            "    A->>MAPI: 1. MAPILogonEx: choose #60;#38; prompt#62;#59; #35;1",
            "    B-xMAPI: 2. B dies",
        ],
    );
}

/// Asserts that every element that is opened is closed, and that nothing else looks like one.
fn assert_well_formed(text: &str) {
    let mut open = Vec::new();
    let mut rest = text;
    while let Some((between, after)) = rest.split_once('<') {
        assert!(!between.contains('>') && !has_bare_ampersand(between), "in {between:?}");
        let (tag, after) = after.split_once('>').expect("every tag ends");
        assert!(!tag.contains('<') && tag.matches('"').count() % 2 == 0, "in <{tag}>");
        let name = tag.split(' ').next().unwrap_or(tag);
        if let Some(closed) = name.strip_prefix('/') {
            assert_eq!(open.pop(), Some(closed), "in {text}");
        } else if !tag.ends_with('/') {
            open.push(name);
        }
        rest = after;
    }
    assert_eq!((open, rest), (Vec::new(), "\n"));
}

fn has_bare_ampersand(text: &str) -> bool {
    text.split('&').skip(1).any(|it| !["amp;", "lt;", "gt;"].iter().any(|e| it.starts_with(e)))
}

#[test]
fn a_picture_is_well_formed_and_shows_who_says_what() {
    let scope = scope();
    let world = Protocol::sound(scope.clone());
    let prompts =
        ["A dies", "B calls MAPILogonEx: choose <& prompt>; #1", "B1 goes on", "B1 goes on"];
    let choice = ["B1 goes on", "the user chooses Work for B1 and gives the right password"];
    let actions = told(&world, &[&prompts[..], &choice].concat());
    let text = svg(&world, &scope.starts[0].state, &actions);
    assert_well_formed(&text);
    for part in [
        ">client A</text>",
        ">user</text>",
        ">2. MAPILogonEx: choose &lt;&amp; prompt&gt;;</text>",
        ">the chooser of B1 opens</text>",
        ">B1 takes the mutex</text>",
    ] {
        assert!(text.contains(part), "no {part} in {text}");
    }
    assert!(!text.contains(">providers</text>"), "{text}");
}

#[test]
fn a_picture_of_a_faulty_run_marks_where_the_sound_one_parts() {
    let (scope, recorded) = (scope(), counterexample());
    let text = svg(&recorded.world(&scope), &scope.starts[0].state, &recorded.actions);
    assert_well_formed(&text);
    assert!(text.contains(">Here the sound protocol parts:</text>"), "{text}");
}

#[test]
fn a_picture_ends_where_nothing_more_can_happen() {
    let scope = scope();
    let world = Protocol::sound(scope.clone());
    let start = scope.starts[0].state;
    let actions = told(&world, &SHARED_LOGON);
    let whole = svg(&world, &start, &actions);
    let twice = [&actions[..], &actions[..1]].concat();
    assert_eq!(svg(&world, &start, &twice), whole);
    assert_well_formed(&svg(&world, &start, &[]));
}
