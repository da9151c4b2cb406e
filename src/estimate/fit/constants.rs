//! Turns samples into constants, one physical quantity at a time. Reads no text, writes none.

use std::collections::{BTreeMap, BTreeSet};

use super::Fitted;
use super::factors::{self, Row};
use super::sample::Sample;
use super::statistics::{median, spread};
use crate::catalog::types::{BackendIx, Catalog, QuantFamily, RuntimeIx, SocIx};
use crate::estimate::calibration::Metric;
use crate::estimate::factors::Rate;
use crate::quantity::Interval;

/// Rows a pooled constant needs.
const POOLED_ROWS: usize = 3;
/// Rows and models an engine needs before per-layer costs are told from bandwidth.
const OVERHEAD_ROWS: usize = 12;
const OVERHEAD_MODELS: usize = 5;

/// Every constant the samples support, in the order of the file. Without `widen` intervals are as the factors leave them.
pub(super) fn all(
    catalog: &Catalog,
    samples: &[Sample],
    overheads: &Overheads,
    widen: bool,
) -> Vec<Fitted> {
    let mut rows = fixed_costs(catalog, samples, overheads);
    rows.extend(rates(catalog, samples, overheads, widen));
    rows.extend(call_overhead(catalog, samples));
    rows.extend(load(catalog, samples));
    rows.extend(working_memory(catalog, samples));
    rows.extend(power(samples));
    rows
}

type Engine = (RuntimeIx, BackendIx);

/// Samples that serve `use_`, by engine and backend.
fn by_engine<'a>(samples: &'a [Sample], use_: &str) -> BTreeMap<Engine, Vec<&'a Sample>> {
    let mut groups: BTreeMap<Engine, Vec<&Sample>> = BTreeMap::new();
    for sample in samples.iter().filter(|sample| sample.seen.serves(use_)) {
        let engine = (sample.runtime, sample.backend);
        groups.entry(engine).or_default().push(sample);
    }
    groups
}

/// A row under construction: whose it is, and the samples behind it.
fn row(
    catalog: &Catalog,
    metric: Metric,
    engine: Option<Engine>,
    value: Interval<f64>,
    behind: &[&Sample],
) -> Fitted {
    let sources: BTreeSet<String> = behind.iter().map(|it| it.seen.source.clone()).collect();
    Fitted {
        runtime: engine.map(|(runtime, _)| catalog.runtimes[runtime.at()].id.clone()),
        backend: engine.map(|(_, backend)| catalog.backends[backend.at()].id.clone()),
        n: behind.len(),
        sources: sources.into_iter().collect(),
        ..Fitted::of(metric, value)
    }
}

/// Per-layer costs of an engine, found on a grid: those that make one bandwidth a chip and family predict best.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Overhead {
    token: f64,
    layer: f64,
    recurrent: f64,
}

impl Overhead {
    fn of(self, sample: &Sample) -> f64 {
        self.token + self.layer * sample.layers + self.recurrent * sample.recurrent
    }

    /// Whether no sample was faster in all than its fixed costs.
    fn possible(self, samples: &[&Sample]) -> bool {
        let possible = |it: &&Sample| it.seen.decode.is_none_or(|seen| self.of(it) * seen <= 1.0);
        samples.iter().all(possible)
    }

    /// Bytes per second once the fixed costs are taken off, of which a fifth of the measured time is left at least.
    fn bandwidth(self, sample: &Sample) -> Option<f64> {
        let whole = 1.0 / sample.seen.decode?;
        let time = (whole - self.of(sample)).max(whole / 5.0);
        Some(sample.bytes / time)
    }

    /// Mean relative error of the decode speed, each chip and family at its median bandwidth.
    fn error(self, samples: &[&Sample]) -> f64 {
        let mut groups: BTreeMap<(SocIx, QuantFamily, &str), Vec<f64>> = BTreeMap::new();
        for sample in samples {
            if let Some(bandwidth) = self.bandwidth(sample) {
                let key = (sample.soc, sample.family, sample.seen.quant.as_str());
                groups.entry(key).or_default().push(bandwidth);
            }
        }
        let medians: BTreeMap<_, f64> = groups
            .into_iter()
            .map(|(key, mut values)| (key, median(&mut values)))
            .collect();
        let total: f64 = samples
            .iter()
            .map(|sample| {
                let key = (sample.soc, sample.family, sample.seen.quant.as_str());
                match (medians.get(&key), sample.seen.decode) {
                    (Some(bandwidth), Some(seen)) => {
                        let speed = 1.0 / (sample.bytes / bandwidth + self.of(sample));
                        (speed / seen - 1.0).abs()
                    }
                    _ => 1.0,
                }
            })
            .sum();
        total / samples.len() as f64
    }
}

