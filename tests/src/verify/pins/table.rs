//! A table of text: a header, then rows, with one tab between two columns.

use thiserror::Error;

/// Where a table is malformed, and what was expected.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{file}:{line}: {what}")]
pub struct TableError {
    /// The file, as it was called.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong, and what was expected.
    pub what: String,
}

/// A row of a table, with its place.
pub(super) struct Row<'a> {
    file: &'a str,
    line: usize,
    /// The columns.
    pub(super) columns: Vec<&'a str>,
}

impl Row<'_> {
    pub(super) fn error<T>(&self, what: impl Into<String>) -> Result<T, TableError> {
        Err(TableError { file: self.file.to_owned(), line: self.line, what: what.into() })
    }

    /// The number in this column, written in the one way there is.
    pub(super) fn number(&self, column: usize) -> Result<u64, TableError> {
        let text = self.columns[column];
        match text.parse::<u64>().ok().filter(|number| number.to_string() == text) {
            Some(number) => Ok(number),
            None => self.error(format!("expected a number, found {text:?}")),
        }
    }

    /// The same, or nothing.
    pub(super) fn number_or_none(&self, column: usize) -> Result<Option<u64>, TableError> {
        match self.columns[column] {
            NONE => Ok(None),
            _ => self.number(column).map(Some),
        }
    }
}

/// What stands in a column for nothing.
pub(super) const NONE: &str = "-";

/// The header and the rows; every row has as many columns as the header.
pub(super) fn read<'a>(
    file: &'a str,
    text: &'a str,
) -> Result<(Row<'a>, Vec<Row<'a>>), TableError> {
    let mut lines: Vec<&str> = text.split('\n').collect();
    if lines.pop() != Some("") {
        let line = lines.len() + 1;
        let what = "expected the last line to end with a newline".to_owned();
        return Err(TableError { file: file.to_owned(), line, what });
    }
    let mut rows = Vec::new();
    for (line, text) in (1..).zip(lines) {
        rows.push(Row { file, line, columns: text.split('\t').collect() });
    }
    if rows.is_empty() {
        let what = "expected a header".to_owned();
        return Err(TableError { file: file.to_owned(), line: 1, what });
    }
    let header = rows.remove(0);
    for row in &rows {
        let (expected, found) = (header.columns.len(), row.columns.len());
        if expected != found {
            return row.error(format!(
                "expected {expected} columns with a tab between them, found {found}"
            ));
        }
        if row.columns.iter().any(|it| it.is_empty() || it.contains('\r')) {
            return row.error("expected every column to be filled, without a carriage return");
        }
    }
    Ok((header, rows))
}

/// Reads a table with this header.
pub(super) fn read_with<'a>(
    file: &'a str,
    text: &'a str,
    expected: &[&str],
) -> Result<Vec<Row<'a>>, TableError> {
    let (header, rows) = read(file, text)?;
    match header.columns == expected {
        true => Ok(rows),
        false => header.error(format!("expected the header {:?}", expected.join("\t"))),
    }
}
