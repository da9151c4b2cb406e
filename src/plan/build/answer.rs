//! The answer in three lines: what to ship, how tight and how fast it is, what to do first.

use super::context::Context;
use super::shipped;
use super::words::{code, joined, plain, say};
use crate::catalog::types::Role;
use crate::plan::types::{
    Challenge, Change, DeviceClass, Estimated, Infeasible, Measure, SlotFigures, Tier, Unit, Words,
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
    let mut lines = vec![shipped::what(context, tiers), how(tiers)];
    lines.push(first_steps(tiers, infeasible, challenges));
    lines
}

/// One change of a way out, in a few words.
fn change(change: &Change) -> Words {
    let line = code(change.line.text.as_deref().unwrap_or(&change.line.name));
    let from = code(change.from.as_deref().unwrap_or_default());
    let to = code(change.to.as_deref().unwrap_or_default());
    let key = match change.kind.as_str() {
        "value" => "answer.change.value",
        "word" => "answer.change.word",
        "allow" => "answer.change.allow",
        _ => "answer.change.drop",
    };
    say(key, &[("line", &line), ("from", &from), ("to", &to)])
}

/// No class has a stack: say so, then the cheapest way out.
fn nothing(context: &Context<'_>, infeasible: &[Infeasible]) -> Vec<Words> {
    let count = plain(infeasible.len().to_string());
    let mut lines = vec![say("answer.nothing", &[("n", &count)])];
    if let Some(class) = infeasible.first() {
        let conflict = class.conflicts.first().into_iter().flatten();
        let conflict: Vec<Words> = conflict
            .map(|line| code(line.text.as_deref().unwrap_or(&line.name)))
            .collect();
        if !conflict.is_empty() {
            let list = joined("punct.names", &conflict);
            lines.push(say("answer.conflict", &[("lines", &list)]));
        }
        if let Some(way) = class.relaxations.first() {
            let changes: Vec<Words> = way.changes.iter().map(change).collect();
            let changes = joined("punct.comma", &changes);
            let buys: Vec<Words> = way.buys.iter().map(plain).collect();
            let key = if buys.is_empty() {
                "answer.way"
            } else {
                "answer.way_buys"
            };
            let buys = joined("punct.names", &buys);
            lines.push(say(key, &[("changes", &changes), ("buys", &buys)]));
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
    let tightest = classes().min_by_key(|(_, class)| class.memory.room());
    let memory = tightest.map(|(tier, class)| {
        let name = plain(class_name(tier, class));
        let total = plain(Unit::Bytes.show(class.memory.total.high));
        let budget = class.memory.budget.bytes;
        let budget = budget.map(|bytes| plain(Unit::Bytes.show(bytes as f64)));
        match &budget {
            Some(budget) => say(
                "answer.memory",
                &[("class", &name), ("total", &total), ("budget", budget)],
            ),
            None => say("answer.memory_open", &[("class", &name), ("total", &total)]),
        }
    });
    let slowest = |read: fn(&DeviceClass) -> Vec<Measure>, largest: bool| {
        let mut found: Option<(&Tier, &DeviceClass, Measure)> = None;
        for (tier, class) in classes() {
            for value in read(class) {
                let worse = found.as_ref().is_none_or(|(_, _, known)| {
                    if largest {
                        value.likely > known.likely
                    } else {
                        value.likely < known.likely
                    }
                });
                if worse {
                    found = Some((tier, class, value));
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
        speed("answer.ttft", slowest(|it| streamed(it, |f| &f.ttft), true)),
        speed(
            "answer.decode",
            slowest(|it| streamed(it, |f| &f.decode), false),
        ),
        speed("answer.whole", slowest(|it| whole(it, false), true)),
        speed("answer.whole_spoken", slowest(|it| whole(it, true), true)),
    ]
    .into_iter()
    .flatten()
    .collect();
    joined("punct.semicolon", &parts)
}

/// Whether people see a feature's answer grow token by token: else they wait for the whole of it.
fn streams(class: &DeviceClass, feature: &str) -> bool {
    let mut roles = class.figures.iter();
    let last = roles.rfind(|figures| figures.feature == feature);
    last.is_some_and(|figures| figures.ttft != Estimated::NotApplicable)
}

/// A figure of the features whose answers grow token by token.
fn streamed(class: &DeviceClass, read: fn(&SlotFigures) -> &Estimated) -> Vec<Measure> {
    let figures = class.figures.iter();
    let own = figures.filter(|figures| streams(class, &figures.feature));
    own.filter_map(|figures| read(figures).value().copied())
        .collect()
}

/// How long the other features take: those that hear or speak, whose times are of one sentence, or the rest.
fn whole(class: &DeviceClass, spoken: bool) -> Vec<Measure> {
    let is_spoken = |feature: &str| {
        let mut roles = class.figures.iter().filter(|one| one.feature == feature);
        roles.any(|one| one.role == Role::Asr.id() || one.role == Role::Tts.id())
    };
    let all = class.latencies.iter();
    let own = all.filter(|one| !streams(class, &one.feature) && is_spoken(&one.feature) == spoken);
    own.map(|one| one.latency).collect()
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
    let mut needy = tiers.iter().filter(|tier| tier.needs_entitlements);
    if let Some(entitlement) = needy.find_map(|tier| tier.entitlements.first()) {
        parts.push(say(
            "answer.entitlement",
            &[("entitlement", &code(entitlement))],
        ));
    }
    if let Some(challenge) = challenges.first() {
        let key = if parts.is_empty() {
            "answer.challenge_alone"
        } else {
            "answer.challenge"
        };
        parts.push(say(key, &[("title", &challenge.title)]));
    }
    joined("punct.semicolon", &parts)
}
