//! The program `verify` from outside: its exit codes, each by a real situation, and its files.

#[path = "verify_cli/explorer.rs"]
mod explorer;
#[path = "verify_cli/folder.rs"]
mod folder;

use std::{fs, net::TcpListener, process::Command};

use serde_json::Value;
use tempfile::TempDir;

use explorer::Explorer;
use folder::{SMALL, Specs, assert_exit, said};

#[test]
fn help_shows_examples_and_exit_codes() {
    let specs = Specs::new();
    assert_exit(&specs.verify(&["--help"]), 0, &["Examples:", "cargo verify faults", "  23  "]);
    assert_exit(&specs.verify(&["check", "--help"]), 0, &["Example:", "--fault"]);
}

#[test]
fn list_names_scopes_properties_and_goals() {
    let specs = Specs::new();
    let output = specs.verify(&["list"]);
    assert_exit(
        &output,
        0,
        &["small: One client", "INV-46", "[stated; bites later]", "RCH-01", "faults"],
    );
    let list = specs.found(&["list", "--json"]);
    assert_eq!(list["scopes"][1]["name"], "small");
    let first = |place: usize| list["properties"][place].as_str().unwrap_or_default().to_owned();
    assert!(first(0).starts_with("INV-46:") && first(1).starts_with("INV-06:"));
}

#[test]
fn a_scope_that_is_as_pinned_holds() {
    let specs = Specs::new();
    specs.pin("pair");
    let output = specs.verify(&["check", "pair"]);
    assert_exit(&output, 0, &["INV-46", "stated", "REST", "holds; exit code 0"]);
    assert_exit(&specs.verify(&["lockstep", "pair"]), 0, &["agrees"]);
    assert_exit(&specs.verify(&["check", "pair", "--checker", "stateright"]), 0, &["holds"]);
}

#[test]
fn interchangeable_clients_halve_the_states_and_change_nothing_else() {
    let specs = Specs::new();
    specs.pin("pair");
    let whole = specs.found(&["check", "pair", "--json"]);
    let half = specs.found(&["check", "pair", "--symmetry", "--json"]);
    let (whole, half) = (&whole["scopes"][0], &half["scopes"][0]);
    assert_eq!((&whole["permutations"], &half["permutations"]), (&1.into(), &2.into()));
    let states = |it: &Value| it["states"].as_u64().expect("it is a number");
    assert!(states(half) < states(whole) && states(half) * 2 >= states(whole));
    assert_eq!((&whole["depth"], &whole["verdict"]), (&half["depth"], &half["verdict"]));
    let outcomes = |it: &Value| -> Vec<_> {
        let properties = it["properties"].as_array().expect("it is a list").iter();
        let asked = properties.filter(|it| it["kind"] != "rest");
        asked.map(|it| [&it["id"], &it["result"], &it["length"]].map(Value::clone)).collect()
    };
    assert_eq!(outcomes(whole), outcomes(half));
    let fault = ["check", "pair", "--symmetry", "--fault", "Join-forgets-Settle"];
    assert_exit(&specs.verify(&fault), 12, &["D-21", "VIOLATED"]);
    assert_exit(&specs.verify(&["check", "small", "--symmetry"]), 2, &["interchangeable"]);
    let both = ["check", "pair", "--symmetry", "--checker", "stateright"];
    assert_exit(&specs.verify(&both), 2, &["cannot be used with"]);
}

#[test]
fn a_scope_of_ones_own_is_not_held_against_pins_or_goals() {
    let specs = Specs::new();
    let own = specs.path("own.toml");
    fs::copy(specs.path("scopes/pair.toml"), &own).expect("it can be copied");
    let own = own.display().to_string();
    assert_exit(&specs.verify(&["check", &own]), 0, &["holds; exit code 0"]);
}

