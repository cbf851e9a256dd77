//! Message services, as those who write them see them, and as a profile lists them.
//!
//! [`MessageService`] is what is registered; [`Plan`] is what the services of one profile come to
//! in one environment.

use std::collections::BTreeMap;

use bitflags::bitflags;
use mapi_session_core as core;
use mapi_session_core::{
    Copies, EntryDialogs, EntryFunction, Prompts, ProviderId, ProviderKind, ProviderSpec,
    ServiceId, ServiceUi, Services, SessionId,
};

use crate::failure::{EntryError, Failure};
use crate::profiles::ProfileSnapshot;
use crate::provider::Provider;
use crate::store::{Content, IdentityChoice, Listed, StoredProfile};
use crate::sync::Arc;

/// A message service: providers that are configured together and disabled together.
///
/// It is registered in the environment under a name; profiles list it by that name. All methods are
/// called once, on the thread that registers it, and never again: what a service consists of does
/// not change.
///
/// A service that a profile lists and nobody has registered counts as one store that cannot be
/// loaded: the session is without it, and its report says so (`FLR-12`).
pub trait MessageService {
    /// Its providers, in the order in which they are started.
    ///
    /// One with more than [`MOST_PROVIDERS`] cannot be loaded.
    fn providers(&self) -> Vec<Provider>;

    /// Its entry function, if it has one (`SVC-12`).
    fn entry(&self) -> Option<Arc<dyn ServiceEntry>> {
        None
    }

    /// How often one profile may have it: whoever would add one too many is refused (`ADM-23`).
    #[doc(alias = "SERVICE_SINGLE_COPY")]
    fn copies(&self) -> Copies {
        Copies::Many
    }
}

/// How many providers a service may have.
pub const MOST_PROVIDERS: usize = 60;

/// How many services a profile may list.
pub const MOST_SERVICES: usize = 1_000;

/// The entry function of a message service: what configures it.
///
/// It is called on a thread made for it, once for each order, and may block and show dialogs as the
/// context permits; calls of different sessions may come at a time, and several of one session if a
/// caller has gone away or they were [requested](EntryReason::Requested). A caller waits no longer
/// than its [`Patience`] says, and then goes on as if the function had returned, or is told that
/// it has not; what it returns later changes nothing. It may call back as providers may. A panic
/// counts as [`EntryError::Failed`] with `MAPI_E_CALL_FAILED`.
///
/// The context is what MAPI calls the configuration support object: it cannot be kept beyond the
/// call (`SVC-10`). Each method is one context of the function in C (`SVC-02`).
///
/// ```compile_fail,E0521
/// use std::sync::Mutex;
///
/// use mapi_session::{EntryContext, EntryError, ServiceEntry};
///
/// struct Keeper(Mutex<Option<EntryContext<'static>>>);
/// impl ServiceEntry for Keeper {
///     fn configure(&self, context: &EntryContext<'_>) -> Result<(), EntryError> {
///         *self.0.lock().expect("nobody panics with it") = Some(*context);
///         Ok(())
///     }
/// }
/// ```
///
/// [`Patience`]: crate::Patience
#[doc(alias = "MSGSERVICEENTRY")]
pub trait ServiceEntry: Send + Sync {
    /// Completes the service's configuration (`SVC-01`, `SVC-03`).
    #[doc(alias = "MSG_SERVICE_CONFIGURE")]
    fn configure(&self, context: &EntryContext<'_>) -> Result<(), EntryError>;

    /// Furnishes the service, which has just been added to a profile (`SVC-09`). Whoever added it
    /// is told what this returns, and it is in the profile in any case.
    ///
    /// Without any dialog it may leave the configuration for later: a provider that lacks it says
    /// so when it is to log on (`SVC-04`).
    #[doc(alias = "MSG_SERVICE_CREATE")]
    fn create(&self, context: &EntryContext<'_>) -> Result<(), EntryError> {
        let _ = context;
        Ok(())
    }

    /// Gives up what it keeps elsewhere for the service, which is about to go, by itself or with
    /// its profile (`SVC-05`, `ADM-12`). It is the last call for the service, and cannot prevent
    /// anything.
    #[doc(alias = "MSG_SERVICE_DELETE")]
    fn delete(&self, context: &EntryContext<'_>) {
        let _ = context;
    }
}

/// What an entry function is told.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct EntryContext<'a> {
    /// The session for which the service is configured, or whose administration it is called for;
    /// none if that is not a session's.
    pub session: Option<SessionId>,
    /// The profile that lists the service: as the session has it, or for administration as it is
    /// stored; one that goes, as it was.
    pub profile: &'a ProfileSnapshot,
    /// The name under which the profile lists the service.
    pub service: &'a str,
    /// Why it is called.
    pub reason: EntryReason<'a>,
    /// What it may show (`UIX-07`).
    pub dialogs: EntryDialogs,
    /// What the caller passed as `ulUIParam`.
    pub ui_param: u64,
}

