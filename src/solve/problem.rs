//! The choice as a problem of whole numbers: slots, choices, shared costs, limits, goals.
//!
//! Knows nothing of models or phones, so that the search can be proven on random instances. All amounts are
//! in one unit per resource (bytes); scores are ordinal, larger is better.

use crate::spec::model::Objective;

/// How many scores a choice carries: one per [`Objective`], one for whether its figures are known, and one for whether
/// an earlier build chose it.
pub const SCORES: usize = Objective::ALL.len() + 2;
/// The place of the score for known figures.
pub const KNOWN: usize = Objective::ALL.len();
/// The place of the score for earlier choices.
pub const LOCKED: usize = Objective::ALL.len() + 1;

/// One way to fill a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// What is downloaded; two slots that choose one file pay its download and storage once.
    pub file: usize,
    /// What is loaded; two slots that are in memory together and choose one instance pay its weights once.
    pub instance: usize,
    /// Memory of this slot alone: cache and compute buffers.
    pub memory: u64,
    /// Time of this slot, where a limit spans several slots; else zero.
    pub time: u64,
    /// Ordinal scores, larger is better.
    pub scores: [i64; SCORES],
}

/// What a file costs, once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileCost {
    /// Bytes over the network.
    pub download: u64,
    /// Bytes on disk.
    pub storage: u64,
}

/// What loading an instance costs, once per group of slots in memory together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InstanceCost {
    /// Bytes of weights charged to the process.
    pub memory: u64,
    /// Bytes its caches add on disk, once for all slots.
    pub storage: u64,
}

/// What a [`SumLimit`] adds up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resource {
    /// Memory of slots that are loaded at the same time: each slot's own, and each distinct instance once.
    Memory,
    /// Time of slots that run one after the other.
    Time,
}

/// A limit on a sum over some slots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SumLimit {
    /// What is added up.
    pub of: Resource,
    /// Whose, ascending.
    pub slots: Vec<usize>,
    /// At most this much.
    pub limit: u64,
}

/// One position of the lexicographic objective.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Goal {
    /// Whose score.
    pub slot: usize,
    /// Which score.
    pub score: usize,
}

/// A whole instance.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Problem {
    /// Per slot its choices, in the order that breaks the last ties.
    pub slots: Vec<Vec<Choice>>,
    /// Files by number.
    pub files: Vec<FileCost>,
    /// Instances by number.
    pub instances: Vec<InstanceCost>,
    /// Limits on memory and time.
    pub sums: Vec<SumLimit>,
    /// Limit on the download of distinct files.
    pub download: Option<u64>,
    /// Limit on the storage of distinct files and caches.
    pub storage: Option<u64>,
    /// The objective, most important first.
    pub goals: Vec<Goal>,
}

/// What a set of choices costs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cost {
    /// Per limit on a sum.
    pub sums: Vec<u64>,
    /// Distinct files.
    pub download: u64,
    /// Distinct files and caches.
    pub storage: u64,
    /// How many distinct files.
    pub files: usize,
    /// How many distinct instances.
    pub instances: usize,
}

impl Problem {
    /// The same over some of its choices.
    #[must_use]
    pub fn narrowed(&self, slots: Vec<Vec<Choice>>) -> Self {
        Self {
            slots,
            files: self.files.clone(),
            instances: self.instances.clone(),
            sums: self.sums.clone(),
            download: self.download,
            storage: self.storage,
            goals: self.goals.clone(),
        }
    }

    /// The cost of one choice per slot.
    #[must_use]
    pub fn cost(&self, picks: &[Choice]) -> Cost {
        let first_use = |slots: &[usize], at: usize, key: fn(&Choice) -> usize| {
            !slots[..at]
                .iter()
                .any(|&earlier| key(&picks[earlier]) == key(&picks[slots[at]]))
        };
        let all: Vec<usize> = (0..picks.len()).collect();
        let mut cost = Cost {
            sums: Vec::with_capacity(self.sums.len()),
            download: 0,
            storage: 0,
            files: 0,
            instances: 0,
        };
        for (at, pick) in picks.iter().enumerate() {
            if first_use(&all, at, |choice| choice.file) {
                cost.files += 1;
                cost.download += self.files[pick.file].download;
                cost.storage += self.files[pick.file].storage;
            }
            if first_use(&all, at, |choice| choice.instance) {
                cost.instances += 1;
                cost.storage += self.instances[pick.instance].storage;
            }
        }
        for limit in &self.sums {
            let mut sum = 0;
            for (at, &slot) in limit.slots.iter().enumerate() {
                let pick = &picks[slot];
                match limit.of {
                    Resource::Time => sum += pick.time,
                    Resource::Memory => {
                        sum += pick.memory;
                        if first_use(&limit.slots, at, |choice| choice.instance) {
                            sum += self.instances[pick.instance].memory;
                        }
                    }
                }
            }
            cost.sums.push(sum);
        }
        cost
    }

    /// Whether a cost is within all limits.
    #[must_use]
    pub fn admits(&self, cost: &Cost) -> bool {
        cost.sums
            .iter()
            .zip(&self.sums)
            .all(|(sum, limit)| *sum <= limit.limit)
            && self.download.is_none_or(|limit| cost.download <= limit)
            && self.storage.is_none_or(|limit| cost.storage <= limit)
    }
}
