//! Times, rates and energy from calibrated constants. Fits nothing; weighs nothing that is charged.

mod decode;
mod energy;
mod load;
mod prefill;
mod speech;
pub(super) mod traffic;

pub(super) use self::decode::decode;
pub(super) use self::energy::{battery, energy};
pub(super) use self::load::cold_start;
pub(super) use self::prefill::{latency, prefill, ttft};

use std::fmt::{self, Display, Formatter};

use super::calibration::{self, Constant, Metric};
use super::case::Case;
use super::trail::Trail;
use super::types::Figure;
use crate::catalog::types::Role;
use crate::quantity::{BytesPerSecond, Interval, TokensPerSecond};

/// Whether the model generates tokens at all.
fn generates(case: &Case) -> bool {
    case.model
        .roles
        .iter()
        .any(|role| matches!(role, Role::Llm | Role::Translate | Role::Vision))
}

/// The published speed of a model the system owns.
fn of_system(case: &Case, name: Metric) -> Figure<TokensPerSecond> {
    let Some(constant) = calibration::find(case, name) else {
        return case.detail.unknown("unknown.system_speed", &case.model.id);
    };
    let value = constant.value.map(TokensPerSecond::new);
    let mut trail = case.detail.trail();
    trail.line(
        "step.system_speed",
        basis(&constant),
        value,
        constant.sources,
    );
    trail.known(value)
}

/// Whether the model has that role.
fn plays(case: &Case, role: Role) -> bool {
    case.model.roles.contains(&role)
}

/// A rate measured on this SoC, or a pooled one scaled by the SoC's peak bandwidth.
fn rate_on_soc<'a, T>(
    case: &Case<'a>,
    own: Metric,
    pooled: Metric,
    trail: &mut Trail,
) -> Result<(Interval<f64>, Constant<'a>), Figure<T>> {
    if let Some(constant) = calibration::find(case, own).filter(|constant| constant.own_soc) {
        return Ok((constant.value, constant));
    }
    let Some(soc) = case.soc else {
        return Err(case.detail.unknown("unknown.soc", &case.platform.id));
    };
    let Some(peak) = &soc.bandwidth else {
        return Err(case.detail.unknown("unknown.soc_bandwidth", &soc.id));
    };
    let Some(constant) = calibration::find(case, pooled) else {
        let stack = format_args!(
            "{} / {} / {}",
            case.runtime.id, case.backend.id, case.quant.id
        );
        return Err(case.detail.unknown("unknown.calibration", stack));
    };
    let bandwidth = peak.value;
    trail.line("step.soc_bandwidth", &soc.name, bandwidth, &peak.sources);
    Ok((
        constant.value.map(|share| share * bandwidth.get()),
        constant,
    ))
}

/// How many measurements a constant stands on.
fn basis(constant: &Constant) -> impl Display + use<> {
    Basis(constant.n)
}

struct Basis(u32);

impl Display for Basis {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "n = {}", self.0)
    }
}

/// Wraps bytes per second for display.
fn bandwidth(value: Interval<f64>) -> Interval<BytesPerSecond> {
    value.map(BytesPerSecond::new)
}
