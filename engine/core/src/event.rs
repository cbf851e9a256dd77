//! What happened: calls of clients, and answers to orders.

use crate::administration::{AdminRequest, ServiceAdminRequest};
use crate::code::MapiCode;
use crate::effect::{Entry, Notification};
use crate::error::{AdminError, InitError, LogoffError, LogonError, OpenError};
use crate::id::{CallId, ClientId, HandleId, ProfileKey, ProviderId, SessionId};
use crate::request::{InitRequest, LogoffRequest, LogonRequest, OpenRequest, Password};
use crate::services::Services;
use crate::shutdown::{FastShutdown, Vote};

/// Something that happened outside.
///
/// Any event may come at any time: one that nobody waits for changes nothing (`CAN-03`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Event {
    /// A client called `MAPIInitialize`.
    InitializeCalled {
        /// The call to answer.
        call: CallId,
        /// The caller.
        client: ClientId,
        /// What it asks for, or why that makes no sense.
        request: Result<InitRequest, InitError>,
    },
    /// A client called `MAPIUninitialize`.
    UninitializeCalled {
        /// The call to answer.
        call: CallId,
        /// The caller.
        client: ClientId,
    },
    /// A client called `MAPILogonEx`.
    LogonCalled {
        /// The call to answer; it names the handle, and the session if one is built.
        call: CallId,
        /// The caller.
        client: ClientId,
        /// The call from whose provider call or prompt this one was made, if any (`MTX-07`).
        inside: Option<CallId>,
        /// What it asks for, or why that makes no sense.
        request: Result<LogonRequest, LogonError>,
    },
    /// A client called `IMAPISession::Logoff`.
    LogoffCalled {
        /// The call to answer.
        call: CallId,
        /// The caller.
        client: ClientId,
        /// The handle it called on.
        handle: HandleId,
        /// What it asks for, or why that makes no sense.
        request: Result<LogoffRequest, LogoffError>,
    },
    /// A client released a handle.
    ReleaseCalled {
        /// The call to answer.
        call: CallId,
        /// The caller.
        client: ClientId,
        /// The handle it released.
        handle: HandleId,
    },
    /// A client is gone, without a word.
    ClientCrashed {
        /// The client.
        client: ClientId,
    },
    /// A caller gave up its call and wants no answer.
    CallWithdrawn {
        /// The call.
        call: CallId,
    },
    /// The deadline that a caller set has passed.
    DeadlinePassed {
        /// The call.
        call: CallId,
    },
    /// The time ordered by [`StartTimer`](crate::Effect::StartTimer) is over.
    ShortWaitEnded {
        /// The call.
        call: CallId,
    },
    /// It is time to go on, as [`Continue`](crate::Effect::Continue) ordered.
    Continued {
        /// The call.
        call: CallId,
    },
    /// The profile store answered [`LookUpProfile`](crate::Effect::LookUpProfile).
    ProfileLookedUp {
        /// The call.
        call: CallId,
        /// The live profile, if there is one; a marked one is not live (`ADM-11`).
        found: Option<Profile>,
    },
    /// The chooser closed, or could not open.
    ProfileChosen {
        /// The call.
        call: CallId,
        /// What came of it.
        answer: ChooserAnswer,
    },
    /// The profile store answered [`CheckPassword`](crate::Effect::CheckPassword).
    PasswordChecked {
        /// The call.
        call: CallId,
        /// What it says.
        verdict: Verdict,
    },
    /// The prompt for a password closed, or could not open.
    PasswordEntered {
        /// The call.
        call: CallId,
        /// What came of it.
        answer: PasswordAnswer,
    },
    /// The question whether to log off was answered, or could not be asked.
    LogoffAnswered {
        /// The call.
        call: CallId,
        /// What came of it.
        answer: LogoffAnswer,
    },
    /// A client called `IMAPISession::OpenMsgStore` or `IMAPISession::OpenAddressBook`.
    OpenCalled {
        /// The call to answer.
        call: CallId,
        /// The caller.
        client: ClientId,
        /// The handle it called on.
        handle: HandleId,
        /// The call from whose provider call, entry call or prompt this one was made, if any.
        inside: Option<CallId>,
        /// What it asks for, or why that makes no sense.
        request: Result<OpenRequest, OpenError>,
    },
    /// A client is about to use a provider through an object of its handle.
    UseCalled {
        /// The call to answer.
        call: CallId,
        /// The caller.
        client: ClientId,
        /// The handle whose object it uses.
        handle: HandleId,
        /// The store, or the address book provider that owns what is asked for.
        provider: ProviderId,
    },
    /// A client called `IMsgStore::StoreLogoff`, or released a store.
    StoreLogoffCalled {
        /// The call to answer.
        call: CallId,
        /// The caller.
        client: ClientId,
        /// The handle whose object the store is.
        handle: HandleId,
        /// The store.
        provider: ProviderId,
    },
    /// A client called `IMAPISession::SetDefaultStore`.
    SetDefaultStoreCalled {
        /// The call to answer.
        call: CallId,
        /// The caller.
        client: ClientId,
        /// The handle it called on.
        handle: HandleId,
        /// The store to be the default; `None` if there is to be none.
        store: Option<ProviderId>,
    },
    /// A client called `IMAPISession::Advise` for the notifications of its session.
    AdviseCalled {
        /// The call to answer.
        call: CallId,
        /// The caller.
        client: ClientId,
        /// The handle it called on.
        handle: HandleId,
    },
    /// A client called `IMAPISession::Unadvise`, and its handle has no other sink.
    UnadviseCalled {
        /// The call to answer.
        call: CallId,
        /// The caller.
        client: ClientId,
        /// The handle it called on.
        handle: HandleId,
    },
    /// The sinks of a handle are ready to take a notification that is queued for it.
    NotificationDue {
        /// The handle.
        handle: HandleId,
        /// Which.
        notification: Notification,
    },
    /// Something needs the transports of a session (`ORD-06`).
    SpoolerDemanded {
        /// The session.
        session: SessionId,
    },
    /// The entry function of a transport's service returned, with whatever code, to the spooler
    /// that [ordered it](crate::Effect::ConfigureTransport).
    TransportConfigured {
        /// The session.
        session: SessionId,
        /// The transport.
        provider: ProviderId,
    },
    /// A client called one of the calls of `IMAPIClientShutdown`.
    FastShutdownCalled {
        /// The call to answer.
        call: CallId,
        /// The caller.
        client: ClientId,
        /// The handle it called on.
        handle: HandleId,
        /// Which call it is.
        request: FastShutdown,
    },
    /// A provider answered [`AskFastShutdown`](crate::Effect::AskFastShutdown).
    Voted {
        /// The call.
        call: CallId,
        /// What it says.
        vote: Vote,
    },
    /// A client called `IProfAdmin` to edit profiles.
    AdminCalled {
        /// The call to answer.
        call: CallId,
        /// The caller.
        client: ClientId,
        /// What it asks for and how things stand, or why it makes no sense.
        request: Result<AdminRequest, AdminError>,
    },
    /// A client called `IMsgServiceAdmin` to edit the [profile](crate::Sessions::profile_of) of
    /// the session of one of its handles.
    ServiceAdminCalled {
        /// The call to answer.
        call: CallId,
        /// The caller.
        client: ClientId,
        /// The handle it called on.
        handle: HandleId,
        /// What it asks for, and how things stand.
        request: ServiceAdminRequest,
    },
    /// The profile store answered [`ReadServices`](crate::Effect::ReadServices).
    ServicesRead {
        /// The call.
        call: CallId,
        /// The services of the profile as they are now; `None` if it is gone or marked (`ADM-11`).
        services: Option<Services>,
    },
    /// An entry function returned, with whatever code: nothing depends on it (`FLR-07`).
    EntryReturned {
        /// The call on whose behalf it ran.
        call: CallId,
        /// Which one it was.
        entry: Entry,
    },
    /// The question whether to try again was answered, or could not be asked.
    RetryAnswered {
        /// The call on whose behalf it was asked.
        call: CallId,
        /// The provider that it was about.
        provider: ProviderId,
        /// What came of it.
        answer: RetryAnswer,
    },
    /// A provider answered [`LogOnProvider`](crate::Effect::LogOnProvider), or
    /// [`LogOnTransport`](crate::Effect::LogOnTransport).
    ProviderAnswered {
        /// The session.
        session: SessionId,
        /// The provider.
        provider: ProviderId,
        /// What came of it.
        result: ProviderResult,
    },
    /// A provider carried out [`LogOffProvider`](crate::Effect::LogOffProvider).
    ProviderLoggedOff {
        /// The session.
        session: SessionId,
        /// The provider.
        provider: ProviderId,
    },
    /// A provider carried out [`ShutDownProvider`](crate::Effect::ShutDownProvider).
    ProviderShutDown {
        /// The session.
        session: SessionId,
        /// The provider.
        provider: ProviderId,
    },
    /// What a session had is given back, as [`CloseSession`](crate::Effect::CloseSession) ordered.
    SessionClosed {
        /// The session.
        session: SessionId,
    },
}

