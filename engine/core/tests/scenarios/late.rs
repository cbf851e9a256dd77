//! Withdrawal, deadlines where there is nothing to wait for, and answers that come too late.

use crate::world::*;
use mapi_session_core::*;

scenarios![
    a_withdrawn_logon_leaves_the_queue,
    a_withdrawn_head_of_the_queue_makes_way,
    a_withdrawn_logon_frees_the_mutex,
    a_withdrawn_logon_takes_its_dialogs_down,
    a_logon_withdrawn_before_its_answer_gives_its_handle_back,
    a_join_withdrawn_before_its_answer_leaves_the_others_alone,
    a_timed_out_logon_can_be_withdrawn,
    a_withdrawn_logoff_leaves_the_handle_live,
    a_call_that_is_over_cannot_be_withdrawn,
    a_deadline_matters_only_where_the_caller_waits,
    an_answer_for_a_call_of_a_dead_client_changes_nothing,
];

fn a_withdrawn_logon_leaves_the_queue(world: &mut World) {
    world.initialize(ANN);
    world.start_logon(1, ANN, PRIVATE);
    let before = world.sessions.clone();
    let _ = world.call_logon(2, ANN, PRIVATE);
    assert_eq!(world.fires(Rule::WithdrawLogon, withdrawn(2)), []);
    assert_eq!(world.sessions, before);
}

fn a_withdrawn_head_of_the_queue_makes_way(world: &mut World) {
    world.initialize(ANN);
    let _ = world.call_logon(1, ANN, PRIVATE);
    let _ = world.call_logon(2, ANN, PRIVATE);
    let _ = world.call_logon(3, ANN, PRIVATE);
    assert_eq!(world.fires(Rule::WithdrawLogon, withdrawn(2)), []);
    assert_eq!(world.fires(Rule::WithdrawLogon, withdrawn(1)), [go_on(3)]);
}

fn a_withdrawn_logon_frees_the_mutex(world: &mut World) {
    world.initialize(ANN);
    let _ = world.call_logon(1, ANN, PRIVATE);
    let _ = world.run(1);
    let _ = world.call_logon(2, ANN, PRIVATE);
    assert_eq!(world.fires(Rule::WithdrawLogon, withdrawn(1)), [go_on(2)]);
    world.changes_nothing(Rule::IgnoreStale, look_up(1, Some(OPEN)), &[]);
}

fn a_withdrawn_logon_takes_its_dialogs_down(world: &mut World) {
    world.initialize(ANN);
    let _ = world.call_logon(1, ANN, LogonFlags::LOGON_UI);
    let _ = world.run(1);
    assert_eq!(world.fires(Rule::WithdrawLogon, withdrawn(1)), [withdraw_prompt(1)]);

    let flags = LogonFlags::PASSWORD_UI | LogonFlags::USE_DEFAULT;
    let _ = world.call_logon(2, ANN, flags);
    let _ = world.run(2);
    let _ = world.step(look_up(2, Some(PROTECTED)));
    let _ = world.run(2);
    assert_eq!(world.fires(Rule::WithdrawLogon, withdrawn(2)), [withdraw_prompt(2)]);
}

fn a_logon_withdrawn_before_its_answer_gives_its_handle_back(world: &mut World) {
    world.initialize(ANN);
    world.reach_services(1, ANN, SHARED);
    let _ = world.step(services_read(1, &Services::none()));
    world.fires(Rule::OpenSession, Event::Continued { call: call(1) });
    assert_eq!(world.fires(Rule::WithdrawSettledLogon, withdrawn(1)), [close(1)]);
    assert_eq!(world.sessions.handles().count(), 0);
}

fn a_join_withdrawn_before_its_answer_leaves_the_others_alone(world: &mut World) {
    world.initialize(ANN);
    world.log_on(1, ANN, SHARED);
    let before = world.sessions.clone();
    let _ = world.call_logon(2, ANN, JOIN);
    let _ = world.step(Event::Continued { call: call(2) });
    world.fires(Rule::JoinShared, Event::Continued { call: call(2) });
    assert_eq!(world.fires(Rule::WithdrawSettledLogon, withdrawn(2)), []);
    assert_eq!(world.sessions, before);
}

