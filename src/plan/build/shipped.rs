//! The first line of the answer: what is shipped on which phones.

use super::context::Context;
use super::words::{joined, message, plain, say};
use crate::plan::types::{Stack, Tier, Unit, Words};

/// The distinct stacks of every place with the phones they are for; a lone place also says size and runtime.
pub(super) fn what(context: &Context<'_>, tiers: &[Tier]) -> Words {
    let slots = &context.solution.slots;
    if slots.len() == 1 {
        return lone(tiers);
    }
    let mut features: Vec<Words> = Vec::new();
    for (at, feature) in context.spec.features.iter().enumerate() {
        let steps: Vec<Words> = (0..slots.len())
            .filter(|&slot| slots[slot].feature == at)
            .filter_map(|slot| step(tiers, slot))
            .collect();
        let all = joined("punct.arrow", &steps);
        features.push(if context.spec.features.len() == 1 {
            all
        } else {
            say(
                "answer.slot",
                &[("slot", &plain(&feature.id)), ("all", &all)],
            )
        });
    }
    joined("punct.semicolon", &features)
}

/// Distinct choices for one place, each with its tiers.
fn choices(tiers: &[Tier], slot: usize) -> Vec<(&Stack, Vec<&Tier>)> {
    let mut found: Vec<(&Stack, Vec<&Tier>)> = Vec::new();
    for tier in tiers {
        let Some(stack) = tier.stacks.get(slot) else {
            continue;
        };
        let same = |other: &Stack| {
            other.model.id == stack.model.id && other.quantization.id == stack.quantization.id
        };
        match found.iter_mut().find(|(known, _)| same(known)) {
            Some((_, at)) => at.push(tier),
            None => found.push((stack, vec![tier])),
        }
    }
    found
}

fn lone(tiers: &[Tier]) -> Words {
    let choices = choices(tiers, 0);
    let everywhere = choices.len() == 1;
    let parts: Vec<Words> = choices
        .iter()
        .map(|(stack, at)| {
            let key = if everywhere {
                "answer.one"
            } else {
                "answer.some"
            };
            say(
                key,
                &[
                    ("model", &model(stack)),
                    ("size", &size(stack)),
                    ("how", &ways(at)),
                    ("phones", &phones(at)),
                ],
            )
        })
        .collect();
    joined("punct.semicolon", &parts)
}

/// `speech recognition **SenseVoice Small int8**`, with the phones where they get different models.
fn step(tiers: &[Tier], slot: usize) -> Option<Words> {
    let choices = choices(tiers, slot);
    let (first, _) = choices.first()?;
    let role = message(&format!("plan.role.{}", first.role));
    let parts: Vec<Words> = choices
        .iter()
        .map(|(stack, at)| {
            let key = if choices.len() == 1 {
                "answer.model"
            } else {
                "answer.model_on"
            };
            say(key, &[("model", &model(stack)), ("phones", &phones(at))])
        })
        .collect();
    let all = joined("punct.or_names", &parts);
    Some(say("answer.step", &[("role", &role), ("all", &all)]))
}

/// `llamadart (CPU)`, or the backend of each platform where they differ.
fn ways(tiers: &[&Tier]) -> Words {
    let mut runtimes: Vec<(&str, Vec<(&str, &str)>)> = Vec::new();
    for tier in tiers {
        let Some(stack) = tier.stacks.first() else {
            continue;
        };
        let runtime = stack.runtime.name.as_str();
        let backend = (tier.platform_name.as_str(), stack.backend_name.as_str());
        match runtimes.iter_mut().find(|(known, _)| *known == runtime) {
            Some((_, backends)) if backends.contains(&backend) => {}
            Some((_, backends)) => backends.push(backend),
            None => runtimes.push((runtime, vec![backend])),
        }
    }
    let parts: Vec<Words> = runtimes
        .iter()
        .map(|(runtime, backends)| {
            let alike = backends.iter().all(|(_, name)| *name == backends[0].1);
            let list = if alike {
                plain(backends[0].1)
            } else {
                let each: Vec<Words> = backends
                    .iter()
                    .map(|(platform, backend)| {
                        let (platform, backend) = (plain(platform), plain(backend));
                        say(
                            "answer.backend_on",
                            &[("platform", &platform), ("backend", &backend)],
                        )
                    })
                    .collect();
                joined("punct.names", &each)
            };
            say(
                "answer.way_run",
                &[("runtime", &plain(runtime)), ("backend", &list)],
            )
        })
        .collect();
    joined("punct.names", &parts)
}

fn model(stack: &Stack) -> Words {
    if stack.model.system {
        plain(&stack.model.name)
    } else {
        plain(format!("{} {}", stack.model.name, stack.quantization.name))
    }
}

fn size(stack: &Stack) -> Words {
    match stack.file.bytes {
        Some(bytes) => plain(Unit::Bytes.show(bytes as f64)),
        None if stack.model.system => say("answer.no_download", &[]),
        None => say("file.size_unknown", &[]),
    }
}

/// `iOS 8/12 GB, Android 16 GB, iPhone 15 Pro`: RAM classes of one platform together.
fn phones(tiers: &[&Tier]) -> Words {
    let mut platforms: Vec<(&str, Vec<u32>)> = Vec::new();
    let mut named = Vec::new();
    for tier in tiers {
        for class in &tier.classes {
            let platform = tier.platform_name.as_str();
            match (&class.reference, class.named) {
                (Some(device), true) => named.push(plain(&device.name)),
                _ => match platforms.iter_mut().find(|(known, _)| *known == platform) {
                    Some((_, rams)) => rams.push(class.ram_gib),
                    None => platforms.push((platform, vec![class.ram_gib])),
                },
            }
        }
    }
    let mut parts: Vec<Words> = platforms
        .into_iter()
        .map(|(platform, mut rams)| {
            rams.sort_unstable();
            let rams: Vec<String> = rams.iter().map(u32::to_string).collect();
            plain(format!("{platform} {} GB", rams.join("/")))
        })
        .collect();
    parts.extend(named);
    joined("punct.names", &parts)
}
