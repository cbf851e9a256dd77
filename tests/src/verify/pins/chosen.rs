//! Which fault shows each property violated, and in which scope. People write this table; where it
//! says nothing, the soonest violation that is met serves.

use mapi_session_model::Fault;

use super::table::{self, TableError};

const HEADER: [&str; 3] = ["property", "fault", "scope"];

/// The chosen fault of every property.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chosen(Vec<Choice>);

/// The fault that shows a property violated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The property, by id.
    pub property: String,
    /// The fault.
    pub fault: Fault,
    /// The scope, by name.
    pub scope: String,
}

impl Chosen {
    /// Reads the table.
    ///
    /// # Errors
    ///
    /// The first line that is malformed or names an unknown fault.
    pub fn parse(file: &str, text: &str) -> Result<Self, TableError> {
        let mut chosen: Vec<Choice> = Vec::new();
        for row in table::read_with(file, text, &HEADER)? {
            let [property, fault, scope] = row.columns[..] else {
                return row.error("expected 3 columns");
            };
            if chosen.iter().any(|it| it.property == property) {
                return row.error(format!("the property {property:?} stands here twice"));
            }
            let Some(fault) = Fault::parse(fault) else {
                return row.error(format!("unknown fault {fault:?}"));
            };
            chosen.push(Choice { property: property.to_owned(), fault, scope: scope.to_owned() });
        }
        Ok(Self(chosen))
    }

    /// What is chosen for the property of this id.
    pub fn get(&self, id: &str) -> Option<&Choice> {
        self.0.iter().find(|it| it.property == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_property_has_one_fault_and_scope() {
        let header = HEADER.join("\t");
        let read = |rows: &str| Chosen::parse("it", &format!("{header}\n{rows}"));
        let chosen = read("X-1\tJoin-never\ta\n").expect("it is well formed");
        assert_eq!(chosen.get("X-1").map(|it| it.scope.as_str()), Some("a"));
        assert_eq!(chosen.get("X-2"), None);
        assert_eq!(read("X-1\tJoin-rarely\ta\n").expect_err("an unknown fault").line, 2);
        let twice = read("X-1\tJoin-never\ta\nX-1\tJoin-never\tb\n");
        assert_eq!(twice.expect_err("it stands there twice").line, 3);
    }
}
