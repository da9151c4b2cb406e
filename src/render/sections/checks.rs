//! What may go wrong, and what to measure on real devices before shipping.

use super::super::page::{Block, Item, Section};
use super::super::voice::{Voice, code};
use super::findings;
use crate::plan::types::{Check, Plan};

/// Risks that other parts of a one-page plan say already: the three challenges, the sizes beside the files.
const ELSEWHERE: [&str; 2] = ["thermal", "inexact-size"];

/// Warnings with their remedies, then what is not known.
pub(super) fn risks(plan: &Plan, voice: Voice) -> Section {
    let mut section = super::section("risks", voice);
    let items = risk_items(plan, voice);
    if !items.is_empty() {
        section.blocks.push(Block::List(items));
    }
    section
}

fn risk_items(plan: &Plan, voice: Voice) -> Vec<Item> {
    let groups = findings::groups(plan, true);
    let mut items: Vec<Item> = groups
        .iter()
        .map(|group| findings::warning(plan, group, voice))
        .collect();
    let brief = !super::full(plan);
    items.extend(
        plan.risks
            .iter()
            .filter(|risk| !(brief && ELSEWHERE.contains(&risk.id.as_str())))
            .map(|risk| Item::new(voice.words(&risk.text))),
    );
    items
}

/// Measurements; a one-page plan says the risks before them.
pub(super) fn section(plan: &Plan, voice: Voice) -> Section {
    if super::full(plan) {
        let mut section = super::section("checks", voice);
        if !plan.checks.is_empty() {
            let items = plan.checks.iter().map(|check| check_item(check, voice));
            section.blocks.push(Block::List(items.collect()));
        }
        return section;
    }
    let mut section = super::section("before-shipping", voice);
    let mut items = risk_items(plan, voice);
    let told = plan.checks.iter().filter(|check| check.id != "record");
    items.extend(told.map(|check| check_item(check, voice)));
    if !items.is_empty() {
        section.blocks.push(Block::List(items));
    }
    section
}

fn check_item(check: &Check, voice: Voice) -> Item {
    let mut words = voice.words(&check.text);
    if !check.tools.is_empty() {
        let tools = check.tools.iter().map(|tool| code(tool.clone())).collect();
        words.extend(voice.say("checks.tools", &[("tools", voice.names(tools))]));
    }
    Item::new(words)
}
