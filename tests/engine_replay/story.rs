//! Traces written by hand: who does what, the subsystem's own steps being filled in.

use mapi_session_core::Rule;
use mapi_session_model::{
    Action, Client, Fault, InitArgument, LogoffArgument, Name, Profile, Protocol, Scope, Stage,
    State,
};
use mapi_session_tests::{
    engine_replay::{EngineFailure, EngineReplay, replay_against, replay_on_engine},
    scopes::Specs,
};

/// A standard scope.
pub(crate) fn scope(name: &str) -> Scope {
    let specs = Specs::find().expect("the workspace has specs/");
    specs.load(name).expect("it is one of the standard scopes").scope
}

/// A trace in the making, from the first start of its scope.
pub(crate) struct Story {
    world: Protocol,
    state: State,
    pub(crate) actions: Vec<Action>,
}

impl Story {
    pub(crate) fn new(name: &str) -> Self {
        let world = Protocol::sound(scope(name));
        let state = world.scope.starts[0].state;
        Self { world, state, actions: Vec::new() }
    }

    /// Something happens.
    pub(crate) fn does(&mut self, action: Action) {
        self.state = self.world.next(&self.state, action).after;
        self.actions.push(action);
    }

    pub(crate) fn initializes(&mut self, client: Client) {
        self.does(Action::Initialize { client, with: InitArgument::Application });
    }

    /// A client calls `MAPILogonEx`; the name of the call.
    pub(crate) fn calls(&mut self, client: Client, request: &str) -> Name {
        self.calls_inside(client, request, None)
    }

    pub(crate) fn calls_inside(
        &mut self,
        client: Client,
        request: &str,
        inside: Option<Name>,
    ) -> Name {
        let name = self.state.free_name(client).expect("few calls are made");
        let request = self.world.scope.request_named(request).expect("the scope has it");
        self.does(Action::Logon { client, request, inside });
        name
    }

    /// The subsystem goes on with a logon until the world is to do something, or it is answered.
    pub(crate) fn goes_on(&mut self, call: Name) {
        while let Some(logon) = self.state.logon(call) {
            let action = match logon.stage {
                Stage::Wait if self.state.mutex.is_some() => return,
                Stage::Wait
                | Stage::Decide
                | Stage::Pick
                | Stage::Credentials
                | Stage::Build
                | Stage::Done(_) => Action::Continue { call },
                Stage::LookUp => Action::LookedUp { call },
                Stage::Check => Action::Checked { call },
                Stage::AskProfile | Stage::AskPassword | Stage::Start => return,
            };
            self.does(action);
        }
    }

    /// A logon from the call to the answer, if nobody needs to be asked.
    pub(crate) fn logs_on(&mut self, client: Client, request: &str) -> Name {
        let call = self.calls(client, request);
        self.goes_on(call);
        self.does(Action::ProvidersStarted { session: call });
        self.goes_on(call);
        call
    }

    pub(crate) fn asks_to_log_off(&mut self, handle: Name) -> Name {
        let client = handle.client();
        let call = self.state.free_name(client).expect("few calls are made");
        self.does(Action::Logoff { client, handle, with: LogoffArgument::Ui });
        call
    }

    pub(crate) fn profile(&self, name: &str) -> Profile {
        self.world.scope.profile_named(name).expect("the scope has it")
    }

    /// The replay on the engine, which follows these rules on its way.
    pub(crate) fn is_replayed_by(&self, rules: &[Rule]) -> EngineReplay {
        let replay = replay_on_engine(&self.world.scope, 0, &self.actions);
        let replay = replay.unwrap_or_else(|failure| panic!("{failure}"));
        let mut taken = replay.taken.iter();
        for rule in rules {
            assert!(taken.any(|it| it == rule), "no {rule}, in order, in {:?}", replay.taken);
        }
        replay
    }

    /// How the replay fails against the model with this fault.
    pub(crate) fn fails_against(&self, fault: &str) -> EngineFailure {
        let fault = Some(Fault::parse(fault).expect("the model has this fault"));
        let world = Protocol { fault, ..self.world.clone() };
        replay_against(&world, 0, &self.actions).expect_err("the engine is sound")
    }

    /// How the replay fails.
    pub(crate) fn fails(&self) -> EngineFailure {
        replay_on_engine(&self.world.scope, 0, &self.actions).expect_err("no engine can do this")
    }
}
