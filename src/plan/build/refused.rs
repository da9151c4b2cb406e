//! What was not chosen: near misses and runners-up.

use std::collections::BTreeMap;

use super::context::Context;
use super::reasons::reasons;
use crate::catalog::types::ModelIx;
use crate::plan::types::{Considered, Oversized, Refused, RunnerUp};
use crate::solve::types::{Candidate, ClassSolution, Loss, Outcome, Slot, Violation};

/// Near misses kept per slot; `edgeplanc why-not` answers for the rest.
const NEAREST: usize = 12;
/// A miss by more than this share of the limit is none that a reader would ask about.
const NEAR: f64 = 1.0;

pub(super) fn considered(context: &Context<'_>) -> Considered {
    let classes = &context.solution.classes;
    let mut models: Vec<ModelIx> = classes
        .iter()
        .flat_map(|solved| {
            let admitted = solved.admitted.iter().map(|(_, stack)| stack.model);
            admitted.chain(solved.refused.iter().map(|c| c.stack.model))
        })
        .collect();
    models.sort();
    models.dedup();
    Considered {
        stacks: classes.iter().map(|solved| solved.judged as u64).sum(),
        admissible: classes.iter().map(|solved| solved.admissible as u64).sum(),
        models: models.len() as u64,
        classes: classes.len() as u64,
    }
}

/// How near a candidate is to being admissible; smaller is nearer.
#[derive(PartialEq, PartialOrd)]
pub(super) struct Distance {
    /// 0: amounts only; 1: something that no amount mends; 2: a figure is missing.
    pub(super) kind: u8,
    overshoot: f64,
    violations: usize,
}

pub(super) fn distance(candidate: &Candidate) -> Distance {
    let mut distance = Distance {
        kind: 0,
        overshoot: 0.0,
        violations: candidate.violations.len(),
    };
    for violation in &candidate.violations {
        let (kind, overshoot) = match violation {
            Violation::Unknown { .. } => (2, None),
            Violation::Rule(verdict) if verdict.unknown.is_some() => (2, None),
            Violation::Rule(verdict) => (u8::from(verdict.overshoot.is_none()), verdict.overshoot),
            Violation::Line { overshoot, .. } => (u8::from(overshoot.is_none()), *overshoot),
        };
        distance.kind = distance.kind.max(kind);
        distance.overshoot = distance.overshoot.max(overshoot.unwrap_or(0.0));
    }
    distance
}

/// Models that no class admits, by the candidate that came nearest; those that would be better than what was chosen
/// come first within their kind.
pub(super) fn refused(context: &Context<'_>, oversized: &[Oversized]) -> Vec<Refused> {
    let mut all = Vec::new();
    for &slot in &context.solution.slots {
        let mut found = nearest(context, slot);
        found.retain(|(_, candidate)| {
            let id = &context.catalog.models[candidate.stack.model.at()].id;
            !oversized.iter().any(|large| large.model == *id)
        });
        let sibling = sibling(context, slot, &found);
        let floor = worst_chosen(context, slot);
        // Nobody asks after a model that is no better than what was chosen.
        found.retain(|(_, candidate)| {
            let worth = quality(context, candidate) >= floor || floor.is_infinite();
            let near = distance(candidate).overshoot <= NEAR;
            (worth && near) || Some(candidate.stack.model) == sibling
        });
        found.truncate(NEAREST);
        all.extend(found.into_iter().map(|(solved, candidate)| {
            let model = &context.catalog.models[candidate.stack.model.at()];
            Refused {
                feature: context.feature(slot).id.clone(),
                role: slot.role.id().to_owned(),
                model: model.id.clone(),
                name: model.name.clone(),
                nearest: describe(context, candidate),
                class: class_name(context, solved),
                reasons: reasons(context, candidate),
            }
        }));
    }
    all
}

fn nearest<'a>(context: &Context<'a>, slot: Slot) -> Vec<(&'a ClassSolution, &'a Candidate)> {
    let mut best: BTreeMap<ModelIx, (&ClassSolution, &Candidate)> = BTreeMap::new();
    for solved in &context.solution.classes {
        for candidate in solved.refused.iter().filter(|c| c.slot == slot) {
            let known = best.entry(candidate.stack.model);
            let known = known.or_insert((solved, candidate));
            if distance(candidate) < distance(known.1) {
                *known = (solved, candidate);
            }
        }
    }
    for solved in &context.solution.classes {
        let admitted = solved.admitted.iter().copied();
        // What nothing speaks against by itself was lost to a sum.
        let alone = solved.refused.iter().filter(|c| c.violations.is_empty());
        let able = admitted.chain(alone.map(|c| (c.slot, c.stack)));
        for (_, stack) in able.filter(|(of, _)| *of == slot) {
            best.remove(&stack.model);
        }
    }
    let floor = worst_chosen(context, slot);
    let mut found: Vec<_> = best.into_values().collect();
    found.sort_by(|(_, a), (_, b)| {
        let key = |candidate: &Candidate| {
            let lesser = quality(context, candidate) < floor;
            (distance(candidate).kind, lesser)
        };
        key(a)
            .cmp(&key(b))
            .then_with(|| {
                distance(a)
                    .partial_cmp(&distance(b))
                    .unwrap_or(std::cmp::Ordering::Equal)
            })
            .then_with(|| a.stack.model.cmp(&b.stack.model))
    });
    found
}

