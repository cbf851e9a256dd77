//! What is true in every reachable state. The two headline invariants are properties of steps.

use super::{Invariant, is_service, properties, wants, wants_mail};
use crate::{
    Call, Client, Code, Fast, Handle, Holder, Logon, Name, Pending, Permission, Phase, Protocol,
    Provider, ProviderKind, ProviderSpec, SeriesStage, Spooler, Stage, State, Status, flag,
    resource,
};

/// What is true in every reachable state.
pub const INVARIANTS: &[Invariant] = properties! { Invariant:
    "INV-01" "the mutex is held by the one logon that has acquired it and not replied"
        = holder_is_the_one_logon_past_the_queue;
    "INV-05" "an individual session has one handle at most" = individual_sessions_have_one_handle;
    "INV-08" "a session is built only by the holder of the mutex" = builders_hold_the_mutex;
    "INV-11" "a prompt is open only where its flag permits it, and never for a service"
        = prompts_are_permitted;
    "INV-12" "LOGON_UI with PASSWORD_UI gets nowhere" = both_dialogs_get_nowhere;
    "INV-14" "a logon has a session or a handle only when it builds or has succeeded"
        = unfinished_logons_have_nothing;
    "INV-16" "what is logged on of a disabled service is quiesced, and nothing else is"
        = disabled_services_are_quiesced;
    "INV-44" "one call at most is at work on a provider, and none that is logged on"
        = one_series_at_a_time;
    "PSD-01" "the providers of a draining session are stopped without a pause"
        = draining_sessions_go_on;
    "LGF-02" "an open call is one of a live handle, which has no other" = opens_are_on_live_handles;
    "INV-27" "a session is active exactly as long as it has a live handle" = active_means_in_use;
    "INV-21" "a transport runs, or is tried, only in a session that has become active"
        = transports_wait_for_their_session;
    "INV-22" "the spooler is attached exactly to active sessions in which somebody wants mail"
        = attached_means_mail_is_wanted;
    "INV-35" "the default store and the identity of an active session are logged on"
        = roles_are_played;
    "INV-36" "a client that is not initialised has no call and no handle"
        = strangers_have_nothing;
    "INV-33" "live profiles have names of their own, and the default is one of them, and no app one"
        = names_are_unique;
    "INV-45" "nothing is put off for a profile that nobody uses" = unused_profiles_are_settled;
    "D-34" "a query is that of a client in the session that is asked, and has no consent yet"
        = queries_are_for_members;
    "MTX-03" "the queue holds each waiting logon once, and nothing else"
        = queue_is_who_waits;
    "CRD-01" "from the credentials on, a logon has a profile" = credentials_are_for_a_profile;
    "LGF-18" "a logoff waits for confirmation only on a live handle of its client"
        = confirmations_are_for_live_handles;
};

fn logons(state: &State) -> impl Iterator<Item = &Logon> {
    state.calls.iter().filter_map(|call| match call {
        Call::Logon(logon) => Some(logon),
        Call::Logoff { .. } | Call::Open(_) | Call::Query(_) => None,
    })
}

/// Whether the logon is building its session.
const fn is_building(stage: Stage) -> bool {
    match stage {
        Stage::Show(_) | Stage::Series(..) | Stage::Finish => true,
        Stage::Wait
        | Stage::Decide
        | Stage::Pick
        | Stage::LookUp
        | Stage::AskProfile
        | Stage::Credentials(_)
        | Stage::Check
        | Stage::AskPassword
        | Stage::Build
        | Stage::Done(_) => false,
    }
}

/// A wait that ended with `MAPI_E_TIMEOUT` never held it.
fn holder_is_the_one_logon_past_the_queue(_: &Protocol, state: &State) -> bool {
    let has_acquired = |logon: &&Logon| match logon.stage {
        Stage::Wait | Stage::Done(Code::Timeout) => false,
        Stage::Decide
        | Stage::Pick
        | Stage::LookUp
        | Stage::AskProfile
        | Stage::Credentials(_)
        | Stage::Check
        | Stage::AskPassword
        | Stage::Build
        | Stage::Show(_)
        | Stage::Series(..)
        | Stage::Finish
        | Stage::Done(_) => true,
    };
    logons(state).filter(has_acquired).map(|logon| logon.name).eq(state.mutex)
}

fn individual_sessions_have_one_handle(_: &Protocol, state: &State) -> bool {
    let individual = state.sessions.iter().filter(|it| it.phase == Phase::Individual);
    individual.into_iter().all(|session| state.members(session.name).count() <= 1)
}

