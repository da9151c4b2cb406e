//! Advice about the chosen stacks, each rule once: stores, platforms, licences, data that could be better.

use super::super::page::{Block, Item, Section};
use super::super::voice::{Voice, text};
use super::slots;
use crate::plan::types::{Finding, Plan};

/// One piece of advice and the stacks it is about.
struct Note<'a> {
    finding: &'a Finding,
    stacks: Vec<String>,
}

pub(super) fn section(plan: &Plan, voice: Voice) -> Section {
    let mut section = super::section("notes", voice, true);
    let mut notes: Vec<Note<'_>> = Vec::new();
    for stack in plan.tiers.iter().flat_map(|tier| &tier.stacks) {
        for finding in stack.findings.iter().filter(|f| f.severity != "warning") {
            let known = notes
                .iter_mut()
                .find(|note| note.finding.reason.id == finding.reason.id);
            let name = slots::stack(stack);
            match known {
                Some(note) if note.stacks.contains(&name) => {}
                Some(note) => note.stacks.push(name),
                None => notes.push(Note {
                    finding,
                    stacks: vec![name],
                }),
            }
        }
    }
    if !notes.is_empty() {
        let items = notes.iter().map(|note| item(note, voice));
        section.blocks.push(Block::List(items.collect()));
    }
    section
}

fn item(note: &Note<'_>, voice: Voice) -> Item {
    let reason = &note.finding.reason;
    let mut words = voice.words(&reason.text);
    if let Some(code) = &reason.code {
        words.extend(voice.say("finding.code", &[("code", text(code.clone()))]));
    }
    if let Some((_, others)) = note
        .stacks
        .split_first()
        .filter(|(_, rest)| !rest.is_empty())
    {
        let names = others.iter().map(|name| text(name.clone())).collect();
        words.extend(voice.say("notes.also", &[("stacks", voice.names(names))]));
    }
    Item::with(words, vec![Item::new(voice.words(&note.finding.remedy))])
}
