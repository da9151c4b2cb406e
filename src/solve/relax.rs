//! Ways out: for each line of a conflict the smallest value that would do, or that it must go.
//!
//! Values move in steps a person would write (0.1 GB, 10 ms, 1 tok/s); each is found by bisection over the exact
//! search, so it works at the value and does not work one step before it.

use std::collections::BTreeSet;

use super::field::{Extract, Field};
use super::instance::{Limits, baseline};
use super::lines::{LineKind, Part, worst};
use super::problem::Resource;
use super::quickxplain::correction;
use super::types::Relaxation;
use crate::quantity::{Bytes, Dimension, Quantity};
use crate::rules::facts::{Facts, StackFacts, Value};
use crate::spec::expr::{CompareOp, FactId};
use crate::spec::model::Amount;

/// How many are offered.
const OFFERED: usize = 3;
/// What dropping a line counts for in the order of the offers: as much as doubling a value.
const DROP: f64 = 1.0;

/// At most three, cheapest first: by the relative change of the value, then in the order of the lines.
pub(super) fn relaxations(
    field: &Field<'_, '_>,
    constraints: &[usize],
    conflict: &[usize],
) -> Vec<Relaxation> {
    let mut offers: Vec<Relaxation> = Vec::new();
    for &at in conflict {
        if at >= field.grant() {
            continue;
        }
        let rest: BTreeSet<usize> = constraints.iter().copied().filter(|&c| c != at).collect();
        if field.holds(&rest) {
            offers.extend(by_value(field, at, &rest).or_else(|| dropped(field, at, &[], &rest)));
        }
    }
    if offers.is_empty() {
        offers.extend(several(field, constraints));
    }
    offers.sort_by(|a, b| a.cost.total_cmp(&b.cost));
    offers.truncate(OFFERED);
    offers
}

/// No single line helps: the lines that must go together, later ones before earlier ones.
fn several(field: &Field<'_, '_>, constraints: &[usize]) -> Option<Relaxation> {
    let lines = field.grant();
    let fixed: BTreeSet<usize> = constraints
        .iter()
        .copied()
        .filter(|&c| c >= lines)
        .collect();
    let gone = correction(lines, &mut |kept| {
        field.holds(&kept.union(&fixed).copied().collect())
    })?;
    let (&first, others) = gone.split_first()?;
    let rest: BTreeSet<usize> = constraints
        .iter()
        .copied()
        .filter(|at| !gone.contains(at))
        .collect();
    dropped(field, first, others, &rest)
}

fn dropped(
    field: &Field<'_, '_>,
    at: usize,
    others: &[usize],
    rest: &BTreeSet<usize>,
) -> Option<Relaxation> {
    let line = &field.question.lines[at];
    let kept = field.kept(rest);
    let problem = kept.under(&field.limits(rest), field.question);
    let relaxation = Relaxation {
        span: Some(line.span),
        name: line.name.clone(),
        from: written(field, &line.kind).map_or_else(String::new, |scale| scale.show(scale.from)),
        to: None,
        also: others.iter().map(|&other| field.line(other)).collect(),
        buys: field.buys(&kept, &problem, |_, _| true),
        cost: DROP * (1 + others.len()) as f64,
    };
    Some(relaxation)
}

/// A value as the spec writes it, and the step in which it moves.
struct Scale {
    /// The value now, in steps.
    from: f64,
    /// Base units of a step.
    step: f64,
    /// What the value is called: unit and how many steps make one.
    unit: &'static str,
    per_unit: f64,
    /// Digits after the point.
    digits: usize,
    /// `>=` lines are relaxed downwards.
    downwards: bool,
}

impl Scale {
    fn show(&self, steps: f64) -> String {
        format!("{:.*} {}", self.digits, steps / self.per_unit, self.unit)
    }
}

fn written(field: &Field<'_, '_>, kind: &LineKind<'_>) -> Option<Scale> {
    match kind {
        LineKind::Bound { op, limit, .. } => {
            let mut scale = scale(limit);
            scale.downwards = *op == CompareOp::AtLeast;
            Some(scale)
        }
        LineKind::Memory => {
            let asked = field.question.spec.budget.memory.as_ref()?;
            Some(match asked.value {
                Amount::Absolute(bytes) => scale(&Quantity::new(bytes.as_f64(), Dimension::Bytes)),
                Amount::OfRam(share) => {
                    let ram = Bytes::gib(u64::from(field.class.phone.ram_gib)).as_f64();
                    Scale {
                        from: share.get() * 100.0,
                        step: ram / 100.0,
                        unit: "% of ram",
                        per_unit: 1.0,
                        digits: 0,
                        downwards: false,
                    }
                }
            })
        }
        LineKind::Demand(_) => None,
    }
}

/// The step a person would move the value by.
fn scale(limit: &Quantity) -> Scale {
    let (step, unit, per_unit, digits) = match limit.dimension {
        Dimension::Bytes if limit.value >= 1e9 => (1e8, "GB", 10.0, 1),
        Dimension::Bytes => (1e7, "MB", 0.1, 0),
        Dimension::Time if limit.value >= 1.0 => (0.1, "s", 10.0, 1),
        Dimension::Time => (0.01, "ms", 0.1, 0),
        Dimension::Rate if limit.value > 10.0 => (1.0, "tok/s", 1.0, 0),
        Dimension::Rate => (0.1, "tok/s", 10.0, 1),
        Dimension::Drain => (0.1, "%/h", 10.0, 1),
        _ => (1.0, "", 1.0, 0),
    };
    Scale {
        from: limit.value / step,
        step,
        unit,
        per_unit,
        digits,
        downwards: false,
    }
}

