//! A rate as a product of factors: engine, backend, quantization, chip, model. Looks up and multiplies; fits nothing.
//!
//! `docs/concepts/speed.md` explains the levels. Each factor was shrunk towards one by the scale of its level, so that a
//! factor nobody measured is one, and as uncertain as its level is wide.

use super::arithmetic::{Arithmetic, doubt};
use super::case::Case;
use crate::catalog::types::{Catalog, Metric, ModelIx, QuantIx, Quantization, Soc, SourceIx};
use crate::quantity::{Interval, exp};

/// Half of a 90 % interval of a normal distribution, in standard deviations.
pub(crate) const HALF_WIDTH: f64 = 1.645;

/// The year that most measured chips are of.
const MIDDLE_YEAR: f64 = 2023.0;
/// Before this year chips have so little bandwidth that their cores fill it: the share falls no further.
const FIRST_YEAR: u16 = 2022;

/// Which rate a factor is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rate {
    /// Bytes read per second while decoding, as a share of the chip's peak bandwidth.
    Decode,
    /// Operations per second while prefilling, per byte/s of peak bandwidth (FLOP/B).
    Prefill,
}

impl Rate {
    /// Both.
    pub(crate) const ALL: [Self; 2] = [Self::Decode, Self::Prefill];

    /// What a year of progress adds to the logarithm: newer chips read a larger share of their peak bandwidth while
    /// decoding. A round figure; any between 0.1 and 0.2 predicts devices left out equally well, none does worse than 0.
    /// The arithmetic rate shows no such trend beyond that of the bandwidth.
    const fn a_year(self) -> f64 {
        match self {
            Self::Decode => 0.1,
            Self::Prefill => 0.0,
        }
    }

    /// What the generation of a chip adds to the logarithm; nothing where nobody says when it was first sold.
    pub(crate) fn generation(self, soc: &Soc) -> f64 {
        let year = soc.released.as_deref().and_then(|it| it.get(..4));
        let year = year.and_then(|it| it.parse::<u16>().ok());
        year.map_or(0.0, |year| {
            self.a_year() * (f64::from(year.max(FIRST_YEAR)) - MIDDLE_YEAR)
        })
    }

    /// The constant its factors are.
    pub(crate) const fn factor(self) -> Metric {
        match self {
            Self::Decode => Metric::DecodeFactor,
            Self::Prefill => Metric::PrefillFactor,
        }
    }

    /// The scatter that no factor explains: 90 % of the logarithms lie within it.
    pub(crate) const fn scatter(self) -> Metric {
        match self {
            Self::Decode => Metric::DecodeScatter,
            Self::Prefill => Metric::PrefillScatter,
        }
    }

    /// The widening that makes intervals hold nine in ten rows that were left out of the fit.
    pub(crate) const fn widening(self) -> Metric {
        match self {
            Self::Decode => Metric::DecodeWidening,
            Self::Prefill => Metric::PrefillWidening,
        }
    }
}

/// What a factor is of: a set of [`key`] bits.
pub(crate) type Level = u8;

/// Parts of a stack a factor may be of.
pub(crate) mod key {
    /// The engine.
    pub(crate) const RUNTIME: u8 = 1;
    /// The backend.
    pub(crate) const BACKEND: u8 = 2;
    /// The quantization family.
    pub(crate) const FAMILY: u8 = 4;
    /// The quantization itself, or the one of the same block type that stands for it.
    pub(crate) const QUANT: u8 = 8;
    /// The chip.
    pub(crate) const SOC: u8 = 16;
    /// The model.
    pub(crate) const MODEL: u8 = 32;
}

/// The levels with their scales: the standard deviation of the logarithm of a factor, for decode and prefill. They were
/// found once by maximum likelihood and rounded; halving or doubling any of them moves the errors on rows left out by
/// less than two per cent.
pub(crate) const LEVELS: [(Level, [f64; 2]); 10] = [
    (key::BACKEND, [0.3, 1.0]),
    (key::RUNTIME | key::BACKEND, [0.25, 0.5]),
    (key::BACKEND | key::FAMILY, [0.5, 0.4]),
    (key::BACKEND | key::QUANT, [0.5, 0.3]),
    (key::RUNTIME | key::BACKEND | key::FAMILY, [0.25, 0.3]),
    (key::SOC, [0.2, 0.3]),
    (key::SOC | key::BACKEND, [0.2, 0.25]),
    (key::SOC | key::RUNTIME | key::BACKEND, [0.15, 0.2]),
    (
        key::SOC | key::RUNTIME | key::BACKEND | key::FAMILY,
        [0.1, 0.15],
    ),
    (key::MODEL, [0.15, 0.12]),
];

