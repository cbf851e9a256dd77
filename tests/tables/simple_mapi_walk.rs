//! Every row of `specs/tables/simple_mapi.md` on the engine, beside MAPILogonEx in a twin of it.

use std::{
    sync::{
        Condvar, Mutex,
        mpsc::{Receiver, channel},
    },
    time::Duration,
};

use mapi_session::{
    AskPassword, ChooseProfile, Environment, LogoffError, LogoffRefusal, LogonError, LogonRefusal,
    LogonUi, Mapi, MapiCode, NameError, NewProfile, Pace, ProfileChosen, SecretString, Session,
    SimpleCode, SimpleFlags, SimpleLogoffError, SimpleLogonError, SimpleMapi, SimpleSession,
    StepRecord, UserAnswer, protocol::Event,
};

use crate::{
    complaint,
    simple_mapi::{self, Argument, Cause, FILE, Given, MetBy, TEXT, Tables},
};

fn tables() -> Tables {
    Tables::read(TEXT).unwrap_or_else(|error| panic!("{error}"))
}

fn words() -> impl Iterator<Item = SimpleFlags> {
    let all: Vec<_> = SimpleFlags::all().iter().collect();
    (0..1_u32 << all.len()).map(move |set| {
        let chosen = all.iter().enumerate().filter(|(place, _)| set >> place & 1 == 1);
        chosen.map(|(_, flag)| *flag).collect()
    })
}

fn cause(refusal: LogonRefusal) -> Cause {
    match refusal {
        LogonRefusal::SessionLimitReached => Cause::SessionLimit,
        LogonRefusal::NotInitialized
        | LogonRefusal::UnknownFlags { .. }
        | LogonRefusal::TwoDialogs
        | LogonRefusal::Nested
        | LogonRefusal::NoProfile
        | LogonRefusal::MalformedName(_)
        | LogonRefusal::ProfileNotFound
        | LogonRefusal::ProfileGone
        | LogonRefusal::NoDefaultProfile
        | LogonRefusal::AppProfileHidden
        | LogonRefusal::WrongPassword
        | LogonRefusal::UnneededPassword
        | LogonRefusal::TimedOut
        | LogonRefusal::Cancelled => Cause::Other,
    }
}

/// The walk of one call meets the answers that have it in their row, and no others.
fn assert_met(tables: &Tables, by: MetBy, met: &[String]) {
    for answer in &tables.answers {
        let expected = answer.met_by == by || answer.met_by == MetBy::Both;
        assert_eq!(met.contains(&answer.row), expected, "row {}, by {by:?}", answer.row);
    }
}

/// An environment with somebody else in it, and a process.
struct World {
    environment: Environment,
    mapi: Mapi,
    records: Receiver<StepRecord>,
    _standing: Option<Session>,
}

/// What the process finds.
#[derive(Clone, Copy, Debug)]
enum Standing {
    Nothing,
    SharedSession,
    NoRoom,
}

/// Who sits in front of it.
#[derive(Clone, Copy, Debug)]
enum Visitor {
    Nobody,
    Willing,
    Unwilling,
}

impl World {
    fn new(standing: Standing, visitor: Visitor) -> Self {
        let (recorder, records) = channel();
        let builder = Environment::builder().record_to(recorder);
        let environment = match standing {
            Standing::Nothing | Standing::SharedSession => builder.build(),
            Standing::NoRoom => builder.session_limit(1).build(),
        };
        let profiles = environment.profiles();
        profiles.create(NewProfile::new("Work")).expect("the store is empty");
        let protected = NewProfile::new("ä".repeat(64)).password("ö".repeat(256));
        profiles.create(protected).expect("only Work is there");
        profiles.set_default(Some("Work")).expect("Work is there");
        let other = Mapi::builder().environment(&environment).build();
        let logon = other.logon().profile("Work");
        let standing = match standing {
            Standing::Nothing => None,
            Standing::SharedSession => Some(logon.shared().call()),
            Standing::NoRoom => Some(logon.individual().call()),
        };
        let standing = standing.map(|session| session.expect("Work is open"));
        let mapi = Mapi::builder().environment(&environment).ui(visitor).build();
        Self { environment, mapi, records, _standing: standing }
    }
}

impl LogonUi for Visitor {
    fn choose_profile(&self, question: &ChooseProfile) -> UserAnswer<ProfileChosen> {
        assert_eq!(question.origin.ui_param, WINDOW, "the dialog has another window");
        match self {
            Self::Nobody => UserAnswer::Unavailable,
            Self::Willing => UserAnswer::Given(ProfileChosen::named("ä".repeat(64))),
            Self::Unwilling => UserAnswer::Cancelled,
        }
    }

