//! What keeps a run from holding: limits, cuts, panics, models that lie, nothing to check.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use stateright::Model;
use stateright_exact::{
    Checks, Counts, Goal, Limits, Monitor, Observed, Order, Outcome, Rest, Verdict, Why, compare,
    explore, stateright_check,
};

use crate::explored;
use crate::graph::{Go, Graph};

fn verdict(graph: &Graph, limits: Limits) -> Verdict {
    explored(graph, &Graph::checks(), &limits).verdict
}

const fn inconclusive(why: Why) -> Verdict {
    Verdict::Inconclusive(why)
}

#[test]
fn a_complete_run_with_something_to_check_holds() {
    let report = explored(&Graph::line(9), &Graph::checks(), &Limits::default());
    assert_eq!(report.verdict, Verdict::Holds);
    assert_eq!(report.counts, Counts { states: 10, edges: 9, self_loops: 0, depth: 9 });
    assert_eq!((report.init_states, report.ignored, report.peak_frontier), (1, 0, 1));
    assert_eq!(report.to_string(), "holds: 10 states, 9 edges, 0 of them self-loops, depth 9");
    assert!(report.bytes > 0);
}

#[test]
fn a_run_needs_an_invariant_or_a_step_property_and_a_goal() {
    let verdict = |checks| explored(&Graph::line(2), &checks, &Limits::default()).verdict;
    let goal = || Goal::state("some state", |_: &Graph, _| true);
    assert_eq!(verdict(Checks::new()), inconclusive(Why::NoProperties));
    assert_eq!(verdict(Checks::new().goal(goal())), inconclusive(Why::NoInvariant));
    assert_eq!(verdict(Checks::new().invariant("", |_, _| true)), inconclusive(Why::NoGoal));
    assert_eq!(verdict(Checks::new().step("", |_, _| true)), inconclusive(Why::NoGoal));
    let rest = Rest::new("anywhere", |_: &Graph, _| true);
    assert_eq!(verdict(Checks::new().rest(rest)), inconclusive(Why::NoInvariant));
    assert_eq!(verdict(Checks::new().step("", |_, _| true).goal(goal())), Verdict::Holds);
}

#[test]
fn a_limit_is_met_when_there_is_more_and_not_before() {
    let states =
        |most| verdict(&Graph::line(9), Limits { states: Some(most), ..Limits::default() });
    assert_eq!(states(10), Verdict::Holds);
    assert_eq!(states(9), inconclusive(Why::StateLimit(9)));
    assert_eq!(states(0), inconclusive(Why::StateLimit(0)));

    let depth = |most| verdict(&Graph::line(9), Limits { depth: Some(most), ..Limits::default() });
    assert_eq!(depth(9), Verdict::Holds);
    assert_eq!(depth(8), inconclusive(Why::DepthLimit(8)));

    let bytes = |most| verdict(&Graph::line(9), Limits { bytes: Some(most), ..Limits::default() });
    assert_eq!(bytes(1 << 20), Verdict::Holds);
    assert_eq!(bytes(1), inconclusive(Why::MemoryLimit(1)));

    let time = Limits { time: Some(Duration::ZERO), ..Limits::default() };
    assert_eq!(verdict(&Graph::line(9), time), inconclusive(Why::TimeLimit));
}

#[test]
fn at_a_limit_everything_not_seen_yet_is_undecided() {
    let checks = Graph::checks()
        .step("all steps", |_, _| true)
        .goal(Goal::state("at 9", |_, state| *state == 9))
        .rest(Rest::new("at the end", |_, state| *state == 9));
    let limits = Limits { states: Some(5), ..Limits::default() };
    let report = explored(&Graph::line(9), &checks, &limits);
    assert_eq!(report.counts.states, 5);
    for property in &report.properties {
        let is_undecided = matches!(property.outcome, Outcome::Undecided);
        assert_eq!(is_undecided, property.name != "some state", "{}", property.name);
    }
}

