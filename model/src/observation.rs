//! What the world can see of a step: answers of calls, and orders to the outside.

use serde::{Deserialize, Serialize};

use crate::{Client, Entry, List, Name, Notification, Profile, Provider, SeriesStage, Service};

/// The code that a call returns (protocol 2.1, as far as sessions use it).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// `S_OK`
    Ok,
    /// `MAPI_E_NOT_INITIALIZED`
    NotInitialized,
    /// `MAPI_E_INVALID_PARAMETER`
    InvalidParameter,
    /// `MAPI_E_UNKNOWN_FLAGS`
    UnknownFlags,
    /// `MAPI_E_INVALID_OBJECT`
    InvalidObject,
    /// `MAPI_E_TIMEOUT`
    Timeout,
    /// `MAPI_E_USER_CANCEL`
    UserCancel,
    /// `MAPI_E_LOGON_FAILED`
    LogonFailed,
    /// `MAPI_E_BUSY`
    Busy,
    /// `MAPI_E_NOT_FOUND`
    NotFound,
    /// `MAPI_E_UNKNOWN_ENTRYID`
    UnknownEntryid,
    /// `MAPI_W_ERRORS_RETURNED`
    ErrorsReturned,
    /// `MAPI_E_NO_ACCESS`
    NoAccess,
    /// `MAPI_E_NO_SUPPORT`
    NoSupport,
    /// `MAPI_E_CALL_FAILED`
    CallFailed,
}

impl Code {
    /// Every code.
    pub const ALL: [Self; 15] = [
        Self::Ok,
        Self::NotInitialized,
        Self::InvalidParameter,
        Self::UnknownFlags,
        Self::InvalidObject,
        Self::Timeout,
        Self::UserCancel,
        Self::LogonFailed,
        Self::Busy,
        Self::NotFound,
        Self::UnknownEntryid,
        Self::ErrorsReturned,
        Self::NoAccess,
        Self::NoSupport,
        Self::CallFailed,
    ];

    /// Its name in MAPI's headers.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ok => "S_OK",
            Self::NotInitialized => "MAPI_E_NOT_INITIALIZED",
            Self::InvalidParameter => "MAPI_E_INVALID_PARAMETER",
            Self::UnknownFlags => "MAPI_E_UNKNOWN_FLAGS",
            Self::InvalidObject => "MAPI_E_INVALID_OBJECT",
            Self::Timeout => "MAPI_E_TIMEOUT",
            Self::UserCancel => "MAPI_E_USER_CANCEL",
            Self::LogonFailed => "MAPI_E_LOGON_FAILED",
            Self::Busy => "MAPI_E_BUSY",
            Self::NotFound => "MAPI_E_NOT_FOUND",
            Self::UnknownEntryid => "MAPI_E_UNKNOWN_ENTRYID",
            Self::ErrorsReturned => "MAPI_W_ERRORS_RETURNED",
            Self::NoAccess => "MAPI_E_NO_ACCESS",
            Self::NoSupport => "MAPI_E_NO_SUPPORT",
            Self::CallFailed => "MAPI_E_CALL_FAILED",
        }
    }

    /// Whether the call succeeded, be it with a warning (ERR-01).
    pub const fn is_success(self) -> bool {
        match self {
            Self::Ok | Self::ErrorsReturned => true,
            Self::NotInitialized
            | Self::InvalidParameter
            | Self::UnknownFlags
            | Self::InvalidObject
            | Self::Timeout
            | Self::UserCancel
            | Self::LogonFailed
            | Self::Busy
            | Self::NotFound
            | Self::UnknownEntryid
            | Self::NoAccess
            | Self::NoSupport
            | Self::CallFailed => false,
        }
    }
}

