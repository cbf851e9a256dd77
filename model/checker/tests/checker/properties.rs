//! What is found, and by which trace: invariants, steps, goals, rest.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use stateright::Model;
use stateright_exact::{
    Checks, Goal, Invariant, Kind, Limits, Monitor, Observed, Order, Outcome, Rest, Silent, Stop,
    Trace, Verdict, replay, stateright_check,
};

use crate::explored;
use crate::graph::{Go, Graph};

/// The states that a trace goes through.
fn states(trace: &Trace<Graph>) -> Vec<u16> {
    let rest = trace.steps.iter().map(|(_, state)| *state);
    std::iter::once(trace.init).chain(rest).collect()
}

/// The labels that a trace reads.
fn labels(trace: &Trace<Graph>) -> String {
    trace.actions().map(|go| go.label).collect()
}

/// What becomes of the last property of the checks.
fn last_outcome(graph: &Graph, checks: &Checks<Graph>) -> (Verdict, Outcome<Graph>) {
    let report = explored(graph, checks, &Limits::default());
    let mut properties = report.properties;
    let last = properties.pop().expect("there is at least one property");
    (report.verdict, last.outcome)
}

/// A ladder to 6 with a long way round, offered last, that a depth-first walk takes first.
fn two_ways() -> Graph {
    Graph::new(&[
        (0, 's', 1),
        (0, 'l', 2),
        (1, 's', 6),
        (2, 'l', 3),
        (3, 'l', 4),
        (4, 'l', 5),
        (5, 'l', 6),
        (6, 'e', 7),
    ])
}

#[test]
fn a_violated_invariant_has_a_shortest_trace() {
    let checks = Graph::checks().invariant("never 7", |_, state| *state != 7);
    let report = explored(&two_ways(), &checks, &Limits::default());
    assert_eq!(report.verdict, Verdict::Violated);
    let names: Vec<_> = report.violations().map(|property| property.name.as_ref()).collect();
    assert_eq!(names, ["never 7"]);
    let outcome = &report.property("never 7").expect("it is checked").outcome;
    assert_eq!(states(outcome.trace().expect("it is violated")), [0, 1, 6, 7]);
}

#[test]
fn depth_first_the_same_violation_is_farther() {
    #[derive(Clone, Debug)]
    struct Never7(Graph);
    impl Model for Never7 {
        type State = u16;
        type Action = Go;
        fn init_states(&self) -> Vec<u16> {
            self.0.init_states()
        }
        fn actions(&self, state: &u16, actions: &mut Vec<Go>) {
            self.0.actions(state, actions);
        }
        fn next_state(&self, state: &u16, action: Go) -> Option<u16> {
            self.0.next_state(state, action)
        }
        fn properties(&self) -> Vec<stateright::Property<Self>> {
            vec![stateright::Property::always("never 7", |_, state| *state != 7)]
        }
    }
    let one = std::num::NonZeroUsize::MIN;
    let limits = Limits::default();
    let report = stateright_check(&Never7(two_ways()), Order::DepthFirst, &limits, one);
    assert_eq!(report.counterexample.expect("it is violated").len(), 6);
}

#[test]
fn an_initial_state_can_violate_an_invariant() {
    let checks = Graph::checks().invariant("never 0", |_, state| *state != 0);
    let limits = Limits { stop: Stop::AtFirstViolation, ..Limits::default() };
    let report = explored(&two_ways(), &checks, &limits);
    assert_eq!(report.verdict, Verdict::Violated);
    assert_eq!(report.counts.states, 1);
    let outcome = &report.property("never 0").expect("it is checked").outcome;
    assert!(outcome.trace().expect("it is violated").is_empty());
}

#[test]
fn a_violated_step_property_ends_with_the_step() {
    let checks = Graph::checks().step("no e", |_, edge| *edge.seen != 'e');
    let (verdict, outcome) = last_outcome(&two_ways(), &checks_last_step(checks));
    assert_eq!(verdict, Verdict::Violated);
    assert_eq!(labels(outcome.trace().expect("it is violated")), "sse");
}

/// The same checks without goals, so that a step property is the last.
fn checks_last_step(mut checks: Checks<Graph>) -> Checks<Graph> {
    checks.goals.clear();
    checks
}

