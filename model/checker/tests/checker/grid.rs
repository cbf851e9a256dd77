//! A square grid, walked right and down: wide, deep, and with a bug in the far corner.

use std::panic::resume_unwind;
use std::thread::sleep;
use std::time::Duration;

use stateright::{Model, Property};

/// The grid's last row and column: the corner is 600 steps away.
const LAST: u16 = 300;

/// How many states there are.
pub(crate) const STATES: u64 = 301 * 301;

/// The steps to the corner.
pub(crate) const DEPTH: u64 = 600;

#[derive(Clone, Debug)]
pub(crate) struct Grid {
    /// What stateright is asked to check.
    pub(crate) properties: Vec<Ask>,
    /// What else it does.
    pub(crate) mood: Mood,
}

/// One property.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ask {
    /// False in the corner only.
    CornerIsNeverReached,
    /// True everywhere.
    RowsAreBounded,
    /// Reached after 3 steps.
    SomeStepsAreTaken,
    /// Never reached.
    TheGridIsLeft,
    /// What stateright cannot decide.
    EventuallyTheCorner,
}

/// What a grid does beside its duty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mood {
    /// Nothing.
    Plain,
    /// It panics, 40 steps away.
    Panics,
    /// It takes that long over the first state.
    Dawdles(Duration),
}

impl Grid {
    /// One whose bug is 600 steps away.
    pub(crate) fn with_bug() -> Self {
        Self::asking(&[Ask::CornerIsNeverReached, Ask::SomeStepsAreTaken])
    }

    /// One that is as it should be.
    pub(crate) fn sound() -> Self {
        Self::asking(&[Ask::RowsAreBounded, Ask::SomeStepsAreTaken])
    }

    pub(crate) fn asking(properties: &[Ask]) -> Self {
        Self { properties: properties.to_vec(), mood: Mood::Plain }
    }
}

/// Right or down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Walk {
    Right,
    Down,
}

impl Model for Grid {
    type State = (u16, u16);
    type Action = Walk;

    fn init_states(&self) -> Vec<(u16, u16)> {
        vec![(0, 0)]
    }

    fn actions(&self, &(row, column): &(u16, u16), actions: &mut Vec<Walk>) {
        match self.mood {
            // Without the hook, which would write into the output of other tests.
            Mood::Panics if (row, column) == (20, 20) => resume_unwind(Box::new("lost")),
            // The timeout of stateright cannot be seen from here; there is only the clock.
            Mood::Dawdles(time) if (row, column) == (0, 0) => sleep(time),
            Mood::Panics | Mood::Dawdles(_) | Mood::Plain => {}
        }
        if column < LAST {
            actions.push(Walk::Right);
        }
        if row < LAST {
            actions.push(Walk::Down);
        }
    }

    fn next_state(&self, &(row, column): &(u16, u16), walk: Walk) -> Option<(u16, u16)> {
        Some(match walk {
            Walk::Right => (row, column + 1),
            Walk::Down => (row + 1, column),
        })
    }

    fn properties(&self) -> Vec<Property<Self>> {
        let property = |ask: &Ask| match ask {
            Ask::CornerIsNeverReached => {
                Property::always("the corner is never reached", |_, at| *at != (LAST, LAST))
            }
            Ask::RowsAreBounded => Property::always("rows are bounded", |_, &(row, _)| row <= LAST),
            Ask::SomeStepsAreTaken => {
                Property::sometimes("some steps are taken", |_, &(row, column)| row + column == 3)
            }
            Ask::TheGridIsLeft => {
                Property::sometimes("the grid is left", |_, &(row, _)| row > LAST)
            }
            Ask::EventuallyTheCorner => {
                Property::eventually("eventually the corner", |_, at| *at == (LAST, LAST))
            }
        };
        self.properties.iter().map(property).collect()
    }
}
