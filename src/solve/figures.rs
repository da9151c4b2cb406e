//! What a stack is worth for each objective, as a number to compare and as words.
//!
//! Quality is an order, not a sum: see [`quality`]. Predicted speeds and energies are compared at two significant
//! digits, as they are shown: a difference within the noise of the prediction decides nothing. Bytes are exact.

use super::question::Question;
use super::store::AtStore;
use super::types::{DeviceClass, ObjectiveValue, Slot};
use crate::catalog::types::{Catalog, QuantFamily, Quantization, Role};
use crate::estimate::Speeds;
use crate::estimate::types::{Estimate, Figure, Stack};
use crate::quantity::{Bytes, JoulesPerToken, Seconds, TokensPerSecond};
use crate::spec::model::Objective;
use crate::spec::{Comfort, comfort};

/// KL divergence from the unquantized model (nats) up to which a quantization counts as its equal.
const FAITHFUL_KLD: f64 = 0.05;
/// KL divergence beyond which a quantization has lost more than the next smaller model would.
const DAMAGED_KLD: f64 = 0.12;
/// Nominal bits from which a quantization nobody measured counts as faithful.
const FAITHFUL_BITS: f64 = 6.0;
/// Nominal bits under which a quantization nobody measured counts as damaged.
const DAMAGED_BITS: f64 = 4.0;

/// How much of a model a quantization keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fidelity {
    /// Ranks below every stack that is not damaged, whatever the model.
    Damaged,
    /// Worse than the model's faithful files, better than a lesser model.
    Reduced,
    /// As good as the original for the purpose of choosing.
    Faithful,
}

/// The fidelity of a quantization: by its published divergence, else by whether it was trained for, else by its bits.
#[must_use]
pub fn fidelity(quant: &Quantization) -> Fidelity {
    if let Some(kld) = &quant.kld {
        return match kld.value {
            kld if kld <= FAITHFUL_KLD => Fidelity::Faithful,
            kld if kld <= DAMAGED_KLD => Fidelity::Reduced,
            _ => Fidelity::Damaged,
        };
    }
    let whole = matches!(
        quant.family,
        QuantFamily::Float | QuantFamily::Int8 | QuantFamily::System
    );
    if whole || quant.trained || quant.bits.value >= FAITHFUL_BITS {
        Fidelity::Faithful
    } else if quant.bits.value >= DAMAGED_BITS {
        Fidelity::Reduced
    } else {
        Fidelity::Damaged
    }
}

/// The place of a stack in the quality order, larger is better: not damaged, then the model's place, then fidelity,
/// then the runtime's own KV cache type before a smaller one. A model without a published place comes last.
pub(super) fn quality(catalog: &Catalog, stack: &Stack, role: Role, kv_reduced: bool) -> f64 {
    let model = &catalog.models[stack.model.at()];
    let artifact = &catalog.artifacts[stack.artifact.at()];
    let fidelity = fidelity(&catalog.quantizations[artifact.quant.at()]);
    let place = model
        .quality_in(role)
        .map_or(0.0, |quality| 1.0 + quality.index.clamp(0.0, 1000.0));
    // Digits of one number: places have three decimals, so that each digit outweighs all that follow.
    let sound = if fidelity == Fidelity::Damaged {
        0.0
    } else {
        1.0
    };
    let faithful = if fidelity == Fidelity::Faithful {
        1.0
    } else {
        0.0
    };
    let own_kv = if kv_reduced { 0.0 } else { 1.0 };
    ((sound * 10_000.0 + (place * 1000.0).round() / 1000.0) * 10_000.0) + faithful * 2.0 + own_kv
}

/// A stack as objectives compare it.
#[derive(Clone, Copy)]
pub(super) struct Compared<'c> {
    /// What it would fill.
    pub(super) slot: Slot,
    /// On which phones.
    pub(super) class: &'c DeviceClass,
    /// The stack.
    pub(super) stack: &'c Stack,
    /// Its figures there.
    pub(super) estimate: &'c Estimate,
    /// Whether its KV type is smaller than the runtime's own.
    pub(super) kv_reduced: bool,
}

