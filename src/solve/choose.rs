//! The choice for one class: the optimum, its sums, its objectives, and what came second.

use super::figures::{Compared, objective_value};
use super::instance::{Limits, baseline};
use super::lost::lost;
use super::problem::Problem;
use super::question::Question;
use super::search::Layout;
use super::space::{Entry, Shelf};
use super::types::{Candidate, Chosen, DeviceClass, ObjectiveValue, RunnerUp, Totals};
use crate::catalog::types::ArtifactIx;
use crate::estimate::types::{Figure, Stack};
use crate::quantity::{Bytes, Interval};
use crate::rules::facts::Budgets;

/// The best stack per slot, if the limits can be met; what came second where it is asked for.
pub(super) fn choose(
    question: &Question<'_>,
    class: &DeviceClass,
    shelves: &[Shelf],
    (problem, layout): (&mut Problem, &Layout),
    beside: bool,
) -> Option<Chosen> {
    Limits::of(question, class, &|_| true, true).apply(question, problem);
    let picks = layout.optimum_among(problem, |_, _| true)?;
    let chosen: Vec<Candidate> = picks
        .iter()
        .zip(shelves)
        .enumerate()
        .map(|(slot, (&at, shelf))| question.candidate(slot, class, shelf.entries[at].stack))
        .collect();
    let objectives = chosen
        .iter()
        .enumerate()
        .map(|(slot, candidate)| objectives(question, class, shelves, slot, candidate))
        .collect();
    let seconds = if beside { 0..picks.len() } else { 0..0 };
    let runners_up = seconds
        .map(|slot| runner_up(question, class, shelves, (problem, layout), &picks, slot))
        .collect();
    Some(Chosen {
        totals: totals(question, class, &chosen),
        objectives,
        runners_up,
        bounds: Vec::new(),
        picks: chosen,
    })
}

/// The values of a slot's objectives, in its feature's order.
pub(super) fn objectives(
    question: &Question<'_>,
    class: &DeviceClass,
    shelves: &[Shelf],
    slot: usize,
    candidate: &Candidate,
) -> Vec<ObjectiveValue> {
    let feature = &question.spec.features[candidate.slot.feature];
    let one = Compared {
        slot: candidate.slot,
        class,
        stack: &candidate.stack,
        estimate: &candidate.estimate,
        kv_reduced: is_kv_reduced(&shelves[slot].entries, &candidate.stack),
    };
    let prefer = feature.prefer.value.iter();
    prefer
        .map(|objective| objective_value(question, one, *objective))
        .collect()
}

/// Whether a stack differs from an earlier one in its KV type alone: then it is not the runtime's own.
pub(super) fn is_kv_reduced(entries: &[Entry], stack: &Stack) -> bool {
    let key = |stack: &Stack| (stack.artifact, stack.runtime, stack.backend);
    entries
        .iter()
        .find(|entry| key(&entry.stack) == key(stack))
        .is_some_and(|entry| entry.stack != *stack)
}

/// The best answer in which a slot has another model, and the first goal on which it is worse.
fn runner_up(
    question: &Question<'_>,
    class: &DeviceClass,
    shelves: &[Shelf],
    (problem, layout): (&Problem, &Layout),
    picks: &[usize],
    slot: usize,
) -> Option<RunnerUp> {
    let model = shelves[slot].entries[picks[slot]].stack.model;
    let other = layout.optimum_among(problem, |place, at| {
        place != slot || shelves[slot].entries[at].stack.model != model
    })?;
    let stack = shelves[slot].entries[other[slot]].stack;
    Some(RunnerUp {
        candidate: question.candidate(slot, class, stack),
        loses_on: lost(question, class, (shelves, problem), picks, &other),
    })
}

/// The budget where neither the platform nor the spec sets one.
pub(crate) const UNLIMITED: Bytes = Bytes::new(u64::MAX);

const NONE: Interval<Bytes> = Interval {
    low: Bytes::new(0),
    likely: Bytes::new(0),
    high: Bytes::new(0),
};

/// The figure, or nothing where it is unknown or has no meaning.
fn known(figure: &Figure<Bytes>) -> Interval<Bytes> {
    figure.value().unwrap_or(NONE)
}

/// Sums over the chosen stacks: memory over the residency schedule, download and storage over distinct files.
pub(super) fn totals(question: &Question<'_>, class: &DeviceClass, picks: &[Candidate]) -> Totals {
    let app = Bytes::new(baseline(question, class));
    let mut memory = Interval::exact(app);
    let mut phases = Vec::with_capacity(question.groups.len());
    for group in &question.groups {
        let mut sum = Interval::exact(app);
        for (at, &slot) in group.iter().enumerate() {
            let pick = &picks[slot];
            sum = sum + known(&pick.estimate.kv_cache) + known(&pick.estimate.compute);
            let loaded = group[..at]
                .iter()
                .any(|&earlier| instance(&picks[earlier].stack) == instance(&pick.stack));
            if !loaded {
                sum = sum + known(&pick.estimate.weights_charged);
            }
        }
        memory = Interval {
            low: memory.low.max(sum.low),
            likely: memory.likely.max(sum.likely),
            high: memory.high.max(sum.high),
        };
        phases.push(sum);
    }
    let mut files: Vec<ArtifactIx> = Vec::new();
    let (mut download, mut storage) = (NONE, NONE);
    for pick in picks {
        if !files.contains(&pick.stack.artifact) {
            files.push(pick.stack.artifact);
            download = download + known(&pick.estimate.download);
            storage = storage + known(&pick.estimate.storage);
        }
    }
    let budgets = Budgets::of(question.catalog, question.spec, &class.phone);
    Totals {
        memory,
        phases,
        memory_budget: budgets.memory.unwrap_or(UNLIMITED),
        baseline: app,
        download,
        storage,
    }
}

/// What is loaded once, however many slots it serves.
pub(super) fn instance(stack: &Stack) -> impl PartialEq + use<> {
    (stack.artifact, stack.runtime, stack.backend)
}
