//! Passwords, and what the user is asked.

use std::time::Duration;

use mapi_session::protocol::Rule;
use mapi_session::{
    AskPassword, ChooseProfile, ChooserReason, LogonError, LogonFlags, LogonRefusal, LogonUi, Mapi,
    MapiCode, NewProfile, PasswordReason, ProfileChosen, SecretString, UserAnswer, Withdrawal,
};

use crate::stage::{StageClock, elsewhere, environment, furnished, mapi, mapi_with_user};

fn refused_with(error: LogonError, code: MapiCode) {
    assert_eq!(error.code(), Some(code), "{error}");
}

#[test]
fn a_wrong_password_is_refused() {
    let (environment, _steps) = environment();
    let mapi = mapi(&environment);

    let wrong = mapi.logon().profile("Safe").password("rose").call().expect_err("it is wrong");
    let missing = mapi.logon().profile("Safe").call().expect_err("it is missing");
    let unneeded = mapi.logon().profile("Work").password("tulip").call().expect_err("not needed");

    assert_eq!(wrong, LogonError::Refused(LogonRefusal::WrongPassword));
    assert_eq!(missing, LogonError::Refused(LogonRefusal::WrongPassword));
    assert_eq!(unneeded, LogonError::Refused(LogonRefusal::UnneededPassword));
    mapi.logon().profile("Safe").password("tulip").call().expect("it is right");
    mapi.logon().profile("Work").password("").call().expect("an empty password is none");
}

#[test]
fn the_user_picks_a_profile() {
    let (environment, _steps) = environment();
    let (mapi, user) = mapi_with_user(&environment);
    environment.profiles().create(NewProfile::new("Bot").app_profile()).expect("the name is free");

    let logon = elsewhere(move || mapi.logon().ask_for_profile().ui_param(7).call());
    let chosen = ProfileChosen { password: Some("tulip".into()), ..ProfileChosen::named("safe") };
    let question = user.sees_chooser().answer(UserAnswer::Given(chosen));

    let session = logon.returns().expect("the password is right");
    assert_eq!(session.profile().as_str(), "Safe");
    assert_eq!(question.reason, ChooserReason::NoneNamed);
    assert_eq!(question.origin.ui_param, 7);
    assert_eq!(question.origin.time_left, Some(Duration::from_secs(300)));
    let shown: Vec<&str> = question.profiles.iter().map(|name| name.as_str()).collect();
    assert_eq!(shown, ["Safe", "Work"], "an app profile is not shown");
}

#[test]
fn an_app_profile_can_be_picked_if_the_caller_wants_to_see_such() {
    let (environment, _steps) = environment();
    let (mapi, user) = mapi_with_user(&environment);
    environment.profiles().create(NewProfile::new("Bot").app_profile()).expect("the name is free");

    let hidden = elsewhere({
        let mapi = mapi.clone();
        move || mapi.logon().ask_for_profile().call()
    });
    user.sees_chooser().answer(UserAnswer::Given(ProfileChosen::named("Bot")));
    let refused = hidden.returns().expect_err("it was not listed");
    let listed = elsewhere(move || mapi.logon().ask_for_profile().app_profiles().call());
    let question = user.sees_chooser().answer(UserAnswer::Given(ProfileChosen::named("Bot")));

    assert_eq!(refused, LogonError::Refused(LogonRefusal::AppProfileHidden));
    assert_eq!(question.profiles.len(), 3);
    assert_eq!(listed.returns().expect("it was listed").profile().as_str(), "Bot");
}

#[test]
fn a_password_typed_in_the_chooser_replaces_the_callers_even_if_empty() {
    let (environment, _steps) = environment();
    let (mapi, user) = mapi_with_user(&environment);

    let logon = elsewhere(move || mapi.logon().ask_for_profile().password("tulip").call());
    let emptied = ProfileChosen { password: Some("".into()), ..ProfileChosen::named("Safe") };
    user.sees_chooser().answer(UserAnswer::Given(emptied));

    let refused = logon.returns().expect_err("the right password was emptied");
    assert_eq!(refused, LogonError::Refused(LogonRefusal::WrongPassword));
}

#[test]
fn the_callers_password_counts_if_the_chooser_is_left_alone() {
    let (environment, _steps) = environment();
    let (mapi, user) = mapi_with_user(&environment);

    let logon = elsewhere(move || mapi.logon().ask_for_profile().password("tulip").call());
    user.sees_chooser().answer(UserAnswer::Given(ProfileChosen::named("Safe")));

    assert_eq!(logon.returns().expect("the password is right").profile().as_str(), "Safe");
}

