//! The properties themselves: each can fail, and says no to a step made by hand for it.

use mapi_session_model::{
    Action, Client, Entry, EntryDialogs, Name, Observation, Observations, Permission, Phase,
    Profile, Protocol, Provider, Scope, SeriesStage, Service, Services, Session, Spooler, State,
    Statuses, Step,
    properties::{INVARIANTS, STEPS, Transition, goals},
};

const WORLD: &str = r#"purpose = "one session"
clients = 1
handles_per_client = 1
calls_in_progress = 1
sessions = 1
calls = []

[[profile]]
name = "Work"
services = [
    { name = "MSEMS", providers = ["store"] },
    { name = "CONTAB", providers = ["address_book"] },
]

[[request]]
name = "by name"
profile = "Work"
password = "none"

[[start]]
default = "none"
initialized = ["A"]
"#;

/// By a logon or an open, by an entry call, and by a use: each on its own.
#[test]
fn calling_a_provider_of_a_disabled_service_violates_inv_46() {
    let scope = Scope::parse("one.toml", WORLD).expect("the world is well-formed");
    let world = Protocol::sound(scope.clone());
    let (session, call) = (Name::new(Client::A, 0), Name::new(Client::A, 0));
    let property = STEPS.iter().find(|it| it.id == "INV-46").expect("it is stated");
    let (denied, attempt) = (Permission::Denied, SeriesStage::First);
    let calls = |provider| {
        let dialogs = EntryDialogs { allowed: denied, always: denied };
        let entry = Entry::Repair(provider);
        [
            Observation::LogOnProvider { call, session, provider, attempt, dialogs: denied },
            Observation::CallEntry { call, session, entry, dialogs },
            Observation::UseProvider { session, provider },
        ]
    };
    for (disabled, provider, holds) in [
        (None, Provider::N1, true),
        (Some(Service::S1), Provider::N0, true),
        (Some(Service::S1), Provider::N1, false),
    ] {
        let mut services = Services::default();
        disabled.into_iter().for_each(|service| services.add(service));
        let mut state = State::new(None);
        state.sessions.push(Session {
            name: session,
            profile: Profile::P0,
            phase: Phase::Building,
            disabled: services,
            providers: Statuses::default(),
            spooler: Spooler::Detached,
            transport: None,
            default_store: None,
            identity: None,
        });
        for called in calls(provider) {
            let action = Action::Continue { call: session };
            let mut seen = Observations::EMPTY;
            seen.push(called);
            let step = Step { seen, ..world.next(&state, action) };
            let it = Transition { scope: &scope, before: &state, action, step: &step };
            assert_eq!((property.holds)(&it), holds, "{disabled:?} disabled, {called:?}");
        }
    }
}

#[test]
fn every_property_and_goal_has_a_name_of_its_own() {
    let mut names: Vec<String> = INVARIANTS.iter().map(|it| it.name.to_owned()).collect();
    names.extend(STEPS.iter().map(|it| it.name.to_owned()));
    names.extend(goals().iter().map(|it| it.id().to_owned()));
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count);
}

#[test]
fn the_two_headline_invariants_stand_first() {
    assert_eq!([STEPS[0].id, STEPS[1].id], ["INV-46", "INV-06"]);
}

#[test]
fn a_state_fits_in_144_bytes() {
    assert!(size_of::<State>() <= 144, "{} bytes", size_of::<State>());
}
