//! A chosen stack with everything a builder needs to start.

use super::context::{Context, Use, keeps_context};
use super::words::bilingual;
use super::{dependencies, figures, reasons};
use crate::catalog::types::{Artifact, Commercial, SourceIx, WeightResidency};
use crate::plan::types::{File, License, Model, Quantization, Runtime, Settings, Stack};
use crate::solve::types::{Candidate, DeviceClass, ObjectiveValue};

pub(super) fn stack(
    context: &Context<'_>,
    class: &DeviceClass,
    pick: &Candidate,
    objectives: &[ObjectiveValue],
) -> Stack {
    let catalog = context.catalog;
    let artifact = &catalog.artifacts[pick.stack.artifact.at()];
    let quantization = &catalog.quantizations[artifact.quant.at()];
    let backend = &catalog.backends[pick.stack.backend.at()];
    let model = model(context, pick);
    let (dependencies, native_dependencies) = dependencies::of(context, class, pick);
    let row = catalog.runtimes[pick.stack.runtime.at()]
        .backends
        .iter()
        .find(|row| row.backend == pick.stack.backend && row.platform == class.phone.platform);
    Stack {
        feature: context.feature(pick.slot).id.clone(),
        role: pick.slot.role.id().to_owned(),
        settings: (!model.system).then(|| settings(pick)),
        model,
        quantization: Quantization {
            id: quantization.id.clone(),
            name: quantization.name.clone(),
            bits: quantization.bits.value,
            summary: bilingual(&quantization.summary),
        },
        file: file(context, artifact),
        runtime: runtime(context, class, pick),
        backend: backend.id.clone(),
        backend_name: backend.name.clone(),
        backend_experimental: row.is_some_and(|row| row.experimental),
        residency: row.map(|row| residency(pick, row.residency).to_owned()),
        dependencies,
        native_dependencies,
        findings: reasons::findings(context, pick),
        objectives: objectives
            .iter()
            .map(|objective| (objective.objective.id().to_owned(), objective.value.clone()))
            .collect(),
    }
}

/// What the estimate charges decides: repacked weights are anonymous even where the file is mapped.
fn residency(pick: &Candidate, declared: WeightResidency) -> &'static str {
    let charged = pick.estimate.weights_charged.value().map(|v| v.high.get());
    let whole = pick.estimate.weights.value().map(|v| v.likely.get());
    let mostly_charged =
        matches!((charged, whole), (Some(c), Some(w)) if w > 0 && c.saturating_mul(2) > w);
    match declared {
        WeightResidency::MappedClean if mostly_charged => "anonymous",
        WeightResidency::MappedClean => "mapped-clean",
        WeightResidency::Anonymous => "anonymous",
        WeightResidency::GpuCopied => "gpu-copied",
        WeightResidency::SystemOwned => "system-owned",
    }
}

fn model(context: &Context<'_>, pick: &Candidate) -> Model {
    let model = &context.catalog.models[pick.stack.model.at()];
    let license = model.license.map(|ix| {
        let license = &context.catalog.licenses[ix.at()];
        context.cite(Use::Licence, &license.sources);
        License {
            id: license.id.clone(),
            name: license.name.clone(),
            commercial: match license.commercial {
                Commercial::Yes => "yes",
                Commercial::Conditional => "conditional",
                Commercial::No => "no",
                Commercial::Unknown => "unknown",
            }
            .to_owned(),
            gated: license.gated,
            limits: license.limits.as_ref().map(bilingual),
        }
    });
    Model {
        id: model.id.clone(),
        name: model.name.clone(),
        vendor: model.vendor.clone(),
        system: model.system,
        params: model.params.as_ref().map(|p| figures::params(p.value)),
        active_params: model
            .active_params
            .as_ref()
            .map(|p| figures::params(p.value)),
        context: model.context.as_ref().map(|c| figures::tokens(c.value)),
        license,
        repo: model.repo.clone(),
        quality_basis: model
            .quality_in(pick.slot.role)
            .map(|quality| quality.basis.clone()),
        sources: context.cite(Use::Model, &model.sources),
    }
}

fn file(context: &Context<'_>, artifact: &Artifact) -> File {
    // Who lists the name comes first: there the file is found.
    let mut found: Vec<SourceIx> = Vec::new();
    for source in [
        artifact.file.as_ref().map(|name| &name.sources),
        artifact.bytes.as_ref().map(|bytes| &bytes.sources),
        artifact.sha256.as_ref().map(|digest| &digest.sources),
    ]
    .into_iter()
    .flatten()
    .flatten()
    {
        if !found.contains(source) {
            found.push(*source);
        }
    }
    let sources = context.cite(Use::File, &found);
    File {
        id: artifact.id.clone(),
        format: artifact.format.id().to_owned(),
        name: artifact.file.as_ref().map(|name| name.value.clone()),
        repo: artifact.repo.clone(),
        bytes: artifact.bytes.as_ref().map(|bytes| bytes.value.get()),
        exact: artifact.exact,
        sha256: artifact
            .sha256
            .as_ref()
            .map(|digest| digest.value.to_string()),
        derivation: artifact.derivation.clone(),
        sources,
    }
}

fn runtime(context: &Context<'_>, class: &DeviceClass, pick: &Candidate) -> Runtime {
    let catalog = context.catalog;
    let runtime = &catalog.runtimes[pick.stack.runtime.at()];
    Runtime {
        id: runtime.id.clone(),
        name: runtime.name.clone(),
        version: runtime.version.clone(),
        license: runtime
            .license
            .map(|ix| catalog.licenses[ix.at()].id.clone()),
        engine: runtime
            .engine
            .map(|ix| catalog.runtimes[ix.at()].name.clone()),
        limits: (runtime.limits.iter())
            .filter(|limit| limit.concerns(pick.stack.backend, class.phone.platform))
            .map(|limit| bilingual(&limit.words))
            .collect(),
        abilities: runtime
            .features
            .iter()
            .filter(|feature| feature.supported)
            .map(|feature| (feature.id.clone(), feature.note.clone()))
            .collect(),
        sources: context.cite(Use::Runtime, &runtime.sources),
    }
}

fn settings(pick: &Candidate) -> Settings {
    let chosen = &pick.stack.settings;
    let cached = keeps_context(pick.slot.role)
        && chosen.context.get() > 0
        && pick.estimate.kv_cache.value().is_some();
    Settings {
        context: cached.then(|| chosen.context.get()),
        kv_type: cached.then(|| chosen.kv.id().to_owned()),
        batch: cached.then_some(chosen.ubatch),
        threads: chosen.threads,
        mmap: chosen.mmap,
        flash_attention: cached.then_some(chosen.flash_attention),
    }
}
