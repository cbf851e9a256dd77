//! Where stateright 0.31 passes, or misleads, and neither our search nor our wrapper does.
//!
//! Every test first shows what stateright does, so that a release that does better is noticed.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use stateright::report::{ReportData, ReportDiscovery, Reporter};
use stateright::{Checker, Model, Property};
use stateright_exact::{
    Checks, Goal, Limits, Order, Outcome, Silent, StaterightReport, Verdict, Why, compare,
    stateright_check,
};

use crate::explored;
use crate::graph::Graph;
use crate::grid::{self, Ask, Grid, Mood};
use crate::two_phase_commit::TwoPhaseCommit;

const ONE: NonZeroUsize = NonZeroUsize::MIN;
const TWO: NonZeroUsize = NonZeroUsize::MIN.saturating_add(1);
const ORDERS: [Order; 2] = [Order::BreadthFirst, Order::DepthFirst];

/// What our wrapper says, in both orders, with one thread and with two.
fn wrapped(grid: &Grid, limits: &Limits) -> Vec<StaterightReport<Grid>> {
    let runs = ORDERS.into_iter().flat_map(|order| [(order, ONE), (order, TWO)]);
    runs.map(|(order, threads)| stateright_check(grid, order, limits, threads)).collect()
}

fn own_verdict(grid: Grid, limits: &Limits) -> Verdict {
    let grid = Silent(grid);
    let checks = Checks::from_silent(&grid).expect("no property of this grid is refused");
    explored(&grid, &checks, limits).verdict
}

fn assert_inconclusive(grid: &Grid, limits: &Limits, why: &Why) {
    let expected = Verdict::Inconclusive(why.clone());
    for report in wrapped(grid, limits) {
        assert_eq!(report.verdict, expected);
    }
    assert_eq!(own_verdict(grid.clone(), limits), expected);
}

/// The bug is there and is found, if nothing stands in the way.
#[test]
fn the_bug_in_the_corner_is_found_when_nothing_stops_the_walk() {
    let grid = Grid::with_bug();
    for report in wrapped(&grid, &Limits::default()) {
        assert_eq!(report.verdict, Verdict::Violated);
        assert_eq!(report.states, grid::STATES);
        let names: Vec<_> = report.discoveries.iter().map(|it| it.name).collect();
        assert_eq!(names, ["the corner is never reached", "some steps are taken"]);
        let trace = report.counterexample.expect("an invariant is violated");
        assert_eq!(trace.len() as u64, grid::DEPTH);
        assert_eq!(*trace.last_state(), (300, 300));
    }
    assert_eq!(own_verdict(grid, &Limits::default()), Verdict::Violated);
}

/// Timeouts, each to be tried on a model that outlasts it by far.
///
/// A worker has to start before the time is up, and on a busy machine may not: then there is a
/// longer one to try. What stateright does once is what it can do.
const TIMEOUTS: [Duration; 3] =
    [Duration::from_millis(20), Duration::from_millis(200), Duration::from_secs(2)];

fn outlasting(timeout: Duration, grid: Grid) -> Grid {
    Grid { mood: Mood::Dawdles(timeout * 3), ..grid }
}

#[test]
fn s1_a_timeout_passes_and_ours_is_inconclusive() {
    let passes = |&timeout: &Duration| {
        let slow = outlasting(timeout, Grid::with_bug());
        let checker = slow.checker().threads(2).timeout(timeout).spawn_bfs().join();
        // As `assert_properties` judges.
        checker.is_done()
            && checker.discovery("some steps are taken").is_some()
            && checker.discovery("the corner is never reached").is_none()
            && (checker.unique_state_count() as u64) < grid::STATES
    };
    assert!(TIMEOUTS.iter().any(passes));

    let limits = Limits { time: Some(Duration::ZERO), ..Limits::default() };
    assert_eq!(own_verdict(Grid::with_bug(), &limits), Verdict::Inconclusive(Why::TimeLimit));
    // Depth first, the bug may be found before the time is up.
    assert_inconclusive(&Grid::sound(), &limits, &Why::TimeLimit);
}

