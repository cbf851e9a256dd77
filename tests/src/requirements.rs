//! Who stands for each requirement: the tables of `specs/rules` held against the sources.
//!
//! A requirement is cited by its id wherever code carries it out or a property watches over it.
//! [`Traceability`] reads the tables ([`rows`]) and the sources ([`citations`]);
//! [`gaps`](Traceability::gaps) says what does not fit, [`covered`](mod@covered) what covers each
//! id. Nothing here knows what a requirement says.

pub mod citations;
pub mod covered;
pub mod rows;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::{Path, PathBuf},
};

use mapi_session_model as model;
use thiserror::Error;

use crate::scopes::{ScopesError, Specs};
use citations::Citations;
use rows::{Requirement, RowError, Status};

/// Groups of properties: what watches over the protocol, not what carries it out. Their ids are
/// cited by the properties and goals of the model, and need no code of the engine.
const WATCHED_ONLY: [&str; 4] = ["INV", "RCH", "LIV", "FLD"];

/// Numbers that no requirement ever bore, though later ones of their group do.
const NEVER_USED: [(&str, std::ops::RangeInclusive<u32>); 1] = [("ADM", 4..=9)];

/// The number that tests use where they need an id that nothing bears.
const NOBODYS: &str = "-99";

/// The requirements, and who cites them.
#[derive(Clone, Debug, Default)]
pub struct Traceability {
    /// Every row of every table.
    pub requirements: Vec<Requirement>,
    /// The decisions that there are, each with the requirements that its page names.
    pub decisions: BTreeMap<String, BTreeSet<String>>,
    /// The properties and goals of the model, by id.
    pub properties: BTreeSet<String>,
    /// What the sources of the model cite.
    pub model: Citations,
    /// What the sources of core and engine cite.
    pub engine: Citations,
    /// What tests cite.
    pub tests: Citations,
}

impl Traceability {
    /// Reads the tables, and the sources of the project that these specifications belong to; if
    /// they lie by themselves, those of this one.
    ///
    /// # Errors
    ///
    /// The first file that cannot be read, or the first row that is malformed.
    pub fn read(specs: &Specs) -> Result<Self, RequirementsError> {
        let root = sources(specs)?;
        let root = root.as_path();
        let mut requirements = Vec::new();
        for file in files(&specs.folder().join("rules"))? {
            if file.extension().is_some_and(|it| it == "md") {
                let group = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
                requirements.extend(rows::read(&place(root, &file), &group, &text(&file)?)?);
            }
        }
        let mut decisions = BTreeMap::new();
        for file in files(&specs.folder().join("decisions"))? {
            let id = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            if id != "README" {
                let text = text(&file)?;
                let named = citations::ids(&text).filter(|it| !it.starts_with("D-"));
                decisions.insert(id, named.map(str::to_owned).collect());
            }
        }
        let cited = |folders: &[&str]| {
            let mut citations = Citations::default();
            for folder in folders {
                add_folder(&mut citations, root, &root.join(folder))?;
            }
            Ok::<_, RequirementsError>(citations)
        };
        Ok(Self {
            requirements,
            decisions,
            properties: properties(),
            model: cited(&["model/src"])?,
            engine: cited(&["engine/core/src", "engine/src"])?,
            tests: cited(&["model/tests", "engine/core/tests", "engine/tests", "tests"])?,
        })
    }

    /// Everything that does not fit, a line each.
    pub fn gaps(&self) -> Vec<String> {
        let mut gaps = self.misnumbered();
        for it in &self.requirements {
            gaps.extend(self.gaps_of(it));
        }
        let known: BTreeSet<&str> = self.requirements.iter().map(|it| it.id.as_str()).collect();
        let in_tests = self.tests.into_iter().filter(|(id, _)| !id.ends_with(NOBODYS));
        for (id, places) in self.model.into_iter().chain(&self.engine).chain(in_tests) {
            if !known.contains(id.as_str()) && !self.decisions.contains_key(id) {
                gaps.extend(places.iter().map(|it| format!("{it}: nothing in specs/ is {id}")));
            }
        }
        gaps
    }

