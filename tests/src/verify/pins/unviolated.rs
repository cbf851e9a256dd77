//! The properties that no fault violates, each with the reason. People write this table.

use super::table::{self, TableError};

const HEADER: [&str; 2] = ["property", "reason"];

/// The properties that no fault violates.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unviolated(Vec<(String, String)>);

impl Unviolated {
    /// Reads the table.
    ///
    /// # Errors
    ///
    /// The first line that is malformed.
    pub fn parse(file: &str, text: &str) -> Result<Self, TableError> {
        let mut listed: Vec<(String, String)> = Vec::new();
        for row in table::read_with(file, text, &HEADER)? {
            let [property, reason] = row.columns[..] else {
                return row.error("expected 2 columns");
            };
            if listed.iter().any(|(it, _)| it == property) {
                return row.error(format!("the property {property:?} stands here twice"));
            }
            listed.push((property.to_owned(), reason.to_owned()));
        }
        Ok(Self(listed))
    }

    /// Why no fault violates the property of this id, if that is listed.
    pub fn get(&self, id: &str) -> Option<&str> {
        self.0.iter().find(|(it, _)| it == id).map(|(_, reason)| reason.as_str())
    }

    /// Everything that is listed, by id.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(id, _)| id.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listed_property_has_a_reason() {
        let listed = Unviolated::parse("it", "property\treason\nX-1\tnot yet\n");
        let listed = listed.expect("it is well formed");
        assert_eq!((listed.get("X-1"), listed.get("X-2")), (Some("not yet"), None));
        let twice = Unviolated::parse("it", "property\treason\nX-1\ta\nX-1\tb\n");
        assert_eq!(twice.expect_err("it stands there twice").line, 3);
    }
}
