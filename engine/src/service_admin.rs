//! Administration of the services of a profile: listed, added, deleted, copied, configured.
//!
//! [`MsgServiceAdmin`] is what applications have, [`Process`] has the same calls as MAPI has them.
//! Through a session each edit is one step of the protocol; without one there is no step, and the
//! same is refused. An edit shows in later sessions only (`ADM-19`): even one that leaves a profile
//! in use without services (`ADM-20`).

use std::time::Duration;

use mapi_session_core::{
    Answer, Copies, EntryDialogs, Event, HandleId, Host, ProfileKey, Prompts, ServiceAdminError,
    ServiceAdminRequest, ServiceUi, ServiceUse, SessionId,
};

use crate::admin_error::{
    AddServiceError, CopyServiceError, DeleteServiceError, ServiceTableError,
    SetPrimaryIdentityError,
};
use crate::call::Patience;
use crate::configure::permitted;
use crate::desk::{Desk, Edit, Edited};
use crate::errand::{Awaited, Bound, Errand};
use crate::error::{ConfigureError, HandleError};
use crate::mapi::Mapi;
use crate::process::Process;
use crate::profiles::ServiceUid;
use crate::service::MOST_SERVICES;
use crate::session::Session;
use crate::shell::State;
use crate::store::{IdentityChoice, Store, StoredProfile};
use crate::sync::Arc;
use crate::visit::{self, NO_DIALOGS, Purpose, Visit};
use crate::withdrawal::Withdrawal;

/// What a process does about the services of a profile.
///
/// What it changes shows in sessions that are built afterwards, never in one that exists
/// (`ADM-19`). Unless told otherwise no dialog is shown.
#[doc(alias = "IMsgServiceAdmin")]
#[derive(Clone, Debug)]
#[must_use = "to have it does nothing"]
pub struct MsgServiceAdmin<'a> {
    mapi: &'a Mapi,
    of: ServicesOf,
    dialogs: EntryDialogs,
    ui_param: u64,
    patience: Patience,
}

/// Whose services a call is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ServicesOf {
    /// Those of the profile of this handle's session, as it is stored.
    Session(HandleId),
    /// Those of the profile with this key, as long as it is not gone.
    Profile(ProfileKey),
}

/// A service as a table of services shows it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct ListedService {
    /// By what calls name it.
    #[doc(alias = "PR_SERVICE_UID")]
    pub uid: ServiceUid,
    /// The name that it has in the environment.
    #[doc(alias = "PR_SERVICE_NAME")]
    pub name: String,
    /// How often the profile may have it.
    pub copies: Copies,
    /// Whether the user's identity comes from it, if any of it runs (`IDN-02`).
    pub is_primary_identity: bool,
}

impl Session {
    /// What is done about the services of the session's profile, with the deadline for entry
    /// functions that the session was logged on with. The session itself stays as it is (`ADM-19`).
    #[doc(alias = "IMAPISession::AdminServices")]
    pub fn admin_services(&self) -> MsgServiceAdmin<'_> {
        let of = ServicesOf::Session(self.handle());
        let (ui_param, patience) = (self.ui_param(), self.patience().clone());
        MsgServiceAdmin { mapi: self.mapi(), of, dialogs: NO_DIALOGS, ui_param, patience }
    }
}

impl<'a> MsgServiceAdmin<'a> {
    pub(crate) fn of_profile(mapi: &'a Mapi, profile: ProfileKey, patience: Patience) -> Self {
        let of = ServicesOf::Profile(profile);
        Self { mapi, of, dialogs: NO_DIALOGS, ui_param: 0, patience }
    }

    /// Lets the user be asked for what a service lacks (`UIX-07`).
    #[doc(alias = "SERVICE_UI_ALLOWED")]
    pub fn interactive(mut self) -> Self {
        self.dialogs.allowed = Prompts::Allowed;
        self
    }

    /// Has the configuration shown, whether anything is lacking or not (`UIX-07`).
    #[doc(alias = "SERVICE_UI_ALWAYS")]
    pub fn service_ui_always(mut self) -> Self {
        self.dialogs.always = ServiceUi::Always;
        self
    }

