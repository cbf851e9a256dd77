//! The requirements that something does not cover, each with the reason. People write this table.

use super::table::{self, TableError};
use crate::requirements::covered::Column;

const HEADER: [&str; 3] = ["id", "column", "reason"];

/// The empty cells of the table of requirements that may stay empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Uncovered(Vec<(String, Column, String)>);

impl Uncovered {
    /// Reads the table.
    ///
    /// # Errors
    ///
    /// The first line that is malformed.
    pub fn parse(file: &str, text: &str) -> Result<Self, TableError> {
        let mut listed: Vec<(String, Column, String)> = Vec::new();
        for row in table::read_with(file, text, &HEADER)? {
            let [id, column, reason] = row.columns[..] else {
                return row.error("expected 3 columns");
            };
            let Some(column) = Column::ALL.into_iter().find(|it| it.name() == column) else {
                let names = Column::ALL.map(Column::name).join(", ");
                return row.error(format!("column {column:?}; expected one of {names}"));
            };
            if listed.iter().any(|(it, other, _)| (it.as_str(), *other) == (id, column)) {
                let name = column.name();
                return row.error(format!("{id} stands here twice with the column {name}"));
            }
            listed.push((id.to_owned(), column, reason.to_owned()));
        }
        Ok(Self(listed))
    }

    /// Why this cell of this id may be empty, if that is listed.
    pub fn get(&self, id: &str, column: Column) -> Option<&str> {
        let found = self.0.iter().find(|(it, other, _)| (it.as_str(), *other) == (id, column));
        found.map(|(_, _, reason)| reason.as_str())
    }

    /// Every cell that is listed.
    pub fn cells(&self) -> impl Iterator<Item = (&str, Column)> {
        self.0.iter().map(|(id, column, _)| (id.as_str(), *column))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listed_cell_has_a_reason() {
        let listed = Uncovered::parse("it", "id\tcolumn\treason\nX-1\ttraces\tnot yet\n");
        let listed = listed.expect("it is well formed");
        assert_eq!(listed.get("X-1", Column::Traces), Some("not yet"));
        assert_eq!(listed.get("X-1", Column::Rules), None);
        for (rows, said) in [
            ("X-1\ttracks\tno\n", "expected one of "),
            ("X-1\ttraces\tno\nX-1\ttraces\tno\n", "twice"),
            ("X-1\ttraces\t\n", "filled"),
        ] {
            let error = Uncovered::parse("it", &format!("id\tcolumn\treason\n{rows}"));
            let error = error.expect_err("it is malformed");
            assert!(error.to_string().contains(said), "{error}");
        }
    }
}
