//! The answer in three lines: what to ship, how tight and how fast it is, what to do first.

use super::context::Context;
use super::words::{code, joined, plain, say};
use crate::plan::types::{
    Challenge, DeviceClass, Estimated, Infeasible, Measure, Stack, Tier, Unit, Words,
};
use crate::quantity::{Dimension, Quantity};

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

/// Per slot the distinct stacks, each with the phones it is for.
fn what(context: &Context<'_>, tiers: &[Tier]) -> Words {
    let slots = tiers.first().map_or(0, |tier| tier.stacks.len());
    let lines: Vec<Words> = (0..slots)
        .map(|slot| slot_line(context, tiers, slot))
        .collect();
    joined("punct.semicolon", &lines)
}

fn slot_line(context: &Context<'_>, tiers: &[Tier], slot: usize) -> Words {
    let mut models: Vec<(&Stack, Vec<&Tier>)> = Vec::new();
    for tier in tiers {
        let Some(stack) = tier.stacks.get(slot) else {
            continue;
        };
        let key = |s: &Stack| (s.model.id.clone(), s.quantization.id.clone());
        match models
            .iter_mut()
            .find(|(known, _)| key(known) == key(stack))
        {
            Some((_, at)) => at.push(tier),
            None => models.push((stack, vec![tier])),
        }
    }
    let everywhere = models.len() == 1;
    let parts: Vec<Words> = models
        .iter()
        .map(|(stack, at)| {
            let how: Vec<Words> = ways(at, slot, everywhere);
            let key = if everywhere {
                "answer.one"
            } else {
                "answer.some"
            };
            let phones: Vec<Words> = at.iter().map(|tier| phones(tier)).collect();
            say(
                key,
                &[
                    ("model", &model(stack)),
                    ("size", &size(stack)),
                    ("how", &joined("punct.names", &how)),
                    ("phones", &joined("punct.names", &phones)),
                ],
            )
        })
        .collect();
    let all = joined("punct.semicolon", &parts);
    let lone = context.solution.slots.len() == 1;
    let Some((stack, _)) = models.first().filter(|_| !lone) else {
        return all;
    };
    let role = super::words::message(&format!("plan.role.{}", stack.role));
    if context.spec.features.len() == 1 {
        say("answer.slot", &[("slot", &role), ("all", &all)])
    } else {
        let slot = say(
            "slot.of",
            &[("feature", &plain(&stack.feature)), ("role", &role)],
        );
        say("answer.slot", &[("slot", &slot), ("all", &all)])
    }
}

/// `llama.cpp with Metal on iOS`, once each; the platform is left out where the phones are named anyway.
fn ways(tiers: &[&Tier], slot: usize, named: bool) -> Vec<Words> {
    let mut ways: Vec<Words> = Vec::new();
    for tier in tiers {
        let Some(stack) = tier.stacks.get(slot) else {
            continue;
        };
        let way = say(
            if named {
                "answer.way_run"
            } else {
                "answer.way_here"
            },
            &[
                ("runtime", &plain(&stack.runtime.name)),
                ("backend", &plain(&stack.backend_name)),
                ("platform", &plain(&tier.platform_name)),
            ],
        );
        if !ways.contains(&way) {
            ways.push(way);
        }
    }
    ways
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
        Some(bytes) => plain(shown(bytes as f64, Unit::Bytes)),
        None if stack.model.system => say("answer.no_download", &[]),
        None => say("file.size_unknown", &[]),
    }
}

/// `iOS 8/12 GB`, `iPhone 15 Pro`.
fn phones(tier: &Tier) -> Words {
    let rams: Vec<String> = tier
        .classes
        .iter()
        .filter(|class| !class.named)
        .map(|class| class.ram_gib.to_string())
        .collect();
    let mut parts = Vec::new();
    if !rams.is_empty() {
        parts.push(format!("{} {} GB", tier.platform_name, rams.join("/")));
    }
    parts.extend(
        tier.classes
            .iter()
            .filter(|class| class.named)
            .filter_map(|class| class.reference.as_ref())
            .map(|device| device.name.clone()),
    );
    let parts: Vec<Words> = parts.iter().map(plain).collect();
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
                ("total", &plain(shown(class.memory.total.high, Unit::Bytes))),
                (
                    "budget",
                    &plain(shown(class.memory.budget.bytes as f64, Unit::Bytes)),
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
                    ("low", &plain(shown(value.low, value.unit))),
                    ("high", &plain(shown(value.high, value.unit))),
                ],
            );
            say(
                key,
                &[
                    ("class", &plain(class_name(tier, class))),
                    ("likely", &plain(shown(value.likely, value.unit))),
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
            &[("size", &plain(shown(largest, Unit::Bytes)))],
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

/// A number in its unit, as the renderers show it.
pub(super) fn shown(value: f64, unit: Unit) -> String {
    let dimension = match unit {
        Unit::Bytes => Dimension::Bytes,
        Unit::Seconds => Dimension::Time,
        Unit::TokensPerSecond => Dimension::Rate,
        Unit::JoulesPerToken => Dimension::EnergyPerToken,
        Unit::PercentPerHour => Dimension::Drain,
        Unit::Tokens => Dimension::Tokens,
        Unit::Params => Dimension::Params,
    };
    Quantity::new(value, dimension).to_string()
}
