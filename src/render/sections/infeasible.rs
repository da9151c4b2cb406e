//! Classes for which nothing fits: the conflict, the ways out, the nearest misses.

use super::super::inline::Inline;
use super::super::page::{Block, Item, Section};
use super::super::voice::{Voice, code, text};
use super::refused::reason;
use crate::plan::types::{Change, Infeasible, Line, Plan, Relaxation, Unit};

pub(super) fn section(plan: &Plan, voice: Voice) -> Section {
    let mut section = super::section("infeasible", voice);
    let mut groups: Vec<Vec<&Infeasible>> = Vec::new();
    for class in &plan.infeasible {
        let same = |group: &&mut Vec<&Infeasible>| {
            let known = group[0];
            known.conflicts == class.conflicts
                && known.empty_slots == class.empty_slots
                && known.relaxations == class.relaxations
        };
        match groups.iter_mut().find(same) {
            Some(group) => group.push(class),
            None => groups.push(vec![class]),
        }
    }
    for group in groups {
        let names = group.iter().map(|class| text(class.name.clone())).collect();
        section.blocks.push(Block::Heading(
            voice.say("infeasible.class", &[("classes", voice.names(names))]),
        ));
        section.blocks.push(Block::List(items(group[0], voice)));
    }
    section
}

fn items(class: &Infeasible, voice: Voice) -> Vec<Item> {
    let mut items = Vec::new();
    if !class.empty_slots.is_empty() {
        let slots = class.empty_slots.iter().map(|slot| code(slot.clone()));
        items.push(Item::new(voice.say(
            "infeasible.empty",
            &[("slots", voice.list(slots.collect()))],
        )));
    }
    for conflict in class.conflicts.iter().filter(|one| !one.is_empty()) {
        let lines = conflict.iter().map(|l| Item::new(line(l, voice)));
        items.push(Item::with(
            voice.say("infeasible.conflict", &[]),
            lines.collect(),
        ));
    }
    if !class.relaxations.is_empty() {
        let ways = class
            .relaxations
            .iter()
            .map(|r| Item::new(relaxation(r, voice)));
        items.push(Item::with(
            voice.say("infeasible.ways", &[]),
            ways.collect(),
        ));
    }
    for (model, reasons) in &class.nearest {
        let whys = reasons.iter().map(|r| Item::new(reason(r, voice)));
        items.push(Item::with(
            voice.say("infeasible.nearest", &[("model", text(model.clone()))]),
            whys.collect(),
        ));
    }
    items
}

/// `line 7: memory <= 1 GB`, or the name of a limit that is not the spec's.
pub(super) fn line(line: &Line, voice: Voice) -> Vec<Inline> {
    match (&line.text, line.line) {
        (Some(words), Some(number)) => voice.say(
            "line.spec",
            &[
                ("line", text(number.to_string())),
                ("text", code(words.clone())),
            ],
        ),
        _ => voice.say("line.platform", &[("name", code(line.name.clone()))]),
    }
}

fn relaxation(relaxation: &Relaxation, voice: Voice) -> Vec<Inline> {
    let changes = relaxation.changes.iter().map(|one| change(one, voice));
    let changes = voice.list(changes.collect());
    if relaxation.buys.is_empty() {
        return changes;
    }
    let size = |bytes: u64| text(Unit::Bytes.show(bytes as f64));
    let buys = relaxation.buys.iter().map(|model| text(model.clone()));
    voice.say(
        "relax.buys",
        &[
            ("changes", changes),
            ("buys", voice.names(buys.collect())),
            ("memory", size(relaxation.memory)),
            ("download", size(relaxation.download)),
        ],
    )
}

fn change(change: &Change, voice: Voice) -> Vec<Inline> {
    let word = |word: &Option<String>| code(word.clone().unwrap_or_default());
    let key = match change.kind.as_str() {
        "value" => "relax.value",
        "word" => "relax.word",
        "allow" => "relax.allow",
        _ => "relax.drop",
    };
    voice.say(
        key,
        &[
            ("line", line(&change.line, voice)),
            ("from", word(&change.from)),
            ("to", word(&change.to)),
        ],
    )
}
