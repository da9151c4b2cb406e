//! Sources, licences, quantizations.

use super::context::{Context, Kind, origin, words};
use crate::catalog::record::{
    LicenseGroupRecord, LicenseRecord, Located, QuantizationRecord, SourceRecord,
};
use crate::catalog::types::{
    License, LicenseGroup, LicenseIx, QuantIx, Quantization, Source, SourceKind,
};
use crate::diagnostic::{Diagnostic, Text};

use super::context::{NO_SOURCE, span};

/// A source; every kind but arithmetic and word of mouth needs an address to be looked up at.
pub(super) fn source(context: &mut Context, file: u16, record: SourceRecord) -> Source {
    let needs_address = matches!(record.kind, SourceKind::Primary | SourceKind::Measured);
    if needs_address && record.url.is_none() {
        context.report(
            Diagnostic::error(
                NO_SOURCE,
                span(file, &record.id),
                Text::key("catalog.no_address").arg("name", record.id.value.clone()),
            )
            .help(Text::key("catalog.no_address.help")),
        );
    }
    Source {
        id: record.id.value,
        title: record.title,
        url: record.url,
        date: record.date,
        kind: record.kind,
    }
}

/// A licence.
pub(super) fn license(context: &mut Context, file: u16, record: LicenseRecord) -> License {
    let sources = context.record_sources(file, &record.id, &record.sources);
    License {
        at: origin(file, &record.id),
        id: record.id.value,
        name: record.name,
        spdx: record.spdx,
        commercial: record.commercial,
        max_monthly_users: record.max_monthly_users,
        max_revenue_usd: record.max_revenue_usd,
        excluded_regions: record.excluded_regions,
        copyleft: record.copyleft,
        gated: record.gated,
        limits: record.limits.map(words),
        sources,
    }
}

/// A group of licences.
pub(super) fn license_group(
    context: &mut Context,
    file: u16,
    record: LicenseGroupRecord,
) -> LicenseGroup {
    let mut members: Vec<LicenseIx> = record
        .members
        .iter()
        .map(|member| LicenseIx(context.refer(Kind::License, file, member)))
        .collect();
    members.sort_unstable();
    LicenseGroup {
        at: origin(file, &record.id),
        id: record.id.value,
        members,
    }
}

/// A quantization. One bit is the least a weight takes, 32 the most.
pub(super) fn quantization(
    context: &mut Context,
    file: u16,
    record: QuantizationRecord,
) -> Quantization {
    let sources = context.record_sources(file, &record.id, &record.sources);
    context.within(file, &record.bits.value, "bits", 0.0, 32.0);
    if let Some(kld) = &record.kld {
        let value = Located {
            value: kld.value.value,
            ..kld.value
        };
        context.within(file, &value, "kld", 0.0, 20.0);
    }
    let kernels_of = record
        .kernels_of
        .as_ref()
        .map(|id| QuantIx(context.refer(Kind::Quantization, file, id)));
    Quantization {
        at: origin(file, &record.id),
        id: record.id.value,
        name: record.name,
        family: record.family,
        kernels_of,
        formats: record.formats,
        bits: context.figure(file, &record.bits, &sources, |bits| bits),
        kld: record
            .kld
            .map(|kld| context.figure(file, &kld, &sources, |kld| kld)),
        trained: record.trained,
        summary: words(record.summary),
    }
}
