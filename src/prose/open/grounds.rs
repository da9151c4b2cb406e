//! What words of a sentence are to the reasons why a model was not chosen.

use super::facts::{Ground, Named};
use super::token::Token;
use crate::prose::facts::{Attribute, Figure, Kind};
use crate::prose::read::meaning::End;
use crate::prose::read::number::Quantity;
use crate::quantity::Dimension;

/// A share is printed in whole percent; a half goes either way.
pub(super) const HALF_PERCENT: f64 = 0.005 + 1e-9;

/// The model that a name stands for.
pub(super) fn model(named: &[Named]) -> Option<&str> {
    let mut models = named.iter().filter(|one| one.kind == Kind::Model);
    models.next().map(|one| one.name.as_str())
}

/// Whether the numbers of a clause measure what its words for a figure say.
pub(super) fn measured(tokens: &[Token], at: usize, of: &[Attribute]) -> bool {
    let start = tokens[..at]
        .iter()
        .rposition(Token::parts)
        .map_or(0, |place| place + 1);
    let clause = tokens[start..].iter().take_while(|token| !token.parts());
    let mut numbers = clause
        .filter_map(|token| match token {
            Token::Number(quantity) if quantity.dimension != Dimension::Share => Some(quantity),
            _ => None,
        })
        .peekable();
    let fits = |quantity: &Quantity| of.iter().any(|one| one.dimension() == quantity.dimension);
    numbers.peek().is_none() || numbers.any(fits)
}

/// A figure at an end; the likely value where none is said.
pub(super) fn end_of(end: Option<End>, figure: &Figure, attribute: Attribute) -> f64 {
    match end {
        None | Some(End::Likely) => figure.likely,
        Some(End::Worst) if attribute.dimension() == Dimension::Rate => figure.low,
        Some(End::Best) if attribute.dimension() != Dimension::Rate => figure.low,
        Some(End::Low) => figure.low,
        Some(_) => figure.high,
    }
}

/// Whether words of a sentence speak of a reason.
pub(super) fn is_spoken_of(ground: &Ground, tokens: &[Token]) -> bool {
    tokens.iter().any(|token| match token {
        Token::Reason(reason) => match reason.as_str() {
            "memory" => matches!(
                ground.id.as_str(),
                "line.peak_memory" | "memory-over-budget"
            ),
            "params" => ground.id == "line.model.params",
            "size" => matches!(
                ground.id.as_str(),
                "oversized" | "weights-over-ram" | "memory-over-budget"
            ),
            "binding" | "binding-flutter" | "binding-react-native" => ground.id == "ui-binding",
            reason => ground.id == format!("line.{reason}"),
        },
        Token::Attribute(of, false) => ground.figure.is_some_and(|(known, _)| of.contains(&known)),
        _ => false,
    })
}
