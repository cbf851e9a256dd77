//! What can be typed: commands, options, and the help that teaches them.

use std::{num::NonZeroUsize, path::PathBuf, time::Duration};

use clap::{Args, Parser, Subcommand, ValueEnum};
use mapi_session_model::Fault;

/// What `cargo verify` understands.
#[derive(Debug, Parser)]
#[command(
    name = "verify",
    bin_name = "cargo verify",
    about = "Checks the protocol of MAPI logon and session sharing, and that the engine follows it",
    long_about = LONG_ABOUT,
    after_help = AFTER_HELP,
    after_long_help = AFTER_LONG_HELP,
    version,
    disable_help_subcommand = true
)]
pub struct Cli {
    /// What to do; the whole verdict if nothing is said.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// What every command understands.
    #[command(flatten)]
    pub common: Common,
}

const LONG_ABOUT: &str = "\
Checks the protocol of MAPI logon and session sharing, and that the engine follows it.

Without a command: the whole verdict. Every scope in specs/scopes is explored to the end, by a \
search of our own and by stateright's; what must hold, what must be possible and the pinned sizes \
are compared; model and core are walked in lock-step; every deliberate fault must be noticed; and \
every committed trace must still happen. Nothing that was cut short counts as passed.";

const AFTER_HELP: &str = "`--help` shows examples and what the exit codes mean.";

const AFTER_LONG_HELP: &str = "\
Examples:
  cargo verify                                   everything, within about a minute
  cargo verify list                              what there is: scopes, properties, goals, faults
  cargo verify check sharing                     one scope
  cargo verify check my/own.toml                 a world of your own; its goals are only reported
  cargo verify check sharing --fault Join-without-MayJoin
                                                 the shortest story in which this fault shows
  cargo verify check crash --symmetry            half the states, as two clients are alike
  cargo verify lockstep sharing                  model and core, side by side in every state
  cargo verify faults                            which property notices which fault, and how soon
  cargo verify record RCH-01 --out joins.itf.json
  cargo verify replay joins.itf.json             tells a trace as a story
  cargo verify draw joins.itf.json               draws it, for a Markdown page
  cargo verify explore sharing 127.0.0.1:3000    walk around by hand, in a browser
  cargo verify bless                             after a change that was meant
  cargo verify --tier deep                       larger worlds, in about a quarter of an hour

Exit codes:
   0  everything holds
   2  usage: an unknown name, a malformed file, a port in use
  12  something happens that must never happen
  13  a state from which rest cannot be reached
  20  model and core or engine differ at a step
  21  a goal that no scope reaches, a rule that nothing exercises
  22  other counts or lengths than pinned, or a committed trace that no longer fits
  23  inconclusive: out of time, memory or states, or a panic
  24  a deliberate fault that nothing notices
  Several at once: the first of 23, 20, 12, 13, 24, 22, 21.

Files: target/verify/verdict.json (everything found), junit.xml, summary.md (with diagrams).";

/// One part of the verdict.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Lists scopes, properties, goals, and how many faults there are.
    List,
    /// Explores one scope and checks everything in it.
    #[command(after_help = "Example: cargo verify check sharing --fault Join-without-MayJoin")]
    Check {
        /// A name in specs/scopes, or a path that ends in .toml.
        scope: String,
        /// Breaks a rule on purpose; `faults` lists what can be written here.
        #[arg(long, value_parser = fault)]
        fault: Option<Fault>,
        /// Which search to use.
        #[arg(long, value_enum, default_value_t = Checker::Own)]
        checker: Checker,
        /// Of states that differ only in which interchangeable client, profile or name is which,
        /// explores one for all; whether every state can reach rest is then not asked.
        #[arg(long, conflicts_with = "checker")]
        symmetry: bool,
    },
    /// Walks model and core side by side through every state of a scope.
    Lockstep {
        /// A name in specs/scopes, or a path that ends in .toml.
        scope: String,
        /// Breaks a rule of the model on purpose; the sound core must then part from it.
        #[arg(long, value_parser = fault)]
        fault: Option<Fault>,
    },
    /// Shows which property notices each fault first, where, and after how many steps.
    Faults {
        /// Only in this scope; in all standard scopes, if none is named.
        scope: Option<String>,
    },
    /// Records the shortest trace to a goal, or to the violation of a property.
    #[command(after_help = "Example: cargo verify record INV-03 --fault Join-without-MayJoin")]
    Record {
        /// An id, as `list` shows it.
        property: String,
        /// Where; by default the scope in which the trace is shortest.
        #[arg(long)]
        scope: Option<String>,
        /// With this fault; for a property, by default the fault that it notices soonest.
        #[arg(long, value_parser = fault)]
        fault: Option<Fault>,
    },
    /// Replays a trace step by step, and tells it as a story.
    Replay {
        /// A file that ends in .itf.json.
        trace: PathBuf,
        /// With this fault instead of the one that the trace names.
        #[arg(long, value_parser = fault)]
        fault: Option<Fault>,
        /// On which; by default on all that are there.
        #[arg(long, value_enum, value_delimiter = ',')]
        on: Vec<Subject>,
    },
    /// Draws a trace as a Mermaid sequence diagram.
    Draw {
        /// A file that ends in .itf.json.
        trace: PathBuf,
    },
    /// Serves stateright's Explorer: walk through a scope in a browser.
    Explore {
        /// A name in specs/scopes, or a path that ends in .toml.
        scope: String,
        /// Where to listen; port 0 takes any free port.
        #[arg(default_value = "127.0.0.1:3000")]
        address: String,
        /// Breaks a rule on purpose.
        #[arg(long, value_parser = fault)]
        fault: Option<Fault>,
    },
    /// Rewrites what is recorded in specs/, if everything else holds, and shows what changes.
    Bless,
}

