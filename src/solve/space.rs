//! The admissible stacks of one class, as numbers for the search.
//!
//! Cheap refusals come first and stop at the first one; nothing here words anything.

use std::collections::BTreeMap;

use super::figures::{ordinal, score};
use super::problem::{KNOWN, SCORES};
use super::question::Question;
use super::stacks::stacks;
use super::tiers::Tier;
use super::types::DeviceClass;
use crate::catalog::types::{BackendIx, ModelIx, RuntimeIx};
use crate::estimate::types::{Estimate, Figure, Stack};
use crate::quantity::{Bytes, Interval};
use crate::rules::eval::{Kleene, narrow};
use crate::rules::facts::StackFacts;
use crate::spec::model::Objective;

/// What a stack adds to the sums, at the pessimistic end.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Amounts {
    /// Cache and compute buffers, bytes.
    pub(super) own: u64,
    /// Weights charged to the process, bytes.
    pub(super) weights: u64,
    /// Bytes.
    pub(super) download: u64,
    /// Bytes.
    pub(super) storage: u64,
    /// End-to-end time, microseconds.
    pub(super) time: u64,
}

/// One stack that may be chosen.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    pub(super) stack: Stack,
    pub(super) amounts: Amounts,
    /// One per objective, in the order of [`Objective::ALL`], then whether the figures are known.
    pub(super) scores: [i64; SCORES],
}

/// The stacks of one slot.
#[derive(Debug, Default)]
pub(super) struct Shelf {
    /// Admissible ones, in the order of their ids.
    pub(super) entries: Vec<Entry>,
    /// Per model without any, the stack that came furthest.
    pub(super) refused: BTreeMap<ModelIx, Stack>,
    /// How many were judged.
    pub(super) judged: usize,
}

/// The sums a stack enters. What nobody published counts nothing here and leaves the stack undecided.
pub(super) fn amounts(question: &Question<'_>, estimate: &Estimate) -> Amounts {
    let confidence = question.spec.confidence.value;
    let bytes = |figure: &Figure<Bytes>| {
        figure.value().map_or(0, |value| {
            pessimistic(value, |bytes| narrow(bytes, confidence).high)
        })
    };
    let time = estimate.latency.value().map_or(0.0, |time| {
        narrow(time.map(|time| time.get()), confidence).high * 1e6
    });
    Amounts {
        own: bytes(&estimate.kv_cache) + bytes(&estimate.compute),
        weights: bytes(&estimate.weights_charged),
        download: bytes(&estimate.download),
        storage: bytes(&estimate.storage),
        time: time.round() as u64,
    }
}

/// Whether every figure that enters a sum is known, or has no meaning for the stack.
pub(super) fn is_decided(estimate: &Estimate) -> bool {
    let sums = [&estimate.peak, &estimate.download, &estimate.storage];
    !sums
        .iter()
        .any(|figure| matches!(figure, Figure::Unknown { .. }))
}

fn pessimistic(value: Interval<Bytes>, end: impl Fn(Interval<f64>) -> f64) -> u64 {
    if value.is_exact() {
        return value.likely.get();
    }
    end(value.map(Bytes::as_f64)).round() as u64
}

/// What the search compares.
pub(super) fn scores(
    question: &Question<'_>,
    stack: &Stack,
    estimate: &Estimate,
    kv_reduced: bool,
) -> [i64; SCORES] {
    let mut scores = [0; SCORES];
    for (place, objective) in scores.iter_mut().zip(Objective::ALL) {
        let worth = score(question.catalog, stack, estimate, kv_reduced, objective);
        *place = ordinal(worth);
    }
    scores[KNOWN] = i64::from(is_decided(estimate));
    scores
}

/// How far a stack came before it was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Model,
    Runner,
    Stack,
    Figures,
}

