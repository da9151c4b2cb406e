//! The derivation of a figure as it grows, or none at all. Computes nothing.
//!
//! Each formula is written once. Whether its lines are worded is the trail's affair: a search over thousands of stacks
//! asks for figures alone, and then nothing is formatted or allocated.

use std::fmt::Display;

use super::types::{Figure, Step};
use crate::catalog::types::SourceIx;
use crate::quantity::{Bytes, Interval};

/// How much an estimate says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Detail {
    /// The figures alone.
    Figures,
    /// The figures, and whose the missing ones are.
    Named,
    /// The same, and how each was reached.
    Derivation,
}

impl Detail {
    /// An empty derivation.
    pub(crate) const fn trail(self) -> Trail {
        Trail {
            detail: self,
            steps: Vec::new(),
        }
    }

    /// A figure that lacks an input of the record `of`.
    pub(crate) fn unknown<T>(self, missing: &'static str, of: impl Display) -> Figure<T> {
        let of = match self {
            Self::Figures => String::new(),
            Self::Named | Self::Derivation => of.to_string(),
        };
        Figure::Unknown { missing, of }
    }
}

/// The lines so far.
#[derive(Debug)]
pub(crate) struct Trail {
    detail: Detail,
    steps: Vec<Step>,
}

impl Trail {
    /// Adds a line.
    #[inline]
    pub(crate) fn line(
        &mut self,
        what: &'static str,
        formula: impl Display,
        result: impl Display,
        sources: &[SourceIx],
    ) {
        if self.detail == Detail::Derivation {
            self.steps.push(Step {
                what,
                formula: formula.to_string(),
                result: result.to_string(),
                sources: sources.to_vec(),
            });
        }
    }

    /// Ends in a figure whose last line is its value.
    pub(crate) fn known<T: Copy + PartialOrd>(self, value: Interval<T>) -> Figure<T> {
        Figure::Known {
            value,
            steps: self.steps,
        }
    }
}

/// The same reason for another kind of figure; `None` when the figure is known.
pub(crate) fn reason<T, U>(figure: &Figure<T>) -> Option<Figure<U>> {
    match figure {
        Figure::Known { .. } => None,
        Figure::Unknown { missing, of } => Some(Figure::Unknown {
            missing,
            of: of.clone(),
        }),
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
