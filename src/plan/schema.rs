//! The published schema of the plan, held to the types by a test.

use super::types::Plan;

/// The JSON Schema of a plan, pretty, with a newline at the end.
#[must_use]
pub fn schema() -> String {
    let schema = schemars::schema_for!(Plan);
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `EDGEPLAN_BLESS=1 cargo test plan::schema` writes the file anew after a change of the types.
    #[test]
    fn the_published_schema_is_that_of_the_types() {
        let path =
            std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/schemas/plan.schema.json");
        if std::env::var_os("EDGEPLAN_BLESS").is_some() {
            std::fs::write(&path, schema()).unwrap();
        }
        assert!(
            std::fs::read_to_string(path).unwrap_or_default() == schema(),
            "docs/schemas/plan.schema.json is out of date: run EDGEPLAN_BLESS=1 cargo test plan::schema"
        );
    }
}
