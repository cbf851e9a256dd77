//! Explores any stateright model exactly, with verdicts that cannot be green by accident.
//!
//! [`explore`] walks every reachable state of an [`Observed`] model, breadth first, and holds it
//! against [`Checks`]: invariants, properties of steps, goals that must be reached, and whether
//! every state can reach rest. States are kept whole, not as fingerprints; a trace is a shortest
//! one, and the same on every run. The [`Report`] ends in a [`Verdict`]: a run that is incomplete
//! for any reason, or checks nothing that could fail, is inconclusive and says [`Why`]. Where
//! states are alike, [`explore_representatives`] explores one for all of a [`Symmetric`] model.
//!
//! [`stateright_check`] is the second witness: stateright's own checkers, kept from passing where
//! they would though incomplete. [`compare`] holds the counts of both against each other, and
//! [`Baselines`] holds them against those of yesterday. [`replay`] executes a list of actions.
//!
//! ```
//! use stateright::{Model, Property};
//! use stateright_exact::{
//!     Checks, Goal, Limits, Order, Silent, Verdict, compare, explore, stateright_check,
//! };
//!
//! /// A door that can be opened and closed.
//! #[derive(Clone)]
//! struct Door;
//!
//! #[derive(Clone, Copy, Debug, PartialEq)]
//! enum Action {
//!     Open,
//!     Close,
//! }
//!
//! impl Model for Door {
//!     type State = bool;
//!     type Action = Action;
//!
//!     fn init_states(&self) -> Vec<bool> {
//!         vec![false]
//!     }
//!
//!     fn actions(&self, &is_open: &bool, actions: &mut Vec<Action>) {
//!         actions.push(if is_open { Action::Close } else { Action::Open });
//!     }
//!
//!     fn next_state(&self, _: &bool, action: Action) -> Option<bool> {
//!         Some(action == Action::Open)
//!     }
//!
//!     fn properties(&self) -> Vec<Property<Self>> {
//!         vec![
//!             Property::always("open or closed", |_, _| true),
//!             Property::sometimes("open", |_, is_open| *is_open),
//!         ]
//!     }
//! }
//!
//! let door = Silent(Door);
//! let checks = Checks::from_silent(&door)?
//!     .step("every step moves the door", |_, edge| edge.before != edge.after)
//!     .goal(Goal::step("closed again", |_, edge| *edge.action == Action::Close));
//! let report = explore(&door, &checks, &Limits::default(), &mut |_| {});
//! assert_eq!(report.verdict, Verdict::Holds);
//! assert_eq!(report.to_string(), "holds: 2 states, 2 edges, 0 of them self-loops, depth 1");
//!
//! let threads = std::num::NonZeroUsize::MIN;
//! let second = stateright_check(&Door, Order::BreadthFirst, &Limits::default(), threads);
//! assert_eq!(second.verdict, Verdict::Holds);
//! compare(&report, &second)?;
//!
//! // Without a goal a model that does nothing at all would pass, so nothing does.
//! let idle = Checks::new().step("every step moves the door", |_, edge| edge.before != edge.after);
//! let report = explore(&door, &idle, &Limits::default(), &mut |_| {});
//! assert_eq!(report.verdict.to_string(), "inconclusive (there is no goal)");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod arena;
mod baselines;
mod checks;
mod explore;
mod hunt;
mod limits;
mod observed;
mod report;
mod rest;
mod retrace;
mod symmetry;
mod trace;
mod watch;
mod watched;
mod witness;

pub use baselines::{BaselineError, Baselines, difference};
pub use checks::{
    Checks, Edge, EventuallyRefused, Goal, Invariant, Monitor, Name, Rest, StepProperty,
};
pub use explore::{explore, explore_representatives};
pub use limits::{Limits, Stop};
pub use observed::{Observed, Silent};
pub use report::{Counts, Kind, Outcome, Progress, PropertyReport, Report, Verdict, Why};
pub use symmetry::{Symmetric, Symmetry};
pub use trace::{ReplayError, Trace, replay};
pub use witness::{Disagreement, Discovery, Order, StaterightReport, compare, stateright_check};
