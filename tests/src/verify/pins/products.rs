//! The size of the product of model and core in every scope.
//!
//! It is that of the model where the core tells apart exactly what the model does; where the core
//! tells apart more, the surplus is pinned here, and `specs/` says what it is.

use std::{collections::BTreeMap, fmt};

use super::table::{self, TableError};

const HEADER: [&str; 4] = ["scope", "states", "edges", "refused"];

/// The size of one product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Product {
    /// Its states.
    pub states: u64,
    /// Actions applied to both, legal or not.
    pub edges: u64,
    /// Those that change nothing.
    pub refused: u64,
}

impl fmt::Display for Product {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { states, edges, refused } = self;
        write!(f, "{states} states, {edges} edges, {refused} of them refused")
    }
}

/// The size of every product.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Products(BTreeMap<String, Product>);

impl Products {
    /// Reads a table.
    ///
    /// # Errors
    ///
    /// The first line that is malformed.
    pub fn parse(file: &str, text: &str) -> Result<Self, TableError> {
        let mut products = Self::default();
        for row in table::read_with(file, text, &HEADER)? {
            let scope = row.columns[0];
            if products.0.last_key_value().is_some_and(|(last, _)| last.as_str() >= scope) {
                return row.error(format!("expected the scopes sorted, found {scope:?}"));
            }
            let (states, edges, refused) = (row.number(1)?, row.number(2)?, row.number(3)?);
            products.insert(scope, Product { states, edges, refused });
        }
        Ok(products)
    }

    /// Pins the size of a product.
    pub fn insert(&mut self, scope: &str, product: Product) {
        self.0.insert(scope.to_owned(), product);
    }

    /// The size of the product in a scope.
    pub fn get(&self, scope: &str) -> Option<Product> {
        self.0.get(scope).copied()
    }
}

/// Writes the table.
impl fmt::Display for Products {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", HEADER.join("\t"))?;
        for (scope, Product { states, edges, refused }) in &self.0 {
            writeln!(f, "{scope}\t{states}\t{edges}\t{refused}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let mut products = Products::default();
        products.insert("b", Product { states: 2, edges: 3, refused: 1 });
        products.insert("a", Product { states: 7, edges: 30, refused: 0 });
        let text = products.to_string();
        assert_eq!(Products::parse("it", &text), Ok(products));
    }

    #[test]
    fn what_is_malformed_is_refused_with_its_line() {
        for (text, line) in [
            ("scope\tstates\n", 1),
            ("scope\tstates\tedges\trefused\na\t1\t2\n", 2),
            ("scope\tstates\tedges\trefused\na\t1\t2\tno\n", 2),
            ("scope\tstates\tedges\trefused\nb\t1\t2\t3\na\t1\t2\t3\n", 3),
        ] {
            assert_eq!(Products::parse("it", text).expect_err("it is malformed").line, line);
        }
    }
}
