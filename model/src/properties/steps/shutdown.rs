//! What is true of fast shutdown (D-19).

use super::stops::is_cut;
use crate::{
    Action, Client, Code, Fast, FastPolicy, FastStep, Handle, Initialized, Name, Observation,
    Provider, ProviderKind, Query, Session, State, Status, Vote, properties::Transition,
};

fn fast(state: &State, client: Client) -> Fast {
    state.clients[client.index()].fast
}

fn class(it: &Transition<'_>, session: &Session, provider: Provider) -> Option<u8> {
    let spec = it.scope.snapshot_of(session).provider(provider)?;
    Some(match spec.kind {
        ProviderKind::Transport => 0,
        ProviderKind::AddressBook => 1,
        ProviderKind::Store => 2,
    })
}

/// The providers of a session that run: transports, then address books, then stores.
fn running(it: &Transition<'_>, session: &Session) -> Vec<Provider> {
    let of = |wanted: u8| {
        Provider::ALL.into_iter().filter(move |provider| {
            session.providers.get(*provider) == Status::Running
                && class(it, session, *provider) == Some(wanted)
        })
    };
    (0..3).flat_map(of).collect()
}

/// Everybody whom a client's fast shutdown concerns, in order: session by session, oldest first.
fn concerned(it: &Transition<'_>, client: Client) -> Vec<(Name, Provider)> {
    let is_in = |session: &&Session| {
        let mut handles = it.before.handles();
        handles.any(|(name, handle)| {
            name.client() == client
                && handle.session() == Some(session.name)
                && it.before.logon(name).is_none()
        })
    };
    let sessions = it.before.sessions.iter().filter(is_in);
    sessions.flat_map(|its| running(it, its).into_iter().map(|by| (its.name, by))).collect()
}

/// The step of a fast shutdown that the action is, on a handle that serves.
fn called(it: &Transition<'_>) -> Option<(Client, FastStep)> {
    let Action::FastShutdown { client, handle, step } = it.action else { return None };
    it.serves(handle).then_some((client, step))
}

/// Whether the action begins what takes a consent back: a logon, an open, or administration that
/// is not refused for want of initialisation or of a live handle.
pub(super) fn takes_back(it: &Transition<'_>) -> bool {
    match it.action {
        Action::Logon { client, .. } | Action::Administer { client, .. } => {
            it.before.clients[client.index()].count > 0
        }
        Action::Open { handle, .. } | Action::AdminServices { handle, .. } => it.serves(handle),
        _ => false,
    }
}

/// Whether a handle that the client knows of ceases to be live, or is released, in a step that is
/// no end of the client.
fn loses_handle(it: &Transition<'_>, client: Client) -> bool {
    let is_known = |name: Name| name.client() == client && it.before.has_replied(name);
    let own = |(name, handle): (Name, Handle)| is_known(name).then_some((name, handle));
    let mut handles = it.before.handles().filter_map(own);
    handles.any(|(name, handle)| match handle {
        Handle::Live { .. } => it.after().session_of(name).is_none(),
        Handle::LoggedOff => it.after().handle(name).is_none(),
    })
}

/// What becomes of a query.
#[derive(PartialEq)]
enum Outcome {
    /// This provider is asked.
    Asks(Name, Provider),
    /// It is answered.
    Answers(Code),
    /// It is dropped unanswered.
    Nothing,
}

/// What a new query comes to.
fn begun(it: &Transition<'_>, client: Client) -> Outcome {
    if it.scope.fast_shutdown == FastPolicy::Refuse || it.before.query_of(client).is_some() {
        return Outcome::Answers(Code::NoSupport);
    }
    match concerned(it, client).first() {
        Some((session, provider)) => Outcome::Asks(*session, *provider),
        None => Outcome::Answers(Code::Ok),
    }
}

/// Who is asked after this provider: the next one in order, as things stand now.
fn after(it: &Transition<'_>, query: &Query) -> Option<(Name, Provider)> {
    let place = |session: Name, provider: Provider| {
        let age = it.before.sessions.iter().position(|its| its.name == session);
        let class = it.before.session(session).and_then(|its| class(it, its, provider));
        (age, class, provider)
    };
    let asked = place(query.session, query.provider);
    let all = concerned(it, query.name.client());
    all.into_iter().find(|(session, provider)| place(*session, *provider) > asked)
}

