//! The lives of what the protocol keeps: logons, sessions, services, providers, profiles.
//!
//! Which moves there are in them is seen and not said: our own search of every standard scope is
//! looked over the shoulder ([`Lookout`]), edge by edge, in the whole verdict and in `bless` alike.
//! That walk is made anyway and is exhaustive, so no other one is needed, and what is written down
//! is held against it on every run; a look at an edge costs a fraction of a microsecond. Start at
//! [`LIVES`]: a life is one entry there. What is drawn of it is in [`diagrams`](super::diagrams).

use std::{
    collections::BTreeSet,
    hash::{Hash, Hasher},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use mapi_session_model::{
    Call, Label, Pending, Phase, Profile, Protocol, Rule, Scope, SeriesStage, Session, Stage,
    State, Status,
};
use rustc_hash::FxHashSet;
use stateright_exact::{Checks, Report};

/// Where something is in its life: its place in the order of a life, and what that is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place(u8, &'static str);

/// In one life every number has one name.
impl Hash for Place {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u8(self.0);
    }
}

impl Place {
    /// Not there, before its beginning or after its end; as Mermaid writes it.
    pub const NOWHERE: Self = Self(0, "[*]");

    /// What it is called.
    pub const fn name(self) -> &'static str {
        self.1
    }
}

/// From where to where, and by which rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Move {
    /// From where.
    pub from: Place,
    /// To where.
    pub to: Place,
    /// By which rule.
    pub rule: Rule,
}

/// The moves of each of [`LIVES`], by its place there.
pub type Moves = BTreeSet<(usize, Move)>;

