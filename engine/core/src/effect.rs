//! What to do: orders to the outside, and answers to callers.

use alloc::vec::Vec;

use crate::code::MapiCode;
use crate::error::{
    AdviseError, InitError, LogoffError, LogonError, OpenError, ReleaseError, SetDefaultStoreError,
    StoreLogoffError, UnadviseError, UseError,
};
use crate::id::{CallId, HandleId, ProfileKey, ProviderId, ServiceId, SessionId};
use crate::name::ProfileName;
use crate::request::{AppProfiles, Prompts, ServiceUi};
use crate::rule::Rule;

/// One step: the rule that fired, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[must_use = "effects not carried out are lost"]
pub struct Step {
    /// Why.
    pub rule: Rule,
    /// What to do, in order.
    pub effects: Vec<Effect>,
}

impl Step {
    pub(crate) fn new<const N: usize>(rule: Rule, effects: [Effect; N]) -> Self {
        Self { rule, effects: Vec::from(effects) }
    }

    pub(crate) const fn quiet(rule: Rule) -> Self {
        Self { rule, effects: Vec::new() }
    }
}

/// An order to the outside. Each says which event answers it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Effect {
    /// Let others have a turn, then send [`Continued`](crate::Event::Continued).
    Continue {
        /// The call.
        call: CallId,
    },
    /// Send [`ShortWaitEnded`](crate::Event::ShortWaitEnded) a few seconds from now (`MTX-02`).
    StartTimer {
        /// The call.
        call: CallId,
    },
    /// Ask the profile store: [`ProfileLookedUp`](crate::Event::ProfileLookedUp).
    LookUpProfile {
        /// The call.
        call: CallId,
        /// What to look for.
        by: LookUp,
    },
    /// Show the chooser, its name field empty (`PRF-06`):
    /// [`ProfileChosen`](crate::Event::ProfileChosen).
    AskForProfile {
        /// The call.
        call: CallId,
        /// What the chooser lists.
        app_profiles: AppProfiles,
    },
    /// Compare passwords: [`PasswordChecked`](crate::Event::PasswordChecked).
    CheckPassword {
        /// The call.
        call: CallId,
        /// The profile that carries the right one.
        profile: ProfileKey,
        /// Where the one to check came from.
        source: PasswordSource,
    },
    /// Show the prompt for a password and check what is typed:
    /// [`PasswordEntered`](crate::Event::PasswordEntered).
    AskForPassword {
        /// The call.
        call: CallId,
        /// The profile that carries the right one.
        profile: ProfileKey,
    },
    /// Ask the user whether to log off: [`LogoffAnswered`](crate::Event::LogoffAnswered).
    ConfirmLogoff {
        /// The call.
        call: CallId,
        /// The handle to be logged off.
        handle: HandleId,
    },
    /// Take down what was shown for this call; nobody waits for its answer any more.
    WithdrawPrompt {
        /// The call.
        call: CallId,
    },
    /// Ask the profile store for the services of a profile:
    /// [`ServicesRead`](crate::Event::ServicesRead).
    ReadServices {
        /// The call.
        call: CallId,
        /// The profile.
        profile: ProfileKey,
    },
    /// Have a provider log on for a logon or an open call:
    /// [`ProviderAnswered`](crate::Event::ProviderAnswered).
    ///
    /// Of one provider of one session at most one attempt is out.
    LogOnProvider {
        /// The call on whose behalf it logs on.
        call: CallId,
        /// The session.
        session: SessionId,
        /// The provider.
        provider: ProviderId,
        /// Whether it has been tried before in this series.
        attempt: Attempt,
        /// What it may show (`UIX-06`).
        dialogs: Prompts,
    },
    /// Have a transport log on for the spooler, without any dialog (`ORD-05`):
    /// [`ProviderAnswered`](crate::Event::ProviderAnswered).
    LogOnTransport {
        /// The session.
        session: SessionId,
        /// The transport.
        provider: ProviderId,
        /// Whether it has been tried before in this series.
        attempt: Attempt,
    },
    /// Call the entry function of a transport's service to configure it for the spooler, because
    /// the transport could not log on; without any dialog:
    /// [`TransportConfigured`](crate::Event::TransportConfigured).
    ConfigureTransport {
        /// The session.
        session: SessionId,
        /// The transport.
        provider: ProviderId,
    },
    /// The spooler serves the session from now on; nobody need answer this (`NML-04`).
    AttachSpooler {
        /// The session.
        session: SessionId,
    },
    /// The spooler no longer serves the session; nobody need answer this (`NML-04`).
    DetachSpooler {
        /// The session.
        session: SessionId,
    },
    /// Keep a notification for the sinks of a handle; when they are ready for it, send
    /// [`NotificationDue`](crate::Event::NotificationDue).
    QueueNotification {
        /// The handle.
        handle: HandleId,
        /// Which.
        notification: Notification,
    },
    /// Hand a queued notification to the sinks of a handle; nobody need answer this.
    HandNotification {
        /// The handle.
        handle: HandleId,
        /// Which.
        notification: Notification,
    },
    /// Forget the attempt that is out: it died with the client on whose behalf it was made.
    DropAttempt {
        /// The session.
        session: SessionId,
        /// The provider.
        provider: ProviderId,
    },
    /// Call the entry function of a service to configure it:
    /// [`EntryReturned`](crate::Event::EntryReturned).
    CallEntry {
        /// The call on whose behalf it is called.
        call: CallId,
        /// The session.
        session: SessionId,
        /// Which service, and why.
        entry: Entry,
        /// What it may show (`UIX-07`).
        dialogs: EntryDialogs,
    },
    /// Tell the user that a provider failed, and ask whether to try again:
    /// [`RetryAnswered`](crate::Event::RetryAnswered).
    AskRetry {
        /// The call on whose behalf it is asked.
        call: CallId,
        /// The session.
        session: SessionId,
        /// The provider.
        provider: ProviderId,
        /// Whether the user may choose to configure the service first.
        correction: Correction,
    },
    /// A service is disabled for the rest of the session; nobody need answer this.
    ReportDisabled {
        /// The session.
        session: SessionId,
        /// The service.
        service: ServiceId,
        /// The provider whose failure it was.
        after: ProviderId,
    },
    /// Have a provider log off: [`ProviderLoggedOff`](crate::Event::ProviderLoggedOff).
    LogOffProvider {
        /// The session.
        session: SessionId,
        /// The provider.
        provider: ProviderId,
    },
    /// Shut a provider down: [`ProviderShutDown`](crate::Event::ProviderShutDown).
    ShutDownProvider {
        /// The session.
        session: SessionId,
        /// The provider.
        provider: ProviderId,
    },
    /// Give back what is left of a session: [`SessionClosed`](crate::Event::SessionClosed).
    CloseSession {
        /// The session.
        session: SessionId,
    },
    /// Hand what the client asks for to a provider; nobody need answer this.
    UseProvider {
        /// The session.
        session: SessionId,
        /// The provider.
        provider: ProviderId,
    },
    /// Return from the call.
    Answer {
        /// The call.
        call: CallId,
        /// What it returns.
        answer: Answer,
    },
}

