//! One client process, call by call, bit by bit.
//!
//! [`Process`] is what a C caller sees: flag words, counts to be balanced by hand, handles that can
//! be mistaken. Every illegal call can be made, and gets its code. Applications use
//! [`Mapi`](crate::Mapi), which leaves them no way to.

use std::fmt;

use mapi_session_core as core;
use mapi_session_core::{
    Answer, ClientId, EntryDialogs, Event, HandleId, InitError, InitRequest, LogoffRequest,
    LogonFlags, LogonRequest, OpenRequest, OpenTarget, Opened, Password, ProfileChoice, ProviderId,
    ReleaseError, ServiceId, SessionId,
};
use secrecy::SecretString;

use crate::call::{Call, Luggage, Patience, Returned};
use crate::configure::configure;
use crate::environment::Environment;
use crate::error::{
    ConfigureError, LogoffError, LogonError, OpenError, StoreLogoffError, UseError,
};
use crate::failure::Trouble;
use crate::inside;
use crate::loaded::LogonObject;
use crate::mailbox::About;
use crate::profiles::{ProfileSnapshot, given};
use crate::report::Report;
use crate::shell::Shell;
use crate::sync::Arc;
use crate::ui::{ChooserReason, LogonUi};

/// One client process of an environment.
///
/// Clones are one and the same process, each with a patience of its own. Methods may be called
/// from any thread, several at a time; each blocks its thread until the call returns. When the last
/// clone is dropped, the process is gone: whatever it has not balanced ends as in a crash
/// (`LGF-13`).
#[derive(Clone)]
pub struct Process {
    client: Arc<Client>,
    patience: Patience,
}

/// The process itself.
pub(crate) struct Client {
    pub(crate) shell: Arc<Shell>,
    pub(crate) id: ClientId,
    pub(crate) ui: Arc<dyn LogonUi>,
}

/// What a successful logon yields, as the process sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawLogon {
    /// The handle; other calls take it.
    pub handle: HandleId,
    /// The session that it is on.
    pub session: SessionId,
    /// The profile of that session, as it was when the session was built (`ADM-19`).
    pub profile: Arc<ProfileSnapshot>,
    /// What became of its services and providers (`FLR-16`).
    pub report: Report,
}

/// What opening the address book yields, as the process sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawAddressBook {
    /// Whether it is complete: `S_OK`, or `MAPI_W_ERRORS_RETURNED` (`PLG-10`).
    pub opened: Opened,
    /// What it lacks, and why.
    pub missing: Vec<Trouble>,
}

/// When mail is fetched for a handle that has just logged on (`NML-07`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Download {
    /// `MAPI_FORCE_DOWNLOAD`.
    AtOnce,
    InTheBackground,
}

impl Download {
    fn parse(flags: u32) -> Self {
        match LogonFlags::from_bits_retain(flags).contains(LogonFlags::FORCE_DOWNLOAD) {
            true => Self::AtOnce,
            false => Self::InTheBackground,
        }
    }
}

impl Process {
    pub(crate) fn new(environment: &Environment, ui: Arc<dyn LogonUi>) -> Self {
        let shell = Arc::clone(environment.shell());
        let id = shell.new_client();
        Self { client: Arc::new(Client { shell, id, ui }), patience: Patience::endless() }
    }

    /// The same process, whose calls through this value wait no longer than that.
    #[must_use]
    pub fn with_patience(&self, patience: Patience) -> Self {
        Self { client: Arc::clone(&self.client), patience }
    }

    /// The number by which questions and records name the process.
    pub fn id(&self) -> ClientId {
        self.client.id
    }

    /// Counts one initialisation (`INI-02`).
    #[doc(alias = "MAPIInitialize")]
    pub fn initialize(&self, version: u32, flags: u32) -> Result<(), InitError> {
        self.initialize_as(InitRequest::parse(version, flags))
    }

    pub(crate) fn initialize_as(
        &self,
        request: Result<InitRequest, InitError>,
    ) -> Result<(), InitError> {
        let client = self.client.id;
        let returned =
            self.call(Luggage::none(), |call| Event::InitializeCalled { call, client, request });
        let Returned::Answer(Answer::Initialized(result)) = returned else {
            returned.misfit("MAPIInitialize")
        };
        result
    }

    /// Takes one initialisation back. The last one logs everything off, and drops calls under way.
    #[doc(alias = "MAPIUninitialize")]
    pub fn uninitialize(&self) {
        let client = self.client.id;
        let returned =
            self.call(Luggage::none(), |call| Event::UninitializeCalled { call, client });
        self.client.shell.drop_lost_calls();
        let Returned::Answer(Answer::Uninitialized) = returned else {
            returned.misfit("MAPIUninitialize")
        };
    }

