//! Platforms, chips, devices and measured constants.

use super::context::{Context, Kind, origin, span, words};
use crate::catalog::record::{
    Bandwidth, BudgetRecord, CalibrationRecord, DeviceRecord, Figure, LimitRecord, Located,
    PlatformRecord, Size, SocRecord,
};
use crate::catalog::types::{
    BackendIx, Calibration, Device, MemoryBudget, ModelIx, Platform, PlatformIx, PlatformLimit,
    QuantIx, RuntimeIx, Soc, SocIx, SourceIx, Sourced,
};
use crate::diagnostic::Text;
use crate::quantity::{Bytes, BytesPerSecond};

const GIB: f64 = 1024.0 * 1024.0 * 1024.0;

/// A platform.
pub(super) fn platform(context: &mut Context, file: u16, record: PlatformRecord) -> Platform {
    let sources = context.record_sources(file, &record.id, &record.sources);
    let mut budgets: Vec<MemoryBudget> = Vec::with_capacity(record.budgets.len());
    for entry in record.budgets {
        if budgets
            .last()
            .is_some_and(|last| last.ram_gib >= entry.ram.value)
        {
            context.inconsistent(span(file, &entry.ram), Text::key("catalog.budget_order"));
        }
        budgets.push(budget(context, file, entry, &sources));
    }
    let limits = record
        .limits
        .into_iter()
        .map(|entry| limit(context, file, entry, &sources))
        .collect();
    Platform {
        at: origin(file, &record.id),
        id: record.id.value,
        name: record.name,
        default_os: record.default_os,
        latest_os: record.latest_os,
        budgets,
        entitlements: record.entitlements,
        app_baseline: size(context, file, &record.app_baseline, &sources),
        limits,
        charges_clean_pages: record.charges_clean_pages,
        sources,
    }
}

/// An amount of memory; nothing in a phone is a tebibyte.
fn size(
    context: &mut Context,
    file: u16,
    figure: &Figure<Size>,
    sources: &[SourceIx],
) -> Sourced<Bytes> {
    let bytes = Located {
        value: figure.value.value.0,
        start: figure.value.start,
        end: figure.value.end,
    };
    context.within(file, &bytes, "bytes", 1.0, 1024.0 * GIB);
    context.figure(file, figure, sources, Size::bytes)
}

fn budget(
    context: &mut Context,
    file: u16,
    record: BudgetRecord,
    sources: &[SourceIx],
) -> MemoryBudget {
    let base = size(context, file, &record.base, sources);
    let entitled = record
        .entitled
        .map(|entitled| size(context, file, &entitled, sources));
    let ram = f64::from(record.ram.value) * GIB;
    for figure in [Some(&base), entitled.as_ref()].into_iter().flatten() {
        if figure.value.as_f64() > ram {
            let place = span(file, &record.ram);
            let message = Text::key("catalog.budget_over_ram")
                .arg("budget", figure.value.to_string())
                .arg("ram", record.ram.value.to_string());
            context.inconsistent(place, message);
        }
    }
    MemoryBudget {
        at: origin(file, &record.ram),
        ram_gib: record.ram.value,
        base,
        entitled,
        store_threshold: record
            .store_threshold
            .map(|threshold| size(context, file, &threshold, sources)),
        contested: record.contested,
        note: record.note.map(words),
    }
}

fn limit(
    context: &mut Context,
    file: u16,
    record: LimitRecord,
    sources: &[SourceIx],
) -> PlatformLimit {
    PlatformLimit {
        bytes: size(context, file, &record.bytes, sources),
        id: record.id.value,
        summary: words(record.summary),
    }
}

/// A chip. Phones have between 1 GB/s and 1 TB/s.
pub(super) fn soc(context: &mut Context, file: u16, record: SocRecord) -> Soc {
    let sources = context.record_sources(file, &record.id, &record.sources);
    let published = record
        .bandwidth
        .map(|figure| bandwidth(context, file, &figure, &sources));
    let placed = record
        .placed
        .map(|figure| bandwidth(context, file, &figure, &sources));
    Soc {
        at: origin(file, &record.id),
        id: record.id.value,
        name: record.name,
        vendor: record.vendor,
        gpu: record.gpu,
        matrix_units: record.matrix_units,
        npu: record.npu,
        bandwidth: published,
        placed,
        memory_type: record.memory_type,
        released: record.released,
        note: record.note,
        sources,
    }
}

fn bandwidth(
    context: &mut Context,
    file: u16,
    figure: &Figure<Bandwidth>,
    sources: &[SourceIx],
) -> Sourced<BytesPerSecond> {
    let speed = Located {
        value: figure.value.value.0,
        start: figure.value.start,
        end: figure.value.end,
    };
    context.within(file, &speed, "bandwidth", 1e9, 1e12);
    context.figure(file, figure, sources, Bandwidth::rate)
}

/// A device.
pub(super) fn device(context: &mut Context, file: u16, record: DeviceRecord) -> Device {
    let sources = context.record_sources(file, &record.id, &record.sources);
    for pair in record.ram.windows(2) {
        if let [first, second] = pair
            && first.value >= second.value
        {
            context.inconsistent(span(file, second), Text::key("catalog.ram_order"));
        }
    }
    for ram in &record.ram {
        let value = Located {
            value: f64::from(ram.value),
            start: ram.start,
            end: ram.end,
        };
        context.within(file, &value, "ram", 1.0, 64.0);
    }
    Device {
        at: origin(file, &record.id),
        platform: PlatformIx(context.refer(Kind::Platform, file, &record.platform)),
        soc: record
            .soc
            .map(|soc| SocIx(context.refer(Kind::Soc, file, &soc))),
        id: record.id.value,
        name: record.name,
        vendor: record.vendor,
        kind: record.kind,
        ram_gib: record.ram.iter().map(|ram| ram.value).collect(),
        os_shipped: record.os_shipped,
        released: record.released,
        apple_intelligence: record.apple_intelligence,
        gemini_nano: record.gemini_nano,
        sources,
    }
}

/// A measured constant.
pub(super) fn calibration(
    context: &mut Context,
    file: u16,
    record: CalibrationRecord,
) -> Calibration {
    let name = Located {
        value: record.metric.value.id().to_owned(),
        start: record.metric.start,
        end: record.metric.end,
    };
    let sources = context.record_sources(file, &name, &record.sources);
    if !(record.low <= record.likely && record.likely <= record.high) {
        context.inconsistent(
            span(file, &record.metric),
            Text::key("catalog.interval_order"),
        );
    }
    Calibration {
        at: origin(file, &record.metric),
        metric: record.metric.value,
        runtime: record
            .runtime
            .map(|name| RuntimeIx(context.refer(Kind::Runtime, file, &name))),
        backend: record
            .backend
            .map(|name| BackendIx(context.refer(Kind::Backend, file, &name))),
        family: record.family,
        quant: record
            .quant
            .map(|name| QuantIx(context.refer(Kind::Quantization, file, &name))),
        model: record
            .model
            .map(|name| ModelIx(context.refer(Kind::Model, file, &name))),
        soc: record
            .soc
            .map(|name| SocIx(context.refer(Kind::Soc, file, &name))),
        low: record.low,
        likely: record.likely,
        high: record.high,
        n: record.n,
        sources,
    }
}
