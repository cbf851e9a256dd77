//! What must hold, and what must be possible.
//!
//! Properties are written from `specs/`, not from the table of rules: they say what the outcome of
//! a step has to be, whichever rule led to it. [`INVARIANTS`] are true of every state, [`STEPS`] of
//! every step, [`goals()`] can be reached; [`checks`] puts them together for a run.

mod goals;
mod invariants;
mod steps;

use std::borrow::Cow;

use stateright::Property;
use stateright_exact::Checks;

pub use goals::{Target, goals};
pub use invariants::INVARIANTS;
pub use steps::STEPS;

use crate::{Action, Handle, Holder, Host, Logon, Protocol, Scope, State, Step, flag};

/// Something that is true in every reachable state.
#[derive(Clone, Copy)]
pub struct Invariant {
    /// Its requirement.
    pub id: &'static str,
    /// Its name: the id and what it says.
    pub name: &'static str,
    /// Whether it is true of a state.
    pub holds: fn(&Protocol, &State) -> bool,
}

/// Something that is true of every step.
#[derive(Clone, Copy)]
pub struct StepProperty {
    /// Its requirement.
    pub id: &'static str,
    /// Its name: the id and what it says.
    pub name: &'static str,
    /// Whether it is true of a step from a state.
    pub holds: fn(&Transition<'_>) -> bool,
}

/// A step, and where it comes from.
#[derive(Clone, Copy)]
pub struct Transition<'a> {
    /// The world.
    pub scope: &'a Scope,
    /// The state before.
    pub before: &'a State,
    /// What happens.
    pub action: Action,
    /// What comes of it.
    pub step: &'a Step,
}

impl<'a> Transition<'a> {
    /// The state afterwards.
    pub const fn after(&self) -> &'a State {
        &self.step.after
    }

    /// Whether nothing changes and nothing is seen.
    pub fn is_unnoticed(&self) -> bool {
        self.before == self.after() && self.step.seen.is_empty()
    }
}

/// Properties by id and sentence, so that the two cannot be written apart.
macro_rules! properties {
    ($kind:ident: $($id:literal $says:literal = $holds:expr;)*) => {
        &[$($kind { id: $id, name: concat!($id, ": ", $says), holds: $holds },)*]
    };
}
use properties;

/// Whether a logon has one of these flags.
pub(crate) fn wants(scope: &Scope, logon: &Logon, flags: u32) -> bool {
    scope.request(logon.request).flags & flags != 0
}

/// Whether somebody wants mail in a session that is in use (NML-04).
pub(crate) fn wants_mail(state: &State, session: crate::Name) -> bool {
    let mail = state.handles().any(|(_, handle)| {
        matches!(handle, Handle::Live { session: its, holder: Holder::Mail, .. } if its == session)
    });
    mail && state.session(session).is_some_and(|its| its.phase.is_active())
}

/// Whether a logon is that of a Windows service (D-14).
pub(crate) fn is_service(scope: &Scope, state: &State, logon: &Logon) -> bool {
    let host = state.clients[logon.name.client().index()].host;
    host == Host::Service || wants(scope, logon, flag::NT_SERVICE)
}

/// The invariants in stateright's form.
pub fn for_stateright() -> Vec<Property<Protocol>> {
    INVARIANTS.iter().map(|it| Property::always(it.name, it.holds)).collect()
}

/// What a run checks: every invariant, every property of steps, that rest can be reached, and the
/// goals that are wanted of this scope.
pub fn checks(scope: &Scope, is_wanted: impl Fn(&Target) -> bool) -> Checks<Protocol> {
    let mut checks = Checks::new();
    for property in INVARIANTS {
        checks = checks.invariant(property.name, property.holds);
    }
    for property in STEPS {
        checks = checks.step(property.name, move |world: &Protocol, edge| {
            (property.holds)(&Transition {
                scope: &world.scope,
                before: edge.before,
                action: *edge.action,
                step: edge.seen,
            })
        });
    }
    for target in goals().into_iter().filter(|target| is_wanted(target)) {
        checks = checks.goal(target.into_goal());
    }
    checks.rest(goals::rest(scope))
}

/// The name of a property, from its id on.
pub(crate) type Name = Cow<'static, str>;
