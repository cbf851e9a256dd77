//! Edits of profiles and their services: what is refused, what is done at once, and what waits for
//! the sessions that use a profile.

use crate::world::*;
use mapi_session_core::*;

scenarios![
    nobody_edits_before_initialisation,
    a_malformed_name_is_refused_first,
    a_profile_that_is_not_there_is_refused_next,
    an_app_profile_is_for_those_who_ask_for_it,
    a_name_is_given_once,
    a_profile_is_created_whatever_sessions_there_are,
    a_profile_is_copied,
    a_profile_without_sessions_is_deleted_at_once,
    a_profile_with_sessions_is_only_marked,
    a_profile_without_sessions_is_renamed_at_once,
    a_profile_with_sessions_is_renamed_later,
    a_profile_keeps_the_name_that_it_has,
    the_default_is_moved_and_cleared,
    an_app_profile_is_never_the_default,
    a_session_uses_its_profile_from_first_to_last,
    the_last_session_settles_its_profile,
    a_profile_that_is_gone_takes_no_password,
    nobody_builds_on_a_profile_that_is_gone,
    a_profile_that_is_gone_comes_before_the_limit,
    a_profile_may_go_while_the_password_is_asked_for,
    nobody_edits_services_without_a_handle,
    services_are_added_for_later_sessions,
    a_single_copy_service_is_added_once,
    services_are_deleted_for_later_sessions,
];

fn hidden(found: Option<Profile>) -> Source {
    Source { found, app_profiles: AppProfiles::Hidden }
}

fn listed(found: Option<Profile>) -> Source {
    Source { found, app_profiles: AppProfiles::Listed }
}

/// Every edit that has a source, from one that is found, or not.
fn edits_of(source: Source, name: NameUse) -> [AdminRequest; 3] {
    [
        AdminRequest::Copy { source, name },
        AdminRequest::Delete { source },
        AdminRequest::Rename { source, name },
    ]
}

fn refuses(world: &mut World, rule: Rule, request: AdminRequest, error: AdminError) {
    world.changes_nothing(rule, admin(9, ANN, request), &[administered(9, Err(error))]);
}

fn edits(world: &mut World, rule: Rule, request: AdminRequest, order: Effect) {
    world.changes_nothing(rule, admin(9, ANN, request), &[order, administered(9, Ok(()))]);
}

fn nobody_edits_before_initialisation(world: &mut World) {
    let rule = Rule::RefuseUninitialized;
    let error = AdminError::NotInitialized;
    assert_eq!(error.code(), MapiCode::MAPI_E_NOT_INITIALIZED);
    refuses(world, rule, AdminRequest::ClearDefault, error);
    let malformed = Err(AdminError::MalformedName(NameError::Empty));
    let event = Event::AdminCalled { call: call(9), client: ANN, request: malformed };
    world.changes_nothing(rule, event, &[administered(9, Err(error))]);
}

fn a_malformed_name_is_refused_first(world: &mut World) {
    world.initialize(ANN);
    let error = AdminError::MalformedName(NameError::OuterSpace);
    assert_eq!(error.code(), MapiCode::MAPI_E_INVALID_PARAMETER);
    let event = Event::AdminCalled { call: call(9), client: ANN, request: Err(error) };
    let refused = [administered(9, Err(error))];
    world.changes_nothing(Rule::RefuseMalformedProfileName, event, &refused);
}

fn a_profile_that_is_not_there_is_refused_next(world: &mut World) {
    world.initialize(ANN);
    let error = AdminError::ProfileNotFound;
    assert_eq!(error.code(), MapiCode::MAPI_E_NOT_FOUND);
    for request in edits_of(hidden(None), NameUse::Taken) {
        refuses(world, Rule::RefuseAbsentProfile, request, error);
    }
    let request = AdminRequest::SetDefault { found: None };
    refuses(world, Rule::RefuseAbsentProfile, request, error);
}

fn an_app_profile_is_for_those_who_ask_for_it(world: &mut World) {
    world.initialize(ANN);
    let error = AdminError::AppProfileHidden;
    assert_eq!(error.code(), MapiCode::MAPI_E_NO_ACCESS);
    for request in edits_of(hidden(Some(APP)), NameUse::Taken) {
        refuses(world, Rule::RefuseHiddenSource, request, error);
    }
    let request = AdminRequest::Delete { source: listed(Some(APP)) };
    edits(world, Rule::RemoveProfile, request, Effect::RemoveProfile { profile: APP.key });
}

