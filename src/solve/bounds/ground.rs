//! The stacks of a class as a problem in which one bound may move while all others stay.

use super::super::bounded::Bounded;
use super::super::instance::{Limits, baseline, problem};
use super::super::lines::LineKind;
use super::super::problem::{Choice, Problem, Resource};
use super::super::question::Question;
use super::super::search::Layout;
use super::super::types::DeviceClass;
use super::open::Open;
use super::useful::useful;
use crate::estimate::types::Stack;
use crate::rules::facts::Budgets;

/// What is moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Limit {
    /// The memory the platform grants.
    Grant,
    /// A line of the spec, by its number.
    Line(usize),
}

/// A class, ready to be solved under other values.
pub(super) struct Ground<'q, 'a> {
    pub(super) question: &'q Question<'a>,
    pub(super) class: &'q DeviceClass,
    /// Per slot, the stacks that can be part of an answer.
    stacks: Vec<Vec<Stack>>,
    problem: Problem,
    layout: Layout,
    bounded: &'q [Bounded],
    /// By slot, stack and line of `bounded`.
    values: Vec<Vec<Vec<Option<f64>>>>,
    budgets: Budgets,
}

impl<'q, 'a> Ground<'q, 'a> {
    /// `admissible` is the problem over what meets all bounds; it serves where nothing else is open.
    pub(super) fn new(
        question: &'q Question<'a>,
        class: &'q DeviceClass,
        open: &'q Open<'_>,
        admissible: &Problem,
    ) -> Self {
        let counts = |slots: &[Vec<Choice>]| slots.iter().map(Vec::len).collect::<Vec<_>>();
        let own: Vec<usize> = open.entries.iter().map(|own| own.len()).collect();
        let opened = (own != counts(&admissible.slots))
            .then(|| problem(question, open.entries.iter().map(|own| &**own)));
        let all = opened.as_ref().unwrap_or(admissible);
        let burdens: Vec<Vec<Vec<f64>>> = (open.values.iter())
            .map(|slot| slot.iter().map(|own| burden(&open.bounded, own)).collect())
            .collect();
        let kept = useful(all, &burdens);
        let slots = kept.iter().enumerate();
        let stacks = slots.map(|(slot, kept)| {
            let entries = kept.iter().map(|&at| open.entries[slot][at].stack);
            entries.collect()
        });
        let stacks = stacks.collect();
        let slots = kept.iter().enumerate();
        let values = slots.map(|(slot, kept)| {
            let values = &open.values[slot];
            let own = kept
                .iter()
                .map(|&at| values.get(at).cloned().unwrap_or_default());
            own.collect()
        });
        let values = values.collect();
        let slots = kept.iter().zip(&all.slots);
        let slots = slots.map(|(kept, choices)| kept.iter().map(|&at| choices[at]).collect());
        let problem = all.narrowed(slots.collect());
        Self {
            layout: Layout::new(&problem),
            bounded: &open.bounded,
            budgets: Budgets::of(question.catalog, question.spec, &class.phone),
            question,
            class,
            stacks,
            problem,
            values,
        }
    }

    /// The platform's grant where no line limits memory, then the lines with a value.
    pub(super) fn limits(&self) -> impl Iterator<Item = Limit> {
        let lines = &self.question.lines;
        let limited = lines.iter().any(|line| line.kind == LineKind::Memory);
        let grant = (!limited).then_some(Limit::Grant);
        let valued = (0..lines.len()).filter(|&at| lines[at].is_bound());
        let valued = valued.map(Limit::Line);
        grant.into_iter().chain(valued)
    }

    /// What the platform grants, bytes.
    pub(super) fn granted(&self) -> Option<f64> {
        let grant = self.budgets.entitled.or(self.budgets.base);
        grant.map(|grant| grant.as_f64())
    }

    /// What the spec's memory line comes to on this class, bytes.
    pub(super) fn asked(&self) -> Option<f64> {
        self.budgets.asked.map(|asked| asked.as_f64())
    }

