//! Replays that must fail, and name the step at which they do.

use mapi_session_model::{
    Action,
    Client::{A, B},
    LogoffAnswer,
};
use mapi_session_tests::engine_replay::{Cause, Place, Reason};

use crate::story::Story;

/// A logs on, B joins.
fn join() -> Story {
    let mut story = Story::new();
    story.logs_on(A, "share Home");
    let joins = story.calls(B, "share Work, right password");
    story.goes_on(joins);
    story
}

#[test]
fn an_engine_differs_from_a_model_that_never_joins() {
    let failure = join().fails_against("Join-never");

    assert_eq!(failure.at, Place::Step(join().actions.len() - 1), "{failure}");
    assert!(matches!(failure.cause, Cause::Differs(_)), "{failure}");
}

#[test]
fn an_engine_differs_from_a_model_that_answers_with_another_code() {
    let mut story = Story::new();
    story.does(Action::Release { client: A, handle: mapi_session_model::Name::new(A, 0) });

    let failure = story.fails_against("RefuseDeadRelease-answers-S_OK");
    assert_eq!(failure.at, Place::Step(story.actions.len()), "{failure}");
}

#[test]
fn an_answer_that_an_engine_cannot_give_is_a_failure_if_it_matters() {
    let mut story = Story::new();
    let handle = story.logs_on(A, "share the default");
    let asks = story.asks_to_log_off(handle);
    let _waits = story.calls_inside(A, "share the default", Some(asks));
    // The thread that would say so waits for its own logon.
    story.does(Action::Confirm { call: asks, answer: LogoffAnswer::Confirm });

    let failure = story.fails();
    assert_eq!(failure.at, Place::Step(story.actions.len()), "{failure}");
    assert_eq!(failure.cause, Cause::Impossible(Reason::InsideBusy));
}

#[test]
fn an_answer_that_nobody_gives_is_skipped_if_it_does_not_matter() {
    let mut story = Story::new();
    let call = story.calls(A, "choose alone");
    story.does(Action::Confirm { call, answer: LogoffAnswer::Confirm });
    story.does(Action::Deadline { call });
    story.goes_on(call);

    let replay = story.is_replayed_by(&[]);
    let skipped: Vec<_> = replay.skipped.iter().map(|it| (it.step, it.reason)).collect();
    assert_eq!(skipped, [(4, Reason::NobodyAnswers), (5, Reason::TurnHasCome)]);
}