#[test]
fn verdict_junit_and_summary_say_the_same() {
    let specs = Specs::new();
    let output = specs.verify(&["check", "pair", "--fault", "Join-forgets-Settle", "--json"]);
    let code = output.status.code();
    let printed: Value = serde_json::from_slice(&output.stdout).expect("it is one JSON object");
    let read = |name: &str| fs::read_to_string(specs.path("results").join(name));
    let written = read("verdict.json").expect("it was written");
    assert_eq!(serde_json::from_str::<Value>(&written).expect("it is JSON"), printed);
    assert_eq!(printed["exit_code"].as_i64(), code.map(i64::from));
    let findings = printed["findings"].as_array().expect("it is a list");
    assert!(!findings.is_empty());
    let junit = read("junit.xml").expect("it was written");
    let summary = read("summary.md").expect("it was written");
    for finding in findings {
        let what = finding["what"].as_str().expect("it has words");
        assert!(summary.contains(what), "{what:?} is not in the summary");
    }
    assert!(junit.contains("<testsuites") && junit.contains("<failure"), "{junit}");
    assert!(summary.contains("```mermaid\nsequenceDiagram"), "{summary}");
}

#[test]
fn what_is_unknown_is_refused_with_what_is_known() {
    let specs = Specs::new();
    specs.pin("pair");
    let before = specs.everything();
    for (arguments, words) in [
        (&["check", "peer"][..], &["unknown scope \"peer\"", "pair, small"][..]),
        (&["check", "pair", "--fault", "Join-rarely"], &["Join-without-MayJoin"]),
        (&["check", "pair", "--fault", "Leap-never"], &["unknown fault"]),
        (&["check", "missing.toml"], &["missing.toml: cannot be read"]),
        (&["check", "pair", "--tier", "deep"], &["pair: no table [deep]"]),
        (&["faults", "--tier", "deep"], &["this command knows no tier"]),
        (&["check", "pair", "--memory", "much"], &["expected a number of bytes"]),
        (&["record", "RCH-99"], &["unknown property \"RCH-99\""]),
        (&["record", "INV-01", "--scope", "pair"], &["name a --fault"]),
        (&["replay", "missing.itf.json"], &["missing.itf.json: cannot be read"]),
        (&["prove"], &["prove"]),
    ] {
        assert_exit(&specs.verify(arguments), 2, words);
    }
    assert_eq!(specs.everything(), before, "a refusal writes nothing");
}

#[test]
fn a_malformed_scope_is_refused_with_file_and_line() {
    let specs = Specs::new();
    for (from, to, line, words) in [
        ("\"USE_DEFAULT\"", "\"USE_DEFUALT\"", 15, "unknown flag `USE_DEFUALT`"),
        ("default = \"Home\"", "default = \"Hoem\"", 20, "expected one of Home"),
        ("clients = 1", "clients = 99", 3, "at most"),
        ("sessions = 1", "sesions = 1", 6, "sesions"),
        ("[\"release\"]", "[\"relaese\"]", 7, "unknown call `relaese`"),
    ] {
        let text = SMALL.replacen(from, to, 1);
        assert_ne!(text, SMALL);
        specs.write("scopes/small.toml", &text);
        let before = specs.everything();
        for arguments in [&["check", "small"][..], &["list"], &[], &["bless"]] {
            let place = format!("small.toml:{line}: ");
            assert_exit(&specs.verify(arguments), 2, &[&place, words]);
        }
        assert_eq!(specs.everything(), before, "a refusal writes nothing");
    }
}

#[test]
fn malformed_pins_are_refused_with_file_and_line() {
    for (file, text, words) in [
        ("baselines.tsv", "scope\tstates\n", "baselines.tsv: line 1"),
        ("lockstep.tsv", "scope\tstates\tedges\n", "lockstep.tsv:1: expected the header"),
        ("coverage.txt", "goal\tpair\nRCH-99\t1\n", "coverage.txt:2: unknown goal"),
        ("faults.tsv", "fault\n", "faults.tsv:1: expected the header"),
        (
            "unobservable.tsv",
            "fault\tunnoticed_by\treason\nJoin-rarely\tcore\tit is\n",
            "unobservable.tsv:2: unknown fault",
        ),
    ] {
        let specs = Specs::new();
        specs.write(file, text);
        let before = specs.everything();
        for arguments in [&["check", "pair"][..], &[], &["bless"]] {
            assert_exit(&specs.verify(arguments), 2, &[words]);
        }
        assert_eq!(specs.everything(), before, "a refusal writes nothing");
    }
}

#[test]
fn a_fault_that_a_property_notices_is_12_with_its_story() {
    let specs = Specs::new();
    specs.pin("pair");
    let fault = "Join-forgets-GiveTargetHandle";
    let output = specs.verify(&["check", "pair", "--fault", fault]);
    assert_exit(&output, 12, &["B calls MAPILogonEx", "Join", "violated: pair: INV-"]);
}

