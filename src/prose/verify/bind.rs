//! Which figure each quantity of a clause is said to be, and which comparison stands before it.

use std::ops::Range;

use super::sides::{
    attributes_of, comparison_before, denied, is_held, left_of, limit_of, operand, relation,
};
use crate::prose::facts::{Attribute, Kind};
use crate::prose::read::atom::{Atom, What};
use crate::prose::read::meaning::Compare;
use crate::prose::read::number::Quantity;
use crate::quantity::Dimension;

/// What is said of figures.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Said {
    /// The figure is this.
    Is {
        attributes: Vec<Attribute>,
        quantity: Quantity,
        about: bool,
    },
    /// The figure lies between these.
    Between {
        attributes: Vec<Attribute>,
        low: Quantity,
        high: Quantity,
        about: bool,
    },
    /// The figure stands so to a quantity.
    Stands {
        left: Vec<Attribute>,
        compare: Compare,
        quantity: Quantity,
    },
    /// One figure stands so to another.
    Relates {
        left: Vec<Attribute>,
        compare: Compare,
        right: Vec<Attribute>,
    },
    /// The figure reaches this, as its likely value or at its larger end: what is held against a limit.
    Reaches {
        attribute: Attribute,
        quantity: Quantity,
    },
    /// Words for a figure, or a comparison, with nothing to hold on to.
    Open,
}

/// A claim with its place in the sentence.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Claim {
    pub(crate) said: Said,
    pub(crate) span: Range<usize>,
}

/// The claims of a clause, and the negations they took up.
#[derive(Debug, Default)]
pub(crate) struct Bound {
    pub(crate) claims: Vec<Claim>,
    pub(crate) negations: Vec<usize>,
    /// What the last claim was about, for the clause after.
    pub(crate) last: Vec<Attribute>,
    /// Words for figures that no claim takes up, by the atom they are.
    pub(crate) idle: Vec<usize>,
}

/// The atoms without words for what is left, and which of them are numbers that those words stand beside: `leaves 1.20
/// GiB`, `566 MiB remain`.
pub(crate) fn without_left(atoms: &[Atom]) -> (Vec<Atom>, Vec<bool>) {
    let is_left = |atom: &Atom| atom.what == What::Left;
    let passes = |atom: &&Atom| match &atom.what {
        What::About | What::Name(_) => true,
        What::Guard(group) => group == "barely",
        _ => false,
    };
    let mut kept = Vec::new();
    let mut left = Vec::new();
    for (at, atom) in atoms.iter().enumerate() {
        if is_left(atom) {
            continue;
        }
        let before = atoms[..at].iter().rev().find(|atom| !passes(atom));
        let beside = before.is_some_and(is_left) || atoms.get(at + 1).is_some_and(is_left);
        left.push(beside && matches!(atom.what, What::Quantity(_)));
        kept.push(atom.clone());
    }
    (kept, left)
}

/// Binds each quantity of a clause. `inherited` is what the clause before spoke of, `left` which atoms are said to be left.
pub(crate) fn bind(atoms: &[Atom], inherited: &[Attribute], left: &[bool]) -> Bound {
    let mut bound = Bound {
        last: inherited.to_vec(),
        ..Bound::default()
    };
    let mut taken = vec![false; atoms.len()];
    let mut compared = vec![false; atoms.len()];
    for (at, atom) in atoms.iter().enumerate() {
        match &atom.what {
            What::Quantity(quantity)
                if left[at]
                    && quantity.dimension == Dimension::Bytes
                    && !is_named(atoms, at, &taken) =>
            {
                bound.claims.push(Claim {
                    said: Said::Is {
                        attributes: vec![Attribute::Slack],
                        quantity: quantity.clone(),
                        about: is_about(atoms, at),
                    },
                    span: atom.span.clone(),
                });
                bound.last = vec![Attribute::Slack];
            }
            What::Quantity(quantity) => {
                quantity_at(atoms, at, quantity, &mut bound, &mut taken, &mut compared);
            }
            What::Range(low, high) => {
                let attributes = own(atoms, at, low.dimension, &bound.last, &mut taken);
                let said = if attributes.is_empty() {
                    Said::Open
                } else {
                    bound.last.clone_from(&attributes);
                    Said::Between {
                        attributes,
                        low: low.clone(),
                        high: high.clone(),
                        about: is_about(atoms, at),
                    }
                };
                bound.claims.push(Claim {
                    said,
                    span: atom.span.clone(),
                });
            }
            _ => {}
        }
    }
    for (at, atom) in atoms.iter().enumerate() {
        // `The peak is within the limit` the other way round: 峰值在上限之内.
        if let What::CompareAfter(compare) = atom.what
            && let Some(bound_at) = at.checked_sub(1)
            && let Some(right) = attributes_of(&atoms[bound_at])
        {
            taken[bound_at] = true;
            let said = relation(atoms, bound_at, compare, Some(right), inherited);
            operand(atoms, bound_at, &mut taken);
            bound.claims.push(Claim {
                said,
                span: atom.span.clone(),
            });
        }
        if let What::Compare(compare) = atom.what
            && !compared[at]
        {
            let compare = denied(atoms, at, compare, &mut bound);
            let right = (at + 1..atoms.len())
                .find_map(|index| Some((index, attributes_of(&atoms[index])?)));
            if let Some((index, _)) = &right {
                taken[*index] = true;
            }
            let right = right.map(|(_, words)| words);
            let said = relation(atoms, at, compare, right, inherited);
            operand(atoms, at, &mut taken);
            bound.claims.push(Claim {
                said,
                span: atom.span.clone(),
            });
        }
    }
    if let Some(words) = atoms.iter().rev().find_map(attributes_of)
        && bound.claims.is_empty()
    {
        bound.last = words;
    }
    bound.idle = (0..atoms.len())
        .filter(|at| !taken[*at] && attributes_of(&atoms[*at]).is_some())
        .collect();
    bound
}

