//! The list of mutants: read, and held against the sources that they edit.

use std::{
    collections::BTreeSet,
    fmt, fs, io,
    ops::Range,
    path::{Path, PathBuf},
};

use serde::Deserialize;
use thiserror::Error;
use toml::Spanned;

use super::workshop::{BUILD, UNEDITED};

/// An edit of the core.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mutant {
    /// What the core does after the edit, as an identifier.
    pub name: String,
    /// The file that it edits, below the core's sources.
    pub file: String,
    /// What it replaces.
    pub find: String,
    /// What it puts there.
    pub replace: String,
    /// What is wrong with that.
    pub why: String,
    /// The scope to be walked before all others, because it shows there soon.
    pub scope: Option<String>,
    /// Where it is listed.
    pub place: Place,
}

impl Mutant {
    /// The text of its file after the edit.
    pub fn edit(&self, source: &str) -> String {
        source.replacen(&self.find, &self.replace, 1)
    }
}

/// A line of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file, as it was called.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// A list of mutants, each of which can be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mutants(Vec<Mutant>);

/// The list as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Listed {
    #[serde(default)]
    mutant: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: Spanned<String>,
    file: Spanned<String>,
    find: Spanned<String>,
    replace: Spanned<String>,
    why: Spanned<String>,
    scope: Option<Spanned<String>>,
}

impl Mutants {
    /// Reads a list, and the sources below `sources` to see that each edit can be made; `scopes`
    /// are those that there are.
    ///
    /// # Errors
    ///
    /// The first line that is wrong, and what was expected of it.
    pub fn load(file: &Path, scopes: &[String], sources: &Path) -> Result<Self, MutantsError> {
        let text = fs::read_to_string(file)
            .map_err(|source| MutantsError::Unreadable { file: file.to_owned(), source })?;
        Self::parse(&file.display().to_string(), &text, scopes, |name| {
            fs::read_to_string(sources.join(name)).ok()
        })
    }

