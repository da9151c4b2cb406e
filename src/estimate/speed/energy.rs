//! Energy per token and battery drain, whole phone. Holds no constant of its own.

use super::super::calibration::Metric;
use super::super::trail::reason;
use super::super::types::Figure;
use super::{Timing, basis, product, quotient};
use crate::quantity::{
    BatteryDrain, Interval, JoulesPerToken, Seconds, Share, TokensPerSecond, Watts,
};

/// Joules for one generated token: power of the phone while generating over tokens per second.
pub(crate) fn energy(case: &Timing, decode: &Figure<TokensPerSecond>) -> Figure<JoulesPerToken> {
    let Figure::Known { value: speed, .. } = decode else {
        return reason(decode).unwrap_or(Figure::NotApplicable);
    };
    let Some(power) = case.constant(Metric::Power) else {
        return case.detail.unknown("unknown.power", case.runner());
    };
    let watts = power.value;
    let shown = watts.map(Watts::new);
    let mut trail = case.detail.trail();
    trail.line("step.power", basis(&power), shown, power.sources);
    // Power was measured on phones that had been generating for minutes: so must the speed be.
    let mut sustained = *speed;
    if let Some(share) = case.constant(Metric::SustainedShare) {
        let part = share.value;
        sustained = Interval {
            low: TokensPerSecond::new(speed.low.get() * part.low),
            likely: TokensPerSecond::new(speed.likely.get() * part.likely),
            high: TokensPerSecond::new(speed.high.get() * part.high),
        };
        let formula = format_args!("{speed} x {}", part.map(Share::new));
        trail.line("step.sustained", formula, sustained, share.sources);
    }
    let value = Interval {
        low: JoulesPerToken::new(watts.low / sustained.high.get()),
        likely: JoulesPerToken::new(watts.likely / sustained.likely.get()),
        high: JoulesPerToken::new(watts.high / sustained.low.get()),
    };
    let formula = format_args!("{shown} / {sustained}");
    trail.line("step.energy", formula, value, &[]);
    trail.known(value)
}

/// Requests an hour that a plan reckons with: one every three minutes, somebody who really uses the feature.
pub(crate) const REQUESTS: f64 = 20.0;

/// Percent of a full battery per hour at [`REQUESTS`], each taking its latency: the phone idles in between.
pub(crate) fn battery(case: &Timing, latency: &Figure<Seconds>) -> Figure<BatteryDrain> {
    let Some(power) = case.constant(Metric::Power) else {
        return case.detail.unknown("unknown.power", case.runner());
    };
    let Some(pack) = case.constant(Metric::BatteryPack) else {
        return case
            .detail
            .unknown("unknown.battery_pack", &case.platform.id);
    };
    let Figure::Known { value: each, .. } = latency else {
        return reason(latency).unwrap_or(Figure::NotApplicable);
    };
    let (watts, watt_hours) = (power.value, pack.value);
    let continuous = quotient(watts, watt_hours).map(|share| share * 100.0);
    let shown = watts.map(Watts::new);
    let formula = format_args!(
        "{shown} / {:.1} ({:.1} – {:.1}) Wh",
        watt_hours.likely, watt_hours.low, watt_hours.high
    );
    let mut trail = case.detail.trail();
    trail.line("step.power", basis(&power), shown, power.sources);
    let drain = continuous.map(BatteryDrain::new);
    trail.line("step.battery_continuous", formula, drain, pack.sources);
    let busy = each.map(|seconds| {
        let share = REQUESTS * seconds.get() / 3600.0;
        if share < 1.0 { share } else { 1.0 }
    });
    let formula = format_args!("{REQUESTS} x {each} / 3600 s");
    trail.line("step.busy", formula, busy.map(Share::new), &[]);
    let value = product(continuous, busy).map(BatteryDrain::new);
    trail.line("step.battery", "", value, &[]);
    trail.known(value)
}
