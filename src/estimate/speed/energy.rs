//! Energy per token and battery drain, whole phone. Holds no constant of its own.

use super::super::calibration::{self, Metric};
use super::super::case::Case;
use super::super::trail::reason;
use super::super::types::Figure;
use super::{basis, generates};
use crate::quantity::{BatteryDrain, Interval, JoulesPerToken, Share, TokensPerSecond, Watts};

/// Joules for one generated token: power of the phone while generating over tokens per second.
pub(crate) fn energy(case: &Case, decode: &Figure<TokensPerSecond>) -> Figure<JoulesPerToken> {
    let Figure::Known { value: speed, .. } = decode else {
        return reason(decode).unwrap_or(Figure::NotApplicable);
    };
    let Some(power) = calibration::find(case, Metric::Power) else {
        return case.detail.unknown("unknown.power", case.runner());
    };
    let watts = power.value;
    let shown = watts.map(Watts::new);
    let mut trail = case.detail.trail();
    trail.line("step.power", basis(&power), shown, power.sources);
    // Power was measured on phones that had been generating for minutes: so must the speed be.
    let mut sustained = *speed;
    if let Some(share) = calibration::find(case, Metric::SustainedShare) {
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

/// Percent of a full battery per hour of generating without pause.
pub(crate) fn battery(case: &Case) -> Figure<BatteryDrain> {
    if !generates(case) {
        return Figure::NotApplicable;
    }
    let Some(power) = calibration::find(case, Metric::Power) else {
        return case.detail.unknown("unknown.power", case.runner());
    };
    let Some(pack) = calibration::find(case, Metric::BatteryPack) else {
        return case
            .detail
            .unknown("unknown.battery_pack", &case.platform.id);
    };
    let (watts, watt_hours) = (power.value, pack.value);
    let value = Interval {
        low: BatteryDrain::new(watts.low / watt_hours.high * 100.0),
        likely: BatteryDrain::new(watts.likely / watt_hours.likely * 100.0),
        high: BatteryDrain::new(watts.high / watt_hours.low * 100.0),
    };
    let shown = watts.map(Watts::new);
    let formula = format_args!(
        "{shown} / {:.1} ({:.1} – {:.1}) Wh",
        watt_hours.likely, watt_hours.low, watt_hours.high
    );
    let mut trail = case.detail.trail();
    trail.line("step.power", basis(&power), shown, power.sources);
    trail.line("step.battery", formula, value, pack.sources);
    trail.known(value)
}
