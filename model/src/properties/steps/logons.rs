//! What is true of the steps of a logon, from the call to the answer.

use crate::{
    Action, ChooserAnswer, Code, Handle, Holder, Host, Label, NameArgument, Observation, Password,
    PasswordAnswer, Pending, Phase, Profile, Protection, Stage, flag,
    properties::{Transition, is_service, wants},
};

/// The profile of this name that is not to be removed.
fn live(it: &Transition<'_>, name: Label) -> Option<Profile> {
    let mut slots = it.before.profiles.iter();
    let found = slots.find(|(_, slot)| slot.name == name && slot.pending != Pending::Removal);
    found.map(|(profile, _)| profile)
}

/// What the profile store has said of a profile's password goes with the logon to its credentials.
pub(super) fn protection_is_as_found(it: &Transition<'_>) -> bool {
    let (Some(before), Some(after)) = (it.logon(), it.logon_after()) else { return true };
    let is_entered = before.stage != after.stage;
    let profile = after.profile.and_then(|profile| it.scope.stored(it.before, profile));
    let protection = match profile.is_some_and(|profile| profile.spec.password) {
        true => Protection::Protected,
        false => Protection::Open,
    };
    match after.stage {
        Stage::Credentials(known) if is_entered => {
            known == protection && (known == Protection::Open || after.password == Password::None)
        }
        Stage::Check if is_entered => protection == Protection::Protected,
        _ => true,
    }
}

/// Which of the steps in question this is: a logon that is told to go on in this stage.
fn goes_on_in(it: &Transition<'_>, stage: Stage) -> bool {
    matches!(it.action, Action::Continue { .. }) && it.logon().is_some_and(|it| it.stage == stage)
}

/// INV-02, and with it that a join never fails for the limit of sessions.
pub(super) fn who_may_join_joins(it: &Transition<'_>) -> bool {
    let (Some(logon), Some(target)) = (it.logon(), it.before.join_target()) else { return true };
    if !goes_on_in(it, Stage::Decide) || wants(it.scope, logon, flag::NEW_SESSION) {
        return true;
    }
    let joined = matches!(it.after().handle(logon.name),
        Some(Handle::Live { session, .. }) if session == target.name);
    joined
        && it.logon_after().is_some_and(|now| now.stage == Stage::Done(Code::Ok))
        && it.step.seen.iter().all(|seen| matches!(seen, Observation::AttachSpooler { .. }))
}

pub(super) fn new_session_never_joins(it: &Transition<'_>) -> bool {
    it.new_handles().all(|(name, handle)| {
        let logon = it.before.logon(name);
        let is_new = logon.is_some_and(|logon| wants(it.scope, logon, flag::NEW_SESSION));
        !is_new || handle.session() == Some(name)
    })
}

pub(super) fn joins_go_to_the_target(it: &Transition<'_>) -> bool {
    it.new_handles().filter(|(name, handle)| handle.session() != Some(*name)).all(|(_, handle)| {
        let mut open = it.before.sessions.iter().filter(|it| it.phase == Phase::Shared);
        handle.session() == open.next().map(|oldest| oldest.name)
    })
}

pub(super) fn sharing_is_the_creators_choice(it: &Transition<'_>) -> bool {
    it.after().sessions.iter().filter(|now| now.phase.is_active()).all(|now| {
        let before = it.before.session(now.name).map(|it| it.phase);
        let allowed = it.before.logon(now.name).map(|it_| wants(it.scope, it_, flag::ALLOW_OTHERS));
        match before {
            Some(Phase::Building) => allowed == Some(now.phase == Phase::Shared),
            Some(Phase::Shared) => now.phase.is_shared(),
            Some(phase) => phase == now.phase,
            None => false,
        }
    })
}

