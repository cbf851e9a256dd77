//! What callers ask for, parsed once.
//!
//! Each `parse` reads the arguments of one call and says what they mean, or why they mean nothing.
//! Past it no bit is tested. Start with [`LogonRequest`].

use crate::error::{InitError, LogoffError, LogonError, OpenError};
use crate::flags::{InitFlags, LogoffFlags, LogonFlags, OpenFlags};
use crate::id::ProviderId;
use crate::name::{NameError, ProfileName};

/// The arguments of `MAPIInitialize`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct InitRequest {
    /// What kind of program the client is.
    pub host: Host,
}

impl InitRequest {
    /// Reads the arguments of `MAPIInitialize`: the version first, then the flags.
    pub fn parse(version: u32, flags: u32) -> Result<Self, InitError> {
        if version != 0 {
            return Err(InitError::WrongVersion { version });
        }
        let Some(flags) = InitFlags::from_bits(flags) else {
            return Err(InitError::UnknownFlags { bits: flags & !InitFlags::all().bits() });
        };
        let service = flags.contains(InitFlags::NT_SERVICE);
        Ok(Self { host: if service { Host::WindowsService } else { Host::Application } })
    }
}

/// The arguments of `MAPILogonEx`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LogonRequest {
    /// How the session relates to the shared one.
    pub sharing: Sharing,
    /// Where the profile comes from.
    pub profile: ProfileChoice,
    /// Whether a password came with the call.
    pub password: Password,
    /// Which dialogs the logon may show.
    pub dialogs: LogonDialogs,
    /// When services show their configuration.
    pub service_ui: ServiceUi,
    /// Whether the handle takes part in mail delivery.
    pub mail: Mail,
    /// What kind of program calls.
    pub host: Host,
    /// What the chooser lists.
    pub app_profiles: AppProfiles,
    /// How long the caller waits for other logons.
    pub wait: Wait,
}

impl LogonRequest {
    /// Reads the arguments of `MAPILogonEx`.
    ///
    /// An empty name is no name (`PRF-03`) and a given name wins over `MAPI_USE_DEFAULT`
    /// (`PRF-04`). Undefined flags are refused before two dialogs are (`UIX-02`); a malformed name
    /// is no refusal yet, for a logon that joins does not look at it (`SHR-02`).
    pub fn parse(name: Option<&str>, password: Password, flags: u32) -> Result<Self, LogonError> {
        let Some(flags) = LogonFlags::from_bits(flags) else {
            return Err(LogonError::UnknownFlags { bits: flags & !LogonFlags::all().bits() });
        };
        let has = |flag| flags.contains(flag);
        let allow_others = has(LogonFlags::ALLOW_OTHERS);
        Ok(Self {
            sharing: if has(LogonFlags::NEW_SESSION) {
                Sharing::OpenNew { allow_others }
            } else {
                Sharing::JoinOrOpen { allow_others }
            },
            profile: match name.filter(|name| !name.is_empty()).map(ProfileName::parse) {
                Some(Ok(name)) => ProfileChoice::Named(name),
                Some(Err(error)) => ProfileChoice::Malformed(error),
                None if has(LogonFlags::USE_DEFAULT) => ProfileChoice::Default,
                None => ProfileChoice::Unnamed,
            },
            password,
            dialogs: match (has(LogonFlags::LOGON_UI), has(LogonFlags::PASSWORD_UI)) {
                (true, true) => return Err(LogonError::TwoDialogs),
                (true, false) => LogonDialogs::All,
                (false, true) => LogonDialogs::PasswordOnly,
                (false, false) => LogonDialogs::None,
            },
            service_ui: if has(LogonFlags::SERVICE_UI_ALWAYS) {
                ServiceUi::Always
            } else {
                ServiceUi::AsNeeded
            },
            mail: if has(LogonFlags::NO_MAIL) { Mail::NotWanted } else { Mail::Wanted },
            host: if has(LogonFlags::NT_SERVICE) {
                Host::WindowsService
            } else {
                Host::Application
            },
            app_profiles: if has(LogonFlags::APP_PROFILE) {
                AppProfiles::Listed
            } else {
                AppProfiles::Hidden
            },
            wait: if has(LogonFlags::TIMEOUT_SHORT) { Wait::Short } else { Wait::Unbounded },
        })
    }

    /// What is left of the request when a client of this kind makes it.
    ///
    /// A Windows service shows no dialog and keeps the spooler out, whichever of its initialisation
    /// and its logon said that it is one (`INI-06`, `UIX-09`, `NML-05`).
    pub(crate) fn made_by(self, client: Host) -> Self {
        match (client, self.host) {
            (Host::Application, Host::Application) => self,
            (Host::WindowsService, _) | (_, Host::WindowsService) => Self {
                dialogs: LogonDialogs::None,
                service_ui: ServiceUi::AsNeeded,
                mail: Mail::NotWanted,
                host: Host::WindowsService,
                ..self
            },
        }
    }
}

/// The arguments of `IMAPISession::Logoff`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LogoffRequest {
    /// Whether the user is asked first.
    pub confirmation: Confirmation,
    /// Who is to log off.
    pub scope: LogoffScope,
}

