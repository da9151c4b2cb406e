//! What a writer wrote, and what of it stands: refused sentences give way to the deterministic text of the same facts.

use super::facts::Facts;
use super::guide::Paragraph;
use super::verify::{Grounds, Judged, Refusal, Verifier, judged};
use crate::diagnostic::Locale;

/// A paragraph ready to print.
#[derive(Debug, Clone, PartialEq)]
pub struct Composed {
    /// Its text.
    pub text: String,
    /// Sentences the writer wrote.
    pub written: usize,
    /// Of which stand.
    pub accepted: usize,
    /// Refused sentences with their reasons.
    pub refused: Vec<(String, Refusal)>,
}

/// Least share of the facts a writer's sentences must say between them; with less, the deterministic text stands alone.
const LEAST_SAID: f64 = 0.5;

/// Keeps the accepted sentences of `written`, and adds the facts they leave out: all that the paragraph must hold, and
/// those whose sentence was refused. Where too little is left, the deterministic text takes the whole place.
#[must_use]
pub fn compose(
    paragraph: &Paragraph,
    written: &str,
    facts: &Facts,
    verifier: &Verifier<'_>,
) -> Composed {
    let mut kept: Vec<&str> = Vec::new();
    let mut refused = Vec::new();
    let mut grounds = Grounds::default();
    let mut sentences = 0;
    for Judged { place, verdict } in judged(verifier, written) {
        let sentence = written.get(place).unwrap_or_default();
        sentences += 1;
        match verdict {
            Ok(_) if kept.contains(&sentence) => {}
            Ok(found) => {
                kept.push(sentence);
                grounds.add(found);
            }
            Err(refusal) => refused.push((sentence.to_owned(), refusal)),
        }
    }
    let accepted = sentences - refused.len();
    let said: Vec<bool> = (0..paragraph.facts.len())
        .map(|number| {
            facts
                .statement(&paragraph.id, number)
                .is_some_and(|statement| verifier.says(statement, &grounds))
        })
        .collect();
    let count = said.iter().filter(|said| **said).count();
    let enough = count as f64 >= LEAST_SAID * paragraph.facts.len() as f64;
    let text = if enough && !kept.is_empty() {
        let left = paragraph
            .facts
            .iter()
            .zip(&said)
            .filter(|(_, said)| !**said);
        kept.extend(left.map(|(fact, _)| fact.text.as_str()));
        let text = kept.join(if facts.locale == Locale::En { " " } else { "" });
        // Added sentences may hang on what was said before them: the whole must stand by itself.
        if judged(verifier, &text)
            .iter()
            .all(|judged| judged.verdict.is_ok())
        {
            text
        } else {
            paragraph.text(facts.locale)
        }
    } else {
        paragraph.text(facts.locale)
    };
    Composed {
        text,
        written: sentences,
        accepted,
        refused,
    }
}