/// Why an entry function is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryReason<'a> {
    /// Whoever logs on wants to see the configuration of each service (`UIX-04`).
    Shown,
    /// A provider could not log on, and will be tried once more (`FLR-05`, `SVC-11`).
    LogonFailed {
        /// The provider's name.
        provider: &'a str,
        /// What went wrong.
        failure: &'a Failure,
    },
    /// Somebody who has the session asked for it, and is told what comes of it (`SVC-07`).
    #[doc(alias = "IMsgServiceAdmin::ConfigureMsgService")]
    Requested,
    /// Somebody has added it to the profile, or created the profile with it, and is told what comes
    /// of it (`SVC-09`, `ADM-01`).
    #[doc(alias = "IMsgServiceAdmin::CreateMsgService")]
    Created,
    /// Somebody deletes it, or its profile is deleted (`SVC-05`, `ADM-12`).
    #[doc(alias = "IMsgServiceAdmin::DeleteMsgService")]
    Deleted,
}

impl EntryReason<'_> {
    /// The context that an entry function written in C would get as `ulContext` (`SVC-02`).
    pub const fn number(&self) -> u32 {
        match self {
            Self::Created => 2,
            Self::Shown | Self::LogonFailed { .. } | Self::Requested => 3,
            Self::Deleted => 4,
        }
    }
}

impl EntryContext<'_> {
    /// The flag word that an entry function written in C would get.
    pub fn flags(&self) -> EntryFlags {
        let allowed = match self.dialogs.allowed {
            Prompts::Allowed => EntryFlags::UI_ALLOWED,
            Prompts::Forbidden => EntryFlags::empty(),
        };
        let always = match self.dialogs.always {
            ServiceUi::Always => EntryFlags::UI_ALWAYS,
            ServiceUi::AsNeeded => EntryFlags::empty(),
        };
        let failed = match self.reason {
            EntryReason::LogonFailed { .. } => EntryFlags::LOGON_FAILED,
            EntryReason::Shown
            | EntryReason::Requested
            | EntryReason::Created
            | EntryReason::Deleted => EntryFlags::empty(),
        };
        allowed | always | failed
    }
}

bitflags! {
    /// The flags of a message service's entry function.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub struct EntryFlags: u32 {
        #[doc(alias = "SERVICE_UI_ALWAYS")]
        /// `SERVICE_UI_ALWAYS`: the configuration is shown, whether anything is lacking or not.
        const UI_ALWAYS = 0x0000_0002;
        #[doc(alias = "SERVICE_UI_ALLOWED")]
        /// `SERVICE_UI_ALLOWED`: the user may be asked for what is lacking.
        const UI_ALLOWED = 0x0000_0010;
        #[doc(alias = "SERVICE_LOGON_FAILED")]
        /// `SERVICE_LOGON_FAILED`: a provider of the service could not log on.
        const LOGON_FAILED = 0x0000_0020;
    }
}

/// A service as it was registered.
pub(crate) struct Registered {
    /// Or why none of it can be loaded.
    providers: Result<Vec<Provider>, &'static str>,
    pub(crate) entry: Option<Arc<dyn ServiceEntry>>,
    pub(crate) copies: Copies,
}

impl Registered {
    pub(crate) fn new(service: &impl MessageService) -> Self {
        let (providers, copies) = (service.providers(), service.copies());
        if providers.len() > MOST_PROVIDERS {
            let providers = Err("the service lists too many providers");
            return Self { providers, entry: None, copies };
        }
        Self { providers: Ok(providers), entry: service.entry(), copies }
    }