#[test]
fn s2_a_timeout_is_ignored_with_one_thread_and_ours_is_not() {
    let goes_on = |&timeout: &Duration| {
        let slow = outlasting(timeout, Grid::sound());
        let checker = slow.checker().threads(1).timeout(timeout).spawn_bfs().join();
        checker.unique_state_count() as u64 == grid::STATES
    };
    assert!(TIMEOUTS.iter().any(goes_on));

    let timeout = TIMEOUTS[1];
    let slow = outlasting(timeout, Grid::sound());
    let limits = Limits { time: Some(timeout), ..Limits::default() };
    for order in ORDERS {
        let report = stateright_check(&slow, order, &limits, ONE);
        assert_eq!(report.verdict, Verdict::Inconclusive(Why::TimeLimit));
        assert!(report.states < grid::STATES, "{} states", report.states);
    }
}

#[test]
fn s3_a_limit_of_states_passes_and_ours_is_inconclusive() {
    let checker = Grid::with_bug().checker().target_state_count(1_000).spawn_bfs().join();
    checker.assert_properties();
    assert!((checker.unique_state_count() as u64) < grid::STATES);

    let limits = Limits { states: Some(1_000), ..Limits::default() };
    let why = Why::StateLimit(1_000);
    assert_eq!(own_verdict(Grid::with_bug(), &limits), Verdict::Inconclusive(why.clone()));
    // Depth first, the bug is found within the limit.
    assert_inconclusive(&Grid::sound(), &limits, &why);
}

#[test]
fn s3_a_limit_of_depth_passes_and_ours_is_inconclusive() {
    let checker = Grid::with_bug().checker().target_max_depth(50).spawn_bfs().join();
    checker.assert_properties();
    assert!((checker.unique_state_count() as u64) < grid::STATES);

    let limits = Limits { depth: Some(50), ..Limits::default() };
    let expected = Verdict::Inconclusive(Why::DepthLimit(50));
    assert_eq!(own_verdict(Grid::with_bug(), &limits), expected);
    // Stopped from outside, the wrapper may reach the end first: then it has seen the bug.
    for report in wrapped(&Grid::with_bug(), &limits) {
        assert!([expected.clone(), Verdict::Violated].contains(&report.verdict));
    }
    for report in wrapped(&Grid::sound(), &limits) {
        assert_eq!(report.verdict, expected);
    }
}

#[test]
fn s3_a_walk_that_ends_beyond_its_depth_is_inconclusive_however_fast_it_was() {
    let depth = |most| Limits { depth: Some(most), ..Limits::default() };
    for order in ORDERS {
        let beyond = stateright_check(&Graph::line(9), order, &depth(8), ONE);
        assert_eq!(beyond.verdict, Verdict::Inconclusive(Why::DepthLimit(8)));
        let within = stateright_check(&Graph::line(9), order, &depth(9), ONE);
        assert_eq!(within.verdict, Verdict::Inconclusive(Why::NoProperties));
    }
}

#[test]
fn s4_a_panic_passes_under_report_and_ours_is_inconclusive() {
    for threads in [1, 2] {
        let grid = Grid { mood: Mood::Panics, ..Grid::with_bug() };
        let checker = grid.checker().threads(threads).spawn_bfs().report(&mut Mute);
        checker.assert_properties();
        assert!((checker.unique_state_count() as u64) < grid::STATES);
    }

    let panicking = Grid { mood: Mood::Panics, ..Grid::with_bug() };
    let why = Why::Panicked("lost".to_owned());
    let expected = Verdict::Inconclusive(why.clone());
    assert_eq!(own_verdict(panicking.clone(), &Limits::default()), expected);
    // Another thread, or a depth-first walk, may find the bug before one panics.
    for report in wrapped(&panicking, &Limits::default()) {
        assert!([expected.clone(), Verdict::Violated].contains(&report.verdict));
    }
    let panicking = Grid { mood: Mood::Panics, ..Grid::sound() };
    assert_inconclusive(&panicking, &Limits::default(), &why);
}

/// Says nothing, often.
struct Mute;