#[test]
fn the_user_is_asked_where_there_is_no_default() {
    let (environment, _steps) = environment();
    let (mapi, user) = mapi_with_user(&environment);
    environment.profiles().set_default(None).expect("there need not be one");

    let logon = elsewhere(move || mapi.logon().default_profile().interactive().call());
    let question = user.sees_chooser().answer(UserAnswer::Given(ProfileChosen::named("Work")));

    assert_eq!(question.reason, ChooserReason::NoDefault);
    assert_eq!(logon.returns().expect("Work is open").profile().as_str(), "Work");
}

#[test]
fn a_name_that_no_profile_bears_is_refused_and_not_asked_for_again() {
    let (environment, _steps) = environment();
    let (mapi, user) = mapi_with_user(&environment);

    for name in ["Nobody", "no/body", ""] {
        let error = mapi.logon().profile(name).interactive().call().expect_err("there is none");
        refused_with(error, MapiCode::MAPI_E_LOGON_FAILED);
    }
    assert!(user.sees_nothing());

    let logon = elsewhere(move || mapi.logon().ask_for_profile().call());
    user.sees_chooser().answer(UserAnswer::Given(ProfileChosen::named("Nobody")));
    assert_eq!(
        logon.returns().expect_err("there is none"),
        LogonError::Refused(LogonRefusal::ProfileNotFound)
    );
}

#[test]
fn the_user_enters_the_password() {
    let (environment, _steps) = environment();
    let (mapi, user) = mapi_with_user(&environment);
    let log_on = |password: &'static str| {
        let mapi = mapi.clone();
        let flags = LogonFlags::PASSWORD_UI | LogonFlags::EXTENDED;
        elsewhere(move || mapi.logon_ex(0, Some("Safe"), Some(password), flags))
    };

    let missing = log_on("");
    let question = user.sees_password_prompt().answer(UserAnswer::Given("tulip".into()));
    assert_eq!(question.reason, PasswordReason::Missing);
    assert_eq!(question.profile.as_str(), "Safe");
    assert_eq!(question.origin.time_left, None, "the twin of the C function sets no deadline");
    missing.returns().expect("the user knows it");

    let wrong = log_on("rose");
    let question = user.sees_password_prompt().answer(UserAnswer::Given("rose".into()));
    assert_eq!(question.reason, PasswordReason::Wrong);
    refused_with(wrong.returns().expect_err("wrong again"), MapiCode::MAPI_E_LOGON_FAILED);

    let cancelled = log_on("rose");
    user.sees_password_prompt().answer(UserAnswer::Cancelled);
    refused_with(cancelled.returns().expect_err("cancelled"), MapiCode::MAPI_E_USER_CANCEL);
}

#[test]
fn a_cancelled_chooser_cancels_the_logon_and_frees_the_mutex() {
    let (environment, _steps) = environment();
    let (mapi, user) = mapi_with_user(&environment);

    let logon = elsewhere({
        let mapi = mapi.clone();
        move || mapi.logon().ask_for_profile().call()
    });
    user.sees_chooser().answer(UserAnswer::Cancelled);

    refused_with(logon.returns().expect_err("cancelled"), MapiCode::MAPI_E_USER_CANCEL);
    mapi.logon().profile("Work").call().expect("the mutex is free");
}

#[test]
fn nobody_to_ask_is_not_a_cancel() {
    let (environment, _steps) = environment();
    let mapi = mapi(&environment);

    let chooser = mapi.logon().ask_for_profile().call().expect_err("there is no user");
    let password = mapi.logon().profile("Safe").ask_for_password().call().expect_err("no user");

    refused_with(chooser, MapiCode::MAPI_E_LOGON_FAILED);
    refused_with(password, MapiCode::MAPI_E_LOGON_FAILED);
}

#[test]
fn a_user_interface_that_panics_is_none() {
    struct Broken;
    impl LogonUi for Broken {
        fn choose_profile(&self, _: &ChooseProfile) -> UserAnswer<ProfileChosen> {
            panic!("the chooser breaks down, as it should")
        }
        fn password(&self, _: &AskPassword) -> UserAnswer<SecretString> {
            panic!("the password prompt breaks down, as it should")
        }
    }
    let (environment, mut steps) = environment();
    let mapi = Mapi::builder().environment(&environment).ui(Broken).build();

    let chooser = mapi.logon().ask_for_profile().call().expect_err("it panics");
    let password = mapi.logon().profile("Safe").ask_for_password().call().expect_err("it panics");

    refused_with(chooser, MapiCode::MAPI_E_LOGON_FAILED);
    refused_with(password, MapiCode::MAPI_E_LOGON_FAILED);
    assert!(steps.rules().contains(&Rule::FindNoChooser));
    assert!(steps.rules().contains(&Rule::FindNoPasswordPrompt));
    mapi.logon().profile("Work").call().expect("the mutex is free");
}

