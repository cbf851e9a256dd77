//! The protocol as a model: one transition function, decide then apply.
//!
//! [`Protocol::next`] is deterministic: all choice is in the action. Start there; the rules it
//! follows are in [`mod@crate::rule`].

use stateright::{Model, Property};
use stateright_exact::Observed;

use crate::{
    Action, Fault, Guard, Observations, Row, Rule, Scope, State, alphabet, properties, rule,
    situation::Situation,
    update::{Change, Update},
};

/// The protocol in one scope, sound or with a deliberate fault.
#[derive(Clone, Debug)]
pub struct Protocol {
    /// The world.
    pub scope: Scope,
    /// What is broken on purpose, if anything.
    pub fault: Option<Fault>,
}

/// One step: why, what the world sees of it, and where it leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// The rule that applied.
    pub rule: Rule,
    /// What the world sees.
    pub seen: Observations,
    /// The state afterwards.
    pub after: State,
}

impl Protocol {
    /// The protocol as it should be.
    pub const fn sound(scope: Scope) -> Self {
        Self { scope, fault: None }
    }

    /// What happens when `action` happens in `state`, legal or not.
    pub fn next(&self, state: &State, action: Action) -> Step {
        let situation = Situation { scope: &self.scope, state, action };
        apply(decide(situation, self.fault), situation, self.fault)
    }
}

/// The first rule whose guard holds.
fn decide(situation: Situation<'_>, fault: Option<Fault>) -> &'static Row {
    let rows = rule::rows(situation.action);
    let applies = |row: &&Row| match fault {
        None => row.guard.iter().all(|guard| guard.holds(&situation)),
        Some(fault) => {
            let holds = |guard: &Guard| fault.waives(row.rule, *guard) || guard.holds(&situation);
            !fault.silences(row.rule) && row.guard.iter().all(holds)
        }
    };
    rows.iter().find(applies).unwrap_or(&rows[rows.len() - 1])
}

/// What the rule does.
fn apply(row: &Row, before: Situation<'_>, fault: Option<Fault>) -> Step {
    let code = fault.and_then(|fault| fault.replaces_code(row.rule)).or(row.code);
    let overlooks_disabling = fault.is_some_and(|fault| fault.overlooks_disabling(row.rule));
    let (after, seen) = (*before.state, Observations::EMPTY);
    let mut change = Change { before, code, overlooks_disabling, after, seen };
    let is_forgotten =
        |update: &Update| fault.is_some_and(|fault| fault.forgets(row.rule, *update));
    for update in row.updates.iter().filter(|update| !is_forgotten(update)) {
        update.make(&mut change);
    }
    Step { rule: row.rule, seen: change.seen, after: change.after }
}

/// What happens in the sound protocol, whatever is broken in the one that is checked.
pub(crate) fn sound_step(scope: &Scope, state: &State, action: Action) -> Step {
    let situation = Situation { scope, state, action };
    apply(decide(situation, None), situation, None)
}

/// Whether the sound protocol answers a call in its very step, so that no bound need cut it.
pub(crate) fn answers_at_once(scope: &Scope, state: &State, action: Action) -> bool {
    let row = decide(Situation { scope, state, action }, None);
    let leaves_nothing = [Update::TakeStandingBack, Update::Answer];
    row.updates.iter().all(|update| leaves_nothing.contains(update))
}

/// Whether the sound protocol makes a profile.
pub(crate) fn makes_profile(scope: &Scope, state: &State, action: Action) -> bool {
    let row = decide(Situation { scope, state, action }, None);
    let makes = [Update::CreateProfile, Update::CopyProfile];
    row.updates.iter().any(|update| makes.contains(update))
}

impl Model for Protocol {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        self.scope.starts.iter().map(|start| start.state).collect()
    }

    fn actions(&self, state: &State, actions: &mut Vec<Action>) {
        alphabet::actions(&self.scope, state, actions);
    }

    fn next_state(&self, state: &State, action: Action) -> Option<State> {
        Some(self.next(state, action).after)
    }

    fn format_action(&self, action: &Action) -> String {
        self.scope.describe(*action)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        properties::for_stateright()
    }
}

impl Observed for Protocol {
    type Observation = Step;

    fn observe(&self, state: &State, action: Action) -> Option<(State, Step)> {
        let step = self.next(state, action);
        Some((step.after, step))
    }

    fn event(step: &Step) -> Option<usize> {
        Some(step.rule as usize)
    }
}
