//! The comparison that decided: the arithmetic a verdict shows.

use super::value::value;
use super::{Kleene, Missing, View, show, truth};
use crate::diagnostic::OperandValue;
use crate::quantity::Interval;
use crate::rules::facts::{Facts, Value};
use crate::spec::expr::{CompareOp, Expr, ExprKind, LogicOp};
use crate::spec::facts;

/// A comparison that decided, turned so that it holds.
pub(super) struct Reason<'e> {
    op: CompareOp,
    left: &'e Expr,
    right: &'e Expr,
    view: View,
}

/// Why `condition` is `wanted` in `view`: the last comparison of amounts that decided, else the last comparison.
pub(super) fn reason<'e>(
    condition: &'e Expr,
    facts: &dyn Facts,
    view: View,
    wanted: bool,
) -> Option<Reason<'e>> {
    let mut found = Vec::new();
    // That x does not hold in a view is that its negation holds in the dual one.
    let view = if wanted { view } else { view.dual() };
    collect(condition, wanted, facts, view, &mut found);
    let amounts = found.iter().rposition(|reason| {
        matches!(value(reason.left, facts), Value::Quantity(..))
            && matches!(value(reason.right, facts), Value::Quantity(..))
    });
    match amounts {
        Some(index) => Some(found.swap_remove(index)),
        None => found.pop(),
    }
}

/// Collects the comparisons that make `condition` (or, unless `positive`, its negation) hold in `view`.
fn collect<'e>(
    condition: &'e Expr,
    positive: bool,
    facts: &dyn Facts,
    view: View,
    found: &mut Vec<Reason<'e>>,
) {
    match &condition.kind {
        ExprKind::Not(inner) => collect(inner, !positive, facts, view, found),
        ExprKind::Logic(op, left, right) => {
            let both = (*op == LogicOp::And) == positive;
            let holds = |side: &Expr| {
                if positive {
                    truth(side, facts, view) == Kleene::True
                } else {
                    truth(side, facts, view.dual()) == Kleene::False
                }
            };
            if both || holds(left) {
                collect(left, positive, facts, view, found);
            }
            if both || !holds(left) {
                collect(right, positive, facts, view, found);
            }
        }
        ExprKind::Compare(op, left, right) => found.push(Reason {
            op: if positive { *op } else { op.negated() },
            left,
            right,
            view,
        }),
        ExprKind::In(left, right) | ExprKind::Has(right, left) => found.push(Reason {
            op: if positive {
                CompareOp::Equal
            } else {
                CompareOp::NotEqual
            },
            left,
            right,
            view,
        }),
        _ => {}
    }
}

impl Reason<'_> {
    /// How far the left side is beyond the right one, as a share of the right one, at the ends the view looks at.
    pub(super) fn overshoot(&self, facts: &dyn Facts) -> Option<f64> {
        let (Value::Quantity(a, _), Value::Quantity(b, _)) =
            (value(self.left, facts), value(self.right, facts))
        else {
            return None;
        };
        let pick = |interval: &Interval<f64>, high: bool| match (self.view, high) {
            (View::Likely, _) => interval.likely,
            (View::Pessimistic, true) | (View::Certain, false) => interval.high,
            (View::Pessimistic, false) | (View::Certain, true) => interval.low,
        };
        let (amount, limit, sign) = match self.op {
            CompareOp::Greater | CompareOp::AtLeast => (pick(&a, true), pick(&b, false), 1.0),
            CompareOp::Less | CompareOp::AtMost => (pick(&a, false), pick(&b, true), -1.0),
            CompareOp::Equal | CompareOp::NotEqual => return None,
        };
        (limit > 0.0).then(|| sign * (amount - limit) / limit)
    }

    /// Both sides, then the facts that computed sides are made of.
    pub(super) fn operands(&self, facts: &dyn Facts) -> Vec<OperandValue> {
        let mut operands = Vec::new();
        for side in [self.left, self.right] {
            if !matches!(side.kind, ExprKind::List(_)) {
                push(&mut operands, show(side), &value(side, facts));
            }
        }
        for side in [self.left, self.right] {
            if matches!(side.kind, ExprKind::Arithmetic(..)) {
                for fact in side.facts() {
                    push(
                        &mut operands,
                        facts::fact(fact).path.to_owned(),
                        &facts.value(fact),
                    );
                }
            }
        }
        operands
    }
}

fn push(operands: &mut Vec<OperandValue>, name: String, value: &Value<'_>) {
    if !operands.iter().any(|operand| operand.name == name) {
        operands.push(OperandValue {
            name,
            value: value.show(),
            span: None,
        });
    }
}

/// The first figure that is missing where the answer hangs on it.
pub(super) fn missing(condition: &Expr, facts: &dyn Facts, view: View) -> Option<Missing> {
    match &condition.kind {
        ExprKind::Not(inner) => missing(inner, facts, view.dual()),
        ExprKind::Logic(_, left, right) => [left, right]
            .into_iter()
            .filter(|side| truth(side, facts, view) == Kleene::Unknown)
            .find_map(|side| missing(side, facts, view)),
        _ => condition
            .facts()
            .into_iter()
            .find_map(|fact| match facts.value(fact) {
                Value::Unknown { missing, of } => Some(Missing {
                    missing,
                    of: of.to_owned(),
                }),
                _ => None,
            }),
    }
}