pub(super) fn profiles_come_from_somewhere(it: &Transition<'_>) -> bool {
    let (Some(before), Some(after)) = (it.logon(), it.logon_after()) else { return true };
    if before.profile == after.profile {
        return true;
    }
    let request = it.scope.request(before.request);
    let default_is_asked_for =
        request.profile == NameArgument::None && request.flags & flag::USE_DEFAULT != 0;
    match it.action {
        Action::Continue { .. } => {
            after.profile.is_some()
                && after.profile == it.before.join_target().map(|target| target.profile)
        }
        Action::Choose { answer: ChooserAnswer::Pick { profile, .. }, .. } => {
            after.profile.is_some() && after.profile == profile.and_then(|it_| live(it, it_))
        }
        _ => match (request.profile, after.profile) {
            (NameArgument::Of(named), chosen) => chosen.is_some() && chosen == live(it, named),
            (NameArgument::None, chosen) => default_is_asked_for && chosen == it.before.default,
            (NameArgument::Absent | NameArgument::Malformed, _) => false,
        },
    }
}

pub(super) fn nameless_logons_fail(it: &Transition<'_>) -> bool {
    let (Some(logon), Some(after)) = (it.logon(), it.logon_after()) else { return true };
    let is_choosing = matches!(logon.stage, Stage::Pick | Stage::LookUp);
    if !is_choosing || after.stage == logon.stage {
        return true;
    }
    let has_name = it.scope.request(logon.request).profile != NameArgument::None;
    let has_default = wants(it.scope, logon, flag::USE_DEFAULT) && it.before.default.is_some();
    let may_ask = wants(it.scope, logon, flag::LOGON_UI) && !is_service(it.scope, it.before, logon);
    has_name || has_default || may_ask || after.stage == Stage::Done(Code::LogonFailed)
}

pub(super) fn credentials_are_right(it: &Transition<'_>) -> bool {
    let Some(logon) = it.logon() else { return it.new_sessions().next().is_none() };
    let starts = it.new_sessions().all(|session| {
        session.name == logon.name
            && logon.stage == Stage::Build
            && logon.profile == Some(session.profile)
    });
    let Some(Stage::Build) = it.logon_after().map(|it| it.stage) else { return starts };
    let protected = it.is_protected(logon);
    let is_judged_right = match (logon.stage, it.action) {
        (Stage::Build, _) => true,
        (Stage::AskPassword, Action::EnterPassword { answer, .. }) => {
            answer == PasswordAnswer::Right
        }
        (Stage::Check, _) => protected && logon.password == Password::Right,
        (Stage::Credentials(_), _) => !protected && logon.password == Password::None,
        _ => false,
    };
    starts && is_judged_right
}

/// The classes of protocol 5.4. A logon that is refused in its call is judged by its arguments,
/// one that was under way by where it stood when its answer was settled.
pub(super) fn outcomes_have_their_reason(it: &Transition<'_>) -> bool {
    if let Action::Logon { client, request, inside } = it.action {
        let flags = it.scope.request(request).flags;
        let both = flag::LOGON_UI | flag::PASSWORD_UI;
        let expected = if it.before.clients[client.index()].count == 0 {
            Some(Code::NotInitialized)
        } else if flags & !flag::DEFINED != 0 {
            Some(Code::UnknownFlags)
        } else if flags & both == both {
            Some(Code::InvalidParameter)
        } else if inside.is_some() && inside == it.before.mutex {
            Some(Code::LogonFailed)
        } else {
            None
        };
        let own = it.step.seen.answers().filter(|(_, call, ..)| call.is_none());
        return own.map(|(.., code, _)| code).eq(expected);
    }
    let (Some(before), Some(after)) = (it.logon(), it.logon_after()) else { return true };
    let (Stage::Done(code), false) = (after.stage, before.stage == after.stage) else {
        return true;
    };
    let was_prompting = matches!(before.stage, Stage::AskProfile | Stage::AskPassword);
    let was_cancelled = matches!(
        it.action,
        Action::Deadline { .. }
            | Action::Choose { answer: ChooserAnswer::Cancel, .. }
            | Action::EnterPassword { answer: PasswordAnswer::Cancel, .. }
    );
    let expected = if it.after().handle(after.name).is_some() {
        Code::Ok
    } else if before.stage == Stage::Wait {
        Code::Timeout
    } else if was_prompting && was_cancelled {
        Code::UserCancel
    } else {
        Code::LogonFailed
    };
    code == expected
}