fn quantity_at(
    atoms: &[Atom],
    at: usize,
    quantity: &Quantity,
    bound: &mut Bound,
    taken: &mut [bool],
    compared: &mut [bool],
) {
    let span = atoms[at].span.clone();
    let mut claim = |said: Said| {
        bound.claims.push(Claim {
            said,
            span: span.clone(),
        });
    };
    if let Some(What::CompareAfter(compare)) = atoms.get(at + 1).map(|atom| &atom.what) {
        let left = own(atoms, at, quantity.dimension, &bound.last, taken);
        claim(if left.is_empty() {
            Said::Open
        } else {
            Said::Stands {
                left: left.clone(),
                compare: *compare,
                quantity: quantity.clone(),
            }
        });
        bound.last = left;
        return;
    }
    if is_held(atoms, at, quantity) {
        claim(Said::Reaches {
            attribute: Attribute::PeakMemory,
            quantity: quantity.clone(),
        });
        bound.last = vec![Attribute::PeakMemory];
        return;
    }
    let Some((sign, compare)) = comparison_before(atoms, at) else {
        let attributes = own(atoms, at, quantity.dimension, &bound.last, taken);
        claim(if attributes.is_empty() {
            Said::Open
        } else {
            Said::Is {
                attributes: attributes.clone(),
                quantity: quantity.clone(),
                about: is_about(atoms, at),
            }
        });
        bound.last = attributes;
        return;
    };
    compared[sign] = true;
    operand(atoms, sign, taken);
    let inherited = bound.last.clone();
    let compare = denied(atoms, sign, compare, bound);
    let named = atoms[sign + 1..at]
        .iter()
        .enumerate()
        .rev()
        .find_map(|(offset, atom)| Some((sign + 1 + offset, attributes_of(atom)?)))
        .or_else(|| {
            let next = atoms.get(at + 1)?;
            Some((at + 1, attributes_of(next)?))
        });
    let mut push = |said: Said| {
        bound.claims.push(Claim {
            said,
            span: span.clone(),
        });
    };
    // `Up to 1.52 GiB of memory` holds the memory against the number, `below the 3.50 GiB limit` the limit.
    let of_right = |index: usize, words: &[Attribute]| {
        index > at
            && !matches!(compare, Compare::Fits | Compare::Misfits)
            && !words.iter().any(|one| one.is_bound())
            && !atoms[..sign]
                .iter()
                .any(|atom| attributes_of(atom).is_some())
    };
    match named {
        Some((index, words)) if of_right(index, &words) => {
            taken[index] = true;
            push(Said::Stands {
                left: words.clone(),
                compare,
                quantity: quantity.clone(),
            });
            bound.last = words;
        }
        Some((index, right)) => {
            taken[index] = true;
            let right = limit_of(atoms, sign, &inherited, right);
            push(Said::Is {
                attributes: right.clone(),
                quantity: quantity.clone(),
                about: is_about(atoms, at),
            });
            push(relation(
                atoms,
                sign,
                compare,
                Some(right.clone()),
                &inherited,
            ));
            bound.last = right;
        }
        None if matches!(compare, Compare::Fits | Compare::Misfits) => {
            push(Said::Is {
                attributes: vec![Attribute::Limit],
                quantity: quantity.clone(),
                about: is_about(atoms, at),
            });
            push(relation(atoms, sign, compare, None, &inherited));
        }
        None => {
            // `Of its limit it uses at least 4.11 GiB` says nothing of the limit.
            let before: Vec<_> = inherited
                .iter()
                .filter(|one| !one.is_bound())
                .copied()
                .collect();
            let left = left_of(atoms, sign, quantity.dimension, &before);
            push(if left.is_empty() {
                Said::Open
            } else {
                Said::Stands {
                    left: left.clone(),
                    compare,
                    quantity: quantity.clone(),
                }
            });
            bound.last = left;
        }
    }
}