/// One thing that the world sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Observation {
    /// A call returns.
    Answer {
        /// Whose call.
        client: Client,
        /// Which, if it had to wait; else it is the call that this step is about.
        call: Option<Name>,
        /// What it returns.
        code: Code,
        /// What a successful logon is told.
        logon: Option<LoggedOn>,
    },
    /// The clock is asked to say when the few seconds of `MAPI_TIMEOUT_SHORT` are over.
    StartTimer {
        /// For this logon.
        call: Name,
    },
    /// The profile store is asked for the profile that the call names, or for the default.
    LookUp {
        /// For this logon.
        call: Name,
    },
    /// The profile chooser opens.
    AskProfile {
        /// For this logon.
        call: Name,
    },
    /// The profile store is asked whether the password supplied is right.
    CheckPassword {
        /// For this logon.
        call: Name,
        /// The profile.
        profile: Profile,
    },
    /// The password prompt opens.
    AskPassword {
        /// For this logon.
        call: Name,
        /// The profile.
        profile: Profile,
    },
    /// The user is asked whether to log off.
    AskLogoff {
        /// For this logoff.
        call: Name,
        /// The handle.
        handle: Name,
    },
    /// A prompt closes unanswered.
    WithdrawPrompt {
        /// The call it was shown for.
        call: Name,
    },
    /// The profile store is asked which services the profile has.
    ReadServices {
        /// For this logon.
        call: Name,
        /// The profile.
        profile: Profile,
    },
    /// A provider is told to log on.
    LogOnProvider {
        /// On behalf of this call.
        call: Name,
        /// The session.
        session: Name,
        /// The provider.
        provider: Provider,
        /// The first or the second attempt of the series.
        attempt: SeriesStage,
        /// Whether it may show dialogs (no `NO_DIALOG` bit).
        dialogs: Permission,
    },
    /// An attempt has died with the client that made it; nothing of it is awaited any more.
    DropAttempt {
        /// The session.
        session: Name,
        /// The provider.
        provider: Provider,
    },
    /// The entry function of a service is called with `MSG_SERVICE_CONFIGURE`.
    CallEntry {
        /// On behalf of this call.
        call: Name,
        /// The session.
        session: Name,
        /// Why.
        entry: Entry,
        /// Which dialogs it may show.
        dialogs: EntryDialogs,
    },
    /// The user is told that a provider failed, and asked whether to try again.
    AskRetry {
        /// On behalf of this call.
        call: Name,
        /// The session.
        session: Name,
        /// The provider.
        provider: Provider,
        /// Whether the user may correct what is wrong: the service has an entry function.
        correction: Permission,
    },
    /// A service is disabled for the rest of the session.
    ReportDisabled {
        /// The session.
        session: Name,
        /// The service.
        service: Service,
        /// The provider after whose failure.
        after: Provider,
    },
    /// A provider is told to log off.
    LogOffProvider {
        /// The session.
        session: Name,
        /// The provider.
        provider: Provider,
    },
    /// A provider is told to shut down.
    ShutDownProvider {
        /// The session.
        session: Name,
        /// The provider.
        provider: Provider,
    },
    /// Nothing runs for the session any more; what is kept for it is to be cleared away.
    CloseSession {
        /// The session.
        session: Name,
    },
    /// A provider is called on behalf of a client.
    UseProvider {
        /// The session.
        session: Name,
        /// The provider.
        provider: Provider,
    },
    /// A transport is told to log on, for the spooler and without dialogs (ORD-05, UIX-08).
    LogOnTransport {
        /// The session.
        session: Name,
        /// The transport.
        provider: Provider,
        /// The first or the second attempt of the series.
        attempt: SeriesStage,
    },
    /// The entry function of a transport's service is called with `MSG_SERVICE_CONFIGURE`, for the
    /// spooler and without dialogs.
    ConfigureTransport {
        /// The session.
        session: Name,
        /// The transport.
        provider: Provider,
    },
    /// The spooler is told of the session.
    AttachSpooler {
        /// The session.
        session: Name,
    },
    /// The spooler is told that nobody in the session wants mail any more.
    DetachSpooler {
        /// The session.
        session: Name,
    },
    /// A notification is queued for a handle.
    QueueNotification {
        /// The handle.
        handle: Name,
        /// The notification.
        notification: Notification,
    },
    /// A notification that was queued is handed over.
    HandNotification {
        /// The handle.
        handle: Name,
        /// The notification.
        notification: Notification,
    },
    /// A provider is asked whether it agrees to a fast shutdown (FSD-02).
    AskFastShutdown {
        /// On behalf of this call.
        call: Name,
        /// The session.
        session: Name,
        /// The provider.
        provider: Provider,
    },
    /// A provider is told that the process of a client is about to end; nobody waits for it.
    NotifyFastShutdown {
        /// The session.
        session: Name,
        /// The provider.
        provider: Provider,
    },
    /// A provider is told that its session ends at once, without logoff (FSD-09).
    DoFastShutdown {
        /// The session.
        session: Name,
        /// The provider.
        provider: Provider,
    },
    /// A session has ended at once, with whatever its providers were at (FSD-09).
    EndSession {
        /// The session.
        session: Name,
    },
    /// A profile is made, without services.
    CreateProfile {
        /// The new profile.
        profile: Profile,
    },
    /// A profile is made that has what another one has.
    CopyProfile {
        /// The other one.
        source: Profile,
        /// The new profile.
        profile: Profile,
    },
    /// A profile is removed, which nobody uses.
    RemoveProfile {
        /// The profile.
        profile: Profile,
    },
    /// A profile is marked, to be removed when nobody uses it any more.
    MarkProfile {
        /// The profile.
        profile: Profile,
    },
    /// A profile has another name.
    RenameProfile {
        /// The profile.
        profile: Profile,
    },
    /// A profile is to have another name when nobody uses it any more.
    DeferRename {
        /// The profile.
        profile: Profile,
    },
    /// A profile is to keep its name, whatever was asked for before.
    TakeBackRename {
        /// The profile.
        profile: Profile,
    },
    /// Another profile is the default, or none.
    SetDefaultProfile {
        /// The profile.
        profile: Option<Profile>,
    },
    /// Nobody uses a profile any more: what was put off is to be done now.
    SettleProfile {
        /// The profile.
        profile: Profile,
    },
    /// A profile has one service more, for sessions to come.
    AddService {
        /// The profile.
        profile: Profile,
        /// The service.
        service: Service,
    },
    /// A profile has one service less, for sessions to come.
    DeleteService {
        /// The profile.
        profile: Profile,
        /// The service.
        service: Service,
    },
}

