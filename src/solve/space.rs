//! The admissible stacks of one class, as numbers for the search.
//!
//! Cheap refusals come first and stop at the first one; nothing here words anything.

use std::collections::BTreeMap;

use super::figures::{ordinal, score};
use super::gate::Gate;
use super::problem::{KNOWN, LOCKED, SCORES};
use super::question::Question;
use super::stock::Stock;
use super::tiers::Stage;
use super::types::{DeviceClass, Slot};
use crate::catalog::types::ModelIx;
use crate::estimate::types::{Estimate, Figure, Stack};
use crate::quantity::{Bytes, Interval};
use crate::rules::eval::narrow;
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
#[derive(Debug, Clone, Copy, PartialEq)]
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

/// How far a stack came, nearer ones being smaller among equals, and the stack.
type Furthest = ((Stage, std::cmp::Reverse<u64>), Stack);

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
    slot: Slot,
    stack: &Stack,
    estimate: &Estimate,
    kv_reduced: bool,
) -> [i64; SCORES] {
    let mut scores = [0; SCORES];
    for (place, objective) in scores.iter_mut().zip(Objective::ALL) {
        let worth = score(question, slot, stack, estimate, kv_reduced, objective);
        *place = ordinal(worth);
    }
    scores[KNOWN] = i64::from(is_decided(estimate));
    scores
}

/// The stacks of a slot on a class, from what is known of them on its platform.
pub(super) fn shelf(
    question: &Question<'_>,
    at: usize,
    class: &DeviceClass,
    stock: &Stock<'_>,
) -> Shelf {
    let gate = Gate::new(question, at, class, stock);
    let kinds: Vec<_> = stock.kinds.iter().map(|kind| gate.weigh(kind)).collect();
    let mut shelf = Shelf {
        judged: stock.items.len(),
        ..Shelf::default()
    };
    let mut furthest: Vec<Option<Furthest>> = vec![None; question.catalog.models.len()];
    for item in &stock.items {
        match gate.judge(item, &kinds) {
            Ok(entry) => shelf.entries.push(entry),
            Err(stage) => {
                let stack = item.stack;
                let bytes = question.catalog.artifacts[stack.artifact.at()]
                    .bytes
                    .as_ref();
                let size = bytes.map_or(u64::MAX, |bytes| bytes.value.get());
                let rank = (stage, std::cmp::Reverse(size));
                let known = &mut furthest[stack.model.at()];
                if known.as_ref().is_none_or(|(best, _)| rank > *best) {
                    *known = Some((rank, gate.placed(stack)));
                }
            }
        }
    }
    if let Some(locked) = question.locked.filter(|it| !it.stacks.is_empty()) {
        for entry in &mut shelf.entries {
            let holds = locked.holds(question, at, class, &entry.stack);
            entry.scores[LOCKED] = i64::from(holds);
        }
    }
    for entry in &shelf.entries {
        furthest[entry.stack.model.at()] = None;
    }
    let furthest = furthest.into_iter().flatten();
    shelf.refused = furthest.map(|(_, stack)| (stack.model, stack)).collect();
    shelf
}
