//! Reads a scope from TOML.
//!
//! What is malformed, unknown or too large is an error that names the place and says what was
//! expected. The file's shape is in `file`; the checks that need more than one field follow it.

use std::{collections::BTreeSet, ops::Range};

use thiserror::Error;
use toml::Spanned;

mod administration;

use super::{
    Calls, Deep, NameArgument, ProfileSpec, ProviderSpec, Request, Scope, ServiceSpec, Start,
    file::{
        Combinations, File, FileChoice, FileDeep, FileProfile, FileProvider, FileRequest,
        FileService, FileStart, Standing,
    },
    flag, resource,
};
use crate::{
    Action, ChooserAnswer, Client, Inbox, InitArgument, Name, Profile, Protocol, Provider,
    RequestId, Service, State,
    state::{CALLS, SESSIONS},
};

/// How many notifications of a kind a scope lets pile up: a state counts one more, so that it can
/// be seen that this is too many.
const MOST_NOTIFICATIONS: u8 = Inbox::ROOM - 1;

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
            profiles_at_once: 0,
            labels: Vec::new(),
            edits: Vec::new(),
            fast_shutdown: self.policy(file.fast_shutdown.as_ref())?,
            votes: file.votes.get_ref().clone(),
            requests: Vec::new(),
            chooser: Vec::new(),
            notifications: self.notifications(&file.notifications)?,
            results: file.results.get_ref().clone(),
            deep: None,
            starts: Vec::new(),
        };
        scope.profiles_at_once = self.profiles_at_once(&scope, file.profiles.as_ref())?;
        self.add_edits(&mut scope, &file.admin)?;
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
        scope.deep = match file.deep {
            Some(deep) => Some(self.deep(&scope, deep.span(), deep.get_ref())?),
            None => None,
        };
        if scope.results.is_empty() {
            return self.error(file.results.span(), "expected at least one result");
        }
        if scope.votes.is_empty() {
            return self.error(file.votes.span(), "expected at least one vote");
        }
        if scope.starts.is_empty() || scope.requests.is_empty() {
            return self.error(0..0, "expected at least one [[start]] and one request");
        }
        Ok(scope)
    }

    /// The raised bounds, each as large as the one it replaces at least, and one of them larger.
    fn deep(self, scope: &Scope, place: Range<usize>, file: &FileDeep) -> Result<Deep, ScopeError> {
        let clients = self.raised("clients", scope.clients, &file.clients, Client::ALL.len())?;
        let most = CALLS / usize::from(clients);
        let deep = Deep {
            clients,
            handles_per_client: self.raised(
                "handles_per_client",
                scope.handles_per_client,
                &file.handles_per_client,
                Name::PER_CLIENT - 1,
            )?,
            calls_in_progress: self.raised(
                "calls_in_progress",
                scope.calls_in_progress,
                &file.calls_in_progress,
                most,
            )?,
            sessions: self.raised("sessions", scope.sessions, &file.sessions, SESSIONS)?,
            lockstep: file.lockstep,
        };
        let raises = deep.clients > scope.clients
            || deep.handles_per_client > scope.handles_per_client
            || deep.calls_in_progress > scope.calls_in_progress
            || deep.sessions > scope.sessions;
        match raises && usize::from(deep.calls_in_progress) <= most {
            true => Ok(deep),
            false if raises => self.error(place, format!("{clients} clients make too many calls")),
            false => self.error(place, "expected a bound that is raised"),
        }
    }

    fn raised(
        self,
        what: &str,
        from: u8,
        to: &Option<Spanned<u8>>,
        most: usize,
    ) -> Result<u8, ScopeError> {
        let Some(to) = to else { return Ok(from) };
        match self.within(what, to, most)? {
            lower if lower < from => {
                self.error(to.span(), format!("{what} = {lower}; expected at least {from}"))
            }
            raised => Ok(raised),
        }
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

    fn notifications(self, most: &Spanned<u8>) -> Result<u8, ScopeError> {
        match *most.get_ref() {
            it if it > MOST_NOTIFICATIONS => {
                let most_of_all = format!("at most {MOST_NOTIFICATIONS} can be counted");
                let what = format!("notifications = {it}; {most_of_all}");
                self.error(most.span(), what)
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
                "open" => &mut calls.open,
                "use" => &mut calls.r#use,
                "store_logoff" => &mut calls.store_logoff,
                "demand" => &mut calls.demand,
                "shared_logoff" => &mut calls.shared_logoff,
                "set_default_store" => &mut calls.set_default_store,
                "advise" => &mut calls.advise,
                "deliver" => &mut calls.deliver,
                "admin_services" => &mut calls.admin_services,
                "fast_shutdown" => &mut calls.fast_shutdown,
                unknown => {
                    let what = format!(
                        "unknown call `{unknown}`; expected initialize, uninitialize, logoff, \
                         confirmed_logoff, release, nested, crash, withdrawal, deadline, stray, \
                         open, use, store_logoff, demand, shared_logoff, set_default_store, \
                         advise, deliver, admin_services or fast_shutdown"
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
            let FileProfile { name, password, app, services, present } = profile.into_inner();
            if RESERVED.contains(&name.as_str()) || !names.insert(name.clone()) {
                return self
                    .error(place, format!("`{name}` cannot be the name of one more profile"));
            }
            if specs.len() == Profile::ALL.len() {
                let most = Profile::ALL.len();
                return self.error(place, format!("at most {most} profiles fit in a state"));
            }
            let kinds = services.iter().map(|service| service.providers.len());
            let (most, all) = (Provider::ALL.len(), kinds.sum::<usize>());
            if services.len() > Service::ALL.len() || all > most {
                let what = format!(
                    "{} services with {all} providers; at most {} with {most} fit in a state",
                    services.len(),
                    Service::ALL.len()
                );
                return self.error(place, what);
            }
            let mut providers = Vec::new();
            for (service, file) in Service::ALL.into_iter().zip(&services) {
                for FileProvider { kind, flags } in &file.providers {
                    let flags = match flags {
                        Some(names) => self.resource_flags(names)?,
                        None => kind.default_flags(),
                    };
                    providers.push(ProviderSpec { service, kind: *kind, flags });
                }
            }
            let services: Vec<_> = services
                .into_iter()
                .map(|FileService { name, entry, .. }| ServiceSpec { name, entry })
                .collect();
            let present = self.present(services.len(), present.as_ref())?;
            specs.push(ProfileSpec { name, password, app, services, providers, present });
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
            _ => NameArgument::Of(self.label(scope, name)?),
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

    fn resource_flags(self, names: &[Spanned<String>]) -> Result<u32, ScopeError> {
        let mut flags = 0;
        for name in names {
            let known = resource::NAMES.iter().find(|(known, _)| known == name.get_ref());
            let Some((_, bit)) = known else {
                let all = resource::NAMES.map(|(known, _)| known).join(", ");
                let what = format!("unknown flag `{}`; expected one of {all}", name.get_ref());
                return self.error(name.span(), what);
            };
            flags |= bit;
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
                    ChooserAnswer::Pick { profile: Some(self.label(scope, answer)?), password }
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
        let state = State::new(scope.profiles_at_start(), default);
        let mut start = Start { default, history: Vec::new(), state };
        let world = Protocol::sound(scope.clone());
        for client in file.initialized {
            start.add(&world, Action::Initialize { client, with: InitArgument::Application });
        }
        for Standing { client, request: name, results } in file.standing {
            let Some(request) = scope.request_named(name.get_ref()) else {
                return self.error(name.span(), format!("unknown request `{}`", name.get_ref()));
            };
            if !start.log_on(&world, client, request, results) {
                let what = "the standing logon does not succeed without a user";
                return self.error(place, what);
            }
        }
        Ok(start)
    }
}

/// Names that mean something else where the name of a profile may stand.
const RESERVED: [&str; 6] = ["", "none", "absent", "malformed", "cancel", "unavailable"];
