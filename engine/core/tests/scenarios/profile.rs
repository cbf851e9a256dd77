//! Which profile a logon takes: the decision table of the choice, row by row.

use crate::world::*;
use mapi_session_core::*;

scenarios![
    a_given_name_wins_over_the_default,
    a_name_that_no_profile_bears_is_refused,
    a_malformed_name_is_refused_unasked,
    the_default_is_taken_if_asked_for,
    without_a_default_the_user_is_asked,
    without_a_default_or_a_user_the_logon_fails,
    without_a_name_the_user_is_asked,
    without_a_name_or_a_user_the_logon_fails,
    a_service_is_never_asked_for_a_profile,
    a_picked_profile_is_used,
    a_picked_profile_that_is_gone_is_refused,
    app_profiles_are_for_those_who_ask_for_them,
    a_named_app_profile_is_used,
    cancelling_the_chooser_cancels_the_logon,
    a_chooser_that_cannot_be_shown_counts_as_not_permitted,
    a_deadline_closes_the_chooser,
];

const UI: LogonFlags = LogonFlags::LOGON_UI;

fn named(world: &mut World, name: &str, flags: LogonFlags) -> Vec<Effect> {
    world.initialize(ANN);
    let _ = world.step(logon(1, ANN, Some(name), Password::NotGiven, flags));
    world.run(1)
}

fn unnamed(world: &mut World, flags: LogonFlags) -> Vec<Effect> {
    world.initialize(ANN);
    let _ = world.call_logon(1, ANN, flags);
    world.run(1)
}

fn look_up_by(by: LookUp) -> Effect {
    Effect::LookUpProfile { call: call(1), by }
}

fn chooser(app_profiles: AppProfiles) -> Effect {
    Effect::AskForProfile { call: call(1), app_profiles }
}

fn chosen(answer: ChooserAnswer) -> Event {
    Event::ProfileChosen { call: call(1), answer }
}

fn picked(profile: Option<Profile>) -> Event {
    chosen(ChooserAnswer::Picked { profile, password: ChosenPassword::Unchanged })
}

#[track_caller]
fn refused(effects: &[Effect], error: LogonError) {
    assert_eq!(error.code(), MapiCode::MAPI_E_LOGON_FAILED);
    assert_eq!(effects, [logged_on(1, Err(error))]);
}

fn a_given_name_wins_over_the_default(world: &mut World) {
    let name = ProfileName::parse("Work").expect("the name is well-formed");
    let effects = named(world, "Work", LogonFlags::USE_DEFAULT);
    assert_eq!(effects, [look_up_by(LookUp::Name(name))]);
    world.changes_nothing(Rule::IgnoreStale, Event::Continued { call: call(1) }, &[]);
    assert_eq!(world.fires(Rule::UseNamedProfile, look_up(1, Some(OPEN))), [go_on(1)]);
    world.changes_nothing(Rule::IgnoreStale, look_up(1, Some(OPEN)), &[]);
}

fn a_name_that_no_profile_bears_is_refused(world: &mut World) {
    named(world, "Gone", UI);
    assert_eq!(world.fires(Rule::RefuseUnknownProfile, look_up(1, None)), [go_on(1)]);
    refused(&world.run(1), LogonError::ProfileNotFound);
}

fn a_malformed_name_is_refused_unasked(world: &mut World) {
    refused(
        &named(world, " Work", UI | LogonFlags::USE_DEFAULT),
        LogonError::MalformedName(NameError::OuterSpace),
    );
}

fn the_default_is_taken_if_asked_for(world: &mut World) {
    let effects = unnamed(world, LogonFlags::USE_DEFAULT | LogonFlags::EXPLICIT_PROFILE | UI);
    assert_eq!(effects, [look_up_by(LookUp::Default)]);
    assert_eq!(world.fires(Rule::UseDefaultProfile, look_up(1, Some(OPEN))), [go_on(1)]);
}

fn without_a_default_the_user_is_asked(world: &mut World) {
    unnamed(world, LogonFlags::USE_DEFAULT | UI);
    let effects = world.fires(Rule::AskForLackOfDefault, look_up(1, None));
    assert_eq!(effects, [chooser(AppProfiles::Hidden)]);
}

