//! How the leave to shut down fast is lost, and how the question ends before its time.

use crate::world::*;
use mapi_session_core::*;

scenarios![
    a_logon_takes_the_leave_back,
    a_refused_logon_takes_the_leave_back_too,
    an_open_call_takes_the_leave_back,
    an_edit_of_profiles_takes_the_leave_back,
    an_edit_of_services_takes_the_leave_back,
    what_takes_the_leave_back_ends_the_question,
    what_is_refused_for_its_client_or_handle_takes_nothing_back,
    other_calls_leave_it_standing,
    what_others_do_leaves_it_standing,
    asking_again_takes_the_leave_back,
    a_handle_that_goes_ends_the_question,
    a_logoff_ends_the_question_when_it_is_confirmed,
    a_logon_that_is_withdrawn_does_not_end_the_question,
    a_deadline_ends_the_question,
    a_question_is_withdrawn,
    a_crash_ends_the_question_unanswered,
    the_last_uninitialisation_ends_the_question_unanswered,
];

const TAKEN_BACK: QueryFastShutdownError = QueryFastShutdownError::TakenBack;
const LOGGED_OFF: QueryFastShutdownError = QueryFastShutdownError::LoggedOff;

const DELETE_NOTHING: AdminRequest =
    AdminRequest::Delete { source: Source { found: None, app_profiles: AppProfiles::Hidden } };
const DELETE_NO_SERVICE: ServiceAdminRequest =
    ServiceAdminRequest::Delete { service: ServiceUse::Absent };

/// Two handles of a client, on a session each with a store; and another client on the first.
fn with_two_sessions(world: &mut World) {
    world.empty();
    world.initialize(ANN);
    world.initialize(BOB);
    world.log_on_to(1, ANN, SHARED, &one_store());
    world.log_on_to(2, ANN, PRIVATE, &one_store());
    world.log_on(3, BOB, JOIN);
}

/// An event, which takes the leave back, be it used already or not, and ends the question.
fn takes_back(world: &mut World, rule: Rule, event: &Event) {
    with_two_sessions(world);
    world.obtain_leave(4, ANN, handle(1));
    world.obtain_leave(5, BOB, handle(3));
    let effects = world.fires(rule, event.clone());
    assert_eq!(world.standing(ANN), Standing::Unasked, "{event:?}");
    assert_eq!(world.standing(BOB), Standing::Asked);

    with_two_sessions(world);
    world.obtain_leave(4, ANN, handle(1));
    let _ = world.step(notify(4, ANN, handle(2)));
    assert_eq!(world.fires(rule, event.clone()), effects);
    assert_eq!(world.standing(ANN), Standing::Unasked, "{event:?}");

    with_two_sessions(world);
    let _ = world.step(query(4, ANN, handle(1)));
    let ended = [queried(4, Err(TAKEN_BACK))];
    assert_eq!(world.fires(rule, event.clone()), [&ended, effects.as_slice()].concat());
    assert_eq!(world.standing(ANN), Standing::Unasked, "{event:?}");
    world.changes_nothing(Rule::IgnoreStale, voted(4, Vote::Consents), &[]);
    let refused = [done(8, Err(DoFastShutdownError::NotAllowed))];
    world.changes_nothing(Rule::RefuseFastShutdown, shut_down_fast(8, ANN, handle(1)), &refused);
}

fn a_logon_takes_the_leave_back(world: &mut World) {
    let event = logon(6, ANN, None, Password::NotGiven, PRIVATE);
    takes_back(world, Rule::QueueLogon, &event);
}

fn a_refused_logon_takes_the_leave_back_too(world: &mut World) {
    let both = LogonFlags::LOGON_UI | LogonFlags::PASSWORD_UI;
    let event = logon(6, ANN, None, Password::NotGiven, both);
    takes_back(world, Rule::RefuseLogonArguments, &event);

    with_two_sessions(world);
    world.obtain_leave(4, ANN, handle(1));
    let _ = world.call_logon(6, BOB, PRIVATE);
    let _ = world.step(continued(6));
    let request = LogonRequest::parse(None, Password::NotGiven, PRIVATE.bits());
    let (call, inside) = (call(7), Some(call(6)));
    let event = Event::LogonCalled { call, client: ANN, inside, request };
    world.fires(Rule::RefuseNestedLogon, event);
    assert_eq!(world.standing(ANN), Standing::Unasked);
}

fn an_open_call_takes_the_leave_back(world: &mut World) {
    takes_back(world, Rule::OpenRunningStore, &open_store(6, ANN, handle(1), 0));
    takes_back(world, Rule::RefuseUnknownStore, &open_store(6, ANN, handle(1), 9));
    takes_back(world, Rule::OpenWholeBook, &open_book(6, ANN, handle(2)));
    let request = OpenRequest::parse(OpenTarget::AddressBook, 0x4000);
    let (call, handle) = (call(6), handle(1));
    let event = Event::OpenCalled { call, client: ANN, handle, inside: None, request };
    takes_back(world, Rule::RefuseOpenArguments, &event);
}

