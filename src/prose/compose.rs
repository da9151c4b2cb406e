//! What a writer wrote, and what of it stands: refused sentences give way to the deterministic text of the same facts.

use std::collections::BTreeSet;

use super::facts::Facts;
use super::guide::Paragraph;
use super::verify::{Grounds, Judged, Refusal, Verifier, judged};
use crate::diagnostic::Locale;

/// A paragraph ready to print.
#[derive(Debug, Clone, PartialEq)]
pub struct Composed {
    /// Its text.
    pub text: String,
    /// Whether nothing of the writer's is in it.
    pub replaced: bool,
    /// Sentences the writer wrote.
    pub written: usize,
    /// Of which stand.
    pub accepted: usize,
    /// Refused sentences with their reasons.
    pub refused: Vec<(String, Refusal)>,
}

/// Least share of the facts a writer's sentences must say between them; with less, the deterministic text stands alone.
const LEAST_SAID: f64 = 0.5;

/// Keeps the accepted sentences of `written`, and puts the facts they leave out, or that were refused, in their places among
/// them. Where too little is left, the deterministic text takes the whole place.
#[must_use]
pub fn compose(
    paragraph: &Paragraph,
    written: &str,
    facts: &Facts,
    verifier: &Verifier<'_>,
) -> Composed {
    let mut kept: Vec<(&str, Grounds)> = Vec::new();
    let mut refused = Vec::new();
    let mut sentences = 0;
    for Judged { place, verdict } in judged(verifier, written) {
        let sentence = written.get(place).unwrap_or_default();
        sentences += 1;
        match verdict {
            Ok(_) if kept.iter().any(|(known, _)| *known == sentence) => {}
            Ok(found) => kept.push((sentence, found)),
            Err(refusal) => refused.push((sentence.to_owned(), refusal)),
        }
    }
    let accepted = sentences - refused.len();
    let kept = whole(kept, verifier);
    let text = mixed(paragraph, &kept, facts, verifier);
    Composed {
        replaced: text.is_none(),
        text: text.unwrap_or_else(|| paragraph.text(facts.locale)),
        written: sentences,
        accepted,
        refused,
    }
}

/// The sentences without those that go on with a statement that no sentence before them begins.
fn whole<'w>(kept: Vec<(&'w str, Grounds)>, verifier: &Verifier<'_>) -> Vec<(&'w str, Grounds)> {
    let mut begun: BTreeSet<usize> = BTreeSet::new();
    let mut whole = Vec::new();
    for (sentence, found) in kept {
        let mut said = found.statements.union(&found.exact).copied();
        if said.any(|at| !begun.contains(&at) && verifier.goes_on(at, sentence)) {
            continue;
        }
        begun.extend(found.statements.union(&found.exact));
        whole.push((sentence, found));
    }
    whole
}

/// The kept sentences with the facts they do not say; `None` where they say too little, or where the whole does not stand.
fn mixed(
    paragraph: &Paragraph,
    kept: &[(&str, Grounds)],
    facts: &Facts,
    verifier: &Verifier<'_>,
) -> Option<String> {
    let says = |number: usize, grounds: &Grounds| {
        facts
            .statement(&paragraph.id, number)
            .is_some_and(|statement| verifier.says(statement, grounds))
    };
    let mut all = Grounds::default();
    for (_, found) in kept {
        all.add(found.clone());
    }
    let count = paragraph.facts.len();
    let left: Vec<usize> = (0..count).filter(|number| !says(*number, &all)).collect();
    let enough = (count - left.len()) as f64 >= LEAST_SAID * count as f64;
    if kept.is_empty() || !enough {
        return None;
    }
    let mut left = left.into_iter().peekable();
    let mut parts: Vec<&str> = Vec::new();
    for (sentence, found) in kept {
        if let Some(first) = (0..count).find(|number| says(*number, found)) {
            while let Some(number) = left.next_if(|number| *number < first) {
                parts.push(&paragraph.facts[number].text);
            }
        }
        parts.push(sentence);
    }
    parts.extend(left.map(|number| paragraph.facts[number].text.as_str()));
    // A fact that explains a name is given wherever the name stands, and the writer may have said it in the same words.
    let mut told = BTreeSet::new();
    parts.retain(|part| told.insert(*part));
    let text = parts.join(if facts.locale == Locale::En { " " } else { "" });
    // What is put in may change what a sentence goes on about: the whole must stand by itself.
    let stands = judged(verifier, &text)
        .iter()
        .all(|judged| judged.verdict.is_ok());
    stands.then_some(text)
}
