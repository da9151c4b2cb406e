//! What an author insists on and rules refuse: the nearest miss among the stacks that a conflict's demands leave.
//!
//! Only conflicts between demands on the stack (`pin`, `use`, `forbid`, `require`) and limits that are rules (the budget,
//! the phone, a licence) have a culprit; a speed that cannot be met has none. The drain of the battery hardly differs
//! between models, so that its limit refuses everything at once: it is its own culprit.

use std::collections::BTreeMap;

use super::field::Field;
use super::judge::NO_FIGURES;
use super::lines::{LineKind, Part};
use super::looks::Tier;
use super::question::Question;
use super::stacks::{fills, imaginable};
use super::types::{Candidate, ConflictLine, Violation};
use crate::catalog::types::PlatformIx;
use crate::estimate::threads;
use crate::estimate::types::{Estimate, Stack};
use crate::rules::eval::Kleene;
use crate::rules::facts::StackFacts;

/// Per slot, the stack that meets the demands of the conflict and is refused by the fewest rules; none where some line of
/// the conflict is neither a demand nor a budget.
pub(super) fn culprits(
    field: &Field<'_, '_>,
    slots: &[usize],
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
    slots
        .iter()
        .filter_map(|&slot| {
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

/// A search looks at all stacks: after so many, nothing more is blamed.
const SEARCHES: usize = 24;

/// The nearest misses found so far. The phones of a platform share most answers, and a search looks at every stack.
#[derive(Default)]
pub(super) struct Known {
    stacks: BTreeMap<Key, Option<Stack>>,
    searches: usize,
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
        if self.searches == SEARCHES {
            return None;
        }
        self.searches += 1;
        let search = Search {
            field,
            at: slot,
            demands,
            blamed,
        };
        let stack = search.nearest();
        self.stacks.insert(key, stack);
        stack.map(|stack| question.candidate(slot, class, stack))
    }
}

/// For the stack that meets the demands and misses the rules by least, among those that break the line to blame.
struct Search<'s, 'q, 'a> {
    field: &'s Field<'q, 'a>,
    at: usize,
    demands: &'s [usize],
    blamed: Option<usize>,
}

impl Search<'_, '_, '_> {
    fn nearest(&self) -> Option<Stack> {
        let mut counted = self.offered();
        if counted.is_empty() {
            counted = self.imagined();
        }
        let fewest = counted.iter().filter_map(|missed| missed.count).min()?;
        let fewest = counted
            .into_iter()
            .filter(|missed| missed.count == Some(fewest));
        let nearest = fewest.map(|missed| (self.worst(&missed), missed.stack));
        let nearest = nearest.min_by(|(one, _), (other, _)| one.total_cmp(other));
        nearest.map(|(_, stack)| stack)
    }

    /// Of the stacks there are, those that meet the demands; one of those that are refused alike with the same figures.
    fn offered(&self) -> Vec<Missed> {
        let all = self.field.meeting(self.at, self.demands, self.blamed);
        let missed = all.filter_map(|stack| {
            let slot = self.field.question.slots[self.at];
            let estimate = self.field.question.figures(slot, self.field.class, &stack);
            // A line that lacks a figure is not to blame.
            let blames = self.blamed.is_none() || self.meets(&stack, &estimate);
            blames.then(|| self.missed(stack, &estimate))
        });
        missed.collect()
    }

    /// The same of those that nobody offers. A model that cannot fill the role says nothing, unless it is asked for.
    fn imagined(&self) -> Vec<Missed> {
        let (question, class) = (self.field.question, self.field.class);
        let slot = question.slots[self.at];
        let context = question.context(slot);
        let wanted = |stack: &Stack, tier: Tier| {
            let own = self.demands.iter().copied();
            let own = own.filter(|&line| question.lines[line].tier == tier);
            let own: Vec<usize> = own.collect();
            match (own.is_empty(), tier) {
                (true, Tier::Model) => fills(&question.catalog.models[stack.model.at()], slot.role),
                (true, _) => true,
                (false, _) => self.holds(stack, &NO_FIGURES, &own),
            }
        };
        let all = imaginable(question.catalog, &class.phone, context, &wanted).into_iter();
        let meeting = all.filter(|stack| self.meets(stack, &NO_FIGURES));
        let missed = meeting.map(|stack| {
            let estimate = question.figures(slot, class, &stack);
            self.missed(stack, &estimate)
        });
        missed.collect()
    }

    fn missed(&self, stack: Stack, estimate: &Estimate) -> Missed {
        let (question, class) = (self.field.question, self.field.class);
        let slot = question.slots[self.at];
        let case = question.case(slot, class, stack);
        let facts = StackFacts::new(question.catalog, case, estimate);
        let rules = facts.map(|facts| question.tiers.refusals(slot.role, &facts));
        Missed::new(question, stack, rules.unwrap_or_default())
    }

    /// The largest share by which a stack misses a limit; what is no amount misses by nothing.
    fn worst(&self, missed: &Missed) -> f64 {
        let (question, class) = (self.field.question, self.field.class);
        let slot = question.slots[self.at];
        let estimate = question.figures(slot, class, &missed.stack);
        let case = question.case(slot, class, missed.stack);
        let Some(facts) = StackFacts::new(question.catalog, case, &estimate) else {
            return 0.0;
        };
        let rules = missed.rules.iter();
        let rules = rules.filter_map(|&rule| question.rules.verdict(rule, &facts)?.overshoot);
        let lines = question.concerns[self.at].iter();
        let lines = lines.filter_map(|&line| match question.lines[line].violation(&facts)? {
            Violation::Line { overshoot, .. } => overshoot,
            Violation::Rule(_) | Violation::Unknown { .. } => None,
        });
        rules.chain(lines).fold(0.0, f64::max)
    }

    /// Whether a stack meets the demands, and breaks the line to blame.
    fn meets(&self, stack: &Stack, estimate: &Estimate) -> bool {
        let broken = |line| self.broken(stack, estimate, line) == Some(Kleene::True);
        self.holds(stack, estimate, self.demands) && self.blamed.is_none_or(broken)
    }

    fn holds(&self, stack: &Stack, estimate: &Estimate, lines: &[usize]) -> bool {
        let mut lines = lines.iter();
        lines.all(|&line| self.broken(stack, estimate, line) == Some(Kleene::False))
    }

    fn broken(&self, stack: &Stack, estimate: &Estimate, line: usize) -> Option<Kleene> {
        let question = self.field.question;
        let case = question.case(question.slots[self.at], self.field.class, *stack);
        let facts = StackFacts::new(question.catalog, case, estimate)?;
        Some(question.lines[line].broken(&facts))
    }
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

/// A stack that meets the demands, and the rules that refuse it.
struct Missed {
    stack: Stack,
    rules: Vec<usize>,
    /// None where no rule does.
    count: Option<Refusals>,
}

impl Missed {
    fn new(question: &Question<'_>, stack: Stack, rules: Vec<usize>) -> Self {
        let overridable = |rule: &&usize| question.rules.rules[**rule].overridable;
        let soft = rules.iter().filter(overridable).count();
        let hard = rules.len() - soft;
        let count = Refusals {
            barred: hard > 0,
            soft,
            hard,
        };
        Self {
            stack,
            count: (!rules.is_empty()).then_some(count),
            rules,
        }
    }
}
