//! Which property notices each fault first, and where the faulty model parts from the core.

use std::fmt;

use super::table::{self, NONE, TableError};
use crate::verify::verdict::{FaultResult, Noticed, Parts};

const HEADER: [&str; 6] = ["fault", "property", "scope", "length", "parts_in", "parts_after"];

/// What is pinned of one fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaultPin {
    /// The fault.
    pub fault: String,
    /// What notices it first.
    pub noticed: Option<Noticed>,
    /// Where the faulty model parts from the core.
    pub parts: Option<Parts>,
}

/// What is pinned of every fault, in the order of the table of rules.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FaultPins(Vec<FaultPin>);

impl FaultPins {
    /// Pins what was found.
    pub fn of(found: &[FaultResult]) -> Self {
        let pin = |it: &FaultResult| FaultPin {
            fault: it.fault.clone(),
            noticed: it.noticed.clone(),
            parts: it.parts.clone(),
        };
        Self(found.iter().map(pin).collect())
    }

    /// Reads a table.
    ///
    /// # Errors
    ///
    /// The first line that is malformed.
    pub fn parse(file: &str, text: &str) -> Result<Self, TableError> {
        let mut pins: Vec<FaultPin> = Vec::new();
        for row in table::read_with(file, text, &HEADER)? {
            let [fault, property, scope, _, parts_in, _] = row.columns[..] else {
                return row.error("expected 6 columns");
            };
            if pins.iter().any(|pin| pin.fault == fault) {
                return row.error(format!("the fault {fault:?} stands here twice"));
            }
            let length = row.number_or_none(3)?;
            let noticed = match (property, scope) {
                (NONE, NONE) if length.is_none() => None,
                (NONE, _) | (_, NONE) => {
                    return row.error("expected a property and a scope, or `-` for all of it");
                }
                (property, scope) => {
                    Some(Noticed { property: property.into(), scope: scope.into(), length })
                }
            };
            let parts = match (parts_in, row.number_or_none(5)?) {
                (NONE, None) => None,
                (NONE, Some(_)) | (_, None) => {
                    return row.error("expected a scope and a length, or `-` twice");
                }
                (scope, Some(length)) => Some(Parts { scope: scope.into(), length }),
            };
            pins.push(FaultPin { fault: fault.into(), noticed, parts });
        }
        Ok(Self(pins))
    }

    /// What is pinned of a fault.
    pub fn get(&self, fault: &str) -> Option<&FaultPin> {
        self.0.iter().find(|pin| pin.fault == fault)
    }

    /// Everything that is pinned.
    pub fn iter(&self) -> impl Iterator<Item = &FaultPin> {
        self.0.iter()
    }
}

/// Writes the table.
impl fmt::Display for FaultPins {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = |it: Option<u64>| it.map_or_else(|| NONE.to_owned(), |it| it.to_string());
        writeln!(f, "{}", HEADER.join("\t"))?;
        for FaultPin { fault, noticed, parts } in &self.0 {
            let (property, scope, length) = noticed.as_ref().map_or((NONE, NONE, None), |it| {
                (it.property.as_str(), it.scope.as_str(), it.length)
            });
            let (parts_in, after) =
                parts.as_ref().map_or((NONE, None), |it| (it.scope.as_str(), Some(it.length)));
            let (length, after) = (number(length), number(after));
            writeln!(f, "{fault}\t{property}\t{scope}\t{length}\t{parts_in}\t{after}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let noticed = |length| Some(Noticed { property: "X-1".into(), scope: "a".into(), length });
        let parts = Some(Parts { scope: "b".into(), length: 3 });
        let pins = FaultPins(vec![
            FaultPin { fault: "one".into(), noticed: noticed(Some(4)), parts: parts.clone() },
            FaultPin { fault: "two".into(), noticed: noticed(None), parts: None },
            FaultPin { fault: "three".into(), noticed: None, parts },
        ]);
        let read = FaultPins::parse("it", &pins.to_string()).expect("it is well formed");
        assert_eq!(read, pins);
    }

    #[test]
    fn what_is_malformed_is_refused_with_its_line() {
        let header = HEADER.join("\t");
        for row in [
            "one\tX-1\ta\t4\tb",
            "one\tX-1\t-\t4\tb\t3",
            "one\t-\t-\t4\tb\t3",
            "one\tX-1\ta\tfour\tb\t3",
            "one\tX-1\ta\t4\tb\t-",
            "one\tX-1\ta\t4\t-\t3",
            "one\t\ta\t4\tb\t3",
        ] {
            let text = format!("{header}\ntwo\tX-1\ta\t4\tb\t3\n{row}\n");
            let error = FaultPins::parse("it", &text).expect_err("it is malformed");
            assert_eq!(error.line, 3, "{row:?}: {error}");
        }
        assert_eq!(FaultPins::parse("it", "fault\n").expect_err("a short header").line, 1);
    }
}