/// The level at which a chip's own speed with an engine is known.
pub(crate) const OWN: Level = key::SOC | key::RUNTIME | key::BACKEND;

/// The level at which an engine's kernels of a type are known.
const OF_FAMILY: Level = key::RUNTIME | key::BACKEND | key::FAMILY;

/// Whether the doubt of a level is part of the doubt of [`OWN`], where that was measured: a chip's factor and its
/// factor with an engine are told from one sum.
pub(crate) const fn absorbed(level: Level) -> bool {
    level == key::SOC || level == key::SOC | key::BACKEND
}

/// Packs what a factor is of into one number: level, then the index of each part, or zero.
type Packed = u128;

fn packed(level: Level, parts: [Option<u32>; 6]) -> Packed {
    let mut out = Packed::from(level);
    for (bit, part) in parts.into_iter().enumerate() {
        let held = if level >> bit & 1 == 1 { part } else { None };
        out = out << 20 | Packed::from(held.unwrap_or(0));
    }
    out
}

/// One factor.
#[derive(Debug, Clone, Copy)]
struct Factor {
    value: f64,
    /// Square of the half width of its logarithm.
    square: f64,
    /// Number of its row among the catalog's calibrations.
    row: usize,
}

/// The factors of one rate, sorted for search.
#[derive(Debug, Clone)]
struct Table {
    /// Number of the row all factors multiply with.
    base: Option<usize>,
    base_value: f64,
    factors: Vec<(Packed, Factor)>,
    /// By model, where it was measured.
    models: Vec<Option<Factor>>,
    /// Square of the half width for a model that was not.
    unmeasured: f64,
    scatter: f64,
    widening: f64,
    /// What the generation of each chip multiplies with.
    generations: Vec<f64>,
}

/// The factors of both rates.
#[derive(Debug, Clone)]
pub(crate) struct Factors {
    tables: [Table; 2],
}

/// A rate per byte/s of peak bandwidth, and what is known of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Product<'a> {
    /// The likely value.
    pub(crate) likely: f64,
    /// Half the width of the logarithm's interval.
    pub(crate) half: f64,
    /// Measured on this chip with this engine and backend.
    pub(crate) own: bool,
    /// Measurements behind the narrowest factor.
    pub(crate) n: u32,
    /// Who measured them.
    pub(crate) sources: &'a [SourceIx],
}

/// What the stacks of a runner, a quantization and a chip share of a [`Product`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shared {
    likely: f64,
    /// Square of half the width of the logarithm's interval, before it is widened.
    square: f64,
    own: bool,
    /// Number of the row of the narrowest factor.
    row: usize,
}

impl Factors {
    pub(crate) fn new(catalog: &Catalog) -> Self {
        Self {
            tables: Rate::ALL.map(|rate| table(catalog, rate)),
        }
    }

    /// The product of all factors but the model's; `None` where neither the backend nor the engine of the case was
    /// measured anywhere.
    pub(crate) fn shared(&self, rate: Rate, case: &Case) -> Option<Shared> {
        let table = &self.tables[rate as usize];
        let base = table.base?;
        let parts = [
            Some(case.engine.0),
            Some(case.stack.backend.0),
            Some(case.quant.family as u32),
            Some(kernels(case.quant, case.artifact.quant).0),
            case.phone.soc.map(|soc| soc.0),
            None,
        ];
        let arithmetic = (rate == Rate::Prefill).then(|| Arithmetic::of(case));
        let generation = case
            .phone
            .soc
            .and_then(|soc| table.generations.get(soc.at()));
        let mut found = Shared {
            likely: table.base_value
                * generation.copied().unwrap_or(1.0)
                * arithmetic.map_or(1.0, |it| it.likely()),
            square: table.scatter * table.scatter,
            own: false,
            row: base,
        };
        let mut backend_known = false;
        let own = table
            .factors
            .binary_search_by_key(&packed(OWN, parts), |it| it.0);
        found.own = own.is_ok();
        let mut family_known = false;
        for (level, scales) in LEVELS.into_iter().filter(|it| it.0 != key::MODEL) {
            let wanted = packed(level, parts);
            match table.factors.binary_search_by_key(&wanted, |it| it.0) {
                Ok(at) => {
                    let factor = table.factors[at].1;
                    found.likely *= factor.value;
                    if !(found.own && absorbed(level)) {
                        found.square += factor.square;
                    }
                    backend_known |= level == key::BACKEND;
                    family_known |= level == OF_FAMILY;
                    found.row = factor.row;
                }
                Err(_) if found.own && absorbed(level) => {}
                Err(_) => {
                    let half = HALF_WIDTH * scales[rate as usize];
                    found.square += half * half;
                }
            }
        }
        if let Some(arithmetic) = arithmetic {
            // Once somebody timed the chip, or the type, only the product counts.
            if !found.own {
                found.square += doubt(arithmetic.units);
            }
            if !family_known {
                found.square += doubt(arithmetic.width);
            }
        }
        backend_known.then_some(found)
    }

