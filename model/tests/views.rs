//! The status table as handles see it: a function of the state, for every place of a provider.

use mapi_session_model::{
    Action, Client, Handle, Holder, Name, Protocol, Provider, ProviderResult, RequestId, RowState,
    Scope, Spooler, State, Status, StatusRow,
};

const WORLD: &str = r#"purpose = "one session of two, of whom one wants mail"
clients = 2
handles_per_client = 1
calls_in_progress = 1
sessions = 2
calls = ["demand"]

[[profile]]
name = "Work"
services = [{ name = "MSEMS", providers = ["store", "address_book", "transport"] }]

[[request]]
name = "share, no mail"
flags = ["ALLOW_OTHERS", "NO_MAIL"]
profile = "Work"
password = "none"

[[request]]
name = "join"
profile = "none"
password = "none"

[[start]]
default = "none"
initialized = ["A", "B"]
standing = [
    { client = "A", request = "share, no mail" },
    { client = "B", request = "join" },
]
"#;

const CREATOR: Name = Name::new(Client::A, 0);
const JOINER: Name = Name::new(Client::B, 0);
const TRANSPORT: Provider = Provider::N2;

fn world() -> (Protocol, State) {
    let scope = Scope::parse("two.toml", WORLD).expect("the world is well-formed");
    let state = scope.starts[0].state;
    (Protocol::sound(scope), state)
}

fn own_rows(spooler: RowState) -> [StatusRow; 3] {
    [StatusRow::Subsystem, StatusRow::Spooler(spooler), StatusRow::AddressBook]
}

/// STS-11, STS-13: what each status of a provider comes to, for the one and for the other.
#[test]
fn a_row_shows_what_runs_or_ran_and_transports_only_to_those_with_mail() {
    let (world, state) = world();
    for (status, row) in [
        (Status::NotStarted, None),
        (Status::Running, Some(RowState::Available)),
        (Status::Failed, None),
        (Status::Quiesced, Some(RowState::Failure)),
        (Status::Late, None),
        (Status::LoggingOff, None),
        (Status::ShuttingDown, None),
    ] {
        let mut state = state;
        let session = state.session_mut(CREATOR).expect("it stands");
        for provider in [Provider::N0, Provider::N1, TRANSPORT] {
            session.providers.set(provider, status);
        }
        let rows = |providers: &[Provider]| {
            let rows = providers.iter().filter_map(|it| Some(StatusRow::Provider(*it, row?)));
            rows.collect::<Vec<_>>()
        };
        let mut without = own_rows(RowState::Failure).to_vec();
        without.extend(rows(&[Provider::N0, Provider::N1]));
        let mut with = own_rows(RowState::Available).to_vec();
        with.extend(rows(&[Provider::N0, Provider::N1, TRANSPORT]));
        assert_eq!(state.view(&world.scope, CREATOR), Some(without), "{status:?}, no mail");
        assert_eq!(state.view(&world.scope, JOINER), Some(with), "{status:?}, mail");
    }
}

#[test]
fn nobody_sees_a_table_through_a_handle_that_is_gone_or_not_yet_answered() {
    let (world, mut state) = world();
    assert_eq!(state.view(&world.scope, Name::new(Client::B, 1)), None);
    state.set_handle(JOINER, Some(Handle::LoggedOff));
    assert_eq!(state.view(&world.scope, JOINER), None);
    state.set_handle(JOINER, None);
    let request = RequestId::from(1);
    let mut step = world.next(&state, Action::Logon { client: Client::B, request, inside: None });
    while step.after.handle(JOINER).is_none() {
        step = world.next(&step.after, Action::Continue { call: JOINER });
    }
    assert_eq!(step.after.view(&world.scope, JOINER), None);
    let answered = world.next(&step.after, Action::Continue { call: JOINER });
    assert!(answered.after.view(&world.scope, JOINER).is_some());
}

#[test]
fn a_demand_is_heard_while_somebody_wants_mail() {
    let (world, state) = world();
    assert_eq!(state.session(CREATOR).map(|its| its.spooler), Some(Spooler::Attached));
    let demanded = world.next(&state, Action::Demand { session: CREATOR }).after;
    let result = ProviderResult::Ok;
    let answer = Action::ProviderAnswered { session: CREATOR, provider: TRANSPORT, result };
    let up = world.next(&demanded, answer).after;
    assert_eq!(up.status(CREATOR, TRANSPORT), Some(Status::Running));
    let mut alone = state;
    alone.set_handle(JOINER, Some(Handle::LoggedOff));
    let session = alone.session_mut(CREATOR).expect("it stands");
    session.spooler = Spooler::Detached;
    assert_eq!(world.next(&alone, Action::Demand { session: CREATOR }).after, alone);
    let creator = alone.handle(CREATOR);
    assert!(matches!(creator, Some(Handle::Live { holder: Holder::NoMail, .. })));
}
