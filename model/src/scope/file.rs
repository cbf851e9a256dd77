//! The shape of a scope's file.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{Error, IntoDeserializer, MapAccess, Visitor, value::MapAccessDeserializer},
};
use toml::Spanned;

use super::{Password, ProviderKind};
use crate::{Client, InitArgument, ProviderResult, Vote};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) purpose: String,
    pub(super) clients: Spanned<u8>,
    #[serde(default = "one")]
    pub(super) initializations: Spanned<u8>,
    pub(super) handles_per_client: Spanned<u8>,
    pub(super) calls_in_progress: Spanned<u8>,
    pub(super) sessions: Spanned<u8>,
    pub(super) session_limit: Option<u8>,
    #[serde(default = "one")]
    pub(super) notifications: Spanned<u8>,
    pub(super) calls: Vec<Spanned<String>>,
    /// When a fast shutdown is allowed, by the number of the policy.
    pub(super) fast_shutdown: Option<Spanned<u8>>,
    /// What a provider may answer about a fast shutdown; anything, if nothing is said.
    #[serde(default = "every_vote")]
    pub(super) votes: Spanned<Vec<Vote>>,
    /// How many profiles there may be; as many as are listed, if nothing is said.
    pub(super) profiles: Option<Spanned<u8>>,
    #[serde(default)]
    pub(super) admin: Vec<Spanned<FileEdit>>,
    #[serde(default)]
    pub(super) initialize: Vec<InitArgument>,
    pub(super) profile: Vec<Spanned<FileProfile>>,
    #[serde(default)]
    pub(super) request: Vec<Spanned<FileRequest>>,
    pub(super) combinations: Option<Combinations>,
    #[serde(default)]
    pub(super) chooser: Vec<Spanned<FileChoice>>,
    /// What the deep tier raises.
    pub(super) deep: Option<Spanned<FileDeep>>,
    /// What a provider may answer; success, if nothing is said.
    #[serde(default = "success")]
    pub(super) results: Spanned<Vec<ProviderResult>>,
    pub(super) start: Vec<Spanned<FileStart>>,
}

fn one() -> Spanned<u8> {
    Spanned::new(0..0, 1)
}

fn success() -> Spanned<Vec<ProviderResult>> {
    Spanned::new(0..0, vec![ProviderResult::Ok])
}

fn every_vote() -> Spanned<Vec<Vote>> {
    Spanned::new(0..0, Vote::ALL.to_vec())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FileProfile {
    pub(super) name: String,
    #[serde(default)]
    pub(super) password: bool,
    #[serde(default)]
    pub(super) app: bool,
    pub(super) services: Vec<FileService>,
    /// How many of the services it has at the start; all, if nothing is said.
    pub(super) present: Option<Spanned<u8>>,
}

/// A call of profile administration.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FileEdit {
    pub(super) name: String,
    pub(super) call: FileEditCall,
    /// The name that the call gives for a profile that ought to be there.
    pub(super) profile: Option<Spanned<String>>,
    /// The name that a profile is to be given.
    pub(super) to: Option<Spanned<String>>,
    /// Whether `MAPI_APP_PROFILE` is passed.
    #[serde(default)]
    pub(super) app: bool,
    /// Who may make it; everybody, if nobody is named.
    #[serde(default)]
    pub(super) by: Vec<Client>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum FileEditCall {
    Create,
    Copy,
    Delete,
    Rename,
    SetDefault,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FileService {
    pub(super) name: String,
    pub(super) providers: Vec<FileProvider>,
    /// Whether it has an entry function.
    #[serde(default)]
    pub(super) entry: bool,
}

/// A provider: its kind alone, or with the flags that it has instead of the usual ones.
pub(super) struct FileProvider {
    pub(super) kind: ProviderKind,
    pub(super) flags: Option<Vec<Spanned<String>>>,
}

impl<'de> Deserialize<'de> for FileProvider {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ProviderVisitor)
    }
}

struct ProviderVisitor;

impl<'de> Visitor<'de> for ProviderVisitor {
    type Value = FileProvider;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a kind of provider, or a table with `kind` and `flags`")
    }

    fn visit_str<E: Error>(self, kind: &str) -> Result<FileProvider, E> {
        let kind = ProviderKind::deserialize(kind.into_deserializer())?;
        Ok(FileProvider { kind, flags: None })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<FileProvider, A::Error> {
        let table = Flagged::deserialize(MapAccessDeserializer::new(map))?;
        Ok(FileProvider { kind: table.kind, flags: Some(table.flags) })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Flagged {
    kind: ProviderKind,
    flags: Vec<Spanned<String>>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FileRequest {
    #[serde(default)]
    pub(super) name: String,
    #[serde(default)]
    pub(super) flags: Vec<Spanned<String>>,
    pub(super) profile: Spanned<String>,
    pub(super) password: Password,
    /// Who may ask for it; everybody, if nobody is named.
    #[serde(default)]
    pub(super) by: Vec<Client>,
}

/// Requests by multiplication: every set of these flags, with every name and every password.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Combinations {
    pub(super) flags: Vec<Spanned<String>>,
    pub(super) profiles: Vec<Spanned<String>>,
    pub(super) passwords: Vec<Password>,
}

/// An answer in the chooser: `cancel`, `unavailable`, or a profile's name and perhaps a password.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FileChoice {
    pub(super) answer: Spanned<String>,
    pub(super) password: Option<Password>,
}

/// Where a run may begin.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FileStart {
    /// The default profile, or `none`.
    pub(super) default: Spanned<String>,
    /// The clients that are initialised already.
    #[serde(default)]
    pub(super) initialized: Vec<Client>,
    /// The clients that have logged on already, one after the other, and how.
    #[serde(default)]
    pub(super) standing: Vec<Standing>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Standing {
    pub(super) client: Client,
    /// Its request, by name.
    pub(super) request: Spanned<String>,
    /// What the attempts to log providers on come to, one after the other; then success.
    #[serde(default)]
    pub(super) results: Vec<ProviderResult>,
}

/// The bounds that the deep tier raises.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FileDeep {
    pub(super) clients: Option<Spanned<u8>>,
    pub(super) handles_per_client: Option<Spanned<u8>>,
    pub(super) calls_in_progress: Option<Spanned<u8>>,
    pub(super) sessions: Option<Spanned<u8>>,
    /// Whether lock-step has room for it too.
    #[serde(default = "yes")]
    pub(super) lockstep: bool,
}

const fn yes() -> bool {
    true
}
