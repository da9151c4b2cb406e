//! The value of an expression: literals, facts and interval arithmetic.

use crate::quantity::{Dimension, Interval};
use crate::rules::facts::{Facts, Value};
use crate::spec::expr::{ArithmeticOp, Expr, ExprKind};

/// The value of `expression`. Conditions have none; `truth` judges them.
#[must_use]
pub fn value<'a>(expression: &'a Expr, facts: &'a dyn Facts) -> Value<'a> {
    match &expression.kind {
        ExprKind::Quantity(quantity) => Value::exact(quantity.value, quantity.dimension),
        ExprKind::Text(text) => Value::Text(text),
        ExprKind::Bool(value) => Value::Bool(*value),
        ExprKind::Fact(fact) => facts.value(*fact),
        ExprKind::List(items) => Value::List(
            items
                .iter()
                .filter_map(|item| match &item.kind {
                    ExprKind::Text(text) => Some(text.as_str()),
                    _ => None,
                })
                .collect(),
        ),
        ExprKind::Arithmetic(op, left, right) => {
            arithmetic(*op, value(left, facts), value(right, facts))
        }
        ExprKind::Not(_)
        | ExprKind::Logic(..)
        | ExprKind::Compare(..)
        | ExprKind::In(..)
        | ExprKind::Has(..)
        | ExprKind::IsKnown(..) => Value::Nothing,
    }
}

fn arithmetic<'a>(op: ArithmeticOp, left: Value<'a>, right: Value<'a>) -> Value<'a> {
    match (left, right) {
        (Value::Nothing, _) | (_, Value::Nothing) => Value::Nothing,
        (unknown @ Value::Unknown { .. }, _) | (_, unknown @ Value::Unknown { .. }) => unknown,
        (Value::Quantity(a, da), Value::Quantity(b, db)) => match compute(op, &a, &b) {
            Some(result) => Value::Quantity(result, dimension(op, da, db)),
            None => Value::Nothing,
        },
        _ => Value::Nothing,
    }
}

/// Interval arithmetic; `None` for a quotient whose divisor may be zero.
fn compute(op: ArithmeticOp, a: &Interval<f64>, b: &Interval<f64>) -> Option<Interval<f64>> {
    Some(match op {
        ArithmeticOp::Add => *a + *b,
        ArithmeticOp::Subtract => Interval {
            low: a.low - b.high,
            likely: a.likely - b.likely,
            high: a.high - b.low,
        },
        ArithmeticOp::Multiply => hull(a, b, |x, y| x * y),
        ArithmeticOp::Divide if b.low <= 0.0 && b.high >= 0.0 => return None,
        ArithmeticOp::Divide => hull(a, b, |x, y| x / y),
    })
}

/// The interval spanned by `f` at the four corners.
fn hull(a: &Interval<f64>, b: &Interval<f64>, f: impl Fn(f64, f64) -> f64) -> Interval<f64> {
    let corners = [
        f(a.low, b.low),
        f(a.low, b.high),
        f(a.high, b.low),
        f(a.high, b.high),
    ];
    let likely = f(a.likely, b.likely);
    let mut hull = Interval::exact(likely);
    for corner in corners {
        if corner < hull.low {
            hull.low = corner;
        }
        if corner > hull.high {
            hull.high = corner;
        }
    }
    hull
}

/// What the result measures; the checker has let only these through.
fn dimension(op: ArithmeticOp, a: Dimension, b: Dimension) -> Dimension {
    use Dimension as D;
    let scalar = |dimension| matches!(dimension, D::Number | D::Share);
    match op {
        ArithmeticOp::Add | ArithmeticOp::Subtract => a,
        ArithmeticOp::Multiply if scalar(a) => b,
        ArithmeticOp::Multiply if scalar(b) => a,
        ArithmeticOp::Multiply => match (a, b) {
            (D::EnergyPerToken, D::Rate) | (D::Rate, D::EnergyPerToken) => D::Power,
            (D::EnergyPerToken, D::Tokens) | (D::Tokens, D::EnergyPerToken) => D::Energy,
            (D::Rate, D::Time) | (D::Time, D::Rate) => D::Tokens,
            (D::Bandwidth, D::Time) | (D::Time, D::Bandwidth) => D::Bytes,
            (D::Power, D::Time) | (D::Time, D::Power) => D::Energy,
            _ => D::Number,
        },
        ArithmeticOp::Divide if scalar(b) => a,
        ArithmeticOp::Divide => match (a, b) {
            (D::Tokens, D::Rate) | (D::Bytes, D::Bandwidth) | (D::Energy, D::Power) => D::Time,
            (D::Tokens, D::Time) => D::Rate,
            (D::Bytes, D::Time) => D::Bandwidth,
            (D::Energy, D::Tokens) => D::EnergyPerToken,
            (D::Energy, D::Time) => D::Power,
            _ => D::Number,
        },
    }
}