    /// Logs on, with the very arguments of the C function.
    ///
    /// Unlike there, a call can be [withdrawn](Patience::withdrawal); it has no answer then. With
    /// `MAPI_FORCE_DOWNLOAD` the spooler is told to start transports when the logon has succeeded,
    /// and is not waited for (`NML-07`).
    #[doc(alias = "MAPILogonEx")]
    pub fn logon_ex(
        &self,
        ui_param: u64,
        name: Option<&str>,
        password: Option<&str>,
        flags: u32,
    ) -> Result<RawLogon, LogonError> {
        let password = given(password.map(SecretString::from));
        let presence = presence(password.as_ref());
        let download = Download::parse(flags);
        let request = LogonRequest::parse(name, presence, flags);
        self.logon_as(ui_param, password, request, download)
    }

    pub(crate) fn logon_as(
        &self,
        ui_param: u64,
        password: Option<SecretString>,
        request: Result<LogonRequest, core::LogonError>,
        download: Download,
    ) -> Result<RawLogon, LogonError> {
        let client = self.client.id;
        let inside = inside::which_call(self.client.shell.identity());
        let reason = match &request {
            Ok(LogonRequest { profile: ProfileChoice::Default, .. }) => ChooserReason::NoDefault,
            Ok(_) | Err(_) => ChooserReason::NoneNamed,
        };
        let luggage = Luggage { ui_param, password, reason, ..Luggage::none() };
        match self.call(luggage, |call| Event::LogonCalled { call, client, inside, request }) {
            Returned::LoggedOn(logon) => {
                match download {
                    Download::InTheBackground => {}
                    Download::AtOnce => {
                        // Refused if the handle is gone again, and then nothing is to be fetched.
                        let _ = self.start_transports(logon.handle);
                    }
                }
                Ok(logon)
            }
            Returned::Answer(Answer::LoggedOn(Err(refusal))) => Err(refusal.into()),
            Returned::Unanswered => Err(LogonError::Withdrawn),
            returned @ (Returned::Answer(_)
            | Returned::Opened(_)
            | Returned::Used(_)
            | Returned::Advised(_)) => returned.misfit("MAPILogonEx"),
        }
    }

    /// Logs a handle off. It is good for [`release`](Self::release) and nothing else from then on.
    #[doc(alias = "IMAPISession::Logoff")]
    pub fn logoff(&self, handle: HandleId, ui_param: u64, flags: u32) -> Result<(), LogoffError> {
        let client = self.client.id;
        let request = LogoffRequest::parse(flags);
        let luggage = Luggage { ui_param, ..Luggage::none() };
        match self.call(luggage, |call| Event::LogoffCalled { call, client, handle, request }) {
            Returned::Answer(Answer::LoggedOff(result)) => Ok(result?),
            Returned::Unanswered => Err(LogoffError::Withdrawn),
            returned @ (Returned::LoggedOn(_)
            | Returned::Opened(_)
            | Returned::Used(_)
            | Returned::Advised(_)
            | Returned::Answer(_)) => returned.misfit("IMAPISession::Logoff"),
        }
    }

    /// Opens a message store, with the very flags of the C function.
    ///
    /// A store that runs is opened at once (`PLG-07`); another is logged on first, as it would be
    /// at a logon. One that is opened twice is still one object of the handle.
    #[doc(alias = "IMAPISession::OpenMsgStore")]
    pub fn open_msg_store(
        &self,
        handle: HandleId,
        ui_param: u64,
        store: ProviderId,
        flags: u32,
    ) -> Result<(), OpenError> {
        let request = OpenRequest::parse(OpenTarget::Store(store), flags);
        let about = About::Provider(handle, store);
        self.open(handle, ui_param, about, request).map(drop)
    }

    /// Opens the address book, with the very flags of the C function.
    ///
    /// Address book providers that do not run are logged on first, one after the other. It opens
    /// even if they fail (`PLG-10`).
    #[doc(alias = "IMAPISession::OpenAddressBook")]
    pub fn open_address_book(
        &self,
        handle: HandleId,
        ui_param: u64,
        flags: u32,
    ) -> Result<RawAddressBook, OpenError> {
        let request = OpenRequest::parse(OpenTarget::AddressBook, flags);
        self.open(handle, ui_param, About::AddressBook(handle), request)
    }

    pub(crate) fn open(
        &self,
        handle: HandleId,
        ui_param: u64,
        about: About,
        request: Result<OpenRequest, core::OpenError>,
    ) -> Result<RawAddressBook, OpenError> {
        let client = self.client.id;
        let inside = inside::which_call(self.client.shell.identity());
        let luggage = Luggage { ui_param, ..Luggage::about(about) };
        let returned =
            self.call(luggage, |call| Event::OpenCalled { call, client, handle, inside, request });
        match returned {
            Returned::Opened(Ok((opened, missing))) => Ok(RawAddressBook { opened, missing }),
            Returned::Opened(Err((refusal, trouble))) => {
                Err(OpenError::Refused { refusal, trouble: trouble.map(Box::new) })
            }
            Returned::Unanswered => Err(OpenError::Withdrawn),
            returned @ (Returned::LoggedOn(_)
            | Returned::Used(_)
            | Returned::Advised(_)
            | Returned::Answer(_)) => returned.misfit("an open call"),
        }
    }