#[test]
fn a_step_property_sees_both_ends_and_the_action() {
    let checks = Checks::new().step("up by at most 2", |_: &Graph, edge| {
        assert_eq!(edge.action.from, *edge.before);
        assert_eq!(edge.action.to, Some(*edge.after));
        assert_eq!(edge.action.label, *edge.seen);
        *edge.after <= *edge.before + 2
    });
    let (verdict, outcome) = last_outcome(&two_ways(), &checks);
    assert_eq!(verdict, Verdict::Violated);
    assert_eq!(states(outcome.trace().expect("it is violated")), [0, 1, 6]);
}

#[test]
fn a_property_of_some_events_is_asked_about_no_others() {
    let steps_at = |events: [char; 2], bad: char| {
        let events = events.map(|event| event as usize);
        Checks::new().step_at("at some", events, move |_: &Graph, edge| *edge.seen != bad)
    };
    let (verdict, outcome) = last_outcome(&two_ways(), &steps_at(['x', 'e'], 'e'));
    assert_eq!(verdict, Verdict::Violated);
    assert_eq!(labels(outcome.trace().expect("it is violated")), "sse");

    let (_, outcome) = last_outcome(&two_ways(), &steps_at(['x', 'd'], 'e'));
    assert!(matches!(outcome, Outcome::Holds));
}

#[test]
fn a_property_of_two_events_is_violated_where_it_is_false_first() {
    let graph = Graph::new(&[(0, 'a', 1), (1, 'b', 2), (2, 'c', 3), (3, 'b', 0)]);
    for (events, way) in [(['b', 'c'], "ab"), (['c', 'b'], "ab"), (['c', 'c'], "abc")] {
        let events = events.map(|event| event as usize);
        let checks = Checks::new().step_at("never", events, |_: &Graph, _| false);
        let (_, outcome) = last_outcome(&graph, &checks);
        assert_eq!(labels(outcome.trace().expect("it is violated")), way);
    }
}

#[test]
fn a_step_to_the_same_state_is_seen() {
    let graph = Graph::new(&[(0, 'a', 1), (1, 'x', 1)]);
    let checks = Graph::checks().step("no x", |_, edge| *edge.seen != 'x');
    let report = explored(&graph, &checks, &Limits::default());
    assert_eq!((report.counts.edges, report.counts.self_loops), (2, 1));
    let outcome = &report.property("no x").expect("it is checked").outcome;
    assert_eq!(states(outcome.trace().expect("it is violated")), [0, 1, 1]);
}

#[test]
fn an_edge_to_a_state_met_before_is_seen() {
    let graph = Graph::new(&[(0, 'a', 1), (0, 'a', 2), (1, 'x', 2)]);
    let checks = Graph::checks().step("no x", |_, edge| *edge.seen != 'x');
    let report = explored(&graph, &checks, &Limits::default());
    let outcome = &report.property("no x").expect("it is checked").outcome;
    assert_eq!(states(outcome.trace().expect("it is violated")), [0, 1, 2]);
}

#[test]
fn a_goal_is_reached_by_a_shortest_trace() {
    let checks = Graph::checks().goal(Goal::state("at 6", |_, state| *state == 6));
    let (verdict, outcome) = last_outcome(&two_ways(), &checks);
    assert_eq!(verdict, Verdict::Holds);
    assert!(matches!(outcome, Outcome::Reached { .. }));
    assert_eq!(states(outcome.trace().expect("it is reached")), [0, 1, 6]);

    let checks = Graph::checks().goal(Goal::step("an e", |_, edge| *edge.seen == 'e'));
    let (verdict, outcome) = last_outcome(&two_ways(), &checks);
    assert_eq!(verdict, Verdict::Holds);
    assert_eq!(labels(outcome.trace().expect("it is reached")), "sse");
}

#[test]
fn goals_of_an_event_are_reached_by_the_first_step_that_is_it() {
    let names = ["an e", "another one"];
    let checks = names.map(|name| Goal::event(name, 'e' as usize));
    let checks = checks.into_iter().fold(Graph::checks(), Checks::goal);
    let report = explored(&two_ways(), &checks, &Limits::default());
    assert_eq!(report.verdict, Verdict::Holds);
    for name in names {
        let trace = report.property(name).and_then(|it| it.outcome.trace());
        assert_eq!(labels(trace.expect("it is reached")), "sse", "{name}");
    }
}