pub(super) fn first_come_first_served(it: &Transition<'_>) -> bool {
    let stayed =
        it.before.queue.iter().filter(|name| it.after().queue.iter().any(|it| it == *name));
    let mut after = it.after().queue.iter();
    let in_order = stayed.into_iter().all(|name| after.next() == Some(name));
    let arrived = after.count();
    let may_arrive = usize::from(matches!(it.action, Action::Logon { .. }));
    let acquired = it.after().mutex.filter(|holder| it.before.mutex != Some(*holder));
    let was_due = it.before.mutex.is_none() && it.before.queue.first() == acquired;
    let is_due = goes_on_in(it, Stage::Wait)
        && it.before.mutex.is_none()
        && it.before.queue.first() == it.action.call();
    in_order
        && arrived <= may_arrive
        && (acquired.is_none() || was_due)
        && (!is_due || it.after().mutex == it.action.call())
}

pub(super) fn started_is_finished(it: &Transition<'_>) -> bool {
    let (Action::Continue { call: session }, true) = (it.action, goes_on_in(it, Stage::Finish))
    else {
        return true;
    };
    it.after().session(session).is_some_and(|now| now.phase.is_active())
        && matches!(it.after().handle(session), Some(Handle::Live { session: on, .. }) if on == session)
}

/// The table of profile choice, from the arguments alone.
pub(super) fn profile_choice_is_the_table(it: &Transition<'_>) -> bool {
    let (Some(logon), Some(after)) = (it.logon(), it.logon_after()) else { return true };
    let is_answered = match logon.stage {
        Stage::Pick => matches!(it.action, Action::Continue { .. }),
        Stage::LookUp => matches!(it.action, Action::LookedUp { .. }),
        _ => false,
    };
    if !is_answered {
        return true;
    }
    let may_ask = wants(it.scope, logon, flag::LOGON_UI) && !is_service(it.scope, it.before, logon);
    let default = it.before.default.filter(|_| wants(it.scope, logon, flag::USE_DEFAULT));
    let chosen = match (it.scope.request(logon.request).profile, default) {
        (NameArgument::Of(named), _) => live(it, named),
        (NameArgument::None, default) => default,
        (NameArgument::Absent | NameArgument::Malformed, _) => None,
    };
    let is_named = it.scope.request(logon.request).profile != NameArgument::None;
    match (chosen, is_named, may_ask) {
        (Some(profile), ..) => {
            after.profile == Some(profile)
                && matches!(after.stage, Stage::Credentials(_) | Stage::Check)
        }
        (None, false, true) => after.stage == Stage::AskProfile,
        (None, true, _) | (None, _, false) => after.stage == Stage::Done(Code::LogonFailed),
    }
}

pub(super) fn choices_are_respected(it: &Transition<'_>) -> bool {
    let (Some(logon), Some(after)) = (it.logon(), it.logon_after()) else { return true };
    let (Stage::AskProfile, Action::Choose { answer, .. }) = (logon.stage, it.action) else {
        return true;
    };
    let ChooserAnswer::Pick { profile, password } = answer else {
        return matches!(after.stage, Stage::Done(_));
    };
    let may_see_all = wants(it.scope, logon, flag::APP_PROFILE);
    let is_app = |profile| it.scope.stored(it.before, profile).is_some_and(|it| it.spec.app);
    let chosen = profile.and_then(|name| live(it, name));
    match chosen.filter(|profile| may_see_all || !is_app(*profile)) {
        Some(profile) => {
            after.profile == Some(profile)
                && after.password == password.unwrap_or(logon.password)
                && matches!(after.stage, Stage::Credentials(_) | Stage::Check)
        }
        None => after.stage == Stage::Done(Code::LogonFailed),
    }
}

