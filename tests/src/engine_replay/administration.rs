//! Calls that change profiles, and the profiles that the engine has then.
//!
//! After each step whoever is initialised looks at the profile table, and every handle at the
//! services of its session's profile: they are held against the store beside the mirror.

use mapi_session::{
    AddServiceError, AppProfiles, CreatedProfile, DefaultServices, DeleteServiceError,
    EntryDialogs, HandleId, NewProfile, NewProfileError, Process, ProfileKey, Prompts,
    QueryFastShutdownError, ServiceUi, ServiceUid, ServicesOf, Visibility, protocol::Answer,
};
use mapi_session_core::{Effect, FastShutdown};
use mapi_session_model::{
    Contents, EditCall, EditId, FastStep, Observation, Origin, Scope, Service, ServiceChange,
    State, Step,
};

use super::{
    produce::number,
    replay::{Replay, Trouble},
    script::service_name,
    stage::Returned,
};
use crate::projection::{written_new_name, written_source};

/// A call that changes profiles.
pub(super) enum Edit {
    Create { name: String, app_profiles: AppProfiles },
    Copy { old: String, new: String, app_profiles: AppProfiles },
    Delete { name: String, app_profiles: AppProfiles },
    Rename { old: String, new: String, app_profiles: AppProfiles },
    SetDefault { name: Option<String> },
    AddService { handle: HandleId, service: String },
    DeleteService { handle: HandleId, service: String },
}

impl Edit {
    pub(super) fn of_profiles(scope: &Scope, edit: EditId) -> Self {
        let edit = scope.edit(edit);
        let app_profiles = match edit.app {
            true => AppProfiles::Listed,
            false => AppProfiles::Hidden,
        };
        let (old, new) = (|name| written_source(scope, name), |name| written_new_name(scope, name));
        match edit.call {
            EditCall::Create { to } => Self::Create { name: new(to), app_profiles },
            EditCall::Copy { from, to } => {
                Self::Copy { old: old(from), new: new(to), app_profiles }
            }
            EditCall::Delete { from } => Self::Delete { name: old(from), app_profiles },
            EditCall::Rename { from, to } => {
                Self::Rename { old: old(from), new: new(to), app_profiles }
            }
            EditCall::SetDefault { to } => Self::SetDefault { name: to.map(old) },
        }
    }

    /// A change of the services of a session's profile; of a dead handle nobody knows the profile.
    pub(super) fn of_services(
        scope: &Scope,
        handle: HandleId,
        contents: Option<Contents>,
        change: ServiceChange,
    ) -> Self {
        let name = |service: Service| {
            let listed = contents.and_then(|it| match it.origin() {
                Origin::Listed(place) => scope.profiles.get(place),
                Origin::Made { .. } => None,
            });
            let spec =
                listed.and_then(|profile| Some((profile, profile.services.get(service.index())?)));
            spec.map_or_else(
                || "a service that nobody knows".into(),
                |(profile, spec)| service_name(profile, spec, service),
            )
        };
        match change {
            ServiceChange::Add(it) => Self::AddService { handle, service: name(it) },
            ServiceChange::Delete(it) => Self::DeleteService { handle, service: name(it) },
        }
    }

    /// Makes the call on this thread.
    pub(super) fn make(self, process: &Process) -> Returned {
        let administered = |it| Returned::Answered(Answer::Administered(it), None);
        let served = |it| Returned::Answered(Answer::ServicesAdministered(it), None);
        match self {
            Self::Create { name, app_profiles } => {
                let new = NewProfile::new(name);
                let new = match app_profiles {
                    AppProfiles::Listed => new.app_profile(),
                    AppProfiles::Hidden => new,
                };
                let (defaults, dialogs) = (DefaultServices::Without, Prompts::Forbidden);
                match process.create_profile(new, defaults, dialogs, 0) {
                    Ok(CreatedProfile { .. }) => administered(Ok(())),
                    Err(NewProfileError::Refused(refusal)) => administered(Err(refusal)),
                    Err(NewProfileError::TooManyServices { .. }) => Returned::Panicked,
                }
            }
            Self::Copy { old, new, app_profiles } => {
                administered(process.copy_profile(&old, &new, app_profiles))
            }
            Self::Delete { name, app_profiles } => {
                administered(process.delete_profile(&name, app_profiles))
            }
            Self::Rename { old, new, app_profiles } => {
                administered(process.rename_profile(&old, &new, app_profiles))
            }
            Self::SetDefault { name } => administered(process.set_default_profile(name.as_deref())),
            Self::AddService { handle, service } => {
                let dialogs =
                    EntryDialogs { allowed: Prompts::Forbidden, always: ServiceUi::AsNeeded };
                let of = ServicesOf::Session(handle);
                match process.create_msg_service(of, &service, 0, dialogs) {
                    Ok(_) => served(Ok(())),
                    Err(AddServiceError::Refused(refusal)) => served(Err(refusal)),
                    Err(
                        AddServiceError::ProfileGone
                        | AddServiceError::TooManyServices
                        | AddServiceError::Entry { .. },
                    ) => Returned::Panicked,
                }
            }
            Self::DeleteService { handle, service } => {
                let of = ServicesOf::Session(handle);
                let listed = process.msg_service_table(of).unwrap_or_default();
                let uid = listed.iter().find(|it| it.name == service).map(|it| it.uid);
                match process.delete_msg_service(of, uid.unwrap_or(ServiceUid(0))) {
                    Ok(()) => served(Ok(())),
                    Err(DeleteServiceError::Refused(refusal)) => served(Err(refusal)),
                    Err(DeleteServiceError::ProfileGone) => Returned::Panicked,
                }
            }
        }
    }
}

