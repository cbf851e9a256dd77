//! FLR-07 to the letter: every row of `specs/tables/provider_results.md`, and every combination
//! that it stands for, on model, core and engine.

use crate::{
    complaint,
    provider_results::{
        Attempt, Dialogs, EntryFunction, FILE, LogonResult, Returned, TEXT, Tables, UserSays,
        the_row,
    },
    provider_results_core::{a_transport_is_left_alone_by_the_core, in_the_core},
    provider_results_engine::{a_transport_is_left_alone_by_the_engine, in_the_engine},
    provider_results_model::{a_transport_is_left_alone_by_the_model, in_the_model},
    provider_results_series::{Caller, Case, Kind, Met, Occasion, Story, Telling, tellings},
};

fn tables() -> Tables {
    Tables::read(TEXT).unwrap_or_else(|error| panic!("{error}"))
}

/// Every combination of all three tables, which have nothing to say of a third attempt.
fn combinations() -> Vec<Met> {
    let answers = Attempt::ALL.into_iter().flat_map(|attempt| {
        LogonResult::ALL.into_iter().flat_map(move |result| {
            Dialogs::ALL.into_iter().flat_map(move |dialogs| {
                EntryFunction::ALL.map(|entry| Met::Answer((attempt, result, dialogs, entry)))
            })
        })
    });
    let replies = UserSays::ALL
        .into_iter()
        .flat_map(|answer| EntryFunction::ALL.map(|entry| Met::Reply((answer, entry))));
    answers.chain(replies).chain(Returned::ALL.map(Met::Return)).collect()
}

/// The row of a combination.
fn row_of(tables: &Tables, it: Met) -> Result<&str, String> {
    match it {
        Met::Answer(it) => the_row(&tables.answers, it).map(|line| line.row.as_str()),
        Met::Reply(it) => the_row(&tables.replies, it).map(|line| line.row.as_str()),
        Met::Return(it) => the_row(&tables.returns, it).map(|line| line.row.as_str()),
    }
}

/// Every series there is of this kind and occasion, with what the tables make of it.
fn series(tables: &Tables, kind: Kind, occasion: Occasion) -> Vec<(Case, Telling)> {
    let mut series = Vec::new();
    let is_heard = |it: &Caller| occasion != Occasion::Demand || it.has_mail();
    for caller in Caller::all().filter(is_heard) {
        for entry in EntryFunction::ALL {
            let told = tellings(tables, occasion, caller.dialogs(occasion), entry);
            for telling in told.unwrap_or_else(|error| panic!("{error}")) {
                let script = telling.script.clone();
                series.push((Case { kind, occasion, caller, entry, script }, telling));
            }
        }
    }
    series
}

/// Goes through every series, and through every combination of the tables with it.
fn walk(who: &str, tell: impl Fn(&Case) -> Result<Story, String>) {
    let tables = tables();
    for kind in Kind::ALL {
        for &occasion in kind.occasions() {
            let mut met = Vec::new();
            for (case, telling) in series(&tables, kind, occasion) {
                let rows: Vec<_> = telling.met.iter().map(|(_, row)| row.as_str()).collect();
                let expected = Ok(case.story(&telling));
                assert_eq!(tell(&case), expected, "{who}, rows {}: {case:?}", rows.join(", "));
                met.extend(telling.met.iter().map(|(it, _)| *it));
            }
            for it in combinations() {
                let expected = can_be_met(occasion, it);
                assert_eq!(met.contains(&it), expected, "{who}, {kind:?}, {occasion:?}: {it:?}");
            }
        }
    }
}

/// Whether a series with this occasion can come to this combination.
fn can_be_met(occasion: Occasion, it: Met) -> bool {
    let is_a_deadline =
        matches!(it, Met::Reply((UserSays::Deadline, _)) | Met::Return(Returned::Deadline));
    let takes_dialogs = matches!(it, Met::Answer((_, _, Dialogs::Permitted, _)) | Met::Reply(_));
    match occasion {
        Occasion::Logon => true,
        // The deadline of an open ends the call and is no answer to anybody (CAN-02).
        Occasion::OpenFailed | Occasion::OpenLoggedOff => !is_a_deadline,
        // The spooler has neither a deadline nor anybody to ask (ORD-05, D-30).
        Occasion::Demand => !is_a_deadline && !takes_dialogs,
    }
}

/// Nothing is started on a profile of transports for Windows services, whoever asks for it.
fn leave_alone(who: &str, leave: impl Fn(&Case) -> Result<(), String>) {
    let (kind, occasion) = (Kind::Transport, Occasion::Demand);
    for caller in Caller::all().filter(|it| !it.has_mail()) {
        for entry in EntryFunction::ALL {
            let case = Case { kind, occasion, caller, entry, script: Vec::new() };
            assert_eq!(leave(&case), Ok(()), "{who}: {case:?}");
        }
    }
}

