//! What is true of initialisation, of handles, and of the ends of clients.

use crate::{
    Action, Call, Client, Code, Fast, Handle, Holder, Host, Inbox, InitArgument, Initialized,
    LogoffAnswer, LogoffArgument, Name, Notification, Phase, Stage, properties::Transition,
};

pub(super) fn counts_are_balanced(it: &Transition<'_>) -> bool {
    let client = it.action.client();
    let Initialized { count, host, fast } = it.before.clients[client.index()];
    let expected = match it.action {
        Action::Initialize { .. } if fast == Fast::Done => (0, host),
        Action::Initialize { with: InitArgument::Application, .. } if count == 0 => {
            (1, Host::Application)
        }
        Action::Initialize { with: InitArgument::Service, .. } if count == 0 => (1, Host::Service),
        Action::Initialize { with: InitArgument::Application | InitArgument::Service, .. } => {
            (count + 1, host)
        }
        Action::Uninitialize { .. } if count > 1 => (count - 1, host),
        _ if it.ends_client() => (0, Host::Application),
        _ => (count, host),
    };
    let now = it.after().clients[client.index()];
    let mut clients = it.before.clients;
    clients[client.index()] = now;
    it.after().clients == clients && (now.count, now.host) == expected
}

pub(super) fn initialize_checks(it: &Transition<'_>) -> bool {
    let is_dead = it.before.clients[it.action.client().index()].fast == Fast::Done;
    let expected = match it.action {
        Action::Initialize { .. } if is_dead => Code::NotInitialized,
        Action::Initialize { with, .. } => match with {
            InitArgument::Application | InitArgument::Service => Code::Ok,
            InitArgument::UndefinedFlag => Code::UnknownFlags,
            InitArgument::WrongVersion => Code::InvalidParameter,
        },
        Action::Uninitialize { .. } => Code::Ok,
        _ => return true,
    };
    it.step.seen.answers().map(|(.., code, _)| code).eq([expected])
}

/// What a call on a handle must be answered at once, if anything; a logoff that asks for
/// confirmation is answered later.
pub(super) fn only_live_handles_serve(it: &Transition<'_>) -> bool {
    let (client, handle, is_release) = match it.action {
        Action::Logoff { client, handle, .. } => (client, handle, false),
        Action::Release { client, handle } => (client, handle, true),
        Action::Open { client, handle, .. }
        | Action::Use { client, handle, .. }
        | Action::StoreLogoff { client, handle, .. }
        | Action::SetDefaultStore { client, handle, .. }
        | Action::Advise { client, handle }
        | Action::Unadvise { client, handle }
        | Action::AdminServices { client, handle, .. }
        | Action::FastShutdown { client, handle, .. } => {
            return opened_through_live_handles(it, client, handle);
        }
        _ => return true,
    };
    let own = handle.client() == client && it.before.has_replied(handle);
    let expected = match (it.before.handle(handle).filter(|_| own), it.action) {
        _ if it.before.clients[client.index()].count == 0 => Some(Code::NotInitialized),
        (None, _) => Some(Code::InvalidObject),
        (Some(Handle::LoggedOff), _) if !is_release => Some(Code::InvalidObject),
        (Some(_), Action::Logoff { with: LogoffArgument::UndefinedFlag, .. }) => {
            Some(Code::UnknownFlags)
        }
        (
            Some(Handle::Live { holder, .. }),
            Action::Logoff { with: LogoffArgument::Ui | LogoffArgument::SharedUi, .. },
        ) => (holder == Holder::Service).then_some(Code::Ok),
        (Some(_), _) => Some(Code::Ok),
    };
    let own_answer = it.step.seen.answers().filter(|(_, call, ..)| call.is_none());
    own_answer.map(|(.., code, _)| code).eq(expected)
}

/// A call of what a handle gives access to is refused at once where the handle does not serve.
fn opened_through_live_handles(it: &Transition<'_>, client: Client, handle: Name) -> bool {
    let own = handle.client() == client && it.before.has_replied(handle);
    let is_live = matches!(it.before.handle(handle), Some(Handle::Live { .. }));
    let expected = match it.before.clients[client.index()].count == 0 {
        true => Code::NotInitialized,
        false if !(own && is_live) => Code::InvalidObject,
        false => return true,
    };
    it.step.seen.answers().map(|(_, call, code, _)| (call, code)).eq([(None, expected)])
}

/// The same handle with nothing queued for it, and nobody registered.
fn deaf(handle: Handle) -> Handle {
    match handle {
        Handle::Live { session, holder, objects, .. } => {
            Handle::Live { session, holder, objects, inbox: Inbox::default() }
        }
        Handle::LoggedOff => handle,
    }
}

/// The same handle but for what has been opened through it, and for its notifications.
const fn bare(handle: Handle) -> Option<(Name, Holder)> {
    match handle {
        Handle::Live { session, holder, .. } => Some((session, holder)),
        Handle::LoggedOff => None,
    }
}

