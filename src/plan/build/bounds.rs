//! The bounds of a class with their slack and the steps of the answer.

use std::iter;

use super::context::Context;
use crate::estimate::types::Stack;
use crate::plan::types::{Bound, Line, Step, Swap, Unit};
use crate::quantity::Dimension;
use crate::solve::types::{Bound as Solved, Candidate, Chosen, Step as Stair};

pub(super) fn bounds(context: &Context<'_>, chosen: &Chosen) -> Vec<Bound> {
    let bounds = chosen.bounds.iter();
    bounds
        .filter_map(|one| bound(context, one, &chosen.picks))
        .collect()
}

fn bound(context: &Context<'_>, bound: &Solved, picks: &[Candidate]) -> Option<Bound> {
    let steps = |stairs: &[Stair]| -> Vec<Step> {
        let before = iter::once(None).chain(stairs.iter().map(Some));
        let stairs = stairs.iter().zip(before);
        stairs
            .map(|(stair, before)| step(context, stair, before, picks))
            .collect()
    };
    let left = |used: f64| {
        if bound.floor {
            used - bound.limit
        } else {
            bound.limit - used
        }
    };
    Some(Bound {
        line: Line {
            name: bound.name.clone(),
            text: bound.span.map(|span| context.statement(span)),
            line: bound.span.map(|span| context.line_number(span)),
        },
        feature: bound.feature.map(|at| context.spec.features[at].id.clone()),
        set_by: if bound.span.is_some() {
            "spec"
        } else {
            "platform"
        }
        .to_owned(),
        sense: if bound.floor { "least" } else { "most" }.to_owned(),
        unit: unit(bound.dimension)?,
        limit: bound.limit,
        used: bound.used,
        slack: bound.used.map(left),
        binds: bound.binds,
        tighter: steps(&bound.tighter),
        looser: steps(&bound.looser),
    })
}

const fn unit(dimension: Dimension) -> Option<Unit> {
    match dimension {
        Dimension::Bytes => Some(Unit::Bytes),
        Dimension::Time => Some(Unit::Seconds),
        Dimension::Rate => Some(Unit::TokensPerSecond),
        Dimension::Drain => Some(Unit::PercentPerHour),
        _ => None,
    }
}

/// A step of the answer, with the one before it on the way from what is written.
fn step(context: &Context<'_>, stair: &Stair, before: Option<&Stair>, picks: &[Candidate]) -> Step {
    let last = |slot: usize| before?.picks.as_ref()?.get(slot);
    let others = stair.picks.iter().flatten().zip(picks).enumerate();
    let others = others.filter(|(_, (stack, pick))| **stack != pick.stack);
    Step {
        at: stair.at.clone(),
        value: stair.value,
        change: stair.change,
        feasible: stair.picks.is_some(),
        stacks: others
            .map(|(slot, (stack, pick))| swap(context, stack, pick, last(slot)))
            .collect(),
    }
}

fn swap(context: &Context<'_>, stack: &Stack, pick: &Candidate, last: Option<&Stack>) -> Swap {
    let catalog = context.catalog;
    let quantization = catalog.quantization_at(catalog.artifact_at(stack.artifact).quant);
    let others: Vec<&Stack> = iter::once(&pick.stack).chain(last).collect();
    Swap {
        feature: context.feature(pick.slot).id.clone(),
        role: pick.slot.role.id().to_owned(),
        model: catalog.model_at(stack.model).id.clone(),
        quantization: quantization.id.clone(),
        runtime: catalog.runtime_at(stack.runtime).id.clone(),
        backend: catalog.backend_at(stack.backend).id.clone(),
        kv: stack.settings.kv.id().to_owned(),
        from: name(context, &pick.stack, &[stack]),
        to: name(context, stack, &others),
    }
}

/// Model and quantization; where one of the others has the same, what else tells it apart from them.
fn name(context: &Context<'_>, stack: &Stack, others: &[&Stack]) -> String {
    let catalog = context.catalog;
    let weights = |stack: &Stack| {
        let quantization = catalog.quantization_at(catalog.artifact_at(stack.artifact).quant);
        let model = &catalog.model_at(stack.model).name;
        format!("{model} {}", quantization.name)
    };
    let own = weights(stack);
    let others = others.iter().filter(|other| ***other != *stack);
    let alike: Vec<&&Stack> = others.filter(|other| weights(other) == own).collect();
    let differs = |is_other: &dyn Fn(&Stack) -> bool| alike.iter().any(|other| is_other(other));
    let mut apart = Vec::new();
    if differs(&|other| other.runtime != stack.runtime) {
        apart.push(catalog.runtime_at(stack.runtime).name.clone());
    }
    if differs(&|other| other.backend != stack.backend) {
        apart.push(catalog.backend_at(stack.backend).name.clone());
    }
    if differs(&|other| other.settings.kv != stack.settings.kv) {
        apart.push(format!("KV {}", stack.settings.kv.id()));
    }
    if apart.is_empty() && differs(&|other| other.artifact != stack.artifact) {
        apart.push(catalog.artifact_at(stack.artifact).id.clone());
    }
    if apart.is_empty() {
        return own;
    }
    format!("{own} ({})", apart.join(", "))
}
