//! Turns samples into constants, one physical quantity at a time. Reads no text, writes none.

use std::collections::{BTreeMap, BTreeSet};

use super::Fitted;
use super::sample::Sample;
use super::statistics::{median, spread};
use crate::catalog::types::{BackendIx, Catalog, QuantFamily, RuntimeIx, SocIx};
use crate::estimate::calibration::Metric;
use crate::quantity::Interval;

/// Rows a chip needs for constants of its own.
const OWN_ROWS: usize = 5;
/// Rows a pooled constant needs.
const POOLED_ROWS: usize = 3;
/// Rows and models an engine needs before per-layer costs are told from bandwidth.
const OVERHEAD_ROWS: usize = 20;
const OVERHEAD_MODELS: usize = 5;

/// Every constant the samples support, in the order of the file.
pub(super) fn all(catalog: &Catalog, samples: &[Sample]) -> Vec<Fitted> {
    let mut rows = decode(catalog, samples);
    rows.extend(prefill(catalog, samples));
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
    metric: &'static str,
    engine: Option<Engine>,
    value: Interval<f64>,
    behind: &[&Sample],
) -> Fitted {
    let sources: BTreeSet<String> = behind.iter().map(|it| it.seen.source.clone()).collect();
    Fitted {
        metric,
        runtime: engine.map(|(runtime, _)| catalog.runtimes[runtime.at()].id.clone()),
        backend: engine.map(|(_, backend)| catalog.backends[backend.at()].id.clone()),
        family: None,
        soc: None,
        value,
        n: behind.len(),
        sources: sources.into_iter().collect(),
    }
}

/// Rates by family: one row a chip with enough samples, one pooled over chips as a share of their bandwidth, and one
/// pooled over families for those nobody measured.
fn rates(
    catalog: &Catalog,
    engine: Engine,
    samples: &[&Sample],
    (own, pooled): (&'static str, &'static str),
    rate: &dyn Fn(&Sample) -> Option<f64>,
) -> Vec<Fitted> {
    let mut rows = Vec::new();
    let families: BTreeSet<QuantFamily> = samples.iter().map(|it| it.family).collect();
    for family in families {
        let alike: Vec<&Sample> = samples
            .iter()
            .copied()
            .filter(|it| it.family == family)
            .collect();
        let named = |fitted: Fitted| Fitted {
            family: Some(family_id(family)),
            ..fitted
        };
        rows.extend(own_rates(catalog, engine, &alike, own, rate).map(named));
        rows.extend(pooled_rate(catalog, engine, &alike, pooled, rate).map(named));
    }
    rows.extend(pooled_rate(catalog, engine, samples, pooled, rate));
    rows
}

fn own_rates<'a>(
    catalog: &'a Catalog,
    engine: Engine,
    samples: &[&'a Sample],
    metric: &'static str,
    rate: &'a dyn Fn(&Sample) -> Option<f64>,
) -> impl Iterator<Item = Fitted> + use<'a> {
    let mut chips: BTreeMap<SocIx, Vec<&Sample>> = BTreeMap::new();
    for sample in samples {
        chips.entry(sample.soc).or_default().push(sample);
    }
    chips.into_iter().filter_map(move |(soc, samples)| {
        let values: Vec<f64> = samples.iter().filter_map(|it| rate(it)).collect();
        (values.len() >= OWN_ROWS).then(|| Fitted {
            soc: Some(catalog.socs[soc.at()].id.clone()),
            ..row(
                catalog,
                metric,
                Some(engine),
                spread(&values, None),
                &samples,
            )
        })
    })
}

fn pooled_rate(
    catalog: &Catalog,
    engine: Engine,
    samples: &[&Sample],
    name: &'static str,
    rate: &dyn Fn(&Sample) -> Option<f64>,
) -> Option<Fitted> {
    let chips: BTreeSet<SocIx> = samples.iter().map(|it| it.soc).collect();
    let values: Vec<f64> = samples
        .iter()
        .filter_map(|it| Some(rate(it)? / it.peak_bandwidth?))
        .collect();
    (values.len() >= POOLED_ROWS).then(|| {
        let mut value = spread(&values, Some(chips.len()));
        if name == Metric::DecodeBandwidthShare.id() {
            value.high = value.high.min(1.0);
        }
        row(catalog, name, Some(engine), value, samples)
    })
}

/// Per-layer costs of an engine, found on a grid: those that make one bandwidth a chip and family predict best.
#[derive(Clone, Copy)]
struct Overhead {
    layer: f64,
    recurrent: f64,
}

impl Overhead {
    fn of(self, sample: &Sample) -> f64 {
        self.layer * sample.layers + self.recurrent * sample.recurrent
    }

    /// Bytes per second once the fixed costs are taken off; `None` where they exceed the measured time.
    fn bandwidth(self, sample: &Sample) -> Option<f64> {
        let time = 1.0 / sample.seen.decode? - self.of(sample);
        (time > 0.0).then(|| sample.bytes / time)
    }

