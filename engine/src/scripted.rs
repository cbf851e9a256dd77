//! Message services that do as a script says: for tests, of this library and of what uses it.
//!
//! ```
//! use std::sync::Arc;
//!
//! use mapi_session::scripted::{Script, ScriptedService};
//! use mapi_session::{Cause, Environment, Mapi, NewProfile, ProviderError, ProviderLogon};
//!
//! struct Offline;
//! impl Script for Offline {
//!     fn log_on(&self, _: &ProviderLogon<'_>) -> Result<Option<Cause>, ProviderError> {
//!         Err(ProviderError::SkipProvider(Cause::ServerUnavailable("mail.example.org".into())))
//!     }
//! }
//!
//! let service = ScriptedService::new(Arc::new(Offline)).store("Mailbox");
//! let environment = Environment::builder().service("Mail", service).build();
//! environment.profiles().create(NewProfile::new("Work").service("Mail"))?;
//! let mapi = Mapi::builder().environment(&environment).build();
//!
//! let session = mapi.logon().profile("Work").call()?;
//! let mailbox = session.find_store("Mailbox").expect("the service lists it");
//! let refused = session.open_store(mailbox).call().expect_err("the server is still away");
//! assert!(refused.to_string().ends_with("server unavailable: mail.example.org"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use mapi_session_core::{Copies, ProviderKind, ProviderSpec, ResourceFlags, SessionId, Vote};

use crate::failure::{Cause, EntryError, ProviderError};
use crate::provider::{
    AddressBookLogon, AddressBookProvider, LoggedOn, Provider, ProviderLogon, StoreLogon,
    StoreProvider, TransportLogon, TransportProvider,
};
use crate::service::{EntryContext, MessageService, ServiceEntry};
use crate::status::ProviderRow;
use crate::sync::{Arc, Mutex, lock};

/// What scripted providers and entry functions do when they are called; unless written, they do
/// what they should.
///
/// Methods are called as those of [`StoreProvider`] and [`ServiceEntry`] are, and may do all that
/// those may: block, panic, call back.
pub trait Script: Send + Sync {
    /// A provider is to log on; the cause is what it warns of.
    fn log_on(&self, logon: &ProviderLogon<'_>) -> Result<Option<Cause>, ProviderError> {
        let _ = logon;
        Ok(None)
    }

    /// Which row of the status table a provider makes that has just logged on.
    fn status_row(&self, part: &Part) -> Option<ProviderRow> {
        let _ = part;
        None
    }

    /// The entry function is called.
    fn configure(&self, context: &EntryContext<'_>) -> Result<(), EntryError> {
        let _ = context;
        Ok(())
    }

    /// The entry function is called for a service that was added.
    fn create(&self, context: &EntryContext<'_>) -> Result<(), EntryError> {
        let _ = context;
        Ok(())
    }

    /// The entry function is called for a service that goes.
    fn delete(&self, context: &EntryContext<'_>) {
        let _ = context;
    }

    /// A provider is asked whether it minds a fast shutdown.
    fn query_fast_shutdown(&self, part: &Part) -> Vote {
        let _ = part;
        Vote::NoInterface
    }

    /// A provider hears that a process is about to end.
    fn notify_process_shutdown(&self, part: &Part) {
        let _ = part;
    }

    /// A provider hears that its session ends now.
    fn do_fast_shutdown(&self, part: &Part) {
        let _ = part;
    }

    /// A provider is to log off.
    fn log_off(&self, part: &Part) {
        let _ = part;
    }

    /// A provider is to shut down.
    fn shut_down(&self, part: &Part) {
        let _ = part;
    }
}

/// Which provider it is, and for whom.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Part {
    /// The session that it serves.
    pub session: SessionId,
    /// The service that it belongs to, by the name under which the profile lists that.
    pub service: String,
    /// Its name.
    pub provider: String,
}

impl Part {
    /// The part that a provider plays when it logs on.
    pub fn of(logon: &ProviderLogon<'_>) -> Self {
        Self {
            session: logon.session,
            service: logon.service.to_owned(),
            provider: logon.provider.to_owned(),
        }
    }
}

/// A message service whose providers and entry function follow a script.
#[derive(Clone)]
pub struct ScriptedService {
    script: Arc<dyn Script>,
    providers: Vec<(ProviderSpec, String)>,
    has_entry: bool,
    copies: Copies,
}

impl ScriptedService {
    /// A service without providers and without entry function.
    pub fn new(script: Arc<dyn Script>) -> Self {
        Self { script, providers: Vec::new(), has_entry: false, copies: Copies::Many }
    }

    /// Adds an address book.
    #[must_use]
    pub fn address_book(self, name: impl Into<String>) -> Self {
        self.provider(ProviderKind::AddressBook, name)
    }

    /// Adds a message store.
    #[must_use]
    pub fn store(self, name: impl Into<String>) -> Self {
        self.provider(ProviderKind::Store, name)
    }

