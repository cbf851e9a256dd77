//! Administration of profiles: created, copied, deleted, renamed, made the default.
//!
//! [`ProfileAdmin`] is what applications have, [`Process`] has the same calls as MAPI has them.
//! Each is one step of the protocol, which knows who uses a profile and decides; what it decides on
//! is read from the store, and what it orders is done there, before anybody else comes to the store
//! again. Entry functions are called afterwards, on the caller's behalf. `service_admin.rs` has
//! what is done with the services of a profile.

use std::time::Duration;

use mapi_session_core as core;
use mapi_session_core::{
    AdminError, AdminRequest, Answer, AppProfiles, CallId, EntryDialogs, Event, Host, NameError,
    NameUse, ProfileKey, ProfileName, Prompts, ServiceUi, Source,
};

use crate::admin_error::{AdminServicesError, EntryCallError, NewProfileError, ProfileTableError};
use crate::call::Patience;
use crate::configure::permitted;
use crate::desk::{Edit, Edited};
use crate::errand::{Awaited, Bound, Errand};
use crate::mailbox::{About, Letter, Mailbox};
use crate::mapi::Mapi;
use crate::process::Process;
use crate::profiles::{NewProfile, ProfileEntry, ServiceUid};
use crate::service_admin::MsgServiceAdmin;
use crate::shell::State;
use crate::store::{Store, StoredProfile};
use crate::sync::Arc;
use crate::visit::{self, Purpose, Visit};
use crate::withdrawal::Withdrawal;

/// What a process does about the profiles of its environment, sessions or not (`ADM-01`).
///
/// Unless told otherwise it shows no dialog, and nothing of app profiles.
#[doc(alias = "IProfAdmin")]
#[doc(alias = "MAPIAdminProfiles")]
#[derive(Clone, Debug)]
#[must_use = "to have it does nothing"]
pub struct ProfileAdmin<'a> {
    mapi: &'a Mapi,
    app_profiles: AppProfiles,
    dialogs: Prompts,
    ui_param: u64,
    patience: Patience,
}

impl Mapi {
    /// What this process does about profiles, with the deadline for entry functions that this value
    /// was built with.
    #[doc(alias = "MAPIAdminProfiles")]
    pub fn profile_admin(&self) -> ProfileAdmin<'_> {
        ProfileAdmin {
            mapi: self,
            app_profiles: AppProfiles::Hidden,
            dialogs: Prompts::Forbidden,
            ui_param: 0,
            patience: self.patience().clone(),
        }
    }
}

impl<'a> ProfileAdmin<'a> {
    /// Sees app profiles as well (`ADM-02`, `ADM-03`).
    #[doc(alias = "MAPI_APP_PROFILE")]
    pub fn app_profiles(mut self) -> Self {
        self.app_profiles = AppProfiles::Listed;
        self
    }

