//! The command `edgeplanc`. All it may do is hand over to the library's command line.

use std::process::ExitCode;

fn main() -> ExitCode {
    edgeplan::cli::main()
}
