//! The two invariants that stand first in every table, and how many faults break each of them.
//!
//! What breaks one is seen in the hunt, where the invariant is the first to notice a fault, and in
//! committed traces: each is a counterexample of the invariant with another fault, and replayed by
//! every verdict. Start at [`headlines`].

use std::collections::BTreeSet;

use super::{
    finding::{Finding, Wrong},
    replay::Committed,
    verdict::{FaultResult, Headline, PropertyOutcome, PropertyResult, ScopeResult},
};
use crate::trace::Kind;

/// The ids that stand first, in this order.
pub const FIRST: [&str; 2] = ["INV-46", "INV-06"];

/// How many faults have to break each of them, at least.
pub const LEAST: usize = 4;

/// Where a property stands in a table: headlines first, the others as they come.
pub fn place(id: &str) -> usize {
    FIRST.iter().position(|known| *known == id).unwrap_or(FIRST.len())
}

/// The id of a property: its name up to the colon.
pub fn id(name: &str) -> &str {
    name.split(':').next().unwrap_or(name)
}

/// What the scopes and the committed traces say of the invariants that stand first.
pub fn headlines(
    scopes: &[ScopeResult],
    hunted: &[FaultResult],
    traces: &[Committed],
) -> Vec<Headline> {
    let of = |first: &str| {
        let own = scopes.iter().filter(|it| it.checker == "own");
        let found: Vec<&PropertyResult> =
            own.flat_map(|it| &it.properties).filter(|it| it.id == first).collect();
        let shown = traces.iter().filter(|it| {
            it.kind == Some(Kind::Counterexample)
                && it.result.failure.is_none()
                && id(&it.result.property) == first
        });
        let shown = shown.filter_map(|it| it.fault).map(|fault| fault.to_string());
        let noticed = hunted
            .iter()
            .filter(|it| it.noticed.as_ref().is_some_and(|noticed| noticed.property == first));
        let noticed = noticed.map(|it| it.fault.clone());
        let faults: BTreeSet<_> = shown.chain(noticed).collect();
        Some(Headline {
            name: found.first()?.name.clone(),
            holds: found.iter().all(|it| it.result == PropertyOutcome::Holds),
            checked_on: found.iter().map(|it| it.checked_on).sum(),
            broken_by: faults.into_iter().collect(),
        })
    };
    FIRST.into_iter().filter_map(of).collect()
}

/// Invariants of which too few have seen that they can fail.
pub fn unbroken(headlines: &[Headline]) -> impl Iterator<Item = Finding> {
    let few = headlines.iter().filter(|it| it.broken_by.len() < LEAST);
    few.map(|it| {
        let (name, count) = (&it.name, it.broken_by.len());
        let what = format!("{count} faults are shown to break {name}; expected at least {LEAST}");
        Finding::new(Wrong::Coverage, what)
    })
}

#[cfg(test)]
mod tests {
    use mapi_session_model::{
        Action, Client, Contents, Entry, EntryDialogs, Name, Observation, Observations, Permission,
        Phase, Profile, Provider, Rule, Scope, SeriesStage, Service, Services, Session, Spooler,
        State, Statuses, Step,
        properties::{STEPS, Transition},
    };

    use super::*;

    /// One profile with two services, of one store each.
    const SCOPE: &str = r#"
purpose = "Two services."
clients = 1
handles_per_client = 1
calls_in_progress = 1
sessions = 1
calls = []
results = ["ok"]
profile = [{ name = "Home", services = [
    { name = "one", providers = ["store"], entry = true },
    { name = "other", providers = ["store"], entry = true },
] }]
request = [{ name = "it", profile = "Home", password = "none" }]
start = [{ default = "none" }]
"#;

    const PROVIDER: Provider = Provider::N1;
    const SESSION: Name = Name::new(Client::A, 0);

    /// Whether `INV-46` permits that the world sees this while these services are disabled.
    fn permits(disabled: Services, seen: Observation) -> bool {
        let scope = Scope::parse("it", SCOPE).unwrap_or_else(|error| panic!("{error}"));
        let mut before = State::new(scope.profiles_at_start(), None);
        let (name, profile, contents) = (SESSION, Profile::P0, Contents::listed(0, 2));
        let (phase, providers) = (Phase::Individual, Statuses::default());
        let (spooler, transport) = (Spooler::Detached, None);
        let (default_store, identity) = (None, None);
        before.sessions.push(Session {
            name,
            profile,
            contents,
            phase,
            disabled,
            providers,
            spooler,
            transport,
            default_store,
            identity,
        });
        let mut observations = Observations::EMPTY;
        observations.push(seen);
        let step = Step { rule: Rule::ALL[0], seen: observations, after: before };
        let property = STEPS.iter().find(|it| it.id == "INV-46").expect("INV-46 is stated");
        let action = Action::Continue { call: SESSION };
        (property.holds)(&Transition { scope: &scope, before: &before, action, step: &step })
    }

    #[test]
    fn inv_46_is_false_of_a_step_that_uses_a_disabled_service() {
        let (none, mut one, mut other) = (Services::default(), Services::default(), Services(0));
        one.add(Service::S0);
        other.add(Service::S1);
        let (session, provider, dialogs) = (SESSION, PROVIDER, Permission::Denied);
        let allowed = EntryDialogs { allowed: dialogs, always: dialogs };
        let entry = Entry::Repair(provider);
        for use_of_it in [
            Observation::UseProvider { session, provider },
            Observation::CallEntry { call: session, session, entry, dialogs: allowed },
            Observation::LogOnProvider {
                call: session,
                session,
                provider,
                attempt: SeriesStage::Second,
                dialogs,
            },
        ] {
            assert!(permits(none, use_of_it) && permits(one, use_of_it), "{use_of_it:?}");
            assert!(!permits(other, use_of_it), "{use_of_it:?}");
        }
        assert!(permits(other, Observation::LogOffProvider { session, provider }));
        assert!(permits(other, Observation::ShutDownProvider { session, provider }));
    }

    #[test]
    fn headlines_come_first() {
        let mut ids = ["INV-01", "INV-06", "CRD-01", "INV-46"];
        ids.sort_by_key(|id| place(id));
        assert_eq!(ids, ["INV-46", "INV-06", "INV-01", "CRD-01"]);
    }

    #[test]
    fn a_headline_that_few_faults_break_is_a_finding() {
        let broken_by = |count| Headline {
            name: "INV-46".into(),
            holds: true,
            checked_on: 1,
            broken_by: vec![String::new(); count],
        };
        assert_eq!(unbroken(&[broken_by(LEAST), broken_by(LEAST - 1)]).count(), 1);
    }
}
