//! Section: delivery, what users will feel, and what to measure before shipping.

use super::speak::{Speaker, may, must, show};
use super::why::classes;
use super::{Fact, Paragraph};
use crate::plan::types::{Check, Detail, DeviceClass, Estimated, Plan, SlotFigures, Tier};
use crate::prose::facts::{class_name, feature_name, plain};

pub(super) fn paragraphs(plan: &Plan, speaker: Speaker) -> Vec<Paragraph> {
    let mut found = Vec::new();
    let facts: Vec<Fact> = plan
        .tiers
        .iter()
        .flat_map(|tier| delivery(tier, speaker))
        .collect();
    found.extend(speaker.paragraph("rollout.delivery", facts));
    let facts: Vec<Fact> = plan
        .tiers
        .iter()
        .flat_map(|tier| speed(plan, tier, speaker))
        .collect();
    found.extend(speaker.paragraph("rollout.speed", facts));
    let facts: Vec<Fact> = plan
        .checks
        .iter()
        .map(|check| may(measurement(plan, check, speaker)))
        .collect();
    found.extend(speaker.paragraph("rollout.checks", facts));
    found
}

fn delivery(tier: &Tier, speaker: Speaker) -> Vec<Fact> {
    let mut facts = Vec::new();
    let classes = classes(tier, speaker);
    if tier.download.is_zero() {
        facts.push(may(
            speaker.say("prose.rollout.no-download", &[("classes", &classes)])
        ));
    } else {
        facts.push(must(speaker.say(
            "prose.rollout.download",
            &[
                ("classes", &classes),
                ("download", &show(tier.download.likely, tier.download.unit)),
                ("storage", &show(tier.storage.likely, tier.storage.unit)),
            ],
        )));
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
fn speed(plan: &Plan, tier: &Tier, speaker: Speaker) -> Vec<Fact> {
    let known = tier.classes.iter().filter_map(|class| {
        let figures = class
            .figures
            .iter()
            .find(|figures| felt(figures).is_some())?;
        Some((class, figures))
    });
    let decode = |figures: &SlotFigures| figures.decode.value().map_or(f64::MAX, |v| v.likely);
    let Some((class, figures)) =
        known.min_by(|one, other| decode(one.1).total_cmp(&decode(other.1)))
    else {
        return vec![may(speaker.say(
            "prose.rollout.unknown-speed",
            &[("classes", &classes(tier, speaker))],
        ))];
    };
    let mut facts = vec![felt_on(tier, class, figures, speaker)];
    if plan.detail == Detail::Full {
        facts.push(energy(tier, class, figures, speaker));
    }
    facts
}

fn felt(figures: &SlotFigures) -> Option<(&Estimated, &Estimated)> {
    figures.ttft.value()?;
    figures.decode.value()?;
    Some((&figures.ttft, &figures.decode))
}

fn felt_on(tier: &Tier, class: &DeviceClass, figures: &SlotFigures, speaker: Speaker) -> Fact {
    let (Some(ttft), Some(decode), Some(cold)) = (
        figures.ttft.value(),
        figures.decode.value(),
        figures.cold_start.value(),
    ) else {
        return may(String::new());
    };
    let device = class.reference.as_ref().filter(|_| !class.named);
    let args = [
        ("class", class_name(tier, class)),
        (
            "device",
            device.map_or(String::new(), |device| device.name.clone()),
        ),
        ("ttft", speaker.interval(ttft)),
        ("decode", speaker.interval(decode)),
        ("cold", speaker.interval(cold)),
    ];
    let args: Vec<(&str, &str)> = args
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let key = if device.is_some() {
        "prose.rollout.speed-class"
    } else {
        "prose.rollout.speed"
    };
    must(speaker.say(key, &args))
}

fn energy(tier: &Tier, class: &DeviceClass, figures: &SlotFigures, speaker: Speaker) -> Fact {
    let (Some(energy), Some(battery)) = (figures.energy.value(), figures.battery.value()) else {
        return may(String::new());
    };
    may(speaker.say(
        "prose.rollout.energy",
        &[
            ("class", &class_name(tier, class)),
            ("energy", &show(energy.likely, energy.unit)),
            ("battery", &show(battery.likely, battery.unit)),
        ],
    ))
}

/// A check with its tools; features are called by their task, not in the user's words.
fn measurement(plan: &Plan, check: &Check, speaker: Speaker) -> String {
    let mut text = check.text.get(speaker.locale).to_owned();
    for feature in &plan.asked.features {
        let name = feature_name(&plan.asked, &feature.id, speaker.locale);
        text = text.replace(&format!("`{}`", feature.id), &name);
    }
    let text = speaker.ended(&plain(&text));
    if check.tools.is_empty() {
        return text;
    }
    let tools: Vec<String> = check.tools.iter().map(|tool| plain(tool)).collect();
    let sentence = speaker.say("prose.rollout.tools", &[("tools", &speaker.list(&tools))]);
    match speaker.locale {
        crate::diagnostic::Locale::En => format!("{text} {sentence}"),
        crate::diagnostic::Locale::ZhCn => format!("{text}{sentence}"),
    }
}
