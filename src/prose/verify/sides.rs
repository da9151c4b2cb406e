//! The two sides of a comparison: which words for a figure, or which number, stands on the left of it and which on the right.

use super::bind::{Bound, Said};
use crate::prose::facts::Attribute;
use crate::prose::read::atom::{Atom, What};
use crate::prose::read::meaning::Compare;
use crate::prose::read::number::Quantity;
use crate::quantity::Dimension;

/// The words on the left of a comparison are taken up by it.
pub(crate) fn operand(atoms: &[Atom], sign: usize, taken: &mut [bool]) {
    if let Some(left) = (0..sign)
        .rev()
        .find(|at| attributes_of(&atoms[*at]).is_some())
    {
        taken[left] = true;
    }
}

/// `left compare right`; fitting needs neither side named.
pub(crate) fn relation(
    atoms: &[Atom],
    sign: usize,
    compare: Compare,
    right: Option<Vec<Attribute>>,
    inherited: &[Attribute],
) -> Said {
    let fits = matches!(compare, Compare::Fits | Compare::Misfits);
    let right = match right {
        Some(right) => limit_of(atoms, sign, inherited, right),
        None if fits => vec![Attribute::Limit],
        None => return Said::Open,
    };
    let dimension = right.first().map_or(Dimension::Number, |a| a.dimension());
    let mut left = left_of(atoms, sign, dimension, inherited);
    // What fits is no limit itself: `without the entitlement, it fits` goes on about the app.
    left.retain(|one| !(right.contains(one) || fits && one.is_bound()));
    // What exceeds a limit without further words is the peak.
    let of_process = matches!(
        right.as_slice(),
        [Attribute::Limit | Attribute::BaseLimit | Attribute::StoreThreshold]
    );
    let says_other = atoms[..sign]
        .iter()
        .any(|atom| attributes_of(atom).is_some());
    if left.is_empty() && (fits || of_process && !says_other) {
        left.push(Attribute::PeakMemory);
    }
    // What the process may be charged says nothing of files.
    let of_files = |one: &Attribute| {
        matches!(
            one,
            Attribute::Download | Attribute::Storage | Attribute::File | Attribute::MappedWeights
        )
    };
    if left.is_empty() || (of_process && left.iter().any(of_files)) {
        return Said::Open;
    }
    Said::Relates {
        left,
        compare,
        right,
    }
}

/// The limit of the download is no limit of memory: words for a limit, after what it is held against.
pub(crate) fn limit_of(
    atoms: &[Atom],
    sign: usize,
    inherited: &[Attribute],
    right: Vec<Attribute>,
) -> Vec<Attribute> {
    if right != [Attribute::Limit] {
        return right;
    }
    let left = left_of(atoms, sign, Dimension::Bytes, inherited);
    match left.as_slice() {
        [Attribute::Download] => vec![Attribute::DownloadLimit],
        [Attribute::Storage] => vec![Attribute::StorageLimit],
        _ => right,
    }
}

/// What stands on the left of a comparison: the last words for a figure before it, or what was spoken of before.
pub(crate) fn left_of(
    atoms: &[Atom],
    sign: usize,
    dimension: Dimension,
    inherited: &[Attribute],
) -> Vec<Attribute> {
    let here = atoms[..sign].iter().rev().find_map(attributes_of);
    let mut found = here.unwrap_or_else(|| inherited.to_vec());
    found.retain(|attribute| attribute.dimension() == dimension);
    found
}

/// `771 MiB fit into 3.26 GiB`, `759 MiB is below the limit`: a number of bytes without words for it, right before the comparison
/// with a limit, is the peak.
pub(crate) fn is_held(atoms: &[Atom], at: usize, quantity: &Quantity) -> bool {
    let compares = matches!(
        atoms.get(at + 1).map(|atom| &atom.what),
        Some(What::Compare(_))
    );
    let says_what = atoms[..=at]
        .iter()
        .any(|atom| attributes_of(atom).is_some());
    let rest = atoms.get(at + 2..).unwrap_or_default();
    let of_limit = |atom: &Atom| {
        attributes_of(atom).is_some_and(|words| words.iter().any(|one| one.is_bound()))
    };
    let fits = matches!(
        atoms.get(at + 1).map(|atom| &atom.what),
        Some(What::Compare(Compare::Fits))
    );
    let to_limit = fits || rest.iter().any(of_limit);
    quantity.dimension == Dimension::Bytes && compares && !says_what && to_limit
}

/// A negation right before a comparison turns it round.
pub(crate) fn denied(atoms: &[Atom], sign: usize, compare: Compare, bound: &mut Bound) -> Compare {
    let before = sign.checked_sub(1);
    match before.and_then(|at| Some((at, &atoms.get(at)?.what))) {
        Some((at, What::Negation)) => {
            bound.negations.push(at);
            compare.denied()
        }
        _ => compare,
    }
}

/// The comparison before a quantity, with only names and words for figures between.
pub(crate) fn comparison_before(atoms: &[Atom], at: usize) -> Option<(usize, Compare)> {
    for index in (0..at).rev() {
        match &atoms[index].what {
            What::Compare(compare) => return Some((index, *compare)),
            What::About | What::Attribute(_) | What::Name(_) => {}
            _ => return None,
        }
    }
    None
}

pub(crate) fn attributes_of(atom: &Atom) -> Option<Vec<Attribute>> {
    match &atom.what {
        What::Attribute(attributes) => Some(attributes.clone()),
        _ => None,
    }
}
