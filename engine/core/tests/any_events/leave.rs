//! Who may shut down fast, and what it does to sessions and profiles, by what was asked and told.

use std::collections::BTreeSet;

use mapi_session_core::*;

/// The clients that were told that they may shut down fast, and have lost it by nothing since.
#[derive(Default)]
pub(crate) struct Leave {
    holders: BTreeSet<ClientId>,
}

impl Leave {
    /// One step: who has leave now, and that the core knows it.
    pub(crate) fn follow(&mut self, event: &Event, step: &Step, before: &Sessions, now: &Sessions) {
        if let Some(client) = loses_leave(event, step.rule) {
            self.holders.remove(&client);
        }
        for effect in &step.effects {
            if let Effect::Answer { call, answer: Answer::FastShutdownQueried(Ok(())) } = *effect {
                self.holders.insert(client_of(call, event, before));
            }
        }
        let initialized: BTreeSet<_> = now.clients().map(|(client, _)| client).collect();
        self.holders.retain(|client| initialized.contains(client));
        let known: BTreeSet<_> = now
            .clients()
            .filter(|(_, view)| matches!(view.standing, Standing::Asked | Standing::Notified))
            .map(|(client, _)| client)
            .collect();
        assert_eq!(self.holders, known, "who may shut down fast after {event:?}: {step:?}");
        check_telling(event, step, before);
        check_end(event, step, before, now);
        check_profiles(step, before, now);
    }
}

/// The client that an event costs the leave that it may have.
fn loses_leave(event: &Event, rule: Rule) -> Option<ClientId> {
    if matches!(rule, Rule::IgnoreReusedId | Rule::RefuseUninitialized | Rule::RefuseHandle) {
        return None;
    }
    if let Event::LogonCalled { client, .. }
    | Event::OpenCalled { client, .. }
    | Event::AdminCalled { client, .. }
    | Event::ServiceAdminCalled { client, .. } = event
    {
        return Some(*client);
    }
    if let Event::FastShutdownCalled { client, .. } = *event
        && rule == Rule::AskFirstProvider
    {
        return Some(client);
    }
    None
}

fn client_of(call: CallId, event: &Event, before: &Sessions) -> ClientId {
    if let Event::FastShutdownCalled { client, .. } = *event {
        return client;
    }
    let asked = before.calls().find(|(id, _)| *id == call).map(|(_, view)| view.client);
    asked.expect("who is answered has called")
}

/// The providers that run in these sessions, transports first, stores last.
fn running(sessions: &Sessions, of: &BTreeSet<SessionId>) -> Vec<(SessionId, ProviderId)> {
    let mut all = Vec::new();
    for (session, view) in sessions.sessions().filter(|(session, _)| of.contains(session)) {
        for kind in [ProviderKind::Transport, ProviderKind::AddressBook, ProviderKind::Store] {
            for (provider, _, spec) in view.services.providers() {
                let status = view.provider_statuses[usize::from(provider.0)];
                if spec.kind == kind && status == ProviderStatus::Running {
                    all.push((session, provider));
                }
            }
        }
    }
    all
}

/// Providers are told that a client will shut down fast: those that it has running.
fn check_telling(event: &Event, step: &Step, before: &Sessions) {
    let mut told = Vec::new();
    for effect in &step.effects {
        if let Effect::NotifyFastShutdown { session, provider } = *effect {
            told.push((session, provider));
        }
    }
    let expected = match (step.rule, event) {
        (Rule::NotifyProviders, Event::FastShutdownCalled { client, .. }) => {
            running(before, &sessions_of(before, *client))
        }
        (_, _) => Vec::new(),
    };
    assert_eq!(told, expected, "who is told by {event:?}");
}

/// Sessions end at once where a fast shutdown leaves them empty, and nowhere else.
fn check_end(event: &Event, step: &Step, before: &Sessions, now: &Sessions) {
    let mut told = Vec::new();
    let mut ended = BTreeSet::new();
    for effect in &step.effects {
        if let Effect::DoFastShutdown { session, provider } = *effect {
            assert!(!ended.contains(&session), "{session} ends before {provider} is told");
            told.push((session, provider));
        }
        if let Effect::DetachSpooler { session } = *effect {
            assert!(now.session(session).is_some(), "{session} ends, and its spooler with it");
        }
        if let Effect::EndSession { session } = *effect {
            assert!(ended.insert(session), "{session} ends twice");
        }
    }
    assert_eq!(told, running(before, &ended), "who is told of the end by {event:?}");
    let there = |sessions: &Sessions| -> BTreeSet<SessionId> {
        sessions.sessions().map(|(session, _)| session).collect()
    };
    let gone: BTreeSet<_> = there(before).difference(&there(now)).copied().collect();
    match (step.rule, event) {
        (Rule::ShutDownFast, Event::FastShutdownCalled { client, .. }) => {
            assert_eq!(ended, gone, "sessions that end by {event:?}");
            let left = sessions_of(before, *client);
            let draining = now.sessions().any(|(session, view)| {
                left.contains(&session) && matches!(view.phase, Phase::Draining)
            });
            assert!(!draining, "a session winds down that was left by {event:?}");
            assert!(now.dead_clients().any(|dead| dead == *client));
        }
        (_, _) => assert!(ended.is_empty(), "{event:?} ends {ended:?}"),
    }
}

/// A profile is settled when its last session ends, and edits wait for that exactly until then.
fn check_profiles(step: &Step, before: &Sessions, now: &Sessions) {
    let used = |sessions: &Sessions| -> BTreeSet<ProfileKey> {
        sessions.sessions().map(|(_, view)| view.profile).collect()
    };
    let mut settled = BTreeSet::new();
    for effect in &step.effects {
        if let Effect::SettleProfile { profile } = *effect {
            assert!(settled.insert(profile), "{step:?}");
        }
        if let Effect::MarkProfile { profile } | Effect::DeferRename { profile, .. } = *effect {
            assert!(used(before).contains(&profile), "{step:?} waits for nobody");
        }
        if let Effect::RemoveProfile { profile } | Effect::RenameProfile { profile, .. } = *effect {
            assert!(!used(before).contains(&profile), "{step:?} does not wait");
        }
    }
    let unused: BTreeSet<_> = used(before).difference(&used(now)).copied().collect();
    assert_eq!(settled, unused, "profiles that nobody uses any more");
}

/// The sessions in which a client has a live handle that it knows of.
fn sessions_of(sessions: &Sessions, client: ClientId) -> BTreeSet<SessionId> {
    let own = sessions.handles().filter(|(_, view)| view.client == client);
    own.filter_map(|(_, view)| match view.status {
        HandleStatus::Live(seat) => Some(seat.session),
        HandleStatus::Unanswered(_) | HandleStatus::LoggedOff => None,
    })
    .collect()
}
