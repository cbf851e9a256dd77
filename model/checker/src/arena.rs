//! Every node met by a search, exactly, and how each was met first.
//!
//! Whole nodes are kept rather than fingerprints of 64 bits. Of those, some two are equal by
//! accident about once in 3,000 runs at 10^8 states and once in 30 at 10^9, and the states behind
//! the second one are then never seen: a pass that means nothing, and that nobody notices.
//!
//! Nodes are numbered in the order they are met, which in a search by levels is the order of
//! distance. Every node knows the node it was met from and the ordinal of the action that led to
//! it; this gives a shortest path, the same on every run.

use std::hash::Hash;

use indexmap::IndexSet;
use rustc_hash::FxBuildHasher;

/// The most nodes that can be numbered.
pub(crate) const MOST_NODES: u64 = u32::MAX as u64;

/// The nodes met so far.
pub(crate) struct Arena<N> {
    nodes: IndexSet<N, FxBuildHasher>,
    parents: Vec<Parent>,
}

/// How a node was met first; a root is its own parent.
#[derive(Clone, Copy)]
struct Parent {
    node: u32,
    ordinal: u32,
}

/// Whether a node was met before.
pub(crate) enum Met {
    /// It was, under this number.
    Before(u32),
    /// It was not, and now has this number.
    Now(u32),
}

/// The way to a node: a root, then which of the actions offered to take at every step.
#[derive(Clone)]
pub(crate) struct Way {
    pub(crate) root: u32,
    pub(crate) ordinals: Vec<u32>,
}

impl<N: Eq + Hash> Arena<N> {
    pub(crate) fn new() -> Self {
        Self { nodes: IndexSet::default(), parents: Vec::new() }
    }

    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    pub(crate) fn get(&self, number: u32) -> &N {
        &self.nodes[number as usize]
    }

    pub(crate) fn number_of(&self, node: &N) -> Option<u32> {
        self.nodes.get_index_of(node).map(numbered)
    }

    pub(crate) fn insert_root(&mut self, node: N) -> Met {
        let number = numbered(self.nodes.len());
        self.insert(node, number, 0)
    }

    #[inline]
    pub(crate) fn insert(&mut self, node: N, from: u32, ordinal: u32) -> Met {
        let (position, is_new) = self.nodes.insert_full(node);
        if !is_new {
            return Met::Before(numbered(position));
        }
        self.parents.push(Parent { node: from, ordinal });
        Met::Now(numbered(position))
    }

    /// Forgets the node that was met last.
    pub(crate) fn pop(&mut self) {
        self.nodes.pop();
        self.parents.pop();
    }

    pub(crate) fn way_to(&self, number: u32) -> Way {
        let mut ordinals = Vec::new();
        let mut at = number;
        loop {
            let Parent { node, ordinal } = self.parents[at as usize];
            if node == at {
                ordinals.reverse();
                return Way { root: at, ordinals };
            }
            ordinals.push(ordinal);
            at = node;
        }
    }

    /// The memory in use, without what the nodes themselves keep on the heap.
    pub(crate) fn bytes(&self) -> u64 {
        // An entry holds the node and its hash; a bucket of the table, at most 7/8 full, a number
        // and a byte of control.
        let entry = size_of::<N>() + size_of::<u64>();
        let bucket = (size_of::<usize>() + 1) * 8 / 7;
        let nodes = self.nodes.capacity() * (entry + bucket);
        (nodes + self.parents.capacity() * size_of::<Parent>()) as u64
    }
}

fn numbered(position: usize) -> u32 {
    u32::try_from(position).expect("a search stops before it has 2^32 nodes")
}
