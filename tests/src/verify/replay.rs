//! `verify replay` and `verify draw`, and the replay of every committed trace.

use std::{
    fs,
    path::{Path, PathBuf},
};

use mapi_session_model::{Action, Fault, Scope};
use serde::Serialize;

use super::{
    cli::Subject,
    finding::{Finding, Wrong},
    verdict::TraceResult,
    work::{Unusable, Work},
};
use crate::{
    engine_replay::replay_on_engine,
    lockstep::replay_on_core,
    scopes::Specs,
    trace::{self, Kind, Recorded, TraceError, replay_on_model},
};

/// A committed trace, replayed.
#[derive(Debug)]
pub struct Committed {
    /// What is reported of it.
    pub result: TraceResult,
    /// What it shows, if it could be read.
    pub kind: Option<Kind>,
    /// With which fault, if any.
    pub fault: Option<Fault>,
}

/// The folders of committed traces, from `specs/` on.
pub const FOLDERS: [&str; 4] = [
    "traces",
    "traces/counterexamples",
    "traces/counterexamples/INV-46",
    "traces/counterexamples/INV-06",
];
/// The ending of a trace's file.
pub const ENDING: &str = ".itf.json";

/// Replays every committed trace on model and core.
///
/// # Errors
///
/// If a trace is malformed. One that no longer fits is a finding.
pub fn committed(work: &Work) -> Result<(Vec<Committed>, Vec<Finding>), Unusable> {
    let (mut traces, mut findings) = (Vec::new(), Vec::new());
    for file in committed_files(&work.specs)? {
        let name = file.strip_prefix(work.specs.folder()).unwrap_or(&file).display().to_string();
        let mut result = TraceResult {
            file: name.clone(),
            property: String::new(),
            scope: String::new(),
            steps: 0,
            on: vec!["model", "core"],
            failure: None,
        };
        let (mut kind, mut fault) = (None, None);
        match read(work, &file)? {
            Ok((recorded, scope)) => {
                result.property.clone_from(&recorded.property);
                result.scope.clone_from(&recorded.scope);
                result.steps = recorded.actions.len() as u64;
                (kind, fault) = (Some(recorded.kind), recorded.fault);
                let on_model = on_model(&scope, &recorded);
                let on_core = on_core(&scope, &recorded);
                let failure = on_model.err().or_else(|| on_core.err());
                result.failure = failure.as_ref().map(|it| it.what.clone());
                findings.extend(failure.map(|it| located(&name, it)));
            }
            Err(finding) => {
                result.failure = Some(finding.what.clone());
                findings.push(finding);
            }
        }
        traces.push(Committed { result, kind, fault });
    }
    Ok((traces, findings))
}

fn located(name: &str, finding: Finding) -> Finding {
    Finding::new(finding.wrong, format!("{name}: {}", finding.what))
}

/// The files of all committed traces, sorted.
///
/// # Errors
///
/// If a folder cannot be read.
pub fn committed_files(specs: &Specs) -> Result<Vec<PathBuf>, Unusable> {
    let mut files = Vec::new();
    for folder in FOLDERS.map(|folder| specs.folder().join(folder)) {
        if !folder.is_dir() {
            continue;
        }
        let unreadable = |source| Unusable::Unreadable { file: folder.clone(), source };
        for entry in fs::read_dir(&folder).map_err(unreadable)? {
            let file = entry.map_err(unreadable)?.path();
            if file.to_string_lossy().ends_with(ENDING) {
                files.push(file);
            }
        }
    }
    files.sort_unstable();
    Ok(files)
}

/// Reads a trace and its scope; a trace that no longer fits its scope is a finding.
fn read(work: &Work, file: &Path) -> Result<Result<(Recorded, Scope), Finding>, Unusable> {
    let text = fs::read_to_string(file)
        .map_err(|source| Unusable::Unreadable { file: file.to_owned(), source })?;
    let mut scope = None;
    let read = Recorded::from_itf(&file.display().to_string(), &text, |name| {
        let found = find_scope(work, file, name)?;
        scope = Some(found.clone());
        Ok(found)
    });
    match (read, scope) {
        (Ok(recorded), Some(scope)) => Ok(Ok((recorded, scope))),
        (Ok(_), None) => Err(Unusable::Nothing(format!("{}: names no scope", file.display()))),
        (Err(error @ (TraceError::DoesNotFit { .. } | TraceError::DoesNotFollow { .. })), _) => {
            Ok(Err(Finding::new(Wrong::Drift, error.to_string())))
        }
        (Err(error), _) => Err(error.into()),
    }
}

