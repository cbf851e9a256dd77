//! Names of profiles: parsed once, kept as written, compared without regard to case.

use alloc::sync::Arc;
use core::cmp::Ordering;
use core::fmt;

use thiserror::Error;

/// A well-formed name of a profile (`PRF-09`); only [`ProfileName::parse`] makes one.
///
/// Two values are equal if they are spelled alike, capitals included. Whether they mean the same
/// profile is for [`compare`](Self::compare) to say.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ProfileName(Arc<str>);

impl ProfileName {
    /// How many characters a name may have.
    pub const MAX_CHARS: usize = 64;

    /// Reads a name: 1 to 64 letters, digits, underscores and inner spaces (`PRF-09`).
    pub fn parse(text: &str) -> Result<Self, NameError> {
        if text.is_empty() {
            return Err(NameError::Empty);
        }
        let chars = text.chars().count();
        if chars > Self::MAX_CHARS {
            return Err(NameError::TooLong { chars });
        }
        if let Some(found) = text.chars().find(|char| !may_be_in_a_name(*char)) {
            return Err(NameError::BadCharacter { found });
        }
        if text.starts_with(' ') || text.ends_with(' ') {
            return Err(NameError::OuterSpace);
        }
        Ok(Self(Arc::from(text)))
    }

    /// The name as it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Orders names as the profile store does: capitals and small letters are the same.
    pub fn compare(&self, other: &Self) -> Ordering {
        self.0.chars().map(capital).cmp(other.0.chars().map(capital))
    }
}

impl fmt::Display for ProfileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn may_be_in_a_name(char: char) -> bool {
    char.is_alphabetic() || char.is_ascii_digit() || char == '_' || char == ' '
}

/// The capital of a letter; a letter whose capital is several letters stays itself, as on Windows.
fn capital(char: char) -> char {
    let mut capitals = char.to_uppercase();
    match capitals.next() {
        Some(only) if capitals.len() == 0 => only,
        Some(_) | None => char,
    }
}

/// What is wrong with a profile's name (`PRF-15`).
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq, Hash)]
pub enum NameError {
    /// There is nothing in it.
    #[error("profile name is empty")]
    Empty,
    /// It has more than [`ProfileName::MAX_CHARS`] characters.
    #[error("profile name has {chars} characters; at most {} are allowed", ProfileName::MAX_CHARS)]
    TooLong {
        /// How many it has.
        chars: usize,
    },
    /// It has a character other than a letter, a digit, an underscore or a space.
    #[error("profile name has the character {found:?}")]
    BadCharacter {
        /// The first of them.
        found: char,
    },
    /// It begins or ends with a space.
    #[error("profile name begins or ends with a space")]
    OuterSpace,
}
