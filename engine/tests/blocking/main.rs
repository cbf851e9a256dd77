//! The engine as applications meet it: real threads, real blocking, no mock of anything of ours.
//!
//! Nothing here sleeps or reads the machine's clock; `stage.rs` has the clock, the user and the
//! providers that the tests play, and waits that fail loudly instead of for ever.

mod ending;
mod misuse;
mod prompts;
mod providers;
mod sharing;
mod stage;
mod stress;
mod waiting;
mod watching;
