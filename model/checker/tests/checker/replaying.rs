//! Lists of actions executed again.

use stateright_exact::{ReplayError, replay};

use crate::graph::{Go, Graph};

fn go(from: u16, label: char, to: u16) -> Go {
    Go { from, to: Some(to), label }
}

#[test]
fn a_list_of_actions_is_executed_from_the_initial_state_named() {
    let mut graph = Graph::line(5);
    graph.init = vec![4, 1];
    let trace = replay(&graph, 1, &[go(1, 'a', 2), go(2, 'a', 3)]).expect("it is possible");
    assert_eq!(trace.init, 1);
    assert_eq!(*trace.last_state(), 3);
    assert_eq!(trace.len(), 2);
    let told = trace.to_string();
    assert_eq!(told.lines().count(), 2);
    assert!(told.starts_with("   1. Go { from: 1,"), "{told}");
    assert!(replay(&graph, 0, &[]).expect("nothing to do").is_empty());
}

#[test]
fn an_action_that_is_not_offered_is_named_with_what_is_possible() {
    let error = replay(&Graph::line(5), 0, &[go(0, 'a', 1), go(3, 'a', 4)]);
    let Err(ReplayError::NotOffered { step, action, offered }) = &error else {
        panic!("{error:?}")
    };
    assert_eq!((*step, action.as_str()), (2, "Go { from: 3, to: Some(4), label: 'a' }"));
    assert_eq!(offered.as_slice(), ["Go { from: 1, to: Some(2), label: 'a' }"]);
    assert_eq!(
        error.expect_err("it is one").to_string(),
        "step 2: Go { from: 3, to: Some(4), label: 'a' } is not possible here; \
         possible: Go { from: 1, to: Some(2), label: 'a' }"
    );

    let error = replay(&Graph::line(1), 0, &[go(0, 'a', 1), go(1, 'a', 2)]);
    let text = error.expect_err("the line ends").to_string();
    assert!(text.ends_with("possible: nothing"), "{text}");
}

#[test]
fn an_action_that_has_no_answer_is_named() {
    let mut graph = Graph::line(1);
    graph.edges[0].to = None;
    let error = replay(&graph, 0, &graph.edges);
    let action = "Go { from: 0, to: None, label: 'a' }".to_owned();
    assert_eq!(error, Err(ReplayError::Ignored { step: 1, action }));
}

#[test]
fn an_initial_state_that_is_not_there_is_named() {
    let error = replay(&Graph::line(1), 3, &[]);
    assert_eq!(error, Err(ReplayError::NoSuchInitialState { init: 3, available: 1 }));
}