fn builders_hold_the_mutex(_: &Protocol, state: &State) -> bool {
    let mut building = state.sessions.iter().filter(|it| it.phase == Phase::Building);
    building.all(|session| {
        state.mutex == Some(session.name)
            && state.logon(session.name).is_some_and(|logon| is_building(logon.stage))
    })
}

fn prompts_are_permitted(world: &Protocol, state: &State) -> bool {
    let permits =
        |logon, flag| wants(&world.scope, logon, flag) && !is_service(&world.scope, state, logon);
    logons(state).all(|logon| {
        (logon.stage != Stage::AskProfile || permits(logon, flag::LOGON_UI))
            && (logon.stage != Stage::AskPassword || permits(logon, flag::PASSWORD_UI))
            && (!matches!(logon.stage, Stage::Show(_)) || permits(logon, flag::SERVICE_UI_ALWAYS))
            && (!matches!(logon.stage, Stage::Series(_, SeriesStage::Inform))
                || permits(logon, flag::LOGON_UI))
    }) && state.opens().all(|open| {
        let holder = state.handle(open.handle);
        let is_service = matches!(holder, Some(Handle::Live { holder: Holder::Service, .. }));
        (open.stage != Some(SeriesStage::Inform) || open.dialogs == Permission::Granted)
            && (open.dialogs == Permission::Denied || !is_service)
    })
}

fn both_dialogs_get_nowhere(world: &Protocol, state: &State) -> bool {
    logons(state).all(|logon| {
        !(wants(&world.scope, logon, flag::LOGON_UI)
            && wants(&world.scope, logon, flag::PASSWORD_UI))
    })
}

fn unfinished_logons_have_nothing(_: &Protocol, state: &State) -> bool {
    logons(state).all(|logon| {
        let has_succeeded = logon.stage == Stage::Done(Code::Ok);
        state.handle(logon.name).is_some() == has_succeeded
            && (state.session(logon.name).is_none() || has_succeeded || is_building(logon.stage))
    })
}

fn active_means_in_use(_: &Protocol, state: &State) -> bool {
    let is_active = |name| state.session(name).is_some_and(|it| it.phase.is_active());
    let mut sessions = state.sessions.iter();
    sessions.all(|it| it.phase.is_active() == state.members(it.name).next().is_some())
        && state.handles().filter_map(|(_, handle)| handle.session()).all(is_active)
}

fn strangers_have_nothing(_: &Protocol, state: &State) -> bool {
    Client::ALL.into_iter().filter(|it| state.clients[it.index()].count == 0).all(|client| {
        state.calls_of(client).next().is_none()
            && state.handles().all(|(name, _)| name.client() != client)
    })
}

/// Names that are reserved for a rename count too; those of marked profiles do not.
fn names_are_unique(world: &Protocol, state: &State) -> bool {
    let live = state.profiles.iter().filter(|(_, slot)| !slot.is_marked());
    let mut names: Vec<_> =
        live.flat_map(|(_, slot)| [Some(slot.name), slot.new_name()]).flatten().collect();
    names.sort_unstable();
    let default = state.default.map(|profile| state.profiles.get(profile));
    names.windows(2).all(|two| two[0] != two[1])
        && default.is_none_or(|slot| {
            slot.is_some_and(|slot| {
                !slot.is_marked() && !world.scope.snapshot(slot.contents).spec.app
            })
        })
}

fn unused_profiles_are_settled(_: &Protocol, state: &State) -> bool {
    let is_used = |profile| state.sessions.iter().any(|session| session.profile == profile);
    let mut profiles = state.profiles.iter();
    profiles.all(|(profile, slot)| is_used(profile) || slot.pending == Pending::Nothing)
}

fn queries_are_for_members(_: &Protocol, state: &State) -> bool {
    state.calls.iter().filter_map(|call| state.query(call.name())).all(|query| {
        let client = query.name.client();
        let mut members = state.members(query.session);
        let is_known = |handle: Name| handle.client() == client && state.has_replied(handle);
        state.clients[client.index()].fast == Fast::None && members.any(is_known)
    })
}

fn queue_is_who_waits(_: &Protocol, state: &State) -> bool {
    let mut queued: Vec<_> = state.queue.iter().copied().collect();
    queued.sort_unstable();
    let waiting = logons(state).filter(|it| it.stage == Stage::Wait).map(|it| it.name);
    waiting.eq(queued)
}

