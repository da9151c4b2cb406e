//! An expression as text again, for messages.

use crate::spec::expr::{Expr, ExprKind, LogicOp};
use crate::spec::facts;

/// The expression in the language's own spelling, with figures in their display units.
#[must_use]
pub fn show(expression: &Expr) -> String {
    match &expression.kind {
        ExprKind::Quantity(quantity) => quantity.to_string(),
        ExprKind::Text(text) => text.clone(),
        ExprKind::Bool(value) => value.to_string(),
        ExprKind::List(items) => {
            let items: Vec<String> = items.iter().map(show).collect();
            format!("[{}]", items.join(", "))
        }
        ExprKind::Fact(fact) => facts::fact(*fact).path.to_owned(),
        ExprKind::Not(inner) => format!("not {}", show(inner)),
        ExprKind::Logic(LogicOp::And, left, right) => format!("{} and {}", show(left), show(right)),
        ExprKind::Logic(LogicOp::Or, left, right) => format!("{} or {}", show(left), show(right)),
        ExprKind::Compare(op, left, right) => {
            format!("{} {} {}", show(left), op.symbol(), show(right))
        }
        ExprKind::In(item, list) => format!("{} in {}", show(item), show(list)),
        ExprKind::Has(list, item) => format!("{} has {}", show(list), show(item)),
        ExprKind::IsKnown(inner, true) => format!("{} is known", show(inner)),
        ExprKind::IsKnown(inner, false) => format!("{} is unknown", show(inner)),
        ExprKind::Arithmetic(op, left, right) => {
            format!("{} {} {}", operand(left), op.symbol(), operand(right))
        }
    }
}

fn operand(expression: &Expr) -> String {
    let text = show(expression);
    match expression.kind {
        ExprKind::Arithmetic(..) => format!("({text})"),
        _ => text,
    }
}
