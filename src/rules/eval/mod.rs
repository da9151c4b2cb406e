//! Whether a condition holds for a stack, in three values and over intervals, and which figures decide it.
//!
//! `truth` answers fast and allocates next to nothing, for thousands of stacks; `evaluate` says the reason as well.
//! Nothing here knows what a rule is.

mod compare;
mod confidence;
mod explain;
mod show;
mod value;

pub use compare::values as compare;
pub use confidence::narrow;
pub use show::show;
pub use value::value;

use super::facts::{Facts, Value};
use crate::diagnostic::OperandValue;
use crate::spec::expr::{Expr, ExprKind, LogicOp};

/// Yes, no, or not to be said with what is known (Kleene's strong logic).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kleene {
    /// It does not hold.
    False,
    /// It holds.
    True,
    /// A figure that decides it is unknown.
    Unknown,
}

impl Kleene {
    const fn not(self) -> Self {
        match self {
            Self::False => Self::True,
            Self::True => Self::False,
            Self::Unknown => Self::Unknown,
        }
    }
}

impl From<bool> for Kleene {
    fn from(value: bool) -> Self {
        if value { Self::True } else { Self::False }
    }
}

/// Which end of an interval a comparison looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// A comparison holds when some values inside the intervals make it hold: how a limit refuses.
    Pessimistic,
    /// The likely values alone.
    Likely,
    /// A comparison holds when all values inside the intervals make it hold: how a demand is met.
    Certain,
}

impl View {
    /// The view in which the negation is judged: possibly not x is not certainly x.
    #[must_use]
    pub const fn dual(self) -> Self {
        match self {
            Self::Pessimistic => Self::Certain,
            Self::Likely => Self::Likely,
            Self::Certain => Self::Pessimistic,
        }
    }
}

/// A figure the catalog does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// Message key of the figure.
    pub missing: &'static str,
    /// The record that lacks it.
    pub of: String,
}

/// The figures a condition asks about with `is unknown`, where the catalog lacks them.
#[must_use]
pub fn lacks(condition: &Expr, facts: &dyn Facts) -> Vec<Missing> {
    match &condition.kind {
        ExprKind::Logic(_, left, right) => {
            let mut found = lacks(left, facts);
            found.extend(lacks(right, facts));
            found
        }
        ExprKind::IsKnown(inner, false) => match value(inner, facts) {
            Value::Unknown { missing, of } => vec![Missing {
                missing,
                of: of.into(),
            }],
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

/// An answer with its reason.
#[derive(Debug, Clone, PartialEq)]
pub struct Truth {
    /// The answer.
    pub holds: Kleene,
    /// Both sides of the comparison that decided, and the facts they are computed from; empty when a flag did.
    pub operands: Vec<OperandValue>,
    /// How far the amount is beyond the limit (the right side), as a share of it; for comparisons of amounts.
    pub overshoot: Option<f64>,
    /// With the likely values the answer would be the other one.
    pub by_width: bool,
    /// What is missing, when the answer is unknown.
    pub unknown: Option<Missing>,
}

/// Judges a condition and says which figures decided.
#[must_use]
pub fn evaluate(condition: &Expr, facts: &dyn Facts, view: View) -> Truth {
    let holds = truth(condition, facts, view);
    let mut answer = Truth {
        holds,
        operands: Vec::new(),
        overshoot: None,
        by_width: false,
        unknown: None,
    };
    if holds == Kleene::Unknown {
        answer.unknown = explain::missing(condition, facts, view);
        return answer;
    }
    let likely = truth(condition, facts, View::Likely);
    answer.by_width = likely != Kleene::Unknown && likely != holds;
    if let Some(reason) = explain::reason(condition, facts, view, holds == Kleene::True) {
        answer.overshoot = reason.overshoot(facts);
        answer.operands = reason.operands(facts);
    }
    answer
}

/// The conditions that a condition joins, in the order they are written.
#[must_use]
pub fn conditions(when: &Expr) -> Vec<&Expr> {
    match &when.kind {
        ExprKind::Logic(_, left, right) => {
            let mut all = conditions(left);
            all.extend(conditions(right));
            all
        }
        ExprKind::Not(inner) => conditions(inner),
        _ => vec![when],
    }
}

/// Judges a condition. Something that is not a condition (a number) does not hold.
#[must_use]
pub fn truth(condition: &Expr, facts: &dyn Facts, view: View) -> Kleene {
    match &condition.kind {
        ExprKind::Bool(value) => (*value).into(),
        ExprKind::Fact(fact) => match facts.value(*fact) {
            Value::Bool(value) => value.into(),
            Value::Unknown { .. } => Kleene::Unknown,
            _ => Kleene::False,
        },
        ExprKind::Not(inner) => truth(inner, facts, view.dual()).not(),
        ExprKind::Logic(op, left, right) => {
            // The value that settles the whole: false for `and`, true for `or`.
            let settles = Kleene::from(*op == LogicOp::Or);
            let first = truth(left, facts, view);
            if first == settles {
                return first;
            }
            let second = truth(right, facts, view);
            if second == settles || first != Kleene::Unknown {
                second
            } else {
                Kleene::Unknown
            }
        }
        ExprKind::Compare(op, left, right) => {
            let (left, right) = compare::sides(left, right, facts);
            compare::values(*op, &left, &right, view)
        }
        ExprKind::In(item, list) => compare::member(item, list, facts, view),
        ExprKind::Has(list, item) => compare::member(item, list, facts, view),
        ExprKind::IsKnown(inner, known) => {
            let unknown = matches!(value(inner, facts), Value::Unknown { .. });
            (unknown != *known).into()
        }
        ExprKind::Quantity(_)
        | ExprKind::Text(_)
        | ExprKind::List(_)
        | ExprKind::Arithmetic(..) => Kleene::False,
    }
}

#[cfg(test)]
mod tests;
