//! From shelves of stacks to the abstract problem, with the limits of the class and the spec.

use rustc_hash::FxHashMap;

use super::lines::{LineKind, Part};
use super::problem::{
    Choice, FileCost, Goal, InstanceCost, KNOWN, LOCKED, Problem, Resource, SumLimit,
};
use super::question::Question;
use super::space::Entry;
use super::types::DeviceClass;
use crate::quantity::Bytes;
use crate::rules::facts::Budgets;
use crate::spec::model::Objective;

/// The limits that are sums, in bytes and microseconds; `None` where nothing limits.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Limits {
    /// What the stacks of a residency group may be charged, the app's own footprint already taken off.
    pub(super) memory: Option<u64>,
    /// Per line of the spec that adds up the roles of a feature: number of the line, resource, slots, limit.
    pub(super) features: Vec<(usize, Resource, Vec<usize>, u64)>,
    /// Distinct files.
    pub(super) download: Option<u64>,
    /// Distinct files and caches.
    pub(super) storage: Option<u64>,
}

impl Limits {
    /// The limits of a class, those lines alone that `holds` lets through. The platform's grant is not a line.
    pub(super) fn of(
        question: &Question<'_>,
        class: &DeviceClass,
        holds: &dyn Fn(usize) -> bool,
        granted: bool,
    ) -> Self {
        let budgets = Budgets::of(question.catalog, question.spec, &class.phone);
        let baseline = baseline(question, class);
        let mut limits = Self {
            memory: granted
                .then(|| budgets.entitled.or(budgets.base))
                .flatten()
                .map(|grant| grant.get().saturating_sub(baseline)),
            features: Vec::new(),
            download: None,
            storage: None,
        };
        for (at, line) in question.lines.iter().enumerate() {
            let written = match &line.kind {
                LineKind::Memory => budgets.asked.map(Bytes::as_f64),
                LineKind::Bound { limit, .. } => Some(limit.value),
                LineKind::Demand(_) => None,
            };
            if let Some(value) = written.filter(|_| holds(at)) {
                limits.hold(question, class, at, value);
            }
        }
        limits
    }

    /// Puts a line in force at a value in base units, whatever the spec writes there.
    pub(super) fn hold(
        &mut self,
        question: &Question<'_>,
        class: &DeviceClass,
        at: usize,
        value: f64,
    ) {
        let line = &question.lines[at];
        let members = || {
            let slots = question.slots.iter().enumerate();
            let own = slots.filter(|(_, slot)| Some(slot.feature) == line.feature);
            own.map(|(slot, _)| slot).collect::<Vec<usize>>()
        };
        let bytes = value.round() as u64;
        match &line.kind {
            LineKind::Memory => self.charge(question, class, bytes),
            LineKind::Bound { part, .. } => match part {
                Part::Stack => {}
                Part::FeatureMemory => {
                    let limit = bytes.saturating_sub(baseline(question, class));
                    let of = Resource::Memory;
                    self.features.push((at, of, members(), limit));
                }
                Part::FeatureTime => {
                    let limit = (value * 1e6).round() as u64;
                    self.features.push((at, Resource::Time, members(), limit));
                }
                Part::Download => self.download = Some(bytes),
                Part::Storage => self.storage = Some(bytes),
            },
            LineKind::Demand(_) => {}
        }
    }

    /// Lets the process be charged no more than so many bytes, the app itself included.
    pub(super) fn charge(&mut self, question: &Question<'_>, class: &DeviceClass, bytes: u64) {
        let rest = bytes.saturating_sub(baseline(question, class));
        self.memory = Some(self.memory.map_or(rest, |grant| grant.min(rest)));
    }

    /// Writes the limits into a problem.
    pub(super) fn apply(&self, question: &Question<'_>, problem: &mut Problem) {
        problem.sums.clear();
        if let Some(limit) = self.memory {
            problem
                .sums
                .extend(question.groups.iter().map(|slots| SumLimit {
                    of: Resource::Memory,
                    slots: slots.clone(),
                    limit,
                }));
        }
        let features = self.features.iter();
        problem
            .sums
            .extend(features.map(|(_, of, slots, limit)| SumLimit {
                of: *of,
                slots: slots.clone(),
                limit: *limit,
            }));
        problem.download = self.download;
        problem.storage = self.storage;
    }
}

/// The app's own footprint, bytes.
pub(super) fn baseline(question: &Question<'_>, class: &DeviceClass) -> u64 {
    let platform = &question.catalog.platforms[class.phone.platform.at()];
    platform.app_baseline.value.get()
}

