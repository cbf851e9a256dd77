//! Moving along what a step shows: evidence only, the model itself has no use for it.

use mapi_session_model::{LoggedOn, Observation, Observations, Permutation};

/// What the world sees, with everybody in another's place and in no order: it tells of one after
/// the other in order of names.
pub(crate) fn seen(observations: &Observations, by: &Permutation) -> Vec<String> {
    let mut seen: Vec<_> = observations.iter().map(|it| format!("{:?}", one(*it, by))).collect();
    seen.sort_unstable();
    seen
}

fn one(observation: Observation, by: &Permutation) -> Observation {
    let mut moved = observation;
    match &mut moved {
        Observation::Answer { client, call, code: _, logon } => {
            (*client, *call) = (by.client(*client), call.map(|it| by.name(it)));
            *logon = logon.map(|LoggedOn { session, profile }| LoggedOn {
                session: by.name(session),
                profile: profile.map(|it| by.profile(it)),
            });
        }
        Observation::CheckPassword { call, profile }
        | Observation::AskPassword { call, profile }
        | Observation::ReadServices { call, profile } => {
            (*call, *profile) = (by.name(*call), by.profile(*profile));
        }
        Observation::AskLogoff { call, handle: other }
        | Observation::LogOnProvider {
            call,
            session: other,
            provider: _,
            attempt: _,
            dialogs: _,
        }
        | Observation::CallEntry { call, session: other, entry: _, dialogs: _ }
        | Observation::AskRetry { call, session: other, provider: _, correction: _ }
        | Observation::AskFastShutdown { call, session: other, provider: _ } => {
            (*call, *other) = (by.name(*call), by.name(*other));
        }
        Observation::StartTimer { call: name }
        | Observation::LookUp { call: name }
        | Observation::AskProfile { call: name }
        | Observation::WithdrawPrompt { call: name }
        | Observation::DropAttempt { session: name, provider: _ }
        | Observation::ReportDisabled { session: name, service: _, after: _ }
        | Observation::LogOffProvider { session: name, provider: _ }
        | Observation::ShutDownProvider { session: name, provider: _ }
        | Observation::CloseSession { session: name }
        | Observation::UseProvider { session: name, provider: _ }
        | Observation::LogOnTransport { session: name, provider: _, attempt: _ }
        | Observation::ConfigureTransport { session: name, provider: _ }
        | Observation::AttachSpooler { session: name }
        | Observation::DetachSpooler { session: name }
        | Observation::QueueNotification { handle: name, notification: _ }
        | Observation::HandNotification { handle: name, notification: _ }
        | Observation::NotifyFastShutdown { session: name, provider: _ }
        | Observation::DoFastShutdown { session: name, provider: _ }
        | Observation::EndSession { session: name } => *name = by.name(*name),
        Observation::CopyProfile { source, profile } => {
            (*source, *profile) = (by.profile(*source), by.profile(*profile));
        }
        Observation::CreateProfile { profile }
        | Observation::RemoveProfile { profile }
        | Observation::MarkProfile { profile }
        | Observation::RenameProfile { profile }
        | Observation::DeferRename { profile }
        | Observation::TakeBackRename { profile }
        | Observation::SettleProfile { profile }
        | Observation::AddService { profile, service: _ }
        | Observation::DeleteService { profile, service: _ } => *profile = by.profile(*profile),
        Observation::SetDefaultProfile { profile } => {
            *profile = profile.map(|it| by.profile(it));
        }
    }
    moved
}
