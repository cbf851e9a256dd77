//! What is in the profile store, and every way to change it.
//!
//! A [`StoredProfile`] is never changed, only replaced by another with the same key, so whoever
//! holds one holds a snapshot (`ADM-19`). Nothing here knows of sessions: whether a profile is in
//! use is for the protocol to say, which orders what is done.
//!
//! Changes that nobody can make because their profile is gone are none. It can be gone in spite of
//! the protocol only where two environments have one store.

use mapi_session_core::{
    AppProfiles, LookUp, Profile, ProfileKey, ProfileName, Protection, ProviderSpec, ResourceFlags,
    Visibility,
};
use secrecy::{ExposeSecret, SecretString};

use crate::profiles::{ProfileEntry, ProfileSnapshot, ServiceUid};
use crate::provider::Provider;
use crate::sync::Arc;

/// All profiles of a store.
#[derive(Default)]
pub(crate) struct Store {
    /// In the order of their names (`D-18`).
    live: Vec<Live>,
    /// Those deleted while in use, which their last sessions take along (`ADM-10`).
    marked: Vec<Arc<StoredProfile>>,
    default: Option<ProfileKey>,
    /// How many keys were given out; none is given twice (`ADM-13`).
    keys: u128,
    /// How many services were listed.
    services: u128,
}

/// A profile that is not marked.
struct Live {
    profile: Arc<StoredProfile>,
    /// What it will be called after its last session; nobody else may be meanwhile (`ADM-14`).
    new_name: Option<ProfileName>,
}

/// A profile as the store has it.
pub(crate) struct StoredProfile {
    pub(crate) snapshot: Arc<ProfileSnapshot>,
    pub(crate) content: Content,
}

/// What a copy has of its original.
#[derive(Clone)]
pub(crate) struct Content {
    pub(crate) visibility: Visibility,
    /// Never empty.
    pub(crate) password: Option<Arc<SecretString>>,
    pub(crate) services: Vec<Listed>,
    pub(crate) identity: IdentityChoice,
}

/// A service in a profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Listed {
    pub(crate) uid: ServiceUid,
    /// The name that it has in the environment.
    pub(crate) name: String,
}

/// Who says who the user is (`IDN-02`, `IDN-04`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum IdentityChoice {
    /// The first provider that can.
    Automatic,
    /// A provider of this service.
    Service(ServiceUid),
    Nobody,
}

impl IdentityChoice {
    /// What the protocol is told of a provider of a service.
    ///
    /// Where somebody was chosen, all others lose the part of the primary identity; nobody gains it
    /// (`IDN-04`).
    pub(crate) fn apply(self, service: ServiceUid, provider: &Provider) -> ProviderSpec {
        let spec = provider.described();
        let may_identify = match self {
            Self::Automatic => true,
            Self::Service(chosen) => chosen == service,
            Self::Nobody => false,
        };
        if may_identify {
            return spec;
        }
        spec.with_flags(spec.flags.difference(ResourceFlags::PRIMARY_IDENTITY))
    }
}

impl Store {
    /// The profile that a logon finds: never a marked one, nor by a name to come (`ADM-11`).
    pub(crate) fn look_up(&self, by: &LookUp) -> Option<&Arc<StoredProfile>> {
        match by {
            LookUp::Name(name) => self.find(name),
            LookUp::Default => self.unmarked(self.default?),
        }
    }

    /// The unmarked profile of this name.
    pub(crate) fn find(&self, name: &ProfileName) -> Option<&Arc<StoredProfile>> {
        self.place_of(name).ok().map(|place| &self.live[place].profile)
    }

    /// The profile with this key, if it is not marked.
    pub(crate) fn unmarked(&self, key: ProfileKey) -> Option<&Arc<StoredProfile>> {
        self.place_of_key(key).map(|place| &self.live[place].profile)
    }

    /// The profile with this key, marked or not.
    pub(crate) fn existing(&self, key: ProfileKey) -> Option<&Arc<StoredProfile>> {
        self.unmarked(key).or_else(|| self.marked.iter().find(|it| it.snapshot.key == key))
    }

    /// Whether a profile bears this name, or will (`ADM-24`).
    pub(crate) fn is_taken(&self, name: &ProfileName) -> bool {
        let is_name = |other: &ProfileName| other.compare(name).is_eq();
        self.find(name).is_some()
            || self.live.iter().any(|it| it.new_name.as_ref().is_some_and(is_name))
    }

    /// What a table of profiles shows: none that is marked (`ADM-11`, `ADM-17`).
    pub(crate) fn entries(&self, app_profiles: AppProfiles) -> Vec<ProfileEntry> {
        let shows = |visibility| match (visibility, app_profiles) {
            (Visibility::Ordinary, _) | (Visibility::App, AppProfiles::Listed) => true,
            (Visibility::App, AppProfiles::Hidden) => false,
        };
        let shown = self.live.iter().filter(|it| shows(it.profile.content.visibility));
        let entries = shown.map(|Live { profile, .. }| ProfileEntry {
            key: profile.snapshot.key,
            name: profile.snapshot.name.clone(),
            visibility: profile.content.visibility,
            is_default: self.default == Some(profile.snapshot.key),
        });
        entries.collect()
    }

    /// Adds a profile under a name that is free.
    pub(crate) fn create(&mut self, name: ProfileName, content: Content) -> ProfileKey {
        self.keys += 1;
        let key = ProfileKey(self.keys);
        self.insert(StoredProfile::new(key, name, content), None);
        key
    }

