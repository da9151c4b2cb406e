//! Facts given by hand: the examples beside a rule, and tests.

use std::collections::BTreeMap;

use super::{Facts, Value};
use crate::quantity::{Dimension, Interval};
use crate::spec::expr::{Expr, ExprKind, FactId};

/// A table of facts; those that are not in it have no meaning ([`Value::Nothing`]).
#[derive(Debug, Clone, Default)]
pub struct Assigned {
    values: BTreeMap<FactId, Owned>,
}

/// A value that borrows nothing.
#[derive(Debug, Clone, PartialEq)]
enum Owned {
    Quantity(Interval<f64>, Dimension),
    Text(String),
    Bool(bool),
    List(Vec<String>),
    Unknown,
}

impl Assigned {
    /// No facts yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Gives `fact` the value of a literal: a quantity, a text, a flag or a list of texts.
    /// Returns `false`, and changes nothing, for anything else.
    pub fn assign(&mut self, fact: FactId, literal: &Expr) -> bool {
        let Some(value) = owned(literal) else {
            return false;
        };
        self.values.insert(fact, value);
        true
    }

    /// Gives `fact` an interval.
    pub fn quantity(&mut self, fact: FactId, value: Interval<f64>, dimension: Dimension) {
        self.values.insert(fact, Owned::Quantity(value, dimension));
    }

    /// Makes `fact` unknown.
    pub fn unknown(&mut self, fact: FactId) {
        self.values.insert(fact, Owned::Unknown);
    }
}

fn owned(literal: &Expr) -> Option<Owned> {
    Some(match &literal.kind {
        ExprKind::Quantity(quantity) => {
            Owned::Quantity(Interval::exact(quantity.value), quantity.dimension)
        }
        ExprKind::Text(text) => Owned::Text(text.clone()),
        ExprKind::Bool(value) => Owned::Bool(*value),
        ExprKind::List(items) => Owned::List(
            items
                .iter()
                .map(|item| match &item.kind {
                    ExprKind::Text(text) => Some(text.clone()),
                    _ => None,
                })
                .collect::<Option<_>>()?,
        ),
        _ => return None,
    })
}

impl Facts for Assigned {
    fn value(&self, fact: FactId) -> Value<'_> {
        match self.values.get(&fact) {
            Some(Owned::Quantity(value, dimension)) => Value::Quantity(*value, *dimension),
            Some(Owned::Text(text)) => Value::Text(text),
            Some(Owned::Bool(value)) => Value::Bool(*value),
            Some(Owned::List(items)) => Value::List(items.iter().map(String::as_str).collect()),
            Some(Owned::Unknown) => Value::Unknown {
                missing: "unknown.example",
                of: "example",
            },
            None => Value::Nothing,
        }
    }
}
