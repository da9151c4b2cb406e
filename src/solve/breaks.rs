//! What a stack breaks on one class of phones: lines and filters, asked one by one. [`super::broken`] says what is asked when.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::broken::Broken;
use super::gate::Gate;
use super::judge::number;
use super::lines::Line;
use super::looks::Tier;
use super::question::Question;
use super::split::Taken;
use super::types::DeviceClass;
use crate::estimate::types::{Estimate, Stack};
use crate::rules::eval::Kleene;
use crate::rules::facts::{Budgets, StackFacts};

/// The lines that speak of the slot, by what they look at.
#[derive(Default)]
pub(super) struct Lines {
    pub(super) model: Vec<usize>,
    pub(super) runner: Vec<usize>,
    pub(super) pair: Vec<usize>,
    pub(super) stack: Vec<usize>,
    /// What all stacks of a kind share on all phones.
    pub(super) kind: Vec<usize>,
    /// What they share on a phone.
    pub(super) phone: Vec<usize>,
    /// What they do not share.
    pub(super) own: Vec<usize>,
}

impl Lines {
    pub(super) fn new(question: &Question<'_>, at: usize) -> Self {
        let mut lines = Self::default();
        for &number in &question.concerns[at] {
            let line = &question.lines[number];
            let list = match line.tier {
                Tier::Spec | Tier::Runner => &mut lines.runner,
                Tier::Model => &mut lines.model,
                Tier::Pair => &mut lines.pair,
                Tier::Stack => &mut lines.stack,
                _ if !line.shared => &mut lines.own,
                Tier::Memory if !line.of_phone => &mut lines.kind,
                _ => &mut lines.phone,
            };
            list.push(number);
        }
        lines
    }
}

/// One class.
pub(super) struct Row<'q, 'a> {
    pub(super) class: &'q DeviceClass,
    pub(super) gate: Gate<'q, 'a>,
    pub(super) budgets: Budgets,
    /// Lists of constraints that stacks with the same figures break here, or kinds of them.
    pub(super) lists: Vec<Vec<usize>>,
    /// Lists of what a stack breaks here by itself.
    pub(super) own: Vec<Vec<usize>>,
    /// By what a stack breaks on the whole platform, by two of the lists of its figures, and by the one of its own, the
    /// number of all it breaks.
    pub(super) joined: FxHashMap<[usize; 4], usize>,
    pub(super) numbers: BTreeMap<Vec<usize>, usize>,
    pub(super) found: Broken,
}

impl Row<'_, '_> {
    /// Those of some lines that a placed stack breaks.
    pub(super) fn lines(
        &self,
        question: &Question<'_>,
        at: usize,
        lines: &[usize],
        stack: &Stack,
        estimate: &Estimate,
    ) -> Vec<usize> {
        if lines.is_empty() {
            return Vec::new();
        }
        let case = question.case(question.slots[at], self.class, *stack);
        let facts = StackFacts::within(question.catalog, case, estimate, self.budgets);
        let facts = facts.as_ref();
        let broken = facts.map(|facts| broken_lines(question, lines, facts).collect());
        broken.unwrap_or_default()
    }

    /// Those of some filters that refuse a placed stack.
    pub(super) fn refusing(
        &self,
        filters: &[usize],
        stack: &Stack,
        estimate: &Estimate,
        taken: &mut Taken,
    ) -> Vec<usize> {
        let Some(facts) = self.gate.facts(stack, estimate) else {
            return Vec::new();
        };
        let mut refusing = Vec::new();
        for &at in filters {
            if self.gate.fires(at, &facts, taken) {
                refusing.push(at);
            }
        }
        refusing
    }

    /// The number of all that a stack breaks: by its parts, of which `shared` is the first, and by itself. Few parts come
    /// together in many stacks.
    pub(super) fn joined(&mut self, parts: [usize; 3], shared: &[usize], own: &[usize]) -> usize {
        let [on_all, lines, refused] = parts;
        let parts = [on_all, lines, refused, number(&mut self.own, own)];
        if let Some(known) = self.joined.get(&parts) {
            return *known;
        }
        let mut all = own.to_vec();
        all.extend(shared);
        all.extend(&self.lists[lines]);
        all.extend(&self.lists[refused]);
        let set = self.number(all);
        self.joined.insert(parts, set);
        set
    }

    /// The number of a set of constraints.
    fn number(&mut self, mut breaks: Vec<usize>) -> usize {
        breaks.sort_unstable();
        breaks.dedup();
        if let Some(known) = self.numbers.get(&breaks) {
            return *known;
        }
        let next = self.numbers.len();
        self.found.sets.push(breaks.iter().copied().collect());
        self.numbers.insert(breaks, next);
        next
    }
}

/// Those of some lines that are not met for certain.
pub(super) fn broken_lines<'l>(
    question: &'l Question<'_>,
    lines: &'l [usize],
    facts: &'l StackFacts<'_>,
) -> impl Iterator<Item = usize> + 'l {
    let broken = |at: &usize| {
        let line: &Line<'_> = &question.lines[*at];
        line.broken(facts) != Kleene::False
    };
    lines.iter().copied().filter(broken)
}
