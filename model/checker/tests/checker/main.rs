//! Why the checker can be believed: what it finds on models small enough to know the answer.

mod baselines;
mod counts;
mod graph;
mod grid;
mod properties;
mod reference;
mod replaying;
mod stateright_pitfalls;
mod symmetry;
mod two_phase_commit;
mod verdicts;

use stateright_exact::{Checks, Limits, Observed, Report, explore};

/// Explores without watching the progress.
fn explored<M: Observed>(model: &M, checks: &Checks<M>, limits: &Limits) -> Report<M> {
    explore(model, checks, limits, &mut |_| {})
}