fn a_name_is_given_once(world: &mut World) {
    world.initialize(ANN);
    let error = AdminError::NameTaken;
    assert_eq!(error.code(), MapiCode::MAPI_E_NO_ACCESS);
    let (rule, source) = (Rule::RefuseTakenName, listed(Some(OPEN)));
    refuses(world, rule, AdminRequest::Create { name: NameUse::Taken }, error);
    refuses(world, rule, AdminRequest::Copy { source, name: NameUse::Taken }, error);
    refuses(world, rule, AdminRequest::Rename { source, name: NameUse::Taken }, error);
    // Whose own it is counts for a rename alone.
    refuses(world, rule, AdminRequest::Create { name: NameUse::Own }, error);
    refuses(world, rule, AdminRequest::Copy { source, name: NameUse::Own }, error);
    world.log_on(1, ANN, PRIVATE);
    refuses(world, rule, AdminRequest::Rename { source, name: NameUse::Taken }, error);
}

fn a_profile_is_created_whatever_sessions_there_are(world: &mut World) {
    world.initialize(ANN);
    let (request, order) =
        (AdminRequest::Create { name: NameUse::Free }, Effect::CreateProfile { call: call(9) });
    edits(world, Rule::CreateProfile, request, order.clone());
    world.log_on(1, ANN, PRIVATE);
    edits(world, Rule::CreateProfile, request, order);
}

fn a_profile_is_copied(world: &mut World) {
    world.initialize(ANN);
    for profile in [OPEN, APP] {
        let source = listed(Some(profile));
        let order = Effect::CopyProfile { call: call(9), source: profile.key };
        let request = AdminRequest::Copy { source, name: NameUse::Free };
        edits(world, Rule::CopyProfile, request, order);
    }
}

fn a_profile_without_sessions_is_deleted_at_once(world: &mut World) {
    world.initialize(ANN);
    world.log_on(1, ANN, PRIVATE);
    let request = AdminRequest::Delete { source: hidden(Some(PROTECTED)) };
    let order = Effect::RemoveProfile { profile: PROTECTED.key };
    edits(world, Rule::RemoveProfile, request, order);
}

fn a_profile_with_sessions_is_only_marked(world: &mut World) {
    world.initialize(ANN);
    world.initialize(BOB);
    world.log_on(1, ANN, SHARED);
    let request = AdminRequest::Delete { source: hidden(Some(OPEN)) };
    edits(world, Rule::MarkProfile, request, Effect::MarkProfile { profile: OPEN.key });
    let joined = world.log_on(2, BOB, JOIN);
    assert_eq!(joined.profile, OPEN.key, "its sessions work as before, and can be joined");
}

fn a_profile_without_sessions_is_renamed_at_once(world: &mut World) {
    world.initialize(ANN);
    let request = AdminRequest::Rename { source: hidden(Some(OPEN)), name: NameUse::Free };
    let order = Effect::RenameProfile { call: call(9), profile: OPEN.key };
    edits(world, Rule::RenameProfile, request, order);
}

fn a_profile_with_sessions_is_renamed_later(world: &mut World) {
    world.initialize(ANN);
    world.log_on(1, ANN, PRIVATE);
    let request = AdminRequest::Rename { source: hidden(Some(OPEN)), name: NameUse::Free };
    let order = Effect::DeferRename { call: call(9), profile: OPEN.key };
    edits(world, Rule::DeferRename, request, order);
}

fn a_profile_keeps_the_name_that_it_has(world: &mut World) {
    world.initialize(ANN);
    let request = AdminRequest::Rename { source: hidden(Some(OPEN)), name: NameUse::Own };
    let order = Effect::TakeBackRename { profile: OPEN.key };
    edits(world, Rule::TakeBackRename, request, order.clone());
    world.log_on(1, ANN, PRIVATE);
    edits(world, Rule::TakeBackRename, request, order);
}

