//! Fast shutdown: a client asks for leave, gives notice, and is gone with all it had (`FSD-01`).
//!
//! Asked and told are the providers that run in the sessions in which the client has a handle that
//! it knows of, sessions in the order in which they came to be (`FSD-02`). One is asked at a time;
//! who is next is found out when it has voted, so whatever has become of providers meanwhile
//! counts. What a client was told stands until it calls for a logon, for an open, or for an edit of
//! profiles (D-19).

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use super::client::Departure;
use super::session::Session;
use super::{Belonging, Call, Handle, Item, LiveHandle, Sessions};
use crate::answer::Answer;
use crate::effect::{Effect, Step};
use crate::error::{DoFastShutdownError, NotifyProcessShutdownError, QueryFastShutdownError};
use crate::id::{CallId, ClientId, HandleId, ProviderId, SessionId};
use crate::rule::Rule;
use crate::shutdown::{FastShutdown, FastShutdownPolicy, Vote};
use crate::view::Standing;

/// A call that asks the providers, one after the other.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Query {
    /// The session whose provider is being asked.
    pub(super) session: SessionId,
    /// The provider.
    pub(super) provider: ProviderId,
    /// The younger sessions of the client, youngest first. It could be read off its handles; here
    /// the next one is found without a look at all of them.
    pub(super) rest: Vec<SessionId>,
}

// The three calls.
impl Sessions {
    pub(super) fn fast_shutdown_called(
        &mut self,
        call: CallId,
        client: ClientId,
        handle: HandleId,
        request: FastShutdown,
    ) -> Step {
        match request {
            FastShutdown::Query => self.query_called(call, client, handle),
            FastShutdown::Notify => self.notify_called(call, client, handle),
            FastShutdown::Do => self.do_called(call, client, handle),
        }
    }

    fn query_called(&mut self, call: CallId, client: ClientId, handle: HandleId) -> Step {
        let refuse = |rule, error| Step::new(rule, [queried(call, Err(error))]);
        let Some(standing) = self.standing_of(client) else {
            return refuse(Rule::RefuseUninitialized, QueryFastShutdownError::NotInitialized);
        };
        let Some(Handle::Live(_)) = self.handle_of(client, handle) else {
            return refuse(Rule::RefuseHandle, QueryFastShutdownError::InvalidHandle);
        };
        match self.limits.fast_shutdown {
            FastShutdownPolicy::Refuse => {
                return refuse(Rule::RefuseQueryByPolicy, QueryFastShutdownError::Forbidden);
            }
            FastShutdownPolicy::AllowUnlessRefused | FastShutdownPolicy::AllowIfAllConsent => {}
        }
        match standing {
            Standing::Asking(_) => {
                return refuse(Rule::RefuseSecondQuery, QueryFastShutdownError::QueryInProgress);
            }
            Standing::Unasked | Standing::Asked | Standing::Notified => {}
        }
        let sessions = self.in_order_of_creation(self.sessions_of(client)).into_iter();
        let mut rest: Vec<SessionId> = sessions.rev().map(|(session, _)| session).collect();
        let Some((session, provider)) = self.first_to_ask(&mut rest) else {
            self.set_standing(client, Standing::Asked);
            return Step::new(Rule::AllowFastShutdownUnasked, [queried(call, Ok(()))]);
        };
        self.set_standing(client, Standing::Asking(call));
        self.add(call, client, Item::Call(Call::Querying(Query { session, provider, rest })));
        let ask = Effect::AskFastShutdown { call, session, provider };
        Step::new(Rule::AskFirstProvider, [ask])
    }

    /// Tells the providers, if the client may shut down fast and has not told them before; a client
    /// that may not is not told so, which does no harm.
    fn notify_called(&mut self, call: CallId, client: ClientId, handle: HandleId) -> Step {
        let answer =
            |result| Effect::Answer { call, answer: Answer::ProcessShutdownNotified(result) };
        let refuse = |rule, error| Step::new(rule, [answer(Err(error))]);
        let Some(standing) = self.standing_of(client) else {
            return refuse(Rule::RefuseUninitialized, NotifyProcessShutdownError::NotInitialized);
        };
        let Some(Handle::Live(_)) = self.handle_of(client, handle) else {
            return refuse(Rule::RefuseHandle, NotifyProcessShutdownError::InvalidHandle);
        };
        match standing {
            Standing::Asked => {}
            Standing::Unasked | Standing::Asking(_) | Standing::Notified => {
                return Step::new(Rule::NotifyNobody, [answer(Ok(()))]);
            }
        }
        self.set_standing(client, Standing::Notified);
        let mut effects = Vec::new();
        for (session, told) in self.in_order_of_creation(self.sessions_of(client)) {
            let told = told.in_order_of_shutdown().into_iter();
            effects.extend(told.map(|provider| Effect::NotifyFastShutdown { session, provider }));
        }
        effects.push(answer(Ok(())));
        Step { rule: Rule::NotifyProviders, effects }
    }

