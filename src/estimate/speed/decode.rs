//! Tokens generated per second: bandwidth over bytes. Holds no constant of its own.

use super::super::calibration::Metric;
use super::super::factors::Rate;
use super::super::kv;
use super::super::trail::{Detail, Trail};
use super::super::types::Figure;
use super::{Timing, bandwidth, generates, of_system, rate_on_soc, share};
use crate::catalog::types::WeightResidency;
use crate::quantity::{Bytes, Interval, Seconds, TokensPerSecond};

/// Decode speed with the context filled by half.
pub(crate) fn decode(case: &Timing) -> Figure<TokensPerSecond> {
    if !generates(case) {
        return Figure::NotApplicable;
    }
    if case.residency() == WeightResidency::SystemOwned {
        return of_system(case, Metric::SystemDecode);
    }
    let Some(traffic) = case.demand.traffic else {
        return case
            .detail
            .unknown("unknown.artifact_bytes", &case.artifact.id);
    };
    let mut trail = case.detail.trail();
    let sources = case.shape().map_or(&[][..], |(_, sources)| sources);
    trail.line(
        "step.bytes_per_token",
        format_args!(
            "{} + {} ({} tokens)",
            traffic.weights, traffic.cache, traffic.filled
        ),
        traffic.total,
        sources,
    );
    let (rate, product) = match rate_on_soc(case, Rate::Decode, &mut trail) {
        Ok(found) => found,
        Err(figure) => return figure,
    };
    trail.line(
        if product.own {
            "step.effective_bandwidth_own"
        } else {
            "step.effective_bandwidth_pooled"
        },
        share(&product),
        bandwidth(rate),
        product.sources,
    );
    let fixed = fixed_costs(case, &mut trail);
    let value = speed(traffic.total, rate, fixed);
    trail.line("step.decode", "", value, &[]);
    trail.known(value)
}

/// The decode speed alone; nothing where it is unknown or has no meaning.
pub(super) fn decode_speed(case: &Timing) -> Option<Interval<TokensPerSecond>> {
    let mut silent = Detail::Figures.trail();
    let traffic = case.demand.traffic.filter(|_| generates(case))?;
    let (rate, _) = rate_on_soc::<()>(case, Rate::Decode, &mut silent).ok()?;
    let fixed = fixed_costs(case, &mut silent);
    Some(speed(traffic.total, rate, fixed))
}

/// Bytes over bandwidth, and the fixed part. That is small and its scatter is in the bandwidth's already: its median
/// serves for all three.
fn speed(bytes: Interval<Bytes>, rate: Interval<f64>, fixed: f64) -> Interval<TokensPerSecond> {
    let of = |bytes: Bytes, rate: f64| TokensPerSecond::new(1.0 / (bytes.as_f64() / rate + fixed));
    Interval {
        low: of(bytes.high, rate.low),
        likely: of(bytes.likely, rate.likely),
        high: of(bytes.low, rate.high),
    }
}

/// What a token costs beside its bytes: calls, launches, and for recurrent layers what the backend cannot do itself.
fn fixed_costs(case: &Timing, trail: &mut Trail) -> f64 {
    let Some((shape, _)) = case.shape() else {
        return 0.0;
    };
    let parts = [
        (Metric::TokenOverhead, 1),
        (Metric::LayerOverhead, shape.layers),
        (Metric::RecurrentOverhead, kv::recurrent_layers(shape)),
    ];
    let mut total = 0.0;
    for (metric, layers) in parts {
        let Some(cost) = case.constant(metric).filter(|_| layers > 0) else {
            continue;
        };
        let seconds = cost.value.likely * f64::from(layers);
        let formula = format_args!("{layers} x {:.0} µs", cost.value.likely * 1e6);
        let shown = Seconds::new(seconds);
        trail.line("step.layer_overhead", formula, shown, cost.sources);
        total += seconds;
    }
    total
}
