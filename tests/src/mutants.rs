//! The program `mutants`: breaks the core on purpose and sees lock-step notice.
//!
//! `tests/mutants.toml` lists edits of the core ([`Mutants`]). Each is made in a copy, built, and
//! walked beside the model ([`Workshop`]), smallest scope first, until the two part. One that does
//! not part from the model is a hole in the evidence: the program fails. The unedited core goes
//! the same way first and has to agree everywhere, or nothing would be proved. Start at [`main`].

mod list;
mod workshop;

use std::{
    ffi::OsString,
    path::PathBuf,
    process::ExitCode,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use clap::Parser;
use comfy_table::{CellAlignment, Table, presets};
use thiserror::Error;

pub use list::{Mutant, Mutants, MutantsError};
pub use workshop::{Outcome, Workshop};

use crate::{
    scopes::{ScopesError, Specs},
    verify::output::Output,
};

/// Whatever cannot be carried out at all.
const UNUSABLE: u8 = 2;
/// The unedited core differs from the model.
const DIFFERS: u8 = 20;
/// A mutant is not noticed.
const SURVIVED: u8 = 21;
/// The unedited core could not be walked to the end.
const INCONCLUSIVE: u8 = 23;

/// How much of what differed is shown in the table; the rest is in the mutant's folder.
const SHOWN: usize = 72;

/// Breaks the core on purpose and sees whether lock-step with the model notices.
///
/// Each mutant gets a folder below target/mutants, with its core and the shortest trace to where it
/// parts from the model. Exit codes: 0 if all part; 2 malformed table or usage; 20 the unedited
/// core differs; 21 a mutant survives, panics, or does not compile; 23 the unedited core could not
/// be walked.
#[derive(Debug, Parser)]
#[command(name = "mutants")]
struct Cli {
    /// The mutants to try; all if none is named.
    names: Vec<String>,
    /// The table of mutants, instead of the project's own.
    #[arg(long)]
    table: Option<PathBuf>,
}

/// Why no mutant can be tried.
#[derive(Debug, Error)]
enum Unusable {
    #[error(transparent)]
    Mutants(#[from] MutantsError),
    #[error(transparent)]
    Scopes(#[from] ScopesError),
}

/// Reads the command line, tries the mutants, and says how it went.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // Nobody reads what cannot be printed; the code says enough.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { UNUSABLE } else { 0 });
        }
    };
    let output = Output::new(false);
    let code = run(&cli, &output).unwrap_or_else(|error| {
        output.complain(&error.to_string());
        UNUSABLE
    });
    ExitCode::from(code)
}

fn run(cli: &Cli, output: &Output) -> Result<u8, Unusable> {
    let specs = Specs::find()?;
    let workshop = Workshop::new(&specs)?;
    let mutants = match &cli.table {
        Some(file) => Mutants::load(file, &specs.names()?, workshop.sources())?,
        None => Mutants::load(&workshop.table(), &specs.names()?, workshop.sources())?,
    };
    let chosen = mutants.choose(&cli.names)?;
    match workshop.walk_unedited() {
        Outcome::Agrees => {}
        found @ Outcome::Diverges { .. } => {
            output.complain(&format!(
                "the unedited core {found}; see {}/unedited/trace.txt",
                workshop.folder()
            ));
            return Ok(DIFFERS);
        }
        found @ (Outcome::Panics { .. } | Outcome::GivesUp(_) | Outcome::DoesNotCompile(_)) => {
            output.complain(&format!("the unedited core {found}: this proves nothing"));
            return Ok(INCONCLUSIVE);
        }
    }
    let outcomes = try_all(&workshop, &chosen, output);
    output.say(table(&chosen, &outcomes));
    let survived: Vec<_> =
        chosen.iter().zip(&outcomes).filter(|(_, it)| !it.is_divergence()).collect();
    for (mutant, outcome) in &survived {
        output.complain(&format!(
            "{}: the mutant {} {outcome}\n  {}",
            mutant.place, mutant.name, mutant.why
        ));
    }
    output.say(format!("{} passed, {} failed", chosen.len() - survived.len(), survived.len()));
    Ok(if survived.is_empty() { 0 } else { SURVIVED })
}

/// Tries them, some at a time; what became of each, in their order.
fn try_all(workshop: &Workshop, mutants: &[&Mutant], output: &Output) -> Vec<Outcome> {
    let bar = output.bar("mutants", Some(mutants.len() as u64));
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        while let Some((place, mutant)) = {
            let place = next.fetch_add(1, Ordering::Relaxed);
            mutants.get(place).map(|mutant| (place, *mutant))
        } {
            done.push((place, workshop.walk_edited(mutant)));
            bar.inc(1);
        }
        done
    };
    let hands = thread::available_parallelism().map_or(1, usize::from);
    let mut outcomes: Vec<_> = thread::scope(|scope| {
        let workers: Vec<_> = (0..hands).map(|_| scope.spawn(work)).collect();
        workers
            .into_iter()
            .flat_map(|worker| worker.join().expect("a worker reports failures, it does not panic"))
            .collect()
    });
    bar.finish_and_clear();
    outcomes.sort_by_key(|(place, _)| *place);
    outcomes.into_iter().map(|(_, outcome)| outcome).collect()
}

fn table(mutants: &[&Mutant], outcomes: &[Outcome]) -> String {
    let mut table = Table::new();
    table.load_style(presets::UTF8_BORDERS_ONLY);
    table.set_header(["file", "mutant", "outcome", "scope", "steps", "what differed"]);
    if let Some(steps) = table.column_mut(4) {
        steps.set_cell_alignment(CellAlignment::Right);
    }
    for (mutant, outcome) in mutants.iter().zip(outcomes) {
        let [verdict, scope, steps, what] = outcome.columns();
        let mut shown: String = what.lines().next().unwrap_or_default().to_owned();
        if let Some((end, _)) = shown.char_indices().nth(SHOWN) {
            shown.truncate(end);
            shown.push('…');
        }
        table.add_row([mutant.file.clone(), mutant.name.clone(), verdict, scope, steps, shown]);
    }
    table.to_string()
}
