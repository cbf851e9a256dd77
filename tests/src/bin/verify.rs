//! `cargo verify`: the whole verdict, and its parts. Everything is in `mapi_session_tests::verify`.

use std::process::ExitCode;

fn main() -> ExitCode {
    mapi_session_tests::verify::main(std::env::args_os())
}