#[test]
fn an_event_that_is_none_of_the_model_is_unreached() {
    for event in ['s' as usize, 'x' as usize, usize::MAX] {
        let checks = Graph::checks().goal(Goal::event("it happens", event));
        let (verdict, outcome) = last_outcome(&two_ways(), &checks);
        assert_eq!(verdict, Verdict::Violated);
        assert!(matches!(outcome, Outcome::Unreached), "{event}");
    }
}

#[test]
fn a_goal_that_is_not_reached_is_a_violation() {
    let checks = Graph::checks().goal(Goal::step("an x", |_, edge| *edge.seen == 'x'));
    let (verdict, outcome) = last_outcome(&two_ways(), &checks);
    assert_eq!(verdict, Verdict::Violated);
    assert!(matches!(outcome, Outcome::Unreached));
}

/// A graph that counts how often a step of it is seen.
struct Counted(Graph, Arc<AtomicU64>);

impl Model for Counted {
    type State = u16;
    type Action = Go;

    fn init_states(&self) -> Vec<u16> {
        self.0.init_states()
    }

    fn actions(&self, state: &u16, actions: &mut Vec<Go>) {
        self.0.actions(state, actions);
    }

    fn next_state(&self, state: &u16, action: Go) -> Option<u16> {
        self.0.next_state(state, action)
    }
}

impl Observed for Counted {
    type Observation = char;

    fn observe(&self, state: &u16, action: Go) -> Option<(u16, char)> {
        self.1.fetch_add(1, Ordering::Relaxed);
        self.0.observe(state, action)
    }
}

/// Reads this word, one letter a step, with any others between.
fn reading<M: Observed<Observation = char>>(word: &'static str) -> Goal<M> {
    Goal::monitored(word, move |_, read, edge| {
        let letters: Vec<char> = word.chars().collect();
        if letters[usize::from(read)] != *edge.seen {
            return Monitor::At(read);
        }
        if usize::from(read) + 1 == letters.len() {
            return Monitor::Reached;
        }
        Monitor::At(read + 1)
    })
}

#[test]
fn a_monitored_goal_walks_the_same_states_again() {
    // Every state is met before a `b` is; the word needs a second round.
    let graph = Graph::new(&[(0, 'a', 1), (1, 'c', 2), (2, 'b', 0)]);
    let (verdict, outcome) = last_outcome(&graph, &Graph::checks().goal(reading("bac")));
    assert_eq!(verdict, Verdict::Holds);
    assert_eq!(labels(outcome.trace().expect("it is reached")), "acbac");
}

#[test]
fn a_monitored_goal_takes_the_shortest_way() {
    // The nearest `x` lies off the way to the nearest `y` after it.
    let graph = Graph::new(&[
        (0, 'x', 1),
        (1, 'o', 2),
        (2, 'o', 3),
        (3, 'y', 4),
        (0, 'o', 5),
        (5, 'x', 6),
        (6, 'y', 7),
    ]);
    let (verdict, outcome) = last_outcome(&graph, &Graph::checks().goal(reading("xy")));
    assert_eq!(verdict, Verdict::Holds);
    assert_eq!(labels(outcome.trace().expect("it is reached")), "oxy");
}

#[test]
fn a_monitored_goal_that_no_way_serves_is_unreached() {
    // Both letters can be read, but never one after the other.
    let graph = Graph::new(&[(0, 'x', 1), (0, 'y', 2)]);
    let (verdict, outcome) = last_outcome(&graph, &Graph::checks().goal(reading("xy")));
    assert_eq!(verdict, Verdict::Violated);
    assert!(matches!(outcome, Outcome::Unreached));
}

#[test]
fn a_monitor_that_leaves_its_first_phase_for_good_is_not_asked_there_again() {
    // Only as the very first step would `b` count.
    let graph = Graph::new(&[(0, 'a', 1), (1, 'b', 2)]);
    let first_is_b = Goal::monitored("b comes first", |_, steps, edge| match (steps, edge.seen) {
        (0, 'b') => Monitor::Reached,
        (0 | 1, _) => Monitor::At(1),
        (steps, _) => Monitor::At(steps),
    });
    let (_, outcome) = last_outcome(&graph, &Graph::checks().goal(first_is_b));
    assert!(matches!(outcome, Outcome::Unreached));
}

