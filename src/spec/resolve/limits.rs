//! Limits: `ttft <= 1.5 s` and the like, in features and in the budget.

use super::app::wrong_direction;
use super::desk::Desk;
use crate::diagnostic::{Code, Diagnostic, Text};
use crate::quantity::{Bytes, Dimension, Quantity, Share, Tokens};
use crate::spec::model::Amount;
use crate::syntax::tree::{Bound, Operator, ValueKind};

/// Which way a limit points.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    /// Not more than this.
    AtMost,
    /// Not less than this.
    AtLeast,
    /// Exactly this, or at least this.
    Exactly,
}

impl Desk<'_> {
    /// A limit's quantity, above zero.
    pub(super) fn limit(
        &mut self,
        bound: &Bound,
        dimension: Dimension,
        direction: Direction,
    ) -> Option<Quantity> {
        self.direction(bound, direction);
        let quantity = self.quantity(&bound.value, dimension)?;
        if quantity.value <= 0.0 {
            self.out_of_range(&bound.value, "> 0");
            return None;
        }
        Some(quantity)
    }

    fn direction(&mut self, bound: &Bound, direction: Direction) {
        let Some((operator, span)) = bound.operator else {
            return;
        };
        let (fits, key, meant): (&[Operator], _, _) = match direction {
            Direction::AtMost => (
                &[Operator::AtMost, Operator::Less],
                "language.direction.at-most",
                "<=",
            ),
            Direction::AtLeast => (
                &[Operator::AtLeast, Operator::Greater],
                "language.direction.at-least",
                ">=",
            ),
            Direction::Exactly => (
                &[Operator::Equal, Operator::AtLeast],
                "language.direction.exactly",
                "=",
            ),
        };
        if !fits.contains(&operator) {
            wrong_direction(self, span, key, meant);
        }
    }

    /// A whole number of tokens.
    pub(super) fn tokens(&mut self, bound: &Bound, direction: Direction) -> Option<Tokens> {
        let quantity = self.limit(bound, Dimension::Tokens, direction)?;
        if quantity.value < 1.0 || quantity.value > 1e7 || quantity.value.trunc() != quantity.value
        {
            self.out_of_range(&bound.value, "1 .. 10 000 000 tokens");
            return None;
        }
        Some(Tokens::new(quantity.value as u64))
    }

    /// An amount of memory that is not a share.
    pub(super) fn bytes(&mut self, bound: &Bound, of_ram: bool) -> Option<Bytes> {
        if of_ram {
            let message = Text::key("language.of-ram-here");
            self.report(Diagnostic::error(Code(215), bound.value.span, message));
            return None;
        }
        let quantity = self.limit(bound, Dimension::Bytes, Direction::AtMost)?;
        Some(Bytes::new(quantity.value.round() as u64))
    }

    /// An amount of memory, or a share of the phone's.
    pub(super) fn amount(&mut self, bound: &Bound, of_ram: bool) -> Option<Amount> {
        let settled = self.settle(&bound.value)?;
        let is_share = match &settled.kind {
            ValueKind::Number(number) => number.unit.as_ref().is_some_and(|u| u.text == "%"),
            _ => false,
        };
        if !is_share && !of_ram {
            return self.bytes(bound, false).map(Amount::Absolute);
        }
        let share = self.limit(bound, Dimension::Share, Direction::AtMost)?;
        if share.value > 1.0 {
            self.out_of_range(&bound.value, "1 % .. 100 %");
            return None;
        }
        Some(Amount::OfRam(Share::new(share.value)))
    }
}