fn overhead(samples: &[&Sample]) -> Overhead {
    let none = Overhead::default();
    let models: BTreeSet<&str> = samples.iter().map(|it| it.seen.model.as_str()).collect();
    if samples.len() < OVERHEAD_ROWS || models.len() < OVERHEAD_MODELS {
        return none;
    }
    let stateful = samples.iter().any(|it| it.recurrent > 0.0);
    let recurrent_steps = if stateful { 16 } else { 1 };
    let mut best = (none.error(samples), none);
    for token in [0.0, 1e-3, 3e-3, 6e-3] {
        for layer in 0..7 {
            for recurrent in 0..recurrent_steps {
                let tried = Overhead {
                    token,
                    layer: f64::from(layer) * 100e-6,
                    recurrent: f64::from(recurrent) * 500e-6,
                };
                if !tried.possible(samples) {
                    continue;
                }
                let error = tried.error(samples);
                // A cost must earn its place: less than a twentieth of the error is not told from noise.
                if error < best.0 * 0.95 {
                    best = (error, tried);
                }
            }
        }
    }
    best.1
}

/// The fixed costs of every engine with enough rows.
pub(super) fn overheads(samples: &[Sample]) -> Overheads {
    by_engine(samples, "decode")
        .into_iter()
        .map(|(engine, samples)| (engine, overhead(&samples)))
        .collect()
}

/// Fixed costs by engine.
pub(super) type Overheads = BTreeMap<Engine, Overhead>;

fn fixed_costs(catalog: &Catalog, samples: &[Sample], overheads: &Overheads) -> Vec<Fitted> {
    let mut rows = Vec::new();
    for (engine, samples) in by_engine(samples, "decode") {
        let Some(cost) = overheads.get(&engine) else {
            continue;
        };
        for (name, seconds) in [
            (Metric::TokenOverhead, cost.token),
            (Metric::LayerOverhead, cost.layer),
            (Metric::RecurrentOverhead, cost.recurrent),
        ] {
            if seconds > 0.0 {
                let value = Interval::exact(seconds);
                rows.push(row(catalog, name, Some(engine), value, &samples));
            }
        }
    }
    rows
}

/// The factors of both rates, their scatter and their widening.
fn rates(catalog: &Catalog, samples: &[Sample], overheads: &Overheads, widen: bool) -> Vec<Fitted> {
    let mut out = Vec::new();
    for rate in Rate::ALL {
        let rows = rows_of(catalog, samples, overheads, rate);
        if rows.is_empty() {
            continue;
        }
        let shrunk = factors::shrink(&rows, rate);
        let widening = if widen {
            factors::widening(&rows, rate)
        } else {
            1.0
        };
        let sources: BTreeSet<String> = rows.iter().map(|it| it.source.clone()).collect();
        let plain = |metric, value| Fitted {
            n: rows.len(),
            sources: sources.iter().cloned().collect(),
            ..Fitted::of(metric, Interval::exact(value))
        };
        out.push(plain(rate.factor(), shrunk.mean));
        out.push(plain(rate.scatter(), shrunk.scatter_half()));
        out.push(plain(rate.widening(), widening));
        out.extend(shrunk.factors.into_iter().map(|factor| {
            let [runtime, backend, family, quant, soc, model] = factor
                .parts
                .map(|part| Some(part).filter(|it| !it.is_empty()));
            Fitted {
                metric: rate.factor(),
                runtime,
                backend,
                family,
                quant,
                soc,
                model,
                value: Interval {
                    low: factor.value - factor.half,
                    likely: factor.value,
                    high: factor.value + factor.half,
                },
                n: factor.n,
                sources: factor.sources.into_iter().collect(),
            }
        }));
    }
    out
}

/// The samples of one rate as logarithms of their share of the chip's bandwidth.
pub(super) fn rows_of(
    catalog: &Catalog,
    samples: &[Sample],
    overheads: &Overheads,
    rate: Rate,
) -> Vec<Row> {
    let name = match rate {
        Rate::Decode => "decode",
        Rate::Prefill => "prefill",
    };
    let value = |sample: &Sample| match rate {
        Rate::Decode => overheads
            .get(&(sample.runtime, sample.backend))
            .copied()
            .unwrap_or_default()
            .bandwidth(sample),
        Rate::Prefill => Some(sample.seen.prefill? * sample.operations / sample.arithmetic),
    };
    samples
        .iter()
        .filter(|sample| sample.seen.serves(name))
        .filter_map(|sample| {
            Some(Row {
                value: factors::log_share(value(sample)?, sample.peak_bandwidth?)
                    - rate.generation(&catalog.socs[sample.soc.at()]),
                parts: [
                    catalog.runtimes[sample.runtime.at()].id.clone(),
                    catalog.backends[sample.backend.at()].id.clone(),
                    sample.family.id().to_owned(),
                    kernels(catalog, &sample.seen.quant).to_owned(),
                    catalog.socs[sample.soc.at()].id.clone(),
                    catalog.models[sample.model.at()].id.clone(),
                ],
                source: sample.seen.source.clone(),
                device: sample.seen.device.clone(),
            })
        })
        .collect()
}