#[test]
fn the_model_goes_on_as_the_rows_say() {
    walk("the model", in_the_model);
    leave_alone("the model", a_transport_is_left_alone_by_the_model);
}

#[test]
fn the_core_goes_on_as_the_rows_say() {
    walk("the core", in_the_core);
    leave_alone("the core", a_transport_is_left_alone_by_the_core);
}

#[test]
fn the_engine_goes_on_as_the_rows_say() {
    walk("the engine", in_the_engine);
    leave_alone("the engine", a_transport_is_left_alone_by_the_engine);
}

#[test]
fn every_combination_of_answers_matches_one_row_and_every_row_is_matched() {
    let tables = tables();
    let mut met = Vec::new();
    for it in combinations() {
        met.push(row_of(&tables, it).unwrap_or_else(|error| panic!("{error}")));
    }
    assert_eq!(met.len(), 80 + 12 + 4);
    let rows = tables.rows();
    for row in &rows {
        let same = rows.iter().filter(|it| *it == row).count();
        assert_eq!((met.contains(row), same), (true, 1), "row {row}");
    }
}

#[test]
fn every_row_is_on_the_way_of_a_series() {
    let tables = tables();
    let all = |occasion| {
        let series = series(&tables, Kind::Store, occasion);
        let met = series.iter().flat_map(|(_, telling)| &telling.met);
        (series.len(), met.map(|(_, row)| row.clone()).collect::<Vec<_>>())
    };
    let (logons, at_logon) = all(Occasion::Logon);
    let (opens, at_open) = all(Occasion::OpenFailed);
    assert_eq!((logons, opens), (743, 623), "the number of ways through the tables");
    for row in tables.rows() {
        assert!(at_logon.iter().any(|it| it == row), "row {row}, at a logon");
        let is_a_deadline = row == "12" || row == "14";
        assert_eq!(at_open.iter().any(|it| it == row), !is_a_deadline, "row {row}, at an open");
    }
}

#[test]
fn a_row_of_results_that_nobody_understands_is_refused_with_its_line() {
    for (change, said) in [
        (("| row | attempt", "| row | try"), "9: expected the columns row, attempt, result"),
        (("1a | * | ok", "1a | 3 | ok"), "11: found `3`, expected one of `1`, `2`, `*`"),
        (("1a | * | ok", "1a | * | fine"), "11: found `fine`, expected one of `ok`, `warning`"),
        (("| * | * | running", "| ja | * | running"), "11: found `ja`, expected one of `yes`"),
        (("| * | running", "| maybe | running"), "11: found `maybe`, expected one of `yes`"),
        (("| running | FLR-07", "| runs | FLR-07"), "11: found `runs`, expected one of `running`"),
        (("| FLR-11 |", "| FLR-99 |"), "12: no requirement `FLR-99`"),
        (("| FLR-11 |", "|"), "12: expected 7 cells"),
        (("\n- **attempt**", "\n| a |\n- **attempt**"), "34: a second table"),
        (("| 8 | retry", "| 8 | again"), "50: found `again`, expected one of `retry`"),
        (("## What the user answers", "## What the user says"), "88: no table"),
        (("| 14 | deadline", "| 14 | late"), "71: found `late`, expected one of `ok`"),
    ] {
        let complaint = complaint(Tables::read, TEXT, change);
        let expected = format!("{FILE}:{said}");
        assert!(complaint.starts_with(&expected), "{complaint}\nshould begin: {expected}");
    }
}

#[test]
fn results_with_a_gap_an_overlap_or_a_third_attempt_are_found_out() {
    let judge = |text: &str| {
        let tables = Tables::read(text).unwrap_or_else(|error| panic!("{error}"));
        let single = combinations().into_iter().map(|it| row_of(&tables, it).map(str::to_owned));
        let single = single.collect::<Result<Vec<_>, _>>().map(drop);
        let (dialogs, entry) = (Dialogs::Permitted, EntryFunction::Present);
        let path = tellings(&tables, Occasion::Logon, dialogs, entry).map(drop);
        single.and(path)
    };
    for (change, said) in [
        (("| 4b | 1 | session_limit | yes", "| 4b | 2 | session_limit | yes"), "matches 0 rows"),
        (("| 3a | 1 | unconfigured | * | yes", "| 3a | 1 | unconfigured | * | *"), "3a, 3b"),
        (("| 9b | correct | no", "| 9b | correct | yes"), "matches 2 rows: 9a, 9b"),
        (("| 13a | ok", "| 13a | deadline"), "Ok matches 0 rows"),
        (("| * | * | disabled | FLR-15", "| * | * | second attempt | FLR-15"), "a third attempt"),
        (("| * | disabled | FLR-12", "| * | ask | FLR-12"), "a third attempt"),
    ] {
        let complaint = complaint(judge, TEXT, change);
        assert!(complaint.contains(said), "{complaint:?} should say {said:?}");
    }
}
