//! A map that keeps the order of arrival.
//!
//! Entries are numbered as they come, so that adding, finding and removing take O(log n) wherever
//! an entry stands, and so does telling which of two came first. The numbers do not count when
//! line-ups are compared: two are equal exactly if the same entries stand in the same order.

use alloc::collections::BTreeMap;
use core::fmt;
use core::hash::{Hash, Hasher};

/// Entries in order of arrival, oldest first.
#[derive(Clone)]
pub(crate) struct Lineup<K, V> {
    order: BTreeMap<u64, K>,
    entries: BTreeMap<K, Entry<V>>,
}

#[derive(Clone)]
struct Entry<V> {
    /// Its place in the order: greater than that of every older entry.
    number: u64,
    value: V,
}

impl<K: Copy + Ord, V> Lineup<K, V> {
    pub(crate) const fn new() -> Self {
        Self { order: BTreeMap::new(), entries: BTreeMap::new() }
    }

    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(crate) fn contains(&self, key: K) -> bool {
        self.entries.contains_key(&key)
    }

    pub(crate) fn get(&self, key: K) -> Option<&V> {
        self.entries.get(&key).map(|entry| &entry.value)
    }

    pub(crate) fn get_mut(&mut self, key: K) -> Option<&mut V> {
        self.entries.get_mut(&key).map(|entry| &mut entry.value)
    }

    /// When an entry came: those that came later have greater numbers, as long as both stand.
    pub(crate) fn number(&self, key: K) -> Option<u64> {
        self.entries.get(&key).map(|entry| entry.number)
    }

    pub(crate) fn oldest(&self) -> Option<K> {
        self.order.first_key_value().map(|(_, &key)| key)
    }

    /// Every entry, oldest first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (K, &V)> {
        self.order.values().map(|&key| (key, &self.entries[&key].value))
    }

    /// Adds an entry at the young end. The key must be new.
    pub(crate) fn push(&mut self, key: K, value: V) {
        let youngest = self.order.last_key_value();
        let number = youngest.map_or(0, |(youngest, _)| youngest.saturating_add(1));
        let replaced = self.entries.insert(key, Entry { number, value });
        assert!(replaced.is_none(), "an entry arrives twice");
        let overtaken = self.order.insert(number, key);
        assert!(overtaken.is_none(), "two entries have one number");
    }

    /// Takes an entry out, wherever it stands.
    pub(crate) fn remove(&mut self, key: K) -> Option<V> {
        let Entry { number, value } = self.entries.remove(&key)?;
        self.order.remove(&number);
        Some(value)
    }
}

impl<K: Copy + Ord, V: PartialEq> PartialEq for Lineup<K, V> {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().eq(other.iter())
    }
}

impl<K: Copy + Ord, V: Eq> Eq for Lineup<K, V> {}

impl<K: Copy + Ord + Hash, V: Hash> Hash for Lineup<K, V> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.len().hash(state);
        self.iter().for_each(|entry| entry.hash(state));
    }
}

impl<K: Copy + Ord + fmt::Debug, V: fmt::Debug> fmt::Debug for Lineup<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::Lineup;

    /// Every history of a few arrivals and departures, against a list.
    #[test]
    fn a_line_up_is_a_list_in_order_of_arrival() {
        const STEPS: u32 = 7;
        for history in 0..6_u32.pow(STEPS) {
            let mut lineup = Lineup::new();
            let mut list: Vec<u32> = Vec::new();
            for step in 0..STEPS {
                let choice = history / 6_u32.pow(step) % 6;
                let key = choice / 2;
                let place = list.iter().position(|&it| it == key);
                match (choice % 2, place) {
                    (0, None) => {
                        lineup.push(key, step);
                        list.push(key);
                    }
                    (1, _) => {
                        assert_eq!(lineup.remove(key).is_some(), place.is_some());
                        list.retain(|&it| it != key);
                    }
                    (_, _) => assert!(lineup.contains(key)),
                }
                assert_eq!(lineup.iter().map(|(key, _)| key).collect::<Vec<_>>(), list);
                assert!(list.is_sorted_by_key(|&key| lineup.number(key)), "{lineup:?}");
                assert_eq!((lineup.oldest(), lineup.len()), (list.first().copied(), list.len()));
            }
        }
    }

    #[test]
    fn line_ups_are_equal_if_the_same_stand_in_the_same_order() {
        let line_up = |keys: &[u32]| {
            let mut lineup = Lineup::new();
            for &key in keys {
                lineup.push(key, ());
            }
            lineup
        };
        let mut shorter = line_up(&[5, 1, 3]);
        shorter.remove(1);
        assert!(shorter == line_up(&[5, 3]), "who has left is forgotten, and so are numbers");
        assert!(shorter != line_up(&[3, 5]), "the order counts");
    }
}