    fn password(&self, question: &AskPassword) -> UserAnswer<SecretString> {
        assert_eq!(question.origin.ui_param, WINDOW, "the dialog has another window");
        match self {
            Self::Nobody => UserAnswer::Unavailable,
            Self::Willing => UserAnswer::Given("ö".repeat(256).into()),
            Self::Unwilling => UserAnswer::Cancelled,
        }
    }
}

const WINDOW: u64 = 7;

/// The arguments of one MAPILogon.
#[derive(Clone, Debug)]
struct Arguments {
    name: Option<String>,
    password: Option<String>,
    flags: SimpleFlags,
    reserved: u32,
}

impl Arguments {
    /// The code that the rows answer, and nothing where they hand all on.
    fn answered(&self, tables: &Tables) -> Option<SimpleCode> {
        let chars = |text: &Option<String>| match text {
            Some(text) => Given::Amount(text.chars().count() as u32),
            None => Given::None,
        };
        let undefined = self.flags.difference(SimpleFlags::all()).bits();
        let given = [
            (Argument::UndefinedFlags, Given::Amount(undefined)),
            (Argument::LogonReserved, Given::Amount(self.reserved)),
            (Argument::Name, chars(&self.name)),
            (Argument::Password, chars(&self.password)),
        ];
        tables.answered(&given)
    }
}

/// Makes the call, and in a twin of the world the one that the rows make of it; notes the row met.
fn walk(
    tables: &Tables,
    (standing, visitor): (Standing, Visitor),
    it: &Arguments,
    met: &mut Vec<String>,
) {
    let says = format!("{it:?}, finds {standing:?}, {visitor:?} there");
    let (world, twin) = (World::new(standing, visitor), World::new(standing, visitor));
    let (simple, extended) = (SimpleMapi::new(&world.mapi), twin.mapi.clone());
    let (name, password) = (it.name.as_deref(), it.password.as_deref());
    let mut twins = None;
    let result = simple.logon(WINDOW, name, password, it.flags, it.reserved);
    if let Some(code) = it.answered(tables) {
        let refusal = result.expect_err(&says);
        assert_eq!(refusal.code(), Some(code), "{says}");
        assert!(!matches!(refusal, SimpleLogonError::Logon(_)), "{says} is handed on");
    } else {
        let handed_on = extended.logon_ex(WINDOW, name, password, tables.becomes(it.flags));
        let answer = match &handed_on {
            Ok(_) => tables.answer(MapiCode::S_OK, Cause::Other),
            Err(LogonError::Refused(refusal)) => tables.answer(refusal.code(), cause(*refusal)),
            Err(LogonError::Withdrawn) => panic!("nobody withdraws it: {says}"),
        };
        let answer = answer.unwrap_or_else(|error| panic!("{error}"));
        met.push(answer.row.clone());
        match (result, handed_on) {
            (Ok(session), Ok(twin)) => {
                assert_eq!(answer.becomes, SimpleCode::SUCCESS_SUCCESS, "{says}");
                assert_eq!(session, SimpleSession(twin.handle().0.0), "{says}");
                assert!(twin.is_shared(), "{says}");
                twins = Some(twin);
            }
            (Err(error), Err(twin)) => {
                assert_eq!(error, SimpleLogonError::Logon(twin), "{says}");
                assert_eq!(error.code(), Some(answer.becomes), "{says}");
            }
            (one, other) => panic!("{says}: {one:?}, not {other:?}"),
        }
    }
    assert!(world.environment.state() == twin.environment.state(), "{says}: another state");
    let steps = |world: &World| world.records.try_iter().collect::<Vec<_>>();
    assert_eq!(steps(&world), steps(&twin), "{says}");
    drop(twins);
}

/// A name or a password of each length that a row begins or ends with, and of some others.
fn samples(name: bool) -> Vec<Option<String>> {
    let (of_four, char) = if name { ("Work", "ä") } else { ("iris", "ö") };
    let texts = [0, 4, 64, 65, 256, 257, 1_000].map(|chars| match chars {
        4 => of_four.to_owned(),
        chars => char.repeat(chars),
    });
    [None].into_iter().chain(texts.map(Some)).collect()
}

