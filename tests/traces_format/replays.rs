//! A trace shows what it says by its last step and not before, or it is refused.

use mapi_session_model::Protocol;
use mapi_session_tests::trace::{
    AGREEMENT, Kind, Recorded, ReplayFailure, record, replay_on_model,
};

use crate::{INV_03, SHARED_LOGON, counterexample, fault, scope, told};

const JOINED: &str = "RCH-21b: a logon returns S_OK on a new session";

fn goal(property: &str, sentences: &[&str]) -> Result<Recorded, ReplayFailure> {
    let scope = scope();
    let actions = told(&Protocol::sound(scope.clone()), sentences);
    record(&scope, 0, actions, Kind::Goal, property, None)
}

#[test]
fn a_goal_is_reached_by_the_last_step() {
    let sentences = [&SHARED_LOGON[..], &["A1 goes on"]].concat();
    let recorded = goal(JOINED, &sentences).expect("the logon has succeeded");
    assert_eq!(
        recorded.ends,
        "step 8 reaches the goal: A1 goes on [Reply]; A1 returns S_OK in session A1 on Home"
    );
    assert_eq!(recorded.parts_at, None);
    let run = replay_on_model(&scope(), &recorded).expect("it has been replayed once");
    assert_eq!(run.steps.len(), 8);
}

#[test]
fn a_goal_that_is_not_reached_is_refused() {
    let failure = goal(JOINED, &SHARED_LOGON).expect_err("nothing is returned yet");
    assert_eq!(failure, ReplayFailure::NotShown { property: JOINED.into(), steps: 7 });
}

#[test]
fn a_goal_that_is_reached_before_the_end_is_refused() {
    let sentences = [&SHARED_LOGON[..], &["A1 goes on", "A releases handle A1"]].concat();
    let failure = goal(JOINED, &sentences).expect_err("step 8 is there already");
    assert_eq!(failure, ReplayFailure::ShownEarly { property: JOINED.into(), step: 8, steps: 9 });
}

#[test]
fn a_goal_that_is_a_history_is_followed_from_the_start() {
    let property = "RCH-19: a logoff is declined and the session goes on";
    let join = ["A1 goes on", "B calls MAPILogonEx: share the default", "B1 goes on", "B1 goes on"];
    let joined = [&SHARED_LOGON[..], &join].concat();
    let ask = ["A calls Logoff on handle A1, to be confirmed", "the user declines A2"];
    let declined = [&joined[..], &ask].concat();
    goal(property, &declined).expect_err("nobody has gone on with the session");
    let log_off = ["A calls Logoff on handle A1"];
    goal(property, &[&joined[..], &log_off].concat()).expect_err("nobody was asked");
    goal(property, &[&declined[..], &log_off].concat()).expect("A is asked, stays, and leaves B");
}

#[test]
fn a_counterexample_ends_in_the_violation_and_names_where_the_sound_protocol_parts() {
    let recorded = counterexample();
    assert_eq!(recorded.parts_at, Some(11));
    assert_eq!(recorded.ends, "step 11 violates the property: B1 goes on [Join]");
    replay_on_model(&scope(), &recorded).expect("it has been replayed once");
}

#[test]
fn a_counterexample_without_its_fault_is_refused() {
    let sound = Recorded { fault: None, parts_at: None, ..counterexample() };
    let failure = replay_on_model(&scope(), &sound).expect_err("the protocol is sound");
    assert_eq!(failure, ReplayFailure::NotShown { property: INV_03.into(), steps: 11 });
}

#[test]
fn a_counterexample_that_goes_on_is_refused() {
    let mut long = counterexample();
    let world = long.world(&scope());
    let state = replay_on_model(&scope(), &long).expect("it fits").steps[10].step.after;
    let next = crate::offered(&world, &state)[0];
    long.actions.push(next);
    let failure = replay_on_model(&scope(), &long).expect_err("step 11 shows it");
    let property = INV_03.into();
    assert_eq!(failure, ReplayFailure::ShownEarly { property, step: 11, steps: 12 });
}

#[test]
fn a_counterexample_that_parts_elsewhere_is_refused() {
    let wrong = Recorded { parts_at: Some(9), ..counterexample() };
    let failure = replay_on_model(&scope(), &wrong).expect_err("it parts at 11");
    assert_eq!(failure, ReplayFailure::PartsElsewhere { expected: Some(9), found: Some(11) });
}

