//! Which states cannot reach rest: the walk backwards over the edges that were kept.

/// The first state, in the order of the search, that cannot reach rest; so none is nearer.
pub(crate) fn first_trap(
    states: usize,
    edges: &[(u32, u32)],
    is_rest: impl Fn(u32) -> bool,
) -> Option<u32> {
    // The sources of all edges, sorted by target: those of `to` are `starts[to]..starts[to + 1]`.
    let mut starts = vec![0_usize; states + 1];
    for &(_, to) in edges {
        starts[to as usize + 1] += 1;
    }
    for to in 0..states {
        starts[to + 1] += starts[to];
    }
    let mut next_free = starts.clone();
    let mut sources = vec![0_u32; edges.len()];
    for &(from, to) in edges {
        let slot = &mut next_free[to as usize];
        sources[*slot] = from;
        *slot += 1;
    }

    let mut can_rest = vec![false; states];
    let mut waiting = Vec::new();
    for state in (0..).take(states) {
        if is_rest(state) {
            can_rest[state as usize] = true;
            waiting.push(state);
        }
    }
    while let Some(state) = waiting.pop() {
        let state = state as usize;
        for &source in &sources[starts[state]..starts[state + 1]] {
            if !can_rest[source as usize] {
                can_rest[source as usize] = true;
                waiting.push(source);
            }
        }
    }
    (0..).zip(can_rest).find(|&(_, can)| !can).map(|(state, _)| state)
}