#[test]
fn each_logon_is_that_of_mapilogonex_which_the_rows_make_of_it() {
    let tables = tables();
    let (mut met, mut calls) = (Vec::new(), 0);
    for standing in [Standing::Nothing, Standing::SharedSession, Standing::NoRoom] {
        for visitor in [Visitor::Nobody, Visitor::Willing, Visitor::Unwilling] {
            for name in samples(true) {
                for password in samples(false) {
                    for flags in words() {
                        let (name, password) = (name.clone(), password.clone());
                        let it = Arguments { name, password, flags, reserved: 0 };
                        walk(&tables, (standing, visitor), &it, &mut met);
                        calls += 1;
                    }
                }
            }
        }
    }
    assert_eq!(calls, 9 * 8 * 8 * 32);
    assert_met(&tables, MetBy::Logon, &met);
}

#[test]
fn undefined_flags_and_a_reserved_argument_are_answered_as_the_rows_say() {
    let tables = tables();
    let defined = SimpleFlags::all().bits();
    let undefined = (0..32).map(|place| 1_u32 << place).filter(|bit| defined & bit == 0);
    let words = undefined.flat_map(|bit| [bit, bit | defined]).chain([u32::MAX, 0]);
    let mut met = Vec::new();
    for flags in words.map(SimpleFlags::from_bits_retain) {
        for reserved in [0, 1, u32::MAX] {
            for name in [Some("Work".to_owned()), Some("ä".repeat(257))] {
                let it = Arguments { name, password: None, flags, reserved };
                walk(&tables, (Standing::SharedSession, Visitor::Nobody), &it, &mut met);
            }
        }
    }
    assert_eq!(met, ["9a"], "one of them makes sense");
}

#[test]
fn each_logoff_is_what_the_rows_make_of_it() {
    let tables = tables();
    let mut met = Vec::new();
    for which in simple_mapi::Session::ALL {
        for (flags, reserved) in [0, 1, u32::MAX]
            .into_iter()
            .flat_map(|it| [0, 1, u32::MAX].map(|reserved| (it, reserved)))
        {
            let world = World::new(Standing::Nothing, Visitor::Nobody);
            let simple = SimpleMapi::new(&world.mapi);
            let log_on = || simple.logon(0, Some("Work"), None, SimpleFlags::empty(), 0);
            let live = log_on().expect("Work is open");
            let ended = log_on().expect("it joins");
            simple.logoff(ended, 0, 0).expect("it is live");
            let extended = world.mapi.logon().join_existing().call().expect("it joins");
            let foreign = SimpleSession(extended.handle().0.0);
            let session = match which {
                simple_mapi::Session::Live => live,
                simple_mapi::Session::Ended => ended,
                simple_mapi::Session::Foreign => foreign,
                simple_mapi::Session::Zero => SimpleSession(0),
            };
            let given = [
                (Argument::LogoffFlags, Given::Amount(flags)),
                (Argument::LogoffReserved, Given::Amount(reserved)),
                (Argument::Session, Given::Session(which)),
            ];
            let before = world.environment.state();
            let result = simple.logoff(session, flags, reserved);
            let says = format!("{which:?}, flags {flags}, reserved {reserved}");
            match tables.answered(&given) {
                Some(code) => {
                    assert_eq!(result.expect_err(&says).code(), Some(code), "{says}");
                    assert!(world.environment.state() == before, "{says} changed something");
                    simple.logoff(live, 0, 0).expect("the session stays");
                }
                None => {
                    assert_eq!(result, Ok(()), "{says}");
                    let mut handles =
                        world.environment.state().handles().map(|it| it.0.0.0).collect::<Vec<_>>();
                    handles.sort_unstable();
                    assert_eq!(handles, [foreign.0], "{says}: what is left");
                    met.push(
                        tables.answer(MapiCode::S_OK, Cause::Other).expect("a row").row.clone(),
                    );
                }
            }
        }
    }
    met.push(the_loser_of_two_logoffs(&tables));
    assert_met(&tables, MetBy::Logoff, &met);
}

/// Lets two logoffs pass when both are there.
#[derive(Default)]
struct Together {
    here: Mutex<u32>,
    arrived: Condvar,
}

impl Pace for Together {
    fn before(&self, event: &Event) {
        if !matches!(event, Event::LogoffCalled { .. }) {
            return;
        }
        let mut here = self.here.lock().expect("nobody panics with it");
        *here += 1;
        self.arrived.notify_all();
        let at_most = Duration::from_secs(60);
        let waited = self.arrived.wait_timeout_while(here, at_most, |here| *here < 2);
        let (here, _) = waited.expect("nobody panics with it");
        let here = *here;
        assert_eq!(here, 2, "the other logoff does not come so far");
    }
}