/// The smallest refused model that is a larger one of the family of a chosen model: what a reader asks about first.
fn sibling(
    context: &Context<'_>,
    slot: Slot,
    refused: &[(&ClassSolution, &Candidate)],
) -> Option<ModelIx> {
    let models = &context.catalog.models;
    let params = |ix: ModelIx| models[ix.at()].params.as_ref().map(|p| p.value.get());
    let chosen: Vec<ModelIx> = context
        .chosen()
        .flat_map(|(_, picks)| picks.iter().filter(|pick| pick.slot == slot))
        .map(|pick| pick.stack.model)
        .collect();
    let larger = |ix: ModelIx| {
        chosen.iter().any(|&other| {
            models[other.at()].family == models[ix.at()].family && params(ix) > params(other)
        })
    };
    refused
        .iter()
        .map(|(_, candidate)| candidate.stack.model)
        .filter(|&ix| larger(ix))
        .min_by_key(|&ix| (params(ix), ix))
}

fn quality(context: &Context<'_>, candidate: &Candidate) -> f64 {
    let model = &context.catalog.models[candidate.stack.model.at()];
    let quality = model.quality_in(candidate.slot.role);
    quality.map_or(0.0, |quality| quality.index)
}

fn worst_chosen(context: &Context<'_>, slot: Slot) -> f64 {
    context
        .chosen()
        .flat_map(|(_, picks)| picks.iter().filter(|pick| pick.slot == slot))
        .map(|pick| quality(context, pick))
        .fold(f64::INFINITY, f64::min)
}

/// `Q4_K_M, llama.cpp, Metal`.
pub(super) fn describe(context: &Context<'_>, candidate: &Candidate) -> String {
    let catalog = context.catalog;
    let artifact = &catalog.artifacts[candidate.stack.artifact.at()];
    format!(
        "{}, {}, {}",
        catalog.quantizations[artifact.quant.at()].name,
        catalog.runtimes[candidate.stack.runtime.at()].name,
        catalog.backends[candidate.stack.backend.at()].name,
    )
}

/// `iOS 8 GB`, or the device's name.
pub(super) fn class_name(context: &Context<'_>, solved: &ClassSolution) -> String {
    let class = &solved.class;
    match class.phone.device {
        Some(device) if class.named => context.catalog.devices[device.at()].name.clone(),
        _ => format!(
            "{} {} GB",
            context.catalog.platforms[class.phone.platform.at()].name,
            class.phone.ram_gib
        ),
    }
}

/// Feature and role that get worse, where they are not those of `slot`.
pub(super) fn elsewhere(
    context: &Context<'_>,
    loss: &Loss,
    slot: Slot,
) -> Option<(String, String)> {
    let feature = || context.feature(loss.slot).id.clone();
    (loss.slot != slot).then(|| (feature(), loss.slot.role.id().to_owned()))
}

/// Second best models, each once per winner and objective, with the classes it holds on.
pub(super) fn runners_up(context: &Context<'_>) -> Vec<RunnerUp> {
    let mut found: Vec<RunnerUp> = Vec::new();
    for solved in &context.solution.classes {
        let Outcome::Feasible(chosen) = &solved.outcome else {
            continue;
        };
        for (pick, runner) in chosen.picks.iter().zip(&chosen.runners_up) {
            let Some(runner) = runner else { continue };
            let name = |candidate: &Candidate| {
                context.catalog.models[candidate.stack.model.at()]
                    .name
                    .clone()
            };
            let artifact = &context.catalog.artifacts[runner.candidate.stack.artifact.at()];
            let lost = runner.loses_on.as_ref();
            let new = RunnerUp {
                classes: vec![solved.class.id.clone()],
                feature: context.feature(pick.slot).id.clone(),
                role: pick.slot.role.id().to_owned(),
                model: name(&runner.candidate),
                quantization: context.catalog.quantizations[artifact.quant.at()]
                    .name
                    .clone(),
                winner: name(pick),
                loses_on: lost.map(|loss| loss.best.objective.id().to_owned()),
                loses_in: lost.and_then(|loss| elsewhere(context, loss, pick.slot)),
                values: lost.map(|loss| (loss.best.value.clone(), loss.other.value.clone())),
            };
            let twin = found.iter_mut().find(|known| {
                known.model == new.model
                    && known.winner == new.winner
                    && known.role == new.role
                    && known.feature == new.feature
                    && known.loses_on == new.loses_on
                    && known.loses_in == new.loses_in
            });
            match twin {
                Some(known) => known.classes.extend(new.classes),
                None => found.push(new),
            }
        }
    }
    found
}
