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
