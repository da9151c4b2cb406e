//! Section: delivery, what users will feel, and what to measure before shipping.

use super::speak::{Speaker, may, must, show};
use super::why::{classes, places};
use super::{Fact, Paragraph};
use crate::plan::types::{Check, Detail, Plan, Tier};
use crate::prose::facts::{class_name, feature_name, plain};

/// How the ids of checks of memory begin; the platform follows.
const MEMORY: &str = "memory.";

pub(super) fn paragraphs(plan: &Plan, speaker: Speaker) -> Vec<Paragraph> {
    let mut found = Vec::new();
    let facts: Vec<Fact> = plan
        .tiers
        .iter()
        .flat_map(|tier| delivery(plan, tier, speaker))
        .collect();
    found.extend(speaker.paragraph("rollout.delivery", facts));
    let mut facts: Vec<Fact> = plan
        .tiers
        .iter()
        .map(|tier| speed(plan, tier, speaker))
        .collect();
    if plan.checks.iter().any(|check| check.id == "speed") {
        facts.push(may(speaker.say("prose.rollout.check-speed", &[])));
    }
    found.extend(speaker.paragraph("rollout.speed", facts));
    found.extend(speaker.paragraph("rollout.checks", checks(plan, speaker)));
    found
}

fn delivery(plan: &Plan, tier: &Tier, speaker: Speaker) -> Vec<Fact> {
    let mut facts = Vec::new();
    let names: Vec<String> = classes(tier).collect();
    let classes = places(plan, &names, speaker);
    let download = show(tier.download.likely, tier.download.unit);
    let storage = show(tier.storage.likely, tier.storage.unit);
    let args = [
        ("classes", classes.as_str()),
        ("download", &download),
        ("storage", &storage),
    ];
    if tier.download.is_zero() {
        facts.push(may(speaker.say("prose.rollout.no-download", &args)));
    } else if download == storage {
        facts.push(must(speaker.say("prose.rollout.download", &args)));
    } else {
        facts.push(must(speaker.say("prose.rollout.download-storage", &args)));
    }
    if tier.needs_entitlements {
        facts.push(may(speaker.say(
            "prose.rollout.entitlements",
            &[
                ("platform", &tier.platform_name),
                ("entitlements", &speaker.list(&tier.entitlements)),
            ],
        )));
    }
    facts
}

/// What users feel on the class whose decoding is slowest.
fn speed(plan: &Plan, tier: &Tier, speaker: Speaker) -> Fact {
    let known = tier.classes.iter().filter_map(|class| {
        let felt = class
            .figures
            .iter()
            .find_map(|figures| Some((figures, figures.ttft.value()?, figures.decode.value()?)))?;
        Some((class, felt))
    });
    let slowest = known.min_by(|(_, one), (_, other)| one.2.likely.total_cmp(&other.2.likely));
    let Some((class, (figures, ttft, decode))) = slowest else {
        let names: Vec<String> = classes(tier).collect();
        let classes = places(plan, &names, speaker);
        return may(speaker.say("prose.rollout.unknown-speed", &[("classes", &classes)]));
    };
    let device = class.reference.as_ref().filter(|_| !class.named);
    let battery = figures
        .battery
        .value()
        .filter(|_| plan.detail == Detail::Full);
    let key = match (device, battery) {
        (Some(_), Some(_)) => "prose.rollout.speed-class-battery",
        (Some(_), None) => "prose.rollout.speed-class",
        (None, Some(_)) => "prose.rollout.speed-battery",
        (None, None) => "prose.rollout.speed",
    };
    let battery = battery.map(|battery| show(battery.likely, battery.unit));
    must(speaker.say(
        key,
        &[
            ("class", &class_name(tier, class)),
            ("device", device.map_or("", |device| &device.name)),
            ("ttft", &speaker.interval(ttft)),
            ("decode", &speaker.interval(decode)),
            ("battery", battery.as_deref().unwrap_or_default()),
        ],
    ))
}

/// What to measure. The figures that must come out stand above, so that phones and tools are enough for memory; of several
/// tools for one thing the first is named.
fn checks(plan: &Plan, speaker: Speaker) -> Vec<Fact> {
    let mut facts = Vec::new();
    let memory = |check: &&Check| check.id.starts_with(MEMORY);
    let tools: Vec<String> = plan
        .checks
        .iter()
        .filter(memory)
        .filter_map(|check| check.tools.first())
        .map(|tool| plain(tool))
        .collect();
    if !tools.is_empty() {
        let tools = speaker.list(&tools);
        facts.push(may(
            speaker.say("prose.rollout.check-memory", &[("tools", &tools)])
        ));
    }
    let others = plan
        .checks
        .iter()
        .filter(|check| !memory(check) && check.id != "speed");
    facts.extend(others.map(|check| may(measurement(plan, check, speaker))));
    facts
}

/// A check of the plan; features are called by their task, not in the user's words.
fn measurement(plan: &Plan, check: &Check, speaker: Speaker) -> String {
    let mut text = check.text.get(speaker.locale).to_owned();
    for feature in &plan.asked.features {
        let name = feature_name(&plan.asked, &feature.id, speaker.locale);
        text = text.replace(&format!("`{}`", feature.id), &name);
    }
    speaker.ended(&plain(&text))
}
