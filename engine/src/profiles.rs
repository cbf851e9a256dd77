//! Profiles, as those who furnish an environment and those who look at it have them.
//!
//! Start with [`Profiles`]; `store.rs` has what is behind it. A profile is never changed, only
//! replaced, so whoever holds a [`ProfileSnapshot`] has one for good (`ADM-19`).

use std::fmt;

use mapi_session_core::{AppProfiles, LookUp, ProfileKey, ProfileName, Visibility};
use secrecy::{ExposeSecret, SecretString};

use crate::error::{CreateProfileError, SetDefaultError};
use crate::service::MOST_SERVICES;
use crate::store::{Content, IdentityChoice, Listed, Store, StoredProfile};
use crate::sync::{Arc, Mutex, lock};

/// The profiles of one user's environment: a store that the environment is furnished with.
///
/// Clones are one and the same. What is changed here shows in logons that look afterwards, never in
/// a session that exists. No method blocks. Nothing of this is a call of MAPI's; what applications
/// do about profiles, such as deleting them, they do with a [`ProfileAdmin`](crate::ProfileAdmin),
/// which knows who uses them.
///
/// Two environments may have one store, one after the other: neither knows of the other's sessions,
/// and so one could delete what the other uses.
#[doc(alias = "IProfAdmin")]
#[derive(Clone, Default)]
pub struct Profiles(Arc<Mutex<Store>>);

/// A profile as a table of profiles shows it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct ProfileEntry {
    /// Its search key, its identity: no other profile ever has the same (`ADM-13`).
    #[doc(alias = "PR_SEARCH_KEY")]
    pub key: ProfileKey,
    /// Its name in force, as it was written (`ADM-14`).
    #[doc(alias = "PR_DISPLAY_NAME")]
    pub name: ProfileName,
    /// Whether it is an app profile.
    pub visibility: Visibility,
    /// Whether it is the default one.
    #[doc(alias = "PR_DEFAULT_PROFILE")]
    pub is_default: bool,
}

/// What tells a service in a profile from the others there; it keeps it for life.
///
/// A copy of a profile has the services of the original, numbers included.
#[doc(alias = "PR_SERVICE_UID")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ServiceUid(pub u128);

/// What a session knows of its profile, from the moment it was built to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileSnapshot {
    /// Its search key, its identity.
    pub key: ProfileKey,
    /// Its name, as it was written.
    pub name: ProfileName,
    /// The message services in it, in the order in which their providers are started.
    pub services: Vec<String>,
}

/// A profile to be created.
#[derive(Clone, Debug)]
pub struct NewProfile {
    name: String,
    password: Option<SecretString>,
    visibility: Visibility,
    services: Vec<String>,
}

impl NewProfile {
    /// An ordinary profile without password and services.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            password: None,
            visibility: Visibility::Ordinary,
            services: Vec::new(),
        }
    }

    /// Protects the profile with a password; an empty one is none (`CRD-04`).
    #[must_use]
    pub fn password(mut self, password: impl Into<SecretString>) -> Self {
        self.password = given(Some(password.into()));
        self
    }

    /// Makes it an app profile, which choosers show to callers that ask for such (`PRF-10`).
    #[must_use]
    pub fn app_profile(mut self) -> Self {
        self.visibility = Visibility::App;
        self
    }

    /// Adds a message service by the name that it has in the environment.
    ///
    /// A name that the environment does not know stands for a store that cannot be loaded, so that
    /// the service is disabled in every session on the profile.
    #[must_use]
    pub fn service(mut self, name: impl Into<String>) -> Self {
        self.services.push(name.into());
        self
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// How many services it lists, if they are more than a profile can.
    pub(crate) fn too_many_services(&self) -> Option<usize> {
        Some(self.services.len()).filter(|count| *count > MOST_SERVICES)
    }

    /// What is stored of it, besides its name.
    pub(crate) fn into_content(self, store: &mut Store) -> Content {
        let Self { name: _, password, visibility, services } = self;
        let services = services.into_iter();
        Content {
            visibility,
            password: password.map(Arc::new),
            services: services.map(|name| Listed { uid: store.new_service(), name }).collect(),
            identity: IdentityChoice::Automatic,
        }
    }
}

impl Profiles {
    /// A store without profiles.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a profile and says by which key it is known from now on.
    #[doc(alias = "CreateProfile")]
    pub fn create(&self, profile: NewProfile) -> Result<ProfileKey, CreateProfileError> {
        let name = ProfileName::parse(&profile.name)?;
        if let Some(count) = profile.too_many_services() {
            return Err(CreateProfileError::TooManyServices { count });
        }
        self.change(|store| {
            if store.is_taken(&name) {
                return Err(CreateProfileError::NameTaken);
            }
            let content = profile.into_content(store);
            Ok(store.create(name, content))
        })
    }

    /// Makes a profile the default one, or none (`ADM-15`).
    #[doc(alias = "SetDefaultProfile")]
    pub fn set_default(&self, name: Option<&str>) -> Result<(), SetDefaultError> {
        self.change(|store| {
            let default = match name {
                Some(name) => {
                    let name = ProfileName::parse(name).map_err(|_| SetDefaultError::NotFound)?;
                    let profile = store.find(&name).ok_or(SetDefaultError::NotFound)?;
                    match profile.content.visibility {
                        Visibility::Ordinary => Some(profile.snapshot.key),
                        Visibility::App => return Err(SetDefaultError::AppProfile),
                    }
                }
                None => None,
            };
            store.set_default(default);
            Ok(())
        })
    }

    /// The names of the profiles that a chooser shows, in their order (`PRF-10`, `ADM-11`).
    #[doc(alias = "GetProfileTable")]
    pub fn names(&self, app_profiles: AppProfiles) -> Vec<ProfileName> {
        self.entries(app_profiles).into_iter().map(|entry| entry.name).collect()
    }

    pub(crate) fn entries(&self, app_profiles: AppProfiles) -> Vec<ProfileEntry> {
        self.read(|store| store.entries(app_profiles))
    }

    pub(crate) fn look_up(&self, by: &LookUp) -> Option<Arc<StoredProfile>> {
        self.read(|store| store.look_up(by).map(Arc::clone))
    }

    /// The profile with this key, marked or not, if it is not gone.
    pub(crate) fn existing(&self, key: ProfileKey) -> Option<Arc<StoredProfile>> {
        self.read(|store| store.existing(key).map(Arc::clone))
    }

    pub(crate) fn read<T>(&self, look: impl FnOnce(&Store) -> T) -> T {
        look(&lock(&self.0))
    }

    /// Works on the store while nobody else can. The work calls nothing foreign.
    ///
    /// Of all that runs in here only a step of the protocol takes another lock, that of the shell,
    /// and what runs under that cannot come here: it has no [`Profiles`].
    pub(crate) fn change<T>(&self, work: impl FnOnce(&mut Store) -> T) -> T {
        work(&mut lock(&self.0))
    }
}

impl fmt::Debug for Profiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Profiles").field(&self.names(AppProfiles::Listed)).finish()
    }
}

impl fmt::Display for ServiceUid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "service {:032x}", self.0)
    }
}

/// A password with at least a character; an empty one is none.
pub(crate) fn given(password: Option<SecretString>) -> Option<SecretString> {
    password.filter(|password| !password.expose_secret().is_empty())
}
