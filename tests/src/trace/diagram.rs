//! Traces as sequence diagrams: what is drawn, and how Mermaid writes it.
//!
//! Start at [`Diagram::of`]. The same diagram is drawn as a picture in [`mod@super::svg`].

use std::fmt::Write as _;

use mapi_session_model::{Action, Client, Observation, Protocol, Scope, State, Step};

use super::{
    Recorded, ReplayFailure, Replayed,
    changes::{changes, standing_unlike},
    replay::{self, Parting},
};

/// Writes a trace as a Mermaid `sequenceDiagram`.
///
/// # Errors
///
/// The first step that cannot happen.
pub fn draw(scope: &Scope, recorded: &Recorded) -> Result<String, ReplayFailure> {
    let world = recorded.world(scope);
    let run = replay::walk(&world, recorded.start, &recorded.actions)?;
    let mut diagram = Diagram::of(&world, &run);
    let end = vec![recorded.property.clone(), recorded.ends.clone()];
    diagram.rows.push(Row::Note(Tone::Warning, end));
    Ok(diagram.to_mermaid())
}

/// What a trace looks like.
pub(super) struct Diagram {
    /// Who takes part, from left to right.
    pub(super) lifelines: Vec<Lifeline>,
    /// What happens, from top to bottom.
    pub(super) rows: Vec<Row>,
}

/// Who takes part, in the order in which they stand.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Lifeline {
    /// A client.
    Client(Client),
    /// The subsystem.
    Mapi,
    /// The person who answers prompts.
    User,
    /// The profile store.
    Store,
    /// The message services, and the providers of every session.
    Providers,
    /// Whoever moves mail with the transports of a session.
    Spooler,
}

/// One thing that happens.
pub(super) enum Row {
    /// Somebody tells somebody something.
    Arrow {
        /// Who speaks.
        from: Lifeline,
        /// Who is told.
        to: Lifeline,
        /// How.
        style: Style,
        /// What.
        text: String,
    },
    /// Something is so from now on, inside the subsystem.
    Note(Tone, Vec<String>),
}

/// How an arrow is drawn.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// A call, an order, or what answers one.
    Solid,
    /// The answer of a call.
    Dashed,
    /// The last that is heard of somebody.
    Lost,
}

/// How a note is drawn.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    /// As usual.
    Plain,
    /// So that it is noticed.
    Warning,
}

impl Diagram {
    /// What a run looks like; if it is a faulty one, with the place where the sound one parts.
    pub(super) fn of(world: &Protocol, run: &Replayed) -> Self {
        let scope = &world.scope;
        let parting = replay::parting(world, run);
        let mut rows = Vec::new();
        for (place, taken) in run.steps.iter().enumerate() {
            rows.push(action_row(scope, place + 1, taken.action));
            rows.extend(taken.step.seen.iter().map(|seen| observation_row(scope, seen)));
            let told = changes(scope, run.before(place), &taken.step.after);
            if !told.is_empty() {
                rows.push(Row::Note(Tone::Plain, told));
            }
            if let Some(Parting { instead, .. }) = parting.filter(|it| it.at == place + 1) {
                rows.push(parting_row(scope, run.before(place), &taken.step, &instead));
            }
        }
        let mut lifelines = vec![Lifeline::Mapi];
        for row in &rows {
            match row {
                Row::Arrow { from, to, .. } => lifelines.extend([*from, *to]),
                Row::Note(..) => {}
            }
        }
        lifelines.sort_unstable();
        lifelines.dedup();
        Self { lifelines, rows }
    }

    fn to_mermaid(&self) -> String {
        let mut text = String::from("sequenceDiagram\n");
        // Writing to a string does not fail.
        for lifeline in &self.lifelines {
            let _ = writeln!(text, "    participant {} as {}", lifeline.id(), lifeline.title());
        }
        for row in &self.rows {
            let _ = match row {
                Row::Arrow { from, to, style, text: label } => {
                    let arrow = match style {
                        Style::Solid => "->>",
                        Style::Dashed => "-->>",
                        Style::Lost => "-x",
                    };
                    writeln!(text, "    {}{arrow}{}: {}", from.id(), to.id(), escaped(label))
                }
                Row::Note(_, lines) => {
                    let lines: Vec<_> = lines.iter().map(|line| escaped(line)).collect();
                    writeln!(text, "    Note over MAPI: {}", lines.join("<br/>"))
                }
            };
        }
        text
    }
}

impl Lifeline {
    fn id(self) -> String {
        match self {
            Self::Client(client) => client.to_string(),
            Self::Mapi => "MAPI".into(),
            Self::User => "User".into(),
            Self::Store => "Store".into(),
            Self::Providers => "Providers".into(),
            Self::Spooler => "Spooler".into(),
        }
    }

    /// What stands at its head.
    pub(super) fn title(self) -> String {
        match self {
            Self::Client(client) => format!("client {client}"),
            Self::Mapi => "MAPI".into(),
            Self::User => "user".into(),
            Self::Store => "profile store".into(),
            Self::Providers => "providers".into(),
            Self::Spooler => "spooler".into(),
        }
    }
}

