//! Random traces that an engine can be brought to go through.

use std::{collections::BTreeMap, mem::discriminant};

use mapi_session_model::{
    Action, Call, Name, Notification, Observation, Open, Protocol, Provider, Rule, SeriesStage,
    Stage, State, Step,
};
use stateright::Model;

/// Actions from a start of the scope, most of which change something; the start, and they.
///
/// What has seldom happened before, in these or in other actions, happens rather than what often
/// has: `taken` counts. Among them are refused calls and answers that nobody waits for. What
/// threads cannot do, though the model lets users do it, does not happen: whoever has made a logon
/// from inside a prompt or provider does not leave it before that logon is answered, and
/// notifications are handed over in their turn. Nor does an open wait beside that of a handle which
/// is the earlier one by name and the later one by age: the engine numbers handles by age (D-26).
pub fn random_actions(
    world: &Protocol,
    seed: u64,
    steps: usize,
    taken: &mut BTreeMap<Rule, u64>,
) -> (usize, Vec<Action>) {
    let mut dice = Dice(seed);
    let start = dice.roll(world.scope.starts.len());
    let begun = &world.scope.starts[start];
    let (mut actions, mut threads) = (Vec::new(), Threads::default());
    let mut state = State::new(world.scope.profiles_at_start(), begun.default);
    for action in &begun.history {
        let step = world.next(&state, *action);
        threads.follow(*action, &step);
        state = step.after;
    }
    while actions.len() < steps {
        let Some(action) = choose(world, &state, &threads, taken, &mut dice) else { break };
        let step = world.next(&state, action);
        *taken.entry(step.rule).or_default() += 1;
        let after = step.after;
        if let Some(outer) = action.inside()
            && let Some(runs) = foreign_code(&state, outer)
            && let Some(inner) = state.free_name(action.client())
            && after.call(inner).is_some()
        {
            threads.nested.push(Nested { runs, inner });
        }
        threads.nested.retain(|it| after.call(it.inner).is_some());
        threads.follow(action, &step);
        actions.push(action);
        state = after;
    }
    (start, actions)
}

