//! What an author insists on and rules refuse: the nearest miss among the stacks that a conflict's demands leave.
//!
//! Only conflicts between demands on the stack (`pin`, `use`, `forbid`, `require`) and limits that are rules (the budget,
//! the phone, a licence) have a culprit; a speed that cannot be met has none. The drain of the battery hardly differs
//! between models, so that its limit refuses everything at once: it is its own culprit.

use std::collections::BTreeMap;

use super::field::Field;
use super::judge::NO_FIGURES;
use super::lines::{LineKind, Part};
use super::question::Question;
use super::space::Shelf;
use super::stacks::imaginable;
use super::types::{Candidate, ConflictLine, DeviceClass, Violation};
use crate::catalog::types::PlatformIx;
use crate::estimate::threads;
use crate::estimate::types::{Estimate, Stack};
use crate::rules::eval::Kleene;
use crate::rules::facts::StackFacts;

/// Per slot without an admissible stack, the one that meets the demands of the conflict and is refused by the fewest
/// rules; none where some line of the conflict is neither a demand nor a budget.
pub(super) fn culprits(
    field: &Field<'_, '_>,
    shelves: &[Shelf],
    conflict: &[ConflictLine],
    known: &mut Known,
) -> Vec<Candidate> {
    let question = field.question;
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
            (battery.is_some() || !own.is_empty()).then(|| {
                let key = (field.class.phone.platform, slot, own, battery);
                known.nearest(field, key)
            })?
        })
        .collect()
}

/// A platform, a slot, the demands on it and the line to blame.
type Key = (PlatformIx, usize, Vec<usize>, Option<usize>);

/// The nearest misses found so far. The phones of a platform share most answers, and a search looks at every stack.
#[derive(Default)]
pub(super) struct Known {
    stacks: BTreeMap<Key, Option<Stack>>,
}

impl Known {
    /// The nearest miss on a class: that of another class of the platform, where rules refuse it here too.
    fn nearest(&mut self, field: &Field<'_, '_>, key: Key) -> Option<Candidate> {
        let (question, class) = (field.question, field.class);
        let (_, slot, ref demands, blamed) = key;
        if let Some(Some(mut stack)) = self.stacks.get(&key).copied() {
            stack.settings.threads = threads(question.catalog, &class.phone);
            let candidate = question.candidate(slot, class, stack);
            let by_rule = |violation: &Violation| matches!(violation, Violation::Rule(_));
            if candidate.violations.iter().any(by_rule) {
                return Some(candidate);
            }
        }
        let found = nearest(field, slot, demands, blamed);
        let stack = found.as_ref().map(|candidate| candidate.stack);
        self.stacks.insert(key, stack);
        found
    }
}

/// The stack that meets the demands and misses the rules by least, among those that break the line to blame.
fn nearest(
    field: &Field<'_, '_>,
    at: usize,
    demands: &[usize],
    blamed: Option<usize>,
) -> Option<Candidate> {
    let (question, class) = (field.question, field.class);
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
    let count =
        |stack: Stack, estimate: &Estimate| (refusals(question, at, class, stack, estimate), stack);
    let mut counted: Vec<(Option<Refusals>, Stack)> = (field.meeting(at, demands, blamed))
        .filter_map(|stack| {
            let estimate = question.figures(slot, class, &stack);
            meets(&stack, &estimate).then(|| count(stack, &estimate))
        })
        .collect();
    if counted.is_empty() {
        counted = imaginable(question.catalog, &class.phone, context)
            .into_iter()
            .filter(|stack| meets(stack, &NO_FIGURES))
            .map(|stack| count(stack, &question.figures(slot, class, &stack)))
            .collect();
    }
    // Words are made only of the stacks that the fewest rules refuse.
    let fewest = counted.iter().filter_map(|(count, _)| *count).min()?;
    counted
        .into_iter()
        .filter(|(count, _)| *count == Some(fewest))
        .map(|(_, stack)| question.candidate(at, class, stack))
        .min_by(|a, b| worst(a).total_cmp(&worst(b)))
}

/// How many rules refuse a stack. One that only needs to be allowed comes first; else one that fails for plain reasons.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Refusals {
    /// Some rule nobody may allow.
    barred: bool,
    /// Rules that an author may allow.
    soft: usize,
    /// Rules that nobody may allow.
    hard: usize,
}

/// The rules that refuse a stack, counted; none where no rule does.
fn refusals(
    question: &Question<'_>,
    at: usize,
    class: &DeviceClass,
    stack: Stack,
    estimate: &Estimate,
) -> Option<Refusals> {
    let slot = question.slots[at];
    let case = question.case(slot, class, stack);
    let facts = StackFacts::new(question.catalog, case, estimate)?;
    let rules = question.tiers.refusals(slot.role, &facts).into_iter();
    let (soft, hard): (Vec<_>, Vec<_>) =
        rules.partition(|&rule| question.rules.rules[rule].overridable);
    (!(soft.is_empty() && hard.is_empty())).then_some(Refusals {
        barred: !hard.is_empty(),
        soft: soft.len(),
        hard: hard.len(),
    })
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