fn an_edit_of_profiles_takes_the_leave_back(world: &mut World) {
    takes_back(world, Rule::ClearDefaultProfile, &admin(6, ANN, AdminRequest::ClearDefault));
    takes_back(world, Rule::RefuseAbsentProfile, &admin(6, ANN, DELETE_NOTHING));
    let request = Err(AdminError::MalformedName(NameError::Empty));
    let event = Event::AdminCalled { call: call(6), client: ANN, request };
    takes_back(world, Rule::RefuseMalformedProfileName, &event);
}

fn an_edit_of_services_takes_the_leave_back(world: &mut World) {
    let event = service_admin(6, ANN, handle(2), DELETE_NO_SERVICE);
    takes_back(world, Rule::RefuseAbsentService, &event);
    let present = ServiceUse::Present(Copies::Single);
    let request = ServiceAdminRequest::Delete { service: present };
    takes_back(world, Rule::DeleteService, &service_admin(6, ANN, handle(2), request));
}

fn what_takes_the_leave_back_ends_the_question(world: &mut World) {
    with_two_sessions(world);
    let _ = world.step(query(4, ANN, handle(1)));
    let effects = world.call_logon(5, ANN, PRIVATE).effects;
    assert_eq!(effects, [queried(4, Err(TAKEN_BACK)), go_on(5)]);
    assert_eq!(TAKEN_BACK.code(), MapiCode::MAPI_E_NO_SUPPORT);
    world.fires(Rule::AskFirstProvider, query(6, ANN, handle(1)));
    let _ = world.run(5);
    world.fires(Rule::UseDefaultProfile, look_up(5, Some(OPEN)));
    assert_eq!(world.standing(ANN), Standing::Asking(call(6)), "the call itself counts");
}

fn what_is_refused_for_its_client_or_handle_takes_nothing_back(world: &mut World) {
    with_two_sessions(world);
    world.obtain_leave(4, ANN, handle(1));
    let _ = world.step(query(5, BOB, handle(3)));
    let refused = [opened(6, Err(OpenError::InvalidHandle))];
    world.changes_nothing(Rule::RefuseHandle, open_store(6, ANN, handle(3), 0), &refused);
    world.changes_nothing(Rule::RefuseHandle, open_store(6, BOB, handle(1), 0), &refused);
    let refused = [services_administered(6, Err(ServiceAdminError::InvalidHandle))];
    let event = service_admin(6, BOB, handle(1), DELETE_NO_SERVICE);
    world.changes_nothing(Rule::RefuseHandle, event, &refused);
    let refused = [administered(6, Err(AdminError::NotInitialized))];
    world.changes_nothing(Rule::RefuseUninitialized, admin(6, EVE, DELETE_NOTHING), &refused);
    let event = logon(5, BOB, None, Password::NotGiven, PRIVATE);
    world.changes_nothing(Rule::IgnoreReusedId, event, &[]);
}

fn other_calls_leave_it_standing(world: &mut World) {
    with_two_sessions(world);
    let _ = world.step(open_store(4, ANN, handle(1), 0));
    world.obtain_leave(4, ANN, handle(1));
    let event = used(5, ANN, handle(1), 0);
    world.fires(Rule::UseProvider, event);
    world.fires(Rule::Advise, advise(5, ANN, handle(1)));
    world.fires(Rule::ClearDefaultStore, set_default_store(5, ANN, handle(1), None));
    world.fires(Rule::LogOffStore, store_logoff(5, ANN, handle(1), 0));
    world.fires(Rule::LogOff, logoff(5, ANN, handle(2), Confirmation::Skip));
    world.initialize(ANN);
    assert_eq!(world.standing(ANN), Standing::Asked);
    world.fires(Rule::ShutDownFast, shut_down_fast(5, ANN, handle(1)));
}

fn what_others_do_leaves_it_standing(world: &mut World) {
    with_two_sessions(world);
    world.obtain_leave(4, ANN, handle(1));
    let _ = world.step(open_store(5, BOB, handle(3), 0));
    let _ = world.step(admin(5, BOB, DELETE_NOTHING));
    let _ = world.call_logon(5, BOB, PRIVATE);
    let _ = world.step(release(6, BOB, handle(3)));
    assert_eq!(world.standing(ANN), Standing::Asked);
}

fn asking_again_takes_the_leave_back(world: &mut World) {
    with_two_sessions(world);
    world.obtain_leave(4, ANN, handle(1));
    world.fires(Rule::AskFirstProvider, query(5, ANN, handle(1)));
    world.fires(Rule::RefuseForObjection, voted(5, Vote::Objects));
    assert_eq!(world.standing(ANN), Standing::Unasked);
    world.obtain_leave(6, ANN, handle(1));
    let _ = world.step(notify(7, ANN, handle(1)));
    world.obtain_leave(8, ANN, handle(2));
    assert_eq!(world.fires(Rule::NotifyProviders, notify(9, ANN, handle(1))).len(), 3);
}

