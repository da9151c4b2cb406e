//! The catalog that is compiled in. `build.rs` resolves it, so that starting costs no YAML.

use std::sync::LazyLock;

use super::types::Catalog;

/// Names and texts of the built-in files, in the order of [`Catalog::files`].
const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/catalog_files.rs"));

/// The resolved catalog, as postcard.
const RESOLVED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/catalog.postcard"));

/// The built-in catalog; decoded once, on first use.
#[must_use]
pub fn builtin() -> &'static Catalog {
    static CATALOG: LazyLock<Catalog> = LazyLock::new(|| {
        // The blob was written by the build script of this very crate from these very types; a test decodes it.
        postcard::from_bytes(RESOLVED).unwrap_or_default()
    });
    &CATALOG
}

/// Names and texts of the files the built-in catalog was made from.
#[must_use]
pub const fn builtin_files() -> &'static [(&'static str, &'static str)] {
    FILES
}
