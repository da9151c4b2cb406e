//! Comparisons of two values under a view.

use super::value::value;
use super::{Kleene, View};
use crate::quantity::Interval;
use crate::rules::facts::{Facts, Value};
use crate::spec::expr::{CompareOp, Expr, ExprKind};

/// `left op right`. What has no meaning compares with nothing; what is unknown leaves the answer open.
pub(super) fn values(op: CompareOp, left: &Value<'_>, right: &Value<'_>, view: View) -> Kleene {
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
