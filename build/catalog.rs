//! Resolves `catalog/` with the very modules the library uses, and writes the result as bytes.

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::catalog::{load, types::Catalog};
use crate::diagnostic::{Diagnostic, Locale, Sources};

/// Resolves the catalog and writes `catalog.postcard` (the resolved catalog) and `catalog_files.rs` (names and texts of its files).
///
/// # Errors
/// When a file cannot be read, or the catalog has findings: these are listed one a line.
pub(crate) fn generate(root: &Path, out: &Path) -> Result<Catalog, Box<dyn Error>> {
    let mut paths = Vec::new();
    walk(&root.join("catalog"), &mut paths)?;
    paths.sort();
    let mut files = Vec::new();
    let mut table = String::from("&[\n");
    for path in &paths {
        let name = path
            .strip_prefix(root)?
            .to_string_lossy()
            .replace('\\', "/");
        writeln!(
            table,
            "    ({name:?}, include_str!({:?})),",
            path.display().to_string()
        )?;
        files.push((name, std::fs::read_to_string(path)?));
    }
    table.push_str("]\n");
    let catalog: Catalog = match load::load(files) {
        Ok(catalog) => catalog,
        Err((sources, diagnostics)) => {
            for diagnostic in &diagnostics {
                println!("cargo::error={}", line(&sources, diagnostic));
            }
            return Err(format!("the catalog has {} findings", diagnostics.len()).into());
        }
    };
    std::fs::write(out.join("catalog.postcard"), postcard::to_stdvec(&catalog)?)?;
    std::fs::write(out.join("catalog_files.rs"), table)?;
    Ok(catalog)
}

/// All `.yaml` files under a folder.
fn walk(folder: &Path, found: &mut Vec<PathBuf>) -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed={}", folder.display());
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            walk(&path, found)?;
        } else if path
            .extension()
            .is_some_and(|extension| extension == "yaml")
        {
            println!("cargo:rerun-if-changed={}", path.display());
            found.push(path);
        }
    }
    Ok(())
}

/// `file:line: EPnnnn: message`.
pub(crate) fn line(sources: &Sources, diagnostic: &Diagnostic) -> String {
    let place = diagnostic.span().and_then(|span| {
        let file = sources.file(span.file)?;
        let before = file.text.get(..span.start as usize)?;
        Some(format!(
            "{}:{}",
            file.name,
            before.matches('\n').count() + 1
        ))
    });
    let message = diagnostic.message.render(Locale::En);
    format!(
        "{}: {}: {message}",
        place.unwrap_or_default(),
        diagnostic.code
    )
}