    /// Whether a provider of it can say who the user is (`IDN-07`).
    pub(crate) fn can_identify(&self) -> bool {
        self.providers.iter().flatten().any(Provider::can_identify)
    }
}

/// The services of a profile, as this environment has them. Sessions on the profile share it.
pub(crate) struct Plan {
    /// What of the profile it was made from; its password is none of a session's business.
    listed: Vec<Listed>,
    identity: IdentityChoice,
    pub(crate) services: Services,
    entries: Vec<PlannedService>,
    providers: Vec<PlannedProvider>,
}

pub(crate) struct PlannedService {
    pub(crate) name: String,
    pub(crate) entry: Option<Arc<dyn ServiceEntry>>,
}

pub(crate) struct PlannedProvider {
    pub(crate) service: ServiceId,
    pub(crate) spec: ProviderSpec,
    pub(crate) name: String,
    /// Or why there is nothing to load.
    pub(crate) provider: Result<Provider, &'static str>,
}

impl Plan {
    pub(crate) fn new(
        profile: &StoredProfile,
        registered: &BTreeMap<String, Arc<Registered>>,
    ) -> Self {
        let Content { services: listed, identity, .. } = &profile.content;
        let mut described = Vec::new();
        let mut entries = Vec::new();
        let mut providers = Vec::new();
        for (place, Listed { uid, name }) in (0..).zip(listed) {
            let service = ServiceId(place);
            let found = registered.get(name);
            let known = match found.map(|service| &service.providers) {
                Some(Ok(known)) => Ok(known),
                Some(Err(why)) => Err(*why),
                None => Err("no service of this name is registered"),
            };
            let first = providers.len();
            match known {
                Ok(known) => providers.extend(known.iter().map(|provider| {
                    let (spec, name) = (identity.apply(*uid, provider), provider.name().to_owned());
                    PlannedProvider { service, spec, name, provider: Ok(provider.clone()) }
                })),
                Err(why) => providers.push({
                    let (spec, name) = (ProviderSpec::new(ProviderKind::Store), name.clone());
                    PlannedProvider { service, spec, name, provider: Err(why) }
                }),
            }
            let entry = found.and_then(|service| service.entry.clone());
            described.push(core::Service {
                entry: match entry {
                    Some(_) => EntryFunction::Present,
                    None => EntryFunction::Absent,
                },
                providers: providers[first..].iter().map(|provider| provider.spec).collect(),
            });
            entries.push(PlannedService { name: name.clone(), entry });
        }
        let services = Services::new(described);
        let services = services.expect("the limits of services and profiles are lower");
        let (listed, identity) = (listed.clone(), *identity);
        Self { listed, identity, services, entries, providers }
    }

    /// Whether it is what the profile comes to as it is now.
    pub(crate) fn is_for(&self, profile: &StoredProfile) -> bool {
        let Content { services, identity, .. } = &profile.content;
        (&self.listed, &self.identity) == (services, identity)
    }

    pub(crate) fn services(&self) -> impl Iterator<Item = (ServiceId, &PlannedService)> {
        (0..).map(ServiceId).zip(&self.entries)
    }

    pub(crate) fn providers(&self) -> impl Iterator<Item = (ProviderId, &PlannedProvider)> {
        (0..).map(ProviderId).zip(&self.providers)
    }

    pub(crate) fn find_service(&self, service: ServiceId) -> Option<&PlannedService> {
        self.entries.get(usize::from(service.0))
    }

    pub(crate) fn service(&self, service: ServiceId) -> &PlannedService {
        &self.entries[usize::from(service.0)]
    }

    pub(crate) fn provider(&self, provider: ProviderId) -> &PlannedProvider {
        &self.providers[usize::from(provider.0)]
    }

    /// Whose a provider is, what it is and what it is called.
    pub(crate) fn describe(&self, id: ProviderId) -> (&str, ProviderId, ProviderKind, &str) {
        let provider = self.provider(id);
        (&self.service(provider.service).name, id, provider.spec.kind, &provider.name)
    }
}
