//! What stacks break, judged together against judged alone by whole lines and rules, on every spec of the repository.

use std::collections::BTreeSet;

use super::super::classes::classes;
use super::super::figures::Compared;
use super::super::question::Question;
use super::super::space::{amounts, scores};
use super::super::testing::{specs, stacks};
use super::super::types::DeviceClass;
use super::{Broken, broken, is_grant};
use crate::catalog::builtin;
use crate::estimate::types::Stack;
use crate::rules;
use crate::rules::eval::Kleene;
use crate::rules::facts::StackFacts;
use crate::spec::model::{Budget, Spec};

/// Every so many-th stack is judged alone: all of them would take minutes.
const STEP: usize = 97;

/// The constraints a stack breaks, each asked as a whole.
fn alone(
    question: &Question<'_>,
    bare: &Question<'_>,
    at: usize,
    class: &DeviceClass,
    stack: Stack,
) -> Option<BTreeSet<usize>> {
    let slot = question.slots[at];
    let estimate = question.figures(slot, class, &stack);
    let catalog = question.catalog;
    let lines = StackFacts::new(catalog, question.case(slot, class, stack), &estimate)?;
    let rules = StackFacts::new(catalog, bare.case(slot, class, stack), &estimate)?;
    let broken = |line: &usize| question.lines[*line].broken(&lines) != Kleene::False;
    let own = question.concerns[at].iter().copied().filter(broken);
    let grant = question.lines.len();
    let refusals = question.tiers.refusals(slot.role, &rules).into_iter();
    let limits = refusals.map(|rule| {
        if is_grant(&question.rules.rules[rule]) {
            grant
        } else {
            grant + 1 + rule
        }
    });
    Some(own.chain(limits).collect())
}

/// How many stacks were compared.
fn compare(
    question: &Question<'_>,
    bare: &Question<'_>,
    at: usize,
    class: &DeviceClass,
    together: &Broken,
) -> usize {
    let all = stacks(question, at, class);
    assert_eq!(together.entries.len(), all.len());
    let slot = question.slots[at];
    let mut compared = 0;
    for place in (0..all.len()).step_by(STEP) {
        let stack = all[place];
        let entry = &together.entries[place];
        assert_eq!(entry.stack, stack);
        let named = |stack: &Stack| (stack.artifact, stack.runtime, stack.backend);
        let kv_reduced = place > 0 && named(&all[place - 1]) == named(&stack);
        let estimate = question.figures(slot, class, &stack);
        assert_eq!(entry.amounts, amounts(question, slot, &estimate));
        assert_eq!(
            entry.scores,
            scores(
                question,
                Compared {
                    slot,
                    class,
                    stack: &stack,
                    estimate: &estimate,
                    kv_reduced,
                }
            )
        );
        let set = together.sets[together.of[place]].iter().collect();
        let expected = alone(question, bare, at, class, stack);
        assert_eq!(Some(set), expected, "{} {stack:?}", class.id);
        compared += 1;
    }
    compared
}

#[test]
fn what_breaks_together_breaks_alone() {
    let mut compared = 0;
    let (mut stacks, mut weighed) = (0, 0);
    for spec in &specs() {
        let free = Spec {
            budget: Budget::default(),
            ..spec.clone()
        };
        let question = Question::new(builtin(), rules::builtin(), spec);
        let bare = Question::new(builtin(), rules::builtin(), &free);
        let (classes, _) = classes(builtin(), spec);
        for of_one in classes.chunk_by(|a, b| a.phone.platform == b.phone.platform) {
            let all: Vec<&DeviceClass> = of_one.iter().collect();
            for at in 0..question.slots.len() {
                for (class, found) in all.iter().zip(broken(&question, &bare, at, &all)) {
                    compared += compare(&question, &bare, at, class, &found);
                    stacks += found.alike.len();
                    weighed += found.alike.iter().collect::<BTreeSet<_>>().len();
                }
            }
        }
    }
    assert!(compared > 5_000, "{compared}");
    // Bindings of one engine have the same figures.
    assert!(weighed * 2 < stacks, "{weighed} of {stacks}");
}
