//! Calibration constants from published measurements. Pure: the same table and catalog give the same text.
//!
//! `catalog/calibration/fitted.yaml` is what [`fit`] makes of `catalog/calibration/measurements.csv`; a test compares
//! them. The method is described in `docs/concepts/speed.md`.

mod constants;
mod factors;
mod files;
#[cfg(test)]
mod fit_test;
mod observation;
mod sample;
mod statistics;
#[cfg(test)]
mod validation_test;
mod yaml;

pub(crate) use self::files::file_of;
pub(crate) use self::observation::Observation;
pub(crate) use self::sample::{stacks, tied_copy};
pub(crate) use super::speed::traffic::text_params;

use crate::catalog::types::{Catalog, Metric};

/// A fitted constant, ids spelled out.
#[derive(Debug, Clone, PartialEq)]
pub struct Fitted {
    /// Which constant.
    pub metric: Metric,
    /// Engine, backend, quantization family and SoC it holds for; `None` for all.
    pub runtime: Option<String>,
    /// See `runtime`.
    pub backend: Option<String>,
    /// See `runtime`.
    pub family: Option<String>,
    /// See `runtime`.
    pub quant: Option<String>,
    /// See `runtime`.
    pub soc: Option<String>,
    /// See `runtime`.
    pub model: Option<String>,
    /// 5th percentile, median, 95th percentile; of a factor, of its natural logarithm.
    pub value: crate::quantity::Interval<f64>,
    /// Rows behind it.
    pub n: usize,
    /// Their sources, sorted.
    pub sources: Vec<String>,
}

impl Fitted {
    /// A constant that holds for everything, nobody behind it yet.
    pub(crate) const fn of(metric: Metric, value: crate::quantity::Interval<f64>) -> Self {
        Self {
            metric,
            runtime: None,
            backend: None,
            family: None,
            quant: None,
            soc: None,
            model: None,
            value,
            n: 0,
            sources: Vec::new(),
        }
    }
}

/// Fits every constant the rows of `table` (CSV) support. `catalog` lends shapes, bandwidths and ids; its own
/// calibrations are not read.
#[must_use]
pub fn fit(catalog: &Catalog, table: &str) -> Vec<Fitted> {
    let samples = sample::samples(catalog, &observation::read(table));
    let overheads = constants::overheads(&samples);
    constants::all(catalog, &samples, &overheads, true)
}

/// The constants as a catalog file.
#[must_use]
pub fn to_yaml(rows: &[Fitted]) -> String {
    yaml::write(rows)
}
