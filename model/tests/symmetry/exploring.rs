//! The same verdict with symmetry and without, with faults and without; and traces that happen.

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use mapi_session_model::{Fault, Protocol, Scope, Symmetry, properties};
use stateright_exact::{Limits, Outcome, Report, Stop, explore, explore_representatives, replay};

use crate::profiles::{SMALL_DELETING, SMALL_NAMING};
use crate::worlds::{SMALL, standard, world};

/// Everything but rest, which is not asked for up to symmetry, and no goals where there is a fault.
/// Beside the report how many states are like those met.
fn explored(
    scope: &Scope,
    fault: Option<Fault>,
    symmetry: Option<&Symmetry>,
) -> (Report<Protocol>, u64) {
    let world = Protocol { scope: scope.clone(), fault };
    let mut checks = properties::checks(scope, |_| fault.is_none());
    checks.rest = None;
    let alike = Arc::new(AtomicU64::new(0));
    let (counted, all) = (Arc::clone(&alike), symmetry.cloned());
    let checks = checks.invariant("counted", move |_: &Protocol, state| {
        let all = all.iter().flat_map(|all| all.permutations());
        let images: BTreeSet<_> = all.map(|it| it.state(state)).collect();
        counted.fetch_add(images.len() as u64, Ordering::Relaxed);
        true
    });
    let stop = if fault.is_some() { Stop::AtFirstViolation } else { Stop::Never };
    let limits = Limits { stop, ..Limits::default() };
    let report = match symmetry {
        Some(_) => explore_representatives(&world, &checks, &limits, &mut |_| {}),
        None => explore(&world, &checks, &limits, &mut |_| {}),
    };
    (report, alike.load(Ordering::Relaxed))
}

/// The steps to the first violation.
fn shortest(report: &Report<Protocol>) -> Option<usize> {
    let violated = outcomes(report).into_iter().filter(|it| it.1 == "violated");
    violated.filter_map(|it| it.2).min()
}

/// What became of each property, and after how many steps at the least.
fn outcomes(report: &Report<Protocol>) -> Vec<(String, &'static str, Option<usize>)> {
    let outcomes = report.properties.iter().map(|it| {
        let (word, trace) = match &it.outcome {
            Outcome::Holds => ("holds", None),
            Outcome::Violated { trace } => ("violated", Some(trace)),
            Outcome::Reached { trace } => ("reached", Some(trace)),
            Outcome::Unreached => ("unreached", None),
            Outcome::Undecided => ("undecided", None),
        };
        (it.name.to_string(), word, trace.map(|it| it.len()))
    });
    outcomes.collect()
}

/// Every trace of the report happens, from a start of the scope on.
fn assert_replays(scope: &Scope, fault: Option<Fault>, report: &Report<Protocol>) {
    let world = Protocol { scope: scope.clone(), fault };
    let traces = report.properties.iter().filter_map(|it| it.outcome.trace());
    for trace in traces {
        let init = scope.starts.iter().position(|it| it.state == trace.init);
        let actions: Vec<_> = trace.actions().copied().collect();
        let replayed = replay(&world, init.expect("it is a start of the scope"), &actions);
        assert_eq!(replayed.as_ref(), Ok(trace));
    }
}

#[test]
fn a_sound_world_has_the_same_verdict_with_symmetry_and_without() {
    let worlds = [SMALL, SMALL_DELETING, SMALL_NAMING].map(world);
    for scope in worlds.into_iter().chain([CRASH, FIELD].map(standard)) {
        let symmetry = Symmetry::of(&scope);
        let (whole, _) = explored(&scope, None, None);
        let (reduced, alike) = explored(&scope, None, Some(&symmetry));
        assert_eq!(outcomes(&whole), outcomes(&reduced), "{}", scope.purpose);
        assert_eq!((&whole.verdict, whole.counts.depth), (&reduced.verdict, reduced.counts.depth));
        let (all, explored) = (whole.counts.states, reduced.counts.states);
        assert_eq!(alike, all, "what is explored stands for what there is: {}", scope.purpose);
        // Some states are like no other one.
        let least = all / symmetry.permutations().len() as u64;
        assert!(explored < least + least / 10, "{explored} of {all}: {}", scope.purpose);
        assert_replays(&scope, None, &reduced);
    }
}