    fn do_called(&mut self, call: CallId, client: ClientId, handle: HandleId) -> Step {
        let answer = |result| Effect::Answer { call, answer: Answer::FastShutdownDone(result) };
        let refuse = |rule, error| Step::new(rule, [answer(Err(error))]);
        let Some(standing) = self.standing_of(client) else {
            return refuse(Rule::RefuseUninitialized, DoFastShutdownError::NotInitialized);
        };
        let Some(Handle::Live(_)) = self.handle_of(client, handle) else {
            return refuse(Rule::RefuseHandle, DoFastShutdownError::InvalidHandle);
        };
        match standing {
            Standing::Asked | Standing::Notified => {}
            Standing::Unasked | Standing::Asking(_) => {
                return refuse(Rule::RefuseFastShutdown, DoFastShutdownError::NotAllowed); // FSD-08
            }
        }
        let mut effects = self.forget_client(client, Departure::FastShutdown).effects;
        self.dead.insert(client); // FSD-06
        effects.push(answer(Ok(())));
        Step { rule: Rule::ShutDownFast, effects }
    }
}

// The question, and its end.
impl Sessions {
    pub(super) fn voted(&mut self, call: CallId, vote: Vote) -> Step {
        let Some(Belonging { item: Item::Call(Call::Querying(query)), .. }) =
            self.belongings.get_mut(&call)
        else {
            return Step::quiet(Rule::IgnoreStale);
        };
        let (session, provider) = (query.session, query.provider);
        let mut rest = core::mem::take(&mut query.rest);
        match (vote, self.limits.fast_shutdown) {
            (Vote::Consents, _) | (Vote::NoInterface, FastShutdownPolicy::AllowUnlessRefused) => {}
            (Vote::Objects, _) => {
                let error = QueryFastShutdownError::ProviderObjects;
                return self.refuse_query(Rule::RefuseForObjection, call, error);
            }
            (
                Vote::NoInterface,
                FastShutdownPolicy::AllowIfAllConsent | FastShutdownPolicy::Refuse,
            ) => {
                let error = QueryFastShutdownError::ProviderSilent;
                return self.refuse_query(Rule::RefuseForSilence, call, error);
            }
        }
        match self.next_to_ask(session, provider, &mut rest) {
            Some((session, provider)) => {
                self.replace(call, Item::Call(Call::Querying(Query { session, provider, rest })));
                let ask = Effect::AskFastShutdown { call, session, provider };
                Step::new(Rule::AskNextProvider, [ask])
            }
            None => {
                self.stop_asking(call, Standing::Asked);
                Step::new(Rule::AllowFastShutdown, [queried(call, Ok(()))])
            }
        }
    }

    pub(super) fn query_too_long(&mut self, call: CallId) -> Step {
        self.refuse_query(Rule::EndQueryAtDeadline, call, QueryFastShutdownError::TimedOut)
    }

    pub(super) fn withdraw_query(&mut self, call: CallId) -> Step {
        self.stop_asking(call, Standing::Unasked);
        Step::quiet(Rule::WithdrawQuery)
    }

    fn refuse_query(&mut self, rule: Rule, call: CallId, error: QueryFastShutdownError) -> Step {
        self.stop_asking(call, Standing::Unasked);
        Step::new(rule, [queried(call, Err(error))])
    }

    /// Forgets a question, and notes what has come of it.
    fn stop_asking(&mut self, call: CallId, standing: Standing) {
        let client = self.belongings.get(&call).map(|belonging| belonging.client);
        self.remove(call);
        self.set_standing(client.expect("a call is of a client"), standing);
    }

    /// Takes back what a client was told, or asks for, because it goes on with something else
    /// (D-19).
    pub(super) fn take_standing_back(&mut self, client: ClientId) -> Option<Effect> {
        let ended = self.end_query(client, QueryFastShutdownError::TakenBack);
        self.set_standing(client, Standing::Unasked);
        ended
    }

    /// Ends what a client is asking for, because a handle of it is no longer live, or is released:
    /// so no session winds down while a provider of it is asked. What it was told stands.
    pub(super) fn end_query_without_handle(&mut self, client: ClientId) -> Option<Effect> {
        self.end_query(client, QueryFastShutdownError::LoggedOff)
    }

