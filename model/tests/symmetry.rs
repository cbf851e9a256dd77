//! Interchangeable clients and profiles: what they are, that exchanging them changes nothing, and
//! that one state explored for all that are alike leads to the same verdict.

#[path = "symmetry/exploring.rs"]
mod exploring;
#[path = "symmetry/moved.rs"]
mod moved;
#[path = "symmetry/profiles.rs"]
mod profiles;
#[path = "symmetry/reading.rs"]
mod reading;
#[path = "symmetry/worlds.rs"]
mod worlds;

use std::collections::BTreeSet;

use mapi_session_model::{
    Action, Client, EditId, FastStep, Fault, Label, Permutation, Profile, Protocol, RequestId,
    Rule, Scope, State, Step, Symmetry,
    properties::{INVARIANTS, STEPS, Target, Transition, goals},
};
use proptest::prelude::*;
use stateright::Model;
use stateright_exact::{Edge, Monitor};

use profiles::{DELETING, NAMING};
use worlds::{OPENS, THREE, world};

/// The worlds that are walked through, with how many permutations each has.
fn walked() -> [(Scope, usize); WALKED] {
    let crash = include_str!("../../specs/scopes/crash.toml");
    let field = include_str!("../../specs/scopes/field.toml");
    [
        (world(THREE), 12),
        (worlds::pair(), 4),
        (world(OPENS), 2),
        (worlds::standard(crash), 2),
        (worlds::standard(field), 2),
        (world(DELETING), 4),
        (world(NAMING), 4),
        (worlds::all_calls(), 2),
        (worlds::all_calls_twice(), 2),
        (worlds::shutdown(), 2),
    ]
}

const WALKED: usize = 10;

#[test]
fn the_worlds_walked_have_what_is_interchangeable() {
    for (scope, permutations) in walked() {
        assert_eq!(Symmetry::of(&scope).permutations().len(), permutations, "{}", scope.purpose);
    }
}

/// One step after the other, which ones is said by numbers: the states before each, and the last.
fn walk(world: &Protocol, start: usize, choices: &[u16]) -> Vec<State> {
    let begin = world.scope.starts[start % world.scope.starts.len()].state;
    let taken = steps(world, begin, choices);
    [begin].into_iter().chain(taken.into_iter().map(|(_, step)| step.after)).collect()
}

/// The steps of such a walk.
fn steps(world: &Protocol, begin: State, choices: &[u16]) -> Vec<(Action, Step)> {
    let mut steps: Vec<(Action, Step)> = Vec::new();
    for choice in choices.iter().map(|it| usize::from(*it)) {
        let state = steps.last().map_or(begin, |(_, step)| step.after);
        let mut offered = Vec::new();
        world.actions(&state, &mut offered);
        // Most actions are refused or go astray, and many end what has begun: a walk gets somewhere
        // only by the others.
        let moves = |action: &Action| world.next(&state, *action).after != state;
        let moving: Vec<_> = offered.into_iter().filter(moves).collect();
        let going_on: Vec<_> = moving.iter().copied().filter(|it| !ends(*it)).collect();
        let taken = if choice % 8 == 0 || going_on.is_empty() { moving } else { going_on };
        let Some(action) = taken.get(choice / 8 % taken.len().max(1)) else { break };
        steps.push((*action, world.next(&state, *action)));
    }
    steps
}

const fn ends(action: Action) -> bool {
    matches!(
        action,
        Action::Uninitialize { .. }
            | Action::Release { .. }
            | Action::Crash { .. }
            | Action::Withdraw { .. }
            | Action::Deadline { .. }
            | Action::Logoff { .. }
            | Action::FastShutdown { step: FastStep::Do, .. }
    )
}

fn every_step(world: &Protocol, state: &State) -> Vec<(Action, Step)> {
    let mut offered = Vec::new();
    world.actions(state, &mut offered);
    offered.into_iter().map(|action| (action, world.next(state, action))).collect()
}

/// What a step does, said without order.
fn said(step: &Step, by: &Permutation) -> (Rule, State, Vec<String>) {
    (step.rule, by.state(&step.after), moved::seen(&step.seen, by))
}

/// A state and everything that happens next are what they are, whoever is who.
fn assert_alike(world: &Protocol, symmetry: &Symmetry, by: &Permutation, state: &State) {
    let none = &symmetry.permutations()[0];
    let other = by.state(state);
    for invariant in INVARIANTS {
        let holds = |state| (invariant.holds)(world, state);
        assert_eq!(holds(state), holds(&other), "{} in {state:?}", invariant.name);
    }
    let steps = every_step(world, state);
    let actions: BTreeSet<_> = steps.iter().map(|(action, _)| by.action(*action)).collect();
    let others: BTreeSet<_> = every_step(world, &other).into_iter().map(|it| it.0).collect();
    assert_eq!(actions, others, "offered in {state:?}");
    let (goals, mut judged) = (goals(), BTreeSet::new());
    for (action, step) in steps {
        let moved = by.action(action);
        let other_step = world.next(&other, moved);
        assert_eq!(said(&step, by), said(&other_step, none), "{action:?} in {state:?}");
        // Of the many steps by one rule one is judged.
        if !judged.insert(step.rule) {
            continue;
        }
        let one = (state, action, &step);
        let two = (&other, moved, &other_step);
        for property in STEPS {
            let holds = |(before, action, step)| {
                (property.holds)(&Transition { scope: &world.scope, before, action, step })
            };
            assert_eq!(holds(one), holds(two), "{}: {action:?} in {state:?}", property.name);
        }
        for goal in &goals {
            assert_eq!(reached(world, goal, one), reached(world, goal, two), "{}", goal.name);
        }
    }
}

