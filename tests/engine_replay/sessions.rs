//! Stories of what a session shows and says: transports, the default store, events, and a logoff
//! for everybody.

use mapi_session_core::Rule;
use mapi_session_model::{
    Action,
    Client::{A, B},
    EntryResult, LogoffArgument, Name, Notification, OpenArgument, OpenTarget, Provider,
    ProviderResult,
};
use mapi_session_tests::engine_replay::{Cause, Place, Reason};

use crate::story::Story;

/// The store of the service that has the transport too.
const STORE: Provider = Provider::N1;
const TRANSPORT: Provider = Provider::N3;

/// A shares a session, B joins it; both want mail.
fn two_share(story: &mut Story) -> (Name, Name) {
    let session = story.logs_on(A, "share Home");
    let joins = story.calls(B, "share the default");
    story.goes_on(joins);
    (session, joins)
}

#[test]
fn a_transport_that_is_wanted_is_configured_tried_again_and_used() {
    let mut story = Story::new();
    let (session, _) = two_share(&mut story);
    story.does(Action::Use { client: A, handle: session, provider: TRANSPORT });
    story.does(Action::Demand { session });
    story.answers(session, TRANSPORT, ProviderResult::Unconfigured);
    story.does(Action::Demand { session });
    let (provider, result) = (TRANSPORT, EntryResult::UserCancel);
    story.does(Action::TransportConfigured { session, provider, result });
    story.answers(session, TRANSPORT, ProviderResult::Warning);
    story.does(Action::Use { client: A, handle: session, provider: TRANSPORT });
    story.does(Action::Demand { session });

    let replay = story.is_replayed_by(&[
        Rule::RefuseUnopened,
        Rule::StartTransports,
        Rule::ConfigureService,
        Rule::IgnoreDemand,
        Rule::RetryConfigured,
        Rule::StartProviderWithErrors,
        Rule::UseProvider,
        Rule::IgnoreDemand,
    ]);
    assert!(replay.skipped.is_empty());
}

#[test]
fn a_transport_that_logs_on_to_a_session_that_is_over_is_taken_back() {
    let mut story = Story::new();
    let (session, joins) = two_share(&mut story);
    story.does(Action::Demand { session });
    story.does(Action::Release { client: B, handle: joins });
    story.does(Action::Crash { client: A });
    story.answers(session, TRANSPORT, ProviderResult::Ok);
    story.session_ends(session);

    let replay = story.is_replayed_by(&[
        Rule::StartTransports,
        Rule::CrashClient,
        Rule::TakeBackLateOfLostSession,
        Rule::EndLastSessionOnProfile,
    ]);
    assert!(replay.skipped.is_empty());
}

#[test]
fn a_transport_is_not_used_once_its_service_is_disabled() {
    let mut story = Story::new();
    let (session, handle) = two_share(&mut story);
    story.does(Action::Demand { session });
    story.answers(session, TRANSPORT, ProviderResult::Ok);
    let (client, target, with, inside) =
        (A, OpenTarget::Store(STORE), OpenArgument::NoDialog, None);
    story.does(Action::Open { client, handle: session, target, with, inside });
    story.does(Action::StoreLogoff { client, handle: session, provider: STORE });
    story.does(Action::ProviderLoggedOff { session, provider: STORE });
    story.does(Action::ProviderShutDown { session, provider: STORE });
    story.does(Action::Open { client, handle: session, target, with, inside });
    story.answers(session, STORE, ProviderResult::Version);
    story.does(Action::Use { client: B, handle, provider: TRANSPORT });

    story.is_replayed_by(&[
        Rule::StartProvider,
        Rule::LogOffStore,
        Rule::FreeStore,
        Rule::DisableWrongVersion,
        Rule::RefuseTransportUse,
    ]);
}

#[test]
fn who_listens_hears_who_has_left_and_that_everybody_is_asked_to() {
    let mut story = Story::new();
    let (session, handle) = two_share(&mut story);
    for _ in 0..2 {
        story.does(Action::Advise { client: B, handle });
    }
    let with = LogoffArgument::Shared;
    story.does(Action::Logoff { client: A, handle: session, with });
    story.does(Action::Unadvise { client: B, handle });
    for notification in [Notification::Extended, Notification::Critical, Notification::Critical] {
        story.does(Action::Deliver { handle, notification });
    }
    story.logs_on(A, "share Home");

    let replay = story.is_replayed_by(&[
        Rule::Advise,
        Rule::AdviseAgain,
        Rule::LogOffShared,
        Rule::Unadvise,
        Rule::HandNotification,
        Rule::HandNotification,
        Rule::FindNoneToJoin,
        Rule::OpenSession,
    ]);
    let skipped: Vec<_> = replay.skipped.iter().map(|it| it.reason).collect();
    assert_eq!(skipped, [Reason::NobodyAnswers], "the third is one that was not queued");
}

#[test]
fn news_of_the_default_store_is_told_once_however_often_it_has_changed() {
    let mut story = Story::new();
    let (session, handle) = two_share(&mut story);
    story.does(Action::Advise { client: B, handle });
    for store in [None, None, Some(STORE), Some(TRANSPORT)] {
        story.does(Action::SetDefaultStore { client: A, handle: session, store });
    }
    story.does(Action::Deliver { handle, notification: Notification::Table });
    story.does(Action::Crash { client: A });
    story.does(Action::Release { client: B, handle });

    let replay = story.is_replayed_by(&[
        Rule::Advise,
        Rule::ClearDefaultStore,
        Rule::KeepDefaultStore,
        Rule::SetDefaultStore,
        Rule::RefuseUnfitStore,
        Rule::HandNotification,
        Rule::CrashClient,
        Rule::ReleaseLive,
    ]);
    assert_eq!((replay.skipped.len(), replay.late), (0, 1), "nobody hears who died");
}

#[test]
fn an_engine_that_tells_others_differs_from_a_model_that_does_not() {
    for (fault, with) in [
        ("LogOffForAll-forgets-AskOthersToLeave", LogoffArgument::Shared),
        ("LogOff-forgets-TellOfLeaving", LogoffArgument::Plain),
        ("LogOffForAll-forgets-CloseToOthers", LogoffArgument::Shared),
    ] {
        let mut story = Story::new();
        let (session, handle) = two_share(&mut story);
        story.does(Action::Advise { client: B, handle });
        story.does(Action::Logoff { client: A, handle: session, with });

        let failure = story.fails_against(fault);
        assert_eq!(failure.at, Place::Step(story.actions.len()), "{failure}");
        assert!(matches!(failure.cause, Cause::Differs(_)), "{failure}");
    }
}

#[test]
fn an_event_is_not_handed_over_before_one_that_was_queued_earlier() {
    let mut story = Story::new();
    let (session, handle) = two_share(&mut story);
    story.does(Action::Advise { client: B, handle });
    let with = LogoffArgument::Shared;
    story.does(Action::Logoff { client: A, handle: session, with });
    story.does(Action::Deliver { handle, notification: Notification::Critical });

    let failure = story.fails();
    assert_eq!(failure.cause, Cause::Impossible(Reason::OutOfTurn));
}
