//! The profile store beside a core: the core decides on what this says, and this carries out what
//! the core orders.
//!
//! It is written from what is said of profiles (PRF, ADM, D-17, D-18) and knows nothing of the
//! model. A profile is found by its key or by its name, which is compared without regard to case.

use std::sync::Arc;

use mapi_session_core as core;

use core::ProfileKey;

/// The profiles that there are, marked ones included, and which is the default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Store {
    profiles: Arc<Vec<Stored>>,
    default: Option<ProfileKey>,
}

/// A profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stored {
    pub(super) key: ProfileKey,
    /// The name in force, as it was written.
    pub(super) name: Arc<str>,
    pub(super) visibility: core::Visibility,
    pub(super) protection: core::Protection,
    /// Every service that could be in it, in order.
    pub(super) known: Arc<[core::Service]>,
    /// Those that are in it, by their places.
    pub(super) services: Vec<usize>,
    pub(super) later: Later,
}

/// What waits for the last session on a profile to end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Later {
    /// Nothing.
    Nothing,
    /// It goes: it is marked.
    Removal,
    /// It takes this name.
    Name(Arc<str>),
}

impl Stored {
    /// What the core is told of it.
    pub(super) const fn record(&self) -> core::Profile {
        core::Profile { key: self.key, protection: self.protection, visibility: self.visibility }
    }

    pub(super) fn is_marked(&self) -> bool {
        self.later == Later::Removal
    }

    /// What a session that is built now finds in it.
    fn snapshot(&self) -> core::Services {
        let present = self.services.iter().map(|place| self.known[*place].clone());
        core::Services::new(present.collect()).expect("a scope has few providers")
    }
}

impl Store {
    /// The profiles that there are at the start.
    pub(super) fn new(profiles: Vec<Stored>, default: Option<ProfileKey>) -> Self {
        Self { profiles: Arc::new(profiles), default }
    }

    pub(super) fn profiles(&self) -> &[Stored] {
        &self.profiles
    }

    /// The profiles that are not marked: key, name, whether it is an app profile, and whether it is
    /// the default.
    pub fn listed(&self) -> Vec<(ProfileKey, String, bool, bool)> {
        let unmarked = self.profiles.iter().filter(|it| !it.is_marked());
        let row = |it: &Stored| {
            let is_app = it.visibility == core::Visibility::App;
            (it.key, it.name.to_string(), is_app, self.default == Some(it.key))
        };
        unmarked.map(row).collect()
    }

    /// The name of a profile that is there, as it was written.
    pub fn name(&self, key: ProfileKey) -> Option<&str> {
        self.get(key).map(|it| &*it.name)
    }

    pub(super) const fn default(&self) -> Option<ProfileKey> {
        self.default
    }

    pub(super) fn get(&self, key: ProfileKey) -> Option<&Stored> {
        self.profiles.iter().find(|it| it.key == key)
    }

    /// The unmarked profile of this name (ADM-11).
    pub(super) fn named(&self, name: &str) -> Option<&Stored> {
        self.profiles.iter().find(|it| !it.is_marked() && same_name(&it.name, name))
    }

    /// The services of a profile; none if it is gone or marked.
    pub(super) fn services(&self, key: ProfileKey) -> Option<core::Services> {
        self.get(key).filter(|it| !it.is_marked()).map(Stored::snapshot)
    }

    /// Who bears a name that a profile is to have, or has it reserved (ADM-24); `renamed` is the
    /// profile that is to give up its own for it.
    pub(super) fn name_use(&self, name: &str, renamed: Option<ProfileKey>) -> core::NameUse {
        let bearer = self.named(name).map(|it| it.key);
        let is_reserved = self.profiles.iter().any(|it| match &it.later {
            Later::Name(reserved) => same_name(reserved, name),
            Later::Nothing | Later::Removal => false,
        });
        match bearer {
            _ if is_reserved => core::NameUse::Taken,
            None => core::NameUse::Free,
            Some(bearer) if renamed == Some(bearer) => core::NameUse::Own,
            Some(_) => core::NameUse::Taken,
        }
    }

    /// How a profile stands to a service, by its place.
    pub(super) fn service_use(&self, key: ProfileKey, place: usize) -> core::ServiceUse {
        match self.get(key) {
            Some(it) if it.services.contains(&place) => {
                core::ServiceUse::Present(core::Copies::Single)
            }
            Some(it) if place < it.known.len() => core::ServiceUse::Absent,
            Some(_) | None => core::ServiceUse::Unknown,
        }
    }