fn the_default_is_moved_and_cleared(world: &mut World) {
    world.initialize(ANN);
    world.log_on(1, ANN, PRIVATE);
    let request = AdminRequest::SetDefault { found: Some(PROTECTED) };
    let order = Effect::SetDefaultProfile { profile: Some(PROTECTED.key) };
    edits(world, Rule::SetDefaultProfile, request, order);
    let order = Effect::SetDefaultProfile { profile: None };
    edits(world, Rule::ClearDefaultProfile, AdminRequest::ClearDefault, order);
}

fn an_app_profile_is_never_the_default(world: &mut World) {
    world.initialize(ANN);
    let error = AdminError::AppProfileAsDefault;
    assert_eq!(error.code(), MapiCode::MAPI_E_CALL_FAILED);
    let request = AdminRequest::SetDefault { found: Some(APP) };
    refuses(world, Rule::RefuseAppProfileAsDefault, request, error);
}

fn a_session_uses_its_profile_from_first_to_last(world: &mut World) {
    world.initialize(ANN);
    world.reach_services(1, ANN, SHARED);
    assert!(!world.sessions.is_in_use(OPEN.key), "there is no session yet");
    let _ = world.step(services_read(1, &one_store()));
    assert_eq!(world.session(1).phase, Phase::Building);
    assert!(world.sessions.is_in_use(OPEN.key));
    let _ = world.finish_logon(1);
    assert_eq!(world.sessions.profile_of(handle(1)), Some(OPEN.key));
    world.log_on_to(2, ANN, PRIVATE, &Services::none());
    assert_eq!(world.sessions.users(OPEN.key), 2);
    assert_eq!(world.sessions.users(PROTECTED.key), 0);
    let _ = world.step(release(3, ANN, handle(2)));
    assert_eq!(world.fires(Rule::EndSession, closed(2)), []);
    let _ = world.step(logoff_all(3, ANN, handle(1), Confirmation::Skip));
    assert_eq!(world.session(1).phase, Phase::Draining);
    assert_eq!(world.sessions.profile_of(handle(1)), None);
    assert!(world.sessions.is_in_use(OPEN.key));
}

fn the_last_session_settles_its_profile(world: &mut World) {
    world.initialize(ANN);
    world.log_on(1, ANN, PRIVATE);
    world.log_on(2, ANN, PRIVATE);
    let _ = world.step(release(3, ANN, handle(1)));
    let _ = world.step(release(3, ANN, handle(2)));
    assert_eq!(world.fires(Rule::EndSession, closed(2)), []);
    assert_eq!(world.fires(Rule::EndLastSessionOnProfile, closed(1)), [settle(OPEN)]);
    let request = AdminRequest::Delete { source: hidden(Some(OPEN)) };
    edits(world, Rule::RemoveProfile, request, Effect::RemoveProfile { profile: OPEN.key });
}

fn a_profile_that_is_gone_takes_no_password(world: &mut World) {
    world.initialize(ANN);
    for flags in [PRIVATE, PRIVATE | LogonFlags::PASSWORD_UI] {
        let _ = world.step(logon(1, ANN, Some("Work"), Password::Given, flags));
        let _ = world.run(1);
        let _ = world.step(look_up(1, Some(PROTECTED)));
        let event = Event::PasswordChecked { call: call(1), verdict: Verdict::ProfileGone };
        assert_eq!(world.fires(Rule::RefuseCheckOfGoneProfile, event), [go_on(1)]);
        assert_eq!(world.run(1), [logged_on(1, Err(LogonError::ProfileGone))]);
    }
    assert_eq!(LogonError::ProfileGone.code(), MapiCode::MAPI_E_LOGON_FAILED);
}

fn nobody_builds_on_a_profile_that_is_gone(world: &mut World) {
    world.initialize(ANN);
    let gone = Event::ServicesRead { call: call(1), services: None };
    world.changes_nothing(Rule::IgnoreStale, gone.clone(), &[]);
    world.reach_services(1, ANN, PRIVATE);
    assert_eq!(world.fires(Rule::RefuseBuildOnGoneProfile, gone.clone()), [go_on(1)]);
    world.changes_nothing(Rule::IgnoreStale, gone, &[]);
    assert_eq!(world.run(1), [logged_on(1, Err(LogonError::ProfileGone))]);
    assert_eq!(world.live_sessions(), []);
}

fn a_profile_that_is_gone_comes_before_the_limit(world: &mut World) {
    world.limit(0);
    world.initialize(ANN);
    world.reach_services(1, ANN, PRIVATE);
    let gone = Event::ServicesRead { call: call(1), services: None };
    world.fires(Rule::RefuseBuildOnGoneProfile, gone);
}

