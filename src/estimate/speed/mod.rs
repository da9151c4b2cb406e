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

use super::calibration::{self, Constant};
use super::case::Case;
use super::step::{known, step, unknown};
use super::types::{Figure, Step};
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
fn of_system(case: &Case, name: &'static str) -> Figure<TokensPerSecond> {
    let Some(constant) = calibration::find(case, name) else {
        return unknown("unknown.system_speed", case.model.id.clone());
    };
    let value = constant.value.map(TokensPerSecond::new);
    let line = step(
        "step.system_speed",
        basis(&constant),
        &value,
        constant.sources,
    );
    known(value, vec![line])
}

/// Whether the model has that role.
fn plays(case: &Case, role: Role) -> bool {
    case.model.roles.contains(&role)
}

/// A rate measured on this SoC, or a pooled one scaled by the SoC's peak bandwidth.
fn rate_on_soc<'a, T>(
    case: &Case<'a>,
    own: &'static str,
    pooled: &'static str,
    steps: &mut Vec<Step>,
) -> Result<(Interval<f64>, Constant<'a>), Figure<T>> {
    if let Some(constant) = calibration::find(case, own).filter(|constant| constant.own_soc) {
        return Ok((constant.value, constant));
    }
    let Some(soc) = case.soc else {
        return Err(unknown("unknown.soc", case.platform.id.clone()));
    };
    let Some(peak) = &soc.bandwidth else {
        return Err(unknown("unknown.soc_bandwidth", soc.id.clone()));
    };
    let Some(constant) = calibration::find(case, pooled) else {
        let stack = format!(
            "{} / {} / {}",
            case.runtime.id, case.backend.id, case.quant.id
        );
        return Err(unknown("unknown.calibration", stack));
    };
    let bandwidth = peak.value;
    steps.push(step(
        "step.soc_bandwidth",
        soc.name.clone(),
        &bandwidth,
        &peak.sources,
    ));
    Ok((
        constant.value.map(|share| share * bandwidth.get()),
        constant,
    ))
}

/// How many measurements a constant stands on.
fn basis(constant: &Constant) -> String {
    format!("n = {}", constant.n)
}

/// Wraps bytes per second for display.
fn bandwidth(value: Interval<f64>) -> Interval<BytesPerSecond> {
    value.map(BytesPerSecond::new)
}
