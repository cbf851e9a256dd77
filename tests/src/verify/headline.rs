//! The two invariants that stand first in every table.

/// The ids that stand first, in this order.
pub const FIRST: [&str; 2] = ["INV-46", "INV-06"];

/// Where a property stands in a table: headlines first, the others as they come.
pub fn place(id: &str) -> usize {
    FIRST.iter().position(|known| *known == id).unwrap_or(FIRST.len())
}

/// The id of a property: its name up to the colon.
pub fn id(name: &str) -> &str {
    name.split(':').next().unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use mapi_session_model::{
        Action, Client, Dialogs, Name, Observation, Observations, Permission, Phase, Profile, Rule,
        Services, Session, State, Step,
        properties::{STEPS, Transition},
    };

    use super::*;
    use crate::scopes::Specs;

    /// A step that starts the providers of these services in a session with these disabled.
    fn starts(services: u8, disabled: u8) -> bool {
        let located = Specs::find().and_then(|specs| specs.load("sharing"));
        let scope = located.expect("there is a scope `sharing`").scope;
        let session = Name::of(Client::ALL[0]).next().expect("every client has names");
        let profile = Profile::ALL[0];
        let mut before = State::new(None);
        let disabled = Services(disabled);
        before.sessions.push(Session { name: session, profile, phase: Phase::Building, disabled });
        let mut seen = Observations::EMPTY;
        seen.push(Observation::StartProviders {
            session,
            profile,
            services: Services(services),
            dialogs: Dialogs { providers: Permission::Denied, services: Permission::Denied },
        });
        let step = Step { rule: Rule::Build, seen, after: before };
        let property = STEPS.iter().find(|it| it.id == "INV-46").expect("INV-46 is stated");
        let action = Action::Continue { call: session };
        (property.holds)(&Transition { scope: &scope, before: &before, action, step: &step })
    }

    #[test]
    fn inv_46_is_false_of_a_step_that_uses_a_disabled_service() {
        assert!(!starts(0b11, 0b10));
        assert!(!starts(0b01, 0b01));
        assert!(starts(0b01, 0b10));
        assert!(starts(0b11, 0b00));
    }

    #[test]
    fn headlines_come_first() {
        let mut ids = ["INV-01", "INV-06", "CRD-01", "INV-46"];
        ids.sort_by_key(|id| place(id));
        assert_eq!(ids, ["INV-46", "INV-06", "INV-01", "CRD-01"]);
    }
}
