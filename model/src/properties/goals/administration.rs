//! Goals about the administration of profiles, and about fast shutdown.
//!
//! What a monitor remembers is how far the story is; it is said beside each.

use stateright_exact::{Edge, Monitor};

use crate::{
    Action, FastPolicy, NameArgument, Observation, PasswordAnswer, Pending, Profile, Protocol,
    Request, RequestId, Rule, Scope, Slot, Stage, State, Vote,
};

fn slot(state: &State, profile: Profile) -> Option<Slot> {
    state.profiles.get(profile).copied()
}

/// Remembers the place of a request, from 1, that was refused for want of a default profile, until
/// one that asks for the same opens a session, whoever makes it.
pub(super) fn default_comes_later(
    world: &Protocol,
    memory: u8,
    it: &Edge<'_, Protocol>,
) -> Monitor {
    let logon = it.action.call().and_then(|call| it.before.logon(call));
    let asked = logon.and_then(|logon| nameless(&world.scope, logon.request));
    let opened = it
        .seen
        .seen
        .answers()
        .any(|(_, call, _, logon)| logon.is_some_and(|logon| Some(logon.session) == call));
    match (memory, it.seen.rule) {
        (0, Rule::RefuseWithoutDefault) => Monitor::At(asked.unwrap_or(0)),
        (memory, Rule::Reply) if memory > 0 && asked == Some(memory) && opened => Monitor::Reached,
        (memory, _) => Monitor::At(memory),
    }
}

/// The place, from 1, of the first request that asks for the same as this one; none if this one
/// names a profile.
fn nameless(scope: &Scope, request: RequestId) -> Option<u8> {
    let asked = scope.request(request);
    let is_same = |other: &Request| {
        (other.flags, other.profile, other.password) == (asked.flags, asked.profile, asked.password)
    };
    let place = scope.requests.iter().position(is_same)? + 1;
    (asked.profile == NameArgument::None).then(|| u8::try_from(place).unwrap_or(u8::MAX))
}

/// A profile that was to be removed goes with its last session, while another bears its name.
pub(super) fn namesake_is_there(_: &Protocol, it: &Edge<'_, Protocol>) -> bool {
    it.before.profiles.iter().any(|(profile, gone)| {
        let mut others = it.before.profiles.iter();
        it.seen.rule == Rule::EndSession
            && gone.pending == Pending::Removal
            && slot(it.after, profile).is_none()
            && others.any(|(_, other)| other.name == gone.name && !other.is_marked())
    })
}

/// A profile takes the name that was put off, as its last session ends.
pub(super) fn rename_is_applied(_: &Protocol, it: &Edge<'_, Protocol>) -> bool {
    it.seen.rule == Rule::EndSession
        && it.before.profiles.iter().any(|(profile, before)| {
            let now = slot(it.after, profile).map(|slot| slot.name);
            before.new_name().is_some() && before.new_name() == now
        })
}

/// The chapters of the life of a temporary profile.
const CREATED: u8 = 1;
const OPENED: u8 = 2;
const MARKED: u8 = 3;
const LEFT: u8 = 4;

/// Remembers a profile and how far its life is: made, logged on to, marked, logged off.
///
/// Where profiles are made their places are not interchangeable, so one may be remembered.
pub(super) fn lives_and_goes(_: &Protocol, memory: u8, it: &Edge<'_, Protocol>) -> Monitor {
    let places = Profile::ALL.len() as u8;
    let at = |chapter: u8, profile: Profile| Monitor::At(chapter * places + profile as u8);
    let created = it.seen.seen.iter().find_map(|seen| match *seen {
        Observation::CreateProfile { profile } => Some(profile),
        _ => None,
    });
    if memory < places {
        return created.map_or(Monitor::At(0), |profile| at(CREATED, profile));
    }
    let (chapter, profile) = (memory / places, Profile::ALL[usize::from(memory % places)]);
    let is_gone = slot(it.after, profile).is_none();
    let is_marked = slot(it.after, profile).is_some_and(|slot| slot.is_marked());
    let is_open = it.after.users(profile).any(|session| session.phase.is_active());
    match chapter {
        LEFT if is_gone && it.seen.rule == Rule::EndSession => Monitor::Reached,
        _ if is_gone => Monitor::At(0),
        CREATED if is_open => at(OPENED, profile),
        OPENED if is_marked && is_open => at(MARKED, profile),
        MARKED if !is_open && it.seen.rule == Rule::LogOff => at(LEFT, profile),
        _ => Monitor::At(memory),
    }
}

/// Remembers that a profile was removed, under the name by which its logon asked for it, while the
/// password prompt of that was open; then that another profile has the name; then that the right
/// password was given.
pub(super) fn namesake_is_no_substitute(
    world: &Protocol,
    memory: u8,
    it: &Edge<'_, Protocol>,
) -> Monitor {
    const REMOVED: u8 = 1;
    const REPLACED: u8 = 2;
    const ANSWERED: u8 = 3;
    let prompting = |state: &State| {
        let logon = state.logon(state.mutex?)?;
        let NameArgument::Of(name) = world.scope.request(logon.request).profile else {
            return None;
        };
        (logon.stage == Stage::AskPassword).then_some((logon.profile?, name))
    };
    let is_removed = prompting(it.before).is_some_and(|(profile, name)| {
        let bears_it = slot(it.before, profile).is_some_and(|slot| slot.name == name);
        bears_it && slot(it.after, profile).is_none()
    });
    let is_right = matches!(it.action, Action::EnterPassword { answer: PasswordAnswer::Right, .. });
    match memory {
        ANSWERED if it.seen.rule == Rule::RefuseVanishedProfile => Monitor::Reached,
        ANSWERED if it.after.mutex == it.before.mutex => Monitor::At(ANSWERED),
        REPLACED if it.seen.rule == Rule::AcceptEnteredPassword && is_right => {
            Monitor::At(ANSWERED)
        }
        REMOVED | REPLACED | ANSWERED => match prompting(it.after) {
            None => Monitor::At(0),
            Some((_, name)) if it.after.profiles.named(name).is_some() => Monitor::At(REPLACED),
            Some(_) => Monitor::At(memory),
        },
        _ => Monitor::At(if is_removed { REMOVED } else { 0 }),
    }
}

/// The last provider that is asked cannot be asked, and the fast shutdown is allowed all the same.
pub(super) fn silence_is_consent(world: &Protocol, it: &Edge<'_, Protocol>) -> bool {
    it.seen.rule == Rule::AllowShutdown
        && world.scope.fast_shutdown == FastPolicy::AllowUnlessRefused
        && matches!(it.action, Action::Voted { vote: Vote::NoInterface, .. })
}