/// The score of an objective, larger is better; negative infinity where the figure is unknown.
pub(super) fn score(question: &Question<'_>, one: Compared<'_>, objective: Objective) -> f64 {
    let Compared {
        slot,
        class,
        stack,
        estimate,
        kv_reduced,
    } = one;
    match Measure::of(objective, estimate) {
        Some(Measure::Size(figure)) => less(figure, Bytes::as_f64, false),
        Some(Measure::Time(figure)) => less(figure, |s| s.get(), true),
        Some(Measure::Energy(figure)) => less(figure, |e| e.get(), true),
        Some(Measure::Rate(figure)) => match figure {
            Figure::Known { value, .. } => two_digits(value.likely.get()),
            Figure::NotApplicable => 0.0,
            Figure::Unknown { .. } => f64::NEG_INFINITY,
        },
        None if objective == Objective::Quality => {
            quality(question.catalog, stack, slot.role, kv_reduced)
        }
        None if objective == Objective::Store => AtStore::of(question, class, estimate).score(),
        None => {
            let feature = &question.spec.features[slot.feature];
            comfortable(estimate, comfort(feature.task.value))
        }
    }
}

/// The figure that an objective compares.
pub(super) enum Measure<'e> {
    Size(&'e Figure<Bytes>),
    Time(&'e Figure<Seconds>),
    Energy(&'e Figure<JoulesPerToken>),
    Rate(&'e Figure<TokensPerSecond>),
}

impl<'e> Measure<'e> {
    /// None for quality and comfort, which are more than one figure, and for the store's threshold, which depends on the phone.
    pub(super) const fn of(objective: Objective, estimate: &'e Estimate) -> Option<Self> {
        Some(match objective {
            Objective::Quality | Objective::Comfort | Objective::Store => return None,
            Objective::Memory => Self::Size(&estimate.peak),
            Objective::Download => Self::Size(&estimate.download),
            Objective::Storage => Self::Size(&estimate.storage),
            Objective::Ttft => Self::Time(&estimate.ttft),
            Objective::Latency => Self::Time(&estimate.latency),
            Objective::ColdStart => Self::Time(&estimate.cold_start),
            Objective::Energy => Self::Energy(&estimate.energy),
            Objective::Decode => Self::Rate(&estimate.decode),
        })
    }

    /// Whether it has no meaning for the stack.
    pub(super) const fn is_void(&self) -> bool {
        match self {
            Self::Size(figure) => matches!(figure, Figure::NotApplicable),
            Self::Time(figure) => matches!(figure, Figure::NotApplicable),
            Self::Energy(figure) => matches!(figure, Figure::NotApplicable),
            Self::Rate(figure) => matches!(figure, Figure::NotApplicable),
        }
    }

    fn shown(&self) -> String {
        match self {
            Self::Size(figure) => shown(figure),
            Self::Time(figure) => shown(figure),
            Self::Energy(figure) => shown(figure),
            Self::Rate(figure) => shown(figure),
        }
    }
}

/// The speeds an objective looks at.
pub(super) const fn speeds(objective: Objective) -> Speeds {
    match objective {
        Objective::Quality
        | Objective::Memory
        | Objective::Download
        | Objective::Storage
        | Objective::Store => Speeds::NONE,
        // Where there are no tokens, waiting is for the whole answer.
        Objective::Comfort | Objective::Latency => Speeds::LATENCY,
        Objective::Ttft => Speeds::TTFT,
        Objective::Decode => Speeds::DECODE,
        Objective::Energy => Speeds::ENERGY,
        Objective::ColdStart => Speeds::COLD_START,
    }
}

/// How near a stack comes to comfort, by its likely figures: 2 within it, 1 within twice, 0 beyond, less where it is
/// unknown. The worse of waiting and decoding counts.
fn comfortable(estimate: &Estimate, comfort: Comfort) -> f64 {
    let wait = match &estimate.ttft {
        Figure::NotApplicable => &estimate.latency,
        ttft => ttft,
    };
    let wait = steps(wait, |s| s.get() / comfort.wait.get());
    let decode = steps(&estimate.decode, |rate| comfort.decode.get() / rate.get());
    wait.min(decode)
}

fn steps<T: Copy + PartialOrd>(figure: &Figure<T>, times: impl Fn(T) -> f64) -> f64 {
    match figure {
        Figure::NotApplicable => 2.0,
        Figure::Unknown { .. } => -1.0,
        Figure::Known { value, .. } => match times(value.likely) {
            times if times <= 1.0 => 2.0,
            times if times <= 2.0 => 1.0,
            _ => 0.0,
        },
    }
}

fn shown_comfort(estimate: &Estimate) -> String {
    let wait = match &estimate.ttft {
        Figure::NotApplicable => &estimate.latency,
        ttft => ttft,
    };
    match &estimate.decode {
        Figure::NotApplicable => shown(wait),
        decode => format!("{}, {}", shown(wait), shown(decode)),
    }
}

/// Minus the likely value; a figure without meaning scores as nothing spent.
fn less<T: Copy + PartialOrd>(figure: &Figure<T>, read: impl Fn(T) -> f64, rounded: bool) -> f64 {
    match figure {
        Figure::Known { value, .. } if rounded => -two_digits(read(value.likely)),
        Figure::Known { value, .. } => -read(value.likely),
        Figure::NotApplicable => 0.0,
        Figure::Unknown { .. } => f64::NEG_INFINITY,
    }
}

/// A positive number rounded to two significant digits, by arithmetic that is the same on every machine.
fn two_digits(value: f64) -> f64 {
    if !(value > 0.0 && value < f64::MAX) {
        return value;
    }
    let (mut scale, mut scaled) = (1.0, value);
    while scaled >= 100.0 {
        scaled /= 10.0;
        scale *= 10.0;
    }
    while scaled < 10.0 {
        scaled *= 10.0;
        scale /= 10.0;
    }
    scaled.round() * scale
}

/// The order of floats as an order of integers.
pub(super) fn ordinal(score: f64) -> i64 {
    let bits = score.to_bits() as i64;
    bits ^ (((bits >> 63) as u64) >> 1) as i64
}

/// An objective's value in words and as a number.
pub(super) fn objective_value(
    question: &Question<'_>,
    one: Compared<'_>,
    objective: Objective,
) -> ObjectiveValue {
    let value = match Measure::of(objective, one.estimate) {
        Some(measure) => measure.shown(),
        None if objective == Objective::Quality => {
            shown_quality(question.catalog, one.stack, one.slot.role)
        }
        None if objective == Objective::Store => {
            AtStore::of(question, one.class, one.estimate).shown()
        }
        None => shown_comfort(one.estimate),
    };
    ObjectiveValue {
        objective,
        value,
        score: score(question, one, objective),
    }
}

fn shown<T: Copy + PartialOrd + std::fmt::Display>(figure: &Figure<T>) -> String {
    match figure {
        Figure::Known { value, .. } => value.likely.to_string(),
        Figure::Unknown { .. } => "?".to_owned(),
        Figure::NotApplicable => "–".to_owned(),
    }
}

fn shown_quality(catalog: &Catalog, stack: &Stack, role: Role) -> String {
    let model = &catalog.models[stack.model.at()];
    let artifact = &catalog.artifacts[stack.artifact.at()];
    let quant = &catalog.quantizations[artifact.quant.at()];
    let place = model
        .quality_in(role)
        .map_or_else(|| "?".to_owned(), |quality| format!("{:.1}", quality.index));
    format!("{place} ({})", quant.name)
}

#[cfg(test)]
mod tests {
    use super::{ordinal, two_digits};

    #[test]
    fn ordinals_keep_the_order_of_floats() {
        let rising = [
            f64::NEG_INFINITY,
            -2.5,
            -1.0,
            -1e-9,
            0.0,
            1e-9,
            1.0,
            7.5,
            f64::INFINITY,
        ];
        for pair in rising.windows(2) {
            assert!(ordinal(pair[0]) < ordinal(pair[1]), "{pair:?}");
        }
    }

    #[test]
    fn noise_is_rounded_away() {
        assert_eq!(two_digits(12.34), 12.0);
        assert_eq!(two_digits(0.01234), two_digits(0.0124));
        assert_eq!(two_digits(0.0), 0.0);
        assert!(two_digits(1234.0) != two_digits(1334.0));
    }
}
