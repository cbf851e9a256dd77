//! Finds `specs/` and loads scopes from it, or from wherever a user keeps their own.
//!
//! A scope is called by its name in `specs/scopes`, or by a path that ends in `.toml`. Start at
//! [`Specs::find`] and [`Specs::load`].

use std::{
    env, fs, io,
    path::{Path, PathBuf},
};

use mapi_session_model::{Scope, ScopeError};
use thiserror::Error;

/// The folder `specs/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Specs {
    folder: PathBuf,
}

/// A scope, and where it was found.
#[derive(Clone, Debug)]
pub struct Located {
    /// The scope.
    pub scope: Scope,
    /// Its file.
    pub file: PathBuf,
    /// Whose it is.
    pub origin: Origin,
    /// Whether model and core are walked in it.
    pub walk: bool,
}

impl Located {
    /// The same with the bounds raised that it names, if it names any.
    pub fn deepened(&self) -> Option<Self> {
        let walk = self.scope.deep.as_ref()?.lockstep;
        Some(Self { scope: self.scope.deepened()?, walk, ..self.clone() })
    }
}

/// Whose a scope is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// One of `specs/scopes`: its size and its goals are pinned.
    Standard,
    /// Somebody's own: nothing is pinned, and its goals are reported, not demanded.
    Own,
}

/// The ending of a scope's file.
const ENDING: &str = "toml";

impl Specs {
    /// Finds the folder: beside this crate's sources, or above the current folder.
    ///
    /// # Errors
    ///
    /// Says where it was looked for.
    pub fn find() -> Result<Self, ScopesError> {
        let here = env::current_dir().unwrap_or_default();
        let beside = Path::new(env!("CARGO_MANIFEST_DIR")).parent().into_iter();
        let mut roots = beside.chain(here.ancestors());
        let is_one = |root: &&Path| root.join("specs/scopes").is_dir();
        match roots.find(is_one) {
            Some(root) => Self::at(root.join("specs")),
            None => Err(ScopesError::NoSpecs { here }),
        }
    }

    /// Takes this folder.
    ///
    /// # Errors
    ///
    /// Refuses one without a folder `scopes`.
    pub fn at(folder: PathBuf) -> Result<Self, ScopesError> {
        match folder.join("scopes").is_dir() {
            true => Ok(Self { folder }),
            false => Err(ScopesError::NoScopes { folder }),
        }
    }

    /// Where it is.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The names of the standard scopes, sorted.
    ///
    /// # Errors
    ///
    /// Says why the folder cannot be read.
    pub fn names(&self) -> Result<Vec<String>, ScopesError> {
        let folder = self.folder.join("scopes");
        let unreadable = |source| ScopesError::Unreadable { file: folder.clone(), source };
        let mut names = Vec::new();
        for entry in fs::read_dir(&folder).map_err(unreadable)? {
            let path = entry.map_err(unreadable)?.path();
            if path.extension().is_some_and(|ending| ending == ENDING)
                && let Some(stem) = path.file_stem()
            {
                names.push(stem.to_string_lossy().into_owned());
            }
        }
        names.sort_unstable();
        Ok(names)
    }

    /// Every standard scope, sorted by name.
    ///
    /// # Errors
    ///
    /// The first that cannot be loaded.
    pub fn all(&self) -> Result<Vec<Located>, ScopesError> {
        self.names()?.iter().map(|name| self.load(name)).collect()
    }

    /// Loads a scope by its name, or by a path that ends in `.toml`.
    ///
    /// # Errors
    ///
    /// Says that there is no such scope and which there are, or where its file is wrong.
    pub fn load(&self, name: &str) -> Result<Located, ScopesError> {
        let is_path = Path::new(name).extension().is_some_and(|ending| ending == ENDING);
        let (file, origin) = match is_path {
            true => (PathBuf::from(name), Origin::Own),
            false => {
                let known = self.names()?;
                if !known.iter().any(|it| it == name) {
                    return Err(ScopesError::Unknown { name: name.to_owned(), known });
                }
                (self.folder.join("scopes").join(format!("{name}.{ENDING}")), Origin::Standard)
            }
        };
        let text = fs::read_to_string(&file)
            .map_err(|source| ScopesError::Unreadable { file: file.clone(), source })?;
        let scope = Scope::parse(&file.display().to_string(), &text)?;
        Ok(Located { scope, file, origin, walk: true })
    }
}

/// Why a scope, or the folder of all, is not to be had.
#[derive(Debug, Error)]
pub enum ScopesError {
    /// There is no `specs/` where it is looked for.
    #[error("no folder specs/scopes in {} or above it; expected one, or --specs", .here.display())]
    NoSpecs {
        /// The current folder.
        here: PathBuf,
    },
    /// The folder is not one of specifications.
    #[error("{}: expected a folder with a folder `scopes` in it", .folder.display())]
    NoScopes {
        /// The folder.
        folder: PathBuf,
    },
    /// No standard scope bears the name.
    #[error(
        "unknown scope {name:?}; expected one of {}, or a path that ends in .toml",
        .known.join(", ")
    )]
    Unknown {
        /// The name.
        name: String,
        /// The names there are.
        known: Vec<String>,
    },
    /// A file or folder cannot be read.
    #[error("{}: cannot be read: {source}", .file.display())]
    Unreadable {
        /// Which.
        file: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The file is not a scope.
    #[error(transparent)]
    Scope(#[from] ScopeError),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_standard_scope_can_be_loaded_by_its_name() {
        let specs = Specs::find().expect("the workspace has specs/");
        let loaded = specs.all().expect("they are well formed");
        let loaded: Vec<_> = loaded.into_iter().map(|it| (it.scope.name, it.origin)).collect();
        let names = specs.names().expect("the folder can be read");
        assert!(!names.is_empty());
        let expected: Vec<_> = names.into_iter().map(|it| (it, Origin::Standard)).collect();
        assert_eq!(loaded, expected);
    }

    #[test]
    fn an_unknown_scope_is_refused_with_the_names_there_are() {
        let specs = Specs::find().expect("the workspace has specs/");
        let error = specs.load("sharink").expect_err("there is no such scope");
        assert!(error.to_string().contains("sharing"), "{error}");
    }
}
