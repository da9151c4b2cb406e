//! What one rule says of the answer to a spec: of every chosen stack, and how many models it keeps out. Data.

use super::types::{Candidate, ClassSolution, Outcome, Slot, Solution, Violation};
use crate::catalog::types::Catalog;
use crate::estimate::types::Stack;
use crate::rules::RuleSet;
use crate::rules::eval::{Truth, evaluate};
use crate::rules::facts::StackFacts;
use crate::spec::model::Spec;

/// A rule on one slot of one class.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleOnSlot {
    /// Id of the class.
    pub class: String,
    /// The slot.
    pub slot: Slot,
    /// What was chosen, with what the rule's condition comes to on it; `None` where nothing was.
    pub chosen: Option<(Stack, Truth)>,
    /// Models that it is a reason to leave out, in the order of their ids.
    pub refuses: Vec<Stack>,
    /// Models that could fill the slot.
    pub models: usize,
}

/// The verdicts of a rule of the set, class by class and slot by slot. A rule that does not look at a role says nothing of it.
#[must_use]
pub fn verdicts(
    catalog: &Catalog,
    rules: &RuleSet,
    spec: &Spec,
    solution: &Solution,
    rule: usize,
) -> Vec<RuleOnSlot> {
    let Some(judged) = rules.rules.get(rule) else {
        return Vec::new();
    };
    let looks = |slot: &&Slot| {
        judged.roles.is_empty() || judged.roles.iter().any(|role| role == slot.role.id())
    };
    let mut found = Vec::new();
    for class in &solution.classes {
        for slot in solution.slots.iter().filter(looks) {
            let admitted = class.admitted.iter().filter(|(of, _)| of == slot);
            let own = class.refused.iter().filter(|one| one.slot == *slot);
            let refused = own.clone().filter(|candidate| refuses(candidate, rule));
            found.push(RuleOnSlot {
                class: class.class.id.clone(),
                slot: *slot,
                chosen: pick(class, *slot).and_then(|pick| {
                    let case = class.class.case(spec, *slot, pick.stack);
                    let facts = StackFacts::new(catalog, case, &pick.estimate)?;
                    let truth = evaluate(&judged.when, &facts, judged.level.view());
                    Some((pick.stack, truth))
                }),
                refuses: refused.map(|candidate| candidate.stack).collect(),
                models: admitted.count() + own.count(),
            });
        }
    }
    found
}

fn pick(class: &ClassSolution, slot: Slot) -> Option<&Candidate> {
    match &class.outcome {
        Outcome::Feasible(chosen) => chosen.picks.iter().find(|pick| pick.slot == slot),
        Outcome::Infeasible { .. } => None,
    }
}

fn refuses(candidate: &Candidate, rule: usize) -> bool {
    let violations = candidate.violations.iter();
    violations
        .filter_map(|violation| match violation {
            Violation::Rule(verdict) => Some(verdict.rule),
            Violation::Line { .. } | Violation::Unknown { .. } => None,
        })
        .any(|of| of == rule)
}
