//! All integration tests, in one binary: link time is test time.
//!
//! Each module looks at the compiler from one side. Inputs are files of the repository (`specs/`, `docs/errors/`),
//! expected outputs are under `snapshots/`. `tidy` fails when a file of this folder is not named here.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test may stop at the first surprise, also in its helpers"
)]

mod alike;
mod asking;
mod bounds;
mod cli;
mod config;
mod diff;
mod editors;
mod elsewhere;
mod errors;
mod html;
mod language;
mod latencies;
#[path = "../src/solve/lcg.rs"]
mod lcg;
mod licences;
mod lock;
mod lsp;
mod lsp_client;
mod lsp_files;
mod lsp_fixes;
mod lsp_governed;
mod lsp_search;
mod lsp_text;
mod messages;
mod oracle;
mod prose;
mod readme;
mod release;
mod reports;
mod repository;
mod schema;
mod shell;
mod specs;
mod support;
mod tidy;
mod tutorial;
mod watch;
mod ways_out;
mod xml_schema;
