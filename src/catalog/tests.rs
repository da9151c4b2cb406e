//! The built-in catalog: it loads, it is large enough, its figures agree with each other.

use super::{builtin, builtin_files, load};

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
