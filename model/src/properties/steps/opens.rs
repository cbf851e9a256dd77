//! What is true of open calls, of the use of what they open, and of store logoffs.

use crate::{
    Action, Code, Handle, Name, Observation, Open, OpenArgument, OpenTarget, Provider,
    ProviderKind, Session, State, Status, StatusRow, properties::Transition,
};

fn objects(state: &State, handle: Name) -> Option<crate::Objects> {
    match state.handle(handle)? {
        Handle::Live { objects, .. } => Some(objects),
        Handle::LoggedOff => None,
    }
}

fn is_whole(it: &Transition<'_>, session: &Session) -> bool {
    let profile = it.scope.snapshot_of(session);
    let mut books = profile.providers().filter(|(_, spec)| spec.kind == ProviderKind::AddressBook);
    books.all(|(provider, _)| session.providers.get(provider) == Status::Running)
}

/// The code that an open call returns by what there is after the step.
fn code_for(it: &Transition<'_>, session: &Session, target: OpenTarget) -> Code {
    match target {
        OpenTarget::Store(provider) if session.providers.get(provider) == Status::Running => {
            Code::Ok
        }
        OpenTarget::Store(_) => Code::LogonFailed,
        OpenTarget::Book if is_whole(it, session) => Code::Ok,
        OpenTarget::Book => Code::ErrorsReturned,
    }
}

/// Whether a call for the address book has still something to try: what it waited for, or what
/// comes after the provider that it has tried.
fn has_more(it: &Transition<'_>, session: &Session, open: &Open) -> bool {
    let mut providers = it.scope.snapshot_of(session).providers();
    providers.any(|(provider, spec)| {
        let is_ahead = match open.stage {
            None => provider >= open.at,
            Some(_) => provider > open.at,
        };
        is_ahead
            && spec.kind == ProviderKind::AddressBook
            && !session.disabled.has(spec.service)
            && session.providers.get(provider) != Status::Running
    })
}

/// An open call that waited returns what is there when it returns, and leaves it open through its
/// handle; if its handle is gone, so is what it was for.
pub(super) fn opens_return_what_there_is(it: &Transition<'_>) -> bool {
    let returned = it.step.seen.answers().filter_map(|(_, call, code, _)| {
        let open = it.before.open(call?)?;
        Some((open, code))
    });
    returned.into_iter().all(|(open, code)| {
        let before = objects(it.before, open.handle);
        let Some(now) = objects(it.after(), open.handle) else {
            return code == Code::InvalidObject;
        };
        let session = it.before.session_of(open.handle).and_then(|it_| it.after().session(it_));
        let Some(session) = session else { return false };
        let target = open.target();
        let (expected, is_due) = match (it.action, target) {
            (Action::Deadline { .. }, OpenTarget::Store(_)) => (Code::LogonFailed, true),
            (Action::Deadline { .. }, OpenTarget::Book) => (code_for(it, session, target), true),
            (_, OpenTarget::Store(_)) => (code_for(it, session, target), true),
            (_, OpenTarget::Book) => (code_for(it, session, target), !has_more(it, session, open)),
        };
        code == expected
            && is_due
            && Some(now)
                == before.map(|before| match code.is_success() {
                    true => before.with(target),
                    false => before,
                })
    })
}

/// What an open call that gets past its arguments comes to at once: an answer, a wait or a try.
pub(super) fn opens_are_judged_at_once(it: &Transition<'_>) -> bool {
    let Action::Open { client, handle, target, with, inside } = it.action else { return true };
    let serves = it.before.clients[client.index()].count > 0
        && handle.client() == client
        && it.before.has_replied(handle);
    let session = it.before.session_of(handle).filter(|_| serves);
    let Some(session) = session.and_then(|session| it.before.session(session)) else { return true };
    let profile = it.scope.snapshot_of(session);
    let spec = |provider| profile.provider(provider);
    let is_store = |provider| spec(provider).is_some_and(|it| it.kind == ProviderKind::Store);
    let is_disabled =
        |provider| spec(provider).is_some_and(|spec| session.disabled.has(spec.service));
    let runs = |provider| session.providers.get(provider) == Status::Running;
    let wanted = match target {
        OpenTarget::Store(provider) => Some(provider),
        OpenTarget::Book => profile
            .providers()
            .filter(|(_, spec)| spec.kind == ProviderKind::AddressBook)
            .map(|(provider, _)| provider)
            .find(|provider| !is_disabled(*provider) && !runs(*provider)),
    };
    let is_taken = wanted.is_some_and(|provider| {
        it.before.is_busy(session.name, provider)
            || it.before.waiting(session.name, provider).next().is_some()
    });
    let is_inside = inside.is_some_and(|call| it.before.call(call).is_some());
    let expected = match target {
        _ if with == OpenArgument::UndefinedFlag => Some(Code::UnknownFlags),
        OpenTarget::Store(provider) if !is_store(provider) => Some(Code::NotFound),
        _ if it.before.opens().any(|open| open.handle == handle) => Some(Code::Busy),
        OpenTarget::Store(provider) if is_disabled(provider) => Some(Code::LogonFailed),
        OpenTarget::Store(provider) if runs(provider) => Some(Code::Ok),
        OpenTarget::Book if wanted.is_none() => Some(code_for(it, session, target)),
        _ if is_inside && is_taken => Some(Code::Busy),
        _ => None,
    };
    let own = it.step.seen.answers().filter(|(_, call, ..)| call.is_none());
    let answered = own.map(|(_, call, code, _)| (call, code));
    let opened = objects(it.before, handle).map(|before| {
        if expected.is_some_and(Code::is_success) { before.with(target) } else { before }
    });
    let mut made = it.after().opens().filter(|open| it.before.call(open.name).is_none());
    let is_under_way = made.next().is_some_and(|open: &Open| {
        open.handle == handle && open.stage.is_none() == is_taken && Some(open.at) == wanted
    });
    answered.eq(expected.map(|code| (None, code)))
        && objects(it.after(), handle) == opened
        && is_under_way == expected.is_none()
}