impl<M: Model> Reporter<M> for Mute {
    fn report_checking(&mut self, _: ReportData) {}

    fn report_discoveries(&mut self, _: &M, _: BTreeMap<&'static str, ReportDiscovery<M>>) {}

    fn delay(&self) -> Duration {
        Duration::from_micros(100)
    }
}

#[test]
fn s5_without_properties_one_state_is_walked_and_ours_is_inconclusive() {
    let checker = Grid::asking(&[]).checker().spawn_bfs().join();
    checker.assert_properties();
    assert_eq!(checker.unique_state_count(), 1);

    assert_inconclusive(&Grid::asking(&[]), &Limits::default(), &Why::NoProperties);
    for report in wrapped(&Grid::asking(&[]), &Limits::default()) {
        assert_eq!(report.states, grid::STATES);
    }
}

#[test]
fn s5_with_goals_alone_the_walk_ends_early_and_ours_is_inconclusive() {
    let goals = Grid::asking(&[Ask::SomeStepsAreTaken]);
    let checker = goals.clone().checker().spawn_bfs().join();
    checker.assert_properties();
    assert!((checker.unique_state_count() as u64) < grid::STATES);

    assert_inconclusive(&goals, &Limits::default(), &Why::NoInvariant);
    for report in wrapped(&goals, &Limits::default()) {
        assert_eq!(report.states, grid::STATES);
    }
}

#[test]
fn s5_with_invariants_alone_nothing_need_happen_and_ours_is_inconclusive() {
    let invariants = Grid::asking(&[Ask::RowsAreBounded]);
    invariants.clone().checker().spawn_bfs().join().assert_properties();

    assert_inconclusive(&invariants, &Limits::default(), &Why::NoGoal);
}

/// Counts to 600, which is wrong at 5 and at 600.
#[derive(Clone, Debug)]
struct Counter;

impl Model for Counter {
    type State = u16;
    type Action = u16;

    fn init_states(&self) -> Vec<u16> {
        vec![0]
    }

    fn actions(&self, state: &u16, actions: &mut Vec<u16>) {
        if *state < 600 {
            actions.push(1);
        }
    }

    fn next_state(&self, state: &u16, by: u16) -> Option<u16> {
        Some(state + by)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always("neither 5 nor 600", |_, state| ![5, 600].contains(state)),
            Property::always("small", |_, state| *state <= 600),
            Property::sometimes("counted", |_, state| *state == 1),
        ]
    }
}

#[test]
fn s6_a_counterexample_of_600_steps_replaces_one_of_5_and_ours_has_5() {
    let checker = Counter.checker().spawn_bfs().join();
    let path = checker.discovery("neither 5 nor 600").expect("stateright finds it");
    assert_eq!(path.into_actions().len(), 600);

    let counter = Silent(Counter);
    let checks = Checks::from_silent(&counter).expect("nothing is refused");
    let report = explored(&counter, &checks, &Limits::default());
    assert_eq!(report.verdict, Verdict::Violated);
    let property = report.property("neither 5 nor 600").expect("it is checked");
    assert_eq!(property.outcome.trace().expect("it is violated").len(), 5);
}

#[test]
fn a_violation_stands_and_is_told_though_the_walk_was_halted_after_it() {
    let limits = Limits { states: Some(100), ..Limits::default() };
    let report = stateright_check(&Counter, Order::BreadthFirst, &limits, ONE);
    assert_eq!(report.verdict, Verdict::Violated);
    assert_eq!(report.counterexample.expect("it is violated").len(), 5);
    assert!(report.states < 600);
}

/// From 0 to 2 by way of 1, or the long way round; from 2 on to the bug at 3.
#[derive(Clone, Debug)]
struct Detour;

impl Model for Detour {
    type State = u16;
    type Action = u16;

    fn init_states(&self) -> Vec<u16> {
        vec![0]
    }

    fn actions(&self, state: &u16, actions: &mut Vec<u16>) {
        // A depth-first walk takes the last first.
        actions.extend_from_slice(match state {
            0 => &[1, 10],
            1 | 12 => &[2],
            2 => &[3],
            10 => &[11],
            11 => &[12],
            _ => &[],
        });
    }

