//! Providers, as those who write them see them.
//!
//! Start with [`StoreProvider`]; address books and transports have the same shape. A message
//! service lists its providers as [`Provider`] values, each of which says how to load one.

use std::any::Any;
use std::fmt;
use std::time::Duration;

use bitflags::bitflags;
use mapi_session_core::{
    Attempt, Host, Prompts, ProviderKind, ProviderSpec, ResourceFlags, SessionId, Vote,
};

use crate::failure::{Cause, ProviderError, SpiVersion};
use crate::loaded::{Arrival, LogonObject, ProviderObject};
use crate::profiles::ProfileSnapshot;
use crate::status::ProviderRow;
use crate::sync::Arc;

/// A message store, as it is implemented.
///
/// A provider object serves one session: it is loaded before its first logon there and dropped
/// after its shutdown, or when the session is over (`PLG-02`). Its methods are called like this:
///
/// - **By which thread:** each call has a thread made for it, no caller's own. No lock of this
///   library is held.
/// - **How often:** [`log_on`](Self::log_on) once for each attempt, one at a time; one attempt or
///   two when the session is built, and again when somebody opens a store that does not run. When
///   it has succeeded, [`StoreLogon::log_off`] once, then [`shut_down`](Self::shut_down) once,
///   which is the last call (`PSD-02`). No logon that succeeded: no shutdown. A fast shutdown of
///   the last process that uses the session takes the place of both.
/// - **Whether it may block:** yes. The caller waits no longer than its [`Patience`] says; after
///   that the answer is late: a failure changes nothing, a success is kept if the session is open
///   and the service enabled, and else taken back at once (`CAN-03`). A logon without deadline that
///   hangs holds up the logons behind it.
/// - **Calling back:** every call may be made from inside, on a handle that exists. A logon is
///   refused if it is made from inside the one that is under way (`MTX-07`), and so is an open call
///   that would have to wait for a provider.
/// - **Breaking down:** a panic counts as [`ProviderError::Failed`] with `MAPI_E_CALL_FAILED`.
///   There is no way to answer twice.
///
/// [`Patience`]: crate::Patience
#[doc(alias = "IMSProvider")]
pub trait StoreProvider: Send + Sync {
    /// Opens the store for a session.
    #[doc(alias = "IMSProvider::Logon")]
    fn log_on(&self, logon: &ProviderLogon<'_>) -> Result<LoggedOn<dyn StoreLogon>, ProviderError>;

    /// Ends the provider, whose logon object is gone by now (`PSD-01`).
    ///
    /// One that blocks keeps its own session from ending, and nobody else. A panic counts as done.
    #[doc(alias = "IMSProvider::Shutdown")]
    fn shut_down(&self) {}

    /// Says whether it minds that a client's process ends without shutting it down (`FSD-02`).
    ///
    /// It is asked while it runs, once for each [query](crate::Session::query_fast_shutdown), and
    /// may block; the client waits no longer than its [`Patience`] says. What is late, or a panic,
    /// counts as [`Vote::Objects`].
    ///
    /// [`Patience`]: crate::Patience
    #[doc(alias = "IMAPIProviderShutdown::QueryFastShutdown")]
    fn query_fast_shutdown(&self) -> Vote {
        Vote::NoInterface
    }

    /// A client's process is about to end; it may still change its mind (`FSD-01`).
    #[doc(alias = "IMAPIProviderShutdown::NotifyProcessShutdown")]
    fn notify_process_shutdown(&self) {}

    /// Makes sure, fast, that nothing is lost: its session is over, without any other call, and the
    /// process about to end (`FSD-09`). It is the last call; then the objects are dropped.
    #[doc(alias = "IMAPIProviderShutdown::DoFastShutdown")]
    fn do_fast_shutdown(&self) {}
}

/// What a message store is while it is logged on: what applications use.
///
/// Uses come from the threads of those who use it, several at a time, and may block those. A use
/// that began before the store was logged off or its service was disabled goes on to its end;
/// [`log_off`](Self::log_off) waits for it.
#[doc(alias = "IMSLogon")]
pub trait StoreLogon: Any + Send + Sync {
    /// Gives up what it holds for the session (`PSD-03`). Called once, on a thread made for it.
    ///
    /// One that blocks keeps its own session from ending, and nobody else. A panic counts as done.
    /// An open call of the same store from in here would wait for itself, for as long as its
    /// deadlines allow.
    #[doc(alias = "IMSLogon::Logoff")]
    fn log_off(&self) {}
}

/// An address book, as it is implemented. It is called as [`StoreProvider`] is.
///
/// The address books of a profile are logged on before its stores (`ORD-01`), and cannot be logged
/// off alone (`PSD-05`).
#[doc(alias = "IABProvider")]
pub trait AddressBookProvider: Send + Sync {
    /// Opens the address book for a session.
    #[doc(alias = "IABProvider::Logon")]
    fn log_on(
        &self,
        logon: &ProviderLogon<'_>,
    ) -> Result<LoggedOn<dyn AddressBookLogon>, ProviderError>;

