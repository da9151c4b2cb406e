//! Compiles the data beside the sources into the form the command loads at start: message catalogues, code pages.
//!
//! One helper per kind of data under `build/`. A helper reads files of the repository, writes Rust or bytes to
//! `OUT_DIR`, and names what it read to cargo; it opens no socket.

use std::error::Error;
use std::path::{Path, PathBuf};

#[path = "build/buffers.rs"]
mod buffers;
#[path = "build/catalog.rs"]
mod catalog_data;
#[path = "build/messages.rs"]
mod messages;
#[path = "build/pages.rs"]
mod pages;
#[path = "build/rules.rs"]
mod rules_data;

// The library's own modules, so that the build and `--catalog DIR` judge by one code.
#[allow(
    dead_code,
    unused_imports,
    unreachable_pub,
    reason = "the build script runs only a part of them"
)]
#[path = "build/shared/catalog.rs"]
mod catalog;
#[allow(
    dead_code,
    unused_imports,
    unreachable_pub,
    reason = "the build script runs only a part of them"
)]
#[path = "build/shared/diagnostic.rs"]
mod diagnostic;
#[allow(
    dead_code,
    unused_imports,
    unreachable_pub,
    unfulfilled_lint_expectations,
    reason = "the build script runs only a part of them"
)]
#[path = "build/shared/estimate.rs"]
mod estimate;
#[allow(
    dead_code,
    unused_imports,
    unreachable_pub,
    unfulfilled_lint_expectations,
    reason = "the build script runs only a part of them"
)]
#[path = "src/gguf/mod.rs"]
mod gguf;
#[allow(
    dead_code,
    unused_imports,
    unreachable_pub,
    reason = "the build script runs only a part of them"
)]
#[path = "src/quantity/mod.rs"]
mod quantity;
#[allow(
    dead_code,
    unused_imports,
    unreachable_pub,
    reason = "the build script runs only a part of them"
)]
#[path = "build/shared/rules.rs"]
mod rules;
#[allow(
    dead_code,
    unused_imports,
    unreachable_pub,
    reason = "the build script runs only a part of them"
)]
#[path = "build/shared/spec.rs"]
mod spec;
#[allow(
    dead_code,
    unused_imports,
    unreachable_pub,
    reason = "the build script runs only a part of them"
)]
#[path = "src/syntax/mod.rs"]
mod syntax;

fn main() -> Result<(), Box<dyn Error>> {
    let root = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=build");
    let catalog = catalog_data::generate(&root, &out)?;
    buffers::generate(&catalog, &out)?;
    messages::generate(&root, &out)?;
    pages::generate(&root, &out)?;
    rules_data::generate(&root, &out)?;
    Ok(())
}

/// The files of a folder in the order of their names; empty when there is no such folder.
fn files(folder: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    println!("cargo:rerun-if-changed={}", folder.display());
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_file() {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}