/// The row that is met by the second of two logoffs of one session at a time.
fn the_loser_of_two_logoffs(tables: &Tables) -> String {
    let environment = Environment::builder().pace(Together::default()).build();
    environment.profiles().create(NewProfile::new("Work")).expect("the store is empty");
    let simple = SimpleMapi::new(&Mapi::builder().environment(&environment).build());
    let session = simple.logon(0, Some("Work"), None, SimpleFlags::empty(), 0);
    let session = session.expect("Work is open");
    let results = std::thread::scope(|threads| {
        let both = [0, 1].map(|_| threads.spawn(|| simple.logoff(session, 0, 0)));
        both.map(|it| it.join().expect("it does not panic"))
    });
    let lost = results.iter().filter_map(|it| it.err()).collect::<Vec<_>>();
    let [lost @ SimpleLogoffError::Logoff(LogoffError::Refused(refusal))] = lost[..] else {
        panic!("one is refused by the engine: {results:?}");
    };
    let answer = tables.answer(refusal.code(), Cause::Other);
    let answer = answer.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(lost.code(), Some(answer.becomes));
    answer.row.clone()
}

/// What is wrong with the tables: a gap, an overlap, or something that the engine does not do.
fn wrong(tables: &Tables) -> Result<(), String> {
    let flags = [SimpleFlags::empty()].into_iter().chain(SimpleFlags::all().iter());
    if !tables.flags.iter().map(|it| it.flag).eq(flags) {
        return Err("other flags".into());
    }
    for word in words() {
        if word.logon_flags() != Ok(tables.becomes(word)) {
            return Err(format!("{word:?} becomes {:?}", word.logon_flags()));
        }
    }
    let mut met: Vec<&str> = tables.flags.iter().map(|it| it.row.as_str()).collect();
    for argument in Argument::ALL {
        for given in argument.values() {
            met.push(&tables.line(argument, given)?.row);
        }
    }
    for code in MapiCode::ALL.iter().copied().chain([MapiCode(0x8004_0FFF), MapiCode(7)]) {
        let (limit, other) =
            (tables.answer(code, Cause::SessionLimit)?, tables.answer(code, Cause::Other)?);
        met.extend([limit.row.as_str(), &other.row]);
        if SimpleCode::of(code) != other.becomes {
            return Err(format!("{code} becomes {}", SimpleCode::of(code)));
        }
    }
    let rows = tables.rows();
    let is_odd =
        |row: &&&str| !met.contains(*row) || rows.iter().filter(|it| it == row).count() > 1;
    rows.iter().find(is_odd).map_or(Ok(()), |row| Err(format!("row {row}")))
}

#[test]
fn every_case_matches_one_row_and_every_row_is_matched() {
    assert_eq!(wrong(&tables()), Ok(()));
}

#[test]
fn a_row_that_is_missing_is_found_out_whichever_it_is() {
    let rows = TEXT.lines().filter(|line| {
        line.starts_with("| ") && line[2..].starts_with(|char: char| char.is_ascii_digit())
    });
    let rows: Vec<_> = rows.collect();
    assert_eq!(rows.len(), tables().rows().len());
    for row in rows {
        let without = TEXT.replacen(&format!("{row}\n"), "", 1);
        let tables = Tables::read(&without).unwrap_or_else(|error| panic!("{error}"));
        assert_ne!(wrong(&tables), Ok(()), "nobody misses {row}");
    }
}

