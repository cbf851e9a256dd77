//! What is asked of profiles and of processes that are about to end, and what the store beside the
//! core does of it.

use mapi_session_core as core;
use mapi_session_model as model;

use core::{Effect, Event, ProfileKey, Sessions};
use model::{
    Action, Edit, EditCall, EditId, FastStep, NewName, Observation, Pending, Profile, Scope,
    Service, ServiceChange, SourceName, State, Step,
};

use super::{
    ABSENT, Beside, MALFORMED, PASSING, Projection, call_id, client_id, handle_id, profile_key,
    store::{Later, Store, Stored, same_name},
};

impl Projection<'_> {
    /// The store at a start of the scope.
    pub(super) fn store(&self, default: Option<Profile>) -> Store {
        let stored = |(profile, spec): (Profile, &model::ProfileSpec)| Stored {
            key: profile_key(profile),
            name: spec.name.as_str().into(),
            visibility: visibility(spec.app),
            protection: match spec.password {
                true => core::Protection::Protected,
                false => core::Protection::Open,
            },
            known: super::listed(spec).into(),
            services: (0..spec.present.into()).collect(),
            later: Later::Nothing,
        };
        let profiles = Profile::ALL.into_iter().zip(&self.scope.profiles).map(stored).collect();
        Store::new(profiles, default.map(profile_key))
    }

    /// The new name that a call of administration writes, if it writes one.
    fn written(&self, edit: &Edit) -> Option<String> {
        match edit.call {
            EditCall::Create { to } | EditCall::Copy { to, .. } | EditCall::Rename { to, .. } => {
                Some(written_new_name(self.scope, to))
            }
            EditCall::Delete { .. } | EditCall::SetDefault { .. } => None,
        }
    }

    /// A client administers profiles, and this is what the store says of it.
    pub(super) fn administer(&self, client: model::Client, edit: EditId, store: &Store) -> Event {
        let edit = self.scope.edit(edit);
        let source = |name: &str| core::Source {
            found: store.named(name).map(Stored::record),
            app_profiles: match edit.app {
                true => core::AppProfiles::Listed,
                false => core::AppProfiles::Hidden,
            },
        };
        let request = || {
            let read = |name: &str| {
                let read = core::ProfileName::parse(name);
                read.map(|_| ()).map_err(core::AdminError::MalformedName)
            };
            Ok(match edit.call {
                EditCall::Create { to } => {
                    let to = written_new_name(self.scope, to);
                    read(&to)?;
                    core::AdminRequest::Create { name: store.name_use(&to, None) }
                }
                EditCall::Copy { from, to } => {
                    let (from, to) =
                        (written_source(self.scope, from), written_new_name(self.scope, to));
                    read(&from).and(read(&to))?;
                    let name = store.name_use(&to, None);
                    core::AdminRequest::Copy { source: source(&from), name }
                }
                EditCall::Delete { from } => {
                    let from = written_source(self.scope, from);
                    read(&from)?;
                    core::AdminRequest::Delete { source: source(&from) }
                }
                EditCall::Rename { from, to } => {
                    let (from, to) =
                        (written_source(self.scope, from), written_new_name(self.scope, to));
                    read(&from).and(read(&to))?;
                    let source = source(&from);
                    let name = store.name_use(&to, source.found.map(|it| it.key));
                    core::AdminRequest::Rename { source, name }
                }
                EditCall::SetDefault { to: None } => core::AdminRequest::ClearDefault,
                EditCall::SetDefault { to: Some(name) } => {
                    let name = written_source(self.scope, name);
                    read(&name)?;
                    core::AdminRequest::SetDefault { found: source(&name).found }
                }
            })
        };
        Event::AdminCalled { call: PASSING, client: client_id(client), request: request() }
    }

    /// Does in the store what the core orders.
    ///
    /// # Errors
    ///
    /// An order that cannot be carried out.
    pub fn carry_out(
        &self,
        action: Action,
        step: &Step,
        effects: &[Effect],
        beside: &mut Beside,
    ) -> Result<(), String> {
        for effect in effects {
            self.edit(action, step, effect, beside)?;
        }
        Ok(())
    }

    fn edit(
        &self,
        action: Action,
        step: &Step,
        effect: &Effect,
        beside: &mut Beside,
    ) -> Result<(), String> {
        let name = || {
            let Action::Administer { edit, .. } = action else { return None };
            self.written(self.scope.edit(edit))
        };
        let name = || name().ok_or("a name is ordered where none was given");
        let service = || changed_service(action).map(Service::index);
        match *effect {
            Effect::CreateProfile { .. } => {
                let Action::Administer { edit, .. } = action else {
                    return Err("a profile is made that nobody asked for".into());
                };
                let key = new_key(step, beside)?;
                let visibility = visibility(self.scope.edit(edit).app);
                beside.store.create(key, &name()?, visibility)
            }
            Effect::CopyProfile { source, .. } => {
                let key = new_key(step, beside)?;
                beside.store.copy(source, key, &name()?)
            }
            Effect::RemoveProfile { profile } => beside.store.remove(profile),
            Effect::MarkProfile { profile } => beside.store.mark(profile),
            Effect::RenameProfile { profile, .. } => beside.store.rename(profile, &name()?),
            Effect::DeferRename { profile, .. } => beside.store.defer_rename(profile, &name()?),
            Effect::TakeBackRename { profile } => beside.store.take_back_rename(profile),
            Effect::SetDefaultProfile { profile } => beside.store.set_default(profile),
            Effect::SettleProfile { profile } => beside.store.settle(profile),
            Effect::AddService { profile, .. } => beside.store.add_service(profile, service()?),
            Effect::DeleteService { profile, .. } => {
                beside.store.delete_service(profile, service()?)
            }
            Effect::Continue { .. }
            | Effect::StartTimer { .. }
            | Effect::LookUpProfile { .. }
            | Effect::AskForProfile { .. }
            | Effect::CheckPassword { .. }
            | Effect::AskForPassword { .. }
            | Effect::ConfirmLogoff { .. }
            | Effect::WithdrawPrompt { .. }
            | Effect::ReadServices { .. }
            | Effect::LogOnProvider { .. }
            | Effect::DropAttempt { .. }
            | Effect::CallEntry { .. }
            | Effect::AskRetry { .. }
            | Effect::ReportDisabled { .. }
            | Effect::LogOffProvider { .. }
            | Effect::ShutDownProvider { .. }
            | Effect::CloseSession { .. }
            | Effect::UseProvider { .. }
            | Effect::LogOnTransport { .. }
            | Effect::ConfigureTransport { .. }
            | Effect::AttachSpooler { .. }
            | Effect::DetachSpooler { .. }
            | Effect::QueueNotification { .. }
            | Effect::HandNotification { .. }
            | Effect::AskFastShutdown { .. }
            | Effect::NotifyFastShutdown { .. }
            | Effect::DoFastShutdown { .. }
            | Effect::EndSession { .. }
            | Effect::Answer { .. } => Ok(()),
        }
    }

    /// Where the store stands elsewhere than the model, or the core takes a profile for used or
    /// unused that is not so.
    pub(super) fn compare_profiles(&self, state: &State, beside: &Beside) -> Result<(), String> {
        let Beside { core: sessions, store } = beside;
        if store.default() != state.default.map(profile_key) {
            let (model, found) = (state.default, store.default());
            return Err(format!(
                "default profile: {model:?} in the model, the store has {found:?}"
            ));
        }
        for profile in Profile::ALL {
            let key = profile_key(profile);
            let (slot, stored) = (state.profiles.get(profile), store.get(key));
            let is_same = match (slot, stored) {
                (None, None) => true,
                (Some(slot), Some(stored)) => self.is_same_profile(slot, stored),
                (Some(_), None) | (None, Some(_)) => false,
            };
            if !is_same {
                return Err(format!(
                    "{profile:?}: {slot:?} in the model, the store has {stored:?}"
                ));
            }
            let (model, found) = (state.users(profile).count(), sessions.users(key));
            if (model, model > 0) != (found, sessions.is_in_use(key)) {
                return Err(format!("users of {profile:?}: {model} in the model, {found} else"));
            }
        }
        match store.profiles().len() == state.profiles.iter().count() {
            true => Ok(()),
            false => Err(format!("the store has {:?}", store.profiles())),
        }
    }

    fn is_same_profile(&self, slot: &model::Slot, stored: &Stored) -> bool {
        let snapshot = self.scope.snapshot(slot.contents);
        let label = |label| self.scope.label(label);
        let later = match (slot.pending, &stored.later) {
            (Pending::Nothing, Later::Nothing) | (Pending::Removal, Later::Removal) => true,
            (Pending::Rename(model), Later::Name(name)) => same_name(label(model), name),
            (
                Pending::Nothing | Pending::Removal | Pending::Rename(_),
                Later::Nothing | Later::Removal | Later::Name(_),
            ) => false,
        };
        later
            && same_name(label(slot.name), &stored.name)
            && (stored.visibility == core::Visibility::App) == snapshot.spec.app
            && (stored.protection == core::Protection::Protected) == snapshot.spec.password
            && snapshot.services().map(|it| it.0.index()).eq(stored.services.iter().copied())
    }
}

