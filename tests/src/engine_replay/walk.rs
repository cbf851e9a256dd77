//! Random traces that an engine can be brought to go through.

use std::mem::discriminant;

use mapi_session_model::{Action, Name, Protocol, State};
use stateright::Model;

/// Actions from a start of the scope, most of which change something; the start, and they.
///
/// Among them are refused calls and answers that nobody waits for. Whoever has made a logon from
/// inside a prompt or provider does not leave it before that logon is answered: the model lets
/// users do that, threads cannot.
pub fn random_actions(world: &Protocol, seed: u64, steps: usize) -> (usize, Vec<Action>) {
    let mut dice = Dice(seed);
    let start = dice.roll(world.scope.starts.len());
    let mut state = world.scope.starts[start].state;
    let (mut actions, mut nested) = (Vec::new(), Vec::new());
    while actions.len() < steps {
        let Some(action) = choose(world, &state, &nested, &mut dice) else { break };
        let after = world.next(&state, action).after;
        if let Action::Logon { client, inside: Some(outer), .. } = action
            && let Some(inner) = state.free_name(client)
            && after.call(inner).is_some()
        {
            nested.push((outer, inner));
        }
        nested.retain(|(_, inner)| after.call(*inner).is_some());
        actions.push(action);
        state = after;
    }
    (start, actions)
}

/// One of the kinds of actions at hand, then one of the kind.
fn choose(
    world: &Protocol,
    state: &State,
    nested: &[(Name, Name)],
    dice: &mut Dice,
) -> Option<Action> {
    let mut offered = Vec::new();
    world.actions(state, &mut offered);
    let is_blocked = |action: Action| {
        let from = match action {
            Action::Choose { call, .. }
            | Action::EnterPassword { call, .. }
            | Action::Confirm { call, .. } => Some(call),
            Action::ProvidersStarted { session } => Some(session),
            Action::Logon { inside, .. } => inside,
            Action::Initialize { .. }
            | Action::Uninitialize { .. }
            | Action::Logoff { .. }
            | Action::Release { .. }
            | Action::Crash { .. }
            | Action::Withdraw { .. }
            | Action::Deadline { .. }
            | Action::Timeout { .. }
            | Action::Continue { .. }
            | Action::LookedUp { .. }
            | Action::Checked { .. }
            | Action::ProvidersStopped { .. } => None,
        };
        nested.iter().any(|(outer, _)| Some(*outer) == from)
    };
    offered.retain(|action| !is_blocked(*action));
    let roll = dice.roll(20);
    let wanted = |action: &Action| {
        let step = world.next(state, *action);
        match roll {
            0 => true,
            1 | 2 => step.after == *state && !step.seen.is_empty(),
            _ => step.after != *state,
        }
    };
    if offered.iter().any(wanted) {
        offered.retain(wanted);
    }
    // Who dies, leaves or gives up all the time does not get far.
    let goes_on = |action: &Action| !is_drastic(*action);
    if dice.roll(4) > 0 && offered.iter().any(goes_on) {
        offered.retain(goes_on);
    }
    let mut kinds: Vec<_> = Vec::new();
    for kind in offered.iter().map(discriminant) {
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    let kind = *kinds.get(dice.roll(kinds.len().max(1)))?;
    offered.retain(|action| discriminant(action) == kind);
    offered.get(dice.roll(offered.len())).copied()
}

/// Whether it cuts short what was going on.
const fn is_drastic(action: Action) -> bool {
    match action {
        Action::Crash { .. }
        | Action::Uninitialize { .. }
        | Action::Withdraw { .. }
        | Action::Deadline { .. } => true,
        Action::Initialize { .. }
        | Action::Logon { .. }
        | Action::Logoff { .. }
        | Action::Release { .. }
        | Action::Timeout { .. }
        | Action::Continue { .. }
        | Action::LookedUp { .. }
        | Action::Choose { .. }
        | Action::Checked { .. }
        | Action::EnterPassword { .. }
        | Action::Confirm { .. }
        | Action::ProvidersStarted { .. }
        | Action::ProvidersStopped { .. } => false,
    }
}

/// Numbers that look random and follow from the seed (`SplitMix64`).
struct Dice(u64);

impl Dice {
    /// A number below this one.
    fn roll(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % below.max(1) as u64) as usize
    }
}
