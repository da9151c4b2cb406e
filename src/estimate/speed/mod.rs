//! Times, rates and energy from calibrated constants. Fits nothing; weighs nothing that is charged.

mod asked;
mod decode;
mod energy;
mod load;
mod prefill;
#[cfg(test)]
mod prefill_test;
mod speech;
#[cfg(test)]
mod speech_test;
pub(super) mod traffic;
#[cfg(test)]
mod traffic_test;

pub use self::asked::Speeds;
pub(super) use self::decode::decode;
pub(crate) use self::energy::REQUESTS;
pub(super) use self::energy::{battery, energy};
pub(super) use self::load::cold_start;
pub(super) use self::prefill::{latency, prefill, ttft};
pub(super) use self::traffic::Demand;

use std::fmt::{self, Display, Formatter};
use std::ops::Deref;
use std::sync::Arc;

use super::arithmetic::Arithmetic;
use super::calibration::{Constant, Metric};
use super::case::Case;
use super::factors::{Product, Rate};
use super::pace::Pace;
use super::trail::{Detail, Trail};
use super::types::Figure;
use crate::catalog::types::Role;
use crate::quantity::{BytesPerSecond, Interval, TokensPerSecond};

/// A case with what its times follow from.
pub(super) struct Timing<'a> {
    case: Case<'a>,
    demand: Demand,
    pace: Arc<Pace>,
}

impl<'a> Timing<'a> {
    /// The case, and `demand`, which must be its own.
    pub(super) fn new(case: Case<'a>, demand: Demand) -> Self {
        Self {
            pace: case.constants.paces.of(&case),
            case,
            demand,
        }
    }
}

impl<'a> Timing<'a> {
    /// The measured constant that fits best.
    fn constant(&self, metric: Metric) -> Option<Constant<'a>> {
        let constants = self.case.constants;
        self.pace
            .row(metric)
            .map(|number| constants.constant(number))
    }
}

impl<'a> Deref for Timing<'a> {
    type Target = Case<'a>;

    fn deref(&self) -> &Case<'a> {
        &self.case
    }
}

/// Whether the model generates tokens at all.
fn generates(case: &Case) -> bool {
    case.model
        .roles
        .iter()
        .any(|role| matches!(role, Role::Llm | Role::Translate | Role::Vision))
}

/// The published speed of a model the system owns.
fn of_system(case: &Timing, name: Metric) -> Figure<TokensPerSecond> {
    let Some(constant) = case.constant(name) else {
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

/// What other chips of a class and generation may differ in bandwidth: half the width of the logarithm.
const PLACED_DOUBT: f64 = 0.5;

/// The rate of the chip: its peak bandwidth times the product of the factors.
fn rate_on_soc<'a, T>(
    case: &Timing<'a>,
    rate: Rate,
    trail: &mut Trail,
) -> Result<(Interval<f64>, Product<'a>), Figure<T>> {
    let Some(soc) = case.soc else {
        return Err(case.detail.unknown("unknown.soc", &case.platform.id));
    };
    let Some((peak, placed)) = case.peak_bandwidth() else {
        return Err(case.detail.unknown("unknown.soc_bandwidth", &soc.id));
    };
    let Some(shared) = case.pace.rate(rate) else {
        let stack = format_args!(
            "{} / {} / {}",
            case.runtime.id, case.backend.id, case.quant.id
        );
        return Err(case.detail.unknown("unknown.calibration", stack));
    };
    let factors = case.constants.factors();
    let product = factors.product(case.constants.catalog(), rate, shared, case.stack.model);
    let what = if placed {
        "step.soc_bandwidth_placed"
    } else {
        "step.soc_bandwidth"
    };
    trail.line(what, &soc.name, peak.value, &peak.sources);
    if rate == Rate::Prefill && case.detail == Detail::Derivation {
        arithmetic(case, trail);
    }
    let doubt = if placed && !product.own {
        PLACED_DOUBT
    } else {
        0.0
    };
    Ok((product.times(peak.value.get(), doubt), product))
}

/// What is known of the chip's arithmetic beside its measured rate.
fn arithmetic(case: &Timing, trail: &mut Trail) {
    let Arithmetic { units, width } = Arithmetic::of(case);
    let parts = [
        ("step.matrix_units", units),
        ("step.type_throughput", width),
    ];
    for (what, constant) in parts {
        if let Some(it) = constant {
            let Interval { low, likely, high } = it.value;
            let shown = format_args!("x {likely:.2} ({low:.2} – {high:.2})");
            trail.line(what, basis(&it), shown, it.sources);
        }
    }
}

/// How many measurements a constant stands on.
fn basis(constant: &Constant) -> impl Display + use<> {
    Basis(constant.n)
}

/// The product of the factors, and how many measurements its narrowest stands on.
fn share(product: &Product) -> impl Display + use<> {
    SharedBasis(product.likely, product.n)
}

struct SharedBasis(f64, u32);

impl Display for SharedBasis {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "x {:.2}, n = {}", self.0, self.1)
    }
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

/// `a / b` of two figures whose errors have nothing to do with each other: the relative errors add as squares do, for both
/// are seldom at their ends at once.
fn quotient(a: Interval<f64>, b: Interval<f64>) -> Interval<f64> {
    product(a, b.map(|b| 1.0 / b))
}

/// `a x b`, as [`quotient`].
fn product(a: Interval<f64>, b: Interval<f64>) -> Interval<f64> {
    let together = |one: f64, other: f64| 1.0 + (square(one - 1.0) + square(other - 1.0)).sqrt();
    let likely = a.likely * b.likely;
    Interval {
        low: likely / together(a.likely / a.low, b.likely / b.low),
        likely,
        high: likely * together(a.high / a.likely, b.high / b.likely),
    }
}

fn square(x: f64) -> f64 {
    x * x
}