/// The smallest value of a line that works with all the others, with its relative change.
fn by_value(field: &Field<'_, '_>, at: usize, rest: &BTreeSet<usize>) -> Option<Relaxation> {
    let line = &field.question.lines[at];
    let scale = written(field, &line.kind)?;
    let alone = Alone::new(field, at, rest);
    let works = |steps: i64| alone.works(steps as f64 * scale.step);
    // Steps away from the value now; the first may only round the value to the grid.
    let start = if scale.downwards {
        scale.from.ceil()
    } else {
        scale.from.floor()
    } as i64;
    let value = |distance: i64| {
        if scale.downwards {
            start - distance
        } else {
            start + distance
        }
    };
    let bound = if scale.downwards { start } else { i64::MAX / 4 };
    let mut far = 1;
    while far < bound && !works(value(far)) {
        far = (far * 2).min(bound);
    }
    if !works(value(far)) {
        return None;
    }
    let (mut low, mut high) = (far / 2, far);
    while low + 1 < high {
        let middle = low + (high - low) / 2;
        if works(value(middle)) {
            high = middle;
        } else {
            low = middle;
        }
    }
    let to = value(high);
    if scale.downwards && to <= 0 {
        return None;
    }
    let change = (to as f64 - scale.from).abs() / scale.from.abs().max(1.0);
    Some(Relaxation {
        span: Some(line.span),
        name: line.name.clone(),
        from: scale.show(scale.from),
        to: Some(scale.show(to as f64)),
        also: Vec::new(),
        buys: alone.buys(to as f64 * scale.step),
        cost: change,
    })
}

/// One line taken out of the constraints and put back with another value.
struct Alone<'f, 'q, 'a> {
    field: &'f Field<'q, 'a>,
    at: usize,
    rest: &'f BTreeSet<usize>,
    /// The stacks that break nothing else.
    kept: Extract,
    /// For a bound on stacks or on a feature: per slot and kept stack, the value to compare, where the line speaks of the slot. A sum
    /// is no less than its parts, and a part nobody published meets no bound.
    values: Vec<Vec<Option<f64>>>,
}

impl<'f, 'q, 'a> Alone<'f, 'q, 'a> {
    fn new(field: &'f Field<'q, 'a>, at: usize, rest: &'f BTreeSet<usize>) -> Self {
        let kept = field.kept(rest);
        let values = match &field.question.lines[at].kind {
            LineKind::Bound {
                fact,
                op,
                part: Part::Stack | Part::FeatureTime | Part::FeatureMemory,
                ..
            } => (0..field.entries.len())
                .map(|slot| values(field, at, slot, *fact, *op, &kept))
                .collect(),
            _ => Vec::new(),
        };
        Self {
            field,
            at,
            rest,
            kept,
            values,
        }
    }

    fn works(&self, value: f64) -> bool {
        let (problem, keep) = self.with(value);
        self.kept.layout.is_feasible(&problem, keep)
    }

    fn buys(&self, value: f64) -> Vec<String> {
        let (problem, keep) = self.with(value);
        self.field.buys(&self.kept, &problem, keep)
    }

    /// The problem with the line at `value` (base units), and the stacks it lets through.
    fn with(&self, value: f64) -> (super::problem::Problem, impl Fn(usize, usize) -> bool) {
        let field = self.field;
        let mut limits = field.limits(self.rest);
        self.tighten(&mut limits, value);
        let problem = self.kept.under(&limits, field.question);
        let downwards = matches!(
            field.question.lines[self.at].kind,
            LineKind::Bound {
                op: CompareOp::AtLeast,
                ..
            }
        );
        let keep = move |slot: usize, at: usize| {
            let own = self.values.get(slot).and_then(|values| values[at]);
            own.is_none_or(|own| {
                if downwards {
                    own >= value
                } else {
                    own <= value
                }
            })
        };
        (problem, keep)
    }

    fn tighten(&self, limits: &mut Limits, value: f64) {
        let question = self.field.question;
        let line = &question.lines[self.at];
        let app = baseline(question, self.field.class);
        let bytes = value.round() as u64;
        let members = || -> Vec<usize> {
            let slots = question.slots.iter().enumerate();
            slots
                .filter(|(_, slot)| Some(slot.feature) == line.feature)
                .map(|(slot, _)| slot)
                .collect()
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
                    limits.features.push((self.at, of, members(), limit));
                }
                Part::FeatureTime => {
                    let limit = (value * 1e6).round() as u64;
                    let of = Resource::Time;
                    limits.features.push((self.at, of, members(), limit));
                }
                Part::Download => limits.download = Some(bytes),
                Part::Storage => limits.storage = Some(bytes),
            },
            LineKind::Demand(_) => {}
        }
    }
}

/// The end of the fact's interval that the bound fears, per kept stack.
fn values(
    field: &Field<'_, '_>,
    line: usize,
    slot: usize,
    fact: FactId,
    op: CompareOp,
    kept: &Extract,
) -> Vec<Option<f64>> {
    let question = field.question;
    if !question.concerns[slot].contains(&line) {
        return vec![None; kept.of[slot].len()];
    }
    let impossible = if op == CompareOp::AtLeast {
        -1.0
    } else {
        f64::MAX
    };
    let entries = kept.of[slot].iter().map(|&at| &field.entries[slot][at]);
    entries
        .map(|entry| {
            let estimate = question.figures(question.slots[slot], field.class, &entry.stack);
            let case = question.case(question.slots[slot], field.class, entry.stack);
            let facts = StackFacts::new(question.catalog, case, &estimate)?;
            match facts.value(fact) {
                Value::Quantity(interval, _) => Some(worst(&interval, op)),
                Value::Unknown { .. } => Some(impossible),
                _ => None,
            }
        })
        .collect()
}
