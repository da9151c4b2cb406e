//! The answer in three lines: what to ship, how tight and how fast it is, what to do first.

use super::context::Context;
use super::words::{code, joined, plain, say};
use crate::plan::types::{
    Challenge, DeviceClass, Estimated, Infeasible, Measure, Stack, Tier, Unit, Words,
};

pub(super) fn answer(
    context: &Context<'_>,
    tiers: &[Tier],
    infeasible: &[Infeasible],
    challenges: &[Challenge],
) -> Vec<Words> {
    if tiers.is_empty() {
        return nothing(context, infeasible);
    }
    let mut lines = vec![what(context, tiers), how(tiers)];
    lines.push(first_steps(tiers, infeasible, challenges));
    lines
}

/// No class has a stack: say so, then the cheapest way out.
fn nothing(context: &Context<'_>, infeasible: &[Infeasible]) -> Vec<Words> {
    let count = plain(infeasible.len().to_string());
    let mut lines = vec![say("answer.nothing", &[("n", &count)])];
    if let Some(class) = infeasible.first() {
        let conflict: Vec<Words> = class
            .conflict
            .iter()
            .map(|line| code(line.text.as_deref().unwrap_or(&line.name)))
            .collect();
        if !conflict.is_empty() {
            let list = joined("punct.names", &conflict);
            lines.push(say("answer.conflict", &[("lines", &list)]));
        }
        if let Some(way) = class.relaxations.first() {
            let key = if way.to.is_some() {
                "answer.way"
            } else {
                "answer.way_drop"
            };
            let line = code(way.line.text.as_deref().unwrap_or(&way.line.name));
            let to = code(way.to.as_deref().unwrap_or_default());
            let buys: Vec<Words> = way.buys.iter().map(plain).collect();
            let buys = joined("punct.names", &buys);
            lines.push(say(key, &[("line", &line), ("to", &to), ("buys", &buys)]));
        }
    }
    let considered = super::refused::considered(context);
    if lines.len() < 3 {
        let (stacks, models) = (considered.stacks.to_string(), considered.models.to_string());
        lines.push(say(
            "answer.considered",
            &[("stacks", &plain(stacks)), ("models", &plain(models))],
        ));
    }
    lines
}

/// The distinct stacks of every place with the phones they are for; a lone place also says size and runtime.
fn what(context: &Context<'_>, tiers: &[Tier]) -> Words {
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
    let role = super::words::message(&format!("plan.role.{}", first.role));
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

pub(super) fn class_name(tier: &Tier, class: &DeviceClass) -> String {
    match (&class.reference, class.named) {
        (Some(device), true) => device.name.clone(),
        _ => format!("{} {} GB", tier.platform_name, class.ram_gib),
    }
}

/// The tightest memory and the slowest answer, each with its class.
fn how(tiers: &[Tier]) -> Words {
    let classes = || {
        tiers
            .iter()
            .flat_map(|tier| tier.classes.iter().map(move |c| (tier, c)))
    };
    let tightest = classes().min_by_key(|(_, class)| class.memory.slack);
    let memory = tightest.map(|(tier, class)| {
        say(
            "answer.memory",
            &[
                ("class", &plain(class_name(tier, class))),
                ("total", &plain(Unit::Bytes.show(class.memory.total.high))),
                (
                    "budget",
                    &plain(Unit::Bytes.show(class.memory.budget.bytes as f64)),
                ),
            ],
        )
    });
    let slowest = |read: fn(&crate::plan::types::SlotFigures) -> &Estimated, largest: bool| {
        let mut found: Option<(&Tier, &DeviceClass, Measure)> = None;
        for (tier, class) in classes() {
            for value in class
                .figures
                .iter()
                .filter_map(|figures| read(figures).value())
            {
                let worse = found.as_ref().is_none_or(|(_, _, known)| {
                    if largest {
                        value.likely > known.likely
                    } else {
                        value.likely < known.likely
                    }
                });
                if worse {
                    found = Some((tier, class, *value));
                }
            }
        }
        found
    };
    let speed = |key: &str, found: Option<(&Tier, &DeviceClass, Measure)>| {
        found.map(|(tier, class, value)| {
            let ends = say(
                "answer.range",
                &[
                    ("low", &plain(value.unit.show(value.low))),
                    ("high", &plain(value.unit.show(value.high))),
                ],
            );
            say(
                key,
                &[
                    ("class", &plain(class_name(tier, class))),
                    ("likely", &plain(value.unit.show(value.likely))),
                    ("range", &ends),
                ],
            )
        })
    };
    let parts: Vec<Words> = [
        memory,
        speed("answer.ttft", slowest(|f| &f.ttft, true)),
        speed("answer.decode", slowest(|f| &f.decode, false)),
    ]
    .into_iter()
    .flatten()
    .collect();
    joined("punct.semicolon", &parts)
}

/// What to ship along, what to solve first, and where nothing fits.
fn first_steps(tiers: &[Tier], infeasible: &[Infeasible], challenges: &[Challenge]) -> Words {
    let mut parts = Vec::new();
    if !infeasible.is_empty() {
        let names: Vec<Words> = infeasible.iter().map(|class| plain(&class.name)).collect();
        parts.push(say(
            "answer.gaps",
            &[("classes", &joined("punct.names", &names))],
        ));
    }
    let largest = tiers
        .iter()
        .map(|tier| tier.download.high)
        .fold(0.0, f64::max);
    if largest > 0.0 {
        parts.push(say(
            "answer.download",
            &[("size", &plain(Unit::Bytes.show(largest)))],
        ));
    }
    if let Some(entitlement) = tiers.iter().find_map(|tier| tier.entitlements.first()) {
        parts.push(say(
            "answer.entitlement",
            &[("entitlement", &code(entitlement))],
        ));
    }
    if let Some(challenge) = challenges.first() {
        parts.push(say("answer.challenge", &[("title", &challenge.title)]));
    }
    joined("punct.semicolon", &parts)
}
