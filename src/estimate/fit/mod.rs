//! Calibration constants from published measurements. Pure: the same table and catalog give the same text.
//!
//! `catalog/calibration/fitted.yaml` is what [`fit`] makes of `catalog/calibration/measurements.csv`; a test compares
//! them. The method is described in `docs/concepts/speed.md`.

mod constants;
#[cfg(test)]
mod fit_test;
mod observation;
mod sample;
mod statistics;
#[cfg(test)]
mod validation_test;
mod yaml;

use crate::catalog::types::Catalog;

/// A fitted constant, ids spelled out.
#[derive(Debug, Clone, PartialEq)]
pub struct Fitted {
    /// Name of the constant.
    pub metric: &'static str,
    /// Engine, backend, quantization family and SoC it holds for; `None` for all.
    pub runtime: Option<String>,
    /// See `runtime`.
    pub backend: Option<String>,
    /// See `runtime`.
    pub family: Option<&'static str>,
    /// See `runtime`.
    pub soc: Option<String>,
    /// 5th percentile, median, 95th percentile.
    pub value: crate::quantity::Interval<f64>,
    /// Rows behind it.
    pub n: usize,
    /// Their sources, sorted.
    pub sources: Vec<String>,
}

/// Fits every constant the rows of `table` (CSV) support. `catalog` lends shapes, bandwidths and ids; its own
/// calibrations are not read.
#[must_use]
pub fn fit(catalog: &Catalog, table: &str) -> Vec<Fitted> {
    let samples = sample::samples(catalog, &observation::read(table));
    constants::all(catalog, &samples)
}

/// The constants as a catalog file.
#[must_use]
pub fn to_yaml(rows: &[Fitted]) -> String {
    yaml::write(rows)
}
