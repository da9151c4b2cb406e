//! Advice about the chosen stacks, each rule once: stores, platforms, licences, data that could be better.

use super::super::page::{Block, Section};
use super::super::voice::Voice;
use super::findings;
use crate::plan::types::Plan;

pub(super) fn section(plan: &Plan, voice: Voice) -> Section {
    let mut section = super::section("notes", voice);
    let groups = findings::groups(plan, false);
    if !groups.is_empty() {
        let items = groups.iter().map(|group| findings::advice(group, voice));
        section.blocks.push(Block::List(items.collect()));
    }
    section
}
