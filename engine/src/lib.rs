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
//! `listener.rs` who listens to it. What waits without being a call of the protocol's is an errand,
//! `errand.rs`: the configuration of a service on request, in `configure.rs`, and the status table,
//! in `table.rs`.
//!
//! Ids in `code font` such as `SHR-02` are requirements; their words are in `specs/rules`.

mod advise;
mod call;
mod clock;
mod configure;
mod effects;
mod environment;
mod errand;
mod error;
mod failure;
mod foreign;
mod inside;
mod listener;
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
mod session;
mod shell;
mod simple;
mod status;
mod sync;
mod table;
mod ui;
mod watch;
mod withdrawal;

pub use advise::{AdviseSink, Connection, ConnectionId};
pub use call::Patience;
pub use clock::{Clock, SystemClock};
pub use configure::ConfigureBuilder;
pub use environment::{Environment, EnvironmentBuilder};
pub use error::{
    AdviseError, ConfigureError, CreateProfileError, HandleError, LogoffError, LogonError,
    OpenError, RefusedLogoff, RemoveProfileError, SetDefaultError, SetDefaultStoreError,
    StatusTableError, StoreLogoffError, UnadviseError, UseError,
};
pub use failure::{
    Cause, EntryError, FailedPhase, Failure, Missing, ProviderError, SpiVersion, Trouble,
};
pub use logon::{Interactive, Joining, LogonBuilder, LogonChoice, Opening, Quiet};
pub use mapi::{Mapi, MapiBuilder};
pub use object::{AddressBook, Store};
pub use open::OpenBuilder;
pub use process::{Process, RawAddressBook, RawLogon};
pub use profiles::{NewProfile, ProfileSnapshot, Profiles};
pub use provider::{
    AddressBookLogon, AddressBookProvider, LoggedOn, LogonObject, Provider, ProviderLogon,
    StoreLogon, StoreProvider, TransportFlags, TransportLogon, TransportProvider,
};
pub use report::{ProviderReport, ProviderState, Report, ServiceReport, ServiceState};
pub use service::{
    EntryContext, EntryFlags, EntryReason, MOST_PROVIDERS, MOST_SERVICES, MessageService,
    ServiceEntry,
};
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
    AdviseError as AdviseRefusal, AppProfiles, Attempt, CallId, ClientId, Correction, EntryDialogs,
    HandleId, Host, InitError, InitFlags, LogoffError as LogoffRefusal, LogoffFlags,
    LogonError as LogonRefusal, LogonFlags, MapiCode, NameError, Notification,
    OpenError as OpenRefusal, OpenFlags, Opened, ProfileKey, ProfileName, Prompts, ProviderId,
    ProviderKind, ReleaseError, ResourceFlags, ServiceId, ServiceUi, SessionId,
    SetDefaultStoreError as SetDefaultStoreRefusal, Sharing,
    StoreLogoffError as StoreLogoffRefusal, UnadviseError as UnadviseRefusal,
    UseError as UseRefusal,
};
/// Passwords, which no `Debug` shows and which are wiped from memory when dropped.
pub use secrecy::{ExposeSecret, SecretString};
