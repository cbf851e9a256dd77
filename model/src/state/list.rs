//! A list that lies flat in a state.

/// A short list without heap; what is beyond its length is always empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct List<T, const N: usize>([Option<T>; N]);

impl<T: Copy, const N: usize> List<T, N> {
    /// No entry.
    pub const EMPTY: Self = Self([None; N]);

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.0.iter().flatten().count()
    }

    /// Whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.0[0].is_none()
    }

    /// The first entry.
    pub const fn first(&self) -> Option<T> {
        self.0[0]
    }

    /// The entries in order.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.0.iter().map_while(Option::as_ref)
    }

    /// The entries in order, to be changed.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.0.iter_mut().map_while(Option::as_mut)
    }

    /// Appends an entry.
    ///
    /// # Panics
    ///
    /// If the list is full: the scope offered a call that it had no room for.
    pub fn push(&mut self, entry: T) {
        let end = self.len();
        self.0[end] = Some(entry);
    }

    /// Puts an entry before the first one that is greater by `key`.
    ///
    /// # Panics
    ///
    /// As [`Self::push`].
    pub fn insert_by_key<K: Ord>(&mut self, entry: T, key: impl Fn(&T) -> K) {
        let place = self.iter().take_while(|it| key(it) < key(&entry)).count();
        self.push(entry);
        let end = self.len();
        self.0[place..end].rotate_right(1);
    }

    /// Keeps the entries that satisfy `keep`, in order.
    pub fn retain(&mut self, keep: impl Fn(&T) -> bool) {
        let mut kept = Self::EMPTY;
        for (place, entry) in kept.0.iter_mut().zip(self.iter().filter(|it| keep(it))) {
            *place = Some(*entry);
        }
        *self = kept;
    }
}
