//! What an author insists on and rules refuse: the nearest miss among the stacks that a conflict's demands leave.
//!
//! Only conflicts between demands on the stack (`pin`, `use`, `forbid`, `require`) and limits that are rules (the budget,
//! the phone, a licence) have a culprit; a speed that cannot be met has none. The drain of the battery hardly differs
//! between models, so that its limit refuses everything at once: it is its own culprit.

use std::cmp::Ordering;

use super::lines::{LineKind, Part};
use super::question::Question;
use super::space::Shelf;
use super::stacks::{imaginable, stacks};
use super::stock::NO_FIGURES;
use super::types::{Candidate, ConflictLine, DeviceClass, Violation};
use crate::estimate::types::{Estimate, Stack};
use crate::rules::eval::Kleene;
use crate::rules::facts::StackFacts;

/// Per slot without an admissible stack, the one that meets the demands of the conflict and is refused by the fewest
/// rules; none where some line of the conflict is neither a demand nor a budget.
pub(super) fn culprits(
    question: &Question<'_>,
    class: &DeviceClass,
    shelves: &[Shelf],
    conflict: &[ConflictLine],
) -> Vec<Candidate> {
    let mut demands = Vec::new();
    let mut battery = None;
    for span in conflict.iter().filter_map(|line| line.span) {
        for (at, line) in question.lines.iter().enumerate() {
            if line.span != span {
                continue;
            }
            match &line.kind {
                LineKind::Demand(_) => demands.push(at),
                LineKind::Memory => {}
                LineKind::Bound { .. } if line.name == "budget.battery" => battery = Some(at),
                LineKind::Bound { part, .. } => {
                    if !matches!(part, Part::Download | Part::Storage) {
                        return Vec::new();
                    }
                }
            }
        }
    }
    let empty = shelves.iter().enumerate();
    empty
        .filter(|(_, shelf)| shelf.entries.is_empty())
        .filter_map(|(slot, _)| {
            let concerns = &question.concerns[slot];
            let own: Vec<usize> = demands
                .iter()
                .copied()
                .filter(|at| concerns.contains(at))
                .collect();
            (battery.is_some() || !own.is_empty())
                .then(|| nearest(question, slot, class, &own, battery))?
        })
        .collect()
}

/// The stack that meets the demands and misses the rules by least, among those that break the line to blame.
fn nearest(
    question: &Question<'_>,
    at: usize,
    class: &DeviceClass,
    demands: &[usize],
    blamed: Option<usize>,
) -> Option<Candidate> {
    let slot = question.slots[at];
    let context = question.spec.features[slot.feature].context.value;
    let meets = |stack: &Stack, estimate: &Estimate| {
        let case = question.case(slot, class, *stack);
        StackFacts::new(question.catalog, case, estimate).is_some_and(|facts| {
            let broken = |line: usize| question.lines[line].broken(&facts);
            demands.iter().all(|&line| broken(line) == Kleene::False)
                && blamed.is_none_or(|line| broken(line) == Kleene::True)
        })
    };
    let mut left = stacks(question.catalog, slot.role, &class.phone, context);
    left.retain(|stack| meets(stack, &question.figures(slot, class, stack)));
    if left.is_empty() {
        left = imaginable(question.catalog, &class.phone, context);
        left.retain(|stack| meets(stack, &NO_FIGURES));
    }
    left.into_iter()
        .map(|stack| question.candidate(at, class, stack))
        .map(|candidate| (miss(question, &candidate), candidate))
        .filter(|(miss, _)| miss.hard + miss.soft > 0)
        .min_by(|(a, _), (b, _)| a.compare(b))
        .map(|(_, candidate)| candidate)
}

/// How far a stack is from being admissible.
struct Miss {
    /// Rules that nobody may allow.
    hard: usize,
    /// Rules that an author may allow.
    soft: usize,
    /// The largest share by which a limit is missed.
    over: f64,
}

impl Miss {
    /// A stack that only needs to be allowed comes first; else one that fails for plain reasons.
    fn compare(&self, other: &Self) -> Ordering {
        let order = |miss: &Self| (miss.hard > 0, miss.soft, miss.hard);
        let by_rules = order(self).cmp(&order(other));
        by_rules.then_with(|| self.over.total_cmp(&other.over))
    }
}

fn miss(question: &Question<'_>, candidate: &Candidate) -> Miss {
    let rules = candidate
        .violations
        .iter()
        .filter_map(|violation| match violation {
            Violation::Rule(verdict) => question.rules.rule(verdict),
            Violation::Line { .. } | Violation::Unknown { .. } => None,
        });
    let (soft, hard): (Vec<_>, Vec<_>) = rules.partition(|rule| rule.overridable);
    Miss {
        hard: hard.len(),
        soft: soft.len(),
        over: worst(candidate),
    }
}

/// The largest share by which a limit is missed; what is no amount misses by nothing.
fn worst(candidate: &Candidate) -> f64 {
    let overs = candidate
        .violations
        .iter()
        .filter_map(|violation| match violation {
            Violation::Rule(verdict) => verdict.overshoot,
            Violation::Line { overshoot, .. } => *overshoot,
            Violation::Unknown { .. } => None,
        });
    overs.fold(0.0, f64::max)
}
