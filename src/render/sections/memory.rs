//! The memory budget as a sum: what is charged, against what is granted.

use super::super::inline::Inline;
use super::super::page::{Block, Item, Section};
use super::super::voice::{Voice, text};
use super::slots;
use crate::plan::types::{Budget, DeviceClass, Estimated, Measure, Plan, SlotMemory, Tier};

pub(super) fn section(plan: &Plan, voice: Voice) -> Section {
    let mut section = super::section("memory", voice);
    if plan.tiers.is_empty() {
        return section;
    }
    section
        .blocks
        .push(Block::Paragraph(voice.say("memory.rule", &[])));
    let mut items = Vec::new();
    for tier in &plan.tiers {
        let Some((first, rest)) = tier.classes.split_first() else {
            continue;
        };
        items.push(class_item(plan, tier, first, voice));
        items.extend(rest.iter().map(|class| {
            let name = strong_class(voice, tier, class);
            let words = beside(first, class, voice);
            Item::new(voice.say("memory.class", &[("class", name), ("words", words)]))
        }));
    }
    section.blocks.push(Block::List(items));
    section
}

/// One class; with several stacks each has a line with its parts.
fn class_item(plan: &Plan, tier: &Tier, class: &DeviceClass, voice: Voice) -> Item {
    let sum = &class.memory;
    let args = [
        ("class", strong_class(voice, tier, class)),
        ("words", total(plan, class, voice)),
    ];
    let mut items = Vec::new();
    if !slots::lone(plan) {
        items.push(Item::new(app(class, voice)));
        items.extend(sum.stacks.iter().filter_map(|s| slot_item(plan, s, voice)));
    }
    items.extend(remark(&sum.budget, voice).map(Item::new));
    Item::with(voice.say("memory.class", &args), items)
}

/// The sum against the limit: `app 92 MiB + KV cache 576 MiB = 668 MiB; limit 6.00 GiB, 5.3 GiB to spare`.
fn total(plan: &Plan, class: &DeviceClass, voice: Voice) -> Vec<Inline> {
    let mut out = sum(plan, class, voice);
    out.extend(left(class, voice));
    let stacks = class.memory.stacks.iter();
    let mapped = added(stacks.filter_map(|stack| stack.mapped.value()));
    let mapped = mapped.filter(|mapped| mapped.likely > 0.0);
    if let Some(mapped) = mapped {
        out.extend(voice.say("memory.mapped", &[("n", text(voice.measure(&mapped)))]));
    }
    out
}

/// The sum with its addends, where one place is filled.
fn sum(plan: &Plan, class: &DeviceClass, voice: Voice) -> Vec<Inline> {
    let sum = &class.memory;
    let mut out = Vec::new();
    if let ([stack], true) = (sum.stacks.as_slice(), slots::lone(plan)) {
        let mut terms = vec![app(class, voice)];
        terms.extend(parts(stack).into_iter().filter_map(|p| term(p, voice)));
        out.extend(voice.joined("punct.plus", terms));
        out.push(Inline::Text(voice.word("punct.equals").to_owned()));
    }
    out.push(Inline::Strong(voice.measure(&sum.total)));
    out
}

/// The sum, and the limit it is held against.
pub(super) fn brief(plan: &Plan, class: &DeviceClass, voice: Voice) -> Vec<Inline> {
    let mut out = sum(plan, class, voice);
    out.extend(of_limit(class, voice));
    out
}

/// A further class of a tier of a one-page plan.
pub(super) fn brief_beside(first: &DeviceClass, class: &DeviceClass, voice: Voice) -> Vec<Inline> {
    let mut out = as_first(first, class, voice);
    out.extend(of_limit(class, voice));
    out
}

fn of_limit(class: &DeviceClass, voice: Voice) -> Vec<Inline> {
    let limit = &class.memory.budget;
    let Some(bytes) = limit.bytes else {
        return voice.say("memory.open", &[]);
    };
    let mut out = voice.say("memory.of", &[("budget", text(voice.bytes(bytes)))]);
    out.extend(voice.cited(&limit.sources, 1));
    out
}

/// A further class of a tier: only what differs from the first one.
fn beside(first: &DeviceClass, class: &DeviceClass, voice: Voice) -> Vec<Inline> {
    let mut out = as_first(first, class, voice);
    out.extend(left(class, voice));
    out
}