fn action_row(scope: &Scope, number: usize, action: Action) -> Row {
    let client = Lifeline::Client(action.client());
    let (from, style) = match action {
        Action::Initialize { .. }
        | Action::Uninitialize { .. }
        | Action::Logon { .. }
        | Action::Logoff { .. }
        | Action::Release { .. }
        | Action::Open { .. }
        | Action::Use { .. }
        | Action::StoreLogoff { .. }
        | Action::SetDefaultStore { .. }
        | Action::Advise { .. }
        | Action::Unadvise { .. }
        | Action::Administer { .. }
        | Action::AdminServices { .. }
        | Action::FastShutdown { .. }
        | Action::Withdraw { .. } => (client, Style::Solid),
        Action::Crash { .. } => (client, Style::Lost),
        Action::Deadline { .. }
        | Action::Timeout { .. }
        | Action::Continue { .. }
        | Action::Deliver { .. }
        | Action::SessionClosed { .. } => (Lifeline::Mapi, Style::Solid),
        Action::LookedUp { .. } | Action::Checked { .. } | Action::ServicesRead { .. } => {
            (Lifeline::Store, Style::Solid)
        }
        Action::Choose { .. }
        | Action::EnterPassword { .. }
        | Action::Confirm { .. }
        | Action::RetryAnswered { .. } => (Lifeline::User, Style::Solid),
        Action::Demand { .. } => (Lifeline::Spooler, Style::Solid),
        Action::EntryReturned { .. }
        | Action::TransportConfigured { .. }
        | Action::Voted { .. }
        | Action::ProviderAnswered { .. }
        | Action::ProviderLoggedOff { .. }
        | Action::ProviderShutDown { .. } => (Lifeline::Providers, Style::Solid),
    };
    let sentence = scope.describe(action);
    // Who calls is to be seen.
    let calls = format!("{} calls ", action.client());
    let text = format!("{number}. {}", sentence.strip_prefix(&calls).unwrap_or(&sentence));
    Row::Arrow { from, to: Lifeline::Mapi, style, text }
}

fn observation_row(scope: &Scope, seen: &Observation) -> Row {
    let (to, style) = match seen {
        Observation::Answer { client, .. } => (Lifeline::Client(*client), Style::Dashed),
        Observation::StartTimer { .. }
        | Observation::ReportDisabled { .. }
        | Observation::QueueNotification { .. }
        | Observation::CloseSession { .. }
        | Observation::EndSession { .. } => (Lifeline::Mapi, Style::Solid),
        Observation::LookUp { .. }
        | Observation::CheckPassword { .. }
        | Observation::ReadServices { .. }
        | Observation::CreateProfile { .. }
        | Observation::CopyProfile { .. }
        | Observation::RemoveProfile { .. }
        | Observation::MarkProfile { .. }
        | Observation::RenameProfile { .. }
        | Observation::DeferRename { .. }
        | Observation::TakeBackRename { .. }
        | Observation::SetDefaultProfile { .. }
        | Observation::SettleProfile { .. }
        | Observation::AddService { .. }
        | Observation::DeleteService { .. } => (Lifeline::Store, Style::Solid),
        Observation::AskProfile { .. }
        | Observation::AskPassword { .. }
        | Observation::AskLogoff { .. }
        | Observation::AskRetry { .. }
        | Observation::WithdrawPrompt { .. } => (Lifeline::User, Style::Solid),
        Observation::DropAttempt { .. } => (Lifeline::Providers, Style::Lost),
        Observation::HandNotification { handle, .. } => {
            (Lifeline::Client(handle.client()), Style::Solid)
        }
        Observation::AttachSpooler { .. } | Observation::DetachSpooler { .. } => {
            (Lifeline::Spooler, Style::Solid)
        }
        Observation::LogOnProvider { .. }
        | Observation::LogOnTransport { .. }
        | Observation::ConfigureTransport { .. }
        | Observation::CallEntry { .. }
        | Observation::LogOffProvider { .. }
        | Observation::ShutDownProvider { .. }
        | Observation::AskFastShutdown { .. }
        | Observation::NotifyFastShutdown { .. }
        | Observation::DoFastShutdown { .. }
        | Observation::UseProvider { .. } => (Lifeline::Providers, Style::Solid),
    };
    Row::Arrow { from: Lifeline::Mapi, to, style, text: scope.describe_observation(seen) }
}

fn parting_row(scope: &Scope, before: &State, faulty: &Step, instead: &Step) -> Row {
    let rule = format!("{} [{:?}]", instead.rule.sentence().trim(), instead.rule);
    let seen = instead.seen.iter().map(|seen| scope.describe_observation(seen));
    let lines = ["Here the sound protocol parts:".into(), rule].into_iter();
    let lines = lines
        .chain(seen)
        .chain(changes(scope, before, &instead.after))
        .chain(standing_unlike(scope, &faulty.after, &instead.after));
    Row::Note(Tone::Warning, lines.collect())
}

/// Text that means nothing to Mermaid: what is not plain becomes a character code.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            ' ' | '.' | ',' | ':' | '\'' | '(' | ')' | '_' | '-' | '=' | '|' => {
                escaped.push(letter);
            }
            letter if letter.is_alphanumeric() => escaped.push(letter),
            other => {
                let _ = write!(escaped, "#{};", u32::from(other));
            }
        }
    }
    escaped
}
