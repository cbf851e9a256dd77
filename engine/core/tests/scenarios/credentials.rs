//! The gate of the profile's password.

use crate::world::*;
use mapi_session_core::*;

scenarios![
    an_open_profile_needs_no_password,
    an_open_profile_takes_no_password,
    the_right_password_opens_the_profile,
    a_wrong_password_is_refused,
    a_missing_password_is_not_even_checked,
    the_chooser_ends_where_the_password_fails,
    the_user_may_be_asked_for_the_password,
    the_user_is_asked_without_a_check_if_there_is_no_password,
    the_user_is_asked_once,
    cancelling_the_prompt_cancels_the_logon,
    a_prompt_that_cannot_be_shown_counts_as_not_permitted,
    a_service_is_never_asked_for_a_password,
    a_password_from_the_chooser_replaces_the_calls,
    a_deadline_closes_the_prompt,
    an_answer_of_the_wrong_kind_changes_nothing,
];

const PROMPT: LogonFlags = LogonFlags::PASSWORD_UI;

/// Brings a logon to where the store has said what the profile is.
fn found(world: &mut World, profile: Profile, password: Password, flags: LogonFlags) -> Step {
    world.initialize(ANN);
    let _ = world.step(logon(1, ANN, Some("Work"), password, flags));
    let _ = world.run(1);
    world.step(look_up(1, Some(profile)))
}

fn checked(verdict: Verdict) -> Event {
    Event::PasswordChecked { call: call(1), verdict }
}

fn entered(answer: PasswordAnswer) -> Event {
    Event::PasswordEntered { call: call(1), answer }
}

fn ask() -> Effect {
    Effect::AskForPassword { call: call(1), profile: PROTECTED.key }
}

fn read_services(profile: Profile) -> Effect {
    Effect::ReadServices { call: call(1), profile: profile.key }
}

fn check(source: PasswordSource) -> Effect {
    Effect::CheckPassword { call: call(1), profile: PROTECTED.key, source }
}

#[track_caller]
fn refused(effects: &[Effect], error: LogonError) {
    assert_eq!(error.code(), MapiCode::MAPI_E_LOGON_FAILED);
    assert_eq!(effects, [logged_on(1, Err(error))]);
}

fn an_open_profile_needs_no_password(world: &mut World) {
    let step = found(world, OPEN, Password::NotGiven, JOIN);
    assert_eq!(step.effects, [go_on(1)]);
    world.changes_nothing(Rule::IgnoreStale, checked(Verdict::Right), &[]);
    let effects = world.fires(Rule::PassOpenProfile, Event::Continued { call: call(1) });
    assert_eq!(effects, [read_services(OPEN)]);
    assert_eq!(world.stage(1), Stage::Build { profile: OPEN.key });
}

fn an_open_profile_takes_no_password(world: &mut World) {
    let step = found(world, OPEN, Password::Given, PROMPT);
    assert_eq!(step.effects, [go_on(1)]);
    world.fires(Rule::RefuseUnneededPassword, Event::Continued { call: call(1) });
    refused(&world.run(1), LogonError::UnneededPassword);
}

fn the_right_password_opens_the_profile(world: &mut World) {
    let step = found(world, PROTECTED, Password::Given, JOIN);
    assert_eq!(step.effects, [check(PasswordSource::Call)]);
    world.changes_nothing(Rule::IgnoreStale, Event::Continued { call: call(1) }, &[]);
    let effects = world.fires(Rule::AcceptPassword, checked(Verdict::Right));
    assert_eq!(effects, [read_services(PROTECTED)]);
    world.changes_nothing(Rule::IgnoreStale, checked(Verdict::Wrong), &[]);
    assert_eq!(world.stage(1), Stage::Build { profile: PROTECTED.key });
}

fn a_wrong_password_is_refused(world: &mut World) {
    let _ = found(world, PROTECTED, Password::Given, LogonFlags::LOGON_UI);
    world.fires(Rule::RefusePassword, checked(Verdict::Wrong));
    refused(&world.run(1), LogonError::WrongPassword);
}

fn a_missing_password_is_not_even_checked(world: &mut World) {
    let step = found(world, PROTECTED, Password::NotGiven, JOIN);
    assert_eq!(step.effects, [go_on(1)]);
    world.changes_nothing(Rule::IgnoreStale, checked(Verdict::Right), &[]);
    world.fires(Rule::RefusePassword, Event::Continued { call: call(1) });
    refused(&world.run(1), LogonError::WrongPassword);
}

fn the_chooser_ends_where_the_password_fails(world: &mut World) {
    world.initialize(ANN);
    let _ = world.call_logon(1, ANN, LogonFlags::LOGON_UI);
    let _ = world.run(1);
    let answer = ChooserAnswer::Picked {
        profile: Some(PROTECTED),
        password: ChosenPassword::Replaced(Password::NotGiven),
    };
    let _ = world.step(Event::ProfileChosen { call: call(1), answer });
    refused(&world.run(1), LogonError::WrongPassword);
}

