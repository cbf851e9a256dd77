//! The status table: what a handle shows of the state of its session's resources.
//!
//! [`StatusTable`] is what is read. Providers offer rows of their own as [`ProviderRow`], with what
//! they know of the user as an [`Identity`]. `table.rs` has the calls.

use bitflags::bitflags;
use mapi_session_core::{MapiCode, ProviderId, ResourceFlags};

/// The resources of a session as a handle sees them, at one moment (`STS-01`).
#[doc(alias = "IMAPISession::GetStatusTable")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusTable {
    pub(crate) rows: Vec<StatusRow>,
}

impl StatusTable {
    /// The rows: those of MAPI itself first, then those of providers in the order of the profile.
    pub fn rows(&self) -> &[StatusRow] {
        &self.rows
    }

    /// The row of MAPI's own for this resource; there is one for each of three types.
    pub fn find(&self, resource: ResourceType) -> Option<&StatusRow> {
        self.rows.iter().find(|row| row.resource == resource && row.owner == RowOwner::Mapi)
    }

    /// The row of a provider, if it has one that the handle sees (`STS-02`, `STS-11`).
    pub fn provider(&self, provider: ProviderId) -> Option<&StatusRow> {
        self.rows.iter().find(|row| match &row.owner {
            RowOwner::Mapi => false,
            RowOwner::Provider { id, .. } => *id == provider,
        })
    }
}

/// One resource: a row of the status table, with the columns of `STS-04` that say something here.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StatusRow {
    /// What it is.
    #[doc(alias = "PR_RESOURCE_TYPE")]
    pub resource: ResourceType,
    /// What users call it; the subsystem goes by the name of the profile (`STS-05`).
    #[doc(alias = "PR_DISPLAY_NAME")]
    pub display_name: String,
    /// Whose row it is.
    #[doc(alias = "PR_PROVIDER_DLL_NAME")]
    pub owner: RowOwner,
    /// How it is.
    #[doc(alias = "PR_STATUS_CODE")]
    pub status: StatusCode,
    /// What can be asked of it.
    #[doc(alias = "PR_RESOURCE_METHODS")]
    pub methods: ResourceMethods,
    /// Which part it plays: the default store as of now, and the primary identity of the session,
    /// are marked in one row at most (`DST-09`, `IDN-01`).
    #[doc(alias = "PR_RESOURCE_FLAGS")]
    pub flags: ResourceFlags,
    /// Who the user is, if it says so (`IDN-06`).
    pub identity: Option<Identity>,
}

/// Whose a row is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum RowOwner {
    /// MAPI itself.
    Mapi,
    /// A provider.
    Provider {
        /// Its place in the profile.
        id: ProviderId,
        /// Its name.
        name: String,
    },
}

/// What a row of the status table is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ResourceType {
    /// A message store.
    #[doc(alias = "MAPI_STORE_PROVIDER")]
    StoreProvider,
    /// The address book as a whole.
    #[doc(alias = "MAPI_AB")]
    AddressBook,
    /// An address book.
    #[doc(alias = "MAPI_AB_PROVIDER")]
    AddressBookProvider,
    /// A transport.
    #[doc(alias = "MAPI_TRANSPORT_PROVIDER")]
    TransportProvider,
    /// The spooler.
    #[doc(alias = "MAPI_SPOOLER")]
    Spooler,
    /// MAPI as the profile furnishes it.
    #[doc(alias = "MAPI_SUBSYSTEM")]
    Subsystem,
}

impl ResourceType {
    /// The number that stands for it in C.
    pub const fn number(self) -> u32 {
        match self {
            Self::StoreProvider => 33,
            Self::AddressBook => 34,
            Self::AddressBookProvider => 35,
            Self::TransportProvider => 36,
            Self::Spooler => 37,
            Self::Subsystem => 39,
        }
    }
}

bitflags! {
    /// How a resource is (`PR_STATUS_CODE`).
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub struct StatusCode: u32 {
        /// `STATUS_AVAILABLE`: it can be used.
        #[doc(alias = "STATUS_AVAILABLE")]
        const AVAILABLE = 0x0000_0001;
        /// `STATUS_FAILURE`: it is in trouble, and of no more use in this session (`STS-06`).
        #[doc(alias = "STATUS_FAILURE")]
        const FAILURE = 0x0000_0004;
    }
}

bitflags! {
    /// What a status object can be asked to do (`PR_RESOURCE_METHODS`).
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub struct ResourceMethods: u32 {
        /// `STATUS_VALIDATE_STATE`: to look after itself.
        #[doc(alias = "STATUS_VALIDATE_STATE")]
        const VALIDATE_STATE = 0x0000_0001;
        /// `STATUS_SETTINGS_DIALOG`: to show its configuration.
        #[doc(alias = "STATUS_SETTINGS_DIALOG")]
        const SETTINGS_DIALOG = 0x0000_0002;
        /// `STATUS_CHANGE_PASSWORD`: to change its password without a dialog.
        #[doc(alias = "STATUS_CHANGE_PASSWORD")]
        const CHANGE_PASSWORD = 0x0000_0004;
        /// `STATUS_FLUSH_QUEUES`: to move what waits.
        #[doc(alias = "STATUS_FLUSH_QUEUES")]
        const FLUSH_QUEUES = 0x0000_0008;
    }
}

/// The row that a provider makes for itself when it logs on (`STS-02`, `STS-04`).
#[doc(alias = "IMAPISupport::ModifyStatusRow")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderRow {
    pub(crate) display_name: String,
    pub(crate) methods: ResourceMethods,
    pub(crate) identity: Option<Identity>,
}

impl ProviderRow {
    /// A row under this name, of a status object that can be asked for nothing.
    pub fn new(display_name: impl Into<String>) -> Self {
        let methods = ResourceMethods::empty();
        Self { display_name: display_name.into(), methods, identity: None }
    }

    /// Says what the status object can be asked to do.
    #[must_use]
    pub fn methods(mut self, methods: ResourceMethods) -> Self {
        self.methods = methods;
        self
    }

    /// Says who the user is.
    #[must_use]
    pub fn identity(mut self, identity: Identity) -> Self {
        self.identity = Some(identity);
        self
    }
}

/// Who the user is, as a provider tells it: all of it or nothing (`IDN-06`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Identity {
    /// The user's name.
    #[doc(alias = "PR_IDENTITY_DISPLAY")]
    pub display_name: String,
    /// The entry that stands for the user in an address book.
    #[doc(alias = "PR_IDENTITY_ENTRYID")]
    pub entry_id: Vec<u8>,
    /// By what two such entries are compared.
    #[doc(alias = "PR_IDENTITY_SEARCH_KEY")]
    pub search_key: Vec<u8>,
}

/// Who a session's user is (`IDN-05`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum PrimaryIdentity {
    /// This is known.
    Known {
        /// Who it is.
        identity: Identity,
        /// Who says so: the provider with the primary identity if it says anything, else the first
        /// that does.
        provider: ProviderId,
    },
    /// No provider says anything.
    Unknown,
}

impl PrimaryIdentity {
    /// The code that a C caller gets: `S_OK`, or `MAPI_W_NO_SERVICE` if nothing is known.
    pub const fn code(&self) -> MapiCode {
        match self {
            Self::Known { .. } => MapiCode::S_OK,
            Self::Unknown => MapiCode::MAPI_W_NO_SERVICE,
        }
    }
}