/// The quantization that stands for `quant`, by id: mixes of one block type run on the same kernels.
fn kernels<'a>(catalog: &'a Catalog, quant: &'a str) -> &'a str {
    let found = catalog.quantizations.iter().find(|it| it.id == quant);
    found
        .and_then(|it| it.kernels_of)
        .map_or(quant, |it| catalog.quantizations[it.at()].id.as_str())
}

/// What the prefill rate leaves of the time to first token, over all engines: too few rows to tell them apart.
fn call_overhead(catalog: &Catalog, samples: &[Sample]) -> Option<Fitted> {
    let behind: Vec<&Sample> = samples.iter().filter(|it| it.seen.serves("ttft")).collect();
    let values: Vec<f64> = behind
        .iter()
        .filter_map(|it| {
            let left = it.seen.ttft? - it.seen.prompt? / it.seen.prefill?;
            Some(if left > 0.0 { left } else { 0.0 })
        })
        .collect();
    (values.len() >= POOLED_ROWS).then(|| {
        let value = spread(&values, Some(4));
        row(catalog, Metric::CallOverhead, None, value, &behind)
    })
}

/// Load time as bytes over a rate plus a fixed part; the rate is the one of a grid that leaves the least scatter.
fn load(catalog: &Catalog, samples: &[Sample]) -> Vec<Fitted> {
    const RATES: [f64; 8] = [0.5e9, 0.75e9, 1e9, 1.5e9, 2e9, 3e9, 5e9, 8e9];
    let mut rows = Vec::new();
    for (engine, samples) in by_engine(samples, "load") {
        if samples.len() < POOLED_ROWS {
            continue;
        }
        let fixed = |rate: f64| -> Vec<f64> {
            samples
                .iter()
                .filter_map(|it| {
                    let left = it.seen.load? - it.file / rate;
                    Some(if left > 0.0 { left } else { 0.0 })
                })
                .collect()
        };
        let error = |rate: f64| -> f64 {
            let middle = median(&mut fixed(rate));
            samples
                .iter()
                .filter_map(|it| {
                    let seen = it.seen.load?;
                    Some(((it.file / rate + middle) / seen - 1.0).abs())
                })
                .sum()
        };
        let best = RATES
            .into_iter()
            .map(|rate| (error(rate), rate))
            .reduce(|best, next| if next.0 < best.0 { next } else { best });
        let Some((_, rate)) = best else { continue };
        let chips = samples.iter().map(|it| it.soc).collect::<BTreeSet<_>>();
        let seconds = spread(&fixed(rate), Some(chips.len()));
        let rate = Interval::exact(rate);
        rows.push(row(catalog, Metric::LoadRate, Some(engine), rate, &samples));
        rows.push(row(
            catalog,
            Metric::LoadFixed,
            Some(engine),
            seconds,
            &samples,
        ));
    }
    rows
}

/// Resident memory beyond the weights, as a share of them, for engines without a closed form.
fn working_memory(catalog: &Catalog, samples: &[Sample]) -> Vec<Fitted> {
    by_engine(samples, "memory")
        .into_iter()
        .filter(|(_, samples)| samples.len() >= POOLED_ROWS)
        .map(|(engine, samples)| {
            let values: Vec<f64> = samples
                .iter()
                .filter_map(|it| {
                    let beyond = it.seen.peak_mb? * 1e6 / it.file - 1.0;
                    Some(if beyond > 0.05 { beyond } else { 0.05 })
                })
                .collect();
            let value = spread(&values, Some(4));
            row(
                catalog,
                Metric::WorkingMemoryShare,
                Some(engine),
                value,
                &samples,
            )
        })
        .collect()
}

/// Power of the whole phone while it generates without pause, over all engines.
fn power(samples: &[Sample]) -> Option<Fitted> {
    let behind: Vec<&Sample> = samples
        .iter()
        .filter(|it| it.seen.serves("power"))
        .collect();
    let values: Vec<f64> = behind.iter().filter_map(|it| it.seen.power).collect();
    let catalog = Catalog::default();
    (values.len() >= POOLED_ROWS).then(|| {
        row(
            &catalog,
            Metric::Power,
            None,
            spread(&values, Some(4)),
            &behind,
        )
    })
}