    /// Passes this on to whoever shows a dialog.
    pub fn ui_param(mut self, ui_param: u64) -> Self {
        self.ui_param = ui_param;
        self
    }

    /// Waits at most that long for each call of an entry function.
    pub fn entry_timeout(mut self, wait: Duration) -> Self {
        self.patience.entry = Some(wait);
        self
    }

    /// Waits for entry functions no longer once this has happened (`CAN-01`).
    pub fn withdraw_with(mut self, withdrawal: &Withdrawal) -> Self {
        self.patience.withdrawal = Some(withdrawal.clone());
        self
    }

    /// The services of the profile as they are stored now, in their order (`ADM-17`).
    #[doc(alias = "IMsgServiceAdmin::GetMsgServiceTable")]
    pub fn table(&self) -> Result<Vec<ListedService>, ServiceTableError> {
        self.process().msg_service_table(self.of)
    }

    /// Adds a service of the environment's, last; then its entry function is called to furnish it,
    /// and what that says is passed on (`SVC-09`).
    #[doc(alias = "IMsgServiceAdmin::CreateMsgService")]
    pub fn add(&self, name: &str) -> Result<ServiceUid, AddServiceError> {
        self.process().create_msg_service(self.of, name, self.ui_param, self.dialogs)
    }

    /// Deletes a service. Nobody sees it any more when its entry function is told (`SVC-05`), which
    /// the call waits for.
    #[doc(alias = "IMsgServiceAdmin::DeleteMsgService")]
    pub fn delete(&self, service: ServiceUid) -> Result<(), DeleteServiceError> {
        self.process().delete_msg_service(self.of, service)
    }

    /// Adds a copy of a service to a profile, which may be the same. Its entry function is not
    /// called (`SVC-08`).
    #[doc(alias = "IMsgServiceAdmin::CopyMsgService")]
    pub fn copy(
        &self,
        service: ServiceUid,
        to: &MsgServiceAdmin<'_>,
    ) -> Result<ServiceUid, CopyServiceError> {
        self.process().copy_msg_service(self.of, service, to.of)
    }

    /// Has the entry function of a service called, and passes on what it returns (`SVC-07`).
    #[doc(alias = "IMsgServiceAdmin::ConfigureMsgService")]
    pub fn configure(&self, service: ServiceUid) -> Result<(), ConfigureError> {
        self.process().configure_msg_service(self.of, service, self.ui_param, self.dialogs)
    }

    /// Has the user's identity come from a service, or from none (`IDN-04`). If that service is
    /// deleted, the next that can takes over (`IDN-03`).
    #[doc(alias = "IMsgServiceAdmin::SetPrimaryIdentity")]
    pub fn set_primary_identity(
        &self,
        service: Option<ServiceUid>,
    ) -> Result<(), SetPrimaryIdentityError> {
        self.process().set_primary_identity(self.of, service)
    }

    fn process(&self) -> Process {
        self.mapi.process().with_patience(self.patience.clone())
    }
}

/// The profile whose services a call is about, and for whom it is made.
struct Place {
    profile: Arc<StoredProfile>,
    session: Option<SessionId>,
    host: Host,
}

impl Process {
    /// The services of a profile as they are stored now (`ADM-17`).
    #[doc(alias = "IMsgServiceAdmin::GetMsgServiceTable")]
    pub fn msg_service_table(
        &self,
        of: ServicesOf,
    ) -> Result<Vec<ListedService>, ServiceTableError> {
        let Place { profile, .. } = self.find_place::<ServiceTableError>(of)?;
        let registered = &self.shell().settings.services;
        let services = &profile.content.services;
        let identity = match profile.content.identity {
            IdentityChoice::Service(chosen) => Some(chosen),
            IdentityChoice::Nobody => None,
            IdentityChoice::Automatic => {
                let can = |name| registered.get(name).is_some_and(|it| it.can_identify());
                services.iter().find(|it| can(&it.name)).map(|it| it.uid)
            }
        };
        let rows = services.iter().map(|listed| ListedService {
            uid: listed.uid,
            name: listed.name.clone(),
            copies: self.copies(&listed.name).unwrap_or(Copies::Many),
            is_primary_identity: identity == Some(listed.uid),
        });
        Ok(rows.collect())
    }

