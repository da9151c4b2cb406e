//! Why a sentence is refused: one code a kind, the place in the sentence, and what the facts say instead.

use std::ops::Range;

use crate::diagnostic::{Code, Text};

/// The kind of a refusal; the first that applies in this order is reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// Characters that hide or imitate others.
    Hidden,
    /// Markup, code or a link.
    Markup,
    /// Speaks to a machine or of its writer.
    Instruction,
    /// A number or sign that has no clear reading.
    Unreadable,
    /// A name that is not among the facts.
    Name,
    /// Names that do not belong together.
    Pair,
    /// The unit does not measure this.
    Unit,
    /// The figure belongs to another class, model or part.
    Subject,
    /// No fact gives this figure.
    Number,
    /// The comparison does not follow from the facts.
    Comparison,
    /// It is open of what the sentence speaks.
    Unclear,
    /// A negation or condition was added or dropped.
    Turn,
    /// Words that no fact holds.
    Words,
    /// The paragraph leaves out what it must say.
    Missing,
}

impl Reason {
    /// Its diagnostic code.
    #[must_use]
    pub const fn code(self) -> Code {
        match self {
            Self::Number => Code(901),
            Self::Unit => Code(902),
            Self::Subject => Code(903),
            Self::Name => Code(904),
            Self::Pair => Code(905),
            Self::Comparison => Code(906),
            Self::Turn => Code(907),
            Self::Words => Code(908),
            Self::Hidden => Code(909),
            Self::Markup => Code(910),
            Self::Instruction => Code(911),
            Self::Unclear => Code(912),
            Self::Missing => Code(913),
            Self::Unreadable => Code(914),
        }
    }
}

/// A refused sentence, or a refused paragraph.
#[derive(Debug, Clone, PartialEq)]
pub struct Refusal {
    /// Why.
    pub reason: Reason,
    /// The bytes of the sentence it is about.
    pub span: Range<usize>,
    /// In words.
    pub message: Text,
}

impl Refusal {
    /// A refusal of the part `span` of a sentence.
    pub(crate) const fn new(reason: Reason, span: Range<usize>, message: Text) -> Self {
        Self {
            reason,
            span,
            message,
        }
    }
}
