//! What a catalog does not know: for `catalog check`, so that the next fact to look for is in sight.

use super::types::{Catalog, Origin, SourceKind};
use crate::diagnostic::Text;

/// Records of one kind that lack one thing.
#[derive(Debug, Clone, PartialEq)]
pub struct Gap {
    /// What is lacking, as a message.
    pub what: Text,
    /// The ids of the records, sorted, with their places where they have one.
    pub records: Vec<(String, Option<Origin>)>,
}

/// The gaps that keep the compiler from answering, in the order in which they hurt.
#[must_use]
pub fn gaps(catalog: &Catalog) -> Vec<Gap> {
    let mut found = Vec::new();
    let mut gap = |key: &'static str, records: Vec<(String, Option<Origin>)>| {
        if !records.is_empty() {
            let count = records.len().to_string();
            let what = Text::key(key).arg("count", count);
            found.push(Gap { what, records });
        }
    };
    let platforms = catalog.platforms.iter();
    gap(
        "catalog.gap.budgets",
        platforms
            .filter(|platform| platform.budgets.is_empty())
            .map(|platform| (platform.id.clone(), Some(platform.at)))
            .collect(),
    );
    gap("catalog.gap.files", without_files(catalog));
    let models = catalog.models.iter();
    gap(
        "catalog.gap.quality",
        models
            .filter(|model| model.quality.is_none())
            .map(|model| (model.id.clone(), Some(model.at)))
            .collect(),
    );
    let devices = catalog.devices.iter();
    gap(
        "catalog.gap.soc",
        devices
            .clone()
            .filter(|device| device.soc.is_none())
            .map(|device| (device.id.clone(), Some(device.at)))
            .collect(),
    );
    gap(
        "catalog.gap.ram",
        devices
            .filter(|device| device.ram_gib.is_empty())
            .map(|device| (device.id.clone(), Some(device.at)))
            .collect(),
    );
    let socs = catalog.socs.iter();
    gap(
        "catalog.gap.bandwidth",
        socs.filter(|soc| soc.bandwidth.is_none())
            .map(|soc| (soc.id.clone(), Some(soc.at)))
            .collect(),
    );
    let sources = catalog.sources.iter();
    gap(
        "catalog.gap.address",
        sources
            .filter(|source| source.url.is_none() && source.kind != SourceKind::Derived)
            .map(|source| (source.id.clone(), None))
            .collect(),
    );
    found
}

/// Models that no runtime can load, because no file of theirs is known.
fn without_files(catalog: &Catalog) -> Vec<(String, Option<Origin>)> {
    let mut has_file = vec![false; catalog.models.len()];
    for artifact in &catalog.artifacts {
        if let Some(has) = has_file.get_mut(artifact.model.at()) {
            *has = true;
        }
    }
    let models = catalog.models.iter().zip(has_file);
    models
        .filter(|(_, has)| !has)
        .map(|(model, _)| (model.id.clone(), Some(model.at)))
        .collect()
}