#[test]
fn many_monitored_goals_share_one_hunt() {
    let steps = Arc::new(AtomicU64::new(0));
    let hunted = |words: &[&'static str]| {
        let counted = Arc::clone(&steps);
        let graph = Counted(Graph::new(&[(0, 'a', 1), (1, 'c', 2), (2, 'b', 0)]), counted);
        let goals = words.iter().map(|&word| reading::<Counted>(word)).collect();
        let checks = Checks { goals, ..Checks::new().invariant("true everywhere", |_, _| true) };
        steps.store(0, Ordering::Relaxed);
        let report = explored(&graph, &checks, &Limits::default());
        let found: Vec<_> =
            report.properties[1..].iter().map(|it| it.outcome.trace().map(Trace::len)).collect();
        (found, steps.load(Ordering::Relaxed))
    };
    let (found, alone) = hunted(&["bbbb"]);
    assert_eq!(found, [Some(12)]);
    let (found, together) = hunted(&["bbbb", "bac", "cc", "ax", "xa", "bbbb"]);
    assert_eq!(found, [Some(12), Some(5), Some(5), None, None, Some(12)]);
    // What is more are the steps of the traces, executed once each.
    assert!(together <= alone + 12 + 5 + 5 + 3, "{together} steps instead of {alone}");
}

#[test]
fn a_state_that_is_remembered_in_two_ways_is_expanded_once_a_level() {
    let steps = Arc::new(AtomicU64::new(0));
    let mut graph =
        Graph::new(&[(0, 'a', 2), (0, 'a', 3), (1, 'x', 2), (1, 'x', 3), (2, 'b', 4), (3, 'c', 4)]);
    graph.init = vec![0, 1];
    let counted = Counted(graph, Arc::clone(&steps));
    let checks = Checks::new().goal(reading("acz"));
    let report = explored(&counted, &checks, &Limits::default());
    assert!(matches!(report.properties[0].outcome, Outcome::Unreached));
    assert_eq!(steps.load(Ordering::Relaxed), 6 + 6, "once by the search, once by the hunt");
}

/// From 1 and 2 back to 0; from 3, 4, 5 not; 3 by the longer way only.
fn trap() -> Graph {
    Graph::new(&[
        (0, 'a', 1),
        (1, 'b', 0),
        (1, 'a', 2),
        (2, 'c', 0),
        (2, 'a', 3),
        (3, 'a', 4),
        (4, 'a', 5),
        (5, 'b', 3),
    ])
}

fn back_to_0() -> Rest<Graph> {
    Rest::new("back to 0", |_, state| *state == 0)
}

#[test]
fn a_state_that_cannot_reach_rest_is_told_by_the_shortest_way_into_the_trap() {
    let (verdict, outcome) = last_outcome(&trap(), &Graph::checks().rest(back_to_0()));
    assert_eq!(verdict, Verdict::Violated);
    assert_eq!(states(outcome.trace().expect("it is violated")), [0, 1, 2, 3]);
}

#[test]
fn rest_that_every_state_reaches_holds() {
    let mut graph = trap();
    graph.edges.push(Go { from: 4, to: Some(2), label: 'r' });
    let (verdict, outcome) = last_outcome(&graph, &Graph::checks().rest(back_to_0()));
    assert_eq!(verdict, Verdict::Holds);
    assert!(matches!(outcome, Outcome::Holds));
}

#[test]
fn rest_must_be_reached_by_the_steps_allowed() {
    let mut graph = trap();
    graph.edges.push(Go { from: 4, to: Some(2), label: 'r' });
    let without_c = back_to_0().by(|_, go| go.label != 'c');
    let (verdict, outcome) = last_outcome(&graph, &Graph::checks().rest(without_c));
    assert_eq!(verdict, Verdict::Violated);
    assert_eq!(states(outcome.trace().expect("it is violated")), [0, 1, 2]);
}