    /// The same with the factor of a model.
    pub(crate) fn product<'a>(
        &self,
        catalog: &'a Catalog,
        rate: Rate,
        shared: &Shared,
        model: ModelIx,
    ) -> Product<'a> {
        let table = &self.tables[rate as usize];
        let row = &catalog.calibrations[shared.row];
        let (likely, square) = match table.models.get(model.at()).copied().flatten() {
            Some(factor) => (shared.likely * factor.value, factor.square),
            None => (shared.likely, table.unmeasured),
        };
        Product {
            likely,
            half: (shared.square + square).sqrt() * table.widening,
            own: shared.own,
            n: row.n,
            sources: &row.sources,
        }
    }
}

/// The quantization that stands for another where speed is concerned: mixes of one block type run on the same kernels.
fn kernels(quantization: &Quantization, itself: QuantIx) -> QuantIx {
    quantization.kernels_of.unwrap_or(itself)
}

fn table(catalog: &Catalog, rate: Rate) -> Table {
    let named = |metric: Metric| {
        catalog
            .calibrations
            .iter()
            .enumerate()
            .filter(move |(_, it)| it.metric == metric)
    };
    let single = |metric| named(metric).next().map(|(_, row)| row.likely);
    let mut base = None;
    let mut factors = Vec::new();
    for (number, row) in named(rate.factor()) {
        let parts = [
            row.runtime.map(|it| it.0),
            row.backend.map(|it| it.0),
            row.family.map(|it| it as u32),
            row.quant
                .map(|it| kernels(&catalog.quantizations[it.at()], it).0),
            row.soc.map(|it| it.0),
            row.model.map(|it| it.0),
        ];
        let level = parts
            .iter()
            .enumerate()
            .filter(|(_, part)| part.is_some())
            .fold(0, |level, (bit, _)| level | 1 << bit);
        if level == 0 {
            base = Some((number, row.likely));
            continue;
        }
        let half = (row.high - row.low) / 2.0;
        let factor = Factor {
            value: exp(row.likely),
            square: half * half,
            row: number,
        };
        factors.push((packed(level, parts), factor));
    }
    // A later file sharpens an earlier one: of two rows of the same key the later stands.
    factors.reverse();
    factors.sort_by_key(|it| it.0);
    factors.dedup_by_key(|it| it.0);
    let of_model = |at: usize| {
        let wanted = packed(key::MODEL, [None, None, None, None, None, Some(at as u32)]);
        let found = factors.binary_search_by_key(&wanted, |it| it.0);
        found.ok().map(|at| factors[at].1)
    };
    let scales = LEVELS.into_iter().filter(|it| it.0 == key::MODEL);
    let half = |scale: f64| HALF_WIDTH * scale;
    let unmeasured = scales
        .map(|it| half(it.1[rate as usize]))
        .map(|half| half * half);
    Table {
        models: (0..catalog.models.len()).map(of_model).collect(),
        unmeasured: unmeasured.sum(),
        base: base.map(|(number, _)| number),
        base_value: base.map_or(1.0, |(_, likely)| exp(likely)),
        factors,
        scatter: single(rate.scatter()).unwrap_or(0.0),
        widening: single(rate.widening()).unwrap_or(1.0),
        generations: catalog
            .socs
            .iter()
            .map(|soc| exp(rate.generation(soc)))
            .collect(),
    }
}

impl Product<'_> {
    /// The interval of the rate, `peak` being the chip's bandwidth and `doubt` the half width of its logarithm.
    pub(crate) fn times(&self, peak: f64, doubt: f64) -> Interval<f64> {
        let ratio = exp((self.half * self.half + doubt * doubt).sqrt());
        let likely = self.likely * peak;
        Interval {
            low: likely / ratio,
            likely,
            high: likely * ratio,
        }
    }
}
