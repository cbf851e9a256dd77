//! What every command works with: where things are, how far to go, and where to say it.

use std::{
    fs, io,
    num::NonZeroUsize,
    path::{Path, PathBuf},
    thread,
    time::Instant,
};

use indicatif::ProgressBar;
use stateright_exact::{Limits, Progress, Stop};
use thiserror::Error;

use super::{
    cli::{Common, Tier},
    output::Output,
    pins::{Pins, PinsError},
};
use crate::{
    scopes::{Located, Origin, ScopesError, Specs},
    trace::TraceError,
};

/// What every command works with.
#[derive(Debug)]
pub struct Work {
    /// Where the specifications are.
    pub specs: Specs,
    /// What they pin.
    pub pins: Pins,
    /// How far one run may go.
    pub limits: Limits,
    /// How many runs go on side by side.
    pub threads: NonZeroUsize,
    /// Where everything is said.
    pub output: Output,
    /// Where results go, if that was said.
    pub out: Option<PathBuf>,
    /// When the work began.
    pub started: Instant,
}

impl Work {
    /// Gets ready.
    ///
    /// # Errors
    ///
    /// If the specifications are not to be found, what they pin is malformed, or something is asked
    /// for that is not there yet.
    pub fn prepare(common: &Common) -> Result<Self, Unusable> {
        match common.tier {
            Tier::Default => {}
            Tier::Deep => return Err(Unusable::Later("the tier `deep`")),
        }
        let specs = match &common.specs {
            Some(folder) => Specs::at(folder.clone())?,
            None => Specs::find()?,
        };
        let pins = Pins::load(&specs)?;
        let limits = Limits {
            states: common.states,
            depth: None,
            bytes: Some(common.memory),
            time: common.time,
            stop: Stop::Never,
        };
        let machine = || thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        Ok(Self {
            specs,
            pins,
            limits,
            threads: common.threads.unwrap_or_else(machine),
            output: Output::new(common.json),
            out: common.out.clone(),
            started: Instant::now(),
        })
    }

    /// The folder for results.
    pub fn results(&self) -> PathBuf {
        let root = self.specs.folder().parent().unwrap_or(Path::new("."));
        self.out.clone().unwrap_or_else(|| root.join("target/verify"))
    }

    /// How many states a scope is pinned to have, for bars.
    pub fn pinned_states(&self, located: &Located) -> Option<u64> {
        match located.origin {
            Origin::Standard => self.pins.baselines.get(&located.scope.name).map(|it| it.states),
            Origin::Own => None,
        }
    }

    /// Every standard scope, the one with fewest edges first; what is not pinned comes last.
    ///
    /// # Errors
    ///
    /// The first scope that cannot be loaded.
    pub fn scopes_by_size(&self) -> Result<Vec<Located>, Unusable> {
        let mut scopes = self.specs.all()?;
        let edges = |it: &Located| self.pins.baselines.get(&it.scope.name).map(|it| it.edges);
        scopes.sort_by_key(|it| edges(it).unwrap_or(u64::MAX));
        Ok(scopes)
    }
}

/// Moves a bar along with a search.
pub fn follow(bar: &ProgressBar) -> impl FnMut(Progress) {
    move |progress| {
        bar.set_position(progress.states.saturating_sub(progress.waiting));
        bar.set_message(format!("depth {}", progress.depth));
    }
}

/// Writes a file as a whole or not at all.
///
/// # Errors
///
/// Says which file cannot be written, and why.
pub fn write_file(file: &Path, text: &str) -> Result<(), Unusable> {
    let unwritable = |source| Unusable::Unwritable { file: file.to_owned(), source };
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder).map_err(unwritable)?;
    }
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let new = file.with_file_name(name);
    fs::write(&new, text).map_err(unwritable)?;
    fs::rename(&new, file).map_err(unwritable)
}

/// Why a command cannot be carried out at all: exit code 2.
#[derive(Debug, Error)]
pub enum Unusable {
    /// A scope.
    #[error(transparent)]
    Scopes(#[from] ScopesError),
    /// What is pinned.
    #[error(transparent)]
    Pins(#[from] PinsError),
    /// A trace.
    #[error(transparent)]
    Trace(#[from] TraceError),
    /// A trace's file.
    #[error("{}: cannot be read: {source}", .file.display())]
    Unreadable {
        /// Which.
        file: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// A result.
    #[error("{}: cannot be written: {source}", .file.display())]
    Unwritable {
        /// Which.
        file: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// Something that is planned.
    #[error("{0} is not there yet")]
    Later(&'static str),
    /// An id that no property bears.
    #[error("unknown property {id:?}; expected an id as `cargo verify list` shows them")]
    UnknownProperty {
        /// The id.
        id: String,
    },
    /// What was asked for does not exist.
    #[error("{0}")]
    Nothing(String),
    /// The address cannot be listened on.
    #[error(
        "cannot listen on {address}: {source}; name another address, or port 0 for any free one"
    )]
    Address {
        /// Which.
        address: String,
        /// Why not.
        source: io::Error,
    },
}
