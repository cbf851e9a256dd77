//! The diagrams of `transitions.md`: one for each of [`LIVES`], with a table of its moves.
//!
//! Start at [`diagrams`]. A label has room for a few rules only; the table below has all of them,
//! and is what [`stale`] reads back to say which move is missing or too many.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::{self, Write},
};

use mapi_session_model::Rule;

use super::{
    finding::{Finding, Wrong},
    lives::{LIVES, Life, Move, Moves, Place},
};

/// What the heading of a life begins with.
const HEADING: &str = "## The life of ";
/// The head of a table of moves.
const HEAD: &str = "| from | to | rules |\n|---|---|---|";
/// How many rules a label names at most.
const NAMED: usize = 3;

/// Every life as a diagram and as a table.
pub fn diagrams(moves: &Moves) -> String {
    let mut text = String::new();
    for (place, Life { title, words, .. }) in LIVES.iter().enumerate() {
        let edges = edges(moves, place);
        let _ = writeln!(text, "\n{HEADING}{title}\n\n{words}\n\n```mermaid\nstateDiagram-v2");
        for (from, to, rules) in &edges {
            let _ = writeln!(text, "    {} --> {}: {}", from.name(), to.name(), label(rules));
        }
        let _ = writeln!(text, "```\n\n{HEAD}");
        for (from, to, rules) in &edges {
            let _ = writeln!(text, "| {} | {} | {} |", from.name(), to.name(), names(rules));
        }
    }
    text
}

/// The moves of one life, those between the same places together; from each place the end last.
fn edges(moves: &Moves, life: usize) -> Vec<(Place, Place, Vec<Rule>)> {
    let mut edges: BTreeMap<_, Vec<Rule>> = BTreeMap::new();
    for (_, Move { from, to, rule }) in moves.iter().filter(|(place, _)| *place == life) {
        edges.entry((*from, *to == Place::NOWHERE, *to)).or_default().push(*rule);
    }
    edges.into_iter().map(|((from, _, to), rules)| (from, to, rules)).collect()
}

/// The rules of an edge, as many as can be read.
fn label(rules: &[Rule]) -> String {
    match rules.len().checked_sub(NAMED) {
        None | Some(0) => names(rules),
        Some(beyond) => format!("{} and {} more", names(&rules[..NAMED - 1]), beyond + 1),
    }
}

fn names(rules: &[Rule]) -> String {
    rules.iter().map(|rule| format!("{rule:?}")).collect::<Vec<_>>().join(", ")
}

/// A move as it is written down.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Written<'a> {
    life: &'a str,
    from: &'a str,
    to: &'a str,
    rule: &'a str,
}

impl fmt::Display for Written<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { life, from, to, rule } = self;
        write!(f, "{life} moves from {from} to {to} by {rule}")
    }
}

/// The moves in the tables of a text.
fn written(text: &str) -> BTreeSet<Written<'_>> {
    let mut life = None;
    let mut moves = BTreeSet::new();
    for line in text.lines() {
        if line.starts_with("## ") {
            life = line.strip_prefix(HEADING);
        }
        let cells = line.strip_prefix("| ").and_then(|it| it.strip_suffix(" |"));
        let cells: Vec<_> = cells.map(|it| it.split(" | ").collect()).unwrap_or_default();
        if let (Some(life), &[from, to, rules]) = (life, &cells[..])
            && !HEAD.starts_with(line)
        {
            moves.extend(rules.split(", ").map(|rule| Written { life, from, to, rule }));
        }
    }
    moves
}

/// What is wrong with the recorded text of `file`: every move in it that does not occur, every one
/// that does and is not in it; failing these, the first line that is not as it would be written.
pub fn stale(file: &str, recorded: &str, now: &str) -> Vec<Finding> {
    if recorded == now {
        return Vec::new();
    }
    let (old, new) = (written(recorded), written(now));
    let gone = old.difference(&new).map(|it| format!("{file}: no longer occurs: {it}"));
    let missing = new.difference(&old).map(|it| format!("{file}: is not recorded: {it}"));
    let mut said: Vec<_> = gone.chain(missing).collect();
    if said.is_empty() {
        let same = recorded.lines().zip(now.lines()).take_while(|(a, b)| a == b).count();
        let line = now.lines().nth(same).unwrap_or("nothing");
        said.push(format!("{file}:{}: expected {line:?}", same + 1));
    }
    said.into_iter().map(|what| Finding::new(Wrong::Drift, what)).collect()
}

