//! What may go wrong and what is not known, each once with the phones it holds for.

use std::collections::BTreeMap;

use super::answer::class_name;
use super::context::Context;
use super::words::{joined, plain, say};
use crate::plan::types::{Estimated, Risk, Tier, Words};

/// Phones named in one risk before the rest is counted.
const NAMED: usize = 5;

pub(super) fn risks(context: &Context<'_>, tiers: &[Tier]) -> Vec<Risk> {
    let mut risks = Vec::new();
    let mut push = |id: &str, args: &[(&str, &Words)]| {
        risks.push(Risk {
            id: id.to_owned(),
            text: say(&format!("risk.{id}"), args),
        });
    };
    let all: Vec<&Tier> = tiers.iter().collect();
    let contested = classes(&all, |class| class.memory.budget.contested);
    if !contested.is_empty() {
        push("contested-budget", &[("classes", &list(&contested))]);
    }
    for (id, words, slots) in missing(tiers) {
        push(&id, &[("missing", &words), ("where", &list(&slots))]);
    }
    let mut undecided: Vec<String> = tiers
        .iter()
        .flat_map(|tier| {
            tier.classes
                .iter()
                .flat_map(|class| class.undecided.clone())
        })
        .collect();
    undecided.sort();
    undecided.dedup();
    if !undecided.is_empty() {
        let count = plain(undecided.len().to_string());
        push(
            "undecided-devices",
            &[("n", &count), ("names", &list(&undecided))],
        );
    }
    let mut derived: Vec<String> = tiers
        .iter()
        .flat_map(|tier| &tier.stacks)
        .filter(|stack| !stack.file.exact && stack.file.bytes.is_some())
        .map(|stack| format!("{} {}", stack.model.name, stack.quantization.name))
        .collect();
    derived.sort();
    derived.dedup();
    if !derived.is_empty() {
        push("inexact-size", &[("files", &list(&derived))]);
    }
    let mut experimental: Vec<String> = tiers
        .iter()
        .flat_map(|tier| &tier.stacks)
        .filter(|stack| stack.backend_experimental)
        .map(|stack| format!("{} {}", stack.runtime.name, stack.backend_name))
        .collect();
    experimental.sort();
    experimental.dedup();
    if !experimental.is_empty() {
        push(
            "experimental-backend",
            &[("backends", &list(&experimental))],
        );
    }
    // A rule warns of single stacks; this is about the sum of those that are loaded together.
    let warned = |tier: &&Tier| {
        let mut findings = tier.stacks.iter().flat_map(|stack| &stack.findings);
        findings.any(|finding| {
            let mut values = finding.reason.values.iter();
            values.any(|(name, _)| name == "store.memory_threshold")
        })
    };
    let unwarned: Vec<&Tier> = tiers.iter().filter(|tier| !warned(tier)).collect();
    let over_store = classes(&unwarned, |class| {
        let threshold = class.memory.budget.store_threshold;
        threshold.is_some_and(|bytes| class.memory.total.likely > bytes as f64)
    });
    if !over_store.is_empty() {
        push("store-threshold", &[("classes", &list(&over_store))]);
    }
    if tiers
        .iter()
        .any(|tier| tier.stacks.iter().any(|stack| stack.role == "llm"))
    {
        push("thermal", &[]);
    }
    if !context.spec.allows.is_empty() {
        let codes: Vec<String> = context
            .spec
            .allows
            .iter()
            .map(|allow| format!("{} ({})", allow.code, allow.reason))
            .collect();
        push("allowed", &[("codes", &list(&codes))]);
    }
    risks
}

fn classes(
    tiers: &[&Tier],
    holds: impl Fn(&crate::plan::types::DeviceClass) -> bool,
) -> Vec<String> {
    tiers
        .iter()
        .flat_map(|tier| {
            let held = tier.classes.iter().filter(|class| holds(class));
            held.map(|class| class_name(tier, class))
                .collect::<Vec<_>>()
        })
        .collect()
}

/// Figures the catalog cannot give, with the stacks and phones they are missing for.
fn missing(tiers: &[Tier]) -> Vec<(String, Words, Vec<String>)> {
    let mut found: BTreeMap<String, (Words, Vec<String>)> = BTreeMap::new();
    for tier in tiers {
        for class in &tier.classes {
            for figures in &class.figures {
                let all = [
                    &figures.cold_start,
                    &figures.ttft,
                    &figures.decode,
                    &figures.energy,
                ];
                for figure in all {
                    if let Estimated::Unknown { id, missing, of } = figure {
                        let entry = found
                            .entry(id.clone())
                            .or_insert_with(|| (missing.clone(), Vec::new()));
                        if !entry.1.contains(of) {
                            entry.1.push(of.clone());
                        }
                    }
                }
            }
        }
    }
    found
        .into_values()
        .map(|(words, slots)| ("unknown-figure".to_owned(), words, slots))
        .collect()
}

/// A list that stays readable.
fn list(names: &[String]) -> Words {
    let mut parts: Vec<Words> = names.iter().take(NAMED).map(plain).collect();
    if names.len() > NAMED {
        let rest = plain((names.len() - NAMED).to_string());
        parts.push(say("risk.more", &[("n", &rest)]));
    }
    joined("punct.names", &parts)
}
