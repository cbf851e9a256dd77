//! A session, as the one who logged on to it has it.

use std::fmt;

use mapi_session_core::{
    HandleId, LogoffFlags, OpenFlags, OpenRequest, OpenTarget, Phase, ProfileName, ProviderId,
    ProviderKind, ServiceId, SessionId,
};

use crate::call::Patience;
use crate::configure::ConfigureBuilder;
use crate::error::{OpenError, RefusedLogoff, SetDefaultStoreError, StatusTableError, UseError};
use crate::loaded::LogonObject;
use crate::mapi::Mapi;
use crate::object::{AddressBook, Holdings, Store};
use crate::open::OpenBuilder;
use crate::process::RawLogon;
use crate::profiles::ProfileSnapshot;
use crate::provider::TransportLogon;
use crate::report::Report;
use crate::status::{PrimaryIdentity, StatusTable};
use crate::sync::Arc;

/// A handle of one's own on a session, which others may share (`SHR-13`).
///
/// It keeps its process initialised. To drop it is to log off without asking the user (`LGF-13`).
/// Any thread may call it, several at a time (`THR-01`).
#[doc(alias = "IMAPISession")]
pub struct Session {
    raw: RawLogon,
    ui_param: u64,
    patience: Patience,
    holdings: Arc<Holdings>,
    mapi: Mapi,
}

/// A store that a session's profile lists.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct StoreEntry {
    /// By what it is opened.
    pub id: ProviderId,
    /// The service that it belongs to, by the name under which the profile lists that.
    pub service: String,
    /// Its name.
    pub name: String,
    /// Whether it is taken where none is named; one store is at most (`DST-09`).
    #[doc(alias = "PR_DEFAULT_STORE")]
    pub is_default: bool,
}

impl Session {
    pub(crate) fn new(mapi: Mapi, raw: RawLogon, ui_param: u64, patience: Patience) -> Self {
        Self { raw, ui_param, patience, holdings: Arc::default(), mapi }
    }

    /// Which session it is; all who share it see the same.
    pub fn id(&self) -> SessionId {
        self.raw.session
    }

    /// Which handle it is; nobody else has the same.
    pub fn handle(&self) -> HandleId {
        self.raw.handle
    }

    /// The name of the profile that the session uses. One who joined may have asked for another.
    pub fn profile(&self) -> &ProfileName {
        &self.raw.profile.name
    }

    /// What the session knows of its profile: how it was when the session was built (`ADM-19`).
    pub fn profile_snapshot(&self) -> &ProfileSnapshot {
        &self.raw.profile
    }

    /// Whether later logons can join (`SHR-04`): not once somebody has asked everyone to log off
    /// (`LGF-07`).
    pub fn is_shared(&self) -> bool {
        match self.mapi.process().shell().phase(self.raw.session) {
            Some(Phase::Shared { .. }) => true,
            Some(Phase::Building | Phase::Individual | Phase::Closing { .. } | Phase::Draining)
            | None => false,
        }
    }

    /// What became of the services and providers of the session, as of now (`FLR-16`).
    #[doc(alias = "IMAPISession::GetLastError")]
    pub fn report(&self) -> Report {
        let now = self.mapi.process().shell().report(self.raw.session);
        now.unwrap_or_else(|| self.raw.report.clone())
    }

    /// The stores of the profile, in its order, whether they run or not, and which of them is the
    /// default one as of now (`DST-07`).
    #[doc(alias = "IMAPISession::GetMsgStoresTable")]
    pub fn stores(&self) -> Vec<StoreEntry> {
        let default = self.default_store();
        let services = self.raw.report.services();
        let entries = services.flat_map(|service| {
            let stores = service.providers.into_iter().filter(|it| it.kind == ProviderKind::Store);
            stores.map(move |store| StoreEntry {
                id: store.id,
                service: service.name.to_owned(),
                name: store.name.to_owned(),
                is_default: default == Some(store.id),
            })
        });
        entries.collect()
    }

    /// The first store of this name.
    pub fn find_store(&self, name: &str) -> Option<ProviderId> {
        self.stores().into_iter().find(|store| store.name == name).map(|store| store.id)
    }

    /// The first transport of this name.
    pub fn find_transport(&self, name: &str) -> Option<ProviderId> {
        let mut providers = self.raw.report.services().flat_map(|service| service.providers);
        let found = providers.find(|it| it.kind == ProviderKind::Transport && it.name == name)?;
        Some(found.id)
    }

    /// The first service that the profile lists by this name.
    pub fn find_service(&self, name: &str) -> Option<ServiceId> {
        self.raw.report.services().find(|service| service.name == name).map(|service| service.id)
    }

