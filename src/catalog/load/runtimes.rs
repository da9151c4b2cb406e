//! Backends and runtimes; what a binding inherits from its engine.

use super::context::{Context, Kind, origin, span};
use crate::catalog::record::{
    BackendRecord, DependencyRecord, Located, RuntimeBackendRecord, RuntimeLimitRecord,
    RuntimeRecord, Size,
};
use crate::catalog::types::{
    Backend, BackendIx, Bilingual, Dependency, Feature, LicenseIx, OsFloor, PlatformIx, QuantIx,
    Runtime, RuntimeBackend, RuntimeIx, RuntimeLimit, SourceIx,
};
use crate::diagnostic::{FileId, Span, Text};

/// A backend.
pub(super) fn backend(context: &mut Context, file: u16, record: BackendRecord) -> Backend {
    let sources = context.record_sources(file, &record.id, &record.sources);
    Backend {
        at: origin(file, &record.id),
        platforms: platforms(context, file, &record.platforms),
        max_allocation: record
            .max_allocation
            .map(|figure| context.figure(file, &figure, &sources, Size::bytes)),
        id: record.id.value,
        name: record.name,
        kind: record.kind,
        soc_vendors: record.soc_vendors,
        gpus: record.gpus,
        runs_in_background: record.runs_in_background,
        sources,
    }
}

fn platforms(context: &mut Context, file: u16, names: &[Located<String>]) -> Vec<PlatformIx> {
    names
        .iter()
        .map(|name| PlatformIx(context.refer(Kind::Platform, file, name)))
        .collect()
}

fn quantizations(context: &mut Context, file: u16, names: &[Located<String>]) -> Vec<QuantIx> {
    names
        .iter()
        .map(|name| QuantIx(context.refer(Kind::Quantization, file, name)))
        .collect()
}

/// A runtime, without what it inherits.
pub(super) fn runtime(
    context: &mut Context,
    file: u16,
    record: RuntimeRecord,
    backends: &[Backend],
) -> Runtime {
    let sources = context.record_sources(file, &record.id, &record.sources);
    let floors: Vec<OsFloor> = record
        .floors
        .iter()
        .map(|floor| OsFloor {
            platform: PlatformIx(context.refer(Kind::Platform, file, &floor.platform)),
            version: floor.version.value,
            sources: context.own_sources(file, &floor.sources, &sources),
            at: origin(file, &floor.version),
        })
        .collect();
    let rows = record
        .backends
        .into_iter()
        .flat_map(|row| rows(context, file, &row, backends, &floors, &sources))
        .collect();
    let dependencies = record
        .dependencies
        .into_iter()
        .map(|entry| dependency(context, file, entry, &sources))
        .collect();
    let limits = record
        .limits
        .into_iter()
        .map(|record| limit(context, file, record))
        .collect();
    Runtime {
        at: origin(file, &record.id),
        license: record
            .license
            .map(|name| LicenseIx(context.refer(Kind::License, file, &name))),
        engine: record
            .engine
            .map(|name| RuntimeIx(context.refer(Kind::Runtime, file, &name))),
        id: record.id.value,
        name: record.name,
        aliases: record.aliases,
        version: record.version,
        version_date: record.version_date,
        deprecated: record.deprecated,
        floors,
        formats: record.formats,
        roles: record.roles,
        families: record.families,
        backends: rows,
        uis: record.uis,
        dependencies,
        features: record
            .features
            .into_iter()
            .map(|feature| Feature {
                id: feature.id,
                supported: feature.supported,
                note: feature.note,
            })
            .collect(),
        limits,
        sources,
    }
}

/// A limit, and whom it concerns.
fn limit(context: &mut Context, file: u16, record: RuntimeLimitRecord) -> RuntimeLimit {
    let backends = record.backends.iter();
    RuntimeLimit {
        backends: backends
            .map(|name| BackendIx(context.refer(Kind::Backend, file, name)))
            .collect(),
        platforms: platforms(context, file, &record.platforms),
        words: Bilingual {
            en: record.en,
            zh: record.zh,
        },
    }
}

/// One row per platform of a runtime's use of a backend.
fn rows(
    context: &mut Context,
    file: u16,
    record: &RuntimeBackendRecord,
    backends: &[Backend],
    floors: &[OsFloor],
    sources: &[SourceIx],
) -> Vec<RuntimeBackend> {
    let backend = BackendIx(context.refer(Kind::Backend, file, &record.backend));
    let exists_on = backends
        .get(backend.at())
        .map(|backend| backend.platforms.clone())
        .unwrap_or_default();
    let named = platforms(context, file, &record.platforms);
    for (name, platform) in record.platforms.iter().zip(&named) {
        if !exists_on.contains(platform) {
            let message = Text::key("catalog.backend_platform")
                .arg("backend", record.backend.value.clone())
                .arg("platform", name.value.clone());
            context.inconsistent(span(file, name), message);
        }
    }
    let chosen: Vec<PlatformIx> = if named.is_empty() {
        let supported = |platform: &PlatformIx| floors.iter().any(|f| f.platform == *platform);
        exists_on.into_iter().filter(supported).collect()
    } else {
        named
    };
    let runnable = quantizations(context, file, &record.quantizations);
    let fast_quantizations = quantizations(context, file, &record.fast_quantizations);
    let own = context.own_sources(file, &record.sources, sources);
    chosen
        .into_iter()
        .map(|platform| RuntimeBackend {
            backend,
            platform,
            quantizations: runnable.clone(),
            fast_quantizations: fast_quantizations.clone(),
            residency: record.residency,
            repacks: record.repacks.clone(),
            kv_types: record.kv_types.clone(),
            experimental: record.experimental,
            sources: own.clone(),
            at: origin(file, &record.backend),
        })
        .collect()
}

fn dependency(
    context: &mut Context,
    file: u16,
    record: DependencyRecord,
    sources: &[SourceIx],
) -> Dependency {
    Dependency {
        platform: record
            .platform
            .map(|name| PlatformIx(context.refer(Kind::Platform, file, &name))),
        sources: context.own_sources(file, &record.sources, sources),
        ui: record.ui,
        kind: record.kind,
        coordinate: record.coordinate,
        version: record.version,
        options: record.options,
    }
}

/// Gives bindings what they left to their engines, on the platforms they support. An engine is no binding itself.
pub(super) fn inherit(context: &mut Context, runtimes: &mut [Runtime]) {
    let engines: Vec<Runtime> = runtimes.to_vec();
    for runtime in runtimes {
        let Some(engine) = runtime.engine.and_then(|engine| engines.get(engine.at())) else {
            continue;
        };
        if engine.engine.is_some() {
            let place = Span {
                file: FileId(u32::from(runtime.at.file)),
                start: runtime.at.start,
                end: runtime.at.end,
            };
            let message = Text::key("catalog.engine_of_engine")
                .arg("runtime", runtime.id.clone())
                .arg("engine", engine.id.clone());
            context.inconsistent(place, message);
        }
        if runtime.formats.is_empty() {
            runtime.formats.clone_from(&engine.formats);
        }
        if runtime.roles.is_empty() {
            runtime.roles.clone_from(&engine.roles);
        }
        if runtime.families.is_empty() {
            runtime.families.clone_from(&engine.families);
        }
        if runtime.backends.is_empty() {
            let supported = |row: &&RuntimeBackend| {
                runtime
                    .floors
                    .iter()
                    .any(|floor| floor.platform == row.platform)
            };
            runtime.backends = engine.backends.iter().filter(supported).cloned().collect();
        }
    }
}
