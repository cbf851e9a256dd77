//! What updates do to profiles, and to what is put off until nobody uses one (D-17).

use super::Change;
use crate::{Action, Contents, Observation, Pending, Profile, Service, ServiceChange, Slot};

impl Change<'_> {
    pub(super) fn create_profile(&mut self) {
        let contents = Contents::made(self.before.passes_app_profile());
        if let Some(profile) = self.add_profile(contents) {
            self.see(Observation::CreateProfile { profile });
        }
    }

    /// A copy has what its source has, but nothing of what is put off (ADM-02).
    pub(super) fn copy_profile(&mut self) {
        let (Some(source), Some(slot)) = (self.before.source(), self.before.source_slot()) else {
            return;
        };
        if let Some(profile) = self.add_profile(slot.contents) {
            self.see(Observation::CopyProfile { source, profile });
        }
    }

    fn add_profile(&mut self, contents: Contents) -> Option<Profile> {
        let (place, name) = (self.before.state.free_place()?, self.before.new_label()?);
        let slot = Slot { contents, name, pending: Pending::Nothing };
        self.after.profiles.set(place, Some(slot));
        Some(place)
    }

    pub(super) fn remove_profile(&mut self) {
        if let Some(profile) = self.before.source() {
            self.after.profiles.set(profile, None);
            self.see(Observation::RemoveProfile { profile });
        }
    }

    pub(super) fn mark_profile(&mut self) {
        if let Some(profile) = self.put_off(Pending::Removal) {
            self.see(Observation::MarkProfile { profile });
        }
    }

    pub(super) fn take_back_rename(&mut self) {
        if let Some(profile) = self.put_off(Pending::Nothing) {
            self.see(Observation::TakeBackRename { profile });
        }
    }

    pub(super) fn defer_rename(&mut self) {
        let Some(name) = self.before.new_label() else { return };
        if let Some(profile) = self.put_off(Pending::Rename(name)) {
            self.see(Observation::DeferRename { profile });
        }
    }

    /// Says what is to become of the profile that the action is about.
    fn put_off(&mut self, pending: Pending) -> Option<Profile> {
        let profile = self.before.source()?;
        self.after.profiles.get_mut(profile)?.pending = pending;
        Some(profile)
    }

    pub(super) fn rename_profile(&mut self) {
        let Some((profile, name)) = self.before.source().zip(self.before.new_label()) else {
            return;
        };
        if let Some(slot) = self.after.profiles.get_mut(profile) {
            (slot.name, slot.pending) = (name, Pending::Nothing);
            self.see(Observation::RenameProfile { profile });
        }
    }

    pub(super) fn forget_default(&mut self) {
        let deleted = self.before.source();
        self.after.default = self.after.default.filter(|default| Some(*default) != deleted);
    }

    pub(super) fn set_default_profile(&mut self) {
        let profile = self.before.source();
        self.after.default = profile;
        self.see(Observation::SetDefaultProfile { profile });
    }

    /// What was put off is done for profiles that nobody uses any more (ADM-10, ADM-14).
    pub(super) fn settle_profiles(&mut self) {
        let before = self.before.state;
        for profile in Profile::ALL {
            let was_used = before.users(profile).next().is_some();
            if !was_used || self.after.users(profile).next().is_some() {
                continue;
            }
            match self.after.profiles.get_mut(profile) {
                Some(Slot { pending: Pending::Removal, .. }) => {
                    self.after.profiles.set(profile, None);
                }
                Some(slot) => {
                    slot.name = slot.new_name().unwrap_or(slot.name);
                    slot.pending = Pending::Nothing;
                }
                None => {}
            }
            self.see(Observation::SettleProfile { profile });
        }
    }

    /// A service more or less, for sessions to come (ADM-19).
    pub(super) fn change_services(&mut self) {
        let Action::AdminServices { change, .. } = self.before.action else { return };
        let Some(profile) = self.before.session().map(|its| its.profile) else { return };
        let (service, count) = match change {
            ServiceChange::Add(service) => (service, service.index() + 1),
            ServiceChange::Delete(service) => (service, service.index()),
        };
        if let Some(slot) = self.after.profiles.get_mut(profile) {
            slot.contents = slot.contents.with_services(count as u8);
            self.see_change(change, profile, service);
        }
    }

    fn see_change(&mut self, change: ServiceChange, profile: Profile, service: Service) {
        self.see(match change {
            ServiceChange::Add(_) => Observation::AddService { profile, service },
            ServiceChange::Delete(_) => Observation::DeleteService { profile, service },
        });
    }
}
