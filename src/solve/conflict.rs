//! Why nothing fits: every stack with every line and rule it breaks, a minimal conflict, and ways out.
//!
//! Runs only where the choice has failed, so it may look at everything without stopping early.

use std::collections::BTreeSet;

use super::culprit::culprits;
use super::instance::{Limits, problem};
use super::problem::Problem;
use super::question::Question;
use super::quickxplain::minimal_conflict;
use super::relax;
use super::search::{is_feasible, optimum_among};
use super::space::{Entry, Shelf, amounts, scores};
use super::stacks::stacks;
use super::tiers::refuses;
use super::types::{ConflictLine, DeviceClass, Outcome};
use crate::estimate::types::Estimate;
use crate::rules::eval::Kleene;
use crate::rules::facts::{Case, StackFacts};
use crate::rules::types::{Level, Rule};
use crate::spec::expr::{Expr, ExprKind};
use crate::spec::facts::fact;
use crate::spec::model::{Budget, Spec};

/// All stacks of a class with all they break.
pub(super) struct Field<'q, 'a> {
    pub(super) question: &'q Question<'a>,
    pub(super) class: &'q DeviceClass,
    /// Per slot, all stacks.
    pub(super) entries: Vec<Vec<Entry>>,
    /// Per slot and stack, the constraints it breaks by itself, ascending.
    broken: Vec<Vec<Vec<usize>>>,
    /// The problem over all stacks, limits left out.
    pub(super) base: Problem,
}

/// The answer for a class without a choice.
pub(super) fn explain(question: &Question<'_>, class: &DeviceClass, shelves: &[Shelf]) -> Outcome {
    let field = Field::new(question, class);
    let constraints: Vec<usize> = field.constraints();
    let conflict = minimal_conflict(constraints.len(), &mut |set| {
        let active: BTreeSet<usize> = set.iter().map(|&at| constraints[at]).collect();
        field.holds(&active)
    })
    .unwrap_or_default();
    let conflict: Vec<usize> = conflict.into_iter().map(|at| constraints[at]).collect();
    let empty = shelves.iter().zip(&question.slots);
    let relaxations = relax::relaxations(&field, &constraints, &conflict);
    let conflict: Vec<ConflictLine> = conflict.iter().map(|&at| field.line(at)).collect();
    Outcome::Infeasible {
        culprits: culprits(question, class, shelves, &conflict),
        empty_slots: empty
            .filter(|(shelf, _)| shelf.entries.is_empty())
            .map(|(_, slot)| *slot)
            .collect(),
        relaxations,
        conflict,
    }
}

impl<'q, 'a> Field<'q, 'a> {
    fn new(question: &'q Question<'a>, class: &'q DeviceClass) -> Self {
        // Without the spec's budgets, what a rule refuses is the platform's doing; the budgets are lines of their own.
        let bare = Spec {
            budget: Budget::default(),
            ..question.spec.clone()
        };
        let mut entries = Vec::new();
        let mut broken = Vec::new();
        for (at, slot) in question.slots.iter().enumerate() {
            let context = question.spec.features[slot.feature].context.value;
            let all = stacks(question.catalog, slot.role, &class.phone, context);
            let mut slot_entries = Vec::with_capacity(all.len());
            let mut slot_broken = Vec::with_capacity(all.len());
            for stack in all {
                let estimate = question.figures(*slot, class, &stack);
                let case = question.case(*slot, class, stack);
                let mut breaks = breaks(question, at, &case, &estimate, &bare);
                breaks.sort_unstable();
                breaks.dedup();
                slot_entries.push(Entry {
                    stack,
                    amounts: amounts(question, &estimate),
                    scores: scores(question, *slot, &stack, &estimate, false),
                });
                slot_broken.push(breaks);
            }
            entries.push(slot_entries);
            broken.push(slot_broken);
        }
        let base = problem(question, entries.iter().map(Vec::as_slice));
        Self {
            question,
            class,
            entries,
            broken,
            base,
        }
    }

    /// The number of the platform's memory grant among the constraints; lines come before it, rules after it.
    pub(super) fn grant(&self) -> usize {
        self.question.lines.len()
    }

    /// Lines in spec order, the grant, then the rules that refuse any stack at all.
    fn constraints(&self) -> Vec<usize> {
        let all = self.broken.iter().flatten().flatten();
        let rules: BTreeSet<usize> = all.copied().filter(|&at| at > self.grant()).collect();
        (0..=self.grant()).chain(rules).collect()
    }

