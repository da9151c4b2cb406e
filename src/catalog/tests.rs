//! The built-in catalog: it loads, it is large enough, its figures agree with each other.

use super::{builtin, builtin_files, load, overlay};

#[test]
fn the_compiled_catalog_is_the_one_in_the_files() -> Result<(), String> {
    let files = builtin_files()
        .iter()
        .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    let mut loaded = load(files.collect()).map_err(|(_, findings)| format!("{findings:#?}"))?;
    loaded.texts.clear();
    assert_eq!(&loaded, builtin());
    Ok(())
}

#[test]
fn there_is_enough_of_everything() {
    let catalog = builtin();
    assert!(
        catalog.models.len() >= 150,
        "{} models",
        catalog.models.len()
    );
    assert!(
        catalog.devices.len() >= 100,
        "{} devices",
        catalog.devices.len()
    );
    assert!(
        catalog.runtimes.len() >= 20,
        "{} runtimes",
        catalog.runtimes.len()
    );
    assert!(
        catalog.artifacts.len() >= 600,
        "{} files",
        catalog.artifacts.len()
    );
}

#[test]
fn the_gaps_are_known() {
    let found = super::gaps::gaps(builtin());
    let soc = found
        .iter()
        .find(|gap| format!("{:?}", gap.what).contains("catalog.gap.soc"));
    let ids: Vec<&str> = soc
        .iter()
        .flat_map(|gap| &gap.records)
        .map(|(id, _)| id.as_str())
        .collect();
    assert!(ids.contains(&"galaxy-z-fold8"), "{ids:?}");
}

#[test]
fn the_examples_of_the_reference_load() -> Result<(), Box<dyn std::error::Error>> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/reference/catalog.md");
    let page = std::fs::read_to_string(path)?;
    let fences = page
        .split("```yaml\n")
        .skip(1)
        .filter_map(|rest| rest.split("```").next());
    let files: Vec<(String, String)> = fences
        .enumerate()
        .map(|(number, text)| (format!("example-{number}.yaml"), text.to_owned()))
        .collect();
    assert_eq!(files.len(), 2);
    let found =
        overlay(builtin_files(), files).map_err(|(_, findings)| format!("{findings:#?}"))?;
    assert!(found.device("acme-one").is_some() && found.model("acme-notes-1.7b").is_some());
    Ok(())
}
