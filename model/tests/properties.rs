//! The properties themselves: each can fail, and says no to a step made by hand for it.

use mapi_session_model::{
    Action, Client, Contents, Entry, EntryDialogs, Name, Observation, Observations, Permission,
    Phase, Profile, Protection, Protocol, Provider, Scope, SeriesStage, Service, Services, Session,
    Spooler, Stage, State, Statuses, Step,
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
        let mut state = State::new(scope.profiles_at_start(), None);
        state.sessions.push(Session {
            name: session,
            profile: Profile::P0,
            contents: Contents::listed(0, 2),
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

/// A logon to a protected profile, and one to an open one, that are told the other of each.
#[test]
fn going_on_with_the_wrong_protection_violates_crd_03() {
    let property = STEPS.iter().find(|it| it.id == "CRD-03").expect("it is stated");
    let protected = WORLD.replace("name = \"Work\"", "name = \"Work\"\npassword = true");
    for (world, found, other) in [
        (WORLD, Protection::Open, Protection::Protected),
        (&protected, Protection::Protected, Protection::Open),
    ] {
        let scope = Scope::parse("one.toml", world).expect("the world is well-formed");
        let world = Protocol::sound(scope.clone());
        let call = Name::new(Client::A, 0);
        let request = scope.requests_of(Client::A).next().expect("there is one");
        let begin = Action::Logon { client: Client::A, request, inside: None };
        let go_on = Action::Continue { call };
        let looked_up = Action::LookedUp { call };
        let ways = [begin, go_on, go_on, go_on];
        let before = ways.iter().fold(scope.starts[0].state, |it, way| world.next(&it, *way).after);
        let sound = world.next(&before, looked_up);
        for (protection, holds) in [(found, true), (other, false)] {
            let mut step = sound;
            let logon = step.after.logon_mut(call).expect("it is under way");
            assert_eq!(logon.stage, Stage::Credentials(found));
            logon.stage = Stage::Credentials(protection);
            let it = Transition { scope: &scope, before: &before, action: looked_up, step: &step };
            assert_eq!((property.holds)(&it), holds, "{found:?} taken for {protection:?}");
        }
    }
}

/// The traces that show them are called after it.
#[test]
fn every_property_and_goal_has_an_id_of_its_own() {
    let mut names: Vec<String> = INVARIANTS.iter().map(|it| it.id.to_owned()).collect();
    names.extend(STEPS.iter().map(|it| it.id.to_owned()));
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
fn a_state_fits_in_160_bytes() {
    assert!(size_of::<State>() <= 160, "{} bytes", size_of::<State>());
}
