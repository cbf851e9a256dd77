//! What happens to a session: the spooler, the default store, notifications.

use super::services::{number, returned};
use crate::{Client, EntryResult, Name, Notification, Provider, SeriesStage};

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

pub(super) fn attempt(session: Name, provider: Provider, attempt: SeriesStage) -> String {
    let again = if attempt == SeriesStage::Second { " again" } else { "" };
    format!("{} of session {session} is to log on{again} for the spooler", number(provider))
}

pub(super) fn configure(session: Name, provider: Provider) -> String {
    let provider = number(provider);
    format!("the entry function for {provider} of session {session} is called for the spooler")
}