#[test]
fn a_protocol_that_only_answers_otherwise_has_parted() {
    let scope = scope();
    let fault = Some(fault("UninitializeLast-answers-MAPI_E_LOGON_FAILED"));
    let world = Protocol { scope: scope.clone(), fault };
    let actions = told(&world, &["B calls MAPIUninitialize"]);
    let recorded = record(&scope, 0, actions, Kind::Divergence, AGREEMENT, fault)
        .expect("the call is possible");
    assert_eq!(recorded.parts_at, Some(1));
}

#[test]
fn a_step_at_which_a_faulty_model_panics_is_named() {
    let scope = scope();
    let fault = Some(fault("CrashClient-forgets-LeaveQueue"));
    let world = Protocol { scope: scope.clone(), fault };
    // The queue has room for five, and the dead never leave it.
    let once = ["B calls MAPILogonEx: Home, alone", "B dies", "B calls MAPIInitialize"];
    let mut actions = told(&world, &once.repeat(5));
    actions.push(actions[0]);
    let failure = record(&scope, 0, actions, Kind::Divergence, AGREEMENT, fault)
        .expect_err("there is no room for a sixth in the queue");
    assert_eq!(failure, ReplayFailure::Panics { step: 16, action: once[0].into() });
}

#[test]
fn an_invariant_is_violated_by_the_state_after_the_last_step() {
    let scope = scope();
    let world = Protocol { scope: scope.clone(), fault: Some(fault("Reply-forgets-FreeMutex")) };
    let property =
        "INV-01: the mutex is held by the one logon that has acquired it and not replied";
    let actions = told(&world, &[&SHARED_LOGON[..], &["A1 goes on"]].concat());
    let short = actions[..7].to_vec();
    let recorded = record(&scope, 0, actions, Kind::Counterexample, property, world.fault)
        .expect("the mutex is still held");
    assert_eq!(recorded.parts_at, Some(8));
    record(&scope, 0, short, Kind::Counterexample, property, world.fault)
        .expect_err("the logon has not replied yet");
}

#[test]
fn a_trace_into_a_trap_ends_where_rest_is_out_of_reach() {
    let scope = scope();
    let broken = Some(fault("EndSession-forgets-ForgetSession"));
    let world = Protocol { scope: scope.clone(), fault: broken };
    let property = "REST: every state can reach rest";
    let actions = told(&world, &SHARED_LOGON);
    let trace = |steps: usize| {
        let actions = actions[..steps].to_vec();
        record(&scope, 0, actions, Kind::Counterexample, property, broken)
    };
    assert!(matches!(trace(5), Err(ReplayFailure::NotShown { .. })), "{:?}", trace(5));
    let recorded = trace(6).expect("a session is built that will never be forgotten");
    assert_eq!(recorded.parts_at, None, "what is broken has not been met yet");
    assert!(matches!(trace(7), Err(ReplayFailure::ShownEarly { step: 6, .. })), "{:?}", trace(7));
}

#[test]
fn a_lasso_closes() {
    let scope = scope();
    let there = ["A calls MAPIInitialize", "A calls MAPIUninitialize"];
    let property = "LIV-01: some day";
    let world = Protocol::sound(scope.clone());
    let lasso = |sentences: &[&str]| {
        record(&scope, 0, told(&world, sentences), Kind::Lasso, property, None)
    };
    lasso(&["A calls MAPIUninitialize"]).expect_err("the run goes on elsewhere");
    let recorded = lasso(&[there[1], there[0]]).expect("A is where it was");
    let text = recorded.to_itf(&scope).expect("it can happen");
    assert!(text.ends_with("  ],\n  \"loop\": 0\n}\n"), "{text}");
    assert_eq!(crate::read(&text), Ok(recorded));
    let open = text.replace(",\n  \"loop\": 0\n", "\n").replace("],\n  \"loop\": 0", "]");
    let error = crate::read(&open).expect_err("it does not say where it goes on").to_string();
    assert!(error.ends_with(": expected a `loop` to state 0"), "{error}");
}

#[test]
fn a_property_of_another_kind_is_unknown() {
    for kind in [Kind::Goal, Kind::Lasso, Kind::Divergence] {
        let wrong = Recorded { kind, ..counterexample() };
        let failure = replay_on_model(&scope(), &wrong).expect_err("INV-03 is no goal");
        assert_eq!(failure, ReplayFailure::UnknownProperty { kind, property: INV_03.into() });
    }
    let divergence =
        Recorded { kind: Kind::Divergence, property: AGREEMENT.into(), ..counterexample() };
    replay_on_model(&scope(), &divergence).expect("how it ends is for the core to say");
}
