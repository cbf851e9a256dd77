//! Providers as a session has them: loaded, logged on, and of whatever kind.
//!
//! To call one is to call foreign code.

use std::fmt;

use mapi_session_core::Vote;

use crate::failure::{Cause, ProviderError};
use crate::provider::{
    AddressBookLogon, AddressBookProvider, LoggedOn, ProviderLogon, StoreLogon, StoreProvider,
    TransportLogon, TransportProvider,
};
use crate::status::ProviderRow;
use crate::sync::Arc;

/// A loaded provider.
#[derive(Clone)]
pub(crate) enum ProviderObject {
    AddressBook(Arc<dyn AddressBookProvider>),
    Store(Arc<dyn StoreProvider>),
    Transport(Arc<dyn TransportProvider>),
}

impl ProviderObject {
    /// Logs on. This is foreign code.
    pub(crate) fn log_on(&self, logon: &ProviderLogon<'_>) -> Result<Arrival, ProviderError> {
        Ok(match self {
            Self::AddressBook(provider) => {
                provider.log_on(logon)?.arrive(|it| LogonObject::AddressBook(Arc::from(it)))
            }
            Self::Store(provider) => {
                provider.log_on(logon)?.arrive(|it| LogonObject::Store(Arc::from(it)))
            }
            Self::Transport(provider) => {
                provider.log_on(logon)?.arrive(|it| LogonObject::Transport(Arc::from(it)))
            }
        })
    }

    /// Shuts down. This is foreign code.
    pub(crate) fn shut_down(&self) {
        match self {
            Self::AddressBook(provider) => provider.shut_down(),
            Self::Store(provider) => provider.shut_down(),
            Self::Transport(provider) => provider.shut_down(),
        }
    }

    /// Asks whether it minds a fast shutdown. This is foreign code.
    pub(crate) fn query_fast_shutdown(&self) -> Vote {
        match self {
            Self::AddressBook(provider) => provider.query_fast_shutdown(),
            Self::Store(provider) => provider.query_fast_shutdown(),
            Self::Transport(provider) => provider.query_fast_shutdown(),
        }
    }

    /// Says that a process is about to end. This is foreign code.
    pub(crate) fn notify_process_shutdown(&self) {
        match self {
            Self::AddressBook(provider) => provider.notify_process_shutdown(),
            Self::Store(provider) => provider.notify_process_shutdown(),
            Self::Transport(provider) => provider.notify_process_shutdown(),
        }
    }

    /// Says that its session is over. This is foreign code.
    pub(crate) fn do_fast_shutdown(&self) {
        match self {
            Self::AddressBook(provider) => provider.do_fast_shutdown(),
            Self::Store(provider) => provider.do_fast_shutdown(),
            Self::Transport(provider) => provider.do_fast_shutdown(),
        }
    }
}

/// What comes of a logon of a provider that succeeded.
pub(crate) struct Arrival {
    pub(crate) object: LogonObject,
    /// With what it is logged on nevertheless.
    pub(crate) warning: Option<Cause>,
    pub(crate) row: Option<Box<ProviderRow>>,
}

/// What a provider that is logged on can be used by.
#[derive(Clone)]
pub enum LogonObject {
    /// An address book's.
    AddressBook(Arc<dyn AddressBookLogon>),
    /// A message store's.
    Store(Arc<dyn StoreLogon>),
    /// A transport's.
    Transport(Arc<dyn TransportLogon>),
}

impl LogonObject {
    /// Logs off. This is foreign code.
    pub(crate) fn log_off(&self) {
        match self {
            Self::AddressBook(logon) => logon.log_off(),
            Self::Store(logon) => logon.log_off(),
            Self::Transport(logon) => logon.log_off(),
        }
    }
}

impl fmt::Debug for LogonObject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AddressBook(_) => "AddressBook",
            Self::Store(_) => "Store",
            Self::Transport(_) => "Transport",
        })
    }
}

impl<P: StoreProvider + ?Sized> StoreProvider for Arc<P> {
    fn log_on(&self, logon: &ProviderLogon<'_>) -> Result<LoggedOn<dyn StoreLogon>, ProviderError> {
        (**self).log_on(logon)
    }

    fn shut_down(&self) {
        (**self).shut_down();
    }

    fn query_fast_shutdown(&self) -> Vote {
        (**self).query_fast_shutdown()
    }

    fn notify_process_shutdown(&self) {
        (**self).notify_process_shutdown();
    }

    fn do_fast_shutdown(&self) {
        (**self).do_fast_shutdown();
    }
}

impl<P: AddressBookProvider + ?Sized> AddressBookProvider for Arc<P> {
    fn log_on(
        &self,
        logon: &ProviderLogon<'_>,
    ) -> Result<LoggedOn<dyn AddressBookLogon>, ProviderError> {
        (**self).log_on(logon)
    }

    fn shut_down(&self) {
        (**self).shut_down();
    }

    fn query_fast_shutdown(&self) -> Vote {
        (**self).query_fast_shutdown()
    }

    fn notify_process_shutdown(&self) {
        (**self).notify_process_shutdown();
    }

    fn do_fast_shutdown(&self) {
        (**self).do_fast_shutdown();
    }
}

impl<P: TransportProvider + ?Sized> TransportProvider for Arc<P> {
    fn log_on(
        &self,
        logon: &ProviderLogon<'_>,
    ) -> Result<LoggedOn<dyn TransportLogon>, ProviderError> {
        (**self).log_on(logon)
    }

    fn shut_down(&self) {
        (**self).shut_down();
    }

    fn query_fast_shutdown(&self) -> Vote {
        (**self).query_fast_shutdown()
    }

    fn notify_process_shutdown(&self) {
        (**self).notify_process_shutdown();
    }

    fn do_fast_shutdown(&self) {
        (**self).do_fast_shutdown();
    }
}
