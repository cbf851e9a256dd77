//! How profiles are called, and what is done to them.

use crate::{
    Client, EditCall, EditId, Name, NewName, Observation, Profile, Scope, ServiceChange, SourceName,
};

use super::services;

impl Scope {
    /// A profile by its place; by the name that it has at the start, where no call changes that.
    pub fn describe_profile(&self, profile: Profile) -> String {
        match self.profiles.get(profile.index()).filter(|_| self.edits.is_empty()) {
            Some(spec) => spec.name.clone(),
            None => format!("profile {}", profile.index() + 1),
        }
    }

    pub(super) fn describe_edit(&self, client: Client, edit: EditId) -> String {
        let edit = self.edit(edit);
        let from = |name| match name {
            SourceName::Absent => "a profile that there is not",
            SourceName::Malformed => "a malformed name",
            SourceName::Of(name) => self.label(name),
        };
        let to = |name| match name {
            NewName::Malformed => "a malformed name",
            NewName::Of(name) => self.label(name),
        };
        let call = match edit.call {
            EditCall::Create { to: name } => format!("CreateProfile {}", to(name)),
            EditCall::Copy { from: old, to: name } => {
                format!("CopyProfile {} as {}", from(old), to(name))
            }
            EditCall::Delete { from: old } => format!("DeleteProfile {}", from(old)),
            EditCall::Rename { from: old, to: name } => {
                format!("RenameProfile {} to {}", from(old), to(name))
            }
            EditCall::SetDefault { to: Some(name) } => {
                format!("SetDefaultProfile {}", from(name))
            }
            EditCall::SetDefault { to: None } => "SetDefaultProfile without a name".into(),
        };
        let app = if edit.app { " with MAPI_APP_PROFILE" } else { "" };
        format!("{client} calls {call}{app}")
    }

    /// What is done to a profile; of anything else, nothing.
    pub(super) fn describe_store(&self, seen: &Observation) -> String {
        let name = |profile| self.describe_profile(profile);
        match *seen {
            Observation::CreateProfile { profile } => format!("{} is made", name(profile)),
            Observation::CopyProfile { source, profile } => {
                format!("{} is made as a copy of {}", name(profile), name(source))
            }
            Observation::RemoveProfile { profile } => format!("{} is removed", name(profile)),
            Observation::MarkProfile { profile } => {
                format!("{} is to be removed when nobody uses it", name(profile))
            }
            Observation::RenameProfile { profile } => format!("{} is renamed", name(profile)),
            Observation::DeferRename { profile } => {
                format!("{} is to be renamed when nobody uses it", name(profile))
            }
            Observation::TakeBackRename { profile } => {
                format!("{} is to keep its name", name(profile))
            }
            Observation::SetDefaultProfile { profile: Some(profile) } => {
                format!("{} is the default", name(profile))
            }
            Observation::SetDefaultProfile { profile: None } => "there is no default".into(),
            Observation::SettleProfile { profile } => {
                format!("nobody uses {} any more, and what was put off is done", name(profile))
            }
            Observation::AddService { profile, service } => {
                format!("{} has {} from now on", name(profile), services::place(service))
            }
            Observation::DeleteService { profile, service } => {
                format!("{} has no {} from now on", name(profile), services::place(service))
            }
            ref other => format!("{other:?}"),
        }
    }
}

pub(super) fn change(client: Client, handle: Name, change: ServiceChange) -> String {
    match change {
        ServiceChange::Add(service) => {
            let service = services::place(service);
            format!("{client} adds {service} to the profile of handle {handle}")
        }
        ServiceChange::Delete(service) => {
            let service = services::place(service);
            format!("{client} deletes {service} from the profile of handle {handle}")
        }
    }
}