impl Event {
    /// The call that begins with this event, if one does.
    pub(crate) const fn new_call(&self) -> Option<CallId> {
        match self {
            Self::InitializeCalled { call, .. }
            | Self::UninitializeCalled { call, .. }
            | Self::LogonCalled { call, .. }
            | Self::LogoffCalled { call, .. }
            | Self::ReleaseCalled { call, .. }
            | Self::OpenCalled { call, .. }
            | Self::UseCalled { call, .. }
            | Self::StoreLogoffCalled { call, .. }
            | Self::SetDefaultStoreCalled { call, .. }
            | Self::AdviseCalled { call, .. }
            | Self::UnadviseCalled { call, .. }
            | Self::FastShutdownCalled { call, .. }
            | Self::AdminCalled { call, .. }
            | Self::ServiceAdminCalled { call, .. } => Some(*call),
            Self::ClientCrashed { .. }
            | Self::CallWithdrawn { .. }
            | Self::DeadlinePassed { .. }
            | Self::ShortWaitEnded { .. }
            | Self::Continued { .. }
            | Self::ProfileLookedUp { .. }
            | Self::ProfileChosen { .. }
            | Self::PasswordChecked { .. }
            | Self::PasswordEntered { .. }
            | Self::LogoffAnswered { .. }
            | Self::Voted { .. }
            | Self::ServicesRead { .. }
            | Self::EntryReturned { .. }
            | Self::RetryAnswered { .. }
            | Self::ProviderAnswered { .. }
            | Self::ProviderLoggedOff { .. }
            | Self::ProviderShutDown { .. }
            | Self::SessionClosed { .. }
            | Self::NotificationDue { .. }
            | Self::SpoolerDemanded { .. }
            | Self::TransportConfigured { .. } => None,
        }
    }
}

