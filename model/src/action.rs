//! What the world can do next, legal or not.
//!
//! Every choice is in the action: which client, which request, what the user answered. Orders of
//! the subsystem are not actions but [observations](crate::Observation); the actions here that
//! name a call or a session bring the answers (D-21).

mod arguments;

use serde::{Deserialize, Serialize};

pub use arguments::{
    ChooserAnswer, Entry, EntryResult, FastStep, InitArgument, LogoffAnswer, LogoffArgument,
    Notification, OpenArgument, OpenTarget, PasswordAnswer, ProviderResult, RetryAnswer,
    ServiceChange, Vote,
};

use crate::{Client, EditId, Name, Provider, RequestId};

/// What the world can do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// A client calls `MAPIInitialize` (A1).
    Initialize {
        /// The caller.
        client: Client,
        /// What it passes.
        with: InitArgument,
    },
    /// A client calls `MAPIUninitialize` (A2).
    Uninitialize {
        /// The caller.
        client: Client,
    },
    /// A client calls `MAPILogonEx` (A3).
    Logon {
        /// The caller.
        client: Client,
        /// What it asks for.
        request: RequestId,
        /// The call from inside whose prompt or provider call it does so, if any.
        inside: Option<Name>,
    },
    /// A client calls `IMAPISession::Logoff` (A20).
    Logoff {
        /// The caller.
        client: Client,
        /// The handle, its own or not.
        handle: Name,
        /// What it passes.
        with: LogoffArgument,
    },
    /// A client calls `Release` on a handle (A21).
    Release {
        /// The caller.
        client: Client,
        /// The handle, its own or not.
        handle: Name,
    },
    /// A client process dies (A22).
    Crash {
        /// Who.
        client: Client,
    },
    /// A caller gives its call up (A39).
    Withdraw {
        /// The call.
        call: Name,
    },
    /// The deadline that the caller set passes (A37).
    Deadline {
        /// The call.
        call: Name,
    },
    /// The few seconds of `MAPI_TIMEOUT_SHORT` are over (A5).
    Timeout {
        /// The call.
        call: Name,
    },
    /// The subsystem goes on with a call by itself (A4, A6, A7, A9, A17, A18, A19).
    Continue {
        /// The call.
        call: Name,
    },
    /// The profile store says what it found (A7).
    LookedUp {
        /// The call.
        call: Name,
    },
    /// The user answers the profile chooser (A8).
    Choose {
        /// The call.
        call: Name,
        /// The answer.
        answer: ChooserAnswer,
    },
    /// The profile store says whether the password is right (A9).
    Checked {
        /// The call.
        call: Name,
    },
    /// The user answers the password prompt (A10).
    EnterPassword {
        /// The call.
        call: Name,
        /// The answer.
        answer: PasswordAnswer,
    },
    /// The user answers the confirmation of a logoff (A20).
    Confirm {
        /// The logoff.
        call: Name,
        /// The answer.
        answer: LogoffAnswer,
    },
    /// The profile store says which services the profile has (A11).
    ServicesRead {
        /// The logon.
        call: Name,
    },
    /// The entry function of a service returns (A12, A14).
    EntryReturned {
        /// The call for which it was called.
        call: Name,
        /// Why it was called.
        entry: Entry,
        /// What it returns, which decides nothing.
        result: EntryResult,
    },
    /// The user answers whether to try a provider again (A15).
    RetryAnswered {
        /// The call for which the user was asked.
        call: Name,
        /// The provider.
        provider: Provider,
        /// The answer.
        answer: RetryAnswer,
    },
    /// A provider answers an attempt to log on (A13, A36).
    ProviderAnswered {
        /// The session.
        session: Name,
        /// The provider.
        provider: Provider,
        /// The answer.
        result: ProviderResult,
    },
    /// A provider has logged off (A23, A35, A36).
    ProviderLoggedOff {
        /// The session.
        session: Name,
        /// The provider.
        provider: Provider,
    },
    /// A provider has shut down (A23, A35, A36).
    ProviderShutDown {
        /// The session.
        session: Name,
        /// The provider.
        provider: Provider,
    },
    /// What was kept for a session is cleared away (A24).
    SessionClosed {
        /// The session.
        session: Name,
    },
    /// A client calls `IMAPISession::OpenMsgStore` or `OpenAddressBook` (A19a, A19b).
    Open {
        /// The caller.
        client: Client,
        /// The handle, its own or not.
        handle: Name,
        /// What it wants.
        target: OpenTarget,
        /// What it passes.
        with: OpenArgument,
        /// The call from inside whose prompt, provider call or entry call it does so, if any.
        inside: Option<Name>,
    },
    /// A client calls something of a provider that it has opened (A38).
    Use {
        /// The caller.
        client: Client,
        /// The handle, its own or not.
        handle: Name,
        /// The provider.
        provider: Provider,
    },
    /// A client calls `IMsgStore::StoreLogoff` (A35).
    StoreLogoff {
        /// The caller.
        client: Client,
        /// The handle, its own or not.
        handle: Name,
        /// The provider of the store.
        provider: Provider,
    },
    /// Something needs the transports of a session (A25, ORD-06).
    Demand {
        /// The session.
        session: Name,
    },
    /// The entry function of a service returns, which was called for the spooler (A25).
    TransportConfigured {
        /// The session.
        session: Name,
        /// The transport.
        provider: Provider,
        /// What it returned, which decides nothing.
        result: EntryResult,
    },
    /// A client calls `IMAPISession::SetDefaultStore` (A32).
    SetDefaultStore {
        /// The caller.
        client: Client,
        /// The handle, its own or not.
        handle: Name,
        /// The provider of the store, which may be none of a store; no default, if none is named.
        store: Option<Provider>,
    },
    /// A client calls `IMAPISession::Advise` for the notifications of the session itself (A30).
    Advise {
        /// The caller.
        client: Client,
        /// The handle, its own or not.
        handle: Name,
    },
    /// A client calls `IMAPISession::Unadvise` for the last of its registrations (A30).
    Unadvise {
        /// The caller.
        client: Client,
        /// The handle, its own or not.
        handle: Name,
    },
    /// The time has come to hand a notification over (A31).
    Deliver {
        /// The handle that it is queued for, or not.
        handle: Name,
        /// The notification.
        notification: Notification,
    },
    /// A client administers profiles: a call of `IProfAdmin` (A26, A27, A28).
    Administer {
        /// The caller.
        client: Client,
        /// What it asks for.
        edit: EditId,
    },
    /// A client changes the services of its session's profile: `IMAPISession::AdminServices` (A34).
    AdminServices {
        /// The caller.
        client: Client,
        /// The handle, its own or not.
        handle: Name,
        /// What it asks for.
        change: ServiceChange,
    },
    /// A client calls one of the three methods of `IMAPIClientShutdown` (A33).
    FastShutdown {
        /// The caller.
        client: Client,
        /// The handle, its own or not.
        handle: Name,
        /// Which of the three.
        step: FastStep,
    },
    /// A provider answers whether it agrees to a fast shutdown (A33).
    Voted {
        /// The call for which it was asked.
        call: Name,
        /// The answer.
        vote: Vote,
    },
}

