//! From process start to a model that can answer. Holds no constant of its own.

use super::super::calibration::{self, metric};
use super::super::case::Case;
use super::super::step::{known, step, unknown};
use super::super::types::Figure;
use super::{bandwidth, basis};
use crate::catalog::types::WeightResidency;
use crate::quantity::{Bytes, BytesPerSecond, Interval, Seconds};

/// Time to load with warm compile caches: bytes made ready per second, and what does not depend on the file.
pub(crate) fn cold_start(case: &Case, weights: Option<Interval<Bytes>>) -> Figure<Seconds> {
    if case.residency() == WeightResidency::SystemOwned {
        return Figure::NotApplicable;
    }
    let Some(weights) = weights else {
        return unknown("unknown.artifact_bytes", case.artifact.id.clone());
    };
    let stack = || format!("{} / {}", case.runtime.id, case.backend.id);
    let Some(rate) = calibration::find(case, metric::LOAD_RATE) else {
        return unknown("unknown.load_rate", stack());
    };
    let mut steps = Vec::new();
    let speed = rate.value;
    let reading = Interval {
        low: weights.low / BytesPerSecond::new(speed.high),
        likely: weights.likely / BytesPerSecond::new(speed.likely),
        high: weights.high / BytesPerSecond::new(speed.low),
    };
    let formula = format!("{weights} / {} ({})", bandwidth(speed), basis(&rate));
    steps.push(step("step.load_bytes", formula, &reading, rate.sources));
    let mut value = reading;
    if let Some(fixed) = calibration::find(case, metric::LOAD_FIXED) {
        let seconds = fixed.value.map(Seconds::new);
        steps.push(step(
            "step.load_fixed",
            basis(&fixed),
            &seconds,
            fixed.sources,
        ));
        value = value + seconds;
    }
    steps.push(step("step.cold_start", "", &value, &[]));
    known(value, steps)
}