/// A call on the way to a fast shutdown, made on this thread.
pub(super) fn shut_down(process: &Process, handle: HandleId, request: FastShutdown) -> Returned {
    let answered = |answer| Returned::Answered(answer, None);
    match request {
        FastShutdown::Query => match process.query_fast_shutdown(handle) {
            Ok(()) => answered(Answer::FastShutdownQueried(Ok(()))),
            Err(QueryFastShutdownError::Refused(refusal)) => {
                answered(Answer::FastShutdownQueried(Err(refusal)))
            }
            Err(QueryFastShutdownError::Withdrawn) => Returned::Unanswered,
        },
        FastShutdown::Notify => {
            answered(Answer::ProcessShutdownNotified(process.notify_process_shutdown(handle)))
        }
        FastShutdown::Do => answered(Answer::FastShutdownDone(process.do_fast_shutdown(handle))),
    }
}

pub(super) const fn request(step: FastStep) -> FastShutdown {
    match step {
        FastStep::Query => FastShutdown::Query,
        FastStep::Notify => FastShutdown::Notify,
        FastStep::Do => FastShutdown::Do,
    }
}

impl Replay<'_> {
    /// Profiles that a step makes get the next key of the engine's.
    pub(super) fn bind_profiles(&mut self, effects: &[Effect], model: &Step) {
        let is_made =
            |it: &Effect| matches!(it, Effect::CreateProfile { .. } | Effect::CopyProfile { .. });
        for _ in effects.iter().filter(|it| is_made(it)) {
            let place = model.seen.iter().find_map(|seen| {
                let (Observation::CreateProfile { profile }
                | Observation::CopyProfile { profile, .. }) = *seen
                else {
                    return None;
                };
                Some(profile)
            });
            if let Some(profile) = place {
                self.numbers.bind_new_profile(ProfileKey(profile.index() as u128 + 1));
            }
        }
    }

    /// Where the engine has other profiles than the store beside the mirror.
    pub(super) fn compare_profiles(&self, state: &State) -> Result<(), Trouble> {
        let store = &self.mirror.store;
        let mut expected = store.listed();
        expected.sort_unstable();
        for process in &self.troupe.processes {
            let Ok(table) = process.profile_table(AppProfiles::Listed) else { continue };
            let mut found = Vec::new();
            for row in table {
                let key = self.numbers.profile(row.key).map_err(Trouble::differs)?;
                let is_app = row.visibility == Visibility::App;
                found.push((key, row.name.as_str().to_owned(), is_app, row.is_default));
            }
            found.sort_unstable();
            if found != expected {
                let what = format!("profiles: expected {expected:?}, the engine has {found:?}");
                return Err(Trouble::differs(what));
            }
        }
        let replied = state.handles().filter(|(name, _)| state.has_replied(*name));
        for (name, session) in replied.filter_map(|(name, it)| Some((name, it.session()?))) {
            let process = &self.troupe.processes[name.client().index()];
            let handle = self.numbers.bearer(number(name)).map(HandleId);
            let stored = state.session(session).and_then(|it| {
                let slot = state.profiles.get(it.profile)?;
                Some(self.world.scope.snapshot(slot.contents))
            });
            let (Some(handle), Some(stored)) = (handle, stored) else { continue };
            let expected = stored.services().map(|(it, spec)| service_name(stored.spec, spec, it));
            let expected: Vec<_> = expected.collect();
            let found = process.msg_service_table(ServicesOf::Session(handle));
            let found = found.map(|rows| rows.into_iter().map(|it| it.name).collect::<Vec<_>>());
            if found.as_ref() != Ok(&expected) {
                let what = format!("services: expected {expected:?}, the engine has {found:?}");
                return Err(Trouble::differs(what));
            }
        }
        Ok(())
    }
}
