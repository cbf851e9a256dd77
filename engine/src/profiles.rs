//! The profile store, in memory: which profiles there are, what is in them, which is the default.
//!
//! Start with [`Profiles`]. A profile is never changed, only created and removed, so whoever holds
//! one holds a snapshot (`ADM-19`).

use std::cmp::Ordering;
use std::fmt;

use mapi_session_core::{
    AppProfiles, LookUp, Profile, ProfileKey, ProfileName, Protection, Verdict, Visibility,
};
use secrecy::{ExposeSecret, SecretString};

use crate::error::{CreateProfileError, RemoveProfileError, SetDefaultError};
use crate::service::MOST_SERVICES;
use crate::sync::{Arc, Mutex, lock};

/// The profiles of one user's environment.
///
/// Clones are one and the same. What is changed here shows in logons that look afterwards, never in
/// a session that exists. No method blocks.
#[doc(alias = "IProfAdmin")]
#[derive(Clone, Default)]
pub struct Profiles(Arc<Mutex<Store>>);

#[derive(Default)]
struct Store {
    /// In the order of their names (`D-18`).
    profiles: Vec<Arc<StoredProfile>>,
    default: Option<ProfileKey>,
    /// How many keys were given out; none is given twice (`ADM-13`).
    keys: u128,
}

/// A profile as the store has it.
pub(crate) struct StoredProfile {
    pub(crate) snapshot: Arc<ProfileSnapshot>,
    visibility: Visibility,
    /// Never empty.
    password: Option<SecretString>,
}

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
}

impl Profiles {
    /// A store without profiles.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a profile and says by which key it is known from now on.
    #[doc(alias = "CreateProfile")]
    pub fn create(&self, profile: NewProfile) -> Result<ProfileKey, CreateProfileError> {
        let NewProfile { name, password, visibility, services } = profile;
        let name = ProfileName::parse(&name)?;
        if services.len() > MOST_SERVICES {
            return Err(CreateProfileError::TooManyServices { count: services.len() });
        }
        let mut store = lock(&self.0);
        let Err(place) = store.place_of(&name) else { return Err(CreateProfileError::NameTaken) };
        store.keys += 1;
        let key = ProfileKey(store.keys);
        let snapshot = Arc::new(ProfileSnapshot { key, name, services });
        store.profiles.insert(place, Arc::new(StoredProfile { snapshot, visibility, password }));
        Ok(key)
    }

    /// Removes a profile; if it was the default, there is none from now on.
    ///
    /// Sessions that use it go on with what they know of it.
    #[doc(alias = "DeleteProfile")]
    pub fn remove(&self, name: &str) -> Result<(), RemoveProfileError> {
        let name = ProfileName::parse(name).map_err(|_| RemoveProfileError::NotFound)?;
        let mut store = lock(&self.0);
        let place = store.place_of(&name).map_err(|_| RemoveProfileError::NotFound)?;
        let removed = store.profiles.remove(place);
        if store.default == Some(removed.snapshot.key) {
            store.default = None;
        }
        Ok(())
    }

    /// Makes a profile the default one, or none (`ADM-15`).
    #[doc(alias = "SetDefaultProfile")]
    pub fn set_default(&self, name: Option<&str>) -> Result<(), SetDefaultError> {
        let mut store = lock(&self.0);
        let default = match name {
            Some(name) => {
                let name = ProfileName::parse(name).map_err(|_| SetDefaultError::NotFound)?;
                let place = store.place_of(&name).map_err(|_| SetDefaultError::NotFound)?;
                let profile = &store.profiles[place];
                match profile.visibility {
                    Visibility::Ordinary => Some(profile.snapshot.key),
                    Visibility::App => return Err(SetDefaultError::AppProfile),
                }
            }
            None => None,
        };
        store.default = default;
        Ok(())
    }

    /// The names of the profiles that a chooser shows, in their order (`PRF-10`).
    #[doc(alias = "GetProfileTable")]
    pub fn names(&self, app_profiles: AppProfiles) -> Vec<ProfileName> {
        let shows = |visibility| match (visibility, app_profiles) {
            (Visibility::Ordinary, _) | (Visibility::App, AppProfiles::Listed) => true,
            (Visibility::App, AppProfiles::Hidden) => false,
        };
        lock(&self.0)
            .profiles
            .iter()
            .filter(|profile| shows(profile.visibility))
            .map(|profile| profile.snapshot.name.clone())
            .collect()
    }

    pub(crate) fn look_up(&self, by: &LookUp) -> Option<Arc<StoredProfile>> {
        let store = lock(&self.0);
        let place = match by {
            LookUp::Name(name) => store.place_of(name).ok(),
            LookUp::Default => {
                let default = store.default?;
                store.profiles.iter().position(|profile| profile.snapshot.key == default)
            }
        };
        place.map(|place| Arc::clone(&store.profiles[place]))
    }
}

impl fmt::Debug for Profiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Profiles").field(&self.names(AppProfiles::Listed)).finish()
    }
}

impl Store {
    /// Where the profile of this name stands, or where one would.
    fn place_of(&self, name: &ProfileName) -> Result<usize, usize> {
        self.profiles
            .binary_search_by(|profile| -> Ordering { profile.snapshot.name.compare(name) })
    }
}

impl StoredProfile {
    /// What the protocol is told of it.
    pub(crate) fn described(&self) -> Profile {
        Profile {
            key: self.snapshot.key,
            protection: match self.password {
                Some(_) => Protection::Protected,
                None => Protection::Open,
            },
            visibility: self.visibility,
        }
    }

    /// Compares a password with the profile's; a missing one is wrong (`CAN-05`).
    pub(crate) fn check(&self, password: Option<&SecretString>) -> Verdict {
        match (&self.password, password) {
            (Some(right), Some(given)) if right.expose_secret() == given.expose_secret() => {
                Verdict::Right
            }
            (Some(_) | None, Some(_) | None) => Verdict::Wrong,
        }
    }
}

/// A password with at least a character; an empty one is none.
pub(crate) fn given(password: Option<SecretString>) -> Option<SecretString> {
    password.filter(|password| !password.expose_secret().is_empty())
}
