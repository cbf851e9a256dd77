//! What covers each id: a table for people, and the cells of it that ought not to be empty.
//!
//! Start at [`Traceability::covered`]. Nothing is run for it: the rules that stand for an id, the
//! properties and goals that rest on it and the sources that cite it are read, and so are the
//! committed traces, each of which names its rules and what it shows.

use std::{collections::BTreeSet, fmt};

use mapi_session_core as core;
use mapi_session_model as model;
use serde::Deserialize;

use super::{RequirementsError, Traceability, WATCHED_ONLY, citations, rows::Status};

/// The columns in which something may be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Column {
    /// The rules of the model that stand for an id; a property or a goal will do as well.
    Rules,
    /// What rests on a decision: requirements; a citation in the sources will do as well.
    RestsOnIt,
    /// Committed traces through such a rule, or of such a property or goal.
    Traces,
}

impl Column {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::Rules, Self::RestsOnIt, Self::Traces];

    /// What the table calls it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rules => "rules",
            Self::RestsOnIt => "rests_on_it",
            Self::Traces => "traces",
        }
    }
}

/// The head of the table.
const HEADER: &str = "id\tstatus\trules\trests_on_it\tcore\tengine\ttests\ttraces\n";
/// What stands in a cell for nothing where nothing is asked for.
const NONE: &str = "-";
/// What stands in a cell for nothing where something is asked for.
const UNCOVERED: &str = "uncovered";
/// What stands in a cell where no rule, but some comment cites an id.
const COMMENT: &str = "(comment)";

/// What covers one id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Covered {
    /// The id.
    pub id: String,
    /// The status of a requirement; none for a decision.
    status: Option<Status>,
    /// The rules of the model that stand for it.
    rules: Vec<String>,
    /// The properties and goals that rest on it, itself if it is one; of a decision, requirements.
    rests_on_it: BTreeSet<String>,
    /// The rules of the core that stand for it.
    core: Vec<&'static str>,
    /// How often model, core, engine and tests cite it.
    cited: [usize; 4],
    /// How many committed traces pass through a rule that stands for it, or show what rests on it.
    traces: usize,
}

/// What a committed trace shows, and which rules it follows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// The ids in the name of the goal that it reaches or the property that it violates.
    pub ids: BTreeSet<String>,
    /// The rules of its steps.
    pub rules: BTreeSet<String>,
}

impl Traceability {
    /// What covers each requirement, then each decision.
    pub fn covered(&self, traces: &[Shown]) -> Vec<Covered> {
        let mut requirements: Vec<_> = self.requirements.iter().collect();
        requirements.sort_by(|a, b| a.id.cmp(&b.id));
        let requirements = requirements.into_iter().map(|it| {
            let watching = self.requirements.iter().filter(|by| self.properties.contains(&by.id));
            let watching = watching.filter(|by| WATCHED_ONLY.contains(&by.group.as_str()));
            let watching = watching.filter(|by| by.cites.contains(&it.id));
            let itself = self.properties.get(&it.id).cloned();
            let resting = watching.map(|by| by.id.clone()).chain(itself).collect();
            self.covers(&it.id, Some(it.status.clone()), resting, traces)
        });
        let decisions = self.decisions.iter().map(|(id, named)| {
            let naming = self.requirements.iter().filter(|by| by.cites.contains(id));
            let resting = naming.map(|by| by.id.clone()).chain(named.iter().cloned()).collect();
            self.covers(id, None, resting, traces)
        });
        requirements.chain(decisions).collect()
    }

    fn covers(
        &self,
        id: &str,
        status: Option<Status>,
        rests_on_it: BTreeSet<String>,
        traces: &[Shown],
    ) -> Covered {
        let rows = model::rule::TABLE.iter().flat_map(|(_, rows)| *rows);
        let rows = rows.filter(|row| row.requirements.contains(&id));
        let rules: Vec<_> = rows.map(|row| format!("{:?}", row.rule)).collect();
        let core = core::Rule::ALL.iter().filter(|rule| rule.requirements().contains(&id));
        let inner = self.engine.places(id).filter(|it| it.starts_with("engine/core/")).count();
        let cited = [
            self.model.places(id).count(),
            inner,
            self.engine.places(id).count() - inner,
            self.tests.places(id).count(),
        ];
        let shows = |it: &&Shown| {
            rules.iter().any(|rule| it.rules.contains(rule))
                || it.ids.contains(id)
                || it.ids.iter().any(|shown| rests_on_it.contains(shown))
        };
        let traces = traces.iter().filter(shows).count();
        let core = core.map(|rule| rule.name()).collect();
        Covered { id: id.to_owned(), status, rules, rests_on_it, core, cited, traces }
    }
}