/// The provider that an attempt of an open call goes to: one that nobody else is at, and, where
/// others have waited for it, by the first of them.
pub(super) fn opens_wait_their_turn(it: &Transition<'_>) -> bool {
    let tried = |open: &&Open| {
        let was = it.before.open(open.name);
        open.stage.is_some() && was.is_none_or(|was| was.stage.is_none() || was.at != open.at)
    };
    let in_turn = it.after().opens().filter(tried).all(|open| {
        let Some(session) = it.after().session_of(open.handle) else { return false };
        let others = it.before.waiting(session, open.at).filter(|other| other.name != open.name);
        let waited = it.before.open(open.name).is_some_and(|was| was.stage.is_none());
        let is_first =
            match waited && it.before.open(open.name).is_some_and(|was| was.at == open.at) {
                true => others.into_iter().all(|other| open.handle <= other.handle),
                false => others.into_iter().next().is_none(),
            };
        is_first && !it.before.is_busy(session, open.at)
    });
    let Action::Continue { call } = it.action else { return in_turn };
    let goes_on = |open: &Open| it.after().open(call) != Some(open);
    let waits_for_others = it.after().open(call).is_none_or(|open| {
        let session = it.before.session_of(open.handle);
        open.stage.is_some()
            || session.is_some_and(|session| {
                let mut others = it.before.waiting(session, open.at);
                it.before.is_busy(session, open.at) || others.any(|other| other.name != open.name)
            })
    });
    let is_due = it.before.open(call).is_some_and(|open| it.before.is_due(open));
    in_turn && (!is_due || waits_for_others && it.before.open(call).is_none_or(goes_on))
}

/// A store logoff takes the store from the handle, and logs it off if nobody else has it open.
pub(super) fn stores_are_logged_off_singly(it: &Transition<'_>) -> bool {
    let Action::StoreLogoff { client, handle, provider } = it.action else { return true };
    let Some((before, session)) = opened_by(it, client, handle) else { return true };
    let answer =
        |code| it.step.seen.answers().map(|(_, call, code, _)| (call, code)).eq([(None, code)]);
    if !before.has_store(provider) {
        return answer(Code::InvalidObject);
    }
    let is_elsewhere = it.before.handles().any(|(name, other)| match other {
        Handle::Live { session: its, objects, .. } => {
            name != handle && its == session && objects.has_store(provider)
        }
        Handle::LoggedOff => false,
    });
    let runs = it.before.status(session, provider) == Some(Status::Running);
    let expected = match runs && !is_elsewhere {
        true => Some(Status::LoggingOff),
        false => it.before.status(session, provider),
    };
    answer(Code::Ok)
        && objects(it.after(), handle) == Some(before.without(provider))
        && it.after().status(session, provider) == expected
}

/// What a client has opened through a handle that serves it, and in which session.
fn opened_by(
    it: &Transition<'_>,
    client: crate::Client,
    handle: Name,
) -> Option<(crate::Objects, Name)> {
    let serves = it.before.clients[client.index()].count > 0
        && handle.client() == client
        && it.before.has_replied(handle);
    let session = it.before.session_of(handle).filter(|_| serves)?;
    Some((objects(it.before, handle)?, session))
}

impl Transition<'_> {
    /// Whether a transport has a row in the status table as this handle sees it.
    fn sees_transport(&self, handle: Name, provider: Provider) -> bool {
        let rows = self.before.view(self.scope, handle).unwrap_or_default();
        rows.iter().any(|row| matches!(row, StatusRow::Provider(its, _) if *its == provider))
    }
}

/// A use is answered by what was opened and by where the provider stands, and calls it only if it
/// runs.
pub(super) fn uses_reach_what_runs(it: &Transition<'_>) -> bool {
    let called = |place: Option<(Name, Provider)>| {
        let seen = it.step.seen.iter().filter_map(|seen| match *seen {
            Observation::UseProvider { session, provider } => Some((session, provider)),
            _ => None,
        });
        seen.eq(place)
    };
    let Action::Use { client, handle, provider } = it.action else { return called(None) };
    let Some((objects, session)) = opened_by(it, client, handle) else { return called(None) };
    let kind = it.spec(session, provider).map(|spec| spec.kind);
    let is_open = match kind {
        Some(ProviderKind::Store) => objects.has_store(provider),
        Some(ProviderKind::AddressBook) => objects.has_book(),
        Some(ProviderKind::Transport) => it.sees_transport(handle, provider),
        None => false,
    };
    let runs = is_open && it.before.status(session, provider) == Some(Status::Running);
    let expected = match kind {
        _ if !is_open => Code::InvalidObject,
        _ if runs => Code::Ok,
        Some(ProviderKind::Store | ProviderKind::Transport) => Code::LogonFailed,
        Some(ProviderKind::AddressBook) | None => Code::UnknownEntryid,
    };
    called(runs.then_some((session, provider)))
        && it.step.seen.answers().map(|(_, call, code, _)| (call, code)).eq([(None, expected)])
}