    /// Uses a store, or a provider of the address book, that the handle has open.
    ///
    /// The protocol is asked first: a provider that does not run, or whose service is disabled, is
    /// not touched (`FLR-02`). The work is done on this thread, without any lock.
    pub fn use_provider<T>(
        &self,
        handle: HandleId,
        provider: ProviderId,
        work: impl FnOnce(&LogonObject) -> T,
    ) -> Result<T, UseError> {
        let client = self.client.id;
        let luggage = Luggage::about(About::Provider(handle, provider));
        match self.call(luggage, |call| Event::UseCalled { call, client, handle, provider }) {
            Returned::Used(Ok(loan)) => Ok(work(loan.object())),
            Returned::Used(Err((refusal, trouble))) => {
                Err(UseError::Refused { refusal, trouble: trouble.map(Box::new) })
            }
            Returned::Unanswered => Err(UseError::Withdrawn),
            returned @ (Returned::LoggedOn(_)
            | Returned::Opened(_)
            | Returned::Advised(_)
            | Returned::Answer(_)) => returned.misfit("a use of a provider"),
        }
    }

    /// Logs a store off that the handle has open; if no other handle has, it is shut down
    /// (`PSD-05`, `PSD-09`). The call does not wait for that.
    #[doc(alias = "IMsgStore::StoreLogoff")]
    pub fn store_logoff(
        &self,
        handle: HandleId,
        store: ProviderId,
    ) -> Result<(), StoreLogoffError> {
        let client = self.client.id;
        let luggage = Luggage::about(About::Provider(handle, store));
        let provider = store;
        let returned =
            self.call(luggage, |call| Event::StoreLogoffCalled { call, client, handle, provider });
        match returned {
            Returned::Answer(Answer::StoreLoggedOff(result)) => Ok(result?),
            Returned::Unanswered => Err(StoreLogoffError::Withdrawn),
            returned @ (Returned::LoggedOn(_)
            | Returned::Opened(_)
            | Returned::Used(_)
            | Returned::Advised(_)
            | Returned::Answer(_)) => returned.misfit("IMsgStore::StoreLogoff"),
        }
    }

    /// Has the entry function of a service called, and passes on what it returns (`SVC-07`).
    ///
    /// No properties go along. It is no step of the protocol: nothing of the session changes, and
    /// other calls on the handle go on meanwhile. A Windows service is granted no dialog
    /// (`UIX-09`).
    #[doc(alias = "IMsgServiceAdmin::ConfigureMsgService")]
    pub fn configure_service(
        &self,
        handle: HandleId,
        ui_param: u64,
        service: ServiceId,
        dialogs: EntryDialogs,
    ) -> Result<(), ConfigureError> {
        configure(&self.client, &self.patience, handle, ui_param, service, dialogs)
    }

    /// Gives a handle back; a live one is logged off first, without a question (`LGF-13`).
    #[doc(alias = "IUnknown::Release")]
    pub fn release(&self, handle: HandleId) -> Result<(), ReleaseError> {
        let client = self.client.id;
        let returned =
            self.call(Luggage::none(), |call| Event::ReleaseCalled { call, client, handle });
        let Returned::Answer(Answer::Released(result)) = returned else {
            returned.misfit("IUnknown::Release")
        };
        result
    }

    /// Ends the process without a word, in the midst of whatever it does (`LGF-13`).
    ///
    /// Its calls return [`Withdrawn`](LogonError::Withdrawn), its handles are gone and its count is
    /// zero. It may initialise again.
    pub fn crash(&self) {
        self.client.crash();
    }

    /// The environment that the process is in.
    pub fn environment(&self) -> Environment {
        Environment::of(&self.client.shell)
    }

    pub(crate) fn shell(&self) -> &Arc<Shell> {
        &self.client.shell
    }

    pub(crate) fn patience(&self) -> &Patience {
        &self.patience
    }

    pub(crate) fn call(
        &self,
        luggage: Luggage,
        event: impl FnOnce(core::CallId) -> Event,
    ) -> Returned {
        Call::run(&self.client, &self.patience, luggage, event)
    }
}

impl fmt::Debug for Process {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Process").field("id", &self.client.id).finish_non_exhaustive()
    }
}

impl Client {
    fn crash(&self) {
        self.shell.feed(Event::ClientCrashed { client: self.id });
        self.shell.drop_lost_calls();
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        if !self.shell.is_broken() {
            self.crash();
            self.shell.forget_client(self.id);
        }
    }
}

impl Returned {
    /// The answer is that to another call.
    pub(crate) fn misfit(self, call: &str) -> ! {
        match self {
            Self::LoggedOn(logon) => panic!("{call} was answered with {logon:?}"),
            Self::Opened(result) => panic!("{call} was answered with {result:?}"),
            Self::Used(result) => panic!("{call} was answered with {:?}", result.map(|_| ())),
            Self::Advised(connection) => panic!("{call} was answered with {connection:?}"),
            Self::Answer(answer) => panic!("{call} was answered with {answer:?}"),
            Self::Unanswered => panic!("{call} was not answered"),
        }
    }
}

/// What the protocol is told of a password.
pub(crate) fn presence(password: Option<&SecretString>) -> Password {
    match password {
        Some(_) => Password::Given,
        None => Password::NotGiven,
    }
}
