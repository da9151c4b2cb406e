//! What the figures of a sentence are said under: an end of their intervals, the limit without the entitlement, all
//! classes at once. Said in one clause it rules the clauses after it, until one of them says something of its own.

use std::ops::Range;

use super::bind::{Claim, Said};
use crate::prose::facts::{Attribute, Figure};
use crate::prose::read::atom::{Atom, What};
use crate::prose::read::meaning::{Compare, End};
use crate::prose::read::number::Quantity;
use crate::prose::read::rounding::same;
use crate::quantity::Dimension;

/// What rules the clauses of one sentence.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Frame {
    /// The end of the intervals that is spoken of.
    end: Option<End>,
    /// The limit is that of an app without the entitlement.
    bare: bool,
    /// Every class is spoken of.
    pub(crate) everywhere: bool,
    /// Several models are spoken of together.
    sum: bool,
    /// What was said and rules no claim yet.
    waiting: Option<Range<usize>>,
}

/// What rules one clause.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ruled {
    /// The end of the intervals; the likely value without.
    pub(crate) end: Option<End>,
    bare: bool,
    /// Figures are those of several models together.
    pub(crate) sum: bool,
}

impl Frame {
    /// Takes in what a clause says of it and gives what rules the clause, and the atoms without those words. `None` where a
    /// clause speaks of two ends at once.
    pub(crate) fn enter(&mut self, atoms: &[Atom]) -> Option<(Ruled, Vec<Atom>)> {
        let mut ends = atoms.iter().filter_map(|atom| match atom.what {
            What::End(end) => Some((end, atom)),
            _ => None,
        });
        let own = ends.next();
        if ends.next().is_some() {
            return None;
        }
        if let Some((end, atom)) = own {
            self.end = Some(end);
            self.waiting = Some(atom.span.clone());
        }
        self.sum |= atoms.iter().any(|atom| atom.what == What::Sum);
        let needs_limit = atoms.iter().any(|atom| match &atom.what {
            What::Attribute(words) => words.contains(&Attribute::Limit),
            What::Compare(compare) => matches!(compare, Compare::Fits | Compare::Misfits),
            _ => false,
        });
        let mut kept = Vec::new();
        for atom in atoms {
            match &atom.what {
                What::End(_) | What::Sum => {}
                What::Attribute(words) if words.contains(&Attribute::BaseLimit) => {
                    self.bare = true;
                    self.waiting = Some(atom.span.clone());
                    if !needs_limit {
                        kept.push(atom.clone());
                    }
                }
                _ => kept.push(atom.clone()),
            }
        }
        let ruled = Ruled {
            end: self.end,
            bare: self.bare,
            sum: self.sum,
        };
        Some((ruled, kept))
    }

    /// Lets a clause go: what ruled its claims has been used, and an end rules no further than that.
    pub(crate) fn leave(&mut self, claims: &[Claim]) {
        if claims.is_empty() {
            return;
        }
        let of_base = claims.iter().any(|claim| speaks_of_base(&claim.said));
        if !self.bare || of_base {
            self.waiting = None;
        }
        self.end = None;
        self.sum = false;
    }

    /// What was said and ruled nothing: `1.9 s, at worst`.
    pub(crate) fn unused(&mut self) -> Option<Range<usize>> {
        self.waiting.take()
    }
}

impl Ruled {
    /// The claims as they are under it: the limit is that without the entitlement.
    pub(crate) fn applied(self, mut claims: Vec<Claim>) -> Vec<Claim> {
        if self.bare {
            for claim in &mut claims {
                let (one, other) = match &mut claim.said {
                    Said::Is { attributes, .. } | Said::Between { attributes, .. } => {
                        (attributes, None)
                    }
                    Said::Stands { left, .. } => (left, None),
                    Said::Relates { left, right, .. } => (left, Some(right)),
                    Said::Open | Said::Reaches { .. } => continue,
                };
                for attribute in one.iter_mut().chain(other.into_iter().flatten()) {
                    if *attribute == Attribute::Limit {
                        *attribute = Attribute::BaseLimit;
                    }
                }
            }
        }
        claims
    }

    /// The value of a figure that a single number states. What is left is known at the pessimistic end alone.
    pub(crate) fn value(self, attribute: Attribute, figure: &Figure) -> Option<f64> {
        let high_is_worse = !is_better_high(attribute);
        match self.end {
            Some(End::Best | End::Likely | End::High) if attribute == Attribute::Slack => None,
            None | Some(End::Likely) => Some(figure.likely),
            Some(End::High) => Some(figure.high),
            Some(End::Low) => Some(figure.low),
            Some(End::Worst) if high_is_worse => Some(figure.high),
            Some(End::Worst) => Some(figure.low),
            Some(End::Best) if high_is_worse => Some(figure.low),
            Some(End::Best) => Some(figure.high),
        }
    }

    /// A figure as comparisons see it: whole, or at the end that is spoken of.
    pub(crate) fn seen(self, attribute: Attribute, figure: &Figure) -> Option<Figure> {
        match self.end {
            None => Some(*figure),
            Some(_) => self.value(attribute, figure).map(Figure::exact),
        }
    }

    /// Whether a comparison with a number may be made at the end that is spoken of: what is at most so in the worst case is
    /// exactly so there.
    pub(crate) fn bounds(
        self,
        compare: Compare,
        attribute: Attribute,
        figure: &Figure,
        quantity: &Quantity,
    ) -> bool {
        let Some(value) = self.value(attribute, figure).filter(|_| self.end.is_some()) else {
            return self.end.is_none();
        };
        let bound = match compare {
            Compare::AtMost => figure.high,
            Compare::AtLeast => figure.low,
            _ => return true,
        };
        value == bound && same(quantity, false, value, attribute.dimension())
    }
}

/// Whether users want more of it.
pub(crate) fn is_better_high(attribute: Attribute) -> bool {
    attribute.dimension() == Dimension::Rate || attribute == Attribute::Slack
}

fn speaks_of_base(said: &Said) -> bool {
    let base = |words: &[Attribute]| words.contains(&Attribute::BaseLimit);
    match said {
        Said::Is { attributes, .. } | Said::Between { attributes, .. } => base(attributes),
        Said::Stands { left, .. } => base(left),
        Said::Relates { left, right, .. } => base(left) || base(right),
        Said::Open | Said::Reaches { .. } => false,
    }
}
