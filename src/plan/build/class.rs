//! One class of phones with its memory sum and figures.

use super::bounds::bounds;
use super::context::{Context, Use};
use super::figures::{estimated, measure};
use super::words::bilingual;
use crate::catalog::types::{Catalog, DeviceIx, MemoryBudget};
use crate::estimate::types::Phone;
use crate::plan::types::{
    Budget, Device, DeviceClass, Estimated, FeatureLatency, Measure, MemorySum, SlotFigures,
    SlotMemory, Unit,
};
use crate::rules::facts::Budgets;
use crate::solve::UNLIMITED;
use crate::solve::types::{Candidate, Chosen, DeviceClass as Class};

pub(super) fn class(
    context: &Context<'_>,
    class: &Class,
    chosen: &Chosen,
    groups: &[Vec<usize>],
) -> DeviceClass {
    let catalog = context.catalog;
    let name = |ix: &DeviceIx| catalog.devices[ix.at()].name.clone();
    let picks = chosen.picks.iter();
    let figures: Vec<SlotFigures> = picks.map(|pick| figures(context, pick)).collect();
    DeviceClass {
        id: class.id.clone(),
        ram_gib: class.phone.ram_gib,
        min_os: class.min_os,
        named: class.named,
        reference: class
            .phone
            .device
            .map(|ix| device(catalog, ix, &class.phone)),
        covers: class.covers.len() as u32,
        undecided: class.undecided.iter().map(name).collect(),
        share: class.share.map(|share| share.get()),
        memory: memory(context, class, chosen, groups),
        phases: (chosen.totals.phases.iter())
            .map(|peak| measure(peak, Unit::Bytes))
            .collect(),
        latencies: latencies(&figures),
        figures,
        bounds: bounds(context, chosen),
    }
}

fn device(catalog: &Catalog, ix: DeviceIx, phone: &Phone) -> Device {
    let device = &catalog.devices[ix.at()];
    Device {
        id: device.id.clone(),
        name: device.name.clone(),
        soc: phone
            .soc
            .or(device.soc)
            .map(|soc| catalog.socs[soc.at()].name.clone()),
    }
}

fn memory(
    context: &Context<'_>,
    class: &Class,
    chosen: &Chosen,
    groups: &[Vec<usize>],
) -> MemorySum {
    let baseline = chosen.totals.baseline.get() as f64;
    let limited = chosen.totals.memory_budget < UNLIMITED;
    let budget = budget(
        context,
        class,
        limited.then(|| chosen.totals.memory_budget.get()),
    );
    let total = measure(&chosen.totals.memory, Unit::Bytes);
    let left = |bytes| i64::try_from(bytes).unwrap_or(i64::MAX) - total.high as i64;
    MemorySum {
        app: Measure::exact(baseline, Unit::Bytes),
        stacks: fullest(chosen, groups)
            .iter()
            .enumerate()
            .map(|(at, &slot)| slot_memory(context, chosen, &fullest(chosen, groups)[..at], slot))
            .collect(),
        slack: budget.bytes.map(left),
        total,
        budget,
    }
}

/// The group of slots whose peak is highest; the first of equals.
fn fullest<'g>(chosen: &Chosen, groups: &'g [Vec<usize>]) -> &'g [usize] {
    let peak = |group: &[usize]| -> u64 {
        group
            .iter()
            .filter_map(|&slot| chosen.picks.get(slot)?.estimate.peak.value())
            .map(|peak| peak.high.get())
            .sum()
    };
    let mut best: &[usize] = &[];
    for group in groups {
        if best.is_empty() || peak(group) > peak(best) {
            best = group;
        }
    }
    best
}

