//! Why we believe that model and engine agree.

pub mod engine_replay;
pub mod lockstep;
pub mod mutants;
pub mod projection;
pub mod requirements;
pub mod scopes;
pub mod trace;
pub mod verify;

/// The example of the README runs.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;
