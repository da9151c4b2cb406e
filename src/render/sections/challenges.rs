//! The three challenges that weigh most, each with steps and API names.

use super::super::page::{Block, Item, Section};
use super::super::voice::{Voice, code};
use crate::plan::types::{Challenge, Plan};

pub(super) fn section(plan: &Plan, voice: Voice) -> Section {
    let mut section = super::section("challenges", voice, false);
    if !plan.challenges.is_empty() {
        let items = plan.challenges.iter().map(|c| item(c, voice)).collect();
        section.blocks.push(Block::Numbered(items));
    }
    section
}

fn item(challenge: &Challenge, voice: Voice) -> Item {
    let head = voice.say(
        "challenge.head",
        &[
            ("title", voice.words(&challenge.title)),
            ("problem", voice.words(&challenge.problem)),
        ],
    );
    let remedies = challenge.remedies.iter().map(|remedy| {
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
        Item::new(words)
    });
    Item::with(head, remedies.collect())
}