/// A handle changes only by its owner's own doing: a logoff or release of it, the withdrawal of
/// the logon that made it, or the owner's end. What others do can only have notifications queued
/// for it.
pub(super) fn handles_are_their_owners_affair(it: &Transition<'_>) -> bool {
    let client = it.action.client();
    let concerned = match it.action {
        Action::Confirm { call, .. } => it.before.call(call).and_then(|call| match call {
            Call::Logoff { handle, .. } => Some(*handle),
            Call::Logon(_) | Call::Open(_) | Call::Query(_) => None,
        }),
        Action::Withdraw { call } => it.before.logon(call).map(|logon| logon.name),
        action => action.handle(),
    };
    let returned = |handle: Name| {
        let mut opens = it.before.opens().filter(|open| open.handle == handle);
        opens.any(|open| it.after().call(open.name).is_none())
    };
    it.before.handles().all(|(name, handle)| {
        let is_own = name.client() == client && (concerned == Some(name) || it.ends_client());
        let now = it.after().handle(name);
        let is_opened = || returned(name) && now.map(bare) == Some(bare(handle));
        is_own || now.map(deaf) == Some(deaf(handle)) && hears_more(it, handle, now) || is_opened()
    })
}

/// Whether a handle has, beside what it had, one critical and one table notification more at most,
/// and as many extended ones as handles have left its session; only what is handed over is taken
/// out.
fn hears_more(it: &Transition<'_>, before: Handle, after: Option<Handle>) -> bool {
    let (Some(was), Some(now)) = (before.inbox(), after.and_then(Handle::inbox)) else {
        return before.inbox().is_none();
    };
    let is_live = |handle: Name| it.after().session_of(handle).is_some();
    let members = before.session().into_iter().flat_map(|session| it.before.members(session));
    let left = members.filter(|handle| !is_live(*handle)).count();
    Notification::ALL.into_iter().all(|notification| {
        let most = match notification {
            Notification::Critical | Notification::Table => 1,
            Notification::Extended => left,
        };
        let is_delivery = matches!(it.action,
            Action::Deliver { notification: taken, .. } if taken == notification);
        let [was, now] = [was, now].map(|inbox| usize::from(inbox.count(notification)));
        now <= was + most && now + usize::from(is_delivery) >= was
    }) && was.has_sink() == now.has_sink()
}

pub(super) fn ends_touch_nobody_else(it: &Transition<'_>) -> bool {
    let client = it.action.client();
    if !it.ends_client() {
        return true;
    }
    let others = |name: &Name| name.client() != client;
    let mut handles = it.before.handles().filter(|(name, _)| others(name));
    let calls = it.before.calls.iter().filter(|call| others(&call.name()));
    let queue = it.before.queue.iter().copied().filter(others);
    let is_kept = |(name, handle): (Name, Handle)| {
        let now = it.after().handle(name);
        now.map(deaf) == Some(deaf(handle)) && hears_more(it, handle, now)
    };
    handles.all(is_kept)
        && calls.eq(it.after().calls.iter().filter(|call| others(&call.name())))
        && queue.eq(it.after().queue.iter().copied())
        && it.after().mutex == it.before.mutex.filter(others)
}

/// A handle appears only as its own logon succeeds, and never changes but by its end.
pub(super) fn handles_are_made_once(it: &Transition<'_>) -> bool {
    let made = it.new_handles().all(|(name, _)| {
        let now = it.after().logon(name).map(|logon| logon.stage);
        it.before.logon(name).is_some() && now == Some(Stage::Done(Code::Ok))
    });
    let kept = it.before.handles().all(|(name, handle)| match it.after().handle(name) {
        Some(now) => bare(now) == bare(handle) || now == Handle::LoggedOff,
        None => true,
    });
    made && kept
}

pub(super) fn logoffs_have_their_effect(it: &Transition<'_>) -> bool {
    let succeeded =
        it.step.seen.answers().any(|(_, call, code, _)| {
            code == Code::Ok && (call.is_none() || call == it.action.call())
        });
    if !succeeded {
        return true;
    }
    match it.action {
        Action::Release { handle, .. } => it.after().handle(handle).is_none(),
        Action::Logoff { handle, .. } => it.after().handle(handle) == Some(Handle::LoggedOff),
        Action::Confirm { call, .. } => match it.before.call(call) {
            Some(Call::Logoff { handle, .. }) => {
                it.after().handle(*handle) == Some(Handle::LoggedOff)
            }
            Some(Call::Logon(_) | Call::Open(_) | Call::Query(_)) | None => false,
        },
        _ => true,
    }
}

pub(super) fn confirmation_decides(it: &Transition<'_>) -> bool {
    let Action::Confirm { call, answer } = it.action else { return true };
    let Some(Call::Logoff { handle, .. }) = it.before.call(call) else { return true };
    let (code, changes) = match answer {
        LogoffAnswer::Confirm | LogoffAnswer::Unavailable => (Code::Ok, true),
        LogoffAnswer::Decline => (Code::UserCancel, false),
    };
    let own_answer = it.step.seen.answers().filter(|(_, answered, ..)| *answered == Some(call));
    own_answer.map(|(.., code, _)| code).eq([code])
        && it.after().call(call).is_none()
        && (it.before.handle(*handle) != it.after().handle(*handle)) == changes
}

pub(super) fn ends_leave_nothing(it: &Transition<'_>) -> bool {
    let client = it.action.client();
    !it.ends_client()
        || (it.after().calls_of(client).next().is_none()
            && it.after().handles().all(|(name, _)| name.client() != client)
            && it.after().sessions.iter().all(|session| {
                session.name.client() != client
                    || session.phase != Phase::Building
                        && (!session.phase.is_active()
                            || it.after().members(session.name).next().is_some())
            }))
}
