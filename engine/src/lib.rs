//! MAPI sessions for any application: log on to a profile, share a session, log off.
//!
//! ```
//! use mapi_session::{LogoffFlags, Mapi, NewProfile};
//!
//! let mapi = Mapi::builder().build();
//! mapi.profiles().create(NewProfile::new("Work").password("tulip"))?;
//!
//! let mail = mapi.logon().profile("Work").password("tulip").shared().call()?;
//! let search = mapi.logon().join_existing().no_mail().call()?; // the same session, no questions
//! assert_eq!(search.id(), mail.id());
//! assert_eq!(search.profile().as_str(), "Work");
//!
//! mail.logoff(LogoffFlags::empty())?; // the session lives on for those who share it
//! assert!(search.is_shared());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A message service of one's own, and a session that does without another:
//!
//! ```
//! use mapi_session::{
//!     Environment, LoggedOn, Mapi, MessageService, NewProfile, Provider, ProviderError,
//!     ProviderLogon, StoreLogon, StoreProvider,
//! };
//!
//! struct Notes;
//! impl MessageService for Notes {
//!     fn providers(&self) -> Vec<Provider> {
//!         vec![Provider::store("Notebook", || Notebook)]
//!     }
//! }
//!
//! struct Notebook;
//! impl StoreProvider for Notebook {
//!     fn log_on(&self, _: &ProviderLogon<'_>) -> Result<LoggedOn<dyn StoreLogon>, ProviderError> {
//!         Ok(LoggedOn::new(Box::new(OpenNotebook { pages: 7 })))
//!     }
//! }
//!
//! struct OpenNotebook {
//!     pages: u32,
//! }
//! impl StoreLogon for OpenNotebook {}
//!
//! let environment = Environment::builder().service("Notes", Notes).build();
//! environment.profiles().create(NewProfile::new("Work").service("Notes").service("Exchange"))?;
//! let mapi = Mapi::builder().environment(&environment).build();
//!
//! let session = mapi.logon().profile("Work").call()?; // a session, though something is missing
//! let report = session.report().to_string(); // a line for every service and provider
//! assert!(report.contains(r#"provider "Notebook": ready"#));
//! assert!(report.contains(r#"service "Exchange", disabled after provider "Exchange": load:"#));
//!
//! let notebook = session.find_store("Notebook").expect("the service lists it");
//! let notebook = session.open_store(notebook).call()?;
//! let pages = notebook.with(|it| it.downcast_ref::<OpenNotebook>().map(|open| open.pages))?;
//! assert_eq!(pages, Some(7));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A profile for one session, which goes with it (`ADM-11`), and a process that is in a hurry:
//!
//! ```
//! use mapi_session::{Environment, Mapi, NewProfile};
//!
//! let environment = Environment::default();
//! let mapi = Mapi::builder().environment(&environment).build();
//! let admin = mapi.profile_admin();
//!
//! admin.create(NewProfile::new("Once"))?;
//! let session = mapi.logon().profile("Once").call()?;
//! admin.delete("Once")?; // nobody else finds it any more
//! assert!(admin.table()?.is_empty());
//!
//! let leave = session.query_fast_shutdown()?; // if its providers can bear it
//! leave.carry_out()?; // nothing is logged off, and nothing waited for
//! assert!(mapi.logon().profile("Once").call().is_err());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Start with [`Mapi`]. Processes that are to share sessions are built in one [`Environment`],
//! which has the profiles and the message services. Who has a user in front of the screen
//! implements [`LogonUi`], who writes a message service [`MessageService`] and a provider, such as
//! [`StoreProvider`]; [`scripted`] has some for tests. [`Process`] is the same protocol as a C
//! caller meets it, for those who need each bit, [`SimpleMapi`] the older interface on top of it.
//!
//! Every call blocks its own thread and no other. The protocol itself is in [`protocol`]; this
//! crate carries out what it orders and decides nothing. In the source, `shell.rs` has the core
//! behind its lock, `call.rs` is a call on its caller's thread, `prompt.rs` and `order.rs` are the
//! threads on which users and providers are spoken to, `roster.rs` remembers who serves a session,
//! `listener.rs` who listens to it. `store.rs` is the profile store, `desk.rs` what a step does
//! there, `admin.rs` and `service_admin.rs` are the calls that have it done, `fast_shutdown.rs` is
//! how a process ends in a hurry. What waits without being a call of the protocol's is an errand,
//! `errand.rs`: entry functions called on request, in `visit.rs` and `configure.rs`, and the status
//! table, in `table.rs`.
//!
//! Ids in `code font` such as `SHR-02` are requirements; their words are in `specs/rules`.