#[test]
fn a_state_that_cannot_reach_rest_is_13() {
    let specs = Specs::new();
    specs.pin("pair");
    // A logon that does not get beyond the question whether it joins keeps the mutex for ever.
    let output = specs.verify(&["check", "pair", "--fault", "DoNotJoin-never"]);
    assert_exit(&output, 13, &["REST"]);
}

#[test]
fn a_faulty_model_parts_from_the_core_and_that_is_20() {
    let specs = Specs::new();
    let fault = "Join-forgets-GiveTargetHandle";
    let output = specs.verify(&["lockstep", "pair", "--fault", fault]);
    assert_exit(&output, 20, &["Then they differ", "diverges after 11 steps"]);
}

#[test]
fn a_goal_that_is_missed_is_21() {
    let specs = Specs::new();
    // The whole verdict on two tiny scopes: nearly every goal is out of reach.
    let found = specs.found(&["--json"]);
    let wrong: Vec<_> = found["findings"]
        .as_array()
        .expect("it is a list")
        .iter()
        .filter_map(|it| it["wrong"].as_str())
        .collect();
    for kind in ["coverage", "drift", "unnoticed"] {
        assert!(wrong.contains(&kind), "{kind} is not among the findings");
    }
    assert_eq!(found["exit_code"], 24, "of all those this is the most important");
    // What is pinned as reached and is out of reach with a fault.
    specs.pin("pair");
    let output = specs.verify(&["bless"]);
    assert_exit(&output, 21, &["no scope reaches RCH-01", "nothing was written"]);
}

#[test]
fn counts_that_differ_from_the_pinned_ones_are_22() {
    let specs = Specs::new();
    assert_exit(&specs.verify(&["check", "pair"]), 22, &["its size is not pinned"]);
    specs.pin("pair");
    for (file, command) in
        [("baselines.tsv", "check"), ("coverage.txt", "check"), ("lockstep.tsv", "lockstep")]
    {
        let path = specs.path(file);
        let text = fs::read_to_string(&path).expect("it was pinned");
        let last = text.trim_end().rsplit('\t').next().expect("there is a last column");
        let edited = format!("{}{}1\n", text.trim_end().trim_end_matches(last), last);
        fs::write(&path, &edited).expect("it can be written");
        assert_exit(&specs.verify(&[command, "pair"]), 22, &["not as pinned: pair", "pinned"]);
        let after = fs::read_to_string(&path).expect("it is there");
        assert_eq!(after, edited, "a check pins nothing");
        fs::write(&path, text).expect("it can be written");
    }
    assert_exit(&specs.verify(&["check", "pair"]), 0, &[]);
}

#[test]
fn moves_and_ids_are_held_against_what_is_recorded_of_them() {
    let specs = Specs::new();
    let row = "| Shared | Draining | Leap |";
    let diagram =
        format!("## The life of a session\n\n| from | to | rules |\n|---|---|---|\n{row}\n");
    specs.write("transitions.md", &diagram);
    let head = "| id | strength | requirement | source | status |\n|---|---|---|---|---|\n";
    let rules = format!("{head}| SHR-01 | R | It holds. | D-01 | modelled |\n");
    specs.write("rules/SHR.md", &rules);
    specs.write("decisions/D-01.md", "# D-01\n");
    let found = |wrong: &str| {
        let found = specs.found(&["--json"]);
        let findings = found["findings"].as_array().expect("it is a list").clone();
        let of_kind = findings.into_iter().filter(|it| it["wrong"] == wrong);
        of_kind.map(|it| it["what"].as_str().expect("it has words").to_owned()).collect::<Vec<_>>()
    };
    let drift = found("drift");
    for what in [
        "transitions.md: no longer occurs: a session moves from Shared to Draining by Leap",
        "transitions.md: is not recorded: a session moves from Shared to Draining by ReleaseLive",
        "coverage.txt: is not recorded: \"D-01\\tdecided",
    ] {
        assert!(drift.iter().any(|it| it.starts_with(what)), "{what:?} is not in {drift:#?}");
    }
    let hole = "SHR-01 has nothing for `traces`, and no reason is listed";
    assert!(found("coverage").contains(&hole.to_owned()));
    let reasons = "id\tcolumn\treason\nSHR-01\ttraces\tnone is there\nD-01\trests_on_it\tit is\n";
    specs.write("uncovered.tsv", reasons);
    assert!(!found("coverage").contains(&hole.to_owned()));
    let needless = "uncovered.tsv: D-01 needs no reason to have nothing for `rests_on_it`";
    assert!(found("drift").contains(&needless.to_owned()));
}

