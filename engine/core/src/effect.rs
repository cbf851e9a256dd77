//! What to do: orders to the outside, and answers to callers.

use alloc::vec::Vec;

use crate::code::MapiCode;
use crate::error::{InitError, LogoffError, LogonError, ReleaseError};
use crate::id::{CallId, HandleId, ProfileKey, SessionId};
use crate::name::ProfileName;
use crate::request::{AppProfiles, ServiceUi};
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
    /// Start a session's providers: [`ProvidersStarted`](crate::Event::ProvidersStarted).
    StartProviders {
        /// The session.
        session: SessionId,
        /// The profile that says which they are.
        profile: ProfileKey,
        /// What they may show.
        dialogs: ProviderDialogs,
    },
    /// Stop a session's providers: [`ProvidersStopped`](crate::Event::ProvidersStopped).
    StopProviders {
        /// The session.
        session: SessionId,
    },
    /// Return from the call.
    Answer {
        /// The call.
        call: CallId,
        /// What it returns.
        answer: Answer,
    },
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

/// What the providers and services of a session may show while it is built (`UIX-08`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ProviderDialogs {
    /// Whether a provider may prompt at all.
    pub prompts: ProviderPrompts,
    /// When services show their configuration.
    pub service_ui: ServiceUi,
}

/// Whether providers may prompt while a session is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ProviderPrompts {
    /// They are told to show nothing.
    Forbidden,
    /// They may ask for what they lack.
    Allowed,
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
}

impl Answer {
    /// The code that a C caller gets.
    pub const fn code(&self) -> MapiCode {
        match self {
            Self::Initialized(Err(error)) => error.code(),
            Self::LoggedOn(Err(error)) => error.code(),
            Self::LoggedOff(Err(error)) => error.code(),
            Self::Released(Err(error)) => error.code(),
            Self::Initialized(Ok(()))
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
