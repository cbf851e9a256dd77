//! What is true of the administration of profiles, and of profiles in use (D-17).

use crate::{
    Action, Code, Contents, EditCall, Label, Name, NewName, Observation, Pending, Profile,
    Profiles, ServiceChange, Slot, SourceName, Stage, State, properties::Transition,
};

fn slot(state: &State, profile: Profile) -> Option<Slot> {
    state.profiles.get(profile).copied()
}

fn is_used(state: &State, profile: Profile) -> bool {
    state.sessions.iter().any(|session| session.profile == profile)
}

/// The profile that a name stands for: one that is not to be removed.
fn find(it: &Transition<'_>, name: SourceName) -> Option<(Profile, Slot)> {
    let SourceName::Of(name) = name else { return None };
    let mut slots = it.before.profiles.iter().map(|(profile, slot)| (profile, *slot));
    slots.find(|(_, slot)| slot.name == name && slot.pending != Pending::Removal)
}

fn is_app(it: &Transition<'_>, slot: Slot) -> bool {
    it.scope.snapshot(slot.contents).spec.app
}

/// The names that a call of profile administration passes.
const fn names(call: EditCall) -> (Option<SourceName>, Option<NewName>) {
    match call {
        EditCall::Create { to } => (None, Some(to)),
        EditCall::Copy { from, to } | EditCall::Rename { from, to } => (Some(from), Some(to)),
        EditCall::Delete { from } => (Some(from), None),
        EditCall::SetDefault { to } => (to, None),
    }
}

/// Why a call of profile administration is refused: the first reason counts.
fn refusal(it: &Transition<'_>, call: EditCall, passes_app: bool) -> Option<Code> {
    let (from, to) = names(call);
    if from == Some(SourceName::Malformed) || to == Some(NewName::Malformed) {
        return Some(Code::InvalidParameter);
    }
    let source = from.map(|name| find(it, name));
    if source == Some(None) {
        return Some(Code::NotFound);
    }
    let source = source.flatten();
    if source.is_some_and(|(_, slot)| is_app(it, slot)) {
        match call {
            EditCall::SetDefault { .. } => return Some(Code::CallFailed),
            _ if !passes_app => return Some(Code::NoAccess),
            _ => {}
        }
    }
    let Some(NewName::Of(name)) = to else { return None };
    let renamed = match call {
        EditCall::Rename { .. } => source.map(|(profile, _)| profile),
        _ => None,
    };
    let others = it.before.profiles.iter();
    let mut live = others.filter(|(_, slot)| slot.pending != Pending::Removal);
    let is_taken = live.any(|(profile, slot)| {
        slot.name == name && Some(profile) != renamed || slot.pending == Pending::Rename(name)
    });
    is_taken.then_some(Code::NoAccess)
}

/// The call of profile administration that the step is about, if its client may make any.
fn edit(it: &Transition<'_>) -> Option<(EditCall, Option<Code>, bool)> {
    let Action::Administer { client, edit } = it.action else { return None };
    let edit = it.scope.edit(edit);
    (it.before.clients[client.index()].count > 0)
        .then(|| (edit.call, refusal(it, edit.call, edit.app), edit.app))
}

/// ADM-24: a call is refused for its reason, or succeeds; nothing of it waits.
pub(super) fn edits_are_judged(it: &Transition<'_>) -> bool {
    let Action::Administer { .. } = it.action else { return true };
    let expected = match edit(it) {
        Some((_, refusal, _)) => refusal.unwrap_or(Code::Ok),
        None => Code::NotInitialized,
    };
    let own = it.step.seen.answers().filter(|(_, call, ..)| call.is_none());
    own.map(|(.., code, _)| code).eq([expected])
}

/// The least place for a profile: without one, and held by nobody.
fn free_place(state: &State) -> Option<Profile> {
    let holds = |profile| {
        let mut calls = state.calls.iter();
        calls.any(|call| state.logon(call.name()).is_some_and(|it| it.profile == Some(profile)))
    };
    Profile::ALL
        .into_iter()
        .find(|it| slot(state, *it).is_none() && !holds(*it) && !is_used(state, *it))
}

/// What is done to the profiles, and what the store is told of it.
type Done = (Profiles, Option<Profile>, Vec<Observation>);

fn make(it: &Transition<'_>, made: Contents, to: NewName, from: Option<Profile>) -> Option<Done> {
    let (place, NewName::Of(name)) = (free_place(it.before)?, to) else { return None };
    let mut profiles = it.before.profiles;
    profiles.set(place, Some(Slot { contents: made, name, pending: Pending::Nothing }));
    let told = match from {
        Some(source) => Observation::CopyProfile { source, profile: place },
        None => Observation::CreateProfile { profile: place },
    };
    Some((profiles, it.before.default, vec![told]))
}

