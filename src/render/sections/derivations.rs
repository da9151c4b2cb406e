//! How the figures follow: the arithmetic of every chosen stack once, on the first class that gets it.

use super::super::inline::Inline;
use super::super::page::{Block, Item, Section};
use super::super::voice::{Voice, text};
use super::slots;
use crate::plan::types::{Derivation, DeviceClass, Estimated, Measure, Plan, Stack, Tier};

/// Sources named after one step.
const CITED: usize = 2;

pub(super) fn section(plan: &Plan, voice: Voice) -> Section {
    let mut section = super::section("derivations", voice);
    let mut told: Vec<(&str, &str, &str)> = Vec::new();
    let mut items = Vec::new();
    for tier in &plan.tiers {
        let Some(class) = tier.classes.first() else {
            continue;
        };
        for stack in &tier.stacks {
            let key = (
                stack.file.id.as_str(),
                stack.runtime.id.as_str(),
                stack.backend.as_str(),
            );
            if !told.contains(&key) {
                told.push(key);
                items.extend(stack_item(tier, class, stack, voice));
            }
        }
    }
    if !items.is_empty() {
        section.blocks.push(Block::List(items));
    }
    section
}

fn stack_item(tier: &Tier, class: &DeviceClass, stack: &Stack, voice: Voice) -> Option<Item> {
    let here = |feature: &str, role: &str| feature == stack.feature && role == stack.role;
    let mut figures: Vec<&Estimated> = Vec::new();
    if let Some(memory) = class
        .memory
        .stacks
        .iter()
        .find(|m| here(&m.feature, &m.role))
    {
        figures.extend([&memory.weights_charged, &memory.kv_cache, &memory.compute]);
    }
    if let Some(speed) = class.figures.iter().find(|f| here(&f.feature, &f.role)) {
        figures.extend([&speed.ttft, &speed.decode, &speed.cold_start, &speed.energy]);
    }
    let lines: Vec<Item> = figures
        .into_iter()
        .filter(|figure| !figure.value().is_some_and(Measure::is_zero))
        .filter_map(|figure| line(figure, voice))
        .collect();
    let head = voice.say(
        "derivation.head",
        &[
            ("stack", text(slots::stack(stack))),
            ("runtime", text(stack.runtime.name.clone())),
            ("backend", text(stack.backend_name.clone())),
            ("class", slots::class(voice, &tier.platform_name, class)),
        ],
    );
    (!lines.is_empty()).then(|| Item::with(head, lines))
}

/// A figure with its steps in one line; a single step says it alone.
fn line(figure: &Estimated, voice: Voice) -> Option<Item> {
    let Estimated::Known { derivation, .. } = figure else {
        return None;
    };
    let (last, steps) = derivation.split_last()?;
    let said = |step: &Derivation| {
        let mut words = voice.words(&step.what);
        words.push(Inline::Text(voice.word("punct.colon").to_owned()));
        if !step.formula.is_empty() {
            words.extend(text(voice.intervals(&step.formula)));
            words.push(Inline::Text(voice.word("punct.equals").to_owned()));
        }
        words.extend(text(voice.intervals(&step.result)));
        words.extend(voice.cited(&step.sources, CITED));
        words
    };
    if let [only] = steps {
        return Some(Item::new(said(only)));
    }
    let steps: Vec<Vec<Inline>> = steps.iter().map(said).collect();
    let mut words = said(last);
    if !steps.is_empty() {
        let steps = voice.joined("punct.semicolon", steps);
        words.extend(voice.say("derivation.steps", &[("steps", steps)]));
    }
    Some(Item::new(words))
}
