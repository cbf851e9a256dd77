//! A logon in the making: requests that contradict themselves cannot be written.
//!
//! [`LogonChoice`] says to what, [`LogonBuilder`] how. What the C function refuses, or takes in a
//! way that surprises, has no method here: a chooser for a profile that is named, dialogs of two
//! kinds, a password for a session that is joined unseen.

use std::marker::PhantomData;
use std::time::Duration;

use mapi_session_core::{
    AppProfiles, Host, LogonDialogs, LogonRequest, Mail, ProfileChoice, ProfileName, ServiceUi,
    Sharing, Wait,
};
use secrecy::SecretString;

use crate::call::Patience;
use crate::error::LogonError;
use crate::mapi::Mapi;
use crate::process::{Download, presence};
use crate::profiles::given;
use crate::session::Session;
use crate::withdrawal::Withdrawal;

/// A logon that does not know yet to what.
#[derive(Debug)]
#[must_use = "a logon is made by `call`"]
pub struct LogonChoice<'a> {
    mapi: &'a Mapi,
}

/// A logon that shows no dialog, unless one for the password is allowed.
#[derive(Debug)]
pub enum Quiet {}

/// A logon that may ask the user for what it lacks.
#[derive(Debug)]
pub enum Interactive {}

/// A logon that joins a shared session or fails.
#[derive(Debug)]
pub enum Joining {}

/// A logon to be specified; [`call`](Self::call) makes it.
///
/// Unless told otherwise it joins a shared session if there is one, whatever profile that uses
/// (`SHR-02`), and else opens one that nobody else can join.
///
/// Two kinds of dialog exclude each other (`UIX-02`):
///
/// ```compile_fail,E0599
/// # let mapi = mapi_session::Mapi::builder().build();
/// let _ = mapi.logon().ask_for_profile().ask_for_password().call();
/// ```
///
/// A logon that joins has no use for a password (`SHR-03`):
///
/// ```compile_fail,E0599
/// # let mapi = mapi_session::Mapi::builder().build();
/// let _ = mapi.logon().join_existing().password("tulip").call();
/// ```
#[derive(Debug)]
#[must_use = "a logon is made by `call`"]
pub struct LogonBuilder<'a, Manner> {
    mapi: &'a Mapi,
    request: LogonRequest,
    password: Option<SecretString>,
    ui_param: u64,
    download: Download,
    patience: Patience,
    manner: PhantomData<Manner>,
}

impl<'a> LogonChoice<'a> {
    pub(crate) fn new(mapi: &'a Mapi) -> Self {
        Self { mapi }
    }

    /// Takes the profile of this name.
    pub fn profile(self, name: &str) -> LogonBuilder<'a, Quiet> {
        self.to(match ProfileName::parse(name) {
            Ok(name) => ProfileChoice::Named(name),
            Err(error) => ProfileChoice::Malformed(error),
        })
    }

    /// Takes the default profile (`PRF-07`).
    #[doc(alias = "MAPI_USE_DEFAULT")]
    pub fn default_profile(self) -> LogonBuilder<'a, Quiet> {
        self.to(ProfileChoice::Default)
    }

    /// Lets the user pick a profile (`PRF-02`).
    #[doc(alias = "MAPI_LOGON_UI")]
    pub fn ask_for_profile(self) -> LogonBuilder<'a, Interactive> {
        self.to::<Quiet>(ProfileChoice::Unnamed).interactive()
    }

    /// Joins the shared session, or fails if there is none (`SHR-03`).
    pub fn join_existing(self) -> LogonBuilder<'a, Joining> {
        self.to(ProfileChoice::Unnamed)
    }

    fn to<Manner>(self, profile: ProfileChoice) -> LogonBuilder<'a, Manner> {
        LogonBuilder {
            request: LogonRequest {
                sharing: Sharing::JoinOrOpen { allow_others: false },
                profile,
                password: presence(None),
                dialogs: LogonDialogs::None,
                service_ui: ServiceUi::AsNeeded,
                mail: Mail::Wanted,
                host: Host::Application,
                app_profiles: AppProfiles::Hidden,
                wait: Wait::Unbounded,
            },
            password: None,
            ui_param: 0,
            download: Download::InTheBackground,
            patience: self.mapi.patience().clone(),
            mapi: self.mapi,
            manner: PhantomData,
        }
    }
}

/// What can be said of every logon.
impl<'a, Manner> LogonBuilder<'a, Manner> {
    /// Keeps the spooler out of this handle (`NML-01`).
    #[doc(alias = "MAPI_NO_MAIL")]
    pub fn no_mail(mut self) -> Self {
        self.request.mail = Mail::NotWanted;
        self
    }

    /// Has the spooler start the transports as soon as the logon has succeeded, without waiting for
    /// them (`NML-07`). Without mail nothing happens.
    #[doc(alias = "MAPI_FORCE_DOWNLOAD")]
    pub fn force_download(mut self) -> Self {
        self.download = Download::AtOnce;
        self
    }

