//! Pinned counts: what is written can be read, and nothing else.

use proptest::prelude::*;
use stateright_exact::{BaselineError, Baselines, Counts, difference};

const HEADER: &str = "scope\tstates\tedges\tself_loops\tdepth\n";

fn counts(states: u64) -> Counts {
    Counts { states, edges: 2 * states, self_loops: 1, depth: 3 }
}

fn pinned(scopes: &[(&str, u64)]) -> Baselines {
    let mut baselines = Baselines::new();
    for (scope, states) in scopes {
        baselines.insert(scope, counts(*states)).expect("the name is one");
    }
    baselines
}

fn error(rows: &str) -> String {
    Baselines::parse(&format!("{HEADER}{rows}")).expect_err("it is malformed").to_string()
}

#[test]
fn scopes_are_written_sorted_one_a_line() {
    let text = pinned(&[("share", 7), ("crash", 5)]).to_string();
    assert_eq!(text, format!("{HEADER}crash\t5\t10\t1\t3\nshare\t7\t14\t1\t3\n"));
    let read = Baselines::parse(&text).expect("it is well formed");
    assert_eq!(read.get("share"), Some(counts(7)));
    assert_eq!(read.get("other"), None);
    assert_eq!(read.iter().map(|(scope, _)| scope).collect::<Vec<_>>(), ["crash", "share"]);
}

#[test]
fn an_error_names_the_line_and_what_was_expected() {
    assert_eq!(
        error("a\t1\t2\t3\n"),
        "line 2: expected 5 columns with a tab between them, found 4"
    );
    assert_eq!(error("\n"), "line 2: expected 5 columns with a tab between them, found 1");
    assert_eq!(
        error("a\t1\t2\t3\t4\nb\t1\tmany\t3\t4\n"),
        "line 3: expected a number in column edges, found \"many\""
    );
    assert_eq!(
        error("\t1\t2\t3\t4\n"),
        "line 2: expected the name of a scope in column scope, found \"\""
    );
    for odd in ["+1", "01", "-1", " 1", "1\r", "99999999999999999999"] {
        assert!(error(&format!("a\t1\t2\t3\t{odd}\n")).contains("a number in column depth"));
    }
    assert_eq!(
        error("b\t1\t2\t3\t4\na\t1\t2\t3\t4\n"),
        "line 3: expected a scope sorted after \"b\", found \"a\""
    );
    assert!(error("a\t1\t2\t3\t4\na\t1\t2\t3\t4\n").contains("sorted after"));
    assert_eq!(error("a\t1\t2\t3\t4"), "expected the last line to end with a newline");
}

#[test]
fn a_text_without_the_header_is_refused() {
    for text in ["", "\n", "scope\tstates\n", "a\t1\t2\t3\t4\n"] {
        assert_eq!(Baselines::parse(text), Err(BaselineError::Header));
    }
    assert_eq!(Baselines::parse(HEADER), Ok(Baselines::new()));
}

#[test]
fn a_name_that_cannot_be_written_is_refused() {
    for scope in ["", "a\tb", "a\nb", "a\rb"] {
        let refused = Baselines::new().insert(scope, counts(1));
        assert_eq!(refused, Err(BaselineError::Scope { scope: scope.to_owned() }));
    }
}

#[test]
fn a_difference_names_every_scope_that_changed() {
    let old = pinned(&[("crash", 5), ("gone", 1), ("share", 7)]);
    let new = pinned(&[("crash", 6), ("new", 2), ("share", 7)]);
    let lines = difference(&old, &new);
    assert_eq!(
        lines,
        [
            "crash: 5 states, 10 edges, 1 of them self-loops, depth 3 -> \
             6 states, 12 edges, 1 of them self-loops, depth 3",
            "gone: gone, was 1 states, 2 edges, 1 of them self-loops, depth 3",
            "new: new, 2 states, 4 edges, 1 of them self-loops, depth 3",
        ]
    );
    assert!(difference(&old, &old).is_empty());
}

prop_compose! {
    fn any_counts()(states: u64, edges: u64, self_loops: u64, depth: u64) -> Counts {
        Counts { states, edges, self_loops, depth }
    }
}

prop_compose! {
    fn any_baselines()(
        rows in prop::collection::btree_map("[^\t\n\r]{1,12}", any_counts(), 0..8)
    ) -> Baselines {
        let mut baselines = Baselines::new();
        for (scope, counts) in rows {
            baselines.insert(&scope, counts).expect("the name can be written");
        }
        baselines
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(baselines in any_baselines()) {
        prop_assert_eq!(Baselines::parse(&baselines.to_string()), Ok(baselines));
    }

    #[test]
    fn what_can_be_read_is_written_the_same(
        baselines in any_baselines(),
        at in any::<prop::sample::Index>(),
        letter in prop::sample::select(vec!['\t', '\n', '\r', '0', '7', 'x', ' ']),
    ) {
        let mut letters: Vec<char> = baselines.to_string().chars().collect();
        let at = at.index(letters.len());
        letters[at] = letter;
        let text: String = letters.into_iter().collect();
        if let Ok(read) = Baselines::parse(&text) {
            prop_assert_eq!(read.to_string(), text);
        }
    }

    #[test]
    fn a_difference_is_empty_only_between_equals(one in any_baselines(), other in any_baselines()) {
        prop_assert_eq!(difference(&one, &other).is_empty(), one == other);
    }
}
