//! Reads a scope from TOML.
//!
//! What is malformed, unknown or too large is an error that names the place and says what was
//! expected. The file's shape is `File`; the checks that need more than one field follow it.

use std::{collections::BTreeSet, ops::Range};

use serde::Deserialize;
use thiserror::Error;
use toml::Spanned;

use super::{Calls, NameArgument, Password, ProfileSpec, Request, Scope, Start, flag};
use crate::{
    Action, ChooserAnswer, Client, InitArgument, Name, Profile, Protocol, RequestId, Services,
    Stage, State,
    state::{CALLS, SESSIONS},
};

/// A scope that cannot be read.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{name}:{line}: {what}")]
pub struct ScopeError {
    /// The file, as it was called.
    pub name: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong, and what was expected.
    pub what: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    purpose: String,
    clients: Spanned<u8>,
    #[serde(default = "one")]
    initializations: Spanned<u8>,
    handles_per_client: Spanned<u8>,
    calls_in_progress: Spanned<u8>,
    sessions: Spanned<u8>,
    session_limit: Option<u8>,
    calls: Vec<Spanned<String>>,
    #[serde(default)]
    initialize: Vec<InitArgument>,
    profile: Vec<Spanned<FileProfile>>,
    #[serde(default)]
    request: Vec<Spanned<FileRequest>>,
    combinations: Option<Combinations>,
    #[serde(default)]
    chooser: Vec<Spanned<FileChoice>>,
    start: Vec<Spanned<FileStart>>,
}

fn one() -> Spanned<u8> {
    Spanned::new(0..0, 1)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileProfile {
    name: String,
    #[serde(default)]
    password: bool,
    #[serde(default)]
    app: bool,
    services: Vec<String>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileRequest {
    #[serde(default)]
    name: String,
    #[serde(default)]
    flags: Vec<Spanned<String>>,
    profile: Spanned<String>,
    password: Password,
    /// Who may ask for it; everybody, if nobody is named.
    #[serde(default)]
    by: Vec<Client>,
}

/// Requests by multiplication: every set of these flags, with every name and every password.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Combinations {
    flags: Vec<Spanned<String>>,
    profiles: Vec<Spanned<String>>,
    passwords: Vec<Password>,
}

/// An answer in the chooser: `cancel`, `unavailable`, or a profile's name and perhaps a password.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileChoice {
    answer: Spanned<String>,
    password: Option<Password>,
}

/// Where a run may begin.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileStart {
    /// The default profile, or `none`.
    default: Spanned<String>,
    /// The clients that are initialised already.
    #[serde(default)]
    initialized: Vec<Client>,
    /// A client that has logged on already, and how.
    standing: Option<Standing>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Standing {
    client: Client,
    /// Its request, by name.
    request: Spanned<String>,
}

/// The largest file that is read, in bytes.
const MAX_BYTES: usize = 1 << 20;
/// The most requests a scope may have; more would not fit in two bytes.
const MAX_REQUESTS: usize = u16::MAX as usize;

impl Scope {
    /// Reads the scope that the file `name` holds.
    ///
    /// # Errors
    ///
    /// The first thing that is malformed, unknown or too large, with its line.
    pub fn parse(name: &str, text: &str) -> Result<Self, ScopeError> {
        Reader { name, text }.scope()
    }
}

#[derive(Clone, Copy)]
struct Reader<'a> {
    name: &'a str,
    text: &'a str,
}

