//! A class with some of its lines taken out and put back with other values.

use std::collections::BTreeSet;

use super::field::{Extract, Field};
use super::instance::{Limits, baseline};
use super::lines::{LineKind, Part, worst};
use super::problem::{Problem, Resource};
use super::types::Candidate;
use crate::rules::facts::{Facts, StackFacts, Value};
use crate::spec::expr::{CompareOp, FactId};

/// A line with the value it gets, in base units; none where the line goes.
pub(super) type At = (usize, Option<f64>);

/// The stacks that break nothing but the lines taken out.
pub(super) struct Moved<'f, 'q, 'a> {
    field: &'f Field<'q, 'a>,
    rest: BTreeSet<usize>,
    kept: Extract,
    /// The lines taken out that bound stacks or the roles of a feature. A sum is no less than its parts.
    bounds: Vec<Bound>,
    /// Per slot and kept stack, the value that each of those lines compares, where it speaks of the slot.
    values: Vec<Vec<Vec<Option<f64>>>>,
}

/// A line that bounds each stack by itself.
struct Bound {
    line: usize,
    fact: FactId,
    op: CompareOp,
    part: Part,
}

impl Bound {
    fn of(field: &Field<'_, '_>, line: usize) -> Option<Self> {
        match field.question.lines[line].kind {
            LineKind::Bound { fact, op, part, .. }
                if matches!(part, Part::Stack | Part::FeatureTime | Part::FeatureMemory) =>
            {
                Some(Self {
                    line,
                    fact,
                    op,
                    part,
                })
            }
            _ => None,
        }
    }
}

impl<'f, 'q, 'a> Moved<'f, 'q, 'a> {
    pub(super) fn new(field: &'f Field<'q, 'a>, active: &BTreeSet<usize>, out: &[usize]) -> Self {
        let rest: BTreeSet<usize> = active
            .iter()
            .copied()
            .filter(|at| !out.contains(at))
            .collect();
        let kept = field.kept(&rest);
        let bounds: Vec<Bound> = out.iter().filter_map(|&at| Bound::of(field, at)).collect();
        let slots = 0..field.entries.len();
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
            let entry = &self.field.entries[slot][self.kept.of[slot][at]];
            let question = self.field.question;
            question.admitted(slot, self.field.class, entry.stack)
        });
        stacks.collect()
    }

    fn keeps(&self, lines: &[At], slot: usize, at: usize) -> bool {
        let own = self.bounds.iter().zip(&self.values[slot][at]);
        own.filter_map(|(bound, own)| Some((bound, (*own)?)))
            .all(|(bound, own)| {
                let line = lines.iter().find(|(line, _)| *line == bound.line);
                line.and_then(|(_, value)| *value)
                    .is_none_or(|limit| match bound.op {
                        CompareOp::AtLeast => own >= limit,
                        _ => own <= limit,
                    })
            })
    }

    /// The problem under the limits of what stayed and the new values.
    fn problem(&self, lines: &[At]) -> Problem {
        let mut limits = self.field.limits(&self.rest);
        for (line, value) in lines {
            if let Some(value) = value {
                self.limit(&mut limits, *line, *value);
            }
        }
        self.kept.under(&limits, self.field.question)
    }

    fn limit(&self, limits: &mut Limits, at: usize, value: f64) {
        let question = self.field.question;
        let line = &question.lines[at];
        let app = baseline(question, self.field.class);
        let bytes = value.round() as u64;
        let members = || -> Vec<usize> {
            let slots = question.slots.iter().enumerate();
            let own = slots.filter(|(_, slot)| Some(slot.feature) == line.feature);
            own.map(|(slot, _)| slot).collect()
        };
        match &line.kind {
            LineKind::Memory => {
                let asked = bytes.saturating_sub(app);
                limits.memory = Some(limits.memory.map_or(asked, |grant| grant.min(asked)));
            }
            LineKind::Bound { part, .. } => match part {
                Part::Stack => {}
                Part::FeatureMemory => {
                    let limit = bytes.saturating_sub(app);
                    let of = Resource::Memory;
                    limits.features.push((at, of, members(), limit));
                }
                Part::FeatureTime => {
                    let limit = (value * 1e6).round() as u64;
                    limits.features.push((at, Resource::Time, members(), limit));
                }
                Part::Download => limits.download = Some(bytes),
                Part::Storage => limits.storage = Some(bytes),
            },
            LineKind::Demand(_) => {}
        }
    }
}

/// The ends of the intervals that the bounds fear, per kept stack. What nobody published meets no value, except in a sum of
/// sizes, where what is known counts.
fn values(
    field: &Field<'_, '_>,
    slot: usize,
    bounds: &[Bound],
    kept: &Extract,
) -> Vec<Vec<Option<f64>>> {
    let question = field.question;
    let concerns = |bound: &Bound| question.concerns[slot].contains(&bound.line);
    if !bounds.iter().any(concerns) {
        return vec![vec![None; bounds.len()]; kept.of[slot].len()];
    }
    let entries = kept.of[slot].iter().map(|&at| &field.entries[slot][at]);
    entries
        .map(|entry| {
            let estimate = question.figures(question.slots[slot], field.class, &entry.stack);
            let case = question.case(question.slots[slot], field.class, entry.stack);
            let facts = StackFacts::new(question.catalog, case, &estimate);
            let value = |bound: &Bound| match facts.as_ref()?.value(bound.fact) {
                Value::Quantity(interval, _) => Some(worst(&interval, bound.op)),
                Value::Unknown { .. } if bound.part.is_sum_of_sizes() => None,
                Value::Unknown { .. } if bound.op == CompareOp::AtLeast => Some(-1.0),
                Value::Unknown { .. } => Some(f64::MAX),
                _ => None,
            };
            let values = bounds.iter();
            values
                .map(|bound| concerns(bound).then(|| value(bound)).flatten())
                .collect()
        })
        .collect()
}