#[test]
fn what_is_cut_short_is_23() {
    let specs = Specs::new();
    specs.pin("pair");
    for limit in [["--states", "20"], ["--memory", "1"], ["--time", "0"]] {
        for command in [
            &["check", "pair"][..],
            &["check", "pair", "--checker", "stateright"],
            &["lockstep", "pair"],
            &["faults", "pair"],
            &[],
            &["bless"],
        ] {
            let output = specs.verify(&[command, &limit[..]].concat());
            assert_exit(&output, 23, &["inconclusive"]);
        }
    }
}

#[test]
fn a_fault_that_nothing_notices_is_24() {
    let specs = Specs::new();
    specs.pin("pair");
    // Every logon of this scope may join.
    let fault = "Join-without-MayJoin";
    assert_exit(&specs.verify(&["check", "pair", "--fault", fault]), 24, &["nothing notices"]);
    assert_exit(&specs.verify(&["lockstep", "pair", "--fault", fault]), 24, &["does not part"]);
    let listed = format!("fault\tunnoticed_by\treason\n{fault}\tboth\tevery logon may join\n");
    specs.write("unobservable.tsv", &listed);
    assert_exit(&specs.verify(&["check", "pair", "--fault", fault]), 0, &[]);
    assert_exit(&specs.verify(&["lockstep", "pair", "--fault", fault]), 0, &[]);
}

#[test]
fn the_deep_tier_raises_bounds_and_has_its_own_pins() {
    let specs = Specs::new();
    let deep = ["--tier", "deep"];
    let bounds = "\n[deep]\nhandles_per_client = 2\nsessions = 2\n";
    specs.write("scopes/small.toml", &format!("{SMALL}{bounds}"));
    assert_exit(&specs.verify(&deep), 22, &["small: its size is not pinned"]);
    let before = specs.everything();
    let blessed = specs.verify(&[&["bless"][..], &deep].concat());
    assert_exit(&blessed, 0, &["deep.tsv", "1 of 1 files rewritten"]);
    let path = specs.path("deep.tsv");
    let pinned = fs::read_to_string(&path).expect("it was written");
    let mut after = specs.everything();
    after.retain(|(file, _)| *file != path);
    assert_eq!(after, before, "nothing else is written");
    assert_exit(&specs.verify(&deep), 0, &["small", "agrees", "holds; exit code 0"]);
    let states = |arguments: &[&str]| {
        specs.found(arguments)["scopes"][0]["states"].as_u64().expect("it is a number")
    };
    let (flat, deepened) = (["check", "small", "--json"], ["check", "small", "--json"]);
    assert!(states(&[&deepened[..], &deep].concat()) > states(&flat), "{pinned}");
    specs.write("deep.tsv", &pinned.replace("small\t", "small\t1"));
    assert_exit(&specs.verify(&deep), 22, &["small: found", "pinned are"]);
}

#[test]
fn faults_are_shown_with_what_notices_them() {
    let specs = Specs::new();
    let output = specs.verify(&["faults", "pair"]);
    assert_exit(&output, 0, &["forgets-GiveTargetHandle", "INV-14", "nothing", "nowhere"]);
    let found = specs.found(&["faults", "pair", "--json"]);
    let faults = found["faults"].as_array().expect("it is a list");
    let fault = faults.iter().find(|it| it["fault"] == "Join-forgets-GiveTargetHandle");
    let fault = fault.expect("every fault is there");
    assert_eq!(fault["noticed"]["length"], 11);
    assert_eq!(fault["parts"]["length"], 11);
}

