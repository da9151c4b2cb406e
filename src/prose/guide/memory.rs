//! Section: memory strategy. For the tightest class of each kind of stack: the sum, what is charged, what is not.

use super::speak::{Speaker, about, bytes, likely, may, must};
use super::{Fact, Paragraph};
use crate::plan::types::{Detail, DeviceClass, Plan, SlotMemory, Stack, Tier};
use crate::prose::facts::{class_name, role_name};

pub(super) fn paragraphs(plan: &Plan, speaker: Speaker) -> Vec<Paragraph> {
    let mut found = Vec::new();
    for tier in &plan.tiers {
        let Some(class) = tier.classes.iter().min_by_key(|class| class.memory.slack) else {
            continue;
        };
        let mut facts = vec![sum(tier, class, speaker)];
        let name = class_name(tier, class);
        facts.push(about(parts(class, speaker), &name));
        facts.extend(residency(tier, class, speaker));
        facts.extend(limits(plan, tier, class, speaker));
        found.extend(speaker.paragraph(format!("memory.{}", class.id), facts));
    }
    let facts: Vec<Fact> = plan
        .tiers
        .iter()
        .filter_map(|tier| settings(tier, speaker))
        .collect();
    found.extend(speaker.paragraph("memory.settings", facts));
    found
}

fn sum(tier: &Tier, class: &DeviceClass, speaker: Speaker) -> Fact {
    must(speaker.say(
        "prose.memory.sum",
        &[
            ("class", &class_name(tier, class)),
            ("total", &speaker.interval(&class.memory.total)),
            ("budget", &bytes(class.memory.budget.bytes)),
            ("slack", &bytes(class.memory.slack.unsigned_abs())),
        ],
    ))
}

/// What the sum is made of, for a single stack; a pipeline gives the weight of each step.
fn parts(class: &DeviceClass, speaker: Speaker) -> Fact {
    let app = super::speak::show(class.memory.app.likely, class.memory.app.unit);
    let [part] = class.memory.stacks.as_slice() else {
        return pipeline(class, speaker);
    };
    let (Some(weights), Some(kv), Some(compute)) = (
        likely(&part.weights_charged),
        likely(&part.kv_cache),
        likely(&part.compute),
    ) else {
        return may(String::new());
    };
    let mapped = part.weights_charged.value().is_some_and(|v| v.is_zero());
    let key = if mapped {
        "prose.memory.parts-mapped"
    } else {
        "prose.memory.parts"
    };
    may(speaker.say(
        key,
        &[
            ("app", &app),
            ("weights", &weights),
            ("kv", &kv),
            ("compute", &compute),
        ],
    ))
}

fn pipeline(class: &DeviceClass, speaker: Speaker) -> Fact {
    let steps: Vec<String> = class
        .memory
        .stacks
        .iter()
        .filter_map(|part| {
            let weights = likely(&part.weights_charged)?;
            let role = role_name(&part.role, speaker.locale);
            Some(speaker.say(
                "prose.memory.step",
                &[("role", role), ("weights", &weights)],
            ))
        })
        .collect();
    if steps.is_empty() {
        return may(String::new());
    }
    may(speaker.say("prose.memory.steps", &[("steps", &speaker.list(&steps))]))
}

/// How the weights lie in memory.
fn residency(tier: &Tier, class: &DeviceClass, speaker: Speaker) -> Option<Fact> {
    let (stack, part) = heaviest(tier, class)?;
    let size = likely(&part.weights)?;
    let key = match stack.residency.as_deref()? {
        "mapped-clean" => "prose.memory.mapped",
        "anonymous" => "prose.memory.anonymous",
        "gpu-copied" => "prose.memory.copied",
        _ => return None,
    };
    Some(may(speaker.say(
        key,
        &[
            ("class", &class_name(tier, class)),
            ("model", &stack.model.name),
            ("size", &size),
        ],
    )))
}

/// The stack with the largest file.
fn heaviest<'a>(tier: &'a Tier, class: &'a DeviceClass) -> Option<(&'a Stack, &'a SlotMemory)> {
    tier.stacks
        .iter()
        .filter_map(|stack| {
            let of = |part: &&SlotMemory| part.feature == stack.feature && part.role == stack.role;
            let part = class.memory.stacks.iter().find(of)?;
            Some((stack, part))
        })
        .max_by(|one, other| size(one.1).total_cmp(&size(other.1)))
}

fn size(part: &SlotMemory) -> f64 {
    part.weights.value().map_or(0.0, |value| value.high)
}

/// Whose limit it is, and what stands beside it.
fn limits(plan: &Plan, tier: &Tier, class: &DeviceClass, speaker: Speaker) -> Vec<Fact> {
    let budget = &class.memory.budget;
    let name = class_name(tier, class);
    let mut facts = Vec::new();
    let limit = bytes(budget.bytes);
    if budget.set_by == "spec" {
        facts.push(may(speaker.say(
            "prose.memory.by-spec",
            &[("class", &name), ("budget", &limit)],
        )));
    } else if let (Some(base), true) = (budget.base, budget.entitled == Some(budget.bytes)) {
        facts.push(may(speaker.say(
            "prose.memory.entitled",
            &[("class", &name), ("budget", &limit), ("base", &bytes(base))],
        )));
    }
    if let Some(threshold) = budget.store_threshold {
        let over = class.memory.total.high > threshold as f64;
        let key = if over {
            "prose.memory.flagged"
        } else {
            "prose.memory.unflagged"
        };
        facts.push(may(
            speaker.say(key, &[("class", &name), ("threshold", &bytes(threshold))])
        ));
    }
    if plan.detail == Detail::Full && budget.contested {
        facts.push(may(
            speaker.say("prose.memory.contested", &[("class", &name)])
        ));
    }
    facts
}

fn settings(tier: &Tier, speaker: Speaker) -> Option<Fact> {
    let stack = tier
        .stacks
        .iter()
        .find(|stack| stack.settings.as_ref().is_some_and(|s| s.context.is_some()))?;
    let settings = stack.settings.as_ref()?;
    let context = settings.context?.to_string();
    let batch = settings.batch?.to_string();
    let kv = settings.kv_type.as_deref()?;
    let key = if settings.mmap {
        "prose.memory.settings-mapped"
    } else {
        "prose.memory.settings"
    };
    Some(may(speaker.say(
        key,
        &[
            ("model", &stack.model.name),
            ("classes", &super::why::classes(tier, speaker)),
            ("context", &context),
            ("kv", kv),
            ("batch", &batch),
            ("threads", &settings.threads.to_string()),
        ],
    )))
}
