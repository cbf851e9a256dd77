//! The profile store in a step of the protocol: what the step orders done to it, and with what.
//!
//! The protocol knows profiles by their keys, and leaves names, passwords and services to whoever
//! made the call: they come along as an [`Edit`]. What comes of it goes back as [`Edited`].

use mapi_session_core::{ProfileKey, ProfileName};

use crate::profiles::{NewProfile, ServiceUid};
use crate::store::{Store, StoredProfile};
use crate::sync::Arc;

/// What a call is to do with a profile, apart from which one.
#[derive(Clone)]
pub(crate) enum Edit {
    Nothing,
    /// Make this one.
    Create(ProfileName, NewProfile),
    /// Give it, or a copy of it, this name.
    Name(ProfileName),
    /// Add the service of this name.
    Add(String),
    /// Delete this service.
    Delete(ServiceUid),
}

/// What has been done.
pub(crate) enum Edited {
    /// Nothing that anybody has to know more of.
    Nothing,
    /// There is a new profile.
    Created(Arc<StoredProfile>),
    /// A profile is no longer in the store.
    Removed(Arc<StoredProfile>),
    /// A service is in a profile, as it is now.
    Added(ServiceUid, Arc<StoredProfile>),
    /// A service is no longer in a profile, as it was.
    Deleted(ServiceUid, Arc<StoredProfile>),
}

/// Where a step finds the store.
pub(crate) struct Desk<'a> {
    /// None in steps that order nothing of it.
    store: Option<&'a mut Store>,
    edit: Edit,
    pub(crate) edited: Edited,
    /// Marked profiles whose last session has ended.
    pub(crate) settled: Vec<Arc<StoredProfile>>,
}

impl<'a> Desk<'a> {
    /// Where a call edits profiles.
    pub(crate) fn at(store: &'a mut Store, edit: Edit) -> Self {
        Self { store: Some(store), edit, edited: Edited::Nothing, settled: Vec::new() }
    }

    /// Where nobody does.
    pub(crate) fn away() -> Self {
        Self { store: None, edit: Edit::Nothing, edited: Edited::Nothing, settled: Vec::new() }
    }

    pub(crate) fn create(&mut self) {
        let Edit::Create(name, profile) = self.take_edit() else { misfit("CreateProfile") };
        let store = self.store();
        let content = profile.into_content(store);
        let key = store.create(name, content);
        self.edited = self.store().existing(key).cloned().map_or(Edited::Nothing, Edited::Created);
    }

    pub(crate) fn copy(&mut self, source: ProfileKey) {
        let Edit::Name(name) = self.take_edit() else { misfit("CopyProfile") };
        self.store().copy(source, name);
    }

    pub(crate) fn remove(&mut self, profile: ProfileKey) {
        self.edited = self.store().remove(profile).map_or(Edited::Nothing, Edited::Removed);
    }

    pub(crate) fn mark(&mut self, profile: ProfileKey) {
        self.store().mark(profile);
    }

    pub(crate) fn rename(&mut self, profile: ProfileKey) {
        let Edit::Name(name) = self.take_edit() else { misfit("RenameProfile") };
        self.store().rename(profile, name);
    }

    pub(crate) fn defer_rename(&mut self, profile: ProfileKey) {
        let Edit::Name(name) = self.take_edit() else { misfit("RenameProfile") };
        self.store().reserve(profile, Some(name));
    }

    pub(crate) fn take_back_rename(&mut self, profile: ProfileKey) {
        self.store().reserve(profile, None);
    }

    pub(crate) fn set_default(&mut self, profile: Option<ProfileKey>) {
        self.store().set_default(profile);
    }

    pub(crate) fn settle(&mut self, profile: ProfileKey) {
        let settled = self.store().settle(profile);
        self.settled.extend(settled);
    }

    pub(crate) fn add_service(&mut self, profile: ProfileKey) {
        let Edit::Add(name) = self.take_edit() else { misfit("CreateMsgService") };
        if let Some((uid, profile)) = self.store().add_service(profile, name) {
            self.edited = Edited::Added(uid, profile);
        }
    }

    pub(crate) fn delete_service(&mut self, profile: ProfileKey) {
        let Edit::Delete(uid) = self.take_edit() else { misfit("DeleteMsgService") };
        let before = self.store().existing(profile).cloned();
        self.store().delete_service(profile, uid);
        self.edited = before.map_or(Edited::Nothing, |before| Edited::Deleted(uid, before));
    }

    fn store(&mut self) -> &mut Store {
        self.store.as_deref_mut().expect("a step that can change the store is taken there")
    }

    fn take_edit(&mut self) -> Edit {
        std::mem::replace(&mut self.edit, Edit::Nothing)
    }
}

/// The order is one for another call.
fn misfit(call: &str) -> ! {
    panic!("{call} was ordered by a call that does not ask for it")
}