#[test]
fn a_violation_stands_though_a_limit_is_met() {
    let checks = Graph::checks().invariant("never 3", |_, state| *state != 3);
    let limits = Limits { states: Some(5), ..Limits::default() };
    assert_eq!(explored(&Graph::line(9), &checks, &limits).verdict, Verdict::Violated);
}

#[test]
fn a_limit_holds_for_the_search_of_a_monitored_goal_too() {
    // The monitor counts to 250: the pairs take far more room than the states.
    let counts = Goal::monitored("250 steps", |_, steps, _: &_| match steps {
        249 => Monitor::Reached,
        _ => Monitor::At(steps + 1),
    });
    let ring = Graph::new(&(0..97).map(|at| (at, 'a', (at + 1) % 97)).collect::<Vec<_>>());
    let limits = |most| Limits { bytes: Some(most), ..Limits::default() };
    let checks = Graph::checks().goal(counts);
    let report = explored(&ring, &checks, &limits(1 << 20));
    assert_eq!(report.verdict, Verdict::Holds);
    let report = explored(&ring, &checks, &limits(report.bytes + 1));
    assert!(matches!(report.verdict, Verdict::Inconclusive(Why::MemoryLimit(_))));
}

#[test]
fn a_boundary_that_cuts_is_inconclusive_and_says_what_it_cuts() {
    let mut graph = Graph::new(&[(0, 'a', 1), (1, 'a', 2), (0, 'b', 2), (2, 'a', 3), (1, 'c', 9)]);
    graph.outside = vec![9, 2];
    let checks = Graph::checks()
        .invariant("never 2", |_, state| *state != 2)
        .goal(Goal::state("at 3", |_, state| *state == 3))
        .rest(Rest::new("at 3", |_, state| *state == 3));
    let report = explored(&graph, &checks, &Limits::default());
    assert_eq!(report.verdict, inconclusive(Why::BoundaryCut(2)));
    assert_eq!((report.cut_edges, report.cut_states.as_slice()), (3, [2, 9].as_slice()));
    assert_eq!((report.counts.states, report.counts.edges), (2, 1));
    for name in ["true everywhere", "never 2", "at 3"] {
        let property = report.property(name).expect("it is checked");
        assert!(matches!(property.outcome, Outcome::Undecided), "{name}");
    }

    let stateright = stateright_check(
        &graph,
        Order::BreadthFirst,
        &Limits::default(),
        std::num::NonZeroUsize::MIN,
    );
    assert_eq!(stateright.verdict, inconclusive(Why::BoundaryCut(2)));
    assert_eq!(compare(&report, &stateright), Ok(()));
}

#[test]
fn a_boundary_that_cuts_nothing_is_harmless() {
    let mut graph = Graph::line(5);
    graph.outside = vec![6];
    assert_eq!(verdict(&graph, Limits::default()), Verdict::Holds);
}

#[test]
fn without_an_initial_state_nothing_is_known() {
    let mut graph = Graph::line(5);
    graph.init.clear();
    assert_eq!(verdict(&graph, Limits::default()), inconclusive(Why::NoInitialState));
    let one = std::num::NonZeroUsize::MIN;
    for order in [Order::BreadthFirst, Order::DepthFirst] {
        let report = stateright_check(&graph, order, &Limits::default(), one);
        assert_eq!(report.verdict, inconclusive(Why::NoInitialState));
    }
    graph.init = vec![0];
    graph.outside = vec![0];
    assert_eq!(verdict(&graph, Limits::default()), inconclusive(Why::NoInitialState));
}

#[test]
fn a_panic_never_passes() {
    let panicking = |at: u16| {
        let bad = move |_: &Graph, state: &u16| {
            assert_ne!(*state, at, "it went wrong");
            true
        };
        explored(&Graph::line(9), &Graph::checks().invariant("fine", bad), &Limits::default())
    };
    for at in [0, 5, 9] {
        let report = panicking(at);
        let Verdict::Inconclusive(Why::Panicked(message)) = &report.verdict else {
            panic!("{}", report.verdict)
        };
        assert!(message.contains("it went wrong"), "{message}");
        let fine = report.property("fine").expect("it is checked");
        assert!(matches!(fine.outcome, Outcome::Undecided));
    }
    assert_eq!(panicking(10).verdict, Verdict::Holds);
}

