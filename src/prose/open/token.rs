//! One part of a sentence as the open reader sees it. Values only.

use std::collections::BTreeSet;

use super::facts::Named;
use crate::prose::facts::Attribute;
use crate::prose::read::meaning::{Compare, End, Way};
use crate::prose::read::number::Quantity;

/// One part of a sentence.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    /// A name of the plan, with all it may stand for.
    Name(Vec<Named>),
    /// A name the plan does not hold, or a word nobody knows.
    Stranger(String),
    /// Classes of phones, by index.
    Place(Place),
    Platform(String),
    Phone,
    Role(String),
    /// Features of the app.
    Feature(BTreeSet<usize>),
    Number(Quantity),
    /// From one to another.
    Span(Quantity, Quantity),
    Ratio(f64),
    Attribute(Vec<Attribute>, bool),
    End(End),
    Compare(Compare),
    CompareAfter(Compare),
    Way(Way),
    Group(String),
    Reason(String),
    Language(String),
    /// Ideas of problems and remedies, by index.
    Concept(BTreeSet<usize>),
    Break(char),
    Fill,
}

/// Where.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Place {
    pub(super) classes: BTreeSet<usize>,
    /// All of a platform, or of the plan.
    pub(super) wide: bool,
}

impl Token {
    pub(super) fn is_group(&self, name: &str) -> bool {
        matches!(self, Self::Group(group) if group == name)
    }

    /// Whether it ends a clause or joins two.
    pub(super) fn parts(&self) -> bool {
        matches!(self, Self::Break(_))
            || ["and", "or", "contrast", "versus", "because"]
                .iter()
                .any(|group| self.is_group(group))
    }
}