    /// Lets entry functions ask the user for what services lack.
    #[doc(alias = "MAPI_DIALOG")]
    pub fn interactive(mut self) -> Self {
        self.dialogs = Prompts::Allowed;
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

    /// The profiles as they are now, in the order of their names: those whose deletion waits for
    /// their last sessions are left out (`ADM-11`, `ADM-17`).
    #[doc(alias = "IProfAdmin::GetProfileTable")]
    pub fn table(&self) -> Result<Vec<ProfileEntry>, ProfileTableError> {
        self.process().profile_table(self.app_profiles)
    }

    /// Creates a profile (`ADM-01`). Its services' entry functions are called once it is there.
    #[doc(alias = "IProfAdmin::CreateProfile")]
    pub fn create(&self, profile: NewProfile) -> Result<CreatedProfile, NewProfileError> {
        self.process().create_profile(
            profile,
            DefaultServices::Without,
            self.dialogs,
            self.ui_param,
        )
    }

    /// Creates a profile that has the environment's default services, after those of its own
    /// (`ADM-01`).
    #[doc(alias = "MAPI_DEFAULT_SERVICES")]
    pub fn create_with_default_services(
        &self,
        profile: NewProfile,
    ) -> Result<CreatedProfile, NewProfileError> {
        self.process().create_profile(profile, DefaultServices::With, self.dialogs, self.ui_param)
    }

    /// Copies a profile, password and services included, under a name that is free (`ADM-02`).
    /// Entry functions are not called.
    #[doc(alias = "IProfAdmin::CopyProfile")]
    pub fn copy(&self, old: &str, new: &str) -> Result<(), AdminError> {
        self.process().copy_profile(old, new, self.app_profiles)
    }

    /// Deletes a profile (`ADM-03`). One that sessions use goes with the last of them, but its name
    /// is free at once and nobody finds it any more (`ADM-10`, `ADM-11`).
    ///
    /// The entry function of each service is called before the last of a profile goes (`ADM-12`).
    #[doc(alias = "IProfAdmin::DeleteProfile")]
    pub fn delete(&self, name: &str) -> Result<(), AdminError> {
        self.process().delete_profile(name, self.app_profiles)
    }

    /// Gives a profile another name: one that sessions use when the last of them has ended
    /// (`ADM-14`). Until then the new name is reserved, and the last that was asked for counts; the
    /// present one takes back what was asked for before.
    #[doc(alias = "IProfAdmin::RenameProfile")]
    pub fn rename(&self, old: &str, new: &str) -> Result<(), AdminError> {
        self.process().rename_profile(old, new, self.app_profiles)
    }

    /// Makes a profile the default one, or none (`ADM-15`). Sessions stay what they are
    /// (`ADM-16`).
    #[doc(alias = "IProfAdmin::SetDefaultProfile")]
    pub fn set_default(&self, name: Option<&str>) -> Result<(), AdminError> {
        self.process().set_default_profile(name)
    }

    /// What is done about the services of a profile, without a session on it and without a provider
    /// of it being loaded (`ADM-18`).
    #[doc(alias = "IProfAdmin::AdminServices")]
    pub fn admin_services(&self, name: &str) -> Result<MsgServiceAdmin<'a>, AdminServicesError> {
        let profile = self.process().admin_services(name)?;
        Ok(MsgServiceAdmin::of_profile(self.mapi, profile, self.patience.clone()))
    }

    fn process(&self) -> Process {
        self.mapi.process().with_patience(self.patience.clone())
    }
}

/// Whether a new profile gets the default services of the environment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DefaultServices {
    /// It does not.
    Without,
    /// It does: `MAPI_DEFAULT_SERVICES`.
    #[doc(alias = "MAPI_DEFAULT_SERVICES")]
    With,
}

/// A profile that was created.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CreatedProfile {
    /// Its search key.
    pub key: ProfileKey,
    /// Its services whose entry functions had something to say, which are in it nevertheless.
    pub amiss: Vec<(ServiceUid, EntryCallError)>,
}

impl Process {
    /// The profiles as they are now, in the order of their names (`ADM-17`).
    #[doc(alias = "IProfAdmin::GetProfileTable")]
    pub fn profile_table(
        &self,
        app_profiles: AppProfiles,
    ) -> Result<Vec<ProfileEntry>, ProfileTableError> {
        self.host().ok_or(ProfileTableError::NotInitialized)?;
        Ok(self.shell().settings.profiles.entries(app_profiles))
    }

    /// Creates a profile, then has the entry function of each of its services called, one after the
    /// other, with this permission to show dialogs (`ADM-01`).
    #[doc(alias = "IProfAdmin::CreateProfile")]
    pub fn create_profile(
        &self,
        profile: NewProfile,
        defaults: DefaultServices,
        dialogs: Prompts,
        ui_param: u64,
    ) -> Result<CreatedProfile, NewProfileError> {
        let shell = self.shell();
        let profile = match defaults {
            DefaultServices::Without => profile,
            DefaultServices::With => {
                shell.settings.default_services.iter().fold(profile, NewProfile::service)
            }
        };
        let name = ProfileName::parse(profile.name());
        let too_many = profile.too_many_services();
        let edit = match &name {
            Ok(name) => Edit::Create(name.clone(), profile),
            Err(_) => Edit::Nothing,
        };
        let ask = |store: &Store, state: &State| {
            // Only who could create a profile is told that this one is too large.
            match (state.core.client(self.id()), &name, too_many) {
                (Some(_), Ok(_), Some(count)) => Err(NewProfileError::TooManyServices { count }),
                (_, Ok(name), _) => {
                    Ok(Ok(AdminRequest::Create { name: store.name_use(name, None) }))
                }
                (_, Err(error), _) => Ok(Err(*error)),
            }
        };
        let (result, edited) = self.administer_if(ask, edit)?;
        result?;
        let created = match edited {
            Edited::Created(created) => created,
            Edited::Nothing | Edited::Removed(_) | Edited::Added(..) | Edited::Deleted(..) => {
                unreachable!("a profile that was created is there")
            }
        };
        let key = created.snapshot.key;
        let dialogs = EntryDialogs { allowed: dialogs, always: ServiceUi::AsNeeded };
        let services = created.content.services.iter();
        let amiss = services.filter_map(|listed| {
            let called = self.call_entry(&created, listed.uid, Purpose::Create, |visit, host| {
                let dialogs = permitted(host, dialogs);
                (Visit { dialogs, ui_param, ..visit }, Bound::Client(self.id()))
            });
            called.err().map(|error| (listed.uid, error))
        });
        Ok(CreatedProfile { key, amiss: amiss.collect() })
    }

