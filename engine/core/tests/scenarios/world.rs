//! A world around the core: it says what happened, and keeps what the core wants done.

use std::collections::BTreeSet;

use mapi_session_core::{
    Answer, CallId, CallStage, CallView, ClientId, Confirmation, Effect, Event, HandleId, Host,
    InitRequest, Limits, LogoffError, LogoffRequest, Logon, LogonError, LogonFlags, LogonRequest,
    Password, Profile, ProfileKey, Protection, ReleaseError, Rule, SessionId, Sessions, Stage,
    Step, Visibility,
};

pub(crate) const ANN: ClientId = ClientId(1);
pub(crate) const BOB: ClientId = ClientId(2);
pub(crate) const EVE: ClientId = ClientId(3);

pub(crate) const OPEN: Profile =
    Profile { key: ProfileKey(10), protection: Protection::Open, visibility: Visibility::Ordinary };
pub(crate) const PROTECTED: Profile =
    Profile { key: ProfileKey(11), protection: Protection::Protected, ..OPEN };
pub(crate) const APP: Profile =
    Profile { key: ProfileKey(12), visibility: Visibility::App, ..OPEN };

pub(crate) const PRIVATE: LogonFlags = LogonFlags::NEW_SESSION.union(LogonFlags::USE_DEFAULT);
pub(crate) const SHARED: LogonFlags = LogonFlags::USE_DEFAULT.union(LogonFlags::ALLOW_OTHERS);

pub(crate) const fn call(number: u64) -> CallId {
    CallId(number)
}

pub(crate) const fn handle(number: u64) -> HandleId {
    HandleId(CallId(number))
}

pub(crate) const fn session(number: u64) -> SessionId {
    SessionId(CallId(number))
}

pub(crate) fn go_on(number: u64) -> Effect {
    Effect::Continue { call: call(number) }
}

pub(crate) fn withdraw_prompt(number: u64) -> Effect {
    Effect::WithdrawPrompt { call: call(number) }
}

pub(crate) fn stop(number: u64) -> Effect {
    Effect::StopProviders { session: session(number) }
}

pub(crate) fn logged_on(number: u64, result: Result<Logon, LogonError>) -> Effect {
    Effect::Answer { call: call(number), answer: Answer::LoggedOn(result) }
}

pub(crate) fn logged_off(number: u64, result: Result<(), LogoffError>) -> Effect {
    Effect::Answer { call: call(number), answer: Answer::LoggedOff(result) }
}

pub(crate) fn released(number: u64, result: Result<(), ReleaseError>) -> Effect {
    Effect::Answer { call: call(number), answer: Answer::Released(result) }
}

/// The core, and the rules that it was seen to follow.
pub(crate) struct World {
    pub(crate) sessions: Sessions,
    pub(crate) rules: BTreeSet<Rule>,
    /// The call that a scenario need not name: initialisations, mostly.
    spare_call: u64,
}

impl Default for World {
    fn default() -> Self {
        Self::limited_to(None)
    }
}

impl World {
    fn limited_to(sessions: Option<u32>) -> Self {
        Self {
            sessions: Sessions::new(Limits { sessions }),
            rules: BTreeSet::new(),
            spare_call: 1000,
        }
    }

    /// Starts afresh with room for so many sessions.
    pub(crate) fn limit(&mut self, sessions: u32) {
        let rules = std::mem::take(&mut self.rules);
        *self = Self { rules, ..Self::limited_to(Some(sessions)) };
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
        let _ = self.call_logon(number, client, flags);
        let mut effects = self.run(number);
        if let [Effect::LookUpProfile { .. }] = effects[..] {
            let _ = self.step(look_up(number, Some(OPEN)));
            effects = self.run(number);
        }
        if let [Effect::StartProviders { session, .. }] = effects[..] {
            let _ = self.step(Event::ProvidersStarted { session });
            effects = self.run(number);
        }
        match effects.first() {
            Some(Effect::Answer { answer: Answer::LoggedOn(Ok(logon)), .. }) => *logon,
            other => panic!("call {number} ended in {other:?}"),
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
            if effects != [go_on(number)] {
                return effects;
            }
        }
    }

    /// Brings a logon of this client to where it waits for its providers.
    pub(crate) fn start_logon(&mut self, number: u64, client: ClientId, flags: LogonFlags) {
        let _ = self.call_logon(number, client, flags);
        let _ = self.run(number);
        let _ = self.step(look_up(number, Some(OPEN)));
        let _ = self.run(number);
        assert_eq!(self.stage(number), Stage::Start);
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

    pub(crate) fn live_sessions(&self) -> Vec<SessionId> {
        self.sessions.sessions().map(|(session, _)| session).collect()
    }
}

pub(crate) fn logon(
    number: u64,
    client: ClientId,
    name: Option<&str>,
    password: Password,
    flags: LogonFlags,
) -> Event {
    let request = LogonRequest::parse(name, password, flags.bits());
    Event::LogonCalled { call: call(number), client, inside: None, request }
}

pub(crate) fn look_up(number: u64, found: Option<Profile>) -> Event {
    Event::ProfileLookedUp { call: call(number), found }
}

pub(crate) fn logoff(
    number: u64,
    client: ClientId,
    handle: HandleId,
    confirmation: Confirmation,
) -> Event {
    let request = Ok(LogoffRequest { confirmation });
    Event::LogoffCalled { call: call(number), client, handle, request }
}

pub(crate) fn release(number: u64, client: ClientId, handle: HandleId) -> Event {
    Event::ReleaseCalled { call: call(number), client, handle }
}
