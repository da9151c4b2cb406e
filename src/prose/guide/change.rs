//! Section: what to watch when requirements change, and what is not known.

use std::collections::BTreeSet;

use super::speak::{Speaker, may};
use super::{Fact, Paragraph};
use crate::plan::types::{Plan, Words};

/// Where a figure comes from, which is the plan's to say.
const INEXACT: &str = "inexact-size";

pub(super) fn paragraphs(plan: &Plan, speaker: Speaker) -> Vec<Paragraph> {
    let mut found = Vec::new();
    // Of several changes of a kind one shows what such a change does; the plan has all.
    let mut kinds = BTreeSet::new();
    let facts = plan
        .what_if
        .iter()
        .filter(|change| kinds.insert(&change.id))
        .map(|change| sentence(&change.text, speaker))
        .collect();
    found.extend(speaker.paragraph("change.what-if", facts));
    let facts = plan
        .risks
        .iter()
        .filter(|risk| risk.id != INEXACT)
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