fn credentials_are_for_a_profile(_: &Protocol, state: &State) -> bool {
    logons(state).all(|logon| match logon.stage {
        Stage::Credentials(_)
        | Stage::Check
        | Stage::AskPassword
        | Stage::Build
        | Stage::Show(_)
        | Stage::Series(..)
        | Stage::Finish
        | Stage::Done(Code::Ok) => logon.profile.is_some(),
        Stage::Wait
        | Stage::Decide
        | Stage::Pick
        | Stage::LookUp
        | Stage::AskProfile
        | Stage::Done(_) => true,
    })
}

fn confirmations_are_for_live_handles(_: &Protocol, state: &State) -> bool {
    state.calls.iter().all(|call| match call {
        Call::Logon(_) | Call::Open(_) | Call::Query(_) => true,
        Call::Logoff { name, handle, .. } => {
            name.client() == handle.client()
                && state.has_replied(*handle)
                && matches!(state.handle(*handle), Some(Handle::Live { .. }))
        }
    })
}

fn disabled_services_are_quiesced(world: &Protocol, state: &State) -> bool {
    state.sessions.iter().all(|session| {
        let mut providers = world.scope.snapshot_of(session).providers();
        providers.all(|(provider, spec)| match session.providers.get(provider) {
            Status::Running => !session.disabled.has(spec.service),
            Status::Quiesced => session.disabled.has(spec.service),
            Status::NotStarted
            | Status::Failed
            | Status::Late
            | Status::LoggingOff
            | Status::ShuttingDown => true,
        })
    })
}

fn one_series_at_a_time(_: &Protocol, state: &State) -> bool {
    let mut places: Vec<_> = state.series().map(|it| (it.session, it.provider)).collect();
    places.sort_unstable();
    let is_single = places.windows(2).all(|pair| pair[0] != pair[1]);
    let is_off = |status| matches!(status, Some(Status::NotStarted | Status::Failed));
    let is_open = |session| {
        let phase = state.session(session).map(|session| session.phase);
        phase.is_some_and(|phase| phase != Phase::Draining)
    };
    let may_try = |(session, provider): &(_, Provider)| {
        is_open(*session) && is_off(state.status(*session, *provider))
    };
    is_single && places.iter().all(may_try)
}

fn draining_sessions_go_on(_: &Protocol, state: &State) -> bool {
    state.sessions.iter().filter(|it| it.phase == Phase::Draining).all(|session| {
        let mut statuses = Provider::ALL.into_iter().map(|it| session.providers.get(it));
        session.providers.are_stopping() || !statuses.any(Status::is_up)
    })
}

fn opens_are_on_live_handles(_: &Protocol, state: &State) -> bool {
    state.opens().all(|open| {
        let handle = state.handle(open.handle);
        open.name.client() == open.handle.client()
            && state.has_replied(open.handle)
            && matches!(handle, Some(Handle::Live { .. }))
            && state.opens().all(|other| other.handle != open.handle || other.name == open.name)
    })
}

fn transports_wait_for_their_session(world: &Protocol, state: &State) -> bool {
    let has_begun = |status| match status {
        Status::NotStarted | Status::Failed => false,
        Status::Running
        | Status::Quiesced
        | Status::Late
        | Status::LoggingOff
        | Status::ShuttingDown => true,
    };
    state.sessions.iter().all(|session| {
        let is_tried = session.transport.is_some();
        let mut providers = world.scope.snapshot_of(session).providers();
        let runs = providers.any(|(provider, spec)| {
            spec.kind == ProviderKind::Transport && has_begun(session.providers.get(provider))
        });
        match session.phase {
            Phase::Building => !is_tried && !runs,
            Phase::Draining => !is_tried,
            Phase::Individual | Phase::Shared | Phase::Closing => true,
        }
    })
}

fn attached_means_mail_is_wanted(_: &Protocol, state: &State) -> bool {
    state
        .sessions
        .iter()
        .all(|session| (session.spooler == Spooler::Attached) == wants_mail(state, session.name))
}

fn roles_are_played(world: &Protocol, state: &State) -> bool {
    state.sessions.iter().filter(|session| session.phase.is_active()).all(|session| {
        let profile = world.scope.snapshot_of(session);
        let plays = |role: Option<Provider>, is_one: fn(ProviderSpec) -> bool| {
            role.is_none_or(|role| {
                session.providers.get(role).is_up() && profile.provider(role).is_some_and(is_one)
            })
        };
        plays(session.default_store, ProviderSpec::is_fit)
            && plays(session.identity, |spec| spec.has(resource::PRIMARY_IDENTITY))
    })
}