/// What every command understands.
#[derive(Clone, Debug, Args)]
pub struct Common {
    /// Prints exactly one JSON object on standard output.
    #[arg(long, global = true)]
    pub json: bool,
    /// The folder for results [default: target/verify]; for `record`, the file to write.
    #[arg(long, global = true, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// How much to do.
    #[arg(long, global = true, value_enum, default_value_t = Tier::Default)]
    pub tier: Tier,
    /// The folder of specifications, if not the one of this workspace.
    #[arg(long, global = true, value_name = "DIR")]
    pub specs: Option<PathBuf>,
    /// The most memory for one run, by its own estimate: bytes, or with K, M or G.
    /// [default: 2G; in the deep tier 8G]
    #[arg(long, global = true, value_parser = bytes)]
    pub memory: Option<u64>,
    /// The most states for one run.
    #[arg(long, global = true)]
    pub states: Option<u64>,
    /// The longest time for one run, in seconds.
    #[arg(long, global = true, value_parser = seconds, value_name = "SECONDS")]
    pub time: Option<Duration>,
    /// How many runs go on side by side [default: as many as the machine has processors].
    #[arg(long, global = true)]
    pub threads: Option<NonZeroUsize>,
}

/// How much to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Tier {
    /// What every change is held against.
    Default,
    /// The same scopes with the bounds raised that they name, by night: the whole verdict, `check`,
    /// `lockstep` and `bless`.
    Deep,
}

/// Which search explores.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Checker {
    /// Ours: exact states, shortest traces, properties of steps.
    Own,
    /// stateright's, kept from passing where it is incomplete; invariants only.
    Stateright,
}

/// What a trace can be replayed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum Subject {
    /// The model.
    Model,
    /// The pure core of the engine.
    Core,
    /// The engine.
    Engine,
}

fn fault(text: &str) -> Result<Fault, String> {
    Fault::parse(text).ok_or_else(|| {
        let rule = text.split('-').next().unwrap_or(text);
        let near = Fault::all().into_iter().filter(|it| format!("{:?}", it.rule()) == rule);
        let near: Vec<_> = near.map(|it| it.to_string()).collect();
        match near.is_empty() {
            true => "unknown fault; expected RULE-never, RULE-without-GUARD, RULE-forgets-UPDATE \
                     or RULE-answers-CODE, as `cargo verify faults` lists them"
                .to_owned(),
            false => format!("unknown fault; of this rule there are {}", near.join(", ")),
        }
    })
}

fn bytes(text: &str) -> Result<u64, String> {
    let (digits, factor) = match text.as_bytes().last() {
        Some(b'K' | b'k') => (&text[..text.len() - 1], 1_u64 << 10),
        Some(b'M' | b'm') => (&text[..text.len() - 1], 1 << 20),
        Some(b'G' | b'g') => (&text[..text.len() - 1], 1 << 30),
        Some(_) | None => (text, 1),
    };
    let number = digits.parse::<u64>().ok().and_then(|it| it.checked_mul(factor));
    number.ok_or_else(|| "expected a number of bytes, such as 800M or 2G".to_owned())
}

fn seconds(text: &str) -> Result<Duration, String> {
    let number = text.parse::<f64>().ok();
    number
        .and_then(|it| Duration::try_from_secs_f64(it).ok())
        .ok_or_else(|| "expected a number of seconds, such as 60 or 0.5".to_owned())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn what_can_be_typed_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn sizes_are_read_with_their_unit() {
        assert_eq!(bytes("2G"), Ok(2 << 30));
        assert_eq!(bytes("800m"), Ok(800 << 20));
        assert_eq!(bytes("17"), Ok(17));
        assert!(bytes("").is_err() && bytes("G").is_err() && bytes("99999999999G").is_err());
    }

    #[test]
    fn an_unknown_fault_of_a_known_rule_names_those_there_are() {
        let error = fault("Join-without-Sense").expect_err("there is no such fault");
        assert!(error.contains("Join-without-MayJoin"), "{error}");
    }
}
