//! The verdict as tables for a terminal.

use comfy_table::{CellAlignment, Table, presets};

use super::{
    output::{grouped, mebibytes},
    verdict::{
        FaultResult, Headline, LockstepResult, PropertyKind, PropertyOutcome, PropertyResult,
        ScopeResult, TraceResult, Verdict,
    },
};

/// Everything that was found, the figures first and what is wrong last.
pub fn verdict(verdict: &Verdict) -> String {
    let mut parts = vec![headlines(&verdict.headlines)];
    if !verdict.scopes.is_empty() {
        parts.push(scopes(&verdict.scopes));
        parts.push(properties(&verdict.scopes, Rows::Properties));
        parts.push(properties(&verdict.scopes, Rows::Goals));
    }
    if !verdict.lockstep.is_empty() {
        parts.push(lockstep(&verdict.lockstep));
    }
    if !verdict.faults.is_empty() {
        parts.push(faults(&verdict.faults));
    }
    if !verdict.traces.is_empty() {
        parts.push(traces(&verdict.traces));
    }
    parts.retain(|part| !part.is_empty());
    parts.push(conclusion(verdict));
    parts.join("\n\n")
}

/// The shortest story of what is wrong, everything that is wrong, and the exit code.
pub fn conclusion(verdict: &Verdict) -> String {
    let mut text = String::new();
    let violated = verdict.scopes.iter().flat_map(|scope| &scope.properties);
    let violated = violated.filter_map(|it| Some((it.length, it.counterexample.as_ref()?)));
    let diverged = verdict.lockstep.iter();
    let diverged = diverged.filter_map(|it| Some((it.diverges_after, it.divergence.as_ref()?)));
    if let Some((_, told)) = violated.chain(diverged).min_by_key(|(length, _)| *length) {
        text.push_str(&format!("{}\n", told.story));
    }
    for finding in &verdict.findings {
        text.push_str(&format!("{}: {}\n", finding.wrong.sentence(), finding.what));
    }
    let seconds = verdict.seconds;
    let memory = verdict.peak_memory.map(|it| format!(", {}", mebibytes(it))).unwrap_or_default();
    let what = match verdict.findings.len() {
        0 => "holds".to_owned(),
        1 => "1 finding".to_owned(),
        many => format!("{many} findings"),
    };
    text.push_str(&format!("{what}; exit code {} ({seconds:.1} s{memory})", verdict.exit_code));
    text
}

/// A table under a header; the columns named here are numbers.
fn table(header: &[&str], numbers: &[usize]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::UTF8_BORDERS_ONLY).set_header(header.to_vec());
    for place in numbers {
        if let Some(column) = table.column_mut(*place) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}

/// The invariants that stand first, and how many faults break each.
fn headlines(headlines: &[Headline]) -> String {
    if headlines.is_empty() {
        return String::new();
    }
    let mut table = table(&["headline", "held against", "broken by", "verdict"], &[1]);
    for it in headlines {
        table.add_row([
            it.name.clone(),
            grouped(it.checked_on),
            format!("{} faults", it.broken_by.len()),
            if it.holds { "holds" } else { "VIOLATED" }.to_owned(),
        ]);
    }
    table.to_string()
}

/// Scope by scope: how large, how fast, how much memory.
pub fn scopes(scopes: &[ScopeResult]) -> String {
    let header = [
        "scope", "checker", "states", "edges", "depth", "seconds", "states/s", "edges/s", "search",
        "process", "verdict",
    ];
    let mut table = table(&header, &[2, 3, 4, 5, 6, 7, 8, 9]);
    for it in scopes {
        table.add_row([
            it.scope.clone(),
            it.checker.to_owned(),
            grouped(it.states),
            grouped(it.edges),
            it.depth.to_string(),
            format!("{:.2}", it.seconds),
            grouped(it.states_per_second),
            grouped(it.edges_per_second),
            it.bytes.map(mebibytes).unwrap_or_default(),
            it.peak_memory.map(mebibytes).unwrap_or_default(),
            it.verdict.clone(),
        ]);
    }
    table.to_string()
}

/// Which rows a table of properties has.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Rows {
    /// What must hold.
    Properties,
    /// What must be possible.
    Goals,
}