    /// Adds a transport.
    #[must_use]
    pub fn transport(self, name: impl Into<String>) -> Self {
        self.provider(ProviderKind::Transport, name)
    }

    /// Adds a provider.
    #[must_use]
    pub fn provider(mut self, kind: ProviderKind, name: impl Into<String>) -> Self {
        self.providers.push((ProviderSpec::new(kind), name.into()));
        self
    }

    /// Says which part the provider plays that was added last, as [`Provider::resource_flags`]
    /// does.
    #[must_use]
    pub fn resource_flags(mut self, flags: ResourceFlags) -> Self {
        if let Some((spec, _)) = self.providers.last_mut() {
            *spec = spec.with_flags(flags);
        }
        self
    }

    /// Gives the service an entry function.
    #[must_use]
    pub fn with_entry(mut self) -> Self {
        self.has_entry = true;
        self
    }

    /// Lets a profile list the service once.
    #[must_use]
    pub fn single_copy(mut self) -> Self {
        self.copies = Copies::Single;
        self
    }
}

impl MessageService for ScriptedService {
    fn providers(&self) -> Vec<Provider> {
        let listed = self.providers.iter().map(|(spec, name)| {
            let script = Arc::clone(&self.script);
            let load =
                move || ScriptedProvider { script: Arc::clone(&script), part: Mutex::default() };
            let provider = match spec.kind {
                ProviderKind::AddressBook => Provider::address_book(name, load),
                ProviderKind::Store => Provider::store(name, load),
                ProviderKind::Transport => Provider::transport(name, load),
            };
            provider.resource_flags(spec.flags)
        });
        listed.collect()
    }

    fn entry(&self) -> Option<Arc<dyn ServiceEntry>> {
        let entry = ScriptedEntry(Arc::clone(&self.script));
        self.has_entry.then(|| Arc::new(entry) as Arc<dyn ServiceEntry>)
    }

    fn copies(&self) -> Copies {
        self.copies
    }
}

struct ScriptedEntry(Arc<dyn Script>);

impl ServiceEntry for ScriptedEntry {
    fn configure(&self, context: &EntryContext<'_>) -> Result<(), EntryError> {
        self.0.configure(context)
    }

    fn create(&self, context: &EntryContext<'_>) -> Result<(), EntryError> {
        self.0.create(context)
    }

    fn delete(&self, context: &EntryContext<'_>) {
        self.0.delete(context);
    }
}

/// A provider of any kind, loaded for one session.
struct ScriptedProvider {
    script: Arc<dyn Script>,
    /// Known from the first logon on.
    part: Mutex<Option<Part>>,
}

impl ScriptedProvider {
    fn play(
        &self,
        logon: &ProviderLogon<'_>,
    ) -> Result<(Box<ScriptedLogon>, Option<Cause>), ProviderError> {
        let part = Part::of(logon);
        *lock(&self.part) = Some(part.clone());
        let warning = self.script.log_on(logon)?;
        Ok((Box::new(ScriptedLogon { script: Arc::clone(&self.script), part }), warning))
    }

    /// Which part it plays, once it has been told.
    fn part(&self) -> Option<Part> {
        lock(&self.part).clone()
    }
}

/// What a scripted provider can be used by, of whatever kind it is.
pub struct ScriptedLogon {
    script: Arc<dyn Script>,
    part: Part,
}

impl ScriptedLogon {
    /// Which provider it is, and for whom.
    pub fn part(&self) -> &Part {
        &self.part
    }
}

/// Has a scripted provider play one kind of provider.
macro_rules! play {
    ($provider:ident, $logon:ident) => {
        impl $provider for ScriptedProvider {
            fn log_on(
                &self,
                logon: &ProviderLogon<'_>,
            ) -> Result<LoggedOn<dyn $logon>, ProviderError> {
                let (object, warning) = self.play(logon)?;
                let row = self.script.status_row(object.part());
                let logged_on: LoggedOn<dyn $logon> = match warning {
                    None => LoggedOn::new(object),
                    Some(cause) => LoggedOn::with_errors(object, cause),
                };
                Ok(match row {
                    None => logged_on,
                    Some(row) => logged_on.status_row(row),
                })
            }

            fn shut_down(&self) {
                if let Some(part) = self.part() {
                    self.script.shut_down(&part);
                }
            }

            fn query_fast_shutdown(&self) -> Vote {
                match self.part() {
                    Some(part) => self.script.query_fast_shutdown(&part),
                    None => Vote::NoInterface,
                }
            }

            fn notify_process_shutdown(&self) {
                if let Some(part) = self.part() {
                    self.script.notify_process_shutdown(&part);
                }
            }

            fn do_fast_shutdown(&self) {
                if let Some(part) = self.part() {
                    self.script.do_fast_shutdown(&part);
                }
            }
        }

        impl $logon for ScriptedLogon {
            fn log_off(&self) {
                self.script.log_off(&self.part);
            }
        }
    };
}

play!(AddressBookProvider, AddressBookLogon);
play!(StoreProvider, StoreLogon);
play!(TransportProvider, TransportLogon);