fn a_timed_out_logon_can_be_withdrawn(world: &mut World) {
    world.initialize(ANN);
    world.start_logon(1, ANN, PRIVATE);
    let _ = world.call_logon(2, ANN, PRIVATE);
    let _ = world.step(Event::DeadlinePassed { call: call(2) });
    assert_eq!(world.call(2).map(|view| view.stage), Some(CallStage::TimedOut));
    assert_eq!(world.fires(Rule::WithdrawLogon, withdrawn(2)), []);
    world.changes_nothing(Rule::IgnoreStale, Event::Continued { call: call(2) }, &[]);
}

fn a_withdrawn_logoff_leaves_the_handle_live(world: &mut World) {
    world.initialize(ANN);
    world.log_on(1, ANN, PRIVATE);
    let before = world.sessions.clone();
    let _ = world.step(logoff(2, ANN, handle(1), Confirmation::Ask));
    assert_eq!(world.fires(Rule::WithdrawLogoff, withdrawn(2)), [withdraw_prompt(2)]);
    assert_eq!(world.sessions, before);
}

fn a_call_that_is_over_cannot_be_withdrawn(world: &mut World) {
    world.initialize(ANN);
    world.log_on(1, ANN, PRIVATE);
    for number in [1, 2] {
        world.changes_nothing(Rule::IgnoreStale, withdrawn(number), &[]);
        let passed = Event::DeadlinePassed { call: call(number) };
        world.changes_nothing(Rule::IgnoreStale, passed, &[]);
    }
}

fn a_deadline_matters_only_where_the_caller_waits(world: &mut World) {
    world.initialize(ANN);
    let passed = || Event::DeadlinePassed { call: call(1) };
    let _ = world.call_logon(1, ANN, PRIVATE);
    let _ = world.step(Event::Continued { call: call(1) });
    world.changes_nothing(Rule::IgnoreDeadline, passed(), &[]);
    let _ = world.run(1);
    world.changes_nothing(Rule::IgnoreDeadline, passed(), &[]);
    let _ = world.step(look_up(1, Some(OPEN)));
    world.changes_nothing(Rule::IgnoreDeadline, passed(), &[]);
    let _ = world.step(Event::Continued { call: call(1) });
    world.changes_nothing(Rule::IgnoreDeadline, passed(), &[]);
    let _ = world.step(services_read(1, &Services::none()));
    assert_eq!(world.stage(1), Stage::Finish);
    world.changes_nothing(Rule::IgnoreDeadline, passed(), &[]);
    let _ = world.step(Event::Continued { call: call(1) });
    world.changes_nothing(Rule::IgnoreDeadline, passed(), &[]);
}

fn an_answer_for_a_call_of_a_dead_client_changes_nothing(world: &mut World) {
    world.initialize(ANN);
    let _ = world.call_logon(1, ANN, LogonFlags::LOGON_UI);
    let _ = world.run(1);
    let _ = world.step(Event::ClientCrashed { client: ANN });
    let answer = ChooserAnswer::Cancelled;
    for event in [
        Event::Continued { call: call(1) },
        Event::ProfileChosen { call: call(1), answer },
        look_up(1, Some(OPEN)),
        Event::PasswordChecked { call: call(1), verdict: Verdict::Right },
        Event::PasswordEntered { call: call(1), answer: PasswordAnswer::Right },
        Event::LogoffAnswered { call: call(1), answer: LogoffAnswer::Confirmed },
        services_read(1, &Services::none()),
        Event::EntryReturned { call: call(1), entry: Entry::Show(ServiceId(0)) },
        Event::RetryAnswered { call: call(1), provider: ProviderId(0), answer: RetryAnswer::Retry },
        provider_answered(1, 0, ProviderResult::LoggedOn),
        Event::ProviderLoggedOff { session: session(1), provider: ProviderId(0) },
        Event::ProviderShutDown { session: session(1), provider: ProviderId(0) },
        closed(1),
        Event::DeadlinePassed { call: call(1) },
        Event::ShortWaitEnded { call: call(1) },
        withdrawn(1),
    ] {
        world.changes_nothing(Rule::IgnoreStale, event, &[]);
    }
    assert_eq!(world.sessions, Sessions::new(Limits::default()));
}
