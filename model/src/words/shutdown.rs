//! How the steps of a fast shutdown read.

use super::services::number;
use crate::{Client, FastStep, Name, Observation, Vote};

pub(super) fn step(client: Client, handle: Name, step: FastStep) -> String {
    let step = match step {
        FastStep::Query => "QueryFastShutdown",
        FastStep::Notify => "NotifyProcessShutdown",
        FastStep::Do => "DoFastShutdown",
    };
    format!("{client} calls {step} on handle {handle}")
}

pub(super) fn vote(call: Name, vote: Vote) -> String {
    match vote {
        Vote::Consents => format!("the provider that {call} asks consents"),
        Vote::Objects => format!("the provider that {call} asks objects"),
        Vote::NoInterface => format!("the provider that {call} asks cannot be asked"),
    }
}

/// What providers are asked and told, and what becomes of a session.
pub(super) fn order(seen: &Observation) -> String {
    match *seen {
        Observation::AskFastShutdown { call, session, provider } => {
            let provider = number(provider);
            format!("{provider} of session {session} is asked about the fast shutdown of {call}")
        }
        Observation::NotifyFastShutdown { session, provider } => {
            format!("{} of session {session} is told of a fast shutdown", number(provider))
        }
        Observation::DoFastShutdown { session, provider } => {
            format!("{} of session {session} is to shut down fast", number(provider))
        }
        Observation::EndSession { session } => format!("session {session} has ended at once"),
        ref other => format!("{other:?}"),
    }
}
