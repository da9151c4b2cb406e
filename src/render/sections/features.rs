//! Features: what each must do, its pipeline, and who is in memory when.

use super::super::inline::Inline;
use super::super::page::{Block, Item, Section};
use super::super::voice::{Voice, code, text};
use crate::plan::types::{FeatureAsked, Plan};

pub(super) fn section(plan: &Plan, voice: Voice) -> Section {
    let mut section = super::section("features", voice);
    let items = plan.asked.features.iter().map(|f| item(f, voice)).collect();
    section.blocks.push(Block::List(items));
    if let (Some(tier), true) = (plan.tiers.first(), plan.asked.features.len() > 1) {
        let phases = tier.phases.iter().map(|phase| {
            let names = phase.features.iter().map(|id| code(id.clone())).collect();
            let key = if phase.features.len() > 1 {
                "phase.together"
            } else {
                "phase.alone"
            };
            Item::new(voice.say(key, &[("features", voice.names(names))]))
        });
        section
            .blocks
            .push(Block::Paragraph(voice.say("phase.intro", &[])));
        section.blocks.push(Block::List(phases.collect()));
    }
    section
}

fn item(feature: &FeatureAsked, voice: Voice) -> Item {
    let mut head = vec![Inline::Strong(feature.id.clone())];
    if let Some(title) = &feature.title {
        head.push(Inline::Text(voice.word("punct.colon").to_owned()));
        head.push(Inline::Text(title.clone()));
    }
    let mut items = vec![Item::new(pipeline(feature, voice))];
    items.push(Item::new(voice.say(
        "feature.load",
        &[
            ("input", text(voice.measure(&feature.input))),
            ("output", text(voice.measure(&feature.output))),
            ("context", text(voice.measure(&feature.context))),
        ],
    )));
    if !feature.languages.is_empty() {
        let all = feature.languages.iter().map(|l| text(l.clone())).collect();
        items.push(Item::new(
            voice.labelled("label.languages", voice.names(all)),
        ));
    }
    if !feature.directions.is_empty() {
        let all = feature
            .directions
            .iter()
            .map(|(from, to)| text(format!("{from} → {to}")))
            .collect();
        items.push(Item::new(
            voice.labelled("label.directions", voice.names(all)),
        ));
    }
    if !feature.limits.is_empty() {
        let all = feature
            .limits
            .iter()
            .map(|l| code(l.text.clone()))
            .collect();
        items.push(Item::new(voice.labelled("label.limits", voice.names(all))));
    }
    let order = feature.prefer.iter().map(|p| text(p.clone())).collect();
    items.push(Item::new(
        voice.labelled("label.prefer", voice.joined("punct.over", order)),
    ));
    Item::with(head, items)
}

/// `speech recognition → translation → speech synthesis`.
fn pipeline(feature: &FeatureAsked, voice: Voice) -> Vec<Inline> {
    let roles = feature.roles.iter();
    let steps = roles.map(|role| voice.say(&format!("role.{role}"), &[]));
    let steps = voice.joined("punct.arrow", steps.collect());
    voice.labelled("label.pipeline", steps)
}
