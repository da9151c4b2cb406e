//! Text to atoms: folding, sentences, names, numbers and the words of the lexicon. Judges nothing, reads no file.

pub(crate) mod atoms;
pub(crate) mod fold;
pub(crate) mod lexicon;
pub(crate) mod names;
pub(crate) mod number;
mod sentence;

pub use sentence::sentences;
