//! What is asked of a profile and its services, and what there is.

use super::Situation;
use crate::{
    Action, Edit, EditCall, Label, NewName, Pending, Profile, Service, ServiceChange, Slot,
    SourceName,
};

impl<'a> Situation<'a> {
    /// What is asked for in the administration of profiles.
    fn edit(&self) -> Option<&'a Edit> {
        let Action::Administer { edit, .. } = self.action else { return None };
        Some(self.scope.edit(edit))
    }

    /// The call of profile administration.
    pub(crate) fn edit_call(&self) -> Option<EditCall> {
        Some(self.edit()?.call)
    }

    /// Whether the call passes `MAPI_APP_PROFILE`.
    pub(crate) fn passes_app_profile(&self) -> bool {
        self.edit().is_some_and(|edit| edit.app)
    }

    /// The name that it gives for a profile that ought to be there.
    pub(crate) fn source_name(&self) -> Option<SourceName> {
        match self.edit_call()? {
            EditCall::Create { .. } => None,
            EditCall::Copy { from, .. }
            | EditCall::Delete { from }
            | EditCall::Rename { from, .. } => Some(from),
            EditCall::SetDefault { to } => to,
        }
    }

    /// The name that a profile is to be given.
    pub(crate) fn new_name_argument(&self) -> Option<NewName> {
        match self.edit_call()? {
            EditCall::Create { to } | EditCall::Copy { to, .. } | EditCall::Rename { to, .. } => {
                Some(to)
            }
            EditCall::Delete { .. } | EditCall::SetDefault { .. } => None,
        }
    }

    /// The same, if a profile can bear it.
    pub(crate) fn new_label(&self) -> Option<Label> {
        match self.new_name_argument()? {
            NewName::Of(name) => Some(name),
            NewName::Malformed => None,
        }
    }

    /// The profile that the call is about, if there is one of that name (ADM-11).
    pub(crate) fn source(&self) -> Option<Profile> {
        match self.source_name()? {
            SourceName::Of(name) => self.state.profiles.named(name),
            SourceName::Absent | SourceName::Malformed => None,
        }
    }

    /// What there is of that profile.
    pub(crate) fn source_slot(&self) -> Option<&'a Slot> {
        self.state.profiles.get(self.source()?)
    }

    /// Whether that profile is an app profile.
    pub(crate) fn source_is_app(&self) -> bool {
        let slot = self.source_slot();
        slot.is_some_and(|slot| self.scope.snapshot(slot.contents).spec.app)
    }

    /// Whether the new name is the one that the profile bears.
    pub(crate) fn name_is_own(&self) -> bool {
        let renames = matches!(self.edit_call(), Some(EditCall::Rename { .. }));
        let own = self.source_slot().map(|slot| slot.name);
        renames && own.is_some() && own == self.new_label()
    }

    /// Whether a profile that is not marked bears the new name, or has it reserved (ADM-24).
    pub(crate) fn name_is_taken(&self) -> bool {
        let Some(name) = self.new_label() else { return false };
        self.state.profiles.iter().any(|(_, slot)| match slot.pending {
            Pending::Nothing => slot.name == name && !self.name_is_own(),
            Pending::Rename(reserved) => {
                reserved == name || slot.name == name && !self.name_is_own()
            }
            Pending::Removal => false,
        })
    }

    /// What is asked of `AdminServices`.
    pub(crate) fn service_change(&self) -> Option<ServiceChange> {
        let Action::AdminServices { change, .. } = self.action else { return None };
        Some(change)
    }

    /// The service that is to be added or deleted.
    pub(crate) fn changed_service(&self) -> Option<Service> {
        match self.service_change()? {
            ServiceChange::Add(service) | ServiceChange::Delete(service) => Some(service),
        }
    }

    /// Whether that service is in the session's profile, as that is now.
    pub(crate) fn changed_service_is_there(&self) -> bool {
        let slot = self.session().and_then(|its| self.state.profiles.get(its.profile));
        slot.zip(self.changed_service()).is_some_and(|(slot, it)| slot.contents.has(it))
    }

    /// Whether the profile can have that service.
    pub(crate) fn changed_service_is_known(&self) -> bool {
        let spec = self.snapshot().map(|profile| profile.spec);
        let service = self.changed_service();
        spec.zip(service).is_some_and(|(spec, it)| it.index() < spec.services.len())
    }
}
