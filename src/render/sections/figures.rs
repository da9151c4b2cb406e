//! Memory and speed of a one-page plan: a line each for the first class of every tier.

use super::super::inline::Inline;
use super::super::page::{Block, Item, Section};
use super::super::voice::Voice;
use super::{memory, slots, speed};
use crate::plan::types::{DeviceClass, Plan, Tier};

pub(super) fn section(plan: &Plan, voice: Voice) -> Section {
    let mut section = super::section("figures", voice);
    if plan.tiers.is_empty() {
        return section;
    }
    section
        .blocks
        .push(Block::Paragraph(voice.say("figures.rule", &[])));
    let items = plan.tiers.iter().filter_map(|tier| {
        let (first, rest) = tier.classes.split_first()?;
        Some(tier_item(plan, tier, first, rest, voice))
    });
    section.blocks.push(Block::List(items.collect()));
    section
}

fn tier_item(
    plan: &Plan,
    tier: &Tier,
    first: &DeviceClass,
    rest: &[DeviceClass],
    voice: Voice,
) -> Item {
    let mut memory = memory::brief(plan, first, voice);
    for class in rest {
        let name = slots::class(voice, &tier.platform_name, class);
        let words = memory::brief_beside(first, class, voice);
        memory.extend(voice.say("figures.rest", &[("class", name), ("words", words)]));
    }
    let mut line = speed::class_name(tier, first, voice);
    line.push(Inline::Text(voice.word("punct.colon").to_owned()));
    line.extend(memory);
    if let ([figures], true) = (first.figures.as_slice(), slots::lone(plan)) {
        let speeds = speed::line(figures, &speed::BRIEF, voice);
        return Item::new(voice.joined("punct.semicolon", vec![line, speeds]));
    }
    let speeds = first.figures.iter();
    let speeds = speeds.map(|figures| speed::slot_item(plan, figures, &speed::BRIEF, voice));
    let whole = speed::pipelines(plan, first, voice);
    Item::with(line, speeds.chain(whole).collect())
}
