//! Lines that bound each stack by itself, and the value each of them compares. Decides nothing.

use super::lines::{LineKind, Part, worst};
use super::question::Question;
use crate::rules::facts::{Facts, StackFacts, Value};
use crate::spec::expr::{CompareOp, FactId};

/// A line with a value that each stack meets or misses alone; also where the roles of a feature are added up, as a sum is no
/// less than its parts.
#[derive(Clone)]
pub(super) struct Bounded {
    /// Its number among the lines of the spec.
    pub(super) line: usize,
    fact: FactId,
    op: CompareOp,
    part: Part,
}

impl Bounded {
    /// A line of the spec; none where it has no such value.
    pub(super) fn of(question: &Question<'_>, line: usize) -> Option<Self> {
        match question.lines[line].kind {
            LineKind::Bound { fact, op, part, .. }
                if matches!(part, Part::Stack | Part::FeatureTime | Part::FeatureMemory) =>
            {
                Some(Self {
                    line,
                    fact,
                    op,
                    part,
                })
            }
            _ => None,
        }
    }

    /// The end of the stack's interval that the line fears. What nobody published meets no value, except in a sum of sizes,
    /// where what is known counts; what has no meaning for a stack is not bound.
    pub(super) fn value(&self, facts: &StackFacts<'_>) -> Option<f64> {
        match facts.value(self.fact) {
            Value::Quantity(interval, _) => Some(worst(&interval, self.op)),
            Value::Unknown { .. } if self.part.is_sum_of_sizes() => None,
            Value::Unknown { .. } if self.is_floor() => Some(-1.0),
            Value::Unknown { .. } => Some(f64::MAX),
            _ => None,
        }
    }

    /// Whether a value meets a limit; both in base units.
    pub(super) fn admits(&self, own: f64, limit: f64) -> bool {
        if self.is_floor() {
            own >= limit
        } else {
            own <= limit
        }
    }

    /// Whether the sizes of a feature's roles are added up.
    pub(super) fn is_sum_of_sizes(&self) -> bool {
        self.part.is_sum_of_sizes()
    }

    /// Whether it is a lower bound.
    pub(super) fn is_floor(&self) -> bool {
        self.op == CompareOp::AtLeast
    }
}