#[cfg(test)]
mod tests {
    use mapi_session_model::{Protocol, Scope};
    use stateright_exact::{Checks, Limits, explore};

    use super::*;
    use crate::verify::{lives::Lookout, transitions::transitions};

    /// A client logs on to a profile with one store, and goes; it may make another profile.
    const SCOPE: &str = r#"
purpose = "One client that logs on and goes."
clients = 1
handles_per_client = 1
calls_in_progress = 1
sessions = 1
profiles = 2
calls = ["release"]
results = ["ok", "version"]
admin = [{ name = "it", call = "create", to = "New" }]
profile = [{ name = "Home", services = [{ name = "one", providers = ["store"] }] }]
request = [{ name = "it", profile = "Home", password = "none", flags = ["ALLOW_OTHERS"] }]
start = [{ default = "none", initialized = ["A"] }]
"#;

    /// Every move in that scope.
    fn seen() -> Moves {
        let scope = Scope::parse("it", SCOPE).unwrap_or_else(|error| panic!("{error}"));
        let lookout = Lookout::default();
        let checks = lookout.watch(Checks::new());
        let world = Protocol::sound(scope);
        let mut report = explore(&world, &checks, &Limits::default(), &mut |_| {});
        let moves = lookout.come_down(&mut report);
        assert!(report.properties.is_empty(), "nobody has looked");
        moves
    }

    #[test]
    fn a_life_is_drawn_as_it_was_seen() {
        let text = diagrams(&seen());
        let session = "```mermaid
stateDiagram-v2
    [*] --> Building: Build
    Building --> Shared: FinishLogon
    Shared --> Draining: ReleaseLive
    Draining --> [*]: EndSession
```

| from | to | rules |
|---|---|---|
| [*] | Building | Build |
| Building | Shared | FinishLogon |
| Shared | Draining | ReleaseLive |
| Draining | [*] | EndSession |
";
        assert!(text.contains(session), "{text}");
        assert_eq!(text.matches("stateDiagram-v2\n    [*] --> ").count(), LIVES.len());
        assert!(text.contains("    Enabled --> Disabled: DisableUnloadable\n"), "{text}");
    }

    #[test]
    fn a_label_names_a_few_rules_and_counts_the_others() {
        let all = &Rule::ALL[..5];
        let named = |count| all[..count].iter().map(|it| format!("{it:?}")).collect::<Vec<_>>();
        assert_eq!(label(&all[..3]), named(3).join(", "));
        assert_eq!(label(all), format!("{} and 3 more", named(2).join(", ")));
        assert_eq!(label(&all[..1]), named(1).join(", "));
    }

    #[test]
    fn a_move_that_is_not_recorded_or_no_longer_occurs_is_found() {
        let now = transitions(&seen());
        let said = |recorded: &str| {
            let findings = stale("it.md", recorded, &now);
            assert!(findings.iter().all(|it| it.wrong == Wrong::Drift));
            findings.into_iter().map(|it| it.what).collect::<Vec<_>>()
        };
        assert!(said(&now).is_empty());
        let row = "| Building | Shared | FinishLogon |\n";
        let missing = now.replacen(row, "", 1);
        let expected =
            "it.md: is not recorded: a session moves from Building to Shared by FinishLogon";
        assert_eq!(said(&missing), [expected]);
        let extra = now.replacen(row, &format!("{row}| Shared | Closing | Join, Reply |\n"), 1);
        let of = |rule| {
            format!("it.md: no longer occurs: a session moves from Shared to Closing by {rule}")
        };
        assert_eq!(said(&extra), [of("Join"), of("Reply")]);
        // An arrow alone, or a row of the table of rules.
        let arrow = now.replacen("Building --> Shared", "Building --> Closing", 1);
        let line = 1 + now.lines().take_while(|it| !it.contains("Building --> Shared")).count();
        let expected = format!("it.md:{line}: expected \"    Building --> Shared: FinishLogon\"");
        assert_eq!(said(&arrow), [expected]);
        let rule = now.replacen("| **Join**", "| **Jion**", 1);
        assert_eq!(said(&rule).len(), 1);
        assert_eq!(said("").len(), seen().len());
    }
}
