//! One stack for all phones: the best model and quantization per slot that every class can run.
//!
//! The runtime, backend and settings may differ between classes (Metal here, the CPU there); what ships is one file
//! per slot and format, so the pair of model and quantization is what must be the same.

use std::cell::Cell;
use std::collections::BTreeSet;

use super::lost::lost;
use super::problem::Problem;
use super::question::Question;
use super::search::Layout;
use super::space::Shelf;
use super::types::{DeviceClass, Gain, Single};
use crate::catalog::types::{ModelIx, QuantIx};

/// What must be the same on all classes.
type Weights = (ModelIx, QuantIx);

/// A class with its shelves and its problem.
pub(super) struct Solved<'c> {
    pub(super) class: &'c DeviceClass,
    pub(super) shelves: &'c [Shelf],
    pub(super) problem: Problem,
    pub(super) layout: Layout,
    /// The choice, as numbers into the shelves.
    pub(super) picks: Option<Vec<usize>>,
}

/// The best common weights per slot, and what each class would have instead; `None` when none serve all classes.
///
/// Slots are filled in order; each takes the pair that the weakest class (least RAM, then id) likes best among those
/// that leave every class an answer, and gives it back when a later slot cannot be filled.
pub(super) fn single(question: &Question<'_>, classes: &[Solved<'_>]) -> Option<Single> {
    let weakest = classes
        .iter()
        .min_by_key(|solved| (solved.class.phone.ram_gib, &solved.class.id))?;
    let common = (0..question.slots.len())
        .map(|slot| {
            let mut sets = classes.iter().map(|solved| {
                (0..solved.shelves[slot].entries.len())
                    .map(|at| weights(question, solved, slot, at))
                    .collect::<BTreeSet<Weights>>()
            });
            let first = sets.next().unwrap_or_default();
            sets.fold(first, |common, set| &common & &set)
        })
        .collect();
    let common = Common {
        question,
        classes,
        weakest,
        common,
        refused_on: Cell::new(None),
    };
    let pairs = common.fill(&mut Vec::new())?;
    let under = |solved: &Solved<'_>| {
        solved.layout.optimum_among(&solved.problem, |slot, at| {
            weights(question, solved, slot, at) == pairs[slot]
        })
    };
    let picks = under(weakest)?;
    let stacks = picks.iter().enumerate().map(|(slot, &at)| {
        let stack = weakest.shelves[slot].entries[at].stack;
        question.candidate(slot, weakest.class, stack)
    });
    let gains = classes.iter().filter_map(|solved| {
        let other = under(solved)?;
        let both = (solved.shelves, &solved.problem);
        let lost = lost(question, solved.class, both, solved.picks.as_ref()?, &other)?;
        Some(Gain {
            class: solved.class.id.clone(),
            slot: lost.slot,
            own: lost.best,
            common: lost.other,
        })
    });
    let forced_by = common.refused_on.get().unwrap_or(weakest.class);
    Some(Single {
        picks: stacks.collect(),
        forced_by: forced_by.id.clone(),
        gains: gains.collect(),
    })
}

struct Common<'q, 'a, 'c> {
    question: &'q Question<'a>,
    classes: &'q [Solved<'c>],
    weakest: &'q Solved<'c>,
    common: Vec<BTreeSet<Weights>>,
    /// The class that could not run what the weakest one would rather have, where there was any.
    refused_on: Cell<Option<&'q DeviceClass>>,
}

impl Common<'_, '_, '_> {
    /// Fills the slots after `fixed`, best first.
    fn fill(&self, fixed: &mut Vec<Weights>) -> Option<Vec<Weights>> {
        let slot = fixed.len();
        if slot == self.question.slots.len() {
            return Some(fixed.clone());
        }
        let mut barred: BTreeSet<Weights> = BTreeSet::new();
        loop {
            let weakest = self.weakest;
            let picks = weakest
                .layout
                .optimum_among(&weakest.problem, |place, at| {
                    let pair = weights(self.question, weakest, place, at);
                    self.allows(fixed, place, pair) && !(place == slot && barred.contains(&pair))
                })?;
            let all = picks.iter().enumerate();
            let all = all.map(|(place, &at)| weights(self.question, weakest, place, at));
            let all: Vec<Weights> = all.collect();
            // Nothing better comes of fixing slot by slot what is best with all of them open: mostly this is the answer.
            let serves = |solved: &Solved<'_>| {
                (solved.layout).is_feasible(&solved.problem, |place, at| {
                    weights(self.question, solved, place, at) == all[place]
                })
            };
            if self.classes.iter().all(serves) {
                return Some(all);
            }
            let pair = all[slot];
            fixed.push(pair);
            let fails = self.classes.iter().find(|solved| {
                !solved.layout.is_feasible(&solved.problem, |place, at| {
                    self.allows(fixed, place, weights(self.question, solved, place, at))
                })
            });
            match fails {
                Some(solved) if self.refused_on.get().is_none() => {
                    self.refused_on.set(Some(solved.class));
                }
                Some(_) => {}
                None => {
                    if let Some(found) = self.fill(fixed) {
                        return Some(found);
                    }
                }
            }
            fixed.pop();
            barred.insert(pair);
        }
    }

    fn allows(&self, fixed: &[Weights], place: usize, pair: Weights) -> bool {
        match fixed.get(place) {
            Some(only) => pair == *only,
            None => self.common[place].contains(&pair),
        }
    }
}

fn weights(question: &Question<'_>, solved: &Solved<'_>, slot: usize, at: usize) -> Weights {
    let stack = &solved.shelves[slot].entries[at].stack;
    let artifact = &question.catalog.artifacts[stack.artifact.at()];
    (stack.model, artifact.quant)
}