    /// Copies a profile (`ADM-02`).
    #[doc(alias = "IProfAdmin::CopyProfile")]
    pub fn copy_profile(
        &self,
        old: &str,
        new: &str,
        app_profiles: AppProfiles,
    ) -> Result<(), AdminError> {
        let names = both(old, new);
        let ask = |store: &Store| {
            let (old, new) = names.clone()?;
            let source = store.source(&old, app_profiles);
            Ok(AdminRequest::Copy { source, name: store.name_use(&new, None) })
        };
        self.administer(ask, named(&names)).0
    }

    /// Deletes a profile (`ADM-03`). If nobody uses it, the entry function of each of its services
    /// is called before the call returns (`ADM-12`), one after the other; else that comes with the
    /// end of the last session (`ADM-10`).
    #[doc(alias = "IProfAdmin::DeleteProfile")]
    pub fn delete_profile(&self, name: &str, app_profiles: AppProfiles) -> Result<(), AdminError> {
        let name = ProfileName::parse(name);
        let ask = |store: &Store| {
            Ok(AdminRequest::Delete { source: store.source(&name.clone()?, app_profiles) })
        };
        let (result, edited) = self.administer(ask, Edit::Nothing);
        match edited {
            Edited::Removed(removed) => {
                removed.content.services.iter().for_each(|it| self.tell_deleted(&removed, it.uid));
            }
            Edited::Nothing | Edited::Created(_) | Edited::Added(..) | Edited::Deleted(..) => {}
        }
        result
    }

    /// Renames a profile, at once or when its last session has ended (`ADM-14`).
    #[doc(alias = "IProfAdmin::RenameProfile")]
    pub fn rename_profile(
        &self,
        old: &str,
        new: &str,
        app_profiles: AppProfiles,
    ) -> Result<(), AdminError> {
        let names = both(old, new);
        let ask = |store: &Store| {
            let (old, new) = names.clone()?;
            let source = store.source(&old, app_profiles);
            let own = source.found.map(|found| found.key);
            Ok(AdminRequest::Rename { source, name: store.name_use(&new, own) })
        };
        self.administer(ask, named(&names)).0
    }

    /// Makes a profile the default one, or none (`ADM-15`).
    #[doc(alias = "IProfAdmin::SetDefaultProfile")]
    pub fn set_default_profile(&self, name: Option<&str>) -> Result<(), AdminError> {
        let name = name.map(ProfileName::parse).transpose();
        let ask = |store: &Store| {
            Ok(match name.clone()? {
                Some(name) => {
                    let source = store.source(&name, AppProfiles::Listed);
                    AdminRequest::SetDefault { found: source.found }
                }
                None => AdminRequest::ClearDefault,
            })
        };
        self.administer(ask, Edit::Nothing).0
    }

    /// The profile of this name, whose services are to be administered (`ADM-18`).
    #[doc(alias = "IProfAdmin::AdminServices")]
    pub fn admin_services(&self, name: &str) -> Result<ProfileKey, AdminServicesError> {
        self.host().ok_or(AdminServicesError::NotInitialized)?;
        let name = ProfileName::parse(name)?;
        let found = self.shell().settings.profiles.look_up(&core::LookUp::Name(name));
        found.map(|profile| profile.snapshot.key).ok_or(AdminServicesError::ProfileNotFound)
    }

