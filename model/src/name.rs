//! Who and what a state speaks of: clients, names of calls, profiles, requests.

use std::{fmt, num::NonZeroU8};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

/// A client process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[expect(missing_docs, reason = "five letters need no words")]
pub enum Client {
    A,
    B,
    C,
    D,
    E,
}

impl Client {
    /// Every client that a state has room for.
    pub const ALL: [Self; 5] = [Self::A, Self::B, Self::C, Self::D, Self::E];

    /// Its place in arrays.
    pub const fn index(self) -> usize {
        self as usize
    }
}

impl fmt::Display for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

/// The name of a call, and of the handle and the session that it makes (D-22): `A1`, `A2` …
///
/// A client's next call takes the least of its names that no call under way, no unreleased handle
/// and no session bears. So names stay what they are from birth to death, and a walk needs few.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name(NonZeroU8);

impl Name {
    /// How many names a client has; a call that needs one more is not offered.
    pub const PER_CLIENT: usize = 4;

    /// The name of `client` with this index, counted from zero.
    ///
    /// # Panics
    ///
    /// If `index` is not below [`Self::PER_CLIENT`].
    pub const fn new(client: Client, index: usize) -> Self {
        assert!(index < Self::PER_CLIENT, "a client has no more names");
        let number = client.index() * Self::PER_CLIENT + index + 1;
        match NonZeroU8::new(number as u8) {
            Some(number) => Self(number),
            None => unreachable!(),
        }
    }

    /// Every name of a client.
    pub fn of(client: Client) -> impl Iterator<Item = Self> {
        (0..Self::PER_CLIENT).map(move |index| Self::new(client, index))
    }

    /// Whose call it names.
    pub const fn client(self) -> Client {
        Client::ALL[(self.0.get() as usize - 1) / Self::PER_CLIENT]
    }

    /// Its place among the names of its client.
    pub const fn index(self) -> usize {
        (self.0.get() as usize - 1) % Self::PER_CLIENT
    }

    /// A number from 1 that no other name has.
    pub const fn number(self) -> u8 {
        self.0.get()
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.client(), self.index() + 1)
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Name {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Client::ALL.into_iter().flat_map(Self::of).find(|name| name.to_string() == text).ok_or_else(
            || D::Error::custom(format!("`{text}` is no name of a call; names run from A1 to E4")),
        )
    }
}

/// A profile, by its place in the store: what a search key is to MAPI (ADM-13, D-17).
///
/// The profiles that a scope lists are there at the start, each at its place in the list. A profile
/// that is made later takes the least place that no profile has and that nobody still holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[expect(missing_docs, reason = "places need no words")]
pub enum Profile {
    P0,
    P1,
    P2,
    P3,
}

impl Profile {
    /// Every profile that a state has room for.
    pub const ALL: [Self; 4] = [Self::P0, Self::P1, Self::P2, Self::P3];

    /// Its place in the store.
    pub const fn index(self) -> usize {
        self as usize
    }
}

/// A name that a profile can have, by its place among the names of the scope (D-18).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[expect(missing_docs, reason = "places need no words")]
pub enum Label {
    L0,
    L1,
    L2,
    L3,
    L4,
    L5,
    L6,
    L7,
}

impl Label {
    /// Every name that a scope has room for.
    pub const ALL: [Self; 8] =
        [Self::L0, Self::L1, Self::L2, Self::L3, Self::L4, Self::L5, Self::L6, Self::L7];

    /// Its place among the names of the scope.
    pub const fn index(self) -> usize {
        self as usize
    }
}

/// A named call of profile administration, by its place in the scope's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EditId(pub u8);

impl EditId {
    /// Its place in the scope's list.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// A message service of a profile, by its place in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "places need no words")]
pub enum Service {
    S0,
    S1,
    S2,
    S3,
}

impl Service {
    /// Every service that a profile has room for.
    pub const ALL: [Self; 4] = [Self::S0, Self::S1, Self::S2, Self::S3];

    /// Its place in the profile.
    pub const fn index(self) -> usize {
        self as usize
    }
}

/// A provider of a profile, by its place among the providers of all its services.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "places need no words")]
pub enum Provider {
    N0,
    N1,
    N2,
    N3,
    N4,
    N5,
    N6,
}

impl Provider {
    /// Every provider that a profile has room for.
    pub const ALL: [Self; 7] =
        [Self::N0, Self::N1, Self::N2, Self::N3, Self::N4, Self::N5, Self::N6];

    /// Its place in the profile.
    pub const fn index(self) -> usize {
        self as usize
    }
}

/// A named request of the scope, by its place in the scope's list.
///
/// Two bytes, not a `u16`, so that a state needs no padding.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "u16", into = "u16")]
pub struct RequestId([u8; 2]);

impl RequestId {
    /// Its place in the scope's list.
    pub const fn index(self) -> usize {
        u16::from_le_bytes(self.0) as usize
    }
}

impl From<u16> for RequestId {
    fn from(index: u16) -> Self {
        Self(index.to_le_bytes())
    }
}

impl From<RequestId> for u16 {
    fn from(id: RequestId) -> Self {
        Self::from_le_bytes(id.0)
    }
}

impl fmt::Debug for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "request {}", self.index())
    }
}

const _: () = assert!(size_of::<Option<Name>>() == 1);
const _: () = assert!(size_of::<Option<Profile>>() == 1);
const _: () = assert!(size_of::<Option<Label>>() == 1);