#[test]
fn a_trace_is_recorded_replayed_and_drawn() {
    let specs = Specs::new();
    let file = specs.path("joins.itf.json");
    // The scope lies beside the trace, as one's own scopes do.
    let file = file.to_str().expect("it is text");
    let recorded = specs.verify(&["record", "Join", "--scope", "pair", "--out", file]);
    assert_exit(&recorded, 0, &["11 steps"]);
    assert_exit(&specs.verify(&["replay", file]), 0, &["A calls MAPILogonEx", "The end"]);
    for on in ["model", "core", "engine", "model,engine"] {
        assert_exit(&specs.verify(&["replay", file, "--on", on]), 0, &["The end"]);
    }
    assert_exit(&specs.verify(&["draw", file]), 0, &["sequenceDiagram"]);
    assert!(specs.found(&["replay", file, "--json"])["story"].is_string());
    assert!(specs.found(&["draw", file, "--json"])["diagram"].is_string());
    let text = fs::read_to_string(file).expect("it was written");
    let cut = &text[..text.len() / 2];
    fs::write(file, cut).expect("it can be written");
    assert_exit(&specs.verify(&["replay", file]), 2, &["joins.itf.json:"]);
    fs::write(file, text.replacen("\"Home\"", "\"Work\"", 1)).expect("it can be written");
    let output = specs.verify(&["replay", file]);
    assert!(matches!(output.status.code(), Some(2 | 22)), "{}", said(&output));
}

#[test]
fn a_counterexample_is_recorded_and_replayed_with_its_fault() {
    let specs = Specs::new();
    let fault = ["--fault", "Join-forgets-GiveTargetHandle"];
    let file = specs.path("inv14.itf.json");
    let file = file.to_str().expect("it is text");
    let record = ["record", "INV-14", "--scope", "pair", "--out", file];
    assert_exit(&specs.verify(&[&record[..], &fault].concat()), 0, &["11 steps"]);
    let output = specs.verify(&["replay", file]);
    assert_exit(&output, 0, &["Here the sound protocol parts", "violates the property"]);
    assert_exit(&specs.verify(&["replay", file, "--on", "core"]), 0, &[]);
}

#[test]
fn a_committed_trace_that_no_longer_fits_is_22() {
    let specs = Specs::new();
    let file = specs.path("traces/joins.itf.json");
    fs::create_dir_all(specs.path("traces")).expect("it can be made");
    let name = file.to_str().expect("it is text");
    assert_exit(&specs.verify(&["record", "Join", "--scope", "pair", "--out", name]), 0, &[]);
    let traces = |found: &Value| found["traces"][0]["failure"].clone();
    assert_eq!(traces(&specs.found(&["--json"])), Value::Null);
    // One client less, and the second logon of the trace cannot happen any more.
    let alone = fs::read_to_string(specs.path("scopes/pair.toml")).expect("it is there");
    specs.write("scopes/pair.toml", &alone.replace("[\"A\", \"B\"]", "[\"A\"]"));
    assert!(traces(&specs.found(&["--json"])).is_string());
    assert_exit(&specs.verify(&["replay", name]), 22, &["joins.itf.json:"]);
}

#[test]
fn the_explorer_serves_pages_with_pictures() {
    let specs = Specs::new();
    let explorer = Explorer::serve(&specs);
    let page = explorer.fetch("/");
    assert!(page.starts_with("HTTP/1.1 200"), "{page}");
    let status = explorer.fetch("/.status");
    assert!(status.contains("every invariant holds"), "{status}");
    let steps = explorer.fetch("/.states/0/0");
    assert!(steps.contains("A calls MAPILogonEx") || steps.contains("goes on"), "{steps}");
    assert!(steps.contains("<svg"), "{steps}");
}

#[test]
fn a_port_in_use_is_a_clear_error() {
    let specs = Specs::new();
    let taken = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    let address = taken.local_addr().expect("it is bound").to_string();
    let output = specs.verify(&["explore", "pair", &address]);
    assert_exit(&output, 2, &["cannot listen on", &address, "port 0"]);
    assert_exit(&specs.verify(&["explore", "pair", "nowhere"]), 2, &["cannot listen on nowhere"]);
}

#[test]
fn a_folder_without_scopes_is_refused() {
    let empty = TempDir::new().expect("there is room for a folder");
    let mut command = Command::new(env!("CARGO_BIN_EXE_verify"));
    command.arg("list").arg("--specs").arg(empty.path());
    let output = command.output().expect("the program can be run");
    assert_exit(&output, 2, &["expected a folder with a folder `scopes`"]);
}
