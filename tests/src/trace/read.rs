//! Reads a trace from ITF and holds what is derived in it against the model.
//!
//! Start at [`Recorded::from_itf`]. Every error names file and line and says what was expected; no
//! input panics.

use std::collections::BTreeMap;

use mapi_session_model::{Action, Fault, Label, Protocol, Rule, Scope};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json, value::RawValue};

use super::{
    MAX_BYTES, MAX_STEPS, Recorded, Replayed, TraceError,
    error::{Difference, Named},
    itf::{self, ACTION_TAKEN, FORMAT_VERSION, VARIABLES},
    replay,
};

/// The file; values stay text, so that an error can name their place.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document<'a> {
    #[serde(rename = "#meta", borrow)]
    meta: Meta<'a>,
    params: &'a RawValue,
    vars: &'a RawValue,
    states: Vec<&'a RawValue>,
    #[serde(rename = "loop")]
    looping: Option<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Meta<'a> {
    #[serde(borrow)]
    format: &'a RawValue,
    format_version: &'a RawValue,
    model_version: &'a RawValue,
    scope: &'a RawValue,
    start: &'a RawValue,
    fault: Option<&'a RawValue>,
    kind: &'a RawValue,
    property: &'a RawValue,
    ends: &'a RawValue,
    parts_at: Option<&'a RawValue>,
    actions: Vec<&'a RawValue>,
}

impl Recorded {
    /// Reads a trace of one of the scopes that `scopes` finds by name.
    ///
    /// # Errors
    ///
    /// The first thing that is malformed, too large or unknown, the first step that cannot happen,
    /// or the first value that the actions do not lead to.
    pub fn from_itf(
        file: &str,
        text: &str,
        scopes: impl FnOnce(&str) -> Result<Scope, String>,
    ) -> Result<Self, TraceError> {
        if text.len() > MAX_BYTES {
            return Err(TraceError::TooLarge { file: file.into(), bytes: text.len() });
        }
        let reader = Reader { file, text };
        let document = serde_json::from_str(text)
            .map_err(|error| reader.malformed_json(Place { line: 1, column: 1 }, &error))?;
        let (recorded, scope) = reader.recorded(&document, scopes)?;
        let run = reader.walk(&document, &recorded, &scope)?;
        reader.check_states(&document, &recorded, &recorded.world(&scope), &run)?;
        Ok(recorded)
    }
}

#[derive(Clone, Copy)]
struct Reader<'a> {
    file: &'a str,
    text: &'a str,
}

#[derive(Clone, Copy)]
struct Place {
    line: usize,
    column: usize,
}

