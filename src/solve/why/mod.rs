//! Why the chosen stacks won, and why another model did not. Data first; [`Why::lines`] and [`WhyNot::lines`] word it.

mod foil;
mod text;

pub(super) use text::{stack_name, violations, worth_of};

pub(super) use foil::forced;
pub use foil::{FoilAnswer, WhyNot, why_not};

use super::choose::UNLIMITED;
use super::lines::{LineKind, Part, worst};
use super::question::Question;
use super::types::{ClassSolution, ObjectiveValue, Outcome, RunnerUp, Slot, Solution};
use crate::catalog::types::Catalog;
use crate::diagnostic::Span;
use crate::estimate::types::Stack;
use crate::quantity::{Bytes, Quantity};
use crate::rules::RuleSet;
use crate::rules::facts::{Facts, StackFacts, Value};
use crate::spec::expr::CompareOp;
use crate::spec::model::Spec;

/// Why the chosen stacks won.
#[derive(Debug, Clone, PartialEq)]
pub struct Why {
    /// One per class with an answer, in the order of the solution.
    pub classes: Vec<WhyClass>,
}

/// Why the stacks of one class won.
#[derive(Debug, Clone, PartialEq)]
pub struct WhyClass {
    /// Id of the class.
    pub class: String,
    /// One per slot asked for.
    pub slots: Vec<WhySlot>,
    /// How far each shared limit is away.
    pub slack: Vec<Slack>,
}

/// Why the stack of one slot won.
#[derive(Debug, Clone, PartialEq)]
pub struct WhySlot {
    /// The slot.
    pub slot: Slot,
    /// The stack.
    pub stack: Stack,
    /// Its objectives, most important first.
    pub objectives: Vec<ObjectiveValue>,
    /// What came second.
    pub runner_up: Option<RunnerUp>,
    /// How far each bound on this stack is away.
    pub slack: Vec<Slack>,
}

/// How far a limit is away.
#[derive(Debug, Clone, PartialEq)]
pub struct Slack {
    /// Short name: `memory`, `ttft`, ...
    pub name: String,
    /// The line of the spec; `None` for the platform's limit.
    pub span: Option<Span>,
    /// What is used, at the pessimistic end.
    pub used: String,
    /// The limit.
    pub limit: String,
    /// What is left as a share of the limit; 0 where it binds.
    pub share: f64,
    /// The limit is one from below: what is used may not fall under it.
    pub is_floor: bool,
}

/// Why the stacks of `solution` won; only those of a feature (`chat`) or slot (`chat.llm`) when `part` names one.
#[must_use]
pub fn why(
    catalog: &Catalog,
    rules: &RuleSet,
    spec: &Spec,
    solution: &Solution,
    part: Option<&str>,
) -> Why {
    let question = Question::new(catalog, rules, spec);
    let classes = solution.classes.iter();
    Why {
        classes: classes
            .filter_map(|class| why_class(&question, class, part))
            .collect(),
    }
}

fn why_class(
    question: &Question<'_>,
    class: &ClassSolution,
    part: Option<&str>,
) -> Option<WhyClass> {
    let Outcome::Feasible(chosen) = &class.outcome else {
        return None;
    };
    let asked = |slot: &Slot| {
        let feature = &question.spec.features[slot.feature].id;
        part.is_none_or(|part| part == feature || part == slot.name(question.spec))
    };
    let slots = chosen.picks.iter().enumerate();
    let slots = slots
        .filter(|(_, pick)| asked(&pick.slot))
        .map(|(at, pick)| WhySlot {
            slot: pick.slot,
            stack: pick.stack,
            objectives: chosen.objectives[at].clone(),
            runner_up: chosen.runners_up.get(at).cloned().flatten(),
            slack: bounds(question, at, class, &pick.stack),
        })
        .collect();
    let totals = &chosen.totals;
    let budget = &question.spec.budget;
    let memory_line = budget.memory.as_ref().and_then(|asked| asked.span);
    let mut slack = Vec::new();
    // Where neither the platform nor the spec limits memory there is nothing left of anything.
    if totals.memory_budget < UNLIMITED {
        slack.push(size(
            "memory",
            memory_line,
            totals.memory.high,
            totals.memory_budget,
        ));
    }
    if let Some(asked) = &budget.download {
        slack.push(size(
            "download",
            asked.span,
            totals.download.high,
            asked.value,
        ));
    }
    if let Some(asked) = &budget.storage {
        slack.push(size(
            "storage",
            asked.span,
            totals.storage.high,
            asked.value,
        ));
    }
    Some(WhyClass {
        class: class.class.id.clone(),
        slots,
        slack,
    })
}

fn size(name: &str, span: Option<Span>, used: Bytes, limit: Bytes) -> Slack {
    Slack {
        name: name.to_owned(),
        span,
        used: used.to_string(),
        limit: limit.to_string(),
        share: 1.0 - used.as_f64() / limit.as_f64().max(1.0),
        is_floor: false,
    }
}

/// The slack of every bound that speaks of the slot.
fn bounds(question: &Question<'_>, at: usize, class: &ClassSolution, stack: &Stack) -> Vec<Slack> {
    let slot = question.slots[at];
    let estimate = question.figures(slot, &class.class, stack);
    let case = question.case(slot, &class.class, *stack);
    let Some(facts) = StackFacts::new(question.catalog, case, &estimate) else {
        return Vec::new();
    };
    let lines = question.concerns[at]
        .iter()
        .map(|&line| &question.lines[line]);
    let slack = lines.filter_map(|line| {
        let LineKind::Bound {
            fact,
            op,
            limit,
            part,
        } = &line.kind
        else {
            return None;
        };
        // What is summed over the whole app is told of the class.
        if matches!(part, Part::Download | Part::Storage) {
            return None;
        }
        let Value::Quantity(value, dimension) = facts.value(*fact) else {
            return None;
        };
        let used = worst(&value, *op);
        let left = (limit.value - used) / limit.value.max(f64::MIN_POSITIVE);
        Some(Slack {
            name: line.name.clone(),
            span: Some(line.span),
            used: Quantity::new(used, dimension).to_string(),
            limit: limit.to_string(),
            share: if *op == CompareOp::AtLeast {
                -left
            } else {
                left
            },
            is_floor: *op == CompareOp::AtLeast,
        })
    });
    slack.collect()
}
