//! A folder like `specs/`, with two scopes so small that they take no time, and the program run
//! on it.

use std::{
    fs,
    path::PathBuf,
    process::{Command, Output},
};

use serde_json::Value;
use tempfile::TempDir;

/// One client that logs on and goes.
pub(crate) const SMALL: &str = r#"purpose = "One client that logs on and goes."

clients = 1
handles_per_client = 1
calls_in_progress = 1
sessions = 1
calls = ["release"]

[[profile]]
name = "Home"
services = []

[[request]]
name = "the default"
flags = ["USE_DEFAULT", "ALLOW_OTHERS"]
profile = "none"
password = "none"

[[start]]
default = "Home"
initialized = ["A"]
"#;

/// A folder like `specs/`, and the program run on it.
pub(crate) struct Specs(TempDir);

impl Specs {
    pub(crate) fn new() -> Self {
        let specs = Self(TempDir::new().expect("there is room for a folder"));
        specs.write("scopes/small.toml", SMALL);
        specs.write("unviolated.tsv", "property\treason\nINV-46\tstated; bites later\n");
        let pair = SMALL
            .replace("clients = 1", "clients = 2")
            .replace("sessions = 1", "sessions = 2")
            .replace("[\"A\"]", "[\"A\", \"B\"]");
        specs.write("scopes/pair.toml", &pair);
        specs
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let file = self.path(name);
        fs::create_dir_all(file.parent().expect("it is in a folder")).expect("it can be made");
        fs::write(file, text).expect("it can be written");
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_verify"));
        command.args(arguments).arg("--specs").arg(self.0.path());
        if !arguments.contains(&"--out") {
            command.arg("--out").arg(self.path("results"));
        }
        command
    }

    pub(crate) fn verify(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the program can be run")
    }

    /// Pins what `check` found, as `bless` would.
    pub(crate) fn pin(&self, scope: &str) {
        let found = self.found(&["check", scope, "--json"]);
        let scope = &found["scopes"][0];
        let number = |key: &str| scope[key].as_u64().expect("it is a number").to_string();
        let name = scope["scope"].as_str().expect("it has a name");
        let counts = ["states", "edges", "self_loops", "depth"].map(number).join("\t");
        let baselines = format!("scope\tstates\tedges\tself_loops\tdepth\n{name}\t{counts}\n");
        self.write("baselines.tsv", &baselines);
        let product = &self.found(&["lockstep", name, "--json"])["lockstep"][0];
        let number = |key: &str| product[key].as_u64().expect("it is a number").to_string();
        let sizes = ["states", "edges", "refused"].map(number).join("\t");
        self.write("lockstep.tsv", &format!("scope\tstates\tedges\trefused\n{name}\t{sizes}\n"));
        let mut coverage = format!("goal\t{name}\n");
        for it in scope["properties"].as_array().expect("it is a list") {
            if it["result"] == "reached" {
                let id = it["id"].as_str().expect("it has an id");
                coverage.push_str(&format!("{id}\t{}\n", it["length"]));
            }
        }
        self.write("coverage.txt", &coverage);
    }

    /// The one JSON object that the program prints.
    pub(crate) fn found(&self, arguments: &[&str]) -> Value {
        let output = self.verify(arguments);
        serde_json::from_slice(&output.stdout).expect("standard output is one JSON object")
    }

    /// Every file with its contents.
    pub(crate) fn everything(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut files = Vec::new();
        let mut folders = vec![self.0.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).expect("it can be read") {
                let path = entry.expect("it can be read").path();
                match path.is_dir() {
                    true => folders.push(path),
                    false => files.push((path.clone(), fs::read(path).expect("it can be read"))),
                }
            }
        }
        files.sort();
        files
    }
}

pub(crate) fn said(output: &Output) -> String {
    let (out, err) = (&output.stdout, &output.stderr);
    format!("{}{}", String::from_utf8_lossy(out), String::from_utf8_lossy(err))
}

#[track_caller]
pub(crate) fn assert_exit(output: &Output, code: i32, words: &[&str]) {
    let said = said(output);
    assert_eq!(output.status.code(), Some(code), "{said}");
    for word in words {
        assert!(said.contains(word), "{word:?} is not in: {said}");
    }
}