    /// Ends the provider, as [`StoreProvider::shut_down`] does.
    #[doc(alias = "IABProvider::Shutdown")]
    fn shut_down(&self) {}

    /// Says whether it minds a fast shutdown, as [`StoreProvider::query_fast_shutdown`] does.
    #[doc(alias = "IMAPIProviderShutdown::QueryFastShutdown")]
    fn query_fast_shutdown(&self) -> Vote {
        Vote::NoInterface
    }

    /// Hears of it, as [`StoreProvider::notify_process_shutdown`] does.
    #[doc(alias = "IMAPIProviderShutdown::NotifyProcessShutdown")]
    fn notify_process_shutdown(&self) {}

    /// Loses nothing in it, as [`StoreProvider::do_fast_shutdown`] does.
    #[doc(alias = "IMAPIProviderShutdown::DoFastShutdown")]
    fn do_fast_shutdown(&self) {}
}

/// What an address book is while it is logged on. It is used as [`StoreLogon`] is.
#[doc(alias = "IABLogon")]
pub trait AddressBookLogon: Any + Send + Sync {
    /// Gives up what it holds for the session, as [`StoreLogon::log_off`] does.
    #[doc(alias = "IABLogon::Logoff")]
    fn log_off(&self) {}
}

/// A transport, as it is implemented. It is called as [`StoreProvider`] is.
///
/// A logon does not start it (`ORD-03`). The spooler does when something needs the transports of a
/// session, in their order (`ORD-07`), without any dialog and without a deadline: one that hangs
/// keeps the later ones of its session waiting, and nobody else but those who ask for the status
/// table, as long as their [`Patience`] lasts.
///
/// [`Patience`]: crate::Patience
#[doc(alias = "IXPProvider")]
pub trait TransportProvider: Send + Sync {
    /// Gets ready to move mail for a session.
    #[doc(alias = "IXPProvider::TransportLogon")]
    fn log_on(
        &self,
        logon: &ProviderLogon<'_>,
    ) -> Result<LoggedOn<dyn TransportLogon>, ProviderError>;

    /// Ends the provider, as [`StoreProvider::shut_down`] does.
    #[doc(alias = "IXPProvider::Shutdown")]
    fn shut_down(&self) {}

    /// Says whether it minds a fast shutdown, as [`StoreProvider::query_fast_shutdown`] does.
    #[doc(alias = "IMAPIProviderShutdown::QueryFastShutdown")]
    fn query_fast_shutdown(&self) -> Vote {
        Vote::NoInterface
    }

    /// Hears of it, as [`StoreProvider::notify_process_shutdown`] does.
    #[doc(alias = "IMAPIProviderShutdown::NotifyProcessShutdown")]
    fn notify_process_shutdown(&self) {}

