//! How features, roles, classes and phones are called.

use super::super::inline::Inline;
use super::super::voice::{Voice, text, trim_number};
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

/// The classes of a tier in one phrase: `8, 12 and 16 GB phones; iPhone 15 Pro`.
pub(super) fn tier(voice: Voice, tier: &Tier) -> Vec<Inline> {
    let rams: Vec<Vec<Inline>> = tier
        .classes
        .iter()
        .filter(|class| !class.named)
        .map(|class| text(class.ram_gib.to_string()))
        .collect();
    let mut parts = Vec::new();
    if !rams.is_empty() {
        let list = voice.joined("punct.slash", rams);
        parts.push(voice.say("tier.ram", &[("list", list)]));
    }
    parts.extend(
        tier.classes
            .iter()
            .filter(|class| class.named)
            .filter_map(|class| class.reference.as_ref())
            .map(|device| text(device.name.clone())),
    );
    let os = tier.classes.first().map_or(0.0, |class| class.min_os);
    voice.say(
        "tier.title",
        &[
            ("platform", text(tier.platform_name.clone())),
            ("os", text(trim_number(os))),
            ("phones", voice.names(parts)),
        ],
    )
}

/// `Qwen3 4B Q4_K_M`.
pub(super) fn stack(stack: &Stack) -> String {
    if stack.model.system {
        stack.model.name.clone()
    } else {
        format!("{} {}", stack.model.name, stack.quantization.name)
    }
}
