//! The verdict as files: JSON for programs, JUnit for whoever shows tests, Markdown for people.

use std::{fmt::Write, path::Path, time::Duration};

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::{
    output::grouped,
    tables,
    verdict::{PropertyOutcome, PropertyResult, Told, Verdict},
    work::{Unusable, write_file},
};

/// Writes `verdict.json`, `junit.xml` and `summary.md`.
///
/// # Errors
///
/// Says which file cannot be written, and why.
pub fn write(verdict: &Verdict, folder: &Path) -> Result<(), Unusable> {
    let json = serde_json::to_string_pretty(verdict);
    let json = json.unwrap_or_else(|error| format!("{{\"error\": {:?}}}", error.to_string()));
    write_file(&folder.join("verdict.json"), &(json + "\n"))?;
    write_file(&folder.join("junit.xml"), &junit(verdict))?;
    write_file(&folder.join("summary.md"), &summary(verdict))
}

/// One test case for every property and scope, every walk, fault and trace, and every finding.
pub fn junit(verdict: &Verdict) -> String {
    let mut report = Report::new("verify");
    report.set_time(Duration::from_secs_f64(verdict.seconds));
    for scope in &verdict.scopes {
        let mut suite = TestSuite::new(format!("{} by {}", scope.scope, scope.checker));
        suite.set_time(Duration::from_secs_f64(scope.seconds));
        suite.add_test_cases(scope.properties.iter().map(property));
        report.add_test_suite(suite);
    }
    let mut suite = TestSuite::new("lock-step");
    for walk in &verdict.lockstep {
        let failure = (walk.verdict != "agrees").then_some(walk.verdict.as_str());
        let story = walk.divergence.as_ref().map(|it| it.story.as_str());
        let fault = walk.fault.as_ref().map(|it| format!(" with {it}")).unwrap_or_default();
        suite.add_test_case(case(&format!("{}{fault}", walk.scope), failure, story));
    }
    report.add_test_suite(suite);
    let mut suite = TestSuite::new("faults");
    for fault in &verdict.faults {
        let is_quiet = fault.noticed.is_none() && fault.unobservable.is_none();
        suite.add_test_case(case(&fault.fault, is_quiet.then_some("nothing notices it"), None));
    }
    report.add_test_suite(suite);
    let mut suite = TestSuite::new("traces");
    for trace in &verdict.traces {
        suite.add_test_case(case(&trace.file, trace.failure.as_deref(), None));
    }
    report.add_test_suite(suite);
    let mut suite = TestSuite::new("findings");
    for finding in &verdict.findings {
        suite.add_test_case(case(&finding.what, Some(finding.wrong.sentence()), None));
    }
    if verdict.findings.is_empty() {
        suite.add_test_case(case("nothing is wrong", None, None));
    }
    report.add_test_suite(suite);
    report.to_string().unwrap_or_else(|error| format!("<!-- {error} -->"))
}

fn property(it: &PropertyResult) -> TestCase {
    let failure = match it.result {
        PropertyOutcome::Holds | PropertyOutcome::Reached => None,
        PropertyOutcome::Violated => Some("violated"),
        PropertyOutcome::Undecided => Some("undecided"),
        // Which goals a scope must reach is pinned; what is missing is among the findings.
        PropertyOutcome::Unreached => {
            let mut case = TestCase::new(it.name.clone(), TestCaseStatus::skipped());
            case.status.set_message("not reached in this scope");
            return case;
        }
    };
    case(&it.name, failure, it.counterexample.as_ref().map(|it| it.story.as_str()))
}

fn case(name: &str, failure: Option<&str>, story: Option<&str>) -> TestCase {
    let mut status = match failure {
        None => TestCaseStatus::success(),
        Some(_) => TestCaseStatus::non_success(NonSuccessKind::Failure),
    };
    if let Some(failure) = failure {
        status.set_message(failure);
        if let Some(story) = story {
            status.set_description(story);
        }
    }
    TestCase::new(name, status)
}

