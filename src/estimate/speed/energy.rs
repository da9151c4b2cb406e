//! Energy per token and battery drain, whole phone. Holds no constant of its own.

use super::super::calibration::{self, metric};
use super::super::case::Case;
use super::super::step::{known, reason, step, unknown};
use super::super::types::Figure;
use super::{basis, generates};
use crate::quantity::{BatteryDrain, Interval, JoulesPerToken, Share, TokensPerSecond, Watts};

/// Joules for one generated token: power of the phone while generating over tokens per second.
pub(crate) fn energy(case: &Case, decode: &Figure<TokensPerSecond>) -> Figure<JoulesPerToken> {
    let Figure::Known { value: speed, .. } = decode else {
        return reason(decode).unwrap_or(Figure::NotApplicable);
    };
    let Some(power) = calibration::find(case, metric::POWER) else {
        let stack = format!("{} / {}", case.runtime.id, case.backend.id);
        return unknown("unknown.power", stack);
    };
    let watts = power.value;
    let shown = watts.map(Watts::new);
    let mut steps = vec![step("step.power", basis(&power), &shown, power.sources)];
    // Power was measured on phones that had been generating for minutes: so must the speed be.
    let mut sustained = *speed;
    if let Some(share) = calibration::find(case, metric::SUSTAINED_SHARE) {
        let part = share.value;
        sustained = Interval {
            low: TokensPerSecond::new(speed.low.get() * part.low),
            likely: TokensPerSecond::new(speed.likely.get() * part.likely),
            high: TokensPerSecond::new(speed.high.get() * part.high),
        };
        let formula = format!("{speed} x {}", part.map(Share::new));
        steps.push(step("step.sustained", formula, &sustained, share.sources));
    }
    let value = Interval {
        low: JoulesPerToken::new(watts.low / sustained.high.get()),
        likely: JoulesPerToken::new(watts.likely / sustained.likely.get()),
        high: JoulesPerToken::new(watts.high / sustained.low.get()),
    };
    let formula = format!("{shown} / {sustained}");
    steps.push(step("step.energy", formula, &value, &[]));
    known(value, steps)
}

/// Percent of a full battery per hour of generating without pause.
pub(crate) fn battery(case: &Case) -> Figure<BatteryDrain> {
    if !generates(case) {
        return Figure::NotApplicable;
    }
    let stack = || format!("{} / {}", case.runtime.id, case.backend.id);
    let Some(power) = calibration::find(case, metric::POWER) else {
        return unknown("unknown.power", stack());
    };
    let Some(pack) = calibration::find(case, metric::BATTERY_PACK) else {
        return unknown("unknown.battery_pack", case.platform.id.clone());
    };
    let (watts, watt_hours) = (power.value, pack.value);
    let value = Interval {
        low: BatteryDrain::new(watts.low / watt_hours.high * 100.0),
        likely: BatteryDrain::new(watts.likely / watt_hours.likely * 100.0),
        high: BatteryDrain::new(watts.high / watt_hours.low * 100.0),
    };
    let shown = watts.map(Watts::new);
    let formula = format!(
        "{shown} / {:.1} ({:.1} – {:.1}) Wh",
        watt_hours.likely, watt_hours.low, watt_hours.high
    );
    let steps = vec![
        step("step.power", basis(&power), &shown, power.sources),
        step("step.battery", formula, &value, pack.sources),
    ];
    known(value, steps)
}