/// One of the kinds of actions at hand, then one of the kind.
fn choose(
    world: &Protocol,
    state: &State,
    threads: &Threads,
    taken: &BTreeMap<Rule, u64>,
    dice: &mut Dice,
) -> Option<Action> {
    let mut offered = Vec::new();
    world.actions(state, &mut offered);
    let is_blocked = |action: Action| {
        let from = action.inside().and_then(|outer| foreign_code(state, outer));
        let who = returns(action).or(from);
        who.is_some_and(|who| threads.nested.iter().any(|it| it.runs == who))
            || comes_late(state, action)
    };
    offered.retain(|action| !is_blocked(*action));
    let changes = |action: &Action| world.next(state, *action).after != *state;
    let can = |action: &Action| {
        threads.can(*action) && threads.keep_order(&world.next(state, *action).after)
    };
    offered.retain(|action| can(action) || !changes(action));
    let is_refused = |action: &Action| {
        let step = world.next(state, *action);
        step.after == *state && !step.seen.is_empty()
    };
    if !offered.iter().any(changes) {
        return None;
    }
    match dice.roll(20) {
        0 => {}
        1 | 2 if offered.iter().any(is_refused) => offered.retain(is_refused),
        _ => offered.retain(changes),
    }
    if dice.roll(3) == 0 {
        let count = |action: &Action| taken.get(&world.next(state, *action).rule).copied();
        let least = offered.iter().map(count).min();
        offered.retain(|action| Some(count(action)) == least);
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

/// What the threads of an engine would be at.
#[derive(Default)]
struct Threads {
    nested: Vec<Nested>,
    /// The handles that there are or will be, the oldest first.
    handles: Vec<Name>,
    /// What waits for each handle, as the one thread has it that hands it over.
    posts: BTreeMap<Name, Post>,
}

/// What waits for a handle.
#[derive(Default)]
struct Post {
    /// What the thread is about to hand over.
    next: Option<Notification>,
    /// What it takes up after that: what is meant for the same sinks is kept together.
    rest: Vec<(Notification, usize, usize)>,
    /// How often the sinks have changed.
    changes: usize,
}

impl Threads {
    /// Whether a thread can bring this about.
    fn can(&self, action: Action) -> bool {
        let Action::Deliver { handle, notification } = action else { return true };
        self.posts.get(&handle).is_some_and(|post| post.next == Some(notification))
    }

    /// Whether those who wait for one provider wait in the order of their ages (D-26).
    fn keep_order(&self, state: &State) -> bool {
        let age = |open: &Open| self.handles.iter().position(|it| *it == open.handle);
        let place = |open: &Open| (state.session_of(open.handle), open.at);
        let waiting: Vec<_> = state.opens().filter(|open| open.stage.is_none()).collect();
        waiting.iter().all(|one| {
            let mut beside = waiting.iter().filter(|other| place(other) == place(one));
            beside.all(|other| (one.handle < other.handle) == (age(one) < age(other)))
        })
    }

    fn follow(&mut self, action: Action, step: &Step) {
        let named =
            step.after.calls.iter().map(Call::name).filter(|it| step.after.logon(*it).is_some());
        let named: Vec<_> = named.chain(step.after.handles().map(|(name, _)| name)).collect();
        self.handles.retain(|name| named.contains(name));
        let new = named.into_iter().filter(|name| !self.handles.contains(name));
        self.handles.extend(new.collect::<Vec<_>>());
        if let Action::Advise { handle, .. } | Action::Unadvise { handle, .. } = action
            && step.seen.answers().any(|(_, _, code, _)| code.is_success())
        {
            self.posts.entry(handle).or_default().changes += 1;
        }
        // The engine tells everybody of those who leave before it asks everybody to leave.
        for next in [Notification::Extended, Notification::Critical, Notification::Table] {
            for seen in step.seen.iter() {
                if let Observation::QueueNotification { handle, notification: it } = *seen
                    && it == next
                {
                    self.posts.entry(handle).or_default().put(next);
                }
            }
        }
        if let Action::Deliver { handle, .. } = action
            && step.seen.iter().any(|it| matches!(it, Observation::HandNotification { .. }))
        {
            self.posts.entry(handle).or_default().next = None;
        }
        for post in self.posts.values_mut() {
            post.take_up();
        }
        let is_live = |handle| step.after.session_of(handle).is_some();
        self.posts.retain(|handle, _| is_live(*handle));
    }
}

impl Post {
    fn put(&mut self, notification: Notification) {
        let changes = self.changes;
        match self.rest.iter_mut().find(|it| (it.0, it.1) == (notification, changes)) {
            Some((_, _, count)) => *count += 1,
            None => self.rest.push((notification, changes, 1)),
        }
    }

    fn take_up(&mut self) {
        if self.next.is_none()
            && let Some((notification, _, count)) = self.rest.first_mut()
        {
            self.next = Some(*notification);
            *count -= 1;
            self.rest.retain(|(_, _, count)| *count > 0);
        }
    }
}

/// A call from inside foreign code.
struct Nested {
    /// What runs until the call is answered.
    runs: Foreign,
    /// The call.
    inner: Name,
}

/// Foreign code that runs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Foreign {
    /// What the user sees, for this call.
    Prompt(Name),
    /// An entry function, for this call.
    Entry(Name),
    /// A provider of this session.
    Provider(Name, Provider),
}

/// What runs for a call.
fn foreign_code(state: &State, call: Name) -> Option<Foreign> {
    if let Some(series) = state.series_of(call) {
        return Some(match series.stage {
            SeriesStage::First | SeriesStage::Second => {
                Foreign::Provider(series.session, series.provider)
            }
            SeriesStage::Entry => Foreign::Entry(call),
            SeriesStage::Inform => Foreign::Prompt(call),
        });
    }
    let stage = state.logon(call).map(|logon| logon.stage);
    match stage {
        Some(Stage::Show(_)) => Some(Foreign::Entry(call)),
        Some(_) | None => state.call(call).map(|_| Foreign::Prompt(call)),
    }
}

/// The foreign code that returns with this action.
fn returns(action: Action) -> Option<Foreign> {
    if let Action::ProviderAnswered { session, provider, .. } = action {
        return Some(Foreign::Provider(session, provider));
    }
    if let Action::EntryReturned { call, .. } = action {
        return Some(Foreign::Entry(call));
    }
    let is_of_user = matches!(
        action,
        Action::Choose { .. }
            | Action::EnterPassword { .. }
            | Action::Confirm { .. }
            | Action::RetryAnswered { .. }
    );
    action.call().filter(|_| is_of_user).map(Foreign::Prompt)
}

/// Whether a deadline passes while its call is told to go on: its thread goes on first.
fn comes_late(state: &State, action: Action) -> bool {
    let Action::Deadline { call } = action else { return false };
    state.open(call).is_some_and(|open| state.is_due(open))
}

/// Whether it cuts short what was going on.
const fn is_drastic(action: Action) -> bool {
    matches!(
        action,
        Action::Crash { .. }
            | Action::Uninitialize { .. }
            | Action::Withdraw { .. }
            | Action::Deadline { .. }
    )
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