impl Action {
    /// The call or session that it is about, under way or not.
    pub const fn call(self) -> Option<Name> {
        match self {
            Self::Withdraw { call }
            | Self::Deadline { call }
            | Self::Timeout { call }
            | Self::Continue { call }
            | Self::LookedUp { call }
            | Self::Choose { call, .. }
            | Self::Checked { call }
            | Self::EnterPassword { call, .. }
            | Self::Confirm { call, .. }
            | Self::ServicesRead { call }
            | Self::EntryReturned { call, .. }
            | Self::RetryAnswered { call, .. }
            | Self::Voted { call, .. } => Some(call),
            Self::ProviderAnswered { session, .. }
            | Self::ProviderLoggedOff { session, .. }
            | Self::ProviderShutDown { session, .. }
            | Self::SessionClosed { session }
            | Self::Demand { session }
            | Self::TransportConfigured { session, .. } => Some(session),
            Self::Initialize { .. }
            | Self::Uninitialize { .. }
            | Self::Logon { .. }
            | Self::Logoff { .. }
            | Self::Release { .. }
            | Self::Crash { .. }
            | Self::Open { .. }
            | Self::Use { .. }
            | Self::StoreLogoff { .. }
            | Self::SetDefaultStore { .. }
            | Self::Advise { .. }
            | Self::Unadvise { .. }
            | Self::Deliver { .. }
            | Self::Administer { .. }
            | Self::AdminServices { .. }
            | Self::FastShutdown { .. } => None,
        }
    }

    /// The call from inside which it is made, if any.
    pub const fn inside(self) -> Option<Name> {
        if let Self::Logon { inside, .. } | Self::Open { inside, .. } = self {
            inside
        } else {
            None
        }
    }

    /// The handle that it is a call on.
    pub const fn handle(self) -> Option<Name> {
        if let Self::Logoff { handle, .. }
        | Self::Release { handle, .. }
        | Self::Open { handle, .. }
        | Self::Use { handle, .. }
        | Self::StoreLogoff { handle, .. }
        | Self::SetDefaultStore { handle, .. }
        | Self::Advise { handle, .. }
        | Self::Unadvise { handle, .. }
        | Self::AdminServices { handle, .. }
        | Self::FastShutdown { handle, .. } = self
        {
            Some(handle)
        } else {
            None
        }
    }

    /// Who does it, or for whom it is done.
    pub const fn client(self) -> Client {
        match self {
            Self::Initialize { client, .. }
            | Self::Uninitialize { client }
            | Self::Logon { client, .. }
            | Self::Logoff { client, .. }
            | Self::Release { client, .. }
            | Self::Crash { client }
            | Self::Open { client, .. }
            | Self::Use { client, .. }
            | Self::StoreLogoff { client, .. }
            | Self::SetDefaultStore { client, .. }
            | Self::Advise { client, .. }
            | Self::Unadvise { client, .. }
            | Self::Administer { client, .. }
            | Self::AdminServices { client, .. }
            | Self::FastShutdown { client, .. } => client,
            Self::Deliver { handle, .. } => handle.client(),
            Self::Withdraw { call }
            | Self::Deadline { call }
            | Self::Timeout { call }
            | Self::Continue { call }
            | Self::LookedUp { call }
            | Self::Choose { call, .. }
            | Self::Checked { call }
            | Self::EnterPassword { call, .. }
            | Self::Confirm { call, .. }
            | Self::ServicesRead { call }
            | Self::EntryReturned { call, .. }
            | Self::RetryAnswered { call, .. }
            | Self::Voted { call, .. } => call.client(),
            Self::ProviderAnswered { session, .. }
            | Self::ProviderLoggedOff { session, .. }
            | Self::ProviderShutDown { session, .. }
            | Self::SessionClosed { session }
            | Self::Demand { session }
            | Self::TransportConfigured { session, .. } => session.client(),
        }
    }
}