#[test]
fn every_refusal_gets_the_code_of_its_row_unless_neither_call_meets_that() {
    let tables = tables();
    let check = |code: MapiCode, cause, becomes| {
        let answer = tables.answer(code, cause).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(becomes, Some(answer.becomes), "{code}");
        assert_ne!(answer.met_by, MetBy::Neither, "{code} is answered");
    };
    for refusal in [
        LogonRefusal::NotInitialized,
        LogonRefusal::UnknownFlags { bits: 8 },
        LogonRefusal::TwoDialogs,
        LogonRefusal::Nested,
        LogonRefusal::NoProfile,
        LogonRefusal::MalformedName(NameError::OuterSpace),
        LogonRefusal::ProfileNotFound,
        LogonRefusal::NoDefaultProfile,
        LogonRefusal::AppProfileHidden,
        LogonRefusal::WrongPassword,
        LogonRefusal::UnneededPassword,
        LogonRefusal::SessionLimitReached,
        LogonRefusal::TimedOut,
        LogonRefusal::Cancelled,
    ] {
        let error = SimpleLogonError::from(LogonError::from(refusal));
        check(refusal.code(), cause(refusal), error.code());
    }
    for refusal in [
        LogoffRefusal::NotInitialized,
        LogoffRefusal::InvalidHandle,
        LogoffRefusal::UnknownFlags { bits: 8 },
        LogoffRefusal::Cancelled,
    ] {
        let error = SimpleLogoffError::from(LogoffError::from(refusal));
        check(refusal.code(), Cause::Other, error.code());
    }
    assert_eq!(SimpleLogonError::from(LogonError::Withdrawn).code(), None);
    assert_eq!(SimpleLogoffError::from(LogoffError::Withdrawn).code(), None);
}

#[test]
fn a_row_of_simple_mapi_that_nobody_understands_is_refused_with_its_line() {
    for (change, said) in [
        (("| row | flag", "| row | bit"), "9: expected the columns row, flag, value"),
        (("| 1b | LOGON_UI", "| 1b | LOGON"), "12: no flag `LOGON`"),
        (("0x00000001", "0x00000002"), "12: `LOGON_UI` is 0x00000001"),
        (("OTHERS, EXTENDED", "OTHERS, EXTRA"), "11: no flag `EXTRA` of MAPILogonEx"),
        (("| LOGON_UI | SMP-03", "| LOGON_UI | SMP-99"), "12: no source `SMP-99`"),
        (("| SMP-02 |\n| 1b", "|\n| 1b"), "11: expected 5 cells"),
        (("| MAPILogon | name | none", "| MAPILogon | title | none"), "34: no argument `MAPILo"),
        (("| 0 to 64 |", "| few |"), "35: no value `few`"),
        (("| session | live", "| session | dead"), "45: no value `dead`"),
        (("| none | handed on", "| none | refused"), "34: no code `refused` of Simple MAPI"),
        (("| D-20 |\n| 3a", "| D-99 |\n| 3a"), "31: no source `D-99`"),
        (("\n- **undefined", "\n| a |\n- **undefined"), "50: a second table"),
        (("| 9b | MAPI_E_USER_CANCEL", "| 9b | MAPI_E_CANCEL"), "67: no answer `MAPI_E_CANCEL`"),
        (("| session limit |", "| limit |"), "68: found `limit`, expected one of `*`, `session"),
        (("ABORT | 1 |", "ABORT | 2 |"), "67: `MAPI_E_USER_ABORT` is 1"),
        (("| neither |", "| nobody |"), "70: found `nobody`, expected one of `both`"),
        (("## What an answer becomes", "## What answers become"), "79: no table"),
    ] {
        let complaint = complaint(Tables::read, TEXT, change);
        let expected = format!("{FILE}:{said}");
        assert!(complaint.starts_with(&expected), "{complaint}\nshould begin: {expected}");
    }
}

#[test]
fn arguments_and_answers_with_a_gap_or_an_overlap_are_found_out() {
    let judge = |text: &str| wrong(&Tables::read(text).unwrap_or_else(|error| panic!("{error}")));
    for (change, said) in [
        (("| 65 to 256", "| 66 to 256"), "Name Amount(65) matches 0 rows"),
        (("| 0 to 256", "| 0 to 257"), "Password Amount(257) matches 2 rows"),
        (("| session | ended", "| session | live"), "Session Session(Live) matches 2 rows"),
        (("| other | *", "| MAPI_E_BUSY | *"), "matches 0 rows"),
        (("| session limit |", "| other |"), "SessionLimit, matches 0 rows"),
        (("| MAPI_E_USER_CANCEL |", "| success |"), "S_OK (0x00000000), SessionLimit, matches 2"),
        (("| MAPI_E_NOT_ENOUGH_MEMORY |", "| MAPI_E_BUSY |"), "becomes MAPI_E_INSUFFICIENT_MEM"),
        (("| NEW_SESSION | SMP", "| APP_PROFILE | SMP"), "becomes Ok(LogonFlags(NEW_SESSION"),
        (("| 8b |", "| 8a |"), "row 8a"),
    ] {
        let complaint = complaint(judge, TEXT, change);
        assert!(complaint.contains(said), "{complaint:?} should say {said:?}");
    }
}
