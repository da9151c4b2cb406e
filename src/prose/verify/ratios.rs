//! One figure as a multiple of another: `twice the download of iOS 8 GB`, `是 iOS 12 GB 的三倍`, `比 iOS 8 GB 慢一倍`. Likely values are
//! divided.

use super::clause::{Scope, names};
use super::frame::is_better_high;
use super::grounds::{Cell, Grounds};
use super::ranks::value;
use super::rows::rows_of;
use crate::prose::facts::{Attribute, Facts};
use crate::prose::read::atom::{Atom, What};
use crate::prose::read::lexicon::lexicon;
use crate::prose::read::meaning::{Degree, Way};
use crate::prose::read::names::Options;
use crate::prose::read::number::Quantity;
use crate::prose::read::rounding::same;
use crate::quantity::Dimension;

/// How far a ratio may lie from the number that is said, and from one that is said to be about so.
const EXACT: f64 = 0.05;
const ABOUT: f64 = 0.12;

/// The parts of a clause that says how many times one thing is another.
struct Parts<'a> {
    times: f64,
    about: bool,
    attribute: Option<Attribute>,
    own: Vec<&'a Options>,
    other: Vec<&'a Options>,
    own_number: Option<&'a Quantity>,
    other_number: Option<&'a Quantity>,
    way: Way,
}

/// Judges a clause; `None` when it is no such comparison, `Some(None)` when it is one and does not follow.
pub(crate) fn judge(
    facts: &Facts,
    sentence: &str,
    atoms: &[Atom],
    scope: &Scope,
) -> Option<Option<Grounds>> {
    let parts = Parts::of(sentence, atoms)?;
    let own: Vec<&Options> = match parts.own.is_empty() {
        true => scope.names(),
        false => parts.own.clone(),
    };
    let attributes: Vec<Attribute> = match (parts.attribute, scope.attributes.as_slice()) {
        (Some(attribute), _) => vec![attribute],
        (None, [attribute]) => vec![*attribute],
        // Both numbers are given: they must be the same figure of both.
        _ if parts.own_number.is_some() && parts.other_number.is_some() => {
            Attribute::FIGURES.to_vec()
        }
        _ => return Some(None),
    };
    let mut attributes = attributes.into_iter();
    Some(attributes.find_map(|attribute| parts.holds(facts, &own, attribute)))
}

impl<'a> Parts<'a> {
    fn of(sentence: &'a str, atoms: &'a [Atom]) -> Option<Self> {
        let word = |at: usize| {
            let atom: Option<&Atom> = atoms.get(at);
            atom.and_then(|atom| sentence.get(atom.span.clone()))
                .unwrap_or_default()
                .to_lowercase()
        };
        let mut found: Option<(usize, usize, f64)> = None;
        for (at, atom) in atoms.iter().enumerate() {
            let times = match &atom.what {
                What::Quantity(quantity) if !quantity.has_unit => {
                    let counts = matches!(word(at + 1).as_str(), "times" | "倍");
                    counts.then_some((2, quantity.value))
                }
                What::Guard(group) if group == "double" => Some((1, 2.0)),
                _ => None,
            };
            if let Some((length, times)) = times
                && found.replace((at, length, times)).is_some()
            {
                return None;
            }
        }
        let (at, length, times) = found?;
        let than = atoms.iter().position(|atom| atom.what == What::Than);
        let ends = at + length;
        let last = |names: &mut Vec<&'a Options>| names.pop().into_iter().collect::<Vec<_>>();
        let (own, other) = match than {
            Some(than) => (names(&atoms[..than]), names(&atoms[than..])),
            None => {
                let after = names(&atoms[ends..]);
                let mut before = names(&atoms[..at]);
                match after.is_empty() {
                    true => {
                        let other = last(&mut before);
                        (before, other)
                    }
                    false => (before, after),
                }
            }
        };
        let mut parts = Self {
            times,
            about: false,
            attribute: None,
            own,
            other,
            own_number: None,
            other_number: None,
            way: Way::More,
        };
        let mut ways = 0;
        for (index, atom) in atoms.iter().enumerate() {
            if (at..ends).contains(&index) {
                continue;
            }
            match &atom.what {
                What::Name(_) | What::Link(_) => {}
                What::Than if than == Some(index) => {}
                What::About => parts.about = true,
                What::Attribute(words) => match (words.as_slice(), parts.attribute) {
                    ([one], None) => parts.attribute = Some(*one),
                    ([one], Some(known)) if *one == known => {}
                    _ => return None,
                },
                What::Quantity(quantity) => {
                    let slot = match index < at {
                        true => &mut parts.own_number,
                        false => &mut parts.other_number,
                    };
                    if slot.replace(quantity).is_some() {
                        return None;
                    }
                }
                What::Degree(Degree::Far) if word(index) == "much" => {}
                What::Topic(_) => {}
                _ => {
                    let word = word(index);
                    parts.way = match word.as_str() {
                        "large" | "big" | "high" | "long" | "many" | "great" => Way::More,
                        "fast" | "quick" => Way::Faster,
                        "slow" => Way::Slower,
                        _ => lexicon().way(&word).filter(|_| than.is_some())?,
                    };
                    ways += 1;
                }
            }
        }
        // `Three times faster than` is read in two ways; 比 ... 快一倍 in one.
        let clear = match than {
            Some(_) => ways == 1 && word(at) == "一倍",
            None => ways <= 1 && word(at) != "一倍",
        };
        (clear && !parts.other.is_empty()).then_some(parts)
    }

    fn holds(&self, facts: &Facts, own: &[&Options], attribute: Attribute) -> Option<Grounds> {
        let (rows, others) = (rows_of(facts, own), rows_of(facts, &self.other));
        let one = value(facts, &rows, attribute)?.likely;
        let two = value(facts, &others, attribute)?.likely;
        let dimension = attribute.dimension();
        let says = |quantity: Option<&Quantity>, value: f64| {
            quantity.is_none_or(|quantity| same(quantity, false, value, dimension))
        };
        let ratio = match self.way {
            Way::More => one / two,
            Way::Less => two / one,
            Way::Faster | Way::Slower => {
                if !matches!(dimension, Dimension::Rate | Dimension::Time) {
                    return None;
                }
                match is_better_high(attribute) == (self.way == Way::Faster) {
                    true => one / two,
                    false => two / one,
                }
            }
        };
        let reach = if self.about { ABOUT } else { EXACT };
        let near = two > 0.0 && one > 0.0 && (ratio - self.times).abs() <= self.times * reach;
        let stated = says(self.own_number, one) && says(self.other_number, two);
        (near && stated).then(|| Grounds {
            cells: rows
                .iter()
                .chain(&others)
                .map(|row| Cell {
                    row: *row,
                    attribute,
                })
                .collect(),
            ..Grounds::default()
        })
    }
}
