//! The sizes of the deepened scopes, which only `verify --tier deep` explores.
//!
//! One table for both, since one command finds them: the model's states first, then those of the
//! product of model and core, where it is walked.

use std::fmt;

use stateright_exact::{Baselines, Counts};

use super::{
    products::{Product, Products},
    table::{self, NONE, TableError},
};

const HEADER: [&str; 8] = [
    "scope",
    "states",
    "edges",
    "self_loops",
    "depth",
    "product_states",
    "product_edges",
    "product_refused",
];

/// The size of every deepened scope, and of every product that is walked there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deep {
    /// Of the model.
    pub baselines: Baselines,
    /// Of model and core.
    pub products: Products,
}

impl Deep {
    /// Reads a table.
    ///
    /// # Errors
    ///
    /// The first line that is malformed.
    pub fn parse(file: &str, text: &str) -> Result<Self, TableError> {
        let mut deep = Self::default();
        let mut last = "";
        for row in table::read_with(file, text, &HEADER)? {
            let scope = row.columns[0];
            if last >= scope {
                return row.error(format!("expected the scopes sorted, found {scope:?}"));
            }
            last = scope;
            let counts = Counts {
                states: row.number(1)?,
                edges: row.number(2)?,
                self_loops: row.number(3)?,
                depth: row.number(4)?,
            };
            if let Err(error) = deep.baselines.insert(scope, counts) {
                return row.error(error.to_string());
            }
            match (row.number_or_none(5)?, row.number_or_none(6)?, row.number_or_none(7)?) {
                (Some(states), Some(edges), Some(refused)) => {
                    deep.products.insert(scope, Product { states, edges, refused });
                }
                (None, None, None) => {}
                (_, _, _) => {
                    return row.error("expected three numbers of a product, or `-` thrice");
                }
            }
        }
        Ok(deep)
    }
}

/// Writes the table.
impl fmt::Display for Deep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", HEADER.join("\t"))?;
        for (scope, counts) in self.baselines.iter() {
            let Counts { states, edges, self_loops, depth } = counts;
            write!(f, "{scope}\t{states}\t{edges}\t{self_loops}\t{depth}\t")?;
            match self.products.get(scope) {
                Some(Product { states, edges, refused }) => {
                    writeln!(f, "{states}\t{edges}\t{refused}")?;
                }
                None => writeln!(f, "{NONE}\t{NONE}\t{NONE}")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::{scopes::Specs, verify::pins::DEEP};

    #[test]
    fn the_deepened_scopes_are_as_large_as_they_are_to_be() {
        let specs = Specs::find().expect("the specifications are there");
        let text = fs::read_to_string(specs.folder().join(DEEP)).expect("the sizes are recorded");
        let deep = Deep::parse(DEEP, &text).expect("it is well formed");
        let states: u64 = deep.baselines.iter().map(|(_, counts)| counts.states).sum();
        let products = deep.baselines.iter().filter_map(|(scope, _)| deep.products.get(scope));
        let walked: u64 = products.map(|product| product.states).sum();
        assert!(states >= 10_000_000, "{states} states of the model are too few");
        assert!(walked >= 3_000_000, "{walked} states of the product are too few");
    }

    fn row(row: &str) -> String {
        format!("{}\n{row}\n", HEADER.join("\t"))
    }

    #[test]
    fn what_is_written_is_read_back() {
        let text = row("a\t5\t9\t2\t3\t6\t10\t2\nb\t7\t8\t1\t2\t-\t-\t-");
        let deep = Deep::parse("it", &text).expect("it is well formed");
        assert_eq!(deep.to_string(), text);
        assert_eq!(deep.products.get("a").map(|it| it.states), Some(6));
        assert_eq!(deep.products.get("b"), None);
    }

    #[test]
    fn what_is_malformed_is_refused_with_its_line() {
        for malformed in [
            "a\t5\t9\t2\t3\t6\t10",
            "a\t5\t9\t2\t3\t6\t10\t-",
            "a\tfive\t9\t2\t3\t6\t10\t2",
            "a\t5\t9\t2\t3\t-\t-\t-\na\t5\t9\t2\t3\t-\t-\t-",
        ] {
            let error = Deep::parse("it", &row(malformed)).expect_err("it is malformed");
            assert_eq!(error.line, malformed.lines().count() + 1, "{malformed:?}: {error}");
        }
    }
}
