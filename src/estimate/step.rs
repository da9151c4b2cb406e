//! Short ways to write a derivation line or a figure. Computes nothing.

use std::fmt::Display;

use super::types::{Figure, Step};
use crate::catalog::types::SourceIx;
use crate::quantity::{Bytes, Interval};

/// One line of a derivation.
pub(crate) fn step(
    what: &'static str,
    formula: impl Into<String>,
    result: &impl Display,
    sources: &[SourceIx],
) -> Step {
    Step {
        what,
        formula: formula.into(),
        result: result.to_string(),
        sources: sources.to_vec(),
    }
}

/// A known figure whose last line is its value.
pub(crate) fn known<T: Copy + PartialOrd>(value: Interval<T>, steps: Vec<Step>) -> Figure<T> {
    Figure::Known { value, steps }
}

/// A figure that lacks an input.
pub(crate) fn unknown<T>(missing: &'static str, of: impl Into<String>) -> Figure<T> {
    Figure::Unknown {
        missing,
        of: of.into(),
    }
}

/// The same reason for another kind of figure; `None` when the figure is known.
pub(crate) fn reason<T, U>(figure: &Figure<T>) -> Option<Figure<U>> {
    match figure {
        Figure::Known { .. } => None,
        Figure::Unknown { missing, of } => Some(unknown(missing, of.clone())),
        Figure::NotApplicable => Some(Figure::NotApplicable),
    }
}

/// `a - b` where both may lie anywhere in their intervals; never below zero.
pub(crate) fn minus(a: Interval<Bytes>, b: Interval<Bytes>) -> Interval<Bytes> {
    Interval {
        low: a.low.saturating_sub(b.high),
        likely: a.likely.saturating_sub(b.likely),
        high: a.high.saturating_sub(b.low),
    }
}