    /// Adds a clone under a name that is free, without the original's rename to come (`ADM-02`).
    pub(crate) fn copy(&mut self, source: ProfileKey, name: ProfileName) -> Option<ProfileKey> {
        let content = self.existing(source)?.content.clone();
        Some(self.create(name, content))
    }

    /// Removes a profile that nobody uses, and the default mark with it (`ADM-03`, `ADM-16`).
    pub(crate) fn remove(&mut self, key: ProfileKey) -> Option<Arc<StoredProfile>> {
        let place = self.place_of_key(key)?;
        self.default = self.default.filter(|default| *default != key);
        Some(self.live.remove(place).profile)
    }

    /// Hides a profile, until its last session takes it along; its name is free (`ADM-10`).
    pub(crate) fn mark(&mut self, key: ProfileKey) {
        let removed = self.remove(key);
        self.marked.extend(removed);
    }

    /// Gives a profile another name at once.
    pub(crate) fn rename(&mut self, key: ProfileKey, name: ProfileName) {
        if let Some(place) = self.place_of_key(key) {
            let old = self.live.remove(place).profile;
            self.insert(StoredProfile::new(key, name, old.content.clone()), None);
        }
    }

    /// Reserves the name that a profile will have after its last session, or none (`ADM-14`).
    pub(crate) fn reserve(&mut self, key: ProfileKey, name: Option<ProfileName>) {
        if let Some(place) = self.place_of_key(key) {
            self.live[place].new_name = name;
        }
    }

    pub(crate) fn set_default(&mut self, profile: Option<ProfileKey>) {
        self.default = profile;
    }

    /// The last session on a profile has ended: a marked one comes back, to be disposed of, another
    /// takes the name that it was to have (`ADM-10`, `ADM-14`).
    pub(crate) fn settle(&mut self, key: ProfileKey) -> Option<Arc<StoredProfile>> {
        if let Some(place) = self.marked.iter().position(|it| it.snapshot.key == key) {
            return Some(self.marked.remove(place));
        }
        let place = self.place_of_key(key)?;
        if let Some(name) = self.live[place].new_name.take() {
            self.rename(key, name);
        }
        None
    }

    /// A number that no service in this store has.
    pub(crate) fn new_service(&mut self) -> ServiceUid {
        self.services += 1;
        ServiceUid(self.services)
    }

    /// Lists a service last, so that others stay where they are.
    pub(crate) fn add_service(
        &mut self,
        key: ProfileKey,
        name: String,
    ) -> Option<(ServiceUid, Arc<StoredProfile>)> {
        let uid = self.new_service();
        let add = |content: &mut Content| content.services.push(Listed { uid, name });
        self.edit(key, add).map(|edited| (uid, edited))
    }

    /// Lists a service no longer; if it had the primary identity, another takes over (`IDN-03`).
    pub(crate) fn delete_service(&mut self, key: ProfileKey, uid: ServiceUid) {
        self.edit(key, |content| {
            content.services.retain(|it| it.uid != uid);
            if content.identity == IdentityChoice::Service(uid) {
                content.identity = IdentityChoice::Automatic;
            }
        });
    }

    pub(crate) fn choose_identity(&mut self, key: ProfileKey, identity: IdentityChoice) {
        self.edit(key, |content| content.identity = identity);
    }

    /// Puts another profile in the place of one, marked or not; sessions keep what they have.
    fn edit(
        &mut self,
        key: ProfileKey,
        change: impl FnOnce(&mut Content),
    ) -> Option<Arc<StoredProfile>> {
        let place = self.place_of_key(key).map(|place| &mut self.live[place].profile);
        let profile = place.or_else(|| self.marked.iter_mut().find(|it| it.snapshot.key == key))?;
        let mut content = profile.content.clone();
        change(&mut content);
        *profile = Arc::new(StoredProfile::new(key, profile.snapshot.name.clone(), content));
        Some(Arc::clone(profile))
    }

    fn insert(&mut self, profile: StoredProfile, new_name: Option<ProfileName>) {
        let (Ok(place) | Err(place)) = self.place_of(&profile.snapshot.name);
        self.live.insert(place, Live { profile: Arc::new(profile), new_name });
    }

    /// Where the profile of this name stands, or where one would.
    fn place_of(&self, name: &ProfileName) -> Result<usize, usize> {
        self.live.binary_search_by(|it| it.profile.snapshot.name.compare(name))
    }

    fn place_of_key(&self, key: ProfileKey) -> Option<usize> {
        self.live.iter().position(|it| it.profile.snapshot.key == key)
    }
}

impl StoredProfile {
    fn new(key: ProfileKey, name: ProfileName, content: Content) -> Self {
        let services = content.services.iter().map(|it| it.name.clone()).collect();
        Self { snapshot: Arc::new(ProfileSnapshot { key, name, services }), content }
    }

    /// What the protocol is told of it.
    pub(crate) fn described(&self) -> Profile {
        Profile {
            key: self.snapshot.key,
            protection: match self.content.password {
                Some(_) => Protection::Protected,
                None => Protection::Open,
            },
            visibility: self.content.visibility,
        }
    }

    /// Whether this is the profile's password; a missing one is wrong (`CAN-05`).
    pub(crate) fn is_opened_by(&self, password: Option<&SecretString>) -> bool {
        match (&self.content.password, password) {
            (Some(right), Some(given)) => right.expose_secret() == given.expose_secret(),
            (Some(_) | None, Some(_) | None) => false,
        }
    }

    /// The service with this number.
    pub(crate) fn service(&self, uid: ServiceUid) -> Option<&Listed> {
        self.content.services.iter().find(|it| it.uid == uid)
    }
}