/// The profiles after a call that succeeds.
fn edited(it: &Transition<'_>, call: EditCall, app: bool) -> Option<Done> {
    let source = names(call).0.and_then(|name| find(it, name));
    let (mut profiles, mut default) = (it.before.profiles, it.before.default);
    let told = match call {
        EditCall::Create { to } => return make(it, Contents::made(app), to, None),
        EditCall::Copy { to, .. } => {
            let (profile, slot) = source?;
            return make(it, slot.contents, to, Some(profile));
        }
        EditCall::Delete { .. } => {
            let (profile, slot) = source?;
            default = default.filter(|it| *it != profile);
            let marked = Slot { pending: Pending::Removal, ..slot };
            let used = is_used(it.before, profile);
            profiles.set(profile, used.then_some(marked));
            match used {
                true => Observation::MarkProfile { profile },
                false => Observation::RemoveProfile { profile },
            }
        }
        EditCall::Rename { to, .. } => {
            let ((profile, slot), NewName::Of(name)) = (source?, to) else { return None };
            let (renamed, told) = renamed(profile, slot, name, is_used(it.before, profile));
            profiles.set(profile, Some(renamed));
            told
        }
        EditCall::SetDefault { .. } => {
            default = source.map(|(profile, _)| profile);
            Observation::SetDefaultProfile { profile: default }
        }
    };
    Some((profiles, default, vec![told]))
}

fn renamed(profile: Profile, slot: Slot, name: Label, used: bool) -> (Slot, Observation) {
    let pending = Pending::Nothing;
    if name == slot.name {
        (Slot { pending, ..slot }, Observation::TakeBackRename { profile })
    } else if used {
        (Slot { pending: Pending::Rename(name), ..slot }, Observation::DeferRename { profile })
    } else {
        (Slot { name, pending, ..slot }, Observation::RenameProfile { profile })
    }
}

/// The session of the handle on whose profile services are administered, if that serves.
fn administered(it: &Transition<'_>) -> Option<(Profile, Slot, ServiceChange)> {
    let Action::AdminServices { handle, change, .. } = it.action else { return None };
    let session = it.before.session_of(handle).filter(|_| it.serves(handle))?;
    let profile = it.before.session(session)?.profile;
    Some((profile, slot(it.before, profile)?, change))
}

/// The profiles after a change of services, and the code of the call.
fn changed(it: &Transition<'_>) -> Option<(Code, Done)> {
    let (profile, slot, change) = administered(it)?;
    let listed = it.scope.snapshot(slot.contents).spec.services.len();
    let count = usize::from(slot.contents.services());
    let (code, count, told) = match change {
        ServiceChange::Add(service) if service.index() >= listed => (Code::NotFound, count, None),
        ServiceChange::Add(service) if service.index() < count => (Code::NoAccess, count, None),
        ServiceChange::Add(service) => {
            (Code::Ok, count + 1, Some(Observation::AddService { profile, service }))
        }
        ServiceChange::Delete(service) if service.index() >= count => (Code::NotFound, count, None),
        ServiceChange::Delete(service) => {
            (Code::Ok, count - 1, Some(Observation::DeleteService { profile, service }))
        }
    };
    let mut profiles = it.before.profiles;
    let contents = slot.contents.with_services(count as u8);
    profiles.set(profile, Some(Slot { contents, ..slot }));
    Some((code, (profiles, it.before.default, told.into_iter().collect())))
}

/// ADM-19: what `AdminServices` answers.
pub(super) fn service_changes_are_judged(it: &Transition<'_>) -> bool {
    let Some((code, _)) = changed(it) else { return true };
    let own = it.step.seen.answers().filter(|(_, call, ..)| call.is_none());
    own.map(|(.., code, _)| code).eq([code])
}

/// The profiles that lose their last session in the step, as they are settled.
fn settled(it: &Transition<'_>) -> Done {
    let (mut profiles, mut told) = (it.before.profiles, Vec::new());
    for profile in Profile::ALL {
        if !is_used(it.before, profile) || is_used(it.after(), profile) {
            continue;
        }
        told.push(Observation::SettleProfile { profile });
        let now = match slot(it.before, profile) {
            Some(slot) => match slot.pending {
                Pending::Removal => None,
                Pending::Rename(name) => Some(Slot { name, pending: Pending::Nothing, ..slot }),
                Pending::Nothing => Some(slot),
            },
            None => None,
        };
        profiles.set(profile, now);
    }
    (profiles, it.before.default, told)
}