/// What the sinks of a handle hear of its session (`NTF-01`, D-15).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Notification {
    /// `fnevCriticalError`: somebody asks everyone to log off (`NTF-02`).
    CriticalError,
    /// `fnevExtended`: another handle is gone (`NTF-03`).
    Extended,
    /// `fnevTableModified`: the default store has changed (`DST-06`).
    TableModified,
}

/// What the profile store is to look for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum LookUp {
    /// The live profile that bears this name.
    Name(ProfileName),
    /// The default profile.
    Default,
}

/// Where a password came from; the shell keeps it until the logon is answered (`CAN-05`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PasswordSource {
    /// It came with the call.
    Call,
    /// The user typed it into the chooser.
    Chooser,
}

/// Which of the two attempts that a series has (`FLR-07`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Attempt {
    /// The first.
    First,
    /// The second, and last.
    Second,
}

/// An entry call: which service is to configure itself, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Entry {
    /// This one, because the logon wants each to show itself before it logs on (`UIX-04`).
    Show(ServiceId),
    /// The service of this provider, because the provider could not log on: the call says so with
    /// `SERVICE_LOGON_FAILED` (`SVC-11`).
    Repair(ProviderId),
}

/// What an entry function may show (`UIX-07`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EntryDialogs {
    /// Whether it may show what it must.
    pub allowed: Prompts,
    /// Whether it shows itself in any case.
    pub always: ServiceUi,
}

