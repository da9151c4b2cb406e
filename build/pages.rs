//! Lists the pages of diagnostic codes, `docs/errors/EPnnnn.md` and `docs/errors/zh-CN/EPnnnn.md`.

use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;

/// Folders with the name of their table.
const TABLES: [(&str, &str); 2] = [("docs/errors", "EN"), ("docs/errors/zh-CN", "ZH_CN")];

/// Writes `pages.rs`: `EN` and `ZH_CN`, slices of `(code number, text)` sorted by number.
pub(crate) fn generate(root: &Path, out: &Path) -> Result<(), Box<dyn Error>> {
    let mut code = String::new();
    for (folder, table) in TABLES {
        writeln!(code, "static {table}: &[(u16, &str)] = &[")?;
        for path in super::files(&root.join(folder))? {
            let stem = path.file_stem().unwrap_or_default().to_string_lossy();
            let Some(number) = stem.strip_prefix("EP").and_then(|n| n.parse::<u16>().ok()) else {
                continue;
            };
            writeln!(
                code,
                "    ({number}, include_str!({:?})),",
                path.display().to_string()
            )?;
        }
        writeln!(code, "];")?;
    }
    std::fs::write(out.join("pages.rs"), code)?;
    Ok(())
}
