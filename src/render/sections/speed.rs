//! First token, decoding, cold start and energy, with bounds; and how figures were reached.

use super::super::inline::Inline;
use super::super::page::{Block, Item, Section};
use super::super::voice::{Voice, text};
use super::slots;
use crate::plan::types::{DeviceClass, Estimated, Plan, SlotFigures, Tier};

pub(super) fn section(plan: &Plan, voice: Voice) -> Section {
    let mut section = super::section("speed", voice, false);
    if plan.tiers.is_empty() {
        return section;
    }
    section
        .blocks
        .push(Block::Paragraph(voice.say("speed.rule", &[])));
    let mut items = Vec::new();
    let mut explained: Vec<&str> = Vec::new();
    for tier in &plan.tiers {
        let new = !explained.contains(&tier.platform.as_str());
        explained.push(&tier.platform);
        let shown = if super::full(plan) {
            tier.classes.len()
        } else {
            1
        };
        for (at, class) in tier.classes.iter().take(shown).enumerate() {
            items.push(class_item(plan, tier, class, new && at == 0, voice));
        }
    }
    section.blocks.push(Block::List(items));
    section
}

fn class_item(plan: &Plan, tier: &Tier, class: &DeviceClass, first: bool, voice: Voice) -> Item {
    let name = slots::class(voice, &tier.platform_name, class);
    let head = match &class.reference {
        Some(device) if !class.named => voice.say(
            "speed.class",
            &[
                ("class", name),
                ("device", text(device.name.clone())),
                ("soc", text(device.soc.clone().unwrap_or_default())),
            ],
        ),
        Some(device) => voice.say(
            "speed.named",
            &[
                ("class", name),
                ("soc", text(device.soc.clone().unwrap_or_default())),
            ],
        ),
        None => voice.say("speed.no_reference", &[("class", name)]),
    };
    let mut item = Item::new(head);
    for figures in &class.figures {
        let line = line(figures, voice);
        if slots::lone(plan) {
            item.text
                .push(Inline::Text(voice.word("punct.colon").to_owned()));
            item.text.extend(line);
        } else {
            let mut slot = slots::slot(plan, voice, &figures.feature, &figures.role);
            slot.push(Inline::Text(voice.word("punct.colon").to_owned()));
            slot.extend(line);
            item.items.push(Item::new(slot));
        }
        if first && super::full(plan) {
            for figure in [
                &figures.ttft,
                &figures.decode,
                &figures.cold_start,
                &figures.energy,
            ] {
                item.items.extend(derivation(figure, voice));
            }
        }
    }
    if first && !class.undecided.is_empty() {
        let names = class
            .undecided
            .iter()
            .take(4)
            .map(|name| text(name.clone()));
        item.items.push(Item::new(voice.say(
            "speed.undecided",
            &[
                ("n", text(class.undecided.len().to_string())),
                ("names", voice.names(names.collect())),
            ],
        )));
    }
    item
}

fn line(figures: &SlotFigures, voice: Voice) -> Vec<Inline> {
    let parts = [
        ("speed.ttft", &figures.ttft),
        ("speed.decode", &figures.decode),
        ("speed.latency", &figures.latency),
        ("speed.cold_start", &figures.cold_start),
        ("speed.energy", &figures.energy),
        ("speed.battery", &figures.battery),
    ];
    let mut known = Vec::new();
    let mut missing: Vec<(Vec<Inline>, Vec<&str>)> = Vec::new();
    for (key, figure) in parts {
        match figure {
            Estimated::Known { value, .. } => {
                known.push(voice.say(key, &[("n", text(voice.measure(value)))]));
            }
            Estimated::Unknown { .. } => {
                let why = voice.estimated(figure).unwrap_or_default();
                match missing.iter_mut().find(|(other, _)| *other == why) {
                    Some((_, keys)) => keys.push(key),
                    None => missing.push((why, vec![key])),
                }
            }
            Estimated::NotApplicable => {}
        }
    }
    for (why, keys) in missing {
        let names = keys
            .iter()
            .map(|key| voice.say(&format!("{key}_name"), &[]))
            .collect();
        known.push(voice.say(
            "speed.unknown",
            &[("names", voice.names(names)), ("why", why)],
        ));
    }
    voice.joined("punct.semicolon", known)
}

/// The lines of arithmetic behind a figure, as one item with its steps under it.
pub(super) fn derivation(figure: &Estimated, voice: Voice) -> Option<Item> {
    let Estimated::Known { derivation, .. } = figure else {
        return None;
    };
    let (last, steps) = derivation.split_last()?;
    let say = |step: &crate::plan::types::Derivation| {
        let args = [
            ("what", voice.words(&step.what)),
            ("formula", text(voice.intervals(&step.formula))),
            ("result", text(voice.intervals(&step.result))),
            ("sources", cited(&step.sources, voice)),
        ];
        let key = if step.formula.is_empty() {
            "derivation.sum"
        } else {
            "derivation.line"
        };
        voice.say(key, &args)
    };
    Some(Item::with(
        say(last),
        steps.iter().map(|step| Item::new(say(step))).collect(),
    ))
}

/// ` [a, b]`, or nothing.
pub(super) fn cited(sources: &[String], voice: Voice) -> Vec<Inline> {
    if sources.is_empty() {
        return Vec::new();
    }
    let shown = sources.iter().take(3).map(|id| text(id.clone()));
    voice.say("cited", &[("ids", voice.names(shown.collect()))])
}