impl LogoffRequest {
    /// Reads the flags of `IMAPISession::Logoff`.
    pub fn parse(flags: u32) -> Result<Self, LogoffError> {
        let Some(flags) = LogoffFlags::from_bits(flags) else {
            return Err(LogoffError::UnknownFlags { bits: flags & !LogoffFlags::all().bits() });
        };
        let has = |flag| flags.contains(flag);
        Ok(Self {
            confirmation: if has(LogoffFlags::UI) { Confirmation::Ask } else { Confirmation::Skip },
            scope: if has(LogoffFlags::SHARED) { LogoffScope::Shared } else { LogoffScope::Own },
        })
    }
}

/// The arguments of `IMAPISession::OpenMsgStore` and `IMAPISession::OpenAddressBook`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OpenRequest {
    /// What is to be opened.
    pub target: OpenTarget,
    /// Whether providers, services and the question whether to try again may show themselves.
    pub dialogs: Prompts,
}

impl OpenRequest {
    /// Reads the flags of an open call; all but one are for stores only.
    pub fn parse(target: OpenTarget, flags: u32) -> Result<Self, OpenError> {
        let defined = match target {
            OpenTarget::Store(_) => OpenFlags::all(),
            OpenTarget::AddressBook => OpenFlags::NO_DIALOG,
        };
        let undefined = flags & !defined.bits();
        if undefined != 0 {
            return Err(OpenError::UnknownFlags { bits: undefined });
        }
        let silent = flags & OpenFlags::NO_DIALOG.bits() != 0;
        Ok(Self { target, dialogs: if silent { Prompts::Forbidden } else { Prompts::Allowed } })
    }
}

/// What an open call opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OpenTarget {
    /// One message store.
    Store(ProviderId),
    /// The address book: all address book providers as one.
    AddressBook,
}

/// Whether providers, services and the question whether to try again may show themselves
/// (`UIX-08`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Prompts {
    /// They are told to show nothing.
    Forbidden,
    /// They may ask for what they lack.
    Allowed,
}

/// How a new session relates to the shared one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sharing {
    /// Join the shared session if there is one, else open one (`SHR-01`, `SHR-05`).
    JoinOrOpen {
        /// Whether later logons may join what this one opens (`SHR-04`).
        allow_others: bool,
    },
    /// Open a session, whatever could be joined (`SHR-01`, `SHR-06`).
    OpenNew {
        /// Whether later logons may join what this one opens (`SHR-04`).
        allow_others: bool,
    },
}

impl Sharing {
    /// Whether later logons may join what this one opens.
    pub const fn allows_others(self) -> bool {
        match self {
            Self::JoinOrOpen { allow_others } | Self::OpenNew { allow_others } => allow_others,
        }
    }
}

/// Where the profile of a new session comes from (`PRF-02`, `PRF-04`).
///
/// A caller selects by name or asks for the default; nothing else of a profile counts (`PRF-12`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ProfileChoice {
    /// From the name that the caller gave.
    Named(ProfileName),
    /// From nowhere: the caller gave a name that no profile can bear (`PRF-15`).
    Malformed(NameError),
    /// From the user's default, as the caller asked (`PRF-07`).
    Default,
    /// From the user, if a dialog is permitted (`PRF-05`).
    Unnamed,
}

/// Whether there is a password; an empty one is none. The secret never comes here (`CAN-05`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Password {
    /// None, or an empty one.
    NotGiven,
    /// One with at least a character.
    Given,
}

/// Which dialogs a logon may show; the two kinds exclude each other (`UIX-01`, `UIX-02`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LogonDialogs {
    /// No dialog.
    None,
    /// `MAPI_LOGON_UI`: the chooser, and those of services and providers.
    All,
    /// `MAPI_PASSWORD_UI`: the prompt for the profile's password alone (`UIX-03`, `UIX-08`).
    PasswordOnly,
}

/// When services show their configuration during a logon (`UIX-08`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ServiceUi {
    /// When data are missing, if dialogs are allowed at all.
    AsNeeded,
    /// Each service, before it logs on.
    Always,
}

/// Whether a handle takes part in mail delivery; it says nothing of its session (`SHR-11`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mail {
    /// The spooler serves it.
    Wanted,
    /// The spooler is kept out.
    NotWanted,
}

/// What kind of program a client is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Host {
    /// A program with a user in front of it.
    Application,
    /// A Windows service: it never shows a dialog (`UIX-09`).
    WindowsService,
}

/// Whether the chooser lists app profiles (`PRF-10`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AppProfiles {
    /// They cannot be picked.
    Hidden,
    /// They can be picked like any other.
    Listed,
}

/// How long a logon waits for those that came earlier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Wait {
    /// As long as it takes, or until a deadline of the caller's own (`MTX-03`).
    Unbounded,
    /// A few seconds (`MTX-02`).
    Short,
}

/// Whether a logoff asks the user first (`LGF-09`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Confirmation {
    /// Ask; a Windows service is not asked and counts as having confirmed (`LGF-10`).
    Ask,
    /// Do not ask.
    Skip,
}

/// Who is to log off (`LGF-04`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LogoffScope {
    /// The caller.
    Own,
    /// The caller, and it asks everyone on a shared session to do the same; nobody has to.
    Shared,
}