    /// Has the entry function of a service called, if it has one, and waits for it.
    pub(crate) fn call_entry(
        &self,
        profile: &StoredProfile,
        service: ServiceUid,
        purpose: Purpose,
        adapt: impl FnOnce(Visit, Host) -> (Visit, Bound),
    ) -> Result<(), EntryCallError> {
        let shell = self.shell();
        let Some(visit) = Visit::stored(shell, profile, service, purpose) else { return Ok(()) };
        // For a client that is gone by now nothing is shown.
        let host = self.host().unwrap_or(Host::WindowsService);
        let (visit, bound) = adapt(visit, host);
        visit::pay(shell, self.patience(), &Errand::new(bound, Awaited::Somebody), visit)
    }

    /// Has the entry function of a service told that it goes (`SVC-05`); it has nothing to say, and
    /// whoever cannot wait for it goes on.
    pub(crate) fn tell_deleted(&self, profile: &StoredProfile, service: ServiceUid) {
        let bound = Bound::Client(self.id());
        let _ = self.call_entry(profile, service, Purpose::Delete, |visit, _| (visit, bound));
    }

    /// What kind of program the process is, if it is initialised.
    pub(crate) fn host(&self) -> Option<Host> {
        self.shell().lock().core.client(self.id()).map(|client| client.host)
    }

    fn administer(
        &self,
        ask: impl Fn(&Store) -> Result<AdminRequest, NameError>,
        edit: Edit,
    ) -> (Result<(), AdminError>, Edited) {
        let ask = |store: &Store, _: &State| Ok::<_, std::convert::Infallible>(ask(store));
        let Ok(administered) = self.administer_if(ask, edit);
        administered
    }

    fn administer_if<E>(
        &self,
        ask: impl Fn(&Store, &State) -> Result<Result<AdminRequest, NameError>, E>,
        edit: Edit,
    ) -> Result<(Result<(), AdminError>, Edited), E> {
        let client = self.id();
        let ask = |call: CallId, store: &Store, state: &State| {
            let request = ask(store, state)?.map_err(AdminError::MalformedName);
            Ok(Event::AdminCalled { call, client, request })
        };
        let (answer, edited) = self.step_at_the_store(ask, edit)?;
        let Answer::Administered(result) = answer else {
            panic!("a call of IProfAdmin was answered with {answer:?}")
        };
        Ok((result, edited))
    }

    /// Makes a call that is answered in its first step, in which the store is at hand.
    pub(crate) fn step_at_the_store<E>(
        &self,
        ask: impl Fn(CallId, &Store, &State) -> Result<Event, E>,
        edit: Edit,
    ) -> Result<(Answer, Edited), E> {
        let shell = self.shell();
        let call = shell.new_call();
        let mailbox = Arc::new(Mailbox::new(call, 0, None, About::Nothing, None));
        let ask = |store: &Store, state: &State| ask(call, store, state);
        let edited = shell.begin_at_the_store(&mailbox, ask, edit)?;
        let Some(Letter::Answer(answer)) = mailbox.take() else {
            panic!("{call} was not answered in its first step")
        };
        Ok((answer, edited))
    }
}

/// Both names of a call, or what is wrong with the first that is malformed (`ADM-24`).
fn both(old: &str, new: &str) -> Result<(ProfileName, ProfileName), NameError> {
    Ok((ProfileName::parse(old)?, ProfileName::parse(new)?))
}

/// The second of them is what a profile, or its copy, is to be called.
fn named(names: &Result<(ProfileName, ProfileName), NameError>) -> Edit {
    match names {
        Ok((_, new)) => Edit::Name(new.clone()),
        Err(_) => Edit::Nothing,
    }
}

impl Store {
    /// The profile of this name, as the protocol is told of it.
    fn source(&self, name: &ProfileName, app_profiles: AppProfiles) -> Source {
        Source { found: self.find(name).map(|profile| profile.described()), app_profiles }
    }

    /// Who bears a name that a profile is to have, which may be this one.
    fn name_use(&self, name: &ProfileName, own: Option<ProfileKey>) -> NameUse {
        match self.find(name) {
            Some(bearer) if own == Some(bearer.snapshot.key) => NameUse::Own,
            Some(_) => NameUse::Taken,
            None if self.is_taken(name) => NameUse::Taken,
            None => NameUse::Free,
        }
    }
}