    /// Makes a profile without services and password.
    pub(super) fn create(
        &mut self,
        key: ProfileKey,
        name: &str,
        visibility: core::Visibility,
    ) -> Result<(), String> {
        let (name, protection) = (name.into(), core::Protection::Open);
        let (known, services, later) = (Vec::new().into(), Vec::new(), Later::Nothing);
        self.add(Stored { key, name, visibility, protection, known, services, later })
    }

    /// Makes a profile that has what another has, but for what is to become of that (ADM-02).
    pub(super) fn copy(
        &mut self,
        source: ProfileKey,
        key: ProfileKey,
        name: &str,
    ) -> Result<(), String> {
        let source = self.get(source).ok_or("the core copies a profile that is gone")?.clone();
        self.add(Stored { key, name: name.into(), later: Later::Nothing, ..source })
    }

    fn add(&mut self, new: Stored) -> Result<(), String> {
        if self.get(new.key).is_some() || self.named(&new.name).is_some() {
            return Err(format!("{new:?} is one profile too many"));
        }
        Arc::make_mut(&mut self.profiles).push(new);
        Ok(())
    }

    /// Takes a profile away, and the default mark if it bears it (ADM-16).
    pub(super) fn remove(&mut self, key: ProfileKey) -> Result<(), String> {
        self.stored(key)?;
        Arc::make_mut(&mut self.profiles).retain(|it| it.key != key);
        self.default = self.default.filter(|it| *it != key);
        Ok(())
    }

    /// Marks a profile: it loses the default mark and the name that it was to have.
    pub(super) fn mark(&mut self, key: ProfileKey) -> Result<(), String> {
        self.stored(key)?.later = Later::Removal;
        self.default = self.default.filter(|it| *it != key);
        Ok(())
    }

    /// Gives a profile this name.
    pub(super) fn rename(&mut self, key: ProfileKey, name: &str) -> Result<(), String> {
        let stored = self.stored(key)?;
        (stored.name, stored.later) = (name.into(), Later::Nothing);
        Ok(())
    }

    /// Reserves a name for a profile.
    pub(super) fn defer_rename(&mut self, key: ProfileKey, name: &str) -> Result<(), String> {
        self.stored(key)?.later = Later::Name(name.into());
        Ok(())
    }

    /// Forgets the name that was reserved for a profile.
    pub(super) fn take_back_rename(&mut self, key: ProfileKey) -> Result<(), String> {
        self.stored(key)?.later = Later::Nothing;
        Ok(())
    }

    /// Moves the default mark.
    pub(super) fn set_default(&mut self, to: Option<ProfileKey>) -> Result<(), String> {
        if let Some(key) = to {
            self.stored(key)?;
        }
        self.default = to;
        Ok(())
    }

    /// Does what waited for the last session on a profile to end; a profile that is gone by then
    /// had nothing to wait for.
    pub(super) fn settle(&mut self, key: ProfileKey) -> Result<(), String> {
        match self.get(key).map(|it| it.later.clone()) {
            Some(Later::Removal) => self.remove(key),
            Some(Later::Name(name)) => self.rename(key, &name),
            Some(Later::Nothing) | None => Ok(()),
        }
    }

    /// Puts a service into a profile.
    pub(super) fn add_service(&mut self, key: ProfileKey, place: usize) -> Result<(), String> {
        let stored = self.stored(key)?;
        if place >= stored.known.len() || stored.services.contains(&place) {
            return Err(format!("service {place} is added to {stored:?}"));
        }
        stored.services.push(place);
        stored.services.sort_unstable();
        Ok(())
    }

    /// Takes a service out of a profile.
    pub(super) fn delete_service(&mut self, key: ProfileKey, place: usize) -> Result<(), String> {
        let stored = self.stored(key)?;
        if !stored.services.contains(&place) {
            return Err(format!("service {place} is deleted from {stored:?}"));
        }
        stored.services.retain(|it| *it != place);
        Ok(())
    }

    fn stored(&mut self, key: ProfileKey) -> Result<&mut Stored, String> {
        let mut all = Arc::make_mut(&mut self.profiles).iter_mut();
        all.find(|it| it.key == key).ok_or_else(|| format!("an order about {key:?}, which is gone"))
    }
}

/// Whether two names are the same (D-18).
pub(super) fn same_name(one: &str, other: &str) -> bool {
    one == other
        || one.chars().flat_map(char::to_lowercase).eq(other.chars().flat_map(char::to_lowercase))
}
