//! The engine as applications meet it: real threads, real blocking, no mock of anything of ours.
//!
//! Nothing here sleeps or reads the machine's clock; `stage.rs` has the clock and the user that the
//! tests play, `cast.rs` the providers, and waits fail loudly instead of for ever.

mod admin_stress;
mod administration;
mod breakdowns;
mod callbacks;
mod cast;
mod defaults;
mod deliveries;
mod ending;
mod failures;
mod fast_shutdown;
mod hanging;
mod hold;
mod identity;
mod misuse;
mod notifications;
mod objects;
mod opening;
mod overtaken;
mod profiles_in_use;
mod prompts;
mod repairs;
mod requests;
mod service_admin;
mod services;
mod sharing;
mod simple;
mod spooler;
mod stage;
mod status;
mod stress;
mod table;
mod transports;
mod votes;
mod waiting;
mod watching;
