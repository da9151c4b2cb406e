//! Finds the measured constant that fits a case best. Fits nothing: that is `fit`'s work.

use super::buffers::Buffers;
use super::case::Case;
use super::factors::Factors;
use super::pace::Paces;
pub(crate) use crate::catalog::types::Metric;
use crate::catalog::types::{Calibration, Catalog, SourceIx};
use crate::quantity::Interval;

/// Memory is what the runtime takes, whatever the chip.
const fn is_of_memory(metric: Metric) -> bool {
    matches!(
        metric,
        Metric::WorkingMemoryShare | Metric::WorkingMemoryFixed
    )
}

/// A constant as used in a derivation.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Constant<'a> {
    /// 5th percentile, median, 95th percentile.
    pub(crate) value: Interval<f64>,
    /// Measurements behind it.
    pub(crate) n: u32,
    /// Who measured.
    pub(crate) sources: &'a [SourceIx],
}

/// The rows of a catalog by what they are of, so that no estimate reads them all.
#[derive(Debug, Clone)]
pub(crate) struct Constants<'a> {
    catalog: &'a Catalog,
    /// Numbers of calibrations, in the order of [`Metric::ALL`]; the most specific first, and those of one kind as the
    /// catalog has them.
    rows: Vec<Vec<usize>>,
    /// What llama.cpp's graphs take, as far as they were asked for.
    pub(crate) buffers: Buffers,
    factors: Factors,
    /// The constants of runners on chips, as far as they were asked for.
    pub(super) paces: Paces,
}

impl<'a> Constants<'a> {
    /// Sorts the rows of `catalog`; left out are those of no known metric, and those that tie memory to a chip.
    pub(crate) fn new(catalog: &'a Catalog) -> Self {
        let of = |metric: Metric| {
            let calibrations = catalog.calibrations.iter().enumerate();
            let mut rows: Vec<usize> = calibrations
                .filter(|(_, row)| row.metric == metric)
                .filter(|(_, row)| row.soc.is_none() || !is_of_memory(metric))
                .map(|(number, _)| number)
                .collect();
            rows.sort_by_key(|&number| std::cmp::Reverse(weight(&catalog.calibrations[number])));
            rows
        };
        Self {
            catalog,
            rows: Metric::ALL.map(of).into(),
            buffers: Buffers::default(),
            factors: Factors::new(catalog),
            paces: Paces::default(),
        }
    }

    /// The catalog they are of.
    pub(crate) const fn catalog(&self) -> &'a Catalog {
        self.catalog
    }

    /// The factors of the rates.
    pub(crate) const fn factors(&self) -> &Factors {
        &self.factors
    }

    /// The constant a row states.
    pub(super) fn constant(&self, number: usize) -> Constant<'a> {
        let row = &self.catalog.calibrations[number];
        Constant {
            value: Interval::of(row.low, row.likely, row.high),
            n: row.n,
            sources: &row.sources,
        }
    }

    fn of(&self, metric: Metric) -> &[usize] {
        self.rows.get(metric as usize).map_or(&[], Vec::as_slice)
    }
}

/// The most specific row of `metric` that holds for the case: SoC before runtime before backend before family.
pub(crate) fn find<'a>(case: &Case<'a>, metric: Metric) -> Option<Constant<'a>> {
    find_row(case, metric).map(|number| case.constants.constant(number))
}

/// Its number among the catalog's calibrations.
pub(super) fn find_row(case: &Case, metric: Metric) -> Option<usize> {
    let mut rows = case.constants.of(metric).iter().copied();
    rows.find(|&number| fits(case, &case.constants.catalog.calibrations[number]))
}

/// How specific a row is, by what it names.
fn weight(row: &Calibration) -> u8 {
    let named = |named: bool, weight: u8| if named { weight } else { 0 };
    named(row.soc.is_some(), 8)
        + named(row.runtime.is_some(), 4)
        + named(row.backend.is_some(), 2)
        + named(row.family.is_some(), 1)
}

/// Whether a row is about nothing else than the case.
fn fits(case: &Case, row: &Calibration) -> bool {
    (row.soc.is_none() || row.soc == case.phone.soc)
        && row.runtime.is_none_or(|runtime| runtime == case.engine)
        && row
            .backend
            .is_none_or(|backend| backend == case.stack.backend)
        && row.family.is_none_or(|family| family == case.quant.family)
}