/// Whether the user can have a service configured when one of its providers failed (`FLR-19`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Correction {
    /// The service has an entry function.
    Possible,
    /// It has none.
    Impossible,
}

/// What a call returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Answer {
    /// From `MAPIInitialize`.
    Initialized(Result<(), InitError>),
    /// From `MAPIUninitialize`, which has nothing to say.
    Uninitialized,
    /// From `MAPILogonEx`.
    LoggedOn(Result<Logon, LogonError>),
    /// From `IMAPISession::Logoff`.
    LoggedOff(Result<(), LogoffError>),
    /// From `IUnknown::Release`.
    Released(Result<(), ReleaseError>),
    /// From `IMAPISession::OpenMsgStore` and `IMAPISession::OpenAddressBook`.
    Opened(Result<Opened, OpenError>),
    /// To whoever wants to use an object.
    Used(Result<(), UseError>),
    /// From `IMsgStore::StoreLogoff`.
    StoreLoggedOff(Result<(), StoreLogoffError>),
    /// From `IMAPISession::SetDefaultStore`.
    DefaultStoreSet(Result<(), SetDefaultStoreError>),
    /// From `IMAPISession::Advise`.
    Advised(Result<(), AdviseError>),
    /// From `IMAPISession::Unadvise`.
    Unadvised(Result<(), UnadviseError>),
}

impl Answer {
    /// The code that a C caller gets.
    pub const fn code(&self) -> MapiCode {
        match self {
            Self::Initialized(Err(error)) => error.code(),
            Self::LoggedOn(Err(error)) => error.code(),
            Self::LoggedOff(Err(error)) => error.code(),
            Self::Released(Err(error)) => error.code(),
            Self::Opened(Err(error)) => error.code(),
            Self::Used(Err(error)) => error.code(),
            Self::StoreLoggedOff(Err(error)) => error.code(),
            Self::DefaultStoreSet(Err(error)) => error.code(),
            Self::Advised(Err(error)) => error.code(),
            Self::Unadvised(Err(error)) => error.code(),
            Self::Opened(Ok(Opened::PartOfAddressBook)) => MapiCode::MAPI_W_ERRORS_RETURNED,
            Self::Opened(Ok(Opened::Store | Opened::WholeAddressBook))
            | Self::Used(Ok(()))
            | Self::StoreLoggedOff(Ok(()))
            | Self::DefaultStoreSet(Ok(()))
            | Self::Advised(Ok(()))
            | Self::Unadvised(Ok(()))
            | Self::Initialized(Ok(()))
            | Self::Uninitialized
            | Self::LoggedOn(Ok(_))
            | Self::LoggedOff(Ok(()))
            | Self::Released(Ok(())) => MapiCode::S_OK,
        }
    }
}

/// A logon that succeeded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Logon {
    /// The caller's own handle (`SHR-13`).
    pub handle: HandleId,
    /// The session that the caller is now in.
    pub session: SessionId,
    /// The profile that the session uses, for life (`PRF-01`).
    pub profile: ProfileKey,
}

/// What an open call opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Opened {
    /// The store.
    Store,
    /// The address book, with all its providers.
    WholeAddressBook,
    /// The address book, which lacks a provider or more (`PLG-10`).
    PartOfAddressBook,
}