    /// Loses nothing in it, as [`StoreProvider::do_fast_shutdown`] does.
    #[doc(alias = "IMAPIProviderShutdown::DoFastShutdown")]
    fn do_fast_shutdown(&self) {}
}

/// What a transport is while it is logged on. It is used as [`StoreLogon`] is.
#[doc(alias = "IXPLogon")]
pub trait TransportLogon: Any + Send + Sync {
    /// Gives up what it holds for the session, as [`StoreLogon::log_off`] does.
    #[doc(alias = "IXPLogon::TransportLogoff")]
    fn log_off(&self) {}
}

impl dyn StoreLogon {
    /// The store as what its provider made it, if it is one of those.
    pub fn downcast_ref<T: StoreLogon>(&self) -> Option<&T> {
        (self as &dyn Any).downcast_ref()
    }
}

impl dyn AddressBookLogon {
    /// The address book as what its provider made it, if it is one of those.
    pub fn downcast_ref<T: AddressBookLogon>(&self) -> Option<&T> {
        (self as &dyn Any).downcast_ref()
    }
}

impl dyn TransportLogon {
    /// The transport as what its provider made it, if it is one of those.
    pub fn downcast_ref<T: TransportLogon>(&self) -> Option<&T> {
        (self as &dyn Any).downcast_ref()
    }
}

/// What a provider is told when it is to log on.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct ProviderLogon<'a> {
    /// The session that it is to serve.
    pub session: SessionId,
    /// The session's profile.
    pub profile: &'a ProfileSnapshot,
    /// The name under which the profile lists the service.
    pub service: &'a str,
    /// The provider's own name.
    pub provider: &'a str,
    /// Whether it is tried once more.
    pub attempt: Attempt,
    /// Whether it may show a dialog: `AB_NO_DIALOG`, `MDB_NO_DIALOG` or not (`UIX-06`).
    pub dialogs: Prompts,
    /// What kind of program the provider logs on for: `MAPI_NT_SERVICE` or not (`NML-08`). The
    /// spooler is never a Windows service.
    pub host: Host,
    /// What the caller passed as `ulUIParam`.
    pub ui_param: u64,
    /// How long the caller waits from the order on; without it, as long as it takes.
    pub time_left: Option<Duration>,
}

impl ProviderLogon<'_> {
    /// The flag word that a transport written in C would get: no traffic yet (`ORD-05`).
    pub fn transport_flags(&self) -> TransportFlags {
        let silent = match self.dialogs {
            Prompts::Forbidden => TransportFlags::NO_DIALOG,
            Prompts::Allowed => TransportFlags::empty(),
        };
        silent | TransportFlags::NO_INBOUND | TransportFlags::NO_OUTBOUND
    }
}

bitflags! {
    /// The flags of `IXPProvider::TransportLogon`.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub struct TransportFlags: u32 {
        /// `LOGON_NO_DIALOG`: the transport shows nothing (`UIX-06`).
        #[doc(alias = "LOGON_NO_DIALOG")]
        const NO_DIALOG = 0x0000_0001;
        /// `LOGON_NO_INBOUND`: it fetches nothing yet.
        #[doc(alias = "LOGON_NO_INBOUND")]
        const NO_INBOUND = 0x0000_0008;
        /// `LOGON_NO_OUTBOUND`: it sends nothing yet.
        #[doc(alias = "LOGON_NO_OUTBOUND")]
        const NO_OUTBOUND = 0x0000_0010;
    }
}

/// A logon of a provider that succeeded.
pub struct LoggedOn<Logon: ?Sized> {
    object: Box<Logon>,
    warning: Option<Cause>,
    row: Option<ProviderRow>,
}

impl<Logon: ?Sized> LoggedOn<Logon> {
    /// Everything is as it should be.
    pub fn new(object: Box<Logon>) -> Self {
        Self { object, warning: None, row: None }
    }

    /// It can be used, but something is amiss, which the report will say (`FLR-11`).
    #[doc(alias = "MAPI_W_ERRORS_RETURNED")]
    pub fn with_errors(object: Box<Logon>, cause: Cause) -> Self {
        Self { object, warning: Some(cause), row: None }
    }

    /// Makes a row for the provider in the status table (`STS-02`).
    ///
    /// Without one an address book and a store are not in it, and a transport is under its name.
    #[doc(alias = "IMAPISupport::ModifyStatusRow")]
    #[must_use]
    pub fn status_row(mut self, row: ProviderRow) -> Self {
        self.row = Some(row);
        self
    }

    pub(crate) fn arrive(self, seal: impl FnOnce(Box<Logon>) -> LogonObject) -> Arrival {
        let Self { object, warning, row } = self;
        Arrival { object: seal(object), warning, row: row.map(Box::new) }
    }
}