    /// Waits at most that long for logons that came earlier.
    pub fn timeout(mut self, wait: Duration) -> Self {
        self.patience.turn = Some(wait);
        self
    }

    /// Waits a few seconds for logons that came earlier; the environment says how many (`MTX-02`).
    #[doc(alias = "MAPI_TIMEOUT_SHORT")]
    pub fn timeout_short(mut self) -> Self {
        self.request.wait = Wait::Short;
        self
    }

    /// Waits at most that long for transports to start, each time the session is asked for its
    /// status table (`CAN-02`).
    pub fn transports_timeout(mut self, wait: Duration) -> Self {
        self.patience.transports = Some(wait);
        self
    }

    /// Can be given up by these means (`CAN-01`).
    pub fn withdraw_with(mut self, withdrawal: &Withdrawal) -> Self {
        self.patience.withdrawal = Some(withdrawal.clone());
        self
    }

    /// Logs on. Blocks until that is done, refused or given up.
    #[doc(alias = "MAPILogonEx")]
    pub fn call(self) -> Result<Session, LogonError> {
        let Self { mapi, mut request, password, ui_param, download, patience, manner: _ } = self;
        let password = given(password);
        request.password = presence(password.as_ref());
        let process = mapi.process().with_patience(patience.clone());
        let raw = process.logon_as(ui_param, password, Ok(request), download)?;
        Ok(Session::new(mapi.clone(), raw, ui_param, Patience { withdrawal: None, ..patience }))
    }

    fn into_manner<Other>(self) -> LogonBuilder<'a, Other> {
        let Self { mapi, request, password, ui_param, download, patience, manner: _ } = self;
        let manner = PhantomData;
        LogonBuilder { mapi, request, password, ui_param, download, patience, manner }
    }
}

/// What can be said of a logon that may have to open a session.
impl<'a, Manner: Opening> LogonBuilder<'a, Manner> {
    /// Joins a shared session if there is one, and else opens one that others can join (`SHR-04`).
    #[doc(alias = "MAPI_ALLOW_OTHERS")]
    pub fn shared(self) -> Self {
        self.sharing(Sharing::JoinOrOpen { allow_others: true })
    }

    /// Opens a session of its own, which nobody else can join (`SHR-06`).
    #[doc(alias = "MAPI_NEW_SESSION")]
    pub fn individual(self) -> Self {
        self.sharing(Sharing::OpenNew { allow_others: false })
    }

    /// Says how the session relates to the shared one.
    pub fn sharing(mut self, sharing: Sharing) -> Self {
        self.request.sharing = sharing;
        self
    }

    /// Brings the profile's password along; an empty one is none (`CRD-04`).
    pub fn password(mut self, password: impl Into<SecretString>) -> Self {
        self.password = Some(password.into());
        self
    }

    /// Has each service show its configuration first (`UIX-08`).
    #[doc(alias = "MAPI_SERVICE_UI_ALWAYS")]
    pub fn service_ui_always(mut self) -> Self {
        self.request.service_ui = ServiceUi::Always;
        self
    }

    /// Passes this on to whoever shows a dialog: a window on Windows, anything elsewhere.
    pub fn ui_param(mut self, ui_param: u64) -> Self {
        self.ui_param = ui_param;
        self
    }

    /// Waits at most that long for the user, each time it asks (`CAN-02`).
    pub fn prompt_timeout(mut self, wait: Duration) -> Self {
        self.patience.prompt = Some(wait);
        self
    }

    /// Waits at most that long for each attempt of a provider to log on (`CAN-02`).
    pub fn provider_timeout(mut self, wait: Duration) -> Self {
        self.patience.provider = Some(wait);
        self
    }

    /// Waits at most that long for each call of an entry function (`CAN-02`).
    pub fn entry_timeout(mut self, wait: Duration) -> Self {
        self.patience.entry = Some(wait);
        self
    }

    /// Lets the user be asked for what the logon lacks: a profile if there is no default
    /// (`PRF-08`), and what providers need.
    #[doc(alias = "MAPI_LOGON_UI")]
    pub fn interactive(mut self) -> LogonBuilder<'a, Interactive> {
        self.request.dialogs = LogonDialogs::All;
        self.into_manner()
    }
}

impl LogonBuilder<'_, Quiet> {
    /// Lets the user be asked for the profile's password, and for nothing else (`UIX-03`).
    #[doc(alias = "MAPI_PASSWORD_UI")]
    pub fn ask_for_password(mut self) -> Self {
        self.request.dialogs = LogonDialogs::PasswordOnly;
        self
    }
}

impl LogonBuilder<'_, Interactive> {
    /// Lists app profiles in the chooser too (`PRF-10`).
    #[doc(alias = "MAPI_APP_PROFILE")]
    pub fn app_profiles(mut self) -> Self {
        self.request.app_profiles = AppProfiles::Listed;
        self
    }
}

/// The manners of a logon that may have to open a session.
pub trait Opening: sealed::Sealed {}

impl Opening for Quiet {}
impl Opening for Interactive {}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::Quiet {}
    impl Sealed for super::Interactive {}
}