    /// Adds a service to a profile, then has its entry function called with this permission to show
    /// dialogs, and passes on what that returns (`SVC-02`, `SVC-09`). Either way it is in the
    /// profile (`SVC-04`).
    #[doc(alias = "IMsgServiceAdmin::CreateMsgService")]
    pub fn create_msg_service(
        &self,
        of: ServicesOf,
        name: &str,
        ui_param: u64,
        dialogs: EntryDialogs,
    ) -> Result<ServiceUid, AddServiceError> {
        let ask = |profile: &StoredProfile| match self.copies(name) {
            None => Ok(ServiceUse::Unknown),
            Some(copies) => room_for::<AddServiceError>(profile, name, copies),
        };
        let add = |service| ServiceAdminRequest::Add { service };
        let edited = self.edit_services(of, ask, add, Edit::Add(name.to_owned()))?;
        let (uid, profile) = added(edited);
        let (session, bound) = match of {
            ServicesOf::Session(handle) => {
                let session = self.shell().look(self.id(), handle, |_, seat| seat.session);
                (session.ok(), Bound::Handle(self.id(), handle))
            }
            ServicesOf::Profile(_) => (None, Bound::Client(self.id())),
        };
        let called = self.call_entry(&profile, uid, Purpose::Create, |visit, host| {
            let dialogs = permitted(host, dialogs);
            (Visit { dialogs, ui_param, session, ..visit }, bound)
        });
        called.map(|()| uid).map_err(|error| AddServiceError::Entry { service: uid, error })
    }

    /// Deletes a service from a profile, then has its entry function told, and waits for that
    /// (`SVC-05`). What is known of the service is kept until then, though nobody sees it any more.
    #[doc(alias = "IMsgServiceAdmin::DeleteMsgService")]
    pub fn delete_msg_service(
        &self,
        of: ServicesOf,
        service: ServiceUid,
    ) -> Result<(), DeleteServiceError> {
        let ask = |profile: &StoredProfile| {
            Ok(match profile.service(service) {
                Some(listed) => {
                    ServiceUse::Present(self.copies(&listed.name).unwrap_or(Copies::Many))
                }
                None => ServiceUse::Absent,
            })
        };
        let delete = |service| ServiceAdminRequest::Delete { service };
        match self.edit_services::<DeleteServiceError>(of, ask, delete, Edit::Delete(service))? {
            Edited::Deleted(uid, profile) => self.tell_deleted(&profile, uid),
            Edited::Nothing | Edited::Created(_) | Edited::Removed(_) | Edited::Added(..) => {
                unreachable!("a service that was deleted is gone")
            }
        }
        Ok(())
    }

    /// Adds a copy of a service to a profile, last; what the service keeps elsewhere is not
    /// touched, and its entry function not called (`SVC-08`).
    #[doc(alias = "IMsgServiceAdmin::CopyMsgService")]
    pub fn copy_msg_service(
        &self,
        of: ServicesOf,
        service: ServiceUid,
        to: ServicesOf,
    ) -> Result<ServiceUid, CopyServiceError> {
        let Place { profile, .. } = self.find_place::<CopyServiceError>(of)?;
        let listed = profile.service(service).ok_or(ServiceAdminError::ServiceNotFound)?;
        let copies = self.copies(&listed.name).unwrap_or(Copies::Many);
        let ask =
            |profile: &StoredProfile| room_for::<CopyServiceError>(profile, &listed.name, copies);
        let add = |service| ServiceAdminRequest::Add { service };
        let edited = self.edit_services(to, ask, add, Edit::Add(listed.name.clone()));
        edited.map(|edited| added(edited).0)
    }