/// Where a goal's monitor is after a step, from wherever it was before.
fn reached(
    world: &Protocol,
    goal: &Target,
    (before, action, step): (&State, Action, &Step),
) -> [Monitor; 4] {
    let edge = Edge { before, action: &action, seen: step, after: &step.after };
    [0, 1, 2, 3].map(|memory| goal.advance(world, memory, &edge))
}

fn config() -> ProptestConfig {
    ProptestConfig { cases: 192, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_state_and_what_happens_next_are_the_same_for_all_that_are_alike(
        scope in 0..WALKED,
        start in 0..2_usize,
        choices in prop::collection::vec(any::<u16>(), 0..80),
        fault in prop::option::weighted(0.3, 0..Fault::all().len()),
        by in any::<u16>(),
    ) {
        let (scope, _) = walked().into_iter().nth(scope).expect("there are so many");
        let symmetry = Symmetry::of(&scope);
        let fault = fault.map(|place| Fault::all()[place]);
        // A faulty world leads to states that have no room; one step into it shows the fault.
        let (sound, world) = (Protocol::sound(scope.clone()), Protocol { scope, fault });
        let by = &symmetry.permutations()[usize::from(by) % symmetry.permutations().len()];
        for state in walk(&sound, start, &choices).iter().rev().step_by(4) {
            assert_alike(&world, &symmetry, by, state);
        }
    }

    /// Wherever a monitor is after a walk, it is there after the same walk of others.
    #[test]
    fn what_a_monitor_remembers_says_nothing_of_who_is_who(
        scope in 0..WALKED,
        start in 0..2_usize,
        choices in prop::collection::vec(any::<u16>(), 0..80),
        by in any::<u16>(),
    ) {
        let (scope, _) = walked().into_iter().nth(scope).expect("there are so many");
        let symmetry = Symmetry::of(&scope);
        let world = Protocol::sound(scope);
        let by = &symmetry.permutations()[usize::from(by) % symmetry.permutations().len()];
        let begin = world.scope.starts[start % world.scope.starts.len()].state;
        for goal in goals() {
            let (mut before, mut memory) = (begin, 0);
            for (action, step) in steps(&world, begin, &choices) {
                let (other, moved) = (by.state(&before), by.action(action));
                let other_step = world.next(&other, moved);
                let one = Edge { before: &before, action: &action, seen: &step, after: &step.after };
                let two = Edge {
                    before: &other, action: &moved, seen: &other_step, after: &other_step.after,
                };
                let now = goal.advance(&world, memory, &one);
                prop_assert_eq!(now, goal.advance(&world, memory, &two), "{}", goal.name);
                let Monitor::At(remembered) = now else { break };
                (before, memory) = (step.after, remembered);
            }
        }
    }

    #[test]
    fn a_representative_stands_for_all_that_are_alike(
        scope in 0..WALKED,
        start in 0..2_usize,
        choices in prop::collection::vec(any::<u16>(), 0..80),
    ) {
        let (scope, _) = walked().into_iter().nth(scope).expect("there are so many");
        let symmetry = Symmetry::of(&scope);
        let world = Protocol::sound(scope);
        for state in walk(&world, start, &choices) {
            let representative = symmetry.representative(&state);
            prop_assert_eq!(symmetry.representative(&representative), representative);
            let is_it = |it: &Permutation| it.state(&state) == representative;
            prop_assert!(symmetry.permutations().iter().any(is_it), "it is one of those alike");
            for by in symmetry.permutations() {
                prop_assert_eq!(symmetry.representative(&by.state(&state)), representative);
            }
        }
    }
}

/// Everything that can be moved, moved by one permutation after the other.
fn images(scope: &Scope, by: &[&Permutation]) -> Images {
    let requests = (0..scope.requests.len()).map(|it| RequestId::from(it as u16));
    let edits = (0..scope.edits.len()).map(|it| EditId(it as u8));
    (
        Client::ALL.map(|it| by.iter().fold(it, |it, by| by.client(it))),
        Profile::ALL.map(|it| by.iter().fold(it, |it, by| by.profile(it))),
        Label::ALL.map(|it| by.iter().fold(it, |it, by| by.label(it))),
        requests.map(|it| by.iter().fold(it, |it, by| by.request(it))).collect(),
        edits.map(|it| by.iter().fold(it, |it, by| by.edit(it))).collect(),
    )
}

type Images = ([Client; 5], [Profile; 4], [Label; 8], Vec<RequestId>, Vec<EditId>);

/// The permutations are a group: one after the other is one of them, and one of them takes back
/// what another one did.
#[test]
fn permutations_can_be_made_one_after_the_other() {
    for (scope, _) in walked() {
        let symmetry = Symmetry::of(&scope);
        let permutations = symmetry.permutations();
        let known: BTreeSet<_> = permutations.iter().map(|it| images(&scope, &[it])).collect();
        assert_eq!(known.len(), permutations.len(), "no two are the same");
        for first in permutations {
            let both = permutations.iter().map(|then| images(&scope, &[first, then]));
            let both: BTreeSet<_> = both.collect();
            assert_eq!(both, known, "after {first:?}");
            assert!(both.contains(&images(&scope, &[])), "{first:?} is taken back");
        }
    }
}
