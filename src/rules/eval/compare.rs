//! Comparisons of two values under a view.

use super::value::value;
use super::{Kleene, View};
use crate::quantity::{Dimension, Interval, Quantity};
use crate::rules::facts::{Facts, Value};
use crate::spec::expr::{CompareOp, Expr, ExprKind};

/// Both sides of a comparison. A model's size is rounded to the last digit its limit is written with, because sizes are names
/// before they are figures: `4 B` covers a model of 4.02 B, `1.7 B` one of 1.72 B.
pub(super) fn sides<'a>(
    left: &'a Expr,
    right: &'a Expr,
    facts: &'a dyn Facts,
) -> (Value<'a>, Value<'a>) {
    let (a, b) = (value(left, facts), value(right, facts));
    match (&left.kind, &right.kind) {
        (_, ExprKind::Quantity(limit)) => (named(a, *limit), b),
        (ExprKind::Quantity(limit), _) => {
            let b = named(b, *limit);
            (a, b)
        }
        _ => (a, b),
    }
}

fn named<'a>(value: Value<'a>, limit: Quantity) -> Value<'a> {
    match value {
        Value::Quantity(size, Dimension::Params) if limit.dimension == Dimension::Params => {
            let step = last_digit(limit.value);
            Value::Quantity(
                size.map(|size| (size / step).round() * step),
                Dimension::Params,
            )
        }
        other => other,
    }
}

/// The worth of the last digit of a size: a billion for 4 B, a hundred million for 1.7 B, at the least a hundred thousand.
fn last_digit(size: f64) -> f64 {
    let steps = [1e9, 1e8, 1e7, 1e6];
    let fits = |step: &f64| (size / step).round() * step == size;
    steps.into_iter().find(fits).unwrap_or(1e5)
}

/// `left op right`. What has no meaning compares with nothing; what is unknown leaves the answer open.
#[must_use]
pub fn values(op: CompareOp, left: &Value<'_>, right: &Value<'_>, view: View) -> Kleene {
    match (left, right) {
        (Value::Nothing, _) | (_, Value::Nothing) => Kleene::False,
        (Value::Unknown { .. }, _) | (_, Value::Unknown { .. }) => Kleene::Unknown,
        (Value::Quantity(a, _), Value::Quantity(b, _)) => intervals(op, a, b, view).into(),
        (Value::Text(a), Value::Text(b)) => same(op, a == b).into(),
        (Value::Bool(a), Value::Bool(b)) => same(op, a == b).into(),
        (Value::List(a), Value::List(b)) => same(op, a == b).into(),
        _ => Kleene::False,
    }
}

const fn same(op: CompareOp, equal: bool) -> bool {
    match op {
        CompareOp::Equal => equal,
        CompareOp::NotEqual => !equal,
        _ => false,
    }
}

/// `a op b` for amounts: possible, likely or certain.
fn intervals(op: CompareOp, a: &Interval<f64>, b: &Interval<f64>, view: View) -> bool {
    match view {
        View::Likely => ordered(op, a.likely, b.likely),
        View::Pessimistic => possible(op, a, b),
        View::Certain => !possible(op.negated(), a, b),
    }
}

fn possible(op: CompareOp, a: &Interval<f64>, b: &Interval<f64>) -> bool {
    match op {
        CompareOp::Less => a.low < b.high,
        CompareOp::AtMost => a.low <= b.high,
        CompareOp::Greater => a.high > b.low,
        CompareOp::AtLeast => a.high >= b.low,
        CompareOp::Equal => a.low <= b.high && a.high >= b.low,
        CompareOp::NotEqual => !(a.is_exact() && b.is_exact() && a.low == b.low),
    }
}

fn ordered(op: CompareOp, a: f64, b: f64) -> bool {
    match op {
        CompareOp::Less => a < b,
        CompareOp::AtMost => a <= b,
        CompareOp::Greater => a > b,
        CompareOp::AtLeast => a >= b,
        CompareOp::Equal => a == b,
        CompareOp::NotEqual => a != b,
    }
}

/// Whether `item`, or any of its items when it is a list itself, is in `list`.
pub(super) fn member(item: &Expr, list: &Expr, facts: &dyn Facts, view: View) -> Kleene {
    let item = value(item, facts);
    match &item {
        Value::List(items) => any(items.iter().map(|one| {
            let one = Value::Text(one);
            in_list(&one, list, facts, view)
        })),
        one => in_list(one, list, facts, view),
    }
}

fn in_list(item: &Value<'_>, list: &Expr, facts: &dyn Facts, view: View) -> Kleene {
    if let ExprKind::List(items) = &list.kind {
        return any(items
            .iter()
            .map(|one| values(CompareOp::Equal, item, &value(one, facts), view)));
    }
    match (item, value(list, facts)) {
        (Value::Nothing, _) | (_, Value::Nothing) => Kleene::False,
        (Value::Unknown { .. }, _) | (_, Value::Unknown { .. }) => Kleene::Unknown,
        (Value::Text(item), Value::List(items)) => items.contains(item).into(),
        _ => Kleene::False,
    }
}

/// Kleene's `or` over many.
fn any(answers: impl Iterator<Item = Kleene>) -> Kleene {
    let mut answer = Kleene::False;
    for one in answers {
        match one {
            Kleene::True => return Kleene::True,
            Kleene::Unknown => answer = Kleene::Unknown,
            Kleene::False => {}
        }
    }
    answer
}