/// The stacks of a slot on a class.
pub(super) fn shelf(question: &Question<'_>, at: usize, class: &DeviceClass) -> Shelf {
    let slot = question.slots[at];
    let context = question.spec.features[slot.feature].context.value;
    let all = stacks(question.catalog, slot.role, &class.phone, context);
    let mut gate = Gate::new(question, at, class);
    let mut shelf = Shelf {
        judged: all.len(),
        ..Shelf::default()
    };
    let mut best_refused: BTreeMap<ModelIx, ((Stage, std::cmp::Reverse<u64>), Stack)> =
        BTreeMap::new();
    let mut own_kv = None;
    for stack in all {
        let runner = (stack.artifact, stack.runtime, stack.backend);
        // The runtime's own KV type comes first among stacks that differ in nothing else.
        let reduced = own_kv == Some(runner);
        own_kv = Some(runner);
        match gate.judge(stack, reduced) {
            Ok(entry) => shelf.entries.push(entry),
            Err(stage) => {
                let bytes = question.catalog.artifacts[stack.artifact.at()]
                    .bytes
                    .as_ref();
                let size = bytes.map_or(u64::MAX, |bytes| bytes.value.get());
                let rank = (stage, std::cmp::Reverse(size));
                let known = best_refused.get(&stack.model);
                if known.is_none_or(|(best, _)| rank > *best) {
                    best_refused.insert(stack.model, (rank, stack));
                }
            }
        }
    }
    for entry in &shelf.entries {
        best_refused.remove(&entry.stack.model);
    }
    shelf.refused = best_refused
        .into_iter()
        .map(|(model, (_, stack))| (model, stack))
        .collect();
    shelf
}

/// Judges the stacks of one slot, remembering answers that many share.
struct Gate<'q, 'a> {
    question: &'q Question<'a>,
    at: usize,
    class: &'q DeviceClass,
    nothing: Estimate,
    models: BTreeMap<ModelIx, bool>,
    runners: BTreeMap<(RuntimeIx, BackendIx), bool>,
}

impl<'q, 'a> Gate<'q, 'a> {
    fn new(question: &'q Question<'a>, at: usize, class: &'q DeviceClass) -> Self {
        Self {
            question,
            at,
            class,
            nothing: no_figures(),
            models: BTreeMap::new(),
            runners: BTreeMap::new(),
        }
    }

    fn judge(&mut self, stack: Stack, kv_reduced: bool) -> Result<Entry, Stage> {
        let question = self.question;
        let slot = question.slots[self.at];
        let passes = |tier: Tier, facts: &StackFacts<'_>| {
            let tiers = &question.tiers;
            tiers
                .refusing(tier, question.rules, slot.role, facts)
                .is_none()
        };
        let runner = (stack.runtime, stack.backend);
        // Most stacks share a model or a runner that is out already.
        if self.models.get(&stack.model) == Some(&false) {
            return Err(Stage::Model);
        }
        if self.runners.get(&runner) == Some(&false) {
            return Err(Stage::Runner);
        }
        let case = question.case(slot, self.class, stack);
        let bare = StackFacts::new(question.catalog, case, &self.nothing).ok_or(Stage::Model)?;
        let model = self.models.entry(stack.model);
        if !*model.or_insert_with(|| passes(Tier::Model, &bare)) {
            return Err(Stage::Model);
        }
        let known = self.runners.entry(runner);
        if !*known.or_insert_with(|| passes(Tier::Runner, &bare)) {
            return Err(Stage::Runner);
        }
        if !passes(Tier::Stack, &bare) {
            return Err(Stage::Stack);
        }
        let estimate = question.estimate(slot, self.class, &stack);
        let facts = StackFacts::new(question.catalog, case, &estimate).ok_or(Stage::Figures)?;
        let lines = question.concerns[self.at].iter();
        let met = |line: &usize| question.lines[*line].broken(&facts) == Kleene::False;
        if !passes(Tier::Figures, &facts) || !lines.into_iter().all(met) {
            return Err(Stage::Figures);
        }
        Ok(Entry {
            stack,
            amounts: amounts(question, &estimate),
            scores: scores(question, &stack, &estimate, kv_reduced),
        })
    }
}

/// An estimate that says nothing, for rules that ask for no figure.
fn no_figures() -> Estimate {
    Estimate {
        weights: Figure::NotApplicable,
        weights_charged: Figure::NotApplicable,
        mapped: Figure::NotApplicable,
        kv_cache: Figure::NotApplicable,
        compute: Figure::NotApplicable,
        peak: Figure::NotApplicable,
        largest_tensor: Figure::NotApplicable,
        download: Figure::NotApplicable,
        storage: Figure::NotApplicable,
        cold_start: Figure::NotApplicable,
        ttft: Figure::NotApplicable,
        prefill: Figure::NotApplicable,
        decode: Figure::NotApplicable,
        latency: Figure::NotApplicable,
        energy: Figure::NotApplicable,
        battery: Figure::NotApplicable,
    }
}