/// The sum, or that it is the one of the first class.
fn as_first(first: &DeviceClass, class: &DeviceClass, voice: Voice) -> Vec<Inline> {
    if first.memory.total == class.memory.total {
        voice.say("memory.same", &[])
    } else {
        vec![Inline::Strong(voice.measure(&class.memory.total))]
    }
}

/// The limit and what is left of it.
fn left(class: &DeviceClass, voice: Voice) -> Vec<Inline> {
    let sum = &class.memory;
    let Some(slack) = sum.slack else {
        return voice.say("memory.open", &[]);
    };
    let key = if slack < 0 {
        "memory.over"
    } else {
        "memory.slack"
    };
    voice.say(
        key,
        &[
            ("budget", budget(&sum.budget, voice)),
            ("slack", text(voice.bytes(slack.unsigned_abs()))),
        ],
    )
}

fn strong_class(voice: Voice, tier: &Tier, class: &DeviceClass) -> Vec<Inline> {
    slots::class(voice, &tier.platform_name, class)
}

fn app(class: &DeviceClass, voice: Voice) -> Vec<Inline> {
    let app = text(voice.measure(&class.memory.app));
    voice.say("memory.app", &[("n", app)])
}

/// What one stack adds, part by part.
fn parts(stack: &SlotMemory) -> [(&'static str, &Estimated); 3] {
    [
        ("memory.weights", &stack.weights_charged),
        ("memory.kv", &stack.kv_cache),
        ("memory.compute", &stack.compute),
    ]
}

/// One addend; nothing where it is surely nothing.
fn term((key, figure): (&str, &Estimated), voice: Voice) -> Option<Vec<Inline>> {
    if figure.value().is_some_and(Measure::is_zero) {
        return None;
    }
    Some(voice.say(key, &[("n", voice.estimated(figure)?)]))
}

fn slot_item(plan: &Plan, stack: &SlotMemory, voice: Voice) -> Option<Item> {
    let terms: Vec<Vec<Inline>> = parts(stack)
        .into_iter()
        .filter_map(|p| term(p, voice))
        .collect();
    let known = parts(stack).into_iter().filter_map(|(_, f)| f.value());
    let sum = added(known)?;
    let several = terms.len() > 1;
    let mut words = slots::slot(plan, voice, &stack.feature, &stack.role);
    words.push(Inline::Text(voice.word("punct.colon").to_owned()));
    words.extend(voice.joined("punct.plus", terms));
    if several {
        words.push(Inline::Text(voice.word("punct.equals").to_owned()));
        words.extend(text(voice.measure(&sum)));
    }
    if let Some(mapped) = stack.mapped.value().filter(|m| m.likely > 0.0) {
        let mapped = text(voice.measure(mapped));
        words.extend(voice.say("memory.mapped_part", &[("n", mapped)]));
    }
    Some(Item::new(words))
}

/// The sum of intervals of one unit.
fn added<'a>(measures: impl Iterator<Item = &'a Measure>) -> Option<Measure> {
    measures.copied().reduce(|sum, next| Measure {
        low: sum.low + next.low,
        likely: sum.likely + next.likely,
        high: sum.high + next.high,
        unit: sum.unit,
    })
}

/// The limit and whose it is.
fn budget(budget: &Budget, voice: Voice) -> Vec<Inline> {
    let amount =
        |bytes: Option<u64>| text(bytes.map_or_else(String::new, |bytes| voice.bytes(bytes)));
    let key = match (budget.set_by.as_str(), budget.entitled) {
        ("spec", _) => "budget.spec",
        (_, Some(_)) => "budget.entitled",
        _ => "budget.base",
    };
    let mut out = voice.say(
        key,
        &[
            ("budget", amount(budget.bytes)),
            ("base", amount(budget.base)),
            ("grant", amount(budget.entitled.or(budget.base))),
        ],
    );
    out.extend(voice.cited(&budget.sources, 1));
    out
}

/// What is known about the limit beyond its size.
fn remark(budget: &Budget, voice: Voice) -> Option<Vec<Inline>> {
    let mut parts = Vec::new();
    if budget.contested {
        parts.push(voice.say("budget.contested", &[]));
    }
    parts.extend(budget.note.as_ref().map(|note| voice.words(note)));
    (!parts.is_empty()).then(|| voice.joined("punct.semicolon", parts))
}
