//! A class with some of its lines taken out and put back with other values.

use std::collections::BTreeSet;

use super::bounded::Bounded;
use super::field::{Extract, Field};
use super::problem::Problem;
use super::types::Candidate;
use crate::rules::facts::StackFacts;

/// A line with the value it gets, in base units; none where the line goes.
pub(super) type At = (usize, Option<f64>);

/// The stacks that break nothing but the lines taken out.
pub(super) struct Moved<'f, 'q, 'a> {
    field: &'f Field<'q, 'a>,
    rest: BTreeSet<usize>,
    kept: Extract,
    /// The lines taken out that bound stacks or the roles of a feature. A sum is no less than its parts.
    bounds: Vec<Bounded>,
    /// Per slot and kept stack, the value that each of those lines compares, where it speaks of the slot.
    values: Vec<Vec<Vec<Option<f64>>>>,
}

impl<'f, 'q, 'a> Moved<'f, 'q, 'a> {
    pub(super) fn new(field: &'f Field<'q, 'a>, active: &BTreeSet<usize>, out: &[usize]) -> Self {
        let rest: BTreeSet<usize> = active
            .iter()
            .copied()
            .filter(|at| !out.contains(at))
            .collect();
        let kept = field.kept(&rest);
        let question = field.question;
        let bounds: Vec<Bounded> = (out.iter())
            .filter_map(|&at| Bounded::of(question, at))
            .collect();
        let slots = 0..question.slots.len();
        let values = slots
            .map(|slot| values(field, slot, &bounds, &kept))
            .collect();
        Self {
            field,
            rest,
            bounds,
            values,
            kept,
        }
    }

    /// Whether everything can be met with the lines at these values.
    pub(super) fn works(&self, lines: &[At]) -> bool {
        let problem = self.problem(lines);
        self.kept
            .layout
            .is_feasible(&problem, |slot, at| self.keeps(lines, slot, at))
    }

    /// The best answer then, one stack per slot.
    pub(super) fn buys(&self, lines: &[At]) -> Vec<Candidate> {
        let problem = self.problem(lines);
        let layout = &self.kept.layout;
        let picks = layout.optimum_among(&problem, |slot, at| self.keeps(lines, slot, at));
        let picks = picks.unwrap_or_default();
        let stacks = picks.iter().enumerate().map(|(slot, &at)| {
            let stack = self.field.stack(slot, self.kept.of[slot][at]);
            let question = self.field.question;
            question.admitted(slot, self.field.class, stack)
        });
        stacks.collect()
    }

    fn keeps(&self, lines: &[At], slot: usize, at: usize) -> bool {
        let own = self.bounds.iter().zip(&self.values[slot][at]);
        own.filter_map(|(bound, own)| Some((bound, (*own)?)))
            .all(|(bound, own)| {
                let line = lines.iter().find(|(line, _)| *line == bound.line);
                line.and_then(|(_, value)| *value)
                    .is_none_or(|limit| bound.admits(own, limit))
            })
    }

    /// The problem under the limits of what stayed and the new values.
    fn problem(&self, lines: &[At]) -> Problem {
        let mut limits = self.field.limits(&self.rest);
        for (line, value) in lines {
            if let Some(value) = value {
                limits.hold(self.field.question, self.field.class, *line, *value);
            }
        }
        self.kept.under(&limits, self.field.question)
    }
}

/// The values that the bounds compare, per kept stack.
fn values(
    field: &Field<'_, '_>,
    slot: usize,
    bounds: &[Bounded],
    kept: &Extract,
) -> Vec<Vec<Option<f64>>> {
    let question = field.question;
    let concerns = |bound: &Bounded| question.concerns[slot].contains(&bound.line);
    if !bounds.iter().any(concerns) {
        return vec![vec![None; bounds.len()]; kept.of[slot].len()];
    }
    // Stacks with the same figures follow one another.
    let mut known: Vec<(usize, Vec<Option<f64>>)> = Vec::new();
    let values = kept.of[slot].iter().map(|&at| {
        let alike = field.alike(slot, at);
        if let Some((_, values)) = known.iter().find(|(of, _)| *of == alike) {
            return values.clone();
        }
        let stack = field.stack(slot, at);
        if known
            .first()
            .is_some_and(|(of, _)| field.stack(slot, *of).artifact != stack.artifact)
        {
            known.clear();
        }
        let estimate = question.figures(question.slots[slot], field.class, &stack);
        let case = question.case(question.slots[slot], field.class, stack);
        let facts = StackFacts::new(question.catalog, case, &estimate);
        let value = |bound: &Bounded| bound.value(facts.as_ref()?);
        let values = bounds.iter();
        let values: Vec<Option<f64>> = values
            .map(|bound| concerns(bound).then(|| value(bound)).flatten())
            .collect();
        known.push((alike, values.clone()));
        values
    });
    values.collect()
}
