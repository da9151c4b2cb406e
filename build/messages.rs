//! Merges `templates/messages/*.{en,zh-CN}.yaml` into one sorted table per language.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;

/// Languages with the name of their table.
const TABLES: [(&str, &str); 2] = [("en", "EN"), ("zh-CN", "ZH_CN")];

/// Writes `messages.rs`: `EN` and `ZH_CN`, slices of `(key, template)` sorted by key.
pub(crate) fn generate(root: &Path, out: &Path) -> Result<(), Box<dyn Error>> {
    let folder = root.join("templates/messages");
    let mut code = String::new();
    for (tag, table) in TABLES {
        let mut merged: BTreeMap<String, String> = BTreeMap::new();
        let ending = format!(".{tag}.yaml");
        for path in super::files(&folder)? {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if !name.ends_with(&ending) {
                continue;
            }
            let text = std::fs::read_to_string(&path)?;
            let area: BTreeMap<String, String> =
                serde_saphyr::from_str(&text).map_err(|error| format!("{name}: {error}"))?;
            for (key, template) in area {
                if merged.insert(key.clone(), template).is_some() {
                    return Err(format!("{name}: the key `{key}` is in another file too").into());
                }
            }
        }
        writeln!(code, "static {table}: &[(&str, &str)] = &[")?;
        for (key, template) in &merged {
            writeln!(code, "    ({key:?}, {template:?}),")?;
        }
        writeln!(code, "];")?;
    }
    std::fs::write(out.join("messages.rs"), code)?;
    Ok(())
}
