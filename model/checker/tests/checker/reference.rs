//! The search held against a plain one, on random graphs: a broken search does not survive this.
//!
//! The plain search knows no levels, no parents and no hashing: it relaxes distances over a matrix
//! until nothing changes.

use proptest::prelude::*;
use stateright_exact::{Counts, Goal, Limits, Monitor, Order, Outcome, Rest, Verdict};
use stateright_exact::{compare, stateright_check};

use crate::explored;
use crate::graph::{Go, Graph};

const STATES: u16 = 9;

prop_compose! {
    fn any_edge()(
        from in 0..STATES,
        to in prop::option::weighted(0.9, 0..STATES),
        label in prop::sample::select(vec!['a', 'b', 'c']),
    ) -> Go {
        Go { from, to, label }
    }
}

prop_compose! {
    fn any_graph()(
        init in prop::collection::vec(0..STATES, 1..3),
        edges in prop::collection::vec(any_edge(), 0..20),
    ) -> Graph {
        Graph { init, edges, outside: Vec::new() }
    }
}

/// The answered edges.
fn steps(graph: &Graph) -> impl Iterator<Item = (u16, char, u16)> {
    graph.edges.iter().filter_map(|go| Some((go.from, go.label, go.to?)))
}

/// How far each node is from the nearest root.
fn distances(nodes: usize, roots: &[usize], steps: &[(usize, usize)]) -> Vec<Option<u64>> {
    let mut distances = vec![None; nodes];
    for &root in roots {
        distances[root] = Some(0);
    }
    for _ in 0..nodes {
        for &(from, to) in steps {
            let through = distances[from].map(|it| it + 1);
            distances[to] = [distances[to], through].into_iter().flatten().min();
        }
    }
    distances
}

/// How far each state is from the nearest initial one.
fn from_init(graph: &Graph) -> Vec<Option<u64>> {
    let roots: Vec<_> = graph.init.iter().map(|&state| usize::from(state)).collect();
    let steps: Vec<_> =
        steps(graph).map(|(from, _, to)| (usize::from(from), usize::from(to))).collect();
    distances(usize::from(STATES), &roots, &steps)
}

fn length(outcome: &Outcome<Graph>) -> Option<u64> {
    outcome.trace().map(|trace| trace.len() as u64)
}

proptest! {
    #[test]
    fn counts_are_those_of_the_plain_search(graph in any_graph()) {
        let distances = from_init(&graph);
        let is_reached = |state: u16| distances[usize::from(state)].is_some();
        let reached = || steps(&graph).filter(|&(from, _, _)| is_reached(from));
        let expected = Counts {
            states: distances.iter().flatten().count() as u64,
            edges: reached().count() as u64,
            self_loops: reached().filter(|(from, _, to)| from == to).count() as u64,
            depth: distances.iter().flatten().max().copied().unwrap_or(0),
        };
        let ignored = graph.edges.iter().filter(|go| go.to.is_none() && is_reached(go.from));

        let report = explored(&graph, &Graph::checks(), &Limits::default());
        prop_assert_eq!(&report.verdict, &Verdict::Holds);
        prop_assert_eq!(report.counts, expected);
        prop_assert_eq!(report.ignored, ignored.count() as u64);

        let one = std::num::NonZeroUsize::MIN;
        let stateright = stateright_check(&graph, Order::DepthFirst, &Limits::default(), one);
        prop_assert_eq!(compare(&report, &stateright), Ok(()));
    }

    #[test]
    fn traces_are_as_long_as_the_plain_distance(graph in any_graph(), bad in 0..STATES) {
        let distances = from_init(&graph);
        let to_state = distances[usize::from(bad)];
        let to_step = steps(&graph)
            .filter(|&(_, label, to)| label == 'a' && to == bad)
            .filter_map(|(from, _, _)| Some(distances[usize::from(from)]? + 1))
            .min();

        let checks = Graph::checks()
            .invariant("never there", move |_, state| *state != bad)
            .step("not by a", move |_, edge| (*edge.seen, *edge.after) != ('a', bad))
            .goal(Goal::state("there", move |_, state| *state == bad))
            .goal(Goal::step("by a", move |_, edge| (*edge.seen, *edge.after) == ('a', bad)));
        let report = explored(&graph, &checks, &Limits::default());
        let found = |name| length(&report.property(name).expect("it is checked").outcome);
        prop_assert_eq!(found("never there"), to_state);
        prop_assert_eq!(found("there"), to_state);
        prop_assert_eq!(found("not by a"), to_step);
        prop_assert_eq!(found("by a"), to_step);
        // Violated or unreached: one of each pair must be.
        prop_assert_eq!(report.verdict, Verdict::Violated);
    }

    #[test]
    fn monitored_goals_take_the_shortest_way_through_the_product(graph in any_graph()) {
        // The word `abc`, any letters between; a `b` too early starts all over again.
        let advance = |read: u8, label: char| match (read, label) {
            (0, 'a') => 1,
            (1, 'b') => 2,
            (2, 'b') => 0,
            (2, 'c') => 3,
            (read, _) => read,
        };
        let node = |state: u16, read: u8| usize::from(state) * 4 + usize::from(read);
        let roots: Vec<_> = graph.init.iter().map(|&state| node(state, 0)).collect();
        let product: Vec<_> = (0..3)
            .flat_map(|read| steps(&graph).map(move |(from, label, to)| {
                (node(from, read), node(to, advance(read, label)))
            }))
            .collect();
        let distances = distances(usize::from(STATES) * 4, &roots, &product);
        let expected = (0..STATES).filter_map(|state| distances[node(state, 3)]).min();

        let checks = Graph::checks().goal(Goal::monitored("abc", move |_, read, edge| {
            match advance(read, *edge.seen) {
                3 => Monitor::Reached,
                read => Monitor::At(read),
            }
        }));
        let report = explored(&graph, &checks, &Limits::default());
        let outcome = &report.property("abc").expect("it is checked").outcome;
        prop_assert_eq!(length(outcome), expected);
        let mut read = 0;
        for action in outcome.trace().iter().flat_map(|trace| trace.actions()) {
            read = advance(read, action.label);
        }
        prop_assert_eq!(read == 3, expected.is_some());
    }

    #[test]
    fn the_nearest_trap_is_found(graph in any_graph(), rest in 0..STATES) {
        let distances_from_init = from_init(&graph);
        let backwards: Vec<_> = steps(&graph)
            .filter(|&(_, label, _)| label != 'c')
            .map(|(from, _, to)| (usize::from(to), usize::from(from)))
            .collect();
        let to_rest = distances(usize::from(STATES), &[usize::from(rest)], &backwards);
        let expected =
            (0..usize::from(STATES)).filter(|&state| to_rest[state].is_none());
        let expected = expected.filter_map(|state| distances_from_init[state]).min();

        let at_rest = Rest::new("rest", move |_: &Graph, state| *state == rest);
        let checks = Graph::checks().rest(at_rest.by(|_, go| go.label != 'c'));
        let report = explored(&graph, &checks, &Limits::default());
        let outcome = &report.property("rest").expect("it is checked").outcome;
        prop_assert_eq!(length(outcome), expected);
        let is_trapped = outcome.trace().map(|it| to_rest[usize::from(*it.last_state())].is_none());
        prop_assert_ne!(is_trapped, Some(false));
    }
}
