//! The three challenges that weigh most, each with steps and API names.

use super::super::page::{Block, Item, Section};
use super::super::voice::{Voice, code};
use crate::plan::types::{Challenge, Plan};

/// Steps a one-page plan tells of each.
const BRIEF: usize = 2;

pub(super) fn section(plan: &Plan, voice: Voice) -> Section {
    let mut section = super::section("challenges", voice);
    if !plan.challenges.is_empty() {
        let items = plan
            .challenges
            .iter()
            .map(|c| item(plan, c, voice))
            .collect();
        section.blocks.push(Block::Numbered(items));
    }
    section
}

/// A heading with its steps; a one-page plan has the steps in one line.
fn item(plan: &Plan, challenge: &Challenge, voice: Voice) -> Item {
    let head = voice.say(
        "challenge.head",
        &[
            ("title", voice.words(&challenge.title)),
            ("problem", voice.words(&challenge.problem)),
        ],
    );
    let steps = challenge.remedies.iter().map(|remedy| {
        let mut words = voice.words(&remedy.text);
        let missing: Vec<_> = remedy
            .apis
            .iter()
            .filter(|api| !remedy.text.get(voice.locale).contains(api.as_str()))
            .map(|api| code(api.clone()))
            .collect();
        if !missing.is_empty() {
            words.extend(voice.say("challenge.apis", &[("apis", voice.names(missing))]));
        }
        words
    });
    let items = if super::full(plan) {
        steps.map(Item::new).collect()
    } else {
        let first = steps.take(BRIEF).collect();
        vec![Item::new(voice.joined("punct.sentence", first))]
    };
    Item::with(head, items)
}
