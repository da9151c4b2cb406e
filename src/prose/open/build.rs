//! Plan to what the open reader knows.

use std::collections::{BTreeMap, BTreeSet};

use super::facts::{Fate, Gain, Ground, Line, Named, Number, Open, Rival};
use super::{coordinates, own, sayings, told};
use crate::plan::types::{Plan, Reason, Stack};
use crate::prose::facts::{Attribute, Facts, Figure, Kind, class_name};
use crate::prose::read::quantity_of;
use crate::quantity::Dimension;

/// The open facts of a plan. `facts` are those of the whole plan.
#[must_use]
pub fn open(plan: &Plan, facts: &Facts) -> Open {
    let mut open = Open {
        lines: Vec::new(),
        rivals: Vec::new(),
        gains: Vec::new(),
        names: BTreeMap::new(),
        own: BTreeMap::new(),
        features: plan.asked.features.len(),
        roles: BTreeSet::new(),
        locale: facts.locale,
        told: Vec::new(),
        sayings: sayings::sayings(plan, facts),
        coordinates: coordinates::coordinates(plan),
        limits: plan
            .asked
            .limits
            .iter()
            .map(|limit| limit.text.clone())
            .collect(),
    };
    let mut rows = facts.rows.iter();
    let mut class_ids: Vec<(&str, String)> = Vec::new();
    for tier in &plan.tiers {
        for class in &tier.classes {
            let at = class_ids.len();
            class_ids.push((class.id.as_str(), class_name(tier, class)));
            for stack in &tier.stacks {
                let Some(row) = rows.next() else { break };
                let mut figures = row.figures.clone();
                let mut exact = |attribute, value: Option<f64>| {
                    if let Some(value) = value {
                        figures.insert(attribute, Figure::exact(value));
                    }
                };
                let mut objectives = stack.objectives.iter();
                let quality = objectives.find(|(id, _)| id == "quality");
                let quality = quality.and_then(|(_, shown)| numbers(shown).first().copied());
                exact(Attribute::Quality, quality.map(|(score, _)| score));
                let budget = &class.memory.budget;
                exact(Attribute::Entitled, budget.entitled.map(|n| n as f64));
                open.roles.insert(stack.role.clone());
                open.lines.push(Line {
                    class: at,
                    platform: tier.platform.clone(),
                    ram: class.ram_gib,
                    named: class.named,
                    feature: feature(plan, &stack.feature).unwrap_or_default(),
                    role: stack.role.clone(),
                    names: row.names.clone(),
                    figures,
                    switches: switches(stack),
                });
            }
        }
    }
    let class = |id: &str| {
        let known = |(own, name): &(&str, String)| *own == id || name == id;
        class_ids.iter().position(known)
    };
    open.rivals = rivals(plan, &class);
    open.told = told::statements(plan, &open, &class);
    if let Some(one) = &plan.one_for_all {
        for gain in &one.gains {
            let Some((at, feature)) = class(&gain.class).zip(feature(plan, &gain.feature)) else {
                continue;
            };
            open.gains.push(Gain {
                class: at,
                feature,
                role: gain.role.clone(),
                objective: gain.objective.clone(),
                own: numbers(&gain.own),
                common: numbers(&gain.common),
            });
        }
    }
    names(&mut open, facts);
    own::own(&mut open, plan);
    open
}

/// What the settings of a stack turn on or off.
fn switches(stack: &Stack) -> BTreeSet<&'static str> {
    let Some(settings) = &stack.settings else {
        return BTreeSet::new();
    };
    let is = |on: bool, [yes, no]: [&'static str; 2]| if on { yes } else { no };
    let mapped = is(settings.mmap, ["mmap-on", "mmap-off"]);
    let flash = settings.flash_attention;
    let flash = flash.map(|on| is(on, ["flash-on", "flash-off"]));
    flash.into_iter().chain([mapped]).collect()
}

fn feature(plan: &Plan, id: &str) -> Option<usize> {
    plan.asked.features.iter().position(|known| known.id == id)
}

