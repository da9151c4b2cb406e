//! Comparisons of what a stack takes with what a phone gives, in two halves: the one is found once per kind of stacks, the
//! other once per phone. The answer is that of asking the whole. Knows no rule.

use super::looks::{Looks, Tier};
use crate::quantity::{Dimension, Interval};
use crate::rules::eval::{Kleene, View, compare, value};
use crate::rules::facts::{Facts, Value};
use crate::spec::expr::{CompareOp, Expr, ExprKind};

/// A comparison each side of which asks either the stack or the phone.
#[derive(Debug, Clone, Copy)]
pub(super) struct Split<'a> {
    op: CompareOp,
    sides: [Side<'a>; 2],
}

#[derive(Debug, Clone, Copy)]
struct Side<'a> {
    expression: &'a Expr,
    of_phone: bool,
}

/// What is known of the two sides; `None` where the other half knows.
pub(super) type Half = [Option<Amount>; 2];

/// The value of a side.
#[derive(Debug, Clone, Copy)]
pub(super) enum Amount {
    Known(Interval<f64>),
    /// The catalog does not hold it.
    Unknown,
    /// It has no meaning here.
    Nothing,
}

/// Which half.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    /// What the stack takes.
    Kind,
    /// What the phone gives.
    Phone,
}

impl<'a> Split<'a> {
    /// The halves of a condition, if it has any.
    pub(super) fn of(condition: &'a Expr) -> Option<Self> {
        let ExprKind::Compare(op, left, right) = &condition.kind else {
            return None;
        };
        let literal = |side: &Expr| matches!(side.kind, ExprKind::Quantity(_));
        // Sizes of models are rounded as the literal beside them is written.
        if literal(left) || literal(right) {
            return None;
        }
        let side = |expression: &'a Expr| {
            let looks = Looks::of(expression);
            let of_phone = looks.is_of_phone();
            let pure = match looks.tier() {
                Tier::Spec | Tier::Phone => true,
                Tier::Placed | Tier::Speed => false,
                _ => !of_phone,
            };
            pure.then_some(Side {
                expression,
                of_phone,
            })
        };
        Some(Self {
            op: *op,
            sides: [side(left)?, side(right)?],
        })
    }

    /// A half; `None` where a side is no amount.
    pub(super) fn half(&self, of: Of, facts: &dyn Facts) -> Option<Half> {
        let mut half = [None; 2];
        for (place, side) in half.iter_mut().zip(&self.sides) {
            if side.of_phone == (of == Of::Phone) {
                *place = Some(match value(side.expression, facts) {
                    Value::Quantity(amount, _) => Amount::Known(amount),
                    Value::Unknown { .. } => Amount::Unknown,
                    Value::Nothing => Amount::Nothing,
                    Value::Text(_) | Value::Bool(_) | Value::List(_) => return None,
                });
            }
        }
        Some(half)
    }

    /// Whether it holds, at the pessimistic end.
    pub(super) fn holds(&self, kind: &Half, phone: &Half) -> bool {
        let side = |at: usize| match kind[at].or(phone[at]) {
            Some(Amount::Known(amount)) => Value::Quantity(amount, Dimension::Number),
            Some(Amount::Unknown) => Value::Unknown {
                missing: "",
                of: "",
            },
            Some(Amount::Nothing) | None => Value::Nothing,
        };
        compare(self.op, &side(0), &side(1), View::Pessimistic) == Kleene::True
    }
}

/// The halves of a kind of stacks, found when they are asked for first.
#[derive(Debug, Default)]
pub(super) struct Taken {
    known: Vec<(usize, Option<Half>)>,
}

impl Taken {
    /// Forgets the kind.
    pub(super) fn clear(&mut self) {
        self.known.clear();
    }

    /// The half of a filter, by its number.
    pub(super) fn half(
        &mut self,
        filter: usize,
        find: impl FnOnce() -> Option<Half>,
    ) -> Option<Half> {
        let mut known = self.known.iter();
        if let Some((_, half)) = known.find(|(of, _)| *of == filter) {
            return *half;
        }
        let half = find();
        self.known.push((filter, half));
        half
    }
}
