//! The table of what follows from a provider's results (`FLR-07`), row by row: for address books
//! and stores, at a logon and at an open call, with and without dialogs.

use std::sync::{Arc, Mutex};

use mapi_session::{
    AskRetry, Cause, Environment, LogonUi, Mapi, MapiCode, Prompts, ProviderError, ProviderKind,
    ProviderState, RetryChoice, ServiceState, SpiVersion, UserAnswer,
};

use crate::cast::{Cast, Logon, Told, failed, playing, skip, unconfigured};
use crate::stage::mapi;

/// What a provider can answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Row {
    Ok,
    Warning,
    FailOneProvider,
    Unconfigured,
    Version,
    Other(MapiCode),
}

const ROWS: [Row; 10] = [
    Row::Ok,
    Row::Warning,
    Row::FailOneProvider,
    Row::Unconfigured,
    Row::Version,
    Row::Other(MapiCode::MAPI_E_USER_CANCEL),
    Row::Other(MapiCode::MAPI_E_SESSION_LIMIT),
    Row::Other(MapiCode::MAPI_E_LOGON_FAILED),
    Row::Other(MapiCode::MAPI_E_UNKNOWN_CPID),
    Row::Other(MapiCode::MAPI_E_UNKNOWN_LCID),
];

const ANSWERS: [UserAnswer<RetryChoice>; 5] = [
    UserAnswer::Given(RetryChoice::Retry),
    UserAnswer::Given(RetryChoice::Correct),
    UserAnswer::Given(RetryChoice::GiveUp),
    UserAnswer::Cancelled,
    UserAnswer::Unavailable,
];

/// Who wants the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Caller {
    Logon,
    Open,
}

#[derive(Clone, Copy, Debug)]
struct Case {
    kind: ProviderKind,
    caller: Caller,
    dialogs: Prompts,
    has_entry: bool,
    answer: UserAnswer<RetryChoice>,
    first: Row,
    second: Row,
}

/// What happens, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Seen {
    Attempt,
    Entry,
    Question,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Running,
    Failed,
    Disabled,
}

/// The table.
fn expected(case: Case) -> (Vec<Seen>, End) {
    use Seen::{Attempt, Entry, Question};
    let second = match case.second {
        Row::Ok | Row::Warning => End::Running,
        Row::FailOneProvider => End::Failed,
        Row::Unconfigured | Row::Version | Row::Other(_) => End::Disabled,
    };
    match case.first {
        Row::Ok | Row::Warning => (vec![Attempt], End::Running),
        Row::FailOneProvider => (vec![Attempt], End::Failed),
        Row::Version => (vec![Attempt], End::Disabled),
        Row::Unconfigured if case.has_entry => (vec![Attempt, Entry, Attempt], second),
        Row::Unconfigured => (vec![Attempt, Attempt], second),
        Row::Other(_) if case.dialogs == Prompts::Forbidden => (vec![Attempt], End::Disabled),
        Row::Other(_) => match case.answer {
            UserAnswer::Given(RetryChoice::Retry) => (vec![Attempt, Question, Attempt], second),
            UserAnswer::Given(RetryChoice::Correct) if case.has_entry => {
                (vec![Attempt, Question, Entry, Attempt], second)
            }
            UserAnswer::Given(RetryChoice::Correct | RetryChoice::GiveUp)
            | UserAnswer::Cancelled
            | UserAnswer::Unavailable => (vec![Attempt, Question], End::Disabled),
        },
    }
}

fn result(row: Row) -> Logon {
    match row {
        Row::Ok => Ok(None),
        Row::Warning => Ok(Some(Cause::CorruptData("index".into()))),
        Row::FailOneProvider => skip(),
        Row::Unconfigured => unconfigured(),
        Row::Version => Err(ProviderError::WrongVersion(SpiVersion(0))),
        Row::Other(code) => failed(code),
    }
}

/// A user with one answer to everything, who takes down when it was asked for.
struct Resolute(UserAnswer<RetryChoice>, Arc<Mutex<Vec<Seen>>>);

impl LogonUi for Resolute {
    fn retry(&self, _: &AskRetry) -> UserAnswer<RetryChoice> {
        self.1.lock().expect("nobody panics with it").push(Seen::Question);
        self.0
    }
}

