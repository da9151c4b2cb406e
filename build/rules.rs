//! Lists the built-in rule and challenge files with their texts.

use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;

/// Folders of rules below `rules/`; one level deep.
const ROOT: &str = "rules";

/// Writes `rules.rs`: a slice of `(name, text)` sorted by name.
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
    for area in areas {
        for path in super::files(&area)? {
            println!("cargo:rerun-if-changed={}", path.display());
            let name = path
                .strip_prefix(root)?
                .to_string_lossy()
                .replace('\\', "/");
            writeln!(
                code,
                "    ({name:?}, include_str!({:?})),",
                path.display().to_string()
            )?;
        }
    }
    code.push_str("]\n");
    std::fs::write(out.join("rules.rs"), code)?;
    Ok(())
}
