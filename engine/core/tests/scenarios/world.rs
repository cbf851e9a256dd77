//! A world around the core: it says what happened, and keeps what the core wants done.

use std::collections::BTreeSet;

use mapi_session_core::*;

pub(crate) use crate::words::*;

/// The core, and the rules that it was seen to follow.
pub(crate) struct World {
    pub(crate) sessions: Sessions,
    pub(crate) rules: BTreeSet<Rule>,
    /// The call that a scenario need not name: initialisations, mostly.
    spare_call: u64,
}

impl Default for World {
    fn default() -> Self {
        Self::limited_to(Limits::default())
    }
}

impl World {
    fn limited_to(limits: Limits) -> Self {
        Self { sessions: Sessions::new(limits), rules: BTreeSet::new(), spare_call: 1000 }
    }

    /// Starts afresh with room for so many sessions.
    pub(crate) fn limit(&mut self, sessions: u32) {
        self.start_with(Limits { sessions: Some(sessions), ..Limits::default() });
    }

    /// Starts afresh where this is what a fast shutdown takes.
    pub(crate) fn govern(&mut self, fast_shutdown: FastShutdownPolicy) {
        self.start_with(Limits { fast_shutdown, ..Limits::default() });
    }

    /// Starts afresh.
    pub(crate) fn empty(&mut self) {
        self.start_with(Limits::default());
    }

    fn start_with(&mut self, limits: Limits) {
        let rules = std::mem::take(&mut self.rules);
        *self = Self { rules, ..Self::limited_to(limits) };
    }

    /// One step, done twice to see that it comes out the same.
    pub(crate) fn step(&mut self, event: Event) -> Step {
        let mut twin = self.sessions.clone();
        let step = self.sessions.step(event.clone());
        assert_eq!(twin.step(event), step);
        assert_eq!(twin, self.sessions);
        self.sessions.check_invariants();
        self.rules.insert(step.rule);
        step
    }

    /// A step by this rule, and what it wants done.
    #[track_caller]
    pub(crate) fn fires(&mut self, rule: Rule, event: Event) -> Vec<Effect> {
        let step = self.step(event.clone());
        assert_eq!(step.rule, rule, "{event:?} has the effects {:?}", step.effects);
        step.effects
    }

    /// A step by this rule, which has these effects and changes nothing else.
    #[track_caller]
    pub(crate) fn changes_nothing(&mut self, rule: Rule, event: Event, effects: &[Effect]) {
        let before = self.sessions.clone();
        assert_eq!(self.fires(rule, event), effects);
        assert_eq!(self.sessions, before, "{rule} changed something");
    }

    pub(crate) fn spare_call(&mut self) -> CallId {
        self.spare_call += 1;
        CallId(self.spare_call)
    }

    pub(crate) fn initialize(&mut self, client: ClientId) {
        self.initialize_as(client, Host::Application);
    }

    pub(crate) fn initialize_as(&mut self, client: ClientId, host: Host) {
        let call = self.spare_call();
        let _ =
            self.step(Event::InitializeCalled { call, client, request: Ok(InitRequest { host }) });
    }

    pub(crate) fn uninitialize(&mut self, rule: Rule, client: ClientId) -> Vec<Effect> {
        let call = self.spare_call();
        let mut effects = self.fires(rule, Event::UninitializeCalled { call, client });
        let answer = Effect::Answer { call, answer: Answer::Uninitialized };
        let place = effects.iter().position(|effect| *effect == answer);
        effects.remove(place.expect("the call returns"));
        effects
    }

    /// A logon on the default profile, or on a session that it can join, until it is answered.
    #[track_caller]
    pub(crate) fn log_on(&mut self, number: u64, client: ClientId, flags: LogonFlags) -> Logon {
        self.log_on_to(number, client, flags, &Services::none())
    }

    /// The same on a profile with these services, whose providers all log on.
    #[track_caller]
    pub(crate) fn log_on_to(
        &mut self,
        number: u64,
        client: ClientId,
        flags: LogonFlags,
        services: &Services,
    ) -> Logon {
        let _ = self.call_logon(number, client, flags);
        let mut effects = self.run(number);
        loop {
            let event = match effects[..] {
                [Effect::LookUpProfile { .. }] => look_up(number, Some(OPEN)),
                [Effect::ReadServices { .. }] => services_read(number, services),
                [Effect::LogOnProvider { provider, .. }] => {
                    provider_answered(number, provider.0, ProviderResult::LoggedOn)
                }
                [Effect::Answer { answer: Answer::LoggedOn(Ok(logon)), .. }, ..] => return logon,
                _ => panic!("call {number} ended in {effects:?}"),
            };
            effects = self.step(event).effects;
            if effects == [go_on(number)] {
                effects = self.run(number);
            }
        }
    }

    /// Calls `MAPILogonEx` without a name or a password.
    pub(crate) fn call_logon(&mut self, number: u64, client: ClientId, flags: LogonFlags) -> Step {
        self.step(logon(number, client, None, Password::NotGiven, flags))
    }

