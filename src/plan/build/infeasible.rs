//! Classes for which nothing fits, with the conflict and the ways out.

use super::context::Context;
use super::reasons::reasons;
use super::refused::{class_name, distance};
use crate::plan::types::{Change, Infeasible, Line, Relaxation};
use crate::solve::types::{
    Change as Asked, ClassSolution, ConflictLine, Edit, Outcome, Relaxation as Way, Slot,
};

/// Near misses told per class.
const NEAREST: usize = 2;

pub(super) fn infeasible(context: &Context<'_>) -> Vec<Infeasible> {
    let classes = context.solution.classes.iter();
    classes
        .filter_map(|solved| class(context, solved))
        .collect()
}

fn class(context: &Context<'_>, solved: &ClassSolution) -> Option<Infeasible> {
    let Outcome::Infeasible {
        empty_slots,
        conflicts,
        relaxations,
        ..
    } = &solved.outcome
    else {
        return None;
    };
    let platform = &context.catalog.platforms[solved.class.phone.platform.at()];
    Some(Infeasible {
        id: solved.class.id.clone(),
        platform: platform.id.clone(),
        name: class_name(context, solved),
        ram_gib: solved.class.phone.ram_gib,
        empty_slots: empty_slots
            .iter()
            .map(|slot| slot.name(context.spec))
            .collect(),
        conflicts: conflicts
            .iter()
            .map(|one| one.lines.iter().map(|l| line(context, l)).collect())
            .collect(),
        relaxations: relaxations
            .iter()
            .map(|way| relaxation(context, way))
            .collect(),
        nearest: nearest(context, solved, empty_slots),
    })
}

fn line(context: &Context<'_>, line: &ConflictLine) -> Line {
    Line {
        name: line.name.clone(),
        text: line.span.map(|span| context.statement(span)),
        line: line.span.map(|span| context.line_number(span)),
    }
}

fn relaxation(context: &Context<'_>, way: &Way) -> Relaxation {
    Relaxation {
        changes: way.changes.iter().map(|one| change(context, one)).collect(),
        buys: way.buys.iter().map(|id| model_name(context, id)).collect(),
        memory: way.memory.get(),
        download: way.download.get(),
    }
}

fn change(context: &Context<'_>, change: &Asked) -> Change {
    let target = ConflictLine {
        span: Some(change.span),
        name: change.name.clone(),
    };
    let (kind, from, to) = match &change.edit {
        Edit::Value { from, to } => ("value", Some(from.clone()), Some(to.clone())),
        Edit::Drop => ("drop", None, None),
        Edit::Word { from, to } => ("word", Some(from.clone()), Some(to.clone())),
        Edit::Allow(code) => ("allow", None, Some(code.to_string())),
    };
    Change {
        line: line(context, &target),
        kind: kind.to_owned(),
        from,
        to,
    }
}

/// As people write it; the id where the catalog does not know it.
fn model_name(context: &Context<'_>, id: &str) -> String {
    let known = context.catalog.model(id);
    known.map_or_else(|| id.to_owned(), |(_, model)| model.name.clone())
}

/// Of the places nothing fills, where there are any; a miss by an amount before one that no amount mends.
fn nearest(
    context: &Context<'_>,
    solved: &ClassSolution,
    empty: &[Slot],
) -> Vec<(String, Vec<crate::plan::types::Reason>)> {
    let mut out: Vec<_> = solved
        .refused
        .iter()
        .filter(|candidate| !candidate.violations.is_empty())
        .filter(|candidate| empty.is_empty() || empty.contains(&candidate.slot))
        .collect();
    out.sort_by(|a, b| {
        distance(a)
            .partial_cmp(&distance(b))
            .unwrap_or(std::cmp::Ordering::Equal)
            .then_with(|| a.stack.model.cmp(&b.stack.model))
    });
    let kind = out.first().map(|nearest| distance(nearest).kind);
    out.into_iter()
        .take_while(|candidate| Some(distance(candidate).kind) == kind)
        .take(NEAREST)
        .map(|candidate| {
            let name = &context.catalog.models[candidate.stack.model.at()].name;
            (name.clone(), reasons(context, candidate))
        })
        .collect()
}
