//! What events are about.

use mapi_session_core::{CallId, Entry, Event, Notification, ProviderId};

/// The call that begins with this event.
pub(super) const fn begins(event: &Event) -> Option<CallId> {
    match event {
        Event::InitializeCalled { call, .. }
        | Event::UninitializeCalled { call, .. }
        | Event::LogonCalled { call, .. }
        | Event::LogoffCalled { call, .. }
        | Event::ReleaseCalled { call, .. }
        | Event::OpenCalled { call, .. }
        | Event::UseCalled { call, .. }
        | Event::StoreLogoffCalled { call, .. }
        | Event::SetDefaultStoreCalled { call, .. }
        | Event::AdviseCalled { call, .. }
        | Event::UnadviseCalled { call, .. }
        | Event::FastShutdownCalled { call, .. }
        | Event::AdminCalled { call, .. }
        | Event::ServiceAdminCalled { call, .. } => Some(*call),
        Event::ClientCrashed { .. }
        | Event::CallWithdrawn { .. }
        | Event::DeadlinePassed { .. }
        | Event::ShortWaitEnded { .. }
        | Event::Continued { .. }
        | Event::ProfileLookedUp { .. }
        | Event::ProfileChosen { .. }
        | Event::PasswordChecked { .. }
        | Event::PasswordEntered { .. }
        | Event::LogoffAnswered { .. }
        | Event::Voted { .. }
        | Event::ServicesRead { .. }
        | Event::EntryReturned { .. }
        | Event::RetryAnswered { .. }
        | Event::ProviderAnswered { .. }
        | Event::ProviderLoggedOff { .. }
        | Event::ProviderShutDown { .. }
        | Event::SpoolerDemanded { .. }
        | Event::TransportConfigured { .. }
        | Event::NotificationDue { .. }
        | Event::SessionClosed { .. } => None,
    }
}

/// What an event is about: a call, or the one that made a session or a handle, and what of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Subject {
    pub(super) call: CallId,
    pub(super) part: Part,
}

/// The part of a call, session or handle that an event is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// All of it.
    Whole,
    /// One provider.
    Provider(ProviderId),
    /// One entry call.
    Entry(Entry),
    /// What waits for a handle.
    Notification(Notification),
}

/// What an event is about.
pub(super) const fn subject(event: &Event) -> Option<Subject> {
    let (call, part) = match event {
        Event::InitializeCalled { call, .. }
        | Event::UninitializeCalled { call, .. }
        | Event::LogonCalled { call, .. }
        | Event::LogoffCalled { call, .. }
        | Event::ReleaseCalled { call, .. }
        | Event::OpenCalled { call, .. }
        | Event::UseCalled { call, .. }
        | Event::StoreLogoffCalled { call, .. }
        | Event::SetDefaultStoreCalled { call, .. }
        | Event::AdviseCalled { call, .. }
        | Event::UnadviseCalled { call, .. }
        | Event::FastShutdownCalled { call, .. }
        | Event::AdminCalled { call, .. }
        | Event::ServiceAdminCalled { call, .. }
        | Event::Voted { call, .. }
        | Event::CallWithdrawn { call }
        | Event::DeadlinePassed { call }
        | Event::ShortWaitEnded { call }
        | Event::Continued { call }
        | Event::ProfileLookedUp { call, .. }
        | Event::ProfileChosen { call, .. }
        | Event::PasswordChecked { call, .. }
        | Event::PasswordEntered { call, .. }
        | Event::LogoffAnswered { call, .. }
        | Event::ServicesRead { call, .. } => (*call, Part::Whole),
        Event::EntryReturned { call, entry } => (*call, Part::Entry(*entry)),
        Event::RetryAnswered { call, provider, .. } => (*call, Part::Provider(*provider)),
        Event::ProviderAnswered { session, provider, .. }
        | Event::TransportConfigured { session, provider }
        | Event::ProviderLoggedOff { session, provider }
        | Event::ProviderShutDown { session, provider } => (session.0, Part::Provider(*provider)),
        Event::SessionClosed { session } | Event::SpoolerDemanded { session } => {
            (session.0, Part::Whole)
        }
        Event::NotificationDue { handle, notification } => {
            (handle.0, Part::Notification(*notification))
        }
        Event::ClientCrashed { .. } => return None,
    };
    Some(Subject { call, part })
}
