//! Shows that lock-step notices edits of the core. Everything is in `mapi_session_tests::mutants`.

use std::process::ExitCode;

fn main() -> ExitCode {
    mapi_session_tests::mutants::main(std::env::args_os())
}