    fn next_state(&self, _: &u16, to: u16) -> Option<u16> {
        Some(to)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always("never 3", |_, state| *state != 3),
            Property::sometimes("once 2", |_, state| *state == 2),
        ]
    }
}

#[test]
fn s7_depth_first_misses_a_bug_within_its_depth_and_ours_finds_it() {
    let missed = Detour.checker().target_max_depth(5).spawn_dfs().join();
    assert!(missed.discovery("never 3").is_none());
    let found = Detour.checker().target_max_depth(5).spawn_bfs().join();
    assert_eq!(found.discovery("never 3").expect("it is near").into_actions().len(), 3);

    let limits = Limits { depth: Some(3), ..Limits::default() };
    let checks = Checks::from_silent(&Silent(Detour)).expect("nothing is refused");
    assert_eq!(explored(&Silent(Detour), &checks, &limits).verdict, Verdict::Violated);
    let report = stateright_check(&Detour, Order::DepthFirst, &Limits::default(), ONE);
    assert_eq!(report.verdict, Verdict::Violated);
}

/// Two counters up to 9 that nobody can tell apart.
#[derive(Clone, Debug)]
struct Twins;

impl Model for Twins {
    type State = [u8; 2];
    type Action = usize;

    fn init_states(&self) -> Vec<[u8; 2]> {
        vec![[0, 0]]
    }

    fn actions(&self, state: &[u8; 2], actions: &mut Vec<usize>) {
        actions.extend((0..2).filter(|&twin| state[twin] < 9));
    }

    fn next_state(&self, state: &[u8; 2], twin: usize) -> Option<[u8; 2]> {
        let mut state = *state;
        state[twin] += 1;
        Some(state)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always("single digits", |_, state: &[u8; 2]| state.iter().all(|it| *it <= 9)),
            Property::sometimes("both at 9", |_, state| *state == [9, 9]),
        ]
    }
}

fn sorted(state: &[u8; 2]) -> [u8; 2] {
    let mut state = *state;
    state.sort_unstable();
    state
}

#[test]
fn s8_symmetry_is_ignored_breadth_first_and_ours_offers_none() {
    let breadth_first = Twins.checker().symmetry_fn(sorted).spawn_bfs().join();
    assert_eq!(breadth_first.unique_state_count(), 100);
    let depth_first = Twins.checker().symmetry_fn(sorted).spawn_dfs().join();
    assert_eq!(depth_first.unique_state_count(), 55);

    for order in ORDERS {
        let report = stateright_check(&Twins, order, &Limits::default(), TWO);
        assert_eq!((report.verdict, report.states), (Verdict::Holds, 100));
    }
    let checks = Checks::from_silent(&Silent(Twins)).expect("nothing is refused");
    let own = explored(&Silent(Twins), &checks, &Limits::default());
    assert_eq!((own.verdict, own.counts.states), (Verdict::Holds, 100));
}

const MANAGERS: u8 = 5;

/// Two-phase commit in which only canonical states exist.
#[derive(Clone, Debug)]
struct UpToNames(TwoPhaseCommit<0>);

impl Model for UpToNames {
    type State = <TwoPhaseCommit<0> as Model>::State;
    type Action = <TwoPhaseCommit<0> as Model>::Action;

    fn init_states(&self) -> Vec<Self::State> {
        self.0.init_states()
    }

    fn actions(&self, state: &Self::State, actions: &mut Vec<Self::Action>) {
        self.0.actions(state, actions);
    }

    fn next_state(&self, state: &Self::State, action: Self::Action) -> Option<Self::State> {
        Some(self.0.next_state(state, action)?.canonical(MANAGERS))
    }
}

