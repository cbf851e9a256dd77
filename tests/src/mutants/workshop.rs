//! Where cores are copied, edited, built and walked.
//!
//! Below `target/mutants` each has a folder: `core` (its copy), `walk` (the program), `trace.txt` or
//! `build.log` (what came of it). All are built in one place, `build`, where each core in turn takes
//! that of the one before: the compiler does anew what the edit touches, and a mutant costs seconds.

use std::{
    env,
    ffi::OsStr,
    fmt, fs, io,
    path::{self, Path, PathBuf},
    process::Command,
    sync::{Mutex, PoisonError},
};

use super::list::Mutant;
use crate::scopes::{ScopesError, Specs};

/// The scopes to be walked before any other, the cheapest first.
const FIRST: [&str; 7] = ["flags", "crash", "services", "alone", "solo", "opens", "again"];

/// The package of the harness, and its program.
const HARNESS: &str = "one-core-in-lockstep";

/// The folder that they are built in: `core`, `harness` (the manifest that builds `tests/mutants`
/// against it) and `target`.
pub(super) const BUILD: &str = "build";

/// The folder of the core as it is.
pub(super) const UNEDITED: &str = "unedited";

/// What became of a core beside the model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It parted from the model.
    Diverges {
        /// In which scope.
        scope: String,
        /// After how many steps.
        steps: String,
        /// How they differ.
        what: String,
    },
    /// It did the same as the model in every scope.
    Agrees,
    /// It panicked before it differed.
    Panics {
        /// In which scope.
        scope: String,
        /// Its last words.
        what: String,
    },
    /// The walk did not come to its end, for this reason.
    GivesUp(String),
    /// The compiler refused it with these words.
    DoesNotCompile(String),
}

impl Outcome {
    /// Whether it is what is wanted of a mutant.
    pub const fn is_divergence(&self) -> bool {
        match self {
            Self::Diverges { .. } => true,
            Self::Agrees | Self::Panics { .. } | Self::GivesUp(_) | Self::DoesNotCompile(_) => {
                false
            }
        }
    }

    /// What a table says: the outcome, its scope, its length, what differed.
    pub fn columns(&self) -> [String; 4] {
        let row = |verdict: &str, scope: &str, steps: &str, what: &str| {
            [verdict, scope, steps, what].map(str::to_owned)
        };
        match self {
            Self::Diverges { scope, steps, what } => row("diverges", scope, steps, what),
            Self::Agrees => row("SURVIVES", "-", "-", "nothing, in any scope"),
            Self::Panics { scope, what } => row("PANICKED", scope, "-", what),
            Self::GivesUp(why) => row("GAVE UP", "-", "-", why),
            Self::DoesNotCompile(error) => row("NO CORE", "-", "-", error),
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Diverges { scope, steps, what } => {
                write!(f, "parts from the model in {scope} after {steps} steps: {what}")
            }
            Self::Agrees => write!(f, "agrees with the model in every scope"),
            Self::Panics { scope, what } => write!(f, "panicked in {scope}: {what}"),
            Self::GivesUp(why) => write!(f, "was not walked to the end: {why}"),
            Self::DoesNotCompile(error) => write!(f, "does not compile: {error}"),
        }
    }
}

/// The folders, and what is walked.
#[derive(Debug)]
pub struct Workshop {
    root: PathBuf,
    folder: PathBuf,
    sources: PathBuf,
    scopes: Vec<PathBuf>,
    /// Who builds: one at a time, for what is built has one place.
    building: Mutex<()>,
}

/// How carefully to build.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Build {
    /// For a long walk.
    Optimised,
    /// For a short one.
    Hasty,
}

impl Workshop {
    /// A workshop for the project that these specifications belong to.
    ///
    /// # Errors
    ///
    /// Says why the scopes cannot be listed.
    pub fn new(specs: &Specs) -> Result<Self, ScopesError> {
        let root = specs.folder().parent().unwrap_or(Path::new(".")).to_owned();
        let mut names = specs.names()?;
        let rank = |name: &String| FIRST.iter().position(|it| it == name).unwrap_or(FIRST.len());
        names.sort_by_key(rank);
        let scopes = specs.folder().join("scopes");
        Ok(Self {
            folder: root.join("target/mutants"),
            sources: root.join("engine/core/src"),
            scopes: names.iter().map(|name| scopes.join(format!("{name}.toml"))).collect(),
            root,
            building: Mutex::new(()),
        })
    }