/// The problem over the entries of each slot, without limits.
pub(super) fn problem<'e>(
    question: &Question<'_>,
    shelves: impl Iterator<Item = &'e [Entry]>,
) -> Problem {
    let mut files: FxHashMap<u32, usize> = FxHashMap::default();
    let mut instances: FxHashMap<(u32, u32, u32), usize> = FxHashMap::default();
    let mut problem = Problem {
        goals: goals(question),
        ..Problem::default()
    };
    let mut totals: Vec<(usize, u64)> = Vec::new();
    for shelf in shelves {
        let mut choices = Vec::with_capacity(shelf.len());
        for entry in shelf {
            let (stack, amounts) = (&entry.stack, &entry.amounts);
            let file = *files.entry(stack.artifact.0).or_insert_with(|| {
                problem.files.push(FileCost {
                    download: amounts.download,
                    storage: amounts.storage,
                });
                problem.files.len() - 1
            });
            let cost = &mut problem.files[file];
            cost.download = cost.download.max(amounts.download);
            cost.storage = cost.storage.min(amounts.storage);
            let key = (stack.artifact.0, stack.runtime.0, stack.backend.0);
            let instance = *instances.entry(key).or_insert_with(|| {
                problem.instances.push(InstanceCost {
                    memory: amounts.weights,
                    storage: 0,
                });
                totals.push((file, amounts.storage));
                problem.instances.len() - 1
            });
            choices.push(Choice {
                file,
                instance,
                memory: amounts.own,
                time: amounts.time,
                scores: entry.scores,
            });
        }
        problem.slots.push(choices);
    }
    // What a runtime unpacks beside the file comes on top of the file once per instance.
    for (cost, (file, storage)) in problem.instances.iter_mut().zip(totals) {
        cost.storage = storage.saturating_sub(problem.files[file].storage);
    }
    problem
}

/// The objectives for which all that is on the right side of a line is equally good.
const THRESHOLDS: [Objective; 2] = [Objective::Store, Objective::Comfort];

/// First that the figures of every slot are known. Then the thresholds that features put before all else, so that none of
/// them gets what it prefers at the price of a threshold of another. Then features in spec order, each with what else it
/// prefers, each over its roles in pipeline order. At last, that what was chosen before is chosen again.
fn goals(question: &Question<'_>) -> Vec<Goal> {
    let features = &question.spec.features;
    let first = |at: usize| {
        let prefer = features[at].prefer.value.iter();
        prefer.take_while(|one| THRESHOLDS.contains(one)).count()
    };
    let scored = |at: usize, objective: &Objective| {
        let score = Objective::ALL.iter().position(|one| one == objective);
        let slots = question.slots.iter().enumerate();
        let own = slots.filter(move |(_, slot)| slot.feature == at);
        own.filter_map(move |(slot, _)| score.map(|score| Goal { slot, score }))
    };
    let slots = 0..question.slots.len();
    let mut goals: Vec<Goal> = slots.map(|slot| Goal { slot, score: KNOWN }).collect();
    for rank in 0..Objective::ALL.len() {
        for at in (0..features.len()).filter(|&at| rank < first(at)) {
            goals.extend(scored(at, &features[at].prefer.value[rank]));
        }
    }
    for (at, feature) in features.iter().enumerate() {
        for objective in &feature.prefer.value[first(at)..] {
            goals.extend(scored(at, objective));
        }
    }
    let slots = 0..question.slots.len();
    goals.extend(slots.map(|slot| Goal {
        slot,
        score: LOCKED,
    }));
    goals
}

#[cfg(test)]
mod tests {
    use super::super::testing::{feature, spec};
    use super::*;
    use crate::spec::model::Task;
    use crate::{catalog, rules};

    #[test]
    fn thresholds_of_all_features_come_before_what_any_prefers() {
        use Objective::{Comfort, Memory, Quality, Store};
        let mut spec = spec("android", 8, Some(8));
        for (id, prefer) in [
            ("one", vec![Store, Comfort, Quality]),
            ("two", vec![Store, Memory, Comfort]),
            ("three", vec![Comfort]),
        ] {
            let mut feature = feature(id, Task::Chat);
            feature.prefer.value = prefer;
            spec.features.push(feature);
        }
        let question = Question::new(catalog::builtin(), rules::builtin(), &spec);
        let named: Vec<(usize, Objective)> = goals(&question)
            .iter()
            .filter_map(|goal| Some((goal.slot, *Objective::ALL.get(goal.score)?)))
            .collect();
        let wanted = [
            (0, Store),
            (1, Store),
            (2, Comfort),
            (0, Comfort),
            (0, Quality),
            (1, Memory),
            (1, Comfort),
        ];
        assert_eq!(named, wanted);
    }
}