fn the_user_may_be_asked_for_the_password(world: &mut World) {
    let _ = found(world, PROTECTED, Password::Given, PROMPT);
    assert_eq!(world.fires(Rule::AskForPassword, checked(Verdict::Wrong)), [ask()]);
    world.changes_nothing(Rule::IgnoreStale, Event::Continued { call: call(1) }, &[]);
    let right = entered(PasswordAnswer::Right);
    let effects = world.fires(Rule::AcceptEnteredPassword, right.clone());
    assert_eq!(effects, [read_services(PROTECTED)]);
    world.changes_nothing(Rule::IgnoreStale, right, &[]);
    assert_eq!(world.stage(1), Stage::Build { profile: PROTECTED.key });
}

fn the_user_is_asked_without_a_check_if_there_is_no_password(world: &mut World) {
    let _ = found(world, PROTECTED, Password::NotGiven, PROMPT);
    let effects = world.fires(Rule::AskForPassword, Event::Continued { call: call(1) });
    assert_eq!(effects, [ask()]);
}

fn the_user_is_asked_once(world: &mut World) {
    let _ = found(world, PROTECTED, Password::NotGiven, PROMPT);
    let _ = world.run(1);
    world.fires(Rule::RefuseEnteredPassword, entered(PasswordAnswer::Wrong));
    refused(&world.run(1), LogonError::WrongPassword);
}

fn cancelling_the_prompt_cancels_the_logon(world: &mut World) {
    let _ = found(world, PROTECTED, Password::NotGiven, PROMPT);
    let _ = world.run(1);
    world.fires(Rule::CancelPasswordPrompt, entered(PasswordAnswer::Cancelled));
    assert_eq!(world.run(1), [logged_on(1, Err(LogonError::Cancelled))]);
}

fn a_prompt_that_cannot_be_shown_counts_as_not_permitted(world: &mut World) {
    let _ = found(world, PROTECTED, Password::NotGiven, PROMPT);
    let _ = world.run(1);
    world.fires(Rule::FindNoPasswordPrompt, entered(PasswordAnswer::Unavailable));
    refused(&world.run(1), LogonError::WrongPassword);
}

fn a_service_is_never_asked_for_a_password(world: &mut World) {
    let _ = found(world, PROTECTED, Password::Given, PROMPT | LogonFlags::NT_SERVICE);
    world.fires(Rule::RefusePassword, checked(Verdict::Wrong));
}

fn a_password_from_the_chooser_replaces_the_calls(world: &mut World) {
    world.initialize(ANN);
    let (given, not_given) = (Password::Given, Password::NotGiven);
    let replaced = ChosenPassword::Replaced;
    for (from_call, chosen, profile, expected) in [
        (given, ChosenPassword::Unchanged, PROTECTED, check(PasswordSource::Call)),
        (not_given, replaced(given), PROTECTED, check(PasswordSource::Chooser)),
        (given, replaced(not_given), OPEN, go_on(1)),
    ] {
        let _ = world.step(logon(1, ANN, None, from_call, LogonFlags::LOGON_UI));
        let _ = world.run(1);
        let answer = ChooserAnswer::Picked { profile: Some(profile), password: chosen };
        let event = Event::ProfileChosen { call: call(1), answer };
        assert_eq!(world.fires(Rule::UsePickedProfile, event), [expected]);
        if profile == OPEN {
            world.fires(Rule::PassOpenProfile, Event::Continued { call: call(1) });
        }
        let _ = world.step(Event::CallWithdrawn { call: call(1) });
    }
}

fn a_deadline_closes_the_prompt(world: &mut World) {
    let _ = found(world, PROTECTED, Password::NotGiven, PROMPT);
    let _ = world.run(1);
    let passed = Event::DeadlinePassed { call: call(1) };
    let effects = world.fires(Rule::ClosePasswordPromptAtDeadline, passed.clone());
    assert_eq!(effects, [withdraw_prompt(1), go_on(1)]);
    world.changes_nothing(Rule::IgnoreDeadline, passed, &[]);
    world.changes_nothing(Rule::IgnoreStale, entered(PasswordAnswer::Right), &[]);
    assert_eq!(world.run(1), [logged_on(1, Err(LogonError::Cancelled))]);
}

fn an_answer_of_the_wrong_kind_changes_nothing(world: &mut World) {
    let _ = found(world, PROTECTED, Password::Given, PROMPT);
    let chosen = ChooserAnswer::Cancelled;
    for event in [
        entered(PasswordAnswer::Right),
        Event::ProfileChosen { call: call(1), answer: chosen },
        look_up(1, Some(OPEN)),
        Event::LogoffAnswered { call: call(1), answer: LogoffAnswer::Confirmed },
        services_read(1, &Services::none()),
        provider_answered(1, 0, ProviderResult::LoggedOn),
        closed(1),
        Event::PasswordChecked { call: call(2), verdict: Verdict::Right },
    ] {
        world.changes_nothing(Rule::IgnoreStale, event, &[]);
    }
}
