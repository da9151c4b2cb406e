//! The optimum of a [`Problem`], exact and unique.
//!
//! The objective is lexicographic: each goal in turn takes the best score that still leaves a way to fill all
//! slots within all limits. "At least this score" is monotone, so the best one is found by bisection over exact
//! feasibility questions. What ties on all goals uses the fewest files, then the fewest instances, then the earliest
//! choices in slot order; so exactly one answer is right, and no order of evaluation can change it.

use super::feasible::{Counts, Domain, feasible};
use super::problem::Problem;
use super::sharing::Shared;

/// The best choice per slot, as numbers into each slot's list; `None` when the limits cannot be met.
#[must_use]
pub fn optimum(problem: &Problem) -> Option<Vec<usize>> {
    Narrowing::new(problem, |_, _| true)?.finish()
}

/// The same over the choices that `keep(slot, choice)` lets through.
#[must_use]
pub fn optimum_among(problem: &Problem, keep: impl Fn(usize, usize) -> bool) -> Option<Vec<usize>> {
    Narrowing::new(problem, keep)?.finish()
}

/// Whether any selection among the choices that `keep` lets through meets the limits.
#[must_use]
pub fn is_feasible(problem: &Problem, keep: impl Fn(usize, usize) -> bool) -> bool {
    Narrowing::new(problem, keep).is_some()
}

/// The choices left per slot, and a selection that proves them sufficient.
struct Narrowing<'a> {
    problem: &'a Problem,
    shared: Shared,
    domains: Vec<Domain>,
    counts: Counts,
    witness: Vec<usize>,
}

impl<'a> Narrowing<'a> {
    fn new(problem: &'a Problem, keep: impl Fn(usize, usize) -> bool) -> Option<Self> {
        let shared = Shared::new(problem);
        let domains: Vec<Domain> = problem
            .slots
            .iter()
            .enumerate()
            .map(|(slot, choices)| {
                let all = (0..choices.len()).filter(|&at| keep(slot, at)).collect();
                Domain::new(problem, slot, all, &shared)
            })
            .collect();
        let counts = Counts::default();
        let witness = feasible(problem, &domains, &shared, counts)?;
        Some(Self {
            problem,
            shared,
            domains,
            counts,
            witness,
        })
    }

    fn finish(mut self) -> Option<Vec<usize>> {
        for index in 0..self.problem.goals.len() {
            self.maximise(index);
        }
        self.spare_files();
        self.spare_instances();
        for slot in 0..self.domains.len() {
            self.earliest(slot);
        }
        Some(self.witness)
    }

    /// Fixes one goal at the best score it can have.
    fn maximise(&mut self, goal: usize) {
        let (slot, score) = (
            self.problem.goals[goal].slot,
            self.problem.goals[goal].score,
        );
        let of = |at: usize| self.problem.slots[slot][at].scores[score];
        let mut levels: Vec<i64> = self.domains[slot].all.iter().map(|&at| of(at)).collect();
        levels.sort_unstable_by(|a, b| b.cmp(a));
        levels.dedup();
        let place = |levels: &[i64], value: i64| levels.partition_point(|&level| level > value);
        let (mut low, mut high) = (0, place(&levels, of(self.witness[slot])));
        while low < high {
            let middle = low + (high - low) / 2;
            let floor = levels[middle];
            let all = self.domains[slot].all.iter().copied();
            let kept = all.filter(|&at| of(at) >= floor).collect();
            match self.try_domain(slot, kept) {
                Some(witness) => {
                    high = place(&levels, of(witness[slot]));
                    self.witness = witness;
                }
                None => low = middle + 1,
            }
        }
        let best = of(self.witness[slot]);
        let all = self.domains[slot].all.iter().copied();
        let kept: Vec<usize> = all.filter(|&at| of(at) == best).collect();
        if kept.len() != self.domains[slot].all.len() {
            self.domains[slot] = Domain::new(self.problem, slot, kept, &self.shared);
        }
    }

    /// A selection with the slot confined to `kept`, if there is one; the narrowing itself is untouched.
    fn try_domain(&mut self, slot: usize, kept: Vec<usize>) -> Option<Vec<usize>> {
        let trial = Domain::new(self.problem, slot, kept, &self.shared);
        let saved = std::mem::replace(&mut self.domains[slot], trial);
        let answer = feasible(self.problem, &self.domains, &self.shared, self.counts);
        self.domains[slot] = saved;
        answer
    }

    fn spare_files(&mut self) {
        loop {
            let used = self.cost().files;
            self.counts.files = Some(used.saturating_sub(1));
            match feasible(self.problem, &self.domains, &self.shared, self.counts) {
                Some(witness) => self.witness = witness,
                None => {
                    self.counts.files = Some(used);
                    return;
                }
            }
        }
    }

    fn spare_instances(&mut self) {
        loop {
            let used = self.cost().instances;
            self.counts.instances = Some(used.saturating_sub(1));
            match feasible(self.problem, &self.domains, &self.shared, self.counts) {
                Some(witness) => self.witness = witness,
                None => {
                    self.counts.instances = Some(used);
                    return;
                }
            }
        }
    }

    fn cost(&self) -> super::problem::Cost {
        let picks: Vec<_> = self
            .witness
            .iter()
            .zip(&self.problem.slots)
            .map(|(&at, choices)| choices[at])
            .collect();
        self.problem.cost(&picks)
    }

    /// Fixes a slot at the earliest choice that still leaves a way.
    fn earliest(&mut self, slot: usize) {
        for at in self.domains[slot].all.clone() {
            let found = if at == self.witness[slot] {
                Some(self.witness.clone())
            } else {
                self.try_domain(slot, vec![at])
            };
            if let Some(witness) = found {
                self.witness = witness;
                self.domains[slot] = Domain::new(self.problem, slot, vec![at], &self.shared);
                return;
            }
        }
    }
}

#[cfg(test)]
#[path = "search_tests.rs"]
mod tests;
