//! The JSON Schema of catalog files, so that editors complete and check them.

use super::record::CatalogFile;

/// The schema, pretty-printed; published as `docs/schemas/catalog.schema.json`.
#[must_use]
pub fn schema() -> String {
    let schema = schemars::schema_for!(CatalogFile);
    let mut text = serde_json::to_string_pretty(schema.as_value()).unwrap_or_default();
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::schema;

    /// With `UPDATE_SCHEMAS=1` the file is written anew.
    #[test]
    fn the_published_schema_is_the_one_of_the_records() -> std::io::Result<()> {
        let path = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/docs/schemas/catalog.schema.json"
        );
        if std::env::var_os("UPDATE_SCHEMAS").is_some() {
            std::fs::write(path, schema())?;
        }
        assert_eq!(
            std::fs::read_to_string(path)?,
            schema(),
            "run again with UPDATE_SCHEMAS=1"
        );
        Ok(())
    }

    #[test]
    fn figures_may_be_bare_or_sourced() {
        let text = schema();
        assert!(text.contains("Ids of sources; those of the record when left out."));
        assert!(text.contains("3072 MiB"));
    }

    #[test]
    fn the_reference_names_every_key() -> Result<(), Box<dyn std::error::Error>> {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/reference/catalog.md");
        let page = std::fs::read_to_string(path)?;
        let schema: serde_json::Value = serde_json::from_str(&schema())?;
        let mut missing = Vec::new();
        let records = schema["$defs"].as_object().into_iter().flatten();
        let objects = records.map(|(_, record)| record).chain([&schema]);
        for (key, _) in objects
            .filter_map(|record| record["properties"].as_object())
            .flatten()
        {
            // `en` and `zh`, `id` and `note` of a feature are said in prose.
            if !page.contains(&format!("`{key}`")) && !page.contains(&format!("{key}:")) {
                missing.push(key.clone());
            }
        }
        missing.sort();
        missing.dedup();
        assert_eq!(missing, Vec::<String>::new());
        Ok(())
    }
}
