//! The admissible stacks of one class, as numbers for the search. Judges nothing, words nothing.

use std::collections::{BTreeMap, BTreeSet};

use super::figures::{Compared, ordinal, score};
use super::problem::{KNOWN, SCORES};
use super::question::Question;
use super::types::Slot;
use crate::catalog::types::ModelIx;
use crate::estimate::types::{Estimate, Figure, Stack};
use crate::quantity::{Bytes, Interval};
use crate::rules::eval::narrow;

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
    /// End-to-end time, microseconds; zero where nothing limits it.
    pub(super) time: u64,
}

/// One stack that may be chosen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Entry {
    pub(super) stack: Stack,
    pub(super) amounts: Amounts,
    /// One per objective, in the order of [`Objective::ALL`], then whether the figures are known and whether an earlier
    /// build chose the stack.
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
    /// The lines that refused a stack which nothing before them did.
    pub(super) refusing: BTreeSet<usize>,
}

impl Shelf {
    /// Takes in what another one holds of other models.
    pub(super) fn merge(&mut self, other: Self) {
        self.entries.extend(other.entries);
        self.refused.extend(other.refused);
        self.judged += other.judged;
        self.refusing.extend(other.refusing);
    }
}

/// The sums a stack enters. What nobody published counts nothing here and leaves the stack undecided.
pub(super) fn amounts(question: &Question<'_>, slot: Slot, estimate: &Estimate) -> Amounts {
    let confidence = question.spec.confidence.value;
    let bytes = |figure: &Figure<Bytes>| {
        figure.value().map_or(0, |value| {
            pessimistic(value, |bytes| narrow(bytes, confidence).high)
        })
    };
    let latency = estimate.latency.value();
    let time = latency.filter(|_| question.is_timed(slot));
    let time = time.map_or(0.0, |time| {
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

/// What the search compares; zero where it does not.
pub(super) fn scores(question: &Question<'_>, one: Compared<'_>) -> [i64; SCORES] {
    let mut scores = [0; SCORES];
    for objective in question.compared(one.slot) {
        scores[objective as usize] = ordinal(score(question, one, objective));
    }
    scores[KNOWN] = i64::from(is_decided(one.estimate));
    scores
}
