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
mod symmetry;
mod update;
mod words;

pub use action::{
    Action, ChooserAnswer, Entry, EntryResult, FastStep, InitArgument, LogoffAnswer,
    LogoffArgument, Notification, OpenArgument, OpenTarget, PasswordAnswer, ProviderResult,
    RetryAnswer, ServiceChange, Vote,
};
pub use fault::Fault;
pub use guard::Guard;
pub use name::{Client, EditId, Label, Name, Profile, Provider, RequestId, Service};
pub use observation::{Code, EntryDialogs, LoggedOn, Observation, Observations, Permission};
pub use protocol::{Protocol, Step};
pub use rule::{Row, Rule};
pub use scope::{
    Calls, Deep, Edit, EditCall, FastPolicy, NameArgument, NewName, Password, ProfileSpec,
    ProviderKind, ProviderSpec, Request, Scope, ScopeError, ServiceSpec, Snapshot, SourceName,
    Start, flag, resource,
};
pub use state::{
    Call, Contents, Fast, Handle, Held, Holder, Host, Inbox, Initialized, List, LogoffScope, Logon,
    Objects, Open, Opens, Origin, Pending, Phase, Profiles, Protection, Query, RowState, Series,
    SeriesStage, Services, Session, Slot, Spooler, Stage, State, Status, StatusRow, Statuses,
    TransportSeries, TransportStage,
};
pub use symmetry::{Permutation, Symmetry};
pub use update::Update;

/// The version of the model, as traces name it.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
