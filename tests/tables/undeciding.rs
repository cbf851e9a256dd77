//! What a flag changes at all: in the graph of the model, and in the steps of the engine.

use std::{
    sync::{Arc, mpsc::channel},
    time::Duration,
};

use indexmap::IndexSet;
use mapi_session::{
    ChooseProfile, Environment, LogonUi, NewProfile, ProfileChosen, StepRecord, UserAnswer,
    scripted::{Script, ScriptedService},
};
use mapi_session_core::{Effect, Event, Rule};
use mapi_session_model::{Protocol, Scope, State, flag};
use stateright::Model;

/// A world in which every flag that decides has something to decide.
const SMALL: &str = r#"
purpose = "Each flag that decides makes a difference."
clients = 2
handles_per_client = 1
calls_in_progress = 1
sessions = 2
calls = ["release"]
results = ["ok", "logon_failed"]
profile = [
    { name = "Home", services = [{ name = "MSEMS", providers = ["store"], entry = true }] },
    { name = "Work", password = true, services = [] },
    { name = "Tool", app = true, services = [] },
]
chooser = [{ answer = "Tool" }]
start = [{ default = "Home", initialized = ["A", "B"] }]

[[request]]
name = "choose"
flags = ["LOGON_UI"]
profile = "none"
password = "none"

[[request]]
name = "share Home"
flags = ["ALLOW_OTHERS"]
profile = "Home"
password = "none"

[[request]]
name = "open Work"
profile = "Work"
password = "none"

[[request]]
name = "whatever there is"
profile = "none"
password = "none"
"#;

/// Whether the model does the same, step by step from wherever it can get, with the flag set in
/// every request and with it clear.
pub(crate) fn is_the_same_to_the_model(value: u32) -> bool {
    let world = |change: fn(u32, u32) -> u32| {
        let mut scope = Scope::parse("small", SMALL).expect("the text is a scope");
        for request in &mut scope.requests {
            request.flags = change(request.flags, value);
        }
        Protocol::sound(scope)
    };
    let (set, clear) = (world(|flags, value| flags | value), world(|flags, value| flags & !value));
    let offered = |world: &Protocol, state: &State| {
        let mut actions = Vec::new();
        world.actions(state, &mut actions);
        actions
    };
    let mut states: IndexSet<State> = set.init_states().into_iter().collect();
    let mut place = 0;
    while let Some(&state) = states.get_index(place) {
        let actions = offered(&set, &state);
        if actions != offered(&clear, &state) {
            return false;
        }
        for action in actions {
            let step = set.next(&state, action);
            if step != clear.next(&state, action) {
                return false;
            }
            states.insert(step.after);
        }
        place += 1;
    }
    assert!(states.len() > 500, "{} states say little", states.len());
    true
}

/// What the engine did, and how often transports were wanted, which came to nothing.
pub(crate) struct Done {
    pub(crate) steps: Vec<(Event, Rule, Vec<Effect>)>,
    pub(crate) demands: usize,
}

impl Done {
    fn new(records: impl Iterator<Item = StepRecord>) -> Self {
        let taken = records.map(|it| (it.event, it.rule, it.effects));
        let (demands, steps): (Vec<_>, _) =
            taken.partition(|(event, ..)| matches!(event, Event::SpoolerDemanded { .. }));
        assert!(demands.iter().all(|(_, rule, _)| *rule == Rule::IgnoreDemand), "{demands:?}");
        Self { steps, demands: demands.len() }
    }
}

/// What the engine does when two processes log on by each way there is, all with this flag.
pub(crate) fn steps_of_the_engine(value: u32) -> Done {
    let (recorder, records) = channel();
    let service = ScriptedService::new(Arc::new(Willing)).store("store").with_entry();
    let environment = Environment::builder().service("MSEMS", service).record_to(recorder).build();
    let profiles = environment.profiles();
    let home = NewProfile::new("Home").service("MSEMS");
    profiles.create(home).expect("the store is empty");
    profiles.create(NewProfile::new("Work").password("tulip")).expect("only Home is there");
    profiles.set_default(Some("Home")).expect("Home is there");
    let [one, other] = [environment.process(Chooser), environment.process(Chooser)];
    for process in [&one, &other] {
        process.initialize(0, 0).expect("the arguments make sense");
    }
    for (name, password, flags) in [
        (Some("Home"), None, flag::ALLOW_OTHERS),
        (Some("Work"), Some("tulip"), 0),
        (Some("Work"), Some("rose"), 0),
        (Some("Nobody"), None, 0),
        (None, None, flag::LOGON_UI),
        (None, None, flag::USE_DEFAULT),
        (None, None, 0),
    ] {
        let first = one.logon_ex(0, name, password, flags | value);
        let second = other.logon_ex(0, None, None, value);
        for (process, logon) in [(&one, first), (&other, second)] {
            if let Ok(logon) = logon {
                process.release(logon.handle).expect("the handle is live");
                assert!(environment.settle(Duration::from_secs(60)), "a provider hangs");
            }
        }
    }
    Done::new(records.try_iter())
}

/// A service that does what it should.
struct Willing;

impl Script for Willing {}

/// A user who takes Home.
struct Chooser;

impl LogonUi for Chooser {
    fn choose_profile(&self, _: &ChooseProfile) -> UserAnswer<ProfileChosen> {
        UserAnswer::Given(ProfileChosen::named("Home"))
    }
}
