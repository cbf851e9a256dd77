//! The engine as applications meet it: real threads, real blocking, no mock of anything of ours.
//!
//! Nothing here sleeps or reads the machine's clock; `stage.rs` has the clock and the user that the
//! tests play, `cast.rs` the providers, and waits fail loudly instead of for ever.

mod breakdowns;
mod callbacks;
mod cast;
mod defaults;
mod deliveries;
mod ending;
mod failures;
mod hanging;
mod hold;
mod misuse;
mod notifications;
mod objects;
mod opening;
mod overtaken;
mod prompts;
mod repairs;
mod requests;
mod services;
mod sharing;
mod simple;
mod spooler;
mod stage;
mod status;
mod stress;
mod table;
mod transports;
mod waiting;
mod watching;
