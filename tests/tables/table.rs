//! A table of `specs/tables`, row by row. What it does not expect is an error with file and line.

use std::fmt;

/// A table that cannot be read, or a row that cannot be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TableError {
    file: &'static str,
    line: usize,
    what: String,
}

impl fmt::Display for TableError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.what)
    }
}

/// One row: its cells, without the space around them.
#[derive(Clone, Debug)]
pub(crate) struct Row<'a, const N: usize> {
    file: &'static str,
    line: usize,
    pub(crate) cells: [&'a str; N],
}

impl<const N: usize> Row<'_, N> {
    /// What is wrong with this row.
    pub(crate) fn error<T>(&self, what: impl Into<String>) -> Result<T, TableError> {
        Err(TableError { file: self.file, line: self.line, what: what.into() })
    }

    /// What the words of a cell mean, of those that it may have.
    pub(crate) fn word<T: Copy>(&self, place: usize, known: &[(&str, T)]) -> Result<T, TableError> {
        match known.iter().find(|(word, _)| *word == self.cells[place]) {
            Some((_, meaning)) => Ok(*meaning),
            None => {
                let words: Vec<_> = known.iter().map(|(word, _)| *word).collect();
                let (found, words) = (self.cells[place], words.join("`, `"));
                self.error(format!("found `{found}`, expected one of `{words}`"))
            }
        }
    }
}

/// The rows of the one table in a file, which must have these columns.
pub(crate) fn rows<'a, const N: usize>(
    file: &'static str,
    text: &'a str,
    columns: [&str; N],
) -> Result<Vec<Row<'a, N>>, TableError> {
    let mut lines = text.lines().enumerate().skip_while(|(_, line)| !line.starts_with('|'));
    let error = |line, what: String| Err(TableError { file, line, what });
    let Some((place, header)) = lines.next() else {
        return error(text.lines().count(), "no table".into());
    };
    if cells(header) != columns {
        return error(place + 1, format!("expected the columns {}", columns.join(", ")));
    }
    let mut rows = Vec::new();
    let mut is_over = false;
    for (place, line) in lines.skip(1) {
        is_over |= !line.starts_with('|');
        if is_over && line.starts_with('|') {
            return error(place + 1, "a second table".into());
        }
        if is_over {
            continue;
        }
        match cells(line).try_into() {
            Ok(cells) => rows.push(Row { file, line: place + 1, cells }),
            Err(_) => return error(place + 1, format!("expected {N} cells")),
        }
    }
    Ok(rows)
}

/// The values that words stand for.
pub(crate) const fn values<T: Copy, const N: usize>(words: [(&'static str, T); N]) -> [T; N] {
    let mut values = [words[0].1; N];
    let mut place = 0;
    while place < N {
        values[place] = words[place].1;
        place += 1;
    }
    values
}

/// The file with nothing left but what stands below this heading, each line where it was.
pub(crate) fn section(text: &str, heading: &str) -> String {
    let mut is_inside = false;
    let lines = text.lines().map(|line| {
        if line.starts_with('#') {
            is_inside = line == heading;
        }
        if is_inside { line } else { "" }
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn cells(line: &str) -> Vec<&str> {
    let inner = line.strip_prefix('|').and_then(|line| line.trim_end().strip_suffix('|'));
    inner.map_or(Vec::new(), |inner| inner.split('|').map(str::trim).collect())
}

/// Whether a table of `specs/rules` has a row of this id.
pub(crate) fn is_requirement(id: &str) -> bool {
    let group = id.split('-').next().unwrap_or(id);
    let is_plain = group.chars().all(|char| char.is_ascii_uppercase());
    let path = format!("{}/../specs/rules/{group}.md", env!("CARGO_MANIFEST_DIR"));
    let row = format!("| {id} |");
    let text = std::fs::read_to_string(path);
    is_plain && text.is_ok_and(|text| text.lines().any(|line| line.starts_with(&row)))
}

/// Whether there is such a page in `specs/decisions`.
pub(crate) fn is_decision(name: &str) -> bool {
    let path = format!("{}/../specs/decisions/{name}.md", env!("CARGO_MANIFEST_DIR"));
    name.starts_with("D-") && std::path::Path::new(&path).exists()
}

/// Whether `specs/README.md` says what this source is.
pub(crate) fn is_source(name: &str) -> bool {
    name == "FLOW" || name.ends_with(".md") || name.ends_with(".h")
}
