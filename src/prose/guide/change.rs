//! Section: what to watch when requirements change, and what is not known.

use super::speak::{Speaker, may};
use super::{Fact, Paragraph};
use crate::plan::types::{Plan, Words};

pub(super) fn paragraphs(plan: &Plan, speaker: Speaker) -> Vec<Paragraph> {
    let mut found = Vec::new();
    let facts = plan
        .what_if
        .iter()
        .map(|change| sentence(&change.text, speaker))
        .collect();
    found.extend(speaker.paragraph("change.what-if", facts));
    let facts = plan
        .risks
        .iter()
        .map(|risk| sentence(&risk.text, speaker))
        .collect();
    found.extend(speaker.paragraph("change.risks", facts));
    found
}

/// A sentence of the plan, unless it quotes the user's own words.
fn sentence(words: &Words, speaker: Speaker) -> Fact {
    let quotes = words.get(speaker.locale).contains(['"', '「', '“']);
    may(if quotes {
        String::new()
    } else {
        speaker.sentence(words)
    })
}
