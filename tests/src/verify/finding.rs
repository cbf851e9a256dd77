//! What was found wrong, and the exit code that says so.

use serde::Serialize;

/// The kinds of what can be wrong. The order is that of importance: the first decides the exit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Wrong {
    /// Something was cut short, so nothing is known.
    Inconclusive,
    /// Model and core or engine differ.
    Differs,
    /// Something happened that must never happen.
    Safety,
    /// A state from which rest cannot be reached.
    Liveness,
    /// A fault that nothing notices.
    Unnoticed,
    /// Another result than the one that is pinned.
    Drift,
    /// Something that nothing reaches.
    Coverage,
}

impl Wrong {
    /// The exit code.
    pub const fn code(self) -> u8 {
        match self {
            Self::Inconclusive => 23,
            Self::Differs => 20,
            Self::Safety => 12,
            Self::Liveness => 13,
            Self::Unnoticed => 24,
            Self::Drift => 22,
            Self::Coverage => 21,
        }
    }

    /// What it says on the terminal.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Inconclusive => "inconclusive",
            Self::Differs => "not the same",
            Self::Safety => "violated",
            Self::Liveness => "rest cannot be reached",
            Self::Unnoticed => "a fault stayed unnoticed",
            Self::Drift => "not as pinned",
            Self::Coverage => "not reached",
        }
    }
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Of which kind.
    pub wrong: Wrong,
    /// What it is, with the names and values that matter.
    pub what: String,
}

impl Finding {
    /// A finding, in words.
    pub fn new(wrong: Wrong, what: impl Into<String>) -> Self {
        Self { wrong, what: what.into() }
    }
}

/// The exit code for several findings at once: that of the most important.
pub fn exit_code(findings: &[Finding]) -> u8 {
    findings.iter().map(|it| it.wrong).min().map_or(0, Wrong::code)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Wrong; 7] = [
        Wrong::Inconclusive,
        Wrong::Differs,
        Wrong::Safety,
        Wrong::Liveness,
        Wrong::Unnoticed,
        Wrong::Drift,
        Wrong::Coverage,
    ];

    #[test]
    fn the_first_of_23_20_12_13_24_22_21_is_the_exit_code() {
        assert_eq!(ALL.map(Wrong::code), [23, 20, 12, 13, 24, 22, 21]);
        for (place, first) in ALL.into_iter().enumerate() {
            let all_from = ALL[place..].iter().rev().map(|wrong| Finding::new(*wrong, "it"));
            assert_eq!(exit_code(&all_from.collect::<Vec<_>>()), first.code());
        }
        assert_eq!(exit_code(&[]), 0);
    }
}
