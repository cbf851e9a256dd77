//! The profiles that there are, and what is put off until nobody uses one of them (D-17).

use crate::{Label, Profile, Service};

/// The profiles that there are, each at its place; equal situations have equal places.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Profiles([Option<Slot>; Profile::ALL.len()]);

/// A profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Slot {
    /// What is in it.
    pub contents: Contents,
    /// The name in force.
    pub name: Label,
    /// What is to become of it.
    pub pending: Pending,
}

/// What is to become of a profile when nobody uses it any more (ADM-10, ADM-14).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Pending {
    /// It stays as it is.
    #[default]
    Nothing,
    /// It is removed: it is marked, and its name is free for another.
    Removal,
    /// It is given this name, which is reserved for it.
    Rename(Label),
}

/// What is in a profile: whether it is one of those that the scope lists, which says all but how
/// many of the services listed there it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Contents(u8);

/// Where the contents of a profile come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Origin {
    /// The scope lists it, at this place.
    Listed(usize),
    /// It was made, without services and without password.
    Made {
        /// Whether it is an app profile.
        app: bool,
    },
}

impl Profiles {
    /// The profile at this place, if there is one.
    pub const fn get(&self, profile: Profile) -> Option<&Slot> {
        self.0[profile.index()].as_ref()
    }

    /// The profile at this place, to be changed.
    pub const fn get_mut(&mut self, profile: Profile) -> Option<&mut Slot> {
        self.0[profile.index()].as_mut()
    }

    /// Makes a profile, or removes it.
    pub const fn set(&mut self, profile: Profile, slot: Option<Slot>) {
        self.0[profile.index()] = slot;
    }

    /// The profiles that there are, with their places.
    pub fn iter(&self) -> impl Iterator<Item = (Profile, &Slot)> {
        let slots = Profile::ALL.into_iter().zip(&self.0);
        slots.filter_map(|(profile, slot)| Some((profile, slot.as_ref()?)))
    }

    /// The profile that bears this name and is not marked (ADM-11).
    pub fn named(&self, name: Label) -> Option<Profile> {
        let found = self.iter().find(|(_, slot)| !slot.is_marked() && slot.name == name);
        found.map(|(profile, _)| profile)
    }
}

impl Slot {
    /// Whether it is to be removed, and cannot be chosen any more (ADM-11).
    pub fn is_marked(&self) -> bool {
        self.pending == Pending::Removal
    }

    /// The name that it is to be given when nobody uses it any more.
    pub const fn new_name(&self) -> Option<Label> {
        match self.pending {
            Pending::Rename(name) => Some(name),
            Pending::Nothing | Pending::Removal => None,
        }
    }
}

impl Contents {
    const SERVICES: u32 = 4;
    const MADE: u8 = Profile::ALL.len() as u8;

    /// Those of the profile that the scope lists at this place, with its first services.
    pub const fn listed(place: usize, services: u8) -> Self {
        Self(place as u8 | services << Self::SERVICES)
    }

    /// Those of a profile that is made, without services.
    pub const fn made(app: bool) -> Self {
        Self(Self::MADE + app as u8)
    }

    /// Where they come from.
    pub const fn origin(self) -> Origin {
        match self.0 & ((1 << Self::SERVICES) - 1) {
            place if place < Self::MADE => Origin::Listed(place as usize),
            made => Origin::Made { app: made > Self::MADE },
        }
    }

    /// How many of the services there are, from the first on.
    pub const fn services(self) -> u8 {
        self.0 >> Self::SERVICES
    }

    /// Whether this service is there.
    pub const fn has(self, service: Service) -> bool {
        service.index() < self.services() as usize
    }

    /// The same with so many services.
    #[must_use]
    pub const fn with_services(self, services: u8) -> Self {
        Self(self.0 & ((1 << Self::SERVICES) - 1) | services << Self::SERVICES)
    }
}