    fn end_query(&mut self, client: ClientId, error: QueryFastShutdownError) -> Option<Effect> {
        match self.standing_of(client) {
            Some(Standing::Asking(call)) => {
                self.stop_asking(call, Standing::Unasked);
                Some(queried(call, Err(error)))
            }
            Some(Standing::Unasked | Standing::Asked | Standing::Notified) | None => None,
        }
    }

    fn standing_of(&self, client: ClientId) -> Option<Standing> {
        self.clients.get(&client).map(|known| known.standing)
    }

    fn set_standing(&mut self, client: ClientId, standing: Standing) {
        let known = self.clients.get_mut(&client).expect("who asks, or may, has initialised");
        known.standing = standing;
    }
}

// Who is asked and told.
impl Sessions {
    /// The provider that is asked after another, as things are now.
    fn next_to_ask(
        &self,
        session: SessionId,
        provider: ProviderId,
        rest: &mut Vec<SessionId>,
    ) -> Option<(SessionId, ProviderId)> {
        let asked = self.sessions.get(session).expect("a session is open while it is asked");
        match asked.next_to_ask(Some(provider)) {
            Some(next) => Some((session, next)),
            None => self.first_to_ask(rest),
        }
    }

    /// The first provider that is asked in these sessions, which are taken off the end.
    fn first_to_ask(&self, sessions: &mut Vec<SessionId>) -> Option<(SessionId, ProviderId)> {
        while let Some(session) = sessions.pop() {
            let asked = self.sessions.get(session).expect("a session is open while it is asked");
            if let Some(provider) = asked.next_to_ask(None) {
                return Some((session, provider));
            }
        }
        None
    }

    /// Takes note that a client has come to know of a handle: the session is asked in its turn if
    /// the client is asking, and has not come past it (`FSD-02`).
    pub(super) fn ask_in_turn(&mut self, client: ClientId, session: SessionId) {
        let Some(Standing::Asking(call)) = self.standing_of(client) else { return };
        let Some(Belonging { item: Item::Call(Call::Querying(query)), .. }) =
            self.belongings.get_mut(&call)
        else {
            panic!("{client} asks by {call}, which does not");
        };
        let arrival = self.sessions.arrival(session);
        if arrival <= self.sessions.arrival(query.session) {
            return;
        }
        let is_younger = |other: &SessionId| self.sessions.arrival(*other) > arrival;
        let place = query.rest.partition_point(is_younger);
        if query.rest.get(place) != Some(&session) {
            query.rest.insert(place, session);
        }
    }

    /// The sessions in which a client has a live handle that it knows of, some more than once.
    pub(super) fn sessions_of(&self, client: ClientId) -> impl Iterator<Item = SessionId> {
        self.own(client).filter_map(|call| match self.belongings.get(&call)?.item {
            Item::Handle(Handle::Live(LiveHandle { seat, .. })) => Some(seat.session),
            Item::Handle(Handle::LoggedOff) | Item::Call(_) => None,
        })
    }

    /// These sessions, each once, oldest first (`FSD-02`).
    pub(super) fn in_order_of_creation(
        &self,
        sessions: impl Iterator<Item = SessionId>,
    ) -> Vec<(SessionId, &Session)> {
        let in_order: BTreeSet<_> =
            sessions.map(|session| (self.sessions.arrival(session), session)).collect();
        let found = in_order.into_iter().filter_map(|(_, id)| Some((id, self.sessions.get(id)?)));
        found.collect()
    }

    /// Ends those of these sessions that have no handle any more: their providers are told, but not
    /// logged off, and nobody waits for what they are at (`FSD-09`). Its end is all that the
    /// spooler hears of it, too.
    pub(super) fn end_at_once(&mut self, left: &[SessionId], effects: &mut Vec<Effect>) {
        let mut ended = Vec::new();
        for (session, told) in self.in_order_of_creation(left.iter().copied()) {
            if !told.is_active() {
                ended.push((session, told.in_order_of_shutdown()));
            }
        }
        for (session, told) in ended {
            let told = told.into_iter();
            effects.extend(told.map(|provider| Effect::DoFastShutdown { session, provider }));
            effects.push(Effect::EndSession { session });
            effects.extend(self.sessions.end(session));
        }
        effects.retain(|effect| match detached(effect) {
            Some(session) => self.sessions.contains(session),
            None => true,
        });
    }
}

/// The session from which an effect takes the spooler.
const fn detached(effect: &Effect) -> Option<SessionId> {
    if let Effect::DetachSpooler { session } = *effect { Some(session) } else { None }
}

const fn queried(call: CallId, result: Result<(), QueryFastShutdownError>) -> Effect {
    Effect::Answer { call, answer: Answer::FastShutdownQueried(result) }
}