    /// Who is missing that would have to stand for a requirement of this status.
    fn gaps_of(&self, it: &Requirement) -> Vec<String> {
        let Requirement { id, group, place, status, .. } = it;
        let is_watched = WATCHED_ONLY.contains(&group.as_str());
        let in_model = (self.model.contains(id), "model/src does not cite it");
        let in_engine =
            (self.engine.contains(id), "neither engine/core/src nor engine/src cites it");
        let in_tests = (self.tests.contains(id), "no test cites it");
        let has_property = (self.properties.contains(id), "no property or goal has it");
        let wanted = match status {
            Status::Modelled if is_watched => vec![has_property],
            Status::Modelled => vec![in_model, in_engine],
            Status::Engine => vec![in_engine, in_tests],
            Status::Later(_) | Status::Unmodelled => vec![],
        };
        let missing = wanted.into_iter().filter(|(is_there, _)| !is_there);
        missing.map(|(_, what)| format!("{place}: {id} is {status}, but {what}")).collect()
    }

    /// Ids that stand twice, and numbers that are left out.
    fn misnumbered(&self) -> Vec<String> {
        let mut gaps = Vec::new();
        let mut groups: BTreeMap<&str, BTreeMap<u32, &Requirement>> = BTreeMap::new();
        for it in &self.requirements {
            if let Some(first) = groups.entry(&it.group).or_default().insert(it.number, it) {
                gaps.push(format!("{}: {} stands at {} already", it.place, it.id, first.place));
            }
        }
        for (group, rows) in groups {
            let mut expected = 1;
            for (number, it) in rows {
                let was_used = |missing: &u32| {
                    !NEVER_USED
                        .iter()
                        .any(|(of, numbers)| *of == group && numbers.contains(missing))
                };
                for missing in (expected..number).filter(was_used) {
                    gaps.push(format!("{}: {group}-{missing:02} is missing before it", it.place));
                }
                expected = number + 1;
            }
        }
        gaps
    }
}

/// The ids of all properties and goals of the model; a goal may be one part of its requirement.
fn properties() -> BTreeSet<String> {
    let invariants = model::properties::INVARIANTS.iter().map(|it| it.id.to_owned());
    let steps = model::properties::STEPS.iter().map(|it| it.id.to_owned());
    let goals = model::properties::goals();
    let goals = goals.iter().flat_map(|goal| citations::ids(goal.id()));
    invariants.chain(steps).chain(goals.map(str::to_owned)).collect()
}

/// The folder of the sources that specifications are about.
fn sources(specs: &Specs) -> Result<PathBuf, ScopesError> {
    let beside = specs.folder().parent().filter(|it| it.join("model/src").is_dir());
    match beside {
        Some(root) => Ok(root.to_owned()),
        None => {
            let own = Specs::find()?;
            Ok(own.folder().parent().unwrap_or(Path::new(".")).to_owned())
        }
    }
}

/// The files and folders in a folder, sorted.
fn files(folder: &Path) -> Result<Vec<PathBuf>, RequirementsError> {
    let unreadable = |source| RequirementsError::Unreadable { file: folder.to_owned(), source };
    let entries = fs::read_dir(folder).map_err(unreadable)?;
    let paths = entries.map(|entry| entry.map(|entry| entry.path()));
    let mut paths = paths.collect::<Result<Vec<_>, _>>().map_err(unreadable)?;
    paths.sort_unstable();
    Ok(paths)
}

fn text(file: &Path) -> Result<String, RequirementsError> {
    let unreadable = |source| RequirementsError::Unreadable { file: file.to_owned(), source };
    fs::read_to_string(file).map_err(unreadable)
}

/// How a file is called in messages.
fn place(root: &Path, file: &Path) -> String {
    file.strip_prefix(root).unwrap_or(file).display().to_string()
}

/// Adds what the sources in a folder cite, and in those below it.
fn add_folder(
    citations: &mut Citations,
    root: &Path,
    folder: &Path,
) -> Result<(), RequirementsError> {
    for file in files(folder)? {
        if file.is_dir() {
            // What is built is no source.
            if file.file_name().is_some_and(|it| it != "target") {
                add_folder(citations, root, &file)?;
            }
        } else if file.extension().is_some_and(|it| it == "rs" || it == "toml") {
            citations.add(&place(root, &file), &text(&file)?);
        }
    }
    Ok(())
}

/// Why there is nothing to be said about requirements.
#[derive(Debug, Error)]
pub enum RequirementsError {
    /// There are no specifications.
    #[error(transparent)]
    Specs(#[from] ScopesError),
    /// A file or folder cannot be read.
    #[error("{}: cannot be read: {source}", .file.display())]
    Unreadable {
        /// Which.
        file: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// A trace is none.
    #[error("{file}: {source}")]
    Trace {
        /// Its file.
        file: String,
        /// Where and how.
        source: serde_json::Error,
    },
    /// A row of a table is malformed.
    #[error(transparent)]
    Row(#[from] RowError),
}
