//! What may go wrong, and what to measure on real devices before shipping.

use std::cmp::Reverse;

use super::super::page::{Block, Item, Section};
use super::super::voice::{Voice, code, text};
use super::findings;
use crate::plan::types::{Check, Plan};

/// Warnings that a one-page plan tells.
const FEW: usize = 3;
/// Risks that other parts of a one-page plan say already: the three challenges, the sizes beside the files.
const ELSEWHERE: [&str; 2] = ["thermal", "inexact-size"];
/// Challenges, and the rule each of them says more about than its warning does.
const COVERED: [(&str, &str); 6] = [
    ("android-repack", "repacked-weights"),
    ("four-bit-quality", "four-bit-tiny"),
    ("low-ram-tier", "low-ram-large-model"),
    ("play-delivery", "play-asset-pack"),
    ("slow-voice", "slow-sentence"),
    ("weights-behind-terms", "gated-weights"),
];

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
    let told = groups
        .iter()
        .map(|group| findings::warning(plan, group, voice));
    let mut items: Vec<Item> = told.collect();
    let risks = plan.risks.iter();
    items.extend(risks.map(|risk| Item::new(voice.words(&risk.text))));
    items
}

/// The risks that a one-page plan says, and how many more there are.
fn few_risks(plan: &Plan, voice: Voice) -> Vec<Item> {
    let mut groups = findings::groups(plan, true);
    let told = |challenge: &str| plan.challenges.iter().any(|told| told.id == challenge);
    groups.retain(|group| {
        let mut covered = COVERED.iter().filter(|(_, rule)| *rule == group.rule());
        !covered.any(|(challenge, _)| told(challenge))
    });
    // What holds for most phones comes first.
    groups.sort_by_key(|group| Reverse(group.spread()));
    let (told, more) = groups.split_at(groups.len().min(FEW));
    let told = told
        .iter()
        .map(|group| findings::warning(plan, group, voice));
    let mut items: Vec<Item> = told.collect();
    let risks = plan.risks.iter();
    let risks = risks.filter(|risk| !ELSEWHERE.contains(&risk.id.as_str()));
    items.extend(risks.map(|risk| Item::new(voice.words(&risk.text))));
    if !more.is_empty() {
        let command = format!("edgeplanc check {}", plan.generated_from.spec);
        let args = [
            ("n", text(more.len().to_string())),
            ("command", code(command)),
        ];
        items.push(Item::new(voice.say("checks.more", &args)));
    }
    items
}

/// Measurements; a one-page plan says the risks before them.
pub(super) fn section(plan: &Plan, voice: Voice) -> Section {
    if super::full(plan) {
        let mut section = super::section("checks", voice);
        if !plan.checks.is_empty() {
            let items = plan.checks.iter();
            let items = items.map(|check| check_item(check, check.tools.len(), voice));
            section.blocks.push(Block::List(items.collect()));
        }
        return section;
    }
    let mut section = super::section("before-shipping", voice);
    let mut items = few_risks(plan, voice);
    let told = plan.checks.iter().filter(|check| check.id != "record");
    let mut platforms: Vec<&str> = plan.tiers.iter().map(|t| t.platform.as_str()).collect();
    platforms.dedup();
    let most = |check: &Check| match check.id.as_str() {
        "sustained" => platforms.len(),
        _ => 1,
    };
    items.extend(told.map(|check| check_item(check, most(check), voice)));
    if !items.is_empty() {
        section.blocks.push(Block::List(items));
    }
    section
}

/// A measurement with at most so many of its tools.
fn check_item(check: &Check, most: usize, voice: Voice) -> Item {
    let mut words = voice.words(&check.text);
    if !check.tools.is_empty() {
        let tools = check.tools.iter().take(most);
        let tools = tools.map(|tool| code(tool.clone())).collect();
        words.extend(voice.say("checks.tools", &[("tools", voice.names(tools))]));
    }
    Item::new(words)
}
