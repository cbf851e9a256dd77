//! Two-phase commit, of which everybody knows the numbers, in a few bits.
//!
//! After "Consensus on Transaction Commit" by Gray and Lamport, with the same actions as the
//! example that comes with stateright. `PAD` words of ballast make a state as big as wanted.

use stateright::{Model, Property};

/// The coordinator and its resource managers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TwoPhaseCommit<const PAD: usize> {
    /// How many managers, at most 16.
    pub(crate) managers: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct State<const PAD: usize> {
    /// What every manager does: two bits each, see [`Manager`].
    managers: u32,
    /// Who has told that it is prepared: a bit each.
    told: u16,
    /// Whom the coordinator has heard of: a bit each.
    heard: u16,
    coordinator: Coordinator,
    ballast: [u64; PAD],
}

/// What a manager does; the numbers are its two bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Manager {
    Working = 0,
    Prepared = 1,
    Committed = 2,
    Aborted = 3,
}

/// What the coordinator has decided, and so told everybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Coordinator {
    Undecided,
    Committed,
    Aborted,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    Commit,
    Abort,
    HearPrepared(u8),
    Prepare(u8),
    ChooseToAbort(u8),
    ObeyCommit(u8),
    ObeyAbort(u8),
}

impl<const PAD: usize> State<PAD> {
    fn manager(&self, manager: u8) -> Manager {
        match (self.managers >> (2 * manager)) & 3 {
            0 => Manager::Working,
            1 => Manager::Prepared,
            2 => Manager::Committed,
            _ => Manager::Aborted,
        }
    }

    fn with(self, manager: u8, now: Manager) -> Self {
        let others = self.managers & !(3 << (2 * manager));
        Self { managers: others | ((now as u32) << (2 * manager)), ..self }
    }

    /// The managers put in this order: everything that names one goes with it.
    pub(crate) fn reordered(&self, order: &[u8]) -> Self {
        let mut state = Self { managers: 0, told: 0, heard: 0, ..*self };
        for (to, &from) in (0_u8..).zip(order) {
            state = state.with(to, self.manager(from));
            state.told |= ((self.told >> from) & 1) << to;
            state.heard |= ((self.heard >> from) & 1) << to;
        }
        state
    }

    /// The state without what the coordinator has heard.
    pub(crate) const fn unheard(&self) -> (u32, u16, Coordinator) {
        (self.managers, self.told, self.coordinator)
    }

    /// The same for all states that differ only in which manager is which.
    pub(crate) fn canonical(&self, managers: u8) -> Self {
        let mut order: Vec<u8> = (0..managers).collect();
        order.sort_by_key(|&it| (self.manager(it), self.told >> it & 1, self.heard >> it & 1));
        self.reordered(&order)
    }

    /// What is easily taken for it: who told and who was heard does not count in the order.
    pub(crate) fn hardly_canonical(&self, managers: u8) -> Self {
        let mut order: Vec<u8> = (0..managers).collect();
        order.sort_by_key(|&it| self.manager(it));
        self.reordered(&order)
    }
}

impl<const PAD: usize> Model for TwoPhaseCommit<PAD> {
    type State = State<PAD>;
    type Action = Action;

    fn init_states(&self) -> Vec<Self::State> {
        let coordinator = Coordinator::Undecided;
        vec![State { managers: 0, told: 0, heard: 0, coordinator, ballast: [7; PAD] }]
    }

    fn actions(&self, state: &Self::State, actions: &mut Vec<Action>) {
        let is_undecided = state.coordinator == Coordinator::Undecided;
        if is_undecided && state.heard.count_ones() == u32::from(self.managers) {
            actions.push(Action::Commit);
        }
        if is_undecided {
            actions.push(Action::Abort);
        }
        for manager in 0..self.managers {
            if is_undecided && state.told >> manager & 1 == 1 {
                actions.push(Action::HearPrepared(manager));
            }
            if state.manager(manager) == Manager::Working {
                actions.push(Action::Prepare(manager));
                actions.push(Action::ChooseToAbort(manager));
            }
            match state.coordinator {
                Coordinator::Undecided => {}
                Coordinator::Committed => actions.push(Action::ObeyCommit(manager)),
                Coordinator::Aborted => actions.push(Action::ObeyAbort(manager)),
            }
        }
    }

    fn next_state(&self, state: &Self::State, action: Action) -> Option<Self::State> {
        Some(match action {
            Action::Commit => State { coordinator: Coordinator::Committed, ..*state },
            Action::Abort => State { coordinator: Coordinator::Aborted, ..*state },
            Action::HearPrepared(it) => State { heard: state.heard | 1 << it, ..*state },
            Action::Prepare(it) => {
                State { told: state.told | 1 << it, ..state.with(it, Manager::Prepared) }
            }
            Action::ChooseToAbort(it) | Action::ObeyAbort(it) => state.with(it, Manager::Aborted),
            Action::ObeyCommit(it) => state.with(it, Manager::Committed),
        })
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always(
                "nobody aborts what another commits",
                |model: &Self, state: &State<PAD>| {
                    let is = |what| (0..model.managers).any(|it| state.manager(it) == what);
                    !(is(Manager::Aborted) && is(Manager::Committed))
                },
            ),
            Property::sometimes("all commit", |model: &Self, state: &State<PAD>| {
                (0..model.managers).all(|it| state.manager(it) == Manager::Committed)
            }),
            Property::sometimes("all abort", |model: &Self, state: &State<PAD>| {
                (0..model.managers).all(|it| state.manager(it) == Manager::Aborted)
            }),
        ]
    }
}
