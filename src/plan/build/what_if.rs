//! What one changed line would change, read off what the solver already judged.

use std::collections::BTreeSet;

use super::answer::class_name;
use super::context::Context;
use super::words::{code, joined, plain, say};
use crate::catalog::types::ModelIx;
use crate::diagnostic::Span;
use crate::plan::types::{Tier, Unit, WhatIf, Words};
use crate::solve::types::{Candidate, Violation};

/// How many lines are told to be worth relaxing.
const RELAXED: usize = 4;

pub(super) fn what_if(context: &Context<'_>, tiers: &[Tier]) -> Vec<WhatIf> {
    let mut all: Vec<WhatIf> = single(context, tiers).into_iter().collect();
    all.extend(steps(tiers));
    all.extend(entitlements(tiers));
    all.extend(relaxed(context));
    all
}

/// The one stack for all classes, where phones get different ones.
fn single(context: &Context<'_>, tiers: &[Tier]) -> Option<WhatIf> {
    let picks = &context.solution.single.as_ref()?.picks;
    let [tier, others @ ..] = tiers else {
        return None;
    };
    let name = |s: &crate::plan::types::Stack| (s.model.id.clone(), s.quantization.id.clone());
    let names = |tier: &Tier| tier.stacks.iter().map(name).collect::<Vec<_>>();
    if others.iter().all(|other| names(other) == names(tier)) {
        return None;
    }
    let models: Vec<Words> = picks
        .iter()
        .map(|pick| {
            let artifact = &context.catalog.artifacts[pick.stack.artifact.at()];
            plain(format!(
                "{} {}",
                context.catalog.models[pick.stack.model.at()].name,
                context.catalog.quantizations[artifact.quant.at()].name
            ))
        })
        .collect();
    Some(WhatIf {
        id: "single-stack".to_owned(),
        text: say(
            "what_if.single",
            &[("models", &joined("punct.names", &models))],
        ),
    })
}

/// Where the choice changes from one class to the next of the same platform.
fn steps(tiers: &[Tier]) -> Vec<WhatIf> {
    let mut found = Vec::new();
    for pair in tiers.windows(2) {
        let [lower, upper] = pair else { continue };
        let (Some(class), true) = (upper.classes.first(), lower.platform == upper.platform) else {
            continue;
        };
        if class.named {
            continue;
        }
        for (from, to) in lower.stacks.iter().zip(&upper.stacks) {
            let name =
                |s: &crate::plan::types::Stack| format!("{} {}", s.model.name, s.quantization.name);
            if name(from) == name(to) {
                continue;
            }
            let step = WhatIf {
                id: "larger-class".to_owned(),
                text: say(
                    "what_if.larger",
                    &[
                        ("line", &code(format!("ram >= {} GB", class.ram_gib))),
                        ("class", &plain(class_name(upper, class))),
                        ("to", &plain(name(to))),
                        ("from", &plain(name(from))),
                    ],
                ),
            };
            // Slots that share a model change together, and say so once.
            if !found.contains(&step) {
                found.push(step);
            }
        }
    }
    found
}

/// Whether the plan stands without the entitlement, on the tightest class that counts on it.
fn entitlements(tiers: &[Tier]) -> Option<WhatIf> {
    let (tier, class, base) = tiers
        .iter()
        .flat_map(|tier| tier.classes.iter().map(move |class| (tier, class)))
        .filter(|(_, class)| class.memory.budget.entitled.is_some())
        .filter_map(|(tier, class)| Some((tier, class, class.memory.budget.base?)))
        .min_by_key(|(_, class, base)| *base as i64 - class.memory.total.high as i64)?;
    let fits = class.memory.total.high <= base as f64;
    let key = if fits {
        "what_if.entitlement_fits"
    } else {
        "what_if.entitlement_fails"
    };
    Some(WhatIf {
        id: "without-entitlement".to_owned(),
        text: say(
            key,
            &[
                ("class", &plain(class_name(tier, class))),
                ("total", &plain(Unit::Bytes.show(class.memory.total.high))),
                ("base", &plain(Unit::Bytes.show(base as f64))),
            ],
        ),
    })
}

/// Better models that a single line of the spec keeps out, by line and class.
fn relaxed(context: &Context<'_>) -> Vec<WhatIf> {
    let mut told: BTreeSet<ModelIx> = BTreeSet::new();
    let mut found: Vec<(Span, String, Vec<Words>)> = Vec::new();
    for (solved, picks) in context.chosen() {
        let class = super::refused::class_name(context, solved);
        for candidate in &solved.refused {
            let [Violation::Line { span, value, .. }] = candidate.violations.as_slice() else {
                continue;
            };
            let chosen = picks.iter().find(|pick| pick.slot == candidate.slot);
            let wanted = chosen.is_some_and(|pick| better(context, candidate, pick));
            if !wanted || told.len() == RELAXED || !told.insert(candidate.stack.model) {
                continue;
            }
            let model = &context.catalog.models[candidate.stack.model.at()];
            let args = [("model", &plain(&model.name)), ("value", &plain(value))];
            // That it is not what the line requires, the line says already.
            let kept = match value.as_str() {
                "true" | "false" => say("what_if.kept_bare", &args),
                _ => say("what_if.kept", &args),
            };
            let of = |(line, on, _): &&mut (Span, String, Vec<Words>)| line == span && *on == class;
            match found.iter_mut().find(of) {
                Some((.., models)) => models.push(kept),
                None => found.push((*span, class.clone(), vec![kept])),
            }
        }
    }
    let words = |(span, class, models): (Span, String, Vec<Words>)| WhatIf {
        id: "relax-line".to_owned(),
        text: say(
            "what_if.relax",
            &[
                ("text", &code(context.statement(span))),
                ("line", &plain(context.line_number(span).to_string())),
                ("models", &joined("punct.semicolon", &models)),
                ("class", &plain(class)),
            ],
        ),
    };
    found.into_iter().map(words).collect()
}

fn better(context: &Context<'_>, one: &Candidate, other: &Candidate) -> bool {
    let index = |candidate: &Candidate| {
        let model = &context.catalog.models[candidate.stack.model.at()];
        let quality = model.quality_in(candidate.slot.role);
        quality.map(|quality| quality.index)
    };
    matches!((index(one), index(other)), (Some(a), Some(b)) if a > b)
}