#[test]
fn a_windows_service_is_asked_nothing() {
    let (environment, _steps) = environment();
    let (ui, user) = crate::stage::user();
    let service = Mapi::builder().environment(&environment).ui(ui).windows_service().build();

    let refused = service.logon().ask_for_profile().call().expect_err("no dialog is shown");

    refused_with(refused, MapiCode::MAPI_E_LOGON_FAILED);
    assert!(user.sees_nothing());
}

#[test]
fn a_logon_from_inside_a_prompt_is_refused_at_once() {
    struct Nesting(Mapi);
    impl LogonUi for Nesting {
        fn choose_profile(&self, _: &ChooseProfile) -> UserAnswer<ProfileChosen> {
            let nested = self.0.logon().profile("Work").call();
            match nested {
                Err(LogonError::Refused(LogonRefusal::Nested)) => {
                    UserAnswer::Given(ProfileChosen::named("Safe"))
                }
                Ok(_) | Err(_) => UserAnswer::Cancelled,
            }
        }
    }
    let (environment, _steps) = environment();
    let inner = mapi(&environment);
    let outer = Mapi::builder().environment(&environment).ui(Nesting(inner)).build();

    let session = outer.logon().ask_for_profile().password("tulip").call();

    assert_eq!(session.expect("the nested logon was refused").profile().as_str(), "Safe");
}

#[test]
fn a_logon_from_inside_a_prompt_of_another_environment_is_none_of_its_business() {
    struct Elsewhere(Mapi);
    impl LogonUi for Elsewhere {
        fn choose_profile(&self, _: &ChooseProfile) -> UserAnswer<ProfileChosen> {
            let other = self.0.logon().profile("Work").call().expect("nobody is in its way");
            UserAnswer::Given(ProfileChosen::named(other.profile().as_str()))
        }
    }
    let ((here, _), (there, _)) = (environment(), environment());
    let outer = Mapi::builder().environment(&here).ui(Elsewhere(mapi(&there))).build();

    outer.logon().ask_for_profile().call().expect("both go through");
}

#[test]
fn a_prompt_is_withdrawn_at_its_deadline() {
    let clock = StageClock::new();
    let (environment, mut steps) =
        furnished(mapi_session::Environment::builder().clock(clock.clone()));
    let (mapi, user) = mapi_with_user(&environment);

    let logon = elsewhere({
        let mapi = mapi.clone();
        let wait = Duration::from_secs(20);
        move || mapi.logon().ask_for_profile().prompt_timeout(wait).call()
    });
    let asked = user.sees_chooser();
    assert!(!asked.question.origin.withdrawn.is_withdrawn());
    clock.advance(Duration::from_secs(20));

    refused_with(logon.returns().expect_err("too late"), MapiCode::MAPI_E_USER_CANCEL);
    asked.question.origin.withdrawn.wait();
    mapi.logon().profile("Work").call().expect("the mutex is free");
    // What the user answers now, nobody hears.
    asked.answer(UserAnswer::Given(ProfileChosen::named("Work")));
    steps.until(Rule::IgnoreStale);
}

#[test]
fn a_logon_can_be_withdrawn_while_it_prompts() {
    let (environment, mut steps) = environment();
    let (mapi, user) = mapi_with_user(&environment);
    let withdrawal = Withdrawal::new();

    let logon = elsewhere({
        let (mapi, withdrawal) = (mapi.clone(), withdrawal.clone());
        move || mapi.logon().ask_for_profile().withdraw_with(&withdrawal).call()
    });
    let asked = user.sees_chooser();
    withdrawal.withdraw();

    let error = logon.returns().expect_err("it was withdrawn");
    assert_eq!(error, LogonError::Withdrawn);
    assert_eq!(error.code(), None);
    asked.question.origin.withdrawn.wait();
    steps.until(Rule::WithdrawLogon);
    mapi.logon().profile("Work").call().expect("the mutex is free");
    let again = mapi.logon().profile("Work").withdraw_with(&withdrawal).call();
    assert_eq!(again.expect_err("withdrawn for ever"), LogonError::Withdrawn);
}