impl Reader<'_> {
    fn error<T>(self, place: Range<usize>, what: impl Into<String>) -> Result<T, ScopeError> {
        let start = place.start.min(self.text.len());
        let line = self.text.as_bytes()[..start].iter().filter(|byte| **byte == b'\n').count() + 1;
        Err(ScopeError { name: self.name.into(), line, what: what.into() })
    }

    fn scope(self) -> Result<Scope, ScopeError> {
        if self.text.len() > MAX_BYTES {
            let bytes = self.text.len();
            return self.error(0..0, format!("{bytes} bytes; at most {MAX_BYTES} are read"));
        }
        let file: File = match toml::from_str(self.text) {
            Ok(file) => file,
            Err(error) => {
                return self.error(error.span().unwrap_or_default(), error.message());
            }
        };
        let mut scope = Scope {
            name: self.stem(),
            purpose: file.purpose,
            clients: self.within("clients", &file.clients, Client::ALL.len())?,
            initializations: self.within("initializations", &file.initializations, 3)?,
            handles_per_client: self.within(
                "handles_per_client",
                &file.handles_per_client,
                Name::PER_CLIENT - 1,
            )?,
            calls_in_progress: self.within(
                "calls_in_progress",
                &file.calls_in_progress,
                CALLS / usize::from(*file.clients.get_ref()).max(1),
            )?,
            sessions: self.within("sessions", &file.sessions, SESSIONS)?,
            session_limit: file.session_limit,
            calls: self.calls(&file.calls)?,
            initialize: file.initialize,
            profiles: self.profiles(file.profile)?,
            requests: Vec::new(),
            chooser: Vec::new(),
            starts: Vec::new(),
        };
        for request in file.request {
            self.add_request(&mut scope, request.span(), request.into_inner())?;
        }
        if let Some(combinations) = file.combinations {
            self.combine(&mut scope, &combinations)?;
        }
        scope.chooser = self.choices(&scope, &file.chooser)?;
        for start in file.start {
            let place = start.span();
            let state = self.start(&scope, place, start.into_inner())?;
            scope.starts.push(state);
        }
        if scope.starts.is_empty() || scope.requests.is_empty() {
            return self.error(0..0, "expected at least one [[start]] and one request");
        }
        Ok(scope)
    }

    /// The name of the scope: that of its file, without folders and ending.
    fn stem(self) -> String {
        let file = self.name.rsplit('/').next().unwrap_or(self.name);
        file.strip_suffix(".toml").unwrap_or(file).into()
    }

    fn within(self, what: &str, value: &Spanned<u8>, most: usize) -> Result<u8, ScopeError> {
        match *value.get_ref() {
            0 => self.error(value.span(), format!("{what} = 0; expected at least 1")),
            it if usize::from(it) > most => {
                self.error(value.span(), format!("{what} = {it}; at most {most} fit in a state"))
            }
            it => Ok(it),
        }
    }

    fn calls(self, names: &[Spanned<String>]) -> Result<Calls, ScopeError> {
        let mut calls = Calls::default();
        for name in names {
            let call = match name.get_ref().as_str() {
                "initialize" => &mut calls.initialize,
                "uninitialize" => &mut calls.uninitialize,
                "logoff" => &mut calls.logoff,
                "confirmed_logoff" => &mut calls.confirmed_logoff,
                "release" => &mut calls.release,
                "nested" => &mut calls.nested,
                "crash" => &mut calls.crash,
                "withdrawal" => &mut calls.withdrawal,
                "deadline" => &mut calls.deadline,
                "stray" => &mut calls.stray,
                unknown => {
                    let what = format!(
                        "unknown call `{unknown}`; expected initialize, uninitialize, logoff, \
                         confirmed_logoff, release, nested, crash, withdrawal, deadline or stray"
                    );
                    return self.error(name.span(), what);
                }
            };
            *call = true;
        }
        Ok(calls)
    }

    fn profiles(self, profiles: Vec<Spanned<FileProfile>>) -> Result<Vec<ProfileSpec>, ScopeError> {
        let mut names = BTreeSet::new();
        let mut specs = Vec::new();
        for profile in profiles {
            let place = profile.span();
            let FileProfile { name, password, app, services } = profile.into_inner();
            if RESERVED.contains(&name.as_str()) || !names.insert(name.clone()) {
                return self
                    .error(place, format!("`{name}` cannot be the name of one more profile"));
            }
            if services.is_empty() || services.len() > 8 || specs.len() == Profile::ALL.len() {
                let most = Profile::ALL.len();
                let what = format!("at most {most} profiles, each with 1 to 8 services");
                return self.error(place, what);
            }
            let services = Services(((1_u16 << services.len()) - 1) as u8);
            specs.push(ProfileSpec { name, password, app, services });
        }
        Ok(specs)
    }

    fn profile(self, scope: &Scope, name: &Spanned<String>) -> Result<Profile, ScopeError> {
        match scope.profile_named(name.get_ref()) {
            Some(profile) => Ok(profile),
            None => {
                let known: Vec<_> = scope.profiles.iter().map(|it| it.name.as_str()).collect();
                let what = format!(
                    "unknown profile `{}`; expected one of {}",
                    name.get_ref(),
                    known.join(", ")
                );
                self.error(name.span(), what)
            }
        }
    }

    fn name_argument(
        self,
        scope: &Scope,
        name: &Spanned<String>,
    ) -> Result<NameArgument, ScopeError> {
        Ok(match name.get_ref().as_str() {
            "none" => NameArgument::None,
            "absent" => NameArgument::Absent,
            "malformed" => NameArgument::Malformed,
            _ => NameArgument::Of(self.profile(scope, name)?),
        })
    }

    fn flags(self, names: &[Spanned<String>]) -> Result<u32, ScopeError> {
        let mut flags = 0;
        for name in names {
            let known = flag::NAMES.iter().find(|(known, _)| known == name.get_ref());
            flags |= match (known, name.get_ref().as_str()) {
                (Some((_, bit)), _) => *bit,
                (None, "undefined") => flag::UNDEFINED,
                (None, unknown) => {
                    let what = format!(
                        "unknown flag `{unknown}`; expected a flag of MAPILogonEx without `MAPI_`, \
                         or `undefined`"
                    );
                    return self.error(name.span(), what);
                }
            };
        }
        Ok(flags)
    }

    fn add_request(
        self,
        scope: &mut Scope,
        place: Range<usize>,
        request: FileRequest,
    ) -> Result<RequestId, ScopeError> {
        let FileRequest { name, flags, profile, password, by } = request;
        if name.is_empty() || scope.request_named(&name).is_some() {
            return self.error(place, format!("`{name}` cannot be the name of one more request"));
        }
        if scope.requests.len() == MAX_REQUESTS {
            return self.error(place, format!("more than {MAX_REQUESTS} requests"));
        }
        let flags = self.flags(&flags)?;
        let profile = self.name_argument(scope, &profile)?;
        let id = RequestId::from(scope.requests.len() as u16);
        scope.requests.push(Request { name, flags, profile, password, by });
        Ok(id)
    }

    fn combine(self, scope: &mut Scope, all: &Combinations) -> Result<(), ScopeError> {
        let sets = 1_usize.checked_shl(all.flags.len() as u32).unwrap_or(usize::MAX);
        let count = sets
            .saturating_mul(all.profiles.len())
            .saturating_mul(all.passwords.len())
            .saturating_add(scope.requests.len());
        if count > MAX_REQUESTS {
            let place = all.flags.first().map(Spanned::span).unwrap_or_default();
            return self.error(place, format!("{count} requests; at most {MAX_REQUESTS} fit"));
        }
        for set in 0..sets {
            let chosen = all.flags.iter().enumerate().filter(|(bit, _)| set >> bit & 1 == 1);
            let flags: Vec<_> = chosen.map(|(_, flag)| flag.clone()).collect();
            for profile in &all.profiles {
                for password in &all.passwords {
                    let names: Vec<_> = flags.iter().map(|it| it.get_ref().as_str()).collect();
                    let request = FileRequest {
                        name: format!(
                            "{} name {} password {password:?}",
                            if names.is_empty() { "0".into() } else { names.join("|") },
                            profile.get_ref()
                        ),
                        flags: flags.clone(),
                        profile: profile.clone(),
                        password: *password,
                        by: Vec::new(),
                    };
                    self.add_request(scope, profile.span(), request)?;
                }
            }
        }
        Ok(())
    }

    fn choices(
        self,
        scope: &Scope,
        choices: &[Spanned<FileChoice>],
    ) -> Result<Vec<ChooserAnswer>, ScopeError> {
        let mut answers = Vec::new();
        for choice in choices {
            let FileChoice { answer, password } = choice.get_ref();
            answers.push(match (answer.get_ref().as_str(), *password) {
                ("cancel", None) => ChooserAnswer::Cancel,
                ("unavailable", None) => ChooserAnswer::Unavailable,
                ("absent", password) => ChooserAnswer::Pick { profile: None, password },
                (_, password) => {
                    ChooserAnswer::Pick { profile: Some(self.profile(scope, answer)?), password }
                }
            });
        }
        Ok(answers)
    }

    fn start(
        self,
        scope: &Scope,
        place: Range<usize>,
        file: FileStart,
    ) -> Result<Start, ScopeError> {
        let default = match file.default.get_ref().as_str() {
            "none" => None,
            _ => Some(self.profile(scope, &file.default)?),
        };
        let mut start = Start { default, history: Vec::new(), state: State::new(default) };
        let world = Protocol::sound(scope.clone());
        for client in file.initialized {
            start.add(&world, Action::Initialize { client, with: InitArgument::Application });
        }
        let Some(Standing { client, request: name }) = file.standing else { return Ok(start) };
        let Some(request) = scope.request_named(name.get_ref()) else {
            return self.error(name.span(), format!("unknown request `{}`", name.get_ref()));
        };
        match start.log_on(&world, client, request) {
            true => Ok(start),
            false => self.error(place, "the standing logon does not succeed without a user"),
        }
    }
}

impl Start {
    fn add(&mut self, world: &Protocol, action: Action) {
        self.history.push(action);
        self.state = world.next(&self.state, action).after;
    }

    /// Lets a client log on undisturbed; says whether it succeeds without asking anybody.
    fn log_on(&mut self, world: &Protocol, client: Client, request: RequestId) -> bool {
        let Some(call) = self.state.free_name(client) else { return false };
        self.add(world, Action::Logon { client, request, inside: None });
        while let Some(logon) = self.state.logon(call) {
            let action = match logon.stage {
                Stage::LookUp => Action::LookedUp { call },
                Stage::Check => Action::Checked { call },
                Stage::Start => Action::ProvidersStarted { session: call },
                Stage::Wait
                | Stage::Decide
                | Stage::Pick
                | Stage::Credentials
                | Stage::Build
                | Stage::Done(_) => Action::Continue { call },
                Stage::AskProfile | Stage::AskPassword => return false,
            };
            self.add(world, action);
        }
        self.state.handle(call).is_some()
    }
}

/// Names that mean something else where the name of a profile may stand.
const RESERVED: [&str; 6] = ["", "none", "absent", "malformed", "cancel", "unavailable"];