fn without_a_default_or_a_user_the_logon_fails(world: &mut World) {
    unnamed(world, LogonFlags::USE_DEFAULT | LogonFlags::PASSWORD_UI);
    assert_eq!(world.fires(Rule::RefuseForLackOfDefault, look_up(1, None)), [go_on(1)]);
    refused(&world.run(1), LogonError::NoDefaultProfile);
}

fn without_a_name_the_user_is_asked(world: &mut World) {
    let effects = unnamed(world, UI | LogonFlags::EXPLICIT_PROFILE);
    assert_eq!(effects, [chooser(AppProfiles::Hidden)]);
    let early = Event::Continued { call: call(1) };
    world.changes_nothing(Rule::IgnoreStale, early, &[]);
    world.changes_nothing(Rule::IgnoreStale, look_up(1, Some(OPEN)), &[]);
}

fn without_a_name_or_a_user_the_logon_fails(world: &mut World) {
    refused(&unnamed(world, LogonFlags::PASSWORD_UI), LogonError::NoProfile);
}

fn a_service_is_never_asked_for_a_profile(world: &mut World) {
    refused(&unnamed(world, UI | LogonFlags::NT_SERVICE), LogonError::NoProfile);
    world.initialize_as(BOB, Host::WindowsService);
    let _ = world.call_logon(2, BOB, UI);
    assert_eq!(world.run(2), [logged_on(2, Err(LogonError::NoProfile))]);
}

fn a_picked_profile_is_used(world: &mut World) {
    unnamed(world, UI);
    assert_eq!(world.fires(Rule::UsePickedProfile, picked(Some(OPEN))), [go_on(1)]);
    world.changes_nothing(Rule::IgnoreStale, picked(Some(OPEN)), &[]);
    assert!(matches!(world.run(1)[..], [Effect::ReadServices { profile: ProfileKey(10), .. }]));
}

fn a_picked_profile_that_is_gone_is_refused(world: &mut World) {
    unnamed(world, UI);
    world.fires(Rule::RefuseVanishedProfile, picked(None));
    refused(&world.run(1), LogonError::ProfileNotFound);
}

fn app_profiles_are_for_those_who_ask_for_them(world: &mut World) {
    unnamed(world, UI);
    world.fires(Rule::RefuseHiddenProfile, picked(Some(APP)));
    refused(&world.run(1), LogonError::AppProfileHidden);

    let effects = unnamed(world, UI | LogonFlags::APP_PROFILE);
    assert_eq!(effects, [chooser(AppProfiles::Listed)]);
    assert_eq!(world.fires(Rule::UsePickedProfile, picked(Some(APP))), [go_on(1)]);
}

fn a_named_app_profile_is_used(world: &mut World) {
    named(world, "Hidden", JOIN);
    world.fires(Rule::UseNamedProfile, look_up(1, Some(APP)));
}

fn cancelling_the_chooser_cancels_the_logon(world: &mut World) {
    unnamed(world, UI);
    let effects = world.fires(Rule::CancelChooser, chosen(ChooserAnswer::Cancelled));
    assert_eq!(effects, [go_on(1)]);
    assert_eq!(LogonError::Cancelled.code(), MapiCode::MAPI_E_USER_CANCEL);
    assert_eq!(world.run(1), [logged_on(1, Err(LogonError::Cancelled))]);
}

fn a_chooser_that_cannot_be_shown_counts_as_not_permitted(world: &mut World) {
    unnamed(world, UI);
    world.fires(Rule::FindNoChooser, chosen(ChooserAnswer::Unavailable));
    refused(&world.run(1), LogonError::NoProfile);

    unnamed(world, UI | LogonFlags::USE_DEFAULT);
    let _ = world.step(look_up(1, None));
    world.fires(Rule::FindNoChooser, chosen(ChooserAnswer::Unavailable));
    refused(&world.run(1), LogonError::NoDefaultProfile);
}

fn a_deadline_closes_the_chooser(world: &mut World) {
    unnamed(world, UI);
    let passed = Event::DeadlinePassed { call: call(1) };
    let effects = world.fires(Rule::CloseChooserAtDeadline, passed);
    assert_eq!(effects, [withdraw_prompt(1), go_on(1)]);
    world.changes_nothing(Rule::IgnoreStale, picked(Some(OPEN)), &[]);
    assert_eq!(world.run(1), [logged_on(1, Err(LogonError::Cancelled))]);
}
