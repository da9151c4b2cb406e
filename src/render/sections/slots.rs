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
    let classes = || tiers.iter().flat_map(|tier| &tier.classes);
    let mut rams: Vec<u32> = classes()
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
        classes()
            .filter(|class| class.named)
            .filter_map(|class| class.reference.as_ref())
            .map(|device| text(device.name.clone())),
    );
    voice.names(parts)
}

/// The phones of tiers of any platform: `iOS 8/12 GB, Android 16 GB`.
pub(super) fn places(voice: Voice, tiers: &[&Tier]) -> Vec<Inline> {
    let parts = by_platform(tiers.iter().copied()).into_iter().map(|tiers| {
        let phones = phones(voice, &tiers);
        let mut classes = tiers.iter().flat_map(|tier| &tier.classes);
        if classes.all(|class| class.named) {
            return phones;
        }
        let platform = text(tiers[0].platform_name.clone());
        voice.say("tier.place", &[("platform", platform), ("phones", phones)])
    });
    voice.names(parts.collect())
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
