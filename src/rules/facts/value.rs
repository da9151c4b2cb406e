//! The value of a fact, and the question for it. Shared with the build script, so it knows no stack.

use std::fmt::Write as _;

use crate::quantity::{Dimension, Interval, Quantity, grouped};
use crate::spec::expr::FactId;

/// The value of a fact or of an expression. Borrows, so that judging thousands of stacks allocates little.
#[derive(Debug, Clone, PartialEq)]
pub enum Value<'a> {
    /// A number in base units; exact figures have no width.
    Quantity(Interval<f64>, Dimension),
    /// A name.
    Text(&'a str),
    /// Yes or no.
    Bool(bool),
    /// Names, in the order of their source.
    List(Vec<&'a str>),
    /// The catalog does not hold the figure.
    Unknown {
        /// Message key of what is missing (`unknown.soc_bandwidth`, ...).
        missing: &'static str,
        /// The record that lacks it.
        of: &'a str,
    },
    /// The fact has no meaning here: the decode speed of an embedding model, a budget nobody set.
    /// Nothing is missing, and no comparison with it holds.
    Nothing,
}

impl<'a> Value<'a> {
    /// A number known exactly.
    #[must_use]
    pub fn exact(value: f64, dimension: Dimension) -> Self {
        Self::Quantity(Interval::exact(value), dimension)
    }

    /// The value, or that it is missing in `of`.
    pub(crate) fn or_unknown(value: Option<Self>, missing: &'static str, of: &'a str) -> Self {
        value.unwrap_or(Self::Unknown { missing, of })
    }

    /// As shown in messages: figures with their units, both ends where they differ, lists with commas.
    #[must_use]
    pub fn show(&self) -> String {
        match self {
            Self::Quantity(interval, dimension) => show_interval(interval, *dimension),
            Self::Text(text) => (*text).to_owned(),
            Self::Bool(value) => value.to_string(),
            Self::List(items) => items.join(", "),
            Self::Unknown { .. } => "?".to_owned(),
            Self::Nothing => "–".to_owned(),
        }
    }

    /// As shown in running text: of an interval the likely value alone.
    #[must_use]
    pub fn show_likely(&self) -> String {
        match self {
            Self::Quantity(interval, dimension) => show_quantity(interval.likely, *dimension),
            other => other.show(),
        }
    }
}

/// Counts from a hundred thousand on (users, dollars) have their digits grouped.
fn show_quantity(value: f64, dimension: Dimension) -> String {
    if dimension == Dimension::Number && value.fract() == 0.0 && (1e5..1e15).contains(&value) {
        return grouped(value as u64);
    }
    Quantity::new(value, dimension).to_string()
}

fn show_interval(interval: &Interval<f64>, dimension: Dimension) -> String {
    let show = |value| show_quantity(value, dimension);
    let (low, likely, high) = (
        show(interval.low),
        show(interval.likely),
        show(interval.high),
    );
    let mut text = likely;
    if low != high {
        // Writing to a String cannot fail.
        let _ = write!(text, " ({low} – {high})");
    }
    text
}

/// Whoever can answer for the facts of [`crate::spec::facts::FACTS`].
pub trait Facts {
    /// The value of a fact; estimates already narrowed to the confidence asked for.
    fn value(&self, fact: FactId) -> Value<'_>;
}
