//! The JSON Schemas of rule and challenge files, so that editors complete and check them.

use super::record::{ChallengeRecord, RuleRecord};

/// The schema of rule files, pretty-printed; published as `docs/schemas/rule.schema.json`.
#[must_use]
pub fn rule() -> String {
    pretty(&schemars::schema_for!(RuleRecord))
}

/// The schema of challenge files; published as `docs/schemas/challenge.schema.json`.
#[must_use]
pub fn challenge() -> String {
    pretty(&schemars::schema_for!(ChallengeRecord))
}

fn pretty(schema: &schemars::Schema) -> String {
    let mut text = serde_json::to_string_pretty(schema.as_value()).unwrap_or_default();
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    /// With `UPDATE_SCHEMAS=1` the files are written anew.
    #[test]
    fn the_published_schemas_are_those_of_the_records() -> std::io::Result<()> {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/schemas");
        for (name, text) in [
            ("rule.schema.json", super::rule()),
            ("challenge.schema.json", super::challenge()),
        ] {
            let path = folder.join(name);
            if std::env::var_os("UPDATE_SCHEMAS").is_some() {
                std::fs::write(&path, &text)?;
            }
            let published = std::fs::read_to_string(&path)?;
            assert_eq!(published, text, "{name}: run again with UPDATE_SCHEMAS=1");
        }
        Ok(())
    }
}
