//! Which goals each scope reaches, and in how many steps.

use std::{collections::BTreeMap, fmt};

use mapi_session_model::properties;

use super::table::{self, NONE, TableError};

/// A table of goals and scopes, with the length of the shortest trace where there is one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    goals: Vec<String>,
    lengths: BTreeMap<String, BTreeMap<String, u64>>,
}

impl Coverage {
    /// The table of all goals, filled for no scope yet.
    pub fn new() -> Self {
        let goals = properties::goals().iter().map(|goal| goal.id().to_owned()).collect();
        Self { goals, lengths: BTreeMap::new() }
    }

    /// Reads a table, up to the first empty line.
    ///
    /// # Errors
    ///
    /// The first line that is malformed or names an unknown goal.
    pub fn parse(file: &str, text: &str) -> Result<Self, TableError> {
        // What follows says what covers each requirement. Nothing is read from it.
        let end = text.find("\n\n").map_or(text.len(), |end| end + 1);
        let (header, rows) = table::read(file, &text[..end])?;
        let scopes = match header.columns.split_first() {
            Some((&"goal", scopes)) if scopes.is_sorted_by(|a, b| a < b) => scopes,
            Some(_) | None => {
                return header.error("expected the header `goal`, then the scopes, sorted");
            }
        };
        let mut coverage = Self::new();
        let known = std::mem::take(&mut coverage.goals);
        for scope in scopes {
            coverage.lengths.insert((*scope).to_owned(), BTreeMap::new());
        }
        for row in &rows {
            let goal = row.columns[0];
            if !known.iter().any(|it| it == goal) {
                return row.error(format!("unknown goal {goal:?}; `cargo verify list` shows all"));
            }
            if coverage.goals.iter().any(|it| it == goal) {
                return row.error(format!("the goal {goal:?} stands here twice"));
            }
            coverage.goals.push(goal.to_owned());
            for (column, scope) in (1..).zip(scopes) {
                if let Some(length) = row.number_or_none(column)? {
                    let of_scope = coverage.lengths.entry((*scope).to_owned()).or_default();
                    of_scope.insert(goal.to_owned(), length);
                }
            }
        }
        Ok(coverage)
    }

    /// Pins what a scope reaches.
    pub fn insert(&mut self, scope: &str, lengths: BTreeMap<String, u64>) {
        self.lengths.insert(scope.to_owned(), lengths);
    }

    /// What a scope reaches, if it is pinned at all.
    pub fn of(&self, scope: &str) -> Option<&BTreeMap<String, u64>> {
        self.lengths.get(scope)
    }

    /// The scope in which a goal takes the fewest steps, and how many.
    pub fn nearest(&self, goal: &str) -> Option<(&str, u64)> {
        let scopes = self.lengths.iter();
        scopes
            .filter_map(|(scope, lengths)| Some((scope.as_str(), *lengths.get(goal)?)))
            .min_by_key(|(_, length)| *length)
    }

    /// Says, a line each, what a scope reaches otherwise than pinned.
    pub fn differences(&self, scope: &str, found: &BTreeMap<String, u64>) -> Vec<String> {
        let Some(pinned) = self.of(scope) else {
            return vec![format!("{scope}: its goals are not pinned")];
        };
        let mut said = Vec::new();
        for (goal, length) in pinned {
            match found.get(goal) {
                None => said
                    .push(format!("{scope}: no longer reaches {goal}, which took {length} steps")),
                Some(now) if now != length => said
                    .push(format!("{scope}: reaches {goal} in {now} steps; {length} are pinned")),
                Some(_) => {}
            }
        }
        for (goal, length) in found.iter().filter(|(goal, _)| !pinned.contains_key(*goal)) {
            said.push(format!("{scope}: reaches {goal} in {length} steps, which is not pinned"));
        }
        said
    }
}

/// Writes the table.
impl fmt::Display for Coverage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("goal")?;
        for scope in self.lengths.keys() {
            write!(f, "\t{scope}")?;
        }
        writeln!(f)?;
        for goal in &self.goals {
            f.write_str(goal)?;
            for lengths in self.lengths.values() {
                match lengths.get(goal) {
                    Some(length) => write!(f, "\t{length}")?,
                    None => write!(f, "\t{NONE}")?,
                }
            }
            writeln!(f)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Coverage {
        let mut coverage = Coverage::new();
        coverage.insert("small", [("RCH-01".to_owned(), 7)].into());
        coverage.insert("large", [("RCH-01".to_owned(), 5), ("Join".to_owned(), 4)].into());
        coverage
    }

    #[test]
    fn what_is_written_is_read_back() {
        let text = sample().to_string();
        let read = Coverage::parse("it", &text).expect("it is well formed");
        assert_eq!(read, sample());
        assert_eq!(read.to_string(), text);
        let more = format!("{text}\nwhatever follows an empty line");
        assert_eq!(Coverage::parse("it", &more), Ok(sample()));
    }

    #[test]
    fn the_nearest_scope_is_that_of_the_shortest_trace() {
        assert_eq!(sample().nearest("RCH-01"), Some(("large", 5)));
        assert_eq!(sample().nearest("Acquire"), None);
    }

    #[test]
    fn every_difference_is_said() {
        let found = [("Join".to_owned(), 6), ("Acquire".to_owned(), 2)].into();
        let said = sample().differences("large", &found);
        assert_eq!(said.len(), 3, "{said:?}");
        assert!(sample().differences("other", &found)[0].contains("not pinned"));
        let pinned = sample().of("large").cloned().expect("it is pinned");
        assert!(sample().differences("large", &pinned).is_empty());
    }

    #[test]
    fn what_is_malformed_is_refused_with_its_line() {
        for (text, line) in [
            ("", 1),
            ("goal\ta", 1),
            ("gaol\ta\n", 1),
            ("goal\tb\ta\n", 1),
            ("goal\ta\nRCH-01\t1\t2\n", 2),
            ("goal\ta\nRCH-01\tone\n", 2),
            ("goal\ta\nRCH-01\t01\n", 2),
            ("goal\ta\nRCH-01\t1\nRCH-99\t1\n", 3),
            ("goal\ta\nRCH-01\t1\nRCH-01\t1\n", 3),
        ] {
            let error = Coverage::parse("it", text).expect_err("it is malformed");
            assert_eq!(error.line, line, "{text:?}: {error}");
        }
    }
}
