//! One atom of a sentence. Values only.

use std::ops::Range;

use super::meaning::{Alike, Compare, Degree, End, Extreme, Link, State};
use super::names::Options;
use super::number::Quantity;
use crate::prose::facts::Attribute;

/// One atom.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum What {
    /// A name of the facts.
    Name(Options),
    /// A name that is not among them, or looks like one.
    Chunk(String),
    /// A number with or without unit.
    Quantity(Quantity),
    /// From one to another.
    Range(Quantity, Quantity),
    /// A dotted version.
    Version(String),
    /// Words for figures; several where one word is ambiguous.
    Attribute(Vec<Attribute>),
    /// A comparison with what follows.
    Compare(Compare),
    /// A comparison with what stands before.
    CompareAfter(Compare),
    /// The figure is rounded.
    About,
    /// Turns round.
    Negation,
    /// Another turning word.
    Guard(String),
    /// Several figures for several things.
    Pairing,
    /// Puts the names around it into an order.
    Link(Link),
    /// An end of an interval.
    End(End),
    /// One of several, by its stem.
    Extreme(Extreme, String),
    /// How the weights come to the app.
    State(State),
    /// All classes of the plan, or so many.
    Everywhere(Option<u32>),
    /// So many models.
    Models(u32),
    /// Before the thing that is compared with.
    Than,
    /// Figures are added up.
    Sum,
    /// One and the same on several classes.
    Same(Alike),
    /// The number beside it is what is left.
    Left,
    /// How far two figures lie apart.
    Degree(Degree),
    /// What follows is said of none of the classes.
    Nowhere,
    /// The classes that were not spoken of yet.
    Others {
        /// How many there are must follow.
        counted: bool,
    },
    /// What a statement compares, by its stem.
    Topic(String),
    /// Speaks to a machine or of the writer.
    Instruction,
    /// A word of no special meaning, by its stem.
    Word(String),
    /// A Han character of no special meaning; `true` when it follows the one before without a gap.
    Han(char, bool),
    /// A conjunction between clauses or names.
    And,
    /// The end of a clause.
    Break,
    /// What no prose should hold: signs, broken numbers.
    Odd,
}

/// An atom and the bytes of the original sentence it was read from.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Atom {
    pub(crate) what: What,
    pub(crate) span: Range<usize>,
}

impl Atom {
    /// Whether it shares a place with a part of the text.
    pub(crate) fn overlaps(&self, part: &Range<usize>) -> bool {
        overlap(&self.span, part)
    }
}

/// Whether two parts of a text share a place.
pub(crate) fn overlap(one: &Range<usize>, other: &Range<usize>) -> bool {
    one.start < other.end && other.start < one.end
}
