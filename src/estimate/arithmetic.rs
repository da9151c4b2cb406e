//! What is known of a backend's arithmetic before anybody times it: matrix units of a GPU, the width of a type. Fits nothing.
//!
//! The factors of `factors` stand on what these leave, so that a chip with matrix units lends nothing to one without, and
//! floats on a CPU nothing to 4-bit weights.

use super::calibration::{Constant, Metric, find};
use super::case::Case;
use crate::quantity::ln;

/// What multiplies the rate of plain arithmetic with 8-bit integers or half floats. Absent parts are one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Arithmetic<'a> {
    /// The chip's GPU has matrix units, and the engine uses them.
    pub(crate) units: Option<Constant<'a>>,
    /// The type's kernels do more or fewer operations an instruction than others.
    pub(crate) width: Option<Constant<'a>>,
}

impl<'a> Arithmetic<'a> {
    pub(crate) fn of(case: &Case<'a>) -> Self {
        let units = case.soc.filter(|soc| soc.matrix_units);
        Self {
            units: units.and_then(|_| find(case, Metric::MatrixSpeedup)),
            width: find(case, Metric::TypeThroughput),
        }
    }

    /// Both together.
    pub(crate) fn likely(&self) -> f64 {
        let parts = [self.units, self.width].into_iter().flatten();
        parts.map(|part| part.value.likely).product()
    }
}

/// The square of half the width of a constant's logarithm; nothing where it is absent.
pub(crate) fn doubt(constant: Option<Constant>) -> f64 {
    constant.map_or(0.0, |it| {
        let half = ln(it.value.high / it.value.low) / 2.0;
        half * half
    })
}