/// The life of one kind of thing.
pub struct Life {
    /// Whose life it is.
    pub title: &'static str,
    /// What the places are, in a sentence or two.
    pub words: &'static str,
    /// Tells where each thing of its kind was before a step and is after it, if it has moved.
    moves: fn(&Scope, &State, &State, &mut Moved<'_>),
}

/// Is told of each thing that has moved, from where and to where.
type Moved<'a> = dyn FnMut(Place, Place) + 'a;

/// Every life there is.
pub const LIVES: [Life; 5] = [
    Life {
        title: "a logon",
        words: "The places are the stages of a call of `MAPILogonEx`, from the call to its answer.",
        moves: logons,
    },
    Life {
        title: "a session",
        words: "The places are the phases of a session, from the logon that builds it to its end.",
        moves: sessions,
    },
    Life {
        title: "a service",
        words: "A message service belongs to a session, and lives as long as that does.",
        moves: services,
    },
    Life {
        title: "a provider",
        words: "A provider belongs to a session as well. That an attempt on it is out, or its\n\
                service being configured, is said by the call that makes the attempt;\n\
                meanwhile the provider stays where it was.",
        moves: providers,
    },
    Life {
        title: "a profile",
        words: "Deleting and renaming wait until no session uses the profile any more.",
        moves: profiles,
    },
];

fn logons(_: &Scope, before: &State, after: &State, moved: &mut Moved<'_>) {
    if before.calls != after.calls {
        let at = |state: &State, name| state.logon(name).map(|logon| logon.stage);
        let names = before.calls.iter().chain(after.calls.iter()).map(Call::name);
        each(names, |name| at(before, name), |name| at(after, name), stage, moved);
    }
}

fn sessions(_: &Scope, before: &State, after: &State, moved: &mut Moved<'_>) {
    let at = |state: &State, name| state.session(name).map(|session| session.phase);
    let names = changed(before, after).map(|session| session.name);
    each(names, |name| at(before, name), |name| at(after, name), phase, moved);
}

fn services(scope: &Scope, before: &State, after: &State, moved: &mut Moved<'_>) {
    let at = |state: &State, (name, service)| {
        state.session(name).map(|session| session.disabled.has(service))
    };
    let all = changed(before, after).flat_map(|session| {
        let there = scope.snapshot_of(session).services();
        there.map(|(service, _)| (session.name, service))
    });
    each(all, |it| at(before, it), |it| at(after, it), service, moved);
}

fn providers(scope: &Scope, before: &State, after: &State, moved: &mut Moved<'_>) {
    let at = |state: &State, (name, provider)| state.status(name, provider);
    let all = changed(before, after).flat_map(|session| {
        let there = scope.snapshot_of(session).providers();
        there.map(|(provider, _)| (session.name, provider))
    });
    each(all, |it| at(before, it), |it| at(after, it), status, moved);
}

fn profiles(_: &Scope, before: &State, after: &State, moved: &mut Moved<'_>) {
    let at = |state: &State, profile| {
        let slot = state.profiles.get(profile)?;
        Some((slot.pending, slot.name, state.users(profile).next().is_some()))
    };
    if (before.profiles, before.sessions) != (after.profiles, after.sessions) {
        each(Profile::ALL.into_iter(), |it| at(before, it), |it| at(after, it), standing, moved);
    }
}

const fn standing((pending, _, is_used): (Pending, Label, bool)) -> Place {
    match (pending, is_used) {
        (Pending::Nothing, false) => Place(1, "Unused"),
        (Pending::Nothing, true) => Place(2, "InUse"),
        (Pending::Rename(_), _) => Place(3, "ToBeRenamed"),
        (Pending::Removal, _) => Place(4, "ToBeRemoved"),
    }
}

/// The sessions that a step changes, makes or ends. One that it changes comes twice, which does no
/// harm: its moves are the same.
fn changed<'a>(before: &'a State, after: &'a State) -> impl Iterator<Item = &'a Session> {
    let is_changed = before.sessions != after.sessions;
    let differs =
        move |its: &&Session| is_changed && before.session(its.name) != after.session(its.name);
    before.sessions.iter().chain(after.sessions.iter()).filter(differs)
}

/// Tells of each thing that is elsewhere after a step.
fn each<I: Copy, T: PartialEq>(
    things: impl Iterator<Item = I>,
    before: impl Fn(I) -> Option<T>,
    after: impl Fn(I) -> Option<T>,
    place: fn(T) -> Place,
    moved: &mut Moved<'_>,
) {
    for thing in things {
        let (from, to) = (before(thing), after(thing));
        if from != to {
            let place = |at: Option<T>| at.map_or(Place::NOWHERE, place);
            moved(place(from), place(to));
        }
    }
}

const fn stage(stage: Stage) -> Place {
    match stage {
        Stage::Wait => Place(1, "Wait"),
        Stage::Decide => Place(2, "Decide"),
        Stage::Pick => Place(3, "Pick"),
        Stage::LookUp => Place(4, "LookUp"),
        Stage::AskProfile => Place(5, "AskProfile"),
        Stage::Credentials(_) => Place(6, "Credentials"),
        Stage::Check => Place(7, "Check"),
        Stage::AskPassword => Place(8, "AskPassword"),
        Stage::Build => Place(9, "Build"),
        Stage::Show(_) => Place(10, "Show"),
        Stage::Series(_, SeriesStage::First) => Place(11, "FirstAttempt"),
        Stage::Series(_, SeriesStage::Entry) => Place(12, "EntryFunction"),
        Stage::Series(_, SeriesStage::Inform) => Place(13, "AskToRetry"),
        Stage::Series(_, SeriesStage::Second) => Place(14, "SecondAttempt"),
        Stage::Finish => Place(15, "Finish"),
        Stage::Done(_) => Place(16, "Done"),
    }
}

const fn phase(phase: Phase) -> Place {
    match phase {
        Phase::Building => Place(1, "Building"),
        Phase::Individual => Place(2, "Individual"),
        Phase::Shared => Place(3, "Shared"),
        Phase::Closing => Place(4, "Closing"),
        Phase::Draining => Place(5, "Draining"),
    }
}

const fn service(is_disabled: bool) -> Place {
    if is_disabled { Place(2, "Disabled") } else { Place(1, "Enabled") }
}

const fn status(status: Status) -> Place {
    match status {
        Status::NotStarted => Place(1, "NotStarted"),
        Status::Running => Place(2, "Running"),
        Status::Failed => Place(3, "Failed"),
        Status::Quiesced => Place(4, "Quiesced"),
        Status::Late => Place(5, "Late"),
        Status::LoggingOff => Place(6, "LoggingOff"),
        Status::ShuttingDown => Place(7, "ShuttingDown"),
    }
}

/// Looks a search over the shoulder.
#[derive(Clone, Debug, Default)]
pub struct Lookout(Arc<Mutex<FxHashSet<(usize, Move)>>>);

impl Lookout {
    /// What it is called among the properties of steps; it always holds.
    const NAME: &str = "every move in a life is seen";

    /// Has a search show every edge.
    #[must_use]
    pub fn watch(&self, checks: Checks<Protocol>) -> Checks<Protocol> {
        let seen = self.clone();
        checks.step(Self::NAME, move |world, edge| {
            seen.look(&world.scope, edge.before, edge.after, edge.seen.rule);
            true
        })
    }

    /// Notes the moves of one step.
    pub fn look(&self, scope: &Scope, before: &State, after: &State, rule: Rule) {
        if before == after {
            return;
        }
        for (life, Life { moves, .. }) in LIVES.iter().enumerate() {
            moves(scope, before, after, &mut |from, to| {
                self.lock().insert((life, Move { from, to, rule }));
            });
        }
    }

    /// What was seen. The report of the search is then as if nobody had looked.
    pub fn come_down(self, report: &mut Report<Protocol>) -> Moves {
        report.properties.retain(|it| it.name != Self::NAME);
        self.moves()
    }

    /// What has been seen so far.
    pub fn moves(&self) -> Moves {
        self.lock().iter().copied().collect()
    }

    /// A set of moves stays one whatever thread panicked.
    fn lock(&self) -> MutexGuard<'_, FxHashSet<(usize, Move)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
