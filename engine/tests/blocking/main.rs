//! The engine as applications meet it: real threads, real blocking, no mock of anything of ours.
//!
//! Nothing here sleeps or reads the machine's clock; `stage.rs` has the clock and the user that the
//! tests play, `cast.rs` the providers, and waits fail loudly instead of for ever.

mod breakdowns;
mod callbacks;
mod cast;
mod ending;
mod failures;
mod hanging;
mod hold;
mod misuse;
mod objects;
mod opening;
mod overtaken;
mod prompts;
mod repairs;
mod requests;
mod services;
mod sharing;
mod simple;
mod stage;
mod stress;
mod table;
mod waiting;
mod watching;