    /// Lets a call go on until something else is wanted.
    pub(crate) fn run(&mut self, number: u64) -> Vec<Effect> {
        loop {
            let effects = self.step(Event::Continued { call: call(number) }).effects;
            if effects.last() != Some(&go_on(number)) {
                return effects;
            }
        }
    }

    /// Brings a logon of this client to where the profile's services are read.
    pub(crate) fn reach_services(&mut self, number: u64, client: ClientId, flags: LogonFlags) {
        let _ = self.call_logon(number, client, flags);
        let _ = self.run(number);
        let _ = self.step(look_up(number, Some(OPEN)));
        let effects = self.run(number);
        let profile = OPEN.key;
        assert_eq!(effects, [Effect::ReadServices { call: call(number), profile }]);
    }

    /// Brings a logon of this client to where it waits for its one provider, a store.
    pub(crate) fn start_logon(&mut self, number: u64, client: ClientId, flags: LogonFlags) {
        self.reach_services(number, client, flags);
        let _ = self.step(services_read(number, &one_store()));
        let stage = SeriesStage::Attempt(Attempt::First);
        let series = Series { provider: ProviderId(0), stage };
        assert_eq!(self.stage(number), Stage::Series(series));
    }

    /// The session of a logon on a profile, with providers that answer so, each until its series is
    /// over; then nothing is out.
    #[track_caller]
    pub(crate) fn log_on_with(
        &mut self,
        number: u64,
        client: ClientId,
        flags: LogonFlags,
        services: &Services,
        results: &[(u16, ProviderResult)],
    ) {
        self.reach_services(number, client, flags);
        let mut effects = self.step(services_read(number, services)).effects;
        for &(provider, result) in results {
            let out = effects.iter().any(|effect| {
                matches!(effect, Effect::LogOnProvider { provider: id, .. } if id.0 == provider)
            });
            assert!(out, "no attempt on {provider} in {effects:?}");
            effects = self.step(provider_answered(number, provider, result)).effects;
        }
        let effects = self.run(number);
        assert!(matches!(effects[..], [Effect::Answer { .. }]), "{effects:?}");
    }

    /// How the providers of a session stand, in the order of the profile.
    pub(crate) fn providers(&self, number: u64) -> Vec<ProviderStatus> {
        self.session(number).provider_statuses.to_vec()
    }

    /// How the services of a session stand, in the order of the profile.
    pub(crate) fn services(&self, number: u64) -> Vec<ServiceStatus> {
        self.session(number).service_statuses.to_vec()
    }

    /// The stores that a handle has open.
    pub(crate) fn stores(&self, number: u64) -> Vec<ProviderId> {
        self.objects(number).stores().collect()
    }

    /// Whether a handle has the address book open.
    pub(crate) fn has_book(&self, number: u64) -> bool {
        self.objects(number).has_address_book()
    }

    #[track_caller]
    fn objects(&self, number: u64) -> Objects<'_> {
        self.handle(number).objects
    }

    #[track_caller]
    pub(crate) fn session(&self, number: u64) -> SessionView<'_> {
        self.sessions.session(session(number)).expect("the session has not ended")
    }

    #[track_caller]
    pub(crate) fn handle(&self, number: u64) -> HandleView<'_> {
        self.sessions.handle(handle(number)).expect("the handle is there")
    }

    /// Lets a logon succeed that waits for its one provider.
    pub(crate) fn finish_logon(&mut self, number: u64) -> Vec<Effect> {
        let _ = self.step(provider_answered(number, 0, ProviderResult::LoggedOn));
        self.run(number)
    }

    /// What the logon that holds the mutex is at.
    #[track_caller]
    pub(crate) fn stage(&self, number: u64) -> Stage {
        match self.call(number).map(|view| view.stage) {
            Some(CallStage::Holding { stage, .. }) => stage,
            other => panic!("call {number} does not hold the mutex, but is {other:?}"),
        }
    }

    pub(crate) fn call(&self, number: u64) -> Option<CallView<'_>> {
        self.sessions.calls().find(|(id, _)| *id == call(number)).map(|(_, view)| view)
    }

    /// How far a client has come on the way to a fast shutdown.
    #[track_caller]
    pub(crate) fn standing(&self, client: ClientId) -> Standing {
        let view = self.sessions.clients().find(|(id, _)| *id == client).map(|(_, view)| view);
        view.expect("the client has initialised").standing
    }

    /// Brings a client to where it may shut down fast, whatever runs.
    #[track_caller]
    pub(crate) fn obtain_leave(&mut self, number: u64, client: ClientId, handle: HandleId) {
        let mut effects = self.step(query(number, client, handle)).effects;
        while let [Effect::AskFastShutdown { .. }] = effects[..] {
            effects = self.step(voted(number, Vote::Consents)).effects;
        }
        assert_eq!(effects, [queried(number, Ok(()))]);
        assert_eq!(self.standing(client), Standing::Asked);
    }

    pub(crate) fn live_sessions(&self) -> Vec<SessionId> {
        self.sessions.sessions().map(|(session, _)| session).collect()
    }
}
