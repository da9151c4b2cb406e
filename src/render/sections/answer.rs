//! The head of the document: what was asked, and the answer in three lines.

use super::super::inline::Inline;
use super::super::page::{Block, Item, Section};
use super::super::voice::{Voice, text, trim_number};
use crate::plan::types::Plan;

/// What the app is and asks for, in two lines.
pub(super) fn lead(plan: &Plan, voice: Voice) -> Vec<Vec<Inline>> {
    let asked = &plan.asked;
    let platforms = asked
        .platforms
        .iter()
        .map(|p| text(format!("{} {}+", p.name, trim_number(p.min_os))))
        .collect();
    let ram = match asked.ram.max_gib {
        Some(max) if max == asked.ram.min_gib => text(format!("{max} GB")),
        Some(max) => text(format!("{}–{max} GB", asked.ram.min_gib)),
        None => voice.say(
            "asked.ram_from",
            &[("min", text(asked.ram.min_gib.to_string()))],
        ),
    };
    let features = asked
        .features
        .iter()
        .map(|feature| match &feature.title {
            Some(title) => voice.say(
                "asked.feature",
                &[
                    ("title", text(title.clone())),
                    ("task", text(feature.task.clone())),
                ],
            ),
            None => text(feature.task.clone()),
        })
        .collect();
    let key = if asked.offline {
        "asked.lead_offline"
    } else {
        "asked.lead"
    };
    vec![voice.say(
        key,
        &[
            ("features", voice.names(features)),
            ("platforms", voice.names(platforms)),
            ("ui", text(asked.ui.clone())),
            ("ram", ram),
        ],
    )]
}

/// Three lines.
pub(super) fn section(plan: &Plan, voice: Voice) -> Section {
    let mut section = super::section("answer", voice);
    let lines = plan.answer.iter().map(|line| Item::new(voice.words(line)));
    section.blocks.push(Block::Numbered(lines.collect()));
    section
}
