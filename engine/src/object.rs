//! What a session has opened: stores and the address book.
//!
//! Both are good as long as the session is logged on, and refuse every use afterwards. A store that
//! is opened several times is one object, which is logged off with the last value that stands for
//! it; [`Holdings`] counts them.

use std::collections::BTreeMap;
use std::fmt;

use mapi_session_core as core;
use mapi_session_core::{HandleId, MapiCode, OpenRequest, Opened, ProviderId, ProviderKind};

use crate::call::Patience;
use crate::error::{OpenError, StoreLogoffError, UseError};
use crate::failure::Trouble;
use crate::loaded::LogonObject;
use crate::mailbox::About;
use crate::process::Process;
use crate::provider::{AddressBookLogon, StoreLogon};
use crate::session::Session;
use crate::sync::{Arc, Condvar, Mutex, PoisonError, lock};

/// A message store that a session has open.
///
/// To drop the last value that stands for it is to log it off (`PSD-05`).
#[doc(alias = "IMsgStore")]
pub struct Store {
    process: Process,
    handle: HandleId,
    id: ProviderId,
    holdings: Arc<Holdings>,
    is_given_up: bool,
}

impl Store {
    pub(crate) fn open(
        session: &Session,
        store: ProviderId,
        ui_param: u64,
        patience: Patience,
        request: Result<OpenRequest, core::OpenError>,
    ) -> Result<Self, OpenError> {
        let (process, handle) = (session.mapi().process().clone(), session.handle());
        let holdings = Arc::clone(session.holdings());
        holdings.take(store);
        let asking = process.with_patience(patience);
        // If this comes to nothing, dropping it sets the count right.
        let opened = Self { process, handle, id: store, holdings, is_given_up: false };
        asking.open(handle, ui_param, About::Provider(handle, store), request)?;
        Ok(opened)
    }

    /// The provider's place in the profile.
    pub fn id(&self) -> ProviderId {
        self.id
    }

    /// Uses the store, on this thread and without any lock.
    ///
    /// If the store does not run any more, its service is disabled or the session is logged off,
    /// that is refused and the provider is not touched (`FLR-02`). What is not in the trait can be
    /// had by `downcast_ref`.
    pub fn with<T>(&self, work: impl FnOnce(&dyn StoreLogon) -> T) -> Result<T, UseError> {
        self.process.use_provider(self.handle, self.id, |object| match object {
            LogonObject::Store(logon) => work(&**logon),
            LogonObject::AddressBook(_) | LogonObject::Transport(_) => {
                unreachable!("what is opened as a store is one")
            }
        })
    }

    /// Logs the store off; the session goes on without it. If others have it open, in this session
    /// or as another value of one's own, it runs on for them (`PSD-09`).
    #[doc(alias = "IMsgStore::StoreLogoff")]
    pub fn log_off(mut self) -> Result<(), StoreLogoffError> {
        self.give_up()
    }

    fn give_up(&mut self) -> Result<(), StoreLogoffError> {
        if std::mem::replace(&mut self.is_given_up, true) {
            return Ok(());
        }
        self.holdings
            .give_up(self.id, || self.process.store_logoff(self.handle, self.id))
            .unwrap_or(Ok(()))
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        if !self.process.shell().is_broken() {
            // Refused if the session is logged off, and then so is the store.
            let _ = self.give_up();
        }
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").field("id", &self.id).finish_non_exhaustive()
    }
}

/// The address book that a session has open: all its address book providers as one.
///
/// It stays open until the session is logged off.
#[doc(alias = "IAddrBook")]
pub struct AddressBook {
    process: Process,
    handle: HandleId,
    opened: Opened,
    missing: Vec<Trouble>,
    providers: Vec<ProviderId>,
}

impl AddressBook {
    pub(crate) fn open(
        session: &Session,
        ui_param: u64,
        patience: Patience,
        request: Result<OpenRequest, core::OpenError>,
    ) -> Result<Self, OpenError> {
        let (process, handle) = (session.mapi().process().clone(), session.handle());
        let asking = process.with_patience(patience);
        let raw = asking.open(handle, ui_param, About::AddressBook(handle), request)?;
        let report = session.report();
        let providers = report.services().flat_map(|service| service.providers);
        let books = providers.filter(|provider| provider.kind == ProviderKind::AddressBook);
        let providers = books.map(|book| book.id).collect();
        Ok(Self { process, handle, opened: raw.opened, missing: raw.missing, providers })
    }

    /// Its providers, in the order of the profile, those that are missing included.
    pub fn providers(&self) -> &[ProviderId] {
        &self.providers
    }

    /// What it lacked when it was opened, and why (`PLG-10`).
    pub fn missing(&self) -> &[Trouble] {
        &self.missing
    }

    /// The code that a C caller got: `S_OK`, or `MAPI_W_ERRORS_RETURNED` if something is missing.
    pub fn code(&self) -> MapiCode {
        core::Answer::Opened(Ok(self.opened)).code()
    }

    /// Uses one of its providers, on this thread and without any lock.
    ///
    /// If it does not run, its service is disabled or the session is logged off, that is refused
    /// and the provider is not touched (`FLR-02`).
    pub fn with<T>(
        &self,
        provider: ProviderId,
        work: impl FnOnce(&dyn AddressBookLogon) -> T,
    ) -> Result<T, UseError> {
        if !self.providers.contains(&provider) {
            let refusal = core::UseError::NotOpen;
            return Err(UseError::Refused { refusal, trouble: None });
        }
        self.process.use_provider(self.handle, provider, |object| match object {
            LogonObject::AddressBook(logon) => work(&**logon),
            LogonObject::Store(_) | LogonObject::Transport(_) => {
                unreachable!("only address books are let through")
            }
        })
    }
}

impl fmt::Debug for AddressBook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AddressBook")
            .field("providers", &self.providers)
            .field("missing", &self.missing)
            .finish_non_exhaustive()
    }
}

/// How many values stand for each store of a session, those being opened included.
#[derive(Default)]
pub(crate) struct Holdings {
    stores: Mutex<BTreeMap<ProviderId, Holding>>,
    closed: Condvar,
}

enum Holding {
    Held(usize),
    /// The last one is gone, and the store is being logged off.
    Closing,
}

impl Holdings {
    /// One more; waits for a logoff that is under way, which does not take long.
    fn take(&self, store: ProviderId) {
        let mut stores = lock(&self.stores);
        loop {
            match stores.entry(store).or_insert(Holding::Held(0)) {
                Holding::Held(count) => {
                    *count += 1;
                    return;
                }
                Holding::Closing => {
                    stores = self.closed.wait(stores).unwrap_or_else(PoisonError::into_inner);
                }
            }
        }
    }

    /// One less; the last one closes.
    fn give_up<T>(&self, store: ProviderId, close: impl FnOnce() -> T) -> Option<T> {
        {
            let mut stores = lock(&self.stores);
            match stores.get_mut(&store) {
                Some(Holding::Held(count)) if *count > 1 => {
                    *count -= 1;
                    return None;
                }
                Some(holding) => *holding = Holding::Closing,
                None => return None,
            }
        }
        let closed = close();
        lock(&self.stores).remove(&store);
        self.closed.notify_all();
        Some(closed)
    }
}
