//! `verify --tier deep`: every scope with the bounds that its table `[deep]` raises.
//!
//! It takes too long for every change: the model is explored to the end, and walked with the core
//! where that has room. Sizes are pinned in a file of their own, which `bless --tier deep` writes
//! and nothing else reads or writes. Start at [`deep`].

use super::{
    bless,
    pins::{DEEP, Deep},
    verdict::Verdict,
    whole::{self, Job},
    work::{Unusable, Work},
};
use crate::scopes::Located;

/// The verdict on the deepened scopes.
///
/// # Errors
///
/// If a scope cannot be read.
pub fn deep(work: &Work) -> Result<Verdict, Unusable> {
    let scopes = work.scopes_by_size()?;
    let mut gathered = whole::gather(work, jobs(&scopes));
    "verify --tier deep".clone_into(&mut gathered.verdict.command);
    let forgotten = whole::forgotten(work, &gathered.searched);
    gathered.verdict.findings.extend(forgotten);
    Ok(gathered.verdict)
}

/// Pins the sizes of the deepened scopes, if everything else holds.
///
/// # Errors
///
/// If a scope cannot be read, or the file cannot be written.
pub fn bless(work: &Work) -> Result<u8, Unusable> {
    let scopes = work.scopes_by_size()?;
    let gathered = whole::gather(work, jobs(&scopes));
    let failures = bless::failures(&gathered.verdict.findings);
    if !failures.is_empty() {
        return bless::refuse(work, failures);
    }
    let (baselines, products) = bless::sizes(&gathered.searched, &gathered.verdict.lockstep);
    let file = (DEEP.to_owned(), Deep { baselines, products }.to_string());
    bless::write(work, &[file].into())
}

/// The largest first; of each the walk of model and core, which takes longer.
fn jobs(scopes: &[Located]) -> Vec<Job<'_>> {
    let walked = |it: &&Located| it.walk;
    let largest_first = || scopes.iter().rev();
    let walks = largest_first().filter(walked).map(Job::Lockstep);
    walks.chain(largest_first().map(Job::Search)).collect()
}
