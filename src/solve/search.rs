//! The optimum of a [`Problem`], exact and unique.
//!
//! The objective is lexicographic: each goal in turn takes the best score that still leaves a way to fill all
//! slots within all limits. Where the limits admit what each slot would take by itself, that is the answer. Else "at
//! least this score" is monotone, so the best one is found by bisection over exact feasibility questions. What ties on
//! all goals uses the fewest files, then the fewest instances, then the earliest choices in slot order; so exactly one
//! answer is right, and no order of evaluation can change it.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::feasible::{Counts, Domain, Prices, feasible};
use super::problem::Problem;
use super::sharing::Shared;
use super::stop;

/// The best choice per slot, as numbers into each slot's list; `None` when the limits cannot be met.
#[must_use]
pub fn optimum(problem: &Problem) -> Option<Vec<usize>> {
    Layout::new(problem).optimum_among(problem, |_, _| true)
}

/// Whether any selection among the choices that `keep` lets through meets the limits.
#[must_use]
pub fn is_feasible(problem: &Problem, keep: impl Fn(usize, usize) -> bool) -> bool {
    Layout::new(problem).is_feasible(problem, keep)
}

/// What several searches of the same choices share, under whatever limits.
#[derive(Debug, Clone)]
pub struct Layout {
    shared: Shared,
    prices: Prices,
}

impl Layout {
    /// Reads it off the choices of a problem.
    #[must_use]
    pub fn new(problem: &Problem) -> Self {
        Self {
            shared: Shared::new(problem),
            prices: Prices::new(problem),
        }
    }

    /// The best choice per slot over the choices that `keep(slot, choice)` lets through. `problem` must have the choices
    /// this is of.
    #[must_use]
    pub fn optimum_among(
        &self,
        problem: &Problem,
        keep: impl Fn(usize, usize) -> bool,
    ) -> Option<Vec<usize>> {
        if let Some(ideal) = Narrowing::ideal(problem, self, &keep) {
            return Some(ideal.untie());
        }
        let mut narrowing = Narrowing::new(problem, self, keep)?;
        for goal in 0..problem.goals.len() {
            narrowing.maximise(goal);
        }
        Some(narrowing.untie())
    }

    /// Those of some choices of a slot that no other of them makes superfluous where only costs count.
    pub(super) fn lean(&self, problem: &Problem, slot: usize, some: Vec<usize>) -> Vec<usize> {
        let some = self.prices.sorted(problem, slot, some);
        Domain::new(problem, &self.prices, slot, some, &self.shared).lean
    }

    /// Those of some choices of a slot for which no other of them stands in that costs no more, whatever is chosen for the
    /// other slots. `stands_in(one, other)` must be transitive.
    pub(super) fn unmatched(
        &self,
        problem: &Problem,
        slot: usize,
        some: Vec<usize>,
        stands_in: impl Fn(usize, usize) -> bool,
    ) -> Vec<usize> {
        let choices = &problem.slots[slot];
        let mut kept: Vec<usize> = Vec::new();
        // By what they share, those that are kept: only another one of these stands in for one that may be shared.
        let mut twins: FxHashMap<(usize, usize), Vec<usize>> = FxHashMap::default();
        let mut unmatched = Vec::new();
        for at in self.prices.sorted(problem, slot, some) {
            let choice = &choices[at];
            let no_more = |one: usize| {
                choices[one].memory <= choice.memory && choices[one].time <= choice.time
            };
            let own = twins.entry((choice.file, choice.instance)).or_default();
            let place = if self.shared.holds(choice) {
                let mut own = own.iter();
                own.position(|&one| no_more(one) && stands_in(one, at))
            } else {
                let no_dearer = |one: usize| self.prices.is_no_dearer(slot, one, at);
                let mut all = kept.iter();
                let place = all.position(|&one| no_dearer(one) && stands_in(one, at));
                // What stands in for one stands in for many: it is asked first.
                place.inspect(|&place| kept.swap(0, place))
            };
            if place.is_none() {
                own.push(at);
                kept.push(at);
                unmatched.push(at);
            }
        }
        unmatched
    }

    /// Some selection among the choices that `keep` lets through that meets the limits of `problem`, which must have the
    /// choices this is of.
    #[must_use]
    pub fn any(
        &self,
        problem: &Problem,
        keep: impl Fn(usize, usize) -> bool,
    ) -> Option<Vec<usize>> {
        Narrowing::new(problem, self, keep).map(|narrowing| narrowing.witness)
    }

    /// Whether there is any.
    #[must_use]
    pub fn is_feasible(&self, problem: &Problem, keep: impl Fn(usize, usize) -> bool) -> bool {
        self.any(problem, keep).is_some()
    }
}

/// The choices left per slot, and a selection that proves them sufficient.
struct Narrowing<'a> {
    problem: &'a Problem,
    prices: &'a Prices,
    /// Who may share what among all choices that are left.
    shared: Cow<'a, Shared>,
    domains: Vec<Domain>,
    counts: Counts,
    witness: Vec<usize>,
}

impl<'a> Narrowing<'a> {
    /// All choices that `keep` lets through; `None` when the limits cannot be met.
    fn new(
        problem: &'a Problem,
        layout: &'a Layout,
        keep: impl Fn(usize, usize) -> bool,
    ) -> Option<Self> {
        let prices = &layout.prices;
        Self::of(problem, layout, |slot| {
            let all = prices.order(problem, slot).iter().copied();
            all.filter(|&at| keep(slot, at)).collect()
        })
    }

