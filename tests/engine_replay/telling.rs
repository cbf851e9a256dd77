//! Stories that the engine tells as the model does.

use mapi_session_core::Rule;
use mapi_session_model::{
    Action, ChooserAnswer,
    Client::{A, B},
    LogoffAnswer, PasswordAnswer,
};

use crate::story::Story;

#[test]
fn a_second_logon_joins_the_shared_session() {
    let mut story = Story::new();
    story.logs_on(A, "share Home");
    let joins = story.calls(B, "share Work, right password");
    story.goes_on(joins);

    let replay = story.is_replayed_by(&[Rule::OpenSession, Rule::JoinShared, Rule::AnswerLogon]);
    assert!(replay.skipped.is_empty());
}

#[test]
fn a_new_session_comes_to_be_beside_a_shared_one() {
    let mut story = Story::new();
    let shares = story.calls(B, "share the default");
    story.goes_on(shares);
    story.providers_start(shares);
    story.logs_on(A, "Home alone");

    story.is_replayed_by(&[
        Rule::UseDefaultProfile,
        Rule::PassOpenProfile,
        Rule::OpenSession,
        Rule::InsistOnNewSession,
        Rule::OpenSession,
    ]);
}

#[test]
fn a_cancelled_chooser_lets_one_go_on_that_would_not_have_waited_long() {
    let mut story = Story::new();
    let chooses = story.calls(A, "choose alone");
    story.goes_on(chooses);
    let waits = story.calls(B, "share Home, not for long");
    story.does(Action::Choose { call: chooses, answer: ChooserAnswer::Cancel });
    story.goes_on(chooses);
    story.goes_on(waits);

    story.is_replayed_by(&[Rule::QueueImpatientLogon, Rule::CancelChooser, Rule::FindNoneToJoin]);
}

#[test]
fn a_short_wait_and_a_deadline_end_while_another_chooses() {
    for by_deadline in [false, true] {
        let mut story = Story::new();
        let chooses = story.calls(A, "choose alone");
        story.goes_on(chooses);
        let waits = story.calls(B, "share Home, not for long");
        let (ends, rule) = match by_deadline {
            false => (Action::Timeout { call: waits }, Rule::EndShortWait),
            true => (Action::Deadline { call: waits }, Rule::EndWaitAtDeadline),
        };
        story.does(ends);
        story.goes_on(waits);
        story.does(Action::Deadline { call: chooses });
        story.goes_on(chooses);

        story.is_replayed_by(&[rule, Rule::AnswerTimedOut, Rule::CloseChooserAtDeadline]);
    }
}

#[test]
fn the_wrong_password_is_refused_and_the_right_one_accepted() {
    let mut story = Story::new();
    for answer in [PasswordAnswer::Wrong, PasswordAnswer::Right] {
        let call = story.calls(A, "Work alone, wrong password, prompt");
        story.goes_on(call);
        story.does(Action::EnterPassword { call, answer });
        story.goes_on(call);
    }

    story.is_replayed_by(&[
        Rule::AskForPassword,
        Rule::RefuseEnteredPassword,
        Rule::AskForPassword,
        Rule::AcceptEnteredPassword,
        Rule::BuildSession,
    ]);
}

#[test]
fn a_logoff_is_declined_and_then_confirmed() {
    let mut story = Story::new();
    let handle = story.logs_on(A, "share the default");
    for answer in [LogoffAnswer::Decline, LogoffAnswer::Confirm] {
        let call = story.asks_to_log_off(handle);
        story.does(Action::Confirm { call, answer });
    }
    story.session_ends(handle);
    story.does(Action::Release { client: A, handle });

    story.is_replayed_by(&[
        Rule::DeclineLogoff,
        Rule::LogOffConfirmed,
        Rule::EndLastSessionOnProfile,
        Rule::ReleaseLoggedOff,
    ]);
}

#[test]
fn a_client_dies_before_its_chooser_and_another_goes_on() {
    let mut story = Story::new();
    let chooses = story.calls(A, "choose alone");
    story.goes_on(chooses);
    let waits = story.calls(B, "share Home, not for long");
    story.does(Action::Crash { client: A });
    story.goes_on(waits);
    story.providers_start(waits);
    // The user, who has not noticed.
    story.does(Action::Choose { call: chooses, answer: ChooserAnswer::Cancel });

    let replay = story.is_replayed_by(&[Rule::CrashClient, Rule::OpenSession, Rule::IgnoreStale]);
    assert_eq!((replay.skipped.len(), replay.late), (0, 0));
}

#[test]
fn a_logon_from_inside_is_refused_to_who_has_the_mutex_and_not_to_who_has_not() {
    let mut story = Story::new();
    let outer = story.calls(A, "share the default");
    story.goes_on(outer);
    let _refused = story.calls_inside(A, "share the default", Some(outer));
    story.providers_start(outer);
    let asks = story.asks_to_log_off(outer);
    let inner = story.calls_inside(A, "share the default", Some(asks));
    story.goes_on(inner);
    story.does(Action::Confirm { call: asks, answer: LogoffAnswer::Confirm });

    story.is_replayed_by(&[
        Rule::BuildSession,
        Rule::RefuseNestedLogon,
        Rule::OpenSession,
        Rule::AskToConfirmLogoff,
        Rule::JoinShared,
        Rule::AnswerLogon,
        Rule::LogOffConfirmed,
    ]);
}

#[test]
fn a_profile_is_picked_with_another_password() {
    let mut story = Story::new();
    let call = story.calls(B, "choose alone");
    story.goes_on(call);
    let (profile, password) =
        (Some(story.label("Work")), Some(mapi_session_model::Password::Right));
    story.does(Action::Choose { call, answer: ChooserAnswer::Pick { profile, password } });
    story.goes_on(call);

    story.is_replayed_by(&[Rule::UsePickedProfile, Rule::AcceptPassword, Rule::BuildSession]);
}

#[test]
fn a_logoff_ends_unconfirmed_at_its_deadline_or_when_it_is_given_up() {
    let mut story = Story::new();
    let handle = story.logs_on(A, "share the default");
    let call = story.asks_to_log_off(handle);
    story.does(Action::Deadline { call });
    let call = story.asks_to_log_off(handle);
    story.does(Action::Withdraw { call });
    story.does(Action::Crash { client: A });

    let replay = story.is_replayed_by(&[
        Rule::CloseConfirmationAtDeadline,
        Rule::WithdrawLogoff,
        Rule::CrashClient,
    ]);
    assert_eq!(replay.late, 2, "the user answers both at last");
}

#[test]
fn a_session_beyond_the_limit_is_refused() {
    let mut story = Story::new();
    story.logs_on(A, "share Home");
    story.logs_on(A, "Home alone");
    let call = story.calls(B, "Work alone, wrong password, prompt");
    story.goes_on(call);
    story.does(Action::EnterPassword { call, answer: PasswordAnswer::Right });
    story.goes_on(call);

    story.is_replayed_by(&[Rule::OpenSession, Rule::RefuseSessionOverLimit, Rule::AnswerLogon]);
}
