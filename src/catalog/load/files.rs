//! Files of weights: ids, sizes that fit the parameters, formats that fit the quantization.

use std::collections::BTreeMap;

use super::context::{Context, Kind, origin, place, span};
use crate::catalog::record::{ArtifactRecord, FileEntry, Size};
use crate::catalog::types::{
    Artifact, Catalog, Format, ModelIx, QuantIx, Sha256, SocIx, SourceIx, Sourced,
};
use crate::diagnostic::Text;
use crate::quantity::Bytes;

/// A file entry that waits for all models to be known.
#[derive(Debug)]
pub(super) struct Pending {
    pub(super) model: u32,
    pub(super) file: u16,
    pub(super) entry: FileEntry,
    pub(super) sources: Vec<SourceIx>,
}

/// A file entry that stands by itself.
pub(super) fn separate(
    context: &mut Context,
    file: u16,
    record: ArtifactRecord,
) -> Option<Pending> {
    let before = context.diagnostics.len();
    let model = context.refer(Kind::Model, file, &record.model);
    let sources = context.record_sources(file, &record.model, &record.sources);
    (context.diagnostics.len() == before).then_some(Pending {
        model,
        file,
        entry: record.file,
        sources,
    })
}

/// All artifacts, sorted by id. Twins of one model, format and quantization are told apart by `-2`, `-3`, in order.
pub(super) fn artifacts(
    context: &mut Context,
    catalog: &Catalog,
    pending: Vec<Pending>,
) -> Vec<Artifact> {
    let mut artifacts: Vec<Artifact> = pending
        .into_iter()
        .filter_map(|pending| artifact(context, catalog, pending))
        .collect();
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    for artifact in &mut artifacts {
        let count = seen.entry(artifact.id.clone()).or_default();
        *count += 1;
        if *count > 1 {
            artifact.id = format!("{}-{count}", artifact.id);
        }
    }
    artifacts.sort_by(|a, b| a.id.cmp(&b.id));
    one_size_a_digest(context, &artifacts);
    artifacts
}

/// Reports files of one digest whose sizes, both to the byte, differ. A bundle counts more than the file of the digest.
fn one_size_a_digest(context: &mut Context, artifacts: &[Artifact]) {
    let mut known: BTreeMap<Sha256, (&str, Bytes)> = BTreeMap::new();
    for artifact in artifacts.iter().filter(|file| file.exact && !file.bundle) {
        let (Some(digest), Some(bytes)) = (&artifact.sha256, &artifact.bytes) else {
            continue;
        };
        let (other, size) = *known
            .entry(digest.value)
            .or_insert((&artifact.id, bytes.value));
        if size != bytes.value {
            let message = Text::key("catalog.digest_of_two_sizes")
                .arg("file", artifact.id.as_str())
                .arg("bytes", bytes.value.get().to_string())
                .arg("other", other)
                .arg("size", size.get().to_string());
            context.inconsistent(place(digest.at), message);
        }
    }
}

fn artifact(context: &mut Context, catalog: &Catalog, pending: Pending) -> Option<Artifact> {
    let Pending {
        model,
        file,
        entry,
        sources,
    } = pending;
    let quant = QuantIx(context.refer(Kind::Quantization, file, &entry.quant));
    let quantization = catalog.quantizations.get(quant.at())?;
    let owner = catalog.models.get(model as usize)?;
    if quantization.id == entry.quant.value && !quantization.formats.contains(&entry.format) {
        let message = Text::key("catalog.format_of_quant")
            .arg("quant", entry.quant.value.clone())
            .arg("format", entry.format.id());
        context.inconsistent(span(file, &entry.quant), message);
    }
    let bytes: Option<Sourced<Bytes>> = entry
        .bytes
        .map(|figure| context.figure(file, &figure, &sources, Size::bytes));
    let decoder: Option<Sourced<Bytes>> = entry
        .decoder
        .map(|figure| context.figure(file, &figure, &sources, Size::bytes));
    let name: Option<Sourced<String>> = entry
        .file
        .map(|name| context.figure(file, &name, &sources, |name| name));
    if let (Some(digest), None) = (&entry.sha256, &name) {
        let message = Text::key("catalog.digest_of_no_file");
        context.inconsistent(span(file, &digest.value), message);
    }
    let sha256: Option<Sourced<Sha256>> = entry
        .sha256
        .map(|digest| context.figure(file, &digest, &sources, |digest| digest));
    if let (Some(bytes), Some(params)) = (&bytes, &owner.params)
        && !entry.bundle
        && entry.format != Format::System
    {
        let bits = bytes.value.as_f64() * 8.0 / params.value.get() as f64;
        // A byte more than f32 or less than half a bit a weight: the size or the count is of something else.
        if !(0.5..=40.0).contains(&bits) {
            let message = Text::key("catalog.bits_per_weight")
                .arg("bytes", bytes.value.to_string())
                .arg("params", params.value.to_string())
                .arg("bits", format!("{bits:.2}"));
            context.inconsistent(span(file, &entry.quant), message);
        }
    }
    Some(Artifact {
        id: {
            let with = if entry.bundle && entry.format == Format::Gguf {
                "+mmproj"
            } else {
                ""
            };
            format!(
                "{}/{}/{}{with}",
                owner.id,
                entry.format.id(),
                quantization.id
            )
        },
        model: ModelIx(model),
        quant,
        format: entry.format,
        bytes,
        exact: entry.exact,
        derivation: entry.derivation,
        bundle: entry.bundle,
        decoder,
        repo: entry.repo,
        file: name,
        sha256,
        socs: entry
            .socs
            .iter()
            .map(|name| SocIx(context.refer(Kind::Soc, file, name)))
            .collect(),
        at: origin(file, &entry.quant),
    })
}