fn rivals(plan: &Plan, class: &dyn Fn(&str) -> Option<usize>) -> Vec<Rival> {
    let mut all = Vec::new();
    let lost = |winner: &String, second, on: &Option<String>, values: &Option<(String, String)>| {
        let (theirs, own) = values.clone().unwrap_or_default();
        Fate::Lost {
            winner: winner.clone(),
            second,
            on: on.clone(),
            own: numbers(&own),
            theirs: numbers(&theirs),
        }
    };
    for runner in &plan.runners_up {
        all.push(Rival {
            model: runner.model.clone(),
            feature: feature(plan, &runner.feature),
            role: runner.role.clone(),
            classes: runner.classes.iter().filter_map(|id| class(id)).collect(),
            at: runner.classes.first().and_then(|id| class(id)),
            with: [runner.quantization.clone()].into(),
            figures: Vec::new(),
            fate: lost(&runner.winner, true, &runner.loses_on, &runner.values),
        });
    }
    for other in &plan.elsewhere {
        let mut classes: BTreeSet<usize> =
            other.classes.iter().filter_map(|id| class(id)).collect();
        let fate = match other.reasons.as_slice() {
            [] if other.loses_on.is_none() => continue,
            [] => lost(&other.winner, false, &other.loses_on, &other.values),
            reasons => {
                classes = classes.into_iter().take(1).collect();
                Fate::Refused(reasons.iter().map(ground).collect())
            }
        };
        all.push(Rival {
            model: other.name.clone(),
            feature: feature(plan, &other.feature),
            role: other.role.clone(),
            classes,
            at: other.classes.first().and_then(|id| class(id)),
            with: other.quantization.clone().into_iter().collect(),
            figures: Vec::new(),
            fate,
        });
    }
    for refused in &plan.refused {
        all.push(Rival {
            model: refused.name.clone(),
            feature: feature(plan, &refused.feature),
            role: refused.role.clone(),
            classes: class(&refused.class).into_iter().collect(),
            at: class(&refused.class),
            with: refused.nearest.split(", ").map(str::to_owned).collect(),
            figures: Vec::new(),
            fate: Fate::Refused(refused.reasons.iter().map(ground).collect()),
        });
    }
    for large in &plan.oversized {
        let file = Figure::exact(large.bytes as f64);
        let params = Figure::exact(large.params as f64);
        let ground = |id: &str, limit: u64| Ground {
            id: id.to_owned(),
            named: Vec::new(),
            figure: Some((Attribute::File, file)),
            limit: Some((limit as f64, Dimension::Bytes)),
            beyond: None,
            by_width: false,
        };
        all.push(Rival {
            model: large.name.clone(),
            feature: None,
            role: String::new(),
            classes: class(&large.class).into_iter().collect(),
            at: class(&large.class),
            with: [large.smallest.clone()].into(),
            figures: vec![(Attribute::Params, params)],
            fate: Fate::Refused(vec![
                ground("oversized", large.budget),
                ground("weights-over-ram", large.ram),
            ]),
        });
    }
    all
}

fn ground(reason: &Reason) -> Ground {
    let value = |name: &str| {
        let mut values = reason.values.iter();
        let found = values.find(|(of, _)| of == name);
        found.map(|(_, value)| value.as_str())
    };
    let figures = [
        ("peak_memory", Attribute::PeakMemory),
        ("download", Attribute::Download),
        ("storage", Attribute::Storage),
        ("decode", Attribute::Decode),
        ("weights", Attribute::File),
        ("model.params", Attribute::Params),
    ];
    let figure = figures.iter().find_map(|(name, attribute)| {
        let shown = value(name)?;
        Some((*attribute, interval(shown)?))
    });
    let named = [
        "model.unlisted",
        "license.name",
        "license.id",
        "ui",
        "runtime.name",
        "platform.name",
    ];
    let limit = ["budget.memory", "device.ram", "platform.os"]
        .iter()
        .find_map(|name| number(value(name)?))
        .or_else(|| written(&reason.text.en));
    Ground {
        id: reason.id.clone(),
        named: named
            .iter()
            .filter_map(|name| value(name))
            .map(str::to_owned)
            .collect(),
        figure: figure.or_else(|| {
            let (version, _) = number(value("runtime.min_os")?)?;
            Some((Attribute::OsVersion, Figure::exact(version)))
        }),
        limit,
        beyond: reason.overshoot,
        by_width: reason.by_width,
    }
}