/// The name of a profile as a call of administration writes it: in small letters.
pub fn written_source(scope: &Scope, name: SourceName) -> String {
    match name {
        SourceName::Absent => ABSENT.to_lowercase(),
        SourceName::Malformed => MALFORMED.into(),
        SourceName::Of(label) => scope.label(label).to_lowercase(),
    }
}

/// The same of the name that a profile is to have.
pub fn written_new_name(scope: &Scope, name: NewName) -> String {
    match name {
        NewName::Malformed => MALFORMED.into(),
        NewName::Of(label) => scope.label(label).to_lowercase(),
    }
}

/// The place that the model has for a new profile, which nobody else may be at.
fn new_key(step: &Step, beside: &Beside) -> Result<ProfileKey, String> {
    let made = step.seen.iter().find_map(|seen| {
        let (Observation::CreateProfile { profile } | Observation::CopyProfile { profile, .. }) =
            *seen
        else {
            return None;
        };
        Some(profile_key(profile))
    });
    let key = made.ok_or("a profile is made, for which the model has no place")?;
    match beside.core.is_in_use(key) || is_held(&beside.core, key) {
        true => Err(format!("{key:?} is given anew while it is in use")),
        false => Ok(key),
    }
}

/// Whether the logon that holds the mutex is about to use this profile.
fn is_held(core: &Sessions, key: ProfileKey) -> bool {
    core.calls().any(|(_, view)| match view.stage {
        core::CallStage::Holding { stage, .. } => match stage {
            core::Stage::Credentials { profile, .. }
            | core::Stage::AskPassword { profile }
            | core::Stage::Build { profile } => profile == key,
            core::Stage::Done(Ok(logon)) => logon.profile == key,
            core::Stage::Decide
            | core::Stage::Pick
            | core::Stage::AskProfile
            | core::Stage::Show(_)
            | core::Stage::Series(_)
            | core::Stage::Finish
            | core::Stage::Done(Err(_)) => false,
        },
        core::CallStage::Waiting { .. }
        | core::CallStage::TimedOut
        | core::CallStage::ConfirmingLogoff { .. }
        | core::CallStage::Opening { .. }
        | core::CallStage::QueryingFastShutdown { .. } => false,
    })
}

