//! Judging together against judging alone, on the built-in catalog and every spec of the repository.

use super::super::classes::classes;
use super::super::figures::Compared;
use super::super::question::Question;
use super::super::space::{Entry, Shelf, amounts, scores};
use super::super::testing::{specs, stacks};
use super::super::types::DeviceClass;
use super::shelves;
use crate::catalog::builtin;
use crate::estimate::types::Stack;
use crate::rules;
use crate::rules::eval::Kleene;
use crate::rules::facts::StackFacts;

/// Every so many-th stack is judged alone: all of them would take minutes.
const STEP: usize = 61;

/// The stack as an entry, judged by whole rules and lines; `None` when something refuses it.
fn alone(
    question: &Question<'_>,
    at: usize,
    class: &DeviceClass,
    stack: Stack,
    kv_reduced: bool,
) -> Option<Entry> {
    let slot = question.slots[at];
    let estimate = question.figures(slot, class, &stack);
    let case = question.case(slot, class, stack);
    let facts = StackFacts::new(question.catalog, case, &estimate)?;
    let refused = !question.tiers.refusals(slot.role, &facts).is_empty();
    let mut lines = question.concerns[at]
        .iter()
        .map(|&line| &question.lines[line]);
    let unmet = lines.any(|line| line.broken(&facts) != Kleene::False);
    (!refused && !unmet).then(|| Entry {
        stack,
        amounts: amounts(question, slot, &estimate),
        scores: scores(
            question,
            Compared {
                slot,
                class,
                stack: &stack,
                estimate: &estimate,
                kv_reduced,
            },
        ),
    })
}

/// How many stacks were compared.
fn compare(question: &Question<'_>, at: usize, class: &DeviceClass, shelf: &Shelf) -> usize {
    let all = stacks(question, at, class);
    assert_eq!(shelf.judged, all.len());
    let named = |stack: &Stack| (stack.artifact, stack.runtime, stack.backend);
    let mut compared = 0;
    for place in (0..all.len()).step_by(STEP) {
        let stack = all[place];
        let kv_reduced = place > 0 && named(&all[place - 1]) == named(&stack);
        let expected = alone(question, at, class, stack, kv_reduced);
        let found = shelf.entries.iter().find(|entry| entry.stack == stack);
        assert_eq!(found, expected.as_ref(), "{} {stack:?}", class.id);
        compared += 1;
    }
    compared
}

#[test]
fn judging_together_is_judging_alone() {
    let mut compared = 0;
    for spec in &specs() {
        let question = Question::new(builtin(), rules::builtin(), spec);
        let (classes, _) = classes(builtin(), spec);
        let all: Vec<&DeviceClass> = classes.iter().collect();
        for (class, shelves) in classes.iter().zip(shelves(&question, &all)) {
            for (at, shelf) in shelves.iter().enumerate() {
                compared += compare(&question, at, class, shelf);
            }
        }
    }
    assert!(compared > 10_000, "{compared}");
}
