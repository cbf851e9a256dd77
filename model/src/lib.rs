//! MAPI logon and session sharing: what may happen.
//!
//! This crate is written from `specs/` alone and knows nothing of the engine, so that the two can
//! disagree; `tests/` is where they meet. Read [`Action`] (what the world can do), [`State`] (what
//! the protocol can tell apart), then the table in [`mod@rule`]; [`Protocol`] puts them together,
//! [`properties`] says what must hold and [`Fault`] breaks it on purpose.

mod action;
mod alphabet;
mod fault;
mod guard;
mod name;
mod observation;
pub mod properties;
mod protocol;
pub mod rule;
pub mod scope;
mod situation;
mod state;
mod update;
mod words;

pub use action::{
    Action, ChooserAnswer, Entry, EntryResult, InitArgument, LogoffAnswer, LogoffArgument,
    Notification, OpenArgument, OpenTarget, PasswordAnswer, ProviderResult, RetryAnswer,
};
pub use fault::Fault;
pub use guard::Guard;
pub use name::{Client, Name, Profile, Provider, RequestId, Service};
pub use observation::{Code, EntryDialogs, LoggedOn, Observation, Observations, Permission};
pub use protocol::{Protocol, Step};
pub use rule::{Row, Rule};
pub use scope::{
    Calls, Deep, NameArgument, Password, ProfileSpec, ProviderKind, ProviderSpec, Request, Scope,
    ScopeError, ServiceSpec, Start, flag, resource,
};
pub use state::{
    Call, Handle, Held, Holder, Host, Inbox, Initialized, List, LogoffScope, Logon, Objects, Open,
    Opens, Phase, RowState, Series, SeriesStage, Services, Session, Spooler, Stage, State, Status,
    StatusRow, Statuses, TransportSeries, TransportStage,
};
pub use update::Update;

/// The version of the model, as traces name it.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
