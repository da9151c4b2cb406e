//! Reads `rules/` with the very modules the library uses, and writes the result as bytes.

use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;

use crate::rules::load;

/// Folders of rules below `rules/`; one level deep.
const ROOT: &str = "rules";

/// Writes `rules.postcard` (the rule set, conditions parsed) and `rules.rs` (names and texts of its files, sorted).
///
/// # Errors
/// When a file cannot be read, or the rules have findings: these are listed one a line.
pub(crate) fn generate(root: &Path, out: &Path) -> Result<(), Box<dyn Error>> {
    let folder = root.join(ROOT);
    println!("cargo:rerun-if-changed={}", folder.display());
    let mut areas = Vec::new();
    for entry in std::fs::read_dir(&folder)? {
        let path = entry?.path();
        if path.is_dir() {
            areas.push(path);
        }
    }
    areas.sort();
    let mut code = String::from("&[\n");
    let mut files = Vec::new();
    for area in areas {
        for path in super::files(&area)? {
            println!("cargo:rerun-if-changed={}", path.display());
            let name = path
                .strip_prefix(root)?
                .to_string_lossy()
                .replace('\\', "/");
            files.push((name.clone(), std::fs::read_to_string(&path)?));
            writeln!(
                code,
                "    ({name:?}, include_str!({:?})),",
                path.display().to_string()
            )?;
        }
    }
    code.push_str("]\n");
    let rules = match load::load(files) {
        Ok(rules) => rules,
        Err((sources, diagnostics)) => {
            for diagnostic in &diagnostics {
                println!(
                    "cargo::error={}",
                    super::catalog_data::line(&sources, diagnostic)
                );
            }
            return Err(format!("the rules have {} findings", diagnostics.len()).into());
        }
    };
    std::fs::write(out.join("rules.postcard"), postcard::to_stdvec(&rules)?)?;
    std::fs::write(out.join("rules.rs"), code)?;
    Ok(())
}