    /// Has the entry function of a service called as it is stored, and passes on what it returns
    /// (`SVC-07`): also of one that was added after the session began.
    #[doc(alias = "IMsgServiceAdmin::ConfigureMsgService")]
    pub fn configure_msg_service(
        &self,
        of: ServicesOf,
        service: ServiceUid,
        ui_param: u64,
        dialogs: EntryDialogs,
    ) -> Result<(), ConfigureError> {
        let Place { profile, session, host } = self.find_place::<ConfigureError>(of)?;
        let shell = self.shell();
        profile.service(service).ok_or(ConfigureError::NoSuchService)?;
        let visit = Visit::stored(shell, &profile, service, Purpose::Configure);
        let visit = visit.ok_or(ConfigureError::NoEntryFunction)?;
        let visit = Visit { dialogs: permitted(host, dialogs), ui_param, session, ..visit };
        let bound = match of {
            ServicesOf::Session(handle) => Bound::Handle(self.id(), handle),
            ServicesOf::Profile(_) => Bound::Client(self.id()),
        };
        let errand = Errand::new(bound, Awaited::Somebody);
        Ok(visit::pay(shell, self.patience(), &errand, visit)?)
    }

    /// Has the user's identity come from a service, or from none, in sessions to come (`IDN-04`).
    ///
    /// Nothing else is changed of any provider, so another choice can be made later (`IDN-04`).
    #[doc(alias = "IMsgServiceAdmin::SetPrimaryIdentity")]
    pub fn set_primary_identity(
        &self,
        of: ServicesOf,
        service: Option<ServiceUid>,
    ) -> Result<(), SetPrimaryIdentityError> {
        let Place { profile, .. } = self.find_place::<SetPrimaryIdentityError>(of)?;
        let (key, settings) = (profile.snapshot.key, &self.shell().settings);
        settings.profiles.change(|store| {
            let profile = store.existing(key).ok_or(SetPrimaryIdentityError::ProfileGone)?;
            let identity = match service {
                Some(uid) => {
                    let listed = profile.service(uid);
                    let listed = listed.ok_or(SetPrimaryIdentityError::NoSuchService)?;
                    let registered = settings.services.get(&listed.name);
                    if !registered.is_some_and(|it| it.can_identify()) {
                        return Err(SetPrimaryIdentityError::NoPrimaryIdentity);
                    }
                    IdentityChoice::Service(uid)
                }
                None => IdentityChoice::Nobody,
            };
            store.choose_identity(key, identity);
            Ok(())
        })
    }

    /// How often a profile may have the service of this name, if the environment knows it.
    fn copies(&self, name: &str) -> Option<Copies> {
        self.shell().settings.services.get(name).map(|registered| registered.copies)
    }

    fn find_place<E>(&self, of: ServicesOf) -> Result<Place, E>
    where
        E: From<HandleError> + From<ProfileGone>,
    {
        let (client, shell) = (self.id(), self.shell());
        let (key, session, host) = match of {
            ServicesOf::Session(handle) => shell.look(client, handle, |state, seat| {
                (state.core.profile_of(handle), Some(seat.session), seat.host)
            })?,
            ServicesOf::Profile(key) => {
                let host = self.host().ok_or(HandleError::NotInitialized)?;
                (Some(key), None, host)
            }
        };
        let profile = key.and_then(|key| shell.settings.profiles.existing(key));
        let profile = profile.ok_or(ProfileGone)?;
        Ok(Place { profile, session, host })
    }