/// What really happens.
fn observed(case: Case) -> (Vec<Seen>, End) {
    let (cast, seen) = (Cast::new(), Arc::new(Mutex::new(Vec::new())));
    if case.caller == Caller::Open {
        cast.on_logon("It", skip);
    }
    for row in [case.first, case.second] {
        let seen = Arc::clone(&seen);
        cast.on_logon("It", move || {
            seen.lock().expect("nobody panics with it").push(Seen::Attempt);
            result(row)
        });
    }
    cast.on_entry("Service", {
        let seen = Arc::clone(&seen);
        move || {
            seen.lock().expect("nobody panics with it").push(Seen::Entry);
            Ok(())
        }
    });
    let service = cast.service().provider(case.kind, "It");
    let service = if case.has_entry { service.with_entry() } else { service };
    let (environment, _steps) = playing(Environment::builder(), vec![("Service", service)]);
    let ui = Resolute(case.answer, Arc::clone(&seen));
    let user = Mapi::builder().environment(&environment).ui(ui).build();
    let logon = user.logon().profile("Mail").shared();
    let session = match (case.caller, case.dialogs) {
        (Caller::Logon, Prompts::Allowed) => logon.interactive().call(),
        (Caller::Logon | Caller::Open, _) => logon.call(),
    };
    let session = session.expect("a session survives it all");
    let handle = mapi(&environment).logon().join_existing().call().expect("it is shared");
    let kept = match case.caller {
        Caller::Logon => None,
        Caller::Open => open(&session, case),
    };
    let report = handle.report();
    let service = report.services().next().expect("the profile lists it");
    let end = match (service.state, service.providers[0].state) {
        (ServiceState::Disabled { .. }, ProviderState::Failed(_)) => End::Disabled,
        (ServiceState::Enabled, ProviderState::Failed(_)) => End::Failed,
        (ServiceState::Enabled, ProviderState::Ready { .. }) => End::Running,
        (state, _) => panic!("{state:?} at the end of {case:?}:\n{report}"),
    };
    drop(kept);
    let told = cast.heard().into_iter().filter(|told| match told {
        Told::LogOn(_, _, _, dialogs) => *dialogs == case.dialogs,
        Told::Configure(..) => true,
        Told::LogOff(..) | Told::ShutDown(..) => false,
        Told::Create(..) | Told::Delete(..) => false,
        Told::Vote(..) | Told::Notice(..) | Told::FastEnd(..) => false,
    });
    let seen = seen.lock().expect("nobody panics with it").clone();
    let calls = seen.iter().filter(|it| **it != Seen::Question).count();
    assert!(told.count() >= calls, "somebody was told something else in {case:?}");
    (seen, end)
}

fn open(session: &mapi_session::Session, case: Case) -> Option<mapi_session::Store> {
    let book = || match case.dialogs {
        Prompts::Allowed => session.open_address_book().interactive().call(),
        Prompts::Forbidden => session.open_address_book().call(),
    };
    if case.kind == ProviderKind::AddressBook {
        let book = book().expect("it always opens");
        assert_eq!(book.missing().is_empty(), expected(case).1 == End::Running, "{case:?}");
        return None;
    }
    let store = session.open_store(session.find_store("It").expect("it is listed"));
    let opened = match case.dialogs {
        Prompts::Allowed => store.interactive().call(),
        Prompts::Forbidden => store.call(),
    };
    match opened {
        Ok(store) => Some(store),
        Err(refused) => {
            assert_eq!(refused.code(), Some(MapiCode::MAPI_E_LOGON_FAILED), "{case:?}");
            assert!(refused.trouble().is_some(), "{case:?}");
            None
        }
    }
}

#[test]
fn what_follows_from_every_result_is_what_the_table_says() {
    let mut cases = 0;
    for kind in [ProviderKind::AddressBook, ProviderKind::Store] {
        for caller in [Caller::Logon, Caller::Open] {
            for (dialogs, answers) in
                [(Prompts::Forbidden, &ANSWERS[..1]), (Prompts::Allowed, &ANSWERS[..])]
            {
                for (has_entry, &answer, first) in combinations(answers) {
                    for second in ROWS {
                        let case = Case { kind, caller, dialogs, has_entry, answer, first, second };
                        assert_eq!(observed(case), expected(case), "{case:?}");
                        cases += 1;
                        if expected(case).0.iter().filter(|it| **it == Seen::Attempt).count() == 1 {
                            break;
                        }
                    }
                }
            }
        }
    }
    assert_eq!(cases, 1_452, "each case there is");
}

fn combinations(
    answers: &[UserAnswer<RetryChoice>],
) -> impl Iterator<Item = (bool, &UserAnswer<RetryChoice>, Row)> {
    [false, true].into_iter().flat_map(move |has_entry| {
        answers.iter().flat_map(move |answer| ROWS.map(|first| (has_entry, answer, first)))
    })
}
