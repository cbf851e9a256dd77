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
    requirements::RequirementsError,
    scopes::{Located, Origin, ScopesError, Specs},
    trace::TraceError,
};

/// What every command works with.
#[derive(Debug)]
pub struct Work {
    /// How much to do.
    pub tier: Tier,
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
        let specs = match &common.specs {
            Some(folder) => Specs::at(folder.clone())?,
            None => Specs::find()?,
        };
        let pins = Pins::load(&specs)?;
        let (pins, memory) = match common.tier {
            Tier::Default => (pins, 2 << 30),
            Tier::Deep => (pins.deepened(&specs)?, 8 << 30),
        };
        let limits = Limits {
            states: common.states,
            depth: None,
            bytes: Some(common.memory.unwrap_or(memory)),
            time: common.time,
            stop: Stop::Never,
        };
        let machine = || thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        Ok(Self {
            tier: common.tier,
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

    /// A scope by its name or path; in the deep tier with its bounds raised.
    ///
    /// # Errors
    ///
    /// If it cannot be loaded, or raises none.
    pub fn load(&self, name: &str) -> Result<Located, Unusable> {
        let located = self.specs.load(name)?;
        match self.tier {
            Tier::Default => Ok(located),
            Tier::Deep => located.deepened().ok_or_else(|| {
                Unusable::Nothing(format!("{name}: no table [deep] says which bounds to raise"))
            }),
        }
    }

    /// Every standard scope, the one with fewest edges first; what is not pinned comes last. In the
    /// deep tier those that raise bounds, with their bounds raised.
    ///
    /// # Errors
    ///
    /// The first scope that cannot be loaded.
    pub fn scopes_by_size(&self) -> Result<Vec<Located>, Unusable> {
        let scopes = self.specs.all()?;
        let mut scopes: Vec<_> = match self.tier {
            Tier::Default => scopes,
            Tier::Deep => scopes.iter().filter_map(Located::deepened).collect(),
        };
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
    /// The requirements.
    #[error(transparent)]
    Requirements(#[from] RequirementsError),
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
