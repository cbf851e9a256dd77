//! Exploring one state of all that are alike: the same verdict, traces that are real, and what is
//! found out of a symmetry that is none.

use stateright::Model;
use stateright_exact::{
    Checks, Goal, Limits, Monitor, Observed, Outcome, Report, Rest, Stop, Symmetric, Symmetry,
    Verdict, Why, explore_representatives, replay,
};

use crate::explored;

/// Three counters, each raised on its own up to a top; one of them may have another top.
#[derive(Clone, Debug)]
struct Counters {
    init: [u8; 3],
    tops: [u8; 3],
}

const ALIKE: Counters = Counters { init: [0, 0, 0], tops: [3, 3, 3] };

#[derive(Clone, Copy, Debug, PartialEq)]
struct Raise(usize);

impl Model for Counters {
    type State = [u8; 3];
    type Action = Raise;

    fn init_states(&self) -> Vec<[u8; 3]> {
        vec![self.init]
    }

    fn actions(&self, state: &[u8; 3], actions: &mut Vec<Raise>) {
        actions.extend((0..3).filter(|it| state[*it] < self.tops[*it]).map(Raise));
    }

    fn next_state(&self, state: &[u8; 3], Raise(which): Raise) -> Option<[u8; 3]> {
        let mut state = *state;
        state[which] += 1;
        Some(state)
    }
}

impl Observed for Counters {
    type Observation = u8;

    fn observe(&self, state: &[u8; 3], action: Raise) -> Option<([u8; 3], u8)> {
        self.next_state(state, action).map(|next| (next, next[action.0]))
    }
}

/// The counters are interchangeable, or said to be.
struct AnyOrder;

const ORDERS: [[usize; 3]; 6] = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];

impl Symmetry<Counters> for AnyOrder {
    fn representative(&self, mut state: [u8; 3]) -> [u8; 3] {
        state.sort_unstable();
        state
    }

    fn images(&self, state: &[u8; 3], Raise(which): &Raise) -> Vec<([u8; 3], Raise)> {
        ORDERS
            .iter()
            .map(|order| {
                let mut moved = [0; 3];
                (0..3).for_each(|it| moved[order[it]] = state[it]);
                (moved, Raise(order[*which]))
            })
            .collect()
    }
}

impl Symmetric for Counters {
    type Symmetry = AnyOrder;

    fn symmetry(&self) -> AnyOrder {
        AnyOrder
    }
}

fn reduced(model: &Counters, checks: &Checks<Counters>) -> Report<Counters> {
    explore_representatives(model, checks, &Limits::default(), &mut |_| {})
}

fn checks() -> Checks<Counters> {
    Checks::new()
        .invariant("not two at the top", |_: &Counters, it| {
            it.iter().filter(|it| **it == 3).count() < 2
        })
        .step("nobody gets from 2 to 3 while another one is there", |_, it| {
            *it.seen < 3 || it.before.iter().all(|it| *it < 3)
        })
        .goal(Goal::state("all at 2", |_, it| *it == [2; 3]))
        .goal(Goal::monitored("one is raised thrice in a row", |_, memory, it| {
            match (memory, it.seen) {
                (2, 3) => Monitor::Reached,
                (memory, seen) if memory + 1 == *seen => Monitor::At(*seen),
                (_, 1) => Monitor::At(1),
                (_, _) => Monitor::At(0),
            }
        }))
}

#[test]
fn verdict_depth_and_lengths_are_those_of_the_whole() {
    let whole = explored(&ALIKE, &checks(), &Limits::default());
    let reduced = reduced(&ALIKE, &checks());
    assert_eq!((whole.counts.states, reduced.counts.states), (64, 20));
    assert_eq!((&whole.verdict, whole.counts.depth), (&reduced.verdict, reduced.counts.depth));
    assert_eq!(whole.properties.len(), reduced.properties.len());
    for (one, other) in whole.properties.iter().zip(&reduced.properties) {
        let (one, other) = (one.outcome.trace(), other.outcome.trace());
        let (one, other) = (one.expect("it is shown"), other.expect("it is shown"));
        assert_eq!(one.len(), other.len());
        let actions: Vec<_> = other.actions().copied().collect();
        assert_eq!(replay(&ALIKE, 0, &actions).as_ref(), Ok(other));
    }
}

/// The representative of the initial state is another one: the trace begins in the initial state.
#[test]
fn a_trace_begins_where_the_model_does() {
    let model = Counters { init: [2, 0, 1], tops: [3; 3] };
    let report = reduced(&model, &checks());
    assert_eq!(report.counts.states, 14);
    let goal = report.property("all at 2").expect("it is asked for");
    let trace = goal.outcome.trace().expect("it is reached");
    assert_eq!((trace.init, trace.last_state(), trace.len()), ([2, 0, 1], &[2; 3], 3));
}

#[test]
fn rest_is_not_decided_up_to_symmetry() {
    let checks =
        checks().rest(Rest::new("all at the top", |it: &Counters, state| *state == it.tops));
    let report = reduced(&ALIKE, &checks);
    assert_eq!(report.verdict, Verdict::Inconclusive(Why::RestUpToSymmetry));
    assert_eq!(report.counts.states, 0);
    assert!(report.properties.iter().all(|it| matches!(it.outcome, Outcome::Undecided)));
}

#[test]
fn limits_hold_for_representatives() {
    let limits = Limits { states: Some(9), stop: Stop::Never, ..Limits::default() };
    let checks = Checks::new()
        .invariant("few", |_: &Counters, _| true)
        .goal(Goal::state("all at 2", |_, it| *it == [2; 3]));
    let report = explore_representatives(&ALIKE, &checks, &limits, &mut |_| {});
    assert_eq!(report.verdict, Verdict::Inconclusive(Why::StateLimit(9)));
}

/// The first counter has another top than the others, and yet is said to be like them.
#[test]
fn a_trace_that_only_the_representatives_have_is_found_out() {
    let model = Counters { init: [0, 0, 0], tops: [1, 3, 3] };
    let checks = Checks::new()
        .invariant("true", |_: &Counters, _| true)
        .goal(Goal::state("two at the top", |_, it: &[u8; 3]| {
            it.iter().filter(|it| **it == 3).count() == 2
        }));
    assert_eq!(explored(&model, &checks, &Limits::default()).verdict, Verdict::Holds);
    let report = reduced(&model, &checks);
    let verdict = &report.verdict;
    assert!(matches!(verdict, Verdict::Inconclusive(Why::NotRepeatable(_))), "{verdict}");
}

/// The property names one of several that are alike.
#[test]
fn a_property_that_tells_apart_what_is_alike_is_found_out() {
    let model = Counters { init: [1, 0, 0], tops: [3; 3] };
    let checks = Checks::new()
        .invariant("the last one has not begun", |_: &Counters, it| it[2] == 0)
        .goal(Goal::state("all at 2", |_, it| *it == [2; 3]));
    let report = reduced(&model, &checks);
    let verdict = &report.verdict;
    assert!(matches!(verdict, Verdict::Inconclusive(Why::NotRepeatable(_))), "{verdict}");
}
