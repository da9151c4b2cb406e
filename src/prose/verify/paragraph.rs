//! A paragraph, sentence by sentence: what was said before is what the next sentence goes on about.

use std::ops::Range;

use super::{Grounds, Refusal, Scope, Verifier};
use crate::prose::read::sentences;

/// A sentence with its verdict.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// Where it stands in the paragraph.
    pub place: Range<usize>,
    /// What it rests on, or why it is refused.
    pub verdict: Result<Grounds, Refusal>,
}

/// Judges every sentence of a paragraph. A refused sentence is as if it had not been said.
#[must_use]
pub fn judged(verifier: &Verifier<'_>, text: &str) -> Vec<Judged> {
    let mut scope = Scope::default();
    // The sentence before, where it was accepted.
    let mut before = None;
    sentences(text)
        .into_iter()
        .map(|place| {
            let sentence = text.get(place.clone()).unwrap_or_default();
            let verdict = verifier.sentence(sentence, &mut scope).or_else(|refusal| {
                let second = before.and_then(|first| verifier.second_half(first, sentence, &scope));
                second.ok_or(refusal)
            });
            before = verdict.is_ok().then_some(sentence);
            Judged { place, verdict }
        })
        .collect()
}
