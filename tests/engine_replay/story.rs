//! Traces written by hand: who does what, the subsystem's own steps being filled in.

use mapi_session_core::Rule;
use mapi_session_model::{
    Action, Client, Fault, InitArgument, Label, LogoffArgument, Name, Protocol, Provider,
    ProviderResult, Scope, Stage, State, Status,
};
use mapi_session_tests::engine_replay::{
    EngineFailure, EngineReplay, replay_against, replay_on_engine,
};

/// Where stories take place.
const STAGE: &str = r#"
purpose = "Everything that stories are told of."
clients = 2
handles_per_client = 2
calls_in_progress = 2
sessions = 3
session_limit = 2
calls = []
results = ["ok"]
start = [{ default = "Home" }]

[[profile]]
name = "Work"
password = true
services = [{ name = "MSEMS", providers = ["store"], entry = true }]

[[profile]]
name = "Home"
services = [
    { name = "MSUPST MS", providers = ["store"], entry = false },
    { name = "MSEMS", providers = ["store", "address_book", "transport"], entry = true },
    { name = "CONTAB", providers = ["address_book"], entry = false },
]

[[request]]
name = "share Home"
flags = ["ALLOW_OTHERS"]
profile = "Home"
password = "none"

[[request]]
name = "share Home, not for long"
flags = ["ALLOW_OTHERS", "TIMEOUT_SHORT"]
profile = "Home"
password = "none"

[[request]]
name = "share Home, dialogs permitted"
flags = ["ALLOW_OTHERS", "LOGON_UI", "SERVICE_UI_ALWAYS"]
profile = "Home"
password = "none"

[[request]]
name = "Home alone"
flags = ["NEW_SESSION"]
profile = "Home"
password = "none"

[[request]]
name = "share the default"
flags = ["ALLOW_OTHERS", "USE_DEFAULT"]
profile = "none"
password = "none"

[[request]]
name = "share Work, right password"
flags = ["ALLOW_OTHERS"]
profile = "Work"
password = "right"

[[request]]
name = "Work alone, wrong password, prompt"
flags = ["NEW_SESSION", "PASSWORD_UI"]
profile = "Work"
password = "wrong"

[[request]]
name = "choose alone"
flags = ["NEW_SESSION", "LOGON_UI"]
profile = "none"
password = "none"
"#;

/// A trace in the making.
pub(crate) struct Story {
    world: Protocol,
    state: State,
    pub(crate) actions: Vec<Action>,
}

impl Story {
    /// Both clients are initialised.
    pub(crate) fn new() -> Self {
        let scope = Scope::parse("stories", STAGE).unwrap_or_else(|error| panic!("{error}"));
        let world = Protocol::sound(scope);
        let state = world.scope.starts[0].state;
        let mut story = Self { world, state, actions: Vec::new() };
        for client in [Client::A, Client::B] {
            story.does(Action::Initialize { client, with: InitArgument::Application });
        }
        story
    }

    /// Something happens.
    pub(crate) fn does(&mut self, action: Action) {
        self.state = self.world.next(&self.state, action).after;
        self.actions.push(action);
    }

    /// The name of a client's next call.
    pub(crate) fn free_name(&self, client: Client) -> Name {
        self.state.free_name(client).expect("few calls are made")
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
                | Stage::Credentials(_)
                | Stage::Finish
                | Stage::Done(_) => Action::Continue { call },
                Stage::LookUp => Action::LookedUp { call },
                Stage::Check => Action::Checked { call },
                Stage::Build => Action::ServicesRead { call },
                Stage::AskProfile | Stage::AskPassword | Stage::Show(_) | Stage::Series(..) => {
                    return;
                }
            };
            self.does(action);
        }
    }

    /// A logon from the call to the answer, if nobody needs to be asked.
    pub(crate) fn logs_on(&mut self, client: Client, request: &str) -> Name {
        let call = self.calls(client, request);
        self.goes_on(call);
        self.providers_start(call);
        call
    }

    /// The providers of a session that is built log on, one after the other, and its logon goes on.
    pub(crate) fn providers_start(&mut self, session: Name) {
        while let Some(series) = self.state.series_of(session) {
            self.answers(session, series.provider, ProviderResult::Ok);
        }
        self.goes_on(session);
    }

    /// A provider answers an attempt.
    pub(crate) fn answers(&mut self, session: Name, provider: Provider, result: ProviderResult) {
        self.does(Action::ProviderAnswered { session, provider, result });
    }

    /// Everything of a session stops that is told to, and it is closed.
    pub(crate) fn session_ends(&mut self, session: Name) {
        while let Some(standing) = self.state.session(session) {
            let stopping = Provider::ALL.into_iter().find_map(|provider| {
                match standing.providers.get(provider) {
                    Status::LoggingOff => Some(Action::ProviderLoggedOff { session, provider }),
                    Status::ShuttingDown => Some(Action::ProviderShutDown { session, provider }),
                    Status::NotStarted
                    | Status::Running
                    | Status::Failed
                    | Status::Quiesced
                    | Status::Late => None,
                }
            });
            self.does(stopping.unwrap_or(Action::SessionClosed { session }));
        }
    }

    pub(crate) fn asks_to_log_off(&mut self, handle: Name) -> Name {
        let client = handle.client();
        let call = self.state.free_name(client).expect("few calls are made");
        self.does(Action::Logoff { client, handle, with: LogoffArgument::Ui });
        call
    }

    pub(crate) fn label(&self, name: &str) -> Label {
        self.world.scope.label_named(name).expect("the scope has it")
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
