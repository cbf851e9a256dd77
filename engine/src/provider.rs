//! What message services bring along: the code that is started with a session and stopped with it.

use mapi_session_core::{ProfileName, ProviderDialogs, SessionId};

/// A message service, as far as sessions need it.
///
/// It is registered in the environment under a name; profiles list it by that name. Its methods are
/// called on threads made for the session, [`logon`](Self::logon) once a session and service, then
/// [`shutdown`](Self::shutdown) once; those of one session one after the other, those of different
/// sessions at the same time. Both may block. A provider that hangs holds up the logon that starts
/// it, and while that one waits, the logons behind it; withdrawn, it holds up nobody.
///
/// Providers cannot fail yet: one that panics counts as having done what it was told.
pub trait ServiceProvider: Send + Sync {
    /// Gets ready to serve a session, in the order in which the profile lists the services.
    ///
    /// A logon made from in here is refused at once (`MTX-07`).
    fn logon(&self, logon: &ProviderLogon<'_>);

    /// Ends its service to a session, in the opposite order.
    ///
    /// It may come when the logon that started the session is long gone, or was never answered.
    fn shutdown(&self, session: SessionId) {
        let _ = session;
    }
}

/// What a provider is told when it starts.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct ProviderLogon<'a> {
    /// The session that it is to serve.
    pub session: SessionId,
    /// The session's profile.
    pub profile: &'a ProfileName,
    /// The name under which the profile lists the service.
    pub service: &'a str,
    /// What it may show.
    pub dialogs: ProviderDialogs,
    /// What the caller passed as `ulUIParam`.
    pub ui_param: u64,
}
