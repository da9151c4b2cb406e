//! The keys of `edgeplan.toml`: one table, from which the reader, the published schema and the reference page are made.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

/// What a key holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A path; a relative one starts at the folder of `edgeplan.toml`.
    Path,
    /// One of these words.
    Word(&'static [&'static str]),
    /// A table with the keys that follow it here.
    Table,
    /// A table whose keys are rule ids, each with one of these words.
    ByRule(&'static [&'static str]),
}

/// One key.
#[derive(Debug, Clone, Copy)]
pub(super) struct Key {
    /// Dotted, from the top of the file.
    pub(super) path: &'static str,
    /// What it holds.
    pub(super) kind: Kind,
    /// What it does.
    pub(super) about: &'static str,
}

const fn key(path: &'static str, kind: Kind, about: &'static str) -> Key {
    Key { path, kind, about }
}

/// All keys; a table stands before its own.
pub(super) const KEYS: [Key; 8] = [
    key(
        "lang",
        Kind::Word(&["en", "zh-CN"]),
        "Language of messages. `--lang` goes before it, the environment after it.",
    ),
    key(
        "catalog",
        Kind::Path,
        "Folder of catalog files (YAML) that add to the built-in catalog or override it. `--catalog` goes before it.",
    ),
    key(
        "rules",
        Kind::Path,
        "Folder of rule files (YAML) that add to the built-in rules or override them. `--rules` goes before it.",
    ),
    key(
        "out",
        Kind::Path,
        "Folder for the plans that `edgeplanc build` writes, instead of beside each spec; it holds the folders of the specs again. \
         `--out` goes before it, and holds plans alone.",
    ),
    key(
        "levels",
        Kind::ByRule(&["reject", "warn", "advise", "off"]),
        "What a rule does when its condition holds: `reject` (no plan), `warn`, `advise`, or `off`. Any rule can be made graver. \
         Only a rule that says `overridable: true` can be made less grave: physical limits cannot.",
    ),
    key("prose", Kind::Table, "The guide in prose beside the plan."),
    key(
        "prose.writer",
        Kind::Word(&["facts", "model"]),
        "Write a guide with each `edgeplanc build`: from the facts alone, or by a local model. `--prose` goes before it.",
    ),
    key(
        "prose.slm",
        Kind::Path,
        "The model file (GGUF, instruct) that writes. `--slm` goes before it.",
    ),
];

/// The key at a dotted path.
pub(super) fn find(path: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.path == path)
}

/// Names of the keys of a table; of the file for the empty path.
pub(super) fn of_table(table: &str) -> impl Iterator<Item = &'static str> {
    KEYS.iter().filter_map(move |key| {
        let name = match table {
            "" => key.path,
            table => key.path.strip_prefix(table)?.strip_prefix('.')?,
        };
        (!name.contains('.')).then_some(name)
    })
}

/// The JSON schema of the file, for editors.
#[must_use]
pub fn schema() -> String {
    let mut schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "edgeplan.toml",
        "type": "object",
    });
    table(&mut schema, "");
    format!("{schema:#}\n")
}

/// Adds the keys of a table to its schema.
fn table(schema: &mut Value, path: &str) {
    let mut properties = Map::new();
    for name in of_table(path) {
        let full = match path {
            "" => name.to_owned(),
            path => format!("{path}.{name}"),
        };
        let Some(key) = find(&full) else { continue };
        let mut property = match key.kind {
            Kind::Path => json!({ "type": "string" }),
            Kind::Word(words) => json!({ "enum": words }),
            Kind::Table => json!({ "type": "object" }),
            Kind::ByRule(words) => {
                json!({ "type": "object", "additionalProperties": { "enum": words } })
            }
        };
        property["description"] = json!(key.about);
        if key.kind == Kind::Table {
            table(&mut property, &full);
        }
        properties.insert(name.to_owned(), property);
    }
    schema["properties"] = Value::Object(properties);
    schema["additionalProperties"] = json!(false);
}

/// `docs/reference/config.md`.
#[must_use]
pub fn reference() -> String {
    let mut page = String::from(PREFACE);
    for key in KEYS {
        let holds = match key.kind {
            Kind::Path => "a path".to_owned(),
            Kind::Word(words) => format!("`\"{}\"`", words.join("\"` or `\"")),
            Kind::Table => "a table".to_owned(),
            Kind::ByRule(words) => {
                format!("a table: a rule id, then `\"{}\"`", words.join("\"`, `\""))
            }
        };
        let _ = writeln!(page, "- `{}` ({holds}): {}", key.path, key.about);
    }
    page.push_str(EXAMPLE);
    page
}

const PREFACE: &str = "# `edgeplan.toml`

Made from the table the reader uses; a test compares the two.

What every run in a repository should know, so that nobody has to remember options. The file is looked for in the folder of the spec, then in each folder
above it; the first one counts. In a run over many specs each has its own. Commands without a spec, and specs from
standard input, start at the current folder. `--config FILE` names another file, `--no-config` uses none.

Relative paths start at the folder of the file. An option of the command line goes before a key. A key that does not exist is an error (`EP0807`).

The schema is `docs/schemas/config.schema.json`; editors that know TOML complete and check with it.

## Keys

";

const EXAMPLE: &str = "
## Example

```toml
lang = \"en\"
catalog = \"edgeplan/catalog\"
out = \"docs/plans\"

[levels]
play-asset-pack = \"reject\"

[prose]
writer = \"facts\"
```
";

#[cfg(test)]
mod tests {
    use super::*;

    /// `EDGEPLAN_BLESS=1 cargo test cli::config` writes the file anew after a change of the keys.
    #[test]
    fn the_published_schema_is_that_of_the_keys() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let path = root.join("docs/schemas/config.schema.json");
        if std::env::var_os("EDGEPLAN_BLESS").is_some() {
            std::fs::write(&path, schema()).unwrap();
        }
        assert_eq!(std::fs::read_to_string(path).unwrap_or_default(), schema());
    }
}
