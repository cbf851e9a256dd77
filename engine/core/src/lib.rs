//! The session protocol of MAPI, pure.
//!
//! [`Sessions`] is told what happened ([`Event`]) and says what to do about it ([`Effect`]), and by
//! which [`Rule`]. It keeps the whole state of one user's environment (clients, calls under way,
//! the logon mutex and its queue, handles, sessions) and knows nothing else: no I/O, no clock, no
//! thread, no lock, no randomness, no secret. What takes time (profile store, dialogs, providers,
//! timers) goes out as an effect and comes back as an event. The crate is `#![no_std]`, so that the
//! compiler keeps it so; what touches the world lives one level up, in `mapi-session`.
//!
//! Start with [`Sessions::step`], then read [`Rule`]: its table is the protocol at a glance. In the
//! source, `sessions.rs` deals events out to the stages of life in `sessions/`.
//!
//! Ids in `code font` such as `SHR-02` are requirements; their words are in `specs/rules`.
//!
//! A second logon joins the session that the first one shared, and opens its store:
//!
//! ```
//! use mapi_session_core::{
//!     Answer, CallId, ClientId, Effect, EntryFunction, Event, InitRequest, Limits,
//!     LogonFlags, LogonRequest, OpenRequest, OpenTarget, Opened, Password, Profile, ProfileKey,
//!     Protection, ProviderId, ProviderKind, ProviderResult, ProviderSpec, Rule, Service, Services,
//!     SessionId, Sessions, Visibility,
//! };
//!
//! let mut sessions = Sessions::new(Limits::default());
//! let (outlook, indexer) = (ClientId(1), ClientId(2));
//! for (call, client) in [(CallId(1), outlook), (CallId(2), indexer)] {
//!     let request = InitRequest::parse(0, 0);
//!     let _answer = sessions.step(Event::InitializeCalled { call, client, request });
//! }
//!
//! // The first logon takes the default profile and allows others.
//! let logon = |flags: LogonFlags| LogonRequest::parse(None, Password::NotGiven, flags.bits());
//! let (call, inside) = (CallId(3), None);
//! let request = logon(LogonFlags::USE_DEFAULT | LogonFlags::ALLOW_OTHERS);
//! let step = sessions.step(Event::LogonCalled { call, client: outlook, inside, request });
//! assert_eq!(step.effects, [Effect::Continue { call }]);
//! let _acquired = sessions.step(Event::Continued { call });
//! let _asks_the_store = sessions.step(Event::Continued { call });
//! let profile = Profile {
//!     key: ProfileKey(7),
//!     protection: Protection::Open,
//!     visibility: Visibility::Ordinary,
//! };
//! let _found = sessions.step(Event::ProfileLookedUp { call, found: Some(profile) });
//! let _reads_services = sessions.step(Event::Continued { call });
//!
//! // The profile has one service, which has one store: it logs on, and the session opens.
//! let providers = vec![ProviderSpec::new(ProviderKind::Store)];
//! let store = Service { entry: EntryFunction::Absent, providers };
//! let services = Services::new(vec![store])?;
//! let _starts_the_store = sessions.step(Event::ServicesRead { call, services: Some(services) });
//! let (session, provider) = (SessionId(call), ProviderId(0));
//! let result = ProviderResult::LoggedOn;
//! let step = sessions.step(Event::ProviderAnswered { session, provider, result });
//! assert_eq!((step.rule, step.effects), (Rule::StartProvider, vec![Effect::Continue { call }]));
//! let _open = sessions.step(Event::Continued { call });
//! assert_eq!(sessions.step(Event::Continued { call }).rule, Rule::AnswerLogon);
//!
//! // The second gets a handle of its own on the same session, without a question (`SHR-03`).
//! let call = CallId(4);
//! let request = logon(LogonFlags::empty());
//! let _queued = sessions.step(Event::LogonCalled { call, client: indexer, inside, request });
//! let _acquired = sessions.step(Event::Continued { call });
//! assert_eq!(sessions.step(Event::Continued { call }).rule, Rule::JoinShared);
//! let step = sessions.step(Event::Continued { call });
//! let [Effect::Answer { answer: Answer::LoggedOn(Ok(logon)), .. }] = step.effects[..] else {
//!     panic!("the logon was refused: {step:?}");
//! };
//! assert_eq!((logon.session, logon.profile), (session, ProfileKey(7)));
//!
//! // A store that runs is opened as it is (`PLG-07`).
//! let (call, handle) = (CallId(5), logon.handle);
//! let request = OpenRequest::parse(OpenTarget::Store(provider), 0);
//! let open = Event::OpenCalled { call, client: indexer, handle, inside, request };
//! let answer = Answer::Opened(Ok(Opened::Store));
//! assert_eq!(sessions.step(open).effects, [Effect::Answer { call, answer }]);
//! # Ok::<(), mapi_session_core::TooManyProviders>(())
//! ```

#![no_std]

extern crate alloc;

mod administration;
mod answer;
mod code;
mod effect;
mod error;
mod event;
mod flags;
mod id;
mod lineup;
mod name;
mod request;
mod rule;
mod services;
mod sessions;
mod shutdown;
mod view;

pub use administration::{AdminRequest, Copies, NameUse, ServiceAdminRequest, ServiceUse, Source};
pub use answer::{Answer, Logon, Opened};
pub use code::MapiCode;
pub use effect::{
    Attempt, Correction, Effect, Entry, EntryDialogs, LookUp, Notification, PasswordSource, Step,
};
pub use error::{
    AdminError, AdviseError, DoFastShutdownError, InitError, LogoffError, LogonError,
    NotifyProcessShutdownError, OpenError, QueryFastShutdownError, ReleaseError, ServiceAdminError,
    SetDefaultStoreError, StoreLogoffError, UnadviseError, UseError,
};
pub use event::{
    ChooserAnswer, ChosenPassword, Event, LogoffAnswer, PasswordAnswer, Profile, Protection,
    ProviderResult, RetryAnswer, Verdict, Visibility,
};
pub use flags::{InitFlags, LogoffFlags, LogonFlags, OpenFlags, ResourceFlags};
pub use id::{CallId, ClientId, HandleId, ProfileKey, ProviderId, ServiceId, SessionId};
pub use name::{NameError, ProfileName};
pub use request::{
    AppProfiles, Confirmation, Host, InitRequest, LogoffRequest, LogoffScope, LogonDialogs,
    LogonRequest, Mail, OpenRequest, OpenTarget, Password, ProfileChoice, Prompts, ServiceUi,
    Sharing, Wait,
};
pub use rule::Rule;
pub use services::{
    EntryFunction, ProviderKind, ProviderSpec, Service, Services, TooManyProviders,
};
pub use sessions::{Limits, Sessions};
pub use shutdown::{FastShutdown, FastShutdownPolicy, Vote};
pub use view::{
    CallStage, CallView, ClientView, HandleStatus, HandleView, Inbox, Objects, Phase,
    ProviderStatus, RowState, Seat, Series, SeriesStage, ServiceStatus, SessionView, Spooler,
    Stage, Standing, StatusRow, TransportSeries, TransportStage,
};
