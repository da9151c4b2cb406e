//! First token, decoding, cold start and energy, with bounds.

use super::super::inline::Inline;
use super::super::page::{Block, Item, Section};
use super::super::voice::{Voice, text};
use super::slots;
use crate::plan::types::{DeviceClass, Estimated, Plan, SlotFigures, Tier};

pub(super) fn section(plan: &Plan, voice: Voice) -> Section {
    let mut section = super::section("speed", voice);
    if plan.tiers.is_empty() {
        return section;
    }
    section
        .blocks
        .push(Block::Paragraph(voice.say("speed.rule", &[])));
    let classes = plan
        .tiers
        .iter()
        .flat_map(|tier| tier.classes.iter().map(move |class| (tier, class)));
    let items = classes.map(|(tier, class)| class_item(plan, tier, class, voice));
    section.blocks.push(Block::List(items.collect()));
    section
}

/// `iOS 8 GB (iPhone 15 Pro, A17 Pro)`.
pub(super) fn class_name(tier: &Tier, class: &DeviceClass, voice: Voice) -> Vec<Inline> {
    let name = slots::class(voice, &tier.platform_name, class);
    let soc = |device: &crate::plan::types::Device| text(device.soc.clone().unwrap_or_default());
    match &class.reference {
        Some(device) if !class.named => voice.say(
            "speed.class",
            &[
                ("class", name),
                ("device", text(device.name.clone())),
                ("soc", soc(device)),
            ],
        ),
        Some(device) => voice.say("speed.named", &[("class", name), ("soc", soc(device))]),
        None => voice.say("speed.no_reference", &[("class", name)]),
    }
}

fn class_item(plan: &Plan, tier: &Tier, class: &DeviceClass, voice: Voice) -> Item {
    let mut item = Item::new(class_name(tier, class, voice));
    for figures in &class.figures {
        if slots::lone(plan) {
            let colon = voice.word("punct.colon").to_owned();
            item.text.push(Inline::Text(colon));
            item.text.extend(line(figures, &WHOLE, voice));
        } else {
            item.items.push(slot_item(plan, figures, &WHOLE, voice));
        }
    }
    item.items.extend(pipelines(plan, class, voice));
    item
}

/// How long features of several roles take in all.
pub(super) fn pipelines(
    plan: &Plan,
    class: &DeviceClass,
    voice: Voice,
) -> impl Iterator<Item = Item> {
    let all = class.latencies.iter();
    let several = all.filter(move |one| {
        let mut features = plan.asked.features.iter();
        features.any(|asked| asked.id == one.feature && asked.roles.len() > 1)
    });
    several.map(move |one| {
        let n = text(voice.measure(&one.latency));
        let feature = text(one.feature.clone());
        let key = match plan.asked.features.len() {
            1 => "speed.pipeline",
            _ => "speed.pipeline_of",
        };
        Item::new(voice.say(key, &[("feature", feature), ("n", n)]))
    })
}

/// Figures of one stack on one class, by the place it fills.
pub(super) fn slot_item(plan: &Plan, figures: &SlotFigures, parts: &[Part], voice: Voice) -> Item {
    let mut slot = slots::slot(plan, voice, &figures.feature, &figures.role);
    slot.push(Inline::Text(voice.word("punct.colon").to_owned()));
    slot.extend(line(figures, parts, voice));
    Item::new(slot)
}

/// A figure by the key of its words.
type Part = (&'static str, fn(&SlotFigures) -> &Estimated);

/// All figures.
const WHOLE: [Part; 6] = [
    ("speed.ttft", |of| &of.ttft),
    ("speed.decode", |of| &of.decode),
    ("speed.latency", |of| &of.latency),
    ("speed.cold_start", |of| &of.cold_start),
    ("speed.energy", |of| &of.energy),
    ("speed.battery", |of| &of.battery),
];

/// What a one-page plan tells: how long people wait, and what it costs the battery. The cold start stands among the checks.
pub(super) const BRIEF: [Part; 4] = [
    ("speed.ttft", |of| &of.ttft),
    ("speed.decode", |of| &of.decode),
    // Where there are no tokens, waiting is for the whole answer.
    ("speed.latency", |of| match of.ttft {
        Estimated::NotApplicable => &of.latency,
        _ => &Estimated::NotApplicable,
    }),
    ("speed.energy", |of| &of.energy),
];

/// Figures of one stack on one class; what is not known is named with the reason.
pub(super) fn line(figures: &SlotFigures, parts: &[Part], voice: Voice) -> Vec<Inline> {
    let mut known = Vec::new();
    let mut missing: Vec<(Vec<Inline>, Vec<&str>)> = Vec::new();
    for &(key, of) in parts {
        // A text turned into a vector has no tokens to wait for.
        if (key, figures.role.as_str()) == ("speed.ttft", "embed") {
            continue;
        }
        let key = match (key, figures.role.as_str()) {
            // What is heard or spoken is timed on one sentence.
            ("speed.latency", "asr") => "speed.latency_asr",
            ("speed.latency", "tts") => "speed.latency_tts",
            ("speed.latency", "embed") => "speed.latency_embed",
            ("speed.battery", _) if figures.never_rests() => "speed.battery_without_pause",
            _ => key,
        };
        let figure = of(figures);
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
