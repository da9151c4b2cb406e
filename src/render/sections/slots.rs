//! How features, roles, classes and phones are called.

use super::super::inline::Inline;
use super::super::voice::{Voice, text};
use crate::plan::types::{DeviceClass, Plan, Stack, Tier};

/// Whether the plan fills one place only, so that naming it would be noise.
pub(super) fn lone(plan: &Plan) -> bool {
    plan.asked
        .features
        .iter()
        .map(|f| f.roles.len())
        .sum::<usize>()
        == 1
}

/// `diary` or `interpreter: speech recognition`.
pub(super) fn slot(plan: &Plan, voice: Voice, feature: &str, role: &str) -> Vec<Inline> {
    let asked = plan.asked.features.iter().find(|asked| asked.id == feature);
    let name = voice.word(&format!("role.{role}")).to_owned();
    if plan.asked.features.len() == 1 {
        return text(name);
    }
    match asked {
        Some(asked) if asked.roles.len() == 1 => text(feature),
        _ => voice.say(
            "slot.of",
            &[("feature", text(feature)), ("role", text(name))],
        ),
    }
}

/// `iOS, 8 GB phones`, or the device's name.
pub(super) fn class(voice: Voice, platform: &str, class: &DeviceClass) -> Vec<Inline> {
    match (&class.reference, class.named) {
        (Some(device), true) => text(device.name.clone()),
        _ => voice.say(
            "class.ram",
            &[
                ("platform", text(platform)),
                ("ram", text(class.ram_gib.to_string())),
            ],
        ),
    }
}

/// The phones of tiers of one platform: `8/12 GB`, `16 GB, iPhone 15 Pro`.
pub(super) fn phones(voice: Voice, tiers: &[&Tier]) -> Vec<Inline> {
    let classes: Vec<&DeviceClass> = tiers.iter().flat_map(|tier| &tier.classes).collect();
    of_one_platform(voice, &classes)
}

fn of_one_platform(voice: Voice, classes: &[&DeviceClass]) -> Vec<Inline> {
    let mut rams: Vec<u32> = classes
        .iter()
        .filter(|class| !class.named)
        .map(|class| class.ram_gib)
        .collect();
    rams.sort_unstable();
    let mut parts = Vec::new();
    if !rams.is_empty() {
        let list = rams.iter().map(|ram| text(ram.to_string())).collect();
        let list = voice.joined("punct.slash", list);
        parts.push(voice.say("tier.ram", &[("list", list)]));
    }
    parts.extend(
        classes
            .iter()
            .filter(|class| class.named)
            .filter_map(|class| class.reference.as_ref())
            .map(|device| text(device.name.clone())),
    );
    voice.names(parts)
}

/// The phones of tiers of any platform: `iOS 8/12 GB, Android 16 GB`.
pub(super) fn places(voice: Voice, tiers: &[&Tier]) -> Vec<Inline> {
    of_platforms(voice, tiers, |_| true)
}

/// The same for classes, by their ids.
pub(super) fn classes(plan: &Plan, voice: Voice, ids: &[String]) -> Vec<Inline> {
    let tiers: Vec<&Tier> = plan.tiers.iter().collect();
    of_platforms(voice, &tiers, |class| ids.contains(&class.id))
}

fn of_platforms(
    voice: Voice,
    tiers: &[&Tier],
    wanted: impl Fn(&DeviceClass) -> bool,
) -> Vec<Inline> {
    let mut parts = Vec::new();
    for tiers in by_platform(tiers.iter().copied()) {
        let classes = tiers.iter().flat_map(|tier| &tier.classes);
        let classes: Vec<&DeviceClass> = classes.filter(|class| wanted(class)).collect();
        if classes.is_empty() {
            continue;
        }
        let phones = of_one_platform(voice, &classes);
        if classes.iter().all(|class| class.named) {
            parts.push(phones);
            continue;
        }
        let platform = text(tiers[0].platform_name.clone());
        parts.push(voice.say("tier.place", &[("platform", platform), ("phones", phones)]));
    }
    voice.names(parts)
}

/// Tiers gathered by platform, in the order of the plan; no group is empty.
pub(super) fn by_platform<'a>(tiers: impl Iterator<Item = &'a Tier>) -> Vec<Vec<&'a Tier>> {
    let mut groups: Vec<Vec<&Tier>> = Vec::new();
    for tier in tiers {
        match groups
            .iter_mut()
            .find(|group| group[0].platform == tier.platform)
        {
            Some(group) => group.push(tier),
            None => groups.push(vec![tier]),
        }
    }
    groups
}

/// `Qwen3 4B Q4_K_M`.
pub(super) fn stack(stack: &Stack) -> String {
    if stack.model.system {
        stack.model.name.clone()
    } else {
        format!("{} {}", stack.model.name, stack.quantization.name)
    }
}
