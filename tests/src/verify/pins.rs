//! What is pinned in `specs/`, so that a change is noticed: sizes, goals, faults.
//!
//! Each file is a table with tabs, written by `bless` (but those of faults that nothing notices, of
//! properties that nothing violates, of requirements that something does not cover, and of chosen
//! counterexamples: people write these) and read back strictly: what is not as it would be written
//! is an error with file and line. Start at [`Pins::load`].

mod chosen;
mod coverage;
mod deep;
mod faults;
mod products;
mod table;
mod uncovered;
mod unobservable;
mod unviolated;

use std::{
    fs,
    io::{self, ErrorKind},
    path::PathBuf,
};

use stateright_exact::{BaselineError, Baselines};
use thiserror::Error;

pub use chosen::{Choice, Chosen};
pub use coverage::Coverage;
pub use deep::Deep;
pub use faults::{FaultPin, FaultPins};
pub use products::{Product, Products};
pub use table::TableError;
pub use uncovered::Uncovered;
pub use unobservable::{By, Unobservable};
pub use unviolated::Unviolated;

use crate::scopes::Specs;

/// Sizes of state spaces.
pub const BASELINES: &str = "baselines.tsv";
/// Goals reached; below them, what covers each requirement.
pub const COVERAGE: &str = "coverage.txt";
/// Sizes of the products of model and core.
pub const LOCKSTEP: &str = "lockstep.tsv";
/// Sizes of the deepened scopes.
pub const DEEP: &str = "deep.tsv";
/// Faults noticed.
pub const FAULTS: &str = "faults.tsv";
/// Requirements that something does not cover.
pub const UNCOVERED: &str = "uncovered.tsv";
/// Faults that nothing can notice.
pub const UNOBSERVABLE: &str = "unobservable.tsv";
/// The faults that show properties violated.
pub const COUNTEREXAMPLES: &str = "counterexamples.tsv";
/// Properties that no fault violates.
pub const UNVIOLATED: &str = "unviolated.tsv";

/// Everything that is pinned. A file that is not there pins nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pins {
    /// The size of every scope.
    pub baselines: Baselines,
    /// The goals that every scope reaches.
    pub coverage: Coverage,
    /// The size of the product of model and core in every scope.
    pub products: Products,
    /// The property that notices every fault first.
    pub faults: FaultPins,
    /// The requirements that something does not cover.
    pub uncovered: Uncovered,
    /// The faults that nothing can notice.
    pub unobservable: Unobservable,
    /// The properties that no fault violates.
    pub unviolated: Unviolated,
    /// The faults that show properties violated.
    pub chosen: Chosen,
}

impl Pins {
    /// Reads what `specs/` pins.
    ///
    /// # Errors
    ///
    /// The first file that is malformed, with the line and what was expected there.
    pub fn load(specs: &Specs) -> Result<Self, PinsError> {
        let baselines = text(specs, BASELINES)?.map(|(file, text)| {
            Baselines::parse(&text).map_err(|source| PinsError::Baselines { file, source })
        });
        let coverage = text(specs, COVERAGE)?.map(|(file, text)| Coverage::parse(&file, &text));
        let products = text(specs, LOCKSTEP)?.map(|(file, text)| Products::parse(&file, &text));
        let faults = text(specs, FAULTS)?.map(|(file, text)| FaultPins::parse(&file, &text));
        let uncovered = text(specs, UNCOVERED)?.map(|(file, text)| Uncovered::parse(&file, &text));
        let unobservable =
            text(specs, UNOBSERVABLE)?.map(|(file, text)| Unobservable::parse(&file, &text));
        let unviolated =
            text(specs, UNVIOLATED)?.map(|(file, text)| Unviolated::parse(&file, &text));
        let chosen = text(specs, COUNTEREXAMPLES)?.map(|(file, text)| Chosen::parse(&file, &text));
        Ok(Self {
            baselines: baselines.transpose()?.unwrap_or_default(),
            coverage: coverage.transpose()?.unwrap_or_default(),
            products: products.transpose()?.unwrap_or_default(),
            faults: faults.transpose()?.unwrap_or_default(),
            uncovered: uncovered.transpose()?.unwrap_or_default(),
            unobservable: unobservable.transpose()?.unwrap_or_default(),
            chosen: chosen.transpose()?.unwrap_or_default(),
            unviolated: unviolated.transpose()?.unwrap_or_default(),
        })
    }

    /// The same with what is pinned of the deepened scopes, which is their sizes.
    ///
    /// # Errors
    ///
    /// If their file is malformed, as above.
    pub fn deepened(self, specs: &Specs) -> Result<Self, PinsError> {
        let deep = text(specs, DEEP)?.map(|(file, text)| Deep::parse(&file, &text));
        let Deep { baselines, products } = deep.transpose()?.unwrap_or_default();
        Ok(Self { baselines, products, coverage: Coverage::new(), ..self })
    }
}

fn text(specs: &Specs, name: &str) -> Result<Option<(String, String)>, PinsError> {
    let file = specs.folder().join(name);
    match fs::read_to_string(&file) {
        Ok(text) => Ok(Some((file.display().to_string(), text))),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(source) => Err(PinsError::Unreadable { file, source }),
    }
}

/// Why what is pinned cannot be read.
#[derive(Debug, Error)]
pub enum PinsError {
    /// A file cannot be read.
    #[error("{}: cannot be read: {source}", .file.display())]
    Unreadable {
        /// Which.
        file: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The baselines are malformed.
    #[error("{file}: {source}")]
    Baselines {
        /// The file.
        file: String,
        /// Where and how.
        source: BaselineError,
    },
    /// Another table is malformed.
    #[error(transparent)]
    Table(#[from] TableError),
}