/// Whatever is noticed without symmetry is noticed with it, and as soon.
#[test]
fn a_fault_is_noticed_with_symmetry_as_soon_as_without() {
    let calls = [
        ("QueueImpatientLogon-without-IsShort", Some(2)),
        ("Acquire-without-IsFirstInQueue", Some(4)),
        ("Join-never", Some(11)),
        ("Join-without-Decides", Some(8)),
        ("Join-forgets-TakeTargetProfile", Some(11)),
        ("AskForProfile-without-Picks", Some(6)),
        ("FinishLogon-forgets-GiveOwnHandle", Some(7)),
        ("Reply-forgets-FreeMutex", Some(6)),
        ("UseChosenProfile-forgets-TakeChosenProfile", Some(5)),
        ("EndSession-never", Some(10)),
        ("RefuseForeignRelease-never", Some(9)),
        ("ReleaseLive-forgets-DrainEmpty", Some(9)),
        ("TimeOut-forgets-LeaveQueue", Some(3)),
        // Nothing here is built beyond a limit, or by a client that dies.
        ("RefuseAtLimit-never", None),
        ("CrashClient-forgets-FreeMutex", None),
    ];
    let naming = [
        ("EndSession-forgets-SettleProfiles", Some(11)),
        ("RefuseTakenName-never", Some(2)),
        ("CreateProfile-forgets-CreateProfile", Some(1)),
        ("RemoveProfile-without-Deletes", Some(2)),
        ("RenameProfile-without-SourceIsUnused", Some(8)),
        ("DeferRename-forgets-TakeStandingBack", Some(11)),
        ("RefuseForeignShutdown-never", Some(10)),
        ("NotifyProviders-forgets-MarkNotified", Some(11)),
        ("ShutDownFast-forgets-SettleProfiles", Some(11)),
    ];
    for (scope, faults) in [(world(SMALL), &calls[..]), (world(SMALL_NAMING), &naming[..])] {
        let symmetry = Symmetry::of(&scope);
        for (name, steps) in faults {
            let fault = Fault::parse(name).expect("there is such a fault");
            let (whole, _) = explored(&scope, Some(fault), None);
            let (reduced, _) = explored(&scope, Some(fault), Some(&symmetry));
            assert_eq!([shortest(&whole), shortest(&reduced)], [*steps; 2], "{fault}");
            assert_eq!(whole.verdict, reduced.verdict, "{fault}");
            assert_replays(&scope, Some(fault), &reduced);
        }
    }
}

/// Faults that are noticed in a standard scope, after so many steps that clients have changed places.
#[test]
fn faults_in_half_of_crash_are_noticed_as_soon_as_in_all_of_it() {
    let scope = standard(CRASH);
    let symmetry = Symmetry::of(&scope);
    let mut tried = 0;
    for line in include_str!("../../../specs/faults.tsv").lines().skip(1) {
        let [fault, _, "crash", length, ..] = line.split('\t').collect::<Vec<_>>()[..] else {
            continue;
        };
        let Some(length) = length.parse::<usize>().ok().filter(|it| *it >= 7) else { continue };
        let fault = Fault::parse(fault).expect("the faults listed are there");
        let (report, _) = explored(&scope, Some(fault), Some(&symmetry));
        assert_eq!(shortest(&report), Some(length), "{fault}");
        assert_replays(&scope, Some(fault), &report);
        tried += 1;
    }
    assert!(tried >= 10, "{tried} faults tried");
}

const CRASH: &str = include_str!("../../../specs/scopes/crash.toml");
const FIELD: &str = include_str!("../../../specs/scopes/field.toml");