    /// A service to be configured at one's own wish, with the deadline for entry functions that the
    /// session was logged on with (`SVC-07`).
    #[doc(alias = "IMsgServiceAdmin::ConfigureMsgService")]
    pub fn configure_service(&self, service: ServiceId) -> ConfigureBuilder<'_> {
        ConfigureBuilder::new(self, service)
    }

    /// The store that is taken where none is named, if there is one (`DST-01`).
    pub fn default_store(&self) -> Option<ProviderId> {
        self.mapi.process().default_store(self.raw.handle).ok().flatten()
    }

    /// Makes a store the default one for everybody in this session, or none (`DST-01`, `DST-05`).
    ///
    /// It has to run, and to be one that may be the default (`DST-02`). The profile stays what it
    /// is.
    #[doc(alias = "IMAPISession::SetDefaultStore")]
    pub fn set_default_store(&self, store: Option<ProviderId>) -> Result<(), SetDefaultStoreError> {
        self.mapi.process().set_default_store(self.raw.handle, store)
    }

    /// Who the user is, as far as a provider says so (`IDN-05`).
    #[doc(alias = "IMAPISession::QueryIdentity")]
    pub fn identity(&self) -> PrimaryIdentity {
        let known = self.mapi.process().query_identity(self.raw.handle);
        known.unwrap_or(PrimaryIdentity::Unknown)
    }

    /// Has the spooler start the transports, and waits for none (`ORD-06`). Without mail nothing
    /// happens (`NML-01`).
    pub fn start_transports(&self) {
        // A session is logged on, unless its process has crashed; then nothing is to be started.
        let _ = self.mapi.process().start_transports(self.raw.handle);
    }

    /// What the session's resources are like, once the spooler has started the transports, with the
    /// deadline for those that the session was logged on with (`STS-10`).
    #[doc(alias = "IMAPISession::GetStatusTable")]
    pub fn status_table(&self) -> Result<StatusTable, StatusTableError> {
        let process = self.mapi.process().with_patience(self.patience.clone());
        process.status_table(self.raw.handle)
    }

    /// Uses a transport that runs, on this thread and without any lock.
    ///
    /// If it does not run, its service is disabled or the session has no mail, that is refused and
    /// the provider is not touched (`FLR-02`, `NML-02`).
    pub fn with_transport<T>(
        &self,
        transport: ProviderId,
        work: impl FnOnce(&dyn TransportLogon) -> T,
    ) -> Result<T, UseError> {
        let provider = self.raw.report.provider(transport);
        if provider.is_none_or(|it| it.kind != ProviderKind::Transport) {
            let refusal = mapi_session_core::UseError::NotOpen;
            return Err(UseError::Refused { refusal, trouble: None });
        }
        self.mapi.process().use_provider(self.raw.handle, transport, |object| match object {
            LogonObject::Transport(logon) => work(&**logon),
            LogonObject::AddressBook(_) | LogonObject::Store(_) => {
                unreachable!("only transports are let through")
            }
        })
    }

    /// A store to be opened, with the deadlines that the session was logged on with.
    #[doc(alias = "IMAPISession::OpenMsgStore")]
    pub fn open_store(&self, store: ProviderId) -> OpenBuilder<'_, Store> {
        OpenBuilder::new(self, OpenTarget::Store(store))
    }

    /// The address book to be opened, with the deadlines that the session was logged on with.
    #[doc(alias = "IMAPISession::OpenAddressBook")]
    pub fn open_address_book(&self) -> OpenBuilder<'_, AddressBook> {
        OpenBuilder::new(self, OpenTarget::AddressBook)
    }

    /// Opens a store, with the flags of the C function, and without a deadline.
    ///
    /// Undefined flags pass through `OpenFlags::from_bits_retain`, and are refused as in C.
    #[doc(alias = "IMAPISession::OpenMsgStore")]
    pub fn open_msg_store(
        &self,
        ui_param: u64,
        store: ProviderId,
        flags: OpenFlags,
    ) -> Result<Store, OpenError> {
        let request = OpenRequest::parse(OpenTarget::Store(store), flags.bits());
        Store::open(self, store, ui_param, Patience::endless(), request)
    }

    /// Opens the address book, with the flags of the C function, and without a deadline.
    ///
    /// Undefined flags pass through `OpenFlags::from_bits_retain`, and are refused as in C.
    #[doc(alias = "IMAPISession::OpenAddressBook")]
    pub fn open_address_book_ex(
        &self,
        ui_param: u64,
        flags: OpenFlags,
    ) -> Result<AddressBook, OpenError> {
        let request = OpenRequest::parse(OpenTarget::AddressBook, flags.bits());
        AddressBook::open(self, ui_param, Patience::endless(), request)
    }

    pub(crate) fn patience(&self) -> &Patience {
        &self.patience
    }

    pub(crate) fn ui_param(&self) -> u64 {
        self.ui_param
    }

    pub(crate) fn holdings(&self) -> &Arc<Holdings> {
        &self.holdings
    }

    /// The process that logged on.
    pub fn mapi(&self) -> &Mapi {
        &self.mapi
    }

    /// Logs off; with [`LogoffFlags::UI`] the user is asked first, as long as the logon's deadline
    /// for questions allows (`LGF-09`).
    ///
    /// With [`LogoffFlags::SHARED`] all others on a shared session are asked to do the same, those
    /// who [listen](Self::advise). Nobody has to, but nobody joins any more either (`LGF-07`).
    ///
    /// If that is refused, the session comes back with the error. Providers may be shutting down
    /// when the call has returned.
    #[doc(alias = "IMAPISession::Logoff")]
    pub fn logoff(self, flags: LogoffFlags) -> Result<(), RefusedLogoff> {
        let process = self.mapi.process().with_patience(self.patience.clone());
        match process.logoff(self.raw.handle, self.ui_param, flags.bits()) {
            Ok(()) => Ok(()),
            Err(error) => Err(RefusedLogoff { session: Box::new(self), error }),
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let process = self.mapi.process();
        if !process.shell().is_broken() {
            // Refused only if the process has crashed, and then there is nothing to release.
            let _ = process.release(self.raw.handle);
        }
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("id", &self.id())
            .field("handle", &self.handle())
            .field("profile", &self.profile().as_str())
            .finish_non_exhaustive()
    }
}
