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
//! Start with [`Mapi`]. Processes that are to share sessions are built in one [`Environment`],
//! which has the profiles and the message services. Who has a user in front of the screen
//! implements [`LogonUi`], who writes a message service [`ServiceProvider`]. [`Process`] is the
//! same protocol as a C caller meets it, for those who need each bit.
//!
//! Every call blocks its own thread and no other. The protocol itself is in [`protocol`]; this
//! crate carries out what it orders and decides nothing. In the source, `shell.rs` has the core
//! behind its lock, `call.rs` is a call on its caller's thread, `prompt.rs` and `running.rs` are
//! the threads on which users and providers are spoken to.
//!
//! Ids in `code font` such as `SHR-02` are requirements; their words are in `specs/rules`.

mod call;
mod clock;
mod environment;
mod error;
mod inside;
mod logon;
mod mailbox;
mod mapi;
mod process;
mod profiles;
mod prompt;
mod provider;
mod running;
mod session;
mod shell;
mod sync;
mod ui;
mod watch;
mod withdrawal;

pub use call::Patience;
pub use clock::{Clock, SystemClock};
pub use environment::{Environment, EnvironmentBuilder};
pub use error::{
    CreateProfileError, LogoffError, LogonError, RefusedLogoff, RemoveProfileError, SetDefaultError,
};
pub use logon::{Interactive, Joining, LogonBuilder, LogonChoice, Opening, Quiet};
pub use mapi::{Mapi, MapiBuilder};
pub use process::{Process, RawLogon};
pub use profiles::{NewProfile, ProfileSnapshot, Profiles};
pub use provider::{ProviderLogon, ServiceProvider};
pub use session::Session;
pub use ui::{
    AskPassword, ChooseProfile, ChooserReason, ConfirmLogoff, LogonUi, NoUi, Origin,
    PasswordReason, ProfileChosen, UserAnswer,
};
pub use watch::{Pace, StepRecord};
pub use withdrawal::{Withdrawal, Withdrawn};

/// The protocol, whose names appear in requests, refusals and records.
pub use mapi_session_core as protocol;
pub use mapi_session_core::{
    AppProfiles, CallId, ClientId, HandleId, InitError, InitFlags, LogoffError as LogoffRefusal,
    LogoffFlags, LogonError as LogonRefusal, LogonFlags, MapiCode, NameError, ProfileKey,
    ProfileName, ReleaseError, SessionId, Sharing,
};
/// Passwords, which no `Debug` shows and which are wiped from memory when dropped.
pub use secrecy::{ExposeSecret, SecretString};
