//! A map that keeps the order of arrival, without numbering anybody.
//!
//! Each entry knows its neighbours, so that adding, finding and removing take O(log n) wherever the
//! entry stands, and two line-ups are equal exactly if the same entries stand in the same order.

use alloc::collections::BTreeMap;
use core::fmt;

/// Entries in order of arrival, oldest first.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct Lineup<K, V> {
    ends: Option<Ends<K>>,
    entries: BTreeMap<K, Entry<K, V>>,
}

/// Both ends of a line-up that is not empty.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Ends<K> {
    oldest: K,
    youngest: K,
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Entry<K, V> {
    older: Option<K>,
    younger: Option<K>,
    value: V,
}

impl<K: Copy + Ord, V> Lineup<K, V> {
    pub(crate) const fn new() -> Self {
        Self { ends: None, entries: BTreeMap::new() }
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

    pub(crate) fn oldest(&self) -> Option<K> {
        self.ends.as_ref().map(|ends| ends.oldest)
    }

    /// Every entry, oldest first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (K, &V)> {
        let mut next = self.oldest();
        core::iter::from_fn(move || {
            let key = next?;
            let entry = &self.entries[&key];
            next = entry.younger;
            Some((key, &entry.value))
        })
    }

    /// Adds an entry at the young end. The key must be new.
    pub(crate) fn push(&mut self, key: K, value: V) {
        let older = self.ends.map(|ends| ends.youngest);
        let replaced = self.entries.insert(key, Entry { older, younger: None, value });
        assert!(replaced.is_none(), "an entry arrives twice");
        if let Some(older) = older {
            self.neighbour(older).younger = Some(key);
        }
        let oldest = self.oldest().unwrap_or(key);
        self.ends = Some(Ends { oldest, youngest: key });
    }

    /// Takes an entry out, wherever it stands.
    pub(crate) fn remove(&mut self, key: K) -> Option<V> {
        let entry = self.entries.remove(&key)?;
        if let Some(older) = entry.older {
            self.neighbour(older).younger = entry.younger;
        }
        if let Some(younger) = entry.younger {
            self.neighbour(younger).older = entry.older;
        }
        self.ends = self.ends.and_then(|ends| {
            let oldest = if ends.oldest == key { entry.younger? } else { ends.oldest };
            let youngest = if ends.youngest == key { entry.older? } else { ends.youngest };
            Some(Ends { oldest, youngest })
        });
        Some(entry.value)
    }

    fn neighbour(&mut self, key: K) -> &mut Entry<K, V> {
        self.entries.get_mut(&key).expect("the neighbour of an entry is an entry")
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
        assert!(shorter == line_up(&[5, 3]), "who has left is forgotten");
        assert!(shorter != line_up(&[3, 5]), "the order counts");
    }
}