/// The numbers of `7.0 s, 6.1 tok/s` and `84.2 (Q4_K_M)`.
pub(super) fn numbers(text: &str) -> Vec<Number> {
    let text = text.split(" (").next().unwrap_or_default();
    text.split(", ").filter_map(number).collect()
}

fn number(text: &str) -> Option<Number> {
    quantity_of(text.trim())
}

/// `2.80 GiB (2.80 GiB – 2.81 GiB)`.
fn interval(text: &str) -> Option<Figure> {
    let (likely, bounds) = text.split_once(" (").unwrap_or((text, ""));
    let (likely, _) = number(likely)?;
    let Some((low, high)) = bounds.trim_end_matches(')').split_once(" – ") else {
        return Some(Figure::exact(likely));
    };
    Some(Figure {
        low: number(low)?.0,
        likely,
        high: number(high)?.0,
    })
}

/// The number of a line of the spec: `download <= 3 GB`.
fn written(text: &str) -> Option<Number> {
    let line = text.split('`').nth(1)?;
    let sides = ["<=", ">=", ">", "<"];
    let (_, limit) = sides.iter().find_map(|sign| line.split_once(sign))?;
    let limit = limit.split(" because").next().unwrap_or(limit);
    number(limit)
}

fn names(open: &mut Open, facts: &Facts) {
    let mut add = |spelling: &str, kind: Kind, name: &str| {
        let named = Named {
            kind,
            name: name.to_owned(),
        };
        let known = open.names.entry(spelling.to_ascii_lowercase()).or_default();
        if !known.contains(&named) {
            known.push(named);
        }
    };
    for (kind, spelling, name) in facts.spellings() {
        // Roles, features and platforms have words of their own.
        if !matches!(kind, Kind::Role | Kind::Feature | Kind::Platform) {
            add(&spelling, kind, &name);
            // `Pura 70 Ultra`, `Redmi Note 13`: without the maker, or without the network.
            if kind == Kind::Device {
                let plain = spelling.strip_suffix(" 5G").unwrap_or(&spelling);
                add(plain, kind, &name);
                let short = plain.split_once(' ').map(|(_, rest)| rest);
                if let Some(short) = short.filter(|short| short.contains(' ')) {
                    add(short, kind, &name);
                }
            }
            if kind == Kind::License {
                add(&spelling.replace('-', " "), kind, &name);
            }
        }
    }
    let mut rivals: BTreeSet<&str> = open.rivals.iter().map(|one| one.model.as_str()).collect();
    let chosen: BTreeSet<&str> = facts
        .rows
        .iter()
        .filter_map(|row| row.names.get(&Kind::Model))
        .map(String::as_str)
        .collect();
    rivals.retain(|model| !chosen.contains(model));
    let begins = |name: &str, short: &str| {
        name.strip_prefix(short)
            .is_some_and(|rest| rest.starts_with(' '))
    };
    // `Gemma` is the one that was chosen, where only one was.
    for model in &chosen {
        for (at, _) in model.match_indices(' ') {
            let short = &model[..at];
            if short.len() >= 4
                && !chosen
                    .iter()
                    .any(|other| other != model && begins(other, short))
            {
                add(short, Kind::Model, model);
            }
        }
    }
    for rival in &rivals {
        add(rival, Kind::Model, rival);
        for (at, _) in rival.match_indices(' ') {
            let short = &rival[..at];
            let mut others = rivals.iter().chain(&chosen);
            let free = !others.any(|other| other != rival && begins(other, short));
            if free
                && short.len() >= 4
                && !facts
                    .rows
                    .iter()
                    .any(|row| row.names.values().any(|n| n == short))
            {
                add(short, Kind::Model, rival);
            }
        }
    }
    for rival in &open.rivals {
        // `System` is the quantization of models that belong to the system, and a word for it.
        let coded = |name: &&String| name.contains(|c: char| !c.is_ascii_lowercase());
        for with in rival.with.iter().filter(coded) {
            let named = || Named {
                kind: Kind::Quantization,
                name: with.clone(),
            };
            let known = open.names.entry(with.to_ascii_lowercase());
            known.or_insert_with(|| vec![named()]);
        }
    }
    for other in &facts.others {
        open.names.entry(other.to_ascii_lowercase()).or_default();
    }
}
