//! Stories of clients that go by a fast shutdown, or would like to.

use mapi_session_core::Rule;
use mapi_session_model::{
    Action,
    Client::{A, B},
    FastStep, InitArgument, Name, Vote,
};

use crate::story::Story;

/// A asks whether it may shut down fast, and those that run say this.
fn ask(story: &mut Story, handle: Name, votes: &[Vote]) {
    let call = story.free_name(A);
    story.does(Action::FastShutdown { client: A, handle, step: FastStep::Query });
    for vote in votes {
        story.does(Action::Voted { call, vote: *vote });
    }
}

#[test]
fn a_client_that_may_shut_down_fast_is_gone_at_once_and_makes_no_call_any_more() {
    let mut story = Story::new();
    let alone = story.logs_on(A, "Home alone");
    let shared = story.logs_on(B, "share Work, right password");
    ask(&mut story, alone, &[Vote::Consents, Vote::NoInterface, Vote::Consents, Vote::Consents]);
    story.does(Action::FastShutdown { client: A, handle: alone, step: FastStep::Notify });
    story.does(Action::FastShutdown { client: A, handle: alone, step: FastStep::Notify });
    story.does(Action::FastShutdown { client: A, handle: alone, step: FastStep::Do });
    story.does(Action::Initialize { client: A, with: InitArgument::Application });
    story.does(Action::FastShutdown { client: A, handle: alone, step: FastStep::Do });
    story.does(Action::Uninitialize { client: A });
    story.does(Action::Crash { client: A });
    story.does(Action::Release { client: B, handle: shared });

    story.is_replayed_by(&[
        Rule::AskFirstProvider,
        Rule::AskNextProvider,
        Rule::AllowFastShutdown,
        Rule::NotifyProviders,
        Rule::NotifyNobody,
        Rule::ShutDownFast,
        Rule::RefuseDeadClient,
        Rule::RefuseUninitialized,
        Rule::UninitializeTooOften,
        Rule::ForgetDeadClient,
        Rule::ReleaseLive,
    ]);
}

#[test]
fn one_provider_that_objects_is_enough_and_what_a_client_was_told_does_not_outlive_a_logon() {
    let mut story = Story::new();
    let alone = story.logs_on(A, "Home alone");
    ask(&mut story, alone, &[Vote::Consents, Vote::Objects]);
    story.does(Action::FastShutdown { client: A, handle: alone, step: FastStep::Do });
    ask(&mut story, alone, &[Vote::Consents; 4]);
    let call = story.calls(A, "share the default");
    story.does(Action::FastShutdown { client: A, handle: alone, step: FastStep::Do });
    story.does(Action::Withdraw { call });

    story.is_replayed_by(&[
        Rule::RefuseForObjection,
        Rule::RefuseFastShutdown,
        Rule::AllowFastShutdown,
        Rule::QueueLogon,
        Rule::RefuseFastShutdown,
    ]);
}