impl<Logon: ?Sized> fmt::Debug for LoggedOn<Logon> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LoggedOn").field("warning", &self.warning).finish_non_exhaustive()
    }
}

/// A provider that a message service lists: what it is, its name, and how it is loaded.
///
/// It is loaded for each session by itself, on the thread of its first attempt there and within
/// the deadline of that (`PLG-01`, `PLG-02`). To have one object for all sessions, load clones of
/// an `Arc`.
#[derive(Clone)]
pub struct Provider {
    name: String,
    version: SpiVersion,
    flags: ResourceFlags,
    load: Load,
}

#[derive(Clone)]
enum Load {
    AddressBook(Loader<dyn AddressBookProvider>),
    Store(Loader<dyn StoreProvider>),
    Transport(Loader<dyn TransportProvider>),
}

type Loader<P> = Arc<dyn Fn() -> Arc<P> + Send + Sync>;

impl Provider {
    /// An address book.
    #[doc(alias = "ABProviderInit")]
    pub fn address_book<P: AddressBookProvider + 'static>(
        name: impl Into<String>,
        load: impl Fn() -> P + Send + Sync + 'static,
    ) -> Self {
        Self::listed(name.into(), Load::AddressBook(Arc::new(move || Arc::new(load()))))
    }

    /// A message store.
    #[doc(alias = "MSProviderInit")]
    pub fn store<P: StoreProvider + 'static>(
        name: impl Into<String>,
        load: impl Fn() -> P + Send + Sync + 'static,
    ) -> Self {
        Self::listed(name.into(), Load::Store(Arc::new(move || Arc::new(load()))))
    }

    /// A transport.
    #[doc(alias = "XPProviderInit")]
    pub fn transport<P: TransportProvider + 'static>(
        name: impl Into<String>,
        load: impl Fn() -> P + Send + Sync + 'static,
    ) -> Self {
        Self::listed(name.into(), Load::Transport(Arc::new(move || Arc::new(load()))))
    }

    /// Says which version of the provider interface it was written for: the current one unless said
    /// otherwise. One of a newer major version is not called, and its service disabled (`PLG-03`).
    #[must_use]
    pub fn version(mut self, version: SpiVersion) -> Self {
        self.version = version;
        self
    }

    /// Says which part it plays in its profiles, in place of what goes without saying: that a store
    /// may be the default one (`DST-01`).
    #[doc(alias = "PR_RESOURCE_FLAGS")]
    #[must_use]
    pub fn resource_flags(mut self, flags: ResourceFlags) -> Self {
        self.flags = flags;
        self
    }

    fn listed(name: String, load: Load) -> Self {
        let ProviderSpec { flags, .. } = ProviderSpec::new(load.kind());
        Self { name, version: SpiVersion::CURRENT, flags, load }
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn kind(&self) -> ProviderKind {
        self.load.kind()
    }

    /// What the protocol is told of it.
    pub(crate) fn described(&self) -> ProviderSpec {
        ProviderSpec::new(self.kind()).with_flags(self.flags)
    }

    /// Whether it can say who the user is (`IDN-07`).
    pub(crate) fn can_identify(&self) -> bool {
        self.flags.contains(ResourceFlags::PRIMARY_IDENTITY)
    }

    /// The version that it speaks, if that is one we do not.
    pub(crate) fn foreign_version(&self) -> Option<SpiVersion> {
        Some(self.version).filter(|it| it.major() > SpiVersion::CURRENT.major())
    }

    /// Loads a provider object. This is foreign code.
    pub(crate) fn load(&self) -> ProviderObject {
        match &self.load {
            Load::AddressBook(load) => ProviderObject::AddressBook(load()),
            Load::Store(load) => ProviderObject::Store(load()),
            Load::Transport(load) => ProviderObject::Transport(load()),
        }
    }
}

impl Load {
    const fn kind(&self) -> ProviderKind {
        match self {
            Self::AddressBook(_) => ProviderKind::AddressBook,
            Self::Store(_) => ProviderKind::Store,
            Self::Transport(_) => ProviderKind::Transport,
        }
    }
}

impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Provider")
            .field("name", &self.name)
            .field("kind", &self.kind())
            .field("version", &self.version)
            .field("flags", &self.flags)
            .finish()
    }
}
