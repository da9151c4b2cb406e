//! Figures of the estimate as data of the plan.

use super::context::{Context, Use};
use super::words::message;
use crate::estimate::types::{Figure, Step};
use crate::plan::types::{Derivation, Estimated, Measure, Unit};
use crate::quantity::{Bytes, Interval, Params, Tokens};

/// A quantity whose plain number the plan carries.
pub(super) trait Number: Copy + PartialOrd {
    /// The number in base units.
    fn number(self) -> f64;
}

impl Number for Bytes {
    fn number(self) -> f64 {
        self.as_f64()
    }
}

macro_rules! number {
    ($($kind:ty),*) => {$(
        impl Number for $kind {
            fn number(self) -> f64 {
                self.get()
            }
        }
    )*};
}
number!(
    crate::quantity::Seconds,
    crate::quantity::TokensPerSecond,
    crate::quantity::JoulesPerToken,
    crate::quantity::BatteryDrain
);

/// An interval with its unit.
pub(super) fn measure<T: Number>(value: &Interval<T>, unit: Unit) -> Measure {
    Measure {
        low: value.low.number(),
        likely: value.likely.number(),
        high: value.high.number(),
        unit,
    }
}

/// A count of tokens.
pub(super) fn tokens(count: Tokens) -> Measure {
    Measure::exact(count.get() as f64, Unit::Tokens)
}

/// A count of parameters.
pub(super) fn params(count: Params) -> Measure {
    Measure::exact(count.get() as f64, Unit::Params)
}

/// A figure with its derivation; its sources are cited.
pub(super) fn estimated<T: Number>(
    context: &Context<'_>,
    figure: &Figure<T>,
    unit: Unit,
) -> Estimated {
    match figure {
        Figure::Known { value, steps } => Estimated::Known {
            value: measure(value, unit),
            derivation: steps.iter().map(|step| derivation(context, step)).collect(),
        },
        Figure::Unknown { missing, of } => Estimated::Unknown {
            id: (*missing).to_owned(),
            missing: message(missing),
            of: of.clone(),
        },
        Figure::NotApplicable => Estimated::NotApplicable,
    }
}

fn derivation(context: &Context<'_>, step: &Step) -> Derivation {
    Derivation {
        id: step.what.to_owned(),
        what: message(step.what),
        formula: step.formula.clone(),
        result: step.result.clone(),
        sources: context.cite(Use::Figure, &step.sources),
    }
}
