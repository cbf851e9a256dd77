//! What actions bring with them: arguments of calls, answers of users, providers and services.

use serde::{Deserialize, Serialize};

use crate::{Label, Password, Provider, Service};

/// What is passed to `MAPIInitialize`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InitArgument {
    /// Nothing that matters here.
    Application,
    /// `MAPI_NT_SERVICE`.
    Service,
    /// A flag bit that has no meaning.
    UndefinedFlag,
    /// A structure version other than `MAPI_INIT_VERSION`.
    WrongVersion,
}

/// What is passed to `IMAPISession::Logoff`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogoffArgument {
    /// No flag.
    Plain,
    /// `MAPI_LOGOFF_UI`: the user may be asked.
    Ui,
    /// `MAPI_LOGOFF_SHARED`: the others are to log off too.
    Shared,
    /// Both flags.
    SharedUi,
    /// A flag bit that has no meaning.
    UndefinedFlag,
}

/// What the user did in the profile chooser.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChooserAnswer {
    /// Gave a profile's name, and perhaps a password.
    Pick {
        /// The name, which a profile may bear or not; none if no profile ever bears it.
        profile: Option<Label>,
        /// The password that replaces the call's; none if the field was left alone.
        password: Option<Password>,
    },
    /// Closed the dialog.
    Cancel,
    /// There is no user to ask.
    Unavailable,
}

/// What the user did in the password prompt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PasswordAnswer {
    /// Gave the right password.
    Right,
    /// Gave a wrong one.
    Wrong,
    /// Closed the dialog.
    Cancel,
    /// There is no user to ask.
    Unavailable,
}

/// What the user did when asked whether to log off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogoffAnswer {
    /// Agreed.
    Confirm,
    /// Refused.
    Decline,
    /// There is no user to ask.
    Unavailable,
}

/// A notification of a session, for whoever has registered (D-31).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Notification {
    /// `fnevCriticalError`: a sharer asks everybody to log off (NTF-02).
    Critical,
    /// `fnevExtended`: a handle has left the session (NTF-03).
    Extended,
    /// `fnevTableModified`: another store is the default (DST-06).
    Table,
}

impl Notification {
    /// Every notification.
    pub const ALL: [Self; 3] = [Self::Critical, Self::Extended, Self::Table];
}

/// What an open call wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OpenTarget {
    /// The store of this provider, which may be none of a store.
    Store(Provider),
    /// The address book.
    Book,
}

/// What is passed to an open call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OpenArgument {
    /// No flag: dialogs are permitted.
    Dialogs,
    /// `MDB_NO_DIALOG` or `AB_NO_DIALOG`.
    NoDialog,
    /// A flag bit that has no meaning.
    UndefinedFlag,
}

/// Why an entry function is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Entry {
    /// `MAPI_SERVICE_UI_ALWAYS`: the service shows its configuration (UIX-04).
    Show(Service),
    /// This provider of the service failed to log on (SVC-11).
    Repair(Provider),
}

/// What an entry function returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryResult {
    /// `S_OK`
    Ok,
    /// `MAPI_E_UNCONFIGURED`
    Unconfigured,
    /// `MAPI_E_USER_CANCEL`
    UserCancel,
}

impl EntryResult {
    /// Every result.
    pub const ALL: [Self; 3] = [Self::Ok, Self::Unconfigured, Self::UserCancel];
}

/// What the user answers when a provider has failed (FLR-19).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RetryAnswer {
    /// Try again.
    Retry,
    /// Put right what is wrong, then try again.
    Correct,
    /// Do without the service.
    GiveUp,
    /// There is no user to ask.
    Unavailable,
}

impl RetryAnswer {
    /// Every answer.
    pub const ALL: [Self; 4] = [Self::Retry, Self::Correct, Self::GiveUp, Self::Unavailable];
}

/// What a provider answers to an attempt to log on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProviderResult {
    /// `S_OK`
    Ok,
    /// `MAPI_W_ERRORS_RETURNED` (FLR-11)
    Warning,
    /// `MAPI_E_FAILONEPROVIDER` (FLR-04)
    FailOneProvider,
    /// `MAPI_E_UNCONFIGURED` (FLR-05)
    Unconfigured,
    /// `MAPI_E_USER_CANCEL` (FLR-08)
    UserCancel,
    /// `MAPI_E_SESSION_LIMIT` (FLR-09)
    SessionLimit,
    /// `MAPI_E_LOGON_FAILED`, standing for every code that no other one names (FLR-06)
    LogonFailed,
    /// `MAPI_E_UNKNOWN_CPID` (FLR-10)
    UnknownCpid,
    /// `MAPI_E_UNKNOWN_LCID` (FLR-10)
    UnknownLcid,
    /// `MAPI_E_VERSION`, or it could not be loaded at all (FLR-12)
    Version,
}

impl ProviderResult {
    /// Every result.
    pub const ALL: [Self; 10] = [
        Self::Ok,
        Self::Warning,
        Self::FailOneProvider,
        Self::Unconfigured,
        Self::UserCancel,
        Self::SessionLimit,
        Self::LogonFailed,
        Self::UnknownCpid,
        Self::UnknownLcid,
        Self::Version,
    ];
}

/// What is asked of `IMAPISession::AdminServices`.
///
/// A profile has the first services of a list, and none behind one that it lacks: what is added is
/// the next of the list, and what is deleted the last that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ServiceChange {
    /// `CreateMsgServiceEx`: this service, which may be there already, or be unknown.
    Add(Service),
    /// `DeleteMsgService`: this service, which may be absent.
    Delete(Service),
}

/// Which method of `IMAPIClientShutdown` is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FastStep {
    /// `QueryFastShutdown`
    Query,
    /// `NotifyProcessShutdown`
    Notify,
    /// `DoFastShutdown`
    Do,
}

impl FastStep {
    /// Every method, in the order in which a client is to call them (FSD-01).
    pub const ALL: [Self; 3] = [Self::Query, Self::Notify, Self::Do];
}

/// What a provider answers when it is asked about a fast shutdown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Vote {
    /// `S_OK`
    Consents,
    /// `MAPI_E_NO_SUPPORT`
    Objects,
    /// It has no `IMAPIProviderShutdown`.
    NoInterface,
}

impl Vote {
    /// Every answer.
    pub const ALL: [Self; 3] = [Self::Consents, Self::Objects, Self::NoInterface];
}
