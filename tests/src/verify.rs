//! The program `verify`: the whole verdict, and its parts.
//!
//! [`main`] reads the command line and hands over to one function a command. What a command finds
//! is a [`Verdict`]: data, made into tables, files and an exit code at the end.
//! Nothing here knows the protocol; that is in the model, the core, lock-step and traces.

pub mod bless;
pub mod breakers;
pub mod cli;
pub mod deep;
pub mod diagrams;
pub mod files;
pub mod finding;
pub mod headline;
pub mod hunt;
pub mod ids;
pub mod list;
pub mod lives;
pub mod output;
pub mod parting;
pub mod pins;
pub mod pool;
pub mod record;
pub mod replay;
pub mod search;
pub mod survey;
pub mod tables;
pub mod told;
pub mod transitions;
pub mod verdict;
pub mod walk;
pub mod walkabout;
pub mod whole;
pub mod work;

use std::{
    ffi::OsString,
    panic::{self, AssertUnwindSafe, catch_unwind},
    process::ExitCode,
};

use clap::Parser;
use mapi_session_model::Fault;
use serde::Serialize;

use cli::{Checker, Cli, Command, Common, Tier};
use finding::Wrong;
use output::{Output, peak_memory};
use verdict::Verdict;
use work::{Unusable, Work};

/// The exit code for whatever cannot be carried out at all.
const UNUSABLE: u8 = 2;

/// Reads the command line, does what it says, and says how it went.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // Nobody reads what cannot be printed; the code says enough.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { UNUSABLE } else { 0 });
        }
    };
    let Cli { command, common } = cli;
    // Whatever panics has proved nothing. Searches catch panics of the model and report them, and
    // faulty models may panic by the hundred, so none is printed where it happens.
    panic::set_hook(Box::new(|_| {}));
    let done = catch_unwind(AssertUnwindSafe(|| run(command, &common)));
    let code = match done {
        Ok(Ok(code)) => code,
        Ok(Err(error)) => refuse(&common, UNUSABLE, &error.to_string()),
        Err(panic) => {
            let what = format!("verify itself failed: {}", pool::message(&*panic));
            refuse(&common, Wrong::Inconclusive.code(), &what)
        }
    };
    ExitCode::from(code)
}

/// What programs are told instead of a result.
#[derive(Serialize)]
struct Refusal<'a> {
    exit_code: u8,
    error: &'a str,
}

fn refuse(common: &Common, code: u8, error: &str) -> u8 {
    let output = Output::new(common.json);
    output.object(&Refusal { exit_code: code, error });
    output.complain(error);
    code
}

fn run(command: Option<Command>, common: &Common) -> Result<u8, Unusable> {
    let work = Work::prepare(common)?;
    if work.tier == Tier::Deep {
        return run_deep(command, &work);
    }
    match command {
        None => {
            let verdict = whole::whole(&work)?;
            conclude(&work, verdict)
        }
        Some(Command::List) => list::list(&work),
        Some(Command::Check { scope, fault, checker, symmetry }) => {
            check(&work, &scope, fault, Search::of(checker, symmetry))
        }
        Some(Command::Lockstep { scope, fault }) => lockstep(&work, &scope, fault),
        Some(Command::Faults { scope }) => faults(&work, scope.as_deref()),
        Some(Command::Record { property, scope, fault }) => {
            record::record(&work, &property, scope.as_deref(), fault)
        }
        Some(Command::Replay { trace, fault, on }) => replay::replay(&work, &trace, fault, &on),
        Some(Command::Draw { trace }) => replay::draw(&work, &trace),
        Some(Command::Explore { scope, address, fault }) => {
            let located = work.specs.load(&scope)?;
            walkabout::serve(&work, located, fault, &address)
        }
        Some(Command::Bless) => bless::bless(work),
    }
}

/// The commands that there are in the deep tier.
fn run_deep(command: Option<Command>, work: &Work) -> Result<u8, Unusable> {
    match command {
        None => conclude(work, deep::deep(work)?),
        Some(Command::Check { scope, fault, checker, symmetry }) => {
            check(work, &scope, fault, Search::of(checker, symmetry))
        }
        Some(Command::Lockstep { scope, fault }) => lockstep(work, &scope, fault),
        Some(Command::Bless) => deep::bless(work),
        Some(
            Command::List
            | Command::Faults { .. }
            | Command::Record { .. }
            | Command::Replay { .. }
            | Command::Draw { .. }
            | Command::Explore { .. },
        ) => {
            let what = "in the deep tier there are the whole verdict, `check`, `lockstep` and \
                        `bless`; this command knows no tier";
            Err(Unusable::Nothing(what.to_owned()))
        }
    }
}

/// How a scope is to be explored.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Search {
    Own,
    UpToSymmetry,
    Stateright,
}

impl Search {
    const fn of(checker: Checker, symmetry: bool) -> Self {
        match checker {
            Checker::Own if symmetry => Self::UpToSymmetry,
            Checker::Own => Self::Own,
            Checker::Stateright => Self::Stateright,
        }
    }
}

fn check(work: &Work, scope: &str, fault: Option<Fault>, search: Search) -> Result<u8, Unusable> {
    let located = work.load(scope)?;
    let option = if search == Search::UpToSymmetry { " --symmetry" } else { "" };
    let mut verdict = Verdict::new(with(format!("verify check {scope}{option}"), fault));
    let (result, findings) = match search {
        Search::Own => {
            let searched = search::own(work, &located, fault);
            (searched.result, searched.findings)
        }
        Search::UpToSymmetry => {
            let searched = search::up_to_symmetry(work, &located, fault)?;
            (searched.result, searched.findings)
        }
        Search::Stateright => search::stateright(work, &located, fault),
    };
    verdict.scopes.push(result);
    verdict.findings.extend(findings);
    conclude(work, verdict)
}

fn lockstep(work: &Work, scope: &str, fault: Option<Fault>) -> Result<u8, Unusable> {
    let located = work.load(scope)?;
    let mut verdict = Verdict::new(with(format!("verify lockstep {scope}"), fault));
    let (result, findings) = walk::walk(work, &located, fault);
    verdict.lockstep.push(result);
    verdict.findings.extend(findings);
    conclude(work, verdict)
}

/// A command with the fault that it was given.
fn with(command: String, fault: Option<Fault>) -> String {
    match fault {
        Some(fault) => format!("{command} --fault {fault}"),
        None => command,
    }
}

fn faults(work: &Work, scope: Option<&str>) -> Result<u8, Unusable> {
    let hunted;
    let mut verdict;
    match scope {
        None => {
            verdict = Verdict::new("verify faults");
            hunted = hunt::hunt(work, &work.scopes_by_size()?, work.threads);
            verdict.findings.extend(hunt::judge(&work.pins, &hunted.faults));
        }
        Some(name) => {
            verdict = Verdict::new(format!("verify faults {name}"));
            let located = work.specs.load(name)?;
            hunted = hunt::hunt(work, std::slice::from_ref(&located), work.threads);
            let findings = hunt::judge_one(&work.pins, &located.scope.name, &hunted.faults);
            verdict.findings.extend(findings);
        }
    }
    verdict.faults = hunted.faults;
    verdict.findings.extend(hunted.findings);
    conclude(work, verdict)
}

/// Says what was found, and writes it down.
fn conclude(work: &Work, mut verdict: Verdict) -> Result<u8, Unusable> {
    verdict.close(work.started.elapsed().as_secs_f64(), peak_memory());
    files::write(&verdict, &work.results())?;
    work.output.object(&verdict);
    work.output.say(tables::verdict(&verdict));
    Ok(verdict.exit_code)
}