#[test]
fn the_search_stops_at_the_first_violation_if_asked() {
    let asked = || {
        Graph::checks()
            .invariant("never 6", |_, state| *state != 6)
            .invariant("never 7", |_, state| *state != 7)
            .step("no second s", |_, edge| *edge.before != 1)
            .goal(Goal::state("at 7", |_, state| *state == 7))
    };
    let all = explored(&two_ways(), &asked(), &Limits::default());
    assert_eq!(all.violations().count(), 3);

    let limits = Limits { stop: Stop::AtFirstViolation, ..Limits::default() };
    let first = explored(&two_ways(), &asked(), &limits);
    assert_eq!(first.verdict, Verdict::Violated);
    let violated: Vec<_> = first.violations().map(|property| property.name.as_ref()).collect();
    assert_eq!(violated, ["never 6", "no second s"], "one step shows both");
    assert!(first.counts.states < all.counts.states);
    for name in ["true everywhere", "never 7", "at 7"] {
        let property = first.property(name).expect("it is checked");
        assert!(matches!(property.outcome, Outcome::Undecided), "{name}");
    }
}

#[test]
fn the_search_stops_at_a_violated_step_too() {
    let checks = Graph::checks().step("no l", |_, edge| *edge.seen != 'l');
    let limits = Limits { stop: Stop::AtFirstViolation, ..Limits::default() };
    let report = explored(&two_ways(), &checks, &limits);
    assert_eq!(report.verdict, Verdict::Violated);
    assert_eq!((report.counts.states, report.counts.edges), (3, 2));
}

#[test]
fn properties_are_reported_in_the_order_given() {
    let mut checks = Graph::checks().step("s", |_, _| true).rest(back_to_0());
    checks.invariants.push(Invariant::new(format!("no. {}", 2), |_, _| true));
    checks.goals.push(reading("s"));
    let report = explored(&two_ways(), &checks, &Limits::default());
    let all: Vec<_> = report.properties.iter().map(|it| (it.name.as_ref(), it.kind)).collect();
    let expected = [
        ("true everywhere", Kind::Invariant),
        ("no. 2", Kind::Invariant),
        ("s", Kind::Step),
        ("some state", Kind::Goal),
        ("s", Kind::Goal),
        ("back to 0", Kind::Rest),
    ];
    assert_eq!(all, expected);
}

#[test]
fn every_trace_can_be_replayed_and_is_the_same_on_every_run() {
    let checks = || {
        Graph::checks()
            .invariant("never 5", |_, state| *state != 5)
            .step("no b", |_, edge| *edge.seen != 'b')
            .goal(reading("aab"))
            .rest(back_to_0())
    };
    let (first, second) = (checks(), checks());
    let first = explored(&trap(), &first, &Limits::default());
    let second = explored(&trap(), &second, &Limits::default());
    let mut traces = 0;
    for (one, other) in first.properties.iter().zip(&second.properties) {
        assert_eq!(one.outcome.trace(), other.outcome.trace());
        let Some(trace) = one.outcome.trace() else { continue };
        let actions: Vec<_> = trace.actions().copied().collect();
        assert_eq!(replay(&trap(), 0, &actions).as_ref(), Ok(trace));
        traces += 1;
    }
    assert_eq!(traces, 5);
}

#[test]
fn scopes_run_side_by_side_over_shared_checks() {
    let checks = Arc::new(Graph::checks());
    let graphs = [Graph::line(3), Graph::line(5)];
    let counts: Vec<_> = thread::scope(|scope| {
        let explore = |graph| {
            let checks = Arc::clone(&checks);
            scope.spawn(move || explored(graph, &checks, &Limits::default()))
        };
        let runs: Vec<_> = graphs.iter().map(explore).collect();
        runs.into_iter().map(|run| run.join().expect("no panic").counts.states).collect()
    });
    assert_eq!(counts, [4, 6]);
}

#[test]
fn what_is_silent_is_still_seen_by_its_states() {
    let checks = Checks::new()
        .step("up", |_: &Silent<Graph>, edge| *edge.after > *edge.before)
        .goal(Goal::state("at 3", |_, state| *state == 3));
    let report = explored(&Silent(Graph::line(3)), &checks, &Limits::default());
    assert_eq!(report.verdict, Verdict::Holds);
    assert_eq!(Silent(Graph::line(3)).observe(&0, Graph::line(1).edges[0]), Some((1, ())));
}