    /// Where the project lists its mutants.
    pub fn table(&self) -> PathBuf {
        self.root.join("tests/mutants.toml")
    }

    /// The sources of the core.
    pub fn sources(&self) -> &Path {
        &self.sources
    }

    /// Where everything is put, for people.
    pub fn folder(&self) -> path::Display<'_> {
        self.folder.display()
    }

    /// What becomes of the core as it is; anything but [`Outcome::Agrees`] spoils the rest.
    pub fn walk_unedited(&self) -> Outcome {
        self.walk(UNEDITED, None, Build::Optimised).unwrap_or_else(|error| gave_up(&error))
    }

    /// What becomes of an edited core.
    pub fn walk_edited(&self, mutant: &Mutant) -> Outcome {
        let walked = self.walk(&mutant.name, Some(mutant), Build::Hasty);
        walked.unwrap_or_else(|error| gave_up(&error))
    }

    fn walk(&self, name: &str, edit: Option<&Mutant>, build: Build) -> io::Result<Outcome> {
        let folder = self.folder.join(name);
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        let core = folder.join("core");
        copy_folder(&self.sources, &core.join("src"))?;
        fs::copy(self.root.join("engine/core/Cargo.toml"), core.join("Cargo.toml"))?;
        if let Some(mutant) = edit {
            let file = core.join("src").join(&mutant.file);
            fs::write(&file, mutant.edit(&fs::read_to_string(&file)?))?;
        }
        if let Err(error) = self.build(&folder, build)? {
            return Ok(Outcome::DoesNotCompile(error));
        }
        let first = edit.and_then(|mutant| mutant.scope.as_deref());
        let walked = Command::new(folder.join("walk")).args(self.scopes_from(first)).output()?;
        let told = String::from_utf8_lossy(&walked.stdout);
        fs::write(folder.join("trace.txt"), told.as_bytes())?;
        let complaint = String::from_utf8_lossy(&walked.stderr);
        Ok(match walked.status.success() {
            true => judge(&told, self.scopes.len()),
            false => Outcome::GivesUp(format!("{}: {}", walked.status, complaint.trim())),
        })
    }

    /// The scopes in the order of the walk, beginning with `first`.
    fn scopes_from(&self, first: Option<&str>) -> Vec<&Path> {
        let is_first =
            |scope: &&Path| scope.file_stem().is_some_and(|it| Some(it) == first.map(OsStr::new));
        let mut scopes: Vec<_> = self.scopes.iter().map(PathBuf::as_path).collect();
        scopes.sort_by_key(|scope| !is_first(scope));
        scopes
    }

    /// Writes the harness that has a copy of the core in place of the core.
    fn write_harness(&self, place: &Path) -> io::Result<()> {
        let harness = place.join("harness");
        fs::create_dir_all(&harness)?;
        let manifest = fs::read_to_string(self.root.join("tests/mutants/Cargo.toml"))?;
        let quoted = |path: PathBuf| format!("{:?}", path.display().to_string());
        let manifest = manifest
            .replace("\"main.rs\"", &quoted(self.root.join("tests/mutants/main.rs")))
            .replace("\"../../engine/core\"", &quoted(place.join("core")))
            .replace("\"../../model\"", &quoted(self.root.join("model")))
            .replace("\"../../model/checker\"", &quoted(self.root.join("model/checker")));
        fs::write(harness.join("Cargo.toml"), manifest)?;
        fs::copy(self.root.join("Cargo.lock"), harness.join("Cargo.lock"))?;
        Ok(())
    }

    /// Builds the program `walk` in this folder, or says why it does not compile.
    fn build(&self, folder: &Path, build: Build) -> io::Result<Result<(), String>> {
        // A builder that panicked has left nothing that matters: each build starts anew.
        let _turn = self.building.lock().unwrap_or_else(PoisonError::into_inner);
        let place = self.folder.join(BUILD);
        self.write_harness(&place)?;
        if place.join("core").exists() {
            fs::remove_dir_all(place.join("core"))?;
        }
        copy_folder(&folder.join("core"), &place.join("core"))?;
        let target = place.join("target");
        let mut cargo = Command::new(env::var_os("CARGO").unwrap_or("cargo".into()));
        cargo.args(["build", "--quiet", "--offline", "--manifest-path"]);
        cargo.arg(place.join("harness/Cargo.toml")).arg("--target-dir").arg(&target);
        match build {
            Build::Optimised => {
                cargo.args(["--config", "profile.dev.opt-level=3", "--config"]);
                cargo.arg("profile.dev.package.mapi-session-core.opt-level=3");
                cargo.env("CARGO_INCREMENTAL", "0");
            }
            Build::Hasty => {
                cargo.env("CARGO_INCREMENTAL", "1");
            }
        }
        let built = cargo.output()?;
        fs::write(folder.join("build.log"), &built.stderr)?;
        if !built.status.success() {
            let log = String::from_utf8_lossy(&built.stderr);
            let error = log.lines().find(|line| line.starts_with("error"));
            return Ok(Err(error.unwrap_or("cargo says nothing").to_owned()));
        }
        let program = format!("debug/{HARNESS}{}", env::consts::EXE_SUFFIX);
        fs::copy(target.join(program), folder.join("walk"))?;
        Ok(Ok(()))
    }
}