    /// Whether the constraints can be met together.
    pub(super) fn holds(&self, active: &BTreeSet<usize>) -> bool {
        let mut problem = self.base.clone();
        self.limits(active).apply(self.question, &mut problem);
        self.holds_with(&problem, active)
    }

    /// The limits that belong to the active constraints.
    pub(super) fn limits(&self, active: &BTreeSet<usize>) -> Limits {
        Limits::of(
            self.question,
            self.class,
            &|line| active.contains(&line),
            active.contains(&self.grant()),
        )
    }

    /// The same with limits already written into `problem`.
    pub(super) fn holds_with(&self, problem: &Problem, active: &BTreeSet<usize>) -> bool {
        is_feasible(problem, |slot, at| self.keeps(active, slot, at))
    }

    /// The models of the best answer under the active constraints, by slot.
    pub(super) fn buys(
        &self,
        problem: &Problem,
        keep: impl Fn(usize, usize) -> bool,
    ) -> Vec<String> {
        let picks = optimum_among(problem, keep).unwrap_or_default();
        let models = picks.iter().enumerate().map(|(slot, &at)| {
            let model = self.entries[slot][at].stack.model;
            self.question.catalog.models[model.at()].id.clone()
        });
        models.collect()
    }

    /// Whether a stack breaks none of the active constraints by itself.
    pub(super) fn keeps(&self, active: &BTreeSet<usize>, slot: usize, at: usize) -> bool {
        !self.broken[slot][at].iter().any(|one| active.contains(one))
    }

    /// A constraint as the report names it.
    pub(super) fn line(&self, at: usize) -> ConflictLine {
        let question = self.question;
        match question.lines.get(at) {
            Some(line) => ConflictLine {
                span: Some(line.span),
                name: line.name.clone(),
            },
            None if at == self.grant() => ConflictLine {
                span: None,
                name: "platform.memory".to_owned(),
            },
            None => ConflictLine {
                span: None,
                name: question.rules.rules[at - self.grant() - 1].id.clone(),
            },
        }
    }
}

/// The constraints a stack breaks by itself.
fn breaks(
    question: &Question<'_>,
    slot: usize,
    case: &Case<'_>,
    estimate: &Estimate,
    bare: &Spec,
) -> Vec<usize> {
    let grant = question.lines.len();
    let mut breaks = Vec::new();
    let free = Case {
        spec: bare,
        ..*case
    };
    let (Some(facts), Some(platform)) = (
        StackFacts::new(question.catalog, *case, estimate),
        StackFacts::new(question.catalog, free, estimate),
    ) else {
        return vec![grant];
    };
    for &line in &question.concerns[slot] {
        let line_breaks = question.lines[line].broken(&facts) != Kleene::False;
        if line_breaks {
            breaks.push(line);
        }
    }
    for (at, rule) in question.rules.rules.iter().enumerate() {
        if rule.level != Level::Reject || question.tiers.is_silenced(at) {
            continue;
        }
        if refuses(rule, case.role, &platform) {
            breaks.push(if is_grant(rule) {
                grant
            } else {
                grant + 1 + at
            });
        }
    }
    breaks
}

/// Whether a rule says what the grant says: that the process may not take so much memory.
fn is_grant(rule: &Rule) -> bool {
    let (mut peak, mut budget) = (false, false);
    seen(&rule.when, &mut |path| {
        peak |= path == "peak_memory";
        budget |= path == "budget.memory";
    });
    peak && budget
}

fn seen(expression: &Expr, see: &mut impl FnMut(&str)) {
    match &expression.kind {
        ExprKind::Fact(id) => see(fact(*id).path),
        ExprKind::Not(inner) | ExprKind::IsKnown(inner, _) => seen(inner, see),
        ExprKind::Logic(_, left, right)
        | ExprKind::Compare(_, left, right)
        | ExprKind::Arithmetic(_, left, right)
        | ExprKind::In(left, right)
        | ExprKind::Has(left, right) => {
            seen(left, see);
            seen(right, see);
        }
        ExprKind::List(items) => items.iter().for_each(|item| seen(item, see)),
        ExprKind::Quantity(_) | ExprKind::Text(_) | ExprKind::Bool(_) => {}
    }
}
