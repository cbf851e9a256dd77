//! Why a step did what it did: every rule of the protocol has one row here.
//!
//! A rule labels steps in traces and logs, cites the requirements it carries out (their words are
//! in `specs/rules`), and is what coverage counts.

use core::fmt;

/// One row a rule: its meaning, its name, the requirements it carries out.
macro_rules! rules {
    ($(#[doc = $doc:literal] $name:ident => [$($id:literal),*];)+) => {
        /// Why a step did what it did. Exactly one rule fires in a step.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Rule {
            $(#[doc = $doc] $name,)+
        }

        impl Rule {
            /// Every rule, in the order of the table.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The rule's name.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$name => stringify!($name),)+
                }
            }

            /// The rule in one sentence.
            pub const fn meaning(self) -> &'static str {
                match self {
                    $(Self::$name => $doc.trim_ascii(),)+
                }
            }

            /// The requirements that the rule carries out.
            pub const fn requirements(self) -> &'static [&'static str] {
                match self {
                    $(Self::$name => &[$($id),*],)+
                }
            }
        }
    };
}

mod table;

pub use table::Rule;

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