/// What the harness found: a line a scope, ended by the first that is not an agreement.
fn judge(told: &str, scopes: usize) -> Outcome {
    let mut agreed = 0;
    for line in told.lines() {
        match line.split('\t').collect::<Vec<_>>()[..] {
            ["agrees", _, _] => agreed += 1,
            ["diverges", scope, steps, what] => {
                let [scope, steps, what] = [scope, steps, what].map(str::to_owned);
                return Outcome::Diverges { scope, steps, what };
            }
            ["panics", scope, what] => {
                return Outcome::Panics { scope: scope.to_owned(), what: what.to_owned() };
            }
            ["gives up", scope, why] => return Outcome::GivesUp(format!("in {scope}: {why}")),
            _ => return Outcome::GivesUp(format!("the harness says {line:?}")),
        }
    }
    match agreed == scopes {
        true => Outcome::Agrees,
        false => Outcome::GivesUp(format!("{agreed} of {scopes} scopes were walked")),
    }
}

fn gave_up(error: &io::Error) -> Outcome {
    Outcome::GivesUp(error.to_string())
}

fn copy_folder(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        match entry.file_type()?.is_dir() {
            true => copy_folder(&entry.path(), &target)?,
            false => {
                fs::copy(entry.path(), target)?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_walk_begins_with_the_scope_that_is_named() {
        let scopes = ["flags", "crash", "solo"].map(|name| PathBuf::from(format!("{name}.toml")));
        let workshop = Workshop {
            root: PathBuf::new(),
            folder: PathBuf::new(),
            sources: PathBuf::new(),
            scopes: scopes.to_vec(),
            building: Mutex::new(()),
        };
        let [flags, crash, solo] = scopes.each_ref().map(PathBuf::as_path);
        assert_eq!(workshop.scopes_from(None), [flags, crash, solo]);
        assert_eq!(workshop.scopes_from(Some("solo")), [solo, flags, crash]);
    }

    #[test]
    fn only_a_complete_walk_without_divergence_is_an_agreement() {
        let all = "agrees\talone\t9\nagrees\tflags\t7\n";
        assert_eq!(judge(all, 2), Outcome::Agrees);
        for (told, said) in [
            (all, "was not walked to the end: 2 of 3 scopes were walked"),
            ("", "was not walked to the end: 0 of 3 scopes were walked"),
            ("what?\n", "was not walked to the end: the harness says \"what?\""),
            ("gives up\talone\ttoo late\n", "was not walked to the end: in alone: too late"),
            ("agrees\ta\t1\npanics\tb\tno\n", "panicked in b: no"),
            (
                "agrees\ta\t1\ndiverges\tb\t4\tmutex\nfrom start 0:\n",
                "parts from the model in b after 4 steps: mutex",
            ),
        ] {
            assert_eq!(judge(told, 3).to_string(), said);
        }
    }
}
