//! `verify explore`: stateright's Explorer, serving one scope to a browser.

use std::{
    net::TcpListener,
    panic::{AssertUnwindSafe, catch_unwind},
};

use mapi_session_model::{Action, Fault, Protocol, State, properties::INVARIANTS};
use stateright::{Model, Path, Property};

use super::{
    pool,
    work::{Unusable, Work},
};
use crate::{scopes::Located, trace::svg};

/// The protocol with pictures of what has happened.
#[derive(Clone, Debug)]
struct Drawn(Protocol);

impl Model for Drawn {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        self.0.init_states()
    }

    fn actions(&self, state: &State, actions: &mut Vec<Action>) {
        self.0.actions(state, actions);
    }

    fn next_state(&self, state: &State, action: Action) -> Option<State> {
        self.0.next_state(state, action)
    }

    fn format_action(&self, action: &Action) -> String {
        self.0.format_action(action)
    }

    fn format_step(&self, state: &State, action: Action) -> Option<String> {
        let step = self.0.next(state, action);
        let seen = step.seen.iter().map(|it| self.0.scope.describe_observation(it));
        let seen: Vec<_> = seen.collect();
        Some(format!("{:?}:{}\n{}", step.rule, step.rule.sentence(), seen.join("\n")))
    }

    fn as_svg(&self, path: Path<State, Action>) -> Option<String> {
        let steps = path.into_vec();
        let start = steps.first()?.0;
        let actions: Vec<_> = steps.into_iter().filter_map(|(_, action)| action).collect();
        Some(svg(&self.0, &start, &actions))
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![Property::always("every invariant holds", |drawn: &Self, state| {
            INVARIANTS.iter().all(|invariant| (invariant.holds)(&drawn.0, state))
        })]
    }
}

/// Serves a scope until the process is stopped.
///
/// # Errors
///
/// If the address cannot be listened on.
pub fn serve(
    work: &Work,
    located: Located,
    fault: Option<Fault>,
    address: &str,
) -> Result<u8, Unusable> {
    let refused = |source| Unusable::Address { address: address.to_owned(), source };
    // The server panics where it cannot listen and does not tell its port, so both are found out
    // before it starts.
    let listener = TcpListener::bind(address).map_err(refused)?;
    let bound = listener.local_addr().map_err(refused)?;
    drop(listener);
    let name = &located.scope.name;
    work.output.object(&serde_json::json!({ "scope": name, "address": bound.to_string() }));
    work.output.say(format!("exploring {name} at http://{bound}/ until interrupted"));
    let world = Drawn(Protocol { scope: located.scope, fault });
    let served = catch_unwind(AssertUnwindSafe(|| {
        world.checker().threads(1).serve(bound);
    }));
    match served {
        Ok(()) => Ok(0),
        Err(panic) => Err(Unusable::Nothing(format!(
            "the Explorer at {bound} ended: {}",
            pool::message(&*panic)
        ))),
    }
}