/// What becomes of a query that is under way.
fn goes_on(it: &Transition<'_>, query: &Query) -> Outcome {
    let client = query.name.client();
    let is_own = it.action.client() == client;
    let stays = Outcome::Asks(query.session, query.provider);
    match it.action {
        Action::Voted { call, vote } if call == query.name => {
            let objects = match vote {
                Vote::Consents => false,
                Vote::Objects => true,
                Vote::NoInterface => it.scope.fast_shutdown == FastPolicy::AllowIfAllConsent,
            };
            match after(it, query) {
                _ if objects => Outcome::Answers(Code::NoSupport),
                Some((session, provider)) => Outcome::Asks(session, provider),
                None => Outcome::Answers(Code::Ok),
            }
        }
        Action::Withdraw { call } if call == query.name => Outcome::Nothing,
        Action::Deadline { call } if call == query.name => Outcome::Answers(Code::NoSupport),
        _ if is_own && it.ends_client() => Outcome::Nothing,
        _ if is_own && (takes_back(it) || loses_handle(it, client)) => {
            Outcome::Answers(Code::NoSupport)
        }
        _ => stays,
    }
}

/// FSD-03, FSD-04, FSD-05: a query asks everybody in turn, up to the first objection by the
/// policy, and ends early when what it is about does not hold any more.
pub(super) fn queries_ask_in_turn(it: &Transition<'_>) -> bool {
    let called = called(it).filter(|(_, step)| *step == FastStep::Query);
    let new = called.map(|(client, _)| (client, begun(it, client)));
    let began = new.is_none_or(|(client, outcome)| {
        let mut answers = it.step.seen.answers().filter(|(_, call, ..)| call.is_none());
        let code = answers.next().map(|(.., code, _)| code);
        let before = it.before.query_of(client).map(|query| query.name);
        let query = it.after().query_of(client).filter(|query| Some(query.name) != before);
        match outcome {
            Outcome::Asks(session, provider) => {
                code.is_none()
                    && query.is_some_and(|it| (it.session, it.provider) == (session, provider))
            }
            Outcome::Answers(expected) => code == Some(expected) && query.is_none(),
            Outcome::Nothing => false,
        }
    });
    began
        && it.before.calls.iter().filter_map(|call| it.before.query(call.name())).all(|query| {
            let mut answers =
                it.step.seen.answers().filter(|(_, call, ..)| *call == Some(query.name));
            let code = answers.next().map(|(.., code, _)| code);
            let now = it.after().query(query.name).map(|it| (it.session, it.provider));
            match goes_on(it, query) {
                Outcome::Asks(session, provider) => {
                    code.is_none() && now == Some((session, provider))
                }
                Outcome::Answers(expected) => code == Some(expected) && now.is_none(),
                Outcome::Nothing => code.is_none() && now.is_none(),
            }
        })
}

/// D-19: what stands of a consent: from the query that gave it until it is used or taken back.
pub(super) fn consents_stand_until_taken_back(it: &Transition<'_>) -> bool {
    it.scope.callers().all(|client| {
        let was = fast(it.before, client);
        let is_own = it.action.client() == client;
        let consented = it
            .before
            .query_of(client)
            .is_some_and(|query| goes_on(it, query) == Outcome::Answers(Code::Ok));
        let expected = match called(it).filter(|_| is_own) {
            Some((_, FastStep::Query)) => match begun(it, client) {
                Outcome::Answers(Code::Ok) => Fast::Asked,
                Outcome::Asks(..) | Outcome::Answers(_) | Outcome::Nothing => Fast::None,
            },
            Some((_, FastStep::Notify)) if was == Fast::Asked => Fast::Notified,
            Some((_, FastStep::Do)) if it.shuts_down() => Fast::Done,
            Some((_, FastStep::Notify | FastStep::Do)) => was,
            None if is_own && (it.ends_client() || takes_back(it)) => Fast::None,
            None if consented => Fast::Asked,
            None => was,
        };
        fast(it.after(), client) == expected
    })
}

/// Whether a client has neither initialised nor any call or handle.
fn has_nothing(state: &State, client: Client) -> bool {
    state.clients[client.index()].count == 0
        && state.calls_of(client).next().is_none()
        && state.handles().all(|(name, _)| name.client() != client)
}

/// One kind of call that is passed on to a provider of a session.
type Forward = fn(&Observation) -> Option<(Name, Provider)>;

fn seen<'a>(it: &'a Transition<'_>, of: Forward) -> impl Iterator<Item = (Name, Provider)> + 'a {
    it.step.seen.iter().filter_map(of)
}

const fn asked(seen: &Observation) -> Option<(Name, Provider)> {
    match *seen {
        Observation::AskFastShutdown { session, provider, .. } => Some((session, provider)),
        _ => None,
    }
}

const fn told(seen: &Observation) -> Option<(Name, Provider)> {
    match *seen {
        Observation::NotifyFastShutdown { session, provider } => Some((session, provider)),
        _ => None,
    }
}