pub(super) fn credentials_are_judged(it: &Transition<'_>) -> bool {
    let (Some(logon), Some(after)) = (it.logon(), it.logon_after()) else { return true };
    let is_judged = match logon.stage {
        Stage::Credentials(_) => matches!(it.action, Action::Continue { .. }),
        Stage::Check => matches!(it.action, Action::Checked { .. }),
        _ => false,
    };
    if !is_judged {
        return true;
    }
    let is_there = logon.profile.is_some_and(|profile| it.before.profiles.get(profile).is_some());
    let protected = it.is_protected(logon);
    let may_ask =
        wants(it.scope, logon, flag::PASSWORD_UI) && !is_service(it.scope, it.before, logon);
    let expected = match (protected, logon.password) {
        _ if logon.stage == Stage::Check && !is_there => Stage::Done(Code::LogonFailed),
        (false, Password::None) | (true, Password::Right) => Stage::Build,
        (false, Password::Right | Password::Wrong) => Stage::Done(Code::LogonFailed),
        (true, Password::None | Password::Wrong) if may_ask => Stage::AskPassword,
        (true, Password::None | Password::Wrong) => Stage::Done(Code::LogonFailed),
    };
    after.stage == expected
}

pub(super) fn password_prompt_decides(it: &Transition<'_>) -> bool {
    let (Some(logon), Some(after)) = (it.logon(), it.logon_after()) else { return true };
    let (Stage::AskPassword, Action::EnterPassword { answer, .. }) = (logon.stage, it.action)
    else {
        return true;
    };
    after.stage
        == match answer {
            PasswordAnswer::Right => Stage::Build,
            PasswordAnswer::Cancel => Stage::Done(Code::UserCancel),
            PasswordAnswer::Wrong | PasswordAnswer::Unavailable => Stage::Done(Code::LogonFailed),
        }
}

pub(super) fn limit_decides_builds(it: &Transition<'_>) -> bool {
    let (Action::ServicesRead { .. }, Some(logon)) = (it.action, it.logon()) else { return true };
    if logon.stage != Stage::Build {
        return true;
    }
    let limit = it.scope.session_limit.map_or(usize::MAX, usize::from);
    let before = it.before.sessions.len();
    let slot = logon.profile.and_then(|profile| it.before.profiles.get(profile));
    let may_build = before < limit && slot.is_some_and(|slot| slot.pending != Pending::Removal);
    it.after().sessions.len() == before + usize::from(may_build)
        && it.logon_after().is_some_and(|now| match now.stage {
            Stage::Show(_) | Stage::Series(..) | Stage::Finish => may_build,
            stage => !may_build && stage == Stage::Done(Code::LogonFailed),
        })
}

pub(super) fn holders_are_as_asked(it: &Transition<'_>) -> bool {
    it.new_handles().all(|(name, handle)| {
        let (Handle::Live { holder, .. }, Some(logon)) = (handle, it.before.logon(name)) else {
            return false;
        };
        let host = it.before.clients[name.client().index()].host;
        let is_service = host == Host::Service || wants(it.scope, logon, flag::NT_SERVICE);
        holder
            == match (is_service, wants(it.scope, logon, flag::NO_MAIL)) {
                (true, _) => Holder::Service,
                (false, true) => Holder::NoMail,
                (false, false) => Holder::Mail,
            }
    })
}

/// The timer is set exactly for a short wait that begins, and ends it unless its turn has come.
pub(super) fn short_waits_end(it: &Transition<'_>) -> bool {
    let arrived = it.after().queue.len() > it.before.queue.len();
    let must_wait = it.before.mutex.is_some() || !it.before.queue.is_empty();
    let timed = it.step.seen.iter().any(|seen| matches!(seen, Observation::StartTimer { .. }));
    if let Action::Logon { request, .. } = it.action {
        let is_short = it.scope.request(request).flags & flag::TIMEOUT_SHORT != 0;
        return timed == (arrived && must_wait && is_short);
    }
    let (Action::Timeout { call }, Some(logon)) = (it.action, it.logon()) else { return !timed };
    let is_next = it.before.mutex.is_none() && it.before.queue.first() == Some(call);
    let expected = match logon.stage {
        Stage::Wait if !is_next && wants(it.scope, logon, flag::TIMEOUT_SHORT) => {
            Stage::Done(Code::Timeout)
        }
        stage => stage,
    };
    it.logon_after().is_some_and(|now| now.stage == expected)
}
