//! Where texts cite requirements (`MTX-01`) and decisions (`D-03`).

use std::collections::{BTreeMap, btree_map};

/// Words that look like an id and are none.
const NO_IDS: [&str; 1] = ["UTF-16"];

/// Ids, and where each is cited.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Citations(BTreeMap<String, Vec<String>>);

impl Citations {
    /// Adds what this text cites.
    pub fn add(&mut self, file: &str, text: &str) {
        for (line, text) in (1..).zip(text.lines()) {
            for id in ids(text) {
                self.0.entry(id.to_owned()).or_default().push(format!("{file}:{line}"));
            }
        }
    }

    /// Where an id is cited.
    pub fn places(&self, id: &str) -> impl Iterator<Item = &str> {
        self.0.get(id).into_iter().flatten().map(String::as_str)
    }

    /// Whether an id is cited.
    pub fn contains(&self, id: &str) -> bool {
        self.0.contains_key(id)
    }
}

impl<'a> IntoIterator for &'a Citations {
    type Item = (&'a String, &'a Vec<String>);
    type IntoIter = btree_map::Iter<'a, String, Vec<String>>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

/// The ids that a text cites, in order; a part of a requirement (`RCH-08a`) counts as the whole.
pub fn ids(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|it: char| !(it.is_alphanumeric() || it == '-' || it == '_'));
    words.filter_map(id).filter(|id| !NO_IDS.contains(id))
}

/// The id that a word is, maybe with the letter of a part.
fn id(word: &str) -> Option<&str> {
    let (group, number) = word.split_once('-')?;
    let is_group = group == "D" || group.len() == 3;
    let digits = number.strip_suffix(|it: char| it.is_ascii_lowercase()).unwrap_or(number);
    let is_number = digits.len() == 2 && digits.bytes().all(|it| it.is_ascii_digit());
    let is_id = is_group && is_number && group.bytes().all(|it| it.is_ascii_uppercase());
    is_id.then(|| &word[..group.len() + 3])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_three_capitals_and_two_digits_or_that_of_a_decision() {
        let text = "`SHR-02`, RCH-08a: MTX-01/PRF-15; (D-13) \"INV-06\"…THR-02 \
            UTF-16 UTF-8 ADR-015 mtx-01 INI-1 INI-011 A-INI-01 INI_01 INI-01- XINI-01 E-01 D-1";
        let expected = ["SHR-02", "RCH-08", "MTX-01", "PRF-15", "D-13", "INV-06", "THR-02"];
        assert_eq!(ids(text).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_citation_is_found_again_by_file_and_line() {
        let mut citations = Citations::default();
        citations.add("a.rs", "//! SHR-02\n\n// SHR-02 and SHR-03");
        let found: Vec<_> =
            citations.into_iter().map(|(id, at)| (id.as_str(), at.join(" "))).collect();
        assert_eq!(found, [("SHR-02", "a.rs:1 a.rs:3".into()), ("SHR-03", "a.rs:3".into())]);
        assert!(citations.contains("SHR-03") && !citations.contains("SHR-04"));
    }
}