#[test]
fn a_panic_at_the_end_never_passes() {
    let checks = Graph::checks().rest(Rest::new("rest", |_, state| {
        assert_ne!(*state, 4, "no rest");
        true
    }));
    let report = explored(&Graph::line(9), &checks, &Limits::default());
    assert!(matches!(report.verdict, Verdict::Inconclusive(Why::Panicked(_))));
}

#[test]
fn a_violation_stands_though_the_model_panics_later() {
    let checks = Graph::checks().invariant("never 3", |_, state| {
        assert_ne!(*state, 5);
        *state != 3
    });
    // Seen at 3, the property is not asked again, so another has to panic.
    let checks = checks.step("before 5", |_, edge| {
        assert_ne!(*edge.before, 5);
        true
    });
    assert_eq!(explored(&Graph::line(9), &checks, &Limits::default()).verdict, Verdict::Violated);
}

/// A line whose end lies farther every time that its third state is asked what it offers.
struct Moody(AtomicU64);

impl Model for Moody {
    type State = u64;
    type Action = ();

    fn init_states(&self) -> Vec<u64> {
        vec![0]
    }

    fn actions(&self, state: &u64, actions: &mut Vec<()>) {
        if *state == 2 {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
        if *state < 9 {
            actions.push(());
        }
    }

    fn next_state(&self, state: &u64, (): ()) -> Option<u64> {
        Some(match state {
            2 => 10 + self.0.load(Ordering::Relaxed),
            _ => state + 1,
        })
    }
}

impl Observed for Moody {
    type Observation = ();

    fn observe(&self, state: &u64, action: ()) -> Option<(u64, ())> {
        self.next_state(state, action).map(|next| (next, ()))
    }
}

#[test]
fn a_model_that_answers_differently_the_second_time_is_found_out() {
    let checks = Checks::new()
        .invariant("never above 9", |_: &Moody, state| *state < 9)
        .goal(Goal::state("at 2", |_, state| *state == 2));
    let report = explored(&Moody(AtomicU64::new(0)), &checks, &Limits::default());
    assert!(matches!(report.verdict, Verdict::Inconclusive(Why::NotRepeatable(_))));
    let state = report.property("never above 9").expect("it is checked");
    assert!(matches!(state.outcome, Outcome::Undecided));
}

/// A model whose `observe` leads elsewhere than its `next_state`.
struct TwoFaced;

impl Model for TwoFaced {
    type State = u16;
    type Action = Go;

    fn init_states(&self) -> Vec<u16> {
        vec![0]
    }

    fn actions(&self, state: &u16, actions: &mut Vec<Go>) {
        Graph::line(3).actions(state, actions);
    }

    fn next_state(&self, state: &u16, action: Go) -> Option<u16> {
        Graph::line(3).next_state(state, action)
    }
}

impl Observed for TwoFaced {
    type Observation = ();

    fn observe(&self, state: &u16, _: Go) -> Option<(u16, ())> {
        Some((state + 2, ()))
    }
}

#[test]
fn a_model_that_shows_other_steps_than_it_takes_is_found_out() {
    let checks = Checks::new()
        .invariant("fine", |_: &TwoFaced, _| true)
        .goal(Goal::state("a step", |_, state| *state > 0));
    let report = explored(&TwoFaced, &checks, &Limits::default());
    assert!(matches!(report.verdict, Verdict::Inconclusive(Why::NotRepeatable(_))));
}

#[test]
fn progress_is_told_from_level_to_level() {
    let mut depths = Vec::new();
    explore(&Graph::line(4), &Graph::checks(), &Limits::default(), &mut |progress| {
        depths.push((progress.depth, progress.states, progress.waiting, progress.edges));
    });
    assert_eq!(depths, [(0, 1, 1, 0), (1, 2, 1, 1), (2, 3, 1, 2), (3, 4, 1, 3), (4, 5, 1, 4)]);
}
