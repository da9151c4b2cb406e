//! From process start to a model that can answer. Holds no constant of its own.

use super::super::calibration::Metric;
use super::super::types::Figure;
use super::{Timing, bandwidth, basis};
use crate::catalog::types::WeightResidency;
use crate::quantity::{Bytes, BytesPerSecond, Interval, Seconds};

/// Time to load with warm compile caches: bytes made ready per second, and what does not depend on the file.
pub(crate) fn cold_start(case: &Timing, weights: Option<Interval<Bytes>>) -> Figure<Seconds> {
    if case.residency() == WeightResidency::SystemOwned {
        return Figure::NotApplicable;
    }
    let Some(weights) = weights else {
        return case
            .detail
            .unknown("unknown.artifact_bytes", &case.artifact.id);
    };
    let Some(rate) = case.constant(Metric::LoadRate) else {
        return case.detail.unknown("unknown.load_rate", case.runner());
    };
    let mut trail = case.detail.trail();
    let speed = rate.value;
    let reading = Interval {
        low: weights.low / BytesPerSecond::new(speed.high),
        likely: weights.likely / BytesPerSecond::new(speed.likely),
        high: weights.high / BytesPerSecond::new(speed.low),
    };
    let formula = format_args!("{weights} / {} ({})", bandwidth(speed), basis(&rate));
    trail.line("step.load_bytes", formula, reading, rate.sources);
    let mut value = reading;
    if let Some(fixed) = case.constant(Metric::LoadFixed) {
        let seconds = fixed.value.map(Seconds::new);
        trail.line("step.load_fixed", basis(&fixed), seconds, fixed.sources);
        value = value + seconds;
    }
    trail.line("step.cold_start", "", value, &[]);
    trail.known(value)
}
