//! What may go wrong, and what to measure on real devices before shipping.

use super::super::page::{Block, Item, Section};
use super::super::voice::{Voice, code};
use crate::plan::types::Plan;

pub(super) fn risks(plan: &Plan, voice: Voice) -> Section {
    let mut section = super::section("risks", voice, true);
    if !plan.risks.is_empty() {
        let items = plan
            .risks
            .iter()
            .map(|risk| Item::new(voice.words(&risk.text)));
        section.blocks.push(Block::List(items.collect()));
    }
    section
}

pub(super) fn section(plan: &Plan, voice: Voice) -> Section {
    let mut section = super::section("checks", voice, false);
    if plan.checks.is_empty() {
        return section;
    }
    let items = plan.checks.iter().map(|check| {
        let mut words = voice.words(&check.text);
        if !check.tools.is_empty() {
            let tools = check.tools.iter().map(|tool| code(tool.clone())).collect();
            words.extend(voice.say("checks.tools", &[("tools", voice.names(tools))]));
        }
        Item::new(words)
    });
    section.blocks.push(Block::List(items.collect()));
    section
}