    /// Mean relative error of the decode speed, each chip and family at its median bandwidth.
    fn error(self, samples: &[&Sample]) -> f64 {
        let mut groups: BTreeMap<(SocIx, QuantFamily), Vec<f64>> = BTreeMap::new();
        for sample in samples {
            if let Some(bandwidth) = self.bandwidth(sample) {
                let key = (sample.soc, sample.family);
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
                let key = (sample.soc, sample.family);
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
    let none = Overhead {
        layer: 0.0,
        recurrent: 0.0,
    };
    let models: BTreeSet<&str> = samples.iter().map(|it| it.seen.model.as_str()).collect();
    if samples.len() < OVERHEAD_ROWS || models.len() < OVERHEAD_MODELS {
        return none;
    }
    let stateful = samples.iter().any(|it| it.recurrent > 0.0);
    let recurrent_steps = if stateful { 20 } else { 1 };
    let mut best = (none.error(samples), none);
    for layer in 0..14 {
        for recurrent in 0..recurrent_steps {
            let tried = Overhead {
                layer: f64::from(layer) * 50e-6,
                recurrent: f64::from(recurrent) * 500e-6,
            };
            let error = tried.error(samples);
            // A cost must earn its place: less than a twentieth of the error is not told from noise.
            if error < best.0 * 0.95 {
                best = (error, tried);
            }
        }
    }
    best.1
}

fn decode(catalog: &Catalog, samples: &[Sample]) -> Vec<Fitted> {
    let names = (
        Metric::DecodeBandwidth.id(),
        Metric::DecodeBandwidthShare.id(),
    );
    let mut rows = Vec::new();
    for (engine, samples) in by_engine(samples, "decode") {
        let overhead = overhead(&samples);
        for (name, seconds) in [
            (Metric::LayerOverhead.id(), overhead.layer),
            (Metric::RecurrentOverhead.id(), overhead.recurrent),
        ] {
            if seconds > 0.0 {
                let value = Interval::exact(seconds);
                rows.push(row(catalog, name, Some(engine), value, &samples));
            }
        }
        let bandwidth =
            |sample: &Sample| overhead.bandwidth(sample).map(|it| it.min(ceiling(sample)));
        rows.extend(rates(catalog, engine, &samples, names, &bandwidth));
    }
    let plain = Overhead {
        layer: 0.0,
        recurrent: 0.0,
    };
    let bandwidth = |sample: &Sample| plain.bandwidth(sample).map(|it| it.min(ceiling(sample)));
    rows.extend(any_engine(catalog, samples, "decode", names.1, &bandwidth));
    rows
}

/// No memory is read faster than it can be: what seems to be had fewer bytes to read than its file says.
fn ceiling(sample: &Sample) -> f64 {
    sample.peak_bandwidth.unwrap_or(f64::INFINITY)
}

/// A backend over all engines, for engines nobody measured on it. One engine is no base for another.
fn any_engine(
    catalog: &Catalog,
    samples: &[Sample],
    use_: &str,
    metric: &'static str,
    rate: &dyn Fn(&Sample) -> Option<f64>,
) -> Vec<Fitted> {
    let mut backends: BTreeMap<BackendIx, Vec<&Sample>> = BTreeMap::new();
    for sample in samples.iter().filter(|sample| sample.seen.serves(use_)) {
        backends.entry(sample.backend).or_default().push(sample);
    }
    backends
        .into_values()
        .filter(|samples| {
            let engines: BTreeSet<RuntimeIx> = samples.iter().map(|it| it.runtime).collect();
            engines.len() > 1
        })
        .filter_map(|samples| {
            let engine = samples.first().map(|it| (it.runtime, it.backend))?;
            let pooled = pooled_rate(catalog, engine, &samples, metric, rate)?;
            Some(Fitted {
                runtime: None,
                ..pooled
            })
        })
        .collect()
}

fn prefill(catalog: &Catalog, samples: &[Sample]) -> Vec<Fitted> {
    let names = (
        Metric::PrefillRate.id(),
        Metric::PrefillRatePerBandwidth.id(),
    );
    let rate = |sample: &Sample| Some(sample.seen.prefill? * sample.operations);
    let mut rows: Vec<Fitted> = by_engine(samples, "prefill")
        .into_iter()
        .flat_map(|(engine, samples)| rates(catalog, engine, &samples, names, &rate))
        .collect();
    rows.extend(any_engine(catalog, samples, "prefill", names.1, &rate));
    rows
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
        row(catalog, Metric::CallOverhead.id(), None, value, &behind)
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
        rows.push(row(
            catalog,
            Metric::LoadRate.id(),
            Some(engine),
            rate,
            &samples,
        ));
        rows.push(row(
            catalog,
            Metric::LoadFixed.id(),
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
                Metric::WorkingMemoryShare.id(),
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
            Metric::Power.id(),
            None,
            spread(&values, Some(4)),
            &behind,
        )
    })
}

/// The catalog's spelling of a family.
const fn family_id(family: QuantFamily) -> &'static str {
    match family {
        QuantFamily::Float => "float",
        QuantFamily::Legacy4 => "legacy4",
        QuantFamily::Int8 => "int8",
        QuantFamily::KQuant => "k-quant",
        QuantFamily::SubFour => "sub-four",
        QuantFamily::Iq4 => "iq4",
        QuantFamily::Mxfp4 => "mxfp4",
        QuantFamily::Group4 => "group4",
        QuantFamily::Ternary => "ternary",
        QuantFamily::System => "system",
    }
}