impl Reader<'_> {
    /// Where a value stands; it is a part of the text.
    fn place(self, raw: &RawValue) -> Place {
        let offset = (raw.get().as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize);
        let before = &self.text.as_bytes()[..offset.min(self.text.len())];
        let line_start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        Place { line, column: offset - line_start + 1 }
    }

    fn malformed(self, at: Place, what: impl Into<String>) -> TraceError {
        let Place { line, column } = at;
        TraceError::Malformed { file: self.file.into(), line, column, what: what.into() }
    }

    /// An error of the parser, whose text begins at this place.
    fn malformed_json(self, start: Place, error: &serde_json::Error) -> TraceError {
        let text = error.to_string();
        let what = text.rsplit_once(" at line ").map_or(text.as_str(), |(what, _)| what);
        let column = match error.line() {
            0 | 1 => start.column + error.column().saturating_sub(1),
            _ => error.column(),
        };
        let line = start.line + error.line().saturating_sub(1);
        self.malformed(Place { line, column: column.max(1) }, what)
    }

    fn unknown(
        self,
        raw: &RawValue,
        what: Named,
        name: &str,
        expected: impl Into<String>,
    ) -> TraceError {
        let (line, name) = (self.place(raw).line, name.into());
        TraceError::Unknown { file: self.file.into(), line, what, name, expected: expected.into() }
    }

    fn read<T: DeserializeOwned>(self, raw: &RawValue) -> Result<T, TraceError> {
        serde_json::from_str(raw.get())
            .map_err(|error| self.malformed_json(self.place(raw), &error))
    }

    fn expect(self, raw: &RawValue, expected: &Value) -> Result<(), TraceError> {
        let found: Value = self.read(raw)?;
        match found == *expected {
            true => Ok(()),
            false => {
                let what = format!("found {found}; expected {expected}");
                Err(self.malformed(self.place(raw), what))
            }
        }
    }

    fn recorded(
        self,
        document: &Document<'_>,
        scopes: impl FnOnce(&str) -> Result<Scope, String>,
    ) -> Result<(Recorded, Scope), TraceError> {
        let meta = &document.meta;
        self.expect(meta.format, &json!("ITF"))?;
        let found: u64 = self.read(meta.format_version)?;
        if found != FORMAT_VERSION {
            let line = self.place(meta.format_version).line;
            return Err(TraceError::WrongVersion { file: self.file.into(), line, found });
        }
        let name: String = self.read(meta.scope)?;
        let scope =
            scopes(&name).map_err(|why| self.unknown(meta.scope, Named::Scope, &name, why))?;
        if meta.actions.len() > MAX_STEPS {
            let (file, line) = (self.file.into(), self.place(meta.actions[MAX_STEPS]).line);
            return Err(TraceError::TooLong { file, line, steps: meta.actions.len() });
        }
        let actions = meta.actions.iter().map(|raw| self.action(&scope, raw));
        let recorded = Recorded {
            scope: name,
            start: self.read(meta.start)?,
            fault: meta.fault.map(|raw| self.fault(raw)).transpose()?,
            kind: self.read(meta.kind)?,
            property: self.read(meta.property)?,
            ends: self.read(meta.ends)?,
            parts_at: meta.parts_at.map(|raw| self.read(raw)).transpose()?,
            actions: actions.collect::<Result<_, _>>()?,
        };
        if !replay::is_known(&scope, recorded.kind, &recorded.property) {
            let expected = format!("a property of the model for a {}", recorded.kind);
            let name = &recorded.property;
            return Err(self.unknown(meta.property, Named::Property, name, expected));
        }
        Ok((recorded, scope))
    }

    fn fault(self, raw: &RawValue) -> Result<Fault, TraceError> {
        let name: String = self.read(raw)?;
        let expected = "a fault as `verify faults` lists them, such as Join-never";
        Fault::parse(&name).ok_or_else(|| self.unknown(raw, Named::Fault, &name, expected))
    }

    /// An action in which requests and profiles stand by name.
    fn action(self, scope: &Scope, raw: &RawValue) -> Result<Action, TraceError> {
        let written: Value = self.read(raw)?;
        let mut value = written.clone();
        if let Some(place) = value.pointer_mut("/logon/request") {
            let name = self.name(raw, place)?;
            let request = scope.request_named(name).ok_or_else(|| {
                let known = scope.requests.iter().map(|it| it.name.as_str());
                self.unknown(raw, Named::Request, name, one_of(known))
            })?;
            *place = json!(request);
        }
        if let Some(place) = value.pointer_mut("/choose/answer/pick/profile") {
            let name = self.name(raw, place)?;
            *place = json!(self.label(scope, raw, name)?);
        }
        if let Some(place) = value.pointer_mut("/administer/edit") {
            let name = self.name(raw, place)?;
            let edit = scope.edit_named(name).ok_or_else(|| {
                let known = scope.edits.iter().map(|it| it.name.as_str());
                self.unknown(raw, Named::Edit, name, one_of(known))
            })?;
            *place = json!(edit);
        }
        let action = Action::deserialize(&value).map_err(|error| {
            let what = error.to_string();
            match (unknown_action(&what), value.as_object().and_then(|it| it.keys().next())) {
                (Some(expected), Some(tag)) => self.unknown(raw, Named::Action, tag, expected),
                (Some(_) | None, _) => self.malformed(self.place(raw), what),
            }
        })?;
        // The parser passes over fields that it does not know.
        match itf::write_action(scope, action) {
            expected if expected == written => Ok(action),
            expected => {
                let what = format!("found {written}; expected {expected}");
                Err(self.malformed(self.place(raw), what))
            }
        }
    }

    fn name<'v>(self, raw: &RawValue, value: &'v Value) -> Result<&'v str, TraceError> {
        let what = || format!("found {value} in {}; expected a name", raw.get());
        value.as_str().ok_or_else(|| self.malformed(self.place(raw), what()))
    }

    fn label(self, scope: &Scope, raw: &RawValue, name: &str) -> Result<Option<Label>, TraceError> {
        match (scope.label_named(name), name) {
            (Some(label), _) => Ok(Some(label)),
            (None, "absent") => Ok(None),
            (None, unknown) => {
                let known = scope.labels.iter().map(String::as_str).chain(["absent"]);
                Err(self.unknown(raw, Named::Profile, unknown, one_of(known)))
            }
        }
    }

    /// Runs the actions, and looks at what the head of the file derives from them.
    fn walk(
        self,
        document: &Document<'_>,
        recorded: &Recorded,
        scope: &Scope,
    ) -> Result<Replayed, TraceError> {
        let meta = &document.meta;
        let recorded_by: String = self.read(meta.model_version)?;
        let misfit = |raw, failure| TraceError::DoesNotFit {
            file: self.file.into(),
            line: self.place(raw).line,
            failure,
            recorded_by: recorded_by.clone(),
        };
        let world = recorded.world(scope);
        let run = replay::walk(&world, recorded.start, &recorded.actions).map_err(|failure| {
            let step = failure.step().and_then(|step| meta.actions.get(step - 1));
            misfit(step.unwrap_or(&meta.start), failure)
        })?;
        replay::assert_parting(&world, &run, recorded).map_err(|failure| {
            misfit(meta.parts_at.or(meta.fault).unwrap_or(meta.kind), failure)
        })?;
        let looping: Option<usize> = document.looping.map(|raw| self.read(raw)).transpose()?;
        let expected = recorded.loops_at(&run);
        if looping != expected {
            let what = match expected {
                Some(index) => format!("expected a `loop` to state {index}"),
                None => "expected no `loop`".into(),
            };
            return Err(self.malformed(self.place(document.looping.unwrap_or(meta.kind)), what));
        }
        Ok(run)
    }

    fn check_states(
        self,
        document: &Document<'_>,
        recorded: &Recorded,
        world: &Protocol,
        run: &Replayed,
    ) -> Result<(), TraceError> {
        self.expect(document.params, &json!([]))?;
        self.expect(document.vars, &json!(VARIABLES))?;
        let expected = itf::states(world, run);
        if document.states.len() != expected.len() {
            let last = document.states.last().copied().unwrap_or(document.vars);
            let what = format!(
                "{} states; expected {}, one more than actions",
                document.states.len(),
                recorded.actions.len() + 1
            );
            return Err(self.malformed(self.place(last), what));
        }
        let recorded_by: String = self.read(document.meta.model_version)?;
        for (state, (raw, values)) in document.states.iter().zip(expected).enumerate() {
            let meta = ("#meta", json!({ "index": state }));
            let expected = VARIABLES.into_iter().zip(values).chain([meta]).collect();
            if let Some((line, difference)) = self.difference(raw, state, expected)? {
                let (file, difference) = (self.file.into(), Box::new(difference));
                return Err(TraceError::DoesNotFollow { file, line, difference, recorded_by });
            }
        }
        Ok(())
    }

    /// The first variable that differs, and its line.
    fn difference(
        self,
        raw: &RawValue,
        state: usize,
        expected: Vec<(&str, Value)>,
    ) -> Result<Option<(usize, Difference)>, TraceError> {
        let mut found: BTreeMap<String, &RawValue> = serde_json::from_str(raw.get())
            .map_err(|error| self.malformed_json(self.place(raw), &error))?;
        for (variable, expected) in expected {
            let value = found.remove(variable);
            let place = value.unwrap_or(raw);
            let value: Option<Value> = value.map(|value| self.read(value)).transpose()?;
            if value.as_ref() == Some(&expected) {
                continue;
            }
            let (variable, expected) = (variable.to_owned(), expected.to_string());
            if let (ACTION_TAKEN, Some(Value::String(rule))) = (variable.as_str(), &value)
                && !Rule::ALL.iter().any(|it| format!("{it:?}") == *rule)
            {
                return Err(self.unknown(place, Named::Rule, rule, expected));
            }
            let found = value.map_or_else(|| "missing".into(), |value| value.to_string());
            let difference = Difference { state, variable, found, expected };
            return Ok(Some((self.place(place).line, difference)));
        }
        Ok(found.into_iter().next().map(|(variable, value)| {
            let (found, expected) = (value.get().into(), "no such variable".into());
            (self.place(value).line, Difference { state, variable, found, expected })
        }))
    }
}

/// What would be known, if this is the complaint of an unknown kind of action.
fn unknown_action(complaint: &str) -> Option<&str> {
    let (_, expected) = complaint.strip_prefix("unknown variant `")?.split_once("`, expected ")?;
    expected.starts_with("one of `initialize`, `uninitialize`, ").then_some(expected)
}

fn one_of<'a>(known: impl Iterator<Item = &'a str>) -> String {
    let known: Vec<_> = known.collect();
    let shown = known.len().min(MOST_LISTED);
    let more = match known.len() - shown {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("one of `{}`{more}", known[..shown].join("`, `"))
}

/// How many known names an error lists.
const MOST_LISTED: usize = 20;