/// The scope of a trace: a standard one, or one whose file lies beside the trace.
fn find_scope(work: &Work, trace: &Path, name: &str) -> Result<Scope, String> {
    let beside = trace.with_file_name(format!("{name}.toml"));
    let located = match beside.is_file() {
        true => work.specs.load(&beside.display().to_string()),
        false => work.specs.load(name),
    };
    located.map(|it| it.scope).map_err(|error| error.to_string())
}

fn on_model(scope: &Scope, recorded: &Recorded) -> Result<(), Finding> {
    match replay_on_model(scope, recorded) {
        Ok(_) => Ok(()),
        Err(failure) => Err(Finding::new(Wrong::Drift, failure.to_string())),
    }
}

/// The core follows the sound protocol; of a faulty trace up to the step at which that parts.
fn on_core(scope: &Scope, recorded: &Recorded) -> Result<(), Finding> {
    match replay_on_core(scope, recorded.start, sound_part(recorded)).err() {
        None => Ok(()),
        Some(divergence) => {
            let step = divergence.actions.len();
            let what = format!("model and core differ at step {step}: {}", divergence.what);
            Err(Finding::new(Wrong::Differs, what))
        }
    }
}

/// The engine follows the sound protocol as far as the core does.
fn on_engine(scope: &Scope, recorded: &Recorded) -> Result<(), Finding> {
    match replay_on_engine(scope, recorded.start, sound_part(recorded)) {
        Ok(_) => Ok(()),
        Err(failure) => {
            let what = format!("model and engine differ at {failure}");
            Err(Finding::new(Wrong::Differs, what))
        }
    }
}

/// What happens up to and with the step at which the sound protocol does something else.
fn sound_part(recorded: &Recorded) -> &[Action] {
    let all = recorded.actions.len();
    &recorded.actions[..recorded.parts_at.unwrap_or(all).min(all)]
}

/// What programs are told of a replay.
#[derive(Serialize)]
struct Replay<'a> {
    exit_code: u8,
    scope: &'a str,
    fault: Option<String>,
    property: &'a str,
    ends: &'a str,
    steps: usize,
    story: &'a str,
    findings: &'a [Finding],
}

/// Replays a trace and tells it as a story.
///
/// # Errors
///
/// If it cannot be read.
pub fn replay(
    work: &Work,
    file: &Path,
    fault: Option<Fault>,
    on: &[Subject],
) -> Result<u8, Unusable> {
    let (mut recorded, scope) = match read(work, file)? {
        Ok(read) => read,
        Err(finding) => return Ok(refused(work, finding)),
    };
    if let Some(fault) = fault {
        recorded.fault = Some(fault);
    }
    let is_asked = |subject| on.is_empty() || on.contains(&subject);
    let mut findings = Vec::new();
    if is_asked(Subject::Model) {
        findings.extend(on_model(&scope, &recorded).err());
    }
    if is_asked(Subject::Core) {
        findings.extend(on_core(&scope, &recorded).err());
    }
    if is_asked(Subject::Engine) {
        findings.extend(on_engine(&scope, &recorded).err());
    }
    findings.sort_by_key(|it| it.wrong);
    let exit_code = super::finding::exit_code(&findings);
    let story = trace::story(&scope, &recorded)
        .map_err(|failure| Unusable::Nothing(format!("{}: {failure}", file.display())))?;
    work.output.object(&Replay {
        exit_code,
        scope: &recorded.scope,
        fault: recorded.fault.map(|it| it.to_string()),
        property: &recorded.property,
        ends: &recorded.ends,
        steps: recorded.actions.len(),
        story: &story,
        findings: &findings,
    });
    work.output.say(story.trim_end());
    for finding in &findings {
        work.output.say(format!("{}: {}", finding.wrong.sentence(), finding.what));
    }
    Ok(exit_code)
}

/// A trace that no longer fits has no story.
fn refused(work: &Work, finding: Finding) -> u8 {
    let exit_code = finding.wrong.code();
    work.output.complain(&finding.what);
    let findings = [finding];
    work.output.object(&Refused { exit_code, findings: &findings });
    exit_code
}

#[derive(Serialize)]
struct Refused<'a> {
    exit_code: u8,
    findings: &'a [Finding],
}

/// What programs are told of a drawing.
#[derive(Serialize)]
struct Drawing<'a> {
    diagram: &'a str,
}

/// Draws a trace as a Mermaid sequence diagram.
///
/// # Errors
///
/// If it cannot be read.
pub fn draw(work: &Work, file: &Path) -> Result<u8, Unusable> {
    let (recorded, scope) = match read(work, file)? {
        Ok(read) => read,
        Err(finding) => return Ok(refused(work, finding)),
    };
    let diagram = trace::draw(&scope, &recorded)
        .map_err(|failure| Unusable::Nothing(format!("{}: {failure}", file.display())))?;
    work.output.object(&Drawing { diagram: &diagram });
    work.output.say(diagram.trim_end());
    Ok(0)
}