/// What a successful logon tells its caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LoggedOn {
    /// The session it is in now; its handle is named as the call.
    pub session: Name,
    /// The profile of that session.
    pub profile: Option<Profile>,
}

/// Which dialogs an entry function may show (UIX-07, UIX-08).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EntryDialogs {
    /// `SERVICE_UI_ALLOWED`: what it needs.
    pub allowed: Permission,
    /// `SERVICE_UI_ALWAYS`: its configuration, whatever it needs.
    pub always: Permission,
}

/// Whether something is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Permission {
    /// It is.
    Granted,
    /// It is not.
    Denied,
}

impl From<bool> for Permission {
    fn from(granted: bool) -> Self {
        match granted {
            true => Self::Granted,
            false => Self::Denied,
        }
    }
}

/// What the world sees of one step, in order.
///
/// The most is seen when a client with three sessions of seven providers each goes by a fast
/// shutdown, from inside the prompts of four calls.
pub type Observations = List<Observation, 36>;

impl Observations {
    /// The answers among them.
    pub fn answers(&self) -> impl Iterator<Item = (Client, Option<Name>, Code, Option<LoggedOn>)> {
        self.iter().filter_map(|it| match *it {
            Observation::Answer { client, call, code, logon } => Some((client, call, code, logon)),
            Observation::StartTimer { .. }
            | Observation::LookUp { .. }
            | Observation::AskProfile { .. }
            | Observation::CheckPassword { .. }
            | Observation::AskPassword { .. }
            | Observation::AskLogoff { .. }
            | Observation::WithdrawPrompt { .. }
            | Observation::ReadServices { .. }
            | Observation::LogOnProvider { .. }
            | Observation::DropAttempt { .. }
            | Observation::CallEntry { .. }
            | Observation::AskRetry { .. }
            | Observation::ReportDisabled { .. }
            | Observation::LogOffProvider { .. }
            | Observation::ShutDownProvider { .. }
            | Observation::CloseSession { .. }
            | Observation::UseProvider { .. }
            | Observation::LogOnTransport { .. }
            | Observation::ConfigureTransport { .. }
            | Observation::AttachSpooler { .. }
            | Observation::DetachSpooler { .. }
            | Observation::QueueNotification { .. }
            | Observation::HandNotification { .. }
            | Observation::AskFastShutdown { .. }
            | Observation::NotifyFastShutdown { .. }
            | Observation::DoFastShutdown { .. }
            | Observation::EndSession { .. }
            | Observation::CreateProfile { .. }
            | Observation::CopyProfile { .. }
            | Observation::RemoveProfile { .. }
            | Observation::MarkProfile { .. }
            | Observation::RenameProfile { .. }
            | Observation::DeferRename { .. }
            | Observation::TakeBackRename { .. }
            | Observation::SetDefaultProfile { .. }
            | Observation::SettleProfile { .. }
            | Observation::AddService { .. }
            | Observation::DeleteService { .. } => None,
        })
    }
}