    /// Per slot, the choices that are best on all its goals where no limit is asked; `None` when the limits do not admit
    /// them together. No answer is better on any goal.
    fn ideal(
        problem: &'a Problem,
        layout: &'a Layout,
        keep: impl Fn(usize, usize) -> bool,
    ) -> Option<Self> {
        Self::of(problem, layout, |slot| {
            let choices = &problem.slots[slot];
            let mut best: Vec<usize> = (0..choices.len()).filter(|&at| keep(slot, at)).collect();
            for goal in problem.goals.iter().filter(|goal| goal.slot == slot) {
                let of = |at: usize| choices[at].scores[goal.score];
                let top = best.iter().map(|&at| of(at)).max();
                best.retain(|&at| Some(of(at)) == top);
            }
            layout.prices.sorted(problem, slot, best)
        })
    }

    /// The choices of each slot, cheapest first; `None` when the limits do not admit any selection among them.
    fn of(
        problem: &'a Problem,
        layout: &'a Layout,
        choices: impl Fn(usize) -> Vec<usize>,
    ) -> Option<Self> {
        let Layout { shared, prices } = layout;
        let slots = 0..problem.slots.len();
        let domains = slots.map(|slot| {
            stop::step();
            Domain::new(problem, prices, slot, choices(slot), shared)
        });
        let domains: Vec<Domain> = domains.collect();
        let counts = Counts::default();
        let witness = feasible(problem, &domains, shared, counts)?;
        Some(Self {
            problem,
            prices,
            shared: Cow::Borrowed(shared),
            domains,
            counts,
            witness,
        })
    }

    /// Decides among what ties on all goals.
    fn untie(mut self) -> Vec<usize> {
        // Fewer choices are left, and fewer of them share: the bounds of the search get closer.
        self.shared = Cow::Owned(Shared::among(self.problem, |slot| &self.domains[slot].all));
        self.spare_files();
        self.spare_instances();
        for slot in 0..self.domains.len() {
            self.earliest(slot);
        }
        self.witness
    }

    /// Fixes one goal at the best score it can have.
    fn maximise(&mut self, goal: usize) {
        let (slot, score) = (
            self.problem.goals[goal].slot,
            self.problem.goals[goal].score,
        );
        let of = |at: usize| self.problem.slots[slot][at].scores[score];
        let top = self.domains[slot].all.iter().map(|&at| of(at)).max();
        // Limits seldom stand against the very best: that is asked first.
        if top.is_some_and(|top| top > of(self.witness[slot]) && !self.reaches(slot, score, top)) {
            self.bisect(slot, score);
        }
        let best = of(self.witness[slot]);
        let all = self.domains[slot].all.iter().copied();
        let kept: Vec<usize> = all.filter(|&at| of(at) == best).collect();
        if kept.len() != self.domains[slot].all.len() {
            self.domains[slot] = self.domain(slot, kept);
        }
    }

    /// Raises the witness to the best score that can be had.
    fn bisect(&mut self, slot: usize, score: usize) {
        let of = |at: usize| self.problem.slots[slot][at].scores[score];
        let worst = of(self.witness[slot]);
        let mut levels: Vec<i64> = self.domains[slot].all.iter().map(|&at| of(at)).collect();
        levels.retain(|&level| level >= worst);
        levels.sort_unstable_by(|a, b| b.cmp(a));
        levels.dedup();
        let place = |value: i64| levels.partition_point(|&level| level > value);
        let (mut low, mut high) = (0, place(worst));
        while low < high {
            let middle = low + (high - low) / 2;
            if self.reaches(slot, score, levels[middle]) {
                high = place(of(self.witness[slot]));
            } else {
                low = middle + 1;
            }
        }
    }

    /// Whether a slot can have at least this score; the witness then shows how.
    fn reaches(&mut self, slot: usize, score: usize, floor: i64) -> bool {
        let of = |at: usize| self.problem.slots[slot][at].scores[score];
        let all = self.domains[slot].all.iter().copied();
        let kept = all.filter(|&at| of(at) >= floor).collect();
        let found = self.try_domain(slot, kept);
        let reached = found.is_some();
        if let Some(witness) = found {
            self.witness = witness;
        }
        reached
    }

    fn domain(&self, slot: usize, all: Vec<usize>) -> Domain {
        Domain::new(self.problem, self.prices, slot, all, &self.shared)
    }

    /// A selection with the slot confined to `kept`, if there is one; the narrowing itself is untouched.
    fn try_domain(&mut self, slot: usize, kept: Vec<usize>) -> Option<Vec<usize>> {
        stop::step();
        let trial = self.domain(slot, kept);
        let saved = std::mem::replace(&mut self.domains[slot], trial);
        let answer = self.witness();
        self.domains[slot] = saved;
        answer
    }

    /// A selection among the choices that are left.
    fn witness(&self) -> Option<Vec<usize>> {
        feasible(self.problem, &self.domains, &self.shared, self.counts)
    }

    fn spare_files(&mut self) {
        loop {
            let used = self.cost().files;
            self.counts.files = Some(used.saturating_sub(1));
            match self.witness() {
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
            match self.witness() {
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
        let mut all = self.domains[slot].all.clone();
        all.sort_unstable();
        for at in all {
            let found = if at == self.witness[slot] {
                Some(self.witness.clone())
            } else {
                self.try_domain(slot, vec![at])
            };
            if let Some(witness) = found {
                self.witness = witness;
                self.domains[slot] = self.domain(slot, vec![at]);
                return;
            }
        }
    }
}

#[cfg(test)]
#[path = "search_tests.rs"]
mod tests;