/// What the profile store says of a profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Profile {
    /// Which one it is.
    pub key: ProfileKey,
    /// Whether it carries a password.
    pub protection: Protection,
    /// Whether every chooser shows it.
    pub visibility: Visibility,
}

/// Whether a profile carries a password (`CRD-04`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Protection {
    /// It carries none.
    Open,
    /// It carries one.
    Protected,
}

/// Who sees a profile in the chooser (`PRF-10`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Visibility {
    /// Everybody.
    Ordinary,
    /// Callers that pass `MAPI_APP_PROFILE`.
    App,
}

/// What a password is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// It is the profile's.
    Right,
    /// It is another.
    Wrong,
    /// There is no profile any more to compare it with.
    ProfileGone,
}

/// How the chooser ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChooserAnswer {
    /// The user picked a profile.
    Picked {
        /// The profile, if it is still live (`PRF-11`).
        profile: Option<Profile>,
        /// What the user typed beside it.
        password: ChosenPassword,
    },
    /// The user cancelled (`PRF-13`).
    Cancelled,
    /// No dialog could be shown (`CAN-04`).
    Unavailable,
}

/// What the user typed into the chooser's password field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChosenPassword {
    /// Nothing was typed: the call's password counts.
    Unchanged,
    /// This one replaces the call's, be it empty (`CRD-05`).
    Replaced(Password),
}

/// How the prompt for the profile's password ended. What was typed has been checked by then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PasswordAnswer {
    /// The user knew it.
    Right,
    /// The user did not.
    Wrong,
    /// The user cancelled.
    Cancelled,
    /// No dialog could be shown (`CAN-04`).
    Unavailable,
}

/// How the question whether to log off ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LogoffAnswer {
    /// The user wants to log off.
    Confirmed,
    /// The user does not.
    Declined,
    /// No dialog could be shown (`CAN-04`).
    Unavailable,
}

/// What came of a provider's attempt to log on, by what follows from it (`FLR-07`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ProviderResult {
    /// `S_OK`.
    LoggedOn,
    /// `MAPI_W_ERRORS_RETURNED`: it is logged on, with something to say about it (`FLR-11`).
    LoggedOnWithErrors,
    /// `MAPI_E_FAILONEPROVIDER`: its service can go on without it (`FLR-04`).
    FailOneProvider,
    /// `MAPI_E_UNCONFIGURED`: its service has to be configured (`FLR-05`).
    Unconfigured,
    /// `MAPI_E_VERSION`, or it could not be loaded: there is no use in a second attempt (`FLR-12`).
    WrongVersion,
    /// Any other error, a cancel included (`FLR-06`, `FLR-08`); the code makes no difference.
    Failed(MapiCode),
}

/// How the question whether to try again ended (`FLR-19`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RetryAnswer {
    /// The user wants a second attempt.
    Retry,
    /// The user wants to configure the service, and then a second attempt.
    Correct,
    /// The user gives up, or cancelled the question.
    GiveUp,
    /// No dialog could be shown (`CAN-04`).
    Unavailable,
}