fn slot_memory(
    context: &Context<'_>,
    chosen: &Chosen,
    before: &[usize],
    slot: usize,
) -> SlotMemory {
    let pick = &chosen.picks[slot];
    let same = |other: &Candidate| {
        other.stack.artifact == pick.stack.artifact
            && other.stack.runtime == pick.stack.runtime
            && other.stack.backend == pick.stack.backend
    };
    let shared = before.iter().any(|&earlier| same(&chosen.picks[earlier]));
    let figure = |figure| estimated(context, figure, Unit::Bytes);
    let estimate = &pick.estimate;
    SlotMemory {
        feature: context.feature(pick.slot).id.clone(),
        role: pick.slot.role.id().to_owned(),
        weights: figure(&estimate.weights),
        weights_charged: if shared {
            // The instance is loaded already; only its cache and buffers are added.
            Estimated::Known {
                value: Measure::exact(0.0, Unit::Bytes),
                derivation: Vec::new(),
            }
        } else {
            figure(&estimate.weights_charged)
        },
        mapped: figure(&estimate.mapped),
        kv_cache: figure(&estimate.kv_cache),
        compute: figure(&estimate.compute),
    }
}

fn budget(context: &Context<'_>, class: &Class, bytes: Option<u64>) -> Budget {
    let limits = Budgets::of(context.catalog, context.spec, &class.phone);
    let grant = limits.entitled.or(limits.base).map(|grant| grant.get());
    let row = budget_row(context.catalog, &class.phone);
    let mut sources = Vec::new();
    if let Some(row) = row {
        sources.extend(context.cite(Use::Memory, &row.base.sources));
        if let Some(entitled) = &row.entitled {
            sources.extend(context.cite(Use::Memory, &entitled.sources));
        }
        if let Some(threshold) = &row.store_threshold {
            sources.extend(context.cite(Use::Memory, &threshold.sources));
        }
    }
    sources.sort();
    sources.dedup();
    let platform = &context.catalog.platforms[class.phone.platform.at()];
    context.cite(Use::Memory, &platform.app_baseline.sources);
    Budget {
        bytes,
        set_by: match bytes {
            None => "nobody",
            Some(_) if grant == bytes => "platform",
            Some(_) => "spec",
        }
        .to_owned(),
        base: limits.base.map(|base| base.get()),
        entitled: limits.entitled.map(|entitled| entitled.get()),
        store_threshold: limits.store.map(|store| store.get()),
        contested: limits.contested,
        note: row.and_then(|row| row.note.as_ref()).map(bilingual),
        sources,
    }
}

/// The row of the phone's RAM class, as [`Budgets`] picks it.
pub(super) fn budget_row<'c>(catalog: &'c Catalog, phone: &Phone) -> Option<&'c MemoryBudget> {
    let rows = &catalog.platforms[phone.platform.at()].budgets;
    rows.iter()
        .filter(|row| row.ram_gib <= phone.ram_gib)
        .max_by_key(|row| row.ram_gib)
}

/// The times of the features, from those of their roles.
fn latencies(figures: &[SlotFigures]) -> Vec<FeatureLatency> {
    let of = figures.chunk_by(|one, next| one.feature == next.feature);
    let sums = of.filter_map(|roles| {
        let times: Option<Vec<&Measure>> = roles.iter().map(|role| role.latency.value()).collect();
        let latency = times?.into_iter().copied().reduce(|sum, time| Measure {
            low: sum.low + time.low,
            likely: sum.likely + time.likely,
            high: sum.high + time.high,
            ..sum
        })?;
        let feature = roles.first()?.feature.clone();
        Some(FeatureLatency { feature, latency })
    });
    sums.collect()
}

fn figures(context: &Context<'_>, pick: &Candidate) -> SlotFigures {
    let estimate = &pick.estimate;
    let seconds = |figure| estimated(context, figure, Unit::Seconds);
    let rate = |figure| estimated(context, figure, Unit::TokensPerSecond);
    SlotFigures {
        feature: context.feature(pick.slot).id.clone(),
        role: pick.slot.role.id().to_owned(),
        threads: pick.stack.settings.threads,
        cold_start: seconds(&estimate.cold_start),
        ttft: seconds(&estimate.ttft),
        prefill: rate(&estimate.prefill),
        decode: rate(&estimate.decode),
        latency: seconds(&estimate.latency),
        energy: estimated(context, &estimate.energy, Unit::JoulesPerToken),
        battery: estimated(context, &estimate.battery, Unit::PercentPerHour),
    }
}