impl Covered {
    /// The cells that are empty and ought not to be.
    pub fn empty(&self) -> impl Iterator<Item = Column> {
        let asked: &[Column] = match &self.status {
            Some(Status::Modelled) => &[Column::Rules, Column::Traces],
            // For citations of core, engine and tests it is asked elsewhere: they have no excuse.
            Some(Status::Engine | Status::Later(_) | Status::Unmodelled) => &[],
            None => &[Column::RestsOnIt],
        };
        asked.iter().copied().filter(|column| match column {
            Column::Rules => self.rules.is_empty() && self.rests_on_it.is_empty(),
            Column::RestsOnIt => self.rests_on_it.is_empty() && self.cited == [0; 4],
            Column::Traces => self.traces == 0,
        })
    }
}

/// The line of the table.
impl fmt::Display for Covered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let empty: Vec<_> = self.empty().collect();
        let nothing = |column: Option<Column>| match column.is_some_and(|it| empty.contains(&it)) {
            true => UNCOVERED,
            false => NONE,
        };
        let count = |column, number: usize| match number {
            0 => nothing(column).to_owned(),
            number => number.to_string(),
        };
        let names = |names: &[&str], column, cited: usize| match (names.is_empty(), cited) {
            (false, _) => names.join(" "),
            (true, 0) => nothing(column).to_owned(),
            (true, _) => COMMENT.to_owned(),
        };
        let rules: Vec<_> = self.rules.iter().map(String::as_str).collect();
        let [in_model, in_core, in_engine, in_tests] = self.cited;
        let resting: Vec<_> = self.rests_on_it.iter().map(String::as_str).collect();
        let cells = [
            self.id.clone(),
            self.status.as_ref().map_or_else(|| "decided".to_owned(), Status::to_string),
            match empty.contains(&Column::Rules) {
                true => UNCOVERED.to_owned(),
                false => names(&rules, None, in_model),
            },
            names(&resting, Some(Column::RestsOnIt), 0),
            names(&self.core, None, in_core),
            count(None, in_engine),
            count(None, in_tests),
            count(Some(Column::Traces), self.traces),
        ];
        f.write_str(&cells.join("\t"))
    }
}

/// The table.
pub fn table(lines: &[Covered]) -> String {
    let lines = lines.iter().map(|it| format!("{it}\n"));
    HEADER.to_owned() + &lines.collect::<String>()
}

/// Everything that is wrong with the empty cells, given which may stay empty for a reason: those
/// without a reason, and reasons without an empty cell.
pub fn holes<'a>(
    lines: &[Covered],
    excused: impl Iterator<Item = (&'a str, Column)>,
) -> (Vec<String>, Vec<String>) {
    let empty = lines.iter().flat_map(|it| it.empty().map(|column| (it.id.as_str(), column)));
    let empty: BTreeSet<_> = empty.collect();
    let excused: BTreeSet<_> = excused.collect();
    let cell = |(id, column): &(&str, Column)| format!("{id} has nothing for `{}`", column.name());
    let holes = empty.difference(&excused);
    let holes = holes.map(|it| format!("{}, and no reason is listed", cell(it))).collect();
    let needless = excused.difference(&empty);
    let needless = needless.map(|(id, column)| {
        format!("{id} needs no reason to have nothing for `{}`", column.name())
    });
    (holes, needless.collect())
}

#[derive(Deserialize)]
struct Document {
    #[serde(rename = "#meta")]
    meta: Meta,
    states: Vec<Taken>,
}

#[derive(Deserialize)]
struct Meta {
    property: String,
}

#[derive(Deserialize)]
struct Taken {
    #[serde(rename = "mbt::actionTaken", default)]
    rule: String,
}

impl Shown {
    /// Reads what a trace says of itself. That it is true is for a replay to say.
    ///
    /// # Errors
    ///
    /// If it is no trace.
    pub fn read(file: &str, text: &str) -> Result<Self, RequirementsError> {
        let read: Result<Document, _> = serde_json::from_str(text);
        let Document { meta, states } =
            read.map_err(|source| RequirementsError::Trace { file: file.to_owned(), source })?;
        Ok(Self {
            ids: citations::ids(name(&meta.property)).map(str::to_owned).collect(),
            rules: states.into_iter().map(|it| it.rule).collect(),
        })
    }
}

/// A property's name up to the colon.
fn name(property: &str) -> &str {
    property.split(':').next().unwrap_or(property)
}
