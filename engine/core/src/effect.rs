//! What to do: orders to the outside, and what callers are told.

use alloc::vec::Vec;

use crate::answer::Answer;
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

    /// The same step, which has another effect first, if there is one.
    pub(crate) fn preceded_by(mut self, effect: Option<Effect>) -> Self {
        self.effects.splice(0..0, effect);
        self
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
    /// Ask a provider whether it can bear a fast shutdown of a client (`FSD-02`):
    /// [`Voted`](crate::Event::Voted).
    AskFastShutdown {
        /// The call on whose behalf it is asked.
        call: CallId,
        /// The session.
        session: SessionId,
        /// The provider.
        provider: ProviderId,
    },
    /// Tell a provider that a client is about to shut down fast; nobody need answer this.
    NotifyFastShutdown {
        /// The session.
        session: SessionId,
        /// The provider.
        provider: ProviderId,
    },
    /// Tell a provider that its session is about to end fast: it is not logged off (`FSD-09`);
    /// nobody need answer this.
    DoFastShutdown {
        /// The session.
        session: SessionId,
        /// The provider.
        provider: ProviderId,
    },
    /// Forget a session that a fast shutdown has ended, with whatever its providers are at
    /// (`FSD-09`); nobody need answer this.
    EndSession {
        /// The session.
        session: SessionId,
    },
    /// Make a new profile, as the call has it (`ADM-01`); nobody need answer this, nor the other
    /// edits.
    CreateProfile {
        /// The call.
        call: CallId,
    },
    /// Make a copy of a profile, as the call has it: without a pending rename (`ADM-02`).
    CopyProfile {
        /// The call.
        call: CallId,
        /// The profile that is copied.
        source: ProfileKey,
    },
    /// Take a profile away, and the default mark if it bears it (`ADM-12`, `ADM-16`).
    RemoveProfile {
        /// The profile.
        profile: ProfileKey,
    },
    /// Hide a profile until its last session has ended (`ADM-10`, `ADM-11`): it loses the default
    /// mark, and a rename that is pending is forgotten.
    MarkProfile {
        /// The profile.
        profile: ProfileKey,
    },
    /// Give a profile the name that the call has for it (`ADM-14`).
    RenameProfile {
        /// The call.
        call: CallId,
        /// The profile.
        profile: ProfileKey,
    },
    /// Reserve the name that the call has for a profile, until its last session has ended; it
    /// replaces one that is pending (`ADM-14`).
    DeferRename {
        /// The call.
        call: CallId,
        /// The profile.
        profile: ProfileKey,
    },
    /// Forget the rename of a profile that is pending, if one is (`ADM-14`).
    TakeBackRename {
        /// The profile.
        profile: ProfileKey,
    },
    /// Move the default mark (`ADM-15`).
    SetDefaultProfile {
        /// Where to; `None` if no profile is to be the default.
        profile: Option<ProfileKey>,
    },
    /// Carry out what waited for the last session of a profile to end: it goes if it is marked,
    /// and else takes the name that is pending, if one is (`ADM-10`, `ADM-14`).
    SettleProfile {
        /// The profile.
        profile: ProfileKey,
    },
    /// Add a service to a profile, as the call has it (`ADM-19`).
    AddService {
        /// The call.
        call: CallId,
        /// The profile.
        profile: ProfileKey,
    },
    /// Take a service out of a profile, as the call has it (`ADM-19`).
    DeleteService {
        /// The call.
        call: CallId,
        /// The profile.
        profile: ProfileKey,
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
