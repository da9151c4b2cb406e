//! Whether a number as it was written says a value: rounded, converted, or about so. Knows no facts.

use super::number::{self, Quantity};
use crate::quantity::Dimension;

/// A quantity says this value: in its precision, as the plan prints it, or about so.
pub(crate) fn same(quantity: &Quantity, about: bool, value: f64, dimension: Dimension) -> bool {
    const WHOLE: f64 = 1e-9;
    if quantity.dimension != dimension {
        return false;
    }
    let difference = (quantity.value - value).abs();
    if difference <= value.abs() * WHOLE {
        return true;
    }
    if about && difference <= value.abs() * 0.05 {
        return true;
    }
    if quantity.digits < 2 {
        return shown_so(quantity, value, dimension);
    }
    rounds_to(quantity, value) || shown_so(quantity, value, dimension)
}

/// Rounding `value` to the digits written gives what was written.
fn rounds_to(quantity: &Quantity, value: f64) -> bool {
    let step = quantity.factor * 10_f64.powi(-(quantity.decimals as i32));
    if quantity.decimals == 0 && quantity.dimension == Dimension::Tokens {
        return false;
    }
    (quantity.value - value).abs() <= step * 0.5 * (1.0 + 1e-9)
}

/// The plan prints `value` as something that rounds to what was written.
fn shown_so(quantity: &Quantity, value: f64, dimension: Dimension) -> bool {
    let shown = crate::quantity::Quantity::new(value, dimension).to_string();
    number::read(&shown).is_some_and(|printed| {
        (printed.value - quantity.value).abs() <= printed.value.abs() * 1e-9
            || (quantity.digits >= 2
                && quantity.dimension != Dimension::Tokens
                && rounds_to(quantity, printed.value))
    })
}
