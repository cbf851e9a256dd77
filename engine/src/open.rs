//! An open call in the making.

use std::marker::PhantomData;
use std::time::Duration;

use mapi_session_core::{OpenRequest, OpenTarget, Prompts};

use crate::call::Patience;
use crate::error::OpenError;
use crate::object::{AddressBook, Store};
use crate::session::Session;
use crate::withdrawal::Withdrawal;

/// A store, or the address book, to be opened; [`call`](OpenBuilder::<Store>::call) opens it.
///
/// Unless told otherwise no dialog is shown.
#[derive(Debug)]
#[must_use = "nothing is opened before `call`"]
pub struct OpenBuilder<'a, Object> {
    session: &'a Session,
    request: OpenRequest,
    ui_param: u64,
    patience: Patience,
    object: PhantomData<Object>,
}

impl<'a, Object> OpenBuilder<'a, Object> {
    pub(crate) fn new(session: &'a Session, target: OpenTarget) -> Self {
        Self {
            session,
            request: OpenRequest { target, dialogs: Prompts::Forbidden },
            ui_param: session.ui_param(),
            patience: session.patience().clone(),
            object: PhantomData,
        }
    }

    /// Lets providers and entry functions show dialogs, and the user be asked whether to try again
    /// (`UIX-08`).
    #[doc(alias = "MDB_NO_DIALOG")]
    #[doc(alias = "AB_NO_DIALOG")]
    pub fn interactive(mut self) -> Self {
        self.request.dialogs = Prompts::Allowed;
        self
    }

    /// Passes this on to whoever shows a dialog.
    pub fn ui_param(mut self, ui_param: u64) -> Self {
        self.ui_param = ui_param;
        self
    }

    /// Waits at most that long, from beginning to end.
    pub fn timeout(mut self, wait: Duration) -> Self {
        self.patience.open = Some(wait);
        self
    }

    /// Waits at most that long for each attempt of a provider to log on.
    pub fn provider_timeout(mut self, wait: Duration) -> Self {
        self.patience.provider = Some(wait);
        self
    }

    /// Waits at most that long for each call of an entry function.
    pub fn entry_timeout(mut self, wait: Duration) -> Self {
        self.patience.entry = Some(wait);
        self
    }

    /// Waits at most that long for the user, each time it asks.
    pub fn prompt_timeout(mut self, wait: Duration) -> Self {
        self.patience.prompt = Some(wait);
        self
    }

    /// Can be given up by these means (`CAN-01`).
    pub fn withdraw_with(mut self, withdrawal: &Withdrawal) -> Self {
        self.patience.withdrawal = Some(withdrawal.clone());
        self
    }
}

impl OpenBuilder<'_, Store> {
    /// Opens the store. Blocks until that is done, refused or given up.
    #[doc(alias = "IMAPISession::OpenMsgStore")]
    pub fn call(self) -> Result<Store, OpenError> {
        let Self { session, request, ui_param, patience, object: _ } = self;
        let OpenTarget::Store(store) = request.target else {
            unreachable!("a builder of stores is made for a store")
        };
        Store::open(session, store, ui_param, patience, Ok(request))
    }
}

impl OpenBuilder<'_, AddressBook> {
    /// Opens the address book, with the providers that can be had; [`AddressBook::missing`] says
    /// which cannot (`PLG-10`). Blocks until that is done, refused or given up.
    #[doc(alias = "IMAPISession::OpenAddressBook")]
    pub fn call(self) -> Result<AddressBook, OpenError> {
        let Self { session, request, ui_param, patience, object: _ } = self;
        AddressBook::open(session, ui_param, patience, Ok(request))
    }
}
