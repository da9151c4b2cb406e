//! Text to atoms: folding, sentences, names, numbers and the words of the lexicon. Judges nothing, reads no file.

pub(crate) mod atom;
pub(crate) mod atoms;
mod chunk;
pub(crate) mod fold;
pub(crate) mod lexicon;
pub(crate) mod meaning;
pub(crate) mod names;
pub(crate) mod number;
pub(crate) mod phrase;
pub(crate) mod rival_words;
pub(crate) mod rounding;
mod sentence;

pub use sentence::sentences;

use crate::quantity::Dimension;

/// A figure as a plan prints it (`2.29 GiB`), in base units; `None` when it is no figure of that dimension.
#[must_use]
pub fn figure(text: &str, dimension: Dimension) -> Option<f64> {
    let found = number::read(text)?;
    // `0 B` of memory is written like a number of parameters.
    let same = found.dimension == dimension || found.value == 0.0;
    same.then_some(found.value)
}

/// A number with its unit as a plan prints it, in base units, and what it measures.
pub(crate) fn quantity_of(text: &str) -> Option<(f64, Dimension)> {
    let found = number::read(text)?;
    Some((found.value, found.dimension))
}