    /// The best answer: as the spec stands, or with one bound at another value in base units.
    pub(super) fn answer(&self, moved: Option<(Limit, f64)>) -> Option<Vec<usize>> {
        let (question, class) = (self.question, self.class);
        let stays = |at: usize| !matches!(moved, Some((Limit::Line(line), _)) if line == at);
        let mut limits = Limits::of(question, class, &stays, true);
        match moved {
            Some((Limit::Line(line), value)) => limits.hold(question, class, line, value),
            Some((Limit::Grant, value)) => limits.charge(question, class, value.round() as u64),
            None => {}
        }
        let mut problem = self.problem.clone();
        limits.apply(question, &mut problem);
        (self.layout).optimum_among(&problem, |slot, at| self.keeps(moved, slot, at))
    }

    /// Whether a stack meets every line that bounds it by itself.
    fn keeps(&self, moved: Option<(Limit, f64)>, slot: usize, at: usize) -> bool {
        let own = self.bounded.iter().zip(&self.values[slot][at]);
        own.filter_map(|(bound, own)| Some((bound, (*own)?)))
            .all(|(bound, own)| {
                let limit = match (moved, &self.question.lines[bound.line].kind) {
                    (Some((Limit::Line(line), value)), _) if line == bound.line => value,
                    (_, LineKind::Bound { limit, .. }) => limit.value,
                    _ => return true,
                };
                bound.admits(own, limit)
            })
    }

    /// What an answer takes of what is bounded, in base units; `None` where the bound speaks of nothing in it.
    pub(super) fn used(&self, limit: Limit, picks: &[usize]) -> Option<f64> {
        let mut problem = Problem {
            files: self.problem.files.clone(),
            instances: self.problem.instances.clone(),
            ..Problem::default()
        };
        let mut limits = Limits::default();
        match limit {
            Limit::Grant => limits.charge(self.question, self.class, u64::MAX),
            Limit::Line(at) => limits.hold(self.question, self.class, at, f64::MAX),
        }
        limits.apply(self.question, &mut problem);
        let chosen: Vec<Choice> = (picks.iter().zip(&self.problem.slots))
            .map(|(&at, choices)| choices[at])
            .collect();
        let cost = problem.cost(&chosen);
        if problem.download.is_some() {
            return Some(cost.download as f64);
        }
        if problem.storage.is_some() {
            return Some(cost.storage as f64);
        }
        let app = baseline(self.question, self.class);
        let sums = problem.sums.iter().zip(&cost.sums);
        let sums = sums.map(|(sum, taken)| match sum.of {
            Resource::Memory => (taken + app) as f64,
            Resource::Time => *taken as f64 / 1e6,
        });
        sums.max_by(f64::total_cmp)
            .or_else(|| self.worst(limit, picks))
    }

    /// The worst of the values that a line compares on the chosen stacks.
    fn worst(&self, limit: Limit, picks: &[usize]) -> Option<f64> {
        let mut bounds = self.bounded.iter().enumerate();
        let (place, bound) = bounds.find(|(_, bound)| Limit::Line(bound.line) == limit)?;
        let own = picks.iter().zip(&self.values);
        let own = own.filter_map(|(&at, slot)| *slot[at].get(place)?);
        if bound.is_floor() {
            own.min_by(f64::total_cmp)
        } else {
            own.max_by(f64::total_cmp)
        }
    }

    /// The stacks of an answer.
    pub(super) fn stacks(&self, picks: &[usize]) -> Vec<Stack> {
        let slots = picks.iter().zip(&self.stacks);
        slots.map(|(&at, stacks)| stacks[at]).collect()
    }
}

/// The values as costs: the less, the better met; what no line bounds costs nothing.
fn burden(bounded: &[Bounded], values: &[Option<f64>]) -> Vec<f64> {
    let own = bounded.iter().zip(values);
    own.map(|(bound, value)| match value {
        None => f64::NEG_INFINITY,
        Some(value) if bound.is_floor() => -value,
        Some(value) => *value,
    })
    .collect()
}