/// The figure a quantity is said to be: the free words before it, else those right after, else what was spoken of.
fn own(
    atoms: &[Atom],
    at: usize,
    dimension: Dimension,
    inherited: &[Attribute],
    taken: &mut [bool],
) -> Vec<Attribute> {
    let fits = |words: &[Attribute]| words.iter().any(|a| a.dimension() == dimension);
    let before = (0..at)
        .rev()
        .take_while(|index| {
            !matches!(
                atoms[*index].what,
                What::Quantity(_) | What::Range(..) | What::Word(_) | What::Han(..)
            )
        })
        .find_map(|index| Some((index, attributes_of(&atoms[index])?)));
    // `2.29 GiB is the peak`, `2.29 GiB 是 Android 8 GB 的峰值`.
    let after = atoms
        .iter()
        .enumerate()
        .skip(at + 1)
        .find(|(_, atom)| !matches!(atom.what, What::Name(_) | What::CompareAfter(_)))
        .and_then(|(index, atom)| Some((index, attributes_of(atom)?)));
    let before = before.filter(|(index, _)| !taken[*index]);
    let choice = match (before, after) {
        (Some(before), _) if fits(&before.1) => Some(before),
        (_, Some(after)) if fits(&after.1) => Some(after),
        (Some(before), _) => Some(before),
        (None, Some(after)) => Some(after),
        (None, None) => None,
    };
    // `Of the 31 s, 19 s go to the synthesis`: the time of a step is its own.
    let of_whole = inherited == [Attribute::Turnaround];
    match choice {
        Some((index, words)) => {
            taken[index] = true;
            words
        }
        None if fits(inherited) && !(of_whole && atoms.iter().any(is_step)) => inherited.to_vec(),
        // What a step takes is its time from start to end.
        None if dimension == Dimension::Time && atoms.iter().any(is_step) => {
            vec![Attribute::Latency]
        }
        // `Kokoro 82M v1.0 takes 336 MiB`: what a model takes without further words is its file.
        None if dimension == Dimension::Bytes && atoms.iter().any(is_model) => {
            vec![Attribute::File]
        }
        // What a class needs is the time of all steps.
        None if dimension == Dimension::Time && atoms.iter().any(is_class) => {
            vec![Attribute::Turnaround]
        }
        None => Attribute::only_of(dimension).into_iter().collect(),
    }
}

/// Whether free words for a figure stand right beside a number, or a comparison before it.
fn is_named(atoms: &[Atom], at: usize, taken: &[bool]) -> bool {
    let free = |at: usize| !taken[at] && attributes_of(&atoms[at]).is_some();
    let beside = at.checked_sub(1).is_some_and(free) || (at + 1 < atoms.len() && free(at + 1));
    beside || comparison_before(atoms, at).is_some()
}

fn is_step(atom: &Atom) -> bool {
    let of_step = |kind: Kind| matches!(kind, Kind::Role | Kind::Model);
    matches!(&atom.what, What::Name(options) if options.iter().any(|(kind, _)| of_step(*kind)))
}

fn is_model(atom: &Atom) -> bool {
    matches!(&atom.what, What::Name(options) if options.iter().any(|(kind, _)| *kind == Kind::Model))
}

fn is_class(atom: &Atom) -> bool {
    matches!(&atom.what, What::Name(options) if options.iter().any(|(kind, _)| *kind == Kind::Class))
}

fn is_about(atoms: &[Atom], at: usize) -> bool {
    let about = |index: Option<usize>| {
        index
            .and_then(|index| atoms.get(index))
            .is_some_and(|atom| atom.what == What::About)
    };
    about(at.checked_sub(1)) || about(Some(at + 1))
}