#[test]
fn s9_a_careless_representative_loses_the_reduction_and_a_canonical_form_is_exact() {
    let model = TwoPhaseCommit::<0> { managers: MANAGERS };
    let careless = model.checker().symmetry_fn(|state| state.hardly_canonical(MANAGERS));
    let careless = careless.spawn_dfs().join().unique_state_count() as u64;

    // The number of classes, counted one state at a time.
    let classes = Arc::new(Mutex::new(std::collections::BTreeSet::new()));
    let seen = Arc::clone(&classes);
    let every_state = Checks::new().invariant("is seen", move |_, state: &_| {
        let state: &<TwoPhaseCommit<0> as Model>::State = state;
        seen.lock().expect("no test panics here").insert(state.canonical(MANAGERS));
        true
    });
    explored(&Silent(model), &every_state, &Limits::default());
    let classes = classes.lock().expect("no test panics here").len() as u64;

    let canonical = explored(&Silent(UpToNames(model)), &Checks::new(), &Limits::default());
    assert_eq!(canonical.counts.states, classes);
    assert!(careless > classes, "{careless} classes instead of {classes}");
}

#[test]
fn s10_an_eventually_is_refused() {
    let asks = [Ask::RowsAreBounded, Ask::SomeStepsAreTaken, Ask::EventuallyTheCorner];
    for report in wrapped(&Grid::asking(&asks), &Limits::default()) {
        let why = Why::Eventually("eventually the corner");
        assert_eq!(report.verdict, Verdict::Inconclusive(why));
    }
    let refused = Checks::from_silent(&Silent(Grid::asking(&asks))).err();
    assert_eq!(refused.expect("it is refused").name, "eventually the corner");
}

#[test]
fn s14_actions_without_an_answer_vanish_and_ours_are_counted() {
    let mut graph = Graph::line(3);
    for go in &mut graph.edges {
        go.to = go.to.filter(|&to| to != 3);
    }
    let report = explored(&graph, &Graph::checks(), &Limits::default());
    assert_eq!((report.counts.states, report.counts.edges, report.ignored), (3, 2, 1));

    // stateright walks the same states and steps; of the vanished one there is no trace.
    let stateright = stateright_check(&graph, Order::BreadthFirst, &Limits::default(), ONE);
    assert_eq!(compare(&report, &stateright), Ok(()));
}

#[test]
fn an_unreached_goal_is_a_violation_for_both() {
    let grid = Grid::asking(&[Ask::RowsAreBounded, Ask::TheGridIsLeft]);
    for report in wrapped(&grid, &Limits::default()) {
        assert_eq!(report.verdict, Verdict::Violated);
        assert!(report.discoveries.is_empty());
    }
    let grid = Silent(grid);
    let checks = Checks::from_silent(&grid).expect("nothing is refused");
    let own = explored(&grid, &checks, &Limits::default());
    assert_eq!(own.verdict, Verdict::Violated);
    let outcome = &own.property("the grid is left").expect("it is asked").outcome;
    assert!(matches!(outcome, Outcome::Unreached));
}

#[test]
fn both_agree_on_a_sound_grid() {
    let grid = Silent(Grid::sound());
    let checks = Checks::from_silent(&grid).expect("nothing is refused");
    let own = explored(&grid, &checks, &Limits::default());
    assert_eq!(own.verdict, Verdict::Holds);
    assert_eq!(own.counts.depth, grid::DEPTH);
    let one_thread = stateright_check(&grid.0, Order::BreadthFirst, &Limits::default(), ONE);
    assert_eq!(one_thread.depth, grid::DEPTH);
    for stateright in wrapped(&grid.0, &Limits::default()) {
        assert_eq!(stateright.verdict, Verdict::Holds);
        assert_eq!((stateright.states, stateright.edges), (own.counts.states, own.counts.edges));
    }
}

#[test]
fn equal_initial_states_are_one_for_both() {
    let mut graph = Graph::line(4);
    graph.init = vec![0, 2, 0, 2];
    let own = explored(
        &graph,
        &Graph::checks().goal(Goal::step("a step", |_, _| true)),
        &Limits::default(),
    );
    assert_eq!((own.init_states, own.counts.states, own.counts.edges), (2, 5, 4));
    for order in ORDERS {
        let stateright = stateright_check(&graph, order, &Limits::default(), TWO);
        assert_eq!(stateright.init_states, 2);
        assert_eq!(compare(&own, &stateright), Ok(()));
    }
}