fn a_handle_that_goes_ends_the_question(world: &mut World) {
    with_two_sessions(world);
    let _ = world.step(query(4, ANN, handle(1)));
    let effects = world.fires(Rule::LogOff, logoff(5, ANN, handle(2), Confirmation::Skip));
    let ended = queried(4, Err(LOGGED_OFF));
    assert_eq!(effects, [ended.clone(), log_off_provider(2, 0), logged_off(5, Ok(()))]);
    assert_eq!(LOGGED_OFF.code(), MapiCode::MAPI_E_NO_SUPPORT);

    let _ = world.step(query(4, ANN, handle(1)));
    let effects = world.fires(Rule::ReleaseLoggedOff, release(5, ANN, handle(2)));
    assert_eq!(effects, [ended.clone(), released(5, Ok(()))]);

    let _ = world.step(query(4, ANN, handle(1)));
    let effects = world.fires(Rule::ReleaseLive, release(5, ANN, handle(1)));
    assert_eq!(effects, [ended, released(5, Ok(()))]);
    assert_eq!(world.standing(ANN), Standing::Unasked);

    let _ = world.step(query(4, BOB, handle(3)));
    let effects =
        world.fires(Rule::LogOffShared, logoff_all(5, BOB, handle(3), Confirmation::Skip));
    assert_eq!(effects[0], queried(4, Err(LOGGED_OFF)));
}

fn a_logoff_ends_the_question_when_it_is_confirmed(world: &mut World) {
    with_two_sessions(world);
    let _ = world.step(query(4, ANN, handle(1)));
    for (answer, rule) in [
        (LogoffAnswer::Declined, Rule::DeclineLogoff),
        (LogoffAnswer::Confirmed, Rule::LogOffConfirmed),
    ] {
        let _ = world.step(logoff(5, ANN, handle(2), Confirmation::Ask));
        assert_eq!(world.standing(ANN), Standing::Asking(call(4)));
        world.fires(rule, Event::LogoffAnswered { call: call(5), answer });
    }
    assert_eq!(world.standing(ANN), Standing::Unasked);
}

fn a_logon_that_is_withdrawn_does_not_end_the_question(world: &mut World) {
    with_two_sessions(world);
    let _ = world.call_logon(5, ANN, JOIN);
    let _ = world.step(continued(5));
    world.fires(Rule::JoinShared, continued(5));
    let _ = world.step(query(4, ANN, handle(1)));
    assert_eq!(world.fires(Rule::WithdrawSettledLogon, withdrawn(5)), []);
    assert_eq!(world.standing(ANN), Standing::Asking(call(4)), "nobody knew of its handle");
}

fn a_deadline_ends_the_question(world: &mut World) {
    with_two_sessions(world);
    let _ = world.step(query(4, ANN, handle(1)));
    let effects = world.fires(Rule::EndQueryAtDeadline, deadline(4));
    let error = QueryFastShutdownError::TimedOut;
    assert_eq!(effects, [queried(4, Err(error))]);
    assert_eq!(error.code(), MapiCode::MAPI_E_NO_SUPPORT);
    assert_eq!(world.standing(ANN), Standing::Unasked);
    world.changes_nothing(Rule::IgnoreStale, voted(4, Vote::Consents), &[]);
    world.changes_nothing(Rule::IgnoreStale, deadline(4), &[]);
}

fn a_question_is_withdrawn(world: &mut World) {
    with_two_sessions(world);
    let _ = world.step(query(4, ANN, handle(1)));
    assert_eq!(world.fires(Rule::WithdrawQuery, withdrawn(4)), []);
    assert_eq!(world.standing(ANN), Standing::Unasked);
    world.changes_nothing(Rule::IgnoreStale, voted(4, Vote::Consents), &[]);
}

fn a_crash_ends_the_question_unanswered(world: &mut World) {
    with_two_sessions(world);
    let _ = world.step(query(4, ANN, handle(1)));
    let effects = world.fires(Rule::CrashClient, crashed(ANN));
    assert_eq!(effects, [log_off_provider(2, 0)]);
    world.changes_nothing(Rule::IgnoreStale, voted(4, Vote::Consents), &[]);
}

fn the_last_uninitialisation_ends_the_question_unanswered(world: &mut World) {
    with_two_sessions(world);
    let _ = world.step(query(4, ANN, handle(1)));
    let effects = world.uninitialize(Rule::UninitializeAmidCalls, ANN);
    assert_eq!(effects, [log_off_provider(2, 0)]);
    world.initialize(ANN);
    assert_eq!(world.standing(ANN), Standing::Unasked);
}
