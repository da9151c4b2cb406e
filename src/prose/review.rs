//! A whole guide, whoever wrote it, against the facts of a plan.

use std::ops::Range;

use super::facts::Facts;
use super::guide::{Guide, Passage, Section, passages};
use super::open::Open;
use super::verify::{Grounds, Judged, Reason, Refusal, Verifier, judged};
use crate::diagnostic::Text;

/// What came of a guide.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Review {
    /// Sentences judged.
    pub sentences: usize,
    /// Of which accepted.
    pub accepted: usize,
    /// The others, and sections that leave something out, in the order of the file.
    pub refused: Vec<Refused>,
}

/// A refusal in its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Refused {
    /// The bytes of the file that are at fault.
    pub place: Range<usize>,
    /// The sentence, or what a section leaves out.
    pub sentence: String,
    /// Why.
    pub refusal: Refusal,
}

/// Judges every sentence of a Markdown file. Title and lead are the user's own words and are not judged; a heading
/// need not say anything, but what it says must be so. A section under one of the guide's headings must hold what the
/// guide's section must hold. With `open`, sentences may also be free ones about the whole plan.
#[must_use]
pub fn review(file: &str, guide: &Guide, facts: &Facts, open: Option<&Open>) -> Review {
    let verifier = match open {
        Some(open) => Verifier::new(facts).with(open),
        None => Verifier::new(facts),
    };
    let mut review = Review::default();
    let mut section: Option<(&Section, Grounds, Range<usize>)> = None;
    for passage in passages(file) {
        if passage.heading {
            if passage.text == guide.title {
                continue;
            }
            let known = guide.sections.iter().find(|s| s.heading == passage.text);
            if let Some(known) = known {
                review.close(section.take(), facts, &verifier);
                section = Some((
                    known,
                    Grounds::default(),
                    passage.place(&(0..passage.text.len())),
                ));
                continue;
            }
        } else if passage.text == guide.lead {
            continue;
        }
        let grounds = review.passage(&passage, &verifier);
        if let Some((_, all, _)) = &mut section {
            all.add(grounds);
        }
    }
    review.close(section, facts, &verifier);
    review
}

impl Review {
    fn passage(&mut self, passage: &Passage, verifier: &Verifier<'_>) -> Grounds {
        let mut grounds = Grounds::default();
        for Judged { place, verdict } in judged(verifier, &passage.text) {
            match verdict {
                Ok(found) => {
                    self.sentences += 1;
                    self.accepted += 1;
                    grounds.add(found);
                }
                Err(refusal) if passage.heading && says_little(refusal.reason) => {}
                Err(refusal) => {
                    self.sentences += 1;
                    let at = place.start + refusal.span.start..place.start + refusal.span.end;
                    self.refused.push(Refused {
                        place: passage.place(&at),
                        sentence: passage.text.get(place).unwrap_or_default().to_owned(),
                        refusal,
                    });
                }
            }
        }
        grounds
    }

    /// Reports what a section leaves out.
    fn close(
        &mut self,
        section: Option<(&Section, Grounds, Range<usize>)>,
        facts: &Facts,
        verifier: &Verifier<'_>,
    ) {
        let Some((section, grounds, place)) = section else {
            return;
        };
        for paragraph in &section.paragraphs {
            for (number, fact) in paragraph.facts.iter().enumerate() {
                let said = facts
                    .statement(&paragraph.id, number)
                    .is_some_and(|statement| verifier.says(statement, &grounds));
                if fact.must && !said {
                    self.refused.push(Refused {
                        place: place.clone(),
                        sentence: fact.text.clone(),
                        refusal: Refusal {
                            reason: Reason::Missing,
                            span: 0..0,
                            message: Text::key("prose.refused.missing")
                                .arg("fact", fact.text.clone()),
                        },
                    });
                }
            }
        }
    }
}

/// Reasons that do not matter in a heading, which claims nothing.
const fn says_little(reason: Reason) -> bool {
    matches!(reason, Reason::Words | Reason::Unclear)
}