fn a_profile_may_go_while_the_password_is_asked_for(world: &mut World) {
    world.initialize(ANN);
    let _ = world.call_logon(1, ANN, PRIVATE | LogonFlags::PASSWORD_UI);
    let _ = world.run(1);
    let _ = world.step(look_up(1, Some(PROTECTED)));
    let _ = world.run(1);
    assert_eq!(world.stage(1), Stage::AskPassword { profile: PROTECTED.key });
    let right = Event::PasswordEntered { call: call(1), answer: PasswordAnswer::Right };
    world.fires(Rule::AcceptEnteredPassword, right);
    let gone = Event::ServicesRead { call: call(1), services: None };
    world.fires(Rule::RefuseBuildOnGoneProfile, gone);
    assert_eq!(world.run(1), [logged_on(1, Err(LogonError::ProfileGone))]);
}

const ADD: ServiceAdminRequest = ServiceAdminRequest::Add { service: ServiceUse::Absent };

fn nobody_edits_services_without_a_handle(world: &mut World) {
    let error = ServiceAdminError::NotInitialized;
    assert_eq!(error.code(), MapiCode::MAPI_E_NOT_INITIALIZED);
    let refused = [services_administered(9, Err(error))];
    let event = service_admin(9, ANN, handle(1), ADD);
    world.changes_nothing(Rule::RefuseUninitialized, event, &refused);
    world.initialize(ANN);
    world.initialize(BOB);
    world.log_on(1, BOB, PRIVATE);
    let error = ServiceAdminError::InvalidHandle;
    assert_eq!(error.code(), MapiCode::MAPI_E_INVALID_OBJECT);
    for number in [1, 2] {
        let event = service_admin(9, ANN, handle(number), ADD);
        let refused = [services_administered(9, Err(error))];
        world.changes_nothing(Rule::RefuseHandle, event, &refused);
    }
}

/// An edit of the services of a profile that has a session, which does not change with it.
fn edits_services(world: &mut World, rule: Rule, request: ServiceAdminRequest, effects: &[Effect]) {
    world.empty();
    world.initialize(ANN);
    world.log_on_to(1, ANN, PRIVATE, &one_store());
    world.changes_nothing(rule, service_admin(9, ANN, handle(1), request), effects);
}

fn services_are_added_for_later_sessions(world: &mut World) {
    let order = Effect::AddService { call: call(9), profile: OPEN.key };
    let done = [order, services_administered(9, Ok(()))];
    for service in [ServiceUse::Absent, ServiceUse::Present(Copies::Many)] {
        edits_services(world, Rule::AddService, ServiceAdminRequest::Add { service }, &done);
    }
    let error = ServiceAdminError::ServiceNotFound;
    assert_eq!(error.code(), MapiCode::MAPI_E_NOT_FOUND);
    let request = ServiceAdminRequest::Add { service: ServiceUse::Unknown };
    let refused = [services_administered(9, Err(error))];
    edits_services(world, Rule::RefuseUnknownService, request, &refused);
}

fn a_single_copy_service_is_added_once(world: &mut World) {
    let error = ServiceAdminError::SecondCopy;
    assert_eq!(error.code(), MapiCode::MAPI_E_NO_ACCESS);
    let request = ServiceAdminRequest::Add { service: ServiceUse::Present(Copies::Single) };
    let refused = [services_administered(9, Err(error))];
    edits_services(world, Rule::RefuseSecondCopy, request, &refused);
}

fn services_are_deleted_for_later_sessions(world: &mut World) {
    let order = Effect::DeleteService { call: call(9), profile: OPEN.key };
    let done = [order, services_administered(9, Ok(()))];
    for copies in [Copies::Single, Copies::Many] {
        let request = ServiceAdminRequest::Delete { service: ServiceUse::Present(copies) };
        edits_services(world, Rule::DeleteService, request, &done);
    }
    let refused = [services_administered(9, Err(ServiceAdminError::ServiceNotFound))];
    for service in [ServiceUse::Absent, ServiceUse::Unknown] {
        let request = ServiceAdminRequest::Delete { service };
        edits_services(world, Rule::RefuseAbsentService, request, &refused);
    }
}