    /// Reads a list; `source` gives the text of a file of the core.
    ///
    /// # Errors
    ///
    /// As [`load`](Self::load).
    pub fn parse(
        file: &str,
        text: &str,
        scopes: &[String],
        source: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, MutantsError> {
        let place = |span: Range<usize>| {
            let before = text.get(..span.start).unwrap_or(text);
            Place { file: file.to_owned(), line: before.matches('\n').count() + 1 }
        };
        let wrong = |span, what: String| MutantsError::Malformed { place: place(span), what };
        let listed: Listed = toml::from_str(text)
            .map_err(|error| wrong(error.span().unwrap_or_default(), error.message().to_owned()))?;
        let mut names = BTreeSet::new();
        let mut mutants = Vec::new();
        for Entry { name, file, find, replace, why, scope } in listed.mutant {
            let error = |at: &Spanned<String>, what| Err(wrong(at.span(), what));
            let id = name.get_ref();
            if id.is_empty() || !id.chars().all(|it| it.is_ascii_lowercase() || it == '_') {
                return error(&name, format!("expected a name like_this, not {id:?}"));
            }
            if [BUILD, UNEDITED].contains(&id.as_str()) || !names.insert(id.clone()) {
                return error(&name, format!("the name {id:?} is taken"));
            }
            if why.get_ref().trim().is_empty() {
                return error(&why, "expected what is wrong with the edit".into());
            }
            let unknown = scope.as_ref().filter(|it| !scopes.contains(it.get_ref()));
            if let Some(scope) = unknown {
                let (name, expected) = (scope.get_ref(), scopes.join(", "));
                return error(scope, format!("unknown scope {name:?}; expected one of {expected}"));
            }
            let Some(edited) = source(file.get_ref()) else {
                return error(&file, format!("no file {:?} in the core", file.get_ref()));
            };
            // The empty text occurs everywhere, and is found once in an empty file only.
            match edited.matches(find.get_ref().as_str()).count() {
                1 if find != replace => {}
                1 => return error(&replace, "expected another text than `find`".into()),
                count => {
                    let what = format!("occurs {count} times in {}", file.get_ref());
                    return error(&find, format!("{what}; expected exactly once"));
                }
            }
            mutants.push(Mutant {
                place: place(name.span()),
                name: name.into_inner(),
                file: file.into_inner(),
                find: find.into_inner(),
                replace: replace.into_inner(),
                why: why.into_inner(),
                scope: scope.map(Spanned::into_inner),
            });
        }
        match mutants.is_empty() {
            true => Err(wrong(0..0, "expected a [[mutant]]".into())),
            false => Ok(Self(mutants)),
        }
    }

    /// Those of these names, or all if there is no name, in the order of the list.
    ///
    /// # Errors
    ///
    /// The first name that no mutant has.
    pub fn choose(&self, names: &[String]) -> Result<Vec<&Mutant>, MutantsError> {
        match names.iter().find(|name| !self.0.iter().any(|it| it.name == **name)) {
            Some(name) => Err(MutantsError::Unknown {
                name: name.clone(),
                known: self.0.iter().map(|it| it.name.clone()).collect(),
            }),
            None => {
                let is_chosen = |it: &&Mutant| names.is_empty() || names.contains(&it.name);
                Ok(self.0.iter().filter(is_chosen).collect())
            }
        }
    }
}

/// Why a list of mutants is of no use.
#[derive(Debug, Error)]
pub enum MutantsError {
    /// The file cannot be read.
    #[error("{}: cannot be read: {source}", .file.display())]
    Unreadable {
        /// Which.
        file: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The file is not a list of mutants that can be made.
    #[error("{place}: {what}")]
    Malformed {
        /// Where.
        place: Place,
        /// What is wrong, and what was expected.
        what: String,
    },
    /// There is no such mutant.
    #[error("unknown mutant {name:?}; expected one of {}", .known.join(", "))]
    Unknown {
        /// The name.
        name: String,
        /// Those there are.
        known: Vec<String>,
    },
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scopes::Specs;

    #[test]
    fn every_mutant_can_be_made_in_the_sources_as_they_are() {
        let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
        let scopes = Specs::find().and_then(|specs| specs.names()).expect("there are scopes");
        let sources = tests.join("../engine/core/src");
        let mutants = Mutants::load(&tests.join("mutants.toml"), &scopes, &sources);
        let Mutants(mutants) = mutants.unwrap_or_else(|error| panic!("{error}"));
        assert!(mutants.len() >= 20, "{} mutants are too few", mutants.len());
        let edits: BTreeSet<_> =
            mutants.iter().map(|it| (&it.file, &it.find, &it.replace)).collect();
        assert_eq!(edits.len(), mutants.len(), "an edit is listed twice");
    }

    #[test]
    fn what_is_wrong_with_a_list_is_said_with_its_line() {
        let one = "[[mutant]]\nname = 'a'\nfile = 'x.rs'\nfind = 'b'\nreplace = 'c'\nwhy = 'd'\n\
                   scope = 'solo'\n";
        let source = |name: &str| (name == "x.rs").then(|| "a b a".to_owned());
        let read =
            |text: &str| Mutants::parse("list", text, &["flags".into(), "solo".into()], source);
        assert_eq!(read(one).expect("it is well formed").0[0].edit("a b a"), "a c a");
        let complaint = |text: &str| read(text).expect_err("it is malformed").to_string();
        for (text, said) in [
            (one.replace("find = 'b'", "find = 'a'"), "list:4: occurs 2 times in x.rs; "),
            (one.replace("find = 'b'", "find = 'z'"), "list:4: occurs 0 times in x.rs; "),
            (one.replace("'c'", "'b'"), "list:5: expected another text"),
            (one.replace("x.rs", "../x.rs"), "list:3: no file \"../x.rs\" in the core"),
            (one.replace("'a'", "'../a'"), "list:2: expected a name like_this"),
            (one.replace("'a'", "'build'"), "list:2: the name \"build\" is taken"),
            (one.repeat(2), "list:9: the name \"a\" is taken"),
            (
                one.replace("solo", "sole"),
                "list:7: unknown scope \"sole\"; expected one of flags, solo",
            ),
            (one.replace("'d'", "' '"), "list:6: expected what is wrong"),
            (one.replace("why", "because"), "list:6: unknown field `because`"),
            (one.replace("'d'", "'d"), "list:6: "),
            (String::new(), "list:1: expected a [[mutant]]"),
        ] {
            let complaint = complaint(&text);
            assert!(complaint.starts_with(said), "{complaint}, not {said}");
        }
    }
}
