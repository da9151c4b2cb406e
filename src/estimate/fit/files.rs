//! The catalog's file of a measured stack, for rows that state no size of their own. Measures nothing.

use crate::catalog::types::{Artifact, Catalog, Format, ModelIx};

/// The file a row was measured with: a GGUF by its quantization; of other formats, which rows name by their scheme alone, the
/// one the engine reads that stores its weights alike. `None` where there is none of known size, or several of sizes that differ.
pub(crate) fn file_of<'a>(
    catalog: &'a Catalog,
    engine: &str,
    model: ModelIx,
    (quant, family): (&str, &str),
) -> Option<&'a Artifact> {
    let runtime = catalog.runtimes.iter().find(|it| it.id == engine)?;
    let alike = |artifact: &&Artifact| {
        let stored = &catalog.quantizations[artifact.quant.at()];
        if artifact.format == Format::Gguf {
            stored.id == quant && !artifact.bundle
        } else {
            // A file of one chip's compiler is not what other chips were measured with.
            quant.is_empty() && stored.family.id() == family && artifact.socs.is_empty()
        }
    };
    let mut files = catalog
        .artifacts
        .iter()
        .filter(|it| it.model == model && it.bytes.is_some())
        .filter(|it| runtime.formats.contains(&it.format))
        .filter(alike);
    let first = files.next()?;
    let differs = |other: &Artifact| !near(size(first), size(other));
    let several = first.format != Format::Gguf && files.any(differs);
    (!several).then_some(first)
}

fn size(artifact: &Artifact) -> u64 {
    artifact.bytes.as_ref().map_or(0, |it| it.value.get())
}

/// Within a tenth: groups of 32 and of 128 weights are the same file for the purpose.
fn near(one: u64, other: u64) -> bool {
    one.abs_diff(other) <= one.max(other) / 10
}