/// The service that is to be added or deleted.
pub(super) fn changed_service(action: Action) -> Result<Service, String> {
    let Action::AdminServices { change, .. } = action else {
        return Err("a service is changed that nobody asked for".into());
    };
    Ok(match change {
        ServiceChange::Add(service) | ServiceChange::Delete(service) => service,
    })
}

/// A client changes the services of the profile of a handle's session, of which the store says
/// this; of a handle that has none it says nothing.
pub(super) fn admin_services(
    client: model::Client,
    handle: model::Name,
    change: ServiceChange,
    beside: &Beside,
) -> Event {
    let (client, handle) = (client_id(client), handle_id(handle));
    let is_live = |it: &core::HandleView<'_>| match it.status {
        core::HandleStatus::Live(_) => it.client == client,
        core::HandleStatus::Unanswered(_) | core::HandleStatus::LoggedOff => false,
    };
    let own = beside.core.handle(handle).filter(is_live);
    let profile = own.and_then(|_| beside.core.profile_of(handle));
    let service = |service: Service| {
        let found = profile.map(|it| beside.store.service_use(it, service.index()));
        found.unwrap_or(core::ServiceUse::Unknown)
    };
    // What is deleted is named by what the profile has; nobody asks whether it is known.
    let deleted = |it: Service| match service(it) {
        core::ServiceUse::Unknown if profile.is_some() => core::ServiceUse::Absent,
        found @ (core::ServiceUse::Unknown
        | core::ServiceUse::Absent
        | core::ServiceUse::Present(_)) => found,
    };
    let request = match change {
        ServiceChange::Add(it) => core::ServiceAdminRequest::Add { service: service(it) },
        ServiceChange::Delete(it) => core::ServiceAdminRequest::Delete { service: deleted(it) },
    };
    Event::ServiceAdminCalled { call: PASSING, client, handle, request }
}

/// A provider says whether it can bear a fast shutdown.
pub(super) fn voted(call: model::Name, vote: model::Vote) -> Event {
    let vote = match vote {
        model::Vote::Consents => core::Vote::Consents,
        model::Vote::Objects => core::Vote::Objects,
        model::Vote::NoInterface => core::Vote::NoInterface,
    };
    Event::Voted { call: call_id(call), vote }
}

pub(super) const fn fast_shutdown(step: FastStep) -> core::FastShutdown {
    match step {
        FastStep::Query => core::FastShutdown::Query,
        FastStep::Notify => core::FastShutdown::Notify,
        FastStep::Do => core::FastShutdown::Do,
    }
}

pub(super) const fn policy(policy: model::FastPolicy) -> core::FastShutdownPolicy {
    match policy {
        model::FastPolicy::AllowUnlessRefused => core::FastShutdownPolicy::AllowUnlessRefused,
        model::FastPolicy::AllowIfAllConsent => core::FastShutdownPolicy::AllowIfAllConsent,
        model::FastPolicy::Refuse => core::FastShutdownPolicy::Refuse,
    }
}

const fn visibility(app: bool) -> core::Visibility {
    match app {
        true => core::Visibility::App,
        false => core::Visibility::Ordinary,
    }
}
