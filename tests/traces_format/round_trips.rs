//! What is written is read again; whatever else is read is refused, or is the same trace.

use std::panic::catch_unwind;

use mapi_session_model::{Action, Fault, Protocol, State};
use mapi_session_tests::trace::{AGREEMENT, Kind, Recorded, record};
use proptest::{
    prelude::{Just, ProptestConfig, Strategy, any, prop_oneof},
    prop_assert, prop_assert_eq, proptest,
    sample::Index,
};
use serde_json::{Value, json};

use crate::{counterexample, offered, read, scope, scope_with_services};

/// Where these choices lead; three of four are taken among what changes something.
///
/// A fault may lead into states that the model has no room for; there the way ends.
fn wander(world: &Protocol, choices: &[Index]) -> Vec<Action> {
    let mut state = world.scope.starts[0].state;
    let mut actions = Vec::new();
    for choice in choices {
        let Ok((action, after)) = catch_unwind(|| step(world, &state, choice)) else { break };
        state = after;
        actions.push(action);
    }
    actions
}

fn step(world: &Protocol, state: &State, choice: &Index) -> (Action, State) {
    let possible = offered(world, state);
    let moves = possible.iter().filter(|it| world.next(state, **it).after != *state);
    let moves: Vec<_> = moves.copied().collect();
    let among = if moves.is_empty() || choice.index(4) == 0 { &possible } else { &moves };
    let action = *choice.get(among);
    (action, world.next(state, action).after)
}

fn choices() -> impl Strategy<Value = Vec<Index>> {
    proptest::collection::vec(any::<Index>(), 0..40)
}

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config(150))]

    #[test]
    fn what_is_written_is_read_again(choices in choices(), ends in any::<String>()) {
        let scope = scope_with_services();
        let actions = wander(&Protocol::sound(scope.clone()), &choices);
        let made = record(&scope, 0, actions, Kind::Divergence, AGREEMENT, None);
        let recorded = Recorded { ends, ..made.expect("every action was offered") };
        let text = recorded.to_itf(&scope).expect("every action was offered");
        prop_assert!(text.ends_with("}\n"), "a line at the end");
        prop_assert_eq!(&text, &recorded.to_itf(&scope).expect("as before"));
        prop_assert_eq!(read(&text), Ok(recorded));
    }

    #[test]
    fn a_faulty_trace_is_read_again(choices in choices(), broken in any::<Index>()) {
        let scope = scope_with_services();
        let fault = *broken.get(&Fault::all());
        let world = Protocol { scope: scope.clone(), fault: Some(fault) };
        let actions = wander(&world, &choices);
        let made = record(&scope, 0, actions, Kind::Divergence, AGREEMENT, world.fault);
        let recorded = made.expect("every action was offered");
        let text = recorded.to_itf(&scope).expect("every action was offered");
        prop_assert_eq!(read(&text), Ok(recorded));
    }
}

#[test]
fn states_are_written_without_null_and_plain_numbers() {
    let document: Value = serde_json::from_str(&written()).expect("it is JSON");
    let mut all = Vec::new();
    places(&document["states"], "", &mut all);
    for place in all.iter().filter(|place| !place.ends_with("/#meta/index")) {
        let value = &document["states"].pointer(place).expect("the place was found there");
        assert!(!value.is_null() && !value.is_number(), "{value} at {place}");
    }
}

/// The trace but for its words, which nothing is derived from.
fn without_words(recorded: Recorded) -> Recorded {
    Recorded { ends: String::new(), ..recorded }
}

fn written() -> String {
    counterexample().to_itf(&scope()).expect("the counterexample can happen")
}

/// The places of every value in a document.
fn places(value: &Value, place: &str, found: &mut Vec<String>) {
    found.push(place.into());
    match value {
        Value::Array(elements) => {
            for (index, element) in elements.iter().enumerate() {
                places(element, &format!("{place}/{index}"), found);
            }
        }
        Value::Object(fields) => {
            for (key, field) in fields {
                places(
                    field,
                    &format!("{place}/{}", key.replace('~', "~0").replace('/', "~1")),
                    found,
                );
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn some_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!(null)),
        Just(json!(true)),
        Just(json!([])),
        Just(json!({})),
        Just(json!([null])),
        any::<i64>().prop_map(|number| json!(number)),
        any::<f64>().prop_map(|number| json!(number)),
        (0..100_u8).prop_map(|number| json!(number)),
        any::<String>().prop_map(|text| json!(text)),
        "[ABC][1-4]|none|Home|Work|absent".prop_map(|text| json!(text)),
    ]
}

proptest! {
    #![proptest_config(config(600))]

    #[test]
    fn edited_text_is_refused_or_the_same(
        from in any::<Index>(),
        length in 0..40_usize,
        text in prop_oneof!["", "[0-9]", "[{},:\"\\[\\] \n]{1,3}", any::<String>()],
    ) {
        let original = written();
        let mut letters: Vec<char> = original.chars().collect();
        let from = from.index(letters.len());
        let to = (from + length).min(letters.len());
        letters.splice(from..to, text.chars());
        let edited: String = letters.into_iter().collect();
        if let Ok(found) = read(&edited) {
            prop_assert_eq!(without_words(found), without_words(counterexample()));
        }
    }

    #[test]
    fn an_edited_value_is_refused_or_the_same(place in any::<Index>(), value in some_value()) {
        let mut document: Value = serde_json::from_str(&written()).expect("it is JSON");
        let mut all = Vec::new();
        places(&document, "", &mut all);
        let place = place.get(&all);
        let target = document.pointer_mut(place).expect("the place was found there");
        *target = value;
        if let Ok(found) = read(&document.to_string()) {
            prop_assert_eq!(without_words(found), without_words(counterexample()), "at {}", place);
        }
    }

    #[test]
    fn text_of_no_kind_panics(text in any::<String>()) {
        prop_assert!(read(&text).is_err());
    }
}
