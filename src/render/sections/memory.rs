//! The memory budget as a sum: what is charged, against what is granted.

use super::super::inline::Inline;
use super::super::page::{Block, Item, Section};
use super::super::voice::{Voice, text};
use super::{slots, speed};
use crate::plan::types::{Budget, DeviceClass, Estimated, Measure, Plan, SlotMemory, Tier};

pub(super) fn section(plan: &Plan, voice: Voice) -> Section {
    let mut section = super::section("memory", voice, false);
    if plan.tiers.is_empty() {
        return section;
    }
    section
        .blocks
        .push(Block::Paragraph(voice.say("memory.rule", &[])));
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
        let rest = tier.classes.get(shown..).unwrap_or_default();
        if let Some(largest) = rest.last() {
            let rams = rest
                .iter()
                .map(|class| text(class.ram_gib.to_string()))
                .collect();
            items.push(Item::new(voice.say(
                "memory.rest",
                &[
                    ("rams", voice.joined("punct.slash", rams)),
                    ("platform", text(tier.platform_name.clone())),
                    ("slack", text(signed(largest.memory.slack, voice))),
                ],
            )));
        }
    }
    section.blocks.push(Block::List(items));
    section
}

fn class_item(plan: &Plan, tier: &Tier, class: &DeviceClass, first: bool, voice: Voice) -> Item {
    let sum = &class.memory;
    let mut terms = vec![voice.say("memory.app", &[("n", text(voice.measure(&sum.app)))])];
    for stack in &sum.stacks {
        let parts = [
            ("memory.weights", &stack.weights_charged),
            ("memory.kv", &stack.kv_cache),
            ("memory.compute", &stack.compute),
        ];
        for (key, figure) in parts {
            terms.extend(term(plan, stack, key, figure, voice));
        }
    }
    let left = if sum.slack < 0 {
        "memory.over"
    } else {
        "memory.slack"
    };
    let line = voice.say(
        left,
        &[
            ("class", slots::class(voice, &tier.platform_name, class)),
            ("terms", voice.joined("punct.plus", terms)),
            ("total", text(voice.measure(&sum.total))),
            ("budget", text(voice.bytes(sum.budget.bytes))),
            ("slack", text(signed(sum.slack, voice))),
        ],
    );
    let mut items = vec![Item::new(budget(&sum.budget, voice))];
    if first {
        for stack in &sum.stacks {
            if let Some(mapped) = stack.mapped.value().filter(|mapped| mapped.likely > 0.0) {
                items.push(Item::new(
                    voice.say("memory.mapped", &[("n", text(voice.measure(mapped)))]),
                ));
            }
        }
        if super::full(plan) {
            for stack in &sum.stacks {
                for figure in [&stack.weights_charged, &stack.kv_cache, &stack.compute] {
                    items.extend(speed::derivation(figure, voice));
                }
            }
        }
    }
    Item::with(line, items)
}

/// One addend; with several stacks it says whose.
fn term(
    plan: &Plan,
    stack: &SlotMemory,
    key: &str,
    figure: &Estimated,
    voice: Voice,
) -> Option<Vec<Inline>> {
    if figure.value().is_some_and(Measure::is_zero) {
        return None;
    }
    let words = voice.say(key, &[("n", voice.estimated(figure)?)]);
    Some(if slots::lone(plan) {
        words
    } else {
        let slot = slots::slot(plan, voice, &stack.feature, &stack.role);
        voice.say("memory.of", &[("slot", slot), ("term", words)])
    })
}

fn budget(budget: &Budget, voice: Voice) -> Vec<Inline> {
    let amount =
        |bytes: Option<u64>| text(bytes.map_or_else(String::new, |bytes| voice.bytes(bytes)));
    let key = match (budget.set_by.as_str(), budget.entitled) {
        ("spec", _) => "budget.spec",
        (_, Some(_)) => "budget.entitled",
        _ => "budget.base",
    };
    let mut parts = vec![voice.say(
        key,
        &[
            ("budget", text(voice.bytes(budget.bytes))),
            ("base", amount(budget.base)),
            ("grant", amount(budget.entitled.or(budget.base))),
        ],
    )];
    if budget.contested {
        parts.push(voice.say("budget.contested", &[]));
    }
    if let Some(threshold) = budget.store_threshold {
        parts.push(voice.say("budget.store", &[("n", amount(Some(threshold)))]));
    }
    parts.extend(budget.note.as_ref().map(|note| voice.words(note)));
    voice.joined("punct.semicolon", parts)
}

fn signed(bytes: i64, voice: Voice) -> String {
    voice.bytes(bytes.unsigned_abs())
}