const fn ended(seen: &Observation) -> Option<(Name, Provider)> {
    match *seen {
        Observation::DoFastShutdown { session, provider } => Some((session, provider)),
        _ => None,
    }
}

/// FSD-02: who is asked is asked by the query that has come to it, and at that moment only.
pub(super) fn questions_go_out_on_entry(it: &Transition<'_>) -> bool {
    let calls = it.after().calls.iter().filter_map(|call| it.after().query(call.name()));
    let entered = calls.filter(|query| it.before.query(query.name) != Some(query));
    let expected = entered.map(|query| Observation::AskFastShutdown {
        call: query.name,
        session: query.session,
        provider: query.provider,
    });
    let seen = it.step.seen.iter().copied();
    seen.filter(|seen| asked(seen).is_some()).eq(expected)
}

/// FSD-01: a notice succeeds; it is passed on once for each consent, to all whom a query would ask.
pub(super) fn notices_are_passed_on(it: &Transition<'_>) -> bool {
    let notice = called(it).filter(|(_, step)| *step == FastStep::Notify);
    let answers = it.step.seen.answers().map(|(.., code, _)| code);
    let expected = match notice {
        Some((client, _)) if fast(it.before, client) == Fast::Asked => concerned(it, client),
        Some(_) | None => Vec::new(),
    };
    (notice.is_none() || answers.eq([Code::Ok])) && seen(it, told).eq(expected)
}

/// FSD-08: a fast shutdown succeeds exactly on a consent that stands.
pub(super) fn shutdowns_need_consent(it: &Transition<'_>) -> bool {
    let Some((client, FastStep::Do)) = called(it) else { return true };
    let own = it.step.seen.answers().map(|(_, call, code, _)| (call, code));
    match fast(it.before, client) {
        Fast::Asked | Fast::Notified => own.eq([(None, Code::Ok)]),
        Fast::None | Fast::Done => own.eq([(None, Code::NoSupport)]) && it.before == it.after(),
    }
}

/// FSD-09: the sessions that a fast shutdown leaves nobody in end in that step; their providers
/// that run hear of it, and of no logoff.
pub(super) fn sessions_are_cut(it: &Transition<'_>) -> bool {
    let cut: Vec<_> = it.before.sessions.iter().filter(|its| is_cut(it, its.name)).collect();
    let expected = cut.iter().flat_map(|its| {
        // An attempt of the client's own has failed by then; what ran still runs.
        running(it, its).into_iter().map(|provider| (its.name, provider))
    });
    let closed = it.step.seen.iter().filter_map(|seen| match *seen {
        Observation::EndSession { session } => Some(session),
        _ => None,
    });
    let is_reached = |name: Name| {
        it.step.seen.iter().any(|seen| match *seen {
            Observation::LogOffProvider { session, .. }
            | Observation::CloseSession { session }
            | Observation::DetachSpooler { session } => session == name,
            _ => false,
        })
    };
    seen(it, ended).eq(expected)
        && closed.eq(cut.iter().map(|its| its.name))
        && cut.iter().all(|its| it.after().session(its.name).is_none() && !is_reached(its.name))
}

/// INV-37: within a session the forwarded calls come in the order of the classes, and none comes
/// under a policy that forbids.
pub(super) fn forwarded_calls_are_in_order(it: &Transition<'_>) -> bool {
    let forwards: [Forward; 3] = [asked, told, ended];
    forwards.into_iter().all(|of| {
        let calls: Vec<_> = seen(it, of).collect();
        let place = |(session, provider): (Name, Provider)| {
            it.before.session(session).and_then(|its| class(it, its, provider))
        };
        let in_order =
            calls.windows(2).all(|two| two[0].0 != two[1].0 || place(two[0]) <= place(two[1]));
        in_order && (calls.is_empty() || it.scope.fast_shutdown != FastPolicy::Refuse)
    })
}

/// FSD-06: who has gone has nothing left, makes no further call that succeeds, and is as new when
/// its process ends.
pub(super) fn the_dead_stay_dead(it: &Transition<'_>) -> bool {
    let client = it.action.client();
    if fast(it.before, client) != Fast::Done {
        return fast(it.after(), client) != Fast::Done || has_nothing(it.after(), client);
    }
    if let Action::Crash { .. } = it.action {
        return it.after().clients[client.index()] == Initialized::default()
            && it.step.seen.is_empty();
    }
    let refused = it.step.seen.answers().all(|(_, call, code, _)| {
        let is_undone = matches!(it.action, Action::Uninitialize { .. });
        call.is_some() || is_undone || code == Code::NotInitialized
    });
    refused
        && it.after().clients[client.index()] == it.before.clients[client.index()]
        && has_nothing(it.after(), client)
}
