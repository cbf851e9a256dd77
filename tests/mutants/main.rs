//! Walks a core in lock-step with the model, through one scope after the other, until they part.
//!
//! This is all that is built anew for every mutant of the core: lock-step itself is taken from the
//! sources beside. Arguments are files of scopes; what is found goes to standard output, a line a
//! scope, and then the shortest trace of the divergence, if there is one.

/// Lock-step as the workspace has it; what only `verify` uses of it is not missed here.
#[allow(dead_code)]
#[path = "../src"]
mod sources {
    pub(crate) mod lockstep;
    pub(crate) mod projection;
}

use std::{env, error::Error, fs, time::Duration};

use lockstep::{Divergence, LockstepVerdict};
use mapi_session_model::Scope;
use stateright_exact::{Limits, Why};

// They know each other by these paths.
use sources::{lockstep, projection};

/// No scope takes a sound core this long; an edited one may go astray.
const PATIENCE: Duration = Duration::from_secs(600);

fn main() -> Result<(), Box<dyn Error>> {
    let limits = Limits { time: Some(PATIENCE), ..Limits::default() };
    for file in env::args().skip(1) {
        let scope = Scope::parse(&file, &fs::read_to_string(&file)?)?;
        let report = lockstep::lockstep(&scope, None, &limits, &mut |_| {});
        match report.verdict {
            LockstepVerdict::Agrees => println!("agrees\t{}\t{}", scope.name, report.states),
            LockstepVerdict::Inconclusive(Why::Panicked(what)) => {
                println!("panics\t{}\t{what}", scope.name);
                break;
            }
            LockstepVerdict::Inconclusive(why) => {
                println!("gives up\t{}\t{why}", scope.name);
                break;
            }
            LockstepVerdict::Diverges(divergence) => {
                tell(&scope, &divergence);
                break;
            }
        }
    }
    Ok(())
}

fn tell(scope: &Scope, Divergence { start, actions, what }: &Divergence) {
    println!("diverges\t{}\t{}\t{what}", scope.name, actions.len());
    println!("from start {start} of the scope {}:", scope.name);
    for (step, action) in (1..).zip(actions) {
        println!("{step:>4}. {}", scope.describe(*action));
    }
    println!("then: {what}");
}
