//! The bounds of a class with their slack and the steps of the answer.

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
        let stairs = stairs.iter();
        stairs.map(|one| step(context, one, picks)).collect()
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

fn step(context: &Context<'_>, stair: &Stair, picks: &[Candidate]) -> Step {
    let others = stair.picks.iter().flatten().zip(picks);
    let others = others.filter(|(stack, pick)| **stack != pick.stack);
    Step {
        at: stair.at.clone(),
        value: stair.value,
        change: stair.change,
        feasible: stair.picks.is_some(),
        stacks: others
            .map(|(stack, pick)| swap(context, stack, pick))
            .collect(),
    }
}

fn swap(context: &Context<'_>, stack: &Stack, pick: &Candidate) -> Swap {
    let catalog = context.catalog;
    let quantization = catalog.quantization_at(catalog.artifact_at(stack.artifact).quant);
    Swap {
        feature: context.feature(pick.slot).id.clone(),
        role: pick.slot.role.id().to_owned(),
        model: catalog.model_at(stack.model).id.clone(),
        quantization: quantization.id.clone(),
        runtime: catalog.runtime_at(stack.runtime).id.clone(),
        backend: catalog.backend_at(stack.backend).id.clone(),
        kv: stack.settings.kv.id().to_owned(),
        from: name(context, &pick.stack, stack),
        to: name(context, stack, &pick.stack),
    }
}

/// Model and quantization; where another stack has the same, what else tells them apart.
fn name(context: &Context<'_>, stack: &Stack, other: &Stack) -> String {
    let catalog = context.catalog;
    let weights = |stack: &Stack| {
        let quantization = catalog.quantization_at(catalog.artifact_at(stack.artifact).quant);
        let model = &catalog.model_at(stack.model).name;
        format!("{model} {}", quantization.name)
    };
    let own = weights(stack);
    if own != weights(other) {
        return own;
    }
    let mut apart = Vec::new();
    if stack.runtime != other.runtime {
        apart.push(catalog.runtime_at(stack.runtime).name.clone());
    }
    if stack.backend != other.backend {
        apart.push(catalog.backend_at(stack.backend).name.clone());
    }
    if stack.settings.kv != other.settings.kv {
        apart.push(format!("KV {}", stack.settings.kv.id()));
    }
    if stack.artifact != other.artifact && apart.is_empty() {
        apart.push(catalog.artifact_at(stack.artifact).id.clone());
    }
    format!("{own} ({})", apart.join(", "))
}
