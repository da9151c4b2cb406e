//! Section: delivery, what users will feel, and what to measure before shipping.

use super::speak::{Speaker, may, must, show};
use super::why::{classes, places};
use super::{Fact, Paragraph};
use crate::plan::types::{Check, Detail, Plan, Tier};
use crate::prose::facts::{class_name, feature_name, plain};

/// How the ids of checks of memory begin; the platform follows.
const MEMORY: &str = "memory.";

pub(super) fn paragraphs(plan: &Plan, speaker: Speaker) -> Vec<Paragraph> {
    let mut felt: Vec<Fact> = Vec::new();
    let mut unknown: Vec<String> = Vec::new();
    for tier in &plan.tiers {
        match speed(plan, tier, speaker) {
            Some(fact) => felt.push(fact),
            None => unknown.extend(classes(tier)),
        }
    }
    if !felt.is_empty() {
        felt.push(may(speaker.say("prose.rollout.check-speed", &[])));
    }
    if !unknown.is_empty() {
        let classes = places(plan, &unknown, speaker);
        felt.push(may(
            speaker.say("prose.rollout.unknown-speed", &[("classes", &classes)])
        ));
    }
    let mut found = speaker.paragraphs(
        ("rollout.delivery", delivery(plan, speaker)),
        ("rollout.speed", felt),
    );
    found.extend(speaker.paragraph("rollout.checks", checks(plan, speaker)));
    found
}

/// What is downloaded, each size once, and what has to be shipped with it.
fn delivery(plan: &Plan, speaker: Speaker) -> Vec<Fact> {
    let mut sizes: Vec<(bool, String, String, Vec<String>)> = Vec::new();
    let mut shipped = Vec::new();
    for tier in &plan.tiers {
        let free = tier.download.is_zero();
        let download = show(tier.download.likely, tier.download.unit);
        let storage = show(tier.storage.likely, tier.storage.unit);
        let same = |known: &&mut (bool, String, String, Vec<String>)| {
            (known.0, &known.1, &known.2) == (free, &download, &storage)
        };
        match sizes.iter_mut().find(same) {
            Some((.., names)) => names.extend(classes(tier)),
            None => sizes.push((free, download, storage, classes(tier).collect())),
        }
        if tier.needs_entitlements {
            let entitlements = speaker.list(&tier.entitlements);
            let args = [
                ("platform", tier.platform_name.as_str()),
                ("entitlements", &entitlements),
            ];
            let fact = may(speaker.say("prose.rollout.entitlements", &args));
            if !shipped.contains(&fact) {
                shipped.push(fact);
            }
        }
    }
    let sizes = sizes.into_iter().map(|(free, download, storage, names)| {
        let classes = places(plan, &names, speaker);
        let args = [
            ("classes", classes.as_str()),
            ("download", &download),
            ("storage", &storage),
        ];
        if free {
            may(speaker.say("prose.rollout.no-download", &args))
        } else if download == storage {
            must(speaker.say("prose.rollout.download", &args))
        } else {
            must(speaker.say("prose.rollout.download-storage", &args))
        }
    });
    sizes.chain(shipped).collect()
}

/// What users feel on the class whose decoding is slowest; `None` where nothing can be predicted.
fn speed(plan: &Plan, tier: &Tier, speaker: Speaker) -> Option<Fact> {
    let known = tier.classes.iter().filter_map(|class| {
        let felt = class
            .figures
            .iter()
            .find_map(|figures| Some((figures, figures.ttft.value()?, figures.decode.value()?)))?;
        Some((class, felt))
    });
    let (class, (figures, ttft, decode)) =
        known.min_by(|(_, one), (_, other)| one.2.likely.total_cmp(&other.2.likely))?;
    let device = class.reference.as_ref().filter(|_| !class.named);
    let battery = figures
        .battery
        .value()
        .filter(|_| plan.detail == Detail::Full && !figures.never_rests());
    let key = match (device, battery) {
        (Some(_), Some(_)) => "prose.rollout.speed-class-battery",
        (Some(_), None) => "prose.rollout.speed-class",
        (None, Some(_)) => "prose.rollout.speed-battery",
        (None, None) => "prose.rollout.speed",
    };
    let battery = battery.map(|battery| show(battery.likely, battery.unit));
    Some(must(speaker.say(
        key,
        &[
            ("class", &class_name(tier, class)),
            ("device", device.map_or("", |device| &device.name)),
            ("ttft", &speaker.interval(ttft)),
            ("decode", &speaker.interval(decode)),
            ("battery", battery.as_deref().unwrap_or_default()),
        ],
    )))
}

/// What to measure. The figures that must come out stand above, so that phones and tools are enough for memory; of several
/// tools for one thing the first is named.
fn checks(plan: &Plan, speaker: Speaker) -> Vec<Fact> {
    let mut facts = Vec::new();
    let memory = |check: &&Check| check.id.starts_with(MEMORY);
    let of_memory = || plan.checks.iter().filter(memory);
    if of_memory().next().is_some() {
        let tools = of_memory().filter_map(|check| check.tools.first());
        let tools: Vec<String> = tools.map(|tool| plain(tool)).collect();
        let key = if tools.is_empty() {
            "prose.rollout.check-memory"
        } else {
            "prose.rollout.check-memory-tools"
        };
        facts.push(may(speaker.say(key, &[("tools", &speaker.list(&tools))])));
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