/// What the step does to the profiles: what its call asks for, what was put off until now, or
/// nothing.
fn expected(it: &Transition<'_>) -> Option<Done> {
    let unchanged = || (it.before.profiles, it.before.default, Vec::new());
    match it.action {
        Action::Administer { .. } => match edit(it) {
            Some((call, None, app)) => edited(it, call, app),
            Some((_, Some(_), _)) | None => Some(unchanged()),
        },
        Action::AdminServices { .. } => Some(changed(it).map_or_else(unchanged, |(_, done)| done)),
        _ => Some(settled(it)),
    }
}

/// D-17: profiles are what administration makes of them, at once or when their last session ends,
/// and nothing else touches them.
pub(super) fn profiles_are_as_administered(it: &Transition<'_>) -> bool {
    expected(it).is_some_and(|(profiles, ..)| it.after().profiles == profiles)
}

/// ADM-15, ADM-16: the default mark moves by `SetDefaultProfile` and goes with its profile.
pub(super) fn default_is_as_administered(it: &Transition<'_>) -> bool {
    expected(it).is_some_and(|(_, default, _)| it.after().default == default)
}

/// ADM-13: the profile store is told what becomes of its profiles, of each once.
pub(super) fn the_store_is_told(it: &Transition<'_>) -> bool {
    let seen = it.step.seen.iter().copied().filter(|seen| {
        matches!(
            seen,
            Observation::CreateProfile { .. }
                | Observation::CopyProfile { .. }
                | Observation::RemoveProfile { .. }
                | Observation::MarkProfile { .. }
                | Observation::RenameProfile { .. }
                | Observation::DeferRename { .. }
                | Observation::TakeBackRename { .. }
                | Observation::SetDefaultProfile { .. }
                | Observation::SettleProfile { .. }
                | Observation::AddService { .. }
                | Observation::DeleteService { .. }
        )
    });
    expected(it).is_some_and(|(.., told)| seen.eq(told))
}

/// INV-31: as long as a session uses a profile, it is there and keeps its name.
pub(super) fn used_profiles_stay(it: &Transition<'_>) -> bool {
    Profile::ALL.into_iter().filter(|profile| is_used(it.after(), *profile)).all(|profile| {
        let (was, is) = (slot(it.before, profile), slot(it.after(), profile));
        was.is_some() && was.map(|slot| slot.name) == is.map(|slot| slot.name)
    })
}

/// INV-32: no logon comes to a profile that is to be removed but by a join, and no session is built
/// on one.
pub(super) fn marked_profiles_are_not_chosen(it: &Transition<'_>) -> bool {
    let is_live = |profile| slot(it.before, profile).is_some_and(|slot| !slot.is_marked());
    let was = |name: Name| it.before.logon(name).and_then(|logon| logon.profile);
    let has_joined = |name| {
        let made = it.after().handle(name).and_then(crate::Handle::session);
        made.is_some_and(|session| session != name)
    };
    let calls = it.after().calls.iter().filter_map(|call| it.after().logon(call.name()));
    let chosen = calls.filter_map(|logon| Some((logon.name, logon.profile?)));
    let mut new = chosen.filter(|(name, profile)| was(*name) != Some(*profile));
    new.all(|(name, profile)| is_live(profile) || has_joined(name))
        && it.new_sessions().all(|session| is_live(session.profile))
}

/// INV-34: a session has the services that its profile had when it was built, whatever becomes of
/// the profile.
pub(super) fn snapshots_stay(it: &Transition<'_>) -> bool {
    it.after().sessions.iter().all(|now| match it.before.session(now.name) {
        Some(before) => now.contents == before.contents,
        None => {
            let found = slot(it.before, now.profile).map(|slot| slot.contents);
            found == Some(now.contents)
        }
    })
}

/// PRF-11: a logon that finds its profile gone, or to be removed, where it needs it, fails.
pub(super) fn vanished_profiles_fail_their_logons(it: &Transition<'_>) -> bool {
    let (Some(before), Some(after)) = (it.logon(), it.logon_after()) else { return true };
    let slot = before.profile.and_then(|profile| slot(it.before, profile));
    let is_missed = match (before.stage, it.action) {
        (Stage::Check, Action::Checked { .. }) => slot.is_none(),
        (Stage::Build, Action::ServicesRead { .. }) => {
            slot.is_none_or(|slot| slot.pending == Pending::Removal)
        }
        _ => false,
    };
    !is_missed || after.stage == Stage::Done(Code::LogonFailed)
}
