//! What happens to a session: the spooler, the default store, notifications.

use super::services::{number, returned};
use crate::{Client, EntryResult, Name, Notification, Observation, Provider, SeriesStage};

pub(super) fn configured(session: Name, provider: Provider, result: EntryResult) -> String {
    let (provider, result) = (number(provider), returned(result));
    format!(
        "the entry function for {provider} of session {session} returns {result} to the spooler"
    )
}

pub(super) fn set_default(client: Client, handle: Name, store: Option<Provider>) -> String {
    match store {
        Some(store) => {
            let store = number(store);
            format!("{client} makes the store of {store} the default on handle {handle}")
        }
        None => format!("{client} wants no default store on handle {handle}"),
    }
}

pub(super) const fn notification(notification: Notification) -> &'static str {
    match notification {
        Notification::Critical => "a critical notification",
        Notification::Extended => "an extended notification",
        Notification::Table => "a table notification",
    }
}

pub(super) fn advise(client: Client, handle: Name) -> String {
    format!("{client} registers for notifications on handle {handle}")
}

pub(super) fn unadvise(client: Client, handle: Name) -> String {
    format!("{client} wants no more notifications on handle {handle}")
}

pub(super) fn deliver(handle: Name, queued: Notification) -> String {
    format!("the time has come to hand {handle} {}", notification(queued))
}

/// What is called or ordered for those that use a session, and what becomes of notifications.
pub(super) fn order(seen: &Observation) -> String {
    match *seen {
        Observation::UseProvider { session, provider } => {
            format!("{} of session {session} is called", number(provider))
        }
        Observation::LogOnTransport { session, provider, attempt } => {
            let again = if attempt == SeriesStage::Second { " again" } else { "" };
            let provider = number(provider);
            format!("{provider} of session {session} is to log on{again} for the spooler")
        }
        Observation::ConfigureTransport { session, provider } => {
            let provider = number(provider);
            format!(
                "the entry function for {provider} of session {session} is called for the spooler"
            )
        }
        Observation::AttachSpooler { session } => {
            format!("the spooler is attached to session {session}")
        }
        Observation::DetachSpooler { session } => {
            format!("the spooler is detached from session {session}")
        }
        Observation::QueueNotification { handle, notification: queued } => {
            format!("{} is queued for {handle}", notification(queued))
        }
        Observation::HandNotification { handle, notification: handed } => {
            format!("{handle} is handed {}", notification(handed))
        }
        ref other => format!("{other:?}"),
    }
}