/// What a reviewer reads: the verdict, what is wrong with its diagrams, then all tables.
pub fn summary(verdict: &Verdict) -> String {
    let mut text = String::from("# Verdict\n\n");
    let what = if verdict.exit_code == 0 { "Everything holds." } else { "Something is wrong." };
    let _ = writeln!(
        text,
        "`{}`: {what} Exit code {}, {:.1} s.\n",
        verdict.command, verdict.exit_code, verdict.seconds
    );
    for finding in &verdict.findings {
        let _ = writeln!(text, "- **{}**: {}", finding.wrong.sentence(), finding.what);
    }
    for it in &verdict.headlines {
        let (holds, faults) =
            (if it.holds { "holds" } else { "violated" }, it.broken_by.join(", "));
        let (count, checked_on) = (it.broken_by.len(), grouped(it.checked_on));
        let _ = writeln!(
            text,
            "- **{}**: {holds}, held against {checked_on} states or steps; broken by {count} \
             faults: {faults}",
            it.name
        );
    }
    for scope in &verdict.scopes {
        for property in &scope.properties {
            if let Some(told) = &property.counterexample {
                drawn(&mut text, &format!("{}, in {}", property.name, scope.scope), told);
            }
        }
    }
    for walk in &verdict.lockstep {
        if let Some(told) = &walk.divergence {
            drawn(&mut text, &format!("Model and core part in {}", walk.scope), told);
        }
    }
    let _ = writeln!(text, "\n## Figures\n");
    let _ = writeln!(text, "| scope | checker | states | edges | depth | seconds | verdict |");
    let _ = writeln!(text, "|---|---|---:|---:|---:|---:|---|");
    for it in &verdict.scopes {
        let (states, edges) = (grouped(it.states), grouped(it.edges));
        let _ = writeln!(
            text,
            "| {} | {} | {states} | {edges} | {} | {:.2} | {} |",
            it.scope, it.checker, it.depth, it.seconds, it.verdict
        );
    }
    for it in &verdict.lockstep {
        let (states, edges) = (grouped(it.states), grouped(it.edges));
        let _ = writeln!(
            text,
            "| {} | lock-step | {states} | {edges} | | {:.2} | {} |",
            it.scope, it.seconds, it.verdict
        );
    }
    properties(&mut text, verdict);
    faults(&mut text, verdict);
    text
}

fn drawn(text: &mut String, title: &str, told: &Told) {
    let _ = writeln!(text, "\n## {title}\n");
    let _ = writeln!(text, "```text\n{}\n```\n", told.story.trim_end());
    let _ = writeln!(text, "```mermaid\n{}\n```", told.diagram.trim_end());
}

fn properties(text: &mut String, verdict: &Verdict) {
    if verdict.scopes.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n## Properties\n\n| property | scope | result |\n|---|---|---|");
    for scope in &verdict.scopes {
        for it in &scope.properties {
            let result = tables::result(it);
            let _ = writeln!(text, "| {} | {} | {result} |", it.name, scope.scope);
        }
    }
}

fn faults(text: &mut String, verdict: &Verdict) {
    if verdict.faults.is_empty() {
        return;
    }
    let _ = writeln!(
        text,
        "\n## Faults\n\n| fault | noticed by | scope | steps | parts from the core in | after |\n\
         |---|---|---|---:|---|---:|"
    );
    for it in &verdict.faults {
        let noticed = it.noticed.as_ref();
        let parts = it.parts.as_ref();
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} | {} |",
            it.fault,
            noticed.map_or("nothing", |it| &it.property),
            noticed.map_or("", |it| &it.scope),
            noticed.and_then(|it| it.length).map_or_else(String::new, |it| it.to_string()),
            parts.map_or("", |it| &it.scope),
            parts.map_or_else(String::new, |it| it.length.to_string()),
        );
    }
}
