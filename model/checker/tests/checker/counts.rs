//! The sizes of state spaces that are known from elsewhere, and what notices a wrong one.

use std::num::NonZeroUsize;

use stateright::Model;
use stateright_exact::{
    Checks, Disagreement, Limits, Order, Report, Silent, StaterightReport, Verdict, compare,
    stateright_check,
};

use crate::explored;
use crate::graph::Graph;
use crate::two_phase_commit::TwoPhaseCommit;

const TWO: NonZeroUsize = NonZeroUsize::MIN.saturating_add(1);

/// Two-phase commit by our search, with everything checked that stateright is told to check.
fn own<const PAD: usize>(managers: u8) -> Report<Silent<TwoPhaseCommit<PAD>>> {
    let model = Silent(TwoPhaseCommit { managers });
    let checks = Checks::from_silent(&model).expect("nothing is refused");
    explored(&model, &checks, &Limits::default())
}

fn by_stateright(managers: u8, order: Order) -> StaterightReport<TwoPhaseCommit<0>> {
    stateright_check(&TwoPhaseCommit::<0> { managers }, order, &Limits::default(), TWO)
}

fn assert_both_count(managers: u8, states: u64) {
    let own = own::<0>(managers);
    assert_eq!(own.verdict, Verdict::Holds);
    assert_eq!(own.counts.states, states);
    for order in [Order::BreadthFirst, Order::DepthFirst] {
        let stateright = by_stateright(managers, order);
        assert_eq!(stateright.verdict, Verdict::Holds);
        assert_eq!((stateright.states, stateright.edges), (own.counts.states, own.counts.edges));
        assert_eq!(stateright.discoveries.len(), 2, "both goals, and no violation");
    }
}

#[test]
fn three_resource_managers_have_288_states() {
    assert_both_count(3, 288);
}

#[test]
fn five_resource_managers_have_8832_states() {
    assert_both_count(5, 8_832);
}

#[test]
fn ballast_changes_no_count() {
    assert_eq!(own::<0>(4).counts, own::<14>(4).counts);
}

#[test]
fn everybody_commits_after_three_steps_each_and_one() {
    // Prepare, hear and obey for each of three; the decision once.
    let report = own::<0>(3);
    let commit = report.property("all commit").expect("it is asked");
    assert_eq!(commit.outcome.trace().expect("it is reached").len(), 10);
    let abort = report.property("all abort").expect("it is asked");
    assert_eq!(abort.outcome.trace().expect("it is reached").len(), 3);
}

#[test]
fn a_search_that_misses_an_edge_disagrees() {
    let whole = Graph::new(&[(0, 'a', 1), (0, 'b', 1), (1, 'c', 2), (1, 'd', 0)]);
    let stateright =
        stateright_check(&whole, Order::BreadthFirst, &Limits::default(), NonZeroUsize::MIN);
    for missing in 0..whole.edges.len() {
        let mut holed = whole.clone();
        holed.edges.remove(missing);
        let own = explored(&holed, &Graph::checks(), &Limits::default());
        let expected = match whole.edges[missing].label {
            'c' => Disagreement::States { own: 2, stateright: 3 },
            _ => Disagreement::Edges { own: 3, stateright: 4 },
        };
        assert_eq!(compare(&own, &stateright), Err(expected));
    }
    let own = explored(&whole, &Graph::checks(), &Limits::default());
    assert_eq!(compare(&own, &stateright), Ok(()));
}

/// A state whose equality forgets which managers have been heard.
#[derive(Clone, Copy, Debug)]
struct Forgetful(<TwoPhaseCommit<0> as Model>::State);

impl PartialEq for Forgetful {
    fn eq(&self, other: &Self) -> bool {
        self.0.unheard() == other.0.unheard()
    }
}

impl Eq for Forgetful {}

impl std::hash::Hash for Forgetful {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.unheard().hash(state);
    }
}

struct Merging(TwoPhaseCommit<0>);

impl Model for Merging {
    type State = Forgetful;
    type Action = <TwoPhaseCommit<0> as Model>::Action;

    fn init_states(&self) -> Vec<Forgetful> {
        self.0.init_states().into_iter().map(Forgetful).collect()
    }

    fn actions(&self, state: &Forgetful, actions: &mut Vec<Self::Action>) {
        self.0.actions(&state.0, actions);
    }

    fn next_state(&self, state: &Forgetful, action: Self::Action) -> Option<Forgetful> {
        self.0.next_state(&state.0, action).map(Forgetful)
    }
}

#[test]
fn a_search_that_merges_states_disagrees() {
    let merging = Silent(Merging(TwoPhaseCommit { managers: 3 }));
    let merged = explored(&merging, &Checks::new(), &Limits::default());
    assert!(merged.counts.states < 288, "{}", merged.counts);
    assert_ne!(merged.counts, own::<0>(3).counts, "the baseline notices");
}