/// A row a property, a column a scope: the result, and on how much it was checked.
pub fn properties(scopes: &[ScopeResult], rows: Rows) -> String {
    let is_row = |it: &&PropertyResult| (it.kind == PropertyKind::Goal) == (rows == Rows::Goals);
    // stateright is given some of the properties only; whoever has all decides the rows.
    let Some(most) = scopes.iter().max_by_key(|it| it.properties.len()) else {
        return String::new();
    };
    let shown: Vec<_> = most.properties.iter().filter(is_row).collect();
    if shown.is_empty() {
        return String::new();
    }
    let named: Vec<_> = scopes
        .iter()
        .filter(|it| it.properties.iter().any(|it| is_row(&it)))
        .map(|it| match it.checker {
            "own" => (it.scope.clone(), it),
            checker => (format!("{} by {checker}", it.scope), it),
        })
        .collect();
    let mut header = vec![if rows == Rows::Goals { "goal" } else { "property" }];
    header.extend(named.iter().map(|(name, _)| name.as_str()));
    let numbers: Vec<_> = (1..=named.len()).collect();
    let mut table = table(&header, &numbers);
    for property in shown {
        let mut row = vec![property.name.clone()];
        for (_, scope) in &named {
            let found = scope.properties.iter().find(|it| it.name == property.name);
            row.push(found.map(result).unwrap_or_default());
        }
        table.add_row(row);
    }
    table.to_string()
}

/// The result of one property in one scope.
pub fn result(it: &PropertyResult) -> String {
    let steps = it.length.unwrap_or_default();
    match (it.result, it.kind) {
        (PropertyOutcome::Holds, PropertyKind::Step) => match &it.note {
            Some(note) => format!("{note}; {} edges", grouped(it.checked_on)),
            None => format!("holds on {} edges", grouped(it.checked_on)),
        },
        (PropertyOutcome::Holds, _) => format!("holds in {} states", grouped(it.checked_on)),
        (PropertyOutcome::Violated, _) => format!("VIOLATED after {steps} steps"),
        (PropertyOutcome::Reached, _) => format!("in {steps} steps"),
        (PropertyOutcome::Unreached, _) => "-".to_owned(),
        (PropertyOutcome::Undecided, _) => "undecided".to_owned(),
    }
}

/// Model and core, scope by scope.
pub fn lockstep(walks: &[LockstepResult]) -> String {
    let header = [
        "lock-step",
        "states",
        "edges",
        "refused",
        "seconds",
        "edges/s",
        "walk",
        "core rules",
        "verdict",
    ];
    let mut table = table(&header, &[1, 2, 3, 4, 5, 6, 7]);
    for it in walks {
        let fault = it.fault.as_ref().map(|it| format!(" with {it}")).unwrap_or_default();
        table.add_row([
            format!("{}{fault}", it.scope),
            grouped(it.states),
            grouped(it.edges),
            grouped(it.refused),
            format!("{:.2}", it.seconds),
            grouped(it.edges_per_second),
            mebibytes(it.bytes),
            it.core_rules.len().to_string(),
            it.verdict.clone(),
        ]);
    }
    table.to_string()
}

/// Rule by rule: what notices each fault.
pub fn faults(faults: &[FaultResult]) -> String {
    let header = ["rule", "fault", "noticed by", "in", "steps", "parts from the core in", "after"];
    let mut table = table(&header, &[4, 6]);
    for it in faults {
        let noticed = it.noticed.as_ref();
        let parts = it.parts.as_ref();
        table.add_row([
            it.rule.clone(),
            it.fault.strip_prefix(&format!("{}-", it.rule)).unwrap_or(&it.fault).to_owned(),
            noticed.map_or("nothing", |it| &it.property).to_owned(),
            noticed.map_or("", |it| &it.scope).to_owned(),
            noticed.and_then(|it| it.length).map_or_else(String::new, |it| it.to_string()),
            parts.map_or("nowhere", |it| &it.scope).to_owned(),
            parts.map_or_else(String::new, |it| it.length.to_string()),
        ]);
    }
    let mut text = table.to_string();
    for it in faults {
        if let Some(reason) = &it.unobservable {
            text.push_str(&format!("\n{}: {reason}", it.fault));
        }
    }
    text
}

/// The committed traces.
fn traces(traces: &[TraceResult]) -> String {
    let mut table = table(&["trace", "scope", "steps", "replayed on", "result"], &[2]);
    for it in traces {
        table.add_row([
            it.file.clone(),
            it.scope.clone(),
            it.steps.to_string(),
            it.on.join(", "),
            it.failure.as_deref().map_or("fits", |_| "DOES NOT FIT").to_owned(),
        ]);
    }
    table.to_string()
}