mod admin;
mod admin_error;
mod advise;
mod call;
mod clock;
mod configure;
mod desk;
mod effects;
mod environment;
mod errand;
mod error;
mod failure;
mod fast_shutdown;
mod foreign;
mod inside;
mod listener;
mod loaded;
mod logon;
mod mailbox;
mod mapi;
mod object;
mod open;
mod order;
mod process;
mod profiles;
mod prompt;
mod provider;
mod report;
mod roster;
pub mod scripted;
mod service;
mod service_admin;
mod session;
mod shell;
mod simple;
mod status;
mod store;
mod sync;
mod table;
mod ui;
mod visit;
mod watch;
mod withdrawal;

pub use admin::{CreatedProfile, DefaultServices, ProfileAdmin};
pub use admin_error::{
    AddServiceError, AdminServicesError, CopyServiceError, DeleteServiceError, EntryCallError,
    NewProfileError, ProfileTableError, QueryFastShutdownError, ServiceTableError,
    SetPrimaryIdentityError,
};
pub use advise::{AdviseSink, Connection, ConnectionId};
pub use call::Patience;
pub use clock::{Clock, SystemClock};
pub use configure::ConfigureBuilder;
pub use environment::{Environment, EnvironmentBuilder};
pub use error::{
    AdviseError, ConfigureError, CreateProfileError, HandleError, LogoffError, LogonError,
    OpenError, RefusedLogoff, SetDefaultError, SetDefaultStoreError, StatusTableError,
    StoreLogoffError, UnadviseError, UseError,
};
pub use failure::{
    Cause, EntryError, FailedPhase, Failure, Missing, ProviderError, SpiVersion, Trouble,
};
pub use fast_shutdown::ShutdownLeave;
pub use loaded::LogonObject;
pub use logon::{Interactive, Joining, LogonBuilder, LogonChoice, Opening, Quiet};
pub use mapi::{Mapi, MapiBuilder};
pub use object::{AddressBook, Store};
pub use open::OpenBuilder;
pub use process::{Process, RawAddressBook, RawLogon};
pub use profiles::{NewProfile, ProfileEntry, ProfileSnapshot, Profiles, ServiceUid};
pub use provider::{
    AddressBookLogon, AddressBookProvider, LoggedOn, Provider, ProviderLogon, StoreLogon,
    StoreProvider, TransportFlags, TransportLogon, TransportProvider,
};
pub use report::{ProviderReport, ProviderState, Report, ServiceReport, ServiceState};
pub use service::{
    EntryContext, EntryFlags, EntryReason, MOST_PROVIDERS, MOST_SERVICES, MessageService,
    ServiceEntry,
};
pub use service_admin::{ListedService, MsgServiceAdmin, ServicesOf};
pub use session::{Session, StoreEntry};
pub use simple::{
    SimpleCode, SimpleFlags, SimpleLogoffError, SimpleLogonError, SimpleMapi, SimpleSession,
};
pub use status::{
    Identity, PrimaryIdentity, ProviderRow, ResourceMethods, ResourceType, RowOwner, StatusCode,
    StatusRow, StatusTable,
};
pub use ui::{
    AskPassword, AskRetry, ChooseProfile, ChooserReason, ConfirmLogoff, LogonUi, NoUi, Origin,
    PasswordReason, ProfileChosen, RetryChoice, UserAnswer,
};
pub use watch::{Pace, StepRecord};
pub use withdrawal::{Withdrawal, Withdrawn};

/// The protocol, whose names appear in requests, refusals and records.
pub use mapi_session_core as protocol;
pub use mapi_session_core::{
    AdminError, AdviseError as AdviseRefusal, AppProfiles, Attempt, CallId, ClientId, Copies,
    Correction, DoFastShutdownError, EntryDialogs, FastShutdownPolicy, HandleId, Host, InitError,
    InitFlags, LogoffError as LogoffRefusal, LogoffFlags, LogonError as LogonRefusal, LogonFlags,
    MapiCode, NameError, Notification, NotifyProcessShutdownError, OpenError as OpenRefusal,
    OpenFlags, Opened, ProfileKey, ProfileName, Prompts, ProviderId, ProviderKind,
    QueryFastShutdownError as QueryFastShutdownRefusal, ReleaseError, ResourceFlags,
    ServiceAdminError as ServiceAdminRefusal, ServiceId, ServiceUi, SessionId,
    SetDefaultStoreError as SetDefaultStoreRefusal, Sharing,
    StoreLogoffError as StoreLogoffRefusal, UnadviseError as UnadviseRefusal,
    UseError as UseRefusal, Visibility, Vote,
};
/// Passwords, which no `Debug` shows and which are wiped from memory when dropped.
pub use secrecy::{ExposeSecret, SecretString};