    /// Edits the services of a profile as it is stored: through a session in one step, in which the
    /// protocol is told how the profile stands to the service; without one by the same rules.
    fn edit_services<E: From<ServiceAdminError> + From<ProfileGone>>(
        &self,
        of: ServicesOf,
        ask: impl Fn(&StoredProfile) -> Result<ServiceUse, E>,
        request: impl Fn(ServiceUse) -> ServiceAdminRequest,
        edit: Edit,
    ) -> Result<Edited, E> {
        let client = self.id();
        match of {
            ServicesOf::Session(handle) => {
                let ask = |call, store: &Store, state: &State| {
                    let service = match state.live_seat(client, handle) {
                        Ok(_) => {
                            let key = state.core.profile_of(handle);
                            let profile = key.and_then(|key| store.existing(key));
                            ask(profile.ok_or(ProfileGone)?)?
                        }
                        // It is refused whatever is said of the service.
                        Err(_) => ServiceUse::Unknown,
                    };
                    let request = request(service);
                    Ok::<_, E>(Event::ServiceAdminCalled { call, client, handle, request })
                };
                let (answer, edited) = self.step_at_the_store(ask, edit)?;
                let Answer::ServicesAdministered(result) = answer else {
                    panic!("a call of IMsgServiceAdmin was answered with {answer:?}")
                };
                result?;
                Ok(edited)
            }
            ServicesOf::Profile(key) => {
                self.host().ok_or(ServiceAdminError::NotInitialized)?;
                self.shell().settings.profiles.change(|store| {
                    let request = request(ask(store.existing(key).ok_or(ProfileGone)?)?);
                    let mut desk = Desk::at(store, edit);
                    match check(request)? {
                        Change::Add => desk.add_service(key),
                        Change::Delete => desk.delete_service(key),
                    }
                    Ok(desk.edited)
                })
            }
        }
    }
}

/// What is done to the services of a profile.
enum Change {
    Add,
    Delete,
}

/// What the protocol would refuse, were it told: the service to be added must be known, the one to
/// go must be there, and of some there is only one (`ADM-23`).
fn check(request: ServiceAdminRequest) -> Result<Change, ServiceAdminError> {
    match request {
        ServiceAdminRequest::Add { service } => match service {
            ServiceUse::Unknown => Err(ServiceAdminError::ServiceNotFound),
            ServiceUse::Present(Copies::Single) => Err(ServiceAdminError::SecondCopy),
            ServiceUse::Absent | ServiceUse::Present(Copies::Many) => Ok(Change::Add),
        },
        ServiceAdminRequest::Delete { service } => match service {
            ServiceUse::Unknown | ServiceUse::Absent => Err(ServiceAdminError::ServiceNotFound),
            ServiceUse::Present(_) => Ok(Change::Delete),
        },
    }
}

/// How a profile stands to a service that is to be added to it.
fn room_for<E: From<TooManyServices>>(
    profile: &StoredProfile,
    name: &str,
    copies: Copies,
) -> Result<ServiceUse, E> {
    let services = &profile.content.services;
    let is_there = services.iter().any(|it| it.name == name);
    match (is_there, copies) {
        (true, Copies::Single) => Ok(ServiceUse::Present(copies)),
        (_, _) if services.len() >= MOST_SERVICES => Err(TooManyServices.into()),
        (true, Copies::Many) => Ok(ServiceUse::Present(copies)),
        (false, _) => Ok(ServiceUse::Absent),
    }
}

/// The service that was added, and the profile that it is in.
fn added(edited: Edited) -> (ServiceUid, Arc<StoredProfile>) {
    match edited {
        Edited::Added(uid, profile) => (uid, profile),
        Edited::Nothing | Edited::Created(_) | Edited::Removed(_) | Edited::Deleted(..) => {
            unreachable!("a service that was added is there")
        }
    }
}

/// The profile is not in the store any more.
struct ProfileGone;

/// The profile has no room for another service.
struct TooManyServices;

/// Lets an error say that a profile is gone, and some that there is no room in it.
macro_rules! say {
    ($($from:ident => $($error:ident),+;)+) => {$($(
        impl From<$from> for $error {
            fn from(_: $from) -> Self {
                Self::$from
            }
        }
    )+)+};
}

say! {
    ProfileGone => AddServiceError, CopyServiceError, DeleteServiceError, ServiceTableError,
        SetPrimaryIdentityError, ConfigureError;
    TooManyServices => AddServiceError, CopyServiceError;
}

impl From<HandleError> for CopyServiceError {
    fn from(error: HandleError) -> Self {
        Self::Refused(match error {
            HandleError::NotInitialized => ServiceAdminError::NotInitialized,
            HandleError::InvalidHandle => ServiceAdminError::InvalidHandle,
        })
    }
}
