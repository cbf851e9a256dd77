//! States that are alike, of which one is explored for all.
//!
//! Start at [`Symmetric`], which is what
//! [`explore_representatives`](crate::explore_representatives) asks for.

use stateright::Model;

use crate::Observed;

/// A model that says itself which of its states are alike, so that nobody takes the symmetry of
/// one model for that of another.
pub trait Symmetric: Observed {
    /// Which states are alike.
    type Symmetry: Symmetry<Self>;

    /// Which states are alike.
    fn symmetry(&self) -> Self::Symmetry;
}

/// Which states of a model are alike: they differ only in which of several interchangeable things
/// is which.
///
/// Behind it stands a group of permutations of those things, under which the model does not change.
/// For every permutation `p`, state `s` and action `a`:
///
/// - what `s` offers, `p(s)` offers moved along, and `p(a)` leads from `p(s)` to where `a` leads
///   from `s`, moved along;
/// - boundary and properties say the same of both. A monitor remembers nothing of who is who.
///
/// Where this is not so, states are taken for alike that are not, and what only some of them lead
/// to is missed: it is to be shown for every symmetry, by tests if not by proof. Something of it is
/// noticed here: a trace whose steps turn out to lead elsewhere, or that does not show what it is
/// to show, makes the run inconclusive.
pub trait Symmetry<M: Model> {
    /// The one of the states like this one that is explored for all of them.
    fn representative(&self, state: M::State) -> M::State;

    /// The state and the action, moved along by every permutation.
    fn images(&self, state: &M::State, action: &M::Action) -> Vec<(M::State, M::Action)>;
}

/// No state is like another one.
pub(crate) struct EachForItself;

impl<M: Model<State: Clone, Action: Clone>> Symmetry<M> for EachForItself {
    #[inline]
    fn representative(&self, state: M::State) -> M::State {
        state
    }

    fn images(&self, state: &M::State, action: &M::Action) -> Vec<(M::State, M::Action)> {
        vec![(state.clone(), action.clone())]
    }
}
